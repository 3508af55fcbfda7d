"""What is proved of one clause in two variants: that verdicts are the same, and that a party never fares worse, or never better."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from checker.compare.clause_form import ClauseForm, SentenceForm
from checker.compare.fare import Bound, bound_of
from checker.compare.formula import FALSE, TRUE, Form, every, negated, some
from checker.compare.logic import TooMany, alike
from checker.compare.normal import opened
from checker.compare.order import EXACT, HOLDS, IT, STAMPS, Order, Proof, both, each_has, first, onward

SET_ONCE = "the attribute that the limit follows is set once"
WHOLE = "nothing is missing from the record"


@dataclass(frozen=True, slots=True)
class Side:
    """The sentences of a clause that bind one party in one way, and the clause around them. None: there is no such clause."""

    clause: ClauseForm | None
    sentences: tuple[SentenceForm, ...] = ()

    @property
    def bound(self) -> Bound | None:
        """What they are for the party; of several, what weighs most."""
        return max((bound_of(s) for s in self.sentences), key=lambda b: b.weight, default=None)

    @property
    def silent(self) -> bool:
        """Whether nothing stands here."""
        return self.clause is None or not self.clause.exists or not self.sentences


def sides(clause: ClauseForm) -> dict[Bound, Side]:
    """The sentences of a clause, by what they are for whom."""
    out: dict[Bound, list[SentenceForm]] = {}
    for s in clause.sentences if clause.exists else ():
        out.setdefault(bound_of(s), []).append(s)
    return {key: Side(clause, tuple(found)) for key, found in out.items()}


class Prover:
    """Proves what it can, with the assumptions that it needed; None is no proof, and no refutation."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self._limited = False
        self._at_row = False

    # ---------------------------------------------------------------- the same
    def same(self, old: ClauseForm, new: ClauseForm) -> Proof:
        """Whether every occasion has the same verdict."""
        if old == new or not (old.exists or new.exists):
            return EXACT
        fixed = ("exists", "level", "frame", "concern", "course", "early")
        if any(getattr(old, name) != getattr(new, name) for name in fixed):
            return None
        if len(old.sentences) != len(new.sentences):
            return None
        with self.order.looking_at(_row(old)):
            gates = all(self._alike(f(old), f(new)) for f in (_scope, _save, _provided))
            return self._paired(old.sentences, new.sentences, self._same_sentence) if gates else None

    def _alike(self, f: Form, g: Form) -> bool:
        try:
            return alike(f, g, self.order.groups)
        except TooMany:
            return False

    def _paired(
        self,
        old: tuple[SentenceForm, ...],
        new: tuple[SentenceForm, ...],
        under: Callable[[SentenceForm, SentenceForm], Proof],
    ) -> Proof:
        """Each sentence of one with one of its own of the other."""
        left = list(new)
        out: list[Proof] = []
        for s in old:
            found = next(((t, p) for t in left if (p := under(s, t)) is not None), None)
            if found is None:
                return None
            left.remove(found[0])
            out.append(found[1])
        return both(*out)

    def _same_sentence(self, a: SentenceForm, b: SentenceForm) -> Proof:
        if (a.kind, a.party, a.strength, a.acts, a.rest) != (b.kind, b.party, b.strength, b.acts, b.rest):
            return None
        if not self._alike(a.condition, b.condition) or len(a.limits) != len(b.limits):
            return None
        one, other = _apart(a.limits, b.limits)
        if not one and not other:
            return EXACT
        if len(one) == len(other) == 1 and one[0][0] == other[0][0] == "Within" and one[0][2] == other[0][2]:
            x, y = one[0], other[0]
            return both(self.order.length(x[1], x[3], y[1], y[3]), self.order.length(y[1], y[3], x[1], x[3]))
        return None

    # ---------------------------------------------------------------- directions
    def never_worse(self, old: Side, new: Side) -> Proof:
        """Whether the party of the sentences fares no worse under the new ones than under the old ones, on every history."""
        if old == new:
            return EXACT
        bound = new.bound or old.bound
        if bound is None or bound.kind == "none":
            return None
        if old.silent or new.silent:
            # Silence burdens nobody with a duty or a loss, and gives neither a right nor a release.
            lighter = bound.kind in ("duty", "loss")
            return EXACT if (new.silent if lighter else old.silent) and bound.kind != "right" else None
        assert old.clause is not None
        assert new.clause is not None
        if old.clause.frame != new.clause.frame or old.clause.level != new.clause.level:
            return None
        if old.clause.course != new.clause.course:
            found = self._followed_to_the_end(old, new)
            if found is not None:
                return found
        assumed = self._course(old.clause, new.clause)
        occasions = self._occasions(bound, old, new)
        if occasions is None:
            return None
        row = _row(new.clause)
        self._at_row = row is not None and old.clause.concern == new.clause.concern
        with self.order.looking_at(row):
            gates = _GATES[bound.kind](self, old.clause, new.clause)
            said = self._said(bound, old, new)
        return both(assumed, occasions, gates, said)

    def _said(self, bound: Bound, old: Side, new: Side) -> Proof:
        """Whether what the sentences ask is asked by the old ones as well."""
        if bound.kind not in ("duty", "right"):
            return EXACT
        if bound.kind == "right" and len(old.sentences) + len(new.sentences) > 2:
            # Of two rights one may be used and the other not: the verdict is no measure of either.
            return EXACT if old.sentences == new.sentences else None
        course = old.clause is not None and old.clause.course != ()
        return each_has(new.sentences, old.sentences, self._followed if course else self.no_harder)

    @staticmethod
    def _course(old: ClauseForm, new: ClauseForm) -> Proof:
        """Limits that follow an attribute are compared on histories in which it is set once, unless nothing differs in them."""
        if old.course == new.course:
            return EXACT if not old.course or old.sentences == new.sentences else frozenset({SET_ONCE})
        if old.course and new.course and opened(old.course)[1] == opened(new.course)[1]:
            return frozenset({SET_ONCE})
        return None

    def _followed_to_the_end(self, old: Side, new: Side) -> Proof:
        """The same clause in a course of which only the limits differ, all of them one way.

        A value of the highest rank never begins with a fall: what older limits do there is only to bind earlier or later. One of the
        lowest never begins with a rise: there they only pass, and a limit that passed stands in the clause's place.
        """
        a, b = old.clause, new.clause
        if (
            a is None
            or b is None
            or not a.course
            or not b.course
            or len(old.sentences) != 1
            or len(new.sentences) != 1
        ):
            return None
        gates = ("concern", "dated", "where", "above", "save", "provided")
        if any(getattr(a, g) != getattr(b, g) for g in gates) or a.concern[0] != "EachStretch":
            return None
        mine, theirs = (_without_length(s.sentences[0]) for s in (old, new))
        (_, followed, rules, steps), (_, other, others, more) = opened(a.course), opened(b.course)
        if mine != theirs or (followed, rules) != (other, others) or not followed[2]:
            return None
        pairs = _by_gates(steps, more)
        if pairs is None:
            return None
        values = {str(v) for v in a.concern[2]}
        if values == {str(followed[2][0])}:
            return both(*(self.upper(x, y) for x, y in pairs))
        if values == {str(followed[2][-1])} and old.sentences == new.sentences:
            return both(*(self.upper(y, x) for x, y in pairs))
        return None

    def _occasions(self, bound: Bound, old: Side, new: Side) -> Proof:
        """Whether each occasion of the new variant is one of the old one."""
        assert old.clause is not None
        assert new.clause is not None
        a, b = old.clause.concern, new.clause.concern
        if a == b:
            return EXACT
        if bound.kind != "duty" or a[0] != "Each" or b[0] != "Each" or a[2] != "each" or b[2] != "each":
            return None
        if _looks_on((old.clause, new.clause)):
            return None
        return both(self.order.event(b[1], a[1]), frozenset({WHOLE}))

    def _duty(self, old: ClauseForm, new: ClauseForm) -> Proof:
        """A duty binds where the scope and the prerequisites hold and no carve-out does."""
        by_part = both(
            self.order.implies(_scope(new), _scope(old)),
            self.order.implies(old.save, new.save),
            self.order.implies(new.provided, old.provided),
        )
        return by_part if by_part is not None else self.order.implies(_binds(new), _binds(old))

    def _right(self, old: ClauseForm, new: ClauseForm) -> Proof:
        """Of a right only the prerequisites pull one way: a wider scope speaks of more uses, for better and for worse."""
        return both(
            *(self.order.implies(f(x), f(y)) for f in (_scope, _save) for x, y in ((old, new), (new, old))),
            self.order.implies(old.provided, new.provided),
        )

    def _release(self, old: ClauseForm, new: ClauseForm) -> Proof:
        return self.order.implies(
            every((_scope(old), some((old.save, old.provided)))),
            every((_scope(new), some((new.save, new.provided)))),
        )

    def _loss(self, old: ClauseForm, new: ClauseForm) -> Proof:
        return self.order.implies(
            every((_scope(new), negated(new.save))), every((_scope(old), negated(old.save)))
        )

    # ---------------------------------------------------------------- sentences
    def no_harder(self, new: SentenceForm, old: SentenceForm) -> Proof:
        """Whether a sentence is kept wherever another one is, and weighs no more where it is not."""
        if bound_of(new).weight > bound_of(old).weight or (new.kind, new.rest) != (old.kind, old.rest):
            return None
        rule = {
            "Perform": self._perform,
            "Refrain": self._refrain,
            "Ensure": self._ensure,
            "Keep": self._keep,
        }
        return rule[new.kind](new, old)

    def _followed(self, new: SentenceForm, old: SentenceForm) -> Proof:
        """A sentence whose limit follows an attribute: of an attribute that is set once, the first act and the limit count."""
        if new.kind != "Perform" or old.kind != "Perform":
            return EXACT if new == old else None
        if bound_of(new).weight > bound_of(old).weight:
            return None
        one, other = ([x for x in s.limits if x[0] == "Within"] for s in (new, old))
        if len(one) != 1 or len(other) != 1:
            return EXACT if one == other and new.acts == old.acts else None
        return both(self.order.events(old.acts, new.acts), self.upper(other[0], one[0]))

    def _ensure(self, new: SentenceForm, old: SentenceForm) -> Proof:
        return self.order.implies(old.condition, new.condition)

    def _perform(self, new: SentenceForm, old: SentenceForm) -> Proof:
        """Later limits, wider acts and weaker conditions keep more."""
        one, other = _apart(new.limits, old.limits)
        wider = self._acts(old, new)
        asked = self.order.implies(old.condition, new.condition)
        refusals = any(x[0] == "RefusedBy" for x in (*new.limits, *old.limits))
        if refusals and not new.condition == old.condition == TRUE:
            return None
        if wider is None or asked is None:
            return None
        if not one and not other:
            return both(wider, asked)
        self._limited = any(x[0] in ("Within", "Limit", "SpanLimit") for x in (*new.limits, *old.limits))
        return both(wider, asked, self._counted(new, old), self._limits(one, other))

    def _counted(self, new: SentenceForm, old: SentenceForm) -> Proof:
        """Whether acts count from the same moment on under both, whatever the upper limits."""
        if all(_from_occasion(self.order, s) for s in (new, old) if not s.right):
            return EXACT
        # Up to the occasion itself, which both look back from: but for one that is known to within two seconds.
        return frozenset({STAMPS}) if self._at_row and _looks_back(new) and _looks_back(old) else None

    def _acts(self, old: SentenceForm, new: SentenceForm) -> Proof:
        """Whether all acts that keep the old sentence keep the new one."""
        if old.acts == new.acts:
            return EXACT
        if old.right or any(x[0] in ("Between", "ToEach") or _lower(x) for x in (*old.limits, *new.limits)):
            return None
        return self.order.events(old.acts, new.acts)

    def _limits(self, new: Iterable[Form], old: Iterable[Form]) -> Proof:
        """Whether limits leave at least as much room as others: each has one there that ends no later."""
        ends = [x for x in old if x[0] in ("Within", "Limit") and not _lower(x)]
        room: list[Proof] = []
        for x in new:
            if x[0] == "OrInstead":
                room.append(EXACT)
            elif x[0] in ("Within", "Limit") and not _lower(x):
                room.append(first(self.upper(e, x) for e in ends))
            elif x[0] == "SpanLimit" and x[1] == "calendar":
                room.append(self._inside(x, old))
            elif x[0] == "RefusedBy":
                room.append(self._refused(x, old))
            else:
                return None
        gone = [x for x in old if x not in ends and x[0] != "RefusedBy" and not _paired(x, new)]
        if (
            any(x[0] == "RefusedBy" for x in old)
            and not any(x[0] == "RefusedBy" for x in new)
            and self._limited
        ):
            room.append(frozenset({WHOLE}))
        return both(*room) if all(_only_narrows(x) for x in gone) else None

    def _refused(self, x: Form, old: Iterable[Form]) -> Proof:
        """Fewer acts that refuse break less."""
        fewer = first(self.order.events(x[1], y[1]) for y in old if y[0] == "RefusedBy")
        # A refusal in a record with a hole leaves open what the limit alone decides.
        return both(fewer, frozenset({WHOLE}) if self._limited else EXACT)

    @staticmethod
    def _inside(x: Form, old: Iterable[Form]) -> Proof:
        from checker.compare.calendar_form import holds

        for y in old:
            if y[0] == "SpanLimit" and y[1] == "calendar" and y[3] == x[3]:
                wide, narrow = (x, y) if x[3] else (y, x)
                if holds(opened(wide[2]), opened(narrow[2])):
                    return HOLDS
        return None

    def upper(self, early: Form, late: Form) -> Proof:
        """Whether one upper limit is never later than another."""
        if early == late:
            return EXACT
        if early[0] == late[0] == "Limit":
            if early[1] != late[1]:
                strict = (early[1], late[1]) == ("before", "no-later")
                return EXACT if strict and early[2] == late[2] else None
            return self.order.moment(early[2], late[2])
        if early[0] == late[0] == "Within":
            return both(
                self.order.moment(early[2], late[2]),
                self.order.length(early[1], early[3], late[1], late[3]),
            )
        return None

    def _refrain(self, new: SentenceForm, old: SentenceForm) -> Proof:
        """Fewer acts, and a shorter time, forbid less."""
        one, other = _apart(new.limits, old.limits)
        fewer = EXACT if new.acts == old.acts else self.order.events(new.acts, old.acts)
        if one or other:
            ends = len(one) == len(other) == 1 and one[0][0] == "Within" and _from_occasion(self.order, new)
            if not ends or not _from_occasion(self.order, old):
                return None
            return both(fewer, self.upper(one[0], other[0]))
        return fewer

    def _keep(self, new: SentenceForm, old: SentenceForm) -> Proof:
        """A smaller share of the same period, of the same state."""
        one, other = _apart(new.limits, old.limits)
        if new.acts != old.acts or len(one) != 1 or len(other) != 1:
            return EXACT if new.acts == old.acts and not one and not other else None
        x, y = one[0], other[0]
        shares = x[0] == y[0] == "AtLeastShare" and x[2] == y[2]
        return EXACT if shares and x[1] <= y[1] else None


_GATES: dict[str, Callable[[Prover, ClauseForm, ClauseForm], Proof]] = {
    "duty": Prover._duty,
    "right": Prover._right,
    "release": Prover._release,
    "loss": Prover._loss,
}


def _row(c: ClauseForm) -> Form | None:
    """The event whose rows are the occasions of a clause; None where they are none."""
    row: Form | None = c.concern[1] if c.concern[0] == "Each" else None
    return row


def _scope(c: ClauseForm) -> Form:
    return c.scope


def _save(c: ClauseForm) -> Form:
    return c.save


def _provided(c: ClauseForm) -> Form:
    return c.provided


def _binds(c: ClauseForm) -> Form:
    return every((c.scope, negated(c.save), c.provided))


def bites(c: ClauseForm) -> Form:
    """Where a clause binds: its scope and prerequisites hold, and no carve-out does."""
    return _binds(c) if c.exists else FALSE


def _apart(a: tuple[Form, ...], b: tuple[Form, ...]) -> tuple[list[Form], list[Form]]:
    """What stands in one and not in the other."""
    left, right = list(a), list(b)
    for x in a:
        if x in right:
            left.remove(x)
            right.remove(x)
    return left, right


def _lower(x: Form) -> bool:
    return x[0] == "Limit" and x[1] in ("after", "no-sooner")


def _paired(x: Form, new: Iterable[Form]) -> bool:
    return any(y[0] == x[0] == "SpanLimit" and y[1] == x[1] and y[3] == x[3] for y in new)


def _only_narrows(x: Form) -> bool:
    """Whether to leave out a limit only widens what keeps a sentence."""
    return bool(x[0] == "SpanLimit")


def _from_occasion(order: Order, s: SentenceForm) -> bool:
    """Whether an act counts from the occasion on, or from a stated instant, whatever the upper limit: then a later one keeps more."""
    if any(x[0] == "Between" or _lower(x) for x in s.limits):
        return True
    ends = [x for x in s.limits if x[0] in ("Within", "Limit")]
    return all(x[0] == "Within" and onward(x[1], x[3]) and order.moment(IT, x[2]) is not None for x in ends)


def _looks_back(s: SentenceForm) -> bool:
    """Whether the only limit is the occasion itself."""
    ends = [x for x in s.limits if x[0] in ("Within", "Limit", "Between")]
    return len(ends) == 1 and ends[0][0] == "Limit" and ends[0][2] == IT and not _lower(ends[0])


def _without_length(s: SentenceForm) -> SentenceForm:
    return replace(s, limits=tuple(("Within",) if x[0] == "Within" else x for x in s.limits))


def _by_gates(steps: tuple[Form, ...], others: tuple[Form, ...]) -> list[tuple[Form, Form]] | None:
    """The limits of two courses, step by step: those with the same gates. None where they do not pair off."""
    a, b = ({s[:-1]: s[-1] for s in x} for x in (steps, others))
    if len(a) != len(steps) or len(b) != len(others) or a.keys() != b.keys():
        return None
    return [(a[k], b[k]) for k in a] if all(a[k] and b[k] for k in a) else None


def _looks_on(clauses: Iterable[ClauseForm]) -> bool:
    """Whether anything looks at the occasions that follow."""
    text = repr([(c.where, c.above, c.save, c.provided, c.sentences) for c in clauses])
    return any(word in text for word in ("'Answering'", "'next'"))


__all__ = ["SET_ONCE", "WHOLE", "Prover", "Side", "bites", "sides"]
