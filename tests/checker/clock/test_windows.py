"""Calendars as data: what is refused, what needs a country, what is round the clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checker.clock.windows import CalendarSpec, Window
from tests.checker.clock.specs import EVERY_DAY, NIGHT_SHIFT, OFFICE, WEEK_DAYS, WEEKEND_STRETCH, hours


@pytest.mark.parametrize(
    ("days", "start", "end"),
    [
        (frozenset({7}), 0, 3600),
        (frozenset({-1}), 0, 3600),
        (WEEK_DAYS, -1, 3600),
        (WEEK_DAYS, 86_400, 90_000),
        (WEEK_DAYS, 3600, 3600),
        (WEEK_DAYS, 3600, 1800),
        (WEEK_DAYS, 0, 7 * 86_400 + 1),
    ],
)
def test_impossible_windows(days: frozenset[int], start: int, end: int) -> None:
    with pytest.raises(ValueError, match=r"window|days of the week"):
        Window(days, start, end, closed_on_holidays=False)


def test_a_date_is_not_both_open_and_closed() -> None:
    day = date(2025, 5, 2)
    with pytest.raises(ValueError, match="2025-05-02"):
        replace(OFFICE, open_dates=frozenset({day}), closed_dates=frozenset({day, date(2025, 5, 5)}))


def test_needs_country() -> None:
    assert OFFICE.needs_country
    assert not WEEKEND_STRETCH.needs_country
    assert not replace(OFFICE, windows=(hours(frozenset(), 9, 17),)).needs_country
    assert hash(OFFICE) == hash(replace(OFFICE))


ALL_DAY = hours(EVERY_DAY, 0, 24, closed_on_holidays=False)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ((ALL_DAY,), True),
        ((hours(EVERY_DAY, 6, 30, closed_on_holidays=False),), True),
        ((hours(EVERY_DAY, 6, 18, False), hours(EVERY_DAY, 18, 30, False)), True),
        ((hours(frozenset({0}), 8, 8 + 7 * 24, closed_on_holidays=False),), True),
        ((ALL_DAY, hours(EVERY_DAY, 9, 17, False)), True),
        ((hours(frozenset({0}), 0, 7 * 24 - 1, closed_on_holidays=False),), False),
        ((hours(frozenset({2, 5}), 0, 96, closed_on_holidays=False),), True),
        ((hours(EVERY_DAY, 0, 24),), False),
        ((hours(EVERY_DAY, 0, 24), ALL_DAY), True),
        ((hours(frozenset({0}), 8, 7 + 7 * 24, closed_on_holidays=False),), False),
        ((hours(WEEK_DAYS, 0, 24, closed_on_holidays=False),), False),
        ((hours(EVERY_DAY, 0, 23.999, closed_on_holidays=False),), False),
        ((), False),
    ],
)
def test_round_the_clock(windows: tuple[Window, ...], expected: bool) -> None:
    assert CalendarSpec(windows, None, None).round_the_clock is expected


def test_a_closed_date_breaks_round_the_clock() -> None:
    spec = CalendarSpec((ALL_DAY,), None, None, open_dates=frozenset({date(2025, 1, 1)}))
    assert spec.round_the_clock
    assert not replace(spec, closed_dates=frozenset({date(2025, 1, 2)})).round_the_clock
    assert not NIGHT_SHIFT.round_the_clock
