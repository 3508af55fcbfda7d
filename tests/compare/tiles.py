"""Many histories made of some, as columns: each moved in time, an event moved, a value changed; the same from the same chance.

A table of such histories costs a fraction of what as many tickets of their own would. Each is a record that could be read: events stand
in the order of their stamps, and what a case says of itself is what its columns say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, overload

import numpy as np
from numpy.typing import NDArray

from checker.columnar.possible import Bools, Ints, Order
from checker.columnar.source import NOTHING, Across, Dictionary, Gaps, OfCases
from checker.interpret.case import Case
from checker.interpret.possible import EVER
from checker.record.model import Event, Gap, Value

_ABSENT = object()
_DAY = 86400


@dataclass(frozen=True)
class Moves:
    """Where to. `lengths`: seconds of limits. `edges`: seconds of a local day at which hours begin or end. `days`: seconds of days about
    which calendars bend. `values`: what an attribute is compared with. `dues`: by case of the base, limits that variants set, 0 for none.
    """

    lengths: Ints
    edges: Ints
    days: Ints
    values: Mapping[str, Sequence[Value]]
    dues: Ints


class _Changes(NamedTuple):
    """What rows say otherwise: of a case, the row of the base, the attribute (a place in `names`) and what (a place in `values`).

    Of two changes of one value the later one counts.
    """

    case: Ints
    row: Ints
    names: tuple[str, ...]
    attribute: Ints
    value: Ints
    values: list[Any]


class Tiles:
    """A source of so many times as many cases as its base has. The first of them are those of the base, but for the other tickets
    of their agreements: each stands alone. `apart`: as under an agreement of its own, so that columns can look across its tickets.
    """

    def __init__(
        self, cases: Sequence[Case], now: int, times: int, moves: Moves, seed: int, *, apart: bool = False
    ) -> None:
        self.now = now
        self._base = OfCases(cases, now)
        self._events = [e for c in cases for e in c.events]
        self._of = list(cases)
        self._r = np.random.default_rng(seed)
        self._moves = moves
        n, rows = len(cases), len(self._events)
        self.facts = self._base.facts
        self.agreement: Ints = np.tile(self._base.agreement, times)
        self._apart = apart
        if apart:
            self.facts = [self._base.facts[i] for i in self.agreement.tolist()]
            self.agreement = np.arange(len(self.agreement), dtype=np.int64)
        self.whole = self._base.whole
        self.names = self._base.names
        own = {id(e) for c in cases for e in c.shared}
        self._shared = np.array([id(e) in own for e in self._events], bool)
        self._by_case = np.concatenate([np.zeros(1, np.int64), np.cumsum([len(c.events) for c in cases])])
        case = np.repeat(np.arange(times, dtype=np.int64), rows) * n + np.tile(self._base.case, times)
        origin = np.tile(np.arange(rows, dtype=np.int64), times)
        self._changed = self._changes(times, n)
        at, until, self._shift = self._times(case, origin, times, n, rows)
        self._lay_out(case, origin, at, until)
        self.cases: Sequence[Case] = _Cases(self)
        self._rows_of = np.concatenate(
            [np.zeros(1, np.int64), np.cumsum(np.bincount(self.case, minlength=times * n))]
        )
        self._placed: Ints | None = None

    # ---------------------------------------------------------------- time
    def _times(self, case: Ints, origin: Ints, times: int, n: int, rows: int) -> tuple[Ints, Ints, Ints]:
        at0, until0 = self._base.order.at, self._base.order.until
        shift = self._shifts(times, n)
        at = at0[origin] + shift[case]
        r, moves = self._r, self._moves
        counts = np.diff(self._by_case)
        revised = np.zeros(n, bool)
        revised[self._base.case[self._base.order.revised]] = True
        k = np.arange(n, times * n, dtype=np.int64)
        k = k[(counts[k % n] > 0) & ~revised[k % n] & (r.random(len(k)) < 0.6)]
        which = self._by_case[k % n] + (r.random(len(k)) * counts[k % n]).astype(np.int64)
        row = (k // n) * rows + which
        step = r.choice(np.array([0, 1, -1, 60, -60, 3600, -3600, _DAY, -_DAY]), len(k))
        if len(moves.lengths):
            length = r.choice(moves.lengths, len(k)) * r.choice(np.array([1, 1, 1, -1]), len(k))
            first = at[(k // n) * rows + self._by_case[k % n]]
            # Often at a limit counted from the first event, give or take a second.
            wanted = first + length + r.integers(-1, 2, len(k))
            step = np.where(r.random(len(k)) < 0.5, wanted - at[row], step)
        due = moves.dues[k % n, r.integers(0, moves.dues.shape[1], len(k))] if moves.dues.size else 0 * k
        aimed = (due != 0) & (r.random(len(k)) < 0.5)
        wanted = due + r.choice(np.array([0, 1, -1, 0, 1, -600, 600]), len(k))
        # A limit that was set holds where the rest stays where it was.
        step = np.where(aimed, wanted - at0[which], step)
        back = k[aimed]
        at -= np.where(np.isin(case, back), shift[case], 0)
        shift[back] = 0
        at[row] += step
        return at, at + (until0 - at0)[origin], shift

    def _shifts(self, times: int, n: int) -> Ints:
        r, moves, m = self._r, self._moves, times * n
        first = np.array([c.birth if c.birth != EVER else 0 for c in self._of], np.int64)
        begin = np.tile(first, times)
        near = 60 * r.integers(-2000, 2001, m)
        far = r.integers(-40 * _DAY, 40 * _DAY, m)
        whole = _DAY * r.integers(-30, 31, m)
        out = np.choose(r.integers(0, 3, m), [near, far, whole])
        if len(moves.edges):
            edge = r.choice(moves.edges, m) + r.choice(np.array([0, 0, -1, 1, -600, 600]), m)
            # Local time is about one or two hours ahead: either is tried.
            aligned = edge - begin % _DAY - 3600 * r.integers(0, 3, m) + _DAY * r.integers(-10, 11, m)
            out = np.where(r.random(m) < 0.4, aligned, out)
        if len(moves.days):
            day = r.choice(moves.days, m) + _DAY * r.integers(-4, 2, m)
            onto = day - (begin + out) // _DAY * _DAY
            out = np.where(r.random(m) < 0.3, out + onto, out)
        out = np.where(r.random(m) < 0.15, 0, out)
        # What has no event of its own stays where its agreement is.
        out[begin == 0] = 0
        out[:n] = 0
        return out.astype(np.int64)

    def _lay_out(self, case: Ints, origin: Ints, at: Ints, until: Ints) -> None:
        """Rows in the order of their histories, and of the cases; those after the audit instant are left out."""
        shared = self._shared[origin]
        order0 = self._base.order.order[origin]
        # Of one second and place: by the ticket's id where events tell theirs, else the ticket's own first.
        wide = any(e.ticket is not None for e in self._events)
        by_history = np.lexsort((order0, at, shared, case))
        place = np.arange(len(case), dtype=np.int64)
        start = np.ones(len(case), bool)
        a, s = case[by_history], shared[by_history]
        start[1:] = (a[1:] != a[:-1]) | (s[1:] != s[:-1])
        begin = np.maximum.accumulate(np.where(start, place, 0))
        order = np.empty(len(case), np.int64)
        order[by_history] = place - begin
        found = np.lexsort((shared != wide, order, at, case))
        found = found[at[found] <= self.now]
        self.case: Ints = case[found]
        self._origin = origin[found]
        self.order = Order(at[found], until[found], self._base.order.revised[self._origin], order[found])
        self.name: Ints = self._base.name[self._origin]
        mine = ~shared[found]
        self.birth: Ints = np.full(len(self.agreement), EVER, np.int64)
        cases, first = np.unique(self.case[mine], return_index=True)
        self.birth[cases] = self.order.at[mine][first]

    # ---------------------------------------------------------------- values
    def _changes(self, times: int, n: int) -> _Changes:
        """What rows say otherwise than those of the base: of half of the cases a value or two."""
        r = self._r
        counts = np.diff(self._by_case)
        case = np.arange(n, times * n, dtype=np.int64)
        case = case[r.random(len(case)) < 0.5]
        case = np.concatenate([case, case[r.random(len(case)) < 1 / 3]])
        case = case[counts[case % n] > 0]
        row = self._by_case[case % n] + (r.random(len(case)) * counts[case % n]).astype(np.int64)
        # Of each row the values that it could say otherwise, one after the other for all rows.
        pools: dict[str, int] = {}
        parts: list[tuple[list[Any], list[float]]] = []
        names: list[str] = []
        of: list[int] = []
        seen = self._seen()
        number = np.zeros(len(self._events), np.int64)
        for k, e in enumerate(self._events):
            for attribute, known in e.attributes.items():
                if attribute != "ticket":
                    key = f"{e.name} {attribute} {known!r}"
                    if key not in pools:
                        pools[key] = len(parts)
                        parts.append(self._others(attribute, known, seen[e.name, attribute]))
                    names.append(attribute)
                    of.append(pools[key])
                    number[k] += 1
        some = number[row] > 0
        case, row = case[some], row[some]
        first = np.cumsum(number) - number
        slot = first[row] + (r.random(len(row)) * number[row]).astype(np.int64)
        values: list[Any] = []
        value = np.zeros(len(row), np.int64)
        pool = np.array(of, np.int64)[slot]
        order = np.argsort(pool, kind="stable")
        for mine in np.split(order, np.flatnonzero(np.diff(pool[order])) + 1):
            if len(mine):
                options, weights = parts[pool[mine[0]]]
                p = np.array(weights)
                value[mine] = len(values) + r.choice(len(options), len(mine), p=p / p.sum())
                values += options
        called = {name: k for k, name in enumerate(dict.fromkeys(names))}
        attribute_of = np.array([called[name] for name in names], np.int64)[slot]
        return _Changes(case, row, tuple(called), attribute_of, value, values)

    def _seen(self) -> dict[tuple[str, str], list[tuple[Any, int]]]:
        """What the base says of each attribute of each event, each value with how often."""
        counts: dict[tuple[str, str], Counter[str]] = {}
        values: dict[str, Any] = {}
        for e in self._events:
            for attribute, value in e.attributes.items():
                found = counts.setdefault((e.name, attribute), Counter())
                if value is not None and attribute != "ticket":
                    values[repr(value)] = value
                    found[repr(value)] += 1
        return {key: [(values[name], n) for name, n in found.items()] for key, found in counts.items()}

    def _others(
        self, attribute: str, known: Any, seen: Sequence[tuple[Any, int]]
    ) -> tuple[list[Any], list[float]]:
        """What could be said instead of a value, and how likely each is."""
        if known is None:
            return [_ABSENT], [1.0]
        pool = self._moves.values.get(attribute, ())
        options: list[Any] = [_ABSENT]
        weights = [0.04]
        rest = 0.96
        mine: list[Any] = []
        share = 0.5
        if isinstance(known, bool):
            mine, share = [not known], 1.0
        elif isinstance(known, int):
            mine = [max(0, known - 1), known + 1]
        elif isinstance(known, str) and pool and not known[:4].isdigit():
            share = 0.7
            mine = [str(v) if isinstance(v, int) and not isinstance(v, bool) else v for v in pool]
        elif isinstance(known, list) and pool:
            mine = [[v] for v in pool]
        if not mine:
            share = 0.0
        options += mine
        weights += [rest * share / len(mine) for _ in mine]
        if share < 1:
            left = rest * (1 - share)
            total = sum(n for _, n in seen)
            options += [v for v, _ in seen]
            weights += [left * n / total for _, n in seen]
        return options, weights

    def _telling(self, attribute: str) -> tuple[Ints, Ints]:
        """The rows that say something else of an attribute than those of the base that they come from, and what, as places in a list."""
        changed = self._changed
        if attribute not in changed.names:
            none = np.zeros(0, np.int64)
            return none, none
        if self._placed is None:
            width = len(self._events)
            key = self.case * width + self._origin
            order = np.argsort(key)
            wanted = changed.case * width + changed.row
            place = np.minimum(np.searchsorted(key, wanted, sorter=order), len(key) - 1)
            # One after the audit instant is no row.
            self._placed = (
                np.where(key[order[place]] == wanted, order[place], -1) if len(key) else wanted * 0 - 1
            )
        mine = (changed.attribute == changed.names.index(attribute)) & (self._placed >= 0)
        return self._placed[mine], changed.value[mine]

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        out = self._base.attribute(attribute, dictionary)[self._origin]
        rows, said = self._telling(attribute)
        told, back = np.unique(said, return_inverse=True)
        values = [self._changed.values[k] for k in told.tolist()]
        codes = np.array([NOTHING if v is _ABSENT else dictionary.code(v) for v in values], np.int64)
        if len(rows):
            out[rows] = codes[back]
        return out

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        out = self._base.says_null(attribute)[self._origin]
        out[self._telling(attribute)[0]] = False
        return out

    # ---------------------------------------------------------------- cases
    def _times_over(self, found: NDArray[Any]) -> NDArray[Any]:
        return np.tile(found, len(self.agreement) // len(self._of))

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        found = self._base.gone(records, name)
        return self._times_over(found) if found is not None else None

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        found = self._base.gaps()
        if found is None:
            return None
        times, n = len(self.agreement) // len(self._of), len(self._of)
        case = np.repeat(np.arange(times, dtype=np.int64), len(found.case)) * n + self._times_over(found.case)
        by = self._shift[case]
        start, end = (self._times_over(x) + by for x in (found.start, found.end))
        return Gaps(case, start, end, self._times_over(found.shared))

    def across(self, name: str) -> Across | None:
        """See `Source`."""
        if not self._apart:
            return None
        code = list(self.names).index(name) if name in self.names else -1
        rows = np.flatnonzero(self.name == code)
        of = self.order

        def said(attribute: str, dictionary: Dictionary) -> Ints:
            out: Ints = self.attribute(attribute, dictionary)[rows]
            return out

        return Across(
            self.case[rows],
            Order(of.at[rows], of.until[rows], of.revised[rows], of.order[rows]),
            rows,
            lambda: np.arange(len(self.case), dtype=np.int64),
            said,
        )

    def event(self, row: int) -> Event:
        """A row as an event."""
        e = self._events[int(self._origin[row])]
        told = dict(e.attributes)
        changed = self._changed
        here = (changed.case == self.case[row]) & (changed.row == self._origin[row])
        for k in np.flatnonzero(here).tolist():
            attribute, value = changed.names[changed.attribute[k]], changed.values[changed.value[k]]
            if value is _ABSENT:
                told.pop(attribute, None)
            else:
                told[attribute] = value
        at, until, place = (int(x[row]) for x in (self.order.at, self.order.until, self.order.order))
        return replace(e, at=at, until=until, order=place, attributes=told)

    def case_of(self, i: int) -> Case:
        """A case as the interpreter takes it."""
        c = self._of[i % len(self._of)]
        rows = range(int(self._rows_of[i]), int(self._rows_of[i + 1]))
        events = tuple(self.event(k) for k in rows)
        theirs = tuple(e for e, k in zip(events, rows, strict=True) if self._shared[self._origin[k]])
        by = int(self._shift[i])
        moved = [Gap(g.start + by, g.end + by) for g in c.gaps]
        mine = [any(g is s for s in c.shared_gaps) for g in c.gaps]
        return replace(
            c,
            events=events,
            shared=theirs,
            gaps=tuple(moved),
            shared_gaps=tuple(g for g, own in zip(moved, mine, strict=True) if own),
            birth=int(self.birth[i]),
            anywhere=None,
            _by_name=None,
        )


class _Cases(Sequence[Case]):
    def __init__(self, of: Tiles) -> None:
        self._of = of

    def __len__(self) -> int:
        return len(self._of.agreement)

    @overload
    def __getitem__(self, i: int) -> Case: ...
    @overload
    def __getitem__(self, i: slice) -> Sequence[Case]: ...
    def __getitem__(self, i: int | slice) -> Case | Sequence[Case]:
        if isinstance(i, slice):
            return [self[k] for k in range(*i.indices(len(self)))]
        if not 0 <= i < len(self):
            raise IndexError(i)
        return self._of.case_of(i)


__all__ = ["Moves", "Tiles"]
