"""Rows for a mapping out of a format that has none: the columns that its rules read, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from checker.record.flaws import Flaw
from checker.record.model import Note, Place
from checker.record.tables import Row

NOBODY_READS: Final = "the export has no {column}, which the mapping reads"


class Sheet:
    """Makes rows of values by column, and keeps account of columns that no row ever had."""

    def __init__(self, columns: Sequence[str]) -> None:
        self.header = list(columns)
        self._at = {column: i for i, column in enumerate(columns)}
        self._seen: set[str] = set()
        self._notes: dict[str, Note] = {}

    def __contains__(self, column: str) -> bool:
        return column in self._at

    def row(
        self,
        values: Mapping[str, object],
        line: int | None,
        within: str = "",
        *,
        before: Mapping[str, object] | None = None,
        flaw: Flaw | None = None,
        attached: bool = False,
        lost: bool = False,
        file: str = "",
        column: int | None = None,
    ) -> Row:
        """A row; values of columns that no rule reads are left out. `column`: where in its line the flaw is."""
        cells = [""] * len(self.header)
        for name, value in values.items():
            at = self._at.get(name)
            if at is not None:
                cells[at] = cell(value)
                self._seen.add(name)
        old: dict[int, str] = {}
        for name, value in (before or {}).items():
            at = self._at.get(name)
            if at is not None:
                old[at] = cell(value)
        return Row(line, cells, flaw, within, old or None, attached, lost, file, column=column)

    def saw(self, columns: Iterable[str]) -> None:
        """The export has these columns, whether or not a row could use them."""
        self._seen.update(columns)

    def note(self, text: str, place: Place | None = None) -> None:
        """Say something once, with the first place and how often."""
        old = self._notes.get(text)
        self._notes[text] = Note(text, place) if old is None else Note(text, old.place, old.count + 1)

    def notes(self) -> list[Note]:
        """What there is to say once all rows are made."""
        unseen = [
            Note(NOBODY_READS.format(column=column)) for column in self.header if column not in self._seen
        ]
        return [*self._notes.values(), *unseen]


def cell(value: object) -> str:
    """A JSON value as the text of a cell; what has parts stays JSON, and null is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


def at_path(value: object, path: str) -> object:
    """What stands at a dotted path (`fields.priority.name`, `tags.0`), or None."""
    for step in path.split("."):
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and step.isdigit() and int(step) < len(value):
            value = value[int(step)]
        else:
            return None
    return value


def same(a: object, b: object) -> bool:
    """Whether two accounts of one value agree; null and empty text are the same."""
    return cell(a) == cell(b)


def mapping_of(value: object) -> dict[str, object]:
    """The value, if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[object]:
    """The value, if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def by_number(ids: Iterable[object]) -> bool:
    """Whether all ids are whole numbers, so that they can be put in order."""
    return all(cell(each).isdigit() for each in ids)


def visibility(found: object) -> str:
    """Who may see a comment: `public`, `internal`, or `unseen` where the export does not say."""
    if found is True:
        return "public"
    return "internal" if found is False else "unseen"
