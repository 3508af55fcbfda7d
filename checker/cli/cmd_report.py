"""`servanda report`: a report of an audit, in the format that its file's name says."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from checker.audit.provenance import as_text, file_digest, provenance
from checker.batch.choice import ENGINES, Engine, check_engine, chosen
from checker.batch.output import Interrupted, Pending, held_back, interruptible, settle
from checker.batch.run import partitions_of
from checker.cli import inputs as shared
from checker.cli.audited import LARGE, Read, processors, regular_file, spare_inputs
from checker.cli.exits import guarded, leave, say
from checker.cli.said import say_set_aside
from checker.columnar.freed import keep_freed
from checker.render.progress import progress
from checker.render.rows import iso
from checker.report.fresh import Fresh, Wanted
from checker.report.gathered import Limits
from checker.report.renderers import Renderer, renderer_of
from checker.report.rows import Report
from checker.report.words import LANGUAGES, words_of

_USUAL = Limits()


@click.command(short_help="a report of an audit")
@shared.audit_options
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="the report; its format follows from how the name ends; the file appears whole or not at all",
)
@click.option("--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="of the report")
@click.option("--sample", is_flag=True, help="the log is a sample: rates have a confidence interval")
@click.option(
    "--explain",
    type=click.IntRange(min=0),
    default=_USUAL.explained_in_all,
    show_default=True,
    metavar="N",
    help="findings with explanation and time line, at most; of each clause some",
)
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    default="auto",
    show_default=True,
    help="as for `check`; the figures are the same",
)
@click.option("--partition", type=click.IntRange(min=1), metavar="N", help="tickets judged at once")
@click.option("--jobs", type=click.IntRange(1, 64), help="processes")
@click.option("--strict", is_flag=True, help="a row set aside is a fault")
@guarded
def report(
    contract: str,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    output: Path,
    lang: str,
    sample: bool,
    explain: int,
    engine: str,
    partition: int | None,
    jobs: int | None,
    strict: bool,
) -> None:
    """Audit tickets against a contract, and report it: .html, .xlsx, .pdf, .json or .md.

    Exit codes: 0 the report is written, 2 a fault.
    """
    check_engine(engine)
    renderer = renderer_of(output)
    target = regular_file(output)
    assert target is not None
    others = [Path(each) for each in (mapping, agreement_mapping) if each is not None]
    spare_inputs(target, (*agreements, *tickets, *others))
    wanted = Wanted(_USUAL._replace(explained_in_all=explain), sample, output.suffix.lower() == ".xlsx")
    try:
        with interruptible():
            got = shared.load_terms(contract, agreements, assume, as_of, reading, clause, agreement_mapping)
            read = Read(got, tickets, mapping, strict)
            ranked = [a.name for a in got.contract.attributes if a.ranks]
            # As for a table: verdicts alone, and the reasons of some.
            read.log(engine, "table", "long", partition, ranked)
            verdicts = read.population.judged * len(read.population.clauses)
            by: Engine = "columns" if read.straight else chosen(engine, "table", "long", verdicts)
            if by == "columns":
                keep_freed()
            with _made(read, by, wanted, partition, jobs, mapping) as made:
                _write(made, renderer, lang, target)
            say_set_aside(got.log, read.population)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: nothing was written")
        leave(signal.code)


def _made(
    read: Read, by: Engine, wanted: Wanted, partition: int | None, jobs: int | None, mapping: str | None
) -> Report:
    """Judge everything."""
    population, straight = read.population, read.straight
    if straight is not None:
        # What is read only once is read by one process.
        fresh = Fresh(population, read.got.log, straight, by, wanted, ended=read.all, chosen=read.chosen)
    else:
        many = jobs or (processors() if len(population.tickets) > LARGE else 1)
        partitions = partitions_of(population, by, partition, many)
        fresh = Fresh(population, read.got.log, partitions, by, wanted, many)
    with fresh:
        with progress("judged", fresh.partitions.records, sys.stderr) as advance:
            sums = fresh.judge(advance)
        return fresh.report(_record(read, by, sorted(sums.interpreted)))


def _record(read: Read, by: Engine, interpreted: list[str]) -> dict[str, Any]:
    """Where the report comes from."""
    got, population = read.got, read.population
    zones = (a.facts.get("time_zone") for a in population.agreements)
    first = next((z for z in zones if isinstance(z, str) and z), None)
    now = iso(population.now, first) or ""
    record = provenance(population, got.agreement_files, got.log, now, got.clauses)
    record["judged_by"] = {"engine": by, "clauses_by_the_interpreter": interpreted}
    return record


def _write(made: Report, renderer: Renderer, lang: str, target: Path) -> None:
    """Write the report and, beside it, where it comes from."""
    pending = Pending(target)
    beside = Pending(target.with_name(target.name + ".provenance.json"))
    try:
        renderer.render(made, words_of(lang), pending.stream)
        pending.finish()
        record = dict(made.figures.provenance)
        record["set_aside"] = list(made.set_aside())
        record["result"] = {
            "file": target.name,
            "format": target.suffix.lower(),
            "lang": lang,
            "sha256": file_digest(pending.temporary),
        }
        beside.stream.write(as_text(record).encode())
        beside.finish()
        with held_back():
            # Between the two a report stands without a provenance, never with that of another.
            beside.path.unlink(missing_ok=True)
            pending.take_place()
            beside.take_place()
            settle(target.parent)
    finally:
        pending.discard()
        beside.discard()
