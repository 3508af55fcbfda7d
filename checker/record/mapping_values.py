"""What the cells of a row stand for, by the rules of a mapping."""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from typing import Final, cast

from checker.record.cells import typed
from checker.record.flaws import Flaw, Path, did_you_mean, one_of, show
from checker.record.mapping_model import ValueRule
from checker.record.model import Value
from checker.record.values import name

_UNKNOWN: Final = object()


class ValueReader:
    """Works out values; `at` says where each column stands among the cells of a row."""

    def __init__(self, at: AbstractMapping[str, int]) -> None:
        self._at = at
        self._values: dict[tuple[int, str], Value] = {}

    def attributes(
        self,
        rules: AbstractMapping[str, ValueRule],
        cells: Sequence[str | None],
        known: Sequence[str | None] | None = None,
    ) -> dict[str, Value]:
        """The attributes that a row sets; a cell that is not on record sets nothing.

        `known`: by column, the last value before the row.
        A word whose table says null sets null: the attribute is not on record from then on.
        """
        found: dict[str, Value] = {}
        for key, rule in rules.items():
            if rule.source == "constant":
                found[key] = rule.constant
                continue
            cell = self._cell(rule, cells, known)
            if cell is not None:
                found[key] = self.value(rule, cell)
        return found

    def value(self, rule: ValueRule, cell: str) -> Value:
        """What a cell stands for under a rule; each distinct cell is worked out once.

        Raises:
            Flaw: the cell is not of the rule's type, or a word that its table refuses.
        """
        key = (id(rule), cell)
        found = self._values.get(key, _UNKNOWN)
        if found is _UNKNOWN:
            found = self._values[key] = _worked_out(rule, cell)
        return cast(Value, found)

    def named(self, rule: ValueRule | None, cells: Sequence[str | None], path: Path) -> str | None:
        """A name from a row, or None if it is not on record.

        Raises:
            Flaw: what stands there is no name.
        """
        if rule is None:
            return None
        cell = self._cell(rule, cells, None)
        found = (
            rule.constant if rule.source == "constant" else None if cell is None else self.value(rule, cell)
        )
        return None if found is None else name(found, path, "the name")

    def _cell(
        self, rule: ValueRule, cells: Sequence[str | None], known: Sequence[str | None] | None
    ) -> str | None:
        if rule.source == "column":
            return cells[self._at[rule.column]]
        if rule.source == "latest" and (here := cells[self._at[rule.column]]) is not None:
            return here
        return known[self._at[rule.column]] if known is not None else None


def _worked_out(rule: ValueRule, cell: str) -> Value:
    path: Path = (rule.column,)
    table = rule.table
    if table is None:
        return typed(cell, rule.type, path)
    if cell in table.values:
        return table.values[cell]
    if table.otherwise == "keep":
        return typed(cell, rule.type, path)
    if table.otherwise == "missing":
        return None
    words = sorted(table.values)
    hint = did_you_mean(cell, words) or f"write {one_of(words[:6])}, or add the word to the table"
    if not any(character.isalnum() for character in cell):
        hint += f"; if it is how the export says not on record, list it: source: {{missing: [{show(cell)}]}}"
    raise Flaw(path, show(cell), f"the mapping's table {table.name} has no such word", hint)
