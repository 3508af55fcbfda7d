"""A block of JSON Lines as columns: the tickets without anything odd about them, and the lines of all others.

Odd is what the reader of objects may refuse, put right or remark on, and what columns do not tell: it decides about those lines.
Arrow reads JSON strictly, but for a line that holds two objects or half of one, a line that is not UTF-8, and NaN.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np

from checker.columnar.arrow import arrow, instants, plain_type, sound_names, spans
from checker.columnar.attributes import Types
from checker.columnar.batch import Batch
from checker.columnar.chars import places_of
from checker.columnar.history import Rows, in_order, out_of_revision
from checker.columnar.json_recurring import Block, Recurring
from checker.columnar.json_told import Bodies, Heads, Odd, bodies_of, heads_of
from checker.columnar.memory import numbers as lengths
from checker.columnar.memory import of_bools
from checker.columnar.possible import Ints
from checker.columnar.source import NOTHING
from checker.columnar.texts import Texts
from checker.record.histories import EVENT_KEYS, TICKET_KEYS
from checker.record.json_lines import LineReader
from checker.record.model import Place, Ticket

_NULL = re.compile(rb'"((?:[^"\\\n]|\\.)*)"\s*:\s*null')
_FEWEST = 8
"""So few lines are read one by one rather than halved again."""


_ALWAYS = ("at", "event")
"""What every event has."""
_NEAR = 1 << 18
_LONG = 3000
"""A line that is no longer than this is not nested too deep for Arrow."""


class Piece(NamedTuple):
    """What became of a block: tickets as columns, how many of their events stood out of order and by which ticket first, and the
    lines left over, with their numbers."""

    batches: list[Batch]
    moved: int
    first_moved: int
    left: list[tuple[int, bytes | None]]


@dataclass
class Blocks:
    """What is the same for all blocks of a file, and the columns that were seen so far.

    `attributes`: those that are wanted. `carried`: those of them of which null says something. `end`: the declared end of the record.
    """

    reader: LineReader
    types: Types
    attributes: frozenset[str]
    carried: frozenset[str]
    end: int | None
    hold: Collection[int] = ()
    place: int = 0
    seen: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._recurring = Recurring(self._heads, self._bodies)

    def read(self, number: int, data: bytes, skip: Collection[int] = ()) -> Piece:
        """A block, by the number of its first line; it ends with a line end. `skip`: lines that are not for it."""
        pa = arrow()
        block = self._recurring.read(data) if not skip and _text(data) else None
        if block is not None:
            return self._told(block, data, number + np.arange(len(block.counts), dtype=np.int64))
        if not skip and _regular(data, ends := line_ends(data)) and not self._nulls(data):
            return self._piece(pa, data, number + np.arange(len(ends), dtype=np.int64), None)
        fine, numbers = [], []
        left: list[tuple[int, bytes | None]] = []
        for i, line in enumerate(data.split(b"\n")[:-1]):
            line = line.rstrip(b"\r")
            if not line.strip() or number + i in skip:
                continue
            if whole(line) and not self._nulls(line):
                fine.append(line)
                numbers.append(number + i)
            else:
                left.append((number + i, line))
        if not fine:
            return Piece([], 0, 0, left)
        joined = b"\n".join(fine) + b"\n"
        found = self._piece(pa, joined, np.array(numbers, np.int64), fine)
        return found._replace(left=sorted([*left, *found.left], key=lambda each: each[0]))

    def _nulls(self, data: bytes) -> bool:
        """Whether something is null that must not be, or of which it counts that it is."""
        if not _holds_null(data):
            return False
        return any(not self._may_be_null(name) for name in set(_NULL.findall(data)))

    def _may_be_null(self, raw: bytes) -> bool:
        name = raw.decode("utf-8", "replace")
        if name in EVENT_KEYS or name in TICKET_KEYS or name in self.carried or "\\" in name:
            return False
        return self.types.unremarkable(name)

    # ---------------------------------------------------------------- one block, or half of it
    def _piece(self, pa: Any, data: bytes, numbers: Ints, lines: list[bytes] | None) -> Piece:
        try:
            return self._columns(pa, data, numbers)
        except (Odd, pa.ArrowException, UnicodeDecodeError):
            lines = lines if lines is not None else data.split(b"\n")[:-1]
            if len(lines) <= _FEWEST:
                return Piece([], 0, 0, list(zip(numbers.tolist(), lines, strict=True)))
            half = len(lines) // 2
            out = Piece([], 0, 0, [])
            for part, at in ((lines[:half], numbers[:half]), (lines[half:], numbers[half:])):
                found = self._piece(pa, b"\n".join(part) + b"\n", at, part)
                first = out.first_moved if out.moved else found.first_moved
                out = Piece(
                    out.batches + found.batches, out.moved + found.moved, first, out.left + found.left
                )
            return out

    def _columns(self, pa: Any, data: bytes, numbers: Ints) -> Piece:
        columns = self._table(pa, data, len(numbers))
        listed = columns["events"]
        counts = lengths(listed.value_lengths(), 0).astype(np.int64)
        events = listed.flatten()
        instant = instants(events.field("at"))
        bodies = bodies_of(events, self.types, self.attributes)
        block = Block(columns["ticket"], heads_of(columns, len(numbers)), counts, bodies, *instant)
        return self._told(block, data, numbers)

    def _table(self, pa: Any, data: bytes, n: int) -> dict[str, Any]:
        """A block of so many tickets, by key."""
        table = self._parsed(pa, data)
        if table.num_rows != n:
            raise Odd
        return {name: _one(table.column(name)) for name in table.column_names}

    def _heads(self, data: bytes, n: int) -> Heads:
        if self._nulls(data):
            raise Odd
        return heads_of(self._table(arrow(), data, n), n)

    def _bodies(self, data: bytes, n: int) -> Bodies:
        if self._nulls(data):
            raise Odd
        listed = self._table(arrow(), data, n)["events"]
        return bodies_of(listed.flatten(), self.types, self.attributes)

    def _told(self, block: Block, data: bytes, numbers: Ints) -> Piece:
        """What a block says as rows of tickets, but for those that are odd."""
        n, ids, counts = len(numbers), block.ids, block.counts
        agreement, kind, odd = block.heads
        odd = odd | ~sound_names(ids) | (counts == 0)
        of = np.repeat(np.arange(n, dtype=np.int64), counts)
        rows, faulty = self._rows(block, of)
        odd[of[faulty]] = True
        if self.hold:
            odd |= np.array([hash(i.encode()) in self.hold for i in ids.to_pylist()], bool)
        left: list[tuple[int, bytes | None]] = []
        if odd.any():
            lines = data.split(b"\n")
            left = [(int(numbers[i]), lines[i].rstrip(b"\r")) for i in np.flatnonzero(odd)]
            keep = ~odd
            rows, counts = rows.take(keep[of]), counts[keep]
            ids, numbers = ids.filter(of_bools(keep)), numbers[keep]
            kept = np.flatnonzero(keep)
            named, kinds = agreement.codes[keep], kind.codes[keep]
        else:
            kept, named, kinds = None, agreement.codes, kind.codes
        if not len(counts):
            return Piece([], 0, 0, left)
        rows, moved = in_order(rows, counts)
        made = _Lines(self.reader, data, numbers, kept)
        batch = Batch(
            ids=Texts(ids),
            place=self.place + numbers,
            agreement=named,
            named=agreement.values,
            kind=kinds,
            kinds=kind.values,
            counts=counts,
            rows=np.ones(len(counts), np.int64),
            at=rows.at,
            until=rows.until,
            revised=rows.revised,
            name=rows.name,
            names=rows.names,
            attributes=rows.attributes,
            ticket=made.ticket,
            begins=made.begins,
        )
        first = int(numbers[np.argmax(moved > 0)]) if moved.any() else 0
        return Piece([batch], int(moved.sum()), first, left)

    def _parsed(self, pa: Any, data: bytes) -> Any:
        """The block as a table, with a type for each column that loses nothing."""
        import pyarrow.json as json

        options = json.ReadOptions(use_threads=False, block_size=len(data) + 1)
        try:
            return self._typed(pa, json, options, data)
        except pa.ArrowException:
            if not self.seen:
                raise
            # What other blocks have under a name may have another type here.
            return replace(self, seen={})._typed(pa, json, options, data)

    def _typed(self, pa: Any, json: Any, options: Any, data: bytes) -> Any:
        while True:
            schema = self._schema(pa)
            parse = json.ParseOptions(explicit_schema=schema, unexpected_field_behavior="infer")
            table = json.read_json(pa.BufferReader(data), read_options=options, parse_options=parse)
            events = table.schema.field("events").type
            if not pa.types.is_list(events) or not pa.types.is_struct(events.value_type):
                raise Odd
            event = events.value_type
            new = {f.name: f.type for f in event if f.name not in _ALWAYS and f.name not in self.seen}
            changed = {name: plain_type(pa, kind) for name, kind in new.items()}
            self.seen = {**self.seen, **{k: v for k, v in changed.items() if v is not None}}
            if all(changed[name] == kind for name, kind in new.items()):
                return table

    def _schema(self, pa: Any) -> Any:
        text = pa.string()
        event = pa.struct([*((name, text) for name in _ALWAYS), *self.seen.items()])
        return pa.schema([("ticket", text), ("agreement", text), ("kind", text), ("events", pa.list_(event))])

    # ---------------------------------------------------------------- events
    def _rows(self, block: Block, of: Ints) -> tuple[Rows, Ints]:
        """The events as rows, and those that are odd."""
        bodies, at, known = block.bodies, block.at, block.known
        odd = bodies.odd | ~known
        until = at
        if bodies.precision is not None and bodies.precision.there.any():
            at, until, sound = spans(bodies.precision, at, block.offset)
            odd |= ~sound
        revised = np.zeros(len(of), bool)
        if bodies.revision is not None:
            revised = bodies.revision != NOTHING
            odd |= out_of_revision(of, at, revised, bodies.revision)
        if self.end is not None:
            odd |= at > self.end
        attributes = {name: column.encoded() for name, column in bodies.attributes.items()}
        rows = Rows(at, until, revised, bodies.event.codes, bodies.event.values, attributes)
        return rows, np.flatnonzero(odd)


class _Lines:
    """The lines of a block, kept to be read again as objects."""

    def __init__(self, reader: LineReader, data: bytes, numbers: Ints, kept: Ints | None) -> None:
        self._reader = reader
        self._data = data
        self._numbers = numbers
        self._kept = kept
        self._begin: Ints | None = None

    def ticket(self, i: int) -> Ticket:
        """The ticket of the i-th line that was kept."""
        if self._begin is None:
            self._begin = np.append(-1, np.flatnonzero(np.frombuffer(self._data, np.uint8) == 10))
        line = i if self._kept is None else int(self._kept[i])
        raw = self._data[self._begin[line] + 1 : self._begin[line + 1]]
        return self._reader.again(int(self._numbers[i]), raw)

    def begins(self, i: int) -> Place:
        """The same line."""
        return Place(self._reader.file, int(self._numbers[i]))


def _one(column: Any) -> Any:
    """A column of a table as one array."""
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


def line_ends(data: bytes) -> Ints:
    """Where the lines of a block end."""
    return places_of("\n", np.frombuffer(data, np.uint8))


def _holds_null(data: bytes) -> bool:
    """Whether the word null occurs in a block; in a large one it is sought by its first two letters, which takes a quarter of the time."""
    if len(data) < _NEAR:
        return b"null" in data
    chars = np.frombuffer(data, np.uint8)
    for start in range(0, len(chars), _NEAR):
        some = chars[start : start + _NEAR + 1]
        hits = (some[:-1] == ord("n")) & (some[1:] == ord("u"))
        if hits.any() and any(data.startswith(b"null", start + i) for i in np.flatnonzero(hits).tolist()):
            return True
    return False


def _regular(data: bytes, ends: Ints) -> bool:
    """Whether every line is one that `whole` says yes to."""
    chars = np.frombuffer(data, np.uint8)
    if chars[0] != ord("{") or ends[0] == 0:
        return False
    if (chars[ends - 1] != ord("}")).any() or (chars[ends[:-1] + 1] != ord("{")).any() or not _text(data):
        return False
    begins = np.concatenate(([0], ends[:-1] + 1))
    long = np.flatnonzero(ends - begins > _LONG)
    return not any(_deep(data[begins[i] : ends[i]]) for i in long)


def whole(line: bytes) -> bool:
    """Whether a line begins and ends as an object, in UTF-8, without a null character, and is not nested beyond measure."""
    if line[:1] != b"{" or line[-1:] != b"}" or not _text(line):
        return False
    return len(line) <= _LONG or not _deep(line)


def _deep(line: bytes) -> bool:
    """Whether a line may be nested so deep that Arrow, which reads it by recursion, would not come back."""
    return line.count(b"[") + line.count(b"{") > _LONG


def _text(data: bytes) -> bool:
    if b"\0" in data or (b"\\" in data and b"\\u0000" in data):
        return False
    if not data.isascii():
        try:
            data.decode("utf-8")
        except UnicodeDecodeError:
            return False
    return True
