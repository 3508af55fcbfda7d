"""The occasions of a clause: what it judges, once for each event, stretch, entry or period that it concerns."""

from __future__ import annotations

from checker.interpret import events, periods, spans
from checker.interpret.possible import EVER, NO, NO_CAUSE, Causes, Moment, at
from checker.interpret.values import among
from checker.interpret.world import Frame, Occasion, World
from dsl import contract as ir


def occasions(world: World, clause: ir.Clause) -> tuple[list[Occasion], Causes]:
    """What the clause judges in this case, in order; and why there may be more that the record does not show."""
    concern = concern_of(world, clause)
    if isinstance(concern, ir.Each):
        # Many clauses concern the same events.
        key = ("each", concern.event, concern.which)
        return world.once(key, lambda: _each(world, concern))
    # What is remembered consults the concern again: under another reading of it these are not the occasions.
    return world.once(("occasions", clause.id), lambda: _lasting(world, concern_of(world, clause)))


def concern_of(world: World, clause: ir.Clause) -> ir.Concern | None:
    """What a clause concerns on the chosen readings; None: the agreement as a whole."""
    fixed = world.book.fixed_concerns
    if clause.id in fixed:
        return fixed[clause.id]
    return next(iter(world.lines(clause.concerns)), None)


def _lasting(world: World, concern: ir.Concern | None) -> tuple[list[Occasion], Causes]:
    if isinstance(concern, ir.EachStretch):
        return _each_stretch(world, concern)
    if isinstance(concern, ir.EachSpan):
        return _each_span(world, concern)
    return [Occasion(at(world.now))], NO_CAUSE


def _each(world: World, concern: ir.Each) -> tuple[list[Occasion], Causes]:
    rows = events.rows(world, concern.event)
    sure = any(t.value for _, t in rows)
    out = []
    for i, (event, truth) in enumerate(rows):
        following = world.moment(rows[i + 1][0]) if i + 1 < len(rows) else None
        out.append(Occasion(world.moment(event), None, event, None, None, i, truth.causes, following))
    if concern.which != "each" and sure:
        chosen = [o for o in out if not o.doubt]
        return [chosen[0] if concern.which == "first" else chosen[-1]], NO_CAUSE
    # What the record shows is judged; only where it shows no occasion at all is the absence of one in doubt.
    return out, NO_CAUSE if sure else events.silence(world, (concern.event,), EVER, world.now)


def _each_stretch(world: World, concern: ir.EachStretch) -> tuple[list[Occasion], Causes]:
    out: list[Occasion] = []
    for s in spans.timeline(world, concern.attribute):
        truth = among(world, s.value, concern.among) if s.value is not None else NO
        if truth.value is False:
            continue
        if out and truth.value and not out[-1].doubt and out[-1].end == s.start:
            last = out[-1]
            out[-1] = Occasion(last.start, s.end, last.event, None, None, last.rank)
            continue
        start = (
            s.start
            if truth.value
            else Moment(s.start.lo, max(s.start.lo, min(s.end.hi, world.now)), truth.causes)
        )
        out.append(Occasion(start, s.end, s.event, None, s.value, len(out), truth.causes))
    # Nothing set the attribute: was its first setting lost?
    if not out and not spans.timeline(world, concern.attribute):
        carriers = world.book.carriers(concern.attribute)
        hidden = NO_CAUSE.union(*(world.silence(c, EVER, world.now) for c in carriers))
        return out, hidden
    return out, NO_CAUSE


def _each_span(world: World, concern: ir.EachSpan) -> tuple[list[Occasion], Causes]:
    if concern.kind == "state":
        found = spans.stretches(world, concern.name)
        more = spans.state_silence(world, concern.name, EVER, world.now)
    elif concern.kind == "fact":
        found, more = spans.entries(world, concern.name, Frame()), NO_CAUSE
    else:
        found, more = periods.all_of(world, concern.name), NO_CAUSE
    out = [
        Occasion(s.start, s.end, s.event, s.entry, None, i, s.truth.causes)
        for i, s in enumerate(found)
        if concern.kind == "fact" or s.start.lo <= world.now
    ]
    return out, NO_CAUSE if any(not o.doubt for o in out) else more


def exists(world: World, clause: ir.Clause) -> bool:
    """Whether the clause exists on the chosen readings."""
    if clause.only_on is None:
        return True
    ambiguity, reading = clause.only_on
    world.touched.add(ambiguity)
    return world.readings.get(ambiguity) == reading
