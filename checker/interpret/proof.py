"""What a condition rests on: the values looked up and where they come from, named conditions opened up.

A proof is a plain tree for the explanation: `text`, `truth` (true, false, unknown), `rests_on` (what was found, in words),
`joined` (how the parts decide: all, any, none) and `parts`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from checker.interpret import amounts, calendars, conditions, events, moments, spans, values
from checker.interpret.possible import Moment, Number, Quantity, Truth
from checker.interpret.shown import duration, iso, short, stretch, when
from checker.interpret.world import Frame, World
from checker.record.model import Event
from dsl import contract as ir
from dsl import phrase

Node = dict[str, Any]
MOST_DEPTH = 8
"""How many named conditions are opened inside each other."""
MOST_SHOWN = 4
"""How many events or entries are named; the others are counted."""


def named(t: Truth) -> str:
    """A truth as the explanation writes it."""
    return "unknown" if t.value is None else "true" if t.value else "false"


def prove(world: World, c: ir.Condition, frame: Frame, *, owed: bool = False, depth: int = 0) -> Node:
    """The proof of a condition; evaluated as the verdict evaluates it, so that it cannot differ from it."""
    node: Node = {
        "text": phrase.condition(c),
        "truth": named(_aside(world, lambda: conditions.truth(world, c, frame, owed=owed))),
        "rests_on": [],
        "parts": [],
    }
    rule = _RULES.get(type(c))
    if rule is not None and depth < MOST_DEPTH:
        rule(world, c, frame, owed, depth, node)
    return node


def _aside(world: World, compute: Callable[[], Any]) -> Any:
    """`compute()` without its events counting as evidence of the whole."""
    seen, world.evidence = world.evidence, None
    try:
        return compute()
    finally:
        world.evidence = seen


def decisive(node: Node) -> str:
    """What makes a proof false, down to the condition that rests on the record: empty where nothing lies below it."""
    while node["truth"] == "false" and node["parts"] and not node.get("negated"):
        failing = [p for p in node["parts"] if p["truth"] == "false"]
        if not failing or (node.get("joined") == "any" and len(failing) > 1):
            return ""
        node = failing[0]
    return str(node["text"])


# --------------------------------------------------------------------------- values
def _value(world: World, v: ir.Value, frame: Frame) -> str:
    """What a term stands for, and where that comes from: the events that told it, or the agreement."""
    before, world.evidence = world.evidence, []
    try:
        found = values.value(world, v, frame)
        sources = world.evidence
    finally:
        world.evidence = before
    if isinstance(v, ir.AttributeOf) and isinstance(v.row, ir.OccasionRow) and frame.event is not None:
        sources = [frame.event]
    said = "not on record" if found.options is None else " or ".join(phrase.shown(o) for o in found.options)
    if found.options is not None and isinstance(v, ir.FactValue | ir.EntryBy):
        return f"{phrase.value(v)}: {said} (the agreement)"
    came = "; ".join(f"{e.name}, {iso(world, e.at)}" for e in sources[:MOST_SHOWN])
    return f"{phrase.value(v)}: {said}" + (f" ({came})" if came else "")


def _values(*pick: str) -> Callable[..., None]:
    def rule(world: World, c: Any, frame: Frame, owed: bool, depth: int, node: Node) -> None:
        node["rests_on"] = [_value(world, getattr(c, name), frame) for name in pick]

    return rule


# --------------------------------------------------------------------------- moments, spans, entries
def _called(term: ir.Instant) -> str:
    return "the occasion" if term == ir.It() and term.name == "it" else phrase.instant(term)


def _instants(world: World, c: ir.CompareInstants, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    for term in (c.left, c.right):
        found = _aside(world, partial(moments.moment, world, term, frame))
        node["rests_on"].append(f"{_called(term)}: {when(world, found)}")


def _during(world: World, c: ir.During, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    moment = _aside(world, lambda: moments.moment(world, c.moment, frame))
    node["rests_on"] = [
        f"{_called(c.moment)}: {when(world, moment)}",
        *_span(world, c.kind, c.name, moment, frame),
    ]


def _span(world: World, kind: str, name: str, moment: Moment, frame: Frame) -> list[str]:
    """What a calendar, state, fact or period says of a moment."""
    if kind == "calendar":
        rows = calendars.ledger(world, ir.Clock(name), moment.lo, moment.lo + 1) if moment.exact else []
        return [f"{name}: {'open' if r.kind == 'counted' else r.why or 'closed'}" for r in rows]
    if kind == "state":
        found = _aside(world, lambda: spans.stretches(world, name))
        near = [s for s in found if s.start.lo <= moment.hi][-MOST_SHOWN:]
        if not near:
            return [f"{name}: " + ("not begun by then" if found else "none on record")]
        out = []
        for s in near:
            by = f" (begun by {short(world, s.event)})" if s.event is not None else ""
            out.append(f"{name} {stretch(world, s.start, s.end)}{by}")
        return out
    if kind == "fact":
        return _entries(world, name, moment, frame)
    held = _aside(world, lambda: spans.holding(world, kind, name, frame))
    return [f"{name} {stretch(world, held.start, held.end)}"] if held is not None else [f"no {name} holds it"]


def _in_force(world: World, c: ir.InForce, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    term = c.at if c.at is not None else ir.It()
    moment = _aside(world, lambda: moments.moment(world, term, frame))
    node["rests_on"] = [
        f"{_called(term)}: {when(world, moment)}",
        *_entries(world, c.fact, moment, frame),
    ]


def _entries(world: World, fact: str, moment: Moment, frame: Frame) -> list[str]:
    """The entries of a named fact, or why there is none."""
    lines = list(world.lines(world.book.facts[fact].lines))
    path = next(x.fact.path for x in lines if isinstance(x, ir.EntryOf))
    source = " of ".join(reversed(path))
    fitting = _aside(world, lambda: spans.entries(world, fact, frame))
    if any(s.entry is None for s in fitting):
        return [f"{source}: not on record"]
    out = []
    for s in fitting[:MOST_SHOWN]:
        covers = spans.covers(s, moment)
        said = {True: "in force then", False: "not in force then", None: "unknown whether in force then"}[
            covers.value
        ]
        out.append(f"{source}: {_entry(s.entry or {})}: {said}")
    if out:
        return out
    listed = world.fact(path).options
    others = listed[0] if listed and isinstance(listed[0], list) else []
    if not others:
        return [f"{source}: none"]
    shown = "; ".join(_entry(e) for e in others[:MOST_SHOWN] if isinstance(e, Mapping))
    return [f"{source}: none that fits, among {len(others)}: {shown}"]


def _entry(entry: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{k} {phrase.shown(v)}" for k, v in entry.items() if v is not None and not isinstance(v, dict)
    )


# --------------------------------------------------------------------------- events and amounts
def _occurred(world: World, c: ir.Occurred, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    found = _aside(world, lambda: events.search(world, c.rows, frame))
    node["rests_on"] = [short(world, e) for e, _ in found.found[:MOST_SHOWN]]
    if not found.found:
        by = f" by {when(world, found.upper)}" if found.upper is not None else ""
        node["rests_on"] = [f"none on record{by}"]
    elif len(found.found) > MOST_SHOWN:
        node["rests_on"].append(f"and {len(found.found) - MOST_SHOWN} more")


def _amounts(world: World, c: ir.CompareAmounts, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    for term in (c.left, c.right):
        if isinstance(term, ir.Number):
            continue
        found = _aside(world, partial(amounts.amount, world, term, frame, owed=owed))
        node["rests_on"].append(f"{phrase.amount(term)}: {_quantity(found)}")
        for part in _parts(term):
            if not isinstance(part, ir.Number):
                found = _aside(world, partial(amounts.amount, world, part, frame, owed=owed))
                node["rests_on"].append(f"{phrase.amount(part)}: {_quantity(found)}")
        if isinstance(term, ir.NumberInForce):
            at = moments.moment(world, term.at if term.at is not None else ir.It(), frame)
            node["rests_on"] += _entries(world, term.fact, at, frame)
        if isinstance(term, ir.Count | ir.Total):
            counted = _aside(world, partial(events.search, world, term.rows, frame)).found
            node["rests_on"] += [short(world, e) for e, _ in counted[:MOST_SHOWN]]
            if len(counted) > MOST_SHOWN:
                node["rests_on"].append(f"and {len(counted) - MOST_SHOWN} more")


def _parts(term: ir.Amount) -> tuple[ir.Amount, ...]:
    """The amounts that another is made of, where what they come to is worth showing."""
    if isinstance(term, ir.Sum):
        return term.of
    return (term.of,) if isinstance(term, ir.RoundedUp) and not isinstance(term.of, ir.AmountOf) else ()


def _decimal(n: Number) -> str:
    """A number as a decimal where it is one: 121/10 is 12.1."""
    rest = n.denominator
    while rest % 2 == 0:
        rest //= 2
    while rest % 5 == 0:
        rest //= 5
    return str(n) if n.denominator == 1 or rest != 1 else str(Decimal(n.numerator) / Decimal(n.denominator))


def _quantity(q: Quantity) -> str:
    def one(n: Any) -> str:
        said = _decimal(n)
        return duration(int(n)) if q.unit == "second" else f"{said} {q.unit}" if q.unit else said

    if q.hi is None:
        return f"at least {one(q.lo)}" if q.lo > 0 else "not on record"
    return one(q.lo) if q.lo == q.hi else f"from {one(q.lo)} to {one(q.hi)}"


# --------------------------------------------------------------------------- named conditions and groups
def _holds(world: World, c: ir.Holds, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    if c.kind == "condition":
        lines = list(world.lines(world.book.conditions[c.name].lines))
        node["joined"] = "all"
        node["negated"] = c.negated
        node["parts"] = [prove(world, x, frame, owed=owed, depth=depth + 1) for x in lines]
        if len(node["parts"]) == 1 and not c.negated:
            # A name for one condition: what that rests on, under the name.
            (only,) = node["parts"]
            node["parts"], node["joined"] = only["parts"], only.get("joined", "all")
            node["negated"] = only.get("negated", False)
            node["rests_on"] = only["rests_on"]
        return
    from checker.interpret.judge import outcome_at

    outcome = _aside(world, lambda: outcome_at(world, c.name, frame.occasion))
    node["rests_on"] = [f"{c.name}: {outcome.verdict}, {outcome.because}"]
    clause = world.book.clauses[c.name]
    gates = [g.condition for g in world.lines(clause.gates) if isinstance(g, ir.Gate)]
    same = frame.occasion is not None and frame.occasion.event is not None and frame.entry is None
    node["of_clause"] = True
    if same and gates:
        node["joined"] = "all"
        node["negated"] = c.negated
        node["parts"] = [prove(world, g, frame, depth=depth + 1) for g in gates]


def _group(world: World, c: ir.Group, frame: Frame, owed: bool, depth: int, node: Node) -> None:
    node["joined"] = c.quantifier
    inner = owed and c.quantifier != "none"
    node["parts"] = [prove(world, x, frame, owed=inner, depth=depth + 1) for x in world.lines(c.of)]
    node["group"] = True


_RULES: dict[type, Callable[..., None]] = {
    ir.IsOneOf: _values("value"),
    ir.InList: _values("value"),
    ir.SameValue: _values("left", "right"),
    ir.Among: _values("value", "of"),
    ir.Mentions: _values("value"),
    ir.Recorded: _values("value"),
    ir.CompareRanks: _values("left", "right"),
    ir.CompareInstants: _instants,
    ir.During: _during,
    ir.InForce: _in_force,
    ir.CompareAmounts: _amounts,
    ir.Occurred: _occurred,
    ir.Holds: _holds,
    ir.Group: _group,
}


# --------------------------------------------------------------------------- what did not count
def passed_over(world: World, names: tuple[str, ...], since: int) -> list[str]:
    """Events of the right kind that do not qualify, and the line of the definition that leaves them out."""
    counted = {id(e) for n in names for e, _ in _aside(world, partial(events.rows, world, n))}
    out: list[str] = []
    for name in names:
        for base in events.bases(world, name):
            for event in world.case.named(base):
                if id(event) not in counted and event.at >= since:
                    why = _left_out(world, name, event)
                    text = f"{short(world, event)}" + (f": not so: {why}" if why else "")
                    if text not in out:
                        out.append(text)
    return out[:MOST_SHOWN]


def _left_out(world: World, name: str, event: Event) -> str:
    """The first condition of a defined event that fails on a row."""
    definition = world.book.events.get(name)
    for line in world.lines(definition.lines) if definition is not None else ():
        if isinstance(line, ir.Where):
            condition = line.condition
            if _aside(world, partial(conditions.truth, world, condition, Frame(event=event))).value is False:
                return phrase.condition(condition)
        elif isinstance(line, ir.Means):
            for inner in line.events:
                if inner in world.book.events and event.name in events.bases(world, inner):
                    why = _left_out(world, inner, event)
                    if why:
                        return why
    return ""
