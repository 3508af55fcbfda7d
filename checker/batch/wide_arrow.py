"""Wide rows as Parquet, column by column from what judged them. Needs the extras `columnar` and `parquet`."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.ipc

from checker.batch.wide import WORDS, Wide
from checker.columnar.memory import of_numbers, of_texts, taken
from checker.columnar.texts import Texts
from checker.render.rows import Sink


def write_wide(found: Wide, columns: Any, out: Sink) -> None:
    """Write wide rows as Arrow, from their matrix."""
    words = of_texts(WORDS)
    verdicts = [
        pa.DictionaryArray.from_arrays(of_numbers(codes, codes < 0), words)
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
    names = taken(of_texts(found.judged), clause)
    return pa.ListArray.from_arrays(of_numbers(ends), names)
