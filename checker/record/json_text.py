"""JSON as it is read here: RFC 8259, no key twice, no NaN or Infinity, fractions as decimals."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Final

from checker.record.flaws import show

_MOST_DIGITS: Final = 400


class Refused(ValueError):
    """JSON that Python would read and that is refused here: its arguments are reason, found and remedy."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Refused("the key occurs twice", show(key), "write each key once")
            seen.add(key)
    return made


def _constant(word: str) -> object:
    raise Refused(f"{word} is not a JSON number", word, "write a number, or null if it is not on record")


def _int(digits: str) -> int | Decimal:
    # Python refuses to read whole numbers of thousands of digits; all such are beyond the limit anyway.
    return int(digits) if len(digits) <= _MOST_DIGITS else Decimal(digits)


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=Decimal, parse_int=_int, parse_constant=_constant
)
"""Raises `json.JSONDecodeError`, `Refused`, or RecursionError."""


def plain(message: str) -> str:
    """The decoder's message as the end of a sentence."""
    return message[0].lower() + message[1:].removesuffix(" at")
