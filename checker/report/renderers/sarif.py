"""The findings of a report as SARIF 2.1.0 (OASIS Static Analysis Results Interchange Format), for tools that show results at their place.

A clause is a rule, a finding a result at the line of the record where its ticket begins. A breach is `fail`: an `error` where the clause is
a guarantee or a duty, a `warning` where to miss it is no breach of contract. What is undetermined is `open`, what is contested and not
breached is for `review`: their level is `none`, as the format asks.
"""

from __future__ import annotations

import json
import re
from typing import Any, Final
from urllib.parse import quote

from checker.render.rows import Sink
from checker.report.inert import shortened
from checker.report.model import Conclusion
from checker.report.rows import Finding, Report
from checker.report.words import Words

NEEDS: Final = ()
SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_PLACE: Final = re.compile(
    r"(?P<file>.*?)(?::(?P<line>\d+)(?::(?P<column>\d+))?)?(?:: (?P<within>.*))?", re.DOTALL
)
_LEVELS: Final = {"guarantee": "error", "duty": "error"}


def render(report: Report, words: Words, out: Sink) -> None:
    """Write it: one result a line."""
    figures = report.figures
    rules = list({c.clause: _rule(c, words) for c in figures.conclusions}.values())
    place = {rule["id"]: i for i, rule in enumerate(rules)}
    driver = {
        "name": "Servanda",
        "version": figures.method.engine,
        "language": words.language,
        "rules": rules,
    }
    provenance = dict(figures.provenance)
    artifacts = [
        {
            "location": {"uri": quote(x["file"])},
            "length": x["bytes"],
            "hashes": {"sha-256": x["sha256"]},
            "roles": ["analysisTarget"],
        }
        for x in provenance["log"]
    ]
    out.write(f'{{"$schema": {_text(SCHEMA)}, "version": "2.1.0", "runs": [{{\n'.encode())
    out.write(f'"tool": {_text({"driver": driver})},\n'.encode())
    out.write(f'"artifacts": {_text(artifacts)},\n'.encode())
    out.write(f'"properties": {_text({"provenance": provenance})},\n"results": ['.encode())
    lead = "\n"
    for f in report.findings():
        out.write((lead + _text(_result(f, place[f.clause], words))).encode())
        lead = ",\n"
    out.write(b"\n]}]}\n")


def _rule(c: Conclusion, words: Words) -> dict[str, Any]:
    title = c.title_pl if words.language == "pl" and c.title_pl else c.title
    return {
        "id": c.clause,
        "name": c.clause,
        "shortDescription": {"text": title or c.clause},
        "fullDescription": {"text": words(f"group_means.{c.group}")},
        "defaultConfiguration": {"level": _LEVELS.get(c.strength, "warning")},
        "properties": {
            "strength": c.strength,
            "party": c.party,
            "cite": c.cited_in(words.language),
            "lines": c.lines,
        },
    }


def _result(f: Finding, rule: int, words: Words) -> dict[str, Any]:
    breached = f.verdict == "breached"
    kind = "fail" if breached else "open" if f.verdict == "undetermined" else "review"
    said = [f"{f.ticket or f.agreement}: {words(f'verdict.{f.verdict}')}"]
    said += [x for x in (f.because, *(f.turns or ())) if x]
    found = _PLACE.fullmatch(f.place)
    assert found is not None, "every text matches"
    location: dict[str, Any] = {"artifactLocation": {"uri": quote(found["file"])}}
    if found["line"] is not None:
        column = {"startColumn": int(found["column"])} if found["column"] is not None else {}
        location["region"] = {"startLine": int(found["line"]), **column}
    return {
        "ruleId": f.clause,
        "ruleIndex": rule,
        "kind": kind,
        "level": _LEVELS.get(f.strength, "warning") if breached else "none",
        "message": {"text": shortened("; ".join(said))[0]},
        "locations": [{"physicalLocation": location}] if found["file"] else [],
        "partialFingerprints": {
            "record/v1": json.dumps([f.agreement, f.ticket, f.clause], ensure_ascii=True)
        },
        "properties": {
            "agreement": f.agreement,
            "ticket": f.ticket,
            "strength": f.strength,
            "due": f.due,
            "done": f.done,
            "margin_s": f.margin_s,
            "contested": f.contested,
            "within": found["within"],
        },
    }


def _text(value: Any) -> str:
    # In ASCII nothing of a record can be taken for anything else, or turn the direction of a line.
    return json.dumps(value, ensure_ascii=True)
