"""Traceability: every line of a text against the clauses that cite it, both ways; another text is refused."""

from __future__ import annotations

import hashlib
from html.parser import HTMLParser
from pathlib import Path

import pytest

from checker.audit.library import contract_names, load_contract
from checker.audit.traceability import trace
from checker.record.model import Fault
from checker.render.trace_text import trace_text
from tests.checker.cli.desk import servanda

TEXT = """\
Terms of a desk

1. The desk answers in two hours.
2. Hours are nine to five,
   on working days.

3. It is polite & <kind>.
4. Nobody wrote this down.
"""
CONTRACT = """\
servanda 1

contract desk "A desk"
  source "desk.txt" of {lines} lines sha256 "{digest}"
  law polish-civil-code
  zone time_zone
  holidays of country
  provider "Provider"
  customer "Customer"

calendar office
  cite lines 4-5 "point 2"
  monday to friday 09:00 to 17:00 save public holidays

clause desk.response
  title "Answered in two hours"
  title pl "Odpowiedź w dwie godziny"
  cite lines 3-4 "points 1 and 2"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 2 hours of opening, counted in office

clause desk.tone
  title "Politely"
  title pl "Uprzejmie"
  cite lines 7 "point 3"
  stated "whether it was polite cannot be seen"
"""


@pytest.fixture
def desk(tmp_path: Path) -> tuple[Path, Path]:
    """A contract and its text."""
    text = tmp_path / "desk.txt"
    text.write_text(TEXT, encoding="utf-8")
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    contract = tmp_path / "desk.contract"
    contract.write_text(CONTRACT.format(lines=8, digest=digest), encoding="utf-8")
    return contract, text


def test_both_directions(desk: tuple[Path, Path]) -> None:
    contract, text = desk
    found = trace(load_contract(str(contract)), text)
    told = [((s.first, s.last), [c.name for c in s.by]) for s in found.segments]
    assert told == [
        ((1, 2), []),
        ((3, 3), ["desk.response"]),
        ((4, 4), ["desk.response", "office"]),
        ((5, 5), ["office"]),
        ((6, 6), []),
        ((7, 7), ["desk.tone"]),
        ((8, 8), []),
    ]
    # Blank lines are missed by nobody.
    assert found.uncited == ((1, 1), (5, 5), (8, 8))
    assert found.text is not None
    assert found.text[2] == "1. The desk answers in two hours."


def test_without_a_copy_the_text_is_not_there(desk: tuple[Path, Path]) -> None:
    found = trace(load_contract(str(desk[0])))
    assert found.text is None
    assert found.uncited == ((1, 2), (5, 6), (8, 8))
    assert "answers in two hours" not in trace_text(found, lambda name: name)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Lines that no clause cites"), ("pl", "Odpowiedź w dwie godziny")]
)
def test_as_text(desk: tuple[Path, Path], language: str, said: str) -> None:
    contract, text = desk
    found = servanda("show", str(contract), "--trace", "--source", str(text), "--lang", language)
    assert found.code == 0
    assert said in found.out
    assert "| 4. Nobody wrote this down." in found.out
    assert "desk.response: 3-4; points 1 and 2" in found.out
    assert {"en": "the provider shall have", "pl": "dostawca ma obowiązek"}[language] in found.out


class _Page(HTMLParser):
    """The tags of a page, their balance, its links and its text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.ids: set[str] = set()
        self.links: set[str] = set()
        self.outside: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.add(str(value))
            elif name == "href" and str(value).startswith("#"):
                self.links.add(str(value)[1:])
            elif name in ("href", "src"):
                self.outside.append(str(value))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("with_text", [True, False])
def test_as_a_page(desk: tuple[Path, Path], language: str, with_text: bool) -> None:
    contract, text = desk
    copy = ("--source", str(text)) if with_text else ()
    found = servanda("show", str(contract), "--trace", *copy, "--format", "html", "--lang", language)
    assert found.code == 0
    page = _Page()
    page.feed(found.out)
    assert page.open == []
    assert page.outside == []
    assert page.links <= page.ids
    assert ("3. It is polite & <kind>." in page.text) is with_text
    assert ("Uprzejmie" if language == "pl" else "Politely") in page.text
    reading = {
        "en": "within 2 hours of opening, counted in office",
        "pl": "w ciągu 2 godzin od chwili tego zdarzenia, licząc tylko czas w kalendarzu „office”",
    }
    assert reading[language] in page.text
    window = {"en": "monday to friday 09:00 to 17:00", "pl": "od poniedziałku do piątku w godz. 9:00-17:00"}
    assert window[language] in page.text


@pytest.mark.parametrize("format_", ["text", "html"])
@pytest.mark.parametrize("name", contract_names())
def test_the_pages_of_every_contract_can_be_had_in_polish(name: str, format_: str) -> None:
    found = servanda("show", name, "--trace", "--format", format_, "--lang", "pl")
    assert found.code == 0
    for contract_title in (c.title for c in load_contract(name).clauses if c.title != c.title_pl):
        assert f"<b>{contract_title}</b>" not in found.out
    assert "ma obowiązek" in found.out


@pytest.mark.parametrize("name", contract_names())
def test_every_contract_can_be_traced(name: str) -> None:
    found = trace(load_contract(name))
    assert [n for s in found.segments for n in range(s.first, s.last + 1)] == list(range(1, found.count + 1))
    assert found.without_citation == ()


def test_another_text_is_refused(desk: tuple[Path, Path]) -> None:
    contract, text = desk
    text.write_text(TEXT + "5. A line more.\n", encoding="utf-8")
    found = servanda("show", str(contract), "--trace", "--source", str(text))
    assert found.code == 2
    assert "this is not the text that the contract cites" in found.err
    assert "give desk.txt" in found.err


def test_a_wrong_count_of_lines_is_told(desk: tuple[Path, Path]) -> None:
    contract, text = desk
    digest = hashlib.sha256(text.read_bytes()).hexdigest()
    contract.write_text(CONTRACT.format(lines=9, digest=digest), encoding="utf-8")
    with pytest.raises(Fault, match="the text has 8 lines, and the contract says 9"):
        trace(load_contract(str(contract)), text)


def test_options_that_go_with_trace_alone(desk: tuple[Path, Path]) -> None:
    contract, text = desk
    assert servanda("show", str(contract), "--source", str(text)).code == 2
    assert servanda("show", str(contract), "--format", "html").code == 2
    assert servanda("show", str(contract), "--trace", "--format", "json").code == 2
