"""A log that several processes read and judge in shares: the same bytes as from one process, and the same account."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest

from checker.batch.columns import InColumns
from checker.batch.partition import Partition
from checker.batch.pieces import Summary
from checker.batch.straight import Straight
from checker.columnar import shares
from checker.record import blocks
from tests.checker.batch.test_straight import CLAUSES, SHAPES, Ways, given, of_desk, rows
from tests.checker.cli.desk import BROKEN, Desk, Run, servanda, setup
from tests.checker.cli.test_check import ALL
from tests.fixtures.audits import DESKS

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

MANY = "".join(ALL.replace('"T-', f'"T-{n:03d}-') for n in range(30))
SHAPE = ("--format", "csv", "--layout", "wide")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


@pytest.fixture(autouse=True)
def numbers(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Shares are small; how many each log had that was read straight."""
    for name, number in (("GRAIN", 1), ("FEWEST", 1), ("PIECES", 1), ("MOST", 9)):
        monkeypatch.setattr(shares, name, number)
    for name, number in (("FEWEST_BYTES", 1), ("MOST_BYTES", 2000)):
        monkeypatch.setattr(shares, name, number)
    monkeypatch.setattr(blocks, "BLOCK", 1000)
    found: list[int] = []
    real = Straight.stints

    def stints(self: Straight, least: int) -> list[range]:
        found.append(self.shares)
        return real(self, least)

    monkeypatch.setattr(Straight, "stints", stints)
    return found


def check(desk: Desk, log: Path, out: Path, *options: str, jobs: int = 3) -> Run:
    shape = (*CLAUSES, *SHAPE, "--jobs", str(jobs), "-o", str(out))
    return servanda("check", *given(desk, []), "--tickets", str(log), *shape, *options)


@pytest.mark.parametrize("kind", ["lines", "rows"])
@pytest.mark.parametrize("name", DESKS)
def test_of_the_desks(
    name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, numbers: list[int]
) -> None:
    options = [each for each in of_desk(name, tmp_path, "lines") if each not in ("--partition", "40")]
    at = options.index("--tickets") + 1
    if kind == "rows":
        # Rows of no ticket would have the log read by one process.
        options[at] = str(rows(tmp_path / "rows.parquet", Path(options[at]).read_text()))
        options += ["--as-of", "2026-01-01T00:00:00Z"]
    ways = Ways(monkeypatch)
    for format_, layout in SHAPES if name == DESKS[0] else SHAPES[1:2]:
        shape = ("--format", format_, "--layout", layout, "--jobs", "3")
        ways.same(tmp_path / "out", *options, *shape)
        ways.same(None if format_ != "parquet" else tmp_path / "out", *options, *shape)
    assert numbers
    assert min(numbers) > 5


@pytest.mark.parametrize(
    "more",
    [
        ALL.replace("acme", "nobody").replace('"T-', '"U-'),
        ALL.replace("acme", "other").replace('"T-', '"U-'),
        ALL.replace('"T-', '"U-').replace("response_sent", "coffee_made"),
        ALL.replace('"T-', '"U-').replace("T1", "T99"),
        "",
    ],
)
def test_of_logs_with_faults(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, numbers: list[int], more: str
) -> None:
    ways = Ways(monkeypatch)
    flaws = BROKEN + ALL.replace('"T-', '"W-').replace("T10", "T25") + "nonsense\n"
    header = '{"log": {"complete_to": "2025-03-20T00:00:00Z"}}\n'
    for log in (
        rows(desk.folder / "rows.parquet", MANY + more),
        desk.write("lines.jsonl", MANY + more + flaws + MANY.replace('"T-', '"X-')),
        desk.write("header.jsonl", header + flaws + MANY + more),
    ):
        options = [*given(desk, []), "--tickets", str(log), *CLAUSES, "--jobs", "3"]
        ways.same(desk.folder / "out", *options, *SHAPE)
        ways.same(None, *options, "--format", "table")
        ways.same(desk.folder / "out", *options, *SHAPE, "--strict")
    assert len(numbers) == 9
    assert numbers[0] > 10
    assert [p.name for p in desk.folder.glob(".out*")] == []


def test_several_files(desk: Desk, monkeypatch: pytest.MonkeyPatch, numbers: list[int]) -> None:
    ways = Ways(monkeypatch)
    named = {name: MANY.replace('"T-', f'"{name}-') for name in "XYZ"}
    logs = [rows(desk.folder / "x.parquet", named["X"]), desk.write("y.jsonl", named["Y"] + "nonsense\n")]
    logs.append(rows(desk.folder / "z.parquet", named["Z"].replace("acme", "nobody", 3)))
    options = [*given(desk, []), *CLAUSES, "--jobs", "3"]
    for some in (
        logs,
        logs[::-1],
        [*logs[:2], desk.write("again.jsonl", named["X"][: len(named["X"]) // 2])],
    ):
        every = [*options, *(word for log in some for word in ("--tickets", str(log)))]
        ways.same(desk.folder / "out", *every, *SHAPE)
        ways.same(None, *every, "--format", "table")
    # A ticket that stands in two files is for one process to judge.
    assert [n > 20 for n in numbers] == [True] * 4


def test_where_nothing_can_be_used(desk: Desk, monkeypatch: pytest.MonkeyPatch, numbers: list[int]) -> None:
    log = rows(desk.folder / "rows.parquet", MANY.replace("T1", "T99").replace("T0", "T99"))
    options = [*given(desk, []), "--tickets", str(log), *CLAUSES, "--jobs", "3", *SHAPE]
    assert Ways(monkeypatch).same(desk.folder / "out", *options).code == 2
    log = rows(desk.folder / "rows.parquet", MANY.replace("acme", "nobody"))
    assert Ways(monkeypatch).same(desk.folder / "out", *options).code == 2
    assert len(numbers) == 2


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_goes_on(
    desk: Desk, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = rows(desk.folder / "rows.parquet", MANY)
    whole, out = desk.folder / "whole", desk.folder / "out"
    told = check(desk, log, whole)
    out.write_text("as it was")
    real, parent = InColumns.write, os.getpid()

    def write(self: InColumns, partition: Partition, *rest: Any) -> Summary:
        if partition.number == 7:
            os.kill(parent, number)
            signal.pause()
        return real(self, partition, *rest)

    monkeypatch.setattr(InColumns, "write", write)
    found = check(desk, log, out)
    assert found.code == 128 + number
    assert out.read_text() == "as it was"
    kept = re.search(r"(\d+) partitions are done and kept", found.err)
    assert kept is not None
    assert int(kept[1]) > 0
    monkeypatch.setattr(InColumns, "write", real)
    # Those of shares are none of a run that reads the log in one process.
    other = desk.folder / ".out.parts"
    found = check(desk, log, out, "--resume")
    assert out.read_bytes() == whole.read_bytes()
    assert found.err.splitlines() == [f"note: {kept[1]} partitions were done already", *told.err.splitlines()]
    assert not other.exists()


def test_a_process_that_is_killed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    log = rows(desk.folder / "rows.parquet", MANY)
    parent = os.getpid()

    def write(self: InColumns, partition: Partition, *rest: Any) -> Summary:
        assert os.getpid() != parent
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError

    monkeypatch.setattr(InColumns, "write", write)
    found = check(desk, log, desk.folder / "out")
    assert found.code == 2
    assert "a process ended before its work was done" in found.err
    assert not (desk.folder / "out").exists()


def test_an_error_of_a_process_is_told(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    log = rows(desk.folder / "rows.parquet", MANY)

    def write(self: InColumns, partition: Partition, *rest: Any) -> Summary:
        raise ZeroDivisionError(f"in partition {partition.number}")

    monkeypatch.setattr(InColumns, "write", write)
    with pytest.raises(ZeroDivisionError, match="in partition"):
        check(desk, log, desk.folder / "out")


def test_one_process_or_a_size_asked_for(desk: Desk, numbers: list[int]) -> None:
    """Then there are no shares; the bytes are the same."""
    log = rows(desk.folder / "rows.parquet", MANY)
    found = []
    for options in ((), ("--partition", "5"), ("--jobs", "1")):
        assert check(desk, log, desk.folder / "out", *options).code == 1
        found.append((desk.folder / "out").read_bytes())
    assert found[0] == found[1] == found[2]
    assert len(numbers) == 1
