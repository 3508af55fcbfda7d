"""What clauses read of a record: the attributes and the events, from the checked contract alone.

Sound rather than tight: every name in the clauses that is the name of a definition draws that definition in (a clause that is
superseded draws in the other), and what remains is looked up among the words. So a constant that happens to be a word is read, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, NamedTuple

from checker.interpret.book import Book
from dsl import contract as ir

BESIDE = frozenset({"currency"})
"""Attributes that the rules themselves look at, beside those that a contract names."""


class Reads(NamedTuple):
    """The names of attributes and events that clauses read.

    `carried`: the attributes among them that are followed through time and that no named event sets, so that any event that carries
    them counts. `across`: whether some clause looks at other tickets of the agreement.
    """

    attributes: frozenset[str]
    events: frozenset[str]
    carried: frozenset[str]
    across: bool


def reads(book: Book, clauses: Iterable[ir.Clause]) -> Reads:
    """What these clauses read on any choice of readings."""
    contract = book.contract
    named: dict[str, list[Any]] = {}
    for found in (
        *(contract.events, contract.states, contract.facts, contract.periods, contract.calendars),
        *(contract.moments, contract.figures, contract.conditions, contract.lists, contract.courses),
        *(contract.attributes, contract.clauses),
    ):
        for definition in found:
            called = definition.id if isinstance(definition, ir.Clause) else definition.name
            named.setdefault(called, []).append(definition)
    attributes = {name for word in contract.words for name, _ in word.attributes} | {
        d.name for d in contract.attributes
    }
    seen: set[str] = set()
    followed: set[str] = set()
    across = False
    waiting: list[Any] = list(clauses)
    while waiting:
        for node in _within(waiting.pop()):
            across = across or isinstance(node, ir.AcrossTickets)
            if isinstance(node, str):
                if node not in seen:
                    seen.add(node)
                    waiting += named.get(node, ())
                continue
            # An attribute need not be among the words of an event.
            attribute = getattr(node, "attribute", None)
            if isinstance(attribute, str):
                attributes.add(attribute)
                if not isinstance(node, ir.AttributeOf):
                    followed.add(attribute)
    read = frozenset(seen & attributes) | BESIDE
    carried = frozenset(followed - {d.name for d in contract.attributes if d.set_by})
    # Where an event that carries an attribute may be missing, so may a change of it.
    carriers = {event for attribute in followed for event in book.carriers(attribute)}
    return Reads(read, frozenset((seen & set(book.words)) | carriers), carried, across)


def _within(part: Any) -> Iterator[Any]:
    """Every node and every text in a part of a contract."""
    stack = [part]
    while stack:
        at = stack.pop()
        if isinstance(at, str):
            yield at
        elif isinstance(at, tuple | frozenset):
            stack.extend(at)
        elif is_dataclass(at):
            yield at
            stack.extend(getattr(at, f.name) for f in fields(at))
