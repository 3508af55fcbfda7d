"""Where two results differ: what rests on one rests on the other wherever they say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from checker.columnar.possible import Bools, Ints, Moments, Truths
from checker.columnar.several import Options, Values
from checker.columnar.table import Rows


def same(a: Any, b: Any) -> bool:
    """Whether two results say the same, to the last element. What has a `content` is
    compared by that; of what is no plain data only the thing itself is the same."""
    if a is b:
        return True
    kind = type(a)
    if kind is not type(b):
        return False
    if kind is np.ndarray:
        return a.dtype == b.dtype and a.shape == b.shape and a.dtype != object and np.array_equal(a, b)
    if hasattr(kind, "content"):
        a, b = a.content, b.content
        return len(a) == len(b) and all(map(same, a, b))
    if issubclass(kind, tuple):
        return len(a) == len(b) and all(map(same, a, b))
    if kind is list:
        return len(a) == len(b) and all(map(same, a, b))
    if kind in (str, int, bool, float, bytes, frozenset):
        return bool(a == b)
    if is_dataclass(kind):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in fields(kind))
    return False


class Untold(Exception):
    """It is not told place by place where two results differ."""


# --------------------------------------------------------------------------- results with an element to each place
def _columns(value: Any) -> list[Any]:
    """The columns of a result, and what it says beside them, in an order that is the same for all of its kind.

    What stands for the same elements in two ways is given in one.
    """
    if isinstance(value, np.ndarray):
        return [value]
    if isinstance(value, Truths):
        return [value.yes, value.no, _or(value.open, False, value.yes), _or(value.missing, False, value.yes)]
    if isinstance(value, Moments):
        causes = (_or(c, False, value.lo) for c in (value.open, value.missing))
        return [value.lo, value.hi, *causes, value.edge, _or(value.row, -1, value.lo)]
    if isinstance(value, Rows):
        return [value.places]
    if hasattr(value, "content"):
        return _columns(value.content)
    if isinstance(value, tuple):
        return [c for part in value for c in _columns(part)]
    return [value]


def _or(column: Any, otherwise: int | bool, beside: Ints | Bools) -> Any:
    return column if column is not None else np.full(len(beside), otherwise)


def _unlike(a: Sequence[Any], b: Sequence[Any], n: int) -> Bools:
    """At which of n places columns differ."""
    if len(a) != len(b):
        raise Untold
    out = np.zeros(n, bool)
    for x, y in zip(a, b, strict=True):
        if isinstance(x, np.ndarray) and isinstance(y, np.ndarray):
            if x is y:
                continue
            if x.shape != (n,) or y.shape != (n,):
                raise Untold
            out |= x != y
        elif not same(x, y):
            raise Untold
    return out


def unlike(a: Any, b: Any, n: int) -> Bools:
    """At which of n places two results differ that have an element to each. What only one of them says was not asked of the other."""
    if type(a) is not type(b):
        raise Untold
    if isinstance(a, Values):
        out = _unlike(a[:3], b[:3], n)
        if a.more is not None or b.more is not None:
            for more in (a.more, b.more):
                if more is not None:
                    out[more.occasion] = True
        return out
    if isinstance(a, tuple) and not isinstance(a, Truths | Moments):
        out = np.zeros(n, bool)
        for x, y in zip(a, b, strict=True):
            if x is not None and y is not None:
                out |= unlike(x, y, n) if isinstance(x, tuple) else _unlike([x], [y], n)
        return out
    return _unlike(_columns(a), _columns(b), n)


def taken(whole: Any, index: Ints) -> Any:
    """The elements at some places."""
    if isinstance(whole, np.ndarray):
        return whole[index]
    return whole.take(index) if hasattr(whole, "take") else tuple(taken(x, index) for x in whole)


def amended(whole: Any, index: Ints, part: Any) -> Any:
    """A result with other elements at some places."""
    if isinstance(whole, np.ndarray) and isinstance(part, np.ndarray):
        if whole.dtype != part.dtype:
            raise Untold
        out = whole.copy()
        out[index] = part
        return out
    if type(whole) is not type(part):
        # What was not asked for anew is not told.
        if whole is None or part is None:
            return None
        raise Untold
    if isinstance(whole, Truths):
        yes, no = (amended(x, index, y) for x, y in zip(whole[:2], part[:2], strict=True))
        return Truths(yes, no, *_causes(whole, index, part, len(whole.yes)))
    if isinstance(whole, Moments):
        return _moments(whole, index, part)
    if isinstance(whole, Values):
        code, open_, missing = (amended(x, index, y) for x, y in zip(whole[:3], part[:3], strict=True))
        return Values(code, open_, missing, _more(whole, index, part))
    if isinstance(whole, tuple):
        found = [amended(x, index, y) for x, y in zip(whole, part, strict=True)]
        return whole._make(found) if hasattr(whole, "_make") else tuple(found)
    if not same(whole, part):
        raise Untold
    return whole


def _causes(whole: Any, index: Ints, part: Any, n: int) -> tuple[Bools | None, Bools | None]:
    if whole.open is None and part.open is None and whole.missing is None and part.missing is None:
        return None, None
    out = []
    for old, new in ((whole.open, part.open), (whole.missing, part.missing)):
        column = old.copy() if old is not None else np.zeros(n, bool)
        column[index] = new if new is not None else False
        out.append(column)
    return out[0], out[1]


def _moments(whole: Moments, index: Ints, part: Moments) -> Moments:
    if not same(whole.edge, part.edge) or isinstance(whole.edge, np.ndarray):
        raise Untold
    n = len(whole.lo)
    lo = amended(whole.lo, index, part.lo)
    hi = lo if whole.certain and part.certain else amended(whole.hi, index, part.hi)
    row = None
    if whole.row is not None or part.row is not None:
        row = whole.row.copy() if whole.row is not None else np.full(n, -1, np.int64)
        row[index] = part.row if part.row is not None else -1
    return Moments(lo, hi, *_causes(whole, index, part, n), whole.edge, row)


def _more(whole: Values, index: Ints, part: Values) -> Options | None:
    if whole.more is None and part.more is None:
        return None
    occasions, codes = [], []
    if whole.more is not None:
        kept = np.ones(len(whole.code), bool)
        kept[index] = False
        stay = kept[whole.more.occasion]
        occasions.append(whole.more.occasion[stay])
        codes.append(whole.more.code[stay])
    if part.more is not None:
        occasions.append(index[part.more.occasion])
        codes.append(part.more.code)
    return Options(np.concatenate(occasions), np.concatenate(codes))


# --------------------------------------------------------------------------- results about all cases
def cases_apart(a: Any, b: Any, n: int) -> Bools:
    """Of n cases those in which two results differ that say by case what they say: events, occasions, stretches."""
    if same(a, b):
        return np.zeros(n, bool)
    of_a, of_b = _case(a), _case(b)
    if of_a is None or of_b is None:
        raise Untold
    out = np.zeros(n, bool)
    (case, mine, beside), (other, theirs, more) = of_a, of_b
    if len(beside) != len(more):
        raise Untold
    for x, y in zip(beside, more, strict=True):
        x, y = _or(x, False, out), _or(y, False, out)
        if x.shape != (n,) or y.shape != (n,):
            raise Untold
        out |= x != y
    if len(case) == len(other) and np.array_equal(case, other):
        out[case[_unlike(mine, theirs, len(case))]] = True
        return out
    # Cases with as many elements on both sides are compared element by element.
    counts, counted = (np.bincount(c, minlength=n) for c in (case, other))
    out |= counts != counted
    here, there = np.flatnonzero(~out[case]), np.flatnonzero(~out[other])
    one, two = (
        [c[i] if isinstance(c, np.ndarray) else c for c in columns]
        for columns, i in ((mine, here), (theirs, there))
    )
    out[case[here][_unlike(one, two, len(here))]] = True
    return out


def _case(value: Any) -> tuple[Ints, list[Any], list[Any]] | None:
    """Of a result in the order of its cases: the case of each element, its columns, and what it says of each case (None: nothing)."""
    if not isinstance(value, tuple) or not value:
        return None
    first = value[0]
    if isinstance(first, Rows):
        case, rest = first.case, value[1:]
        if case is None:
            return None
        return case, [first.places, *(c for v in rest for c in _columns(v))], []
    if hasattr(first, "content"):
        return first.case, [*_columns(first), *_columns(value[1])], list(value[2:])
    case = getattr(value, "case", None)
    if not isinstance(case, np.ndarray) or not (case[1:] >= case[:-1]).all():
        return None
    return case, [c for v in value if not isinstance(v, Rows) for c in _columns(v)], []


__all__ = ["Untold", "amended", "cases_apart", "same", "taken", "unlike"]
