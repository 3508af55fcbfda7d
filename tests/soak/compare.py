"""What the columns say of a specimen beside what the interpreter says of it, cell by cell."""

from __future__ import annotations

import re
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from checker.audit.run import Cases, Population
from checker.columnar.engine import Result, judge
from checker.columnar.judge import NONE, VERDICTS
from checker.interpret.case import Case
from checker.interpret.judge import Judge
from checker.interpret.world import Shared
from dsl import contract as ir
from tests.soak.specimen import Specimen

Cell = tuple[str, int | None, int | None, int | None, bool]
"""Verdict, due, done, margin, and whether another reading would turn it."""

FIELDS = ("verdict", "due", "done", "margin", "contested")


@dataclass(frozen=True)
class Difference:
    """A record (a ticket, or an agreement) and a clause of which the two do not say the same; or what broke off, where no cell is named."""

    record: str
    clause: str
    columns: Cell | None
    interpreter: Cell | None
    broke: str = ""

    @property
    def kind(self) -> tuple[str, ...]:
        """What tells it from a difference of another cause, roughly: which fields differ, or the last line of what broke."""
        if self.broke:
            return ("broke", re.sub(r"[0-9]+", "N", self.broke.strip().splitlines()[-1]))
        assert self.columns is not None
        assert self.interpreter is not None
        pairs = zip(FIELDS, self.columns, self.interpreter, strict=True)
        return tuple(name for name, mine, theirs in pairs if mine != theirs)

    def __str__(self) -> str:
        if self.broke:
            return self.broke
        return (
            f"{self.record}, {self.clause}:\n  columns     {self.columns}\n  interpreter {self.interpreter}"
        )


@dataclass
class Compared:
    """How much was compared. `pairs`: contracts with histories of tickets; `left`: verdicts of the interpreter in the columns'
    result; `forms`: how many clauses (counted once a population) each form kept from the columns.
    """

    pairs: int = 0
    cells: int = 0
    left: int = 0
    contested: int = 0
    verdicts: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    differences: list[Difference] = field(default_factory=list)

    def add(self, other: Compared) -> None:
        """Add what was compared elsewhere."""
        self.pairs += other.pairs
        self.cells += other.cells
        self.left += other.left
        self.contested += other.contested
        self.verdicts.update(other.verdicts)
        self.forms.update(other.forms)
        self.differences += other.differences

    def __str__(self) -> str:
        verdicts = ", ".join(f"{name} {n:,}" for name, n in self.verdicts.most_common())
        return (
            f"{self.pairs:,} pairs of contract and history, {self.cells:,} cells: {self.cells - self.left:,} from columns, "
            f"{self.left:,} left to the interpreter, {len(self.differences)} differ; contested {self.contested:,}; {verdicts}"
        )


def compare(specimen: Specimen) -> Compared:
    """Judge a specimen both ways: its tickets, then its agreements.

    Raises:
        Flaw: it says what no record can say.
    """
    population = specimen.population()
    out = Compared()
    found = Cases(population)
    for first, last, clauses in (
        (0, found.tickets, found.of_ticket),
        (found.tickets, found.count, found.of_agreement),
    ):
        cases = [found.case(i)[0] for i in range(first, last)]
        if cases and clauses:
            out.add(_compared(population, cases, clauses))
    out.pairs = found.tickets
    return out


def _compared(population: Population, cases: Sequence[Case], clauses: Sequence[ir.Clause]) -> Compared:
    out = Compared()
    try:
        result = judge(population.book, cases, clauses, population.now)
    except Exception:
        out.differences.append(Difference("", "", None, None, traceback.format_exc(limit=-4)))
        return out
    out.left = result.left
    out.forms.update(result.interpreted.values())
    for i, clause, theirs in _interpreted(population, cases, clauses):
        cell = _cell(result, clause, i)
        out.cells += 1
        out.verdicts[theirs[0]] += 1
        out.contested += theirs[4]
        if cell != theirs:
            record = cases[i].ticket or cases[i].agreement
            out.differences.append(Difference(record, clause, cell, theirs))
    return out


def _interpreted(
    population: Population, cases: Sequence[Case], clauses: Sequence[ir.Clause]
) -> Iterator[tuple[int, str, Cell]]:
    shared: dict[str, Shared] = {}
    for i, case in enumerate(cases):
        one = Judge(population.book, case, population.now, None, shared.setdefault(case.agreement, Shared()))
        for clause in clauses:
            j = one.verdict(clause.id)
            o = j.outcome
            cell = (str(o.verdict), o.due, o.done, o.margin, bool(j.contested))
            yield i, clause.id, cell


def _cell(result: Result, clause: str, i: int) -> Cell:
    columns = result.outcomes[clause]
    due, done, margin = (None if c[i] == NONE else int(c[i]) for c in columns[1:])
    return str(VERDICTS[columns.verdict[i]]), due, done, margin, bool(result.contested[clause][i])
