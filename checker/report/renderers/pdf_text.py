"""Texts and blocks of a report on paper: what stands in them is seen, breaks where it must, and is not longer than a page bears."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, Final

from checker.report.inert import cut
from checker.report.pictures.canvas import legible
from checker.report.words import Words

LONGEST: Final = 600
"""Characters of one text that are printed."""
_BREAK: Final = re.compile(r"(?<=[^\s\u200b][._/\\:=,;@&?|-])(?=[^\s\u200b])")
_RUN: Final = re.compile(r"([^\s\u200b]{24})(?=[^\s\u200b])")
_FIRST_STRONG_ISOLATE: Final = "\u2068"
_POP_ISOLATE: Final = "\u2069"
HASH: Final = re.compile(r"[0-9a-f]{64}\Z")

Block = dict[str, Any]


def said(text: str, most: int = LONGEST) -> str:
    """A text as the paper takes it: seen, not too long, with places to break; what the fonts have not got, by its number.

    A line with writing from right to left is isolated from what stands around it (Unicode Standard Annex 9, FSI): none of the text's own
    characters that turn the direction is left.
    """
    seen = legible(cut(text, most, "… ({n})"))
    broken = _RUN.sub("\\1\u200b", _BREAK.sub("\u200b", seen))
    return broken if seen.isascii() else "\n".join(map(_isolated, broken.split("\n")))


def _isolated(line: str) -> str:
    to_the_left = any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in line)
    return f"{_FIRST_STRONG_ISOLATE}{line}{_POP_ISOLATE}" if to_the_left else line


def english(text: str, most: int = LONGEST) -> Block:
    """What the judge or the contract's own language says: English, whatever language the paper is in."""
    return {"text": said(text, most), "lang": "en"}


# --------------------------------------------------------------------------- blocks
def heading(text: str, level: int = 1) -> Block:
    """A heading; 1 is a section."""
    return {"kind": "heading", "level": level, "text": text}


def paragraph(text: str | list[Any]) -> Block:
    """A paragraph, of one text or of several, some of which may be in another language."""
    return {"kind": "text", "text": text}


def note(text: str) -> Block:
    """A remark in small type."""
    return {"kind": "note", "text": text}


def table(columns: Iterable[tuple[str, float, str]], rows: Sequence[Sequence[Any]]) -> Block:
    """A table: its columns with name, width (0: as wide as what is in it) and kind (text, number), and its rows."""
    named = [{"name": name, "width": width, "kind": kind} for name, width, kind in columns]
    return {"kind": "table", "columns": named, "rows": rows}


def stamp(text: str | None, words: Words) -> str:
    """An instant in one line, as the record has it."""
    return words("none") if text is None else text.replace("T", " ", 1)


def plain(value: object, words: Words) -> str:
    """A value of an event."""
    if isinstance(value, bool):
        return words("yes") if value else words("no")
    return str(value)
