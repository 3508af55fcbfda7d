"""Running an audit: tickets under their agreements, every clause judged, nothing lost on the way."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from checker.interpret.case import Case, Together, case_of_agreement, case_of_ticket
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Judgement, Verdict
from checker.interpret.world import Book, Shared
from checker.record.agreements import with_histories
from checker.record.flaws import did_you_mean
from checker.record.model import Agreement, Fault, Gap, Log, Note, Place, SetAside, Ticket
from dsl import contract as ir
from dsl.readers import field_names


@dataclass(slots=True)
class Population:
    """Who is judged, and who is not and why. `elsewhere`: how many tickets are judged that are not held here."""

    book: Book
    now: int
    readings: Mapping[str, str]
    tickets: list[tuple[Ticket, Agreement]]
    agreements: list[Agreement]
    clauses: list[ir.Clause]
    other_contracts: int = 0
    other_tickets: int = 0
    other_rows: int = 0
    set_aside: list[SetAside] = field(default_factory=list)
    stated: int = 0
    notes: list[Note] = field(default_factory=list)
    elsewhere: int = 0

    @property
    def judged(self) -> int:
        """How many tickets are judged."""
        return len(self.tickets) + self.elsewhere

    def counts(self) -> dict[str, int]:
        """Tickets judged, agreements judged, those of other contracts."""
        return {
            "tickets": self.judged,
            "agreements": len(self.agreements),
            "agreements_of_other_contracts": self.other_contracts,
            "tickets_of_other_contracts": self.other_tickets,
        }


def assemble(
    contract: ir.Contract,
    agreements: Iterable[Agreement],
    log: Log,
    *,
    now: int | None,
    readings: Mapping[str, str] | None = None,
    clauses: Sequence[str] = (),
) -> Population:
    """Put every ticket under its agreement. `clauses`: globs of the ids to judge, all if none.

    Raises:
        Fault: what makes an audit impossible.
    """
    book = Book(contract)
    _check_readings(readings or {}, book)
    given = list(agreements)
    mine = [a for a in given if a.contract == contract.name]
    if not mine:
        seen = sorted({a.contract for a in given})
        raise Fault(
            Place("agreements"),
            f"no agreement is under the contract {contract.name}",
            ", ".join(seen) or "none",
            f"write `contract: {contract.name}` in the agreement",
        )
    when = now if now is not None else log.complete_to
    if when is None:
        raise Fault(
            Place("--as-of"),
            "the audit instant is not known",
            "",
            'give --as-of, or let the log declare its end: a first line {"log": {"complete_to": …}}, or the mapping',
        )
    known = _known_to(log, when)
    notes, log = known.notes[len(log.notes) :], known
    joined, left = with_histories(mine, log.agreement_events)
    names = {a.id: a for a in joined}
    others = {a.id for a in given if a.contract != contract.name}
    out = Population(
        book, when, dict(readings or {}), [], joined, _selected(contract, clauses), len(given) - len(mine)
    )
    out.notes = list(notes)
    out.stated = sum(1 for c in contract.clauses if _only_stated(c))
    for ticket in log.tickets:
        place_ticket(ticket, names, others, out)
    for history in left:
        if history.agreement in others:
            out.other_rows += history.rows
        else:
            out.set_aside.append(
                SetAside(
                    history.place or Place("log"),
                    "agreement",
                    history.agreement,
                    "no such agreement is given",
                    "give its agreement file",
                    history.rows,
                )
            )
    return out


def _known_to(log: Log, when: int) -> Log:
    """The log as it is known to the audit instant: after its declared end silence proves nothing."""
    end = log.complete_to
    if end is None or when <= end:
        return log
    after = (Gap(end + 1, when),)
    tickets = [replace(t, gaps=(*t.gaps, *after)) for t in log.tickets]
    histories = {k: replace(h, gaps=(*h.gaps, *after)) for k, h in log.agreement_events.items()}
    text = "the record is declared complete to an instant before the audit: silence after it proves nothing"
    return replace(log, tickets=tickets, agreement_events=histories, notes=[*log.notes, Note(text)])


def _check_readings(readings: Mapping[str, str], book: Book) -> None:
    for name, reading in readings.items():
        known = book.ambiguities.get(name)
        if known is None:
            raise Fault(
                Place("--reading"),
                f"{book.contract.name} has no ambiguity {name}",
                "",
                did_you_mean(name, book.ambiguities) or "see `show`",
            )
        names = [r for r, _ in known.readings]
        if reading not in names:
            raise Fault(
                Place("--reading"),
                f"{name} has no reading {reading}",
                "",
                did_you_mean(reading, names) or f"write one of {', '.join(names)}",
            )


def _only_stated(clause: ir.Clause) -> bool:
    return all(isinstance(x, ir.Stated) for line in clause.sentences for x in line.all())


def _selected(contract: ir.Contract, globs: Sequence[str]) -> list[ir.Clause]:
    """The clauses that match any of the globs, in the order of the contract. Each glob has to match one."""
    checkable = [c for c in contract.clauses if not _only_stated(c)]
    for glob in globs:
        if not any(fnmatchcase(c.id, glob) for c in checkable):
            stated = [c for c in contract.clauses if fnmatchcase(c.id, glob)]
            raise Fault(
                Place("--clause"),
                f"{stated[0].id} is stated only: no record can decide it"
                if stated
                else f"no clause of {contract.name} matches {glob}",
                glob if stated else "",
                did_you_mean(glob, [c.id for c in checkable]) or "see `servanda show`",
            )
    return [c for c in checkable if not globs or any(fnmatchcase(c.id, g) for g in globs)]


def place_ticket(
    ticket: Ticket, names: Mapping[str, Agreement], others: Collection[str], out: Population
) -> None:
    """Put a ticket under its agreement, or set it aside. `names`: the agreements to judge under, by id; `others`: the ids of the rest."""
    if ticket.agreement is None and len(names) == 1 and not others:
        out.tickets.append((ticket, next(iter(names.values()))))
    elif ticket.agreement is None:
        reason = "the ticket names no agreement and several are given"
        out.set_aside.append(
            SetAside(
                ticket.place or Place("log"),
                "agreement",
                "",
                reason,
                "name the agreement",
                ticket.rows,
                ticket.id,
                True,
            )
        )
    elif ticket.agreement in names:
        out.tickets.append((ticket, names[ticket.agreement]))
    elif ticket.agreement in others:
        out.other_tickets += 1
        out.other_rows += ticket.rows
    else:
        out.set_aside.append(
            SetAside(
                ticket.place or Place("log"),
                "agreement",
                ticket.agreement,
                "no such agreement is given",
                did_you_mean(ticket.agreement, names) or "give its agreement file",
                ticket.rows,
                ticket.id,
                True,
            )
        )


def across_tickets(contract: ir.Contract) -> bool:
    """Whether any clause of the contract looks at other tickets of the agreement."""
    stack: list[Any] = [contract]
    while stack:
        at = stack.pop()
        kind: Any = type(at)
        if kind is tuple:
            stack += at
        elif kind is ir.AcrossTickets:
            return True
        else:
            stack += [getattr(at, name) for name in field_names(kind)]
    return False


class Cases:
    """The records to be judged, in the order of the log, then of the agreements; and the clauses that judge each."""

    def __init__(self, population: Population) -> None:
        self.population = population
        self.of_ticket = [c for c in population.clauses if c.level == "ticket"]
        self.of_agreement = [c for c in population.clauses if c.level == "agreement"]
        self.wide = across_tickets(population.book.contract)
        self.together: dict[str, list[Ticket]] = {}
        self._indexes: dict[str, Together] = {}
        if self.wide or self.of_agreement:
            for ticket, agreement in population.tickets:
                self.together.setdefault(agreement.id, []).append(ticket)
        self.tickets = len(population.tickets) if self.of_ticket else 0
        self.count = self.tickets + (len(population.agreements) if self.of_agreement else 0)

    def case(self, i: int) -> tuple[Case, list[ir.Clause]]:
        """The i-th record and its clauses."""
        p = self.population
        if i < self.tickets:
            ticket, agreement = p.tickets[i]
            return case_of_ticket(ticket, agreement, p.now, self._beside(agreement)), self.of_ticket
        agreement = p.agreements[i - self.tickets]
        tickets = self.together.get(agreement.id, [])
        beside = self._beside(agreement) if tickets else None
        return case_of_agreement(agreement, tickets, p.now, beside), self.of_agreement

    def events_of_agreements(self) -> list[int]:
        """How many events each agreement has, with those of its tickets."""
        together = self.together
        return [
            len(a.events) + sum(len(t.events) for t in together.get(a.id, ()))
            for a in self.population.agreements
        ]

    def of(self, wanted: Container[tuple[str, str]]) -> Iterator[Case]:
        """The records of some agreements and tickets, by their ids (no ticket: the agreement itself), in their order."""
        p = self.population
        for i in range(self.count):
            ticket, agreement = p.tickets[i] if i < self.tickets else (None, p.agreements[i - self.tickets])
            if (agreement.id, ticket.id if ticket is not None else "") in wanted:
                yield self.case(i)[0]

    def _beside(self, agreement: Agreement) -> Together | None:
        """What the agreement's tickets have on record together, where a clause of a ticket looks at it."""
        if not self.wide:
            return None
        known = self._indexes.get(agreement.id)
        if known is None:
            known = Together(agreement, self.together[agreement.id], self.population.now)
            self._indexes[agreement.id] = known
        return known

    def prepare(self) -> None:
        """Make what many cases share, before the work is divided."""
        for agreement in self.population.agreements if self.wide else ():
            if agreement.id in self.together:
                self._beside(agreement)

    def __iter__(self) -> Iterator[tuple[Case, list[ir.Clause]]]:
        return (self.case(i) for i in range(self.count))


@contextmanager
def settled() -> Iterator[None]:
    """Keep the cycle collector off what has been read: it lives until the end, and walking it again and again is dear.

    Before a fork this also keeps its pages shared (the documentation of `gc.freeze`).
    """
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


def judge(population: Population) -> Iterator[Judgement]:
    """Every judgement: ticket by ticket, clause by clause in the order of their ids."""
    shared: dict[str, Shared] = {}
    for case, clauses in Cases(population):
        yield from judgements(population, [case], clauses, shared)


def judgements(
    population: Population,
    cases: Iterable[Case],
    clauses: Sequence[ir.Clause],
    shared: dict[str, Shared],
    *,
    contested: bool = True,
) -> Iterator[Judgement]:
    """The judgements of some cases, in their order.

    `shared`: what is remembered of agreements, by their ids, from one call to the next. `contested`: evaluate other
    readings, too.
    """
    p = population
    for case in cases:
        one = Judge(p.book, case, p.now, p.readings, shared.setdefault(case.agreement, Shared()))
        for clause in clauses:
            yield one.verdict(clause.id, contested=contested)


@dataclass(slots=True)
class Tally:
    """Counts of verdicts: in all and by clause; how many are contested."""

    by_clause: dict[str, Counter[str]] = field(default_factory=dict)
    contested: Counter[str] = field(default_factory=Counter)

    def add(self, judgement: Judgement) -> None:
        """Count one judgement."""
        counts = self.by_clause.get(judgement.clause)
        if counts is None:
            counts = self.by_clause[judgement.clause] = Counter()
        counts[judgement.outcome.verdict.value] += 1
        if judgement.contested:
            self.contested[judgement.clause] += 1

    def merge(self, other: Tally) -> None:
        """Add the counts of another piece of work."""
        for clause, counts in other.by_clause.items():
            self.by_clause.setdefault(clause, Counter()).update(counts)
        self.contested.update(other.contested)

    def total(self, verdict: Verdict) -> int:
        """How many judgements came to this verdict."""
        return sum(c[str(verdict)] for c in self.by_clause.values())
