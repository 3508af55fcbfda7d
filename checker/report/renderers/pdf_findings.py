"""The findings of a report on paper, and the evidence of some: as many as a paper bears, guarantees first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from checker.report import pictures
from checker.report.order import first_of_each
from checker.report.pictures import Picture
from checker.report.renderers.pdf_text import (
    Block,
    english,
    heading,
    note,
    paragraph,
    plain,
    said,
    stamp,
    table,
)
from checker.report.rows import Explained, Finding, Report
from checker.report.words import Words

LISTED: Final = 300
"""Breaches of each strength that are printed; the paper says how many there are and where the rest is."""
OTHERS: Final = 100
"""The same of contested and of undetermined verdicts."""
LINES: Final = 24
"""Breaches whose evidence and time line are printed, guarantees first."""
_ORDER: Final = ("guarantee", "target", "estimate", "right", "duty", "other")


class FindingsOnPaper:
    """The sections that list findings. `titles`: of clauses; `picture`: keeps a picture and gives its block."""

    def __init__(
        self, report: Report, words: Words, titles: Mapping[str, str], picture: Callable[[Picture], Block]
    ) -> None:
        self.report, self.words, self.figures = report, words, report.figures
        self.titles, self.picture = titles, picture
        self.groups = {(c.clause, c.strength, c.party): c.group for c in self.figures.conclusions}
        self.limits = {(c.clause, c.strength, c.party): c.limit_s for c in self.figures.conclusions}

    def exceptions(self) -> Iterator[Block]:
        """The breaches, those of guarantees first."""
        w = self.words
        yield from self._lead("exceptions")
        kept: dict[str, list[Finding]] = {group: [] for group in _ORDER}
        for f in self.report.exceptions():
            rows = kept[self.groups.get((f.clause, f.strength, f.party), "other")]
            if len(rows) < LISTED:
                rows.append(f)
        found: dict[str, int] = {t.group: t.counts["breached"] for t in self.figures.totals}
        if not any(kept.values()):
            yield paragraph(w("findings.none"))
        for group, rows in kept.items():
            if rows:
                yield heading(f"{w(f'group.{group}')} ({w.number(found[group])})", 2)
                yield from self._shown(len(rows), found[group])
                yield self._findings(rows, "reason")

    def others(self, key: str, rows: Iterable[Finding]) -> Iterator[Block]:
        """The contested verdicts (`key`: contested), or the undetermined ones."""
        w, f = self.words, self.figures.findings
        listed = getattr(f, key)
        yield from self._lead(key)
        if not listed.found:
            yield paragraph(w("findings.none"))
            return
        if key == "undetermined" and f.missing:
            yield heading(w("findings.missing"), 2)
            counted = [[english(x.what), w.number(x.count)] for x in f.missing[:LISTED]]
            yield table([(w("column.missing"), 5, "text"), (w("column.count"), 1, "number")], counted)
        if key == "contested" and f.turned:
            yield heading(w("findings.turned"), 2)
            columns = [("clause", 4), ("reading", 4), ("verdict", 2), ("to", 2)]
            yield table(
                [
                    *[(w(f"column.{n}"), width, "text") for n, width in columns],
                    (w("column.count"), 1, "number"),
                ],
                [
                    [said(t.clause), said(f"{t.ambiguity}.{t.reading}")]
                    + [w.said("verdict", v) for v in (t.verdict, t.to)]
                    + [w.number(t.count)]
                    for t in f.turned[:LISTED]
                ],
            )
        yield heading(f"{w(f'section.{key}')} ({w.number(listed.found)})", 2)
        shown = first_of_each(rows, OTHERS)
        if len(shown) < listed.found:
            figures = {"shown": w.number(len(shown)), "found": w.number(listed.found)}
            yield note(w("findings.first_of_each", **figures))
        yield self._findings(shown, "turns" if key == "contested" else "missing")

    def _lead(self, key: str) -> Iterator[Block]:
        w = self.words
        yield paragraph(w(f"findings.{key}_lead"))
        if w.of_the_judge:
            yield note(w.of_the_judge)

    def _shown(self, shown: int, found: int) -> Iterator[Block]:
        if shown < found:
            w = self.words
            yield note(w("findings.shown", shown=w.number(shown), found=w.number(found)))

    def _findings(self, rows: Iterable[Finding], last: str) -> Block:
        w = self.words
        who = f"{w('column.agreement')} / {w('column.ticket')}"
        when = f"{w('column.opened')} / {w('column.due')} / {w('column.done')}"
        measured = f"{w('column.measured')} / {w('column.limit')}"
        columns = [
            (w("column.number"), 0, "number"),
            (who, 2, "text"),
            (w("column.clause"), 3.4, "text"),
            (w("column.verdict"), 0, "text"),
            (when, 0, "text"),
            (f"{w('column.late')}\n{measured}", 1.7, "text"),
            (w(f"column.{last}"), 3.2, "text"),
        ]
        return table(columns, [self._finding(f, last) for f in rows])

    def _finding(self, f: Finding, last: str) -> list[Any]:
        w = self.words
        limit = self.limits.get((f.clause, f.strength, f.party))
        late = [w("findings.late", duration=w.duration(f.late_s))] if f.late_s is not None else []
        if limit is not None and f.margin_s is not None:
            late.append(f"{w.duration(limit - f.margin_s)} / {w.duration(limit)}")
        reason = english(f.because) if f.because is not None else w("findings.no_reason")
        turns = said("; ".join(f.turns)) if f.turns is not None else w("findings.no_reason")
        missing = english("; ".join(f.missing)) if f.missing else reason
        sign = w(f"sign.{f.verdict}") + (w("sign.contested") if f.contested else "")
        return [
            str(f.number),
            "\n".join(said(x) for x in (f.agreement, f.ticket) if x),
            f"{said(f.clause)}\n{self.titles.get(f.clause, '')}",
            {"text": sign, "verdict": f.verdict},
            "\n".join(stamp(x, w) for x in (f.opened, f.due, f.done)),
            "\n".join(late) or w("none"),
            [{"reason": reason, "turns": turns, "missing": missing}[last], f"\n{said(f.place)}"],
        ]

    def evidence(self) -> Iterator[Block]:
        """Some breaches with their reason, time line and events."""
        w = self.words
        chosen: dict[str, list[Explained]] = {group: [] for group in _ORDER}
        for e in self.report.explanations():
            x = e.explanation
            rows = chosen[self.groups.get((x["clause"], x["strength"], x["party"]), "other")]
            if x["verdict"] == "breached" and len(rows) < LINES:
                rows.append(e)
        shown = [e for group in _ORDER for e in chosen[group]][:LINES]
        if not shown:
            yield paragraph(w("findings.none"))
            return
        yield paragraph(w("pdf.evidence", shown=w.number(len(shown))))
        for e in shown:
            yield from self._explained(e)

    def _explained(self, e: Explained) -> Iterator[Block]:
        w, x, line = self.words, e.explanation, e.timeline
        who = " · ".join(said(str(v), 80) for v in (x["agreement"], x["ticket"], x["clause"]) if v)
        yield heading(f"{w('column.number')} {e.number}: {who}", 2)
        title = self.titles.get(x["clause"], said(x["title"]))
        yield paragraph([f"{title}. ", english(str(x["because"]))])
        made = pictures.timeline(line, w, f"e-{e.number}", w("picture.timeline"))
        if made is not None:
            yield self.picture(made)
        rows = []
        for n, event in enumerate(line["events"], 1):
            told = ", ".join(f"{k}={plain(v, w)}" for k, v in event["said"].items())
            text = str(event["event"]) + (f" ({told})" if told else "")
            decides = {"text": w("yes"), "verdict": "met"} if event["cited"] else ""
            rows.append([str(n), stamp(event["at"], w), said(text, 300), decides])
        if rows:
            columns = [("", 0, "number"), (w("pdf.at"), 0, "text"), (w("pdf.event"), 1, "text")]
            yield table([*columns, (w("pdf.decides"), 0, "text")], rows)
        if line["events_left_out"]:
            yield note(w("picture.left_out", line["events_left_out"]))
