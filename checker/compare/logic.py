"""Formulas compared by trying every combination of what their atoms may say; branches in which the answer is settled are left early.

Conditions on one value share what that value is; the rest are free, but for ties: one implies another, or one of two holds. More
combinations than a history can show only hinder a proof.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
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
)

MOST = 8_000
"""The most branches that are followed for one question, and the most sets of options of one value."""
_MOST_ON_VALUE = 24
_SAID = "="
_DUAL = ("all", "any")
Tie = Callable[[Form, Form], bool]
_ON_VALUE = ("is", "recorded")
_DOUBTS = (NOTHING, OPEN, MISSING)


class TooMany(Exception):
    """More combinations than are tried."""


class Groups:
    """What conditions on one value can say together. `single`: whether a value is one thing at a time. `only`: all that it can be, where
    that is known.
    """

    def __init__(
        self,
        single: Callable[[Form], bool],
        only: Callable[[Form], frozenset[Any] | None] = lambda value: None,
    ) -> None:
        self.single, self.only = single, only
        self.row: Form | None = None
        self._known: dict[tuple[tuple[Form, ...], bool, Form | None], tuple[tuple[int, ...], ...]] = {}

    def states(self, group: tuple[Form, ...], doubts: bool) -> tuple[tuple[int, ...], ...]:
        """Every combination of values of these atoms, all on one value. `doubts`: tell kinds of doubt apart."""
        key = (group, doubts, self.row)
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
        listed = {v for a in group for v in a[2]}
        of = group[0][1]
        if self.row is not None and of[0] == "AttributeOf" and of[2][0] == "OccasionRow":
            of = ("AttributeOf", of[1], ("EventRow", self.row))
        only = self.only(of)
        other = {0} if only is None or only - listed else set()
        kept = sorted(listed if only is None else listed & only, key=repr)
        hits = {sum(1 << i for i, a in enumerate(group) if v in a[2]) for v in kept} | other
        if not self.single(of):
            hits = _unions(hits)
        found = {(h, h) for h in hits}
        if of[0] == "FactValue" or (of[0] == "AttributeOf" and group[0][1][2][0] == "OccasionRow"):
            # A fact, and what a row itself says, is on record or not: which of several it is, is never in doubt.
            return found
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
        if len(out) > MOST:
            raise TooMany
    return out


def _said(atom: Form, i: int, every: int, some: int, doubt: int) -> int:
    if atom[0] == "recorded":
        return T if not atom[2] or every >> i & 1 else F
    return T if every >> i & 1 else doubt if some >> i & 1 else F


class _Choices:
    """What the atoms of two formulas may say: a group at a time, whose atoms are on one value, or one atom on its own."""

    def __init__(self, atoms_: Iterable[Form], groups: Groups, *, doubts: bool) -> None:
        by_value: dict[Form, list[Form]] = {}
        self._of: dict[Form, tuple[Form, ...]] = {}
        self._kinds = (F, *(_DOUBTS if doubts else (NOTHING,)), T)
        self._groups, self._doubts = groups, doubts
        for a in dict.fromkeys(atoms_):
            if a[0] in _ON_VALUE:
                by_value.setdefault(a[1], []).append(a)
            else:
                self._of[a] = (a,)
        for group in by_value.values():
            if len(group) > _MOST_ON_VALUE:
                raise TooMany
            self._of.update(dict.fromkeys(group, tuple(group)))

    def of(self, atom: Form, asked: Set[Form]) -> Iterator[dict[Form, int]]:
        """All that an atom may say, with those on the same value; only the atoms that are asked for."""
        group = self._of[atom]
        if group[0][0] not in _ON_VALUE:
            for kind in _two_valued(atom, self._kinds):
                yield {atom: kind}
            return
        kept = [i for i, a in enumerate(group) if a in asked]
        states = self._groups.states(group, self._doubts)
        for told in dict.fromkeys(tuple(s[i] for i in kept) for s in states):
            yield {group[i]: v for i, v in zip(kept, told, strict=True)}


def _two_valued(atom: Form, kinds: tuple[int, ...]) -> tuple[int, ...]:
    # That a log is on record is true, or unknown.
    return tuple(k for k in kinds if k != F) if atom[0] == "RecordComplete" else kinds


class _Ties:
    """Which atoms are tied: `linked`, one implies the other; `covered`, one of them holds."""

    def __init__(self, free: Sequence[Form], linked: Tie, covered: Tie) -> None:
        pairs_ = [(a, b) for a in free for b in free if a is not b and a[0] == b[0]]
        self._links = [(a, b) for a, b in pairs_ if linked(a, b)]
        self._covers = [(a, b) for a, b in pairs_ if covered(a, b)]
        self.any = bool(self._links or self._covers)

    def broken(self, told: Values) -> bool:
        """Whether what is told so far cannot be said together."""
        return any(
            a in told and b in told and order_of(told[a]) > order_of(told[b]) for a, b in self._links
        ) or any(
            a in told and b in told and order_of(told[a]) + order_of(told[b]) < 2 for a, b in self._covers
        )


class _Search:
    """Looks for a combination in which two formulas stand as they must not; branches that are settled are left."""

    def __init__(
        self, choices: _Choices, ties: _Ties | None, refuted: Callable[[Form, Form], bool | None]
    ) -> None:
        self._choices, self._ties, self._refuted = choices, ties, refuted
        self._left = MOST
        self._seen: set[tuple[Form, Form]] = set()

    def find(self, f: Form, g: Form, told: dict[Form, int]) -> dict[Form, int] | None:
        """A combination, where there is one. `told`: what was chosen so far."""
        self._left -= 1
        if self._left < 0:
            raise TooMany
        refuted = self._refuted(f, g)
        if refuted is not None:
            return told if refuted else None
        tied = self._ties is not None and self._ties.any
        if not tied:
            # What was found once of what is left of both need not be found again.
            if (f, g) in self._seen:
                return None
            self._seen.add((f, g))
        counts = Counter(chain(_atoms(f), _atoms(g)))
        atom = max(counts, key=lambda a: (counts[a], a[0] in _ON_VALUE))
        for chosen in self._choices.of(atom, counts.keys()):
            more = {**told, **chosen}
            if self._ties is not None and self._ties.broken(more):
                continue
            found = self.find(_with(f, chosen), _with(g, chosen), more)
            if found is not None:
                return found
        return None


# --------------------------------------------------------------------------- formulas in part
def _loose(form: Form) -> Form:
    """A formula whose parts stand in no order; what is always so, or never, stands as its value."""

    def made(x: Form) -> Form:
        return (x[0], frozenset(map(made, x[1]))) if x[0] in _DUAL else x

    return _with(made(form), {})


def _atoms(form: Form) -> Iterator[Form]:
    if form[0] in _DUAL:
        for part in form[1]:
            yield from _atoms(part)
    elif form[0] == "not":
        yield form[1]
    elif form[0] != _SAID:
        yield form


def _with(form: Form, told: Values) -> Form:
    """What is left of a formula where some atoms are told; what is decided stands as its value."""
    if form[0] in _DUAL:
        ends, goes_on = (F, T) if form[0] == "all" else (T, F)
        doubt, kept = 0, set()
        for part in form[1]:
            left = _with(part, told)
            if left[0] == form[0]:
                for x in left[1]:
                    if x[0] == _SAID:
                        doubt = max(doubt, x[1])
                    else:
                        kept.add(x)
            elif left[0] != _SAID:
                kept.add(left)
            elif left[1] == ends:
                return left
            elif left[1] != goes_on:
                doubt = max(doubt, left[1])
        if not kept:
            return (_SAID, doubt or goes_on)
        if doubt:
            kept.add((_SAID, doubt))
        return (form[0], frozenset(kept)) if len(kept) > 1 else next(iter(kept))
    atom = form[1] if form[0] == "not" else form
    if atom in told:
        v = told[atom]
        return (_SAID, (T if v == F else F if v == T else v) if form[0] == "not" else v)
    return form


def _bounds(form: Form) -> tuple[int, int]:
    """The least and the greatest place of a formula in the order false, unknown, true, whatever its atoms say."""
    if form[0] == _SAID:
        place = order_of(form[1])
        return place, place
    if form[0] not in _DUAL:
        return 0, 2
    ends = [_bounds(x) for x in form[1]]
    pick = min if form[0] == "all" else max
    return pick(lo for lo, _ in ends), pick(hi for _, hi in ends)


def _above(f: Form, g: Form) -> bool | None:
    """Whether the first is above the second; None where that hangs on what is left."""
    if f == g:
        return False
    (_, most), (least, _) = _bounds(f), _bounds(g)
    if most <= least:
        return False
    return True if f[0] == g[0] == _SAID else None


def _apart(f: Form, g: Form) -> bool | None:
    if f == g:
        return False
    return True if f[0] == g[0] == _SAID else None


# --------------------------------------------------------------------------- questions
def counterexample(
    f: Form, g: Form, groups: Groups, linked: Tie, covered: Tie = lambda a, b: False
) -> Mapping[Form, int] | None:
    """A combination in which the first formula is above the second, in the order false, unknown, true.

    `linked`: whether one atom certainly implies another. `covered`: whether one of two atoms certainly holds.

    Raises:
        TooMany: more combinations would have to be tried.
    """
    found = list(dict.fromkeys(chain(atoms(f), atoms(g))))
    choices = _Choices(found, groups, doubts=False)
    ties = _Ties([a for a in found if a[0] not in _ON_VALUE], linked, covered)
    return _Search(choices, ties, _above).find(_loose(f), _loose(g), {})


def alike(f: Form, g: Form, groups: Groups) -> bool:
    """Whether two formulas have one value in every combination, kinds of doubt included.

    Raises:
        TooMany: more combinations would have to be tried.
    """
    if f == g:
        return True
    choices = _Choices(chain(atoms(f), atoms(g)), groups, doubts=True)
    return _Search(choices, None, _apart).find(_loose(f), _loose(g), {}) is None


__all__ = ["Groups", "TooMany", "alike", "counterexample"]
