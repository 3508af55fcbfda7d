"""What calendars say whose country is not on record, of many seconds: over all countries at once where they can be asked so.

Each is asked once for all clauses, readings and parts of a table.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from checker.clock.alternatives import PossibleCalendar
from checker.clock.holidays_data import NoHolidayDataError
from checker.clock.index import HorizonExceeded
from checker.columnar.anywhere import anywhere
from checker.columnar.possible import Bools, Ints
from checker.columnar.world import Columns
from checker.interpret.possible import EVER

YEAR = 2**25
"""Seconds, a little more than a year."""
_FEW = 64
"""So many seconds are asked about one by one: what a calendar has of all countries takes megabytes, and each agreement may have its own."""

_KEPT = 2**16
"""So many answers of a calendar are kept, about: a log may be larger than memory."""


class _Asked:
    """How many seconds were asked about, and what was said of those that were asked about one by one."""

    def __init__(self) -> None:
        self.about = 0
        self.known: dict[int, tuple[int, int]] = {}


def opened(world: Columns, calendar: PossibleCalendar, seconds: Ints) -> Sequence[bool | None]:
    """Whether a calendar is open in different seconds; None where not all that it may be agree."""
    known: dict[int, bool | None]
    known, _ = world.agreements.once(("open", calendar.spec), lambda: ({}, frozenset()))
    if len(known) > _KEPT:
        known.clear()
    out: list[bool | None] = []
    for second in seconds.tolist():
        try:
            found = known[second]
        except KeyError:
            found = known[second] = calendar.contains(second)
        out.append(found)
    return out


def ends(world: Columns, calendar: PossibleCalendar, once: Ints, seconds: int) -> tuple[Ints, Ints, Bools]:
    """The earliest and the latest instant by which so many seconds are counted from different starts, which rise; and where the data
    tell them."""
    asked: _Asked
    asked, _ = world.agreements.once(("ends", calendar.spec, seconds), lambda: (_Asked(), frozenset()))
    asked.about += len(once)
    if asked.about > _FEW:
        found = _everywhere(world, calendar, once, seconds)
        if found is not None:
            return found
    return _one_by_one(calendar, once, seconds, asked.known)


def _everywhere(
    world: Columns, calendar: PossibleCalendar, once: Ints, seconds: int
) -> tuple[Ints, Ints, Bools] | None:
    """The bounds over all countries at once; None where they have to be asked second by second."""
    # For the whole table, so that other parts of it find the same.
    first, last = world.table.whole_table.span or (world.now, world.now)
    first, last = min(first, int(once[0])), max(last, world.now, int(once[-1]))
    key = ("anywhere", calendar.spec, first // YEAR, last // YEAR, seconds)
    windows, _ = world.agreements.once(
        key, lambda: (anywhere(calendar.spec, first, last, seconds), frozenset())
    )
    return windows.ends(once, seconds) if windows is not None and seconds else None


def _one_by_one(
    calendar: PossibleCalendar, once: Ints, seconds: int, known: dict[int, tuple[int, int]]
) -> tuple[Ints, Ints, Bools]:
    """The bounds second by second, and where the data tell them. `known`: those that were asked about before."""

    if len(known) > _KEPT:
        known.clear()

    def end(second: int) -> tuple[int, int]:
        found = known.get(second)
        if found is None:
            try:
                found = calendar.add(second, seconds)
            except (NoHolidayDataError, HorizonExceeded):
                found = (EVER, EVER)
            known[second] = found
        return found

    bounds = np.array([end(second) for second in once.tolist()], np.int64).reshape(-1, 2)
    return bounds[:, 0], bounds[:, 1], bounds[:, 0] != EVER
