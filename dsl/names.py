"""What a contract declares: every definition once, by kind; and the words of the vocabulary it may use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from dsl.diagnostics import Diagnostic, did_you_mean
from dsl.source import Span
from dsl.tree import Node, Word
from dsl.vocabulary import ANY, EventWord, Vocabulary

KINDS = {
    "ambiguity": "an ambiguity",
    "attribute": "an attribute",
    "list_def": "a list",
    "calendar": "a calendar",
    "event": "an event",
    "state": "a state",
    "fact": "a fact",
    "period": "a period",
    "moment": "a moment",
    "figure": "a figure",
    "condition_def": "a condition",
    "course": "a course",
    "clause": "a clause",
    "word": "a word",
}
"""Node kinds that declare a name, and what people call them."""


class Stop(Exception):
    """A line that cannot be understood; carries its one diagnostic."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def stop(
    code: str, message: str, span: Span | None, help_: str = "", related: Iterable[tuple[str, Span]] = ()
) -> Stop:
    """A Stop to raise."""
    return Stop(Diagnostic(code, message, span, help_, tuple(related)))


@dataclass
class Names:
    """The declarations of one contract, by name, and the vocabulary behind them."""

    vocabulary: Vocabulary
    nodes: dict[str, Node] = field(default_factory=dict)
    events: dict[str, EventWord] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    readings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    used_words: set[str] = field(default_factory=set)
    used_ambiguities: set[str] = field(default_factory=set)
    source_lines: tuple[int, Span] | None = None
    """How many lines the text has that the contract encodes, and where the header says so."""

    def kind(self, name: str) -> str | None:
        """The kind of node that declares `name`, or None."""
        node = self.nodes.get(name)
        return node.kind if node else None

    def of_kind(self, kind: str) -> list[str]:
        """All names that nodes of a kind declare."""
        return [n for n, node in self.nodes.items() if node.kind == kind]

    def need(self, word: Word, kind: str) -> str:
        """`word` as the name of a definition of this kind; marks it used. Stops with E201 or E303."""
        found = self.kind(word.text)
        if found == kind:
            self.used.add(word.text)
            return word.text
        what = KINDS[kind].split(" ", 1)[1]
        if found is not None:
            raise stop(
                "E303",
                f'"{word.text}" is {KINDS[found]}, and {KINDS[kind]} is needed here',
                word.span,
                f"name {KINDS[kind]}",
                [("declared here", self.nodes[word.text].span)],
            )
        known = self.of_kind(kind)
        help_ = (
            did_you_mean(word.text, known)
            or f"declare it: `{'condition' if kind == 'condition_def' else kind.removesuffix('_def')} {word.text}`"
        )
        raise stop("E201", f'no {what} is named "{word.text}"', word.span, help_)

    def is_event(self, name: str) -> bool:
        """Whether `name` is a defined event or an event of the vocabulary."""
        return self.kind(name) == "event" or name in self.events

    def need_event(self, word: Word) -> str:
        """`word` as an event, defined or of the vocabulary; marks it used. Stops with E201 or E303."""
        if self.kind(word.text) == "event":
            self.used.add(word.text)
            return word.text
        if word.text in self.events:
            self.used_words.add(word.text)
            return word.text
        found = self.kind(word.text)
        if found is not None:
            raise stop(
                "E303",
                f'"{word.text}" is {KINDS[found]}, and an event is needed here',
                word.span,
                "name an event",
                [("declared here", self.nodes[word.text].span)],
            )
        known = [*self.of_kind("event"), *self.events]
        raise stop(
            "E201",
            f'no event is named "{word.text}"',
            word.span,
            did_you_mean(word.text, known) or "use an event of the vocabulary, or declare one: `event NAME`",
        )

    def is_fact(self, name: str) -> bool:
        """Whether agreements have a fact of this name; marks a word of the contract's own used."""
        if name not in self.facts:
            return False
        self.used_words.add(name)
        return True

    def base_events(self, name: str) -> frozenset[str]:
        """The vocabulary's events that a defined event can stand for, on any reading."""
        out: set[str] = set()
        seen: set[str] = set()
        waiting = [name]
        while waiting:
            at = waiting.pop()
            if at in seen:
                continue
            seen.add(at)
            if self.kind(at) != "event":
                out |= {at} & self.events.keys()
                continue
            means = (n for n in self.nodes[at].walk() if n.kind == "event_means")
            waiting += [word.text for n in means for word in n.words("NAME")]
        return frozenset(out)

    def level(self, events: Iterable[str]) -> Literal["ticket", "agreement"]:
        """`ticket` if any of the events belongs to a ticket, else `agreement`."""
        bases = {b for e in events for b in self.base_events(e)}
        return "ticket" if any(self.events[b].level == "ticket" for b in bases) or not bases else "agreement"

    def attribute_type(self, events: Iterable[str] | None, attribute: str) -> str | None:
        """The type of an attribute on these events (None: on any event), or None if none carries it."""
        if events is None:
            words: Iterable[EventWord] = self.events.values()
        else:
            words = [self.events[b] for e in events for b in self.base_events(e)]
        types = {w.attributes[attribute] for w in words if attribute in w.attributes}
        if not types:
            return None
        if len(types) > 1:
            types.discard(ANY)
        if types == {"int", "number"}:
            return "number"
        return types.pop() if len(types) == 1 else "string"

    def reading(self, word: Word) -> tuple[str, str]:
        """`word` as `ambiguity.reading`; marks the ambiguity used. Stops with E201 or E204."""
        ambiguity, _, reading = word.text.rpartition(".")
        if ambiguity not in self.readings:
            every = [f"{a}.{r}" for a, readings in self.readings.items() for r in readings]
            raise stop(
                "E201",
                f'no ambiguity is named "{ambiguity or word.text}"',
                word.span,
                did_you_mean(word.text, every) or "write ambiguity.reading, and declare the ambiguity",
            )
        if reading not in self.readings[ambiguity]:
            known = [f"{ambiguity}.{r}" for r in self.readings[ambiguity]]
            raise stop(
                "E204",
                f'"{ambiguity}" has no reading "{reading}"',
                word.span,
                did_you_mean(word.text, known) or f"its readings are {', '.join(known)}",
            )
        self.used_ambiguities.add(ambiguity)
        return ambiguity, reading
