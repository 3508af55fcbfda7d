"""A first look at the files of a log by a process of its own, while contract and agreements are read: it asks for neither.

It begins before what reads them is loaded, so that nothing but what the look needs is loaded there.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Final

from checker.batch.choice import may_pay
from checker.batch.output import held_back, of_another
from checker.record.model import Fault

if TYPE_CHECKING:
    from checker.columnar.line_look import LineLook
    from checker.columnar.log import LookedAt
    from checker.columnar.parquet import TableFile

_LARGE: Final = 1 << 20
"""Bytes of a file from which on it is looked at beside other work."""


_MEANWHILE: Final = ("checker.batch.straight", "checker.batch.columns", "checker.batch.shares")
"""What reads and judges the log is loaded while its files are still looked at."""


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
        large = [path for path in tickets if path.is_file() and path.stat().st_size >= _LARGE]
        worth = large and sys.platform == "linux" and (os.cpu_count() or 1) > 1
        self._paths = large if worth and possible(engine, format_, layout, tickets) else []
        self._files: LookedAt = {}
        # The process, and the end of the line from it; 0 and -1 where there is none (any more).
        self._process, self._line = 0, -1

    def __enter__(self) -> FirstLook:
        if self._paths:
            self._begin()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process:
            os.kill(self._process, signal.SIGKILL)
        self._end()

    def files(self) -> LookedAt:
        """The files that were looked at."""
        if self._process:
            from multiprocessing.connection import Connection

            from checker.columnar.sent import received

            for module in _MEANWHILE:
                import_module(module)
            line, self._line = Connection(self._line, writable=False), -1
            # One that could not look at anything says nothing.
            with line, contextlib.suppress(EOFError):
                self._files = received(line)
            self._end()
        return self._files

    def _begin(self) -> None:
        self._line, theirs = os.pipe()
        with held_back():
            self._process = os.fork()
            if not self._process:
                # Whatever happens, nothing that the first process set up is to be done here.
                try:
                    os.close(self._line)
                    of_another()
                    _tell(self._paths, theirs)
                finally:
                    os._exit(0)
        os.close(theirs)

    def _end(self) -> None:
        with held_back():
            if self._process:
                os.waitpid(self._process, 0)
                self._process = 0
            if self._line >= 0:
                os.close(self._line)
                self._line = -1


def _tell(paths: list[Path], to: int) -> None:
    """Look at files, and send what was found."""
    from multiprocessing.connection import Connection

    from checker.columnar.sent import send

    found = _looked_at(paths)
    with Connection(to, readable=False) as line:
        send(line, found)


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
