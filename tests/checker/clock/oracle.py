"""Slow, obvious second opinions: they walk through time step by step and share no code with the clock.

``NaiveClock`` looks at the wall clock at every step. ``edge_open_intervals`` does so for windows with an edge
inside a clock change, by the sentence that defines them: open from the first instant at which the wall clock
reads the start or later, until after the last instant at which it reads less than the end.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from checker.clock.windows import CalendarSpec

MIDNIGHT_1970 = datetime(1970, 1, 1)


def instant(text: str) -> int:
    """Return the Unix seconds of an ISO 8601 time with offset."""
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo is not None
    return int(moment.timestamp())


def wall(t: int, zone: str) -> int:
    """Return what the wall clock reads, as seconds since 1970-01-01 00:00 on the wall clock."""
    naive = datetime.fromtimestamp(t, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return int((naive - MIDNIGHT_1970).total_seconds())


def text(t: int, zone: str) -> str:
    """Return an instant as local ISO 8601 time with offset."""
    return datetime.fromtimestamp(t, UTC).astimezone(ZoneInfo(zone)).isoformat()


class NaiveClock:
    """Walks in steps of ``step`` seconds; all times and window edges must be multiples of it."""

    def __init__(self, spec: CalendarSpec, is_holiday: Callable[[date], bool], step: int) -> None:
        assert spec.zone is not None
        self.spec, self.zone, self.is_holiday, self.step = spec, spec.zone, is_holiday, step

    def is_open(self, t: int) -> bool:
        return self.opens_at(wall(t, self.zone))

    def opens_at(self, reading: int) -> bool:
        for days_ago in range(9):
            day = (MIDNIGHT_1970 + timedelta(days=reading // 86_400 - days_ago)).date()
            since = reading % 86_400 + days_ago * 86_400
            for window in self.spec.windows:
                if (
                    day.weekday() in window.days
                    and window.start <= since < window.end
                    and day not in self.spec.closed_dates
                    and not (
                        window.closed_on_holidays and self.is_holiday(day) and day not in self.spec.open_dates
                    )
                ):
                    return True
        return False

    def counts(self, t: int, stops: Sequence[tuple[int, int]]) -> bool:
        return self.is_open(t) and not any(start <= t < end for start, end in stops)

    def measure(self, a: int, b: int, stops: Sequence[tuple[int, int]] = ()) -> int:
        return sum(self.step for t in range(a, b, self.step) if self.counts(t, stops))

    def add(self, start: int, seconds: int, stops: Sequence[tuple[int, int]] = ()) -> int:
        t = start
        while seconds > 0:
            seconds -= self.step * self.counts(t, stops)
            t += self.step
        return t

    def subtract(self, end: int, seconds: int, stops: Sequence[tuple[int, int]] = ()) -> int:
        t = end
        while seconds > 0:
            t -= self.step
            seconds -= self.step * self.counts(t, stops)
        return t


def edge_open_intervals(
    spec: CalendarSpec, is_holiday: Callable[[date], bool], low: int, high: int, step: int
) -> list[tuple[int, int]]:
    """Return the open intervals in ``[low, high)`` by the definition of the edges, looking 10 days around."""
    assert spec.zone is not None
    first = low - 10 * 86_400
    readings = [wall(t, spec.zone) for t in range(first, high + 10 * 86_400, step)]
    is_open = [False] * len(readings)
    day = (MIDNIGHT_1970 + timedelta(seconds=readings[0])).date()
    last = (MIDNIGHT_1970 + timedelta(seconds=readings[-1])).date()
    while day < last:
        midnight = int((datetime(day.year, day.month, day.day) - MIDNIGHT_1970).total_seconds())
        for window in spec.windows:
            if day.weekday() not in window.days or day in spec.closed_dates:
                continue
            if window.closed_on_holidays and is_holiday(day) and day not in spec.open_dates:
                continue
            opens = next((i for i, r in enumerate(readings) if r >= midnight + window.start), len(readings))
            closes = max((i + 1 for i, r in enumerate(readings) if r < midnight + window.end), default=0)
            for i in range(opens, closes):
                is_open[i] = True
        day += timedelta(days=1)
    found: list[tuple[int, int]] = []
    for i, flag in enumerate(is_open):
        t = first + i * step
        if flag and low <= t < high:
            if found and found[-1][1] == t:
                found[-1] = found[-1][0], t + step
            else:
                found.append((t, t + step))
    return found
