"""Records of a JSON export: JSON Lines, an array, or pages of an API whose records stand under a known key.

A faulty line of JSON Lines is set aside alone. In an array nobody can tell where a faulty record ends, so the
document is refused with the place of the fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from checker.record.exports.sheet import Sheet, at_path
from checker.record.files import Limits, Opened, lines, whole_text
from checker.record.flaws import Flaw, show
from checker.record.json_text import DECODER, Refused, plain
from checker.record.model import Fault, Place
from checker.record.tables import Row, Table
from checker.record.values import kind_of

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_LINES: Final = (".jsonl", ".ndjson")


@dataclass(frozen=True, slots=True)
class Record:
    """One record of an export: its line, its path in the document, and what is wrong with it, if anything.

    `key` is the key of the page that it stood under, if any.
    """

    value: dict[str, object]
    line: int
    path: str
    key: str = ""
    flaw: Flaw | None = None


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
            yield sheet.row(values, record.line, record.path, flaw=record.flaw)
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
            yield Record({}, number, "", flaw=flaw)
            continue
        if text.strip():
            yield from _line(text, number, keys)


def _split(text: str, keys: Collection[str]) -> Iterator[Record]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield from _line(line, number, keys)


def _line(text: str, number: int, keys: Collection[str]) -> Iterator[Record]:
    try:
        found = DECODER.decode(text)
    except json.JSONDecodeError as error:
        at = text[error.pos : error.pos + 20]
        reason = f"not JSON: {plain(error.msg)}"
        flaw = Flaw((), show(at) if at else "the end of the line", reason, "write one object on each line")
    except Refused as error:
        flaw = Flaw((), error.args[1], error.args[0], error.args[2])
    except RecursionError:
        flaw = Flaw((), "", "nested too deep", "flatten the value")
    else:
        yield from _opened(found, number, keys)
        return
    yield Record({}, number, "", flaw=flaw)


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


def _record(found: object, line: int, path: str, key: str) -> Record:
    if isinstance(found, dict):
        return Record(found, line, path, key)
    flaw = Flaw((), show(found), f"a record is {kind_of(found)}, not a mapping", "write a mapping")
    return Record({}, line, path, key, flaw)


class _Walk:
    """A position in a JSON text, with its line."""

    def __init__(self, text: str, file: str) -> None:
        self.text, self.file = text, file
        self.at, self.line, self._counted = 0, 1, 0

    def peek(self) -> str:
        """The next character that is no blank, or nothing at the end."""
        match = _SPACE.match(self.text, self.at)
        self.at = match.end() if match else self.at
        self.line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self.text[self.at : self.at + 1]

    def take(self, wanted: str, path: str) -> None:
        if self.peek() != wanted:
            rest = self.text[self.at : self.at + 20]
            raise self.fault(
                f"not JSON: {wanted} is due", show(rest) if rest else "the end of the file", path
            )
        self.at += 1

    def value(self, path: str) -> object:
        self.peek()
        try:
            found, self.at = DECODER.raw_decode(self.text, self.at)
        except json.JSONDecodeError as error:
            self.at = error.pos
            rest = self.text[error.pos : error.pos + 20]
            self.line += self.text.count("\n", self._counted, error.pos)
            found = show(rest) if rest else "the end of the file"
            raise self.fault(f"not JSON: {plain(error.msg)}", found, path) from None
        except Refused as error:
            raise self.fault(error.args[0], error.args[1], path, error.args[2]) from None
        except RecursionError:
            raise self.fault("nested too deep", "", path, "flatten the value") from None
        return found

    def fault(self, reason: str, found: str, path: str, remedy: str = "export it again") -> Fault:
        return Fault(Place(self.file, self.line, within=path), reason, found, remedy)


def _document(text: str, file: str, keys: Collection[str]) -> Iterator[Record]:
    walk = _Walk(text, file)
    while walk.peek():
        if walk.peek() == "[":
            yield from _array(walk, "", "")
        elif walk.peek() == "{":
            yield from _page(walk, keys)
        else:
            line = walk.line
            yield _record(walk.value(""), line, "", "")


def _page(walk: _Walk, keys: Collection[str]) -> Iterator[Record]:
    line, start = walk.line, walk.at
    walk.take("{", "")
    paged = False
    while walk.peek() != "}":
        key = walk.value("")
        walk.take(":", str(key))
        if key in keys and walk.peek() == "[":
            paged = True
            yield from _array(walk, str(key), str(key))
        else:
            walk.value(str(key))
        if walk.peek() != "}":
            walk.take(",", str(key))
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
        line = walk.line
        yield _record(walk.value(here), line, here, key)
        i += 1
        if walk.peek() != "]":
            walk.take(",", here)
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
    )
