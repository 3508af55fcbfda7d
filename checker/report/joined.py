"""The rows of all partitions put together, in the order of the record: numbered, and cut to the limits of the report."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.report import model
from checker.report.gathered import BREACHED, CONTESTED, UNDETERMINED, Limits, pile_of
from checker.report.rows import Explained, Finding, GridRow, Spool
from checker.report.sums import Bound, Sums

_WHOLE = {"finding": "findings", "explained": "explanations"}
"""What the rows of all partitions together are called in the spool."""


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
        piles = [row["verdict"]] if row["verdict"] in (BREACHED, UNDETERMINED) else []
        for pile in [*piles, *([CONTESTED] if row["contested"] else [])]:
            self.listed[pile] += 1
            self.reasons[pile] += row["because"] is not None
            self.explained[pile] += row["explained"]
        if row["verdict"] == UNDETERMINED:
            self.missing.update(row["missing"])
        for turn in row["turns"] or []:
            reading, _, to = turn.partition("=")
            self.turned[reading, row["clause"], row["verdict"], to] += 1

    # ---------------------------------------------------------------- rows
    def rows(self) -> Iterator[Finding]:
        """The findings."""
        for row in _read(self.spool, "finding"):
            row["missing"], row["turns"] = tuple(row["missing"]), _tuple(row["turns"])
            yield Finding(**row)

    def explanations(self) -> Iterator[Explained]:
        """Findings with their explanations."""
        return (Explained(*row) for row in _read(self.spool, "explained"))

    def grid(self) -> Iterator[GridRow]:
        """Records and their verdicts."""
        return (GridRow(*row) for row in self.spool.lines("grid"))


def join(spool: Spool, limits: Limits) -> Joined:
    """Put the rows of a spool together."""
    out = Joined(limits, spool)
    chosen = _chosen(spool, limits)
    used: Counter[tuple[str, str]] = Counter()
    number = 0
    with (
        spool.path(_WHOLE["finding"], 0).open("w", encoding="utf-8", newline="\n") as findings,
        spool.path(_WHOLE["explained"], 0).open("w", encoding="utf-8", newline="\n") as explained,
    ):
        for part in spool.parts("finding"):
            told = dict(_explained_of(spool, part, chosen))
            for at, row in enumerate(spool.rows("finding", part)):
                pile = pile_of(row["verdict"], row["contested"])
                assert pile is not None, "a finding that is none"
                n = used[row["clause"], pile]
                used[row["clause"], pile] = n + 1
                if pile != BREACHED and n >= limits.listed:
                    continue
                number += 1
                if n >= limits.reasons:
                    row.update(because=None, turns=None, missing=[])
                row = {"number": number, **row, "explained": at in told}
                _write(findings, row)
                if at in told:
                    explanation, timeline = told[at]
                    _write(explained, [number, explanation, timeline])
                out._count(row)
            spool.drop("finding", part)
            spool.drop("explained", part)
    return out


def _chosen(spool: Spool, limits: Limits) -> set[tuple[int, int]]:
    """Which explanations are kept, by partition and place in it: the first of each clause and pile, then the second, up to the limit."""
    found: list[tuple[int, int, int]] = []
    used: Counter[tuple[str, str]] = Counter()
    for part in spool.parts("explained"):
        for at, explanation, _ in spool.rows("explained", part):
            pile = pile_of(explanation["verdict"], True)
            assert pile is not None
            rank = used[explanation["clause"], pile]
            used[explanation["clause"], pile] = rank + 1
            if rank < limits.explained:
                found.append((rank, part, at))
    return {(part, at) for _, part, at in sorted(found)[: limits.explained_in_all]}


def _explained_of(
    spool: Spool, part: int, chosen: set[tuple[int, int]]
) -> Iterator[tuple[int, tuple[Any, Any]]]:
    for at, explanation, timeline in spool.rows("explained", part):
        if (part, at) in chosen:
            yield at, (explanation, timeline)


def _named(reading: str) -> tuple[str, str]:
    """An ambiguity and its reading, from `ambiguity.reading`."""
    ambiguity, _, name = reading.partition(".")
    return ambiguity, name


def _read(spool: Spool, kind: str) -> Iterator[Any]:
    return spool.rows(_WHOLE[kind], 0)


def _write(out: Any, value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _tuple(value: list[str] | None) -> tuple[str, ...] | None:
    return tuple(value) if value is not None else None
