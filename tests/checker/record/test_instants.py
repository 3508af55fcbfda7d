"""Instants: what is read, what is refused, what a coarse stamp spans."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.record.instants import BadInstant, parse_instant, span


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("2025-03-03T09:00:00+01:00", 3600),
        ("2025-03-03T08:00:00Z", 0),
        ("2025-03-03T09:00:00+0100", 3600),
        ("2025-03-03 09:00:00+01:00", 3600),
        ("2025-03-03T09:00:00.999999+01:00", 3600),
        ("2025-03-03T09:00:00,5+01:00", 3600),
        ("2025-03-02T18:00:00-14:00", -14 * 3600),
        ("2025-03-03T08:00:00-00:00", 0),
    ],
)
def test_one_instant_written_in_many_ways(text: str, offset: int) -> None:
    assert parse_instant(text) == (1740988800, offset)


@given(
    st.datetimes(datetime(1971, 1, 1), datetime(2099, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
)
def test_as_the_standard_library_reads_it(local: datetime, minutes: int) -> None:
    sign = "-" if minutes < 0 else "+"
    text = f"{local.isoformat()}{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    at, offset = parse_instant(text)
    whole = datetime.fromisoformat(text).replace(microsecond=0)
    assert at == int(whole.timestamp())
    assert offset == minutes * 60
    assert datetime.fromtimestamp(at, UTC) == whole


@pytest.mark.parametrize(
    "text",
    [
        "2025-03-03",
        "2025-03-03T09:00+01:00",
        "20250303T090000Z",
        "2025-W10-1T09:00:00Z",
        "2025-02-29T00:00:00Z",
        "2100-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
        "2025-03-03T09:00:00+14:01",
        "2025-03-03T09:00:00+09:60",
        "2025-03-03T09:00:00Z ",
        "٢٠٢٥-03-03T09:00:00Z",
        "2025-03-03T09:00:00",
    ],
)
def test_refused(text: str) -> None:
    with pytest.raises(BadInstant):
        parse_instant(text)


def test_local_time_in_a_named_zone() -> None:
    assert parse_instant("2025-03-03T09:00:00", zone_name="Europe/Warsaw") == (1740988800, 3600)
    # The clocks of Warsaw went from 02:00 to 03:00 on 30 March, and from 03:00 to 02:00 on 26 October 2025.
    for text in ("2025-03-30T02:30:00", "2025-10-26T02:30:00"):
        with pytest.raises(BadInstant, match="clock change"):
            parse_instant(text, zone_name="Europe/Warsaw")
    earlier, _ = parse_instant("2025-10-26T02:30:00", zone_name="Europe/Warsaw", policy="earlier")
    later, _ = parse_instant("2025-10-26T02:30:00", zone_name="Europe/Warsaw", policy="later")
    assert later - earlier == 3600
    with pytest.raises(ValueError, match="did you mean"):
        parse_instant("2025-03-03T09:00:00", zone_name="Europe/Warsav")


def test_what_a_coarse_stamp_spans() -> None:
    at, offset = parse_instant("2025-03-03T09:00:30+05:30")
    assert span(at, offset, "second") == (at, at)
    assert span(at, offset, "minute") == (at - 30, at + 29)
    first, last = span(at, offset, "day")
    assert (first + offset) % 86_400 == 0
    assert last - first == 86_399
    assert first <= at <= last
