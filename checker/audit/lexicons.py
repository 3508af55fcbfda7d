"""Polish words for what a contract names, from `words.pl.yaml` beside the vocabulary and in the contract's own folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final

from checker.audit.library import contract_path, policies, vocabulary
from checker.record.agreements import yaml_documents
from checker.record.flaws import Flaw, did_you_mean, one_of, show
from checker.record.model import Fault, Place
from checker.record.values import kind_of
from checker.record.yaml_text import Document
from dsl.contract import Contract
from dsl.define_pl import spoken
from dsl.lexicon import SECTIONS, Lexicon, Words, lexicon_of

FILE: Final = "words.pl.yaml"

_OWN: Final = frozenset({"definitions", "stated", "questions", "readings"})
"""The sections that only a contract's own file has."""


def lexicon(contract: Contract, name: str, stale: Callable[[Fault], None] | None = None) -> Lexicon:
    """The Polish words of a contract that was loaded by this name: its own, where it is a folder that has them, before the common ones.

    `stale`: told of each name in its own file that the contract does not use, which is passed over then.

    Raises:
        Fault: a file of words that cannot be read, or, where nobody is told of them, words for a name that there is not.
    """
    own = own_words(name)
    layers = [_common(policies() / FILE)]
    if own is not None:
        layers.append(_words(own, _asked(contract), "the contract does not use", stale=stale))
    return lexicon_of(contract, layers)


def lexicon_of_variant(contract: Contract, names: Iterable[str]) -> Lexicon:
    """The Polish words of a variant: the common ones, and those of the contracts of these names, the last one uppermost.

    A variant that is being drafted has left out or renamed what a file has words for; such words are passed over.

    Raises:
        Fault: a file of words that cannot be read.
    """
    files = [path for name in names if (path := own_words(name)) is not None]
    return lexicon_of(contract, [_common(policies() / FILE), *(_words(path, {}, "") for path in files)])


def own_words(name: str) -> Path | None:
    """The file of a contract's own words, where it has one."""
    path = contract_path(name) / FILE
    return path if path.is_file() else None


def files_of_words(name: str) -> dict[str, Path]:
    """The files that `lexicon` reads for a contract: the `common` one, and its `own`, where it has one."""
    own = own_words(name)
    return {"common": policies() / FILE, **({"own": own} if own is not None else {})}


def missing_words(contract: Contract, words: Lexicon) -> list[tuple[str, str]]:
    """Section and name of everything that the contract says and the lexicon has no word for, sorted."""
    found: set[tuple[str, str]] = set()
    spoken(contract, Lexicon(words.words, words.titles, words.own, lambda *missed: found.add(missed)))
    return sorted(found)


def _asked(contract: Contract) -> dict[str, frozenset[str]]:
    """By section, the names that a contract needs words for."""
    found: dict[str, set[str]] = {section: set() for section in SECTIONS}
    spoken(contract, lexicon_of(contract, (), lambda section, name: found[section].add(name)))
    # Values and places that could stand as they are may have words, too.
    return {s: frozenset(names) for s, names in found.items() if s not in ("values", "places")}


def _common(path: Path) -> Words:
    known = vocabulary()
    attributes = {a for e in known.events.values() for a in e.attributes}
    fields = {step for steps in known.fields for step in steps}
    names = {
        "events": frozenset(known.events),
        "attributes": frozenset(attributes | fields),
        "facts": frozenset(known.facts),
        "records": frozenset(known.records),
    }
    return _words(path, names, "the vocabulary does not have", frozenset(SECTIONS) - _OWN)


def _words(
    path: Path,
    names: Mapping[str, frozenset[str]],
    unknown: str,
    sections: frozenset[str] = frozenset(SECTIONS),
    stale: Callable[[Fault], None] | None = None,
) -> Words:
    """The words of a file. `names`: by section, those that there are; a section without them may have any. `stale`: as for `lexicon`."""
    found = yaml_documents(path)
    if len(found) != 1:
        raise Fault(Place(str(path)), "not one document", f"{len(found)}", "write one document of words")
    document = found[0]
    try:
        return _checked(document, names, unknown, sections, stale)
    except Flaw as flaw:
        raise document.fault(flaw) from None


def _checked(
    document: Document,
    names: Mapping[str, frozenset[str]],
    unknown: str,
    sections: frozenset[str],
    stale: Callable[[Fault], None] | None,
) -> Words:
    out: dict[str, dict[str, str]] = {}
    allowed = [s for s in SECTIONS if s in sections]
    for section, words in _mapping(document.value, ()).items():
        if section not in sections:
            raise Flaw((section,), "", "unknown section", did_you_mean(section, allowed) or one_of(allowed))
        known = names.get(section)
        for name, word in _mapping(words, (section,)).items():
            at = (section, name)
            if not isinstance(word, str):
                raise Flaw(at, show(word), f"{kind_of(word)}, not text", "write the words, in quotes")
            if not word.strip() or word != word.strip() or not word.isprintable():
                raise Flaw(at, show(word), "not words in one line", "write the words in the nominative")
            if known is not None and name not in known:
                remedy = did_you_mean(name, known) or "take the line out"
                flaw = Flaw(at, "", f"{unknown} this name", remedy)
                if stale is None:
                    raise flaw
                stale(document.fault(flaw))
                continue
            out.setdefault(section, {})[name] = word
    return out


def _mapping(value: object, path: tuple[str, ...]) -> Mapping[str, object]:
    if not isinstance(value, dict):
        raise Flaw(path, show(value), f"{kind_of(value)}, not a mapping", "write name: words")
    return value
