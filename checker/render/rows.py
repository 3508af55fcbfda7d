"""Verdicts as rows: long (one row a ticket and clause) or wide (one row a ticket, one column a clause)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple, Protocol

from checker.clock.zones import zone as zone_of
from checker.interpret.verdicts import Judgement, Outcome
from dsl import phrase

MOST_ROWS = 40
"""Exceptions printed on a terminal; the rest are counted and said to be in the file formats."""

LONG = (
    "agreement",
    "ticket",
    "clause",
    "verdict",
    "due",
    "done",
    "margin_s",
    "contested",
    "because",
    "strength",
    "party",
    "claims",
)


class Sink(Protocol):
    """What takes the bytes of rows."""

    def write(self, block: bytes, /) -> int:
        """Take some bytes; how many."""


class Term(NamedTuple):
    """How strongly a clause binds and whom: a missed estimate is no breach of contract, and a duty is the customer's."""

    strength: str
    party: str

    def of(self, outcome: Outcome) -> Term:
        """The same for one verdict: where the sentences of the clause differ, that of the sentence that gave it."""
        found = outcome.sentence
        return Term(found.strength, phrase.party(found.party)) if found is not None else self


def iso(second: int | None, zone: str | None) -> str | None:
    """An instant as ISO 8601 with the offset of a zone (UTC without one)."""
    if second is None:
        return None
    tz = zone_of(zone) if zone is not None else UTC
    return datetime.fromtimestamp(second, tz).isoformat()


def long_row(
    j: Judgement, zone: str | None, term: Term, claims: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One judgement.

    `claims`: what the tool that kept the log says of the ticket, to compare with, never a fact. `contested` lists
    `ambiguity.reading=verdict` for each reading that would turn it.
    """
    o = j.outcome
    contested = [f"{f.ambiguity}.{f.reading}={f.verdict}" for f in j.contested]
    return {
        "agreement": j.agreement,
        "ticket": j.ticket,
        "clause": j.clause,
        "verdict": str(o.verdict),
        "due": iso(o.due, zone),
        "done": iso(o.done, zone),
        "margin_s": o.margin,
        "contested": contested,
        "because": o.because,
        "strength": term.of(o).strength,
        "party": term.of(o).party,
        "claims": [f"{name}={_claim(value)}" for name, value in sorted((claims or {}).items())],
    }


def _claim(value: Any) -> str:
    """A claim as text: a word in small letters, a list of clocks as JSON."""
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return str(value).lower()


def wide_rows(judgements: Iterable[Judgement], clauses: list[str]) -> Iterator[dict[str, Any]]:
    """One row a ticket (or agreement), and a verdict for each clause; `contested` lists those that a reading would turn."""
    current: dict[str, Any] | None = None
    for j in judgements:
        if current is None or (current["agreement"], current["ticket"]) != (j.agreement, j.ticket):
            if current is not None:
                yield current
            current = {
                "agreement": j.agreement,
                "ticket": j.ticket,
                **dict.fromkeys(clauses),
                "contested": [],
            }
        current[j.clause] = str(j.verdict)
        if j.contested:
            current["contested"].append(j.clause)
    if current is not None:
        yield current


def json_rows(rows: Iterable[Mapping[str, Any]]) -> str:
    """One JSON object a line, keys in the order of the columns."""
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def csv_rows(rows: Iterable[Mapping[str, Any]], columns: Iterable[str]) -> str:
    """Comma-separated, RFC 4180, without a header; what a spreadsheet could read as a formula is quoted as text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = list(columns)
    for row in rows:
        writer.writerow([cell(row[n]) for n in names])
    return out.getvalue()


def cell(value: Any) -> str:
    """A value as a cell of a table: none is empty, a list joined; what a spreadsheet could read as a formula is quoted as text."""
    if value is None:
        return ""
    if isinstance(value, int):
        return str(value)
    text = "; ".join(value) if isinstance(value, list) else str(value)
    # Also what looks as if it were quoted already: so that whoever takes one quote away has the text.
    return "'" + text if text.lstrip("'")[:1] in FORMULA and text else text


FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
"""With what a text begins that a spreadsheet could read as a formula."""


def unquoted(text: str) -> str:
    """A text as it was before `cell` quoted it."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in FORMULA and text.lstrip("'") else text
