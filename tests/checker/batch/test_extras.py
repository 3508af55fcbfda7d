"""Parquet with the types that its columns deserve; extras that are not installed; the bar on a terminal."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from checker.batch import choice
from checker.interpret.verdicts import Verdict
from checker.render.progress import progress
from tests.checker.cli.desk import Desk, process, setup
from tests.checker.cli.test_check import ALL

WORDS = [str(v) for v in Verdict]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


# --------------------------------------------------------------------------- Parquet
@pytest.mark.parametrize("engine", ["columns", "interpreter"])
def test_long_parquet_holds_what_json_lines_hold(desk: Desk, engine: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = desk.folder / "out.parquet"
    desk.check(ALL, "--format", "parquet", "--engine", engine, "-o", str(out))
    table = parquet.read_table(out)
    kinds = {field.name: str(field.type) for field in table.schema}
    verdict = "dictionary<values=string, indices=int8, ordered=0>"
    assert (kinds["verdict"], kinds["margin_s"], kinds["due"]) == (verdict, "int64", "timestamp[ms, tz=UTC]")
    assert kinds["contested"] == kinds["claims"]
    assert kinds["contested"].startswith("list<")
    found = [{**row, **_instants(row)} for row in table.to_pylist()]
    expected = [{**row, **_instants(row)} for row in desk.check(ALL, "--format", "jsonl").rows]
    assert found == expected
    assert {row["verdict"] for row in found} <= set(WORDS)


def _instants(row: dict[str, object]) -> dict[str, object]:
    """Instants as seconds, whatever they are written as."""
    out: dict[str, object] = {}
    for name in ("due", "done"):
        at = row[name]
        stamp = datetime.fromisoformat(at) if isinstance(at, str) else at
        assert stamp is None or isinstance(stamp, datetime)
        out[name] = stamp.astimezone(UTC) if stamp is not None else None
    return out


@pytest.mark.parametrize("engine", ["columns", "interpreter"])
def test_wide_parquet_has_the_columns_of_wide_csv(desk: Desk, engine: str) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    out = desk.folder / "out.parquet"
    shape = ("--layout", "wide", "--engine", engine)
    desk.check(ALL, "--format", "parquet", *shape, "-o", str(out))
    table = parquet.read_table(out)
    rows = list(csv.DictReader(io.StringIO(desk.check(ALL, "--format", "csv", *shape).out, newline="")))
    assert table.schema.names == list(rows[0])
    for name in table.schema.names:
        told = [each or "" for each in table.column(name).to_pylist()]
        assert ["; ".join(each) if name == "contested" else each for each in told] == [
            row[name] for row in rows
        ]
    clauses = [name for name in table.schema.names if name.startswith("desk.")]
    assert clauses
    for name in clauses:
        assert table.column(name).chunk(0).dictionary.to_pylist() == WORDS


def test_row_groups_are_of_one_size_whatever_the_partitions(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    from checker.batch import arrow

    monkeypatch.setattr(arrow, "GROUP", 4)
    seen = set()
    for size in ("1", "3", "100"):
        out = desk.folder / f"{size}.parquet"
        desk.check(ALL, "--format", "parquet", "--partition", size, "-o", str(out))
        told = parquet.ParquetFile(out).metadata
        groups = [told.row_group(i).num_rows for i in range(told.num_row_groups)]
        assert sum(groups) == 6 * 3 + 1
        assert set(groups[:-1]) == {4}
        seen.add(out.read_bytes())
    assert len(seen) == 1


def test_parquet_needs_a_file(desk: Desk) -> None:
    found = desk.check(ALL, "--format", "parquet")
    assert found.code == 2
    assert "--format: Parquet is written to a file; found no -o; give -o FILE.parquet" in found.err


# --------------------------------------------------------------------------- extras that are not installed
@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No extra is installed."""
    monkeypatch.setattr(choice, "find_spec", lambda name: None)


@pytest.mark.usefixtures("bare")
def test_parquet_without_its_extra(desk: Desk) -> None:
    out = desk.folder / "out.parquet"
    found = desk.check(ALL, "--format", "parquet", "-o", str(out))
    assert (found.code, out.exists()) == (2, False)
    assert found.err.splitlines() == [
        "error: --format: Parquet needs the library pyarrow; found none installed; "
        "install it: pip install 'servanda[parquet]', or give --format csv"
    ]


@pytest.mark.usefixtures("bare")
def test_columns_without_their_extra(desk: Desk) -> None:
    found = desk.check(ALL, "--engine", "columns")
    assert (found.code, found.out) == (2, "")
    assert found.err.splitlines() == [
        "error: --engine: the columns need the library numpy; found none installed; "
        "install it: pip install 'servanda[columnar]', or give --engine interpreter"
    ]


def test_without_extras_the_interpreter_judges(desk: Desk) -> None:
    """In a process in which neither library can be had."""
    block = desk.write(
        "sitecustomize.py", "import sys\nsys.modules.update(numpy=None, pyarrow=None)\n"
    ).parent
    out = desk.folder / "out.csv"
    many = "".join(ALL.replace('"T-', f'"T-{n}-') for n in range(choice.WORTH // 20))
    given = [*desk.inputs(many), "--format", "csv", "--layout", "wide", "--jobs", "1", "-o", str(out)]
    done = process("check", *given, cwd=desk.folder, PYTHONPATH=f"{block}:{Path(__file__).parents[3]}")
    assert done.returncode == 1, done.stderr
    judged = json.loads(out.with_name("out.csv.provenance.json").read_text())["judged_by"]["engine"]
    assert judged == "interpreter"
    found = desk.check(many, *given[6:-1], str(desk.folder / "columns.csv"))
    assert "engine: columns" in found.err
    assert out.read_bytes() == (desk.folder / "columns.csv").read_bytes()


# --------------------------------------------------------------------------- progress
class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_the_bar_is_for_terminals() -> None:
    page, screen = io.StringIO(), Screen()
    for out in (page, screen):
        with progress("judged", 40, out) as advance:
            advance(10)
            advance(30)
    assert page.getvalue() == ""
    assert "judged" in screen.getvalue()
    assert "40/40" in screen.getvalue()


def test_nothing_of_a_bar_stands_in_a_log(desk: Desk) -> None:
    found = desk.check(ALL, "--format", "csv", "--partition", "1")
    assert "judged ━" not in found.err
    assert "\x1b" not in found.err
    assert "\r" not in found.err
