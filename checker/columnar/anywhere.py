"""A calendar whose country is not on record, at many instants at once: when so much of it has been counted, over all countries.

The bounds are those of `checker.clock.alternatives`: of every country whose holidays are known for the years in question. Countries
with the same holidays in the weeks after an instant are asked once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np

from checker.clock.calendar import calendar
from checker.clock.days import local_date
from checker.clock.edges import opening
from checker.clock.holidays_data import NoHolidayDataError, countries, free_days
from checker.clock.index import FIRST_YEAR, LAST_YEAR
from checker.clock.windows import CalendarSpec
from checker.clock.zones import DAY, wall_seconds, zone
from checker.columnar.possible import Bools, Ints

_BITS = 62
"""Windows of which a number tells which are closed."""
_PAIRS = 2**20
"""Pairs of an instant and a country that are looked at together."""
_FAR = np.int64(2) ** 40
"""More open seconds than there are in all years."""


class Anywhere:
    """The windows of a calendar in some years as if no day were a holiday, and those that the holidays of each country close.

    `covered`: by country, whether its holidays are known in all of the years; `known`: in which of them.
    """

    def __init__(self, spec: CalendarSpec, first: int, last: int, opens: Ints, closes: Ints) -> None:
        assert spec.zone is not None
        zone_name = spec.zone
        self.opens, self.closes = opens, closes
        self.begins = np.array([_new_year(zone_name, y) for y in range(first, last + 2)], np.int64)
        days = [local_date(t, zone_name) for t in opens.tolist()]
        at = np.array([d.toordinal() for d in days], np.int64)
        closed, known = [], []
        for country in countries():
            free: list[int] = []
            there = np.ones(last + 1 - first, bool)
            for year in range(first, last + 1):
                try:
                    free += [
                        d.toordinal() for d in free_days(country, None, year) if d not in spec.open_dates
                    ]
                except NoHolidayDataError:
                    there[year - first] = False
            if there.any():
                closed.append(np.isin(at, np.array(free, np.int64)))
                known.append(there)
        self.closed: Bools = np.array(closed, bool).reshape(len(closed), len(opens))
        self.known: Bools = np.array(known, bool).reshape(len(known), last + 1 - first)
        self.covered: Bools = np.logical_and.reduce(self.known, axis=1)
        through = np.cumsum(np.where(self.closed, 0, closes - opens), axis=1)
        self.before = through - np.where(self.closed, 0, closes - opens)
        # One country after the other, so that one search finds a window in any of them.
        self.through = (through + _FAR * np.arange(len(closed))[:, None]).ravel()
        self._alike: dict[int, tuple[Ints, Ints, Ints]] = {}

    def ends(self, starts: Ints, seconds: int) -> tuple[Ints, Ints, Bools] | None:
        """The earliest and the latest instant by which so many (> 0) seconds are counted, and where some country gives one.

        None where these years do not reach so far.
        """
        n, count = len(starts), len(self.opens)
        lo, hi = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
        place = np.searchsorted(self.opens, starts, "right") - 1
        inside = (place >= 0) & (starts < self.closes[np.maximum(place, 0)])
        window = np.where(inside, place, place + 1)
        if (window >= count).any():
            return None
        since = np.where(inside, starts - self.opens[np.maximum(place, 0)], 0)
        shortest = int((self.closes - self.opens).min())
        width = min(_BITS, seconds // shortest + 14)
        begin, end, alike = self._alike.get(width) or self._alike.setdefault(width, self._kinds(width))
        for some in _chunks(end[window] - begin[window]):
            counts = (end - begin)[window[some]]
            which = np.repeat(some, counts)
            firsts = np.cumsum(counts) - counts
            country = alike[np.repeat(begin[window[some]] - firsts, counts) + np.arange(len(which))]
            at, done = self._reached(country, window[which], since[which], seconds)
            if not len(done):
                continue
            if (at >= count).any():
                return None
            if (at - window[which] >= width).any():
                # What the numbers do not tell decides.
                return self._each(starts, window, since, seconds)
            there = counts > 0
            lo[some[there]] = np.minimum.reduceat(done, firsts[there])
            hi[some[there]] = np.maximum.reduceat(done, firsts[there])
        return self._with(np.flatnonzero(~self.covered), starts, window, since, seconds, lo, hi)

    def _each(self, starts: Ints, window: Ints, since: Ints, seconds: int) -> tuple[Ints, Ints, Bools] | None:
        """The same, of every country by itself."""
        n = len(starts)
        lo, hi = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
        every = np.arange(len(self.covered), dtype=np.int64)
        return self._with(every, starts, window, since, seconds, lo, hi)

    def _with(
        self, which: Ints, starts: Ints, window: Ints, since: Ints, seconds: int, lo: Ints, hi: Ints
    ) -> tuple[Ints, Ints, Bools] | None:
        """Bounds with those of some countries, as far as their holidays are known."""
        year = np.searchsorted(self.begins, starts, "right") - 1
        unknown = np.cumsum(~self.known, axis=1)
        unknown = np.concatenate([np.zeros((len(unknown), 1), np.int64), unknown], axis=1)
        for one in which.tolist():
            at, done = self._reached(np.full(len(starts), one), window, since, seconds)
            beyond = at >= len(self.opens)
            last = np.where(beyond, len(self.begins) - 2, np.searchsorted(self.begins, done, "right") - 1)
            told = unknown[one][last + 1] == unknown[one][year]
            if (told & beyond).any():
                return None
            lo = np.where(told, np.minimum(lo, done), lo)
            hi = np.where(told, np.maximum(hi, done), hi)
        return lo, hi, hi >= lo

    def _reached(self, country: Ints, window: Ints, since: Ints, seconds: int) -> tuple[Ints, Ints]:
        """In which window so much is counted, and when; past the last one where it is not."""
        count = len(self.opens)
        counted = self.before[country, window] + np.where(self.closed[country, window], 0, since)
        target = counted + seconds
        at = np.searchsorted(self.through, target + _FAR * country) - country * count
        k = np.minimum(at, count - 1)
        return at, self.opens[k] + target - self.before[country, k]

    def _kinds(self, width: int) -> tuple[Ints, Ints, Ints]:
        """By window where its countries begin and end in a list: one of each kind that closes the same of so many windows from it on."""
        full = np.flatnonzero(self.covered)
        bits = np.zeros((len(full), len(self.opens)), np.int64)
        for k in range(width):
            later = self.closed[full, k:].astype(np.int64)
            bits[:, : later.shape[1]] |= later << k
        order = np.argsort(bits, axis=0, kind="stable")
        ordered = np.take_along_axis(bits, order, axis=0)
        fresh = np.ones(ordered.shape, bool)
        fresh[1:] = ordered[1:] != ordered[:-1]
        window, place = np.nonzero(fresh.T)
        counts = np.bincount(window, minlength=len(self.opens))
        end = np.cumsum(counts)
        return end - counts, end, full[order[place, window]]


def anywhere(spec: CalendarSpec, first: int, last: int, seconds: int) -> Anywhere | None:
    """The windows from the year of the first of two instants to well after the second, where so many seconds are counted since; None
    where it is not told day by day what a holiday closes.
    """
    windows = tuple(replace(w, closed_on_holidays=False) for w in spec.windows)
    plain = all(w.closed_on_holidays and 0 <= w.start < w.end <= DAY for w in spec.windows)
    if not windows or not plain or spec.zone is None:
        return None
    most = calendar(replace(spec, windows=windows))
    begin = datetime.fromtimestamp(first, UTC).year - 1
    end = datetime.fromtimestamp(last, UTC).year + 1
    if begin <= FIRST_YEAR or end + 2 >= LAST_YEAR:
        return None
    opened = most.open_intervals(_new_year(spec.zone, end), _new_year(spec.zone, end + 1))
    in_a_year = sum(b - a for a, b in opened)
    if not in_a_year:
        return None
    end += 2 * seconds // in_a_year
    if end + 2 >= LAST_YEAR:
        return None
    found = np.array(
        most.open_intervals(_new_year(spec.zone, begin), _new_year(spec.zone, end + 1)), np.int64
    )
    opens, closes = found[:, 0], found[:, 1]
    if any(local_date(a, spec.zone) != local_date(b - 1, spec.zone) for a, b in found.tolist()):
        return None
    return Anywhere(spec, begin, end, opens, closes)


def _new_year(zone_name: str, year: int) -> int:
    return opening(wall_seconds(datetime(year, 1, 1).date(), 0), zone(zone_name))


def _chunks(counts: Ints) -> list[Ints]:
    """The places of things that come to so many each, so many at a time that they are few enough."""
    cut = np.cumsum(counts) // _PAIRS
    return np.split(np.arange(len(counts), dtype=np.int64), np.flatnonzero(np.diff(cut)) + 1)


__all__ = ["Anywhere", "anywhere"]
