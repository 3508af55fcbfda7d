"""Characters of a text as a column of bytes: where one stands, and what stands at many places at once."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

from checker.columnar.possible import Ints

Bytes = npt.NDArray[np.uint8]

_NEAR: Final = 1 << 18


def places_of(char: str, chars: Bytes) -> Ints:
    """Where a character stands."""
    # Not all at once: what is made of so many fits the nearer memory.
    steps = range(0, max(len(chars), 1), _NEAR)
    sought = ord(char)
    return np.concatenate([np.flatnonzero(chars[at : at + _NEAR] == sought) + at for at in steps])


def windows(chars: Bytes, width: int) -> npt.NDArray[np.void]:
    """What stands at each place, so many characters wide: the same memory, which `windows(…)[places]` copies from and writes to."""
    found: npt.NDArray[np.void] = np.ndarray((max(len(chars) - width + 1, 0),), f"V{width}", chars, 0, (1,))
    return found
