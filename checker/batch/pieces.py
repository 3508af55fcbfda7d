"""What comes of a partition: counts, claims beside verdicts, the exceptions worth a table; and its rows, from judgements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Final

from checker.audit.run import Tally
from checker.interpret.verdicts import Judgement, Verdict
from checker.record.model import Log
from checker.render.rows import LONG, MOST_ROWS, Sink, Term, csv_rows, json_rows, long_row, wide_rows

_TOGETHER: Final = 2_000
"""Rows that are made into text at once."""


@dataclass
class Claims:
    """The verdicts of the tool that kept the log, beside ours: claims to compare with, never facts."""

    by_ticket: Mapping[str, Mapping[str, Any]]
    table: dict[tuple[str, str, str], int] = field(default_factory=dict)

    @staticmethod
    def of(log: Log) -> Claims:
        """The claims of a log."""
        return Claims({t.id: t.claims for t in log.tickets if t.claims})

    def compared(self, ticket: str) -> Iterator[tuple[str, str]]:
        """What is claimed of a ticket in one word; a list of clocks is no verdict, and stands in the rows."""
        for name, value in self.by_ticket.get(ticket, {}).items():
            if not isinstance(value, list | dict):
                yield name, str(value).lower()

    def count(self, key: tuple[str, str, str], n: int) -> None:
        """So many verdicts (the last of the key) stand beside a claim (its name, its value)."""
        self.table[key] = self.table.get(key, 0) + n


@dataclass
class Summary:
    """What a partition, or several, came to.

    `records`: how many were judged. `left`: verdicts that columns left to the interpreter, and `whole`: those of them of records that it
    judged alone, since they are few or large; `interpreted`: the clauses with a form that columns do not hold, and the form.
    `suites`: where the text of each clause begins in the rows of a format that keeps clauses together, with its counts.
    """

    tally: Tally = field(default_factory=Tally)
    claims: dict[tuple[str, str, str], int] = field(default_factory=dict)
    breached: list[dict[str, Any]] = field(default_factory=list)
    others: list[dict[str, Any]] = field(default_factory=list)
    exceptions: int = 0
    records: int = 0
    left: int = 0
    whole: int = 0
    interpreted: dict[str, str] = field(default_factory=dict)
    suites: list[dict[str, Any]] = field(default_factory=list)

    def merge(self, other: Summary) -> None:
        """Add the partition that comes next."""
        self.tally.merge(other.tally)
        both = Claims({}, self.claims)
        for key, n in other.claims.items():
            both.count(key, n)
        self.exceptions += other.exceptions
        self.breached += other.breached[: MOST_ROWS - len(self.breached)]
        self.others += other.others[: MOST_ROWS - len(self.others)]
        self.records += other.records
        self.left += other.left
        self.whole += other.whole
        for clause, form in other.interpreted.items():
            self.interpreted.setdefault(clause, form)

    def as_data(self) -> dict[str, Any]:
        """The same as plain data, for a file."""
        return {
            "by_clause": {clause: dict(counts) for clause, counts in self.tally.by_clause.items()},
            "contested": dict(self.tally.contested),
            "claims": [[*key, n] for key, n in self.claims.items()],
            "breached": self.breached,
            "others": self.others,
            "exceptions": self.exceptions,
            "records": self.records,
            "left": self.left,
            "whole": self.whole,
            "interpreted": self.interpreted,
            "suites": self.suites,
        }

    @staticmethod
    def of_data(data: Mapping[str, Any]) -> Summary:
        """What `as_data` wrote."""
        tally = Tally({c: Counter(n) for c, n in data["by_clause"].items()}, Counter(data["contested"]))
        return Summary(
            tally,
            {(name, value, verdict): n for name, value, verdict, n in data["claims"]},
            data["breached"],
            data["others"],
            data["exceptions"],
            data["records"],
            data["left"],
            data["whole"],
            data["interpreted"],
            data["suites"],
        )


@dataclass(frozen=True)
class Writer:
    """Turns judgements into rows, in the format and layout asked for, and sums them up.

    `terms`: the clauses that are judged, with strength and party. `zones`: the zone of each agreement. A format without rows
    (`table`) leaves the sums alone.
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
        """What stands before the first row."""
        return (
            csv_rows([dict(zip(self.columns, self.columns, strict=True))], self.columns)
            if self.format == "csv"
            else ""
        )

    def write(self, found: Iterable[Judgement], out: Sink) -> Summary:
        """Write the rows of one partition."""
        summary = Summary()
        counted = self._counted(found, summary)
        if self.format == "junit":
            from checker.render.junit import Suites

            suites = Suites(self.terms)
            for j in counted:
                suites.add(j)
            summary.suites = suites.write(out)
        elif self.format == "table":
            for j in counted:
                self.exception(j, summary)
        else:
            rows = (
                wide_rows(counted, list(self.terms))
                if self.layout == "wide"
                else (self.row(j) for j in counted)
            )
            self.write_rows(rows, out)
        return summary

    def write_rows(self, rows: Iterator[Mapping[str, Any]], out: Sink) -> None:
        """Write rows as they are."""
        if self.format == "parquet":
            from checker.batch import arrow

            arrow.write_part(rows, arrow.schema(self.layout, self.terms), out)
            return
        while some := list(islice(rows, _TOGETHER)):
            text = csv_rows(some, self.columns) if self.format == "csv" else json_rows(some)
            out.write(text.encode())

    def row(self, j: Judgement) -> dict[str, Any]:
        """A judgement as a long row."""
        return long_row(
            j, self.zones.get(j.agreement), self.terms[j.clause], self.claims.by_ticket.get(j.ticket)
        )

    def exception(self, j: Judgement, summary: Summary) -> None:
        """Keep a judgement that deserves a row in a table, and count it."""
        if j.verdict not in (Verdict.BREACHED, Verdict.UNDETERMINED) and not j.contested:
            return
        summary.exceptions += 1
        pile = summary.breached if j.verdict is Verdict.BREACHED else summary.others
        if len(pile) < MOST_ROWS:
            pile.append(self.row(j))

    def _counted(self, found: Iterable[Judgement], summary: Summary) -> Iterator[Judgement]:
        beside = Claims(self.claims.by_ticket, summary.claims)
        for j in found:
            summary.tally.add(j)
            for name, value in beside.compared(j.ticket):
                beside.count((name, value, str(j.verdict)), 1)
            yield j
