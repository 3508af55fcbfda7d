"""Occasions that last, as columns: stretches of an attribute's value and of states, entries of facts, and periods, by the rules of
`checker.interpret.occasions`.
"""

from __future__ import annotations

import numpy as np

from checker.columnar import entries, holding, states, timeline
from checker.columnar.possible import Bools, Ints, Moments, Truths, at, doubtful
from checker.columnar.silence import silence
from checker.columnar.world import Columns, Entries, Frame, NotColumnar
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir

Occasions = tuple[Frame, Truths, Bools | None]
"""Occasions, whether each happened, and the cases in which there may be more that the record does not show (None: in none)."""


def lasting(world: Columns, concern: ir.Concern | None) -> Occasions:
    """The stretches, entries or periods that a clause concerns in all cases, in order."""
    if isinstance(concern, ir.EachStretch):
        key = ("stretches", concern.attribute, concern.among)
        return world.once(key, lambda: _of_attribute(world, concern))
    if isinstance(concern, ir.EachSpan):
        of = {"state": _of_state, "fact": _of_fact}.get(concern.kind, _of_period)
        return world.once(("spans", concern.kind, concern.name), lambda: of(world, concern.name))
    raise NotColumnar("a clause that concerns no event")


def _of_attribute(world: Columns, concern: ir.EachStretch) -> Occasions:
    line = timeline.timeline(world, concern.attribute)
    truth = states.among(world, line, concern.among)
    start, end = states.bounds(world, line)
    kept = np.flatnonzero(~truth.no)
    case = line.case[kept]
    # A value that goes over into another one that is meant, too, is one stretch with it.
    joins = np.zeros(len(kept), bool)
    a, b = kept[:-1], kept[1:]
    joins[1:] = (case[1:] == case[:-1]) & truth.yes[a] & truth.yes[b] & _meet(line, a, b)
    first = kept[~joins]
    last = kept[np.append(~joins[1:], True)] if len(kept) else kept
    sure = truth.yes[first]
    begin, finish = start.take(first), end.take(last)
    if not sure.all():
        begin = _perhaps(world, begin, finish, sure)
    key = ("stretches", concern.attribute, concern.among, *world.consulted())
    frame = Frame(key, line.case[first], begin, line.row[first], end=finish, stretch=first)
    return frame, truth.take(first), _lost(world, concern.attribute, line)


def _meet(line: timeline.Timeline, a: Ints, b: Ints) -> Bools:
    """Where one stretch ends at the very moment at which the other begins."""
    found: Bools = (
        (line.end_lo[a] == line.lo[b]) & (line.end_hi[a] == line.hi[b]) & (line.end_row[a] == line.row[b])
    )
    return found


def _perhaps(world: Columns, begin: Moments, end: Moments, sure: Bools) -> Moments:
    """When stretches begin: one of an unknown value somewhere in it, up to the audit instant."""
    n = len(sure)
    open_, missing = begin.causes(n)
    row = begin.row if begin.row is not None else np.full(n, -1, np.int64)
    hi = np.maximum(begin.lo, np.minimum(end.hi, world.now))
    return Moments(
        begin.lo,
        np.where(sure, begin.hi, hi),
        open_ & sure,
        np.where(sure, missing, True),
        row=np.where(sure, row, -1),
    )


def _lost(world: Columns, attribute: str, line: timeline.Timeline) -> Bools | None:
    """The cases in which nothing set the attribute, and its first setting may have been lost."""
    n = len(world.table)
    found = silence(world, world.book.carriers(attribute), np.arange(n, dtype=np.int64), EVER, world.now)
    if found is None:
        return None
    more = found.any
    more[line.case] = False
    return more if more.any() else None


def _of_state(world: Columns, name: str) -> Occasions:
    found, lost = states.stretches(world, name), states.hidden(world, name)
    frame = Frame(("spans", name, *world.consulted()), found.case, found.start, found.row, end=found.end)
    if lost is None:
        return frame, found.truth, None
    more = lost.any
    more[found.case[found.truth.yes]] = False
    return frame, found.truth, more if more.any() else None


def _of_fact(world: Columns, name: str) -> Occasions:
    """The entries of a fact that do or may fit; of one that is not on record, that there may be some."""
    every = world.table.every
    # Which entries there are is asked as of the audit, at no occasion.
    now = Frame(("the agreement",), every, at(np.full(len(every), world.now, np.int64)))
    found = entries.held(world, name, now)
    kept = np.flatnonzero(~found.truth.no)
    absent = np.flatnonzero(found.absent)
    case = np.concatenate([found.pairs.occasion[kept], absent])
    order = np.argsort(case, kind="stable")
    # The place behind all others stands for what is not on record.
    place = np.append(kept, np.full(len(absent), len(found.truth.yes)))[order]
    start, end = _or_ever(found.start, EVER), _or_ever(found.end, NEVER)
    t, none = found.truth, np.zeros(len(found.truth.yes), bool)
    open_, missing = (c if c is not None else none for c in (t.open, t.missing))
    truth = doubtful(
        *(np.append(c, last) for c, last in ((t.yes, False), (t.no, False), (open_, False), (missing, True)))
    )
    frame = Frame(
        ("entries", name, *world.consulted()),
        case[order],
        start.take(place),
        end=end.take(place),
        own=Entries(found.entries.held, np.append(found.entries.which, -1)[place]),
    )
    return frame, truth.take(place), None


def _or_ever(m: Moments, otherwise: int) -> Moments:
    """Moments, and behind them one at an end of time."""
    lo = np.append(m.lo, otherwise)
    if m.open is None or m.missing is None:
        return Moments(lo, lo if m.certain else np.append(m.hi, otherwise), edge=m.edge)
    open_, missing = np.append(m.open, False), np.append(m.missing, False)
    return Moments(lo, np.append(m.hi, otherwise), open_, missing, m.edge)


def _of_period(world: Columns, name: str) -> Occasions:
    """The periods up to the audit instant."""
    found = holding.all_periods(world, name)
    key = ("periods", name, *world.consulted())
    return Frame(key, found.case, found.start, end=found.end, own=found.own), found.truth, None


__all__ = ["Occasions", "lasting"]
