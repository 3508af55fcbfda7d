"""Results that are found once, with what they were found from, and the layers that hold them: one to a choice of readings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from checker.columnar.agreements import Agreements
from checker.columnar.possible import Bools, Ints
from checker.interpret.world import World


class Part(NamedTuple):
    """How a result that has an element to each place is found at some places alone. `case`: the case of each place.

    `on` None: it is only told in which cases it differs from another one. It may raise Untold, where it cannot be told here.
    """

    case: Ints
    on: Callable[[Ints], Any] | None


class Found:
    """A result, with what it was found from.

    `touched`: the ambiguities it consulted, in itself (`own`) or by what it asked for; `turned`: of those one that is read otherwise
    than elsewhere bears on it. `hard`: the cases that it left undecided. `asked`: the keys that it asked for, in their order, None
    where one of them has no result. `compute`, `part`: how it is found again, as a whole and in part. `apart`: of one that is not
    what it is elsewhere the cases in which it may differ, None: in all.
    """

    __slots__ = ("apart", "asked", "compute", "hard", "own", "part", "touched", "turned", "value")

    def __init__(self, value: Any, touched: frozenset[str], hard: Bools | None) -> None:
        self.value, self.touched, self.hard = value, touched, hard
        self.own = touched
        self.asked: tuple[Any, ...] | None = None
        self.compute: Callable[[], Any] | None = None
        self.part: Part | None = None
        self.apart: Bools | None = None
        self.turned = False


class Layer(NamedTuple):
    """What is found on one choice of readings; `turned`: the ambiguity that is read otherwise than recommended or chosen.

    `apart`: by key, in which cases a result that nobody asked for yet may differ from the one on the readings taken.
    """

    readings: Mapping[str, str]
    agreements: Agreements
    times: bool
    results: dict[Any, Found]
    scalar: dict[int, World]
    apart: dict[Any, Bools | None]
    turned: str | None = None


__all__ = ["Found", "Layer", "Part"]
