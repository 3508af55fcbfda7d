"""Sets of events as columns: which rows qualify, whether one exists for an occasion, and when the first of them happened."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from checker.columnar import conditions, moments
from checker.columnar.possible import (
    Ints,
    Moments,
    Truths,
    always,
    conjunction,
    doubtful,
    earliest,
    negation,
    no_later,
    precedes,
    stands,
)
from checker.columnar.table import NOTHING, Pairs, Rows, paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.possible import NEVER
from dsl import contract as ir


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
    for means in (x for x in lines if isinstance(x, ir.Means)):
        for name in means.events:
            base, sure = rows(world, name)
            frame = Frame(
                ("row", definition.name, name, *world.consulted()),
                table.case[base.places],
                table.moments(base.places),
                here=base.places,
            )
            truth = conjunction([sure, *(conditions.truth(world, c, frame) for c in wheres)])
            kept = np.flatnonzero(~truth.no)
            found.append((base.places[kept], truth.take(kept)))
    places = np.concatenate([p for p, _ in found]) if found else np.zeros(0, np.int64)
    order = np.argsort(places, kind="stable")
    truths = _joined([t for _, t in found]).take(order) if found else always(0)
    return table.grouped(places[order]), truths


def _joined(parts: list[Truths]) -> Truths:
    """Truths one after the other."""
    yes, no = np.concatenate([t.yes for t in parts]), np.concatenate([t.no for t in parts])
    if all(t.certain for t in parts):
        return Truths(yes, no)
    none = [np.zeros(len(t.yes), bool) for t in parts]
    open_ = np.concatenate([t.open if t.open is not None else z for t, z in zip(parts, none, strict=True)])
    missing = np.concatenate(
        [t.missing if t.missing is not None else z for t, z in zip(parts, none, strict=True)]
    )
    return Truths(yes, no, open_, missing)


def with_truth(case: Ints, of: Rows, truth: Truths) -> tuple[Pairs, Truths]:
    """Every occasion with every row of its case, and the truth of the row there."""
    pairs = paired(case, of)
    return pairs, truth.take(np.searchsorted(of.places, pairs.row))


@dataclass(slots=True)
class Search:
    """Rows inside restrictions, for every occasion: those found (surely or perhaps). `upper`: the limit, if there is one."""

    names: tuple[str, ...]
    pairs: Pairs
    truth: Truths
    n: int
    upper: Moments | None = None

    def first(self) -> Ints:
        """The first row of each occasion that surely qualifies; -1 for none."""
        chosen = self.pairs.first(self.truth.yes, self.n)
        return np.where(chosen >= 0, self.pairs.row[np.maximum(chosen, 0)] if len(self.pairs.row) else -1, -1)


def search(
    world: Columns,
    sought: ir.Rows,
    frame: Frame,
    extra: tuple[ir.Restriction, ...] = (),
    since: Moments | None = None,
) -> Search:
    """Look for events within restrictions. `since`: at or after this moment."""
    restrictions = (*sought.restrictions, *extra)
    uppers = [u for u in (_upper(world, r, frame) for r in restrictions) if u is not None]
    parts = []
    for name in sought.events:
        of, truth = rows(world, name)
        pairs, sure = with_truth(frame.case, of, truth)
        at = world.table.moments(pairs.row)
        inner = frame.take(pairs.occasion, (*frame.key, "with", name, *world.consulted()))
        checks = [sure]
        if since is not None:
            checks.append(negation(precedes(at, since.take(pairs.occasion), world.table.order)))
        checks += [fits(world, pairs, at, r, frame, inner) for r in restrictions]
        parts.append((pairs, conjunction(checks)))
    pairs, truth = _merged(parts, world)
    return Search(sought.events, pairs, truth, frame.n, earliest(uppers) if uppers else None)


def _merged(parts: list[tuple[Pairs, Truths]], world: Columns) -> tuple[Pairs, Truths]:
    """Pairs of several events in the order of the record."""
    if len(parts) == 1:
        return parts[0]
    occasion = np.concatenate([p.occasion for p, _ in parts])
    row = np.concatenate([p.row for p, _ in parts])
    order = np.lexsort((row, occasion))
    return Pairs(occasion[order], row[order]), _joined([t for _, t in parts]).take(order)


def _upper(world: Columns, r: ir.Restriction, frame: Frame) -> Moments | None:
    if isinstance(r, ir.When) and r.relation in ("before", "no-later"):
        found = moments.moment(world, r.moment, frame)
        return one_earlier(found) if r.relation == "before" else found.last_second
    if isinstance(r, ir.WithinOf):
        return moments.shifted(world, r.length, False, moments.moment(world, r.of, frame), r.clock, frame)
    if isinstance(r, ir.Answering) and frame.following is not None:
        return one_earlier(frame.following)
    if isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
        raise NotColumnar("events inside a state, an entry or a period")
    return None


def one_earlier(found: Moments) -> Moments:
    """One second before a moment."""
    return found._replace(edge=True, row=None).last_second


def fits(world: Columns, pairs: Pairs, at: Moments, r: ir.Restriction, frame: Frame, inner: Frame) -> Truths:
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
        if frame.row is None:
            raise NotColumnar("the same attribute as what is no event")
        column = world.table.column(r.attribute)
        mine, theirs = column[pairs.row], column[frame.row[pairs.occasion]]
        told = (mine != NOTHING) & (theirs != NOTHING)
        return doubtful(told & (mine == theirs), told & (mine != theirs), np.zeros(len(told), bool), ~told)
    if isinstance(r, ir.Answering):
        checks = [negation(precedes(at, inner.start, order))]
        if inner.following is not None:
            checks.append(precedes(at, inner.following, order))
        return conjunction(checks)
    if isinstance(r, ir.InSpan) and r.kind == "calendar":
        inside = moments.open_at(world, r.name, at, inner)
        return inside if r.inside else negation(inside)
    raise NotColumnar(type(r).__name__)


def exists(found: Search, now: int, *, owed: bool) -> Truths:
    """Whether some event qualifies; in a duty (`owed`) what has no limit, or one ahead, is open."""
    n = found.n
    yes = found.pairs.any(found.truth.yes, n)
    open_, missing = np.zeros(n, bool), np.zeros(n, bool)
    unknown = found.pairs.any(found.truth.unknown, n)
    if found.truth.open is not None and found.truth.missing is not None:
        open_ |= found.pairs.any(found.truth.open, n)
        missing |= found.pairs.any(found.truth.missing, n)
    if found.upper is None:
        ahead = np.full(n, owed)
    else:
        ahead = found.upper.lo >= now
        perhaps = ~ahead & (found.upper.hi >= now)
        uo, um = found.upper.causes(n)
        open_ |= perhaps & uo
        missing |= perhaps & um
        unknown = unknown | (perhaps & (uo | um))
    return doubtful(yes, ~yes & ~unknown & ~ahead, open_ | ahead, missing)


def first(world: Columns, name: str, frame: Frame, since: Moments | None = None) -> Moments:
    """When the first such event happened for each occasion; not yet: after the audit instant, open."""
    of, truth = rows(world, name)
    pairs, sure = with_truth(frame.case, of, truth)
    at = world.table.moments(pairs.row)
    if since is not None:
        sure = conjunction([sure, negation(precedes(at, since.take(pairs.occasion), world.table.order))])
    return _first(world, pairs, sure, frame.n)


def _first(world: Columns, pairs: Pairs, truth: Truths, n: int) -> Moments:
    chosen = pairs.first(truth.yes, n)
    none = chosen < 0
    place = np.where(none, -1, pairs.row[np.maximum(chosen, 0)] if len(pairs.row) else -1)
    order = world.table.order
    at = np.where(none, NEVER, order.at[np.maximum(place, 0)] if len(order.at) else NEVER)
    lo = np.where(none, world.now, at)
    open_, missing = none.copy(), np.zeros(n, bool)
    perhaps = pairs.first(truth.unknown, n)
    earlier = (perhaps >= 0) & (none | (perhaps < chosen))
    if earlier.any():
        when = order.at[pairs.row[np.maximum(perhaps, 0)]]
        earlier &= when < lo
        lo = np.where(earlier, when, lo)
        assert truth.open is not None
        assert truth.missing is not None
        open_ |= earlier & truth.open[np.maximum(perhaps, 0)]
        missing |= earlier & truth.missing[np.maximum(perhaps, 0)]
    if not none.any() and not earlier.any():
        return Moments(at, at, row=place)
    return Moments(lo, at, open_, missing, row=np.where(lo == at, place, -1))


def last(world: Columns, name: str, frame: Frame) -> Moments:
    """When the last such event up to the audit instant happened; none yet: open."""
    of, truth = rows(world, name)
    pairs, sure = with_truth(frame.case, of, truth)
    chosen = pairs.last(sure.yes, frame.n)
    world.give_up(frame.case, pairs.any(sure.unknown, frame.n))
    none = chosen < 0
    place = np.where(none, -1, pairs.row[np.maximum(chosen, 0)] if len(pairs.row) else -1)
    at = world.table.order.at
    when = np.where(none, NEVER, at[np.maximum(place, 0)] if len(at) else NEVER)
    if not none.any():
        return Moments(when, when, row=place)
    lo = np.where(none, world.now, when)
    return Moments(lo, when, none, np.zeros(frame.n, bool), row=place)


__all__ = ["Search", "exists", "first", "fits", "last", "one_earlier", "rows", "search", "with_truth"]
