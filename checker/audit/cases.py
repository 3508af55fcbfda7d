"""Cases: the unit tests of a contract. A small history, an audit instant, and the verdict that the text gives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from checker.audit.library import known_ambiguities
from checker.audit.words import words_of
from checker.interpret.case import Case, Together, case_of_agreement, case_of_ticket
from checker.interpret.judge import Judge
from checker.interpret.trace import Trace
from checker.interpret.verdicts import Judgement, Verdict, worst_rank
from checker.interpret.world import Book
from checker.record.agreements import agreement_of, yaml_documents
from checker.record.flaws import Flaw, did_you_mean, field_name
from checker.record.histories import event, in_order
from checker.record.model import Agreement, Event, Fault, Ticket
from checker.record.values import instant
from checker.record.words import Words
from checker.record.yaml_text import Document
from dsl.vocabulary import Vocabulary

KEYS = frozenset({"id", "clause", "agreement", "events", "as_of", "readings", "expect"})
EXPECT_KEYS = frozenset({"verdict", "due", "because"})
ONE = "T"
"""The ticket of events that name none."""


@dataclass(frozen=True, slots=True)
class CaseResult:
    """A case, what it expects, and what came out.

    `outcome`: passed, failed, no_clause; or disputed, where it fails and the contract's own file argues that the case is wrong.
    """

    id: str
    clause: str
    outcome: Literal["passed", "failed", "no_clause", "disputed"]
    expected: str
    got: str | None
    due_expected: str | None
    due_got: int | None
    judgement: Judgement | None
    file: str
    line: int | None


def run_cases(
    paths: list[Path], book: Book, vocabulary: Vocabulary, trace: Trace | None = None
) -> list[CaseResult]:
    """Run every case of some files against a contract. `trace` notes what the evaluations went through.

    Raises:
        Fault: a file or a case that cannot be read.
    """
    out: list[CaseResult] = []
    seen: dict[str, str] = {}
    words = words_of(vocabulary, book.contract).of_facts_alone()
    for path in paths:
        for raw, document, index in _cases(path):
            try:
                defaults = _defaults(path, book.contract.name)
                result = _run(raw, document, index, book, vocabulary, words, defaults, trace)
            except Flaw as flaw:
                place = document.place((index, *flaw.path))
                raise Fault(
                    place, f"{field_name(flaw.path)}: {flaw.reason}", flaw.found, flaw.remedy
                ) from flaw
            if result.id in seen:
                place = document.place((index, "id"))
                raise Fault(
                    place,
                    "two cases have one id",
                    result.id,
                    f"give one another id (the first is in {seen[result.id]})",
                )
            seen[result.id] = path.name
            out.append(result)
    return out


def disputes(path: Path) -> dict[str, str]:
    """The cases that a contract argues against: id, and the argument; none where there is no such file.

    Raises:
        Fault: the file is no mapping of ids to arguments.
    """
    if not path.is_file():
        return {}
    document = yaml_documents(path)[0]
    value = document.value
    if not isinstance(value, dict) or not all(isinstance(v, str) and v.strip() for v in value.values()):
        raise Fault(
            document.place(()), "disputed cases are a mapping of ids to arguments", "", "write `id: why`"
        )
    return {str(k): v for k, v in value.items()}


def with_disputes(results: list[CaseResult], argued: Mapping[str, str]) -> list[CaseResult]:
    """The results, a failure that is argued against told apart; one that is and passes is a failure of the argument."""
    out = []
    for r in results:
        if r.id in argued and r.outcome in ("failed", "passed"):
            r = replace(r, outcome="disputed" if r.outcome == "failed" else "failed")
        out.append(r)
    return out


def _cases(path: Path) -> list[tuple[dict[str, Any], Document, int]]:
    documents = yaml_documents(path)
    out = []
    for document in documents:
        if not isinstance(document.value, list):
            raise Fault(
                document.place(()), "a case file is a list of cases", "", "begin each case with `- id:`"
            )
        for i, raw in enumerate(document.value):
            if not isinstance(raw, dict):
                raise Fault(document.place((i,)), "a case is a mapping", "", "begin it with `- id:`")
            out.append((raw, document, i))
    return out


@lru_cache(maxsize=64)
def _defaults(path: Path, contract: str) -> Mapping[str, Any]:
    """Facts common to all cases of a contract, in `<contract>.defaults.yaml` beside the file."""
    file = path.parent / f"{contract}.defaults.yaml"
    if not file.is_file():
        return {}
    value = yaml_documents(file)[0].value
    if not isinstance(value, dict):
        raise Fault(
            yaml_documents(file)[0].place(()),
            "the defaults are a mapping of facts",
            "",
            "write `fact: value`",
        )
    return value


def _need(raw: Mapping[str, Any], key: str, kind: type, what: str, *path: str) -> Any:
    if key not in raw:
        raise Flaw((*path, key), "", f"{key} is missing", f"write {key}: {what}")
    if not isinstance(raw[key], kind):
        raise Flaw((*path, key), str(raw[key])[:40], f"{key} is not {what}", f"write {key}: {what}")
    return raw[key]


def _check_facts(raw: Mapping[str, Any], defaults: Mapping[str, Any], contract: str, words: Words) -> None:
    """The facts of a case keep the types of the vocabulary, as an agreement's do."""
    given = raw.get("agreement")
    if isinstance(given, dict):
        try:
            agreement_of({"contract": contract, **defaults, **given}, id="case", words=words)
        except Flaw as flaw:
            raise Flaw(("agreement", *flaw.path), flaw.found, flaw.reason, flaw.remedy) from None


def _run(
    raw: dict[str, Any],
    document: Document,
    index: int,
    book: Book,
    vocabulary: Vocabulary,
    words: Words,
    defaults: Mapping[str, Any],
    trace: Trace | None,
) -> CaseResult:
    unknown = sorted(set(raw) - KEYS)
    if unknown:
        raise Flaw((unknown[0],), "", f"a case has no key {unknown[0]}", did_you_mean(unknown[0], KEYS))
    expect = _need(raw, "expect", dict, "a mapping with verdict, due, because")
    identity, clause = _need(raw, "id", str, "a text"), _need(raw, "clause", str, "a clause id")
    expected, due = _expected(expect)
    place = document.place((index, "id"))
    if clause not in book.clauses or _uncheckable(book, clause):
        return CaseResult(
            identity, clause, "no_clause", expected, None, due, None, None, place.file, place.line
        )
    _check_facts(raw, defaults, book.contract.name, words)
    judgement = judge_case(raw, book, vocabulary, defaults, trace)
    due_second = instant(due, ("expect", "due"))[0] if due is not None else None
    ok = judgement.verdict == expected and (due_second is None or judgement.outcome.due == due_second)
    return CaseResult(
        identity,
        clause,
        "passed" if ok else "failed",
        expected,
        str(judgement.verdict),
        due,
        judgement.outcome.due,
        judgement,
        place.file,
        place.line,
    )


def _expected(expect: dict[str, Any]) -> tuple[str, str | None]:
    """The verdict and the due instant that a case expects."""
    for key in sorted(str(k) for k in set(expect) - EXPECT_KEYS):
        # A comma in an unquoted `because` makes keys of its words; only what looks like a misspelling is a fault.
        hint = did_you_mean(key, EXPECT_KEYS)
        if hint:
            raise Flaw(("expect", key), "", f"expect has no key {key}", hint)
    verdict, due = str(_need(expect, "verdict", str, "a verdict", "expect")), expect.get("due")
    if verdict not in list(Verdict):
        names = [str(v) for v in Verdict]
        hint = did_you_mean(verdict, names) or f"write one of {', '.join(names)}"
        raise Flaw(("expect", "verdict"), verdict, "there is no such verdict", hint)
    if due is not None:
        instant(due, ("expect", "due"))
    return verdict, due


def _uncheckable(book: Book, clause: str) -> bool:
    from dsl import contract as ir

    sentences = book.clauses[clause].sentences
    return all(isinstance(x, ir.Stated) for line in sentences for x in line.all())


def judge_case(
    raw: Mapping[str, Any],
    book: Book,
    vocabulary: Vocabulary,
    defaults: Mapping[str, Any],
    trace: Trace | None = None,
) -> Judgement:
    """The judgement of the clause of a case: of all its tickets the worst. Raises Flaw."""
    clause = str(raw["clause"])
    now = instant(_need(raw, "as_of", str, "an instant"), ("as_of",))[0]
    readings = raw.get("readings") or {}
    _check_readings(readings, book)
    judgements = []
    for case in cases_of(raw, book, vocabulary, defaults, now):
        judge = Judge(book, case, now, readings)
        judge.world.trace = trace
        judgements.append(judge.verdict(clause))
    return min(judgements, key=lambda j: worst_rank(j.verdict))


def _check_readings(readings: Any, book: Book) -> None:
    if not isinstance(readings, dict):
        raise Flaw(
            ("readings",),
            str(readings)[:40],
            "readings are a mapping",
            "write readings: {ambiguity: reading}",
        )
    for name, reading in readings.items():
        known = book.ambiguities.get(name)
        # One that the contract does not decide is described all the same: no verdict hangs on it.
        there = [r for r, _ in known.readings] if known is not None else known_ambiguities().get(name)
        if there is None:
            raise Flaw(
                ("readings", str(name)),
                "",
                f"{book.contract.name} has no ambiguity {name}",
                did_you_mean(str(name), book.ambiguities) or "see `servanda show`",
            )
        if reading not in there:
            raise Flaw(
                ("readings", name),
                str(reading),
                f"{name} has no such reading",
                f"write one of {', '.join(sorted(there))}",
            )


def cases_of(
    raw: Mapping[str, Any], book: Book, vocabulary: Vocabulary, defaults: Mapping[str, Any], now: int
) -> list[Case]:
    """The records that the clause of a case judges: each of its tickets, or the agreement."""
    facts = {**defaults, **_need(raw, "agreement", dict, "a mapping of facts")}
    facts.setdefault("contract", book.contract.name)
    if facts["contract"] != book.contract.name:
        raise Flaw(
            ("agreement", "contract"),
            str(facts["contract"]),
            "the agreement is under another contract",
            f"write contract: {book.contract.name}, or test the other contract with this case",
        )
    agreement = agreement_of(facts, id="case")
    listed = _need(raw, "events", list, "a list of events")
    events: list[Event] = []
    for i, item in enumerate(listed):
        try:
            events.append(event(item, i, None))
        except Flaw as flaw:
            raise Flaw(("events", i, *flaw.path), flaw.found, flaw.reason, flaw.remedy) from flaw
    ordered, _ = in_order(events)
    shared = tuple(e for e in ordered if e.ticket is None and _level(e, vocabulary) == "agreement")
    of_ticket: dict[str, list[Event]] = {}
    for e in ordered:
        if e not in shared:
            of_ticket.setdefault(e.ticket or ONE, []).append(e)
    agreement = Agreement(
        "case", agreement.contract, agreement.facts, shared, agreement.missing, agreement.gaps, None
    )
    tickets = [Ticket(name, "case", "incident", tuple(found)) for name, found in of_ticket.items()]
    if book.clauses[str(raw["clause"])].level == "agreement":
        return [case_of_agreement(agreement, tickets, now)]
    if not tickets:
        tickets = [Ticket(ONE, "case", "incident", ())]
    together = Together(agreement, tickets, now) if len(tickets) > 1 else None
    return [case_of_ticket(t, agreement, now, together) for t in tickets]


def _level(e: Event, vocabulary: Vocabulary) -> str:
    word = vocabulary.events.get(e.name)
    return word.level if word is not None else "ticket"
