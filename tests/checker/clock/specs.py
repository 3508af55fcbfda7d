"""Calendars that several tests use."""

from __future__ import annotations

from datetime import date

from checker.clock.windows import CalendarSpec, Window

HOUR = 3600
WEEK_DAYS = frozenset(range(5))
EVERY_DAY = frozenset(range(7))
WARSAW = "Europe/Warsaw"


def hours(days: frozenset[int], start: float, end: float, closed_on_holidays: bool = True) -> Window:
    """Return a window with edges in hours, such as 8.5 for 08:30."""
    return Window(days, round(start * HOUR), round(end * HOUR), closed_on_holidays)


OFFICE = CalendarSpec((hours(WEEK_DAYS, 9, 17.5),), WARSAW, "PL")
"""Monday to Friday, 09:00 to 17:30, not on Polish public holidays."""

OFFICE_AND_SATURDAY = CalendarSpec(
    (hours(WEEK_DAYS, 8.5, 18.5), hours(frozenset({5}), 8.5, 16.5, closed_on_holidays=False)), WARSAW, "PL"
)
"""A long day, and another Saturday that public holidays leave alone."""

NIGHT_SHIFT = CalendarSpec((hours(EVERY_DAY, 22, 30),), WARSAW, "PL")
"""22:00 to 06:00; shut where the evening is that of a public holiday."""

SPLIT_DAY = CalendarSpec(
    (hours(WEEK_DAYS, 8, 12), hours(WEEK_DAYS, 13, 17), hours(WEEK_DAYS, 16, 20)), WARSAW, "PL"
)
"""A lunch break, and two windows that overlap."""

WEEKEND_STRETCH = CalendarSpec((hours(frozenset({5}), 6, 54, closed_on_holidays=False),), WARSAW, None)
"""Saturday 06:00 in one stretch to Monday 06:00: over both clock changes of a year."""

EXCEPTIONS = CalendarSpec(
    (hours(WEEK_DAYS, 9, 17),),
    WARSAW,
    "PL",
    open_dates=frozenset({date(2025, 11, 11), date(2026, 1, 6)}),
    closed_dates=frozenset({date(2025, 11, 12), date(2025, 3, 31)}),
)
"""Office hours with dated exceptions."""

ALL_SPECS = (OFFICE, OFFICE_AND_SATURDAY, NIGHT_SHIFT, SPLIT_DAY, WEEKEND_STRETCH, EXCEPTIONS)
