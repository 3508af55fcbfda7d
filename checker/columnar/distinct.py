"""What a rule makes of values, worked out once for each value that occurs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from checker.columnar.possible import Bools, Ints
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns
from checker.record.model import Value

T = TypeVar("T")


def occurring(world: Columns, code: Ints) -> list[int]:
    """The codes that occur, in their order, NOTHING left out."""
    here = np.zeros(len(world.table.dictionary.values) + 1, bool)
    here[code] = True
    return np.flatnonzero(here[:-1]).tolist()


def of_each(
    world: Columns, code: Ints, rule: Callable[[Value], Any], otherwise: Any, kind: DTypeLike
) -> NDArray[Any]:
    """A rule of values at each place, as a column of a kind; `otherwise` where there is no value."""
    out: NDArray[Any] = _table(world, code, rule, otherwise, kind)[code]
    return out


def marked(world: Columns, code: Ints, rule: Callable[[Value], bool]) -> Bools:
    """For each code that occurs, whether its value is as the rule says; false for NOTHING, the last."""
    return _table(world, code, rule, False, bool)


def _table(
    world: Columns, code: Ints, rule: Callable[[Value], Any], otherwise: Any, kind: DTypeLike
) -> NDArray[Any]:
    values = world.table.dictionary.values
    table = np.full(len(values) + 1, otherwise, kind)
    for one in occurring(world, code):
        table[one] = rule(values[one])
    return table


def of_pairs(
    world: Columns,
    left: Ints,
    right: Ints,
    rule: Callable[[Value, Value], Any],
    otherwise: Any,
    kind: DTypeLike,
) -> NDArray[Any]:
    """The same for two values at each place; `otherwise` where one of them is none."""
    values = world.table.dictionary.values
    width = len(values) + 1
    both, back = np.unique((left + 1) * width + right + 1, return_inverse=True)
    out = np.full(len(both), otherwise, kind)
    for i, one in enumerate(both.tolist()):
        a, b = one // width - 1, one % width - 1
        if a != NOTHING and b != NOTHING:
            out[i] = rule(values[a], values[b])
    found: NDArray[Any] = out[back]
    return found


def by_agreement(world: Columns, case: Ints) -> Iterator[tuple[int, Ints]]:
    """Occasions by their agreement, in the order of the agreements."""
    of = world.under[case]
    order = np.argsort(of, kind="stable")
    edges = np.flatnonzero(np.diff(of[order], prepend=-1))
    for index in np.split(order, edges[1:]) if len(order) else ():
        yield int(of[index[0]]), index


__all__ = ["by_agreement", "marked", "occurring", "of_each", "of_pairs"]
