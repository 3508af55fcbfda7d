"""Formulas compared by trying every combination of what their atoms may say.

Conditions on one value share what that value is; the rest are free, but for links in which one implies another. More combinations
than a history can show only hinder a proof.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import Any

from checker.compare.formula import (
    MISSING,
    NOTHING,
    OPEN,
    F,
    Form,
    T,
    Values,
    atoms,
    order_of,
    value,
)

MOST = 60_000
"""The most combinations that are tried for one question."""
_MOST_CLASSES = 7
_ON_VALUE = ("is", "recorded")
_DOUBTS = (NOTHING, OPEN, MISSING)


class TooMany(Exception):
    """More combinations than are tried."""


class Groups:
    """What conditions on one value can say together. `single`: whether a value is one thing at a time."""

    def __init__(self, single: Callable[[Form], bool]) -> None:
        self.single = single
        self._known: dict[tuple[tuple[Form, ...], bool], tuple[tuple[int, ...], ...]] = {}

    def states(self, group: tuple[Form, ...], doubts: bool) -> tuple[tuple[int, ...], ...]:
        """Every combination of values of these atoms, all on one value. `doubts`: tell kinds of doubt apart."""
        key = (group, doubts)
        if key not in self._known:
            self._known[key] = tuple(self._states(group, _DOUBTS if doubts else (NOTHING,)))
        return self._known[key]

    def _states(self, group: tuple[Form, ...], doubts: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
        out: set[tuple[int, ...]] = set()
        for doubt in doubts:
            # Not on record.
            out.add(tuple(F if a[0] == "recorded" else doubt for a in group))
        for every, some in self._spread(group):
            for doubt in doubts:
                out.add(tuple(_said(a, i, every, some, doubt) for i, a in enumerate(group)))
        yield from sorted(out)

    def _spread(self, group: tuple[Form, ...]) -> set[tuple[int, int]]:
        """What every, and what some, option of a value hits: bits of the atoms, for each set of options that there is."""
        listed = sorted({v for a in group for v in a[2]}, key=repr)
        hits = {sum(1 << i for i, a in enumerate(group) if v in a[2]) for v in listed} | {0}
        if not self.single(group[0][1]):
            hits = _unions(hits)
        found = {(h, h) for h in hits}
        rest = list(found)
        while rest:
            every, some = rest.pop()
            for h in hits:
                new = (every & h, some | h)
                if new not in found:
                    if len(found) > MOST:
                        raise TooMany
                    found.add(new)
                    rest.append(new)
        return found


def _unions(hits: set[int]) -> set[int]:
    out = set(hits)
    for h in hits:
        out |= {h | o for o in out}
    return out


def _said(atom: Form, i: int, every: int, some: int, doubt: int) -> int:
    if atom[0] == "recorded":
        return T if not atom[2] or every >> i & 1 else F
    return T if every >> i & 1 else doubt if some >> i & 1 else F


class Assignments:
    """All that the atoms of some formulas may say together."""

    def __init__(
        self,
        forms: tuple[Form, ...],
        groups: Groups,
        linked: Callable[[Form, Form], bool],
        *,
        doubts: bool,
    ) -> None:
        found = list(dict.fromkeys(a for f in forms for a in atoms(f)))
        by_value: dict[Form, list[Form]] = {}
        free: list[Form] = []
        for a in found:
            if a[0] in _ON_VALUE:
                by_value.setdefault(a[1], []).append(a)
            else:
                free.append(a)
        kinds = (F, *(_DOUBTS if doubts else (NOTHING,)), T)
        self._choices: list[list[tuple[tuple[Form, int], ...]]] = []
        size = 1
        for group in by_value.values():
            if len(group) > _MOST_CLASSES * 2:
                raise TooMany
            states = groups.states(tuple(group), doubts)
            self._choices.append([tuple(zip(group, s, strict=True)) for s in states])
            size *= len(states)
        for a in free:
            values = _two_valued(a, kinds)
            self._choices.append([((a, v),) for v in values])
            size *= len(values)
        if size > MOST:
            raise TooMany
        self._links = [(a, b) for a in free for b in free if a is not b and a[0] == b[0] and linked(a, b)]

    def __iter__(self) -> Iterator[Values]:
        for chosen in product(*self._choices):
            out = {a: v for part in chosen for a, v in part}
            if all(order_of(out[a]) <= order_of(out[b]) for a, b in self._links):
                yield out


def _two_valued(atom: Form, kinds: tuple[int, ...]) -> tuple[int, ...]:
    # That a log is on record is true, or unknown.
    return tuple(k for k in kinds if k != F) if atom[0] == "RecordComplete" else kinds


def counterexample(
    f: Form, g: Form, groups: Groups, linked: Callable[[Form, Form], bool]
) -> Mapping[Form, int] | None:
    """A combination in which the first formula is above the second, in the order false, unknown, true.

    Raises:
        TooMany: there are too many combinations.
    """
    for found in Assignments((f, g), groups, linked, doubts=False):
        if order_of(value(f, found.__getitem__)) > order_of(value(g, found.__getitem__)):
            return found
    return None


def alike(f: Form, g: Form, groups: Groups) -> bool:
    """Whether two formulas have one value in every combination, kinds of doubt included.

    Raises:
        TooMany: there are too many combinations.
    """
    if f == g:
        return True
    if f[0] == g[0] and f[0] in ("all", "any"):
        # What stands in both alike makes no difference.
        shared = set(f[1]) & set(g[1])
        if shared:
            rest = [(x[0], tuple(p for p in x[1] if p not in shared)) for x in (f, g)]
            try:
                if alike(_alone(rest[0]), _alone(rest[1]), groups):
                    return True
            except TooMany:
                pass
    every: Any = Assignments((f, g), groups, lambda a, b: False, doubts=True)
    return all(value(f, found.__getitem__) == value(g, found.__getitem__) for found in every)


def _alone(form: Form) -> Form:
    parts = form[1]
    only: Form = parts[0] if len(parts) == 1 else form
    return only
