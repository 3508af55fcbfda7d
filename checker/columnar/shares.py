"""A table of event rows in shares: stretches of whole tickets that can be read one without the other, by whichever process.

Where shares end depends on the file alone, so that a run that goes on with what another one did finds the same ones.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np

from checker.columnar.possible import Ints

GRAIN: Final = 1 << 13
"""A share may end about every so many rows."""
MOST: Final = 1 << 18
"""About so many rows has a share at most: what is held of it fits the nearer memory."""
FEWEST: Final = 1 << 18
"""A table of fewer rows is not divided."""
MOST_BYTES: Final = 16 << 20
"""About so many bytes of lines has a share at least, unless the file is small."""
FEWEST_BYTES: Final = 16 << 20
"""A file of lines with fewer is not divided."""
PIECES: Final = 8
"""Into about so many shares a table is divided at least."""


class Share(NamedTuple):
    """Rows from `begin` up to, not including, `end` (from 0), of the tickets from `first` up to `last`."""

    begin: int
    end: int
    first: int
    last: int


class LineShare(NamedTuple):
    """Bytes of a file of lines from `begin` up to, not including, `end`: whole lines, from the number `line` on."""

    begin: int
    end: int
    line: int


def worth(rows: int, size: int) -> bool:
    """Whether so many rows of tables, and so many bytes of lines, are divided."""
    return rows / FEWEST + size / FEWEST_BYTES >= 1


def line_shares(starts: Sequence[tuple[int, int]], size: int) -> list[LineShare]:
    """The shares of a file of so many bytes, where there is more than one. `starts`: of its blocks, the first byte and the first line."""
    if size < FEWEST_BYTES:
        return []
    most = min(MOST_BYTES, size // PIECES)
    out: list[LineShare] = []
    first = starts[0]
    for begin in [*starts[1:], (size, 0)]:
        if begin[0] == size or begin[0] - first[0] >= most:
            out.append(LineShare(first[0], begin[0], first[1]))
            first = begin
    return out if len(out) > 1 else []


class Cuts:
    """Where tickets begin among the rows of a table whose rows stand ticket by ticket, about every `GRAIN` rows."""

    def __init__(self) -> None:
        self._rows: list[int] = [0]
        self._tickets: list[int] = [0]
        self.rows = 0
        self.tickets = 0

    def add(self, counts: Ints, goes_on: bool) -> None:
        """The next tickets, by their numbers of rows. `goes_on`: the first is the last of those before."""
        ends = self.rows + np.cumsum(counts)
        starts = ends - counts
        first = int(goes_on)
        if len(counts) > first:
            self._cut(starts[first:], np.arange(self._rows[-1] + GRAIN, int(ends[-1]), GRAIN))
        self.tickets += len(counts) - first
        self.rows = int(ends[-1]) if len(counts) else self.rows

    def _cut(self, starts: Ints, wanted: Ints) -> None:
        """Note where the first ticket begins from each of these rows on, of those that begin at `starts`."""
        found = np.unique(np.searchsorted(starts, wanted))
        for k in found[found < len(starts)].tolist():
            self._rows.append(int(starts[k]))
            self._tickets.append(self.tickets + k)

    def shares(self, groups: Sequence[int]) -> list[Share]:
        """The shares, where there is more than one. `groups`: the rows of the row groups of the file, which are best read whole."""
        if self.rows < FEWEST:
            return []
        ends = (bisect_left(self._rows, end) for end in _ends(groups, min(MOST, -(-self.rows // PIECES))))
        cuts = sorted({0, *(k for k in ends if k < len(self._rows))})
        if len(cuts) < 2:
            return []
        rows = [*(self._rows[k] for k in cuts), self.rows]
        tickets = [*(self._tickets[k] for k in cuts), self.tickets]
        return [Share(*both, *of) for both, of in zip(pairwise(rows), pairwise(tickets), strict=True)]


def _ends(groups: Sequence[int], most: int) -> Iterator[int]:
    """The rows at which shares are to end: with row groups, together while they are small, and in the midst of those that are large."""
    start = at = 0
    for rows in groups:
        if at > start and at + rows - start > most:
            yield at
            start = at
        pieces = -(-rows // most)
        for k in range(1, pieces):
            start = at + rows * k // pieces
            yield start
        at += rows


def stints(shares: Sequence[Share], groups: Sequence[int], least: int) -> list[range]:
    """The shares by number, in stretches that are best read in one go: those of a row group; but at least so many stretches."""
    of = np.searchsorted(np.cumsum(groups), [share.begin for share in shares], "right")
    edges = [0, *(np.flatnonzero(np.diff(of)) + 1).tolist(), len(shares)]
    found = [range(*both) for both in pairwise(edges)]
    pieces = -(-least // len(found))
    cut = (
        [stint[len(stint) * k // pieces : len(stint) * (k + 1) // pieces] for k in range(pieces)]
        for stint in found
    )
    return [part for parts in cut for part in parts if part]
