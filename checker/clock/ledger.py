"""The clock as a ledger: every second between two instants, counted, stopped or closed, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from itertools import chain
from typing import Literal

from checker.clock.edges import closing, opening
from checker.clock.zones import DAY, local, wall_seconds

Kind = Literal["counted", "stopped", "closed"]
"""What became of a stretch of time."""

OUTSIDE_HOURS = "outside hours"
"""Why a stretch is closed when no holiday and no dated exception is the reason."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One stretch ``[start, end)`` of instants.

    Attributes:
        start: first second, Unix time.
        end: end, Unix time, not included.
        kind: *counted*; *stopped*: open, but in a stop; *closed*: outside the windows.
        why: for closed rows ``outside hours``, ``public holiday: <name>`` or ``closed by dated exception``,
            else empty.
    """

    start: int
    end: int
    kind: Kind
    why: str = ""


Shut = Callable[[date], "tuple[str, int] | None"]
"""For a local date on which windows stay shut that its weekday would open: why, and the wall-clock seconds of
that date at which the last of them would have closed. None for other dates."""


def ledger_rows(
    a: int,
    b: int,
    opened: Sequence[tuple[int, int]],
    stops: Sequence[tuple[int, int]],
    shut: Shut,
    tz: tzinfo,
    reach: int,
) -> list[LedgerRow]:
    """Return consecutive rows that cover ``[a, b)``.

    Args:
        a: start.
        b: end, after ``a``.
        opened: the open stretches, cut to ``[a, b)``, sorted, disjoint and not touching.
        stops: the stopped stretches, cut to ``[a, b)``, sorted and disjoint.
        shut: which local dates are shut.
        tz: the zone of local dates.
        reach: how many days a window may run past the date on which it opens.
    """
    whole = _merged(stops)
    rows: list[LedgerRow] = []
    at = a
    for start, end in chain(opened, [(b, b)]):
        if at < start:
            rows.extend(_closed(at, start, shut, tz, reach))
        rows.extend(_running(start, end, whole))
        at = end
    return rows


def _merged(stops: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in stops:
        if merged and merged[-1][1] == start:
            merged[-1] = merged[-1][0], end
        else:
            merged.append((start, end))
    return merged


def _running(start: int, end: int, stops: Sequence[tuple[int, int]]) -> Iterator[LedgerRow]:
    at = start
    for low, high in stops:
        low, high = max(low, start), min(high, end)
        if low >= high:
            continue
        if at < low:
            yield LedgerRow(at, low, "counted")
        yield LedgerRow(low, high, "stopped")
        at = high
    if at < end:
        yield LedgerRow(at, end, "counted")


def _closed(start: int, end: int, shut: Shut, tz: tzinfo, reach: int) -> Iterator[LedgerRow]:
    """Split a closed stretch where the reason changes: at midnight, or where a shut window would end."""
    at, since, reason = start, start, ""
    for why, until in _reasons(start, end, shut, tz, reach):
        if why != reason:
            if since < at:
                yield LedgerRow(since, at, "closed", reason)
            since, reason = at, why
        at = until
    yield LedgerRow(since, end, "closed", reason)


def _reasons(start: int, end: int, shut: Shut, tz: tzinfo, reach: int) -> Iterator[tuple[str, int]]:
    """Yield why it is closed, and until when, from ``start`` to ``end``."""
    day = local(start, tz).date() - timedelta(days=reach)
    at, over, over_until = start, "", start
    while at < end:
        midnight = wall_seconds(day, 0)
        morrow = min(end, opening(midnight + DAY, tz))
        found = shut(day)
        if found:
            over, over_until = found[0], closing(midnight + found[1], tz)
        if morrow > at:
            if found:
                yield found[0], morrow
            elif over_until > at:
                yield over, min(over_until, morrow)
                if over_until < morrow:
                    yield OUTSIDE_HOURS, morrow
            else:
                yield OUTSIDE_HOURS, morrow
            at = morrow
        day += timedelta(days=1)
