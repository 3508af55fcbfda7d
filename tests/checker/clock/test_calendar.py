"""Worked examples of calendars: holidays, clock changes, nights, dated exceptions, limits of the horizon."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checker.clock.calendar import ALWAYS, NEVER, Calendar, calendar
from checker.clock.holidays_data import NoHolidayDataError, UnknownCountryError
from checker.clock.index import HorizonExceeded
from checker.clock.windows import CalendarSpec
from checker.clock.zones import UnknownZoneError
from tests.checker.clock.oracle import instant, text
from tests.checker.clock.specs import (
    EVERY_DAY,
    EXCEPTIONS,
    HOUR,
    NIGHT_SHIFT,
    OFFICE,
    OFFICE_AND_SATURDAY,
    SPLIT_DAY,
    WARSAW,
    WEEK_DAYS,
    WEEKEND_STRETCH,
    hours,
)

NINE_TO_FIVE = replace(OFFICE, windows=(hours(WEEK_DAYS, 9, 17),))


@pytest.mark.parametrize(
    ("spec", "start", "count", "due"),
    [
        # over a night, a weekend, before opening, after closing
        (OFFICE, "2025-11-12T10:00:00+01:00", 4 * HOUR, "2025-11-12T14:00:00+01:00"),
        (OFFICE, "2025-11-14T16:30:00+01:00", 2 * HOUR, "2025-11-17T10:00:00+01:00"),
        (OFFICE, "2025-11-15T11:00:00+01:00", 2 * HOUR, "2025-11-17T11:00:00+01:00"),
        (OFFICE, "2025-11-12T07:00:00+01:00", 2 * HOUR, "2025-11-12T11:00:00+01:00"),
        (OFFICE, "2025-11-12T18:00:00+01:00", 4 * HOUR, "2025-11-13T13:00:00+01:00"),
        (OFFICE, "2025-11-14T15:00:00+01:00", 24 * HOUR, "2025-11-19T13:30:00+01:00"),
        # exactly at closing: due at closing; at closing nothing is left
        (OFFICE, "2025-11-12T13:30:00+01:00", 4 * HOUR, "2025-11-12T17:30:00+01:00"),
        (OFFICE, "2025-11-12T17:30:00+01:00", 1, "2025-11-13T09:00:01+01:00"),
        (OFFICE, "2025-11-12T13:30:00+01:00", 4 * HOUR + 1, "2025-11-13T09:00:01+01:00"),
        # public holidays, which depend on the year: 24 December is free in Poland from 2025
        (OFFICE, "2025-04-30T16:30:00+02:00", 2 * HOUR, "2025-05-02T10:00:00+02:00"),
        (NINE_TO_FIVE, "2025-12-23T15:00:00+01:00", 4 * HOUR, "2025-12-29T11:00:00+01:00"),
        (NINE_TO_FIVE, "2024-12-23T15:00:00+01:00", 4 * HOUR, "2024-12-24T11:00:00+01:00"),
        (replace(OFFICE, country="DE"), "2025-11-11T08:00:00+01:00", HOUR, "2025-11-11T10:00:00+01:00"),
        (replace(OFFICE, country="CZ"), "2025-11-17T10:00:00+01:00", 2 * HOUR, "2025-11-18T11:00:00+01:00"),
        (replace(OFFICE, country="DE"), "2025-06-19T08:00:00+02:00", HOUR, "2025-06-19T10:00:00+02:00"),
        (
            replace(OFFICE, country="DE", region="BY"),
            "2025-06-19T08:00:00+02:00",
            HOUR,
            "2025-06-20T10:00:00+02:00",
        ),
        # 09:30 in Warsaw is 08:30 in Lisbon
        (
            replace(OFFICE, zone="Europe/Lisbon", country="PT"),
            "2025-11-12T09:30:00+01:00",
            2 * HOUR,
            "2025-11-12T11:00:00+00:00",
        ),
        # a union of windows, and a clock change between them
        (OFFICE_AND_SATURDAY, "2025-03-14T17:30:00+01:00", 4 * HOUR, "2025-03-15T11:30:00+01:00"),
        (OFFICE_AND_SATURDAY, "2025-10-25T15:00:00+02:00", 4 * HOUR, "2025-10-27T11:00:00+01:00"),
        (OFFICE_AND_SATURDAY, "2025-05-02T17:30:00+02:00", 4 * HOUR, "2025-05-03T11:30:00+02:00"),
        (OFFICE_AND_SATURDAY, "2025-11-10T17:30:00+01:00", 4 * HOUR, "2025-11-12T11:30:00+01:00"),
        # overlapping windows count once; a lunch break does not count
        (SPLIT_DAY, "2025-11-12T11:00:00+01:00", 8 * HOUR, "2025-11-12T20:00:00+01:00"),
        # nights over the clock changes are as long as they are: 7 and 9 hours
        (NIGHT_SHIFT, "2025-03-29T21:00:00+01:00", 7 * HOUR, "2025-03-30T06:00:00+02:00"),
        (NIGHT_SHIFT, "2025-10-25T21:00:00+02:00", 9 * HOUR, "2025-10-26T06:00:00+01:00"),
        # the holiday is that of the evening: 10 November's night runs on, 11 November's does not begin
        (NIGHT_SHIFT, "2025-11-11T05:00:00+01:00", 2 * HOUR, "2025-11-12T23:00:00+01:00"),
        (WEEKEND_STRETCH, "2025-10-25T05:00:00+02:00", 49 * HOUR, "2025-10-27T06:00:00+01:00"),
        # dated exceptions
        (EXCEPTIONS, "2025-11-10T16:00:00+01:00", 9 * HOUR, "2025-11-11T17:00:00+01:00"),
        (EXCEPTIONS, "2025-11-11T16:00:00+01:00", 2 * HOUR, "2025-11-13T10:00:00+01:00"),
        # elapsed time
        (ALWAYS.spec, "2025-03-30T01:50:00+01:00", 900, "2025-03-30T03:05:00+02:00"),
        (ALWAYS.spec, "2025-10-26T02:50:00+02:00", 900, "2025-10-26T02:05:00+01:00"),
        (ALWAYS.spec, "2025-10-23T12:00:00+02:00", 120 * HOUR, "2025-10-28T11:00:00+01:00"),
    ],
)
def test_due(spec: CalendarSpec, start: str, count: int, due: str) -> None:
    one, t = calendar(spec), instant(start)
    end = one.add(t, count)
    assert text(end, spec.zone or WARSAW) == due
    assert one.measure(t, end) == count
    assert one.measure(t, end - 1) == count - 1


def test_a_night_that_began_the_evening_before() -> None:
    evenings = hours(frozenset({1, 3, 4, 5}), 21, 25, False)
    one = calendar(CalendarSpec((evenings,), "UTC", None))
    # 4 min 16 s of Friday's night, Saturday 4 h, Tuesday 4 h, and the rest on Thursday.
    start, due = instant("2026-10-17T00:55:44+00:00"), instant("2026-10-22T23:55:44+00:00")
    assert one.add(start, 11 * HOUR) == due


def test_windows_are_half_open() -> None:
    one = calendar(OFFICE)
    assert one.contains(instant("2025-11-12T09:00:00+01:00"))
    assert one.contains(instant("2025-11-12T17:29:59+01:00"))
    assert not one.contains(instant("2025-11-12T17:30:00+01:00"))
    assert not one.contains(instant("2025-11-12T08:59:59+01:00"))
    assert not one.contains(instant("2025-11-11T12:00:00+01:00"))


def test_open_intervals_are_merged_and_cut() -> None:
    low, high = instant("2025-11-10T10:00:00+01:00"), instant("2025-11-12T14:00:00+01:00")
    assert calendar(SPLIT_DAY).open_intervals(low, high) == [
        (low, instant("2025-11-10T12:00:00+01:00")),
        (instant("2025-11-10T13:00:00+01:00"), instant("2025-11-10T20:00:00+01:00")),
        (instant("2025-11-12T08:00:00+01:00"), instant("2025-11-12T12:00:00+01:00")),
        (instant("2025-11-12T13:00:00+01:00"), high),
    ]
    assert calendar(SPLIT_DAY).open_intervals(high, low) == []
    assert calendar(SPLIT_DAY).open_intervals(low, low) == []


def test_an_open_stretch_runs_over_new_year() -> None:
    one = calendar(CalendarSpec((hours(EVERY_DAY, 20, 28, False),), WARSAW, None))
    evening, morning = instant("2025-12-31T20:00:00+01:00"), instant("2026-01-01T04:00:00+01:00")
    for first in (evening - 9 * HOUR, morning + 9 * HOUR):  # whichever year is worked out first
        Calendar(one.spec).contains(first)
        assert one.open_intervals(evening - HOUR, morning + HOUR) == [(evening, morning)]
    assert one.add(evening, 8 * HOUR) == morning
    assert one.subtract(morning, 8 * HOUR) == evening


def test_a_window_inside_a_gap_does_not_open() -> None:
    spec = CalendarSpec((hours(EVERY_DAY, 2, 3, False),), WARSAW, None)
    assert not calendar(spec).is_working_day(date(2025, 3, 30))
    assert calendar(spec).is_working_day(date(2025, 3, 29))
    day = (instant("2025-03-30T00:00:00+01:00"), instant("2025-03-31T00:00:00+02:00"))
    assert calendar(spec).open_intervals(*day) == []


@pytest.mark.parametrize(
    ("start", "end", "opens", "closes"),
    [
        (1, 2, "2025-10-26T01:00:00+02:00", "2025-10-26T02:00:00+02:00"),
        (1, 2.5, "2025-10-26T01:00:00+02:00", "2025-10-26T02:30:00+01:00"),
        (2.5, 4, "2025-10-26T02:30:00+02:00", "2025-10-26T04:00:00+01:00"),
        (3, 4, "2025-10-26T03:00:00+01:00", "2025-10-26T04:00:00+01:00"),
        (2, 3, "2025-10-26T02:00:00+02:00", "2025-10-26T03:00:00+01:00"),
    ],
)
def test_window_edges_in_a_fold(start: float, end: float, opens: str, closes: str) -> None:
    spec = CalendarSpec((hours(EVERY_DAY, start, end, False),), WARSAW, None)
    day = (instant("2025-10-26T00:00:00+02:00"), instant("2025-10-27T00:00:00+01:00"))
    assert calendar(spec).open_intervals(*day) == [(instant(opens), instant(closes))]


def test_a_saturday_keeps_to_itself_where_clocks_go_back_at_midnight() -> None:
    spec = CalendarSpec((hours(frozenset({5}), 0, 24, False),), "America/Havana", None)
    low, high = instant("2025-11-01T00:00:00-04:00"), instant("2025-11-02T00:00:00-04:00")
    assert calendar(spec).open_intervals(low - 9 * HOUR, high + 9 * HOUR) == [(low, high)]


def test_working_days() -> None:
    one = calendar(EXCEPTIONS)
    assert one.is_working_day(date(2025, 11, 10))
    assert one.is_working_day(date(2025, 11, 11))  # a public holiday declared open
    assert not one.is_working_day(date(2025, 11, 12))  # a working day declared closed
    assert not one.is_working_day(date(2025, 12, 24))
    assert not one.is_working_day(date(2025, 11, 15))
    assert calendar(OFFICE_AND_SATURDAY).is_working_day(date(2025, 11, 1))  # a holiday on another Saturday
    assert not calendar(OFFICE_AND_SATURDAY).is_working_day(date(2025, 11, 11))


def test_stops() -> None:
    one = calendar(NINE_TO_FIVE)
    start = instant("2025-03-10T09:00:00+01:00")
    two_hours = (instant("2025-03-10T10:00:00+01:00"), instant("2025-03-10T12:00:00+01:00"))
    assert text(one.add(start, 4 * HOUR, [two_hours]), WARSAW) == "2025-03-10T15:00:00+01:00"
    assert one.measure(start, start + 6 * HOUR, [two_hours]) == 4 * HOUR
    # What has been counted when the stop begins is due then, not when it ends.
    assert one.add(start, HOUR, [two_hours]) == two_hours[0]
    assert one.add(start, HOUR + 1, [two_hours]) == two_hours[1] + 1
    # A stop outside the windows takes nothing away; one over the night only its open part.
    night = (instant("2025-03-10T18:00:00+01:00"), instant("2025-03-11T08:00:00+01:00"))
    longer = (instant("2025-03-10T16:00:00+01:00"), instant("2025-03-11T10:00:00+01:00"))
    assert one.add(start, 9 * HOUR, [night]) == one.add(start, 9 * HOUR)
    assert one.add(start, 9 * HOUR, [longer]) == one.add(start, 11 * HOUR)
    # Before the start, after the end, of no length.
    assert one.add(two_hours[1], HOUR, [two_hours]) == two_hours[1] + HOUR
    assert one.add(start, HOUR, [(start + 2 * HOUR, NEVER)]) == start + HOUR
    assert one.add(start, 2 * HOUR, [(start + HOUR, start + HOUR)]) == start + 2 * HOUR
    assert one.subtract(two_hours[1], HOUR, [two_hours]) == start
    assert one.subtract(two_hours[1] + HOUR, HOUR + 1, [two_hours]) == two_hours[0] - 1


@pytest.mark.parametrize("stops", [[(10, 5)], [(0, 10), (5, 20)], [(20, 30), (0, 10)]])
def test_stops_out_of_order_are_refused(stops: list[tuple[int, int]]) -> None:
    for one in (ALWAYS, calendar(OFFICE)):
        with pytest.raises(ValueError, match="sorted and disjoint"):
            one.measure(0, 100, stops)
        with pytest.raises(ValueError, match="sorted and disjoint"):
            one.add(0, 100, stops)


def test_subtract() -> None:
    one = calendar(OFFICE)
    end = instant("2025-11-17T10:00:00+01:00")
    assert text(one.subtract(end, 2 * HOUR), WARSAW) == "2025-11-14T16:30:00+01:00"
    # The greatest such instant: after a closed stretch, not before it.
    assert text(one.subtract(end, HOUR), WARSAW) == "2025-11-17T09:00:00+01:00"
    assert one.subtract(end, 0) == end
    assert ALWAYS.subtract(1000, 300, [(800, 900)]) == 600


def test_nothing_to_count_is_due_at_once() -> None:
    for t in (instant("2025-11-15T11:00:00+01:00"), instant("2025-11-12T11:00:00+01:00")):
        assert calendar(OFFICE).add(t, 0) == t
        assert calendar(OFFICE).add(t, 0, [(t - 5, t + 5)]) == t
        assert calendar(OFFICE).measure(t, t) == 0
        assert calendar(OFFICE).measure(t, t - 86_400 * 7) == 0
    with pytest.raises(ValueError, match="not negative"):
        calendar(OFFICE).add(0, -1)
    with pytest.raises(ValueError, match="not negative"):
        ALWAYS.subtract(0, -1)


def test_always() -> None:
    assert ALWAYS.contains(0)
    assert ALWAYS.zone is None
    assert ALWAYS.is_working_day(date(2025, 12, 25))
    assert ALWAYS.open_intervals(5, 9) == [(5, 9)]
    assert ALWAYS.open_intervals(9, 5) == []
    assert ALWAYS.measure(5, 9, [(6, 7)]) == 3
    assert calendar(replace(ALWAYS.spec, zone=WARSAW)).zone == WARSAW


def test_missing_and_unknown_facts_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        calendar(replace(OFFICE, zone=None))
    with pytest.raises(ValueError, match="country"):
        calendar(replace(OFFICE, country=None))
    with pytest.raises(UnknownZoneError, match="Europe/Warsaw"):
        calendar(replace(OFFICE, zone="Warsaw"))
    with pytest.raises(UnknownCountryError, match="'ZZ'"):
        calendar(replace(OFFICE, country="ZZ"))
    with pytest.raises(UnknownCountryError, match="'XX'"):
        calendar(replace(OFFICE, country="DE", region="XX"))
    assert calendar(replace(WEEKEND_STRETCH, country="ZZ")).contains(instant("2025-11-15T12:00:00+01:00"))


def test_horizon() -> None:
    one, t = calendar(OFFICE), instant("2025-11-15T11:00:00+01:00")
    with pytest.raises(HorizonExceeded):
        one.add(t, 10**9)
    with pytest.raises(HorizonExceeded):
        calendar(WEEKEND_STRETCH).subtract(t, 10**10)
    with pytest.raises(HorizonExceeded):
        one.add(t, HOUR, [(t, NEVER)])
    with pytest.raises(HorizonExceeded):
        ALWAYS.add(t, HOUR, [(t, NEVER)])
    with pytest.raises(HorizonExceeded):
        ALWAYS.subtract(t, HOUR, [(-NEVER, t)])
    with pytest.raises(HorizonExceeded):
        one.measure(t, NEVER)
    with pytest.raises(HorizonExceeded):
        one.contains(-NEVER)
    never = calendar(CalendarSpec((hours(frozenset(), 9, 17),), WARSAW, None))
    assert never.measure(t, t + 10**6) == 0
    with pytest.raises(HorizonExceeded, match="never opens"):
        never.add(t, 1)
    with pytest.raises(HorizonExceeded, match="never opens"):
        never.subtract(t, 1)
    assert never.add(t, 0) == t
    # After all of that, and the years worked out for it, the same answers.
    assert text(one.add(t, 2 * HOUR), WARSAW) == "2025-11-17T11:00:00+01:00"


def test_a_year_without_holiday_data_is_no_year_without_holidays() -> None:
    one = calendar(replace(OFFICE, country="JP", zone="Asia/Tokyo"))
    with pytest.raises(NoHolidayDataError, match="JP"):
        one.contains(instant("1930-01-02T12:00:00+09:00"))
    assert one.contains(instant("2025-11-12T12:00:00+09:00"))
    with pytest.raises(NoHolidayDataError, match="JP"):
        one.subtract(instant("2025-11-12T12:00:00+09:00"), 10**9)
    assert (
        text(one.add(instant("2025-11-12T17:00:00+09:00"), HOUR), "Asia/Tokyo") == "2025-11-13T09:30:00+09:00"
    )


def test_equal_specs_share_a_calendar() -> None:
    assert calendar(OFFICE) is calendar(replace(OFFICE))


@pytest.mark.parametrize("years", [(2025, 2024, 2027), (2027, 2024, 2025), (2024, 2027, 2025)])
def test_answers_do_not_depend_on_what_was_asked_before(years: tuple[int, ...]) -> None:
    for spec in (OFFICE, NIGHT_SHIFT, SPLIT_DAY):
        one = Calendar(spec)
        for year in years:
            one.contains(instant(f"{year}-06-01T12:00:00+02:00"))
        low, high = instant("2024-12-30T00:00:00+01:00"), instant("2027-01-03T00:00:00+01:00")
        fresh = Calendar(spec)
        assert one.open_intervals(low, high) == fresh.open_intervals(low, high)
        assert one.measure(low, high) == sum(b - a for a, b in fresh.open_intervals(low, high))
