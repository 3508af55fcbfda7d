"""Rights as columns: whether a right that was used was used within its bounds."""

from __future__ import annotations

import numpy as np

from checker.columnar import conditions, events
from checker.columnar.due import Due, due_in
from checker.columnar.limits import BIT, Limits, Said, causes, comes_to, done_at, in_turn, inside, rows_of
from checker.columnar.possible import (
    Bools,
    Truths,
    conjunction,
    disjunction,
    doubtful,
    negation,
    precedes,
)
from checker.columnar.silence import silence
from checker.columnar.table import Pairs
from checker.columnar.world import Columns, Frame
from checker.interpret.verdicts import Verdict
from dsl import contract as ir


def right(world: Columns, s: ir.Perform, limits: Limits, frame: Frame) -> Said:
    """A right with `may`: judged where it was used. Beyond its bounds the provider breaches, the customer is not entitled."""
    n = frame.n
    broken = Verdict.NOT_ENTITLED if s.party == "customer" else Verdict.BREACHED
    pairs, used = _uses(world, s.events, frame)
    inner = frame.take(pairs.occasion, (*frame.key, "used", *s.events, *world.consulted()))
    at = world.table.moments(pairs.row)
    bounds = [inside(world, pairs, [*limits.lower, *limits.upper])]
    bounds += [events.fitting(world, pairs, at, r, frame, inner) for r in limits.restrictions]
    bounds += [conditions.truth(world, c, frame).take(pairs.occasion) for c in limits.only]
    check = disjunction([negation(used), conjunction(bounds)])
    perhaps, beyond = pairs.any(check.unknown, n), pairs.any(check.no, n)
    open_, missing = (pairs.any(c, n) for c in causes(check))
    whole = doubtful(~perhaps & ~beyond, beyond, open_, missing)
    bits, open_, missing = comes_to(whole, broken)
    row = rows_of(pairs, pairs.first(np.ones(len(pairs.row), bool), n))
    unused = row < 0
    bits = np.where(unused, BIT[Verdict.NOT_APPLICABLE], bits)
    silent = silence(world, s.events, frame.case, frame.since.lo, world.now) if unused.any() else None
    if silent is not None:
        hidden = unused & silent.any
        either = BIT[Verdict.NOT_APPLICABLE] | BIT[Verdict.MET] | BIT[broken]
        bits, missing = np.where(hidden, either, bits), missing | hidden
    due = _due(world, limits, frame)
    has_due = None if due is None else due.has & ~unused
    # A right that opens with an instant has no limit to measure against.
    measured = np.full(n, bool(limits.upper))
    return Said(
        bits.astype(np.uint8),
        open_ & ~unused,
        missing,
        due.moment if due is not None else None,
        has_due,
        done_at(world, row),
        ~unused,
        limits.clock,
        measured,
    )


def _uses(world: Columns, names: tuple[str, ...], frame: Frame) -> tuple[Pairs, Truths]:
    """The acts that use a right: the occasion, where it is such an act itself; else those from it on that are or may be."""
    parts = []
    itself: Bools = np.zeros(frame.n, bool)
    for name in names:
        of, truth = events.rows(world, name)
        pairs, sure = events.with_truth(frame.case, of, truth)
        after = negation(
            precedes(world.table.moments(pairs.row), frame.since.take(pairs.occasion), world.table.order)
        )
        parts.append((pairs, conjunction([sure, after])))
        if frame.row is not None:
            itself |= pairs.any(pairs.row == frame.row[pairs.occasion], frame.n)
    pairs, used = in_turn(parts)
    if frame.row is None:
        kept = np.flatnonzero(~used.no)
        return Pairs(pairs.occasion[kept], pairs.row[kept]), used.take(kept)
    # Where the occasion is such an act, it is used, however doubtful it is that it was one.
    own = itself[pairs.occasion]
    mine = own & (pairs.row == frame.row[pairs.occasion])
    yes, no = (used.yes & ~own) | mine, used.no & ~mine
    if used.open is None or used.missing is None:
        used = Truths(yes, no | (own & ~mine))
    else:
        used = doubtful(yes, no | (own & ~mine), used.open, used.missing)
    kept = np.flatnonzero(~used.no)
    return Pairs(pairs.occasion[kept], pairs.row[kept]), used.take(kept)


def _due(world: Columns, limits: Limits, frame: Frame) -> Due | None:
    """The limit of a right: the last instant of its use, else the first, else what its conditions compare with."""
    if limits.upper or limits.lower:
        due = limits.due
        moment = due if due is not None else limits.lower[0][1].last_second
        return Due(moment, np.ones(frame.n, bool))
    return due_in(world, limits.only, frame)
