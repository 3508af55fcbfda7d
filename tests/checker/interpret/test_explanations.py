"""Explanations: what they quote, and that occasions, gates and ledger say what the verdict says."""

from __future__ import annotations

from tests.checker.interpret.tiny import found


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


def test_the_explanation_of_an_occasion_before_the_version() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    f = found(contract, "2025-04-30 09:00 opened", version='version "2025-05" from 2025-05-01')
    assert f.verdict == "not_applicable"


def test_a_stand_in_that_concerns_what_never_happened() -> None:
    contract = """
    clause c
      concerns each opened as opening
      stands for other

    clause other
      concerns each closed as closing
      the provider shall ensure that documented has occurred before closing
    """
    assert found(contract, "2025-03-10 09:00 closed").verdict == "not_applicable"


def test_what_an_explanation_says() -> None:
    contract = """
    calendar office
      monday to friday 09:00 to 17:00 save public holidays

    clause c
      title "Answered in two office hours"
      cite lines 7-9, 12 "point 3"
      concerns each opened as opening
      where product of opening is db
      the provider shall have answered
        within 2 hours of opening, counted in office
    """
    history = "2025-11-10 16:00 opened product=db precision=minute\n2025-11-12 09:30 answered\n2025-12-01 09:00 closed"
    told = found(contract, history, as_of="2025-11-30 12:00").explanation
    assert told["cite"] == {"lines": [[7, 9], [12, 12]], "place": "point 3"}
    assert (told["title"], told["strength"], told["left_out_after_audit"]) == (
        "Answered in two office hours",
        "guarantee",
        1,
    )
    opened, answered = told["events"]
    assert (opened["until"], opened["as_written"]) == (
        "2025-11-10T16:00:59+01:00",
        "2025-11-10T16:00:00+01:00",
    )
    assert "until" not in answered
    (occasion,) = told["occasions"]
    (gate,) = occasion["gates"]
    assert (gate["kind"], gate["text"], gate["truth"]) == ("where", "where product of opening is db", "true")


def test_a_condition_names_the_event_it_came_from() -> None:
    contract = """
    clause c
      concerns each opened as opening
      where product of opening is db
      the provider shall have answered
        within 2 elapsed hours of opening
    """
    told = found(contract, "2025-03-10 09:00 opened product=db").explanation
    (gate,) = told["occasions"][0]["gates"]
    assert gate["because_of"] == ["2025-03-10T09:00:00+01:00 opened (product=db)"]


def test_the_ledger_of_a_late_answer_goes_on_to_it() -> None:
    contract = """
    calendar office
      monday to friday 09:00 to 17:00 save public holidays

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 hours of opening, counted in office
    """
    f = found(contract, "2025-11-10 16:00 opened\n2025-11-12 10:30 answered")
    assert (f.verdict, f.due, f.margin) == ("breached", "2025-11-12 10:00:00", -1800)
    clock = f.explanation["occasions"][0]["sentences"][0]["clock"]
    assert [(r["kind"], r["seconds"], r["why"]) for r in clock["ledger"]] == [
        ("counted", 3600, ""),
        ("closed", 7 * 3600, "outside hours"),
        ("closed", 24 * 3600, "public holiday: National Independence Day"),
        ("closed", 9 * 3600, "outside hours"),
        ("counted", 5400, ""),
    ]
    assert clock["limit_s"] == 7200
    assert f.explanation["would_turn"] == [
        "It would have been met by answered no later than 2025-11-12T10:00:00+01:00."
    ]
