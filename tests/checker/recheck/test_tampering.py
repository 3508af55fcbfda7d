"""Whatever is changed in the rows, the calendar, the stops or the form of an explanation that holds, it is noticed."""

from __future__ import annotations

from typing import Any

import pytest

from checker.recheck import recheck
from tests.checker.recheck.explained import Explanation, rich
from tests.checker.recheck.tamper import clock, moved, noticed, rows

# --------------------------------------------------------------------------- what is tampered with
EXAMPLE = (
    ("counted", 2, ""),
    ("closed", 64, "outside hours"),
    ("counted", 3, ""),
    ("stopped", 5, ""),
    ("closed", 7, "outside hours"),
    ("closed", 24, "public holiday: National Independence Day"),
    ("closed", 9, "outside hours"),
    ("counted", 8, ""),
    ("closed", 16, "outside hours"),
    ("counted", 3, ""),
)
ROWS = range(len(EXAMPLE))
OTHER_KINDS = [
    (i, kind)
    for i, (own, _, _) in enumerate(EXAMPLE)
    for kind in ("counted", "closed", "stopped", "other")
    if kind != own
]


def test_the_example_has_everything() -> None:
    """Friday 15:00, a pause on Monday, a holiday on Tuesday, answered on Thursday with two hours to spare."""
    e = rich()
    assert tuple((r["kind"], r["seconds"] // 3600, r["why"]) for r in rows(e)) == EXAMPLE
    assert (e["verdict"], e["due"], e["margin_s"]) == ("met", "2025-11-13T12:00:00+01:00", 2 * 3600)


@pytest.mark.parametrize("i", ROWS)
def test_a_row_shifted(i: int) -> None:
    def shift(e: Explanation) -> None:
        rows(e)[i]["from"], rows(e)[i]["to"] = (moved(rows(e)[i][edge], 60) for edge in ("from", "to"))

    noticed(shift)


@pytest.mark.parametrize("i", ROWS)
@pytest.mark.parametrize("by", [-1, 1])
def test_the_count_of_a_row_changed(i: int, by: int) -> None:
    def change(e: Explanation) -> None:
        rows(e)[i]["seconds"] += by

    noticed(change)


@pytest.mark.parametrize("i", ROWS)
def test_a_row_dropped(i: int) -> None:
    noticed(lambda e: rows(e).pop(i))  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize("i", ROWS)
def test_a_row_twice(i: int) -> None:
    noticed(lambda e: rows(e).insert(i, dict(rows(e)[i])))


@pytest.mark.parametrize(("i", "kind"), OTHER_KINDS)
def test_another_kind(i: int, kind: str) -> None:
    noticed(lambda e: rows(e)[i].update(kind=kind, why="outside hours" if kind == "closed" else ""))


@pytest.mark.parametrize("i", ROWS[:-1])
@pytest.mark.parametrize("by", [-1, 1])
def test_a_boundary_moved(i: int, by: int) -> None:
    """Both rows agree on the new boundary, and on their lengths."""

    def move(e: Explanation) -> None:
        left, right = rows(e)[i], rows(e)[i + 1]
        left["to"] = right["from"] = moved(left["to"], by)
        left["seconds"] += by
        right["seconds"] -= by

    noticed(move)


@pytest.mark.parametrize("i", ROWS[:-1])
def test_two_rows_swapped(i: int) -> None:
    """No two neighbours are of one kind for one reason, so that each swap is a change."""

    def swap(e: Explanation) -> None:
        left, right = rows(e)[i], rows(e)[i + 1]
        left["kind"], right["kind"] = right["kind"], left["kind"]
        left["why"], right["why"] = right["why"], left["why"]

    noticed(swap)


def test_a_row_cut_in_two() -> None:
    def cut(e: Explanation) -> None:
        first = rows(e)[0]
        middle = moved(first["from"], 60)
        rows(e)[0:1] = [
            first | {"to": middle, "seconds": 60},
            first | {"from": middle, "seconds": first["seconds"] - 60},
        ]

    assert "meet where nothing changes" in noticed(cut)[0]


def test_rows_that_are_one() -> None:
    def join(e: Explanation) -> None:
        rows(e)[4]["to"], rows(e)[4]["seconds"] = (
            rows(e)[5]["to"],
            rows(e)[4]["seconds"] + rows(e)[5]["seconds"],
        )
        rows(e).pop(5)

    noticed(join)


@pytest.mark.parametrize(
    "why", ["outside hours", "public holiday: All Saints' Day", "closed by dated exception", ""]
)
def test_another_reason(why: str) -> None:
    noticed(lambda e: rows(e)[5].update(why=why))


def test_a_reason_in_another_language_of_the_library_is_as_good() -> None:
    e = rich()
    rows(e)[5]["why"] = "public holiday: Narodowe Święto Niepodległości"
    assert recheck(e) == []


def test_no_rows() -> None:
    noticed(lambda e: rows(e).clear())


# --------------------------------------------------------------------------- calendar and stops
@pytest.mark.parametrize(
    "change",
    [
        {"start": 9 * 3600 + 60},
        {"start": 9 * 3600 - 60},
        {"end": 17 * 3600 - 60},
        {"end": 17 * 3600 + 60},
        {"days": [0, 1, 2, 3]},
        {"days": [0, 1, 2, 3, 4, 5]},
        {"days": []},
        {"closed_on_holidays": False},
    ],
    ids=str,
)
def test_other_windows(change: dict[str, object]) -> None:
    noticed(lambda e: clock(e)["calendar"]["windows"][0].update(change))


@pytest.mark.parametrize(
    "change",
    [
        {"windows": []},
        {"country": "DE"},
        {"country": None},
        {"country": "XX"},
        {"zone": "Europe/London"},
        {"zone": None},
        {"zone": "Europe/Warsow"},
        {"open_dates": ["2025-11-11"]},
        {"closed_dates": ["2025-11-12"]},
        {"closed_dates": ["2025-11-11"]},
        {"name": "other"},
    ],
    ids=str,
)
def test_another_calendar(change: dict[str, object]) -> None:
    noticed(lambda e: clock(e)["calendar"].update(change))


def test_no_calendar() -> None:
    noticed(lambda e: clock(e).pop("calendar"))  # type: ignore[arg-type, return-value]


def test_another_window_added() -> None:
    saturday = {"days": [5], "start": 0, "end": 3600, "closed_on_holidays": False}
    noticed(lambda e: clock(e)["calendar"]["windows"].append(saturday))


def test_a_stop_left_out() -> None:
    noticed(lambda e: clock(e)["stops"].clear())


def test_a_stop_added() -> None:
    stop = {"from": "2025-11-12T10:00:00+01:00", "to": "2025-11-12T11:00:00+01:00", "state": "pause"}
    noticed(lambda e: clock(e)["stops"].append(stop))


@pytest.mark.parametrize(("edge", "by"), [("from", -60), ("from", 60), ("to", -60), ("to", 60)])
def test_a_stop_moved(edge: str, by: int) -> None:
    """Where it moves in closed hours the ledger stays right, but no event is there."""
    noticed(lambda e: clock(e)["stops"][0].update({edge: moved(clock(e)["stops"][0][edge], by)}))


# --------------------------------------------------------------------------- form
def test_another_version() -> None:
    assert noticed(lambda e: e.update(explanation=2)) == ["version 2 of the form is not known here"]


@pytest.mark.parametrize(
    "value",
    [
        {},
        {"explanation": 1},
        {"explanation": 1, "occasions": None},
        [],
        None,
        "text",
        7,
    ],
    ids=str,
)
def test_what_is_no_explanation(value: Any) -> None:
    (problem,) = recheck(value)
    assert problem.startswith("this is no explanation")


@pytest.mark.parametrize("key", ["start", "due", "limit_s", "ledger", "stops"])
def test_a_clock_without(key: str) -> None:
    noticed(lambda e: clock(e).pop(key))  # type: ignore[arg-type, return-value]


@pytest.mark.parametrize(
    "text", ["2025-11-07T15:00:00", "yesterday", "", "2025-11-07T15:00:00.5+01:00", 7, None]
)
def test_an_instant_that_is_none(text: object) -> None:
    noticed(lambda e: clock(e).update(start=text))
