"""An audit of an export that is read straight into columns says, byte for byte, what the audit of its tickets as objects says."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from checker.cli.straight import exported_of
from tests.checker.cli.desk import Run, servanda
from tests.fixtures.audits import FIXTURES

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

UCI = FIXTURES / "servicenow-uci"
STATES = ["Active", "Awaiting User Info", "Awaiting Vendor", "Active", "Resolved", "Closed", "Closed"]
# Clauses of a ticket, some that look at other tickets, and clauses of the agreement.
CLAUSES = ("unified.reactive.sev*", "unified.uer.*", "unified.*.excluded-products", "unified.prs.*")
HEADER = "number,incident_state,sys_mod_count,made_sla,opened_at,sys_updated_at,contact_type,priority"


def export(path: Path, tickets: int = 60) -> None:
    """An audit of incidents, some with gaps, some out of order."""
    draw = random.Random(5)
    lines = [HEADER]
    for i in range(tickets):
        at = opened = datetime(2016, 3, 1) + timedelta(minutes=draw.randrange(60 * 24 * 200))
        state, priority, revision = (
            "New",
            draw.choice(["1 - Critical", "2 - High", "3 - Moderate", "4 - Low"]),
            0,
        )
        for k in range(draw.randrange(1, 9)):
            stamps = [f"{t.day}/{t.month}/{t:%Y %H:%M}" for t in (opened, at)]
            kind = draw.choice(["Phone", "Phone", "Direct opening", "?"])
            kept = str(k < 6).lower()
            lines.append(f"INC{i:05d},{state},{revision},{kept},{','.join(stamps)},{kind},{priority}")
            at += timedelta(minutes=draw.randrange(1, 60 * 30))
            revision += draw.choice([1, 1, 1, 1, 2, 4]) if i % 20 else draw.choice([1, -1])
            state = draw.choice(STATES)
            priority = priority if draw.random() < 0.8 else draw.choice(["1 - Critical", "3 - Moderate"])
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def check(monkeypatch: pytest.MonkeyPatch, folder: Path, way: str, *options: str) -> tuple[Run, list[bytes]]:
    """One run: `columns` (straight from the export), `objects` or `interpreter`; what it says and what it wrote."""
    taken: list[bool] = []

    def chosen(*given: Any) -> Any:
        found = None if way != "columns" else exported_of(*given)
        taken.append(found is not None)
        return found

    clauses = [x for c in CLAUSES for x in ("--clause", c)]
    with monkeypatch.context() as patched:
        patched.setattr("checker.cli.audited.exported_of", chosen)
        done = servanda(
            "check",
            *("--contract", "unified", "--agreements", str(UCI / "agreement.yaml")),
            *("--tickets", str(folder / "log.csv"), "--mapping", str(UCI / "mapping.yaml")),
            *("--engine", "interpreter" if way == "interpreter" else "columns"),
            *clauses,
            *options,
        )
    assert taken == [way == "columns"]
    files = []
    for path in sorted(folder.glob("*out*")):
        files.append(path.read_bytes())
        path.unlink()
    return done, files


@pytest.mark.parametrize("jobs", ["1", "3"])
@pytest.mark.parametrize(
    "options",
    [(), ("--format", "csv", "--layout", "wide"), ("--format", "parquet", "--layout", "wide")],
    ids=str,
)
def test_the_same_as_from_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], jobs: str
) -> None:
    export(tmp_path / "log.csv")
    out = ("-o", str(tmp_path / "out")) if options else ()
    given = (*options, *out, "--jobs", jobs, "--partition", "25")
    one, files = check(monkeypatch, tmp_path, "columns", *given)
    other, theirs = check(monkeypatch, tmp_path, "objects", *given)
    assert (one.code, one.out, one.err) == (other.code, other.out, other.err)
    assert files == theirs
    assert "set aside: " in one.err
    assert "without mitigation-is, product-family, response-is: " in one.err
    assert "claim of the source, not a fact: made_sla" in one.err


def test_the_same_as_the_interpreter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    export(tmp_path / "log.csv", 40)
    given = ("--format", "csv", "--layout", "wide")
    one, _ = check(monkeypatch, tmp_path, "columns", *given)
    other, _ = check(monkeypatch, tmp_path, "interpreter", *given)
    assert (one.code, one.out) == (other.code, other.out)
    said = [line for line in one.err.splitlines() if not line.startswith("engine: ")]
    assert said == other.err.splitlines()


def test_an_audit_of_long_rows_gives_the_reasons_of_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(tmp_path / "log.csv", 12)
    given = ("--format", "csv", "--layout", "long")
    one, _ = check(monkeypatch, tmp_path, "columns", *given)
    other, _ = check(monkeypatch, tmp_path, "interpreter", *given)
    assert (one.code, one.out) == (other.code, other.out)
