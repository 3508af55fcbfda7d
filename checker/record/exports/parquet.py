"""Rows of a Parquet file, as they are: a mapping names its columns as it would those of a CSV file.

An instant with a zone is written with its offset, one without as a local time, which needs a zone of the mapping's; a
number, true or false, or a text as itself; a list or a structure as JSON; null is empty. Needs the extra `parquet`.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from checker.record.exports.sheet import cell
from checker.record.files import Limits, Opened
from checker.record.model import Fault, Place
from checker.record.tables import Row, Table


def read_parquet(source: Opened, limits: Limits | None = None) -> Table:
    """The rows of a Parquet file.

    Raises:
        Fault: the library is not installed; the file is packed, is no Parquet, or is larger than the limits allow.
    """
    limits = limits or Limits()
    place = Place(source.file)
    try:
        import pyarrow
        import pyarrow.parquet as parquet
    except ImportError:
        remedy = "install it: pip install 'servanda[parquet]'"
        raise Fault(place, "a Parquet file needs the library pyarrow", "", remedy) from None
    if source.packing:
        remedy = "unpack it: Parquet is compressed by itself"
        raise Fault(place, "a Parquet file inside a packed file", source.packing, remedy)
    try:
        file = parquet.ParquetFile(source.stream)
        groups = [file.metadata.row_group(i) for i in range(file.metadata.num_row_groups)]
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        raise Fault(place, "not a Parquet file", _line(error), "export it again") from None
    expanded = sum(group.total_byte_size for group in groups)
    if expanded > limits.expanded_bytes:
        found = f"more than {limits.expanded_bytes} bytes"
        raise Fault(place, "the file is too large", found, "split it")
    return Table(list(file.schema_arrow.names), _rows(file, pyarrow, place), "Parquet")


def _rows(file: Any, pyarrow: Any, place: Place) -> Iterator[Row]:
    number = 0
    try:
        for batch in file.iter_batches(batch_size=8192):
            columns = [column.to_pylist() for column in batch.columns]
            for cells in zip(*columns, strict=True):
                number += 1
                yield Row(None, [as_text(each) for each in cells], within=f"row {number}")
    except (pyarrow.ArrowException, OSError, ValueError) as error:
        here = Place(place.file, within=f"after row {number}")
        raise Fault(here, "the file is damaged", _line(error), "export it again") from None


def as_text(value: object) -> str:
    """A value of a column as the text of a cell."""
    if isinstance(value, datetime):
        # Whole seconds: a record holds no finer ones.
        return value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if value != value:
            # Tables of data frames write NaN where nothing is.
            return ""
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", errors="replace")
    return cell(value)


def _line(error: Exception) -> str:
    return str(error).partition("\n")[0]
