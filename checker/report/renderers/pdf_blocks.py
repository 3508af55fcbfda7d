"""What a report on paper says, as blocks one below the other, in the order of an audit working paper.

A block is plain data with a `kind`, which `checker/report/paper/report.typ` sets: `heading` (level, text), `text`, `note`, `facts` (rows
of two), `table` (columns with name, width and kind; rows of texts, or of texts with a verdict), `picture` (file, alt, width),
`signatures`, `break`. A text may be in a language of its own (text, lang), and one of several parts. Every text in them has been through
`said`, so that it is seen, breaks where it must, and is not longer than a page bears.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from checker.report import pictures
from checker.report.data import leaves
from checker.report.inert import cut
from checker.report.model import Conclusion, Rate, Total
from checker.report.order import by_evidence, parted, telling
from checker.report.pictures import Picture
from checker.report.renderers.pdf_findings import LISTED, FindingsOnPaper
from checker.report.renderers.pdf_text import HASH, Block, english, heading, note, paragraph, said, table
from checker.report.rows import Report
from checker.report.words import Words

AGREEMENTS: Final = 200
"""Agreements that are printed."""
_VERDICTS: Final = ("met", "breached", "undetermined", "pending", "not_entitled", "excluded")


class Paper:
    """The blocks of a report, and the pictures that they name."""

    def __init__(self, report: Report, words: Words) -> None:
        self.report, self.words, self.figures = report, words, report.figures
        self.pictures: dict[str, Picture] = {}
        polish = words.language == "pl"
        self.titles = {
            c.clause: said(c.title_pl if polish and c.title_pl else c.title) for c in self.figures.conclusions
        }

    def data(self) -> dict[str, Any]:
        """Everything that the template asks for."""
        w, scope = self.words, self.figures.scope
        title = w("title_of", contract=scope.title or scope.contract)
        return {
            "lang": w.language,
            "title": said(title, 300),
            "lead": w(
                "lead",
                tickets=w("count.tickets", self.figures.population.tickets_judged),
                clauses=w("count.clauses", scope.judged),
                instant=w.instant(scope.audited_at),
            ),
            "running": said(title, 110),
            "audited": w.instant(scope.audited_at),
            "foot": f"Servanda · {said(scope.contract, 60)} · {self.figures.method.contract_digest[:16]}",
            "contents": w("pdf.contents"),
            "front": list(self._front()),
            "blocks": list(self._body()),
        }

    def _front(self) -> Iterator[Block]:
        w, f = self.words, self.figures.findings
        yield from self._scope()
        rows = [
            [w(f"group.{t.group}"), *self._counts(t), *self._rate(t.rate)]
            for t in self.figures.totals
            if t.clauses
        ]
        yield table([(w("column.group"), 4, "text"), *self._figures()], rows)
        yield note(self._legend())
        yield note(w("conclusion.lead"))
        found = [
            (w(f"section.{name}"), w.number(x.found))
            for name, x in (
                ("exceptions", f.exceptions),
                ("contested", f.contested),
                ("undetermined", f.undetermined),
            )
        ]
        yield {"kind": "facts", "rows": found}
        yield {"kind": "signatures", "names": [w("pdf.prepared"), w("pdf.reviewed")]}

    def _body(self) -> Iterator[Block]:
        w = self.words
        findings = FindingsOnPaper(self.report, w, self.titles, self._picture)
        for key, blocks in (
            ("scope", self._scope()),
            ("population", self._population()),
            ("method", self._method()),
            ("conclusion", self._conclusion()),
            ("exceptions", findings.exceptions()),
            ("contested", findings.others("contested", self.report.contested())),
            ("undetermined", findings.others("undetermined", self.report.undetermined())),
            ("quality", self._quality()),
            ("claims", self._claims()),
            ("evidence", findings.evidence()),
            ("provenance", self._provenance()),
        ):
            yield heading(w(f"section.{key}"))
            yield from blocks

    # ---------------------------------------------------------------- scope, population, method
    def _scope(self) -> Iterator[Block]:
        w, s = self.words, self.figures.scope
        rows = [
            (w("scope.contract"), f"{said(s.title)} ({said(s.contract)})" if s.title else said(s.contract))
        ]
        if s.first is not None:
            rows.append(
                (w("scope.period"), w("scope.period_of", first=w.instant(s.first), last=w.instant(s.last)))
            )
        rows.append((w("scope.audited_at"), w.instant(s.audited_at)))
        rows.append((w("column.zone"), said(s.zone)))
        rows.append(
            (w("scope.clauses"), w("scope.clauses_of", judged=w.number(s.judged), stated=w.number(s.stated)))
        )
        if s.asked_for:
            rows.append((w("scope.asked_for"), ", ".join(map(said, s.asked_for))))
        yield {"kind": "facts", "rows": rows}
        yield note(w("scope.sample") if s.sample else w("scope.whole"))

    def _population(self) -> Iterator[Block]:
        w, p = self.words, self.figures.population
        heads = ("read", "judged", "set_aside", "other_contracts")
        other = p.agreements_of_other_contracts
        yield table(
            [("", 2, "text"), *[(w(f"population.{h}"), 1, "number") for h in heads]],
            [
                [label, *map(w.number, numbers)]
                for label, numbers in (
                    (
                        w("population.tickets"),
                        (p.tickets_read, p.tickets_judged, p.tickets_set_aside, p.tickets_of_other_contracts),
                    ),
                    (
                        w("population.rows"),
                        (p.rows_read, p.rows_used, p.rows_set_aside, p.rows_of_other_contracts),
                    ),
                    (
                        w("population.agreements"),
                        (p.agreements_judged + other, p.agreements_judged, 0, other),
                    ),
                )
            ],
        )
        if p.kinds:
            rows = [[said(k.kind) or w("population.kind_not_stated"), w.number(k.tickets)] for k in p.kinds]
            yield table([(w("population.kinds"), 4, "text"), (w("column.tickets"), 1, "number")], rows)
        yield heading(w("population.set_aside_why"), 2)
        if p.set_aside:
            yield table(
                [
                    (w("column.reason"), 5, "text"),
                    (w("column.field"), 2, "text"),
                    (w("column.first"), 3, "text"),
                    (w("column.rows"), 1, "number"),
                    (w("column.tickets"), 1, "number"),
                ],
                [
                    [english(r.reason), said(r.field), said(r.first), w.number(r.rows), w.number(r.tickets)]
                    for r in p.set_aside[:LISTED]
                ],
            )
        else:
            yield paragraph(w("population.nothing_aside"))
        yield heading(w("population.agreements"), 2)
        yield table(
            [
                (w("column.agreement"), 3, "text"),
                (w("column.zone"), 2, "text"),
                (w("pdf.records"), 0, "number"),
                (w("column.group"), 2, "text"),
                *[(w(f"sign.{v}"), 0, "number") for v in _VERDICTS],
            ],
            [
                [said(a.agreement), said(a.zone or w("none")), w.number(a.records), w(f"group.{group}")]
                + [w.number(counts[v]) for v in _VERDICTS]
                for a in p.agreements[:AGREEMENTS]
                for group, counts in a.promises
            ],
        )
        yield from self._more(AGREEMENTS, len(p.agreements))
        yield note(self._legend())

    def _method(self) -> Iterator[Block]:
        w, m = self.words, self.figures.method
        rows = [
            (w("method.contract"), m.contract_digest),
            (w("method.version"), said(m.contract_version or w("none"))),
            (w("method.text"), said(m.source or w("none"))),
            (w("column.sha256"), m.source_sha256 or w("none")),
            (w("method.language"), m.language),
            (w("method.engine"), said(m.engine)),
            (w("method.zone_data"), said(m.zone_data)),
            (w("method.holiday_data"), said(m.holiday_data)),
            (w("method.zones"), said(", ".join(m.zones))),
        ]
        yield {"kind": "facts", "rows": rows}
        if m.calendars:
            yield heading(w("method.calendars"), 2)
            yield {
                "kind": "facts",
                "rows": [(said(c.name), english("\n".join(c.lines))) for c in m.calendars],
            }
        if m.readings:

            def spoken(polish: str) -> bool:
                return w.language == "pl" and bool(polish)

            yield heading(w("method.readings"), 2)
            columns = [("ambiguity", 3), ("question", 4), ("reading", 3), ("means", 5)]
            yield table(
                [(w(f"column.{name}"), width, "text") for name, width in columns],
                [
                    [
                        said(r.ambiguity),
                        said(r.question) if spoken(r.question_pl) else english(r.question),
                        said(r.taken)
                        + (
                            ""
                            if r.taken == r.recommended
                            else f"\n{w('method.chosen', recommended=said(r.recommended))}"
                        ),
                        said(r.means) if spoken(r.means_pl) else english(r.means),
                    ]
                    for r in (r.said_in(w.language) for r in m.readings)
                ],
            )

    # ---------------------------------------------------------------- conclusion
    def _conclusion(self) -> Iterator[Block]:
        w, f = self.words, self.figures
        yield paragraph(w("conclusion.lead"))
        if f.scope.sample:
            yield paragraph(w("conclusion.wilson"))
        yield note(self._legend())
        for total in f.totals:
            mine = [c for c in f.conclusions if c.group == total.group]
            if not mine:
                continue
            yield heading(w(f"group.{total.group}"), 2)
            yield paragraph(w(f"group_means.{total.group}"))
            told, open_, none = parted(mine)
            if told:
                rows = [[self._clause(c), *self._counts(c), *self._rate(c.rate)] for c in told]
                yield table([(w("column.clause"), 4, "text"), *self._figures()], rows)
            yield from self._open(open_)
            if none:
                names = ", ".join(dict.fromkeys(said(c.clause) for c in none))
                yield note(f"{w('pdf.no_record', len(none))} {names}")
            yield from self._pictures(total, mine)

    def _open(self, clauses: Sequence[Conclusion]) -> Iterator[Block]:
        """The clauses of which nothing can be said, by the evidence that is missing."""
        w = self.words
        if not clauses:
            return
        yield heading(w("open.lead", len(clauses)), 3)
        yield paragraph(w("open.means", sum(c.counts["undetermined"] for c in clauses)))
        columns = [(w("column.missing"), 3, "text"), (w("scope.clauses"), 5, "text")]
        yield table(
            [*columns, (w("sign.undetermined"), 0, "number")],
            [
                [
                    english("; ".join(x.missing)) if x.missing else w("findings.no_reason"),
                    "\n".join(f"{self.titles[c.clause]} ({said(c.clause)})" for c in x.clauses),
                    w.number(x.undetermined),
                ]
                for x in by_evidence(clauses)
            ],
        )

    def _clause(self, c: Conclusion) -> str:
        party = "" if c.party in ("", "the provider") else f" ({self.words.said('party', c.party)})"
        return f"{said(c.clause)}{party}\n{self.titles[c.clause]}"

    def _figures(self) -> list[tuple[str, float, str]]:
        w = self.words
        last = [(w("column.interval"), 0, "number")] if self.figures.scope.sample else []
        return [
            (w("column.applicable"), 0, "number"),
            *[(w(f"sign.{v}"), 0, "number") for v in _VERDICTS],
            (w("sign.contested"), 0, "number"),
            (w("column.rate"), 0, "number"),
            (w("pdf.range"), 0, "number"),
            *last,
        ]

    def _counts(self, c: Conclusion | Total) -> list[str]:
        w = self.words
        return [w.number(c.applicable), *[w.number(c.counts[v]) for v in _VERDICTS], w.number(c.contested)]

    def _rate(self, rate: Rate) -> list[str]:
        w, interval = self.words, rate.interval
        between = "" if rate.low is None else f"{w.percent(rate.low)}–{w.percent(rate.high)}"
        last = [f"{w.percent(interval.low)}–{w.percent(interval.high)}" if interval else ""]
        return [w.percent(rate.rate), between, *(last if self.figures.scope.sample else [])]

    def _legend(self) -> str:
        w = self.words
        signs = [f"{w(f'sign.{v}')} {w(f'verdict.{v}')}" for v in _VERDICTS]
        return "   ".join([*signs, f"{w('sign.contested')} {w('column.contested')}"])

    def _pictures(self, total: Total, mine: Sequence[Conclusion]) -> Iterator[Block]:
        w, p = self.words, total.pictures
        group = total.group
        name = w(f"group.{group}")
        left_out = {"months": w("picture.undated", n=w.number(p.undated))} if p.undated else {}
        if p.hours.undated:
            left_out["hours"] = w("picture.undated_breaches", n=w.number(p.hours.undated))
        curves = [(name, p.curve)] if p.curve is not None else []
        curves += [
            (c.clause, c.pictures.curve) for c in mine if c.pictures.curve is not None and len(mine) > 1
        ][:5]
        for key, made in (
            ("months", pictures.months(p.months, w, f"m-{group}", f"{w('picture.months')}: {name}")),
            ("months", pictures.months_by_clause(mine, w, f"c-{group}", f"{w('drawn.by_clause')}: {name}")),
            ("curve", pictures.curves(curves, w, f"t-{group}", f"{w('picture.curve')}: {name}")),
            ("hours", pictures.hours(p.hours, w, f"h-{group}", f"{w('picture.hours')}: {name}")),
            ("margins", pictures.margins(p.margins, w, f"g-{group}", f"{w('picture.margins')}: {name}")),
        ):
            if made is not None:
                yield {"kind": "lead", "text": said(made.title), "more": w(f"picture.{key}_lead")}
                yield self._picture(made)
                if key in left_out:
                    yield note(left_out[key])

    def _picture(self, made: Picture) -> Block:
        file = f"picture-{len(self.pictures) + 1:03}.svg"
        self.pictures[file] = made
        return {"kind": "picture", "file": file, "alt": cut(made.desc, 2000, "…"), "width": 100}

    # ---------------------------------------------------------------- quality, claims
    def _quality(self) -> Iterator[Block]:
        w, q = self.words, self.figures.quality
        facts = [
            (w("quality.gaps"), w.number(q.tickets_with_gaps)),
            (w("quality.revisions"), w.number(q.revisions_missing)),
            (w("quality.events"), w.number(q.events)),
            (w("quality.rough"), w.number(q.rough_events)),
        ]
        yield {"kind": "facts", "rows": facts}
        yield heading(w("quality.remarks"), 2)
        if not q.remarks:
            yield paragraph(w("quality.none"))
            return
        columns = (("", 1.4, "text"), (w("quality.remarks"), 6, "text"), (w("column.place"), 3, "text"))
        rows = [
            (
                w("quality.suspicion") if r.suspicion else w("quality.note"),
                english(r.text),
                said(r.place),
                w.number(r.count),
            )
            for r in q.remarks[:LISTED]
        ]
        yield table([*columns, (w("column.count"), 1, "number")], rows)
        yield from self._more(LISTED, len(q.remarks))

    def _claims(self) -> Iterator[Block]:
        w, c = self.words, self.figures.claims
        told, left = telling(self.figures)
        if c.claims:
            yield paragraph(w("claims.lead"))
            columns = [(w("claims.claim"), 3, "text"), (w("column.clause"), 4, "text")]
            yield table(
                [*columns, *[(w(f"sign.{v}"), 0, "number") for v in _VERDICTS]],
                [
                    [
                        f"{said(x.name)} = {said(x.value)}",
                        said(x.clause),
                        *[w.number(x.counts[v]) for v in _VERDICTS],
                    ]
                    for x in told[:LISTED]
                ],
            )
            yield note(self._legend())
            yield from self._more(LISTED, len(told))
            if left:
                yield note(w("claims.undetermined", left))
        else:
            yield paragraph(w("claims.none"))
        yield heading(w("section.assumptions"), 2)
        if not c.assumptions:
            yield paragraph(w("assumptions.none"))
            return
        yield paragraph(w("assumptions.lead"))
        columns = [
            (w(f"column.{n}"), width, "text") for n, width in (("name", 2), ("value", 3), ("means", 4))
        ]
        yield table(columns, [[said(a.name), said(a.value), english(a.means)] for a in c.assumptions])
        if c.without is not None:
            names = w("assumptions.without", names=said(", ".join(c.without.names)))
            sides = ((names, c.without.without), (w("assumptions.with_them"), c.without.with_them))
            yield table(
                [("", 4, "text"), *[(w(f"sign.{v}"), 0, "number") for v in _VERDICTS]],
                [[label, *[w.number(counts[v]) for v in _VERDICTS]] for label, counts in sides],
            )

    def _more(self, listed: int, found: int) -> Iterator[Block]:
        w = self.words
        if found > listed:
            yield note(w("findings.shown", shown=w.number(listed), found=w.number(found)))

    # ---------------------------------------------------------------- provenance
    def _provenance(self) -> Iterator[Block]:
        w = self.words
        yield paragraph(w("provenance.lead"))
        known = {k: v for k, v in self.figures.provenance.items() if k != "readings"}
        rows = [
            [said(name), {"text": value, "mono": True} if HASH.match(value) else said(value)]
            for name, value in leaves(known)
        ]
        yield table([(w("column.name"), 2, "text"), (w("column.value"), 5, "text")], rows)
