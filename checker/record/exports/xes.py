"""XES event logs (IEEE 1849) to rows: one for each event of each trace.

Columns: the keys of an event's attributes (`concept:name`, `time:timestamp`, `lifecycle:transition`), those of nested
attributes with a slash; `trace:…` for those of its trace; `classifier:NAME` for the values that make up a classifier of
the log, joined by `+`. The values under `global` are defaults for writers and no events: they are not read.

The document is read as it comes, and never expanded: a document type, an entity or a reference to another file is
refused. Stamps are `xs:dateTime`, mostly with an offset.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Final

from checker.record.exports.json_records import read_as
from checker.record.exports.sheet import Sheet
from checker.record.exports.xml_events import XmlReader
from checker.record.files import Limits, Opened, chunks
from checker.record.flaws import Flaw, show
from checker.record.tables import Row, Table

_VALUES: Final = frozenset({"string", "date", "int", "float", "boolean", "id"})
_MOST_TEXT: Final = 1 << 20


def read_xes(source: Opened, columns: Collection[str], limits: Limits | None = None) -> Table:
    """The rows of an XES document.

    Raises:
        Fault: not XML or not XES; a document type or an entity; nested too deep; or more than the limits allow.
    """
    sheet = Sheet(list(columns))
    table = Table(sheet.header, iter(()), read_as("XES", source))

    def rows() -> Iterator[Row]:
        log = _Log(source.file, sheet)
        for raw in chunks(source, limits):
            log.feed(raw)
            while log.rows:
                yield log.rows.popleft()
        log.feed(b"", last=True)
        yield from log.rows
        table.notes.extend(sheet.notes())

    table.rows = rows()
    return table


@dataclass(slots=True)
class _Event:
    line: int
    place: int
    values: dict[str, str] = field(default_factory=dict)
    flaw: Flaw | None = None


class _Log:
    """The state of a document that is being read; `rows` are those that are whole."""

    def __init__(self, file: str, sheet: Sheet) -> None:
        self.rows: deque[Row] = deque()
        self._sheet = sheet
        self._keys: list[str] = []
        self._classifiers: dict[str, list[str]] = {}
        self._trace: dict[str, str] = {}
        self._events: list[_Event] = []
        self._traces = 0
        self._xml = XmlReader(file, self._start, self._end)
        self.feed = self._xml.feed

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if self._xml.path == [name] and name != "log":
            reason = "not an XES log: the document is of another kind"
            raise self._xml.fault(reason, show(name), "export XES")
        if self._xml.path == ["log", "trace"]:
            self._trace, self._events = {}, []
        elif self._xml.path == ["log", "trace", "event"]:
            self._events.append(_Event(self._xml.line, len(self._events)))
        elif self._xml.path == ["log", "classifier"]:
            self._classifiers[attributes.get("name", "")] = attributes.get("keys", "").split()
        elif self._xml.path[:2] == ["log", "trace"] and name in _VALUES:
            self._value(attributes)
        self._keys.append(attributes.get("key", ""))

    def _value(self, attributes: dict[str, str]) -> None:
        key, value = attributes.get("key"), attributes.get("value", "")
        event = self._events[-1] if "event" in self._xml.path else None
        into = self._trace if event is None else event.values
        if not key or len(value) > _MOST_TEXT:
            flaw = Flaw((), show(key or value), "an attribute without a key, or too long", "correct it")
            if event is not None:
                event.flaw = flaw
            return
        path = "/".join([*(k for k in self._keys[2 if event is None else 3 :] if k), key])
        if path in into:
            flaw = Flaw((path,), show(value), "the attribute occurs twice", "write it once")
            if event is not None:
                event.flaw = flaw
            return
        into[path] = value

    def _end(self, name: str) -> None:
        if self._xml.path == ["log", "trace"]:
            # What stands after the events of a trace holds for it, too: rows are made at its end.
            whole = {f"trace:{key}": value for key, value in self._trace.items()}
            for event in self._events:
                values: dict[str, object] = {**whole, **event.values}
                for classifier, keys in self._classifiers.items():
                    values[f"classifier:{classifier}"] = "+".join(event.values.get(key, "") for key in keys)
                within = f"trace {self._traces}, event {event.place}"
                self.rows.append(self._sheet.row(values, event.line, within, flaw=event.flaw))
            self._traces += 1
        self._keys.pop()
