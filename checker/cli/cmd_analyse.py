"""`servanda analyse`: what a contract says to no effect, leaves open, or says twice, each with a ticket that shows it."""

from __future__ import annotations

import json

import click

from checker.audit.library import load_contract, vocabulary
from checker.cli.exits import guarded, leave, say
from checker.cli.options import options
from checker.compare.analyses import analysed
from checker.compare.question import Contradiction
from checker.compare.text import analysis_lines
from checker.compare.variants import Asked


@click.command(short_help="gaps, clauses without effect, what each ambiguity turns")
@click.argument("contract")
@options("clause")
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0.05),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="for one question; what it cuts off is named",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@guarded
def analyse(contract: str, clause: tuple[str, ...], time_limit: float, format_: str) -> None:
    """Analyse one contract: clauses that can never apply, requirements that nobody can meet, carve-outs that swallow a clause,
    gaps in which no clause sets a limit, clauses that bind one act with two limits, and the ticket that each reading turns.

    Exit 0 nothing found, 1 findings, 2 a fault. `lint` looks at the text alone, in a moment; this builds histories, and takes its time.
    """
    checked = load_contract(contract)
    try:
        found = analysed(checked, vocabulary(), Asked(clause, seconds=time_limit))
    except Contradiction as error:
        say(f"error of Servanda's own, nothing is claimed: {error}")
        leave(2)
    if format_ == "json":
        click.echo(json.dumps(found.told(), ensure_ascii=False, indent=2))
    else:
        for line in analysis_lines(found):
            click.echo(line)
    leave(1 if found.findings else 0)
