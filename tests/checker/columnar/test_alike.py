"""What comes to the same is told to be the same, and only that."""

from typing import Any

import numpy as np
import pytest

from checker.columnar.alike import Untold, amended, cases_apart, same, taken, unlike
from checker.columnar.possible import Moments, Truths, at, known
from checker.columnar.several import Options, Values
from checker.columnar.table import Rows
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


def columns(*numbers: int) -> Any:
    return np.array(numbers, np.int64)


def flags(*so: int) -> Any:
    return np.array(so, bool)


DOUBT = Truths(flags(1, 0, 0), flags(0, 1, 0), flags(0, 0, 1), flags(0, 0, 0))
WITHIN = Moments(columns(1, 2, 3), columns(1, 9, 3), flags(0, 1, 0), flags(0, 0, 0), row=columns(7, -1, 8))
SOME = Values(columns(4, 5, 6), flags(0, 0, 0), flags(0, 0, 0), Options(columns(1), columns(9)))


@pytest.mark.parametrize(
    ("whole", "part", "result"),
    [
        (known(flags(1, 0, 1)), known(flags(0, 1)), known(flags(0, 0, 1))),
        (
            known(flags(1, 1, 0)),
            DOUBT.take(columns(0, 2)),
            DOUBT._replace(yes=flags(1, 1, 0), no=flags(0, 0, 0)),
        ),
        (DOUBT, known(flags(1, 0)), known(flags(1, 0, 0))),
        (at(columns(1, 2, 3)), at(columns(4, 5)), at(columns(4, 2, 5))),
        (
            at(columns(9, 2, 9)),
            WITHIN.take(columns(0, 2)),
            Moments(columns(1, 2, 3), columns(1, 2, 3), row=columns(7, -1, 8)),
        ),
        ((columns(1, 2, 3), None), (columns(1, 4), None), (columns(1, 2, 4), None)),
    ],
)
def test_other_elements_in_some_places(whole: Any, part: Any, result: Any) -> None:
    found = amended(whole, columns(0, 2), part)
    assert not unlike(found, result, 3).any()


def test_several_values_in_some_places() -> None:
    one = Values(columns(4, 5, 6), flags(0, 0, 0), flags(0, 0, 0))
    found = amended(one, columns(1, 2), taken(SOME, columns(1, 2)))
    assert found.more is not None
    assert found.more.occasion.tolist() == [1]
    assert amended(SOME, columns(1), taken(one, columns(1))).more.occasion.tolist() == []
    # What may be several is not told apart.
    assert unlike(SOME, SOME.take(columns(0, 1, 2)), 3).tolist() == [False, True, False]


def test_where_elements_differ() -> None:
    assert unlike(known(flags(1, 0)), known(flags(1, 1)), 2).tolist() == [False, True]
    assert unlike(DOUBT, known(flags(1, 0, 0)), 3).tolist() == [False, False, True]
    assert unlike(at(columns(1, 2)), at(columns(1, 3)), 2).tolist() == [False, True]
    assert unlike(WITHIN, WITHIN._replace(row=columns(7, -1, 9)), 3).tolist() == [False, False, True]
    with pytest.raises(Untold):
        unlike(at(columns(1, 2)), Moments(columns(1, 2), columns(1, 2), edge=True), 2)
    with pytest.raises(Untold):
        amended(at(columns(1, 2)), columns(0), Moments(columns(1), columns(1), edge=True))


def events(cases: Any, places: Any) -> tuple[Rows, Truths]:
    return Rows.of_cases(places, cases, np.arange(4)), known(np.ones(len(places), bool))


def test_in_which_cases_events_differ() -> None:
    one = events(columns(0, 1, 1, 3), columns(2, 5, 6, 9))
    assert not cases_apart(one, events(columns(0, 1, 1, 3), columns(2, 5, 6, 9)), 4).any()
    fewer = events(columns(0, 1, 3), columns(2, 5, 9))
    assert cases_apart(one, fewer, 4).tolist() == [False, True, False, False]
    other = events(columns(0, 1, 1, 3), columns(2, 5, 7, 9))
    assert cases_apart(one, other, 4).tolist() == [False, True, False, False]
    moved = events(columns(0, 1, 2, 3), columns(2, 5, 6, 9))
    assert cases_apart(one, moved, 4).tolist() == [False, True, True, False]
    with pytest.raises(Untold):
        cases_apart(object(), object(), 4)
