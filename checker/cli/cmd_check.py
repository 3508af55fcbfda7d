"""`servanda check`: audit tickets against a contract.

Declared here; what it does is in `checker.cli.checked`, which is loaded when a first look at the log has begun.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from checker.batch.choice import ENGINES, FORMATS, check_engine, check_format
from checker.batch.output import NOTHING_WRITTEN, Interrupted, interruptible
from checker.cli.exits import guarded, leave, say
from checker.cli.first_look import FirstLook
from checker.cli.options import audit_options
from checker.record.model import Fault, Place

if TYPE_CHECKING:
    from checker.cli.checked import Audit


@click.command(short_help="audit tickets against a contract")
@audit_options
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
def check(**given: Any) -> None:
    """Audit tickets against a contract: a verdict for every ticket and clause.

    Exit codes: 0 kept, 1 breached, 2 a fault, 3 undetermined (with --fail-on undetermined), 4 no clause applies to any ticket.
    """
    engine, format_, layout = given["engine"], given["format_"], given["layout"]
    check_engine(engine)
    check_format(format_, layout, given["output"] is not None)
    if given["resume"] and given["output"] is None:
        raise Fault(
            Place("--resume"),
            "only a result in a file can be gone on with",
            "no -o",
            "give -o FILE, as before",
        )
    made: Audit | None = None
    try:
        with (
            interruptible(),
            FirstLook(engine, format_, layout, given["tickets"] if given["mapping"] is None else ()) as look,
        ):
            from checker.cli.checked import Asked, Audit

            made = Audit(Asked(**given), look)
            code = made.make()
    except Interrupted as signal:
        say(f"interrupted by {signal.name}: " + (made.left() if made is not None else NOTHING_WRITTEN))
        leave(signal.code)
    leave(code)
