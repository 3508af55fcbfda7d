"""Tables in a workbook: rows as they come, in constant memory, over as many sheets as the limit of a sheet asks for.

What a log, a contract or a judge says is only ever text in a cell: never a formula, a link, a rich string or a character that hides.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

import xlsxwriter

from checker.report.inert import cut, visible
from checker.report.words import Words

ROWS: Final = 1_048_576
"""Rows of a sheet (ECMA-376 sets no limit; Excel's is this one)."""
LONGEST: Final = 32_767
"""Characters of a cell, as Excel counts them: code units of UTF-16."""
_FORMULA: Final = re.compile(r"[\W_]*?[=+\-@\uff1d\uff0b\uff0d\uff20\ufe62\ufe63\ufe66\ufe6b]")
"""What a program could take for a formula: a sign at the beginning, also after blanks and characters that are not seen, also full width."""
_HEAD: Final = 2
"""Rows above the rows of a table: what it is, and the names of its columns."""
_FIRST_YEAR: Final = 1900
_PAGE: Final = 190.0
"""Characters beside each other that are still legible on a printed page."""
_LINE_HEIGHT: Final = 13.0
_TALLEST: Final = 400.0
"""Points of a row; Excel takes 409 at most."""

Kind = Literal["text", "wrap", "number", "share", "instant", "verdict", "sign"]


class Column(NamedTuple):
    """A column of a table: its name, how wide it is in characters, and what is in it."""

    name: str
    width: float
    kind: Kind = "text"
    upright: bool = False


class Verdict(NamedTuple):
    """A verdict in a cell: its sign and its word, coloured."""

    verdict: str
    text: str


class Book:
    """A workbook being written to a file; `words` for what it says of itself."""

    def __init__(self, path: Path, folder: Path, words: Words, created: datetime, title: str) -> None:
        self.words = words
        self._book: Any = xlsxwriter.Workbook(
            str(path),
            {
                "constant_memory": True,
                "tmpdir": str(folder),
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_date_format": "yyyy-mm-dd hh:mm:ss",
            },
        )
        self._book.use_zip64()
        self._book.set_properties({"title": visible(title), "created": created, "comments": ""})
        self._title = visible(title)
        self._cut = words("xlsx.cut", n="{n}")
        self._formats = {name: self._format(look) for name, look in _LOOKS.items()}
        # A quoted cell stays text even if someone edits it in place.
        self._quoted = {name: self._format({**look, "quote_prefix": True}) for name, look in _LOOKS.items()}

    def _format(self, look: Mapping[str, Any]) -> Any:
        return self._book.add_format({"font_size": 10, "valign": "top", **look})

    def sheet(self, name: str, widths: Sequence[float], frozen: int = 0) -> Any:
        """A new sheet, set up for print: its columns over as many pages as keep it legible, with its name and page numbers."""
        sheet = self._book.add_worksheet(name)
        for i, width in enumerate(widths):
            sheet.set_column(i, i, width)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.7, bottom=0.6)
        kept = sum(widths[:frozen])
        sheet.fit_to_pages(max(1, -int(-(sum(widths) - kept) // max(_PAGE - kept, _PAGE / 3))), 0)
        if frozen:
            sheet.repeat_columns(0, frozen - 1)
        sheet.set_header("&L" + self._title.replace("&", "&&")[:120] + "&R&A")
        sheet.set_footer("&R&P / &N")
        return sheet

    def text(self, sheet: Any, row: int, column: int, value: str, look: str = "text") -> None:
        """Text in a cell, and nothing but text."""
        said = inert(value, self._cut)
        formats = self._quoted if _FORMULA.match(value) else self._formats
        sheet.write_string(row, column, said, formats[look])

    def wide(self, sheet: Any, row: int, widths: Sequence[float], value: str, look: str) -> None:
        """Text over several columns from the first on, so wide, in as many lines as it takes: none of it is cut where a page ends."""
        sheet.set_row(row, row_height(lines_of(value, sum(widths))))
        sheet.merge_range(row, 0, row, len(widths) - 1, "", self._formats[look])
        self.text(sheet, row, 0, value, look)

    def number(self, sheet: Any, row: int, column: int, value: float, look: str = "number") -> None:
        """A number in a cell."""
        sheet.write_number(row, column, value, self._formats[look])

    def instant(self, sheet: Any, row: int, column: int, value: str) -> None:
        """An instant as a date and time of Excel: what the clocks of its offset showed. Before 1900 there is none, and it is text."""
        at = datetime.fromisoformat(value).replace(tzinfo=None)
        if at.year < _FIRST_YEAR:
            self.text(sheet, row, column, value)
        else:
            sheet.write_datetime(row, column, at, self._formats["instant"])

    def cell(self, sheet: Any, row: int, column: int, kind: Kind, value: Any) -> None:
        """A value of a kind in a cell; nothing for None."""
        if value is None or value == "":
            return
        if kind == "instant":
            self.instant(sheet, row, column, value)
        elif kind in ("number", "share"):
            self.number(sheet, row, column, value, kind)
        elif kind == "text" or kind == "wrap":
            self.text(sheet, row, column, str(value), kind)
        else:
            look = value.verdict if kind == "verdict" else f"sign_{value.verdict}"
            sheet.write_string(row, column, value.text, self._formats[look])

    def close(self) -> None:
        """Finish the file."""
        self._book.close()


class Table:
    """A table with a filter and frozen names of columns, continued on further sheets where one is full."""

    def __init__(
        self,
        book: Book,
        name: str,
        lead: str,
        columns: Sequence[Column],
        *,
        frozen: int = 0,
        rows: int = ROWS,
    ) -> None:
        self.book, self.name, self.lead, self.columns = book, name, lead, columns
        self.frozen, self.limit = frozen, rows
        self.names: list[str] = []
        self.count = 0
        self._sheet: Any = None
        self._row = 0
        self._begin()

    def row(self, values: Iterable[Any]) -> None:
        """One more row; None leaves a cell empty."""
        if self._row >= self.limit:
            self._end()
            self._begin()
        values = list(values)
        # Programs fit the height of a row to wrapped text, but not all of them do when they open a file.
        if (lines := self._lines(values)) > 1:
            self._sheet.set_row(self._row, row_height(lines))
        for i, (column, value) in enumerate(zip(self.columns, values, strict=True)):
            self.book.cell(self._sheet, self._row, i, column.kind, value)
        self._row += 1
        self.count += 1

    def _lines(self, values: Sequence[Any]) -> int:
        """How many lines the wrapped texts of a row take."""
        most = 1
        for column, value in zip(self.columns, values, strict=True):
            if column.kind == "wrap" and value is not None:
                most = max(most, lines_of(str(value)[:5000], column.width))
        return most

    def close(self) -> tuple[str, int, list[str]]:
        """Finish the last sheet. Name, number of rows, and names of the sheets."""
        self._end()
        return self.name, self.count, self.names

    def _begin(self) -> None:
        number = len(self.names) + 1
        name = self.name if number == 1 else f"{self.name} {number}"
        self.names.append(name)
        sheet = self._sheet = self.book.sheet(name, [c.width for c in self.columns], self.frozen)
        sheet.write_string(0, 0, name, self.book._formats["title"])
        self.book.text(sheet, 0, max(1, self.frozen), self.lead, "lead")
        sheet.set_row(1, head_height([(c.name, c.width, c.upright) for c in self.columns]))
        for i, column in enumerate(self.columns):
            self.book.text(sheet, 1, i, column.name, "upright" if column.upright else "head")
        sheet.freeze_panes(_HEAD, self.frozen)
        sheet.repeat_rows(1)
        self._row = _HEAD

    def _end(self) -> None:
        self._sheet.autofilter(1, 0, max(self._row - 1, 1), len(self.columns) - 1)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column so wide."""
    return sum(max(1, -int(-len(line) * 1.08 // width)) for line in text.split("\n"))


def row_height(lines: int) -> float:
    """How tall a row of so many lines is."""
    return min(lines * _LINE_HEIGHT + 2, _TALLEST)


def head_height(names: Iterable[tuple[str, float, bool]]) -> float:
    """How tall a row with names of columns is: each with its width, and whether it is written upwards."""
    tall = [
        len(n) * 5.8 + 8 if upright else lines_of(n, width * 0.85) * 13.5 + 2 for n, width, upright in names
    ]
    return min(max(tall), _TALLEST)


def inert(value: str, note: str) -> str:
    """A text as a cell takes it: nothing that hides or that XML refuses, not longer than a cell, no markup of the library's own."""
    text = value
    if len(text) > LONGEST:
        text = cut(text, LONGEST, note)
    text = visible(text, keep="\n")
    # Signs and characters beyond the basic plane can be longer than what they stand for.
    if len(text) * 2 > LONGEST and (long := _units(text)) > LONGEST:
        said = note.replace("{n}", str(len(value)))
        while long > LONGEST:
            text = text[: len(text) - max(1, (long - LONGEST + len(said) + 1) // 2)]
            long = _units(text) + len(said)
        text += said
    # In constant memory the library takes such a text for its own markup and writes it as it is.
    return text + " " if text.startswith("<r>") and text.endswith("</r>") else text


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


_LINE: Final[Mapping[str, Any]] = {"border": 1, "border_color": "#D3D8DE"}
_OF_VERDICT: Final[Mapping[str, Mapping[str, Any]]] = {
    "met": {"font_color": "#00588A"},
    "breached": {"font_color": "#9C3D00", "bg_color": "#FDEBD9", "bold": True},
    "undetermined": {"font_color": "#5B3F73", "bg_color": "#F0EAF4"},
    "pending": {"font_color": "#4D555E"},
    "not_entitled": {"font_color": "#4D555E"},
    "excluded": {"font_color": "#4D555E"},
    "not_applicable": {"font_color": "#6B737B"},
}
_LOOKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "title": {"bold": True, "font_size": 12},
    "heading": {"bold": True, "font_size": 11, "bottom": 1},
    "lead": {"font_color": "#4D555E", "italic": True},
    "note": {"font_color": "#4D555E", "italic": True, "text_wrap": True},
    "head": {"bold": True, "bg_color": "#E4ECF3", "text_wrap": True, **_LINE},
    "upright": {"bold": True, "bg_color": "#E4ECF3", "rotation": 90, "valign": "bottom", **_LINE},
    "text": {},
    "wrap": {"text_wrap": True},
    "label": {"bold": True, "text_wrap": True},
    "number": {"num_format": "#,##0", "align": "right", "indent": 1},
    "share": {"num_format": "0.0%"},
    "instant": {"num_format": "yyyy-mm-dd hh:mm:ss", "align": "left"},
    **_OF_VERDICT,
    **{f"sign_{verdict}": {**look, "align": "center"} for verdict, look in _OF_VERDICT.items()},
}
