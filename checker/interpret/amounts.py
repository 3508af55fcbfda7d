"""Amounts: counts, sums, lengths and figures, exact or within bounds."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from math import ceil
from typing import Any

from checker.interpret import conditions, events, moments, spans, values
from checker.interpret.possible import (
    EVER,
    NO_CAUSE,
    Causes,
    Number,
    Possible,
    Quantity,
    common,
    missing_cause,
    open_cause,
    simplest,
    total,
)
from checker.interpret.world import Frame, World, attribute, plain
from dsl import contract as ir

_LENGTHS = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})
_LONGEST, _DIGITS_OF_EXPONENT = 400, 3
"""Characters that a recorded number may have, and those of its exponent with its sign."""
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}


def amount(world: World, term: ir.Amount, frame: Frame, *, owed: bool = False) -> Quantity:
    """What an amount term comes to, within what the record tells.

    `owed`: it stands in a duty, where a count within a period that still runs is open; elsewhere it is as of now.
    """
    if isinstance(term, ir.Number):
        return _number(term)
    if isinstance(term, ir.AmountOf):
        return _measured(values.value(world, term.value, frame), _currency(world, term.value))
    if isinstance(term, ir.Count):
        return _count(world, term.rows, frame, owed)
    if isinstance(term, ir.Total):
        return _total(world, term, frame, owed)
    if isinstance(term, ir.FigureRef):
        return figure(world, term.name, frame)
    if isinstance(term, ir.Share):
        return _share(amount(world, term.of, frame, owed=owed), term.hundredths)
    if isinstance(term, ir.Bound):
        one, other = (amount(world, x, frame, owed=owed) for x in term.of)
        return _bound(one, other, term.highest)
    if isinstance(term, ir.Sum):
        one, other = (amount(world, x, frame, owed=owed) for x in term.of)
        return _sum(one, other, term.less)
    if isinstance(term, ir.RoundedUp):
        found = amount(world, term.of, frame, owed=owed)
        return replace(found, lo=ceil(found.lo), hi=None if found.hi is None else ceil(found.hi))
    if isinstance(term, ir.SizeOf):
        return _size(values.value(world, term.of, frame))
    if isinstance(term, ir.NumberInForce):
        return _in_force(world, term, frame)
    if isinstance(term, ir.UnderWay):
        return _under_way(world, term, frame)
    return _time_in(world, term, frame)


def _number(term: ir.Number) -> Quantity:
    factor = _SECONDS.get(term.unit or "")
    if factor is not None:
        return Quantity(term.amount * factor, term.amount * factor, "second")
    return Quantity(term.amount, term.amount, term.unit)


def _currency(world: World, value: ir.Value) -> str | None:
    """The currency that stands beside an amount of a fact, if one does."""
    if isinstance(value, ir.FactValue) and len(value.path) > 1:
        beside = world.fact((*value.path[:-1], "currency"))
        return str(beside.options[0]) if beside.options else None
    return None


def _measured(found: Possible, unit: str | None) -> Quantity:
    if found.options is None:
        return Quantity(0, None, unit, found.causes)
    numbers = [_exact(o) for o in found.options]
    known = [n for n in numbers if n is not None]
    if len(known) != len(numbers):
        return Quantity(0, None, unit, found.causes | missing_cause("a number"))
    return Quantity(min(known), max(known), unit, found.causes if len(known) > 1 else NO_CAUSE)


def _exact(value: Any) -> Number | None:
    """A recorded number as it is written: whole, or an exact fraction; None for what is no number."""
    if isinstance(value, bool) or value is None:
        return None
    text = str(value)
    _, _, exponent = text.lower().partition("e")
    if len(text) > _LONGEST or len(exponent) > _DIGITS_OF_EXPONENT:
        # A few letters can name a number that takes hours to work out; nobody records such an amount.
        return None
    try:
        return simplest(Fraction(text))
    except (ValueError, ZeroDivisionError):
        return None


def _to_come(world: World, found: events.Search, owed: bool) -> Causes:
    """Why more may come: the time within which is counted is not over."""
    running = found.upper is not None and found.upper.hi >= world.now
    return open_cause(" or ".join(found.names)) if owed and running else NO_CAUSE


def _count(world: World, rows: ir.Rows, frame: Frame, owed: bool) -> Quantity:
    found = events.search(world, rows, frame)
    sure = sum(1 for _, t in found.found if t.value)
    doubtful = [t for _, t in found.found if t.value is None]
    causes: Causes = NO_CAUSE.union(*(t.causes for t in doubtful))
    hi = found.upper.hi if found.upper is not None else world.now
    hidden = events.silence(world, found.names, found.lower, hi) | _to_come(world, found, owed)
    return Quantity(sure, None if hidden else sure + len(doubtful), None, causes | hidden)


def _total(world: World, term: ir.Total, frame: Frame, owed: bool) -> Quantity:
    found = events.search(world, term.rows, frame)
    unit: str | None = None
    lo: Number = 0
    hi: Number = 0
    causes: Causes = NO_CAUSE
    for event, _ in found.found:
        currency = event.attributes.get("currency")
        mine = str(currency) if currency is not None else None
        if unit is not None and mine is not None and mine != unit:
            return Quantity(0, None, unit, missing_cause(f"a rate from {mine} to {unit}"))
        unit = unit or mine
    for event, truth in found.found:
        value = attribute(event, term.attribute)
        number = _exact(value.options[0]) if value.options else None
        if number is not None and term.rounded_up:
            number = ceil(number)
        if number is None:
            return Quantity(
                lo, None, unit, causes | value.causes | missing_cause(f"{term.attribute} of {event.name}")
            )
        hi += number
        if truth.value:
            lo += number
        else:
            causes |= truth.causes
    hidden = events.silence(
        world, found.names, found.lower, found.upper.hi if found.upper is not None else world.now
    ) | _to_come(world, found, owed)
    return Quantity(lo, None if hidden else hi, unit, causes | hidden)


def _share(of: Quantity, hundredths: int) -> Quantity:
    lo = simplest(Fraction(of.lo) * hundredths / 10000)
    hi = None if of.hi is None else simplest(Fraction(of.hi) * hundredths / 10000)
    return Quantity(lo, hi, of.unit, of.causes)


def _bound(a: Quantity, b: Quantity, highest: bool) -> Quantity:
    """The higher or lower of two; of unlike currencies, what either could be once converted."""
    if a.unit != b.unit and a.unit is not None and b.unit is not None:
        cause = missing_cause(f"a rate from {b.unit} to {a.unit}")
        lo, hi = (a.lo, None) if highest else (0, a.hi)
        return Quantity(lo, hi, a.unit, a.causes | b.causes | cause)
    unit = a.unit or b.unit
    pick = max if highest else min
    if highest:
        hi = None if a.hi is None or b.hi is None else max(a.hi, b.hi)
    else:
        his = [x for x in (a.hi, b.hi) if x is not None]
        hi = min(his) if his else None
    return Quantity(pick(a.lo, b.lo), hi, unit, a.causes | b.causes)


def _sum(a: Quantity, b: Quantity, less: bool) -> Quantity:
    causes = a.causes | b.causes
    if a.unit != b.unit and a.unit is not None and b.unit is not None:
        return Quantity(EVER, None, None, causes | missing_cause(f"a rate from {a.unit} to {b.unit}"))
    unit = a.unit if a.unit is not None else b.unit
    if less:
        return Quantity(
            a.lo - b.hi if b.hi is not None else EVER, a.hi - b.lo if a.hi is not None else None, unit, causes
        )
    return Quantity(a.lo + b.lo, a.hi + b.hi if a.hi is not None and b.hi is not None else None, unit, causes)


def _size(found: Possible) -> Quantity:
    if found.options is None:
        return Quantity(0, None, None, found.causes)
    sizes = [len({str(plain(v)) for v in o}) if isinstance(o, list | dict) else 1 for o in found.options]
    return Quantity(min(sizes), max(sizes), None, found.causes if len(set(sizes)) > 1 else NO_CAUSE)


def _in_force(world: World, term: ir.NumberInForce, frame: Frame) -> Quantity:
    moment = moments.moment(world, term.at if term.at is not None else ir.It(), frame)
    found = spans.entries(world, term.fact, frame)
    unknown = [s.truth for s in found if s.entry is None]
    if unknown:
        return Quantity(0, None, None, unknown[0].causes)
    truths = [spans.covers(s, moment) for s in found]
    sure = sum(1 for t in truths if t.value)
    doubtful = [t for t in truths if t.value is None]
    return Quantity(sure, sure + len(doubtful), None, NO_CAUSE.union(*(t.causes for t in doubtful)))


def _under_way(world: World, term: ir.UnderWay, frame: Frame) -> Quantity:
    from checker.interpret.possible import before, conjunction, no_later

    moment = moments.moment(world, term.at, frame)
    truths = [
        conjunction([s.truth, no_later(s.start, moment), before(moment, s.end)])
        for s in spans.stretches(world, term.state)
    ]
    sure = sum(1 for t in truths if t.value)
    doubtful = [t for t in truths if t.value is None]
    causes: Causes = NO_CAUSE.union(*(t.causes for t in doubtful))
    hidden = spans.state_silence(world, term.state, EVER, moment.hi)
    return Quantity(sure, None if hidden else sure + len(doubtful), None, causes | hidden)


def _time_in(world: World, term: ir.TimeIn, frame: Frame) -> Quantity:
    inside = window(world, term.restrictions, frame)
    sure = total(common(spans.sure(world, term.state)[0], inside))
    perhaps, causes = spans.perhaps(world, term.state)
    most = total(common(perhaps, inside))
    return Quantity(sure, most, "second", causes if most != sure else NO_CAUSE)


def window(world: World, restrictions: tuple[ir.Restriction, ...], frame: Frame) -> list[tuple[int, int]]:
    """The seconds that restrictions leave."""
    inside: list[tuple[int, int]] = [(EVER, 2**62)]
    for r in restrictions:
        if isinstance(r, ir.When):
            m = moments.moment(world, r.moment, frame)
            span = {
                "before": (EVER, m.lo),
                "no-later": (EVER, m.lo + 1),
                "after": (m.hi + 1, 2**62),
                "no-sooner": (m.hi, 2**62),
            }[r.relation]
            inside = common(inside, [span])
        elif isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
            held = spans.holding(world, r.kind, r.name, frame)
            inside = common(inside, [(held.start.lo, held.end.hi)] if held is not None else [])
    return inside


def figure(world: World, name: str, frame: Frame, *, as_length: bool = False) -> Quantity:
    """A figure of the contract, or one it leaves elsewhere: unknown where that is not on record.

    `as_length`: how many of the units that the length names, not seconds to compare a time with.
    """
    result: list[Quantity] = []
    for line in world.lines(world.book.figures[name].lines):
        if isinstance(line, ir.MeansAmount):
            if isinstance(line.amount, ir.Number) and line.amount.unit in _LENGTHS and as_length:
                result.append(Quantity(line.amount.amount, line.amount.amount))
            else:
                result.append(amount(world, line.amount, frame))
        elif isinstance(line, ir.FromTable):
            result.append(_from_table(world, line, frame))
        else:
            result.append(Quantity(0, None, None, missing_cause(f"the figure {name}")))
    return result[-1] if result else Quantity(0, None, None, missing_cause(f"the figure {name}"))


def _from_table(world: World, line: ir.FromTable, frame: Frame) -> Quantity:
    table = world.fact(line.table.path)
    key = values.value(world, line.by, frame)
    if table.options is None or key.options is None or not key.known:
        return Quantity(0, None, None, table.causes | key.causes)
    rows = table.options[0]
    row = rows.get(str(plain(key.options[0]))) if isinstance(rows, dict) else None
    number = _exact(row.get(line.unit)) if isinstance(row, dict) else None
    if number is None:
        return Quantity(
            0,
            None,
            None,
            missing_cause(f"{line.unit} of {' of '.join(reversed(line.table.path))} for {key.options[0]}"),
        )
    return Quantity(number, number)


__all__ = ["amount", "conditions", "figure", "open_cause", "window"]
