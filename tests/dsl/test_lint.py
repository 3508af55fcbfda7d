"""What can be used but should be looked at: each finding with a contract that has it and one that has it not."""

import pytest

from checker.audit.library import contract_names, sources_of, vocabulary
from dsl.diagnostics import CODES, Level
from dsl.lint import lint
from dsl.source import Source

HEAD = 'servanda 1\n\ncontract sample "A sample"\n  provider "P"\n  customer "C"\n\n'
TITLES = '  title "A title"\n  title pl "Tytuł"\n'
OWES = "  the provider shall have response_sent\n"
AMBIGUITY = 'ambiguity hours\n  asks "Which?"\n  reading a "One" recommended\n  reading b "Another"\n\n'


def clause(
    name: str, lines: str = "", limit: str = "    within 2 elapsed hours of it\n", titles: str = TITLES
) -> str:
    return f"clause {name}\n{titles}  concerns each ticket_opened\n{lines}{OWES}{limit}\n"


def found(text: str) -> list[tuple[str, int]]:
    """The codes of the findings, each with its line below the head."""
    head = HEAD.count("\n")
    findings = lint([Source("sample.contract", HEAD + text)], vocabulary())
    assert all(d.span is not None and d.help for d in findings)
    assert {d.code for d in findings} <= CODES.keys()
    return [(d.code, d.span.line - head if d.span else 0) for d in findings]


def codes(text: str) -> list[str]:
    return [code for code, _ in found(text)]


def test_a_clean_contract() -> None:
    assert found(clause("first")) == []


# --------------------------------------------------------------------------- W501: nothing uses it
DEFINITIONS = {
    "attribute severity": "  ranks 1, 2",
    "list kinds": "  phone",
    "calendar office": "  round the clock",
    "event answer": "  means response_sent",
    "state paused": "  from work_paused until work_resumed",
    "fact cover": "  means an entry of purchases",
    "period month": "  means each month",
    "moment limit": "  means ticket_opened",
    "figure most": "  means 3",
    "condition covered": "  fees_paid is yes",
    "word tea_served": "  of the ticket",
}
USES = {
    "attribute severity": "  where severity is 1\n",
    "list kinds": "  where channel of ticket_opened is in kinds\n",
    "calendar office": "  where it is during office\n",
    "event answer": "  where answer has occurred\n",
    "state paused": "  where it is during paused\n",
    "fact cover": "  where cover is in force\n",
    "period month": "  where the number of response_sent in month is at most 3\n",
    "moment limit": "  where it is before limit\n",
    "figure most": "  where the number of response_sent is at most most\n",
    "condition covered": "  where covered holds\n",
    "word tea_served": "  where tea_served has occurred\n",
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_definition_that_nothing_uses(name: str) -> None:
    definition = f"{name}\n{DEFINITIONS[name]}\n\n"
    assert found(definition + clause("first")) == [("W501", 1)]
    assert found(definition + clause("first", USES[name])) == []


def test_a_use_in_a_reading_is_a_use() -> None:
    text = AMBIGUITY + "event answer\n  means response_sent\n\n"
    lines = "  where fees_paid is yes\n  or on reading hours.b\n    where answer has occurred\n"
    assert found(text + clause("first", lines)) == []


def test_a_course_that_no_clause_follows_is_unused() -> None:
    text = "attribute severity\n  ranks 1, 2\n\ncourse answers\n  follows severity through first\n\n"
    body = f"clause first\n{TITLES}  concerns each stretch of severity 1\n{OWES}    within 2 elapsed hours of it\n"
    assert codes(text + body) == ["W501"]
    assert codes(text + body.replace(OWES, "  follows answers\n" + OWES)) == []


# --------------------------------------------------------------------------- W502: it can never apply
NEVER = {
    "two values at once": "  where channel of it is phone\n  where channel of it is email\n",
    "a value and its negation": "  where channel of it is phone\n  where channel of it is not phone\n",
    "a prerequisite against the gate": "  where channel of it is phone\n  provided that channel of it is email\n",
    "a carve-out as wide as the gate": "  where channel of it is one of phone, email\n"
    "  save where channel of it is one of email, phone, post\n",
}
PIECES = (
    "fact cover\n  means an entry of purchases\n\ncalendar office\n  monday to friday 09:00 to 17:00\n\n"
    "list kinds\n  phone, email\n\nlist more\n  all of kinds\n  chat\n\nattribute severity\n  ranks 1, 2, 3\n\n"
    "condition covered\n  channel of response_sent is phone\n\n"
    "condition open\n  channel of response_sent is phone\n"
    "  or on reading hours.b\n    channel of response_sent is email\n\n"
)
NEVER_WITH_PIECES = {
    "values in a group": "  where all of\n    channel of it is phone\n    channel of it is email\n",
    "a condition and its opposite": "  where covered holds\n  where covered does not hold\n",
    "a condition and a value": "  where covered holds\n  where channel of response_sent is email\n",
    "a carve-out of the same": "  where it is during office\n  save where it is during office\n",
    "in force and not": "  where cover is in force\n  provided that cover is not in force\n",
    "on a list and not": "  where channel of it is in kinds\n  where channel of it is not in kinds\n",
    "a value that is not on the list": "  where channel of it is post\n  where channel of it is in kinds\n",
    "on the shorter list only": "  where channel of it is in kinds\n  where channel of it is not in more\n",
    "during and outside": "  where it is during office\n  where it is outside office\n",
    "before and not": "  where it is before response_sent\n  where it is no sooner than response_sent\n",
    "none of what is asked": "  where channel of it is phone\n  where none of\n    channel of it is phone\n"
    "    channel of it is email\n",
    "a carve-out with an alternative": "  where channel of it is phone\n  save where any of\n"
    "    channel of it is phone\n    language of it is pl\n",
    "two carve-outs that are all": "  save where channel of it is phone\n  save where channel of it is not phone\n",
}
SOMETIMES_WITH_PIECES = {
    "one of several": "  where any of\n    channel of it is phone\n    channel of it is email\n",
    "a carve-out in two conditions": "  where channel of it is phone\n  save where all of\n"
    "    channel of it is phone\n    language of it is pl\n",
    "a condition twice": "  where covered holds\n  provided that covered holds\n",
    "a condition that a reading changes": "  where open holds\n  where channel of response_sent is email\n",
    "in force at two times": "  where cover is in force\n  where cover is not in force at response_sent\n",
    "two values refused": "  where channel of it is not phone\n  where channel of it is not email\n",
    "other events": "  where channel of it is phone\n  where channel of response_sent is email\n",
    "other times": "  where severity is 1\n  where severity at response_sent is 2\n",
    "on record": "  where channel of it is phone\n  save where channel of it is not recorded as phone\n",
    "the longer list": "  where channel of it is in more\n  where channel of it is not in kinds\n",
    "a group that a reading changes": "  where all of\n    channel of it is phone\n    or on reading hours.b\n"
    "      channel of it is email\n  where channel of it is email\n",
    "a value of several": "  where core_services is a\n  where core_services is b\n",
}
SOMETIMES = {
    "two values that meet": "  where channel of it is one of phone, email\n  where channel of it is email\n",
    "two attributes": "  where channel of it is phone\n  where language of it is email\n",
    "a narrower carve-out": "  where channel of it is one of phone, email\n  save where channel of it is email\n",
}


@pytest.mark.parametrize("name", NEVER)
def test_a_clause_that_can_never_apply(name: str) -> None:
    assert found(clause("first", NEVER[name])) == [("W502", 1)]


@pytest.mark.parametrize("name", NEVER_WITH_PIECES)
def test_gates_that_exclude_each_other(name: str) -> None:
    text = AMBIGUITY + PIECES + clause("first", NEVER_WITH_PIECES[name])
    assert [code for code in codes(text) if code not in ("W501", "W503")] == ["W502"]


@pytest.mark.parametrize("name", SOMETIMES_WITH_PIECES)
def test_gates_that_can_be_passed_together(name: str) -> None:
    text = AMBIGUITY + PIECES + clause("first", SOMETIMES_WITH_PIECES[name])
    assert [code for code in codes(text) if code not in ("W501", "W503")] == []


@pytest.mark.parametrize("name", SOMETIMES)
def test_a_clause_that_can_apply(name: str) -> None:
    assert found(clause("first", SOMETIMES[name])) == []


def test_a_clause_about_other_stretches_than_its_gate_wants() -> None:
    text = "attribute severity\n  ranks 1, 2\n\n"
    body = f"clause first\n{TITLES}  concerns each stretch of severity 1\n  where severity is {{}}\n{OWES}"
    assert codes(text + body.format(2)) == ["W502"]
    assert codes(text + body.format(1)) == []


def test_a_gate_that_a_reading_replaces_proves_nothing() -> None:
    lines = "  where channel of it is phone\n  or on reading hours.b\n    where channel of it is email\n"
    assert found(AMBIGUITY + clause("first", lines + "  where channel of it is email\n")) == []


# --------------------------------------------------------------------------- W503: no line depends on it
def test_an_ambiguity_that_no_line_depends_on() -> None:
    assert found(AMBIGUITY + clause("first")) == [("W503", 1)]
    assert found(AMBIGUITY + clause("first", "  only on reading hours.b\n")) == []


# --------------------------------------------------------------------------- W506: titles
def test_a_title_that_is_missing() -> None:
    assert found(clause("first", titles="")) == [("W506", 1)]
    assert found(clause("first", titles='  title "A title"\n')) == [("W506", 1)]
    assert found(clause("first", titles='  title pl "Tytuł"\n')) == [("W506", 1)]


# --------------------------------------------------------------------------- E411: two limits and no order
OWN = "    within 2 elapsed hours of it\n"
OTHER = "    within 4 elapsed hours of it\n"
ORDERED = {
    "one yields to the other": ("  superseded by second\n", ""),
    "the other yields to the one": ("", "  superseded by first\n"),
    "the gates exclude each other": (
        "  where channel of it is phone\n",
        "  where channel of it is not phone\n",
    ),
    "the values exclude each other": ("  where channel of it is phone\n", "  where channel of it is email\n"),
    "the conditions exclude each other": ("  where cover is in force\n", "  where cover is not in force\n"),
    "one is a reading of the other": ("", "  only on reading hours.b\n"),
}
COVER = "fact cover\n  means an entry of purchases\n\n"


@pytest.mark.parametrize("name", ORDERED)
def test_two_limits_with_an_order(name: str) -> None:
    first, second = ORDERED[name]
    text = AMBIGUITY + COVER + clause("first", first) + clause("second", second, OTHER)
    assert "E411" not in codes(text)


LATER = "    no later than 4 elapsed hours after it\n"
UNORDERED = {
    "values that overlap": (
        "  where channel of it is one of phone, email\n",
        "  where channel of it is phone\n",
        OTHER,
    ),
    "one with a gate": ("  where channel of it is phone\n", "", OTHER),
    "another attribute": ("  where channel of it is phone\n", "  where language of it is pl\n", OTHER),
    "another way to say the limit": ("", "", LATER),
    "lists with a value in common": (
        "  where channel of it is in kinds\n",
        "  where channel of it is one of email, post\n",
        OTHER,
    ),
    "a group of lists": (
        "  where any of\n    channel of it is in kinds\n    channel of it is in more\n",
        "  where language of it is pl\n",
        OTHER,
    ),
    "a carve-out of something else": (
        "  save where channel of it is phone\n",
        "  where language of it is pl\n",
        OTHER,
    ),
    "the same reading": ("  only on reading hours.a\n", "  only on reading hours.a\n", OTHER),
    "prerequisites": ("  provided that cover is in force\n", "  provided that covered holds\n", OTHER),
}
APART = {
    "a carve-out and its values": (
        "  save where channel of it is phone\n",
        "  where channel of it is phone\n",
        OTHER,
    ),
    "a carve-out and its list": (
        "  save where channel of it is in kinds\n",
        "  where channel of it is in kinds\n",
        OTHER,
    ),
    "a carve-out and its condition": ("  save where covered holds\n", "  where covered holds\n", OTHER),
    "none of them": (
        "  where none of\n    channel of it is phone\n    language of it is pl\n",
        "  where channel of it is phone\n",
        OTHER,
    ),
    "lists with nothing in common": (
        "  where channel of it is in kinds\n",
        "  where channel of it is one of chat, post\n",
        OTHER,
    ),
    "hours": ("  where it is during office\n", "  where it is outside office\n", OTHER),
    "figures": (
        "  where the number of response_sent is at most 3\n",
        "  where the number of response_sent is more than 3\n",
        OTHER,
    ),
    "limits in another order": ("", "", "    no sooner than it\n    within 2 elapsed hours of it\n"),
    "two readings": ("  only on reading hours.a\n", "  only on reading hours.b\n", OTHER),
    "every case of a group": (
        "  where any of\n    channel of it is phone\n    channel of it is chat\n",
        "  where channel of it is email\n",
        OTHER,
    ),
}


@pytest.mark.parametrize("name", UNORDERED)
def test_two_limits_that_can_bind_together(name: str) -> None:
    first, second, limit = UNORDERED[name]
    text = AMBIGUITY + PIECES + clause("first", first) + clause("second", second, limit)
    assert codes(text).count("E411") == 1


@pytest.mark.parametrize("name", APART)
def test_two_limits_that_never_bind_together(name: str) -> None:
    first, second, limit = APART[name]
    own = "    within 2 elapsed hours of it\n    no sooner than it\n" if name.startswith("limits") else OWN
    text = AMBIGUITY + PIECES + clause("first", first, own) + clause("second", second, limit)
    assert "E411" not in codes(text)


def test_two_limits_with_no_order() -> None:
    text = clause("first") + clause("second", limit=OTHER)
    assert found(text) == [("E411", 1)]
    (finding,) = lint([Source("sample.contract", HEAD + text)], vocabulary())
    assert finding.level is Level.ERROR
    assert "first and second" in finding.message
    assert [label for label, _ in finding.related] == ["the other clause"]


def test_one_limit_said_twice_is_no_conflict() -> None:
    assert codes(clause("first") + clause("second")) == []


def test_an_order_over_a_third() -> None:
    third = clause("third", "  superseded by second\n", "    within 8 elapsed hours of it\n")
    second = clause("second", "  superseded by first\n", OTHER)
    assert "E411" not in codes(clause("first") + second + third)
    assert codes(clause("first") + clause("second", limit=OTHER) + third).count("E411") == 2


def test_limits_on_other_occasions_or_of_other_acts_are_no_conflict() -> None:
    other_act = clause("second", limit=OTHER).replace("response_sent", "ticket_closed")
    other_occasion = clause("second", limit=OTHER).replace("ticket_opened", "ticket_reopened")
    other_party = clause("second", limit=OTHER).replace("the provider", "the customer")
    for text in (other_act, other_occasion, other_party):
        assert codes(clause("first") + text) == []


# --------------------------------------------------------------------------- the bundled contracts
@pytest.mark.parametrize("name", contract_names())
def test_the_bundled_contracts_are_clean(name: str) -> None:
    assert [str(d) for d in lint(sources_of(name), vocabulary())] == []


def test_definitions_that_branch_at_every_step_are_looked_at_once() -> None:
    """As many ways as there are to go through them, lint takes no longer."""
    lists = "".join(
        f"list l{i}\n" + (f"  all of l{i - 1}\n  all of l{i - 1}\n\n" if i else "  x\n\n") for i in range(25)
    )
    conditions = "".join(
        f"condition c{i}\n"
        + (f"  any of\n    c{i - 1} holds\n    c{i - 1} holds\n\n" if i else "  fees_paid is yes\n\n")
        for i in range(20)
    )
    gates = "  where channel of it is in l24\n  where c19 holds\n"
    text = lists + conditions + clause("first", gates) + clause("second", gates, OTHER)
    assert codes(text) == ["E411"]
