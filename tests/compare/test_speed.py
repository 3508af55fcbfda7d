"""How long comparing takes: two contracts of fifty clauses that all differ, and a question that has no end."""

from __future__ import annotations

import time
from random import Random

import pytest

from checker.audit.library import vocabulary
from checker.compare.variants import Asked, compared
from checker.compare.witness import Seeker
from dsl import contract as ir
from dsl.check import check
from dsl.source import Source

HEAD = """servanda 1
contract sample "Sample"
  law polish-civil-code
  zone "Europe/Warsaw"
  holidays of "PL"
  provider "The provider"
  customer "The customer"

calendar office
  monday to friday {hours} save public holidays

list urgent
  {urgent}

fact plan-in-force
  means an entry of agreements

"""
SECONDS = 10.0
"""Of processor time, for two contracts of fifty clauses that all differ."""


def fifty(seed: str, *, new: bool) -> ir.Contract:
    """Fifty clauses of many kinds; in the new variant each of them says something else."""
    r = Random(seed)
    out = [
        HEAD.format(hours="08:00 to 16:00" if new else "09:00 to 17:00", urgent="1, A, B" if new else "1, A")
    ]
    for i in range(50):
        hours, days = r.randrange(1, 9), r.randrange(2, 9)
        more = r.randrange(1, 4) if new else 0
        limit = (
            f"within {hours + more} elapsed hours of opening",
            f"within {hours + more} hours of opening, counted in office",
            f"within {days + more} working days of opening, counted in office",
            f"within {days + more} days of opening",
        )[i % 4]
        gate = (
            "where severity of opening is in urgent",
            f"where channel of opening is one of phone, email{', fax' if new else ''}",
            f"save where language of opening is {'de' if new else 'en'}",
            "provided that plan-in-force is in force",
        )[(i // 4) % 4]
        act = ("response_sent", "work_started", "ticket_closed")[i % 3]
        out.append(
            f"clause sample.c{i}\n  concerns each ticket_opened as opening\n  {gate}\n"
            f"  the provider shall have {act}\n    {limit}\n"
        )
    return check([Source("sample.contract", "\n".join(out))], vocabulary())


def test_fifty_clauses_that_all_differ() -> None:
    old, new = fifty("fifty", new=False), fifty("fifty", new=True)
    begun = time.process_time()
    found = compared(old, new, vocabulary(), Asked())
    seconds = time.process_time() - begun
    assert len(found.clauses) == 50
    assert {c.read.answer for c in found.clauses} == {"different"}
    assert all(c.read.examples for c in found.clauses)
    assert seconds < SECONDS


def test_a_question_that_has_no_end_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """What never shows anything is looked for until the time is over, and no longer; then it is said why."""
    monkeypatch.setattr(Seeker, "_look", lambda self, draft: None)
    old, new = fifty("fifty", new=False), fifty("fifty", new=True)
    begun = time.process_time()
    found = compared(
        old, new, vocabulary(), Asked(clauses=("sample.c1",), seconds=0.5, tries=10**9, readings=False)
    )
    seconds = time.process_time() - begun
    (answer,) = found.clauses
    assert answer.read.answer == "not proved"
    assert ("whether provider ever fares worse", "time") in answer.read.not_proved
    assert 0.5 <= seconds < 3.0
