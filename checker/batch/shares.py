"""A log read and judged in shares by forked processes, each of which takes the next stretch of shares when it has done one.

Who forked them has the account of the log: they tell it what became of each share, and it takes that in the order of the log.
"""

from __future__ import annotations

import contextlib
import os
from collections import deque
from collections.abc import Callable, Container, Generator, Iterator, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from checker.batch.beside import begin, end_all, left_to_the_first_process
from checker.batch.partition import Partition
from checker.batch.processes import killed, portable

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess

    from checker.batch.straight import Straight
    from checker.columnar.parts import Took

T = TypeVar("T")
Work = Callable[[Partition], T]


class _Done(NamedTuple):
    """What a process says of a share. `made`: of its partition; None where it has none, or that was done before."""

    number: int
    took: Took
    made: Any


def by_shares(
    straight: Straight, work: Work[T], jobs: int, done: Container[int]
) -> Generator[tuple[int, T | None]]:
    """The number of each partition, in order, with what `work` makes of it; None where nothing in it is judged. Those that are `done`
    are read for the account, and left out.

    Raises:
        Fault: a process was killed from outside, or no row of the log can be used.
    """
    with contextlib.closing(_Crew(straight, work, done).results(jobs)) as results:
        at_hand: deque[_Done] = deque()

        def told() -> Iterator[Took]:
            for one in results:
                at_hand.append(one)
                yield one.took

        for _ in straight.took(told()):
            one = at_hand.popleft()
            if one.number not in done:
                yield one.number, one.made


class _Crew(Generic[T]):
    """The processes."""

    def __init__(self, straight: Straight, work: Work[T], done: Container[int]) -> None:
        self._straight, self._work, self._done = straight, work, done
        self._waiting: deque[range] = deque()
        self._busy: dict[Connection, range] = {}
        self._ready: dict[int, _Done] = {}

    def results(self, jobs: int) -> Generator[_Done]:
        """What they say of each share, in order."""
        context = get_context("fork")
        processes: list[BaseProcess] = []
        ends: list[Connection] = []
        self._waiting.extend(self._straight.stints(jobs))
        try:
            for _ in range(min(jobs, len(self._waiting))):
                mine, theirs = context.Pipe()
                process = context.Process(target=self._member, args=(theirs, [*ends, mine], os.getpid()))
                begin(process, processes)
                theirs.close()
                ends.append(mine)
            for end in ends:
                self._give(end)
            for number in range(self._straight.shares):
                while number not in self._ready:
                    for end in (each for each in wait(ends) if isinstance(each, Connection)):
                        self._hear(end)
                yield self._ready.pop(number)
        finally:
            end_all(processes, ends)

    def _give(self, end: Connection) -> None:
        """Give a process the next stretch of shares, if there is one."""
        if self._waiting:
            self._busy[end] = self._waiting.popleft()
            end.send(self._busy[end])

    def _hear(self, end: Connection) -> None:
        try:
            found = end.recv()
        except EOFError:
            raise killed() from None
        if isinstance(found, Exception):
            raise found
        self._ready[found.number] = found
        if found.number == self._busy[end][-1]:
            self._give(end)

    def _member(self, to: Connection, others: Sequence[Connection], parent: int) -> None:
        left_to_the_first_process()
        for end in others:
            end.close()
        with contextlib.suppress(EOFError, BrokenPipeError):
            while True:
                self._work_off(to.recv(), to, parent)
        # Nothing that the first process set up to be done at its end is to be done here.
        os._exit(0)

    def _work_off(self, stint: range, to: Connection, parent: int) -> None:
        for number in stint:
            if os.getppid() != parent:
                raise EOFError
            try:
                found = self._one(number)
            except Exception as error:
                to.send(portable(error))
                return
            to.send(found)

    def _one(self, number: int) -> _Done:
        """A share read and judged; nothing of it is held when the next one comes."""
        partition, took = self._straight.alone(number)
        if partition is None or number in self._done:
            return _Done(number, took, None)
        return _Done(number, took, self._work(partition))
