"""Amounts as columns: counts, and numbers written in the contract."""

from __future__ import annotations

import numpy as np

from checker.columnar import events
from checker.columnar.possible import Bools, Ints, Truths, doubtful
from checker.columnar.silence import silence
from checker.columnar.world import Columns, Frame, NotColumnar
from dsl import contract as ir

_MANY = 2**62


def compared(world: Columns, c: ir.CompareAmounts, frame: Frame, owed: bool) -> Truths:
    """Whether one amount stands to another: at-most, at-least, more, less or exactly."""
    left, right = (_amount(world, x, frame, owed) for x in (c.left, c.right))
    relation = c.relation
    if relation == "exactly":
        one, other = _at_most(left, right), _at_most(right, left)
        yes, no = one.yes & other.yes, one.no | other.no
        return doubtful(yes, no, left[2] | right[2], left[3] | right[3])
    if relation == "at-least":
        return _at_most(right, left)
    if relation == "more":
        found = _at_most(left, right)
        return Truths(found.no, found.yes, found.open, found.missing)
    if relation == "less":
        found = _at_most(right, left)
        return Truths(found.no, found.yes, found.open, found.missing)
    return _at_most(left, right)


Bounds = tuple[Ints, Ints, Bools, Bools]


def _at_most(a: Bounds, b: Bounds) -> Truths:
    yes = a[1] <= b[0]
    no = a[0] > b[1]
    return doubtful(yes, no & ~yes, a[2] | b[2], a[3] | b[3])


def _amount(world: Columns, term: ir.Amount, frame: Frame, owed: bool) -> Bounds:
    none = np.zeros(frame.n, bool)
    if isinstance(term, ir.Number) and term.unit is None:
        number = np.full(frame.n, term.amount, np.int64)
        return number, number, none, none
    if isinstance(term, ir.Count):
        found = events.search(world, term.rows, frame)
        sure = found.pairs.number(found.truth.yes, frame.n)
        most = sure + found.pairs.number(found.truth.unknown, frame.n)
        open_, missing = none, none
        if found.truth.open is not None and found.truth.missing is not None:
            open_ = found.pairs.any(found.truth.open, frame.n)
            missing = found.pairs.any(found.truth.missing, frame.n)
        hi = np.where(found.limited, found.upper.hi, world.now) if found.upper is not None else world.now
        silent = silence(world, found.names, frame.case, found.lower, hi)
        if silent is not None:
            most = np.where(silent.any, _MANY, most)
            missing = missing | silent.any
        if owed and found.upper is not None:
            ahead = found.limited & (found.upper.hi >= world.now)
            most = np.where(ahead, _MANY, most)
            open_ = open_ | ahead
        return sure, most, open_, missing
    raise NotColumnar(type(term).__name__)
