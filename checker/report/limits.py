"""What the limit of a clause is, where it is one length on a clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple, TypeVar

from dsl import contract as ir

T = TypeVar("T")

_SECONDS = {"second": 1, "minute": 60, "hour": 3600}


class FixedLimit(NamedTuple):
    """A limit in seconds, the calendar in which it is counted (None: real time), and the states that stop its clock."""

    seconds: int
    calendar: str | None
    stopped: tuple[str, ...]


def fixed_limit(clause: ir.Clause, readings: Mapping[str, str]) -> FixedLimit | None:
    """The limit that a clause sets on the readings taken; None where it has none, several, or one that is no length on a clock."""
    found: list[ir.Within] = []
    others = False
    for sentence in lines(clause.sentences, readings):
        if not isinstance(sentence, ir.Perform):
            continue
        for x in lines(sentence.limits, readings):
            if isinstance(x, ir.Within):
                found.append(x)
            elif isinstance(x, ir.Limit | ir.Between):
                others = True
    if len(found) != 1 or others:
        return None
    length = found[0].length
    if not isinstance(length.amount, int) or length.unit not in _SECONDS or length.amount <= 0:
        return None
    clock = found[0].clock
    return FixedLimit(length.amount * _SECONDS[length.unit], clock.calendar, clock.stopped)


def lines(block: Iterable[ir.Line[T]], readings: Mapping[str, str]) -> Iterator[T]:
    """The lines of a block, as the readings make them: the first alternative whose reading is taken stands instead of its line."""
    for line in block:
        taken = next((a for a in line.readings if readings.get(a.ambiguity) == a.reading), None)
        if taken is None:
            yield line.base
        else:
            yield from lines(taken.lines, readings)
