"""Rows of a delimited text file (RFC 4180); a row that cannot be read does not hide the rows after it.

A stray quote makes a CSV reader swallow the lines that follow. Here such a row is given up at its first line,
and reading goes on at the next one.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Final, cast

from checker.record.files import Limits, Opened, lines
from checker.record.flaws import Flaw, one_of, show
from checker.record.model import Fault, Note, Place

DELIMITERS: Final = (",", ";", "\t", "|")
_NAMES: Final = {",": "comma", ";": "semicolon", "\t": "tab", "|": "vertical bar"}


# Not frozen: a log has a row for each of its millions of lines.
@dataclass(slots=True)
class Row:
    """One row: the line it begins on, its cells, what is wrong with it, if anything, and its text as written, where that is kept.

    What only some formats can tell: `within` is the path inside the file. `before` are the values that cells had
    before the row, by the row's own account, where it reports a change; "" is none. `attached` rows belong to the
    ticket and have no time (a clock of the tool, the record as it last was). `lost`: records may be missing between
    the row before this one and this one, or after the last one if the row is attached. `file` is the file, if the
    rows of a table come from several. `column`: where in its line the flaw is, if it has one and that is known.
    """

    line: int | None
    cells: list[str]
    flaw: Flaw | None = None
    within: str = ""
    before: Mapping[int, str] | None = None
    attached: bool = False
    lost: bool = False
    file: str = ""
    text: str = ""
    column: int | None = None


@dataclass(slots=True)
class Table:
    """The header of a file, its rows, and how the file was read (encoding and delimiter, named or found).

    `notes` are what the reader found to be legal and worth saying, with how often; they are complete once all
    rows were taken.
    """

    header: list[str]
    rows: Iterator[Row]
    read_as: str
    notes: list[Note] = field(default_factory=list)
    delimiter: str = ","


def read_table(
    source: Opened,
    *,
    expected: Collection[str],
    encoding: str | None = None,
    delimiter: str | None = None,
    limits: Limits | None = None,
) -> Table:
    """Open a delimited file. Encoding and delimiter that nobody named are found, and reported in `read_as`.

    A byte order mark tells UTF-16; all else is taken as UTF-8, and rows that are not are flawed (no
    encoding is guessed). The delimiter is the one that makes most of the `expected` columns.

    Raises:
        Fault: no header, an unknown encoding, or a file that cannot be unpacked.
    """
    place = Place(source.file)
    stream, used = _recoded(source, encoding, place)
    plain = Opened(source.file, stream, source.bytes, source.sha256, source.packing)
    decoder = "utf-8" if used.startswith("utf-16") else used
    feed = _Feed(lines(plain, limits), decoder)
    first = feed.peek()
    if first is None:
        raise Fault(place, "the file holds no row", "", "export it again")
    chosen = delimiter or delimiter_of(first, expected)
    head = next(_records(feed, chosen), None)
    if head is None or head.flaw is not None:
        flaw = head.flaw if head is not None else None
        why = f": {flaw.reason}" if flaw else ""
        found = flaw.found if flaw else ""
        raise Fault(
            Place(source.file, 1), f"the header cannot be read{why}", found, "write the names of the columns"
        )
    read_as = how_read(source, used, encoding, chosen, delimiter)
    return Table(head.cells, _records(feed, chosen, len(head.cells)), read_as, delimiter=chosen)


def how_read(source: Opened, used: str, encoding: str | None, chosen: str, delimiter: str | None) -> str:
    """How a file was read: its packing, the encoding and the delimiter used, and whether a mapping names them."""
    how = [
        source.packing,
        f"encoding {used} ({'named' if encoding else 'found'})",
        f"delimiter {_NAMES.get(chosen, chosen)} ({'named' if delimiter else 'found'})",
    ]
    return "CSV, " + ", ".join(part for part in how if part)


def position(text: str, delimiter: str, cell: int) -> tuple[int, int]:
    """Where a cell of a row begins: how many lines below the row's first one, and at which column (from 1)."""
    lines, column, seen, quoted = 0, 1, 0, False
    for character in text:
        if seen == cell:
            break
        column += 1
        if character == '"':
            quoted = not quoted
        elif character == "\n":
            lines, column = lines + 1, 1
        elif character == delimiter and not quoted:
            seen += 1
    return lines, column


class _Feed:
    """Decoded lines, with those of the record being read kept so that all but the first can be read again."""

    def __init__(self, numbered: Iterator[tuple[int, bytes | None]], encoding: str) -> None:
        self._numbered = numbered
        self._encoding = encoding
        self._again: deque[tuple[int, str, Flaw | None]] = deque()
        self.taken: list[tuple[int, str, Flaw | None]] = []

    def peek(self) -> str | None:
        for _ in self:
            text = self.taken[-1][1]
            self._again.append(self.taken.pop())
            return text
        return None

    def plain(self, longest: int) -> tuple[int, str] | None:
        """The next line, with its number, if it is a record by itself whose cells are what its delimiters part.

        None: it is not (or there is none), and is still to be read. `longest`: a line with more characters is not plain.
        """
        if self._again:
            return None
        number, raw = next(self._numbered, (0, None))
        if number == 0:
            return None
        text, flaw = self._decoded(raw)
        if flaw is not None or not text or '"' in text or "\r" in text or len(text) > longest:
            self._again.append((number, text, flaw))
            return None
        return number, text

    def give_back(self) -> None:
        """Keep the first line of the record as used up; read the others again."""
        self._again.extendleft(reversed(self.taken[1:]))

    def __iter__(self) -> Iterator[str]:
        while True:
            if self._again:
                found = self._again.popleft()
            else:
                number, raw = next(self._numbered, (0, None))
                if number == 0:
                    return
                found = (number, *self._decoded(raw))
            self.taken.append(found)
            yield found[1] + "\n"

    def _decoded(self, raw: bytes | None) -> tuple[str, Flaw | None]:
        if raw is None:
            return "", Flaw((), "", "the line is too long", "split the file, or raise the limit")
        try:
            text = raw.decode(self._encoding)
        except UnicodeDecodeError as error:
            found = f"byte 0x{raw[error.start]:02x}"
            remedy = "save the file as UTF-8, or name its encoding in a mapping"
            flaw = Flaw((), found, f"the row is not {self._encoding.upper()}", remedy)
            return raw.decode("latin-1"), flaw
        if "\0" in text:
            return text, Flaw((), "\\u0000", "the row holds a null byte", "remove it")
        return text, None


def _records(feed: _Feed, delimiter: str, width: int | None = None) -> Iterator[Row]:
    """The records of a feed; `width` is the number of cells that each should have (None: any)."""
    reader = csv.reader(feed, delimiter=delimiter, strict=True)
    longest = csv.field_size_limit()
    while True:
        feed.taken.clear()
        # Most lines hold no quote: then the reader of CSV would only part them.
        plain = feed.plain(longest)
        if plain is not None:
            line, text = plain
            cells = text.split(delimiter)
            if width is None or len(cells) == width:
                yield Row(line, cells, None, "", None, False, False, "", text)
            else:
                yield Row(line, cells, _not_so_wide(cells, width), text=text)
            continue
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if not feed.taken:
                return
            yield _given_up(feed, delimiter, *_not_csv(error, len(feed.taken)))
            reader = csv.reader(feed, delimiter=delimiter, strict=True)
            continue
        flaw = next((each[2] for each in feed.taken if each[2] is not None), None)
        if not cells and flaw is None:
            continue
        if width is not None and len(cells) != width:
            if len(feed.taken) > 1:
                yield _given_up(feed, delimiter, "a quote is not closed on its line")
                continue
            flaw = feed.taken[0][2] or _not_so_wide(cells, width)
        text = feed.taken[0][1] if len(feed.taken) == 1 else "\n".join(each[1] for each in feed.taken)
        yield Row(feed.taken[0][0], cells, flaw, text=text)


def _not_so_wide(cells: list[str], width: int) -> Flaw:
    found = f"{len(cells)} cell" + "s" * (len(cells) != 1)
    return Flaw((), found, f"the row has not {width} cells", "quote a cell that holds the delimiter")


_CLOSE: Final = "close the quote, or double it"


def _not_csv(error: csv.Error, lines_taken: int) -> tuple[str, str]:
    """What is wrong with a row that is no CSV, and what to do; a cell over many lines is a quote left open."""
    if "field limit" not in str(error):
        return f"the row is not CSV: {error}", _CLOSE
    longest = f"a cell is longer than {csv.field_size_limit()} characters"
    if lines_taken > 1:
        return f"a quote is not closed on its line, or {longest}", _CLOSE + "; or shorten the cell"
    return longest, "shorten the cell, or leave its column out of the export"


def _given_up(feed: _Feed, delimiter: str, reason: str, remedy: str = _CLOSE) -> Row:
    line, text, flaw = feed.taken[0]
    feed.give_back()
    return Row(line, text.split(delimiter), flaw or Flaw((), show(text), reason, remedy), text=text)


def delimiter_of(header: str, expected: Collection[str]) -> str:
    """The delimiter of a header line: the one that makes most of the expected columns."""

    def found(candidate: str) -> tuple[int, int]:
        try:
            cells = next(csv.reader([header], delimiter=candidate))
        except csv.Error:
            return 0, 0
        return len(set(expected) & set(cells)), len(cells)

    return max(DELIMITERS, key=found)


def _recoded(source: Opened, encoding: str | None, place: Place) -> tuple[IO[bytes], str]:
    """The bytes in an encoding in which a line end is one byte, and the name of the encoding found."""
    stream = source.stream
    named = encoding
    if named is None:
        head = cast(io.BufferedReader, stream).peek(2)[:2]
        named = "utf-16" if head in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8"
    try:
        used = codecs.lookup(named).name
        if "\n".encode(used) != b"\n":
            # Bytes that are no UTF-16 become a replacement character here: one row, not the whole file.
            return cast("IO[bytes]", codecs.EncodedFile(stream, "utf-8", used, errors="replace")), used
    except LookupError:
        hint = f"write {one_of(['utf-8', 'utf-16', 'cp1250', 'cp1252', 'iso-8859-2'])}"
        raise Fault(place, "unknown encoding", named, hint) from None
    return stream, used
