"""Explanations lay open what a verdict rests on: values with their source, entries, limits step by step, what would turn it."""

from __future__ import annotations

from typing import Any

import pytest

from checker.render.explain_text import as_text
from tests.checker.interpret.tiny import Found, found

GATED = """
fact plan-in-force
  means an entry of plans
  where name is gold

condition urgent
  any of
    channel of opened is phone
    all of
      product of opened is db
      severity of opened is A

clause c
  concerns each opened as opening
  where urgent holds
  save where language of opening is xx
  provided that plan-in-force is in force
  the provider shall have answered
    within 1 elapsed hour of opening
"""
GOLD = {"plans": [{"name": "gold", "from": "2025-01-01", "to": "2025-12-31"}]}


def gates(f: Found) -> dict[str, dict[str, Any]]:
    return {g["kind"]: g for g in f.explanation["occasions"][0]["gates"]}


def turned(f: Found) -> list[str]:
    told: list[str] = f.explanation["would_turn"]
    return told


# --------------------------------------------------------------------------- conditions
def test_a_named_condition_is_opened_down_to_the_values() -> None:
    history = (
        "2025-03-10 09:00 opened channel=chat product=db severity=A language=pl\n2025-03-10 09:30 answered"
    )
    f = found(GATED, history, facts=GOLD)
    proof = gates(f)["where"]["proof"]
    assert (proof["truth"], proof["joined"]) == ("true", "any")
    phone, both = proof["parts"]
    assert phone["rests_on"] == ["channel of opened: chat (opened, 2025-03-10T09:00:00+01:00)"]
    assert [p["truth"] for p in both["parts"]] == ["true", "true"]
    text = as_text(f.explanation)
    assert "product of opened: db (opened, 2025-03-10T09:00:00+01:00)" in text
    # One branch is enough for an `any of`; the one that fails decides nothing.
    assert "channel of opened: chat" not in text


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        (GOLD, "plans: name gold, from 2025-01-01, to 2025-12-31: in force then"),
        (
            {"plans": [{"name": "gold", "to": "2025-02-01"}]},
            "plans: name gold, to 2025-02-01: not in force then",
        ),
        ({"plans": [{"name": "silver"}]}, "plans: none that fits, among 1: name silver"),
        ({"plans": []}, "plans: none"),
        ({}, "plans: not on record"),
    ],
)
def test_a_prerequisite_shows_the_entries_of_the_agreement(facts: dict[str, Any], said: str) -> None:
    f = found(GATED, "2025-03-10 09:00 opened channel=phone language=pl", facts=facts)
    assert said in gates(f)["provided"]["proof"]["rests_on"]


def test_truth_is_that_of_the_text_and_passing_is_told_apart() -> None:
    f = found(GATED, "2025-03-10 09:00 opened channel=phone language=xx", facts=GOLD)
    told = {k: (g["truth"], g["passes"]) for k, g in gates(f).items()}
    assert told == {"where": ("true", "true"), "save": ("true", "false"), "provided": ("true", "true")}


def test_a_state_names_the_event_that_began_it() -> None:
    contract = """
    state outage
      from outage_began until outage_ended

    clause c
      concerns each opened as opening
      save where opening is during outage
      the provider shall have answered
        within 1 elapsed hour of opening
    """
    history = """
    2025-03-10 08:00 outage_began
    2025-03-10 09:00 opened
    2025-03-10 11:00 outage_ended
    """
    f = found(contract, history)
    assert f.verdict == "excluded"
    assert (
        "outage from 2025-03-10T08:00:00+01:00 to 2025-03-10T11:00:00+01:00 "
        "(begun by 2025-03-10T08:00:00+01:00 outage_began)" in gates(f)["save"]["proof"]["rests_on"]
    )
    assert turned(f) == ["Without the carve-out (opening is during outage) it would be breached."]


def test_why_another_clause_does_not_take_its_place() -> None:
    contract = """
    clause c
      concerns each opened as opening
      superseded by better
      the provider shall have answered
        within 4 elapsed hours of opening

    clause better
      concerns each opened as opening
      where product of opening is db
      the provider shall have answered
        within 1 elapsed hour of opening
    """
    f = found(contract, "2025-03-10 09:00 opened product=mail\n2025-03-10 10:00 answered")
    (other,) = gates(f)["superseded"]["others"]
    assert (other["clause"], other["takes_over"]) == ("better", "false")
    assert other["gates"][0]["rests_on"] == ["product of opening: mail (opened, 2025-03-10T09:00:00+01:00)"]


def test_what_did_not_count_and_why() -> None:
    contract = """
    event real-answer
      means answered
      where automated is no

    clause c
      concerns each opened as opening
      the provider shall have real-answer
        within 1 elapsed hour of opening
    """
    f = found(contract, "2025-03-10 09:00 opened\n2025-03-10 09:01 answered automated=yes")
    (sentence,) = f.explanation["occasions"][0]["sentences"]
    assert sentence["passed_over"] == [
        "2025-03-10T09:01:00+01:00 answered (automated=yes): not so: automated is no"
    ]


# --------------------------------------------------------------------------- limits
def test_an_older_limit_that_binds_has_its_own_ledger() -> None:
    contract = """
    calendar office
      monday to friday 09:00 to 17:00

    attribute severity
      ranks A, B

    course answering
      follows severity through at-A, at-B
      on a rise the limit runs anew from the change
      on a rise the earlier of old and new limit binds
      on a fall the limit runs anew from the change
      one performance is enough

    clause at-A
      concerns each stretch of severity A
      follows answering
      the provider shall have answered
        within 1 elapsed hour of opened

    clause at-B
      concerns each stretch of severity B
      follows answering
      the provider shall have answered
        within 2 hours of opened, counted in office
    """
    history = """
    2025-03-10 16:00 opened severity=B
    2025-03-11 09:50 severity_changed severity=A
    2025-03-11 10:05 answered
    """
    f = found(contract, history, clause="at-A")
    assert (f.verdict, f.due) == ("breached", "2025-03-11 10:00:00")
    own, older = f.explanation["occasions"][0]["sentences"][0]["limits"]
    assert (own["clause"], own["at"]["at"]) == ("at-A", "2025-03-11T10:50:00+01:00")
    assert (older["clause"], older["at"]["at"]) == ("at-B", "2025-03-11T10:00:00+01:00")
    ledger = older["steps"][0]["clock"]["ledger"]
    assert [(r["kind"], r["seconds"]) for r in ledger] == [
        ("counted", 3600),
        ("closed", 16 * 3600),
        ("counted", 3600),
    ]
    assert "It would not have been breached by answered no later than 2025-03-11T10:00:00+01:00." in turned(f)


def test_a_legal_term_is_laid_open() -> None:
    contract = """
    moment limit
      means 30 days after it

    clause c
      concerns each opened as opening
      the provider shall have answered
        no later than limit
    """
    f = found(contract, "2025-10-11 09:00 opened\n2025-11-01 10:00 answered")
    assert f.due == "2025-11-10 23:59:59"
    f = found(contract, "2025-10-12 09:00 opened\n2025-11-01 10:00 answered")
    (step,) = f.explanation["occasions"][0]["sentences"][0]["limits"][0]["steps"]
    term = step["term"]
    assert (term["first_day"], term["first_day_counted"]) == ("2025-10-12", False)
    assert (term["ends_on"], term["last_day"]) == ("2025-11-11", "2025-11-12")
    assert term["moved_over"] == [{"day": "2025-11-11", "why": "public holiday: National Independence Day"}]
    assert "moved to 2025-11-12, due 2025-11-12T23:59:59+01:00" in as_text(f.explanation)


def test_a_term_in_working_days_names_the_days() -> None:
    contract = """
    calendar working-days
      monday to friday save public holidays

    clause c
      concerns each opened as opening
      the provider shall have answered
        within 2 working days of opening, counted in working-days
    """
    f = found(contract, "2025-11-07 09:00 opened\n2025-11-10 10:00 answered")
    (step,) = f.explanation["occasions"][0]["sentences"][0]["limits"][0]["steps"]
    assert step["term"]["counted"] == ["2025-11-10", "2025-11-12"]
    assert [x["why"] for x in step["term"]["skipped"]] == [
        "Saturday",
        "Sunday",
        "public holiday: National Independence Day",
    ]


# --------------------------------------------------------------------------- what would turn it
def sentence(*lines: str) -> str:
    body = "\n".join(f"  {line}" for line in lines)
    return f"clause c\n  concerns each opened as opening\n{body}\n"


@pytest.mark.parametrize(
    ("contract", "history", "told"),
    [
        (
            sentence(
                "the provider shall have answered",
                "  no sooner than 1 elapsed hour after opening",
                "  no later than 2 elapsed hours after opening",
            ),
            "2025-03-10 09:30 answered",
            "It would have been met had answered come no sooner than 2025-03-10T10:00:00+01:00 "
            "and no later than 2025-03-10T11:00:00+01:00.",
        ),
        (
            sentence("the provider shall have answered", "  without a stated limit", "  refused by refused"),
            "2025-03-10 09:30 refused",
            "It would have been met without the refusal: 2025-03-10T09:30:00+01:00 refused.",
        ),
        (
            sentence("the provider shall not have answered"),
            "2025-03-10 09:30 answered",
            "It would have been met without 2025-03-10T09:30:00+01:00 answered.",
        ),
        (
            sentence("the provider shall ensure that channel of opening is phone"),
            "2025-03-10 09:30 answered",
            "It would have been met if this held: channel of opening is phone.",
        ),
        (
            sentence("the provider may have answered", "  no later than 1 elapsed hour after opening"),
            "2025-03-10 10:30 answered",
            "It would have been met by a use within these bounds: no later than 2025-03-10T10:00:00+01:00.",
        ),
        (
            sentence("the customer may have answered", "  no later than 1 elapsed hour after opening"),
            "2025-03-10 10:30 answered",
            "The customer would have been within its right if this held: no later than 2025-03-10T10:00:00+01:00.",
        ),
    ],
)
def test_what_would_have_turned_it(contract: str, history: str, told: str) -> None:
    f = found(contract, f"2025-03-10 09:00 opened channel=chat\n{history}")
    assert turned(f) == [told]


def test_the_limit_of_a_sentence_that_was_kept_is_no_limit_of_one_that_was_broken() -> None:
    contract = sentence(
        "the provider shall have answered",
        "  within 1 elapsed hour of opening",
        "the provider shall ensure that channel of opening is phone",
    )
    f = found(contract, "2025-03-10 09:00 opened channel=chat\n2025-03-10 09:10 answered")
    assert (f.verdict, f.due, f.margin) == ("breached", None, None)


def test_an_undecided_verdict_says_what_is_possible() -> None:
    contract = sentence("the provider shall have answered", "  within 1 elapsed hour of opening")
    f = found(contract, "2025-03-10 09:00 opened", facts={"records_missing": ["answered"]})
    assert f.verdict == "undetermined"
    assert f.explanation["possible"] == ["breached", "met"]
    assert turned(f)[0] == "As the record stands it may be breached or met."


def test_a_missed_estimate_is_told_from_a_breach() -> None:
    late = "2025-03-10 09:00 opened\n2025-03-10 12:00 answered"
    heads = []
    for verb in ("shall", "expects to"):
        contract = sentence(f"the provider {verb} have answered", "  within 1 elapsed hour of opening")
        heads.append(as_text(found(contract, late).explanation).partition("\n\n")[0])
    assert "was not kept" in heads[0]
    assert "no breach of the contract" in " ".join(heads[1].split())
    customer = sentence("the customer shall have answered", "  within 1 elapsed hour of opening")
    assert "by the customer" in as_text(found(customer, late).explanation)


def test_no_line_is_wider_than_a_page() -> None:
    history = "2025-03-10 09:00 opened channel=chat product=db severity=A language=pl " + " ".join(
        f"word{n}=value{n}" for n in range(20)
    )
    text = as_text(found(GATED, history, facts=GOLD).explanation, everything=True)
    assert max(len(line) for line in text.splitlines()) <= 100
