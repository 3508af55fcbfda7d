"""Instants, stretches, events and lengths as an explanation writes them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from checker.clock.zones import zone as zone_of
from checker.interpret.possible import EVER, NEVER, Moment
from checker.interpret.world import World
from checker.record.model import Event
from dsl import phrase

EXPLANATION_VERSION = 1
"""The version of the explanation's form; it changes when a field changes its meaning."""
_YEAR_9999 = 253_370_764_800

duration = phrase.duration


def iso(world: World, second: int | None) -> str | None:
    """An instant as ISO 8601 with the offset of the agreement's zone (UTC where no zone is on record); None for ever and never."""
    if second is None or not 0 <= second < _YEAR_9999:
        return None
    tz = zone_of(world.zone) if world.zone is not None else UTC
    return datetime.fromtimestamp(second, tz).isoformat()


def when(world: World, m: Moment) -> str:
    """A moment in words: an instant, its bounds, or that it has not come."""
    m = m.last_second if m.edge else m
    if m.lo == EVER and m.hi == NEVER:
        return "not known"
    if m.lo >= NEVER:
        return "not to come"
    if m.hi >= NEVER:
        return f"not before {iso(world, m.lo)}" if m.lo > EVER else "not yet"
    if m.lo == EVER:
        return f"by {iso(world, m.hi)}"
    return str(iso(world, m.lo)) if m.lo == m.hi else f"between {iso(world, m.lo)} and {iso(world, m.hi)}"


def stretch(world: World, start: Moment, end: Moment) -> str:
    """`from … to …`; an end that has not come is left out."""
    first = "" if start.lo == EVER else f"from {iso(world, start.lo)}"
    last = f"to {iso(world, end.lo)}" if end.exact else "and goes on"
    return f"{first} {last}".strip()


def moment(world: World, m: Moment | None) -> dict[str, Any] | None:
    """A moment for JSON: `at`, or its bounds `no_sooner_than` and `no_later_than` (null: none)."""
    if m is None:
        return None
    if m.exact:
        return {"at": iso(world, m.last_second.lo)}
    return {"no_sooner_than": iso(world, m.lo), "no_later_than": iso(world, m.hi)}


def short(world: World, e: Event) -> str:
    """An event in one line: when, what, and all that it carries."""
    said = ", ".join(f"{k}={phrase.shown(v)}" for k, v in e.attributes.items() if v is not None)
    return f"{iso(world, e.at)} {e.name}" + (f" ({said})" if said else "")
