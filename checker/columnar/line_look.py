"""A first look at JSON Lines: the ids of tickets, and the lines that are none. It asks neither for a contract nor for agreements."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from checker.columnar.ahead import ahead
from checker.columnar.arrow import arrow
from checker.columnar.chars import windows
from checker.columnar.json_block import line_ends, whole
from checker.columnar.memory import Array
from checker.columnar.possible import Ints
from checker.columnar.seen import Seen
from checker.record.blocks import blocks
from checker.record.files import MARK, Limits, Opened, digest_of, head, opened
from checker.record.json_text import DECODER
from checker.record.reading import is_json

Take = Callable[[int, bytes | None, bool], None]
"""Takes a line that is no ticket: its number, the line (None: it is too long), and whether nothing stands before it."""

_BEGINNINGS: Final = (b'{"ticket":"', b'{"ticket": "')
ONE_ID: Final = re.compile(rb'\{"ticket": ?"([^"\\\n]+)"')
_FEW: Final = 32
_MOST_HELD: Final = 4 << 20
"""So many bytes of lines that are no tickets are held at most, where nobody takes them."""


def is_lines(path: str | Path, limits: Limits) -> bool:
    """Whether a file is JSON Lines.

    Raises:
        Fault: it cannot be read.
    """
    with opened(path, limits=limits, digest=False) as source:
        return is_json(source)


class TooMuch(Exception):
    """A look that would hold more lines than it may."""


@dataclass
class LineLook:
    """A look at a file of lines. After `look`: `source` is what is said of the file, `starts` and `begins` are the first line and the
    first byte of each block, `seen` has the ids, `unread` says whether a line is too long. After `look_beside` it is `over`, and
    `special` has the lines that are no tickets, which nobody took.
    """

    path: str | Path
    limits: Limits
    seen: Seen = field(default_factory=Seen)
    source: Opened | None = None
    starts: list[int] = field(default_factory=list)
    begins: list[int] = field(default_factory=list)
    unread: bool = False
    special: list[tuple[int, bytes | None, bool]] = field(default_factory=list)
    over: bool = False
    _first: bool = True
    _held: int = 0

    def look(self, take: Take | None) -> None:
        """Look at all of it. `take`: None where what is no ticket does not matter.

        Raises:
            Fault: the file cannot be read.
        """
        beside = ThreadPoolExecutor(1)
        try:
            digest = beside.submit(digest_of, self.path) if take is not None else None
            with opened(self.path, limits=self.limits, digest=False) as source:
                number = 1
                begin = len(MARK) if head(source, len(MARK)) == MARK else 0
                for data, ends, leading in ahead(_looked_at, blocks(source, self.limits)):
                    self.starts.append(number)
                    self.begins.append(begin)
                    self.seen.add(self._block(number, data, ends, leading, take))
                    number += len(ends) if ends is not None else 1
                    begin += len(data) if data is not None else 0
                    self.unread = self.unread or data is None
            self.source = source.closed(digest.result() if digest is not None else source.sha256)
        finally:
            # A look that ends before its time does not wait for the digest.
            beside.shutdown(wait=False)

    def look_beside(self) -> None:
        """The same before anybody can take a line.

        Raises:
            Fault: the file cannot be read.
            TooMuch: there are more such lines than are held.
        """
        self.look(self._hold)
        self.over = True

    def _hold(self, number: int, line: bytes | None, first: bool) -> None:
        self.special.append((number, line, first))
        self._held += len(line or b"") + 100
        if self._held > _MOST_HELD:
            raise TooMuch

    def _block(
        self,
        number: int,
        data: bytes | None,
        ends: Ints | None,
        leading: list[bytes] | Array | None,
        take: Take | None,
    ) -> list[bytes] | Array:
        """The ids in a block; its lines that have none are taken. `leading`: see `_leading_ids`."""
        first = self._first
        if data is None or ends is None:
            self._first = False
            if take is not None:
                take(number, None, first)
            return []
        if leading is not None and not (first and b'"log"' in data[: int(ends[0])]):
            self._first = False
            return leading
        ids: list[bytes] = []
        rest: list[tuple[int, bytes, bool]] = []
        for at, ended in enumerate(data.split(b"\n")[:-1], number):
            line = ended.rstrip(b"\r")
            if not line.strip():
                continue
            found = ONE_ID.match(line)
            # The first line of a file is always looked at whole.
            if found is not None and not first:
                ids.append(found[1])
            else:
                rest.append((at, line, first))
            first = self._first = False
        for (at, line, leads), called in zip(rest, _ids([line for _, line, _ in rest]), strict=True):
            if called is not None:
                ids.append(called)
            elif take is not None:
                take(at, line, leads)
        return ids


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
    found = windows(chars, size)[begin].view(np.uint8)
    if ((found == ord('"')) | (found == ord("\\"))).any():
        return None
    ids: Array = found.view(f"S{size}")
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
        found = windows(np.frombuffer(data, np.uint8), size)[starts].view(f"S{size}")
        if not (found == beginning).all():
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
        out[i] = id_of(lines[i])
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


def id_of(line: bytes) -> bytes | None:
    """The id of the ticket on a line, wherever it stands; None where there is none to be had."""
    try:
        found = DECODER.decode(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    if not isinstance(found, dict) or "log" in found or not isinstance(found.get("ticket"), str):
        return None
    return str(found["ticket"]).encode("utf-8", "surrogatepass")
