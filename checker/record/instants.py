"""Instants as text: ISO 8601 with an offset, read to whole seconds UTC, and what a coarser stamp spans.

Only the extended form of ISO 8601 (RFC 3339, with a space for `T` and an offset without its colon also
read). A stamp finer than a second is taken down to its second. Years run from 1970 to 2099: a stamp such as
`0001-01-01`, which some systems write for *none*, is no instant.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final, Literal

from checker.clock.zones import LocalTimeError, Policy, resolve, zone

Precision = Literal["second", "minute", "day"]
PRECISIONS: Final[tuple[Precision, ...]] = ("second", "minute", "day")

_STAMP: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,]\d+)?(?:(Z)|([+-])(\d\d):?(\d\d))?", re.ASCII
)
_DAY: Final = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_MOST_OFFSET: Final = 14 * 3600
_EPOCH: Final = date(1970, 1, 1).toordinal()
FIRST_YEAR, LAST_YEAR = 1970, 2099


class BadInstant(ValueError):
    """Text that is no instant; `reason` says why, `remedy` what to write."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason = reason
        self.remedy = remedy


@lru_cache(maxsize=65_536)
def day_seconds(year: int, month: int, day: int) -> int:
    """Seconds from the epoch to the start of a civil day, as if its clock were UTC.

    Raises:
        BadInstant: there is no such day.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadInstant(
            f"the year {year:04d} lies outside {FIRST_YEAR} to {LAST_YEAR}",
            "write the real date, or leave the event out if it has none",
        )
    try:
        return (date(year, month, day).toordinal() - _EPOCH) * 86_400
    except ValueError:
        raise BadInstant(
            f"there is no day {year:04d}-{month:02d}-{day:02d}", "write a date that the calendar has"
        ) from None


@lru_cache(maxsize=65_536)
def parse_day(text: str) -> date:
    """Read a calendar date, `2025-03-03`, of any year: an agreement may run until 9999-12-31.

    Raises:
        BadInstant: the text is no date, or one that the calendar does not have.
    """
    match = _DAY.fullmatch(text)
    if match is None:
        raise BadInstant("not a date", "write a date such as 2025-12-24")
    try:
        return date(*(int(part) for part in match.groups()))
    except ValueError:
        raise BadInstant(f"there is no day {text}", "write a date that the calendar has") from None


def clock_seconds(hour: int, minute: int, second: int) -> int:
    """Seconds from midnight of a wall-clock time.

    Raises:
        BadInstant: there is no such time of day; 24:00 and the leap second :60 included.
    """
    if hour > 23 or minute > 59:
        raise BadInstant(
            f"there is no time {hour:02d}:{minute:02d}",
            "write 00:00 to 23:59 (midnight is 00:00 of the day it opens)",
        )
    if second > 59:
        raise BadInstant(f"there is no second {second:02d}", "write 00 to 59 (a leap second as 59)")
    return hour * 3600 + minute * 60 + second


def parse_instant(text: str, *, zone_name: str | None = None, policy: Policy = "reject") -> tuple[int, int]:
    """Read `2025-03-03T09:00:00+01:00`, `…Z` or `…+0100` and return (seconds UTC, offset in seconds east).

    A stamp without an offset is local time: it needs `zone_name`, and `policy` says what to do in a clock
    change.

    Raises:
        BadInstant: the text is no instant, or local time whose zone nobody named.
        ValueError: `zone_name` is no known zone.
    """
    match = _STAMP.fullmatch(text)
    if match is None:
        raise _shape(text)
    year, month, day, hour, minute, second, utc, sign, hours, minutes = match.groups()
    wall = day_seconds(int(year), int(month), int(day)) + clock_seconds(int(hour), int(minute), int(second))
    if utc:
        return wall, 0
    if sign:
        offset = int(hours) * 3600 + int(minutes) * 60
        if offset > _MOST_OFFSET or int(minutes) > 59:
            raise BadInstant(
                f"there is no offset {sign}{hours}:{minutes}", "write an offset of -14:00 to +14:00"
            )
        if sign == "-":
            offset = -offset
        return wall - offset, offset
    if zone_name is None:
        raise BadInstant(
            "local time without a zone",
            f'write the offset, such as "{text.replace(" ", "T")}+01:00", or "…Z" for UTC',
        )
    instant = local_instant(wall, zone_name, policy)
    return instant, wall - instant


def local_instant(wall: int, zone_name: str, policy: Policy) -> int:
    """The instant of a wall time (seconds since 1970-01-01 00:00 on that wall clock) in a zone.

    Raises:
        BadInstant: a clock change skips or repeats it and the policy is `reject`.
        ValueError: no such zone.
    """
    try:
        return resolve(wall, zone(zone_name), policy)
    except LocalTimeError as error:
        raise BadInstant(
            str(error),
            "state a policy for clock changes (earlier, later or either), or write the offset",
        ) from None


def span(at: int, offset: int, precision: Precision) -> tuple[int, int]:
    """The first and last second that a stamp of this precision may stand for.

    A stamp to the minute or day covers the whole minute or local day it lies in, by the stamp's own offset;
    finer digits that were written all the same are not relied on.
    """
    if precision == "second":
        return at, at
    size = 60 if precision == "minute" else 86_400
    first = (at + offset) // size * size - offset
    return first, first + size - 1


def _shape(text: str) -> BadInstant:
    example = 'an ISO 8601 instant such as "2025-03-03T09:00:00+01:00"'
    if not text.strip():
        return BadInstant("empty where an instant is due", f"write {example}")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII):
        return BadInstant(
            "a date without a time", f"write {example}, with precision: day if only the day is known"
        )
    if re.match(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?:Z|[+-]|$)", text, re.ASCII):
        return BadInstant(
            "an instant without seconds",
            f"write {example}, with precision: minute if only the minute is known",
        )
    return BadInstant("not an instant", f"write {example}")
