"""What the columns ask for is among what is said to be read, and what is not read changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from checker.audit.library import load_contract
from checker.audit.run import Cases
from checker.columnar.engine import judge_table
from checker.columnar.possible import Bools, Ints
from checker.columnar.reads import reads
from checker.columnar.source import Dictionary, OfCases
from checker.columnar.table import Table
from checker.interpret.book import Book
from tests.fixtures.audits import DESKS, FIXTURES, audit
from tests.strategies import Block, contract_blocks, contract_of


class Asked(OfCases):
    """A source that keeps account of what it was asked for."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.attributes: set[str] = set()
        self.empty: set[str] = set()
        self.events: set[str] = set()

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        self.attributes.add(attribute)
        return super().attribute(attribute, dictionary)

    def says_null(self, attribute: str) -> Bools:
        self.empty.add(attribute)
        return super().says_null(attribute)

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        self.events.add(name)
        return super().gone(records, name)


class Noted(Table):
    """A table that keeps account of the events that it was asked for."""

    def rows(self, name: str) -> Any:
        assert isinstance(self.source, Asked)
        self.source.events.add(name)
        return super().rows(name)


@pytest.mark.parametrize("desk", DESKS)
def test_clauses_ask_for_nothing_else(desk: str) -> None:
    population = audit(desk).population
    found = Cases(population)
    cases = [found.case(i)[0] for i in range(found.tickets)]
    asked = 0
    for clause in found.of_ticket:
        source = Asked(cases, population.now)
        judge_table(population.book, Noted(source), [clause])
        read = reads(population.book, [clause])
        assert source.attributes <= read.attributes
        assert source.empty <= read.carried
        assert source.events <= read.events
        asked += len(source.attributes) + len(source.events)
        assert not (read.attributes - reads(population.book, population.book.contract.clauses).attributes)
    assert asked


@given(contract_blocks())
def test_every_word_of_a_clause_is_read(blocks: list[Block]) -> None:
    contract = contract_of(blocks)
    read = reads(Book(contract), contract.clauses)
    assert read.events <= {word.name for word in contract.words}
    concerned = {word.name for word in contract.words} & {
        getattr(line.base, "event", None) for clause in contract.clauses for line in clause.concerns
    }
    assert concerned <= read.events
    assert not np.intersect1d(sorted(read.carried), [a.name for a in contract.attributes if a.set_by]).size


def test_a_clause_reads_what_the_ones_that_it_names_read() -> None:
    book = Book(audit("unified-desk").population.book.contract)
    clause = next(c for c in book.contract.clauses if c.id == "unified.reactive.sevb.first-response")
    read = reads(book, [clause])
    assert {"severity", "ticket_opened", "response_sent"} <= read.attributes | read.events
    assert len(read.events) < len(book.contract.words)
    # It gives way to a clause that asks what other tickets of the agreement show.
    assert read.across
    alone = Book(load_contract(str(FIXTURES / "bench" / "eleven.contract")))
    read = reads(alone, [c for c in alone.contract.clauses if c.id == "c8_region"])
    assert not read.across
    assert read.events == {"ticket_opened"}
    assert "region" in read.attributes
    assert not {"language", "channel", "automated", "severity"} & read.attributes
