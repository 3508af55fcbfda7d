"""The order of a log: file by file as they were given, row by row in each."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from checker.record.model import Note, Place, SetAside

Key = tuple[int, int, int, str]

_NOWHERE: Final = (-1, 0, 0, "")
_ROW: Final = "row "
"""How the place of a row begins that is not a line."""


def row_of(place: Place) -> int:
    """The line or row of a place, from 1; 0 where it has neither."""
    if place.line is not None:
        return place.line
    number = place.within.removeprefix(_ROW)
    return int(number) if number != place.within and number.isdecimal() else 0


def order_of(files: Iterable[str]) -> Callable[[Place | None], Key]:
    """A key that puts places in the order of a log, those of no file first. A file that is given twice stands where it comes first."""
    number: dict[str, int] = {}
    for file in files:
        number.setdefault(file, len(number))

    def key(place: Place | None) -> Key:
        if place is None:
            return _NOWHERE
        return number.get(place.file, len(number)), row_of(place), place.column or 0, place.within

    return key


def asides_in_order(found: Iterable[SetAside], key: Callable[[Place | None], Key]) -> list[SetAside]:
    """What was set aside, in the order of the log; what became of one ticket stands together, as it was found."""
    first: dict[str, Key] = {}
    entries = [(key(each.place), each) for each in found]
    for at, each in entries:
        if each.ticket is not None:
            first[each.ticket] = min(at, first.get(each.ticket, at))

    def order(entry: tuple[Key, SetAside]) -> tuple[Key, str, Key, str, str]:
        at, each = entry
        if each.ticket is not None:
            return first[each.ticket], each.ticket, _NOWHERE, "", ""
        return at, "", at, each.field, each.reason

    return [each for _, each in sorted(entries, key=order)]


def first_aside(found: Iterable[SetAside], file: str | None = None) -> SetAside | None:
    """The first row of those set aside, in whatever order they were read. `file`: of this file alone."""
    some = [each for each in found if file in (None, each.place.file)]
    key = order_of(each.place.file for each in some)
    return min(some, key=lambda each: key(each.place), default=None)


def notes_in_order(found: Iterable[Note], key: Callable[[Place | None], Key]) -> list[Note]:
    """Notes in the order of the log."""
    return sorted(found, key=lambda n: (key(n.place), n.text))
