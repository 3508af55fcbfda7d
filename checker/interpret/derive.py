"""How the limits of a sentence come about: from which instant each runs, by which clock or legal term, until when."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from checker.clock import terms
from checker.clock.days import local_date
from checker.clock.holidays_data import NoHolidayDataError, free_days, place
from checker.clock.index import HorizonExceeded
from checker.interpret import calendars, conditions, moments
from checker.interpret.limits import Origin, Said
from checker.interpret.possible import EVER, Moment
from checker.interpret.shown import iso
from checker.interpret.shown import moment as as_json
from checker.interpret.world import Frame, World
from dsl import contract as ir
from dsl import phrase

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_UNITS: dict[str, tuple[terms.Unit, int]] = {
    "day": ("days", 1),
    "week": ("weeks", 1),
    "month": ("months", 1),
    "quarter": ("months", 3),
    "year": ("years", 1),
}
_MOST_DAYS = 62
"""How many days a term in working days is laid open for; of a longer one only the ends are given."""


def limits(world: World, s: ir.Sentence, frame: Frame, finding: Said) -> list[dict[str, Any]]:
    """The limits of a sentence, each with its instant and the steps that lead to it."""
    if not isinstance(s, ir.Perform | ir.Refrain | ir.Keep):
        return []
    if finding.origins:
        # A limit carried over from several stretches is one limit.
        distinct = {(o.clause, o.start.lo, o.due.lo): o for o in reversed(finding.origins)}
        return [_origin(world, o, o is not finding.origins[0]) for o in reversed(distinct.values())]
    out = []
    for x in world.lines(s.limits):
        if isinstance(x, ir.Within):
            shift = ir.Shift(x.length, False, x.of, x.clock)
            out.append(_limit(world, phrase.limit(x), "no-later", shift, frame))
        elif isinstance(x, ir.Limit):
            out.append(_limit(world, phrase.limit(x), x.relation, x.moment, frame))
        elif isinstance(x, ir.Between):
            out.append(_limit(world, f"from {phrase.instant(x.start)}", "no-sooner", x.start, frame))
            out.append(_limit(world, f"until {phrase.instant(x.end)}", "before", x.end, frame))
    return out


def _limit(world: World, text: str, relation: str, term: ir.Instant, frame: Frame) -> dict[str, Any]:
    found = moments.moment(world, term, frame)
    return {
        "text": text,
        "relation": relation,
        "at": as_json(world, found),
        "steps": list(_steps(world, term, frame)),
    }


def _origin(world: World, o: Origin, older: bool) -> dict[str, Any]:
    text = f"{phrase.length(o.length)}{phrase.clock(o.clock)}"
    if older:
        text += f", the limit of {o.clause}, which still binds if it is the earlier"
    return {
        "text": text,
        "relation": "no-later",
        "clause": o.clause,
        "at": as_json(world, o.due),
        "steps": [_step(world, text, o.length, o.clock, o.start, o.due)],
    }


# --------------------------------------------------------------------------- step by step
def _steps(world: World, term: ir.Instant, frame: Frame) -> Iterator[dict[str, Any]]:
    """The lengths and boundaries that a moment is made of, the innermost first."""
    if isinstance(term, ir.Shift):
        yield from _steps(world, term.base, frame)
        start, end = moments.moment(world, term.base, frame), moments.moment(world, term, frame)
        yield _step(world, phrase.instant(term), term.length, term.clock, start, end, term.back)
    elif isinstance(term, ir.MomentRef):
        yield from _named(world, world.book.moments[term.name].lines, frame)
    elif isinstance(term, ir.Extreme):
        for part in term.of:
            yield from _steps(world, part, frame)
    elif isinstance(term, ir.UnitOf):
        yield from _steps(world, term.of, frame)
        end = moments.moment(world, term, frame)
        start = moments.moment(world, term.of, frame)
        yield {"text": phrase.instant(term), "from": as_json(world, start), "to": as_json(world, end)}


def _named(world: World, lines: tuple[ir.Line[Any], ...], frame: Frame) -> Iterator[dict[str, Any]]:
    """The steps of the case of a named moment that holds; none where that is not known."""
    chosen: ir.Instant | tuple[ir.Line[Any], ...] | None = None
    for line in world.lines(lines):
        if isinstance(line, ir.MeansMoment):
            chosen = line.moment
        else:
            truth = conditions.truth(world, line.condition, frame)
            if truth.value is None:
                return
            if truth.value:
                chosen = line.lines
    if isinstance(chosen, tuple):
        yield from _named(world, chosen, frame)
    elif chosen is not None:
        yield from _steps(world, chosen, frame)


def _step(
    world: World,
    text: str,
    length: ir.Length,
    clock: ir.Clock,
    start: Moment,
    end: Moment,
    back: bool = False,
) -> dict[str, Any]:
    out: dict[str, Any] = {"text": text, "from": as_json(world, start), "to": as_json(world, end)}
    if not (start.exact and end.exact) or back:
        return out
    if length.counting in ("elapsed", "clock"):
        out["clock"] = ledger(world, clock, start.lo, end.lo, end.lo)
    elif length.counting in ("legal", "working") and world.zone is not None:
        term = _term(world, length, clock, start.lo, end.lo, frame=Frame())
        if term is not None:
            out["term"] = term
    return out


# --------------------------------------------------------------------------- legal terms
def _term(
    world: World, length: ir.Length, clock: ir.Clock, start: int, end: int, frame: Frame
) -> dict[str, Any] | None:
    """A term in days or working days, laid open: the first day, what was skipped or moved, the last day."""
    assert world.zone is not None
    amount = length.amount if isinstance(length.amount, int) else moments.amount_of(world, length, frame)
    if amount is None:
        return None
    first, last = local_date(start, world.zone), local_date(end, world.zone)
    out: dict[str, Any] = {
        "counting": length.counting,
        "length": phrase.length(length) if isinstance(length.amount, int) else f"{amount} {length.unit}s",
        "first_day": str(first),
        "first_day_counted": clock.first_day_counted,
        "last_day": str(last),
        "due": iso(world, end),
    }
    if length.counting == "working":
        out["calendar"] = clock.calendar
        out["counted"], out["skipped"] = _working_days(world, clock, first, last)
        return out
    unit, times = _UNITS[length.unit]
    try:
        ends = terms.last_day(
            first,
            amount * times,
            unit,
            free=lambda _: False,
            law=world.book.contract.law,
            roll=False,
            first_day_counted=clock.first_day_counted,
        )
    except (HorizonExceeded, ValueError):
        return None
    out["law"] = world.book.contract.law
    out["sources"] = list(terms.LAWS[world.book.contract.law].sources)
    out["ends_on"] = str(ends)
    out["moved_over"] = [
        {"day": str(d), "why": _free_because(world.country, d)} for d in _days(ends, last) if d < last
    ]
    return out


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += timedelta(days=1)


def _free_because(country: str | None, day: date) -> str:
    """Why a day is free: its weekday, or the name of the holiday."""
    try:
        name = free_days(*place(country), day.year).get(day) if country is not None else None
    except NoHolidayDataError:
        name = None
    if name is not None:
        return f"public holiday: {name}"
    return _WEEKDAYS[day.weekday()]


def _working_days(
    world: World, clock: ir.Clock, first: date, last: date
) -> tuple[list[str], list[dict[str, str]]]:
    exact = calendars.hours(world, str(clock.calendar)).calendar.exact
    counted: list[str] = []
    skipped: list[dict[str, str]] = []
    if exact is None or (last - first).days > _MOST_DAYS:
        return counted, skipped
    for day in _days(first if clock.first_day_counted else first + timedelta(days=1), last):
        if exact.is_working_day(day):
            counted.append(str(day))
        else:
            skipped.append({"day": str(day), "why": _free_because(exact.spec.place, day)})
    return counted, skipped


# --------------------------------------------------------------------------- clocks
def ledger(world: World, clock: ir.Clock, start: int, due: int, end: int) -> dict[str, Any] | None:
    """The clock of a limit as a ledger from its start to `end`; None where it never runs."""
    if start == EVER or iso(world, due) is None or start > due:
        return None
    rows = calendars.ledger(world, clock, start, end) if start < end else []
    out: dict[str, Any] = {
        "counts": f"counted in {clock.calendar}" if clock.calendar is not None else "elapsed time",
        "start": iso(world, start),
        "due": iso(world, due),
        "limit_s": calendars.counted(world, clock, start, due),
        "ledger": [
            {
                "from": iso(world, r.start),
                "to": iso(world, r.end),
                "kind": r.kind,
                "seconds": r.end - r.start,
                "why": r.why,
            }
            for r in rows
        ],
        "stops": [
            {"from": iso(world, a), "to": iso(world, b), "state": n}
            for a, b, n in calendars.stops(world, clock)
        ],
    }
    if clock.calendar is not None:
        out["calendar"] = _calendar(world, clock.calendar)
    return out


def of_sentence(world: World, finding: Said) -> dict[str, Any] | None:
    """The clock of a deadline as a ledger from its start to the later of due and done."""
    start, due = finding.start, finding.due
    if start is None or due is None or not due.exact or finding.clock is None:
        return None
    end = due.lo
    if finding.done is not None and finding.done.exact:
        end = max(end, finding.done.lo)
    return ledger(world, finding.clock, start.lo, due.lo, end)


def _calendar(world: World, name: str) -> dict[str, Any]:
    """A calendar with all that its hours need, so that the ledger can be checked without the contract."""
    found = calendars.hours(world, name)
    spec = found.calendar.spec
    return {
        "name": name,
        "zone": spec.zone,
        "country": spec.place,
        "windows": [
            {
                "days": sorted(w.days),
                "start": w.start,
                "end": w.end,
                "closed_on_holidays": w.closed_on_holidays,
            }
            for w in spec.windows
        ],
        "open_dates": sorted(str(d) for d in spec.open_dates),
        "closed_dates": sorted(str(d) for d in spec.closed_dates),
        "less": [_calendar(world, item.name) for item in found.less if item.kind == "calendar"],
    }
