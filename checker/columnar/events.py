"""Sets of events as columns: which rows qualify, whether one exists for an occasion, and when the first of them happened."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import NamedTuple

import numpy as np

from checker.columnar import clocks, conditions, entries, fits, holding, moments, spans
from checker.columnar.across import Tally, both, nothing, tally
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    conjunction,
    doubtful,
    earliest,
    negation,
    no_later,
    one_after_the_other,
    precedes,
    stands,
    where,
)
from checker.columnar.silence import Silence, bases, first_gap, gaps_of, silence
from checker.columnar.table import Pairs, Rows, paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir


class Carrying(NamedTuple):
    """A restriction of the evaluation alone: the event carries this value, given as a code for each occasion."""

    attribute: str
    value: Ints


Restriction = ir.Restriction | Carrying


def rows(world: Columns, name: str) -> tuple[Rows, Truths]:
    """The rows of an event (defined, or of the vocabulary) that do or may qualify, with their truth."""
    definition = world.book.events.get(name)
    if definition is None:
        found = world.table.rows(name)
        return found, always(len(found.places))
    return world.once(("rows", name), lambda: _defined(world, definition))


def _defined(world: Columns, definition: ir.EventDef) -> tuple[Rows, Truths]:
    lines = list(world.lines(definition.lines))
    wheres = [x.condition for x in lines if isinstance(x, ir.Where)]
    table = world.table
    found: list[tuple[Ints, Truths]] = []
    of: tuple[Ints, Moments] | None = None
    for means in (x for x in lines if isinstance(x, ir.Means)):
        for name in means.events:
            base, sure = rows(world, name)
            frame = Frame(
                ("row", definition.name, name, *world.consulted()),
                base.case if base.case is not None else table.case_of(base.places),
                table.moments(base.places),
                here=base.places,
            )
            truth = conjunction([sure, *(conditions.truth(world, c, frame) for c in wheres)])
            kept = np.flatnonzero(~truth.no)
            found.append((base.places[kept], truth.take(kept)))
            of = frame.case[kept], frame.start.take(kept)
    if len(found) == 1:
        return table.grouped(found[0][0], of), found[0][1]
    places = np.concatenate([p for p, _ in found]) if found else np.zeros(0, np.int64)
    order = np.argsort(places, kind="stable")
    truths = one_after_the_other([t for _, t in found]).take(order) if found else always(0)
    return table.grouped(places[order]), truths


def with_truth(case: Ints, of: Rows, truth: Truths) -> tuple[Pairs, Truths]:
    """Every occasion with every row of its case, and the truth of the row there."""
    pairs = paired(case, of)
    return pairs, truth.take(pairs.place) if pairs.place is not None else truth


@dataclass(slots=True)
class Search:
    """Rows inside restrictions, for every occasion: those found (surely or perhaps).

    `lower`: nothing before it could qualify. `upper`: the limit, for those occasions that have one (`bounded`; None: all).
    `across`: how many there are, where they are events on any ticket, which have no pairs. `at`: when the rows of the pairs happened,
    if that is at hand.
    """

    names: tuple[str, ...]
    pairs: Pairs
    truth: Truths
    case: Ints
    lower: Ints | int = EVER
    upper: Moments | None = None
    bounded: Bools | None = None
    across: Tally | None = None
    at: Moments | None = None

    @property
    def n(self) -> int:
        """How many occasions there are."""
        return len(self.case)

    @property
    def limited(self) -> Bools:
        """Which occasions have a limit."""
        if self.upper is None:
            return np.zeros(self.n, bool)
        return self.bounded if self.bounded is not None else np.ones(self.n, bool)

    def tally(self) -> Tally:
        """How many there are of each occasion."""
        if self.across is not None:
            return self.across
        n, of, truth = self.n, self.pairs, self.truth
        sure = of.number(truth.yes, n)
        if truth.open is None or truth.missing is None:
            return nothing(n)._replace(sure=sure)
        return Tally(sure, of.number(truth.unknown, n), of.any(truth.open, n), of.any(truth.missing, n))

    def first(self) -> Ints:
        """The first row of each occasion that surely qualifies; -1 for none."""
        chosen = self.pairs.first(self.truth.yes, self.n)
        return np.where(chosen >= 0, self.pairs.row[np.maximum(chosen, 0)] if len(self.pairs.row) else -1, -1)


def search(
    world: Columns,
    sought: ir.Rows,
    frame: Frame,
    extra: tuple[Restriction, ...] = (),
    since: Moments | None = None,
    *,
    counted: bool = False,
) -> Search:
    """Look for events within restrictions. `since`: at or after this moment. `counted`: only whether, and how often, is asked."""
    restrictions: tuple[Restriction, ...] = (*sought.restrictions, *extra)
    everywhere = any(isinstance(r, ir.AcrossTickets) for r in restrictions)
    if everywhere and (since is not None or not counted):
        raise NotColumnar("what events across tickets carry")
    uppers = [u for u in (_upper(world, r, frame) for r in restrictions) if u is not None]
    lowers = [m.lo for m in (_lower(world, r, frame) for r in restrictions) if m is not None]
    if since is not None:
        lowers.append(since.lo)
    lower: Ints | int = np.maximum.reduce(lowers) if lowers else EVER
    upper = earliest(uppers) if uppers else None
    bounded = _bounded(world, restrictions, frame)
    if everywhere:
        tallies = [tally(world, name, restrictions, frame) for name in sought.events]
        none = np.zeros(0, np.int64)
        pairs, truth, whole = Pairs(none, none), always(0), reduce(both, tallies)
        return Search(sought.events, pairs, truth, frame.case, lower, upper, bounded, whole)
    parts, when = [], None
    for name in sought.events:
        pairs, found, when = _since(world, name, frame, since)
        checks = [found]
        if restrictions:
            at = when if when is not None else world.table.moments(pairs.row)
            inner = frame.take(pairs.occasion, (*frame.key, "with", name, *world.consulted()))
            checks += [fitting(world, pairs, at, r, frame, inner) for r in restrictions]
        parts.append((pairs, conjunction(checks)))
    pairs, truth = _merged(parts, world)
    out = Search(sought.events, pairs, truth, frame.case, lower, upper, bounded)
    if len(parts) == 1:
        out.at = when
    return out


def _since(
    world: Columns, name: str, frame: Frame, since: Moments | None
) -> tuple[Pairs, Truths, Moments | None]:
    """Every occasion with every row of an event in its case, whether the row qualifies at or after a moment, and when it happened, if
    that was asked.
    """

    def find() -> tuple[Pairs, Truths, Moments | None]:
        of, truth = rows(world, name)
        pairs, sure = with_truth(frame.case, of, truth)
        if since is None:
            return pairs, sure, None
        # Those of a kind are found once.
        at = world.table.moments(of.places)
        at = at if pairs.place is None else at.take(pairs.place)
        late = negation(precedes(at, since.take(pairs.occasion), world.table.order))
        return pairs, conjunction([sure, late]), at

    # From the occasion on: what several clauses ask.
    return world.once(("since", name, frame.key), find) if since is frame.start else find()


def _bounded(world: Columns, restrictions: tuple[Restriction, ...], frame: Frame) -> Bools | None:
    """For which occasions some restriction sets a limit; None: for all that any can."""
    out = np.zeros(frame.n, bool)
    for r in restrictions:
        if isinstance(r, ir.WithinOf) or (isinstance(r, ir.When) and r.relation in ("before", "no-later")):
            return None
        if isinstance(r, ir.Answering) and frame.following is not None:
            # The last of its kind is answered without a limit.
            out |= frame.following.moments.lo < NEVER
        elif isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
            out |= _holding(world, r, frame)[1]
    return out


def _merged(parts: list[tuple[Pairs, Truths]], world: Columns) -> tuple[Pairs, Truths]:
    """Pairs of several events in the order of the record."""
    if len(parts) == 1:
        return parts[0]
    occasion = np.concatenate([p.occasion for p, _ in parts])
    row = np.concatenate([p.row for p, _ in parts])
    order = np.lexsort((row, occasion))
    return Pairs(occasion[order], row[order]), one_after_the_other([t for _, t in parts]).take(order)


def _upper(world: Columns, r: Restriction, frame: Frame) -> Moments | None:
    if isinstance(r, ir.When) and r.relation in ("before", "no-later"):
        found = moments.moment(world, r.moment, frame)
        return one_earlier(found) if r.relation == "before" else found.last_second
    if isinstance(r, ir.WithinOf):
        return moments.shifted(world, r.length, False, moments.moment(world, r.of, frame), r.clock, frame)
    if isinstance(r, ir.Answering) and frame.following is not None:
        return one_earlier(frame.following.moments)
    if isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
        held, sure = _holding(world, r, frame)
        end = held.end.last_second
        never = np.full(frame.n, NEVER, np.int64)
        return where(sure, end._replace(row=None), Moments(never, never))
    return None


def _holding(world: Columns, r: ir.InSpan, frame: Frame) -> tuple[holding.Held, Bools]:
    """What holds the occasion, and where it surely does: there it sets the limits of the search."""
    found = holding.held(world, r.kind, r.name, frame)
    return found, found.some & found.truth.yes


def _lower(world: Columns, r: Restriction, frame: Frame) -> Moments | None:
    if isinstance(r, ir.When) and r.relation not in ("before", "no-later"):
        return moments.moment(world, r.moment, frame)
    if isinstance(r, ir.WithinOf):
        return moments.moment(world, r.of, frame)
    if isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
        found, sure = _holding(world, r, frame)
        lo = np.where(sure, found.start.lo, EVER)
        return Moments(lo, lo)
    return frame.start if isinstance(r, ir.Answering) else None


def one_earlier(found: Moments) -> Moments:
    """One second before a moment."""
    return found._replace(edge=True, row=None).last_second


def fitting(world: Columns, pairs: Pairs, at: Moments, r: Restriction, frame: Frame, inner: Frame) -> Truths:
    """Whether events lie within one restriction. `frame`: the occasions; `inner`: the same, once for each pair."""
    order = world.table.order
    if isinstance(r, ir.When):
        return stands(at, r.relation, moments.moment(world, r.moment, frame).take(pairs.occasion), order)
    if isinstance(r, ir.WithinOf):
        start = moments.moment(world, r.of, frame)
        end = moments.shifted(world, r.length, False, start, r.clock, frame)
        after = negation(precedes(at, start.take(pairs.occasion), order))
        return conjunction([after, no_later(at, end.take(pairs.occasion), order)])
    if isinstance(r, ir.SameAs):
        return fits.same(world, pairs, r.attribute, frame)
    if isinstance(r, Carrying):
        return fits.carrying(world, pairs, r.attribute, r.value)
    if isinstance(r, ir.Including):
        return fits.including(world, pairs, r, frame)
    if isinstance(r, ir.SamePeriod):
        return fits.same_period(world, pairs, r, frame)
    if isinstance(r, ir.Answering):
        if frame.here is not None:
            return always(len(pairs.row))
        checks = [negation(precedes(at, inner.start, order))]
        if inner.following is not None:
            checks.append(precedes(at, inner.following.moments, order))
        return conjunction(checks)
    if isinstance(r, ir.InSpan):
        inside = _inside(world, r, pairs, at, frame, inner)
        return inside if r.inside else negation(inside)
    raise NotColumnar(type(r).__name__)


def _inside(world: Columns, r: ir.InSpan, pairs: Pairs, at: Moments, frame: Frame, inner: Frame) -> Truths:
    """Whether events lie inside a calendar, a state, an entry of a fact, or the period that holds the occasion."""
    if r.kind == "calendar":
        return clocks.open_at(world, r.name, at, inner)
    if r.kind == "state":
        return spans.in_state(world, r.name, at, inner)
    if r.kind == "fact":
        return entries.in_force(world, r.name, at, inner)
    return holding.within(world, holding.held(world, "period", r.name, frame).take(pairs.occasion), at)


def exists(world: Columns, found: Search, *, owed: bool) -> Truths:
    """Whether some event qualifies; in a duty (`owed`) what has no limit, or one ahead, is open."""
    n, now = found.n, world.now
    if found.across is not None:
        sure, perhaps_, open_, missing = found.across
        yes, unknown, open_, missing = sure > 0, perhaps_ > 0, open_.copy(), missing.copy()
    else:
        yes = found.pairs.any(found.truth.yes, n)
        unknown, open_, missing = (np.zeros(n, bool) for _ in range(3))
    if found.truth.open is not None and found.truth.missing is not None:
        unknown = found.pairs.any(found.truth.unknown, n)
        open_ |= found.pairs.any(found.truth.open, n)
        missing |= found.pairs.any(found.truth.missing, n)
    hi = found.upper.hi if found.upper is not None else NEVER
    silent = silence(world, found.names, found.case, found.lower, hi)
    if silent is not None:
        missing |= silent.any
        unknown |= silent.any
    if found.upper is None:
        ahead = np.full(n, owed)
    else:
        ahead = found.limited & (found.upper.lo >= now)
        if owed:
            ahead |= ~found.limited
        perhaps = found.limited & ~ahead & (found.upper.hi >= now)
        uo, um = found.upper.causes(n)
        open_ |= perhaps & uo
        missing |= perhaps & um
        unknown |= perhaps & (uo | um)
    return doubtful(yes, ~yes & ~unknown & ~ahead, open_ | ahead, missing)


def first(world: Columns, name: str, frame: Frame, since: Moments | None = None) -> Moments:
    """When the first such event happened for each occasion; not yet: after the audit instant, open."""
    of, truth = rows(world, name)
    pairs, sure = with_truth(frame.case, of, truth)
    if since is not None:
        at = world.table.moments(pairs.row)
        sure = conjunction([sure, negation(precedes(at, since.take(pairs.occasion), world.table.order))])
    return _first(world, name, pairs, sure, frame.case, since)


def _first(
    world: Columns, name: str, pairs: Pairs, truth: Truths, case: Ints, since: Moments | None
) -> Moments:
    n = len(case)
    chosen = pairs.first(truth.yes, n)
    none = chosen < 0
    nowhere = np.flatnonzero(none)
    # Where there is none it is any row here, of which nothing is taken over.
    place = pairs.row[chosen] if len(pairs.row) else np.full(n, -1, np.int64)
    found = world.table.moments(place) if world.table.height else None
    if len(pairs.row):
        place[nowhere] = -1
    lo, hi = (found.lo, found.hi) if found is not None else (np.full(n, world.now, np.int64),) * 2
    if len(nowhere):
        lo, hi = lo.copy(), hi.copy()
        lo[nowhere], hi[nowhere] = world.now, NEVER
    open_, missing = none.copy(), np.zeros(n, bool)
    if found is not None and found.missing is not None:
        missing |= ~none & found.missing
    doubt = none.copy()
    if truth.open is not None and truth.missing is not None and len(pairs.row):
        perhaps = pairs.first(truth.unknown, n)
        earlier = (perhaps >= 0) & (none | (perhaps < chosen))
        when = world.table.order.at[pairs.row[np.maximum(perhaps, 0)]] if len(pairs.row) else lo
        earlier &= when < lo
        lo = np.where(earlier, when, lo)
        open_ |= earlier & truth.open[np.maximum(perhaps, 0)]
        missing |= earlier & truth.missing[np.maximum(perhaps, 0)]
        doubt |= earlier
    lower: Ints | int = since.lo if since is not None else EVER
    silent = silence(world, (name,), case, lower, lo)
    if silent is not None:
        lo = np.where(silent.any, _hidden(world, name, silent, case, lo, lower), lo)
        missing |= silent.any
        doubt |= silent.any & (none | (found is None) | (lo != (found.lo if found is not None else lo)))
    if not doubt.any():
        return found._replace(row=place) if found is not None else Moments(lo, hi, open_, missing)
    # Where nothing could come before it, the moment is that of the event.
    if found is not None:
        same = ~doubt
        fo, fm = found.causes(n)
        open_, missing = (fo & same) | (open_ & doubt), (fm & same) | (missing & doubt)
    place[np.flatnonzero(doubt & ~none)] = -1
    return Moments(lo, hi, open_, missing, row=place)


def _hidden(world: Columns, name: str, silent: Silence, case: Ints, lo: Ints, lower: Ints | int) -> Ints:
    """How early an event may lie of which the record may have lost sight."""
    early = np.broadcast_to(np.asarray(lower, np.int64), (len(case),))
    from_here = np.maximum(early, world.table.birth[case])
    gap = first_gap(gaps_of(world, bases(world, name)), case, from_here)
    in_gap = np.minimum(lo, np.maximum(gap, early))
    return np.where(silent.gone, early, in_gap)


def last(world: Columns, name: str, frame: Frame) -> Moments:
    """When the last such event up to the audit instant happened; none yet: open."""
    of, truth = rows(world, name)
    pairs, sure = with_truth(frame.case, of, truth)
    n = frame.n
    chosen = pairs.last(sure.yes, n)
    none = chosen < 0
    if none.all():
        return first(world, name, frame)
    place = np.where(none, -1, pairs.row[np.maximum(chosen, 0)])
    found = world.table.moments(np.maximum(place, 0))
    hi = found.hi.copy()
    open_, missing = (c.copy() for c in found.causes(n))
    if sure.open is not None and sure.missing is not None:
        after = sure.unknown & (np.arange(len(pairs.row)) > chosen[pairs.occasion])
        after &= ~none[pairs.occasion]
        who = pairs.occasion[after]
        np.maximum.at(hi, who, world.table.order.until[pairs.row[after]])
        open_[who] |= sure.open[after]
        missing[who] |= sure.missing[after]
    silent = silence(world, (name,), frame.case, found.lo + 1, world.now)
    if silent is not None:
        hi = np.where(silent.any, world.now, hi)
        missing |= silent.any
    same = hi == found.hi
    if same.all() and not none.any():
        return found._replace(row=place)
    fo, fm = found.causes(n)
    out = Moments(
        found.lo,
        hi,
        np.where(same, fo, open_),
        np.where(same, fm, missing),
        row=np.where(same, place, -1),
    )
    if not none.any():
        return out
    other = first(world, name, frame)
    return where(~none, out, other)


__all__ = [
    "Carrying",
    "Restriction",
    "Search",
    "exists",
    "first",
    "fitting",
    "last",
    "one_earlier",
    "rows",
    "search",
    "with_truth",
]
