"""Sentences about what lasts: a state kept up, or kept away, throughout a time or for a share of it."""

from __future__ import annotations

from checker.interpret import calendars, spans
from checker.interpret.limits import Limits, Said, limits_of
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO_CAUSE,
    Causes,
    Interval,
    Moment,
    common,
    earliest,
    minus,
    open_cause,
    total,
    union,
)
from checker.interpret.verdicts import Verdict
from checker.interpret.world import Frame, Occasion, World
from dsl import contract as ir
from dsl import phrase


def keep(world: World, s: ir.Keep, occasion: Occasion, frame: Frame) -> Said:
    """Whether a state was kept up, or kept away, in the time that counts; excused stretches apart."""
    limits = limits_of(world, s.limits, frame)
    sure, _ = spans.sure(world, s.state)
    perhaps, doubts = spans.perhaps(world, s.state)
    # What is to be kept free of a state matters only where the state may be.
    hull = [(perhaps[0][0], perhaps[-1][1])] if perhaps else []
    inside, horizon, causes = _window(world, limits, occasion, frame, hull if s.free else [(EVER, NEVER)])
    # The second of the audit is not over: what lasts has lasted up to it.
    inside_now = common(inside, [(EVER, world.now)])
    # What surely and what perhaps breaks the sentence, up to the audit instant.
    bad_sure = common(sure, inside_now) if s.free else minus(inside_now, perhaps)
    bad_perhaps = common(perhaps, inside_now) if s.free else minus(inside_now, sure)
    excuse_sure, excuse_perhaps = _states(world, limits.save_for)
    left_sure, left_perhaps = minus(bad_sure, excuse_perhaps), minus(bad_perhaps, excuse_sure)
    if limits.share is not None:
        return _share(world, s, limits.share, left_sure, left_perhaps, doubts, frame)
    broken = total(left_sure) > 0
    in_doubt = total(left_perhaps) > total(left_sure)
    first = left_sure[0][0] if left_sure else None
    if broken:
        _see(world, s.state, left_sure)
        lasted = f"{phrase.duration(total(left_sure))} in all"
        reason = (
            f"{s.state} where there should be none, {lasted}"
            if s.free
            else f"{s.state} was not kept up, {lasted}"
        )
        return Said(
            frozenset({Verdict.BREACHED}),
            reason,
            due=None,
            done=Moment(first, first) if first is not None else None,
        )
    kept = Verdict.EXCLUDED if total(common(bad_sure, excuse_sure)) > 0 else Verdict.MET
    if in_doubt or causes:
        doubt = (doubts if in_doubt else NO_CAUSE) | causes
        if limits.explicit_lower and horizon.hi > world.now:
            doubt |= open_cause("the end of the time to be kept")
        return Said(
            frozenset({kept, Verdict.BREACHED}),
            f"whether {s.state} was kept {'away' if s.free else 'up'}",
            doubt,
        )
    if limits.explicit_lower and horizon.hi > world.now:
        return Said(
            frozenset({kept, Verdict.BREACHED}),
            "the time to be kept is still running",
            horizon.causes or open_cause("its end"),
        )
    excused = f"{s.state} only where it is excused ({', '.join(limits.save_for)})"
    reason = (
        excused
        if kept is Verdict.EXCLUDED
        else (f"no {s.state} in the time that counts" if s.free else f"{s.state} was kept up")
    )
    return Said(frozenset({kept}), reason)


def _see(world: World, state: str, where: list[Interval]) -> None:
    """Note the events that began the stretches found wrong."""
    for x in spans.stretches(world, state):
        if x.event is not None and any(x.start.lo < hi and x.end.hi > lo for lo, hi in where):
            world.saw(x.event)


def _window(
    world: World, limits: Limits, occasion: Occasion, frame: Frame, hull: list[Interval]
) -> tuple[list[Interval], Moment, Causes]:
    """The seconds of the hull in which a state is to be kept, when the time to be kept ends, and why that is in doubt."""
    start = occasion.since
    end = occasion.end if occasion.end is not None else Moment(NEVER, NEVER)
    if limits.lower:
        start, end = limits.lower[0][1], Moment(NEVER, NEVER)
    if limits.upper:
        end = earliest(m for _, m in limits.upper)
    causes = frozenset(c for c in start.causes | end.causes if c.kind == "missing")
    inside = common([(start.hi, end.lo)] if start.hi < end.lo else [], hull)
    horizon = end
    if not inside:
        return [], horizon, frozenset() if not hull else causes
    for r in limits.restrictions:
        if isinstance(r, ir.InSpan):
            held, why = _span(world, r, frame, inside)
            inside = common(inside, held) if r.inside else minus(inside, held)
            causes |= why
    for left in limits.leaving_out:
        held, why = _span(world, ir.InSpan(left.name, left.kind), frame, inside)
        inside = minus(inside, held)
        causes |= why
    if limits.share is not None:
        inside = [(EVER, NEVER)]
    return inside, horizon, causes


def _span(world: World, r: ir.InSpan, frame: Frame, inside: list[Interval]) -> tuple[list[Interval], Causes]:
    if not inside:
        return [], NO_CAUSE
    if r.kind == "calendar":
        # A calendar opens without end; a time that no date bounds is looked at from a year before the record.
        first = world.case.events[0].at if world.case.events else world.now
        lo, hi = max(inside[0][0], first - 366 * 86400), min(inside[-1][1], world.now)
        return calendars.open_intervals(world, r.name, lo, hi) if lo < hi else ([], NO_CAUSE)
    if r.kind == "state":
        return spans.sure(world, r.name)[0], NO_CAUSE
    held = spans.holding(world, r.kind, r.name, frame)
    if held is None:
        return [], NO_CAUSE
    return [(held.start.lo, held.end.hi)], held.truth.causes | held.start.causes | held.end.causes


def _states(world: World, names: list[str]) -> tuple[list[Interval], list[Interval]]:
    sure = union(i for n in names for i in spans.sure(world, n)[0])
    perhaps = union(i for n in names for i in spans.perhaps(world, n)[0])
    return sure, perhaps


def _share(
    world: World,
    s: ir.Keep,
    share: ir.AtLeastShare,
    sure: list[Interval],
    perhaps: list[Interval],
    doubts: Causes,
    frame: Frame,
) -> Said:
    """A share of the real length of a period: a day with a clock change is as long as it really is."""
    occasion = frame.occasion
    held = spans.holding(world, "period", share.period, frame)
    if occasion is not None and occasion.end is not None:
        start, end = occasion.start, occasion.end
    elif held is not None:
        start, end = held.start, held.end
    else:
        return Said(
            frozenset({Verdict.MET, Verdict.BREACHED}),
            f"which {share.period} is meant",
            open_cause(share.period),
        )
    if not (start.exact and end.exact):
        return Said(
            frozenset({Verdict.MET, Verdict.BREACHED}),
            f"how long {share.period} is",
            start.causes | end.causes,
        )
    period = [(start.lo, end.lo)]
    whole = end.lo - start.lo
    allowed = whole * (10000 - share.hundredths)
    least, most = total(common(sure, period)), total(common(perhaps, period))
    figures = (
        f"{phrase.duration(least)} of {phrase.duration(whole)}, {phrase.duration(allowed // 10000)} allowed"
    )
    if least * 10000 > allowed:
        return Said(frozenset({Verdict.BREACHED}), f"{s.state}: {figures}")
    if most * 10000 > allowed:
        return Said(frozenset({Verdict.MET, Verdict.BREACHED}), f"how long {s.state} lasted", doubts)
    if end.lo > world.now:
        return Said(
            frozenset({Verdict.MET, Verdict.BREACHED}),
            f"{share.period} is not over",
            open_cause(f"the end of {share.period}"),
        )
    return Said(frozenset({Verdict.MET}), f"{s.state}: {figures}")
