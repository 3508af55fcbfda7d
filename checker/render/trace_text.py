"""Traceability as text: the text's lines with the clauses that cite them, each clause with its lines, and what nothing cites."""

from __future__ import annotations

from collections.abc import Callable

from checker.audit.traceability import Cited, Trace

WORDS = {
    "en": {
        "heading": "The text of {file} ({count} lines) against the contract {contract}",
        "by_line": "Lines, and what cites them",
        "by_clause": "Clauses, and the lines that they cite",
        "uncited": "Lines that no clause cites",
        "uncounted": "(no copy of the text was given: which of these are blank is not known)",
        "none": "none",
        "without": "Clauses without a citation",
        "stated": "stated only",
        "sum": "clauses cite {cited} of {count} lines; there are {clauses} clauses, and {others} definitions that cite",
        "text": "text",
        "reading": "clause and what it says",
        "line": "line",
        "lines": "lines",
        "absent": "The text itself is not on this page: no copy of it was given.",
        "again": "goes on",
    },
    "pl": {
        "heading": "Tekst {file} ({count} wierszy) wobec umowy {contract}",
        "by_line": "Wiersze i klauzule, które je przytaczają",
        "by_clause": "Klauzule i przytaczane przez nie wiersze",
        "uncited": "Wiersze, których nie przytacza żadna klauzula",
        "uncounted": "(nie podano kopii tekstu: nie wiadomo, które z nich są puste)",
        "none": "brak",
        "without": "Klauzule bez przytoczenia",
        "stated": "tylko odnotowana",
        "sum": "klauzule przytaczają {cited} z {count} wierszy; klauzul jest {clauses}, a definicji z przytoczeniem {others}",
        "text": "tekst",
        "reading": "klauzula i jej treść",
        "line": "wiersz",
        "lines": "wiersze",
        "absent": "Samego tekstu na tej stronie nie ma: nie podano jego kopii.",
        "again": "ciąg dalszy",
    },
}
"""What the report says, by language."""


def span(a: int, b: int) -> str:
    """`12`, or `12-14`."""
    return str(a) if a == b else f"{a}-{b}"


def spans(lines: tuple[tuple[int, int], ...]) -> str:
    """`12-14, 20`."""
    return ", ".join(span(a, b) for a, b in lines)


def head(c: Cited) -> str:
    """What a clause or a definition goes by: the id of a clause, the kind and the name of a definition."""
    if c.kind == "clause":
        return c.name
    return f"{c.called} ({c.name})" if c.called else f"{c.kind} {c.name}"


def summed(t: Trace, language: str) -> str:
    """How much of the text is cited, in one sentence."""
    cited = t.written - sum(b - a + 1 for a, b in t.uncited)
    clauses = sum(c.kind == "clause" for c in t.cited)
    return WORDS[language]["sum"].format(
        cited=cited, count=t.written, clauses=clauses, others=len(t.cited) - clauses
    )


def trace_text(t: Trace, reading: Callable[[str], str], language: str = "en") -> str:
    """The whole report. `reading` gives the words of a clause by its id."""
    w = WORDS[language]
    out = [w["heading"].format(file=t.file, count=t.count, contract=t.contract), summed(t, language)]
    out += ["", w["by_line"]]
    for s in t.segments:
        if s.by:
            out.append(f"  {span(s.first, s.last):>9}  {', '.join(c.name for c in s.by)}")
            if t.text is not None:
                out += [f"  {n:>9}    | {t.text[n - 1]}".rstrip() for n in range(s.first, s.last + 1)]
    out += ["", w["by_clause"]]
    for c in t.cited:
        if c.lines:
            stated = f" ({w['stated']})" if c.stated else ""
            out.append(f"  {head(c)}: {spans(c.lines)}; {c.place}{stated}")
            if c.kind == "clause":
                out.append(f"      {c.title or c.name}")
            out += [f"        {line}" for line in reading(c.name).split("\n")]
    out += ["", w["uncited"] + ("" if t.text is not None else " " + w["uncounted"])]
    for a, b in t.uncited:
        out.append(f"  {span(a, b):>9}")
        if t.text is not None:
            out += [
                f"  {n:>9}    | {t.text[n - 1]}".rstrip() for n in range(a, b + 1) if t.text[n - 1].strip()
            ]
    out += [] if t.uncited else [f"  {w['none']}"]
    if t.without_citation:
        out += ["", w["without"], *(f"  {c.name}" for c in t.without_citation)]
    return "\n".join(out) + "\n"
