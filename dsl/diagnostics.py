"""Findings about a contract: one cause, one place, one remedy.

Every finding has a stable code. `CODES` lists them with a one-line meaning; `docs/diagnostics.md` is written from it.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import Enum

from dsl.source import Source, Span

CODES: Mapping[str, str] = {
    "E100": "the file cannot be read as text",
    "E101": "the first line does not name the language version",
    "E102": "the indentation does not match any line above",
    "E103": "a word or sign stands where another was expected",
    "E104": "a character that the language does not use",
    "E105": "the text ends in the middle of a sentence",
    "E106": "the contract is nested deeper than a sentence can be",
    "E201": "a name that nothing declares",
    "E202": "a name declared twice",
    "E203": "an attribute that the event does not carry",
    "E204": "a reading that the ambiguity does not have",
    "E205": "a value outside a closed list",
    "E301": "hours or minutes without saying which clock counts them",
    "E302": "a unit that does not fit the way it is counted",
    "E303": "a word of one kind where another kind is needed",
    "E304": "a calendar of whole days asked to count hours",
    "E305": "amounts of different units are compared",
    "E401": "a clause lacks a line that it needs",
    "E402": "a line stands twice where only one can hold",
    "E403": "definitions or clauses refer to each other in a circle",
    "E404": "a clause is superseded in a circle",
    "E405": "an ambiguity has no recommended reading, or more than one",
    "E406": "a reading replaces nothing",
    "E407": "a reading leaves a duty without a sentence",
    "E408": "a line that does not belong to this kind of sentence",
    "E409": "the contract is in several parts with no header, or with two",
    "E410": "a date, a number or a period that cannot be",
    "E411": "two clauses bind the same act differently and no order is given",
    "E412": "a citation of lines that the source text does not have",
    "E413": "a source text that cannot be what the header says",
    "W501": "a definition that nothing uses",
    "W502": "a clause that can never apply",
    "W503": "an ambiguity that no line depends on",
    "W504": "two clauses bind the same act with the same gates and limits",
    "W505": "the lines cited do not exist in the source text",
    "W506": "a title is missing in one of the languages",
}


_LONGEST_MESSAGE = 600
"""A longer message repeats a word of the text that nobody could read."""


class Level(Enum):
    """How grave a finding is: an error stops the contract, a warning does not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding: `code` (a key of CODES), what is wrong, where, and what would be right.

    `related` names other places that belong to the same cause, each with a short label.
    """

    code: str
    message: str
    span: Span | None
    help: str = ""
    related: tuple[tuple[str, Span], ...] = ()

    def __post_init__(self) -> None:
        if len(self.message) > _LONGEST_MESSAGE:
            object.__setattr__(self, "message", f"{self.message[:_LONGEST_MESSAGE]}…")

    @property
    def level(self) -> Level:
        """ERROR for codes E…, WARNING for codes W…."""
        return Level.WARNING if self.code.startswith("W") else Level.ERROR

    def __str__(self) -> str:
        place = f"{self.span}: " if self.span else ""
        return f"{place}{self.level.value}[{self.code}]: {self.message}" + (
            f"; {self.help}" if self.help else ""
        )


class ContractError(Exception):
    """A contract that cannot be used: carries its diagnostics, errors first in reading order."""

    def __init__(self, diagnostics: Iterable[Diagnostic], sources: Iterable[Source] = ()) -> None:
        self.diagnostics = tuple(diagnostics)
        self.sources = {s.name: s for s in sources}
        super().__init__("\n".join(str(d) for d in self.diagnostics))

    def beneath(self, folder: str) -> ContractError:
        """The same with every place in files of this folder."""

        def moved(span: Span) -> Span:
            return replace(span, file=f"{folder}/{span.file}")

        found = [
            replace(
                d,
                span=moved(d.span) if d.span is not None else None,
                related=tuple((label, moved(span)) for label, span in d.related),
            )
            for d in self.diagnostics
        ]
        return ContractError(found, (replace(s, name=f"{folder}/{s.name}") for s in self.sources.values()))

    def render(self) -> str:
        """All diagnostics with the line they are about and a caret under the place."""
        return "\n\n".join(render(d, self.sources) for d in self.diagnostics)


def render(diagnostic: Diagnostic, sources: Mapping[str, Source]) -> str:
    """`file:line:column: error[code]: message`, the source line, carets, related places, and the help."""
    head = f"{diagnostic.level.value}[{diagnostic.code}]: {diagnostic.message}"
    if diagnostic.span is None:
        return head + (f"\n  help: {diagnostic.help}" if diagnostic.help else "")
    out = [f"{diagnostic.span}: {head}", *_snippet(diagnostic.span, sources)]
    for label, span in diagnostic.related:
        out.append(f"  {span}: {label}")
        out.extend(_snippet(span, sources))
    if diagnostic.help:
        out.append(f"  help: {diagnostic.help}")
    return "\n".join(out)


def _snippet(span: Span, sources: Mapping[str, Source]) -> list[str]:
    source = sources.get(span.file)
    if source is None or not source.line(span.line):
        return []
    text = source.line(span.line)
    end = span.end_column if span.end_line == span.line else len(text) + 1
    if len(text) > 160:  # a line nobody could read whole: show the part around the place
        cut = max(0, span.column - 60)
        text, offset = text[cut : cut + 120], cut
    else:
        offset = 0
    width = max(1, min(end, offset + len(text) + 1) - span.column)
    text = "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in text)
    number = str(span.line)
    return [
        f"  {number} | {text}",
        f"  {' ' * len(number)} | {' ' * (span.column - 1 - offset)}{'^' * width}",
    ]


_LONGEST_WORD = 200
"""Nobody misspells a longer word, and comparing it takes its time."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` did you mean "x"?` for the closest known word, or an empty string when none is close."""
    if len(word) > _LONGEST_WORD:
        return ""
    pool = sorted(set(known))
    close = difflib.get_close_matches(word, pool, n=1, cutoff=0.6)
    if not close:
        folded = {k.replace("_", "-").lower(): k for k in pool}
        key = word.replace("_", "-").lower()
        close = [folded[key]] if key in folded else []
    return f'did you mean "{close[0]}"?' if close else ""
