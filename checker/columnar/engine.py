"""Judging a population in columns; what columns cannot decide exactly, the interpreter judges."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise

import numpy as np

from checker.columnar.agreements import Agreements
from checker.columnar.judge import decided
from checker.columnar.outcomes import NONE, VERDICTS, Decided, Outcomes, all_owed, not_applicable
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import OfCases
from checker.columnar.table import Table, TooMany
from checker.columnar.world import Columns, NotColumnar
from checker.interpret.book import Book
from checker.interpret.case import Case
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Judgement, Owed
from checker.interpret.world import Shared
from dsl import contract as ir


@dataclass(slots=True)
class Result:
    """Verdicts of clauses over cases: a column of outcomes for each clause; which readings turn them.

    `interpreted`: clauses with a form that columns do not hold. `undecided`: of each clause, the cases that were left to the
    interpreter: of those that are interpreted the cases in which something happened that they concern, all where that is not known
    either. Both have the interpreter's outcomes in their columns.
    `told`: what the interpreter said of those, by clause and case, where that was asked for. `world`: the cases on the readings
    taken, with what was found out on the way. `sentences`: of each clause the sentence that gave each verdict, where those of a
    clause differ in strength or party: a place in `owed`, NONE elsewhere.
    """

    owed: tuple[Owed, ...] = ()
    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    sentences: dict[str, Ints] = field(default_factory=dict)
    contested: dict[str, Bools] = field(default_factory=dict)
    interpreted: dict[str, str] = field(default_factory=dict)
    undecided: dict[str, Ints] = field(default_factory=dict)
    told: dict[tuple[str, int], Judgement] | None = None
    world: Columns | None = None

    def let_go(self) -> None:
        """Keep what was judged alone, without what was found out on the way: of a whole contract that is gigabytes."""
        if self.world is not None:
            self.world.let_go()
            self.world = None

    @property
    def left(self) -> int:
        """How many verdicts are the interpreter's."""
        whole = sum(len(self.contested[c]) for c in self.interpreted if c not in self.undecided)
        return whole + sum(len(cases) for cases in self.undecided.values())


def judge(book: Book, cases: Sequence[Case], clauses: Sequence[ir.Clause], now: int) -> Result:
    """Judge cases of tickets against clauses, on the recommended readings; whether another would turn each verdict."""
    return judge_table(book, Table(OfCases(cases, now)), clauses)


def judge_table(
    book: Book,
    table: Table,
    clauses: Sequence[ir.Clause],
    agreements: Agreements | None = None,
    *,
    readings: Mapping[str, str] | None = None,
    contested: bool = True,
    times: bool = True,
    keep: bool = False,
    shared: dict[str, Shared] | None = None,
) -> Result:
    """The same for cases that are columns already.

    `agreements`: what tables that are parts of one share. `readings`: those chosen otherwise than recommended. `contested`:
    evaluate other readings, too. `times`: tell limits, acts, margins and sentences, too. `keep`: keep what the interpreter says
    of what is left to it. `shared`: what it remembers of agreements, by their ids, from one table to the next.
    """
    how = partial(_judged, readings=readings, contested=contested, times=times, keep=keep, shared=shared)
    try:
        return how(book, table, clauses, agreements)
    except TooMany:
        pass
    # Half as many cases have about half as many of what was too much; one alone is judged whatever it has. What the first attempt held is
    # let go by now.
    again = partial(
        judge_table, readings=readings, contested=contested, times=times, keep=keep, shared=shared
    )
    cuts = [0, len(table) // 2, len(table)]
    return joined(
        [again(book, table.part(*both), clauses, agreements) for both in pairwise(cuts)], cuts, clauses
    )


def _judged(
    book: Book,
    table: Table,
    clauses: Sequence[ir.Clause],
    agreements: Agreements | None,
    *,
    readings: Mapping[str, str] | None,
    contested: bool,
    times: bool,
    keep: bool,
    shared: dict[str, Shared] | None,
) -> Result:
    world = Columns(book, table, book.readings(readings or {}), agreements, times=times)
    out = Result(all_owed(book), told={} if keep else None, world=world)
    judged: dict[str, _Clause] = {}
    for clause in clauses:
        try:
            found, touched, hard = world.apart(partial(decided, world, clause))
        except NotColumnar as form:
            out.interpreted[clause.id] = str(form)
        else:
            judged[clause.id] = _Clause(clause, found, touched, hard, np.zeros(len(table), bool))
    if contested:
        _reread(world, judged, out)
    for name, one in judged.items():
        out.outcomes[name], out.contested[name] = one.found.outcomes, one.contested
        if one.found.sentence is not None:
            out.sentences[name] = one.found.sentence
        if one.hard is not None:
            out.undecided[name] = np.flatnonzero(one.hard)
        if name in world.prevented:
            out.interpreted[name] = world.prevented[name]
            out.undecided.setdefault(name, np.zeros(0, np.int64))
    known = shared if shared is not None else {}

    def judge_of(i: int) -> Judge:
        case = table.cases[i]
        return Judge(book, case, table.now, readings, known.setdefault(case.agreement, Shared()))

    _interpret(len(table), clauses, out, judge_of, contested=contested, times=times)
    return out


@dataclass(slots=True)
class _Clause:
    """A clause judged on the readings taken, the ambiguities that it consulted, and the cases that it left undecided on some reading;
    in which cases another reading turns the verdict.
    """

    clause: ir.Clause
    found: Decided
    touched: set[str]
    hard: Bools | None
    contested: Bools


def _reread(world: Columns, judged: dict[str, _Clause], out: Result) -> None:
    """Judge clauses on every other reading of what they consulted: reading by reading, so that what is found on one is let go
    before the next.
    """
    for ambiguity in sorted({name for each in judged.values() for name in each.touched}):
        for reading, _ in world.book.ambiguities[ambiguity].readings:
            if reading == world.readings[ambiguity]:
                continue
            with world.reread(ambiguity, reading):
                for name, each in list(judged.items()):
                    if ambiguity not in each.touched:
                        continue
                    try:
                        turned, _, hard = world.apart(partial(decided, world, each.clause))
                    except NotColumnar as form:
                        out.interpreted[name] = str(form)
                        del judged[name]
                        continue
                    if turned is each.found:
                        # The same, with the same cases left undecided.
                        continue
                    each.contested |= turned.verdict != each.found.verdict
                    if hard is not None:
                        each.hard = hard if each.hard is None else each.hard | hard


def _interpret(
    n: int,
    clauses: Sequence[ir.Clause],
    out: Result,
    judge_of: Callable[[int], Judge],
    *,
    contested: bool,
    times: bool,
) -> None:
    """What is left to the interpreter: clauses that are not columnar, and of others the cases that they left undecided."""
    work: dict[int, list[str]] = {}
    for clause in clauses:
        if clause.id in out.interpreted and clause.id not in out.undecided:
            nothing = not_applicable(n, times=times)
            out.outcomes[clause.id] = nothing.outcomes
            if nothing.sentence is not None:
                out.sentences[clause.id] = nothing.sentence
            out.contested[clause.id] = np.zeros(n, bool)
            cases: Sequence[int] = range(n)
        else:
            cases = out.undecided.get(clause.id, np.zeros(0, np.int64)).tolist()
        for i in cases:
            work.setdefault(i, []).append(clause.id)
    for i, mine in sorted(work.items()):
        one = judge_of(i)
        for name in mine:
            j = one.verdict(name, contested=contested)
            if out.told is not None:
                out.told[name, i] = j
            columns_, o = out.outcomes[name], j.outcome
            columns_.verdict[i] = VERDICTS.index(o.verdict)
            for column, value in zip(columns_[1:], (o.due, o.done, o.margin), strict=True):
                if column is not None:
                    column[i] = NONE if value is None else value
            if times:
                out.sentences[name][i] = NONE if o.sentence is None else out.owed.index(o.sentence)
            out.contested[name][i] = bool(j.contested)


def joined(parts: list[Result], cuts: list[int], clauses: Sequence[ir.Clause]) -> Result:
    """The results of blocks as that of their table. `cuts`: the first case of each block, and the end of the last."""
    if len(parts) == 1:
        return parts[0]
    out = Result(parts[0].owed)
    for clause in clauses:
        name = clause.id
        columns = zip(*(p.outcomes[name] for p in parts), strict=True)
        out.outcomes[name] = Outcomes._make(None if c[0] is None else np.concatenate(c) for c in columns)
        if all(name in p.sentences for p in parts):
            out.sentences[name] = np.concatenate([p.sentences[name] for p in parts])
        out.contested[name] = np.concatenate([p.contested[name] for p in parts])
        form = next((p.interpreted[name] for p in parts if name in p.interpreted), None)
        if form is not None:
            out.interpreted[name] = form
        left = [p.undecided[name] + cuts[i] for i, p in enumerate(parts) if name in p.undecided]
        if left:
            out.undecided[name] = np.concatenate(left)
    if all(p.told is not None for p in parts):
        out.told = {
            (name, i + cut): j
            for p, cut in zip(parts, cuts, strict=False)
            for (name, i), j in (p.told or {}).items()
        }
    return out
