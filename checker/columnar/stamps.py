"""Instants as text, read in columns: the shapes `2025-03-03T09:00:00Z`, `…+01:00` and `…+0100`, with a space for `T`, too.

Gives what `checker.record.instants.parse_instant` gives, or says that it does not know: other shapes, and whatever is no instant.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from checker.columnar.chars import Bytes, windows
from checker.columnar.possible import Bools, Ints

_FIRST, _LAST = 1970, 2099
_BARE = 19
"""How many characters a stamp has without its offset."""
_MOST_OFFSET = 14 * 60
_AT_ONCE = 8192
"""So many texts at a time stay in the nearest cache."""

_WORD = np.dtype("<u8")
"""Eight characters as one number, the first of them lowest: what is asked of eight bytes is asked once."""
_HIGH = np.uint64(0x8080808080808080)


def _shape(form: str) -> tuple[np.uint64, np.uint64]:
    """Of eight characters, `0` for any digit: what makes digits of them, and signs to 0; and what then lifts to 128 or more whatever is
    no digit, or another sign.
    """
    signs = np.frombuffer(form.encode(), _WORD)[0]
    lifts = np.frombuffer(bytes(0x76 if c == "0" else 0x7F for c in form), _WORD)[0]
    return signs, lifts


_DATE = _shape("0000-00-")
_CLOCK = _shape("00:00:00")


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
            # All of one size, as a rule: then no places need be gone through.
            part = index[start : start + _AT_ONCE] if len(index) < n else slice(start, start + _AT_ONCE)
            chars = _characters(data, begin[part], size)
            wall, good = _wall(chars)
            east, sound = _offset(chars[:, _BARE:].T)
            at[part], offset[part], known[part] = wall - east, east, good & sound
    return Stamps(at, offset, known)


def _characters(data: Bytes, begin: Ints, size: int) -> Bytes:
    """The characters of texts of one size: text by character."""
    return windows(data, size)[begin].view(np.uint8).reshape(-1, size)


def _wall(chars: Bytes) -> tuple[Ints, Bools]:
    """Seconds on the wall clock, and which stamps are sound."""
    date, good = _digits(_words(chars, 0), _DATE)
    clock, sound = _digits(_words(chars, _BARE - 8), _CLOCK)
    between = chars[:, 10]
    good &= sound & ((between == ord("T")) | (between == ord(" ")))
    tens, ones = chars[:, 8] - np.uint8(48), chars[:, 9] - np.uint8(48)
    good &= (tens <= 9) & (ones <= 9)
    day = tens * np.uint8(10) + ones
    month, hour, minute, second = _char(date, 5), _char(clock, 0), _char(clock, 3), _char(clock, 6)
    year = _char(date, 0).astype(np.int32) * 100 + _char(date, 2) - _FIRST
    good &= (year >= 0) & (year <= _LAST - _FIRST) & (month <= 12) & (day <= 31)
    good &= (hour <= 23) & (minute <= 59) & (second <= 59)
    place_of = np.where(good, (year * 13 + month) * 32 + day, 0)
    days = _DAYS[place_of]
    good &= days >= 0
    return days * 86_400 + (hour.astype(np.int32) * 3600 + minute.astype(np.int32) * 60 + second), good


def _words(chars: Bytes, place: int) -> npt.NDArray[np.uint64]:
    """Eight characters of each text, from a place on."""
    n, size = chars.shape
    found: npt.NDArray[np.uint64] = np.ndarray((n,), _WORD, chars, place, (size,))
    return found


def _digits(
    words: npt.NDArray[np.uint64], shape: tuple[np.uint64, np.uint64]
) -> tuple[npt.NDArray[np.uint64], Bools]:
    """Eight characters of a shape, each two neighbours as a number of two digits in the place of the first; and which have it."""
    signs, lifts = shape
    words = words ^ signs
    # A byte that carries over into the next has 128 itself.
    good = ((words | (words + lifts)) & _HIGH) == 0
    return words * np.uint64(10) + (words >> np.uint64(8)), good


def _char(words: npt.NDArray[np.uint64], place: int) -> Bytes:
    """The bytes at one place of eight."""
    found: Bytes = (words >> np.uint64(8 * place)).astype(np.uint8)
    return found


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
