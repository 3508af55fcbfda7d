"""The formatter: one canonical layout for a contract file. Words, their order and comments stay; only white space changes."""

from __future__ import annotations

import re

from dsl.parser import parse
from dsl.source import Source

_TOKEN = re.compile(r'"[^"\n]*"|,|[()]|[^\s,()"]+')


def format_text(source: Source) -> str:
    """The file in canonical layout: two spaces a level, one between words, one blank line between items, but for the first
    two lines of a part of a contract.

    `parse` of the result equals `parse` of the source, and formatting again changes nothing. Raises ContractError where the
    source is no contract.
    """
    parse(source)
    out: list[str] = []
    levels = [0]
    begun = False
    pending: list[tuple[int, str]] = []
    for raw in source.lines:
        text = raw.strip(" \t")
        indent = len(raw) - len(raw.lstrip(" \t"))
        if not text or text.startswith("#"):
            pending.append((indent, text))
            continue
        indent = indent if begun else 0
        begun = True
        above = list(levels)
        while indent < levels[-1]:
            levels.pop()
        if indent > levels[-1]:
            levels.append(indent)
        depth = len(levels) - 1
        _flush(out, pending, indent, depth, above)
        line = _line(text)
        joined = line.startswith("part of ") and len(out) == 1
        if depth == 0 and out and out[-1] and not out[-1].startswith("#") and not joined:
            out.append("")
        out.append("  " * depth + line)
    _flush(out, pending, 0, 0, levels)
    while out and not out[-1]:
        out.pop()
    return "\n".join(out) + "\n"


def _flush(
    out: list[str], pending: list[tuple[int, str]], indent: int, depth: int, levels: list[int]
) -> None:
    """Write the comments before a line: with it, or, where they are indented deeper, at the end of the block above.

    `indent` and `depth`: those of the line. `levels`: the indentations open above it. Blank lines stay only around comments
    that stand between items.
    """
    gap = False
    at = len(levels) - 1
    for found, text in pending:
        if not text:
            gap = True
            continue
        own = sum(level <= found for level in levels) - 1 if found > indent else depth
        at = max(depth, min(at, own)) if found > indent else depth
        if at == 0 and out and out[-1] and (gap or not out[-1].startswith("#")):
            out.append("")
        out.append("  " * at + _comment(text))
        gap = False
    if gap and depth == 0 and out and out[-1].startswith("#"):
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
