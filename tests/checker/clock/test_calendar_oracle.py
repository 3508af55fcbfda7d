"""Calendars against a clock that walks step by step, around clock changes, holidays and the turn of years."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import holidays
import pytest

from checker.clock.calendar import Calendar, calendar
from checker.clock.windows import CalendarSpec, Window
from tests.checker.clock.oracle import NaiveClock, edge_open_intervals, instant
from tests.checker.clock.specs import ALL_SPECS, EVERY_DAY, OFFICE, WARSAW, hours

POLISH = holidays.country_holidays("PL", years=range(2023, 2029))
STEP = 900
# The oracle walks in quarters of an hour, so the calendars' edges and all times are on quarters.
SPRING, AUTUMN = "2025-03-30T00:00:00+01:00", "2025-10-26T00:00:00+02:00"
CENTRES = [
    instant(each)
    for each in (
        "2024-03-31T00:00:00+01:00",
        "2024-10-27T00:00:00+02:00",
        SPRING,
        AUTUMN,
        "2026-03-29T00:00:00+01:00",
        "2027-10-31T00:00:00+02:00",
        "2024-12-25T00:00:00+01:00",
        "2025-12-25T00:00:00+01:00",
        "2026-01-01T00:00:00+01:00",
        "2025-11-11T00:00:00+01:00",
        "2025-05-02T00:00:00+02:00",
        "2026-06-04T00:00:00+02:00",
    )
]


def is_polish_holiday(day: date) -> bool:
    return day in POLISH


def some_stops(rng: random.Random, low: int, high: int) -> list[tuple[int, int]]:
    count = rng.choice((0, 0, 1, 2, 4))
    edges = sorted(rng.sample(range(low // STEP, high // STEP), 2 * count))
    return [(edges[i] * STEP, edges[i + 1] * STEP) for i in range(0, 2 * count, 2)]


@pytest.mark.parametrize("number", range(len(ALL_SPECS)))
def test_agrees_with_a_walk(number: int) -> None:
    spec = ALL_SPECS[number]
    rng = random.Random(number)
    one, naive = calendar(spec), NaiveClock(spec, is_polish_holiday, STEP)
    for centre in CENTRES:
        for _ in range(4):
            a = centre + rng.randrange(-300, 200) * STEP
            b = a + rng.randrange(1, 400) * STEP
            stops = some_stops(rng, a - 50 * STEP, b + 50 * STEP)
            assert one.measure(a, b, stops) == naive.measure(a, b, stops)
            assert one.contains(a) == naive.is_open(a)
            seconds = rng.randrange(0, 80) * STEP
            assert one.add(a, seconds, stops) == naive.add(a, seconds, stops)
            assert one.subtract(b, seconds, stops) == naive.subtract(b, seconds, stops)
            kinds = [
                (row.kind == "counted", row.kind == "stopped")
                for row in one.ledger(a, b, stops)
                for _ in range(row.start, row.end, STEP)
            ]
            walked = [
                (naive.counts(t, stops), naive.is_open(t) and not naive.counts(t, stops))
                for t in range(a, b, STEP)
            ]
            assert kinds == walked


def some_windows(rng: random.Random) -> tuple[Window, ...]:
    windows = []
    for _ in range(rng.choice((1, 1, 2, 3))):
        days = frozenset(rng.sample(range(7), rng.randrange(1, 8)))
        start = rng.randrange(0, 96) * STEP
        end = start + rng.choice((1, 4, 8, 20, 32, 60, 96, 150)) * STEP
        windows.append(Window(days, start, end, rng.random() < 0.5))
    return tuple(windows)


@pytest.mark.parametrize(
    ("zone", "around"),
    [
        (WARSAW, SPRING),
        (WARSAW, AUTUMN),
        ("America/Havana", "2025-11-02T00:00:00-04:00"),
        ("America/Havana", "2025-03-09T00:00:00-05:00"),
        ("Asia/Beirut", "2025-10-26T00:00:00+03:00"),
        ("Asia/Beirut", "2025-03-30T00:00:00+02:00"),
        ("Australia/Lord_Howe", "2025-04-06T00:00:00+11:00"),
        ("Australia/Lord_Howe", "2025-10-05T00:00:00+10:30"),
        ("Pacific/Apia", "2011-12-30T10:00:00+00:00"),
        ("Asia/Kathmandu", "2025-07-01T00:00:00+05:45"),
    ],
)
def test_edges_agree_with_their_definition(zone: str, around: str) -> None:
    rng = random.Random(f"{zone} {around}")
    centre = instant(around)
    for _ in range(6):
        # Nobody's holidays: a dated exception shuts a day instead.
        windows = tuple(replace(window, closed_on_holidays=False) for window in some_windows(rng))
        shut = (datetime.fromtimestamp(centre, UTC) + timedelta(days=rng.randrange(-3, 4))).date()
        spec = CalendarSpec(windows, zone, None, closed_dates=frozenset({shut}))
        low, high = centre - 3 * 86_400, centre + 3 * 86_400
        expected = edge_open_intervals(spec, lambda day: False, low, high, STEP)
        assert Calendar(spec).open_intervals(low, high) == expected


@pytest.mark.parametrize("seed", range(8))
def test_random_calendars_agree_with_their_definition(seed: int) -> None:
    rng = random.Random(seed)
    spec = CalendarSpec(some_windows(rng), WARSAW, "PL")
    one = Calendar(spec)
    for centre in rng.sample(CENTRES, 3):
        low, high = centre - 3 * 86_400, centre + 3 * 86_400
        expected = edge_open_intervals(spec, is_polish_holiday, low, high, STEP)
        assert one.open_intervals(low, high) == expected
        assert one.measure(low, high) == sum(end - start for start, end in expected)


def test_agrees_second_by_second() -> None:
    windows = (Window(EVERY_DAY, 7_199, 10_801, False), Window(frozenset({6}), 86_399, 86_401, True))
    spec = replace(OFFICE, windows=(*windows, hours(EVERY_DAY, 12, 13)))
    for centre in (instant("2025-03-30T03:00:00+02:00"), instant("2025-10-26T03:00:00+01:00")):
        naive = NaiveClock(spec, is_polish_holiday, 1)
        one, low, high = Calendar(spec), centre - 6_000, centre + 6_000
        inside = [t for t in range(low, high) if one.contains(t)]
        # Both passes through the hour that comes twice lie in the first window, so no edge is in doubt here.
        assert inside == [t for t in range(low, high) if naive.is_open(t)]
        for seconds in (1, 3_601, 3_603, 7_202):
            assert one.add(low, seconds) == naive.add(low, seconds)
