"""Stretches case by case: merged, paired with occasions, and taken out of a calendar's open time, each beside the plain way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from checker.columnar.opening import Elapsed, Index, Spells, Track, union
from checker.columnar.table import Rows, edges, paired
from checker.interpret.possible import EVER, NEVER

CASES = 4

stretch = st.tuples(st.integers(0, CASES - 1), st.integers(0, 40), st.integers(0, 12) | st.just(None)).map(
    lambda x: (x[0], x[1], NEVER if x[2] is None else x[1] + x[2])
)
"""A case, and from when to when it stands still; None: for ever."""


def _columns(stretches: list[tuple[int, int, int]]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    case, low, high = (np.array([s[k] for s in stretches], np.int64) for k in range(3))
    return case, low, high


def _by_second(stretches: list[tuple[int, int, int]], case: int, end: int) -> list[bool]:
    """Of each second before `end`, whether the case stands still."""
    return [any(c == case and low <= t < high for c, low, high in stretches) for t in range(end)]


@given(st.lists(stretch, max_size=8), st.booleans())
def test_stretches_merged(stretches: list[tuple[int, int, int]], ordered: bool) -> None:
    stretches = sorted(stretches) if ordered else stretches
    found = union(*_columns(stretches))
    listed = list(zip(*(c.tolist() for c in found), strict=True))
    assert listed == sorted(listed)
    for case in range(CASES):
        assert _by_second(listed, case, 70) == _by_second(stretches, case, 70)
    for (a, _, high), (b, low, _) in pairwise(listed):
        assert a != b or high < low, "what meets is one"


def test_stretches_that_meet_and_one_from_ever() -> None:
    found = union(*_columns([(0, EVER, 3), (0, 3, 5), (0, 6, 7), (1, 7, NEVER), (2, 7, 8), (2, 8, NEVER)]))
    assert [c.tolist() for c in found] == [[0, 0, 1, 2], [EVER, 6, 7, 7], [5, 7, NEVER, NEVER]]


@st.composite
def rows_and_occasions(draw: st.DrawFn) -> tuple[list[int], list[int]]:
    rows = sorted(draw(st.lists(st.integers(0, CASES - 1), max_size=10)))
    occasions = draw(st.lists(st.integers(0, CASES - 1), max_size=5))
    return rows, draw(st.sampled_from([occasions, sorted(set(occasions)), list(range(CASES))]))


@given(rows_and_occasions())
def test_occasions_with_the_rows_of_their_case(given_: tuple[list[int], list[int]]) -> None:
    case, occasions = (np.array(x, np.int64) for x in given_)
    places = np.arange(len(case), dtype=np.int64) * 3
    wanted = [
        (i, 3 * k) for i, c in enumerate(occasions.tolist()) for k in np.flatnonzero(case == c).tolist()
    ]
    every = np.arange(CASES, dtype=np.int64)
    for rows in (Rows.of_cases(places, case, every), Rows(places, edges(case, CASES))):
        found = paired(occasions, rows)
        assert list(zip(found.occasion.tolist(), found.row.tolist(), strict=True)) == wanted
        if found.place is not None:
            assert places[found.place].tolist() == found.row.tolist()


HOURS = [(4, 10), (14, 20), (22, 24), (30, 42)]
"""When a calendar is open; it is laid out from 0 to 60."""


@given(
    st.lists(stretch, max_size=6),
    st.sampled_from([HOURS, [(a * 7 + 1, b * 7 + 3) for a, b in HOURS], None]),
    st.lists(st.tuples(st.integers(0, CASES), st.integers(0, 40)), max_size=6),
    st.integers(1, 15),
    st.integers(0, 1),
)
def test_clocks_that_stand_still(
    stretches: list[tuple[int, int, int]],
    hours: list[tuple[int, int]] | None,
    occasions: list[tuple[int, int]],
    seconds: int,
    step: int,
) -> None:
    end = 400
    index = Index(hours, 0, end) if hours is not None else Elapsed()
    track = Track(index, union(*_columns(stretches)))
    open_ = [any(a <= t < b for a, b in hours) if hours is not None else True for t in range(end)]
    starts = [3 + 5 * step * i for i in range(CASES + 1)]
    for listed in (occasions, sorted({c: (c, t) for c, t in occasions}.values()), list(enumerate(starts))):
        case, start = (np.array([x[k] for x in listed], np.int64) for k in (0, 1))
        found = track.add(case, start, seconds)
        until = track.measure(case, start, start + 25)
        for i, (c, t) in enumerate(listed):
            still = _by_second(stretches, c, end)
            counts = [k for k in range(t, end) if open_[k] and not still[k]]
            assert until[i] == sum(k < t + 25 for k in counts)
            if len(counts) >= seconds:
                assert not found.halted[i]
                assert found.at[i] == counts[seconds - 1] + 1
            elif any(s[0] == c and s[2] == NEVER and s[1] < end for s in stretches):
                assert found.halted[i]


def test_no_stretches() -> None:
    none = np.zeros(0, np.int64)
    track = Track(Index(HOURS, 0, 60), Spells(none, none, none))
    found = track.add(np.array([2, 0]), np.array([5, 15]), 6)
    assert found.at.tolist() == [15, 23]
    assert not found.halted.any()
