"""Bounds where the zone or the country is not on record, against every country asked one by one."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TypeVar

import pytest

from checker.clock import alternatives
from checker.clock.alternatives import PossibleCalendar, possible, term_end_bounds
from checker.clock.calendar import ALWAYS, NEVER, Calendar, calendar
from checker.clock.holidays_data import NoHolidayDataError, UnknownCountryError, countries, free_days
from checker.clock.terms import Unit, term_end, working_days_end
from checker.clock.windows import CalendarSpec
from tests.checker.clock.oracle import instant, text
from tests.checker.clock.specs import (
    EVERY_DAY,
    HOUR,
    NIGHT_SHIFT,
    OFFICE,
    OFFICE_AND_SATURDAY,
    WARSAW,
    WEEKEND_STRETCH,
    hours,
)

T = TypeVar("T")
NOWHERE = replace(OFFICE, country=None)


def everywhere(spec: CalendarSpec, ask: Callable[[Calendar], T]) -> list[T]:
    """Return the answer of every country that has one."""
    answers = []
    for country in countries():
        try:
            answers.append(ask(calendar(replace(spec, country=country))))
        except NoHolidayDataError:
            continue
    return answers


def bounds(answers: list[int]) -> tuple[int, int]:
    return min(answers), max(answers)


@pytest.mark.parametrize(
    ("spec", "missing"),
    [
        (OFFICE, ()),
        (NOWHERE, ("country",)),
        (replace(OFFICE, zone=None), ("time_zone",)),
        (replace(OFFICE, zone=None, country=None), ("time_zone", "country")),
        (WEEKEND_STRETCH, ()),  # asks for no holidays
        (replace(WEEKEND_STRETCH, zone=None), ("time_zone",)),
        (ALWAYS.spec, ()),  # asks for nothing
    ],
)
def test_missing(spec: CalendarSpec, missing: tuple[str, ...]) -> None:
    one = possible(spec)
    assert one.missing == missing
    assert one.exact is (None if missing else calendar(spec))
    assert possible(replace(spec)) is one


def test_nothing_missing_is_exact() -> None:
    t = instant("2025-11-14T16:30:00+01:00")
    for spec in (OFFICE, ALWAYS.spec):
        one = possible(spec)
        due = calendar(spec).add(t, 2 * HOUR)
        assert one.add(t, 2 * HOUR) == (due, due)
        assert one.measure(t, due) == (2 * HOUR, 2 * HOUR)
        assert one.contains(t) is True
        assert one.is_working_day(date(2025, 11, 14)) is True
    end = working_days_end(t, 3, calendar(OFFICE))
    assert possible(OFFICE).working_days_end(t, 3) == (end, end)


def test_zone_unknown() -> None:
    t = instant("2025-11-14T16:30:00+01:00")
    stop = (t + 600, t + 1200)
    for spec in (replace(OFFICE, zone=None), replace(OFFICE, zone=None, country=None)):
        one = possible(spec)
        assert one.add(t, HOUR) == (t + HOUR, NEVER)
        assert one.add(t, HOUR, [stop]) == (t + HOUR + 600, NEVER)
        assert one.add(t, 0) == (t, t)
        assert one.measure(t, t + HOUR) == (0, HOUR)
        assert one.measure(t, t + HOUR, [stop]) == (0, HOUR - 600)
        assert one.measure(t, t) == (0, 0)
        assert one.contains(t) is None
        assert one.working_days_end(t, 1) == (t, NEVER)
        assert one.is_working_day(date(2025, 11, 15)) is False
        assert one.is_working_day(date(2025, 11, 19)) is (True if spec.country else None)


def test_country_unknown_by_example() -> None:
    one = possible(NOWHERE)
    # 11 November: free in some countries, not in all.
    holiday = instant("2025-11-11T12:00:00+01:00")
    assert one.contains(holiday) is None
    assert one.is_working_day(date(2025, 11, 11)) is None
    assert one.measure(holiday, holiday + HOUR) == (0, HOUR)
    first, last = one.add(holiday, HOUR)
    assert text(first, WARSAW) == "2025-11-11T13:00:00+01:00"
    assert last >= instant("2025-11-12T10:00:00+01:00")
    # A Saturday is shut and an hour after closing does not count anywhere.
    assert one.contains(instant("2025-11-15T12:00:00+01:00")) is False
    assert one.is_working_day(date(2025, 11, 15)) is False
    assert one.measure(instant("2025-11-14T18:00:00+01:00"), instant("2025-11-17T08:00:00+01:00")) == (0, 0)
    # Windows that holidays leave alone are sure.
    saturday = possible(replace(OFFICE_AND_SATURDAY, country=None))
    noon = instant("2025-11-01T12:00:00+01:00")
    assert saturday.contains(noon) is True
    assert saturday.add(noon, HOUR) == (noon + HOUR, noon + HOUR)
    assert saturday.measure(noon, noon + HOUR) == (HOUR, HOUR)


@pytest.mark.parametrize(
    "base", [NOWHERE, replace(NIGHT_SHIFT, country=None), replace(OFFICE_AND_SATURDAY, country=None)]
)
def test_country_unknown_is_the_envelope_of_all(base: CalendarSpec) -> None:
    rng = random.Random(str(base.windows))
    # Every country's calendar is worked out in full here, so the years are few.
    low, high = instant("2025-11-05T00:00:00+01:00"), instant("2026-01-25T00:00:00+01:00")
    one = PossibleCalendar(base)
    for _ in range(12):
        t, seconds = rng.randrange(low, high), rng.randrange(1, 40 * HOUR)
        stops = [(t + 2 * HOUR, t + rng.randrange(2, 40) * HOUR)]
        assert one.add(t, seconds) == bounds(everywhere(base, lambda c, t=t, s=seconds: c.add(t, s)))
        assert one.add(t, seconds, stops) == bounds(
            everywhere(base, lambda c, t=t, s=seconds, stops=stops: c.add(t, s, stops))
        )
        end = t + 2 * seconds
        assert one.measure(t, end, stops) == bounds(
            everywhere(base, lambda c, t=t, end=end, stops=stops: c.measure(t, end, stops))
        )
        inside = set(everywhere(base, lambda c, t=t: c.contains(t)))
        assert one.contains(t) is (inside.pop() if len(inside) == 1 else None)
        amount = rng.randrange(1, 8)
        assert one.working_days_end(t, amount) == bounds(
            everywhere(base, lambda c, t=t, amount=amount: working_days_end(t, amount, c))
        )
        day = date.fromisoformat(text(t, WARSAW)[:10])
        working = set(everywhere(base, lambda c, day=day: c.is_working_day(day)))
        assert one.is_working_day(day) is (working.pop() if len(working) == 1 else None)


@pytest.mark.parametrize(
    ("amount", "unit"), [(0, "days"), (1, "days"), (6, "days"), (2, "weeks"), (1, "months"), (1, "years")]
)
def test_terms_in_an_unknown_country(amount: int, unit: Unit) -> None:
    for start in ("2025-12-23T09:00:00+01:00", "2025-04-12T09:00:00+02:00", "2025-11-04T09:00:00+01:00"):
        t, answers = instant(start), []
        for country in countries():
            try:
                answers.append(
                    term_end(
                        t,
                        amount,
                        unit,
                        zone=WARSAW,
                        free=lambda day, country=country: day in free_days(country, None, day.year),
                    )
                )
            except NoHolidayDataError:
                continue
        assert term_end_bounds(t, amount, unit, zone=WARSAW) == bounds(answers)
        fixed = term_end(t, amount, unit, zone=WARSAW, free=lambda day: False, roll=False)
        assert term_end_bounds(t, amount, unit, zone=WARSAW, roll=False) == (fixed, fixed)


def test_bounds_hold_every_country_on_record() -> None:
    t = instant("2025-12-23T16:00:00+01:00")
    first, last = possible(NOWHERE).add(t, 12 * HOUR)
    for country in ("PL", "DE", "CZ", "PT", "US"):
        assert first <= calendar(replace(OFFICE, country=country)).add(t, 12 * HOUR) <= last
    assert first < last


def test_unknown_names_are_refused() -> None:
    with pytest.raises(UnknownCountryError):
        possible(replace(OFFICE, country="ZZ"))
    with pytest.raises(ValueError, match="unknown time zone"):
        possible(replace(NOWHERE, zone="Europe/Warsow"))


def test_countries_without_data_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = CalendarSpec((hours(EVERY_DAY, 0, 24),), WARSAW, None)
    new_year = instant("1930-01-01T12:00:00+01:00")
    # Poland is known from 1925, Japan from 1949.
    monkeypatch.setattr(alternatives, "countries", lambda: ("JP", "PL"))
    alternatives._between.cache_clear()
    assert possible(spec).contains(new_year) is False
    monkeypatch.setattr(alternatives, "countries", lambda: ("JP",))
    alternatives._between.cache_clear()
    assert possible(spec).contains(new_year) is None
    with pytest.raises(NoHolidayDataError, match="no country"):
        possible(spec).measure(new_year, new_year + HOUR)
    monkeypatch.undo()
    alternatives._between.cache_clear()
