"""Readings: one taken, the others evaluated too; a verdict is contested by each that would turn it."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import found, verdict

AMBIGUITY = """
ambiguity clock
  asks "In which hours does the limit run?"
  reading hours "In office hours" recommended
  reading elapsed "Always"

ambiguity extent
  asks "Is a database covered?"
  reading covered "It is" recommended
  reading left-out "It is not"
  reading unclear "Only the large ones"

calendar office
  monday to friday 09:00 to 17:00
"""
CONTRACT = (
    AMBIGUITY
    + """
clause c
  concerns each opened as opening
  where product of opening is db
  or on reading extent.left-out
    where product of opening is mail
  or on reading extent.unclear
    where number of opening is more than 100
  the provider shall have answered
    within 2 hours of opening, counted in office
    or on reading clock.elapsed
      within 2 elapsed hours of opening
"""
)
# Friday at 16:00: due on Monday at 10:00, or on Friday at 18:00.
FRIDAY = "2025-03-14 16:00 opened product=db number=7\n2025-03-15 12:00 answered"


def test_the_recommended_readings_are_taken() -> None:
    f = found(CONTRACT, FRIDAY)
    assert (f.verdict, f.due) == ("met", "2025-03-17 10:00:00")


def test_every_reading_that_would_turn_the_verdict_is_named() -> None:
    assert found(CONTRACT, FRIDAY).contested == {
        "clock.elapsed": "breached",
        "extent.left-out": "not_applicable",
        "extent.unclear": "not_applicable",
    }


CONCERN = (
    AMBIGUITY
    + """
attribute severity
  ranks A, B
  set by opened, severity_changed

state outage
  from outage_began until outage_ended

clause c
  concerns each {one}
  or on reading extent.left-out
    concerns each {other}
  the provider shall have answered
    within 2 elapsed hours of it
"""
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("stretch of severity A, B", "stretch of severity B"),
        ("stretch of severity A", "outage"),
        ("stretch of severity A", "closed"),
    ],
)
def test_a_reading_that_changes_what_is_concerned_contests(one: str, other: str) -> None:
    """There is nothing of the other kind: under that reading the clause does not apply."""
    history = "2025-03-10 10:00 opened severity=A\n2025-03-10 11:00 answered"
    judged = found(CONCERN.format(one=one, other=other), history)
    assert (judged.verdict, judged.contested) == ("met", {"extent.left-out": "not_applicable"})


def test_a_reading_that_changes_nothing_does_not_contest() -> None:
    early = "2025-03-10 10:00 opened product=db number=200\n2025-03-10 11:00 answered"
    assert found(CONTRACT, early).contested == {"extent.left-out": "not_applicable"}


def test_the_other_reading_taken() -> None:
    f = found(CONTRACT, FRIDAY, readings={"clock": "elapsed"})
    assert (f.verdict, f.due) == ("breached", "2025-03-14 18:00:00")
    assert f.contested["clock.hours"] == "met"
    assert f.contested["extent.left-out"] == "not_applicable"


def test_an_ambiguity_that_was_not_reached_does_not_contest() -> None:
    """The clock of a clause that is not about this ticket was never asked."""
    f = found(CONTRACT, FRIDAY.replace("product=db", "product=net"))
    assert (f.verdict, f.contested) == ("not_applicable", {})
    assert f.judgement.readings == ("extent",)


def test_what_the_explanation_says_of_readings() -> None:
    (clock, extent) = found(CONTRACT, FRIDAY).explanation["readings"]
    assert (clock["ambiguity"], clock["taken"], clock["recommended"]) == ("clock", "hours", "hours")
    assert clock["others"] == [
        {"reading": "elapsed", "means": "Always", "verdict": "breached", "turns": True}
    ]
    assert [o["reading"] for o in extent["others"]] == ["left-out", "unclear"]


def test_a_clause_on_one_reading_only() -> None:
    contract = (
        AMBIGUITY
        + """
clause c
  only on reading clock.elapsed
  concerns each opened as opening
  the provider shall have answered
    within 2 elapsed hours of opening
"""
    )
    f = found(contract, FRIDAY)
    assert (f.verdict, f.contested) == ("not_applicable", {"clock.elapsed": "breached"})
    other = found(contract, FRIDAY, readings={"clock": "elapsed"})
    assert (other.verdict, other.contested) == ("breached", {"clock.hours": "not_applicable"})


@pytest.mark.parametrize(
    ("definitions", "sentence"),
    [
        (
            "list covered\n  db\n  or on reading extent.left-out\n    mail\n",
            "the provider shall ensure that product of opening is in covered",
        ),
        (
            "condition fine\n  product of opened is db\n  or on reading extent.left-out\n    product of opened is mail\n",
            "the provider shall ensure that fine holds",
        ),
        (
            "event reaction\n  means answered\n  or on reading extent.left-out\n    means fixed\n",
            "the provider shall have reaction\n    within 24 elapsed hours of opening",
        ),
        (
            "figure time-given\n  means 24 hours\n  or on reading extent.left-out\n    means 1 hour\n",
            "the provider shall have answered\n    within time-given of opening",
        ),
        (
            "moment start-of-time\n  means opened\n  or on reading extent.left-out\n    means 24 elapsed hours before opened\n",
            "the provider shall have answered\n    within 24 elapsed hours of start-of-time",
        ),
        (
            "calendar times\n  monday to sunday 00:00 to 24:00\n  or on reading extent.left-out\n    monday 12:00 to 13:00\n",
            "the provider shall have answered\n    within 24 elapsed hours of opening\n    during times",
        ),
        (
            "state gone\n  from paused until resumed\n  or on reading extent.left-out\n    from opened until closed\n",
            "the provider shall keep free of gone",
        ),
        (
            "fact plan\n  means an entry of plans\n  or on reading extent.left-out\n    means an entry of terms\n",
            "the provider shall ensure that plan is in force",
        ),
    ],
    ids=["list", "condition", "event", "figure", "moment", "calendar", "state", "fact"],
)
def test_readings_inside_definitions(definitions: str, sentence: str) -> None:
    """Wherever a reading changes a line, the clause that rests on it is contested by it."""
    contract = f"{AMBIGUITY}\n{definitions}\nclause c\n  concerns each opened as opening\n  {sentence}\n"
    facts = {"plans": [{"name": "basic"}], "terms": []}
    f = found(contract, FRIDAY, facts=facts)
    assert f.verdict == "met"
    assert f.contested == {"extent.left-out": "breached"}
    assert verdict(contract, FRIDAY, facts, readings={"extent": "left-out"}) == "breached"


def test_a_sentence_that_falls_away() -> None:
    contract = (
        AMBIGUITY
        + """
clause c
  concerns each opened as opening
  the provider shall have answered
    within 48 elapsed hours of opening
  the provider shall have fixed
    within 48 elapsed hours of opening
  or on reading extent.left-out
    this line falls away
"""
    )
    assert verdict(contract, FRIDAY) == "breached"
    assert verdict(contract, FRIDAY, readings={"extent": "left-out"}) == "met"
    assert found(contract, FRIDAY).contested == {"extent.left-out": "met"}


def test_a_reading_within_a_reading() -> None:
    """The inner line stands only where both are taken; one reading at a time is tried for what would turn the verdict."""
    contract = (
        AMBIGUITY
        + """
clause c
  concerns each opened as opening
  the provider shall have answered
    within 2 elapsed hours of opening
    or on reading extent.left-out
      within 3 elapsed hours of opening
      or on reading clock.elapsed
        within 4 elapsed hours of opening
"""
    )
    opened = "2025-03-10 09:00 opened\n"
    assert found(contract, opened + "2025-03-10 11:30 answered").contested == {"extent.left-out": "met"}
    late = opened + "2025-03-10 12:30 answered"
    assert found(contract, late).contested == {}
    one = found(contract, late, readings={"extent": "left-out"})
    assert (one.verdict, one.due, one.contested) == (
        "breached",
        "2025-03-10 12:00:00",
        {"clock.elapsed": "met"},
    )
    both = found(contract, late, readings={"extent": "left-out", "clock": "elapsed"})
    assert (both.verdict, both.due) == ("met", "2025-03-10 13:00:00")
