"""The open time of calendars as columns, and how time that is stopped, case by case, is taken out of it."""

from __future__ import annotations

from functools import cached_property
from typing import NamedTuple

import numpy as np

from checker.columnar.possible import Bools, Ints
from checker.columnar.slots import Slots, slots
from checker.interpret.possible import EVER, NEVER, Interval

WIDTH = np.int64(2) ** 35
"""More than every second of a record, and than every length that is counted in it: a case and a second make one number."""
LAST = int(WIDTH) // 2
"""Later than every second that is counted to (the year 2514)."""

_WORTH = 4096
"""Seconds that are looked up in a calendar before its grid is made: a search takes as long for them."""
_CUT = 40 * 86400
"""A window at the edge of an index that is longer than this may be one of a calendar that hardly ever closes."""


class Spells(NamedTuple):
    """Stretches [low, high) of seconds in the order of the cases, in a case disjoint and in order of time; EVER, NEVER at its ends."""

    case: Ints
    low: Ints
    high: Ints


def union(case: Ints, low: Ints, high: Ints) -> Spells:
    """Stretches merged case by case; those that are empty are left out."""
    kept = low < high
    if not kept.all():
        case, low, high = case[kept], low[kept], high[kept]
    later, same = case[1:] > case[:-1], case[1:] == case[:-1]
    if (later | (same & (low[1:] > high[:-1]))).all():
        return Spells(case, low, high)
    if (later | (same & (low[1:] >= high[:-1]))).all():
        # None reaches beyond the next: those that meet are one.
        cut = np.flatnonzero(later | (low[1:] > high[:-1])) + 1
        begins = np.concatenate([np.zeros(1, np.int64), cut])
        ends = np.append(cut - 1, len(case) - 1)
        return Spells(case[begins], low[begins], high[ends])
    if not (later | (same & (low[1:] >= low[:-1]))).all():
        sort = np.lexsort((low, case))
        case, low, high = case[sort], low[sort], high[sort]
    begin, end = case * WIDTH + _in_width(low), case * WIDTH + _in_width(high)
    reached = np.maximum.accumulate(end)
    first = np.ones(len(case), bool)
    first[1:] = begin[1:] > reached[:-1]
    first[1:] |= case[1:] != case[:-1]
    last = np.append(first[1:], True) if len(first) else first
    top = reached[last] - case[last] * WIDTH
    return Spells(case[first], low[first], np.where(top == WIDTH - 1, NEVER, top - 1))


def _in_width(seconds: Ints) -> Ints:
    """Seconds as numbers from 0 (ever) to WIDTH - 1 (never)."""
    return np.where(seconds <= EVER, 0, np.where(seconds >= NEVER, WIDTH - 1, seconds + 1))


class Index:
    """A calendar's open stretches from `low` to `high`, in order and disjoint, with how much was open before each."""

    def __init__(self, found: list[Interval], low: int, high: int) -> None:
        # A window that the bounds cut would lie on no grid: the index begins and ends beside it.
        if found and found[0][0] == low and found[0][1] - low < _CUT:
            low, found = found[0][1], found[1:]
        if found and found[-1][1] == high and high - found[-1][0] < _CUT:
            high, found = found[-1][0], found[:-1]
        self.low, self.high = low, high
        self._last_start: tuple[Ints, Ints] | None = None
        self.opens = np.array([a for a, _ in found], np.int64)
        self.closes = np.array([b for _, b in found], np.int64)
        lengths = self.closes - self.opens
        self.through = np.cumsum(lengths)
        self.before = self.through - lengths
        self._asked = 0

    @cached_property
    def _grid(self) -> Slots | None:
        return slots(self.opens, self.closes)

    def _slots(self, t: Ints) -> Slots | None:
        """The grid, once so many seconds were asked about that it is worth its memory: agreements may each have hours of their own."""
        if self._asked < _WORTH:
            self._asked += len(t)
            if self._asked < _WORTH:
                return None
        return self._grid

    def prefix(self, t: Ints) -> Ints:
        """Open seconds from the start of the index to t."""
        if (grid := self._slots(t)) is not None:
            return grid.prefix(t)
        if not len(self.opens):
            return np.zeros(len(t), np.int64)
        i = np.searchsorted(self.opens, t, "right") - 1
        k = np.maximum(i, 0)
        return np.where(i >= 0, self.before[k] + np.minimum(t, self.closes[k]) - self.opens[k], 0)

    def until(self, start: Ints) -> Ints:
        """The same of the starts of occasions: found once for limits of several lengths and clocks. Nobody writes to either."""
        known = self._last_start
        if known is None or known[0] is not start:
            known = self._last_start = start, self.prefix(start)
        return known[1]

    def reached(self, target: Ints) -> Ints:
        """The least instant with so many open seconds from the start of the index; NEVER where the index ends before."""
        if (grid := self._slots(target)) is not None:
            return grid.reached(target, NEVER)
        if not len(self.opens):
            return np.full(len(target), NEVER, np.int64)
        i = np.searchsorted(self.through, target, "left")
        k = np.minimum(i, len(self.through) - 1)
        return np.where(i >= len(self.through), NEVER, self.opens[k] + target - self.before[k])

    def retreat(self, end: Ints, seconds: int) -> Ints:
        """The greatest instant with so many (> 0) open seconds until `end`; before `low` where the index begins later."""
        target = self.prefix(end) - seconds
        if not len(self.opens):
            return np.full(len(end), self.low - 1, np.int64)
        i = np.minimum(np.searchsorted(self.through, target, "right"), len(self.through) - 1)
        return np.where(target < 0, self.low - 1, self.opens[i] + target - self.before[i])

    def open_at(self, t: Ints) -> Bools:
        """Whether the calendar is open at t."""
        if (grid := self._slots(t)) is not None:
            return grid.open_at(t)
        if not len(self.opens):
            return np.zeros(len(t), bool)
        i = np.searchsorted(self.opens, t, "right") - 1
        return (i >= 0) & (t < self.closes[np.maximum(i, 0)])


class Elapsed:
    """The clock that never closes, as an index."""

    low, high = 0, LAST

    def prefix(self, t: Ints) -> Ints:
        """Every second counts."""
        return t

    until = prefix

    def reached(self, target: Ints) -> Ints:
        """So many seconds later."""
        return target

    def retreat(self, end: Ints, seconds: int) -> Ints:
        """So many seconds earlier."""
        return end - seconds

    def open_at(self, t: Ints) -> Bools:
        """Always."""
        return np.ones(len(t), bool)


class Counted(NamedTuple):
    """When so much was counted, and where it never will be, because the clock stands still for ever before."""

    at: Ints
    halted: Bools


class Track:
    """A calendar's open time less the stretches, case by case, in which the clock stands still.

    What is counted up to the start of a stretch never falls from one stretch of a case to the next: one search finds
    the stretches that come before so much is counted.
    """

    def __init__(self, index: Index | Elapsed, spells: Spells) -> None:
        self.index = index
        self._last_start: tuple[Ints, Ints, Ints] | None = None
        self.case = spells.case
        self.endless = (spells.high >= NEVER) & (spells.low < index.high)
        self.low, self.high = (_clipped(x, index.low, index.high) for x in (spells.low, spells.high))
        self.opened = index.prefix(self.low)
        self.stopped = index.prefix(self.high) - self.opened
        self.cases = int(self.case[-1]) + 1 if len(self.case) else 0
        # By case its first stretch, -1 for none. Of what is written to one place several times the last stays.
        self.begins = np.full(self.cases + 1, -1, np.int64)
        self.begins[self.case[::-1]] = np.arange(len(self.case) - 1, -1, -1, dtype=np.int64)
        # Of each stretch, what its case stood still for before it, and what was counted until then.
        earlier = np.cumsum(self.stopped)
        earlier -= self.stopped
        self.before = earlier - earlier[self.begins[self.case]]
        self.counted = self.opened - self.before

    @cached_property
    def _first(self) -> Ints:
        """By case the start of its first stretch; NEVER for none, as for every case beyond the last that has one."""
        out = np.full(self.cases + 1, NEVER, np.int64)
        out[self.case[::-1]] = self.low[::-1]
        return out

    @cached_property
    def _counted_keys(self) -> Ints:
        keys: Ints = self.case * WIDTH + self.counted
        return keys

    @cached_property
    def _start_keys(self) -> Ints:
        keys: Ints = self.case * WIDTH + self.low
        return keys

    def _last(self, keys: Ints, case: Ints, seconds: Ints, side: str) -> tuple[Ints, Bools]:
        """The last stretch of each case whose key lies before so many seconds, and whether there is one."""
        wanted = case * WIDTH + np.clip(seconds, 0, WIDTH - 1)
        found = np.searchsorted(keys, wanted, "left" if side == "left" else "right") - 1
        first = self.begins[np.minimum(case, self.cases)]
        return np.maximum(found, 0), (first >= 0) & (found >= first)

    def stood(self, case: Ints, t: Ints) -> Ints | int:
        """Open seconds from the start of the index to t for which the clock of a case stood still."""
        # Occasions mostly begin before anything stops.
        if not len(self.case) or (t <= self._first[np.minimum(case, self.cases)]).all():
            return 0
        k, some = self._last(self._start_keys, case, t, "right")
        here = self.index.prefix(np.minimum(t, self.high[k])) - self.opened[k]
        return np.where(some, self.before[k] + here, 0)

    def measure(self, case: Ints, a: Ints, b: Ints) -> Ints:
        """Seconds counted in [a, b), for a <= b."""
        open_ = self.index.prefix(b) - self.index.prefix(a)
        return open_ - (self.stood(case, b) - self.stood(case, a))

    def _counted_until(self, case: Ints, start: Ints) -> Ints:
        """Seconds counted from the start of the index; found once for limits of several lengths from one start."""
        known = self._last_start
        if known is None or known[0] is not case or known[1] is not start:
            counted, stood = self.index.until(start), self.stood(case, start)
            counted = counted if isinstance(stood, int) else counted - stood
            known = self._last_start = case, start, counted
        return known[2]

    def add(self, case: Ints, start: Ints, seconds: int) -> Counted:
        """The least instants with so many (> 0) seconds counted since `start`."""
        target = self._counted_until(case, start) + seconds
        if not len(self.case):
            return Counted(self.index.reached(target), np.zeros(len(start), bool))
        if self._each_once(case):
            # The stretches that come before so much is counted; the last of a case stays.
            here = np.flatnonzero(self.counted < target[self.case])
            of, halted = self.case[here], np.zeros(len(start), bool)
            stood = np.zeros(len(start), np.int64)
            stood[of] = self.before[here] + self.stopped[here]
            if self.endless.any():
                halted[of] = self.endless[here]
        else:
            k, some = self._last(self._counted_keys, case, target, "left")
            stood, halted = (self.before[k] + self.stopped[k]) * some, some & self.endless[k]
        target += stood
        return Counted(self.index.reached(target), halted)

    def _each_once(self, case: Ints) -> bool:
        """Whether occasions are those of every case that has a stretch, each once: occasion 0 that of case 0, and so on."""
        n = len(case)
        return n >= self.cases and case[0] == 0 and case[-1] == n - 1 and bool((case[1:] > case[:-1]).all())


def _clipped(seconds: Ints, low: int, high: int) -> Ints:
    """Seconds within bounds; the column itself where all are."""
    within = not len(seconds) or (seconds.min() >= low and seconds.max() <= high)
    return seconds if within else seconds.clip(low, high)


__all__ = ["LAST", "WIDTH", "Counted", "Elapsed", "Index", "Spells", "Track", "union"]
