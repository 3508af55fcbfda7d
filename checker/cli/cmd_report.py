"""`servanda report`: a report of an audit, in the format that its file's name says."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from checker.audit.provenance import file_digest
from checker.batch.choice import ENGINES
from checker.batch.output import Interrupted, interruptible
from checker.cli.again import asked_again, provenance_beside
from checker.cli.audited import regular_file, spare_inputs
from checker.cli.exits import guarded, leave, say
from checker.cli.options import audit_options_or_none
from checker.cli.reported import Asked, audited, write
from checker.cli.said import say_set_aside
from checker.record.model import Fault, Place
from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.renderers import renderer_of
from checker.report.words import LANGUAGES

_USUAL = Limits()


@click.command(short_help="a report of an audit")
@audit_options_or_none
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="the report; its format follows from how the name ends; the file appears whole or not at all",
)
@click.option(
    "--verdicts",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="what `check -o` wrote (long; jsonl, csv or parquet): its inputs are those of its provenance, and nothing is judged again",
)
@click.option(
    "--in",
    "folders",
    multiple=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="with --verdicts: where its inputs lie (several: repeat; default: beside it, then here)",
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
    contract: str | None,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    output: Path,
    verdicts: Path | None,
    folders: tuple[Path, ...],
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
    renderer = renderer_of(output)
    target = regular_file(output)
    assert target is not None
    wanted = Wanted(_USUAL._replace(explained_in_all=explain), sample, output.suffix.lower() == ".xlsx")
    given = {"--contract": contract, "--agreements": agreements, "--tickets": tickets}
    others = {"--agreement-mapping": agreement_mapping, "--mapping": mapping, "--assume": assume}
    others |= {"--as-of": as_of, "--reading": reading, "--clause": clause}
    if verdicts is not None:
        both = next((name for name, value in (given | others).items() if value), None)
        if both is not None:
            raise Fault(
                Place(both),
                "what was asked for stands in the provenance of --verdicts",
                "",
                f"leave {both} out",
            )
        before = provenance_beside(verdicts, "check")
        if file_digest(verdicts) != before["result"]["sha256"]:
            raise Fault(
                Place(str(verdicts)),
                "these are not the verdicts that `check` wrote",
                "another SHA-256",
                "audit again",
            )
        asked = replace(asked_again(before, verdicts, folders, None), verdicts=(verdicts, before))
    else:
        lacking = next((name for name, value in given.items() if not value), None)
        if lacking is not None:
            raise click.UsageError(f"Missing option '{lacking}'.")
        asked = Asked(
            contract or "", agreements, tickets, agreement_mapping, mapping, assume, as_of, reading, clause
        )
    asked = replace(asked, wanted=wanted, engine=engine, partition=partition, jobs=jobs, strict=strict)
    spare_inputs(target, (*asked.inputs, *([verdicts] if verdicts is not None else [])))
    try:
        with interruptible():
            with audited(asked) as (read, made):
                write(made, renderer, lang, target)
            say_set_aside(read.got.log, read.population)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: nothing was written")
        leave(signal.code)
