"""A report as JSON: the figures, then the rows, in the form of the published schema (`schemas/report.schema.json`)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, Final

from checker.render.rows import Sink
from checker.report.data import as_data
from checker.report.rows import Report
from checker.report.words import Words

NEEDS: Final = ()


def render(report: Report, words: Words, out: Sink) -> None:
    """Write it: figures indented, rows one a line. It is the same in every language."""
    out.write(b'{\n"figures": ' + _text(as_data(report.figures), indent=1))
    _rows(out, "set_aside", report.set_aside())
    _rows(out, "findings", report.findings())
    _rows(out, "explanations", report.explanations())
    out.write(b"\n}\n")


def _rows(out: Sink, name: str, rows: Iterable[Any]) -> None:
    out.write(f',\n"{name}": ['.encode())
    lead = b"\n"
    for row in rows:
        out.write(lead + _text(as_data(row)))
        lead = b",\n"
    out.write(b"]")


def _text(value: Any, indent: int | None = None) -> bytes:
    separators = (",", ":") if indent is None else (",", ": ")
    return json.dumps(value, ensure_ascii=False, indent=indent, separators=separators).encode(
        "utf-8", "surrogatepass"
    )
