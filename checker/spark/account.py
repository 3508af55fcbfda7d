"""What was read and what became of it, piece by piece on many machines, added up to what one machine would say.

The pieces come in any order, so each entry carries a key: where one reader of the whole log would have come to it. Needs no Spark.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from checker.batch.pieces import Summary
from checker.record.collect import Collector
from checker.record.flaws import did_you_mean
from checker.record.histories import OUT_OF_ORDER
from checker.record.model import AgreementHistory, Counts, Event, Log, Note, Place, SetAside, Source
from checker.record.words import Words

Key = tuple[int, int, int]
"""The stage of reading, the place in the log, the turn: in this order one reader of everything comes to things."""

ROW: Final = 0
"""Stage: a row is looked at by itself."""
TICKET: Final = 1
"""Stage: the rows of a ticket are put together."""
AGREEMENT: Final = 2
"""Stage: the own rows of an agreement are put together."""

MOST: Final = 100_000
"""How many entries of what was set aside are kept; the others are counted."""


class First(NamedTuple):
    """Where something was met first."""

    key: Key
    place: Place | None


@dataclass
class Kept:
    """What was set aside: the first entries, and the counts of all. `rows`: that they account for; `tickets`: left out as a whole."""

    first: list[tuple[Key, SetAside]] = field(default_factory=list)
    entries: int = 0
    rows: int = 0
    tickets: int = 0

    def add(self, key: Key, entry: SetAside) -> None:
        """One more."""
        self.first.append((key, entry))
        self.entries += 1
        self.rows += entry.count
        self.tickets += entry.whole
        self._cut()

    def merge(self, other: Kept) -> None:
        """Those of another piece."""
        self.first += other.first
        self.entries += other.entries
        self.rows += other.rows
        self.tickets += other.tickets
        self._cut()

    def _cut(self) -> None:
        if len(self.first) > 2 * MOST:
            self.first = sorted(self.first, key=lambda kept: kept[0])[:MOST]

    @property
    def beyond(self) -> int:
        """How many entries are counted and not kept."""
        return max(0, self.entries - MOST)

    def listed(self) -> list[SetAside]:
        """The first entries, in order."""
        return [entry for _, entry in sorted(self.first, key=lambda kept: kept[0])[:MOST]]


@dataclass
class Account:
    """The account of some tickets, or of all.

    `good`: rows that could be read, by the number of their file. `judged`: tickets under an agreement of the contract. `aside`: what
    reading left out; `unplaced`: tickets without an agreement to judge them under. `moved`: events that stood out of order. `odd`: events
    whose attributes look misspelt, by name and attributes. `unknown`: events that the vocabulary lacks, with how often.
    """

    rows: int = 0
    rows_used: int = 0
    tickets: int = 0
    tickets_used: int = 0
    judged: int = 0
    other_tickets: int = 0
    other_rows: int = 0
    good: Counter[int] = field(default_factory=Counter)
    aside: Kept = field(default_factory=Kept)
    unplaced: Kept = field(default_factory=Kept)
    moved: int = 0
    first_moved: First | None = None
    odd: dict[tuple[str, ...], First] = field(default_factory=dict)
    unknown: dict[str, tuple[First, int]] = field(default_factory=dict)
    summary: Summary = field(default_factory=Summary)

    def merge(self, other: Account) -> None:
        """Add the account of other tickets."""
        for name in ("rows", "rows_used", "tickets", "tickets_used", "judged", "other_tickets", "other_rows"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.good.update(other.good)
        self.aside.merge(other.aside)
        self.unplaced.merge(other.unplaced)
        self.moved += other.moved
        self.first_moved = _earlier(self.first_moved, other.first_moved)
        for shape, first in other.odd.items():
            self._odd(shape, first)
        for word, (first, n) in other.unknown.items():
            self._unknown(word, first, n)
        self.summary.merge(other.summary)

    def read(self, log: Log, words: Words, places: Sequence[int], place_of: Callable[[Place], int]) -> None:
        """Take the account of one ticket's rows. `places`: where they stand in the log; `place_of`: the same of any row."""
        self.rows += log.read.rows
        self.rows_used += log.read.rows_used
        self.tickets += log.read.tickets
        self.tickets_used += log.read.tickets_used
        alone = {place_of(entry.place) for entry in log.set_aside if entry.ticket is None}
        # A ticket stands where the first row stands that was not refused by itself.
        number = next((place for place in places if place not in alone), 0)
        for turn, entry in enumerate(log.set_aside):
            key = (TICKET, number, turn) if entry.ticket is not None else (ROW, place_of(entry.place), 0)
            self.aside.add(key, entry)
        for note in log.notes:
            # Of the notes of one ticket, read without words, this is the only one there is.
            self.out_of_order_at(number, note.place, note.count)
        for ticket in log.tickets:
            self.events(ticket.events, words, TICKET, number)

    def out_of_order_at(self, number: int, place: Place | None, moved: int) -> None:
        """Take the account of so many events out of order; `number`, `place`: of the first row of the first ticket that has one."""
        self.moved += moved
        self.first_moved = _earlier(self.first_moved, First((TICKET, number, 0), place))

    def events(self, events: Iterable[Event], words: Words, stage: int, number: int) -> None:
        """Take the account of events that nobody knows, or whose attributes look misspelt."""
        for turn, event in enumerate(events):
            first = First((stage, number, turn), event.place)
            if any(words.unlike(event.name, event.attributes)):
                self._odd(_shape(event), first)
            if event.name not in words.events:
                self._unknown(event.name, first, 1)

    def _odd(self, shape: tuple[str, ...], first: First) -> None:
        self.odd[shape] = _earlier(self.odd.get(shape), first) or first

    def _unknown(self, word: str, first: First, n: int) -> None:
        before, count = self.unknown.get(word, (None, 0))
        self.unknown[word] = (_earlier(before, first) or first, count + n)

    # ---------------------------------------------------------------- what it comes to
    def log(self, own: Log, words: Words, sources: Iterable[Source], place_of: Callable[[Place], int]) -> Log:
        """The log that one reader would have made of all of it, without its tickets.

        `own`: what it says of agreements themselves. `place_of`: the place in the log of a row.
        """
        aside = Kept()
        aside.merge(self.aside)
        for turn, entry in enumerate(own.set_aside):
            # The name of nobody is refused at once; what else is wrong, when the rows of an agreement are put together.
            stage = ROW if entry.field in ("ticket", "agreement") else AGREEMENT
            aside.add((stage, place_of(entry.place) if stage == ROW else 0, turn), entry)
        counts = Counts(
            rows=self.rows + own.read.rows,
            rows_used=self.rows_used + own.read.rows_used,
            rows_set_aside=aside.rows,
            tickets=self.tickets,
            tickets_used=self.tickets_used,
            tickets_set_aside=aside.tickets,
            tickets_with_gaps=0,
            revisions_missing=0,
            agreement_rows=own.read.agreement_rows,
        )
        notes = self._notes(own.agreement_events, words)
        return Log([], own.agreement_events, None, counts, aside.listed(), [], notes, list(sources))

    def _notes(self, histories: Mapping[str, AgreementHistory], words: Words) -> list[Note]:
        """The notes in the order in which one reader makes them: of tickets, then of the agreements' own events."""
        whole = Account()
        whole.merge(self)
        for number, history in enumerate(histories.values()):
            whole.events(history.events, words, AGREEMENT, number)
        out = Collector()
        if whole.moved and whole.first_moved is not None:
            out.note(OUT_OF_ORDER, whole.first_moved.place, whole.moved)
        for shape, first in sorted(whole.odd.items(), key=lambda found: found[1].key):
            for text in words.unlike(shape[0], shape[1:]):
                out.note(text, first.place)
        for history in histories.values():
            for text, place in words.strays(history.events):
                out.note(text, place)
        for word, (first, n) in sorted(whole.unknown.items(), key=lambda found: found[1][0].key):
            hint = did_you_mean(word, words.events)
            text = f"unknown event {word}: no clause can refer to it" + (f"; {hint}" if hint else "")
            out.note(text, first.place, n)
        return out.finish().notes


def _shape(event: Event) -> tuple[str, ...]:
    return (event.name, *event.attributes)


def _earlier(a: First | None, b: First | None) -> First | None:
    if a is None or b is None:
        return a or b
    return min(a, b, key=lambda first: first.key)
