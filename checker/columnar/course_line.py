"""The attribute that a course follows, as columns: its stretches, and what the rules of the course make of the limits there."""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import numpy as np

from checker.columnar import moments, states, timeline
from checker.columnar.alike import Untold, amended
from checker.columnar.found import Part
from checker.columnar.possible import Bools, Ints, Moments, where
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.book import plain
from dsl import contract as ir

T = TypeVar("T")


class Line(NamedTuple):
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


def line_of(world: Columns, course: ir.CourseDef) -> Line:
    """The line of a course: one and the same for all that follow the attribute."""

    def find() -> Line:
        of = timeline.timeline(world, course.attribute)
        start, end = states.bounds(world, of)
        place = np.arange(len(of.case), dtype=np.int64) - of.rows.begin[of.case]
        rank = _ranks(world, course)[of.code]
        older = np.append(np.full(1, -1), rank[:-1])[: len(rank)]
        told = (place > 0) & (rank >= 0) & (older >= 0)
        return Line(of, start, end, place, told & (rank < older), told & (rank >= older))

    return world.once(("course", course.attribute), find)


def _ranks(world: Columns, course: ir.CourseDef) -> Ints:
    """The rank of each code, 0 the highest; -1 for a value without one, and (the last) for NOTHING."""
    ranks = [plain(r) for r in world.book.attributes[course.attribute].ranks]
    values = [plain(v) for v in world.table.dictionary.values]
    return np.array([ranks.index(v) if v in ranks else -1 for v in values] + [-1], np.int64)


def stretches_of(world: Columns, course: ir.CourseDef, clause: ir.Clause, frame: Frame) -> Ints:
    """The stretch of the course's attribute that each occasion begins with."""
    concern = next(iter(world.lines(clause.concerns)), None)
    if (
        not isinstance(concern, ir.EachStretch)
        or concern.attribute != course.attribute
        or frame.stretch is None
    ):
        raise NotColumnar("a limit that follows another attribute than the clause concerns")
    return frame.stretch


def stretch_of(frame: Frame) -> Ints:
    """The stretch that each occasion begins with."""
    assert frame.stretch is not None
    return frame.stretch


def rule(world: Columns, course: ir.CourseDef, kind: type[T]) -> T | None:
    """The line of this kind as the readings make it."""
    for line in course.lines:
        if any(isinstance(x, kind) for x in line.all()):
            for x in world.of_line(line):
                if isinstance(x, kind):
                    return x
    return None


def looks_back(world: Columns, course: ir.CourseDef, line: Line) -> tuple[Bools, Bools]:
    """On which stretches an older limit may bind, and on which one that had passed may stay missed."""

    def find() -> tuple[Bools, Bools]:
        none = np.zeros(len(line.rose), bool)
        binds = line.rose if rule(world, course, ir.EarlierBinds) is not None else none
        return binds, line.fell if rule(world, course, ir.NotCured) is not None else none

    return world.once(("looks back", course.name), find, Part(line.of.case, None))


# --------------------------------------------------------------------------- limits
def within_of(world: Columns, s: ir.Perform) -> ir.Within | None:
    """The limit of a sentence, as a length from a moment on."""

    def find() -> ir.Within | None:
        return next((x for x in world.lines(s.limits) if isinstance(x, ir.Within)), None)

    return world.once(("within", world.mark(s)), find)


def own_limit(world: Columns, course: ir.CourseDef, within: ir.Within, frame: Frame) -> Moments:
    """The stretches' own limits, before older limits are considered."""
    mark = world.mark(within)
    return world.of_frame(
        ("course own", course.name, mark), frame, lambda f: _find_own(world, course, within, f)
    )


def _find_own(world: Columns, course: ir.CourseDef, within: ir.Within, frame: Frame) -> Moments:
    line, k = line_of(world, course), stretch_of(frame)
    due = world.of_frame(("limit", world.mark(within)), frame, lambda f: _limit(world, within, f))
    anew = _anew(world, course, line)[k]
    if not anew.any():
        return due
    some = np.flatnonzero(anew)
    changed = world.of_frame(
        ("limit anew", world.mark(within)), frame.some(some), lambda f: _limit_anew(world, course, within, f)
    )
    try:
        found: Moments = amended(due, some, changed)
        return found
    except Untold:
        back = np.zeros(frame.n, np.int64)
        back[some] = np.arange(len(some))
        return where(anew, changed.take(back), due)


def _limit(world: Columns, within: ir.Within, frame: Frame) -> Moments:
    """The limit from the moment that the sentence names."""
    start = moments.moment(world, within.of, frame)
    return moments.shifted(world, within.length, False, start, within.clock, frame)


def _limit_anew(world: Columns, course: ir.CourseDef, within: ir.Within, frame: Frame) -> Moments:
    """The limit from the change on."""
    start = line_of(world, course).start.take(stretch_of(frame))
    return moments.shifted(world, within.length, False, start, within.clock, frame)


def _anew(world: Columns, course: ir.CourseDef, line: Line) -> Bools:
    """The stretches whose limit runs from the change."""

    def find() -> Bools:
        rise, fall = rule(world, course, ir.OnRise), rule(world, course, ir.OnFall)
        anew = np.zeros(len(line.rose), bool)
        if rise is not None and rise.from_change:
            anew |= line.rose
        if fall is not None and fall.from_change:
            anew |= line.fell
        return anew

    return world.once(("anew", course.name), find, Part(line.of.case, None))


__all__ = ["Line", "line_of", "looks_back", "own_limit", "rule", "stretch_of", "stretches_of", "within_of"]
