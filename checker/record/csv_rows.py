"""Event rows: a table with columns `ticket`, `agreement`, `at`, `event`, and one for each attribute.

Also understood: `kind`, `precision`, `revision`, `not_before`. An empty cell sets nothing. A row with an
agreement and no ticket belongs to the agreement's own history. Cells are text unless `attribute_types` says
otherwise.

An attribute may be headed `event.NAME`, and one that is called as a column of the format has to be: `kind` is the kind of the ticket,
`event.kind` that of an act. Where an event has such an attribute and only its own row says a kind, it is not told whose it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

from checker.record.cells import digits, typed
from checker.record.collect import Collector
from checker.record.flaws import Flaw, did_you_mean, instead_of, show
from checker.record.grouped import refuse_rows
from checker.record.histories import ALL_TIME, EVENT_KEYS, OUT_OF_ORDER, event, in_order
from checker.record.model import AgreementHistory, Event, Fault, Place, Ticket
from checker.record.tables import Table
from checker.record.values import name
from checker.record.words import Words

COLUMNS: Final = ("ticket", "agreement", "at", "event", "kind", "precision", "revision", "not_before")
REQUIRED: Final = ("ticket", "at", "event")
OF_EVENT: Final = "event."
"""What the heading of a column may begin with that says an attribute."""
KIND_OF_EVENT: Final = f"{OF_EVENT}kind"


@dataclass(slots=True)
class _Group:
    rows: list[Place] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    kinds: set[str] = field(default_factory=set)
    doubtful: list[tuple[Place, str]] = field(default_factory=list)
    flaws: list[tuple[Place, Flaw]] = field(default_factory=list)

    def take(self, other: _Group) -> None:
        """Merge the rows of another group, in the order in which they were read."""
        self.rows += other.rows
        self.events = sorted(self.events + other.events, key=lambda e: e.order)
        self.kinds |= other.kinds
        self.doubtful += other.doubtful
        self.flaws += other.flaws


class EventRows:
    """Gathers the event rows of one or more tables; `finish` makes tickets and histories of them."""

    def __init__(
        self,
        into: Collector,
        *,
        attribute_types: Mapping[str, str] | None = None,
        agreement: str | None = None,
        words: Words | None = None,
    ) -> None:
        """`words`: those that tell what attributes events have; None: those of `into`."""
        self._into = into
        self._words = words if words is not None else into.words
        self._types = dict(attribute_types or {})
        self._agreement = agreement
        self._tickets: dict[str, dict[str | None, _Group]] = {}
        self._histories: dict[str, _Group] = {}
        self._broken: list[tuple[str, Place, Flaw]] = []
        self._under: dict[tuple[str, str], tuple[str, Place]] = {}

    def read(self, file: str, table: Table) -> int:
        """Read a table and return how many of its rows could be read.

        Raises:
            Fault: a required column is missing or a column occurs twice.
        """
        check_header(file, table.header, REQUIRED)
        good = 0
        for row in table.rows:
            self._into.saw_row()
            place = Place(file, row.line, within=row.within)
            cells = dict(zip(table.header, row.cells, strict=False))
            if row.flaw is not None:
                self._broken.append((cells.get("ticket", ""), place, row.flaw))
                continue
            good += self._row(cells, place)
        return good

    def finish(self) -> None:
        """Account for every row read."""
        for ticket, place, flaw in self._broken:
            # Which ticket a broken row belongs to is believed only if a sound row has the same id.
            groups = self._tickets.get(ticket)
            if groups is None:
                self._into.put_aside(flaw.set_aside(place))
                continue
            for group in list(groups.values())[:1]:
                group.rows.append(place)
                group.flaws.append((place, flaw))
        for ticket, groups in self._tickets.items():
            unnamed = groups.get(None)
            if unnamed is not None and len(groups) == 2:
                del groups[None]
                next(iter(groups.values())).take(unnamed)
            for agreement, group in groups.items():
                self._finish_ticket(ticket, agreement or self._agreement, group)
        for agreement, group in self._histories.items():
            for place, flaw in group.flaws:
                self._into.put_aside(flaw.set_aside(place))
            # What a lost row said of the agreement is unknown: nothing may be concluded from its absence.
            gaps = (ALL_TIME,) if group.flaws else ()
            history = AgreementHistory(agreement, in_order(group.events)[0], gaps=gaps, place=group.rows[0])
            self._into.add_history(history, rows=len(group.rows) - len(group.flaws))

    def _finish_ticket(self, ticket: str, agreement: str | None, group: _Group) -> None:
        self._into.saw_ticket()
        group.flaws += [
            (place, Flaw(("kind",), show(kind), "the kind may be the ticket's or the event's", _WHOSE))
            for place, kind in group.doubtful
            if kind not in group.kinds
        ]
        if group.flaws:
            refuse_rows(self._into, ticket, group.rows, group.flaws)
            return
        events, moved = in_order(group.events)
        if moved:
            self._into.note(OUT_OF_ORDER, group.rows[0], moved)
        kind = next(iter(group.kinds), "")
        made = Ticket(ticket, agreement, kind, events, place=group.rows[0])
        self._into.add_ticket(made, rows=len(group.rows))

    def _row(self, cells: dict[str, str], place: Place) -> bool:
        ticket, agreement = cells.get("ticket", ""), cells.get("agreement", "") or None
        try:
            if ticket or not agreement:
                name(ticket, ("ticket",), "the ticket's id")
            if agreement:
                name(agreement, ("agreement",), "the agreement's id")
        except Flaw as flaw:
            self._into.put_aside(flaw.set_aside(place))
            return False
        other: Flaw | None = None
        if ticket:
            if agreement:
                first, at = self._under.setdefault((ticket, place.file), (agreement, place))
                if agreement != first:
                    reason = f"line {at.line} puts the same ticket under {show(first)}"
                    remedy = "name one agreement, or give each ticket an id of its own"
                    other = Flaw(("agreement",), show(agreement), reason, remedy)
                    agreement = first
            group = self._tickets.setdefault(ticket, {}).setdefault(agreement, _Group())
        else:
            group = self._histories.setdefault(str(agreement), _Group())
        group.rows.append(place)
        try:
            if other is not None:
                raise other
            kind = cells.get("kind", "")
            both = KIND_OF_EVENT not in cells and self._words.has_attribute(cells.get("event", ""), "kind")
            if kind and ticket and not both and group.kinds - {kind}:
                reason = f"another row of the ticket says {show(next(iter(group.kinds)))}"
                raise Flaw(("kind",), show(kind), reason, "write one kind")
            if kind and (ticket or not both):
                name(kind, ("kind",), "the kind")
            group.events.append(self._event(cells, place, own_kind=both and not ticket))
        except Flaw as flaw:
            group.flaws.append((place, flaw))
            return False
        if kind and both:
            group.doubtful.append((place, kind))
        elif kind:
            group.kinds.add(kind)
        return True

    def _event(self, cells: dict[str, str], place: Place, *, own_kind: bool) -> Event:
        """`own_kind`: the kind is the event's, there being no ticket that has one."""
        raw: dict[str, object] = {}
        for column, cell in cells.items():
            if cell == "" or column in ("ticket", "agreement") or (column == "kind" and not own_kind):
                continue
            if column == "revision":
                raw[column] = digits(cell, (column,))
            elif column in COLUMNS and column != "kind":
                raw[column] = cell
            else:
                attribute = attribute_of(column)
                raw[attribute] = typed(cell, self._types.get(attribute, "string"), (column,))
        return event(raw, self._into.rows, place)


_WHOSE: Final = f"head the event's {KIND_OF_EVENT}, or say the ticket's in a row of another event, too"


def attribute_of(column: str) -> str:
    """The attribute that a column says."""
    return column.removeprefix(OF_EVENT)


def check_header(
    file: str,
    header: Sequence[str],
    required: Sequence[str],
    mapping: str = "",
    called: Mapping[str, str] = MappingProxyType({}),
) -> None:
    """The columns that are needed are there, each once. `mapping` names the mapping that needs them; `called`: what the file calls those
    that it calls otherwise.

    Raises:
        Fault: one is missing, with the nearest one that is there, or occurs twice.
    """
    place = Place(file, 1)
    for column in required:
        if column not in header:
            there = [called.get(each, each) for each in header]
            found = f"columns {', '.join(there[:12])}" + (" …" if len(there) > 12 else "")
            if mapping:
                heading = called.get(column, column)
                reason = f"the column {heading}, which the mapping {mapping} reads, is missing"
                remedy = did_you_mean(heading, there) or "correct the mapping, or export the column"
            else:
                reason = f"the column {column} is missing"
                remedy = instead_of(column, header) or "name the column, or use a mapping"
            raise Fault(place, reason, found, remedy)
    if required is REQUIRED and not mapping:
        _check_attributes(place, header)
    for column, count in Counter(header).items():
        if count > 1 and (column in required or column in COLUMNS or required is REQUIRED):
            raise Fault(place, "the column occurs twice", show(column), "give each column a name of its own")


def _check_attributes(place: Place, header: Sequence[str]) -> None:
    """Columns that are headed as attributes say ones that an event may have, and no other column says the same."""
    for column in header:
        attribute = attribute_of(column)
        if attribute == column:
            continue
        if not attribute or attribute in EVENT_KEYS:
            remedy = f"head it {attribute}" if attribute else "write event.NAME"
            raise Fault(place, "the column names no attribute", show(column), remedy)
        if attribute in header and attribute not in COLUMNS:
            reason = f"the columns {attribute} and {column} say the same"
            raise Fault(place, reason, show(column), "leave one of them out")
