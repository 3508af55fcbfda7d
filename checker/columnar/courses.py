"""Limits that follow an attribute, as columns: what a change of severity (say) does to a limit that is running.

The rules are those of `checker.interpret.courses`. The stretches of the attribute are one after the other in every case
(`checker.columnar.course_line`); what the limits of a stretch leave to the next one is in `checker.columnar.carried`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import events, states
from checker.columnar.carried import carried, earlier, limits_of
from checker.columnar.course_line import (
    Line,
    line_of,
    looks_back,
    own_limit,
    rule,
    stretch_of,
    stretches_of,
    within_of,
)
from checker.columnar.limits import BIT, Said
from checker.columnar.limits import causes as causes_of
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    before,
    conjunction,
    disjunction,
    doubtful,
    earliest,
    negation,
    no_later,
    precedes,
    where,
)
from checker.columnar.table import NOTHING, paired
from checker.columnar.world import Columns, Frame
from checker.interpret.possible import NEVER
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

_NA, _MET, _BREACHED = BIT[Verdict.NOT_APPLICABLE], BIT[Verdict.MET], BIT[Verdict.BREACHED]


class _Done(NamedTuple):
    """What was done on each stretch, whatever limits bind there.

    `answered`: the first performance at all; `performed`: the one that counts; `early`: whether it came before the record begins;
    `lost`: where the attribute may have changed out of sight.
    """

    answered: Moments
    performed: Moments
    early: Truths
    lost: Bools

    def take(self, index: Ints) -> _Done:
        """What was done on some of them."""
        return _Done(
            self.answered.take(index), self.performed.take(index), self.early.take(index), self.lost[index]
        )


class _Ends(NamedTuple):
    """When the value of each stretch changed, and where it did (`some`)."""

    at: Moments
    some: Bools

    def take(self, index: Ints) -> _Ends:
        """Those of some stretches."""
        return _Ends(self.at.take(index), self.some[index])


def course_said(world: Columns, clause: ir.Clause, s: ir.Perform, frame: Frame) -> Said:
    """What a sentence that follows a course comes to on each stretch."""
    course = world.book.courses[clause.course or ""]
    stretches_of(world, course, clause, frame)
    return world.of_frame(
        ("course said", course.name, world.mark(s)), frame, lambda f: _said(world, course, s, f)
    )


def _said(world: Columns, course: ir.CourseDef, s: ir.Perform, frame: Frame) -> Said:
    line, n, k = line_of(world, course), frame.n, stretch_of(frame)
    known = line.of.code[k] != NOTHING
    done = world.of_frame(("course done", course.name, s.events), frame, lambda f: _done(world, course, s, f))
    performed, early = done.performed, done.early
    within = within_of(world, s)
    out = _undecided(n, known, done.lost)
    if within is None:
        # Without a limit nothing stands that could decide, and nothing that would have to be known.
        out.bits[known] = _MET | _BREACHED
        out.missing[known] = False
    else:
        own = own_limit(world, course, within, frame)
        due, passed = _binding(world, course, line, k, own, done.answered, frame)
        ends = world.of_frame(
            ("course ends", course.attribute), frame, lambda f: _ends(line_of(world, course), stretch_of(f))
        )
        _weighed(world, ends, performed, due, early, passed, done.lost, out, known)
    out.open[~known] |= early.open[~known] if early.open is not None else False
    out.bits[early.yes] = _NA
    silent = early.yes | (out.bits == _NA)
    out.open[silent] = out.missing[silent] = False
    if not world.times:
        return Said(out.bits, out.open, out.missing)
    shown = known & ~silent if within is not None else np.zeros(n, bool)
    limit = due if within is not None else None
    clock = within.clock if within is not None else None
    has_done = shown & (performed.hi < NEVER)
    return Said(out.bits, out.open, out.missing, limit, shown, performed, has_done, clock)


def _done(world: Columns, course: ir.CourseDef, s: ir.Perform, frame: Frame) -> _Done:
    line, k = line_of(world, course), stretch_of(frame)
    known = line.of.code[k] != NOTHING
    first = known & (line.place[k] == 0)
    answered = world.of_frame(
        ("answered", course.attribute, s.events), frame, lambda f: _answered(world, course, s, f)
    )
    performed = world.of_frame(
        ("performed", course.name, s.events), frame, lambda f: _performed(world, course, s, f)
    )
    # An act recorded before the ticket's opening has no earlier value that could have owed it.
    early = _unless(first, precedes(performed, frame.start, world.table.order))
    return _Done(answered, performed, early, _lost(world, line, k, known, performed, frame))


def _answered(world: Columns, course: ir.CourseDef, s: ir.Perform, frame: Frame) -> Moments:
    """The first performance since the attribute was first set."""
    line = line_of(world, course)
    opening = line.start.take(line.of.rows.begin[frame.case])
    return earliest([events.first(world, e, frame, opening) for e in s.events])


class _Coming(NamedTuple):
    """The verdicts possible on each stretch, as they are found, and why more than one is."""

    bits: np.ndarray[tuple[int], np.dtype[np.uint8]]
    open: Bools
    missing: Bools


def _undecided(n: int, known: Bools, lost: Bools) -> _Coming:
    """Where the value is not known, any verdict is possible, for want of what the record lacks."""
    bits = np.where(known, 0, _NA | _MET | _BREACHED).astype(np.uint8)
    return _Coming(bits, np.zeros(n, bool), ~known | lost)


def _weighed(
    world: Columns,
    ends: _Ends,
    performed: Moments,
    due: Moments,
    early: Truths,
    passed: Truths,
    lost: Bools,
    out: _Coming,
    known: Bools,
) -> None:
    """The verdicts of the stretches whose value is known."""
    order = world.table.order
    end, some = ends
    moved = disjunction([precedes(performed, end, order), before(due, end, order)])
    applies = conjunction([negation(early), negation(passed), _unless(~some, moved, value=True)])
    kept = no_later(performed, due, order)
    open_, missing = causes_of(kept)
    bits = np.where(kept.no, 0, _MET) | np.where(kept.yes, 0, _BREACHED)
    perhaps = applies.unknown | lost
    why_open, why_missing = causes_of(applies)
    open_ = open_ | (perhaps & why_open)
    missing = missing | (perhaps & (why_missing | lost))
    bits = np.where(perhaps, bits | _NA, bits)
    bits = np.where(lost, _NA | _MET | _BREACHED, bits)
    bits = np.where(applies.no, _NA, bits)
    out.bits[known] = bits[known]
    out.open[known], out.missing[known] = open_[known], missing[known]


def _unless(which: Bools, t: Truths, *, value: bool = False) -> Truths:
    """A truth, but a known one in some places."""
    yes, no = np.where(which, value, t.yes), np.where(which, not value, t.no)
    open_, missing = causes_of(t)
    return doubtful(yes, no, open_, missing)


def _performed(world: Columns, course: ir.CourseDef, s: ir.Perform, frame: Frame) -> Moments:
    """The first performance since the attribute was first set: or, where each value owes its own, since the stretch."""
    answered = world.of_frame(
        ("answered", course.attribute, s.events), frame, lambda f: _answered(world, course, s, f)
    )
    if rule(world, course, ir.OnceIsEnough) is not None:
        return answered
    line, k = line_of(world, course), stretch_of(frame)
    first = (line.of.code[k] != NOTHING) & (line.place[k] == 0)
    enough = first | no_later(frame.start, answered, world.table.order).yes
    if enough.all():
        return answered
    own = earliest([events.first(world, e, frame, frame.start) for e in s.events])
    return where(enough, answered, own)


def _lost(world: Columns, line: Line, k: Ints, known: Bools, performed: Moments, frame: Frame) -> Bools:
    """Where the attribute may have changed, out of sight, before this stretch and while the limit ran."""
    hidden = np.flatnonzero(line.of.code == NOTHING)
    if not len(hidden):
        return np.zeros(frame.n, bool)
    pairs = paired(frame.case, states.grouped(line.of.case[hidden], len(world.table)))
    i, stretch = pairs.occasion, hidden[pairs.row]
    answered = precedes(performed.take(i), line.start.take(stretch), world.table.order)
    return pairs.any((~known[i] | (stretch < k[i])) & ~answered.yes, frame.n)


def _ends(line: Line, k: Ints) -> _Ends:
    """When the value changed, and where it did; where it is not known to what, perhaps then, perhaps never."""
    n = len(line.of.case)
    after = np.minimum(k + 1, n - 1)
    some = (k + 1 < n) & (line.of.case[after] == line.of.case[k])
    found = line.start.take(after)
    lost = line.of.code[after] == NOTHING
    if not lost.any():
        return _Ends(found, some)
    open_, missing = found.causes(len(k))
    hi = np.where(lost, NEVER, found.hi)
    row = np.where(lost, -1, found.row) if found.row is not None else None
    return _Ends(Moments(found.lo, hi, open_ & ~lost, missing | lost, row=row), some)


# --------------------------------------------------------------------------- older limits
def _binding(
    world: Columns,
    course: ir.CourseDef,
    line: Line,
    k: Ints,
    own: Moments,
    answered: Moments,
    frame: Frame,
) -> tuple[Moments, Truths]:
    """The limits that bind, and whether an older one had passed unanswered before a fall: that breach is not cured."""
    binds, stays = looks_back(world, course, line)
    rose, fell = np.flatnonzero(binds[k]), np.flatnonzero(stays[k])
    due, passed = own, always(frame.n, False)
    if not len(rose) and not len(fell):
        return due, passed
    older = carried(world, course)
    before_rise, before_fall = (older.take(k[i] - 1) for i in (rose, fell))
    if len(rose):
        both = earlier(limits_of(own.take(rose)), before_rise).as_moments()
        due = _placed(own, rose, both)
        # Of limits that all lie beyond every record it is not told here which one is in doubt.
        odd = (both.lo == both.hi) & (both.lo >= NEVER)
        unclear = (before_rise.open <= NEVER) | (before_rise.missing <= NEVER)
        world.give_up(frame.case[rose], odd & unclear)
    if len(fell):
        order, limit = world.table.order, before_fall.as_moments()
        ended, done = (
            before(limit, frame.start.take(fell), order),
            no_later(answered.take(fell), limit, order),
        )
        late = conjunction([ended, negation(done)])
        yes, no = np.zeros(frame.n, bool), np.ones(frame.n, bool)
        yes[fell], no[fell] = late.yes, late.no
        open_, missing = np.zeros(frame.n, bool), np.zeros(frame.n, bool)
        open_[fell], missing[fell] = causes_of(late)
        passed = doubtful(yes, no, open_, missing)
    return due, passed


def _placed(found: Moments, index: Ints, part: Moments) -> Moments:
    """Moments with others in some places; none of these is an event's."""
    found = found.last_second
    lo = found.lo.copy()
    lo[index] = part.lo
    row = found.row
    if row is not None:
        row = row.copy()
        row[index] = -1
    if found.certain and (part.lo == part.hi).all():
        return Moments(lo, lo, row=row)
    hi = found.hi.copy()
    hi[index] = part.hi
    open_, missing = (c.copy() for c in found.causes(len(lo)))
    open_[index], missing[index] = part.causes(len(index))
    return Moments(lo, hi, open_, missing, row=row)


__all__ = ["course_said"]
