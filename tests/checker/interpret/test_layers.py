"""Layers: a clause gives way to another only where that one applies and the customer is entitled to it; else it stands."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import found, verdict

TWO = """
fact plan-in-force
  means an entry of plans

clause c
  concerns each opened as opening
  superseded by better
  the provider shall have answered
    within 4 elapsed hours of opening

clause better
  concerns each opened as opening
  where product of opening is db
  save where language of opening is recorded as xx
  provided that plan-in-force is in force
  the provider shall have answered
    within 1 elapsed hour of opening
"""
PLAN = {"plans": [{"from": "2025-01-01", "to": "2025-12-31"}]}


@pytest.mark.parametrize(
    ("opened", "facts", "base", "layer"),
    [
        ("product=db", PLAN, "not_applicable", "breached"),
        # It does not apply, it excuses, or the customer is not entitled to it: then the base clause stands.
        ("product=mail", PLAN, "met", "not_applicable"),
        ("product=db language=xx", PLAN, "met", "excluded"),
        ("product=db", {"plans": []}, "met", "not_entitled"),
        ("product=db", {"plans": [{"from": "2025-01-01", "to": "2025-03-09"}]}, "met", "not_entitled"),
        # What is not known of the layer leaves both open.
        ("", PLAN, "undetermined", "undetermined"),
        ("product=db", {}, "undetermined", "undetermined"),
        ("product=mail", {}, "met", "not_applicable"),
    ],
)
def test_the_base_clause_stands_where_the_layer_does_not(
    opened: str, facts: dict[str, object], base: str, layer: str
) -> None:
    history = f"2025-03-10 09:00 opened {opened}\n2025-03-10 12:00 answered"
    assert found(TWO, history, facts=facts).verdict == base
    assert found(TWO, history, facts=facts, clause="better").verdict == layer


def test_which_clause_took_its_place_is_said() -> None:
    f = found(TWO, "2025-03-10 09:00 opened product=db\n2025-03-10 12:00 answered", facts=PLAN)
    assert f.because == "superseded by better"
    (gate,) = (g for g in f.explanation["occasions"][0]["gates"] if "superseded_by" in g)
    assert (gate["truth"], gate["superseded_by"]) == ("true", ["better"])


@pytest.mark.parametrize("answer", ["2025-03-10 09:30 answered", "2025-03-10 11:00 answered", ""])
def test_what_the_layer_comes_to_does_not_matter(answer: str) -> None:
    """Met, breached or pending: the layer has taken the place of the base clause."""
    history = f"2025-03-10 09:00 opened product=db\n{answer}"
    assert verdict(TWO, history, PLAN, as_of="2025-03-10 09:45") == "not_applicable"
    assert verdict(TWO, history, PLAN) == "not_applicable"


THREE = """
clause c
  concerns each opened as opening
  superseded by middle
  the provider shall have answered
    within 8 elapsed hours of opening

clause middle
  concerns each opened as opening
  superseded by top
  where channel of opening is recorded as one of phone, chat
  the provider shall have answered
    within 4 elapsed hours of opening

clause top
  concerns each opened as opening
  where channel of opening is recorded as phone
  provided that fees_paid is yes
  the provider shall have answered
    within 1 elapsed hour of opening
"""


@pytest.mark.parametrize(
    ("channel", "paid", "expected"),
    [
        ("email", True, {"c": "met", "middle": "not_applicable", "top": "not_applicable"}),
        ("chat", True, {"c": "not_applicable", "middle": "met", "top": "not_applicable"}),
        ("phone", False, {"c": "not_applicable", "middle": "met", "top": "not_entitled"}),
        # What takes the place of the middle clause takes that of the base clause, too.
        ("phone", True, {"c": "not_applicable", "middle": "not_applicable", "top": "breached"}),
        ("phone", None, {"c": "not_applicable", "middle": "undetermined", "top": "undetermined"}),
    ],
)
def test_a_chain_of_layers(channel: str, paid: bool | None, expected: dict[str, str]) -> None:
    history = f"2025-03-10 09:00 opened channel={channel}\n2025-03-10 12:00 answered"
    told = {c: found(THREE, history, facts={"fees_paid": paid}, clause=c).verdict for c in expected}
    assert told == expected


def test_each_occasion_has_its_own_layer() -> None:
    history = """
    2025-03-10 09:00 opened product=db
    2025-03-10 09:30 answered
    2025-03-11 09:00 opened product=mail
    2025-03-11 12:00 answered
    """
    assert found(TWO, history, facts=PLAN).each == ["not_applicable", "met"]
    assert found(TWO, history, facts=PLAN, clause="better").each == ["met", "not_applicable"]


def test_a_layer_on_one_reading_only() -> None:
    contract = (
        """
ambiguity which
  asks "Does the better clause come before the other?"
  reading both "They stand side by side" recommended
  reading first "It does"
"""
        + TWO
    ).replace("clause better\n", "clause better\n  only on reading which.first\n")
    history = "2025-03-10 09:00 opened product=db\n2025-03-10 12:00 answered"
    f = found(contract, history, facts=PLAN)
    assert (f.verdict, f.contested) == ("met", {"which.first": "not_applicable"})
    assert verdict(contract, history, PLAN, readings={"which": "first"}) == "not_applicable"
    layer = found(contract, history, facts=PLAN, clause="better")
    assert (layer.verdict, layer.contested) == ("not_applicable", {"which.first": "breached"})


def test_a_layer_named_on_one_reading_only() -> None:
    contract = (
        """
ambiguity which
  asks "Does the better clause come before the other?"
  reading first "It does" recommended
  reading both "They stand side by side"
"""
        + TWO
    ).replace(
        "superseded by better\n",
        "superseded by better\n  or on reading which.both\n    this line falls away\n",
    )
    history = "2025-03-10 09:00 opened product=db\n2025-03-10 12:00 answered"
    assert verdict(contract, history, PLAN) == "not_applicable"
    assert verdict(contract, history, PLAN, readings={"which": "both"}) == "met"
    assert found(contract, history, facts=PLAN).contested == {"which.both": "met"}


def test_layers_over_stretches() -> None:
    """A layer about a wider set of severities takes the place of the base clause on the stretches they share."""
    contract = """
    attribute severity
      ranks 1, A, B

    clause c
      concerns each stretch of severity A
      superseded by better
      the provider shall have answered
        within 4 elapsed hours of it

    clause better
      concerns each stretch of severity A
      where product of opened is recorded as db
      the provider shall have answered
        within 1 elapsed hour of it
    """
    opened = "2025-03-10 09:00 opened severity=B product={}\n2025-03-10 10:00 severity_changed severity=A\n2025-03-10 12:00 answered"
    assert verdict(contract, opened.format("db")) == "not_applicable"
    assert verdict(contract, opened.format("mail")) == "met"


def test_a_clause_that_holds() -> None:
    """A release that bites excuses what names it; another clause holds where it applies and is not breached."""
    contract = """
    clause c
      concerns each opened as opening
      save where storm-release holds
      provided that documentation holds
      the provider shall have answered
        within 1 elapsed hour of opening

    clause storm-release
      concerns each opened as opening
      where language of opening is recorded as xx
      the provider is released

    clause documentation
      concerns each opened as opening
      the customer shall have documented
        within 10 elapsed minutes of opening
    """
    opened = "2025-03-10 09:00 opened"
    late = "\n2025-03-10 12:00 answered"
    documented = "\n2025-03-10 09:05 documented"
    assert verdict(contract, opened + documented + late) == "breached"
    assert verdict(contract, opened + " language=xx" + documented + late) == "excluded"
    assert verdict(contract, opened + late) == "not_entitled"
    assert verdict(contract, opened, as_of="2025-03-10 09:05") == "pending"
