"""How a party fares under verdicts: burdens, as an interval where a verdict is not decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple

from checker.compare.clause_form import SentenceForm
from checker.interpret.verdicts import Outcome, Verdict

Kind = Literal["duty", "right", "release", "loss", "none"]

_UNBOUND = (Verdict.NOT_APPLICABLE, Verdict.EXCLUDED, Verdict.NOT_ENTITLED)
STRENGTH = {"estimate": 2, "target": 3}
"""What missing it weighs; all else weighs 4."""


class Bound(NamedTuple):
    """What a sentence is for the party that it binds: `kind`, the party, and what breaking it weighs."""

    kind: Kind
    party: str
    weight: int


class Fare(NamedTuple):
    """The least and the greatest burden; 0 is the best that can be."""

    least: int
    most: int


def bound_of(s: SentenceForm) -> Bound:
    """What a sentence is for its party."""
    if s.kind == "Release":
        return Bound("release", s.party, 1)
    if s.kind == "Forfeit":
        return Bound("loss", s.party, 1)
    if s.kind in ("Stated", "StandsFor"):
        return Bound("none", "", 0)
    if s.right or (s.kind == "Ensure" and s.strength == "may"):
        return Bound("right", s.party, 2)
    return Bound("duty", s.party, STRENGTH.get(s.strength, 4))


def burdens(bound: Bound) -> Mapping[Verdict, int]:
    """What each decided verdict weighs."""
    table: dict[Verdict, int]
    if bound.kind == "duty":
        table = {**dict.fromkeys(_UNBOUND, 0), Verdict.MET: 1, Verdict.BREACHED: bound.weight}
    elif bound.kind == "right":
        silent = {Verdict.NOT_APPLICABLE: 1, Verdict.EXCLUDED: 1}
        table = {**silent, Verdict.MET: 0, Verdict.NOT_ENTITLED: 2, Verdict.BREACHED: 2}
    elif bound.kind == "release":
        table = {v: int(v is not Verdict.EXCLUDED) for v in Verdict}
    elif bound.kind == "loss":
        table = {v: int(v is Verdict.NOT_ENTITLED) for v in Verdict}
    else:
        table = dict.fromkeys(Verdict, 0)
    return table


def silence(bound: Bound) -> Fare:
    """How the party fares where no such clause stands."""
    weight = burdens(bound)[Verdict.NOT_APPLICABLE]
    return Fare(weight, weight)


def fare(bound: Bound, outcomes: Iterable[Outcome]) -> Fare:
    """How the party fares on a ticket: as on the worst of its occasions."""
    table = burdens(bound)
    least = most = min(table.values())
    for o in outcomes:
        if o.verdict in (Verdict.PENDING, Verdict.UNDETERMINED):
            possible = [table[v] for v in o.possible if v in table] or list(table.values())
        else:
            possible = [table[o.verdict]]
        least, most = max(least, min(possible)), max(most, max(possible))
    return Fare(least, most)


def turned(old: Fare, new: Fare) -> Literal["same", "worse", "better", "mixed"]:
    """How the party fares under the new variant, beside the old one."""
    if old == new:
        return "same"
    if new.least >= old.least and new.most >= old.most:
        return "worse"
    return "better" if new.least <= old.least and new.most <= old.most else "mixed"
