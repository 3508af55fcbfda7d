"""`recheck`: every claim of an explanation that can be held against the events and the calendar data it names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.recheck import fold
from checker.recheck.deadline import deadline, margin
from checker.recheck.limits import limits, proofs

VERSION = 1
"""The form of explanations that is understood here."""


def recheck(explanation: dict[str, Any]) -> list[str]:
    """What does not hold of an explanation (the JSON value of one clause); empty where all that can be checked holds.

    Each problem is one line that says where it lies and what is wrong. An explanation that is not of the known form has
    problems too; nothing is raised.
    """
    try:
        return list(_explanation(explanation))
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        return [f"this is no explanation in the form that is known here: {type(error).__name__}: {error}"]


def _explanation(e: dict[str, Any]) -> Iterator[str]:
    if e["explanation"] != VERSION:
        yield f"version {e['explanation']!r} of the form is not known here"
        return
    for number, occasion in enumerate(e["occasions"], start=1):
        for problem in _occasion(e, occasion):
            yield f"occasion {number}: {problem}"
    yield from fold.whole(e)
    for other in e["stands_for"]:
        for problem in _explanation(other):
            yield f"{other['clause']}: {problem}"


def _occasion(e: dict[str, Any], o: dict[str, Any]) -> Iterator[str]:
    for number, sentence in enumerate(o["sentences"], start=1):
        found = deadline(e, sentence) if sentence["clock"] is not None else ()
        for problem in (*found, *limits(e, sentence)):
            yield f"sentence {number}: {problem}"
    yield from proofs(o)
    yield from fold.occasion(o)
    yield from margin(e, o)
