"""Calendars: which seconds count, how many lie between two instants, and when a number of them has run.

All times are whole seconds since the Unix epoch, UTC. *Stops* are stretches in which the clock stands still:
a sequence of half-open ``(start, end)`` pairs, sorted and disjoint. Windows are half-open too, so that time
which runs out exactly at closing runs out at closing and not at the next opening.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import UTC, date
from functools import lru_cache
from typing import Final

from checker.clock.index import HorizonExceeded, Interval, OpenIndex
from checker.clock.ledger import LedgerRow, ledger_rows
from checker.clock.windows import WEEK_DAYS, CalendarSpec, Window
from checker.clock.zones import DAY

NO_STOPS: Final[tuple[Interval, ...]] = ()
"""A clock that is never stopped."""

NEVER: Final = 2**62
"""An instant after every other: what does not end, or may never come."""


class Calendar:
    """A calendar whose zone, and country if it needs one, are on record. Get one by `calendar`."""

    __slots__ = ("_index", "spec")

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self._index = OpenIndex(spec)

    @property
    def zone(self) -> str | None:
        """The name of the zone; None only for a round-the-clock calendar without one."""
        return self.spec.zone

    def open_intervals(self, lo: int, hi: int) -> list[Interval]:
        """Return the open stretches, merged and sorted, cut to ``[lo, hi)``."""
        return self._index.between(lo, hi)

    def contains(self, t: int) -> bool:
        """Return whether the calendar is open at an instant (not at closing: windows are half-open)."""
        index = self._index
        with index.lock:
            index.reach(t)
            i = bisect_right(index.opens, t) - 1
            return i >= 0 and t < index.closes[i]

    def measure(self, a: int, b: int, stops: Sequence[Interval] = NO_STOPS) -> int:
        """Return the open seconds in ``[a, b)`` outside the stops; 0 if ``b`` is not after ``a``."""
        if b <= a:
            return 0
        total = self._span(a, b)
        for start, end in cut(stops, a, b):
            total -= self._span(start, end)
        return total

    def add(self, start: int, seconds: int, stops: Sequence[Interval] = NO_STOPS) -> int:
        """Return when so much is counted: the least ``t >= start`` with ``measure(start, t) >= seconds``.

        Raises:
            HorizonExceeded: not before the end of the year 2100.
        """
        if _nothing(seconds):
            return start
        for low, high in cut(stops, start, NEVER):
            counted = self._span(start, low) if low > start else 0
            if counted >= seconds:
                break
            seconds -= counted
            start = high
        return self._advance(start, seconds)

    def subtract(self, end: int, seconds: int, stops: Sequence[Interval] = NO_STOPS) -> int:
        """Return the latest start: the greatest ``t <= end`` with ``measure(t, end) >= seconds``.

        Raises:
            HorizonExceeded: not after the start of the year 1900.
        """
        if _nothing(seconds):
            return end
        for low, high in reversed(list(cut(stops, -NEVER, end))):
            counted = self._span(high, end) if high < end else 0
            if counted >= seconds:
                break
            seconds -= counted
            end = low
        return self._retreat(end, seconds)

    def ledger(self, a: int, b: int, stops: Sequence[Interval] = NO_STOPS) -> list[LedgerRow]:
        """Return what became of every second of ``[a, b)``: adjacent rows *counted*, *stopped* or *closed*.

        A second outside the windows is *closed* even during a stop: a stop takes away only what would have
        counted.
        """
        if b <= a:
            return []
        index, stopped = self._index, list(cut(stops, a, b))
        return ledger_rows(a, b, index.between(a, b), stopped, index.shut, index.tz, index.days_over)

    def is_working_day(self, d: date) -> bool:
        """Return whether some window opens on a local date."""
        return bool(self._index.opened_on(d))

    def _span(self, a: int, b: int) -> int:
        index = self._index
        with index.lock:
            index.reach(a, b)
            return index.prefix(b) - index.prefix(a)

    def _advance(self, start: int, seconds: int) -> int:
        if not self._index.ever_opens:
            raise HorizonExceeded("the calendar never opens")
        return self._index.advance(start, seconds)

    def _retreat(self, end: int, seconds: int) -> int:
        if not self._index.ever_opens:
            raise HorizonExceeded("the calendar never opens")
        return self._index.retreat(end, seconds)


class RoundTheClock(Calendar):
    """The calendar in which every second counts. It needs no zone, but keeps the one it is given."""

    __slots__ = ()

    def __init__(self, spec: CalendarSpec) -> None:
        if not spec.round_the_clock:
            raise ValueError("the windows do not cover every second")
        self.spec = spec

    def open_intervals(self, lo: int, hi: int) -> list[Interval]:
        """Return ``[lo, hi)`` whole, if it is not empty."""
        return [(lo, hi)] if lo < hi else []

    def contains(self, t: int) -> bool:
        """Return True."""
        return True

    def ledger(self, a: int, b: int, stops: Sequence[Interval] = NO_STOPS) -> list[LedgerRow]:
        """Return the stretches of ``[a, b)``, counted or stopped."""
        if b <= a:
            return []
        return ledger_rows(a, b, [(a, b)], list(cut(stops, a, b)), lambda day: None, UTC, 0)

    def is_working_day(self, d: date) -> bool:
        """Return whether some window opens on a local date, which a window of several days need not."""
        return any(d.weekday() in window.days for window in self.spec.windows)

    def _span(self, a: int, b: int) -> int:
        return b - a

    def _advance(self, start: int, seconds: int) -> int:
        if start >= NEVER:
            raise HorizonExceeded("the clock is stopped for ever")
        return start + seconds

    def _retreat(self, end: int, seconds: int) -> int:
        if end <= -NEVER:
            raise HorizonExceeded("the clock is stopped for ever")
        return end - seconds


@lru_cache(maxsize=4096)
def calendar(spec: CalendarSpec) -> Calendar:
    """Return the calendar of a spec, always the same object for equal specs.

    Raises:
        ValueError: the zone, or the country where holidays matter, is not on record or not known.
    """
    return RoundTheClock(spec) if spec.round_the_clock else Calendar(spec)


ALWAYS: Final[Calendar] = calendar(
    CalendarSpec((Window(WEEK_DAYS, 0, DAY, closed_on_holidays=False),), zone=None, country=None)
)
"""The round-the-clock calendar: elapsed time, in no zone."""


def cut(stops: Sequence[Interval], low: int, high: int) -> Iterator[Interval]:
    """Yield the non-empty parts of the stops in ``[low, high)``.

    Raises:
        ValueError: a stop ends before it starts, or starts before the one before it ended.
    """
    reached = -NEVER
    for start, end in stops:
        if start < reached or end < start:
            raise ValueError(f"stops must be sorted and disjoint, not {list(stops)}")
        reached = end
        if start < high and end > low and start < end:
            yield max(start, low), min(end, high)


def _nothing(seconds: int) -> bool:
    if seconds < 0:
        raise ValueError(f"a duration is not negative: {seconds} seconds")
    return seconds == 0
