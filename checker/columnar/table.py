"""The events of all cases as columns, and the pairs of occasions with the events of their case.

A row is one event as one case sees it; rows stand in the order of the cases, and within a case in the order of its record.
Values are numbers (codes) of one dictionary for all columns: equal values have equal codes, as `plain` compares them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cache, cached_property
from threading import RLock
from typing import NamedTuple, overload

import numpy as np

from checker.columnar.narrow import Codes, Near, looked_up, narrow
from checker.columnar.possible import Bools, Ints, Moments, Order
from checker.columnar.source import NOTHING, Across, Dictionary, Gaps, Source
from checker.interpret.case import Case


class Rows:
    """Rows of one kind, in the order of the table, and where those of each case begin and end among them.

    `case`: the case of each; `every`: the number of each case, from 0 on (both None where nobody has them at hand).
    """

    __slots__ = ("_bounds", "_n", "case", "every", "places")

    def __init__(
        self,
        places: Ints,
        bounds: tuple[Ints, Ints] | None,
        case: Ints | None = None,
        every: Ints | None = None,
    ) -> None:
        self.places, self._bounds, self.case, self.every = places, bounds, case, every
        self._n = len(bounds[0]) if bounds is not None else len(every) if every is not None else 0

    @classmethod
    def of_cases(cls, places: Ints, case: Ints, every: Ints) -> Rows:
        """Rows given with their cases, in order: where each case's begin and end is found when it is asked for."""
        return cls(places, None, case, every)

    def __len__(self) -> int:
        """How many cases there are."""
        return self._n

    @property
    def bounds(self) -> tuple[Ints, Ints]:
        """Where the rows of each case begin and end."""
        if self._bounds is None:
            assert self.case is not None
            self._bounds = edges(self.case, self._n)
        return self._bounds

    @property
    def begin(self) -> Ints:
        """Where the rows of each case begin."""
        return self.bounds[0]

    @property
    def end(self) -> Ints:
        """Where the rows of each case end."""
        return self.bounds[1]

    @property
    def content(self) -> tuple[Ints, Ints, Ints]:
        """All that it says."""
        return self.places, *self.bounds


def edges(case: Ints, n: int) -> tuple[Ints, Ints]:
    """Where the rows of each of n cases begin and end, among rows in the order of their cases."""
    end = np.cumsum(np.bincount(case, minlength=n))
    return np.concatenate([np.zeros(1, np.int64), end[:-1]]), end


class Column:
    """Codes of all rows, as narrow as they may be: most attributes have few values, and rows are looked up all over."""

    def __init__(self, codes: Codes) -> None:
        self._codes: Codes = narrow(codes)

    def __len__(self) -> int:
        return len(self._codes)

    def __getitem__(self, rows: Ints) -> Ints:
        """The codes of some rows."""
        return self._codes[rows].astype(np.int64)

    def narrow(self, rows: Ints) -> Codes:
        """The same in numbers as narrow as they are held."""
        return self._codes[rows]

    @property
    def told(self) -> Bools:
        """Which rows say something."""
        told: Bools = self._codes != NOTHING
        return told

    def part(self, rows: slice) -> Column:
        """Those of neighbouring rows."""
        out = object.__new__(Column)
        out._codes = self._codes[rows]
        return out


class GapRows(NamedTuple):
    """Gaps with where those of each case begin and end among them."""

    of: Gaps
    rows: Rows


class Table:
    """The record of many cases, with what is looked up in it more than once.

    Made with the table of which it is a part, if it is one (`part`).
    """

    def __init__(self, source: Source, whole: Table | None = None) -> None:
        self.source = source
        self.now = source.now
        self.cases = source.cases
        self._case: Near = source.near if isinstance(source, _Part) else Near(source.case)
        self.order = source.order
        self.agreement = source.agreement
        self.birth = source.birth
        # A table that held on to itself would stay until somebody looks for such cycles.
        self._whole = whole
        self.dictionary: Dictionary = Dictionary() if whole is None else whole.dictionary
        self.facts = source.facts
        # Looked through once for each event that somebody asks about: as narrow as may be.
        self._name: Codes = narrow(source.name)
        # Of a whole table that is exact, every part is.
        self._exact: bool = whole is not None and whole._exact
        self.rough: Bools = np.zeros(len(source.cases), bool)
        if not self._exact:
            self.rough[self.case[source.order.at != source.order.until]] = True
            self._exact = not self.rough.any()
        self._names = {name: code for code, name in enumerate(source.names)}
        self._gaps = source.gaps()
        self._of_gaps: dict[bool, GapRows | None] = {}
        self._gone: dict[tuple[frozenset[str], str], Bools | None] = {}
        self.whole = source.whole and self._gaps is None
        self._rows: dict[str, Rows] = {}
        self._columns: dict[str, Column] = {}
        self._nulls: dict[str, Bools] = {}
        self._kinds: dict[int, Ints] = {}
        self._moments_of: dict[int, Moments] = {}
        self._across: dict[str, Across | None] = {}
        self._lock = RLock()
        self.every: Ints = np.arange(len(source.cases), dtype=np.int64)
        self._row_moments = self._as_moments() if not self._exact else None
        self._at: Near | None = None
        if self._row_moments is None:
            shared = source.at if isinstance(source, _Part) else None
            self._at = shared if shared is not None else Near(source.order.at)

    @cached_property
    def case(self) -> Ints:
        """The case of each row."""
        return self._case.all

    def case_of(self, rows: Ints) -> Ints:
        """The cases of some rows."""
        return self._case[rows]

    @property
    def height(self) -> int:
        """How many rows there are."""
        return len(self._case)

    @property
    def whole_table(self) -> Table:
        """The table itself, or that of which it is a part."""
        return self if self._whole is None else self._whole

    def part(self, first: int, last: int) -> Table:
        """The cases from `first` up to, not including, `last`, as a table that shares values and agreements with this one."""
        return Table(_Part(self, first, last), self)

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

    def rows_of(self, names: Sequence[str]) -> Ints:
        """The rows of several events of the vocabulary, in the order of the table."""
        return np.flatnonzero(self._is_named(self._name, names))

    def named(self, index: Ints, names: Sequence[str]) -> Bools:
        """Of some rows, which are of these events of the vocabulary."""
        return self._is_named(self._name[index], names)

    def _is_named(self, name: Codes, names: Sequence[str]) -> Bools:
        wanted = [self._names[one] for one in names if one in self._names]
        if len(wanted) <= _FEW:
            out = np.zeros(len(name), bool)
            for code in wanted:
                out |= name == code
            return out
        table = np.zeros(len(self._names), bool)
        table[wanted] = True
        return looked_up(table, name)

    def grouped(self, index: Ints, of: tuple[Ints, Moments] | None = None) -> Rows:
        """Rows that stand in the order of the table, with where each case's begin and end; `of`: their cases and moments, if they
        are at hand.
        """
        # Rows of one kind are asked for their moments many times.
        self._kinds[id(index)] = index
        if of is not None:
            self._moments_of[id(index)] = of[1]
        return Rows.of_cases(index, of[0] if of is not None else self.case_of(index), self.every)

    def as_every(self, case: Ints) -> Ints:
        """The cases of occasions; where it is each case once, in order, `every` itself, which is told by identity."""
        return self.every if len(case) == len(self.every) and np.array_equal(case, self.every) else case

    @cached_property
    def span(self) -> tuple[int, int] | None:
        """The first and the last second of a row; None where there is none."""
        at = self.order.at
        return (int(at.min()), int(at.max())) if len(at) else None

    @cached_property
    def ranked(self) -> bool:
        """Whether the rows of a case stand in the order of time and of the record, no two at one place."""
        if self.whole_table is not self:
            return self.whole_table.ranked
        at, place = self.order.at, self.order.order
        later = (at[1:] > at[:-1]) | ((at[1:] == at[:-1]) & (place[1:] > place[:-1]))
        return bool((later | (self.case[1:] != self.case[:-1])).all())

    def column(self, attribute: str) -> Column:
        """What each row itself says of an attribute; `ticket` is the ticket that it belongs to, where it says none."""
        with self._lock:
            known = self._columns.get(attribute)
            if known is None:
                if isinstance(self.source, _Part):
                    known = self.source.column(attribute)
                else:
                    known = Column(self.source.attribute(attribute, self.dictionary))
                self._columns[attribute] = known
        return known

    def says_null(self, attribute: str) -> Bools:
        """Which rows name an attribute and leave it empty."""
        with self._lock:
            known = self._nulls.get(attribute)
            if known is None:
                known = self._nulls[attribute] = self.source.says_null(attribute)
        return known

    def gaps(self, shared: bool) -> GapRows | None:
        """The gaps of all cases, or only those of the agreements' own histories; None where there is none."""
        if shared not in self._of_gaps:
            self._of_gaps[shared] = self._gap_rows(shared)
        return self._of_gaps[shared]

    def _gap_rows(self, shared: bool) -> GapRows | None:
        found = self._gaps
        if found is None:
            return None
        if shared:
            own = found.shared
            found = Gaps(found.case[own], found.start[own], found.end[own], own[own])
        every = np.arange(len(found.case), dtype=np.int64)
        return GapRows(found, Rows(every, edges(found.case, len(self.cases))))

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """The cases in which no log would show this event; None where there is none."""
        key = (frozenset(records), name)
        with self._lock:
            if key not in self._gone:
                self._gone[key] = self.source.gone(records, name)
        return self._gone[key]

    def across(self, name: str) -> Across | None:
        """The events of this name on any ticket of the agreements; None where each ticket stands alone."""
        with self._lock:
            if name not in self._across:
                found = self.source.across(name)
                self._across[name] = found._replace(said=cache(found.said)) if found is not None else None
            return self._across[name]

    def moments(self, index: Ints) -> Moments:
        """When rows happened, within what their stamps tell."""
        known = self._moments_of.get(id(index))
        if known is not None:
            return known
        if self._row_moments is not None:
            found = self._row_moments.take(index)
        else:
            assert self._at is not None
            at = self._at[index]
            found = Moments(at, at, row=index)
        if id(index) in self._kinds:
            self._moments_of[id(index)] = found
        return found

    def _as_moments(self) -> Moments:
        at, until = self.order.at, self.order.until
        row = np.arange(len(at), dtype=np.int64)
        rough = at != until
        return Moments(
            at, np.where(rough, np.minimum(until, self.now), at), np.zeros(len(at), bool), rough, row=row
        )


class _Part:
    """Some cases of a table, as a source: its columns are parts of the table's."""

    def __init__(self, whole: Table, first: int, last: int) -> None:
        self._whole = whole
        self._cases = slice(first, last)
        rows = self._rows = slice(*whole._case.places([first, last]))
        self.now = whole.now
        self.cases: Sequence[Case] = Some(whole.cases, first, last)
        self.facts = whole.facts
        self.agreement = whole.agreement[self._cases]
        self.birth = whole.birth[self._cases]
        self.near: Near = whole._case.part(rows, less=first)
        self.at: Near | None = whole._at.part(rows) if whole._at is not None else None
        of = whole.order
        self.order = Order(of.at[rows], of.until[rows], of.revised[rows], of.order[rows])
        self.names = whole.source.names
        self.name: Codes = whole._name[self._rows]
        self.whole = whole.source.whole

    def column(self, attribute: str) -> Column:
        """A part of the whole table's column."""
        return self._whole.column(attribute).part(self._rows)

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        return self.column(attribute)[np.arange(len(self.near))]

    @cached_property
    def case(self) -> Ints:
        """See `Source`."""
        return self.near.all

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        return self._whole.says_null(attribute)[self._rows]

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        found = self._whole.gone(records, name)
        return found[self._cases] if found is not None and found[self._cases].any() else None

    def across(self, name: str) -> Across | None:
        """See `Source`."""
        found = self._whole.across(name)
        return found._replace(rows=lambda: found.rows()[self._rows]) if found is not None else None

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        found = self._whole.gaps(shared=False)
        if found is None:
            return None
        here = slice(*np.searchsorted(found.of.case, [self._cases.start, self._cases.stop]).tolist())
        of = found.of
        if here.start == here.stop:
            return None
        return Gaps(of.case[here] - self._cases.start, of.start[here], of.end[here], of.shared[here])


class Some(Sequence[Case]):
    """Some of many cases, each looked up when it is asked for."""

    def __init__(self, cases: Sequence[Case], first: int, last: int) -> None:
        self._cases, self._first, self._n = cases, first, last - first

    def __len__(self) -> int:
        return self._n

    @overload
    def __getitem__(self, i: int) -> Case: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[Case]: ...
    def __getitem__(self, i: int | slice) -> Case | Sequence[Case]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(self._n))]
        if not -self._n <= i < self._n:
            raise IndexError(i)
        return self._cases[self._first + i % self._n]


class Pairs(NamedTuple):
    """Each occasion with each row of a kind in its case: the place of the occasion, and the row.

    `place`: the place of the row among those of its kind; None where the pairs are just those rows.
    """

    occasion: Ints
    row: Ints
    place: Ints | None = None

    def any(self, which: Bools, n: int) -> Bools:
        """For each of n occasions, whether some pair of it is one of those."""
        out = np.zeros(n, bool)
        # An index costs a quarter of what a mask does that no processor foresees.
        out[self.occasion[np.flatnonzero(which)]] = True
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
        return np.bincount(self.occasion[np.flatnonzero(which)], minlength=n).astype(np.int64)


def paired(case: Ints, rows: Rows) -> Pairs:
    """Every occasion, given by its case, with every row of its case, in order."""
    n = len(rows)
    if case is rows.every or (len(case) == n and np.array_equal(case, np.arange(n))):
        # One occasion a case: each row stands beside it, and no other.
        return Pairs(
            rows.case if rows.case is not None else np.repeat(case, rows.end - rows.begin), rows.places
        )
    if rows.case is not None and _MANY * len(case) > len(rows.case) and bool((case[1:] > case[:-1]).all()):
        return _paired_once(case, rows, rows.case)
    begin = rows.begin[case]
    counts = rows.end[case] - begin
    if n > 1 and (many := int(counts.sum())) > _MOST_PAIRS and many > _OFTEN * len(rows.places):
        raise TooMany(many)
    occasion = np.repeat(np.arange(len(case), dtype=np.int64), counts)
    starts = np.cumsum(counts) - counts
    place = np.arange(len(occasion), dtype=np.int64) + np.repeat(begin - starts, counts)
    return Pairs(occasion, rows.places[place], place)


class TooMany(Exception):
    """Occasions stand beside so many rows that fewer cases have to be judged at a time."""


_MOST_PAIRS = 1 << 24
"""More pairs than this are not laid out for several cases, where"""
_OFTEN = 8
"""each row stands in more of them than this: records whose events and occasions are both many. A pair takes some fifty bytes."""
_FEW = 3
"""So many names are compared one after the other, which is faster than a table of them."""
_MANY = 8
"""Of so many rows to an occasion or fewer, all are looked at rather than those of each case laid out."""


def _paired_once(case: Ints, rows: Rows, of: Ints) -> Pairs:
    """The same of occasions in the order of their cases, one to a case at most."""
    asked = np.zeros(len(rows), bool)
    asked[case] = True
    place = np.flatnonzero(asked[of])
    # Told of the cases that are asked for alone.
    occasion = np.empty(len(rows), np.int64)
    occasion[case] = np.arange(len(case), dtype=np.int64)
    return Pairs(occasion[of[place]], rows.places[place], place)


__all__ = ["NOTHING", "GapRows", "Pairs", "Rows", "Table", "TooMany", "edges", "paired"]
