"""What comes to the same is told to be the same, and only that."""

from typing import Any

import numpy as np
import pytest

from checker.columnar.alike import same
from checker.columnar.possible import Moments, at
from checker.columnar.world import Frame


def frame(key: str, start: list[int]) -> Frame:
    return Frame((key,), np.arange(len(start)), at(np.array(start, np.int64)))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.array([1, 2]), np.array([1, 2])),
        ((np.array([True]), None), (np.array([True]), None)),
        (frame("one", [1, 2]), frame("another", [1, 2])),
        ([1, "a"], [1, "a"]),
    ],
)
def test_the_same(a: Any, b: Any) -> None:
    assert same(a, b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (np.array([1, 2]), np.array([1, 3])),
        (np.array([1, 2]), np.array([1, 2], np.int32)),
        (np.array([1, 2]), np.array([1, 2, 3])),
        (frame("one", [1, 2]), frame("one", [1, 3])),
        (at(np.array([1])), Moments(np.array([1]), np.array([1]), edge=True)),
        (1, True),
        ((1, 2), [1, 2]),
        (object(), object()),
    ],
)
def test_not_the_same(a: Any, b: Any) -> None:
    assert not same(a, b)
