"""Pages to test with: rendered, taken apart again, and made of hostile values."""

from __future__ import annotations

import json
import re
import zlib
from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

from checker.report.data import as_data, of_data
from checker.report.model import Figures, Listed
from checker.report.rows import Explained, Finding, Report

VOID = frozenset({"meta", "br", "wbr", "input", "link", "img", "hr"})
HOSTILE = (
    "</script><script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>'",
    "<!--<script>",
    '=HYPERLINK("http://evil.example","x")',
    "abc\u202egnp.exe\u2066\u200b",
    "\x00\x1b[31mred\x07",
    "{{ 7*7 }}{% raw %}",
    "half \ud800 of one",
    "javascript:alert(1)",
    "&lt;b&gt; &amp; \u2028",
)
LONG = "<long>" * 170_000
"""About a megabyte."""


def with_findings(
    report: Report, findings: Any, explanations: Any = (), figures: Figures | None = None
) -> Report:
    """A report with other rows."""
    return replace(
        report,
        figures=figures or report.figures,
        findings=findings if callable(findings) else lambda: iter(findings),
        explanations=explanations if callable(explanations) else lambda: iter(explanations),
        clear=lambda: None,
    )


# --------------------------------------------------------------------------- many
def many(report: Report, count: int) -> Report:
    """A report with so many breaches, of all clauses of a kind alike; as a log of some years would have them."""
    clauses = [c for c in report.figures.conclusions if c.group in ("guarantee", "target")]
    # The rows go round the clauses, so that the first of them may have one more.
    each = {id(c): len(range(at, count, len(clauses))) for at, c in enumerate(clauses)}
    conclusions = tuple(
        replace(c, counts={**c.counts, "breached": each.get(id(c), 0)}) for c in report.figures.conclusions
    )
    found = replace(report.figures.findings, exceptions=Listed(count, count, min(count, 60_000), 0))
    first = datetime.fromisoformat("2024-01-01T08:00:00+01:00")

    def rows() -> Iterator[Finding]:
        for n in range(count):
            c = clauses[n % len(clauses)]
            opened = first + timedelta(seconds=40 * n)
            due = opened + timedelta(seconds=900 * (n % 90 + 1))
            late = n * 7919 % 90_000 + 1
            yield Finding(
                n + 1, f"agreement-{n * 31 % 3000:05}", f"INC{1_000_000 + 5 * n}", c.clause, "breached", c.strength,
                c.party, opened.isoformat(), opened.strftime("%Y-%m"), due.isoformat(),
                (due + timedelta(seconds=late)).isoformat() if n % 5 else None, "Europe/Warsaw", -late, late, n % 10 == 0,
                ("a.b=met",) if n % 10 == 0 else (), "came too late" if n < 60_000 else None, (),
                dict.fromkeys(report.figures.ranked, "ABC"[n % 3]), f"tickets.jsonl:{n * 4 + 1}", False,
            )  # fmt: skip

    return with_findings(
        report, rows, figures=replace(report.figures, conclusions=conclusions, findings=found)
    )


# --------------------------------------------------------------------------- hostile
_SAFE = frozenset(
    {
        *(
            "verdict",
            "strength",
            "party",
            "group",
            "level",
            "clause",
            "kind",
            "relation",
            "truth",
            "passes",
            "takes_over",
        ),
        *(
            "month",
            "months",
            "opened",
            "due",
            "done",
            "first",
            "last",
            "audited_at",
            "at",
            "until",
            "from",
            "to",
            "start",
        ),
        *("zone", "zones", "method", "language", "engine", "ranked", "attribute"),
    }
)
"""What no user writes: codes, instants, and names that the contract's grammar bounds."""


def hostile(report: Report, long: int = 12) -> Report:
    """The same report with a hostile value in every text that somebody writes; some are a megabyte long."""
    values = cycle(HOSTILE)
    rest = [long]

    def value(old: str) -> str:
        if rest[0] > 0 and len(old) % 5 == 0:
            rest[0] -= 1
            return LONG
        return next(values)

    def poisoned(data: Any, key: str = "") -> Any:
        if isinstance(data, str):
            return data if key in _SAFE or not data else value(data)
        if isinstance(data, dict):
            return {k: poisoned(v, k) for k, v in data.items()}
        if isinstance(data, list | tuple):
            return [poisoned(v, key) for v in data]
        return data

    figures = of_data(Figures, poisoned(as_data(report.figures)))
    findings = [
        f._replace(
            agreement=next(values),
            ticket=LONG if f.number == 3 else f"{f.number} {next(values)}",
            because=LONG if f.number == 5 else next(values),
            missing=(next(values),) if f.missing else (),
            ranked={k: next(values) for k in f.ranked},
            place=next(values),
        )
        for f in report.findings()
    ]
    explained = [
        Explained(e.number, poisoned(e.explanation), poisoned(e.timeline)) for e in report.explanations()
    ]
    return with_findings(report, findings, explained, figures)


# --------------------------------------------------------------------------- taken apart
@dataclass
class Node:
    """An element of a page."""

    tag: str
    attributes: dict[str, str | None]
    children: list[Node | str] = field(default_factory=list)

    def __iter__(self) -> Iterator[Node]:
        for child in self.children:
            if isinstance(child, Node):
                yield child
                yield from child

    @property
    def text(self) -> str:
        """All text in it, blanks made one."""
        whole = "".join(
            c if isinstance(c, str) else "" if c.tag == "wbr" else f" {c.text} " for c in self.children
        )
        return re.sub(r"\s+", " ", whole).strip()

    def all(self, tag: str, **attributes: str) -> list[Node]:
        """Elements of a tag with such attributes."""
        return [
            n
            for n in self
            if n.tag == tag and all(n.attributes.get(k.strip("_")) == v for k, v in attributes.items())
        ]

    def one(self, tag: str, **attributes: str) -> Node:
        """The only such element."""
        (found,) = self.all(tag, **attributes)
        return found


class _Parser(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = Node("", {})
        self.open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = Node(tag, dict(attrs))
        self.open[-1].children.append(node)
        if tag not in VOID:
            self.open.append(node)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Node(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open[-1].tag == tag, f"<{self.open[-1].tag}> is ended by </{tag}>"
        self.open.pop()

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def parsed(page: bytes) -> Node:
    """The page as a tree; every element is closed in its place."""
    parser = _Parser()
    parser.feed(page.decode("utf-8"))
    parser.close()
    assert parser.open == [parser.root]
    return parser.root


def pieces(page: Node, kind: str) -> list[Any]:
    """The packed pieces of a page: `findings` or `explanations`."""
    return [json.loads(zlib.decompress(b64decode(n.text))) for n in page.all("script", class_=kind)]


def unpacked(page: Node) -> list[dict[str, Any]]:
    """The findings of a page, as they went in."""
    return [row for piece in pieces(page, "findings") for row in _rows(piece)]


def _rows(piece: Any) -> Iterator[dict[str, Any]]:
    number = line = 0
    for i in range(piece["count"]):
        row: dict[str, Any] = {k: column[i] for k, column in piece["text"].items()}
        row |= {k: piece["names"][k][column[i]] for k, column in piece["of"].items()}
        number += piece["whole"]["number"][i]
        step = piece["whole"]["line"][i]
        line += step or 0
        opened = piece["at"]["opened"][i] or 0
        for name, column in piece["at"].items():
            at = None if column[i] is None else column[i] + (opened if name != "opened" else 0)
            written = piece["names"]["offset"][piece["offset"][name][i]] if piece["names"]["offset"] else ""
            row[name] = (
                None if at is None else (datetime(1970, 1, 1) + timedelta(seconds=at)).isoformat() + written
            )
        row |= {k: piece["whole"][k][i] for k in ("margin_s", "late_s", "contested", "explained")}
        row |= {"number": number, "place": row.pop("file") if step is None else f"{row.pop('file')}:{line}"}
        yield row
