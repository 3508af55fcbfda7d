"""A run that ends before its time leaves the old result or none, and another goes on with what it has done."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.batch.partition import Partition
from checker.batch.run import Interpreting
from tests.checker.cli.desk import Desk, servanda, setup
from tests.checker.cli.test_check import ALL
from tests.house.tree import ROOT

MANY = "".join(ALL.replace('"T-', f'"T-{n}-') for n in range(12))
LONG = 120.0
"""Seconds after which a process is not waited for any more."""
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGKILL]
SHAPES = [
    ("csv", "long"),
    ("csv", "wide"),
    ("jsonl", "long"),
    ("junit", "long"),
    ("table", "long"),
    ("parquet", "wide"),
]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


def options(out: Path, shape: tuple[str, str] = ("csv", "long"), size: int = 5) -> list[str]:
    return ["--format", shape[0], "--layout", shape[1], "--partition", str(size), "-o", str(out)]


def beside(out: Path) -> list[str]:
    """What lies in the folder of a result, beside the inputs."""
    return sorted(p.name for p in out.parent.iterdir() if p.name.lstrip(".").startswith(out.name))


@pytest.fixture
def at_partition(monkeypatch: pytest.MonkeyPatch) -> Callable[[int, Callable[[], None]], list[int]]:
    """Have something happen when a partition is about to be judged; gives the numbers of those that were."""

    real = Interpreting.write

    def have(number: int, happen: Callable[[], None]) -> list[int]:
        judged: list[int] = []

        def write(self: Interpreting, partition: Partition, *rest: object) -> object:
            if partition.number == number:
                happen()
            judged.append(partition.number)
            return real(self, partition, *rest)

        monkeypatch.setattr(Interpreting, "write", write)
        return judged

    return have


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("old", ["as it was", None])
def test_a_signal_leaves_the_old_result_or_none(
    desk: Desk, old: str | None, number: signal.Signals, at_partition: Callable[..., list[int]]
) -> None:
    out = desk.folder / "out.csv"
    if old is not None:
        out.write_text(old)
    at_partition(2, lambda: os.kill(os.getpid(), number))
    found = desk.check(MANY, *options(out), "--engine", "interpreter")
    assert found.code == 128 + number
    assert f"interrupted by {number.name}: 2 partitions are done and kept" in found.err
    assert (out.read_text() if out.exists() else None) == old
    assert beside(out) == sorted([".out.csv.parts", *(["out.csv"] if old is not None else [])])
    assert signal.getsignal(number) is not signal.SIG_IGN


def test_a_signal_before_anything_is_done_leaves_nothing(
    desk: Desk, at_partition: Callable[..., list[int]]
) -> None:
    out = desk.folder / "out.csv"
    at_partition(0, lambda: os.kill(os.getpid(), signal.SIGTERM))
    found = desk.check(MANY, *options(out))
    assert (found.code, beside(out)) == (143, [])
    assert "nothing was written" in found.err


@pytest.mark.parametrize("shape", SHAPES)
def test_a_run_that_goes_on_gives_the_same_bytes(
    desk: Desk, shape: tuple[str, str], at_partition: Callable[..., list[int]]
) -> None:
    whole, out = desk.folder / "whole", desk.folder / "out"
    straight = desk.check(MANY, *options(whole, shape), "--engine", "interpreter")
    judged = at_partition(4, lambda: os.kill(os.getpid(), signal.SIGTERM))
    desk.check(MANY, *options(out, shape), "--engine", "interpreter")
    assert judged == [0, 1, 2, 3]
    judged = at_partition(-1, lambda: None)
    found = desk.check(MANY, *options(out, shape), "--engine", "interpreter", "--resume")
    assert "note: 4 partitions were done already" in found.err
    assert judged[0] == 4
    assert out.read_bytes() == whole.read_bytes()
    assert found.code == straight.code
    assert beside(out) == ["out", "out.provenance.json"]
    told = [json.loads(p.with_name(p.name + ".provenance.json").read_text()) for p in (whole, out)]
    for record in told:
        record["result"].pop("file")
    assert told[0] == told[1]


CHANGES: dict[str, Callable[[Desk, list[str]], tuple[str, list[str]]]] = {
    "tickets": lambda desk, given: (MANY + ALL.replace('"T-', '"Z-'), given),
    "partition": lambda desk, given: (MANY, ["6" if each == "5" else each for each in given]),
    "layout": lambda desk, given: (MANY, ["wide" if each == "long" else each for each in given]),
    "clause": lambda desk, given: (MANY, [*given, "--clause", "desk.closing"]),
    "reading": lambda desk, given: (MANY, [*given, "--reading", "desk-clock=elapsed"]),
    "engine": lambda desk, given: (MANY, ["columns" if each == "interpreter" else each for each in given]),
    "contract": lambda desk, given: (
        MANY,
        given
        if desk.contract.write_text(desk.contract.read_text().replace("within 2 hours", "within 3 hours"))
        else [],
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_parts_of_something_else_are_not_used(
    desk: Desk, change: str, at_partition: Callable[..., list[int]]
) -> None:
    out, straight = desk.folder / "out", desk.folder / "straight"
    given = [*options(out), "--engine", "interpreter"]
    at_partition(4, lambda: os.kill(os.getpid(), signal.SIGTERM))
    desk.check(MANY, *given)
    at_partition(-1, lambda: None)
    tickets, other = CHANGES[change](desk, given)
    found = desk.check(tickets, *other, "--resume")
    assert "the parts of an earlier run were made of something else: they are not used" in found.err
    desk.check(tickets, *[str(straight) if each == str(out) else each for each in other])
    assert out.read_bytes() == straight.read_bytes()


def test_without_resume_a_run_begins_anew(desk: Desk, at_partition: Callable[..., list[int]]) -> None:
    out = desk.folder / "out"
    at_partition(3, lambda: os.kill(os.getpid(), signal.SIGTERM))
    desk.check(MANY, *options(out))
    judged = at_partition(-1, lambda: None)
    found = desk.check(MANY, *options(out))
    assert judged[:3] == [0, 1, 2]
    assert "already" not in found.err
    assert beside(out) == ["out", "out.provenance.json"]


def test_what_a_killed_run_had_begun_is_not_left(desk: Desk) -> None:
    out = desk.folder / "out"
    # While the rows are put together, and nothing can be cleared away any more.
    killed = (
        "import os, signal; from checker.batch.run import Run; "
        "Run.commit = lambda *_: os.kill(os.getpid(), signal.SIGKILL)"
    )
    running = started(desk, *options(out), first=killed)
    _, told = running.communicate(timeout=LONG)
    assert running.returncode == -signal.SIGKILL, told
    assert beside(out) == [".out.parts"]
    assert list((desk.folder / ".out.parts").glob("*.new"))
    found = desk.check(MANY, *options(out), "--resume")
    assert "partitions were done already" in found.err
    assert beside(out) == ["out", "out.provenance.json"]


def test_a_damaged_part_is_made_again(desk: Desk, at_partition: Callable[..., list[int]]) -> None:
    whole, out = desk.folder / "whole", desk.folder / "out"
    desk.check(MANY, *options(whole))
    at_partition(4, lambda: os.kill(os.getpid(), signal.SIGTERM))
    desk.check(MANY, *options(out))
    folder = desk.folder / ".out.parts"
    rows = sorted(folder.glob("*.rows"))
    rows[1].write_bytes(rows[1].read_bytes()[:-3] + b"xyz")
    rows[2].with_suffix(".json").write_text("{")
    rows[3].unlink()
    judged = at_partition(-1, lambda: None)
    found = desk.check(MANY, *options(out), "--resume")
    assert "note: 1 partitions were done already" in found.err
    assert judged[:3] == [1, 2, 3]
    assert out.read_bytes() == whole.read_bytes()


# --------------------------------------------------------------------------- processes of their own
def started(desk: Desk, *more: str, first: str = "pass") -> subprocess.Popen[bytes]:
    """`servanda check` in a process of its own, with its group; `first`: what that is told before."""
    code = f"import sys; {first}; from checker.cli.main import main; sys.argv[0] = 'servanda'; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, "check", *desk.inputs(MANY), *more],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("number", SIGNALS)
def test_killed_at_any_moment(desk: Desk, number: signal.Signals, jobs: str) -> None:
    """Whenever it is killed: the result is the old one or the new one, whole; and a run that goes on gives the same bytes."""
    whole, out = desk.folder / "whole", desk.folder / "out"
    desk.check(MANY, *options(whole, size=1))
    dice = random.Random(f"{number} {jobs}")
    out.write_text("as it was")
    more = [*options(out, size=1), "--jobs", jobs]
    running = started(desk, *more)
    done = dice.randrange(1, 60)
    while running.poll() is None and len(list(desk.folder.glob(".out.parts/*.json"))) < done:
        time.sleep(0.001)
    time.sleep(dice.random() * 0.02)
    running.send_signal(number)
    _, told = running.communicate(timeout=LONG)
    assert running.returncode in (-signal.SIGKILL, 128 + number, 1), told
    assert out.read_bytes() in (b"as it was", whole.read_bytes())
    provenance = out.with_name("out.provenance.json")
    if provenance.exists():
        assert (
            json.loads(provenance.read_text())["result"]["sha256"]
            == hashlib.sha256(out.read_bytes()).hexdigest()
        )
    # Those that a killed process leaves behind end by themselves, and give the folder free.
    for _ in range(2_000):
        found = desk.check(MANY, *more, "--resume")
        if "another run is writing this file" not in found.err:
            break
        time.sleep(0.01)
    assert found.code == 1, found.err
    assert out.read_bytes() == whole.read_bytes()
    assert [name for name in beside(out) if name.endswith(".parts")] == []


def test_a_worker_that_is_killed_is_a_fault(desk: Desk, at_partition: Callable[..., list[int]]) -> None:
    out = desk.folder / "out"
    out.write_text("as it was")
    at_partition(3, lambda: os.kill(os.getpid(), signal.SIGKILL))
    found = desk.check(MANY, *options(out), "--engine", "interpreter", "--jobs", "2")
    assert found.code == 2
    assert "--jobs: a process ended before its work was done" in found.err
    assert out.read_text() == "as it was"


def test_a_disk_that_is_full_leaves_the_old_result(
    desk: Desk, at_partition: Callable[..., list[int]]
) -> None:
    def full() -> None:
        raise OSError(28, "No space left on device", "somewhere")

    for jobs in ("1", "2"):
        out = desk.folder / f"out{jobs}"
        out.write_text("as it was")
        at_partition(2, full)
        found = desk.check(MANY, *options(out), "--engine", "interpreter", "--jobs", jobs)
        assert found.code == 2
        assert "error: somewhere: No space left on device" in found.err
        assert out.read_text() == "as it was"


# --------------------------------------------------------------------------- faults
def test_two_runs_do_not_write_one_file(desk: Desk, at_partition: Callable[..., list[int]]) -> None:
    out = desk.folder / "out"
    said: list[str] = []
    at_partition(1, lambda: said.append(servanda("check", *desk.inputs(MANY), *options(out)).err))
    assert desk.check(MANY, *options(out)).code == 1
    assert "--output: another run is writing this file" in said[0]


def test_a_folder_of_somebody_else_is_left_alone(desk: Desk) -> None:
    out = desk.folder / "out"
    theirs = desk.write(".out.parts/thesis.txt", "ten years of work")
    found = desk.check(MANY, *options(out))
    assert found.code == 2
    assert "this is no folder of parts of an audit" in found.err
    assert theirs.read_text() == "ten years of work"


def test_only_a_file_can_be_gone_on_with(desk: Desk) -> None:
    found = desk.check(MANY, "--resume")
    assert found.code == 2
    assert "--resume: only a result in a file can be gone on with; found no -o; give -o FILE" in found.err
