"""Values: attributes of rows, attributes as of a moment, facts of the agreement."""

from __future__ import annotations

from collections.abc import Set

from checker.interpret import events, moments, spans
from checker.interpret.possible import (
    NO,
    NO_CAUSE,
    YES,
    Moment,
    Possible,
    Truth,
    anything,
    missing_cause,
    open_cause,
    unknown,
)
from checker.interpret.world import Frame, World, attribute, clipped, plain
from checker.record.model import Value
from dsl import contract as ir


def value(world: World, term: ir.Value, frame: Frame) -> Possible:
    """What a value term stands for, or what it may be."""
    if isinstance(term, ir.AttributeOf):
        return _of_row(world, term, frame)
    if isinstance(term, ir.FactValue):
        return world.fact(term.path)
    if isinstance(term, ir.EntryBy):
        return _entry(world, term, frame)
    if (
        term.at is None
        and frame.event is None
        and frame.occasion is not None
        and frame.occasion.value is not None
    ):
        pass  # an occasion that is a stretch still looks the attribute up: another attribute may be asked for
    moment = (
        moments.moment(world, term.at, frame)
        if term.at is not None
        else moments.moment(world, ir.It(), frame)
    )
    return as_of(world, term.attribute, moment)


def _entry(world: World, term: ir.EntryBy, frame: Frame) -> Possible:
    table, key = world.fact(term.table.path), value(world, term.by, frame)
    if table.options is None or key.options is None:
        return anything(table.causes | key.causes)
    rows = table.options[0]
    options: list[Value] = []
    for name in key.options:
        found = rows.get(str(plain(name))) if isinstance(rows, dict) else None
        if found is None:
            name_of = " of ".join(reversed(term.table.path))
            return anything(key.causes | missing_cause(f"the entry of {name_of} for {name}"))
        options += [found] if found not in options else []
    return Possible(tuple(options), key.causes if len(options) > 1 else NO_CAUSE)


def _of_row(world: World, term: ir.AttributeOf, frame: Frame) -> Possible:
    row = term.row
    if isinstance(row, ir.OccasionRow):
        if frame.entry is not None:
            return _field(frame.entry, term.attribute)
        if frame.event is not None:
            return attribute(frame.event, term.attribute)
        occasion = frame.occasion
        if occasion is None:
            return anything(missing_cause(term.attribute))
        if occasion.entry is not None:
            return _field(occasion.entry, term.attribute)
        if occasion.event is not None:
            world.saw(occasion.event)
            return attribute(occasion.event, term.attribute)
        return anything(occasion.doubt or missing_cause(term.attribute))
    if isinstance(row, ir.FactRow):
        return spans.field(world, row.fact, term.attribute, frame)
    return _of_event(world, row, term.attribute, frame)


def _field(entry: object, name: str) -> Possible:
    found = entry.get(name) if isinstance(entry, dict) else None
    return anything(missing_cause(name)) if found is None else Possible((found,))


def _of_event(world: World, row: ir.EventRow, name: str, frame: Frame) -> Possible:
    """The attribute of the first, last or next such event; with no such event, unknown: missing or yet to come."""
    found = events.rows(world, row.event)
    if row.which == "next" and frame.occasion is not None and frame.occasion.event is not None:
        position = world.case.position
        found = [(e, t) for e, t in found if position(e) > position(frame.occasion.event)]
    ordered = list(reversed(found)) if row.which == "last" else found
    options: list[Value] = []
    causes = NO_CAUSE
    for event, truth in ordered:
        world.saw(event)
        here = attribute(event, name)
        causes |= here.causes | truth.causes
        if here.options is None:
            return anything(causes)
        options += [o for o in here.options if o not in options]
        if truth.value:
            return Possible(tuple(options), causes if len(options) > 1 else NO_CAUSE)
    hidden = events.silence(world, (row.event,), -(2**62), world.now)
    return anything(causes | (hidden or open_cause(row.event)))


def as_of(world: World, name: str, moment: Moment) -> Possible:
    """The value last set at or before a moment."""
    if world.evidence is not None:
        return _as_of(world, name, moment)
    key = ("as of", name, moment[:4], moment.event and world.case.position(moment.event))
    return world.once(key, lambda: _as_of(world, name, moment))


def _as_of(world: World, name: str, moment: Moment) -> Possible:
    ordered = spans.in_its_second(world, name, moment)
    if ordered is not None:
        return ordered
    moment = clipped(moment, world.now)
    line = spans.timeline(world, name)
    options: list[Value] = []
    causes = moment.causes
    for stretch in line:
        # A stretch may hold the moment unless it surely begins after it or surely ends by it.
        if stretch.start.lo > moment.hi or (stretch.end.hi <= moment.lo and stretch.end.lo <= moment.lo):
            continue
        here = stretch.value
        if here is None or here.options is None:
            return anything(causes | (here.causes if here else NO_CAUSE))
        options += [o for o in here.options if o not in options]
        causes |= stretch.start.causes
        if stretch.event is not None:
            world.saw(stretch.event)
    if not options or (line and line[0].start.hi > moment.lo and line[0].start.lo > moment.lo):
        return anything(causes | missing_cause(f"{name} at that time"))
    return Possible(tuple(options), causes if len(options) > 1 else NO_CAUSE)


def among(world: World, found: Possible, wanted: tuple[ir.Scalar, ...]) -> Truth:
    """Whether a value is one of those wanted."""
    return within(found, world.book.compared(wanted))


def within(found: Possible, texts: Set[Value]) -> Truth:
    """Whether a value is one of those wanted, given as they compare (`plain`)."""
    if found.options is None:
        return unknown(found.causes)
    if len(found.options) == 1:
        return YES if _hit(found.options[0], texts) else NO
    hits = [_hit(o, texts) for o in found.options]
    if all(hits):
        return YES
    if not any(hits):
        return NO
    return unknown(found.causes)


def _hit(option: Value, texts: Set[Value]) -> bool:
    if isinstance(option, list):
        return any(plain(o) in texts for o in option if not isinstance(o, list | dict))
    return not isinstance(option, dict) and plain(option) in texts
