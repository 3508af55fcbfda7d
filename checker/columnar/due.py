"""The limit inside a condition, as columns: for the report, and for what is measured against it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import conditions, events, moments
from checker.columnar.limits import inclusive
from checker.columnar.possible import Bools, Moments, latest, where
from checker.columnar.world import Columns, Frame
from dsl import contract as ir


class Due(NamedTuple):
    """Limits, and for which occasions there is one."""

    moment: Moments
    has: Bools


def first_of(found: list[Due | None]) -> Due | None:
    """The first limit that there is, occasion by occasion."""
    out: Due | None = None
    for due in found:
        if due is not None:
            out = due if out is None else Due(where(out.has, out.moment, due.moment), out.has | due.has)
    return out


def only_where(due: Due | None, which: Bools) -> Due | None:
    """A limit where that is so; elsewhere none."""
    return Due(due.moment, due.has & which) if due is not None else None


def due_in(world: Columns, found: list[ir.Condition], frame: Frame) -> Due | None:
    """The moment against which the first condition that has one holds the occasion."""
    return first_of([due_of(world, c, frame) for c in found])


def due_of(world: Columns, c: ir.Condition, frame: Frame) -> Due | None:
    """The limit in a condition: of a comparison of moments its right side; of a group that of the branch that decides,
    or of all that fail."""
    if isinstance(c, ir.CompareInstants):
        right = moments.moment(world, c.right, frame)
        if c.relation in ("before", "no-later"):
            return _everywhere(inclusive(c.relation, right))
        return _everywhere(right.last_second)
    if isinstance(c, ir.Occurred) and not c.negated:
        found = events.search(world, c.rows, frame, counted=True)
        return Due(found.upper, found.limited) if found.upper is not None else None
    if isinstance(c, ir.Holds) and c.kind == "condition":
        return due_in(world, list(world.lines(world.book.conditions[c.name].lines)), frame)
    if isinstance(c, ir.Group):
        inner = list(world.lines(c.of))
        return _of_any(world, inner, frame) if c.quantifier == "any" else due_in(world, inner, frame)
    return None


def _everywhere(moment: Moments) -> Due:
    return Due(moment, np.ones(len(moment.lo), bool))


def _of_any(world: Columns, inner: list[ir.Condition], frame: Frame) -> Due | None:
    """Of the ways that hold, the first limit; where none holds, any would have done: the last of their limits, if each has one."""
    limits = [due_of(world, x, frame) for x in inner]
    if all(due is None for due in limits):
        return None
    holds = [conditions.truth(world, x, frame).yes for x in inner]
    none: Bools = ~np.logical_or.reduce(holds)
    out = first_of([only_where(due, yes) for due, yes in zip(limits, holds, strict=True)])
    every = [due for due in limits if due is not None]
    if out is None or len(every) < len(inner):
        return out
    all_ = none & np.logical_and.reduce([due.has for due in every])
    last = latest([due.moment for due in every])
    return Due(where(all_, last, out.moment), all_ | (out.has & ~none))
