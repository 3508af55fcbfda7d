"""Verdicts as JUnit XML: a suite for each clause, a case for each ticket; what pipelines already show."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from checker.interpret.verdicts import Judgement, Verdict
from checker.render.rows import Sink, Term

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="servanda">\n'
"""What stands before the first suite."""
FOOT = "</testsuites>\n"
SUITE_FOOT = "  </testsuite>\n"


def _clean(text: str) -> str:
    """XML 1.0 has no control characters."""
    return "".join(c if c in "\t\n" or ord(c) >= 32 else "?" for c in text)


class Suites:
    """The cases of each clause, as text: breached is a failure; undetermined an error; what does not apply, is excluded, not
    entitled or pending is skipped.
    """

    def __init__(self, terms: Mapping[str, Term]) -> None:
        self._terms = terms
        self._texts: dict[str, io.StringIO] = {}
        self._counts: dict[str, dict[str, int]] = {}

    def add(self, j: Judgement) -> None:
        """One more case."""
        text = self._texts.setdefault(j.clause, io.StringIO())
        counts = self._counts.setdefault(j.clause, {"tests": 0, "failures": 0, "errors": 0, "skipped": 0})
        counts["tests"] += 1
        if j.verdict is not Verdict.MET:
            kind = {Verdict.BREACHED: "failures", Verdict.UNDETERMINED: "errors"}.get(j.verdict, "skipped")
            counts[kind] += 1
        text.write(_case(j, self._terms[j.clause]))

    def write(self, out: Sink) -> list[dict[str, Any]]:
        """Write the cases clause by clause; where each clause's begin, how many bytes they take, and their counts."""
        written: list[dict[str, Any]] = []
        at = 0
        for clause, text in self._texts.items():
            size = out.write(text.getvalue().encode())
            written.append({"clause": clause, "at": at, "bytes": size, **self._counts[clause]})
            at += size
        return written


def suite_head(parts: Iterable[Mapping[str, Any]]) -> str:
    """The line that begins a suite, of the counts of all its parts."""
    parts = list(parts)
    tests, failures, errors, skipped = (
        sum(part[name] for part in parts) for name in ("tests", "failures", "errors", "skipped")
    )
    return (
        f'  <testsuite name={quoteattr(_clean(parts[0]["clause"]))} tests="{tests}" '
        f'failures="{failures}" errors="{errors}" skipped="{skipped}">\n'
    )


def _case(j: Judgement, term: Term) -> str:
    name = quoteattr(_clean(j.ticket or j.agreement))
    if j.verdict is Verdict.MET:
        return f"    <testcase classname={quoteattr(_clean(j.clause))} name={name}/>\n"
    kind = {Verdict.BREACHED: "failure", Verdict.UNDETERMINED: "error"}.get(j.verdict, "skipped")
    said = term.of(j.outcome)
    message = _clean(f"{j.verdict} ({said.strength}, {said.party}): {j.outcome.because}")
    type_ = f" type={quoteattr(str(j.verdict))}" if kind != "skipped" else ""
    return (
        f"    <testcase classname={quoteattr(_clean(j.clause))} name={name}>\n"
        f"      <{kind} message={quoteattr(message)}{type_}>{escape(message)}</{kind}>\n    </testcase>\n"
    )
