"""A partition judged in columns: sums and wide rows straight from them; judgements where a row gives its reason.

Columns hold verdicts, due, done, margin and whether a reading would turn them; the words of a reason are the interpreter's. It
is asked for them one record after the other, but for the many verdicts of clauses that nothing in a record concerns: their
reason is one for all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import numpy as np

from checker.batch.choice import reasoned
from checker.batch.partition import Partition
from checker.batch.pieces import Claims, Summary, Writer
from checker.batch.wide import Wide, write_wide
from checker.columnar.agreements import Agreements
from checker.columnar.blocks import judge_blocks
from checker.columnar.engine import Result, judge_table
from checker.columnar.judge import VERDICTS, occasions
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import OfCases, Source
from checker.columnar.table import Table
from checker.columnar.world import NotColumnar
from checker.interpret.book import Book
from checker.interpret.case import Case
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Judgement, Outcome, Verdict
from checker.interpret.world import Shared
from checker.render.rows import MOST_ROWS, Sink
from dsl import contract as ir

_WORDS = tuple(str(v) for v in VERDICTS)
_BREACHED, _UNDETERMINED, _OUTSIDE = (
    VERDICTS.index(v) for v in (Verdict.BREACHED, Verdict.UNDETERMINED, Verdict.NOT_APPLICABLE)
)


@dataclass
class InColumns:
    """Judges partitions of one audit in columns. `contested`: evaluate other readings, too. `threads`: at most so many at a time."""

    book: Book
    now: int
    readings: Mapping[str, str]
    contested: bool = True
    shared: dict[str, Shared] = field(default_factory=dict)
    threads: int = 1
    _agreements: Agreements | None = None

    def write(self, partition: Partition, writer: Writer, out: Sink) -> Summary:
        """Write the rows of a partition, and sum them up."""
        judged = self._judged(partition, keep=reasoned(writer.format, writer.layout))
        if reasoned(writer.format, writer.layout):
            summary = writer.write(judged.judgements(), out)
            judged.result.let_go()
        else:
            summary = judged.summed(writer.claims)
            if writer.format == "table":
                judged.exceptions(writer, summary)
            else:
                write_wide(judged.wide(list(writer.terms)), writer, out)
        return judged.told_of(summary)

    def sums(self, partition: Partition) -> Summary:
        """The sums alone."""
        judged = self._judged(partition, keep=False)
        return judged.told_of(judged.summed(Claims({})))

    def _judged(self, partition: Partition, *, keep: bool) -> _Judged:
        made = partition.source
        source: Source = made() if made is not None else OfCases(partition.cases(), self.now)
        if self._agreements is None or self._agreements.facts is not source.facts:
            self._agreements = Agreements(
                self.book, source.facts, self.now, self.book.readings(self.readings)
            )
        how = partial(
            partial(judge_table, keep=True) if keep else partial(judge_blocks, threads=self.threads),
            readings=self.readings,
            contested=self.contested,
            # Instants and margins stand beside reasons alone, which are the interpreter's.
            times=False,
            shared=self.shared,
        )
        result = how(self.book, Table(source), partition.clauses, self._agreements)
        return _Judged(self, partition, source.cases, result)

    def judge_of(self, case: Case) -> Judge:
        """The interpreter, at a case."""
        return Judge(
            self.book, case, self.now, self.readings, self.shared.setdefault(case.agreement, Shared())
        )


class _Judged:
    """What the columns say of a partition, record by record."""

    def __init__(self, by: InColumns, partition: Partition, cases: Sequence[Case], result: Result) -> None:
        self.by = by
        self.clauses = partition.clauses
        self.named = partition.named
        self.names = [c.id for c in partition.clauses]
        self.cases = cases
        self.result = result
        self.verdicts = np.stack([result.outcomes[n].verdict for n in self.names]).astype(np.int8)
        self.turned: Bools = np.stack([result.contested[n] for n in self.names])

    def told_of(self, summary: Summary) -> Summary:
        """The sums, with what was left to the interpreter."""
        summary.interpreted = dict(self.result.interpreted)
        summary.left = self.result.left
        return summary

    # ---------------------------------------------------------------- sums
    def summed(self, claims: Claims) -> Summary:
        """Verdicts by clause, and beside what the source claims."""
        summary = Summary()
        for k, name in enumerate(self.names):
            counts = np.bincount(self.verdicts[k], minlength=len(VERDICTS)).tolist()
            summary.tally.by_clause[name] = Counter(
                {word: n for word, n in zip(_WORDS, counts, strict=True) if n}
            )
            if turned := int(self.turned[k].sum()):
                summary.tally.contested[name] = turned
        groups: dict[tuple[str, str], list[int]] = {}
        if claims.by_ticket:
            # Those alike are often one object, looked at once.
            known: dict[int, tuple[object, list[tuple[str, str]]]] = {}
            for i, ticket in enumerate(self._tickets()):
                claimed = claims.by_ticket.get(ticket)
                if claimed is None:
                    continue
                if id(claimed) not in known:
                    known[id(claimed)] = claimed, list(claims.compared(ticket))
                for key in known[id(claimed)][1]:
                    groups.setdefault(key, []).append(i)
        beside = Claims({}, summary.claims)
        for (name, value), mine in groups.items():
            counts = np.bincount(self.verdicts[:, mine].ravel(), minlength=len(VERDICTS)).tolist()
            for word, n in zip(_WORDS, counts, strict=True):
                if n:
                    beside.count((name, value, word), n)
        return summary

    def _tickets(self) -> Sequence[str]:
        return self.named()[1] if self.named is not None else [case.ticket for case in self.cases]

    def exceptions(self, writer: Writer, summary: Summary) -> None:
        """Count what deserves a row in a table, and keep the first of them."""
        breached = self.verdicts == _BREACHED
        others = ~breached & ((self.verdicts == _UNDETERMINED) | self.turned)
        summary.exceptions = int(breached.sum() + others.sum())
        for pile, which in ((summary.breached, breached), (summary.others, others)):
            # The order of the rows: record by record, clause by clause; what is breached is shown first.
            for i, k in np.argwhere(which.T)[: MOST_ROWS - len(summary.breached)].tolist():
                pile.append(writer.row(self.by.judge_of(self.cases[i]).verdict(self.names[k])))

    # ---------------------------------------------------------------- rows
    def wide(self, columns: list[str]) -> Wide:
        """A row a record. `columns`: every clause of the rows, also those that judge agreements."""
        place = {name: k for k, name in enumerate(columns)}
        matrix = np.full((len(self.cases), len(columns)), -1, np.int8)
        matrix[:, [place[name] for name in self.names]] = self.verdicts.T
        if self.named is not None:
            agreements, tickets = self.named()
        else:
            agreements, tickets = [c.agreement for c in self.cases], [c.ticket for c in self.cases]
        return Wide(agreements, tickets, matrix, self.turned.T, self.names)

    def judgements(self) -> Iterator[Judgement]:
        """Every judgement with its reason, as the interpreter gives it."""
        told = self.result.told or {}
        nothing = np.stack([self._nothing(clause) for clause in self.clauses])
        nothing &= (self.verdicts == _OUTSIDE) & ~self.turned
        same: dict[str, Outcome] = {}
        for i, case in enumerate(self.cases):
            judge: Judge | None = None
            outside = nothing[:, i].tolist()
            for k, name in enumerate(self.names):
                known = told.get((name, i))
                if known is None and outside[k] and name in same:
                    outcome = same[name]
                    known = Judgement(case.agreement, case.ticket, name, outcome, (outcome,), ())
                if known is None:
                    judge = judge or self.by.judge_of(case)
                    known = judge.verdict(name, contested=self.by.contested)
                    if outside[k]:
                        same[name] = known.outcome
                yield known

    def _nothing(self, clause: ir.Clause) -> Bools:
        """The cases in which nothing happened that the clause concerns: of all of them the interpreter says the same."""
        n = len(self.cases)
        world = self.result.world
        if world is None or not clause.concerns:
            return np.zeros(n, bool)
        if clause.only_on is not None and world.readings.get(clause.only_on[0]) != clause.only_on[1]:
            return np.ones(n, bool)
        try:
            with_some: Ints = occasions(world, clause)[0].case
        except NotColumnar:
            return np.zeros(n, bool)
        out = np.ones(n, bool)
        out[with_some] = False
        return out
