"""Local days and calendar periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.clock import days
from checker.clock.days import (
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
from checker.clock.zones import LocalTimeError
from tests.checker.clock.oracle import instant, text
from tests.checker.clock.specs import WARSAW

ZONES = (WARSAW, "America/Havana", "Asia/Beirut", "America/St_Johns", "Pacific/Apia", "UTC-05:30")


@pytest.mark.parametrize(
    ("t", "zone", "start", "end"),
    [
        ("2025-03-30T12:00:00+02:00", WARSAW, "2025-03-30T00:00:00+01:00", "2025-03-30T23:59:59+02:00"),
        ("2025-10-26T12:00:00+01:00", WARSAW, "2025-10-26T00:00:00+02:00", "2025-10-26T23:59:59+01:00"),
        # midnight does not exist: the day starts at 01:00
        (
            "2025-03-30T12:00:00+03:00",
            "Asia/Beirut",
            "2025-03-30T01:00:00+03:00",
            "2025-03-30T23:59:59+03:00",
        ),
        # the last hour comes twice: the day ends with the second
        (
            "2025-10-25T12:00:00+03:00",
            "Asia/Beirut",
            "2025-10-25T00:00:00+03:00",
            "2025-10-25T23:59:59+02:00",
        ),
        # the first hour comes twice: the day starts with the first, and the day before ends before it
        (
            "2025-11-02T12:00:00-05:00",
            "America/Havana",
            "2025-11-02T00:00:00-04:00",
            "2025-11-02T23:59:59-05:00",
        ),
        (
            "2025-11-01T12:00:00-04:00",
            "America/Havana",
            "2025-11-01T00:00:00-04:00",
            "2025-11-01T23:59:59-04:00",
        ),
    ],
)
def test_a_day_is_as_long_as_it_is(t: str, zone: str, start: str, end: str) -> None:
    assert text(day_start(instant(t), zone), zone) == start
    assert text(day_end(instant(t), zone), zone) == end


def test_local_date() -> None:
    t = instant("2025-03-03T23:30:00+00:00")
    assert local_date(t, WARSAW) == date(2025, 3, 4)
    assert local_date(t, "UTC") == date(2025, 3, 3)
    assert local_date(t, "UTC-11:30") == date(2025, 3, 3)


def test_at_local() -> None:
    assert at_local(date(2025, 7, 1), 34_200, WARSAW, policy="reject") == instant("2025-07-01T09:30:00+02:00")
    assert at_local(date(2025, 10, 26), 9_000, WARSAW, policy="later") == instant("2025-10-26T02:30:00+01:00")
    with pytest.raises(LocalTimeError):
        at_local(date(2025, 3, 30), 9_000, WARSAW, policy="reject")


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        (calendar_week, "2025-03-24T00:00:00+01:00", "2025-03-31T00:00:00+02:00"),
        (calendar_month, "2025-03-01T00:00:00+01:00", "2025-04-01T00:00:00+02:00"),
        (calendar_quarter, "2025-01-01T00:00:00+01:00", "2025-04-01T00:00:00+02:00"),
        (calendar_year, "2025-01-01T00:00:00+01:00", "2026-01-01T00:00:00+01:00"),
    ],
)
def test_periods(period: Callable[[int, str], tuple[int, int]], start: str, end: str) -> None:
    first, after = period(instant("2025-03-30T10:00:00+02:00"), WARSAW)
    assert (text(first, WARSAW), text(after, WARSAW)) == (start, end)
    assert period(first, WARSAW) == period(after - 1, WARSAW) == (first, after)
    assert period(after, WARSAW)[0] == after


@pytest.mark.parametrize(
    ("anchor", "months", "t", "start", "end"),
    [
        ("2025-04-01", 12, "2026-02-10", "2025-04-01", "2026-04-01"),
        ("2025-04-01", 12, "2025-04-01", "2025-04-01", "2026-04-01"),
        ("2025-04-01", 12, "2025-03-31", "2024-04-01", "2025-04-01"),
        ("2024-02-29", 12, "2025-02-28", "2025-02-28", "2026-02-28"),
        ("2024-02-29", 12, "2025-02-27", "2024-02-29", "2025-02-28"),
        ("2024-02-29", 12, "2028-02-29", "2028-02-29", "2029-02-28"),
        ("2024-02-29", 12, "2028-02-28", "2027-02-28", "2028-02-29"),
        ("2025-01-31", 1, "2025-03-01", "2025-02-28", "2025-03-31"),
        ("2025-01-31", 1, "2025-03-31", "2025-03-31", "2025-04-30"),
        ("2025-01-15", 6, "2026-12-01", "2026-07-15", "2027-01-15"),
        ("2025-01-15", 36, "2030-12-01", "2028-01-15", "2031-01-15"),
    ],
)
def test_years_from(anchor: str, months: int, t: str, start: str, end: str) -> None:
    noon = at_local(date.fromisoformat(t), 43_200, WARSAW, policy="reject")
    first, after = years_from(date.fromisoformat(anchor), noon, WARSAW, months)
    assert (text(first, WARSAW)[:10], text(after, WARSAW)[:10]) == (start, end)
    assert text(first, WARSAW)[11:19] == text(after, WARSAW)[11:19] == "00:00:00"


def test_years_from_refuses_no_months() -> None:
    with pytest.raises(ValueError, match="at least one month"):
        years_from(date(2025, 1, 1), 0, WARSAW, 0)


times = st.integers(instant("2008-01-01T00:00:00+00:00"), instant("2028-01-01T00:00:00+00:00"))


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), times)
def test_a_day_holds_its_instants(zone: str, t: int) -> None:
    assert day_start(t, zone) <= t <= day_end(t, zone)
    day = local_date(t, zone)
    assert date_start(day, zone) == day_start(t, zone)
    assert date_end(day, zone) == day_end(t, zone)
    assert date_start(day + timedelta(days=1), zone) <= date_end(day, zone) + 1


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(ZONES), times, st.dates(date(2007, 1, 1), date(2029, 1, 1)), st.integers(1, 40))
def test_periods_hold_their_instants_and_meet(zone: str, t: int, anchor: date, months: int) -> None:
    def from_anchor(t: int, zone: str) -> tuple[int, int]:
        return years_from(anchor, t, zone, months)

    for period in (calendar_week, calendar_month, calendar_quarter, calendar_year, from_anchor):
        start, end = period(t, zone)
        assert start <= t < end
        assert period(start, zone) == (start, end)
        assert period(end, zone)[0] == end


def test_a_month_where_the_clock_goes_back_into_the_old_one() -> None:
    # 1 November 2009, 00:01 in Newfoundland: back to 23:01 on 31 October.
    midnight = instant("2009-11-01T00:00:00-02:30")
    repeated = instant("2009-10-31T23:30:00-03:30")
    assert repeated > midnight
    assert calendar_month(repeated, "America/St_Johns")[0] == midnight
    assert calendar_month(midnight - 1, "America/St_Johns")[1] == midnight


def test_add_months() -> None:
    assert days.add_months(date(2024, 12, 31), 2) == date(2025, 2, 28)
    assert days.add_months(date(2025, 1, 31), -11) == date(2024, 2, 29)
    assert days.add_months(date(2025, 1, 15), -1) == date(2024, 12, 15)
