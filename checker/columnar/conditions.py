"""Conditions as columns: true, false or unknown for each occasion."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np

from checker.columnar import (
    amounts,
    clocks,
    distinct,
    entries,
    events,
    holding,
    moments,
    several,
    spans,
    values,
)
from checker.columnar.possible import (
    Bools,
    Ints,
    Truths,
    always,
    conjunction,
    disjunction,
    doubtful,
    known,
    negation,
    stands,
)
from checker.columnar.several import Values
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import conditions as rules
from checker.interpret.book import plain
from checker.interpret.possible import Possible
from checker.interpret.verdicts import Verdict
from checker.interpret.world import World
from checker.record.model import Value
from dsl import contract as ir


def truth(world: Columns, condition: ir.Condition, frame: Frame, *, owed: bool = False) -> Truths:
    """Whether a condition holds. `owed`: it stands in a duty, where an event without a limit is still to come."""
    rule = _RULES.get(type(condition))
    if rule is None:
        raise NotColumnar(type(condition).__name__)
    what = ("truth", world.mark(condition), owed)
    return world.of_frame(what, frame, lambda f: rule(world, condition, f, owed))


def _signed(found: Truths, negated: bool) -> Truths:
    return negation(found) if negated else found


def _is_one_of(world: Columns, c: ir.IsOneOf, frame: Frame, owed: bool) -> Truths:
    return _signed(values.among(world, values.looked_at(world, c.value, frame), c.among), c.negated)


def _in_list(world: Columns, c: ir.InList, frame: Frame, owed: bool) -> Truths:
    found = values.looked_at(world, c.value, frame)
    yes, no = np.zeros(frame.n, bool), np.zeros(frame.n, bool)
    missing = found.missing.copy()
    for one, index in world.groups(("list", c.list), lambda w: _listed(w, c.list), frame.case):
        wanted, causes = _listed(one, c.list)
        by_code = world.table.dictionary.hits(wanted)
        if len(index) == frame.n and not causes:
            # One list for all occasions.
            return _signed(values.hits(found, by_code), c.negated)
        hit = values.hits(several.taken(found, index), by_code)
        yes[index], no[index] = hit.yes, hit.no & (not causes)
        if causes:
            # What none of the lists at hand has may be on the one that is kept elsewhere.
            missing[index] |= hit.no
    return _signed(doubtful(yes, no, found.open, missing), c.negated)


def _listed(world: World, name: str) -> tuple[frozenset[Any], Any]:
    return world.once_for_agreement(("list", name), lambda: rules.listed(world, name))


def _same_value(world: Columns, c: ir.SameValue, frame: Frame, owed: bool) -> Truths:
    left, right = values.value(world, c.left, frame), values.value(world, c.right, frame)
    ways = several.ways(left, right)
    alike = _comparable(world, np.concatenate([ways.left, ways.right]))
    same = alike[: len(ways.left)] == alike[len(ways.left) :]
    possible = np.zeros(frame.n, bool)
    possible[ways.occasion[same]] = True
    told = (left.code != NOTHING) & (right.code != NOTHING)
    one = ~several.several(left) & ~several.several(right)
    found = doubtful(possible & one, told & ~possible, left.open | right.open, left.missing | right.missing)
    return _signed(found, c.negated)


def _comparable(world: Columns, code: Ints) -> Ints:
    """Codes that are equal where the values are: lists and mappings part by part."""
    first: dict[Any, int] = {}
    values_ = world.table.dictionary.values
    out = np.arange(len(values_) + 1, dtype=np.int64)
    for one in distinct.occurring(world, code):
        if isinstance(values_[one], list | dict):
            out[one] = first.setdefault(_parts(values_[one]), one)
    return out[code]


def _parts(value: Value) -> Any:
    """A value as it compares, hashable."""
    if isinstance(value, list):
        return ("list", *(_parts(v) for v in value))
    if isinstance(value, dict):
        return ("table", frozenset((k, _parts(v)) for k, v in value.items()))
    return plain(value)


def _among(world: Columns, c: ir.Among, frame: Frame, owed: bool) -> Truths:
    held, wanted = values.value(world, c.of, frame), values.value(world, c.value, frame)
    return _signed(holds_value(world, held, wanted), c.negated)


def holds_value(world: Columns, held: Values, wanted: Values) -> Truths:
    """Whether lists of the record hold values; a single value is a list of one, a table holds its keys."""

    def rule(of: Value, one: Value) -> bool:
        return bool(rules.holds_value(Possible((of,)), Possible((one,))).value)

    ways = several.ways(held, wanted)
    holds = distinct.of_pairs(world, ways.left, ways.right, rule, False, bool)
    n = len(held.code)
    told = (held.code != NOTHING) & (wanted.code != NOTHING)
    yes, no = told & ways.every(holds, n), told & ways.every(~holds, n)
    return doubtful(yes, no, held.open | wanted.open, held.missing | wanted.missing)


def _mentions(world: Columns, c: ir.Mentions, frame: Frame, owed: bool) -> Truths:
    found = values.value(world, c.value, frame)
    word = c.word.casefold()

    def rule(value: Value) -> bool:
        return word in re.findall(r"\w+", str(value).casefold())

    return _signed(values.hits(found, distinct.marked(world, several.options(found).code, rule)), c.negated)


def _compare_ranks(world: Columns, c: ir.CompareRanks, frame: Frame, owed: bool) -> Truths:
    ranks = [plain(r) for r in world.book.attributes[c.attribute].ranks]

    def rank(value: Value) -> int:
        return ranks.index(plain(value)) if plain(value) in ranks else NOTHING

    one, other = (values.value(world, v, frame) for v in (c.left, c.right))
    ways = several.ways(one, other)
    left, right = (distinct.of_each(world, v, rank, NOTHING, np.int64) for v in (ways.left, ways.right))
    ranked = (left != NOTHING) & (right != NOTHING)
    holds = (left < right) if c.higher else (left > right)
    told = (one.code != NOTHING) & (other.code != NOTHING)
    yes = told & ways.every(ranked & holds, frame.n)
    no = told & ways.every(ranked & ~holds, frame.n)
    open_, missing = one.open | other.open, one.missing | other.missing
    # Where nothing else is in doubt, what is missing is the rank of one.
    return doubtful(yes, no, open_, missing | ~(open_ | missing))


def _record_complete(world: Columns, c: ir.RecordComplete, frame: Frame, owed: bool) -> Truths:
    def lacking() -> Bools:
        out = np.zeros(len(world.table), bool)
        # A source that does not hold such a record does not say that it is missing.
        may = world.table.gone((c.record,), c.record)
        for i in np.flatnonzero(may).tolist() if may is not None else ():
            out[i] = c.record in world.table.cases[i].missing
        return out

    gone = world.once(("lacks", c.record), lacking)[frame.case]
    none = np.zeros(frame.n, bool)
    complete = ~gone
    return _signed(doubtful(complete, none, none, gone), c.negated)


def _recorded(world: Columns, c: ir.Recorded, frame: Frame, owed: bool) -> Truths:
    found = values.looked_at(world, c.value, frame)
    told = values.among(world, found, c.among).yes if c.among else found.code != NOTHING
    return _signed(known(told), c.negated)


def _compare_instants(world: Columns, c: ir.CompareInstants, frame: Frame, owed: bool) -> Truths:
    left, right = (moments.moment(world, x, frame) for x in (c.left, c.right))
    return stands(left, c.relation, right, world.table.order)


def _during(world: Columns, c: ir.During, frame: Frame, owed: bool) -> Truths:
    at = moments.moment(world, c.moment, frame)
    if c.kind == "calendar":
        found = clocks.open_at(world, c.name, at, frame)
    elif c.kind == "state":
        found = spans.in_state(world, c.name, at, frame)
    elif c.kind == "fact":
        found = entries.in_force(world, c.name, at, frame)
    else:
        found = holding.holds(world, c.name, at, frame)
    return _signed(found, not c.inside)


def _in_force(world: Columns, c: ir.InForce, frame: Frame, owed: bool) -> Truths:
    def find(frame: Frame) -> Truths:
        at = moments.moment(world, c.at if c.at is not None else ir.It(), frame)
        return entries.in_force(world, c.fact, at, frame)

    what = ("in force", c.fact, world.mark(c.at) if c.at is not None else None)
    return _signed(world.of_frame(what, frame, find), c.negated)


def _occurred(world: Columns, c: ir.Occurred, frame: Frame, owed: bool) -> Truths:
    found = events.search(world, c.rows, frame, counted=True)
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
    ir.Among: _among,
    ir.Mentions: _mentions,
    ir.Recorded: _recorded,
    ir.CompareInstants: _compare_instants,
    ir.CompareAmounts: _compare_amounts,
    ir.During: _during,
    ir.InForce: _in_force,
    ir.Occurred: _occurred,
    ir.CompareRanks: _compare_ranks,
    ir.RecordComplete: _record_complete,
    ir.Holds: _holds,
    ir.Group: _group,
}
