"""One question: how one clause in one variant stands to one in the other, under one choice of readings."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from random import Random

from checker.compare.answer import (
    DIFFERENT,
    EQUIVALENT,
    NOT_PROVED,
    SAME,
    SAME_VERDICTS,
    Example,
    Half,
    Read,
    Verdicts,
    Way,
    together,
)
from checker.compare.clause_form import Clauses
from checker.compare.draft import Draft, Raw, zone_of
from checker.compare.fare import Bound
from checker.compare.order import SETTLING, Proof
from checker.compare.proof import Prover, Side, sides
from checker.compare.replay import Replayed, Stage, Subject, alone, verdict_of
from checker.compare.shrink import shrunk
from checker.compare.witness import BETTER, DIFFERS, WORSE, Instant, Seeker, Witness, kinds
from checker.compare.worked import worked
from checker.interpret.book import Book, owed
from checker.interpret.verdicts import Outcome, Verdict, worst_rank
from checker.record.words import Words
from dsl import contract as ir
from dsl.vocabulary import Vocabulary


class Contradiction(Exception):
    """A history contradicts a proof: an error of ours, after which nothing is claimed."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to look. `seconds`: for one question. `tries`: histories that are built for one. `openings`: where they begin."""

    vocabulary: Vocabulary
    words: Words
    levels: Mapping[str, str]
    openings: tuple[Instant, ...]
    seconds: float
    tries: int
    seed: str


@dataclass(slots=True)
class Question:
    """The normal forms of both variants under one choice of readings, and a prover.

    `hints`: histories to try first; `drafts`: those found.
    """

    old: Clauses
    new: Clauses
    prover: Prover
    effort: Effort
    hints: tuple[Draft, ...] = ()
    drafts: list[Draft] = field(default_factory=list)

    def sketch(self, o: str | None, n: str | None) -> Read:
        """The answer by proofs and the histories to try first alone; none is made smaller or shown."""
        return self._answer(o, n, replace(self.effort, tries=0), shown=False)

    def answer(self, o: str | None, n: str | None) -> Read:
        """The answer, with histories for what differs."""
        return self._answer(o, n, self.effort, shown=True)

    def _answer(self, o: str | None, n: str | None, effort: Effort, *, shown: bool) -> Read:
        a, b = (c.form(k) if k is not None else None for c, k in ((self.old, o), (self.new, n)))
        if a == b:
            return SAME
        same = None
        if a is not None and b is not None:
            same = self.prover.same(a, b)
            if same is not None and _settles(same):
                return Read(EQUIVALENT, same, (), (), ())
        elif not any(form is not None and form.exists for form in (a, b)):
            return SAME
        # To read the worked cases once is no part of any one question.
        worked(self.old.book.contract.name)
        until = time.thread_time() + effort.seconds
        found = [self._side(o, n, x, y, until, effort.tries) for x, y in self._paired(o, n)]
        if same is not None and not any(f.seeker.found for f in found):
            # Beyond its bounds a proof says nothing: there a search may refute it, and did not.
            tried = sum(f.seeker.tried for f in found)
            beyond = (f"{SAME_VERDICTS} beyond: {_bounds(same)}", f"none of {tried} histories shows it")
            return Read(EQUIVALENT, same, (), (), (beyond,), tried)
        return self._put_together(found, until, shown=shown)

    def _paired(self, o: str | None, n: str | None) -> list[tuple[Side, Side]]:
        """The sentences of both that bind one party in one way, or that are most alike."""
        mine = sides(self.old.form(o)) if o is not None else {}
        theirs = sides(self.new.form(n)) if n is not None else {}
        out: list[tuple[Side, Side]] = []
        nothing = Side(None)
        for told in (3, 2, 1):
            # All of kind, party and weight alike; kind and party; kind.
            for x in list(mine):
                y = next((y for y in theirs if x[:told] == y[:told]), None)
                if y is not None:
                    out.append((mine.pop(x), theirs.pop(y)))
        out += [(x, nothing) for x in mine.values()] + [(nothing, y) for y in theirs.values()]
        return [(x, y) for x, y in out if x != y]

    # ---------------------------------------------------------------- one side
    def _side(self, o: str | None, n: str | None, x: Side, y: Side, until: float, tries: int) -> _Found:
        bound = y.bound or x.bound
        never = {WORSE: self.prover.never_worse(x, y), BETTER: self.prover.never_worse(y, x)}
        if x.bound is not None and y.bound is not None and x.bound.party != y.bound.party:
            never = {WORSE: None, BETTER: None}
        if bound is None or bound.kind == "none":
            # What binds nobody, and leaves all open, shows in the verdict of the whole clause.
            subjects = self._whole(self.old, o), self._whole(self.new, n)
        else:
            subjects = self._subject(self.old, o, x), self._subject(self.new, n, y)
        stage = Stage(*subjects, self.effort.vocabulary, self.effort.words, self.effort.levels)
        wanted = {k for k, p in never.items() if p is None or not _settles(p)}
        if bound is None or bound.kind == "none" or not wanted:
            wanted |= {DIFFERS}
        r = Random(f"{self.effort.seed} {o} {n}")
        hints = tuple(self.prover.order.bends.hints)[-6:]
        at = (*hints, *self._hours(o, n), *self.effort.openings)
        seeker = Seeker(stage, at, r, until, self.hints, self._beside(o, n))
        seeker.seek(wanted, tries)
        for kind, proof in never.items():
            if kind in seeker.found and proof is not None:
                if _settles(proof):
                    raise Contradiction(_contradicted(o, n, kind, proof, stage, seeker.found[kind]))
                never[kind] = None
        return _Found((o, n), bound, x, y, never, stage, seeker)

    def _hours(self, o: str | None, n: str | None) -> list[Instant]:
        """Instants at which only one of two calendars is open: of those that one variant of the clause uses and the other does not."""
        if o is None or n is None:
            return []
        used = (
            {form for (kind, _), form in c.uses(k).items() if kind == "calendar"}
            for c, k in ((self.old, o), (self.new, n))
        )
        mine, theirs = (sorted(x) for x in used)
        changed = [(a, b) for a in mine if a not in theirs for b in theirs if b not in mine]
        return [hint for a, b in changed[:4] for hint in self.prover.order.bends.apart(a, b)][:8]

    def _beside(self, o: str | None, n: str | None) -> list[tuple[Book, ir.Clause]]:
        """The other clauses of a course, and those that take this one's place, that say something else than before, in both variants."""
        if o is None or n is None:
            return []
        changed = [
            name
            for name in self.new.book.clauses
            if name != n and name in self.old.book.clauses and self._reaches(n, name)
        ]
        return [
            (c.book, c.book.clauses[name])
            for name in changed
            if self.old.form(name).alone() != self.new.form(name).alone()
            for c in (self.old, self.new)
        ]

    def _reaches(self, clause: str, name: str) -> bool:
        if ("clause", name) in self.new.uses(clause) or ("clause", name) in self.old.uses(clause):
            return True
        course = self.new.book.clauses[clause].course
        return course is not None and name in self.new.book.courses[course].steps

    def _subject(self, clauses: Clauses, name: str | None, side: Side) -> Subject:
        book = clauses.book
        if name is None or side.clause is None:
            return Subject(book, clauses.readings, None)
        clause = book.clauses[name]
        chosen = list(clauses.lines(clause.sentences))
        mine = tuple(s for s in chosen if clauses.sentence(s) in side.sentences)
        if len(mine) < len(chosen):
            book, clause = alone(book, clause, mine)
        return Subject(book, clauses.readings, clause, side.bound)

    # ---------------------------------------------------------------- together
    def _put_together(self, found: Sequence[_Found], until: float, *, shown: bool) -> Read:
        examples: list[Example] = []
        views: dict[str, list[Way]] = {}
        missing: list[tuple[str, str]] = []
        differs = False
        for f in found:
            those = [f.seeker.found[k] for k in (WORSE, BETTER) if k in f.seeker.found]
            if not those and DIFFERS in f.seeker.found:
                those = [f.seeker.found[DIFFERS]]
            differs = differs or bool(those)
            if shown:
                examples += [self._example(f, w, until + self.effort.seconds) for w in those]
            if f.bound is not None and f.bound.kind != "none":
                for party, way in f.views().items():
                    views.setdefault(party, []).append(way)
            missing += f.missing(time.thread_time() > until)
        if differs:
            answer = DIFFERENT
        else:
            answer = NOT_PROVED
            missing = missing or [(SAME_VERDICTS, "no history was found that tells them apart")]
        joined = tuple((party, together(ways)) for party, ways in sorted(views.items()))
        scope = frozenset[str]().union(*(w.scope for _, w in joined))
        tried = sum(f.seeker.tried for f in found)
        bound = {f.bound.party for f in found if f.bound is not None}
        party = bound.pop() if len(bound) == 1 else ""
        return Read(answer, scope, joined, tuple(examples), tuple(dict.fromkeys(missing)), tried, party)

    def _example(self, f: _Found, w: Witness, until: float) -> Example:
        """The history made small, and judged once more."""

        def shows(draft: Draft) -> bool:
            r = f.stage.judge(draft)
            return r is not None and w.kind in kinds(r) and r.telling >= w.replayed.telling

        draft = shrunk(w.draft, shows, min(until, time.thread_time() + self.effort.seconds))
        replayed = f.stage.judge(draft)
        assert replayed is not None
        self.drafts.append(draft)
        if w.kind not in kinds(replayed):
            raise Contradiction("a history that was made smaller does not show what it did")
        return self._told(f, draft, replayed, w.kind)

    def _told(self, f: _Found, draft: Draft, replayed: Replayed, kind: str) -> Example:
        """The history with what the whole clauses say of it, where they differ; else with what the part says that does."""
        whole = replace(f.stage, old=self._whole(self.old, f.ids[0]), new=self._whole(self.new, f.ids[1]))
        judged = whole.judge(draft)
        if judged is not None and judged.verdicts[0] != judged.verdicts[1]:
            return told(whole, draft, judged, f.shows(kind))
        return told(f.stage, draft, replayed, f.shows(kind))

    @staticmethod
    def _whole(clauses: Clauses, name: str | None) -> Subject:
        clause = clauses.book.clauses[name] if name is not None else None
        return Subject(clauses.book, clauses.readings, clause)


@dataclass(slots=True)
class _Found:
    ids: tuple[str | None, str | None]
    bound: Bound | None
    old: Side
    new: Side
    never: Mapping[str, Proof]
    stage: Stage
    seeker: Seeker

    def _half(self, kind: str) -> Half:
        if kind in self.seeker.found:
            return "yes"
        return "no" if self.never[kind] is not None else "unknown"

    def views(self) -> dict[str, Way]:
        """How it looks to the party that is bound, and to the one that has the benefit."""
        assert self.bound is not None
        scope = frozenset[str]().union(*(p or () for p in self.never.values()))
        way = Way(self._half(WORSE), self._half(BETTER), scope)
        if way.answer == EQUIVALENT and not _settles(scope):
            # Alike on some histories only: that is no answer about all of them.
            rests = {k for k, p in self.never.items() if p is not None and not _settles(p)}
            way = Way("unknown" if WORSE in rests else "no", "unknown" if BETTER in rests else "no", scope)
        if (
            self.old.bound is not None
            and self.new.bound is not None
            and self.old.bound.party != self.new.bound.party
        ):
            # Another party is bound than before: each fares by what it was and by what it is.
            return {p: Way("unknown", "unknown") for p in (self.old.bound.party, self.new.bound.party)}
        party = self.bound.party
        if party == "either":
            both = together((way, way.turned))
            return {"provider": both, "customer": both}
        benefits = "provider" if party == "customer" else "customer"
        return {party: way, benefits: way.turned}

    def shows(self, kind: str) -> tuple[tuple[str, str], ...]:
        """What a history of this kind shows of each party."""
        if self.bound is None or kind == DIFFERS or self.bound.party == "either":
            return ()
        party = self.bound.party
        other = BETTER if kind == WORSE else WORSE
        return ((party, kind), ("provider" if party == "customer" else "customer", other))

    def missing(self, late: bool) -> list[tuple[str, str]]:
        """What is neither proved nor refuted."""
        out = []
        for kind in (WORSE, BETTER):
            if self.bound is None or self.bound.kind == "none":
                continue
            half, proof = self._half(kind), self.never[kind]
            what = f"whether {self.bound.party} ever fares {kind}"
            if half == "unknown":
                why = "time" if late else f"no proof, and none of {self.seeker.tried} histories shows it"
                out.append((what, why))
            elif half == "no" and proof is not None and not _settles(proof):
                out.append(
                    (f"{what} beyond: {_bounds(proof)}", f"none of {self.seeker.tried} histories shows it")
                )
        return out


def _settles(proof: frozenset[str]) -> bool:
    """Whether a proof holds on every history, as far as its data go."""
    return proof <= SETTLING


def _bounds(proof: frozenset[str]) -> str:
    """The assumptions beyond which a proof says nothing."""
    return "; ".join(sorted(proof - SETTLING))


def _contradicted(
    o: str | None, n: str | None, kind: str, proof: frozenset[str], stage: Stage, w: Witness
) -> str:
    agreement, ticket = stage.raw(w.draft)
    scope = ", ".join(sorted(proof)) or "exactly"
    return (
        f"{n or o}: proved ({scope}) that the party never fares {kind}, and it does on this history: "
        f"{agreement} {ticket} as of {w.draft.last}; {w.replayed.verdicts}"
    )


def told(stage: Stage, draft: Draft, replayed: Replayed, shows: tuple[tuple[str, str], ...]) -> Example:
    """A history as it is shown: instants in the local time of the place."""
    zone = zone_of(draft.facts)
    agreement, ticket = stage.raw(draft)
    _localise(agreement, zone)
    _localise(ticket, zone)
    sides = (
        _verdicts(s, outcomes, zone) for s, outcomes in ((stage.old, replayed.old), (stage.new, replayed.new))
    )
    return Example(shows, agreement, ticket, _local(draft.last, zone), *sides)


def _verdicts(subject: Subject, outcomes: tuple[Outcome, ...], zone: tzinfo) -> Verdicts:
    if subject.clause is None:
        return Verdicts(None, None, None, "there is no such clause", ())
    o = min(outcomes, key=lambda o: worst_rank(o.verdict))
    due, done = (_local(t, zone) if t is not None else None for t in (o.due, o.done))
    each = tuple(str(x.verdict) for x in outcomes)
    return Verdicts(str(verdict_of(outcomes)), due, done, o.because, each, _broken(subject.clause, o))


def _broken(clause: ir.Clause, o: Outcome) -> str:
    """How strongly the sentence binds that was not kept; empty where none was broken, or it is one of other clauses."""
    if o.verdict is not Verdict.BREACHED:
        return ""
    if o.sentence is not None:
        return o.sentence.strength
    said = {owed(x).strength for line in clause.sentences for x in line.all()}
    return said.pop() if len(said) == 1 else ""


def _localise(raw: Raw, zone: tzinfo) -> None:
    for event in raw.get("events") or ():
        event["at"] = _local(int(datetime.fromisoformat(event["at"]).timestamp()), zone)


def _local(second: int, zone: tzinfo) -> str:
    return datetime.fromtimestamp(second, zone).isoformat()


__all__ = ["Contradiction", "Effort", "Question", "told"]
