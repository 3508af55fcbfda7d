"""Legal terms by the Polish Civil Code art. 111, 112 and 115, terms in working days, terms counted back."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.clock.calendar import ALWAYS, calendar
from checker.clock.holidays_data import free_days
from checker.clock.index import HorizonExceeded
from checker.clock.terms import (
    LAWS,
    UNITS,
    Law,
    Unit,
    ahead,
    back,
    last_day,
    term_end,
    working_day,
    working_days_end,
)
from checker.clock.windows import CalendarSpec
from tests.checker.clock.oracle import instant, text
from tests.checker.clock.specs import EVERY_DAY, OFFICE, OFFICE_AND_SATURDAY, WARSAW, hours


def polish(day: date) -> bool:
    return day in free_days("PL", None, day.year)


def end(start: str, amount: int, unit: Unit, **more: Any) -> str:
    return text(term_end(instant(start), amount, unit, zone=WARSAW, free=polish, **more), WARSAW)


@pytest.mark.parametrize(
    ("start", "amount", "unit", "due"),
    [
        # art. 111: the day of the event is not counted; the end of the last day
        ("2025-03-03T09:00:00+01:00", 1, "days", "2025-03-04T23:59:59+01:00"),
        ("2025-03-03T00:00:00+01:00", 14, "days", "2025-03-17T23:59:59+01:00"),
        ("2025-03-03T23:59:59+01:00", 14, "days", "2025-03-17T23:59:59+01:00"),
        ("2024-12-31T12:00:00+01:00", 60, "days", "2025-03-03T23:59:59+01:00"),  # 1 March 2025 is a Saturday
        # over both clock changes
        ("2025-03-25T15:00:00+01:00", 7, "days", "2025-04-01T23:59:59+02:00"),
        ("2025-10-20T15:00:00+02:00", 8, "days", "2025-10-28T23:59:59+01:00"),
        # art. 112: the day of the same name
        ("2025-03-05T09:00:00+01:00", 1, "weeks", "2025-03-12T23:59:59+01:00"),
        ("2025-03-05T09:00:00+01:00", 6, "weeks", "2025-04-16T23:59:59+02:00"),
        # art. 112: the day of the same date, or the month's last
        ("2025-01-15T09:00:00+01:00", 3, "months", "2025-04-15T23:59:59+02:00"),
        ("2025-01-31T09:00:00+01:00", 1, "months", "2025-02-28T23:59:59+01:00"),
        ("2024-01-31T09:00:00+01:00", 1, "months", "2024-02-29T23:59:59+01:00"),
        ("2025-02-28T09:00:00+01:00", 1, "months", "2025-03-28T23:59:59+01:00"),
        (
            "2024-11-30T09:00:00+01:00",
            15,
            "months",
            "2026-03-02T23:59:59+01:00",
        ),  # 28 February 2026: Saturday
        ("2024-02-29T09:00:00+01:00", 1, "years", "2025-02-28T23:59:59+01:00"),
        ("2024-02-29T09:00:00+01:00", 4, "years", "2028-02-29T23:59:59+01:00"),
        ("2023-05-22T09:00:00+02:00", 2, "years", "2025-05-22T23:59:59+02:00"),
        # art. 115: Saturday, Sunday, a holiday, several in a row
        ("2025-03-07T09:00:00+01:00", 1, "days", "2025-03-10T23:59:59+01:00"),
        ("2025-11-04T09:00:00+01:00", 7, "days", "2025-11-12T23:59:59+01:00"),
        (
            "2025-12-17T09:00:00+01:00",
            1,
            "weeks",
            "2025-12-29T23:59:59+01:00",
        ),  # 24, 25, 26 December, weekend
        ("2024-12-17T09:00:00+01:00", 1, "weeks", "2024-12-24T23:59:59+01:00"),  # a working day until 2025
        ("2025-04-12T09:00:00+02:00", 1, "weeks", "2025-04-22T23:59:59+02:00"),  # Easter
    ],
)
def test_polish_civil_code(start: str, amount: int, unit: Unit, due: str) -> None:
    assert end(start, amount, unit) == due


@pytest.mark.parametrize(
    ("start", "amount", "unit", "more", "due"),
    [
        # not a term to perform an act: art. 115 does not move it
        ("2025-11-04T09:00:00+01:00", 7, "days", {"roll": False}, "2025-11-11T23:59:59+01:00"),
        ("2024-12-31T12:00:00+01:00", 60, "days", {"roll": False}, "2025-03-01T23:59:59+01:00"),
        ("2025-03-20T12:00:00+01:00", 30, "days", {"roll": False}, "2025-04-19T23:59:59+02:00"),
        # the day of the event is day one
        (
            "2025-10-23T12:00:00+02:00",
            5,
            "days",
            {"first_day_counted": True, "roll": False},
            "2025-10-27T23:59:59+01:00",
        ),
        ("2025-10-23T12:00:00+02:00", 1, "days", {"first_day_counted": True}, "2025-10-23T23:59:59+02:00"),
        ("2025-03-05T12:00:00+01:00", 1, "weeks", {"first_day_counted": True}, "2025-03-11T23:59:59+01:00"),
        ("2025-03-01T12:00:00+01:00", 1, "months", {"first_day_counted": True}, "2025-03-31T23:59:59+02:00"),
        ("2025-01-15T12:00:00+01:00", 1, "months", {"first_day_counted": True}, "2025-02-14T23:59:59+01:00"),
        ("2025-01-31T12:00:00+01:00", 1, "months", {"first_day_counted": True}, "2025-02-28T23:59:59+01:00"),
        ("2025-04-01T12:00:00+02:00", 1, "years", {"first_day_counted": True}, "2026-03-31T23:59:59+02:00"),
        # another time of the last day
        ("2025-11-03T09:00:00+01:00", 7, "days", {"ending_at": 63_000}, "2025-11-10T17:30:00+01:00"),
        ("2025-11-03T09:00:00+01:00", 7, "days", {"ending_at": 86_400}, "2025-11-11T00:00:00+01:00"),
        (
            "2025-03-29T09:00:00+01:00",
            1,
            "days",
            {"ending_at": 9_000, "roll": False},
            "2025-03-30T03:00:00+02:00",
        ),
        (
            "2025-10-25T09:00:00+02:00",
            1,
            "days",
            {"ending_at": 9_000, "roll": False},
            "2025-10-26T02:30:00+01:00",
        ),
        # nothing to wait for: the day itself
        ("2025-03-03T09:00:00+01:00", 0, "days", {}, "2025-03-03T23:59:59+01:00"),
        ("2025-03-08T09:00:00+01:00", 0, "months", {}, "2025-03-10T23:59:59+01:00"),
    ],
)
def test_what_a_clause_may_say_otherwise(
    start: str, amount: int, unit: Unit, more: dict[str, Any], due: str
) -> None:
    assert end(start, amount, unit, **more) == due


def test_the_local_day_counts() -> None:
    # 23:30 UTC is already the next day in Warsaw.
    assert end("2025-03-03T23:30:00+00:00", 1, "days") == "2025-03-05T23:59:59+01:00"


def test_faults() -> None:
    with pytest.raises(ValueError, match="unknown law 'lex-duodecim'; known: polish-civil-code"):
        end("2025-03-03T09:00:00+01:00", 1, "days", law="lex-duodecim")
    with pytest.raises(ValueError, match="fortnights"):
        end("2025-03-03T09:00:00+01:00", 1, "fortnights")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="at least 0 days"):
        end("2025-03-03T09:00:00+01:00", -1, "days")
    with pytest.raises(ValueError, match="at least 1 months"):
        end("2025-03-03T09:00:00+01:00", 0, "months", first_day_counted=True)
    with pytest.raises(ValueError, match="time of day"):
        end("2025-03-03T09:00:00+01:00", 1, "days", ending_at=-1)
    for unit in UNITS:
        with pytest.raises(HorizonExceeded):
            end("2025-03-03T09:00:00+01:00", 76 * 366, unit)
        with pytest.raises(HorizonExceeded):
            end("2025-03-03T09:00:00+01:00", 10**12, unit)
    with pytest.raises(HorizonExceeded):
        last_day(date(2025, 3, 3), 1, "days", free=lambda day: True)


def test_another_law_can_be_added(monkeypatch: pytest.MonkeyPatch) -> None:
    law = Law(
        "plain-days",
        ("a test",),
        lambda first, amount, unit, counted: first + timedelta(days=10 * amount),
        lambda day, free: day.weekday() == 6,
    )
    monkeypatch.setitem(LAWS, law.name, law)
    assert end("2025-03-03T09:00:00+01:00", 1, "days", law="plain-days") == "2025-03-13T23:59:59+01:00"
    assert end("2025-03-06T09:00:00+01:00", 1, "days", law="plain-days") == "2025-03-17T23:59:59+01:00"


def test_laws_name_their_sources() -> None:
    assert [source.rsplit(" ", 1)[1] for source in LAWS["polish-civil-code"].sources] == ["111", "112", "115"]


@pytest.mark.parametrize(
    ("start", "amount", "due"),
    [
        ("2026-06-08T09:00:00+02:00", 1, "2026-06-09T23:59:59+02:00"),
        ("2026-06-12T09:00:00+02:00", 1, "2026-06-15T23:59:59+02:00"),
        ("2026-06-13T09:00:00+02:00", 1, "2026-06-15T23:59:59+02:00"),
        ("2026-12-23T09:00:00+01:00", 1, "2026-12-28T23:59:59+01:00"),
        ("2026-11-10T09:00:00+01:00", 1, "2026-11-12T23:59:59+01:00"),
        ("2026-10-23T09:00:00+02:00", 1, "2026-10-26T23:59:59+01:00"),
        ("2026-04-30T09:00:00+02:00", 3, "2026-05-06T23:59:59+02:00"),
        ("2025-11-03T20:00:00+01:00", 10, "2025-11-18T23:59:59+01:00"),
        ("2025-03-24T09:00:00+01:00", 10, "2025-04-07T23:59:59+02:00"),
    ],
)
def test_working_days(start: str, amount: int, due: str) -> None:
    assert text(working_days_end(instant(start), amount, calendar(OFFICE)), WARSAW) == due


def test_working_days_said_otherwise() -> None:
    one, friday = calendar(OFFICE), instant("2025-11-07T09:00:00+01:00")
    assert text(working_days_end(friday, 1, one, ending_at=63_000), WARSAW) == "2025-11-10T17:30:00+01:00"
    assert (
        text(working_days_end(friday, 1, one, first_day_counted=True), WARSAW) == "2025-11-07T23:59:59+01:00"
    )
    assert (
        text(working_days_end(friday, 2, one, first_day_counted=True), WARSAW) == "2025-11-10T23:59:59+01:00"
    )
    saturday = friday + 86_400
    assert (
        text(working_days_end(saturday, 1, one, first_day_counted=True), WARSAW)
        == "2025-11-10T23:59:59+01:00"
    )
    assert (
        text(working_days_end(friday, 1, calendar(OFFICE_AND_SATURDAY)), WARSAW)
        == "2025-11-08T23:59:59+01:00"
    )
    assert text(working_days_end(friday, 2, ALWAYS, zone=WARSAW), WARSAW) == "2025-11-09T23:59:59+01:00"
    # 23:30 in Warsaw is the afternoon before midnight in New York: another local day.
    late = instant("2025-11-07T05:30:00+01:00")
    assert (
        text(working_days_end(late, 1, one, zone="America/New_York"), "America/New_York")[:10] == "2025-11-07"
    )


def test_working_days_faults() -> None:
    t = instant("2025-11-07T09:00:00+01:00")
    with pytest.raises(ValueError, match="time zone"):
        working_days_end(t, 1, ALWAYS)
    with pytest.raises(ValueError, match="at least one working day"):
        working_days_end(t, 0, calendar(OFFICE))
    with pytest.raises(HorizonExceeded):
        working_days_end(t, 1, calendar(CalendarSpec((hours(frozenset(), 9, 17),), WARSAW, None)))


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2026-01-09T00:00:00+01:00", 6, "weeks", "2025-11-28T00:00:00+01:00"),
        ("2025-11-01T00:00:00+01:00", 14, "days", "2025-10-18T00:00:00+02:00"),  # 337 hours
        ("2025-04-05T00:00:00+02:00", 14, "days", "2025-03-22T00:00:00+01:00"),  # 335 hours
        ("2025-03-31T08:15:00+02:00", 1, "months", "2025-02-28T08:15:00+01:00"),
        ("2028-02-29T10:00:00+01:00", 1, "years", "2027-02-28T10:00:00+01:00"),
        ("2025-01-31T10:00:00+01:00", 11, "months", "2024-02-29T10:00:00+01:00"),
        # 02:30 does not exist on 30 March, and exists twice on 26 October
        ("2025-04-06T02:30:00+02:00", 1, "weeks", "2025-03-30T03:30:00+02:00"),
        ("2025-11-02T02:30:00+01:00", 1, "weeks", "2025-10-26T02:30:00+02:00"),
        ("2025-10-26T02:30:00+01:00", 0, "days", "2025-10-26T02:30:00+01:00"),
    ],
)
def test_back(start: str, amount: int, unit: Unit, expected: str) -> None:
    assert text(back(instant(start), amount, unit, zone=WARSAW), WARSAW) == expected


@pytest.mark.parametrize(
    ("start", "amount", "unit", "expected"),
    [
        ("2025-10-18T00:00:00+02:00", 14, "days", "2025-11-01T00:00:00+01:00"),
        ("2027-02-04T00:00:00+01:00", 4, "weeks", "2027-03-04T00:00:00+01:00"),
        ("2025-03-23T02:30:00+01:00", 1, "weeks", "2025-03-30T03:30:00+02:00"),
        ("2025-08-31T12:00:00+02:00", 6, "months", "2026-02-28T12:00:00+01:00"),
        ("2024-02-29T12:00:00+01:00", 1, "years", "2025-02-28T12:00:00+01:00"),
    ],
)
def test_ahead(start: str, amount: int, unit: Unit, expected: str) -> None:
    assert text(ahead(instant(start), amount, unit, zone=WARSAW), WARSAW) == expected


def test_back_faults() -> None:
    with pytest.raises(ValueError, match="at least 0 weeks"):
        back(0, -1, "weeks", zone=WARSAW)
    with pytest.raises(HorizonExceeded):
        ahead(0, 10**9, "years", zone=WARSAW)


dates = st.dates(date(2024, 1, 1), date(2027, 12, 31))
times = st.integers(instant("2024-01-01T00:00:00+01:00"), instant("2028-01-01T00:00:00+01:00"))
units = st.sampled_from(UNITS)


@settings(max_examples=200, deadline=None)
@given(dates, st.integers(0, 60), units, st.booleans())
def test_laws_of_terms(first: date, amount: int, unit: Unit, roll: bool) -> None:
    last = last_day(first, amount, unit, free=polish, roll=roll)
    plain = last_day(first, amount, unit, free=polish, roll=False)
    assert first <= plain <= last
    assert last <= last_day(first, amount + 1, unit, free=polish, roll=roll)
    assert last <= last_day(first + timedelta(days=1), amount, unit, free=polish, roll=roll)
    between = [plain + timedelta(days=k) for k in range((last - plain).days)]
    assert all(polish(day) or day.weekday() >= 5 for day in between)
    if roll:
        assert not polish(last)
        assert last.weekday() < 5
    if unit == "weeks":
        assert plain.weekday() == first.weekday()
        assert plain == last_day(first, 7 * amount, "days", free=polish, roll=False)
    if unit == "years":
        assert plain == last_day(first, 12 * amount, "months", free=polish, roll=False)
    if unit in ("months", "years"):
        assert plain.day == first.day or (plain.day < first.day and (plain + timedelta(days=1)).day == 1)


@settings(max_examples=200, deadline=None)
@given(dates, st.integers(1, 60), units)
def test_counting_the_first_day_ends_a_day_earlier_at_most(first: date, amount: int, unit: Unit) -> None:
    counted = last_day(first, amount, unit, free=polish, roll=False, first_day_counted=True)
    plain = last_day(first, amount, unit, free=polish, roll=False)
    assert timedelta(0) <= plain - counted <= timedelta(days=1)
    # Periods that follow each other: the next one starts where this one ended.
    if first.day <= 28:
        assert plain - counted == timedelta(days=1)


@settings(max_examples=100, deadline=None)
@given(times, st.integers(1, 40), st.booleans())
def test_working_days_are_counted_one_by_one(t: int, amount: int, counted: bool) -> None:
    one = calendar(OFFICE)
    due = working_days_end(t, amount, one, first_day_counted=counted)
    day, left = date.fromisoformat(text(t, WARSAW)[:10]), amount
    if not counted:
        day += timedelta(days=1)
    while True:
        left -= day.weekday() < 5 and not polish(day)
        if not left:
            break
        day += timedelta(days=1)
    assert text(due, WARSAW)[:19] == f"{day.isoformat()}T23:59:59"
    assert working_day(day, 1, one.is_working_day, first_day_counted=True) == day


@settings(max_examples=100, deadline=None)
@given(times, st.integers(0, 60), st.sampled_from(["days", "weeks"]))
def test_there_and_back(t: int, amount: int, unit: Unit) -> None:
    there = back(t, amount, unit, zone=WARSAW)
    assert there <= t
    again = ahead(there, amount, unit, zone=WARSAW)
    # Only a local time that a clock change skips or repeats may not come back, and then it is off by that
    # hour.
    assert again == t or abs(again - t) == 3600
    if text(t, WARSAW)[11:13] not in ("02", "03"):
        assert again == t
        assert text(there, WARSAW)[11:19] == text(t, WARSAW)[11:19]


def test_a_working_day_calendar_of_every_day_is_a_term_in_days() -> None:
    every = calendar(CalendarSpec((hours(EVERY_DAY, 9, 17, False),), WARSAW, None))
    for start in ("2025-03-28T10:00:00+01:00", "2025-10-24T10:00:00+02:00"):
        for amount in (1, 3, 30):
            t = instant(start)
            assert working_days_end(t, amount, every) == term_end(
                t, amount, "days", zone=WARSAW, free=polish, roll=False
            )
