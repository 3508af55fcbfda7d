"""Histories that are shown are as simple as single steps make them: held against steps that are written here once more."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

from checker.audit.library import load_contract, vocabulary
from checker.compare import question
from checker.compare.draft import Draft
from checker.compare.shrink import Shows, shrunk
from checker.compare.variants import Asked, compared
from tests.compare.variant import variant

FOLDER = Path(__file__).parent / "variants"
CASES = [
    pytest.param(file.stem, case, id=f"{file.stem}/{case['id']}")
    for file in sorted(FOLDER.glob("*.yaml"))
    for case in yaml.safe_load(file.read_text("utf-8"))
]


def _simpler(draft: Draft) -> Iterator[tuple[str, Draft]]:
    """What a reader might take away from a history, or say more plainly."""
    for i, event in enumerate(draft.events):
        yield f"without {event}", _changed(draft, lambda d, i=i: d.events.pop(i))
        for key in event:
            if key not in ("at", "event"):
                yield f"without {key} of {event}", _changed(draft, lambda d, i=i, k=key: d.events[i].pop(k))
        for k, later in enumerate(draft.events):
            told = {a: v for a, v in later.items() if a not in ("at", "event")}
            if k != i and told and later["at"] >= event["at"] and set(told) <= set(event):
                yield (
                    f"{event} says what {later} says",
                    _changed(draft, lambda d, i=i, k=k, t=told: (d.events[i].update(t), d.events.pop(k))),
                )
    for path in _places(draft.facts):
        if path[0] not in ("time_zone", "country"):
            yield f"without the fact {path}", _changed(draft, lambda d, p=path: _drop(d.facts, p))
    zone = ZoneInfo(draft.facts["time_zone"])
    for i, event in enumerate(draft.events):
        for at in _plainer(event["at"], zone):
            yield f"{event} at {at}", _changed(draft, lambda d, i=i, t=at: d.events[i].update(at=t))


def _changed(draft: Draft, change: Any) -> Draft:
    out = draft.copied()
    change(out)
    return out


def _places(value: Any) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        if key == "_of":
            continue
        if not isinstance(value, list) or len(value) > 1:
            yield (key,)
        yield from ((key, *rest) for rest in _places(inner))


def _drop(value: Any, path: tuple[Any, ...]) -> None:
    for step in path[:-1]:
        value = value[step]
    del value[path[-1]]


def _plainer(at: int, zone: ZoneInfo) -> Iterator[int]:
    """The whole hour and the whole minute before, where the time is none."""
    local = datetime.fromtimestamp(at, zone)
    if (local.hour, local.minute, local.second) == (9, 0, 0):
        return
    if local.minute or local.second:
        yield int(local.replace(minute=0, second=0).timestamp())
    if local.second:
        yield int(local.replace(second=0).timestamp())


@pytest.mark.parametrize(("name", "case"), CASES)
def test_no_step_makes_an_example_simpler(
    name: str, case: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[tuple[Draft, Shows]] = []

    def noted(draft: Draft, shows: Shows, until: float) -> Draft:
        small = shrunk(draft, shows, until + 60)
        made.append((small.copied(), shows))
        return small

    monkeypatch.setattr(question, "shrunk", noted)
    new = variant(name, *((old, text) for old, text in case["edits"]))
    clauses = tuple(case.get("expect") or case.get("halves") or ())
    compared(load_contract(name), new, vocabulary(), Asked(clauses=clauses, seconds=2.0, readings=False))
    for small, shows in made:
        assert shows(small)
        for what, simpler in _simpler(deepcopy(small)):
            assert not shows(simpler), f"{what}: {small.facts} {small.events}"


def test_a_history_that_is_not_minimal_is_found() -> None:
    draft = Draft(
        {
            "time_zone": "Europe/Warsaw",
            "country": "PL",
            "plan": "free",
            "terms": [{"from": "2025-10-17", "to": "2027-06-09"}],
        },
        [
            {"at": 1746437461, "event": "ticket_opened", "severity": "1", "channel": "phone"},
            {"at": 1746437461, "event": "severity_changed", "severity": "B"},
            {"at": 1746523861, "event": "ticket_closed"},
        ],
        1754213461,
    )

    def shows(d: Draft) -> bool:
        severity = [e["severity"] for e in d.events if "severity" in e]
        return severity[-1:] == ["B"] and "terms" in d.facts and d.events[0]["event"] == "ticket_opened"

    small = shrunk(draft, shows, float("inf"))
    warsaw = ZoneInfo("Europe/Warsaw")
    nine = int(datetime(2025, 5, 5, 9, tzinfo=warsaw).timestamp())
    assert small.events == [{"at": nine, "event": "ticket_opened", "severity": "B"}]
    assert small.facts == {"time_zone": "Europe/Warsaw", "country": "PL", "terms": [{}]}
    assert not [what for what, d in _simpler(small) if shows(d)]
    assert [what for what, d in _simpler(draft) if shows(d)]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        # A Saturday, and Christmas: the nearest day that is worked, at the same time of the day.
        (datetime(2025, 5, 10, 9), datetime(2025, 5, 9, 9)),
        (datetime(2025, 12, 25, 9), datetime(2025, 12, 23, 9)),
        (datetime(2025, 5, 7, 9), datetime(2025, 5, 7, 9)),
        (datetime(2025, 5, 7, 13, 7, 12), datetime(2025, 5, 7, 9)),
    ],
)
def test_instants_move_to_working_hours(at: datetime, expected: datetime) -> None:
    zone = ZoneInfo("Europe/Warsaw")
    draft = Draft(
        {"time_zone": "Europe/Warsaw", "country": "PL"},
        [{"at": int(at.replace(tzinfo=zone).timestamp()), "event": "ticket_opened"}],
        int((at + timedelta(days=60)).replace(tzinfo=zone).timestamp()),
    )
    small = shrunk(draft, lambda d: len(d.events) == 1, float("inf"))
    assert datetime.fromtimestamp(small.events[0]["at"], zone).replace(tzinfo=None) == expected
