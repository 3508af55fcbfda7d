"""Which rules of a mapping a row sets off, from the values before it and its own.

What two values of a column set off is worked out once: a log repeats few changes many times.
"""

from __future__ import annotations

from collections.abc import Mapping as AbstractMapping
from collections.abc import Sequence
from typing import Final

from checker.record.mapping_model import EventRule, When

_MOST_KEPT: Final = 1 << 14
"""Changes of one column that are remembered: a column of free text has no end of them."""

_Change = tuple[str | None, str, bool]


class Transitions:
    """Rules that look at changes, by the columns they look at; `at` says where each column stands among the cells of a row."""

    def __init__(self, rules: Sequence[EventRule], at: AbstractMapping[str, int]) -> None:
        columns = dict.fromkeys(rule.when.column for rule in rules)
        self._by_name = {
            column: _Column(
                at[column], [(n, rule.when) for n, rule in enumerate(rules) if rule.when.column == column]
            )
            for column in columns
        }
        self._columns = list(self._by_name.values())

    def only_changes(self, column: str) -> bool:
        """Whether no rule of a column looks at a value that has not changed."""
        return not self._by_name[column].unchanged

    def of_change(self, column: str, old: str | None, new: str, first: bool) -> Sequence[int]:
        """The rules that a column sets off by one change of its value; `old` and `first` as in `fired`."""
        return self._by_name[column].fired((old, new, first))

    def fired(self, known: Sequence[str | None], cells: Sequence[str | None], first: bool) -> Sequence[int]:
        """The rules that a row sets off, by their numbers, in order.

        `known`: by column, the last value on record before the row; None is none. `first`: it is the ticket's first row.
        """
        out: tuple[int, ...] = ()
        several = False
        for column in self._columns:
            new = cells[column.at]
            if new is None:
                continue
            old = known[column.at]
            if old == new and not column.unchanged:
                continue
            found = column.fired((old, new, first))
            if found:
                several = bool(out)
                out += found
        return sorted(out) if several else out


class _Column:
    """A column and its rules; `unchanged`: some of them look at values that have not changed, too."""

    def __init__(self, at: int, rules: list[tuple[int, When]]) -> None:
        self.at = at
        self.unchanged = any(when.kind == "is" for _, when in rules)
        self._rules = rules
        self._known: dict[_Change, tuple[int, ...]] = {}

    def fired(self, change: _Change) -> tuple[int, ...]:
        known = self._known.get(change)
        if known is None:
            old, new, first = change
            known = tuple(
                n
                for n, when in self._rules
                if not (first and when.anew and not when.at_first) and _fires(when, old, new)
            )
            if len(self._known) < _MOST_KEPT:
                self._known[change] = known
        return known


def _fires(when: When, old: str | None, new: str) -> bool:
    if when.kind == "is":
        return when.new is not None and new in when.new
    if when.kind == "enters":
        return when.new is not None and new in when.new and (old is None or old not in when.new)
    if when.kind == "leaves":
        return when.old is not None and old in when.old and new not in when.old
    if old == new or (old is None and not when.anew):
        return False
    return (when.old is None or old in when.old) and (when.new is None or new in when.new)
