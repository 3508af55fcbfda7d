"""Sentences as columns: whether what is owed was done, by when, and when it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from checker.columnar import conditions, events
from checker.columnar.due import due_in
from checker.columnar.each_of import to_each
from checker.columnar.events import Carrying
from checker.columnar.keeping import keep
from checker.columnar.limits import (
    BIT,
    Limits,
    Said,
    acts_within,
    comes_to,
    done_at,
    inside,
    limits_of,
    masked,
    meant,
    rows_of,
    since_of,
    some,
)
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    conjunction,
    disjunction,
    doubtful,
    negation,
    precedes,
)
from checker.columnar.refrain import refrain
from checker.columnar.rights import right
from checker.columnar.silence import silence
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.verdicts import Verdict
from dsl import contract as ir


def said(world: Columns, sentence: ir.Sentence, frame: Frame) -> Said:
    """The finding of one sentence."""
    rule = _RULES.get(type(sentence))
    if rule is None:
        raise NotColumnar(type(sentence).__name__)
    return rule(world, sentence, frame)


# --------------------------------------------------------------------------- perform
def _perform(world: Columns, s: ir.Perform, frame: Frame) -> Said:
    limits = limits_of(world, s.limits, frame)
    if limits.to_each is not None:

        def act(inner: Frame, carrying: Carrying) -> Said:
            own = limits_of(world, s.limits, inner)
            own.restrictions.append(carrying)
            return _act(world, s, own, inner)

        return to_each(world, limits.to_each, limits, frame, act)
    if s.strength in ("may", "discretion"):
        return right(world, s, limits, frame)
    return _act(world, s, limits, frame)


def _act(world: Columns, s: ir.Perform, limits: Limits, frame: Frame) -> Said:
    since = since_of(limits, frame)
    found = acts_within(world, s.events, limits, frame, since)
    ways = [events.exists(world, found, owed=True)]
    for rows in limits.instead:
        other = events.search(world, rows, frame, since=since)
        ways.append(events.exists(world, other, owed=True))
    checks = [disjunction(ways)]
    checks += [conditions.truth(world, c, frame, owed=True) for c in limits.only]
    due, has_due, early_row = limits.due, None, None
    if limits.lower:
        early, early_row = _premature(world, s.events, limits, frame)
        checks.append(negation(early))
        if due is None:
            # What came too early is measured against the moment from which it was allowed.
            due, has_due = limits.lower[0][1], early.yes
    truth = conjunction(checks)
    if limits.refused:
        truth = _unless_refused(world, truth, found, limits, frame)
    if not world.times:
        return Said(*comes_to(truth))
    row = found.first()
    row = np.where(row >= 0, row, _late(world, s.events, limits, since, frame))
    too_early = np.zeros(frame.n, bool)
    if early_row is not None:
        too_early = early_row >= 0
        row = np.where(too_early, early_row, row)
    return Said(
        *comes_to(truth),
        due,
        has_due,
        done_at(world, row),
        row >= 0,
        limits.clock,
        # Of what came too early no clock has run.
        ~too_early,
    )


def _premature(world: Columns, names: tuple[str, ...], limits: Limits, frame: Frame) -> tuple[Truths, Ints]:
    """Whether an act came after the occasion but before the stretch allowed; the first that surely did, -1 for none."""
    pairs, truth = meant(world, names, limits, frame)
    at, order = world.table.moments(pairs.row), world.table.order
    late = negation(precedes(at, frame.since.take(pairs.occasion), order))
    early = conjunction([truth, late, negation(inside(world, pairs, limits.lower))])
    return some(pairs, early, frame.n), rows_of(pairs, pairs.first(early.yes, frame.n))


def _late(
    world: Columns, names: tuple[str, ...], limits: Limits, since: Moments | None, frame: Frame
) -> Ints:
    """The first act in time or late: what was done, for the report."""
    start = since if since is not None else (limits.lower[0][1] if limits.lower else None)
    pairs, truth = meant(world, names, limits, frame)
    which = truth.yes
    if start is not None:
        at = world.table.moments(pairs.row)
        which = which & precedes(at, start.take(pairs.occasion), world.table.order).no
    out = np.full(frame.n, world.table.height, np.int64)
    np.minimum.at(out, pairs.occasion[which], pairs.row[which])
    return np.where(out < world.table.height, out, -1)


def _unless_refused(
    world: Columns, truth: Truths, found: events.Search, limits: Limits, frame: Frame
) -> Truths:
    """A refusal before the performance breaches; what came before it stands."""
    pairs, sure = meant(world, limits.refused, limits, frame)
    at, order = world.table.moments(pairs.row), world.table.order
    real = conjunction([sure, negation(precedes(at, frame.since.take(pairs.occasion), order))])
    performed = found.first()[pairs.occasion]
    refused = some(pairs, masked(real, _before(world, pairs.row, performed)), frame.n)
    kept = conjunction([negation(refused), truth])
    if not refused.yes.any():
        return kept
    # A performance that the record lost may have come first.
    first = np.full(frame.n, np.iinfo(np.int64).max)
    np.minimum.at(first, pairs.occasion[real.yes], order.at[pairs.row[real.yes]])
    silent = silence(world, found.names, frame.case, found.lower, first)
    if silent is None:
        return kept
    lost = refused.yes & silent.any
    open_, missing = (c if c is not None else np.zeros(frame.n, bool) for c in (kept.open, kept.missing))
    return doubtful(kept.yes & ~lost, kept.no & ~lost, open_ & ~lost, missing | lost)


def _before(world: Columns, row: Ints, other: Ints) -> Bools:
    """Whether events come before others in the record; before none, all do."""
    order, by = world.table.order, np.maximum(other, 0)
    if not len(row):
        return np.zeros(0, bool)
    same = order.at[row] == order.at[by]
    out: Bools = (other < 0) | (order.at[row] < order.at[by]) | (same & (order.order[row] < order.order[by]))
    return out


# --------------------------------------------------------------------------- ensure, release, stated
def _ensure(world: Columns, s: ir.Ensure, frame: Frame) -> Said:
    lines = list(world.lines(s.conditions))
    truths = [conditions.truth(world, c, frame, owed=True) for c in lines]
    truth = conjunction(truths) if truths else always(frame.n)
    broken = Verdict.NOT_ENTITLED if s.party == "customer" and s.strength == "may" else Verdict.BREACHED
    if not world.times:
        return Said(*comes_to(truth, broken))
    due = due_in(world, lines, frame)
    done = frame.start if frame.row is not None else None
    has_done = frame.row >= 0 if frame.row is not None else None
    return Said(
        *comes_to(truth, broken),
        due.moment if due is not None else None,
        due.has if due is not None else None,
        done,
        has_done,
    )


def _release(world: Columns, s: ir.Release, frame: Frame) -> Said:
    return _flat(frame, Verdict.EXCLUDED)


def _forfeit(world: Columns, s: ir.Forfeit, frame: Frame) -> Said:
    return _flat(frame, Verdict.NOT_ENTITLED)


def _flat(frame: Frame, verdict: Verdict) -> Said:
    none = np.zeros(frame.n, bool)
    return Said(np.full(frame.n, BIT[verdict], np.uint8), none, none)


def _stated(world: Columns, s: ir.Stated, frame: Frame) -> Said:
    none = np.zeros(frame.n, bool)
    return Said(*comes_to(doubtful(none, none, none, ~none)))


def _stands_for(world: Columns, s: ir.StandsFor, frame: Frame) -> Said:
    from checker.columnar.judge import stood_for
    from checker.columnar.outcomes import NONE

    found = stood_for(world, s.clauses).take(frame.case)
    bits = np.left_shift(1, found.verdict, dtype=np.int64).astype(np.uint8)
    if found.due is None or found.done is None:
        return Said(bits, found.open, found.missing)
    return Said(
        bits,
        found.open,
        found.missing,
        Moments(found.due, found.due),
        found.due != NONE,
        Moments(found.done, found.done),
        found.done != NONE,
    )


_RULES: dict[type, Callable[[Columns, Any, Frame], Said]] = {
    ir.Perform: _perform,
    ir.Refrain: refrain,
    ir.Keep: keep,
    ir.Ensure: _ensure,
    ir.Release: _release,
    ir.Forfeit: _forfeit,
    ir.Stated: _stated,
    ir.StandsFor: _stands_for,
}
