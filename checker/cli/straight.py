"""Whether the log of an audit is read straight into columns; what that needs is loaded where it is."""

from __future__ import annotations

from collections.abc import Collection
from importlib.util import find_spec
from pathlib import Path
from threading import Thread
from types import MappingProxyType, TracebackType
from typing import TYPE_CHECKING, Final

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.batch.choice import may_pay
from checker.cli import inputs as shared
from checker.record.model import Fault

if TYPE_CHECKING:
    from checker.batch.exported import Exported
    from checker.batch.held import Held
    from checker.batch.straight import Given, Straight
    from checker.columnar.line_look import LineLook
    from checker.columnar.log import LookedAt
    from checker.columnar.parquet import TableFile

_LARGE: Final = 1 << 20
"""Bytes of a file from which on it is looked at beside other work."""


def _possible(engine: str, format_: str, layout: str, tickets: tuple[Path, ...]) -> bool:
    if find_spec("numpy") is None or find_spec("pyarrow") is None:
        return False
    return may_pay(engine, format_, layout, tickets)


class FirstLook:
    """A first look at the files of a log on a thread of its own, while the contract and the agreements are read: it asks for neither.

    Used in a `with`, at whose end it is over. What is wrong with a file is not said here, but when the file is read.
    """

    def __init__(self, engine: str, format_: str, layout: str, tickets: tuple[Path, ...]) -> None:
        large = [path for path in tickets if path.is_file() and path.stat().st_size >= _LARGE]
        self._paths = large if large and _possible(engine, format_, layout, tickets) else []
        self._files: dict[str | Path, TableFile | LineLook] = {}
        self._at: TableFile | LineLook | None = None
        self._given_up = False
        self._thread = Thread(target=self._look)

    def __enter__(self) -> FirstLook:
        if self._paths:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._given_up = True
        at = self._at
        if at is not None:
            at.given_up = True
        self.files()

    def files(self) -> LookedAt:
        """The files that were looked at."""
        if self._thread.is_alive():
            self._thread.join()
        return self._files

    def _look(self) -> None:
        from checker.columnar.line_look import GivenUp, LineLook, is_lines
        from checker.columnar.parquet import TableFile, is_table, keep_few
        from checker.record.files import Limits

        limits = Limits()
        for path in self._paths:
            found: TableFile | LineLook
            try:
                if is_table(path, limits):
                    self._at = found = TableFile(path, limits, given_up=self._given_up)
                    found.look()
                elif is_lines(path, limits):
                    self._at = found = LineLook(path, limits, given_up=self._given_up)
                    found.look_beside()
                else:
                    continue
            except (Fault, OSError, GivenUp):
                continue
            finally:
                self._at = None
            if self._given_up:
                return
            self._files[path] = found
            keep_few(self._files.values())


def straight_of(
    got: shared.Inputs,
    tickets: tuple[Path, ...],
    engine: str,
    format_: str,
    layout: str,
    partition: int | None,
    also: Collection[str] = (),
    looked_at: LookedAt = MappingProxyType({}),
) -> Straight | None:
    """An audit whose log is read while it is judged, where it can be had so. See `checker.batch.straight.straight`."""
    if not _possible(engine, format_, layout, tickets):
        return None
    from checker.batch.straight import straight

    return straight(_given(got, tickets, looked_at), engine, partition, also)


def held_of(
    got: shared.Inputs,
    tickets: tuple[Path, ...],
    engine: str,
    format_: str,
    layout: str,
    also: Collection[str] = (),
    looked_at: LookedAt = MappingProxyType({}),
    *,
    shown: bool = False,
) -> Held | None:
    """An audit whose log is held in columns, where it can be had so. See `checker.batch.held.held`."""
    if not _possible(engine, format_, layout, tickets):
        return None
    from checker.batch.held import held

    return held(_given(got, tickets, looked_at), engine, also, shown=shown)


def _given(got: shared.Inputs, tickets: tuple[Path, ...], looked_at: LookedAt) -> Given:
    from checker.batch.straight import Given

    return Given(
        got.contract,
        got.agreements,
        tickets,
        got.now,
        got.readings,
        got.clauses,
        words_of(vocabulary(), got.contract),
        shared.attribute_types(),
        looked_at,
    )


def exported_of(
    got: shared.Inputs, tickets: tuple[Path, ...], mapping: str, engine: str, format_: str, layout: str
) -> Exported | None:
    """An audit whose export is read into columns, where it can be had so. See `checker.batch.exported.exported`."""
    if find_spec("numpy") is None or find_spec("pyarrow") is None:
        return None
    if not may_pay(engine, format_, layout, tickets):
        return None
    from checker.batch.exported import Given, exported

    words = words_of(vocabulary(), got.contract)
    given = Given(got.contract, got.agreements, got.now, got.readings, got.clauses, words)
    return exported(given, shared.rules_of(mapping, got.assumed, contract=got.contract), tickets, engine)
