"""What would have made a verdict another one, in sentences."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.interpret import conditions, events, sentences
from checker.interpret.courses import course_said
from checker.interpret.gates import gate_kinds
from checker.interpret.limits import Limits, Said, limits_of
from checker.interpret.possible import conjunction, precedes, stands
from checker.interpret.shown import duration, iso, short, when
from checker.interpret.verdicts import Flip, Outcome, Verdict, worst_rank
from checker.interpret.world import Frame, Occasion, World
from dsl import contract as ir
from dsl import phrase

Found = tuple[ir.Sentence, Said]


def would_turn(
    world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion | None, flips: Iterable[Flip]
) -> list[str]:
    """Sentences that say what would have turned the verdict on the deciding occasion; then the readings that do."""
    out: list[str] = []
    if occasion is not None:
        out += _RULES[outcome.verdict](world, clause, outcome, occasion)
    elif outcome.verdict in (Verdict.UNDETERMINED, Verdict.PENDING):
        out += _hangs(world, clause, outcome, occasion)
    out += [f"Read otherwise ({f.ambiguity}: {f.reading}) it would be {f.verdict}." for f in flips]
    return out


def findings(world: World, clause: ir.Clause, occasion: Occasion) -> list[Found]:
    """The sentences of a clause with what each comes to."""
    frame = Frame(occasion)
    out: list[Found] = []
    for s in world.lines(clause.sentences):
        follows = clause.course is not None and isinstance(s, ir.Perform)
        said = course_said if follows else None
        finding = said(world, clause, s, occasion, frame) if said and isinstance(s, ir.Perform) else None
        out.append((s, finding if finding is not None else sentences.said(world, s, occasion, frame)))
    return out


# --------------------------------------------------------------------------- breached
def _breached(world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion) -> list[str]:
    out: list[str] = []
    for s, finding in findings(world, clause, occasion):
        if finding.verdicts == {Verdict.BREACHED}:
            out += _kept_by(world, clause, s, finding, occasion)
    return out


def _kept_by(
    world: World, clause: ir.Clause, s: ir.Sentence, finding: Said, occasion: Occasion
) -> Iterator[str]:
    frame = Frame(occasion)
    if isinstance(s, ir.Ensure):
        lines = world.lines(s.conditions)
        failing = [c for c in lines if conditions.truth(world, c, frame, owed=True).value is False]
        yield f"It would have been met if this held: {'; '.join(phrase.condition(c) for c in failing)}."
    elif isinstance(s, ir.Refrain):
        act = finding.done.event if finding.done is not None else None
        yield f"It would have been met without {short(world, act) if act is not None else 'what was done'}."
    elif isinstance(s, ir.Keep):
        since = f" from {iso(world, finding.done.lo)}" if finding.done is not None else ""
        wanted = "no " + s.state if s.free else s.state
        yield f"It would have been met with {wanted}{since}: {finding.reason}."
    elif isinstance(s, ir.Perform):
        limits = limits_of(world, s.limits, frame)
        if s.strength in ("may", "discretion"):
            yield f"It would have been met by a use within these bounds: {_bounds(world, s, limits, frame, occasion)}."
        else:
            yield from _performed(world, clause, s, limits, finding, occasion)


def _performed(
    world: World, clause: ir.Clause, s: ir.Perform, limits: Limits, finding: Said, occasion: Occasion
) -> Iterator[str]:
    what = " or ".join(s.events)
    refusals = [
        e
        for e, t in sentences.meant(world, limits.refused, limits, Frame(occasion))
        if t.value and precedes(world.moment(e), occasion.since).value is False
    ]
    act = finding.done
    early = [m for r, m in limits.lower if act is not None and stands(act, r, m).value is False]
    until = f" and no later than {when(world, limits.due)}" if limits.due is not None else ""
    if early:
        yield f"It would have been met had {what} come no sooner than {when(world, early[0])}{until}."
    elif refusals:
        yield f"It would have been met without the refusal: {short(world, refusals[0])}."
    elif finding.due is None:
        yield f"It would have been met by {what}."
    elif not finding.due.exact:
        yield f"It would have been met by {what} in time: the limit lies {when(world, finding.due)}."
    elif clause.course is not None:
        yield f"It would not have been breached by {what} no later than {when(world, finding.due)}."
    else:
        yield f"It would have been met by {what} no later than {when(world, finding.due)}."


def _bounds(world: World, s: ir.Perform, limits: Limits, frame: Frame, occasion: Occasion) -> str:
    """The bounds of a right that its use broke; all of them, where none surely was."""
    used = [e for n in s.events for e, t in events.rows(world, n) if t.value is not False]
    if occasion.event is not None and any(e is occasion.event for e in used):
        used = [occasion.event]
    broken = [phrase.condition(c) for c in limits.only if conditions.truth(world, c, frame).value is False]
    for relation, bound in (*limits.lower, *limits.upper):
        if any(stands(world.moment(e), relation, bound).value is False for e in used):
            name = {
                "before": "before",
                "after": "after",
                "no-later": "no later than",
                "no-sooner": "no sooner than",
            }
            broken.append(f"{name[relation]} {when(world, bound)}")
    for r in limits.restrictions:
        if any(events.fits(world, e, world.moment(e), r, frame).value is False for e in used):
            broken.append(
                f"{r.attribute} {r.value}" if isinstance(r, events.Carrying) else phrase.restriction(r)
            )
    return "; ".join(broken) or ", ".join(phrase.limit(x) for x in world.lines(s.limits))


# --------------------------------------------------------------------------- the other verdicts
def _met(world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion) -> list[str]:
    if outcome.due is None or outcome.margin is None:
        return []
    spare = f"{duration(outcome.margin)} on the clause's clock" if outcome.margin else "not a second"
    return [f"It would have been breached after {iso(world, outcome.due)}: there was {spare} to spare."]


def _not_entitled(world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion) -> list[str]:
    frame = Frame(occasion)
    _, _, provided = gate_kinds(world, clause)
    failing = [g for g in provided if conditions.truth(world, g.condition, frame).value is False]
    if failing:
        asked = "; ".join(world.book.words_of(g.condition) for g in failing)
        return [f"The customer would have been entitled if this held: {asked}."]
    out = []
    for s, finding in findings(world, clause, occasion):
        if Verdict.NOT_ENTITLED in finding.verdicts and isinstance(s, ir.Perform):
            bounds = _bounds(world, s, limits_of(world, s.limits, frame), frame, occasion)
            out.append(f"The customer would have been within its right if this held: {bounds}.")
        elif Verdict.NOT_ENTITLED in finding.verdicts and isinstance(s, ir.Ensure):
            lines = [c for c in world.lines(s.conditions) if not conditions.truth(world, c, frame).value]
            out.append(f"It would have held if: {'; '.join(phrase.condition(c) for c in lines)}.")
    return out


def _excluded(world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion) -> list[str]:
    frame = Frame(occasion)
    _, save, provided = gate_kinds(world, clause)
    biting = [g for g in save if conditions.truth(world, g.condition, frame).value]
    if not biting:
        return []
    entitled = conjunction(conditions.truth(world, g.condition, frame) for g in provided)
    possible = {frozenset(f.verdicts) for _, f in findings(world, clause, occasion)}
    if entitled.value is False:
        else_ = str(Verdict.NOT_ENTITLED)
    elif entitled.value and possible and all(len(p) == 1 for p in possible):
        else_ = str(min((next(iter(p)) for p in possible), key=worst_rank))
    else:
        return []
    carved = "; ".join(world.book.words_of(g.condition) for g in biting)
    return [f"Without the carve-out ({carved}) it would be {else_}."]


def _not_applicable(world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion) -> list[str]:
    if outcome.because.startswith("not so: "):
        return [f"The clause would be about this if it were so: {outcome.because.removeprefix('not so: ')}."]
    return []


def _hangs(world: World, clause: ir.Clause, outcome: Outcome, occasion: Occasion | None) -> list[str]:
    kind = "open" if outcome.verdict is Verdict.PENDING else "missing"
    out = []
    if outcome.possible:
        ways = sorted(outcome.possible, key=worst_rank)
        out.append(f"As the record stands it may be {' or '.join(str(v) for v in ways)}.")
    return out + [f"It hangs on {c.what}." for c in sorted(outcome.causes) if c.kind == kind]


_RULES = {
    Verdict.BREACHED: _breached,
    Verdict.MET: _met,
    Verdict.NOT_ENTITLED: _not_entitled,
    Verdict.EXCLUDED: _excluded,
    Verdict.NOT_APPLICABLE: _not_applicable,
    Verdict.PENDING: _hangs,
    Verdict.UNDETERMINED: _hangs,
}
