"""JSON Lines in columns: a first look at the ids and at what is no ticket, then the blocks, several at a time."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import numpy as np

from checker.columnar.ahead import ahead
from checker.columnar.arrow import arrow
from checker.columnar.json_block import Blocks, Piece, line_ends, whole
from checker.columnar.memory import Array
from checker.columnar.possible import Ints
from checker.columnar.seen import Seen
from checker.columnar.shares import LineShare, line_shares
from checker.record.blocks import blocks
from checker.record.collect import Collector
from checker.record.files import MARK, Limits, Opened, digest_of, head, opened
from checker.record.json_lines import LineReader
from checker.record.json_text import DECODER
from checker.record.model import Fault, Place
from checker.record.words import Words

_BEGINNINGS: Final = (b'{"ticket":"', b'{"ticket": "')
_ONE_ID: Final = re.compile(rb'\{"ticket": ?"([^"\\\n]+)"')
_FEW: Final = 32


@dataclass
class LineFile:
    """A file of lines. After `look`: the lines that are no tickets are read, `special` are their numbers, `rows` is how many
    rows there are, of which `accepted` were accepted then. `source`: what is said of the file itself. `taken`: the lines whose
    tickets were read before the others.
    """

    path: str | Path
    reader: LineReader
    limits: Limits
    special: set[int] = field(default_factory=set)
    rows: int = 0
    accepted: int = 0
    source: Opened | None = None
    taken: set[int] = field(default_factory=set)
    _starts: list[int] = field(default_factory=list)
    _begins: list[int] = field(default_factory=list)
    _unread: bool = False

    def look(self, seen: Seen, into: Collector) -> None:
        """Look at the ids, and read what is no ticket.

        Raises:
            Fault: the file or its header is faulty, or it holds no row.
        """
        before = into.rows, into.accepted
        with (
            ThreadPoolExecutor(1) as beside,
            opened(self.path, limits=self.limits, digest=False) as source,
        ):
            digest = beside.submit(digest_of, self.path)
            number = 1
            begin = len(MARK) if head(source, len(MARK)) == MARK else 0
            for data, ends, leading in ahead(_looked_at, blocks(source, self.limits)):
                self._starts.append(number)
                self._begins.append(begin)
                ids, special = self._look(number, data, ends, leading)
                for at, line in special:
                    self.special.add(at)
                    self.reader.take(at, line)
                self.rows += len(ids)
                self.reader.tickets = self.reader.tickets or len(ids) > 0
                number += len(ends) if ends is not None else 1
                begin += len(data) if data is not None else 0
                self._unread = self._unread or data is None
                seen.add(ids)
        self.source = replace(source, sha256=digest.result())
        self.rows += into.rows - before[0]
        self.accepted = into.accepted - before[1]
        if not self.rows and self.reader.complete_to is None:
            raise Fault(Place(str(self.path)), "the file holds no row", "", "export it again")

    def look_again(self, seen: Seen) -> None:
        """Look at the ids alone."""
        with opened(self.path, limits=self.limits, digest=False) as source:
            for data in blocks(source, self.limits):
                seen.add(self._look(1, *_looked_at(data))[0])

    def take_those_of(self, held: Container[str]) -> None:
        """Give the lines of some tickets to the reader of objects, before the others are read."""
        with opened(self.path, limits=self.limits, digest=False) as source:
            for number, data in zip(self._starts, blocks(source, self.limits), strict=True):
                for at, ended in enumerate(data.split(b"\n")[:-1] if data is not None else (), number):
                    line = ended.rstrip(b"\r")
                    if at in self.special or not line.strip():
                        continue
                    found = _ONE_ID.match(line)
                    called = found[1] if found is not None else _id(line)
                    if called is not None and called.decode("utf-8", "surrogatepass") in held:
                        self.taken.add(at)
                        self.reader.take(at, line)

    def _look(
        self, number: int, data: bytes | None, ends: Ints | None, leading: list[bytes] | Array | None
    ) -> tuple[list[bytes] | Array, list[tuple[int, bytes | None]]]:
        """The ids in a block, and its lines that have none. `leading`: see `_leading_ids`."""
        if data is None or ends is None:
            return [], [(number, None)]
        first = self.reader.first
        if leading is not None and not (first and b'"log"' in data[: int(ends[0])]):
            self.reader.first = False
            return leading, []
        ids: list[bytes] = []
        special: list[tuple[int, bytes | None]] = []
        rest: list[tuple[int, bytes]] = []
        for at, ended in enumerate(data.split(b"\n")[:-1], number):
            line = ended.rstrip(b"\r")
            if not line.strip():
                continue
            found = _ONE_ID.match(line)
            if found is not None and not first:
                ids.append(found[1])
            else:
                rest.append((at, line))
            first = False
        for (at, line), called in zip(rest, _ids([line for _, line in rest]), strict=True):
            # The first line of a file is always among the rest.
            self.reader.first = self.reader.first and called is None
            if called is None:
                special.append((at, line))
            else:
                ids.append(called)
        return ids, special

    def pieces(self, reads: Blocks) -> Iterator[Piece]:
        """The tickets of the file in columns, block by block in their order."""

        def piece(block: tuple[int, bytes | None]) -> Piece:
            return self._piece(reads, *block)

        with opened(self.path, limits=self.limits, digest=False) as source:
            yield from ahead(piece, zip(self._starts, blocks(source, self.limits), strict=True))

    def _piece(self, reads: Blocks, number: int, data: bytes | None) -> Piece:
        if data is None:
            return Piece([], 0, 0, [])
        ends = line_ends(data)
        skip: Collection[int] = ()
        if number <= max(self.special, default=0):
            skip = self.special.intersection(range(number, number + len(ends)))
        return reads.read(number, data, ends, skip)

    def shares(self) -> list[LineShare]:
        """The shares in which it can be read; none where it is small, packed, or a line in it is too long."""
        source = self.source
        if source is None or source.packing or self._unread:
            return []
        return line_shares(list(zip(self._begins, self._starts, strict=True)), source.bytes)

    def share(self, share: LineShare, reads: Blocks) -> Piece:
        """The tickets of a share in columns."""
        with opened(self.path, limits=self.limits, digest=False) as source:
            source.stream.seek(share.begin)
            data = source.stream.read(share.end - share.begin)
        return self._piece(reads, share.line, data if data.endswith(b"\n") else data + b"\n")


def _looked_at(data: bytes | None) -> tuple[bytes | None, Ints | None, list[bytes] | Array | None]:
    """A block, where its lines end, and their ids, if they begin with them."""
    if data is None:
        return None, None, None
    ends = line_ends(data)
    return data, ends, _leading_ids(data, ends)


def _even_ids(data: bytes, begin: Ints) -> Array | None:
    """The ids that begin at some places, where all have the same length and nothing in them is escaped."""
    chars = np.frombuffer(data, np.uint8)
    size = data.find(b'"', int(begin[0])) - int(begin[0])
    if size < 1 or int(begin[-1]) + size >= len(data) or (chars[begin + size] != ord('"')).any():
        return None
    found = chars[begin[:, None] + np.arange(size)]
    if ((found == ord('"')) | (found == ord("\\"))).any():
        return None
    ids: Array = found.view(f"S{size}").ravel()
    return ids


def _leading_ids(data: bytes, ends: Ints) -> list[bytes] | Array | None:
    """The ids of lines that all begin with theirs; None where one does not."""
    for beginning in _BEGINNINGS:
        if not data.startswith(beginning):
            continue
        size = len(beginning)
        starts = np.concatenate(([0], ends[:-1] + 1))
        if int(starts[-1]) + size > len(data):
            return None
        found = np.frombuffer(data, np.uint8)[starts[:, None] + np.arange(size)]
        if not (found == np.frombuffer(beginning, np.uint8)).all():
            return None
        even = _even_ids(data, starts + size)
        if even is not None:
            return even
        find = data.find
        ids = [data[i : find(b'"', i)] for i in (starts + size).tolist()]
        return None if (b"\\" in data and any(b"\\" in each for each in ids)) or b"" in ids else ids
    return None


def _ids(lines: list[bytes]) -> list[bytes | None]:
    """The ids of tickets on lines, in whatever order their keys stand; None where there is none to be had."""
    out: list[bytes | None] = [None] * len(lines)
    plain = [i for i, line in enumerate(lines) if whole(line) and b'"log"' not in line]
    if len(plain) >= _FEW:
        found = _column([lines[i] for i in plain])
        if found is not None:
            for i, called in zip(plain, found, strict=True):
                out[i] = called.encode() if called is not None else None
            plain = [i for i, line in enumerate(lines) if not whole(line) or b'"log"' in line]
        else:
            plain = list(range(len(lines)))
    else:
        plain = list(range(len(lines)))
    for i in plain:
        out[i] = _id(lines[i])
    return out


def _column(lines: list[bytes]) -> list[str | None] | None:
    """The ids, by Arrow; None where it cannot read the lines."""
    import pyarrow.json as json

    pa = arrow()
    data = b"\n".join(lines) + b"\n"
    parse = json.ParseOptions(
        explicit_schema=pa.schema([("ticket", pa.string())]), unexpected_field_behavior="ignore"
    )
    options = json.ReadOptions(use_threads=False, block_size=len(data) + 1)
    try:
        table = json.read_json(pa.BufferReader(data), read_options=options, parse_options=parse)
        ids: list[str | None] = table.column("ticket").to_pylist()
    except (pa.ArrowException, UnicodeDecodeError):
        return None
    return ids if len(ids) == len(lines) else None


def _id(line: bytes) -> bytes | None:
    try:
        found = DECODER.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "log" in found or not isinstance(found.get("ticket"), str):
        return None
    return str(found["ticket"]).encode("utf-8", "surrogatepass")


def line_file(
    path: str | Path, into: Collector, words: Words | None, limits: Limits, agreement: str | None = None
) -> LineFile:
    """A file of lines that is still to be read."""
    return LineFile(path, LineReader(str(path), into, agreement=agreement, known=words), limits)
