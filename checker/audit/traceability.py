"""A contract's text against its clauses, in both directions: which lines a clause cites, which clauses cite a line.

The text is the user's own copy and is read only to be laid beside the clauses; without it the line numbers stand alone.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from checker.record.files import Limits, opened
from checker.record.model import Fault, Place
from dsl import contract as ir
from dsl.define import lines_of
from dsl.define_pl import KINDS, definition_lines
from dsl.phrase_pl import Polish

_DEFINITIONS = (
    ("list", "lists"),
    ("calendar", "calendars"),
    ("event", "events"),
    ("state", "states"),
    ("fact", "facts"),
    ("moment", "moments"),
    ("figure", "figures"),
    ("condition", "conditions"),
    ("course", "courses"),
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A clause or a definition, with the lines that it cites (1-based, inclusive) and the place in words.

    `title` is that of a clause, or the first line of a definition; `called` is what a definition is called where the page is not
    in the language of the contract.
    """

    kind: str
    name: str
    title: str
    lines: tuple[tuple[int, int], ...]
    place: str
    stated: bool = False
    called: str = ""

    def covers(self, line: int) -> bool:
        """Whether it cites a line."""
        return any(a <= line <= b for a, b in self.lines)


@dataclass(frozen=True, slots=True)
class Segment:
    """Consecutive lines that the same clauses and definitions cite."""

    first: int
    last: int
    by: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole of it. `text`: the lines of the source, or None where no copy was given. `uncited`: what no clause cites.

    Blank lines are no part of `uncited`, and not counted (`written`), where the text is there; without it nobody knows which
    are blank.
    """

    contract: str
    file: str
    count: int
    text: tuple[str, ...] | None
    cited: tuple[Cited, ...]
    segments: tuple[Segment, ...]
    uncited: tuple[tuple[int, int], ...]
    written: int

    @property
    def without_citation(self) -> tuple[Cited, ...]:
        """Clauses that cite nothing."""
        return tuple(c for c in self.cited if not c.lines)


def trace(contract: ir.Contract, copy: Path | None = None) -> Trace:
    """Lay a contract's text against its clauses.

    Raises:
        Fault: the contract names no text, or `copy` is another one than it names.
    """
    source = contract.source
    if source is None:
        raise Fault(Place(contract.name), "the contract names no source text", "", "write a `source` line")
    text = read_copy(source, copy) if copy is not None else None
    cited = tuple(_cited(contract))
    segments = tuple(_segments(source.lines, cited))
    clauses = [s for s in segments if any(c.kind == "clause" for c in s.by)]
    told = {n for s in clauses for n in range(s.first, s.last + 1)}
    written = [n for n in range(1, source.lines + 1) if text is None or text[n - 1].strip()]
    uncited = tuple(_ranges(n for n in written if n not in told))
    return Trace(contract.title, source.file, source.lines, text, cited, segments, uncited, len(written))


def in_polish(t: Trace, contract: ir.Contract, p: Polish) -> Trace:
    """The same in Polish: titles, places, and what definitions are called; English where there are no words."""
    titles = {c.id: c.title_pl for c in contract.clauses}
    defined = {d.name: d for _, many in _DEFINITIONS for d in getattr(contract, many)}

    def said(c: Cited) -> Cited:
        place = p.lexicon.place(c.place)
        if c.kind == "clause":
            return replace(c, title=titles[c.name] or c.title, place=place)
        first = next(iter(definition_lines(p, defined[c.name])), "")
        called = f"{KINDS[c.kind]} {p.named(c.name)}"
        return replace(c, title=first, place=place, called=called)

    told = {c: said(c) for c in t.cited}
    segments = tuple(replace(s, by=tuple(told[c] for c in s.by)) for s in t.segments)
    return replace(t, cited=tuple(told.values()), segments=segments)


def read_copy(source: ir.SourceText, copy: Path) -> tuple[str, ...]:
    """The lines of the user's copy of the source text.

    Raises:
        Fault: it cannot be read, or is not the text that the contract was written from.
    """
    with opened(copy, limits=Limits()) as file:
        raw = file.stream.read()
    digest = hashlib.sha256(raw).hexdigest()
    if digest != source.sha256:
        remedy = f"give {source.file}, whose SHA-256 is {source.sha256}"
        raise Fault(
            Place(str(copy)), "this is not the text that the contract cites", f"SHA-256 {digest}", remedy
        )
    lines = raw.decode("utf-8", errors="replace").split("\n")
    lines = lines[:-1] if lines and not lines[-1] else lines
    if len(lines) != source.lines:
        reason = f"the text has {len(lines)} lines, and the contract says {source.lines}"
        raise Fault(Place(str(copy)), reason, "", "correct the `source` line of the contract")
    return tuple(lines)


def _cited(contract: ir.Contract) -> Iterator[Cited]:
    for c in contract.clauses:
        stated = all(isinstance(x, ir.Stated) for line in c.sentences for x in line.all())
        lines, place = (c.cite.lines, c.cite.place) if c.cite is not None else ((), "")
        yield Cited("clause", c.id, c.title, lines, place, stated)
    for kind, many in _DEFINITIONS:
        for d in getattr(contract, many):
            if d.cite is not None:
                first = next(iter(lines_of(d)), "")
                yield Cited(kind, d.name, first, d.cite.lines, d.cite.place)


def _segments(count: int, cited: tuple[Cited, ...]) -> Iterator[Segment]:
    first, by = 1, _at(1, cited)
    for line in range(2, count + 2):
        here = _at(line, cited) if line <= count else None
        if here != by:
            yield Segment(first, line - 1, by)
            if here is not None:
                first, by = line, here


def _at(line: int, cited: tuple[Cited, ...]) -> tuple[Cited, ...]:
    return tuple(c for c in cited if c.covers(line))


def _ranges(numbers: Iterable[int]) -> Iterator[tuple[int, int]]:
    start: int | None = None
    last = 0
    for n in numbers:
        if start is None:
            start = n
        elif n != last + 1:
            yield start, last
            start = n
        last = n
    if start is not None:
        yield start, last
