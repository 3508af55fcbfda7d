"""Processes that work beside the first one end when it says so, whatever they are at."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

import pytest

from checker.batch import beside
from checker.batch.output import Interrupted, held_back, interruptible

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")


def _deaf(to: Connection) -> None:
    """Takes no signal, and does nothing."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    to.send("ready")
    time.sleep(3600)


def _waiting(to: Connection) -> None:
    """Takes no signal, and waits for what to do."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    to.send("ready")
    with pytest.raises(EOFError):
        to.recv()


@pytest.mark.parametrize(("does", "code"), [(_deaf, -signal.SIGKILL), (_waiting, 0)])
def test_one_that_takes_no_signal_ends(
    does: Callable[[Connection], None], code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As long as it takes to see that nobody is there any more; one that sees nothing is killed after it.
    monkeypatch.setattr(beside, "_PATIENCE", 0.5 if does is _deaf else 60.0)
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def run() -> None:
        mine.close()
        does(theirs)

    process = context.Process(target=run)
    process.start()
    theirs.close()
    assert mine.recv() == "ready"
    beside.end_all([process], [mine])
    assert process.exitcode == code


def test_signals_of_the_group_are_not_for_a_process_beside() -> None:
    """Neither before it says how it takes them nor after; the one that the first process sends ends it."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def run() -> None:
        for number in (signal.SIGINT, signal.SIGHUP):
            os.kill(os.getpid(), number)
        beside.left_to_the_first_process()
        for number in (signal.SIGINT, signal.SIGHUP):
            os.kill(os.getpid(), number)
        theirs.send("goes on")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(3600)

    process = context.Process(target=run)
    with interruptible(), held_back():
        process.start()
    assert mine.recv() == "goes on"
    process.join(60)
    assert process.exitcode == -signal.SIGTERM
    theirs.close()
    mine.close()


def test_signals_that_another_thread_takes_are_held_back_too() -> None:
    """A thread that knows of no mask, as those of libraries are."""
    begun, over, done = threading.Event(), threading.Event(), []

    def thread() -> None:
        begun.set()
        over.wait(60)

    def work() -> None:
        with interruptible():
            with held_back(), held_back():
                os.kill(os.getpid(), signal.SIGTERM)
                for _ in range(1000):
                    done.append(1)
            done.append(2)

    other = threading.Thread(target=thread)
    other.start()
    begun.wait(60)
    try:
        with pytest.raises(Interrupted) as found:
            work()
    finally:
        over.set()
        other.join()
    assert found.value.number == signal.SIGTERM
    assert done == [1] * 1000
    # Nothing of it is left for another time.
    with interruptible(), held_back():
        done.append(3)


def test_a_process_that_was_asked_to_end_before_it_could_hear_ends() -> None:
    context = multiprocessing.get_context("fork")

    def run() -> None:
        # As the first process does it, which does not wait for this one to say how it takes signals.
        os.kill(os.getpid(), signal.SIGTERM)
        beside.left_to_the_first_process()
        time.sleep(3600)

    processes: list[BaseProcess] = []
    with interruptible():
        beside.begin(context.Process(target=run), processes)
    processes[0].join(60)
    assert processes[0].exitcode == -signal.SIGTERM
