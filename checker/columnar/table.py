"""The events of all cases as columns, and the pairs of occasions with the events of their case.

A row is one event as one case sees it; rows stand in the order of the cases, and within a case in the order of its record.
Values are numbers (codes) of one dictionary for all columns: equal values have equal codes, as `plain` compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import numpy as np

from checker.columnar.possible import Bools, Ints, Moments, Order
from checker.interpret.case import Case
from checker.interpret.world import plain
from checker.record.model import Event, Value

NOTHING = -1
"""The code of what is not on record."""


class Dictionary:
    """Values and their codes."""

    def __init__(self) -> None:
        self.values: list[Value] = []
        self._codes: dict[Any, int] = {}
        self._hits: dict[int, tuple[Collection[Value], Bools]] = {}

    def code(self, value: Value | None) -> int:
        """The code of a value; NOTHING for none. Lists and mappings are values of their own."""
        if value is None:
            return NOTHING
        key: Any = repr(value) if isinstance(value, list | dict) else plain(value)
        key = (type(value) if isinstance(value, bool | list | dict) else str, key)
        found = self._codes.get(key)
        if found is None:
            found = self._codes[key] = len(self.values)
            self.values.append(value)
        return found

    def hits(self, wanted: Collection[Value]) -> Bools:
        """For each code, whether its value is one of those wanted, or a list that holds one; false for NOTHING, the last."""
        known = self._hits.get(id(wanted))
        if known is not None and known[0] is wanted and len(known[1]) == len(self.values) + 1:
            return known[1]
        out = self._found(wanted)
        self._hits[id(wanted)] = (wanted, out)
        return out

    def _found(self, texts: Collection[Value]) -> Bools:
        out = np.zeros(len(self.values) + 1, bool)
        for i, value in enumerate(self.values):
            if isinstance(value, list):
                out[i] = any(plain(v) in texts for v in value if not isinstance(v, list | dict))
            elif not isinstance(value, dict):
                out[i] = plain(value) in texts
        return out


class Rows(NamedTuple):
    """Rows of one kind, in the order of the table, and where those of each case begin and end among them."""

    places: Ints
    begin: Ints
    end: Ints


class Table:
    """The record of many cases."""

    def __init__(self, cases: Sequence[Case], now: int) -> None:
        self.now = now
        self.cases = cases
        self.dictionary = Dictionary()
        events = [e for c in cases for e in c.events]
        counts = np.array([len(c.events) for c in cases], np.int64)
        self.events: list[Event] = events
        self.case: Ints = np.repeat(np.arange(len(cases), dtype=np.int64), counts)
        at = np.array([e.at for e in events], np.int64)
        until = np.array([e.until for e in events], np.int64)
        revised = np.array([e.revision is not None for e in events], bool)
        place = np.array([e.order for e in events], np.int64)
        self.order = Order(at, until, revised, place)
        names: dict[str, int] = {}
        self._name = np.array([names.setdefault(e.name, len(names)) for e in events], np.int64)
        self._names = names
        agreements: dict[str, int] = {}
        self.agreement: Ints = np.array(
            [agreements.setdefault(c.agreement, len(agreements)) for c in cases], np.int64
        )
        self.agreements = len(agreements)
        _, first = np.unique(self.agreement, return_index=True)
        self.first_case: list[int] = first.tolist()
        self.birth: Ints = np.array([c.birth for c in cases], np.int64)
        self.whole: Bools = np.array([c.whole for c in cases], bool)
        self.rough: Bools = np.zeros(len(cases), bool)
        self.rough[self.case[at != until]] = True
        self._rows: dict[str, Rows] = {}
        self._columns: dict[str, Ints] = {}
        self._exact = bool((at == until).all())
        self._row_moments = self._as_moments()

    def __len__(self) -> int:
        return len(self.cases)

    def rows(self, name: str) -> Rows:
        """The rows of an event of the vocabulary."""
        known = self._rows.get(name)
        if known is None:
            code = self._names.get(name)
            index = np.flatnonzero(self._name == code) if code is not None else np.zeros(0, np.int64)
            known = self._rows[name] = self.grouped(index)
        return known

    def grouped(self, index: Ints) -> Rows:
        """Rows that stand in the order of the table, with where each case's begin and end."""
        cases = self.case[index]
        every = np.arange(len(self.cases), dtype=np.int64)
        return Rows(index, np.searchsorted(cases, every, "left"), np.searchsorted(cases, every, "right"))

    def column(self, attribute: str) -> Ints:
        """What each row itself says of an attribute; `ticket` is the ticket that it belongs to, where it says none."""
        known = self._columns.get(attribute)
        if known is None:
            code = self.dictionary.code
            values = (e.attributes.get(attribute) for e in self.events)
            if attribute == "ticket":
                values = (e.attributes.get("ticket") or e.ticket for e in self.events)
            known = self._columns[attribute] = np.fromiter(
                (code(v) for v in values), np.int64, len(self.events)
            )
        return known

    def says_null(self, attribute: str) -> Bools:
        """Which rows name an attribute and leave it empty."""
        return np.fromiter(
            (attribute in e.attributes and e.attributes[attribute] is None for e in self.events),
            bool,
            len(self.events),
        )

    def moments(self, index: Ints) -> Moments:
        """When rows happened, within what their stamps tell."""
        return self._row_moments.take(index)

    def _as_moments(self) -> Moments:
        at, until = self.order.at, self.order.until
        row = np.arange(len(at), dtype=np.int64)
        if self._exact:
            return Moments(at, at, row=row)
        rough = at != until
        return Moments(
            at, np.where(rough, np.minimum(until, self.now), at), np.zeros(len(at), bool), rough, row=row
        )


class Pairs(NamedTuple):
    """Each occasion with each row of a kind in its case: the place of the occasion, and the row."""

    occasion: Ints
    row: Ints

    def any(self, which: Bools, n: int) -> Bools:
        """For each of n occasions, whether some pair of it is one of those."""
        out = np.zeros(n, bool)
        out[self.occasion[which]] = True
        return out

    def first(self, which: Bools, n: int) -> Ints:
        """For each of n occasions the first pair of it that is one of those, as its place here; -1 for none."""
        out = np.full(n, -1, np.int64)
        chosen = np.flatnonzero(which)[::-1]
        out[self.occasion[chosen]] = chosen
        return out

    def last(self, which: Bools, n: int) -> Ints:
        """For each of n occasions the last such pair."""
        out = np.full(n, -1, np.int64)
        chosen = np.flatnonzero(which)
        out[self.occasion[chosen]] = chosen
        return out

    def number(self, which: Bools, n: int) -> Ints:
        """For each of n occasions, how many pairs of it are such."""
        return np.bincount(self.occasion[which], minlength=n).astype(np.int64)


def paired(case: Ints, rows: Rows) -> Pairs:
    """Every occasion, given by its case, with every row of its case, in order."""
    begin = rows.begin[case]
    counts = rows.end[case] - begin
    occasion = np.repeat(np.arange(len(case), dtype=np.int64), counts)
    starts = np.cumsum(counts) - counts
    within = np.arange(len(occasion), dtype=np.int64) - np.repeat(starts, counts)
    return Pairs(occasion, rows.places[np.repeat(begin, counts) + within])


__all__ = ["NOTHING", "Dictionary", "Pairs", "Rows", "Table", "paired"]
