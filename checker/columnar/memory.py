"""Arrow's arrays and NumPy's as one memory, in both directions, without a copy where there need be none.

Arrow's own ways from and to NumPy load pandas, where it is installed, to ask whether what they are given is a frame: that takes
longer than many an audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from checker.columnar.possible import Bools

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


# --------------------------------------------------------------------------- to Arrow
def of_numbers(found: Array, mask: Bools | None = None) -> Any:
    """Whole numbers as an array of the same width. `mask`: where it says nothing."""
    pa = _arrow()
    kind = {1: pa.int8, 2: pa.int16, 4: pa.int32, 8: pa.int64}[found.dtype.itemsize]()
    data = pa.py_buffer(np.ascontiguousarray(found))
    return pa.Array.from_buffers(kind, len(found), [None if mask is None else _bitmap(~mask), data])


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


def _bitmap(found: Bools) -> Any:
    return _arrow().py_buffer(np.packbits(found, bitorder="little"))
