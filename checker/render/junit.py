"""Verdicts as JUnit XML: a suite for each clause, a case for each ticket; what pipelines already show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TextIO
from xml.sax.saxutils import escape, quoteattr

from checker.interpret.verdicts import Judgement, Verdict
from checker.render.rows import Term


def _clean(text: str) -> str:
    """XML 1.0 has no control characters."""
    return "".join(c if c in "\t\n" or ord(c) >= 32 else "?" for c in text)


def write_junit(judgements: Iterable[Judgement], terms: Mapping[str, Term], out: TextIO) -> None:
    """Breached is a failure; undetermined an error; what does not apply, is excluded, not entitled or pending is skipped."""
    by_clause: dict[str, list[Judgement]] = {}
    for j in judgements:
        by_clause.setdefault(j.clause, []).append(j)
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="servanda">\n')
    for clause, found in by_clause.items():
        failures = sum(j.verdict is Verdict.BREACHED for j in found)
        errors = sum(j.verdict is Verdict.UNDETERMINED for j in found)
        skipped = sum(j.verdict not in (Verdict.BREACHED, Verdict.UNDETERMINED, Verdict.MET) for j in found)
        out.write(
            f'  <testsuite name={quoteattr(_clean(clause))} tests="{len(found)}" '
            f'failures="{failures}" errors="{errors}" skipped="{skipped}">\n'
        )
        for j in found:
            _write_case(j, terms[clause], out)
        out.write("  </testsuite>\n")
    out.write("</testsuites>\n")


def _write_case(j: Judgement, term: Term, out: TextIO) -> None:
    name = quoteattr(_clean(j.ticket or j.agreement))
    if j.verdict is Verdict.MET:
        out.write(f"    <testcase classname={quoteattr(_clean(j.clause))} name={name}/>\n")
        return
    kind = {Verdict.BREACHED: "failure", Verdict.UNDETERMINED: "error"}.get(j.verdict, "skipped")
    said = term.of(j.outcome)
    message = _clean(f"{j.verdict} ({said.strength}, {said.party}): {j.outcome.because}")
    type_ = f" type={quoteattr(str(j.verdict))}" if kind != "skipped" else ""
    out.write(f"    <testcase classname={quoteattr(_clean(j.clause))} name={name}>\n")
    out.write(
        f"      <{kind} message={quoteattr(message)}{type_}>{escape(message)}</{kind}>\n    </testcase>\n"
    )
