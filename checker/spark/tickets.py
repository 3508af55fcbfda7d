"""The rows of whole tickets, as Spark brings them together, as tickets: by the rules of the local reader of event rows.

A ticket is read by itself, so that what is set aside or remarked on bears its place in the log, however the tickets are divided.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

import numpy as np

from checker.columnar.attributes import Types
from checker.columnar.batch import Batch
from checker.columnar.event_rows import Chunk, EventRowsRules, runs, texts_of
from checker.columnar.parquet import readable
from checker.columnar.possible import Ints
from checker.record.collect import Collector
from checker.record.csv_rows import EventRows
from checker.record.exports.parquet import as_text
from checker.record.model import Place, Ticket
from checker.record.tables import Row, Table
from checker.record.words import Words
from checker.spark.account import Account

PLACE: Final = "servanda place"
"""The column of a row's place in the log: the number of its file times FILE, and its number in the file, from 1."""
FILE: Final = 1 << 40
DOT: Final = "\x1e"
"""What stands in the names of columns for a dot while Spark has them."""


def as_written(table: Any) -> Any:
    """A table of Spark's with the names that its columns have in the log."""
    return table.rename_columns([name.replace(DOT, ".") for name in table.column_names])


def whole_tickets(batches: Iterable[Any], most: int) -> Iterator[Any]:
    """Batches of rows, sorted by ticket, as tables that end where a ticket ends, with about `most` tickets each."""
    import pyarrow as pa

    held: list[Any] = []
    tickets = 0
    for batch in batches:
        if not batch.num_rows:
            continue
        held.append(batch)
        tickets += len(_starts(batch.column("ticket")))
        if tickets < most:
            continue
        table = pa.Table.from_batches(held).combine_chunks()
        last = int(_starts(table.column("ticket"))[-1])
        held, tickets = table.slice(last).to_batches(), 1
        if last:
            yield as_written(table.slice(0, last))
    if held:
        yield as_written(pa.Table.from_batches(held).combine_chunks())


def _starts(column: Any) -> Any:
    """Where each run of one value begins."""
    import pyarrow.compute as compute

    if len(column) < 2:
        return np.zeros(len(column), np.int64)
    changes = compute.not_equal(column.slice(1), column.slice(0, len(column) - 1))
    return np.concatenate([[0], np.flatnonzero(np.asarray(changes)) + 1])


class Read(NamedTuple):
    """Sound tickets of a table: as columns, and the others as objects with the places of their first rows."""

    batch: Batch | None
    tickets: list[Ticket]
    places: Ints


@dataclass(frozen=True)
class Reader:
    """Reads tickets. `files`: the files of the log, as they are called; `types`: of attributes, by the vocabulary.

    `attributes`: those that are read in columns.
    """

    files: Sequence[str]
    types: Mapping[str, str]
    words: Words
    attributes: frozenset[str] = frozenset()

    def read(self, table: Any, account: Account) -> Read:
        """The sound tickets of a table of whole tickets, in columns as far as they can be; `account` takes what there is to say."""
        import pyarrow as pa

        rows = table.drop_columns([PLACE])
        if not all(readable(pa, column) for column in rows.schema):
            return self.objects(table, account)
        place = table.column(PLACE).to_numpy()
        of_file = place // FILE
        ids, counts = runs(texts_of(rows.column("ticket").combine_chunks()))
        ends = np.cumsum(counts)
        # What stands in several files has no single reader.
        apart = of_file[ends - counts] != of_file[ends - 1]
        left = np.flatnonzero(np.repeat(apart, counts))
        kept = np.flatnonzero(~np.repeat(apart, counts)) if apart.any() else None
        chunk = Chunk(None, 0, 0, np.zeros(0, np.int64))
        if len(ids) and not apart.all():
            some = rows if kept is None else rows.take(pa.array(kept))
            mine = place if kept is None else place[kept]
            chunk = self._rules.read(some.combine_chunks().to_batches()[0], mine, mine)
            odd = chunk.left if kept is None else kept[chunk.left]
            left = np.sort(np.concatenate([left, odd]))
        if chunk.batch is not None:
            self._sound(chunk, np.delete(of_file, left), account)
        objects = self.objects(table.take(pa.array(left)).combine_chunks(), account)
        return Read(chunk.batch, objects.tickets, objects.places)

    @cached_property
    def _rules(self) -> EventRowsRules:
        return EventRowsRules("", Types(self.words), self.types, self.attributes)

    def _sound(self, chunk: Chunk, of_file: Ints, account: Account) -> None:
        """The account of tickets in columns. `of_file`: the file of each of their rows."""
        assert chunk.batch is not None, "no tickets"
        files, rows = np.unique(of_file, return_counts=True)
        account.good.update(dict(zip(files.tolist(), rows.tolist(), strict=True)))
        account.rows += len(of_file)
        account.rows_used += len(of_file)
        account.tickets += len(chunk.batch)
        account.tickets_used += len(chunk.batch)
        if chunk.moved:
            account.out_of_order_at(chunk.first_moved, self.place(chunk.first_moved), chunk.moved)

    def objects(self, table: Any, account: Account) -> Read:
        """The same as objects alone."""
        found = list(self.tickets(table, account))
        places = np.array([place for place, _ in found], np.int64)
        return Read(None, [ticket for _, ticket in found], places)

    def place(self, number: int) -> Place:
        """A place in the log as a file and a row."""
        return Place(self.files[number // FILE], within=f"row {number % FILE}")

    def number(self, place: Place) -> int:
        """The place in the log of a row."""
        return self._numbers[place.file] * FILE + int(place.within.removeprefix("row "))

    @cached_property
    def _numbers(self) -> dict[str, int]:
        return {file: i for i, file in enumerate(self.files)}

    def place_of(self, ticket: Ticket) -> tuple[int, Place]:
        """Where a ticket stands in the log."""
        place = ticket.place
        assert place is not None, "a ticket from nowhere"
        if place.file:
            return self.number(place), place
        # Of a ticket in columns the number is that of the row in the log.
        number = int(place.within.removeprefix("row "))
        return number, self.place(number)

    def tickets(self, table: Any, account: Account) -> Iterator[tuple[int, Ticket]]:
        """The sound tickets of a table of whole tickets, each with the place of its first row; `account` takes what there is to say."""
        if not table.num_rows:
            return
        header = [name for name in table.column_names if name != PLACE]
        places = table.column(PLACE).to_pylist()
        cells = [[as_text(v) for v in table.column(name).to_pylist()] for name in header]
        rows = list(zip(*cells, strict=True))
        starts = _starts(table.column("ticket")).tolist()
        for start, end in zip(starts, [*starts[1:], len(rows)], strict=True):
            into = Collector()
            self._read(header, rows[start:end], places[start:end], into, account)
            log = into.finish()
            account.read(log, self.words, places[start:end], self.number)
            for ticket in log.tickets:
                yield self.place_of(ticket)[0], ticket

    def own_rows(self, table: Any, into: Collector, account: Account) -> None:
        """The rows of no ticket, in the order of the log; `account` counts those that could be read, by file."""
        header = [name for name in table.column_names if name != PLACE]
        cells = [[as_text(v) for v in table.column(name).to_pylist()] for name in header]
        self._read(header, list(zip(*cells, strict=True)), table.column(PLACE).to_pylist(), into, account)

    def _read(
        self,
        header: list[str],
        rows: Sequence[Sequence[str]],
        places: Sequence[int],
        into: Collector,
        account: Account,
    ) -> None:
        reader = EventRows(into, attribute_types=self.types, words=self.words)
        at = 0
        while at < len(rows):
            file = places[at] // FILE
            end = at
            while end < len(rows) and places[end] // FILE == file:
                end += 1
            some = (Row(None, list(rows[i]), within=f"row {places[i] % FILE}") for i in range(at, end))
            account.good[file] += reader.read(self.files[file], Table(header, some, "Parquet"))
            at = end
        reader.finish()
