"""Rows as Parquet: parts as Arrow, put together in row groups whose size does not depend on the parts. Needs the extra `parquet`.

Long rows have instants as instants in UTC, margins as whole seconds, lists as lists; wide ones a column for each clause. Verdicts
are dictionaries of the seven words, in one order.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.ipc
import pyarrow.parquet

from checker.interpret.verdicts import Verdict
from checker.render.rows import Sink, Term

VERDICT: Final = pa.dictionary(pa.int8(), pa.string())
_CODE: Final = {str(v): i for i, v in enumerate(Verdict)}
TEXTS: Final = pa.list_(pa.string())
_INSTANT: Final = pa.timestamp("ms", tz="UTC")
GROUP: Final = 65_536
"""Rows of a row group."""
_TOGETHER: Final = 8_192

_LONG: Final = (
    ("agreement", pa.string()),
    ("ticket", pa.string()),
    ("clause", pa.string()),
    ("verdict", VERDICT),
    ("due", _INSTANT),
    ("done", _INSTANT),
    ("margin_s", pa.int64()),
    ("contested", TEXTS),
    ("because", pa.string()),
    ("strength", pa.string()),
    ("party", pa.string()),
    ("claims", TEXTS),
)


def schema(layout: str, terms: Mapping[str, Term]) -> Any:
    """The columns, with their types."""
    if layout == "long":
        return pa.schema(_LONG)
    columns = [("agreement", pa.string()), ("ticket", pa.string())]
    return pa.schema([*columns, *((name, VERDICT) for name in terms), ("contested", TEXTS)])


def write_part(rows: Iterator[Mapping[str, Any]], columns: Any, out: Sink) -> None:
    """Write rows as Arrow."""
    with pyarrow.ipc.new_stream(out, columns) as stream:
        while some := list(islice(rows, _TOGETHER)):
            made = [_column([row[f.name] for row in some], f.type) for f in columns]
            stream.write_batch(pa.record_batch(made, schema=columns))


def _column(values: list[Any], kind: Any) -> Any:
    if kind == VERDICT:
        codes = pa.array([None if v is None else _CODE[v] for v in values], pa.int8())
        return pa.DictionaryArray.from_arrays(codes, pa.array(list(_CODE), pa.string()))
    if kind == _INSTANT:
        seconds = [None if v is None else int(datetime.fromisoformat(v).timestamp()) * 1000 for v in values]
        return pa.array(seconds, pa.int64()).cast(kind)
    return pa.array(values, kind)


def read_rows(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a Parquet file, in their order."""
    with pyarrow.parquet.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=_TOGETHER):
            yield from batch.to_pylist()


class Joined:
    """A Parquet file of parts, one after the other: the same bytes however the rows are divided among them."""

    def __init__(self, columns: Any, out: Sink) -> None:
        self._columns = columns
        wide = _LONG[2][0] not in columns.names
        # The tickets of wide rows are all different, and the words of verdicts are too few for a least and a greatest to tell anything.
        self._writer = pyarrow.parquet.ParquetWriter(
            out,
            columns,
            compression="zstd",
            use_dictionary=[name for name in columns.names if not wide or name != "ticket"],
            write_statistics=["agreement", "ticket"] if wide else True,
        )
        self._waiting: list[Any] = []
        self._rows = 0

    def add(self, part: Path) -> None:
        """Add the rows of a part."""
        with part.open("rb") as stream, pyarrow.ipc.open_stream(stream) as batches:
            for batch in batches:
                self._take(batch)

    def _take(self, batch: Any) -> None:
        while batch.num_rows:
            some = batch.slice(0, GROUP - self._rows)
            self._waiting.append(some)
            self._rows += some.num_rows
            batch = batch.slice(some.num_rows)
            if self._rows == GROUP:
                self._flush()

    def _flush(self) -> None:
        table = pa.Table.from_batches(self._waiting, schema=self._columns).combine_chunks()
        self._writer.write_table(table, row_group_size=GROUP)
        self._waiting, self._rows = [], 0

    def close(self) -> None:
        """Write what is left, and the end of the file."""
        if self._rows:
            self._flush()
        self._writer.close()

    def abandon(self) -> None:
        """End the file as it is: the library would do it later, when the stream is closed."""
        with contextlib.suppress(pa.ArrowException, OSError, ValueError):
            self._writer.close()
