"""`servanda explain`: why a verdict is what it is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from checker.audit.run import Cases, Population, assemble
from checker.cli import inputs as shared
from checker.cli.exits import guarded, leave, say
from checker.cli.options import audit_options
from checker.interpret.explain import explain as explanation_of
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Verdict
from checker.recheck import recheck
from checker.record.flaws import did_you_mean
from checker.record.model import Agreement, Fault, Log, Place, Ticket
from checker.render.explain_text import as_text

Placed = list[tuple[Ticket, Agreement]]


@click.command(short_help="why a verdict is what it is")
@audit_options
@click.option("--ticket", metavar="ID", help="the ticket (left out: the agreement itself)")
@click.option("--agreement", metavar="ID", help="only this agreement")
@click.option("--format", "format_", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--recheck", "recheck_", is_flag=True, help="check each explanation once more, from what it says alone"
)
@click.option(
    "--all",
    "all_",
    is_flag=True,
    help="clauses that do not apply, readings without effect and every word, too",
)
@guarded
def explain(
    contract: str,
    agreements: tuple[Path, ...],
    agreement_mapping: Path | None,
    tickets: tuple[Path, ...],
    mapping: str | None,
    assume: tuple[str, ...],
    as_of: str | None,
    reading: tuple[str, ...],
    clause: tuple[str, ...],
    ticket: str | None,
    agreement: str | None,
    format_: str,
    recheck_: bool,
    all_: bool,
) -> None:
    """Explain the verdicts of one ticket: each condition with its evidence, the clock as a ledger, the time line, the readings."""
    got = shared.load(
        contract, agreements, tickets, mapping, assume, as_of, reading, clause, agreement_mapping
    )
    population = assemble(
        got.contract, got.agreements, got.log, now=got.now, readings=got.readings, clauses=got.clauses
    )
    found = []
    if agreement is not None:
        _narrow(population, agreement)
    if ticket is not None:
        _require(ticket, population, got.log)
        population.tickets = [(t, a) for t, a in population.tickets if t.id == ticket] + _same_agreement(
            population.tickets, ticket
        )
    for case, clauses in Cases(population):
        if (case.ticket or None) != ticket:
            continue
        judge = Judge(population.book, case, population.now, population.readings)
        for c in clauses:
            named = c.id in got.clauses and (ticket is not None or len(population.agreements) == 1)
            if all_ or named or judge.verdict(c.id).verdict is not Verdict.NOT_APPLICABLE:
                found.append(explanation_of(judge, c.id))
    problems = [f"{e['clause']}: {p}" for e in found for p in recheck(e)] if recheck_ else []
    for problem in problems:
        say(f"does not hold: {problem}")
    if recheck_ and not problems:
        say(
            f"checked once more, from what they say alone (clocks, limits, proofs, folds, margins; not the words of "
            f"the contract): {len(found)} explanations hold"
        )
    _print(found, format_, all_)
    if problems:
        leave(2)


def _narrow(population: Population, agreement: str) -> None:
    """Leave only one agreement and its tickets. Raises a Fault where it is not there."""
    known = [a.id for a in population.agreements]
    if agreement not in known:
        hint = did_you_mean(agreement, known) or f"name one of {', '.join(sorted(known)[:12])}"
        raise Fault(Place("--agreement"), f"no agreement {agreement} is judged", "", hint)
    population.agreements = [a for a in population.agreements if a.id == agreement]
    population.tickets = [(t, a) for t, a in population.tickets if a.id == agreement]


def _require(ticket: str, population: Population, log: Log) -> None:
    """Raise a Fault that says why a ticket is not judged."""
    known = [t.id for t, _ in population.tickets]
    if ticket in known:
        return
    aside = next((s for s in (*log.set_aside, *population.set_aside) if s.ticket == ticket), None)
    if aside is not None:
        raise Fault(aside.place, f"ticket {ticket} was set aside: {aside.why()}", aside.found, aside.remedy)
    hint = did_you_mean(ticket, known) or "name one of the log"
    raise Fault(Place("--ticket"), f"no ticket {ticket} is judged", "", hint)


_NOTHING = (
    "no clause applies; --all shows why not (clauses about tickets are explained with --ticket ID, "
    "those about the agreement without)"
)


def _print(found: list[dict[str, Any]], format_: str, everything: bool) -> None:
    if format_ == "json":
        click.echo(
            json.dumps(found if len(found) != 1 else found[0], ensure_ascii=False, indent=2, default=str)
        )
        return
    if not found:
        click.echo(_NOTHING)
    for i, e in enumerate(found):
        click.echo(("\n" + "=" * 78 + "\n\n" if i else "") + as_text(e, everything=everything), nl=False)


def _same_agreement(tickets: Placed, ticket: str) -> Placed:
    """The other tickets of the agreement, which clauses across tickets look at."""
    agreement = next(a.id for t, a in tickets if t.id == ticket)
    return [(t, a) for t, a in tickets if a.id == agreement and t.id != ticket]
