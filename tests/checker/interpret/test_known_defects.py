"""What the interpreter is known to get wrong: each with what it should say, and why.

Each is expected to fail, and strictly: whoever mends one moves its test to where it belongs.
"""

from __future__ import annotations

import pytest

from tests.checker.interpret.test_courses import CONTRACT as COURSES
from tests.checker.interpret.tiny import found, verdict


def defect(why: str) -> pytest.MarkDecorator:
    return pytest.mark.xfail(strict=True, reason=why, raises=AssertionError)


@defect("a performance may lie in the gap before the refusal; the absence of one is taken as proven")
def test_a_refusal_after_a_gap() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have fixed
        without a stated limit
        refused by refused
    """
    lost = {"gaps": [{"from": "2025-03-10T09:30:00+01:00", "to": "2025-03-10T09:40:00+01:00"}]}
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 refused"
    assert verdict(contract, history) == "breached"
    assert verdict(contract, history, lost) == "undetermined"


@defect("the period is not over at the audit: what is still to come may make up the number")
def test_at_least_so_many_in_a_period_that_runs() -> None:
    contract = """
    period span
      means each month named in months

    clause c
      concerns each span
      the provider shall ensure that
        the number of review_held in span is at least 2
    """
    facts = {"months": ["2025-03"]}
    assert verdict(contract, "2025-03-10 09:00 review_held", facts, as_of="2025-04-01 00:00") == "breached"
    assert verdict(contract, "2025-03-10 09:00 review_held", facts, as_of="2025-03-15 12:00") == "pending"


@defect("a figure of hours is a bare number when it is compared: 7200 seconds are held against 2")
def test_a_length_of_time_against_a_figure_of_hours() -> None:
    contract = """
    state outage
      from outage_began until outage_ended

    figure longest
      means 2 hours

    clause c
      concerns each charged as charge
      the provider shall ensure that the time in outage before charge is at most longest
    """
    history = "2025-03-09 09:00 outage_began\n2025-03-09 11:00 outage_ended\n2025-03-10 09:00 charged"
    assert verdict(contract, history) == "met"


@defect(
    "where each value owes its own performance, a limit that was answered in time counts as passed unanswered"
)
def test_lowered_after_an_answer_in_time() -> None:
    history = """
    2025-03-10 09:00 opened severity=A
    2025-03-10 09:10 answered
    2025-03-10 11:30 severity_changed severity=B
    """
    told = found(COURSES, history, clause="at-B", readings={"acts": "each"})
    assert (told.verdict, told.due) == ("breached", "2025-03-10 15:30:00")


@defect("of several acts that came too late, the first named is reported and not the first done")
def test_the_first_of_two_late_acts() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have answered or fixed
        within 2 elapsed hours of opening
    """
    f = found(contract, "2025-03-10 09:00 opened\n2025-03-10 12:00 fixed\n2025-03-10 13:00 answered")
    assert (f.done, f.margin) == ("2025-03-10 12:00:00", -3600)


@defect("a right used after the earliest instant allowed is reported as overrun by the time since")
def test_the_margin_of_a_right_with_an_earliest_instant() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider may have closed
        no sooner than (24 elapsed hours after opening)
    """
    f = found(contract, "2025-03-10 09:00 opened\n2025-03-12 09:00 closed")
    assert f.verdict == "met"
    assert f.margin is None or f.margin >= 0


@defect("the sentence is quoted as the base text has it, not as the reading taken makes it")
def test_the_sentence_of_a_reading_is_quoted() -> None:
    contract = """
    ambiguity time-given
      asks "How long?"
      reading two "Two" recommended
      reading three "Three"

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
        or on reading time-given.three
          within 3 elapsed hours of opening
    """
    f = found(contract, "2025-03-10 09:00 opened", readings={"time-given": "three"})
    (sentence,) = f.explanation["occasions"][0]["sentences"]
    assert "3 elapsed hours" in sentence["text"]


@defect(
    "hours taken out of a calendar are rows `stopped` that no stop explains, and the calendar does not name them"
)
def test_the_ledger_of_a_calendar_less_another() -> None:
    contract = """
    calendar office
      monday to friday 09:00 to 17:00
      less lunch

    calendar lunch
      monday to friday 12:00 to 13:00

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 4 hours of opening, counted in office
    """
    f = found(contract, "2025-03-10 10:00 opened\n2025-03-10 15:00 answered")
    assert (f.verdict, f.due) == ("met", "2025-03-10 15:00:00")


@defect(
    "a clause that exists on another reading is explained as if it existed, and its occasions contradict its outcome"
)
def test_the_explanation_of_a_clause_on_another_reading() -> None:
    contract = """
    ambiguity existence
      asks "Is it promised?"
      reading no-promise "It is not" recommended
      reading promise "It is"

    clause c
      only on reading existence.promise
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    assert found(contract, "2025-03-10 09:00 opened").verdict == "not_applicable"


@defect(
    "a clause that stands for others under a gate of its own is explained without its occasions and gates"
)
def test_the_explanation_of_a_stand_in_with_a_gate() -> None:
    contract = """
    clause c
      concerns each opened as opening
      where product of opening is db
      stands for other

    clause other
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    f = found(contract, "2025-03-10 09:00 opened product=mail")
    assert f.verdict == "not_applicable"
    assert f.explanation["occasions"]


@defect(
    "a stop that may lie in closed hours cannot change what was counted, yet no margin and no length are given"
)
def test_a_doubt_that_does_not_touch_the_margin() -> None:
    contract = """
    calendar office
      monday to friday 09:00 to 17:00

    state pause
      from paused until resumed

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 4 hours of opening, counted in office, stopped while pause
    """
    saturday = {"gaps": [{"from": "2025-03-15T09:30:00+01:00", "to": "2025-03-15T09:40:00+01:00"}]}
    f = found(contract, "2025-03-14 15:00 opened\n2025-03-14 16:00 answered", facts=saturday)
    assert (f.verdict, f.due) == ("met", "2025-03-17 11:00:00")
    assert f.margin == 3 * 3600


@defect(
    "the dates of a version decide, and the explanation has no gate for them: its gates and sentences say otherwise"
)
def test_the_explanation_of_an_occasion_before_the_version() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    f = found(contract, "2025-04-30 09:00 opened", version='version "2025-05" from 2025-05-01')
    assert f.verdict == "not_applicable"
