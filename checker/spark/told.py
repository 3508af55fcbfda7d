"""What the executors are told, once for all of them, and what each makes of it: the contract, the agreements, how to judge and write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import metadata
from typing import Any

import numpy as np

from checker.audit.run import Cases, Population, place_ticket
from checker.audit.version import engine_version
from checker.batch.choice import Engine, chosen
from checker.batch.partition import OfCases, Partition, usual_size
from checker.batch.pieces import Claims, Writer
from checker.batch.run import Judging, judges
from checker.clock import holidays_data, zones
from checker.columnar.parts import Placing
from checker.columnar.reads import reads
from checker.interpret.binding import party, strength
from checker.interpret.book import Book
from checker.record.model import Agreement, Fault, Place, Ticket
from checker.record.words import Words
from checker.render.rows import Term
from checker.spark.account import Account
from checker.spark.output import Rows
from checker.spark.tickets import Reader
from dsl import codec

ENDLESS = 1 << 62
"""More verdicts than any contract asks for: whether columns pay is not a matter of one executor's share."""


def versions() -> dict[str, str]:
    """What has to be the same on every machine for the verdicts to be the same."""
    return {
        "servanda": engine_version(),
        "numpy": metadata.version("numpy"),
        "zone data": zones.zone_version(),
        "holiday data": holidays_data.version(),
    }


@dataclass(frozen=True)
class Told:
    """All that an executor needs, as values that can be sent.

    `contract`: the checked contract as JSON. `agreements`: those of the contract, with their own histories. `others`: ids of those of
    other contracts. `clauses`: ids of those that judge. `files`: the files of the log, as they are called.
    """

    contract: str
    agreements: tuple[Agreement, ...]
    others: frozenset[str]
    now: int
    readings: Mapping[str, str]
    clauses: tuple[str, ...]
    layout: str
    words: Words
    types: Mapping[str, str]
    files: tuple[str, ...]
    versions: Mapping[str, str]

    @cached_property
    def ready(self) -> Ready:
        """What this process makes of it; made once for all of its tasks.

        Raises:
            Fault: this executor has other versions than the driver.
        """
        mine = versions()
        for name, version in self.versions.items():
            if mine[name] != version:
                raise Fault(
                    Place("executor"),
                    f"an executor has another version of {name} than the driver",
                    f"{mine[name]} instead of {version}",
                    "give both one environment",
                )
        return Ready(self)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in self.__dict__.items() if name != "ready"}


class Ready:
    """What is told, ready to judge by."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.book = Book(codec.loads(told.contract))
        self.agreements = {a.id: a for a in told.agreements}
        self.clauses = [self.book.clauses[name] for name in told.clauses]
        self.reads = reads(self.book, self.clauses)
        self.reader = Reader(told.files, told.types, told.words, self.reads.attributes)
        zone_of = {
            a.id: z if isinstance(z := a.facts.get("time_zone"), str) else None for a in told.agreements
        }
        terms = {c.id: Term(strength(c), party(c)) for c in self.clauses}
        self.writer = Writer("parquet", told.layout, terms, zone_of, Claims({}))
        self.engine: Engine = chosen("auto", "parquet", told.layout, ENDLESS)
        # Rows that give their reasons are the interpreter's, which takes objects.
        self.columnar = self.engine == "columns"
        self.size = usual_size(self.engine, len(self.clauses), 0, 1)

    @property
    def by_ticket(self) -> bool:
        """Whether each ticket can be judged by itself."""
        return not self.reads.across and all(c.level == "ticket" for c in self.clauses)

    def population(self, agreements: Sequence[Agreement]) -> Population:
        """Nobody yet, under these agreements."""
        told = self.told
        return Population(self.book, told.now, told.readings, [], list(agreements), list(self.clauses))

    def part(self, table: Any, account: Account) -> Partition | None:
        """The tickets of a table of whole tickets, under their agreements; None for none. `account` takes the others."""
        placing = Placing(self.agreements, self.told.others, self.told.now)
        found = self.reader.read(table, account) if self.columnar else self.reader.objects(table, account)
        part = placing.part(found.batch, found.tickets, found.places, (), self.reads)
        self._unplaced(placing, account)
        if part is None:
            return None
        account.judged += len(part.tickets)
        source = part.source

        def named() -> tuple[list[str], list[str]]:
            _, first, under = np.unique(source.agreement, return_index=True, return_inverse=True)
            ids = np.array([source.cases[i].agreement for i in first.tolist()], object)
            return ids[under].tolist(), list(part.tickets)

        return Partition(
            0, len(part.tickets), self.clauses, True, lambda: source.cases, lambda: source, named
        )

    def placed(self, table: Any, account: Account) -> Iterator[tuple[int, Ticket, Agreement]]:
        """The same as objects, each with its place in the log."""
        placing = Placing(self.agreements, self.told.others, self.told.now)
        for place, ticket in self.reader.tickets(table, account):
            agreement = placing.of(ticket.agreement)
            if agreement is not None:
                account.judged += 1
                yield place, ticket, agreement
            else:
                placing.part(None, [ticket], np.array([place], np.int64), (), None)
        self._unplaced(placing, account)

    def _unplaced(self, placing: Placing, account: Account) -> None:
        """Take the account of tickets that cannot be judged."""
        out = self.population([])
        for ticket in placing.unplaced:
            number, place = self.reader.place_of(ticket)
            place_ticket(replace(ticket, place=place), self.agreements, self.told.others, out)
            account.unplaced.add((0, number, 0), out.set_aside.pop())
        account.other_tickets += placing.other_tickets
        account.other_rows += placing.other_rows

    def judge(self) -> Callable[[Partition], Judging]:
        """What judges the partitions of one task, and remembers what they share."""
        return judges(self.population([]), self.engine, contested=True)

    def rows(
        self, judge: Callable[[Partition], Judging], partitions: Iterable[Partition], account: Account
    ) -> Iterator[Any]:
        """The rows of partitions, as record batches; `account` takes what they come to."""
        for partition in partitions:
            out = Rows()
            summary = judge(partition).write(partition, self.writer, out)
            summary.records = partition.records
            account.summary.merge(summary)
            yield from out.batches()

    def whole(self, agreement: Agreement, tickets: Iterable[Ticket]) -> OfCases:
        """An agreement with all of its tickets."""
        population = self.population([agreement])
        population.tickets += [(ticket, agreement) for ticket in tickets]
        found = Cases(population)
        found.prepare()
        return OfCases(found, self.size)


__all__ = ["Ready", "Told", "versions"]
