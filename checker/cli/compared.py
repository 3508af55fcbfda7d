"""Two variants compared as the options ask: what `compare` and `review` have in common."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import click

from checker.audit.library import load_contract, vocabulary
from checker.cli import inputs
from checker.cli.exits import leave, say
from checker.cli.inputs import pairs, read_terms, read_tickets
from checker.cli.options import options
from checker.compare.answer import Comparison
from checker.compare.effect import Logged, effect
from checker.compare.question import Contradiction
from checker.compare.variants import Asked, compared
from checker.record.model import Fault, Place
from dsl.contract import Contract

F = TypeVar("F", bound=Callable[..., Any])


def comparison_options(command: F) -> F:
    """OLD, NEW, --over, --agreements, --mapping, --assume, --as-of, --clause, --horizon, --time-limit."""
    added: tuple[Callable[[F], F], ...] = (
        click.argument("old"),
        click.argument("new"),
        click.option(
            "--over",
            multiple=True,
            type=click.Path(path_type=Path),
            metavar="LOG",
            help="a recorded log: which of its verdicts flip (several files: repeat)",
        ),
        click.option(
            "--agreements",
            multiple=True,
            type=click.Path(path_type=Path),
            help="with --over: the agreements of the log",
        ),
        options("mapping", "assume", "as_of", "clause"),
        click.option(
            "--horizon",
            type=click.IntRange(1, 20),
            default=3,
            show_default=True,
            metavar="YEARS",
            help="over how many years limits in different calendars are compared",
        ),
        click.option(
            "--time-limit",
            type=click.FloatRange(min=0.05),
            default=2.0,
            show_default=True,
            metavar="SECONDS",
            help="for one question (one clause on one choice of readings); then it is not proved",
        ),
    )
    for option in reversed(added):
        command = option(command)
    return command


@dataclass(frozen=True)
class Question:
    """What these options ask."""

    old: str
    new: str
    over: tuple[Path, ...]
    agreements: tuple[Path, ...]
    mapping: str | None
    assume: tuple[str, ...]
    as_of: str | None
    clause: tuple[str, ...]
    horizon: int
    time_limit: float


def answered(q: Question) -> tuple[Comparison, Contract, Contract, Logged | None]:
    """The comparison, both contracts, and the log, where there is one. Ends the command on an error of our own.

    Raises:
        ContractError, Fault: an input cannot be used.
    """
    if not q.over and (q.agreements or q.mapping or q.assume or q.as_of):
        raise Fault(
            Place("--over"), "there is no log to judge", "", "give --over LOG, or leave these options out"
        )
    if q.over and not q.agreements:
        raise Fault(Place("--agreements"), "a log is judged under agreements", "", "give --agreements FILE")
    before, after = load_contract(q.old), load_contract(q.new)
    logged = _logged(q) if q.over else None
    try:
        found = compared(before, after, vocabulary(), Asked(q.clause, q.horizon, q.time_limit))
    except Contradiction as error:
        say(f"error of Servanda's own, nothing is claimed: {error}")
        leave(2)
    if not found.clauses and not found.alike:
        raise Fault(
            Place("--clause"),
            "no clause of either variant matches",
            ", ".join(q.clause),
            "see `servanda show`",
        )
    if logged is not None:
        found.effect = effect(before, after, found.clauses, logged)
    return found, before, after, logged


def _logged(q: Question) -> Logged:
    """The log, its agreements and the audit instant. Raises Fault."""
    checked, given, _ = read_terms(q.old, q.agreements)
    log = read_tickets(q.over, q.mapping, pairs(q.assume, "--assume"), contract=checked)
    return Logged(log, given, inputs.as_of(q.as_of))
