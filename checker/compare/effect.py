"""The empirical layer: a recorded log judged under both variants, in columns; which verdicts flip, and what that does to each rate."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from checker.audit.run import Cases, Population, assemble
from checker.compare.answer import ClauseAnswer
from checker.interpret.case import Case
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Verdict
from checker.record.model import Agreement, Log
from dsl import contract as ir

_SHOWN = 5
Judged = dict[str, list[str]]
"""Verdicts by clause, case by case."""


@dataclass(frozen=True, slots=True)
class Logged:
    """A log with the agreements that its tickets are under, and the audit instant (None: the log's declared end)."""

    log: Log
    agreements: Sequence[Agreement]
    now: int | None


def effect(
    old: ir.Contract, new: ir.Contract, clauses: Iterable[ClauseAnswer], logged: Logged
) -> dict[str, Any]:
    """What the log says of the clauses that differ, on the recommended readings.

    Raises:
        Fault: what makes an audit impossible.
    """
    pairs = [
        (c.was, c.clause if c.structure != "removed" else None, c.clause) for c in clauses if not c.equivalent
    ]
    # Both variants judge the same agreements, whatever the new one is called.
    variants = (old, replace(new, name=old.name))
    populations = [assemble(contract, logged.agreements, logged.log, now=logged.now) for contract in variants]
    wanted = ([o for o, _, _ in pairs if o], [n for _, n, _ in pairs if n])
    judged = [_judged(p, set(names)) for p, names in zip(populations, wanted, strict=True)]
    shown = populations[0]
    return {
        "tickets": len(shown.tickets),
        "agreements": len(shown.agreements),
        "set_aside": len(shown.set_aside),
        "as_of": datetime.fromtimestamp(shown.now, UTC).isoformat(),
        "clauses": [
            row
            for o, n, name in pairs
            if (row := _row(name, *(j.get(k or "", {}) for j, k in zip(judged, (o, n), strict=True))))
            is not None
        ],
    }


def _judged(population: Population, names: set[str]) -> dict[str, dict[str, str]]:
    """Of each clause, the verdict on each ticket (or agreement)."""
    kept = [c for c in population.clauses if c.id in names]
    cases = Cases(replace(population, clauses=kept))
    tickets = [cases.case(i)[0] for i in range(cases.tickets)]
    out = _in_columns(population, tickets, cases.of_ticket) if tickets and cases.of_ticket else {}
    for i in range(cases.tickets, cases.count):
        case, clauses = cases.case(i)
        one = Judge(population.book, case, population.now, population.readings)
        for c in clauses:
            out.setdefault(c.id, {})[case.agreement] = str(one.verdict(c.id, contested=False).verdict)
    return out


def _in_columns(
    population: Population, cases: Sequence[Case], clauses: Sequence[ir.Clause]
) -> dict[str, dict[str, str]]:
    """The same for tickets: in columns, where NumPy is installed; else by the interpreter."""
    try:
        from checker.columnar.engine import judge_table
        from checker.columnar.outcomes import VERDICTS
        from checker.columnar.source import OfCases
        from checker.columnar.table import Table
    except ModuleNotFoundError:
        return _interpreted(population, cases, clauses)
    table = Table(OfCases(cases, population.now))
    found = judge_table(
        population.book, table, clauses, readings=population.readings, contested=False, times=False
    )
    return {
        c.id: {
            case.ticket: str(VERDICTS[v])
            for case, v in zip(cases, found.outcomes[c.id].verdict.tolist(), strict=True)
        }
        for c in clauses
    }


def _interpreted(
    population: Population, cases: Sequence[Case], clauses: Sequence[ir.Clause]
) -> dict[str, dict[str, str]]:
    out: dict[str, dict[str, str]] = {c.id: {} for c in clauses}
    for case in cases:
        one = Judge(population.book, case, population.now, population.readings)
        for c in clauses:
            out[c.id][case.ticket] = str(one.verdict(c.id, contested=False).verdict)
    return out


def _row(name: str, old: Mapping[str, str], new: Mapping[str, str]) -> dict[str, Any] | None:
    """The flips of one clause; None where there is none. What a variant has no clause for has no verdict there."""
    turned: dict[tuple[str, str], list[str]] = {}
    for key in dict.fromkeys((*old, *new)):
        a, b = old.get(key, "no clause"), new.get(key, "no clause")
        if a != b:
            turned.setdefault((a, b), []).append(key)
    if not turned:
        return None
    return {
        "clause": name,
        "flips": sum(map(len, turned.values())),
        "kept_old": _kept(old),
        "kept_new": _kept(new),
        "by": [
            {"old": a, "new": b, "count": len(keys), "examples": keys[:_SHOWN], "tickets": keys}
            for (a, b), keys in sorted(turned.items())
        ],
    }


def _kept(verdicts: Mapping[str, str]) -> float | None:
    """The share of kept among decided; None where none is decided."""
    counts = Counter(verdicts.values())
    met, breached = counts[str(Verdict.MET)], counts[str(Verdict.BREACHED)]
    return met / (met + breached) if met + breached else None
