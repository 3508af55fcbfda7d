"""Whether a formula can hold at all: its parts are followed until one way is left, or none.

What one value is asked to be is kept together; of other conditions none may hold and not hold, nor hold while one that it implies
does not. Whatever else there is counts as possible: *no* is certain, *yes* is not.
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
    """`single`: whether a value is one thing at a time. `implies`: whether one condition certainly implies another."""

    single: Callable[[Form], bool]
    implies: Callable[[Form, Form], bool]
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
        for other, s in state.signs:
            if other == atom and s != sign:
                return None
            if other[0] == atom[0] and s != sign:
                held, not_held = (other, atom) if s else (atom, other)
                if self.implies(held, not_held):
                    return None
        return _State(state.only, state.never, (*state.signs, (atom, sign)))

    @staticmethod
    def _value(atom: Form, sign: bool, state: _State) -> _State | None:
        values, only, never = frozenset(atom[2]), dict(state.only), dict(state.never)
        key = atom[1]
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
