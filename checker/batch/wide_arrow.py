"""Wide rows as Parquet, column by column from what judged them. Needs the extras `columnar` and `parquet`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from checker.batch.arrow import WORDS
from checker.batch.wide import Wide
from checker.columnar.texts import Texts
from checker.render.rows import Sink


def write_wide(found: Wide, columns: Any, out: Sink) -> None:
    """Write wide rows as Arrow, from their matrix."""
    verdicts = [
        pa.DictionaryArray.from_arrays(pa.array(codes, mask=codes < 0), WORDS)
        for codes in found.verdicts.T.copy()
    ]
    made = [
        Texts.of(found.agreements).column,
        Texts.of(found.tickets).column,
        *verdicts,
        _contested(found),
    ]
    with pyarrow.ipc.new_stream(out, columns) as stream:
        stream.write_batch(pa.record_batch(made, schema=columns))


def _contested(found: Wide) -> Any:
    row, clause = np.nonzero(found.turned)
    ends = np.searchsorted(row, np.arange(len(found) + 1)).astype(np.int32)
    names = pa.array(found.judged, pa.string()).take(pa.array(clause))
    return pa.ListArray.from_arrays(pa.array(ends), names)
