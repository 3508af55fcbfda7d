"""Calendars of a contract over a case: the windows of a clause in the zone and country of the agreement."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from checker.clock import holidays_data
from checker.clock.alternatives import MISSING_COUNTRY, MISSING_ZONE, PossibleCalendar, possible
from checker.clock.calendar import ALWAYS, Calendar
from checker.clock.ledger import LedgerRow
from checker.clock.windows import CalendarSpec, Window
from checker.interpret import spans
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO,
    NO_CAUSE,
    YES,
    Causes,
    Interval,
    Moment,
    Truth,
    at,
    common,
    conjunction,
    minus,
    missing_cause,
    negation,
    union,
    unknown,
)
from checker.interpret.world import World
from dsl import contract as ir

_FAR = 800 * 86400
_MOST = 2**40
_ANY_DAY = frozenset(range(7))


@dataclass(frozen=True, slots=True)
class Hours:
    """A calendar as a case makes it: windows (perhaps of several countries), less other calendars and states.

    `lacking`: the facts for its zone and its country that are not on record, where its answers depend on them.
    """

    calendar: PossibleCalendar
    less: tuple[ir.Less, ...]
    lacking: Causes = NO_CAUSE


def hours(world: World, name: str) -> Hours:
    """The calendar of this name."""
    return world.once_for_agreement(("calendar", name), lambda: _hours(world, name))


def _hours(world: World, name: str) -> Hours:
    windows: list[Window] = []
    less: list[ir.Less] = []
    zone, country = world.zone, world.country
    asked = {MISSING_ZONE: world.book.contract.zone, MISSING_COUNTRY: world.book.contract.country}
    from_fact: Mapping[str, object] | None = None
    for line in world.lines(world.book.calendars[name].lines):
        if isinstance(line, ir.WindowLine):
            windows.append(Window(frozenset(line.days), line.start, line.end, line.save_holidays))
        elif isinstance(line, ir.RoundTheClock):
            windows.append(Window(_ANY_DAY, 0, 86400, False))
        elif isinstance(line, ir.AllOf):
            inner = hours(world, line.name)
            windows.extend(inner.calendar.spec.windows)
            less.extend(inner.less)
        elif isinstance(line, ir.Less):
            less.append(line)
        elif isinstance(line, ir.ZoneOf):
            zone, asked[MISSING_ZONE] = world.place(line.zone) or line.otherwise, line.zone
        elif isinstance(line, ir.HolidaysOf):
            country, asked[MISSING_COUNTRY] = world.place(line.country), line.country
            if country is not None and not holidays_data.supported(*holidays_data.place(country)):
                country = None
        else:
            value = world.fact(line.fact.path)
            from_fact = value.options[0] if value.options and isinstance(value.options[0], Mapping) else None
    if from_fact is not None:
        windows = [_replaced(w, from_fact) for w in windows]
    opened, closed = _exceptions(world)
    land, region = holidays_data.place(country) if country is not None else (None, None)
    spec = CalendarSpec(tuple(windows), zone, land, region, opened, closed)
    found = possible(spec)
    lacking = (missing_cause(f"the fact {_fact(asked[m], m)}") for m in found.missing)
    return Hours(found, tuple(less), NO_CAUSE.union(*lacking))


def _fact(where: str | ir.FactValue, otherwise: str) -> str:
    """The fact that tells a zone or a country, as causes name it."""
    return otherwise if isinstance(where, str) else " of ".join(reversed(where.path))


def _replaced(window: Window, fact: Mapping[str, object]) -> Window:
    """The clock times of a fact `{from: "08:00", to: "16:00"}` in place of the window's own."""
    start, end = _seconds(fact.get("from")), _seconds(fact.get("to"))
    if start is None or end is None or start >= 86400 or end > 86400:
        return window
    return Window(window.days, start, end if end > start else end + 86400, window.closed_on_holidays)


def _seconds(text: object) -> int | None:
    parts = str(text).split(":")
    if len(parts) not in (2, 3) or not all(p.isdigit() for p in parts):
        return None
    numbers = [int(p) for p in parts] + [0]
    return numbers[0] * 3600 + numbers[1] * 60 + numbers[2]


def _exceptions(world: World) -> tuple[frozenset[date], frozenset[date]]:
    """Dated exceptions of the agreement: the facts `open_dates` and `closed_dates`, lists of dates."""
    out = []
    for name in ("open_dates", "closed_dates"):
        found = world.case.facts.get(name)
        dates = set()
        for item in found if isinstance(found, list) else []:
            try:
                dates.add(date.fromisoformat(str(item)))
            except ValueError:
                continue
        out.append(frozenset(dates))
    return out[0], out[1]


# --------------------------------------------------------------------------- is it open?
def contains(world: World, name: str, moment: Moment) -> Truth:
    """Whether a calendar is open at a moment."""
    found = hours(world, name)
    checks = [_open(found, moment)]
    for item in found.less:
        inner = (
            contains(world, item.name, moment)
            if item.kind == "calendar"
            else spans.in_state(world, item.name, moment)
        )
        checks.append(negation(inner))
    return conjunction(checks)


def _open(hours: Hours, moment: Moment) -> Truth:
    calendar = hours.calendar
    lo, hi = moment.lo, moment.hi
    if lo == hi and EVER < lo < NEVER:
        found = calendar.contains(lo)
        return unknown(hours.lacking) if found is None else YES if found else NO
    if calendar.spec.round_the_clock:
        return YES
    if lo == EVER or hi == NEVER or calendar.exact is None or hi - lo > _FAR:
        return unknown(moment.causes | hours.lacking)
    inside = calendar.exact.open_intervals(lo, hi + 1)
    if not inside:
        return NO
    return YES if inside == [(lo, hi + 1)] else unknown(moment.causes)


def open_intervals(world: World, name: str, lo: int, hi: int) -> tuple[list[Interval], Causes]:
    """The open stretches in [lo, hi); with causes where zone or country is not on record (then: as if no holidays)."""
    found = hours(world, name)
    calendar = found.calendar
    causes = found.lacking
    exact = (calendar if calendar.exact is not None else without_place(calendar)).exact
    assert exact is not None
    out = _slice(world, name, exact, lo, hi)
    for item in found.less:
        holes, more = (
            open_intervals(world, item.name, lo, hi)
            if item.kind == "calendar"
            else spans.sure(world, item.name)
        )
        out, causes = minus(out, holes), causes | more
    return out, causes


def without_place(calendar: PossibleCalendar) -> PossibleCalendar:
    """What stands in the place of a calendar whose zone or country is not on record: its windows without holidays."""
    windows = tuple(Window(w.days, w.start, w.end, False) for w in calendar.spec.windows)
    return possible(CalendarSpec(windows, calendar.spec.zone or "UTC", None))


_BLOCK = 2**25
"""Seconds, a little more than a year: open stretches are laid out by blocks and cut to what is asked for."""
_MOST_BLOCKS = 8


def _slice(world: World, name: str, calendar: Calendar, lo: int, hi: int) -> list[Interval]:
    """The open stretches in [lo, hi), from those laid out once for all tickets of the agreement."""
    first, last = lo // _BLOCK, -(-hi // _BLOCK)
    if last - first > _MOST_BLOCKS:
        return calendar.open_intervals(lo, hi)
    whole = world.once_for_agreement(
        ("open", name, first, last), lambda: calendar.open_intervals(first * _BLOCK, last * _BLOCK)
    )
    i = bisect_right(whole, (lo, NEVER)) - 1
    i += i < 0 or whole[i][1] <= lo
    k = bisect_right(whole, (hi - 1, NEVER))
    out = whole[i:k]
    if out:
        out[0] = (max(out[0][0], lo), out[0][1])
        out[-1] = (out[-1][0], min(out[-1][1], hi))
    return out


# --------------------------------------------------------------------------- running a clock
def run(world: World, clock: ir.Clock, seconds: int, start: int, back: bool) -> Moment:
    """The end of so many seconds on a clock: elapsed time, or the open time of a calendar, less its stops."""
    calendar = hours(world, clock.calendar) if clock.calendar is not None else None
    stopped = bool(clock.stopped) or bool(calendar and calendar.less)
    if back:
        return _back(world, calendar, seconds, start)
    if not stopped:
        if calendar is None:
            return at(start + seconds)
        lo, hi = calendar.calendar.add(start, seconds)
        return at(lo) if lo == hi else Moment(lo, min(hi, NEVER), calendar.lacking)
    lo, hi, causes = _with_stops(world, clock, calendar, seconds, start)
    return at(lo) if lo == hi else Moment(lo, hi, causes)


def _back(world: World, calendar: Hours | None, seconds: int, start: int) -> Moment:
    if calendar is None:
        return at(start - seconds)
    exact = calendar.calendar.exact
    if exact is None or calendar.less:
        return Moment(
            EVER,
            start - seconds,
            calendar.lacking or missing_cause("a calendar that can be counted back"),
        )
    return at(exact.subtract(start, seconds))


def _with_stops(
    world: World, clock: ir.Clock, calendar: Hours | None, seconds: int, start: int
) -> tuple[int, int, Causes]:
    """Least and greatest end: sure stops delay both, possible ones only the latest."""
    horizon = start + 60 * 86400 + 8 * seconds
    while True:
        sure, perhaps, causes = _stops(world, clock, calendar, start, horizon)
        inner = calendar.calendar if calendar is not None else None
        lo = inner.add(start, seconds, sure)[0] if inner is not None else ALWAYS.add(start, seconds, sure)
        if any(b >= NEVER for _, b in perhaps) or any(b >= NEVER for _, b in sure):
            cut = [(a, b) for a, b in perhaps if b < NEVER]
            end = next(a for a, b in [*perhaps, *sure] if b >= NEVER)
            reached = (
                inner.add(start, seconds, cut)[1] if inner is not None else ALWAYS.add(start, seconds, cut)
            )
            hi = reached if reached <= end else NEVER
        else:
            hi = (
                inner.add(start, seconds, perhaps)[1]
                if inner is not None
                else ALWAYS.add(start, seconds, perhaps)
            )
        if (hi < horizon or hi >= NEVER) and lo < horizon:
            break
        if horizon > start + _MOST:
            return lo, NEVER, causes
        horizon = start + 4 * (horizon - start)
    if calendar is not None:
        causes |= calendar.lacking
    return lo, min(hi, NEVER), causes if lo != hi else NO_CAUSE


def _stops(
    world: World, clock: ir.Clock, calendar: Hours | None, start: int, horizon: int
) -> tuple[list[Interval], list[Interval], Causes]:
    sure: list[Interval] = []
    perhaps: list[Interval] = []
    causes: Causes = NO_CAUSE
    for name in clock.stopped:
        these, more = spans.sure(world, name)
        those, why = spans.perhaps(world, name)
        sure += these
        perhaps += those
        causes |= more | why
    for item in calendar.less if calendar is not None else ():
        if item.kind == "calendar":
            holes, more = open_intervals(world, item.name, start, horizon)
            sure += holes
            perhaps += holes
        else:
            holes, more = spans.sure(world, item.name)
            sure += holes
            perhaps += spans.perhaps(world, item.name)[0]
        causes |= more
    return union(sure), union([*sure, *perhaps]), causes


def working_days(world: World, clock: ir.Clock, amount: int, start: int, back: bool) -> Moment:
    """The end of the n-th working day of a calendar after (the day of) an instant; counted back: its start."""
    assert clock.calendar is not None
    found = hours(world, clock.calendar)
    if back:
        return _working_days_back(found, amount, start)
    lo, hi = found.calendar.working_days_end(
        start, amount, ending_at=clock.ending_at, first_day_counted=clock.first_day_counted
    )
    return at(lo) if lo == hi else Moment(lo, min(hi, NEVER), found.lacking)


def _working_days_back(hours: Hours, amount: int, start: int) -> Moment:
    """The same local time on the n-th working day before."""
    from checker.clock.days import at_local, date_start, local_date

    calendar = hours.calendar
    zone = calendar.spec.zone
    if calendar.exact is None or zone is None:
        return Moment(EVER, start, hours.lacking)
    day = local_date(start, zone)
    clock = start - date_start(day, zone)
    left = amount
    while left:
        day -= timedelta(days=1)
        left -= calendar.exact.is_working_day(day)
    return at(at_local(day, clock, zone, policy="earlier"))


# --------------------------------------------------------------------------- how much was counted
def counted(world: World, clock: ir.Clock | None, a: int, b: int) -> int | None:
    """Seconds that a clock counts in [a, b), None where they are not known exactly."""
    if clock is None or (clock.calendar is None and not clock.stopped):
        return b - a
    calendar = hours(world, clock.calendar) if clock.calendar is not None else None
    sure, perhaps, _ = _stops(world, clock, calendar, a, b + 1)
    if calendar is None:
        most, least = ALWAYS.measure(a, b, sure), ALWAYS.measure(a, b, perhaps)
    else:
        most, least = calendar.calendar.measure(a, b, sure)[1], calendar.calendar.measure(a, b, perhaps)[0]
    return most if most == least else None


def stops(world: World, clock: ir.Clock) -> list[tuple[int, int, str]]:
    """The stretches for which a clock surely stands still, with the state that stops it."""
    found = [(lo, hi, n) for n in clock.stopped for lo, hi in spans.sure(world, n)[0]]
    for item in hours(world, clock.calendar).less if clock.calendar is not None else ():
        if item.kind != "calendar":
            found += [(lo, hi, item.name) for lo, hi in spans.sure(world, item.name)[0]]
    return found


def ledger(world: World, clock: ir.Clock | None, a: int, b: int) -> list[LedgerRow]:
    """What a clock counted, skipped and stopped for between two instants, as rows that cover [a, b)."""
    if clock is None:
        return ALWAYS.ledger(a, b)
    calendar = hours(world, clock.calendar) if clock.calendar is not None else None
    exact = ALWAYS if calendar is None else calendar.calendar.exact
    if exact is None:
        return []
    rows = exact.ledger(a, b, union((lo, hi) for lo, hi, _ in stops(world, clock)))
    for item in calendar.less if calendar is not None else ():
        if item.kind == "calendar":
            holes, _ = open_intervals(world, item.name, a, b)
            rows = [part for row in rows for part in _less(row, holes, item.name)]
    return rows


def _less(row: LedgerRow, holes: list[Interval], name: str) -> list[LedgerRow]:
    """A row of open time with the hours of another calendar taken out of it: they are closed."""
    if row.kind == "closed":
        return [row]
    whole = [(row.start, row.end)]
    parts = [LedgerRow(lo, hi, "closed", f"less {name}") for lo, hi in common(whole, holes)]
    parts += [LedgerRow(lo, hi, row.kind, row.why) for lo, hi in minus(whole, holes)]
    return sorted(parts, key=lambda r: r.start)
