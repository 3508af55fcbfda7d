"""Whether dates look as if a spreadsheet had exchanged day and month in those whose day is 12 or less.

A spreadsheet that reads dates in another country's order turns those round that are dates in that order, too, and leaves
the others. These show the time that an export spans. Dates turned round are scattered over the whole year: many lie
outside of that time, and none would if they were turned back. Of a sound export it is the other way about.

What an export of whole calendar years says is the same either way, and nothing can be seen.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final, NamedTuple

Date = tuple[int, int, int]
"""Year, month, day."""

MARGIN: Final = 31
"""Days on either side of what the dates with a day above 12 span. Where every day has rows, others lie 12 days outside at
most; the rest is for weeks without rows."""

_ENOUGH: Final = 5
"""So many dates on either side of the comparison: the outermost dates of a sparse export may well be a first and a second."""

_ODDS: Final = 10
"""For one date that would lie outside if exchanged, so many have to lie outside as they are."""

_MONTHS: Final = 3
"""Dates that were turned round lie in so many months, and turned back in half of those that the export spans, up to so many: a busy
week lies in one as it is, what recurs on one day of each month in one if exchanged."""

_MANY: Final = 40
"""So many dates that could be exchanged hold some that would lie where a busy week does, so that it is no evidence."""


class Outside(NamedTuple):
    """The evidence: the first and last date with a day above 12, the dates outside of that time, how many could be exchanged
    in all, and how many of them would lie outside if they were.
    """

    first: date
    last: date
    dates: frozenset[Date]
    of: int
    exchanged: int


def outside(dates: Collection[Date]) -> Outside | None:
    """What tells that day and month of dates were exchanged, if anything does."""
    certain = [date(*each) for each in dates if each[2] > 12]
    doubtful = [each for each in dates if each[2] <= 12 and each[2] != each[1]]
    # Of a month 18 days are certain and 11 doubtful, whatever a spreadsheet does: far fewer show no span.
    if len(certain) < _ENOUGH or 2 * len(certain) < len(doubtful):
        return None
    first, last = min(certain), max(certain)
    begin, end = first.toordinal() - MARGIN, last.toordinal() + MARGIN

    def is_outside(year: int, month: int, day: int) -> bool:
        return not begin <= date(year, month, day).toordinal() <= end

    found = frozenset(each for each in doubtful if is_outside(*each))
    other = sum(is_outside(year, day, month) for year, month, day in doubtful)
    months = len({(each.year, each.month) for each in certain})
    if len(found) < max(_ENOUGH, _ODDS * other):
        return None
    written = len({(year, month) for year, month, _ in found})
    turned = len({(year, day) for year, _, day in found})
    if (written < _MONTHS and len(doubtful) < _MANY) or turned < min(_MONTHS, (months + 1) // 2):
        return None
    return Outside(first, last, found, len(doubtful), other)
