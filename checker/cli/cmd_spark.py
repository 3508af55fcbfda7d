"""`servanda spark`: an audit of event rows on Apache Spark, into a folder of Parquet."""

from __future__ import annotations

from pathlib import Path

import click

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.cli import inputs as shared
from checker.cli.exits import FAULT, exit_code, guarded, leave, say
from checker.cli.options import options
from checker.cli.said import say_result, say_set_aside


@click.command(short_help="audit a log on Apache Spark")
@options("contract", "agreements", "agreement_mapping")
@click.option(
    "--tickets",
    multiple=True,
    required=True,
    metavar="PATH",
    help="event rows as Parquet: a file, a folder or a pattern, of any file system that Spark knows (several: repeat)",
)
@options("as_of", "reading", "clause")
@click.option(
    "--layout",
    type=click.Choice(["long", "wide"]),
    default="wide",
    show_default=True,
    help="a row for each ticket; or a row for each ticket and clause, with its reason",
)
@click.option(
    "-o",
    "--output",
    required=True,
    metavar="FOLDER",
    help="the folder of the rows, which must not be there yet; the provenance is written beside it",
)
@click.option(
    "--master",
    metavar="URL",
    help="the cluster (default: that of spark-submit or of Spark's configuration, else this machine)",
)
@click.option(
    "--partitions",
    type=click.IntRange(min=1),
    metavar="N",
    help="into how many pieces the log is divided (default: as Spark is configured)",
)
@click.option(
    "--fail-on",
    type=click.Choice(["undetermined"]),
    help="exit 3 when nothing is breached but something undetermined",
)
@click.option("--strict", is_flag=True, help="a row set aside is a fault: no rows are written")
@guarded
def spark(
    contract: str,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    layout: str,
    output: str,
    master: str | None,
    partitions: int | None,
    fail_on: str | None,
    strict: bool,
) -> None:
    """Audit event rows on Apache Spark: the verdicts of `servanda check`, as a folder of Parquet.

    Exit codes: 0 kept, 1 breached, 2 a fault, 3 undetermined (with --fail-on undetermined), 4 no clause applies to any ticket.
    """
    from checker.spark.session import check_spark, started

    check_spark()
    from checker.spark.run import Audit, Unfit, run

    checked, given, files = shared.read_terms(contract, agreements, agreement_mapping)
    audit = Audit(
        checked,
        given,
        tickets,
        words_of(vocabulary(), checked),
        shared.attribute_types(),
        shared.as_of(as_of),
        shared.pairs(reading, "--reading"),
        clause,
        layout,
        files,
        partitions,
    )
    session = started(master)
    try:
        found = run(session, audit, output, strict=strict)
    except Unfit as unfit:
        say_set_aside(unfit.log, unfit.population)
        say(f"error: {unfit}")
        leave(FAULT)
    finally:
        if master is not None:
            session.stop()
    say_set_aside(found.log, found.population)
    say_result(found.log, found.population, found.summary, found.record)
    leave(exit_code(found.summary.tally, fail_on))
