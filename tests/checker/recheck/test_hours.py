"""The re-checker's own calendar, second by second: by hand at clock changes, and against the interpreter's clock at random."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.clock.calendar import calendar
from checker.clock.windows import CalendarSpec, Window
from checker.recheck.hours import DAY, Hours, Unknown, names_of_holiday, zone_of
from checker.recheck.ledger import Clock, walk


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def raw(*windows: tuple[str, str, str], zone: str | None = "Europe/Warsaw", **more: Any) -> dict[str, Any]:
    """A calendar of an explanation: windows as days `01234`, and hours `09:00` to `17:00`."""

    def seconds(text: str) -> int:
        hours, minutes = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60

    made = [
        {"days": [int(d) for d in days], "start": seconds(a), "end": seconds(b), "closed_on_holidays": False}
        for days, a, b in windows
    ]
    return {
        "name": "x",
        "zone": zone,
        "country": None,
        "windows": made,
        "open_dates": [],
        "closed_dates": [],
    } | more


def on_holidays(given: dict[str, Any], country: str = "PL") -> dict[str, Any]:
    """The same calendar, closed on public holidays."""
    return given | {
        "country": country,
        "windows": [w | {"closed_on_holidays": True} for w in given["windows"]],
    }


def hours(given: dict[str, Any] | None, around: str = "2025-06-15T12:00:00+00:00") -> Hours:
    t = instant(around)
    return Hours(given, t - 200 * DAY, t + 200 * DAY)


OFFICE = raw(("01234", "09:00", "17:00"))


@pytest.mark.parametrize(
    ("at", "open_"),
    [
        ("2025-03-10T08:59:59+01:00", False),
        ("2025-03-10T09:00:00+01:00", True),
        ("2025-03-10T16:59:59+01:00", True),
        ("2025-03-10T17:00:00+01:00", False),
        ("2025-03-15T12:00:00+01:00", False),
        ("2025-03-31T09:00:00+02:00", True),
        ("2025-03-31T08:59:59+02:00", False),
    ],
)
def test_office_hours(at: str, open_: bool) -> None:
    assert hours(OFFICE).open_at(instant(at)) is open_


NIGHT = raw(("0123456", "22:00", "30:00"))


@pytest.mark.parametrize(
    ("low", "high", "opened"),
    [
        ("2025-03-10T21:00:00+01:00", "2025-03-11T07:00:00+01:00", 8 * 3600),
        ("2025-03-29T21:00:00+01:00", "2025-03-30T07:00:00+02:00", 7 * 3600),
        ("2025-10-25T21:00:00+02:00", "2025-10-26T07:00:00+01:00", 9 * 3600),
    ],
)
def test_a_night_is_as_long_as_it_is(low: str, high: str, opened: int) -> None:
    told = hours(NIGHT)
    assert sum(told.open_at(t) for t in range(instant(low), instant(high))) == opened


def test_a_window_that_begins_or_ends_in_the_hour_that_comes_twice() -> None:
    """From the first second that reads its start, to the last that reads less than its end."""
    until = hours(raw(("6", "01:00", "02:30")))
    assert [
        until.open_at(instant(t)) for t in ("2025-10-26T02:29:59+02:00", "2025-10-26T02:30:00+02:00")
    ] == [True, True]
    assert [
        until.open_at(instant(t)) for t in ("2025-10-26T02:29:59+01:00", "2025-10-26T02:30:00+01:00")
    ] == [True, False]
    since = hours(raw(("6", "02:30", "04:00")))
    assert [
        since.open_at(instant(t)) for t in ("2025-10-26T02:29:59+02:00", "2025-10-26T02:30:00+02:00")
    ] == [False, True]
    assert since.open_at(instant("2025-10-26T02:00:00+01:00"))


def test_a_window_that_begins_in_the_hour_that_is_skipped() -> None:
    told = hours(raw(("6", "02:30", "04:00")))
    assert not told.open_at(instant("2025-03-30T01:59:59+01:00"))
    assert told.open_at(instant("2025-03-30T03:00:00+02:00"))


def test_public_holidays() -> None:
    told = hours(on_holidays(OFFICE), "2025-12-01T12:00:00+00:00")
    assert told.open_at(instant("2024-12-24T12:00:00+01:00")) is True
    assert told.open_at(instant("2025-12-24T12:00:00+01:00")) is False
    assert names_of_holiday("PL", date(2025, 12, 24)) >= {"Christmas Eve"}
    assert names_of_holiday("PL", date(2024, 12, 24)) == frozenset()


def test_dated_exceptions() -> None:
    told = hours(
        on_holidays(OFFICE) | {"open_dates": ["2025-11-11"], "closed_dates": ["2025-11-12"]},
        "2025-11-01T12:00:00+00:00",
    )
    assert told.open_at(instant("2025-11-11T12:00:00+01:00"))
    assert not told.open_at(instant("2025-11-12T12:00:00+01:00"))
    assert told.reasons(instant("2025-11-12T12:00:00+01:00")) == {"closed by dated exception"}


def test_a_fixed_offset_and_an_unknown_zone() -> None:
    told = hours(raw(("0", "09:00", "17:00"), zone="UTC-03:30"))
    assert told.open_at(instant("2025-03-10T12:30:00+00:00"))
    assert not told.open_at(instant("2025-03-10T12:29:59+00:00"))
    for name in ("Europe/Warsow", "../../etc/passwd", "", "UTC+99:00", "Europe"):
        with pytest.raises(Unknown):
            zone_of(name)


def test_what_is_not_named_is_not_guessed() -> None:
    with pytest.raises(Unknown, match="zone"):
        hours(raw(("0", "09:00", "17:00"), zone=None))
    with pytest.raises(Unknown, match="country"):
        hours(on_holidays(OFFICE) | {"country": None})
    with pytest.raises(Unknown, match="holidays"):
        hours(on_holidays(OFFICE, "XX"))


def test_all_hours_of_all_days_need_no_zone() -> None:
    assert hours(raw(("0123456", "00:00", "24:00"), zone=None)).open_at(0)
    assert hours(raw(("0123456", "12:00", "36:00"), zone=None)).open_at(0)
    with pytest.raises(Unknown):
        hours(raw(("012345", "00:00", "24:00"), zone=None))
    assert hours(None).open_at(0)


# --------------------------------------------------------------------------- against the interpreter's clock
ZONES = [
    "Europe/Warsaw",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
    "UTC+05:45",
]
windows = st.builds(
    lambda days, start, length, closed: Window(frozenset(days), start, start + length, closed),
    st.sets(st.integers(0, 6), min_size=1),
    st.integers(0, 47).map(lambda n: n * 1800),
    st.integers(1, 60).map(lambda n: n * 1800),
    st.booleans(),
)
specs = st.builds(
    lambda found, zone, country, closed, opened: CalendarSpec(
        tuple(found), zone, country, None, frozenset(opened - closed), frozenset(closed)
    ),
    st.lists(windows, min_size=1, max_size=3),
    st.sampled_from(ZONES),
    st.sampled_from(["PL", "BR", "IN"]),
    st.sets(st.dates(date(2025, 1, 1), date(2025, 12, 31)), max_size=2),
    st.sets(st.sampled_from([date(2025, 1, 1), date(2025, 12, 25), date(2025, 10, 2)]), max_size=1),
)
starts = st.one_of(
    st.integers(instant("2025-01-01T00:00:00+00:00"), instant("2025-12-20T00:00:00+00:00")),
    st.sampled_from(
        ["2025-03-29T20:00:00+00:00", "2025-10-25T20:00:00+00:00", "2025-04-05T10:00:00+00:00"]
    ).map(instant),
)


def told_by(spec: CalendarSpec, start: int, end: int, stops: list[tuple[int, int]]) -> dict[str, Any]:
    """The clock of an explanation, as the interpreter's clock works it out."""

    def iso(t: int) -> str:
        return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=t)).isoformat()

    made = calendar(spec)
    rows = made.ledger(start, end, stops)
    return {
        "counts": "counted in x",
        "start": iso(start),
        "due": iso(end),
        "limit_s": made.measure(start, end, stops),
        "ledger": [
            {"from": iso(r.start), "to": iso(r.end), "kind": r.kind, "seconds": r.end - r.start, "why": r.why}
            for r in rows
        ],
        "stops": [{"from": iso(a), "to": iso(b), "state": "pause"} for a, b in stops],
        "calendar": {
            "name": "x",
            "zone": spec.zone,
            "country": spec.country,
            "windows": [
                {
                    "days": sorted(w.days),
                    "start": w.start,
                    "end": w.end,
                    "closed_on_holidays": w.closed_on_holidays,
                }
                for w in spec.windows
            ],
            "open_dates": sorted(map(str, spec.open_dates)),
            "closed_dates": sorted(map(str, spec.closed_dates)),
        },
    }


@settings(max_examples=150)
@given(specs, starts, st.integers(1, 20 * DAY), st.integers(0, 5 * DAY), st.integers(0, 3 * DAY))
def test_two_ways_of_counting_agree(
    spec: CalendarSpec, start: int, length: int, before: int, pause: int
) -> None:
    """Any calendar, any start, a stop somewhere: every row of the ledger holds, with its reason, and the total."""
    stop = (start + before, start + before + pause)
    stops = [stop] if pause else []
    told = told_by(spec, start, start + length, stops)
    assert list(walk(Clock(told, start + length), None)) == []


@settings(max_examples=50)
@given(specs, starts, st.integers(1, 20 * DAY), st.integers(-2, 2), st.data())
def test_a_moved_edge_is_seen(
    spec: CalendarSpec, start: int, length: int, by: int, data: st.DataObject
) -> None:
    """The same, with one boundary between two rows moved by a second or two."""
    told = told_by(spec, start, start + length, [])
    rows = told["ledger"]
    if len(rows) < 2 or not by:
        return
    i = data.draw(st.integers(0, len(rows) - 2))
    edge = datetime.fromisoformat(rows[i]["to"]) + timedelta(seconds=by)
    rows[i]["to"] = rows[i + 1]["from"] = edge.isoformat()
    rows[i]["seconds"] += by
    rows[i + 1]["seconds"] -= by
    assert list(walk(Clock(told, start + length), None)) != []
