"""Clocks as columns: the open time of a calendar, less the stretches in which it is stopped."""

from __future__ import annotations

import numpy as np

from checker.clock.calendar import Calendar, RoundTheClock
from checker.columnar import spans
from checker.columnar.possible import Bools, Ints, Moments
from checker.columnar.slots import slots
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import calendars as rules
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir


class Index:
    """A calendar's open stretches between two instants as columns, with how much was open before each."""

    def __init__(self, calendar: Calendar, low: int, high: int) -> None:
        found = calendar.open_intervals(low, high)
        self.low, self.high = low, high
        self.opens = np.array([a for a, _ in found], np.int64)
        self.closes = np.array([b for _, b in found], np.int64)
        lengths = self.closes - self.opens
        self.through = np.cumsum(lengths)
        self.before = self.through - lengths
        self._slots = slots(self.opens, self.closes)

    def prefix(self, t: Ints) -> Ints:
        """Open seconds from the start of the index to t."""
        if self._slots is not None:
            return self._slots.prefix(t)
        i = np.searchsorted(self.opens, t, "right") - 1
        k = np.maximum(i, 0)
        return np.where(i >= 0, self.before[k] + np.minimum(t, self.closes[k]) - self.opens[k], 0)

    def advance(self, start: Ints, seconds: Ints) -> Ints:
        """The least instant with so many (> 0) open seconds since start; NEVER where the index ends before."""
        target = self.prefix(start) + seconds
        if self._slots is not None:
            return self._slots.reached(target, NEVER)
        i = np.searchsorted(self.through, target, "left")
        beyond = i >= len(self.through)
        k = np.minimum(i, len(self.through) - 1)
        return np.where(beyond, NEVER, self.opens[k] + target - self.before[k])

    def open_at(self, t: Ints) -> Bools:
        """Whether the calendar is open at t."""
        if self._slots is not None:
            return self._slots.open_at(t)
        i = np.searchsorted(self.opens, t, "right") - 1
        return (i >= 0) & (t < self.closes[np.maximum(i, 0)])


class Elapsed:
    """The clock that never closes, as an index."""

    low, high = EVER + 1, NEVER

    def prefix(self, t: Ints) -> Ints:
        """Every second counts."""
        return t

    def advance(self, start: Ints, seconds: Ints) -> Ints:
        """So many seconds later."""
        return start + seconds

    def open_at(self, t: Ints) -> Bools:
        """Always."""
        return np.ones(len(t), bool)


def _index(world: Columns, calendar: Calendar | None) -> Index | Elapsed:
    """The index of a calendar; None counts every second."""
    if calendar is None or isinstance(calendar, RoundTheClock):
        return Elapsed()

    def make() -> Index:
        table = world.table
        low = int(table.order.at.min()) - 400 * 86400 if len(table.order.at) else world.now
        return Index(calendar, low, max(world.now, int(table.order.at.max(initial=low))) + 1500 * 86400)

    return world.once(("index", id(calendar)), make)


def _exact(world: Columns, name: str, frame: Frame) -> list[tuple[Calendar, Bools]]:
    """The calendar of this name for each agreement's occasions; those whose zone or country is unknown are given up."""
    all_hours = world.by_agreement(("hours", name), lambda w: rules.hours(w, name))
    if any(h.less for h in all_hours):
        raise NotColumnar("a calendar less another")
    known: dict[int, Calendar] = {}
    of = np.array([-1 if h.calendar.exact is None else id(h.calendar.exact) for h in all_hours], np.int64)
    for h in all_hours:
        if h.calendar.exact is not None:
            known[id(h.calendar.exact)] = h.calendar.exact
    mine = of[world.table.agreement[frame.case]]
    world.give_up(frame.case, mine < 0)
    return [(calendar, mine == key) for key, calendar in known.items()]


def open_at(world: Columns, name: str, seconds: Ints, frame: Frame) -> Bools:
    """Whether a calendar is open at seconds."""
    out = np.zeros(frame.n, bool)
    for calendar, which in _exact(world, name, frame):
        out[which] = _index(world, calendar).open_at(seconds[which])
    return out


def open_within(world: Columns, name: str, lo: Ints, hi: Ints, frame: Frame) -> tuple[Bools, Bools]:
    """Whether a calendar is open at some second of [lo, hi], and whether at all of them."""
    some, every = np.zeros(frame.n, bool), np.zeros(frame.n, bool)
    for calendar, which in _exact(world, name, frame):
        index = _index(world, calendar)
        a, b = lo[which], hi[which] + 1
        length = index.prefix(b) - index.prefix(a)
        some[which], every[which] = length > 0, length == b - a
    return some, every


def always_open(world: Columns, name: str, frame: Frame) -> Bools:
    """For which occasions the calendar never closes."""
    out = np.zeros(frame.n, bool)
    for calendar, which in _exact(world, name, frame):
        out[which] = isinstance(calendar, RoundTheClock)
    return out


def run(world: Columns, clock: ir.Clock, seconds: int, base: Moments, back: bool, frame: Frame) -> Moments:
    """The end of so many seconds on a clock, for both bounds of the start."""
    if not clock.stopped:
        lo = _run(world, clock, seconds, base.lo, back, frame, None)
        if base.certain:
            return Moments(lo, lo)
        return Moments(lo, _run(world, clock, seconds, base.hi, back, frame, None), base.open, base.missing)
    if back:
        raise NotColumnar("a stopped clock that runs back")
    stops = spans.stops(world, clock.stopped, frame)
    lo = _run(world, clock, seconds, base.lo, back, frame, stops)
    hi = _run(world, clock, seconds, base.hi, back, frame, stops.closed())
    # A clock that stands still when its time would be up has no end yet.
    hi = np.where(hi > stops.running, NEVER, hi)
    if base.certain and (lo == hi).all():
        return Moments(lo, lo)
    open_, missing = base.causes(frame.n)
    return Moments(lo, hi, open_ | ((stops.running < NEVER) & (lo != hi)), missing)


def _run(
    world: Columns,
    clock: ir.Clock,
    seconds: int,
    start: Ints,
    back: bool,
    frame: Frame,
    stops: spans.Stops | None,
) -> Ints:
    inside = (start > EVER) & (start < NEVER)
    if clock.calendar is None and not clock.stopped:
        return np.where(inside, start - seconds if back else start + seconds, start)
    if back:
        raise NotColumnar("a clock that runs back")
    if not seconds:
        return start
    out = start.copy()
    for calendar, which in _clocks(world, clock, frame):
        here = which & inside
        index = _index(world, calendar)
        found = _advance(index, np.where(here, start, index.low), seconds, stops)
        # Beyond the index the interpreter knows more.
        world.give_up(frame.case, here & (found >= index.high))
        out[here] = found[here]
    return out


def _clocks(world: Columns, clock: ir.Clock, frame: Frame) -> list[tuple[Calendar | None, Bools]]:
    """What counts a length for which occasions: calendars, or every second."""
    if clock.calendar is None:
        return [(None, np.ones(frame.n, bool))]
    return [*_exact(world, clock.calendar, frame)]


def _advance(index: Index | Elapsed, start: Ints, seconds: int, stops: spans.Stops | None) -> Ints:
    """When so many seconds are counted since start, outside the stops."""
    left, at = np.full(len(start), seconds, np.int64), start.copy()
    done = np.zeros(len(start), bool)
    for low, high in stops.each() if stops is not None else ():
        a = np.maximum(low, at)
        applies = ~done & (high > at) & (high > low)
        counted = np.where(applies, index.prefix(a) - index.prefix(at), 0)
        done |= applies & (counted >= left)
        go = applies & ~done
        left = np.where(go, left - counted, left)
        at = np.where(go, high, at)
    return index.advance(np.minimum(at, index.high), left)


def counted(world: Columns, clock: ir.Clock | None, a: Ints, b: Ints, frame: Frame) -> Ints:
    """Seconds that a clock counts in [a, b)."""
    if clock is None:
        return b - a
    stops = spans.stops(world, clock.stopped, frame) if clock.stopped else None
    out = np.zeros(frame.n, np.int64)
    for calendar, which in _clocks(world, clock, frame):
        index = _index(world, calendar)
        whole = index.prefix(b) - index.prefix(a)
        for low, high in stops.each() if stops is not None else ():
            lo, hi = np.maximum(low, a), np.minimum(high, b)
            whole = whole - np.where(lo < hi, index.prefix(np.maximum(hi, lo)) - index.prefix(lo), 0)
        out[which] = whole[which]
    return out
