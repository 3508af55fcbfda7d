"""The checked contract: policy as plain data, every name resolved, every unit known.

Interpreter, columnar compiler and comparison read this and nothing else. All values are frozen, hashable and turn into
JSON and back without loss (`dsl.codec`). A node is a value; the only place where a reading can change anything is a
`Line`: its `base`, or, on a reading, what stands instead. One choice of readings therefore makes one ordinary contract.

Instants are terms over events, facts and calendars; conditions are three-valued over a record (true, false, unknown); a
clause is gates in a fixed order and then its sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
Counting = Literal["elapsed", "clock", "legal", "working", "calendar"]
"""How a length runs: `elapsed` real time; `clock` the open time of a calendar; `legal` days, weeks, months by the
contract's law; `working` the working days of a calendar; `calendar` bare date arithmetic (same local time)."""
Strength = Literal["guarantee", "target", "estimate", "may", "discretion", "duty", "definition"]
Scalar = str | int | bool


# --------------------------------------------------------------------------- readings
@dataclass(frozen=True, slots=True)
class Alternative(Generic[T]):
    """What stands instead of a line when `ambiguity` is read as `reading`; empty: the line falls away."""

    ambiguity: str
    reading: str
    lines: tuple[T, ...]


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """One line, and what replaces it on other readings. The first alternative whose reading is taken wins."""

    base: T
    readings: tuple[Alternative[T], ...] = ()


# --------------------------------------------------------------------------- terms: values and moments
@dataclass(frozen=True, slots=True)
class It:
    """The occasion that a clause judges (`start` or `end` of it), or the row at hand inside a definition."""

    end: bool = False


@dataclass(frozen=True, slots=True)
class Now:
    """The audit instant."""


@dataclass(frozen=True, slots=True)
class Pick:
    """The moment of one event: the first, the last, or the next after the occasion."""

    event: str
    which: Literal["first", "last", "next"] = "first"


@dataclass(frozen=True, slots=True)
class MomentRef:
    """A moment defined by name."""

    name: str


@dataclass(frozen=True, slots=True)
class DateOf:
    """An instant or date held by an attribute or a fact; a bare date stands for its first second in the zone."""

    value: AttributeOf | FactValue


@dataclass(frozen=True, slots=True)
class DateConstant:
    """A date written in the contract: its first second in the zone of the agreement."""

    day: date


@dataclass(frozen=True, slots=True)
class UnitOf:
    """The start or end of the local day, week, month, quarter or year that holds a moment. `end` is exclusive: the
    first second after; as the limit of a sentence it is due one second earlier."""

    unit: Unit
    of: Instant
    end: bool


@dataclass(frozen=True, slots=True)
class Boundary:
    """The start or the (exclusive) end of the row of a fact, state or period at hand."""

    of: str
    kind: Literal["fact", "state", "period"]
    end: bool


@dataclass(frozen=True, slots=True)
class Extreme:
    """The later or the earlier of several moments."""

    latest: bool
    of: tuple[Instant, ...]


@dataclass(frozen=True, slots=True)
class Length:
    """A duration as the text gives it: the figure stays visible. `amount` may be the name of a figure."""

    amount: int | str
    unit: Unit
    counting: Counting


@dataclass(frozen=True, slots=True)
class Clock:
    """Qualifiers of a length: the calendar that counts it, states that stop it, and details of legal terms.

    `ending_at` is in seconds of the local day; `moved` is art. 115 of the Civil Code (a term that ends on a free day
    moves to the next day that is none).
    """

    calendar: str | None = None
    stopped: tuple[str, ...] = ()
    ending_at: int | None = None
    first_day_counted: bool = False
    moved: bool = True


@dataclass(frozen=True, slots=True)
class Shift:
    """A length after (or before) a moment."""

    length: Length
    back: bool
    base: Instant
    clock: Clock = Clock()


Instant = It | Now | Pick | MomentRef | DateOf | DateConstant | UnitOf | Boundary | Extreme | Shift


@dataclass(frozen=True, slots=True)
class EventRow:
    """The row of one event, for its attributes."""

    event: str
    which: Literal["first", "last", "next"] = "first"


@dataclass(frozen=True, slots=True)
class OccasionRow:
    """The row of the occasion, or inside a definition the row at hand."""


@dataclass(frozen=True, slots=True)
class FactRow:
    """The entry of a named fact that is in force at the occasion (or the only one)."""

    fact: str


@dataclass(frozen=True, slots=True)
class AttributeOf:
    """The value that this very row carries."""

    attribute: str
    row: EventRow | OccasionRow | FactRow


@dataclass(frozen=True, slots=True)
class AttributeAsOf:
    """The value last set at or before a moment (the occasion, if none is named)."""

    attribute: str
    at: Instant | None = None


@dataclass(frozen=True, slots=True)
class FactValue:
    """A fact of the agreement, or a field of it (path from the outside in)."""

    path: tuple[str, ...]


Value = AttributeOf | AttributeAsOf | FactValue


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
    clock: Clock = Clock()


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
class Answering:
    """The event comes at or after the occasion and before the next one of its kind."""


@dataclass(frozen=True, slots=True)
class AcrossTickets:
    """Events of every ticket of the agreement count, not only of the ticket at hand."""


Restriction = When | WithinOf | InSpan | SameAs | Answering | AcrossTickets


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
    """The sum of an attribute over events; money of several currencies has no sum."""

    attribute: str
    rows: Rows


@dataclass(frozen=True, slots=True)
class TimeIn:
    """Real seconds that a state lasts, within the restrictions."""

    state: str
    restrictions: tuple[Restriction, ...] = ()


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
class Bound:
    """The higher or the lower of two amounts."""

    highest: bool
    of: tuple[Amount, Amount]


@dataclass(frozen=True, slots=True)
class FigureRef:
    """A figure defined by name."""

    name: str


Amount = Number | AmountOf | Count | Total | TimeIn | UnderWay | Share | Bound | FigureRef


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
    relation: Literal["at-most", "at-least", "more", "less"]
    right: Amount


@dataclass(frozen=True, slots=True)
class Occurred:
    """Some such event exists in the record."""

    rows: Rows
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Holds:
    """A named condition holds, or a clause applies and is not breached (of a release: it bites)."""

    name: str
    kind: Literal["condition", "clause"]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Any, all or none of several conditions."""

    quantifier: Literal["any", "all", "none"]
    of: tuple[Line[Condition], ...]


Condition = (
    IsOneOf | InList | SameValue | Recorded | CompareInstants | During | InForce | CompareAmounts | Occurred | Holds | Group
)


# --------------------------------------------------------------------------- definitions
@dataclass(frozen=True, slots=True)
class Citation:
    """Where the text says it: line ranges of the source file (1-based, inclusive) and the place in words."""

    lines: tuple[tuple[int, int], ...]
    place: str


@dataclass(frozen=True, slots=True)
class Ambiguity:
    """A question the text leaves open. `readings` maps each reading to its sentence; one is recommended."""

    name: str
    question: str
    readings: tuple[tuple[str, str], ...]
    recommended: str


@dataclass(frozen=True, slots=True)
class AttributeDef:
    """An attribute followed through time: any event that carries it sets it. `ranks`: highest first, or empty."""

    name: str
    ranks: tuple[Scalar, ...] = ()


@dataclass(frozen=True, slots=True)
class Items:
    """Values written in the contract."""

    values: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class AllOf:
    """All that another list (or calendar) holds."""

    name: str


@dataclass(frozen=True, slots=True)
class KeptIn:
    """A list that the contract keeps elsewhere: a fact of the agreement."""

    fact: FactValue


@dataclass(frozen=True, slots=True)
class ListDef:
    """A named list of values."""

    name: str
    lines: tuple[Line[Items | AllOf | KeptIn], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class WindowLine:
    """A weekly window: days (0 Monday), seconds of the local day; `end` past 86400 crosses midnight."""

    days: tuple[int, ...]
    start: int
    end: int
    save_holidays: bool
    whole_days: bool = False


@dataclass(frozen=True, slots=True)
class RoundTheClock:
    """Every second of every day."""


@dataclass(frozen=True, slots=True)
class Less:
    """Leave out what another calendar or a state holds."""

    name: str
    kind: Literal["calendar", "state"]


@dataclass(frozen=True, slots=True)
class HoursFrom:
    """Clock times {from, to} of a fact replace those of the windows, where it is on record."""

    fact: FactValue


@dataclass(frozen=True, slots=True)
class ZoneOf:
    """The zone of the windows: a constant, or a fact."""

    zone: str | FactValue


@dataclass(frozen=True, slots=True)
class HolidaysOf:
    """The country whose public holidays count: a constant (ISO 3166), or a fact."""

    country: str | FactValue


@dataclass(frozen=True, slots=True)
class CalendarDef:
    """Weekly windows in a zone, their union."""

    name: str
    lines: tuple[Line[WindowLine | RoundTheClock | AllOf | Less | HoursFrom | ZoneOf | HolidaysOf], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """The kinds of event that a named event stands for."""

    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Where:
    """A condition on the row at hand."""

    condition: Condition


@dataclass(frozen=True, slots=True)
class EventDef:
    """A qualifying event: the rows of some events that pass every condition."""

    name: str
    lines: tuple[Line[Means | Where], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class FromUntil:
    """From each such event until the next of those; open until the audit if none follows."""

    start: tuple[str, ...]
    end: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class While:
    """While an attribute has one of these values."""

    attribute: str
    among: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class ForEach:
    """One set of stretches for every value of this attribute of the events."""

    attribute: str


@dataclass(frozen=True, slots=True)
class StateDef:
    """A state: half-open stretches of time."""

    name: str
    lines: tuple[Line[FromUntil | While | ForEach], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class EntryOf:
    """Entries of a list fact; dates `from` and `to` are inclusive."""

    fact: FactValue


@dataclass(frozen=True, slots=True)
class FactDef:
    """Named entries of a fact of the agreement."""

    name: str
    lines: tuple[Line[EntryOf | Where], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class EachUnit:
    """Each calendar day, week, month, quarter or year."""

    unit: Unit


@dataclass(frozen=True, slots=True)
class EachFrom:
    """Each n units counted from the date in a fact."""

    amount: int
    unit: Unit
    start: FactValue


@dataclass(frozen=True, slots=True)
class Rolling:
    """The n units that end with the occasion."""

    amount: int
    unit: Unit


@dataclass(frozen=True, slots=True)
class Entries:
    """Each entry of a list fact."""

    fact: FactValue


@dataclass(frozen=True, slots=True)
class Named:
    """The months (or years) whose names a fact holds, as `2026-10`."""

    unit: Unit
    fact: FactValue


@dataclass(frozen=True, slots=True)
class PeriodDef:
    """A family of stretches of time; `in P` means the one that holds the occasion."""

    name: str
    lines: tuple[Line[EachUnit | EachFrom | Rolling | Entries | Named], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class MeansMoment:
    """The moment itself."""

    moment: Instant


@dataclass(frozen=True, slots=True)
class ButWhere(Generic[T]):
    """Where the condition holds, these lines stand instead of all that precede."""

    condition: Condition
    lines: tuple[Line[T], ...]


@dataclass(frozen=True, slots=True)
class MomentDef:
    """A moment by cases: the last case whose condition holds."""

    name: str
    lines: tuple[Line[MeansMoment | ButWhere[MeansMoment]], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class MeansAmount:
    """The amount itself."""

    amount: Amount


@dataclass(frozen=True, slots=True)
class FromTable:
    """A figure of a table kept in a fact: path, the value that picks the row, and the field that holds `unit`s."""

    unit: str
    table: FactValue
    by: Value


@dataclass(frozen=True, slots=True)
class NotOnRecord:
    """A figure that no record can hold."""


@dataclass(frozen=True, slots=True)
class FigureDef:
    """A figure of the contract, or one that it leaves to another document."""

    name: str
    lines: tuple[Line[MeansAmount | FromTable | NotOnRecord], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class ConditionDef:
    """Conditions under one name; all must hold."""

    name: str
    lines: tuple[Line[Condition], ...]
    cite: Citation | None = None


@dataclass(frozen=True, slots=True)
class OnRise:
    """From where the new limit runs when the attribute rises: the change, or the clause's own trigger."""

    from_change: bool


@dataclass(frozen=True, slots=True)
class OnFall:
    """The same when it falls."""

    from_change: bool


@dataclass(frozen=True, slots=True)
class EarlierBinds:
    """After a rise, the earlier of the old and the new limit binds."""


@dataclass(frozen=True, slots=True)
class NotCured:
    """A limit that passed unanswered stays breached; the clause of a later, lower value does not apply."""


@dataclass(frozen=True, slots=True)
class OnceIsEnough:
    """What was performed at one value is owed no more at another."""


@dataclass(frozen=True, slots=True)
class CourseDef:
    """One limit that follows an attribute through a ticket's life: `steps` are the clauses that set it, value by value."""

    name: str
    attribute: str
    steps: tuple[str, ...]
    lines: tuple[Line[OnRise | OnFall | EarlierBinds | NotCured | OnceIsEnough], ...]
    cite: Citation | None = None


# --------------------------------------------------------------------------- clauses
@dataclass(frozen=True, slots=True)
class Each:
    """Each (or the first, or the last) event of a kind is an occasion."""

    event: str
    which: Literal["each", "first", "last"] = "each"


@dataclass(frozen=True, slots=True)
class EachStretch:
    """Each longest stretch in which an attribute has one of these values is an occasion."""

    attribute: str
    among: tuple[Scalar, ...]


@dataclass(frozen=True, slots=True)
class EachSpan:
    """Each stretch of a state, each entry of a fact, each period is an occasion."""

    name: str
    kind: Literal["state", "fact", "period"]


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
    clock: Clock = Clock()


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


SentenceLimit = (
    Within | Limit | SpanLimit | Between | OnlyWhere | RefusedBy | OrInstead | SaveFor | LeavingOut | AtLeastShare | NoLimit
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
class StandsFor:
    """The clause says that others apply: it has the worst of their verdicts."""

    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stated:
    """The clause is on record but nothing can decide it; why."""

    why: str


Sentence = Perform | Refrain | Keep | Ensure | Release | StandsFor | Stated


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


# --------------------------------------------------------------------------- the contract
@dataclass(frozen=True, slots=True)
class WordOfEvent:
    """What the vocabulary says of an event that the contract uses: its level, its attributes and their types, and the
    records (logs) without which its absence proves nothing."""

    name: str
    level: Literal["ticket", "agreement"]
    attributes: tuple[tuple[str, str], ...]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text that the contract encodes: file name, number of lines, SHA-256 of its bytes."""

    file: str
    lines: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the text and the dates on which it is in force (inclusive; None: open)."""

    name: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Contract:
    """A checked contract. Definitions are keyed by name and sorted; their order never matters."""

    language: int
    name: str
    title: str
    source: SourceText | None
    law: str
    zone: str | FactValue
    country: str | FactValue
    parties: tuple[tuple[str, str], ...]
    version: Version | None
    ambiguities: tuple[Ambiguity, ...]
    attributes: tuple[AttributeDef, ...]
    lists: tuple[ListDef, ...]
    calendars: tuple[CalendarDef, ...]
    events: tuple[EventDef, ...]
    states: tuple[StateDef, ...]
    facts: tuple[FactDef, ...]
    periods: tuple[PeriodDef, ...]
    moments: tuple[MomentDef, ...]
    figures: tuple[FigureDef, ...]
    conditions: tuple[ConditionDef, ...]
    courses: tuple[CourseDef, ...]
    clauses: tuple[Clause, ...]
    words: tuple[WordOfEvent, ...]
