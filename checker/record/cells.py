"""A cell of a table as a value: text, unless a type is stated for it."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Final

from checker.record.flaws import Flaw, Path, did_you_mean, one_of, show
from checker.record.model import Value
from checker.record.values import number, text, value

TYPES: Final = ("string", "bool", "int", "number", "list")
"""The types of an attribute, as the vocabulary names them; any other word is read as `string`."""

_INTEGER: Final = re.compile(r"[-+]?[0-9]+")
_NUMBER: Final = re.compile(r"[-+]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_BOOLS: Final = {"true": True, "false": False}


def typed(cell: str, type_name: str, path: Path) -> Value:
    """The value of a cell under a type.

    Raises:
        Flaw: the cell does not hold the type, or a character that is none.
    """
    if type_name == "bool":
        found = _BOOLS.get(cell.strip().lower())
        if found is None:
            raise Flaw(
                path,
                show(cell),
                "not true or false",
                did_you_mean(cell, _BOOLS) or one_of(["write true", "false"]),
            )
        return found
    if type_name == "int":
        return number(digits(cell, path), path)
    if type_name == "number":
        if not _NUMBER.fullmatch(cell.strip()):
            raise Flaw(path, show(cell), "not a number", "write digits, with a point for the fraction")
        return number(Decimal(cell.strip()), path)
    if type_name == "list":
        return _list(cell, path)
    return text(cell, path)


def digits(cell: str, path: Path) -> int | Decimal:
    """A whole number of any size.

    Raises:
        Flaw: the cell holds something else.
    """
    stripped = cell.strip()
    if not _INTEGER.fullmatch(stripped):
        raise Flaw(path, show(cell), "not a whole number", "write digits only")
    # Python refuses to read whole numbers of thousands of digits.
    return int(stripped) if len(stripped) < 400 else Decimal(stripped)


def _list(cell: str, path: Path) -> Value:
    try:
        found = json.loads(cell, parse_float=Decimal)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list):
        raise Flaw(path, show(cell), "not a list", 'write a JSON array, such as ["a", "b"]')
    return value(found, path)
