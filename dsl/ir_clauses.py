"""Clauses of the checked contract: occasions, gates, sentences and their limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dsl.ir_conditions import (
    Condition,
    Fit,
    Rows,
)
from dsl.ir_definitions import (
    Citation,
)
from dsl.ir_terms import (
    Clock,
    Instant,
    Length,
    Line,
    Scalar,
    Value,
)

Strength = Literal["guarantee", "target", "estimate", "may", "discretion", "duty", "definition"]


@dataclass(frozen=True, slots=True)
class Each:
    """Each (or the first, or the last) event of a kind is an occasion. `name`: what the clause calls it, if anything."""

    event: str
    which: Literal["each", "first", "last"] = "each"
    name: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class EachStretch:
    """Each longest stretch in which an attribute has one of these values is an occasion."""

    attribute: str
    among: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class EachSpan:
    """Each stretch of a state, each entry of a fact, each period is an occasion. `called`: what the clause calls it."""

    name: str
    kind: Literal["state", "fact", "period"]
    called: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class TheAgreement:
    """The agreement itself is the one occasion."""


Concern = Each | EachStretch | EachSpan | TheAgreement


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition that decides a verdict: `where` false is not_applicable, `save` true is excluded, `provided` false is
    not_entitled."""

    kind: Literal["where", "save", "provided"]
    condition: Condition
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SupersededBy:
    """The clause gives way where one of these applies to the same occasion and the customer is entitled to it."""

    clauses: tuple[str, ...]


# limits of a sentence
@dataclass(frozen=True, slots=True)
class Within:
    """From a moment, for a length."""

    length: Length
    of: Instant
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class Limit:
    """Before, after, no later or no sooner than a moment."""

    relation: Literal["before", "after", "no-later", "no-sooner"]
    moment: Instant


@dataclass(frozen=True, slots=True)
class SpanLimit:
    """Only during, or only outside, a calendar, state, period or entry of a fact."""

    name: str
    kind: Literal["calendar", "state", "period", "fact"]
    inside: bool


@dataclass(frozen=True, slots=True)
class Between:
    """From one moment until another."""

    start: Instant
    end: Instant


@dataclass(frozen=True, slots=True)
class OnlyWhere:
    """A right exists only where the condition holds."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class RefusedBy:
    """An act by which the party refuses: it breaches, unless the party performed before."""

    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrInstead:
    """Another act that keeps the sentence as well."""

    rows: Rows


@dataclass(frozen=True, slots=True)
class SaveFor:
    """Stretches of this state are excused."""

    state: str


@dataclass(frozen=True, slots=True)
class LeavingOut:
    """Stretches of this state (or calendar) do not count at all."""

    name: str
    kind: Literal["calendar", "state"]


@dataclass(frozen=True, slots=True)
class AtLeastShare:
    """At least this part of a period, in hundredths of a percent of its real length."""

    hundredths: int
    period: str


@dataclass(frozen=True, slots=True)
class NoLimit:
    """The text states no limit: the act is owed until it is done."""


@dataclass(frozen=True, slots=True)
class Fitting:
    """Only such an act counts: that carries what it has to carry, or comes where it has to come."""

    fit: Fit


@dataclass(frozen=True, slots=True)
class ToEach:
    """An act is owed for each value of a list of the record, and carries it in the attribute."""

    attribute: str
    of: Value


SentenceLimit = (
    Within
    | Limit
    | SpanLimit
    | Between
    | Fitting
    | ToEach
    | OnlyWhere
    | RefusedBy
    | OrInstead
    | SaveFor
    | LeavingOut
    | AtLeastShare
    | NoLimit
)


@dataclass(frozen=True, slots=True)
class Perform:
    """The party brings about one of these events, within the limits; with strength `may`, it has the right to."""

    party: str
    strength: Strength
    events: tuple[str, ...]
    limits: tuple[Line[SentenceLimit], ...]


@dataclass(frozen=True, slots=True)
class Refrain:
    """The party does not bring about such an event, within the limits (no limits: ever)."""

    party: str
    strength: Strength
    events: tuple[str, ...]
    limits: tuple[Line[SentenceLimit], ...]


@dataclass(frozen=True, slots=True)
class Keep:
    """The party keeps a state up (or, `free`, keeps free of it) throughout a time or for a share of it."""

    party: str
    strength: Strength
    state: str
    free: bool
    limits: tuple[Line[SentenceLimit], ...]


@dataclass(frozen=True, slots=True)
class Ensure:
    """Conditions that hold at the occasion."""

    party: str
    strength: Strength
    conditions: tuple[Line[Condition], ...]


@dataclass(frozen=True, slots=True)
class Release:
    """The party is free of liability: the clause is excluded where its gates pass."""

    party: str


@dataclass(frozen=True, slots=True)
class Forfeit:
    """The party has lost an entitlement: the clause is not entitled where its gates pass."""

    party: str


@dataclass(frozen=True, slots=True)
class StandsFor:
    """The clause says that others apply: it has the worst of their verdicts."""

    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """The clause is on record but nothing can decide it; why."""

    why: str


Sentence = Perform | Refrain | Keep | Ensure | Release | Forfeit | StandsFor | Stated


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: occasions, gates, sentences.

    `only_on`: the clause exists on that reading only. `course`: the course that its limit follows. `line`: where it stands
    in the contract's file (not part of its meaning).
    """

    id: str
    title: str
    title_pl: str
    cite: Citation | None
    concerns: tuple[Line[Concern], ...]
    gates: tuple[Line[Gate | SupersededBy], ...]
    sentences: tuple[Line[Sentence], ...]
    course: str | None = None
    only_on: tuple[str, str] | None = None
    level: Literal["ticket", "agreement"] = "ticket"
    file: str = ""
    line: int = 0
