"""What the limits of a stretch leave to the next one, as columns: worked out for the first stretches of all cases, then for the second,
and so on.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar.alike import Untold
from checker.columnar.course_line import line_of, looks_back, own_limit, stretches_of, within_of
from checker.columnar.found import Part
from checker.columnar.layers import passes
from checker.columnar.limits import causes as causes_of
from checker.columnar.possible import Bools, Ints, Moments, Truths, one_after_the_other
from checker.columnar.stretches import lasting
from checker.columnar.world import Columns
from checker.interpret.possible import NEVER
from dsl import contract as ir

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


def limits_of(found: Moments) -> Limits:
    """Moments as limits."""
    open_, missing = found.causes(len(found.lo))
    doubts = (np.where(why, found.lo, _NO_DOUBT) for why in (open_, missing))
    return Limits(found.lo, found.hi, *doubts)


def earlier(a: Limits, b: Limits) -> Limits:
    """Of two limits on each stretch the earlier."""
    return Limits(*(np.minimum(x, y) for x, y in zip(a, b, strict=True)))


def carried(world: Columns, course: ir.CourseDef) -> Limits:
    """By stretch, the earliest of the limits that the steps of the course set on it, those they carried over included.

    Of stretches on which no later one looks back nothing is found.
    """
    line = line_of(world, course)

    def some(index: Ints) -> Limits:
        if line_of(world, course) is not line:
            raise Untold
        return _compute(world, course, index)

    return world.once(("carried", course.name), lambda: _compute(world, course), Part(line.of.case, some))


class _Step(NamedTuple):
    """What clauses set on stretches: their places, their limits there, and whether they apply."""

    stretch: Ints
    own: Limits
    applies: Truths

    def take(self, index: Ints) -> _Step:
        """What they set on some of them."""
        return _Step(self.stretch[index], self.own.take(index), self.applies.take(index))


def _compute(world: Columns, course: ir.CourseDef, index: Ints | None = None) -> Limits:
    """The same; `index`: of the stretches of some cases alone."""
    line = line_of(world, course)
    cases: Bools | None = None
    if index is not None:
        cases = np.zeros(len(world.table), bool)
        cases[line.of.case[index]] = True
    out = _none(len(line.of.case) if index is None else len(index))
    steps = [
        _step(world, course, name) if cases is None else _find_step(world, course, name, cases)
        for name in course.steps
    ]
    parts = [s for s in steps if s is not None and len(s.stretch)]
    if not parts:
        return out
    step = _together(parts)
    rose = looks_back(world, course, line)[0][step.stretch]
    # Among the stretches at hand; those of a case are all there, one after the other.
    at = step.stretch if index is None else np.searchsorted(index, step.stretch)

    def add(which: Ints, limits: Limits) -> None:
        for column, found in zip(out, _in_doubt(limits, step.applies.take(which)), strict=True):
            np.minimum.at(column, at[which], found)

    here = np.flatnonzero(~rose)
    add(here, step.own.take(here))
    # What a rise carries over is that of the stretch before, which has to be whole by then.
    rising = np.flatnonzero(rose)
    rank = line.place[step.stretch[rising]]
    for one in np.unique(rank).tolist():
        which = rising[rank == one]
        add(which, earlier(step.own.take(which), out.take(at[which] - 1)))
    return out


def _together(parts: list[_Step]) -> _Step:
    own = Limits(*(np.concatenate(columns) for columns in zip(*(s.own for s in parts), strict=True)))
    applies = one_after_the_other([s.applies for s in parts])
    return _Step(np.concatenate([s.stretch for s in parts]), own, applies)


def _in_doubt(limits: Limits, applies: Truths) -> Limits:
    """Limits that perhaps bind may come as late as never."""
    unknown = applies.unknown
    open_, missing = causes_of(applies)
    return Limits(
        limits.lo,
        np.where(unknown, NEVER, limits.hi),
        np.where(open_, np.minimum(limits.open, limits.lo), limits.open),
        np.where(missing, np.minimum(limits.missing, limits.lo), limits.missing),
    )


def _step(world: Columns, course: ir.CourseDef, name: str) -> _Step | None:
    """What a step sets on the stretches on which it does or may apply."""
    return world.once(("step", course.name, name), lambda: _find_step(world, course, name))


def _find_step(world: Columns, course: ir.CourseDef, name: str, cases: Bools | None = None) -> _Step | None:
    """The same; `cases`: in these alone."""
    clause = world.book.clauses[name]
    concern = next(iter(world.lines(clause.concerns)), None)
    frame, doubt, _ = lasting(world, concern)
    stretch = stretches_of(world, course, clause, frame)
    sentence = next((s for s in world.lines(clause.sentences) if isinstance(s, ir.Perform)), None)
    within = within_of(world, sentence) if sentence is not None else None
    if within is None:
        return None

    def counting() -> Ints:
        # A stretch counts on which the next one of its case looks back.
        back = np.logical_or(*looks_back(world, course, line_of(world, course)))
        return np.flatnonzero(doubt.yes & np.append(back[1:], False)[stretch])

    here = world.once(("step places", course.name, name), counting)
    if cases is not None:
        here = here[cases[frame.case[here]]]
    # Found of all its stretches, for all courses of which it is a step.
    here = here[~passes(world, clause, frame).no[here]]
    own = limits_of(own_limit(world, course, within, frame).take(here))
    return _Step(stretch[here], own, passes(world, clause, frame).take(here))


__all__ = ["Limits", "carried", "earlier", "limits_of"]
