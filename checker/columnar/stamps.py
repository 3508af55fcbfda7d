"""Instants as text, read in columns: the shapes `2025-03-03T09:00:00Z`, `…+01:00` and `…+0100`, with a space for `T`, too.

Gives what `checker.record.instants.parse_instant` gives, or says that it does not know: other shapes, and whatever is no instant.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from checker.columnar.possible import Bools, Ints

Bytes = npt.NDArray[np.uint8]

_FIRST, _LAST = 1970, 2099
_SEPARATORS = ((4, "-"), (7, "-"), (13, ":"), (16, ":"))
_DIGITS = (0, 1, 2, 3, 5, 6, 8, 9, 11, 12, 14, 15, 17, 18)
_BARE = 19
"""How many characters a stamp has without its offset."""
_MOST_OFFSET = 14 * 60
_AT_ONCE = 8192
"""So many texts at a time stay in the nearest cache."""


class Stamps(NamedTuple):
    """Seconds UTC, the offset in seconds east, and which were read; the others have no meaning."""

    at: Ints
    offset: Ints
    known: Bools


def _days() -> Ints:
    """Days since 1970 by year, month (13 to a year) and day (32 to a month); -1 for what the calendar does not have."""
    out = np.full(((_LAST - _FIRST + 1) * 13, 32), -1, np.int64)
    days = np.arange(f"{_FIRST}-01-01", f"{_LAST + 1}-01-01", dtype="datetime64[D]")
    months = days.astype("datetime64[M]")
    month, day = months.astype(np.int64), (days - months).astype(np.int64)
    out[month // 12 * 13 + month % 12 + 1, day + 1] = days.astype(np.int64)
    return out.ravel()


_DAYS = _days()


def stamps(data: Bytes, begin: Ints, length: Ints) -> Stamps:
    """Read texts that lie in a buffer: text i has `length[i]` bytes from `begin[i]` on."""
    n = len(begin)
    at, offset, known = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool)
    for size in (20, 25, 24):
        index = np.flatnonzero(length == size)
        for start in range(0, len(index), _AT_ONCE):
            part = index[start : start + _AT_ONCE]
            chars = _characters(data, begin, part, size)
            wall, good = _wall(chars)
            east, sound = _offset(chars[_BARE:])
            at[part], offset[part], known[part] = wall - east, east, good & sound
    return Stamps(at, offset, known)


def _characters(data: Bytes, begin: Ints, index: Ints, size: int) -> Bytes:
    """The characters of texts of one size: character by text."""
    first = int(begin[index[0]])
    last = int(begin[index[-1]]) + size
    if last - first == size * len(index):
        return np.ascontiguousarray(data[first:last].reshape(-1, size).T)
    return np.ascontiguousarray(data[begin[index][:, None] + np.arange(size)].T)


def _wall(chars: Bytes) -> tuple[Ints, Bools]:
    """Seconds on the wall clock, and which stamps are sound."""
    good = (chars[10] == ord("T")) | (chars[10] == ord(" "))
    for place, sign in _SEPARATORS:
        good &= chars[place] == ord(sign)
    digits = chars - np.uint8(48)
    for place in _DIGITS:
        good &= digits[place] <= 9
    month, day, hour, minute, second = (_two(digits, place) for place in (5, 8, 11, 14, 17))
    year = (_two(digits, 0).astype(np.int32) * 100 + _two(digits, 2)) - _FIRST
    good &= (year >= 0) & (year <= _LAST - _FIRST) & (month <= 12) & (day <= 31)
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)
    place_of = np.where(good, (year * 13 + month) * 32 + day, 0)
    days = _DAYS[place_of]
    good &= days >= 0
    clock = hour.astype(np.int32) * 3600 + minute.astype(np.int32) * 60 + second
    return days * 86_400 + clock, good


def _offset(chars: Bytes) -> tuple[Ints, Bools]:
    """Seconds east of an offset, and which are sound."""
    n = chars.shape[1]
    if len(chars) == 1:
        return np.zeros(n, np.int64), chars[0] == ord("Z")
    minus = chars[0] == ord("-")
    good = minus | (chars[0] == ord("+"))
    if len(chars) == 6:
        good &= chars[3] == ord(":")
        chars = chars[[0, 1, 2, 4, 5]]
    digits = chars - np.uint8(48)
    good &= (digits[1:] <= 9).all(axis=0)
    minutes = _two(digits, 3)
    total = _two(digits, 1).astype(np.int64) * 60 + minutes
    good &= (minutes <= 59) & (total <= _MOST_OFFSET)
    return np.where(minus, -total, total) * 60, good


def _two(digits: Bytes, place: int) -> Bytes:
    """Two digits as a number; nonsense where they are none."""
    found: Bytes = digits[place] * np.uint8(10) + digits[place + 1]
    return found
