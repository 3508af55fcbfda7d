"""An audit of an export that a mapping reads, straight into columns: tickets as objects are made only where somebody asks for one.

Its rows, its account and what it says are those of an audit of the same export read as objects.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from checker.audit.run import Population, across_tickets, assemble
from checker.batch.choice import WORTH
from checker.batch.whole import Whole
from checker.columnar.export_cells import Cells, read_cells
from checker.columnar.export_told import can_tell
from checker.columnar.exported import Told, told
from checker.columnar.possible import Ints
from checker.columnar.source import NOTHING
from checker.columnar.ticket_source import Tickets
from checker.record.collect import Collector
from checker.record.files import Limits
from checker.record.mapping_model import Mapping as Rules
from checker.record.model import Agreement, Fault, Gap, Place
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


class Exported(Whole):
    """The audit of an export."""

    def __init__(self, given: Given, cells: Cells, found: Told, population: Population, of: Ints) -> None:
        self._given, self._cells, self._told, self._of = given, cells, found, of
        self.population = population
        self.log = found.log

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

    @property
    def claims(self) -> Mapping[str, Mapping[str, Any]]:
        """See `Whole`."""
        return self._told.claims

    def place(self, i: int) -> Place:
        """See `Whole`."""
        return self._told.place(i)


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


__all__ = ["Exported", "Given", "exported"]
