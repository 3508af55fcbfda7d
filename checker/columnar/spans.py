"""States as columns: their stretches in each case, and the stretches for which a clock stands still."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np

from checker.columnar import events
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
from checker.columnar.silence import silence
from checker.columnar.table import Pairs, Rows, paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import spans as rules
from checker.interpret.possible import EVER, NEVER
from checker.interpret.world import Frame as One
from dsl import contract as ir


class Stretches(NamedTuple):
    """The stretches of a state in all cases: the rows that begin them, and the seconds at which they end (NEVER: still running)."""

    begun: Rows
    end: Ints
    ended_by: Ints


def stretches(world: Columns, name: str) -> Stretches:
    """The stretches of a state, in the order of the record."""
    return world.once(("state", name), lambda: _stretches(world, name))


def _stretches(world: Columns, name: str) -> Stretches:
    _give_up_doubt(world, name)
    lines = list(world.lines(world.book.states[name].lines))
    if len(lines) != 1 or not isinstance(lines[0], ir.FromUntil):
        raise NotColumnar("a state that is not simply from one event until another")
    line = lines[0]
    places, begins = [], []
    table = world.table
    for names, begins_it in ((line.end, False), (line.start, True)):
        for event in names:
            of, truth = events.rows(world, event)
            world.give_up(table.case[of.places], truth.unknown)
            places.append(of.places)
            begins.append(np.full(len(of.places), begins_it))
    place, begin = np.concatenate(places), np.concatenate(begins)
    order = np.lexsort((begin, place))
    place, begin = place[order], begin[order]
    case = table.case[place]
    first = np.ones(len(place), bool)
    first[1:] = case[1:] != case[:-1]
    was = np.zeros(len(place), bool)
    was[1:] = begin[:-1]
    was &= ~first
    starts, ends = np.flatnonzero(begin & ~was), np.flatnonzero(~begin & was)
    # Each start is closed by the next end of its case, if there is one.
    following = np.searchsorted(ends, starts, "right")
    k = np.minimum(following, max(len(ends) - 1, 0))
    closed = (following < len(ends)) & (case[ends[k]] == case[starts] if len(ends) else False)
    by = np.where(closed, place[ends[k]] if len(ends) else -1, -1)
    end = np.where(closed, table.order.at[np.maximum(by, 0)] if len(table.order.at) else NEVER, NEVER)
    return Stretches(table.grouped(place[starts]), end, by)


def _give_up_doubt(world: Columns, name: str) -> None:
    """Leave cases to the interpreter in which a mark of the state is rough, or may be lost."""
    table = world.table
    every = np.arange(len(table), dtype=np.int64)
    for line in world.lines(world.book.states[name].lines):
        if not isinstance(line, ir.FromUntil):
            continue
        names = (*line.start, *line.end)
        silent = silence(world, names, every, EVER, world.now)
        if silent is not None:
            world.give_up(every, silent.any)
        for event in names:
            places = events.rows(world, event)[0].places
            world.give_up(table.case[places], table.order.at[places] != table.order.until[places])


class Stops(NamedTuple):
    """Stretches for which a clock stands still, for each occasion: those over, and from when it stands still now (NEVER)."""

    pairs: Pairs
    low: Ints
    high: Ints
    over: Bools
    running: Ints

    def closed(self) -> Stops:
        """Those that are over alone."""
        return self._replace(high=np.where(self.over, self.high, self.low))

    def each(self) -> Iterator[tuple[Ints, Ints]]:
        """The first stretch of every occasion, then the second, …; empty (low = high) where there is none."""
        n = len(self.running)
        if not len(self.pairs.occasion):
            return
        starts = np.flatnonzero(np.diff(self.pairs.occasion, prepend=-1))
        sizes = np.diff(np.append(starts, len(self.pairs.occasion)))
        rank = np.arange(len(self.pairs.occasion)) - np.repeat(starts, sizes)
        for k in range(int(rank.max()) + 1):
            here = rank == k
            low, high = np.full(n, NEVER, np.int64), np.full(n, NEVER, np.int64)
            low[self.pairs.occasion[here]] = self.low[here]
            high[self.pairs.occasion[here]] = self.high[here]
            yield low, high


def stops(world: Columns, names: tuple[str, ...], frame: Frame) -> Stops:
    """The stretches of the states that stop a clock. One that still runs has no end yet."""
    if len(names) != 1:
        raise NotColumnar("a clock that several states stop")
    return world.once(("stops", names, frame.key), lambda: _stops(world, names[0], frame))


def _stops(world: Columns, name: str, frame: Frame) -> Stops:
    found = stretches(world, name)
    pairs = paired(frame.case, found.begun)
    which: Any = pairs.place if pairs.place is not None else slice(None)
    low, high = world.table.order.at[pairs.row], found.end[which]
    running = np.full(frame.n, NEVER, np.int64)
    open_ = high >= NEVER
    running[pairs.occasion[open_]] = low[open_]
    return Stops(pairs, low, np.where(open_, world.now, high), ~open_, running)


def in_state(world: Columns, name: str, moment: Moments, frame: Frame) -> Truths:
    """Whether moments lie in a state."""
    found = stretches(world, name)
    pairs = paired(frame.case, found.begun)
    which: Any = pairs.place if pairs.place is not None else slice(None)
    here = moment.take(pairs.occasion)
    table = world.table
    end = found.end[which]
    by = found.ended_by[which]
    running = end >= NEVER
    ends = Moments(np.where(running, world.now, end), end, running, np.zeros(len(end), bool), row=by)
    if not running.any():
        ends = Moments(end, end, row=by)
    inside = conjunction(
        [
            negation(precedes(here, table.moments(pairs.row), table.order)),
            precedes(here, ends, table.order),
        ]
    )
    n = frame.n
    yes = pairs.any(inside.yes, n)
    unknown = pairs.any(inside.unknown, n)
    open_ = pairs.any(inside.open, n) if inside.open is not None else np.zeros(n, bool)
    missing = pairs.any(inside.missing, n) if inside.missing is not None else np.zeros(n, bool)
    return doubtful(yes, ~yes & ~unknown, open_, missing)


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
