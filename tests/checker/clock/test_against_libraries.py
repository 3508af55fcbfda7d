"""The clock against independent libraries, on thousands of random times.

- ``businesstimedelta``: open time between two instants, and adding to one, over holidays and clock changes;
- ``pandas`` (``CustomBusinessHour``): adding to a time, over nights, breaks and holidays;
- ``numpy`` (``busday_*``): working days;
- ``dateutil``: months, weeks, years and recurrences; local times skipped or repeated by a clock change;
- ``workalendar``: public holidays.

Where a library documents another meaning, the test says so and compares what is left.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import businesstimedelta
import numpy
import pandas
import pytest
import pytz
from dateutil import rrule, tz
from dateutil.relativedelta import relativedelta
from dateutil.zoneinfo import get_zonefile_instance
from workalendar.europe import Austria, CzechRepublic, Finland, France, Germany, Norway, Poland, Portugal

from checker.clock.calendar import Calendar, calendar
from checker.clock.days import add_months
from checker.clock.holidays_data import free_days
from checker.clock.terms import Unit, ahead, back, last_day, working_day
from checker.clock.windows import CalendarSpec
from checker.clock.zones import candidates, resolve, wall_seconds, zone
from tests.checker.clock.oracle import instant
from tests.checker.clock.specs import EVERY_DAY, NIGHT_SHIFT, OFFICE, WARSAW, WEEK_DAYS, hours

YEARS = range(2023, 2029)
LOW, HIGH = instant("2024-01-01T00:00:00+01:00"), instant("2027-12-01T00:00:00+01:00")
MON_TO_SAT = frozenset(range(6))


def free_in(country: str) -> list[date]:
    return [day for year in YEARS for day in free_days(country, None, year)]


# --- businesstimedelta -----


def business_rules(first: time, last: time, days: frozenset[int], zone_name: str, country: str) -> object:
    where = pytz.timezone(zone_name)
    return businesstimedelta.Rules(
        [
            businesstimedelta.WorkDayRule(
                start_time=first, end_time=last, working_days=sorted(days), tz=where
            ),
            businesstimedelta.HolidayRule(free_in(country), tz=where),
        ]
    )


# Windows within one day only: there a holiday shuts its hours, while this library documents that it takes the
# calendar day of 24 hours, also out of a night that began the evening before.
@pytest.mark.parametrize(
    ("start", "end", "days", "zone_name", "country"),
    [
        (9, 17.5, WEEK_DAYS, WARSAW, "PL"),
        (8.5, 18.5, MON_TO_SAT, WARSAW, "PL"),
        (0.25, 23.75, WEEK_DAYS, "Europe/Berlin", "DE"),
        (9, 17, WEEK_DAYS, "America/New_York", "US"),
        (9, 17, WEEK_DAYS, "Asia/Tokyo", "JP"),
        (7, 15, frozenset({1, 3, 6}), "Australia/Sydney", "AU"),
    ],
)
def test_businesstimedelta(
    start: float, end: float, days: frozenset[int], zone_name: str, country: str
) -> None:
    rng = random.Random(f"{start} {zone_name}")
    one = calendar(CalendarSpec((hours(days, start, end),), zone_name, country))
    first, last = (time(int(edge), round(edge % 1 * 60)) for edge in (start, end))
    rules = business_rules(first, last, days, zone_name, country)
    for _ in range(250):
        t = rng.randrange(LOW, HIGH)
        until = t + rng.randrange(0, 10 * 86_400)
        moment, other = (datetime.fromtimestamp(each, UTC) for each in (t, until))
        theirs = rules.difference(moment, other).timedelta  # type: ignore[attr-defined]
        assert one.measure(t, until) == theirs // timedelta(seconds=1)
        count = rng.randrange(1, 40 * 3600)
        due = moment + businesstimedelta.BusinessTimeDelta(rules, hours=0, seconds=count)
        assert one.add(t, count) == int(due.timestamp())


# --- pandas -----


def opening_if_closing(one: Calendar, t: int) -> int:
    """Return the next opening for an instant of closing, as ``CustomBusinessHour`` does."""
    return t if one.contains(t) else one.add(t, 1) - 1


# It goes wrong by whole days when it starts past midnight in a night that began the evening before (checked
# by hand, and by the walk in `test_calendar_oracle`), so no random time starts there.
#
# Wall time only (the library adds hours of the wall clock, which are not hours that pass when clocks change),
# so these calendars stand in a zone that never changes its clocks.
@pytest.mark.parametrize(
    ("edges", "days"),
    [
        ([("09:00", "17:30")], "Mon Tue Wed Thu Fri"),
        ([("22:00", "06:00")], "Mon Tue Wed Thu Fri Sat Sun"),
        ([("18:30", "02:15")], "Mon Wed Sat"),
        ([("08:00", "12:00"), ("13:00", "17:00")], "Mon Tue Wed Thu Fri"),
        ([("06:00", "10:00"), ("15:00", "18:00"), ("21:00", "01:00")], "Tue Thu Fri Sat"),
    ],
)
def test_pandas_custom_business_hour(edges: list[tuple[str, str]], days: str) -> None:
    rng = random.Random(days + str(edges))
    names = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    chosen = frozenset(names.index(name) for name in days.split())
    windows = []
    for first, last in edges:
        low, high = (int(edge[:2]) + int(edge[3:]) / 60 for edge in (first, last))
        windows.append(hours(chosen, low, high if high > low else high + 24))
    one = calendar(CalendarSpec(tuple(windows), "UTC", "PL"))
    past_midnight = max(0, *(window.end - 86_400 for window in windows))
    starts, ends = [first for first, _ in edges], [last for _, last in edges]
    for _ in range(400):
        count = rng.randrange(1, 60)
        offset = pandas.offsets.CustomBusinessHour(
            n=count, start=starts, end=ends, weekmask=days, holidays=free_in("PL")
        )
        t = rng.randrange(LOW, HIGH)
        while t % 86_400 < past_midnight:
            t = rng.randrange(LOW, HIGH)
        due = pandas.Timestamp(t, unit="s") + offset
        assert opening_if_closing(one, one.add(t, count * 3600)) == int(due.tz_localize("UTC").timestamp())


# --- numpy -----


@pytest.mark.parametrize(
    ("mask", "country"),
    [("1111100", "PL"), ("1111110", "PL"), ("1010001", "DE"), ("1111100", "JP"), ("0000011", "US")],
)
def test_numpy_busday(mask: str, country: str) -> None:
    rng = random.Random(mask + country)
    days = frozenset(index for index, on in enumerate(mask) if on == "1")
    one = calendar(replace(OFFICE, windows=(hours(days, 9, 17),), country=country))
    business = numpy.busdaycalendar(mask, free_in(country))
    for _ in range(600):
        first = date(2024, 1, 1) + timedelta(days=rng.randrange(1300))
        amount = rng.randrange(1, 30)
        theirs = numpy.busday_offset(first, amount, roll="backward", busdaycal=business).item()
        assert working_day(first, amount, one.is_working_day) == theirs
        counted = numpy.busday_offset(first, amount - 1, roll="forward", busdaycal=business).item()
        assert working_day(first, amount, one.is_working_day, first_day_counted=True) == counted
        assert one.is_working_day(first) == numpy.is_busday(first, busdaycal=business)
        # A working day here is eight open hours.
        later = first + timedelta(days=rng.randrange(0, 60))
        a, b = (instant(f"{day}T00:00:00+00:00") for day in (first, later))
        assert one.measure(a, b) == 28_800 * numpy.busday_count(first, later, busdaycal=business)


# --- dateutil -----


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_dateutil_relativedelta(unit: Unit) -> None:
    rng = random.Random(unit)
    for _ in range(1000):
        first, amount = date(2020, 1, 1) + timedelta(days=rng.randrange(3000)), rng.randrange(0, 70)
        theirs = first + relativedelta(**{unit: amount})
        assert last_day(first, amount, unit, free=lambda day: False, roll=False) == theirs
        if unit == "months":
            assert add_months(first, amount) == theirs
            assert add_months(first, -amount) == first - relativedelta(months=amount)


@pytest.mark.parametrize("zone_name", [WARSAW, "America/New_York", "Australia/Lord_Howe", "America/Havana"])
def test_dateutil_local_time(zone_name: str) -> None:
    rng = random.Random(zone_name)
    theirs = get_zonefile_instance().get(zone_name)
    assert theirs is not None
    # Its own zone data are those of its release, so the past is compared.
    for _ in range(1500):
        # Half of them in the nights between Saturday and Sunday, when clocks change.
        moment = datetime(2018, 1, 7) + timedelta(weeks=rng.randrange(350), minutes=rng.randrange(0, 240))
        if rng.random() < 0.5:
            moment = datetime(2018, 1, 1) + timedelta(minutes=rng.randrange(7 * 365 * 1440))
        wall = wall_seconds(moment.date(), moment.hour * 3600 + moment.minute * 60)
        first, second = candidates(wall, zone(zone_name))
        assert tz.datetime_exists(moment, theirs) == (first <= second)
        assert tz.datetime_ambiguous(moment, theirs) == (first < second)
        real = tz.resolve_imaginary(moment.replace(tzinfo=theirs))
        assert resolve(wall, zone(zone_name), "compatible") == int(real.timestamp())
        if tz.datetime_exists(moment, theirs):
            again = tz.enfold(moment.replace(tzinfo=theirs), fold=1)
            assert resolve(wall, zone(zone_name), "later") == int(again.timestamp())


@pytest.mark.parametrize("unit", ["days", "weeks", "months", "years"])
def test_dateutil_back_and_ahead(unit: Unit) -> None:
    rng = random.Random(unit)
    theirs = get_zonefile_instance().get(WARSAW)
    for _ in range(800):
        # Its zone data end with 2037.
        t, amount = rng.randrange(LOW, HIGH), rng.randrange(1, 10)
        here = datetime.fromtimestamp(t, UTC).astimezone(theirs).replace(fold=0)
        for ours, then in (
            (back, here - relativedelta(**{unit: amount})),
            (ahead, here + relativedelta(**{unit: amount})),
        ):
            assert ours(t, amount, unit, zone=WARSAW) == int(tz.resolve_imaginary(then).timestamp())


@pytest.mark.parametrize(
    ("spec", "rule_days"),
    [(replace(OFFICE, zone="UTC"), WEEK_DAYS), (replace(NIGHT_SHIFT, zone="UTC"), EVERY_DAY)],
)
def test_dateutil_rrule_openings(spec: CalendarSpec, rule_days: frozenset[int]) -> None:
    window = spec.windows[0]
    start = datetime(2024, 1, 1) + timedelta(seconds=window.start)
    openings = rrule.rrule(
        rrule.DAILY, byweekday=sorted(rule_days), dtstart=start, until=datetime(2027, 12, 31)
    )
    free = set(free_in("PL"))
    expected = []
    for moment in openings:
        if moment.date() not in free:
            opens = int(moment.replace(tzinfo=UTC).timestamp())
            expected.append((opens, opens + window.end - window.start))
    low, high = int(datetime(2024, 1, 1, 12, tzinfo=UTC).timestamp()), expected[-1][1]
    expected = [pair for pair in expected if pair[1] > low]
    assert calendar(spec).open_intervals(low, high) == [(max(low, first), last) for first, last in expected]


# --- workalendar -----


@pytest.mark.parametrize(
    ("theirs", "country", "differences"),
    [
        # It does not know the Act of 6 December 2024 (24 December, from 2025), nor the one free day of 2018.
        (Poland, "PL", {"2018-11-12", *(f"{year}-12-24" for year in range(2025, 2031))}),
        (Germany, "DE", set()),
        (CzechRepublic, "CZ", set()),
        (Portugal, "PT", set()),
        (France, "FR", set()),
        (Austria, "AT", set()),
        (Norway, "NO", set()),
        (Finland, "FI", set()),
    ],
)
def test_workalendar(theirs: type, country: str, differences: set[str]) -> None:
    years = range(2018, 2031)
    known = {day for year in years for day, _ in theirs().holidays(year)}
    ours = {day for year in years for day in free_days(country, None, year)}
    assert {str(day) for day in known ^ ours} == differences
