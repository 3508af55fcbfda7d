"""Partitions divided among processes: forked, so that nothing has to be copied into them; each works off its own, one after the other.

What comes of a partition is small (its rows are files); it comes in no certain order. Partitions that can be taken only once are
divided among threads.
"""

from __future__ import annotations

import contextlib
import os
import pickle
from collections import deque
from collections.abc import Callable, Container, Generator, Iterable, Iterator
from threading import Condition
from typing import TYPE_CHECKING, Any, TypeVar

from checker.batch.beside import begin, end_all, left_to_the_first_process
from checker.batch.partition import Partition
from checker.record.model import Fault, Place

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

T = TypeVar("T")
Work = Callable[[Partition], T]


def worked_off(
    partitions: Iterable[Partition],
    work: Work[T],
    jobs: int,
    *,
    threads: int = 1,
    done: Container[int] = (),
) -> Generator[tuple[int, T]]:
    """The number of each partition that is not `done`, with what `work` makes of it.

    With more than one job, in forked processes where the system has them; in any order then. With one job and several threads,
    so many partitions at a time, in their order.

    Raises:
        Fault: a process was killed from outside.
    """
    if jobs == 1 and threads > 1:
        yield from _threaded(partitions, work, threads, done)
        return
    if jobs == 1 or not hasattr(os, "fork"):
        for partition in partitions:
            if partition.number not in done:
                yield partition.number, work(partition)
        return
    yield from _forked(partitions, work, jobs, done)


def _threaded(
    partitions: Iterable[Partition], work: Work[T], threads: int, done: Container[int]
) -> Generator[tuple[int, T]]:
    from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

    waiting: deque[tuple[int, Future[T]]] = deque()
    # Told here: a pool that is interrupted while it starts a thread does not know of it, and would not wait for it.
    at_work, over, turn = 0, False, Condition()

    def worked(partition: Partition) -> T:
        nonlocal at_work
        with turn:
            if over:
                raise CancelledError
            at_work += 1
        try:
            return work(partition)
        finally:
            with turn:
                at_work -= 1
                turn.notify_all()

    with ThreadPoolExecutor(threads) as pool:
        try:
            for partition in partitions:
                if partition.number in done:
                    continue
                waiting.append((partition.number, pool.submit(worked, partition)))
                # No reference is left here: what is judged is let go.
                del partition
                while len(waiting) > threads or (waiting and waiting[0][1].done()):
                    number, future = waiting.popleft()
                    yield number, future.result()
            while waiting:
                number, future = waiting.popleft()
                yield number, future.result()
        finally:
            for _, future in waiting:
                future.cancel()
            with turn:
                over = True
                turn.wait_for(lambda: not at_work)


def _forked(
    partitions: Iterable[Partition], work: Work[T], jobs: int, done: Container[int]
) -> Iterator[tuple[int, T]]:
    import multiprocessing
    from multiprocessing.connection import wait

    context = multiprocessing.get_context("fork")
    processes: list[BaseProcess] = []
    ends: list[Connection] = []
    try:
        for job in range(jobs):
            mine, theirs = context.Pipe(duplex=False)
            process = context.Process(
                target=_worker, args=(partitions, work, (job, jobs), done, theirs, [*ends, mine], os.getpid())
            )
            begin(process, processes)
            theirs.close()
            ends.append(mine)
        open_ends = list(ends)
        while open_ends:
            ready = wait(open_ends)
            for end in [each for each in open_ends if each in ready]:
                found = _received(end)
                if found is None:
                    open_ends.remove(end)
                else:
                    yield found
    finally:
        end_all(processes, ends)


def _received(end: Connection) -> tuple[int, Any] | None:
    """What a worker sends: one partition's result; None when it has done all of its own."""
    try:
        kind, number, found = end.recv()
    except EOFError:
        raise killed() from None
    if kind == "failed":
        raise found
    return None if kind == "end" else (number, found)


def _worker(
    partitions: Iterable[Partition],
    work: Work[Any],
    share: tuple[int, int],
    done: Container[int],
    to: Connection,
    others: list[Connection],
    parent: int,
) -> None:
    left_to_the_first_process()
    for end in others:
        end.close()
    job, jobs = share
    with contextlib.suppress(BrokenPipeError):
        try:
            turn = 0
            for partition in partitions:
                if partition.number in done:
                    continue
                if turn % jobs == job and os.getppid() == parent:
                    to.send(("done", partition.number, work(partition)))
                turn += 1
        except Exception as error:
            to.send(("failed", -1, portable(error)))
        else:
            to.send(("end", -1, None))
    to.close()
    # Nothing that the first process set up to be done at its end is to be done here.
    os._exit(0)


def killed() -> Fault:
    """What to say of a process that is gone."""
    return Fault(
        Place("--jobs"),
        "a process ended before its work was done",
        "killed from outside, perhaps for want of memory",
        "give a smaller --partition, or --jobs 1",
    )


def portable(error: Exception) -> Exception:
    """The error itself if it can be sent, else one that says the same."""
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error
