"""Tampering with an explanation that holds: what the tests of the re-checker share."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any

from checker.recheck import recheck
from tests.checker.recheck.explained import Explanation, clocks, rich

Change = Callable[[Explanation], None]


def moved(text: str, seconds: int) -> str:
    """An instant some seconds later, with the offset it was written with."""
    at = datetime.fromisoformat(text)
    return datetime.fromtimestamp(at.timestamp() + seconds, at.tzinfo).isoformat()


def clock(e: Explanation) -> dict[str, Any]:
    """The clock of the only deadline."""
    (sentence,) = clocks(e)
    told: dict[str, Any] = sentence["clock"]
    return told


def rows(e: Explanation) -> list[dict[str, Any]]:
    found_rows: list[dict[str, Any]] = clock(e)["ledger"]
    return found_rows


def everywhere(e: Explanation, key: str, value: object) -> None:
    """Set a key of the verdict, of its occasion and of its outcome, so that they agree with each other."""
    for part in (e, e["occasions"][0], e["outcomes"][0]):
        part[key] = value


def noticed(change: Change, e: Explanation | None = None) -> list[str]:
    """What is said of an explanation after a change; before it, nothing."""
    whole = e if e is not None else rich()
    assert recheck(whole) == []
    other = copy.deepcopy(whole)
    change(other)
    assert other != whole, "nothing was changed"
    problems = recheck(other)
    assert problems != []
    return problems
