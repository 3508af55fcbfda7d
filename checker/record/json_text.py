"""JSON as it is read here: RFC 8259, no key twice, no NaN or Infinity, fractions as decimals; and where a text is not so."""

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import Final, NamedTuple

from checker.record.flaws import show

_MOST_DIGITS: Final = 400

_TOKEN: Final = re.compile(
    r'"(?P<string>(?:[^"\\]++|\\.?)*+)(?:"(?P<colon>[ \t\n\r]*+:)?)?'
    r"|(?P<bracket>[\[\]{}])|(?P<constant>NaN|-?Infinity)|-?[0-9.]++(?P<power>[eE][-+]?[0-9]++)?",
    re.DOTALL,
)
"""What decides where a refused text is refused. A string that does not end reaches to the end of the text."""


class Refused(ValueError):
    """JSON that Python would read and that is refused here: its arguments are reason, found and remedy."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise twice(key)
            seen.add(key)
    return made


def twice(key: str) -> Refused:
    """A key that an object has already."""
    return Refused("the key occurs twice", show(key), "write each key once")


def _constant(word: str) -> object:
    raise Refused(f"{word} is not a JSON number", word, "write a number, or null if it is not on record")


def _int(digits: str) -> int | Decimal:
    # Python refuses to read whole numbers of thousands of digits; all such are beyond the limit anyway.
    return int(digits) if len(digits) <= _MOST_DIGITS else Decimal(digits)


def _fraction(digits: str) -> Decimal:
    try:
        return Decimal(digits)
    except InvalidOperation:
        raise Refused(
            "the exponent is beyond all measure", digits[:60], "write the number without it"
        ) from None


DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_fraction, parse_int=_int, parse_constant=_constant
)
"""Raises `json.JSONDecodeError`, `Refused`, or RecursionError."""


class Misread(NamedTuple):
    """What is wrong with a text. `remedy`: "" where only the reader of the file can tell; `at`: its first wrong character, from 0."""

    reason: str
    found: str
    remedy: str
    at: int


def misread(
    error: json.JSONDecodeError | Refused | RecursionError, text: str, start: int = 0, *, end: str
) -> Misread:
    """What `DECODER` found wrong with the value that begins at `start`. `end`: what the end of the text is called."""
    if isinstance(error, json.JSONDecodeError):
        rest = text[error.pos : error.pos + 20]
        return Misread(f"not JSON: {plain(error.msg)}", show(rest) if rest else end, "", error.pos)
    if isinstance(error, Refused):
        reason, found, remedy = error.args
        return Misread(reason, found, remedy, _refused_at(text, start))
    return Misread("nested too deep", "", "flatten the value", _deepest(text, start))


def line_and_column(text: str, at: int) -> tuple[int, int]:
    """Where a character of a text stands: its line, and which character of it (both from 1)."""
    return text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)


def _refused_at(text: str, start: int) -> int:
    """Where a text that is JSON up to there is refused: the decoder does not say, so it is gone through once more."""
    keys: list[set[str]] = []
    again: list[int | None] = []
    for token in _TOKEN.finditer(text, start):
        if token["constant"]:
            return token.start()
        if token["power"]:
            try:
                _fraction(token[0])
            except Refused:
                return token.start()
        elif token["colon"] and keys:
            key = str(DECODER.decode(f'"{token["string"]}"'))
            if key in keys[-1] and again[-1] is None:
                again[-1] = token.start()
            keys[-1].add(key)
        elif token["bracket"] == "{":
            keys.append(set())
            again.append(None)
        elif token["bracket"] == "}" and keys:
            keys.pop()
            # The decoder, too, looks at the keys of an object when it is at its end.
            found = again.pop()
            if found is not None:
                return found
    return start


def _deepest(text: str, start: int) -> int:
    """Where a value is nested deepest: its first bracket there."""
    depth = most = 0
    at = start
    for token in _TOKEN.finditer(text, start):
        if not token["bracket"]:
            continue
        depth += 1 if token["bracket"] in "[{" else -1
        if depth > most:
            most, at = depth, token.start()
        if depth <= 0:
            break
    return at


def plain(message: str) -> str:
    """The decoder's message as the end of a sentence."""
    return message[0].lower() + message[1:].removesuffix(" at")
