"""A first look at the files of a log by a process of its own, while contract and agreements are read: it asks for neither.

It begins before what reads them is loaded, so that nothing but what the look needs is loaded there.
"""

from __future__ import annotations

import contextlib
import os
import stat
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from checker.batch.beside import begin, end_all, left_to_the_first_process
from checker.batch.choice import may_pay, processors
from checker.record.model import Fault

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from checker.columnar.line_look import LineLook
    from checker.columnar.log import LookedAt
    from checker.columnar.parquet import TableFile

_LARGE: Final = 1 << 20
"""Bytes of a file from which on it is looked at beside other work."""
_MEANWHILE: Final = ("checker.batch.straight", "checker.batch.columns", "checker.batch.shares")
"""What reads and judges the log: loaded while its files are still looked at."""


def possible(engine: str, format_: str, layout: str, tickets: tuple[Path, ...]) -> bool:
    """Whether the files of a log may be read into columns."""
    if find_spec("numpy") is None or find_spec("pyarrow") is None:
        return False
    return may_pay(engine, format_, layout, tickets)


class FirstLook:
    """The look, where there is something large to be looked at and a processor for it.

    Used in a `with`, at whose end it is over. What is wrong with a file is not said here, but when the file is read.
    """

    def __init__(self, engine: str, format_: str, layout: str, tickets: tuple[Path, ...]) -> None:
        self._paths: list[Path] = []
        # What cannot be asked for its size is no file to be looked at.
        with contextlib.suppress(OSError):
            large = [path for path in tickets if _is_large(path)]
            if large and sys.platform == "linux" and processors() > 1:
                self._paths = large if possible(engine, format_, layout, tickets) else []
        self._files: LookedAt = {}
        # The process, and our end of the line from it, while there is one.
        self._processes: list[BaseProcess] = []
        self._lines: list[Connection] = []

    def __enter__(self) -> FirstLook:
        if self._paths:
            try:
                self._begin()
            except BaseException:
                self._end()
                raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()

    def files(self) -> LookedAt:
        """The files that were looked at."""
        for line in self._lines:
            for module in _MEANWHILE:
                import_module(module)
            from checker.columnar.sent import received

            # One that could not look at anything, or is gone, says nothing, or not all.
            with contextlib.suppress(EOFError, OSError):
                self._files = received(line)
        self._end()
        return self._files

    def _begin(self) -> None:
        from multiprocessing import get_context

        context = get_context("fork")
        mine, theirs = context.Pipe(duplex=False)
        self._lines.append(mine)
        begin(context.Process(target=_tell, args=(self._paths, theirs, mine)), self._processes)
        theirs.close()

    def _end(self) -> None:
        end_all(self._processes, self._lines)
        self._processes, self._lines = [], []


def _is_large(path: Path) -> bool:
    found = path.stat()
    return stat.S_ISREG(found.st_mode) and found.st_size >= _LARGE


def _tell(paths: list[Path], to: Connection, other: Connection) -> None:
    """Look at files, and send what was found."""
    try:
        left_to_the_first_process()
        other.close()
        found = _looked_at(paths)
        from checker.columnar.sent import packed, send

        send(to, packed(found))
    finally:
        # Nothing that the first process set up to be done at its end is to be done here, and nothing is said.
        os._exit(0)


def _looked_at(paths: list[Path]) -> LookedAt:
    from checker.columnar.line_look import LineLook, TooMuch, is_lines
    from checker.columnar.parquet import TableFile, is_table, keep_few
    from checker.record.files import Limits

    limits = Limits()
    looked_at: dict[str | Path, TableFile | LineLook] = {}
    for path in paths:
        try:
            if is_table(path, limits):
                table = TableFile(path, limits)
                table.look()
                looked_at[path] = table
            elif is_lines(path, limits):
                lines = LineLook(path, limits)
                lines.look_beside()
                looked_at[path] = lines
        except (Fault, OSError, TooMuch):
            continue
        keep_few(looked_at.values())
    return looked_at
