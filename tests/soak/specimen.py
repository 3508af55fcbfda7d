"""A specimen: a contract, agreements and tickets as plain data, which can be written, read back, made smaller and judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from checker.audit.library import contract_names, load_contract, vocabulary
from checker.audit.run import Population
from checker.audit.words import words_of
from checker.interpret.book import Book
from checker.record.agreements import agreement_of
from checker.record.flaws import Flaw
from checker.record.histories import history
from checker.record.instants import parse_instant
from checker.record.model import Agreement, Ticket
from checker.record.words import Words
from dsl import contract as ir
from tests.properties.judging import checked

Raw = dict[str, Any]


@dataclass(frozen=True)
class Specimen:
    """`contract`: the name of a bundled contract, or the text of one. `agreements`, `tickets`: as their files hold them;
    `recorded` of a ticket names the only events that its source can hold. `clauses`: those that are judged; all where none
    is named. `seed`: what made it.
    """

    contract: str
    agreements: tuple[Raw, ...]
    tickets: tuple[Raw, ...]
    as_of: str
    clauses: tuple[str, ...] = ()
    seed: str = ""

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def with_tickets(self, tickets: tuple[Raw, ...]) -> Specimen:
        """The same with other tickets, and without the agreements that none of them is under."""
        used = {t["agreement"] for t in tickets}
        kept = tuple(a for a in self.agreements if a["agreement"] in used)
        return replace(self, tickets=tickets, agreements=kept or self.agreements[:1])

    def population(self) -> Population:
        """Its agreements and tickets as an audit takes them.

        Raises:
            Flaw: it says what no record can say; the reduction of a good one may.
        """
        contract = book(self.contract).contract
        words = words_at(self.contract)
        agreements = {a["agreement"]: agreement_of(a, words=words) for a in self.agreements}
        tickets = [(ticket_of(t, words), agreements[t["agreement"]]) for t in self.tickets]
        kept = [c for c in contract.clauses if not self.clauses or c.id in self.clauses]
        now = parse_instant(self.as_of)[0]
        return Population(book(self.contract), now, {}, tickets, list(agreements.values()), kept)


def read(path: Path) -> Specimen:
    """A specimen that was written."""
    found = json.loads(path.read_text(encoding="utf-8"))
    listed = {k: tuple(found[k]) for k in ("agreements", "tickets", "clauses")}
    return Specimen(**{**found, **listed})


@lru_cache(maxsize=64)
def book(contract: str) -> Book:
    """The book of a contract: by the name of a bundled one, or of a text in the words of generated contracts."""
    made: ir.Contract = load_contract(contract) if contract in contract_names() else checked(contract)
    return Book(made)


@lru_cache(maxsize=8)
def _words(contract: str) -> Words:
    return words_of(vocabulary(), book(contract).contract)


def words_at(contract: str) -> Words | None:
    """What records under a contract may say; None for a generated contract, whose words are in its histories."""
    return _words(contract) if contract in contract_names() else None


def ticket_of(raw: Mapping[str, Any], words: Words | None) -> Ticket:
    """A ticket of plain data.

    Raises:
        Flaw: it says what no record can say.
    """
    found = history(raw, (), None, events_due=False, known=words)
    recorded = frozenset(raw["recorded"]) if raw.get("recorded") is not None else None
    return Ticket(
        raw["ticket"],
        raw["agreement"],
        "incident",
        found.events,
        found.missing,
        found.gaps,
        recorded=recorded,
    )


__all__ = ["Agreement", "Flaw", "Raw", "Specimen", "book", "read", "ticket_of", "words_at"]
