"""The quality of the record: stamps that are not exact, order within a second, gaps, lost logs, unknown places, null facts."""

from __future__ import annotations

from typing import Any

import pytest

from checker.interpret.case import case_of_ticket
from checker.interpret.judge import Judge
from checker.record.agreements import agreement_of
from checker.record.histories import history
from checker.record.model import Ticket
from checker.record.values import instant
from tests.checker.interpret.tiny import book, events, found, iso, verdict

TWO_HOURS = """
clause c
  concerns each opened as opening
  the provider shall have answered
    within 2 elapsed hours of opening
"""
OPENED = "2025-03-10 09:00 opened\n"


def gap(start: str, end: str) -> dict[str, Any]:
    return {"gaps": [{"from": f"2025-03-10T{start}+01:00", "to": f"2025-03-10T{end}+01:00"}]}


# --------------------------------------------------------------------------- precision
@pytest.mark.parametrize(
    ("opened", "answered", "expected", "due"),
    [
        # A stamp to the minute may be any second of it.
        ("09:00", "10:59 precision=minute", "met", "2025-03-10 11:00:00"),
        ("09:00", "11:00 precision=minute", "undetermined", "2025-03-10 11:00:00"),
        ("09:00", "11:01 precision=minute", "breached", "2025-03-10 11:00:00"),
        ("09:00 precision=minute", "11:00:00", "met", None),
        ("09:00 precision=minute", "11:00:01", "undetermined", None),
        ("09:00 precision=minute", "11:00:59", "undetermined", None),
        ("09:00 precision=minute", "11:01:00", "breached", None),
        ("09:00 precision=minute", "10:59 precision=minute", "met", None),
        ("09:00 precision=minute", "11:00 precision=minute", "undetermined", None),
        ("09:00 precision=minute", "11:01 precision=minute", "breached", None),
    ],
)
def test_stamps_to_the_minute(opened: str, answered: str, expected: str, due: str | None) -> None:
    stamp, _, more = opened.partition(" ")
    then, _, rest = answered.partition(" ")
    f = found(TWO_HOURS, f"2025-03-10 {stamp} opened {more}\n2025-03-10 {then} answered {rest}")
    assert (f.verdict, f.due) == (expected, due)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [("2025-03-11", "met"), ("2025-03-12", "undetermined"), ("2025-03-13", "breached")],
)
def test_stamps_to_the_day(answered: str, expected: str) -> None:
    two_days = TWO_HOURS.replace("2 elapsed hours", "48 elapsed hours")
    history = f"2025-03-10 00:00 opened precision=day\n{answered} 00:00 answered precision=day"
    assert verdict(two_days, history) == expected


def test_a_doubt_that_does_not_matter_decides_nothing() -> None:
    """Whatever second of Sunday it was, the clock starts on Monday."""
    contract = """
    calendar office
      monday to friday 09:00 to 17:00

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 hours of opening, counted in office
    """
    history = "2025-03-16 00:00 opened precision=day\n2025-03-17 11:00 answered"
    f = found(contract, history)
    assert (f.verdict, f.due, f.margin) == ("met", "2025-03-17 11:00:00", 0)


def test_what_is_missing_is_named() -> None:
    f = found(TWO_HOURS, OPENED + "2025-03-10 11:00 answered precision=minute")
    assert f.because.startswith("missing: the second of answered")


def test_an_act_of_the_opening_minute() -> None:
    """Both known to the same minute, and the record has them in this order."""
    history = "2025-03-10 09:00 opened precision=minute\n2025-03-10 09:00 answered precision=minute"
    assert verdict(TWO_HOURS, history) == "met"


# --------------------------------------------------------------------------- order
LATEST_STATE = """
attribute severity

clause c
  concerns each closed as closing
  the provider shall ensure that severity is B
"""


@pytest.mark.parametrize(
    ("first", "then", "expected"),
    [
        ("severity=A", "severity=B", "met"),
        ("severity=B", "severity=A", "breached"),
        ("severity=B revision=2", "severity=A revision=1", "met"),
        ("severity=A revision=2", "severity=B revision=1", "breached"),
        # A revision number that only one of them has orders nothing.
        ("severity=A revision=2", "severity=B", "met"),
    ],
)
def test_changes_of_one_second_keep_the_order_of_revisions_else_of_the_record(
    first: str, then: str, expected: str
) -> None:
    history = f"2025-03-10 09:00 severity_changed {first}\n2025-03-10 09:00 severity_changed {then}\n2025-03-10 10:00 closed"
    assert verdict(LATEST_STATE, history) == expected


def test_lines_out_of_order_are_put_in_order() -> None:
    history = "2025-03-10 10:00 answered\n2025-03-10 09:00 opened"
    assert verdict(TWO_HOURS, history) == "met"


# --------------------------------------------------------------------------- gaps
@pytest.mark.parametrize(
    ("lost", "expected"),
    [
        (gap("08:00:00", "08:59:59"), "breached"),
        (gap("09:30:00", "09:40:00"), "undetermined"),
        (gap("11:00:00", "12:00:00"), "undetermined"),
        (gap("11:00:01", "12:00:00"), "breached"),
    ],
    ids=["before", "inside", "at the limit", "after"],
)
def test_silence_in_a_gap_proves_nothing(lost: dict[str, Any], expected: str) -> None:
    assert verdict(TWO_HOURS, OPENED, lost) == expected
    assert verdict(TWO_HOURS, OPENED + "2025-03-10 11:30 answered", lost) == expected


def test_an_act_on_record_is_one_whatever_is_lost() -> None:
    assert verdict(TWO_HOURS, OPENED + "2025-03-10 10:30 answered", gap("09:30:00", "09:40:00")) == "met"


def test_a_prohibition_with_a_gap() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall not have closed
        before (2 elapsed hours after opening)
    """
    assert verdict(contract, OPENED, gap("09:30:00", "09:40:00")) == "undetermined"
    assert verdict(contract, OPENED + "2025-03-10 10:00 closed", gap("09:30:00", "09:40:00")) == "breached"
    assert verdict(contract, OPENED, gap("11:00:00", "12:00:00")) == "met"


def test_an_attribute_that_may_have_changed_in_a_gap() -> None:
    history = "2025-03-10 09:00 severity_changed severity=B\n2025-03-10 12:00 closed"
    assert verdict(LATEST_STATE, history) == "met"
    assert verdict(LATEST_STATE, history, gap("10:00:00", "10:01:00")) == "undetermined"
    said_again = history.replace(
        "2025-03-10 12:00", "2025-03-10 11:00 severity_changed severity=B\n2025-03-10 12:00"
    )
    assert verdict(LATEST_STATE, said_again, gap("10:00:00", "10:01:00")) == "met"
    assert verdict(LATEST_STATE, history, gap("12:00:01", "12:01:00")) == "met"


def test_a_stopped_clock_with_a_gap() -> None:
    contract = """
    state pause
      from paused until resumed

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening, stopped while pause
    """
    paused = OPENED + "2025-03-10 10:00 paused\n2025-03-10 11:00 resumed\n"
    f = found(contract, paused + "2025-03-10 12:00 answered")
    assert (f.verdict, f.due, f.margin) == ("met", "2025-03-10 12:00:00", 0)
    assert verdict(contract, paused + "2025-03-10 12:00:01 answered") == "breached"
    # Another pause may lie in the gap; the answer was in time if it lasted long enough.
    assert (
        verdict(contract, paused + "2025-03-10 12:00:01 answered", gap("09:10:00", "09:20:00"))
        == "undetermined"
    )
    assert verdict(contract, paused + "2025-03-10 12:00:00 answered", gap("09:10:00", "09:20:00")) == "met"
    assert (
        verdict(contract, paused + "2025-03-10 12:00:01 answered", {"records_missing": ["pauses"]})
        == "undetermined"
    )
    # A pause that goes on has stopped the clock for now.
    assert verdict(contract, OPENED + "2025-03-10 10:00 paused") == "pending"


def test_a_doubt_that_does_not_touch_the_margin() -> None:
    """A stop that may lie in closed hours cannot change what was counted."""
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


# --------------------------------------------------------------------------- lost logs
def test_a_log_that_was_never_kept() -> None:
    lost = {"records_missing": ["answers"]}
    f = found(TWO_HOURS, OPENED, facts=lost)
    assert (f.verdict, f.because) == ("undetermined", "missing: the record of answers")
    assert verdict(TWO_HOURS, OPENED + "2025-03-10 10:00 answered", lost) == "met"
    assert verdict(TWO_HOURS, OPENED, {"records_missing": ["pauses"]}) == "breached"


def test_an_occasion_that_may_have_been_lost() -> None:
    assert verdict(TWO_HOURS, "2025-03-10 09:30 closed", {"records_missing": ["intake"]}) == "undetermined"
    assert verdict(TWO_HOURS, "2025-03-10 09:30 closed") == "not_applicable"
    # What the record shows is judged.
    assert verdict(TWO_HOURS, OPENED + "2025-03-10 10:00 answered", {"records_missing": ["intake"]}) == "met"


# --------------------------------------------------------------------------- attributes and facts
AUTOMATED = """
event real-answer
  means answered
  where automated is no

clause c
  concerns each opened as opening
  the provider shall have real-answer
    within 2 elapsed hours of opening
"""


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (["automated=no"], "met"),
        (["automated=yes"], "breached"),
        ([""], "undetermined"),
        (["automated=null"], "undetermined"),
        (["", "automated=no"], "met"),
        (["automated=yes", ""], "undetermined"),
    ],
)
def test_an_act_of_which_it_is_unknown_whether_it_qualifies(answers: list[str], expected: str) -> None:
    history = OPENED + "\n".join(f"2025-03-10 10:0{i} answered {a}" for i, a in enumerate(answers))
    assert verdict(AUTOMATED, history) == expected


@pytest.mark.parametrize(
    ("paid", "expected"), [(True, "met"), (False, "not_entitled"), (None, "undetermined")]
)
def test_null_facts_are_not_on_record(paid: bool | None, expected: str) -> None:
    contract = TWO_HOURS.replace("  the provider", "  provided that fees_paid is yes\n  the provider")
    assert verdict(contract, OPENED + "2025-03-10 10:00 answered", {"fees_paid": paid}) == expected
    if paid is None:
        assert verdict(contract, OPENED + "2025-03-10 10:00 answered") == expected


def test_an_empty_list_is_on_record() -> None:
    contract = """
    fact plan-in-force
      means an entry of plans

    clause c
      concerns each opened as opening
      provided that plan-in-force is in force
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    answered = OPENED + "2025-03-10 10:00 answered"
    assert verdict(contract, answered, {"plans": []}) == "not_entitled"
    assert verdict(contract, answered, {"plans": None}) == "undetermined"
    assert verdict(contract, answered, {"plans": [{"from": "2025-03-10", "to": "2025-03-10"}]}) == "met"
    assert verdict(contract, answered, {"plans": [{"from": "2025-03-11"}]}) == "not_entitled"
    assert verdict(contract, answered, {"plans": [{}]}) == "met"


# --------------------------------------------------------------------------- places
OFFICE = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays

clause c
  concerns each opened as opening
  the provider shall have answered
    within 2 hours of opening, counted in office
"""


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        # Wherever it is, two hours of opening cannot have passed in less than two hours.
        ("2025-03-12 12:00", "met"),
        ("2025-03-12 12:00:01", "undetermined"),
        ("2025-03-20 12:00", "undetermined"),
    ],
)
def test_an_unknown_zone(answered: str, expected: str) -> None:
    history = f"2025-03-12 10:00 opened\n{answered} answered"
    assert verdict(OFFICE, history, {"time_zone": None}) == expected
    assert verdict(OFFICE, history, {"time_zone": None, "country": None}) == expected


def test_an_unknown_zone_does_not_matter_to_elapsed_time() -> None:
    history = OPENED + "2025-03-10 11:00:01 answered"
    assert verdict(TWO_HOURS, history, {"time_zone": None, "country": None}) == "breached"


@pytest.mark.parametrize(
    ("opened", "answered", "expected"),
    [
        # 11 November is free in some countries and not in others.
        ("2025-11-11 10:00", "2025-11-11 12:00", "met"),
        ("2025-11-11 10:00", "2025-11-12 10:00", "undetermined"),
        # New Year's Day is free in Poland, and there are countries that do not keep it.
        ("2025-01-01 10:00", "2025-01-02 10:00", "undetermined"),
        # A limit so long passed that no country has so many holidays.
        ("2025-03-12 10:00", "2025-06-12 10:00", "breached"),
    ],
)
def test_an_unknown_country(opened: str, answered: str, expected: str) -> None:
    assert verdict(OFFICE, f"{opened} opened\n{answered} answered", {"country": None}) == expected


def test_a_country_that_does_not_matter() -> None:
    without = OFFICE.replace(" save public holidays", "")
    assert found(without, "2025-11-11 10:00 opened", facts={"country": None}).due == "2025-11-11 12:00:00"


def test_hours_of_the_agreement() -> None:
    contract = OFFICE.replace("save public holidays\n", "save public holidays\n  hours from hours\n")
    opened = "2025-03-10 09:00 opened"
    assert found(contract, opened).due == "2025-03-10 11:00:00"
    assert (
        found(contract, opened, facts={"hours": {"from": "10:00", "to": "12:00"}}).due
        == "2025-03-10 12:00:00"
    )
    overnight = {"hours": {"from": "22:00", "to": "06:00"}}
    assert found(contract, "2025-03-10 05:00 opened", facts=overnight).due == "2025-03-11 00:00:00"


def test_a_zone_to_fall_back_on() -> None:
    contract = OFFICE.replace(
        "calendar office\n", 'calendar office\n  zone time_zone, else "Europe/London"\n'
    )
    opened = "2025-03-10 09:00 opened"
    assert found(contract, opened).due == "2025-03-10 11:00:00"
    assert found(contract, opened, facts={"time_zone": None}).due == "2025-03-10 12:00:00"


def test_a_first_value_that_is_not_on_record() -> None:
    contract = """
    attribute severity
      ranks A, B
      set by opened, severity_changed

    clause c
      concerns each stretch of severity A
      the provider shall have answered
        within 1 elapsed hour of opened
    """
    silent = "2025-03-10 09:00 opened\n2025-03-10 12:00 answered"
    assert verdict(contract, silent) == "undetermined"
    assert verdict(contract, silent.replace("opened", "opened severity=null")) == "undetermined"
    assert verdict(contract, silent.replace("opened", "opened severity=B")) == "not_applicable"


# --------------------------------------------------------------------------- two histories
NEXT_PAYMENT = """
clause c
  concerns each closed as closing
  the customer shall ensure that amount of the next paid is 10
"""


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [("", "amount=10", "met"), ("2025-03-09 09:00 paid amount=10\n", "amount=20", "breached")],
)
def test_what_comes_next_is_told_by_time_across_histories(before: str, after: str, expected: str) -> None:
    """The agreement's own history numbers its events from its own beginning."""
    own = f"{OPENED}2025-03-10 09:10 answered\n2025-03-10 10:00 closed"
    shared = f"{before}2025-03-11 09:00 paid {after}"
    facts = {"time_zone": "Europe/Warsaw", "country": "PL"}
    agreement = agreement_of({"agreement": "a", "contract": "tiny", **facts, "events": events(shared)})
    ticket = Ticket("T", "a", "incident", history({"ticket": "T", "events": events(own)}, (), None).events)
    now = instant(iso("2025-12-31 12:00"), ("as_of",))[0]
    judge = Judge(book(NEXT_PAYMENT), case_of_ticket(ticket, agreement, now), now)
    assert str(judge.verdict("c").verdict) == expected
