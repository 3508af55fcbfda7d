"""Judging a population in columns; what columns cannot decide exactly, the interpreter judges."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from checker.columnar.judge import NONE, VERDICTS, Outcomes, judged
from checker.columnar.possible import Bools, Ints
from checker.columnar.table import Table
from checker.columnar.world import Columns, NotColumnar
from checker.interpret.book import Book
from checker.interpret.case import Case
from checker.interpret.judge import Judge
from checker.interpret.world import Shared
from dsl import contract as ir


@dataclass(slots=True)
class Result:
    """Verdicts of clauses over cases: a column of outcomes for each clause; which readings turn them.

    `interpreted`: clauses that no column could hold, with the form that prevented it. `hard`: how many cases were left to
    the interpreter.
    """

    outcomes: dict[str, Outcomes] = field(default_factory=dict)
    contested: dict[str, Bools] = field(default_factory=dict)
    interpreted: dict[str, str] = field(default_factory=dict)
    hard: int = 0


def judge(book: Book, cases: Sequence[Case], clauses: Sequence[ir.Clause], now: int) -> Result:
    """Judge cases of tickets against clauses, on the recommended readings; whether another would turn each verdict."""
    return judge_table(book, Table(cases, now), clauses)


def judge_table(book: Book, table: Table, clauses: Sequence[ir.Clause]) -> Result:
    """The same for cases that are columns already."""
    world = Columns(book, table, book.recommended)
    world.hard |= ~table.whole | table.rough
    out = Result()
    others: dict[tuple[str, str], Columns] = {}
    for clause in clauses:
        try:
            out.outcomes[clause.id], out.contested[clause.id] = _judged(world, clause, others)
        except NotColumnar as form:
            out.interpreted[clause.id] = str(form)
    hard = np.flatnonzero(world.hard)
    out.hard = len(hard)
    _interpret(book, table.cases, clauses, table.now, hard, out)
    return out


def _judged(
    world: Columns, clause: ir.Clause, others: dict[tuple[str, str], Columns]
) -> tuple[Outcomes, Bools]:
    outer, world.touched = world.touched, set()
    found = judged(world, clause)
    touched, world.touched = world.touched, outer
    contested = np.zeros(len(world.table), bool)
    for name in sorted(touched):
        for reading, _ in world.book.ambiguities[name].readings:
            if reading == world.readings[name]:
                continue
            other = others.get((name, reading))
            if other is None:
                other = others[name, reading] = world.reread(name, reading)
            contested |= judged(other, clause).verdict != found.verdict
    return found, contested


def _interpret(
    book: Book, cases: Sequence[Case], clauses: Sequence[ir.Clause], now: int, hard: Ints, out: Result
) -> None:
    """What is left to the interpreter: hard cases whole, and for all cases the clauses that are not columnar."""
    left = [c for c in clauses if c.id in out.interpreted]
    n = len(cases)
    for clause in left:
        columns = (np.full(n, NONE, np.int64) for _ in range(4))
        out.outcomes[clause.id] = Outcomes(*columns)
        out.contested[clause.id] = np.zeros(n, bool)
    difficult = set(hard.tolist())
    shared: dict[str, Shared] = {}
    for i in range(n) if left else sorted(difficult):
        one = Judge(book, cases[i], now, None, shared.setdefault(cases[i].agreement, Shared()))
        for clause in clauses if i in difficult else left:
            j = one.verdict(clause.id)
            columns_ = out.outcomes[clause.id]
            o = j.outcome
            columns_.verdict[i] = VERDICTS.index(o.verdict)
            for column, value in zip(columns_[1:], (o.due, o.done, o.margin), strict=True):
                column[i] = NONE if value is None else value
            out.contested[clause.id][i] = bool(j.contested)


def forms(result: Result) -> Counter[str]:
    """How many clauses each form keeps from the columns."""
    return Counter(result.interpreted.values())
