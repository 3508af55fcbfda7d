"""A report as a workbook: one sheet for each part of the working paper, each with a filter; as many rows as there are findings.

Rows come from files and go to files, so a million of them take no more memory than ten. A part that is longer than a sheet may be goes on
in numbered sheets, and the summary says so.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from checker.render.rows import Sink
from checker.report.order import parted
from checker.report.renderers.xlsx_book import ROWS, Book, Column, Table, Verdict
from checker.report.renderers.xlsx_figures import (
    SHOWN,
    SUMMARY_WIDTHS,
    Part,
    figures_cells,
    figures_columns,
    method_rows,
    quality_rows,
    summary,
)
from checker.report.rows import CONTESTED_LETTERS, LETTERS, Finding, Report
from checker.report.words import Words

NEEDS: Final = ("xlsxwriter",)
GRID_CELLS: Final = 10_000_000
"""Verdicts that the testing grid shows at most; what is beyond, no program for workbooks opens. The summary says what is left out."""
_OF_LETTER: Final = {x: (v, False) for v, x in LETTERS.items()} | {
    x: (v, True) for v, x in CONTESTED_LETTERS.items()
}


def render(report: Report, words: Words, out: Sink) -> None:
    """Write it, by way of a file: a workbook is a ZIP archive, whose bytes depend on whether its target can be gone back in."""
    with tempfile.TemporaryDirectory(prefix="servanda-xlsx-") as made:
        folder = Path(made)
        path = folder / "report.xlsx"
        _Sheets(report, words, path, folder).write()
        with path.open("rb") as stream:
            while block := stream.read(1 << 20):
                out.write(block)


class _Sheets:
    """The sheets of a report, one after the other."""

    def __init__(self, report: Report, words: Words, path: Path, folder: Path) -> None:
        self.report, self.words, self.figures = report, words, report.figures
        scope = report.figures.scope
        created = datetime.fromisoformat(scope.audited_at).astimezone(UTC).replace(tzinfo=None)
        self.book = Book(
            path, folder, words, created, words("title_of", contract=scope.title or scope.contract)
        )
        polish = words.language == "pl"
        self.titles = {
            c.clause: (c.title_pl if polish and c.title_pl else c.title) for c in self.figures.conclusions
        }
        self.limits = {
            (c.clause, c.strength, c.party): c.limit_s
            for c in self.figures.conclusions
            if c.limit_s is not None
        }
        self.parts: list[Part] = []

    def write(self) -> None:
        """Everything. The summary stands first and is written last, when it is known what the others hold."""
        first = self.book.sheet(self.words("xlsx.sheet.summary"), SUMMARY_WIDTHS)
        self._clauses()
        self._findings("exceptions", self.report.exceptions())
        self._grid()
        self._evidence()
        self._findings("contested", self.report.contested())
        self._findings("undetermined", self.report.undetermined())
        self._listing("quality", quality_rows(self.report, self.words))
        self._listing("method", method_rows(self.report, self.words))
        summary(self.book, first, self.figures, self.parts, self.words)
        self.book.close()

    def _table(self, part: str, lead: str, columns: list[Column], frozen: int = 0) -> Table:
        return Table(self.book, self.words(f"xlsx.sheet.{part}"), lead, columns, frozen=frozen, rows=ROWS)

    def _done(self, table: Table, said: Iterable[str] = ()) -> None:
        name, rows, sheets = table.close()
        self.parts.append(Part(name, rows, tuple(sheets), tuple(said)))

    def _verdict(self, verdict: str, contested: bool = False) -> Verdict:
        turned = f" {self.words('sign.contested')}" if contested else ""
        return Verdict(verdict, f"{self.words(f'sign.{verdict}')} {self.words(f'verdict.{verdict}')}{turned}")

    # ---------------------------------------------------------------- clauses
    def _clauses(self) -> None:
        w = self.words
        columns = [
            Column(w("column.clause"), 40),
            Column(w("column.title"), 46, "wrap"),
            Column(w("column.group"), 16),
            Column(w("column.strength"), 13),
            Column(w("column.party"), 13),
            Column(w("column.cite"), 30, "wrap"),
            *figures_columns(w),
            Column(w("xlsx.seconds", column=w("column.limit")), 11, "number"),
            Column(w("column.limit"), 12),
            Column(w("column.missing"), 60),
        ]
        table = self._table("clauses", w("conclusion.lead"), columns, 1)
        told, open_, silent = parted(self.figures.conclusions)
        for c in (*told, *open_, *silent):
            table.row(
                [
                    c.clause,
                    self.titles[c.clause],
                    w(f"group.{c.group}"),
                    w.said("strength", c.strength),
                    w.said("party", c.party),
                    c.cited_in(w.language),
                    *figures_cells(c),
                    c.limit_s,
                    None if c.limit_s is None else w.duration(c.limit_s),
                    "; ".join(cause.what for cause in c.missing) or None,
                ]
            )
        self._done(table)

    # ---------------------------------------------------------------- findings
    def _findings(self, part: str, rows: Iterable[Finding]) -> None:
        w = self.words
        ranked = self.figures.ranked
        columns = [
            Column(w("column.number"), 8, "number"),
            Column(w("column.agreement"), 20),
            Column(w("column.ticket"), 16),
            Column(w("column.clause"), 40),
            Column(w("column.title"), 40),
            Column(w("column.verdict"), 20, "verdict"),
            Column(w("column.strength"), 13),
            Column(w("column.party"), 13),
            Column(w("column.month"), 9),
            *[Column(name, 10) for name in ranked],
            *self._instants(w("column.opened")),
            *self._instants(w("column.due")),
            *self._instants(w("column.done")),
            Column(w("column.zone"), 17),
            *self._lengths(w("column.limit")),
            *self._lengths(w("column.measured")),
            *self._lengths(w("column.margin")),
            *self._lengths(w("column.late")),
            Column(w("column.reason"), 60),
            Column(w("column.turns"), 40),
            Column(w("column.missing"), 40),
            Column(w("column.place"), 30),
        ]
        listed = getattr(self.figures.findings, part)
        table = self._table(part, f"{w(f'findings.{part}_lead')} {w.of_the_judge}".rstrip(), columns, 3)
        for f in rows:
            limit = self.limits.get((f.clause, f.strength, f.party))
            measured = limit - f.margin_s if limit is not None and f.margin_s is not None else None
            table.row(
                [
                    f.number,
                    f.agreement,
                    f.ticket,
                    f.clause,
                    self.titles.get(f.clause),
                    self._verdict(f.verdict, f.contested),
                    w.said("strength", f.strength),
                    w.said("party", f.party),
                    f.month,
                    *[f.ranked.get(name) for name in ranked],
                    *[x for at in (f.opened, f.due, f.done) for x in (at, at)],
                    f.zone,
                    *[
                        x
                        for s in (limit, measured, f.margin_s, f.late_s)
                        for x in (s, None if s is None else w.duration(s))
                    ],
                    f.because if f.because is not None else w("findings.no_reason"),
                    "; ".join(f.turns)
                    if f.turns is not None
                    else w("findings.no_reason")
                    if f.contested
                    else None,
                    "; ".join(f.missing),
                    f.place,
                ]
            )
        said = []
        if listed.listed < listed.found:
            said.append(w("findings.listed", listed=w.number(listed.listed), found=w.number(listed.found)))
        if listed.with_reason < listed.listed:
            said.append(w("findings.with_reason", n=w.number(listed.with_reason)))
        self._done(table, said)

    def _instants(self, said: str) -> tuple[Column, Column]:
        w = self.words
        return Column(w("xlsx.local", column=said), 19, "instant"), Column(w("xlsx.iso", column=said), 25)

    def _lengths(self, said: str) -> tuple[Column, Column]:
        return Column(self.words("xlsx.seconds", column=said), 10, "number"), Column(said, 14)

    # ---------------------------------------------------------------- testing grid
    def _grid(self) -> None:
        w = self.words
        told, open_, _ = parted(self.figures.conclusions)
        applies = {c.clause for c in told}
        unsaid = {c.clause for c in open_} - applies
        kept = [(i, name) for i, name in enumerate(self.report.grid_clauses) if name in applies]
        columns = [
            Column(w("column.agreement"), 20),
            Column(w("column.ticket"), 16),
            *[Column(name, 4.5, "sign", upright=True) for _, name in kept],
        ]
        legend = "   ".join(f"{w(f'sign.{v}')} {w(f'verdict.{v}')}" for v in SHOWN if v != "not_applicable")
        turned = f"{w('sign.contested')} {w('column.contested')}"
        table = self._table("grid", f"{legend}   {turned}   {w('xlsx.blank')}", columns, 2)
        signs = {
            letter: Verdict(v, w(f"sign.{v}") + (w("sign.contested") if contested else ""))
            for letter, (v, contested) in _OF_LETTER.items()
            if v != "not_applicable" or contested
        }
        cells = left = 0
        for row in self.report.grid():
            values = [signs.get(row.verdicts[i]) for i, _ in kept]
            cells += sum(v is not None for v in values)
            if cells > GRID_CELLS or left:
                left += 1
                continue
            table.row([row.agreement, row.ticket, *values])
        said = []
        if unsaid:
            said.append(w("xlsx.clauses_open", len(unsaid)))
        if without := len(self.report.grid_clauses) - len(kept) - len(unsaid):
            said.append(w("xlsx.clauses_left", without))
        if left:
            said.append(w("xlsx.rows_left", left))
        self._done(table, said)

    # ---------------------------------------------------------------- evidence
    def _evidence(self) -> None:
        w = self.words
        columns = [
            Column(w("column.number"), 8, "number"),
            Column(w("column.agreement"), 20),
            Column(w("column.ticket"), 16),
            Column(w("column.clause"), 40),
            Column(w("column.verdict"), 20, "verdict"),
            Column(w("column.what"), 18),
            Column(w("xlsx.decides"), 9),
            *self._instants(w("xlsx.from")),
            *self._instants(w("xlsx.until")),
            Column(w("column.zone"), 17),
            *self._lengths(w("xlsx.length")),
            Column(w("column.value"), 80),
        ]
        table = self._table("evidence", f"{w('xlsx.evidence_lead')} {w.of_the_judge}".rstrip(), columns, 4)
        for e in self.report.explanations():
            x, line = e.explanation, e.timeline
            head = [e.number, x["agreement"], x["ticket"] or None, x["clause"], self._verdict(x["verdict"])]
            for what, decides, start, end, seconds, said in self._facts(x, line):
                length = None if seconds is None else w.duration(seconds)
                table.row([*head, what, decides, start, start, end, end, line["zone"], seconds, length, said])
        found = self.figures.findings
        n = found.exceptions.explained + found.contested.explained + found.undetermined.explained
        self._done(table, [w("xlsx.explained_of", n=w.number(n))] if n else [])

    def _facts(self, x: Mapping[str, Any], line: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
        """What an explanation rests on: the reason, events, the clock's stretches, values, states, gaps, due and done."""
        w = self.words
        yield w("column.reason"), None, None, None, None, x["because"]
        for e in line["events"]:
            told = ", ".join(f"{k}={_plain(v, w)}" for k, v in e["said"].items())
            text = e["event"] + (f" ({told})" if told else "")
            yield w("xlsx.event"), w("yes") if e["cited"] else None, e["at"], e["until"], None, text
        if line["events_left_out"]:
            yield w("xlsx.event"), None, None, None, None, w("picture.left_out", line["events_left_out"])
        for s in line["spans"]:
            yield w(f"picture.{s['kind']}"), None, s["from"], s["to"], s["seconds"], s["why"]
        for v in line["values"]:
            yield v["attribute"], None, v["from"], v["to"], None, v["value"]
        for s in line["states"]:
            yield w("picture.state"), None, s["from"], s["to"], None, s["state"]
        for g in line["gaps"]:
            yield w("picture.gap"), None, g["from"], g["to"], None, None
        for name in ("start", "due", "done"):
            if line[name]:
                yield w(f"picture.{name}"), None, line[name], None, None, None

    # ---------------------------------------------------------------- data quality and method
    def _listing(self, part: str, rows: Iterable[tuple[Any, ...]]) -> None:
        w = self.words
        columns = [
            Column(w("xlsx.section"), 30, "wrap"),
            Column(w("column.name"), 44, "wrap"),
            Column(w("column.value"), 60, "wrap"),
            Column(w("column.count"), 12, "number"),
            Column(w("column.means"), 80, "wrap"),
        ]
        table = self._table(part, w(f"xlsx.{part}_lead"), columns, 1)
        for row in rows:
            table.row(row)
        self._done(table)


def _plain(value: object, words: Words) -> str:
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    return str(value)
