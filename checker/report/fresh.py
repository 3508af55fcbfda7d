"""A report of a run: the records judged partition by partition, as `servanda check` does it, and everything gathered on the way."""

from __future__ import annotations

import gc
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.audit.run import Cases, Population
from checker.batch.choice import Engine
from checker.batch.partition import Partition, Partitions
from checker.batch.pieces import Claims
from checker.batch.processes import worked_off
from checker.interpret.case import Case
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Judgement, Verdict
from checker.interpret.world import Shared
from checker.record.extent import Extent, extent_of
from checker.record.model import Log, told_apart
from checker.report.build import Given, figures, remark
from checker.report.gathered import Limits, Setting, gather, reason_of
from checker.report.joined import Answer, Ask, Key, join
from checker.report.rows import Report, Spool
from checker.report.saved import SavedVerdicts
from checker.report.sums import Sums
from dsl.lexicon import Lexicon

Advance = Callable[[int], None]


@dataclass(frozen=True)
class Wanted:
    """What kind of report is wanted. `sample`: the log is a sample, so that rates have an interval. `grid`: the testing grid, too."""

    limits: Limits = field(default_factory=Limits)
    sample: bool = False
    grid: bool = False

    def as_data(self) -> dict[str, Any]:
        """The same for the provenance: a report depends on it."""
        return {"sample": self.sample, **self.limits._asdict()}


@dataclass
class Fresh:
    """An audit that is judged for a report. `jobs`: processes; `threads`: of each. Used in a `with`: what fails leaves no files.

    `ended`: told when all partitions are judged, for logs that are read while they are judged: it gives the log and who was judged.
    `saved`: the verdicts, where they are known already: then nothing is judged, but for the evidence that is missing (one process).
    `cases`: some records as objects, by the ids of their agreements and tickets, and `recorded`: how much the record holds, where
    the tickets are not in the population. `files`: those of the log, as they were given.
    """

    population: Population
    log: Log
    partitions: Partitions
    engine: Engine
    wanted: Wanted = field(default_factory=Wanted)
    jobs: int = 1
    threads: int = 1
    ended: Callable[[], tuple[Log, Population]] | None = None
    cases: Callable[[Collection[tuple[str, str]]], Iterator[Case]] | None = None
    recorded: Callable[[], Extent] | None = None
    saved: SavedVerdicts | None = None
    files: Iterable[str] = ()
    extent: Extent | None = None
    _by_ticket: Claims | None = None

    def __post_init__(self) -> None:
        self.spool = Spool()
        names = told_apart(self.files)
        self.setting = Setting(self.population, self.wanted.limits, self.spool, self.wanted.grid, names)
        self.sums = Sums()
        self._made = False

    def __enter__(self) -> Fresh:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._made:
            self.spool.clear()

    def judge(self, advance: Advance) -> Sums:
        """Judge everything; what it adds up to. `advance` is told how many records are done."""
        p = self.population
        work = self._columns() if self.engine == "columns" else self._interpreter()
        extent = Extent()
        for _, (records, sums, more) in worked_off(self.partitions, work, self.jobs):
            self.sums.merge(sums)
            extent += more
            advance(records)
            # What a partition was judged from holds on to itself, and is large: it goes now, not when the collector sees it.
            gc.collect()
        if self.saved is not None:
            self.saved.ended()
        if self.ended is not None:
            self.log, self.population = self.ended()
        if self.recorded is not None:
            self.extent = self.recorded()
        else:
            self.extent = extent if self.ended is not None else extent_of((t for t, _ in p.tickets), p.now)
        return self.sums

    def report(
        self,
        provenance: Mapping[str, Any],
        without: tuple[tuple[str, ...], Mapping[str, int]] | None = None,
        lexicon: Lexicon | None = None,
    ) -> Report:
        """The report of what was judged. `provenance`: of this audit. `without`, `lexicon`: see `build.Given`."""
        p = self.population
        assert self.extent is not None, "nothing was judged"
        joined = join(self.spool, self.setting.limits)
        joined.tell(self._told)
        given = Given(
            p.book.contract,
            p.clauses,
            p.book.readings(p.readings),
            self.setting.fixed,
            self.setting.zones,
            self.setting.ranked,
            {c.id: self.setting.bound(c.id) for c in p.clauses},
            p.now,
            self.extent,
            [remark(n.text, self.setting.called(n.place), n.count) for n in (*self.log.notes, *p.notes)],
            provenance,
            self.wanted.sample,
            without,
            lexicon or Lexicon(),
        )
        self._made = True
        made = figures(given, self.sums, joined)
        aside = list(provenance["set_aside"])
        return Report(
            made,
            self.setting.columns,
            joined.rows,
            joined.explanations,
            joined.grid,
            lambda: iter(aside),
            self.spool.clear,
            provenance.get("judged_by", {}),
        )

    def _told(self, wanted: Mapping[Key, Ask]) -> Iterator[tuple[Key, Answer]]:
        """What is asked of some verdicts."""
        p = self.population
        by_record: dict[tuple[str, str], list[Key]] = {}
        for key in wanted:
            by_record.setdefault((key.agreement, key.ticket), []).append(key)
        cases = self.cases if self.cases is not None else Cases(p).of
        shared: dict[str, Shared] = {}
        for case in cases(by_record) if by_record else ():
            judge = Judge(p.book, case, p.now, p.readings, shared.setdefault(case.agreement, Shared()))
            # All events of a large agreement in each of its explanations nobody could read, nor hold.
            short = len(case.events) <= self.wanted.limits.events
            for key in by_record[case.agreement, case.ticket]:
                ask = wanted[key]
                # Which readings turn a verdict is looked for only where some do.
                reason = reason_of(judge.verdict(key.clause, contested=ask.contested)) if ask.reason else None
                yield (
                    key,
                    Answer(
                        reason,
                        explain(judge, key.clause, place=self.setting.called)
                        if ask.explanation and short
                        else None,
                    ),
                )

    def _columns(self) -> Callable[[Partition], tuple[int, Sums, Extent]]:
        from checker.report.columns import Columnar

        columns = Columnar(self.setting, self.threads)
        by_case = self._interpreter()

        def work(partition: Partition) -> tuple[int, Sums, Extent]:
            if not partition.columnar:
                return by_case(partition)
            return partition.records, columns.gather(partition, self._claims(partition)), _extent(partition)

        return work

    def _interpreter(self) -> Callable[[Partition], tuple[int, Sums, Extent]]:
        p = self.population
        shared: dict[str, Shared] = {}
        saved = self.saved

        def judged(partition: Partition) -> Iterator[tuple[Case, list[Judgement]]]:
            for case in partition.cases():
                if saved is not None:
                    yield case, [saved.judgement(case, c.id) for c in partition.clauses]
                    continue
                judge = Judge(p.book, case, p.now, p.readings, shared.setdefault(case.agreement, Shared()))
                yield case, [judge.verdict(c.id) for c in partition.clauses]

        # What was saved does not say which evidence is missing.
        unreasoned = () if saved is None else (Verdict.UNDETERMINED,)

        def work(partition: Partition) -> tuple[int, Sums, Extent]:
            claims = self._claims(partition)
            found = gather(self.setting, partition.number, judged(partition), claims, unreasoned)
            return partition.records, found, _extent(partition)

        return work

    def _claims(self, partition: Partition) -> Claims:
        if partition.claims is not None:
            return Claims(partition.claims)
        if self._by_ticket is None:
            self._by_ticket = Claims.of(self.log)
        return self._by_ticket


def _extent(partition: Partition) -> Extent:
    return partition.extent() if partition.extent is not None else Extent()
