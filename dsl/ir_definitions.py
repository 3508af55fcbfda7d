"""Definitions of the checked contract: what a contract names once and uses by name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from dsl.ir_conditions import (
    Amount,
    Condition,
)
from dsl.ir_terms import (
    FactValue,
    Instant,
    Line,
    Scalar,
    Unit,
    Value,
)


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
    """An attribute followed through time: the events `set_by` set it, or where none are named, any that carries it.
    `ranks`: highest first, or empty."""

    name: str
    ranks: tuple[Scalar, ...] = ()
    set_by: tuple[str, ...] = ()


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
    """The zone of the windows: a constant, or a fact; `otherwise` where the fact is not on record."""

    zone: str | FactValue
    otherwise: str | None = None


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
    """Each n units counted from the date in a fact, or (a name) from the start of a named fact's entry."""

    amount: int
    unit: Unit
    start: FactValue | str


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
class ButWhere:
    """Where the condition holds, these lines stand instead of all that precede."""

    condition: Condition
    lines: tuple[Line[MeansMoment | ButWhere], ...]


@dataclass(frozen=True, slots=True)
class MomentDef:
    """A moment by cases: the last case whose condition holds."""

    name: str
    lines: tuple[Line[MeansMoment | ButWhere], ...]
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
