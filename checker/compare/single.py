"""Which values are one thing at a time, by the types of the vocabulary: no lists; and which may only be yes or no."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from checker.compare.formula import Form
from checker.compare.normal import opened
from dsl import contract as ir
from dsl.vocabulary import Vocabulary

_SEVERAL = ("list", "map", "any")


def certainly(vocabulary: Vocabulary) -> Callable[[Form], bool]:
    """Whether a reader lets nothing but a single value stand there."""

    def single(value: Form) -> bool:
        found = _kinds(vocabulary, value)
        return bool(found) and all(k is not None and k not in _SEVERAL for k in found)

    return single


def two_valued(vocabulary: Vocabulary) -> Callable[[Form], frozenset[Any] | None]:
    """All that a value may be where a reader lets nothing but yes or no stand there; None for others."""

    def only(value: Form) -> frozenset[Any] | None:
        return frozenset({True, False}) if set(_kinds(vocabulary, value)) == {"bool"} else None

    return only


def _kinds(vocabulary: Vocabulary, value: Form) -> list[str | None]:
    """The types that a value may have; none where they are not known."""
    if value[0] == "FactValue":
        return [vocabulary.facts.get(value[1][0])] if len(value[1]) == 1 else []
    if value[0] == "AttributeAsOf":
        _, name, _, setters, carriers = value[1]
        return _told(name, (*setters, *carriers))
    return _told(value[1], value[2][1:2]) if value[0] == "AttributeOf" and value[2][0] == "EventRow" else []


def _told(name: str, events: Iterable[Form]) -> list[str | None]:
    """The type that each event of the vocabulary among these gives an attribute; None where one gives it none."""
    return [dict(w[3]).get(name) if len(w) > 3 else None for e in events for w in _words(e)]


def usually(contracts: Iterable[ir.Contract]) -> Callable[[Form], bool]:
    """Whether no event that the contracts know carries a list under that name."""
    several = {a for c in contracts for w in c.words for a, kind in w.attributes if kind in _SEVERAL}

    def single(value: Form) -> bool:
        if value[0] == "AttributeOf":
            return value[1] not in several and value[2][0] != "FactRow"
        return value[0] == "AttributeAsOf" and value[1][1] not in several

    return single


def _words(ref: Form) -> Iterator[Form]:
    form = opened(ref)
    if form[0] == "word":
        yield form
    else:
        for part in form[1]:
            yield from _words(part)
