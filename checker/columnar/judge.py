"""The judge in columns: occasions of a clause, its gates in their order, its sentences, and the fold into one verdict a case."""

from __future__ import annotations

from datetime import date, timedelta
from typing import NamedTuple

import numpy as np

from checker.columnar import clocks, conditions, events, moments
from checker.columnar.courses import course_said
from checker.columnar.possible import (
    Bits,
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    before,
    conjunction,
    no_later,
)
from checker.columnar.sentences import BIT, Said, due_in, said
from checker.columnar.silence import silence
from checker.columnar.stretches import Occasions, lasting
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.book import sorted_gates
from checker.interpret.possible import EVER, NEVER
from checker.interpret.verdicts import WORST_FIRST, Verdict
from dsl import contract as ir

NONE = np.iinfo(np.int64).min
"""No instant, no margin."""
VERDICTS = tuple(Verdict)
_NUMBER = {v: i for i, v in enumerate(VERDICTS)}
_RANK = np.array([WORST_FIRST.index(v) for v in VERDICTS], np.int64)


class Outcomes(NamedTuple):
    """Verdicts (as places in VERDICTS) with their instants and margins, NONE where there is none."""

    verdict: Ints
    due: Ints
    done: Ints
    margin: Ints


def judged(world: Columns, clause: ir.Clause) -> Outcomes:
    """The deciding outcome of a clause in every case: the worst, of equals the earliest."""
    return world.once(("judged", clause.id), lambda: _judged(world, clause))


def _judged(world: Columns, clause: ir.Clause) -> Outcomes:
    n = len(world.table)
    nothing = Outcomes(
        np.full(n, _NUMBER[Verdict.NOT_APPLICABLE], np.int64), *(np.full(n, NONE, np.int64) for _ in range(3))
    )
    if clause.only_on is not None:
        ambiguity, reading = clause.only_on
        world.touched.add(ambiguity)
        if world.readings.get(ambiguity) != reading:
            return nothing
    if clause.id in world.book.stand_ins:
        raise NotColumnar("a clause that stands for others")
    frame, doubt, more = occasions(world, clause)
    if more is not None:
        nothing.verdict[more] = _NUMBER[Verdict.UNDETERMINED]
    if not frame.n:
        return nothing
    each = weigh(world, clause, frame, doubt)
    if (np.diff(frame.case) > 0).all() and more is None:
        # One occasion a case: nothing to fold.
        for column, found in zip(nothing, each, strict=True):
            column[frame.case] = found
        return nothing
    order = np.lexsort((np.arange(frame.n), _RANK[each.verdict], frame.case))
    first = np.ones(frame.n, bool)
    first[1:] = frame.case[order][1:] != frame.case[order][:-1]
    chosen = order[first]
    if more is not None:
        # What no record shows counts after all that it does show.
        mine = frame.case[chosen]
        chosen = chosen[~more[mine] | (_RANK[each.verdict[chosen]] <= _RANK[_NUMBER[Verdict.UNDETERMINED]])]
    for column, found in zip(nothing, each, strict=True):
        column[frame.case[chosen]] = found[chosen]
    return nothing


def occasions(world: Columns, clause: ir.Clause) -> Occasions:
    """What a clause judges in all cases, in order."""
    concern = next(iter(world.lines(clause.concerns)), None)
    if not isinstance(concern, ir.Each):
        return lasting(world, concern)
    event, which = concern.event, concern.which
    return world.once(("occasions", event, which), lambda: _each(world, event, which))


def _each(world: Columns, event: str, which: str) -> Occasions:
    of, truth = events.rows(world, event)
    table = world.table
    places = of.places
    case = table.case[places]
    start = table.moments(places)
    following = None
    if len(places):
        after = np.append(places[1:], -1)
        same = np.append(case[1:] == case[:-1], False)
        when = table.moments(np.maximum(after, 0))
        at = np.where(same, when.lo, NEVER)
        until = at if when.certain else np.where(same, when.hi, NEVER)
        following = Moments(at, until, when.open, when.missing, row=np.where(same, after, -1))
    frame = Frame(("each", event, which, *world.consulted()), case, start, places, None, following)
    sure_cases = np.zeros(len(table), bool)
    sure_cases[case[truth.yes]] = True
    more: Bools | None = None
    silent = silence(world, (event,), np.arange(len(table)), EVER, world.now)
    if silent is not None:
        more = silent.any & ~sure_cases
        more = more if more.any() else None
    if which == "each":
        return frame, truth, more
    sure = np.flatnonzero(truth.yes)
    edge = np.ones(len(sure), bool)
    if which == "first":
        edge[1:] = case[sure][1:] != case[sure][:-1]
    else:
        edge[:-1] = case[sure][1:] != case[sure][:-1]
    kept = np.sort(np.concatenate([sure[edge], np.flatnonzero(~truth.yes & ~sure_cases[case])]))
    return frame.take(kept, frame.key), truth.take(kept), more


# --------------------------------------------------------------------------- one clause
def weigh(world: Columns, clause: ir.Clause, frame: Frame, doubt: Truths) -> Outcomes:
    """The outcomes of a clause on its occasions."""
    if clause.id in world.book.rights:
        raise NotColumnar("a right")
    w = _Weighing(frame.n)
    w.doubt(Verdict.NOT_APPLICABLE, doubt, np.ones(frame.n, bool))
    applies = _in_version(world, frame)
    if applies is not None:
        w.where(applies)
    where, save, provided = sorted_gates(world.lines(clause.gates))
    for g in where:
        if isinstance(g, ir.SupersededBy):
            raise NotColumnar("a layer")
        w.where(conditions.truth(world, g.condition, frame))
    findings: list[Said] | None = None
    if clause.course is not None:
        # A limit that moved on does not apply: that comes before any excuse.
        findings = _findings(world, clause, frame)
        if findings:
            w.leave(np.logical_and.reduce([f.verdicts == BIT[Verdict.NOT_APPLICABLE] for f in findings]))
    bitten = np.zeros(frame.n, bool)
    for g in save:
        t = conditions.truth(world, g.condition, frame)
        w.doubt(Verdict.EXCLUDED, t, ~w.out & ~bitten)
        bitten |= t.yes & ~w.out
        w.add(Verdict.EXCLUDED, t.yes & ~w.out)
    failing = np.zeros(frame.n, bool)
    truths = [conditions.truth(world, g.condition, frame) for g in provided]
    live = ~w.out & ~bitten
    for t in truths:
        failing |= t.no & live
    w.add(Verdict.NOT_ENTITLED, failing)
    for t in truths:
        w.doubt(Verdict.NOT_ENTITLED, t, live & ~failing)
    if findings is None:
        findings = _findings(world, clause, frame)
    _weigh_sentences(w, findings, live & ~failing)
    gate_due = _gate_due(world, provided, truths, failing, frame)
    return _outcomes(world, frame, w, findings, bitten, failing, gate_due)


def _findings(world: Columns, clause: ir.Clause, frame: Frame) -> list[Said]:
    """What each sentence comes to; one that follows a course, on its stretch."""
    moves = clause.course is not None
    return [
        course_said(world, clause, s, frame) if moves and isinstance(s, ir.Perform) else said(world, s, frame)
        for s in world.lines(clause.sentences)
    ]


class _Weighing:
    """The verdicts still possible on each occasion, as bits, and why more than one is."""

    def __init__(self, n: int) -> None:
        self.bits = np.zeros(n, np.uint8)
        self.open, self.missing = np.zeros(n, bool), np.zeros(n, bool)
        self.out = np.zeros(n, bool)

    def add(self, verdict: Verdict, which: Bools) -> None:
        """This verdict is possible there."""
        self.bits = np.where(which, self.bits | BIT[verdict], self.bits)

    def doubt(self, verdict: Verdict, t: Truths, which: Bools) -> None:
        """This verdict is possible where a truth is unknown."""
        if t.open is None or t.missing is None:
            return
        here = t.unknown & which
        self.add(verdict, here)
        self.open |= t.open & here
        self.missing |= t.missing & here

    def leave(self, which: Bools) -> None:
        """What surely does not apply is out."""
        gone = which & ~self.out
        self.bits = np.where(gone, BIT[Verdict.NOT_APPLICABLE], self.bits)
        self.out |= gone

    def where(self, t: Truths) -> None:
        """A `where` gate: what surely fails it is out."""
        self.doubt(Verdict.NOT_APPLICABLE, t, ~self.out)
        fails = t.no & ~self.out
        self.bits = np.where(fails, BIT[Verdict.NOT_APPLICABLE], self.bits)
        self.out |= fails


def _in_version(world: Columns, frame: Frame) -> Truths | None:
    version = world.book.contract.version
    if version is None or (version.start is None and version.end is None):
        return None
    order = world.table.order

    def start_of(day: date) -> Moments:
        return moments.moment(world, ir.DateConstant(day), frame)

    checks = []
    if version.start is not None:
        checks.append(no_later(start_of(version.start), frame.start, order))
    if version.end is not None:
        checks.append(before(frame.start, start_of(version.end + timedelta(days=1)), order))
    return conjunction(checks) if checks else always(frame.n)


def _weigh_sentences(w: _Weighing, findings: list[Said], which: Bools) -> None:
    """Several sentences bind together: the worst of what is possible."""
    if not findings:
        return
    combined = findings[0].verdicts
    for f in findings[1:]:
        combined = _worse(combined, f.verdicts)
    w.bits = np.where(which, w.bits | combined, w.bits)
    decided = combined == BIT[Verdict.BREACHED]
    for f in findings:
        counts = which & ~(decided & (f.verdicts != BIT[Verdict.BREACHED]))
        w.open |= f.open & counts
        w.missing |= f.missing & counts


def _worse(a: Bits, b: Bits) -> Bits:
    """Of two sets of possible verdicts, the sets of the worse of each pair."""
    out = np.zeros(len(a), np.uint8)
    milder_a, milder_b = np.zeros(len(a), bool), np.zeros(len(a), bool)
    for v in reversed(WORST_FIRST):
        in_a, in_b = (a & BIT[v]) != 0, (b & BIT[v]) != 0
        milder_a |= in_a
        milder_b |= in_b
        out |= np.where((in_a & milder_b) | (in_b & milder_a), BIT[v], np.uint8(0))
    return out


def _gate_due(
    world: Columns, gates: list[ir.Gate], truths: list[Truths], failing: Bools, frame: Frame
) -> Moments | None:
    """The instant that a prerequisite asks about: of the first that fails where one does, else of the first."""
    lo = np.full(frame.n, EVER, np.int64)
    hi = lo.copy()
    found = False
    taken = np.zeros(frame.n, bool)
    for g, t in zip(gates, truths, strict=True):
        due = due_in(world, [g.condition], frame)
        if due is None:
            continue
        found = True
        mine = ~taken & (~failing | t.no)
        due = due.last_second if due.edge else due
        lo, hi = np.where(mine, due.lo, lo), np.where(mine, due.hi, hi)
        taken |= mine
    return Moments(lo, hi) if found else None


def _outcomes(
    world: Columns,
    frame: Frame,
    w: _Weighing,
    findings: list[Said],
    bitten: Bools,
    failing: Bools,
    gate_due: Moments | None,
) -> Outcomes:
    n = frame.n
    verdict = np.full(n, -1, np.int64)
    count = np.zeros(n, np.int64)
    worst = np.full(n, -1, np.int64)
    for v in reversed(WORST_FIRST):
        here = (w.bits & BIT[v]) != 0
        count += here
        worst = np.where(here, _NUMBER[v], worst)
    single = count == 1
    pending = w.open & ~w.missing
    verdict = np.where(
        single, worst, np.where(pending, _NUMBER[Verdict.PENDING], _NUMBER[Verdict.UNDETERMINED])
    )
    chosen = _deciding(findings, worst, bitten, failing | w.out, n)
    due, done, margin = (np.full(n, NONE, np.int64) for _ in range(3))
    for i, f in enumerate(findings):
        here = chosen == i
        if not here.any():
            continue
        if f.due is not None:
            shown = here & f.due.exact
            due[shown] = f.due.lo[shown]
        if f.done is not None and f.has_done is not None:
            acted = here & f.has_done & f.done.exact
            done[acted] = f.done.lo[acted]
    if gate_due is not None:
        not_entitled = verdict == _NUMBER[Verdict.NOT_ENTITLED]
        has_due = np.zeros(n, bool)
        for i, f in enumerate(findings):
            if f.due is not None:
                has_due |= (chosen == i) & (f.due.hi > EVER)
        take = (not_entitled | (~has_due & (verdict == _NUMBER[Verdict.MET]))) & (gate_due.hi > EVER)
        if any(f.due is not None for f in findings):
            # The limit of a sentence that decides is its own.
            take &= failing
        exact = gate_due.exact
        due = np.where(take, np.where(exact, gate_due.lo, NONE), due)
    due[verdict == _NUMBER[Verdict.NOT_APPLICABLE]] = NONE
    done[(verdict == _NUMBER[Verdict.NOT_APPLICABLE]) | (verdict == _NUMBER[Verdict.PENDING])] = NONE
    both = (due != NONE) & (done != NONE)
    for i, f in enumerate(findings):
        here = both & (chosen == i)
        if f.measured is not None:
            here &= f.measured
        if not here.any():
            continue
        a, b = np.where(here, np.minimum(due, done), 0), np.where(here, np.maximum(due, done), 0)
        length, told = clocks.counted(world, f.clock, a, b, frame)
        margin = np.where(here & told, np.where(done <= due, length, -length), margin)
    return Outcomes(verdict, due, done, margin)


def _deciding(findings: list[Said], worst: Ints, bitten: Bools, none: Bools, n: int) -> Ints:
    """The sentence whose due and done are reported: the one that decides, else the first with a due; -1 for none."""
    chosen = np.full(n, -1, np.int64)
    with_due = [(f.due.hi > EVER) if f.due is not None else np.zeros(n, bool) for f in findings]
    for i, (_, has) in enumerate(zip(findings, with_due, strict=True)):
        chosen = np.where((chosen < 0) & has, i, chosen)
    first = chosen.copy()
    mine = np.full(n, -1, np.int64)
    for i, (f, has) in enumerate(zip(findings, with_due, strict=True)):
        inside = ((f.verdicts >> np.maximum(worst, 0).astype(np.uint8)) & 1) != 0
        mine = np.where((mine < 0) & has & inside, i, mine)
    breached = worst == _NUMBER[Verdict.BREACHED]
    for i, f in enumerate(findings):
        inside = (f.verdicts & BIT[Verdict.BREACHED]) != 0
        mine = np.where((mine < 0) & breached & inside, i, mine)
    chosen = np.where(mine >= 0, mine, np.where(breached & (mine < 0) & (first < 0), -1, first))
    # A carve-out shows the first limit; what is out, or lacks a prerequisite, shows none.
    chosen = np.where(bitten, first, chosen)
    return np.where(none, -1, chosen)
