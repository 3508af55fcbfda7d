"""What may be: moments, truths and amounts known only within bounds, with the cause of every doubt.

One idea carries missing records, stamps to the minute and the future alike: keep the set of what a thing may be, as an
interval, and say why it is not exact. A comparison of intervals is true, false or unknown; unknown decides a verdict only
when it must. A doubt is `open` when the future decides it, `missing` when the record lacks what would.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

from checker.record.model import Event, Value

NEVER = 2**62
"""Later than every instant."""
EVER = -(2**62)
"""Earlier than every instant."""


class Cause(NamedTuple):
    """Why something is not known: `open` (after the audit instant) or `missing` (not in the record), and what it is."""

    kind: Literal["open", "missing"]
    what: str


Causes = frozenset[Cause]
NO_CAUSE: Causes = frozenset()


@lru_cache(maxsize=4096)
def open_cause(what: str) -> Causes:
    """A doubt that the future decides."""
    return frozenset({Cause("open", what)})


@lru_cache(maxsize=4096)
def missing_cause(what: str) -> Causes:
    """A doubt that the record would have to decide, and does not."""
    return frozenset({Cause("missing", what)})


class Moment(NamedTuple):
    """An instant that lies in [lo, hi], both inclusive (seconds UTC; EVER and NEVER at the ends of time).

    `edge`: the exclusive end of a day, month or other stretch; what happens at it comes after the stretch. `event`: the
    event whose instant this is, so that the order of the record can decide between stamps of one minute.
    """

    lo: int
    hi: int
    causes: Causes = NO_CAUSE
    edge: bool = False
    event: Event | None = None

    @property
    def exact(self) -> bool:
        """Whether the instant is known to the second and lies in time."""
        return self.lo == self.hi and EVER < self.lo < NEVER

    @property
    def last_second(self) -> Moment:
        """The last second at or before it: one second earlier for an edge."""
        if not self.edge:
            return self
        lo = self.lo - 1 if EVER < self.lo < NEVER else self.lo
        hi = self.hi - 1 if EVER < self.hi < NEVER else self.hi
        return Moment(lo, hi, self.causes)


def at(second: int) -> Moment:
    """A moment known to the second."""
    return Moment(second, second)


class Truth(NamedTuple):
    """True, false, or (None) unknown with its causes."""

    value: bool | None
    causes: Causes = NO_CAUSE


YES = Truth(True)
NO = Truth(False)


def unknown(causes: Causes) -> Truth:
    """Unknown, because of these."""
    return Truth(None, causes)


def negation(t: Truth) -> Truth:
    """Not t, by Kleene."""
    return t if t.value is None else NO if t.value else YES


def conjunction(truths: Iterable[Truth]) -> Truth:
    """All of them, by Kleene: one false decides; else one unknown leaves it unknown."""
    causes: Causes = NO_CAUSE
    doubt = False
    for t in truths:
        if t.value is False:
            return NO
        if t.value is None:
            doubt, causes = True, causes | t.causes
    return Truth(None, causes) if doubt else YES


def disjunction(truths: Iterable[Truth]) -> Truth:
    """Any of them, by Kleene: one true decides; else one unknown leaves it unknown."""
    causes: Causes = NO_CAUSE
    doubt = False
    for t in truths:
        if t.value is True:
            return YES
        if t.value is None:
            doubt, causes = True, causes | t.causes
    return Truth(None, causes) if doubt else NO


def _ordered(a: Moment, b: Moment) -> int:
    """-1 or 1 where the record itself orders two events whose stamps overlap, 0 where it does not.

    Only revision numbers, or one and the same stamp precision, make the order of the record evidence.
    """
    x, y = a.event, b.event
    if x is None or y is None or x is y:
        return 0
    known = (x.revision is not None and y.revision is not None) or (x.at == y.at and x.until == y.until)
    if not known or x.order == y.order:
        return 0
    return -1 if x.order < y.order else 1


def _doubt(a: Moment, b: Moment, holds: Callable[[int, int], bool]) -> Causes:
    """Why a comparison is unknown.

    Where it stays open whatever the missing part of the record says, the future alone is the cause.
    """
    for here, other, swapped in ((a, b, False), (b, a, True)):
        future = bool(here.causes) and all(c.kind == "open" for c in here.causes)
        if future and other.causes and all(c.kind == "missing" for c in other.causes):
            ends = [
                {holds(o, h) if swapped else holds(h, o) for h in (here.lo, here.hi)}
                for o in (other.lo, other.hi)
            ]
            if all(len(e) == 2 for e in ends):
                return here.causes
    return a.causes | b.causes


def before(a: Moment, b: Moment) -> Truth:
    """Whether a lies strictly before b (a's own edge: its last second)."""
    a = a.last_second
    if a.hi < b.lo:
        return YES
    if a.lo >= b.hi:
        return NO
    if (a.event is not None and a.event is b.event) or _ordered(a, b) > 0:
        return NO
    return Truth(None, _doubt(a, b, lambda x, y: x < y))


def precedes(a: Moment, b: Moment) -> Truth:
    """Whether a comes before b in the record: in an earlier second, or in the same one at an earlier place.

    Unlike `before`, which asks about instants: a limit `before X` has passed when the second of X begins.
    """
    if a.lo <= b.hi and _ordered(a, b) < 0:
        return YES
    return before(a, b)


def no_later(a: Moment, b: Moment) -> Truth:
    """Whether a lies at or before b; an edge b is met up to one second before it."""
    a, b = a.last_second, b.last_second
    if a.hi <= b.lo:
        return YES
    if a.lo > b.hi:
        return NO
    if (a.event is not None and a.event is b.event) or _ordered(a, b) < 0:
        return YES
    return Truth(None, _doubt(a, b, lambda x, y: x <= y))


def stands(a: Moment, relation: str, b: Moment) -> Truth:
    """Whether a stands to b as the relation says: before, after, no-later or no-sooner."""
    if relation == "before":
        return before(a, b)
    if relation == "no-later":
        return no_later(a, b)
    if relation == "after":
        return negation(no_later(a, b))
    # At an edge the stretch is over: "no sooner than the end of the month" begins with the next one.
    return negation(before(a, b))


def latest(moments: Iterable[Moment]) -> Moment:
    """The later of several: the greatest of the bounds."""
    return _extreme(list(moments), True)


def earliest(moments: Iterable[Moment]) -> Moment:
    """The earlier of several."""
    return _extreme(list(moments), False)


def _extreme(moments: list[Moment], last: bool) -> Moment:
    if len(moments) == 1:
        return moments[0]
    if len(moments) == 2 and not moments[0].edge and not moments[1].edge:
        a, b = moments
        if a.hi < b.lo:
            return b if last else a
        if b.hi < a.lo:
            return a if last else b
    if len({m.edge for m in moments}) > 1:
        moments = [m.last_second for m in moments]
    pick = max if last else min
    lo, hi = pick(m.lo for m in moments), pick(m.hi for m in moments)
    if lo == hi:
        chosen = next((m for m in moments if m.lo == m.hi == lo), None)
        if chosen is not None:
            return chosen
    # Only those that can still be the extreme one contribute a doubt.
    rivals = [m for m in moments if (m.hi >= lo if last else m.lo <= hi)]
    causes = frozenset[Cause]().union(*(m.causes for m in rivals))
    whole = next((m for m in rivals if m.lo == lo and m.hi == hi), None)
    return Moment(lo, hi, causes, moments[0].edge, whole.event if whole and len(rivals) == 1 else None)


class Possible(NamedTuple):
    """A value: exactly one option is known; several, or None (anything), are possible because of `causes`."""

    options: tuple[Value, ...] | None
    causes: Causes = NO_CAUSE

    @property
    def known(self) -> bool:
        """Whether one value is left."""
        return self.options is not None and len(self.options) == 1


def anything(causes: Causes) -> Possible:
    """A value that the record does not show."""
    return Possible(None, causes)


Number = int | Fraction
"""Amounts are exact: whole, or a fraction where a share or a recorded amount is none."""


def simplest(number: Fraction) -> Number:
    """A fraction as a whole number where it is one."""
    return number.numerator if number.denominator == 1 else number


@dataclass(frozen=True, slots=True)
class Quantity:
    """An amount in [lo, hi] with its unit: None for counts, `second`, a currency, … hi None: unbounded.

    An amount without a unit compares with any: a record that leaves the currency out means the one asked about.
    """

    lo: Number
    hi: Number | None
    unit: str | None = None
    causes: Causes = NO_CAUSE


def compare(a: Quantity, relation: str, b: Quantity) -> Truth:
    """Whether a stands to b: at-most, at-least, more, less or exactly. Unlike units are never converted: unknown."""
    if a.unit != b.unit and a.unit is not None and b.unit is not None:
        return Truth(None, a.causes | b.causes | missing_cause(f"a rate from {a.unit} to {b.unit}"))
    if relation == "exactly":
        return conjunction([compare(a, "at-most", b), compare(b, "at-most", a)])
    if relation == "at-least":
        return compare(b, "at-most", a)
    if relation == "more":
        return negation(compare(a, "at-most", b))
    if relation == "less":
        return negation(compare(b, "at-most", a))
    if a.hi is not None and a.hi <= b.lo:
        return YES
    if b.hi is not None and a.lo > b.hi:
        return NO
    return Truth(None, a.causes | b.causes)


# --------------------------------------------------------------------------- stretches of time
Interval = tuple[int, int]
"""Half-open seconds [start, end)."""


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """Sorted, disjoint, merged."""
    out: list[Interval] = []
    for lo, hi in sorted(intervals):
        if lo >= hi:
            continue
        if out and lo <= out[-1][1]:
            if hi > out[-1][1]:
                out[-1] = (out[-1][0], hi)
        else:
            out.append((lo, hi))
    return out


def minus(these: list[Interval], those: list[Interval]) -> list[Interval]:
    """What of these lies in none of those; both sorted and disjoint, as `union` gives them."""
    if not those:
        return these
    out: list[Interval] = []
    i = 0
    for start, hi in these:
        lo = start
        while i < len(those) and those[i][1] <= lo:
            i += 1
        k = i
        while k < len(those) and those[k][0] < hi:
            if those[k][0] > lo:
                out.append((lo, those[k][0]))
            lo = max(lo, those[k][1])
            k += 1
        if lo < hi:
            out.append((lo, hi))
    return out


def common(these: list[Interval], those: list[Interval]) -> list[Interval]:
    """What lies in both; both sorted and disjoint, as `union` gives them."""
    out: list[Interval] = []
    i = k = 0
    while i < len(these) and k < len(those):
        lo, hi = max(these[i][0], those[k][0]), min(these[i][1], those[k][1])
        if lo < hi:
            out.append((lo, hi))
        if these[i][1] < those[k][1]:
            i += 1
        else:
            k += 1
    return out


def total(intervals: list[Interval]) -> int:
    """Seconds in all, of sorted and disjoint intervals."""
    return sum(hi - lo for lo, hi in intervals)
