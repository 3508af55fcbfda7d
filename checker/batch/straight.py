"""An audit whose log is read while it is judged, part by part, straight into columns: what is held is a part and not the log.

This is for logs that come as columns (JSON Lines, event rows as Parquet) and clauses that look at one ticket at a time. Its rows, its
account and what it says are those of an audit of the same log read as objects.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from checker.audit.run import Population, assemble
from checker.batch.choice import WORTH
from checker.batch.partition import Partition, usual_size
from checker.columnar.batch import OfBatch
from checker.columnar.log import LookedAt, in_columns
from checker.columnar.parts import Part, Took
from checker.columnar.reading import Reading, read
from checker.columnar.reads import reads
from checker.columnar.texts import Texts
from checker.record.files import Limits
from checker.record.model import Agreement, Counts, Fault, Log
from checker.record.words import Words
from dsl import contract as ir


@dataclass(frozen=True)
class Given:
    """What is to be audited, as the options say: see `checker.audit.run.assemble` and `checker.record.reading.read_log`.

    `looked_at`: those of the files of tickets that were looked at already.
    """

    contract: ir.Contract
    agreements: Sequence[Agreement]
    tickets: Sequence[Path]
    now: int | None
    readings: Mapping[str, str]
    clauses: Sequence[str]
    words: Words
    types: Mapping[str, str]
    looked_at: LookedAt = field(default_factory=dict)

    def population(self, log: Log, now: int | None) -> Population:
        """Who is judged. Raises Fault where the audit is impossible."""
        return assemble(
            self.contract, self.agreements, log, now=now, readings=self.readings, clauses=self.clauses
        )


class Straight:
    """The partitions of such an audit, to be taken once, in the order of the log; then its account.

    `population`: without the tickets. `size`: tickets in a partition, at most. `shares`: in how many shares several processes can read
    the log, each a partition then, of any size (`alone`, `took`); 0 where they cannot.
    """

    def __init__(self, given: Given, reading: Reading, size: int, *, shared: bool) -> None:
        self._given = given
        self._reading = reading
        self.size = size
        self.shares = reading.shares if shared else 0
        self.population = given.population(reading.before, given.now)
        self.before = reading.before
        self._judged = 0
        self._named: tuple[Sequence[str], Texts] | None = None

    @property
    def records(self) -> int:
        """How many tickets there are, about."""
        return self._reading.number

    def __iter__(self) -> Iterator[Partition]:
        last = -1
        for number, part in enumerate(self._reading):
            if int(part.place[0]) <= last:
                raise RuntimeError("the parts of a log do not stand in its order")
            last = int(part.place[-1])
            self._judged += len(part.tickets)
            yield self._partition(number, part)

    def stints(self, least: int) -> list[range]:
        """The numbers of the shares, in at least so many stretches that are best read by one process."""
        return self._reading.stints(least)

    def alone(self, number: int) -> tuple[Partition | None, Took]:
        """A share of the log as a partition (None: nothing in it is judged), and what the process that has the account is to know of it."""
        part, took = self._reading.alone(number)
        return (self._partition(number, part) if part is not None else None), took

    def took(self, told: Iterable[Took]) -> Iterator[Took]:
        """Account for the shares that other processes took, in their order; `told`: what they say."""
        for took in self._reading.took(told):
            self._judged += took.judged
            yield took

    def _partition(self, number: int, part: Part) -> Partition:
        source = part.source

        def named() -> tuple[Sequence[str], Sequence[str]]:
            return self._texts(part.named).at(source.agreement), part.tickets

        return Partition(
            number,
            len(part.tickets),
            self.population.clauses,
            True,
            lambda: source.cases,
            lambda: source,
            named,
            part.claims,
            part.extent,
            source.begins if isinstance(source, OfBatch) else None,
        )

    def _texts(self, named: Sequence[str]) -> Texts:
        """The ids of agreements as a column, made once for all parts that have the same."""
        last = self._named
        if last is None or last[0] is not named:
            last = self._named = named, Texts.of(named)
        return last[1]

    def account(self) -> tuple[Log, Population]:
        """What was read, and who was judged, once all partitions are taken."""
        log = self._reading.account()
        population = self._given.population(log, self._given.now)
        population.elsewhere = self._judged
        population.other_tickets += self._reading.other_tickets
        population.other_rows += self._reading.other_rows
        return log, population


def straight(given: Given, engine: str, size: int | None, also: Collection[str] = ()) -> Straight | None:
    """The audit, where it can be had so; else None, and whoever reads the log as objects says what is wrong, too.

    `engine`: as asked, one of `choice.ENGINES`. `size`: tickets in a partition; None for as many as suit the contract. `also`: attributes
    that somebody looks at beside the clauses.

    Raises:
        Fault: a file, or its header, is faulty.
    """
    limits = Limits()
    try:
        nobody = given.population(Log([], {}, None, Counts(), [], [], [], []), given.now or 0)
        if not all(path in given.looked_at or in_columns(path, limits) for path in given.tickets):
            return None
    except Fault:
        return None
    clauses = nobody.clauses
    # Where nothing can be decided there is nothing to judge while it is read.
    if not clauses or any(c.level != "ticket" for c in clauses) or reads(nobody.book, clauses).across:
        return None
    name = given.contract.name
    shared = size is None
    size = size or usual_size("columns", len(clauses), 0, 1)
    reading = read(
        given.tickets,
        [a for a in given.agreements if a.contract == name],
        nobody.book,
        clauses,
        given.now,
        size,
        others=[a.id for a in given.agreements if a.contract != name],
        words=given.words,
        attribute_types=given.types,
        limits=limits,
        looked_at=given.looked_at,
        also=also,
    )
    if engine == "auto" and reading.number * len(clauses) < WORTH:
        return None
    return Straight(given, reading, size, shared=shared)
