"""What certainly implies what: conditions in the order false, unknown, true; events, moments and calendars by what they hold.

Each question is answered by the assumptions under which it is so (none: on every history), or by None where nothing is certain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from checker.compare.calendar_form import holds
from checker.compare.due import Bends, Frame, Place
from checker.compare.formula import FALSE, IT, TRUE, Form
from checker.compare.logic import Groups, TooMany, counterexample
from checker.compare.normal import opened

Proof = frozenset[str] | None
T = TypeVar("T")
EXACT: frozenset[str] = frozenset()
"""Under no assumption."""
HOLIDAYS = "holidays on record"
"""Where the years of a history have holiday data, and lie before 2090."""
STAMPS = "stamps to the second, the minute or the day"
"""Where no event is known only to lie between two seconds that follow one another."""
SETTLING = frozenset({HOLIDAYS, STAMPS})
"""Assumptions about the data of a record, not about what happened: what is proved under them is an answer about every history."""

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def both(*proofs: Proof) -> Proof:
    """All of these together."""
    out: frozenset[str] = EXACT
    for p in proofs:
        if p is None:
            return None
        out |= p
    return out


def first(attempts: Iterable[Proof]) -> Proof:
    """The first attempt that comes to something; later ones of a generator are not made."""
    return next((p for p in attempts if p is not None), None)


def each_has(left: Iterable[T], right: Iterable[T], under: Callable[[T, T], Proof]) -> Proof:
    """For each of the left some one of the right."""
    chosen = list(right)
    return both(*(first(under(a, b) for b in chosen) for a in left))


class Order:
    """Answers, remembered. `places`, `frame`: where due functions are compared at their bends, and over which years."""

    def __init__(
        self, places: tuple[Place, ...], years: tuple[int, int], groups: Groups, frame: Frame | None = None
    ) -> None:
        self.bends = Bends(places, years, frame)
        self.groups = groups
        self._known: dict[tuple[str, Form, Form, Form | None], Proof] = {}

    def _once(self, kind: str, a: Form, b: Form, decide: Callable[[], Proof]) -> Proof:
        key = (kind, a, b, self.groups.row)
        if key not in self._known:
            self._known[key] = decide()
        return self._known[key]

    @contextmanager
    def looking_at(self, row: Form | None) -> Iterator[None]:
        """What the row at hand is, where a condition names a bare attribute: rows of an event, or nothing that is known."""
        outer, self.groups.row = self.groups.row, row
        try:
            yield
        finally:
            self.groups.row = outer

    # ---------------------------------------------------------------- formulas
    def implies(self, f: Form, g: Form) -> Proof:
        """Whether a formula is never above another, in the order false, unknown, true."""
        if f in (g, FALSE) or g == TRUE:
            return EXACT
        return self._once("implies", f, g, lambda: self._implies(f, g))

    def _implies(self, f: Form, g: Form) -> Proof:
        found = self._by_shape(f, g)
        if found is not None:
            return found
        notes: set[str] = set()

        def tied(rule: Callable[[Form, Form], Proof]) -> Callable[[Form, Form], bool]:
            def holds_(a: Form, b: Form) -> bool:
                p = rule(a, b)
                notes.update(p or ())
                return p is not None

            return holds_

        try:
            if counterexample(f, g, self.groups, tied(self.atom), tied(self.cover)) is None:
                return frozenset(notes)
        except TooMany:
            pass
        return None

    def _by_shape(self, f: Form, g: Form) -> Proof:
        if f in (g, FALSE) or g == TRUE:
            return EXACT
        if g[0] == "all":
            return both(*(self._by_shape(f, x) for x in g[1]))
        if f[0] == "any":
            return both(*(self._by_shape(x, g) for x in f[1]))
        if f[0] == "all":
            found = first(self._by_shape(x, g) for x in f[1])
            if found is not None or g[0] != "any":
                return found
        if g[0] == "any":
            return first(self._by_shape(f, x) for x in g[1])
        if f[0] == "not" and g[0] == "not":
            return self.atom(g[1], f[1])
        return self.atom(f, g) if "not" not in (f[0], g[0]) else None

    def atom(self, a: Form, b: Form) -> Proof:
        """The same for two atoms."""
        if a == b:
            return EXACT
        rule = _ATOMS.get((a[0], b[0]))
        return self._once("atom", a, b, lambda: rule(self, a, b)) if rule is not None else None

    def cover(self, a: Form, b: Form) -> Proof:
        """Whether one of two atoms certainly holds: where the first does not, the second does."""
        if a[0] == b[0] == "at-most" and a[3] == b[3]:
            # Not l <= r: then r < l, and so whatever is no more than r is no more than what is no less than l.
            return both(_no_more(b[1], a[2]), _no_more(a[1], b[2]))
        if a[0] == b[0] == "stands" and a[1] == b[3] and a[3] == b[1]:
            return EXACT if (a[2], b[2]) != ("before", "before") else None
        return None

    def _is(self, a: Form, b: Form) -> Proof:
        if a[1] != b[1]:
            return None
        narrow, wide = set(a[2]), set(b[2])
        if a[0] == b[0] == "recorded" and not wide:
            return EXACT
        return EXACT if narrow <= wide and (narrow or a[0] == "is") else None

    def _listed(self, a: Form, b: Form) -> Proof:
        same = a[1] == b[1] and set(a[2]) <= set(b[2]) and set(a[3]) <= set(b[3])
        return EXACT if same and a[3] == b[3] else None

    def _at_most(self, a: Form, b: Form) -> Proof:
        if a[3] != b[3]:
            return None
        if a[1] == b[1]:
            return _number_order(a[2], b[2])
        return _number_order(b[1], a[1]) if a[2] == b[2] else None

    def _stands(self, a: Form, b: Form) -> Proof:
        if a[2] != b[2]:
            # What lies before a moment lies no later than it.
            return EXACT if a[2] == "before" and (a[1], a[3]) == (b[1], b[3]) else None
        if a[1] == b[1] and not _own(a[3]) and not _own(b[3]):
            return self.moment(a[3], b[3])
        if a[3] == b[3] and not _own(a[1]) and not _own(b[1]):
            return self.moment(b[1], a[1])
        return None

    def _during(self, a: Form, b: Form) -> Proof:
        if a[1] != b[1] or a[2] != b[2] or a[2] != "calendar":
            return None
        return HOLDS if holds(opened(b[3]), opened(a[3])) else None

    def _in_force(self, a: Form, b: Form) -> Proof:
        mine, theirs = opened(a[1]), opened(b[1])
        if a[2] != b[2] or mine[1] != theirs[1]:
            return None
        with self.looking_at(None):
            return self.implies(mine[2], theirs[2])

    def _occurred(self, a: Form, b: Form) -> Proof:
        mine, theirs = a[1], b[1]
        if a[2] != b[2]:
            return None
        return both(each_has(mine[1], theirs[1], self.event), self._restricted(mine[2], theirs[2]))

    def _restricted(self, a: Form, b: Form) -> Proof:
        """Whether restrictions leave no more room than others: all are the same, but for one that bounds the time."""
        one, other = [x for x in a if x not in b], [x for x in b if x not in a]
        if not one and not other:
            return EXACT
        if len(one) != 1 or len(other) != 1 or one[0][0] != "When" or other[0][0] != "When":
            return None
        (_, relation, m), (_, wider, n) = one[0], other[0]
        if relation != wider:
            strict = (relation, wider) in (("before", "no-later"), ("after", "no-sooner"))
            return EXACT if strict and m == n else None
        if _own(m) or _own(n):
            return None
        return self.moment(m, n) if relation in ("before", "no-later") else self.moment(n, m)

    def _takes_over(self, a: Form, b: Form) -> Proof:
        if a[1] != b[1]:
            return None
        with self.looking_at(a[1][1] if a[1][0] == "Each" else None):
            return both(self.implies(a[2], b[2]), self.implies(b[3], a[3]), self.implies(a[4], b[4]))

    # ---------------------------------------------------------------- events
    def event(self, a: Form, b: Form) -> Proof:
        """Whether every row of one event is one of another, however sure."""
        return EXACT if a == b else self._once("event", a, b, lambda: self._event(a, b))

    def _event(self, a: Form, b: Form) -> Proof:
        mine, theirs = opened(a), opened(b)
        if mine[0] == "event" and theirs[0] == "event":
            with self.looking_at(a):
                same = self.implies(mine[2], theirs[2])
            both_ways = both(each_has(mine[1], theirs[1], self.event), same)
            if both_ways is not None:
                return both_ways
        if mine[0] == "event":
            found = both(*(self.event(m, b) for m in mine[1]))
            if found is not None:
                return found
        if theirs[0] == "event" and theirs[2] == TRUE:
            return first(self.event(a, m) for m in theirs[1])
        return None

    def events(self, a: tuple[Form, ...], b: tuple[Form, ...]) -> Proof:
        """The same for any of several events."""
        return each_has(a, b, self.event)

    # ---------------------------------------------------------------- moments
    def moment(self, a: Form, b: Form) -> Proof:
        """Whether a moment is never later than another: neither the least nor the greatest instant that it may be."""
        return EXACT if a == b else self._once("moment", a, b, lambda: self._moment(a, b))

    def _moment(self, a: Form, b: Form) -> Proof:
        if a[0] == b[0] == "Date":
            # The first seconds of two dates, in the zone of the contract.
            return EXACT if a[1] <= b[1] else None
        if "UnitOf" in (a[0], b[0]) or "Boundary" in (a[0], b[0]):
            return None
        return first(rule(a, b) for rule in (self._shifts, self._extremes, self._by_cases, self._by_length))

    def _by_cases(self, a: Form, b: Form) -> Proof:
        if b[0] == "cases":
            return both(*(self.moment(a, x) for x in _ways(b)))
        return both(*(self.moment(x, b) for x in _ways(a))) if a[0] == "cases" else None

    def _by_length(self, a: Form, b: Form) -> Proof:
        """What a length is counted from lies before its end."""
        if b[0] == "Shift" and not b[2] and onward(b[1], b[4]):
            return self.moment(a, b[3])
        return self.moment(a[3], b) if a[0] == "Shift" and a[2] and onward(a[1], a[4]) else None

    def _shifts(self, a: Form, b: Form) -> Proof:
        if a[0] != "Shift" or b[0] != "Shift" or a[2] != b[2]:
            return None
        if a[2]:
            # Counted back, a longer length ends earlier.
            return both(self.moment(a[3], b[3]), self._longer(a[1], b[1])) if a[4] == b[4] else None
        return both(self.moment(a[3], b[3]), self.length(a[1], a[4], b[1], b[4]))

    @staticmethod
    def _longer(a: Form, b: Form) -> Proof:
        """Whether a length is no shorter than another that is counted the same way."""
        if a == b:
            return EXACT
        (_, amount, *way), (_, other, *theirs) = a, b
        if not isinstance(amount, int) or not isinstance(other, int) or way != theirs or amount < other:
            return None
        return EXACT if way[-1] == "elapsed" else HOLDS

    def _extremes(self, a: Form, b: Form) -> Proof:
        if a[0] == "Extreme" and not _edged(a):
            parts = (self.moment(x, b) for x in a[2])
            found = both(*parts) if a[1] else first(parts)
            if found is not None:
                return found
        if b[0] == "Extreme" and not _edged(b):
            parts = (self.moment(a, x) for x in b[2])
            return first(parts) if b[1] else both(*parts)
        return None

    # ---------------------------------------------------------------- lengths
    def length(self, a: Form, clock: Form, b: Form, other: Form) -> Proof:
        """Whether a length by its clock never ends later than another by another, from the same moment."""
        key = ((a, clock), (b, other))
        return self._once("length", *key, lambda: self._length(a, clock, b, other))

    def _length(self, a: Form, clock: Form, b: Form, other: Form) -> Proof:
        if (a, clock) == (b, other):
            return EXACT
        _, amount, unit, counting = a
        _, more, of, by = b
        if not isinstance(amount, int) or not isinstance(more, int):
            return None
        if clock == other and counting == by and unit == of:
            # A longer one may reach years for which nothing is known of holidays.
            return (EXACT if counting == "elapsed" else HOLDS) if amount <= more else None
        found = self._real_time(
            amount * _SECONDS.get(unit, 0), clock, more * _SECONDS.get(of, 0), other, counting, by
        )
        if found is not None:
            return found
        working = counting == by == "working" and clock[3:] == other[3:] and amount <= more
        if working and holds(opened(clock[1]), opened(other[1])):
            return HOLDS
        return self.bends.never_later((a, clock), (b, other))

    def _real_time(self, s: int, clock: Form, t: int, other: Form, counting: str, by: str) -> Proof:
        if counting not in ("elapsed", "clock") or by not in ("elapsed", "clock") or s > t:
            return None
        if not set(clock[2]) <= set(other[2]):
            return None
        if clock[1] is None or clock[1] == other[1]:
            return EXACT if clock[1] == other[1] is None else HOLDS
        if other[1] is None:
            return None
        return HOLDS if holds(opened(clock[1]), opened(other[1])) else None


HOLDS: frozenset[str] = frozenset({HOLIDAYS})


def onward(length: Form, clock: Form) -> bool:
    """Whether a length surely ends after the moment from which it runs: a fixed hour of its last day could lie before."""
    return isinstance(length[1], int) and length[1] > 0 and clock[3] is None


def _number_order(a: Form, b: Form) -> Proof:
    if a[0] != "Number" or b[0] != "Number" or a[2] != b[2]:
        return None
    return EXACT if a[1] <= b[1] else None


def _no_more(a: Form, b: Form) -> Proof:
    return EXACT if a == b else _number_order(a, b)


def _own(moment: Form) -> bool:
    """Whether a moment may be that of an event itself, which the order of the record compares with others of its second."""
    return moment[0] in ("It", "Pick", "Extreme", "cases")


def _ways(moment: Form) -> Iterator[Form]:
    """The moments that one by cases may come to."""
    for x in moment[1]:
        if x[0] != "but":
            yield x
        elif x[2][0] == "cases":
            yield from _ways(x[2])
        else:
            yield x[2]


def _edged(moment: Form) -> bool:
    return any(x[0] in ("UnitOf", "Boundary", "cases") for x in moment[2])


_ATOMS: dict[tuple[str, str], Callable[[Order, Form, Form], Proof]] = {
    ("is", "is"): Order._is,
    ("recorded", "recorded"): Order._is,
    ("recorded", "is"): Order._is,
    ("on-list", "on-list"): Order._listed,
    ("at-most", "at-most"): Order._at_most,
    ("stands", "stands"): Order._stands,
    ("during", "during"): Order._during,
    ("in-force", "in-force"): Order._in_force,
    ("occurred", "occurred"): Order._occurred,
    ("takes-over", "takes-over"): Order._takes_over,
}

__all__ = ["EXACT", "HOLIDAYS", "IT", "SETTLING", "STAMPS", "Order", "Proof", "both", "first"]
