"""The words that a record may use, handed in by whoever knows the vocabulary and the contract."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from typing import Final

from checker.record.flaws import Flaw, Path, did_you_mean, one_of, show
from checker.record.model import Event, Place
from checker.record.values import kind_of

_TYPES: Final[Mapping[str, tuple[type | tuple[type, ...], str, str]]] = {
    "bool": (bool, "true or false", "write true or false, without quotes"),
    "int": ((int, Decimal), "a number", "write digits, without quotes"),
    "number": ((int, Decimal), "a number", "write digits, without quotes"),
    "list": (list, "a list", "write a list, as in [a, b]"),
    "string": ((str, int, Decimal), "text", "write one text"),
}
"""What each type of the vocabulary is in JSON and YAML, in words, and the remedy. Text may be written as a number (severity 1)."""


@dataclass(frozen=True)
class Words:
    """What the vocabulary and the contract say of events, logs and facts.

    `events`: each event and its level, `ticket` or `agreement`. `records`: the logs that may be missing. `facts`: the type
    of each fact, and of what is known of the fields in it, by their path from the fact's name; an entry of a list is the
    step "". `read`: names of facts and fields that the contract reads, whether the vocabulary has them or not. `contract`:
    its name; what agreements of other contracts may say is not known then. `attributes`: of each event its attributes with
    their types.
    """

    events: Mapping[str, str] = field(default_factory=dict)
    records: frozenset[str] = frozenset()
    facts: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    read: frozenset[str] = frozenset()
    contract: str | None = None
    attributes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> Mapping[tuple[str, ...], frozenset[str]]:
        """The known fields of a fact or of what is in it, by its path; of () the facts themselves."""
        out: dict[tuple[str, ...], set[str]] = {}
        for path in self.facts:
            if path[-1]:
                out.setdefault(path[:-1], set()).add(path[-1])
        return {path: frozenset(names) for path, names in out.items()}

    def of_facts_alone(self) -> Words:
        """The same without what is known of the fields inside facts: those of a case are as free as its author's hand."""
        return replace(self, facts={path: kind for path, kind in self.facts.items() if len(path) == 1})

    def check_missing(self, word: str, path: Path) -> None:
        """A word of `records_missing` is a log of the vocabulary, or an event.

        Raises:
            Flaw: it is neither, with the nearest that is.
        """
        if word in self.records or word in self.events:
            return
        hint = did_you_mean(word, self.records) or did_you_mean(word, self.events)
        known = f"write {one_of(sorted(self.records))}, or the name of an event" if self.records else ""
        raise Flaw(path, show(word), "no log has this name", hint or known or "write the name of an event")

    def check_recorded(self, word: str, path: Path) -> None:
        """A word of the events that a source can hold is an event.

        Raises:
            Flaw: it is none, with the nearest that is.
        """
        if word not in self.events:
            hint = did_you_mean(word, self.events) or "leave it out: no clause can refer to it"
            raise Flaw(path, show(word), "no event has this name", hint)

    def has_attribute(self, event: str, attribute: str) -> bool:
        """Whether an event has this attribute."""
        return attribute in self.attributes.get(event, ())

    def check_attribute(self, event: str, attribute: str, found: object) -> None:
        """An attribute of an event has the type of the vocabulary; null is not on record.

        Raises:
            Flaw: it has another, which no comparison would find.
        """
        kind = self.attributes.get(event, {}).get(attribute)
        if kind is None or found is None:
            return
        due = _TYPES.get(kind)
        if due is None or (isinstance(found, due[0]) and isinstance(found, bool) == (kind == "bool")):
            return
        raise Flaw((attribute,), show(found), f"{due[1]} is due, not {kind_of(found)}", due[2])

    def unlike(self, event: str, attributes: Iterable[str]) -> Iterator[str]:
        """Attributes that an event does not carry and that look like one that it does: legal, and worth a note."""
        known = self.attributes.get(event)
        if known is None:
            return
        there = list(attributes)
        for name in there:
            if name not in known:
                hint = did_you_mean(name, [k for k in known if k not in there], 0.75)
                if hint:
                    yield f"{event} carries no attribute {name}; {hint}"

    def strays(self, own: Iterable[Event]) -> Iterator[tuple[str, Place | None]]:
        """The events of tickets that an agreement's own history has without a ticket: legal, and worth a note."""
        for event in own:
            if event.ticket is None and self.events.get(event.name) == "ticket":
                yield (
                    f"{event.name} is an event of tickets, and an agreement's own history has it without one: "
                    "it counts for each ticket of the agreement; name its ticket if it is of a single one",
                    event.place,
                )
