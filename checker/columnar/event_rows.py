"""Event rows in columns: a chunk of a table whose rows stand ticket by ticket, as tickets without anything odd, and the rows of all others.

The meaning is that of `checker.record.csv_rows`: cells are texts, an empty one says nothing. Odd is what that reader may refuse, put
right or remark on. Each distinct value of a column is looked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

import numpy as np

from checker.columnar.arrow import Column, Distinct, arrow, instants, is_name, once, sound_names, spans
from checker.columnar.attributes import Types
from checker.columnar.batch import Batch, Codes, Encoded
from checker.columnar.history import Rows, in_order, out_of_revision
from checker.columnar.memory import changes, even, numbers, of_bools, of_even, taken, texts, valid
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import NOTHING
from checker.columnar.texts import Texts
from checker.record.cells import digits, typed
from checker.record.csv_rows import COLUMNS, KIND_OF_EVENT, attribute_of
from checker.record.exports.parquet import as_text
from checker.record.flaws import Flaw
from checker.record.model import Event, Place, Ticket, Value
from checker.record.values import whole


class Chunk(NamedTuple):
    """What became of some rows: tickets as columns, how many of their events stood out of order and on which row first, and the places
    (among these rows) of the rows left over."""

    batch: Batch | None
    moved: int
    first_moved: int
    left: Ints


class Runs(NamedTuple):
    """The tickets of rows that stand ticket by ticket: their ids, and how many rows each has."""

    ids: Any
    counts: Ints

    def of_rows(self, rows: Ints) -> Any:
        """The ids of the tickets of some of the rows."""
        return taken(self.ids, np.repeat(np.arange(len(self.counts)), self.counts)[rows])


@dataclass(frozen=True)
class EventRowsRules:
    """What is the same for all rows of a file. `attributes`: those that are wanted. `types`: what cells are, by the vocabulary."""

    file: str
    words: Types
    types: Mapping[str, str]
    attributes: frozenset[str]
    end: int | None = None
    hold: Collection[int] = ()
    seen: dict[str, tuple[Any, Distinct]] = field(default_factory=dict)

    def read(self, table: Any, number: Ints, place: Ints, tickets: Runs | None = None) -> Chunk:
        """A chunk: a record batch whose rows stand ticket by ticket. By row: `number` in the file, from 1, and `place` in the log.

        `tickets`: those of the rows, where they are known; else the batch has a column of them.
        """
        ids, counts = tickets if tickets is not None else runs(texts_of(table.column("ticket")))
        n, rows = len(counts), table.num_rows
        of = np.repeat(np.arange(n, dtype=np.int64), counts)
        starts = np.cumsum(counts) - counts
        odd = np.zeros(rows, bool)
        columns = {name: table.column(name) for name in table.schema.names}
        said = {
            name: _said(self._column(name, columns[name]))
            for name in COLUMNS[1:]
            if name in columns and name != "at"
        }
        agreement = said.get("agreement", _silent(rows))
        for name in ("agreement", "kind"):
            if name in said:
                odd |= ~said[name].fine(is_name) | _unsteady(said[name].codes, of)
        event = said["event"]
        if "kind" in said and KIND_OF_EVENT not in columns and said["kind"].there.any():
            # Whose kind it is is for the reader of objects to say.
            odd |= said["kind"].there & self.words.has("kind", event)
        odd |= ~event.there | ~event.fine(self.words.event)
        if "not_before" in said:
            odd |= said["not_before"].there
        at, offset, known = _instants(columns["at"])
        odd |= ~known
        until = at
        if "precision" in said:
            at, until, sound = spans(said["precision"], at, offset)
            odd |= ~sound
        revised, revision = np.zeros(rows, bool), np.zeros(rows, np.int64)
        if "revision" in said:
            found, sound = _typed(said["revision"], _revision, "revision")
            odd |= ~sound
            revised = found.codes >= 0
            revision = np.array([*found.values, 0], np.int64)[found.codes]
            odd |= out_of_revision(of, at, revised, revision)
        if self.end is not None:
            odd |= at > self.end
        attributes: dict[str, Encoded] = {}
        for heading, column in columns.items():
            if heading not in COLUMNS:
                name = attribute_of(heading)
                told, sound = self._attribute(name, column, event)
                odd |= ~sound
                if told is not None and name in self.attributes:
                    attributes[name] = told
        bad = np.zeros(n, bool)
        bad[of[odd]] = True
        bad |= ~sound_names(ids)
        if self.hold:
            bad |= np.array([hash((i or "").encode()) in self.hold for i in ids.to_pylist()], bool)
        table_rows = Rows(at, until, revised, event.codes, event.values, attributes)
        row = np.arange(rows, dtype=np.int64)
        left = np.zeros(0, np.int64)
        if bad.any():
            keep = ~bad[of]
            left = row[~keep]
            table_rows, row = table_rows.take(keep), row[keep]
            ids, counts, starts = ids.filter(of_bools(~bad)), counts[~bad], starts[~bad]
        if not len(counts):
            return Chunk(None, 0, 0, left)
        stands = Rows(row, row, revised[row], row, (), {})
        ordered, moved = in_order(table_rows, counts)
        if moved.any():
            by = np.lexsort((table_rows.at, np.repeat(np.arange(len(counts)), counts)))
            stands = stands.take(by)
        kind = said.get("kind", _silent(rows))
        made = _Tickets(
            self.file,
            ids,
            agreement,
            kind,
            starts,
            counts,
            ordered,
            stands.at,
            number,
            revision,
            columns["at"],
        )
        batch = Batch(
            ids=Texts(ids),
            place=place[starts],
            agreement=agreement.codes[starts],
            named=agreement.values,
            kind=kind.codes[starts],
            kinds=kind.values,
            counts=counts,
            rows=counts,
            at=ordered.at,
            until=ordered.until,
            revised=ordered.revised,
            name=ordered.name,
            names=ordered.names,
            attributes=ordered.attributes,
            ticket=made.ticket,
            begins=made.begins,
        )
        first = int(number[starts[moved > 0]].min()) if moved.any() else 0
        return Chunk(batch, int(moved.sum()), first, left)

    def _column(self, name: str, column: Any) -> Column:
        """A column of Arrow's; chunks whose values are the same have one list of them."""
        if not hasattr(column, "indices"):
            return Column.of(column)
        before = self.seen.get(name)
        if before is None or not column.dictionary.equals(before[0]):
            before = self.seen[name] = (column.dictionary, Distinct(column.dictionary.to_pylist()))
        return Column.coded(column, before[1])

    def _attribute(self, name: str, column: Any, event: Column) -> tuple[Encoded | None, Bools]:
        """What rows say of an attribute (None: it is not wanted), and where nothing is odd about it."""
        pa = arrow()
        kind = self.types.get(name, "string")
        rows = len(column)
        if column.null_count == rows:
            return None, np.ones(rows, bool)
        there = valid(column)
        fine: Bools = ~there | self.words.unlike(name, event)
        if not is_name(name):
            return None, ~there
        value = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
        textual = pa.types.is_string(value) or pa.types.is_large_string(value)
        if name not in self.attributes and kind in ("string", "bool"):
            if (kind == "string" and not textual) or (kind == "bool" and pa.types.is_boolean(value)):
                return None, fine
            if kind == "string" and not _has_null_character(column):
                return None, fine
        found, sound = _typed(self._column(name, column), lambda v: _value(v, kind, name), (kind, name))
        return found, fine & sound


def runs(column: Any) -> Runs:
    """The values of a column, each run of one value once, and how long each run is."""
    if not len(column):
        return Runs(column, np.zeros(0, np.int64))
    same = even(column)
    if same is not None:
        starts = np.concatenate([[0], changes(same)])
        return Runs(of_even(same[starts]), np.diff(starts, append=len(same)))
    import pyarrow.compute as compute

    found = compute.run_end_encode(column, run_end_type=arrow().int64())
    return Runs(found.values, np.diff(numbers(found.run_ends), prepend=0))


def texts_of(column: Any) -> Any:
    """A column as texts."""
    pa = arrow()
    return column if pa.types.is_string(column.type) else column.cast(pa.string())


def _silent(rows: int) -> Column:
    return Column(np.full(rows, NOTHING, np.int32), ())


def _said(column: Column) -> Column:
    """A column of texts; an empty one is none."""
    texts = column.values
    if once(texts, "said", lambda: all(value and type(value) is str for value in texts)):
        return column
    found, _ = _typed(column, lambda v: as_text(v) or None, "text")
    return Column(found.codes, found.values)


def _typed(column: Column, read: Callable[[Any], Value | None], what: Hashable) -> tuple[Encoded, Bools]:
    """A column whose values are read, each once: None is nothing; and where they could be read. `what`: how they are read."""
    values, code, sound = once(column.values, what, lambda: _read(column.values, read))
    codes = column.codes if code is None else code[column.codes]
    return Encoded(codes, values), np.ones(len(codes), bool) if sound.all() else sound[column.codes]


def _read(cells: Sequence[Any], read: Callable[[Any], Value | None]) -> tuple[Distinct, Codes | None, Bools]:
    """What cells stand for; of each cell the place of that (None: its own), and whether it could be read; last for no cell."""
    values: list[Value] = []
    code, sound = [], []
    for value in cells:
        try:
            found = read(value)
        except Flaw:
            found = None
            sound.append(False)
        else:
            sound.append(True)
        code.append(len(values) if found is not None else NOTHING)
        if found is not None:
            values.append(found)
    same = code == list(range(len(code)))
    return (
        Distinct(values),
        None if same else np.array([*code, NOTHING], np.int32),
        np.array([*sound, True], bool),
    )


def _value(value: Any, kind: str, name: str) -> Value | None:
    cell = as_text(value)
    return typed(cell, kind, (name,)) if cell else None


def _revision(value: Any) -> Value | None:
    cell = as_text(value)
    return whole(digits(cell, ("revision",)), ("revision",), "the revision") if cell else None


def _unsteady(codes: Codes, of: Ints) -> Bools:
    """Rows that say another thing than the row before them of the same ticket."""
    out = np.zeros(len(codes), bool)
    out[1:] = (of[1:] == of[:-1]) & (codes[1:] != codes[:-1])
    return out


def _has_null_character(column: Any) -> bool:
    data, ends = texts(column.dictionary if hasattr(column, "dictionary") else column)
    return not data[ends[0] : ends[-1]].all()


def _instants(column: Any) -> tuple[Ints, Ints, Bools]:
    """Seconds UTC of stamps, their offsets, and which are instants."""
    pa = arrow()
    if not pa.types.is_timestamp(column.type):
        return instants(texts_of(column))
    unit = {"s": 1, "ms": 1000, "us": 1_000_000}[column.type.unit]
    there = valid(column)
    raw = numbers(column, 0)
    at = raw // unit if unit > 1 else raw
    known = there & (at >= 0) & (at <= _LAST)
    return at, np.zeros(len(at), np.int64), known


_LAST = int(datetime(2099, 12, 31, 23, 59, 59, tzinfo=UTC).timestamp())


@dataclass
class _Tickets:
    """The tickets of a chunk, to be made as objects one by one."""

    file: str
    ids: Any
    agreement: Column
    kind: Column
    starts: Ints
    counts: Ints
    rows: Rows
    stands: Ints
    number: Ints
    revision: Ints
    at: Any
    _ends: Ints | None = None

    def _span(self, i: int) -> tuple[int, int]:
        """Where the events of the i-th ticket begin and end, in the order of its history."""
        if self._ends is None:
            self._ends = np.cumsum(self.counts)
        end = int(self._ends[i])
        return end - int(self.counts[i]), end

    def begins(self, i: int) -> Place:
        """Where its first event stands."""
        return self._place(int(self.stands[self._span(i)[0]]))

    def ticket(self, i: int) -> Ticket:
        """The i-th ticket."""
        first = int(self.starts[i])
        begin, end = self._span(i)
        events = tuple(self._event(k, k - begin) for k in range(begin, end))
        return Ticket(
            str(self.ids[i]),
            _at(self.agreement.values, self.agreement.codes[first]),
            _at(self.kind.values, self.kind.codes[first]) or "",
            events,
            place=self._place(int(self.stands[begin:end].min())),
            rows=end - begin,
        )

    def _event(self, k: int, order: int) -> Event:
        rows, row = self.rows, int(self.stands[k])
        said = {
            name: found.values[found.codes[k]]
            for name, found in rows.attributes.items()
            if found.codes[k] >= 0
        }
        return Event(
            rows.names[int(rows.name[k])],
            int(rows.at[k]),
            int(rows.until[k]),
            said,
            None,
            int(self.revision[row]) if rows.revised[k] else None,
            order,
            as_text(self.at[row].as_py()),
            self._place(row),
        )

    def _place(self, row: int) -> Place:
        return Place(self.file, within=f"row {self.number[row]}")


def _at(values: Sequence[Any], code: int) -> Any:
    return values[code] if code >= 0 else None
