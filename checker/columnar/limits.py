"""The limits of a sentence as columns, the acts inside them, and what a sentence comes to."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from checker.columnar import events, moments
from checker.columnar.possible import (
    Bits,
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    conjunction,
    doubtful,
    earliest,
    one_after_the_other,
    stands,
)
from checker.columnar.table import Pairs
from checker.columnar.world import Columns, Frame
from checker.interpret.possible import EVER
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

BIT = {v: np.uint8(1 << i) for i, v in enumerate(Verdict)}
"""A verdict among those possible, as a bit."""


class Said(NamedTuple):
    """What a sentence comes to on each occasion: the verdicts still possible, as bits; why in doubt; its limit and its act.

    `has_due`, `has_done`: where there is a limit or an act (None: everywhere, if the moments are given). `clock`: on which
    the margin is measured, where `measured` (None: everywhere).
    """

    verdicts: Bits
    open: Bools
    missing: Bools
    due: Moments | None = None
    has_due: Bools | None = None
    done: Moments | None = None
    has_done: Bools | None = None
    clock: ir.Clock | None = None
    measured: Bools | None = None

    def take(self, index: Ints) -> Said:
        """What it comes to on some of the occasions."""
        due, done = (m.take(index) if m is not None else None for m in (self.due, self.done))
        has_due, has_done, measured = (
            c[index] if c is not None else None for c in (self.has_due, self.has_done, self.measured)
        )
        why = (self.verdicts[index], self.open[index], self.missing[index])
        return Said(*why, due, has_due, done, has_done, self.clock, measured)

    @property
    def limited(self) -> Bools:
        """Where the sentence has a limit."""
        return _given(self.due, self.has_due, len(self.verdicts))

    @property
    def acted(self) -> Bools:
        """Where something was done."""
        return _given(self.done, self.has_done, len(self.verdicts))


def _given(moment: Moments | None, has: Bools | None, n: int) -> Bools:
    if moment is None:
        return np.zeros(n, bool)
    return has if has is not None else np.ones(n, bool)


def comes_to(
    truth: Truths, broken: Verdict = Verdict.BREACHED, *, kept: Verdict = Verdict.MET
) -> tuple[Bits, Bools, Bools]:
    """The verdicts that a truth leaves possible, and why more than one is."""
    return bits(~truth.no, kept) | bits(~truth.yes, broken), *causes(truth)


def bits(which: Bools, verdict: Verdict) -> Bits:
    """A verdict as a bit where that is so, no bit elsewhere."""
    return which.view(np.uint8) * BIT[verdict]


def causes(truth: Truths) -> tuple[Bools, Bools]:
    """Both causes of what is unknown, as columns."""
    none = np.zeros(len(truth.yes), bool)
    return (
        truth.open if truth.open is not None else none,
        truth.missing if truth.missing is not None else none,
    )


def some(pairs: Pairs, truth: Truths, n: int) -> Truths:
    """For each of n occasions whether some pair of it is so, by Kleene."""
    yes = pairs.any(truth.yes, n)
    if truth.open is None or truth.missing is None:
        return Truths(yes, ~yes)
    perhaps = pairs.any(truth.unknown, n)
    return doubtful(yes, ~yes & ~perhaps, pairs.any(truth.open, n), pairs.any(truth.missing, n))


def masked(truth: Truths, which: Bools) -> Truths:
    """The truth where that is so; elsewhere it is not."""
    yes, no = truth.yes & which, truth.no | ~which
    if truth.open is None or truth.missing is None:
        return Truths(yes, no)
    return doubtful(yes, no, truth.open & which, truth.missing & which)


# --------------------------------------------------------------------------- limits
@dataclass(slots=True)
class Limits:
    """The limits of a sentence, evaluated: bounds in time, and what else it takes."""

    lower: list[tuple[str, Moments]] = field(default_factory=list)
    upper: list[tuple[str, Moments]] = field(default_factory=list)
    restrictions: list[events.Restriction] = field(default_factory=list)
    only: list[ir.Condition] = field(default_factory=list)
    refused: tuple[str, ...] = ()
    instead: list[ir.Rows] = field(default_factory=list)
    clock: ir.Clock | None = None
    save_for: list[str] = field(default_factory=list)
    leaving_out: list[ir.LeavingOut] = field(default_factory=list)
    share: ir.AtLeastShare | None = None
    to_each: ir.ToEach | None = None

    @property
    def due(self) -> Moments | None:
        """The last instant allowed: the earliest of the upper bounds, one second earlier where it is strict."""
        return earliest([inclusive(r, m) for r, m in self.upper]) if self.upper else None

    @property
    def meant(self) -> list[ir.Fit | events.Carrying]:
        """What tells the acts that the sentence means from others of their kind, whenever they come."""
        kinds = (ir.SameAs, ir.Including, ir.Answering, events.Carrying)
        return [r for r in self.restrictions if isinstance(r, kinds)]


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
        elif isinstance(x, ir.SpanLimit):
            out.restrictions.append(_in_span(x))
        elif isinstance(x, ir.Between):
            out.lower.append(("no-sooner", moments.moment(world, x.start, frame)))
            out.upper.append(("before", moments.moment(world, x.end, frame)))
        elif isinstance(x, ir.Fitting):
            out.restrictions.append(x.fit)
        elif isinstance(x, ir.OnlyWhere):
            out.only.append(x.condition)
        elif isinstance(x, ir.RefusedBy):
            out.refused += x.events
        elif isinstance(x, ir.OrInstead):
            out.instead.append(x.rows)
        elif isinstance(x, ir.SaveFor):
            out.save_for.append(x.state)
        elif isinstance(x, ir.LeavingOut):
            out.leaving_out.append(x)
        elif isinstance(x, ir.AtLeastShare):
            out.share = x
        elif isinstance(x, ir.ToEach):
            out.to_each = x
    return out


def _in_span(x: ir.SpanLimit) -> ir.InSpan:
    return ir.InSpan(x.name, x.kind, x.inside)


# --------------------------------------------------------------------------- acts
def since_of(limits: Limits, frame: Frame) -> Moments | None:
    """An act counts from the occasion on, unless the sentence says from when, or looks back from the occasion."""
    if limits.lower:
        return None
    since, due = frame.since, limits.due
    if due is None:
        return since
    back = (due.hi <= since.lo) & (due.hi > EVER)
    if not back.any():
        return since
    lo = np.where(back, EVER, since.lo)
    hi = lo if since.certain else np.where(back, EVER, since.hi)
    row = np.where(back, -1, since.row) if since.row is not None else None
    return since._replace(lo=lo, hi=hi, row=row)


def acts_within(
    world: Columns, names: tuple[str, ...], limits: Limits, frame: Frame, since: Moments | None
) -> events.Search:
    """Events of a sentence inside all its limits."""
    found = events.search(world, ir.Rows(names), frame, tuple(limits.restrictions), since)
    bounds = [*limits.lower, *limits.upper]
    if bounds:
        found.truth = conjunction([found.truth, inside(world, found.pairs, bounds, found.at)])
    if limits.lower:
        lowers = [np.broadcast_to(found.lower, (frame.n,)), *(m.lo for _, m in limits.lower)]
        found.lower = np.maximum.reduce(lowers)
    due = limits.due
    if due is not None:
        found.upper = due if found.upper is None else earliest([found.upper, due])
        found.bounded = None
    return found


def inside(
    world: Columns, pairs: Pairs, bounds: list[tuple[str, Moments]], at: Moments | None = None
) -> Truths:
    """Whether events lie within bounds in time; `at`: when they happened, if that is at hand."""
    if at is None:
        at = world.table.moments(pairs.row)
    parts = [stands(at, r, m.take(pairs.occasion), world.table.order) for r, m in bounds]
    return conjunction(parts) if parts else always(len(pairs.row))


def meant(world: Columns, names: tuple[str, ...], limits: Limits, frame: Frame) -> tuple[Pairs, Truths]:
    """Acts of these kinds that the sentence means, whenever they come, in the order of the kinds.

    What an act has to carry is asked only of those of whose kind it is told: a refusal need not name what it refuses.
    """
    parts = [events.with_truth(frame.case, *events.rows(world, name)) for name in names]
    pairs, truth = in_turn(parts)
    checks = [truth]
    if limits.meant:
        at = world.table.moments(pairs.row)
        inner = frame.take(pairs.occasion, (*frame.key, "meant", *names, *world.consulted()))
        for r in limits.meant:
            fitting = events.fitting(world, pairs, at, r, frame, inner)
            if not isinstance(r, ir.Answering):
                fitting = _where_told(world, pairs.row, r.attribute, fitting)
            checks.append(fitting)
    return pairs, conjunction(checks)


def _where_told(world: Columns, row: Ints, attribute: str, fits: Truths) -> Truths:
    """Of events that are not of a kind which tells an attribute, nothing is asked."""
    told = np.array([_tells(world, name, attribute) for name in world.table.source.names], bool)
    asked = told[world.table.source.name[row]] if len(row) else np.zeros(0, bool)
    yes, no = fits.yes | ~asked, fits.no & asked
    if fits.open is None or fits.missing is None:
        return Truths(yes, no)
    return doubtful(yes, no, fits.open, fits.missing)


def _tells(world: Columns, name: str, attribute: str) -> bool:
    word = world.book.words.get(name)
    return word is not None and any(a == attribute for a, _ in word.attributes)


def in_turn(parts: list[tuple[Pairs, Truths]]) -> tuple[Pairs, Truths]:
    """Pairs of several kinds: of one occasion those of the first kind come first."""
    if len(parts) == 1:
        return parts[0]
    occasion = np.concatenate([p.occasion for p, _ in parts])
    row = np.concatenate([p.row for p, _ in parts])
    order = np.argsort(occasion, kind="stable")
    return Pairs(occasion[order], row[order]), one_after_the_other([t for _, t in parts]).take(order)


def rows_of(pairs: Pairs, chosen: Ints) -> Ints:
    """The rows of chosen pairs; -1 where none is chosen."""
    if not len(pairs.row):
        return np.full(len(chosen), -1, np.int64)
    return np.where(chosen >= 0, pairs.row[np.maximum(chosen, 0)], -1)


def done_at(world: Columns, row: Ints) -> Moments | None:
    """When acts happened, given by their rows; of a row of -1, whatever."""
    return world.table.moments(np.maximum(row, 0)) if world.table.height else None


__all__ = [
    "BIT",
    "Limits",
    "Said",
    "acts_within",
    "bits",
    "causes",
    "comes_to",
    "done_at",
    "in_turn",
    "inclusive",
    "inside",
    "limits_of",
    "masked",
    "meant",
    "rows_of",
    "since_of",
    "some",
]
