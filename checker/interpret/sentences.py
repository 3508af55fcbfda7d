"""What the parties owe: whether a sentence of a clause was kept on one occasion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import product
from typing import Any

from checker.interpret import amounts, conditions, events, moments, spans, values
from checker.interpret.keeping import keep
from checker.interpret.limits import Limits, Said, Verdicts, as_written, inclusive, limits_of
from checker.interpret.possible import (
    EVER,
    NO,
    NO_CAUSE,
    YES,
    Moment,
    Truth,
    at,
    conjunction,
    disjunction,
    earliest,
    latest,
    negation,
    no_later,
    open_cause,
    precedes,
    stands,
    unknown,
)
from checker.interpret.verdicts import Verdict, worst_rank
from checker.interpret.world import Frame, Occasion, World
from checker.record.model import Event
from dsl import contract as ir


def _verdicts(truth: Truth, kept: Verdict, broken: Verdict) -> Verdicts:
    if truth.value is None:
        return frozenset({kept, broken})
    return frozenset({kept if truth.value else broken})


def said(world: World, sentence: ir.Sentence, occasion: Occasion, frame: Frame) -> Said:
    """The finding of one sentence."""
    return _RULES[type(sentence)](world, sentence, occasion, frame)


# --------------------------------------------------------------------------- acts within limits
def _since(limits: Limits, occasion: Occasion) -> Moment | None:
    """An act counts from the occasion on, unless the sentence says from when, or looks back from the occasion."""
    if limits.explicit_lower:
        return None
    due = limits.due
    if due is not None and due.hi <= occasion.since.lo and due.hi > EVER:
        return None
    return occasion.since


def _found(
    world: World, names: tuple[str, ...], limits: Limits, frame: Frame, since: Moment | None
) -> events.Search:
    """Events of a sentence inside all its limits."""
    found = events.search(world, ir.Rows(names), frame, tuple(limits.restrictions), since=since)
    kept = []
    for event, truth in found.found:
        moment = world.moment(event)
        checks = [truth, *(stands(moment, r, m) for r, m in (*limits.lower, *limits.upper))]
        both = conjunction(checks)
        if both.value is not False:
            kept.append((event, both))
    found.found = kept
    found.lower = max([found.lower, *(m.lo for _, m in limits.lower)])
    due = limits.due
    if due is not None:
        found.upper = due if found.upper is None else earliest([found.upper, due])
    return found


# --------------------------------------------------------------------------- perform
def _perform(world: World, s: ir.Perform, occasion: Occasion, frame: Frame) -> Said:
    limits = limits_of(world, s.limits, frame)
    if limits.to_each is not None:
        return _to_each(world, s, limits, limits.to_each, occasion, frame)
    if s.strength in ("may", "discretion"):
        return _right(world, s, limits, occasion, frame)
    return _act(world, s, limits, occasion, frame)


def _to_each(
    world: World, s: ir.Perform, limits: Limits, to: ir.ToEach, occasion: Occasion, frame: Frame
) -> Said:
    """The act for each value of a list: the worst of them."""
    held = values.value(world, to.of, frame)
    if held.options is None or not held.known:
        return Said(
            _verdicts(unknown(held.causes), Verdict.MET, Verdict.BREACHED),
            f"for which {to.attribute} it is owed",
            held.causes,
            limits.due,
        )
    listed = held.options[0]
    found = [
        (item, _act(world, s, limits.carrying(to.attribute, item), occasion, frame))
        for item in (listed if isinstance(listed, list) else [listed])
    ]
    if not found:
        return Said(frozenset({Verdict.MET}), f"the list has no {to.attribute}", due=limits.due)
    worst = min((f for _, f in found), key=lambda f: min(worst_rank(v) for v in f.verdicts))
    item = next(i for i, f in found if f is worst)
    whole = frozenset(min(way, key=worst_rank) for way in product(*(f.verdicts for _, f in found)))
    causes = NO_CAUSE.union(*(f.causes for _, f in found))
    dones = [f.done for _, f in found]
    done = latest([m for m in dones if m is not None]) if None not in dones else worst.done
    return worst._replace(
        verdicts=whole, reason=f"{worst.reason}: {to.attribute} {item}", causes=causes, done=done
    )


def _act(world: World, s: ir.Perform, limits: Limits, occasion: Occasion, frame: Frame) -> Said:
    since = _since(limits, occasion)
    found = _found(world, s.events, limits, frame, since)
    checks = [events.exists(world, found, owed=True)]
    for rows in limits.instead:
        checks.append(events.exists(world, events.search(world, rows, frame, since=since), owed=True))
    truth = disjunction(checks)
    if limits.only:
        truth = conjunction([truth, *(conditions.truth(world, c, frame, owed=True) for c in limits.only)])
    early = _premature(world, s.events, limits, occasion, frame) if limits.explicit_lower else []
    truth = conjunction([truth, *(negation(t) for _, t in early)])
    refused = False
    if limits.refused:
        kept = truth
        truth = _unless_refused(world, truth, found, limits, occasion, frame)
        refused = truth.value is False and kept.value is not False
        if refused and world.trace is not None:
            _note_refusals(world, s, limits, frame)
    too_early = next((e for e, t in early if t.value), None)
    performed = too_early or found.first() or _late(world, s.events, limits, since, frame)
    done = world.moment(performed) if performed is not None else None
    reason = _deadline_reason(truth, s, done, limits, refused)
    if too_early is not None:
        reason = f"{too_early.name} came too early{as_written(done)}"
    return Said(
        _verdicts(truth, Verdict.MET, Verdict.BREACHED),
        reason,
        truth.causes,
        limits.due or (limits.lower[0][1] if too_early is not None else None),
        done,
        # Of what came too early no clock has run.
        None if too_early is not None else limits.clock,
        limits.start or occasion.start,
        measured=too_early is None,
    )


def meant(world: World, names: tuple[str, ...], limits: Limits, frame: Frame) -> list[events.Found]:
    """Acts of these kinds that the sentence means, whenever they come.

    What an act has to carry is asked only of those of whose kind it is told: a refusal need not name what it refuses.
    """
    found = [f for name in names for f in events.rows(world, name)]
    if not limits.meant:
        return found
    out = []
    for event, sure in found:
        word = world.book.words.get(event.name)
        told = {name for name, _ in word.attributes} if word is not None else set()
        asked = [r for r in limits.meant if isinstance(r, ir.Answering) or r.attribute in told]
        moment = world.moment(event)
        out.append(
            (event, conjunction([sure, *(events.fits(world, event, moment, r, frame) for r in asked)]))
        )
    return out


def _late(
    world: World, names: tuple[str, ...], limits: Limits, since: Moment | None, frame: Frame
) -> Event | None:
    """The first act in time or late: what was done, for the report."""
    start = since if since is not None else (limits.lower[0][1] if limits.lower else None)
    done = [
        event
        for event, truth in meant(world, names, limits, frame)
        if truth.value and (start is None or precedes(world.moment(event), start).value is False)
    ]
    return min(done, key=world.case.position, default=None)


def _premature(
    world: World, names: tuple[str, ...], limits: Limits, occasion: Occasion, frame: Frame
) -> list[events.Found]:
    """Acts after the occasion but before the stretch allowed."""
    found = []
    for event, truth in meant(world, names, limits, frame):
        moment = world.moment(event)
        early = disjunction(negation(stands(moment, r, m)) for r, m in limits.lower)
        found.append((event, conjunction([truth, negation(precedes(moment, occasion.since)), early])))
    return [(e, t) for e, t in found if t.value is not False]


def _note_refusals(world: World, s: ir.Perform, limits: Limits, frame: Frame) -> None:
    """Note which lines name a refusal that is on record."""
    assert world.trace is not None
    for x in world.lines(s.limits):
        if isinstance(x, ir.RefusedBy) and any(t.value for _, t in meant(world, x.events, limits, frame)):
            world.trace.took(x)


def _unless_refused(
    world: World, truth: Truth, found: events.Search, limits: Limits, occasion: Occasion, frame: Frame
) -> Truth:
    """A refusal before the performance breaches; what came before it stands."""
    refusals = []
    for event, sure in meant(world, limits.refused, limits, frame):
        late = negation(precedes(world.moment(event), occasion.since))
        refusals.append((event, conjunction([sure, late])))
    performed = found.first()
    worst = [t for e, t in refusals if performed is None or (e.at, e.order) < (performed.at, performed.order)]
    refused = disjunction(worst)
    if refused.value is False:
        return truth
    if refused.value is None:
        return conjunction([negation(refused), truth])
    # A performance that the record lost may have come first.
    first = min(e.at for e, t in refusals if t.value)
    hidden = events.silence(world, found.names, found.lower, first)
    return unknown(hidden) if hidden else NO


def _right(world: World, s: ir.Perform, limits: Limits, occasion: Occasion, frame: Frame) -> Said:
    """A right with `may`: judged where it was used. Beyond its bounds the provider breaches, the customer is not entitled."""
    broken = Verdict.NOT_ENTITLED if s.party == "customer" else Verdict.BREACHED
    used: list[tuple[Event, Truth]] = []
    if occasion.event is not None and any(
        e is occasion.event for n in s.events for e, _ in events.rows(world, n)
    ):
        used = [(occasion.event, YES)]
    else:
        for name in s.events:
            for event, truth in events.rows(world, name):
                after = conjunction([truth, negation(precedes(world.moment(event), occasion.since))])
                if after.value is not False:
                    used.append((event, after))
    if not used:
        hidden = events.silence(world, s.events, occasion.since.lo, world.now)
        if hidden:
            either = frozenset({Verdict.NOT_APPLICABLE, Verdict.MET, broken})
            return Said(either, "whether the right was used", hidden)
        return Said(frozenset({Verdict.NOT_APPLICABLE}), "the right was not used")
    checks = []
    for event, truth in used:
        moment = world.moment(event)
        inside = [stands(moment, r, m) for r, m in (*limits.lower, *limits.upper)]
        inside += [events.fits(world, event, moment, r, frame) for r in limits.restrictions]
        inside += [conditions.truth(world, c, frame) for c in limits.only]
        checks.append(disjunction([negation(truth), conjunction(inside)]))
    whole = conjunction(checks)
    due = (
        limits.due
        or next((m.last_second for r, m in limits.lower), None)
        or _due_of(world, limits.only, frame)
    )
    reason = "the right was used within its bounds" if whole.value else "the right was used beyond its bounds"
    if whole.value is None:
        reason = "whether the right was used within its bounds"
    return Said(
        _verdicts(whole, Verdict.MET, broken),
        reason,
        whole.causes,
        due,
        world.moment(used[0][0]),
        limits.clock,
        # A right that opens with an instant has no limit to measure against.
        measured=bool(limits.upper),
    )


def _deadline_reason(truth: Truth, s: ir.Perform, done: Moment | None, limits: Limits, refused: bool) -> str:
    what = " or ".join(s.events)
    if truth.value:
        return f"{what} in time{as_written(done)}" if limits.upper else f"{what} was done"
    if truth.value is None:
        return f"whether {what} came in time" if limits.upper else f"{what} is owed"
    if refused:
        return f"{what} was refused"
    return f"{what} came too late{as_written(done)}" if done is not None else f"no {what} up to the limit"


# --------------------------------------------------------------------------- refrain
def _last_before(relation: str, start: Moment) -> Moment:
    """The last instant before an act is forbidden that is forbidden from (or after) a moment on."""
    return start.last_second if relation == "after" else inclusive("before", start)


def _refrain(world: World, s: ir.Refrain, occasion: Occasion, frame: Frame) -> Said:
    limits = limits_of(world, s.limits, frame)
    found = _found(world, s.events, limits, frame, _since(limits, occasion))
    checks = []
    for event, truth in found.found:
        excused = disjunction(spans.in_state(world, name, world.moment(event)) for name in limits.save_for)
        checks.append(conjunction([truth, negation(excused)]))
    done_wrong = disjunction(checks)
    if done_wrong.value is not True:
        causes = done_wrong.causes | events.exists(world, found, owed=False).causes
        if any(m.lo > world.now for _, m in limits.lower):
            causes |= open_cause("the time from which it is forbidden")
        done_wrong = unknown(causes) if causes else done_wrong
    truth = negation(done_wrong)
    first = found.first()
    due = _last_before(*limits.lower[0]) if limits.lower else limits.due
    what = " or ".join(s.events)
    reason = f"no {what} where it is forbidden" if truth.value else f"{what} although it is forbidden"
    if truth.value is None:
        reason = f"whether {what} happens where it is forbidden"
    done = world.moment(first) if first is not None else None
    return Said(_verdicts(truth, Verdict.MET, Verdict.BREACHED), reason, truth.causes, due, done, None)


# --------------------------------------------------------------------------- ensure, release, stated
def _ensure(world: World, s: ir.Ensure, occasion: Occasion, frame: Frame) -> Said:
    lines = list(world.lines(s.conditions))
    truths = [conditions.truth(world, c, frame, owed=True) for c in lines]
    truth = conjunction(truths)
    deciding = next(
        (c for c, t in zip(lines, truths, strict=True) if t.value == truth.value), lines[0] if lines else None
    )
    text = world.book.words_of(deciding) if deciding is not None else "nothing is asked"
    reason = text if truth.value else f"not so: {text}" if truth.value is False else f"whether {text}"
    broken = Verdict.NOT_ENTITLED if s.party == "customer" and s.strength == "may" else Verdict.BREACHED
    return Said(
        _verdicts(truth, Verdict.MET, broken),
        reason,
        truth.causes,
        _due_of(world, lines, frame),
        occasion.start if occasion.event else None,
    )


def _release(world: World, s: ir.Release, occasion: Occasion, frame: Frame) -> Said:
    return Said(frozenset({Verdict.EXCLUDED}), "released")


def _forfeit(world: World, s: ir.Forfeit, occasion: Occasion, frame: Frame) -> Said:
    return Said(frozenset({Verdict.NOT_ENTITLED}), "the entitlement was lost")


def _stated(world: World, s: ir.Stated, occasion: Occasion, frame: Frame) -> Said:
    return Said(frozenset({Verdict.MET, Verdict.BREACHED}), s.why, frozenset({_cause(s.why)}))


def _cause(why: str) -> Any:
    from checker.interpret.possible import Cause

    return Cause("missing", why)


def _stands_for(world: World, s: ir.StandsFor, occasion: Occasion, frame: Frame) -> Said:
    from checker.interpret.judge import outcomes_of

    found = [o for name in s.clauses for o in outcomes_of(world, name)]
    worst = min(found, key=lambda o: worst_rank(o.verdict))
    due = at(worst.due) if worst.due is not None else None
    done = at(worst.done) if worst.done is not None else None
    return Said(frozenset({worst.verdict}), worst.because, worst.causes, due, done)


def _due_of(world: World, found: Iterable[ir.Condition], frame: Frame) -> Moment | None:
    """The moment against which a condition holds the occasion, if it compares one: its limit."""
    for c in found:
        due = due_of(world, c, frame) if isinstance(c, _WITH_LIMIT) else None
        if due is not None:
            return due
    return None


_WITH_LIMIT = (ir.CompareInstants, ir.Occurred, ir.Holds, ir.Group)
"""The conditions that can hold a limit."""


def due_of(world: World, c: ir.Condition, frame: Frame) -> Moment | None:
    """The limit in a condition; what is looked at to find it decides nothing and leaves no trace."""
    trace, world.trace = world.trace, None
    try:
        return _limit_in(world, c, frame)
    finally:
        world.trace = trace


def _limit_in(world: World, c: ir.Condition, frame: Frame) -> Moment | None:
    """The limit in a condition: of a comparison of moments its right side; of a group that of the branch that decides,
    or of all that fail."""
    if isinstance(c, ir.CompareInstants):
        right = moments.moment(world, c.right, frame)
        return inclusive(c.relation, right) if c.relation in ("before", "no-later") else right.last_second
    if isinstance(c, ir.Occurred) and not c.negated:
        return events.search(world, c.rows, frame).upper
    if isinstance(c, ir.Holds) and c.kind == "condition":
        return _due_of(world, world.lines(world.book.conditions[c.name].lines), frame)
    if isinstance(c, ir.Group):
        inner = list(world.lines(c.of))
        if c.quantifier == "any":
            chosen = [x for x in inner if conditions.truth(world, x, frame).value]
            if chosen:
                return _due_of(world, chosen, frame)
            # Any of the ways would have done: the last of their limits, if each has one.
            limits = [due_of(world, x, frame) for x in inner]
            return latest([m for m in limits if m is not None]) if inner and None not in limits else None
        return _due_of(world, inner, frame)
    return None


_RULES: dict[type, Callable[[World, Any, Occasion, Frame], Said]] = {
    ir.Perform: _perform,
    ir.Refrain: _refrain,
    ir.Keep: keep,
    ir.Ensure: _ensure,
    ir.Release: _release,
    ir.Forfeit: _forfeit,
    ir.Stated: _stated,
    ir.StandsFor: _stands_for,
}

__all__ = ["Limits", "Said", "amounts", "due_of", "limits_of", "meant", "no_later", "said"]
