"""What clauses compare with: values by attribute and fact, lengths in seconds, numbers. All of it comes from the checked contracts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from checker.interpret.book import Book
from dsl import contract as ir
from dsl.naming import named, parts

SECONDS = {
    "second": 1,
    "minute": 60,
    "hour": 3600,
    "day": 86400,
    "week": 604800,
    "month": 30 * 86400,
    "quarter": 91 * 86400,
    "year": 365 * 86400,
}
Key = str | tuple[str, ...]
"""An attribute by its name, a fact by its path."""


@dataclass(slots=True)
class Pool:
    """`values`: what an attribute or fact is compared with; `together`: which of them stand together in one condition or list.
    `odd`: those that stand with others in one variant and not in the other. `seconds`: lengths of limits.
    """

    values: dict[Key, list[Any]] = field(default_factory=dict)
    together: dict[Key, set[frozenset[Any]]] = field(default_factory=dict)
    odd: dict[Key, list[Any]] = field(default_factory=dict)
    seconds: list[int] = field(default_factory=list)

    def note(self, key: Key, among: Iterable[Any]) -> None:
        """Values that something is compared with."""
        found = list(among)
        there = self.values.setdefault(key, [])
        there += [v for v in found if v not in there]

    def differ(self, one: Pool, other: Pool) -> None:
        """Note which values stand with others in one of two pools only."""
        for key in one.together.keys() & other.together.keys():
            mine, theirs = one.together[key], other.together[key]
            found = {v for a in mine - theirs for b in theirs - mine for v in a ^ b}
            self.odd[key] = sorted(found, key=repr)


def key_of(value: Any) -> Key | None:
    """What a value is kept under."""
    if isinstance(value, ir.AttributeOf | ir.AttributeAsOf):
        return value.attribute
    return value.path if isinstance(value, ir.FactValue) else None


@lru_cache(maxsize=4096)
def pool_of(book: Book, clause: str) -> Pool:
    """What a clause and all that it refers to compare with."""
    out = Pool()
    blocks = (
        *(book.events, book.states, book.facts, book.periods, book.calendars, book.moments, book.figures),
        *(book.conditions, book.lists, book.courses, book.attributes, book.clauses),
    )
    by_name: dict[str, list[Any]] = {}
    for block in blocks:
        for name, definition in block.items():
            by_name.setdefault(name, []).append(definition)
    seen, queue = {clause}, [clause]
    while queue:
        for definition in by_name.get(queue.pop(), ()):
            for node in parts(definition):
                _look(book, node, out)
            for _, name in named(definition):
                if name not in seen:
                    seen.add(name)
                    queue.append(name)
    return out


def _look(book: Book, node: Any, out: Pool) -> None:
    if isinstance(node, ir.IsOneOf | ir.Recorded):
        key, among = key_of(node.value), node.among
    elif isinstance(node, ir.InList):
        key, among = key_of(node.value), tuple(listed(book, node.list))
    elif isinstance(node, ir.EachStretch | ir.While):
        key, among = node.attribute, node.among
    elif isinstance(node, ir.AttributeDef):
        key, among = node.name, node.ranks
    elif isinstance(node, ir.Length):
        amount = node.amount if isinstance(node.amount, int) else 1
        out.seconds.append(amount * SECONDS[node.unit])
        return
    else:
        return
    if key is not None:
        out.note(key, among)
        out.together.setdefault(key, set()).add(frozenset(among))


def listed(book: Book, name: str, seen: frozenset[str] = frozenset()) -> list[Any]:
    """The values written in a list, on any reading."""
    out: list[Any] = []
    for line in book.lists[name].lines:
        for each in line.all():
            if isinstance(each, ir.Items):
                out += each.values
            elif isinstance(each, ir.AllOf) and each.name not in seen:
                out += listed(book, each.name, seen | {name})
    return out
