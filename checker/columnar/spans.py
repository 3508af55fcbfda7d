"""What lasts, as columns: whether moments lie in a state or an entry of a fact, and when a clock stands still."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import states
from checker.columnar.opening import Spells, union
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    at,
    before,
    conjunction,
    doubtful,
    negation,
    no_later,
    precedes,
)
from checker.columnar.silence import Silence, bases, gaps_of
from checker.columnar.table import Rows, paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import spans as rules
from checker.interpret.possible import EVER, NEVER
from checker.interpret.world import Frame as One
from dsl import contract as ir


def in_state(world: Columns, name: str, moment: Moments, frame: Frame) -> Truths:
    """Whether moments lie in a state."""
    found = states.stretches(world, name)
    pairs = paired(frame.case, found.of)
    here, order = moment.take(pairs.occasion), world.table.order
    inside = conjunction(
        [
            found.truth.take(pairs.row),
            negation(precedes(here, found.start.take(pairs.row), order)),
            precedes(here, found.end.take(pairs.row), order),
        ]
    )
    n = frame.n
    yes = pairs.any(inside.yes, n)
    open_ = pairs.any(inside.open, n) if inside.open is not None else np.zeros(n, bool)
    missing = pairs.any(inside.missing, n) if inside.missing is not None else np.zeros(n, bool)
    if states.lasting(world, name):
        missing = missing | states.silent_until(world, name, frame.case, moment.hi)
    return doubtful(yes, ~yes & ~open_ & ~missing, open_, missing)


# --------------------------------------------------------------------------- stretches for which a clock stands still
class Stops(NamedTuple):
    """When a clock stands still, case by case: surely, and perhaps (what is sure included); by case, why that is in doubt.

    `apart`: the cases in which the two differ. `until`: from when on it perhaps stands still for ever, NEVER where its stops
    end. `key`: the states that stop it.
    """

    sure: Spells
    perhaps: Spells
    apart: Bools
    open: Bools
    missing: Bools
    until: Ints
    key: tuple[tuple[str, ...], tuple[str, ...]]


def stops(world: Columns, names: tuple[str, ...], less: tuple[str, ...] = ()) -> Stops:
    """When a clock stands still in some states, and (`less`) in those that its calendar leaves out."""
    return world.once(("stops", names, less), lambda: _stops(world, names, less))


def _stops(world: Columns, names: tuple[str, ...], less: tuple[str, ...]) -> Stops:
    n = len(world.table)
    open_, missing, apart = (np.zeros(n, bool) for _ in range(3))
    sure: list[tuple[Ints, Ints, Ints]] = []
    perhaps: list[tuple[Ints, Ints, Ints]] = []
    for name in (*names, *less):
        found, lost = states.stretches(world, name), states.hidden(world, name)
        yes = found.truth.yes
        sure.append((found.case[yes], found.start.hi[yes], found.end.lo[yes]))
        perhaps.append((found.case, found.start.lo, found.end.hi))
        perhaps += _hidden(world, name, lost)
        apart[found.case[~yes | (found.start.lo != found.start.hi) | (found.end.lo != found.end.hi)]] = True
        if lost is not None:
            apart |= lost.any
        if name not in names:
            # The doubt about a state that a calendar leaves out has no cause in the reference semantics.
            continue
        for part in (found.start, found.end, found.truth):
            if part.open is not None and part.missing is not None:
                open_[found.case[part.open]] = True
                missing[found.case[part.missing]] = True
        if lost is not None:
            missing |= lost.any
    surely = _union(sure)
    possibly = _union([*sure, *perhaps]) if apart.any() else surely
    until = np.full(n, NEVER, np.int64)
    endless = possibly.high >= NEVER
    until[possibly.case[endless]] = possibly.low[endless]
    return Stops(surely, possibly, apart, open_, missing, until, (names, less))


def _union(parts: list[tuple[Ints, Ints, Ints]]) -> Spells:
    case, low, high = (np.concatenate([p[k] for p in parts]) for k in range(3))
    return union(case, low, high)


def _hidden(world: Columns, name: str, lost: Silence | None) -> list[tuple[Ints, Ints, Ints]]:
    """What a missing log, or a known gap, may hide of a state."""
    if lost is None:
        return []
    whole = np.flatnonzero(lost.gone)
    out = [(whole, np.full(len(whole), EVER, np.int64), np.full(len(whole), NEVER, np.int64))]
    ends = [
        n for x in states.lines_of(world, name) if isinstance(x, ir.FromUntil) for n in (*x.start, *x.end)
    ]
    found = gaps_of(world, tuple(b for e in ends for b in bases(world, e)))
    if found is not None:
        gaps = found.of
        mine = lost.gap[gaps.case] & ~lost.gone[gaps.case]
        out.append((gaps.case[mine], gaps.start[mine], gaps.end[mine] + 1))
    return out


class Entries(NamedTuple):
    """The entries of a fact in all agreements, and which may be unknown: the fact is not on record, or an entry is in doubt."""

    of: Rows
    start: Ints
    end: Ints
    start_edge: Bools
    end_edge: Bools
    absent: Bools
    doubtful: Bools


def entries(world: Columns, fact: str) -> Entries:
    """The entries that pass the conditions of a named fact, agreement by agreement."""
    return world.once(("entries", fact), lambda: _entries(world, fact))


def _entries(world: Columns, fact: str) -> Entries:
    found = world.by_agreement(("entries of", fact), lambda w: rules.entries(w, fact, One()))
    rows = [(i, e) for i, each in enumerate(found) for e in each if e.entry is not None]
    counts = (
        np.bincount([i for i, _ in rows], minlength=len(found)) if rows else np.zeros(len(found), np.int64)
    )
    end = np.cumsum(counts)
    doubt = np.zeros(len(found), bool)
    for i, e in rows:
        doubt[i] |= e.truth.value is None or e.start.lo != e.start.hi or e.end.lo != e.end.hi
    return Entries(
        Rows(np.arange(len(rows), dtype=np.int64), end - counts, end),
        np.array([e.start.lo for _, e in rows], np.int64),
        np.array([e.end.lo for _, e in rows], np.int64),
        np.array([e.start.edge for _, e in rows], bool),
        np.array([e.end.edge for _, e in rows], bool),
        np.array([any(e.entry is None for e in each) for each in found], bool),
        doubt,
    )


def in_force(world: Columns, fact: str, moment: Moments, frame: Frame) -> Truths:
    """Whether some entry of a fact holds moments; its entries are those of the agreement alone."""
    if not world.book.static_facts.get(fact, False):
        raise NotColumnar("entries that a ticket chooses")
    found = entries(world, fact)
    of = world.table.agreement[frame.case]
    world.give_up(frame.case, found.doubtful[of])
    pairs = paired(of, found.of)
    here = moment.take(pairs.occasion)
    order = world.table.order
    start, end = found.start[pairs.row], found.end[pairs.row]
    inside = (start > EVER) & (start < NEVER)
    first = np.where(found.start_edge[pairs.row] & inside, start - 1, start)
    covers = conjunction([no_later(at(first), here, order), before(here, at(end), order)])
    n = frame.n
    yes = pairs.any(covers.yes, n)
    absent = found.absent[of]
    unknown = pairs.any(covers.unknown, n) | absent
    open_ = pairs.any(covers.open, n) if covers.open is not None else np.zeros(n, bool)
    missing = pairs.any(covers.missing, n) if covers.missing is not None else np.zeros(n, bool)
    return doubtful(yes, ~yes & ~unknown, open_, missing | absent)
