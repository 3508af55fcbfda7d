"""Text to syntax tree, with one clear message when the text is not a contract."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark.indenter import DedentError, Indenter

from dsl.diagnostics import ContractError, Diagnostic, did_you_mean
from dsl.source import Source, Span
from dsl.tree import Node, Word

LANGUAGE_VERSION = 1
"""The version of the language that this parser reads; the first line of every file names it."""

_MAX_BYTES = 4_000_000
_MAX_DEPTH = 24


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
        raise ContractError([_dedent(source)], [source]) from error
    except UnexpectedInput as error:
        raise ContractError([_explain(error, source)], [source]) from error
    return _node(tree, source.name)


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
    first = next((t for t in source.text.splitlines() if t.strip() and not t.lstrip().startswith("#")), "")
    if not re.fullmatch(r"servanda [0-9]+\s*(#.*)?", first):
        found = f'found "{first.strip()[:40]}"' if first else "the file is empty"
        stop(
            "E101",
            f"a contract begins with its language version; {found}",
            1,
            f'write "servanda {LANGUAGE_VERSION}" first',
        )
    version = int(first.split()[1])
    if version != LANGUAGE_VERSION:
        stop(
            "E101", f"language version {version} is not known here", 1, f"this is version {LANGUAGE_VERSION}"
        )
    for number, text in enumerate(source.text.splitlines(), 1):
        lead = text[: len(text) - len(text.lstrip())]
        if "\t" in lead:
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


def _node(tree: Tree[Token], file: str) -> Node:
    parts: list[Node | Word | None] = []
    for child in tree.children:
        if isinstance(child, Tree):
            parts.append(_node(child, file))
        elif isinstance(child, Token):
            parts.append(Word(child.type, str(child), _span(child, file)))
        else:
            parts.append(None)
    return Node(str(tree.data), tuple(parts), _span(tree.meta, file))


def _dedent(source: Source) -> Diagnostic:
    """Find the line whose indentation matches no open block; lark's error does not say which."""
    levels = [0]
    for number, text in enumerate(source.text.splitlines(), 1):
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        indent = len(text) - len(text.lstrip())
        if indent > levels[-1]:
            levels.append(indent)
        while indent < levels[-1]:
            levels.pop()
        if indent != levels[-1]:
            span = Span(source.name, number, 1, number, indent + 1)
            return Diagnostic(
                "E102", "the indentation matches no line above", span, f"indent by {levels[-1]} spaces"
            )
    return Diagnostic("E102", "the indentation matches no line above", None, "indent with two spaces")


# Things people write from habit, with what this language says instead: (pattern over the line, message, help).
_HABITS: tuple[tuple[str, str, str], ...] = (
    (
        r"\S+\s*(==?|!=|<=?|>=?)\s*\S+",
        "conditions are words, not signs",
        "write `severity is 1`, `amount is at most 5`",
    ),
    (
        r"\bwithin\b.*\b(from|after)\b",
        "a limit runs `of` its start",
        "write `within 2 elapsed hours of opening`",
    ),
    (
        r"\bmust\b",
        "`must` is no word of strength",
        "write `shall have` (guarantee), `shall endeavour to have` (target), `expects to have` (estimate) or `may have`",
    ),
    (
        r"\bis\s+[\w\"-]+\s+(or|and)\b",
        "one condition to a line",
        "write `is one of a, b`, or `any of` with one line each",
    ),
    (
        r"\bunless\b",
        "`unless` is not used: say which verdict it gives",
        "write `save where` (excluded) or `provided that` (a prerequisite)",
    ),
    (
        r"\bif\b",
        "`if` is not used: say which verdict it gives",
        "write `where` (not applicable otherwise), `save where` (excluded) or `provided that` (a prerequisite)",
    ),
)

_TERMINAL_WORDS = {
    "_NL": "the end of the line",
    "_INDENT": "an indented block",
    "_DEDENT": "the end of the block",
    "NAME": "a name",
    "STRING": 'a text in quotes "…"',
    "INT": "a whole number",
    "DATE": "a date 2025-01-31",
    "TIME": "a time 09:00",
    "RANGE": "lines 12-34",
    "DECIMAL": "a number",
    "UNIT": "a unit (minutes, hours, days, …)",
    "$END": "the end of the file",
    "WEEKDAY": "a day of the week",
    "CURRENCY": "a currency",
    "COMMA": '","',
    "LPAR": '"("',
    "RPAR": '")"',
}


def _explain(error: UnexpectedInput, source: Source) -> Diagnostic:
    line, column = getattr(error, "line", -1), getattr(error, "column", -1)
    allowed: set[str] = set()
    found = ""
    if isinstance(error, UnexpectedToken):
        token = error.token
        allowed = set(error.accepts or error.expected or ())
        found = str(token)
        if token.type == "$END" or isinstance(error, UnexpectedEOF):
            last = len(source.text.splitlines())
            span = Span(source.name, last, 1, last, len(source.line(last)) + 1)
            return Diagnostic("E105", "the text ends in the middle of a sentence", span, _expected(allowed))
        if token.type in ("_NL", "_INDENT", "_DEDENT"):
            line, column, found = _end_of_line(source, token, line)
    elif isinstance(error, UnexpectedCharacters):
        allowed = set(error.allowed or ())
        found = source.line(line)[column - 1 : column]
    text = source.line(line)
    word = re.match(r"[^\s,()]+", text[column - 1 :]) if text else None
    shown = word.group(0) if word else found
    span = Span(source.name, line, column, line, column + max(1, len(shown)))
    for pattern, message, help_ in _HABITS:
        body = re.sub(r'"[^"]*"', '""', text.split("#")[0])
        if re.search(pattern, body):
            return Diagnostic("E103", message, span, help_)
    if isinstance(error, UnexpectedCharacters) and not word:
        return Diagnostic(
            "E104", f"the character {found!r} is not used in the language", span, _expected(allowed)
        )
    if shown.startswith('"') and shown.count('"') == 1:
        return Diagnostic("E103", "a quoted text is not closed on its line", span, 'end it with "')
    if shown.strip() == "" or found == "":
        what = (
            "the line ends too early"
            if shown.strip() == "" and text.strip()
            else "a block begins that nothing announces"
        )
        return Diagnostic("E103", what, span, _expected(allowed))
    close = did_you_mean(shown, _words(allowed))
    return Diagnostic("E103", f'"{shown}" cannot stand here', span, close or _expected(allowed))


def _end_of_line(source: Source, token: Token, line: int) -> tuple[int, int, str]:
    """The place to show when a line break came too early: the end of the line before the break."""
    number = token.line if isinstance(token.line, int) else line
    if token.type != "_NL":
        return number, max(1, len(source.line(number)) - len(source.line(number).lstrip()) + 1), ""
    return number, len(source.line(number).split("#")[0].rstrip()) + 1, " "


def _words(allowed: set[str]) -> list[str]:
    out = []
    for terminal in _lark().terminals:
        if terminal.name in allowed and terminal.pattern.type == "str":
            out.append(terminal.pattern.value)
    return out


def _expected(allowed: set[str]) -> str:
    words = sorted({f'"{w}"' for w in _words(allowed)})
    kinds = [
        _TERMINAL_WORDS[a]
        for a in sorted(allowed)
        if a in _TERMINAL_WORDS and a not in ("_DEDENT", "COMMA", "LPAR")
    ]
    known = kinds + words
    if not known:
        return ""
    head = ", ".join(known[:8])
    return f"expected {head}" + (" …" if len(known) > 8 else "")
