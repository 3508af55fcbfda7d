"""What an evaluation went through: conditions with their truths, readings taken, sentences with what they came to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Trace:
    """Notes of one or more evaluations, by the identity of a contract's parts (which live as long as the contract).

    `truths`: what a condition or a layer was (True, False, None for unknown). `taken`: alternatives and cases that were
    chosen. `said`: the verdicts that a sentence came to on its own.
    """

    truths: dict[int, set[bool | None]] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    said: dict[int, set[str]] = field(default_factory=dict)

    def saw(self, part: Any, value: bool | None) -> None:
        """Note the truth of a condition or a layer."""
        self.truths.setdefault(id(part), set()).add(value)

    def took(self, part: Any) -> None:
        """Note an alternative or a case that was chosen."""
        self.taken.add(id(part))

    def came_to(self, sentence: Any, verdicts: Iterable[str]) -> None:
        """Note what a sentence came to; undecided ones are none."""
        found = [str(v) for v in verdicts]
        if len(found) == 1:
            self.said.setdefault(id(sentence), set()).add(found[0])
