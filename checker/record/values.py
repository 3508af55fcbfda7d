"""The rules that every value of a record keeps, whichever format it came in.

The published JSON Schemas in `schemas/` say the same; a property test holds the two together.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Final, cast

from checker.record.flaws import Flaw, Path, did_you_mean, one_of, show
from checker.record.instants import BadInstant, parse_instant
from checker.record.model import Gap, Value

MOST_INTEGER: Final = 2**53 - 1
"""The largest whole number every JSON tool keeps exactly (RFC 8259, section 6)."""

MOST_DEPTH: Final = 32
"""How deep lists and mappings may nest in a value."""

MOST_NAME: Final = 200
"""How many characters an id or a name may have."""

_FORBIDDEN: Final = re.compile("[\x00\ud800-\udfff]")
_CONTROL: Final = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def kind_of(value: object) -> str:
    """The name of a value's type, as a message says it."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        return "text"
    if isinstance(value, int | Decimal):
        return "a number"
    return "a list" if isinstance(value, list) else "a mapping"


def name(value: object, path: Path, what: str) -> str:
    """An id or a name: text of 1 to 200 characters, no control characters, no blank at either end."""
    if not isinstance(value, str):
        raise Flaw(
            path,
            show(value),
            f"{what} is {kind_of(value)}, not text",
            "put it in quotes" if value is not None else "write it",
        )
    if not value or value.isspace():
        raise Flaw(path, show(value), f"{what} is empty", "write it")
    if len(value) > MOST_NAME:
        raise Flaw(
            path, f"{len(value)} characters", f"{what} is too long", f"write at most {MOST_NAME} characters"
        )
    if _CONTROL.search(value):
        raise Flaw(path, show(value), f"{what} holds a control character", "remove the character")
    if value != value.strip():
        raise Flaw(path, show(value), f"{what} begins or ends with a blank", "remove the blank")
    return value


_SEEN: Final[dict[str, str]] = {}
_MOST_SEEN: Final = 4096


def known_name(value: object, path: Path, what: str) -> str:
    """As `name`, for words that come again and again: each is checked once and kept once."""
    if isinstance(value, str):
        seen = _SEEN.get(value)
        if seen is not None:
            return seen
    checked = name(value, path, what)
    if len(_SEEN) < _MOST_SEEN:
        _SEEN[checked] = checked
    return checked


def text(value: str, path: Path) -> str:
    """Text as recorded: anything but a null character or half a surrogate pair."""
    if _FORBIDDEN.search(value):
        raise Flaw(path, show(value), "the text holds a character that is none", "remove the character")
    return value


def value(found: object, path: Path, depth: int = 1) -> Value:
    """Any recorded value; checked all the way down.

    Raises:
        Flaw: a bad character, a number beyond 2**53 - 1, nesting deeper than 32, or an empty key.
    """
    kind = type(found)
    if kind is str:
        return text(cast(str, found), path)
    if found is None or kind is bool:
        return cast(Value, found)
    if kind is int or kind is Decimal:
        return number(cast("int | Decimal", found), path)
    if depth > MOST_DEPTH:
        raise Flaw(path, f"more than {MOST_DEPTH} levels", "nested too deep", "flatten the value")
    if kind is list:
        return [value(item, (*path, i), depth + 1) for i, item in enumerate(cast("list[object]", found))]
    if kind is dict:
        out: dict[str, Value] = {}
        for key, item in cast("dict[object, object]", found).items():
            known = _SEEN.get(key) if type(key) is str else None
            if known is None:
                known = known_name(key, (*path, show(key)), "the key")
            kind = type(item)
            plain = item is None or kind is bool or (kind is str and not _FORBIDDEN.search(cast(str, item)))
            out[known] = cast(Value, item) if plain else value(item, (*path, known), depth + 1)
        return out
    raise Flaw(
        path,
        type(found).__name__,
        "not a value that a record can hold",
        "write text, a number, true or false",
    )


def number(found: int | Decimal, path: Path) -> int | Decimal:
    """A number small enough to be kept exactly by every tool."""
    if isinstance(found, Decimal) and not found.is_finite():
        raise Flaw(path, str(found), "not a number", "write a number, or null if it is not on record")
    if not -MOST_INTEGER <= found <= MOST_INTEGER:
        raise Flaw(path, show(found), "a number beyond 2**53 - 1", "write it as text, in quotes")
    return found


def whole(found: object, path: Path, what: str) -> int:
    """A whole number from 0."""
    if isinstance(found, bool) or not isinstance(found, int | Decimal):
        raise Flaw(
            path,
            show(found),
            f"{what} is {kind_of(found)}, not a whole number",
            "write a whole number from 0",
        )
    if not 0 <= found <= MOST_INTEGER or found != int(found):
        raise Flaw(path, show(found), f"{what} is not a whole number from 0", "write a whole number from 0")
    return int(found)


def instant(found: object, path: Path) -> tuple[int, int]:
    """An instant with its offset, as `parse_instant` gives it."""
    if not isinstance(found, str):
        remedy = 'write an ISO 8601 instant in quotes, such as "2025-03-03T09:00:00+01:00"'
        raise Flaw(path, show(found), f"an instant is due, not {kind_of(found)}", remedy)
    try:
        return parse_instant(found)
    except BadInstant as error:
        raise Flaw(path, show(found), error.reason, error.remedy) from None


def words(found: object, path: Path, check: Callable[[str, Path], None] | None = None) -> frozenset[str]:
    """A list of distinct names; `check` refuses a name that nobody knows."""
    if not isinstance(found, list):
        raise Flaw(path, show(found), f"a list is due, not {kind_of(found)}", "write [word, word]")
    seen: set[str] = set()
    for i, item in enumerate(found):
        word = name(item, (*path, i), "the word")
        if word in seen:
            raise Flaw((*path, i), show(word), "the word occurs twice", "write it once")
        if check is not None:
            check(word, (*path, i))
        seen.add(word)
    return frozenset(seen)


def gaps(found: object, path: Path) -> tuple[Gap, ...]:
    """A list of `{from, to}`, instants with `from` not after `to`; sorted."""
    if not isinstance(found, list):
        raise Flaw(path, show(found), f"a list is due, not {kind_of(found)}", "write [{from: …, to: …}]")
    out = []
    for i, item in enumerate(found):
        here = (*path, i)
        if not isinstance(item, dict):
            raise Flaw(here, show(item), f"a gap is {kind_of(item)}, not a mapping", "write {from: …, to: …}")
        only_keys(item, here, ("from", "to"), required=("from", "to"))
        start, _ = instant(item["from"], (*here, "from"))
        end, _ = instant(item["to"], (*here, "to"))
        if start > end:
            raise Flaw(
                (*here, "to"), show(item["to"]), "the gap ends before it begins", "exchange from and to"
            )
        out.append(Gap(start, end))
    return tuple(sorted(out, key=lambda gap: (gap.start, gap.end)))


def only_keys(
    found: dict[str, object], path: Path, known: tuple[str, ...], required: tuple[str, ...] = ()
) -> None:
    """Every key is known and every required key is there."""
    for key in found:
        if key not in known:
            hint = did_you_mean(str(key), known)
            raise Flaw((*path, str(key)), "", f"unknown key {show(key)}", hint or f"write {one_of(known)}")
    for key in required:
        if key not in found:
            raise Flaw((*path, key), "", f"{key} is missing", f"write {key}: …")
