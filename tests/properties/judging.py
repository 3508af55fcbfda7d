"""Judging a generated contract over a generated history, by the road that an audit takes."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from checker.audit.run import Population, judge
from checker.interpret.verdicts import Judgement
from checker.interpret.world import Book
from dsl import contract as ir
from dsl.check import check
from dsl.source import Source
from tests.properties.contracts import Block, text_of
from tests.properties.histories import History
from tests.properties.words import words


@lru_cache(maxsize=256)
def checked(text: str) -> ir.Contract:
    """The checked contract of a generated text: the strategies write no faulty one."""
    return check([Source("sample.contract", text)], words())


def contract_of(blocks: list[Block]) -> ir.Contract:
    """The checked contract that these definitions and clauses make."""
    return checked(text_of(blocks))


Judged = dict[tuple[str, str], Judgement]
"""Judgements by ticket (empty: the agreement) and clause."""


def judged(
    contract: ir.Contract,
    history: History,
    *,
    readings: Mapping[str, str] | None = None,
    as_of: int | None = None,
    clauses: set[str] | None = None,
) -> Judged:
    """Every judgement of a contract over a history."""
    agreement = history.agreement()
    population = Population(
        Book(contract),
        history.as_of if as_of is None else as_of,
        dict(readings or {}),
        [(ticket, agreement) for ticket in history.all_tickets],
        [agreement],
        [c for c in contract.clauses if clauses is None or c.id in clauses],
    )
    return {(j.ticket, j.clause): j for j in judge(population)}


def verdicts(found: Judged) -> dict[tuple[str, str], str]:
    """The bare verdicts."""
    return {key: str(j.verdict) for key, j in found.items()}
