"""JSON Lines in columns: what a first look found, then the blocks, several at a time."""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from checker.columnar.ahead import ahead
from checker.columnar.json_block import Blocks, Piece
from checker.columnar.line_look import ONE_ID, LineLook, id_of
from checker.columnar.seen import Seen
from checker.columnar.shares import LineShare, line_shares
from checker.record.blocks import blocks
from checker.record.collect import Collector
from checker.record.files import Limits, Opened, opened
from checker.record.json_lines import LineReader
from checker.record.model import Fault, Place
from checker.record.words import Words


@dataclass
class LineFile:
    """A file of lines. After `look`: the lines that are no tickets are read, `special` are their numbers, `rows` is how many
    rows there are, of which `accepted` were accepted then. `looked_at`: what was found. `taken`: the lines whose tickets were read
    before the others.
    """

    path: str | Path
    reader: LineReader
    limits: Limits
    looked_at: LineLook
    special: set[int] = field(default_factory=set)
    rows: int = 0
    accepted: int = 0
    taken: set[int] = field(default_factory=set)

    def look(self, into: Collector) -> Seen:
        """Look at the ids, which are given, and read what is no ticket.

        Raises:
            Fault: the file or its header is faulty, or it holds no row.
        """
        before = into.rows, into.accepted
        found = self.looked_at
        if found.over:
            for special in found.special:
                self._take(*special)
        else:
            found.look(self._take)
        self.reader.tickets = self.reader.tickets or found.seen.number > 0
        self.reader.first = False
        self.rows = found.seen.number + into.rows - before[0]
        self.accepted = into.accepted - before[1]
        if not self.rows and self.reader.complete_to is None:
            raise Fault(Place(str(self.path)), "the file holds no row", "", "export it again")
        return found.seen

    @property
    def source(self) -> Opened | None:
        """What is said of the file itself; None before it was looked at."""
        return self.looked_at.source

    def _take(self, number: int, line: bytes | None, first: bool) -> None:
        """Read a line that is no ticket. `first`: nothing stands before it."""
        self.special.add(number)
        self.reader.first = first
        self.reader.take(number, line)

    def look_again(self, seen: Seen) -> None:
        """Look at the ids alone."""
        LineLook(self.path, self.limits, seen).look(None)

    def take_those_of(self, held: Container[str]) -> None:
        """Give the lines of some tickets to the reader of objects, before the others are read."""
        with opened(self.path, limits=self.limits, digest=False) as source:
            for number, data in zip(self.looked_at.starts, blocks(source, self.limits), strict=True):
                for at, ended in enumerate(data.split(b"\n")[:-1] if data is not None else (), number):
                    line = ended.rstrip(b"\r")
                    if at in self.special or not line.strip():
                        continue
                    found = ONE_ID.match(line)
                    called = found[1] if found is not None else id_of(line)
                    if called is not None and _as_text(called) in held:
                        self.taken.add(at)
                        self.reader.take(at, line)

    def pieces(self, reads: Blocks) -> Iterator[Piece]:
        """The tickets of the file in columns, block by block in their order."""

        def piece(block: tuple[int, bytes | None]) -> Piece:
            return self._piece(reads, *block)

        with opened(self.path, limits=self.limits, digest=False) as source:
            yield from ahead(piece, zip(self.looked_at.starts, blocks(source, self.limits), strict=True))

    def _piece(self, reads: Blocks, number: int, data: bytes | None) -> Piece:
        if data is None:
            return Piece([], 0, 0, [])
        skip: Collection[int] = ()
        if number <= max(self.special, default=0):
            skip = self.special.intersection(range(number, number + data.count(b"\n")))
        return reads.read(number, data, skip)

    def shares(self) -> list[LineShare]:
        """The shares in which it can be read; none where it is small, packed, or a line in it is too long."""
        found = self.looked_at
        if found.source is None or not self.as_one():
            return []
        return line_shares(list(zip(found.begins, found.starts, strict=True)), found.source.bytes)

    def as_one(self) -> list[LineShare]:
        """All of it as one share; none where it cannot be read in shares."""
        found = self.looked_at
        if found.source is None or found.source.packing or found.unread:
            return []
        return [LineShare(found.begins[0], found.source.bytes, found.starts[0])]

    def share(self, share: LineShare, reads: Blocks) -> Piece:
        """The tickets of a share in columns."""
        with opened(self.path, limits=self.limits, digest=False) as source:
            source.stream.seek(share.begin)
            data = source.stream.read(share.end - share.begin)
        return self._piece(reads, share.line, data if data.endswith(b"\n") else data + b"\n")


def _as_text(called: bytes) -> str:
    try:
        return called.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        # Of a line that is refused for that.
        return called.decode("utf-8", "replace")


def line_file(
    path: str | Path,
    into: Collector,
    words: Words | None,
    limits: Limits,
    agreement: str | None = None,
    looked_at: LineLook | None = None,
) -> LineFile:
    """A file of lines that is still to be read. `looked_at`: what a first look at it found, if there was one."""
    reader = LineReader(str(path), into, agreement=agreement, known=words)
    return LineFile(path, reader, limits, looked_at or LineLook(path, limits))
