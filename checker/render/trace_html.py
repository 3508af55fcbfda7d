"""Traceability as one HTML page: the text on the left, the clauses that cite it on the right. Nothing is loaded from outside."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from checker.audit.traceability import Cited, Segment, Trace
from checker.render.trace_text import WORDS, head, span, spans, summed

_STYLE = """
:root { color-scheme: light dark; --line: #d7d7d2; --soft: #f4f3ee; --ink: #1d1d1b; --dim: #6b6b66; --mark: #7a4b00; }
@media (prefers-color-scheme: dark) {
  :root { --line: #3a3a38; --soft: #242422; --ink: #ecebe6; --dim: #a3a29b; --mark: #e5b567; }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 84rem; padding: 1.5rem; color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.3rem; margin: 0 0 .3rem; }
h2 { font-size: 1.05rem; margin: 2rem 0 .5rem; }
p { margin: .2rem 0; color: var(--dim); }
.row { display: grid; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); gap: 1.2rem; border-top: 1px solid var(--line); }
.row.bare .text { color: var(--dim); background: var(--soft); }
.text, .said { padding: .5rem; overflow-wrap: anywhere; }
.text div { display: grid; grid-template-columns: 3.4rem 1fr; }
.text span { color: var(--dim); font-variant-numeric: tabular-nums; }
.card { margin: 0 0 .7rem; }
.card b { display: block; }
.card code, .again { color: var(--dim); font-size: .85em; }
.reading { margin: .3rem 0 0; padding: .5rem; background: var(--soft); font-size: .88em; line-height: 1.45; }
.reading p { color: inherit; padding-left: 1.2em; text-indent: -1.2em; }
.reading .in2 { margin-left: 1.2em; } .reading .in4 { margin-left: 2.4em; }
.reading .in6 { margin-left: 3.6em; } .reading .in8 { margin-left: 4.8em; }
.again + .card { margin-top: .6rem; }
.stated b::after { content: " ·"; color: var(--mark); }
a { color: inherit; }
@media (max-width: 52rem) { .row { grid-template-columns: 1fr; gap: 0; } }
@media print { body { max-width: none; padding: 0; } .row { break-inside: avoid-page; } }
"""


def trace_html(t: Trace, reading: Callable[[str], str], language: str = "en") -> str:
    """The page. `reading` gives the words of a clause by its id, of a definition by its name."""
    w = WORDS[language]
    heading = escape(w["heading"].format(file=t.file, count=t.count, contract=t.contract))
    parts = [
        "<!DOCTYPE html>",
        f'<html lang="{language}"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{heading}</title><style>{_STYLE}</style></head><body>",
        f"<h1>{heading}</h1><p>{escape(summed(t, language))}</p>",
    ]
    if t.text is None:
        parts.append(f"<p>{escape(w['absent'])}</p>")
    parts.append(f'<div class="row"><p class="text">{w["text"]}</p><p class="said">{w["reading"]}</p></div>')
    shown: set[str] = set()
    for s in t.segments:
        parts += _row(s, t, reading, language, shown)
    parts.append(f"<h2>{escape(w['uncited'])}</h2>")
    if t.text is None:
        parts.append(f"<p>{escape(w['uncounted'])}</p>")
    uncited = ", ".join(f'<a href="#l{a}">{span(a, b)}</a>' for a, b in t.uncited)
    parts.append(f"<p>{uncited or w['none']}</p>")
    if t.without_citation:
        names = ", ".join(escape(c.name) for c in t.without_citation)
        parts.append(f"<h2>{escape(w['without'])}</h2><p>{names}</p>")
    return "\n".join([*parts, "</body></html>"]) + "\n"


def _row(
    s: Segment, t: Trace, reading: Callable[[str], str], language: str, shown: set[str]
) -> Iterator[str]:
    """One stretch of lines beside what cites it; a clause is told in full where its first line stands."""
    blank = t.text is not None and not any(x.strip() for x in t.text[s.first - 1 : s.last])
    if not s.by and blank:
        return
    yield f'<div class="row{"" if s.by else " bare"}" id="l{s.first}"><div class="text">'
    if t.text is None:
        yield f"<div><span>{span(s.first, s.last)}</span></div>"
    else:
        for n in range(s.first, s.last + 1):
            yield f"<div><span>{n}</span>{escape(t.text[n - 1])}</div>"
    yield '</div><div class="said">'
    for c in s.by:
        if c.name in shown:
            link = f'<a href="#{escape(c.name)}" title="{escape(c.name)}">{escape(_called(c))}</a>'
            yield f'<div class="again">{link} {WORDS[language]["again"]}</div>'
        else:
            shown.add(c.name)
            yield _card(c, reading, language)
    yield "</div></div>"


def _card(c: Cited, reading: Callable[[str], str], language: str) -> str:
    w = WORDS[language]
    stated = f" · {w['stated']}" if c.stated else ""
    one = len(c.lines) == 1 and c.lines[0][0] == c.lines[0][1]
    where = f"{w['line' if one else 'lines']} {spans(c.lines)} · {c.place}{stated}"
    return (
        f'<div class="card{" stated" if c.stated else ""}" id="{escape(c.name)}">'
        f"<b>{escape(_called(c))}</b><code>{escape(c.name)} · {escape(where)}</code>"
        f"{_reading(reading(c.name))}</div>"
    )


def _called(c: Cited) -> str:
    """The title of a clause; the kind and the name of a definition."""
    return (c.title or c.name) if c.kind == "clause" else (c.called or head(c))


def _reading(text: str) -> str:
    """The lines of a reading; a line that goes on does so below its own beginning."""
    lines = (
        (len(line) - len(line.lstrip(" ")), escape(line.strip())) for line in text.split("\n") if line.strip()
    )
    return (
        '<div class="reading">'
        + "".join(f'<p class="in{min(n, 8)}">{line}</p>' for n, line in lines)
        + "</div>"
    )
