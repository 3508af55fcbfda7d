"""Agreements as a table: columns are facts, and the rows of one agreement are its entries of facts that are lists.

Each agreement becomes what its YAML document would be, and is held to the same rules. An empty cell says nothing: what no
row says is not on record. The cell `[]` says that a list has no entry.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path as File
from typing import Final, NamedTuple, cast

from checker.record.agreement_columns import Column, Steps, TableNames, columns_of
from checker.record.files import Limits, opened
from checker.record.flaws import Flaw, Path, show
from checker.record.model import Fault, Place
from checker.record.tables import Table, position, read_table
from checker.record.values import name
from checker.record.words import Words
from checker.record.yaml_text import MOST_VALUES, Document

_EXPECTED: Final = ("agreement", "contract", "time_zone", "country")

Mark = tuple[int, int]
"""A row of a table, and a cell of it from 0."""


class _Said(NamedTuple):
    """An entry of a list: its path, the row that says it, and the cells of it that do."""

    path: Path
    line: int
    cells: Sequence[tuple[int, Column]]

    def marks(self) -> dict[Path, Mark]:
        """Where the entry stands, and each part of it."""
        found: dict[Path, Mark] = {self.path: (self.line, self.cells[0][0])}
        for cell, column in self.cells:
            inner = column.inner or ()
            for i in range(1, len(inner) + 1):
                found.setdefault((*self.path, *inner[:i]), (self.line, cell))
        return found


@dataclass(frozen=True, slots=True)
class TableDocument(Document):
    """An agreement of a table; its marks are rows and cells, and `at` says where those stand. `said`: the entries of its lists."""

    at: Callable[[int, int], Place] = field(kw_only=True, repr=False)
    said: list[_Said] = field(default_factory=list, kw_only=True, repr=False)

    def place(self, path: Path = ()) -> Place:
        """The place of the cell that says a part, or of what is nearest to it."""
        if len(path) > 1:
            # Where the cells of entries stand is worked out, once, where it is asked for.
            for one in self.said:
                self.marks.update(one.marks())
            self.said.clear()
        while path and path not in self.marks:
            path = path[:-1]
        return self.at(*self.marks.get(path, (1, 0)))


def csv_agreements(
    path: str | File,
    *,
    words: Words | None = None,
    names: TableNames | None = None,
    limits: Limits | None = None,
) -> list[Document]:
    """The agreements of a CSV file, in the order of their first rows.

    Raises:
        Fault: a row or a cell that cannot be read: an agreement decides many verdicts, so none is left out quietly.
    """
    with opened(path, limits=limits) as source:
        table = read_table(source, expected=(*_EXPECTED, *(names.columns if names else ())), limits=limits)
        texts: dict[int, str] = {}

        def at(line: int, cell: int) -> Place:
            below, column = position(texts.get(line, ""), table.delimiter, cell) if line in texts else (0, 1)
            return Place(source.file, line + below, column)

        texts[1] = table.delimiter.join(table.header)
        gathered = Gathered(source.file, table.header, at, words, names or TableNames())
        for line, cells in _rows(table, source.file, texts):
            gathered.add(line, cells)
        return gathered.documents()


def _rows(table: Table, file: str, texts: dict[int, str]) -> Iterator[tuple[int, Sequence[object]]]:
    for row in table.rows:
        if row.flaw is not None:
            raise row.flaw.fault(Place(file, row.line))
        assert row.line is not None, "rows of a CSV file have lines"
        texts[row.line] = row.text
        yield row.line, row.cells


@dataclass(slots=True)
class _Made:
    """What the rows of one agreement have said so far, and on which row each entry of a list stands."""

    first: int
    raw: dict[str, object] = field(default_factory=dict)
    marks: dict[Path, Mark] = field(default_factory=dict)
    said: list[_Said] = field(default_factory=list)
    entries: dict[tuple[Steps, str], int] = field(default_factory=dict)

    def set(self, steps: Steps, found: object, mark: Mark) -> bool:
        """Set a fact, or a part of one; False if another row has said the same.

        Raises:
            Flaw: another row says something else.
        """
        within = _inside(self.raw, steps)
        if steps[-1] in within:
            before = within[steps[-1]]
            if before != found:
                reason = f"row {self.marks[steps][0]} says {show(before)}"
                raise Flaw(
                    steps, show(found), reason, "write one value, or leave the cell empty in other rows"
                )
            return False
        within[steps[-1]] = found
        self._mark(steps, mark)
        return True

    def append(self, steps: Steps, entry: object, line: int, cells: Sequence[tuple[int, Column]]) -> None:
        """Append an entry to a list. `cells`: those of the row that say it.

        Raises:
            Flaw: the entry is there already, or another row says that there is none.
        """
        key = (steps, repr(entry))
        if key in self.entries or (steps, "") in self.entries:
            row = self.entries.get(key) or self.entries[steps, ""]
            reason = f"the entry is in row {row} already" if key in self.entries else f"row {row} says []"
            raise Flaw(steps, show(entry), reason, "leave its cells empty where it is said already")
        self.entries[key] = line
        found = cast("list[object]", _inside(self.raw, steps).setdefault(steps[-1], []))
        if not found:
            self._mark(steps, (line, cells[0][0]))
        self.said.append(_Said((*steps, len(found)), line, cells))
        found.append(entry)

    def append_none(self, steps: Steps, mark: Mark) -> bool:
        """Say that a list has no entry; False if another row has said so.

        Raises:
            Flaw: another row has an entry of it.
        """
        if (steps, "") in self.entries:
            return False
        within = _inside(self.raw, steps)
        if steps[-1] in within:
            row = self.marks[steps][0]
            raise Flaw(steps, "[]", f"row {row} has an entry", "leave the cell empty")
        within[steps[-1]] = []
        self.entries[steps, ""] = mark[0]
        self._mark(steps, mark)
        return True

    def _mark(self, steps: Steps, mark: Mark) -> None:
        for i in range(1, len(steps) + 1):
            self.marks.setdefault(steps[:i], mark)


def _inside(raw: dict[str, object], steps: Steps) -> dict[str, object]:
    """The mapping that holds the last of the steps, made where it is not there."""
    for step in steps[:-1]:
        raw = cast("dict[str, object]", raw.setdefault(step, {}))
    return raw


class Gathered:
    """Gathers the rows of a table by agreement."""

    def __init__(
        self,
        file: str,
        header: Sequence[str],
        at: Callable[[int, int], Place],
        words: Words | None,
        names: TableNames,
        document: type[TableDocument] = TableDocument,
    ) -> None:
        self._file = file
        self._document = document
        self._at = at
        columns = list(enumerate(columns_of(header, lambda cell: at(1, cell), words, names)))
        self._plain = [(i, column) for i, column in columns if column is not None and column.inner is None]
        self._lists: dict[Steps, list[tuple[int, Column]]] = {}
        for i, column in columns:
            if column is not None and column.inner is not None:
                self._lists.setdefault(column.outer, []).append((i, column))
        self._id = next(i for i, column in self._plain if column.outer == ("agreement",))
        self._contract = next((i for i, column in self._plain if column.outer == ("contract",)), None)
        self._checked = words.contract if words is not None else None
        self._facts = names.facts
        self._made: dict[str, _Made] = {}
        self._cells = 0
        # The cell that is being read: where a flaw stands.
        self._cell = 0

    def add(self, line: int, cells: Sequence[object]) -> None:
        """Take one row.

        Raises:
            Fault: a cell that cannot be read, or that says something else than another row of its agreement.
        """
        self._cells += len(cells)
        if self._cells > MOST_VALUES:
            raise Fault(self._at(line, 0), "too many values", f"more than {MOST_VALUES}", "split the file")
        try:
            self._row(line, cells)
        except Flaw as flaw:
            marks: dict[Path, Mark] = {(): (line, self._cell)}
            raise self._document(None, self._file, marks, at=self._at).fault(flaw) from None

    def _row(self, line: int, cells: Sequence[object]) -> None:
        self._cell = self._id
        cell = cells[self._id]
        if _empty(cell):
            raise Flaw(("agreement",), "", "the row names no agreement", "name it in each row")
        # The id of an agreement that is there already was found to be one.
        known = type(cell) is str and cell in self._made
        called = cast(str, cell) if known else name(cell, ("agreement",), "the agreement's id")
        made = self._made.get(called)
        news = made is None
        if made is None:
            made = self._made[called] = _Made(line, marks={(): (line, 0)})
        own = self._is_own(made, cells)
        for cell, column in self._plain:
            if not _empty(cells[cell]):
                self._cell = cell
                news |= made.set(column.outer, column.value(cells[cell], own=own), (line, cell))
        for steps, columns in self._lists.items():
            said = [each for each in columns if (found := cells[each[0]]) is not None and found != ""]
            if said:
                news |= self._entries(made, steps, said, cells, line, own)
        if not news:
            self._cell = self._id
            reason = f"the row says nothing that row {made.first} does not"
            raise Flaw(("agreement",), show(called), reason, "leave it out")

    def documents(self) -> list[Document]:
        """The agreements, as if each were a document of its own."""
        return [
            self._document({**self._facts, **made.raw}, self._file, made.marks, at=self._at, said=made.said)
            for made in self._made.values()
        ]

    def _is_own(self, made: _Made, cells: Sequence[object]) -> bool:
        """Whether the agreement is under the contract whose words give the types."""
        here = cells[self._contract] if self._contract is not None else None
        found = here or made.raw.get("contract") or self._facts.get("contract")
        return self._checked is None or found == self._checked

    def _entries(
        self,
        made: _Made,
        steps: Steps,
        said: Sequence[tuple[int, Column]],
        cells: Sequence[object],
        line: int,
        own: bool,
    ) -> bool:
        """The entries of one list that a row has: one of its fields, or all that its one cell holds."""
        first, column = said[0]
        self._cell = first
        if len(said) == 1 and (cells[first] == [] or (cells[first] == "[]" and column.kind != "list")):
            return made.append_none(steps, (line, first))
        entry: dict[str, object] = {}
        for cell, column in said:
            self._cell = cell
            found = column.value(cells[cell], own=own)
            assert column.inner is not None
            if column.inner == ():
                for each in found if isinstance(found, list) else [found]:
                    made.append(steps, each, line, said[:1])
            elif len(column.inner) == 1:
                entry[column.inner[0]] = found
            else:
                _inside(entry, column.inner)[column.inner[-1]] = found
        if entry:
            self._cell = first
            made.append(steps, entry, line, said)
        return True


def _empty(cell: object) -> bool:
    return cell is None or cell == ""
