"""What holds the occasion, as columns: the stretch of a state, the period, the entry of a fact, and their bounds."""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import NamedTuple

import numpy as np

from checker.columnar import entries, states
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    before,
    conjunction,
    doubtful,
    no_later,
)
from checker.columnar.table import Pairs, Rows, paired
from checker.columnar.world import Columns, Entries, Frame, NotColumnar
from checker.interpret import periods
from checker.interpret import spans as rules
from checker.interpret.possible import EVER, NEVER, Causes, Moment
from checker.interpret.world import Frame as One
from checker.interpret.world import World
from dsl import contract as ir


class Held(NamedTuple):
    """The stretch that holds each occasion, where there is `some`; `truth`: whether it is there, and holds it.

    `nothing`: nothing is on record of it, so that its bounds may be any instant.
    """

    start: Moments
    end: Moments
    truth: Truths
    some: Bools
    nothing: Bools

    def take(self, index: Ints) -> Held:
        """What holds some of the occasions."""
        truth = self.truth.take(index)
        return Held(
            self.start.take(index), self.end.take(index), truth, self.some[index], self.nothing[index]
        )


class _Listed(NamedTuple):
    """Stretches with what each belongs to: a case, or an agreement. `own`: the entry that each is, if they are any."""

    of: Rows
    start: Moments
    end: Moments
    truth: Truths
    nothing: Bools
    own: Entries | None = None


class Periods(NamedTuple):
    """Periods, case after case; whether each is there, and the entry that it is, if it is one."""

    case: Ints
    start: Moments
    end: Moments
    truth: Truths
    own: Entries | None


def held(world: Columns, kind: str, name: str, frame: Frame) -> Held:
    """The stretch of a state, the period or the entry of a fact (else its latest) that holds each occasion."""
    return world.once(("holding", kind, name, frame.key), lambda: _held(world, kind, name, frame))


def _held(world: Columns, kind: str, name: str, frame: Frame) -> Held:
    here = world.table.moments(frame.here) if frame.here is not None else frame.start
    if kind == "fact":
        return _entry(world, name, frame, here)
    if kind == "state":
        found = states.stretches(world, name)
        nothing = np.zeros(len(found.case), bool)
        listed = _Listed(found.of, found.start, found.end, found.truth, nothing)
        return _beside(world, listed, frame.case, here)
    line = next(iter(world.lines(world.book.periods[name].lines)))
    if isinstance(line, periods.Counted):
        return _counted(world, name, frame, here)
    return _beside(world, _listed(world, name), world.under[frame.case], here)


def _beside(world: Columns, listed: _Listed, of: Ints, here: Moments) -> Held:
    pairs = paired(of, listed.of)
    start, end = listed.start.take(pairs.row), listed.end.take(pairs.row)
    truth = listed.truth.take(pairs.row)
    return _chosen(world, pairs, start, end, truth, listed.nothing[pairs.row], here)


def _entry(world: Columns, name: str, frame: Frame, here: Moments) -> Held:
    """The entry of a fact that holds the occasion, else its latest; of a fact that is not on record, any."""
    every = entries.held(world, name, frame)
    nothing = np.zeros(len(every.pairs.row), bool)
    kept = np.flatnonzero(~every.truth.no)
    pairs = Pairs(every.pairs.occasion[kept], every.pairs.row[kept])
    start, end, truth = every.start.take(kept), every.end.take(kept), every.truth.take(kept)
    found = _chosen(world, pairs, start, end, truth, nothing[kept], here, latest=True)
    absent, n = every.absent, frame.n
    if not absent.any():
        return found
    (so, sm), (eo, em), (to, tm) = found.start.causes(n), found.end.causes(n), _causes(found.truth, n)
    return Held(
        Moments(
            np.where(absent, EVER, found.start.lo),
            np.where(absent, EVER, found.start.hi),
            so & ~absent,
            sm & ~absent,
        ),
        Moments(
            np.where(absent, NEVER, found.end.lo),
            np.where(absent, NEVER, found.end.hi),
            eo & ~absent,
            em & ~absent,
            found.end.edge,
        ),
        doubtful(found.truth.yes & ~absent, found.truth.no & ~absent, to & ~absent, tm | absent),
        found.some | absent,
        found.nothing | absent,
    )


def _chosen(
    world: Columns,
    pairs: Pairs,
    start: Moments,
    end: Moments,
    itself: Truths,
    nothing: Bools,
    here: Moments,
    *,
    latest: bool = False,
) -> Held:
    """The first stretch that surely holds the occasion, else the last that may; else, where asked for, the latest."""
    n = len(here.lo)
    at, order = here.take(pairs.occasion), world.table.order
    holds = conjunction([itself, no_later(start, at, order), before(at, end, order)])
    sure, doubt = pairs.first(holds.yes, n), pairs.last(holds.unknown, n)
    chosen = np.where(sure >= 0, sure, doubt)
    own = np.zeros(n, bool)
    if latest:
        own = chosen < 0
        chosen = np.where(own, _latest(pairs, end.lo, n), chosen)
    some = chosen >= 0
    if not len(pairs.row):
        ever, none = Moments(*(np.full(n, EVER, np.int64),) * 2), np.zeros(n, bool)
        return Held(ever, ever._replace(edge=end.edge), Truths(none, ~none), some, none)
    k = np.maximum(chosen, 0)
    truth, mine = holds.take(k), itself.take(k)
    if own.any():
        (ho, hm), (io, im) = (_causes(t, n) for t in (truth, mine))
        truth = doubtful(
            np.where(own, mine.yes, truth.yes),
            np.where(own, mine.no, truth.no),
            np.where(own, io, ho),
            np.where(own, im, hm),
        )
    return Held(start.take(k), end.take(k), truth, some, nothing[k])


def _causes(t: Truths, n: int) -> tuple[Bools, Bools]:
    none = np.zeros(n, bool)
    return t.open if t.open is not None else none, t.missing if t.missing is not None else none


def _latest(pairs: Pairs, end: Ints, n: int) -> Ints:
    """Of each occasion the first of those that end last; -1 where there is none."""
    order = np.lexsort((-np.arange(len(end)), end, pairs.occasion))
    out = np.full(n, -1, np.int64)
    out[pairs.occasion[order]] = order
    return out


def _listed(world: Columns, name: str) -> _Listed:
    """The periods that the facts of each agreement list."""
    return world.once(("listed", name), lambda: _find_listed(world, name))


def _find_listed(world: Columns, name: str) -> _Listed:
    def each(w: World) -> list[rules.Stretch]:
        return periods.near(w, name, Moment(w.now, w.now))

    found = world.by_agreement(("listed", name), each)
    every = [s for one in found for s in one]
    counts = np.array([len(one) for one in found], np.int64)
    last = np.cumsum(counts)
    rows = Rows(np.arange(len(every), dtype=np.int64), (last - counts, last))
    held = [s.entry for s in every if s.entry is not None]
    which = np.cumsum([s.entry is not None for s in every], dtype=np.int64) - 1
    which[[s.entry is None for s in every]] = -1
    return _Listed(rows, *_columns(every), Entries(tuple(held), which))


def _columns(every: list[rules.Stretch]) -> tuple[Moments, Moments, Truths, Bools]:
    """Stretches of the interpreter as columns."""
    yes = np.array([s.truth.value is True for s in every], bool)
    no = np.array([s.truth.value is False for s in every], bool)
    truth = doubtful(yes, no, *_why([s.truth.causes for s in every]))
    nothing = [s.entry is None and s.start.lo == EVER and s.end.hi == NEVER for s in every]
    start, end = _moments([s.start for s in every]), _moments([s.end for s in every])
    # An end of time is an end as good as any edge.
    return start, end._replace(edge=True), truth, np.array(nothing, bool)


def _why(found: list[Causes]) -> tuple[Bools, Bools]:
    kinds = [{c.kind for c in causes} for causes in found]
    return np.array(["open" in k for k in kinds], bool), np.array(["missing" in k for k in kinds], bool)


def _moments(found: list[Moment]) -> Moments:
    lo, hi = (np.array([m[k] for m in found], np.int64) for k in (0, 1))
    if (lo == hi).all():
        return Moments(lo, lo)
    return Moments(lo, hi, *_why([m.causes for m in found]))


# --------------------------------------------------------------------------- periods that the calendar counts
def _counted(world: Columns, name: str, frame: Frame, here: Moments) -> Held:
    """The period that holds each occasion; of an occasion within bounds it is not worked out."""
    n, exact = frame.n, here.exact
    world.give_up(frame.case, ~exact)
    out: list[rules.Stretch] = []
    which: Ints = np.zeros(n, np.int64)

    for one, index in world.groups(("counted", name), partial(_signature, name=name), frame.case):
        seconds, back = np.unique(np.where(exact[index], here.lo[index], world.now), return_inverse=True)
        which[index] = back + len(out)
        out += [world.asked(one, partial(_at, name=name, second=int(t))) for t in seconds]
    start, end, truth, nothing = _columns(out)
    return Held(start.take(which), end.take(which), truth.take(which), np.ones(n, bool), nothing[which])


def all_periods(world: Columns, name: str) -> Periods:
    """Every period up to the audit instant, in every case (`checker.interpret.periods.all_of`)."""
    line = next(iter(world.lines(world.book.periods[name].lines)))
    if isinstance(line, periods.Counted):
        return _all_counted(world, name)
    found = _listed(world, name)
    pairs = paired(world.under, found.of)
    kept = np.flatnonzero(found.start.lo[pairs.row] <= world.now)
    case, row = pairs.occasion[kept], pairs.row[kept]
    own = found.own.take(row) if found.own is not None else None
    return Periods(case, found.start.take(row), found.end.take(row), found.truth.take(row), own)


def _all_counted(world: Columns, name: str) -> Periods:
    """Those that the calendar counts, from the first event, or from the first date that they are counted from, if that is earlier."""
    table, every = world.table, world.table.every
    begin = np.searchsorted(table.case, every, "left")
    some = np.searchsorted(table.case, every, "right") > begin
    since = np.full(len(every), world.now, np.int64)
    since[some] = table.order.at[begin[some]]
    # Of events that no clause reads the table may have no row.
    since = np.where(table.birth > EVER, np.minimum(table.birth, since), since)
    out: list[rules.Stretch] = []
    which: list[Ints] = [np.zeros(0, np.int64)] * len(every)
    for one, index in world.groups(("counted", name), partial(_signature, name=name), every):
        first = world.asked(one, partial(periods.begins, name=name))
        # The period that a second lies in, as its place in `out`, and the second from which the next one is; None: there is none.
        known: dict[int, tuple[int, int] | None] = {}
        starts, back = np.unique(np.minimum(since[index], first), return_inverse=True)
        chains = [_chain(world, one, name, int(second), known, out) for second in starts]
        for i, k in zip(index.tolist(), back.tolist(), strict=True):
            which[i] = chains[k]
    row = np.concatenate(which) if which else np.zeros(0, np.int64)
    start, end, truth, _ = _columns(out)
    case = np.repeat(every, [len(each) for each in which])
    return Periods(case, start.take(row), end.take(row), truth.take(row), None)


def _chain(
    world: Columns,
    one: World,
    name: str,
    second: int,
    known: dict[int, tuple[int, int] | None],
    out: list[rules.Stretch],
) -> Ints:
    """The periods from one second on, one after the other; those that are not known yet are put into `out`."""
    found: list[int] = []
    while second <= world.now:
        if second not in known:
            held = world.asked(one, partial(_at, name=name, second=second))
            known[second] = (len(out), held.end.lo) if held.end.exact else None
            out.append(held)
        here = known[second]
        if here is None:
            break
        place, second = here
        found.append(place)
    return np.array(found, np.int64)


def _signature(w: World, name: str) -> Hashable:
    """What decides how an agreement counts a period."""
    return w.zone, _anchor(w, name)


def _at(w: World, name: str, second: int) -> rules.Stretch:
    return periods.near(w, name, Moment(second, second))[0]


def _anchor(w: World, name: str) -> Hashable:
    """The dates from which a period is counted."""
    line = next(iter(w.lines(w.book.periods[name].lines)))
    if not isinstance(line, ir.EachFrom):
        return None
    if isinstance(line.start, ir.FactValue):
        found = w.fact(line.start.path)
        return str(found.options)
    if not w.book.static_facts.get(line.start, False) and any(
        isinstance(x, ir.Where) for x in w.lines(w.book.facts[line.start].lines)
    ):
        raise NotColumnar("a period from entries that the record chooses")
    return tuple((s.start[:2], s.end[:2], s.truth.value) for s in rules.entries(w, line.start, One()))


# --------------------------------------------------------------------------- what it is asked for
def boundary(world: Columns, term: ir.Boundary, frame: Frame) -> Moments:
    """The start or the end of what holds the occasion."""
    n = frame.n
    found = held(world, term.kind, term.of, frame)
    bound = found.end if term.end else found.start
    truth_open, truth_missing = _causes(found.truth, n)
    unknown = found.truth.unknown
    whole = ~found.some | (unknown & found.nothing)
    open_, missing = bound.causes(n)
    open_, missing = open_ & ~whole, missing & ~whole
    open_ = np.where(found.some, open_ | (truth_open & unknown), False)
    missing = np.where(found.some, missing | (truth_missing & unknown), True)
    row = np.where(whole, -1, bound.row) if bound.row is not None else None
    if not open_.any() and not missing.any() and (bound.lo == bound.hi).all():
        return Moments(bound.lo, bound.lo, edge=bound.edge, row=row)
    return Moments(
        np.where(whole, EVER, bound.lo), np.where(whole, NEVER, bound.hi), open_, missing, bound.edge, row
    )


def holds(world: Columns, name: str, moment: Moments, frame: Frame) -> Truths:
    """Whether moments lie in the period that holds the occasion."""
    return within(world, held(world, "period", name, frame), moment)


def within(world: Columns, found: Held, moment: Moments) -> Truths:
    """Whether moments lie in what holds their occasions."""
    order = world.table.order
    inside = conjunction(
        [found.truth, no_later(found.start, moment, order), before(moment, found.end, order)]
    )
    open_, missing = _causes(inside, len(found.some))
    return doubtful(
        inside.yes & found.some, inside.no | ~found.some, open_ & found.some, missing & found.some
    )
