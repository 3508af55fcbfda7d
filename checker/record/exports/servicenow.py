"""ServiceNow incidents (or other tasks), the rows of sys_audit and of task_sla, to rows of changes.

Three exports, CSV, JSON or XML, in any order, told by their columns: sys_audit has `fieldname` and `newvalue`, task_sla
has `planned_end_time`, the table of tasks has `sys_id` and `number`. A row of sys_audit is the change of one field; rows of one
`record_checkpoint` are one update. Columns of the rows made here: `number`, `sys_id`, `time`, `revision`, `row`
(created, audit, clock, present), `user`, and each audited field by its name. `opened_at` and `sys_created_on` are the
task's. Of the present only: `present.…`, `task_sla` (the clocks of ServiceNow itself, a list) and `sla.breached`.

What a field held at the creation is what the insert says (checkpoint 0), or what its first change left. A field without
an audit row need not be audited at all: that it has always held its present value is for the mapping to assume
(`source: {unchanged: …}`). Values in sys_audit are those of the database (state 2), those of a list export may be
labels (In Progress). Sources: the pages `Understanding the sys_audit table` and `Task SLA table` of the ServiceNow
product documentation.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from checker.record.exports.json_records import Record, records, row_of
from checker.record.exports.sheet import Sheet, cell
from checker.record.exports.xml_records import xml_records
from checker.record.files import Limits, Opened, head
from checker.record.flaws import Flaw, show
from checker.record.model import Place
from checker.record.tables import Row, read_table

_KEYS: Final = ("records", "result")
_COLUMNS: Final = ("documentkey", "fieldname", "newvalue", "oldvalue", "sys_id", "number", "planned_end_time")
_CLOCK: Final = (
    "sla",
    "stage",
    "has_breached",
    "start_time",
    "end_time",
    "planned_end_time",
    "schedule",
    "timezone",
)
_BROKEN: Final = (
    "an audit row begins from another value than the last one left: a change is missing from the export"
)
_LABELS: Final = (
    "the table of tasks shows labels where sys_audit has values: whether a change is missing after the last one "
    "cannot be told"
)
_OTHER_TABLE: Final = "audit rows of other tables: not read"
_TIMES: Final = ("opened_at", "sys_created_on")


@dataclass(slots=True)
class _Task:
    file: str = ""
    record: Record | None = None
    audit: list[tuple[str, Record]] = field(default_factory=list)
    clocks: list[tuple[str, Record]] = field(default_factory=list)


class ServiceNow:
    """Gathers the records of all files; `rows` gives the rows of all tasks."""

    def __init__(
        self,
        columns: Collection[str],
        *,
        unchanged: bool = False,
        encoding: str | None = None,
        delimiter: str | None = None,
    ) -> None:
        self.sheet = Sheet(list(columns))
        self._unchanged, self._encoding, self._delimiter = unchanged, encoding, delimiter
        self._tasks: dict[str, _Task] = {}
        self._names: dict[str, str] = {}
        self._audit: list[tuple[str, Record]] = []
        self._clocks: list[tuple[str, Record]] = []
        self._flawed: list[Row] = []

    def take(self, source: Opened, limits: Limits | None = None) -> int:
        """Read one file and return how many records it holds.

        Raises:
            Fault: the file is neither JSON, nor XML, nor a table.
        """
        count = 0
        for record in self._records(source, limits):
            value = record.value
            count += 1
            if record.flaw is not None:
                self._flawed.append(row_of(self.sheet, source.file, record, {}, flaw=record.flaw))
            elif "fieldname" in value and "newvalue" in value:
                self._audit.append((source.file, record))
            elif "planned_end_time" in value:
                self._clocks.append((source.file, record))
            elif value.get("number"):
                number = cell(value["number"])
                task = self._tasks.setdefault(number, _Task())
                if task.record is not None:
                    flaw = Flaw(("number",), show(number), "the task stands twice", "export it once")
                    self._flawed.append(
                        row_of(self.sheet, source.file, record, {"number": number}, flaw=flaw)
                    )
                    continue
                task.file, task.record = source.file, record
                self._names[number] = self._names[cell(value.get("sys_id")) or number] = number
            else:
                reason = "neither a task nor a row of sys_audit or task_sla"
                flaw = Flaw((), ", ".join(list(value)[:6]), reason, "export the columns that tell them apart")
                self._flawed.append(row_of(self.sheet, source.file, record, {}, flaw=flaw))
        return count

    def rows(self) -> Iterator[Row]:
        """Every row, those of one task together."""
        yield from self._flawed
        yield from self._shared_out()
        for number, task in self._tasks.items():
            yield from self._task(number, task)

    def _records(self, source: Opened, limits: Limits | None) -> Iterator[Record]:
        begins = head(source, 64).removeprefix(b"\xef\xbb\xbf").lstrip()[:1]
        if begins == b"<":
            yield from xml_records(source, limits)
            return
        if begins in (b"{", b"["):
            for record in records(source, _KEYS, limits):
                yield replace(record, value={key: _plain(value) for key, value in record.value.items()})
            return
        table = read_table(
            source, expected=_COLUMNS, encoding=self._encoding, delimiter=self._delimiter, limits=limits
        )
        for row in table.rows:
            value: dict[str, object] = dict(zip(table.header, row.cells, strict=False))
            yield Record(value, row.line or 0, "", "", row.flaw)

    def _shared_out(self) -> Iterator[Row]:
        """Give each audit row and each clock to its task; those of no task are set aside, and given here."""
        for file, record in self._audit:
            key = cell(record.value.get("documentkey"))
            task = self._tasks.get(self._names.get(key, ""))
            if task is not None:
                task.audit.append((file, record))
            elif cell(record.value.get("tablename")) not in ("", "task", "incident"):
                self.sheet.note(_OTHER_TABLE, Place(file, record.line))
            else:
                flaw = Flaw(
                    ("documentkey",),
                    show(key),
                    "no task of the export has this sys_id",
                    "export its task, too",
                )
                yield row_of(self.sheet, file, record, {}, flaw=flaw)
        for file, record in self._clocks:
            key = cell(record.value.get("task") or record.value.get("task.number"))
            task = self._tasks.get(self._names.get(key, ""))
            if task is not None:
                task.clocks.append((file, record))
            else:
                flaw = Flaw(
                    ("task",), show(key), "no task of the export has this number", "export its task, too"
                )
                yield row_of(self.sheet, file, record, {}, flaw=flaw)

    def _task(self, number: str, task: _Task) -> Iterator[Row]:
        if task.record is None:
            return
        present = task.record.value
        own: dict[str, object] = {"number": number, "sys_id": present.get("sys_id")}
        audit = sorted(task.audit, key=lambda pair: _order(pair[1].value))
        values: dict[str, object] = {
            **own,
            **self._initial(present, audit),
            "row": "created",
            "revision": "0",
        }
        self.sheet.saw(present)
        values["time"] = present.get("sys_created_on") or present.get("opened_at")
        values.update({column: present.get(column) for column in _TIMES})
        yield row_of(self.sheet, task.file, task.record, values)
        known: dict[str, str] = {}
        for file, record in audit:
            change = record.value
            name, old, new = (cell(change.get(key)) for key in ("fieldname", "oldvalue", "newvalue"))
            lost = name in self.sheet and name in known and known[name] != old
            if lost:
                self.sheet.note(_BROKEN, Place(file, record.line))
            known[name] = new
            made = {
                **own,
                "row": "audit",
                "time": change.get("sys_created_on"),
                "revision": change.get("record_checkpoint"),
                "user": change.get("user"),
                name: new,
            }
            yield row_of(self.sheet, file, record, made, before={name: old}, lost=lost)
        yield self._present(own, task, known)
        yield from self._clock_rows(own, task.clocks)

    def _initial(self, present: Mapping[str, object], audit: list[tuple[str, Record]]) -> dict[str, object]:
        """The fields as they were at the creation, where anything tells."""
        out: dict[str, object] = {}
        for _, record in audit:
            name = cell(record.value.get("fieldname"))
            at_insert = cell(record.value.get("record_checkpoint")) == "0"
            out.setdefault(name, record.value.get("newvalue" if at_insert else "oldvalue"))
        if self._unchanged:
            for name, value in present.items():
                out.setdefault(name, value)
        return out

    def _present(self, own: dict[str, object], task: _Task, known: Mapping[str, str]) -> Row:
        assert task.record is not None
        present = task.record.value
        values: dict[str, object] = {**own, "row": "present", "revision": present.get("sys_mod_count")}
        values.update({f"present.{name}": value for name, value in present.items()})
        lost = False
        for name, value in known.items():
            now = cell(present.get(name))
            if name not in self.sheet or name not in present or now == value:
                continue
            if value.isdigit() != now.isdigit():
                self.sheet.note(_LABELS, Place(task.file, task.record.line))
            else:
                lost = True
                self.sheet.note(_BROKEN, Place(task.file, task.record.line))
        record = task.record
        within = f"{record.path}: present" if record.path else "present"
        return self.sheet.row(values, record.line, within, attached=True, lost=lost, file=task.file)

    def _clock_rows(self, own: dict[str, object], clocks: list[tuple[str, Record]]) -> Iterator[Row]:
        told = [
            {key: cell(record.value[key]) for key in _CLOCK if key in record.value} for _, record in clocks
        ]
        for i, (file, record) in enumerate(clocks):
            values: dict[str, object] = {**own, "row": "clock"}
            if i == 0:
                values["task_sla"] = told
                values["sla.breached"] = any(each.get("has_breached", "").lower() == "true" for each in told)
            yield row_of(self.sheet, file, record, values, attached=True)


def _order(change: Mapping[str, object]) -> tuple[int, str]:
    checkpoint = cell(change.get("record_checkpoint"))
    return (
        int(checkpoint) if checkpoint.isdigit() and len(checkpoint) < 19 else -1,
        cell(change.get("sys_created_on")),
    )


def _plain(value: object) -> object:
    """The value of a field that comes with its label (`{display_value, value}`)."""
    return value["value"] if isinstance(value, dict) and "value" in value else value
