"""What a clause judges once: events, stretches, states, entries, periods, the agreement; and the worst of several."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import found, verdict

ANSWERED_SOON = """
  the provider shall have answered
    within 1 elapsed hour of it
"""


def about(concern: str, *definitions: str) -> str:
    return "\n".join([*definitions, "clause c", f"  concerns {concern}", ANSWERED_SOON])


# --------------------------------------------------------------------------- the fold
WORST_FIRST = ("breached", "undetermined", "pending", "not_entitled", "met", "excluded", "not_applicable")
FOLD = """
clause c
  concerns each opened as opening
  where product of opening is recorded as db
  save where language of opening is recorded as xx
  provided that channel of opening is recorded as phone
  the provider shall ensure that
    number of opening is one of 1, 2
    documented has occurred within 24 elapsed hours of opening
"""
OPENINGS = {
    "breached": "product=db channel=phone number=3",
    "undetermined": "product=db channel=phone",
    "not_entitled": "product=db channel=email number=1",
    "met": "product=db channel=phone number=1",
    "excluded": "product=db channel=phone number=1 language=xx",
    "not_applicable": "product=mail channel=phone number=1",
}


@pytest.mark.parametrize(("better", "worse"), [(b, w) for w in OPENINGS for b in OPENINGS])
def test_the_worst_occasion_is_reported(better: str, worse: str) -> None:
    """Two openings of one ticket, in either order."""
    expected = min(better, worse, key=WORST_FIRST.index)
    documented = "2025-03-10 13:00 documented"
    history = (
        f"2025-03-10 09:00 opened {OPENINGS[better]}\n2025-03-10 12:00 opened {OPENINGS[worse]}\n{documented}"
    )
    f = found(FOLD, history)
    assert (f.verdict, f.each) == (expected, [better, worse])


def test_a_pending_occasion() -> None:
    history = f"2025-03-10 09:00 opened {OPENINGS['met']}\n2025-03-10 10:00 documented\n2025-03-11 12:00 opened {OPENINGS['met']}"
    f = found(FOLD, history, as_of="2025-03-11 13:00")
    assert (f.verdict, f.each) == ("pending", ["met", "pending"])
    broken = f"{history}\n2025-03-11 12:30 opened {OPENINGS['not_entitled']}"
    assert found(FOLD, broken, as_of="2025-03-11 13:00").verdict == "pending"


def test_of_several_tickets_the_worst() -> None:
    history = "2025-03-10 09:00 opened ticket=A\n2025-03-10 09:30 answered ticket=A\n2025-03-10 09:00 opened ticket=B"
    assert verdict(about("each opened as opening"), history) == "breached"


def test_no_occasion() -> None:
    f = found(about("each opened as opening"), "2025-03-10 09:00 closed")
    assert (f.verdict, f.because) == ("not_applicable", "no opened")


# --------------------------------------------------------------------------- kinds of occasion
def test_each_stretch_of_an_attribute() -> None:
    contract = about("each stretch of severity A", "attribute severity\n  ranks A, B\n")
    history = """
    2025-03-10 09:00 opened severity=A
    2025-03-10 09:30 answered
    2025-03-10 10:00 severity_changed severity=B
    2025-03-10 12:00 severity_changed severity=A
    2025-03-10 12:30 severity_changed severity=A
    """
    f = found(contract, history)
    # What is set again to the same value goes on.
    assert f.dues == ["2025-03-10 10:00:00", "2025-03-10 13:00:00"]
    assert f.each == ["met", "breached"]


def test_each_stretch_of_one_of_several_values() -> None:
    contract = about("each stretch of severity A, B", "attribute severity\n")
    history = """
    2025-03-10 09:00 opened severity=A
    2025-03-10 10:00 severity_changed severity=B
    2025-03-10 11:00 severity_changed severity=C
    """
    assert found(contract, history).dues == ["2025-03-10 10:00:00"]


def test_a_number_and_its_text_are_one_value() -> None:
    contract = about("each stretch of severity 1", "attribute severity\n")
    assert found(contract, "2025-03-10 09:00 opened severity=1").dues == ["2025-03-10 10:00:00"]


def test_each_state() -> None:
    contract = about("each outage", "state outage\n  from outage_began until outage_ended\n")
    history = "2025-03-10 09:00 outage_began\n2025-03-10 09:30 answered\n2025-03-10 10:00 outage_ended\n2025-03-11 09:00 outage_began"
    f = found(contract, history)
    assert (f.each, f.dues) == (["met", "breached"], ["2025-03-10 10:00:00", "2025-03-11 10:00:00"])


def test_each_entry_of_a_fact() -> None:
    contract = """
    fact term
      means an entry of terms
      where kind is fixed

    clause c
      concerns each term
      the provider shall have review_held
        no later than the end of it
    """
    terms = [
        {"kind": "fixed", "from": "2025-01-01", "to": "2025-03-31"},
        {"kind": "fixed", "from": "2025-04-01", "to": "2025-06-30"},
        {"kind": "open", "from": "2025-07-01", "to": "2025-09-30"},
    ]
    f = found(
        contract, "2025-03-31 23:59:59 review_held\n2025-07-01 00:00 review_held", facts={"terms": terms}
    )
    assert f.each == ["met", "breached"]
    assert f.dues == ["2025-03-31 23:59:59", "2025-06-30 23:59:59"]
    assert verdict(contract, "2025-03-31 12:00 review_held", {"terms": []}) == "not_applicable"
    assert verdict(contract, "2025-03-31 12:00 review_held", {"terms": None}) == "undetermined"


def test_each_month_of_the_record() -> None:
    contract = """
    period calendar-month
      means each month

    clause c
      concerns each calendar-month
      the provider shall have review_held
        during calendar-month
    """
    history = "2025-01-10 09:00 review_held\n2025-03-10 09:00 review_held"
    f = found(contract, history, as_of="2025-04-10 12:00")
    assert f.each == ["met", "breached", "met", "pending"]


def test_the_agreement_itself() -> None:
    contract = """
    clause c
      concerns the agreement
      the provider shall have review_held
        no later than 2025-06-30
    """
    assert verdict(contract, "2025-06-30 00:00 review_held") == "met"
    assert verdict(contract, "2025-07-01 09:00 review_held") == "breached"
    assert verdict(contract, "", as_of="2025-06-01 12:00") == "pending"


def test_an_event_answering_its_occasion() -> None:
    """Each review wants its own notice: what comes after the next review is about that one."""
    contract = """
    clause c
      concerns each review_held as review
      the provider shall ensure that notice_given has occurred answering review
    """
    history = """
    2025-03-10 09:00 review_held
    2025-03-20 09:00 review_held
    2025-03-21 09:00 notice_given
    """
    assert found(contract, history).each == ["breached", "met"]
    assert found(contract, history.replace("03-21", "03-19")).each == ["met", "pending"]


@pytest.mark.parametrize(
    ("opened", "expected"),
    [
        ("2025-04-30 23:59:59", "not_applicable"),
        ("2025-05-01 00:00", "breached"),
        ("2025-06-30 23:59:59", "breached"),
        ("2025-07-01 00:00", "not_applicable"),
    ],
)
def test_a_version_judges_what_began_in_its_dates(opened: str, expected: str) -> None:
    f = found(
        about("each opened as opening"),
        f"{opened} opened",
        version='version "2025-05" from 2025-05-01 until 2025-06-30',
    )
    assert f.verdict == expected
