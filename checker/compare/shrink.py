"""Making a history smaller while it still shows the same: events, attributes and facts go, and instants are rounded."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime, tzinfo

from checker.compare.draft import Draft, zone_of

Shows = Callable[[Draft], bool]
_ROUND = (86400, 3600, 1800, 900, 300, 60)
_KEPT = ("at", "event")


def shrunk(draft: Draft, shows: Shows, until: float) -> Draft:
    """The smallest history that was found; it shows the same."""
    progress = True
    while progress and time.monotonic() < until:
        progress = False
        for smaller in _smaller(draft):
            if time.monotonic() > until:
                break
            if shows(smaller):
                draft, progress = smaller, True
                break
    return _rounded(draft, shows, until)


def _smaller(draft: Draft) -> Iterator[Draft]:
    for i in range(len(draft.events)):
        less = draft.copied()
        del less.events[i]
        yield less
    for key in draft.facts:
        if key not in ("time_zone", "country"):
            less = draft.copied()
            del less.facts[key]
            yield less
    for i, event in enumerate(draft.events):
        for key in event:
            if key not in _KEPT:
                less = draft.copied()
                del less.events[i][key]
                yield less
    for key, found in draft.facts.items():
        if isinstance(found, list) and len(found) > 1:
            for i in range(len(found)):
                less = draft.copied()
                del less.facts[key][i]
                yield less
        for path in _paths(found):
            less = draft.copied()
            at = less.facts[key]
            for step in path[:-1]:
                at = at[step]
            del at[path[-1]]
            yield less


def _paths(value: object) -> Iterator[tuple[str | int, ...]]:
    """Keys inside a fact that can go."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "_of":
                yield (key,)
            yield from ((key, *p) for p in _paths(inner))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from ((i, *p) for p in _paths(inner))


def _rounded(draft: Draft, shows: Shows, until: float) -> Draft:
    """The same on rounder instants of the place: first all together, then one by one, and the audit instant."""
    zone = zone_of(draft.facts)
    for i in sorted(range(len(draft.events)), key=lambda i: draft.events[i]["at"]):
        for at in _rounder(draft.events[i]["at"], zone):
            if time.monotonic() > until:
                return draft
            moved = draft.copied()
            moved.events[i]["at"] = at
            if shows(moved):
                draft = moved
                break
    for at in _rounder(draft.last, zone):
        moved = draft.copied()
        moved.last = at
        if shows(moved):
            return moved
    return draft


def _rounder(at: int, zone: tzinfo) -> Iterator[int]:
    """Rounder instants about one, the roundest first."""
    offset = datetime.fromtimestamp(at, zone).utcoffset()
    shift = int(offset.total_seconds()) if offset is not None else 0
    nine = (at + shift) // 86400 * 86400 + 9 * 3600 - shift
    if nine != at:
        yield nine
    for unit in _ROUND:
        low = (at + shift) // unit * unit - shift
        for rounder in (low, low + unit):
            if rounder != at and unit < 86400:
                yield rounder
        if low == at:
            return
