"""What is remembered under one reading is never taken for another: each reading gives what it gives when evaluated afresh."""

from __future__ import annotations

from hypothesis import given

from checker.audit.run import Cases, Population
from checker.interpret.book import Book
from checker.interpret.judge import Judge
from tests.strategies import Block, History, contract_blocks, contract_of, histories


@given(contract_blocks(), histories())
def test_contested_by_the_readings_that_turn_it_afresh(blocks: list[Block], history: History) -> None:
    contract, agreement = contract_of(blocks), history.agreement()
    book = Book(contract)
    tickets = [(t, agreement) for t in history.all_tickets]
    found = Cases(Population(book, history.as_of, {}, tickets, [agreement], list(contract.clauses)))
    others = [(a.name, r) for a in contract.ambiguities for r, _ in a.readings if r != a.recommended]
    for i in range(found.tickets):
        case, _ = found.case(i)
        judge = Judge(book, case, history.as_of)
        for clause in found.of_ticket:
            judgement = judge.verdict(clause.id)
            turned = {(f.ambiguity, f.reading): f.verdict for f in judgement.contested}
            afresh = {
                (name, reading): Judge(book, case, history.as_of, {name: reading}).verdict(clause.id).verdict
                for name, reading in others
            }
            assert turned == {k: v for k, v in afresh.items() if v is not judgement.verdict}
