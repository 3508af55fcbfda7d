"""What a finding says of its record, beside its verdict: from a record as an object, or from columns without making one."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from checker.interpret.book import plain
from checker.interpret.case import Case
from checker.interpret.possible import EVER
from checker.record.model import Place, Value

if TYPE_CHECKING:
    from checker.columnar.source import Source


class Recorded(NamedTuple):
    """A record: its agreement and ticket, the second of the ticket's first event (None: it has none), the ranked attributes at an
    instant (None: at the audit), and where the record begins in its file (None: not known)."""

    agreement: str
    ticket: str
    opened: int | None
    ranked: Callable[[int | None], dict[str, str]]
    place: Place | None


def of_case(case: Case, names: Iterable[str]) -> Recorded:
    """Of a record as an object. `names`: the ranked attributes."""

    def ranked(when: int | None) -> dict[str, str]:
        out: dict[str, str] = {}
        for name in names if case.ticket else ():
            for e in case.events:
                if when is not None and e.at > when:
                    break
                value = e.attributes.get(name)
                if _ranks(value):
                    out[name] = str(plain(value))
        return out

    return Recorded(
        case.agreement,
        case.ticket,
        case.birth if case.ticket and case.birth != EVER else None,
        ranked,
        _begins(case),
    )


def _begins(case: Case) -> Place | None:
    """Where a record begins: a ticket's own, or the agreement's own where it has one; else that of its first ticket."""
    if case.ticket:
        shared = {id(e) for e in case.shared}
        own = (e for e in case.events if id(e) not in shared)
    else:
        own = (e for e in sorted(case.events, key=lambda e: e.ticket is not None))
    return next((e.place for e in own if e.place is not None), None)


class InColumns:
    """Of records as columns. `named`: the agreement and the ticket of each ("": the agreement itself). `place`: see
    `batch.partition.Partition`.
    """

    def __init__(
        self,
        source: Source,
        names: Iterable[str],
        named: tuple[Sequence[str], Sequence[str]],
        place: Callable[[int], Place | None] | None,
    ) -> None:
        self._source = source
        self._agreement, self._ticket = named
        self._place = place
        self._tracks = list(_tracks(source, names))

    def record(self, i: int) -> Recorded:
        """The i-th record."""
        birth = int(self._source.birth[i])
        place = self._place(i) if self._place is not None else of_case(self._source.cases[i], ()).place
        return Recorded(
            self._agreement[i],
            self._ticket[i],
            birth if birth != EVER else None,
            lambda when: self._ranked(i, when),
            place,
        )

    def _ranked(self, i: int, when: int | None) -> dict[str, str]:
        out = {}
        for name, begin, at, said in self._tracks if self._ticket[i] else ():
            first, last = begin[i], begin[i + 1]
            k = last if when is None else bisect_right(at, when, first, last)
            if k > first:
                out[name] = said[k - 1]
        return out


def _tracks(source: Source, names: Iterable[str]) -> Iterator[tuple[str, list[int], list[int], list[str]]]:
    """Of each attribute what the record says of it: where each ticket begins, when it is said, and what."""
    import numpy as np

    from checker.columnar.source import NOTHING, Dictionary

    for name in names:
        dictionary = Dictionary()
        codes = source.attribute(name, dictionary)
        ranks = np.array([*map(_ranks, dictionary.values), False], bool)
        rows = np.flatnonzero((codes != NOTHING) & ranks[codes])
        if not len(rows):
            continue
        texts = [str(plain(v)) if _ranks(v) else "" for v in dictionary.values]
        begin = np.searchsorted(source.case[rows], np.arange(len(source.birth) + 1))
        yield name, begin.tolist(), source.order.at[rows].tolist(), [texts[c] for c in codes[rows].tolist()]


def _ranks(value: Value | None) -> bool:
    return value is not None and not isinstance(value, list | dict)
