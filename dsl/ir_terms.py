"""Terms of the checked contract: values and moments; lines and their readings."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Unit = Literal["second", "minute", "hour", "day", "week", "month", "quarter", "year"]
Counting = Literal["elapsed", "clock", "legal", "working", "calendar"]
"""How a length runs: `elapsed` real time; `clock` the open time of a calendar; `legal` days, weeks, months by the
contract's law; `working` the working days of a calendar; `calendar` bare date arithmetic (same local time)."""
Scalar = str | int | bool


# --------------------------------------------------------------------------- readings
@dataclass(frozen=True, slots=True)
class Alternative(Generic[T]):
    """What stands instead of a line when `ambiguity` is read as `reading`; empty: the line falls away."""

    ambiguity: str
    reading: str
    lines: tuple[Line[T], ...]


@dataclass(frozen=True, slots=True)
class Line(Generic[T]):
    """One line, and what replaces it on other readings. The first alternative whose reading is taken wins."""

    base: T
    readings: tuple[Alternative[T], ...] = ()

    def all(self) -> Iterator[T]:
        """What the line says on any reading: its base, then every alternative."""
        yield self.base
        for alternative in self.readings:
            for line in alternative.lines:
                yield from line.all()


# --------------------------------------------------------------------------- terms: values and moments
@dataclass(frozen=True, slots=True)
class It:
    """The occasion that a clause judges (`start` or `end` of it), or the row at hand inside a definition.

    `name`: what the text calls it; it means the same under any name.
    """

    end: bool = False
    name: str = field(default="it", compare=False)


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
    clock: Clock = field(default_factory=Clock)


Instant = It | Now | Pick | MomentRef | DateOf | DateConstant | UnitOf | Boundary | Extreme | Shift


@dataclass(frozen=True, slots=True)
class EventRow:
    """The row of one event, for its attributes."""

    event: str
    which: Literal["first", "last", "next"] = "first"


@dataclass(frozen=True, slots=True)
class OccasionRow:
    """The row of the occasion, or inside a definition the row at hand.

    `name`: what the text calls it; empty for a bare attribute.
    """

    name: str = field(default="", compare=False)


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


@dataclass(frozen=True, slots=True)
class EntryBy:
    """What a table of the agreement (a mapping in a fact) holds under a value."""

    table: FactValue
    by: Value


Value = AttributeOf | AttributeAsOf | FactValue | EntryBy
