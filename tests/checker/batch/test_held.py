"""A log that is held in columns, for clauses that look at other tickets or at agreements, gives what the same log read as objects gives."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from checker.audit.library import contract_names
from checker.batch import partition
from checker.cli.straight import held_of
from tests.checker.batch.test_straight import of_desk
from tests.checker.cli.desk import AGREEMENTS, CONTRACT, Desk, Run, servanda, setup
from tests.checker.cli.test_check import ALL
from tests.checker.columnar.test_reading import as_rows
from tests.fixtures.audits import DESKS
from tests.soak import made

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

from checker.columnar import table
from tests.bench import every_gen
from tests.bench.registry import Files

WAYS = ("held", "objects", "interpreter")


def run(
    monkeypatch: pytest.MonkeyPatch, folder: Path, way: str, *options: str
) -> tuple[Run, list[bytes], bool]:
    """One audit; what it says, what it wrote, and whether the log was held in columns."""
    taken = [False]

    def chosen(*given: Any, **more: Any) -> Any:
        found = held_of(*given, **more) if way == "held" else None
        taken[0] = found is not None
        return found

    with monkeypatch.context() as patched:
        patched.setattr("checker.cli.audited.held_of", chosen)
        engine = "interpreter" if way == "interpreter" else "columns"
        done = servanda("check", *options, "--engine", engine)
    files = []
    for path in sorted(folder.glob("out*")):
        files.append(path.read_bytes())
        path.unlink()
    return done, files, taken[0]


def same(monkeypatch: pytest.MonkeyPatch, folder: Path, *options: str, held: bool = True) -> Run:
    """All ways give one result; that of the interpreter but for what is said of engines."""
    found = [run(monkeypatch, folder, way, *options) for way in WAYS]
    (one, files, taken), (other, theirs, _), (third, last, _) = found
    assert taken == held
    assert (one.code, one.out, one.err) == (other.code, other.out, other.err)
    assert files == theirs
    assert (one.code, one.out, files[:1]) == (third.code, third.out, last[:1])
    return one


def whole_desk(name: str, tmp_path: Path, kind: str) -> list[str]:
    """Options for the log of a desk and every clause of its contract."""
    options = of_desk(name, tmp_path, kind)
    options = [x for i, x in enumerate(options) if x != "--clause" and options[max(i - 1, 0)] != "--clause"]
    engine = options.index("--engine")
    return options[:engine] + options[engine + 2 :]


@pytest.mark.parametrize("kind", ["lines", "rows"])
@pytest.mark.parametrize("name", DESKS)
def test_whole_contracts(name: str, kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    options = [*whole_desk(name, tmp_path, kind), "-o", str(tmp_path / "out")]
    # A desk with tickets that only the reader of objects understands is read by it.
    held = run(monkeypatch, tmp_path, "held", *options, "--format", "csv", "--layout", "wide")[2]
    # Reasons are the interpreter's, which takes its time.
    for shape in (("csv", "wide"), ("jsonl", "long"))[: 2 if name == "infor-desk" else 1]:
        same(monkeypatch, tmp_path, *options, "--format", shape[0], "--layout", shape[1], held=held)


def test_some_desks_are_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        run(monkeypatch, tmp_path, "held", *whole_desk(name, tmp_path, "rows"), "--format", "table")[2]
        for name in DESKS
    ]
    assert any(found)


# --------------------------------------------------------------------------- many agreements
def many(folder: Path, contract: str, seed: str) -> list[str]:
    """Options for the histories of thirty agreements, some with events of their own, and all clauses."""
    specimen = made.specimen(contract, seed, agreements=30, tickets=3)
    agreements, log = folder / "agreements.yaml", folder / "log.jsonl"
    agreements.write_text("\n---\n".join(json.dumps(a) for a in specimen.agreements))
    # A file has no ticket without an event.
    opened = {"at": specimen.as_of, "event": "ticket_opened"}
    tickets = [
        # What is known to be missing of a ticket is for the reader of objects.
        {k: t[k] for k in ("ticket", "agreement")} | {"kind": "incident", "events": t["events"] or [opened]}
        for t in specimen.tickets
    ]
    log.write_text("".join(json.dumps(t) + "\n" for t in tickets))
    return [
        *("--contract", contract, "--agreements", str(agreements), "--tickets", str(log)),
        *("--as-of", specimen.as_of, "-o", str(folder / "out"), "--format", "csv", "--layout", "wide"),
    ]


@pytest.mark.parametrize("contract", contract_names())
def test_agreements_in_columns(contract: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[bool] = []
    for seed in range(4):
        if any(taken):
            break
        folder = tmp_path / str(seed)
        folder.mkdir()
        options = many(folder, contract, f"held {seed}")
        found = [run(monkeypatch, folder, way, *options) for way in WAYS]
        assert len({done.code for done, _, _ in found}) == 1
        assert len({files[0] for _, files, _ in found}) == 1
        taken.append(found[0][2])
        shutil.rmtree(folder)
    assert any(taken)


@pytest.mark.parametrize("pairs", [1 << 24, 400])
def test_agreements_of_a_table(pairs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In one partition; in several, some of which are judged one after the other."""
    monkeypatch.setattr(partition, "BESIDE", pairs)
    data = Files(tmp_path / "data", 100)
    every_gen.write(data)
    options = [
        *("--contract", data.contract, "--agreements", str(data.every_table), "--tickets", str(data.every)),
        *(
            "--as-of",
            "2026-01-01T00:00:00Z",
            "-o",
            str(tmp_path / "out"),
            "--format",
            "parquet",
            "--layout",
            "wide",
        ),
    ]
    one = same(monkeypatch, tmp_path, *options)
    assert ("engine: columns; 0 verdicts were left" in one.err) == (pairs == 1 << 24)


def test_parts_of_agreements() -> None:
    few = partition.FEW_AGREEMENTS
    parts = partition.parts_of_agreements
    assert list(parts([], 10)) == []
    assert list(parts([5] * (few - 1), 1000)) == [(range(few - 1), False)]
    assert list(parts([5] * few, 1000)) == [(range(few), True)]
    large = 1 << 13
    assert list(parts([*[5] * few, large, *[5] * few], 1000)) == [
        (range(few), True),
        (range(few, few + 1), False),
        (range(few + 1, 2 * few + 1), True),
    ]
    assert list(parts([0] * 90, 30)) == [(range(0, 30), True), (range(30, 60), True), (range(60, 90), True)]
    sizes = [len(part) for part, _ in parts([1] * 10_000, 20_000)]
    assert sizes == [2_500] * 4


# --------------------------------------------------------------------------- what broke once
PERIODS = """
period day
  means each day

clause desk.daily
  title "Few a day"
  title pl "Niewiele dziennie"
  concerns each day
  the provider shall ensure that the number of ticket_opened in day is at most 20
"""


def desk_of_many(desk: Desk, more: str, agreements: int = 40) -> list[str]:
    """Options for a desk with more clauses, and many agreements with tickets of one year."""
    desk.contract.write_text(desk.contract.read_text() + more)
    found = "---\n".join(AGREEMENTS.replace("acme", f"acme-{k}") for k in range(agreements))
    event = {"event": "ticket_opened", "severity": "1", "channel": "phone"}
    tickets = [
        {
            "ticket": f"T-{k}-{month}",
            "agreement": f"acme-{k}",
            "kind": "incident",
            "events": [{"at": f"2025-{month:02}-{1 + k % 28:02}T09:00:00Z", **event}],
        }
        for k in range(agreements)
        for month in range(1, 13)
    ]
    log = desk.write("log.jsonl", "".join(json.dumps(t) + "\n" for t in tickets))
    return [
        *("--contract", str(desk.contract), "--agreements", str(desk.write("agreements.yaml", found))),
        *("--tickets", str(log), "--as-of", "2025-12-31T12:00:00+01:00"),
    ]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


def test_occasions_beside_many_events_are_divided(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    options = [
        *desk_of_many(desk, PERIODS),
        "-o",
        str(desk.folder / "out"),
        "--format",
        "csv",
        "--layout",
        "wide",
    ]
    divided: list[int] = []
    part = table.Table.part

    def noted(self: table.Table, first: int, last: int) -> table.Table:
        divided.append(last - first)
        return part(self, first, last)

    monkeypatch.setattr(table.Table, "part", noted)
    whole = run(monkeypatch, desk.folder, "held", *options)
    assert not divided
    monkeypatch.setattr(table, "_MOST_PAIRS", 1 << 14)
    found = run(monkeypatch, desk.folder, "held", *options)
    assert min(divided) < 40
    assert (found[0].out, found[1]) == (whole[0].out, whole[1])
    monkeypatch.setattr(table, "_MOST_PAIRS", 0)
    assert run(monkeypatch, desk.folder, "held", *options)[1] == whole[1]
    assert min(divided) == 1
    same(monkeypatch, desk.folder, *options)


def test_clauses_that_are_only_stated(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    title, stated = CONTRACT.split("calendar office")[0], CONTRACT[CONTRACT.index("clause desk.tone") :]
    desk.contract.write_text(title + stated)
    log = desk.write("log.jsonl", ALL)
    options = [
        *("--contract", str(desk.contract), "--agreements", str(desk.write("agreements.yaml", AGREEMENTS))),
        *("--tickets", str(log), "--as-of", "2025-12-31T12:00:00+01:00"),
    ]
    for format_, layout in (("table", "long"), ("csv", "wide"), ("jsonl", "long")):
        one = same(monkeypatch, desk.folder, *options, "--format", format_, "--layout", layout)
        assert "0 judged, 1 stated only" in one.err


RANKED = """
attribute severity
  ranks 1, 2, 3

clause desk.none-at-all
  title "No tickets"
  title pl "Bez zgłoszeń"
  concerns the agreement
  the provider shall ensure that the number of ticket_opened is at most 0
"""


@pytest.mark.parametrize("kind", ["lines", "rows"])
def test_reports_show_all_that_records_say(kind: str, desk: Desk) -> None:
    """What an agreement's record says of a ranked attribute is no severity of the agreement, and events are shown whole."""
    options = desk_of_many(desk, RANKED)
    if kind == "rows":
        lines = [json.loads(line) for line in (desk.folder / "log.jsonl").read_text().splitlines()]
        options[options.index("--tickets") + 1] = str(as_rows(desk.folder / "rows.parquet", lines))
    found = []
    for engine in ("columns", "interpreter"):
        out = desk.folder / f"{engine}.json"
        servanda("report", *options, "--explain", "2", "--engine", engine, "-o", str(out))
        found.append(json.loads(out.read_text()))
    one, other = found
    assert one["findings"] == other["findings"]
    assert one["explanations"] == other["explanations"]
    of_agreements = [f for f in one["findings"] if not f["ticket"]]
    assert of_agreements
    assert all(f["ranked"] == {} for f in of_agreements)
    assert '"channel": "phone"' in json.dumps(one["explanations"])
