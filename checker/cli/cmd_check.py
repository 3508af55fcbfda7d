"""`servanda check`: audit tickets against a contract.

What only some audits need (rules of exports, tables on a terminal, other formats) is loaded where it is used.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.audit.provenance import provenance
from checker.audit.run import Population
from checker.batch.choice import ENGINES, FORMATS, Engine, check_engine, check_format, chosen
from checker.batch.output import Interrupted, interruptible
from checker.batch.partition import OfCases
from checker.batch.pieces import Claims, Summary, Writer
from checker.batch.run import Run, Way
from checker.cli import inputs as shared
from checker.cli.audited import Read, asked_of, processors, regular_file, spare_inputs
from checker.cli.divided import Divided
from checker.cli.exits import exit_code, guarded, leave, say
from checker.cli.said import say_engine, say_result, say_set_aside
from checker.cli.straight import FirstLook
from checker.columnar.freed import keep_freed
from checker.interpret.binding import party, strength
from checker.interpret.verdicts import Verdict
from checker.record.model import Fault, Place
from checker.render.progress import progress
from checker.render.rows import Term, iso

if TYPE_CHECKING:
    from checker.batch.straight import Straight
    from checker.batch.whole import OfWhole


@click.command(short_help="audit tickets against a contract")
@shared.audit_options
@click.option("--format", "format_", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option(
    "--layout",
    type=click.Choice(["long", "wide"]),
    default="long",
    show_default=True,
    help="a row for each ticket and clause, with its reason; or a row for each ticket (csv, jsonl, parquet)",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="write there instead of standard output; the file appears whole or not at all",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="judge all tickets at once in columns (needs NumPy), or one after the other; the rows are the same. auto: columns "
    "where they can be had, there are tickets enough, and no row gives its reason",
)
@click.option(
    "--partition",
    type=click.IntRange(min=1),
    metavar="N",
    help="tickets judged and held at once (default: as many as suit the contract); changes no row",
)
@click.option(
    "--resume",
    is_flag=True,
    help="go on with what an interrupted run of the same audit into the same file has done",
)
@click.option(
    "--fail-on",
    type=click.Choice(["undetermined"]),
    help="exit 3 when nothing is breached but something undetermined",
)
@click.option(
    "--jobs",
    type=click.IntRange(1, 64),
    help="processes (default: one for a small audit, all processors for a large one)",
)
@click.option("--strict", is_flag=True, help="a row set aside is a fault")
@guarded
def check(
    contract: str,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    format_: str,
    layout: str,
    output: Path | None,
    engine: str,
    partition: int | None,
    resume: bool,
    fail_on: str | None,
    strict: bool,
    jobs: int | None,
) -> None:
    """Audit tickets against a contract: a verdict for every ticket and clause.

    Exit codes: 0 kept, 1 breached, 2 a fault, 3 undetermined (with --fail-on undetermined), 4 no clause applies to any ticket.
    """
    check_engine(engine)
    check_format(format_, layout, output is not None)
    if resume and output is None:
        raise Fault(
            Place("--resume"),
            "only a result in a file can be gone on with",
            "no -o",
            "give -o FILE, as before",
        )
    output = regular_file(output)
    others = [Path(each) for each in (mapping, agreement_mapping) if each is not None]
    spare_inputs(output, (*agreements, *tickets, *others))
    run: Run | None = None
    try:
        with interruptible():
            with FirstLook(engine, format_, layout, tickets if mapping is None else ()) as look:
                got = shared.load_terms(
                    contract, agreements, assume, as_of, reading, clause, agreement_mapping
                )
                read = Read(got, tickets, mapping, strict, look)
                read.log(engine, format_, layout, partition, exports=True)
            verdicts = read.population.judged * len(read.population.clauses)
            by: Engine = "columns" if read.in_columns else chosen(engine, format_, layout, verdicts)
            if by == "columns":
                keep_freed()
            asked = asked_of(got, contract, agreement_mapping, mapping) if output is not None else {}
            divided = Divided(by, partition, jobs)
            how = _How(divided, format_, layout, output, resume, asked)
            run, partitions = how.run(read)
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
                        "format": format_,
                        "layout": layout,
                        "sha256": run.digest(),
                    }
                    run.commit(record)
            say_set_aside(got.log, population)
            say_result(got.log, population, whole, record)
            say_engine(by, whole)
            if mapping is not None:
                _say_without(divided, read, mapping, tickets)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: " + _left_of(run))
        leave(signal.code)
    leave(exit_code(whole.tally, fail_on))


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


def _left_of(run: Run | None) -> str:
    """What an interrupted run leaves."""
    if run is None or run.done:
        return "nothing is lost" if run is not None else "nothing was written"
    if not run.kept:
        return "nothing was written"
    return f"{run.kept} partitions are done and kept in {run.folder}; with --resume a run goes on with them"


def _say_without(divided: Divided, read: Read, mapping: str, tickets: tuple[Path, ...]) -> None:
    """The same audit without what the assumptions say happened, for comparison."""
    found = divided.without(read, mapping, tickets)
    if found is not None:
        names, tally = found
        verdicts = ", ".join(f"{tally.total(v)} {v}" for v in Verdict if tally.total(v))
        say(f"without {', '.join(names)}: {verdicts or 'none'}")
