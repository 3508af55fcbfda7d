"""The calendar of an explanation, asked second by second.

The wall clock of a zone jumps back when clocks are set back. A window is open from the first second at which the wall clock
reads its start or later, to the last at which it reads less than its end; so a second is inside if the highest reading so far
has reached the start, and the lowest reading still to come is less than the end.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

import holidays

DAY = 86_400
_EPOCH = date(1970, 1, 1)
_AROUND = 15 * DAY
"""How far beyond the asked stretch clock changes are looked for: longer than any window reaches."""


class Unknown(ValueError):
    """A zone or country that the data does not hold, or that the explanation leaves out."""


@lru_cache(maxsize=256)
def zone_of(name: str) -> tzinfo:
    """A zone of the `tzdata` package, or a fixed offset such as `UTC+01:00`. Raises Unknown."""
    if fixed := re.fullmatch(r"UTC([+-])([01]\d|2[0-3]):([0-5]\d)", name):
        ahead = timedelta(hours=int(fixed[2]), minutes=int(fixed[3]))
        return timezone(ahead if fixed[1] == "+" else -ahead)
    if not re.fullmatch(r"[\w+-]+(/[\w+-]+)*", name):
        raise Unknown(f"there is no time zone {name!r}")
    try:
        with resources.files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
            return ZoneInfo.from_file(data, key=name)
    except (OSError, ValueError) as error:
        raise Unknown(f"there is no time zone {name!r}") from error


@lru_cache(maxsize=4096)
def names_of_holiday(country: str, day: date) -> frozenset[str]:
    """The names of a public holiday in every language of the library; none on other days. Raises Unknown."""
    return frozenset(str(year[day]) for year in _years(country, day.year) if day in year)


def _holidays(code: str, **details: Any) -> Any:
    """The holidays of a country, or of a region such as DE-BY."""
    country, _, region = code.partition("-")
    return holidays.country_holidays(country, subdiv=region or None, **details)


@lru_cache(maxsize=256)
def _languages(country: str) -> tuple[str | None, ...]:
    """The languages in which the library names the holidays of a country. Raises Unknown."""
    try:
        return tuple(_holidays(country).supported_languages) or (None,)
    except NotImplementedError as error:
        raise Unknown(f"there are no public holidays of {country!r}") from error


@lru_cache(maxsize=1024)
def _years(country: str, year: int) -> tuple[Any, ...]:
    return tuple(_holidays(country, years=year, expand=False, language=each) for each in _languages(country))


def day_of(number: int) -> date:
    """The date of a day number."""
    return _EPOCH + timedelta(days=number)


@dataclass(frozen=True, slots=True)
class Window:
    """Seconds `start` to `end` of the wall clock, counted from midnight of each of these days of the week (0 is Monday)."""

    days: frozenset[int]
    start: int
    end: int
    closed_on_holidays: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """A change of the offset at an instant: seconds ahead of UTC before it, and from it on."""

    at: int
    before: int
    after: int


class Hours:
    """The open seconds between two instants. With no windows given every second is open: elapsed time.

    Raises Unknown where a zone or a country is needed and not named.
    """

    def __init__(self, raw: dict[str, Any] | None, low: int, high: int) -> None:
        self.always = raw is None
        self.zone: tzinfo = UTC
        self.windows: list[Window] = []
        self.open_dates: frozenset[date] = frozenset()
        self.closed_dates: frozenset[date] = frozenset()
        self.country: str | None = None
        # Calendars whose open time is taken out of this one's, by name.
        self.less: dict[str, Hours] = {}
        if raw is not None:
            self._read(raw)
            self.less = {inner["name"]: Hours(inner, low, high) for inner in raw.get("less", ())}
        years = range(_year(low - _AROUND), _year(high + _AROUND) + 1)
        self.turns = tuple(turn for year in years for turn in _turns(self.zone, year))
        self._turn_at = [turn.at for turn in self.turns]
        # A window that runs past midnight is still open this many days after the one on which it opened.
        self.reach = max(((w.end - 1) // DAY for w in self.windows), default=0)

    def _read(self, raw: dict[str, Any]) -> None:
        self.windows = [
            Window(frozenset(w["days"]), w["start"], w["end"], bool(w["closed_on_holidays"]))
            for w in raw["windows"]
        ]
        self.open_dates = frozenset(date.fromisoformat(d) for d in raw["open_dates"])
        self.closed_dates = frozenset(date.fromisoformat(d) for d in raw["closed_dates"])
        self.country = raw["country"]
        if any(w.closed_on_holidays and w.days for w in self.windows):
            if self.country is None:
                raise Unknown("the calendar closes on public holidays, and no country is named")
            _languages(self.country)
        if raw["zone"] is not None:
            self.zone = zone_of(raw["zone"])
        elif not self._every_second():
            raise Unknown("the calendar has hours, and no time zone is named")

    def _every_second(self) -> bool:
        """Whether the windows alone cover all of an ordinary week, so that the zone does not matter."""
        kept = [w for w in self.windows if not w.closed_on_holidays]
        edges = {0} | {
            (d * DAY + edge) % (7 * DAY) for w in kept for d in w.days for edge in (w.start, w.end)
        }
        covered = all(
            any((t - d * DAY - w.start) % (7 * DAY) < w.end - w.start for w in kept for d in w.days)
            for t in edges
        )
        return covered and not self.closed_dates

    # ------------------------------------------------------------------ one second
    def _offset(self, t: int) -> int:
        return _offset_in(self.zone, t)

    def wall(self, t: int) -> tuple[int, int]:
        """The lowest reading of the wall clock from a second on, and the highest up to it, as seconds since 1970.

        No clock is set by more than a day, so changes further away than two days make no difference.
        """
        here = t + self._offset(t)
        near = self._turns_near(t, t)
        if not near:
            return here, here
        low = min([here, *(turn.at + turn.after for turn in near if turn.at > t)])
        high = max([here, *(turn.at - 1 + turn.before for turn in near if turn.at <= t)])
        return low, high

    def _turns_near(self, low: int, high: int) -> tuple[Turn, ...]:
        first, last = bisect_left(self._turn_at, low - 2 * DAY), bisect_right(self._turn_at, high + 2 * DAY)
        return self.turns[first:last]

    def open_at(self, t: int) -> bool:
        """Whether a second counts."""
        return self.always or (self._in_a_window(t) and not self._taken_out(t))

    def _taken_out(self, t: int) -> list[str]:
        return [name for name, other in self.less.items() if other.open_at(t)]

    def _in_a_window(self, t: int) -> bool:
        low, high = self.wall(t)
        return any(
            high >= number * DAY + w.start and low < number * DAY + w.end
            for number in range(low // DAY - self.reach, high // DAY + 1)
            for w in self._opening(day_of(number))
        )

    def _opening(self, day: date) -> list[Window]:
        """The windows that open on a date."""
        here = [w for w in self.windows if day.weekday() in w.days]
        if not here or day in self.closed_dates:
            return []
        shut = any(w.closed_on_holidays for w in here) and self.is_holiday(day)
        return [w for w in here if not (shut and w.closed_on_holidays)]

    def is_holiday(self, day: date) -> bool:
        """Whether a date is a public holiday of the calendar's country that no dated exception lifts."""
        return (
            self.country is not None
            and day not in self.open_dates
            and bool(names_of_holiday(self.country, day))
        )

    def reasons(self, t: int) -> frozenset[str]:
        """What may be said of a closed second: `closed by dated exception`, `public holiday: NAME` in any language of the
        library, else `outside hours`."""
        if self.always:
            return frozenset()
        if self._in_a_window(t):
            return frozenset(f"less {name}" for name in self._taken_out(t))
        number = (t + self._offset(t)) // DAY
        if found := self._shut(day_of(number)):
            return found[0]
        low, high = self.wall(t)
        for back in range(1, self.reach + 1):
            # The night that would have begun on a shut day and run past midnight.
            found = self._shut(day_of(number - back))
            if found and low < (number - back) * DAY + found[1] and high >= (number - back) * DAY:
                return found[0]
        return frozenset({"outside hours"})

    def _shut(self, day: date) -> tuple[frozenset[str], int] | None:
        here = [w for w in self.windows if day.weekday() in w.days]
        if here and day in self.closed_dates:
            return frozenset({"closed by dated exception"}), max(w.end for w in here)
        closing = [w.end for w in here if w.closed_on_holidays]
        if closing and self.is_holiday(day) and self.country is not None:
            names = names_of_holiday(self.country, day)
            return frozenset(f"public holiday: {name}" for name in names), max(closing)
        return None

    # ------------------------------------------------------------------ where it may change
    def edges(self, low: int, high: int) -> list[int]:
        """Every second strictly between two at which opening, or its reason, can change; sorted. There may be too many."""
        if self.always:
            return []
        turns = self._turns_near(low - self.reach * DAY, high)
        offsets = {self._offset(low), *(t.after for t in turns), *(t.before for t in turns)}
        first = (low + min(offsets)) // DAY - self.reach - 1
        last = (high + max(offsets)) // DAY + 1
        found = {turn.at for turn in turns}
        for number in range(first, last + 1):
            weekday = day_of(number).weekday()
            walls = {edge for w in self.windows if weekday in w.days for edge in (w.start, w.end)} | {0}
            found |= {number * DAY + wall - offset for wall in walls for offset in offsets}
        for other in self.less.values():
            found |= set(other.edges(low, high))
        return sorted(t for t in found if low < t < high)

    def date_at(self, t: int) -> date:
        """The local date of a second."""
        return day_of((t + self._offset(t)) // DAY)

    def time_at(self, t: int) -> int:
        """The reading of the wall clock at a second, in seconds since midnight."""
        return (t + self._offset(t)) % DAY

    def ends_a_day(self, t: int) -> bool:
        """Whether a second is the last of a local day."""
        return self.date_at(t + 1) > self.date_at(t)

    def works_on(self, day: date) -> bool:
        """Whether some window opens on a date: whether it is a working day."""
        return self.always or bool(self._opening(day))


def _offset_in(zone: tzinfo, t: int) -> int:
    offset = datetime.fromtimestamp(t, UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset.days * DAY + offset.seconds


def _year(t: int) -> int:
    return datetime.fromtimestamp(t, UTC).year


@lru_cache(maxsize=1024)
def _turns(zone: tzinfo, year: int) -> tuple[Turn, ...]:
    """Every change of the offset in a year of UTC: looked for hour by hour, then second by second."""
    if isinstance(zone, timezone):
        return ()
    low, high = (int(datetime(y, 1, 1, tzinfo=UTC).timestamp()) for y in (year, year + 1))
    found = []
    for hour in range(low, high, 3600):
        before, after = _offset_in(zone, hour), _offset_in(zone, hour + 3600)
        if before != after:
            at = next(t for t in range(hour + 1, hour + 3601) if _offset_in(zone, t) != before)
            found.append(Turn(at, before, after))
    return tuple(found)
