"""Every claim about mutated contracts held against histories by chance, judged in columns: python -m tests.compare.survey

An *equivalent* may not differ on any history; what is proved never to become worse, or better, may not; every history shown replays.
Histories are those of the soak (made around the clauses, doubtful records included), each moved in time again and again.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import numpy as np

from checker.audit.library import contract_names, load_contract, vocabulary
from checker.audit.run import Cases, Population
from checker.columnar.engine import judge_table
from checker.columnar.outcomes import VERDICTS
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from checker.compare.answer import ClauseAnswer, Comparison, Read
from checker.compare.variants import Asked, compared
from checker.interpret.book import Book
from checker.interpret.verdicts import Verdict
from checker.record.flaws import Flaw
from checker.record.model import Agreement, Event, Ticket
from dsl import contract as ir
from dsl.naming import named
from tests.compare.mutations import BLOCKS, mutated
from tests.soak import made
from tests.soak.specimen import Specimen

MOST = 15
"""The most clauses that are judged for one mutation."""
_DECIDED = (Verdict.MET, Verdict.BREACHED, Verdict.NOT_APPLICABLE, Verdict.EXCLUDED, Verdict.NOT_ENTITLED)


@dataclass
class Survey:
    """What was held against what. `wrong`: claims that a history refutes; each is a defect of the first order."""

    mutations: int = 0
    histories: int = 0
    cells: int = 0
    answers: Counter[str] = field(default_factory=Counter)
    views: Counter[str] = field(default_factory=Counter)
    held: int = 0
    examples: int = 0
    wrong: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.mutations} mutations, {self.histories:,} histories, {self.cells:,} pairs of verdicts; "
            f"clauses that a mutation reaches: {dict(self.answers)}, views {dict(self.views)}; "
            f"{self.held} equivalents held; {self.examples} histories shown, all replayed; {len(self.wrong)} claims wrong; "
            f"comparing took {self.seconds:.0f} s"
        )


def histories(contract: str, clauses: Sequence[str], seed: str, count: int) -> Iterator[Population]:
    """Populations of so many tickets in all, made around these clauses of a bundled contract, in pieces."""
    r = Random(seed)
    for attempt in range(2 * count):
        if count <= 0:
            return
        try:
            population = _around(contract, clauses, f"{seed} {attempt}").population()
        except (Flaw, ValueError):
            # What is made by chance is not always what a record can say.
            continue
        tickets = list(population.tickets)
        moved = [
            _moved(t, a, r, i) for i in range(min(count // max(1, len(tickets)) + 1, 40)) for t, a in tickets
        ]
        yield replace(population, tickets=moved[:count])
        count -= len(moved)


def _around(contract: str, clauses: Sequence[str], seed: str) -> Specimen:
    """As the soak makes specimens, around given clauses."""
    r = Random(seed)
    doubt = made.Doubt.of(r) if r.random() < 0.6 else made.Doubt()
    agreements, tickets = [], []
    for i in range(8):
        maker = made.Maker(contract, [r.choice(clauses)], r, doubt, list(clauses)[:6])
        maker.base += r.randrange(0, 7200)
        ids = [f"T{i}-{k}" for k in range(4)]
        agreement = maker.agreement(f"a{i}", ids)
        for place, known in (("time_zone", "Europe/Warsaw"), ("country", "PL")):
            # What any country may say is asked of all of them: dear, and enough on some.
            if agreement.get(place) is None and r.random() < 0.95:
                agreement[place] = known
        agreements.append(agreement)
        tickets += [maker.ticket(name, f"a{i}") for name in ids]
    as_of = "2026-03-01T00:00:00Z" if r.random() < 0.8 else "2025-06-15T12:00:00Z"
    return Specimen(contract, tuple(agreements), tuple(tickets), as_of, (), seed)


def _moved(ticket: Ticket, agreement: Agreement, r: Random, i: int) -> tuple[Ticket, Agreement]:
    """A ticket at another time; the first as it is."""
    by = 0 if i == 0 else r.choice((r.randrange(-40 * 86400, 40 * 86400), 60 * r.randrange(-2000, 2000)))
    events = tuple(_later(e, by) for e in ticket.events)
    gaps = tuple(replace(g, start=g.start + by, end=g.end + by) for g in ticket.gaps)
    return replace(ticket, id=f"{ticket.id}-{i}", events=events, gaps=gaps), agreement


def _later(e: Event, by: int) -> Event:
    return replace(e, at=e.at + by, until=e.until + by)


def survey(contract: str, seed: str, count: int, out: Survey) -> None:
    """One mutation of a bundled contract."""
    old = load_contract(contract)
    new, what = mutated(old, seed)
    begun = time.process_time()
    found = compared(old, new, vocabulary(), Asked(seconds=0.6, tries=40, readings=False))
    out.seconds += time.process_time() - begun
    out.mutations += 1
    mine, theirs = ({c.id: c for c in x.clauses} for x in (old, new))
    reached = _reached(found, old, new, Random(seed))
    for c in found.clauses:
        out.answers[c.read.answer] += 1
        out.views.update(way.answer for _, way in c.read.views)
        out.examples += len(c.read.examples)
    tickets = [
        c
        for c in reached
        if c in mine and c in theirs and mine[c].level == "ticket" and not made.stated(mine[c])
    ]
    if not tickets:
        return
    by_id = {c.clause: c for c in found.clauses}
    for population in histories(contract, tickets, seed, count):
        verdicts = [_judged(population, Book(x), tickets) for x in (old, new)]
        out.histories += len(population.tickets)
        for clause in tickets:
            a, b = (v[clause] for v in verdicts)
            out.cells += len(a)
            wrong = _refuted(by_id.get(clause), a, b)
            out.held += wrong is None and (clause not in by_id or by_id[clause].read.answer == "equivalent")
            if wrong is not None:
                i, claim = wrong
                ticket, agreement = population.tickets[i]
                out.wrong.append(
                    f"{contract} {seed}: {what}\n  {clause} {claim}, and not on {ticket} under {agreement} as of {population.now}: "
                    f"{VERDICTS[a[i]]} -> {VERDICTS[b[i]]}"
                )
                return


def _reached(found: Comparison, old: ir.Contract, new: ir.Contract, r: Random) -> list[str]:
    """The clauses that the mutation may concern: all that reach what it changed, by whatever way; at most so many."""
    mine, theirs = (
        {d.name: d for block in BLOCKS for d in getattr(x, block)} | {c.id: c for c in x.clauses}
        for x in (old, new)
    )
    back: dict[str, set[str]] = {}
    for name, definition in theirs.items():
        for _, other in named(definition):
            back.setdefault(other, set()).add(name)
    queue = [n for n in theirs if mine.get(n) != theirs[n]]
    if not queue:  # a reading was settled otherwise
        queue = [c.clause for c in found.clauses]
    seen = set(queue)
    while queue:
        for other in back.get(queue.pop(), ()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    clauses = [c.id for c in new.clauses if c.id in seen]
    return clauses if len(clauses) <= MOST else sorted(r.sample(clauses, MOST))


def _judged(population: Population, book: Book, clauses: Sequence[str]) -> dict[str, np.ndarray]:
    kept = [book.clauses[c] for c in clauses]
    cases = Cases(replace(population, book=book, clauses=kept))
    table = Table(OfCases([cases.case(i)[0] for i in range(cases.tickets)], population.now))
    found = judge_table(book, table, kept, contested=False, times=False)
    return {c: found.outcomes[c].verdict for c in clauses}


def _refuted(answer: ClauseAnswer | None, a: np.ndarray, b: np.ndarray) -> tuple[int, str] | None:
    """The first history that refutes what was claimed, and the claim."""
    different = np.flatnonzero(a != b)
    if not different.size:
        return None
    if answer is None or answer.read.answer == "equivalent":
        return int(different[0]), "is claimed equivalent"
    return _one_way(answer.read, a, b, different)


def _one_way(read: Read, a: np.ndarray, b: np.ndarray, different: np.ndarray) -> tuple[int, str] | None:
    """Whether a breach comes or goes although it is proved, whatever the record, that it does not."""
    breached = VERDICTS.index(Verdict.BREACHED)
    decided = {VERDICTS.index(v) for v in _DECIDED}
    binding = [(p, w) for p, w in read.views if w.scope <= {"holidays on record"}]
    if len(read.views) != 2 or len(binding) != 2:
        return None
    # Of the two parties one is bound; a breach that neither may ever see is wrong.
    for i in different.tolist():
        if a[i] not in decided or b[i] not in decided or (a[i] == breached) == (b[i] == breached):
            continue
        if all(w.worse == "no" and w.better == "no" for _, w in binding):
            return i, "is claimed alike for each party"
        bound = next((w for p, w in binding if p == _bound(read)), None)
        if bound is None:
            continue
        if b[i] == breached and bound.worse == "no":
            return i, "is claimed never worse"
        if a[i] == breached and bound.better == "no":
            return i, "is claimed never better"
    return None


def _bound(read: Read) -> str:
    return read.bound


def main() -> int:
    """Survey as the command line asks."""
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--mutations", type=int, default=300)
    p.add_argument("--histories", type=int, default=1_000_000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--minutes", type=float, default=float("inf"))
    p.add_argument("--out", type=Path, default=None)
    a = p.parse_args()
    out, begun = Survey(), time.monotonic()
    names = contract_names()
    for i in range(a.mutations):
        if time.monotonic() - begun > 60 * a.minutes:
            break
        survey(names[i % len(names)], f"{a.seed} {i}", a.histories, out)
        print(f"after {(time.monotonic() - begun) / 60:.1f} minutes: {out}", flush=True)
        for wrong in out.wrong:
            print(f"WRONG {wrong}", flush=True)
        if a.out is not None:
            a.out.write_text(
                json.dumps({"told": str(out), "wrong": out.wrong}, indent=1) + "\n", encoding="utf-8"
            )
    return int(bool(out.wrong))


if __name__ == "__main__":
    sys.exit(main())
