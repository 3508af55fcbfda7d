"""Columns in numbers as narrow as may be, and what is looked up by them: most attributes have few values, most instants lie near."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from checker.columnar.possible import Bools, Ints

Codes = NDArray[np.signedinteger[Any]]


def narrow(codes: Codes) -> Codes:
    """Codes from -1 on in numbers as narrow as may be; those that are narrow already are taken as they are."""
    if codes.dtype.itemsize == 1:
        return codes
    kind = np.min_scalar_type(-1 - int(codes.max(initial=0)))
    return codes.astype(kind, copy=False)


def looked_up(table: Bools, codes: Codes) -> Bools:
    """What a table says of each code; of -1 its last entry does. For codes of one byte at a fifth of what an index costs."""
    if codes.dtype.itemsize > 1 or len(table) > 128:
        return table[codes]
    by_byte = np.zeros(256, bool)
    by_byte[: len(table)] = table
    if len(table):
        by_byte[255] = table[-1]
    return np.frombuffer(bytearray(codes.tobytes().translate(by_byte.tobytes())), bool)


def by_byte(table: NDArray[np.int8], index: NDArray[np.uint8]) -> NDArray[np.int8]:
    """What a table of at most 256 numbers says of each byte, all of them within it."""
    every = table.tobytes().ljust(256, b"\0")
    return np.frombuffer(bytearray(index.tobytes().translate(every)), np.int8)


class Near:
    """Numbers that mostly lie near each other, in half the memory: what is looked up all over a long column costs by its bytes."""

    __slots__ = ("_base", "_off")

    def __init__(self, numbers: Ints) -> None:
        self._base = 0
        self._off: Codes = numbers
        if len(numbers):
            low, high = int(numbers.min()), int(numbers.max())
            # Where all fit as they are no base need be added.
            base = 0 if low >= _LEAST and high <= _MOST else low
            if high - base <= _MOST:
                self._base, self._off = base, (numbers - base).astype(np.int32)

    def __len__(self) -> int:
        return len(self._off)

    def __getitem__(self, places: Ints) -> Ints:
        """The numbers at some places."""
        found = self._off[places].astype(np.int64, copy=False)
        if self._base:
            found += self._base
        return found

    @property
    def all(self) -> Ints:
        """All of them, as a column of its own."""
        return np.add(self._off, self._base, dtype=np.int64)

    def part(self, places: slice, less: int = 0) -> Near:
        """Neighbouring ones, less so much each."""
        out = object.__new__(Near)
        out._off, out._base = self._off[places], self._base - less
        return out

    def places(self, numbers: Sequence[int]) -> list[int]:
        """Of numbers that ascend, where each would stand."""
        return [bisect_left(self._off, n - self._base) for n in numbers]


_LEAST, _MOST = np.iinfo(np.int32).min, np.iinfo(np.int32).max
