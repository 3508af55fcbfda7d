"""Which of several acts a sentence means: by what it carries, by its place after the occasion, for each value of a list."""

from __future__ import annotations

import pytest

from dsl.diagnostics import ContractError
from tests.checker.interpret.tiny import found, verdict

SAME = """
clause c
  concerns each paused as pause
  the provider shall have fixed
    within 2 elapsed hours of pause
    with the same part
"""
PAUSE = "2025-03-10 09:00 paused part=a\n"


def test_an_act_on_another_thing_does_not_count() -> None:
    f = found(SAME, PAUSE + "2025-03-10 10:00 fixed part=b")
    assert (f.verdict, f.done) == ("breached", None)
    f = found(SAME, PAUSE + "2025-03-10 10:00 fixed part=b\n2025-03-10 10:30 fixed part=a")
    assert (f.verdict, f.done) == ("met", "2025-03-10 10:30:00")


def test_an_act_that_does_not_say_on_what_leaves_it_open() -> None:
    assert verdict(SAME, PAUSE + "2025-03-10 10:00 fixed") == "undetermined"


def test_a_late_act_on_the_same_thing_is_the_one_reported() -> None:
    f = found(SAME, PAUSE + "2025-03-10 12:00 fixed part=b\n2025-03-10 13:00 fixed part=a")
    assert (f.verdict, f.done, f.margin) == ("breached", "2025-03-10 13:00:00", -7200)


def test_too_early_is_only_an_act_on_the_same_thing() -> None:
    contract = """
    clause c
      concerns each paused as pause
      the provider shall have fixed
        no sooner than (1 elapsed hour after pause)
        no later than (3 elapsed hours after pause)
        with the same part
    """
    other = "2025-03-10 09:30 fixed part=b\n2025-03-10 11:00 fixed part=a"
    assert verdict(contract, PAUSE + other) == "met"
    assert verdict(contract, PAUSE + other.replace("part=b", "part=a")) == "breached"


REFUSED = """
clause c
  concerns each paused as pause
  the provider shall have fixed
    without a stated limit
    with the same part
    refused by resumed
"""


def test_a_refusal_of_another_thing_is_none() -> None:
    assert verdict(REFUSED, PAUSE + "2025-03-10 10:00 resumed part=b") == "pending"
    assert verdict(REFUSED, PAUSE + "2025-03-10 10:00 resumed part=a") == "breached"


def test_a_refusal_whose_kind_tells_no_thing_is_one_of_everything() -> None:
    contract = REFUSED.replace("resumed", "refused")
    assert verdict(contract, PAUSE + "2025-03-10 10:00 refused") == "breached"


def test_what_is_forbidden_about_one_thing_is_allowed_about_another() -> None:
    contract = """
    clause c
      concerns each paused as pause
      the provider shall not have resumed
        with the same part
    """
    assert verdict(contract, PAUSE + "2025-03-10 10:00 resumed part=b") == "met"
    assert verdict(contract, PAUSE + "2025-03-10 10:00 resumed part=a") == "breached"


def test_an_answer_comes_before_the_next_of_its_kind() -> None:
    contract = """
    clause c
      concerns each paused as pause
      the provider shall have resumed
        answering pause
    """
    history = "2025-03-10 09:00 paused\n2025-03-10 10:00 paused\n2025-03-10 11:00 resumed"
    assert found(contract, history).each == ["breached", "met"]


# --------------------------------------------------------------------------- lists of the record
INCLUDING = """
clause c
  concerns each opened as opening
  the provider shall have fixed
    with part including product of opening
    without a stated limit
"""


def test_an_act_carries_a_list_with_the_value_or_the_value_itself() -> None:
    opened = "2025-03-10 09:00 opened product=db\n"
    assert verdict(INCLUDING, opened + "2025-03-10 10:00 fixed part=db") == "met"
    assert verdict(INCLUDING, opened + "2025-03-10 10:00 fixed part=mail") == "pending"
    assert verdict(INCLUDING, opened + "2025-03-10 10:00 fixed") == "undetermined"


def test_a_value_among_those_of_a_list_in_the_facts() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the customer shall ensure that product of opening is among products
    """
    opened = "2025-03-10 09:00 opened product=db"
    assert verdict(contract, opened, {"products": ["db", "mail"]}) == "met"
    assert verdict(contract, opened, {"products": ["mail"]}) == "breached"
    assert verdict(contract, opened) == "undetermined"
    assert verdict(contract.replace("is among", "is not among"), opened, {"products": ["mail"]}) == "met"
    assert verdict(contract, "2025-03-10 09:00 opened", {"products": ["db"]}) == "undetermined"


EACH = """
clause c
  concerns each opened as opening
  the provider shall have fixed
    within 2 elapsed hours of opening
    for each part in products
"""


@pytest.mark.parametrize(
    ("history", "expected", "due", "done"),
    [
        ("10:00 fixed part=db\n2025-03-10 10:30 fixed part=mail", "met", "11:00", "10:30"),
        ("10:00 fixed part=db", "breached", "11:00", None),
        ("10:00 fixed part=db\n2025-03-10 12:00 fixed part=mail", "breached", "11:00", "12:00"),
    ],
)
def test_an_act_is_owed_for_each_value_of_a_list(
    history: str, expected: str, due: str | None, done: str | None
) -> None:
    f = found(EACH, "2025-03-10 09:00 opened\n2025-03-10 " + history, facts={"products": ["db", "mail"]})
    at = [None if x is None else f"2025-03-10 {x}:00" for x in (due, done)]
    assert [f.verdict, f.due, f.done] == [expected, *at]


def test_the_reason_names_the_value_that_was_left_out() -> None:
    history = "2025-03-10 09:00 opened\n2025-03-10 10:00 fixed part=db"
    assert found(EACH, history, facts={"products": ["db", "mail"]}).because.endswith(": part mail")


def test_of_an_unknown_list_nothing_is_decided_and_of_an_empty_one_nothing_owed() -> None:
    assert verdict(EACH, "2025-03-10 09:00 opened") == "undetermined"
    assert verdict(EACH, "2025-03-10 09:00 opened", {"products": []}) == "met"


# --------------------------------------------------------------------------- tables and texts
TABLE = """
clause c
  concerns each opened as opening
  the customer shall ensure that product of opening is among the entry of response_times by channel of opening
"""


def test_a_table_is_looked_up_by_a_value() -> None:
    table = {"response_times": {"phone": ["db"], "chat": ["mail"]}}
    opened = "2025-03-10 09:00 opened product=db channel="
    assert verdict(TABLE, opened + "phone", table) == "met"
    assert verdict(TABLE, opened + "chat", table) == "breached"
    assert verdict(TABLE, opened + "web", table) == "undetermined"
    assert verdict(TABLE, opened + "null", table) == "undetermined"
    assert verdict(TABLE, opened + "phone") == "undetermined"


def test_a_table_holds_its_keys() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the customer shall ensure that channel of opening is among response_times
    """
    table = {"response_times": {"phone": ["db"]}}
    assert verdict(contract, "2025-03-10 09:00 opened channel=phone", table) == "met"
    assert verdict(contract, "2025-03-10 09:00 opened channel=chat", table) == "breached"


def test_a_table_of_numbers_gives_an_amount() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the customer shall ensure that number of opening is at most the entry of response_times by channel of opening
    """
    opened = "2025-03-10 09:00 opened channel=phone number="
    assert verdict(contract, opened + "5", {"response_times": {"phone": 5}}) == "met"
    assert verdict(contract, opened + "6", {"response_times": {"phone": 5}}) == "breached"


@pytest.mark.parametrize(("text", "has"), [("db", True), ("DB:slow", True), ("dbx", False), ("a-db", True)])
def test_a_text_mentions_a_whole_word_in_capitals_or_not(text: str, has: bool) -> None:
    contract = """
    clause c
      concerns each opened as opening
      the customer shall ensure that product of opening mentions "db"
    """
    opened = f"2025-03-10 09:00 opened product={text}"
    assert verdict(contract, opened) == ("met" if has else "breached")
    assert verdict(contract.replace('mentions "', 'mentions no "'), opened) == ("breached" if has else "met")


# --------------------------------------------------------------------------- who owes what was broken
def test_a_loss_of_entitlement_is_no_breach() -> None:
    contract = """
    clause c
      concerns each opened as opening
      where channel of opening is web
      the customer is not entitled
    """
    assert verdict(contract, "2025-03-10 09:00 opened channel=web") == "not_entitled"
    assert verdict(contract, "2025-03-10 09:00 opened channel=phone") == "not_applicable"


def test_strength_and_party_are_those_of_the_sentence_that_decides() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the customer may have opened
        only where channel of opening is phone
      the provider shall have answered
        within 1 elapsed hour of opening
    """
    f = found(contract, "2025-03-10 09:00 opened channel=phone")
    assert (f.verdict, f.explanation["strength"], f.explanation["party"]) == (
        "breached",
        "guarantee",
        "the provider",
    )
    f = found(contract, "2025-03-10 09:00 opened channel=web\n2025-03-10 09:30 answered")
    assert (f.verdict, f.explanation["strength"], f.explanation["party"]) == (
        "not_entitled",
        "may",
        "the customer",
    )


# --------------------------------------------------------------------------- what is no such kind of thing
@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("the customer shall ensure that product of opening is among plan", "E303"),
        ("the customer shall ensure that the number of values in plan is at least 1", "E303"),
        (
            "the customer shall ensure that number of opening is at most the entry of plan by channel of opening",
            "E303",
        ),
        ("the customer shall ensure that product of opening plus 3 is at most 4", "E303"),
        ('the customer shall ensure that product of opening mentions ""', "E205"),
        ('the customer shall ensure that product of opening mentions "two words"', "E205"),
        ("the provider is not entitled", "E408"),
        ("the provider shall have fixed\n    for each part in plan", "E303"),
        (
            "the provider shall have fixed\n    for each part in products\n    for each part in products",
            "E402",
        ),
        ("the provider shall have fixed\n    with the same number\n    with the same number", "E203"),
        ("the provider shall have answered\n    with the same channel\n    with the same channel", "E402"),
    ],
)
def test_a_thing_of_another_kind_is_an_error(line: str, code: str) -> None:
    with pytest.raises(ContractError, match=code):
        found(f"clause c\n  concerns each opened as opening\n  {line}\n", "2025-03-10 09:00 opened")
