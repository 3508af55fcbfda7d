"""The parser and the checker on texts that nobody meant: always a contract or a clear cause, never anything else."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.audit.library import contract_names, load_contract, sources_of, vocabulary
from checker.interpret.case import case_of_ticket
from checker.interpret.judge import Judge
from checker.interpret.world import Book
from checker.record.model import Agreement, Event, Ticket
from dsl import contract as ir
from dsl.check import check
from dsl.diagnostics import CODES, ContractError
from dsl.format import format_text
from dsl.lint import lint
from dsl.parser import keywords, parse
from dsl.resolve import unresolved
from dsl.source import Source
from tests.dsl.small import TEXT
from tests.strategies import Block, contract_blocks, text_of, words

HEAD = 'servanda 1\n\ncontract sample "A sample"\n  provider "P"\n  customer "C"\n\n'


def survives(text: str) -> ir.Contract | None:
    """The contract of a text, or None where it was refused as it should be."""
    source = Source("x.contract", text)
    try:
        found = check([source], vocabulary())
    except ContractError as error:
        refused = error
    else:
        assert unresolved(found) is None
        format_text(source)
        lint([source], vocabulary())
        return found
    assert refused.diagnostics
    lines = text.split("\n")
    for d in refused.diagnostics:
        assert d.code in CODES
        assert d.message
        assert d.help
        assert d.span is not None
        assert 1 <= d.span.line <= len(lines)
        assert 1 <= d.span.column <= len(lines[d.span.line - 1]) + 2
    assert refused.render()
    return None


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    survives(text)
    survives(HEAD + text)


WORDS = [
    *sorted(keywords()),
    "ticket_opened",
    "severity",
    "office",
    '"x"',
    "2025-01-31",
    "09:00",
    "3-5",
    "7",
    ",",
    "(",
    ")",
]


@given(st.lists(st.tuples(st.integers(0, 3), st.lists(st.sampled_from(WORDS), max_size=8)), max_size=12))
def test_any_words(lines: list[tuple[int, list[str]]]) -> None:
    survives(HEAD + "".join("  " * depth + " ".join(found) + "\n" for depth, found in lines))


@st.composite
def _damaged(draw: st.DrawFn, text: str) -> str:
    """A text with some damage: letters and words lost, doubled or exchanged, lines moved, the end cut off."""
    for _ in range(draw(st.integers(1, 2))):
        lines = text.split("\n")
        n = draw(st.integers(0, len(lines) - 1))
        found = lines[n].split(" ")
        m = draw(st.integers(0, len(found) - 1))
        kind = draw(st.integers(0, 7))
        if kind == 0:
            found[m] = found[m][:-1]
        elif kind == 1:
            found[m] = draw(st.sampled_from(WORDS))
        elif kind == 2:
            found.insert(m, draw(st.sampled_from(WORDS)))
        elif kind == 3:
            del found[m]
        lines[n] = " ".join(found)
        if kind == 4:
            del lines[n]
        elif kind == 5:
            lines.insert(draw(st.integers(0, len(lines))), lines[n])
        elif kind == 6:
            lines[n] = draw(st.sampled_from([" ", "  ", "    "])) + lines[n]
        text = "\n".join(lines)
        if kind == 7:
            text = text[: draw(st.integers(0, len(text)))]
    return text


@settings(max_examples=150)
@given(st.data())
def test_a_damaged_contract(data: st.DataObject) -> None:
    survives(data.draw(_damaged(TEXT)))


@given(contract_blocks())
def test_a_generated_contract_is_none_the_worse(blocks: list[Block]) -> None:
    assert survives(text_of(blocks)) is not None


def test_the_cut_down_vocabulary_is_part_of_the_bundled_one() -> None:
    whole = vocabulary()
    assert words().events.items() <= whole.events.items()


@pytest.mark.parametrize("name", contract_names())
def test_every_name_of_the_bundled_contracts_means_something(name: str) -> None:
    assert unresolved(load_contract(name)) is None


@pytest.mark.parametrize("name", contract_names())
def test_a_bundled_contract_cut_off_anywhere_gives_a_clear_cause(name: str) -> None:
    source = max(sources_of(name), key=lambda s: len(s.text))
    for part in range(1, 8):
        cut = Source(source.name, source.text[: len(source.text) * part // 8])
        try:
            parse(cut)
        except ContractError as error:
            found = error.diagnostics
        else:
            continue  # cut between two items
        assert [bool(d.span and d.help) for d in found] == [True]


# --------------------------------------------------------------------------- as deep as is let through
def groups(deep: int, leaf: str) -> str:
    """A condition inside so many groups."""
    lines = ["  " * (1 + i) + ("any of" if i % 2 else "none of") for i in range(deep)]
    return "\n".join([*lines, "  " * (1 + deep) + leaf]) + "\n"


def chain(kind: str, links: int) -> str:
    """Definitions each of which stands on the one before, and a clause that stands on the last."""
    one = "clause last\n  concerns each ticket_opened\n  where {}\n  the provider shall have response_sent\n"
    if kind == "events":
        body = "".join(f"event e{i}\n  means {f'e{i - 1}' if i else 'response_sent'}\n" for i in range(links))
        return HEAD + body + one.format(f"e{links - 1} has occurred")
    if kind == "moments":
        body = "".join(
            f"moment m{i}\n  means 1 elapsed hour after {f'm{i - 1}' if i else 'ticket_opened'}\n"
            for i in range(links)
        )
        return HEAD + body + one.format(f"it is before m{links - 1}")
    if kind == "superseded":
        body = "".join(
            f"clause k{i}\n  concerns each ticket_opened\n  "
            + (f"superseded by k{i - 1}" if i else "where it is after it")
            + "\n  the provider shall have response_sent\n"
            for i in range(links)
        )
        return HEAD + body + one.format(f"it is no later than it\n  superseded by k{links - 1}")
    if kind == "verdicts":
        body = "".join(
            f"clause k{i}\n  concerns each ticket_opened\n  save where "
            + (f"k{i - 1} holds" if i else "it is after it")
            + "\n  the provider shall have response_sent\n"
            for i in range(links)
        )
        return HEAD + body + one.format(f"k{links - 1} holds")
    deep = int(kind)
    body = "".join(
        f"condition c{i}\n" + groups(deep, f"c{i - 1} holds" if i else "channel of ticket_opened is phone")
        for i in range(links)
    )
    return HEAD + body + one.format(f"c{links - 1} holds")


def verdict(found: ir.Contract) -> str:
    events = (Event("ticket_opened", 1741000000, 1741000000, {"channel": "phone"}),)
    agreement = Agreement("a", "sample", {"time_zone": "Europe/Warsaw", "country": "PL"})
    case = case_of_ticket(Ticket("T", "a", "incident", events), agreement, 1741009999)
    return str(Judge(Book(found), case, 1741009999).verdict("last").verdict)


@pytest.mark.parametrize("kind", ["events", "moments", "superseded", "verdicts", "0", "1", "5", "20"])
def test_what_the_checker_lets_through_can_be_judged(kind: str) -> None:
    """Depth is refused by the checker, with a clear cause, before it is too much for the interpreter."""
    longest = 0
    for links in range(2, 80):
        found = survives(chain(kind, links))
        if found is None:
            break
        longest = links
        last = found
    assert 5 <= longest < 79
    assert verdict(last)


def test_keywords_are_words() -> None:
    known: Any = keywords()
    assert {"clause", "where", "within", "elapsed"} <= known
    assert all(word.isalnum() for word in known)
