"""The first look at a log, taken beside other work: it changes nothing that is said."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from checker.cli import straight
from checker.cli.straight import FirstLook
from checker.columnar import line_look, parquet
from checker.record import blocks
from tests.checker.batch.test_straight import CLAUSES, given, rows
from tests.checker.cli.desk import BROKEN, Desk, servanda, setup
from tests.checker.cli.test_check import ALL

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")


HEADED = '{"log": {"complete_to": "2025-03-20T00:00:00Z"}}\n' + ALL
"""Lines of which one is no ticket."""


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


def said(desk: Desk, log: Path, *options: str) -> tuple[int, str, str]:
    shape = ("--format", "csv", "--layout", "wide", "--engine", "columns")
    run = servanda("check", *given(desk, []), "--tickets", str(log), *CLAUSES, *shape, *options)
    return run.code, run.out, run.err


@pytest.mark.parametrize("kind", ["rows", "lines"])
def test_it_changes_nothing(kind: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    log = rows(desk.folder / "rows.parquet", ALL) if kind == "rows" else desk.write("lines.jsonl", HEADED)
    real = FirstLook.files
    faulty = desk.write("faulty.parquet", "PAR1 and no more")
    for path, *options in ((log,), (faulty,), (log, "--agreements", str(desk.folder / "none.yaml"))):
        before = said(desk, path, *options)
        looked: list[Path] = []

        def files(self: FirstLook, looked: list[Path] = looked) -> object:
            found = real(self)
            looked += [Path(each) for each in found]
            return found

        with monkeypatch.context() as patched:
            patched.setattr(straight, "_LARGE", 0)
            patched.setattr(FirstLook, "files", files)
            assert said(desk, path, *options) == before
        # A file that is none, and the end before it is asked for, leave nothing behind.
        assert (log in looked) or path == faulty or options
        assert threading.active_count() == 1 or not any(
            t.name.startswith("Thread-") and "_look" in t.name for t in threading.enumerate()
        )


def test_lines_that_are_no_tickets_are_held_for_a_while(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(straight, "_LARGE", 0)
    log = desk.write("lines.jsonl", HEADED + BROKEN * 3)
    with FirstLook("columns", "csv", "wide", (log,)) as look:
        assert list(look.files()) == [log]
    before = said(desk, log)
    # There are more of them than are held: who reads the file finds them.
    monkeypatch.setattr(line_look, "_MOST_HELD", 200)
    with FirstLook("columns", "csv", "wide", (log,)) as look:
        assert look.files() == {}
    assert said(desk, log) == before


@pytest.mark.parametrize("kind", ["rows", "lines"])
def test_it_is_given_up(kind: str, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of some twenty batches or blocks only those are looked at that were begun."""
    monkeypatch.setattr(straight, "_LARGE", 0)
    monkeypatch.setattr(parquet, "ROWS", 1)
    monkeypatch.setattr(blocks, "BLOCK", 100)
    log = rows(desk.folder / "rows.parquet", ALL) if kind == "rows" else desk.write("lines.jsonl", ALL * 20)
    begun, go_on = threading.Event(), threading.Event()
    module, name = (parquet, "runs") if kind == "rows" else (line_look, "_looked_at")
    real, read = getattr(module, name), []

    def looked_at(some: object) -> object:
        begun.set()
        go_on.wait(10)
        read.append(some)
        return real(some)

    monkeypatch.setattr(module, name, looked_at)
    with FirstLook("columns", "csv", "wide", (log,)) as look:
        assert begun.wait(10)
        threading.Timer(0.1, go_on.set).start()
    assert look.files() == {}
    assert len(read) < 20
