"""Legal terms: limits in days, weeks, months and years, which count by the contract's law, not on a clock.

Polish Civil Code (Kodeks cywilny, Act of 23 April 1964), the one law registered here:

- art. 111: a term in days ends with the end of its last day; the day of the event that starts it is not
  counted.
- art. 112: a term in weeks, months or years ends with the end of the day that has the name or date of its
  first day, or with the last day of the month if there is no such day in it.
- art. 115: a term to perform an act that ends on a statutory day off work or a Saturday ends on the next day
  that is neither. Sundays are statutory days off.

The end of a day is its last second, 23:59:59 local time. Instants are Unix seconds; zones are names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal, get_args

from checker.clock.calendar import Calendar
from checker.clock.days import (
    add_months,
    at_local,
    calendar_month,
    calendar_quarter,
    calendar_week,
    calendar_year,
    date_end,
    date_start,
    day_end,
    day_start,
    local_date,
    years_from,
)
from checker.clock.edges import closing
from checker.clock.index import FIRST_YEAR, LAST_YEAR, HorizonExceeded
from checker.clock.zones import local, resolve, wall_seconds, zone

__all__ = [
    "LAWS",
    "UNITS",
    "Law",
    "Unit",
    "add_months",
    "ahead",
    "at_local",
    "back",
    "calendar_month",
    "calendar_quarter",
    "calendar_week",
    "calendar_year",
    "date_end",
    "date_start",
    "day_end",
    "day_start",
    "last_day",
    "local_date",
    "term_end",
    "working_day",
    "working_days_end",
    "years_from",
]

Unit = Literal["days", "weeks", "months", "years"]
"""The units of legal terms."""

UNITS: Final[tuple[Unit, ...]] = get_args(Unit)

_YEARS: Final = LAST_YEAR - FIRST_YEAR + 1
_MOST: Final[dict[Unit, int]] = {
    "days": 366 * _YEARS,
    "weeks": 53 * _YEARS,
    "months": 12 * _YEARS,
    "years": _YEARS,
}

Free = Callable[[date], bool]
"""Whether a local date is a public holiday (Saturdays and Sundays are the law's own business)."""


@dataclass(frozen=True, slots=True)
class Law:
    """How a law counts terms.

    Attributes:
        name: the key in `LAWS`.
        sources: the rules it rests on.
        last_day: from the local date of the event, amount, unit, and whether that date counts as day one, to
            the last day of the term.
        rests: whether a term to perform an act cannot end on a date, given the public holidays.
    """

    name: str
    sources: tuple[str, ...]
    last_day: Callable[[date, int, Unit, bool], date]
    rests: Callable[[date, Free], bool]


def _by_name_or_date(first: date, amount: int, unit: Unit, first_day_counted: bool) -> date:
    """Return the last day of a term under art. 111 and 112.

    If the day of the event counts, a term ends on the eve of the day that corresponds to it; a month without
    such a day is over with its last day in any case.
    """
    if unit in ("days", "weeks"):
        return first + timedelta(days=amount * (7 if unit == "weeks" else 1) - first_day_counted)
    last = add_months(first, amount * (12 if unit == "years" else 1))
    return last - timedelta(days=1) if first_day_counted and last.day == first.day else last


def _saturday_sunday_or_free(day: date, free: Free) -> bool:
    return day.weekday() >= 5 or free(day)


LAWS: Final[dict[str, Law]] = {
    law.name: law
    for law in (
        Law(
            "polish-civil-code",
            ("Kodeks cywilny art. 111", "Kodeks cywilny art. 112", "Kodeks cywilny art. 115"),
            _by_name_or_date,
            _saturday_sunday_or_free,
        ),
    )
}
"""The laws that terms can be counted by, by name; add a `Law` to add one."""


def term_end(
    start: int,
    amount: int,
    unit: Unit,
    *,
    zone: str,
    free: Free,
    law: str = "polish-civil-code",
    roll: bool = True,
    first_day_counted: bool = False,
    ending_at: int | None = None,
) -> int:
    """Return the last instant of a legal term.

    Args:
        start: instant of the event that starts the term.
        amount: how many units; 0 ends on the day of the event, which `first_day_counted` excludes.
        unit: days, weeks, months or years.
        zone: zone of the local days.
        free: whether a local date is a public holiday.
        law: a key of `LAWS`.
        roll: it is a term to perform an act: an end on a Saturday, Sunday or holiday moves to the next other
            day.
        first_day_counted: the day of the event is day one.
        ending_at: wall-clock seconds of the last day at which the term ends, instead of 23:59:59. Skipped by
            a clock
            change: the instant of the change; repeated: the second occurrence.

    Raises:
        ValueError: unknown law or unit, or an amount that makes no term.
        HorizonExceeded: no end before the year 2101.
    """
    day = last_day(
        local_date(start, zone),
        amount,
        unit,
        free=free,
        law=law,
        roll=roll,
        first_day_counted=first_day_counted,
    )
    return _end_of(day, ending_at, zone)


def last_day(
    first: date,
    amount: int,
    unit: Unit,
    *,
    free: Free,
    law: str = "polish-civil-code",
    roll: bool = True,
    first_day_counted: bool = False,
) -> date:
    """Return the last local day of a legal term; arguments as for `term_end`, from the date of the event."""
    if law not in LAWS:
        raise ValueError(f"unknown law {law!r}; known: {', '.join(sorted(LAWS))}")
    _check(amount, unit, least=1 if first_day_counted else 0)
    rule = LAWS[law]
    day = rule.last_day(first, amount, unit, first_day_counted)
    while roll and day.year <= LAST_YEAR and rule.rests(day, free):
        day += timedelta(days=1)
    if day.year > LAST_YEAR:
        raise _too_far()
    return day


def working_days_end(
    start: int,
    amount: int,
    calendar: Calendar,
    *,
    ending_at: int | None = None,
    first_day_counted: bool = False,
    zone: str | None = None,
) -> int:
    """Return the end of the ``amount``-th working day of a calendar after the local day of ``start``.

    Args:
        start: instant of the event.
        amount: how many working days, at least 1.
        calendar: says which local dates are working days.
        ending_at: as for `term_end`.
        first_day_counted: the day of the event is day one, if it is a working day.
        zone: zone of the local days, where it is not the calendar's.

    Raises:
        ValueError: an amount below 1, or neither ``zone`` nor the calendar names a zone.
        HorizonExceeded: the calendar has not so many working days before the year 2101.
    """
    name = zone or calendar.zone
    if name is None:
        raise ValueError("working days are local days: a time zone is needed")
    day = working_day(
        local_date(start, name), amount, calendar.is_working_day, first_day_counted=first_day_counted
    )
    return _end_of(day, ending_at, name)


def working_day(
    first: date, amount: int, is_working_day: Callable[[date], bool], *, first_day_counted: bool = False
) -> date:
    """Return the ``amount``-th working day after ``first``, or from it on if ``first_day_counted``.

    Raises:
        ValueError: an amount below 1.
        HorizonExceeded: there are not so many before the year 2101.
    """
    if amount < 1:
        raise ValueError(f"a term has at least one working day, not {amount}")
    day = first - timedelta(days=1) if first_day_counted else first
    while amount:
        day += timedelta(days=1)
        if day.year > LAST_YEAR:
            raise _too_far()
        amount -= is_working_day(day)
    return day


def back(start: int, amount: int, unit: Unit, *, zone: str) -> int:
    """Return the instant at the same local time so many units earlier, as in `at least 6 weeks before`.

    A month without the date gives its last day. A local time that a clock change skips is read with the
    offset from before the change (02:30 becomes 03:30), one that it repeats is the first: what ``fold=0``
    means in PEP 495.
    """
    _check(amount, unit, least=0)
    return _shift(start, -amount, unit, zone)


def ahead(start: int, amount: int, unit: Unit, *, zone: str) -> int:
    """Return the instant at the same local time so many units later; the rest as for `back`."""
    _check(amount, unit, least=0)
    return _shift(start, amount, unit, zone)


def _shift(start: int, amount: int, unit: Unit, zone_name: str) -> int:
    if amount == 0:
        return start
    tz = zone(zone_name)
    moment = local(start, tz)
    if unit in ("days", "weeks"):
        day = moment.date() + timedelta(days=amount * (7 if unit == "weeks" else 1))
    else:
        day = add_months(moment.date(), amount * (12 if unit == "years" else 1))
    seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
    return resolve(wall_seconds(day, seconds), tz, "compatible")


def _end_of(day: date, ending_at: int | None, zone_name: str) -> int:
    if ending_at is None:
        return date_end(day, zone_name)
    if ending_at < 0:
        raise ValueError(f"a time of day is not negative: {ending_at} seconds")
    return closing(wall_seconds(day, ending_at), zone(zone_name))


def _check(amount: int, unit: Unit, least: int) -> None:
    if unit not in UNITS:
        raise ValueError(f"unknown unit of a legal term {unit!r}; known: {', '.join(UNITS)}")
    if amount < least:
        raise ValueError(f"a term has at least {least} {unit}, not {amount}")
    if amount > _MOST[unit]:
        raise _too_far()


def _too_far() -> HorizonExceeded:
    return HorizonExceeded(f"the term does not end before the end of {LAST_YEAR}")
