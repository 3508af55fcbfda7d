"""Does every name of a checked contract mean something? For contracts that come as data, without their text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from dsl import contract as ir
from dsl.graph import circles, plain_name, references

# Where a node names a definition: (class, field) and the kind of what is named.
_KIND: Mapping[tuple[type, str], str] = {
    (ir.AtLeastShare, "period"): "period",
    (ir.AttributeAsOf, "attribute"): "attribute",
    (ir.Clause, "course"): "course",
    (ir.Clock, "calendar"): "calendar",
    (ir.Clock, "stopped"): "state",
    (ir.CourseDef, "attribute"): "attribute",
    (ir.CourseDef, "steps"): "clause",
    (ir.Each, "event"): "event",
    (ir.EachStretch, "attribute"): "attribute",
    (ir.EventRow, "event"): "event",
    (ir.FactRow, "fact"): "fact",
    (ir.FigureRef, "name"): "figure",
    (ir.FromUntil, "end"): "event",
    (ir.FromUntil, "start"): "event",
    (ir.InForce, "fact"): "fact",
    (ir.InList, "list"): "list",
    (ir.Keep, "state"): "state",
    (ir.Length, "amount"): "figure",
    (ir.Means, "events"): "event",
    (ir.MomentRef, "name"): "moment",
    (ir.Perform, "events"): "event",
    (ir.Pick, "event"): "event",
    (ir.Refrain, "events"): "event",
    (ir.RefusedBy, "events"): "event",
    (ir.SamePeriod, "period"): "period",
    (ir.CompareRanks, "attribute"): "attribute",
    (ir.AttributeDef, "set_by"): "event",
    (ir.Rows, "events"): "event",
    (ir.SaveFor, "state"): "state",
    (ir.StandsFor, "clauses"): "clause",
    (ir.SupersededBy, "clauses"): "clause",
    (ir.TimeIn, "state"): "state",
    (ir.UnderWay, "state"): "state",
    (ir.While, "attribute"): "attribute",
    (ir.Ensure, "party"): "party",
    (ir.Keep, "party"): "party",
    (ir.Perform, "party"): "party",
    (ir.Refrain, "party"): "party",
    (ir.Release, "party"): "party",
}
# Where the node itself says of which kind its name is.
_NAMED_WITH_KIND: Mapping[type, str] = {
    ir.Boundary: "of",
    ir.During: "name",
    ir.EachSpan: "name",
    ir.Holds: "name",
    ir.InSpan: "name",
    ir.LeavingOut: "name",
    ir.Less: "name",
    ir.SpanLimit: "name",
}


def unresolved(contract: ir.Contract) -> str | None:
    """The first thing wrong with the names of a contract (one twice, one that means nothing, a circle), or None."""
    known = _declared(contract)
    for kind, names in known.items():
        if len(set(names)) != len(names):
            return f"the {kind} {next(n for n in names if names.count(n) > 1)!r} is defined twice"
    sets = {kind: frozenset(names) for kind, names in known.items()}
    readings = {a.name: frozenset(r for r, _ in a.readings) for a in contract.ambiguities}
    for ambiguity in contract.ambiguities:
        if ambiguity.recommended not in readings[ambiguity.name]:
            return f"the ambiguity {ambiguity.name!r} has no reading {ambiguity.recommended!r}"
    for kind, name in _named(contract):
        if kind == "reading":
            where, _, which = name.partition("\n")
            if which not in readings.get(where, ()):
                return f"the ambiguity {where!r} has no reading {which!r}"
        elif name not in sets.get(kind, ()):
            return f"no {kind} is named {name!r}"
    found = circles(references(contract))
    if found:
        return (
            f"these refer to each other in a circle: {', '.join(sorted({plain_name(n) for n in found[0]}))}"
        )
    return None


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


def _named(contract: ir.Contract) -> Iterator[tuple[str, str]]:
    """Every name that something refers to, with the kind that it must be of (for a reading: ambiguity, line feed, reading)."""
    stack: list[tuple[Any, str]] = [(contract, "")]
    while stack:
        at, inside = stack.pop()
        if isinstance(at, tuple):
            stack.extend((x, inside) for x in at)
            continue
        if not is_dataclass(at) or isinstance(at, type):
            continue
        if isinstance(at, ir.ListDef | ir.CalendarDef):
            inside = "list" if isinstance(at, ir.ListDef) else "calendar"
        if isinstance(at, ir.Alternative):
            yield "reading", f"{at.ambiguity}\n{at.reading}"
        elif isinstance(at, ir.Clause) and at.only_on is not None:
            yield "reading", "\n".join(at.only_on)
        elif isinstance(at, ir.AllOf):
            yield inside, at.name
        if type(at) in _NAMED_WITH_KIND:
            yield getattr(at, "kind", ""), getattr(at, _NAMED_WITH_KIND[type(at)])
        for f in fields(at):
            value = getattr(at, f.name)
            kind = _KIND.get((type(at), f.name))
            if kind is not None:
                for name in value if isinstance(value, tuple) else (value,):
                    if isinstance(name, str):
                        yield kind, name
            stack.append((value, inside))
