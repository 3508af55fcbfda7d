"""Analyses of one contract: what can never apply or be met, what swallows a clause, gaps, clashes, and what each ambiguity turns."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from random import Random
from typing import Any

from checker.audit.words import words_of
from checker.compare import never
from checker.compare.answer import DIFFERENT, EQUIVALENT, Example, Read
from checker.compare.binding import Searcher
from checker.compare.clause_form import Clauses
from checker.compare.deadlines import MOST_COMBINATIONS, Clash, Explorer, Gap, families
from checker.compare.due import Frame
from checker.compare.formula import Form
from checker.compare.logic import Groups
from checker.compare.order import Order
from checker.compare.proof import Prover
from checker.compare.question import Effort, Question
from checker.compare.satisfy import Satisfier, Unsettled
from checker.compare.single import certainly, two_valued, usually
from checker.compare.variants import FIRST_YEAR, PLACES, Asked, openings
from checker.compare.worked import worked
from checker.interpret.book import Book
from dsl import contract as ir
from dsl.codec import digest
from dsl.vocabulary import Vocabulary

SCHEMA = "servanda/analysis-1"
_A_LITTLE = 8
"""Histories that are built for each clause before more are built for any."""
WHY = {
    "never applies": "nothing passes all that the clause is about",
    "always superseded": "whatever it is about, a clause that supersedes it applies to as well",
    "nobody is entitled": "nothing passes what the clause is about and its prerequisites together",
    "swallowed": "whatever passes is carved out again",
    "cannot be kept": "what the clause asks to hold contradicts what it asks before",
    "leaves no time": "its limits leave no instant at which the act would be in time",
}


@dataclass(frozen=True, slots=True)
class Dead:
    """A clause that has no effect, and why."""

    clause: str
    kind: str
    place: str


@dataclass(frozen=True, slots=True)
class Turned:
    """What a reading turns: the clause and its answer beside the recommended reading; or that it turns none, or is not decided."""

    ambiguity: str
    reading: str
    answer: str
    clause: str | None
    read: Read | None
    clauses: int


@dataclass(slots=True)
class Analysis:
    """All findings. `binds`: for each clause, a ticket on which it binds; `asked`: how many clauses were looked at."""

    contract: dict[str, Any]
    asked: int = 0
    dead: list[Dead] = field(default_factory=list)
    binds: dict[str, Example] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    clashes: list[Clash] = field(default_factory=list)
    turned: list[Turned] = field(default_factory=list)
    not_decided: list[str] = field(default_factory=list)

    @property
    def findings(self) -> int:
        """How many findings there are; an ambiguity that turns something is none."""
        idle = sum(t.answer == EQUIVALENT for t in self.turned)
        return len(self.dead) + len(self.gaps) + len(self.clashes) + idle

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {
            "schema": SCHEMA,
            "contract": self.contract,
            "without_effect": [
                {"clause": d.clause, "kind": d.kind, "why": WHY[d.kind], "place": d.place} for d in self.dead
            ],
            "binds": [
                {
                    "clause": name,
                    "verdict": e.old.verdict,
                    "agreement": e.agreement,
                    "ticket": e.ticket,
                    "as_of": e.as_of,
                }
                for name, e in self.binds.items()
            ],
            "gaps": [
                {
                    "party": g.family.party,
                    "acts": [*g.family.acts],
                    "clauses": [*g.family.clauses],
                    "values": dict(g.values),
                    "when": g.when,
                    "example": g.example.told(),
                }
                for g in self.gaps
            ],
            "clashes": [
                {"clauses": [*c.clauses], "acts": [*c.family.acts], "example": c.example.told()}
                for c in self.clashes
            ],
            "readings": [
                {
                    "ambiguity": t.ambiguity,
                    "reading": t.reading,
                    "answer": t.answer,
                    "clause": t.clause,
                    "clauses_that_consult_it": t.clauses,
                    "example": t.read.examples[0].told() if t.read is not None and t.read.examples else None,
                }
                for t in self.turned
            ],
            "not_decided": self.not_decided,
        }


def analysed(contract: ir.Contract, vocabulary: Vocabulary, asked: Asked) -> Analysis:
    """Every analysis of a contract. `asked.seconds`: for one question; what it cuts off is named.

    Raises:
        Contradiction: an error of ours.
    """
    return _Analyst(contract, vocabulary, asked).run()


class _Analyst:
    def __init__(self, contract: ir.Contract, vocabulary: Vocabulary, asked: Asked) -> None:
        self.contract = contract
        self.asked = asked
        self.book = Book(contract)
        years = (FIRST_YEAR, FIRST_YEAR + asked.years - 1)
        groups = Groups(certainly(vocabulary), two_valued(vocabulary))
        self.order = Order(PLACES, years, groups, Frame.of(contract))
        self.clauses = Clauses(self.book, self.book.recommended)
        levels = {w.name: w.level for w in contract.words}
        words = words_of(vocabulary, contract)
        at = openings(contract, PLACES)
        self.effort = Effort(vocabulary, words, levels, at, asked.seconds, asked.tries, asked.seed)
        several, single = usually([contract]), certainly(vocabulary)
        self.satisfier = Satisfier(
            lambda v: several(v) or single(v), two_valued(vocabulary), self._never, self._clash
        )
        self.effect = never.Effect(self.satisfier.can_hold)
        self._held: dict[Form, bool] = {}
        self.searcher = Searcher(self.clauses, self.effort, Random(asked.seed))
        self.out = Analysis(
            {
                "contract": contract.name,
                "title": contract.title,
                "digest": digest(contract),
                "clauses": len(contract.clauses),
            }
        )

    def run(self) -> Analysis:
        """Everything, clause by clause, family by family, ambiguity by ambiguity."""
        asked = [c for c in self.contract.clauses if self._asked(c.id) and self.clauses.form(c.id).exists]
        self.out.asked = len(asked)
        for c in asked:
            self.out.dead += self._dead(c)
        self._binding(asked)
        explorer = Explorer(self.clauses, self.effort, Random(self.asked.seed))
        for family in families(self.clauses):
            kept = replace(family, clauses=tuple(n for n in family.clauses if self._asked(n)))
            if not kept.clauses:
                continue
            until = time.thread_time() + 15 * self.asked.seconds
            self.out.gaps += _thinned(explorer.gaps(kept, until))
            self.out.clashes += explorer.clashes(kept, until)
            acts = " or ".join(kept.acts)
            if time.thread_time() > until:
                self.out.not_decided.append(f"gaps and clashes of {acts} ({len(kept.clauses)} clauses): time")
            elif (there := explorer.combinations(kept)) > MOST_COMBINATIONS:
                text = f"{MOST_COMBINATIONS} of {there} combinations of values were looked at"
                self.out.not_decided.append(f"gaps of {acts} ({len(kept.clauses)} clauses): {text}")
        prover = Prover(self.order)
        for a in self.contract.ambiguities:
            for reading, _ in a.readings:
                if reading != a.recommended:
                    found = self._turned(a.name, reading, prover)
                    if found is not None:
                        self.out.turned.append(found)
        return self.out

    def _asked(self, clause: str) -> bool:
        return not self.asked.clauses or any(fnmatchcase(clause, g) for g in self.asked.clauses)

    # ---------------------------------------------------------------- without effect
    def _dead(self, c: ir.Clause) -> Iterator[Dead]:
        place = f"{c.file}:{c.line}" + (f" ({c.cite.place})" if c.cite is not None else "")
        try:
            kind = self.effect.none(self.clauses.form(c.id))
        except Unsettled:
            # Whether it does is left to the search for a ticket on which it binds.
            return
        if kind is not None:
            yield Dead(c.id, kind, place)

    def _never(self, atom: Form, sign: bool) -> bool:
        """Whether a condition certainly never holds; of `CLAUSE holds`, whether that clause has no effect."""
        if atom[0] != "clause-holds" or not sign:
            return never.alone(atom, sign)
        if atom not in self._held:
            # While it is looked into, that it may is the safe answer; the count of ways goes on after.
            self._held[atom] = False
            left = self.satisfier.left
            self._held[atom] = self.effect.never_holds(atom)
            self.satisfier.left = left
        return self._held[atom]

    def _clash(self, a: Form, holds: bool, b: Form, other: bool) -> bool:
        """Whether two conditions of one kind, held or not, certainly cannot stand together."""
        if holds and other:
            return never.together(a, b)
        if holds == other:
            return self.order.cover(a, b) is not None
        held, not_held = (a, b) if holds else (b, a)
        return self.order.atom(held, not_held) is not None

    def _binding(self, asked: list[ir.Clause]) -> None:
        """A ticket for each clause on which it binds; what has neither that nor a proof of the contrary is named."""
        # To read the worked cases once is no part of any one question.
        worked(self.contract.name)
        settled = {d.clause for d in self.out.dead}
        tried: dict[str, int] = {}
        for c in asked:
            if c.id not in settled:
                found = self.searcher.find(c, time.thread_time() + self.asked.seconds)
                tried[c.id] = found.tried
                if found.example is not None:
                    self.out.binds[c.id] = found.example
        for c in asked:
            if c.id in settled or c.id in self.out.binds:
                continue
            others = self._stood_for(c)
            known = next((self.out.binds[n] for n in others if n in self.out.binds), None)
            if known is not None:
                # It has no occasions but theirs.
                self.out.binds[c.id] = known
            else:
                text = f"no proof that it cannot, and none of {tried[c.id]} histories shows it"
                self.out.not_decided.append(f"whether {c.id} ever binds: {text}")

    def _stood_for(self, c: ir.Clause) -> list[str]:
        """The clauses that one without occasions of its own stands for."""
        if c.concerns or c.gates:
            return []
        said = self.clauses.lines(c.sentences)
        return [n for s in said if isinstance(s, ir.StandsFor) for n in s.clauses]

    # ---------------------------------------------------------------- ambiguities
    def _ease(self, clause: str) -> tuple[bool, bool, int]:
        """How easily a clause is likely to show something: one that binds itself, has worked cases, and asks little, first."""
        form = self.clauses.form(clause)
        binds = any(s.kind not in ("StandsFor", "Stated") for s in form.sentences)
        return not binds, clause not in worked(self.contract.name), len(repr(form))

    def _turned(self, name: str, reading: str, prover: Prover) -> Turned | None:
        other = Clauses(self.book, {**self.book.recommended, name: reading})
        consulting = [
            c.id for c in self.contract.clauses if self._asked(c.id) and name in self.clauses.touches(c.id)
        ]
        if not consulting and self.asked.clauses:
            return None
        left = sorted(consulting, key=self._ease)
        until = time.thread_time() + 5 * self.asked.seconds
        # All clauses a little first: on which of them it shows is not known beforehand.
        for effort in (replace(self.effort, tries=min(_A_LITTLE, self.effort.tries)), self.effort):
            question = Question(self.clauses, other, prover, effort)
            undecided: list[str] = []
            for clause in left:
                if time.thread_time() > until:
                    undecided.append(clause)
                    continue
                read = question.answer(clause, clause)
                if read.answer == DIFFERENT:
                    return Turned(name, reading, "turns", clause, read, len(consulting))
                if read.answer != EQUIVALENT:
                    undecided.append(clause)
            left = undecided
        if left:
            self.out.not_decided.append(f"whether {name}.{reading} turns a verdict ({left[0]})")
            return Turned(name, reading, "not decided", left[0], None, len(consulting))
        return Turned(name, reading, EQUIVALENT, None, None, len(consulting))


def _thinned(found: Iterator[Gap]) -> list[Gap]:
    """The first gaps of a family: one for each combination, at most eight."""
    out: list[Gap] = []
    for gap in found:
        if gap.values not in {g.values for g in out}:
            out.append(gap)
        if len(out) >= 8:
            break
    return out
