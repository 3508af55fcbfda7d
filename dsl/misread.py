"""Why a text is no contract: the one cause, the place, and what would be right, in the words of the language.

The parser says which token it could not take and which it would have taken; from these, and from the line as written, the
likeliest cause is told. Nothing here decides whether a text is a contract.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lark import Lark, Token
from lark.exceptions import UnexpectedCharacters, UnexpectedEOF, UnexpectedInput, UnexpectedToken
from lark.indenter import DedentError

from dsl.diagnostics import Diagnostic, did_you_mean
from dsl.source import Source, Span

_LOOKALIKES = (
    "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a'`\u00a0\u2002\u2003\u2007\u2009\u200a\u202f\u3000"
)
"""Quotation marks and spaces of other writing, where this language has one of each."""
_LAYOUT = ("_NL", "_INDENT", "_DEDENT")
_UNITS = ("seconds", "minutes", "hours", "days", "weeks", "months", "quarters", "years")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|sixty"

# Things people write from habit, with what this language says instead: (pattern over the line, message, help). A pattern
# that holds a group `here` is meant only where the text that cannot be read lies inside that group.
_HABITS: tuple[tuple[str, str, str], ...] = (
    (
        r"\S+\s*(==?|!=|<=?|>=?)\s*\S+",
        "conditions are words, not signs",
        "write `severity is 1`, `amount is at most 5`",
    ),
    (
        r"\bwithin\s+(\S+\s+){1,3}(?P<here>from|after)\b",
        "a limit runs `of` its start",
        "write `within 2 elapsed hours of opening`",
    ),
    (
        r"\b(later|earlier)\s+of\b.*?(?P<here>\b(after|before)\b)",
        "a moment of several words stands in brackets here",
        "write `the later of opening and (2 elapsed hours after payment)`",
    ),
    (
        rf"\b(?P<here>({_NUMBERS})\s+((elapsed|working|calendar)\s+)?({'|'.join(u[:-1] for u in _UNITS)})s?)\b",
        "a length is written in figures",
        "write `2 elapsed hours`",
    ),
    (
        r"(?P<here>[0-9]+[.,][0-9]+)\s+((elapsed|working|calendar)\s+)?(second|minute|hour|day|week|month|year)",
        "a length is a whole number of its unit",
        "take a smaller unit: `150 elapsed minutes` for two hours and a half",
    ),
    (
        r"(?P<here>\b(must|should|will|has\s+to|ought|needs)\b)",
        "this is no word of strength",
        "write `shall have` (guarantee), `shall endeavour to have` (target), `expects to have` (estimate) or `may have`",
    ),
    (
        r"\bis\s+(not\s+)?[\w\".-]+\s+(?P<here>or|and)\b",
        "one condition to a line",
        "write `is one of a, b`, or `any of` with one line each",
    ),
    (
        r"\bone\s+of\s+[^#]*?\s(?P<here>or|and)\b",
        "values stand with commas between them",
        "write `is one of a, b`",
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

_LONGEST_LINE = 1000
"""Nobody writes a longer line from habit, and looking for the patterns takes its time."""

_KINDS = {
    "_NL": "the end of the line",
    "_INDENT": "an indented block",
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
    "RPAR": '")"',
}
_LISTED = {"UNIT": _UNITS, "WEEKDAY": _DAYS}


@dataclass(frozen=True, slots=True)
class _Found:
    """What could not be read: the text there (empty at the end of a line), its place, and what was allowed."""

    text: str
    span: Span
    allowed: frozenset[str]
    line: str


def explain(error: UnexpectedInput, source: Source, lark: Lark, text: str) -> Diagnostic:
    """The diagnostic for what the parser could not read. `text` is what it was given."""
    if isinstance(error, UnexpectedToken):
        allowed = frozenset(error.accepts or error.expected or ())
        if error.token.type == "$END" or isinstance(error, UnexpectedEOF):
            return _cut_off(source, lark, allowed)
        if error.token.type in _LAYOUT:
            return _layout(error.token, source, lark, text, allowed)
    elif isinstance(error, UnexpectedCharacters):
        allowed = frozenset(error.allowed or ())
    else:
        allowed = frozenset()
    line, column = error.line, error.column
    here = source.line(line)[column - 1 :]
    word = re.match(r'"[^"]*"?|[^\s,()";]+', here)
    shown = word.group(0) if word else here[:1]
    span = Span(source.name, line, column, line, column + max(1, len(shown)))
    return _cause(_Found(shown, span, allowed, source.line(line)), lark, text)


def dedent(source: Source) -> Diagnostic:
    """Find the line whose indentation matches no open block; the parser's own error does not say which."""
    levels = [0]
    for number, text in enumerate(source.lines, 1):
        # Only blanks and tabs indent; any other space is a sign like any other.
        said = text.lstrip(" \t")
        if not said or said.startswith("#"):
            continue
        indent = len(text) - len(said)
        if indent > levels[-1]:
            levels.append(indent)
        above = list(levels)
        while indent < levels[-1]:
            levels.pop()
        if indent != levels[-1]:
            span = Span(source.name, number, 1, number, indent + 1)
            fits = " or ".join(str(n) for n in above if abs(n - indent) <= 2) or str(levels[-1])
            return Diagnostic(
                "E102", "the indentation matches no line above", span, f"indent by {fits} spaces"
            )
    span = Span(source.name, 1, 1, 1, 2)
    return Diagnostic("E102", "the indentation matches no line above", span, "indent with two spaces")


def _cut_off(source: Source, lark: Lark, allowed: frozenset[str]) -> Diagnostic:
    """The file ends where something must follow."""
    last = max((n for n, t in enumerate(source.lines, 1) if t.split("#")[0].strip()), default=1)
    text = source.line(last)
    start = len(text) - len(text.lstrip()) + 1
    span = Span(source.name, last, start, last, len(text.rstrip()) + 1)
    return Diagnostic("E105", "the text ends in the middle of a sentence", span, _expected(allowed, lark))


def _layout(token: Token, source: Source, lark: Lark, text: str, allowed: frozenset[str]) -> Diagnostic:
    """A line, or a block, that ends or begins where it cannot."""
    if token.type == "_NL":
        number = token.line or 1
        body = _code(source.line(number)).rstrip()
        span = Span(source.name, number, len(body) + 1, number, len(body) + 2)
        found = _Found("", span, allowed, source.line(number))
        return (
            _misspelt_lead(found, lark, text)
            or _habit(found)
            or Diagnostic("E103", "the line ends too early", span, _expected(allowed, lark))
        )
    number = token.end_line or token.line or 1
    body = source.line(number)
    if not body.strip():
        return _cut_off(source, lark, allowed)
    start = len(body) - len(body.lstrip()) + 1
    span = Span(source.name, number, start, number, len(body.rstrip()) + 1)
    if token.type == "_INDENT":
        remedy = "indent it as the line above it, or write what the block belongs to"
        return Diagnostic("E103", "a block begins that nothing announces", span, remedy)
    return Diagnostic("E103", "a block ends too early", span, _expected(allowed, lark))


def _cause(found: _Found, lark: Lark, text: str) -> Diagnostic:
    """The likeliest cause, the surest first."""
    if found.text.startswith('"') and found.text.count('"') == 1:
        return Diagnostic("E103", "a quoted text is not closed on its line", found.span, 'end it with "')
    said = _habit(found) or _misspelt_lead(found, lark, text)
    if said is not None:
        return said
    if found.text == "," and re.match(
        r",\s*(counted|stopped|ending|first|not)\b", found.line[found.span.column - 1 :]
    ):
        message = "how a length is counted stands right behind it"
        return Diagnostic(
            "E103",
            message,
            found.span,
            "put the moment in brackets: `(2 hours after opening, counted in office)`",
        )
    if not re.match(r'[\w".:,()-]', found.text):
        said_char = f"the character {found.text[:1]!r} is not used here"
        instead = "write an ordinary space" if found.text.isspace() else 'quote with "…"'
        help_ = instead if found.text[:1] in _LOOKALIKES else _expected(found.allowed, lark)
        return Diagnostic("E104", said_char, found.span, help_)
    quoted = found.text.startswith('"')
    close = "" if quoted else did_you_mean(found.text, _words(found.allowed, lark))
    if not close and found.span.column == 1 and found.text in _every_word(lark):
        message = f'"{found.text}" leads no definition and no clause'
        return Diagnostic("E103", message, found.span, "indent it below the line that it belongs to")
    shown = found.text if quoted else f'"{found.text}"'
    return Diagnostic(
        "E103", f"{shown} cannot stand here", found.span, close or _expected(found.allowed, lark)
    )


def _code(line: str) -> str:
    """The line without its comment; quoted text blanked, so that no pattern matches inside it."""
    return re.sub(r'"[^"]*"|(#.*)', lambda m: "" if m.group(1) else f'"{"x" * (len(m.group(0)) - 2)}"', line)


def _habit(found: _Found) -> Diagnostic | None:
    if len(found.line) > _LONGEST_LINE:
        return None
    for pattern, message, help_ in _HABITS:
        match = re.search(pattern, _code(found.line))
        if match is None:
            continue
        if "here" in match.re.groupindex:
            start, end = match.span("here")
            if not start <= found.span.column - 1 <= end + 1:
                continue
        return Diagnostic("E103", message, found.span, help_)
    return None


def _misspelt_lead(found: _Found, lark: Lark, text: str) -> Diagnostic | None:
    """A line whose first word is close to one that can lead a line there, and that went wrong right behind it."""
    allowed, lead, behind = _line_so_far(lark, text, found.span.line)
    if lead is None or behind > 3:
        return None
    close = did_you_mean(str(lead), _words(allowed, lark))
    if not close or str(lead) in _words(allowed, lark):
        return None
    line = lead.line or found.span.line
    column = lead.column or 1
    span = Span(found.span.file, line, column, line, column + len(lead))
    return Diagnostic("E103", f'"{lead}" leads no line here', span, close)


def _line_so_far(lark: Lark, text: str, line: int) -> tuple[frozenset[str], Token | None, int]:
    """What could have led this line, its first word if that was taken for a name, and how many tokens were read of it."""
    parser = lark.parse_interactive(text)
    allowed: frozenset[str] = frozenset()
    lead: Token | None = None
    count = 0
    try:
        for token in parser.iter_parse():
            if token.type in _LAYOUT:
                continue
            if token.line == line:
                if count == 0:
                    allowed = frozenset(parser.accepts())  # type: ignore[no-untyped-call]
                    lead = token if token.type == "NAME" else None
                count += 1
            elif (token.line or 0) > line:
                break
    except (UnexpectedInput, DedentError):
        pass
    return allowed, lead, count


def _every_word(lark: Lark) -> set[str]:
    return {t.pattern.value for t in lark.terminals if t.pattern.type == "str"}


def _words(allowed: Iterable[str], lark: Lark) -> list[str]:
    """The words that the allowed terminals stand for."""
    names = set(allowed)
    out = [w for name, words in _LISTED.items() if name in names for w in words]
    for terminal in lark.terminals:
        value = terminal.pattern.value
        if terminal.name in names and terminal.pattern.type == "str" and re.fullmatch(r"[a-z]+[0-9]*", value):
            out.append(value)
    return out


def _expected(allowed: Iterable[str], lark: Lark) -> str:
    names = set(allowed)
    kinds = [text for name, text in _KINDS.items() if name in names]
    listed = {w for name, words in _LISTED.items() if name in names for w in words}
    known = kinds + sorted(f'"{w}"' for w in set(_words(names, lark)) - listed)
    if not known:
        return ""
    return f"expected {', '.join(known[:8])}" + (" …" if len(known) > 8 else "")
