"""Conditions as columns: true, false or unknown for each occasion."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from checker.columnar import amounts, events, moments, spans, values
from checker.columnar.possible import (
    Truths,
    always,
    conjunction,
    disjunction,
    doubtful,
    known,
    negation,
    stands,
)
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import conditions as rules
from checker.interpret.verdicts import Verdict
from checker.interpret.world import World
from dsl import contract as ir


def truth(world: Columns, condition: ir.Condition, frame: Frame, *, owed: bool = False) -> Truths:
    """Whether a condition holds. `owed`: it stands in a duty, where an event without a limit is still to come."""
    rule = _RULES.get(type(condition))
    if rule is None:
        raise NotColumnar(type(condition).__name__)
    return world.once(
        ("truth", world.mark(condition), frame.key, owed), lambda: rule(world, condition, frame, owed)
    )


def _signed(found: Truths, negated: bool) -> Truths:
    return negation(found) if negated else found


def _is_one_of(world: Columns, c: ir.IsOneOf, frame: Frame, owed: bool) -> Truths:
    return _signed(values.among(world, values.value(world, c.value, frame), c.among), c.negated)


def _in_list(world: Columns, c: ir.InList, frame: Frame, owed: bool) -> Truths:
    found = values.one(world, values.value(world, c.value, frame), frame)
    yes, no = np.zeros(frame.n, bool), np.zeros(frame.n, bool)
    open_, missing = found.open.copy(), found.missing.copy()
    for one, index in world.groups(("list", c.list), lambda w: _listed(w, c.list), frame.case):
        wanted, causes = _listed(one, c.list)
        hit = world.table.dictionary.hits(wanted)[found.code[index]] & (found.code[index] != NOTHING)
        yes[index] = hit
        no[index] = ~hit & (found.code[index] != NOTHING) & (not causes)
        if causes:
            missing[index] = True
    return _signed(doubtful(yes, no, open_, missing), c.negated)


def _listed(world: World, name: str) -> tuple[frozenset[Any], Any]:
    return world.once_for_agreement(("list", name), lambda: rules.listed(world, name))


def _same_value(world: Columns, c: ir.SameValue, frame: Frame, owed: bool) -> Truths:
    left, right = (values.one(world, values.value(world, x, frame), frame) for x in (c.left, c.right))
    told = (left.code != NOTHING) & (right.code != NOTHING)
    same = left.code == right.code
    found = doubtful(told & same, told & ~same, left.open | right.open, left.missing | right.missing)
    return _signed(found, c.negated)


def _recorded(world: Columns, c: ir.Recorded, frame: Frame, owed: bool) -> Truths:
    found = values.value(world, c.value, frame)
    told = found.code != NOTHING
    if c.among:
        found = values.one(world, found, frame)
        told &= world.table.dictionary.hits(world.book.compared(c.among))[found.code]
    return _signed(known(told), c.negated)


def _compare_instants(world: Columns, c: ir.CompareInstants, frame: Frame, owed: bool) -> Truths:
    left, right = (moments.moment(world, x, frame) for x in (c.left, c.right))
    return stands(left, c.relation, right, world.table.order)


def _during(world: Columns, c: ir.During, frame: Frame, owed: bool) -> Truths:
    at = moments.moment(world, c.moment, frame)
    if c.kind == "calendar":
        found = moments.open_at(world, c.name, at, frame)
    elif c.kind == "state":
        found = spans.in_state(world, c.name, at, frame)
    elif c.kind == "fact":
        found = spans.in_force(world, c.name, at, frame)
    else:
        raise NotColumnar("the period that holds the occasion")
    return _signed(found, not c.inside)


def _in_force(world: Columns, c: ir.InForce, frame: Frame, owed: bool) -> Truths:
    at = moments.moment(world, c.at if c.at is not None else ir.It(), frame)
    key = ("in force", c.fact, world.mark(c.at) if c.at is not None else None, frame.key)
    return _signed(world.once(key, lambda: spans.in_force(world, c.fact, at, frame)), c.negated)


def _occurred(world: Columns, c: ir.Occurred, frame: Frame, owed: bool) -> Truths:
    found = events.search(world, c.rows, frame)
    return _signed(events.exists(world, found, owed=owed and not c.negated), c.negated)


def _compare_amounts(world: Columns, c: ir.CompareAmounts, frame: Frame, owed: bool) -> Truths:
    return amounts.compared(world, c, frame, owed)


def _holds(world: Columns, c: ir.Holds, frame: Frame, owed: bool) -> Truths:
    if c.kind != "condition":
        return _signed(_clause_holds(world, world.book.clauses[c.name], frame), c.negated)
    lines = world.lines(world.book.conditions[c.name].lines)
    parts = [truth(world, x, frame, owed=owed) for x in lines]
    return _signed(conjunction(parts) if parts else always(frame.n), c.negated)


def _clause_holds(world: Columns, clause: ir.Clause, frame: Frame) -> Truths:
    """Whether a clause is kept (a release: bites; a loss of entitlement: is lost) on the same occasion."""
    from checker.columnar.judge import outcome_at
    from checker.columnar.outcomes import NUMBER

    found = outcome_at(world, clause, frame)
    bites = {ir.Release: Verdict.EXCLUDED, ir.Forfeit: Verdict.NOT_ENTITLED}
    kept = {bites[kind] for kind in (type(s.base) for s in clause.sentences) if kind in bites}
    yes = np.isin(found.verdict, [NUMBER[v] for v in kept or {Verdict.MET}])
    unknown = np.isin(found.verdict, [NUMBER[Verdict.PENDING], NUMBER[Verdict.UNDETERMINED]])
    return doubtful(yes, ~yes & ~unknown, found.open | ~found.missing, found.missing)


def _group(world: Columns, c: ir.Group, frame: Frame, owed: bool) -> Truths:
    inner = [truth(world, x, frame, owed=owed and c.quantifier != "none") for x in world.lines(c.of)]
    if not inner:
        none = np.full(frame.n, c.quantifier != "any")
        return known(none)
    if c.quantifier == "all":
        return conjunction(inner)
    found = disjunction(inner)
    return negation(found) if c.quantifier == "none" else found


_RULES: dict[type, Callable[[Columns, Any, Frame, bool], Truths]] = {
    ir.IsOneOf: _is_one_of,
    ir.InList: _in_list,
    ir.SameValue: _same_value,
    ir.Recorded: _recorded,
    ir.CompareInstants: _compare_instants,
    ir.CompareAmounts: _compare_amounts,
    ir.During: _during,
    ir.InForce: _in_force,
    ir.Occurred: _occurred,
    ir.Holds: _holds,
    ir.Group: _group,
}
