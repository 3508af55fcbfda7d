"""Coverage: what no case of a contract exercises is named, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from checker.audit.cases import judge_case
from checker.audit.coverage import Coverage, coverage
from checker.interpret.trace import Trace
from tests.checker.interpret.tiny import book, events, iso, vocabulary

CONTRACT = """
ambiguity hours-meant
  asks "Which hours?"
  reading elapsed "All" recommended
  reading office "Those of the office"

calendar office
  monday to friday 09:00 to 17:00

condition urgent
  any of
    channel of opened is phone
    product of opened is db

clause c
  concerns each opened as opening
  where urgent holds
  save where language of opening is xx
  provided that fees_paid is yes
  the provider shall have answered
    within 2 elapsed hours of opening
    or on reading hours-meant.office
      within 2 hours of opening, counted in office
"""
OPENED = "2025-03-10 09:00 opened channel=phone product=mail language=pl"
IN_TIME, LATE = "\n2025-03-10 10:00 answered", "\n2025-03-10 12:00 answered"
PAID = {"fees_paid": True}
ALL: tuple[tuple[str, dict[str, Any], dict[str, str]], ...] = (
    (OPENED + IN_TIME, PAID, {}),
    (OPENED + LATE, PAID, {}),
    (OPENED + LATE, {"fees_paid": False}, {}),
    (OPENED.replace("phone", "chat") + LATE, PAID, {}),
    (OPENED.replace("phone", "chat").replace("mail", "db") + LATE, PAID, {}),
    (OPENED.replace("=pl", "=xx") + LATE, PAID, {}),
    (OPENED + IN_TIME, PAID, {"hours-meant": "office"}),
)


def covered(*cases: tuple[str, dict[str, Any], dict[str, str]]) -> Coverage:
    made = book(CONTRACT)
    trace = Trace()
    for history, facts, readings in cases:
        raw = {
            "clause": "c",
            "agreement": {"time_zone": "Europe/Warsaw", "country": "PL", "contract": "tiny", **facts},
            "events": events(history),
            "as_of": iso("2025-12-31 12:00"),
            "readings": readings,
        }
        judge_case(raw, made, vocabulary(), {}, trace)
    return coverage(made.contract, trace, {"c"} if cases else set())


def missing(found: Coverage) -> set[tuple[str, str]]:
    return {(u.kind, u.wanted) for u in found.missing}


def test_everything_is_exercised() -> None:
    found = covered(*ALL)
    assert found.missing == ()
    assert (found.exercised, found.percent) == (found.units, 100.0)


@pytest.mark.parametrize(
    ("left_out", "expected"),
    [
        (0, set()),  # the reading's case is kept in time, too
        (2, {("gate", "it never fails")}),
        (3, {("gate", "it never fails")}),
        (4, {("branch", "it never holds")}),
        (5, {("gate", "it never bites")}),
        (6, {("reading", "no case reads it so")}),
    ],
)
def test_what_a_missing_case_leaves_open(left_out: int, expected: set[tuple[str, str]]) -> None:
    assert missing(covered(*(c for i, c in enumerate(ALL) if i != left_out))) == expected


def test_a_sentence_is_kept_and_broken() -> None:
    assert ("sentence", "it is never broken") in missing(covered(ALL[0]))
    assert ("sentence", "it is never kept") in missing(covered(ALL[1]))


def test_no_case_at_all() -> None:
    found = covered()
    assert found.exercised == 0
    assert ("clause", "none is about it") in missing(found)


def test_readings_that_the_audit_tries_by_itself_prove_nothing() -> None:
    assert ("reading", "no case reads it so") in missing(covered(*ALL[:6]))
