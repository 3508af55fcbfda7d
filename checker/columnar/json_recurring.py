"""A block of JSON Lines whose objects recur, but for the ids of tickets and agreements and the stamps of events: each different one is
parsed once.

A log says the same few thousand things over and over, as in `{"at":"…","event":"closed"}`. So a block is cut where objects begin, ids
and stamps are taken out, and Arrow tells apart what remains. What is new is read strictly as JSON; only what it proves to be is used:

- the text before a line's events, with `]` and the text after them, is one object in which `events` is an empty list: so the
  events stand where the list was left open;
- every text between is one object and a comma, or the last object and the line's end, and no line ends within it;
- the value taken out is that of `ticket`, of `agreement`, or of `at`.

A `{` anywhere else (in a text, in an object within an event) breaks one of these, and the block is left to Arrow's parser.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Sequence
from secrets import token_hex
from threading import Lock
from typing import Any, Final, Generic, NamedTuple, TypeVar

import numpy as np

from checker.columnar.arrow import Column, arrow, instants_at
from checker.columnar.chars import Bytes, places_of, windows
from checker.columnar.json_told import Bodies, Heads, Odd, bodies_after, heads_after
from checker.columnar.memory import Array, numbers, of_even, of_spans
from checker.columnar.possible import Bools, Ints
from checker.record.json_text import DECODER

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

_TICKET: Final = re.compile(rb'"ticket" ?: ?"([^"\\\0]+)"')
_AGREEMENT: Final = re.compile(rb'"agreement" ?: ?"([^"\\\0]+)"')
_AT: Final = re.compile(rb'"at" ?: ?"([^"\\\0]+)"')
_OPEN: Final = re.compile(r'[{,][ \t]*"events"[ \t]*:[ \t]*\[[ \t]*\Z')
_REST: Final = re.compile(r"[ \t]*\](.*)\n\Z")
_WORDS: Final = {hole: f"taken out {token_hex(16)}" for hole in (0, 1)}
"""What stands where an id or a stamp was, while a text is read: by the character that has its place in the block, which no JSON has.
No text says it, however it is written: nobody can know it."""
_FIRST, _SECOND = _WORDS
_TAKEN: Final = {hole: re.compile(bytes([hole]) + b"+") for hole in _WORDS}
_FEWEST: Final = 64
_MOST_SHARE: Final = 4
"""A block of which more than one object in so many is new is not worth it."""
_MOST_SHAPES: Final = 24
"""At so many places in its object, or of so many lengths, a value is looked for."""
_MOST_KEPT: Final = 16 << 20
"""So much text is kept at most, about,"""
_MOST_TEXTS: Final = 1 << 15
"""and so many texts."""
_VAIN: Final = 2
"""After so many blocks in a row that were not worth it no other is tried."""


class Block(NamedTuple):
    """A block in columns. By ticket: `ids` (Arrow's texts), `heads`, and how many events it has (`counts`). By event: `bodies`, its
    instant and offset (seconds), and whether these were read (`known`).
    """

    ids: Any
    heads: Heads
    counts: Ints
    bodies: Bodies
    at: Ints
    offset: Ints
    known: Bools


class _Store(Generic[K, T]):
    """Texts that were read, numbered, and what they say."""

    def __init__(self, learn: Callable[[T | None, list[str]], T]) -> None:
        self._learn = learn
        self.number: dict[K, int] = {}
        self.told: T | None = None
        self.size = 0

    def new(self, texts: Sequence[K]) -> list[K]:
        """Those that were not read yet."""
        return [text for text in texts if text not in self.number]

    def add(self, texts: Sequence[K], read: list[str]) -> None:
        """Learn what texts say. `read`: as they are to be parsed."""
        self.told = self._learn(self.told, read)
        for text, each in zip(texts, read, strict=True):
            self.number[text] = len(self.number)
            self.size += len(each)

    def clear(self) -> None:
        """Forget all."""
        self.number, self.told, self.size = {}, None, 0


class _Values(NamedTuple):
    """Where the values of a key lie: places in the block and their length, by the texts that have them there."""

    groups: list[tuple[Ints | slice, Ints, int]]

    def spans(self, n: int) -> tuple[Ints, Ints]:
        """Of each text, where its value begins and how long it is."""
        if len(self.groups) == 1:
            _, begin, width = self.groups[0]
            return begin, np.full(n, width, np.int64)
        begins, length = np.zeros(n, np.int64), np.zeros(n, np.int64)
        for which, begin, width in self.groups:
            begins[which], length[which] = begin, width
        return begins, length

    def take_out(self, chars: Bytes, hole: int) -> None:
        """Put a character where they are that no text has."""
        for _, begin, width in self.groups:
            windows(chars, width)[begin] = np.void(bytes([hole]) * width)


class Recurring:
    """Reads blocks one after the other, by several threads if need be. `heads`, `bodies`: what lines, each a ticket, say.

    These raise `Odd`, or what Arrow raises, where columns cannot tell it.
    """

    def __init__(self, heads: Callable[[bytes, int], Heads], bodies: Callable[[bytes, int], Bodies]) -> None:
        def learn_heads(before: Heads | None, lines: list[str]) -> Heads:
            return heads_after(before, heads("".join(lines).encode(), len(lines)))

        def learn_bodies(before: Bodies | None, objects: list[str]) -> Bodies:
            lines = (f'{{"ticket":"x","events":[{each}]}}\n' for each in objects)
            return bodies_after(before, bodies("".join(lines).encode(), len(objects)))

        self._heads: _Store[tuple[bytes, str, tuple[int, ...]], Heads] = _Store(learn_heads)
        self._bodies: _Store[bytes, Bodies] = _Store(learn_bodies)
        self._tails: dict[str, int] = {}
        self._tail_of: list[int] = []
        self._lock = Lock()
        self._vain = 0

    def read(self, data: bytes) -> Block | None:
        """A block of lines in UTF-8, without a null, with all their ends; None: it is not for this."""
        if self._vain >= _VAIN:
            return None
        try:
            found = self._read(np.frombuffer(bytearray(data), np.uint8))
        except (Odd, ValueError, RecursionError, arrow().ArrowException):
            found = None
        self._vain = 0 if found is not None else self._vain + 1
        return found

    def _read(self, chars: Bytes) -> Block | None:
        places = places_of("{", chars)
        if not len(places) or places[0]:
            return None
        # Before the first of them stands the last end of a line.
        line = chars[places - 1] == ord("\n")
        lines = np.flatnonzero(line)
        after = np.append(places[1:], len(chars))
        counts = np.diff(np.append(lines, len(places))) - 1
        event = ~line
        if not counts.all():
            return None
        named = _values(chars, places[lines], after[lines], _TICKET)
        stamped = _values(chars, places[event], after[event], _AT)
        if named is None or stamped is None or (ids := _ids(chars, named, len(lines))) is None:
            return None
        agreed = _values(chars, places[lines], after[lines], _AGREEMENT)
        agreements = _ids(chars, agreed, len(lines)) if agreed is not None else None
        begin, length = stamped.spans(len(places) - len(lines))
        at, offset, known = instants_at(chars, begin, length)
        unknown = np.flatnonzero(~known).tolist()
        if any(b"\n" in chars[begin[i] : begin[i] + length[i]].tobytes() for i in unknown):
            return None
        named.take_out(chars, _FIRST)
        stamped.take_out(chars, _FIRST)
        holes: tuple[int, ...] = (_FIRST,)
        if agreed is not None and agreements is not None:
            agreed.take_out(chars, _SECOND)
            holes = _FIRST, _SECOND
        pa = arrow()
        cut = pa.py_buffer(np.append(places, len(chars)).astype(np.int32))
        every = pa.Array.from_buffers(pa.binary(), len(places), [None, cut, pa.py_buffer(chars)])
        coded = every.dictionary_encode()
        codes, texts = numbers(coded.indices), coded.dictionary.to_pylist()
        told = self._told(codes[lines], codes[event], texts, np.cumsum(counts) - 1, holes)
        if told is None:
            return None
        heads, bodies = told
        if agreements is not None:
            heads = heads.under(Column.of(agreements))
        return Block(ids, heads, counts, bodies, at, offset, known)

    def _told(
        self, head: Array, body: Array, texts: Sequence[bytes], last: Ints, holes: tuple[int, ...]
    ) -> tuple[Heads, Bodies] | None:
        """What tickets and events say, whose texts have these codes. `last`: the last event of each ticket; `holes`: what was taken out of
        the texts of tickets.
        """
        of_body = np.zeros(len(texts), bool)
        of_body[body] = True
        which = np.flatnonzero(of_body).tolist()
        with self._lock:
            if (
                self._heads.size + self._bodies.size > _MOST_KEPT
                or len(self._heads.number) + len(self._bodies.number) > _MOST_TEXTS
            ):
                self._heads.clear()
                self._bodies.clear()
                self._tails, self._tail_of = {}, []
            if not self._learn_bodies([texts[i] for i in which], len(body)):
                return None
            number = np.zeros(len(texts), np.int64)
            number[which] = [self._bodies.number[texts[i]] for i in which]
            bodies = self._bodies.told
            tails, tail_of = list(self._tails), np.array(self._tail_of)
        row = number[body]
        tail = tail_of[row]
        ended = tail[last]
        if (ended < 0).any() or np.count_nonzero(tail >= 0) != len(last):
            return None
        whole, of = np.unique(head.astype(np.int64) * len(tails) + ended, return_inverse=True)
        pairs = [(texts[k // len(tails)], tails[k % len(tails)], holes) for k in whole.tolist()]
        with self._lock:
            found = self._learn_heads(pairs, len(head))
            heads = self._heads.told
        if found is None or heads is None or bodies is None:
            return None
        return heads.take(np.array(found)[of]), bodies.take(row)

    def _learn_bodies(self, texts: Sequence[bytes], n: int) -> bool:
        """Read what is new; whether all of it is what it should be, and not too much."""
        new = self._bodies.new(texts)
        if len(new) > max(_FEWEST, n // _MOST_SHARE):
            return False
        objects, tails = [], []
        for text in new:
            found = _body(text)
            if found is None:
                return False
            objects.append(found[0])
            tails.append(found[1])
        if new:
            self._bodies.add(new, objects)
            self._tail_of += [-1 if t is None else self._tails.setdefault(t, len(self._tails)) for t in tails]
        return True

    def _learn_heads(self, heads: Sequence[tuple[bytes, str, tuple[int, ...]]], n: int) -> list[int] | None:
        """The numbers of heads, each with what follows its events and what was taken out; None where one is not what it should be."""
        new = self._heads.new(heads)
        if len(new) > max(_FEWEST, n // _MOST_SHARE):
            return None
        lines = []
        for text, tail, holes in new:
            line = _head(text, tail, *holes)
            if line is None:
                return None
            lines.append(line)
        if new:
            self._heads.add(new, lines)
        return [self._heads.number[each] for each in heads]


def _filled(text: bytes, *holes: int) -> str | None:
    """A text with a word for what was taken out of it; None where that is not one value for each hole."""
    for hole in holes:
        word, taken = _WORDS[hole].encode(), _TAKEN[hole].findall(text)
        if len(taken) != 1 or word in text:
            return None
        text = text.replace(taken[0], word)
    return text.decode()


def _body(text: bytes) -> tuple[str, str | None] | None:
    """An event as JSON, and what follows the list of events on its line (None where another event follows); None where it is something
    else.

    Raises:
        ValueError, RecursionError: it is not JSON.
    """
    filled = _filled(text, _FIRST)
    if filled is None or "\n" in filled[:-1]:
        return None
    found, end = DECODER.raw_decode(filled)
    if not isinstance(found, dict) or found.get("at") != _WORDS[_FIRST]:
        return None
    rest = filled[end:]
    closing = _REST.match(rest)
    if closing is not None:
        return filled[:end], closing[1]
    return (filled[:end], None) if rest.strip(" \t") == "," else None


def _head(text: bytes, tail: str, *holes: int) -> str | None:
    """A ticket without its events as a line; None where it is something else.

    Raises:
        ValueError, RecursionError: it is not JSON.
    """
    filled = _filled(text, *holes)
    if filled is None or "\n" in filled or not _OPEN.search(filled):
        return None
    line = f"{filled}]{tail}"
    found = DECODER.decode(line)
    whole = isinstance(found, dict) and found.get("events") == []
    keys = zip(("ticket", "agreement"), holes, strict=False)
    return f"{line}\n" if whole and all(found.get(key) == _WORDS[hole] for key, hole in keys) else None


# --------------------------------------------------------------------------- where values lie
def _values(chars: Bytes, begin: Ints, end: Ints, key: re.Pattern[bytes]) -> _Values | None:
    """Where the value of a key lies in texts: as far from their beginning, and as long, as in others of them; None where one has none."""
    rest = np.arange(len(begin))
    groups: list[tuple[Ints | slice, Ints, int]] = []
    for _ in range(_MOST_SHAPES):
        first = int(rest[0])
        found = key.search(chars[begin[first] : end[first]].tobytes())
        if found is None:
            return None
        lead, width = found[0][: found.start(1) - found.start()], found.end(1) - found.start(1)
        every = len(rest) == len(begin)
        mine, until = (begin, end) if every else (begin[rest], end[rest])
        at = mine + found.start(1)
        fits = at + width < until
        near = at if fits.all() else np.where(fits, at, at[0])
        fits &= _led(chars, near, lead) & (chars[near + width] == ord('"'))
        if every and fits.all():
            return _Values([(slice(None), at, width)])
        groups.append((rest[fits], at[fits], width))
        rest = rest[~fits]
        if not len(rest):
            return _Values(groups)
    return None


def _led(chars: Bytes, places: Ints, lead: bytes) -> Bools:
    """Where this text stands before a place; it is shorter than sixteen characters, and eight or more are before each place."""
    # As numbers of eight characters, the first of them lowest.
    last = windows(chars, 8)[places - 8].view("<u8")
    if len(lead) < 8:
        other = np.uint64(8 * (8 - len(lead)))
        led: Bools = (last >> other) << other == np.frombuffer(lead.rjust(8, b"\0"), "<u8")
        return led
    led = last == np.frombuffer(lead[-8:], "<u8")
    led &= windows(chars, 8)[places - len(lead)].view("<u8") == np.frombuffer(lead[:8], "<u8")
    return led


def _ids(chars: Bytes, named: _Values, n: int) -> Any:
    """Ids as Arrow's texts; None where one holds what is written otherwise than it is."""
    for _, begin, width in named.groups:
        some = windows(chars, width)[begin].view(np.uint8)
        if ((some == ord('"')) | (some == ord("\\")) | (some == ord("\n"))).any():
            return None
    if len(named.groups) == 1:
        _, begin, width = named.groups[0]
        return of_even(windows(chars, width)[begin].view(f"S{width}"))
    return of_spans(chars, *named.spans(n))
