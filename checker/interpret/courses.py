"""Limits that follow an attribute: what a change of severity (say) does to a limit that is running.

The attribute's values through time are stretches. Each stretch has a limit from the clause that its value selects; a course
says from where it runs after a rise or a fall, whether the older limit still binds, and what a passed limit means.
"""

from __future__ import annotations

from typing import TypeVar

from checker.interpret import events, moments, spans
from checker.interpret.gates import passes
from checker.interpret.limits import Origin, Said, as_written
from checker.interpret.occasions import occasions
from checker.interpret.possible import (
    EVER,
    NEVER,
    NO,
    NO_CAUSE,
    YES,
    Causes,
    Moment,
    Truth,
    before,
    conjunction,
    disjunction,
    earliest,
    negation,
    no_later,
    precedes,
    unknown,
)
from checker.interpret.spans import Stretch
from checker.interpret.verdicts import Verdict
from checker.interpret.world import Frame, Occasion, World, plain
from dsl import contract as ir

T = TypeVar("T")
_ALL = frozenset({Verdict.NOT_APPLICABLE, Verdict.MET, Verdict.BREACHED})


def course_said(
    world: World, clause: ir.Clause, sentence: ir.Perform, occasion: Occasion, frame: Frame
) -> Said:
    """What a sentence that follows a course comes to on one stretch."""
    course = world.book.courses[clause.course or ""]
    line = spans.timeline(world, course.attribute)
    k = _index(line, occasion)
    performed = _performed(world, course, sentence, occasion, k, line[0].start if line else occasion.start)
    early = _performed_before(world, course, performed, occasion, k)
    if early.value:
        return Said(
            frozenset({Verdict.NOT_APPLICABLE}), f"{' or '.join(sentence.events)} had been given before"
        )
    lost = _lost(line, k, performed)
    if k is None or (occasion.doubt and lost):
        doubt = occasion.doubt | lost | early.causes
        return Said(_ALL, f"which value {course.attribute} had", doubt)
    own = _own(world, course, clause, sentence, line, k, frame)
    if own is None:
        return Said(frozenset({Verdict.MET, Verdict.BREACHED}), "no limit stands", frozenset())
    binding = _binding(world, course, own, line, k)
    due = earliest([own.due, *(o.due for o in binding[1:])])
    passed = _passed_before(world, course, sentence, line, k, occasion)
    end = _end(line, k)
    relevant = YES if end is None else disjunction([precedes(performed, end), before(due, end)])
    applies = conjunction([negation(early), negation(passed), relevant])
    if applies.value is False:
        reason = (
            "the earlier limit had passed unanswered; this clause does not cure it"
            if passed.value
            else (f"{course.attribute} changed before the limit ran out; the limit moved on")
        )
        return Said(frozenset({Verdict.NOT_APPLICABLE}), reason)
    kept = no_later(performed, due)
    verdicts = (
        frozenset({Verdict.MET, Verdict.BREACHED})
        if kept.value is None
        else frozenset({Verdict.MET if kept.value else Verdict.BREACHED})
    )
    causes: Causes = kept.causes
    if applies.value is None or lost:
        verdicts |= {Verdict.NOT_APPLICABLE}
        causes |= applies.causes | lost
        if lost:
            verdicts = _ALL
    done = performed if performed.hi < NEVER else None
    notes = _notes(world, course, line, k, own)
    return Said(
        verdicts,
        _reason(kept, sentence, done),
        causes,
        due,
        done,
        own.clock,
        own.start,
        notes=notes,
        origins=tuple(binding),
    )


def _notes(world: World, course: ir.CourseDef, line: list[Stretch], k: int, own: Origin) -> tuple[str, ...]:
    """What the course made of the limit on this stretch, for the explanation."""
    rose = _rose(world, course, line, k)
    if world.evidence is None or rose is None:
        return ()
    moved = f"{course.attribute} {'rose' if rose else 'fell'} here; by {course.name} the limit runs "
    return (moved + ("from the change" if own.start == line[k].start else "anew from the trigger"),)


def _reason(kept: Truth, sentence: ir.Perform, done: Moment | None) -> str:
    what = " or ".join(sentence.events)
    if kept.value:
        return f"{what} in time{as_written(done)}"
    if kept.value is None:
        return f"whether {what} came in time"
    return f"{what} came too late{as_written(done)}" if done is not None else f"no {what} up to the limit"


def _index(line: list[Stretch], occasion: Occasion) -> int | None:
    for i, s in enumerate(line):
        if s.start == occasion.start and s.value is not None and s.value.options is not None:
            return i
    return None


def _rule(world: World, course: ir.CourseDef, kind: type[T]) -> T | None:
    """The line of this kind as the readings make it; only lines that can be of the kind are consulted."""
    for line in course.lines:
        if any(isinstance(x, kind) for x in line.all()):
            for x in world.of_line(line):
                if isinstance(x, kind):
                    return x
    return None


def _performed(
    world: World,
    course: ir.CourseDef,
    sentence: ir.Perform,
    occasion: Occasion,
    k: int | None,
    opening: Moment,
) -> Moment:
    """The first performance since the attribute was first set: or, where each value owes its own, since the stretch."""
    first = earliest([events.first(world, e, since=opening) for e in sentence.events])
    if k == 0 or no_later(occasion.start, first).value:
        return first
    if _rule(world, course, ir.OnceIsEnough) is not None:
        return first
    return earliest([events.first(world, e, since=occasion.start) for e in sentence.events])


def _performed_before(
    world: World, course: ir.CourseDef, performed: Moment, occasion: Occasion, k: int | None
) -> Truth:
    if k == 0:
        return NO  # an act recorded before the ticket's opening has no earlier value that could have owed it
    return precedes(performed, occasion.start)


def _lost(line: list[Stretch], k: int | None, performed: Moment) -> Causes:
    """Doubt from a gap before this stretch, in which the attribute may have changed while the limit ran."""
    causes: Causes = NO_CAUSE
    for i, s in enumerate(line):
        if (
            s.value is not None
            and s.value.options is None
            and (k is None or i < k)
            and not precedes(performed, s.start).value
        ):
            causes |= s.value.causes
    return causes


def _end(line: list[Stretch], k: int) -> Moment | None:
    """When the value changed; after it begins a gap, perhaps then, perhaps never."""
    if k + 1 >= len(line):
        return None
    following = line[k + 1]
    if following.value is not None and following.value.options is None:
        return Moment(following.start.lo, NEVER, following.value.causes)
    return following.start


def _rank(course_attribute: ir.AttributeDef, stretch: Stretch) -> int | None:
    if stretch.value is None or stretch.value.options is None:
        return None
    ranks = [plain(r) for r in course_attribute.ranks]
    found = plain(stretch.value.options[0])
    return ranks.index(found) if found in ranks else None


def _rose(world: World, course: ir.CourseDef, line: list[Stretch], k: int) -> bool | None:
    """Whether the value rose at the start of stretch k; None at the beginning (and where a value has no rank)."""
    if k == 0:
        return None
    definition = world.book.attributes[course.attribute]
    previous, here = _rank(definition, line[k - 1]), _rank(definition, line[k])
    return None if previous is None or here is None else here < previous


def _own(
    world: World,
    course: ir.CourseDef,
    clause: ir.Clause,
    sentence: ir.Perform,
    line: list[Stretch],
    k: int,
    frame: Frame,
) -> Origin | None:
    """The stretch's own limit, before older limits are considered; None where the sentence sets none."""
    within = next((x for x in world.lines(sentence.limits) if isinstance(x, ir.Within)), None)
    if within is None:
        return None
    start = None
    rose = _rose(world, course, line, k)
    if rose is not None:
        rule = _rule(world, course, ir.OnRise) if rose else _rule(world, course, ir.OnFall)
        if rule is not None and rule.from_change:
            start = line[k].start
    if start is None:
        start = moments.moment(world, within.of, frame)
    due = moments.shifted(world, within.length, False, start, within.clock, frame)
    return Origin(clause.id, within.length, within.clock, start, due)


def _binding(world: World, course: ir.CourseDef, own: Origin, line: list[Stretch], k: int) -> list[Origin]:
    """The limits that bind on stretch k: its own, and after a rise the older ones, of which the earliest counts."""
    if not _rose(world, course, line, k) or _rule(world, course, ir.EarlierBinds) is None:
        return [own]
    return [own, *_carried(world, course, line, k - 1)]


def _carried(world: World, course: ir.CourseDef, line: list[Stretch], k: int) -> list[Origin]:
    """The limits that the steps of the course set on stretch k, those they carried over included."""
    return world.once(("carried", course.name, k), lambda: _compute_carried(world, course, line, k))


def _compute_carried(world: World, course: ir.CourseDef, line: list[Stretch], k: int) -> list[Origin]:
    limits: list[Origin] = []
    for step in course.steps:
        clause = world.book.clauses[step]
        for occasion in occasions(world, clause)[0]:
            if occasion.start != line[k].start or occasion.doubt:
                continue
            applies = passes(world, clause, occasion)
            sentence = next((s for s in world.lines(clause.sentences) if isinstance(s, ir.Perform)), None)
            if applies.value is False or sentence is None:
                continue
            own = _own(world, course, clause, sentence, line, k, Frame(occasion))
            for found in _binding(world, course, own, line, k) if own is not None else ():
                if applies.value is None:
                    due = Moment(found.due.lo, NEVER, found.due.causes | applies.causes)
                    limits.append(found._replace(due=due))
                else:
                    limits.append(found)
    return limits


def _passed_before(
    world: World,
    course: ir.CourseDef,
    sentence: ir.Perform,
    line: list[Stretch],
    k: int,
    occasion: Occasion,
) -> Truth:
    """Whether an older limit passed, unanswered, before a fall: that breach stands and is not cured."""
    if k == 0 or _rose(world, course, line, k) is not False:
        return NO
    carried = _carried(world, course, line, k - 1)
    older = earliest([o.due for o in carried]) if carried else Moment(NEVER, NEVER)
    # What answered the older limit in time leaves nothing to cure, also where this value owes its own performance.
    answered = earliest([events.first(world, e, since=line[0].start) for e in sentence.events])
    passed = conjunction([before(older, occasion.start), negation(no_later(answered, older))])
    if passed.value is False:
        return NO
    return passed if _rule(world, course, ir.NotCured) is not None else NO


__all__ = ["EVER", "course_said", "unknown"]
