"""Columns of amounts come, number by number, to what the interpreter's rules come to."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from math import ceil
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.columnar import quantities as columns
from checker.columnar.table import NOTHING
from checker.interpret import amounts as rules
from checker.interpret.possible import EVER, Number, Quantity, compare, missing_cause, open_cause, simplest

UNITS = (None, "second", "EUR", "USD")
CAUSES = {
    (False, False): frozenset[Any](),
    (True, False): open_cause("later"),
    (False, True): missing_cause("lost"),
    (True, True): open_cause("later") | missing_cause("lost"),
}
numbers = st.one_of(
    st.integers(-9, 9), st.integers(-(10**6), 10**6), st.fractions(-4, 4, max_denominator=10**9)
)
"""Parts of such fractions are too many for 64 bits, now and then."""
FAR = 10**10
"""Beyond all numbers here: the interpreter writes an amount without a bound as a number farther away."""


@st.composite
def quantity(draw: st.DrawFn) -> Quantity:
    """An amount within bounds, without one or the other, or exact."""
    lo, hi = sorted([draw(numbers), draw(numbers)])
    shape = draw(st.sampled_from(["exact", "within", "endless", "anything"]))
    top = {"exact": lo, "within": hi}.get(shape)
    low: Number = EVER if shape == "anything" else simplest(Fraction(lo))
    causes = CAUSES[draw(st.booleans()), draw(st.booleans())]
    high = simplest(Fraction(top)) if top is not None else None
    return Quantity(low, high, draw(st.sampled_from(UNITS)), causes)


ROWS = st.lists(st.tuples(quantity(), quantity(), quantity()), min_size=1, max_size=5)


def column(found: list[Quantity]) -> columns.Quantities:
    n = len(found)
    bottomless = np.array([q.lo == EVER for q in found])
    endless = np.array([q.hi is None for q in found])
    ends = [0 if q.lo == EVER else q.lo for q in found] + [q.hi if q.hi is not None else 0 for q in found]
    whole, parts = columns.numerators(ends)
    unit = np.array([UNITS.index(q.unit) if q.unit is not None else NOTHING for q in found])
    why = [np.array([kind in {c.kind for c in q.causes} for q in found]) for kind in ("open", "missing")]
    return columns.Quantities(whole[:n], whole[n:], parts, endless, bottomless, unit, *why)


def told(q: Quantity) -> tuple[Any, ...]:
    low = None if q.lo < -FAR else Fraction(q.lo)
    high = None if q.hi is None or q.hi > FAR else Fraction(q.hi)
    return low, high, q.unit, {c.kind for c in q.causes}


def said(q: columns.Quantities, i: int) -> tuple[Any, ...]:
    low = None if q.bottomless[i] else Fraction(int(q.lo[i]), q.parts)
    high = None if q.endless[i] else Fraction(int(q.hi[i]), q.parts)
    why = {kind for kind, here in (("open", q.open[i]), ("missing", q.missing[i])) if here}
    return low, high, UNITS[q.unit[i]] if q.unit[i] != NOTHING else None, why


def _rounded(q: Quantity) -> Quantity:
    return replace(q, lo=ceil(q.lo), hi=None if q.hi is None else ceil(q.hi))


OF_TWO: dict[str, tuple[Any, Any]] = {
    "plus": (columns.total, partial(rules._sum, less=False)),
    "less": (columns.difference, partial(rules._sum, less=True)),
    "higher": (partial(columns.bound, highest=True), partial(rules._bound, highest=True)),
    "lower": (partial(columns.bound, highest=False), partial(rules._bound, highest=False)),
}
OF_ONE: dict[str, tuple[Any, Any]] = {
    "a third": (partial(columns.share, hundredths=3333), partial(rules._share, hundredths=3333)),
    "half": (partial(columns.share, hundredths=5000), partial(rules._share, hundredths=5000)),
    "rounded": (columns.rounded_up, _rounded),
}
EITHER = [*OF_TWO, *OF_ONE]


@pytest.mark.parametrize("relation", ["at-most", "at-least", "more", "less", "exactly"])
@given(ROWS, st.sampled_from(EITHER), st.sampled_from([None, *OF_ONE]))
def test_arithmetic_and_comparison(relation: str, rows: list[Any], first: str, then: str | None) -> None:
    a, b, c = (column([r[k] for r in rows]) for k in range(3))
    ours, theirs = OF_TWO.get(first) or OF_ONE[first]
    found = ours(a, b) if first in OF_TWO else ours(a)
    wanted = [theirs(x, y) if first in OF_TWO else theirs(x) for x, y, _ in rows]
    if then is not None:
        found, wanted = OF_ONE[then][0](found), [OF_ONE[then][1](q) for q in wanted]
    compared = columns.compare(found, relation, c)
    for i, q in enumerate(wanted):
        assert said(found, i) == told(q)
        truth = compare(q, relation, rows[i][2])
        mine = True if compared.yes[i] else False if compared.no[i] else None
        assert mine == truth.value
        if truth.value is None:
            assert compared.open is not None
            assert compared.missing is not None
            why = {k for k, v in (("open", compared.open[i]), ("missing", compared.missing[i])) if v}
            assert why == {cause.kind for cause in truth.causes}


def test_sums_too_big_for_64_bits() -> None:
    most = 2**62 - 1
    found = columns.summed(np.full(5, most, np.int64), np.array([0, 0, 0, 1, 1]), 3)
    assert found.tolist() == [3 * most, 2 * most, 0]
    assert columns.times(np.array([most]), 3).tolist() == [3 * most]
    assert columns.plus(np.array([most]), np.array([most])).tolist() == [2 * most]
