"""A run whose log is read while it is judged: what it holds, how it is interrupted and goes on, and when it is not to be had."""

from __future__ import annotations

import gc
import os
import re
import signal
import weakref
from pathlib import Path
from typing import Any

import pytest

from checker.batch.columns import InColumns
from checker.batch.partition import Partition
from checker.batch.pieces import Summary
from checker.batch.straight import Straight
from checker.columnar.parts import Part
from tests.checker.batch.test_straight import CLAUSES, LOGS, Ways, given
from tests.checker.cli.desk import Desk, Run, servanda, setup
from tests.checker.cli.test_check import ALL

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

MANY = "".join(ALL.replace('"T-', f'"T-{n}-') for n in range(30))
SHAPE = ("--format", "csv", "--layout", "wide", "--partition", "5")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


def check(desk: Desk, out: Path, *options: str, log: str = MANY) -> Run:
    return servanda("check", *given(desk, [log]), *CLAUSES, *SHAPE, "-o", str(out), *options)


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_parts_are_let_go(desk: Desk, threads: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the log, no more than the part at hand and one to each thread that judges are held, and nobody looks for cycles."""
    seen: list[weakref.ref[object]] = []
    most = 0
    real = Straight._partition

    def partition(self: Straight, number: int, part: Part) -> Partition:
        nonlocal most
        seen.append(weakref.ref(part.source))
        most = max(most, sum(each() is not None for each in seen))
        return real(self, number, part)

    monkeypatch.setattr(Straight, "_partition", partition)
    gc.disable()
    try:
        assert check(desk, desk.folder / "out", "--jobs", str(threads)).code == 1
    finally:
        gc.enable()
    assert len(seen) > 20
    assert most <= threads + 1


@pytest.mark.parametrize("threads", ["1", "3"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_goes_on(
    desk: Desk, number: signal.Signals, threads: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = desk.folder / "whole"
    told = check(desk, whole)
    out = desk.folder / "out"
    out.write_text("as it was")
    real = InColumns.write

    def write(self: InColumns, partition: Partition, *rest: Any) -> Summary:
        if partition.number == 3:
            os.kill(os.getpid(), number)
        return real(self, partition, *rest)

    monkeypatch.setattr(InColumns, "write", write)
    found = check(desk, out, "--jobs", threads)
    assert found.code == 128 + number
    told_kept = re.search(r"(\d+) partitions are done and kept", found.err)
    assert told_kept is not None
    kept = int(told_kept[1])
    # What other threads are at is done to its end, and what they begin before the signal is seen.
    assert kept == 3 if threads == "1" else 3 <= kept <= 6 + int(threads)
    assert out.read_text() == "as it was"
    monkeypatch.setattr(InColumns, "write", real)
    found = check(desk, out, "--resume")
    assert out.read_bytes() == whole.read_bytes()
    assert found.err.splitlines() == [f"note: {kept} partitions were done already", *told.err.splitlines()]


def test_parts_of_another_log_are_not_used(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    out = desk.folder / "out"
    real = InColumns.write

    def write(self: InColumns, partition: Partition, *rest: Any) -> Summary:
        if partition.number == 2:
            os.kill(os.getpid(), signal.SIGTERM)
        return real(self, partition, *rest)

    with monkeypatch.context() as patched:
        patched.setattr(InColumns, "write", write)
        assert check(desk, out).code == 143
    found = check(desk, out, "--resume", log=MANY.replace("T10:00", "T10:01"))
    assert "the parts of an earlier run were made of something else: they are not used" in found.err


@pytest.mark.parametrize("name", ["no row", "not a line"])
def test_a_fault_that_shows_late_leaves_the_old_result(desk: Desk, name: str) -> None:
    out = desk.folder / "out"
    out.write_text("as it was")
    found = servanda("check", *given(desk, LOGS[name]), *CLAUSES, *SHAPE, "--partition", "1", "-o", str(out))
    assert found.code == 2
    assert out.read_text() == "as it was"
    assert [path.name for path in desk.folder.glob(".out*")] == []


@pytest.mark.parametrize(
    "options",
    [
        # A clause that judges agreements; small and nobody asks for columns; the interpreter.
        ("--clause", "desk.payment", "--engine", "columns"),
        ("--clause", "desk.response"),
        ("--clause", "desk.response", "--engine", "interpreter"),
    ],
)
def test_what_is_read_as_objects(
    desk: Desk, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = Ways(monkeypatch)
    ways.both(None, *given(desk, [ALL]), *options, *SHAPE)
    assert ways.taken == [False, False]


def test_auto_goes_straight_where_there_are_tickets_enough(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = "".join(ALL.replace('"T-', f'"T-{n}-') for n in range(400))
    options = ("--clause", "desk.closing", "--clause", "desk.response*", "--partition", "1000")
    ways = Ways(monkeypatch)
    ways.same(None, *given(desk, [many]), *options, "--format", "csv", "--layout", "wide")
