"""Formulas over conditions: nested tuples `("all", parts)`, `("any", parts)`, `("not", part)`; any other tuple is an atom.

They are kept flat, sorted and without repetition, which Kleene's tables allow, causes of doubt included: *all* and *any* are
associative, commutative and idempotent, and *not* turns one into the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Form = tuple[Any, ...]
"""A normal form: nested tuples of texts, numbers and truth values."""

TRUE: Form = ("all", ())
FALSE: Form = ("any", ())
IT: Form = ("It", False)
"""The moment of the occasion, or of the row at hand."""
_DUAL = {"all": "any", "any": "all"}


def ordered(forms: Iterable[Form]) -> tuple[Form, ...]:
    """Forms in an order of their own, each once."""
    return tuple(sorted(set(forms), key=repr))


def joined(quantifier: str, parts: Iterable[Form]) -> Form:
    """All, or any, of several formulas."""
    flat: set[Form] = set()
    for part in parts:
        if part[0] == quantifier:
            flat.update(part[1])
        elif part == (_DUAL[quantifier], ()):
            return part
        else:
            flat.add(part)
    return flat.pop() if len(flat) == 1 else (quantifier, ordered(flat))


def every(parts: Iterable[Form]) -> Form:
    """All of them."""
    return joined("all", parts)


def some(parts: Iterable[Form]) -> Form:
    """Any of them."""
    return joined("any", parts)


def negated(form: Form) -> Form:
    """Not this: *not* stands before atoms only."""
    if form[0] == "not":
        inner: Form = form[1]
        return inner
    if form[0] in _DUAL:
        return joined(_DUAL[form[0]], (negated(x) for x in form[1]))
    return ("not", form)


def signed(form: Form, negative: bool) -> Form:
    """This, or not this."""
    return negated(form) if negative else form


def conjuncts(form: Form) -> tuple[Form, ...]:
    """The parts of which all must hold."""
    parts: tuple[Form, ...] = form[1] if form[0] == "all" else (form,)
    return parts


def atoms(form: Form) -> Iterator[Form]:
    """The atoms of a formula, again wherever they stand."""
    if form[0] in _DUAL:
        for part in form[1]:
            yield from atoms(part)
    elif form[0] == "not":
        yield form[1]
    else:
        yield form


# --------------------------------------------------------------------------- values
F, NOTHING, OPEN, MISSING, T = range(5)
"""False; unknown for no cause named, for the future alone, for the record; true. In three values all doubts are NOTHING."""

Values = Mapping[Form, int]


def value(form: Form, of: Callable[[Form], int]) -> int:
    """The value of a formula by Kleene's tables; doubts join: the record outweighs the future."""
    kind = form[0]
    if kind == "not":
        return _not(of(form[1]))
    if kind == "all":
        doubt, out = 0, T
        for part in form[1]:
            v = value(part, of)
            if v == F:
                return F
            if v != T:
                doubt, out = max(doubt, v), NOTHING
        return out if out == T else doubt
    if kind == "any":
        doubt = 0
        for part in form[1]:
            v = value(part, of)
            if v == T:
                return T
            if v != F:
                doubt = max(doubt, v)
        return doubt or F
    return of(form)


def _not(v: int) -> int:
    return T if v == F else F if v == T else v


def order_of(v: int) -> int:
    """The place of a value in the order false, unknown, true."""
    return 0 if v == F else 2 if v == T else 1
