"""Sentences as columns: whether what is owed was done, by when, and when it was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from checker.columnar import conditions, events, moments
from checker.columnar.possible import (
    Bits,
    Bools,
    Ints,
    Moments,
    Truths,
    conjunction,
    disjunction,
    earliest,
    negation,
    precedes,
    stands,
)
from checker.columnar.silence import silence
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.possible import EVER
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

BIT = {v: np.uint8(1 << i) for i, v in enumerate(Verdict)}
"""A verdict among those possible, as a bit."""


class Said(NamedTuple):
    """What a sentence comes to on each occasion: the verdicts still possible, as bits; why in doubt; its limit and its act.

    `clock`: on which the margin is measured, where `measured`.
    """

    verdicts: Bits
    open: Bools
    missing: Bools
    due: Moments | None = None
    done: Moments | None = None
    has_done: Bools | None = None
    clock: ir.Clock | None = None
    measured: Bools | None = None


@dataclass(slots=True)
class Limits:
    """The limits of a sentence, evaluated."""

    lower: list[tuple[str, Moments]] = field(default_factory=list)
    upper: list[tuple[str, Moments]] = field(default_factory=list)
    restrictions: list[ir.Restriction] = field(default_factory=list)
    only: list[ir.Condition] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    clock: ir.Clock | None = None

    @property
    def due(self) -> Moments | None:
        """The last instant allowed."""
        return earliest([inclusive(r, m) for r, m in self.upper]) if self.upper else None


def inclusive(relation: str, moment: Moments) -> Moments:
    """The last instant that a bound allows: one second earlier where it is strict."""
    return moment._replace(edge=True, row=None).last_second if relation == "before" else moment.last_second


def limits_of(world: Columns, lines: tuple[ir.Line[ir.SentenceLimit], ...], frame: Frame) -> Limits:
    """Evaluate the limits of a sentence."""
    out = Limits()
    for x in world.lines(lines):
        if isinstance(x, ir.Within):
            start = moments.moment(world, x.of, frame)
            out.upper.append(("no-later", moments.shifted(world, x.length, False, start, x.clock, frame)))
            out.clock = x.clock
        elif isinstance(x, ir.Limit):
            moment = moments.moment(world, x.moment, frame)
            (out.upper if x.relation in ("before", "no-later") else out.lower).append((x.relation, moment))
        elif isinstance(x, ir.Between):
            out.lower.append(("no-sooner", moments.moment(world, x.start, frame)))
            out.upper.append(("before", moments.moment(world, x.end, frame)))
        elif isinstance(x, ir.OnlyWhere):
            out.only.append(x.condition)
        elif isinstance(x, ir.RefusedBy):
            out.refused += x.events
        elif not isinstance(x, ir.NoLimit):
            raise NotColumnar(type(x).__name__)
    return out


def said(world: Columns, sentence: ir.Sentence, frame: Frame) -> Said:
    """The finding of one sentence."""
    rule = _RULES.get(type(sentence))
    if rule is None:
        raise NotColumnar(type(sentence).__name__)
    return rule(world, sentence, frame)


def _bits(truth: Truths, kept: Verdict, broken: Verdict) -> Bits:
    out = np.where(truth.no, 0, BIT[kept]) | np.where(truth.yes, 0, BIT[broken])
    return out.astype(np.uint8)


def _causes(truth: Truths, n: int) -> tuple[Bools, Bools]:
    none = np.zeros(n, bool)
    return (
        truth.open if truth.open is not None else none,
        truth.missing if truth.missing is not None else none,
    )


# --------------------------------------------------------------------------- perform
def _perform(world: Columns, s: ir.Perform, frame: Frame) -> Said:
    if s.strength in ("may", "discretion"):
        raise NotColumnar("a right")
    limits = limits_of(world, s.limits, frame)
    order, n = world.table.order, frame.n
    due = limits.due
    since: Moments | None = None if limits.lower else frame.start
    if since is not None and due is not None:
        back = (due.hi <= since.lo) & (due.hi > EVER)
        if back.any():
            # A limit that looks back lets every earlier act count.
            since = Moments(
                np.where(back, EVER, since.lo),
                np.where(back, EVER, since.hi),
                row=np.where(back, -1, since.row) if since.row is not None else None,
            )
    found = events.search(world, ir.Rows(s.events), frame, tuple(limits.restrictions), since)
    at = world.table.moments(found.pairs.row)
    if limits.lower or limits.upper:
        inside = [found.truth]
        inside += [
            stands(at, r, m.take(found.pairs.occasion), order) for r, m in (*limits.lower, *limits.upper)
        ]
        found.truth = conjunction(inside)
    if limits.lower:
        found.lower = np.maximum.reduce(
            [np.broadcast_to(found.lower, (n,)), *(m.lo for _, m in limits.lower)]
        )
    if due is not None:
        found.upper = due if found.upper is None else earliest([found.upper, due])
    truth = events.exists(world, found, owed=True)
    if limits.only:
        truth = conjunction([truth, *(conditions.truth(world, c, frame, owed=True) for c in limits.only)])
    early = np.zeros(n, bool)
    early_row = np.full(n, -1, np.int64)
    if limits.lower:
        acts, meant = _acts(world, s.events, frame)
        when = world.table.moments(acts.row)
        start = frame.start.take(acts.occasion)
        too = disjunction([negation(stands(when, r, m.take(acts.occasion), order)) for r, m in limits.lower])
        premature = conjunction([meant, negation(precedes(when, start, order)), too])
        world.give_up(frame.case, acts.any(premature.unknown, n))
        early = acts.any(premature.yes, n)
        first = acts.first(premature.yes, n)
        early_row = np.where(early, acts.row[np.maximum(first, 0)] if len(acts.row) else -1, -1)
        truth = _without(truth, early)
    refused = np.zeros(n, bool)
    if limits.refused:
        refused = _refused(world, limits.refused, found, frame)
        truth = _without(truth, refused)
    row = found.first()
    late = _late(world, s.events, frame, since, limits)
    row = np.where(early, early_row, np.where(row >= 0, row, late))
    done = world.table.moments(np.maximum(row, 0)) if len(world.table.case) else None
    open_, missing = _causes(truth, n)
    if due is None and early.any():
        low = limits.lower[0][1]
        world.give_up(frame.case, early & (low.lo != low.hi))
        due_shown: Moments | None = Moments(
            np.where(early, low.lo, EVER), np.where(early, low.lo, EVER), edge=low.edge
        )
    else:
        due_shown = due
    return Said(
        _bits(truth, Verdict.MET, Verdict.BREACHED),
        open_,
        missing,
        due_shown,
        done,
        row >= 0,
        limits.clock,
        ~early,
    )


def _without(truth: Truths, broken: Bools) -> Truths:
    """The truth, false where something surely breaks it."""
    yes, no = truth.yes & ~broken, truth.no | broken
    if truth.open is None or truth.missing is None:
        return Truths(yes, no)
    return Truths(yes, no, truth.open & ~broken, truth.missing & ~broken)


def _acts(world: Columns, names: tuple[str, ...], frame: Frame) -> tuple[Any, Truths]:
    found = events.search(world, ir.Rows(names), frame)
    return found.pairs, found.truth


def _late(
    world: Columns, names: tuple[str, ...], frame: Frame, since: Moments | None, limits: Limits
) -> Ints:
    """The first act in time or late: what was done, for the report."""
    start = since if since is not None else (limits.lower[0][1] if limits.lower else None)
    pairs, truth = _acts(world, names, frame)
    which = truth.yes
    if start is not None:
        at = world.table.moments(pairs.row)
        which = which & precedes(at, start.take(pairs.occasion), world.table.order).no
    first = pairs.first(which, frame.n)
    return np.where(first >= 0, pairs.row[np.maximum(first, 0)] if len(pairs.row) else -1, -1)


def _refused(world: Columns, names: tuple[str, ...], found: events.Search, frame: Frame) -> Bools:
    """Where a refusal came before the performance."""
    acts, sure = _acts(world, names, frame)
    order, n = world.table.order, frame.n
    at = world.table.moments(acts.row)
    late = negation(precedes(at, frame.start.take(acts.occasion), order))
    real = conjunction([sure, late])
    performed = found.first()
    by = performed[acts.occasion]
    place = np.maximum(by, 0)
    if len(order.at):
        earlier = (order.at[acts.row] < order.at[place]) | (
            (order.at[acts.row] == order.at[place]) & (order.order[acts.row] < order.order[place])
        )
    else:
        earlier = np.zeros(len(acts.row), bool)
    before = (by < 0) | earlier
    world.give_up(frame.case, acts.any(real.unknown & before, n))
    out: Bools = acts.any(real.yes & before, n)
    silent = silence(world, found.names, frame.case, found.lower, world.now)
    if silent is not None:
        world.give_up(frame.case, out & silent.any)
    return out


# --------------------------------------------------------------------------- ensure, release
def _ensure(world: Columns, s: ir.Ensure, frame: Frame) -> Said:
    lines = list(world.lines(s.conditions))
    truth = conjunction([conditions.truth(world, c, frame, owed=True) for c in lines])
    broken = Verdict.NOT_ENTITLED if s.party == "customer" and s.strength == "may" else Verdict.BREACHED
    open_, missing = _causes(truth, frame.n)
    due = due_in(world, lines, frame)
    done = frame.start if frame.row is not None else None
    has = frame.row >= 0 if frame.row is not None else np.zeros(frame.n, bool)
    return Said(
        _bits(truth, Verdict.MET, broken), open_, missing, due, done, has, None, np.ones(frame.n, bool)
    )


def due_in(world: Columns, lines: list[ir.Condition], frame: Frame) -> Moments | None:
    """The moment against which a condition holds the occasion, if it compares one."""
    for c in lines:
        if isinstance(c, ir.CompareInstants):
            right = moments.moment(world, c.right, frame)
            return inclusive(c.relation, right) if c.relation in ("before", "no-later") else right.last_second
        if isinstance(c, ir.Occurred) and not c.negated:
            upper = events.search(world, c.rows, frame).upper
            if upper is not None:
                return upper
        elif isinstance(c, ir.Holds) and c.kind == "condition":
            inner = list(world.lines(world.book.conditions[c.name].lines))
            found = due_in(world, inner, frame)
            if found is not None:
                return found
        elif isinstance(c, ir.Holds | ir.Group) and not (isinstance(c, ir.Group) and _limitless(c)):
            raise NotColumnar("the limit inside a group")
    return None


def _limitless(c: ir.Group) -> bool:
    """Whether no condition of a group compares moments or looks for acts."""
    kinds = (ir.CompareInstants, ir.Occurred, ir.Holds)
    for line in c.of:
        for x in line.all():
            if isinstance(x, kinds) or (isinstance(x, ir.Group) and not _limitless(x)):
                return False
    return True


def _release(world: Columns, s: ir.Release, frame: Frame) -> Said:
    return _flat(frame, Verdict.EXCLUDED)


def _forfeit(world: Columns, s: ir.Forfeit, frame: Frame) -> Said:
    return _flat(frame, Verdict.NOT_ENTITLED)


def _flat(frame: Frame, verdict: Verdict) -> Said:
    none = np.zeros(frame.n, bool)
    bits = np.full(frame.n, BIT[verdict], np.uint8)
    return Said(bits, none, none)


_RULES: dict[type, Callable[[Columns, Any, Frame], Said]] = {
    ir.Perform: _perform,
    ir.Ensure: _ensure,
    ir.Release: _release,
    ir.Forfeit: _forfeit,
}
