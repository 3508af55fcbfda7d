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


def opened(world: Columns, calendar: PossibleCalendar, seconds: Ints) -> Sequence[bool | None]:
    """Whether a calendar is open in different seconds; None where not all that it may be agree."""
    known, _ = world.agreements.once(("open", calendar.spec), lambda: ({}, frozenset()))
    asked = seconds.tolist()
    known.update({second: calendar.contains(second) for second in asked if second not in known})
    return [known[second] for second in asked]


def ends(world: Columns, calendar: PossibleCalendar, once: Ints, seconds: int) -> tuple[Ints, Ints, Bools]:
    """The earliest and the latest instant by which so many seconds are counted from different starts, which rise; and where the data
    tell them."""
    return _everywhere(world, calendar, once, seconds) or _one_by_one(world, calendar, once, seconds)


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
    world: Columns, calendar: PossibleCalendar, once: Ints, seconds: int
) -> tuple[Ints, Ints, Bools]:
    """The bounds second by second, and where the data tell them."""
    known, _ = world.agreements.once(("ends", calendar.spec, seconds), lambda: ({}, frozenset()))

    def end(second: int) -> tuple[int, int]:
        found: tuple[int, int] | None = known.get(second)
        if found is None:
            try:
                found = calendar.add(second, seconds)
            except (NoHolidayDataError, HorizonExceeded):
                found = (EVER, EVER)
            known[second] = found
        return found

    bounds = np.array([end(second) for second in once.tolist()], np.int64).reshape(-1, 2)
    return bounds[:, 0], bounds[:, 1], bounds[:, 0] != EVER
