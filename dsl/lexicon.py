"""The words of another language for what a contract names: events, attributes, facts, definitions, values, places.

A lexicon is data that lies beside the contracts. What it does not have stands as the contract writes it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from dsl import contract as ir

SECTIONS: Final = (
    "parties",
    "definitions",
    "events",
    "attributes",
    "facts",
    "records",
    "values",
    "places",
    "stated",
    "questions",
    "readings",
)
"""The parts of a lexicon: the parties; the contract's own definitions; events, attributes (and fields of facts), facts and logs
of the vocabulary; values written as a name; parts of a place in the text, its figures written as `#`; why a clause is on record
only; what an ambiguity asks; and what a reading says, by `ambiguity.reading`."""

Words = Mapping[str, Mapping[str, str]]
"""Words by section and name."""

_FIGURE: Final = re.compile(r"\d+(?:\.\d+)*")
_PARTS: Final = re.compile(r"(, |; )")
_CODED: Final = re.compile(r"[a-z][a-z0-9_. -]*")
_WORDY: Final = re.compile(r"[A-Za-z]{2}")


def _unheard(section: str, name: str) -> None:
    """Nobody asks which words are missing."""


@dataclass(frozen=True)
class Lexicon:
    """The words of a contract in a language.

    `titles` are those of its clauses, by id, and `own` the names of its own events. `missing(section, name)` is told of every
    word that is asked for and not there.
    """

    words: Words = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    missing: Callable[[str, str], None] = _unheard

    def word(self, section: str, name: str, otherwise: str | None = None) -> str:
        """The word for a name of a section, else `otherwise`, else the name."""
        found = self.words.get(section, {}).get(name)
        if found is None:
            self.missing(section, name)
            return name if otherwise is None else otherwise
        return found

    def event(self, name: str) -> str:
        """An event: one of the contract's own, or one of the vocabulary."""
        return self.word("definitions" if name in self.own else "events", name)

    def value(self, text: str) -> str:
        """A value. One with a capital letter or a figure in front is a name or a figure, and may stand as it is."""
        needed = _CODED.fullmatch(text) or text in self.words.get("values", {})
        return self.word("values", text) if needed else text

    def title(self, clause: str) -> str:
        """The title of a clause, else its id."""
        return self.titles.get(clause, clause)

    def question(self, ambiguity: str) -> str:
        """What an ambiguity asks; nothing where there are no words for it."""
        return self.word("questions", ambiguity, "")

    def reading(self, ambiguity: str, reading: str) -> str:
        """What a reading says; nothing where there are no words for it."""
        return self.word("readings", f"{ambiguity}.{reading}", "")

    def place(self, text: str) -> str:
        """A place of the text, part by part; the parts stand between commas and semicolons."""
        return "".join(self._part(part) for part in _PARTS.split(text))

    def _part(self, part: str) -> str:
        key = _FIGURE.sub("#", part)
        # A part of figures and signs says the same in any language; there may be words for it all the same.
        if not _WORDY.search(key) and key not in self.words.get("places", {}):
            return part
        figures = iter(_FIGURE.findall(part))
        return re.sub("#", lambda _: next(figures, "#"), self.word("places", key))


def lexicon_of(
    contract: ir.Contract, layers: Iterable[Words], missing: Callable[[str, str], None] = _unheard
) -> Lexicon:
    """The Polish lexicon of a contract: the layers of words one over the other, the last one uppermost."""
    words: dict[str, dict[str, str]] = {}
    for layer in layers:
        for section, names in layer.items():
            words.setdefault(section, {}).update(names)
    titles = {c.id: c.title_pl or c.title for c in contract.clauses}
    return Lexicon(words, titles, frozenset(e.name for e in contract.events), missing)
