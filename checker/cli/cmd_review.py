"""`servanda review`: what changes between two variants of a contract, as one page for the negotiating table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from checker.cli.compared import Question, comparison_options
from checker.cli.exits import guarded
from checker.cli.reviewed import write_page
from checker.report.words import LANGUAGES


@click.command(short_help="two variants beside each other, as a page")
@comparison_options
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="the language that the page shows at first; it has both",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    help="the page (.html); it appears whole or not at all",
)
@guarded
def review(lang: str, output: Path, **asked: Any) -> None:
    """Write the comparison of two variants, OLD and NEW, as one page: proofs, redline, clauses side by side, examples, the log.

    Exit codes as of `compare`: 0 equivalent, 1 different or not proved (the page is written all the same), 2 a fault (nothing is).
    """
    write_page(Question(**asked), output, lang)


__all__ = ["review"]
