"""The agreements of a log by number, and what they say beside their tickets: worked out once for all of its parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from checker.columnar.possible import Bools, Ints
from checker.columnar.source import Under
from checker.record.model import Agreement, Event, Gap


class Spread(NamedTuple):
    """What agreements have several of, in one list: of each agreement where its own begin, and how many they are."""

    start: Ints
    numbers: Ints

    @staticmethod
    def of(numbers: Sequence[int]) -> Spread:
        """`numbers`: how many each agreement has."""
        found = np.array(numbers, np.int64)
        return Spread(np.cumsum(found) - found, found)

    def beside(self, agreement: Ints) -> tuple[Ints, Ints]:
        """Of cases under agreements, how many each has beside it, and the place of each in the list."""
        counts = self.numbers[agreement]
        which = np.repeat(self.start[agreement], counts)
        which += np.arange(len(which)) - np.repeat(np.cumsum(counts) - counts, counts)
        return counts, which


class Agreed(Under):
    """Agreements by number. `now`: the audit instant. `after`: the gap from the declared end of the record to it.

    `lacking`: the numbers of those of whose record logs are missing, and which; `lacks`: the same by number. `events`: of their own
    histories until now, one agreement after the other; `gaps`: of their record, and whether each is of the agreement itself.
    """

    def __init__(self, agreements: Iterable[Agreement], now: int, after: Sequence[Gap] = ()) -> None:
        self.agreements = list(agreements)
        super().__init__({a.id: a.facts for a in self.agreements})
        self.now = now
        self.after = tuple(after)
        self.lacking = [(k, a.missing) for k, a in enumerate(self.agreements) if a.missing]
        self.lacks: Bools = np.zeros(len(self.agreements), bool)
        self.lacks[[k for k, _ in self.lacking]] = True
        events = [[e for e in a.events if e.at <= now] for a in self.agreements]
        self.events: list[Event] = [e for each in events for e in each]
        self.events_of = Spread.of([len(each) for each in events])
        gaps = [
            [(g, any(g is own for own in a.gaps)) for g in (*self.after, *a.gaps)] for a in self.agreements
        ]
        self.gaps: list[tuple[Gap, bool]] = [each for own in gaps for each in own]
        self.gaps_of = Spread.of([len(own) for own in gaps])
