"""The account of a reading: what became a ticket, and what was set aside."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from checker.record.flaws import did_you_mean
from checker.record.histories import merged
from checker.record.model import (
    AgreementHistory,
    Assumption,
    Counts,
    Event,
    Log,
    MappingUsed,
    Note,
    Place,
    SetAside,
    Source,
    Ticket,
)
from checker.record.places import asides_in_order, notes_in_order, order_of, row_of
from checker.record.words import Words

Key = tuple[str | None, str]


class Told(NamedTuple):
    """What was gathered elsewhere: the counts, tickets with their rows, the ids of those refused, what was set aside, and notes."""

    rows: int
    tickets: int
    accepted: int
    revisions_missing: int
    kept: dict[Key, tuple[Ticket, int]]
    refused: set[Key]
    set_aside: list[SetAside]
    notes: dict[str, Note]


class Collector:
    """Gathers tickets, histories, rows set aside and notes while files are read, and gives the `Log` at the
    end.

    Every reader calls `saw_row` once for each row and `saw_ticket` once for each ticket, and later accounts
    for each exactly once: with `add_ticket`, `add_history` or `put_aside`. `files`: all that are read, where that is not in their order.
    """

    def __init__(
        self,
        known_events: frozenset[str] | None = None,
        words: Words | None = None,
        files: Sequence[str] = (),
    ) -> None:
        self.rows = 0
        self.tickets = 0
        self.accepted = 0
        self.revisions_missing = 0
        self.sources: list[Source] = []
        self.assumptions: list[Assumption] = []
        self._known = frozenset(words.events) if words is not None else known_events
        self._words = words or Words()
        self._tickets: dict[Key, tuple[Ticket, int]] = {}
        self._refused: set[Key] = set()
        self._set_aside: list[SetAside] = []
        self._histories: dict[str, AgreementHistory] = {}
        self._history_rows = 0
        self._notes: dict[str, Note] = {}
        self._unknown: dict[str, tuple[Place | None, int]] = {}
        self._ends: list[int | None] = []
        self._remarks: dict[str, Note] = {}
        self._shapes: dict[tuple[str, ...], Place | None] = {}
        # Where the rows of several files are not read in their order, the first of something is the first of the log.
        self._order = order_of(files) if len(files) > 1 else None
        self._gone = Counts()

    @property
    def words(self) -> Words:
        """The words that it knows."""
        return self._words

    def beside(self) -> Collector:
        """Another account of the same rows: with what was said of them and of their files so far, and without tickets."""
        out = Collector(self._known, None)
        out._words = self._words
        out.rows = self.rows
        out.sources = list(self.sources)
        out._set_aside = list(self._set_aside)
        out._notes = dict(self._notes)
        return out

    def saw_row(self) -> None:
        """One more row was read."""
        self.rows += 1

    def saw_ticket(self) -> None:
        """One more ticket was read."""
        self.tickets += 1

    def ended(self, complete_to: int | None) -> None:
        """A file with tickets ended; `complete_to` is the end of the record that it declares, if it does."""
        self._ends.append(complete_to)

    def note(self, text: str, place: Place | None = None, count: int = 1) -> None:
        """Say something once, with the first place and how often."""
        self._add(self._notes, text, place, count)

    def put_aside(self, entry: SetAside) -> None:
        """Account for faulty rows."""
        self._set_aside.append(entry)

    def add_ticket(self, ticket: Ticket, rows: int = 1) -> None:
        """Account for a ticket.

        The same history twice is kept once; two different ones of one id are both left out.
        """
        if rows != ticket.rows:
            ticket = replace(ticket, rows=rows)
        key = (ticket.agreement, ticket.id)
        before = self._tickets.get(key)
        place = ticket.place or Place("")
        if before is None and key not in self._refused:
            self._tickets[key] = (ticket, rows)
            self.accepted += 1
            return
        if before is not None and _same(before[0], ticket):
            at = before[0].place or Place("")
            self._refuse(
                place,
                ticket.id,
                "the same ticket, word for word, is already at",
                "remove the copy",
                rows,
                at,
            )
            return
        remedy = "merge the histories, or give each ticket an id of its own"
        if before is not None:
            first, first_rows = before
            del self._tickets[key]
            self._refused.add(key)
            reason = "another ticket of this id is at"
            at = first.place or Place("")
            self._refuse(at, ticket.id, reason, remedy, first_rows, place)
            self._refuse(place, ticket.id, reason, remedy, rows, at)
        else:
            self._refuse(place, ticket.id, "another ticket of this id was read before", remedy, rows)

    def add_history(self, history: AgreementHistory, rows: int = 1) -> None:
        """Account for rows of an agreement's own history; several parts are merged."""
        self._history_rows += rows
        self.accepted += rows > 0
        before = self._histories.get(history.agreement)
        if before is None and rows != history.rows:
            history = replace(history, rows=rows)
        if before is not None:
            history = AgreementHistory(
                history.agreement,
                merged((before.events, history.events)),
                before.missing | history.missing,
                tuple(sorted({*before.gaps, *history.gaps}, key=lambda gap: (gap.start, gap.end))),
                before.place,
                before.rows + rows,
            )
        self._histories[history.agreement] = history

    def told_apart(self) -> Told:
        """What was gathered here of tickets, to be taken over by the account of another process."""
        return Told(
            self.rows,
            self.tickets,
            self.accepted,
            self.revisions_missing,
            self._tickets,
            self._refused,
            self._set_aside,
            self._notes,
        )

    def take_over(self, told: Told) -> None:
        """Account for what was gathered elsewhere, of tickets of which no second one of the same id can come."""
        self.rows += told.rows
        self.tickets += told.tickets
        self.accepted += told.accepted
        self.revisions_missing += told.revisions_missing
        self._tickets.update(told.kept)
        self._refused |= told.refused
        self._set_aside += told.set_aside
        for text, note in told.notes.items():
            self._add(self._notes, text, note.place, note.count)

    def took(self, tickets: int, rows: int) -> None:
        """Account for tickets that another reader took, of which there is nothing to say."""
        self.rows += rows
        self.tickets += tickets
        self.accepted += tickets
        self._went(tickets, rows, 0)

    def told(self, tickets: int, rows: int, with_gaps: int) -> None:
        """Account for tickets that were told in columns, and are not kept here; their rows were seen."""
        self.accepted += tickets
        self._went(tickets, rows, with_gaps)

    def knows(self, event: str) -> bool:
        """Whether anybody may refer to an event of this name."""
        return self._known is None or event in self._known

    def remark(self, events: Iterable[Event], end: int | None) -> None:
        """Note what is worth it in some events of tickets told in columns: of each shape the first, and all that are unknown or late."""
        self._remark(events, end)

    def let_go(self, end: int | None, hold: Container[str] = ()) -> list[Ticket]:
        """The tickets that were accepted, but for those whose ids are on hold: accounted for, and no longer kept.

        For tickets of which no second one of the same id can come. `end`: the end of the record that the files declare.
        """
        out = [(key, ticket, rows) for key, (ticket, rows) in self._tickets.items() if ticket.id not in hold]
        for key, ticket, rows in out:
            del self._tickets[key]
            self._remark(ticket.events, end)
            self._went(1, rows, bool(ticket.gaps))
        return [ticket for _, ticket, _ in out]

    def held(self) -> list[Ticket]:
        """The tickets that are kept so far."""
        return [ticket for ticket, _ in self._tickets.values()]

    @property
    def histories(self) -> Mapping[str, AgreementHistory]:
        """What was said of agreements themselves so far."""
        return self._histories

    def aside(self, start: int = 0) -> list[SetAside]:
        """What was set aside, from the entry of this number on."""
        return self._set_aside[start:]

    def finish(self, mapping: MappingUsed | None = None, files: Iterable[str] | None = None) -> Log:
        """Everything read, as a `Log`; tickets in the order in which they first appeared.

        `files`: the names of the files whose rows have places; tickets, what was set aside and notes stand in their order then,
        however they were read.
        """
        tickets = [ticket for ticket, _ in self._tickets.values()]
        used = sum(rows for _, rows in self._tickets.values()) + self._gone.rows_used
        end = self._end()
        for events in (*(t.events for t in tickets), *(h.events for h in self._histories.values())):
            self._remark(events, end)
        for (name, *attributes), at in self._shapes.items():
            for text in self._words.unlike(name, attributes):
                self._add(self._remarks, text, at)
        for history in self._histories.values():
            for text, place in self._words.strays(history.events):
                self._add(self._remarks, text, place)
        for word, (place, count) in self._unknown.items():
            hint = did_you_mean(word, self._known or ())
            text = f"unknown event {word}: no clause can refer to it" + (f"; {hint}" if hint else "")
            self._add(self._remarks, text, place, count)
        counts = Counts(
            rows=self.rows,
            rows_used=used + self._history_rows,
            rows_set_aside=sum(entry.count for entry in self._set_aside),
            tickets=self.tickets,
            tickets_used=len(tickets) + self._gone.tickets_used,
            tickets_set_aside=sum(1 for entry in self._set_aside if entry.whole),
            tickets_with_gaps=sum(1 for ticket in tickets if ticket.gaps) + self._gone.tickets_with_gaps,
            revisions_missing=self.revisions_missing,
            agreement_rows=self._history_rows,
        )
        set_aside, notes = self._set_aside, [*self._notes.values(), *self._remarks.values()]
        if files is not None:
            key = order_of(files)
            tickets.sort(key=lambda ticket: key(ticket.place))
            set_aside, notes = asides_in_order(set_aside, key), notes_in_order(notes, key)
        return Log(
            tickets,
            self._histories,
            end,
            counts,
            set_aside,
            self.assumptions,
            notes,
            self.sources,
            mapping,
        )

    def _went(self, tickets: int, rows: int, with_gaps: int) -> None:
        gone = self._gone
        self._gone = replace(
            gone,
            rows_used=gone.rows_used + rows,
            tickets_used=gone.tickets_used + tickets,
            tickets_with_gaps=gone.tickets_with_gaps + with_gaps,
        )

    def _remark(self, events: Iterable[Event], end: int | None) -> None:
        """What is worth a note in a history."""
        for event in events:
            shape = (event.name, *event.attributes)
            if shape not in self._shapes or (
                self._order is not None and self._comes_before(event.place, self._shapes[shape])
            ):
                self._shapes[shape] = event.place
            if self._known is not None and event.name not in self._known:
                place, count = self._unknown.get(event.name, (event.place, 0))
                first = event.place if self._comes_before(event.place, place) else place
                self._unknown[event.name] = (first, count + 1)
            if end is not None and event.at > end:
                self._add(self._remarks, "an event lies after the declared end of the record", event.place)

    def _refuse(
        self, place: Place, ticket: str, reason: str, remedy: str, rows: int, other: Place | None = None
    ) -> None:
        self._set_aside.append(
            SetAside(place, "ticket", f'"{ticket}"', reason, remedy, rows, ticket, True, other)
        )

    def _end(self) -> int | None:
        declared = [end for end in self._ends if end is not None]
        if not declared:
            return None
        if len(declared) < len(self._ends):
            self.note("one file declares the end of its record and another does not: none is taken")
            return None
        if len(set(declared)) > 1:
            self.note("the files declare different ends of the record: the earliest is taken")
        return min(declared)

    def _add(self, notes: dict[str, Note], text: str, place: Place | None, count: int = 1) -> None:
        before = notes.get(text)
        if before is None:
            notes[text] = Note(text, place, count)
            return
        # Not every reader goes through a file from its first row to its last.
        first = place if self._comes_before(place, before.place) else before.place
        notes[text] = Note(text, first, before.count + count)

    def _comes_before(self, a: Place | None, b: Place | None) -> bool:
        """Whether one place surely comes before another: of the same file, or of one of `files` before."""
        if a is None or b is None:
            return False
        if a.file != b.file:
            return self._order is not None and self._order(a) < self._order(b)
        return 0 < row_of(a) < row_of(b)


def _same(a: Ticket, b: Ticket) -> bool:
    def shape(ticket: Ticket) -> tuple[object, ...]:
        events = [(e.name, e.at, e.until, e.attributes, e.ticket, e.revision) for e in ticket.events]
        return ticket.kind, events, ticket.missing, ticket.gaps, ticket.claims

    return shape(a) == shape(b)
