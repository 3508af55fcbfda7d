"""`servanda compare`: what changes between two variants of a contract, proved, with the histories that show it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from checker.audit.library import load_contract, vocabulary
from checker.cli import inputs
from checker.cli.exits import guarded, leave, say
from checker.cli.inputs import options, pairs, read_terms, read_tickets
from checker.compare.answer import EQUIVALENT
from checker.compare.effect import Logged, effect
from checker.compare.question import Contradiction
from checker.compare.text import lines
from checker.compare.variants import Asked, compared
from checker.record.model import Fault, Place


@click.command(short_help="what changes between two variants of a contract")
@click.argument("old")
@click.argument("new")
@click.option(
    "--over",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="LOG",
    help="a recorded log: which of its verdicts flip (several files: repeat)",
)
@click.option(
    "--agreements",
    multiple=True,
    type=click.Path(path_type=Path),
    help="with --over: the agreements of the log",
)
@options("mapping", "assume", "as_of", "clause")
@click.option(
    "--horizon",
    type=click.IntRange(1, 20),
    default=3,
    show_default=True,
    metavar="YEARS",
    help="over how many years limits in different calendars are compared",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(min=0.05),
    default=2.0,
    show_default=True,
    metavar="SECONDS",
    help="for one question (one clause on one choice of readings); then it is not proved",
)
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@guarded
def compare(
    old: str,
    new: str,
    over: tuple[Path, ...],
    agreements: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    clause: tuple[str, ...],
    horizon: int,
    time_limit: float,
    format_: str,
) -> None:
    """Compare two variants of a contract, OLD and NEW: names, files or folders.

    Says of each clause, for each party, whether it is equivalent, stricter, laxer or incomparable, and shows a history for every
    direction in which they differ. Exit 0 equivalent, 1 different or not proved, 2 a fault.
    """
    before, after = load_contract(old), load_contract(new)
    try:
        found = compared(before, after, vocabulary(), Asked(clause, horizon, time_limit))
    except Contradiction as error:
        say(f"error of Servanda's own, nothing is claimed: {error}")
        leave(2)
    if not found.clauses and not found.alike:
        raise Fault(
            Place("--clause"), "no clause of either variant matches", ", ".join(clause), "see `servanda show`"
        )
    if over:
        logged = _logged(old, over, agreements, mapping, assume, as_of)
        found.effect = effect(before, after, found.clauses, logged)
    elif agreements or mapping or assume or as_of:
        raise Fault(
            Place("--over"), "there is no log to judge", "", "give --over LOG, or leave these options out"
        )
    if format_ == "json":
        click.echo(json.dumps(found.told(), ensure_ascii=False, indent=2))
    else:
        for line in lines(found):
            click.echo(line)
    leave(0 if found.answer == EQUIVALENT else 1)


def _logged(
    contract: str,
    over: tuple[Path, ...],
    agreements: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    instant: str | None,
) -> Logged:
    """The log, its agreements and the audit instant. Raises Fault."""
    if not agreements:
        raise Fault(Place("--agreements"), "a log is judged under agreements", "", "give --agreements FILE")
    checked, given, _ = read_terms(contract, agreements)
    log = read_tickets(over, mapping, pairs(assume, "--assume"), contract=checked)
    return Logged(log, given, inputs.as_of(instant))


__all__ = ["compare"]
