"""Where the nodes of a checked contract name definitions, clauses, readings and parties."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

from dsl import contract as ir

# Where a node names a definition: (class, field) and the kind of what is named.
KIND: Mapping[tuple[type, str], str] = {
    (ir.AtLeastShare, "period"): "period",
    (ir.AttributeAsOf, "attribute"): "attribute",
    (ir.Clause, "course"): "course",
    (ir.Clock, "calendar"): "calendar",
    (ir.Clock, "stopped"): "state",
    (ir.CourseDef, "attribute"): "attribute",
    (ir.CourseDef, "steps"): "clause",
    (ir.Each, "event"): "event",
    (ir.EachFrom, "start"): "fact",
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
    (ir.NumberInForce, "fact"): "fact",
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
    (ir.Forfeit, "party"): "party",
}
# Where the node itself says of which kind its name is.
WITH_KIND: Mapping[type, str] = {
    ir.Boundary: "of",
    ir.During: "name",
    ir.EachSpan: "name",
    ir.Holds: "name",
    ir.InSpan: "name",
    ir.LeavingOut: "name",
    ir.Less: "name",
    ir.SpanLimit: "name",
}


def parts(value: Any) -> Iterator[Any]:
    """Every node in a part of a contract."""
    stack = [value]
    while stack:
        at = stack.pop()
        if isinstance(at, tuple):
            stack.extend(at)
        elif is_dataclass(at) and not isinstance(at, type):
            yield at
            stack.extend(getattr(at, f.name) for f in fields(at))


def named(value: Any) -> Iterator[tuple[str, str]]:
    """Every name that a node or anything in it refers to, with the kind that it must be of.

    A reading is given as its ambiguity, a line feed and its name.
    """
    stack: list[tuple[Any, str]] = [(value, "")]
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
        if type(at) in WITH_KIND:
            yield getattr(at, "kind", ""), getattr(at, WITH_KIND[type(at)])
        for f in fields(at):
            inner = getattr(at, f.name)
            kind = KIND.get((type(at), f.name))
            if kind is not None:
                for name in inner if isinstance(inner, tuple) else (inner,):
                    if isinstance(name, str):
                        yield kind, name
            stack.append((inner, inside))
