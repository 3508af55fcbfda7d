"""Numbers that lie near each other are kept in half the memory, and told as they are: at the edges of what fits, too."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.columnar.narrow import Near

LEAST, MOST = -(2**31), 2**31 - 1
FIRST, LAST = -(2**63), 2**63 - 1

near_an_edge = st.sampled_from([FIRST, LEAST, 0, MOST, LAST]).flatmap(
    lambda edge: st.integers(max(edge - 2, FIRST), min(edge + 2, LAST))
)


@given(st.lists(near_an_edge | st.integers(FIRST, LAST), max_size=8), st.data())
def test_any_numbers(numbers: list[int], data: st.DataObject) -> None:
    near = Near(np.array(numbers, np.int64))
    assert len(near) == len(numbers)
    assert near.all.dtype == np.int64
    assert near.all.tolist() == numbers
    places = data.draw(st.lists(st.integers(-1, len(numbers) - 1), max_size=5)) if numbers else []
    found = near[np.array(places, np.int64)]
    assert found.dtype == np.int64
    assert found.tolist() == [numbers[i] for i in places]


@pytest.mark.parametrize(
    ("numbers", "size"),
    [
        ([LEAST, MOST], 4),
        ([LEAST - 1, MOST], 8),
        ([LEAST, MOST + 1], 8),
        ([MOST + 1, 2 * MOST + 1], 4),
        ([MOST + 1, 2 * MOST + 2], 8),
        ([FIRST, FIRST + MOST], 4),
        ([LAST - MOST, LAST], 4),
        ([FIRST, LAST], 8),
    ],
)
def test_what_fits_is_narrow(numbers: list[int], size: int) -> None:
    near = Near(np.array(numbers, np.int64))
    assert near._off.dtype.itemsize == size
    assert near.all.tolist() == numbers
    assert near[np.array([1, 0, 1])].tolist() == [numbers[1], numbers[0], numbers[1]]


@given(st.lists(st.integers(-(2**33), 2**33), max_size=12), st.data())
def test_parts_and_places(numbers: list[int], data: st.DataObject) -> None:
    numbers = sorted(numbers)
    near = Near(np.array(numbers, np.int64))
    a, b = sorted(data.draw(st.tuples(*(st.integers(0, len(numbers)),) * 2)))
    less = data.draw(st.integers(-(2**33), 2**33))
    part = near.part(slice(a, b), less)
    mine = [n - less for n in numbers[a:b]]
    assert part.all.tolist() == mine
    sought = sorted(
        data.draw(st.lists(st.integers(-(2**34), 2**34) | st.sampled_from([*mine, 0]), max_size=4))
    )
    assert part.places(sought) == [sum(m < n for m in mine) for n in sought]
    again = part.part(slice(1, None), 3)
    assert again.all.tolist() == [m - 3 for m in mine[1:]]
    assert again[np.arange(len(again))].tolist() == [m - 3 for m in mine[1:]]
