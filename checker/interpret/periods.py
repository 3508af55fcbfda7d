"""Periods: months, quarters and years of the calendar, rolling ones, and those that the agreement names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

from checker.clock import days
from checker.interpret import moments, spans
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO_CAUSE,
    YES,
    Moment,
    Possible,
    Truth,
    anything,
    at,
    before,
    conjunction,
    disjunction,
    missing_cause,
    no_later,
)
from checker.interpret.world import Frame, World
from dsl import contract as ir

if TYPE_CHECKING:
    from checker.interpret.spans import Stretch

Counted = ir.EachUnit | ir.Rolling | ir.EachFrom
"""Periods that the calendar counts, without an end; the others are listed by the agreement."""


def counted(world: World, name: str) -> bool:
    """Whether the calendar counts a period; else the agreement lists it."""
    return isinstance(_line(world, name), Counted)


def near(world: World, name: str, moment: Moment) -> list[Stretch]:
    """The stretches of a period that may hold a moment: of a counted period the one, else all that are listed."""
    line = _line(world, name)
    if isinstance(line, Counted):
        return [_counted_at(world, line, moment)]
    return _entry_periods(world, line) if isinstance(line, ir.Entries) else _named_periods(world, line)


def _line(world: World, name: str) -> Counted | ir.Entries | ir.Named:
    return next(iter(world.lines(world.book.periods[name].lines)))


def all_of(world: World, name: str) -> list[Stretch]:
    """Every stretch of a period up to the audit instant.

    A period counted from a date begins with it; one of the bare calendar begins where the record does, for
    nothing is known of the months before.
    """
    line = _line(world, name)
    if not isinstance(line, Counted):
        return near(world, name, Moment(world.now, world.now))
    second = min(world.case.events[0].at if world.case.events else world.now, begins(world, name))
    out: list[Stretch] = []
    while second <= world.now:
        held = _counted_at(world, line, Moment(second, second))
        if not held.end.exact:
            break
        out.append(held)
        second = held.end.lo
    return out


def begins(world: World, name: str) -> int:
    """The earliest second from which a period is counted; the audit instant where no date says it."""
    line = _line(world, name)
    if not isinstance(line, ir.EachFrom):
        return world.now
    if isinstance(line.start, ir.FactValue):
        found = world.fact(line.start.path)
        starts = [] if found.options is None else [moments.dated(world, found)]
    else:
        starts = [s.start for s in spans.entries(world, line.start, Frame()) if s.truth.value]
    return min((m.lo for m in starts if m.exact and m.lo > EVER), default=world.now)


def _entry_periods(world: World, line: ir.Entries) -> list[Stretch]:
    found = world.fact(line.fact.path)
    if found.options is None:
        return [spans.Stretch(Moment(EVER, EVER), Moment(NEVER, NEVER), Truth(None, found.causes))]
    value = found.options[0]
    out = []
    for entry in value if isinstance(value, list) else [value]:
        if isinstance(entry, Mapping):
            start, end = spans.bounds(world, entry)
            out.append(spans.Stretch(start, end, YES, None, None, entry))
    return out


def _named_periods(world: World, line: ir.Named) -> list[Stretch]:
    found = world.fact(line.fact.path)
    if found.options is None:
        return [spans.Stretch(Moment(EVER, EVER), Moment(NEVER, NEVER), Truth(None, found.causes))]
    value = found.options[0]
    out = []
    for text in value if isinstance(value, list) else [value]:
        try:
            day = date.fromisoformat(f"{text}-01" if line.unit == "month" else f"{text}-01-01")
        except ValueError:
            cause = missing_cause(f'a {line.unit} (found "{str(text)[:20]}")')
            out.append(spans.Stretch(Moment(EVER, EVER), Moment(NEVER, NEVER), Truth(None, cause)))
            continue
        inside = moments.day_start(world, day)
        if world.zone is None:
            low, _ = moments.unit_bounds(world, line.unit, inside.lo + moments._MARGIN)
            _, high = moments.unit_bounds(world, line.unit, inside.lo + moments._MARGIN)
            out.append(spans.Stretch(low, high))
            continue
        start, end = moments.unit_bounds(world, line.unit, inside.lo)
        out.append(spans.Stretch(start, end))
    return out


def _counted_at(world: World, line: Counted, moment: Moment) -> Stretch:
    """The stretch of a counted period that holds a moment."""
    if not moment.exact:
        return spans.Stretch(
            Moment(EVER, moment.hi, moment.causes), Moment(moment.lo, NEVER, moment.causes), YES
        )
    if isinstance(line, ir.EachUnit):
        start, end = moments.unit_bounds(world, line.unit, moment.lo)
        return spans.Stretch(start, end)
    if isinstance(line, ir.Rolling):
        length = ir.Length(line.amount, line.unit, "calendar")
        start = moments.shifted(world, length, True, moment, ir.Clock(), Frame())
        # The n units that end with the occasion: what happened exactly n units earlier is outside.
        return spans.Stretch(
            start._replace(lo=start.lo + 1, hi=start.hi + 1),
            Moment(moment.hi + 1, moment.hi + 1, NO_CAUSE, True),
        )
    anchor = _anchor(world, line, moment)
    zone = world.zone
    if anchor.options is None or zone is None:
        causes = anchor.causes if anchor.options is None else missing_cause("the fact time_zone")
        return spans.Stretch(
            Moment(EVER, moment.hi, causes), Moment(moment.lo, NEVER, causes), Truth(None, causes)
        )
    try:
        day = date.fromisoformat(str(anchor.options[0])[:10])
    except ValueError:
        day = _day_of_month(str(anchor.options[0]), moment.lo, zone) or days.local_date(moment.lo, zone)
    months = line.amount * {"month": 1, "quarter": 3, "year": 12}.get(line.unit, 0)
    if months:
        low, high = days.years_from(day, moment.lo, zone, months)
    else:
        low, high = _day_steps(day, line.amount * (7 if line.unit == "week" else 1), moment.lo, zone)
    return spans.Stretch(at(low), Moment(high, high, NO_CAUSE, True))


def _anchor(world: World, line: ir.EachFrom, moment: Moment) -> Possible:
    """The date from which periods are counted: a fact, or `from` of the entry in force (else the latest begun)."""
    if isinstance(line.start, ir.FactValue):
        return world.fact(line.start.path)
    found = [s for s in spans.entries(world, line.start, Frame()) if s.entry is not None and s.truth.value]
    begun = [s for s in found if s.start.lo <= moment.lo]
    if not begun:
        return anything(missing_cause(f"the start of {line.start}"))
    entry = max(begun, key=lambda s: s.start.lo).entry or {}
    start = entry.get("from")
    return (
        Possible((str(start)[:10],))
        if start is not None
        else anything(missing_cause(f"from of {line.start}"))
    )


def _day_of_month(text: str, second: int, zone: str) -> date | None:
    """An anchor given as the day of the month on which every period starts."""
    if not text.isdigit() or not 1 <= int(text) <= 31:
        return None
    first = days.local_date(second, zone).replace(month=1, day=1)
    return first.replace(day=min(int(text), 31))


def _day_steps(anchor: date, step: int, second: int, zone: str) -> tuple[int, int]:
    day = days.local_date(second, zone)
    start = anchor + timedelta(days=(day - anchor).days // step * step)
    return days.date_start(start, zone), days.date_start(start + timedelta(days=step), zone)


def in_one_period(world: World, name: str, a: Moment, b: Moment) -> Truth:
    """Whether two moments lie in the same stretch of a period."""
    return disjunction(
        conjunction([s.truth, no_later(s.start, b), before(b, s.end), no_later(s.start, a), before(a, s.end)])
        for s in near(world, name, b)
    )
