"""Moments as columns: from the terms of a clause to instants.

What the agreement and one second alone decide (legal terms, days and months) is asked of the interpreter once for each
second that occurs, so that it cannot differ.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Any

import numpy as np

from checker.columnar import clocks, conditions, events, figures, holding, several, values
from checker.columnar.possible import (
    Ints,
    Moments,
    Truths,
    at,
    earliest,
    latest,
    where,
)
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame, NotColumnar, place
from checker.interpret import calendars
from checker.interpret import moments as rules
from checker.interpret.possible import EVER, NEVER, Moment, Possible
from checker.interpret.world import Frame as One
from checker.interpret.world import World
from dsl import contract as ir


def moment(world: Columns, term: ir.Instant, frame: Frame) -> Moments:
    """The instant that a term stands for at each occasion."""
    rule = _RULES.get(type(term))
    if rule is None:
        raise NotColumnar(type(term).__name__)
    if isinstance(term, ir.It):
        return rule(world, term, frame)
    return world.of_frame(("moment", world.mark(term)), frame, lambda f: rule(world, term, f))


def _it(world: Columns, term: ir.It, frame: Frame) -> Moments:
    if frame.here is not None:
        return world.table.moments(frame.here)
    return frame.end if term.end and frame.end is not None else frame.start


def _pick(world: Columns, term: ir.Pick, frame: Frame) -> Moments:
    if term.which == "last":
        return events.last(world, term.event, frame)
    if term.which == "next":
        start = _it(world, ir.It(), frame)
        lo = start.lo + 1
        after = Moments(lo, lo if start.certain else start.hi + 1, start.open, start.missing)
        return events.first(world, term.event, frame, after)
    return events.first(world, term.event, frame)


def _named(world: Columns, term: ir.MomentRef, frame: Frame) -> Moments:
    lines = world.book.moments[term.name].lines
    return world.of_frame(("named", term.name), frame, lambda f: _cases(world, lines, f))


def _cases(world: Columns, lines: tuple[ir.Line[Any], ...], frame: Frame) -> Moments:
    """The last case whose condition holds."""
    chosen: Moments | None = None
    for line in world.lines(lines):
        if isinstance(line, ir.MeansMoment):
            chosen = moment(world, line.moment, frame)
            continue
        truth = conditions.truth(world, line.condition, frame)
        case = _cases(world, line.lines, frame)
        before, chosen = chosen, case if chosen is None else where(truth.yes, case, chosen)
        if truth.open is not None:
            chosen = _either(world, before, case, chosen, truth, frame)
    if chosen is None:
        raise NotColumnar("a moment without a case")
    return chosen


def _either(
    world: Columns, before: Moments | None, case: Moments, chosen: Moments, truth: Truths, frame: Frame
) -> Moments:
    """Where it is unknown whether a case applies: anything between it and what else the moment may be."""
    unknown = truth.unknown
    if before is None or before.edged or case.edged:
        world.give_up(frame.case, unknown)
        return chosen
    n = frame.n
    (bo, bm), (co, cm) = before.causes(n), case.causes(n)
    (ho, hm), (to, tm) = chosen.causes(n), (truth.open, truth.missing)
    assert to is not None
    assert tm is not None
    return Moments(
        np.where(unknown, np.minimum(before.lo, case.lo), chosen.lo),
        np.where(unknown, np.maximum(before.hi, case.hi), chosen.hi),
        np.where(unknown, bo | co | to, ho),
        np.where(unknown, bm | cm | tm, hm),
        row=np.where(unknown, -1, chosen.row) if chosen.row is not None else None,
    )


def _shift(world: Columns, term: ir.Shift, frame: Frame) -> Moments:
    return shifted(world, term.length, term.back, moment(world, term.base, frame), term.clock, frame)


def shifted(
    world: Columns, length: ir.Length, back: bool, base: Moments, clock: ir.Clock, frame: Frame
) -> Moments:
    """A length after or before moments."""
    if isinstance(length.amount, int):
        return _shifted(world, length.amount, length, back, base, clock, frame)
    parts = []
    for amount, index in figures.each_length(world, length, frame):
        here = base.take(index)
        if amount is None:
            parts.append((index, figures.of_no_length(here, back)))
            continue
        key = (*frame.key, "length", length.amount, amount, *world.consulted())
        inner = frame.take(index, key)
        parts.append((index, _shifted(world, amount, length, back, here, clock, inner)))
    return figures.put_together(parts, frame.n)


def _shifted(
    world: Columns,
    amount: int,
    length: ir.Length,
    back: bool,
    base: Moments,
    clock: ir.Clock,
    frame: Frame,
) -> Moments:
    if length.counting in ("elapsed", "clock"):
        return clocks.run(world, clock, amount * rules._SECONDS[length.unit], base, back, frame)

    def one(w: World, second: int) -> Moment:
        return rules._shift(w, amount, length, back, second, clock, One())

    return each_second(world, base, frame, one, clock.calendar if length.counting == "working" else None)


def each_second(
    world: Columns,
    base: Moments,
    frame: Frame,
    rule: Callable[[World, int], Moment],
    calendar: str | None = None,
) -> Moments:
    """What the interpreter makes of each second that occurs, under each agreement: its zone and country decide, and the hours
    of a calendar where one counts.

    Where the agreement does not say in which zone or country, or a calendar does not reach so far, it is within bounds.
    """
    first = _asked(world, base.lo, frame, rule, calendar)
    if base.certain:
        return first
    second = _asked(world, base.hi, frame, rule, calendar)
    lo, hi = first.lo, second.hi
    # Bounds that come to one instant leave nothing in doubt.
    doubt = (lo != hi) | (base.lo == base.hi)
    open_, missing = base.causes(frame.n)
    for found in (first, second):
        missing = missing | found.causes(frame.n)[1]
    return Moments(lo, hi, open_ & doubt, missing & doubt, first.edged or second.edged)


def _asked(
    world: Columns,
    seconds: Ints,
    frame: Frame,
    rule: Callable[[World, int], Moment],
    calendar: str | None = None,
) -> Moments:
    lo, hi = np.empty(len(seconds), np.int64), np.empty(len(seconds), np.int64)
    missing = np.zeros(len(seconds), bool)
    edge = False

    def decides(w: World) -> Hashable:
        return place(w), calendars.hours(w, calendar).calendar.spec if calendar is not None else None

    for one, index in world.groups(("counts", calendar), decides, frame.case):
        here, back = np.unique(seconds[index], return_inverse=True)
        found = [_of_second(world, one, rule, int(s)) for s in here]
        edge = edge or any(m.edge for m in found)
        lo[index] = np.array([m.lo for m in found], np.int64)[back]
        hi[index] = np.array([m.hi for m in found], np.int64)[back]
        missing[index] = np.array([bool(m.causes) for m in found], bool)[back]
    if (lo == hi).all():
        return Moments(lo, lo, edge=edge)
    # What has no cause in the reference semantics has none here.
    return Moments(lo, hi, np.zeros(len(lo), bool), missing & (lo != hi), edge)


def _bounded(lo: Ints, hi: Ints, edge: bool = False) -> Moments:
    """Moments that only what is missing leaves within bounds."""
    doubt = lo != hi
    if not doubt.any():
        return Moments(lo, lo, edge=edge)
    return Moments(lo, hi, np.zeros(len(lo), bool), doubt, edge)


def _of_second(world: Columns, one: World, rule: Callable[[World, int], Moment], second: int) -> Moment:
    return world.asked(one, lambda w: rule(w, second))


def _unit(world: Columns, term: ir.UnitOf, frame: Frame) -> Moments:
    inner = moment(world, term.of, frame)

    def one(w: World, second: int) -> Moment:
        return rules._unit(w, term.unit, Moment(second, second), term.end)

    found = each_second(world, inner, frame, one)
    return found._replace(edge=term.end)


def _date_of(world: Columns, term: ir.DateOf, frame: Frame) -> Moments:
    found = values.value(world, term.value, frame)
    lo, hi = _dates(world, found.code, frame.case)
    if found.more is None:
        if (lo == hi).all():
            return at(lo)
        # What is on record and is no date, or of no zone, is missing.
        told = found.code != NOTHING
        return Moments(lo, hi, found.open & ~told, np.where(told, lo != hi, found.missing))
    many = several.several(found)
    missing = np.where((found.code != NOTHING) & ~many, lo != hi, found.missing)
    low, high = _dates(world, found.more.code, frame.case[found.more.occasion])
    np.minimum.at(lo, found.more.occasion, low)
    np.maximum.at(hi, found.more.occasion, high)
    return Moments(lo, hi, found.open, missing)


def _dates(world: Columns, code: Ints, case: Ints) -> tuple[Ints, Ints]:
    """Within which bounds the dates lie that codes stand for."""
    lo, hi = np.full(len(code), EVER, np.int64), np.full(len(code), NEVER, np.int64)
    for one, index in world.groups("place", place, case):
        codes, back = np.unique(code[index], return_inverse=True)
        dates = [_of_text(world, one, int(c)) for c in codes]
        lo[index] = np.array([m.lo for m in dates], np.int64)[back]
        hi[index] = np.array([m.hi for m in dates], np.int64)[back]
    return lo, hi


def _of_text(world: Columns, one: World, code: int) -> Moment:
    if code == NOTHING:
        return Moment(EVER, NEVER)
    text = world.table.dictionary.values[code]
    return world.asked(one, lambda w: rules.dated(w, Possible((text,))))


def _date(world: Columns, term: ir.DateConstant, frame: Frame) -> Moments:
    lo, hi = np.empty(frame.n, np.int64), np.empty(frame.n, np.int64)
    for one, index in world.groups("place", place, frame.case):
        got = world.asked(one, lambda w: rules.day_start(w, term.day))
        lo[index], hi[index] = got.lo, got.hi
    return _bounded(lo, hi)


def _extreme(world: Columns, term: ir.Extreme, frame: Frame) -> Moments:
    parts = [moment(world, t, frame) for t in term.of]
    return latest(parts) if term.latest else earliest(parts)


_RULES: dict[type, Callable[[Columns, Any, Frame], Moments]] = {
    ir.It: _it,
    ir.Pick: _pick,
    ir.Extreme: _extreme,
    ir.Shift: _shift,
    ir.MomentRef: _named,
    ir.Now: lambda world, term, frame: at(np.full(frame.n, world.now, np.int64)),
    ir.DateOf: _date_of,
    ir.DateConstant: _date,
    ir.UnitOf: _unit,
    ir.Boundary: lambda world, term, frame: holding.boundary(world, term, frame),
}
