"""The history that the rows of one ticket tell, by a mapping.

Rows are ordered by time, rows of one instant by revision, then as they stand. A value that is not on record
in a row says nothing: the column keeps the last value known. A change between two rows with consecutive
revisions happened when the later row was written; across missing revisions it happened somewhere between
the two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from checker.record.cells import digits
from checker.record.exchanged import Date
from checker.record.flaws import Flaw
from checker.record.histories import ALL_TIME, in_order
from checker.record.mapping_model import EventRule, Mapping, ValueRule
from checker.record.mapping_values import ValueReader
from checker.record.model import Event, Gap, Note, Place, Ticket
from checker.record.stamps import Span, StampReader
from checker.record.suspicions import Suspicions
from checker.record.transitions import Transitions
from checker.record.values import whole

REPEATED: Final = "a row repeats another one word for word: taken once"


# Not frozen: a log has one for each of its rows.
@dataclass(slots=True)
class Line:
    """A row: where it stands, and the cells of the mapping's columns, in their order; None is not on record.

    `before` and `lost` are as in a `Row`, `before` by position among the mapping's columns.
    """

    file: str
    line: int | None
    within: str
    cells: tuple[str | None, ...]
    before: tuple[tuple[int, str | None], ...] = ()
    lost: bool = False

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return Place(self.file, self.line, within=self.within)


@dataclass(frozen=True, slots=True)
class Told:
    """A ticket and what there is to say of it; `latest` is the instant of its last row."""

    ticket: Ticket
    revisions_missing: int
    latest: int
    notes: tuple[tuple[str, Place], ...]


class Contradiction(Exception):
    """The rows of a ticket cannot all be true."""

    def __init__(self, place: Place, flaw: Flaw) -> None:
        super().__init__(place, flaw)
        self.place = place
        self.flaw = flaw


@dataclass(slots=True)
class Stamped:
    """A line with the span of its stamp (first and last second, UTC) and its revision."""

    line: Line
    cells: tuple[str | None, ...]
    at: int
    until: int
    revision: int | None
    stamp: str
    before: tuple[tuple[int, str | None], ...]
    lost: bool

    @property
    def place(self) -> Place:
        """Where the row stands."""
        return self.line.place


class Teller:
    """Tells the histories of the tickets of one export.

    `beside`: what told the same rows by another mapping; stamps that it has read are not read again, and what they give
    away is not said again. `worked`: what cells stand for. `own_times`: the columns with the times of single events.
    """

    def __init__(self, mapping: Mapping, agreement: str | None = None, beside: Teller | None = None) -> None:
        self._mapping = mapping
        self._agreement = agreement
        self._at = {column: i for i, column in enumerate(mapping.columns)}
        self.suspicions = Suspicions()
        self._stamps = StampReader(mapping.time, self.suspicions)
        self.worked = ValueReader(self._at)
        self._recorded = mapping.recorded
        self._jumps_matter = mapping.revision is not None and not mapping.revision.jumps
        self._shared = mapping.revision is not None and mapping.revision.shared
        self._first_row = [rule for rule in mapping.events if rule.when.kind == "first-row"]
        self._changing = [rule for rule in mapping.events if rule.when.kind != "first-row"]
        rules = [*mapping.claims.values(), mapping.agreement, mapping.kind]
        rules += [value for event in mapping.events for value in event.attributes.values()]
        checked = {id(rule): rule for rule in rules if rule is not None and rule.column}.values()
        # The third is the cells that were found to be sound.
        self._checks: list[tuple[ValueRule, int, set[str]]] = [
            (rule, self._at[rule.column], set()) for rule in checked
        ]
        self.own_times = sorted({rule.at for rule in mapping.events if rule.at is not None})
        self._time_at = self._at[mapping.time.column]
        self._revision_at = self._at[mapping.revision.column] if mapping.revision is not None else None
        zone_column = mapping.time.zone_column
        self._zone_at = self._at[zone_column] if zone_column is not None else None
        # Sound stamps (by their column and what a zone column says) and revisions, as they were read.
        self._spans: defaultdict[tuple[str, str | None], dict[str, Span]] = defaultdict(dict)
        self._revisions: dict[str, int] = {}
        if beside is not None and beside._mapping.time == mapping.time:
            self._spans = beside._spans
        if beside is not None and beside._mapping.revision == mapping.revision:
            self._revisions = beside._revisions
        self._transitions = Transitions(self._changing, self._at)
        looked_at = {rule.when.column for rule in self._changing}
        looked_at |= {
            value.column for rule in self._changing for value in rule.attributes.values() if value.column
        }
        self._looked_at = sorted(self._at[column] for column in looked_at)
        last = [mapping.agreement, mapping.kind, *mapping.claims.values()]
        self._last = sorted({self._at[rule.column] for rule in last if rule is not None and rule.column})

    def rows(self, lines: Sequence[Line]) -> tuple[list[Stamped], list[tuple[Place, Flaw]]]:
        """Lines with their times and revisions, and what is wrong with single ones: those, or words that a table does not have."""
        rows: list[Stamped] = []
        flaws: list[tuple[Place, Flaw]] = []
        for line in lines:
            try:
                row = self._row(line)
                self._check(line)
            except Flaw as flaw:
                flaws.append((line.place, flaw))
                self._read_stamps(line)
            else:
                rows.append(row)
        return rows, flaws

    def span(self, stamp: str, column: str, zone_name: str | None = None) -> Span:
        """The first and last second that a stamp of a column may stand for. Raises a Flaw where it is none.

        `zone_name`: of a zone column, if there is one; else the zone is the mapping's.
        """
        spans = self._spans[column, zone_name]
        known = spans.get(stamp)
        if known is None:
            known = spans[stamp] = self._stamps.read(stamp, zone_name, column)
        return known

    def saw_date(self, column: str, form: str, date: Date) -> None:
        """A date was read in a column by a format, elsewhere."""
        self._stamps.saw_date(column, form, date)

    def notes(
        self, first: Callable[[str, Callable[[str], bool]], tuple[str, Place] | None]
    ) -> Iterator[Note]:
        """What the stamps give away. `first`: the first cell of a column for which something holds, and its place."""

        def first_of(column: str, form: str, dates: Container[Date]) -> tuple[str, Place] | None:
            return first(column, lambda cell: self._stamps.date_of(cell, form) in dates)

        return self.suspicions.notes(first_of, self._mapping.source.columns)

    def _read_stamps(self, line: Line) -> None:
        """Read what stamps a faulty row has: what they give away does not depend on which of its cells is looked at first."""
        for column in (self._mapping.time.column, *self.own_times):
            stamp = line.cells[self._at[column]]
            if stamp is not None:
                with suppress(Flaw):
                    self._span(line.cells, column, stamp)

    def revision(self, cell: str | None) -> int:
        """The number of a revision. Raises a Flaw where it is none."""
        path = (self._mapping.revision.column,) if self._mapping.revision is not None else ()
        if cell is None:
            raise Flaw(path, "", "the revision of the row is not on record", "write it")
        known = self._revisions.get(cell)
        if known is None:
            known = self._revisions[cell] = whole(digits(cell, path), path, "the revision")
        return known

    def rules_of(self, column: str) -> Iterator[ValueRule]:
        """The rules that read values from a column."""
        return (rule for rule, at, _ in self._checks if at == self._at[column])

    def flaws(self, attached: Sequence[Line]) -> Iterator[tuple[Place, Flaw]]:
        """What is wrong with single rows that have no time of their own."""
        for line in attached:
            try:
                self._check(line)
            except Flaw as flaw:
                yield line.place, flaw

    def _check(self, line: Line) -> None:
        cells = line.cells
        for column in self.own_times:
            stamp = cells[self._at[column]]
            if stamp is not None:
                self._span(cells, column, stamp)
        for rule, at, sound in self._checks:
            cell = cells[at]
            if cell is not None and cell not in sound:
                self.worked.value(rule, cell)
                sound.add(cell)

    def tell(self, ticket: str, rows: Sequence[Stamped], attached: Sequence[Line] = ()) -> Told:
        """The history of a ticket whose rows have no flaws; `attached` are its rows without a time.

        Raises:
            Contradiction: its rows cannot all be true, and the mapping sets such tickets aside.
        """
        try:
            return self._tell(ticket, rows, attached)
        except Flaw as flaw:
            raise Contradiction(rows[0].place, flaw) from None

    def _tell(self, ticket: str, given: Sequence[Stamped], attached: Sequence[Line]) -> Told:
        notes: list[tuple[str, Place]] = []
        rows = self._ordered(given, notes)
        events: list[Event] = []
        opened = self._opening(rows, events, notes)
        gaps, lost = self._gaps(rows, opened, any(self._later(rows, line) for line in attached))
        self._changes(rows, opened, events)
        if not events:
            flaw = Flaw(
                (),
                "",
                "no rule of the mapping makes an event of the ticket's rows",
                "add a rule, or the time",
            )
            raise Contradiction(rows[0].place, flaw)
        ordered, _ = in_order(events, by_revision=False)
        final = self._final(rows, attached)
        mapping = self._mapping
        made = Ticket(
            ticket,
            self.worked.named(mapping.agreement, final, ("agreement",)) or self._agreement,
            self.worked.named(mapping.kind, final, ("kind",)) or "",
            ordered,
            mapping.missing,
            gaps,
            self.worked.attributes(mapping.claims, final),
            rows[0].place,
            self._recorded,
            len(given) + len(attached),
        )
        return Told(made, lost, max(row.at for row in rows), tuple(notes))

    def _row(self, line: Line) -> Stamped:
        cells = line.cells
        stamp = cells[self._time_at]
        if stamp is None:
            raise Flaw((self._mapping.time.column,), "", "the time of the row is not on record", "write it")
        at, until = self._span(cells, self._mapping.time.column, stamp)
        revision = self.revision(cells[self._revision_at]) if self._revision_at is not None else None
        return Stamped(line, cells, at, until, revision, stamp, line.before, line.lost)

    def _span(self, cells: Sequence[str | None], column: str, stamp: str) -> Span:
        return self.span(stamp, column, cells[self._zone_at] if self._zone_at is not None else None)

    def _ordered(self, rows: Sequence[Stamped], notes: list[tuple[str, Place]]) -> list[Stamped]:
        """The rows in order, repeated ones once; revisions that go against the times are a contradiction."""
        ordered = sorted(rows, key=lambda row: (row.at, -1 if row.revision is None else row.revision))
        kept = ordered[:1]
        for row in ordered[1:]:
            last = kept[-1]
            if self._mapping.shape == "snapshot-per-update" and row.cells == last.cells:
                notes.append((REPEATED, row.place))
                continue
            kept.append(row)
            if row.revision is None or last.revision is None or row.revision > last.revision:
                continue
            if row.revision == last.revision and self._shared:
                continue
            self._suspect(ordered, last, row)
            column = self._mapping.revision.column if self._mapping.revision else ""
            reason = (
                f"revision {row.revision} at {row.stamp} comes after revision {last.revision} at {last.stamp}"
            )
            self._contradicts(
                row.place, Flaw((column,), "", reason, "find out which is true, and repair the row"), notes
            )
        return self._joined(kept) if self._shared else kept

    def _joined(self, rows: list[Stamped]) -> list[Stamped]:
        """Rows of one revision are one update: what one of them sets, the others go with."""
        out: list[Stamped] = []
        for row in rows:
            last = out[-1] if out else None
            if last is None or row.revision is None or row.revision != last.revision:
                out.append(row)
                continue
            last.cells = tuple(
                new if new is not None else old for old, new in zip(last.cells, row.cells, strict=True)
            )
            last.before = tuple({**dict(row.before), **dict(last.before)}.items())
            self.suspicions.one_act(row.at - last.at, row.place)
            last.until = max(last.until, row.until)
            last.lost = last.lost or row.lost
        return out

    def _suspect(self, ordered: list[Stamped], *pair: Stamped) -> None:
        """Whether day and month of one of two rows that stand in the wrong order may be exchanged."""
        for row in pair:
            swapped = self._stamps.exchanged(row.stamp, None)
            others = [each for each in ordered if each is not row]
            if swapped is not None and all(
                (each.at <= swapped[1])
                if (each.revision or 0) < (row.revision or 0)
                else (each.until >= swapped[0])
                for each in others
            ):
                self.suspicions.exchanged(row.place, row.stamp)
                return

    def _contradicts(self, place: Place, flaw: Flaw, notes: list[tuple[str, Place]]) -> None:
        if self._mapping.contradictions == "set-aside":
            raise Contradiction(place, flaw)
        notes.append(
            ("the times and the revisions or the opening of a ticket disagree: taken by time", place)
        )

    def _opening(
        self, rows: list[Stamped], events: list[Event], notes: list[tuple[str, Place]]
    ) -> tuple[int, int]:
        """Add what the first row tells, and return the span of the earliest of it (or of the row)."""
        first = rows[0]
        unseen = self._lost_before(first) > 0
        spans: list[Span] = []
        for rule in self._first_row:
            stamp, (at, until) = first.stamp, (first.at, first.until)
            if rule.at is not None:
                cell = first.cells[self._at[rule.at]]
                if cell is None:
                    continue
                stamp = cell
                at, until = self._span(first.cells, rule.at, cell)
                self.suspicions.apart(first.at - at, first.place)
                if first.until < at:
                    swapped = self._stamps.exchanged(cell, None)
                    if swapped is not None and swapped[0] <= first.until:
                        self.suspicions.exchanged(first.place, cell)
                    reason = f"a row written at {first.stamp} comes before {rule.event} at {stamp}"
                    flaw = Flaw((rule.at,), "", reason, "find out which is true, and repair the row")
                    self._contradicts(first.place, flaw, notes)
            attributes = self.worked.attributes(rule.attributes, first.cells)
            if first.lost or (unseen and self._mapping.across_gaps == "within"):
                # The row is not the first one there was: what it shows need not have held at the opening.
                read = {key for key, value in rule.attributes.items() if value.column}
                attributes = {key: None if key in read else value for key, value in attributes.items()}
            spans.append((at, until))
            events.append(
                Event(
                    rule.event, at, until, attributes, None, first.revision, len(events), stamp, first.place
                )
            )
        return min(spans, default=(first.at, first.until))

    def _lost_before(self, first: Stamped) -> int:
        rule = self._mapping.revision
        if rule is None or rule.jumps or rule.first is None or first.revision is None:
            return 0
        return max(0, first.revision - rule.first)

    def _gaps(self, rows: list[Stamped], opened: Span, lost_after: bool) -> tuple[tuple[Gap, ...], int]:
        """The gaps that missing records leave, and how many revisions are missing after the first row."""
        gaps = [Gap(a.at, b.until) for a, b in pairwise(rows) if b.lost]
        if rows[0].lost:
            gaps.append(Gap(min(opened[0], rows[0].at), rows[0].until))
        if lost_after:
            gaps.append(Gap(rows[-1].at, ALL_TIME.end))
        if self._lost_before(rows[0]):
            gaps.append(Gap(min(opened[0], rows[0].at), rows[0].until))
        lost = 0
        by_revision = sorted(
            (row for row in rows if row.revision is not None), key=lambda row: row.revision or 0
        )
        for a, b in pairwise(by_revision):
            jump = (b.revision or 0) - (a.revision or 0) - 1
            if jump > 0 and self._jumps_matter:
                lost += jump
                gaps.append(Gap(min(a.at, b.at), max(a.until, b.until)))
        return tuple(sorted(set(gaps), key=lambda gap: (gap.start, gap.end))), lost

    def _later(self, rows: list[Stamped], attached: Line) -> bool:
        """Whether a row without a time shows that records after the last one are missing."""
        rule = self._mapping.revision
        cell = attached.cells[self._at[rule.column]] if rule is not None and self._jumps_matter else None
        if rule is None or cell is None:
            return attached.lost
        last = max((row.revision for row in rows if row.revision is not None), default=0)
        return attached.lost or digits(cell, (rule.column,)) > last

    def _changes(self, rows: list[Stamped], opened: Span, events: list[Event]) -> None:
        # By column: the last value known, and the row that says so.
        known: list[str | None] = [None] * len(self._at)
        said: list[int] = [0] * len(self._at)
        done: set[int] = set()
        for i, row in enumerate(rows):
            # A row that tells what it changed is believed: a change before it may be missing, its own is not.
            for at, value in row.before:
                known[at], said[at] = value, i - 1
            cells = row.cells
            for n in self._transitions.fired(known, cells, i == 0):
                rule = self._changing[n]
                if rule.when.once and n in done:
                    continue
                done.add(n)
                last = self._at[rule.when.column]
                seen = said[last] if known[last] is not None else None
                events.append(self._change(rule, rows, i, seen, known, opened, len(events)))
            for at in self._looked_at:
                here = cells[at]
                if here is not None:
                    known[at], said[at] = here, i

    def _change(
        self,
        rule: EventRule,
        rows: list[Stamped],
        i: int,
        seen: int | None,
        known: Sequence[str | None],
        opened: Span,
        order: int,
    ) -> Event:
        row = rows[i]
        stamp, at, until = row.stamp, row.at, row.until
        own = row.cells[self._at[rule.at]] if rule.at is not None else None
        if own is not None and rule.at is not None:
            stamp = own
            at, until = self._span(row.cells, rule.at, own)
        elif any(self._at[rule.when.column] == changed for changed, _ in row.before):
            pass
        elif rule.when.kind != "is" and self._mapping.across_gaps == "within":
            if seen is None:
                # Never seen before: it may have come with any revision that was lost since the opening.
                at = min(at, opened[0]) if i > 0 or self._lost_before(row) else at
            elif seen < i - 1 or _jump(rows[seen], row):
                at = min(at, rows[seen].at)
        attributes = self.worked.attributes(rule.attributes, row.cells, known)
        return Event(rule.event, at, until, attributes, None, row.revision, order, stamp, row.place)

    def _final(self, rows: list[Stamped], attached: Sequence[Line]) -> list[str | None]:
        """The last value known of the columns that say something of the ticket as a whole."""
        out: list[str | None] = [None] * len(self._at)
        for at in self._last:
            for line in reversed(attached):
                out[at] = line.cells[at]
                if out[at] is not None:
                    break
            else:
                out[at] = next((cell for row in reversed(rows) if (cell := row.cells[at]) is not None), None)
        return out


def _jump(before: Stamped, after: Stamped) -> bool:
    if before.revision is None or after.revision is None:
        return False
    return after.revision - before.revision != 1
