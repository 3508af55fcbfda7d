"""An audit of tickets as `servanda check` makes it: read, judged partition by partition, written, and summed up.

What only some audits need (rules of exports, tables on a terminal, other formats) is loaded where it is used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from checker.audit.provenance import provenance
from checker.audit.run import Population
from checker.batch.choice import Engine, chosen, processors
from checker.batch.output import NOTHING_WRITTEN
from checker.batch.partition import OfCases
from checker.batch.pieces import Claims, Summary, Writer
from checker.batch.run import Run, Way
from checker.cli import inputs as shared
from checker.cli.audited import Read, asked_of, regular_file, spare_inputs
from checker.cli.divided import Divided
from checker.cli.exits import exit_code, say
from checker.cli.first_look import FirstLook
from checker.cli.said import say_engine, say_result, say_set_aside
from checker.columnar.freed import keep_freed
from checker.interpret.binding import party, strength
from checker.interpret.verdicts import Verdict
from checker.render.progress import progress
from checker.render.rows import Term, iso

if TYPE_CHECKING:
    from checker.batch.straight import Straight
    from checker.batch.whole import OfWhole


@dataclass(frozen=True)
class Asked:
    """The options of the command, by their names."""

    contract: str
    agreements: tuple[Path, ...]
    agreement_mapping: Path | None
    tickets: tuple[Path, ...]
    mapping: str | None
    assume: tuple[str, ...]
    as_of: str | None
    reading: tuple[str, ...]
    clause: tuple[str, ...]
    format_: str
    layout: str
    output: Path | None
    engine: str
    partition: int | None
    resume: bool
    fail_on: str | None
    strict: bool
    jobs: int | None


class Audit:
    """An audit. `look`: what a first look at its log finds."""

    def __init__(self, asked: Asked, look: FirstLook) -> None:
        self._asked = asked
        self._look = look
        self._run: Run | None = None

    def make(self) -> int:
        """Make it; the exit code of the command.

        Raises:
            ContractError, Fault, OSError: the contract, a file or an option is faulty.
            Interrupted: a signal asked it to end; see `left`.
        """
        a = self._asked
        output = regular_file(a.output)
        others = [Path(each) for each in (a.mapping, a.agreement_mapping) if each is not None]
        spare_inputs(output, (*a.agreements, *a.tickets, *others))
        got = shared.load_terms(
            a.contract, a.agreements, a.assume, a.as_of, a.reading, a.clause, a.agreement_mapping
        )
        read = Read(got, a.tickets, a.mapping, a.strict, self._look)
        read.log(a.engine, a.format_, a.layout, a.partition, exports=True)
        verdicts = read.population.judged * len(read.population.clauses)
        by: Engine = "columns" if read.in_columns else chosen(a.engine, a.format_, a.layout, verdicts)
        if by == "columns":
            keep_freed()
        asked = asked_of(got, a.contract, a.agreement_mapping, a.mapping) if output is not None else {}
        divided = Divided(by, a.partition, a.jobs)
        how = _How(divided, a.format_, a.layout, output, a.resume, asked)
        run, partitions = how.run(read)
        self._run = run
        with run:
            if run.stale:
                say("note: the parts of an earlier run were made of something else: they are not used")
            if run.resumed:
                say(f"note: {run.resumed} partitions were done already")
            with progress("judged", partitions.records, sys.stderr) as advance:
                whole = run.work(advance)
            population = read.population
            record = how.record(got, population, whole)
            if output is not None:
                record["result"] = {
                    "file": output.name,
                    "format": a.format_,
                    "layout": a.layout,
                    "sha256": run.digest(),
                }
                run.commit(record)
        say_set_aside(got.log, population)
        say_result(got.log, population, whole, record)
        say_engine(by, whole)
        if a.mapping is not None:
            _say_without(divided, read, a.mapping, a.tickets)
        return exit_code(whole.tally, a.fail_on)

    def left(self) -> str:
        """What it leaves where it was interrupted."""
        run = self._run
        if run is None:
            return NOTHING_WRITTEN
        if run.done:
            return "nothing is lost"
        if not run.kept:
            return NOTHING_WRITTEN
        return (
            f"{run.kept} partitions are done and kept in {run.folder}; with --resume a run goes on with them"
        )


@dataclass(frozen=True)
class _How:
    """How an audit is worked off, as the options say. `asked`: what of them the provenance holds."""

    divided: Divided
    format: str
    layout: str
    output: Path | None
    resume: bool
    asked: Mapping[str, Any]

    def run(self, read: Read) -> tuple[Run, OfCases | OfWhole | Straight]:
        """The run of an audit, and its partitions."""
        got, population, straight = read.got, read.population, read.straight
        zones = {a.id: a.facts.get("time_zone") for a in population.agreements}
        zone_of = {k: v if isinstance(v, str) else None for k, v in zones.items()}
        terms = {c.id: Term(strength(c), party(c)) for c in population.clauses}
        writer = Writer(self.format, self.layout, terms, zone_of, Claims.of(got.log))
        divided = self.divided
        partitions = divided.partitions(population, read.whole) if straight is None else straight
        workers = divided.jobs or processors()
        shares = straight is not None and straight.shares > 0 and workers > 1 and hasattr(os, "fork")
        # What is read only once, and in no shares, is read by one process, with threads.
        jobs = divided.workers(population, read.whole) if straight is None else workers if shares else 1
        way = Way(
            divided.engine,
            self.output,
            self.resume,
            partitions.size,
            jobs,
            self.record(got, population, None) if self.output is not None else {},
            workers if straight is not None and not shares else 1,
            shares,
        )
        ended = read.ended if straight is not None else None
        return Run(way, population, partitions, writer, ended), partitions

    def record(self, got: shared.Inputs, population: Population, whole: Summary | None) -> dict[str, Any]:
        """Where the result comes from. `whole`: what it came to, None before that is known."""
        first = next(
            (z for a in population.agreements if isinstance(z := a.facts.get("time_zone"), str) and z), None
        )
        now = iso(population.now, first) or ""
        record = {**provenance(population, got.agreement_files, got.log, now, got.clauses), **self.asked}
        if whole is not None:
            record["judged_by"] = {
                "engine": self.divided.engine,
                "clauses_by_the_interpreter": sorted(whole.interpreted),
            }
        return record


def _say_without(divided: Divided, read: Read, mapping: str, tickets: tuple[Path, ...]) -> None:
    """The same audit without what the assumptions say happened, for comparison."""
    found = divided.without(read, mapping, tickets)
    if found is not None:
        names, tally = found
        verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
        say(f"without {', '.join(names)}: {verdicts or 'none'}")
