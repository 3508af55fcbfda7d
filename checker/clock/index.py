"""The open intervals of a calendar, worked out year by year when first needed, with totals for bisection."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence, Set
from datetime import UTC, date, datetime
from threading import RLock
from types import MappingProxyType
from typing import Final

from checker.clock.edges import opening, window
from checker.clock.holidays_data import free_days, require
from checker.clock.windows import CalendarSpec
from checker.clock.zones import DAY, wall_seconds, zone

FIRST_YEAR: Final = 1900
"""First local year a calendar is worked out for."""
LAST_YEAR: Final = 2100
"""Last local year a calendar is worked out for."""

_NO_DAYS: Final[Mapping[date, str]] = MappingProxyType({})
_EARLIEST: Final = int(datetime(FIRST_YEAR, 1, 3, tzinfo=UTC).timestamp())
_LATEST: Final = int(datetime(LAST_YEAR, 12, 30, tzinfo=UTC).timestamp())

_Hours = tuple[int, int, bool]
"""A window of a weekday: the seconds from its midnight at which it opens and closes, and whether public holidays close it."""

Interval = tuple[int, int]
"""A half-open stretch ``[start, end)`` of instants, seconds since the Unix epoch."""


class HorizonExceeded(ValueError):
    """A time outside the years 1900 to 2100, or a limit that no opening of the calendar ever reaches."""


class OpenIndex:
    """Merged open intervals over a growing run of whole local years, and how much open time lies before each.

    ``opens[i]``, ``closes[i]`` bound interval ``i``; ``before[i]`` is the open time of all earlier ones,
    ``through[i]`` that plus its own length. Growing downwards shifts the totals, so callers ``reach`` first,
    and hold the ``lock`` until they have read what they reached for.
    """

    __slots__ = ("_by_day", "_first", "_high", "_last", "_low", "_spec",
                 "before", "closes", "days_over", "lock", "opens", "through", "tz")  # fmt: skip

    def __init__(self, spec: CalendarSpec) -> None:
        if spec.zone is None:
            raise ValueError("a calendar needs a time zone; none is on record")
        if spec.needs_country and spec.country is None:
            raise ValueError("a calendar closed on public holidays needs a country; none is on record")
        self._spec = spec
        if spec.needs_country and spec.country is not None:
            require(spec.country, spec.region)
        self.tz = zone(spec.zone)
        # The windows of each weekday, and whether public holidays close one of them.
        self._by_day = tuple(
            (
                tuple((w.start, w.end, w.closed_on_holidays) for w in mine),
                any(w.closed_on_holidays for w in mine),
            )
            for mine in ([w for w in spec.windows if day in w.days] for day in range(7))
        )
        # A window that runs over midnight reaches this many days past the one on which it opens.
        self.days_over = max((max(0, w.end - 1) // DAY for w in spec.windows), default=0)
        self._first, self._last = 1, 0  # no year yet
        self._low = self._high = 0
        # Several threads may ask at a time, and an answer may need another year first.
        self.lock = RLock()
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.before: list[int] = []
        self.through: list[int] = []

    @property
    def ever_opens(self) -> bool:
        """Whether there is any window at all."""
        return any(windows for windows, _ in self._by_day)

    def holidays(self, year: int) -> Mapping[date, str]:
        """Return the public holidays of a year, date to name; none for a calendar that they do not touch."""
        if not self._spec.needs_country or self._spec.country is None:
            return _NO_DAYS
        return free_days(self._spec.country, self._spec.region, year)

    def reach(self, *instants: int) -> None:
        """Work out all years from that of the first of ``instants`` to that of the last.

        Raises:
            HorizonExceeded: an instant lies outside the horizon.
        """
        with self.lock:
            for t in instants:
                if self._low <= t < self._high:
                    continue
                if not _EARLIEST <= t <= _LATEST:
                    raise HorizonExceeded(f"instant {t} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
                if self._last < self._first:
                    self._start(datetime.fromtimestamp(t, UTC).year)
                while t < self._low:
                    self._grow_down()
                while t >= self._high:
                    self.grow_up()

    def prefix(self, t: int) -> int:
        """Return the open seconds from the start of the worked-out years to ``t``, which lies in them. The caller has the lock."""
        i = bisect_right(self.opens, t) - 1
        return self.before[i] + min(t, self.closes[i]) - self.opens[i] if i >= 0 else 0

    def advance(self, start: int, seconds: int) -> int:
        """Return the least instant with ``seconds`` (> 0) of open time since ``start``."""
        with self.lock:
            self.reach(start)
            target = self.prefix(start) + seconds
            i = bisect_left(self.through, target)
            while i == len(self.through):
                self.grow_up()
                i = bisect_left(self.through, target)
            return self.opens[i] + target - self.before[i]

    def retreat(self, end: int, seconds: int) -> int:
        """Return the greatest instant with ``seconds`` (> 0) of open time until ``end``."""
        with self.lock:
            self.reach(end)
            target = self.prefix(end) - seconds
            while target < 0:
                self._grow_down()
                target = self.prefix(end) - seconds
            i = bisect_right(self.through, target)
            return self.opens[i] + target - self.before[i]

    def between(self, low: int, high: int) -> list[Interval]:
        """Return the open intervals, cut to ``[low, high)``."""
        with self.lock:
            if high <= low:
                return []
            self.reach(low, high)
            first, last = bisect_right(self.closes, low), bisect_left(self.opens, high)
            return [(max(low, self.opens[i]), min(high, self.closes[i])) for i in range(first, last)]

    def opened_on(self, day: date) -> list[Interval]:
        """Return the windows that open on a local date, as they really are, neither merged nor sorted."""
        windows, closes = self._by_day[day.weekday()]
        if not windows or day in self._spec.closed_dates:
            return []
        return self._opened(windows, day, closes and self.is_holiday(day))

    def _opened(self, windows: Sequence[_Hours], day: date, shut: bool) -> list[Interval]:
        """What opens on a day of which no exception keeps all shut; `shut`: it is a public holiday."""
        midnight, tz = wall_seconds(day, 0), self.tz
        edges = [window(midnight, start, end, tz) for start, end, closes in windows if not (shut and closes)]
        return [(start, end) for start, end in edges if start < end]

    def is_holiday(self, day: date) -> bool:
        """Return whether a local date is a public holiday that no dated exception lifts."""
        return day not in self._spec.open_dates and day in self.holidays(day.year)

    def shut(self, day: date) -> tuple[str, int] | None:
        """Return why windows of the weekday stay shut, and the wall-clock second at which they would end."""
        windows, _ = self._by_day[day.weekday()]
        if windows and day in self._spec.closed_dates:
            return "closed by dated exception", max(end for _, end, _ in windows)
        ends = [end for _, end, closes in windows if closes]
        if ends and self.is_holiday(day):
            return f"public holiday: {self.holidays(day.year)[day]}", max(ends)
        return None

    def grow_up(self) -> None:
        """Work out one more year at the end.

        Raises:
            HorizonExceeded: there is none left.
        """
        if self._last >= LAST_YEAR:
            raise HorizonExceeded(f"the calendar does not open long enough before the end of {LAST_YEAR}")
        _, high, found = self._year(self._last + 1)
        self._last, self._high = self._last + 1, high
        self._append(found)

    def _start(self, year: int) -> None:
        self._low, self._high, found = self._year(year)
        self._first = self._last = year
        self._append(found)

    def _grow_down(self) -> None:
        if self._first <= FIRST_YEAR:
            raise HorizonExceeded(f"the calendar does not open long enough after the start of {FIRST_YEAR}")
        # Worked out before anything changes: a year without holiday data leaves the index as it was.
        low, _, found = self._year(self._first - 1)
        later = list(zip(self.opens, self.closes, strict=True))
        self._first, self._low = self._first - 1, low
        self.opens, self.closes, self.before, self.through = [], [], [], []
        self._append(found)
        self._append(later)

    def _year(self, year: int) -> tuple[int, int, list[Interval]]:
        """Return the bounds of a local year and the sorted windows in it, cut to the bounds."""
        low, high = (opening(wall_seconds(date(y, 1, 1), 0), self.tz) for y in (year, year + 1))
        found: list[Interval] = []
        closed, by_day = self._spec.closed_dates, self._by_day
        holidays: dict[int, Set[date]] = {}
        first, last = date(year, 1, 1).toordinal() - self.days_over, date(year, 12, 31).toordinal()
        for ordinal in range(first, last + 1):
            # Ordinal 1 is a Monday.
            windows, closes = by_day[(ordinal - 1) % 7]
            if not windows or (day := date.fromordinal(ordinal)) in closed:
                continue
            if closes and day.year not in holidays:
                holidays[day.year] = self.holidays(day.year).keys() - self._spec.open_dates
            found += self._opened(windows, day, closes and day in holidays[day.year])
        found.sort()
        return (
            low,
            high,
            [(max(low, start), min(high, end)) for start, end in found if start < high and end > low],
        )

    def _append(self, found: list[Interval]) -> None:
        opens, closes, through = self.opens, self.closes, self.through
        for start, end in found:
            if opens and start <= closes[-1]:
                through[-1] += max(0, end - closes[-1])
                closes[-1] = max(closes[-1], end)
            else:
                total = through[-1] if through else 0
                opens.append(start)
                closes.append(end)
                self.before.append(total)
                through.append(total + end - start)
