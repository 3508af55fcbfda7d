"""The judge: occasions of a clause, its gates in their order, its sentences, and the fold into one verdict.

Gates: `where` and `superseded by` (else not_applicable), `save where` (excluded), `provided that` (not_entitled), then the
sentences. A gate that is unknown does not stop the evaluation: both ways are followed, and only where they lead to different
verdicts is the verdict undetermined (or pending, if the future alone decides).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from checker.interpret import calendars, conditions
from checker.interpret.case import Case
from checker.interpret.courses import course_said
from checker.interpret.gates import gate_kinds, takes_over, where_holds
from checker.interpret.limits import Said
from checker.interpret.moments import day_start
from checker.interpret.occasions import concern_of, exists, occasions
from checker.interpret.possible import (
    NO_CAUSE,
    YES,
    Causes,
    Moment,
    Truth,
    before,
    conjunction,
    no_later,
)
from checker.interpret.sentences import due_of, said
from checker.interpret.verdicts import Flip, Judgement, Outcome, Verdict, worst_rank
from checker.interpret.world import Book, Frame, Occasion, Shared, World, owed
from dsl import contract as ir


# --------------------------------------------------------------------------- one occasion
@dataclass(slots=True)
class _Weighing:
    verdicts: set[Verdict]
    causes: Causes
    reasons: dict[Verdict, str]

    def add(self, verdict: Verdict, reason: str, causes: Causes = NO_CAUSE) -> None:
        self.verdicts.add(verdict)
        self.causes |= causes
        self.reasons.setdefault(verdict, reason)


def weigh(world: World, clause: ir.Clause, occasion: Occasion) -> Outcome:
    """The outcome of a clause on one occasion."""
    frame = Frame(occasion)
    w = _Weighing(set(), NO_CAUSE, {})
    if occasion.doubt:
        w.add(Verdict.NOT_APPLICABLE, "it may not have happened", occasion.doubt)
    if world.book.contract.version is not None:
        version = in_version_at(world, occasion)
        if version.value is False:
            name = world.book.contract.version.name
            return Outcome(Verdict.NOT_APPLICABLE, f"version {name} of the contract was not in force")
        if version.value is None:
            w.add(Verdict.NOT_APPLICABLE, "whether this version of the contract was in force", version.causes)
    where, save, provided = gate_kinds(world, clause)
    if where and not _weigh_where(world, where, occasion, frame, w):
        reason = w.reasons[Verdict.NOT_APPLICABLE]
        start = occasion.start.lo if occasion.start.exact else None
        return Outcome(Verdict.NOT_APPLICABLE, reason, occasion=start)
    findings: list[Said] | None = None
    if clause.course is not None or clause.id in world.book.rights:
        # A limit that moved on, or a right that nobody used, does not apply: that comes before any excuse.
        findings = _sentences(world, clause, occasion, frame)
        if findings and all(f.verdicts == {Verdict.NOT_APPLICABLE} for f in findings):
            w.add(Verdict.NOT_APPLICABLE, findings[0].reason)
            return _outcome(world, w, occasion, None, None)
    if save and _weigh_save(world, save, frame, w):
        # Decided; the limit is still worth showing.
        found = (
            findings
            if findings is not None
            else world.aside(lambda: _sentences(world, clause, occasion, frame))
        )
        return _outcome(world, w, occasion, next((f for f in found if f.due is not None), None), None)
    failing = _weigh_provided(world, provided, frame, w) if provided else []
    if failing:
        return _outcome(world, w, occasion, None, world.aside(lambda: _gate_due(world, failing, frame)))
    if findings is None:
        findings = _sentences(world, clause, occasion, frame)
    _weigh_sentences(findings, w)
    limited = [f for f in findings if f.due is not None]
    gate_due = None if limited or not provided else _gate_due(world, provided, frame)
    outcome = _outcome(world, w, occasion, _deciding(findings, limited, w), gate_due)
    return _with_sentence(world, clause, findings, outcome) if clause.id in world.book.mixed else outcome


def _with_sentence(world: World, clause: ir.Clause, findings: list[Said], outcome: Outcome) -> Outcome:
    """The outcome with the sentence that gave the verdict; none where a gate did, or nothing is decided."""
    for sentence, finding in zip(world.lines(clause.sentences), findings, strict=True):
        if finding.verdicts == {outcome.verdict}:
            return outcome._replace(sentence=owed(sentence))
    return outcome


def in_version_at(world: World, occasion: Occasion) -> Truth:
    """Whether the version of the contract was in force at the occasion; both dates are inclusive."""
    version = world.book.contract.version
    if version is None or (version.start is None and version.end is None):
        return YES
    checks = []
    if version.start is not None:
        checks.append(no_later(day_start(world, version.start), occasion.start))
    if version.end is not None:
        checks.append(before(occasion.start, day_start(world, version.end + timedelta(days=1))))
    return conjunction(checks)


def _weigh_save(world: World, save: list[ir.Gate], frame: Frame, w: _Weighing) -> bool:
    """Weigh the carve-outs; True if one surely holds."""
    for g in save:
        t = conditions.truth(world, g.condition, frame)
        if t.value is False:
            continue
        w.add(Verdict.EXCLUDED, world.book.words_of(g.condition), t.causes)
        if t.value:
            w.reasons[Verdict.EXCLUDED] = world.book.words_of(g.condition)
            return True
    return False


def _weigh_provided(world: World, provided: list[ir.Gate], frame: Frame, w: _Weighing) -> list[ir.Gate]:
    """Weigh the prerequisites: all that surely fail, so that all are reported; the first of them decides."""
    failing: list[ir.Gate] = []
    doubtful: list[tuple[ir.Gate, Truth]] = []
    for g in provided:
        # Once one fails the verdict is settled; the others are looked at for the report.
        check = partial(conditions.truth, world, g.condition, frame)
        t = world.aside(check) if failing else check()
        if t.value is False:
            failing.append(g)
        elif t.value is None:
            doubtful.append((g, t))
    if failing:
        w.add(Verdict.NOT_ENTITLED, "; ".join(f"not so: {world.book.words_of(g.condition)}" for g in failing))
        return failing
    for g, t in doubtful:
        w.add(Verdict.NOT_ENTITLED, f"whether {world.book.words_of(g.condition)}", t.causes)
    return []


def _gate_due(world: World, gates: list[ir.Gate], frame: Frame) -> Moment | None:
    return next((d for d in (due_of(world, g.condition, frame) for g in gates) if d is not None), None)


def _weigh_where(
    world: World, where: list[ir.Gate | ir.SupersededBy], occasion: Occasion, frame: Frame, w: _Weighing
) -> bool:
    """Weigh the `where` gates; False if one surely fails.

    What fails decides, whatever the gates before it say: only the readings that it consulted can turn the verdict.
    """
    before = world.touched
    seen = before
    for g in where:
        world.touched = set()
        t = where_holds(world, g, occasion, frame)
        if t.value is False:
            world.touched |= before
            w.verdicts = {Verdict.NOT_APPLICABLE}
            w.reasons = {Verdict.NOT_APPLICABLE: _not_about(world, g, occasion)}
            return False
        if world.touched:
            seen = seen | world.touched
        if t.value is None:
            text = (
                world.book.words_of(g.condition)
                if isinstance(g, ir.Gate)
                else f"{' or '.join(g.clauses)} takes its place"
            )
            w.add(Verdict.NOT_APPLICABLE, f"whether {text}", t.causes)
    world.touched = seen
    return True


def _not_about(world: World, g: ir.Gate | ir.SupersededBy, occasion: Occasion) -> str:
    if isinstance(g, ir.Gate):
        return f"not so: {world.book.words_of(g.condition)}"
    by = [n for n in g.clauses if takes_over(world, n, occasion).value]
    return f"superseded by {', '.join(by)}"


def _sentences(world: World, clause: ir.Clause, occasion: Occasion, frame: Frame) -> list[Said]:
    out = []
    for sentence in world.lines(clause.sentences):
        if clause.course is not None and isinstance(sentence, ir.Perform):
            finding = course_said(world, clause, sentence, occasion, frame)
        else:
            finding = said(world, sentence, occasion, frame)
        if world.trace is not None:
            world.trace.came_to(sentence, finding.verdicts)
        out.append(finding)
    return out


def _weigh_sentences(findings: list[Said], w: _Weighing) -> None:
    """Several sentences bind together: the worst of what is possible."""
    if len(findings) == 1:
        only = findings[0]
        w.verdicts |= only.verdicts
        w.causes |= only.causes
        for v in only.verdicts:
            w.reasons[v] = only.reason
        return
    combined: set[Verdict] | None = None
    for f in findings:
        for v in f.verdicts:
            w.reasons.setdefault(v, f.reason)
        combined = (
            set(f.verdicts)
            if combined is None
            else {min(a, b, key=worst_rank) for a in combined for b in f.verdicts}
        )
    for v in combined or set():
        w.verdicts.add(v)
        worst = next((f for f in findings if v in f.verdicts), None)
        if worst is not None:
            w.reasons[v] = worst.reason
    decided = combined is not None and combined == {Verdict.BREACHED}
    for f in findings:
        if not (decided and f.verdicts != {Verdict.BREACHED}):
            w.causes |= f.causes


def _deciding(findings: list[Said], with_due: list[Said], w: _Weighing) -> Said | None:
    """The sentence whose due and done are reported: the one that decides, else the first with a due."""
    verdict = min(w.verdicts, key=worst_rank, default=None)
    chosen = next((f for f in with_due if verdict in f.verdicts), None)
    if chosen is None and verdict is Verdict.BREACHED:
        # What was broken has no limit: the limit of another sentence, which was kept, would mislead.
        return next((f for f in findings if verdict in f.verdicts), None)
    return chosen or (with_due[0] if with_due else None)


def _outcome(
    world: World, w: _Weighing, occasion: Occasion, finding: Said | None, gate_due: Moment | None
) -> Outcome:
    if len(w.verdicts) == 1:
        verdict = next(iter(w.verdicts))
        reason, causes = w.reasons[verdict], NO_CAUSE
    else:
        causes = w.causes
        verdict = (
            Verdict.PENDING if causes and all(c.kind == "open" for c in causes) else Verdict.UNDETERMINED
        )
        named = sorted({c.what for c in causes if verdict is Verdict.PENDING or c.kind == "missing"})
        lead = "still to come: " if verdict is Verdict.PENDING else "missing: "
        reason = lead + "; ".join(named) if named else "; ".join(sorted(set(w.reasons.values())))
    due_moment = finding.due if finding is not None and finding.due is not None else None
    if gate_due is not None and (
        verdict is Verdict.NOT_ENTITLED or (due_moment is None and verdict is Verdict.MET)
    ):
        # The instant that a prerequisite asks about is the limit where it decides, or where the sentence has none.
        due_moment = gate_due
    if verdict is Verdict.NOT_APPLICABLE:
        due_moment = None
    due = due_moment.lo if due_moment is not None and due_moment.exact else None
    done = (
        finding.done.lo if finding is not None and finding.done is not None and finding.done.exact else None
    )
    if verdict in (Verdict.NOT_APPLICABLE, Verdict.PENDING):
        done = None
    margin = _margin(world, finding.clock, due, done) if finding is not None and finding.measured else None
    start = occasion.start.lo if occasion.start.exact else None
    possible = frozenset(w.verdicts) if len(w.verdicts) > 1 else frozenset()
    return Outcome(verdict, reason, due, done, margin, causes, start, possible)


def _margin(world: World, clock: ir.Clock | None, due: int | None, done: int | None) -> int | None:
    """Time left (positive) or overrun (negative) on the clause's clock, in seconds."""
    if due is None or done is None:
        return None
    if done <= due:
        return calendars.counted(world, clock, done, due)
    late = calendars.counted(world, clock, due, done)
    return -late if late is not None else None


# --------------------------------------------------------------------------- one clause
def outcomes_of(world: World, clause_id: str) -> tuple[Outcome, ...]:
    """The outcome of every occasion of a clause in this case, in order."""
    return world.once(("outcomes", clause_id), lambda: _outcomes(world, world.book.clauses[clause_id]))


def _outcomes(world: World, clause: ir.Clause) -> tuple[Outcome, ...]:
    if not exists(world, clause):
        ambiguity, reading = clause.only_on or ("", "")
        return (Outcome(Verdict.NOT_APPLICABLE, f"it exists only where {ambiguity} is read as {reading}"),)
    if clause.id in world.book.stand_ins and not clause.concerns:
        stands_for = [s for s in world.lines(clause.sentences) if isinstance(s, ir.StandsFor)]
        if stands_for:
            return tuple(o for s in stands_for for name in s.clauses for o in outcomes_of(world, name))
    found, more = occasions(world, clause)
    out = [weigh(world, clause, o) for o in found]
    if more:
        reason = "missing: " + "; ".join(sorted(c.what for c in more))
        out.append(Outcome(Verdict.UNDETERMINED, reason, causes=more))
    if not out:
        out.append(world.book.no_occasion(concern_of(world, clause)))
    return tuple(out)


def outcome_of(world: World, clause_id: str) -> Outcome:
    """The deciding outcome: the worst, of equals the earliest."""
    return _worst(outcomes_of(world, clause_id))


def outcome_at(world: World, clause_id: str, occasion: Occasion | None) -> Outcome:
    """The deciding outcome of a clause on the same occasion, where it has one; else of all its occasions."""
    clause = world.book.clauses[clause_id]
    found, more = (
        occasions(world, clause) if occasion is not None and exists(world, clause) else ([], NO_CAUSE)
    )
    same = [o for o in found if occasion is not None and o.start == occasion.start]
    if not same or more or len(found) == 1:
        return outcome_of(world, clause_id)
    return _worst(tuple(weigh(world, clause, o) for o in same))


def _worst(outcomes: tuple[Outcome, ...]) -> Outcome:
    return outcomes[0] if len(outcomes) == 1 else min(outcomes, key=lambda o: worst_rank(o.verdict))


class Judge:
    """Judges the clauses of one contract on one case, and says which readings would turn each verdict."""

    def __init__(
        self,
        book: Book,
        case: Case,
        now: int,
        readings: Mapping[str, str] | None = None,
        shared: Shared | None = None,
    ) -> None:
        self.world = World(book, case, now, book.readings(readings or {}), shared)
        self.book = book
        self._other: dict[tuple[str, str], World] = {}

    def verdict(self, clause_id: str, *, contested: bool = True) -> Judgement:
        """The judgement of one clause; `contested`: with the readings that would turn it."""
        world = self.world
        outer, world.touched = world.touched, set()
        outcomes = outcomes_of(world, clause_id)
        outcome = _worst(outcomes)
        touched, world.touched = world.touched, outer
        flips = tuple(self._flips(clause_id, outcome.verdict, touched)) if contested and touched else ()
        case = world.case
        level = self.book.clauses[clause_id].level
        return Judgement(
            case.agreement,
            case.ticket if level == "ticket" else "",
            clause_id,
            outcome,
            outcomes,
            flips,
            tuple(sorted(touched)) if touched else (),
        )

    def _flips(self, clause_id: str, verdict: Verdict, touched: set[str]) -> Iterable[Flip]:
        for name in sorted(touched):
            for reading, _ in self.book.ambiguities[name].readings:
                if reading == self.world.readings[name]:
                    continue
                key = (name, reading)
                if key not in self._other:
                    self._other[key] = self.world.reread(name, reading)
                other = outcome_of(self._other[key], clause_id)
                if other.verdict is not verdict:
                    yield Flip(name, reading, other.verdict)


__all__ = ["Judge", "outcome_at", "outcome_of", "outcomes_of", "weigh"]
