"""What is added up while an audit is judged: counts alone, so that pieces of it can be added to each other in any order."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

from checker.clock.zones import zone as zone_of
from checker.report.model import Group

_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_LATE: Final = (
    _MINUTE,
    5 * _MINUTE,
    15 * _MINUTE,
    30 * _MINUTE,
    _HOUR,
    2 * _HOUR,
    4 * _HOUR,
    8 * _HOUR,
    _DAY,
    2 * _DAY,
    7 * _DAY,
    14 * _DAY,
    30 * _DAY,
    90 * _DAY,
)
EDGES: Final = (*(-s for s in reversed(_LATE)), 0, *_LATE)
"""Where a bin of margins ends and the next begins, in seconds."""
PERCENTS: Final = (*range(0, 105, 5), *range(110, 210, 10), 250, 300, 400, 500, 1000)
"""The points of a curve, in percent of a limit."""


class Bound(NamedTuple):
    """A clause, as far as it binds a party with a strength."""

    clause: str
    strength: str
    party: str


_GROUPS: Final[Mapping[str, Group]] = {
    "guarantee": "guarantee",
    "target": "target",
    "estimate": "estimate",
    "may": "right",
    "discretion": "right",
    "duty": "duty",
}


def group_of(strength: str) -> Group:
    """The group in which a report counts a strength."""
    return _GROUPS.get(strength, "other")


def margin_bin(margin: int) -> int:
    """The bin of a margin: a place in the bins that EDGES make, one more than these."""
    return bisect_right(EDGES, margin)


def percent_bin(taken: int, limit: int) -> int:
    """The first of PERCENTS that a share of a limit does not go beyond; their number where it goes beyond all."""
    return bisect_left(PERCENTS, -(-max(taken, 0) * 100 // limit))


class Local(NamedTuple):
    """An instant on a wall clock: month, weekday (0 is Monday), hour."""

    month: str
    weekday: int
    hour: int


def local(second: int, zone: str | None) -> Local:
    """An instant as the clocks of a zone show it (UTC without one)."""
    # Clocks change at whole quarters of an hour, in UTC, since long before there were tickets.
    return _local(second // 900, zone)


@lru_cache(maxsize=1 << 18)
def _local(quarter: int, zone: str | None) -> Local:
    at = datetime.fromtimestamp(quarter * 900, zone_of(zone) if zone is not None else UTC)
    return Local(f"{at.year:04}-{at.month:02}", at.weekday(), at.hour)


@dataclass(slots=True)
class Sums:
    """Counts of verdicts, each by what the name of its field says.

    `months` and what follows leave out what does not apply; the month None is that of verdicts that belong to none. `hours` and
    `undated`: breaches with and without a limit on record. `margins`: by bin and verdict. `curves`: acts on record by bin.
    `agreements`: of the provider's guarantees, targets and estimates, by these. `records`: how many were judged, by agreement. `left`:
    verdicts that the columns left to the interpreter; `interpreted`: clauses with a form that columns do not hold.
    """

    verdicts: Counter[tuple[Bound, str]] = field(default_factory=Counter)
    contested: Counter[Bound] = field(default_factory=Counter)
    months: Counter[tuple[Bound, str | None, str]] = field(default_factory=Counter)
    hours: Counter[tuple[Bound, int, int]] = field(default_factory=Counter)
    undated: Counter[Bound] = field(default_factory=Counter)
    margins: Counter[tuple[Bound, int, str]] = field(default_factory=Counter)
    curves: Counter[tuple[Bound, int]] = field(default_factory=Counter)
    agreements: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    claims: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    records: Counter[str] = field(default_factory=Counter)
    left: int = 0
    interpreted: dict[str, str] = field(default_factory=dict)

    def merge(self, other: Sums) -> None:
        """Add another piece of the same audit."""
        for f in fields(self):
            mine, theirs = getattr(self, f.name), getattr(other, f.name)
            if isinstance(mine, Counter):
                mine.update(theirs)
        self.left += other.left
        for clause, form in other.interpreted.items():
            self.interpreted.setdefault(clause, form)
