"""Every bundled contract can be read in Polish: no word is missing, none is for nothing, and no English is left."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

import pytest

from checker.audit.lexicons import lexicon, missing_words, own_words
from checker.audit.library import contract_names, load_contract, vocabulary
from dsl.clause_pl import clause_lines
from dsl.define import all_definitions
from dsl.define_pl import definition_lines, spoken
from dsl.lexicon import Lexicon, lexicon_of
from dsl.phrase_pl import Polish

NAMES = contract_names()
# Words of the language's own sentences; none of them is a Polish word, or part of a product's name.
ENGLISH = re.compile(
    r"\b(?:the|of|is|are|not|has|have|with|within|where|which|before|after|from|until|shall|may|each|every|at least|at most"
    r"|recorded|counted|event|clause|provider|customer|hours?|days?|working|elapsed|sentence|paragraph|table|footnote)\b"
)
IDENTIFIER = re.compile(r"\[[a-z0-9.-]+\]| \([a-z0-9-]+(?:\.[a-z0-9-]+)+\)|https?://[^”]+|[\w.]+@[\w.]+")


@cache
def words(name: str) -> Lexicon:
    return lexicon(load_contract(name), name)


@cache
def said(name: str) -> tuple[str, ...]:
    """All that the pages of a contract say in Polish, identifiers and addresses left out."""
    contract, p = load_contract(name), Polish(words(name))
    lines = [line for c in contract.clauses for line in clause_lines(p, c)]
    lines += [p.lexicon.place(c.cite.place) for c in contract.clauses if c.cite is not None]
    for a in contract.ambiguities:
        lines += [p.lexicon.question(a.name), *(p.lexicon.reading(a.name, r) for r, _ in a.readings)]
    for _, definition in all_definitions(contract):
        lines += [p.named(definition.name), *definition_lines(p, definition)]
    return tuple(IDENTIFIER.sub("", line) for line in lines)


@pytest.mark.parametrize("name", NAMES)
def test_no_word_is_missing(name: str) -> None:
    assert own_words(name) is not None
    assert missing_words(load_contract(name), words(name)) == []


def test_the_whole_vocabulary_has_words() -> None:
    known, common = vocabulary(), words(NAMES[0]).words
    attributes = {a for e in known.events.values() for a in e.attributes}
    for section, names in (
        ("events", set(known.events)),
        ("attributes", attributes),
        ("facts", set(known.facts)),
        ("records", set(known.records)),
    ):
        assert names - common[section].keys() == set(), section


@pytest.mark.parametrize("name", NAMES)
def test_every_ambiguity_is_asked_and_answered(name: str) -> None:
    """Each question has words, and each of its readings words of its own."""
    contract, known = load_contract(name), words(name)
    assert contract.ambiguities
    for a in contract.ambiguities:
        assert re.fullmatch(r"[A-ZŁŚ].*\?", known.question(a.name)), a.name
        said = [known.reading(a.name, reading) for reading, _ in a.readings]
        assert all(said), a.name
        assert len(set(said)) == len(said), a.name
    asked = [known.question(a.name) for a in contract.ambiguities]
    english = {a.question for a in contract.ambiguities}
    assert not english & set(asked)


@pytest.mark.parametrize("name", NAMES)
def test_no_english_is_left(name: str) -> None:
    assert [line for line in said(name) if ENGLISH.search(line)] == []
    assert [line for line in said(name) if re.search(r"[a-z0-9]_[a-z0-9]", line)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_line_is_well_formed(name: str) -> None:
    for line in said(name):
        assert line.strip()
        assert line.count("„") == line.count("”"), line
        assert line.count("(") == line.count(")"), line
        assert "  " not in line.strip(), line


@pytest.mark.parametrize("name", NAMES)
def test_no_two_names_share_their_words(name: str) -> None:
    """Else a definition would seem to mean itself."""
    contract = load_contract(name)
    asked: set[tuple[str, str]] = set()
    spoken(contract, lexicon_of(contract, (), lambda *found: asked.add(found)))
    by_words: dict[str, set[str]] = defaultdict(set)
    for section, asked_name in asked:
        if section in ("definitions", "events"):
            by_words[words(name).word(section, asked_name)].add(asked_name)
    assert {w: sorted(names) for w, names in by_words.items() if len(names) > 1} == {}
