"""A log that is read straight into columns while it is judged gives what the same log read as objects gives: every byte of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from checker.audit.library import load_contract
from checker.cli.straight import straight_of
from checker.columnar.reads import reads
from checker.interpret.book import Book
from dsl import contract as ir
from tests.checker.cli.desk import AGREEMENTS, BROKEN, OTHERS, Desk, Run, servanda, setup
from tests.checker.cli.test_check import ALL
from tests.checker.columnar.test_reading import as_rows
from tests.fixtures.audits import DESKS, FIXTURES, contract_of

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

SHAPES = [("table", "long"), ("csv", "wide"), ("jsonl", "wide"), ("parquet", "wide")]
REASONED = [("csv", "long"), ("jsonl", "long"), ("parquet", "long"), ("junit", "long")]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


@dataclass
class Ways:
    """Which way the log of each run went: straight or not."""

    monkeypatch: pytest.MonkeyPatch
    taken: list[bool] = field(default_factory=list)

    def both(self, out: Path | None, *options: str) -> tuple[Run, Run]:
        """The same run straight and through objects; the result and its provenance are compared here."""
        found: list[tuple[Run, list[bytes]]] = []
        to = () if out is None else ("-o", str(out))
        with self.monkeypatch.context() as patched:
            for as_objects in (False, True):

                def chosen(*given: Any, none: bool = as_objects) -> Any:
                    way = None if none else straight_of(*given)
                    self.taken.append(way is not None)
                    return way

                patched.setattr("checker.cli.audited.straight_of", chosen)
                patched.setattr("checker.cli.audited.held_of", lambda *_, **__: None)
                done = servanda("check", *options, *to)
                files = _files(out) if out is not None else []
                found.append((done, files))
        (one, files), (other, theirs) = found
        assert files == theirs
        return one, other

    def same(self, out: Path | None, *options: str) -> Run:
        """Both say the same, and the first went straight."""
        self.taken.clear()
        one, other = self.both(out, *options)
        assert (one.code, one.out, one.err) == (other.code, other.out, other.err)
        assert self.taken == [True, False]
        return one


def _files(out: Path) -> list[bytes]:
    """The result and its provenance, which are cleared away; nothing else may lie there."""
    found = []
    for path in sorted(out.parent.glob(f"*{out.name}*")):
        found += [path.name.encode(), path.read_bytes() if path.is_file() else b"a folder"]
        path.unlink()
    return found


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> Ways:
    return Ways(monkeypatch)


def alone(contract: str) -> list[str]:
    """Options for the clauses of a contract that look at one ticket."""
    checked = load_contract(contract)
    book = Book(checked)
    mine = [
        c.id
        for c in checked.clauses
        if c.level == "ticket" and not reads(book, [c]).across and not _stated(c)
    ]
    return [option for name in mine for option in ("--clause", name)]


def _stated(clause: ir.Clause) -> bool:
    """Whether a clause is only stated, which nobody can ask for."""
    return all(isinstance(each, ir.Stated) for line in clause.sentences for each in line.all())


# --------------------------------------------------------------------------- the desks
def of_desk(name: str, tmp_path: Path, kind: str) -> list[str]:
    """Options for the log of a desk, as lines or as rows, and its clauses that look at one ticket."""
    folder = FIXTURES / name
    log, more = folder / "tickets.jsonl", []
    if kind == "rows":
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        end = next((line["log"]["complete_to"] for line in lines if "log" in line), "2026-01-01T00:00:00Z")
        log = as_rows(tmp_path / "events.parquet", [line for line in lines if "log" not in line])
        more = ["--as-of", end]
    contract = contract_of(name)
    given = ["--contract", contract, "--agreements", str(folder / "agreement.yaml"), "--tickets", str(log)]
    return [*given, *more, *alone(contract), "--engine", "columns", "--partition", "40"]


@pytest.mark.parametrize("kind", ["lines", "rows"])
@pytest.mark.parametrize("name", DESKS)
def test_of_the_desks(name: str, kind: str, tmp_path: Path, ways: Ways) -> None:
    given = of_desk(name, tmp_path, kind)
    for format_, layout in SHAPES if name == DESKS[0] else SHAPES[1:2]:
        ways.same(tmp_path / "out", *given, "--format", format_, "--layout", layout)


@pytest.mark.parametrize("kind", ["lines", "rows"])
@pytest.mark.parametrize(("format_", "layout"), REASONED)
def test_of_a_desk_with_reasons(kind: str, format_: str, layout: str, tmp_path: Path, ways: Ways) -> None:
    given = of_desk("senetic-desk", tmp_path, kind)
    ways.same(tmp_path / "out", *given, "--format", format_, "--layout", layout)


# --------------------------------------------------------------------------- logs with faults, several logs
CLAUSES = ("--clause", "desk.closing", "--clause", "desk.response*", "--engine", "columns")
CLAIMED = ALL.replace('"events"', '"claims": {"made_sla": true}, "events"', 1)
LOGS = {
    "good": [ALL],
    "broken lines": [ALL + BROKEN + "nonsense\n" + ALL.replace('"T-', '"U-')],
    "tickets twice": [ALL + ALL.replace('"T-', '"U-') + ALL],
    "one id with two histories": [ALL + ALL.replace("T-late", "T-met").replace("T-friday", "T-late")],
    "several": [ALL, ALL.replace('"T-', '"U-'), ALL.replace('"T-', '"V-') + BROKEN],
    "a ticket in two files": [ALL, ALL.replace('"T-', '"U-') + ALL.splitlines(keepends=True)[0]],
    "agreements that nobody gave": [ALL + ALL.replace("acme", "nobody").replace('"T-', '"U-')],
    "other contracts": [ALL + ALL.replace("acme", "other").replace('"T-', '"U-')],
    "none of ours": [ALL.replace("acme", "nobody")],
    "claims": [CLAIMED + ALL.replace('"T-', '"U-')],
    "an end": ['{"log": {"complete_to": "2025-03-20T00:00:00Z"}}\n' + ALL],
    "two ends": [
        f'{{"log": {{"complete_to": "2025-03-2{i}T00:00:00Z"}}}}\n' + ALL[:0] + line
        for i, line in enumerate(ALL.splitlines(keepends=True)[:2])
    ],
    "no row": [ALL, BROKEN],
    "not a line": ["nonsense\n"],
}


def given(desk: Desk, logs: list[str], agreements: str = AGREEMENTS + OTHERS) -> list[str]:
    paths = [desk.write(f"log-{i}.jsonl", text) for i, text in enumerate(logs)]
    return [
        *("--contract", str(desk.contract), "--agreements", str(desk.write("agreements.yaml", agreements))),
        *(option for path in paths for option in ("--tickets", str(path))),
        *("--as-of", "2025-12-31T12:00:00+01:00"),
    ]


@pytest.mark.parametrize("name", LOGS)
def test_of_logs(desk: Desk, ways: Ways, name: str) -> None:
    options = [*given(desk, LOGS[name]), *CLAUSES]
    csv, table = ("--format", "csv", "--layout", "wide"), ("--format", "table")
    ways.same(desk.folder / "out", *options, "--partition", "2", *csv)
    ways.same(None, *options, "--partition", "1000", *table)
    ways.same(desk.folder / "out", *options, "--partition", "2", *table, "--strict")
    ways.same(None, *options, "--partition", "2", *csv, "--strict")
    assert [p.name for p in desk.folder.glob(".out*")] == []


def rows(path: Path, lines: str) -> Path:
    """The tickets of a log as event rows."""
    found = [json.loads(line) for line in lines.splitlines()]
    return as_rows(path, [{"kind": "incident", **line} for line in found if "ticket" in line])


def test_lines_and_rows_together(desk: Desk, ways: Ways) -> None:
    apart = rows(desk.folder / "rows.parquet", ALL.replace('"T-', '"R-'))
    mixed = rows(desk.folder / "mixed.parquet", ALL.replace('"T-f', '"R-f'))
    options = given(desk, [ALL, ALL.replace('"T-', '"S-')])
    for files in ([apart], [mixed], [mixed, apart]):
        more = [option for file in files for option in ("--tickets", str(file))]
        ways.same(desk.folder / "out", *more, *options, *CLAUSES, "--format", "csv", "--layout", "wide")


EARLY = """
period month
  means each month

clause desk.early
  title "Before February"
  title pl "Przed lutym"
  concerns each month
  where it is before 2025-02-01
  the provider shall have response_sent
    during month

clause desk.later
  title "Answered, unless the record begins before February"
  title pl "Odpowiedź, chyba że zapis zaczyna się przed lutym"
  concerns each ticket_opened as opening
  superseded by desk.early
  the provider shall have response_sent
    within 2 elapsed hours of opening
"""


def test_periods_begin_with_an_event_that_nobody_reads(desk: Desk, ways: Ways) -> None:
    desk.contract.write_text(desk.contract.read_text() + EARLY)
    line = json.loads(ALL.splitlines()[0])
    pause = {"at": "2025-01-07T09:00:00+01:00", "event": "work_paused"}
    earlier = json.dumps({**line, "ticket": "T-early", "events": [pause, *line["events"]]}) + "\n"
    options = [*given(desk, [ALL + earlier]), "--clause", "desk.later", "--format", "csv", "--layout", "wide"]
    out = desk.folder / "out"
    ways.same(out, *options, "--engine", "columns")
    found = []
    for engine in ("columns", "interpreter"):
        servanda("check", *options, "--engine", engine, "-o", str(out))
        found.append(out.read_text())
    assert found[0] == found[1]
    assert "T-early,not_applicable" in found[0]
    assert "T-late,not_applicable" not in found[0]


def test_rows_that_stand_by_time(desk: Desk, ways: Ways, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows of one ticket far from each other: they are brought together, and tickets come as they begin."""
    import pyarrow.parquet as parquet

    from checker.columnar import parquet as table_files
    from checker.columnar import regroup

    many = "".join(ALL.replace('"T-', f'"T-{n}-') for n in range(9))
    path = rows(desk.folder / "rows.parquet", many)
    parquet.write_table(
        parquet.read_table(path).sort_by([("at", "ascending"), ("ticket", "descending")]), path
    )
    options = given(desk, [])
    for few, bucket in ((1000, 1 << 18), (0, 1 << 18), (0, 7)):
        monkeypatch.setattr(table_files, "MANY", few)
        monkeypatch.setattr(regroup, "ROWS", bucket)
        shape = ("--partition", "5", "--format", "csv", "--layout", "wide")
        ways.same(desk.folder / "out", "--tickets", str(path), *options, *CLAUSES, *shape)
