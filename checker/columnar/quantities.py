"""Exact amounts within bounds as columns, and their arithmetic, by the rules of `checker.interpret.amounts`.

Numbers are whole: a column counts equal parts of one (`parts` of them make 1), so that shares stay exact. They are
int64 where that holds them, and Python's own integers where it does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd, lcm
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from checker.columnar.possible import Bools, Ints, Truths, conjunction, doubtful, negation
from checker.columnar.table import NOTHING

Numbers = NDArray[Any]
"""Whole numbers: int64, or objects where they are too big for it."""

_ROOM = 2**62


class Quantities(NamedTuple):
    """Amounts in [lo, hi], both counted in parts of one.

    `endless`: without an upper bound, `bottomless`: without a lower one; the numbers there are 0. `unit`: the code of the
    unit (`second`, a currency, …), NOTHING for none. `open`, `missing`: why it is in doubt, as the interpreter carries it.
    """

    lo: Numbers
    hi: Numbers
    parts: int
    endless: Bools
    bottomless: Bools
    unit: Ints
    open: Bools
    missing: Bools

    @property
    def exact(self) -> Bools:
        """Where one number is left."""
        same: Bools = (self.lo == self.hi) & ~self.endless & ~self.bottomless
        return same

    def take(self, index: Ints) -> Quantities:
        """The amounts at some places."""
        bounds = (self.endless[index], self.bottomless[index])
        why = (self.open[index], self.missing[index])
        return Quantities(self.lo[index], self.hi[index], self.parts, *bounds, self.unit[index], *why)


def known(numbers: Numbers, unit: int = NOTHING) -> Quantities:
    """Whole numbers that are known, all of one unit."""
    n = len(numbers)
    none = np.zeros(n, bool)
    return Quantities(numbers, numbers, 1, none, none, np.full(n, unit, np.int64), none, none)


def within(
    lo: Numbers, hi: Numbers, open_: Bools, missing: Bools, endless: Bools | None = None
) -> Quantities:
    """Whole numbers within bounds, without a unit."""
    n = len(lo)
    none = np.zeros(n, bool)
    without = endless if endless is not None else none
    top = np.where(without, 0, hi)
    return Quantities(lo, top, 1, without, none, np.full(n, NOTHING, np.int64), open_, missing)


def anything(n: int, open_: Bools, missing: Bools) -> Quantities:
    """What is not known: from 0 on."""
    zero = np.zeros(n, np.int64)
    return within(zero, zero, open_, missing, np.ones(n, bool))


def numerators(numbers: Sequence[int | Fraction]) -> tuple[Numbers, int]:
    """Numbers as whole ones of equal parts, and how many parts make 1."""
    parts = lcm(*(Fraction(x).denominator for x in numbers)) if numbers else 1
    return _column([int(x * parts) for x in numbers]), parts


def chosen(which: Bools, a: Quantities, b: Quantities) -> Quantities:
    """a where so, else b."""
    a, b = _alike(a, b)

    def pick(x: NDArray[Any], y: NDArray[Any]) -> NDArray[Any]:
        return np.where(which, x, y)

    return Quantities(
        pick(a.lo, b.lo),
        pick(a.hi, b.hi),
        a.parts,
        *(pick(x, y) for x, y in zip(a[3:], b[3:], strict=True)),
    )


# --------------------------------------------------------------------------- whole numbers of any size
def _column(numbers: list[int]) -> Numbers:
    small = all(-_ROOM < x < _ROOM for x in numbers)
    return np.array(numbers, np.int64 if small else object)


def _most(a: Numbers) -> int:
    return max(abs(int(a.max())), abs(int(a.min()))) if len(a) else 0


def times(a: Numbers, factor: int) -> Numbers:
    """A product that cannot overflow."""
    if factor == 1:
        return a
    small = factor < _ROOM and _most(a) * factor < _ROOM
    return (a if small else a.astype(object)) * factor


def plus(a: Numbers, b: Numbers) -> Numbers:
    """A sum that cannot overflow."""
    return (a if _most(a) + _most(b) < _ROOM else a.astype(object)) + b


def summed(numbers: Numbers, place: Ints, n: int) -> Numbers:
    """The sums of the numbers that belong to each of n places."""
    most = _most(numbers) * max(len(numbers), 1)
    out = np.zeros(n, np.int64 if most < _ROOM else object)
    np.add.at(out, place, numbers)
    return out


def _alike(a: Quantities, b: Quantities) -> tuple[Quantities, Quantities]:
    """Both in the same parts."""
    parts = lcm(a.parts, b.parts)
    return _in_parts(a, parts), _in_parts(b, parts)


def _in_parts(a: Quantities, parts: int) -> Quantities:
    factor = parts // a.parts
    return a._replace(lo=times(a.lo, factor), hi=times(a.hi, factor), parts=parts)


def _unlike(a: Quantities, b: Quantities) -> Bools:
    """Where the units are two, which are never converted."""
    out: Bools = (a.unit != b.unit) & (a.unit != NOTHING) & (b.unit != NOTHING)
    return out


# --------------------------------------------------------------------------- arithmetic
def total(a: Quantities, b: Quantities) -> Quantities:
    """Both together; unlike units have no sum."""
    a, b = _alike(a, b)
    return _summed(
        a, b, plus(a.lo, b.lo), plus(a.hi, b.hi), a.bottomless | b.bottomless, a.endless | b.endless
    )


def difference(a: Quantities, b: Quantities) -> Quantities:
    """The first less the second; unlike units have no difference."""
    a, b = _alike(a, b)
    return _summed(
        a, b, plus(a.lo, -b.hi), plus(a.hi, -b.lo), a.bottomless | b.endless, a.endless | b.bottomless
    )


def _summed(
    a: Quantities, b: Quantities, lo: Numbers, hi: Numbers, bottomless: Bools, endless: Bools
) -> Quantities:
    unlike = _unlike(a, b)
    unit = np.where(unlike, NOTHING, np.where(a.unit != NOTHING, a.unit, b.unit))
    bottomless, endless = bottomless | unlike, endless | unlike
    return Quantities(
        np.where(bottomless, 0, lo),
        np.where(endless, 0, hi),
        a.parts,
        endless,
        bottomless,
        unit,
        a.open | b.open,
        a.missing | b.missing | unlike,
    )


def bound(a: Quantities, b: Quantities, *, highest: bool) -> Quantities:
    """The higher or the lower of two; of unlike units, what either could be once converted."""
    a, b = _alike(a, b)
    unlike = _unlike(a, b)
    low = np.maximum(a.lo, b.lo) if highest else np.minimum(a.lo, b.lo)
    high = np.maximum(a.hi, b.hi) if highest else np.minimum(a.hi, b.hi)
    if highest:
        # What has no lower bound never keeps the higher of two low.
        low = np.where(a.bottomless, b.lo, np.where(b.bottomless, a.lo, low))
        bottomless, endless = a.bottomless & b.bottomless, a.endless | b.endless
        low, bottomless = np.where(unlike, a.lo, low), np.where(unlike, a.bottomless, bottomless)
        endless = endless | unlike
    else:
        high = np.where(a.endless, b.hi, np.where(b.endless, a.hi, high))
        bottomless, endless = a.bottomless | b.bottomless, a.endless & b.endless
        high, endless = np.where(unlike, a.hi, high), np.where(unlike, a.endless, endless)
        low, bottomless = np.where(unlike, 0, low), bottomless & ~unlike
    unit = np.where(a.unit != NOTHING, a.unit, b.unit)
    return Quantities(
        np.where(bottomless, 0, low),
        np.where(endless, 0, high),
        a.parts,
        endless,
        bottomless,
        unit,
        a.open | b.open,
        a.missing | b.missing | unlike,
    )


def share(of: Quantities, hundredths: int) -> Quantities:
    """A part of amounts, in hundredths of a percent."""
    common = gcd(hundredths, 10000)
    lo, hi = times(of.lo, hundredths // common), times(of.hi, hundredths // common)
    # Nothing of what may be anything is nothing.
    bottomless = of.bottomless & (hundredths != 0)
    return of._replace(lo=lo, hi=hi, parts=of.parts * (10000 // common), bottomless=bottomless)


def rounded_up(of: Quantities) -> Quantities:
    """The next whole numbers, where they are none."""
    return of._replace(lo=_next_whole(of.lo, of.parts), hi=_next_whole(of.hi, of.parts), parts=1)


def _next_whole(a: Numbers, parts: int) -> Numbers:
    # So many parts that one machine word does not hold them come of few, too.
    return -(-(a if parts < _ROOM else a.astype(object)) // parts)


# --------------------------------------------------------------------------- comparison
def compare(a: Quantities, relation: str, b: Quantities) -> Truths:
    """Whether a stands to b: at-most, at-least, more, less or exactly. Unlike units do not compare."""
    if relation == "exactly":
        return conjunction([compare(a, "at-most", b), compare(b, "at-most", a)])
    if relation == "at-least":
        return compare(b, "at-most", a)
    if relation == "more":
        return negation(compare(a, "at-most", b))
    if relation == "less":
        return negation(compare(b, "at-most", a))
    a, b = _alike(a, b)
    unlike = _unlike(a, b)
    yes = (a.hi <= b.lo) & ~a.endless & ~b.bottomless & ~unlike
    no = (a.lo > b.hi) & ~a.bottomless & ~b.endless & ~unlike & ~yes
    return doubtful(yes, no, a.open | b.open, a.missing | b.missing | unlike)


__all__ = [
    "Numbers",
    "Quantities",
    "anything",
    "bound",
    "chosen",
    "compare",
    "difference",
    "known",
    "numerators",
    "plus",
    "rounded_up",
    "share",
    "summed",
    "times",
    "total",
    "within",
]
