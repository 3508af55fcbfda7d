"""Source text, and places in it. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass, field

LANGUAGE_VERSION = 1
"""The version of the language that is read here; the first line of every file names it."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a source file: 1-based lines and columns, the end column exclusive."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Source:
    """One file of a contract: the name shown to people, and its text, without the byte-order mark that some programs put first."""

    name: str
    text: str
    lines: tuple[str, ...] = field(init=False, repr=False, compare=False)
    """The lines without their ends. Only a line feed ends a line, as the grammar has it; a carriage return before it belongs to
    the end."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", self.text.removeprefix("\ufeff"))
        lines = [t.removesuffix("\r") for t in self.text.split("\n")]
        object.__setattr__(self, "lines", tuple(lines if lines[-1] else lines[:-1]))

    def line(self, number: int) -> str:
        """Line `number` (1-based) without its end, or an empty string past the end of the file."""
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""
