"""Processes beside the first one: begun, told how to take signals, ended."""

from __future__ import annotations

import signal
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from checker.batch.output import ENDING, held_back, let_go

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

_PATIENCE: Final = 5.0
"""Seconds that a process has to end by itself."""


def begin(process: BaseProcess, processes: list[BaseProcess]) -> None:
    """Start a process that calls `left_to_the_first_process` first, and note it among those that `end_all` is to end.

    No signal comes in between: a process that is not noted would go on, and be waited for when this one is over.
    """
    with held_back():
        process.start()
        processes.append(process)


def left_to_the_first_process() -> None:
    """Take signals as a process does that was begun so.

    Those of the terminal are ignored: they reach the whole group, and the first process says what becomes of it. SIGTERM, by which it
    does so, ends this process at once.
    """
    for number in ENDING:
        signal.signal(number, signal.SIG_DFL if number == signal.SIGTERM else signal.SIG_IGN)
    if signal.SIGTERM in let_go():
        signal.raise_signal(signal.SIGTERM)


def end_all(processes: Iterable[BaseProcess], ends: Iterable[Connection]) -> None:
    """Have processes end, whatever they are at, and wait for it. `ends`: ours of the lines to them."""
    for process in processes:
        process.terminate()
    # One that waits for what to do next finds nobody at the other end.
    for end in ends:
        end.close()
    for process in processes:
        process.join(_PATIENCE)
        if process.is_alive():
            process.kill()
            process.join()
