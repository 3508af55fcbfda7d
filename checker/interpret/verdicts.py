"""Verdicts, their order, and what is said with each."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple

from checker.interpret.possible import Causes


class Verdict(StrEnum):
    """The seven verdicts of one clause on one ticket or agreement."""

    NOT_APPLICABLE = "not_applicable"
    EXCLUDED = "excluded"
    NOT_ENTITLED = "not_entitled"
    MET = "met"
    BREACHED = "breached"
    PENDING = "pending"
    UNDETERMINED = "undetermined"


WORST_FIRST = (
    Verdict.BREACHED,
    Verdict.UNDETERMINED,
    Verdict.PENDING,
    Verdict.NOT_ENTITLED,
    Verdict.MET,
    Verdict.EXCLUDED,
    Verdict.NOT_APPLICABLE,
)
"""The order in which the occasions of one history are folded into one verdict."""
_RANK = {v: i for i, v in enumerate(WORST_FIRST)}


def worst_rank(verdict: Verdict) -> int:
    """0 for the worst verdict, 6 for the mildest."""
    return _RANK[verdict]


class Owed(NamedTuple):
    """How strongly a sentence binds, and whom."""

    strength: str
    party: str


class Outcome(NamedTuple):
    """The verdict on one occasion: what it is, when it was due and done (seconds UTC, None where not known or none), the
    margin on the clause's clock (positive: time left), one sentence of reason, the causes of doubt, and where it is not
    decided the verdicts that are still possible. `sentence`: which of several sentences gave the verdict, where they differ
    in strength or party."""

    verdict: Verdict
    because: str
    due: int | None = None
    done: int | None = None
    margin: int | None = None
    causes: Causes = frozenset()
    occasion: int | None = None
    possible: frozenset[Verdict] = frozenset()
    sentence: Owed | None = None


class Flip(NamedTuple):
    """Another reading that would turn the verdict."""

    ambiguity: str
    reading: str
    verdict: Verdict


class Judgement(NamedTuple):
    """One clause on one ticket (or agreement): the deciding outcome, all outcomes, and the readings that would turn it."""

    agreement: str
    ticket: str
    clause: str
    outcome: Outcome
    outcomes: tuple[Outcome, ...]
    contested: tuple[Flip, ...]
    readings: tuple[str, ...] = ()

    @property
    def verdict(self) -> Verdict:
        """The verdict of the deciding occasion."""
        return self.outcome.verdict
