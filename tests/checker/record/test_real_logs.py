"""Public logs that nobody here wrote are read whole, where they are at hand."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from checker.record.model import Log
from checker.record.reading import read_log
from tests.checker.record.test_broken import accounted

ASSUME = {"agreement": "acme", "opening-is": "first-event", "response-is": "first-in-progress"}


def shared(file: str) -> Path:
    named = os.environ.get("SERVANDA_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[3].parent / "shared"
    path = folder / "logs" / file
    if not path.is_file():
        pytest.skip(f"no {file} under SERVANDA_SHARED or ../shared")
    return path


def read(file: str) -> Log:
    log = read_log([shared(file)], mapping="xes-problem-management", assume=ASSUME)
    accounted(log)
    assert not log.set_aside
    assert log.sources[0].read_as == "XES, gzip"
    return log


def test_closed_problems() -> None:
    log = read("BPIC13_closed_problems.xes.gz")
    assert (log.read.rows, log.read.tickets) == (6660, 1487)
    names = Counter(e.name for ticket in log.tickets for e in ticket.events)
    assert names["ticket_opened"] == 1487
    # Two states of the log say that a ticket is closed: 1,565 events Completed/Closed and 3 Completed/Cancelled.
    assert names["ticket_closed"] <= 1568
    assert all(ticket.events[0].name == "ticket_opened" for ticket in log.tickets)
    assert not [note for note in log.notes if note.text.startswith("suspicion")]


def test_open_problems() -> None:
    log = read("BPIC13_open_problems.xes.gz")
    assert (log.read.rows, log.read.tickets) == (2351, 819)
    assert all(ticket.events[0].attributes["severity"] in {"1", "A", "B", "C"} for ticket in log.tickets)
