"""What clauses of a contract read: events with their attributes, facts, the values they are compared with, and the lengths of limits.

All of it comes from the checked contract and the vocabulary; nothing is listed here by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any

import yaml

from checker.audit.library import VOCABULARY, policies, vocabulary
from checker.interpret.book import Book
from dsl import contract as ir
from dsl.naming import parts

SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 7 * 86400}
_MONTHS = {"month": 30, "quarter": 91, "year": 365}

Path = tuple[str, ...]


@dataclass
class Reads:
    """`events`: of each recorded event the attributes that are read, with their types. `values`: what an attribute is compared
    with. `facts`: paths of facts, with what they are compared with. `entries`: of each fact that is a list of entries, the
    fields that are looked at. `seconds`: lengths of limits.
    """

    events: dict[str, dict[str, str]] = field(default_factory=dict)
    values: dict[str, list[Any]] = field(default_factory=dict)
    facts: dict[Path, list[Any]] = field(default_factory=dict)
    entries: dict[Path, set[str]] = field(default_factory=dict)
    seconds: list[int] = field(default_factory=list)

    def add(self, other: Reads) -> None:
        """Add what others read."""
        self.events |= other.events
        for mine, theirs in ((self.values, other.values), (self.facts, other.facts)):
            for key, values in theirs.items():
                mine.setdefault(key, []).extend(v for v in values if v not in mine[key])
        for path, names in other.entries.items():
            self.entries.setdefault(path, set()).update(names)
        self.seconds += other.seconds


@cache
def examples() -> Mapping[str, Any]:
    """The vocabulary's own document, for the examples that it gives of facts and of attributes."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with (policies() / VOCABULARY).open(encoding="utf-8") as stream:
        found: Mapping[str, Any] = yaml.load(stream, Loader=loader)
    return found


@cache
def shown(event: str, attribute: str) -> tuple[Any, ...]:
    """What the vocabulary shows of an attribute of an event: its values, else its examples."""
    for each in (examples()["events"].get(event) or {}).get("attributes") or ():
        if each["name"] == attribute:
            return tuple(each.get("values") or each.get("examples") or ())
    return ()


def shown_fact(path: Path) -> list[Any]:
    """What the vocabulary shows at a path into a fact."""
    found = list((examples()["facts"].get(path[0]) or {}).get("examples") or ())
    for step in path[1:]:
        found = [each[step] for each in found if isinstance(each, dict) and step in each]
    return found


class Reader:
    """Finds what is read, in one book."""

    def __init__(self, book: Book) -> None:
        self.book = book
        kinds = (
            *(book.events, book.states, book.facts, book.periods, book.calendars, book.moments),
            *(book.figures, book.conditions, book.lists, book.courses),
        )
        self.named: dict[str, Any] = {}
        for kind in kinds:
            self.named.update(kind)
        self._own: dict[str, tuple[list[Any], set[str]]] = {}
        self._reads: dict[tuple[str, bool], Reads] = {}

    def reads(self, clause: str, *, alone: bool = False) -> Reads:
        """What a clause reads, with all that it refers to; `alone`: in its own lines and definitions, without other clauses."""
        known = self._reads.get((clause, alone))
        if known is None:
            known = self._reads[clause, alone] = self._collect(self._closure(clause, alone))
        return known

    def _closure(self, clause: str, alone: bool) -> list[tuple[str, list[Any]]]:
        seen, queue = {clause}, [clause]
        out = []
        while queue:
            name = queue.pop()
            nodes, names = self.parts_of(name)
            out.append((name, nodes))
            for other in sorted(names - seen):
                if not (alone and other in self.book.clauses):
                    seen.add(other)
                    queue.append(other)
        return out

    def parts_of(self, name: str) -> tuple[list[Any], set[str]]:
        """The nodes of a clause or definition, and the names in them."""
        known = self._own.get(name)
        if known is None:
            nodes = list(parts(self.book.clauses.get(name) or self.named[name]))
            texts = {x for node in nodes if not isinstance(node, str | int) for x in _texts(node)}
            texts -= {name}
            known = (nodes, {x for x in texts if x in self.named or x in self.book.clauses})
            self._own[name] = known
        return known

    def _collect(self, closure: Iterable[tuple[str, list[Any]]]) -> Reads:
        out = Reads()
        attributes: set[str] = set()
        for name, nodes in closure:
            definition = self.named.get(name) if name not in self.book.clauses else None
            entry = _entry_path(definition) if isinstance(definition, ir.FactDef) else None
            if entry is not None:
                out.entries.setdefault(entry, set())
            for node in nodes:
                if entry is not None and isinstance(node, ir.AttributeOf):
                    out.entries[entry].add(node.attribute)
                attributes |= set(_attributes(node))
                _look(node, out, self.book)
                for text in _texts(node):
                    if text in self.book.words:
                        out.events.setdefault(text, {})
        for attribute in attributes:
            followed = self.book.attributes.get(attribute)
            if followed is not None:
                out.events |= {e: {} for e in followed.set_by or self.book.carriers(attribute)}
            elif not any(a == attribute for e in out.events for a, _ in self.book.words[e].attributes):
                # Read as of a moment: whatever sets it counts.
                out.events |= {e: {} for e in self.book.carriers(attribute)[:4]}
        for event in out.events:
            carried = dict(self.book.words[event].attributes)
            out.events[event] = {a: kind for a, kind in carried.items() if a in attributes}
        return out


def _texts(node: Any) -> Iterator[str]:
    for f in fields(node):
        found = getattr(node, f.name)
        if isinstance(found, str):
            yield found
        elif isinstance(found, tuple):
            yield from (x for x in found if isinstance(x, str))


def _attributes(node: Any) -> Iterator[str]:
    named = (ir.AttributeOf, ir.AttributeAsOf, ir.SameAs, ir.Including, ir.SamePeriod, ir.Total, ir.ToEach)
    if isinstance(node, (*named, ir.ForEach, ir.EachStretch, ir.While, ir.CompareRanks, ir.CourseDef)):
        yield node.attribute
    elif isinstance(node, ir.AttributeDef):
        yield node.name


def _entry_path(definition: ir.FactDef) -> Path | None:
    for line in definition.lines:
        for each in line.all():
            if isinstance(each, ir.EntryOf):
                return each.fact.path
    return None


def _look(node: Any, out: Reads, book: Book) -> None:
    """Note the facts, values and lengths in a node."""
    if isinstance(node, ir.FactValue):
        out.facts.setdefault(node.path, [])
    elif isinstance(node, ir.IsOneOf | ir.Recorded):
        _compared(node.value, node.among, out)
    elif isinstance(node, ir.InList):
        _compared(node.value, _listed(book, node.list), out)
    elif isinstance(node, ir.Mentions):
        _compared(node.value, (f"about {node.word}, and more", node.word, "nothing of the kind"), out)
    elif isinstance(node, ir.EachStretch | ir.While):
        _known(out.values, node.attribute, node.among)
    elif isinstance(node, ir.AttributeDef):
        _known(out.values, node.name, node.ranks)
    elif isinstance(node, ir.CompareAmounts):
        numbers = [x.amount for x in parts((node.left, node.right)) if isinstance(x, ir.Number)]
        near = [n + d for n in numbers for d in (-1, 0, 1) if n + d >= 0]
        for x in parts((node.left, node.right)):
            if isinstance(x, ir.AmountOf):
                _compared(x.value, near, out)
            elif isinstance(x, ir.Total):
                _known(out.values, x.attribute, near)
    elif isinstance(node, ir.Length):
        amount = node.amount if isinstance(node.amount, int) else 1
        unit = SECONDS.get(node.unit) or 86400 * _MONTHS[node.unit]
        out.seconds.append(amount * unit)


def _compared(value: Any, among: Iterable[Any], out: Reads) -> None:
    if isinstance(value, ir.AttributeOf | ir.AttributeAsOf):
        _known(out.values, value.attribute, among)
    elif isinstance(value, ir.FactValue):
        _known(out.facts, value.path, among)


def _known(values: dict[Any, list[Any]], key: Any, among: Iterable[Any]) -> None:
    there = values.setdefault(key, [])
    there += [v for v in among if v not in there]


def _listed(book: Book, name: str, seen: frozenset[str] = frozenset()) -> list[Any]:
    out: list[Any] = []
    for line in book.lists[name].lines:
        for each in line.all():
            if isinstance(each, ir.Items):
                out += each.values
            elif isinstance(each, ir.AllOf) and each.name not in seen:
                out += _listed(book, each.name, seen | {name})
    return out


def type_of(path: Path) -> str:
    """The type of a fact, or of what is in it, by the vocabulary; empty where it has none."""
    return vocabulary().fields.get(path, "")


__all__ = ["Path", "Reader", "Reads", "examples", "shown", "shown_fact", "type_of"]
