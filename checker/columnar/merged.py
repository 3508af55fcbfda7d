"""Two sources as one, its cases in an order of their own."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from checker.columnar.batch import Lazily
from checker.columnar.possible import Bools, Ints, Order
from checker.columnar.source import Dictionary, Gaps, Source
from checker.interpret.case import Case


class Merged:
    """Two sources of one audit instant and the same agreements; `place` orders the cases of the first and then those of the second."""

    def __init__(self, a: Source, b: Source, place: Ints) -> None:
        assert a.now == b.now, "two audit instants"
        self.now = a.now
        self.parts = a, b
        n = len(a.cases)
        by_place = np.argsort(place, kind="stable")
        self._number = np.empty(len(place), np.int64)
        self._number[by_place] = np.arange(len(place))
        self.cases: Sequence[Case] = Lazily(
            len(place),
            lambda i: a.cases[int(by_place[i])] if by_place[i] < n else b.cases[int(by_place[i]) - n],
        )
        case = self._number[np.concatenate([a.case, b.case + n])]
        self._rows = np.argsort(case, kind="stable")
        self.case: Ints = case[self._rows]
        self.order = Order(
            self._row(a.order.at, b.order.at),
            self._row(a.order.until, b.order.until),
            np.concatenate([a.order.revised, b.order.revised])[self._rows],
            self._row(a.order.order, b.order.order),
        )
        names: dict[str, int] = {}
        said = [np.array([names.setdefault(x, len(names)) for x in s.names], np.int64) for s in (a, b)]
        self.name: Ints = self._row(*(new[s.name] for new, s in zip(said, (a, b), strict=True)))
        self.names: Sequence[str] = list(names)
        assert a.facts is b.facts, "two lists of agreements"
        self.facts = a.facts
        self.agreement: Ints = self._case(a.agreement, b.agreement)
        self.birth: Ints = self._case(a.birth, b.birth)
        self.whole = a.whole and b.whole

    def _row(self, x: Ints, y: Ints) -> Ints:
        found: Ints = np.concatenate([x, y])[self._rows]
        return found

    def _case(self, x: Ints, y: Ints) -> Ints:
        out = np.empty(len(x) + len(y), np.result_type(x, y))
        out[self._number] = np.concatenate([x, y])
        return out

    def attribute(self, attribute: str, dictionary: Dictionary) -> Ints:
        """See `Source`."""
        return self._row(*(s.attribute(attribute, dictionary) for s in self.parts))

    def says_null(self, attribute: str) -> Bools:
        """See `Source`."""
        found = np.concatenate([s.says_null(attribute) for s in self.parts])
        return found[self._rows]

    def gone(self, records: Collection[str], name: str) -> Bools | None:
        """See `Source`."""
        found = [s.gone(records, name) for s in self.parts]
        if all(each is None for each in found):
            return None
        out = np.zeros(len(self.agreement), bool)
        sizes = [len(s.cases) for s in self.parts]
        out[self._number] = np.concatenate(
            [np.zeros(n, bool) if each is None else each for n, each in zip(sizes, found, strict=True)]
        )
        return out

    def across(self, name: str) -> None:
        """See `Source`: tickets of two sources stand alone."""

    def gaps(self) -> Gaps | None:
        """See `Source`."""
        found = [s.gaps() for s in self.parts]
        some = [g for g in found if g is not None]
        if not some:
            return None
        begin = (0, len(self.parts[0].cases))
        case = self._number[
            np.concatenate([g.case + at for g, at in zip(found, begin, strict=True) if g is not None])
        ]
        order = np.argsort(case, kind="stable")
        return Gaps(
            case[order],
            np.concatenate([g.start for g in some])[order],
            np.concatenate([g.end for g in some])[order],
            np.concatenate([g.shared for g in some])[order],
        )
