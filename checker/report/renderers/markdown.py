"""A report as Markdown (CommonMark, with the tables of GitHub): a summary to read, mail and put under version control.

Of the findings the first are shown; the JSON and the workbook have all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from checker.render.rows import Sink
from checker.report.inert import MOST, cut, visible
from checker.report.model import GROUPS, Conclusion, Listed, Rate
from checker.report.order import by_evidence, first_of_each, parted, telling
from checker.report.rows import Finding, Report
from checker.report.sums import group_of
from checker.report.words import Words

NEEDS: Final = ()
SHOWN: Final = 100
"""Findings of a kind that are shown."""
_MEANS_SOMETHING: Final = re.compile(r"([\\`*_{}\[\]<>#|~&!])")
_LINKED: Final = re.compile(r"[^\s`|]*(?:://|@|www\.)[^\s`|]*", re.IGNORECASE)
"""What programs make a link or a mention of without being asked to (GitHub's autolinks among them), also where it is escaped."""
_VERDICTS: Final = (
    "breached",
    "undetermined",
    "pending",
    "not_entitled",
    "met",
    "excluded",
    "not_applicable",
)


def render(report: Report, words: Words, out: Sink) -> None:
    """Write it."""
    page = _Page(report, words)
    for text in page.lines():
        out.write((text + "\n").encode("utf-8", "backslashreplace"))


def inert(text: str) -> str:
    """A text of a record or a contract: shown as it is, on one line, with no meaning to Markdown; addresses as code, never links."""
    seen = visible(cut(text, MOST, "… ({n})"))
    out, at = [], 0
    for found in _LINKED.finditer(seen):
        out += [_escaped(seen[at : found.start()]), f"`{found[0]}`"]
        at = found.end()
    return "".join([*out, _escaped(seen[at:])])


def _escaped(text: str) -> str:
    # A sign at the beginning of a line makes a list or a heading of it; no cell begins a line, and a paragraph has words before it.
    return _MEANS_SOMETHING.sub(r"\\\1", text)


class _Page:
    """One report in one language."""

    def __init__(self, report: Report, words: Words) -> None:
        self.report = report
        self.figures = report.figures
        self.words = words

    def lines(self) -> Iterator[str]:
        """The page, line by line."""
        for part in (
            self._head(),
            self._scope(),
            self._population(),
            self._method(),
            self._conclusion(),
            self._findings(),
            self._quality(),
            self._claims(),
            self._assumptions(),
            self._provenance(),
        ):
            yield from part

    # ---------------------------------------------------------------- building blocks
    def _section(self, key: str) -> Iterator[str]:
        yield from ("", f"## {self.words(f'section.{key}')}", "")

    def _table(self, heads: Sequence[str], rows: Iterable[Sequence[str]], right: int = 0) -> Iterator[str]:
        """A table; the last `right` columns stand to the right. Nothing for no rows."""
        first = True
        for row in rows:
            if first:
                yield f"| {' | '.join(heads)} |"
                rule = ["---"] * (len(heads) - right) + ["---:"] * right
                yield f"| {' | '.join(rule)} |"
                first = False
            yield f"| {' | '.join(row)} |"
        if not first:
            yield ""

    def _column(self, *names: str) -> list[str]:
        return [self.words(f"column.{name}") for name in names]

    def _code(self, text: str) -> str:
        return inert(text)

    def _rate(self, rate: Rate) -> list[str]:
        w = self.words
        if rate.rate is None:
            return [w("conclusion.nothing_decided"), "", ""]
        interval = rate.interval
        between = (
            w(
                "conclusion.interval",
                low=w.percent(interval.low),
                high=w.percent(interval.high),
                confidence=w.percent(interval.confidence, 0),
            )
            if interval is not None
            else ""
        )
        return [w.percent(rate.rate), f"{w.percent(rate.low)} … {w.percent(rate.high)}", between]

    # ---------------------------------------------------------------- sections
    def _head(self) -> Iterator[str]:
        w, f = self.words, self.figures
        yield f"# {w('title_of', contract=inert(f.scope.title))}"
        yield ""
        yield w(
            "lead",
            tickets=w("count.tickets", f.population.tickets_judged),
            clauses=w("count.clauses", f.scope.judged),
            instant=w.instant(f.scope.audited_at),
        )

    def _scope(self) -> Iterator[str]:
        w, s = self.words, self.figures.scope
        yield from self._section("scope")
        yield f"- {w('scope.contract')}: {inert(s.title)} ({self._code(s.contract)})"
        if s.first is not None:
            period = w("scope.period_of", first=w.instant(s.first), last=w.instant(s.last))
            yield f"- {w('scope.period')}: {period}"
        yield f"- {w('scope.audited_at')}: {w.instant(s.audited_at)}"
        yield f"- {w('column.zone')}: {inert(s.zone)}"
        clauses = w("scope.clauses_of", judged=w.number(s.judged), stated=w.number(s.stated))
        yield f"- {w('scope.clauses')}: {clauses}"
        if s.asked_for:
            yield f"- {w('scope.asked_for')}: {', '.join(map(self._code, s.asked_for))}"
        yield f"- {w('scope.sample') if s.sample else w('scope.whole')}"

    def _population(self) -> Iterator[str]:
        w, p = self.words, self.figures.population
        yield from self._section("population")
        rows = w(
            "population.sum_rows",
            read=w.number(p.rows_read),
            used=w.number(p.rows_used),
            aside=w.number(p.rows_set_aside),
            other=w.number(p.rows_of_other_contracts),
        )
        tickets = w(
            "population.sum_tickets",
            read=w.number(p.tickets_read),
            judged=w.number(p.tickets_judged),
            aside=w.number(p.tickets_set_aside),
            other=w.number(p.tickets_of_other_contracts),
        )
        yield f"- {w('population.rows')}: {rows}"
        yield f"- {w('population.tickets')}: {tickets}"
        yield f"- {w('population.agreements')}: {w.number(p.agreements_judged)}"
        kinds = (
            f"{inert(k.kind) or w('population.kind_not_stated')} ({w.number(k.tickets)})" for k in p.kinds
        )
        yield f"- {w('population.kinds')}: {', '.join(kinds)}"
        yield ""
        if not p.set_aside:
            yield w("population.nothing_aside")
            return
        yield f"### {w('population.set_aside_why')}"
        yield ""
        yield from self._table(
            self._column("reason", "field", "first", "rows", "tickets"),
            (
                [inert(r.reason), inert(r.field), inert(r.first), w.number(r.rows), w.number(r.tickets)]
                for r in p.set_aside
            ),
            right=2,
        )

    def _method(self) -> Iterator[str]:
        w, m = self.words, self.figures.method
        yield from self._section("method")
        yield f"- {w('method.contract')}: SHA-256 `{m.contract_digest}`"
        if m.source is not None:
            yield f"- {w('method.text')}: {self._code(m.source)}, SHA-256 `{m.source_sha256}`"
        if m.contract_version is not None:
            yield f"- {w('method.version')}: {inert(m.contract_version)}"
        yield f"- {w('method.engine')} {m.engine}; {w('method.language')} {m.language}"
        yield f"- {w('method.zone_data')}: {m.zone_data}; {w('method.holiday_data')}: {m.holiday_data}"
        yield f"- {w('method.zones')}: {', '.join(map(inert, m.zones))}"
        yield f"- {w('method.calendars')}: {', '.join(self._code(c.name) for c in m.calendars) or w('none')}"
        if m.readings:
            yield from ("", f"### {w('method.readings')}", "")
            yield from self._table(
                self._column("ambiguity", "question", "reading", "means", "recommended"),
                (
                    [
                        self._code(r.ambiguity),
                        inert(r.question),
                        self._code(r.taken),
                        inert(r.means),
                        w("method.as_recommended")
                        if r.taken == r.recommended
                        else w("method.chosen", recommended=self._code(r.recommended)),
                    ]
                    for r in (r.said_in(w.language) for r in m.readings)
                ),
            )

    def _conclusion(self) -> Iterator[str]:
        w, f = self.words, self.figures
        yield from self._section("conclusion")
        yield w("conclusion.lead")
        if f.scope.sample:
            yield w("conclusion.wilson")
        yield ""
        figures = [w(f"verdict.{v}") for v in _VERDICTS]
        yield f"### {w('conclusion.totals')}"
        yield ""
        yield from self._table(
            [*self._column("group"), *figures, *self._column("contested", "rate", "bounds")],
            (
                [
                    w(f"group.{t.group}"),
                    *(w.number(t.counts[v]) for v in _VERDICTS),
                    w.number(t.contested),
                    *self._rate(t.rate)[:2],
                ]
                for t in f.totals
            ),
            right=len(_VERDICTS) + 3,
        )
        for total in f.totals:
            told, open_, silent = parted(c for c in f.conclusions if c.group == total.group)
            if not told and not open_:
                continue
            yield from (f"### {w(f'group.{total.group}')}", "", w(f"group_means.{total.group}"), "")
            heads = [
                *self._column("clause", "title"),
                *figures[:-1],
                *self._column("contested", "rate", "bounds"),
            ]
            last = self._column("interval") if f.scope.sample else []
            yield from self._table(
                [*heads, *last], map(self._clause, told), right=len(_VERDICTS) + 2 + len(last)
            )
            yield from self._open(open_)
            if silent:
                yield from (w("html.silent", len(silent)), "")

    def _open(self, clauses: Sequence[Conclusion]) -> Iterator[str]:
        """The clauses of which nothing can be said, by the evidence that is missing."""
        w = self.words
        if not clauses:
            return
        n = sum(c.counts["undetermined"] for c in clauses)
        yield from (f"#### {w('open.lead', len(clauses))}", "", w("open.means", n), "")
        yield from self._table(
            [*self._column("missing", "clause"), w("verdict.undetermined")],
            (
                [
                    inert("; ".join(x.missing)) or w("findings.no_reason"),
                    ", ".join(self._code(c.clause) for c in x.clauses),
                    w.number(x.undetermined),
                ]
                for x in by_evidence(clauses)
            ),
            right=1,
        )

    def _clause(self, c: Conclusion) -> list[str]:
        w = self.words
        title = c.title_pl if w.language == "pl" and c.title_pl else c.title
        rate = self._rate(c.rate)
        return [
            self._code(c.clause),
            inert(title),
            *(w.number(c.counts[v]) for v in _VERDICTS[:-1]),
            w.number(c.contested),
            *(rate if self.figures.scope.sample else rate[:2]),
        ]

    def _findings(self) -> Iterator[str]:
        f, r = self.figures.findings, self.report
        yield from self._section("exceptions")
        yield from self._lead("exceptions")
        yield from self._exceptions()
        for key, listed, rows in (
            ("contested", f.contested, r.contested()),
            ("undetermined", f.undetermined, r.undetermined()),
        ):
            yield from self._section(key)
            yield from self._lead(key)
            yield from self._summed(key)
            yield from self._listed(key, listed, rows)

    def _lead(self, key: str) -> Iterator[str]:
        yield from (f"{self.words(f'findings.{key}_lead')} {self.words.of_the_judge}".rstrip(), "")

    def _exceptions(self) -> Iterator[str]:
        """The breaches, those of guarantees first."""
        w = self.words
        kept: dict[str, list[Finding]] = {group: [] for group in GROUPS}
        for f in self.report.exceptions():
            rows = kept[group_of(f.strength)]
            if len(rows) < SHOWN:
                rows.append(f)
        if not any(kept.values()):
            yield w("findings.none")
        found: dict[str, int] = {t.group: t.counts["breached"] for t in self.figures.totals}
        for group, rows in kept.items():
            if rows:
                yield from (f"### {w(f'group.{group}')} ({w.number(found[group])})", "")
                if len(rows) < found[group]:
                    yield w("findings.shown", shown=w.number(len(rows)), found=w.number(found[group]))
                    yield ""
                yield from self._rows(rows, "reason")

    def _summed(self, key: str) -> Iterator[str]:
        """What is missing most often, or which readings turn what."""
        w, f = self.words, self.figures.findings
        if key == "undetermined" and f.missing:
            yield from (f"### {w('findings.missing')}", "")
            rows = ([inert(c.what), w.number(c.count)] for c in f.missing[:SHOWN])
            yield from self._table(self._column("missing", "count"), rows, right=1)
        if key == "contested" and f.turned:
            yield from (f"### {w('findings.turned')}", "")
            yield from self._table(
                self._column("clause", "reading", "verdict", "to", "count"),
                (
                    [
                        self._code(t.clause),
                        self._code(f"{t.ambiguity}.{t.reading}"),
                        w.said("verdict", t.verdict),
                        w.said("verdict", t.to),
                        w.number(t.count),
                    ]
                    for t in f.turned[:SHOWN]
                ),
                right=1,
            )

    def _listed(self, key: str, listed: Listed, rows: Iterable[Finding]) -> Iterator[str]:
        w = self.words
        if not listed.found:
            yield w("findings.none")
            return
        shown = first_of_each(rows, SHOWN)
        yield from (f"### {w(f'section.{key}')} ({w.number(listed.found)})", "")
        if len(shown) < listed.found:
            yield w("findings.first_of_each", shown=w.number(len(shown)), found=w.number(listed.found))
            yield ""
        yield from self._rows(shown, "turns" if key == "contested" else "missing")

    def _rows(self, rows: Iterable[Finding], last: str) -> Iterator[str]:
        names = ("number", "agreement", "ticket", "clause", "strength", "verdict", "due", "done", "late")
        yield from self._table(self._column(*names, last, "place"), (self._finding(f, last) for f in rows))

    def _finding(self, f: Finding, last: str) -> list[str]:
        w = self.words
        said: Sequence[str] = {
            "reason": [f.because] if f.because is not None else [],
            "turns": f.turns or [],
            "missing": f.missing,
        }[last]
        return [
            str(f.number),
            inert(f.agreement),
            inert(f.ticket),
            self._code(f.clause),
            w.said("strength", f.strength),
            f"{w(f'sign.{f.verdict}')} {w(f'verdict.{f.verdict}')}",
            w.instant(f.due),
            w.instant(f.done),
            w.duration(f.late_s),
            inert("; ".join(said)) or (w("findings.no_reason") if f.because is None else w("none")),
            inert(f.place),
        ]

    def _quality(self) -> Iterator[str]:
        w, q = self.words, self.figures.quality
        yield from self._section("quality")
        yield f"- {w('quality.events')}: {w.number(q.events)}"
        yield f"- {w('quality.rough')}: {w.number(q.rough_events)}"
        yield f"- {w('quality.gaps')}: {w.number(q.tickets_with_gaps)}"
        yield f"- {w('quality.revisions')}: {w.number(q.revisions_missing)}"
        for r in q.remarks:
            lead = w("quality.suspicion") if r.suspicion else w("quality.note")
            where = f" ({inert(r.place)})" if r.place else ""
            times = f", {w('count.times', r.count)}" if r.count > 1 else ""
            yield f"- {lead}: {inert(r.text)}{where}{times}"
        if not q.remarks:
            yield f"- {w('quality.none')}"

    def _claims(self) -> Iterator[str]:
        w, claims = self.words, self.figures.claims.claims
        told, left = telling(self.figures)
        yield from self._section("claims")
        yield w("claims.lead") if claims else w("claims.none")
        yield ""
        yield from self._table(
            [w("claims.claim"), *self._column("clause"), *(w(f"verdict.{v}") for v in _VERDICTS[:-1])],
            (
                [
                    inert(f"{c.name} = {c.value}"),
                    self._code(c.clause),
                    *(w.number(c.counts[v]) for v in _VERDICTS[:-1]),
                ]
                for c in told
            ),
            right=len(_VERDICTS) - 1,
        )
        if left:
            yield w("claims.undetermined", left)

    def _assumptions(self) -> Iterator[str]:
        w, c = self.words, self.figures.claims
        yield from self._section("assumptions")
        yield w("assumptions.lead") if c.assumptions else w("assumptions.none")
        yield ""
        yield from self._table(
            self._column("name", "value", "means"),
            ([self._code(a.name), inert(a.value), inert(a.means)] for a in c.assumptions),
        )
        if c.without is not None:
            names = ", ".join(map(self._code, c.without.names))
            yield from self._table(
                ["", *(w(f"verdict.{v}") for v in _VERDICTS)],
                (
                    [lead, *(w.number(counts[v]) for v in _VERDICTS)]
                    for lead, counts in (
                        (w("assumptions.without", names=names), c.without.without),
                        (w("assumptions.with_them"), c.without.with_them),
                    )
                ),
                right=len(_VERDICTS),
            )

    def _provenance(self) -> Iterator[str]:
        w, p = self.words, self.figures.provenance
        yield from self._section("provenance")
        yield w("provenance.lead")
        yield ""
        files = [(w("provenance.log"), x["file"], x["sha256"]) for x in p["log"]]
        files += [(w("provenance.agreements"), x["file"], x["sha256"]) for x in p["agreements"]]
        if p["mapping"] is not None:
            files.append((w("provenance.mapping"), p["mapping"]["file"], p["mapping"]["sha256"]))
        files += [(w(f"provenance.words_{x['of']}"), x["file"], x["sha256"]) for x in p.get("words", ())]
        yield from self._table(
            ["", *self._column("file", "sha256")],
            ([what, inert(name), f"`{sha}`"] for what, name, sha in files),
        )
