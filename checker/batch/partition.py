"""The records of an audit in partitions: stretches of them, each judged by itself, in the order of the record.

A partition is light: its cases are made when they are asked for, and can be dropped when it is done, so that what is held at
once is a partition and not the log. Readers that take columns straight from a file give partitions of their own, with a
`source`; here are those of histories that were read as objects.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from checker.audit.run import Cases
from checker.batch.choice import Engine
from checker.interpret.case import Case
from checker.record.extent import Extent
from checker.record.model import Place
from dsl import contract as ir

if TYPE_CHECKING:
    from checker.columnar.source import Source

CELLS: Final = 4_000_000
"""How many verdicts a partition in columns has at most, where nobody says how many tickets: some hundred megabytes of columns."""
MOST: Final = 2**15
FEWEST: Final = 1_000
INTERPRETED: Final = 250
"""Tickets a partition that the interpreter works off."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Some records and the clauses that judge them.

    `number`: from 0, in the order of the record. `records`: how many there are. `columnar`: whether columns may judge them;
    what concerns agreements is the interpreter's. `cases`: the records as objects. `source`: the same as columns, where they
    come as columns; the cases of an agreement's clauses hold all of its tickets. `named`: the agreement and the ticket of each record,
    where they are known without its objects. `claims`: what the tool that kept the log says of tickets, where only the reader of
    this partition knows. `extent`: of its tickets, where only their reader knows it. `place`: where the record of each begins in its
    file, where that is known without its objects.
    """

    number: int
    records: int
    clauses: Sequence[ir.Clause]
    columnar: bool
    cases: Callable[[], Sequence[Case]]
    source: Callable[[], Source] | None = None
    named: Callable[[], tuple[Sequence[str], Sequence[str]]] | None = None
    claims: Mapping[str, Mapping[str, Any]] | None = None
    extent: Callable[[], Extent] | None = None
    place: Callable[[int], Place | None] | None = None


class Partitions(Protocol):
    """All partitions of an audit: the same, in the same order, each time they are gone through (a reader's can be taken once)."""

    @property
    def records(self) -> int | None:
        """How many records there are in all; None where that is not known before they are read."""

    def __iter__(self) -> Iterator[Partition]: ...


@dataclass(frozen=True)
class OfCases:
    """Partitions of histories that were read: `size` tickets in each, then the agreements, `size` in each."""

    found: Cases
    size: int

    @property
    def records(self) -> int:
        """How many records there are in all."""
        return self.found.count

    def __iter__(self) -> Iterator[Partition]:
        found = self.found
        number = 0
        for first, end, clauses in (
            (0, found.tickets, found.of_ticket),
            (found.tickets, found.count, found.of_agreement),
        ):
            for start in range(first, end, self.size):
                which = range(start, min(start + self.size, end))
                yield Partition(number, len(which), clauses, clauses is found.of_ticket, _made(found, which))
                number += 1


def _made(found: Cases, which: range) -> Callable[[], Sequence[Case]]:
    return lambda: [found.case(i)[0] for i in which]


def usual_size(engine: Engine, clauses: int, records: int, jobs: int) -> int:
    """Tickets a partition where nobody says how many: so many that columns pay, so few that they fit, some for each process."""
    if engine == "interpreter":
        return INTERPRETED
    most = min(MOST, CELLS // max(clauses, 1))
    if jobs > 1:
        most = min(most, -(-records // (2 * jobs)))
    return max(FEWEST, most)
