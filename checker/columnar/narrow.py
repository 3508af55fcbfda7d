"""Codes in numbers as narrow as may be, and what is looked up by them: most attributes have few values."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from checker.columnar.possible import Bools

Codes = NDArray[np.signedinteger[Any]]


def narrow(codes: Codes) -> Codes:
    """Codes from -1 on in numbers as narrow as may be; those that are narrow already are taken as they are."""
    if codes.dtype.itemsize == 1:
        return codes
    kind = np.min_scalar_type(-1 - int(codes.max(initial=0)))
    return codes.astype(kind, copy=False)


def looked_up(table: Bools, codes: Codes) -> Bools:
    """What a table says of each code; of -1 its last entry does. For codes of one byte at a fifth of what an index costs."""
    if codes.dtype.itemsize > 1 or len(table) > 128:
        return table[codes]
    by_byte = np.zeros(256, bool)
    by_byte[: len(table)] = table
    if len(table):
        by_byte[255] = table[-1]
    return np.frombuffer(bytearray(codes.tobytes().translate(by_byte.tobytes())), bool)


def by_byte(table: NDArray[np.int8], index: NDArray[np.uint8]) -> NDArray[np.int8]:
    """What a table of at most 256 numbers says of each byte, all of them within it."""
    every = table.tobytes().ljust(256, b"\0")
    return np.frombuffer(bytearray(index.tobytes().translate(every)), np.int8)
