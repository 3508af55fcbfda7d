"""Whatever is changed in due, done, margin or verdict of an explanation that holds, it is noticed."""

from __future__ import annotations

import json

import pytest

from checker.recheck import recheck
from tests.checker.interpret.tiny import found
from tests.checker.recheck.explained import Explanation, clocks, rich
from tests.checker.recheck.tamper import clock, everywhere, moved, noticed, rows


# --------------------------------------------------------------------------- limit, due, done, margin
@pytest.mark.parametrize("by", [-1, 1, None])
def test_another_limit(by: int | None) -> None:
    noticed(lambda e: clock(e).update(limit_s=None if by is None else clock(e)["limit_s"] + by))


@pytest.mark.parametrize("by", [-1, 1])
def test_due_moved_in_the_clock_alone(by: int) -> None:
    noticed(lambda e: clock(e).update(due=moved(clock(e)["due"], by)))


@pytest.mark.parametrize("by", [-1, 1])
def test_due_moved_everywhere(by: int) -> None:
    def move(e: Explanation) -> None:
        due = moved(clock(e)["due"], by)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = due
        clocks(e)[0]["limits"] = []
        everywhere(e, "due", due)

    noticed(move)


@pytest.mark.parametrize("by", [-1, 1])
def test_due_moved_with_all_that_follows_from_it(by: int) -> None:
    """Limit, margin and ledger moved with it: then the sentence itself gives another length."""

    def move(e: Explanation) -> None:
        due = moved(clock(e)["due"], by)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = rows(e)[-1]["to"] = due
        clocks(e)[0]["limits"] = []
        rows(e)[-1]["seconds"] += by
        clock(e)["limit_s"] += by
        everywhere(e, "due", due)
        everywhere(e, "margin_s", e["margin_s"] + by)

    assert noticed(move) == [f"occasion 1: sentence 1: the sentence gives 57600 s, the clock {57600 + by} s"]


def test_a_limit_at_closing_moved_into_the_night() -> None:
    """Not one counted second more, and yet it is not the last instant."""
    e = rich("2025-11-12 12:00 answered")

    def move(e: Explanation) -> None:
        due = moved(clock(e)["due"], 1)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = due
        clocks(e)[0]["limits"] = []
        rows(e).append(
            {"from": moved(due, -1), "to": due, "kind": "closed", "seconds": 1, "why": "outside hours"}
        )
        everywhere(e, "due", due)

    contract_due = found(
        """
        calendar office
          monday to friday 09:00 to 17:00

        clause c
          concerns each opened as opening
          the provider shall have answered
            within 8 hours of opening, counted in office
        """,
        "2025-03-10 09:00 opened\n2025-03-10 12:00 answered",
    )
    assert contract_due.due == "2025-03-10 17:00:00"
    assert noticed(move, contract_due.explanation) == [
        "occasion 1: sentence 1: due is not the last instant: the second before it does not count"
    ]
    assert recheck(e) == []


@pytest.mark.parametrize("by", [-1, 1])
def test_the_start_moved(by: int) -> None:
    def move(e: Explanation) -> None:
        clock(e)["start"] = rows(e)[0]["from"] = moved(clock(e)["start"], by)
        rows(e)[0]["seconds"] -= by

    noticed(move)


@pytest.mark.parametrize("by", [-1, 1])
def test_done_moved(by: int) -> None:
    def move(e: Explanation) -> None:
        clocks(e)[0]["done"]["at"] = moved(e["done"], by)
        everywhere(e, "margin_s", e["margin_s"] - by)
        everywhere(e, "done", moved(e["done"], by))

    assert noticed(move) == ["occasion 1: sentence 1: what was done is no event of the list"]


def test_done_left_out() -> None:
    def leave_out(e: Explanation) -> None:
        clocks(e)[0]["done"] = None
        everywhere(e, "done", None)
        everywhere(e, "margin_s", None)

    assert noticed(leave_out) == ["occasion 1: sentence 1: it is met, and nothing was done"]


def test_the_event_left_out() -> None:
    noticed(lambda e: e["events"].pop())


@pytest.mark.parametrize("by", [-1, 1])
@pytest.mark.parametrize(
    "history", ["2025-11-13 10:00 answered", "2025-11-14 10:00 answered"], ids=["met", "late"]
)
def test_another_margin(by: int, history: str) -> None:
    noticed(lambda e: everywhere(e, "margin_s", e["margin_s"] + by), rich(history))
    noticed(lambda e: e.update(margin_s=e["margin_s"] + by), rich(history))
    noticed(lambda e: everywhere(e, "margin_s", None), rich(history))


# --------------------------------------------------------------------------- verdicts
VERDICTS = ["met", "breached", "pending", "undetermined", "excluded", "not_entitled", "not_applicable"]


@pytest.mark.parametrize("verdict", VERDICTS[1:])
def test_another_verdict(verdict: str) -> None:
    noticed(lambda e: e.update(verdict=verdict))
    noticed(lambda e: everywhere(e, "verdict", verdict))


def test_another_verdict_of_the_sentence_as_well() -> None:
    def breach(e: Explanation) -> None:
        clocks(e)[0]["verdicts"] = ["breached"]
        everywhere(e, "verdict", "breached")

    assert noticed(breach) == ["occasion 1: sentence 1: it is breached, and was done by due"]

    def heal(e: Explanation) -> None:
        clocks(e)[0]["verdicts"] = ["met"]
        everywhere(e, "verdict", "met")

    assert noticed(heal, rich("2025-11-14 10:00 answered")) == [
        "occasion 1: sentence 1: it is met, and was done after due"
    ]
    assert noticed(heal, rich("")) == ["occasion 1: sentence 1: it is met, and nothing was done"]


def test_waiting_for_what_is_past() -> None:
    waiting = rich("", as_of="2025-11-12 12:00")
    assert waiting["verdict"] == "pending"
    noticed(lambda e: e.update(audited_at="2025-11-13T12:00:01+01:00"), waiting)


def test_breached_before_it_was_due() -> None:
    noticed(lambda e: e.update(audited_at="2025-11-13T12:00:00+01:00"), rich(""))


@pytest.mark.parametrize(
    ("number", "truth", "verdict"), [(0, "false", "not_applicable"), (1, "true", "excluded")]
)
def test_another_gate(number: int, truth: str, verdict: str) -> None:
    passes = {"true": "false", "false": "true"}[truth] if number == 1 else truth

    def change(e: Explanation) -> None:
        gate = e["occasions"][0]["gates"][number]
        gate.update(truth=truth, passes=passes)
        gate["proof"].update(truth=truth, parts=[])

    problems = noticed(change)
    assert problems == [f"occasion 1: the verdict is met, its gates and sentences make it {verdict}"]


def test_the_milder_of_two_occasions() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    two = found(
        contract, "2025-03-10 09:00 opened\n2025-03-10 10:00 answered\n2025-03-11 09:00 opened"
    ).explanation
    assert two["verdict"] == "breached"
    noticed(lambda e: e.update(e["outcomes"][0]), two)
    noticed(lambda e: e["outcomes"].reverse(), two)
    noticed(lambda e: e["outcomes"].pop(), two)


def test_another_verdict_of_a_clause_that_stands_for_others() -> None:
    contract = """
    clause c
      stands for first

    clause first
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    told = found(contract, "2025-03-10 09:00 opened").explanation
    noticed(lambda e: e["stands_for"][0]["outcomes"][0].update(verdict="met"), told)
    noticed(lambda e: e["outcomes"][0].update(verdict="met"), told)
    problems = noticed(lambda e: clocks(e["stands_for"][0])[0]["clock"].update(limit_s=1), told)
    assert all(p.startswith("first: ") for p in problems)


# --------------------------------------------------------------------------- terms
def term(length: str) -> Explanation:
    return found(
        f"""
        calendar working-days
          monday to friday save public holidays

        clause c
          concerns each opened as opening
          the provider shall have answered
            within {length}
        """,
        "2025-11-07 15:00 opened",
    ).explanation


@pytest.mark.parametrize("days", [-1, 1, 7])
@pytest.mark.parametrize(
    "length",
    [
        "2 working days of opening, counted in working-days",
        "2 working days of opening, counted in working-days, ending at 12:00",
        "2 working days of opening, counted in working-days, first day counted",
    ],
)
def test_a_working_day_more_or_less(length: str, days: int) -> None:
    def move(e: Explanation) -> None:
        due = moved(clock(e)["due"], days * 86_400)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = due
        clocks(e)[0]["limits"] = []
        everywhere(e, "due", due)
        clock(e)["ledger"], clock(e)["limit_s"] = other["ledger"], other["limit_s"]

    e = term(length)
    # The ledger of a term that really ends then, so that nothing else gives it away.
    amount = {-1: "1 working day", 1: "3 working days", 7: "6 working days"}[days]
    other = clock(term(length.replace("2 working days", amount)))
    assert any("last working day" in p or "due is not" in p for p in noticed(move, e))


@pytest.mark.parametrize(
    ("length", "days"),
    [
        ("14 days of opening", -1),
        ("2 weeks of opening", -1),
        ("1 month of opening", -1),
        ("1 month of opening, ending at 12:00", -3),
        ("14 days of opening, not moved off free days", 1),
        ("14 days of opening", 1),
        ("8 days of opening, first day counted", -1),
    ],
)
def test_a_day_of_a_legal_term_more_or_less(length: str, days: int) -> None:
    def move(e: Explanation) -> None:
        due = moved(clock(e)["due"], days * 86_400)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = rows(e)[-1]["to"] = due
        clocks(e)[0]["limits"] = []
        rows(e)[-1]["seconds"] += days * 86_400
        clock(e)["limit_s"] += days * 86_400
        everywhere(e, "due", due)

    noticed(move, term(length))


@pytest.mark.parametrize(
    "length", ["14 days of opening", "2 working days of opening, counted in working-days"]
)
def test_a_term_ends_with_its_last_second(length: str) -> None:
    def move(e: Explanation) -> None:
        due = moved(clock(e)["due"], -1)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = rows(e)[-1]["to"] = due
        clocks(e)[0]["limits"] = []
        rows(e)[-1]["seconds"] -= 1
        clock(e)["limit_s"] -= 1
        everywhere(e, "due", due)

    assert noticed(move, term(length)) == ["occasion 1: sentence 1: due is not the last second of a day"]


# --------------------------------------------------------------------------- limits and proofs
RAISED = """
attribute severity
  ranks A, B

condition urgent
  any of
    channel of opened is phone
    product of opened is db

course answering
  follows severity through at-A, at-B
  on a rise the limit runs anew from the change
  on a rise the earlier of old and new limit binds
  on a fall the limit runs anew from the change
  one performance is enough

clause at-A
  concerns each stretch of severity A
  follows answering
  where urgent holds
  the provider shall have answered
    within 1 elapsed hour of opened

clause at-B
  concerns each stretch of severity B
  follows answering
  the provider shall have answered
    within 2 elapsed hours of opened
"""


def raised() -> Explanation:
    history = """
    2025-03-10 09:00 opened severity=B product=db channel=chat
    2025-03-10 10:30 severity_changed severity=A
    2025-03-10 11:05 answered
    """
    told: Explanation = json.loads(json.dumps(found(RAISED, history, clause="at-A").explanation))
    return told


def test_a_due_that_is_none_of_the_limits() -> None:
    """The limit of a course moved with its clock and its margin: it is the earliest of no limits that are told."""

    def move(e: Explanation) -> None:
        due = moved(e["due"], 60)
        clock(e)["due"] = clocks(e)[0]["due"]["at"] = due
        clock(e)["limit_s"] += 60
        everywhere(e, "due", due)
        everywhere(e, "margin_s", e["margin_s"] + 60)

    assert any("earliest of its limits" in p for p in noticed(move, raised()))


def test_an_older_limit_with_another_ledger() -> None:
    def stretch(e: Explanation) -> None:
        step = clocks(e)[0]["limits"][1]["steps"][0]
        step["clock"]["ledger"][0]["seconds"] -= 60

    assert any(p.startswith("occasion 1: sentence 1: limit 2: row 1") for p in noticed(stretch, raised()))


def test_an_older_limit_of_another_length() -> None:
    def rename(e: Explanation) -> None:
        step = clocks(e)[0]["limits"][1]["steps"][0]
        step["text"] = step["text"].replace("2 elapsed hours", "3 elapsed hours")

    assert any("the text gives 10800 s" in p for p in noticed(rename, raised()))


def test_a_condition_that_is_not_what_its_parts_make_it() -> None:
    def flip(e: Explanation) -> None:
        (gate,) = e["occasions"][0]["gates"]
        for part in gate["proof"]["parts"]:
            part["truth"] = "false"

    assert any("its parts make it false" in p for p in noticed(flip, raised()))


def test_a_gate_said_to_be_passed_that_is_not() -> None:
    noticed(lambda e: e["occasions"][0]["gates"][0].update(passes="false"), raised())
