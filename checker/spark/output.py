"""Rows on their way to Spark: the rows of the command line's Parquet, in the types that Spark writes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import pyarrow as pa
import pyarrow.ipc

from checker.batch import arrow
from checker.render.rows import Term


def plain(columns: Any) -> Any:
    """A schema in types that Spark takes: texts for words of a dictionary, instants to the microsecond."""
    return pa.schema([(field.name, _type(field.type)) for field in columns])


def _type(kind: Any) -> Any:
    if pa.types.is_dictionary(kind):
        return kind.value_type
    return pa.timestamp("us", tz=kind.tz) if pa.types.is_timestamp(kind) else kind


def schema(layout: str, terms: Mapping[str, Term]) -> Any:
    """The columns of the rows, as Spark takes them: those of `checker.batch.arrow.schema`."""
    return plain(arrow.schema(layout, terms))


class Rows(io.BytesIO):
    """Takes the rows of a partition as Arrow, and gives them back as Spark takes them."""

    def batches(self) -> Iterator[Any]:
        """The rows."""
        self.seek(0)
        with pyarrow.ipc.open_stream(self) as stream:
            columns = plain(stream.schema)
            for batch in stream:
                yield pa.record_batch(
                    [c.cast(f.type) for c, f in zip(batch.columns, columns, strict=True)], schema=columns
                )
