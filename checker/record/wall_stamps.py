"""Stamps in a `strptime` format of plain digits, read without `strptime`, which is slow and reads the same.

`WallFormat` reads what it surely reads as `strptime` does, and says of the rest that it does not know.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from typing import Final, NamedTuple


class Wall(NamedTuple):
    """A wall-clock time as written."""

    year: int
    month: int
    day: int
    hour: int
    minute: int
    second: int


_DIGITS: Final = {
    "Y": "[0-9]{4}",
    "m": "1[0-2]|0[1-9]",
    "d": "3[01]|[12][0-9]|0[1-9]",
    "H": "2[0-3]|[01][0-9]",
    "M": "[0-5][0-9]",
    "S": "[0-5][0-9]",
}
"""What each directive reads of digits alone, in full width."""

_PARTS: Final = "YmdHMS"
_BARE: Final = frozenset("mdHMS")
"""The directives that also read a single digit."""

_DIRECTIVE: Final = re.compile(r"%(.)", re.DOTALL)


class WallFormat:
    """A `strptime` format: year, month and day, with or without a time of day, in digits.

    `pattern`: what texts of it match as a whole, None for a format of other things; `order`: which of its groups is the year, the
    month, the day, the hour, the minute and the second (a group that matches nothing is one that the format does not have).
    """

    def __init__(self, form: str) -> None:
        self.pattern, self.order = _compiled(form)
        self._match = re.compile(self.pattern).fullmatch if self.pattern is not None else None
        self._marks: Final = frozenset(_marks(form))

    def read(self, text: str) -> Wall | None:
        """What `strptime` reads of a text; None where only it can tell."""
        found = self._match(text) if self._match is not None else None
        if found is None:
            return None
        given = found.groups("0")
        year, month, day, hour, minute, second = (int(given[i]) for i in self.order)
        if day > 28 and not _is_date(year, month, day):
            return None
        return Wall(year, month, day, hour, minute, second) if year else None

    def other(self, text: str) -> bool:
        """Whether a text surely is not of this format: a sign of the format is not in it."""
        return not all(mark in text for mark in self._marks)


def _compiled(form: str) -> tuple[str | None, tuple[int, ...]]:
    """What matches texts of a format, and which of its groups is the year, the month and so on; None for a format of other things."""
    used = _DIRECTIVE.findall(form)
    if not set("Ymd") <= set(used) <= set(_PARTS) or len(set(used)) < len(used):
        return None, ()
    pattern = ""
    literals = _DIRECTIVE.split(form)[::2]
    for i, literal in enumerate(literals):
        if not all(_plain(c) or c == " " or (c.isascii() and c.isalpha()) for c in literal):
            return None, ()
        pattern += re.escape(literal)
        if i < len(used):
            # A single digit is clear only where no other digit can follow.
            alone = used[i] in _BARE and (literals[i + 1] != "" or i + 1 == len(used))
            single = ("|[1-9]" if used[i] in "md" else "|[0-9]") if alone else ""
            pattern += f"({_DIGITS[used[i]]}{single})"
    absent = [part for part in _PARTS if part not in used]
    # Parts that the format does not have are groups that match nothing.
    pattern += "(x)?" * len(absent)
    order = [*used, *absent]
    return pattern, tuple(order.index(part) for part in _PARTS)


def _marks(form: str) -> str:
    """The characters that every text of a format holds as they stand."""
    return "".join(c for literal in _DIRECTIVE.split(form)[::2] for c in literal if _plain(c))


def _plain(character: str) -> bool:
    """A sign that `strptime` looks for as it stands: no letter (whose case it does not mind), no blank (of which it minds any)."""
    return character.isascii() and character.isprintable() and not character.isalnum() and character != " "


@lru_cache(maxsize=4096)
def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


__all__ = ["Wall", "WallFormat"]
