"""Work on one thing after the other, a few ahead of whoever takes what comes of it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

T = TypeVar("T")
U = TypeVar("U")

WORKERS: Final = 2
"""Threads that read: Arrow works outside Python's lock, NumPy mostly."""


def ahead(work: Callable[[T], U], given: Iterator[T], workers: int = WORKERS) -> Iterator[U]:
    """The results of some work in order, a few of them made ahead by threads."""
    waiting: deque[Future[U]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        try:
            for each in given:
                waiting.append(pool.submit(work, each))
                if len(waiting) > workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            for future in waiting:
                future.cancel()
