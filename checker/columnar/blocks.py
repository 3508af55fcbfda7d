"""A table judged in blocks of cases that fit the cache, on threads: the arrays of NumPy let go of Python's lock."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

from checker.columnar.agreements import Agreements
from checker.columnar.engine import Result, joined, judge_table
from checker.columnar.table import Table
from checker.interpret.book import Book
from checker.interpret.world import Shared
from dsl import contract as ir

BLOCK = 2**17
"""Cases in a block: so many that what each step costs by itself, and the threads' turns at Python's lock, are little beside its
columns; so few that their memory is bounded."""
_FEWEST = 2**14
"""Fewer are not divided among threads."""


def judge_blocks(
    book: Book,
    table: Table,
    clauses: Sequence[ir.Clause],
    agreements: Agreements | None = None,
    *,
    readings: Mapping[str, str] | None = None,
    contested: bool = True,
    times: bool = True,
    shared: dict[str, Shared] | None = None,
    block: int = BLOCK,
    threads: int | None = None,
) -> Result:
    """The same as `judge_table`, without what was found out on the way. `threads`: at most so many at a time; None: one to a processor."""
    n = len(table)
    threads = threads or os.cpu_count() or 1
    many = max(-(-n // block), min(threads, n // _FEWEST), 1)
    cuts = [round(n * k / many) for k in range(many + 1)]
    known = agreements or Agreements(book, table.facts, table.now, book.readings(readings or {}))

    def one(edges: tuple[int, int]) -> Result:
        part = table if many == 1 else table.part(*edges)
        found = judge_table(
            book, part, clauses, known, readings=readings, contested=contested, times=times, shared=shared
        )
        found.let_go()
        return found

    if many == 1:
        return one((0, n))
    with ThreadPoolExecutor(threads) as pool:
        parts = list(pool.map(one, pairwise(cuts)))
    return joined(parts, cuts, clauses)
