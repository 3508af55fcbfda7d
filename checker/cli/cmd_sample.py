"""`servanda sample`: draws an audit sample of verdicts, and says how."""

from __future__ import annotations

import json
from pathlib import Path

import click

from checker.audit.provenance import as_text, file_digest
from checker.batch.choice import ENGINES
from checker.batch.output import Interrupted, Pending, held_back, interruptible, settle
from checker.cli import inputs as shared
from checker.cli.audited import regular_file, spare_inputs
from checker.cli.exits import guarded, leave, say
from checker.cli.reported import BESIDE, Asked, audited
from checker.cli.said import say_set_aside
from checker.record.model import Fault, Place
from checker.render.rows import csv_rows
from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.rows import LETTERS
from checker.report.sample import Drawn, Sample

_USUAL = tuple(v for v in LETTERS if v != "not_applicable")
_TO_FILL = ("found", "by", "remark")
"""Columns for whoever tests the sample."""


@click.command(short_help="draw an audit sample of verdicts")
@shared.audit_options
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
        Wanted(Limits(0, 0, 0, 0), False, True),
        engine,
        None,
        jobs,
    )
    spare_inputs(target, asked.inputs)
    try:
        with interruptible(), audited(asked) as (read, made):
            drawing = Sample(seed, size, made.grid_clauses, verdicts or _USUAL)
            drawing.add(made.grid())
            record = {**made.figures.provenance, "set_aside": list(made.set_aside())}
            record["sample"] = drawing.protocol()
            _write(target, end, list(drawing.drawn()), record)
            say_set_aside(read.got.log, read.population)
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: nothing was written")
        leave(signal.code)
    told = record["sample"]
    say(
        f"{told['drawn']} of {told['population']} verdicts drawn, from {len(told['strata'])} strata, seed {seed}"
    )


def _write(target: Path, end: str, drawn: list[Drawn], record: dict[str, object]) -> None:
    """Write the sample and, beside it, how it was drawn."""
    pending, beside = Pending(target), Pending(target.with_name(target.name + BESIDE))
    rows = [{**d._asdict(), "contested": "yes" if d.contested else ""} for d in drawn]
    try:
        if end == ".json":
            text = json.dumps(
                {"protocol": record["sample"], "drawn": [d._asdict() for d in drawn]},
                ensure_ascii=False,
                indent=1,
            )
            pending.stream.write((text + "\n").encode("utf-8", "backslashreplace"))
        else:
            columns = (*Drawn._fields, *_TO_FILL)
            head = dict(zip(columns, columns, strict=True))
            full = [head, *({**row, **dict.fromkeys(_TO_FILL, "")} for row in rows)]
            pending.stream.write(csv_rows(full, columns).encode("utf-8", "backslashreplace"))
        pending.finish()
        record["result"] = {"file": target.name, "format": end, "sha256": file_digest(pending.temporary)}
        beside.stream.write(as_text(record).encode())
        beside.finish()
        with held_back():
            beside.path.unlink(missing_ok=True)
            pending.take_place()
            beside.take_place()
            settle(target.parent)
    finally:
        pending.discard()
        beside.discard()
