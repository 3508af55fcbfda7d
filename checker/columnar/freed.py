"""What the process does with memory that it lets go of."""

from __future__ import annotations

import ctypes
import platform
from functools import cache

_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3
"""Parameters of `mallopt` (malloc.h of the GNU C library)."""
_KEPT = 2**30
_LARGEST = 2**25
"""The highest threshold for memory of its own that the library takes."""


@cache
def keep_freed() -> bool:
    """Keep memory that was freed for the columns that come next; whether that could be said.

    Columns of one block after the other have the same sizes. The C library's own habit is to give large ones back to the system at
    once, and the system hands them out anew page by page, which costs as much as a fifth of the judging. For the whole process,
    so it is for programs to say, not for libraries. Peak memory is as before: what is kept was in use.
    """
    if platform.libc_ver()[0] != "glibc":
        return False
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError):
        return False
    return bool(mallopt(_TRIM_THRESHOLD, _KEPT)) and bool(mallopt(_MMAP_THRESHOLD, _LARGEST))
