"""Jira issues with their changelog, as the REST API gives them (`issue?expand=changelog`), to rows.

An issue makes a row for its creation, one for each history of its changelog, one for each comment, and one for what
the issue is at the export. Columns: `key`, `id`, `time`, `row` (created, history, comment, present); a field by its id
or by its name in the changelog, with the label it had (`status`, `customfield_10050`), and `status.id` for its id;
`comment` (`public by reporter`; see `_comment`) and `comment.author`. Of the present only, and for what does not
change: `fields.…` (a dotted path), `sla` (the clocks of Jira itself, a list) and `sla.breached`.

The value of a field at the creation is in no export: it is the value that its first change left, or the present one
if no change names the field and the changelog is whole. A changelog or a list of comments that says it holds fewer
than there are leaves gaps. Stamps carry their offset (`2024-03-01T09:30:00.000+0000`). Sources: the pages on
`Get issue`, `Get changelogs` and `SLA` of the Jira Cloud and Jira Service Management REST API.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Final

from checker.record.exports.json_records import Record, read_as, records, row_of
from checker.record.exports.sheet import Sheet, at_path, by_number, cell, list_of, mapping_of, visibility
from checker.record.files import Limits, Opened
from checker.record.flaws import Flaw, show
from checker.record.model import Place
from checker.record.tables import Row, Table
from checker.record.values import kind_of

_CYCLES: Final = ("completedCycles", "ongoingCycle")
_NO_CHANGELOG: Final = "an issue came without its changelog: nothing that changed in it is on record"
_CUT_CHANGELOG: Final = "a changelog holds fewer histories than it counts: the others may say anything"
_NO_COMMENTS: Final = "an issue came without its comments: whether anybody answered is not on record"
_CUT_COMMENTS: Final = "an issue holds fewer comments than it counts: the others may be answers"
_BROKEN: Final = (
    "a change begins from another value than the last one left: a change is missing from the export"
)


def read_jira(source: Opened, columns: Collection[str], limits: Limits | None = None) -> Table:
    """The rows of a file of issues: an array, a page of a search, or JSON Lines.

    Raises:
        Fault: the document is not JSON.
    """
    sheet = Sheet(list(columns))
    table = Table(sheet.header, iter(()), read_as("Jira issues", source))

    def rows() -> Iterator[Row]:
        for record in records(source, ("issues", "values"), limits):
            if record.flaw is not None:
                yield row_of(sheet, source.file, record, {}, flaw=record.flaw)
            else:
                yield from _Issue(record, sheet, source.file).rows()
        table.notes.extend(sheet.notes())

    table.rows = rows()
    return table


class _Issue:
    """One issue on its way to rows."""

    def __init__(self, record: Record, sheet: Sheet, file: str) -> None:
        self._record, self._sheet, self._file = record, sheet, file
        self._issue = record.value
        self._fields = mapping_of(self._issue.get("fields"))
        self._own = {"key": self._issue.get("key"), "id": self._issue.get("id")}
        self._lost_first = self._lost_always = self._lost_after = False

    def rows(self) -> Iterator[Row]:
        if not self._fields:
            flaw = Flaw(("fields",), "", "the issue has no fields", "export it with all fields")
            yield self._row({}, "", flaw=flaw)
            return
        histories = self._histories()
        comments = self._comments()
        initial = self._initial(histories)
        created = {**initial, "row": "created", "time": self._fields.get("created")}
        # What is not known of the creation is left out: the row itself lacks nothing.
        yield self._row(created, "", sure=True)
        yield from self._changes(histories)
        for path, comment in comments:
            yield self._comment(path, comment)
        yield self._present()

    def _histories(self) -> list[tuple[str, object]]:
        """The histories with their paths, the oldest first."""
        log = self._issue.get("changelog")
        if not isinstance(log, dict) or not isinstance(log.get("histories", log.get("values")), list):
            self._say(_NO_CHANGELOG)
            self._lost_always = True
            return []
        key = "histories" if "histories" in log else "values"
        found = log[key]
        total = log.get("total")
        if isinstance(total, int) and total > len(found):
            self._say(_CUT_CHANGELOG)
            self._lost_first = self._lost_after = True
        out = [(f"changelog.{key}[{i}]", each) for i, each in enumerate(found)]
        ids = [mapping_of(each).get("id") for _, each in out]
        if by_number(ids):
            out.sort(key=lambda pair: int(cell(mapping_of(pair[1]).get("id"))))
        elif len(out) > 1 and cell(at_path(out[0][1], "created")) > cell(at_path(out[-1][1], "created")):
            out.reverse()
        return out

    def _comments(self) -> list[tuple[str, object]]:
        if "comment" not in self._sheet:
            return []
        found = self._fields.get("comment")
        listed = found.get("comments") if isinstance(found, dict) else found
        if not isinstance(listed, list):
            self._say(_NO_COMMENTS)
            self._lost_always = True
            return []
        total = found.get("total") if isinstance(found, dict) else None
        if isinstance(total, int) and total > len(listed):
            self._say(_CUT_COMMENTS)
            self._lost_always = True
        return [(f"fields.comment.comments[{i}]", each) for i, each in enumerate(listed)]

    def _initial(self, histories: list[tuple[str, object]]) -> dict[str, object]:
        """The fields as they were at the creation, where the changelog tells."""
        if self._lost_first or (self._lost_always and not histories):
            return {}
        out: dict[str, object] = {}
        for _, history in histories:
            for item in map(mapping_of, list_of(mapping_of(history).get("items"))):
                for column, label, number in _changed(item, "fromString", "from"):
                    out.setdefault(column, label)
                    out.setdefault(f"{column}.id", number)
        for column, found in self._fields.items():
            if column not in out and not _is_clock(found):
                out[column] = _label(found)
                out[f"{column}.id"] = at_path(found, "id")
        return out

    def _changes(self, histories: list[tuple[str, object]]) -> Iterator[Row]:
        known: dict[str, str] = {}
        first = True
        for path, history in histories:
            if not isinstance(history, dict) or not isinstance(history.get("items"), list):
                flaw = Flaw(
                    (), show(history), f"a history is {kind_of(history)} without items", "export it again"
                )
                yield self._row({}, path, flaw=flaw)
                continue
            values: dict[str, object] = {"row": "history", "time": history.get("created")}
            before: dict[str, object] = {}
            broken = False
            for item in map(mapping_of, history["items"]):
                for column, label, number in _changed(item, "toString", "to"):
                    values[column], values[f"{column}.id"] = label, number
                for column, label, number in _changed(item, "fromString", "from"):
                    before[column], before[f"{column}.id"] = label, number
                    broken |= self._breaks(known, column, label, number)
            known.update({column: cell(value) for column, value in values.items()})
            if broken:
                self._say(_BROKEN, path)
            yield self._row(values, path, before=before, lost=broken or (first and self._lost_first))
            first = False
        # What the last changes left should be what the issue now is.
        for column, found in self._fields.items():
            if self._breaks(known, column, _label(found), at_path(found, "id")):
                self._say(_BROKEN)
                self._lost_after = True

    def _breaks(self, known: Mapping[str, str], column: str, label: object, number: object) -> bool:
        """Whether a value contradicts the last one known; ids are compared if there are any, since labels change."""
        if column not in self._sheet or column not in known:
            return False
        old = known.get(f"{column}.id", "")
        if old and cell(number):
            return old != cell(number)
        return known[column] != cell(label)

    def _comment(self, path: str, comment: object) -> Row:
        """`comment` says who wrote it: public, internal or unseen (the export does not say), by reporter, customer,
        app or other. Nothing in an issue says who is staff."""
        if not isinstance(comment, dict):
            flaw = Flaw(
                (), show(comment), f"a comment is {kind_of(comment)}, not a mapping", "export it again"
            )
            return self._row({}, path, flaw=flaw)
        seen = visibility(_public(comment))
        author = mapping_of(comment.get("author"))
        who, reporter = _person(author), _person(mapping_of(self._fields.get("reporter")))
        kind = author.get("accountType")
        if who and who == reporter:
            by = "reporter"
        elif kind in ("customer", "app"):
            by = str(kind)
        else:
            by = "other" if who else "nobody named"
        values = {
            "row": "comment",
            "time": comment.get("created"),
            "comment": f"{seen} by {by}",
            "comment.author": who,
        }
        return self._row(values, path)

    def _present(self) -> Row:
        values: dict[str, object] = {"row": "present"}
        for column in self._sheet.header:
            if column.startswith("fields."):
                values[column] = at_path(self._issue, column)
        clocks = [found for found in self._fields.values() if _is_clock(found)]
        if clocks:
            told = [cycle for each in clocks for cycle in _told(mapping_of(each))]
            values["sla"] = told
            values["sla.breached"] = any(cycle["breached"] is True for cycle in told)
        return self._row(values, "fields", attached=True, lost=self._lost_after or self._lost_always)

    def _row(
        self,
        values: Mapping[str, object],
        path: str,
        *,
        before: Mapping[str, object] | None = None,
        flaw: Flaw | None = None,
        attached: bool = False,
        lost: bool = False,
        sure: bool = False,
    ) -> Row:
        within = ".".join(part for part in (self._record.path, path) if part)
        return self._sheet.row(
            {**self._own, **values},
            self._record.line,
            within,
            before=before,
            flaw=flaw,
            attached=attached,
            lost=lost or (self._lost_always and not sure),
        )

    def _say(self, text: str, path: str = "") -> None:
        within = ".".join(part for part in (self._record.path, path) if part)
        self._sheet.note(text, Place(self._file, self._record.line, within=within))


def _changed(item: Mapping[str, object], label: str, number: str) -> Iterator[tuple[str, object, object]]:
    """The columns of a changed field, by its id and by its name, with its label and its id on one side."""
    shown = item.get(label) if item.get(label) is not None else item.get(number)
    for column in dict.fromkeys(cell(item.get(key)) for key in ("fieldId", "field")):
        if column:
            yield column, shown, item.get(number)


def _label(found: object) -> object:
    """A present value as the changelog would name it."""
    if isinstance(found, dict):
        return next((found[key] for key in ("name", "value", "displayName") if key in found), found)
    return found


def _person(author: Mapping[str, object]) -> str:
    return cell(next((author[key] for key in ("accountId", "key", "name") if author.get(key)), None))


def _public(comment: Mapping[str, object]) -> object:
    """Whether customers see a comment, as Jira Cloud says it or, in a property, Jira Data Center."""
    if isinstance(comment.get("jsdPublic"), bool):
        return comment["jsdPublic"]
    for each in map(mapping_of, list_of(comment.get("properties"))):
        internal = at_path(each.get("value"), "internal")
        if each.get("key") == "sd.public.comment" and isinstance(internal, bool):
            return not internal
    return None


def _is_clock(found: object) -> bool:
    return isinstance(found, dict) and any(key in found for key in _CYCLES)


def _told(found: Mapping[str, object]) -> list[dict[str, object]]:
    """A clock of Jira: its cycles with their instants and what Jira says of them."""
    cycles = [mapping_of(each) for each in list_of(found.get("completedCycles"))]
    if isinstance(found.get("ongoingCycle"), dict):
        cycles.append(mapping_of(found["ongoingCycle"]))
    return [
        {
            "clock": cell(found.get("name")),
            "start": _instant(each.get("startTime")),
            "stop": _instant(each.get("stopTime")),
            "breach": _instant(each.get("breachTime")),
            "breached": each.get("breached"),
        }
        for each in cycles
    ]


def _instant(found: object) -> object:
    return at_path(found, "iso8601") if isinstance(found, dict) else found
