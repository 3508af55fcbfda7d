"""A reproducible audit sample: some verdicts of each clause and verdict, drawn at random by a seed.

Every verdict has a number of its own, made from the seed, the clause, the verdict and the record alone; of each stratum (a clause and a
verdict) the smallest numbers are drawn. That is simple random sampling without replacement within strata, by permanent random numbers
(E. Ohlsson, Coordination of samples using permanent random numbers, in: Business Survey Methods, Wiley 1995, 153-169). The sample does
not depend on the order of the record, on who judged it or in how many parts; a larger one of the same seed holds the smaller one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heappush, heappushpop
from typing import Any, Final, NamedTuple

from checker.report.rows import CONTESTED_LETTERS, LETTERS, GridRow

METHOD: Final = "stratified by clause and verdict; within each stratum simple random without replacement, by permanent random numbers"
NUMBER_OF: Final = (
    "the first 8 bytes, big-endian, of SHA-256 over seed, clause, verdict, agreement and ticket, each in UTF-8 and followed by a zero "
    "byte"
)
_VERDICT: Final = {x: v for table in (LETTERS, CONTESTED_LETTERS) for v, x in table.items()}
_TURNED: Final = frozenset(CONTESTED_LETTERS.values())


class Drawn(NamedTuple):
    """A verdict that was drawn. `size`, `drawn`: of its stratum; `weight`: how many verdicts of the stratum it stands for."""

    number: int
    clause: str
    verdict: str
    agreement: str
    ticket: str
    contested: bool
    size: int
    drawn: int
    weight: float


class Stratum(NamedTuple):
    """A clause and a verdict: how many there are, and how many were drawn."""

    clause: str
    verdict: str
    size: int
    drawn: int


class Sample:
    """A sample in the making. `size`: of each stratum, at most. `verdicts`: those that have strata."""

    def __init__(self, seed: int, size: int, clauses: Sequence[str], verdicts: Collection[str]) -> None:
        self.seed = seed
        self._size = size
        self._clauses = clauses
        self._letters = {x for x, v in _VERDICT.items() if v in verdicts}
        self._counts: dict[tuple[int, str], int] = {}
        self._heaps: dict[tuple[int, str], list[tuple[int, str, str, bool]]] = {}

    def add(self, rows: Iterable[GridRow]) -> None:
        """More records with their verdicts."""
        for agreement, ticket, letters in rows:
            for k, letter in enumerate(letters):
                if letter not in self._letters:
                    continue
                key = k, _VERDICT[letter]
                self._counts[key] = self._counts.get(key, 0) + 1
                number = number_of(self.seed, self._clauses[k], key[1], agreement, ticket)
                heap = self._heaps.setdefault(key, [])
                # The largest of those kept is the first to go.
                item = (-number, agreement, ticket, letter in _TURNED)
                if len(heap) < self._size:
                    heappush(heap, item)
                elif item > heap[0]:
                    heappushpop(heap, item)

    def strata(self) -> list[Stratum]:
        """The strata, in the order of the clauses."""
        order = list(LETTERS)
        keys = sorted(self._counts, key=lambda key: (key[0], order.index(key[1])))
        return [Stratum(self._clauses[k], v, self._counts[k, v], len(self._heaps[k, v])) for k, v in keys]

    def drawn(self) -> Iterator[Drawn]:
        """The sample: stratum by stratum, in the order in which they were drawn."""
        place = {clause: k for k, clause in enumerate(self._clauses)}
        number = 0
        for s in self.strata():
            for _, agreement, ticket, contested in sorted(
                self._heaps[place[s.clause], s.verdict], reverse=True
            ):
                number += 1
                weight = round(s.size / s.drawn, 6)
                yield Drawn(
                    number, s.clause, s.verdict, agreement, ticket, contested, s.size, s.drawn, weight
                )

    def protocol(self) -> dict[str, Any]:
        """How the sample was drawn: enough to draw it again by hand."""
        return {
            "method": METHOD,
            "number_of_a_verdict": NUMBER_OF,
            "seed": self.seed,
            "of_each_stratum": self._size,
            "verdicts": [v for x, v in _VERDICT.items() if x in self._letters and x not in _TURNED],
            "strata": [s._asdict() for s in self.strata()],
            "population": sum(self._counts.values()),
            "drawn": sum(len(heap) for heap in self._heaps.values()),
        }


def number_of(seed: int, clause: str, verdict: str, agreement: str, ticket: str) -> int:
    """The random number of a verdict."""
    text = "".join(f"{part}\0" for part in (seed, clause, verdict, agreement, ticket))
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8], "big")
