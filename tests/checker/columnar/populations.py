"""Populations of generated histories under contracts written out, for the tests of columns."""

from __future__ import annotations

from checker.audit.run import Population
from checker.interpret.book import Book
from tests.properties.contracts import HEADER
from tests.properties.histories import History
from tests.strategies import checked


def population(text: str, history: History) -> Population:
    """The tickets of a history, under what a contract says below its header."""
    contract = checked("\n".join(HEADER) + text)
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    return Population(Book(contract), history.as_of, {}, tickets, [agreement], list(contract.clauses))
