"""The stamps of an export's columns, read to the seconds they may stand for: those of digits all at once, others one by one.

What a stamp stands for is `checker.record.stamps.StampReader`'s to say. Where every text of a column is of one format of plain digits, and
surely of no other, it says the same of each, but for days on which the zone's clock is changed: those it reads itself.
"""

from __future__ import annotations

import re
from itertools import chain
from typing import Final, NamedTuple

import numpy as np

from checker.clock.zones import DAY, candidates, zone
from checker.columnar.export_cells import Cells, Column
from checker.columnar.possible import Bools, Ints
from checker.record.flaws import Flaw
from checker.record.instants import FIRST_YEAR, LAST_YEAR
from checker.record.mapping_model import StampFormat, TimeRule
from checker.record.telling import Teller
from checker.record.wall_stamps import WallFormat

_PLACES: Final = range(0, DAY + 1, DAY // 4)
"""Seconds of a day at which the offset of its zone is looked at: no clock is set forth and back within six hours."""


class Stamps(NamedTuple):
    """By text of a column, the first and last second that it may stand for; `bad`: texts that are no stamps, and NOTHING (the last)."""

    at: Ints
    until: Ints
    bad: Bools


class StampColumns:
    """The stamps of the columns of an export, each read once. `rule`: how they are written."""

    def __init__(self, cells: Cells, rule: TimeRule, teller: Teller) -> None:
        self.rule = rule
        self._cells, self._teller = cells, teller
        self._known: dict[str, Stamps] = {}

    def of(self, column: str) -> Stamps:
        """The stamps of a column."""
        found = self._known.get(column)
        if found is None:
            found = self._known[column] = self._read(column, self._cells.columns[column])
        return found

    def _read(self, column: str, of: Column) -> Stamps:
        n = len(of.texts)
        at, until, bad = np.zeros(n + 1, np.int64), np.zeros(n + 1, np.int64), np.ones(n + 1, bool)
        used = np.zeros(n + 1, bool)
        used[of.codes] = True
        places = np.flatnonzero(used[:-1])
        texts = [of.texts[i] for i in places.tolist()] if len(places) < n else list(of.texts)
        found = self._of_digits(column, texts)
        if found is not None:
            told = places[found.bad]
            at[told], until[told], bad[told] = found.at[found.bad], found.until[found.bad], False
            places = places[~found.bad]
        for i in places.tolist():
            try:
                at[i], until[i] = self._teller.span(of.texts[i], column)
            except Flaw:
                continue
            bad[i] = False
        return Stamps(at, until, bad)

    def _of_digits(self, column: str, texts: list[str]) -> Stamps | None:
        """The stamps of texts of one format of digits; in the place of `bad` which of them are told. None: they are not of that kind."""
        if not texts or self.rule.zone is None:
            return None
        joined = "\n".join(texts)
        for form in self.rule.formats:
            mine = WallFormat(form.format)
            others = (WallFormat(f.format) for f in self.rule.formats if f is not form)
            if mine.pattern is None or form.precision == "day" or not all(o.other(joined) for o in others):
                continue
            found = re.findall(f"^(?:{mine.pattern})$", joined, re.MULTILINE)
            if len(found) == len(texts):
                return self._told(column, form, mine, found)
        return None

    def _told(self, column: str, form: StampFormat, mine: WallFormat, found: list[tuple[str, ...]]) -> Stamps:
        n, width = len(found), len(found[0])
        digits = (part or "0" for part in chain.from_iterable(found))
        groups = np.fromiter(map(int, digits), np.int64, n * width).reshape(n, width)
        year, month, day, hour, minute, second = (groups[:, i] for i in mine.order)
        first = ((year - 1970) * 12 + month - 1).astype("datetime64[M]")
        begin = first.astype("datetime64[D]").astype(np.int64)
        length = (first + 1).astype("datetime64[D]").astype(np.int64) - begin
        days = begin + day - 1
        offset, plain = self._offsets(days)
        told = plain & (day <= length) & (year >= FIRST_YEAR) & (year <= LAST_YEAR)
        wall = days * DAY + hour * 3600 + minute * 60 + (0 if form.precision == "minute" else second)
        self._note_dates(column, form, np.stack([year, month, day], axis=1)[told])
        at = wall - offset
        return Stamps(at, at + (59 if form.precision == "minute" else 0), told)

    def _offsets(self, days: Ints) -> tuple[Ints, Bools]:
        """By day how far the zone's clock is ahead of UTC, and whether that is one and the same throughout."""
        each, back = np.unique(days, return_inverse=True)
        assert self.rule.zone is not None
        tz = zone(self.rule.zone)
        offset, plain = np.zeros(len(each), np.int64), np.zeros(len(each), bool)
        for i, day in enumerate(each.tolist()):
            walls = [day * DAY + place for place in _PLACES]
            ahead = {wall - instant for wall in walls for instant in candidates(wall, tz)}
            offset[i], plain[i] = min(ahead), len(ahead) == 1
        return offset[back], plain[back]

    def _note_dates(self, column: str, form: StampFormat, dates: Ints) -> None:
        number = (dates[:, 0] * 12 + dates[:, 1] - 1) * 31 + dates[:, 2] - 1
        for each in np.unique(number).tolist():
            months, day = divmod(each, 31)
            year, month = divmod(months, 12)
            self._teller.saw_date(column, form.format, (year, month + 1, day + 1))


__all__ = ["StampColumns", "Stamps"]
