"""Laws that hold for every calendar, and changes that must not change an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.clock.calendar import ALWAYS, calendar
from checker.clock.windows import CalendarSpec, Window
from tests.checker.clock.oracle import instant
from tests.checker.clock.specs import ALL_SPECS, NIGHT_SHIFT, WARSAW

DAY = 86_400
WEEK = 7 * DAY
LOW, HIGH = instant("2024-01-01T00:00:00+01:00"), instant("2028-01-01T00:00:00+01:00")
MIDSUMMER = instant("2025-06-20T00:00:00+02:00")

instants = st.integers(LOW, HIGH)
durations = st.one_of(
    st.integers(0, 2 * DAY), st.integers(0, 10 * DAY), st.sampled_from([1, 3600, 8 * 3600, 30_600])
)
windows = st.builds(
    lambda days, start, length, closed: Window(frozenset(days), start, start + length, closed),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, DAY - 1),
    st.one_of(st.integers(DAY // 4, DAY), st.integers(DAY // 4, 3 * DAY)),
    st.booleans(),
)
# Open for six hours a week at least, so that few years need to be worked out.
random_specs = st.builds(
    lambda found, zone, country: CalendarSpec(tuple(found), zone, country),
    st.lists(windows, min_size=1, max_size=3),
    st.sampled_from([WARSAW, "America/New_York", "Australia/Lord_Howe", "UTC+05:45"]),
    st.sampled_from(["PL", "US", "JP"]),
)
# A handful of calendars asked often, and some made up.
specs = st.one_of(st.sampled_from(ALL_SPECS), random_specs)


@st.composite
def stops_near(draw: st.DrawFn, t: int) -> list[tuple[int, int]]:
    """Return sorted, disjoint stops, some empty, some touching, around an instant."""
    at, found = t - draw(st.integers(0, DAY)), []
    for _ in range(draw(st.integers(0, 3))):
        start = at + draw(st.integers(0, DAY))
        at = start + draw(st.integers(0, 2 * DAY))
        found.append((start, at))
    return found


few = settings(max_examples=60, deadline=None)


@few
@given(specs, instants, durations, st.data())
def test_add_then_measure_gives_back(spec: CalendarSpec, t: int, seconds: int, data: st.DataObject) -> None:
    one, stops = calendar(spec), data.draw(stops_near(t))
    end = one.add(t, seconds, stops)
    assert end >= t
    assert one.measure(t, end, stops) == seconds
    if seconds:
        assert one.measure(t, end - 1, stops) == seconds - 1


@few
@given(specs, instants, durations, st.data())
def test_subtract_then_measure_gives_back(
    spec: CalendarSpec, t: int, seconds: int, data: st.DataObject
) -> None:
    one, stops = calendar(spec), data.draw(stops_near(t))
    start = one.subtract(t, seconds, stops)
    assert start <= t
    assert one.measure(start, t, stops) == seconds
    if seconds:
        assert one.measure(start + 1, t, stops) == seconds - 1


@few
@given(specs, instants, st.lists(st.integers(0, 9 * DAY), min_size=2, max_size=2), st.data())
def test_measure_is_additive(spec: CalendarSpec, a: int, gaps: list[int], data: st.DataObject) -> None:
    one, stops = calendar(spec), data.draw(stops_near(a))
    b = a + gaps[0]
    c = b + gaps[1]
    assert one.measure(a, c, stops) == one.measure(a, b, stops) + one.measure(b, c, stops)
    assert 0 <= one.measure(a, c, stops) <= c - a


@few
@given(specs, instants, st.integers(0, 3 * DAY), durations, durations, st.data())
def test_add_is_monotone(
    spec: CalendarSpec, t: int, later: int, seconds: int, more: int, data: st.DataObject
) -> None:
    one, stops = calendar(spec), data.draw(stops_near(t))
    assert one.add(t, seconds, stops) <= one.add(t, seconds + more, stops)
    assert one.add(t, seconds, stops) <= one.add(t + later, seconds, stops)
    assert one.add(t, seconds) <= one.add(t, seconds, stops)


@few
@given(specs, instants, durations, durations)
def test_add_in_two_steps(spec: CalendarSpec, t: int, first: int, then: int) -> None:
    one = calendar(spec)
    assert one.add(one.add(t, first), then) == one.add(t, first + then)


@few
@given(specs, instants, st.integers(1, 20 * DAY), st.data())
def test_splitting_a_pause_in_two_changes_nothing(
    spec: CalendarSpec, t: int, seconds: int, data: st.DataObject
) -> None:
    one = calendar(spec)
    low = t + data.draw(st.integers(-DAY, 2 * DAY))
    high = low + data.draw(st.integers(0, 3 * DAY))
    middle = data.draw(st.integers(low, high))
    whole, split = [(low, high)], [(low, middle), (middle, high)]
    assert one.add(t, seconds, split) == one.add(t, seconds, whole)
    assert one.subtract(t, seconds, split) == one.subtract(t, seconds, whole)
    assert one.measure(t, t + seconds, split) == one.measure(t, t + seconds, whole)
    assert one.ledger(t, t + seconds, split) == one.ledger(t, t + seconds, whole)


@few
@given(specs, instants, st.integers(1, 20 * DAY), st.data())
def test_a_pause_costs_what_is_open_in_it(
    spec: CalendarSpec, t: int, seconds: int, data: st.DataObject
) -> None:
    one, end = calendar(spec), t + seconds
    stops = data.draw(stops_near(t))
    lost = sum(one.measure(max(t, low), min(end, high)) for low, high in stops)
    assert one.measure(t, end, stops) == one.measure(t, end) - lost


@few
@given(specs, instants, st.integers(1, 20 * DAY), st.data())
def test_the_ledger_is_the_clock(spec: CalendarSpec, t: int, length: int, data: st.DataObject) -> None:
    one, end, stops = calendar(spec), t + length, data.draw(stops_near(t))
    rows = one.ledger(t, end, stops)
    assert (rows[0].start, rows[-1].end) == (t, end)
    assert all(row.start < row.end for row in rows)
    assert all(first.end == then.start for first, then in pairwise(rows))
    assert all((first.kind, first.why) != (then.kind, then.why) for first, then in pairwise(rows))
    assert all(bool(row.why) == (row.kind == "closed") for row in rows)

    def total(kind: str) -> int:
        return sum(row.end - row.start for row in rows if row.kind == kind)

    assert total("counted") == one.measure(t, end, stops)
    assert total("counted") + total("stopped") == one.measure(t, end)


@few
@given(specs, instants, st.integers(0, 20 * DAY))
def test_open_intervals_are_the_clock(spec: CalendarSpec, t: int, length: int) -> None:
    one = calendar(spec)
    found = one.open_intervals(t, t + length)
    assert sum(end - start for start, end in found) == one.measure(t, t + length)
    assert all(first[1] < then[0] for first, then in pairwise(found))
    for start, end in found:
        assert t <= start < end <= t + length
        assert one.contains(start)
        assert one.contains(end - 1)
        assert end == t + length or not one.contains(end)


def without_holidays(spec: CalendarSpec, zone: str) -> CalendarSpec:
    return CalendarSpec(
        tuple(replace(window, closed_on_holidays=False) for window in spec.windows), zone, None
    )


@few
@given(specs, instants, durations, st.integers(1, 30))
def test_whole_weeks_later_is_the_same_without_holidays(
    spec: CalendarSpec, t: int, seconds: int, weeks: int
) -> None:
    one = calendar(without_holidays(spec, "UTC+01:00"))
    assert one.add(t + weeks * WEEK, seconds) == one.add(t, seconds) + weeks * WEEK
    assert one.contains(t + weeks * WEEK) == one.contains(t)


@few
@given(specs, st.integers(0, 10 * DAY), st.integers(0, 10 * DAY), st.integers(1, 4))
def test_whole_weeks_later_is_the_same_within_a_season(
    spec: CalendarSpec, after: int, length: int, weeks: int
) -> None:
    # From midsummer no clock changes in Warsaw for four months.
    one, t = calendar(without_holidays(spec, WARSAW)), MIDSUMMER + after
    assert one.measure(t, t + length) == one.measure(t + weeks * WEEK, t + weeks * WEEK + length)


@few
@given(specs, instants, durations, st.integers(-12, 13))
def test_zone_and_wall_time_move_together(spec: CalendarSpec, t: int, seconds: int, offset: int) -> None:
    here = calendar(replace(spec, zone="UTC", country="PL"))
    name = f"UTC{'-' if offset < 0 else '+'}{abs(offset):02}:00"
    there = calendar(replace(spec, zone=name, country="PL"))
    shift = offset * 3600
    assert there.add(t - shift, seconds) == here.add(t, seconds) - shift
    assert there.contains(t - shift) == here.contains(t)
    assert there.measure(t - shift, t - shift + seconds) == here.measure(t, t + seconds)


@few
@given(
    specs, instants, st.integers(0, 30 * DAY), st.integers(0, 6), st.integers(0, DAY - 1), st.integers(1, DAY)
)
def test_a_wider_calendar_counts_no_less(
    spec: CalendarSpec, t: int, length: int, day: int, start: int, more: int
) -> None:
    wider = replace(spec, windows=(*spec.windows, Window(frozenset({day}), start, start + more, False)))
    assert calendar(wider).measure(t, t + length) >= calendar(spec).measure(t, t + length)
    assert calendar(wider).add(t, length // 9) <= calendar(spec).add(t, length // 9)


@few
@given(specs, st.dates(date(2024, 1, 1), date(2027, 12, 31)))
def test_a_closed_date_shuts_what_opens_on_it(spec: CalendarSpec, day: date) -> None:
    shut = calendar(replace(spec, open_dates=frozenset(), closed_dates=frozenset({day})))
    plain = calendar(replace(spec, open_dates=frozenset(), closed_dates=frozenset()))
    assert not shut.is_working_day(day)
    for other in (day - timedelta(days=1), day + timedelta(days=1)):
        assert shut.is_working_day(other) == plain.is_working_day(other)


@few
@given(
    st.permutations(NIGHT_SHIFT.windows + ALL_SPECS[0].windows + ALL_SPECS[3].windows), instants, durations
)
def test_the_order_of_windows_does_not_matter(order: list[Window], t: int, seconds: int) -> None:
    spec = replace(NIGHT_SHIFT, windows=tuple(order))
    doubled = replace(spec, windows=(*spec.windows, *spec.windows))
    expected = calendar(replace(spec, windows=tuple(sorted(order, key=lambda w: (w.start, w.end))))).add(
        t, seconds
    )
    assert calendar(spec).add(t, seconds) == calendar(doubled).add(t, seconds) == expected


def all_day(zone: str) -> CalendarSpec:
    windows_of_a_day = (
        Window(frozenset(range(7)), 0, DAY, True),
        Window(frozenset(range(7)), 0, 9000, False),
        Window(frozenset(range(7)), 9000, DAY, False),
    )
    return CalendarSpec(windows_of_a_day, zone, "PL", closed_dates=frozenset({date(2030, 1, 1)}))


@few
@given(
    st.sampled_from([WARSAW, "America/Havana", "Asia/Beirut", "Australia/Lord_Howe", "America/St_Johns"]),
    instants,
    st.integers(1, 400 * DAY),
)
def test_windows_that_meet_leave_no_hole_and_no_overlap(zone: str, t: int, length: int) -> None:
    # The date far away keeps the calendar from being answered as round the clock.
    one = calendar(all_day(zone))
    assert type(one) is not type(ALWAYS)
    assert one.measure(t, t + length) == length
    assert one.open_intervals(t, t + length) == [(t, t + length)]


@few
@given(instants, durations, st.data())
def test_always_is_elapsed_time(t: int, seconds: int, data: st.DataObject) -> None:
    stops = data.draw(stops_near(t))
    answers: list[Callable[[Any], Any]] = [
        lambda one: one.add(t, seconds, stops),
        lambda one: one.subtract(t, seconds, stops),
        lambda one: one.measure(t, t + seconds, stops),
        lambda one: one.ledger(t, t + seconds, stops),
    ]
    slow = calendar(all_day(WARSAW))
    for answer in answers:
        assert answer(ALWAYS) == answer(slow)
