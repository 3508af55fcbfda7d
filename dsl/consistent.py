"""Can the gates of a clause be passed at all, and those of two clauses together? For what the linter finds.

What must hold is spread into cases, each a set of single conditions with their signs. A case falls where a value is asked to be
two things, or a condition to hold and not to hold. Everything else counts as possible, so that nothing is found by mistake:
values that can be several at once, definitions with readings, and what needs more cases than anybody would write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from dsl import contract as ir

_MOST = 200
"""The most cases that are followed."""
_OPPOSITES = {"before": "no-sooner", "after": "no-later", "more": "at-most", "less": "at-least"}


@dataclass(frozen=True, slots=True)
class Case:
    """Conditions that hold together: what values may be, what they are not, and any other condition with its sign."""

    only: Mapping[ir.Value, frozenset[ir.Scalar]] = field(default_factory=dict)
    never: Mapping[ir.Value, frozenset[ir.Scalar]] = field(default_factory=dict)
    others: Mapping[ir.Condition, bool] = field(default_factory=dict)

    def with_(self, more: Case) -> Case | None:
        """Both together, or None where they contradict each other."""
        others = dict(self.others)
        for condition, sign in more.others.items():
            if others.setdefault(condition, sign) != sign:
                return None
        never = dict(self.never)
        for value, among in more.never.items():
            never[value] = never.get(value, frozenset()) | among
        only = dict(self.only)
        for value, among in more.only.items():
            only[value] = only[value] & among if value in only else among
        if any(not among - never.get(value, frozenset()) for value, among in only.items()):
            return None
        return Case(only, never, others)


Cases = tuple[Case, ...]
"""What can be: one of these. None at all: it can not be."""
ANY: Cases = (Case(),)
"""Nothing is asked."""


def both(left: Cases, right: Cases) -> Cases:
    """The cases of two demands together; where they are too many, those of the first alone."""
    if len(left) * len(right) > _MOST * _MOST:
        return left
    found = [c for a in left for b in right if (c := a.with_(b)) is not None]
    return tuple(found) if len(found) <= _MOST else left


def possible_together(left: Cases, right: Cases) -> bool:
    """Whether some case of one can be together with some case of the other."""
    return any(a.with_(b) is not None for a in left for b in right)


class Demands:
    """Spreads the gates of a contract's clauses into cases. `single`: whether a value is one thing at a time."""

    def __init__(self, contract: ir.Contract, single: Callable[[ir.Value], bool]) -> None:
        self._single = single
        self._conditions = {d.name: d for d in contract.conditions}
        self._lists = {d.name: d for d in contract.lists}
        self._values: dict[tuple[str, bool], tuple[ir.Scalar, ...] | None] = {}
        self._known: dict[tuple[str, bool, bool], Cases] = {}

    def of(self, clause: ir.Clause, *, on_any_reading: bool) -> Cases:
        """What the gates of a clause demand: on the recommended readings, or only the lines that are alike on all."""
        found = ANY
        for line in clause.gates:
            if isinstance(line.base, ir.Gate) and not (on_any_reading and line.readings):
                found = both(
                    found, self._cases(line.base.condition, line.base.kind != "save", on_any_reading)
                )
        concern = clause.concerns[0] if clause.concerns else None
        if concern is not None and isinstance(concern.base, ir.EachStretch) and not concern.readings:
            followed = ir.AttributeAsOf(concern.base.attribute)
            found = both(found, (Case(only={followed: frozenset(concern.base.among)}),))
        return found

    def _cases(self, c: ir.Condition, sign: bool, alike: bool) -> Cases:
        if isinstance(c, ir.Group):
            holds = c.quantifier != "none"
            every = (c.quantifier == "all") == sign if holds else sign
            return self._lines(c.of, sign if holds else not sign, alike, every=every)
        if isinstance(c, ir.Holds) and c.kind == "condition":
            return self._named(c.name, sign != c.negated, alike)
        if isinstance(c, ir.InList):
            closed = self._closed(c.list, alike)
            if closed is not None:
                return self._cases(ir.IsOneOf(c.value, closed, c.negated), sign, alike)
        if isinstance(c, ir.IsOneOf) and self._single(c.value):
            among = {c.value: frozenset(c.among)}
            return (Case(only=among) if sign != c.negated else Case(never=among),)
        plain_, sign = _plain(c, sign)
        return (Case(others={plain_: sign}),)

    def _named(self, name: str, sign: bool, alike: bool) -> Cases:
        key = (name, sign, alike)
        if key not in self._known:
            lines = self._conditions[name].lines
            changed = alike and any(line.readings for line in lines)
            opaque = (Case(others={ir.Holds(name, "condition", False): sign}),)
            self._known[key] = opaque if changed else self._lines(lines, sign, alike, every=sign)
        return self._known[key]

    def _lines(
        self, lines: Iterable[ir.Line[ir.Condition]], sign: bool, alike: bool, *, every: bool
    ) -> Cases:
        """Every one of the lines, or some one; a line that readings change asks nothing where all must be alike."""
        parts = [ANY if alike and x.readings else self._cases(x.base, sign, alike) for x in lines]
        if not every:
            some = tuple(case for part in parts for case in part)
            return some if len(some) <= _MOST else ANY
        found = ANY
        for part in parts:
            found = both(found, part)
        return found

    def _closed(self, name: str, alike: bool) -> tuple[ir.Scalar, ...] | None:
        """All values of a list, or None where part of it is kept elsewhere, or a reading changes it and all must be alike."""
        key = (name, alike)
        if key not in self._values:
            self._values[key] = None
            found: list[ir.Scalar] | None = []
            for line in self._lists[name].lines:
                x = line.base
                more = self._closed(x.name, alike) if isinstance(x, ir.AllOf) else None
                more = x.values if isinstance(x, ir.Items) else more
                found = (
                    None if found is None or more is None or (alike and line.readings) else [*found, *more]
                )
            self._values[key] = None if found is None else tuple(dict.fromkeys(found))
        return self._values[key]


def _plain(c: Any, sign: bool) -> tuple[ir.Condition, bool]:
    """One of the two ways in which a condition and its opposite are written, and the sign that belongs to it."""
    if getattr(c, "negated", False):
        return replace(c, negated=False), not sign
    if getattr(c, "inside", True) is False:
        return replace(c, inside=True), not sign
    if getattr(c, "relation", None) in _OPPOSITES:
        return replace(c, relation=_OPPOSITES[c.relation]), not sign
    return c, sign
