"""Histories of a bundled contract's own vocabulary, made by chance around clauses of it: what they read is filled in.

Most values are those that the clauses compare with, and most steps in time are lengths of their limits, give or take a second:
so that gates pass and limits are kept or missed narrowly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from checker.interpret.book import Book
from checker.record.agreements import agreement_of
from checker.record.flaws import Flaw
from checker.record.histories import event as event_of
from dsl import contract as ir
from dsl.naming import parts
from tests.soak.reads import Path, Reader, Reads, examples, shown, shown_fact, type_of
from tests.soak.specimen import Raw, Specimen, book, words_at

PLACES = (
    *(("Europe/Warsaw", "PL"), ("Europe/Berlin", "DE-BY"), ("Europe/Prague", "CZ"), ("Europe/London", "GB")),
    *(("Europe/Lisbon", "PT"), ("Europe/Madrid", "ES"), ("Europe/Rome", "IT"), ("Europe/Athens", "GR")),
    *(("Europe/Helsinki", "FI"), ("Europe/Dublin", "IE"), ("Atlantic/Azores", "PT"), ("Africa/Cairo", "EG")),
    *(("Africa/Johannesburg", "ZA"), ("Africa/Casablanca", "MA"), ("America/New_York", "US"), ("America/Chicago", "US")),
    *(("America/Denver", "US"), ("America/Los_Angeles", "US"), ("America/St_Johns", "CA"), ("America/Sao_Paulo", "BR")),
    *(("America/Santiago", "CL"), ("America/Mexico_City", "MX"), ("Asia/Kolkata", "IN"), ("Asia/Kathmandu", None)),
    *(("Asia/Tokyo", "JP"), ("Asia/Singapore", "SG"), ("Asia/Dubai", "AE"), ("Australia/Sydney", "AU")),
    *(("Australia/Lord_Howe", "AU"), ("Pacific/Auckland", "NZ")),
)  # fmt: skip
"""Thirty zones, with a country in each: of whole, half and quarter hours, with clock changes of an hour, of half an hour, and none."""

_DAYS = (
    (2025, 3, 3, 8),
    (2025, 3, 28, 15),
    (2025, 5, 30, 7),
    (2025, 7, 4, 9),
    (2025, 10, 24, 16),
    (2025, 12, 23, 9),
)
BASES = tuple(int(datetime(*day, tzinfo=UTC).timestamp()) for day in _DAYS)
"""About when histories begin: before clock changes, long weekends, and the turn of a year."""
_STEPS = (0, 1, 59, 60, 600, 1800, 3600, 7200, 6 * 3600, 86400, 3 * 86400, 8 * 86400, 31 * 86400)
_OTHER = "something else"


@dataclass(frozen=True)
class Doubt:
    """How often a record is in doubt: shares of tickets (`rough`, `gaps`, `missing`, `recorded`) and of values: that are null, and
    (`silent`) that an event does not name though clauses read them.
    """

    rough: float = 0.0
    gaps: float = 0.0
    missing: float = 0.0
    recorded: float = 0.0
    null: float = 0.0
    silent: float = 0.02

    @classmethod
    def of(cls, r: Random) -> Doubt:
        """None, one kind of doubt, or some of each."""
        kinds = (
            *(cls(), cls(), cls(), cls(null=0.02), cls(null=0.1), cls(rough=0.7), cls(gaps=0.7)),
            *(cls(missing=0.5, recorded=0.3), cls(0.3, 0.2, 0.2, 0.1, 0.05)),
        )
        return r.choice(kinds)


class Maker:
    """Makes agreements and tickets around what some clauses read; the same from the same chance.

    `beside`: clauses that are judged too; what they read of the same events and of the agreement is filled in.
    """

    def __init__(
        self, contract: str, clauses: Sequence[str], r: Random, doubt: Doubt, beside: Sequence[str] = ()
    ) -> None:
        self.name = contract
        self.r = r
        self.doubt = doubt
        self.book = book(contract)
        reader = readers(contract)
        self.clauses = clauses
        self.whole, self.near = Reads(), Reads()
        for clause in clauses:
            self.whole.add(reader.reads(clause))
            self.near.add(reader.reads(clause, alone=True))
        around = Reads()
        for clause in beside:
            around.add(reader.reads(clause, alone=True))
        around.events = {e: {**around.events.get(e, {}), **mine} for e, mine in self.whole.events.items()}
        self.whole.add(around)
        self.opening = [e for c in clauses for e in occasions(self.book, c) if e in self.whole.events]
        self.base = r.choice(BASES)
        self.words = words_at(contract)
        self.entries: Sequence[int] = (0, 1, 1, 2, 3)

    # ---------------------------------------------------------------- time
    def step(self) -> int:
        """Seconds until the next event."""
        r = self.r
        lengths = self.near.seconds or self.whole.seconds
        kind = r.random()
        if lengths and kind < 0.55:
            length = r.choice(lengths)
            return max(
                0,
                r.choice((length, length - 1, length + 1, length // 2, length * 2, r.randint(0, 2 * length))),
            )
        if kind < 0.85:
            return r.choice(_STEPS)
        return r.randint(0, 10 * 86400)

    def stamp(self, second: int) -> str:
        """A second as a record writes it."""
        return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def day(self, spread: int) -> str:
        """A day about the time of the histories."""
        about = datetime.fromtimestamp(self.base, UTC).date()
        return str(about + timedelta(days=self.r.randint(-spread, spread)))

    # ---------------------------------------------------------------- values
    def value(self, event: str, attribute: str, kind: str) -> Any:
        """A value of an attribute: one that the clauses compare with, one that the vocabulary shows, or another."""
        r = self.r
        if r.random() < self.doubt.null:
            return None
        if kind == "bool":
            near = [v for v in self.near.values.get(attribute, ()) if isinstance(v, bool)]
            return r.choice(near) if near and r.random() < 0.7 else r.random() < 0.5
        if kind in ("date", "instant", "date or instant"):
            return self._instant(kind)
        pools = (self.near.values.get(attribute), self.whole.values.get(attribute), shown(event, attribute))
        pool = next((p for p in pools if p and r.random() < 0.85), None) or next(
            (p for p in pools if p), None
        )
        if kind in ("int", "number"):
            numbers = [v for v in pool or () if isinstance(v, int) and not isinstance(v, bool)]
            return r.choice(numbers) if numbers and r.random() < 0.7 else r.randint(0, 40)
        found = r.choice(list(pool)) if pool and r.random() < 0.92 else _OTHER
        if kind == "list":
            more = r.sample(list(pool), min(len(pool), r.randint(0, 2))) if pool else []
            return found if isinstance(found, list) else [found, *(m for m in more if m != found)]
        if isinstance(found, list | dict):
            return found if kind == "map" else str(found)
        return {} if kind == "map" else found

    def _instant(self, kind: str) -> str:
        r = self.r
        if kind == "date" or (kind != "instant" and r.random() < 0.5):
            return self.day(40)
        return self.stamp(self.base + r.choice((-1, 1)) * self.step())

    # ---------------------------------------------------------------- events
    def event(self, name: str, at: int, rough: bool) -> Raw:
        """One event with the attributes that are read."""
        r = self.r
        out: Raw = {"at": self.stamp(at), "event": name}
        if rough and r.random() < 0.5:
            out["precision"] = r.choice(("minute", "minute", "day"))
        mine = self.near.events.get(name, {})
        for attribute, kind in self.whole.events[name].items():
            silent = self.doubt.silent if not self.doubt.null else 0.05 if attribute in mine else 0.4
            if r.random() >= silent:
                out[attribute] = self.value(name, attribute, kind)
                try:
                    event_of(out, 0, None, known=self.words)
                except Flaw:
                    del out[attribute]
        return out

    def history(self, names: Sequence[str], opening: Sequence[str], rough: bool) -> list[Raw]:
        """Events of these names in order of time, one of the opening ones first."""
        r = self.r
        if not names:
            return []
        first = r.choice(opening) if opening else r.choice(names)
        chosen = [first, *(r.choice(names) for _ in range(r.randint(0, 6)))]
        near = [n for n in names if n in self.near.events]
        chosen += [r.choice(near) for _ in range(r.randint(0, 3)) if near]
        at, out = self.base + r.choice((0, 0, r.randint(0, 30 * 86400))), []
        for name in chosen:
            out.append(self.event(name, at, rough))
            at += self.step()
        return out

    def flaws(self) -> Raw:
        """Logs that are missing, and gaps."""
        r, out = self.r, {}
        if r.random() < self.doubt.missing:
            logs = [*examples()["records"], *self.whole.events]
            out["records_missing"] = sorted({r.choice(logs) for _ in range(r.randint(1, 2))})
        if r.random() < self.doubt.gaps:
            start = self.base + self.step() - r.choice((0, 3600))
            end = start + r.choice((0, 60, 3600, 86400, 5 * 86400))
            out["gaps"] = [{"from": self.stamp(start), "to": self.stamp(end)}]
        return out

    def ticket(self, name: str, agreement: str) -> Raw:
        """A ticket."""
        r = self.r
        level = {n: self.book.words[n].level for n in self.whole.events}
        names = [n for n in self.whole.events if level[n] == "ticket"]
        opening = [n for n in self.opening if level[n] == "ticket"]
        rough = r.random() < self.doubt.rough
        events = self.history(names, opening, rough)
        if r.random() < 0.1:
            events = [{**e, "revision": i + 1} for i, e in enumerate(events)]
        out: Raw = {"ticket": name, "agreement": agreement, "events": events, **self.flaws()}
        if r.random() < self.doubt.recorded and names:
            out["recorded"] = sorted({e["event"] for e in events} | set(r.sample(names, len(names) // 2)))
        return out

    # ---------------------------------------------------------------- agreements
    def agreement(self, name: str, tickets: Sequence[str] = ()) -> Raw:
        """An agreement with the facts that are read, and its own history."""
        r = self.r
        zone, country = r.choice(PLACES)
        out: Raw = {"agreement": name, "contract": self.name, "time_zone": zone, "country": country}
        for path in sorted(self.whole.facts, key=len):
            if path[0] not in ("time_zone", "country", "contract"):
                self._fact(out, path)
        if r.random() < self.doubt.null:
            out[r.choice(("time_zone", "country"))] = None
        shared = [n for n in self.whole.events if self.book.words[n].level == "agreement"]
        opening = [n for n in self.opening if self.book.words[n].level == "agreement"]
        if shared and r.random() < 0.6:
            out["events"] = self.history(shared, opening, r.random() < self.doubt.rough)
            for each in out["events"]:
                if tickets and r.random() < 0.2:
                    each["ticket"] = r.choice(tickets)
        out.update(self.flaws())
        return out

    def _fact(self, out: Raw, path: Path) -> None:
        """Put something at a path, where the facts so far leave room for it and their types are kept."""
        kept = out.get(path[0])
        at: Any = out
        for step in path[:-1]:
            if at.get(step) is None:
                at[step] = {}
            at = at[step]
            if not isinstance(at, dict):
                return
        if path[-1] in at and self.r.random() < 0.5:
            return
        before = dict(at)
        found = self.fact(path)
        if found is _ABSENT:
            return
        at[path[-1]] = found
        try:
            agreement_of({"agreement": "a", "contract": self.name, path[0]: out[path[0]]}, words=self.words)
        except Flaw:
            at.clear()
            at.update(before)
            if len(path) > 1 and kept is None:
                out.pop(path[0], None)

    def fact(self, path: Path) -> Any:
        """What stands at a path: entries, what the clauses compare with, what the vocabulary shows, or nothing."""
        r = self.r
        kind = r.random()
        if kind < self.doubt.null:
            return None
        if kind < 1.5 * self.doubt.null:
            return _ABSENT
        if path in self.whole.entries and r.random() < 0.8:
            return [self._entry(path) for _ in range(r.choice(self.entries))]
        compared = self.near.facts.get(path) or self.whole.facts.get(path)
        if compared and r.random() < 0.75:
            return r.choice(compared)
        typed = type_of(path)
        if typed == "bool":
            return r.random() < 0.5
        if typed in ("date", "instant", "date or instant"):
            return self._instant(typed)
        if examples_ := shown_fact(path):
            return r.choice(examples_)
        if typed in ("int", "number"):
            return r.randint(0, 20)
        return [] if typed == "list" else _OTHER if typed == "string" else _ABSENT

    def _entry(self, path: Path) -> Raw:
        r = self.r
        out: Raw = {}
        given = [
            e for each in shown_fact(path) if isinstance(each, list) for e in each if isinstance(e, dict)
        ]
        if given and r.random() < 0.5:
            out |= r.choice(given)
            for bound in ("from", "to"):
                out.pop(bound, None)
        for name in sorted(self.whole.entries[path]):
            pool = self.near.values.get(name) or self.whole.values.get(name)
            if pool:
                out[name] = r.choice(pool)
        if r.random() < 0.8:
            # Mostly in force when the histories begin.
            about = datetime.fromtimestamp(self.base, UTC).date()
            days = r.randint(-400, 0) if r.random() < 0.8 else r.randint(-40, 120)
            out["from"] = str(about + timedelta(days=days))
            if r.random() < 0.7:
                length = r.choice((400, 730)) if r.random() < 0.7 else r.choice((0, 30, 180))
                out["to"] = str(about + timedelta(days=days + length))
        return out


_ABSENT = object()
_readers: dict[str, Reader] = {}


def readers(contract: str) -> Reader:
    """The reader of a bundled contract."""
    if contract not in _readers:
        _readers[contract] = Reader(book(contract))
    return _readers[contract]


def stated(clause: ir.Clause) -> bool:
    """Whether a clause is on record but no record can decide it."""
    return all(isinstance(x, ir.Stated) for line in clause.sentences for x in line.all())


def occasions(found: Book, clause: str) -> list[str]:
    """The recorded events that a clause concerns, or that set what it follows."""
    out: list[str] = []
    for node in parts(found.clauses[clause].concerns):
        if isinstance(node, ir.Each):
            out += meant(found, node.event)
        elif isinstance(node, ir.EachStretch):
            definition = found.attributes.get(node.attribute)
            out += (
                definition.set_by
                if definition is not None and definition.set_by
                else found.carriers(node.attribute)
            )
        elif isinstance(node, ir.EachSpan) and node.name in found.states:
            out += [
                e
                for x in parts(found.states[node.name])
                if isinstance(x, ir.FromUntil)
                for s in x.start
                for e in meant(found, s)
            ]
    return out


def meant(found: Book, event: str) -> list[str]:
    """The recorded events that a name stands for."""
    definition = found.events.get(event)
    if definition is None:
        return [event]
    means = [x for line in definition.lines for x in line.all() if isinstance(x, ir.Means)]
    return [e for x in means for name in x.events for e in (meant(found, name) if name != event else [name])]


def specimen(contract: str, seed: str, *, agreements: int = 8, tickets: int = 4, focus: int = 3) -> Specimen:
    """Agreements of a bundled contract with tickets, made around some of its clauses, which are judged with others."""
    r = Random(seed)
    every = [c.id for c in book(contract).contract.clauses if not stated(c)]
    chosen = r.sample(every, min(focus, len(every)))
    doubt = Doubt.of(r)
    judged = sorted({*chosen, *r.sample(every, min(2 * focus, len(every)))})
    made, histories, ends = [], [], []
    base = r.choice(BASES) if r.random() < 0.8 else None
    for i in range(agreements):
        maker = Maker(contract, [chosen[i % len(chosen)]], r, doubt, judged)
        maker.base = (r.choice(BASES) if base is None else base) + r.randrange(0, 7200)
        ids = [f"T{i}-{k}" for k in range(r.randint(1, tickets))]
        made.append(maker.agreement(f"a{i}", ids))
        histories += [maker.ticket(name, f"a{i}") for name in ids]
        ends.append(maker.base + r.choice((0, 3600, 86400, 10 * 86400, 100 * 86400)))
    as_of = datetime.fromtimestamp(max(ends) + r.choice((0, 1, 3600, 86400)), UTC).strftime(
        "%Y-%m-%dT%H:%M:%SZ"
    )
    return Specimen(contract, tuple(made), tuple(histories), as_of, tuple(judged), seed)
