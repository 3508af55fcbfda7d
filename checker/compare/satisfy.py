"""Whether a formula can hold at all: its parts are followed until one way is left, or none.

What one value is asked to be is kept together; of other conditions none may hold and not hold, nor hold while one that it implies
does not, or one that it excludes does. Whatever else there is counts as possible: *no* is certain, *yes* is not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from checker.compare.formula import Form

_MOST = 20_000


class Unsettled(Exception):
    """More ways than are followed."""


@dataclass(frozen=True, slots=True)
class _State:
    """What is asked so far: of values, which they may be (None: any) and may not be; of other conditions, their sign."""

    only: tuple[tuple[Form, frozenset[Any]], ...] = ()
    never: tuple[tuple[Form, frozenset[Any]], ...] = ()
    signs: tuple[tuple[Form, bool], ...] = ()


@dataclass(slots=True)
class Satisfier:
    """`single`: whether a value is one thing at a time. `only`: all that it may be, where that is known.

    `never`: whether a condition, by its sign, certainly never holds; `clash`: whether two, by theirs, never do together.
    """

    single: Callable[[Form], bool]
    only: Callable[[Form], frozenset[Any] | None]
    never: Callable[[Form, bool], bool]
    clash: Callable[[Form, bool, Form, bool], bool]
    left: int = _MOST

    def can_hold(self, form: Form) -> bool:
        """Whether a formula may hold.

        Raises:
            Unsettled: there are too many ways.
        """
        self.left = _MOST
        return self._follow([form], _State())

    def _follow(self, waiting: list[Form], state: _State) -> bool:
        self.left -= 1
        if self.left < 0:
            raise Unsettled
        if not waiting:
            return True
        form, rest = waiting[0], waiting[1:]
        if form[0] == "all":
            # What branches comes last.
            parts = sorted(form[1], key=lambda p: p[0] == "any")
            return self._follow([*parts, *rest], state)
        if form[0] == "any":
            return any(self._follow([*_simple(rest), part, *_branching(rest)], state) for part in form[1])
        sign = form[0] != "not"
        found = self._with(form if sign else form[1], sign, state)
        return found is not None and self._follow(rest, found)

    def _with(self, atom: Form, sign: bool, state: _State) -> _State | None:
        if atom[0] in ("is", "recorded") and atom[2] and self.single(atom[1]):
            return self._value(atom, sign, state)
        if self.never(atom, sign):
            return None
        for other, s in state.signs:
            if other == atom:
                if s != sign:
                    return None
            elif other[0] == atom[0] and self.clash(other, s, atom, sign):
                return None
        return _State(state.only, state.never, (*state.signs, (atom, sign)))

    def _value(self, atom: Form, sign: bool, state: _State) -> _State | None:
        values, only, never = frozenset(atom[2]), dict(state.only), dict(state.never)
        key = atom[1]
        known = self.only(key)
        if known is not None and key not in only:
            only[key] = known
        if sign:
            only[key] = only[key] & values if key in only else values
        else:
            never[key] = never.get(key, frozenset()) | values
        if key in only and not only[key] - never.get(key, frozenset()):
            return None
        return _State(tuple(only.items()), tuple(never.items()), state.signs)


def _simple(waiting: list[Form]) -> list[Form]:
    return [w for w in waiting if w[0] != "any"]


def _branching(waiting: list[Form]) -> list[Form]:
    return [w for w in waiting if w[0] == "any"]
