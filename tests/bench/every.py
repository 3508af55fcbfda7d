"""Every clause of tickets of a bundled contract over a log in columns: loading, then all verdicts, on all readings.

There is no hand-written twin: some tickets are judged by the interpreter, too, and compared cell by cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple, overload

import numpy as np

from checker.audit.run import across_tickets
from checker.columnar.agreements import Agreements
from checker.columnar.engine import Result
from checker.columnar.freed import keep_freed
from checker.columnar.judge import NONE, VERDICTS
from checker.columnar.judges import Judges
from checker.columnar.possible import Bools, Ints, Order
from checker.columnar.reads import reads
from checker.columnar.source import NOTHING, Across, Dictionary, Gaps
from checker.columnar.table import Table
from checker.interpret.book import Book
from checker.interpret.case import Case, case_of_ticket
from checker.interpret.judge import Judge
from checker.record.model import Agreement, Event, Ticket
from dsl import contract as ir
from tests.bench.common import AS_OF
from tests.bench.every_gen import agreements, agreements_to, clauses_of
from tests.soak.specimen import book

COMPARED = 200
"""How many tickets are compared with the interpreter."""
MOST_TOGETHER = 2_000
"""Under an agreement of more tickets than this, clauses that look at all of them are not compared."""
_KEYS = ("ticket", "agreement", "at", "event")


class Log:
    """Rows of a Parquet file, as columns with codes; tickets as objects only where they are asked for. A `Source`."""

    def __init__(self, path: Path, found: Sequence[Agreement], wide: bool) -> None:
        from pyarrow import compute, parquet

        schema = parquet.read_schema(path)
        texts = [f.name for f in schema if str(f.type) == "string"]
        self._table = parquet.read_table(path, read_dictionary=texts).unify_dictionaries().combine_chunks()
        self.now = AS_OF
        ticket = self._codes("ticket")[1]
        edge = np.flatnonzero(np.diff(ticket, prepend=-1))
        self.case: Ints = np.cumsum(np.diff(ticket, prepend=ticket[0]) != 0).astype(np.int64)
        self._begin, self._end = edge, np.append(edge[1:], len(ticket))
        at = compute.divide(self._table["at"].cast("int64"), 1_000_000).to_numpy()
        place = np.arange(len(ticket)) - edge[self.case]
        self.order = Order(at, at, np.zeros(len(at), bool), place)
        self.names, self.name = self._codes("event")
        self.birth: Ints = at[edge]
        self.agreement: Ints
        self.agreements = self._under(found)
        self.facts: Sequence[Mapping[str, Any]] = [a.facts for a in self.agreements]
        self.cases: Sequence[Case] = Cases(self, wide)
        self.whole = True

    def _under(self, found: Sequence[Agreement]) -> Sequence[Agreement]:
        """The agreements that occur, numbered from 0; where only one is given, all tickets are under it."""
        if len(found) == 1:
            self.agreement = np.zeros(len(self._begin), np.int64)
            return found
        ids, code = self._codes("agreement")
        used, self.agreement = np.unique(code[self._begin], return_inverse=True)
        by_id = {a.id: a for a in found}
        return [by_id[ids[k]] for k in used]

    def _codes(self, name: str) -> tuple[list[Any], Ints]:
        """The different values of a column, and by row which, -1 for null."""
        (chunk,) = self._table[name].chunks
        if not hasattr(chunk, "indices"):
            if "list" in str(chunk.type):
                said = chunk.to_pylist()
                codes: dict[str, int] = {}
                values: list[Any] = []
                for v in said:
                    if v is not None and codes.setdefault(repr(v), len(codes)) == len(values):
                        values.append(v)
                return values, np.array([-1 if v is None else codes[repr(v)] for v in said], np.int64)
            chunk = chunk.dictionary_encode()
        return chunk.dictionary.to_pylist(), chunk.indices.fill_null(-1).to_numpy(zero_copy_only=False)

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        if attribute in _KEYS or attribute not in self._table.column_names:
            return np.full(len(self.case), NOTHING, np.int64)
        values, code = self._codes(attribute)
        of = np.array([*(dictionary.code(v) for v in values), NOTHING], np.int64)
        return of[code]

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        return np.zeros(len(self.case), bool)

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        return None

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        return None

    def across(self, name: str) -> Across:
        """See `Source`: all tickets of the agreements are here."""
        rows = np.flatnonzero(self.name == (self.names.index(name) if name in self.names else -1))
        agreement = self.agreement[self.case[rows]]
        rows = rows[np.argsort(agreement, kind="stable")]
        of = self.order
        return Across(
            self.agreement[self.case[rows]],
            Order(of.at[rows], of.until[rows], of.revised[rows], of.order[rows]),
            rows,
            lambda: np.arange(len(self.case), dtype=np.int64),
            lambda attribute, dictionary: self.attribute(attribute, dictionary)[rows],
        )

    def first_row(self, i: int) -> int:
        """The first row of a ticket."""
        return int(self._begin[i])

    def ticket(self, i: int, *, named: bool = False) -> Ticket:
        """A ticket as an object; `named`: with its id on its events, for looking at several tickets together."""
        begin, end = int(self._begin[i]), int(self._end[i])
        events = tuple(self._events(begin, end, named=named))
        name = self._table["ticket"][begin].as_py()
        return Ticket(name, self.agreements[self.agreement[i]].id, "incident", events)

    def event(self, row: int) -> Event:
        """An event as an object."""
        return next(self._events(row, row + 1, named=True))

    def _events(self, begin: int, end: int, *, named: bool) -> Iterator[Event]:
        rows = self._table.slice(begin, end - begin).to_pylist()
        for place, row in enumerate(rows, begin):
            said = {k: v for k, v in row.items() if k not in _KEYS and v is not None}
            at = int(row["at"].timestamp())
            yield Event(
                row["event"],
                at,
                at,
                said,
                ticket=row["ticket"] if named else None,
                order=int(self.order.order[place]),
            )


class Anywhere(Mapping[str, list[Event]]):
    """Events on all tickets of the agreement of a ticket, by name, each kind made when it is asked for; those of the ticket itself are
    its own (`own`, by their rows).
    """

    def __init__(self, log: Log, agreement: int, own: Mapping[int, Event]) -> None:
        self._log, self._agreement, self._own = log, agreement, own

    def __getitem__(self, name: str) -> list[Event]:
        found = self._log.across(name)
        rows = found.number[found.agreement == self._agreement].tolist()
        if not rows:
            raise KeyError(name)
        events = [self._own.get(row) or self._log.event(row) for row in rows]
        return sorted(events, key=lambda e: (e.at, e.order, e.ticket or ""))

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._log.names if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class Cases(Sequence[Case]):
    """The tickets of a log as the interpreter takes them, each made when it is asked for; `wide`: with what other tickets have."""

    def __init__(self, log: Log, wide: bool) -> None:
        self._log = log
        self._wide = wide

    def __len__(self) -> int:
        return len(self._log.birth)

    @overload
    def __getitem__(self, i: int) -> Case: ...
    @overload
    def __getitem__(self, i: slice) -> list[Case]: ...
    def __getitem__(self, i: int | slice) -> Case | list[Case]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        log, number = self._log, int(self._log.agreement[i])
        ticket = log.ticket(i, named=self._wide)
        case = case_of_ticket(ticket, log.agreements[number], log.now)
        if self._wide:
            case.anywhere = Anywhere(log, number, dict(enumerate(ticket.events, log.first_row(i))))
        return case

    def __iter__(self) -> Iterator[Case]:
        return (self[i] for i in range(len(self)))


class Loaded(NamedTuple):
    """A log in memory, held by processes that judge it, and the clauses that it is judged by."""

    book: Book
    clauses: list[ir.Clause]
    table: Table
    judges: Judges


def load(path: Path, contract: str) -> Loaded:
    """The log under its agreements in thirty zones."""
    from pyarrow import parquet

    last = parquet.ParquetFile(path).metadata
    tickets = int(
        parquet.ParquetFile(path)
        .read_row_group(last.num_row_groups - 1, ["ticket"])["ticket"][-1]
        .as_py()[1:]
    )
    return _loaded(path, contract, agreements(contract, agreements_to(tickets)))


def load_one(path: Path, contract: str) -> Loaded:
    """The same log, all of it under one agreement."""
    return _loaded(path, contract, agreements(contract, 1))


def _loaded(path: Path, contract: str, found: Sequence[Agreement]) -> Loaded:
    keep_freed()
    whole = book(contract)
    table = Table(Log(path, found, across_tickets(whole.contract)))
    for attribute in sorted({name for word in whole.contract.words for name, _ in word.attributes}):
        table.column(attribute)
    # As in `columnar_rows`: what agreements decide is found once for all runs.
    decided = Agreements(whole, table.facts, table.now, whole.recommended)
    return Loaded(whole, clauses_of(contract), table, Judges(whole, [table], decided))


def run(data: Loaded) -> Result:
    """Every verdict of every ticket, and whether another reading would turn it."""
    return _judged(data, times=False)


def run_with_times(data: Loaded) -> Result:
    """The same with due, done and margin."""
    return _judged(data, times=True)


def _judged(data: Loaded, *, times: bool) -> Result:
    (found,) = data.judges.judge([c.id for c in data.clauses], times=times)
    return found


def against_the_interpreter(data: Loaded, result: Result) -> dict[str, int]:
    """Cells of some tickets compared with the interpreter, with due, done and margin where the result has them: how many there are,
    how many differ; and how many of all cells the columns left to it.

    Clauses that look at all tickets of an agreement are compared where it has few: where it has all of them, the interpreter would
    make a whole log of objects for each.
    """
    whole, clauses, table, _ = data
    cells = differ = 0
    compared = clauses
    if len(table) > MOST_TOGETHER * len(table.facts):
        compared = [c for c in clauses if not reads(whole, [c]).across]
    for i in range(0, len(table), max(len(table) // COMPARED, 1)):
        one = Judge(whole, table.cases[i], table.now, None)
        for clause in compared:
            judgement = one.verdict(clause.id)
            o, found = judgement.outcome, result.outcomes[clause.id]
            timed = [
                (said, column) for said, column in zip(o[2:5], found[1:4], strict=True) if column is not None
            ]
            theirs = [str(o.verdict), bool(judgement.contested), *(said for said, _ in timed)]
            numbers = (None if column[i] == NONE else int(column[i]) for _, column in timed)
            mine = [str(VERDICTS[found.verdict[i]]), bool(result.contested[clause.id][i]), *numbers]
            cells += 1
            differ += mine != theirs
    return {"cells": cells, "differ": differ, "all": len(table) * len(clauses), "left": result.left}
