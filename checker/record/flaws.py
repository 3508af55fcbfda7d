"""One flaw in one value, and how it is said; a reader makes of it a row set aside or a fault of the file."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from decimal import Decimal

from checker.record.model import Fault, Place, SetAside

Path = tuple[str | int, ...]
"""Where something is inside a row: keys, and positions in lists."""

_MOST_STEPS = 8


class Flaw(Exception):
    """A value that breaks a rule: where in the row (`path`), what was found, why not, what to write."""

    def __init__(self, path: Path, found: str, reason: str, remedy: str) -> None:
        super().__init__(path, found, reason, remedy)
        self.path = path
        self.found = found
        self.reason = reason
        self.remedy = remedy

    def set_aside(self, place: Place, *, ticket: str | None = None, whole: bool = False) -> SetAside:
        """The flaw as an entry of the account of what was left out."""
        return SetAside(place, field_name(self.path), self.found, self.reason, self.remedy, 1, ticket, whole)

    def fault(self, place: Place) -> Fault:
        """The flaw as a fault of the whole file."""
        where = field_name(self.path)
        return Fault(place, f"{where}: {self.reason}" if where else self.reason, self.found, self.remedy)


def field_name(path: Path) -> str:
    """`("events", 2, "at")` as `events[2].at`."""
    out = ""
    for step in path[:_MOST_STEPS]:
        if isinstance(step, int):
            out += f"[{step}]"
        else:
            out += ("." if out else "") + (step or '""')
    return out + ("…" if len(path) > _MOST_STEPS else "")


def show(value: object, limit: int = 60) -> str:
    """A value as a message shows it: one line, text quoted, long text cut, control characters escaped."""
    if isinstance(value, str):
        cut = value if len(value) <= limit else value[:limit] + "…"
        inner = "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in cut)
        return f"'{inner}'" if '"' in inner and "'" not in inner else f'"{inner}"'
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"a mapping of {len(value)}"
    if isinstance(value, int | Decimal):
        # Decimal first: Python refuses to print an int of thousands of digits.
        number = Decimal(value)
        text = f"{number:.6E}" if number.is_finite() and number.copy_abs() >= 10**30 else str(value)
        return text if len(text) <= limit else text[:limit] + "…"
    return str(value)


def did_you_mean(word: str, known: Iterable[str], alike: float = 0.6) -> str:
    """` Did you mean …?` for the nearest known word, or nothing; `alike` is how near it must be, up to 1."""
    near = difflib.get_close_matches(word, sorted(known), n=1, cutoff=alike)
    return f"did you mean {near[0]}?" if near else ""


def instead_of(word: str, found: Iterable[str]) -> str:
    """What to write when `word` is missing: the nearest word that stands there is taken for a misspelling."""
    near = difflib.get_close_matches(word, sorted(found), n=1, cutoff=0.6)
    return f"write {word} instead of {near[0]}" if near else ""


def one_of(words: Sequence[str]) -> str:
    """`a, b or c`."""
    return words[0] if len(words) == 1 else ", ".join(words[:-1]) + " or " + words[-1]
