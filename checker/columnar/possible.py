"""Moments and truths as columns: what may be, element by element, by the rules of `checker.interpret.possible`.

A column of truths says where it is surely so and where surely not; elsewhere it is unknown, because the future is open,
because something is missing, or both. Columns without any unknown carry no causes, and columns of exact moments share
one array for both bounds: the rules look for both, since most records are certain.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from checker.interpret.possible import EVER, NEVER

Bools = NDArray[np.bool_]
Ints = NDArray[np.int64]
Bits = NDArray[np.uint8]
"""Sets of verdicts, a bit for each."""


class Truths(NamedTuple):
    """Where it is so (`yes`) and not so (`no`); elsewhere unknown: `open`, `missing` say why. None: nowhere unknown."""

    yes: Bools
    no: Bools
    open: Bools | None = None
    missing: Bools | None = None

    @property
    def unknown(self) -> Bools:
        """Where it is not known."""
        return ~(self.yes | self.no)

    @property
    def certain(self) -> bool:
        """Whether it is known everywhere."""
        return self.open is None

    def take(self, index: Ints) -> Truths:
        """The truths at some places."""
        if self.open is None or self.missing is None:
            return Truths(self.yes[index], self.no[index])
        return Truths(self.yes[index], self.no[index], self.open[index], self.missing[index])


def known(yes: Bools) -> Truths:
    """Truths that are known everywhere."""
    return Truths(yes, ~yes)


def always(n: int, value: bool = True) -> Truths:
    """The same truth n times."""
    return Truths(np.full(n, value), np.full(n, not value))


def doubtful(yes: Bools, no: Bools, open_: Bools, missing: Bools) -> Truths:
    """Truths with the causes of what is unknown; the causes elsewhere are dropped."""
    unknown = ~(yes | no)
    if not unknown.any():
        return Truths(yes, no)
    return Truths(yes, no, open_ & unknown, missing & unknown)


def negation(t: Truths) -> Truths:
    """Not t, by Kleene."""
    return Truths(t.no, t.yes, t.open, t.missing)


def conjunction(truths: Iterable[Truths]) -> Truths:
    """All of them, by Kleene; at least one column."""
    return _joined(list(truths), all_=True)


def disjunction(truths: Iterable[Truths]) -> Truths:
    """Any of them, by Kleene; at least one column."""
    return _joined(list(truths), all_=False)


def _joined(parts: list[Truths], *, all_: bool) -> Truths:
    if len(parts) == 1:
        return parts[0]
    if len(parts) == 2 and parts[0].open is None and parts[1].open is None:
        a, b = parts
        return Truths(a.yes & b.yes, a.no | b.no) if all_ else Truths(a.yes | b.yes, a.no & b.no)
    every, some = ("yes", "no") if all_ else ("no", "yes")
    both: Bools = np.logical_and.reduce([getattr(t, every) for t in parts])
    one: Bools = np.logical_or.reduce([getattr(t, some) for t in parts])
    yes, no = (both, one) if all_ else (one, both)
    if all(t.certain for t in parts):
        return Truths(yes, no)
    open_: Bools = np.logical_or.reduce([t.open for t in parts if t.open is not None])
    missing: Bools = np.logical_or.reduce([t.missing for t in parts if t.missing is not None])
    return doubtful(yes, no, open_, missing)


def one_after_the_other(parts: list[Truths]) -> Truths:
    """Truths of several columns as one; at least one column."""
    if len(parts) == 1:
        return parts[0]
    yes, no = np.concatenate([t.yes for t in parts]), np.concatenate([t.no for t in parts])
    if all(t.certain for t in parts):
        return Truths(yes, no)
    none = [np.zeros(len(t.yes), bool) for t in parts]
    open_ = np.concatenate([t.open if t.open is not None else z for t, z in zip(parts, none, strict=True)])
    missing = np.concatenate(
        [t.missing if t.missing is not None else z for t, z in zip(parts, none, strict=True)]
    )
    return Truths(yes, no, open_, missing)


class Moments(NamedTuple):
    """Instants that lie in [lo, hi], in seconds UTC; `hi` is `lo` itself where all are exact.

    `open`, `missing`: why a bound is not known (None: nowhere in doubt). `edge`: the exclusive end of a stretch; of each, or of all.
    `row`: the event whose instant it is, as its place in the table, -1 for none (None: of no event).
    """

    lo: Ints
    hi: Ints
    open: Bools | None = None
    missing: Bools | None = None
    edge: bool | Bools = False
    row: Ints | None = None

    @property
    def edged(self) -> bool:
        """Whether some are edges."""
        return bool(np.any(self.edge))

    @property
    def certain(self) -> bool:
        """Whether both bounds are one everywhere."""
        return self.hi is self.lo

    @property
    def exact(self) -> Bools:
        """Where the instant is known to the second and lies in time."""
        inside = (self.lo > EVER) & (self.lo < NEVER)
        return inside if self.certain else inside & (self.lo == self.hi)

    @property
    def last_second(self) -> Moments:
        """The last second at or before it: one second earlier for an edge."""
        if not self.edged:
            return self
        lo = _earlier(self.lo, self.edge)
        hi = lo if self.certain else _earlier(self.hi, self.edge)
        row = np.where(self.edge, -1, self.row) if self.row is not None and self.edge is not True else None
        return Moments(lo, hi, self.open, self.missing, row=row)

    def take(self, index: Ints) -> Moments:
        """The moments at some places."""
        lo = self.lo[index]
        hi = lo if self.certain else self.hi[index]
        open_ = self.open[index] if self.open is not None else None
        missing = self.missing[index] if self.missing is not None else None
        edge = self.edge[index] if isinstance(self.edge, np.ndarray) else self.edge
        return Moments(lo, hi, open_, missing, edge, self.row[index] if self.row is not None else None)

    def causes(self, n: int) -> tuple[Bools, Bools]:
        """Both causes as columns."""
        none = np.zeros(n, bool)
        return (
            self.open if self.open is not None else none,
            self.missing if self.missing is not None else none,
        )


def _earlier(seconds: Ints, edge: bool | Bools) -> Ints:
    return np.where(edge & (seconds > EVER) & (seconds < NEVER), seconds - 1, seconds)


def at(seconds: Ints) -> Moments:
    """Moments known to the second."""
    return Moments(seconds, seconds)


class Order(NamedTuple):
    """What orders two events of one second: their stamps, their revisions, their place in the record."""

    at: Ints
    until: Ints
    revised: Bools
    order: Ints

    def between(self, a: Moments, b: Moments) -> Ints:
        """-1 or 1 where the record itself orders two events whose stamps overlap, 0 where it does not."""
        if a.row is None or b.row is None:
            return np.zeros(len(a.lo), np.int64)
        x, y = np.maximum(a.row, 0), np.maximum(b.row, 0)
        both = (a.row >= 0) & (b.row >= 0) & (a.row != b.row)
        told = (self.revised[x] & self.revised[y]) | (
            (self.at[x] == self.at[y]) & (self.until[x] == self.until[y])
        )
        sign = np.sign(self.order[x] - self.order[y])
        return np.where(both & told, sign, 0)

    def same(self, a: Moments, b: Moments) -> Bools:
        """Where both are the instant of one event."""
        if a.row is None or b.row is None:
            return np.zeros(len(a.lo), bool)
        both: Bools = (a.row >= 0) & (a.row == b.row)
        return both


def before(a: Moments, b: Moments, order: Order) -> Truths:
    """Whether a lies strictly before b (a's own edge: its last second)."""
    a = a.last_second
    yes = a.hi < b.lo
    if a.certain and b.certain:
        return known(yes)
    no = a.lo >= b.hi
    # Only of stamps that overlap the record can tell more than their bounds.
    rest = np.flatnonzero(~(yes | no))
    if len(rest):
        one, other = a.take(rest), b.take(rest)
        no[rest] = order.same(one, other) | (order.between(one, other) > 0)
    return _with_doubt(yes, no, a, b, np.less)


def precedes(a: Moments, b: Moments, order: Order) -> Truths:
    """Whether a comes before b in the record: in an earlier second, or in the same one at an earlier place."""
    found = before(a, b, order)
    if a.row is None or b.row is None:
        return found
    if a.certain and b.certain:
        # Only within one second can the place in the record tell more than the instants.
        alike = np.flatnonzero(a.lo == b.lo)
        if not len(alike):
            return found
        told = alike[order.between(a.take(alike), b.take(alike)) < 0]
        yes, no = found.yes.copy(), found.no.copy()
        yes[told], no[told] = True, False
        return Truths(yes, no)
    near = np.flatnonzero((a.lo <= b.hi) & ~found.yes)
    earlier = near[order.between(a.take(near), b.take(near)) < 0]
    if not len(earlier):
        return found
    yes, no = found.yes.copy(), found.no.copy()
    yes[earlier], no[earlier] = True, False
    if found.open is None or found.missing is None:
        return Truths(yes, no)
    return doubtful(yes, no, found.open, found.missing)


def no_later(a: Moments, b: Moments, order: Order) -> Truths:
    """Whether a lies at or before b; an edge b is met up to one second before it."""
    a, b = a.last_second, b.last_second
    yes = a.hi <= b.lo
    if a.certain and b.certain:
        return known(yes)
    no = a.lo > b.hi
    rest = np.flatnonzero(~(yes | no))
    if len(rest):
        one, other = a.take(rest), b.take(rest)
        yes[rest] = order.same(one, other) | (order.between(one, other) < 0)
    return _with_doubt(yes, no, a, b, np.less_equal)


def stands(a: Moments, relation: str, b: Moments, order: Order) -> Truths:
    """Whether a stands to b as the relation says: before, after, no-later or no-sooner."""
    if relation == "before":
        return before(a, b, order)
    if relation == "no-later":
        return no_later(a, b, order)
    if relation == "after":
        return negation(no_later(a, b, order))
    return negation(before(a, b, order))


def _with_doubt(yes: Bools, no: Bools, a: Moments, b: Moments, holds: np.ufunc) -> Truths:
    """Why a comparison is unknown: where it stays open whatever the missing part says, the future alone."""
    n = len(yes)
    if (yes | no).all():
        return Truths(yes, no)
    (ao, am), (bo, bm) = a.causes(n), b.causes(n)
    open_, missing = ao | bo, am | bm
    # Each bound of the other leaves it open which bound of this one is meant.
    future_a = ao & ~am & bm & ~bo
    for other in (b.lo, b.hi):
        future_a &= holds(a.lo, other) != holds(a.hi, other)
    future_b = bo & ~bm & am & ~ao
    for other in (a.lo, a.hi):
        future_b &= holds(other, b.lo) != holds(other, b.hi)
    return doubtful(yes, no, open_, missing & ~future_a & ~future_b)


def where(which: Bools, a: Moments, b: Moments) -> Moments:
    """The one moment where that is so, the other elsewhere."""
    n = len(which)
    edge: bool | Bools = a.edge
    if isinstance(a.edge, np.ndarray) or isinstance(b.edge, np.ndarray) or a.edge != b.edge:
        edge = np.where(which, a.edge, b.edge)
    lo = np.where(which, a.lo, b.lo)
    row = None
    if a.row is not None or b.row is not None:
        none = np.full(n, -1, np.int64)
        row = np.where(which, a.row if a.row is not None else none, b.row if b.row is not None else none)
    if a.certain and b.certain:
        return Moments(lo, lo, edge=edge, row=row)
    (ao, am), (bo, bm) = a.causes(n), b.causes(n)
    return Moments(
        lo, np.where(which, a.hi, b.hi), np.where(which, ao, bo), np.where(which, am, bm), edge, row
    )


def latest(moments: list[Moments]) -> Moments:
    """The later of several: the greatest of the bounds."""
    return _extreme(moments, last=True)


def earliest(moments: list[Moments]) -> Moments:
    """The earlier of several."""
    return _extreme(moments, last=False)


def _extreme(moments: list[Moments], *, last: bool) -> Moments:
    if len(moments) == 1:
        return moments[0]
    moments = _on_one_side(moments)
    pick = np.maximum if last else np.minimum
    edge = moments[0].edge
    rows = any(m.row is not None for m in moments)
    if all(m.certain for m in moments):
        lo: Ints = reduce(pick, [m.lo for m in moments])
        return Moments(lo, lo, edge=edge, row=_row_of(moments, lo, lo) if rows else None)
    lo, hi = reduce(pick, [m.lo for m in moments]), reduce(pick, [m.hi for m in moments])
    settled = lo == hi
    if settled.all():
        # One of them is known to be the extreme, whatever its rivals leave open.
        return Moments(lo, lo, edge=edge, row=_row_of(moments, lo, hi, last=last) if rows else None)
    n = len(lo)
    open_, missing = np.zeros(n, bool), np.zeros(n, bool)
    for m in moments:
        # Only those that can still be the extreme one contribute a doubt.
        rival = m.hi >= lo if last else m.lo <= hi
        mo, mm = m.causes(n)
        open_ |= mo & rival
        missing |= mm & rival
    for m in moments:
        # One that is itself known to be the extreme settles it, whatever its rivals leave open.
        settled_here = settled & (m.lo == m.hi) & (m.lo == lo)
        open_ &= ~settled_here
        missing &= ~settled_here
    return Moments(lo, hi, open_, missing, edge, _row_of(moments, lo, hi, last=last) if rows else None)


def _on_one_side(moments: list[Moments]) -> list[Moments]:
    """Moments all of which are edges, or none; where only some are, each is its last second."""
    first = moments[0].edge
    if not any(isinstance(m.edge, np.ndarray) for m in moments):
        return moments if all(m.edge == first for m in moments) else [m.last_second for m in moments]
    # Of each place by itself, as it would be alone.
    alike = np.logical_and.reduce([np.equal(m.edge, first) for m in moments])
    return [where(alike, m, m.last_second) for m in moments]


def _row_of(moments: list[Moments], lo: Ints, hi: Ints, *, last: bool = False) -> Ints:
    """The event whose instant the extreme is: of the first that is it exactly, or of the only one that can be it."""
    out = np.full(len(lo), -1, np.int64)
    taken = np.zeros(len(lo), bool)
    for m in moments:
        mine = (m.lo == lo) & ~taken
        if lo is not hi:
            mine &= lo == hi
            if not m.certain:
                mine &= m.lo == m.hi
        if m.row is not None:
            here = np.flatnonzero(mine)
            out[here] = m.row[here]
        taken |= mine
    if lo is hi or taken.all():
        return out
    rivals = np.zeros(len(lo), np.int64)
    for m in moments:
        rivals += (m.hi >= lo) if last else (m.lo <= hi)
    for m in moments:
        whole = (lo != hi) & (rivals == 1) & (m.lo == lo) & (m.hi == hi)
        if m.row is not None:
            here = np.flatnonzero(whole)
            out[here] = m.row[here]
    return out
