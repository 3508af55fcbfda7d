"""A contract with its definitions by name, and what its text fixes for every case."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from functools import cached_property
from typing import Any, TypeVar

from checker.interpret.possible import Moment
from checker.interpret.verdicts import Outcome, Owed, Verdict
from checker.record.model import Value
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
        self.entry_bounds: dict[tuple[str | None, bool, str | None], Moment] = {}
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


def plain(value: Value) -> Value:
    """Values compare as written: a number in a text is the text (severity 1 and "1" are one value)."""
    if isinstance(value, bool) or value is None:
        return value
    return str(value) if isinstance(value, int) else value
