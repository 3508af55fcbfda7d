"""Mutations of checked contracts by chance: one small change, as a negotiation or a slip would make it; some change nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import Any

from dsl import contract as ir
from dsl.graph import circles, references

Path = tuple[str | int, ...]
Mutation = Callable[[Any, ir.Contract, Random], Any]
"""Another node in place of one, or the same where there is nothing to change."""

BLOCKS = (
    *("attributes", "lists", "calendars", "events", "states", "facts", "periods", "moments", "figures"),
    *("conditions", "courses"),
)


def nodes(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    """Every node of a contract, with the way to it."""
    if isinstance(value, tuple):
        for i, inner in enumerate(value):
            yield from nodes(inner, (*path, i))
    elif is_dataclass(value) and not isinstance(value, type):
        yield path, value
        for f in fields(value):
            yield from nodes(getattr(value, f.name), (*path, f.name))


def put(value: Any, path: Path, new: Any) -> Any:
    """The value with another part in one place."""
    if not path:
        return new
    step, rest = path[0], path[1:]
    if isinstance(value, tuple):
        assert isinstance(step, int)
        return (*value[:step], put(value[step], rest, new), *value[step + 1 :])
    return replace(value, **{str(step): put(getattr(value, str(step)), rest, new)})


def _without(items: tuple[Any, ...], r: Random) -> tuple[Any, ...]:
    i = r.randrange(len(items))
    return (*items[:i], *items[i + 1 :])


def _is_one_of(x: ir.IsOneOf, c: ir.Contract, r: Random) -> Any:
    kind = r.randrange(4)
    if kind == 0:
        return replace(x, negated=not x.negated)
    if kind == 1 and len(x.among) > 1:
        return replace(x, among=_without(x.among, r))
    if kind == 2:
        return replace(x, among=(*x.among, "something new"))
    # The same values in another order, one of them twice: nothing changes.
    return replace(x, among=(*reversed(x.among), x.among[0]))


def _items(x: ir.Items, c: ir.Contract, r: Random) -> Any:
    if len(x.values) > 1 and r.random() < 0.6:
        return replace(x, values=_without(x.values, r))
    return replace(x, values=(*reversed(x.values), *(("something new",) if r.random() < 0.5 else ())))


def _length(x: ir.Length, c: ir.Contract, r: Random) -> Any:
    if not isinstance(x.amount, int):
        return x
    if x.unit == "hour" and r.random() < 0.3:
        return replace(x, amount=60 * x.amount, unit="minute")
    return replace(x, amount=max(1, r.choice((x.amount + 1, x.amount - 1, 2 * x.amount, x.amount // 2))))


def _clock(x: ir.Clock, c: ir.Contract, r: Random) -> Any:
    if x.calendar is None:
        return replace(x, moved=not x.moved)
    if x.stopped and r.random() < 0.5:
        return replace(x, stopped=())
    return replace(x, calendar=r.choice([d.name for d in c.calendars]))


def _window(x: ir.WindowLine, c: ir.Contract, r: Random) -> Any:
    kind = r.randrange(3)
    if kind == 0:
        return replace(x, save_holidays=not x.save_holidays)
    if kind == 1 and len(x.days) > 1:
        return replace(x, days=_without(x.days, r))
    if kind == 2 and x.end - x.start > 7200:
        return replace(x, end=x.end - 3600, whole_days=False)
    return replace(x, days=tuple(sorted({*x.days, r.randrange(7)})))


def _gate(x: ir.Gate, c: ir.Contract, r: Random) -> Any:
    kinds = [k for k in ("where", "save", "provided") if k != x.kind]
    return replace(x, kind=r.choice(kinds))


def _group(x: ir.Group, c: ir.Contract, r: Random) -> Any:
    kind = r.randrange(4)
    if kind == 0 and len(x.of) > 1:
        return replace(x, quantifier="all" if x.quantifier == "any" else "any")
    if kind == 1 and len(x.of) > 1:
        return replace(x, of=_without(x.of, r))
    if kind == 2:
        # Once more inside: nothing changes.
        return replace(x, of=(*x.of, ir.Line(x))) if x.quantifier != "none" else x
    return replace(x, of=tuple(reversed(x.of)))


def _holds(x: ir.Holds, c: ir.Contract, r: Random) -> Any:
    if x.kind != "condition":
        return replace(x, negated=not x.negated)
    found = next(d for d in c.conditions if d.name == x.name)
    # What it means, written out: nothing changes.
    return ir.Group("all", found.lines) if not x.negated else replace(x, negated=False)


def _superseded(x: ir.SupersededBy, c: ir.Contract, r: Random) -> Any:
    if len(x.clauses) > 1 and r.random() < 0.6:
        return replace(x, clauses=_without(x.clauses, r))
    return replace(x, clauses=(*x.clauses, r.choice([d.id for d in c.clauses if d.level == "ticket"])))


def _perform(x: ir.Perform, c: ir.Contract, r: Random) -> Any:
    kind = r.randrange(4)
    if kind == 0 and len(x.events) > 1:
        return replace(x, events=_without(x.events, r))
    if kind == 1 and x.strength in ("guarantee", "estimate", "target"):
        return replace(x, strength=r.choice(("guarantee", "estimate", "target")))
    if kind == 2 and x.limits:
        return replace(x, limits=_without(x.limits, r))
    return replace(x, limits=tuple(reversed(x.limits)), events=tuple(reversed(x.events)))


def _amounts(x: ir.CompareAmounts, c: ir.Contract, r: Random) -> Any:
    if isinstance(x.right, ir.Number) and r.random() < 0.6:
        return replace(x, right=replace(x.right, amount=x.right.amount + r.choice((-1, 1))))
    return replace(x, relation=r.choice(("at-most", "at-least", "more", "less")))


def _instants(x: ir.CompareInstants, c: ir.Contract, r: Random) -> Any:
    return replace(x, relation=r.choice(("before", "after", "no-later", "no-sooner")))


def _limit(x: ir.Limit, c: ir.Contract, r: Random) -> Any:
    return replace(x, relation={"before": "no-later", "no-later": "before"}.get(x.relation, x.relation))


def _signed(x: Any, c: ir.Contract, r: Random) -> Any:
    return replace(x, negated=not x.negated)


def _clause(x: ir.Clause, c: ir.Contract, r: Random) -> Any:
    kind = r.randrange(5)
    if kind == 0 and x.gates:
        return replace(x, gates=_without(x.gates, r))
    if kind == 1 and len(x.sentences) > 1:
        return replace(x, sentences=_without(x.sentences, r))
    if kind == 2:
        return replace(x, gates=tuple(reversed(x.gates)), sentences=tuple(reversed(x.sentences)))
    if kind == 3:
        return replace(x, title=x.title + " (as agreed)", line=x.line + 40)
    return replace(x, gates=(*x.gates, *x.gates[:1]))


def _reading(x: ir.Ambiguity, c: ir.Contract, r: Random) -> Any:
    """The question settled otherwise than recommended."""
    return replace(x, recommended=r.choice([name for name, _ in x.readings]))


MUTATIONS: dict[type, Mutation] = {
    ir.IsOneOf: _is_one_of,
    ir.Items: _items,
    ir.Length: _length,
    ir.Clock: _clock,
    ir.WindowLine: _window,
    ir.Gate: _gate,
    ir.Group: _group,
    ir.Holds: _holds,
    ir.SupersededBy: _superseded,
    ir.Perform: _perform,
    ir.CompareAmounts: _amounts,
    ir.CompareInstants: _instants,
    ir.Limit: _limit,
    ir.Recorded: _signed,
    ir.InForce: _signed,
    ir.Occurred: _signed,
    ir.InList: _signed,
    ir.Clause: _clause,
    ir.Ambiguity: _reading,
}


# --------------------------------------------------------------------------- places
_ZONES = ("Europe/Warsaw", "Europe/Berlin", "Europe/London", "America/New_York", "UTC+01:00")
_COUNTRIES = ("PL", "CZ", "US", "IN")


def _told(c: ir.Contract, node: type, field: str, usual: str) -> list[ir.FactValue]:
    """Facts that tell a place: the usual one, and those that the contract asks for in such nodes."""
    asked = [getattr(x, field) for block in BLOCKS for _, x in nodes(getattr(c, block)) if type(x) is node]
    return list(dict.fromkeys((ir.FactValue((usual,)), *(x for x in asked if isinstance(x, ir.FactValue)))))


def _zone(x: ir.ZoneOf, c: ir.Contract, r: Random) -> Any:
    kind = r.randrange(3)
    if kind == 0 and isinstance(x.zone, ir.FactValue):
        return replace(x, otherwise=None if x.otherwise else r.choice(_ZONES))
    if kind == 1 and x.otherwise:
        return replace(x, otherwise=r.choice(_ZONES))
    zone = r.choice((*_ZONES[:3], *_told(c, ir.ZoneOf, "zone", "time_zone")))
    return replace(x, zone=zone, otherwise=x.otherwise if isinstance(zone, ir.FactValue) else None)


def _holidays(x: ir.HolidaysOf, c: ir.Contract, r: Random) -> Any:
    return replace(x, country=r.choice((*_COUNTRIES, *_told(c, ir.HolidaysOf, "country", "country"))))


def _calendar(x: ir.CalendarDef, c: ir.Contract, r: Random) -> Any:
    """A place of its own, or none: then that of the contract."""
    node = r.choice((ir.ZoneOf, ir.HolidaysOf))
    there = [line for line in x.lines if isinstance(line.base, node)]
    if there and r.random() < 0.4:
        return replace(x, lines=tuple(line for line in x.lines if line not in there))
    if there:
        return x
    own = _zone(ir.ZoneOf(_ZONES[0]), c, r) if node is ir.ZoneOf else _holidays(ir.HolidaysOf("PL"), c, r)
    return replace(x, lines=(*x.lines, ir.Line(own)))


def _frame(x: ir.Contract, c: ir.Contract, r: Random) -> Any:
    """What the contract says of all its calendars and terms."""
    if r.random() < 0.5:
        return replace(x, zone=r.choice((*_ZONES[:2], *_told(c, ir.ZoneOf, "zone", "time_zone"))))
    return replace(x, country=r.choice((*_COUNTRIES, *_told(c, ir.HolidaysOf, "country", "country"))))


PLACES: dict[type, Mutation] = {
    ir.ZoneOf: _zone,
    ir.HolidaysOf: _holidays,
    ir.CalendarDef: _calendar,
    ir.Contract: _frame,
}
"""Mutations of where calendars are: a table of its own, so that a seed of the others makes what it always made."""
OF_PLACES = "places "
"""How a seed begins that changes a place."""


def mutated(contract: ir.Contract, seed: str) -> tuple[ir.Contract, str]:
    """The contract with one change by chance, and what it is; the same for the same seed."""
    r = Random(seed)
    table = PLACES if seed.startswith(OF_PLACES) else MUTATIONS
    found: dict[type, list[tuple[Path, Any]]] = {}
    if table is PLACES:
        found[ir.Contract] = [((), contract)]
    for block in (*BLOCKS, "clauses", "ambiguities"):
        for path, node in nodes(getattr(contract, block), (block,)):
            if type(node) in table:
                found.setdefault(type(node), []).append((path, node))
    for _ in range(200):
        kind = r.choice(sorted(found, key=lambda t: t.__name__))
        path, node = r.choice(found[kind])
        new = table[kind](node, contract, r)
        if new != node:
            if kind is ir.Contract:
                return new, f"zone {node.zone} -> {new.zone}, country {node.country} -> {new.country}"
            where = "/".join(map(str, path))
            changed: ir.Contract = put(contract, path, new)
            if not circles(references(changed)):
                return changed, f"{where}: {node} -> {new}"
    raise ValueError("nothing could be changed")
