"""Agreements from Parquet: the same table as in CSV, with the types that the file gives its columns."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast

from checker.record.agreement_columns import TableNames
from checker.record.agreement_table import Gathered, TableDocument
from checker.record.files import Limits, opened
from checker.record.flaws import Flaw
from checker.record.model import Fault, Place
from checker.record.words import Words
from checker.record.yaml_text import MOST_VALUES, Document

EXTRA: Final = "parquet"
"""The optional dependencies that hold a reader of Parquet."""
_BATCH: Final = 4096


_REMEDIES: Final = {
    "put it in quotes": "store the column as text",
    "leave the quotes out": "store the column as what it is, not as text",
}
"""What to do where a YAML document would be told to write a value otherwise."""


@dataclass(frozen=True, slots=True)
class ParquetDocument(TableDocument):
    """An agreement of a Parquet file."""

    def fault(self, flaw: Flaw) -> Fault:
        """A flaw in it as a fault at its place."""
        remedy = _REMEDIES.get(flaw.remedy, flaw.remedy)
        return Flaw(flaw.path, flaw.found, flaw.reason, remedy).fault(self.place(flaw.path))


def parquet_agreements(
    path: str | Path,
    *,
    words: Words | None = None,
    names: TableNames | None = None,
    limits: Limits | None = None,
) -> list[Document]:
    """The agreements of a Parquet file, in the order of their first rows; places are its rows and columns, from 1.

    Raises:
        Fault: the reader of Parquet is not installed, the file is damaged or too large, or a cell cannot be used.
    """
    file = str(path)
    limits = limits or Limits()
    with opened(path, limits=limits):
        pass
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError:
        remedy = f"install servanda[{EXTRA}], or save the table as CSV"
        raise Fault(Place(file), "no reader of Parquet is installed", "no pyarrow", remedy) from None
    try:
        with parquet.ParquetFile(file) as source:
            _check_size(source.metadata, file, limits)
            gathered = Gathered(
                file,
                source.schema_arrow.names,
                lambda row, cell: Place(file, row, cell + 1),
                words,
                names or TableNames(),
                ParquetDocument,
            )
            row = 0
            for batch in source.iter_batches(_BATCH):
                columns = [_values(column, file, row, i) for i, column in enumerate(batch.columns)]
                for cells in zip(*columns, strict=True):
                    row += 1
                    gathered.add(row, cells)
            return gathered.documents()
    except (pa.ArrowException, OSError):
        raise Fault(Place(file), "the Parquet file is damaged", "", "fetch or export it again") from None


def _check_size(found: Any, file: str, limits: Limits) -> None:
    size = sum(found.row_group(i).total_byte_size for i in range(found.num_row_groups))
    if size > limits.expanded_bytes:
        raise Fault(
            Place(file), "the file is too large", f"more than {limits.expanded_bytes} bytes", "split it"
        )
    if found.num_rows * found.num_columns > MOST_VALUES:
        raise Fault(Place(file), "too many values", f"more than {MOST_VALUES}", "split the file")


def _values(column: Any, file: str, above: int, cell: int) -> Sequence[object]:
    import pyarrow.types as types

    kind, cells = column.type, column.to_pylist()
    if any(of(kind) for of in (types.is_string, types.is_large_string, types.is_boolean, types.is_integer)):
        return cast(Sequence[object], cells)
    if types.is_date(kind):
        return [each.isoformat() if each is not None else None for each in cells]
    out = []
    for i, found in enumerate(cells):
        try:
            out.append(_value(found))
        except Flaw as flaw:
            raise flaw.fault(Place(file, above + i + 1, cell + 1)) from None
    return out


def _value(found: object) -> object:
    """A value as a YAML document would have it: dates as text, fractions as exact decimals."""
    if found is None or isinstance(found, str | bool | int | Decimal):
        return found
    if isinstance(found, float):
        return Decimal(repr(found))
    if isinstance(found, dt.datetime):
        if found.tzinfo is None:
            raise Flaw((), str(found), "an instant without its zone", "store it with a zone, such as UTC")
        return found.isoformat()
    if isinstance(found, dt.date | dt.time):
        return found.isoformat()
    if isinstance(found, list):
        return [_value(each) for each in found]
    if isinstance(found, dict):
        return {key: _value(each) for key, each in found.items()}
    raise Flaw((), type(found).__name__, "not a value that a record can hold", "store it as text or a number")
