"""Two variants compared: what is proved, what is shown, and what is said not to be proved."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from checker.audit.library import contract_names, load_contract, vocabulary
from checker.compare.answer import ClauseAnswer, Comparison, Way, open_said, together
from checker.compare.text import lines
from checker.compare.variants import Asked, compared
from dsl.check import check
from dsl.source import Source
from tests.compare.variant import Edit, variant


def against(name: str, *edits: Edit, clauses: tuple[str, ...] = ()) -> Comparison:
    return compared(load_contract(name), variant(name, *edits), vocabulary(), Asked(clauses))


def only(found: Comparison) -> ClauseAnswer:
    (answer,) = found.clauses
    return answer


@pytest.mark.parametrize("name", contract_names())
def test_a_contract_is_equivalent_to_itself(name: str) -> None:
    contract = load_contract(name)
    found = compared(contract, contract, vocabulary(), Asked())
    assert found.answer == "equivalent"
    assert found.clauses == []
    assert len(found.alike) == len(contract.clauses)
    assert {way.answer for way in found.views().values()} == {"equivalent"}


LANGUAGES = '"Sec. 7.3, table row 3"\n  pl, de, en'


def test_a_value_less_on_a_list() -> None:
    found = against("cloudorama", (LANGUAGES, LANGUAGES.replace(", de", "")))
    assert found.answer == "different"
    assert {p: w.answer for p, w in found.views().items()} == {
        "customer": "stricter",
        "provider": "laxer",
        "microsoft": "equivalent",
    }
    for c in found.clauses:
        assert [p.part for p in c.parts] == ["prerequisite"]
        assert "list languages" in c.parts[0].through
        (example,) = c.read.examples
        assert example.ticket["events"][0]["language"] == "de"
        assert example.new.verdict == "not_entitled"


def test_a_list_in_another_order_is_a_rewording() -> None:
    found = against("cloudorama", (LANGUAGES, LANGUAGES.replace("pl, de, en", "en, pl, de")))
    assert found.answer == "equivalent"


def test_a_longer_limit_is_shown_between_the_two() -> None:
    edit = ("have licence_activated\n    within 3 working", "have licence_activated\n    within 5 working")
    answer = only(against("cloudorama", edit))
    assert [p.part for p in answer.parts] == ["limit"]
    views = {p: w.answer for p, w in answer.read.views}
    assert views == {"customer": "stricter", "provider": "laxer"}
    (example,) = answer.read.examples
    assert (example.old.verdict, example.new.verdict) == ("breached", "met")
    assert example.old.due is not None
    assert example.new.due is not None
    assert example.new.done is not None
    assert example.old.due < example.new.done <= example.new.due


def test_what_differs_on_another_reading_only() -> None:
    edit = ("monday to friday save public holidays", "monday to saturday save public holidays")
    answer = only(against("poly", edit))
    assert answer.read.answer == "equivalent"
    ((ambiguity, reading, read),) = answer.readings
    assert (ambiguity, reading) == ("poly-nbd-delivery", "delivery-promised")
    assert {p: w.answer for p, w in read.views} == {"customer": "laxer", "provider": "stricter"}


def test_nothing_is_claimed_where_time_ran_out() -> None:
    edit = ("have licence_activated\n    within 3 working", "have licence_activated\n    within 5 working")
    found = compared(
        load_contract("cloudorama"),
        variant("cloudorama", edit),
        vocabulary(),
        Asked(seconds=0.0, readings=False),
    )
    answer = only(found)
    assert answer.read.answer == "not proved"
    assert ("whether provider ever fares better", "time") in answer.read.not_proved
    assert dict(answer.read.views)["provider"].worse == "no"


def test_the_answer_fits_its_schema() -> None:
    schema = json.loads(files("checker.compare").joinpath("schemas/comparison.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    found = against("cloudorama", (LANGUAGES, LANGUAGES.replace(", de", "")))
    jsonschema.validate(json.loads(json.dumps(found.told())), schema)


def test_a_missed_target_is_told_from_a_broken_guarantee() -> None:
    found = against(
        "infor", ("the provider shall endeavour to have answer", "the provider shall have answer")
    )
    (example,) = only(found).read.examples
    assert (example.old.verdict, example.new.verdict) == ("breached", "breached")
    assert (example.old.strength, example.new.strength) == ("target", "guarantee")
    text = "\n".join(lines(found))
    assert "old: breached (a missed target), due" in text
    assert "new: breached (a broken guarantee), due" in text


def test_what_is_not_proved_names_the_party() -> None:
    names = {"provider": "Acme Ltd"}
    assert open_said("whether provider ever fares worse", names) == "whether Acme Ltd ever fares worse"
    assert open_said("whether provider ever fares worse") == "whether the provider ever fares worse"
    assert (
        open_said("whether either ever fares better beyond: x")
        == "whether either party ever fares better beyond: x"
    )
    assert open_said("that the verdicts are the same") == "that the verdicts are the same"


def test_what_is_shown_both_ways_rests_on_nothing() -> None:
    scope = frozenset({"holidays on record"})
    assert together((Way("yes", "no", scope), Way("no", "yes", scope))).scope == frozenset()
    assert together((Way("yes", "no", scope), Way("no", "no"))).scope == scope


SMALL = """servanda 1
contract sample "A sample"
  law polish-civil-code
  zone time_zone
  holidays of country
  provider "the provider"

clause sample.response
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within {} of opening
"""


def test_a_day_for_hours_is_another_limit_in_no_other_calendar() -> None:
    hours, day = (
        check([Source("s.contract", SMALL.format(n))], vocabulary()) for n in ("24 elapsed hours", "1 day")
    )
    assert [p.part for p in only(compared(hours, day, vocabulary(), Asked())).parts] == ["limit"]


def test_a_clause_that_differs_on_another_reading_only_is_called_so() -> None:
    other = "within 3 working days of order_fulfilled, counted in working-days"
    found = against("cloudorama", (other, other.replace("3", "2")), clauses=("*.licence-activation",))
    answer = only(found)
    assert (answer.structure, answer.read.answer) == ("otherwise", "equivalent")
    assert [r.answer for _, _, r in answer.readings] == ["different"]
    counts = found.counts()
    assert (counts["on another reading only"], counts["equivalent"]) == (1, 0)
    assert "  on another reading only: equivalent" in lines(found)
