"""What the stamps of an export give away: day and month exchanged, offsets that are none. Said, never repaired.

A suspicion is a note with its evidence, how often it was seen, and the first place. The histories stay as the export
writes them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Iterator, Mapping
from typing import Final

from checker.record.exchanged import MARGIN, Date, outside
from checker.record.model import Note, Place

First = Callable[[str, str, Container[Date]], tuple[str, Place] | None]
"""The first stamp in a column (by a format) that is one of some dates, and its place."""

_ENOUGH_DATES: Final = 12
"""So many different dates without a day above 12: by chance that happens once in 80,000 exports."""

_ENOUGH_TICKETS: Final = 5

_HOUR: Final = 3600
_SLACK: Final = 5
"""Seconds: two stamps of one act, written one after the other."""

_CHANGING: Final = frozenset(hours * _HOUR for hours in (-8, -7, -6, -5, 1, 2))
"""Offsets of regions in which almost all clocks change: North America, and western and central Europe."""

_WINTER, _SUMMER = frozenset({12, 1, 2}), frozenset({6, 7, 8})


def whole_hours(seconds: int) -> bool:
    """Whether a time is whole hours (but for the slack), and at least one: what `Suspicions.apart` looks for."""
    hours = round(seconds / _HOUR)
    return hours != 0 and abs(seconds - hours * _HOUR) <= _SLACK


class Suspicions:
    """Gathers evidence while stamps are read; `notes` says what it comes to."""

    def __init__(self) -> None:
        self._dates: dict[tuple[str, str], set[Date]] = {}
        self._offsets: dict[int, Counter[int]] = {}
        self._exchanged: list[tuple[Place, str]] = []
        self._apart: Counter[int] = Counter()
        self._first_apart: dict[int, Place] = {}
        self._openings = 0
        self._foreign: dict[str, list[str]] = {}
        self._one_act: list[tuple[Place, int]] = []

    def date(self, column: str, form: str, found: Date) -> None:
        """A date was read in a column, by a format that puts day or month first."""
        self._dates.setdefault((column, form), set()).add(found)

    def offset(self, seconds: int, month: int) -> None:
        """A stamp carries an offset; `month` is that of its local date."""
        self._offsets.setdefault(seconds, Counter())[month] += 1

    def foreign(self, place_zone: str, stamp: str) -> None:
        """A stamp carries an offset that the zone named by the mapping does not then have."""
        self._foreign.setdefault(place_zone, []).append(stamp)

    def one_act(self, seconds: int, place: Place) -> None:
        """Two rows of one update lie so many seconds apart."""
        hours = round(abs(seconds) / _HOUR)
        if hours and abs(abs(seconds) - hours * _HOUR) <= _SLACK:
            self._one_act.append((place, hours))

    def exchanged(self, place: Place, stamp: str) -> None:
        """A row out of its order would be in order if day and month of its stamp were exchanged."""
        self._exchanged.append((place, stamp))

    def apart(self, seconds: int, place: Place) -> None:
        """The opening lies so many seconds before the row that shows it (after it, if negative)."""
        self._openings += 1
        if whole_hours(seconds):
            hours = round(seconds / _HOUR)
            self._apart[hours] += 1
            self._first_apart.setdefault(hours, place)

    def not_apart(self, openings: int) -> None:
        """So many openings lie apart from the rows that show them by no number of whole hours (see `whole_hours`)."""
        self._openings += openings

    def notes(self, first: First, called: Mapping[str, str]) -> Iterator[Note]:
        """The suspicions that the evidence carries. `called`: what the file calls columns, where it is something else."""
        by_form: dict[str, set[Date]] = {}
        for (column, form), dates in self._dates.items():
            by_form.setdefault(form, set()).update(dates)
            # Column by column: when tickets fall due is another time than when they were written to.
            yield from _outside(column, form, dates, first, called)
        for form, dates in by_form.items():
            if len(dates) >= _ENOUGH_DATES and all(day <= 12 for _, _, day in dates):
                yield Note(
                    f"suspicion: none of {len(dates)} dates written {form} has a day above 12: day and month may be "
                    "exchanged",
                    count=len(dates),
                )
        if len(self._offsets) == 1:
            ((seconds, months),) = self._offsets.items()
            if seconds in _CHANGING and _WINTER & months.keys() and _SUMMER & months.keys():
                sign, hours = "-" if seconds < 0 else "+", abs(seconds) // _HOUR
                yield Note(
                    f"suspicion: every stamp carries the offset {sign}{hours:02d}:00, in winter as in summer: it may be a "
                    "label on local times",
                    count=sum(months.values()),
                )
        for zone, stamps in self._foreign.items():
            yield Note(
                f"suspicion: stamps carry an offset that {zone}, the zone named, does not then have (as in {stamps[0]})",
                count=len(stamps),
            )
        if self._one_act:
            place, hours = self._one_act[0]
            yield Note(
                f"suspicion: rows of one update lie exactly {hours} h apart: the files may be in different zones",
                place,
                len(self._one_act),
            )
        if self._exchanged:
            place, stamp = self._exchanged[0]
            yield Note(
                f"suspicion: a row out of its order would be in order if day and month were exchanged (as in {stamp})",
                place,
                len(self._exchanged),
            )
        for hours, count in self._apart.most_common(1):
            if count >= _ENOUGH_TICKETS and 2 * count >= self._openings:
                yield Note(
                    f"suspicion: tickets are opened exactly {abs(hours)} h {'before' if hours > 0 else 'after'} the row that "
                    f"shows it, {count} of {self._openings}: the two columns may be in different zones",
                    self._first_apart[hours],
                    count,
                )


def _outside(
    column: str, form: str, dates: set[Date], first: First, called: Mapping[str, str]
) -> Iterator[Note]:
    found = outside(dates)
    if found is None:
        return
    stamp, place = first(column, form, found.dates) or ("", None)
    where = called.get(column, column)
    yield Note(
        f"suspicion: {len(found.dates)} of {found.of} dates in {where}, written {form}, in which day and month could be "
        f"exchanged lie more than {MARGIN} days outside of {found.first} to {found.last}, which those with a day above 12 "
        f"span; exchanged, {found.exchanged} would (as in {stamp})",
        place,
        len(found.dates),
    )
