"""Clocks as columns: the open time of a calendar, less the stretches in which it is stopped.

A calendar less other calendars is laid out as one; the states that a calendar leaves out stop its clock. Where the zone of an
agreement is not on record its calendars count no faster than elapsed time; where the country is not, its calendar of all
countries is asked about each second that occurs.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from functools import partial
from typing import NamedTuple, cast

import numpy as np

from checker.clock.alternatives import MISSING_ZONE, PossibleCalendar
from checker.clock.holidays_data import NoHolidayDataError
from checker.clock.index import HorizonExceeded
from checker.columnar import spans, unplaced
from checker.columnar.agreements import Kept, asked
from checker.columnar.opening import Elapsed, Index, Spells, Track
from checker.columnar.possible import Bools, Ints, Moments, Truths, conjunction, doubtful, known, negation
from checker.columnar.unplaced import YEAR
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import calendars as rules
from checker.interpret.possible import EVER, NEVER, Interval, minus, union
from checker.interpret.world import World
from dsl import contract as ir

_LAST = 4_133_980_800
"""The year 2101, in seconds since 1970: what is due later is as good as never."""
_FAR = 800 * 86400
"""A moment with bounds further apart is not looked up in a calendar."""
_ELAPSED = Elapsed()


class _Group(NamedTuple):
    """Occasions whose agreements count alike: the calendar (None: elapsed time), its open time, the occasions.

    `key` tells the open time from that of other groups. `hours`: None where zone or country is not on record, or the calendar's
    data do not reach as far as the record. `lost`: the place of a calendar that is left out is not on record. `one`: the world of one
    of the agreements.
    """

    key: Hashable
    calendar: PossibleCalendar | None
    hours: Index | Elapsed | None
    which: Ints
    lost: bool = False
    one: World | None = None

    @property
    def unknown(self) -> bool:
        """Whether the zone or the country is not on record."""
        return self.calendar is not None and bool(self.calendar.missing)

    @property
    def zoneless(self) -> bool:
        """Whether the zone is not on record: the calendar then counts no faster than elapsed time."""
        return self.calendar is not None and MISSING_ZONE in self.calendar.missing


# --------------------------------------------------------------------------- calendars of agreements
def left_out(world: Columns, name: str | None) -> tuple[ir.Less, ...]:
    """What a calendar, and those whose hours it takes over, leaves out."""
    out: tuple[ir.Less, ...] = ()
    for line in world.lines(world.book.calendars[name].lines) if name is not None else ():
        if isinstance(line, ir.Less):
            out += (line,)
        elif isinstance(line, ir.AllOf):
            out += left_out(world, line.name)
    return out


def _groups(world: Columns, name: str | None, frame: Frame, *, whole: bool = True) -> Iterator[_Group]:
    """The occasions by calendar; `whole`: less the other calendars that it leaves out."""
    if name is None:
        yield _Group(None, None, _ELAPSED, np.arange(frame.n, dtype=np.int64))
        return
    less = tuple(x.name for x in left_out(world, name) if x.kind == "calendar") if whole else ()

    def signature(one: World) -> Hashable:
        return rules.hours(one, name).calendar.spec, *(_signature(one, other) for other in less)

    for one, which in world.groups(("clock", name, whole), signature, frame.case):
        key = world.asked(one, signature)
        calendar = world.asked(one, lambda w: rules.hours(w, name)).calendar
        lost = any(world.asked(one, partial(_lost, name=n)) for n in less)
        yield _Group(key, calendar, _index(world, one, calendar, less, key), which, lost, one)


def _signature(one: World, name: str) -> Hashable:
    """What decides the hours of a calendar under an agreement."""
    found = rules.hours(one, name)
    if any(x.kind == "state" for x in found.less):
        raise NotColumnar("a calendar less one that a state shortens")
    return found.calendar.spec, *(_signature(one, x.name) for x in found.less)


def _lost(one: World, name: str) -> bool:
    found = rules.hours(one, name)
    return found.calendar.exact is None or any(_lost(one, x.name) for x in found.less)


def _index(
    world: Columns, one: World | None, calendar: PossibleCalendar, less: tuple[str, ...], key: Hashable
) -> Index | Elapsed | None:
    exact = calendar.exact
    if exact is None or (calendar.spec.round_the_clock and not less):
        return None if exact is None else _ELAPSED

    # For the whole table at once, in whole blocks, so that other tables find it, too.
    first, last = world.table.whole_table.span or (world.now, world.now)
    low = (first - 400 * 86400) // YEAR * YEAR
    high = -(-(max(world.now, last) + 1500 * 86400) // YEAR) * YEAR

    def lay_out() -> Kept:
        touched: set[str] = set()
        try:
            holes: list[Interval] = []
            for other in less:
                assert one is not None
                found, more = asked(one, partial(rules.open_intervals, name=other, lo=low, hi=high))
                holes, touched = holes + found[0], touched | more
            return Index(minus(exact.open_intervals(low, high), union(holes)), low, high), frozenset(touched)
        except (NoHolidayDataError, HorizonExceeded):
            return None, frozenset(touched)

    index, touched = world.agreements.once(("index", key, low, high), lay_out)
    world.touched |= touched
    return cast("Index | None", index)


# --------------------------------------------------------------------------- is it open?
def open_at(world: Columns, name: str, moment: Moments, frame: Frame) -> Truths:
    """Whether a calendar is open at moments: at every second that they may be."""
    parts = [_open(world, name, moment, frame)]
    for item in left_out(world, name):
        if item.kind == "calendar":
            parts.append(negation(open_at(world, item.name, moment, frame)))
        else:
            parts.append(negation(spans.in_state(world, item.name, moment, frame)))
    return conjunction(parts)


def _open(world: Columns, name: str, moment: Moments, frame: Frame) -> Truths:
    """The same, whatever the calendar leaves out."""
    n = frame.n
    groups = list(_groups(world, name, frame, whole=False))
    one = groups[0].hours if len(groups) == 1 and moment.certain and not groups[0].unknown else None
    if isinstance(one, Index) and one.low <= moment.lo.min() and moment.lo.max() < one.high:
        # All agreements have one calendar, and it is known as far as the instants go.
        return known(one.open_at(moment.lo))
    yes, no, lost = np.zeros(n, bool), np.zeros(n, bool), np.zeros(n, bool)
    lo, hi = moment.lo, moment.hi
    exact = (lo == hi) & (lo > EVER) & (lo < NEVER)
    near = ~exact & (lo > EVER) & (hi < NEVER)
    near &= np.where(near, hi, 0) - np.where(near, lo, 0) <= _FAR
    for group in groups:
        here = _mask(group.which, n)
        if group.hours is _ELAPSED:
            yes |= here
        elif group.unknown:
            lost |= here
            _asked_open(world, group, lo, np.flatnonzero(here & exact), yes, no)
        elif group.hours is None:
            world.give_up(frame.case, here)
        else:
            index = group.hours
            world.give_up(frame.case, here & (exact | near) & ((lo < index.low) | (hi >= index.high)))
            sure, many = np.flatnonzero(here & exact), np.flatnonzero(here & near)
            yes[sure] = index.open_at(lo[sure])
            no[sure] = ~yes[sure]
            counted = index.prefix(hi[many] + 1) - index.prefix(lo[many])
            yes[many], no[many] = counted == hi[many] + 1 - lo[many], counted == 0
    open_, missing = moment.causes(n)
    return doubtful(yes, no, open_ & ~exact, (missing & ~exact) | lost)


def _asked_open(world: Columns, group: _Group, lo: Ints, exact: Ints, yes: Bools, no: Bools) -> None:
    """Whether a calendar of an unknown place is open at instants, so far as all that it may be agree."""
    assert group.calendar is not None
    seconds, back = np.unique(lo[exact], return_inverse=True)
    said = unplaced.opened(world, group.calendar, seconds)
    yes[exact] = np.array([s is True for s in said], bool)[back]
    no[exact] = np.array([s is False for s in said], bool)[back]


def _mask(which: Ints, n: int) -> Bools:
    out = np.zeros(n, bool)
    out[which] = True
    return out


# --------------------------------------------------------------------------- running a clock
class _Run(NamedTuple):
    """The bounds within which a clock has counted so much, and why they are apart."""

    lo: Ints
    hi: Ints
    open: Bools
    missing: Bools


def run(world: Columns, clock: ir.Clock, seconds: int, base: Moments, back: bool, frame: Frame) -> Moments:
    """The end of so many seconds on a clock, for both bounds of the start."""
    swift = None if back else _swift(world, clock, seconds, base, frame)
    if swift is not None:
        return swift
    lo, hi, open_, missing = _run(world, clock, seconds, base.lo, back, frame)
    if not base.certain:
        second = _run(world, clock, seconds, base.hi, back, frame)
        apart = base.lo != base.hi
        hi = np.where(apart, second.hi, hi)
        open_, missing = open_ | (second.open & apart), missing | (second.missing & apart)
    elif not open_.any() and not missing.any() and (lo == hi).all():
        return Moments(lo, lo)
    o, m = base.causes(frame.n)
    # What comes to one second is known, whatever led to it.
    known = (lo == hi) & (lo > EVER) & (lo < NEVER)
    return Moments(lo, hi, (open_ | o) & ~known, (missing | m) & ~known)


def _swift(world: Columns, clock: ir.Clock, seconds: int, base: Moments, frame: Frame) -> Moments | None:
    """The same where all agreements count alike and nothing is in doubt but when a stop ends; None where it is otherwise."""
    start = base.lo
    if not base.certain or not seconds or not frame.n or start.min() <= EVER or start.max() >= NEVER:
        return None
    if clock.calendar is None and not clock.stopped:
        end = start + seconds
        return Moments(end, end) if end.max() <= _LAST else None
    groups = list(_groups(world, clock.calendar, frame))
    stops, holes = _stops(world, clock)
    index = groups[0].hours
    plain = len(groups) == 1 and not groups[0].unknown and not groups[0].lost and not holes
    if not plain or index is None or start.min() < index.low or start.max() >= index.high:
        return None
    key = groups[0].key
    lo, halted = _track(world, key, index, stops, "sure").add(frame.case, start, seconds)
    if halted.any() or lo.max() > _LAST:
        return None
    doubt = np.flatnonzero(stops.apart[frame.case]) if stops is not None else start[:0]
    if stops is None or not len(doubt):
        return Moments(lo, lo)
    mine = frame.case[doubt]
    late, endless = _track(world, key, index, stops, "perhaps").add(mine, start[doubt], seconds)
    if (late[~endless] > _LAST).any():
        return None
    hi, open_, missing = lo.copy(), np.zeros(frame.n, bool), np.zeros(frame.n, bool)
    hi[doubt] = np.where(endless, NEVER, late)
    open_[doubt], missing[doubt] = stops.open[mine], stops.missing[mine]
    apart = lo != hi
    return Moments(lo, hi, open_ & apart, missing & apart)


def _run(world: Columns, clock: ir.Clock, seconds: int, start: Ints, back: bool, frame: Frame) -> _Run:
    n = frame.n
    timed = (start > EVER) & (start < NEVER)
    out = _Run(start.copy(), start.copy(), np.zeros(n, bool), np.zeros(n, bool))
    if clock.calendar is None and (back or not clock.stopped):
        # Counted back, elapsed time is never stopped.
        out.lo[timed] += -seconds if back else seconds
        out.hi[:] = out.lo
    else:
        for group in _groups(world, clock.calendar, frame):
            mine = group._replace(which=group.which[timed[group.which]])
            if back:
                _back(world, clock, seconds, start, mine, frame, out)
            else:
                _ahead(world, clock, seconds, start, mine, frame, out)
    never = timed & (out.lo > _LAST)
    if never.any():
        out.lo[never] = out.hi[never] = NEVER
        out.open[never] = out.missing[never] = False
    return out


def _back(
    world: Columns, clock: ir.Clock, seconds: int, start: Ints, group: _Group, frame: Frame, out: _Run
) -> None:
    """Counted back: no state stops the clock, and a calendar that leaves something out cannot be counted back."""
    which, index = group.which, group.hours
    if group.unknown or left_out(world, clock.calendar):
        out.lo[which], out.hi[which] = EVER, start[which] - seconds
        out.missing[which] = True
    elif index is None:
        world.give_up(frame.case, _mask(which, frame.n))
    elif seconds:
        found = index.retreat(start[which], seconds)
        beyond = (start[which] >= index.high) | (start[which] < index.low) | (found < index.low)
        world.give_up(frame.case, _mask(which[beyond], frame.n))
        out.lo[which] = out.hi[which] = found


def _ahead(
    world: Columns, clock: ir.Clock, seconds: int, start: Ints, group: _Group, frame: Frame, out: _Run
) -> None:
    which = group.which
    stops, holes = _stops(world, clock)
    if group.unknown and not group.zoneless and not holes and stops is None:
        _asked_run(world, group, seconds, start, frame, out)
        return
    index = _ELAPSED if group.zoneless else group.hours
    if index is None or (group.unknown and holes):
        world.give_up(frame.case, _mask(which, frame.n))
        return
    key = None if group.zoneless else group.key
    case, since = frame.case[which], start[which]
    lo = hi = since
    halted = np.zeros(len(which), bool)
    if seconds:
        lo, halted = _track(world, key, index, stops, "sure").add(case, since, seconds)
        world.give_up(frame.case, _mask(which[(since < index.low) | (since >= index.high)], frame.n))
        # Beyond the index the interpreter knows more.
        world.give_up(frame.case, _mask(which[(lo >= NEVER) & ~halted], frame.n))
    if group.zoneless:
        hi = np.full(len(which), NEVER, np.int64) if seconds else since
        out.missing[which] = True
    elif seconds:
        hi = lo
        # Only where a stop is in doubt does the latest end differ.
        doubt = np.flatnonzero(stops.apart[case]) if stops is not None else which[:0]
        if len(doubt):
            latest, endless = _track(world, key, index, stops, "perhaps").add(
                case[doubt], since[doubt], seconds
            )
            unknown = (latest >= NEVER) & ~endless & ~halted[doubt]
            world.give_up(frame.case, _mask(which[doubt[unknown]], frame.n))
            hi = lo.copy()
            hi[doubt] = np.where(endless, NEVER, latest)
    if stops is not None:
        # A clock that stands still when its time would be up has no end yet.
        hi = np.where(since > stops.until[case], NEVER, hi) if not seconds else hi
        apart = lo != hi
        out.open[which] |= stops.open[case] & apart
        out.missing[which] |= stops.missing[case] & apart
    out.missing[which] |= group.lost & (lo != hi)
    # One that surely stands still for ever counts no more: what it would come to is not known at all.
    out.lo[which], out.hi[which] = np.where(halted, since, lo), np.where(halted, NEVER, hi)
    out.open[which] &= ~halted
    out.missing[which] |= halted
    out.missing[which] &= out.lo[which] != out.hi[which]


def _asked_run(world: Columns, group: _Group, seconds: int, start: Ints, frame: Frame, out: _Run) -> None:
    """The bounds of a calendar of an unknown country, for each second that occurs."""
    calendar, which = group.calendar, group.which
    if not len(which):
        return
    assert calendar is not None
    once, back = np.unique(start[which], return_inverse=True)
    lo, hi, told = unplaced.ends(world, calendar, once, seconds)
    world.give_up(frame.case, _mask(which[~told[back]], frame.n))
    out.lo[which], out.hi[which] = lo[back], np.minimum(hi[back], NEVER)
    out.missing[which] = lo[back] != hi[back]


def _stops(world: Columns, clock: ir.Clock) -> tuple[spans.Stops | None, bool]:
    """When a clock stands still (None: it never does), and whether its calendar leaves other calendars out."""
    less = left_out(world, clock.calendar)
    states = tuple(sorted({x.name for x in less if x.kind == "state"}))
    stops = spans.stops(world, clock.stopped, states) if clock.stopped or states else None
    return stops, any(x.kind == "calendar" for x in less)


def _track(
    world: Columns, key: Hashable, index: Index | Elapsed, stops: spans.Stops | None, which: str
) -> Track:
    if stops is None:
        none = np.zeros(0, np.int64)
        return world.once(("track", key), lambda: Track(index, Spells(none, none, none)))
    names, less = stops.key

    def make() -> Track:
        # Asked for again, so that what the states consulted counts for the track, too.
        found = spans.stops(world, names, less)
        return Track(index, found.sure if which == "sure" else found.perhaps)

    return world.once(("track", key, stops.key, which), make)


# --------------------------------------------------------------------------- how much was counted
def counted(world: Columns, clock: ir.Clock | None, a: Ints, b: Ints, frame: Frame) -> tuple[Ints, Bools]:
    """Seconds that a clock counts in [a, b), for a <= b; and where they are known exactly."""
    if clock is None or (clock.calendar is None and not clock.stopped):
        return b - a, np.ones(frame.n, bool)
    out, known = np.zeros(frame.n, np.int64), np.ones(frame.n, bool)
    stops, holes = _stops(world, clock)
    for group in _groups(world, clock.calendar, frame):
        which = group.which[a[group.which] < b[group.which]]
        if group.unknown and not group.zoneless and not holes and stops is None:
            out[which], known[which] = _asked_counted(group, a[which], b[which])
            continue
        index = _ELAPSED if group.zoneless else group.hours
        if index is None or (group.unknown and holes):
            world.give_up(frame.case, _mask(which, frame.n))
            continue
        key = None if group.zoneless else group.key
        case, low, high = frame.case[which], a[which], b[which]
        world.give_up(frame.case, _mask(which[(low < index.low) | (high > index.high)], frame.n))
        most = _track(world, key, index, stops, "sure").measure(case, low, high)
        least = np.zeros(len(which), np.int64)
        if not group.zoneless:
            least = most.copy()
            doubt = np.flatnonzero(stops.apart[case]) if stops is not None else which[:0]
            if len(doubt):
                perhaps = _track(world, key, index, stops, "perhaps")
                least[doubt] = perhaps.measure(case[doubt], low[doubt], high[doubt])
        out[which], known[which] = most, most == least
    return out, known


def _asked_counted(group: _Group, a: Ints, b: Ints) -> tuple[Ints, Bools]:
    """The same for a calendar of an unknown country, each pair of instants that occurs on its own."""
    assert group.calendar is not None
    pairs, back = np.unique(np.stack([a, b]), axis=1, return_inverse=True)
    found = [group.calendar.measure(int(x), int(y)) for x, y in pairs.T]
    least, most = (np.array([f[k] for f in found], np.int64)[back.reshape(-1)] for k in (0, 1))
    return most, least == most


__all__ = ["counted", "left_out", "open_at", "run"]


def open_spells(world: Columns, name: str, lo: Ints, hi: Ints, frame: Frame) -> tuple[Spells, Bools]:
    """The open time of a calendar in [lo, hi) of each occasion, whatever states it leaves out; and where its zone or country, or that of
    a calendar that it leaves out, is not on record (then: as if there were no holidays).
    """
    parts: list[tuple[Ints, Ints, Ints]] = [(np.zeros(0, np.int64),) * 3]
    missing = np.zeros(frame.n, bool)
    for group in _groups(world, name, frame):
        mine = group.which[lo[group.which] < hi[group.which]]
        hours = group.hours if not group.unknown else _as_if_known(world, group, name)
        missing[mine] = group.unknown or group.lost
        if hours is None:
            world.give_up(frame.case[mine], np.ones(len(mine), bool))
        elif isinstance(hours, Elapsed):
            parts.append((mine, lo[mine], hi[mine]))
        else:
            world.give_up(frame.case[mine], (lo[mine] < hours.low) | (hi[mine] > hours.high))
            parts.append(_laid_out(hours, mine, lo[mine], hi[mine]))
    of, low, high = (np.concatenate([p[k] for p in parts]) for k in range(3))
    order = np.lexsort((low, of))
    return Spells(of[order], low[order], high[order]), missing


def _as_if_known(world: Columns, group: _Group, name: str) -> Index | Elapsed | None:
    """The hours of a calendar whose zone or country is not on record, as they are laid out in the place of what is not known."""
    assert group.calendar is not None
    less = tuple(x.name for x in left_out(world, name) if x.kind == "calendar")
    stand_in = rules.without_place(group.calendar)
    return _index(world, group.one, stand_in, less, ("as if known", group.key))


def _laid_out(index: Index, of: Ints, lo: Ints, hi: Ints) -> tuple[Ints, Ints, Ints]:
    begin = np.searchsorted(index.closes, lo, "right")
    counts = np.searchsorted(index.opens, hi, "left") - begin
    who = np.repeat(np.arange(len(of)), counts)
    within = np.arange(len(who)) - np.repeat(np.cumsum(counts) - counts, counts)
    k = np.repeat(begin, counts) + within
    return of[who], np.maximum(index.opens[k], lo[who]), np.minimum(index.closes[k], hi[who])
