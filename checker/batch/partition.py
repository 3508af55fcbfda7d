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
AGREEMENTS: Final = 1_000
"""About so many agreements a partition has at least, where there are more: what columns cost by themselves is little beside them."""
FEW_AGREEMENTS: Final = 25
"""Fewer agreements than this are judged one after the other, which is faster than columns are."""
BESIDE: Final = 1 << 24
"""In columns every event of an agreement may stand beside every other one: so many pairs a partition has at most."""


@dataclass(frozen=True, slots=True)
class Partition:
    """Some records and the clauses that judge them.

    `number`: from 0, in the order of the record. `records`: how many there are. `columnar`: whether columns may judge them.
    `cases`: the records as objects. `source`: the same as columns, where they
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
        for start in range(0, found.tickets, self.size):
            which = range(start, min(start + self.size, found.tickets))
            yield Partition(number, len(which), found.of_ticket, True, _made(found, which))
            number += 1
        # Where nothing judges agreements, none is among the records.
        events = found.events_of_agreements() if found.of_agreement else []
        for part, columnar in parts_of_agreements(events, self.size):
            which = range(found.tickets + part.start, found.tickets + part.stop)
            yield Partition(number, len(which), found.of_agreement, columnar, _made(found, which))
            number += 1


def parts_of_agreements(events: Sequence[int], size: int) -> Iterator[tuple[range, bool]]:
    """Agreements in partitions, by their places, and whether columns judge each: those that are too few for that, or have too many events,
    are judged one after the other.

    `events`: how many each has, with those of its tickets. `size`: at most so many agreements in a partition.
    """
    most = max(1, min(size, max(AGREEMENTS, -(-len(events) // 4))))
    begin = beside = 0
    for place, count in enumerate(events):
        mine = count * count
        if place > begin and (place - begin >= most or beside + mine > BESIDE or beside > BESIDE):
            yield range(begin, place), _in_columns(place - begin, beside)
            begin, beside = place, 0
        beside += mine
    if begin < len(events):
        yield range(begin, len(events)), _in_columns(len(events) - begin, beside)


def _in_columns(agreements: int, beside: int) -> bool:
    return agreements >= FEW_AGREEMENTS and beside <= BESIDE


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
