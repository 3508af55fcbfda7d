"""Does every name of a checked contract mean something? For contracts that come as data, without their text."""

from __future__ import annotations

from collections.abc import Iterator

from dsl import contract as ir
from dsl.graph import circles, plain_name, references
from dsl.naming import named
from dsl.places import is_country, is_zone


def unresolved(contract: ir.Contract) -> str | None:
    """The first thing wrong with the names of a contract (one twice, one that means nothing, a circle, no such zone), or None."""
    known = _declared(contract)
    for kind, names in known.items():
        if len(set(names)) != len(names):
            return f"the {kind} {next(n for n in names if names.count(n) > 1)!r} is defined twice"
    sets = {kind: frozenset(names) for kind, names in known.items()}
    readings = {a.name: frozenset(r for r, _ in a.readings) for a in contract.ambiguities}
    for ambiguity in contract.ambiguities:
        if ambiguity.recommended not in readings[ambiguity.name]:
            return f"the ambiguity {ambiguity.name!r} has no reading {ambiguity.recommended!r}"
    for kind, name in named(contract):
        if kind == "reading":
            where, _, which = name.partition("\n")
            if which not in readings.get(where, ()):
                return f"the ambiguity {where!r} has no reading {which!r}"
        elif name not in sets.get(kind, ()):
            return f"no {kind} is named {name!r}"
    place = unknown_place(contract)
    if place is not None:
        return place
    found = circles(references(contract))
    if found:
        return (
            f"these refer to each other in a circle: {', '.join(sorted({plain_name(n) for n in found[0]}))}"
        )
    return None


def unknown_place(contract: ir.Contract) -> str | None:
    """The first zone or country of a contract that the zone data and the holiday library do not have, or None."""
    for zone in _zones(contract):
        if isinstance(zone, str) and not is_zone(zone):
            return f"no time zone is named {zone!r}"
    for country in _countries(contract):
        if isinstance(country, str) and not is_country(country):
            return f"no public holidays are known of a country {country!r}"
    return None


def _zones(contract: ir.Contract) -> Iterator[ir.FactValue | str | None]:
    yield contract.zone
    for calendar in contract.calendars:
        for line in calendar.lines:
            for x in line.all():
                if isinstance(x, ir.ZoneOf):
                    yield from (x.zone, x.otherwise)


def _countries(contract: ir.Contract) -> Iterator[ir.FactValue | str]:
    yield contract.country
    for calendar in contract.calendars:
        for line in calendar.lines:
            yield from (x.country for x in line.all() if isinstance(x, ir.HolidaysOf))


def _declared(contract: ir.Contract) -> dict[str, list[str]]:
    return {
        "ambiguity": [d.name for d in contract.ambiguities],
        "attribute": [d.name for d in contract.attributes],
        "list": [d.name for d in contract.lists],
        "calendar": [d.name for d in contract.calendars],
        "event": [*(d.name for d in contract.events), *(w.name for w in contract.words)],
        "state": [d.name for d in contract.states],
        "fact": [d.name for d in contract.facts],
        "period": [d.name for d in contract.periods],
        "moment": [d.name for d in contract.moments],
        "figure": [d.name for d in contract.figures],
        "condition": [d.name for d in contract.conditions],
        "course": [d.name for d in contract.courses],
        "clause": [c.id for c in contract.clauses],
        "party": [*{"provider", "customer", "either", *(who for who, _ in contract.parties)}],
    }
