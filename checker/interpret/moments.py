"""Moments: from the terms of a clause to instants, or to the bounds within which they lie."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, cast

from checker.clock import days, terms
from checker.clock.alternatives import term_end_bounds
from checker.clock.holidays_data import NoHolidayDataError, free_days, place
from checker.clock.index import HorizonExceeded
from checker.interpret import calendars, conditions, events, spans, values
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO_CAUSE,
    Causes,
    Moment,
    Possible,
    at,
    earliest,
    latest,
    missing_cause,
)
from checker.interpret.world import Frame, World
from checker.record.instants import BadInstant, parse_instant
from dsl import contract as ir

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_PLURAL = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
_MARGIN = 15 * 3600
"""Zones lie between UTC-12 and UTC+14: how far local midnight can be from UTC midnight, at most."""


def moment(world: World, term: ir.Instant, frame: Frame) -> Moment:
    """The instant that a term stands for, within what the record tells."""
    return _RULES[type(term)](world, term, frame)


def _extreme(world: World, term: ir.Extreme, frame: Frame) -> Moment:
    parts = [moment(world, t, frame) for t in term.of]
    return latest(parts) if term.latest else earliest(parts)


def _named(world: World, term: ir.MomentRef, frame: Frame) -> Moment:
    return _cases(world, world.book.moments[term.name].lines, frame)


def _shifted(world: World, term: ir.Shift, frame: Frame) -> Moment:
    return shifted(world, term.length, term.back, moment(world, term.base, frame), term.clock, frame)


def _boundary(world: World, term: ir.Boundary, frame: Frame) -> Moment:
    held = spans.holding(world, term.kind, term.of, frame)
    if held is None:
        return Moment(EVER, NEVER, missing_cause(f"{term.of} that holds it"))
    bound = held.end if term.end else held.start
    if held.truth.value is None and held.entry is None and held.start.lo == EVER and held.end.hi == NEVER:
        # Nothing is on record of it: its end may be any instant.
        return Moment(EVER, NEVER, held.truth.causes)
    return bound if held.truth.value else bound._replace(causes=bound.causes | held.truth.causes)


def _it(world: World, term: ir.It, frame: Frame) -> Moment:
    if frame.event is not None:
        return world.moment(frame.event)
    occasion = frame.occasion
    if occasion is None:
        return at(world.now)
    return occasion.end if term.end and occasion.end is not None else occasion.start


def _pick(world: World, term: ir.Pick, frame: Frame) -> Moment:
    if term.which == "last":
        return events.last(world, term.event)
    if term.which == "next":
        start = _it(world, ir.It(), frame)
        return events.first(
            world, term.event, since=start._replace(lo=start.lo + 1, hi=start.hi + 1, event=None)
        )
    return events.first(world, term.event)


def _cases(world: World, lines: tuple[ir.Line[Any], ...], frame: Frame) -> Moment:
    """The last case whose condition holds; where that is unknown, anything between the cases."""
    options: list[Moment] = []
    causes: Causes = NO_CAUSE
    for line in world.lines(lines):
        if isinstance(line, ir.MeansMoment):
            options, causes = [moment(world, line.moment, frame)], NO_CAUSE
            continue
        truth = conditions.truth(world, line.condition, frame)
        if truth.value is False:
            continue
        if truth.value and world.trace is not None:
            world.trace.took(line)
        inner = _cases(world, line.lines, frame)
        if truth.value:
            options, causes = [inner], NO_CAUSE
        else:
            options.append(inner)
            causes |= truth.causes
    if len(options) == 1:
        return options[0]
    lo, hi = min(m.lo for m in options), max(m.hi for m in options)
    return Moment(lo, hi, causes.union(*(m.causes for m in options)))


def dated(world: World, value: Possible) -> Moment:
    """The first second of a date, or an instant, held by a value."""
    if value.options is None:
        return Moment(EVER, NEVER, value.causes)
    found = [_dated(world, v) for v in value.options]
    if len(found) == 1:
        return found[0]
    return Moment(min(m.lo for m in found), max(m.hi for m in found), value.causes)


def _dated(world: World, value: Any) -> Moment:
    text = str(value)
    try:
        if len(text) <= 10:
            return day_start(world, date.fromisoformat(text))
        return at(parse_instant(text)[0])
    except (ValueError, BadInstant):
        return Moment(EVER, NEVER, missing_cause(f'a date (found "{text[:40]}")'))


def day_start(world: World, day: date) -> Moment:
    """The first second of a date in the zone of the agreement.

    No history is of before 1970 or after 2099 (the reader asks so of events): an earlier date was ever, and a later one,
    such as the `9999-12-31` of open-ended agreements, will never be.
    """
    if not 1970 <= day.year <= 2099:
        far = EVER if day.year < 1970 else NEVER
        return Moment(far, far)
    zone = world.zone
    if zone is not None:
        return at(days.date_start(day, zone))
    middle = days.date_start(day, "UTC")
    return Moment(middle - _MARGIN, middle + _MARGIN, missing_cause("the fact time_zone"))


def _unit(world: World, unit: str, inner: Moment, end: bool) -> Moment:
    lo = unit_bounds(world, unit, inner.lo)[1 if end else 0]
    hi = unit_bounds(world, unit, inner.hi)[1 if end else 0] if inner.hi != inner.lo else lo
    causes = lo.causes | hi.causes | (inner.causes if lo.lo != hi.hi else NO_CAUSE)
    return Moment(lo.lo, hi.hi, causes, end)


def unit_bounds(world: World, unit: str, second: int) -> tuple[Moment, Moment]:
    """Start and exclusive end of the local day, week, month, quarter or year that holds a second."""
    if not EVER < second < NEVER:
        return at(second), at(second)
    zone = world.zone
    if zone is None:
        low, high = (_local_unit(unit, second + shift, "UTC") for shift in (-_MARGIN, _MARGIN))
        causes = missing_cause("the fact time_zone")
        return (
            Moment(low[0] - _MARGIN, high[0] + _MARGIN, causes),
            Moment(low[1] - _MARGIN, high[1] + _MARGIN, causes, True),
        )
    start, end = _local_unit(unit, second, zone)
    return at(start), Moment(end, end, NO_CAUSE, True)


def _local_unit(unit: str, second: int, zone: str) -> tuple[int, int]:
    of = {
        "day": days.day_bounds,
        "week": days.calendar_week,
        "month": days.calendar_month,
        "quarter": days.calendar_quarter,
        "year": days.calendar_year,
    }
    return of[unit](second, zone)


_RULES: dict[type, Callable[[World, Any, Frame], Moment]] = {
    ir.It: _it,
    ir.Pick: _pick,
    ir.Extreme: _extreme,
    ir.Shift: _shifted,
    ir.MomentRef: _named,
    ir.Now: lambda world, term, frame: at(world.now),
    ir.DateOf: lambda world, term, frame: dated(world, values.value(world, term.value, frame)),
    ir.DateConstant: lambda world, term, frame: day_start(world, term.day),
    ir.UnitOf: lambda world, term, frame: _unit(world, term.unit, moment(world, term.of, frame), term.end),
    ir.Boundary: _boundary,
}


# --------------------------------------------------------------------------- lengths
def shifted(
    world: World, length: ir.Length, back: bool, base: Moment, clock: ir.Clock, frame: Frame
) -> Moment:
    """A length after or before a moment. Both bounds are shifted: every way of counting is monotone."""
    amount = amount_of(world, length, frame)
    if amount is None:
        name = str(length.amount)
        return Moment(
            base.lo if not back else EVER,
            NEVER if not back else base.hi,
            base.causes | missing_cause(f"the figure {name}"),
        )
    first = _shift(world, amount, length, back, base.lo, clock, frame)
    if base.lo == base.hi:
        return first._replace(causes=first.causes | base.causes) if not first.exact else first
    second = _shift(world, amount, length, back, base.hi, clock, frame)
    if first.lo == second.hi:
        return first
    return Moment(first.lo, second.hi, base.causes | first.causes | second.causes)


def amount_of(world: World, length: ir.Length, frame: Frame) -> int | None:
    """How many units a length has: written, or a figure; None where that is not known."""
    if isinstance(length.amount, int):
        return length.amount
    from checker.interpret import amounts

    quantity = amounts.figure(world, length.amount, frame, as_length=True)
    return int(quantity.lo) if quantity.lo == quantity.hi else None


_LAST = 4_133_980_800
"""The year 2101, in seconds since 1970: later than any record can be."""


def _shift(
    world: World, amount: int, length: ir.Length, back: bool, second: int, clock: ir.Clock, frame: Frame
) -> Moment:
    if not EVER < second < NEVER:
        return at(second)
    try:
        found = _counted(world, amount, length, back, second, clock)
        # What lies beyond the calendar's data is as good as never, whatever the figure.
        return Moment(NEVER, NEVER) if found.lo > _LAST else found
    except NoHolidayDataError as error:
        return Moment(
            EVER if back else second, second if back else NEVER, missing_cause(f"holiday data ({error})")
        )
    except HorizonExceeded:
        cause = missing_cause("a calendar that reaches so far")
        return Moment(EVER if back else second, second if back else NEVER, cause)


def _counted(
    world: World, amount: int, length: ir.Length, back: bool, second: int, clock: ir.Clock
) -> Moment:
    if length.counting in ("elapsed", "clock"):
        return calendars.run(world, clock, amount * _SECONDS[length.unit], second, back)
    if length.counting == "working":
        return calendars.working_days(world, clock, amount, second, back)
    unit = cast(terms.Unit, _PLURAL[length.unit] if length.unit != "quarter" else "months")
    amount = amount * 3 if length.unit == "quarter" else amount
    if length.counting == "calendar" or back:
        return _same_local_time(world, amount, unit, second, back)
    return _legal(world, amount, unit, second, clock)


def _same_local_time(world: World, amount: int, unit: terms.Unit, second: int, back: bool) -> Moment:
    move = terms.back if back else terms.ahead
    zone = world.zone
    if zone is not None:
        return at(move(second, amount, unit, zone=zone))
    middle = move(second, amount, unit, zone="UTC")
    return Moment(middle - _MARGIN, middle + _MARGIN, missing_cause("the fact time_zone"))


def _legal(world: World, amount: int, unit: terms.Unit, second: int, clock: ir.Clock) -> Moment:
    """A term by the contract's law (Civil Code art. 111, 112, 115 for Polish contracts)."""
    country, zone = world.country, world.zone
    law = world.book.contract.law
    details: dict[str, Any] = {
        "law": law,
        "roll": clock.moved,
        "first_day_counted": clock.first_day_counted,
        "ending_at": clock.ending_at,
    }
    causes: Causes = NO_CAUSE
    zones = [zone] if zone is not None else ["UTC+14:00", "UTC-12:00"]
    if zone is None:
        causes |= missing_cause("the fact time_zone")
    found: list[int] = []
    for name in zones:
        if country is not None or not clock.moved:
            found.append(terms.term_end(second, amount, unit, zone=name, free=_free(country), **details))
        else:
            found.extend(term_end_bounds(second, amount, unit, zone=name, **details))
    if country is None and clock.moved and min(found) != max(found):
        causes |= missing_cause("the fact country")
    return Moment(min(found), max(found), causes) if min(found) != max(found) else at(found[0])


def _free(country: str | None) -> terms.Free:
    if country is None:
        return lambda _: False
    land, region = place(country)
    return lambda day: day in free_days(land, region, day.year)
