"""Making a history smaller while it still shows the same, until no single step makes it simpler.

Of two histories the simpler one has fewer events; of as many, fewer facts; then fewer attributes; then fewer events on days that are
not worked; then rounder dates in its facts and values; then rounder instants. Every step below makes a history simpler in this
order, so they come to an end. Zone and country stay: without them no instant could be shown.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from datetime import date, datetime, tzinfo
from typing import Any

from checker.clock.holidays_data import NoHolidayDataError, free_days, place
from checker.compare.draft import Draft, Raw, zone_of

Shows = Callable[[Draft], bool]
_UNITS = (3600, 1800, 900, 300, 60)
"""Whole hours are rounder than half hours, and so on; nine o'clock is the roundest of all."""
_NINE = 9 * 3600
_KEPT = ("at", "event")
_PLACE = ("time_zone", "country")
_DAY = 86400


def shrunk(draft: Draft, shows: Shows, until: float) -> Draft:
    """A history that shows the same, and that no step makes simpler; with what time allows (`until`: on `time.thread_time`)."""
    while True:
        smaller = _pass(draft, shows, until)
        if smaller is draft:
            return draft
        draft = smaller


def _pass(draft: Draft, shows: Shows, until: float) -> Draft:
    """All steps once, each from where the last good one led."""
    for steps in (
        _without_event,
        _joined,
        _without_fact,
        _without_attribute,
        _on_working_days,
        _dated,
        _timed,
    ):
        found: Draft | None = draft
        while found is not None:
            found = None
            for simpler in steps(draft):
                if time.thread_time() > until:
                    return draft
                if shows(simpler):
                    draft = found = simpler
                    break
    return draft


def steps(draft: Draft) -> Iterator[Draft]:
    """Every history that is one step simpler."""
    for kind in (
        _without_event,
        _joined,
        _without_fact,
        _without_attribute,
        _on_working_days,
        _dated,
        _timed,
    ):
        yield from kind(draft)


# --------------------------------------------------------------------------- less of it
def _without_event(draft: Draft) -> Iterator[Draft]:
    for i in reversed(range(len(draft.events))):
        less = draft.copied()
        del less.events[i]
        yield less


def _joined(draft: Draft) -> Iterator[Draft]:
    """One event less: an earlier one says at once what a later one said."""
    for k, later in enumerate(draft.events):
        said = {a: v for a, v in later.items() if a not in _KEPT}
        for i, earlier in enumerate(draft.events):
            if i != k and earlier["at"] <= later["at"] and said and said.keys() <= earlier.keys():
                less = draft.copied()
                less.events[i].update(deepcopy(said))
                del less.events[k]
                yield less


def _without_fact(draft: Draft) -> Iterator[Draft]:
    for path in _paths(draft.facts):
        if path[0] not in _PLACE:
            less = draft.copied()
            at = _at(less.facts, path[:-1])
            del at[path[-1]]
            yield less


def _without_attribute(draft: Draft) -> Iterator[Draft]:
    for i, event in enumerate(draft.events):
        for path in _paths({k: v for k, v in event.items() if k not in _KEPT}):
            less = draft.copied()
            at = _at(less.events[i], path[:-1])
            del at[path[-1]]
            yield less


def _paths(value: object) -> Iterator[tuple[Any, ...]]:
    """All that can go from a value, the outermost first; the last item of a list stays."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key != "_of":
                yield (key,)
                yield from ((key, *p) for p in _paths(inner))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            if len(value) > 1:
                yield (i,)
            yield from ((i, *p) for p in _paths(inner))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


# --------------------------------------------------------------------------- days
def _on_working_days(draft: Draft) -> Iterator[Draft]:
    """The whole history, or one event, on the nearest day that is worked, at the same time of the day."""
    zone, country = zone_of(draft.facts), draft.facts.get("country")
    idle = sum(not worked(e["at"], zone, country) for e in draft.events)
    if not idle:
        return
    for days in (1, -1, 2, -2, 3, -3, 4, -4):
        moved = draft.copied()
        for event in moved.events:
            event["at"] = _days_on(event["at"], days, zone)
        moved.last = _days_on(moved.last, days, zone)
        if sum(not worked(e["at"], zone, country) for e in moved.events) < idle:
            yield moved
    for i, event in enumerate(draft.events):
        if worked(event["at"], zone, country):
            continue
        for days in (1, -1, 2, -2, 3, -3, 4, -4):
            at = _days_on(event["at"], days, zone)
            if worked(at, zone, country):
                yield _moved(draft, i, at)


def worked(at: int, zone: tzinfo, country: object) -> bool:
    """Whether an instant lies on a day from Monday to Friday that is no holiday of the country."""
    day = datetime.fromtimestamp(at, zone).date()
    if day.weekday() > 4:
        return False
    try:
        return not isinstance(country, str) or day not in free_days(*place(country), day.year)
    except NoHolidayDataError:
        return True


def _days_on(at: int, days: int, zone: tzinfo) -> int:
    """The same time of the day, so many days on."""
    local = datetime.fromtimestamp(at, zone).replace(tzinfo=None)
    moved = datetime.combine(date.fromordinal(local.toordinal() + days), local.time())
    return int(moved.replace(tzinfo=zone).timestamp())


def _moved(draft: Draft, i: int, at: int) -> Draft:
    out = draft.copied()
    out.events[i]["at"] = at
    return out


# --------------------------------------------------------------------------- dates
def _dated(draft: Draft) -> Iterator[Draft]:
    """A date in a fact or a value as the first or the last day of its year, or the first of its month."""
    for i in (None, *range(len(draft.events))):
        for path, text in _texts(_holder(draft, i)):
            for rounder in _rounder_dates(text):
                out = draft.copied()
                _at(_holder(out, i), path[:-1])[path[-1]] = rounder
                yield out


def _holder(draft: Draft, i: int | None) -> Raw:
    return draft.facts if i is None else draft.events[i]


def _texts(value: object) -> Iterator[tuple[tuple[Any, ...], str]]:
    if isinstance(value, str):
        yield (), value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key not in (*_KEPT, "_of"):
                yield from (((key, *p), t) for p, t in _texts(inner))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from (((i, *p), t) for p, t in _texts(inner))


def _rounder_dates(text: str) -> Iterator[str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return
    if (day.month, day.day) in ((1, 1), (12, 31)):
        return
    yield f"{day.year}-01-01"
    yield f"{day.year}-12-31"
    if day.day != 1:
        yield f"{day.year}-{day.month:02}-01"


# --------------------------------------------------------------------------- instants
def _timed(draft: Draft) -> Iterator[Draft]:
    """One event, or the audit instant, at a rounder time that is near."""
    zone, country = zone_of(draft.facts), draft.facts.get("country")
    for i in sorted(range(len(draft.events)), key=lambda i: int(draft.events[i]["at"])):
        at = int(draft.events[i]["at"])
        for rounder in _rounder(at, zone):
            if worked(rounder, zone, country) or not worked(at, zone, country):
                yield _moved(draft, i, rounder)
    for rounder in _rounder(draft.last, zone):
        out = draft.copied()
        out.last = rounder
        yield out


def _rounder(at: int, zone: tzinfo) -> Iterator[int]:
    """Rounder instants about one, the roundest first."""
    known = roundness(at, zone)
    if not known:
        return
    shift = local_of(at, zone) - at
    local = at + shift
    near = [local // _DAY * _DAY + _NINE]
    for unit in _UNITS[: known - 1]:
        near += [local // unit * unit, local // unit * unit + unit]
    # Where the clock changes in between, what looks round may not be.
    yield from (t - shift for t in near if roundness(t - shift, zone) < known)


def local_of(at: int, zone: tzinfo) -> int:
    """An instant as the clock of the place counts seconds."""
    offset = datetime.fromtimestamp(at, zone).utcoffset()
    return at + (int(offset.total_seconds()) if offset is not None else 0)


def roundness(at: int, zone: tzinfo) -> int:
    """How round a local second is: 0 for nine o'clock, then by the unit of which it is a whole number."""
    local = local_of(at, zone)
    if local % _DAY == _NINE:
        return 0
    return next((rank for rank, unit in enumerate(_UNITS, 1) if local % unit == 0), len(_UNITS) + 1)


__all__ = ["Raw", "Shows", "roundness", "shrunk", "steps", "worked"]
