"""Sets of seconds as columns: for every occasion the stretches that are in them, and what several sets have in common."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from checker.columnar.opening import WIDTH, Spells
from checker.columnar.possible import Bools, Ints
from checker.columnar.table import Rows, paired
from checker.interpret.possible import EVER, NEVER

EMPTY = Spells(*(np.zeros(0, np.int64) for _ in range(3)))
"""No second at all."""


def spells(of: Ints, low: Ints, high: Ints) -> Spells:
    """Stretches given in the order of what they belong to, disjoint and in order of time; those that are empty are left out."""
    kept = low < high
    return Spells(of[kept], low[kept], high[kept])


def of_each(found: Spells, case: Ints, cases: int) -> Spells:
    """The stretches of cases, once for each occasion, given by its case."""
    bounds = np.searchsorted(found.case, np.arange(cases + 1, dtype=np.int64))
    pairs = paired(case, Rows(np.arange(len(found.case), dtype=np.int64), (bounds[:-1], bounds[1:])))
    return Spells(pairs.occasion, found.low[pairs.row], found.high[pairs.row])


def common(these: Spells, those: Spells) -> Spells:
    """What lies in both."""
    return _swept(these, those, lambda a, b: a & b)


def minus(these: Spells, those: Spells) -> Spells:
    """What of these lies in none of those."""
    return _swept(these, those, lambda a, b: a & ~b) if len(those.case) else these


def total(found: Spells, n: int) -> Ints:
    """For each of n occasions, its seconds in all."""
    out = np.zeros(n, np.int64)
    np.add.at(out, found.case, found.high - found.low)
    return out


def first(found: Spells, n: int, none: int) -> Ints:
    """For each of n occasions its first second; `none` where it has none."""
    out = np.full(n, none, np.int64)
    out[found.case[::-1]] = found.low[::-1]
    return out


def last(found: Spells, n: int, none: int) -> Ints:
    """For each of n occasions the end of its last stretch; `none` where it has none."""
    out = np.full(n, none, np.int64)
    out[found.case] = found.high
    return out


def _swept(these: Spells, those: Spells, wanted: Callable[[Bools, Bools], Bools]) -> Spells:
    """The stretches between one end and the next for which that is so of lying in these, and in those."""
    of = np.concatenate([these.case, these.case, those.case, those.case])
    at = np.concatenate([these.low, these.high, those.low, those.high])
    a, b = len(these.case), len(those.case)
    step = np.repeat(np.array([1, -1, 0], np.int64), [a, a, 2 * b])
    other = np.repeat(np.array([0, 1, -1], np.int64), [2 * a, b, b])
    order = _sorted(of, at)
    of, at = of[order], at[order]
    inside = wanted(np.cumsum(step[order]) > 0, np.cumsum(other[order]) > 0)
    if len(of) < 2:
        return EMPTY
    kept = np.flatnonzero(inside[:-1] & (of[1:] == of[:-1]) & (at[1:] > at[:-1]))
    return Spells(of[kept], at[kept], at[kept + 1])


def _sorted(of: Ints, at: Ints) -> Ints:
    """The order of ends, by what they belong to and by time."""
    if len(at) and (((at < 0) & (at > EVER)) | ((at > WIDTH - 3) & (at < NEVER))).any():
        return np.lexsort((at, of))
    # One number for both: each of the parts is in order already, and is merged rather than sorted.
    return np.argsort(of * WIDTH + np.clip(at, -1, WIDTH - 2) + 1, kind="stable")
