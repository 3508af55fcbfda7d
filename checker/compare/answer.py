"""The answer to a comparison, as values that turn into JSON."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from dsl import phrase

SCHEMA = "servanda/comparison-1"

Half = Literal["yes", "no", "unknown"]
EQUIVALENT, DIFFERENT, NOT_PROVED = "equivalent", "different", "not proved"
SAME_VERDICTS = "that the verdicts are the same"
"""What is not proved of a clause of which nothing is, or, beyond the bounds of the proof, of one that is equivalent within them."""


@dataclass(frozen=True, slots=True)
class Way:
    """Whether a party ever fares worse under the new variant, and whether it ever fares better; `scope`: what a *no* rests on."""

    worse: Half
    better: Half
    scope: frozenset[str] = frozenset()

    @property
    def answer(self) -> str:
        """Equivalent, stricter, laxer, incomparable, or not proved."""
        return {
            ("no", "no"): EQUIVALENT,
            ("yes", "no"): "stricter",
            ("no", "yes"): "laxer",
            ("yes", "yes"): "incomparable",
        }.get((self.worse, self.better), NOT_PROVED)

    @property
    def turned(self) -> Way:
        """The same from the view of the one who has the benefit."""
        return Way(self.better, self.worse, self.scope)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "answer": self.answer,
            "worse": self.worse,
            "better": self.better,
            "scope": sorted(self.scope),
        }


def together(ways: Iterable[Way]) -> Way:
    """Several ways together: one yes is enough, and a no has to be one of all."""
    found = list(ways)
    halves = _half(w.worse for w in found), _half(w.better for w in found)
    # What is shown both ways rests on nothing.
    scope = frozenset[str]().union(*(w.scope for w in found)) if "no" in halves else frozenset[str]()
    return Way(*halves, scope)


def _half(halves: Iterable[Half]) -> Half:
    found = set(halves)
    return "yes" if "yes" in found else "unknown" if "unknown" in found else "no"


_WHETHER = re.compile(r"whether (\S+) ever fares ")


def open_said(what: str, names: Mapping[str, str] | None = None) -> str:
    """What is not proved, in words. `names`: how the contract calls its parties."""
    match = _WHETHER.match(what)
    if match is None:
        return what
    said = (names or {}).get(match[1]) or phrase.party(match[1])
    return f"whether {said} ever fares {what[match.end() :]}"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a clause that changed: what it says in either variant, and the definitions through which it changed."""

    part: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    through: tuple[str, ...] = ()

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"part": self.part, "old": [*self.old], "new": [*self.new], "through": [*self.through]}


@dataclass(frozen=True, slots=True)
class Verdicts:
    """What one variant says of a history: the verdict, the limit and the act (seconds UTC), and why. `verdict` None: no such clause.
    `strength`: of the sentence that was not kept, where one was not.
    """

    verdict: str | None
    due: str | None
    done: str | None
    because: str
    occasions: tuple[str, ...]
    strength: str = ""

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "verdict": self.verdict,
            "due": self.due,
            "done": self.done,
            "because": self.because,
            "occasions": [*self.occasions],
            "strength": self.strength,
        }


@dataclass(frozen=True, slots=True)
class Example:
    """A history on which the variants differ, confirmed by the interpreter. `shows`: how each party fares under the new one."""

    shows: tuple[tuple[str, str], ...]
    agreement: dict[str, Any]
    ticket: dict[str, Any]
    as_of: str
    old: Verdicts
    new: Verdicts

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "shows": dict(self.shows),
            "agreement": self.agreement,
            "ticket": self.ticket,
            "as_of": self.as_of,
            "old": self.old.told(),
            "new": self.new.told(),
        }


@dataclass(frozen=True, slots=True)
class Read:
    """The answer about one clause under one choice of readings. `bound`: the party that its sentences bind, where it is one."""

    answer: str
    scope: frozenset[str]
    views: tuple[tuple[str, Way], ...]
    examples: tuple[Example, ...]
    not_proved: tuple[tuple[str, str], ...]
    tried: int = 0
    bound: str = ""

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "answer": self.answer,
            "scope": sorted(self.scope),
            "bound": self.bound,
            "views": {party: way.told() for party, way in self.views},
            "examples": [e.told() for e in self.examples],
            "not_proved": [{"what": open_said(what), "why": why} for what, why in self.not_proved],
            "histories_tried": self.tried,
        }


SAME = Read(EQUIVALENT, frozenset(), (), (), ())


@dataclass(frozen=True, slots=True)
class ClauseAnswer:
    """The answer about one clause. `structure`: reworded, moved, renamed, changed, added, removed; otherwise: on another reading only."""

    clause: str
    was: str | None
    structure: str
    moved: bool
    titles: tuple[str, str, str, str]
    places: tuple[str, str]
    words: tuple[tuple[str, ...], tuple[str, ...]]
    parts: tuple[Part, ...]
    read: Read
    readings: tuple[tuple[str, str, Read], ...] = ()

    @property
    def equivalent(self) -> bool:
        """Whether it is, on the recommended readings and on each other one."""
        return self.read.answer == EQUIVALENT and all(r.answer == EQUIVALENT for _, _, r in self.readings)

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        old, old_pl, new, new_pl = self.titles
        return {
            "clause": self.clause,
            "was": self.was,
            "structure": self.structure,
            "moved": self.moved,
            "title": {"old": old, "new": new},
            "title_pl": {"old": old_pl, "new": new_pl},
            "place": {"old": self.places[0], "new": self.places[1]},
            "words": {"old": [*self.words[0]], "new": [*self.words[1]]},
            "parts": [p.told() for p in self.parts],
            **self.read.told(),
            "readings": [
                {"ambiguity": name, "reading": reading, **read.told()}
                for name, reading, read in self.readings
            ],
        }


@dataclass(slots=True)
class Comparison:
    """The whole answer. `alike`: ids of the clauses that are the same on every reading."""

    old: dict[str, Any]
    new: dict[str, Any]
    parties: tuple[tuple[str, str], ...]
    settings: dict[str, Any]
    clauses: list[ClauseAnswer] = field(default_factory=list)
    alike: list[str] = field(default_factory=list)
    effect: dict[str, Any] | None = None

    @property
    def answer(self) -> str:
        """Equivalent, different, or not proved."""
        reads = [r for c in self.clauses for r in (c.read, *(r for _, _, r in c.readings))]
        if any(r.answer == DIFFERENT for r in reads):
            return DIFFERENT
        return NOT_PROVED if any(r.answer == NOT_PROVED for r in reads) else EQUIVALENT

    @property
    def strangers(self) -> bool:
        """Whether the two are contracts of different names, and hardly variants of one."""
        return bool(self.old["contract"] != self.new["contract"])

    @property
    def bounded(self) -> bool:
        """Whether some clause is equivalent within bounds, beyond which it is not proved."""
        reads = [r for c in self.clauses for r in (c.read, *(r for _, _, r in c.readings))]
        return any(r.answer == EQUIVALENT and r.not_proved for r in reads)

    def views(self) -> dict[str, Way]:
        """The contract as a whole, on the recommended readings, as each party has it."""
        out: dict[str, list[Way]] = {party: [] for party, _ in self.parties}
        for c in self.clauses:
            for party, way in c.read.views:
                out.setdefault(party, []).append(way)
            if c.read.answer == NOT_PROVED and not c.read.views:
                for ways in out.values():
                    ways.append(Way("unknown", "unknown"))
            elif c.read.answer == EQUIVALENT and c.read.scope:
                for ways in out.values():
                    ways.append(Way("no", "no", c.read.scope))
        return {party: together(ways) for party, ways in out.items()}

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "schema": SCHEMA,
            "old": self.old,
            "new": self.new,
            "parties": dict(self.parties),
            "settings": self.settings,
            "answer": self.answer,
            "bounded": self.bounded,
            "views": {party: way.told() for party, way in self.views().items()},
            "counts": self.counts(),
            "clauses": [c.told() for c in self.clauses],
            "alike": self.alike,
            "effect": self.effect,
        }

    def counts(self) -> dict[str, int]:
        """How many clauses came to which answer, and how many are the same word for word. What is equivalent on the recommended readings
        and not on each other one is counted by itself.
        """
        out = {
            "same": len(self.alike),
            EQUIVALENT: 0,
            DIFFERENT: 0,
            NOT_PROVED: 0,
            "on another reading only": 0,
        }
        for c in self.clauses:
            elsewhere = c.read.answer == EQUIVALENT and not c.equivalent
            out["on another reading only" if elsewhere else c.read.answer] += 1
        return out
