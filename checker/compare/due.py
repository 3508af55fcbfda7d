"""Two due functions compared at their bends, over a horizon, in places.

Counted from a moment, what is due is a piecewise linear function of that moment, of slope 0 or 1: it bends only where a window or a local
day begins or ends, or where the due instant meets such an edge. Between two bends the difference of two such functions is linear, and so
takes its extremes at their ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from checker.clock import terms
from checker.clock.calendar import Calendar, calendar
from checker.clock.days import date_start, local_date
from checker.clock.holidays_data import NoHolidayDataError, free_days, place
from checker.clock.index import HorizonExceeded
from checker.clock.windows import CalendarSpec, Window
from checker.compare.calendar_form import spec_parts
from checker.compare.formula import Form
from checker.compare.normal import Normal, opened
from dsl import contract as ir

Place = tuple[str, str]
"""A zone and a country."""
Counted = tuple[Form, Form]
"""A length and its clock."""

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}
_LEGAL = {"day": "days", "week": "weeks", "month": "months", "year": "years"}
_FAR = 60 * 86400


@dataclass(frozen=True, slots=True)
class Function:
    """When a length that begins at an instant ends, and around which instants that may bend."""

    at: Callable[[int], int]
    edges: Callable[[int, int], Iterator[int]]


@dataclass(slots=True)
class Compared:
    """What the bends show: an instant from which the first ends later than the second, and one from which it ends earlier."""

    later: tuple[int, Place] | None = None
    earlier: tuple[int, Place] | None = None


@dataclass(frozen=True, slots=True)
class Frame:
    """What a contract says of all its terms: its zone and its country (see `normal.Normal.place`), and its law."""

    zone: Form
    country: Form
    law: str

    @classmethod
    def of(cls, *contracts: ir.Contract) -> Frame | None:
        """The frame that contracts have in common."""
        found = {cls(Normal.place(c.zone), Normal.place(c.country), c.law) for c in contracts}
        return found.pop() if len(found) == 1 else None


@dataclass(slots=True)
class Bends:
    """`places`: where, for what an agreement says of its zone and its country; `years`: the first and the last, both included.
    `frame`: of both contracts; None where they differ, for then no legal terms are compared.
    """

    places: tuple[Place, ...]
    years: tuple[int, int]
    frame: Frame | None = None
    _known: dict[tuple[Counted, Counted], Compared | None] = field(default_factory=dict)
    _unlike: list[tuple[int, Place]] = field(default_factory=list)
    _hours: dict[tuple[Form, Form], tuple[tuple[int, Place], ...]] = field(default_factory=dict)

    @property
    def scope(self) -> str:
        """The assumption of what is found here, in words."""
        where = ", ".join(f"{zone} ({country})" for zone, country in self.places)
        return f"openings of {self.years[0]}-{self.years[1]} in {where}; no pauses, no dates that the agreement opens or closes"

    @property
    def hints(self) -> list[tuple[int, Place]]:
        """Instants, with their places (empty where the agreement tells none), from which two functions that were compared differ."""
        found = [c for c in self._known.values() if c is not None]
        shown = (h for c in found for h in (c.later, c.earlier) if h is not None)
        return list(dict.fromkeys([*self._unlike, *shown]))

    def never_later(self, a: Counted, b: Counted) -> frozenset[str] | None:
        """Whether the first never ends later than the second, from any instant of the years, in any of the places."""
        found = self.compared(a, b)
        return frozenset({self.scope}) if found is not None and found.later is None else None

    def compared(self, a: Counted, b: Counted) -> Compared | None:
        """Both compared; None where one of them is no function of the instant alone."""
        if (a, b) not in self._known:
            found = self._compared(a, b)
            self._known[a, b] = found
            self._known[b, a] = Compared(found.earlier, found.later) if found is not None else None
        return self._known[a, b]

    def _compared(self, a: Counted, b: Counted) -> Compared | None:
        out = Compared()
        zones, countries = (self._said(a)[k] | self._said(b)[k] for k in (0, 1))
        if len(zones) > 1 or len(countries) > 1:
            # Two facts, or one fact and the same with something in its stead, need not name one place: it may be one that
            # the agreement does not tell.
            own = self.places[0]
            silent = ("" if len(zones) > 1 else own[0], "" if len(countries) > 1 else own[1])
            self._unlike.append((date_start(date(self.years[0], 5, 5), own[0]) + 36000, silent))
            return None
        for where in self.places if zones or countries else self.places[:1]:
            f, g = self.function(a, where), self.function(b, where)
            if f is None or g is None:
                return None
            lo, hi = (date_start(date(y, 1, 1), where[0]) for y in (self.years[0], self.years[1] + 1))
            try:
                instants = {e + d for h in (f, g) for e in h.edges(lo, hi) for d in (-1, 0, 1)}
                for t in sorted(x for x in instants | {lo, hi - 1} if lo <= x < hi):
                    x, y = f.at(t), g.at(t)
                    if x > y and out.later is None:
                        out.later = t, where
                    if x < y and out.earlier is None:
                        out.earlier = t, where
                    if out.later is not None and out.earlier is not None:
                        return out
            except (HorizonExceeded, NoHolidayDataError):
                return None
        return out

    def apart(self, a: Form, b: Form) -> tuple[tuple[int, Place], ...]:
        """An instant at which the first of two calendars is open and the second is not, and one the other way round, where there is one."""
        if (a, b) not in self._hours:
            self._hours[a, b] = tuple(self._apart(a, b))
        return self._hours[a, b]

    def _apart(self, a: Form, b: Form) -> Iterator[tuple[int, Place]]:
        for where in self.places:
            f, g = _calendar(a, where), _calendar(b, where)
            if f is None or g is None:
                return
            lo, hi = (date_start(date(self.years[0] + k, 1, 1), where[0]) for k in (0, 1))
            try:
                one, other = ([*h.open_intervals(lo, hi)] for h in (f, g))
            except (HorizonExceeded, NoHolidayDataError):
                return
            found = [first_outside(x, y) for x, y in ((one, other), (other, one))]
            yield from ((t, where) for t in found if t is not None)
            if any(t is not None for t in found):
                return

    def function(self, counted: Counted, where: Place) -> Function | None:
        """A due function in a place; None for what depends on more than the instant."""
        (_, amount, unit, counting), clock = counted
        _, cal, stopped, ending_at, first_day, _ = clock
        if stopped or not isinstance(amount, int):
            return None
        if counting == "elapsed":
            length = amount * _SECONDS[unit]
            return Function(lambda t: t + length, lambda lo, hi: iter(()))
        if counting == "legal":
            return self._legal(amount, unit, clock, where) if unit in _LEGAL else None
        made = _calendar(cal, where) if cal is not None else None
        if made is None:
            return None
        if counting == "clock":
            return _clock(made, amount * _SECONDS[unit])
        if counting == "working" and made.zone is not None:
            end = terms.working_days_end
            zone = made.zone

            def at(t: int) -> int:
                return end(t, amount, made, ending_at=ending_at, first_day_counted=first_day)

            return Function(_by_day(at, zone), lambda lo, hi: _midnights(zone, lo, hi))
        return None

    def _said(self, counted: Counted) -> tuple[frozenset[Form], frozenset[Form]]:
        """What the agreement is asked for: the facts for the zone and for the country, each with what stands in its stead."""
        (_, _, _, counting), clock = counted
        zone: Form = ()
        country: Form = ()
        if counting == "legal" and self.frame is not None:
            zone, country = self.frame.zone, self.frame.country if clock[5] else ()
        elif counting != "elapsed" and clock[1] is not None:
            _, zone, country, _, _ = opened(clock[1])
        facts = (frozenset({x}) if x and x[0] == "fact" else frozenset[Form]() for x in (zone, country))
        return next(facts), next(facts)

    def _legal(self, amount: int, unit: str, clock: Form, where: Place) -> Function | None:
        if self.frame is None:
            return None
        law, zone = self.frame.law, _held(self.frame.zone, where[0])
        land, region = place(_held(self.frame.country, where[1]))
        _, _, _, ending_at, first_day, moved = clock
        kind: Any = _LEGAL[unit]

        def at(t: int) -> int:
            return terms.term_end(
                t,
                amount,
                kind,
                zone=zone,
                free=lambda day: day in free_days(land, region, day.year),
                law=law,
                roll=moved,
                first_day_counted=first_day,
                ending_at=ending_at,
            )

        return Function(_by_day(at, zone), lambda lo, hi: _midnights(zone, lo, hi))


def _by_day(at: Callable[[int], int], zone: str) -> Callable[[int], int]:
    """A function that is the same all through a local day, asked once for each."""
    known: dict[date, int] = {}

    def once(t: int) -> int:
        day = local_date(t, zone)
        if day not in known:
            known[day] = at(t)
        return known[day]

    return once


def _held(said: Form, here: str) -> str:
    """A zone or a country: the constant, or here what the fact says."""
    return str(said[1]) if said[0] == "constant" else here


def _calendar(ref: Form, where: Place) -> Calendar | None:
    parts = spec_parts(opened(ref))
    if parts is None:
        return None
    zone, country, windows = parts
    name = _held(zone, where[0])
    land, region = place(_held(country, where[1])) if country else (None, None)
    shown = tuple(Window(frozenset({d}), s, e, save) for d, s, e, save, _ in windows)
    if not shown:
        return None
    return calendar(CalendarSpec(shown, name, land, region))


def first_outside(spans: Iterable[tuple[int, int]], held: Sequence[tuple[int, int]]) -> int | None:
    """The first instant within some spans and none of the others, both in order; a minute on, where there is one."""
    at = 0
    for start, end in spans:
        while start < end:
            while at < len(held) and held[at][1] <= start:
                at += 1
            if at == len(held) or held[at][0] > start:
                until = min(end, held[at][0]) if at < len(held) else end
                return min(start + 60, until - 1)
            start = held[at][1]
    return None


def _clock(made: Calendar, length: int) -> Function:
    def edges(lo: int, hi: int) -> Iterator[int]:
        for start, end in made.open_intervals(lo - _FAR, hi + _FAR):
            for edge in (start, end):
                yield edge
                yield made.subtract(edge, length)

    return Function(lambda t: made.add(t, length), edges)


def _midnights(zone: str, lo: int, hi: int) -> Iterator[int]:
    day = datetime.fromtimestamp(lo, UTC).date() - timedelta(days=1)
    while (start := date_start(day, zone)) < hi + 86400:
        yield start
        day += timedelta(days=1)
