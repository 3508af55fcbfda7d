"""What silence proves, as columns: where the absence of events proves nothing, because their record is missing or has a gap."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from checker.columnar.possible import Bools, Ints
from checker.columnar.table import GapRows, paired
from checker.columnar.world import Columns
from checker.interpret.possible import EVER
from dsl import contract as ir


class Silence(NamedTuple):
    """For each stretch asked about: `gone`, where no log would show such events at all; `gap`, where a gap may hide them."""

    gone: Bools
    gap: Bools

    @property
    def any(self) -> Bools:
        """Where silence proves nothing."""
        return self.gone | self.gap


def bases(world: Columns, name: str) -> tuple[str, ...]:
    """The vocabulary's events that a name can stand for, as the readings make it."""
    definition = world.book.events.get(name)
    if definition is None:
        return (name,)
    return tuple(
        b
        for x in world.lines(definition.lines)
        if isinstance(x, ir.Means)
        for e in x.events
        for b in bases(world, e)
    )


def silence(
    world: Columns, names: Iterable[str], case: Ints, lo: Ints | int, hi: Ints | int
) -> Silence | None:
    """Why the absence of all these events between lo and hi proves nothing, for occasions given by their cases.

    None where it is evidence everywhere.
    """
    asked = [b for name in names for b in bases(world, name)]
    if world.table.whole:
        return None
    n = len(case)
    gone, gap = np.zeros(n, bool), np.zeros(n, bool)
    until = np.minimum(hi, world.now)
    for base in dict.fromkeys(asked):
        word = world.book.words.get(base)
        since = np.maximum(lo, world.table.birth[case]) if word is not None and word.level == "ticket" else lo
        held = np.broadcast_to(since <= until, (n,))
        lost = _gone(world, base)
        missing = held & lost[case] if lost is not None else np.zeros(n, bool)
        gone |= missing
        found = gaps_of(world, (base,))
        if found is not None:
            gap |= held & ~missing & overlaps(found, case, since, until)
    return Silence(gone, gap) if gone.any() or gap.any() else None


def _gone(world: Columns, base: str) -> Bools | None:
    """The cases in which no log would show this event of the vocabulary."""
    word = world.book.words.get(base)
    records = word.records if word is not None else ()
    return world.table.gone(records, base)


def gaps_of(world: Columns, names: Iterable[str]) -> GapRows | None:
    """The gaps that may hide one of these events of the vocabulary: of events of the agreement alone those of its history."""
    words = [world.book.words.get(n) for n in names]
    shared = bool(words) and all(w is not None and w.level == "agreement" for w in words)
    return world.table.gaps(shared)


def overlaps(found: GapRows, case: Ints, lo: Ints | int, hi: Ints | int) -> Bools:
    """Whether some gap of a case meets [lo, hi]."""
    n = len(case)
    pairs = paired(case, found.rows)
    low, high = (np.broadcast_to(x, (n,))[pairs.occasion] for x in (lo, hi))
    return pairs.any((found.of.start[pairs.row] <= high) & (found.of.end[pairs.row] >= low), n)


def first_gap(found: GapRows | None, case: Ints, since: Ints) -> Ints:
    """The start of the earliest gap of each case that ends at or after a second; EVER where there is none."""
    n = len(case)
    out = np.full(n, np.iinfo(np.int64).max)
    if found is not None:
        pairs = paired(case, found.rows)
        counts = found.of.end[pairs.row] >= since[pairs.occasion]
        np.minimum.at(out, pairs.occasion[counts], found.of.start[pairs.row[counts]])
    return np.where(out == np.iinfo(np.int64).max, EVER, out)
