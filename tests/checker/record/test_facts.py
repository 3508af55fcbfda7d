"""The facts of an agreement keep the types of the vocabulary; what is legal and looks wrong is noted."""

from dataclasses import replace
from pathlib import Path

import pytest

from checker.audit.library import fixtures, load_contract, vocabulary
from checker.audit.words import words_of
from checker.record.agreements import read_agreements
from checker.record.model import Fault, Note
from checker.record.words import Words
from tests.checker.record import broken, golden_text

HEAD = "agreement: acme\ncontract: gold\n"
WORDS = Words(
    {"payment_received": "agreement", "ticket_opened": "ticket"},
    frozenset({"payments", "work"}),
    {
        ("paid",): "bool",
        ("level",): "string",
        ("month",): "string",
        ("start_day",): "int",
        ("started",): "date",
        ("signed",): "date or instant",
        ("contacts",): "list",
        ("contacts", ""): "string",
        ("options",): "list",
        ("plans",): "list",
        ("plans", ""): "map",
        ("plans", "", "level"): "string",
        ("plans", "", "from"): "date or instant",
        ("plans", "", "quantity"): "number",
        ("plans", "", "places"): "list",
        ("plans", "", "places", ""): "string",
        ("hours",): "map",
        ("hours", "from"): "time",
        ("hours", "to"): "time",
        ("order",): "map",
        ("order", "from"): "date or instant",
        ("order", "to"): "date or instant",
        ("order", "active"): "bool",
        ("odd",): "a type that nobody knows",
    },
    frozenset({"own_fact", "own_field"}),
)

SOUND = """\
paid: true
level: "1"
month: 2026-07
start_day: 15
started: 0001-01-01
signed: 2025-03-03T09:00:00+01:00
contacts: [a, 'b']
options: [{anything: 1}, 2, [x]]
plans:
- {level: x, from: 2025-01-01, to: 9999-12-31, quantity: 1.5, places: [NO]}
- {from: 2025-03-03T00:00:00Z, to: 2025-03-02, level: null, own_field: 7}
hours: {from: '22:00', to: '06:00'}
order: {from: 2025-01-01, to: 2025-01-01, active: false, more: {at: all}}
odd: [whatever]
own_fact: yes
closed_dates: [2025-12-24, 2025-12-24]
open_dates: []
records_missing: [payments, payment_received]
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(facts: str, words: Words | None = WORDS) -> list[str]:
    """The notes of an agreement with these facts."""
    notes: list[Note] = []
    Path("a.yaml").write_text(HEAD + facts)
    read_agreements(["a.yaml"], words=words, notes=notes)
    return [f"{note.place}: {note.text}" for note in notes]


def test_facts_of_another_type(folder: Path) -> None:
    said = {}
    for facts in broken.FACTS:
        assert read(facts, None) == [] or "records_missing" in facts
        with pytest.raises(Fault) as caught:
            read(facts)
        said[facts.replace("\n", "; ").removesuffix("; ")] = str(caught.value)
    assert said == golden_text.stored("facts", said)


def test_facts_that_keep_their_types(folder: Path) -> None:
    assert read(SOUND) == []


def test_every_fact_may_be_null(folder: Path) -> None:
    assert read("".join(f"{path[0]}: null\n" for path in WORDS.facts if len(path) == 1)) == []
    assert read("plans: [{from: null, to: null, places: [null]}]\nhours: {from: null}\n") == []


def test_what_is_legal_and_looks_wrong(folder: Path) -> None:
    assert read("payd: true\ngizmo: xl\nclosed_date: []\n") == [
        "a.yaml:3:7: unknown fact payd: no clause refers to it; did you mean paid?",
        "a.yaml:4:8: unknown fact gizmo: no clause refers to it",
        "a.yaml:5:14: unknown fact closed_date: no clause refers to it; did you mean closed_dates?",
    ]
    assert read("plans: [{level: x, colour: red, levels: y}]\norder: {activ: true, colour: red}\n") == [
        "a.yaml:3:28: plans[0].colour: no clause refers to colour",
        "a.yaml:3:41: plans[0].levels: no clause refers to levels",
        "a.yaml:4:16: order.activ: no clause refers to activ; did you mean active?",
    ]
    (stray,) = read("events: [{at: 2025-03-03T09:00:00Z, event: ticket_opened}]\n")
    assert stray.startswith("a.yaml:3:9: ticket_opened is an event of tickets")


def test_words_of_another_contract_are_not_known(folder: Path) -> None:
    """Its agreements are left out of the audit; which words they may use is seen where they are judged."""
    facts = "paid: 'yes'\nown: x\nrecords_missing: [tea]\n"
    assert read(facts, replace(WORDS, contract="silver")) == []
    with pytest.raises(Fault, match="no log has this name"):
        read(facts, replace(WORDS, contract="gold"))
    with pytest.raises(Fault, match="a list of dates is due"):
        read("closed_dates: never\n", replace(WORDS, contract="silver"))


def test_the_vocabulary_types_what_its_examples_show() -> None:
    typed = vocabulary().fields
    assert set(typed.values()) <= {
        *("string", "bool", "int", "number", "list", "map", "date", "date or instant", "time"),
    }
    assert {path[0] for path in typed} == set(vocabulary().facts)
    assert {typed[path] for path in typed if path[-1] in ("from", "to") and len(path) > 2} == {
        "date or instant"
    }


@pytest.mark.parametrize("folder_name", sorted(p.parent.name for p in fixtures().glob("*/agreement.yaml")))
def test_the_agreements_of_the_fixtures(folder_name: str) -> None:
    notes: list[Note] = []
    path = fixtures() / folder_name / "agreement.yaml"
    for agreement in read_agreements([path]):
        words = words_of(vocabulary(), load_contract(agreement.contract))
        assert read_agreements([path], words=words, notes=notes)
    assert notes == []


def test_words_that_a_contract_has_of_its_own() -> None:
    contract = load_contract("unified")
    words = words_of(vocabulary(), contract)
    assert words.events.items() >= {(word.name, word.level) for word in contract.words}
    assert words.records == set(vocabulary().records)
    assert "service" in words.read
