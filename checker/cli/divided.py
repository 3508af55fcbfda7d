"""The records of an audit divided: into partitions, and among processes; what the commands share that judge."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from checker.audit.run import Population, Tally
from checker.batch.choice import Engine, processors
from checker.batch.partition import OfCases
from checker.batch.run import partitions_of, sums
from checker.cli.audited import LARGE, Read, rules_without_content, without_content
from checker.render.progress import progress

if TYPE_CHECKING:
    from checker.batch.whole import OfWhole, Whole


@dataclass(frozen=True)
class Divided:
    """How an audit is divided, as the options say. `size`: tickets in a partition, None for as many as suit. `jobs`: processes, None for
    as many as suit."""

    engine: Engine
    size: int | None
    jobs: int | None

    def partitions(self, population: Population, whole: Whole | None) -> OfCases | OfWhole:
        """The records to judge, in partitions. `whole`: where they are columns already."""
        if whole is not None:
            return whole.partitions(self.size, self.processes(population))
        return partitions_of(population, self.engine, self.size, self.processes(population))

    def workers(self, population: Population, whole: Whole | None) -> int:
        """Processes to start. Tickets that are columns already are divided evenly among the processors; one process more judges the
        agreements meanwhile, so that none waits for the other.
        """
        many = self.processes(population)
        return many + 1 if whole is not None and self.jobs is None and many > 1 else many

    def processes(self, population: Population) -> int:
        """Processes to work with: as asked, else one for a small audit and the processors at hand for a large one."""
        if self.jobs is not None:
            return self.jobs
        return processors() if population.judged > LARGE else 1

    def without(
        self, read: Read, mapping: str, tickets: tuple[Path, ...]
    ) -> tuple[tuple[str, ...], Tally] | None:
        """The verdicts of the same audit without what the mapping's assumptions say happened, and the names of these; None for none."""
        got, now = read.got, read.population.now
        exported = None
        if read.exported is not None:
            names, rules = rules_without_content(got, mapping)
            exported = read.exported.again(rules, now) if names else None
        if exported is not None:
            bare = exported.population
        else:
            found = without_content(got, mapping, tickets, now)
            if found is None:
                return None
            names, bare = found
        partitions = self.partitions(bare, exported)
        with progress("without assumptions", partitions.records, sys.stderr) as advance:
            return names, sums(bare, partitions, self.engine, self.workers(bare, exported), advance).tally
