"""An audit of an export that a mapping reads, straight into columns: tickets as objects are made only where somebody asks for one.

Its rows, its account and what it says are those of an audit of the same export read as objects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np

from checker.audit.run import Population, across_tickets, assemble
from checker.batch.choice import WORTH
from checker.batch.partition import FEWEST, Partition, usual_size
from checker.columnar.export_cells import Cells, read_cells
from checker.columnar.export_source import Tickets
from checker.columnar.export_told import can_tell
from checker.columnar.exported import Told, told
from checker.columnar.possible import Ints
from checker.columnar.source import NOTHING
from checker.interpret.case import Case
from checker.record.collect import Collector
from checker.record.extent import Extent
from checker.record.files import Limits
from checker.record.mapping_model import Mapping as Rules
from checker.record.model import Agreement, Fault, Gap, Log
from checker.record.words import Words
from dsl import contract as ir


@dataclass(frozen=True)
class Given:
    """What is to be audited, as the options say: see `checker.audit.run.assemble` and `checker.record.reading.read_log`."""

    contract: ir.Contract
    agreements: Sequence[Agreement]
    now: int | None
    readings: Mapping[str, str]
    clauses: Sequence[str]
    words: Words


class Exported:
    """The audit. `log`: what became of the rows, without the tickets; `population`: who is judged, without them, too."""

    def __init__(self, given: Given, cells: Cells, found: Told, population: Population, of: Ints) -> None:
        self._given, self._cells, self._told, self._of = given, cells, found, of
        self.population = population
        self.log: Log = found.log

    @cached_property
    def tickets(self) -> Tickets:
        """The tickets under their agreements."""
        found, p = self._told, self.population
        end = self.log.complete_to
        mapping = found.rules
        return Tickets(
            found.batch,
            found.nulls,
            found.gaps,
            p.agreements,
            self._of,
            mapping.missing,
            mapping.recorded,
            p.now,
            (Gap(end + 1, p.now),) if end is not None and p.now > end else (),
            across_tickets(p.book.contract) or any(c.level == "agreement" for c in p.clauses),
            found.events,
        )

    def again(self, rules: Rules, now: int) -> Exported | None:
        """The same export by another mapping; None where it has to be read anew for that."""
        mine = self._told.rules
        if (rules.source, rules.columns, rules.ticket) != (mine.source, mine.columns, mine.ticket):
            return None
        found = told(self._cells, rules, Collector(words=self._given.words), self._told)
        return _audit(self._given, self._cells, found, now) if found is not None else None

    def cases(self, wanted: Collection[tuple[str, str]]) -> Iterator[Case]:
        """Some records as objects, by the ids of their agreements and tickets (no ticket: the agreement itself), in their order."""
        tickets, names = self.tickets, [a.id for a in self.population.agreements]
        for i, (k, ticket) in enumerate(zip(tickets.agreement.tolist(), tickets.batch.ids[:], strict=True)):
            if (names[k], ticket) in wanted:
                yield tickets.case(i)
        yield from (tickets.case_of_agreement(k) for k, name in enumerate(names) if (name, "") in wanted)

    def extent(self) -> Extent:
        """How much the record holds."""
        return self._told.batch.extent(self.population.now)

    def partitions(self, size: int | None, jobs: int) -> OfExport:
        """The records in partitions. `size`: tickets in each, None for as many as suit the contract and the processes."""
        clauses = [c for c in self.population.clauses if c.level == "ticket"]
        if size is None:
            n = len(self.tickets)
            size = usual_size("columns", len(clauses), n, 1)
            # As many for each process: what each part costs by itself is not little.
            many = -(-n // size)
            size = max(FEWEST, -(-n // (-(-many // jobs) * jobs)))
        return OfExport(self, size)


@dataclass(frozen=True)
class OfExport:
    """Partitions of an export: `size` tickets in each, then the agreements."""

    of: Exported
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
        for k in range(len(tickets.agreements)) if of_agreement else ():
            yield self._of_agreement(number, of_agreement, k)
            number += 1

    def _of_tickets(self, number: int, clauses: Sequence[ir.Clause], first: int, last: int) -> Partition:
        tickets = self.of.tickets

        def named() -> tuple[Sequence[str], Sequence[str]]:
            names = [a.id for a in tickets.agreements]
            return [names[k] for k in tickets.agreement[first:last].tolist()], tickets.batch.ids[first:last]

        return Partition(
            number,
            last - first,
            clauses,
            True,
            lambda: [tickets.case(i) for i in range(first, last)],
            lambda: tickets.source(first, last),
            named,
            self.of._told.claims,
            place=lambda i: self.of._told.place(first + i),
        )

    def _of_agreement(self, number: int, clauses: Sequence[ir.Clause], k: int) -> Partition:
        tickets = self.of.tickets
        return Partition(number, 1, clauses, False, lambda: [tickets.case_of_agreement(k)])


def exported(given: Given, rules: Rules, paths: Collection[Path], engine: str) -> Exported | None:
    """The audit, where it can be had so; else None, and whoever reads the export as objects says what is wrong, too.

    `engine`: as asked, one of `choice.ENGINES`.
    """
    if not can_tell(rules):
        return None
    cells = read_cells(paths, rules, Limits())
    if cells is None:
        return None
    found = told(cells, rules, Collector(words=given.words))
    out = _audit(given, cells, found, given.now) if found is not None else None
    if out is None or (engine == "auto" and out.population.judged * len(out.population.clauses) < WORTH):
        return None
    return out


def _audit(given: Given, cells: Cells, found: Told, now: int | None) -> Exported | None:
    """Who is judged; None where some ticket has no agreement of the contract, or the audit is impossible."""
    try:
        population = assemble(
            given.contract,
            given.agreements,
            found.log,
            now=now,
            readings=given.readings,
            clauses=given.clauses,
        )
    except Fault:
        return None
    numbers = {a.id: k for k, a in enumerate(population.agreements)}
    alone = len(numbers) == 1 and not population.other_contracts
    of_names = np.array(
        [*(numbers.get(name, NOTHING) for name in found.batch.named), 0 if alone else NOTHING], np.int64
    )
    of = of_names[found.batch.agreement]
    if not len(of) or (of == NOTHING).any():
        return None
    population.elsewhere = len(of)
    return Exported(given, cells, found, population, of)


__all__ = ["Exported", "Given", "OfExport", "exported"]
