"""Histories by chance around clauses of two variants: what either compares with, their limits, and the days on which calendars bend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import lru_cache
from random import Random
from typing import Any

import numpy as np

from checker.audit.library import vocabulary
from checker.audit.run import Cases, Population, across_tickets
from checker.audit.words import words_of
from checker.clock.holidays_data import free_days
from checker.columnar.engine import judge_table
from checker.columnar.outcomes import NONE
from checker.columnar.possible import Ints
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from checker.compare.draft import Draft
from checker.compare.pools import pool_of
from checker.compare.replay import Replayed, Stage, Subject
from checker.compare.variants import PLACES, openings
from checker.compare.witness import Seeker
from checker.interpret.book import Book
from checker.interpret.case import Case, case_of_agreement, case_of_ticket, named
from checker.record.agreements import agreement_of
from checker.record.flaws import Flaw
from checker.record.histories import history
from checker.record.model import Agreement, Ticket, Value
from dsl import contract as ir
from dsl.naming import parts
from tests.compare.tiles import Moves, Tiles
from tests.soak import made
from tests.soak.reads import Reader
from tests.soak.specimen import Specimen

_DAY = 86400
_CHANGES = (
    *((2025, 3, 30), (2025, 10, 26), (2026, 3, 29), (2026, 10, 25), (2025, 11, 2), (2026, 3, 8)),
    *((2025, 12, 24), (2025, 12, 31), (2026, 1, 31), (2026, 2, 28), (2025, 2, 28), (2025, 5, 30), (2026, 4, 30)),
)  # fmt: skip
"""Clock changes of Europe and America, and ends of months and years."""
ENDS = ("2027-02-01T00:00:00Z", "2027-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2025-06-15T12:00:00Z")
"""Audit instants: most histories are over by then."""


@dataclass
class Pair:
    """Two variants of a bundled contract, and the clauses of both, all of one level, around which histories are made."""

    name: str
    old: ir.Contract
    new: ir.Contract
    clauses: Sequence[str]
    level: str = "ticket"
    books: tuple[Book, Book] = field(init=False)
    readers: tuple[Reader, Reader] = field(init=False)

    def __post_init__(self) -> None:
        self.books = Book(self.old), Book(self.new)
        self.readers = Reader(self.books[0]), Reader(self.books[1])
        self.words = words_of(vocabulary(), replace(self.new, words=(*self.old.words, *self.new.words)))
        self.wide = across_tickets(self.old) or across_tickets(self.new)
        self.across = any(_looks_across(r, c) for r in self.readers for c in self.clauses)

    @property
    def levels(self) -> dict[str, str]:
        """Of each event, whether it is of tickets or of the agreement."""
        return {w.name: w.level for c in (self.old, self.new) for w in c.words}


def _looks_across(reader: Reader, clause: str) -> bool:
    """Whether a clause, or what it refers to, counts over all tickets of the agreement."""
    seen, queue = {clause}, [clause]
    while queue:
        nodes, names = reader.parts_of(queue.pop())
        if any(isinstance(n, ir.AcrossTickets) for n in nodes):
            return True
        queue += names - seen
        seen |= names
    return False


def bases(pair: Pair, seed: str, count: int, now: int) -> list[tuple[Ticket, Agreement]]:
    """So many tickets, no two alike but by chance: made around what clauses read, and built from what they ask."""
    r = Random(seed)
    out: list[tuple[Ticket, Agreement]] = []
    for attempt in range(40 * count):
        if len(out) >= count:
            break
        try:
            if r.random() < 0.4:
                population = _around(pair, Random(f"{seed} {attempt}"), f"{attempt}").population()
                out += population.tickets
            else:
                out += _aimed(pair, Random(f"{seed} {attempt}"), f"{attempt}")
        except (Flaw, ValueError, OverflowError):
            # What is made by chance is not always what a record can say.
            continue
    return out[:count]


def _around(pair: Pair, r: Random, name: str) -> Specimen:
    """As the soak makes specimens, around some of the clauses, with what the new variant reads as well."""
    doubt = made.Doubt.of(r) if r.random() < 0.5 else made.Doubt()
    agreements, tickets = [], []
    for i in range(4):
        clause = r.choice(pair.clauses)
        maker = made.Maker(pair.name, [clause], r, doubt, list(pair.clauses)[:6])
        for reads, alone in ((maker.whole, False), (maker.near, True)):
            reads.add(_known(pair.readers[1].reads(clause, alone=alone), maker))
        maker.base += r.randrange(0, 7200)
        ids = [f"{name}-{i}-{k}" for k in range(4)]
        agreement = maker.agreement(f"{name}-{i}", ids)
        for place, known in (("time_zone", "Europe/Warsaw"), ("country", "PL")):
            # What any country may say is asked of all of them: dear, and enough on some.
            if agreement.get(place) is None and r.random() < 0.95:
                agreement[place] = known
        agreements.append(agreement)
        tickets += [maker.ticket(k, f"{name}-{i}") for k in ids]
    return Specimen(pair.name, tuple(agreements), tuple(tickets), ENDS[0], (), name)


def _known(reads: Any, maker: made.Maker) -> Any:
    """What is read, of the events that the old variant knows."""
    events = {e: mine for e, mine in reads.events.items() if e in maker.book.words}
    for e, mine in events.items():
        mine.update(maker.whole.events.get(e, {}))
    return replace(reads, events=events)


class _Recorder(Seeker):
    """Keeps what it builds."""

    def _look(self, draft: Draft) -> Replayed | None:
        self.kept.append(draft.copied())
        return None

    @property
    def kept(self) -> list[Draft]:
        """All drafts so far."""
        found: list[Draft] = self.__dict__.setdefault("drafts", [])
        return found


def _aimed(pair: Pair, r: Random, name: str) -> list[tuple[Ticket, Agreement]]:
    """Built from what one clause asks under one variant: gates that hold, acts about limits, a thing disturbed."""
    clause = r.choice(pair.clauses)
    subjects = [Subject(b, b.recommended, b.clauses[clause]) for b in pair.books]
    stage = Stage(subjects[0], subjects[1], vocabulary(), pair.words, pair.levels)
    places = PLACES if r.random() < 0.5 else PLACES[:1]
    at = openings(pair.new, (r.choice(places),))
    recorder = _Recorder(stage, [(t - 365 * _DAY, p) for t, p in at], r, float("inf"))
    recorder.seek({"everything"}, 3)
    out = []
    for i, draft in enumerate(recorder.kept):
        agreement, ticket = stage.raw(draft)
        known = agreement_of({**agreement, "agreement": f"{name}-{i}"}, words=pair.words)
        found = history(ticket, (), None, events_due=False, known=pair.words)
        mine = Ticket(f"{name}-{i}", known.id, "incident", found.events, found.missing, found.gaps)
        out.append((mine, known))
    return out


# --------------------------------------------------------------------------- tables
def tables(pair: Pair, seed: str, count: int, *, base: int, times: int) -> Iterator[Table]:
    """Tables of so many histories in all. `base`: how many are made on their own for each table; `times`: how often each is moved."""
    left, k = count, 0
    while left > 0:
        now = _second(ENDS[Random(f"{seed} {k}").randrange(len(ENDS))])
        tickets = bases(pair, f"{seed} {k}", min(base, left), now)
        # With the other tickets of their agreements first: then each alone, again and again.
        first = _beside(pair, tickets, now)
        yield Table(OfCases(first, now))
        left -= len(first)
        if left > 0 and times > 1:
            # What any country may say is asked at every instant: too dear to be moved hundreds of times.
            placed = [
                (t, a) for t, a in tickets if a.facts.get("time_zone") and a.facts.get("country")
            ] or tickets
            over = max(2, min(times, left // len(placed) + 1))
            alone = [_alone(pair, t, a, now) for t, a in placed]
            moves = _moves(pair, alone, now)
            chance = Random(f"{seed} {k} tiles").randrange(2**32)
            yield Table(Tiles(alone, now, over, moves, chance, apart=pair.across))
            left -= over * len(placed)
        k += 1


def _beside(pair: Pair, tickets: Sequence[tuple[Ticket, Agreement]], now: int) -> list[Case]:
    """Each ticket beside those of its agreement; for clauses about agreements these, with all of their tickets."""
    agreements = {a.id: a for _, a in tickets}
    clauses = [c for c in pair.old.clauses if c.level == pair.level]
    found = Cases(Population(pair.books[0], now, {}, list(tickets), list(agreements.values()), clauses))
    return [found.case(i)[0] for i in range(found.count)]


def _alone(pair: Pair, ticket: Ticket, agreement: Agreement, now: int) -> Case:
    if pair.level == "agreement":
        return case_of_agreement(agreement, [ticket], now)
    own = replace(ticket, events=tuple(named(ticket))) if pair.wide else ticket
    return case_of_ticket(own, agreement, now)


def _moves(pair: Pair, alone: Sequence[Case], now: int) -> Moves:
    lengths: set[int] = set()
    values: dict[str, list[Value]] = {}
    for book in pair.books:
        for clause in pair.clauses:
            pool = pool_of(book, clause)
            lengths.update(pool.seconds)
            for key, found in pool.values.items():
                if isinstance(key, str):
                    there = values.setdefault(key, [])
                    there += [v for v in found if v not in there]
    return Moves(
        np.array(sorted(lengths), np.int64),
        np.array(sorted(_edges(pair)), np.int64),
        np.array(sorted(_days()), np.int64),
        values,
        _dues(pair, alone, now),
    )


def _edges(pair: Pair) -> set[int]:
    """Seconds of a day at which some calendar opens or closes."""
    return {0} | {
        edge % _DAY
        for c in (pair.old, pair.new)
        for w in parts(c.calendars)
        if isinstance(w, ir.WindowLine)
        for edge in (w.start, w.end)
    }


@lru_cache(maxsize=1)
def _days() -> frozenset[int]:
    days = {date(*d) for d in _CHANGES}
    for land, year in (("PL", 2025), ("PL", 2026), ("US", 2025), ("IN", 2025)):
        days |= set(free_days(land, None, year))
    return frozenset(int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()) for d in days)


def _dues(pair: Pair, alone: Sequence[Case], now: int) -> Ints:
    """The limits that both variants set in the base, clause by clause."""
    table = Table(OfCases(alone, now))
    found = []
    for book in pair.books:
        clauses = [book.clauses[c] for c in pair.clauses]
        result = judge_table(book, table, clauses, contested=False)
        for c in pair.clauses:
            due = result.outcomes[c].due
            if due is not None and (due != NONE).any():
                found.append(np.where(due == NONE, 0, due))
    return np.stack(found, axis=1) if found else np.zeros((len(alone), 0), np.int64)


def _second(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


__all__ = ["Pair", "tables"]
