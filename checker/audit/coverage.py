"""Coverage of a contract by its cases: every gate both ways, every row of an event or a fact both ways, every reading taken, every
branch, every sentence kept and broken, every refusal.

A reading counts as exercised only where a case asks for it and so says what it leads to; that the audit tries all readings for
`contested` proves nothing about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, Literal

from checker.interpret.trace import Trace
from dsl import contract as ir
from dsl import phrase

Kind = Literal["gate", "reading", "branch", "sentence", "row", "clause"]


@dataclass(frozen=True, slots=True)
class Unit:
    """Something that a case can exercise. `owner`: the clause or the definition; `text`: which part; `wanted`: what was not seen."""

    kind: Kind
    owner: str
    text: str
    wanted: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """How many units there are, and those that no case exercised."""

    units: int
    missing: tuple[Unit, ...]

    @property
    def exercised(self) -> int:
        """How many units some case exercised."""
        return self.units - len(self.missing)

    @property
    def percent(self) -> float:
        """The share exercised, in percent; 100 where there is nothing to exercise."""
        return 100.0 if not self.units else 100.0 * self.exercised / self.units


def coverage(contract: ir.Contract, trace: Trace, judged: Iterable[str]) -> Coverage:
    """What the cases that left this trace exercised. `judged`: the clauses that some case is about."""
    found = list(_units(contract, trace, set(judged)))
    return Coverage(len(found), tuple(u for u, seen in found if not seen))


def _units(contract: ir.Contract, trace: Trace, judged: set[str]) -> Iterator[tuple[Unit, bool]]:
    for clause in contract.clauses:
        if all(isinstance(x, ir.Stated) for line in clause.sentences for x in line.all()):
            continue
        yield Unit("clause", clause.id, "a case", "none is about it"), clause.id in judged
        yield from _gates(clause, trace)
        yield from _readings(clause.id, (clause.concerns, clause.gates, clause.sentences), trace)
        yield from _branches(clause.id, (clause.gates, clause.sentences), trace)
        yield from _sentences(clause, trace)
    for name in (
        "conditions",
        "events",
        "facts",
        "moments",
        "figures",
        "states",
        "calendars",
        "lists",
        "courses",
        "periods",
    ):
        for definition in getattr(contract, name):
            yield from _rows(definition.name, definition.lines, trace)
            yield from _readings(definition.name, definition.lines, trace)
            yield from _branches(definition.name, definition.lines, trace)


# --------------------------------------------------------------------------- gates and sentences
def _gates(clause: ir.Clause, trace: Trace) -> Iterator[tuple[Unit, bool]]:
    for line in clause.gates:
        for gate in line.all():
            part = gate if isinstance(gate, ir.SupersededBy) else gate.condition
            seen = trace.truths.get(id(part), set())
            for value, wanted in _both_ways(gate):
                yield Unit("gate", clause.id, phrase.gate(gate), wanted), value in seen


def _both_ways(gate: ir.Gate | ir.SupersededBy) -> tuple[tuple[bool, str], tuple[bool, str]]:
    if isinstance(gate, ir.SupersededBy):
        return (True, "the clause never gives way"), (False, "the clause never stands")
    if gate.kind == "save":
        return (True, "it never bites"), (False, "it always bites")
    return (True, "it never passes"), (False, "it never fails")


def _sentences(clause: ir.Clause, trace: Trace) -> Iterator[tuple[Unit, bool]]:
    for line in clause.sentences:
        for s in line.all():
            if not isinstance(s, ir.Perform | ir.Refrain | ir.Keep | ir.Ensure):
                continue
            yield from _refusals(clause.id, s, trace)
            seen = trace.said.get(id(s), set())
            beyond = {"breached", "not_entitled"}
            yield (
                Unit("sentence", clause.id, phrase.sentence(s), "it is never kept"),
                bool(seen & {"met", "excluded"}),
            )
            if _can_be_broken(s, clause):
                yield (
                    Unit("sentence", clause.id, phrase.sentence(s), "it is never broken"),
                    bool(seen & beyond),
                )


def _can_be_broken(s: ir.Sentence, clause: ir.Clause) -> bool:
    """Whether a record can break a sentence: not a permission without bounds, nor a duty without limit and refusal.

    Nor what a gate of the clause has asked already: such a sentence only says that the text applies.
    """
    if isinstance(s, ir.Ensure):
        asked = [x.condition for line in clause.gates for x in line.all() if isinstance(x, ir.Gate)]
        return not all(line.base in asked and not line.readings for line in s.conditions)
    if not isinstance(s, ir.Perform):
        return True
    limits = [x for line in s.limits for x in line.all() if not isinstance(x, ir.NoLimit | ir.OrInstead)]
    if s.strength in ("may", "discretion"):
        return bool(limits)
    return any(not isinstance(x, ir.Fitting | ir.ToEach) for x in limits)


def _refusals(clause: str, sentence: ir.Sentence, trace: Trace) -> Iterator[tuple[Unit, bool]]:
    """A refusal that no case shows could as well be left out."""
    if isinstance(sentence, ir.Perform):
        for line in sentence.limits:
            for x in line.all():
                if isinstance(x, ir.RefusedBy):
                    yield (
                        Unit("sentence", clause, phrase.limit(x), "nothing is refused so"),
                        id(x) in trace.taken,
                    )


def _rows(owner: str, lines: Any, trace: Trace) -> Iterator[tuple[Unit, bool]]:
    """What a row has to be like, of an event or a fact: a row that is so, and one that is not."""
    for node in _nodes(lines):
        if isinstance(node, ir.Where):
            seen = trace.truths.get(id(node.condition), set())
            text = f"where {phrase.condition(node.condition)}"
            yield Unit("row", owner, text, "no row is so"), True in seen
            yield Unit("row", owner, text, "no row is otherwise"), False in seen


# --------------------------------------------------------------------------- readings and branches
def _readings(owner: str, part: Any, trace: Trace) -> Iterator[tuple[Unit, bool]]:
    for node in _nodes(part):
        if isinstance(node, ir.Alternative):
            name = f"{node.ambiguity}.{node.reading}"
            yield Unit("reading", owner, name, "no case reads it so"), id(node) in trace.taken


def _branches(owner: str, part: Any, trace: Trace) -> Iterator[tuple[Unit, bool]]:
    for node in _nodes(part):
        if isinstance(node, ir.Group) and node.quantifier != "all":
            for line in node.of:
                for inner in line.all():
                    seen = trace.truths.get(id(inner), set())
                    yield Unit("branch", owner, phrase.condition(inner), "it never holds"), True in seen
        elif isinstance(node, ir.ButWhere):
            text = f"but where {phrase.condition(node.condition)}"
            yield Unit("branch", owner, text, "it is never the case"), id(node) in trace.taken


def _nodes(part: Any) -> Iterator[Any]:
    """Every node in a part of the contract, that of other readings included."""
    if isinstance(part, tuple):
        for item in part:
            yield from _nodes(item)
    elif is_dataclass(part):
        yield part
        for f in fields(part):
            yield from _nodes(getattr(part, f.name))
