"""Rows of an export to ticket histories, by a mapping.

All rows are gathered first, since an export need not keep the rows of a ticket together; only the columns
that the rules read are kept. Then each ticket is told on its own: see `telling`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from checker.record.collect import Collector
from checker.record.csv_rows import check_header
from checker.record.flaws import Flaw, did_you_mean, show
from checker.record.grouped import refuse_rows
from checker.record.mapping_model import Mapping
from checker.record.model import Place
from checker.record.places import order_of
from checker.record.tables import Table
from checker.record.telling import Contradiction, Line, Teller, Told
from checker.record.values import name

_NO_HISTORY: Final = Flaw(
    (), "", "the export has the ticket and nothing of its history", "export its history, too"
)


@dataclass(slots=True)
class _Gathered:
    lines: list[Line] = field(default_factory=list)
    attached: list[Line] = field(default_factory=list)

    def places(self) -> list[Place]:
        """Where its rows stand."""
        return [line.place for line in (*self.lines, *self.attached)]


class _Kept(dict[str, str | None]):
    """Cells as they are kept: one text for all that are equal, None for those that are not on record."""

    def __init__(self, missing: frozenset[str], same: dict[str, str]) -> None:
        self._missing = missing
        self._same = same

    def __missing__(self, cell: str) -> str | None:
        found = None if cell in self._missing else self._same.setdefault(cell, cell)
        self[cell] = found
        return found


class MappedRows:
    """Gathers the rows of one or more tables of an export; `finish` tells the tickets.

    `again` has the same rows told by another mapping. `teller`: what tells them, where it has told others before.
    """

    def __init__(
        self,
        into: Collector,
        mapping: Mapping,
        *,
        agreement: str | None = None,
        teller: Teller | None = None,
    ) -> None:
        self._into = into
        self._mapping = mapping
        self._teller = teller or Teller(mapping, agreement)
        self._tickets: dict[str, _Gathered] = {}
        self._broken: list[tuple[str, Place, Flaw]] = []
        self._same: dict[str, str] = {}

    def again(self, into: Collector, mapping: Mapping, agreement: str | None) -> MappedRows | None:
        """The same rows under another mapping; None where it reads other cells, or reads them otherwise.

        `into`: has the account of these rows already.
        """
        mine = self._mapping
        if (mapping.source, mapping.columns, mapping.ticket) != (mine.source, mine.columns, mine.ticket):
            return None
        out = MappedRows(into, mapping, teller=Teller(mapping, agreement, self._teller))
        out._tickets, out._broken = self._tickets, self._broken
        return out

    def read(self, file: str, table: Table) -> int:
        """Read a table and return how many of its rows could be read.

        Raises:
            Fault: a column that the mapping reads is missing or occurs twice.
        """
        renamed = {theirs: ours for ours, theirs in self._mapping.source.columns.items()}
        header = [renamed.get(column, column) for column in table.header]
        absent = self._mapping.source.absent
        due = [column for column in self._mapping.columns if column not in absent]
        check_header(file, header, due, self._mapping.name, self._mapping.source.columns)
        at = [None if column in absent else header.index(column) for column in self._mapping.columns]
        position = {there: here for here, there in enumerate(at) if there is not None}
        id_at = header.index(self._mapping.ticket)
        missing = self._mapping.source.missing
        # A log repeats few distinct cells many times; each is looked at once and kept once.
        kept = _Kept(missing, self._same).__getitem__
        good = 0
        for row in table.rows:
            self._into.rows += 1
            within = row.within
            cells = row.cells
            if row.flaw is not None:
                called = cells[id_at] if id_at < len(cells) else ""
                place = Place(row.file or file, row.line, row.column, within)
                self._broken.append((called, place, row.flaw))
                continue
            ticket = cells[id_at]
            gathered = self._tickets.get(ticket)
            if gathered is None:
                try:
                    self._check_id(ticket)
                except Flaw as flaw:
                    self._into.put_aside(flaw.set_aside(Place(row.file or file, row.line, within=within)))
                    continue
                gathered = self._tickets[ticket] = _Gathered()
            ours = tuple([None if i is None else kept(cells[i]) for i in at])
            before = _before(row.before, position, missing) if row.before else ()
            line = Line(row.file or file, row.line, within, ours, before, row.lost)
            (gathered.attached if row.attached else gathered.lines).append(line)
            good += 1
        for note in table.notes:
            self._into.note(note.text, note.place, note.count)
        return good

    def _check_id(self, ticket: str) -> None:
        path = (self._mapping.ticket,)
        if ticket in self._mapping.source.missing:
            raise Flaw(path, f'"{ticket}"', "the ticket's id is not on record", "write it")
        name(ticket, path, "the ticket's id")

    def finish(self) -> int | None:
        """Account for every row read, and return the latest instant at which a row was written."""
        broken: dict[str, list[tuple[Place, Flaw]]] = {}
        for ticket, place, flaw in self._broken:
            # Which ticket a broken row belongs to is believed only if a sound row has the same id.
            if ticket in self._tickets:
                broken.setdefault(ticket, []).append((place, flaw))
            else:
                self._into.put_aside(flaw.set_aside(place))
        latest: int | None = None
        for ticket, gathered in self._tickets.items():
            self._into.saw_ticket()
            told = self._told(ticket, gathered, broken.get(ticket, []))
            if told is None:
                continue
            self._into.add_ticket(told.ticket, rows=told.ticket.rows)
            self._into.revisions_missing += told.revisions_missing
            for text, place in told.notes:
                self._into.note(text, place)
            latest = told.latest if latest is None else max(latest, told.latest)
        for note in self._teller.notes(self._first):
            self._into.note(note.text, note.place, note.count)
        return latest

    def _first(self, column: str, holds: Callable[[str], bool]) -> tuple[str, Place] | None:
        """The first cell of a column, in the order of the log, for which something holds, and its place."""
        at, wanted = self._mapping.columns.index(column), cache(holds)
        key = order_of(source.file for source in self._into.sources)
        lines = (line for each in self._tickets.values() for line in (*each.lines, *each.attached))
        cells = (
            (cell, line.place) for line in lines if (cell := line.cells[at]) is not None and wanted(cell)
        )
        return min(cells, key=lambda each: key(each[1]), default=None)

    def _told(self, ticket: str, gathered: _Gathered, broken: list[tuple[Place, Flaw]]) -> Told | None:
        """What the rows of a ticket tell; None where it is set aside. `broken`: its rows that could not be read."""
        rows, faulty = self._teller.rows(gathered.lines)
        flaws = [*broken, *_unknown(self._mapping, gathered.lines), *faulty]
        flaws += self._teller.flaws(gathered.attached)
        if not gathered.lines and not flaws:
            flaws.append((gathered.attached[0].place, _NO_HISTORY))
        if flaws:
            places = gathered.places() + [place for place, _ in broken]
            refuse_rows(self._into, ticket, places, _first_of_each(flaws))
            return None
        try:
            return self._teller.tell(ticket, rows, gathered.attached)
        except Contradiction as found:
            refuse_rows(self._into, ticket, gathered.places(), [(found.place, found.flaw)])
            return None

    def refuses(self, ticket: str, lines: list[Line]) -> bool:
        """Set a ticket aside that is not among those gathered; False where nothing is wrong with it."""
        return self._told(ticket, _Gathered(lines), []) is None


def _unknown(mapping: Mapping, lines: list[Line]) -> Iterator[tuple[Place, Flaw]]:
    """Values of closed columns that the mapping does not know: what they stand for no rule would see."""
    for column, known in mapping.closed.items():
        i = mapping.columns.index(column)
        for line in lines:
            cell = line.cells[i]
            if cell is not None and cell not in known:
                remedy = did_you_mean(cell, known) or "write rules for it, and list it under `closed`"
                yield (
                    line.place,
                    Flaw((column,), show(cell), "a value that the mapping does not know", remedy),
                )


def _before(
    found: AbstractMapping[int, str], position: AbstractMapping[int, int], missing: frozenset[str]
) -> tuple[tuple[int, str | None], ...]:
    """What a row says its cells were before it, by position among the mapping's columns."""
    return tuple(
        (position[i], None if value in missing else value) for i, value in found.items() if i in position
    )


def _first_of_each(flaws: list[tuple[Place, Flaw]]) -> list[tuple[Place, Flaw]]:
    """One flaw for each place."""
    return list({place: (place, flaw) for place, flaw in reversed(flaws)}.values())[::-1]
