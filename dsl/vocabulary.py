"""The vocabulary: which events exist, what they carry, which facts an agreement has, which logs may be missing.

Data, not code: the names live in a YAML file beside the contracts. Its `values` are those seen so far and close nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import yaml


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
    """All words, by name."""

    events: Mapping[str, EventWord] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)
    records: Mapping[str, RecordWord] = field(default_factory=dict)

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
    return Vocabulary(events, facts, records)


def load_vocabulary(path: Path) -> Vocabulary:
    """Read a vocabulary file (YAML, trusted: it ships with the contracts)."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    with path.open(encoding="utf-8") as stream:
        return vocabulary_from(yaml.load(stream, Loader=loader))
