"""Rows of tickets put in the order of their histories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from checker.columnar.batch import Codes, Encoded
from checker.columnar.possible import Bools, Ints


class Rows(NamedTuple):
    """Events as they stand in a file: their stamps, whether they have a revision, their names, and what they say."""

    at: Ints
    until: Ints
    revised: Bools
    name: Codes | Ints
    names: Sequence[str]
    attributes: Mapping[str, Encoded]

    def take(self, which: Ints | Bools) -> Rows:
        """Some of the rows."""
        return Rows(
            at := self.at[which],
            at if self.until is self.at else self.until[which],
            self.revised[which],
            self.name[which],
            self.names,
            {k: v.take(which) for k, v in self.attributes.items()},
        )


def in_order(rows: Rows, counts: Ints) -> tuple[Rows, Ints]:
    """The rows of each ticket by time, those of one second as they stood; and of each ticket, how many stood out of their place.

    `counts`: how many rows each ticket has; they stand together. Events of one second stand in the order of their revisions already.
    """
    falls = np.zeros(len(rows.at), np.int64)
    falls[1:] = rows.at[1:] < rows.at[:-1]
    starts = np.cumsum(counts) - counts
    falls[starts] = 0
    if not falls.any():
        return rows, np.zeros(len(counts), np.int64)
    of = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
    return rows.take(np.lexsort((rows.at, of))), np.add.reduceat(falls, starts)


def out_of_revision(of: Ints, at: Ints, revised: Bools, revision: Ints) -> Bools:
    """Events of one second of a ticket (`of`) that do not stand in the order of their revisions."""
    order = np.lexsort((at, of))
    of, at, revised, revision = of[order], at[order], revised[order], revision[order]
    falls = (of[1:] == of[:-1]) & (at[1:] == at[:-1]) & (revision[1:] < revision[:-1])
    out = np.zeros(len(of), bool)
    out[order[1:][falls & revised[1:] & revised[:-1]]] = True
    return out
