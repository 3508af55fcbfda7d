"""Partitions divided among threads: whatever ends the work, nobody is at it any more when it has ended."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any, cast

import pytest

from checker.batch.partition import Partition
from checker.batch.processes import worked_off

PARTS = [cast(Partition, SimpleNamespace(number=i)) for i in range(12)]


def test_in_their_order_but_those_that_are_done() -> None:
    found = list(worked_off(PARTS, lambda p: p.number * 10, 1, threads=3, done={2, 5}))
    assert found == [(i, i * 10) for i in range(12) if i not in (2, 5)]


def test_a_thread_that_the_pool_does_not_know_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keyboard's interrupt comes when a thread has begun and the pool has not noted it yet."""
    real: Any = ThreadPoolExecutor._adjust_thread_count
    begun, finished, entered = [], [], threading.Event()

    def adjust(self: Any) -> None:
        real(self)
        if len(self._threads) == 3:
            newest = max(self._threads, key=lambda t: int(t.name.rpartition("_")[2]))
            self._threads.discard(newest)
            assert entered.wait(10)
            raise KeyboardInterrupt

    def work(partition: Partition) -> int:
        begun.append(partition.number)
        if len(begun) == 3:
            entered.set()
        time.sleep(0.2 + 0.1 * partition.number)
        finished.append(partition.number)
        return partition.number

    monkeypatch.setattr(ThreadPoolExecutor, "_adjust_thread_count", adjust)
    with pytest.raises(KeyboardInterrupt):
        list(worked_off(PARTS, work, 1, threads=3))
    assert sorted(finished) == sorted(begun) == [0, 1, 2]


def test_what_fails_ends_the_work_and_is_told() -> None:
    begun = []

    def work(partition: Partition) -> int:
        begun.append(partition.number)
        if partition.number == 1:
            raise ValueError("one")
        return partition.number

    with pytest.raises(ValueError, match="one"):
        list(worked_off(PARTS, work, 1, threads=2))
    assert len(begun) < 12
