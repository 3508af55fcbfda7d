"""Records of a JSON export: JSON Lines, an array, or pages of an API whose records stand under a known key.

A faulty line of JSON Lines is set aside alone. In an array nobody can tell where a faulty record ends, so the
document is refused with the place of the fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

from checker.record.exports.sheet import Sheet, at_path
from checker.record.files import Limits, Opened, column_of, lines, whole_text
from checker.record.flaws import Flaw, show
from checker.record.json_text import DECODER, Refused, line_and_column, misread, twice
from checker.record.model import Fault, Place
from checker.record.tables import Row, Table
from checker.record.values import kind_of

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_LINES: Final = (".jsonl", ".ndjson")
_END: Final = "the end of the file"


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an export: its line, its path in the document, and what is wrong with it, if anything.

    `key` is the key of the page that it stood under, if any; `column`: where in its line the flaw is, if it has one.
    """

    value: dict[str, object]
    line: int
    path: str
    key: str = ""
    flaw: Flaw | None = None
    column: int | None = None


def records(source: Opened, keys: Collection[str], limits: Limits | None = None) -> Iterator[Record]:
    """The records of a file; `keys` are those under which a page may hold them.

    Raises:
        Fault: the document is not JSON, or the file cannot be unpacked.
    """
    name = source.file.lower().removesuffix(".gz").removesuffix(".zip")
    if name.endswith(_LINES):
        yield from _lines(source, keys, limits)
        return
    text = whole_text(source, limits)
    first, _, rest = text.lstrip().partition("\n")
    if rest.strip() and _is_object(first):
        yield from _split(text, keys)
    else:
        yield from _document(text, source.file, keys)


def read_json(source: Opened, columns: Collection[str], limits: Limits | None = None) -> Table:
    """Rows that are JSON objects; a column is a dotted path into one (`priority.value`)."""
    sheet = Sheet(list(columns))
    table = Table(sheet.header, iter(()), read_as("JSON rows", source))

    def rows() -> Iterator[Row]:
        for record in records(source, ("records", "result", "rows", "value"), limits):
            values = {
                column: found
                for column in columns
                if (found := record.value.get(column, at_path(record.value, column))) is not None
            }
            yield row_of(sheet, source.file, record, values, flaw=record.flaw)
        table.notes.extend(sheet.notes())

    table.rows = rows()
    return table


def read_as(what: str, source: Opened) -> str:
    """How a file was read, for the provenance."""
    return what + (f", {source.packing}" if source.packing else "")


def _is_object(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except (ValueError, RecursionError):
        return False


def _lines(source: Opened, keys: Collection[str], limits: Limits | None) -> Iterator[Record]:
    for number, raw in lines(source, limits):
        if raw is None:
            flaw = Flaw((), "", "the line is too long", "split the file, or raise the limit")
            yield Record({}, number, "", flaw=flaw)
            continue
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError as error:
            found = f"byte 0x{raw[error.start]:02x}"
            flaw = Flaw((), found, "the line is not UTF-8", "save the file as UTF-8")
            yield Record({}, number, "", flaw=flaw, column=column_of(error))
            continue
        if text.strip():
            yield from _line(text, number, keys)


def _split(text: str, keys: Collection[str]) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield from _line(line.rstrip("\r"), number, keys)


def _line(text: str, number: int, keys: Collection[str]) -> Iterator[Record]:
    try:
        found = DECODER.decode(text)
    except (json.JSONDecodeError, Refused, RecursionError) as error:
        wrong = misread(error, text, end="the end of the line")
        flaw = Flaw((), wrong.found, wrong.reason, wrong.remedy or "write one object on each line")
        yield Record({}, number, "", flaw=flaw, column=wrong.at + 1)
        return
    opened = list(_opened(found, number, keys))
    if any(record.flaw is not None for record in opened):
        columns = {record.path: record.column for record in _document(text, "", keys)}
        opened = [replace(record, column=columns.get(record.path)) for record in opened]
    yield from opened


def _opened(found: object, number: int, keys: Collection[str]) -> Iterator[Record]:
    """The records of one value of which no line is known but its first."""
    pages = [key for key in keys if isinstance(found, dict) and isinstance(found.get(key), list)]
    if isinstance(found, dict) and pages:
        for key in pages:
            for i, each in enumerate(found[key]):
                yield _record(each, number, f"{key}[{i}]", key)
    elif isinstance(found, list):
        for i, each in enumerate(found):
            yield _record(each, number, f"[{i}]", "")
    else:
        yield _record(found, number, "", "")


def _record(found: object, line: int, path: str, key: str, column: int | None = None) -> Record:
    if isinstance(found, dict):
        return Record(found, line, path, key)
    flaw = Flaw((), show(found), f"a record is {kind_of(found)}, not a mapping", "write a mapping")
    return Record({}, line, path, key, flaw, column)


class _Walk:
    """A position in a JSON text, with its line, as far as `peek` has looked."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.at, self.line, self._counted, self._begin = 0, 1, 0, 0

    @property
    def column(self) -> int:
        """Which character of its line (from 1) the position is."""
        return self.at - self._begin + 1

    def peek(self) -> str:
        """The next character that is no blank, or nothing at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        ends = self.text.count("\n", self._counted, self.at)
        if ends:
            # From here on only: an export of a gigabyte may stand on one line.
            self.line += ends
            self._begin = self.text.rfind("\n", self._counted, self.at) + 1
        self._counted = self.at
        return self.text[self.at : self.at + 1]

    def take(self, wanted: str, path: str) -> None:
        if self.peek() != wanted:
            raise self.due(wanted, path)
        self.at += 1

    def comma(self, path: str, before: str, what: str) -> None:
        """Take a comma, which has to come before another such thing and not before the end."""
        self.take(",", path)
        if self.peek() == before:
            raise self.due(what, path)

    def key(self, seen: set[str]) -> str:
        """Take a key of an object that has those already."""
        if self.peek() != '"':
            raise self.due("a key in double quotes", "")
        start = self.at
        key = str(self.value(""))
        if key in seen:
            reason, found, remedy = twice(key).args
            raise self.fault(start, reason, found, key, remedy)
        seen.add(key)
        return key

    def value(self, path: str) -> object:
        self.peek()
        try:
            found, self.at = DECODER.raw_decode(self.text, self.at)
        except (json.JSONDecodeError, Refused, RecursionError) as error:
            wrong = misread(error, self.text, self.at, end=_END)
            raise self.fault(wrong.at, wrong.reason, wrong.found, path, wrong.remedy) from None
        return found

    def due(self, what: str, path: str) -> Fault:
        """Something else stands at the position."""
        rest = self.text[self.at : self.at + 20]
        return self.fault(self.at, f"not JSON: {what} is due", show(rest) if rest else _END, path)

    def fault(self, at: int, reason: str, found: str, path: str, remedy: str = "") -> Fault:
        """What is wrong at a character of the text."""
        place = Place(self.file, *line_and_column(self.text, at), path)
        return Fault(place, reason, found, remedy or "export it again")


def _document(text: str, file: str, keys: Collection[str]) -> Iterator[Record]:
    walk = _Walk(text, file)
    while walk.peek():
        if walk.peek() == "[":
            yield from _array(walk, "", "")
        elif walk.peek() == "{":
            yield from _page(walk, keys)
        else:
            line, column = walk.line, walk.column
            yield _record(walk.value(""), line, "", "", column)


def _page(walk: _Walk, keys: Collection[str]) -> Iterator[Record]:
    line, start = walk.line, walk.at
    walk.take("{", "")
    paged = False
    seen: set[str] = set()
    while walk.peek() != "}":
        key = walk.key(seen)
        walk.take(":", key)
        if key in keys and walk.peek() == "[":
            paged = True
            yield from _array(walk, key, key)
        else:
            walk.value(key)
        if walk.peek() != "}":
            walk.comma(key, "}", "a key in double quotes")
    walk.take("}", "")
    if not paged:
        end = walk.at
        walk.at = start
        yield _record(walk.value(""), line, "", "")
        walk.at = end


def _array(walk: _Walk, path: str, key: str) -> Iterator[Record]:
    walk.take("[", path)
    i = 0
    while walk.peek() != "]":
        here = f"{path}[{i}]"
        line, column = walk.line, walk.column
        yield _record(walk.value(here), line, here, key, column)
        i += 1
        if walk.peek() != "]":
            walk.comma(here, "]", "a value")
    walk.take("]", path)


def row_of(
    sheet: Sheet,
    file: str,
    record: Record,
    values: Mapping[str, object],
    *,
    before: Mapping[str, object] | None = None,
    flaw: Flaw | None = None,
    attached: bool = False,
    lost: bool = False,
) -> Row:
    """The row of a record of a file, where it stands in it."""
    return sheet.row(
        values,
        record.line,
        record.path,
        before=before,
        flaw=flaw,
        attached=attached,
        lost=lost,
        file=file,
        column=record.column,
    )
