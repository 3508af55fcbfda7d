"""What single words say: numbers, times of day, dates, shares, lengths, zones, countries; what cannot be is refused here."""

from __future__ import annotations

import re
from datetime import date

from dsl.names import stop
from dsl.places import country_meant, is_country, is_zone, zone_meant
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
_CENTURY = 100 * 31536000
_LONGEST = 101 * 31536000
_YEARS = (1970, 2099)
"""The years that a record can hold."""
_DIGITS = 15
"""The most digits of a whole number: beyond every figure of a contract, and still exact wherever it is read."""


def whole(word: Word) -> int:
    """A whole number; refuses what is longer than any figure of a contract."""
    if len(word.text.lstrip("0")) > _DIGITS:
        shown = f"{word.text[:12]}…" if len(word.text) > 40 else word.text
        message = f"{shown} is a number of {len(word.text)} digits"
        raise stop("E410", message, word.span, f"write a number of at most {_DIGITS} digits")
    return int(word.text)


def checksum(word: Word) -> str:
    """A SHA-256 as 64 hexadecimal digits, in small letters."""
    if not re.fullmatch("[0-9A-Fa-f]{64}", word.string):
        shown = f"{word.string[:16]}…" if len(word.string) > 64 else word.string
        help_ = "write its 64 hexadecimal digits, as `sha256sum FILE` prints them"
        raise stop("E413", f'"{shown}" is no SHA-256 checksum', word.span, help_)
    return word.string.lower()


def amount_of(word: Word, unit: str) -> int:
    """The number of a length of time in a unit; refuses what is longer than a record could show."""
    number = whole(word)
    if number * _SHORTEST[unit] > _LONGEST:
        raise stop(
            "E410",
            f"{word.text} {unit}s are more than a hundred years",
            word.span,
            f"write at most {_CENTURY // _SHORTEST[unit]} {unit}s",
        )
    return number


def zone_name(word: Word) -> str:
    """A zone of the IANA database, or a fixed offset from UTC."""
    if not is_zone(word.string):
        help_ = zone_meant(word.string) or 'write "Europe/Warsaw", or a fixed offset "UTC+01:00"'
        raise stop("E205", f'no time zone is named "{word.string}"', word.span, help_)
    return word.string


def country_code(word: Word) -> str:
    """Two capitals that stand for a country (ISO 3166) whose public holidays are known; or a region of it, as DE-BY."""
    if not is_country(word.string):
        help_ = country_meant(word.string) or 'write two capitals (ISO 3166), such as "PL"'
        raise stop("E205", f'no public holidays are known of a country "{word.string}"', word.span, help_)
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
    figure, _, part = word.text.partition(".")
    if len(part) > 2:
        raise stop(
            "E410",
            f"{word.text[:40]} percent is finer than a hundredth",
            word.span,
            "give at most two decimals",
        )
    return whole(Word("INT", figure, word.span)) * 100 + int((part + "00")[:2])


def share_of_time(word: Word) -> int:
    """`99.9` percent of a period as hundredths of a percent: more than nothing, and at most the whole."""
    found = hundredths(word)
    if not 0 < found <= 10_000:
        message = f"{word.text} percent is no share of a period"
        raise stop("E410", message, word.span, "write more than 0 and at most 100 percent")
    return found
