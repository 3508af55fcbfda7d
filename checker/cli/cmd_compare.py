"""`servanda compare`: what changes between two variants of a contract, proved, with the histories that show it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from checker.cli.compared import Question, answered, comparison_options
from checker.cli.exits import guarded, leave
from checker.compare.answer import EQUIVALENT
from checker.compare.text import lines
from checker.record.model import Fault, Place


@click.command(short_help="what changes between two variants of a contract")
@comparison_options
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "html"]),
    default="text",
    show_default=True,
    help="html: the page of `servanda review`, in the file that -o names",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    help="with --format html: the page (.html); it appears whole or not at all",
)
@guarded
def compare(format_: str, output: Path | None, **asked: Any) -> None:
    """Compare two variants of a contract, OLD and NEW: names, files or folders.

    Says of each clause, for each party, whether it is equivalent, stricter, laxer or incomparable, and shows a history for every
    direction in which they differ. Exit 0 equivalent, 1 different or not proved, 2 a fault.
    """
    question = Question(**asked)
    if format_ == "html":
        if output is None:
            raise Fault(Place("--output"), "a page is written to a file", "", "name it: -o FILE.html")
        from checker.cli.reviewed import write_page

        write_page(question, output, "en")
    if output is not None:
        raise Fault(
            Place("--output"),
            f"{format_} goes to the standard output",
            output.name,
            "leave -o out, or ask for --format html",
        )
    found = answered(question)[0]
    if format_ == "json":
        click.echo(json.dumps(found.told(), ensure_ascii=False, indent=2))
    else:
        for line in lines(found):
            click.echo(line)
    leave(0 if found.answer == EQUIVALENT else 1)


__all__ = ["compare"]
