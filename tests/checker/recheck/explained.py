"""Explanations to re-check: those of the contracts' cases, and one that has everything a ledger can have."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from checker.audit.cases import _cases, _defaults, _uncheckable, cases_of
from checker.audit.library import case_files, load_contract, vocabulary
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.interpret.world import Book
from checker.record.values import instant
from tests.checker.interpret.tiny import found

Explanation = dict[str, Any]


def clocks(e: Explanation) -> list[Explanation]:
    """The sentences of an explanation that have a clock."""
    return [s for o in e["occasions"] for s in o["sentences"] if s["clock"] is not None]


@lru_cache(maxsize=8)
def of_cases(contract: str) -> list[tuple[str, Explanation]]:
    """Case id and explanation, for every case of a contract and each of its tickets, as they come out of JSON."""
    book = Book(load_contract(contract))
    return [(name, json.loads(json.dumps(e, default=str))) for name, e in _of_cases(contract, book)]


def _of_cases(contract: str, book: Book) -> Iterator[tuple[str, Explanation]]:
    for file in case_files(contract):
        for raw, _, _ in _cases(file):
            if raw["clause"] not in book.clauses or _uncheckable(book, raw["clause"]):
                continue
            now = instant(raw["as_of"], ("as_of",))[0]
            for case in cases_of(raw, book, vocabulary(), _defaults(file, contract), now):
                yield raw["id"], explain(Judge(book, case, now, raw.get("readings") or {}), raw["clause"])


RICH = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays

state pause
  from paused until resumed

clause c
  title "Answered in sixteen office hours"
  concerns each opened as opening
  where product of opening is db
  save where language of opening is recorded as xx
  provided that fees_paid is yes
  the provider shall have answered
    within 16 hours of opening, counted in office, stopped while pause
"""
OPENED = "2025-11-07 15:00 opened product=db\n"
PAUSED = "2025-11-10 12:00 paused\n2025-11-10 18:00 resumed\n"


def rich(history: str = "2025-11-13 10:00 answered", **more: Any) -> Explanation:
    """Opened on a Friday before a long week-end, with a pause and a public holiday: counted, stopped and closed rows."""
    told = found(RICH, OPENED + PAUSED + history, facts={"fees_paid": True}, **more).explanation
    result: Explanation = json.loads(json.dumps(told))
    return result
