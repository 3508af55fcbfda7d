"""Sets of events: which rows qualify, whether one exists, and when the first of them happened."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from checker.interpret import conditions, moments, periods, spans, values
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO,
    NO_CAUSE,
    YES,
    Causes,
    Moment,
    Possible,
    Truth,
    conjunction,
    disjunction,
    earliest,
    negation,
    no_later,
    open_cause,
    precedes,
    stands,
    unknown,
)
from checker.interpret.world import Frame, World, attribute, plain
from checker.record.model import Event, Value
from dsl import contract as ir

Found = tuple[Event, Truth]


class Carrying(NamedTuple):
    """A restriction of the evaluation alone: the event carries this value."""

    attribute: str
    value: Value


Restriction = ir.Restriction | Carrying


def rows(world: World, name: str, *, everywhere: bool = False) -> list[Found]:
    """The rows of an event (defined, or of the vocabulary) that do or may qualify, in the order of the record."""
    definition = world.book.events.get(name)
    if definition is None:
        found = world.case.named_anywhere(name) if everywhere else world.case.named(name)
        return [(e, YES) for e in found]
    return world.once(("rows", name, everywhere), lambda: _defined(world, definition, everywhere))


def _defined(world: World, definition: ir.EventDef, everywhere: bool) -> list[Found]:
    lines = list(world.lines(definition.lines))
    wheres = [x.condition for x in lines if isinstance(x, ir.Where)]
    out: list[Found] = []
    for means in (x for x in lines if isinstance(x, ir.Means)):
        for name in means.events:
            for event, sure in rows(world, name, everywhere=everywhere):
                frame = Frame(event=event)
                truth = conjunction([sure, *(conditions.truth(world, c, frame) for c in wheres)])
                if truth.value is not False:
                    out.append((event, truth))
    return sorted(out, key=lambda f: world.case.position(f[0]))


def bases(world: World, name: str) -> tuple[str, ...]:
    """The vocabulary's events that a name can stand for, as the readings make it."""
    definition = world.book.events.get(name)
    if definition is None:
        return (name,)
    return tuple(
        b
        for x in world.lines(definition.lines)
        if isinstance(x, ir.Means)
        for e in x.events
        for b in bases(world, e)
    )


def silence(world: World, names: Iterable[str], lo: int, hi: int) -> Causes:
    """Why the absence of all these events between lo and hi proves nothing."""
    causes = NO_CAUSE
    for name in names:
        for base in bases(world, name):
            causes |= world.silence(base, lo, hi)
    return causes


@dataclass(slots=True)
class Search:
    """Rows of events inside restrictions: those found (surely or perhaps), and the stretch of time that was searched.

    `lower`: nothing before it could qualify. `upper`: the limit, None where there is none.
    """

    names: tuple[str, ...]
    found: list[Found] = field(default_factory=list)
    lower: int = EVER
    upper: Moment | None = None

    def first(self) -> Event | None:
        """The first row that surely qualifies."""
        return next((e for e, t in self.found if t.value), None)


def search(
    world: World,
    sought: ir.Rows,
    frame: Frame,
    extra: tuple[Restriction, ...] = (),
    since: Moment | None = None,
) -> Search:
    """Look for events within restrictions. `since`: at or after this moment."""
    restrictions: tuple[Restriction, ...] = (*sought.restrictions, *extra)
    everywhere = any(isinstance(r, ir.AcrossTickets) for r in restrictions)
    out = Search(sought.events)
    lowers: list[int] = [since.lo] if since is not None else []
    uppers: list[Moment] = []
    for r in restrictions:
        lower, upper = _bounds(world, r, frame)
        if lower is not None:
            lowers.append(lower)
        if upper is not None:
            uppers.append(upper)
    out.lower = max(lowers, default=EVER)
    out.upper = earliest(uppers) if uppers else None
    for name in sought.events:
        for event, sure in rows(world, name, everywhere=everywhere):
            moment = world.moment(event)
            checks = [sure]
            if since is not None:
                checks.append(negation(precedes(moment, since)))
            checks += [fits(world, event, moment, r, frame) for r in restrictions]
            truth = conjunction(checks)
            if truth.value is not False:
                world.saw(event)
                out.found.append((event, truth))
    if len(sought.events) > 1:
        out.found.sort(key=lambda f: world.case.position(f[0]))
    return out


def _bounds(world: World, r: Restriction, frame: Frame) -> tuple[int | None, Moment | None]:
    if isinstance(r, ir.When):
        moment = moments.moment(world, r.moment, frame)
        if r.relation == "before":
            return None, _one_earlier(moment)
        if r.relation == "no-later":
            return None, moment.last_second
        return moment.lo, None
    if isinstance(r, ir.WithinOf):
        start = moments.moment(world, r.of, frame)
        return start.lo, moments.shifted(world, r.length, False, start, r.clock, frame)
    if isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
        held = spans.holding(world, r.kind, r.name, frame)
        if held is not None and held.truth.value:
            return held.start.lo, held.end.last_second._replace(edge=False)
    if isinstance(r, ir.Answering) and frame.occasion is not None:
        following = frame.occasion.following
        return frame.occasion.start.lo, _one_earlier(following) if following is not None else None
    return None, None


def _one_earlier(moment: Moment) -> Moment:
    return moment._replace(edge=True, event=None).last_second


def fits(world: World, event: Event, moment: Moment, r: Restriction, frame: Frame) -> Truth:
    """Whether one event lies within one restriction."""
    if isinstance(r, ir.When):
        return stands(moment, r.relation, moments.moment(world, r.moment, frame))
    if isinstance(r, ir.WithinOf):
        start = moments.moment(world, r.of, frame)
        end = moments.shifted(world, r.length, False, start, r.clock, frame)
        return conjunction([negation(precedes(moment, start)), no_later(moment, end)])
    if isinstance(r, ir.InSpan):
        inside = spans.holds(world, r.kind, r.name, moment, frame)
        return inside if r.inside else negation(inside)
    if isinstance(r, ir.SameAs):
        return _same(event, r.attribute, frame)
    if isinstance(r, Carrying):
        return conditions.holds_value(Possible((r.value,)), attribute(event, r.attribute))
    if isinstance(r, ir.Including):
        held = attribute(event, r.attribute)
        return conditions.holds_value(held, values.value(world, r.value, frame))
    if isinstance(r, ir.SamePeriod):
        return _same_period(world, event, r, frame)
    if isinstance(r, ir.Answering):
        occasion = frame.occasion
        if occasion is None:
            return YES
        checks = [negation(precedes(moment, occasion.start))]
        if occasion.following is not None:
            checks.append(precedes(moment, occasion.following))
        return conjunction(checks)
    return YES


def _same(event: Event, name: str, frame: Frame) -> Truth:
    row = frame.event or (frame.occasion.event if frame.occasion else None)
    entry = frame.occasion.entry if frame.occasion else None
    mine = attribute(event, name)
    if row is not None:
        theirs = attribute(row, name)
    elif entry is not None and entry.get(name) is not None:
        theirs = mine._replace(options=(entry[name],), causes=NO_CAUSE)
    else:
        return NO
    if mine.options is None or theirs.options is None:
        return unknown(mine.causes | theirs.causes)
    return YES if plain(mine.options[0]) == plain(theirs.options[0]) else NO


def _same_period(world: World, event: Event, r: ir.SamePeriod, frame: Frame) -> Truth:
    """Whether a date of the event lies in the entry of a period that holds the same date of the occasion."""
    occasion = frame.occasion
    if occasion is None or occasion.event is None:
        return NO
    mine = moments.dated(world, attribute(event, r.attribute))
    theirs = moments.dated(world, attribute(occasion.event, r.attribute))
    return periods.in_one_period(world, r.period, mine, theirs)


def exists(world: World, found: Search, *, owed: bool) -> Truth:
    """Whether some event qualifies.

    `owed`: in a duty an event without a limit is owed until it happens (open); in a gate it is judged as of now.
    """
    best = disjunction(t for _, t in found.found)
    if best.value:
        return YES
    causes = best.causes
    upper = found.upper
    hi = upper.hi if upper is not None else NEVER
    causes |= silence(world, found.names, found.lower, hi)
    if upper is None:
        if owed:
            causes |= open_cause(" or ".join(found.names))
    elif upper.lo >= world.now:
        causes |= open_cause(" or ".join(found.names))
    elif upper.hi >= world.now:
        causes |= upper.causes
    return unknown(causes) if causes else NO


def first(world: World, name: str, since: Moment | None = None) -> Moment:
    """When the first such event happened; not yet: after the audit instant, open."""
    if world.evidence is not None:
        return _first(world, name, since)
    key = (
        "first",
        name,
        (*since[:2], since.event and world.case.position(since.event)) if since is not None else None,
    )
    return world.once(key, lambda: _first(world, name, since))


def _first(world: World, name: str, since: Moment | None) -> Moment:
    found = rows(world, name)
    if since is not None:
        found = [(e, conjunction([t, negation(precedes(world.moment(e), since))])) for e, t in found]
    lower = since.lo if since is not None else EVER
    sure = next((e for e, t in found if t.value), None)
    hi = world.moment(sure) if sure is not None else Moment(NEVER, NEVER, open_cause(name))
    causes = hi.causes
    lo = hi.lo if sure is not None else world.now
    for event, truth in found:
        if event is sure:
            break
        if truth.value is None and event.at < lo:
            lo, causes = event.at, causes | truth.causes
    hidden = silence(world, (name,), lower, lo if sure is not None else world.now)
    if hidden:
        from_here = max(lower, world.case.birth)
        earliest_gap = min(
            (g.start for g in world.gaps_of(bases(world, name)) if g.end >= from_here), default=EVER
        )
        if any(c.what.startswith("the part of the record") for c in hidden) and len(hidden) == 1:
            lo = min(lo, max(earliest_gap, lower))
        else:
            lo = lower
        causes |= hidden
    if sure is not None:
        world.saw(sure)
    if lo == hi.lo and sure is not None:
        return hi
    return Moment(lo, hi.hi, causes)


def last(world: World, name: str) -> Moment:
    """When the last such event up to the audit instant happened; none yet: open."""
    found = rows(world, name)
    sure = next((e for e, t in reversed(found) if t.value), None)
    if sure is None:
        return first(world, name)
    moment = world.moment(sure)
    hi, causes = moment.hi, moment.causes
    for event, truth in found:
        if truth.value is None and world.case.position(event) > world.case.position(sure):
            hi, causes = max(hi, event.until), causes | truth.causes
    hidden = silence(world, (name,), moment.lo + 1, world.now)
    if hidden:
        hi, causes = world.now, causes | hidden
    world.saw(sure)
    return moment if hi == moment.hi else Moment(moment.lo, hi, causes)


__all__ = ["NO", "Found", "Search", "bases", "exists", "first", "fits", "last", "rows", "search", "silence"]
