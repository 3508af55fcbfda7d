"""The documents of the language: what they show compiles, what they refuse is refused, what they judge is judged so."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.audit.library import policies
from dsl.diagnostics import CODES, ContractError
from dsl.files import read_sources
from dsl.parser import keywords
from tests.docs.blocks import Block, Example, contract_of, faults, judged, pieces
from tests.house.tree import ROOT

DOCS = ROOT / "docs"
DOCUMENTS = ["language.md", "semantics.md", "diagnostics.md"]
# A code that no text can give: it belongs to another command.
NOT_BY_TEXT = {"W504", "W505"}


def found(kind: type, names: Iterable[str] = DOCUMENTS) -> list[tuple[str, int]]:
    return [
        (name, i)
        for name in names
        for i, piece in enumerate(pieces((DOCS / name).read_text()))
        if isinstance(piece, kind)
    ]


def piece(name: str, index: int) -> Block | Example:
    return list(pieces((DOCS / name).read_text()))[index]


@pytest.mark.parametrize(("name", "index"), found(Block))
def test_contracts(name: str, index: int) -> None:
    block = piece(name, index)
    assert isinstance(block, Block)
    given = faults(block)
    shown = "\n".join(str(d) for d in given)
    assert [d.code for d in given] == ([block.code] if block.code else []), (
        shown or f"{name} line {block.line}"
    )


@pytest.mark.parametrize(("name", "index"), found(Example))
def test_cases(name: str, index: int) -> None:
    example = piece(name, index)
    assert isinstance(example, Example)
    judgement = judged(example)
    expect = example.case["expect"]
    outcome = judgement.outcome
    due = None if outcome.due is None else datetime.fromtimestamp(outcome.due, UTC)
    got = {"verdict": str(judgement.verdict), "contested": bool(judgement.contested), "due": due}
    wanted = dict(expect)
    if "due" in wanted:
        wanted["due"] = datetime.fromisoformat(wanted["due"]).astimezone(UTC)
    assert {key: got[key] for key in wanted} == wanted, f"{name} line {example.line}: {outcome.because}"


def test_the_tour_shows_real_clauses() -> None:
    real = set()
    for path in policies().glob("*/*.contract"):
        real |= set(re.findall(r"^clause (\S+)", path.read_text(), re.MULTILINE))
    tour = (DOCS / "language.md").read_text().partition("## The lines, one by one")[0]
    shown = set()
    for block in pieces(tour):
        if isinstance(block, Block) and not block.code:
            shown |= {c.id for c in contract_of(block).clauses}
    assert len(shown) > 15
    assert shown <= real


def test_every_word_of_the_language_is_in_the_cheat_sheet() -> None:
    sheet = (DOCS / "language.md").read_text().partition("## The lines, one by one")[2]
    words = set(re.findall(r"[a-z0-9]+", sheet))
    assert keywords() <= words, sorted(keywords() - words)


def sections() -> dict[str, str]:
    """The sections of the page of diagnostics: code to text."""
    text = (DOCS / "diagnostics.md").read_text()
    parts = re.split(r"^## ([EW][0-9]{3})\b[^\n]*\n", text, flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_every_code_has_its_section() -> None:
    assert list(sections()) == list(CODES)


@pytest.mark.parametrize("code", [c for c in CODES if c not in NOT_BY_TEXT and c != "E100"])
def test_every_code_has_a_pair(code: str) -> None:
    """An example to avoid, which gives the code, and one to prefer, which gives none."""
    shown = [b for b in pieces(sections()[code]) if isinstance(b, Block)]
    assert [b.code for b in shown] == [code, ""]


@pytest.mark.parametrize("content", [b"servanda 1\n# \xff\n", None])
def test_what_is_no_text(content: bytes | None, tmp_path: Path) -> None:
    """No text can show this one: a file of other bytes, or none at all."""
    path = tmp_path / "broken.contract"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ContractError) as stopped:
        read_sources(path)
    assert [d.code for d in stopped.value.diagnostics] == ["E100"]


@pytest.mark.parametrize("code", sorted(NOT_BY_TEXT))
def test_no_program_gives_it(code: str) -> None:
    """These codes are kept in the list; the page says so until something gives them."""
    written = [p for room in ("dsl", "checker") for p in Path(ROOT / room).rglob("*.py")]
    assert [p.name for p in written if f'"{code}"' in p.read_text()] == ["diagnostics.py"]


def test_a_linter_finds_nothing_in_what_to_prefer() -> None:
    """What a warning tells to prefer gives no warning of that kind."""
    for code, text in sections().items():
        if code.startswith("W") and code not in NOT_BY_TEXT:
            prefer = [b for b in pieces(text) if isinstance(b, Block)][1]
            assert code not in {d.code for d in faults(Block(prefer.line, prefer.text, code))}
