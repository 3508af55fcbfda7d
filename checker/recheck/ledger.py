"""The walk along a ledger: every row, from the start of the clock to its end, against the calendar and the stops."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

from checker.recheck.hours import Hours, Unknown

_KINDS = ("counted", "stopped", "closed")


def instant(text: str) -> int:
    """Seconds since 1970 of an ISO 8601 instant with an offset. Raises ValueError."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or found.microsecond:
        raise ValueError(f"{text!r} is no whole second with an offset")
    return int(found.timestamp())


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger: seconds `start` to `end` (not included), what became of them, and why."""

    start: int
    end: int
    kind: str
    why: str
    seconds: int
    shown: str


@dataclass(frozen=True, slots=True)
class Stop:
    """A stretch in which the clock stands still; an end of None has not come."""

    start: int | None
    end: int | None

    def holds(self, t: int) -> bool:
        """Whether it holds a second."""
        return (self.start is None or self.start <= t) and (self.end is None or t < self.end)


class Clock:
    """The clock of one deadline, as the explanation tells it."""

    def __init__(self, raw: dict[str, Any], audit: int) -> None:
        self.raw = raw
        self.audit = audit
        self.start, self.due = instant(raw["start"]), instant(raw["due"])
        self.limit: int | None = raw["limit_s"]
        self.rows = [
            Row(instant(r["from"]), instant(r["to"]), r["kind"], r["why"], r["seconds"], r["from"])
            for r in raw["ledger"]
        ]
        self.stops = [
            Stop(*(instant(s[edge]) if s[edge] is not None else None for edge in ("from", "to")))
            for s in raw["stops"]
        ]
        self.calendar: dict[str, Any] | None = raw.get("calendar")
        self.elapsed = self.calendar is None

    def placed(self) -> bool:
        """Whether the calendar names all that its hours need; without it no row can be written, nor checked."""
        try:
            Hours(self.calendar, self.start, self.start)
        except Unknown:
            return False
        return True

    def hours(self, *instants: int) -> Hours:
        """The calendar around the ledger and some more instants. Raises Unknown."""
        seen = [self.start, self.due, *instants, *(t for r in self.rows for t in (r.start, r.end))]
        return Hours(self.calendar, min(seen), max(seen))

    def kind_at(self, hours: Hours, t: int) -> str:
        """What becomes of one second. A second outside the hours is closed even during a stop."""
        if not hours.open_at(t):
            return "closed"
        return "stopped" if any(s.holds(t) for s in self.stops) else "counted"

    def edges(self, hours: Hours, low: int, high: int) -> list[int]:
        """Every second of a stretch at which another kind or reason may begin, its first included."""
        bounds = (edge for s in self.stops for edge in (s.start, s.end) if edge is not None)
        return sorted({low, *hours.edges(low, high), *(t for t in bounds if low < t < high)})

    def counted(self, hours: Hours, low: int, high: int) -> int:
        """The seconds that count in `[low, high)`, asked of the calendar and not of the rows."""
        if high <= low:
            return 0
        edges = [*self.edges(hours, low, high), high]
        return sum(b - a for a, b in pairwise(edges) if self.kind_at(hours, a) == "counted")


def walk(clock: Clock, done: int | None) -> Iterator[str]:
    """What is wrong with a ledger. `done`: when the act came, if that is known to the second."""
    if not clock.rows and not clock.placed():
        return
    try:
        hours = clock.hours()
    except Unknown as error:
        yield f"the ledger cannot be checked: {error}"
        return
    yield from _ends(clock, done)
    for number, row in enumerate(clock.rows, start=1):
        yield from _row(clock, hours, number, row)
    yield from _neighbours(clock)
    yield from _limit(clock)


def _ends(clock: Clock, done: int | None) -> Iterator[str]:
    end = clock.due if done is None else max(clock.due, done)
    if not clock.rows:
        if clock.start < end:
            yield "the ledger is empty, though the clock ran"
        return
    if clock.rows[0].start != clock.start:
        yield f"the ledger begins at {clock.rows[0].shown}, the clock at {clock.raw['start']}"
    if clock.rows[-1].end != end:
        yield f"the ledger ends {clock.rows[-1].end - end:+d} s off its end"


def _row(clock: Clock, hours: Hours, number: int, row: Row) -> Iterator[str]:
    if row.end <= row.start:
        yield f"row {number} does not end after it starts"
        return
    if row.seconds != row.end - row.start:
        yield f"row {number} says {row.seconds} s and has {row.end - row.start} s"
    if row.kind not in _KINDS:
        yield f"row {number} is of no kind: {row.kind!r}"
        return
    for t in clock.edges(hours, row.start, row.end):
        kind = clock.kind_at(hours, t)
        if kind != row.kind:
            yield f"row {number} is {row.kind}, but {t - row.start} s after its start the clock is {kind}"
            return
        if kind == "closed" and row.why not in hours.reasons(t):
            said = " or ".join(sorted(hours.reasons(t)))
            yield f"row {number} is closed for {row.why!r}; {t - row.start} s after its start it is {said}"
            return


def _neighbours(clock: Clock) -> Iterator[str]:
    for number, (row, following) in enumerate(pairwise(clock.rows), start=1):
        if following.start != row.end:
            yield f"row {number + 1} begins {following.start - row.end:+d} s off the end of row {number}"
        if (row.kind, row.why) == (following.kind, following.why):
            yield f"rows {number} and {number + 1} meet where nothing changes"


def _limit(clock: Clock) -> Iterator[str]:
    if clock.due < clock.start:
        yield "the limit ends before the clock starts"
    if not clock.rows or clock.limit is None:
        return
    counted = sum(
        max(0, min(r.end, clock.due) - max(r.start, clock.start)) for r in clock.rows if r.kind == "counted"
    )
    if counted != clock.limit:
        yield f"up to the limit {counted} s are counted, not {clock.limit} s"
