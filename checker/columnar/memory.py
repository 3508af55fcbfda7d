"""Arrow's arrays and NumPy's as one memory, in both directions, without a copy where there need be none.

Arrow's own ways from and to NumPy load pandas, where it is installed, to ask whether what they are given is a frame, and its
functions of columns come with a library of their own: to load them takes longer than many an audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from checker.columnar.chars import Bytes
from checker.columnar.possible import Bools, Ints

Array = npt.NDArray[Any]


def _arrow() -> Any:
    """The library, which whoever has its arrays has."""
    import pyarrow

    return pyarrow


# --------------------------------------------------------------------------- from Arrow
def numbers(column: Any, null: int | None = None) -> Array:
    """An array of whole numbers or instants, as Arrow holds them: its own memory, not to be written to.

    `null`: what stands where it says nothing; None where it says something everywhere, or that does not matter.
    """
    width = column.type.bit_width // 8
    data = column.buffers()[1]
    if data is None or not len(column):
        return np.zeros(len(column), f"i{width}")
    found = np.frombuffer(data, f"i{width}")[column.offset : column.offset + len(column)]
    return (
        found
        if null is None or not column.null_count
        else np.where(valid(column), found, found.dtype.type(null))
    )


def bools(column: Any) -> Bools:
    """An array of truths; false where it says nothing."""
    found = _bits(column.buffers()[1], column.offset, len(column))
    return found & valid(column) if column.null_count else found


def valid(column: Any) -> Bools:
    """Where an array says something."""
    if not column.null_count:
        return np.ones(len(column), bool)
    held = column.buffers()[0]
    if held is None or _arrow().types.is_null(column.type):
        return np.zeros(len(column), bool)
    return _bits(held, column.offset, len(column))


def _bits(data: Any, offset: int, length: int) -> Bools:
    if data is None or not length:
        return np.zeros(length, bool)
    first = offset // 8
    some = np.frombuffer(data, np.uint8)[first : (offset + length + 7) // 8]
    bits = np.unpackbits(some, count=offset - 8 * first + length, bitorder="little")
    found: Bools = bits[offset - 8 * first :].view(bool)
    return found


# --------------------------------------------------------------------------- texts
def texts(column: Any) -> tuple[Bytes, Ints]:
    """The bytes of an array of texts, and where each begins, and last where the last one ends; what says nothing may have any bytes."""
    _, offsets, data = column.buffers()
    if not len(column) or offsets is None:
        return np.zeros(0, np.uint8), np.zeros(len(column) + 1, np.int64)
    width = np.int64 if _arrow().types.is_large_string(column.type) else np.int32
    ends = np.frombuffer(offsets, width)[column.offset : column.offset + len(column) + 1]
    return np.frombuffer(data if data is not None else b"", np.uint8), ends.astype(np.int64, copy=False)


def even(column: Any) -> Array | None:
    """Texts that all have the same length, as bytes of that length; None where they do not, or one is missing or empty."""
    if not len(column) or column.null_count:
        return None
    data, ends = texts(column)
    width = int(ends[1] - ends[0])
    if not width or int(ends[-1] - ends[0]) != width * len(column) or (np.diff(ends) != width).any():
        return None
    return data[ends[0] : ends[-1]].view(f"S{width}")


def changes(found: Array) -> Ints:
    """Where texts of one length are other than those before them."""
    n, width = len(found), found.dtype.itemsize
    other = np.zeros(max(n - 1, 0), bool)
    # Eight bytes at a time, the last of them once more where need be.
    step = 8 if width >= 8 else 1
    for begin in {*range(0, width - step + 1, step), width - step}:
        part: Array = np.ndarray((n,), f"u{step}", found, begin, (width,))
        other |= part[1:] != part[:-1]
    return np.flatnonzero(other) + 1


def of_even(found: Array) -> Any:
    """Texts of one length, in UTF-8, as an array."""
    pa = _arrow()
    width = found.dtype.itemsize
    ends = np.arange(0, width * len(found) + 1, width, dtype=np.int32)
    return pa.Array.from_buffers(pa.string(), len(found), [None, pa.py_buffer(ends), _buffer(found)])


def taken(column: Any, places: Ints) -> Any:
    """The texts at some places of an array in which none is missing."""
    if not len(places):
        return column[:0]
    whole = even(column)
    if whole is not None:
        return of_even(whole[places])
    data, ends = texts(column)
    return of_spans(data, ends[:-1][places], np.diff(ends)[places])


def of_spans(data: Bytes, begin: Ints, length: Ints) -> Any:
    """Texts that lie in a buffer as an array: text i has `length[i]` bytes from `begin[i]` on."""
    pa = _arrow()
    until = np.concatenate([[0], np.cumsum(length)])
    where = np.repeat(begin - until[:-1], length) + np.arange(until[-1])
    return pa.Array.from_buffers(
        pa.string(), len(begin), [None, _buffer(until.astype(np.int32)), _buffer(data[where])]
    )


# --------------------------------------------------------------------------- to Arrow
def of_numbers(found: Array, mask: Bools | None = None) -> Any:
    """Whole numbers as an array of the same width. `mask`: where it says nothing."""
    pa = _arrow()
    kind = {1: pa.int8, 2: pa.int16, 4: pa.int32, 8: pa.int64}[found.dtype.itemsize]()
    return pa.Array.from_buffers(kind, len(found), [None if mask is None else _bitmap(~mask), _buffer(found)])


def of_bools(found: Bools) -> Any:
    """Truths as an array."""
    pa = _arrow()
    return pa.Array.from_buffers(pa.bool_(), len(found), [None, _bitmap(found)])


def of_texts(texts: Sequence[str]) -> Any:
    """Texts as an array.

    Raises:
        UnicodeEncodeError: one of them holds half a surrogate pair.
    """
    pa = _arrow()
    raw = [text.encode() for text in texts]
    ends = np.zeros(len(raw) + 1, np.int32)
    ends[1:] = np.cumsum(np.fromiter(map(len, raw), np.int64, len(raw)))
    return pa.Array.from_buffers(
        pa.string(), len(raw), [None, pa.py_buffer(ends), pa.py_buffer(b"".join(raw))]
    )


def _buffer(found: Array) -> Any:
    return _arrow().py_buffer(np.ascontiguousarray(found).view(np.uint8))


def _bitmap(found: Bools) -> Any:
    return _arrow().py_buffer(np.packbits(found, bitorder="little"))
