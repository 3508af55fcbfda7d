"""The first look at a log, taken by a process beside other work: it changes nothing that is said, and leaves no process."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

import pytest

from checker.batch.choice import processors
from checker.cli import first_look
from checker.cli.first_look import FirstLook
from checker.columnar import line_look, sent
from tests.checker.batch.test_straight import CLAUSES, given, rows
from tests.checker.cli.desk import BROKEN, Desk, servanda, setup
from tests.checker.cli.test_check import ALL

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone"),
    pytest.mark.skipif(processors() < 2, reason="there is no processor for it"),
]

HEADED = '{"log": {"complete_to": "2025-03-20T00:00:00Z"}}\n' + ALL
"""Lines of which one is no ticket."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Files of any size are looked at; the processes that were begun."""
    real, found = FirstLook._begin, []

    def begin(self: FirstLook) -> None:
        real(self)
        found.extend(process.pid for process in self._processes if process.pid is not None)

    monkeypatch.setattr(first_look, "_LARGE", 0)
    monkeypatch.setattr(FirstLook, "_begin", begin)
    return found


def gone(process: int) -> bool:
    """Whether a process is over, and was waited for."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    return False


def said(desk: Desk, log: Path, *options: str) -> tuple[int, str, str]:
    shape = ("--format", "csv", "--layout", "wide", "--engine", "columns")
    run = servanda("check", *given(desk, []), "--tickets", str(log), *CLAUSES, *shape, *options)
    return run.code, run.out, run.err


@pytest.mark.parametrize("kind", ["rows", "lines"])
def test_it_changes_nothing(kind: str, desk: Desk, monkeypatch: pytest.MonkeyPatch, begun: list[int]) -> None:
    log = rows(desk.folder / "rows.parquet", ALL) if kind == "rows" else desk.write("lines.jsonl", HEADED)
    real = FirstLook.files
    faulty = desk.write("faulty.parquet", "PAR1 and no more")
    for path, *options in ((log,), (faulty,), (log, "--agreements", str(desk.folder / "none.yaml"))):
        with monkeypatch.context() as patched:
            patched.setattr(first_look, "_LARGE", 1 << 60)
            before = said(desk, path, *options)
        assert not begun
        looked: list[Path] = []

        def files(self: FirstLook, looked: list[Path] = looked) -> object:
            found = real(self)
            looked += [Path(each) for each in found]
            return found

        with monkeypatch.context() as patched:
            patched.setattr(FirstLook, "files", files)
            assert said(desk, path, *options) == before
        # A file that is none, and the end before it is asked for, leave nothing behind.
        assert (log in looked) == (path == log and not options)
        assert gone(begun.pop())


def test_lines_that_are_no_tickets_are_held_for_a_while(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    log = desk.write("lines.jsonl", HEADED + BROKEN * 3)
    with FirstLook("columns", "csv", "wide", (log,)) as look:
        assert list(look.files()) == [log]
    before = said(desk, log)
    # There are more of them than are held: who reads the file finds them.
    monkeypatch.setattr(line_look, "_MOST_HELD", 200)
    with FirstLook("columns", "csv", "wide", (log,)) as look:
        assert look.files() == {}
    assert said(desk, log) == before
    assert all(map(gone, begun))


def _for_ever() -> None:
    time.sleep(3600)


def _killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _faulty() -> None:
    raise ZeroDivisionError


def _killed_while_it_tells() -> None:
    def send(to: Connection, what: object) -> None:
        # The head of a message of a thousand bytes, and ten of them.
        os.write(to.fileno(), (1000).to_bytes(4, "big") + bytes(10))
        _killed()

    vars(sent)["send"] = send


@pytest.mark.parametrize("happens", [_killed, _faulty, _killed_while_it_tells])
def test_a_look_that_fails_finds_nothing(
    happens: Callable[[], None], desk: Desk, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    log = desk.write("lines.jsonl", HEADED)
    before = said(desk, log)
    monkeypatch.setattr(first_look, "_looked_at", lambda paths: happens())
    with FirstLook("columns", "csv", "wide", (log,)) as look:
        assert look.files() == {}
    assert said(desk, log) == before
    assert all(map(gone, begun))


def test_a_look_that_nobody_waits_for_is_ended(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    log = desk.write("lines.jsonl", HEADED)
    monkeypatch.setattr(first_look, "_looked_at", lambda paths: _for_ever())
    with FirstLook("columns", "csv", "wide", (log,)):
        assert not gone(begun[0])
    assert gone(begun[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it(
    number: signal.Signals, desk: Desk, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    log = desk.write("lines.jsonl", HEADED)
    mine = os.getpid()

    def looked_at(paths: list[Path]) -> None:
        os.kill(mine, number)
        _for_ever()

    monkeypatch.setattr(first_look, "_looked_at", looked_at)
    code, out, err = said(desk, log)
    assert (code, out, err) == (128 + number, "", f"interrupted by {number.name}: nothing was written\n")
    assert gone(begun[0])


def test_a_signal_while_it_begins_ends_it(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, begun: list[int]
) -> None:
    log = desk.write("lines.jsonl", HEADED)
    real, processes = os.fork, []

    def fork() -> int:
        found = real()
        if found:
            processes.append(found)
            os.kill(os.getpid(), signal.SIGTERM)
        return found

    monkeypatch.setattr(first_look, "_looked_at", lambda paths: _for_ever())
    monkeypatch.setattr(os, "fork", fork)
    code, out, err = said(desk, log)
    assert (code, out, err) == (143, "", "interrupted by SIGTERM: nothing was written\n")
    assert len(processes) == 1
    assert gone(processes[0])
    assert begun == []


def test_where_ended_processes_are_nobodys_business(desk: Desk, begun: list[int]) -> None:
    """Whoever started the program may have said that ended processes are not kept to be asked how they ended."""
    log = desk.write("lines.jsonl", HEADED)
    before = said(desk, log)
    real = signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    try:
        assert said(desk, log) == before
        assert "there is no such file" in said(desk, log, "--agreements", str(desk.folder / "none"))[2]
    finally:
        signal.signal(signal.SIGCHLD, real)
    assert all(map(gone, begun))


def test_a_log_that_cannot_be_asked_for_is_none_to_be_looked_at(desk: Desk, begun: list[int]) -> None:
    """Its fault is told in its turn: here after that of the file to write."""
    code, _, err = said(desk, Path("x" * 300), "-o", str(desk.folder / "none" / "out"))
    assert code == 2
    assert "--output" in err
    assert begun == []


def test_a_signal_that_comes_late_takes_nothing_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written is not said not to be."""
    log, out = desk.write("lines.jsonl", HEADED), desk.folder / "out"

    def exit_code(*_: object) -> int:
        os.kill(os.getpid(), signal.SIGTERM)
        return 0

    monkeypatch.setattr("checker.cli.checked.exit_code", exit_code)
    code, _, err = said(desk, log, "-o", str(out))
    assert code == 143
    assert err.endswith("interrupted by SIGTERM: nothing is lost\n")
    assert out.exists()
