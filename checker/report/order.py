"""The order in which a report shows its conclusions: first what was found, then what nothing can be said about, by what is missing.

Of a record that holds little, most clauses of a large contract are of the second kind; among them nobody would see the first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import NamedTuple

from checker.report.model import Claim, Conclusion, Figures
from checker.report.rows import Finding

_SAYS = ("breached", "met", "excluded", "not_entitled", "pending")


class Parted(NamedTuple):
    """Clauses of a group. `told`: of which some verdict says something, those with the most breaches first, then those with the most
    met; `open`: of which nothing can be said; `silent`: that apply to nothing. Otherwise in the order of the contract.
    """

    told: tuple[Conclusion, ...]
    open: tuple[Conclusion, ...]
    silent: tuple[Conclusion, ...]


class Lacking(NamedTuple):
    """Clauses of which nothing can be said for want of the same evidence (none: no reason was made), and how many verdicts that is."""

    missing: tuple[str, ...]
    clauses: tuple[Conclusion, ...]
    undetermined: int


def parted(conclusions: Iterable[Conclusion]) -> Parted:
    """The clauses of a group in the order in which they are shown."""
    mine = list(conclusions)
    told = [c for c in mine if c.applicable and not c.open]
    told.sort(key=lambda c: (-c.counts["breached"], -c.rate.decided))
    return Parted(tuple(told), tuple(c for c in mine if c.open), tuple(c for c in mine if not c.applicable))


def by_evidence(clauses: Iterable[Conclusion]) -> list[Lacking]:
    """Clauses of which nothing can be said by the evidence that is missing: the most clauses first."""
    found: dict[tuple[str, ...], list[Conclusion]] = {}
    for c in clauses:
        found.setdefault(tuple(sorted(cause.what for cause in c.missing)), []).append(c)
    made = [
        Lacking(missing, tuple(mine), sum(c.counts["undetermined"] for c in mine))
        for missing, mine in found.items()
    ]
    return sorted(made, key=lambda x: (-len(x.clauses), -x.undetermined, x.missing))


def telling(figures: Figures) -> tuple[Sequence[Claim], int]:
    """The claims beside which some verdict says something; and how many stand beside undetermined ones alone."""
    applied = [
        c for c in figures.claims.claims if any(n for v, n in c.counts.items() if v != "not_applicable")
    ]
    told = [c for c in applied if any(c.counts[v] for v in _SAYS)]
    return told, len(applied) - len(told)


def first_of_each(rows: Iterable[Finding], most: int) -> list[Finding]:
    """Some findings, in their order: the first of each clause, then the second, up to so many."""
    used: dict[str, int] = {}

    def rank(f: Finding) -> int:
        used[f.clause] = used.get(f.clause, -1) + 1
        return used[f.clause]

    ranked = ((rank(f), f) for f in rows)
    return sorted((f for _, f in nsmallest(most, ranked, _by_rank)), key=lambda f: f.number)


def _by_rank(ranked: tuple[int, Finding]) -> tuple[int, int]:
    return ranked[0], ranked[1].number
