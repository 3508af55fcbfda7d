"""A contract, a case, an audit instant and a choice of readings: what every rule of evaluation looks things up in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple, TypeVar

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
from checker.interpret.trace import Trace
from checker.interpret.verdicts import Outcome, Owed, Verdict
from checker.record.model import Event, Gap, Value
from dsl import contract as ir
from dsl import phrase

T = TypeVar("T")


SortedGates = tuple[list["ir.Gate | ir.SupersededBy"], list[ir.Gate], list[ir.Gate]]


def owed(sentence: ir.Sentence) -> Owed:
    """How strongly a sentence binds, and whom; a sentence without a modal verb is a definition."""
    return Owed(str(getattr(sentence, "strength", "definition")), str(getattr(sentence, "party", "")))


def sorted_gates(gates: Iterable[ir.Gate | ir.SupersededBy]) -> SortedGates:
    """Gates in the order in which they decide: what the clause is about, carve-outs, prerequisites."""
    where: list[ir.Gate | ir.SupersededBy] = []
    save: list[ir.Gate] = []
    provided: list[ir.Gate] = []
    for g in gates:
        if isinstance(g, ir.SupersededBy) or g.kind == "where":
            where.append(g)
        elif g.kind == "save":
            save.append(g)
        else:
            provided.append(g)
    return where, save, provided


class Book:
    """A checked contract with its definitions by name."""

    def __init__(self, contract: ir.Contract) -> None:
        self.contract = contract
        self.events = {d.name: d for d in contract.events}
        self.states = {d.name: d for d in contract.states}
        self.facts = {d.name: d for d in contract.facts}
        self.periods = {d.name: d for d in contract.periods}
        self.calendars = {d.name: d for d in contract.calendars}
        self.moments = {d.name: d for d in contract.moments}
        self.figures = {d.name: d for d in contract.figures}
        self.conditions = {d.name: d for d in contract.conditions}
        self.lists = {d.name: d for d in contract.lists}
        self.courses = {d.name: d for d in contract.courses}
        self.attributes = {d.name: d for d in contract.attributes}
        self.clauses = {c.id: c for c in contract.clauses}
        self.words = {w.name: w for w in contract.words}
        self.ambiguities = {a.name: a for a in contract.ambiguities}
        self._words_of: dict[int, tuple[ir.Condition, str]] = {}
        self._no_occasion: dict[int, tuple[ir.Concern | None, Outcome]] = {}
        self.plain_blocks: dict[int, tuple[Any, Any]] = {}
        self._compared: dict[int, tuple[Any, frozenset[Value]]] = {}
        self._carriers: dict[str, tuple[str, ...]] = {}
        self._chosen: dict[tuple[tuple[str, str], ...], Mapping[str, str]] = {}

    @cached_property
    def recommended(self) -> Mapping[str, str]:
        """The recommended reading of every ambiguity."""
        return {a.name: a.recommended for a in self.contract.ambiguities}

    def plain(self, block: tuple[ir.Line[T], ...]) -> tuple[T, ...] | None:
        """The lines of a block that no reading changes; None where one does. Blocks live as long as the contract."""
        known = self.plain_blocks.get(id(block))
        if known is None:
            changing = any(line.readings for line in block)
            known = (block, None if changing else tuple(line.base for line in block))
            self.plain_blocks[id(block)] = known
        return known[1]

    def compared(self, wanted: tuple[ir.Scalar, ...]) -> frozenset[Value]:
        """The values that a part of the contract lists, as they compare."""
        known = self._compared.get(id(wanted))
        if known is None:
            known = self._compared[id(wanted)] = (wanted, frozenset(plain(w) for w in wanted))
        return known[1]

    def words_of(self, condition: ir.Condition) -> str:
        """A condition of the contract in words."""
        known = self._words_of.get(id(condition))
        if known is None:
            known = self._words_of[id(condition)] = (condition, phrase.condition(condition))
        return known[1]

    def no_occasion(self, concern: ir.Concern | None) -> Outcome:
        """The outcome where nothing happened that a clause concerns."""
        known = self._no_occasion.get(id(concern))
        if known is None:
            text = phrase.concern(concern) if concern is not None else "occasion"
            what = (
                text.removeprefix("concerns ").removeprefix("each ").removeprefix("the ").partition(" as ")[0]
            )
            outcome = Outcome(Verdict.NOT_APPLICABLE, f"no {what}")
            known = self._no_occasion[id(concern)] = (concern, outcome)
        return known[1]

    def readings(self, chosen: Mapping[str, str]) -> Mapping[str, str]:
        """The recommended readings with some chosen otherwise; the same mapping again for the same choice."""
        if not chosen:
            return self.recommended
        return self._chosen.setdefault(tuple(sorted(chosen.items())), {**self.recommended, **chosen})

    @cached_property
    def fixed_gates(self) -> Mapping[str, SortedGates]:
        """The gates, sorted, of the clauses whose gates no reading changes."""
        plain = {c.id: self.plain(c.gates) for c in self.clauses.values()}
        return {name: sorted_gates(gates) for name, gates in plain.items() if gates is not None}

    @cached_property
    def fixed_concerns(self) -> Mapping[str, ir.Concern | None]:
        """What the clauses concern, of those for which no reading changes it."""
        plain = {c.id: self.plain(c.concerns) for c in self.clauses.values()}
        return {name: next(iter(lines), None) for name, lines in plain.items() if lines is not None}

    @cached_property
    def rights(self) -> frozenset[str]:
        """The clauses with a sentence that is a right, which nobody may have used."""
        found = set()
        for clause in self.clauses.values():
            sentences = [x for line in clause.sentences for x in line.all()]
            if any(isinstance(s, ir.Perform) and s.strength in ("may", "discretion") for s in sentences):
                found.add(clause.id)
        return frozenset(found)

    @cached_property
    def mixed(self) -> frozenset[str]:
        """The clauses whose sentences differ in strength or party."""
        found = set()
        for clause in self.clauses.values():
            if len({owed(x) for line in clause.sentences for x in line.all()}) > 1:
                found.add(clause.id)
        return frozenset(found)

    @cached_property
    def stand_ins(self) -> frozenset[str]:
        """The clauses with a sentence that stands for other clauses."""
        found = set()
        for clause in self.clauses.values():
            if any(isinstance(x, ir.StandsFor) for line in clause.sentences for x in line.all()):
                found.add(clause.id)
        return frozenset(found)

    def carriers(self, attribute: str) -> tuple[str, ...]:
        """The events of the vocabulary that carry an attribute."""
        known = self._carriers.get(attribute)
        if known is None:
            found = (w.name for w in self.words.values() if any(a == attribute for a, _ in w.attributes))
            known = self._carriers[attribute] = tuple(found)
        return known

    @cached_property
    def static_facts(self) -> Mapping[str, bool]:
        """Named facts whose entries pass or fail whatever ticket is looked at."""
        return {name: all(_looks_at_row(x) for x in _parts(d.lines)) for name, d in self.facts.items()}

    @cached_property
    def known_events(self) -> frozenset[str]:
        """The events of the vocabulary that the contract uses."""
        return frozenset(self.words)


def _parts(value: Any) -> Iterator[Any]:
    """Every node in a part of the contract."""
    stack = [value]
    while stack:
        at = stack.pop()
        if isinstance(at, tuple):
            stack.extend(at)
        elif is_dataclass(at):
            yield at
            stack.extend(getattr(at, f.name) for f in fields(at))


def _looks_at_row(node: Any) -> bool:
    """Whether a node rests on the row at hand alone, not on events or moments of a case."""
    if isinstance(node, ir.AttributeOf):
        return isinstance(node.row, ir.OccasionRow)
    kinds = (
        ir.Line,
        ir.Alternative,
        ir.EntryOf,
        ir.FactValue,
        ir.Where,
        ir.IsOneOf,
        ir.InList,
        ir.Recorded,
        ir.Group,
        ir.OccasionRow,
    )
    return isinstance(node, kinds)


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


Memory = dict[Any, tuple[Any, set[str]]]
"""Results by key, each with the ambiguities that it consulted."""


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


class World:
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
        self.book = book
        self.case = case
        self.now = now
        self.readings = readings
        self.touched: set[str] = set()
        self.evidence: list[Event] | None = None
        self.trace: Trace | None = None
        self._memo: Memory = {}
        self._shared = shared if shared is not None else Shared()
        self._common = common if common is not None else self._shared.memory(readings)
        self._parent = parent

    def reread(self, ambiguity: str, reading: str) -> World:
        """The same case with one ambiguity read otherwise."""
        readings, common = self._shared.variant(self.readings, ambiguity, reading)
        return World(self.book, self.case, self.now, readings, self._shared, common, (self, ambiguity))

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """`compute()`, remembered for this world together with the ambiguities it consulted."""
        hit = self._memo.get(key)
        if hit is None and self._parent is not None:
            # What did not consult the ambiguity that is read otherwise here is the same as there.
            world, ambiguity = self._parent
            hit = world._memo.get(key)
            if hit is not None and ambiguity in hit[1]:
                hit = None
        return self._compute(self._memo, key, compute) if hit is None else self._recalled(hit)

    def once_for_agreement(self, key: Any, compute: Callable[[], T]) -> T:
        """The same for what only the agreement's facts and the readings decide: remembered for all its tickets."""
        hit = self._common.get(key)
        return self._compute(self._common, key, compute) if hit is None else self._recalled(hit)

    def _recalled(self, hit: tuple[Any, set[str]]) -> Any:
        if hit[1]:
            self.touched |= hit[1]
        return hit[0]

    def _compute(self, memo: Memory, key: Any, compute: Callable[[], T]) -> T:
        outer, self.touched = self.touched, set()
        try:
            value = compute()
            memo[key] = (value, self.touched)
        finally:
            outer |= self.touched
            self.touched = outer
        return value

    def aside(self, compute: Callable[[], T]) -> T:
        """`compute()` for a report only: what it consults does not bear on the verdict."""
        outer, self.touched = self.touched, set()
        try:
            return compute()
        finally:
            self.touched = outer

    def lines(self, block: tuple[ir.Line[T], ...]) -> Iterable[T]:
        """The lines of a block as the chosen readings make them."""
        known = self.book.plain_blocks.get(id(block))
        plain = known[1] if known is not None else self.book.plain(block)
        return plain if plain is not None else self._lines(block)

    def _lines(self, block: tuple[ir.Line[T], ...]) -> Iterator[T]:
        for line in block:
            yield from self.of_line(line)

    def of_line(self, line: ir.Line[T]) -> Iterable[T]:
        """What one line says as the chosen readings make it."""
        return self._chosen(line) if line.readings else (line.base,)

    def _chosen(self, line: ir.Line[T]) -> Iterable[T]:
        for alternative in line.readings:
            self.touched.add(alternative.ambiguity)
            if self.readings.get(alternative.ambiguity) == alternative.reading:
                if self.trace is not None:
                    self.trace.took(alternative)
                return self._lines(alternative.lines)
        return (line.base,)

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


def plain(value: Value) -> Value:
    """Values compare as written: a number in a text is the text (severity 1 and "1" are one value)."""
    if isinstance(value, bool) or value is None:
        return value
    return str(value) if isinstance(value, int) else value


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
    "World",
    "attribute",
    "clipped",
    "plain",
    "replace",
    "replace_bounds",
]
