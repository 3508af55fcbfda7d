"""Tickets on which a clause binds: built from what it asks, judged by the interpreter. A search: it can show, and never refute."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from checker.compare.answer import Example
from checker.compare.clause_form import Clauses
from checker.compare.draft import Draft, Scene
from checker.compare.pools import pool_of
from checker.compare.question import Effort, told
from checker.compare.replay import Stage, Subject
from checker.compare.wishes import Wishes
from checker.compare.witness import occasion
from checker.compare.worked import varied, worked
from checker.interpret.gates import passes
from checker.interpret.judge import in_version_at, weigh
from checker.interpret.occasions import occasions
from checker.interpret.verdicts import Verdict
from checker.interpret.world import World
from dsl import contract as ir


@dataclass(frozen=True, slots=True)
class Binding:
    """Whether a ticket was found on which a clause binds, and how many were looked at."""

    clause: str
    example: Example | None
    tried: int


@dataclass(slots=True)
class Searcher:
    """Looks for them, under one choice of readings. What binds passes every gate for certain, layers and dates of the version included,
    and is not `not_applicable` all the same: a limit that moved on, a right that nobody used.
    """

    clauses: Clauses
    effort: Effort
    r: Random

    def find(self, clause: ir.Clause, until: float) -> Binding:
        """The first ticket on which a clause binds. `until`: on the thread's own clock (`time.thread_time`)."""
        subject = Subject(self.clauses.book, self.clauses.readings, clause)
        stage = Stage(subject, subject, self.effort.vocabulary, self.effort.words, self.effort.levels)
        tried = 0
        for draft in self._drafts(clause):
            tried += 1
            if self._binds(stage, clause, draft):
                replayed = stage.judge(draft)
                assert replayed is not None
                return Binding(clause.id, told(stage, draft, replayed, ()), tried)
            if time.thread_time() > until:
                break
        return Binding(clause.id, None, tried)

    def _binds(self, stage: Stage, clause: ir.Clause, draft: Draft) -> bool:
        cases = stage.cases(*stage.raw(draft), draft.last)
        if cases is None:
            return False
        world = World(self.clauses.book, cases[0], draft.last, self.clauses.readings)
        return any(
            not o.doubt
            and in_version_at(world, o).value is True
            and passes(world, clause, o).value is True
            and weigh(world, clause, o).verdict is not Verdict.NOT_APPLICABLE
            for o in occasions(world, clause)[0]
        )

    def _drafts(self, clause: ir.Clause) -> Iterator[Draft]:
        """The worked cases of the clause, then tickets built for it, with what it asks done or not, and those cases changed a little."""
        cases = worked(self.clauses.book.contract.name).get(clause.id, ())
        known = varied(cases, self._scene(clause, 0), self.r) if cases else iter(())
        yield from islice(known, len(cases))
        for i in range(self.effort.tries):
            scene = self._scene(clause, i)
            wishes = Wishes(scene)
            occasion(wishes, clause)
            wishes.gates(clause)
            if i % 2:
                self._unlayered(wishes, clause)
            yield scene.draft
            wishes.sentences(clause, keep=i % 4 < 2)
            yield scene.draft
            yield from islice(known, 2)

    def _unlayered(self, wishes: Wishes, clause: ir.Clause) -> None:
        """Let a clause that would take its place ask for something that is not so."""
        for g in wishes.s.lines(clause.gates):
            for name in g.clauses if isinstance(g, ir.SupersededBy) else ():
                asked = [
                    x for x in wishes.s.lines(self.clauses.book.clauses[name].gates) if isinstance(x, ir.Gate)
                ]
                if asked:
                    gate = self.r.choice(asked)
                    wishes.wish(gate.condition, gate.kind == "save")

    def _scene(self, clause: ir.Clause, i: int) -> Scene:
        at = self.effort.openings
        opening, place = at[i % len(at)]
        book, readings = self.clauses.book, dict(self.clauses.readings)
        pool = pool_of(book, clause.id)
        return Scene(book, readings, self.effort.vocabulary, pool, self.r, opening, place)


__all__ = ["Binding", "Searcher"]
