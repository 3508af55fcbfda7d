"""How much a record holds, as a whole: its first and last event, how many events there are, the kinds of its tickets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from checker.record.model import Ticket


@dataclass(frozen=True, slots=True)
class Extent:
    """Of the tickets' own events up to an instant.

    `first`, `last`: the first and the last (seconds UTC; None: there is none). `events`: how many; `rough`: those whose stamp is not to
    the second. `kinds`: tickets by kind (empty: the source states none).
    """

    first: int | None = None
    last: int | None = None
    events: int = 0
    rough: int = 0
    kinds: Mapping[str, int] = field(default_factory=dict)

    def __add__(self, other: Extent) -> Extent:
        firsts = [x for x in (self.first, other.first) if x is not None]
        lasts = [x for x in (self.last, other.last) if x is not None]
        return Extent(
            min(firsts, default=None),
            max(lasts, default=None),
            self.events + other.events,
            self.rough + other.rough,
            Counter(self.kinds) + Counter(other.kinds),
        )


def extent_of(tickets: Iterable[Ticket], now: int) -> Extent:
    """The extent of tickets up to an instant."""
    first: int | None = None
    last: int | None = None
    events = rough = 0
    kinds: Counter[str] = Counter()
    for ticket in tickets:
        kinds[ticket.kind] += 1
        for e in ticket.events:
            if e.at <= now:
                events += 1
                rough += e.until != e.at
                first = e.at if first is None or e.at < first else first
                last = e.at if last is None or e.at > last else last
    return Extent(first, last, events, rough, kinds)
