"""What the templates of the page ask for beyond the figures: the order of things, links into the list of findings, pictures."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import urlencode

from markupsafe import Markup

from checker.report import pictures
from checker.report.inert import visible
from checker.report.model import (
    GROUPS,
    Claim,
    Conclusion,
    Figures,
    Group,
    Listed,
    Rate,
    ReadingTaken,
    Total,
    Turned,
)
from checker.report.order import Lacking, Parted, by_evidence, parted, telling
from checker.report.pages import short
from checker.report.pictures import Picture
from checker.report.renderers.html_pack import MOST_ID, MOST_REASON, Packed
from checker.report.rows import Finding
from checker.report.words import Words

VERDICTS: Final = ("met", "breached", "excluded", "not_entitled", "undetermined", "pending")
"""The verdicts in the order of the tables' columns."""
MOST_ROWS: Final = 200
"""Rows of a table in the page's text that could be as long as the log or the agreements."""
WORST: Final = 5
PICTURED: Final = 8
"""Clauses that have pictures of their own: those with the most breaches."""
PROVENANCE_TEXT: Final = 100_000


@dataclass(frozen=True)
class View:
    """The figures as the page shows them."""

    figures: Figures
    words: Words
    rows: Packed

    verdicts = VERDICTS
    most_rows = MOST_ROWS

    # ---------------------------------------------------------------- words
    def title(self, c: Any) -> str:
        """The title of a clause in the language of the page; its id where it has none."""
        said = c.title_pl or c.title if self.words.language == "pl" else c.title or c.title_pl
        return self.short(said or c.clause)

    def title_of(self, clause: str) -> str:
        """The same by its id."""
        found = self._by_clause.get(clause)
        return self.title(found) if found is not None else clause

    def bound(self, c: Conclusion | Finding) -> str:
        """How a clause binds whom, and, of a conclusion, what it is judged on."""
        w = self.words
        said = [w.said("strength", c.strength), w.said("party", c.party) if c.party else ""]
        said.append(w(f"level.{c.level}") if isinstance(c, Conclusion) else "")
        return ", ".join(filter(None, said))

    def place(self, c: Conclusion) -> str:
        """Where the text says it, in the language of the page, as far as there are words."""
        return self.short(c.cited_in(self.words.language))

    def place_foreign(self, c: Conclusion) -> bool:
        """Whether that is in English on a page that is not."""
        return self.words.language == "pl" and not c.cite_pl

    def lines(self, c: Conclusion) -> str:
        """The lines of the source, in brackets; empty for none."""
        lines = ", ".join(str(a) if a == b else f"{a}–{b}" for a, b in c.lines)
        one = len(c.lines) == 1 and c.lines[0][0] == c.lines[0][1]
        return f" ({self.words('html.line' if one else 'html.lines', lines=lines)})" if lines else ""

    def limit(self, c: Conclusion) -> str:
        """The limit, where it is one length on a clock."""
        w = self.words
        if c.limit_s is None:
            return ""
        clock = w("html.on_calendar", calendar=c.limit_calendar) if c.limit_calendar else w("html.real_time")
        stopped = "; " + w("html.stopped_in", states=", ".join(c.limit_stopped)) if c.limit_stopped else ""
        return f"{w.duration(c.limit_s)}, {clock}{stopped}"

    def range(self, rate: Rate) -> str:
        """What the rate would be if all that is undetermined were breached, or met; empty where that changes nothing."""
        if rate.low is None or rate.high is None or rate.low == rate.high == rate.rate:
            return ""
        return f"{self.words.percent(rate.low)}–{self.words.percent(rate.high)}"

    def interval(self, rate: Rate) -> str:
        """The confidence interval, where there is one."""
        found = rate.interval
        if found is None:
            return ""
        w = self.words
        return w(
            "conclusion.interval",
            low=w.percent(found.low),
            high=w.percent(found.high),
            confidence=w.percent(found.confidence, 0),
        )

    # ---------------------------------------------------------------- links
    def view(self, **asked: str) -> str:
        """The fragment of a view of the findings: `#?list=exceptions&clause=…`."""
        return "#?" + urlencode({name: self.key(value) for name, value in asked.items()})

    def key(self, text: str) -> str:
        """An identifier as the packed rows have it."""
        return short(text, MOST_ID, self.rows.note)

    def short(self, text: str) -> str:
        """A text that goes where templates do not make it short and visible."""
        return short(text, MOST_REASON, self.rows.note)

    # ---------------------------------------------------------------- order
    @cached_property
    def _by_clause(self) -> dict[str, Conclusion]:
        out: dict[str, Conclusion] = {}
        for c in self.figures.conclusions:
            out.setdefault(c.clause, c)
        return out

    def groups(self) -> Iterator[tuple[Total, Parted]]:
        """Each group with its clauses."""
        totals = {t.group: t for t in self.figures.totals}
        for group in GROUPS:
            if group in totals:
                mine = [c for c in self.figures.conclusions if c.group == group]
                yield totals[group], parted(mine)

    def total(self, group: Group) -> Total | None:
        """The sum of a group."""
        return next((t for t in self.figures.totals if t.group == group), None)

    def lacking(self, clauses: Iterable[Conclusion]) -> list[Lacking]:
        """Clauses of which nothing can be said, by the evidence that is missing."""
        return by_evidence(clauses)

    def open(self) -> int:
        """Of how many clauses nothing can be said."""
        return sum(c.open for c in self.figures.conclusions)

    def unsure(self, rate: Rate) -> bool:
        """Whether more is undetermined than decided, so that the rate of what is decided says little."""
        return rate.low is not None and rate.high is not None and rate.high - rate.low > 0.5

    def worst(self, group: Group = "guarantee") -> list[Conclusion]:
        """The clauses of a group with the most breaches."""
        found = [c for c in self.figures.conclusions if c.group == group and c.counts["breached"]]
        return sorted(found, key=lambda c: -c.counts["breached"])[:WORST]

    def listed(self) -> Iterator[tuple[str, Listed, int]]:
        """The kinds of findings: what there is of each, and how many are in the page."""
        found = self.figures.findings
        for kind in ("exceptions", "contested", "undetermined"):
            yield kind, getattr(found, kind), self.rows.listed[kind]

    def readings_taken(self) -> Iterator[ReadingTaken]:
        """All of them, in the language of the page."""
        return (r.said_in(self.words.language) for r in self.figures.method.readings)

    def readings(self) -> Iterator[tuple[ReadingTaken, list[Turned]]]:
        """The ambiguities whose readings would turn verdicts, with what they would turn: the most first."""
        taken = {r.ambiguity: r for r in self.readings_taken()}
        turned: dict[str, list[Turned]] = {}
        for t in self.figures.findings.turned:
            if t.ambiguity in taken:
                turned.setdefault(t.ambiguity, []).append(t)
        for name in sorted(turned, key=lambda name: (-sum(t.count for t in turned[name]), name)):
            yield taken[name], turned[name]

    def claims(self) -> Iterator[tuple[str, list[Claim]]]:
        """The tool's claims by their name, beside verdicts that say something."""
        found: dict[str, list[Claim]] = {}
        for claim in telling(self.figures)[0]:
            found.setdefault(claim.name, []).append(claim)
        return iter(found.items())

    def claims_left(self) -> int:
        """How many more stand beside undetermined verdicts alone."""
        return telling(self.figures)[1]

    def files(self) -> Iterator[tuple[str, str, str, str]]:
        """The files that the report comes from: what each is, its name, its size, its hash."""
        w, p = self.words, self.figures.provenance
        source = p["contract"].get("source")
        if source:
            yield w("method.text"), source["file"], "", source["sha256"]
        for kind in ("agreements", "log"):
            for file in p.get(kind) or ():
                size = (
                    w("provenance.bytes", n=w.number(file["bytes"])) if file.get("bytes") is not None else ""
                )
                yield w(f"provenance.{kind}"), file["file"], size, file.get("sha256") or ""
        mapping = p.get("mapping")
        if isinstance(mapping, dict) and mapping.get("file"):
            yield w("provenance.mapping"), mapping["file"], "", mapping.get("sha256") or ""
        for file in p.get("words") or ():
            yield w(f"provenance.words_{file['of']}"), file["file"], "", file["sha256"]

    def provenance(self) -> Markup:
        """The whole provenance as JSON."""
        text = json.dumps(self.figures.provenance, ensure_ascii=False, indent=1)
        said = visible(text[:PROVENANCE_TEXT], keep="\n")
        left = len(text) - PROVENANCE_TEXT
        return Markup.escape(f"{said}… {self.rows.note(left)}" if left > 0 else said)

    def facts(self) -> dict[str, Any]:
        """What the script knows of the figures."""
        return {
            "language": self.words.language,
            "clauses": {
                c.clause: [self.title(c), self.place(c), self.lines(c), self.place_foreign(c)]
                for c in self._by_clause.values()
            },
            "readings": {
                self.short(r.ambiguity): {
                    "question": self.short(r.question),
                    "means": {name: self.short(means) for name, means in ((r.taken, r.means), *r.others)},
                    "foreign": self.words.language == "pl" and not r.question_pl,
                }
                for r in self.readings_taken()
            },
            "ranked": list(self.figures.ranked),
            "found": {kind: listed.found for kind, listed, _ in self.listed()},
            "listed": {kind: here for kind, _, here in self.listed()},
            "left_out": self.rows.left_out,
            "contract": self.short(self.figures.scope.contract),
        }

    # ---------------------------------------------------------------- pictures
    def pictures(self) -> Iterator[tuple[str, list[Picture]]]:
        """Pictures by what they are of: each group that the provider is held to, then the clauses with the most breaches."""
        w = self.words
        for group in ("guarantee", "target", "estimate"):
            total = self.total(group)
            if total is None:
                continue
            mine = [c for c in self.figures.conclusions if c.group == group]
            curves = [(self.title(c), c.pictures.curve) for c in mine if c.pictures.curve is not None]
            curves.sort(key=lambda x: -x[1].acts)
            found = [
                pictures.months(total.pictures.months, w, f"{group}-m", w("picture.months"), "variables"),
                pictures.months_by_clause(mine, w, f"{group}-c", w("html.months_by_clause"), "variables"),
                pictures.curves(curves, w, f"{group}-t", w("picture.curve"), "variables"),
                pictures.hours(total.pictures.hours, w, f"{group}-h", w("picture.hours"), "variables"),
                pictures.margins(total.pictures.margins, w, f"{group}-g", w("picture.margins"), "variables"),
            ]
            drawn = list(_drawn(found))
            if drawn:
                yield w(f"group.{group}"), drawn

    def svg(self, picture: Picture) -> Markup:
        """A picture as markup: made by our own, its texts escaped."""
        return Markup(picture.svg)


def _drawn(found: Iterable[Picture | None]) -> Iterator[Picture]:
    return (p for p in found if p is not None)
