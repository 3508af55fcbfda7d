"""Rows of a table that does not keep the rows of a ticket together, brought together on disk, in bounded memory.

Each row goes to the bucket of its ticket, a file of its own; then a bucket at a time is read and put in order. Buckets hold the tickets
in the order in which they begin.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Final

import numpy as np

from checker.columnar.arrow import arrow
from checker.columnar.event_rows import texts_of
from checker.columnar.memory import numbers, of_numbers
from checker.columnar.possible import Ints
from checker.columnar.seen import Seen, Stretches

ROWS: Final = 1 << 18
"""How many rows a bucket has, about."""
MOST: Final = 200
"""So many files are open at once; a table of more rows has larger buckets."""


def regrouped(batches: Iterable[tuple[Any, Ints]], rows: int, seen: Seen) -> Iterator[tuple[Any, Ints]]:
    """Record batches, and the number of each row, with the rows of every ticket together, as they stood, by the first row of each.

    `rows`: how many there are in all. `seen`: their tickets. Takes as much of the folder for temporary files as the rows need.
    """
    pa = arrow()
    count = min(MOST, rows // ROWS + 1)
    stretches = seen.stretches(count)
    with tempfile.TemporaryDirectory(prefix="servanda-") as folder:
        paths = [Path(folder) / f"{k}.arrow" for k in range(count)]
        with ExitStack() as stack:
            writers: list[Any] = [None] * count
            for batch, number in batches:
                table = batch.append_column(_NUMBER, of_numbers(number))
                bucket = _buckets(table.column("ticket"), stretches)
                order = np.argsort(bucket, kind="stable")
                sorted_table = table.take(of_numbers(order))
                ends = np.searchsorted(bucket[order], np.arange(count), "right").tolist()
                for k, (begin, end) in enumerate(zip([0, *ends], ends, strict=False)):
                    if begin == end:
                        continue
                    if writers[k] is None:
                        writers[k] = stack.enter_context(pa.ipc.new_stream(str(paths[k]), table.schema))
                    writers[k].write_batch(sorted_table.slice(begin, end - begin))
        for path in paths:
            if path.exists():
                yield _together(pa, path)


_NUMBER = "\0number"
"""The column of the numbers of rows, which no other is called like."""


def _buckets(tickets: Any, stretches: Stretches) -> Ints:
    coded = texts_of(tickets).dictionary_encode()
    of = stretches.of(coded.dictionary.to_pylist())
    found: Ints = of[numbers(coded.indices)]
    return found


def _together(pa: Any, path: Path) -> tuple[Any, Ints]:
    """The rows of a bucket, ticket by ticket in the order in which they begin."""
    with pa.ipc.open_stream(str(path)) as stream:
        table = stream.read_all()
    tickets = texts_of(table.column("ticket").combine_chunks())
    codes = numbers(tickets.dictionary_encode().indices)
    order = np.argsort(codes, kind="stable")
    taken = table.take(of_numbers(order)).combine_chunks()
    number = numbers(taken.column(_NUMBER).chunk(0))
    return taken.drop_columns([_NUMBER]).to_batches()[0], number
