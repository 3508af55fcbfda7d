"""A history judged by the interpreter under both variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from checker.audit.run import across_tickets
from checker.compare.draft import Draft, Raw, agreement_of_draft, ticket_of_draft
from checker.compare.fare import Bound, Fare, fare, silence
from checker.interpret.book import Book
from checker.interpret.case import Case, Together, case_of_agreement, case_of_ticket
from checker.interpret.judge import outcomes_of
from checker.interpret.verdicts import Outcome, Verdict, worst_rank
from checker.interpret.world import World
from checker.record.agreements import agreement_of
from checker.record.flaws import Flaw
from checker.record.histories import history
from checker.record.model import Agreement, Ticket
from checker.record.words import Words
from dsl import contract as ir
from dsl.vocabulary import Vocabulary

PART = " (part)"
"""How the id of a clause ends that has some of its sentences only."""


@dataclass(slots=True)
class Subject:
    """One clause of one variant, or some of its sentences, as it is judged. `clause`: None where the variant has none."""

    book: Book
    readings: Mapping[str, str]
    clause: ir.Clause | None
    bound: Bound | None = None

    def outcomes(self, case: Case, now: int) -> tuple[Outcome, ...]:
        """The outcome of every occasion; none where there is no such clause."""
        if self.clause is None:
            return ()
        return outcomes_of(World(self.book, case, now, self.readings), self.clause.id)

    def fare(self, outcomes: tuple[Outcome, ...], otherwise: Bound) -> Fare:
        """How the party fares. `otherwise`: what the other variant's sentences are, where this one has none."""
        bound = self.bound
        return silence(otherwise) if self.clause is None or bound is None else fare(bound, outcomes)


def alone(book: Book, clause: ir.Clause, sentences: tuple[ir.Sentence, ...]) -> tuple[Book, ir.Clause]:
    """A clause with some of its sentences only, beside the whole one, so that what refers to that is not changed."""
    part = replace(
        clause, id=f"{clause.id}{PART}", sentences=tuple(ir.Line(s) for s in sentences), only_on=None
    )
    return _with(book, part), part


@lru_cache(maxsize=512)
def _with(book: Book, part: ir.Clause) -> Book:
    return Book(replace(book.contract, clauses=(*book.contract.clauses, part)))


@lru_cache(maxsize=512)
def _across(book: Book) -> bool:
    return across_tickets(book.contract)


class Replayed(NamedTuple):
    """What both variants say of a history: outcomes of every occasion, and how the party fares."""

    old: tuple[Outcome, ...]
    new: tuple[Outcome, ...]
    fares: tuple[Fare, Fare] | None

    @property
    def verdicts(self) -> tuple[Verdict | None, Verdict | None]:
        """The verdict of the pair of ticket and clause under each; None where there is no such clause."""
        return verdict_of(self.old), verdict_of(self.new)

    @property
    def decided(self) -> bool:
        """Whether neither verdict is in doubt."""
        doubts = (Verdict.PENDING, Verdict.UNDETERMINED)
        return not any(o.verdict in doubts for o in (*self.old, *self.new))

    @property
    def telling(self) -> int:
        """How much the history tells: more where the verdicts themselves differ, then where neither is in doubt."""
        return 2 * (self.verdicts[0] != self.verdicts[1]) + self.decided


def verdict_of(outcomes: tuple[Outcome, ...]) -> Verdict | None:
    """The worst, of equals the earliest."""
    return min((o.verdict for o in outcomes), key=worst_rank, default=None)


@dataclass(slots=True)
class Stage:
    """Both variants, and the words of a record under either."""

    old: Subject
    new: Subject
    vocabulary: Vocabulary
    words: Words
    levels: Mapping[str, str]

    @property
    def level(self) -> str:
        """Whether the clause is judged on tickets or on the agreement."""
        return next((s.clause.level for s in (self.new, self.old) if s.clause is not None), "ticket")

    def raw(self, draft: Draft) -> tuple[Raw, Raw]:
        """The agreement and the ticket of a draft as their files hold them."""
        name = self.old.book.contract.name
        return bare(agreement_of_draft(draft, name, self.levels)), bare(ticket_of_draft(draft, self.levels))

    def judge(self, draft: Draft) -> Replayed | None:
        """What both say of a draft; None where no record can say it."""
        return self.judge_raw(*self.raw(draft), draft.last)

    def judge_raw(self, agreement: Raw, ticket: Raw, now: int) -> Replayed | None:
        """The same for an agreement and a ticket as plain data."""
        cases = self.cases(agreement, ticket, now)
        if cases is None:
            return None
        outcomes = [s.outcomes(case, now) for s, case in zip((self.old, self.new), cases, strict=True)]
        bound = self.new.bound or self.old.bound
        fares = None
        if bound is not None:
            fares = (self.old.fare(outcomes[0], bound), self.new.fare(outcomes[1], bound))
        return Replayed(outcomes[0], outcomes[1], fares)

    def cases(self, agreement: Raw, ticket: Raw, now: int) -> tuple[Case, Case] | None:
        """What either variant judges of an agreement and a ticket as plain data; None where no record can say it."""
        try:
            terms = agreement_of(agreement, words=self.words)
            found = history(ticket, (), None, events_due=False, known=self.words)
        except Flaw:
            return None
        mine = Ticket(ticket["ticket"], terms.id, "incident", found.events, found.missing, found.gaps)
        return self._case(self.old, mine, terms, now), self._case(self.new, mine, terms, now)

    def _case(self, s: Subject, ticket: Ticket, agreement: Agreement, now: int) -> Case:
        together = Together(agreement, [ticket], now) if _across(s.book) else None
        level = s.clause.level if s.clause is not None else "ticket"
        if level == "ticket":
            return case_of_ticket(ticket, agreement, now, together)
        return case_of_agreement(agreement, [ticket], now, together)


def bare(raw: Raw) -> Raw:
    """Plain data without the marks of its making."""
    return {k: _bare(v) for k, v in raw.items()}


def _bare(value: object) -> object:
    if isinstance(value, dict):
        return {k: _bare(v) for k, v in value.items() if k != "_of"}
    return [_bare(v) for v in value] if isinstance(value, list) else value
