"""The rows of all partitions put together, in the order of the record: numbered, and cut to the limits of the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from checker.report import model
from checker.report.gathered import BREACHED, CONTESTED, UNDETERMINED, Limits, pile_of
from checker.report.rows import Explained, Finding, GridRow, Spool
from checker.report.sums import Bound, Sums
from checker.report.timeline import timeline

_FINDINGS, _EXPLANATIONS = "findings", "explanations"
"""What the rows of all partitions together are called in the spool."""


class Key(NamedTuple):
    """What is explained: the record and the clause."""

    agreement: str
    ticket: str
    clause: str


Explain = Callable[[Collection[Key]], Iterator[tuple[Key, Mapping[str, Any]]]]
"""Gives the explanations of records and clauses, each once, in any order."""


@dataclass
class Joined:
    """Rows that were put together, and what was counted on the way."""

    limits: Limits
    spool: Spool
    listed: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    explained: Counter[str] = field(default_factory=Counter)
    missing: Counter[str] = field(default_factory=Counter)
    turned: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)
    _chosen: frozenset[int] = frozenset()

    def findings(self, counts: Mapping[Bound, Mapping[str, int]], sums: Sums) -> model.Findings:
        """What there is to find, and how much of it is listed."""
        found = {
            BREACHED: sum(c[BREACHED] for c in counts.values()),
            UNDETERMINED: sum(c[UNDETERMINED] for c in counts.values()),
            CONTESTED: sum(sums.contested.values()),
        }
        exceptions, contested, undetermined = (
            model.Listed(found[k], self.listed[k], self.reasons[k], self.explained[k])
            for k in (BREACHED, CONTESTED, UNDETERMINED)
        )
        return model.Findings(
            exceptions,
            contested,
            undetermined,
            tuple(
                model.Cause(what, n) for what, n in sorted(self.missing.items(), key=lambda x: (-x[1], x[0]))
            ),
            tuple(
                model.Turned(*_named(turn), clause, verdict, to, n)
                for (turn, clause, verdict, to), n in sorted(
                    self.turned.items(), key=lambda x: (x[0][1], x[0][0], -x[1], x[0])
                )
            ),
        )

    def _count(self, row: Mapping[str, Any]) -> None:
        for pile in _piles(row["verdict"], row["contested"]):
            self.listed[pile] += 1
            self.reasons[pile] += row["because"] is not None
        if row["verdict"] == UNDETERMINED:
            self.missing.update(row["missing"])
        for turn in row["turns"] or []:
            reading, _, to = turn.partition("=")
            self.turned[reading, row["clause"], row["verdict"], to] += 1

    # ---------------------------------------------------------------- rows
    def rows(self) -> Iterator[Finding]:
        """The findings."""
        for row in self.spool.rows(_FINDINGS, 0):
            row["missing"], row["turns"] = tuple(row["missing"]), _tuple(row["turns"])
            yield Finding(**row, explained=row["number"] in self._chosen)

    def explanations(self) -> Iterator[Explained]:
        """Findings with their explanations."""
        return (Explained(*row) for row in self.spool.rows(_EXPLANATIONS, 0))

    def explain(self, by: Explain) -> None:
        """Have the first findings of each clause and pile explained, then the second, up to the limits."""
        used: Counter[tuple[str, str]] = Counter()
        found: list[tuple[int, int, Key]] = []
        for f in self.rows():
            pile = pile_of(f.verdict, f.contested)
            assert pile is not None, "a finding that is none"
            rank = used[f.clause, pile]
            used[f.clause, pile] = rank + 1
            if rank < self.limits.explained:
                found.append((rank, f.number, Key(f.agreement, f.ticket, f.clause)))
        wanted = {key: number for _, number, key in sorted(found)[: self.limits.explained_in_all]}
        # One finding a key: a clause judges a record once.
        made: dict[int, tuple[int, int]] = {}
        path = self.spool.path("explaining", 0)
        with path.open("wb") as out:
            for key, explanation in by(wanted):
                row = [wanted[key], explanation, timeline(explanation)]
                text = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=str) + "\n"
                at = out.tell()
                made[wanted[key]] = (at, out.write(text.encode("utf-8", "backslashreplace")))
        self._chosen = frozenset(made)
        with path.open("rb") as rows, self.spool.path(_EXPLANATIONS, 0).open("wb") as out:
            for number in sorted(made):
                at, size = made[number]
                rows.seek(at)
                out.write(rows.read(size))
        path.unlink()
        for f in self.rows():
            if f.explained:
                for pile in _piles(f.verdict, f.contested):
                    self.explained[pile] += 1

    def grid(self) -> Iterator[GridRow]:
        """Records and their verdicts."""
        return (GridRow(*row) for row in self.spool.lines("grid"))


def join(spool: Spool, limits: Limits) -> Joined:
    """Put the rows of a spool together."""
    out = Joined(limits, spool)
    used: Counter[tuple[str, str]] = Counter()
    number = 0
    with spool.path(_FINDINGS, 0).open(
        "w", encoding="utf-8", errors="backslashreplace", newline="\n"
    ) as rows:
        for part in spool.parts("finding"):
            for row in spool.rows("finding", part):
                pile = pile_of(row["verdict"], row["contested"])
                assert pile is not None, "a finding that is none"
                n = used[row["clause"], pile]
                used[row["clause"], pile] = n + 1
                if pile != BREACHED and n >= limits.listed:
                    continue
                number += 1
                if n >= limits.reasons:
                    row.update(because=None, turns=None, missing=[])
                row = {"number": number, **row}
                rows.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
                out._count(row)
            spool.drop("finding", part)
    return out


def _piles(verdict: str, contested: bool) -> list[str]:
    return [*([verdict] if verdict in (BREACHED, UNDETERMINED) else []), *([CONTESTED] if contested else [])]


def _named(reading: str) -> tuple[str, str]:
    """An ambiguity and its reading, from `ambiguity.reading`."""
    ambiguity, _, name = reading.partition(".")
    return ambiguity, name


def _tuple(value: list[str] | None) -> tuple[str, ...] | None:
    return tuple(value) if value is not None else None
