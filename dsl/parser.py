"""Text to syntax tree, with one clear message when the text is not a contract."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedInput
from lark.indenter import DedentError, Indenter

from dsl import misread
from dsl.diagnostics import ContractError, Diagnostic
from dsl.source import LANGUAGE_VERSION, Source, Span
from dsl.tree import Node, Word

_MAX_BYTES = 4_000_000
_MAX_DEPTH = 24
_MAX_NODES = 180
"""How many constructs may stand inside each other: less than what Python's own stack carries when they are evaluated."""


_HIDDEN = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]|\r(?!\n)"
)
"""What nobody sees, or what makes a line read otherwise than it stands: control characters, turns of direction, and their kin."""


class _Lines(Indenter):
    """Turns the white space that leads a line into the grammar's _INDENT and _DEDENT."""

    NL_type = "_NL"
    OPEN_PAREN_types: list[str] = []  # noqa: RUF012 - the shape lark asks for
    CLOSE_PAREN_types: list[str] = []  # noqa: RUF012
    INDENT_type = "_INDENT"
    DEDENT_type = "_DEDENT"
    tab_len = 8


@lru_cache(maxsize=1)
def _lark() -> Lark:
    grammar = resources.files("dsl").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar,
        parser="lalr",
        postlex=_Lines(),
        propagate_positions=True,
        maybe_placeholders=True,
        strict=False,
    )


def keywords() -> frozenset[str]:
    """Every word that the grammar uses itself, for error messages and editors."""
    words = set()
    for terminal in _lark().terminals:
        text = terminal.pattern.value
        if terminal.pattern.type == "str" and re.fullmatch(r"[a-z]+[0-9]*", text):
            words.add(text)
    return frozenset(words)


def parse(source: Source) -> Node:
    """The syntax tree of one file.

    Raises ContractError with one diagnostic: the first thing that cannot be read, where, and what would be right.
    """
    _refuse_early(source)
    text = source.text if source.text.endswith("\n") else source.text + "\n"
    try:
        tree = _lark().parse(text)
    except DedentError as error:
        raise ContractError([misread.dedent(source)], [source]) from error
    except UnexpectedInput as error:
        raise ContractError([misread.explain(error, source, _lark(), text)], [source]) from error
    try:
        return _node(tree, source.name, 0)
    except _TooDeep as deep:
        help_ = "name the inner moments or conditions, and use their names"
        found = Diagnostic("E106", "a sentence is nested too deep", deep.span, help_)
        raise ContractError([found], [source]) from None


def _refuse_early(source: Source) -> None:
    def stop(code: str, message: str, line: int, help_: str, column: int = 1) -> None:
        span = Span(source.name, line, column, line, column + 1)
        raise ContractError([Diagnostic(code, message, span, help_)], [source])

    if len(source.text) > _MAX_BYTES:
        stop(
            "E100",
            f"the file holds {len(source.text)} characters; at most {_MAX_BYTES} are read",
            1,
            "split it",
        )
    hidden = _HIDDEN.search(source.text)
    if hidden is not None:
        line = source.text.count("\n", 0, hidden.start()) + 1
        column = hidden.start() - source.text.rfind("\n", 0, hidden.start())
        character = hidden.group(0)
        if character == "\0":
            stop(
                "E100",
                "the file is not text: it holds the character U+0000",
                line,
                "save the file as UTF-8",
                column,
            )
        if character == "\r":
            stop("E104", "a carriage return stands alone", line, "end each line with a line feed", column)
        stop(
            "E104",
            f"the character U+{ord(character):04X}, which nobody sees, is not used",
            line,
            "remove it",
            column,
        )
    at, first = next(
        ((n, t) for n, t in enumerate(source.lines, 1) if t.strip() and not t.lstrip().startswith("#")),
        (1, ""),
    )
    named = re.fullmatch(r"servanda[ \t]+([0-9]{1,9})[ \t]*(#.*)?", first.strip())
    if named is None:
        found = f"found `{first.strip()[:40]}`" if first else "the file is empty"
        stop(
            "E101",
            f"a contract begins with its language version; {found}",
            at,
            f'write "servanda {LANGUAGE_VERSION}" first',
        )
    version = int(named.group(1)) if named else 0
    if version != LANGUAGE_VERSION:
        stop(
            "E101",
            f"language version {version} is not known here",
            at,
            f'write "servanda {LANGUAGE_VERSION}"; a later version needs a later Servanda',
        )
    for number, text in enumerate(source.lines, 1):
        lead = text[: len(text) - len(text.lstrip())]
        if "\t" in lead and text.strip() and not text.lstrip().startswith("#"):
            stop("E102", "a line is indented with a tab", number, "indent with two spaces")
        if len(lead) > 2 * _MAX_DEPTH and not text.lstrip().startswith("#"):
            stop(
                "E106",
                f"a line is indented by {len(lead)} spaces",
                number,
                f"at most {_MAX_DEPTH} levels are read",
            )
        opened = text.split("#")[0].count("(")
        if opened > _MAX_DEPTH:
            stop(
                "E106", f"{opened} brackets open on one line", number, "name the inner moments with `moment`"
            )


def _span(meta: object, file: str) -> Span:
    line = getattr(meta, "line", None) or 1
    column = getattr(meta, "column", None) or 1
    return Span(
        file,
        line,
        column,
        getattr(meta, "end_line", None) or line,
        getattr(meta, "end_column", None) or column,
    )


class _TooDeep(Exception):
    def __init__(self, span: Span) -> None:
        super().__init__(str(span))
        self.span = span


def _node(tree: Tree[Token], file: str, depth: int) -> Node:
    if depth > _MAX_NODES:
        span = _span(tree.meta, file)
        raise _TooDeep(Span(file, span.line, span.column, span.line, span.column + 1))
    parts: list[Node | Word | None] = []
    for child in tree.children:
        if isinstance(child, Tree):
            parts.append(_node(child, file, depth + 1))
        elif isinstance(child, Token):
            parts.append(Word(child.type, str(child), _span(child, file)))
        else:
            parts.append(None)
    return Node(str(tree.data), tuple(parts), _span(tree.meta, file))
