"""YAML read as plain data with positions: no aliases, no tags, no repeated keys, limited size and depth.

Scalars are read as in the core schema of YAML 1.2, and no further: `true`, `false`, `null`, whole numbers
and decimal fractions. So `NO` is a country, `2025-01-01` a text, `08:30` a text, and a number with leading
zeros a text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final, cast

import yaml

from checker.record.flaws import Flaw, Path, show
from checker.record.model import Fault, Place

MOST_DEPTH: Final = 64
MOST_VALUES: Final = 5_000_000

_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FRACTION: Final = re.compile(
    r"[-+]?(?:0|[1-9][0-9]*)?\.[0-9]+(?:[eE][-+]?[0-9]{1,3})?|[-+]?(?:0|[1-9][0-9]*)\."
)
_NO_NUMBER: Final = frozenset(sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")) | {
    ".nan",
    ".NaN",
    ".NAN",
}
_LOADER: Final[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its value, and where each part of it stands."""

    value: object
    file: str
    marks: dict[Path, tuple[int, int]] = field(repr=False)

    def place(self, path: Path = ()) -> Place:
        """The place of a part, or of the nearest part around it."""
        while path and path not in self.marks:
            path = path[:-1]
        line, column = self.marks.get(path, (1, 1))
        return Place(self.file, line, column)

    def fault(self, flaw: Flaw) -> Fault:
        """A flaw in the document as a fault at its place."""
        return flaw.fault(self.place(flaw.path))


@dataclass(slots=True)
class _Open:
    path: Path
    mapping: dict[str, object] | None
    sequence: list[object] | None
    key: str | None = None


def documents(text: str, file: str) -> Iterator[Document]:
    """The documents of a YAML text; an empty document is left out.

    Raises:
        Fault: not YAML, or YAML beyond what is read here.
    """
    try:
        yield from _build(text, file)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        message = " ".join(part for part in (error.context, error.problem) if part)
        raise Fault(place, f"not YAML: {message}", "", "check indentation, colons and quotes") from None
    except yaml.YAMLError as error:
        at = getattr(error, "position", None)
        line = text.count("\n", 0, at) + 1 if isinstance(at, int) else None
        reason = getattr(error, "reason", None) or str(error).splitlines()[0]
        raise Fault(Place(file, line), f"not YAML: {reason}", "", "remove the character") from None


def as_json(text: str) -> object:
    """What `documents` makes of a list or a mapping that is written as JSON, in a tenth of the time; without places.

    Raises:
        ValueError: it is not JSON, or JSON of which this cannot be said: YAML knows other escapes, fewer characters, and numbers
            of its own.
    """
    if (
        "\\" in text
        or " :" in text
        or not text.isprintable()
        or text.count("[") + text.count("{") > MOST_DEPTH
    ):
        raise ValueError(text)
    found: object = _JSON.decode(text)
    return found


def _entries(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found = dict(pairs)
    if len(found) < len(pairs) or "" in found or any(len(key) > _LONGEST_KEY for key in found):
        raise ValueError(pairs)
    return found


def _number(text: str) -> object:
    try:
        return plain(text)
    except Flaw:
        raise ValueError(text) from None


def _refused(text: str) -> object:
    raise ValueError(text)


_LONGEST_KEY: Final = 200
"""YAML has no keys beyond a thousand characters (YAML 1.2, 7.4.2)."""
_JSON: Final = json.JSONDecoder(
    object_pairs_hook=_entries, parse_float=_refused, parse_int=_number, parse_constant=_refused
)


def _build(text: str, file: str) -> Iterator[Document]:
    stack: list[_Open] = []
    marks: dict[Path, tuple[int, int]] = {}
    root: object = None
    count = 0
    for found in yaml.parse(text, Loader=_LOADER):
        if isinstance(found, yaml.DocumentStartEvent):
            stack, marks, root = [], {}, None
            continue
        if isinstance(found, yaml.DocumentEndEvent):
            if root is not None or marks.get(()) is not None:
                yield Document(root, file, marks)
            continue
        if isinstance(found, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            stack.pop()
            continue
        if not isinstance(found, yaml.NodeEvent):
            continue
        mark = cast(yaml.Mark, found.start_mark)
        at = (mark.line + 1, mark.column + 1)
        place = Place(file, *at)
        count += 1
        if count > MOST_VALUES:
            raise Fault(place, "too many values", f"more than {MOST_VALUES}", "split the file")
        if isinstance(found, yaml.AliasEvent):
            raise Fault(place, "aliases are refused", f"*{found.anchor}", "write the value out")
        tag = found.tag if isinstance(found, yaml.ScalarEvent | yaml.CollectionStartEvent) else None
        if tag is not None and not (tag == "!" and isinstance(found, yaml.ScalarEvent)):
            raise Fault(place, "tags are refused", str(tag), "leave the tag out; quote a value that is text")
        top = stack[-1] if stack else None
        if top is not None and top.mapping is not None and top.key is None:
            top.key = _key(found, top.mapping, place)
            marks[(*top.path, top.key)] = at
            continue
        value, opened = _value(found, place)
        path: Path = ()
        if top is None:
            if isinstance(found, yaml.ScalarEvent) and not found.value and value is None:
                continue
            root = value
        elif top.mapping is not None:
            path = (*top.path, cast(str, top.key))
            top.mapping[cast(str, top.key)] = value
            top.key = None
        elif top.sequence is not None:
            path = (*top.path, len(top.sequence))
            top.sequence.append(value)
        marks[path] = at
        if opened:
            if len(stack) >= MOST_DEPTH:
                raise Fault(place, "nested too deep", f"more than {MOST_DEPTH} levels", "flatten the value")
            mapping = cast("dict[str, object]", value) if isinstance(value, dict) else None
            stack.append(_Open(path, mapping, None if mapping is not None else cast("list[object]", value)))


def _key(found: yaml.NodeEvent, mapping: dict[str, object], place: Place) -> str:
    if not isinstance(found, yaml.ScalarEvent):
        raise Fault(place, "a key is a list or a mapping", "", "write a word as the key")
    key: str = found.value
    if not key:
        raise Fault(place, "a key is empty", "", "write the key")
    if key == "<<" and found.style in (None, ""):
        raise Fault(place, "merge keys are refused", "<<", "write the keys out")
    if key in mapping:
        raise Fault(place, "the key occurs twice", show(key), "write each key once")
    return key


def _value(found: yaml.NodeEvent, place: Place) -> tuple[object, bool]:
    """The value of an event, and whether it is a collection that is now open."""
    if isinstance(found, yaml.MappingStartEvent):
        return {}, True
    if isinstance(found, yaml.SequenceStartEvent):
        return [], True
    assert isinstance(found, yaml.ScalarEvent)
    text: str = found.value
    # libyaml gives a plain scalar the style "", the Python parser gives it None.
    if found.style not in (None, "") or found.tag == "!":
        return text, False
    try:
        return plain(text), False
    except Flaw as flaw:
        raise flaw.fault(place) from None


def plain(text: str) -> str | int | bool | Decimal | None:
    """What a text stands for that is written without quotes.

    Raises:
        Flaw: a number beyond all that a record can hold.
    """
    if text in _NULLS:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    if text in _NO_NUMBER:
        raise Flaw((), text, "not a number", "write a number, or null if it is not on record")
    if _INTEGER.fullmatch(text):
        if len(text) > 20:
            raise Flaw((), f"{len(text)} digits", "a number beyond 2**53 - 1", "write it as text, in quotes")
        return int(text)
    if _FRACTION.fullmatch(text):
        return Decimal(text)
    return text
