"""What lasts: states, values of an attribute through time, entries of a fact, periods; and whether a moment lies inside."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from checker.interpret import calendars, conditions, events, moments, periods
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO,
    NO_CAUSE,
    YES,
    Causes,
    Interval,
    Moment,
    Possible,
    Truth,
    anything,
    before,
    conjunction,
    disjunction,
    missing_cause,
    negation,
    no_later,
    open_cause,
    precedes,
    union,
    unknown,
)
from checker.interpret.world import Frame, World, plain
from checker.record.model import Event, Gap
from dsl import contract as ir


class Stretch(NamedTuple):
    """A stretch [start, end) of time. `truth`: whether it is there at all; `value`, `event`, `entry`: what it belongs to."""

    start: Moment
    end: Moment
    truth: Truth = YES
    value: Possible | None = None
    event: Event | None = None
    entry: Mapping[str, Any] | None = None


# --------------------------------------------------------------------------- attributes through time
def timeline(world: World, name: str) -> list[Stretch]:
    """The values of an attribute, stretch by stretch, as the events that carry it set them.

    Events of one second: the last in the order of the record holds. A known gap hides what may have been set in it, until
    an event says the value again.
    """
    return world.once(("timeline", name), lambda: _timeline(world, name))


Mark = tuple[Moment, Possible, Event | None]
"""Where an attribute is set, to what, and by which event (None: a gap, in which it may have been)."""


def _marks(world: World, name: str) -> list[Mark]:
    """Where an attribute is set, in the order of the record."""
    return world.once(("marks", name), lambda: _compute_marks(world, name))


def in_its_second(world: World, name: str, moment: Moment) -> Possible | None:
    """The value at an event some of whose second's settings stand after it in the record.

    None where no order within the second matters; then the stretches tell.
    """
    event = moment.event
    if event is None or moment.lo != moment.hi:
        return None
    here = [(by, value) for m, value, by in _marks(world, name) if by and m.lo == m.hi == moment.lo]
    position = world.case.position
    by_then = [value for by, value in here if position(by) <= position(event)]
    if len(by_then) == len(here):
        return None
    if by_then:
        return by_then[-1]
    earlier = [m for m in _marks(world, name) if m[0].hi < moment.lo]
    return earlier[-1][1] if earlier else anything(missing_cause(f"{name} at that time"))


def _compute_marks(world: World, name: str) -> list[Mark]:
    marks: list[Mark] = []
    definition = world.book.attributes.get(name)
    setters = frozenset(definition.set_by) if definition is not None else frozenset()
    for event, sure in _setting(world, setters):
        # An event that is said to set the attribute and does not tell it leaves it unknown, just as one that says null.
        if name in event.attributes or setters:
            found = event.attributes.get(name)
            value = (
                Possible((found,))
                if found is not None and sure.value
                else anything(missing_cause(f"{name} of {event.name}"))
            )
            marks.append((world.moment(event), value, event))
    gaps: list[Gap] = []
    if world.case.gaps:
        carriers = world.book.carriers(name)
        if setters:
            carriers = tuple(b for s in setters for b in events.bases(world, s))
        gaps = [g for g in world.gaps_of(carriers) if g.start <= world.now]
    lost = missing_cause("the part of the record lost in a gap")
    for gap in gaps:
        if marks and gap.end >= marks[0][0].lo:
            marks.append((Moment(gap.start, gap.start), anything(lost), None))
    marks.sort(key=lambda m: (m[0].lo, m[2] is None, m[2].order if m[2] is not None else 0))
    return marks


def _timeline(world: World, name: str) -> list[Stretch]:
    marks = _marks(world, name)
    out: list[Stretch] = []
    for i, (start, value, row) in enumerate(marks):
        end = marks[i + 1][0] if i + 1 < len(marks) else Moment(NEVER, NEVER)
        if start.exact and end.exact and start.lo == end.lo:
            continue  # a value that held for no time
        if (
            out
            and out[-1].value is not None
            and _same(out[-1].value, value)
            and (row is not None or value.options is None)
        ):
            out[-1] = out[-1]._replace(end=end)
        else:
            out.append(Stretch(start, end, YES, value, row))
    return _joined(out)


def _setting(world: World, setters: frozenset[str]) -> list[tuple[Event, Truth]]:
    """The events that set an attribute: those named, or every event."""
    if not setters:
        return [(e, YES) for e in world.case.events]
    found = [f for name in sorted(setters) for f in events.rows(world, name)]
    return sorted(found, key=lambda f: world.case.position(f[0]))


def _joined(stretches: list[Stretch]) -> list[Stretch]:
    """Neighbours with one known value are one stretch."""
    out: list[Stretch] = []
    for s in stretches:
        if out and out[-1].value is not None and s.value is not None and _same(out[-1].value, s.value):
            out[-1] = out[-1]._replace(end=s.end)
        else:
            out.append(s)
    return out


def _same(a: Possible, b: Possible) -> bool:
    if a.options is None or b.options is None:
        return a.options is None and b.options is None
    return plain(a.options[0]) == plain(b.options[0])


# --------------------------------------------------------------------------- states
def stretches(world: World, name: str) -> list[Stretch]:
    """The stretches of a state, in order of their start."""
    return world.once(("state", name), lambda: _stretches(world, name))


def _stretches(world: World, name: str) -> list[Stretch]:
    lines = list(world.lines(world.book.states[name].lines))
    key = next((x.attribute for x in lines if isinstance(x, ir.ForEach)), None)
    out: list[Stretch] = []
    for line in lines:
        if isinstance(line, ir.FromUntil):
            out += _pairs(world, name, line, key)
        elif isinstance(line, ir.While):
            for s in timeline(world, line.attribute):
                from checker.interpret.values import among

                truth = among(world, s.value, line.among) if s.value is not None else NO
                if truth.value is not False:
                    out.append(s._replace(truth=truth))
    return sorted(out, key=lambda s: (s.start.lo, s.end.lo))


def _pairs(world: World, name: str, line: ir.FromUntil, key: str | None) -> list[Stretch]:
    marks = [(e, t, True) for n in line.start for e, t in events.rows(world, n)]
    marks += [(e, t, False) for n in line.end for e, t in events.rows(world, n)]
    # An event that both ends and begins (a new pause) ends first.
    marks.sort(key=lambda m: (m[0].at, m[0].order, m[2]))
    running: dict[Any, tuple[Event, Truth]] = {}
    out: list[Stretch] = []

    def close(k: Any, end: Moment, sure: Truth) -> None:
        event, truth = running.pop(k)
        out.append(
            Stretch(
                world.moment(event),
                end,
                conjunction([truth, sure]) if sure.value is False else truth,
                None,
                event,
            )
        )

    for event, truth, begins in marks:
        k = _key(event, key)
        if begins:
            if k not in running:
                running[k] = (event, truth)
            elif running[k][1].value is None and truth.value:
                out.append(
                    Stretch(
                        world.moment(running[k][0]), world.moment(event), running[k][1], None, running[k][0]
                    )
                )
                running[k] = (event, truth)
            continue
        for open_key in [k] if k in running else list(running) if key is not None and k is None else []:
            end = world.moment(event)
            if truth.value:
                close(open_key, end, YES)
            else:  # it may or may not have ended here: two possible stretches, the longer one in doubt
                start_event, start_truth = running[open_key]
                out.append(Stretch(world.moment(start_event), end, start_truth, None, start_event))
                running[open_key] = (event, Truth(None, truth.causes))
    still = Moment(world.now, NEVER, open_cause(f"the end of {name}"))
    for k in list(running):
        close(k, still, YES)
    return out


def _key(event: Event, key: str | None) -> Any:
    """The value that tells one stretch of a keyed state from another."""
    if key is None:
        return None
    if key == "ticket" and "ticket" not in event.attributes:
        return event.ticket
    value = event.attributes.get(key)
    return str(value) if isinstance(value, list | dict) else plain(value)


def state_silence(world: World, name: str, lo: int, hi: int) -> Causes:
    """Why the absence of a state between lo and hi proves nothing."""
    causes = NO_CAUSE
    for line in world.lines(world.book.states[name].lines):
        if isinstance(line, ir.FromUntil):
            causes |= events.silence(world, line.start, lo, hi)
        elif isinstance(line, ir.While):
            for s in timeline(world, line.attribute):
                if s.value is not None and s.value.options is None and s.start.lo <= hi and s.end.hi >= lo:
                    causes |= s.value.causes
    return causes


def sure(world: World, name: str) -> tuple[list[Interval], Causes]:
    """The seconds that surely lie in a state, up to the audit instant."""
    return world.once(("sure", name), lambda: _sure(world, name))


def _sure(world: World, name: str) -> tuple[list[Interval], Causes]:
    found = [(s.start.hi, min(s.end.lo, NEVER)) for s in stretches(world, name) if s.truth.value]
    return union(found), NO_CAUSE


def perhaps(world: World, name: str) -> tuple[list[Interval], Causes]:
    """The seconds that may lie in a state, the future of an open stretch and known gaps included; why they are in doubt."""
    return world.once(("perhaps", name), lambda: _perhaps(world, name))


def _perhaps(world: World, name: str) -> tuple[list[Interval], Causes]:
    found: list[Interval] = []
    causes = NO_CAUSE
    for s in stretches(world, name):
        found.append((s.start.lo, s.end.hi))
        causes |= s.start.causes | s.end.causes | s.truth.causes
    hidden = state_silence(world, name, EVER, world.now)
    if hidden:
        whole = any(not c.what.startswith("the part of the record") for c in hidden)
        found += (
            [(EVER, NEVER)] if whole else [(g.start, g.end + 1) for g in world.gaps_of(_bases(world, name))]
        )
        causes |= hidden
    return union(found), causes


def _bases(world: World, name: str) -> list[str]:
    """The vocabulary's events that begin or end a state."""
    lines = world.lines(world.book.states[name].lines)
    names = [n for x in lines if isinstance(x, ir.FromUntil) for n in (*x.start, *x.end)]
    return [b for n in names for b in events.bases(world, n)]


def in_state(world: World, name: str, moment: Moment) -> Truth:
    """Whether a moment lies in a state."""
    found = disjunction(
        conjunction([s.truth, negation(precedes(moment, s.start)), precedes(moment, s.end)])
        for s in stretches(world, name)
    )
    if found.value:
        return found
    causes = (
        found.causes | state_silence(world, name, EVER, moment.hi) if _lasting(world, name) else found.causes
    )
    return unknown(causes) if causes else NO


def _lasting(world: World, name: str) -> bool:
    return any(isinstance(x, ir.FromUntil) for x in world.lines(world.book.states[name].lines))


# --------------------------------------------------------------------------- entries of facts
def entries(world: World, name: str, frame: Frame) -> list[Stretch]:
    """The entries of a named fact that do or may pass its conditions."""
    if _by_agreement(world, name):
        return world.once_for_agreement(("entries", name), lambda: _entries(world, name, Frame()))
    return _entries(world, name, frame)


def _by_agreement(world: World, name: str) -> bool:
    """Whether the agreement alone decides which entries pass: their conditions look at the entry itself only."""
    return world.book.static_facts.get(name, False)


def _entries(world: World, name: str, frame: Frame) -> list[Stretch]:
    definition = world.book.facts[name]
    lines = list(world.lines(definition.lines))
    source = next(x.fact for x in lines if isinstance(x, ir.EntryOf))
    wheres = [x.condition for x in lines if isinstance(x, ir.Where)]
    found = world.fact(source.path)
    if found.options is None:
        doubt = Truth(None, found.causes)
        return [Stretch(Moment(EVER, EVER), Moment(NEVER, NEVER), doubt, None, None, None)]
    value = found.options[0]
    out: list[Stretch] = []
    for entry in value if isinstance(value, list) else [value]:
        if not isinstance(entry, Mapping):
            continue
        inner = Frame(frame.occasion, None, entry)
        truth = conjunction(conditions.truth(world, c, inner) for c in wheres)
        if truth.value is not False:
            start, end = bounds(world, entry)
            out.append(Stretch(start, end, truth, None, None, entry))
    return out


def bounds(world: World, entry: Mapping[str, Any]) -> tuple[Moment, Moment]:
    """`from` and `to` of an entry: dates are inclusive, from the first second to the last; instants to their second."""
    return _bound(world, entry.get("from"), end=False), _bound(world, entry.get("to"), end=True)


def _bound(world: World, value: Any, *, end: bool) -> Moment:
    """The first second of an entry (its `from`), or, with `end`, the first after it (its `to`)."""
    # Many agreements begin and end on the same days.
    known, key = world.book.entry_bounds, (world.zone, end, str(value) if value is not None else None)
    found = known.get(key)
    if found is None:
        found = known[key] = (_end if end else _start)(world, value)
    return found


def _start(world: World, value: Any) -> Moment:
    return Moment(EVER, EVER) if value is None else moments.dated(world, Possible((value,)))


def _end(world: World, value: Any) -> Moment:
    if value is None:
        return Moment(NEVER, NEVER)
    text = str(value)
    end = moments.dated(world, Possible((text,)))
    if len(text) <= 10:
        return moments._unit(world, "day", end, True)
    return end._replace(lo=end.lo + 1, hi=end.hi + 1, edge=True)


def covers(entry: Stretch, moment: Moment) -> Truth:
    """Whether an entry that fits holds a moment."""
    return conjunction([entry.truth, no_later(entry.start, moment), before(moment, entry.end)])


def in_force(world: World, name: str, moment: Moment, frame: Frame) -> Truth:
    """Whether some entry of a fact holds a moment."""
    if not _by_agreement(world, name):
        return _in_force(world, name, moment, frame)
    key = ("in force", name, moment.lo, moment.hi, moment.edge)
    return world.once(key, lambda: _in_force(world, name, moment, frame))


def _in_force(world: World, name: str, moment: Moment, frame: Frame) -> Truth:
    return disjunction(
        covers(s, moment) if s.entry is not None else s.truth for s in entries(world, name, frame)
    )


def field(world: World, name: str, wanted: str, frame: Frame) -> Possible:
    """A field of the entry in force at the occasion, else of the only entry.

    Of several entries one that is only perhaps in force leaves it open which one is meant.
    """
    found = entries(world, name, frame)
    if any(s.entry is None for s in found):
        return anything(NO_CAUSE.union(*(s.truth.causes for s in found)))
    occasion = moments.moment(world, ir.It(), frame)
    holds = [
        conjunction([s.truth, no_later(s.start, occasion), before(occasion, s.end)]).value for s in found
    ]
    holding_now = [s for s, held in zip(found, holds, strict=True) if held]
    chosen = holding_now if holding_now else found
    perhaps = len(found) > 1 and None in holds
    if perhaps or len(chosen) != 1 or chosen[0].entry is None:
        return anything(missing_cause(f"one entry of {name} in force"))
    value = chosen[0].entry.get(wanted)
    return anything(missing_cause(f"{wanted} of {name}")) if value is None else Possible((value,))


# --------------------------------------------------------------------------- the one that holds the occasion
def holding(world: World, kind: str, name: str, frame: Frame) -> Stretch | None:
    """The stretch of a state, fact or period that holds the occasion (a fact: else its latest entry)."""
    moment = moments.moment(world, ir.It(), frame)
    if kind == "period":
        found = periods.near(world, name, moment)
        if periods.counted(world, name):
            return found[0]
    elif kind == "fact":
        found = entries(world, name, frame)
    else:
        found = stretches(world, name)
    doubtful: Stretch | None = None
    for s in found:
        truth = conjunction([s.truth, no_later(s.start, moment), before(moment, s.end)])
        if truth.value:
            return s
        if truth.value is None:
            doubtful = s._replace(truth=truth)
    if doubtful is None and kind == "fact" and found:
        return max(found, key=lambda s: s.end.lo)
    return doubtful


def holds(world: World, kind: str, name: str, moment: Moment, frame: Frame) -> Truth:
    """Whether a moment lies inside a calendar, a state, an entry of a fact, or the period that holds the occasion."""
    if kind == "calendar":
        return calendars.contains(world, name, moment)
    if kind == "state":
        return in_state(world, name, moment)
    if kind == "fact":
        return in_force(world, name, moment, frame)
    held = holding(world, kind, name, frame)
    if held is None:
        return NO
    return conjunction([held.truth, no_later(held.start, moment), before(moment, held.end)])
