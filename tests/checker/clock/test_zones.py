"""Zone names, and local times that a clock change skips or repeats."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.clock.edges import closing, opening
from checker.clock.zones import (
    LocalTimeError,
    Policy,
    UnknownZoneError,
    local,
    resolve,
    utc_offset,
    wall_seconds,
    zone,
    zone_names,
    zone_version,
)
from tests.checker.clock.oracle import instant

GAP = wall_seconds(date(2025, 3, 30), 9000)  # 02:30, skipped in Warsaw
FOLD = wall_seconds(date(2025, 10, 26), 9000)  # 02:30, comes twice
ODD_ZONES = (
    "Europe/Warsaw",
    "America/Havana",  # sets the clock back at 01:00 to 00:00
    "Asia/Beirut",  # sets it back at 00:00 to 23:00 of the day before, and on at 00:00
    "Australia/Lord_Howe",  # by half an hour
    "America/St_Johns",
    "Pacific/Apia",  # left out a date
    "Africa/Casablanca",
    "UTC",
)


def test_iana_zone_comes_from_the_package() -> None:
    assert "Europe/Warsaw" in zone_names()
    assert utc_offset(instant("2025-07-01T12:00:00+00:00"), zone("Europe/Warsaw")) == 7200
    assert zone("Europe/Warsaw") is zone("Europe/Warsaw")
    assert zone_version()[:2] == "20"


@pytest.mark.parametrize(
    ("name", "offset"),
    [("UTC+01:00", 3600), ("UTC-05:30", -19800), ("UTC+00:00", 0), ("UTC", 0), ("UTC+14:00", 50400)],
)
def test_fixed_offsets(name: str, offset: int) -> None:
    assert utc_offset(1_750_000_000, zone(name)) == offset
    assert str(zone(name)) == name


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Warsow", "did you mean 'Europe/Warsaw'?"),
        ("Warsaw", "did you mean 'Europe/Warsaw'?"),
        ("europe/warsaw", "did you mean 'Europe/Warsaw'?"),
        ("New York", "did you mean 'America/New_York'?"),
        ("UTC+1", "UTC+01:00"),
        ("+02:00", "UTC+01:00"),
        ("UTC+24:00", "UTC+01:00"),
        ("../../etc/passwd", "IANA name"),
        ("", "IANA name"),
        ("Europe", "IANA name"),
    ],
)
def test_unknown_zone_is_refused_with_a_hint(name: str, hint: str) -> None:
    with pytest.raises(UnknownZoneError) as caught:
        zone(name)
    assert repr(name) in str(caught.value)
    assert hint in str(caught.value)


@pytest.mark.parametrize(
    ("wall", "policy", "expected"),
    [
        (GAP, "earlier", "2025-03-30T01:30:00+01:00"),
        (GAP, "later", "2025-03-30T03:30:00+02:00"),
        (GAP, "compatible", "2025-03-30T03:30:00+02:00"),
        (FOLD, "earlier", "2025-10-26T02:30:00+02:00"),
        (FOLD, "later", "2025-10-26T02:30:00+01:00"),
        (FOLD, "compatible", "2025-10-26T02:30:00+02:00"),
    ],
)
def test_policies(wall: int, policy: Policy, expected: str) -> None:
    assert resolve(wall, zone("Europe/Warsaw"), policy) == instant(expected)


@pytest.mark.parametrize(
    ("wall", "words"), [(GAP, "02:30:00 does not exist"), (FOLD, "02:30:00 occurs twice")]
)
def test_reject(wall: int, words: str) -> None:
    with pytest.raises(LocalTimeError, match=words):
        resolve(wall, zone("Europe/Warsaw"), "reject")


@pytest.mark.parametrize(
    ("at", "opens", "closes"),
    [
        # In a gap both edges move to the instant of the change.
        ("2025-03-30T02:00", "2025-03-30T03:00:00+02:00", "2025-03-30T03:00:00+02:00"),
        ("2025-03-30T02:30", "2025-03-30T03:00:00+02:00", "2025-03-30T03:00:00+02:00"),
        ("2025-03-30T03:00", "2025-03-30T03:00:00+02:00", "2025-03-30T03:00:00+02:00"),
        # In a fold a window opens at the first occurrence and closes at the second, ...
        ("2025-10-26T02:30", "2025-10-26T02:30:00+02:00", "2025-10-26T02:30:00+01:00"),
        ("2025-10-26T02:59", "2025-10-26T02:59:00+02:00", "2025-10-26T02:59:00+01:00"),
        # ... but at its very start nothing before has come twice.
        ("2025-10-26T02:00", "2025-10-26T02:00:00+02:00", "2025-10-26T02:00:00+02:00"),
        ("2025-10-26T03:00", "2025-10-26T03:00:00+01:00", "2025-10-26T03:00:00+01:00"),
        ("2025-07-01T09:00", "2025-07-01T09:00:00+02:00", "2025-07-01T09:00:00+02:00"),
    ],
)
def test_edges_of_windows(at: str, opens: str, closes: str) -> None:
    moment = datetime.fromisoformat(at)
    wall = wall_seconds(moment.date(), moment.hour * 3600 + moment.minute * 60)
    assert opening(wall, zone("Europe/Warsaw")) == instant(opens)
    assert closing(wall, zone("Europe/Warsaw")) == instant(closes)


def test_every_second_of_a_gap_moves_to_the_change() -> None:
    change = instant("2025-03-30T03:00:00+02:00")
    for wall in range(GAP - 1800, GAP + 1800):
        assert opening(wall, zone("Europe/Warsaw")) == closing(wall, zone("Europe/Warsaw")) == change


@given(
    st.sampled_from(ODD_ZONES),
    st.datetimes(datetime(2008, 1, 1), datetime(2031, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
)
def test_an_instant_survives_the_way_over_local_time(name: str, moment: datetime) -> None:
    t = int(moment.replace(tzinfo=UTC).timestamp())
    there = local(t, zone(name))
    wall = wall_seconds(there.date(), there.hour * 3600 + there.minute * 60 + there.second)
    assert resolve(wall, zone(name), "later" if there.fold else "compatible") == t
    assert resolve(wall, zone(name), "earlier") <= t <= resolve(wall, zone(name), "later")
    assert opening(wall, zone(name)) <= t


@given(
    st.sampled_from(ODD_ZONES),
    st.datetimes(datetime(2008, 1, 1), datetime(2031, 1, 1)),
    st.integers(0, 90_000),
    st.integers(1, 90_000),
)
def test_edges_keep_their_order(name: str, moment: datetime, first: int, more: int) -> None:
    tz, day = zone(name), moment.date()
    a, b = wall_seconds(day, first), wall_seconds(day, first + more)
    assert opening(a, tz) <= closing(a, tz) <= closing(b, tz)
    assert opening(a, tz) <= opening(b, tz)


@pytest.mark.parametrize("name", ODD_ZONES)
def test_days_of_a_zone_follow_each_other(name: str) -> None:
    day, gaps = date(2009, 1, 1), 0
    while day < date(2013, 1, 1):
        midnight = wall_seconds(day, 86_400)
        gaps += closing(midnight, zone(name)) < opening(midnight, zone(name))
        day += timedelta(days=1)
    assert gaps == 0
