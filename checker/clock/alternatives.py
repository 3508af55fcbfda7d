"""What a calendar may say when its time zone or its country is not on record: bounds instead of one answer.

*Country unknown*: the answer is the envelope over every country the holiday library supports, with its
national public holidays (regional ones left out), as far as the library covers the years in question. That
world is closed, so the bounds are exact: some country gives each of them. *Zone unknown*: nothing is known
but that no clock is faster than elapsed time.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, TypeVar

from checker.clock.calendar import ALWAYS, NEVER, NO_STOPS, Calendar, calendar
from checker.clock.days import local_date
from checker.clock.holidays_data import NoHolidayDataError, countries, free_days
from checker.clock.index import Interval
from checker.clock.terms import Unit, term_end, working_days_end
from checker.clock.windows import CalendarSpec
from checker.clock.zones import DAY

MISSING_ZONE: Final = "time_zone"
"""Name of the fact that is missing when the zone is not on record."""
MISSING_COUNTRY: Final = "country"
"""Name of the fact that is missing when the country is not on record."""

Bounds = tuple[int, int]
"""The least and the greatest value possible, both included."""

T = TypeVar("T")


class PossibleCalendar:
    """All the calendars that a spec may stand for. Get one by `possible`.

    Attributes:
        spec: the spec.
        missing: the facts not on record on which answers depend: none, ``time_zone``, ``country`` or both.
        exact: the calendar, if nothing is missing; every answer is then its answer.
    """

    __slots__ = ("_least", "_most", "_over", "_zone", "exact", "missing", "spec")

    def __init__(self, spec: CalendarSpec) -> None:
        self.spec = spec
        self.missing: tuple[str, ...] = ()
        if not spec.round_the_clock:
            no_zone = (MISSING_ZONE,) if spec.zone is None else ()
            no_country = (MISSING_COUNTRY,) if spec.needs_country and spec.country is None else ()
            self.missing = no_zone + no_country
        self.exact: Calendar | None = None if self.missing else calendar(spec)
        self._zone = spec.zone
        # A window that opened this many days ago may still be open, or be shut by that day's holiday.
        self._over = timedelta(
            days=max((max(0, window.end - 1) // DAY for window in spec.windows), default=0)
        )
        if self._zone is not None and not self.exact:
            # Open if no day were a holiday, and if every day were: what no country can exceed.
            free = tuple(replace(window, closed_on_holidays=False) for window in spec.windows)
            kept = tuple(window for window in spec.windows if not window.closed_on_holidays)
            self._most, self._least = (calendar(replace(spec, windows=windows)) for windows in (free, kept))

    def contains(self, t: int) -> bool | None:
        """Return whether the calendar is open at an instant, None if that depends on what is missing."""
        if self.exact:
            return self.exact.contains(t)
        if self._zone is None:
            return None
        if not self._most.contains(t):
            return False
        if self._least.contains(t):
            return True
        day = local_date(t, self._zone)
        return _agreed(self._each(lambda one: one.contains(t), day, lambda _: day))

    def measure(self, a: int, b: int, stops: Sequence[Interval] = NO_STOPS) -> Bounds:
        """Return the least and the greatest number of open seconds in ``[a, b)`` outside the stops."""
        if self.exact:
            exact = self.exact.measure(a, b, stops)
            return exact, exact
        if self._zone is None:
            return 0, ALWAYS.measure(a, b, stops)
        low, high = self._least.measure(a, b, stops), self._most.measure(a, b, stops)
        if low == high:
            return low, high
        last = local_date(b, self._zone)
        return _envelope(
            self._each(lambda one: one.measure(a, b, stops), local_date(a, self._zone), lambda _: last)
        )

    def add(self, start: int, seconds: int, stops: Sequence[Interval] = NO_STOPS) -> Bounds:
        """Return the earliest and the latest instant by which ``seconds`` have been counted.

        With the zone unknown there is no latest: `NEVER`.
        """
        if self.exact:
            exact = self.exact.add(start, seconds, stops)
            return exact, exact
        if self._zone is None:
            earliest = ALWAYS.add(start, seconds, stops)
            return earliest, NEVER if seconds else earliest
        return _ends(self, start, seconds, tuple(stops))

    def is_working_day(self, d: date) -> bool | None:
        """Return whether some window opens on a local date, None if that depends on the country.

        The zone does not matter to that (but for windows that lie whole in a gap, which are let pass).
        """
        if self.exact:
            return self.exact.is_working_day(d)
        if self._zone is None:
            return possible(replace(self.spec, zone="UTC")).is_working_day(d)
        return _agreed(self._each(lambda one: one.is_working_day(d), d, lambda _: d))

    def working_days_end(
        self, start: int, amount: int, *, ending_at: int | None = None, first_day_counted: bool = False
    ) -> Bounds:
        """Return the earliest and the latest end of a term in working days, see `checker.clock.terms`.

        With the zone unknown: not before ``start``, and no latest.
        """

        def end(one: Calendar) -> int:
            return working_days_end(
                start, amount, one, ending_at=ending_at, first_day_counted=first_day_counted, zone=self._zone
            )

        if self._zone is None:
            return start, NEVER
        if self.exact:
            exact = end(self.exact)
            return exact, exact
        return self._reached(end, start)

    def _reached(self, end: Callable[[Calendar], int], start: int) -> Bounds:
        zone = str(self._zone)
        if self._least.spec.windows:
            earliest = end(self._most)
            if earliest == end(self._least):
                return earliest, earliest
        return _envelope(self._each(end, local_date(start, zone), lambda t: local_date(t, zone)))

    def _each(self, ask: Callable[[Calendar], T], first: date, last: Callable[[T], date]) -> Iterator[T]:
        return over_countries(
            lambda country: ask(calendar(replace(self.spec, country=country))), first - self._over, last
        )


@lru_cache(maxsize=16_384)
def _ends(calendar: PossibleCalendar, start: int, seconds: int, stops: tuple[Interval, ...]) -> Bounds:
    """As `PossibleCalendar.add`: other clauses and other readings ask for the same again, and a hundred countries take their time."""
    return calendar._reached(lambda one: one.add(start, seconds, stops), start)


@lru_cache(maxsize=4096)
def possible(spec: CalendarSpec) -> PossibleCalendar:
    """Return what a spec may stand for, always the same object for equal specs.

    Raises:
        ValueError: the zone or the country is on record but not known.
    """
    return PossibleCalendar(spec)


def term_end_bounds(
    start: int,
    amount: int,
    unit: Unit,
    *,
    zone: str,
    law: str = "polish-civil-code",
    roll: bool = True,
    first_day_counted: bool = False,
    ending_at: int | None = None,
) -> Bounds:
    """Return the earliest and the latest end of a legal term (see `term_end`) in an unknown country."""

    def end(country: str) -> int:
        return term_end(
            start,
            amount,
            unit,
            zone=zone,
            free=lambda day: day in free_days(country, None, day.year),
            law=law,
            roll=roll,
            first_day_counted=first_day_counted,
            ending_at=ending_at,
        )

    return _envelope(over_countries(end, local_date(start, zone), lambda t: local_date(t, zone)))


def over_countries(ask: Callable[[str], T], first: date, last: Callable[[T], date]) -> Iterator[T]:
    """Yield what the countries answer, asking one of those with the same holidays on the dates that mattered.

    Args:
        ask: the answer for a country code.
        first: the first local date whose holidays matter.
        last: from an answer to the last local date whose holidays it depends on.

    Countries whose holidays the library does not cover in those years are left out.
    """
    waiting = countries()
    while waiting:
        country, *others = waiting
        try:
            answer = ask(country)
        except NoHolidayDataError:
            waiting = tuple(others)
            continue
        yield answer
        holidays = _between(first, max(first, last(answer)))
        same = holidays.get(country)
        waiting = tuple(other for other in others if same is None or holidays.get(other) != same)


@lru_cache(maxsize=4096)
def _between(first: date, last: date) -> Mapping[str, tuple[date, ...]]:
    """Return every country's holidays from ``first`` to ``last``, if the library covers those years."""
    found = {}
    for country in countries():
        try:
            years = [_dates(country, year) for year in range(first.year, last.year + 1)]
        except NoHolidayDataError:
            continue
        found[country] = tuple(
            day for days in years for day in days[bisect_left(days, first) : bisect_right(days, last)]
        )
    return found


@lru_cache(maxsize=65_536)
def _dates(country: str, year: int) -> tuple[date, ...]:
    return tuple(free_days(country, None, year))


def _agreed(answers: Iterable[bool]) -> bool | None:
    """Return the answer if it is always the same, else None; also None if nobody answers."""
    agreed: bool | None = None
    for answer in answers:
        if agreed is not None and answer != agreed:
            return None
        agreed = answer
    return agreed


def _envelope(answers: Iterable[int]) -> Bounds:
    """Return the least and the greatest answer.

    Raises:
        NoHolidayDataError: nobody answers.
    """
    values = list(answers)
    if not values:
        raise NoHolidayDataError("no country's public holidays are known for these years")
    return min(values), max(values)
