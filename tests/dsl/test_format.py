"""The formatter: it changes white space and nothing else, once."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.library import policies
from dsl.diagnostics import ContractError
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


@pytest.mark.parametrize("remark", ["\u2028", "\u2029", "\x85"])
def test_only_a_line_feed_ends_a_line(remark: str) -> None:
    """Signs that other programs take for the end of a line belong to a text or a comment here."""
    text = f'servanda 1\n# a{remark}b\ncontract sample "A{remark}  B"\n  provider "P"  # c{remark}d\n'
    source = Source("x.contract", text)
    laid_out = format_text(source)
    assert parse(Source("x.contract", laid_out)) == parse(source)
    assert f'"A{remark}  B"' in laid_out


# --------------------------------------------------------------------------- as other programs write it
WRITTEN = {
    "a byte-order mark": lambda text: "\ufeff" + text,
    "carriage returns": lambda text: text.replace("\n", "\r\n"),
    "a mark and carriage returns": lambda text: "\ufeff" + text.replace("\n", "\r\n"),
    "line ends of two kinds": lambda text: text.replace("\n", "\r\n", 4),
    "no end of the last line": lambda text: text.rstrip("\n"),
    "blanks and tabs at the ends": lambda text: text.replace("\n", " \t\n"),
    "tabs between words": lambda text: text.replace("monday to friday", "monday\t to \tfriday"),
    "tabs before comments": lambda text: text.replace("  # inside", "\t# inside"),
    "a first line set in": lambda text: "  " + text,
    "blank lines in front": lambda text: "\n \n\t\n" + text,
}


@pytest.mark.parametrize("name", WRITTEN)
def test_what_other_programs_write_is_laid_out_alike(name: str) -> None:
    text = format_text(Source("x.contract", SAMPLE.replace('"A  sample"', '"A sample"')))
    written = WRITTEN[name](text)
    assert written != text
    assert parse(Source("x.contract", written)) == parse(Source("x.contract", text))
    assert format_text(Source("x.contract", written)) == text


@pytest.mark.parametrize(
    "sign", ["\x00", "\x0b", "\x0c", "\x1b", "\x1c", "\x7f", "\u200b", "\u202e", "\ufeff", "\r"]
)
@pytest.mark.parametrize("where", ["in quotes", "in a comment", "between words"])
def test_what_nobody_sees_is_refused_at_its_place(sign: str, where: str) -> None:
    text = f'servanda 1\n# a\ncontract sample "A {sign}B"\n  provider "P"\n'
    if where == "in a comment":
        text = f'servanda 1\n\n# ab {sign}c\ncontract sample "AB"\n  provider "P"\n'
    elif where == "between words":
        text = f'servanda 1\n\ncontract sample {sign}"AB"\n  provider "P"\n'
    with pytest.raises(ContractError) as stopped:
        parse(Source("x.contract", text))
    (found,) = stopped.value.diagnostics
    assert found.span is not None
    assert (found.span.line, text.split("\n")[2][found.span.column - 1]) == (3, sign)
    assert found.help
    assert sign not in found.message
    assert sign not in stopped.value.render()


def test_a_remark_of_blanks_of_other_writing_stays() -> None:
    text = 'servanda 1\n\n# a\u2028\ncontract sample "A"\n  provider "P"\n'
    assert format_text(Source("x.contract", text)) == text


ITEM = """servanda 1

contract sample "A"
  provider "P"

ambiguity hours
  asks "Which?"
  reading a "One" recommended
  reading b "Another"

moment limit
  means ticket_opened
  but where fees_paid is yes
    means the later of ticket_opened and ticket_closed
    but where fees_paid is no
      means ticket_opened

clause c
  concerns each ticket_opened
  where any of
    all of
      fees_paid is yes
      it is before limit
    fees_paid is no
  or on reading hours.b
    where fees_paid is yes
  the provider shall have response_sent
    within 2 elapsed hours of it
    or on reading hours.b
      this line falls away
    refused by help_refused
"""


@pytest.mark.parametrize("depth", range(0, 10))
@pytest.mark.parametrize("end", [False, True])
def test_a_comment_stays_wherever_it_stands(depth: int, end: bool) -> None:
    """On a line of its own before every line, as deep as you like, or at the end of every line."""
    lines = ITEM.split("\n")
    for i in range(len(lines)):
        marked = list(lines)
        if end:
            marked[i] += " " * depth + "# a remark"
        else:
            marked.insert(i, " " * depth + "# a remark")
        text = holds("\n".join(marked))
        assert text.count("# a remark") == 1
