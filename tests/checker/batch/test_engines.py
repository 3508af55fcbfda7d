"""Both engines give the same bytes in every format, on every desk; so do partitions of any size."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker.batch.choice import FORMATS, WIDE, chosen
from tests.checker.cli.desk import Desk, Run, servanda, setup
from tests.checker.cli.test_check import ALL, BROKEN
from tests.fixtures.audits import DESKS, FIXTURES, contract_of

SHAPES = [
    (format_, layout)
    for format_ in FORMATS
    for layout in ("long", "wide")
    if layout == "long" or format_ in WIDE
]
MORE = ALL + BROKEN + "".join(ALL.replace('"T-', f'"T-{n}-') for n in range(5))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return setup(tmp_path)


def made(name: str, into: Path, *options: str) -> tuple[bytes, Run]:
    """The bytes of a report of a bundled desk, and how the run went."""
    folder = FIXTURES / name
    done = servanda(
        *("check", "--contract", contract_of(name), "--agreements", str(folder / "agreement.yaml")),
        *("--tickets", str(folder / "tickets.jsonl"), "-o", str(into), *options),
    )
    assert done.code in (0, 1), done.err
    return into.read_bytes(), done


# All shapes on one desk, and on every other one of each way in which rows are made.
PAIRS = [(DESKS[0], *shape) for shape in SHAPES] + [
    (name, *shape) for name in DESKS[1:] for shape in (("csv", "wide"), ("jsonl", "long"), ("table", "long"))
]


@pytest.mark.parametrize(("name", "format_", "layout"), PAIRS)
def test_both_engines_give_the_same_bytes(name: str, format_: str, layout: str, tmp_path: Path) -> None:
    shape = ("--format", format_, "--layout", layout)
    by_case, told = made(name, tmp_path / "one", *shape, "--engine", "interpreter")
    in_columns, said = made(name, tmp_path / "two", *shape, "--engine", "columns", "--partition", "50")
    assert in_columns == by_case
    assert (said.code, said.out) == (told.code, told.out)
    assert [
        line for line in said.err.splitlines() if not line.startswith("engine: ")
    ] == told.err.splitlines()
    assert "engine: columns" in said.err


@pytest.mark.parametrize("engine", ["columns", "interpreter"])
@pytest.mark.parametrize(("format_", "layout"), SHAPES)
def test_partitions_of_any_size_give_the_same_bytes(
    desk: Desk, format_: str, layout: str, engine: str
) -> None:
    shape = ("--format", format_, "--layout", layout, "--engine", engine)
    seen = set()
    for n, size in enumerate(("1", "2", "7", "1000")):
        out = desk.folder / f"out-{n}"
        assert desk.check(MORE, *shape, "--partition", size, "-o", str(out)).code == 1
        seen.add(out.read_bytes())
    assert len(seen) == 1


@pytest.mark.parametrize(("format_", "layout"), [s for s in SHAPES if s[0] != "parquet"])
def test_standard_output_gets_what_a_file_gets(desk: Desk, format_: str, layout: str) -> None:
    shape = ("--format", format_, "--layout", layout, "--partition", "2")
    out = desk.folder / "out"
    printed = desk.check(MORE, *shape)
    desk.check(MORE, *shape, "-o", str(out))
    assert printed.out == out.read_bytes().decode().replace("\r\n", "\n")


@pytest.mark.parametrize("layout", ["long", "wide"])
def test_another_reading_is_the_same_in_columns(desk: Desk, layout: str) -> None:
    options = ("--format", "jsonl", "--layout", layout, "--reading", "desk-clock=elapsed")
    found = {engine: desk.check(ALL, *options, "--engine", engine) for engine in ("columns", "interpreter")}
    assert found["columns"].out == found["interpreter"].out
    plain = desk.check(ALL, *options[:4], "--engine", "columns")
    assert plain.out != found["columns"].out


def test_several_processes_give_the_same_bytes(desk: Desk) -> None:
    shape = ("--format", "csv", "--layout", "wide", "--partition", "2")
    alone = desk.check(MORE, *shape, "--jobs", "1")
    many = desk.check(MORE, *shape, "--jobs", "3")
    assert (many.code, many.out) == (alone.code, alone.out)


# --------------------------------------------------------------------------- which engine
@pytest.mark.parametrize(
    ("format_", "layout", "engine"),
    [
        ("table", "long", "columns"),
        ("csv", "wide", "columns"),
        ("jsonl", "wide", "columns"),
        ("parquet", "wide", "columns"),
        ("csv", "long", "interpreter"),
        ("parquet", "long", "interpreter"),
        ("junit", "long", "interpreter"),
    ],
)
def test_auto_takes_columns_where_no_row_gives_its_reason(format_: str, layout: str, engine: str) -> None:
    assert chosen("auto", format_, layout, 1_000_000) == engine
    assert chosen("auto", format_, layout, 10) == "interpreter"
    assert chosen("interpreter", format_, layout, 1_000_000) == "interpreter"
    assert chosen("columns", format_, layout, 10) == "columns"


def test_the_provenance_says_which_engine_judged(desk: Desk) -> None:
    judged = {}
    for engine in ("columns", "interpreter"):
        out = desk.folder / f"{engine}.csv"
        desk.check(ALL, "--format", "csv", "--layout", "wide", "--engine", engine, "-o", str(out))
        record = json.loads(out.with_name(f"{engine}.csv.provenance.json").read_text())
        judged[engine] = record["judged_by"]
    assert judged["interpreter"] == {"engine": "interpreter", "clauses_by_the_interpreter": []}
    assert judged["columns"]["engine"] == "columns"


def test_what_did_not_run_in_columns_is_named_and_counted(tmp_path: Path) -> None:
    """Clauses with the form that keeps them from the columns; verdicts of the others."""
    out = tmp_path / "out.csv"
    _, done = made("unified-desk", out, "--format", "csv", "--layout", "wide", "--engine", "columns")
    record = json.loads(out.with_name("out.csv.provenance.json").read_text())
    named = record["judged_by"]["clauses_by_the_interpreter"]
    (line,) = [line for line in done.err.splitlines() if line.startswith("engine: columns")]
    assert named == sorted(set(named))
    assert (f"; {len(named)} clauses have forms of the interpreter (" in line) == bool(named)
