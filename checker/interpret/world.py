"""A contract, a case, an audit instant and a choice of readings: what every rule of evaluation looks things up in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from checker.interpret.book import Book, SortedGates, owed, plain, sorted_gates
from checker.interpret.case import Case, silence
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO_CAUSE,
    Causes,
    Moment,
    Possible,
    anything,
    missing_cause,
)
from checker.interpret.reader import Memory, Reader
from checker.record.model import Event, Gap
from dsl import contract as ir

T = TypeVar("T")


class Occasion(NamedTuple):
    """What a clause judges once: an event, a stretch, an entry of a fact, a period.

    `end` is None for an instant. `event` or `entry` is the row, if there is one. `rank` numbers the occasions of a case.
    `doubt` is not empty where the record leaves open whether there is such an occasion.
    """

    start: Moment
    end: Moment | None = None
    event: Event | None = None
    entry: Mapping[str, Any] | None = None
    value: Possible | None = None
    rank: int = 0
    doubt: Causes = NO_CAUSE
    following: Moment | None = None

    @property
    def since(self) -> Moment:
        """From when acts count: the occasion's start; for the agreement as a whole, judged as of the audit, ever."""
        whole = self.event is None and self.entry is None and self.end is None
        return Moment(EVER, EVER) if whole else self.start


class Frame(NamedTuple):
    """What `it` and bare attributes mean: the occasion, and inside a definition the row at hand."""

    occasion: Occasion | None = None
    event: Event | None = None
    entry: Mapping[str, Any] | None = None


class Shared:
    """What the tickets of one agreement have in common, remembered by the choice of readings."""

    def __init__(self) -> None:
        self._by_readings: dict[tuple[tuple[str, str], ...], Memory] = {}
        self._variants: dict[tuple[int, str, str], tuple[Mapping[str, str], Mapping[str, str], Memory]] = {}

    def memory(self, readings: Mapping[str, str]) -> Memory:
        """The memory for a choice of readings."""
        return self._by_readings.setdefault(tuple(sorted(readings.items())), {})

    def variant(
        self, readings: Mapping[str, str], name: str, reading: str
    ) -> tuple[Mapping[str, str], Memory]:
        """A choice with one ambiguity read otherwise, and its memory; made once."""
        known = self._variants.get((id(readings), name, reading))
        if known is None or known[0] is not readings:
            other = {**readings, name: reading}
            known = (readings, other, self.memory(other))
            self._variants[id(readings), name, reading] = known
        return known[1], known[2]


class World(Reader):
    """One case under one choice of readings. Not thread-safe; cheap to make, one for each case.

    `touched` collects the ambiguities that the evaluation consulted: a reading of an ambiguity that was not consulted
    cannot change its result. `evidence` (when a list) collects the events that were looked at, `trace` (when there is
    one) what the evaluation went through.
    """

    def __init__(
        self,
        book: Book,
        case: Case,
        now: int,
        readings: Mapping[str, str],
        shared: Shared | None = None,
        common: Memory | None = None,
        parent: tuple[World, str] | None = None,
    ) -> None:
        super().__init__(book, readings, parent)
        self.case = case
        self.now = now
        self.evidence: list[Event] | None = None
        self._shared = shared if shared is not None else Shared()
        self._common = common if common is not None else self._shared.memory(readings)

    def reread(self, ambiguity: str, reading: str) -> World:
        """The same case with one ambiguity read otherwise."""
        readings, common = self._shared.variant(self.readings, ambiguity, reading)
        return World(self.book, self.case, self.now, readings, self._shared, common, (self, ambiguity))

    def once_for_agreement(self, key: Any, compute: Callable[[], T]) -> T:
        """The same for what only the agreement's facts and the readings decide: remembered for all its tickets."""
        hit = self._common.get(key)
        return self._compute(self._common, key, compute) if hit is None else self._recalled(hit)

    # ---------------------------------------------------------------- facts and places
    def fact(self, path: tuple[str, ...]) -> Possible:
        """A fact of the agreement, or a field of it; null and absent are not on record."""
        value: Any = self.case.facts.get(path[0])
        for field in path[1:]:
            value = value.get(field) if isinstance(value, Mapping) else None
        if value is None:
            return anything(missing_cause(f"the fact {' of '.join(reversed(path))}"))
        return Possible((value,))

    def place(self, where: str | ir.FactValue) -> str | None:
        """A zone or country: the constant, or the text of the fact; None where it is not on record."""
        if isinstance(where, str):
            return where
        value = self.fact(where.path)
        return str(value.options[0]) if value.options else None

    @property
    def zone(self) -> str | None:
        """The zone of local days, or None when it is not on record."""
        return self.once_for_agreement("zone", lambda: self.place(self.book.contract.zone))

    @property
    def country(self) -> str | None:
        """The country of public holidays, or None when it is not on record."""
        return self.once_for_agreement("country", lambda: self.place(self.book.contract.country))

    # ---------------------------------------------------------------- events
    def moment(self, event: Event) -> Moment:
        """When an event happened, within what its stamp tells."""
        if event.at == event.until:
            return Moment(event.at, event.at, NO_CAUSE, False, event)
        return Moment(
            event.at,
            min(event.until, self.now),
            missing_cause(_rough(event)),
            False,
            event,
        )

    def silence(self, name: str, lo: int, hi: int) -> Causes:
        """Why the absence of a vocabulary event between lo and hi proves nothing; empty where it is evidence."""
        case = self.case
        if case.whole:
            return NO_CAUSE
        word = self.book.words.get(name)
        if word is not None and word.level == "ticket":
            lo = max(lo, case.birth)
        records = word.records if word is not None else ()
        return silence(case, name, records, self.gaps_of((name,)), lo, min(hi, self.now))

    def gaps_of(self, names: Iterable[str]) -> tuple[Gap, ...]:
        """The gaps that may hide one of these events of the vocabulary."""
        words = [self.book.words.get(n) for n in names]
        shared = all(w is not None and w.level == "agreement" for w in words)
        return self.case.shared_gaps if words and shared else self.case.gaps

    def saw(self, event: Event) -> None:
        """Note an event as evidence."""
        if self.evidence is not None and event not in self.evidence:
            self.evidence.append(event)


def _rough(event: Event) -> str:
    known = {59: " to the minute", 86399: " to the day"}.get(event.until - event.at, "")
    return f'the second of {event.name}, recorded only{known or " within bounds"} ("{event.stamp}")'


def attribute(event: Event, name: str) -> Possible:
    """What an event itself says of an attribute; nothing said is not on record. `ticket` is the ticket it belongs to."""
    value = event.attributes.get(name)
    if value is None and name == "ticket":
        value = event.ticket
    if value is None:
        return anything(missing_cause(f"{name} of {event.name}"))
    return Possible((value,))


def clipped(moment: Moment, now: int) -> Moment:
    """A moment no later than the audit instant, for look-ups in the record."""
    if moment.hi <= now:
        return moment
    return replace_bounds(moment, min(moment.lo, now), now)


def replace_bounds(moment: Moment, lo: int, hi: int) -> Moment:
    """The moment with other bounds."""
    return moment._replace(lo=lo, hi=hi, event=None)


__all__ = [
    "NEVER",
    "Book",
    "Frame",
    "Occasion",
    "SortedGates",
    "World",
    "attribute",
    "clipped",
    "owed",
    "plain",
    "replace",
    "replace_bounds",
    "sorted_gates",
]
