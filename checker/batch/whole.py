"""An audit all of whose tickets are held as columns: what clauses need that look at other tickets, or at agreements as a whole.

Tickets and agreements as objects are made only where somebody asks for one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from checker.audit.run import Population
from checker.batch.partition import FEWEST, Partition, parts_of_agreements, usual_size
from checker.columnar.ticket_source import Tickets
from checker.interpret.case import Case
from checker.record.extent import Extent
from checker.record.model import Log, Place
from dsl import contract as ir


class Whole(ABC):
    """The audit. `log`: what became of the rows, without the tickets; `population`: who is judged, without them, too."""

    log: Log
    population: Population

    @property
    @abstractmethod
    def tickets(self) -> Tickets:
        """The tickets under their agreements."""

    @property
    @abstractmethod
    def claims(self) -> Mapping[str, Mapping[str, Any]] | None:
        """What the tool that kept the log says of tickets, by their ids."""

    @abstractmethod
    def place(self, i: int) -> Place:
        """Where the first event of a ticket stands."""

    def cases(self, wanted: Collection[tuple[str, str]]) -> Iterator[Case]:
        """Some records as objects, by the ids of their agreements and tickets (no ticket: the agreement itself), in their order."""
        tickets, names = self.tickets, [a.id for a in self.population.agreements]
        for i, (k, ticket) in enumerate(zip(tickets.agreement.tolist(), tickets.ids, strict=True)):
            if (names[k], ticket) in wanted:
                yield tickets.case(i)
        yield from (tickets.case_of_agreement(k) for k, name in enumerate(names) if (name, "") in wanted)

    def extent(self) -> Extent:
        """How much the record holds."""
        return self.tickets.batch.extent(self.population.now)

    def partitions(self, size: int | None, jobs: int) -> OfWhole:
        """The records in partitions. `size`: tickets in each, None for as many as suit the contract and the processes."""
        clauses = [c for c in self.population.clauses if c.level == "ticket"]
        if size is None:
            n = len(self.tickets)
            size = usual_size("columns", len(clauses), n, 1)
            # As many for each process: what each part costs by itself is not little.
            many = -(-n // size)
            size = max(FEWEST, -(-n // (-(-many // jobs) * jobs)))
        return OfWhole(self, size)


@dataclass(frozen=True)
class OfWhole:
    """Its partitions: `size` tickets in each, then the agreements."""

    of: Whole
    size: int

    @cached_property
    def _levels(self) -> tuple[list[ir.Clause], list[ir.Clause]]:
        clauses = self.of.population.clauses
        return [c for c in clauses if c.level == "ticket"], [c for c in clauses if c.level == "agreement"]

    @property
    def records(self) -> int:
        """How many records there are in all."""
        of_ticket, of_agreement = self._levels
        p = self.of.population
        return (p.judged if of_ticket else 0) + (len(p.agreements) if of_agreement else 0)

    def __iter__(self) -> Iterator[Partition]:
        tickets = self.of.tickets
        of_ticket, of_agreement = self._levels
        number = 0
        for first in range(0, len(tickets), self.size) if of_ticket else ():
            yield self._of_tickets(number, of_ticket, first, min(first + self.size, len(tickets)))
            number += 1
        events = tickets.events_of_agreements() if of_agreement else []
        for part, columnar in parts_of_agreements(events, self.size):
            # One after the other, each by the process that is free.
            for some in [part] if columnar else [range(k, k + 1) for k in part]:
                yield self._of_agreements(number, of_agreement, some, columnar)
                number += 1

    def _of_tickets(self, number: int, clauses: Sequence[ir.Clause], first: int, last: int) -> Partition:
        tickets = self.of.tickets

        def named() -> tuple[Sequence[str], Sequence[str]]:
            names = [a.id for a in tickets.agreements]
            return [names[k] for k in tickets.agreement[first:last].tolist()], tickets.ids[first:last]

        return Partition(
            number,
            last - first,
            clauses,
            True,
            lambda: [tickets.case(i) for i in range(first, last)],
            lambda: tickets.source(first, last),
            named,
            self.of.claims,
            place=lambda i: self.of.place(first + i),
        )

    def _of_agreements(
        self, number: int, clauses: Sequence[ir.Clause], some: range, columnar: bool
    ) -> Partition:
        tickets = self.of.tickets
        return Partition(
            number,
            len(some),
            clauses,
            columnar,
            lambda: [tickets.case_of_agreement(k) for k in some],
            (lambda: tickets.source_of_agreements(some.start, some.stop)) if columnar else None,
            lambda: ([tickets.agreements[k].id for k in some], [""] * len(some)),
        )


__all__ = ["OfWhole", "Whole"]
