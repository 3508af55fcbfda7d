"""What single words say: times of day, dates, shares, lengths, zones and countries; what cannot be is refused here."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from zoneinfo import available_timezones

from dsl.diagnostics import did_you_mean
from dsl.names import stop
from dsl.tree import Word

_SHORTEST = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 2419200,
    "quarter": 7776000,
    "year": 31536000,
}
_LONGEST = 101 * 31536000
_YEARS = (1970, 2099)
"""The years that a record can hold."""


def amount_of(word: Word, unit: str) -> int:
    """The number of a length of time in a unit; refuses what is longer than a record could show."""
    if len(word.text) > 12 or int(word.text) * _SHORTEST[unit] > _LONGEST:
        raise stop(
            "E410",
            f"{word.text} {unit}s are more than a hundred years",
            word.span,
            "`without a stated limit` says that an act is owed until it is done",
        )
    return int(word.text)


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())


def zone_name(word: Word) -> str:
    """A zone of the IANA database, or a fixed offset from UTC."""
    known = _zones()
    if word.string not in known and not re.fullmatch(r"UTC[+-](0[0-9]|1[0-4]):[0-5][0-9]", word.string):
        help_ = did_you_mean(word.string, known) or 'write "Europe/Warsaw", or a fixed offset "UTC+01:00"'
        raise stop("E205", f'no time zone is named "{word.string}"', word.span, help_)
    return word.string


def country_code(word: Word) -> str:
    """Two capitals that can stand for a country (ISO 3166)."""
    if not re.fullmatch("[A-Z]{2}", word.string):
        help_ = 'write two capitals (ISO 3166), such as "PL"'
        raise stop("E205", f'"{word.string}" is no code of a country', word.span, help_)
    return word.string


def seconds_of_day(word: Word) -> int:
    """`17:30` as seconds of the day; 24:00 is the end of it."""
    hours, minutes = (int(p) for p in word.text.split(":"))
    if hours > 24 or minutes > 59 or (hours == 24 and minutes):
        raise stop("E410", f"{word.text} is no time of day", word.span, "write 00:00 to 24:00")
    return hours * 3600 + minutes * 60


def iso_date(word: Word) -> date:
    """`2025-01-31` as a date of a year that a record can hold."""
    try:
        day = date.fromisoformat(word.text)
    except ValueError:
        raise stop(
            "E410", f"{word.text} is no date", word.span, "write year-month-day of a real day"
        ) from None
    if not _YEARS[0] <= day.year <= _YEARS[1]:
        raise stop(
            "E410",
            f"the year {day.year} lies outside what a record can hold",
            word.span,
            f"write a year from {_YEARS[0]} to {_YEARS[1]}",
        )
    return day


def hundredths(word: Word) -> int:
    """`99.9` percent as hundredths of a percent; finer figures are refused, not rounded."""
    whole, _, part = word.text.partition(".")
    if len(part) > 2:
        raise stop(
            "E410", f"{word.text} percent is finer than a hundredth", word.span, "give at most two decimals"
        )
    return int(whole) * 100 + int((part + "00")[:2])
