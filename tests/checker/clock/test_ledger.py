"""The ledger: every second accounted for, with the reason."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from checker.clock.calendar import ALWAYS, calendar
from checker.clock.ledger import LedgerRow
from tests.checker.clock.oracle import instant
from tests.checker.clock.specs import EVERY_DAY, EXCEPTIONS, NIGHT_SHIFT, OFFICE, hours


def row(start: str, end: str, kind: str, why: str = "") -> tuple[int, int, str, str]:
    return instant(start), instant(end), kind, why


def plain(rows: list[LedgerRow]) -> list[tuple[int, int, str, str]]:
    return [(each.start, each.end, each.kind, each.why) for each in rows]


def test_why_it_was_closed() -> None:
    a, b = instant("2025-12-23T16:00:00+01:00"), instant("2025-12-29T10:00:00+01:00")
    assert plain(calendar(OFFICE).ledger(a, b)) == [
        row("2025-12-23T16:00:00+01:00", "2025-12-23T17:30:00+01:00", "counted"),
        row("2025-12-23T17:30:00+01:00", "2025-12-24T00:00:00+01:00", "closed", "outside hours"),
        row(
            "2025-12-24T00:00:00+01:00",
            "2025-12-25T00:00:00+01:00",
            "closed",
            "public holiday: Christmas Eve",
        ),
        row(
            "2025-12-25T00:00:00+01:00",
            "2025-12-26T00:00:00+01:00",
            "closed",
            "public holiday: Christmas Day",
        ),
        row(
            "2025-12-26T00:00:00+01:00",
            "2025-12-27T00:00:00+01:00",
            "closed",
            "public holiday: Second Day of Christmas",
        ),
        row("2025-12-27T00:00:00+01:00", "2025-12-29T09:00:00+01:00", "closed", "outside hours"),
        row("2025-12-29T09:00:00+01:00", "2025-12-29T10:00:00+01:00", "counted"),
    ]


def test_stops() -> None:
    a, b = instant("2025-11-12T16:00:00+01:00"), instant("2025-11-13T12:00:00+01:00")
    stops = [
        (instant("2025-11-12T17:00:00+01:00"), instant("2025-11-13T10:00:00+01:00")),
        (instant("2025-11-13T10:00:00+01:00"), instant("2025-11-13T10:30:00+01:00")),
        (instant("2025-11-13T11:00:00+01:00"), instant("2025-11-13T15:00:00+01:00")),
    ]
    # Closed wins over stopped: a stop takes away only what would have counted. Adjacent stops are one.
    assert plain(calendar(OFFICE).ledger(a, b, stops)) == [
        row("2025-11-12T16:00:00+01:00", "2025-11-12T17:00:00+01:00", "counted"),
        row("2025-11-12T17:00:00+01:00", "2025-11-12T17:30:00+01:00", "stopped"),
        row("2025-11-12T17:30:00+01:00", "2025-11-13T09:00:00+01:00", "closed", "outside hours"),
        row("2025-11-13T09:00:00+01:00", "2025-11-13T10:30:00+01:00", "stopped"),
        row("2025-11-13T10:30:00+01:00", "2025-11-13T11:00:00+01:00", "counted"),
        row("2025-11-13T11:00:00+01:00", "2025-11-13T12:00:00+01:00", "stopped"),
    ]


def test_dated_exceptions() -> None:
    a, b = instant("2025-11-10T17:00:00+01:00"), instant("2025-11-13T09:00:00+01:00")
    assert plain(calendar(EXCEPTIONS).ledger(a, b)) == [
        row("2025-11-10T17:00:00+01:00", "2025-11-11T09:00:00+01:00", "closed", "outside hours"),
        row("2025-11-11T09:00:00+01:00", "2025-11-11T17:00:00+01:00", "counted"),
        row("2025-11-11T17:00:00+01:00", "2025-11-12T00:00:00+01:00", "closed", "outside hours"),
        row("2025-11-12T00:00:00+01:00", "2025-11-13T00:00:00+01:00", "closed", "closed by dated exception"),
        row("2025-11-13T00:00:00+01:00", "2025-11-13T09:00:00+01:00", "closed", "outside hours"),
    ]


def test_a_holiday_shuts_the_whole_night_that_begins_on_it() -> None:
    a, b = instant("2025-11-11T05:00:00+01:00"), instant("2025-11-12T23:00:00+01:00")
    independence = "public holiday: National Independence Day"
    assert plain(calendar(NIGHT_SHIFT).ledger(a, b)) == [
        row("2025-11-11T05:00:00+01:00", "2025-11-11T06:00:00+01:00", "counted"),
        row("2025-11-11T06:00:00+01:00", "2025-11-12T06:00:00+01:00", "closed", independence),
        row("2025-11-12T06:00:00+01:00", "2025-11-12T22:00:00+01:00", "closed", "outside hours"),
        row("2025-11-12T22:00:00+01:00", "2025-11-12T23:00:00+01:00", "counted"),
    ]
    # Also for one who asks only from the morning after.
    morning = instant("2025-11-12T03:00:00+01:00")
    assert plain(calendar(NIGHT_SHIFT).ledger(morning, b))[0] == row(
        "2025-11-12T03:00:00+01:00", "2025-11-12T06:00:00+01:00", "closed", independence
    )


def test_a_holiday_on_a_day_that_is_shut_anyway_is_no_reason() -> None:
    a, b = instant("2025-11-01T08:00:00+01:00"), instant("2025-11-01T20:00:00+01:00")
    assert [each.why for each in calendar(OFFICE).ledger(a, b)] == ["outside hours"]


def test_always_is_never_closed() -> None:
    assert plain(ALWAYS.ledger(100, 200, [(50, 120), (150, 160)])) == [
        (100, 120, "stopped", ""),
        (120, 150, "counted", ""),
        (150, 160, "stopped", ""),
        (160, 200, "counted", ""),
    ]


def test_nothing_between() -> None:
    assert calendar(OFFICE).ledger(100, 100) == []
    assert ALWAYS.ledger(200, 100) == []


def test_rows_over_a_date_that_the_zone_skipped() -> None:
    spec = replace(OFFICE, zone="Pacific/Apia", country="WS", windows=(hours(EVERY_DAY, 9, 17),))
    a, b = instant("2011-12-30T00:00:00+00:00"), instant("2011-12-31T12:00:00+00:00")
    rows = calendar(spec).ledger(a, b)
    assert (rows[0].start, rows[-1].end) == (a, b)
    assert all(first.end == then.start for first, then in pairwise(rows))
    assert calendar(spec).measure(a, b) == sum(
        each.end - each.start for each in rows if each.kind == "counted"
    )
