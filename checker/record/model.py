"""What a record says, once read: plain frozen values, the same whatever file they came from.

Instants are whole seconds since the Unix epoch, UTC. An event may be known only to within an interval, so it
carries the first and the last second at which it may have happened (`at`, `until`, both inclusive).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import PurePath
from typing import TypeAlias

Value: TypeAlias = "str | int | bool | Decimal | list[Value] | dict[str, Value] | None"
"""A value as recorded. `None` is *not on record*. Dates stay text; fractions are `Decimal`, never floats."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something was read: a file as the caller named it, and the line and column (from 1) if known.

    `within` is the path inside a file whose parts share lines or have none, such as `issues[3].changelog`.
    """

    file: str
    line: int | None = None
    column: int | None = None
    within: str = ""

    def __str__(self) -> str:
        parts = [self.file]
        if self.line is not None:
            parts.append(str(self.line))
            if self.column is not None:
                parts.append(str(self.column))
        return ":".join(parts) + (f": {self.within}" if self.within else "")

    @property
    def bare(self) -> str:
        """The same with the file's name alone: for texts that are kept, and do not depend on the folder they were made in."""
        return str(replace(self, file=PurePath(self.file).name))


class Fault(Exception):
    """A file that cannot be used at all (the command line ends with exit code 2).

    `str()` gives one line: `file:line:column: message; found …; write …`.
    """

    def __init__(self, place: Place, message: str, found: str, remedy: str) -> None:
        super().__init__(place, message, found, remedy)
        self.place = place
        self.message = message
        self.found = found
        self.remedy = remedy

    def __str__(self) -> str:
        parts = [f"{self.place}: {self.message}"]
        if self.found:
            parts.append(f"found {self.found}")
        if self.remedy:
            parts.append(self.remedy)
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded event.

    `at` and `until` bound the instant, both inclusive: equal for a stamp to the second, 59 s apart for a
    stamp to the minute, a local day apart for a stamp to the day, further apart where the source shows only
    that something changed between two rows. `attributes` are those the event itself sets. `ticket` names a
    second ticket of the same time line. `order` is the place after sorting, from 0. `stamp` is the time as
    written, kept as evidence.
    """

    name: str
    at: int
    until: int
    attributes: Mapping[str, Value]
    ticket: str | None = None
    revision: int | None = None
    order: int = 0
    stamp: str = ""
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """Records may be missing anywhere in `[start, end]`, both seconds included."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Ticket:
    """The history of one ticket, its events sorted by time, revision and place in the source.

    `kind` is empty where the source does not state it. `missing` holds words for the kinds of records that
    were never kept. `recorded` names the only events its source can hold; `None` means any. `claims` are
    verdicts of the tool that kept the ticket: something to compare with, never a fact. `rows` is how many rows of
    the source it took.
    """

    id: str
    agreement: str | None
    kind: str
    events: tuple[Event, ...]
    missing: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    claims: Mapping[str, Value] = field(default_factory=dict)
    place: Place | None = None
    recorded: frozenset[str] | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class Agreement:
    """One agreement: which contract it is under, its facts as written, and its own history."""

    id: str
    contract: str
    facts: Mapping[str, Value]
    events: tuple[Event, ...] = ()
    missing: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class AgreementHistory:
    """What a log says of an agreement itself: payments, notices, amendments, maintenance; `rows` as in `Ticket`."""

    agreement: str
    events: tuple[Event, ...]
    missing: frozenset[str] = frozenset()
    gaps: tuple[Gap, ...] = ()
    place: Place | None = None
    rows: int = 1


@dataclass(frozen=True, slots=True)
class SetAside:
    """One faulty row or ticket that is left out, and says so.

    `count` is the number of rows the entry accounts for, so that the counts of all entries add up to the
    rows set aside. `whole` marks the one entry of each ticket that is left out as a whole; `ticket` is its
    id, if readable.
    """

    place: Place
    field: str
    found: str
    reason: str
    remedy: str
    count: int = 1
    ticket: str | None = None
    whole: bool = False

    def __post_init__(self) -> None:
        # What is left out may be left out for just this: it holds half a character, which no file can.
        for name in ("field", "found", "reason", "remedy", "ticket"):
            text = getattr(self, name)
            if text is not None and not text.isascii():
                object.__setattr__(self, name, text.encode("utf-8", "backslashreplace").decode("utf-8"))

    def __str__(self) -> str:
        where = f"{self.place}: " + (f"{self.field}: " if self.field else "")
        found = f"; found {self.found}" if self.found else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{where}{self.reason}{found}{remedy}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something legal that a reader of the result should know; `count` is how often, `place` is the first."""

    text: str
    place: Place | None = None
    count: int = 1


@dataclass(frozen=True, slots=True)
class Assumption:
    """Something the export cannot say and the user of a mapping set: its name, a sentence, and the value."""

    name: str
    text: str
    value: str


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its size and SHA-256 as it lies on disk, and how it was read."""

    file: str
    bytes: int
    sha256: str
    read_as: str


@dataclass(frozen=True, slots=True)
class MappingUsed:
    """The mapping a log was read with: its name, its file, and the SHA-256 of its rules and assumptions."""

    name: str
    file: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Counts:
    """How much was read, and what became of it. Always `rows == rows_used + rows_set_aside` and
    `tickets == tickets_used + tickets_set_aside`.

    A row is a line of JSON Lines or a record of a table; a blank line and a header are none.
    """

    rows: int = 0
    rows_used: int = 0
    rows_set_aside: int = 0
    tickets: int = 0
    tickets_used: int = 0
    tickets_set_aside: int = 0
    tickets_with_gaps: int = 0
    revisions_missing: int = 0
    agreement_rows: int = 0


@dataclass(frozen=True, slots=True)
class Log:
    """A ticket log: the histories that can be judged, and an account of everything else.

    `complete_to` is the declared end of the record (seconds UTC), if any. `recorded` is as in `Ticket`.
    """

    tickets: list[Ticket]
    agreement_events: dict[str, AgreementHistory]
    complete_to: int | None
    read: Counts
    set_aside: list[SetAside]
    assumptions: list[Assumption]
    notes: list[Note]
    sources: list[Source]
    mapping: MappingUsed | None = None
