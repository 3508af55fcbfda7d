"""A calendar's open time by direct address: its windows open and close on a grid, so that a second names its slot.

A search through the windows costs many times as much, and is what remains where the grid is too fine.
"""

from __future__ import annotations

import numpy as np

from checker.columnar.possible import Bools, Ints

_MOST = 2**21
"""Slots that a table may have: beyond them it no longer lies in the cache, and a search is as good."""


class Slots:
    """The open seconds before each slot of a grid, whether it is open, and where each slot that is open lies."""

    def __init__(self, opens: Ints, closes: Ints, start: int, width: int, count: int) -> None:
        self.start, self.width, self.count = start, width, count
        change = np.zeros(count + 1, np.int64)
        change[(opens - start) // width] += 1
        change[(closes - start) // width] -= 1
        # The last slot begins where the last window closes, and is closed.
        opened = np.cumsum(change)
        self._open: Bools = opened != 0
        before = np.cumsum(opened * width) - opened * width
        # Open seconds before `since` seconds are `base + open * since`; both in one number, the second in its last bit.
        self._line = ((before - opened * width * np.arange(count + 1)) << 1) | opened
        # A slot of open time, by its number among them: the second at which it begins.
        self.begins = start + np.flatnonzero(opened) * width

    def prefix(self, t: Ints) -> Ints:
        """Open seconds from the first window to t."""
        since = t - self.start
        if len(since) and (since.min() < 0 or since.max() > self.count * self.width):
            since = np.clip(since, 0, self.count * self.width)
        slot = since // self.width
        line = self._line[slot]
        # In place: a column that is made anew costs more than what is reckoned in it.
        np.bitwise_and(line, 1, out=slot)
        slot *= since
        line >>= 1
        line += slot
        return line

    def reached(self, target: Ints, never: int) -> Ints:
        """The least instant with so many (> 0) open seconds since the first window; `never` where there is none."""
        slot = target - 1
        slot //= self.width
        last = len(self.begins) - 1
        if len(slot) and slot.max() <= last and slot.min() >= 0:
            out = self.begins[slot]
            out += target
            slot *= self.width
            out -= slot
            return out
        found = self.begins[np.minimum(slot, last)] + (target - slot * self.width)
        return np.where(slot > last, never, found)

    def open_at(self, t: Ints) -> Bools:
        """Whether it is open at t."""
        since = t - self.start
        if len(since) and since.min() >= 0 and since.max() <= self.count * self.width:
            return self._open[since // self.width]
        slot = np.clip(since // self.width, 0, self.count)
        found: Bools = (since >= 0) & self._open[slot]
        return found


def slots(opens: Ints, closes: Ints) -> Slots | None:
    """The grid of disjoint windows in order; None where there is none, or it is too fine."""
    if not len(opens):
        return None
    start = int(opens[0])
    width = int(np.gcd.reduce(np.concatenate([opens - start, closes - start])))
    count = (int(closes[-1]) - start) // width if width else 0
    return Slots(opens, closes, start, width, count) if 0 < count <= _MOST else None
