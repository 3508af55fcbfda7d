"""Sentences about what lasts, as columns: a state kept up, or kept away, throughout a time or for a share of it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import clocks, holding, spans
from checker.columnar.intervals import EMPTY, common, first, last, minus, of_each, spells, total
from checker.columnar.limits import BIT, Limits, Said, causes, limits_of
from checker.columnar.opening import Spells
from checker.columnar.possible import Bools, Ints, Moments, earliest
from checker.columnar.world import Columns, Frame
from checker.interpret.possible import EVER, NEVER
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

_MET, _BREACHED, _EXCLUDED = (BIT[v] for v in (Verdict.MET, Verdict.BREACHED, Verdict.EXCLUDED))


class _Window(NamedTuple):
    """The seconds in which a state is to be kept, when that time ends, and why they are in doubt."""

    inside: Spells
    horizon: Moments
    open: Bools
    missing: Bools


class _Broken(NamedTuple):
    """What surely, and what perhaps, breaks the sentence; why that is in doubt; whether a part is excused."""

    sure: Spells
    perhaps: Spells
    open: Bools
    missing: Bools
    excused: Bools


def keep(world: Columns, s: ir.Keep, frame: Frame) -> Said:
    """Whether a state was kept up, or kept away, in the time that counts; excused stretches apart."""
    limits, n = limits_of(world, s.limits, frame), frame.n
    state = spans.stops(world, (s.state,))
    perhaps = of_each(_perhaps(state), frame.case, len(world.table))
    lo, hi = (first(perhaps, n, NEVER), last(perhaps, n, EVER)) if s.free else _ever(n)
    window = _window(world, limits, frame, lo, hi)
    broken = _broken(world, s, limits, window.inside, state, perhaps, frame)
    if limits.share is not None:
        return _share(world, limits.share, broken, frame)
    least, most = total(broken.sure, n), total(broken.perhaps, n)
    kept = np.where(broken.excused, _EXCLUDED, _MET)
    in_doubt = most > least
    running = np.full(n, bool(limits.lower)) & (window.horizon.hi > world.now)
    ahead_open, ahead_missing = window.horizon.causes(n)
    unclear = in_doubt | window.open | window.missing
    open_ = window.open | (in_doubt & broken.open) | (unclear & running)
    missing = window.missing | (in_doubt & broken.missing)
    alone = running & ~unclear
    open_ = open_ | (alone & (ahead_open | ~ahead_missing))
    missing = missing | (alone & ahead_missing)
    both = unclear | running
    bits = np.where(least > 0, _BREACHED, np.where(both, kept | _BREACHED, kept)).astype(np.uint8)
    doubt = both & (least == 0)
    begun = first(broken.sure, n, NEVER)
    return Said(bits, open_ & doubt, missing & doubt, None, None, Moments(begun, begun), least > 0)


def _perhaps(state: spans.Stops) -> Spells:
    """The seconds that may lie in states, in the cases in which they differ from those that surely do, and in the others."""
    if not state.apart.any():
        return state.sure
    alike = ~state.apart[state.sure.case]
    case, low, high = (np.concatenate([a[alike], b]) for a, b in zip(state.sure, state.perhaps, strict=True))
    order = np.lexsort((low, case))
    return Spells(case[order], low[order], high[order])


def _ever(n: int) -> tuple[Ints, Ints]:
    return np.full(n, EVER, np.int64), np.full(n, NEVER, np.int64)


def _broken(
    world: Columns,
    s: ir.Keep,
    limits: Limits,
    inside: Spells,
    state: spans.Stops,
    perhaps: Spells,
    frame: Frame,
) -> _Broken:
    n, cases = frame.n, len(world.table)
    sure = of_each(state.sure, frame.case, cases)
    # The second of the audit is not over: what lasts has lasted up to it.
    so_far = spells(inside.case, inside.low, np.minimum(inside.high, world.now))
    bad_sure, bad_perhaps = (
        (common(sure, so_far), common(perhaps, so_far))
        if s.free
        else (minus(so_far, perhaps), minus(so_far, sure))
    )
    open_, missing = state.open[frame.case], state.missing[frame.case]
    if not limits.save_for:
        return _Broken(bad_sure, bad_perhaps, open_, missing, np.zeros(n, bool))
    excuses = spans.stops(world, tuple(limits.save_for))
    surely, possibly = (of_each(x, frame.case, cases) for x in (excuses.sure, _perhaps(excuses)))
    excused = total(common(bad_sure, surely), n) > 0
    return _Broken(minus(bad_sure, possibly), minus(bad_perhaps, surely), open_, missing, excused)


# --------------------------------------------------------------------------- the time that counts
def _window(world: Columns, limits: Limits, frame: Frame, hull_lo: Ints, hull_hi: Ints) -> _Window:
    """The seconds of the hull in which a state is to be kept."""
    n = frame.n
    start, (_, never) = frame.since, _ever(n)
    end = frame.end if frame.end is not None else Moments(never, never)
    if limits.lower:
        start, end = limits.lower[0][1], Moments(never, never)
    if limits.upper:
        end = earliest([m for _, m in limits.upper])
    horizon = end
    missing = start.causes(n)[1] | end.causes(n)[1]
    open_ = np.zeros(n, bool)
    lo, hi = np.maximum(start.hi, hull_lo), np.minimum(end.lo, hull_hi)
    some = (start.hi < end.lo) & (lo < hi)
    every = np.arange(n, dtype=np.int64)
    inside = Spells(every[some], lo[some], hi[some])
    # Where there is nothing that could be in the time, its doubt is none.
    missing &= some | (hull_lo < hull_hi)
    for r in limits.restrictions:
        if isinstance(r, ir.InSpan):
            inside, open_, missing = _cut(world, r, frame, inside, open_, missing, keep_it=r.inside)
    for left in limits.leaving_out:
        span = ir.InSpan(left.name, left.kind)
        inside, open_, missing = _cut(world, span, frame, inside, open_, missing, keep_it=False)
    if limits.share is not None:
        inside = Spells(every[some], *(x[some] for x in _ever(n)))
    return _Window(inside, horizon, open_, missing)


def _cut(
    world: Columns,
    r: ir.InSpan,
    frame: Frame,
    inside: Spells,
    open_: Bools,
    missing: Bools,
    *,
    keep_it: bool,
) -> tuple[Spells, Bools, Bools]:
    """The time that counts, cut down to a span or less it, and why it is in doubt."""
    some = np.zeros(frame.n, bool)
    some[inside.case] = True
    held: Spells
    if r.kind == "state":
        held = of_each(spans.stops(world, (r.name,)).sure, frame.case, len(world.table))
    elif r.kind == "calendar":
        held, unplaced = _open(world, r.name, frame, inside)
        missing = missing | (unplaced & some)
    else:
        found = holding.held(world, r.kind, r.name, frame)
        here = np.flatnonzero(found.some)
        held = spells(here, found.start.lo[here], found.end.hi[here])
        for part in (causes(found.truth), found.start.causes(frame.n), found.end.causes(frame.n)):
            open_ = open_ | (part[0] & some & found.some)
            missing = missing | (part[1] & some & found.some)
    return (common(inside, held) if keep_it else minus(inside, held)), open_, missing


def _open(world: Columns, name: str, frame: Frame, inside: Spells) -> tuple[Spells, Bools]:
    """The open time of a calendar, and where its place is not on record; a time that no date bounds is looked at from a year before the
    record.
    """
    table, n = world.table, frame.n
    begin = np.searchsorted(table.case, frame.case, "left")
    at = table.order.at[np.minimum(begin, len(table.case) - 1)] if len(table.case) else np.zeros(n, np.int64)
    any_ = np.searchsorted(table.case, frame.case, "right") > begin
    earliest_ = np.where(any_, at, world.now) - 366 * 86400
    lo = np.maximum(first(inside, n, NEVER), earliest_)
    hi = np.minimum(last(inside, n, EVER), world.now)
    found, missing = clocks.open_spells(world, name, lo, hi, frame)
    for item in clocks.left_out(world, name):
        if item.kind == "state":
            found = minus(found, of_each(spans.stops(world, (item.name,)).sure, frame.case, len(table)))
    return found, missing


# --------------------------------------------------------------------------- a share of a period
def _share(world: Columns, share: ir.AtLeastShare, broken: _Broken, frame: Frame) -> Said:
    """A share of the real length of a period: a day with a clock change is as long as it really is."""
    n = frame.n
    if frame.end is not None:
        start, end, some = frame.start, frame.end, np.ones(n, bool)
    else:
        found = holding.held(world, "period", share.period, frame)
        start, end, some = found.start, found.end, found.some
    exact = some & start.exact & end.exact
    every = np.flatnonzero(exact)
    period = spells(every, start.lo[every], end.lo[every])
    whole = np.where(exact, end.lo, 0) - np.where(exact, start.lo, 0)
    allowed = whole * (10000 - share.hundredths)
    least, most = (total(common(x, period), n) * 10000 for x in (broken.sure, broken.perhaps))
    worse, perhaps = exact & (least > allowed), exact & (most > allowed)
    running = exact & (end.lo > world.now)
    (so, sm), (eo, em) = start.causes(n), end.causes(n)
    bits = np.where(worse, _BREACHED, np.where(perhaps | running | ~exact, _MET | _BREACHED, _MET))
    perhaps &= ~worse
    running &= ~perhaps & ~worse
    inexact = some & ~exact
    open_ = ~some | (inexact & (so | eo)) | (perhaps & broken.open) | running
    missing = (inexact & (sm | em)) | (perhaps & broken.missing)
    return Said(bits.astype(np.uint8), open_, missing)


__all__ = ["EMPTY", "keep"]
