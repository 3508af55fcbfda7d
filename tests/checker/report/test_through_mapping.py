"""A report of an export that is read straight into columns is the report of its tickets as objects, and so is one of saved verdicts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.batch.exported import Exported
from tests.checker.batch.test_exported import CLAUSES, UCI, export
from tests.checker.report.test_saved import run

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")


def asked(folder: Path) -> list[str | Path]:
    files = ("--agreements", UCI / "agreement.yaml", "--tickets", folder / "log.csv")
    clauses = [x for c in CLAUSES for x in ("--clause", c)]
    return ["--contract", "unified", *files, "--mapping", UCI / "mapping.yaml", *clauses]


def report(folder: Path, name: str, *more: str | Path) -> dict[str, Any]:
    done = run("report", *asked(folder), *more, "-o", folder / name)
    assert done.exit_code == 0, done.output
    told: dict[str, Any] = json.loads((folder / name).read_bytes())
    return told


def engine_of(path: Path) -> Any:
    """What judged, as the provenance beside a report says."""
    beside = json.loads(path.with_name(path.name + ".provenance.json").read_text(encoding="utf-8"))
    return beside["judged_by"]["engine"]


def test_it_is_the_report_of_objects(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(tmp_path / "log.csv")
    in_columns: list[Exported] = []
    cases = Exported.cases

    def seen(self: Exported, wanted: Any) -> Any:
        in_columns.append(self)
        return cases(self, wanted)

    monkeypatch.setattr(Exported, "cases", seen)
    columns = report(tmp_path, "c.json", "--engine", "columns")
    assert in_columns, "the export was read as objects"
    objects = report(tmp_path, "i.json", "--engine", "interpreter")
    assert len(in_columns) == 1
    assert [engine_of(tmp_path / name) for name in ("c.json", "i.json")] == ["columns", "interpreter"]
    assert columns == objects
    assert columns["figures"]["claims"]["claims"]
    assert columns["figures"]["claims"]["without"]
    assert columns["explanations"]
    assert all(f["place"] for f in columns["findings"] if f["ticket"])


def test_it_can_be_verified_and_made_from_saved_verdicts(tmp_path: Path) -> None:
    export(tmp_path / "log.csv", 25)
    report(tmp_path, "r.json", "--engine", "columns", "--jobs", "2")
    here = ("--in", UCI, "--in", tmp_path)
    held = run("verify", tmp_path / "r.json", *here)
    assert held.exit_code == 0, held.output
    # Saved verdicts are told of the same way, whoever gave them.
    fresh = report(tmp_path, "f.json", "--engine", "interpreter")
    written = run(
        "check", *asked(tmp_path), "--engine", "interpreter", "--format", "jsonl", "-o", tmp_path / "v.jsonl"
    )
    assert written.exit_code in (0, 1), written.output
    done = run("report", "--verdicts", tmp_path / "v.jsonl", *here, "-o", tmp_path / "s.json")
    assert done.exit_code == 0, done.output
    assert json.loads((tmp_path / "s.json").read_bytes()) == fresh
    log = tmp_path / "log.csv"
    log.write_text(log.read_text().replace("2 - High", "4 - Low", 1))
    assert run("verify", tmp_path / "r.json", *here).exit_code == 1
