"""Limits that follow an attribute, as columns: what a change of severity (say) does to a limit that is running.

The rules are those of `checker.interpret.courses`. The stretches of the attribute are one after the other in every case; what
the limits of a stretch leave to the next one is worked out for the first stretches of all cases, then for the second, and so on.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from checker.columnar import events, moments, states, timeline
from checker.columnar.layers import passes
from checker.columnar.limits import BIT, Said
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
from checker.columnar.stretches import lasting
from checker.columnar.table import NOTHING, paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.book import plain
from checker.interpret.possible import NEVER
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

T = TypeVar("T")
_NA, _MET, _BREACHED = BIT[Verdict.NOT_APPLICABLE], BIT[Verdict.MET], BIT[Verdict.BREACHED]


_NO_DOUBT = NEVER + 1
"""Later than every bound: where no limit is in doubt."""


class Limits(NamedTuple):
    """The earliest of several limits on each stretch: its bounds, NEVER where there is none.

    `open`, `missing`: the earliest bound of a limit that the future, or what is missing, leaves in doubt; only where that limit
    may be the earliest of all does its doubt count.
    """

    lo: Ints
    hi: Ints
    open: Ints
    missing: Ints

    def take(self, index: Ints) -> Limits:
        """Those of some stretches."""
        return Limits(*(column[index] for column in self))

    def as_moments(self) -> Moments:
        """The earliest limits."""
        apart = self.lo != self.hi
        return Moments(self.lo, self.hi, apart & (self.open <= self.hi), apart & (self.missing <= self.hi))


def _none(n: int) -> Limits:
    return Limits(*(np.full(n, x, np.int64) for x in (NEVER, NEVER, _NO_DOUBT, _NO_DOUBT)))


def _limits(found: Moments) -> Limits:
    open_, missing = found.causes(len(found.lo))
    doubts = (np.where(why, found.lo, _NO_DOUBT) for why in (open_, missing))
    return Limits(found.lo, found.hi, *doubts)


def _earlier(a: Limits, b: Limits) -> Limits:
    return Limits(*(np.minimum(x, y) for x, y in zip(a, b, strict=True)))


class _Line(NamedTuple):
    """The attribute that a course follows: its stretches, their bounds, their places in their cases, and what became of the rank.

    `rose`: the value has a higher rank than the one before; `fell`: one as high or lower. Neither at the beginning and where
    a value has no rank.
    """

    of: timeline.Timeline
    start: Moments
    end: Moments
    place: Ints
    rose: Bools
    fell: Bools


class _Done(NamedTuple):
    """What was done on each stretch, whatever limits bind there.

    `answered`: the first performance at all; `performed`: the one that counts; `early`: whether it came before the record begins;
    `lost`: where the attribute may have changed out of sight.
    """

    answered: Moments
    performed: Moments
    early: Truths
    lost: Bools


def course_said(world: Columns, clause: ir.Clause, s: ir.Perform, frame: Frame) -> Said:
    """What a sentence that follows a course comes to on each stretch."""
    course = world.book.courses[clause.course or ""]
    k = _stretches(world, course, clause, frame)
    return world.once(
        ("course said", course.name, world.mark(s), frame.key), lambda: _said(world, course, s, k, frame)
    )


def _said(world: Columns, course: ir.CourseDef, s: ir.Perform, k: Ints, frame: Frame) -> Said:
    line, n = _line(world, course), frame.n
    known = line.of.code[k] != NOTHING
    done = world.once(
        ("course done", course.name, s.events, frame.key), lambda: _done(world, course, s, k, frame)
    )
    performed, early = done.performed, done.early
    within = next((x for x in world.lines(s.limits) if isinstance(x, ir.Within)), None)
    out = _undecided(n, known, done.lost)
    if within is None:
        # Without a limit nothing stands that could decide, and nothing that would have to be known.
        out.bits[known] = _MET | _BREACHED
        out.missing[known] = False
    else:
        own = _own(world, course, within, k, frame)
        due, passed = _binding(world, course, line, k, own, done.answered, frame)
        _weighed(world, line, k, frame, performed, due, early, passed, done.lost, out, known)
    out.open[~known] |= early.open[~known] if early.open is not None else False
    out.bits[early.yes] = _NA
    silent = early.yes | (out.bits == _NA)
    out.open[silent] = out.missing[silent] = False
    shown = known & ~silent if within is not None else np.zeros(n, bool)
    limit = due if within is not None else None
    clock = within.clock if within is not None else None
    has_done = shown & (performed.hi < NEVER)
    return Said(out.bits, out.open, out.missing, limit, shown, performed, has_done, clock)


def _done(world: Columns, course: ir.CourseDef, s: ir.Perform, k: Ints, frame: Frame) -> _Done:
    line = _line(world, course)
    known = line.of.code[k] != NOTHING
    first = known & (line.place[k] == 0)
    opening = line.start.take(line.of.rows.begin[frame.case])
    answered = earliest([events.first(world, e, frame, opening) for e in s.events])
    performed = _performed(world, course, s, frame, first, answered)
    # An act recorded before the ticket's opening has no earlier value that could have owed it.
    early = _unless(first, precedes(performed, frame.start, world.table.order))
    return _Done(answered, performed, early, _lost(world, line, k, known, performed, frame))


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
    line: _Line,
    k: Ints,
    frame: Frame,
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
    end, some = _ends(line, k)
    moved = disjunction([precedes(performed, end, order), before(due, end, order)])
    applies = conjunction([negation(early), negation(passed), _unless(~some, moved, value=True)])
    kept = no_later(performed, due, order)
    open_, missing = _causes(kept)
    bits = np.where(kept.no, 0, _MET) | np.where(kept.yes, 0, _BREACHED)
    perhaps = applies.unknown | lost
    why_open, why_missing = _causes(applies)
    open_ = open_ | (perhaps & why_open)
    missing = missing | (perhaps & (why_missing | lost))
    bits = np.where(perhaps, bits | _NA, bits)
    bits = np.where(lost, _NA | _MET | _BREACHED, bits)
    bits = np.where(applies.no, _NA, bits)
    out.bits[known] = bits[known]
    out.open[known], out.missing[known] = open_[known], missing[known]


def _causes(t: Truths) -> tuple[Bools, Bools]:
    none = np.zeros(len(t.yes), bool)
    return t.open if t.open is not None else none, t.missing if t.missing is not None else none


def _unless(which: Bools, t: Truths, *, value: bool = False) -> Truths:
    """A truth, but a known one in some places."""
    yes, no = np.where(which, value, t.yes), np.where(which, not value, t.no)
    open_, missing = _causes(t)
    return doubtful(yes, no, open_, missing)


# --------------------------------------------------------------------------- the stretches of a course
def _line(world: Columns, course: ir.CourseDef) -> _Line:
    def find() -> _Line:
        of = timeline.timeline(world, course.attribute)
        start, end = states.bounds(world, of)
        place = np.arange(len(of.case), dtype=np.int64) - of.rows.begin[of.case]
        rank = _ranks(world, course)[of.code]
        older = np.append(np.full(1, -1), rank[:-1])[: len(rank)]
        told = (place > 0) & (rank >= 0) & (older >= 0)
        return _Line(of, start, end, place, told & (rank < older), told & (rank >= older))

    return world.once(("course", course.name), find)


def _ranks(world: Columns, course: ir.CourseDef) -> Ints:
    """The rank of each code, 0 the highest; -1 for a value without one, and (the last) for NOTHING."""
    ranks = [plain(r) for r in world.book.attributes[course.attribute].ranks]
    values = [plain(v) for v in world.table.dictionary.values]
    return np.array([ranks.index(v) if v in ranks else -1 for v in values] + [-1], np.int64)


def _stretches(world: Columns, course: ir.CourseDef, clause: ir.Clause, frame: Frame) -> Ints:
    """The stretch of the course's attribute that each occasion begins with."""
    concern = next(iter(world.lines(clause.concerns)), None)
    if (
        not isinstance(concern, ir.EachStretch)
        or concern.attribute != course.attribute
        or frame.stretch is None
    ):
        raise NotColumnar("a limit that follows another attribute than the clause concerns")
    return frame.stretch


def _rule(world: Columns, course: ir.CourseDef, kind: type[T]) -> T | None:
    """The line of this kind as the readings make it."""
    for line in course.lines:
        if any(isinstance(x, kind) for x in line.all()):
            for x in world.of_line(line):
                if isinstance(x, kind):
                    return x
    return None


def _performed(
    world: Columns,
    course: ir.CourseDef,
    s: ir.Perform,
    frame: Frame,
    first: Bools,
    answered: Moments,
) -> Moments:
    """The first performance since the attribute was first set: or, where each value owes its own, since the stretch."""
    enough = first | no_later(frame.start, answered, world.table.order).yes
    if enough.all() or _rule(world, course, ir.OnceIsEnough) is not None:
        return answered
    own = earliest([events.first(world, e, frame, frame.start) for e in s.events])
    return where(enough, answered, own)


def _lost(world: Columns, line: _Line, k: Ints, known: Bools, performed: Moments, frame: Frame) -> Bools:
    """Where the attribute may have changed, out of sight, before this stretch and while the limit ran."""
    hidden = np.flatnonzero(line.of.code == NOTHING)
    if not len(hidden):
        return np.zeros(frame.n, bool)
    pairs = paired(frame.case, states.grouped(line.of.case[hidden], len(world.table)))
    i, stretch = pairs.occasion, hidden[pairs.row]
    answered = precedes(performed.take(i), line.start.take(stretch), world.table.order)
    return pairs.any((~known[i] | (stretch < k[i])) & ~answered.yes, frame.n)


def _ends(line: _Line, k: Ints) -> tuple[Moments, Bools]:
    """When the value changed, and where it did; where it is not known to what, perhaps then, perhaps never."""
    n = len(line.of.case)
    after = np.minimum(k + 1, n - 1)
    some = (k + 1 < n) & (line.of.case[after] == line.of.case[k])
    found = line.start.take(after)
    lost = line.of.code[after] == NOTHING
    if not lost.any():
        return found, some
    open_, missing = found.causes(len(k))
    hi = np.where(lost, NEVER, found.hi)
    row = np.where(lost, -1, found.row) if found.row is not None else None
    return Moments(found.lo, hi, open_ & ~lost, missing | lost, row=row), some


# --------------------------------------------------------------------------- limits
def _own(world: Columns, course: ir.CourseDef, within: ir.Within, k: Ints, frame: Frame) -> Moments:
    """The stretches' own limits, before older limits are considered."""

    def find() -> Moments:
        line = _line(world, course)
        rise, fall = _rule(world, course, ir.OnRise), _rule(world, course, ir.OnFall)
        anew = np.zeros(frame.n, bool)
        if rise is not None and rise.from_change:
            anew |= line.rose[k]
        if fall is not None and fall.from_change:
            anew |= line.fell[k]
        start = moments.moment(world, within.of, frame)
        due = moments.shifted(world, within.length, False, start, within.clock, frame)
        if not anew.any():
            return due
        changed = moments.shifted(world, within.length, False, line.start.take(k), within.clock, frame)
        return where(anew, changed, due)

    return world.once(("course own", course.name, world.mark(within), frame.key), find)


def _binding(
    world: Columns,
    course: ir.CourseDef,
    line: _Line,
    k: Ints,
    own: Moments,
    answered: Moments,
    frame: Frame,
) -> tuple[Moments, Truths]:
    """The limits that bind, and whether an older one had passed unanswered before a fall: that breach is not cured."""
    binds, stays = _looks_back(world, course, line)
    rose, fell = np.flatnonzero(binds[k]), np.flatnonzero(stays[k])
    due, passed = own, always(frame.n, False)
    if not len(rose) and not len(fell):
        return due, passed
    # What was carried over is compared here, where it counts, with what it is on another reading.
    before_rise, before_fall = world.once(
        ("older", course.name, frame.key),
        lambda: tuple(_carried(world, course).take(k[i] - 1) for i in (rose, fell)),
    )
    if len(rose):
        both = _earlier(_limits(own.take(rose)), before_rise).as_moments()
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
        open_[fell], missing[fell] = _causes(late)
        passed = doubtful(yes, no, open_, missing)
    return due, passed


def _looks_back(world: Columns, course: ir.CourseDef, line: _Line) -> tuple[Bools, Bools]:
    """On which stretches an older limit may bind, and on which one that had passed may stay missed."""
    none = np.zeros(len(line.rose), bool)
    binds = line.rose if _rule(world, course, ir.EarlierBinds) is not None else none
    return binds, line.fell if _rule(world, course, ir.NotCured) is not None else none


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


def _carried(world: Columns, course: ir.CourseDef) -> Limits:
    """By stretch, the earliest of the limits that the steps of the course set on it, those they carried over included.

    Of stretches on which no later one looks back nothing is found.
    """
    return world.once(("carried", course.name), lambda: _compute_carried(world, course))


class _Step(NamedTuple):
    """What one clause sets on stretches: their places, its limits there, and whether it applies."""

    stretch: Ints
    own: Limits
    applies: Truths


def _compute_carried(world: Columns, course: ir.CourseDef) -> Limits:
    line = _line(world, course)
    steps = [s for s in (_step(world, course, name) for name in course.steps) if s is not None]
    out = _none(len(line.of.case))
    rose, _ = _looks_back(world, course, line)

    def add(k: Ints, limits: Limits, applies: Truths) -> None:
        merged = _earlier(out.take(k), _in_doubt(limits, applies))
        for column, found in zip(out, merged, strict=True):
            column[k] = found

    for step in steps:
        here = np.flatnonzero(~rose[step.stretch])
        add(step.stretch[here], step.own.take(here), step.applies.take(here))
    # What a rise carries over is that of the stretch before, which has to be whole by then.
    later = [np.flatnonzero(rose[step.stretch]) for step in steps]
    ranks = {r for step, i in zip(steps, later, strict=True) for r in line.place[step.stretch[i]].tolist()}
    for rank in sorted(ranks):
        for step, rising in zip(steps, later, strict=True):
            here = rising[line.place[step.stretch[rising]] == rank]
            k = step.stretch[here]
            add(k, _earlier(step.own.take(here), out.take(k - 1)), step.applies.take(here))
    return out


def _in_doubt(limits: Limits, applies: Truths) -> Limits:
    """Limits that perhaps bind may come as late as never."""
    unknown = applies.unknown
    open_, missing = _causes(applies)
    return Limits(
        limits.lo,
        np.where(unknown, NEVER, limits.hi),
        np.where(open_, np.minimum(limits.open, limits.lo), limits.open),
        np.where(missing, np.minimum(limits.missing, limits.lo), limits.missing),
    )


def _step(world: Columns, course: ir.CourseDef, name: str) -> _Step | None:
    """What a step sets on the stretches on which it does or may apply."""
    return world.once(("step", course.name, name), lambda: _find_step(world, course, name))


def _find_step(world: Columns, course: ir.CourseDef, name: str) -> _Step | None:
    clause = world.book.clauses[name]
    concern = next(iter(world.lines(clause.concerns)), None)
    frame, doubt, _ = lasting(world, concern)
    stretch = _stretches(world, course, clause, frame)
    sentence = next((s for s in world.lines(clause.sentences) if isinstance(s, ir.Perform)), None)
    lines = world.lines(sentence.limits) if sentence is not None else ()
    within = next((x for x in lines if isinstance(x, ir.Within)), None)
    if within is None:
        return None
    line = _line(world, course)
    back = np.logical_or(*_looks_back(world, course, line))
    # A stretch counts on which the next one of its case looks back.
    here = np.flatnonzero(doubt.yes & np.append(back[1:], False)[stretch])
    frame, stretch = frame.some(here), stretch[here]
    applies = passes(world, clause, frame)
    kept = np.flatnonzero(~applies.no)
    own = _limits(_own(world, course, within, stretch, frame).take(kept))
    return _Step(stretch[kept], own, applies.take(kept))


__all__ = ["course_said"]
