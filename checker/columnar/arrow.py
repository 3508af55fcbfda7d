"""What is asked of Arrow's columns: their distinct values, whether these are such as a record can hold, and their texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar

import numpy as np

from checker.columnar.batch import Codes, Encoded
from checker.columnar.chars import Bytes
from checker.columnar.memory import bools, numbers, valid
from checker.columnar.memory import texts as bytes_of
from checker.columnar.possible import Bools, Ints
from checker.columnar.source import NOTHING
from checker.columnar.stamps import stamps
from checker.record.flaws import Flaw
from checker.record.model import Fault, Place
from checker.record.values import MOST_INTEGER, MOST_NAME, instant, name

T = TypeVar("T")

_PLAIN_NAME = re.compile(r"[!-~](?:[ -~]{0,198}[!-~])?")
_DEEPEST = 24
"""Values nested deeper are left to the reader of objects, which allows a few levels more."""


def arrow(place: Place | None = None) -> Any:
    """The library.

    Raises:
        Fault: it is not installed.
    """
    try:
        import pyarrow
    except ImportError:
        remedy = "install it: pip install 'servanda[parquet]'"
        raise Fault(place or Place(""), "reading in columns needs the library pyarrow", "", remedy) from None
    return pyarrow


@lru_cache(maxsize=1 << 14)
def is_name(text: str) -> bool:
    """Whether a text is an id or a name. Remembered: agreements are named again and again."""
    if _PLAIN_NAME.fullmatch(text):
        return True
    try:
        name(text, (), "")
    except Flaw:
        return False
    return True


def sound_names(column: Any) -> Bools:
    """Which texts of a column are names; null is none."""
    if _all_plain(column):
        return np.ones(len(column), bool)
    import pyarrow.compute as compute

    pattern = f"^(?:{_PLAIN_NAME.pattern})$"
    out = bools(compute.match_substring_regex(column, pattern))
    rest = np.flatnonzero(~out & valid(column))
    out[rest] = [is_name(column[i].as_py()) for i in rest.tolist()]
    return out


def _all_plain(column: Any) -> bool:
    """Whether every text is of the characters of `_PLAIN_NAME`: ASCII that is printed, no blank at either end."""
    if column.null_count:
        return False
    data, ends = bytes_of(column)
    every = data[ends[0] : ends[-1]]
    length = np.diff(ends)
    if not len(every) or length.min() < 1 or length.max() > MOST_NAME:
        return False
    if every.min() < ord(" ") or every.max() > ord("~"):
        return False
    return bool((data[ends[:-1]] != ord(" ")).all() and (data[ends[1:] - 1] != ord(" ")).all())


class Distinct(list[Any]):
    """The distinct values of a column that comes in pieces, with what was found of them: each is looked at once for all pieces."""

    __slots__ = ("_found",)

    def __init__(self, values: Sequence[Any]) -> None:
        super().__init__(values)
        self._found: dict[Hashable, Any] = {}

    def once(self, what: Hashable, find: Callable[[], T]) -> T:
        """What is found of the values. `what`: what that is."""
        if what not in self._found:
            self._found[what] = find()
        found: T = self._found[what]
        return found


def once(values: Sequence[Any], what: Hashable, find: Callable[[], T]) -> T:
    """What is found of values, once where they are of several pieces."""
    return values.once(what, find) if isinstance(values, Distinct) else find()


class Column(NamedTuple):
    """A column as places in a list of its distinct values, NOTHING for null."""

    codes: Codes
    values: Sequence[Any]

    @classmethod
    def of(cls, column: Any) -> Column:
        """A column of Arrow's, whatever its type."""
        if arrow().types.is_boolean(column.type):
            return cls(np.where(valid(column), bools(column), NOTHING).astype(np.int32), (False, True))
        try:
            coded = column if hasattr(column, "indices") else column.dictionary_encode()
        except NotImplementedError:
            # Lists and the like, whose values Arrow does not tell from each other: they are compared as they are written.
            known: dict[str, int] = {}
            values: list[Any] = []
            codes = np.full(len(column), NOTHING, np.int32)
            for i, value in enumerate(column.to_pylist()):
                if value is not None:
                    codes[i] = known.setdefault(repr(value), len(known))
                    if codes[i] == len(values):
                        values.append(value)
            return cls(codes, values)
        return cls.coded(coded, coded.dictionary.to_pylist())

    @classmethod
    def coded(cls, column: Any, values: Sequence[Any]) -> Column:
        """A column of Arrow's that is codes of these values already."""
        codes = numbers(column.indices, NOTHING)
        return cls(codes.astype(np.int32, copy=False), values)

    @property
    def there(self) -> Bools:
        """Where it says something."""
        return self.codes >= 0

    def fine(self, check: Callable[[Any], bool]) -> Bools:
        """Where it says nothing, or what passes a check; each value is checked once."""
        table = once(self.values, check, lambda: np.array([*map(check, self.values), True], bool))
        return np.ones(len(self.codes), bool) if table.all() else table[self.codes]

    def encoded(self) -> Encoded:
        """The same as what rows say of an attribute."""
        return Encoded(self.codes, self.values)


def plain_type(pa: Any, kind: Any) -> Any:
    """The type that keeps what was written: Arrow takes a text that looks like an instant for one, and null for a type."""
    types = pa.types
    if types.is_timestamp(kind) or types.is_null(kind):
        return pa.string()
    if types.is_list(kind):
        return pa.list_(plain_type(pa, kind.value_type))
    if types.is_struct(kind):
        return pa.struct([(f.name, plain_type(pa, f.type)) for f in kind])
    return kind


def harmless(pa: Any, column: Any, depth: int = 1) -> Bools:
    """Where values are surely such as a record can hold; where they say nothing it does not matter."""
    types, kind = pa.types, column.type
    n = len(column)
    if types.is_string(kind) or types.is_boolean(kind) or types.is_null(kind):
        return np.ones(n, bool)
    if types.is_int64(kind):
        found = numbers(column, 0)
        small: Bools = (found >= -MOST_INTEGER) & (found <= MOST_INTEGER)
        return small
    if types.is_list(kind) and depth < _DEEPEST:
        inner = harmless(pa, column.flatten(), depth + 1)
        counts = numbers(column.value_lengths(), 0)
        of = np.repeat(np.arange(n), counts)
        out = np.ones(n, bool)
        out[of[~inner]] = False
        return out
    # Fractions lose digits in Arrow's hands, and a mapping does not tell an absent key from null.
    return np.zeros(n, bool)


def texts(column: Any) -> tuple[Bytes, Ints, Ints]:
    """The bytes of a column of texts, and where each begins and how long it is; null has no length."""
    data, ends = bytes_of(column)
    length = np.diff(ends)
    if column.null_count:
        length[~valid(column)] = 0
    return data, ends[:-1], length


def instants(column: Any) -> tuple[Ints, Ints, Bools]:
    """Seconds UTC and offsets (seconds east) of a column of stamps, and which are instants."""
    return instants_at(*texts(column))


def instants_at(data: Bytes, begin: Ints, length: Ints) -> tuple[Ints, Ints, Bools]:
    """The same of stamps that lie in a buffer: stamp i has `length[i]` bytes from `begin[i]` on, none where it says nothing."""
    found = stamps(data, begin, length)
    known: dict[bytes, tuple[int, int] | None] = {}
    for i in np.flatnonzero(~found.known & (length > 0)).tolist():
        raw = data[begin[i] : begin[i] + length[i]].tobytes()
        if raw not in known:
            try:
                known[raw] = instant(raw.decode(), ())
            except (Flaw, UnicodeDecodeError):
                known[raw] = None
        read = known[raw]
        if read is not None:
            found.at[i], found.offset[i] = read
            found.known[i] = True
    return found.at, found.offset, found.known


def spans(precision: Column, at: Ints, offset: Ints) -> tuple[Ints, Ints, Bools]:
    """The first and last second that stamps may stand for, and which have a precision that there is."""
    sizes = {"second": 1, "minute": 60, "day": 86_400}
    size = np.array([*(sizes.get(v, 0) for v in precision.values), 1], np.int64)[precision.codes]
    sound = size > 0
    size = np.maximum(size, 1)
    first = (at + offset) // size * size - offset
    return first, first + size - 1, sound
