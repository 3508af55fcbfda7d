"""Where windows and days begin and end when clocks change.

A window in local time covers the instants from the first at which the wall clock reads its start or later, to
the last at which it reads less than its end. So it is as long as it really is, windows that follow one
another on the wall clock leave no hole, and a day is a window from 0 to 24 hours.
"""

from __future__ import annotations

from datetime import tzinfo
from functools import lru_cache
from typing import Final

from checker.clock.zones import DAY, candidates, utc_offset

_STRETCH: Final = 4 * DAY


@lru_cache(maxsize=1 << 14)
def _ahead(first: int, tz: tzinfo) -> int | None:
    """Return the seconds that the clock is ahead of UTC all through four days from a wall time; None if it is changed in them.

    Both ends tell: of no zone of the database are two changes less than six days apart, one of which could undo the other.
    """
    try:
        one, other = candidates(first, tz)
        last, again = candidates(first + _STRETCH, tz)
    except OverflowError:
        # One end lies before the year 1 or after the year 9999.
        return None
    return first - one if one == other and last == again == one + _STRETCH else None


def opening(wall: int, tz: tzinfo) -> int:
    """Return the first instant at which the wall clock reads ``wall`` or later: how a window opens.

    In a gap this is the instant of the change, in a fold the first occurrence.
    """
    ahead = _ahead(wall - wall % _STRETCH, tz)
    if ahead is not None:
        return wall - ahead
    first, second = candidates(wall, tz)
    return first if first <= second else _change(second, first, tz)


def closing(wall: int, tz: tzinfo) -> int:
    """Return the instant after the last one with less than ``wall`` on the wall clock: how a window closes.

    In a gap this is the instant of the change, in a fold the second occurrence; but for the very first wall
    time of the fold it is the first one, since nothing that reads less is repeated. (Else a Saturday in a
    zone that sets its clocks back from Sunday 01:00 to 00:00 would last 25 hours, one of them on Sunday.)
    """
    ahead = _ahead(wall - wall % _STRETCH, tz)
    if ahead is not None:
        return wall - ahead
    first, second = candidates(wall, tz)
    if first == second:
        return first
    if first > second:
        return _change(second, first, tz)
    return first if utc_offset(second - 1, tz) != utc_offset(second, tz) else second


@lru_cache(maxsize=1 << 16)
def window(midnight: int, start: int, end: int, tz: tzinfo) -> tuple[int, int]:
    """Return when a window of a local date opens and closes, given by wall seconds from its midnight (itself a wall time).

    Remembered: calendars that differ in their holidays alone, of a hundred countries or a thousand agreements, have the same windows.
    """
    return opening(midnight + start, tz), closing(midnight + end, tz)


def _change(before: int, after: int, tz: tzinfo) -> int:
    """Return the instant in ``(before, after]`` from which the offset of ``after`` holds."""
    new = utc_offset(after, tz)
    while after - before > 1:
        middle = (before + after) // 2
        if utc_offset(middle, tz) == new:
            after = middle
        else:
            before = middle
    return after
