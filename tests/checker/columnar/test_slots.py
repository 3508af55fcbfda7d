"""A calendar by direct address says what a search through its windows says."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from checker.columnar.slots import slots

NEVER = 10**9


@given(
    st.lists(st.integers(1, 5), min_size=2, max_size=12).filter(lambda x: len(x) % 2 == 0),
    st.sampled_from([1, 7, 900]),
)
def test_of_any_windows(steps: list[int], width: int) -> None:
    edges = 1000 + np.cumsum(steps) * width
    opens, closes = edges[::2], edges[1::2]
    index = slots(opens, closes)
    assert index is not None
    seconds = np.unique(np.concatenate([edges + d for d in (-2, -1, 0, 1, 2)]))
    open_ = np.array([any(a <= t < b for a, b in zip(opens, closes, strict=True)) for t in seconds])
    before = np.array(
        [sum(max(0, min(t, b) - a) for a, b in zip(opens, closes, strict=True)) for t in seconds]
    )
    assert index.open_at(seconds).tolist() == open_.tolist()
    assert index.prefix(seconds).tolist() == before.tolist()
    within = (seconds >= edges[0]) & (seconds <= edges[-1])
    assert index.open_at(seconds[within]).tolist() == open_[within].tolist()
    assert index.prefix(seconds[within]).tolist() == before[within].tolist()
    inside = [t for a, b in zip(opens, closes, strict=True) for t in range(a + 1, b + 1)]
    targets = np.array([1, len(inside), len(inside) + 1, len(inside) // 2 + 1])
    wanted = [inside[k - 1] if k <= len(inside) else NEVER for k in targets.tolist()]
    assert index.reached(targets, NEVER).tolist() == wanted


def test_no_windows_and_a_fine_grid_have_none() -> None:
    none = np.zeros(0, np.int64)
    assert slots(none, none) is None
    assert slots(np.array([0, 2**30]), np.array([1, 2**30 + 1])) is None
