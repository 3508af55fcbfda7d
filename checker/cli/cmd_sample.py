"""`servanda sample`: draws an audit sample of verdicts, and says how."""

from __future__ import annotations

from pathlib import Path

import click

from checker.batch.choice import ENGINES
from checker.batch.output import Interrupted, interruptible
from checker.cli.audited import regular_file, spare_inputs
from checker.cli.exits import guarded, leave, say
from checker.cli.options import audit_options
from checker.cli.reported import Asked
from checker.cli.said import say_set_aside
from checker.cli.sampled import WANTED, drawn, write
from checker.record.model import Fault, Place
from checker.report.rows import LETTERS

_USUAL = tuple(v for v in LETTERS if v != "not_applicable")


@click.command(short_help="draw an audit sample of verdicts")
@audit_options
@click.option("--seed", type=click.IntRange(min=0), required=True, help="the same seed draws the same sample")
@click.option(
    "--size",
    type=click.IntRange(min=1),
    default=5,
    show_default=True,
    help="verdicts of each clause and verdict, at most",
)
@click.option(
    "--verdict",
    "verdicts",
    multiple=True,
    type=click.Choice(tuple(LETTERS)),
    help="only of these verdicts (several: repeat; default: all but not_applicable)",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="the sample: .csv, with columns to fill in, or .json; the protocol stands beside it",
)
@click.option(
    "--engine", type=click.Choice(ENGINES), default="auto", show_default=True, help="as for `check`"
)
@click.option("--jobs", type=click.IntRange(1, 64), help="processes")
@guarded
def sample(
    contract: str,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    seed: int,
    size: int,
    verdicts: tuple[str, ...],
    output: Path,
    engine: str,
    jobs: int | None,
) -> None:
    """Draw a reproducible sample of verdicts, stratified by clause and verdict, with its protocol.

    Exit codes: 0 the sample is drawn, 2 a fault.
    """
    end = output.suffix.lower()
    if end not in (".csv", ".json"):
        raise Fault(
            Place("--output"),
            "a sample is a table or JSON",
            output.name,
            "name a file that ends with .csv or .json",
        )
    target = regular_file(output)
    assert target is not None
    asked = Asked(
        contract,
        agreements,
        tickets,
        agreement_mapping,
        mapping,
        assume,
        as_of,
        reading,
        clause,
        WANTED,
        engine,
        None,
        jobs,
        words=False,
    )
    spare_inputs(target, asked.inputs)
    try:
        with interruptible():
            read, record, sample = drawn(asked, seed, size, verdicts or _USUAL)
            write(target, end, sample, record)
            say_set_aside(read.got.log, read.population)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: nothing was written")
        leave(signal.code)
    told = record["sample"]
    say(
        f"{told['drawn']} of {told['population']} verdicts drawn, from {len(told['strata'])} strata, seed {seed}"
    )
