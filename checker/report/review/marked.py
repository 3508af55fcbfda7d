"""Two texts beside each other with their differences marked word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import groupby
from typing import Final, Literal, NamedTuple

Mark = Literal["same", "gone", "new"]
MOST_WORDS: Final = 4_000
"""Words of one text that are compared one by one; longer texts are marked as a whole."""
_WORDS: Final = re.compile(r"\s+|\d(?:[\d.,:]*\d)?%?|[\w.-]*\w|[^\w\s]")
_ALIKE: Final = 0.5
"""Lines at least so alike are one line that changed; others are one that falls away and one that comes."""


class Piece(NamedTuple):
    """A stretch of a text, and what becomes of it."""

    mark: Mark
    text: str


Marked = tuple[Piece, ...]
Row = tuple[Marked | None, Marked | None]
"""A line of the old text and the line of the new one beside it; None where there is none."""


def redline(old: str, new: str) -> Marked:
    """Both texts as one: what falls away before what comes in its place."""
    a, b = _words(old), _words(new)
    if len(a) > MOST_WORDS or len(b) > MOST_WORDS:
        return _whole(old, new)
    out: list[Piece] = []
    for what, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            out.append(Piece("same", "".join(a[i:j])))
            continue
        out += [Piece("gone", "".join(a[i:j]))] if j > i else []
        out += [Piece("new", "".join(b[k:m]))] if m > k else []
    return _gathered(out)


def _whole(old: str, new: str) -> Marked:
    if old == new:
        return (Piece("same", old),)
    return tuple(p for p in (Piece("gone", old), Piece("new", new)) if p.text)


def _words(text: str) -> list[str]:
    return _WORDS.findall(text)


def _gathered(pieces: Sequence[Piece]) -> Marked:
    """Changes between which only a blank stands, as one: the blank is part of both."""
    out: list[Piece] = []
    run: list[Piece] = []
    for i, p in enumerate(pieces):
        blank = p.mark == "same" and not p.text.strip() and run and i + 1 < len(pieces)
        if p.mark != "same" or blank:
            run.append(p)
            continue
        out += [*_run(run), p]
        run = []
    return tuple(out + _run(run))


def _run(pieces: Sequence[Piece]) -> list[Piece]:
    """Changes that stand together: what falls away, then what comes; a blank between them belongs to both."""
    if not {"gone", "new"} <= {p.mark for p in pieces}:
        # A blank that stays between words that all go, or all come, is nobody's.
        return list(pieces)
    gone = "".join(p.text for p in pieces if p.mark != "new")
    new = "".join(p.text for p in pieces if p.mark != "gone")
    return [Piece("gone", gone), Piece("new", new)]


def sides(whole: Marked) -> tuple[Marked, Marked]:
    """A redline as the old text and the new one, each with its own marks."""
    return tuple(p for p in whole if p.mark != "new"), tuple(p for p in whole if p.mark != "gone")


def rows(old: Sequence[str], new: Sequence[str]) -> tuple[Row, ...]:
    """Two texts line by line: like lines beside each other, and in those that changed the words that did."""
    out: list[Row] = []
    for what, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if what == "equal":
            out += [((Piece("same", text),),) * 2 for text in old[i:j]]
        else:
            out += _changed(old[i:j], new[k:m])
    return tuple(out)


def runs(found: Sequence[Row]) -> list[tuple[bool, list[Row]]]:
    """Lines in runs: whether all of a run are alike in both texts, and the lines. One that is alike alone is no run of its own."""
    out: list[tuple[bool, list[Row]]] = []
    for alike, group in groupby(found, key=lambda row: row[0] == row[1]):
        run = list(group)
        whole = alike and len(run) > 1
        if not whole and out and not out[-1][0]:
            out[-1][1].extend(run)
        else:
            out.append((whole, run))
    return out


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Row]:
    out: list[Row] = []
    left = list(new)
    for text in old:
        mate = max(left, key=lambda other: _likeness(text, other), default=None)
        if mate is None or _likeness(text, mate) < _ALIKE:
            out.append(((Piece("gone", text),), None))
            continue
        at = left.index(mate)
        out += [(None, (Piece("new", other),)) for other in left[:at]]
        left = left[at + 1 :]
        out.append(sides(redline(text, mate)))
    return out + [(None, (Piece("new", other),)) for other in left]


def _likeness(a: str, b: str) -> float:
    return SequenceMatcher(None, _words(a)[:MOST_WORDS], _words(b)[:MOST_WORDS], autojunk=False).ratio()


def text_of(marked: Marked, without: Mark) -> str:
    """One of the two texts again: without what is `new`, the old one; without what is `gone`, the new one."""
    return "".join(p.text for p in marked if p.mark != without)
