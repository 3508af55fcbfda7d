"""The columns give what the interpreter gives: verdict, due, done, margin, the sentence, and whether a reading would turn it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from checker.audit.run import Cases, Population
from checker.columnar.engine import Result, judge
from checker.columnar.outcomes import NONE, VERDICTS
from checker.interpret.book import Book
from checker.interpret.case import Case
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Owed
from checker.interpret.world import Shared
from dsl import contract as ir
from tests.fixtures.audits import DESKS, audit
from tests.strategies import Block, History, contract_blocks, contract_of, histories

Cell = tuple[str, int | None, int | None, int | None, bool, Owed | None]


def cells(population: Population) -> tuple[dict[tuple[str, str], Cell], dict[tuple[str, str], Cell], Any]:
    """What the columns say of every record (a ticket, or the agreement, which has no ticket) and clause, what the interpreter says, and
    the columns' result of tickets.
    """
    found = Cases(population)
    mine: dict[tuple[str, str], Cell] = {}
    theirs: dict[tuple[str, str], Cell] = {}
    of_tickets: Any = None
    for records, clauses in (
        (range(found.tickets), found.of_ticket),
        (range(found.tickets, found.count), found.of_agreement),
    ):
        cases = [found.case(i)[0] for i in records]
        result = judge(population.book, cases, clauses, population.now)
        of_tickets = of_tickets or result
        _compared(population, cases, clauses, result, mine, theirs)
    return mine, theirs, of_tickets


def _compared(
    population: Population,
    cases: list[Case],
    clauses: list[ir.Clause],
    result: Result,
    mine: dict[tuple[str, str], Cell],
    theirs: dict[tuple[str, str], Cell],
) -> None:
    shared: dict[str, Shared] = {}
    for i, case in enumerate(cases):
        one = Judge(population.book, case, population.now, None, shared.setdefault(case.agreement, Shared()))
        for clause in clauses:
            columns = result.outcomes[clause.id]
            due, done, margin = (None if c[i] == NONE else int(c[i]) for c in columns[1:])
            sentence = result.sentences[clause.id][i]
            key = (case.ticket or f"the agreement {case.agreement}", clause.id)
            mine[key] = (
                str(VERDICTS[columns.verdict[i]]),
                due,
                done,
                margin,
                bool(result.contested[clause.id][i]),
                None if sentence == NONE else result.owed[sentence],
            )
            j = one.verdict(clause.id)
            o = j.outcome
            theirs[key] = (str(o.verdict), o.due, o.done, o.margin, bool(j.contested), o.sentence)


@given(contract_blocks(), histories(exact=True, whole=True))
def test_of_any_contract_and_any_history(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    population = Population(Book(contract), history.as_of, {}, tickets, [agreement], list(contract.clauses))
    mine, theirs, _ = cells(population)
    assert mine == theirs


@given(contract_blocks(), histories())
def test_of_records_in_doubt(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    population = Population(Book(contract), history.as_of, {}, tickets, [agreement], list(contract.clauses))
    mine, theirs, _ = cells(population)
    assert mine == theirs


@pytest.mark.parametrize("desk", DESKS)
def test_of_the_desks(desk: str) -> None:
    mine, theirs, _ = cells(audit(desk).population)
    assert {k: (mine[k], theirs[k]) for k in mine if mine[k] != theirs[k]} == {}
