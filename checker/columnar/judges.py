"""A population held in memory by several processes, judged as often as somebody asks: other clauses, other readings.

Threads take turns at Python's lock, and of many short steps on columns a third of the time goes there. The processes are forked once,
when the population is in memory, so that nothing is copied into them; what they send back are the columns of their blocks.
"""

from __future__ import annotations

import os
import sys
import weakref
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate, pairwise
from typing import Any, NamedTuple, Self, cast

from checker.columnar.agreements import Agreements
from checker.columnar.engine import Result, joined, judge_table
from checker.columnar.sent import packed, received, send
from checker.columnar.table import Table
from checker.interpret.book import Book

BLOCK = 2**16
"""Cases in a block. A process that is alone loses nothing by small ones, whose columns lie in its cache."""
LARGE = 2**17
"""Cases in a block of a whole contract: much of what its many clauses cost is the same for a block of any size."""
MANY = 50
"""Clauses from which on blocks are large."""
_FEWEST = 2**13
"""Fewer cases are no work for a process of their own."""


class Asked(NamedTuple):
    """What is asked of every case. `clauses`: ids. `readings`: those chosen otherwise than recommended. The rest as in `judge_table`."""

    clauses: tuple[str, ...]
    readings: Mapping[str, str]
    contested: bool
    times: bool


Answer = list[tuple[int, Result]] | Exception
"""What came of the blocks of a process, by their numbers; or what went wrong."""


class Judges:
    """Tables under their agreements, held by processes. Used in a `with`, or closed; at the latest they end with this process.

    `jobs`: processes, this one included; None: one to a processor. Where there is no fork that is safe (elsewhere than on Linux),
    this one alone.
    """

    def __init__(
        self,
        book: Book,
        tables: Sequence[Table],
        agreements: Agreements | None = None,
        *,
        jobs: int | None = None,
    ) -> None:
        self._book = book
        self._tables = tables
        self._agreements = agreements
        cases = sum(map(len, tables))
        block = LARGE if len(book.contract.clauses) >= MANY else BLOCK
        wanted = min(jobs or os.cpu_count() or 1, max(cases // _FEWEST, 1))
        self._jobs = wanted if sys.platform == "linux" else 1
        self._blocks = [
            (k, first, last)
            for k, table in enumerate(tables)
            for first, last in pairwise(_cuts(len(table), self._jobs, block))
        ]
        self._others: list[_Other] = []
        self._end = weakref.finalize(self, _close, self._others)
        for job in range(1, self._jobs):
            self._others.append(self._forked(job))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the other processes."""
        self._end()

    def judge(
        self,
        clauses: Iterable[str] | None = None,
        *,
        readings: Mapping[str, str] | None = None,
        contested: bool = True,
        times: bool = True,
    ) -> list[Result]:
        """The result of each table, as `judge_table` gives it, without what was found out on the way. `clauses`: ids; None: all.

        Raises:
            RuntimeError: a process was killed from outside.
        """
        ids = tuple(clauses) if clauses is not None else tuple(c.id for c in self._book.contract.clauses)
        asked = Asked(ids, dict(readings or {}), contested, times)
        found: dict[int, Result] = {}
        try:
            for other in self._others:
                other.ask(asked)
            answers = [self._answer(0, asked), *(other.told() for other in self._others)]
        except (EOFError, OSError):
            # What the others still have to say would be taken for an answer to the next question.
            self.close()
            raise RuntimeError(
                "a process that held a part of the population was killed from outside"
            ) from None
        for answer in answers:
            if isinstance(answer, Exception):
                raise answer
            found.update(answer)
        chosen = [self._book.clauses[name] for name in ids]
        out = []
        for k in range(len(self._tables)):
            mine = [n for n, (table, _, _) in enumerate(self._blocks) if table == k]
            cuts = [0, *accumulate(self._blocks[n][2] - self._blocks[n][1] for n in mine)]
            out.append(joined([found[n] for n in mine], cuts, chosen))
        return out

    def _share(self, job: int, asked: Asked) -> list[tuple[int, Result]]:
        """What comes of the blocks of one process, by their numbers."""
        clauses = [self._book.clauses[name] for name in asked.clauses]
        out = []
        for number in range(job, len(self._blocks), self._jobs):
            k, first, last = self._blocks[number]
            table = self._tables[k]
            known = self._agreements
            if known is None or asked.readings:
                known = Agreements(self._book, table.facts, table.now, self._book.readings(asked.readings))
            found = judge_table(
                self._book,
                table.part(first, last),
                clauses,
                known,
                readings=asked.readings,
                contested=asked.contested,
                times=asked.times,
            )
            found.let_go()
            out.append((number, found))
        return out

    def _forked(self, job: int) -> _Other:
        from multiprocessing import Pipe

        mine, theirs = Pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid:
            theirs.close()
            return _Other(pid, mine)
        # From here on this is the other process: it answers until nobody asks, and nothing of this one's end is done by it.
        try:
            mine.close()
            # Also those of other populations: theirs end when nobody can ask them any more.
            for other in _EVERY:
                other.end.close()
            while True:
                try:
                    asked = theirs.recv()
                    _send(theirs, self._answer(job, asked))
                except (EOFError, BrokenPipeError, KeyboardInterrupt):
                    break
        finally:
            os._exit(0)

    def _answer(self, job: int, asked: Asked) -> Answer:
        try:
            return self._share(job, asked)
        except Exception as error:
            return error


class _Other:
    """Another process, and this one's end of the line to it."""

    def __init__(self, pid: int, end: Any) -> None:
        self.pid, self.end = pid, end
        _EVERY.add(self)

    def ask(self, asked: Asked) -> None:
        """Have it begin with its blocks."""
        self.end.send(asked)

    def told(self) -> Answer:
        """What came of its blocks."""
        return cast(Answer, received(self.end))


_EVERY: weakref.WeakSet[_Other] = weakref.WeakSet()
"""The processes of all populations that this one holds."""


def _send(to: Any, what: object) -> None:
    try:
        found = packed(what)
    except Exception as error:
        found = packed(RuntimeError(f"{type(what).__name__}: {what} ({error})"))
    send(to, found)


def _close(others: list[_Other]) -> None:
    for other in others:
        other.end.close()
    for other in others:
        os.waitpid(other.pid, 0)
    others.clear()


def _cuts(n: int, jobs: int, block: int) -> list[int]:
    """Where the blocks of n cases begin and end, of about so many: for each process as many."""
    many = max(-(-n // block), 1)
    many = -(-many // jobs) * jobs if n >= jobs * _FEWEST else many
    return [round(n * k / many) for k in range(many + 1)]


__all__ = ["Judges"]
