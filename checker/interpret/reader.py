"""Reading a contract one way: its lines as the chosen readings make them, and results remembered with what they consulted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar

from checker.interpret.book import Book
from checker.interpret.trace import Trace
from dsl import contract as ir

T = TypeVar("T")

Memory = dict[Any, tuple[Any, set[str]]]
"""Results by key, each with the ambiguities that it consulted."""


class Reader:
    """A contract under one choice of readings.

    `touched` collects the ambiguities that the evaluation consulted: a reading of an ambiguity that was not consulted
    cannot change its result. `trace` (when there is one): what the evaluation went through. `parent`: the same under
    readings that differ in one ambiguity, whose results are shared where they did not consult it.
    """

    def __init__(
        self, book: Book, readings: Mapping[str, str], parent: tuple[Reader, str] | None = None
    ) -> None:
        self.book = book
        self.readings = readings
        self.touched: set[str] = set()
        self.trace: Trace | None = None
        self._memo: Memory = {}
        self._parent = parent

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """`compute()`, remembered for this world together with the ambiguities it consulted."""
        hit = self._memo.get(key)
        if hit is None and self._parent is not None:
            # What did not consult the ambiguity that is read otherwise here is the same as there.
            world, ambiguity = self._parent
            hit = world._memo.get(key)
            if hit is not None and ambiguity in hit[1]:
                hit = None
        return self._compute(self._memo, key, compute) if hit is None else self._recalled(hit)

    def _recalled(self, hit: tuple[Any, set[str]]) -> Any:
        if hit[1]:
            self.touched |= hit[1]
        return hit[0]

    def _compute(self, memo: Memory, key: Any, compute: Callable[[], T]) -> T:
        outer, self.touched = self.touched, set()
        try:
            value = compute()
            memo[key] = (value, self.touched)
        finally:
            outer |= self.touched
            self.touched = outer
        return value

    def aside(self, compute: Callable[[], T]) -> T:
        """`compute()` for a report only: what it consults does not bear on the verdict."""
        outer, self.touched = self.touched, set()
        try:
            return compute()
        finally:
            self.touched = outer

    def lines(self, block: tuple[ir.Line[T], ...]) -> Iterable[T]:
        """The lines of a block as the chosen readings make them."""
        known = self.book.plain_blocks.get(id(block))
        plain = known[1] if known is not None else self.book.plain(block)
        return plain if plain is not None else self._lines(block)

    def _lines(self, block: tuple[ir.Line[T], ...]) -> Iterator[T]:
        for line in block:
            yield from self.of_line(line)

    def of_line(self, line: ir.Line[T]) -> Iterable[T]:
        """What one line says as the chosen readings make it."""
        return self._chosen(line) if line.readings else (line.base,)

    def _chosen(self, line: ir.Line[T]) -> Iterable[T]:
        for alternative in line.readings:
            self.touched.add(alternative.ambiguity)
            if self.readings.get(alternative.ambiguity) == alternative.reading:
                if self.trace is not None:
                    self.trace.took(alternative)
                return self._lines(alternative.lines)
        return (line.base,)
