"""Conditions: true, false or unknown; unknown decides only when it must."""

from __future__ import annotations

from typing import Any

import pytest

from tests.checker.interpret.tiny import verdict

DEFINITIONS = """
attribute severity
  ranks 1, A, B, C

list covered
  db, "Big Mail"
  all of more

list more
  kept in products

calendar office
  monday to friday 09:00 to 17:00 save public holidays

state outage
  from outage_began until outage_ended

fact plan-in-force
  means an entry of plans
  where name is gold

fact any-plan
  means an entry of plans

condition urgent
  severity is one of 1, A
  channel of opened is phone
"""


def holds(condition: str, history: str, facts: dict[str, Any] | None = None) -> str:
    """Whether a condition holds at the closing of a ticket: as a prerequisite of something that is met."""
    gate = "\n".join(f"  {line}" for line in f"provided that {condition}".splitlines())
    clause = f"clause c\n  concerns each closed as closing\n{gate}\n  the provider shall ensure that closed has occurred"
    contract = f"{DEFINITIONS}\n{clause}\n"
    told = verdict(contract, f"{history}\n2025-03-10 12:00 closed", facts)
    return {"met": "true", "not_entitled": "false", "undetermined": "unknown"}[told]


OPENED = "2025-03-10 09:00 opened"


@pytest.mark.parametrize(
    ("condition", "carried", "expected"),
    [
        ("channel of opened is phone", "channel=phone", "true"),
        ("channel of opened is phone", "channel=email", "false"),
        ("channel of opened is phone", "", "unknown"),
        ("channel of opened is not phone", "channel=email", "true"),
        ("channel of opened is not phone", "", "unknown"),
        ("channel of opened is one of phone, chat", "channel=chat", "true"),
        ("channel of opened is not one of phone, chat", "channel=chat", "false"),
        ("number of opened is 7", "number=7", "true"),
        # What the record does not show is not recorded: two values only.
        ("channel of opened is recorded as phone", "", "false"),
        ("channel of opened is not recorded as phone", "", "true"),
        ("channel of opened is recorded as one of phone, chat", "channel=chat", "true"),
        ("channel of opened is on record", "channel=phone", "true"),
        ("channel of opened is on record", "", "false"),
        ("channel of opened is not on record", "channel=null", "true"),
        ("severity is B", "severity=B", "true"),
        ("severity is B", "", "unknown"),
    ],
)
def test_values(condition: str, carried: str, expected: str) -> None:
    assert holds(condition, f"{OPENED} {carried}") == expected


@pytest.mark.parametrize(
    ("product", "kept", "expected"),
    [
        ("db", None, "true"),
        ("net", ["net", "tape"], "true"),
        ("net", ["tape"], "false"),
        # The rest of the list is kept elsewhere, and not on record.
        ("net", None, "unknown"),
    ],
)
def test_lists(product: str, kept: list[str] | None, expected: str) -> None:
    assert (
        holds("product of opened is in covered", f"{OPENED} product={product}", {"products": kept})
        == expected
    )
    opposite = {"true": "false", "false": "true", "unknown": "unknown"}[expected]
    assert (
        holds("product of opened is not in covered", f"{OPENED} product={product}", {"products": kept})
        == opposite
    )


def test_the_same_value() -> None:
    condition = "channel of opened is the same as channel of answered"
    answered = "2025-03-10 10:00 answered"
    assert holds(condition, f"{OPENED} channel=phone\n{answered} channel=phone") == "true"
    assert holds(condition, f"{OPENED} channel=phone\n{answered} channel=chat") == "false"
    assert holds(condition, f"{OPENED} channel=phone\n{answered}") == "unknown"


def test_a_value_as_of_a_moment() -> None:
    history = f"{OPENED} severity=B\n2025-03-10 10:00 severity_changed severity=A\n2025-03-10 11:00 answered"
    assert holds("severity is A", history) == "true"
    assert holds("severity at opened is B", history) == "true"
    assert holds("severity at answered is A", history) == "true"
    assert holds("severity at (30 elapsed minutes after opened) is B", history) == "true"
    assert holds("severity at (30 elapsed minutes before opened) is B", history) == "unknown"


@pytest.mark.parametrize(
    ("order", "expected"),
    [(("answered", "severity_changed severity=A"), "B"), (("severity_changed severity=A", "answered"), "A")],
)
def test_a_followed_attribute_within_one_second(order: tuple[str, str], expected: str) -> None:
    """As of an event: what was set before it in the record, be it in the same second."""
    lines = ["2025-03-10 09:00 opened severity=B", *(f"2025-03-10 12:00 {e}" for e in order)]
    history = "\n".join([*lines, "2025-03-10 15:00 closed"])
    assert holds(f"severity at answered is {expected}", history) == "true"
    assert holds("severity at (0 elapsed seconds after answered) is A", history) == "true"


def test_a_value_that_held_for_no_second_holds_at_the_events_of_its_second() -> None:
    history = """
    2025-03-10 09:00 opened severity=B
    2025-03-10 09:00 answered
    2025-03-10 09:00 severity_changed severity=A
    2025-03-10 15:00 closed
    """
    assert holds("severity at answered is B", history) == "true"
    assert holds("severity at closed is A", history) == "true"


def test_the_first_and_the_last_row() -> None:
    history = f"{OPENED}\n2025-03-10 10:00 answered by=anna\n2025-03-10 11:00 answered by=bob"
    assert holds("by of answered is anna", history) == "true"
    assert holds("by of the last answered is bob", history) == "true"


@pytest.mark.parametrize(
    ("relation", "answered", "expected"),
    [
        ("before", "09:59:59", "true"),
        ("before", "10:00:00", "false"),
        ("no later than", "10:00:00", "true"),
        ("no later than", "10:00:01", "false"),
        ("after", "10:00:00", "false"),
        ("after", "10:00:01", "true"),
        ("no sooner than", "10:00:00", "true"),
        ("no sooner than", "09:59:59", "false"),
    ],
)
def test_moments(relation: str, answered: str, expected: str) -> None:
    history = f"{OPENED}\n2025-03-10 {answered} answered"
    assert holds(f"answered is {relation} (1 elapsed hour after opened)", history) == expected


@pytest.mark.parametrize(
    ("condition", "opened", "expected"),
    [
        ("opened is during office", "2025-03-10 09:00", "true"),
        ("opened is during office", "2025-03-10 08:59:59", "false"),
        ("opened is during office", "2025-03-07 16:59:59", "true"),
        ("opened is during office", "2025-03-07 17:00", "false"),
        ("opened is outside office", "2025-03-08 10:00", "true"),
        ("opened is during outage", "2025-03-05 10:00", "true"),
        ("opened is during outage", "2025-03-05 11:00", "false"),
    ],
)
def test_inside_and_outside(condition: str, opened: str, expected: str) -> None:
    outage = "2025-03-05 10:00 outage_began\n2025-03-05 11:00 outage_ended"
    assert holds(condition, f"{outage}\n{opened} opened") == expected


def test_in_force() -> None:
    plans = {"plans": [{"name": "gold", "from": "2025-03-10", "to": "2025-03-10"}, {"name": "tin"}]}
    assert holds("plan-in-force is in force", OPENED, plans) == "true"
    assert holds("plan-in-force is not in force", OPENED, plans) == "false"
    assert holds("plan-in-force is in force at opened", "2025-03-09 23:59:59 opened", plans) == "false"
    assert holds("plan-in-force is in force at opened", "2025-03-10 00:00 opened", plans) == "true"
    assert holds("plan-in-force is in force", OPENED, {"plans": [{"name": "tin"}]}) == "false"
    assert holds("plan-in-force is in force", OPENED, {"plans": [{"name": None}]}) == "unknown"
    assert holds("plan-in-force is in force", OPENED) == "unknown"


def test_a_field_of_the_entry_in_force() -> None:
    gold, tin = {"name": "gold", "from": "2025-01-01"}, {"name": "tin", "from": "2026-01-01"}
    perhaps = {"name": "tin", "from": None}
    condition = "name of any-plan is gold"
    assert holds(condition, OPENED, {"plans": [gold]}) == "true"
    assert holds(condition, OPENED, {"plans": [gold, tin]}) == "true"
    assert holds(condition, OPENED, {"plans": [tin]}) == "false"
    assert holds(condition, OPENED, {"plans": [perhaps]}) == "false"
    # Beside it another entry may be in force: which one is meant is then not on record.
    assert holds(condition, OPENED, {"plans": [gold, perhaps]}) == "unknown"
    assert holds(condition, OPENED, {"plans": [gold, {**gold, "name": "tin"}]}) == "unknown"


def test_what_has_occurred() -> None:
    history = f"{OPENED}\n2025-03-10 10:00 documented"
    assert holds("documented has occurred", history) == "true"
    assert holds("documented has occurred before closing", history) == "true"
    assert holds("documented has not occurred", history) == "false"
    assert holds("fixed has not occurred", history) == "true"
    assert holds("documented has occurred within 1 elapsed hour of opened", history) == "true"
    assert holds("documented has occurred within 59 elapsed minutes of opened", history) == "false"
    lost = {"gaps": [{"from": "2025-03-10T09:30:00+01:00", "to": "2025-03-10T09:31:00+01:00"}]}
    assert holds("fixed has occurred", OPENED, lost) == "unknown"
    assert holds("documented has occurred", history, lost) == "true"


KLEENE = {
    "true": "channel of opened is phone",
    "false": "channel of opened is fax",
    "unknown": "product of opened is db",
}


@pytest.mark.parametrize("left", KLEENE)
@pytest.mark.parametrize("right", KLEENE)
def test_three_values(left: str, right: str) -> None:
    """Kleene's tables, written down."""
    order = ["false", "unknown", "true"]
    both = min(left, right, key=order.index)
    either = max(left, right, key=order.index)
    neither = order[2 - order.index(either)]
    lines = f"\n  {KLEENE[left]}\n  {KLEENE[right]}"
    history = f"{OPENED} channel=phone"
    assert holds(f"all of{lines}", history) == both
    assert holds(f"any of{lines}", history) == either
    assert holds(f"none of{lines}", history) == neither


def test_named_conditions() -> None:
    urgent = f"{OPENED} severity=A channel=phone"
    assert holds("urgent holds", urgent) == "true"
    assert holds("urgent does not hold", urgent) == "false"
    assert holds("urgent holds", f"{OPENED} severity=B") == "false"
    assert holds("urgent holds", f"{OPENED} severity=A") == "unknown"


@pytest.mark.parametrize(
    ("opened", "closed", "expected"),
    [("A", "1", "true"), ("A", "A", "false"), ("A", "B", "false"), ("X", "1", "unknown")],
)
def test_ranks(opened: str, closed: str, expected: str) -> None:
    history = f"{OPENED} severity={opened}\n2025-03-10 10:00 severity_changed severity={closed}"
    assert holds("severity at closing is higher than severity at opened", history) == expected


def test_the_record_of_a_log() -> None:
    assert holds("the record of answers is complete", OPENED) == "true"
    assert holds("the record of answers is complete", OPENED, {"records_missing": ["answers"]}) == "unknown"
    assert holds("the record of answers is complete", OPENED, {"records_missing": ["pauses"]}) == "true"


def test_an_attribute_set_by_some_events_only() -> None:
    contract = """
    attribute severity
      ranks A, B
      set by severity_changed

    clause c
      concerns each closed as closing
      the provider shall ensure that severity is B
    """
    said = "2025-03-10 09:00 severity_changed severity=B\n2025-03-10 09:30 opened severity=A\n2025-03-10 10:00 closed"
    assert verdict(contract, said) == "met"
    assert verdict(contract.replace("      set by severity_changed\n", ""), said) == "breached"
    assert verdict(contract, "2025-03-10 09:30 opened severity=B\n2025-03-10 10:00 closed") == "undetermined"
