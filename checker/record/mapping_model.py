"""A mapping as plain values: how the rows of a system's export become ticket histories."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from dataclasses import dataclass, field
from typing import Literal

from checker.clock.zones import Policy
from checker.record.instants import Precision
from checker.record.model import Assumption, Value

Shape = Literal["snapshot-per-update", "event-per-row"]
ClockChanges = Literal["either"] | Policy
"""What a local time in a clock change stands for; `either` makes it an interval that holds both instants."""


@dataclass(frozen=True, slots=True)
class SourceRule:
    """What the export is: its format, and where it is named, encoding, delimiter and the member of a zip.

    `columns`: what the file calls a column that the rules call otherwise. `unchanged`: a field whose changes the
    export keeps and that has none has held its present value since the beginning. `object_type`: the type of the
    objects that are tickets, where a file holds several. `absent`: columns of the rules that the file does not have.
    """

    format: str
    encoding: str | None = None
    delimiter: str | None = None
    member: str | None = None
    missing: frozenset[str] = frozenset({""})
    columns: AbstractMapping[str, str] = field(default_factory=dict)
    unchanged: bool = False
    object_type: str | None = None
    absent: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class StampFormat:
    """One way to write times: `iso`, `epoch-seconds`, `epoch-milliseconds`, or a `strptime` pattern."""

    format: str
    precision: Precision


@dataclass(frozen=True, slots=True)
class TimeRule:
    """The column with the time of a row, how times are written, and in which zone.

    `zone` is the named zone; `zone_column` a column that names it row by row; both None where stamps carry
    an offset.
    """

    column: str
    formats: tuple[StampFormat, ...]
    zone: str | None
    zone_column: str | None
    clock_changes: ClockChanges


@dataclass(frozen=True, slots=True)
class RevisionRule:
    """The column with the revision of a row, and the first revision of a ticket if it is known.

    Revisions are consecutive: a jump means that rows are missing from the export, unless `jumps` are harmless. `shared`: an update may be
    several rows, one for each field it changed, with one revision.
    """

    column: str
    first: int | None
    shared: bool = False
    jumps: bool = False


@dataclass(frozen=True, slots=True)
class ValueTable:
    """Words of the export and the values they stand for; `otherwise` says what any other word is."""

    name: str
    values: AbstractMapping[str, Value]
    otherwise: Literal["refuse", "keep", "missing"]


@dataclass(frozen=True, slots=True)
class ValueRule:
    """Where a value comes from: a column of the row, the column's value before the change, the latest of both, or a
    constant."""

    source: Literal["column", "previous", "latest", "constant"]
    column: str = ""
    constant: Value = None
    table: ValueTable | None = None
    type: str = "string"


@dataclass(frozen=True, slots=True)
class When:
    """When a row makes an event.

    `first-row`: the first row of a ticket. `changes`: a column's value differs from the last one known, `old` and
    `new` narrow it; with `anew` also from nothing on record, in the
    first row only with `at_first`. `enters`: the value is in `new` and was not before (or
    there was none). `leaves`: it was in `old` and no longer is. `is`: the row's value is in `new`. `once`: only the
    first time in a ticket.
    """

    kind: Literal["first-row", "changes", "enters", "leaves", "is"]
    column: str = ""
    old: frozenset[str] | None = None
    new: frozenset[str] | None = None
    once: bool = False
    anew: bool = False
    at_first: bool = False


@dataclass(frozen=True, slots=True)
class EventRule:
    """An event that rows make: its name, when, the column of its time if not the row's, its attributes."""

    event: str
    when: When
    at: str | None
    attributes: AbstractMapping[str, ValueRule]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping with the user's assumptions applied: rules that are not switched on are already left out.

    `across_gaps` says how a change seen only across missing revisions is timed: `within` makes it an
    interval from the row before to the row after, `at-row` puts it at the row after. `contradictions` says
    what becomes of a ticket whose revisions and times disagree. `complete_to` is the declared end of the
    record, or "last-row".
    """

    name: str
    about: str
    source: SourceRule
    shape: Shape
    ticket: str
    agreement: ValueRule | None
    kind: ValueRule | None
    time: TimeRule
    revision: RevisionRule | None
    across_gaps: Literal["within", "at-row"]
    contradictions: Literal["set-aside", "keep"]
    events: tuple[EventRule, ...]
    claims: AbstractMapping[str, ValueRule]
    missing: frozenset[str]
    leaks: frozenset[str]
    complete_to: int | Literal["last-row"] | None
    assumptions: tuple[Assumption, ...]
    file: str
    sha256: str
    closed: AbstractMapping[str, frozenset[str]] = field(default_factory=dict)
    """Columns with all the values that they can have."""
    columns: tuple[str, ...] = field(default=())
    """Every column that the rules read."""

    @property
    def recorded(self) -> frozenset[str]:
        """The events that the rules make; the absence of any other proves nothing."""
        return frozenset(rule.event for rule in self.events)
