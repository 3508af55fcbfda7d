"""The formatter: one canonical layout for a contract file. Words, their order and comments stay; only white space changes."""

from __future__ import annotations

import re

from dsl.parser import parse
from dsl.source import Source

_TOKEN = re.compile(r'"[^"\n]*"|,|[()]|[^\s,()"]+')
_TOP = re.compile(r"[^\s#]")


def format_text(source: Source) -> str:
    """The file in canonical layout: two spaces a level, one between words, one blank line between items.

    `parse` of the result equals `parse` of the source, and formatting again changes nothing. Raises ContractError where the
    source is no contract.
    """
    parse(source)
    out: list[str] = []
    levels = [0]
    pending: list[tuple[int, str]] = []
    for raw in source.lines:
        text = raw.strip()
        indent = len(raw) - len(raw.lstrip())
        if not text:
            pending.append((-1, ""))
        elif text.startswith("#"):
            pending.append((indent, text))
        else:
            while indent < levels[-1]:
                levels.pop()
            if indent > levels[-1]:
                levels.append(indent)
            depth = len(levels) - 1
            _flush(out, pending, depth, levels)
            together = text.startswith("part of ") and out and out[-1].startswith("servanda ")
            if depth == 0 and out and out[-1] and not _leads(out) and not together:
                out.append("")
            out.append("  " * depth + _line(text))
    _flush(out, pending, 0, [0])
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n"


def _leads(out: list[str]) -> bool:
    """Whether the last line is a comment that belongs to the item that follows."""
    return out[-1].lstrip().startswith("#")


def _flush(out: list[str], pending: list[tuple[int, str]], depth: int, levels: list[int]) -> None:
    """Write comments at the level of the line that follows; a blank line only between items and before their comments."""
    comments = [(i, t) for i, t in pending if t]
    blank = any(not t for _, t in pending) or depth == 0
    if comments and blank and out and out[-1] and depth == 0:
        out.append("")
    gap = False
    for _, text in pending:
        if not text:
            gap = depth == 0 and bool(out) and bool(out[-1])
            continue
        if gap and out and out[-1] and _leads(out):
            out.append("")
        gap = False
        out.append("  " * depth + _comment(text))
    if gap and comments and out and out[-1]:
        out.append("")
    pending.clear()


def _comment(text: str) -> str:
    return re.sub(r"[ \t]+$", "", text)


def _line(text: str) -> str:
    """One line with single spaces, none before a comma or inside brackets; a comment at its end kept after two spaces."""
    body, comment = _split(text)
    words = _TOKEN.findall(body)
    out = ""
    for word in words:
        if not out:
            out = word
        elif word in (",", ")") or out.endswith("("):
            out += word
        else:
            out += " " + word
    return out + (f"  {_comment(comment)}" if comment else "")


def _split(text: str) -> tuple[str, str]:
    quoted = False
    for i, c in enumerate(text):
        if c == '"':
            quoted = not quoted
        elif c == "#" and not quoted:
            return text[:i], text[i:]
    return text, ""
