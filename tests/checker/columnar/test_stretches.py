"""Clauses that concern stretches, and limits that follow an attribute, in columns as the interpreter has them."""

from __future__ import annotations

from hypothesis import given

from checker.audit.run import Population
from checker.interpret.book import Book
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.strategies import Block, History, contract_of, histories, stretch_blocks

CHANGES = ("severity_changed", "severity_changed", "response_sent", "work_paused", "work_resumed")


def population(blocks: list[Block], history: History) -> Population:
    contract, agreement = contract_of(blocks), history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    return Population(Book(contract), history.as_of, {}, tickets, [agreement], list(contract.clauses))


@given(stretch_blocks(), histories(exact=True, whole=True, of=CHANGES, most=6))
def test_of_records_to_the_second(blocks: list[Block], history: History) -> None:
    mine, theirs, _ = cells(population(blocks, history))
    assert mine == theirs


@given(stretch_blocks(), histories(of=CHANGES, most=6))
def test_of_records_in_doubt(blocks: list[Block], history: History) -> None:
    mine, theirs, _ = cells(population(blocks, history))
    assert mine == theirs
