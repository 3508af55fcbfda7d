"""Event rows and exports as Parquet files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.record.files import Limits
from checker.record.model import Fault
from checker.record.reading import read_log
from tests.checker.record.test_broken import accounted
from tests.checker.record.test_export_samples import stamp


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_parquet_says_which_extra_it_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    Path("events.parquet").write_bytes(b"PAR1 and so on")
    with pytest.raises(Fault) as caught:
        read_log(["events.parquet"])
    assert str(caught.value) == (
        "events.parquet: a Parquet file needs the library pyarrow; install it: pip install 'servanda[parquet]'"
    )


def parquet(path: str, columns: dict[str, list[Any]]) -> None:
    arrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    import pyarrow.parquet

    pyarrow.parquet.write_table(arrow.table(columns), path)


def test_event_rows_as_parquet(folder: Path) -> None:
    at = ["2025-03-03T09:00:00+01:00", "2025-03-03T09:05:00+01:00", "soon"]
    columns = {
        "ticket": ["T-1", "T-1", "T-2"],
        "agreement": ["acme"] * 3,
        "at": at,
        "event": ["ticket_opened", "response_sent", "ticket_opened"],
        "automated": [None, False, None],
    }
    parquet("events.parquet", columns)
    log = read_log(["events.parquet"], attribute_types={"automated": "bool"})
    accounted(log)
    assert [(e.name, dict(e.attributes)) for e in log.tickets[0].events] == [
        ("ticket_opened", {}),
        ("response_sent", {"automated": False}),
    ]
    assert str(log.set_aside[0].place) == "events.parquet: row 3"
    assert log.sources[0].read_as == "Parquet"


def test_snapshots_as_parquet(folder: Path) -> None:
    from datetime import UTC, datetime, timedelta

    begun = datetime(2024, 3, 4, 9, 0)
    columns: dict[str, list[Any]] = {
        "ticket": ["C-1", "C-1"],
        "time": [begun, begun + timedelta(minutes=20)],
        "revision": [0, 1],
        "state": ["new", "in progress"],
        "priority": ["P2", "P2"],
        "channel": ["phone", None],
    }
    mapping = {
        "mapping": 1,
        "extends": "snapshot-rows",
        "source": {"format": "parquet", "absent": ["assignee"]},
        "assume": {"zone": "Europe/Warsaw", "response-is": "first-in-progress"},
    }
    Path("m.yaml").write_text(yaml.safe_dump(mapping))
    parquet("updates.parquet", columns)
    log = read_log(["updates.parquet"], mapping="m.yaml")
    assert [(e.name, stamp(e.at)) for e in log.tickets[0].events] == [
        ("ticket_opened", "2024-03-04T08:00:00Z"),
        ("response_sent", "2024-03-04T08:20:00Z"),
    ]
    # An instant with a zone needs none of the mapping's.
    parquet("updates.parquet", {**columns, "time": [at.replace(tzinfo=UTC) for at in columns["time"]]})
    log = read_log(["updates.parquet"], mapping="m.yaml")
    assert stamp(log.tickets[0].events[0].at) == "2024-03-04T09:00:00Z"


def test_parquet_that_cannot_be_read(folder: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    Path("a.parquet").write_bytes(b"PAR1" + b"\0" * 40)
    with pytest.raises(Fault, match="not a Parquet file"):
        read_log(["a.parquet"])
    parquet("b.parquet", {"ticket": ["A"]})
    with pytest.raises(Fault, match="the column at is missing"):
        read_log(["b.parquet"])
    with pytest.raises(Fault, match="the file is too large"):
        read_log(["b.parquet"], limits=Limits(expanded_bytes=1))


def test_a_mapping_of_csv_names_the_format_that_is_due(folder: Path) -> None:
    Path("m.yaml").write_text("mapping: 1\nextends: event-rows\nassume: {zone: UTC}\n")
    Path("events.parquet").write_bytes(b"PAR1 and so on")
    with pytest.raises(Fault, match=r"write source: \{format: parquet\} in the mapping"):
        read_log(["events.parquet"], mapping="m.yaml")
