"""Gates and layers: whether a clause applies to an occasion, nothing excuses it, and the customer is entitled to it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.interpret import conditions
from checker.interpret.occasions import concern_of, exists, occasions
from checker.interpret.possible import NO, YES, Truth, conjunction, disjunction, negation, unknown
from checker.interpret.world import Frame, Occasion, SortedGates, World, sorted_gates
from dsl import contract as ir


def gate_kinds(world: World, clause: ir.Clause) -> SortedGates:
    """The gates of a clause on the chosen readings: `where` and layers, carve-outs, prerequisites."""
    fixed = world.book.fixed_gates.get(clause.id)
    if fixed is not None:
        return fixed
    return world.once_for_agreement(("gates", clause.id), lambda: sorted_gates(world.lines(clause.gates)))


def where_holds(world: World, gate: ir.Gate | ir.SupersededBy, occasion: Occasion, frame: Frame) -> Truth:
    """Whether a `where` gate, or a layer, lets the clause apply."""
    if isinstance(gate, ir.Gate):
        return conditions.truth(world, gate.condition, frame)
    yields = disjunction(takes_over(world, name, occasion) for name in gate.clauses)
    if world.trace is not None:
        world.trace.saw(gate, yields.value)
    return negation(yields)


def takes_over(world: World, name: str, occasion: Occasion) -> Truth:
    """Whether another clause applies to the same occasion and the customer is entitled to it.

    One that gives way itself takes over all the same: what stands in its place stands in this place, too.
    """
    clause = world.book.clauses[name]
    if not exists(world, clause):
        return NO
    theirs, more = occasions(world, clause)
    same = alongside(world, clause, theirs, occasion)
    found = disjunction(
        conjunction([Truth(None, o.doubt) if o.doubt else YES, _binds(world, clause, o)]) for o in same
    )
    if found.value is False and more:
        return unknown(more)
    return found


def alongside(world: World, clause: ir.Clause, theirs: list[Occasion], occasion: Occasion) -> list[Occasion]:
    """The occasions of another clause that are the same as this one; all, where the two are of different kinds."""
    same = [o for o in theirs if o.start == occasion.start]
    concern = concern_of(world, clause)
    comparable = isinstance(concern, ir.EachStretch) or (
        occasion.event is not None and bool(theirs) and theirs[0].event is not None
    )
    return same if same or comparable else theirs


def passes(world: World, clause: ir.Clause, occasion: Occasion) -> Truth:
    """Whether all gates of a clause pass on an occasion: it applies, nothing excludes it, the customer is entitled."""
    key = ("passes", clause.id, *_told_by(world, occasion))
    return world.once(key, lambda: _passes(world, clause, occasion))


def _binds(world: World, clause: ir.Clause, occasion: Occasion) -> Truth:
    """The same, whatever takes the clause's own place."""
    key = ("binds", clause.id, *_told_by(world, occasion))
    return world.once(key, lambda: _passes(world, clause, occasion, layers=False))


def _told_by(world: World, occasion: Occasion) -> tuple[Any, ...]:
    """What tells an occasion from others, also from those that the clause has on another reading."""
    event, end = occasion.event, occasion.end
    bounds = (*occasion.start[:2], *(end[:2] if end is not None else ()))
    return occasion.rank, bounds, event and world.case.position(event), id(occasion.entry)


def _passes(world: World, clause: ir.Clause, occasion: Occasion, *, layers: bool = True) -> Truth:
    frame = Frame(occasion)
    where, save, provided = gate_kinds(world, clause)

    def checks() -> Iterable[Truth]:
        for g in where:
            if layers or isinstance(g, ir.Gate):
                yield where_holds(world, g, occasion, frame)
        for s in save:
            yield negation(conditions.truth(world, s.condition, frame))
        for p in provided:
            yield conditions.truth(world, p.condition, frame)

    return conjunction(checks())
