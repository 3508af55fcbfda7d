"""Every broken input gets one clear message with a place and a remedy, and hides nothing else."""

from pathlib import Path

import pytest

from checker.record.agreements import read_agreements
from checker.record.model import Fault, Log
from checker.record.reading import read_log
from tests.checker.record import broken, golden_text

TYPES = {"automated": "bool"}


def accounted(log: Log) -> None:
    read = log.read
    assert read.rows == read.rows_used + read.rows_set_aside
    assert read.tickets == read.tickets_used + read.tickets_set_aside
    assert read.rows_set_aside == sum(entry.count for entry in log.set_aside)
    assert read.tickets_set_aside == sum(entry.whole for entry in log.set_aside)
    assert read.tickets_used == len(log.tickets)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    # Messages name files as the caller does: by names that are the same on every machine.
    monkeypatch.chdir(tmp_path)
    return tmp_path


def fault_of(read: object, *names: str) -> str:
    with pytest.raises(Fault) as caught:
        read(*names)  # type: ignore[operator]
    message = str(caught.value)
    assert "\n" not in message
    assert "Traceback" not in message
    return message


def test_a_bad_line_among_good_ones(folder: Path) -> None:
    said = {}
    for name, bad in broken.LINES.items():
        Path("tickets.jsonl").write_bytes(broken.GOOD_LINES[0] + b"\n" + bad + b"\n" + broken.GOOD_LINES[1])
        log = read_log(["tickets.jsonl"])
        accounted(log)
        assert [ticket.id for ticket in log.tickets] == ["T-1", "T-2"], name
        assert log.read.rows == 3, name
        (entry,) = log.set_aside
        assert entry.place.line == 2, name
        assert entry.reason, name
        assert entry.remedy, name
        said[name] = str(entry)
    assert said == golden_text.stored("json_lines", said)


def test_a_file_of_a_bad_line_only(folder: Path) -> None:
    said = {}
    for name, bad in broken.LINES.items():
        if name == "header in the middle":
            continue
        Path("tickets.jsonl").write_bytes(bad + b"\n")
        said[name] = fault_of(lambda: read_log(["tickets.jsonl"]))
    assert said == golden_text.stored("json_lines_whole", said)


def test_a_bad_row_among_good_ones(folder: Path) -> None:
    said = {}
    for name, bad in broken.ROWS.items():
        rows = broken.CSV_HEADER + broken.GOOD_ROWS[0] + bad + broken.GOOD_ROWS[1]
        Path("tickets.csv").write_bytes(rows)
        log = read_log(["tickets.csv"], attribute_types=TYPES)
        accounted(log)
        assert [ticket.id for ticket in log.tickets] == ["T-1", "T-2"], name
        assert log.read.rows == 2 + bad.count(b"\n"), name
        assert log.set_aside, name
        assert all(entry.reason and entry.remedy and entry.place.line for entry in log.set_aside), name
        said[name] = "\n".join(f"rows {entry.count}: {entry}" for entry in log.set_aside)
    assert said == golden_text.stored("event_rows", said)


def test_whole_files(folder: Path) -> None:
    said = {"missing": fault_of(lambda: read_log(["tickets.jsonl"]))}
    Path("folder").mkdir()
    said["folder"] = fault_of(lambda: read_log(["folder"]))
    for name, (file, data) in broken.FILES.items():
        Path(file).write_bytes(data)
        said[name] = fault_of(read_log, [file])  # type: ignore[arg-type]
    assert said == golden_text.stored("whole_files", said)


def test_agreements(folder: Path) -> None:
    said = {"missing": fault_of(lambda: read_agreements(["agreements.yaml"]))}
    for name, data in broken.AGREEMENTS.items():
        Path("agreements.yaml").write_bytes(data)
        said[name] = fault_of(lambda: read_agreements(["agreements.yaml"]))
    assert said == golden_text.stored("agreements", said)


def test_there_are_enough_of_them() -> None:
    assert len(broken.LINES) >= 20
    assert len(broken.ROWS) + len(broken.FILES) + len(broken.AGREEMENTS) >= 20
