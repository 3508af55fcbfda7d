"""Two contracts of fifty clauses that all differ are told apart, and a question that has no end is cut off."""

from __future__ import annotations

import pytest

from checker.audit.library import vocabulary
from checker.compare.variants import Asked, compared
from checker.compare.witness import Seeker
from tests.compare.speed import fifty


def test_fifty_clauses_that_all_differ() -> None:
    found = compared(fifty("fifty", new=False), fifty("fifty", new=True), vocabulary(), Asked())
    assert len(found.clauses) == 50
    assert {c.read.answer for c in found.clauses} == {"different"}
    assert all(c.read.examples for c in found.clauses)


def test_a_question_that_has_no_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never shows anything is looked for until the time is over, not a thousand million times; then it is said why."""
    monkeypatch.setattr(Seeker, "_look", lambda self, draft: None)
    old, new = fifty("fifty", new=False), fifty("fifty", new=True)
    asked = Asked(clauses=("sample.c1",), seconds=0.5, tries=10**9, readings=False)
    (answer,) = compared(old, new, vocabulary(), asked).clauses
    assert answer.read.answer == "not proved"
    assert ("whether provider ever fares worse", "time") in answer.read.not_proved
