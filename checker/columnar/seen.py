"""Whether ids occur more than once in a log, in little memory."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from itertools import pairwise
from operator import lt
from typing import Any, NamedTuple

import numpy as np

from checker.columnar.memory import Array, even
from checker.columnar.possible import Ints


class Seen:
    """Ids in the order of a log. While they rise nothing of them is kept; else `keep` keeps eight bytes of each.

    `rising`: from the first to the last, so that none comes twice (not told of those that are kept). `number`: how many there were.
    `first`, `last`: while they rise.
    """

    def __init__(self, keep: bool = False) -> None:
        self.rising = not keep
        self.number = 0
        self._keep = keep
        self.first = self.last = b""
        self._hashes: list[Ints] = []

    def add(self, ids: Sequence[bytes] | Array) -> None:
        """The next ids; an array has those of one length."""
        self.number += len(ids)
        if self._keep:
            self._hashes.append(hashes(ids.tolist() if isinstance(ids, np.ndarray) else ids))
        elif self.rising and len(ids):
            self.rising = self.last < ids[0] and _rise(ids)
            self.first, self.last = self.first or bytes(ids[0]), bytes(ids[-1])

    def add_column(self, ids: Any, last: bytes) -> bool:
        """The next ids as a column of Arrow's, if they go on rising; whether that is so: else nothing is done.

        `last` came before (empty: none did), and the first may be the same.
        """
        if self._keep or not self.rising or self.last != last or not len(ids) or ids.null_count:
            return False
        if not last and not str(ids[0]):
            return False
        fresh = ids[1:] if str(ids[0]).encode() == last else ids
        if len(fresh):
            if not _rises(fresh) or not last < str(fresh[0]).encode():
                return False
            self.first, self.last = self.first or str(fresh[0]).encode(), str(fresh[-1]).encode()
        self.number += len(fresh)
        return True

    def add_once(self, other: Seen) -> None:
        """The ids that another kept, each once."""
        self._hashes.append(np.unique(np.concatenate(other._hashes)))

    def stretches(self, count: int) -> Stretches:
        """The ids that were kept, in so many stretches in which each stands where it comes first, about as large as each other."""
        values, first, times = np.unique(np.concatenate(self._hashes), return_index=True, return_counts=True)
        order = np.argsort(first)
        before = np.cumsum(times[order]) - times[order]
        stretch = np.empty(len(values), np.int64)
        stretch[order] = before * count // max(int(times.sum()), 1)
        return Stretches(values, stretch)

    def twice(self) -> frozenset[int]:
        """The hashes of ids that occur more than once (and, by a rare chance, of some that do not)."""
        if not self._hashes:
            return frozenset()
        values, counts = np.unique(np.concatenate(self._hashes), return_counts=True)
        return frozenset(values[counts > 1].tolist())


def all_different(found: Iterable[Seen]) -> bool:
    """Whether the ids of several files rise in each, and those of no two files mingle: then none comes twice."""
    several = sorted((each for each in found if each.number), key=lambda each: each.first)
    return all(each.rising for each in several) and all(a.last < b.first for a, b in pairwise(several))


def _rise(ids: Sequence[bytes] | Array) -> bool:
    """Whether ids rise, byte by byte."""
    if isinstance(ids, np.ndarray):
        return bool((ids[:-1] < ids[1:]).all())
    return all(map(lt, ids, ids[1:]))


def _rises(ids: Any) -> bool:
    """Whether the texts of a column rise, byte by byte."""
    found = even(ids)
    if found is not None:
        return _rise(found)
    import pyarrow.compute as compute

    return compute.all(compute.less(ids[:-1], ids[1:])).as_py() is not False


class Held(Container[str]):
    """The ids whose hashes are these."""

    def __init__(self, hashes: frozenset[int]) -> None:
        self.hashes = hashes

    def __contains__(self, called: object) -> bool:
        return isinstance(called, str) and hash(called.encode("utf-8", "surrogatepass")) in self.hashes


class Stretches(NamedTuple):
    """The hashes of ids, rising, and the number of the stretch in which each stands."""

    hashes: Ints
    stretch: Ints

    def of(self, ids: Sequence[str]) -> Ints:
        """The stretch of each id."""
        found: Ints = self.stretch[np.searchsorted(self.hashes, hashes(i.encode() for i in ids))]
        return found


def hashes(ids: Iterable[bytes]) -> Ints:
    """What is kept of ids."""
    return np.fromiter(map(hash, ids), np.int64)
