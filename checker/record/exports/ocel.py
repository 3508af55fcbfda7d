"""OCEL 2.0 logs as JSON to rows: one for each event in which a ticket takes part, one for each change of a ticket.

The type of the objects that are tickets is named by the mapping (`source: {object_type: …}`). Columns: `object` (the
ticket's id), `time`, `event` (the event's id), `type` (its type), `qualifier` (of the ticket in it); the event's own
attributes by their names; `object:…` for an attribute of the ticket, which holds from its time on; `related:TYPE` for
the first object of another type in the event. Values of the ticket with a time no later than its first event (by
convention 1970-01-01T00:00:00Z) are those of its beginning and stand in the row of that event.

Source: the specification of OCEL 2.0 (2024), section JSON.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Final

from checker.record.exports.json_records import read_as
from checker.record.exports.sheet import Sheet, cell, list_of, mapping_of
from checker.record.files import Limits, Opened, whole_text
from checker.record.flaws import Flaw, did_you_mean, one_of, show
from checker.record.instants import BadInstant, parse_instant
from checker.record.json_text import DECODER, Refused, line_and_column, misread
from checker.record.model import Fault, Place
from checker.record.tables import Row, Table
from checker.record.values import kind_of

_AGAIN: Final = "export it again"
_OTHERS: Final = "events in which no ticket takes part: not read"
_TWICE: Final = "a relationship occurs twice: taken once"


def read_ocel(
    source: Opened, columns: Collection[str], object_type: str | None, limits: Limits | None = None
) -> Table:
    """The rows of an OCEL document.

    Raises:
        Fault: not JSON or not OCEL, or no object has the type of tickets.
    """
    sheet = Sheet(list(columns))
    document = _document(source, limits)
    log = _Ocel(document, source.file, sheet, object_type)
    table = Table(sheet.header, iter(()), read_as("OCEL 2.0 JSON", source))

    def rows() -> Iterator[Row]:
        yield from log.rows()
        table.notes.extend(sheet.notes())

    table.rows = rows()
    return table


def _document(source: Opened, limits: Limits | None) -> dict[str, object]:
    text = whole_text(source, limits)
    place = Place(source.file)
    try:
        found = DECODER.decode(text)
    except (json.JSONDecodeError, Refused, RecursionError) as error:
        wrong = misread(error, text, end="the end of the file")
        at = Place(source.file, *line_and_column(text, wrong.at))
        raise Fault(at, wrong.reason, wrong.found, wrong.remedy or _AGAIN) from None
    if not isinstance(found, dict):
        at = Place(source.file, *line_and_column(text, len(text) - len(text.lstrip())))
        raise Fault(at, f"the document is {kind_of(found)}, not a mapping", show(found), _AGAIN)
    for key in ("events", "objects"):
        if not isinstance(found.get(key), list):
            raise Fault(place, f"not OCEL 2.0: there is no list of {key}", ", ".join(list(found)[:6]), _AGAIN)
    return found


class _Ocel:
    def __init__(self, document: dict[str, object], file: str, sheet: Sheet, object_type: str | None) -> None:
        self._document, self._file, self._sheet = document, file, sheet
        objects = [mapping_of(each) for each in list_of(document["objects"])]
        self._types = {cell(each.get("id")): cell(each.get("type")) for each in objects}
        types = sorted(set(self._types.values()))
        if object_type not in types:
            found = show(object_type) if object_type else ""
            hint = did_you_mean(object_type or "", types) or (f"name {one_of(types)}" if types else _AGAIN)
            raise Fault(Place(file), "which objects are tickets is not known", found, hint)
        self._tickets = {
            cell(each.get("id")): (i, each)
            for i, each in enumerate(objects)
            if each.get("type") == object_type
        }

    def rows(self) -> Iterator[Row]:
        events: dict[str, list[tuple[str, dict[str, object], Flaw | None]]] = {
            key: [] for key in self._tickets
        }
        for i, event in enumerate(list_of(self._document["events"])):
            path = f"events[{i}]"
            if not isinstance(event, dict):
                flaw = Flaw((), show(event), f"an event is {kind_of(event)}, not a mapping", _AGAIN)
                yield self._sheet.row({}, None, path, flaw=flaw)
                continue
            for number, values in self._taking_part(event, path):
                events[number].append((path, values, None))
        for number, (i, thing) in self._tickets.items():
            yield from self._ticket(number, i, thing, events[number])

    def _taking_part(self, event: dict[str, object], path: str) -> Iterator[tuple[str, dict[str, object]]]:
        """The tickets in an event, each with the values of its row."""
        values: dict[str, object] = {
            cell(each.get("name")): each.get("value")
            for each in map(mapping_of, list_of(event.get("attributes")))
        }
        values.update({"event": event.get("id"), "type": event.get("type"), "time": event.get("time")})
        tickets: dict[str, object] = {}
        for relation in map(mapping_of, list_of(event.get("relationships"))):
            number = cell(relation.get("objectId"))
            if number in tickets:
                self._sheet.note(_TWICE, Place(self._file, within=path))
            elif number in self._tickets:
                tickets[number] = relation.get("qualifier")
            elif number in self._types:
                values.setdefault(f"related:{self._types[number]}", number)
        if not tickets:
            self._sheet.note(_OTHERS, Place(self._file, within=path))
        for number, qualifier in tickets.items():
            yield number, {**values, "object": number, "qualifier": qualifier}

    def _ticket(
        self,
        number: str,
        i: int,
        thing: dict[str, object],
        events: list[tuple[str, dict[str, object], Flaw | None]],
    ) -> Iterator[Row]:
        first = min(
            (at for _, values, _ in events if (at := _second(values["time"])) is not None), default=None
        )
        opening: dict[str, object] = {}
        later: list[tuple[str, str, dict[str, object]]] = []
        for j, each in enumerate(map(mapping_of, list_of(thing.get("attributes")))):
            column, at = f"object:{cell(each.get('name'))}", _second(each.get("time"))
            if at is not None and first is not None and at <= first:
                opening[column] = each.get("value")
            else:
                values = {"object": number, "time": each.get("time"), column: each.get("value")}
                later.append((f"objects[{i}].attributes[{j}]", column, values))
        known = dict(opening)
        # A change of the ticket at the instant of an event is part of it, and holds when the event is looked at.
        for path, column, values in sorted(later, key=lambda each: cell(each[2]["time"])):
            yield self._sheet.row(values, None, path, before={column: known.get(column)})
            known[column] = values[column]
        done = False
        for path, values, flaw in events:
            begins = not done and _second(values["time"]) == first
            done = done or begins
            made = {**opening, **values} if begins else values
            yield self._sheet.row(made, None, f"{path}, {number}", flaw=flaw)
        yield self._sheet.row({"object": number}, None, f"objects[{i}]", attached=True)


def _second(found: object) -> int | None:
    try:
        return parse_instant(found)[0] if isinstance(found, str) else None
    except BadInstant:
        return None
