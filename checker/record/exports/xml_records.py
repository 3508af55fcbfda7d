"""Records of an XML export whose root holds one element for each record, and each record one for each field.

ServiceNow unloads a list so: `<unload><incident action="INSERT_OR_UPDATE"><number>INC1</number>…</incident></unload>`.
The text of a field is its value; a label beside it (`display_value="…"`) is left out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import Final

from checker.record.exports.json_records import Record
from checker.record.exports.xml_events import XmlReader
from checker.record.files import Limits, Opened, chunks
from checker.record.flaws import Flaw

_MOST_TEXT: Final = 1 << 20


def xml_records(source: Opened, limits: Limits | None = None) -> Iterator[Record]:
    """The records of a document.

    Raises:
        Fault: as `XmlReader`; or the file expands to more than the limits allow.
    """
    reader = _Reader(source.file)
    for raw in chunks(source, limits):
        reader.xml.feed(raw)
        while reader.found:
            yield reader.found.popleft()
    reader.xml.feed(b"", last=True)
    yield from reader.found


class _Reader:
    def __init__(self, file: str) -> None:
        self.found: deque[Record] = deque()
        self.xml = XmlReader(file, self._start, self._end, self._text)
        self._count = 0
        self._line = 0
        self._value: dict[str, object] = {}
        self._flaw: Flaw | None = None
        self._parts: list[str] = []
        self._size = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self.xml.path) == 2:
            self._line, self._value, self._flaw = self.xml.line, {}, None
        elif len(self.xml.path) == 3:
            self._parts, self._size = [], 0
            if name in self._value:
                self._flaw = Flaw((name,), "", "the field occurs twice", "write it once")

    def _text(self, text: str) -> None:
        if len(self.xml.path) == 3:
            self._size += len(text)
            if self._size > _MOST_TEXT:
                self._flaw = Flaw((self.xml.path[-1],), "", "the field is too long", "leave it out")
                self._parts = []
            else:
                self._parts.append(text)

    def _end(self, name: str) -> None:
        if len(self.xml.path) == 3:
            self._value[name] = "".join(self._parts).strip()
        elif len(self.xml.path) == 2:
            path = f"{name}[{self._count}]"
            self.found.append(Record(self._value, self._line, path, name, self._flaw))
            self._count += 1
