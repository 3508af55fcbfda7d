"""The judge in columns: occasions of a clause, its gates in their order, its sentences, and the fold into one verdict a case."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache, reduce

import numpy as np

from checker.columnar import conditions, events, moments
from checker.columnar.courses import course_said
from checker.columnar.due import Due, due_of, first_of, only_where
from checker.columnar.found import Part
from checker.columnar.layers import exists, same_start, where_holds
from checker.columnar.limits import BIT, Said
from checker.columnar.outcomes import (
    NONE,
    NUMBER,
    VERDICTS,
    Decided,
    Outcomes,
    Paths,
    Weighing,
    applying,
    combined,
    folded,
    not_applicable,
    outcomes,
    worse,
)
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    at,
    before,
    conjunction,
    no_later,
)
from checker.columnar.sentences import said
from checker.columnar.silence import silence
from checker.columnar.stretches import Occasions, lasting
from checker.columnar.world import Columns, Following, Frame, NotColumnar
from checker.interpret.book import sorted_gates
from checker.interpret.possible import EVER, NEVER
from checker.interpret.verdicts import Verdict
from dsl import contract as ir


def decided(world: Columns, clause: ir.Clause) -> Decided:
    """The deciding outcome of a clause in every case (the worst, of equals the earliest), why it is in doubt, and the sentence that
    gave it.
    """

    def some(cases: Ints) -> Decided:
        return _decided(world, clause, cases)

    return world.once(("judged", clause.id), lambda: _decided(world, clause), Part(world.table.every, some))


def _decided(world: Columns, clause: ir.Clause, cases: Ints | None = None) -> Decided:
    """The same; `cases`: of these alone."""
    n = len(world.table) if cases is None else len(cases)
    if not exists(world, clause):
        return not_applicable(n, times=world.times)
    if clause.id in world.book.stand_ins and not clause.concerns:
        names = [n for s in world.lines(clause.sentences) if isinstance(s, ir.StandsFor) for n in s.clauses]
        if names:
            found = stood_for(world, tuple(names))
            return found if cases is None else found.take(cases)
    frame, _, more = occasions(world, clause)
    place, mine = frame.case, None
    if cases is not None:
        at = np.full(len(world.table), -1, np.int64)
        at[cases] = np.arange(n)
        place = at[place]
        mine = np.flatnonzero(place >= 0)
        place, more = place[mine], more[cases] if more is not None else None
    nothing = not_applicable(n, times=world.times)
    try:
        found = weighed(world, clause)
        if mine is not None:
            found = found.take(mine)
        if place is not world.table.every:
            found = folded(*applying(found, place), nothing)
    except NotColumnar as form:
        # Where nothing happened that the clause concerns, there is nothing that a form could prevent.
        world.prevented.setdefault(clause.id, str(form))
        world.give_up(frame.case, np.ones(frame.n, bool))
        found = nothing
    if more is None:
        return found
    # What no record shows counts after all that it does show.
    lost = not_applicable(n, times=world.times)
    lost.verdict[:] = NUMBER[Verdict.UNDETERMINED]
    lost.missing[:] = True
    shown = np.zeros(n, bool)
    shown[place] = True
    both = worse(found, lost)
    return combined(lambda f, x, b: np.where(more, np.where(shown, b, x), f), found, lost, both)


def stood_for(world: Columns, names: tuple[str, ...]) -> Decided:
    """The worst outcome of several clauses in every case, of equals that of the first."""
    first, *others = (decided(world, world.book.clauses[name]) for name in names)
    # Columns of its own: what is left to the interpreter is filled in clause by clause.
    return reduce(worse, others, combined(np.copy, first))


def weighed(world: Columns, clause: ir.Clause) -> Decided:
    """The outcome of each occasion of a clause, in order."""
    frame, doubt, _ = occasions(world, clause)

    def on(f: Frame) -> Decided:
        if not f.n:
            return not_applicable(0, times=world.times)
        return weigh(world, clause, f, doubt if f.places is None else doubt.take(f.places))

    return world.of_frame(("weighed", clause.id), frame, on)


def outcome_at(world: Columns, clause: ir.Clause, frame: Frame) -> Decided:
    """The deciding outcome of a clause on the same occasion, where it has one; else of all its occasions."""
    whole = decided(world, clause).take(frame.case)
    if frame.here is not None or not clause.concerns or not exists(world, clause):
        return whole
    theirs, _, more = occasions(world, clause)
    count = np.bincount(theirs.case, minlength=len(world.table))
    apart = count > 1
    if more is not None:
        apart &= ~more
    if not apart[frame.case].any():
        return whole
    pairs = same_start(world, frame, theirs)
    kept = apart[frame.case[pairs.occasion]]
    each = weighed(world, clause).take(pairs.row[kept])
    return folded(each, pairs.occasion[kept], whole)


def occasions(world: Columns, clause: ir.Clause) -> Occasions:
    """What a clause judges in all cases, in order."""
    concern = next(iter(world.lines(clause.concerns)), None)
    if concern is None or isinstance(concern, ir.TheAgreement):
        return world.once("the agreement", lambda: _as_of_audit(world))
    if not isinstance(concern, ir.Each):
        return lasting(world, concern)
    event, which = concern.event, concern.which
    return world.once(("occasions", event, which), lambda: _each(world, event, which))


def _as_of_audit(world: Columns) -> Occasions:
    """The agreement as a whole: one occasion a case, the audit instant."""
    case = world.table.every
    return (
        Frame(("the agreement",), case, at(np.full(len(case), world.now, np.int64))),
        always(len(case)),
        None,
    )


def _each(world: Columns, event: str, which: str) -> Occasions:
    of, truth = events.rows(world, event)
    table = world.table
    places = of.places
    case = table.as_every(of.case if of.case is not None else table.case_of(places))
    start = table.moments(places)
    following = Following(lambda: _following(case, places, start)) if len(places) else None
    frame = Frame(("each", event, which, *world.consulted()), case, start, places, None, following)
    if case is table.every and truth.certain and truth.yes.all():
        # One in each case: the first, the last, and each; no silence hides another.
        return frame, truth, None
    sure_cases = np.zeros(len(table), bool)
    sure_cases[case[np.flatnonzero(truth.yes)]] = True
    more: Bools | None = None
    silent = silence(world, (event,), table.every, EVER, world.now)
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
    chosen = frame.take(kept, frame.key)
    return chosen._replace(case=table.as_every(chosen.case)), truth.take(kept), more


def _following(case: Ints, places: Ints, start: Moments) -> Moments:
    """The next occasion of the same case; NEVER for none."""
    same = np.append(case[1:] == case[:-1], False)

    def after(column: Ints, none: int) -> Ints:
        return np.where(same, np.append(column[1:], none), none)

    lo = after(start.lo, NEVER)
    row = after(places, -1)
    if start.certain or start.open is None or start.missing is None:
        return Moments(lo, lo, row=row)
    open_, missing = (np.append(column[1:], False) & same for column in (start.open, start.missing))
    return Moments(lo, after(start.hi, NEVER), open_, missing, row=row)


# --------------------------------------------------------------------------- one clause
def weigh(world: Columns, clause: ir.Clause, frame: Frame, doubt: Truths) -> Decided:
    """The outcomes of a clause on its occasions."""
    w = Weighing(frame.n)
    w.doubt(Verdict.NOT_APPLICABLE, doubt, np.ones(frame.n, bool))
    applies = _in_version(world, frame)
    if applies is not None:
        w.where(applies)
    where, save, provided = sorted_gates(world.lines(clause.gates))
    here, left = _narrowed(frame, ~w.out)
    w = w if left is None else w.take(left)
    # Whatever their order, what one of them surely fails is out: first those that look at no other clause.
    for layer in sorted(where, key=lambda g: not isinstance(g, ir.Gate)):
        if not here.n:
            break
        w.where(where_holds(world, layer, here))
        here, kept = _narrowed(here, ~w.out)
        if kept is not None:
            w, left = w.take(kept), kept if left is None else left[kept]
    if left is None:
        return _weighed_on(world, clause, frame, w, save, provided)
    found = not_applicable(frame.n, times=world.times)
    return found.put(left, _weighed_on(world, clause, here, w, save, provided)) if here.n else found


def _narrowed(frame: Frame, left: Bools) -> tuple[Frame, Ints | None]:
    """The occasions that are left, and which; all of them (None), where that is hardly less."""
    if 2 * int(np.count_nonzero(left)) > frame.n:
        return frame, None
    kept = np.flatnonzero(left)
    return frame.where(left, kept), kept


def _weighed_on(
    world: Columns, clause: ir.Clause, frame: Frame, w: Weighing, save: list[ir.Gate], provided: list[ir.Gate]
) -> Decided:
    """The rest, on occasions to which the clause applies or may apply."""
    apart = clause.course is not None or clause.id in world.book.rights
    findings = _findings(world, clause, frame) if apart or world.times else []
    if findings and apart:
        # A limit that moved on, or a right that nobody used, does not apply: that comes before any excuse.
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
    live &= ~failing
    if apart or world.times:
        w.sentences(findings, live)
    elif live.any():
        _bind(world, clause, frame, w, live)
    gate_due = _gate_due(world, provided, truths, failing, frame) if world.times else None
    paths = Paths(bitten, failing, gate_due)
    return outcomes(world, clause, frame, w, findings, paths)


def _bind(world: Columns, clause: ir.Clause, frame: Frame, w: Weighing, live: Bools) -> None:
    """What sentences come to, for verdicts alone: asked only of the occasions on which they bind."""
    inner, kept = _narrowed(frame, live)
    found = _findings(world, clause, inner)
    if kept is None:
        w.sentences(found, live)
    else:
        some = w.take(kept)
        some.sentences(found, np.ones(inner.n, bool))
        w.put(kept, some)


def _findings(world: Columns, clause: ir.Clause, frame: Frame) -> list[Said]:
    """What each sentence comes to; one that follows a course, on its stretch."""
    moves = clause.course is not None
    return [
        course_said(world, clause, s, frame) if moves and isinstance(s, ir.Perform) else said(world, s, frame)
        for s in world.lines(clause.sentences)
    ]


def _in_version(world: Columns, frame: Frame) -> Truths | None:
    version = world.book.contract.version
    if version is None or (version.start is None and version.end is None):
        return None
    order = world.table.order

    def start_of(day: date) -> Moments:
        return moments.moment(world, _date(day), frame)

    checks = []
    if version.start is not None:
        checks.append(no_later(start_of(version.start), frame.start, order))
    if version.end is not None:
        checks.append(before(frame.start, start_of(version.end + timedelta(days=1)), order))
    return conjunction(checks) if checks else always(frame.n)


@cache
def _date(day: date) -> ir.DateConstant:
    # A term that is evaluated has to live on: what is remembered of it is remembered by its identity.
    return ir.DateConstant(day)


def _gate_due(
    world: Columns, gates: list[ir.Gate], truths: list[Truths], failing: Bools, frame: Frame
) -> Due | None:
    """The instant that a prerequisite asks about: of the first that fails where one does, else of the first."""
    found = [
        only_where(due_of(world, g.condition, frame), ~failing | t.no)
        for g, t in zip(gates, truths, strict=True)
    ]
    return first_of(found)


__all__ = [
    "NONE",
    "VERDICTS",
    "Outcomes",
    "decided",
    "occasions",
    "outcome_at",
    "stood_for",
    "weigh",
]
