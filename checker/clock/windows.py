"""What a calendar is made of: weekly windows of local time, a zone, a holiday country, dated exceptions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from checker.clock.zones import DAY

WEEK_DAYS: Final = frozenset(range(7))
"""All days of the week, 0 is Monday."""

_WEEK: Final = 7 * DAY


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of local time that opens on certain days of the week; half-open ``[start, end)``.

    Attributes:
        days: days of the week on which it opens, 0 is Monday, 6 is Sunday.
        start: wall-clock seconds of the local day at which it opens, 0..86399.
        end: wall-clock seconds at which it closes, counted from the same midnight; 86400 is midnight, more
            runs into the next day (22:00 to 06:00 is 79200..108000). At most a week after ``start``.
        closed_on_holidays: whether it stays shut when the local date on which it opens is a public holiday.
    """

    days: frozenset[int]
    start: int
    end: int
    closed_on_holidays: bool

    def __post_init__(self) -> None:
        if not self.days <= WEEK_DAYS:
            raise ValueError(f"days of the week are 0 (Monday) to 6 (Sunday), not {sorted(self.days)}")
        if not 0 <= self.start < DAY:
            raise ValueError(f"a window opens at 0 to 86399 seconds of its day, not at {self.start}")
        if not self.start < self.end <= self.start + _WEEK:
            raise ValueError(
                f"a window closes after it opens and within a week, not {self.start} to {self.end}"
            )


@dataclass(frozen=True, slots=True)
class CalendarSpec:
    """A calendar as data: the union of its windows, in a zone, minus public holidays, with dated exceptions.

    Attributes:
        windows: the windows; time in any of them is open.
        zone: IANA name or ``UTC+01:00``; None: not on record.
        country: ISO 3166 alpha-2 code of the country whose public holidays apply; None: not on record.
        region: subdivision code of that country, as the ``holidays`` library names it.
        open_dates: local dates that do not count as a public holiday.
        closed_dates: local dates on which no window opens.
    """

    windows: tuple[Window, ...]
    zone: str | None
    country: str | None
    region: str | None = None
    open_dates: frozenset[date] = frozenset()
    closed_dates: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        both = self.open_dates & self.closed_dates
        if both:
            raise ValueError(f"dates both open and closed: {', '.join(str(day) for day in sorted(both))}")

    @property
    def place(self) -> str | None:
        """The country, with its region where one is named: ``PL``, ``DE-BY``."""
        return f"{self.country}-{self.region}" if self.country and self.region else self.country

    @property
    def needs_country(self) -> bool:
        """Whether public holidays matter: some window that ever opens is closed on them."""
        return any(window.closed_on_holidays and window.days for window in self.windows)

    @property
    def round_the_clock(self) -> bool:
        """Whether every second is open whatever the zone and the country are."""
        if self.closed_dates:
            return False
        # A week laid out twice, so that windows over the end of Sunday reach into Monday. Windows that follow
        # one another on the wall clock also do so over every clock change (see `opening` and `closing`).
        edges = sorted(
            (base + day * DAY + window.start, base + day * DAY + window.end)
            for window in self.windows
            if not window.closed_on_holidays
            for day in window.days
            for base in (0, _WEEK)
        )
        reach = _WEEK
        for low, high in edges:
            if low > reach:
                return False
            reach = max(reach, high)
        return reach >= 2 * _WEEK
