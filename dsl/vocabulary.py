"""The vocabulary: which events exist, what they carry, which facts an agreement has, which logs may be missing.

Data, not code: the names live in a YAML file beside the contracts. Its `values` are those seen so far and close nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Literal

VOCABULARY = "vocabulary.yaml"
"""The vocabulary's file, beside the contracts."""
ANY = "any"
"""The type of what a contract declares itself: yes and no are truth values, all else is as written."""


@dataclass(frozen=True, slots=True)
class EventWord:
    """An event: whether it belongs to a ticket or to the agreement, and its attributes with their types."""

    name: str
    level: Literal["ticket", "agreement"]
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RecordWord:
    """A log that may be missing: while it is, the absence of these events or facts is no evidence."""

    name: str
    events: frozenset[str]
    facts: frozenset[str]


@dataclass(frozen=True)
class Vocabulary:
    """All words, by name.

    `fields` has the type of each fact, and of what its examples show in it, by the path from the fact's name; an entry of a
    list is the step "". What no example shows, or two show differently, has no type.
    """

    events: Mapping[str, EventWord] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, RecordWord] = field(default_factory=dict)
    fields: Mapping[tuple[str, ...], str] = field(default_factory=dict)

    def records_of(self, event: str) -> tuple[str, ...]:
        """The logs without which the absence of this event proves nothing, sorted."""
        return tuple(sorted(r.name for r in self.records.values() if event in r.events))


def _type(text: str) -> str:
    """`bool (null = not on record)` is a bool; what may be absent is a matter of the record, not of the type."""
    return text.split(" ")[0]


def vocabulary_from(data: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary of a loaded YAML document with `events`, `facts` and `records`."""
    events = {
        name: EventWord(
            name, e["level"], {a["name"]: _type(a.get("type", "string")) for a in e.get("attributes") or []}
        )
        for name, e in (data.get("events") or {}).items()
    }
    facts = {name: _type(f.get("type", "string")) for name, f in (data.get("facts") or {}).items()}
    records = {
        name: RecordWord(name, frozenset(r.get("events") or ()), frozenset(r.get("facts") or ()))
        for name, r in (data.get("records") or {}).items()
    }
    return Vocabulary(events, facts, records, _fields(data.get("facts") or {}))


_SHAPES: Final = (
    (re.compile(r"\d{4}-\d\d-\d\d(?:T.*)?"), "date or instant"),
    (re.compile(r"\d\d:\d\d"), "time"),
)


def _fields(facts: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """The declared types of facts, and those that examples show of the fields in them."""
    shown: dict[tuple[str, ...], set[str]] = {}
    for name, fact in facts.items():
        for example in fact.get("examples") or []:
            for path, shape in _shapes(example, (name,)):
                shown.setdefault(path, set()).add(shape)
    out = {path: next(iter(shapes)) for path, shapes in shown.items() if len(path) > 1 and len(shapes) == 1}
    return out | {(name,): fact.get("type", "string").split(" (")[0] for name, fact in facts.items()}


def _shapes(example: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], str]]:
    if isinstance(example, dict):
        yield path, "map"
        for key, item in example.items():
            yield from _shapes(item, (*path, str(key)))
    elif isinstance(example, list):
        yield path, "list"
        for item in example:
            yield from _shapes(item, (*path, ""))
    elif isinstance(example, bool):
        yield path, "bool"
    elif isinstance(example, int | float):
        yield path, "number"
    elif isinstance(example, date):
        yield path, "date or instant"
    elif example is not None:
        yield path, next((name for form, name in _SHAPES if form.fullmatch(str(example))), "string")


def parse_vocabulary(data: bytes) -> Vocabulary:
    """The vocabulary of a file with this content (YAML, trusted: it ships with the contracts)."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return vocabulary_from(yaml.load(data.decode("utf-8"), Loader=loader))


def vocabulary_to_json(vocabulary: Vocabulary) -> dict[str, Any]:
    """A vocabulary as plain JSON values, in the order in which its words stand."""
    return {
        "events": [[e.name, e.level, dict(e.attributes)] for e in vocabulary.events.values()],
        "facts": dict(vocabulary.facts),
        "records": [[r.name, sorted(r.events), sorted(r.facts)] for r in vocabulary.records.values()],
        "fields": [[list(path), shape] for path, shape in vocabulary.fields.items()],
    }


def vocabulary_from_json(data: Mapping[str, Any]) -> Vocabulary:
    """The vocabulary that `vocabulary_to_json` wrote."""
    return Vocabulary(
        {name: EventWord(name, level, attributes) for name, level, attributes in data["events"]},
        dict(data["facts"]),
        {
            name: RecordWord(name, frozenset(events), frozenset(facts))
            for name, events, facts in data["records"]
        },
        {tuple(path): shape for path, shape in data["fields"]},
    )
