"""Zendesk tickets, their audits, the events of their metrics and the users, as the API gives them, to rows.

The files may come in any order, each as pages, arrays or JSON Lines; what a record is, its keys tell. An audit makes a
row: the fields that its events set, and its comment. A ticket, a metric event and a user make rows without a time.
Columns: `ticket_id`, `id`, `time`, `row` (created, audit, ticket, metric), `via` (the channel); each field by its name
(`status`, `priority`, or the number of a custom field); `comment` (`public by requester`; see `_comment`);
`created_at`. Of the present only, and for what does not change: `ticket.…` (a dotted path), `metric_events` (Zendesk's
own clocks, a list) and `sla.breached`.

The first audit of a ticket sets its fields with events of the type Create. A history that begins otherwise, or a change
whose `previous_value` is not the value before, leaves a gap. `List all audits` omits archived tickets: they are set
aside, since nothing of their history is there. Sources: the pages `Ticket Audits`, `Ticket Metric Events` and
`Incremental Exports` of the Zendesk API reference.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from checker.record.exports.json_records import Record, records, row_of
from checker.record.exports.sheet import (
    Sheet,
    at_path,
    by_number,
    cell,
    list_of,
    mapping_of,
    same,
    visibility,
)
from checker.record.files import Limits, Opened
from checker.record.flaws import Flaw
from checker.record.model import Place
from checker.record.tables import Row

KEYS: Final = ("tickets", "audits", "ticket_metric_events", "ticket_events", "users", "results")
_SYSTEM: Final = "-1"
_BROKEN: Final = (
    "a change begins from another value than the last one left: a change is missing from the export"
)
_NO_START: Final = (
    "the first audit of a ticket does not create it: what came before is missing from the export"
)
_TWICE: Final = "an audit occurs twice: taken once"
_NO_USERS: Final = "no file names the users: whether a comment is an agent's or a customer's is not on record"


@dataclass(slots=True)
class _Case:
    ticket: tuple[str, Record] | None = None
    audits: list[tuple[str, Record]] = field(default_factory=list)
    metrics: list[tuple[str, Record]] = field(default_factory=list)


class Zendesk:
    """Gathers the records of all files; `rows` gives the rows of all tickets."""

    def __init__(self, columns: Collection[str]) -> None:
        self.sheet = Sheet(list(columns))
        self._cases: dict[str, _Case] = {}
        self._roles: dict[str, str] = {}
        self._users: list[Row] = []
        self._flawed: list[Row] = []

    def take(self, source: Opened, limits: Limits | None = None) -> int:
        """Read one file and return how many records it holds.

        Raises:
            Fault: the document is not JSON.
        """
        count = 0
        for record in records(source, KEYS, limits):
            count += 1
            value = record.value
            if record.flaw is not None:
                self._flawed.append(row_of(self.sheet, source.file, record, {}, flaw=record.flaw))
            elif "ticket_id" in value and "metric" in value:
                self._case(value["ticket_id"]).metrics.append((source.file, record))
            elif "ticket_id" in value and isinstance(value.get("events"), list):
                self._case(value["ticket_id"]).audits.append((source.file, record))
            elif "id" in value and "status" in value:
                self._case(value["id"]).ticket = (source.file, record)
            elif "id" in value and "role" in value:
                self._roles[cell(value["id"])] = cell(value["role"])
            else:
                reason = "neither a ticket nor an audit, a metric event or a user"
                flaw = Flaw((), ", ".join(list(value)[:6]), reason, "leave the record out")
                self._flawed.append(row_of(self.sheet, source.file, record, {}, flaw=flaw))
        return count

    def rows(self) -> Iterator[Row]:
        """Every row, those of one ticket together."""
        yield from self._flawed
        if "comment" in self.sheet and not self._roles:
            self.sheet.note(_NO_USERS)
        for number, case in self._cases.items():
            own: dict[str, object] = {"ticket_id": number}
            known: dict[str, object] = {}
            yield from self._audits(own, case, known)
            if case.ticket is not None:
                yield self._present(own, *case.ticket, known)
            yield from self._metrics(own, case.metrics)

    def _case(self, number: object) -> _Case:
        return self._cases.setdefault(cell(number), _Case())

    def _audits(self, own: dict[str, object], case: _Case, known: dict[str, object]) -> Iterator[Row]:
        audits = _ordered(case.audits)
        ticket = case.ticket[1].value if case.ticket is not None else {}
        requester = ticket.get("requester_id")
        seen: set[str] = set()
        for i, (file, record) in enumerate(audits):
            number = cell(record.value.get("id"))
            if number and number in seen:
                self.sheet.note(_TWICE, Place(file, record.line, within=record.path))
                yield row_of(self.sheet, file, record, own, attached=True)
                continue
            seen.add(number)
            values: dict[str, object] = {
                **own,
                "id": record.value.get("id"),
                "time": record.value.get("created_at"),
                "row": "audit",
                "via": at_path(record.value, "via.channel"),
            }
            before: dict[str, object] = {}
            lost = False
            created = False
            for event in map(mapping_of, list_of(record.value.get("events"))):
                kind, column = event.get("type"), cell(event.get("field_name"))
                if kind == "Create":
                    created = True
                    values[column] = known[column] = event.get("value")
                    requester = event.get("value") if column == "requester_id" else requester
                elif kind == "Change":
                    old = event.get("previous_value")
                    if column in self.sheet and column in known and not same(known[column], old):
                        lost = True
                        self.sheet.note(_BROKEN, Place(file, record.line, within=record.path))
                    before[column], values[column] = old, event.get("value")
                    known[column] = event.get("value")
                    requester = event.get("value") if column == "requester_id" else requester
                elif kind == "Comment":
                    values["comment"] = self._comment(event, record.value, requester)
            if i == 0:
                values["created_at"] = ticket.get("created_at") or (values["time"] if created else None)
                if created:
                    values["row"] = "created"
                else:
                    lost = True
                    self.sheet.note(_NO_START, Place(file, record.line, within=record.path))
            yield row_of(self.sheet, file, record, values, before=before, lost=lost)

    def _comment(self, event: Mapping[str, object], audit: Mapping[str, object], requester: object) -> str:
        """Who wrote a comment: public or internal, by requester, system (a rule of Zendesk), agent or end-user (if the
        users are known), else other."""
        seen = visibility(event.get("public"))
        author = cell(event.get("author_id") or audit.get("author_id"))
        if author == _SYSTEM or at_path(audit, "via.channel") in ("rule", "system"):
            by = "system"
        elif author and author == cell(requester):
            by = "requester"
        else:
            role = self._roles.get(author, "other")
            by = "agent" if role == "admin" else role
        return f"{seen} by {by}"

    def _present(self, own: dict[str, object], file: str, record: Record, known: Mapping[str, object]) -> Row:
        values: dict[str, object] = {**own, "row": "ticket"}
        for column in self.sheet.header:
            if column.startswith("ticket."):
                values[column] = at_path(record.value, column.removeprefix("ticket."))
        lost = any(
            column in self.sheet and column in record.value and not same(value, record.value[column])
            for column, value in known.items()
        )
        if lost:
            self.sheet.note(_BROKEN, Place(file, record.line, within=record.path))
        return row_of(self.sheet, file, record, values, attached=True, lost=lost)

    def _metrics(self, own: dict[str, object], found: list[tuple[str, Record]]) -> Iterator[Row]:
        told = [
            {
                key: record.value[key]
                for key in ("metric", "instance_id", "type", "time", "sla")
                if key in record.value
            }
            for _, record in found
            if record.value.get("deleted") is not True
        ]
        for i, (file, record) in enumerate(found):
            values: dict[str, object] = {**own, "row": "metric"}
            if i == 0:
                values["metric_events"] = told
                values["sla.breached"] = any(each.get("type") == "breach" for each in told)
            yield row_of(self.sheet, file, record, values, attached=True)


def _ordered(audits: Iterable[tuple[str, Record]]) -> list[tuple[str, Record]]:
    """Audits by their numbers, which Zendesk gives in order of time."""
    out = list(audits)
    if by_number(record.value.get("id") for _, record in out):
        out.sort(key=lambda pair: int(cell(pair[1].value.get("id"))))
    return out
