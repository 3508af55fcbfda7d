"""Processes that work beside the first one end when it says so, whatever they are at."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from checker.batch import processes
from checker.batch.output import held_back, interruptible, of_another

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
    monkeypatch.setattr(processes, "_PATIENCE", 0.5 if does is _deaf else 60.0)
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def run() -> None:
        mine.close()
        does(theirs)

    process = context.Process(target=run)
    process.start()
    theirs.close()
    assert mine.recv() == "ready"
    processes.ended([process], [mine])
    assert process.exitcode == code


def test_signals_of_the_group_are_not_for_a_process_beside() -> None:
    """Neither before it says how it takes them nor after; the one that the first process sends ends it."""
    context = multiprocessing.get_context("fork")
    mine, theirs = context.Pipe()

    def run() -> None:
        for number in (signal.SIGINT, signal.SIGHUP):
            os.kill(os.getpid(), number)
        of_another()
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
