"""Whether two results are the same, to the last element: what rests on one then rests on the other."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np


def same(a: Any, b: Any) -> bool:
    """Whether two results say the same. What has a `content` is
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
