"""Words of a language beside a contract: they are taken, they go before the common ones, and wrong ones are refused with their place."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.audit.lexicons import lexicon, missing_words
from checker.audit.library import load_contract
from checker.record.model import Fault
from tests.checker.cli.desk import servanda

CONTRACT = """\
servanda 1

contract desk "A desk"
  law polish-civil-code
  zone time_zone
  holidays of country
  provider "Provider"
  customer "Customer"

calendar office
  monday to friday 09:00 to 17:00 save public holidays

clause desk.response
  title "Answered in two hours"
  title pl "Odpowiedź w dwie godziny"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 2 hours of opening, counted in office
"""
WORDS = "definitions:\n  office: godziny biura\nevents:\n  ticket_opened: wpływ pisma\n"


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """The folder of a contract without words."""
    (tmp_path / "desk.contract").write_text(CONTRACT, encoding="utf-8")
    return tmp_path


def with_words(desk: Path, words: str) -> str:
    (desk / "words.pl.yaml").write_text(words, encoding="utf-8")
    return str(desk)


def test_own_words_go_before_the_common_ones(desk: Path) -> None:
    name = with_words(desk, WORDS)
    contract = load_contract(name)
    found = lexicon(contract, name)
    assert missing_words(contract, found) == []
    assert found.word("definitions", "office") == "godziny biura"
    assert found.event("ticket_opened") == "wpływ pisma"
    assert found.event("response_sent") != "response_sent"
    assert found.title("desk.response") == "Odpowiedź w dwie godziny"


def test_without_words_the_names_stand(desk: Path) -> None:
    contract = load_contract(str(desk))
    found = lexicon(contract, str(desk))
    assert missing_words(contract, found) == [("definitions", "office")]
    shown = servanda("show", str(desk), "desk.response", "--lang", "pl")
    assert shown.code == 0
    assert "licząc tylko czas w kalendarzu „office”" in shown.out


@pytest.mark.parametrize(
    ("words", "place", "message"),
    [
        ("office: godziny\n", ":1:", "office: unknown section"),
        ("definition:\n  office: godziny\n", ":2:", "did you mean definitions?"),
        ("definitions:\n  ofice: godziny\n", ":2:", "definitions.ofice: the contract does not use this name"),
        ("definitions:\n  ofice: godziny\n", ":2:", "did you mean office?"),
        ("definitions:\n  office: 5\n", ":2:", "a number, not text"),
        ('definitions:\n  office: ""\n', ":2:", "not words in one line"),
        ('definitions:\n  office: " godziny"\n', ":2:", "not words in one line"),
        ("definitions: godziny\n", ":1:", "not a mapping"),
        ("- office\n", ":1:", "not a mapping"),
        ("", "words.pl.yaml", ""),
        ("values: {a: b}\n---\nvalues: {a: b}\n", "words.pl.yaml", "not one document"),
        ("definitions:\n  office: a\n  office: b\n", ":3:", "the key occurs twice"),
    ],
)
def test_wrong_words_are_refused_with_their_place(desk: Path, words: str, place: str, message: str) -> None:
    name = with_words(desk, words)
    with pytest.raises(Fault) as stopped:
        lexicon(load_contract(name), name)
    told = str(stopped.value)
    assert place in told
    assert message in told


def test_the_linter_tells_what_is_missing(desk: Path) -> None:
    name = with_words(desk, "events:\n  ticket_opened: wpływ pisma\n")
    found = servanda("lint", name)
    assert found.code == 0
    assert "no Polish words for definitions.office" in found.out
    assert "no Polish words" not in servanda("lint", with_words(desk, WORDS)).out
    wrong = servanda("lint", with_words(desk, "definitions:\n  ofice: a\n"))
    assert wrong.code == 2
    assert "did you mean office?" in wrong.err
