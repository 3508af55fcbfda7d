"""`servanda compare`: what changes between two variants of a contract, proved, with the histories that show it."""

from __future__ import annotations

import json
from typing import Any

import click

from checker.cli.compared import Question, answered, comparison_options
from checker.cli.exits import guarded, leave
from checker.compare.answer import EQUIVALENT
from checker.compare.text import lines


@click.command(short_help="what changes between two variants of a contract")
@comparison_options
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@guarded
def compare(format_: str, **asked: Any) -> None:
    """Compare two variants of a contract, OLD and NEW: names, files or folders.

    Says of each clause, for each party, whether it is equivalent, stricter, laxer or incomparable, and shows a history for every
    direction in which they differ. Exit 0 equivalent, 1 different or not proved, 2 a fault.
    """
    found = answered(Question(**asked))[0]
    if format_ == "json":
        click.echo(json.dumps(found.told(), ensure_ascii=False, indent=2))
    else:
        for line in lines(found):
            click.echo(line)
    leave(0 if found.answer == EQUIVALENT else 1)


__all__ = ["compare"]
