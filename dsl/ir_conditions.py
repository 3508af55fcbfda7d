"""Sets of events, amounts and conditions of the checked contract."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from dsl.ir_terms import Clock, Instant, Length, Line, Scalar, Value


# --------------------------------------------------------------------------- sets of events
@dataclass(frozen=True, slots=True)
class When:
    """The event lies before, after, no later or no sooner than a moment."""

    relation: Literal["before", "after", "no-later", "no-sooner"]
    moment: Instant


@dataclass(frozen=True, slots=True)
class WithinOf:
    """The event lies between a moment and the end of a length that runs from it."""

    length: Length
    of: Instant
    clock: Clock = field(default_factory=Clock)


@dataclass(frozen=True, slots=True)
class InSpan:
    """The event lies inside (or outside) a calendar, a state, a period or an entry of a fact."""

    name: str
    kind: Literal["calendar", "state", "period", "fact"]
    inside: bool = True


@dataclass(frozen=True, slots=True)
class SameAs:
    """The event carries the same value of an attribute as the occasion."""

    attribute: str


@dataclass(frozen=True, slots=True)
class Including:
    """The event carries a list that holds a value, or that value itself."""

    attribute: str
    value: Value


@dataclass(frozen=True, slots=True)
class Answering:
    """The event comes at or after the occasion and before the next one of its kind."""


@dataclass(frozen=True, slots=True)
class AcrossTickets:
    """Events of every ticket of the agreement count, not only of the ticket at hand."""


@dataclass(frozen=True, slots=True)
class SamePeriod:
    """A date that the event carries lies in the same entry of a period as that of the occasion."""

    period: str
    attribute: str


Fit = SameAs | Including | Answering
"""Which of several events of a kind is meant, by what it carries or by its place: in a sentence, too."""

Restriction = When | WithinOf | InSpan | SamePeriod | AcrossTickets | Fit


@dataclass(frozen=True, slots=True)
class Rows:
    """Events of a kind, restricted. `events`: any of these."""

    events: tuple[str, ...]
    restrictions: tuple[Restriction, ...] = ()


# --------------------------------------------------------------------------- amounts
@dataclass(frozen=True, slots=True)
class Number:
    """A whole number; with a unit, a length of it (seconds for time), with a currency, money in whole units."""

    amount: int
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class AmountOf:
    """A number held by an attribute or a fact."""

    value: Value


@dataclass(frozen=True, slots=True)
class Count:
    """How many events."""

    rows: Rows


@dataclass(frozen=True, slots=True)
class Total:
    """The sum of an attribute over events; money of several currencies has no sum.

    `rounded_up`: each of them to a whole number first.
    """

    attribute: str
    rows: Rows
    rounded_up: bool = False


@dataclass(frozen=True, slots=True)
class TimeIn:
    """Real seconds that a state lasts, within the restrictions."""

    state: str
    restrictions: tuple[Restriction, ...] = ()


@dataclass(frozen=True, slots=True)
class SizeOf:
    """How many different values a list of the record holds, or keys a table; a single value is a list of one."""

    of: Value


@dataclass(frozen=True, slots=True)
class NumberInForce:
    """How many entries of a named fact hold a moment (the occasion, if none is named)."""

    fact: str
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """How many stretches of a keyed state are open at a moment."""

    state: str
    at: Instant


@dataclass(frozen=True, slots=True)
class Share:
    """A part of an amount, in hundredths of a percent (20 percent is 2000)."""

    hundredths: int
    of: Amount


@dataclass(frozen=True, slots=True)
class Sum:
    """Two amounts together, or the first less the second; unlike units have no sum."""

    less: bool
    of: tuple[Amount, Amount]


@dataclass(frozen=True, slots=True)
class RoundedUp:
    """An amount, or the next whole number above it."""

    of: Amount


@dataclass(frozen=True, slots=True)
class Bound:
    """The higher or the lower of two amounts."""

    highest: bool
    of: tuple[Amount, Amount]


@dataclass(frozen=True, slots=True)
class FigureRef:
    """A figure defined by name."""

    name: str


Amount = (
    Number
    | AmountOf
    | Count
    | SizeOf
    | NumberInForce
    | Total
    | TimeIn
    | UnderWay
    | Share
    | Sum
    | RoundedUp
    | Bound
    | FigureRef
)


# --------------------------------------------------------------------------- conditions
@dataclass(frozen=True, slots=True)
class IsOneOf:
    """A value is (not) one of those named. A missing value is unknown."""

    value: Value
    among: tuple[Scalar, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class InList:
    """A value is (not) on a list of the contract."""

    value: Value
    list: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class SameValue:
    """Two values are (not) the same."""

    left: Value
    right: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Among:
    """A value is (not) one of those that another value, a list of the record, holds."""

    value: Value
    of: Value
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    """A text has (not) a word in it: the whole word, in capitals or not."""

    value: Value
    word: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Recorded:
    """The record shows the value (one of `among`, or any): two-valued, what the record does not show is not recorded."""

    value: Value
    among: tuple[Scalar, ...] = ()
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CompareInstants:
    """One moment stands to another as said; equality counts only in no-later and no-sooner."""

    left: Instant
    relation: Literal["before", "after", "no-later", "no-sooner"]
    right: Instant


@dataclass(frozen=True, slots=True)
class During:
    """A moment lies inside (or outside) a calendar, state, period or entry of a fact."""

    moment: Instant
    name: str
    kind: Literal["calendar", "state", "period", "fact"]
    inside: bool = True


@dataclass(frozen=True, slots=True)
class InForce:
    """Some entry of a named fact holds the moment (dates inclusive; an entry without dates always holds)."""

    fact: str
    at: Instant | None = None
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CompareAmounts:
    """One amount stands to another as said."""

    left: Amount
    relation: Literal["at-most", "at-least", "more", "less", "exactly"]
    right: Amount


@dataclass(frozen=True, slots=True)
class Occurred:
    """Some such event exists in the record."""

    rows: Rows
    negated: bool = False


@dataclass(frozen=True, slots=True)
class CompareRanks:
    """A value of a ranked attribute ranks higher (or lower) than another; a value without a rank is unknown."""

    attribute: str
    left: Value
    right: Value
    higher: bool


@dataclass(frozen=True, slots=True)
class RecordComplete:
    """The log of this name is on record: true, or unknown, for what a missing log would show nobody can tell."""

    record: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """A named condition holds, or a clause applies and is not breached (of a release, or a loss of entitlement: it bites)."""

    name: str
    kind: Literal["condition", "clause"]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Any, all or none of several conditions."""

    quantifier: Literal["any", "all", "none"]
    of: tuple[Line[Condition], ...]


Condition = (
    IsOneOf
    | InList
    | SameValue
    | Among
    | Mentions
    | Recorded
    | CompareInstants
    | During
    | InForce
    | CompareAmounts
    | Occurred
    | CompareRanks
    | RecordComplete
    | Holds
    | Group
)
