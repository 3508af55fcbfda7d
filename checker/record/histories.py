"""Events, and histories: the one place where a list of recorded events becomes a sorted history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, cast

from checker.record.flaws import Flaw, Path, did_you_mean, instead_of, one_of, show
from checker.record.instants import PRECISIONS, Precision, day_seconds, span
from checker.record.model import Event, Gap, Place, Value
from checker.record.values import (
    gaps,
    instant,
    kind_of,
    known_name,
    name,
    only_keys,
    text,
    value,
    whole,
    words,
)
from checker.record.words import Words

EVENT_KEYS: Final = frozenset({"at", "event", "ticket", "precision", "revision", "not_before"})
"""The keys of an event that are not attributes."""

ALL_TIME: Final = Gap(day_seconds(1970, 1, 1), day_seconds(2099, 12, 31) + 86_399)
"""A gap over every instant that a record can hold."""

OUT_OF_ORDER: Final = "events out of order: sorted by time"
"""The note on events that were put in order."""

TICKET_KEYS: Final = ("ticket", "agreement", "kind", "events", "records_missing", "gaps", "claims")
HISTORY_KEYS: Final = ("agreement", "events", "records_missing", "gaps")


@dataclass(frozen=True, slots=True)
class History:
    """What tickets and agreements share. `moved` counts events that did not stand in order of time."""

    events: tuple[Event, ...]
    missing: frozenset[str]
    gaps: tuple[Gap, ...]
    moved: int


_AT, _EVENT, _TICKET = ("at",), ("event",), ("ticket",)
_PRECISION_AT, _REVISION, _NOT_BEFORE = ("precision",), ("revision",), ("not_before",)


def event(
    raw: object,
    position: int,
    place: Place | None,
    *,
    trusted_text: bool = False,
    known: Words | None = None,
) -> Event:
    """One event as recorded, with its position in the list as `order`.

    `trusted_text` says that text values need no check for characters that are none (the caller saw no
    escape). `known`: attributes have the types of these words.

    Raises:
        Flaw: a rule of `schemas/ticket.json` is broken; its path begins inside the event.
    """
    if not isinstance(raw, dict):
        raise Flaw((), show(raw), f"an event is {kind_of(raw)}, not a mapping", "write {at: …, event: …}")
    if "at" not in raw:
        raise Flaw(_AT, "", "at is missing", "write when the event happened")
    if "event" not in raw:
        raise Flaw(_EVENT, "", "event is missing", "write the name of the event")
    called = known_name(raw["event"], _EVENT, "the name of the event")
    stamp = raw["at"]
    at, offset = instant(stamp, _AT)
    until = at
    attributes: dict[str, Value] = {}
    ticket: str | None = None
    revision: int | None = None
    if "precision" in raw:
        at, until = span(at, offset, _precision(raw["precision"]))
    if "not_before" in raw:
        earliest, _ = instant(raw["not_before"], _NOT_BEFORE)
        if earliest > until:
            found = show(raw["not_before"])
            raise Flaw(_NOT_BEFORE, found, "not_before is later than at", "write an instant before at")
        at = min(at, earliest)
    for key, given in raw.items():
        if key in EVENT_KEYS:
            if key == "ticket":
                ticket = name(given, _TICKET, "the ticket")
            elif key == "revision":
                revision = whole(given, _REVISION, "the revision")
            continue
        kind = type(given)
        if not (given is None or kind is bool or (kind is str and trusted_text)):
            given = text(given, (key,)) if kind is str else value(given, (str(key),))
        called_key = known_name(key, (str(key),), "the key")
        if known is not None:
            known.check_attribute(called, called_key, given)
        attributes[called_key] = given
    return Event(called, at, until, attributes, ticket, revision, position, cast(str, stamp), place)


def history(
    raw: Mapping[str, object],
    path: Path,
    place: Place | None,
    *,
    trusted_text: bool = False,
    events_due: bool = True,
    known: Words | None = None,
) -> History:
    """The events, missing records and gaps of a mapping that has the keys `events`, `records_missing` and
    `gaps`.

    `known`: the words of `records_missing` are among these.

    Raises:
        Flaw: as `event`; or `events` is no list, or is absent or empty though `events_due`; or a log that
        nobody knows is missing.
    """
    listed = raw.get("events")
    if listed is None and not events_due and "events" not in raw:
        listed = []
    if not isinstance(listed, list):
        reason = "events is missing" if "events" not in raw else f"events is {kind_of(listed)}, not a list"
        hint = instead_of("events", raw) if "events" not in raw else ""
        found = "" if "events" not in raw else show(listed)
        raise Flaw((*path, "events"), found, reason, hint or "write events: [{at: …, event: …}]")
    if not listed and events_due:
        raise Flaw((*path, "events"), "[]", "there is no event", "leave the history out, or write its events")
    made: list[Event] = []
    try:
        for item in listed:
            made.append(event(item, len(made), place, trusted_text=trusted_text, known=known))
    except Flaw as flaw:
        here = (*path, "events", len(made), *flaw.path)
        raise Flaw(here, flaw.found, flaw.reason, flaw.remedy) from None
    ordered, moved = in_order(made)
    return History(
        ordered,
        words(
            raw["records_missing"],
            (*path, "records_missing"),
            known.check_missing if known is not None else None,
        )
        if "records_missing" in raw
        else frozenset(),
        gaps(raw["gaps"], (*path, "gaps")) if "gaps" in raw else (),
        moved,
    )


def in_order(events: Sequence[Event], *, by_revision: bool = True) -> tuple[tuple[Event, ...], int]:
    """Events by time; those of one second by revision if all of them have one, else as they stood.

    `by_revision` is off for events that stand in the order of their revisions already. Returns the events
    with `order` set, and how many stood out of their place in time.
    """
    moved = sum(1 for a, b in pairwise(events) if b.at < a.at)
    ordered = list(events)
    if moved:
        ordered.sort(key=lambda e: e.at)
    start = 0
    for i in range(1, len(ordered) + 1):
        if i < len(ordered) and ordered[i].at == ordered[start].at:
            continue
        if by_revision and i - start > 1 and all(e.revision is not None for e in ordered[start:i]):
            ordered[start:i] = sorted(ordered[start:i], key=lambda e: cast(int, e.revision))
        start = i
    return tuple(e if e.order == i else _at_place(e, i) for i, e in enumerate(ordered)), moved


def merged(parts: Iterable[Iterable[Event]]) -> tuple[Event, ...]:
    """Several histories of one thing as one."""
    return in_order([e for part in parts for e in part])[0]


def claims(raw: object, path: Path) -> dict[str, Value]:
    """The `claims` of a ticket: a mapping of values."""
    if not isinstance(raw, dict):
        raise Flaw(path, show(raw), f"claims is {kind_of(raw)}, not a mapping", "write claims: {name: value}")
    return cast("dict[str, Value]", value(raw, path))


def kind(raw: object, path: Path) -> str:
    """The `kind` of a ticket."""
    return name(raw, path, "the kind")


def known_keys(raw: dict[str, object], keys: tuple[str, ...]) -> None:
    """The keys of a line are those of the format."""
    only_keys(raw, (), keys)


def _precision(found: object) -> Precision:
    for word in PRECISIONS:
        if found == word:
            return word
    hint = did_you_mean(found, PRECISIONS) if isinstance(found, str) else ""
    raise Flaw(_PRECISION_AT, show(found), "unknown precision", hint or f"write {one_of(PRECISIONS)}")


def _at_place(e: Event, order: int) -> Event:
    return Event(e.name, e.at, e.until, e.attributes, e.ticket, e.revision, order, e.stamp, e.place)
