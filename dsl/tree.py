"""The syntax tree: what the text says, with the place of every word, before any name is looked up.

A tree is made of `Node`s (a construct of the grammar, named like its rule) and `Word`s (one token). Both are frozen and
compare without their places, so that a contract equals itself after formatting.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from dsl.source import Span


@dataclass(frozen=True, slots=True)
class Word:
    """One token: its kind (a terminal of the grammar) and its text as written."""

    kind: str
    text: str
    span: Span = field(compare=False)

    @property
    def string(self) -> str:
        """The text without the quotation marks of a string."""
        return self.text[1:-1] if self.kind == "STRING" else self.text


@dataclass(frozen=True, slots=True)
class Node:
    """One construct. `parts` hold nodes, words and, for an optional word that is absent, None."""

    kind: str
    parts: tuple[Node | Word | None, ...]
    span: Span = field(compare=False)

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """The direct parts that are nodes, all or of the given kinds, in order."""
        for part in self.parts:
            if isinstance(part, Node) and (not kinds or part.kind in kinds):
                yield part

    def words(self, *kinds: str) -> Iterator[Word]:
        """The direct parts that are words, all or of the given kinds, in order."""
        for part in self.parts:
            if isinstance(part, Word) and (not kinds or part.kind in kinds):
                yield part

    def word(self, *kinds: str) -> Word | None:
        """The first direct word (of the given kinds), or None."""
        return next(self.words(*kinds), None)

    def node(self, *kinds: str) -> Node | None:
        """The first direct node (of the given kinds), or None."""
        return next(self.nodes(*kinds), None)

    def name(self) -> Word:
        """The first NAME among the direct parts; the grammar puts one there. A reading may be named in figures, as a range."""
        word = self.word("NAME", "RANGE")
        assert word is not None, self.kind
        return word

    def walk(self) -> Iterator[Node]:
        """This node and every node below it, depth first, without recursion."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed([p for p in node.parts if isinstance(p, Node)]))


def depth_of(node: Node) -> int:
    """How many constructs stand inside each other below a node, itself included; without recursion."""
    deepest, level = 0, [node]
    while level:
        deepest += 1
        level = [part for n in level for part in n.parts if isinstance(part, Node)]
    return deepest
