"""The cells of a delimited export as columns, where every row of it is plain: no quotes, no odd line ends, one width, valid UTF-8.

A row with anything odd about it is the business of `checker.record.tables`, which says what is wrong with it; so is then the file.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from checker.columnar.batch import Codes
from checker.columnar.memory import numbers
from checker.columnar.possible import Ints
from checker.columnar.source import NOTHING
from checker.record.files import Limits, Opened, chunks, opened
from checker.record.mapping_model import Mapping
from checker.record.model import Fault, Place, Source
from checker.record.tables import delimiter_of, how_read

_LONGEST = 1 << 16
"""A line with more bytes is left to the reader of rows, which minds cells that are too long."""
_MOST = 1 << 30
"""A file with more bytes is not held whole."""


class Column(NamedTuple):
    """By row a place in `texts`, NOTHING where the cell is not on record. Each text stands once."""

    codes: Codes
    texts: Sequence[str]


@dataclass(frozen=True)
class Cells:
    """The rows of one or more files, as they stand: `file` (a place in `sources`) and `line` of each, the columns of a mapping by their
    names, and the tickets that the rows belong to.
    """

    sources: Sequence[Source]
    file: Ints
    line: Ints
    columns: dict[str, Column]
    ticket: Column

    def __len__(self) -> int:
        return len(self.line)

    def place(self, row: int) -> Place:
        """Where a row stands."""
        return Place(self.sources[int(self.file[row])].file, int(self.line[row]))

    def cells(self, row: int) -> tuple[str | None, ...]:
        """The cells of a row, in the order of the mapping's columns; None for one that is not on record."""
        codes = ((c.texts, int(c.codes[row])) for c in self.columns.values())
        return tuple(None if code == NOTHING else texts[code] for texts, code in codes)


class _Plain(NamedTuple):
    source: Source
    table: Any


def read_cells(paths: Iterable[str | Path], rules: Mapping, limits: Limits) -> Cells | None:
    """The cells that a mapping reads; None where some file is not as plain as that, or cannot be used at all."""
    wanted = list(dict.fromkeys((*rules.columns, rules.ticket)))
    parts = []
    for path in paths:
        try:
            with opened(path, member=rules.source.member, limits=limits) as source:
                part = _read(source, rules, wanted, limits)
        except Fault:
            return None
        if part is None:
            return None
        parts.append(part)
    counts = [part.table.num_rows for part in parts]
    table = pa.concat_tables([part.table for part in parts]).unify_dictionaries().combine_chunks()
    missing = rules.source.missing
    columns = {name: _column(table.column(name), missing) for name in wanted}
    return Cells(
        [part.source for part in parts],
        np.repeat(np.arange(len(parts), dtype=np.int64), counts),
        np.concatenate([np.arange(2, count + 2, dtype=np.int64) for count in counts]),
        {name: columns[name] for name in rules.columns},
        columns[rules.ticket],
    )


def _column(found: Any, missing: frozenset[str]) -> Column:
    array = found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    texts: list[str] = array.dictionary.to_pylist()
    codes: Codes = numbers(array.indices)
    gone = np.array([text in missing for text in texts], bool)
    if gone.any():
        codes = np.where(gone[codes], np.int32(NOTHING), codes)
    return Column(codes, texts)


def _read(source: Opened, rules: Mapping, wanted: list[str], limits: Limits) -> _Plain | None:
    encoding = rules.source.encoding
    if encoding is not None and codecs.lookup(encoding).name != "utf-8":
        return None
    data = bytearray()
    for piece in chunks(source, limits, 1 << 20):
        data += piece
        if len(data) > _MOST:
            return None
    if not _is_plain(data):
        return None
    end = data.find(b"\n")
    first = data[: end if end >= 0 else len(data)].decode()
    renamed = {theirs: ours for ours, theirs in rules.source.columns.items()}
    expected = [rules.source.columns.get(column, column) for column in rules.columns]
    chosen = rules.source.delimiter or delimiter_of(first, expected)
    header = [renamed.get(column, column) for column in first.split(chosen)]
    if len(chosen) != 1 or end < 0 or any(header.count(name) != 1 for name in wanted):
        return None
    table = _table(data, chosen, header, wanted)
    if table is None or not table.num_rows:
        return None
    how = how_read(source, "utf-8", encoding, chosen, rules.source.delimiter)
    return _Plain(Source(source.file, source.bytes, source.sha256, how), table)


def _is_plain(data: bytearray) -> bool:
    """Whether every line is a record by itself."""
    if any(sign in data for sign in (b'"', b"\r", b"\0", b"\n\n")) or data.startswith(
        (b"\n", b"\xef\xbb\xbf")
    ):
        return False
    if not data.isascii():
        try:
            data.decode()
        except UnicodeDecodeError:
            return False
    # An end in each half of that length: no line is longer than the whole.
    half = _LONGEST // 2
    return all(data.find(b"\n", i, i + half) >= 0 for i in range(0, len(data) - half, half))


def _table(data: bytearray, delimiter: str, header: list[str], wanted: list[str]) -> Any:
    """The columns that are wanted; None where some row has another width."""
    kind = pa.dictionary(pa.int32(), pa.string())
    names = [name if name in wanted else f"{i}\n" for i, name in enumerate(header)]
    try:
        return pa_csv.read_csv(
            pa.py_buffer(data),
            pa_csv.ReadOptions(column_names=names, skip_rows=1, block_size=1 << 22),
            pa_csv.ParseOptions(delimiter=delimiter, quote_char=False, double_quote=False, escape_char=False),
            pa_csv.ConvertOptions(
                include_columns=wanted,
                column_types=dict.fromkeys(wanted, kind),
                strings_can_be_null=False,
            ),
        )
    except pa.ArrowInvalid:
        return None
