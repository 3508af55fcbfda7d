"""What a record says, once read: plain frozen values, the same whatever file they came from.

Instants are whole seconds since the Unix epoch, UTC. An event may be known only to within an interval, so it
carries the first and the last second at which it may have happened (`at`, `until`, both inclusive).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import count
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

    def called(self, names: Mapping[str, str]) -> str:
        """The same with the name that `told_apart` gave to the file, else the file's own without its folder: for texts that are kept."""
        return str(replace(self, file=names.get(self.file) or PurePath(self.file).name))


def told_apart(files: Iterable[str]) -> dict[str, str]:
    """Names for those files that have one name in several folders: `log.jsonl (1)`, `log.jsonl (2)`, in the order in which they are given;
    a name that a file has already is passed over. Folders are no part of them: what is kept does not depend on where it was made.
    """
    by_name: dict[str, list[str]] = {}
    for file in dict.fromkeys(files):
        by_name.setdefault(PurePath(file).name, []).append(file)
    out: dict[str, str] = {}
    for name, mine in by_name.items():
        if len(mine) > 1:
            free = (each for n in count(1) if (each := f"{name} ({n})") not in by_name)
            out.update(zip(mine, free, strict=False))
    return out


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
    id, if readable. `other` is another place, with whose name the reason ends.
    """

    place: Place
    field: str
    found: str
    reason: str
    remedy: str
    count: int = 1
    ticket: str | None = None
    whole: bool = False
    other: Place | None = None

    def __post_init__(self) -> None:
        # What is left out may be left out for just this: it holds half a character, which no file can.
        for name in ("field", "found", "reason", "remedy", "ticket"):
            text = getattr(self, name)
            if text is not None and not text.isascii():
                object.__setattr__(self, name, text.encode("utf-8", "backslashreplace").decode("utf-8"))

    def why(self, name: Callable[[Place], str] = str) -> str:
        """The reason, whole. `name`: how the other place is written."""
        return self.reason if self.other is None else f"{self.reason} {name(self.other)}"

    def __str__(self) -> str:
        where = f"{self.place}: " + (f"{self.field}: " if self.field else "")
        found = f"; found {self.found}" if self.found else ""
        remedy = f"; {self.remedy}" if self.remedy else ""
        return f"{where}{self.why()}{found}{remedy}"


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
