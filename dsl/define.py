"""The words that a clause uses, with what the contract means by them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from typing import Any

from dsl import contract as ir
from dsl import phrase

_KINDS = {
    "list": "lists",
    "calendar": "calendars",
    "event": "events",
    "state": "states",
    "fact": "facts",
    "period": "periods",
    "moment": "moments",
    "figure": "figures",
    "condition": "conditions",
    "course": "courses",
}
# Fields that hold values of the record or text, never names of definitions.
_NOT_NAMES = frozenset({"among", "values", "attribute", "path", "title", "title_pl", "cite", "why", "id"})


def words_of(contract: ir.Contract, clause: ir.Clause) -> dict[str, list[str]]:
    """Every definition that a clause rests on, in the order in which they come up.

    Keys are `event first-response` and the like; values the lines of the definition, readings included.
    """
    return {f"{kind} {d.name}": lines_of(d) for kind, d in definitions_of(contract, clause)}


def all_definitions(contract: ir.Contract) -> list[tuple[str, Any]]:
    """All definitions of a contract with their kinds: `list`, `calendar`, `event` and so on."""
    return [(kind, d) for kind, many in _KINDS.items() for d in getattr(contract, many)]


def definitions_of(contract: ir.Contract, clause: ir.Clause) -> list[tuple[str, Any]]:
    """Every definition that a clause rests on, with its kind, straight or through another one, in the order in which they come up."""
    known = {d.name: (kind, d) for kind, d in all_definitions(contract)}
    found: dict[str, tuple[str, Any]] = {}
    waiting: list[Any] = [clause]
    while waiting:
        for name in _names(waiting.pop(0)):
            if name in known and name not in found:
                found[name] = known[name]
                waiting.append(known[name][1])
    return list(found.values())


def ambiguities_of(contract: ir.Contract, clause: ir.Clause) -> list[ir.Ambiguity]:
    """The ambiguities on which a clause rests, in its own lines or in a definition or clause that it names; by name."""
    known: dict[str, Any] = {d.name: d for many in _KINDS.values() for d in getattr(contract, many)}
    known |= {c.id: c for c in contract.clauses}
    found: set[str] = set()
    seen = {clause.id}
    waiting: list[Any] = [clause]
    while waiting:
        at = waiting.pop()
        found.update(_consulted(at))
        for name in _names(at):
            if name in known and name not in seen:
                seen.add(name)
                waiting.append(known[name])
    return [a for a in contract.ambiguities if a.name in found]


def _consulted(node: Any) -> Iterable[str]:
    """The ambiguities of the alternatives in a part of the contract."""
    if isinstance(node, tuple):
        for item in node:
            yield from _consulted(item)
    elif is_dataclass(node):
        if isinstance(node, ir.Alternative):
            yield node.ambiguity
        if isinstance(node, ir.Clause) and node.only_on is not None:
            yield node.only_on[0]
        for f in fields(node):
            yield from _consulted(getattr(node, f.name))


def _names(node: Any) -> Iterable[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, tuple):
        for item in node:
            yield from _names(item)
    elif is_dataclass(node):
        for f in fields(node):
            if f.name not in _NOT_NAMES:
                yield from _names(getattr(node, f.name))


def lines_of(definition: Any) -> list[str]:
    """The lines of a definition in words, with what other readings put in place of one."""
    return _lines(definition.lines)


def _lines(lines: Any, indent: str = "") -> list[str]:
    out: list[str] = []
    for line in lines:
        out += [indent + text for text in _said(line.base)]
        for other in line.readings:
            out.append(f"{indent}or on reading {other.ambiguity}.{other.reading}")
            out += _lines(other.lines, indent + "  ") or [f"{indent}  this line falls away"]
    return out


def _said(line: Any) -> list[str]:
    rule = _SAYS.get(type(line))
    if isinstance(line, ir.ButWhere):
        return [f"but where {phrase.condition(line.condition)}", *_lines(line.lines, "  ")]
    return [rule(line) if rule is not None else phrase.condition(line)]


def _from(what: ir.FactValue | str) -> str:
    return what if isinstance(what, str) else phrase.value(what)


def _of(amount: int, unit: str) -> str:
    return f"{unit}" if amount == 1 else f"{amount} {unit}s"


_SAYS: dict[type, Callable[[Any], str]] = {
    ir.Items: lambda x: ", ".join(phrase.scalar(v) for v in x.values),
    ir.AllOf: lambda x: f"all of {x.name}",
    ir.KeptIn: lambda x: f"kept in {phrase.value(x.fact)}",
    ir.WindowLine: phrase.window,
    ir.RoundTheClock: lambda x: "round the clock",
    ir.Less: lambda x: f"less {x.name}",
    ir.HoursFrom: lambda x: f"hours from {phrase.value(x.fact)}",
    ir.ZoneOf: lambda x: f"zone {_from(x.zone)}" + (f", else {x.otherwise}" if x.otherwise else ""),
    ir.HolidaysOf: lambda x: f"holidays of {_from(x.country)}",
    ir.Means: lambda x: f"means {' or '.join(x.events)}",
    ir.Where: lambda x: f"where {phrase.condition(x.condition)}",
    ir.FromUntil: lambda x: f"from {' or '.join(x.start)} until {' or '.join(x.end)}",
    ir.While: lambda x: f"while {x.attribute} is {phrase.choice(x.among)}",
    ir.ForEach: lambda x: f"for each {x.attribute}",
    ir.EntryOf: lambda x: f"means an entry of {phrase.value(x.fact)}",
    ir.EachUnit: lambda x: f"means each {x.unit}",
    ir.EachFrom: lambda x: f"means each {_of(x.amount, x.unit)} from the start of {_from(x.start)}",
    ir.Rolling: lambda x: f"means the {_of(x.amount, x.unit)} up to the occasion",
    ir.Entries: lambda x: f"means each entry of {phrase.value(x.fact)}",
    ir.Named: lambda x: f"means each {x.unit} named in {phrase.value(x.fact)}",
    ir.MeansMoment: lambda x: f"means {phrase.instant(x.moment)}",
    ir.MeansAmount: lambda x: f"means {phrase.amount(x.amount)}",
    ir.FromTable: lambda x: f"means {x.unit} of {phrase.value(x.table)} by {phrase.value(x.by)}",
    ir.NotOnRecord: lambda x: "is left to the agreement, and not on record",
    ir.OnRise: lambda x: (
        f"on a rise the limit runs from {'the change' if x.from_change else 'where it ran from'}"
    ),
    ir.OnFall: lambda x: (
        f"on a fall the limit runs from {'the change' if x.from_change else 'where it ran from'}"
    ),
    ir.EarlierBinds: lambda x: "the earlier limit binds",
    ir.NotCured: lambda x: "a passed limit is not cured",
    ir.OnceIsEnough: lambda x: "one performance is enough",
}
