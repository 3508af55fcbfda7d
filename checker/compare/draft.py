"""A history in the making: facts of an agreement and events, as plain data that can still be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from random import Random
from typing import Any

from checker.clock.zones import UnknownZoneError, zone
from checker.compare.pools import Key, Pool
from checker.interpret.book import Book
from dsl import contract as ir
from dsl.vocabulary import Vocabulary

Raw = dict[str, Any]
OTHER = "something else"
"""A value that nothing compares with."""


def stamp(second: int) -> str:
    """A second as a record writes it."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def zone_of(facts: Mapping[str, Any]) -> tzinfo:
    """The zone in which the instants of an agreement are shown: its own, where it is on record."""
    name = facts.get("time_zone")
    try:
        return zone(name) if isinstance(name, str) else UTC
    except UnknownZoneError:
        return UTC


@dataclass(slots=True)
class Draft:
    """`facts`: of the agreement. `events`: with `at` in seconds; `last`: the audit instant.

    `row`, `entry`: the event, or the entry of a fact, that is the occasion, where it is one.
    """

    facts: Raw
    events: list[Raw]
    last: int
    row: Raw | None = None
    entry: Raw | None = None

    def copied(self) -> Draft:
        """The same, to be changed apart."""
        memo: dict[int, Any] = {}
        return Draft(
            deepcopy(self.facts, memo),
            deepcopy(self.events, memo),
            self.last,
            deepcopy(self.row, memo),
            deepcopy(self.entry, memo),
        )


@dataclass(slots=True)
class Scene:
    """What drafts are made from: a contract, its words, values that are compared with, chance, and where and about when it happens.

    `opening`: the instant of the occasion.
    """

    book: Book
    readings: dict[str, str]
    vocabulary: Vocabulary
    pool: Pool
    r: Random
    opening: int
    place: tuple[str, str]
    draft: Draft = field(init=False)

    def __post_init__(self) -> None:
        zone, country = self.place
        told = {"time_zone": zone, "country": country}
        self.draft = Draft({k: v for k, v in told.items() if v}, [], self.opening + 90 * 86400)

    # ---------------------------------------------------------------- lines
    def lines(self, block: Any) -> list[Any]:
        """The lines of a block as the readings make them."""
        out: list[Any] = []
        for line in block:
            chosen = next((a for a in line.readings if self.readings.get(a.ambiguity) == a.reading), None)
            out += [line.base] if chosen is None else self.lines(chosen.lines)
        return out

    # ---------------------------------------------------------------- values
    def kind(self, event: str, attribute: str) -> str:
        """The type of an attribute of an event."""
        word = self.book.words.get(event)
        return dict(word.attributes).get(attribute, "string") if word is not None else "string"

    def fitted(self, value: Any, kind: str) -> Any:
        """A value as its type writes it."""
        if kind == "list":
            return value if isinstance(value, list) else [value]
        if kind in ("int", "number") and not isinstance(value, bool):
            return int(value) if str(value).lstrip("-").isdigit() else 1
        if kind == "bool":
            return value if isinstance(value, bool) else str(value) in ("yes", "true", "True")
        if kind == "string" and isinstance(value, int | list):
            return str(value) if not isinstance(value, bool) else "yes" if value else "no"
        if kind in ("date", "instant", "date or instant") and not str(value)[:2].isdigit():
            return self.day(0) if kind == "date" else stamp(self.opening)
        return value

    def day(self, offset: int) -> str:
        """A local day about the opening."""
        about = datetime.fromtimestamp(self.opening, UTC).date().toordinal()
        return date.fromordinal(about + offset).isoformat()

    def other(self, key: Key | None, among: tuple[Any, ...]) -> Any:
        """A value that is none of these: one that is compared with elsewhere, or another."""
        texts = {str(v) for v in among}
        if all(isinstance(v, bool) for v in among) and among:
            return not among[0]
        pool = [v for v in self.pool.values.get(key, ()) if str(v) not in texts] if key is not None else []
        if pool and self.r.random() < 0.7:
            return self.r.choice(pool)
        return 97 if all(isinstance(v, int) for v in among) and among else OTHER

    def pick(self, key: Key | None, among: Sequence[Any]) -> Any:
        """One of several values: often one on which two variants do not agree."""
        odd = [v for v in among if v in self.pool.odd.get(key, ())] if key is not None else []
        return self.r.choice(odd if odd and self.r.random() < 0.5 else among)

    def set_fact(self, path: tuple[str, ...], value: Any) -> None:
        """Put a value at a path of the facts."""
        at: Any = self.draft.facts
        for step in path[:-1]:
            if not isinstance(at.get(step), dict):
                at[step] = {}
            at = at[step]
        kind = self.vocabulary.fields.get(path, "") or (
            self.vocabulary.facts.get(path[0], "") if len(path) == 1 else ""
        )
        at[path[-1]] = self.fitted(value, kind) if kind else value

    def fact(self, path: tuple[str, ...]) -> Any:
        """What stands at a path."""
        at: Any = self.draft.facts
        for step in path:
            at = at.get(step) if isinstance(at, dict) else None
        return at

    # ---------------------------------------------------------------- events
    def add(self, name: str, at: int) -> Raw:
        """A new event of the vocabulary."""
        made: Raw = {"at": at, "event": name}
        self.draft.events.append(made)
        return made

    def base(self, name: str) -> str:
        """An event of the vocabulary that a name can stand for."""
        definition = self.book.events.get(name)
        if definition is None:
            return name
        means = [e for x in self.lines(definition.lines) if isinstance(x, ir.Means) for e in x.events]
        return self.base(self.r.choice(means))

    def wheres(self, name: str, base: str) -> list[ir.Condition]:
        """What has to hold of a row of this base to be such an event."""
        definition = self.book.events.get(name)
        if definition is None:
            return []
        lines = self.lines(definition.lines)
        out = [x.condition for x in lines if isinstance(x, ir.Where)]
        for x in lines:
            if isinstance(x, ir.Means):
                for e in x.events:
                    if e != base and base in self.bases(e):
                        out += self.wheres(e, base)
                        return out
        return out

    def bases(self, name: str) -> set[str]:
        """All of them."""
        definition = self.book.events.get(name)
        if definition is None:
            return {name}
        lines = self.lines(definition.lines)
        return {b for x in lines if isinstance(x, ir.Means) for e in x.events for b in self.bases(e)}

    def step(self) -> int:
        """Seconds from one event to another: a length of some limit, or about one."""
        r = self.r
        if self.pool.seconds and r.random() < 0.5:
            length = r.choice(self.pool.seconds)
            return max(0, r.choice((length, length - 1, length + 1, length // 2, length * 2, 60)))
        return r.choice((0, 60, 600, 1800, 3600, 7200, 6 * 3600, 86400, 3 * 86400, 8 * 86400))


def agreement_of_draft(draft: Draft, contract: str, levels: Mapping[str, str]) -> Raw:
    """The agreement as its file holds it."""
    shared = [_plain(e) for e in _sorted(draft) if levels.get(e["event"]) == "agreement"]
    out: Raw = {"agreement": "example", "contract": contract, **draft.facts}
    return {**out, "events": shared} if shared else out


def ticket_of_draft(draft: Draft, levels: Mapping[str, str]) -> Raw:
    """The ticket as its file holds it."""
    mine = [_plain(e) for e in _sorted(draft) if levels.get(e["event"]) != "agreement"]
    return {"ticket": "T-1", "agreement": "example", "events": mine}


def _sorted(draft: Draft) -> list[Raw]:
    return sorted(draft.events, key=lambda e: e["at"])


def _plain(event: Raw) -> Raw:
    return {**event, "at": stamp(event["at"])}
