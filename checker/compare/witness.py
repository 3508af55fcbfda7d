"""Looking for histories on which two variants differ: built from what the clauses ask, judged by the interpreter."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, pairwise
from random import Random

from checker.compare.draft import Draft, Raw, Scene
from checker.compare.fare import turned
from checker.compare.pools import SECONDS, Pool, pool_of
from checker.compare.replay import PART, Replayed, Stage, Subject
from checker.compare.wishes import Wishes
from checker.compare.worked import varied, worked
from checker.interpret.book import Book
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

Instant = tuple[int, tuple[str, str]]
"""A second, and the place (zone and country) where it means something."""
DIFFERS, WORSE, BETTER = "differs", "worse", "better"
TRIES = 240
"""Histories that are built in search of one direction."""
_MORE = 16
"""So many more are built where one that was found does not tell all that it might."""
_MOST = 3
"""What a history tells at best: two verdicts, neither in doubt."""


@dataclass(frozen=True, slots=True)
class Witness:
    """A history on which the variants differ: `kind` says how."""

    kind: str
    draft: Draft
    replayed: Replayed


@dataclass(slots=True)
class Seeker:
    """Builds histories and keeps those that show what is wanted. `openings`: instants that are worth a try. `beside`: other clauses, with
    their books, through which the variants differ. `until`: on the thread's own clock (`time.thread_time`).
    """

    stage: Stage
    openings: Sequence[Instant]
    r: Random
    until: float
    hints: Sequence[Draft] = ()
    beside: Sequence[tuple[Book, ir.Clause]] = ()
    tried: int = 0
    found: dict[str, Witness] = field(default_factory=dict)
    _pool: Pool = field(default_factory=Pool)

    def seek(self, wanted: set[str], tries: int = TRIES) -> dict[str, Witness]:
        """A history for each kind that is wanted, where one is found."""
        for draft in self.hints:
            self._look(draft)
        if not tries:
            return {k: w for k, w in self.found.items() if k in wanted}
        sides = [s for s in (self.stage.old, self.stage.new) if s.clause is not None]
        pools = [pool_of(s.book, s.clause.id) for s in sides if s.clause is not None]
        for more in pools:
            for key, values in more.values.items():
                self._pool.note(key, values)
            self._pool.seconds += more.seconds
        if len(pools) == 2:
            self._pool.differ(pools[0], pools[1])
        name = next((s.clause.id for s in sides if s.clause is not None), "")
        cases = worked(self.stage.old.book.contract.name).get(name.removesuffix(PART), ())
        known = varied(cases, self._scene(sides[-1], 0), self.r) if cases else iter(())
        left = _MORE
        for i in range(tries):
            if wanted <= set(self.found):
                # What is found first may leave much in doubt.
                left = left - 1 if any(self.found[k].replayed.telling < _MOST for k in wanted) else 0
            if not left or time.thread_time() > self.until:
                break
            for draft in islice(known, 4):
                self._look(draft)
            self.tried += 1
            scene = self._scene(sides[i % len(sides)], i)
            for draft in self._drafts(scene, sides[i % len(sides)]):
                self._look(draft)
        return {k: w for k, w in self.found.items() if k in wanted}

    def _look(self, draft: Draft) -> Replayed | None:
        replayed = self.stage.judge(draft)
        if replayed is None:
            return None
        for kind in kinds(replayed):
            known = self.found.get(kind)
            if known is None or replayed.telling > known.replayed.telling:
                self.found[kind] = Witness(kind, draft.copied(), replayed)
        return replayed

    # ---------------------------------------------------------------- building
    def _scene(self, subject: Subject, i: int) -> Scene:
        opening, place = (
            self.openings[i % len(self.openings)] if i < len(self.openings) else self.r.choice(self.openings)
        )
        return Scene(
            *(subject.book, dict(subject.readings), self.stage.vocabulary, self._pool, self.r, opening, place)
        )

    def _drafts(self, scene: Scene, subject: Subject) -> Iterator[Draft]:
        clause, r = subject.clause, self.r
        assert clause is not None
        wishes = Wishes(scene)
        occasion(wishes, clause)
        wishes.gates(clause)
        self._disturb(wishes, clause)
        if r.random() < 0.1:
            scene.draft.last = scene.opening + scene.step()
        yield scene.draft
        before = scene.draft.copied()
        replayed = self.stage.judge(before)
        for keep in (False, True):
            scene.draft = before.copied()
            wishes.sentences(clause, keep=keep)
            yield scene.draft
        yield from self._probed(wishes, clause, before, replayed)

    def _disturb(self, wishes: Wishes, clause: ir.Clause) -> None:
        """Now and then let one gate fail, another clause apply as well, what is followed change, or something be silent."""
        r, scene = self.r, wishes.s
        gates = [
            g
            for s in (self.stage.old, self.stage.new)
            if s.clause is not None
            for g in scene.lines(s.clause.gates)
        ]
        kind = r.random()
        if gates and kind < 0.35:
            g = r.choice(gates)
            if isinstance(g, ir.Gate):
                wishes.wish(g.condition, r.random() < 0.5)
        layers = [
            n for g in gates if isinstance(g, ir.SupersededBy) for n in g.clauses if n in scene.book.clauses
        ]
        if layers and r.random() < 0.5:
            # One that stands above in one variant only is likely to matter.
            once = [n for n in layers if layers.count(n) == 1]
            also(wishes, scene.book.clauses[r.choice(once if once and r.random() < 0.7 else layers)])
        stopped = [n for x in scene.lines(clause.sentences) for y in _clocks(scene, x) for n in y.stopped]
        for limit in _limits(scene, clause):
            if r.random() < 0.6:
                # Let there be the event up to which it counts.
                wishes.about(limit.moment)
        if stopped and r.random() < 0.5:
            wishes.state(r.choice(stopped))
        if scene.draft.row is not None and r.random() < 0.15:
            scene.draft.events.append({**scene.draft.row, "at": scene.opening + scene.step()})
        others = [c for book, c in self.beside if book is scene.book and c.id != clause.id]
        other = r.choice(others) if others and r.random() < 0.7 else None
        if other is not None:
            also(wishes, other)
        if clause.course is not None and r.random() < 0.8:
            self._change(wishes, other, scene.book.courses[clause.course].attribute)
        if r.random() < 0.1 and scene.draft.events:
            event = r.choice(scene.draft.events)
            for key in [k for k in event if k not in ("at", "event")][:1]:
                del event[key]

    def _change(self, wishes: Wishes, other: ir.Clause | None, attribute: str) -> None:
        """Let a followed attribute have another value first, one of another clause's perhaps, or change once or twice after."""
        scene, r = wishes.s, self.r
        found = scene.book.attributes.get(attribute)
        setters = (
            list(found.set_by) if found is not None and found.set_by else list(scene.book.carriers(attribute))
        )
        values = self._pool.values.get(attribute)
        first = next((e for e in scene.draft.events if attribute in e), None)
        if not setters or not values or first is None:
            return
        value, at = first[attribute], scene.opening
        chosen = r.choice(
            ([r.choice(values), value], [value, r.choice(values)], [*r.choices(values, k=2), value])
        )
        concern = next(iter(scene.lines(other.concerns)), None) if other is not None else None
        short = [s for s in self._pool.seconds if s <= 86400] or [3600]
        if other is not None and isinstance(concern, ir.EachStretch) and r.random() < 0.8:
            theirs = r.choice(concern.among)
            chosen = r.choice(
                ([theirs, value], [theirs, value], [theirs, r.choice(values), value], [value, theirs, value])
            )
            short = self._lengths(other.id) or short
        first[attribute] = scene.fitted(chosen[0], scene.kind(first["event"], attribute))
        for v in chosen[1:]:
            length = r.choice(short)
            near = (
                length // 2,
                length * 3 // 4,
                length - 60,
                length - 30,
                length,
                length + 1,
                length + 60,
                length // 10,
            )
            at += max(60, r.choice(near))
            made = scene.add(scene.base(r.choice(setters[1:] or setters)), at)
            made[attribute] = scene.fitted(v, scene.kind(made["event"], attribute))

    def _lengths(self, clause: str) -> list[int]:
        """The lengths of another clause's own limits in both variants, in seconds, and what lies between them."""
        found = sorted(
            {
                x.length.amount * SECONDS[x.length.unit]
                for book, c in self.beside
                if c.id == clause
                for line in c.sentences
                for s in line.all()
                if isinstance(s, ir.Perform)
                for limit in s.limits
                for x in limit.all()
                if isinstance(x, ir.Within) and isinstance(x.length.amount, int)
            }
        )
        return [*found, *((a + b) // 2 for a, b in pairwise(found))]

    def _probed(
        self, wishes: Wishes, clause: ir.Clause, before: Draft, replayed: Replayed | None
    ) -> Iterator[Draft]:
        """Acts at, between and after the limits that the two variants set."""
        if replayed is None:
            return
        dues = sorted({o.due for o in (*replayed.old, *replayed.new) if o.due is not None})
        acts = [x for x in wishes.s.lines(clause.sentences) if isinstance(x, ir.Perform | ir.Refrain)]
        if not dues or not acts:
            return
        for at in (dues[-1], dues[0], dues[0] + 1, (dues[0] + dues[-1]) // 2):
            wishes.s.draft = before.copied()
            known = len(wishes.s.draft.events)
            act = self.r.choice(acts)
            made = wishes.new(self.r.choice(act.events), at)
            limits = wishes.s.lines(act.limits)
            wishes.restrict(made, [y.fit for y in limits if isinstance(y, ir.Fitting)])
            made["at"] = at
            yield wishes.s.draft
            assert len(wishes.s.draft.events) > known
        if before.row is None or not any(
            isinstance(y, ir.Limit) for x in acts for y in wishes.s.lines(x.limits)
        ):
            return
        # An act before the occasion counts where the limit has passed by then.
        for at in (dues[0], dues[-1]):
            wishes.s.draft = before.copied()
            made = wishes.new(self.r.choice(self.r.choice(acts).events), at)
            made["at"] = at - self.r.choice((1, 3600))
            assert wishes.s.draft.row is not None
            wishes.s.draft.row["at"] = at
            yield wishes.s.draft


def _limits(scene: Scene, clause: ir.Clause) -> list[ir.Limit]:
    """The moments that bound the acts of a clause."""
    acts = [x for x in scene.lines(clause.sentences) if isinstance(x, ir.Perform | ir.Refrain)]
    return [y for x in acts for y in scene.lines(x.limits) if isinstance(y, ir.Limit)]


def _clocks(scene: Scene, sentence: ir.Sentence) -> list[ir.Clock]:
    """The clocks of a sentence's own limits."""
    if not isinstance(sentence, ir.Perform | ir.Refrain | ir.Keep):
        return []
    return [x.clock for x in scene.lines(sentence.limits) if isinstance(x, ir.Within)]


def kinds(replayed: Replayed) -> set[str]:
    """What a history shows: that verdicts differ, that the party fares worse or better."""
    out: set[str] = set()
    old, new = ([o.verdict for o in side] for side in (replayed.old, replayed.new))
    if old != new and old and new:
        out.add(DIFFERS)
    if replayed.fares is not None:
        way = turned(*replayed.fares)
        if way in (WORSE, BETTER):
            out.add(way)
            out.add(DIFFERS)
    return out


def occasion(wishes: Wishes, clause: ir.Clause) -> None:
    """Let there be what a clause concerns."""
    scene = wishes.s
    concern = next(iter(scene.lines(clause.concerns)), None)
    if isinstance(concern, ir.Each):
        scene.draft.row = row = scene.add(scene.base(concern.event), scene.opening)
        for c in scene.wheres(concern.event, row["event"]):
            wishes.wish(c, True)
    elif isinstance(concern, ir.EachStretch):
        found = scene.book.attributes.get(concern.attribute)
        setters = (
            found.set_by if found is not None and found.set_by else scene.book.carriers(concern.attribute)
        )
        if setters:
            name = setters[0] if scene.r.random() < 0.7 else scene.r.choice(setters)
            row = scene.add(scene.base(name), scene.opening)
            row[concern.attribute] = scene.fitted(
                scene.r.choice(concern.among), scene.kind(row["event"], concern.attribute)
            )
    elif isinstance(concern, ir.EachSpan):
        _span(wishes, concern)


def also(wishes: Wishes, clause: ir.Clause) -> None:
    """Let another clause apply to the occasion, too: where it concerns another event, at the same second."""
    scene = wishes.s
    kept = scene.draft.row, scene.draft.entry
    concern = next(iter(scene.lines(clause.concerns)), None)
    if isinstance(concern, ir.Each):
        bases = scene.bases(concern.event)
        row = next((e for e in scene.draft.events if e["event"] in bases and e["at"] == scene.opening), None)
        if row is None:
            occasion(wishes, clause)
        else:
            scene.draft.row = row
            for c in scene.wheres(concern.event, row["event"]):
                wishes.wish(c, True)
    elif isinstance(concern, ir.EachSpan):
        _span(wishes, concern)
    wishes.gates(clause)
    if kept != (None, None):
        scene.draft.row, scene.draft.entry = kept


def _span(wishes: Wishes, concern: ir.EachSpan) -> None:
    scene = wishes.s
    if concern.kind == "fact":
        scene.draft.entry = wishes.entry(concern.name)
    elif concern.kind == "state":
        known = len(scene.draft.events)
        wishes.state(concern.name)
        if len(scene.draft.events) > known:
            scene.draft.events[known]["at"] = scene.opening
    else:
        for x in scene.lines(scene.book.periods[concern.name].lines):
            if isinstance(x, ir.Named):
                size = 7 if x.unit == "month" else 4
                scene.set_fact(x.fact.path, scene.day(0)[:size])
            elif isinstance(x, ir.Entries):
                scene.set_fact(x.fact.path, [{"from": scene.day(-10), "to": scene.day(20)}])
            elif isinstance(x, ir.EachFrom) and isinstance(x.start, ir.FactValue):
                scene.set_fact(x.start.path, scene.day(-40))
            elif isinstance(x, ir.EachFrom) and isinstance(x.start, str):
                wishes.entry(x.start)


def unbound(verdict: Verdict | None) -> bool:
    """Whether a verdict binds nobody."""
    return verdict in (None, Verdict.NOT_APPLICABLE, Verdict.EXCLUDED, Verdict.NOT_ENTITLED)


__all__ = ["BETTER", "DIFFERS", "WORSE", "Raw", "Seeker", "Witness", "kinds", "occasion", "unbound"]
