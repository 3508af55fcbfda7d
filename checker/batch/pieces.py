"""One piece of an audit, worked off where it runs: counts, rows as text, and the exceptions worth a table."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.audit.run import Tally
from checker.interpret.verdicts import Judgement, Verdict
from checker.record.model import Log
from checker.render.rows import LONG, MOST_ROWS, Term, csv_rows, json_rows, long_row, wide_rows


@dataclass
class Claims:
    """The verdicts of the tool that kept the log, beside ours: claims to compare with, never facts."""

    by_ticket: Mapping[str, Mapping[str, Any]]
    table: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @staticmethod
    def of(log: Log) -> Claims:
        """The claims of a log."""
        return Claims({t.id: t.claims for t in log.tickets if t.claims})

    def add(self, j: Judgement) -> None:
        """Set one judgement beside the claims of its ticket."""
        for name, value in self.by_ticket.get(j.ticket, {}).items():
            # A list of clocks is no verdict; it stands in the rows.
            if isinstance(value, list | dict):
                continue
            self._count((name, str(value).lower(), str(j.verdict)), 1)

    def merge(self, other: Claims) -> None:
        """Add the counts of another piece."""
        for key, n in other.table.items():
            self._count(key, n)

    def _count(self, key: tuple[str, str, str], n: int) -> None:
        self.table[key] = self.table.get(key, 0) + n


@dataclass
class Piece:
    """What came of one piece of work."""

    text: str = ""
    tally: Tally = field(default_factory=Tally)
    claims: Claims = field(default_factory=lambda: Claims({}))
    breached: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    exceptions: int = 0
    judgements: list[Judgement] = field(default_factory=list)


@dataclass(frozen=True)
class Writer:
    """Turns judgements into a `Piece`, in the format and layout asked for.

    `terms`: the clauses that are judged, with strength and party. `zones`: the zone of each agreement.
    """

    format: str
    layout: str
    terms: Mapping[str, Term]
    zones: Mapping[str, str | None]
    claims: Claims

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the rows."""
        return LONG if self.layout == "long" else ("agreement", "ticket", *self.terms, "contested")

    def header(self) -> str:
        """What stands before the first piece."""
        return (
            csv_rows([dict(zip(self.columns, self.columns, strict=True))], self.columns)
            if self.format == "csv"
            else ""
        )

    def __call__(self, found: Iterator[Judgement]) -> Piece:
        """Work off one piece."""
        piece = Piece(claims=Claims(self.claims.by_ticket))
        counted = self._counted(found, piece)
        if self.format == "junit":
            piece.judgements = list(counted)
        elif self.format == "table":
            for j in counted:
                self._exception(j, piece)
        else:
            rows = (
                wide_rows(counted, list(self.terms))
                if self.layout == "wide"
                else (self._row(j) for j in counted)
            )
            out = io.StringIO()
            out.write(csv_rows(rows, self.columns) if self.format == "csv" else json_rows(rows))
            piece.text = out.getvalue()
        piece.claims = Claims({}, piece.claims.table)
        return piece

    def _row(self, j: Judgement) -> dict[str, Any]:
        return long_row(
            j, self.zones.get(j.agreement), self.terms[j.clause], self.claims.by_ticket.get(j.ticket)
        )

    def _counted(self, found: Iterator[Judgement], piece: Piece) -> Iterator[Judgement]:
        for j in found:
            piece.tally.add(j)
            piece.claims.add(j)
            yield j

    def _exception(self, j: Judgement, piece: Piece) -> None:
        if j.verdict not in (Verdict.BREACHED, Verdict.UNDETERMINED) and not j.contested:
            return
        piece.exceptions += 1
        pile = piece.breached if j.verdict is Verdict.BREACHED else piece.others
        if len(pile) < MOST_ROWS:
            pile.append(self._row(j))
