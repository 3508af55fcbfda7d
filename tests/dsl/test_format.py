"""The formatter: it changes white space and nothing else, once."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.library import policies
from dsl.format import format_text
from dsl.parser import parse
from dsl.source import Source
from tests.strategies import Block, contract_blocks, layouts, text_of

FILES = sorted(policies().rglob("*.contract"))
SAMPLE = """servanda 1
# What the file is about.

contract   sample "A  sample"   # the title
  provider "P"
  customer "C"
# before the calendar

# and right above it
calendar office
    # inside
    monday to friday 09:00 to 17:00
    # at the end of the block



clause c
  concerns each ticket_opened as  opening # the occasion
  where any of

    channel of opening is one of phone,email ,  "a, b"
    opening is before ( 2 elapsed hours  after opening )
  the provider shall have response_sent
# out of place
    within 2 hours of opening , counted in office
# the last word"""


def comments(text: str) -> list[str]:
    """The comments of a text, without the blanks around them."""
    bare = (re.sub(r'"[^"]*"', "", line) for line in text.splitlines())
    return [line[line.index("#") :].rstrip() for line in bare if "#" in line]


def holds(text: str) -> str:
    """The formatted text, after what must hold of it."""
    source = Source("x.contract", text)
    laid_out = format_text(source)
    again = Source("x.contract", laid_out)
    assert parse(again) == parse(source)
    assert format_text(again) == laid_out
    assert comments(laid_out) == comments(text)
    assert laid_out.endswith("\n")
    assert not laid_out.endswith("\n\n")
    assert not re.search(r"[ \t]$", laid_out, re.MULTILINE)
    assert "\n\n\n" not in laid_out
    return laid_out


@pytest.mark.parametrize("file", FILES, ids=lambda f: f"{f.parent.name}/{f.name}")
def test_the_bundled_contracts(file: Path) -> None:
    holds(file.read_text(encoding="utf-8"))


def test_one_layout() -> None:
    assert holds(SAMPLE) == (
        "servanda 1\n"
        "\n"
        "# What the file is about.\n"
        "\n"
        'contract sample "A  sample"  # the title\n'
        '  provider "P"\n'
        '  customer "C"\n'
        "\n"
        "# before the calendar\n"
        "\n"
        "# and right above it\n"
        "calendar office\n"
        "  # inside\n"
        "  monday to friday 09:00 to 17:00\n"
        "  # at the end of the block\n"
        "\n"
        "clause c\n"
        "  concerns each ticket_opened as opening  # the occasion\n"
        "  where any of\n"
        '    channel of opening is one of phone, email, "a, b"\n'
        "    opening is before (2 elapsed hours after opening)\n"
        "  the provider shall have response_sent\n"
        "    # out of place\n"
        "    within 2 hours of opening, counted in office\n"
        "\n"
        "# the last word\n"
    )


@given(contract_blocks(), st.data())
def test_any_layout_of_any_contract(blocks: list[Block], data: st.DataObject) -> None:
    text = text_of(blocks)
    written = data.draw(layouts(text))
    assert parse(Source("x", written)) == parse(Source("x", text))
    holds(written)


@pytest.mark.parametrize("remark", ["\u2028", "\x0b", "\x0c", "\x85", "\x1c"])
def test_only_a_line_feed_ends_a_line(remark: str) -> None:
    """Signs that other programs take for the end of a line belong to a text or a comment here."""
    text = f'servanda 1\n# a{remark}b\ncontract sample "A{remark}  B"\n  provider "P"  # c{remark}d\n'
    source = Source("x.contract", text)
    laid_out = format_text(source)
    assert parse(Source("x.contract", laid_out)) == parse(source)
    assert f'"A{remark}  B"' in laid_out
