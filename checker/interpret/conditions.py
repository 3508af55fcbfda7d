"""Conditions: true, false or unknown over a case."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from checker.interpret import amounts, events, moments, spans, values
from checker.interpret.possible import (
    NO,
    YES,
    Causes,
    Possible,
    Truth,
    compare,
    conjunction,
    disjunction,
    missing_cause,
    negation,
    open_cause,
    stands,
    unknown,
)
from checker.interpret.verdicts import Verdict
from checker.interpret.world import Frame, World, plain
from dsl import contract as ir


def truth(world: World, condition: ir.Condition, frame: Frame, *, owed: bool = False) -> Truth:
    """Whether a condition holds. `owed`: it stands in a duty, where an event without a limit is still to come."""
    found = _RULES[type(condition)](world, condition, frame, owed)
    if world.trace is not None:
        world.trace.saw(condition, found.value)
    return found


def _signed(found: Truth, negated: bool) -> Truth:
    return negation(found) if negated else found


def _is_one_of(world: World, c: ir.IsOneOf, frame: Frame, owed: bool) -> Truth:
    return _signed(values.among(world, values.value(world, c.value, frame), c.among), c.negated)


def _in_list(world: World, c: ir.InList, frame: Frame, owed: bool) -> Truth:
    wanted, causes = world.once_for_agreement(("list", c.list), lambda: listed(world, c.list))
    found = values.within(values.value(world, c.value, frame), wanted)
    if found.value is False and causes:
        found = unknown(causes)
    return _signed(found, c.negated)


def listed(world: World, name: str) -> tuple[frozenset[Any], Causes]:
    """The values of a list, as they compare; with causes where part of it is kept elsewhere and not on record."""
    wanted: set[Any] = set()
    causes: Causes = frozenset()
    for line in world.lines(world.book.lists[name].lines):
        if isinstance(line, ir.Items):
            wanted.update(plain(v) for v in line.values)
        elif isinstance(line, ir.AllOf):
            more, why = listed(world, line.name)
            wanted |= more
            causes |= why
        else:
            kept = world.fact(line.fact.path)
            if kept.options is None:
                causes |= kept.causes
            else:
                value = kept.options[0]
                kept_values = value if isinstance(value, list) else [value]
                wanted.update(plain(v) for v in kept_values if not isinstance(v, list | dict))
    return frozenset(wanted), causes


def _same_value(world: World, c: ir.SameValue, frame: Frame, owed: bool) -> Truth:
    left, right = values.value(world, c.left, frame), values.value(world, c.right, frame)
    if left.options is None or right.options is None:
        return unknown(left.causes | right.causes)
    mine, theirs = [_comparable(o) for o in left.options], [_comparable(o) for o in right.options]
    if not any(a == b for a in mine for b in theirs):
        return _signed(NO, c.negated)
    if len(mine) == len(theirs) == 1:
        return _signed(YES, c.negated)
    return unknown(left.causes | right.causes)


def _among(world: World, c: ir.Among, frame: Frame, owed: bool) -> Truth:
    return _signed(
        holds_value(values.value(world, c.of, frame), values.value(world, c.value, frame)), c.negated
    )


def _mentions(world: World, c: ir.Mentions, frame: Frame, owed: bool) -> Truth:
    found = values.value(world, c.value, frame)
    if found.options is None:
        return unknown(found.causes)
    has = {c.word.casefold() in re.findall(r"\w+", str(o).casefold()) for o in found.options}
    if len(has) > 1:
        return unknown(found.causes)
    return _signed(YES if has == {True} else NO, c.negated)


def holds_value(held: Possible, wanted: Possible) -> Truth:
    """Whether a list of the record holds a value; a single value is a list of one, a table holds its keys."""
    if held.options is None or wanted.options is None:
        return unknown(held.causes | wanted.causes)
    lists = [
        {plain(v) for v in (o if isinstance(o, list | dict) else [o]) if not isinstance(v, list | dict)}
        for o in held.options
    ]
    found = {values.within(wanted, texts).value for texts in lists}
    if len(found) == 1 and None not in found:
        return YES if found == {True} else NO
    return unknown(held.causes | wanted.causes)


def _comparable(value: Any) -> Any:
    """A value as it compares: lists and mappings part by part."""
    if isinstance(value, list):
        return [_comparable(v) for v in value]
    return {k: _comparable(v) for k, v in value.items()} if isinstance(value, dict) else plain(value)


def _recorded(world: World, c: ir.Recorded, frame: Frame, owed: bool) -> Truth:
    found = values.value(world, c.value, frame)
    if found.options is None:
        return _signed(NO, c.negated)
    if not c.among:
        return _signed(YES, c.negated)
    return _signed(YES if values.among(world, found, c.among).value else NO, c.negated)


def _compare_instants(world: World, c: ir.CompareInstants, frame: Frame, owed: bool) -> Truth:
    return stands(moments.moment(world, c.left, frame), c.relation, moments.moment(world, c.right, frame))


def _during(world: World, c: ir.During, frame: Frame, owed: bool) -> Truth:
    found = spans.holds(world, c.kind, c.name, moments.moment(world, c.moment, frame), frame)
    return _signed(found, not c.inside)


def _in_force(world: World, c: ir.InForce, frame: Frame, owed: bool) -> Truth:
    moment = moments.moment(world, c.at if c.at is not None else ir.It(), frame)
    return _signed(spans.in_force(world, c.fact, moment, frame), c.negated)


def _compare_amounts(world: World, c: ir.CompareAmounts, frame: Frame, owed: bool) -> Truth:
    left, right = (amounts.amount(world, x, frame, owed=owed) for x in (c.left, c.right))
    return compare(left, c.relation, right)


def _occurred(world: World, c: ir.Occurred, frame: Frame, owed: bool) -> Truth:
    found = events.search(world, c.rows, frame)
    return _signed(events.exists(world, found, owed=owed and not c.negated), c.negated)


def _compare_ranks(world: World, c: ir.CompareRanks, frame: Frame, owed: bool) -> Truth:
    ranks = [plain(r) for r in world.book.attributes[c.attribute].ranks]
    left, right = values.value(world, c.left, frame), values.value(world, c.right, frame)
    causes = left.causes | right.causes
    truths = []
    for a in left.options or (None,):
        for b in right.options or (None,):
            known = plain(a) in ranks and plain(b) in ranks
            if not known:
                truths.append(unknown(causes or missing_cause(f"the rank of {c.attribute}")))
                continue
            x, y = ranks.index(plain(a)), ranks.index(plain(b))
            truths.append(YES if (x < y if c.higher else x > y) else NO)
    if all(t.value for t in truths):
        return YES
    return NO if all(t.value is False for t in truths) else unknown(causes.union(*(t.causes for t in truths)))


def _record_complete(world: World, c: ir.RecordComplete, frame: Frame, owed: bool) -> Truth:
    missing = c.record in world.case.missing
    return unknown(missing_cause(f"the record of {c.record}")) if missing else _signed(YES, c.negated)


def _holds(world: World, c: ir.Holds, frame: Frame, owed: bool) -> Truth:
    if c.kind == "condition":
        lines = world.lines(world.book.conditions[c.name].lines)
        return _signed(conjunction(truth(world, x, frame, owed=owed) for x in lines), c.negated)
    from checker.interpret.judge import outcome_at

    outcome = outcome_at(world, c.name, frame.occasion)
    said = {type(s.base) for s in world.book.clauses[c.name].sentences}
    bites = {ir.Release: Verdict.EXCLUDED, ir.Forfeit: Verdict.NOT_ENTITLED}
    yes = {bites[kind] for kind in said if kind in bites} or {Verdict.MET}
    if outcome.verdict in yes:
        return _signed(YES, c.negated)
    if outcome.verdict in (Verdict.PENDING, Verdict.UNDETERMINED):
        return unknown(outcome.causes or open_cause(c.name))
    return _signed(NO, c.negated)


def _group(world: World, c: ir.Group, frame: Frame, owed: bool) -> Truth:
    inner = (truth(world, x, frame, owed=owed and c.quantifier != "none") for x in world.lines(c.of))
    if c.quantifier == "all":
        return conjunction(inner)
    found = disjunction(inner)
    return negation(found) if c.quantifier == "none" else found


_RULES: dict[type, Callable[[World, Any, Frame, bool], Truth]] = {
    ir.IsOneOf: _is_one_of,
    ir.InList: _in_list,
    ir.SameValue: _same_value,
    ir.Among: _among,
    ir.Mentions: _mentions,
    ir.Recorded: _recorded,
    ir.CompareInstants: _compare_instants,
    ir.During: _during,
    ir.InForce: _in_force,
    ir.CompareAmounts: _compare_amounts,
    ir.Occurred: _occurred,
    ir.CompareRanks: _compare_ranks,
    ir.RecordComplete: _record_complete,
    ir.Holds: _holds,
    ir.Group: _group,
}
