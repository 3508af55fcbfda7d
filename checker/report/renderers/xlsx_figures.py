"""The sheets of a workbook that do not grow with the log: summary, data quality, method; and what they share."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from checker.report.data import leaves
from checker.report.model import Conclusion, Figures, Total
from checker.report.renderers.xlsx_book import ROWS, Book, Column, Kind, head_height, lines_of, row_height
from checker.report.rows import Report
from checker.report.words import Words

SHOWN: Final = ("met", "breached", "undetermined", "pending", "not_entitled", "excluded", "not_applicable")
"""The verdicts, in the order of their columns."""

SUMMARY_WIDTHS: Final = (40.0, 17.0, *[14.0] * 17)


_OVER: Final = 6
"""Columns over which a note of the summary goes: they are all on the first printed page."""


class Part(NamedTuple):
    """A part of the workbook: its name, its rows, the sheets they fill, and what a reader should know of it."""

    name: str
    rows: int
    sheets: tuple[str, ...]
    said: tuple[str, ...]


def figures_columns(words: Words) -> list[Column]:
    """The columns of what was concluded, of clauses and of all of a strength."""
    return [
        Column(words("column.judged"), 11, "number"),
        Column(words("column.applicable"), 11, "number"),
        *[Column(f"{words(f'sign.{v}')} {words(f'verdict.{v}')}", 13, "number") for v in SHOWN],
        Column(f"{words('sign.contested')} {words('column.contested')}", 11, "number"),
        Column(words("column.decided"), 12, "number"),
        Column(words("column.rate"), 10, "share"),
        Column(words("xlsx.low"), 13, "share"),
        Column(words("xlsx.high"), 13, "share"),
        Column(words("xlsx.interval_low"), 13, "share"),
        Column(words("xlsx.interval_high"), 13, "share"),
    ]


def figures_cells(c: Conclusion | Total) -> list[Any]:
    """What was concluded, in those columns."""
    interval = c.rate.interval
    return [
        c.judged,
        c.applicable,
        *[c.counts[v] for v in SHOWN],
        c.contested,
        c.rate.decided,
        c.rate.rate,
        c.rate.low,
        c.rate.high,
        interval.low if interval else None,
        interval.high if interval else None,
    ]


# --------------------------------------------------------------------------- summary
class _Page:
    """A sheet written from the top down."""

    def __init__(self, book: Book, sheet: Any) -> None:
        self.book, self.sheet, self.at = book, sheet, 0

    def heading(self, text: str) -> None:
        self.at += 1
        self.book.text(self.sheet, self.at, 0, text, "heading")
        self.at += 1

    def names(self, names: list[str]) -> None:
        self.sheet.set_row(
            self.at, head_height([(n, w, False) for n, w in zip(names, SUMMARY_WIDTHS, strict=False)])
        )
        for i, name in enumerate(names):
            if name:
                self.book.text(self.sheet, self.at, i, name, "head")
        self.at += 1

    def line(self, label: str, *values: Any, kinds: tuple[Kind, ...] = ()) -> None:
        if (lines := lines_of(label, SUMMARY_WIDTHS[0])) > 1:
            self.sheet.set_row(self.at, row_height(lines))
        self.book.text(self.sheet, self.at, 0, label, "label")
        for i, value in enumerate(values):
            kind: Kind = kinds[i] if kinds else ("number" if isinstance(value, int) else "text")
            self.book.cell(self.sheet, self.at, i + 1, kind, value)
        self.at += 1

    def note(self, text: str) -> None:
        self.book.wide(self.sheet, self.at, SUMMARY_WIDTHS[:_OVER], text, "note")
        self.at += 1


def summary(book: Book, sheet: Any, figures: Figures, parts: list[Part], words: Words) -> None:
    """Scope, population, the totals of each strength, what was found, and what each sheet holds."""
    w, page = words, _Page(book, sheet)
    scope = figures.scope
    book.text(sheet, 0, 0, w("title_of", contract=scope.title or scope.contract), "title")
    page.heading(w("section.scope"))
    page.line(w("scope.contract"), scope.contract)
    if scope.first and scope.last:
        page.line(
            w("scope.period"), w("scope.period_of", first=w.instant(scope.first), last=w.instant(scope.last))
        )
        page.line(w("xlsx.first"), scope.first, scope.first, kinds=("instant", "text"))
        page.line(w("xlsx.last"), scope.last, scope.last, kinds=("instant", "text"))
    page.line(w("scope.audited_at"), scope.audited_at, scope.audited_at, kinds=("instant", "text"))
    page.line(w("column.zone"), scope.zone)
    page.line(
        w("scope.clauses"),
        w("scope.clauses_of", judged=w.number(scope.judged), stated=w.number(scope.stated)),
    )
    if scope.asked_for:
        page.line(w("scope.asked_for"), ", ".join(scope.asked_for))
    page.note(w("scope.sample") if scope.sample else w("scope.whole"))
    _population(page, figures, w)
    page.heading(w("conclusion.totals"))
    page.names([w("column.group"), w("scope.clauses"), *[c.name for c in figures_columns(w)]])
    kinds: tuple[Kind, ...] = ("number", *[c.kind for c in figures_columns(w)])
    for t in figures.totals:
        page.line(w(f"group.{t.group}"), t.clauses, *figures_cells(t), kinds=kinds)
    for t in figures.totals:
        page.note(f"{w(f'group.{t.group}')}: {w(f'group_means.{t.group}')}")
    page.note(w("conclusion.lead"))
    if scope.sample:
        page.note(w("conclusion.wilson"))
    _found(page, figures, w)
    page.heading(w("xlsx.sheets"))
    page.names([w("xlsx.part"), w("column.rows"), w("xlsx.on_sheets")])
    for part in parts:
        page.line(part.name, part.rows, ", ".join(part.sheets))
        if len(part.sheets) > 1:
            page.note(w("xlsx.split", most=w.number(ROWS)))
        for said in part.said:
            page.note(f"{part.name}: {said}")
    _causes(page, figures, w)
    sheet.freeze_panes(1, 1)


def _population(page: _Page, figures: Figures, w: Words) -> None:
    p = figures.population
    page.heading(w("section.population"))
    page.names(
        [
            "",
            w("population.read"),
            w("population.judged"),
            w("population.set_aside"),
            w("population.other_contracts"),
        ]
    )
    page.line(
        w("population.tickets"),
        p.tickets_read,
        p.tickets_judged,
        p.tickets_set_aside,
        p.tickets_of_other_contracts,
    )
    page.line(w("population.rows"), p.rows_read, p.rows_used, p.rows_set_aside, p.rows_of_other_contracts)
    other = p.agreements_of_other_contracts
    page.line(w("population.agreements"), p.agreements_judged + other, p.agreements_judged, 0, other)
    if p.kinds:
        page.names([w("population.kinds"), w("column.tickets")])
        for kind in p.kinds:
            page.line(kind.kind or w("population.kind_not_stated"), kind.tickets)
    page.names(
        [
            w("population.agreements"),
            w("column.zone"),
            w("xlsx.records"),
            w("column.group"),
            *[f"{w(f'sign.{v}')} {w(f'verdict.{v}')}" for v in SHOWN],
        ]
    )
    heads = page.at - 1
    for a in p.agreements[:_AGREEMENTS]:
        for at, (group, counts) in enumerate(a.promises):
            # Records stand once, so that their column can be added up.
            records = None if at else a.records
            page.line(a.agreement, a.zone, records, w(f"group.{group}"), *[counts[v] for v in SHOWN])
    page.sheet.autofilter(heads, 0, page.at - 1, 3 + len(SHOWN))
    if len(p.agreements) > _AGREEMENTS:
        page.note(w("xlsx.agreements_left", len(p.agreements) - _AGREEMENTS))


def _found(page: _Page, figures: Figures, w: Words) -> None:
    f = figures.findings
    page.heading(w("xlsx.findings"))
    page.names(["", w("xlsx.found"), w("xlsx.listed"), w("xlsx.with_reason"), w("xlsx.explained")])
    for name, x in (
        ("exceptions", f.exceptions),
        ("contested", f.contested),
        ("undetermined", f.undetermined),
    ):
        page.line(w(f"section.{name}"), x.found, x.listed, x.with_reason, x.explained)


def _causes(page: _Page, figures: Figures, w: Words) -> None:
    f = figures.findings
    if f.missing:
        page.heading(w("findings.missing"))
        page.names([w("column.missing"), w("column.count")])
        for cause in f.missing:
            page.line(cause.what, cause.count)
    if f.turned:
        page.names(
            [
                w("findings.turned"),
                w("column.count"),
                w("column.verdict"),
                w("column.to"),
                w("column.reading"),
            ]
        )
        for t in f.turned:
            page.line(
                t.clause,
                t.count,
                w.said("verdict", t.verdict),
                w.said("verdict", t.to),
                f"{t.ambiguity}.{t.reading}",
            )


_AGREEMENTS: Final = 1000
"""Agreements that the summary lists."""


# --------------------------------------------------------------------------- data quality
def quality_rows(report: Report, words: Words) -> Iterator[tuple[Any, ...]]:
    """Section, name, value, count and what it means: the quality of the record, what was set aside, claims and assumptions."""
    w, q = words, report.figures.quality
    section = w("section.quality")
    yield section, w("quality.gaps"), None, q.tickets_with_gaps, None
    yield section, w("quality.revisions"), None, q.revisions_missing, None
    yield section, w("quality.events"), None, q.events, None
    yield section, w("quality.rough"), None, q.rough_events, None
    for r in q.remarks:
        yield (
            w("quality.remarks"),
            w("quality.suspicion") if r.suspicion else w("quality.note"),
            r.text,
            r.count,
            r.place,
        )
    if not q.remarks:
        yield w("quality.remarks"), w("quality.none"), None, None, None
    for s in report.figures.population.set_aside:
        said = w("count.tickets", s.tickets) + f"; {w('column.first')}: {s.first}"
        yield w("population.set_aside_why"), s.reason, s.field, s.rows, said
    for row in report.set_aside():
        place = f"{row['file']}:{row['line']}" if row.get("line") else str(row["file"])
        told = "; ".join(str(row[k]) for k in ("field", "found", "reason", "remedy") if row.get(k))
        yield w("xlsx.aside_rows"), row.get("ticket") or w("none"), told, row["rows"], place
    claims = report.figures.claims
    for c in claims.claims:
        counts = ", ".join(f"{w(f'verdict.{v}')} {w.number(c.counts[v])}" for v in SHOWN if c.counts[v])
        yield w("section.claims"), f"{c.name} = {c.value}", counts, sum(c.counts.values()), c.clause
    for a in claims.assumptions:
        yield w("section.assumptions"), a.name, a.value, None, a.means
    if claims.without:
        x = claims.without
        for v in SHOWN:
            label = w("assumptions.without", names=", ".join(x.names))
            yield w("section.assumptions"), label, w(f"verdict.{v}"), x.without[v], None
            yield (
                w("section.assumptions"),
                w("assumptions.with_them"),
                w(f"verdict.{v}"),
                x.with_them[v],
                None,
            )


# --------------------------------------------------------------------------- method
def method_rows(report: Report, words: Words) -> Iterator[tuple[Any, ...]]:
    """Section, name, value, count and what it means: versions, readings, calendars, and the whole provenance."""
    w, m = words, report.figures.method
    section = w("section.method")
    for name, value in (
        (w("method.contract"), m.contract_digest),
        (w("method.version"), m.contract_version),
        (w("method.language"), m.language),
        (w("method.text"), m.source),
        (w("column.sha256"), m.source_sha256),
        (w("method.engine"), m.engine),
        (w("method.zone_data"), m.zone_data),
        (w("method.holiday_data"), m.holiday_data),
        (w("method.zones"), ", ".join(m.zones)),
    ):
        yield section, name, value if value is not None else w("none"), None, None
    for r in (r.said_in(w.language) for r in m.readings):
        how = (
            w("method.as_recommended")
            if r.taken == r.recommended
            else w("method.chosen", recommended=r.recommended)
        )
        others = "\n".join(f"{name}: {means}" for name, means in r.others)
        yield w("method.readings"), r.ambiguity, f"{r.question}\n{r.taken} ({how}): {r.means}", None, others
    for c in m.calendars:
        yield w("method.calendars"), c.name, "\n".join(c.lines), None, None
    known = {k: v for k, v in report.figures.provenance.items() if k != "readings"}
    for name, value in leaves(known):
        yield w("section.provenance"), name, value, None, None
