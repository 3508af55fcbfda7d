"""Local days and the calendar periods that hold an instant. Instants are Unix seconds; zones are names."""

from __future__ import annotations

import calendar as gregorian
from collections.abc import Callable
from datetime import date, timedelta

from checker.clock.edges import closing, opening
from checker.clock.zones import DAY, Policy, local, resolve, wall_seconds, zone

Period = tuple[int, int]
"""A half-open ``[start, end)`` of instants."""


def local_date(t: int, zone_name: str) -> date:
    """Return the date that the calendar on the wall shows at instant ``t``."""
    return local(t, zone(zone_name)).date()


def date_start(day: date, zone_name: str) -> int:
    """Return the first instant of a local date; of a date that a zone skipped, the instant of the skip."""
    return opening(wall_seconds(day, 0), zone(zone_name))


def date_end(day: date, zone_name: str) -> int:
    """Return the last second of a local date, 23:59:59 on the wall (the second one, if it comes twice)."""
    return closing(wall_seconds(day, DAY), zone(zone_name)) - 1


def day_start(t: int, zone_name: str) -> int:
    """Return the first instant of the local day of ``t``."""
    return date_start(local_date(t, zone_name), zone_name)


def day_end(t: int, zone_name: str) -> int:
    """Return the last second of the local day of ``t``, 23:59:59."""
    return date_end(local_date(t, zone_name), zone_name)


def day_bounds(t: int, zone_name: str) -> Period:
    """Return the local day of ``t``."""
    day = local_date(t, zone_name)
    return date_start(day, zone_name), date_end(day, zone_name) + 1


def at_local(day: date, seconds_of_day: int, zone_name: str, *, policy: Policy) -> int:
    """Return the instant of a wall time; ``policy`` decides in a gap or fold, see `checker.clock.zones`."""
    return resolve(wall_seconds(day, seconds_of_day), zone(zone_name), policy)


def add_months(day: date, months: int) -> date:
    """Return the same day so many months on (or back), or that month's last day if it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, gregorian.monthrange(year, month + 1)[1]))


def calendar_week(t: int, zone_name: str) -> Period:
    """Return the week, Monday to Monday, that holds ``t``."""
    day = local_date(t, zone_name)
    monday = day - timedelta(days=day.weekday())
    return _holding(t, zone_name, lambda k: monday + timedelta(weeks=k))


def calendar_month(t: int, zone_name: str) -> Period:
    """Return the calendar month that holds ``t``."""
    first = local_date(t, zone_name).replace(day=1)
    return _holding(t, zone_name, lambda k: add_months(first, k))


def calendar_quarter(t: int, zone_name: str) -> Period:
    """Return the calendar quarter that holds ``t``."""
    day = local_date(t, zone_name)
    first = date(day.year, day.month - (day.month - 1) % 3, 1)
    return _holding(t, zone_name, lambda k: add_months(first, 3 * k))


def calendar_year(t: int, zone_name: str) -> Period:
    """Return the calendar year that holds ``t``."""
    first = date(local_date(t, zone_name).year, 1, 1)
    return _holding(t, zone_name, lambda k: add_months(first, 12 * k))


def years_from(anchor: date, t: int, zone_name: str, months: int = 12) -> Period:
    """Return the period of ``months`` months, counted from ``anchor`` and repeated, that holds ``t``.

    Each start is counted from the anchor itself: periods from 31 January start on 28 February and on 31
    March, years from 29 February start on 28 February in common years. Periods before the anchor count
    backwards.
    """
    if months < 1:
        raise ValueError(f"a period has at least one month, not {months}")
    day = local_date(t, zone_name)
    index = ((day.year - anchor.year) * 12 + day.month - anchor.month) // months
    if add_months(anchor, index * months) > day:
        index -= 1
    return _holding(t, zone_name, lambda k: add_months(anchor, (index + k) * months))


def _holding(t: int, zone_name: str, first_day: Callable[[int], date]) -> Period:
    """Return period 0, or period 1 if that holds ``t``.

    The date alone does not say where a clock is set back over midnight, from a new period into the old one.
    """
    bounds = [date_start(first_day(k), zone_name) for k in (0, 1)]
    if t >= bounds[1]:
        bounds = [bounds[1], date_start(first_day(2), zone_name)]
    return bounds[0], bounds[1]
