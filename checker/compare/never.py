"""What can certainly not hold: one condition by itself, two together, a sentence whose limits leave no instant."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations

from checker.compare.calendar_form import apart, holds
from checker.compare.clause_form import ClauseForm, SentenceForm
from checker.compare.formula import IT, Form, every, negated, some
from checker.compare.normal import opened

_SURELY_ON = ("elapsed", "clock", "working")
"""Ways to count in which a longer length ends later, if from the same moment and by the same clock."""


def alone(atom: Form, sign: bool) -> bool:
    """Whether a condition never holds (`sign`), or never fails to, whatever the record says."""
    if atom[0] == "stands" and atom[1] == atom[3]:
        # Nothing is before itself; everything is no later than itself.
        return bool(sign == (atom[2] == "before"))
    if atom[0] == "at-most" and atom[1][0] == atom[2][0] == "Number" and atom[1][2] == atom[2][2]:
        return bool(sign != (atom[1][1] <= atom[2][1]))
    return False


def together(a: Form, b: Form) -> bool:
    """Whether two conditions never hold together."""
    rule = {"during": _spans, "at-most": _amounts, "stands": _instants}.get(a[0])
    return rule is not None and a[0] == b[0] and (rule(a, b) or rule(b, a))


def _spans(a: Form, b: Form) -> bool:
    if a[1] != b[1] or a[2] != "calendar" or b[2] != "calendar":
        return False
    return apart(opened(a[3]), opened(b[3]), (a[3], b[3]))


def _amounts(a: Form, b: Form) -> bool:
    """No more than one number, and no less than a greater one."""
    top, bottom = a[2], b[1]
    numbers = top[0] == bottom[0] == "Number" and top[2] == bottom[2]
    return bool(numbers and a[1] == b[2] and a[3] == b[3] and top[1] < bottom[1])


def _instants(a: Form, b: Form) -> bool:
    """One before the other, and that no later than the one; no later than one date, and no sooner than a later one."""
    if a[2] == "before" and (a[1], a[3]) == (b[3], b[1]):
        return True
    return a[1] == b[3] and a[3][0] == b[1][0] == "Date" and bool(a[3][1] < b[1][1])


# --------------------------------------------------------------------------- sentences
def no_room(s: SentenceForm) -> bool:
    """Whether the limits of a duty to do something leave no instant at which it could be done."""
    if s.kind != "Perform" or s.right or any(x[0] in ("OrInstead", "Between", "ToEach") for x in s.limits):
        return False
    lower = [x for x in s.limits if x[0] == "Limit" and x[1] in ("after", "no-sooner")]
    upper = [x for x in s.limits if x[0] == "Within" or (x[0] == "Limit" and x not in lower)]
    return any(_crossed(x, y) for x in lower for y in upper) or any(
        _no_hours(a, b) for a, b in combinations([x for x in s.limits if x[0] == "SpanLimit"], 2)
    )


def _crossed(lower: Form, upper: Form) -> bool:
    """Whether all instants from one limit on lie after the other."""
    end = ("Shift", upper[1], False, upper[2], upper[3]) if upper[0] == "Within" else upper[2]
    strict = lower[1] == "after" or (upper[0] == "Limit" and upper[1] == "before")
    # Of a moment that is an event the order of the record decides within its second.
    return (strict and lower[2] == end and end[0] == "Shift") or _earlier(end, lower[2])


def _earlier(a: Form, b: Form) -> bool:
    """Whether a moment is certainly before another."""
    if a[0] == b[0] == "Shift" and (a[2], a[3], a[4]) == (b[2], b[3], b[4]):
        (_, amount, *way), (_, other, *theirs) = a[1], b[1]
        if (
            way != theirs
            or way[-1] not in _SURELY_ON
            or not isinstance(amount, int)
            or not isinstance(other, int)
        ):
            return False
        return amount > other if a[2] else amount < other
    if b[0] == "Shift" and not b[2] and a == b[3]:
        return _long(b[1])
    return a[0] == "Shift" and bool(a[2]) and a[3] == b and _long(a[1])


def _long(length: Form) -> bool:
    return isinstance(length[1], int) and length[1] > 0 and length[-1] == "elapsed"


def _no_hours(a: Form, b: Form) -> bool:
    """Whether nothing lies in one span and out of, or in, another."""
    if a[1] != "calendar" or b[1] != "calendar":
        return False
    if a[3] and b[3]:
        return apart(opened(a[2]), opened(b[2]), (a[2], b[2]))
    if a[3] == b[3]:
        return False
    inside, outside = (a, b) if a[3] else (b, a)
    return holds(opened(outside[2]), opened(inside[2]))


# --------------------------------------------------------------------------- clauses
def above(c: ClauseForm) -> Form:
    """That no other clause takes the place of this one: of those with the same occasions, what they ask on the same one."""
    return every(
        negated(every((a[2], negated(a[3]), a[4]))) if a[1] == c.concern else ("not", a) for a in c.above
    )


def concerned(c: ClauseForm) -> Form:
    """What a stretch of an attribute says of it at its start."""
    if c.concern[0] != "EachStretch":
        return every(())
    return ("is", ("AttributeAsOf", c.concern[1], IT), tuple(map(str, c.concern[2])))


@dataclass(slots=True)
class Effect:
    """Why clauses have no effect. `can_hold`: whether a formula may hold; it may raise `Unsettled`."""

    can_hold: Callable[[Form], bool]

    def none(self, c: ClauseForm) -> str | None:
        """The kind of a clause that has no effect; None where none is proved."""
        about = every((concerned(c), c.dated, c.where))
        stands = every((about, above(c)))
        entitled = every((stands, c.provided))
        free = every((entitled, negated(c.save)))
        for kind, formula in (
            ("never applies", about),
            ("always superseded", stands),
            ("nobody is entitled", entitled),
            ("swallowed", free),
        ):
            if not self.can_hold(formula):
                return kind
        if any(s.kind == "Ensure" and not self.can_hold(every((free, s.condition))) for s in c.sentences):
            return "cannot be kept"
        return "leaves no time" if any(no_room(s) for s in c.sentences) else None

    def never_holds(self, atom: Form) -> bool:
        """Whether `CLAUSE holds` never does: it is never met; of a release, nothing ever excuses; of a loss, nothing is ever lost."""
        _, c, kinds = opened(atom[1])
        if not c.exists:
            return True
        if "StandsFor" in kinds:
            return False
        if "Release" in kinds:
            return not self.can_hold(
                every((concerned(c), c.dated, c.where, above(c), some((c.save, c.provided))))
            )
        if "Forfeit" in kinds:
            return not self.can_hold(every((concerned(c), c.dated, c.where, above(c))))
        return self.none(c) is not None


__all__ = ["Effect", "above", "alone", "concerned", "no_room", "together"]
