"""What the words of a vocabulary say of columns: which events and attributes need no second look, and which types they have."""

from __future__ import annotations

from typing import Any

import numpy as np

from checker.columnar.arrow import Column, arrow, is_name, once
from checker.columnar.possible import Bools
from checker.record.words import Words

_KINDS = {
    "bool": ("bool",),
    "int": ("int64",),
    "number": ("int64",),
    "list": ("list",),
    "string": ("string", "int64"),
}
"""What each type of the vocabulary may be in JSON, by Arrow's types."""


class Types:
    """The words of a vocabulary, each looked up once. `words` None: any word will do.

    An event that nobody knows, and an attribute that looks like another one misspelt, are legal and worth a note: the reader of
    objects makes it.
    """

    def __init__(self, words: Words | None, known_events: frozenset[str] | None = None) -> None:
        self._words = words or Words()
        self._known = frozenset(words.events) if words is not None else known_events
        self._fits: dict[tuple[str, str, str], bool] = {}
        self._names: dict[str, bool] = {}

    def event(self, called: str) -> bool:
        """Whether the name of an event needs no second look."""
        return is_name(called) and (self._known is None or called in self._known)

    def attribute(self, called: str) -> bool:
        """Whether an attribute may be called so."""
        return is_name(called)

    def unremarkable(self, called: str) -> bool:
        """Whether no event that has this attribute without a value needs a second look."""
        known = self._names.get(called)
        if known is None:
            known = self._names[called] = self.attribute(called) and not any(
                any(self._words.unlike(event, (called,))) for event in self._words.attributes
            )
        return known

    def has(self, attribute: str, event: Column) -> Bools:
        """By row, whether the vocabulary gives the event that it names this attribute."""
        found = (self._words.has_attribute(str(e), attribute) for e in event.values)
        return np.array([*found, False], bool)[event.codes]

    def unlike(self, attribute: str, event: Column) -> Bools:
        """By row, whether this attribute of the event it names needs no second look, whatever its type."""

        def alike() -> Bools:
            found = (not any(self._words.unlike(str(e), (attribute,))) for e in event.values)
            return np.array([*found, True], bool)

        table = once(event.values, ("unlike", attribute), alike)
        return np.ones(len(event.codes), bool) if table.all() else table[event.codes]

    def of_type(self, attribute: str, kind: Any, event: Column) -> Bools:
        """By row, whether the event it names may have this attribute in this type of Arrow's."""
        type_name = "list" if arrow().types.is_list(kind) else str(kind)
        return np.array([*(self._fit(e, attribute, type_name) for e in event.values), True], bool)[
            event.codes
        ]

    def _fit(self, event: str, attribute: str, type_name: str) -> bool:
        key = (event, attribute, type_name)
        known = self._fits.get(key)
        if known is None:
            due = _KINDS.get(self._words.attributes.get(event, {}).get(attribute, ""))
            fits = due is None or type_name in due
            known = self._fits[key] = fits and not any(self._words.unlike(event, (attribute,)))
        return known
