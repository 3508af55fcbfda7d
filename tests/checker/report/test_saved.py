"""A report of verdicts that `check` has written is the report of the run, byte for byte."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.audit.provenance import file_digest
from checker.cli.main import main
from tests.house.tree import ROOT


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def desk(folder: Path, contract: str) -> list[str | Path]:
    for name in ("agreement.yaml", "tickets.jsonl"):
        shutil.copy(ROOT / "fixtures" / f"{contract}-desk" / name, folder / name)
    files = ("--agreements", folder / "agreement.yaml", "--tickets", folder / "tickets.jsonl")
    return ["--contract", contract, *files]


@pytest.mark.parametrize(
    ("contract", "more"),
    [
        ("poly", []),
        ("unified", ["--clause", "unified.reactive.*", "--reading", "unified-bc-hours=elapsed"]),
    ],
)
@pytest.mark.parametrize("end", ["jsonl", "csv", "parquet"])
def test_it_is_the_report_of_the_run(tmp_path: Path, contract: str, more: list[str], end: str) -> None:
    if end == "parquet":
        pytest.importorskip("pyarrow")
    asked = [*desk(tmp_path, contract), *more]
    pytest.importorskip("numpy")
    # Which engine judged does not show.
    assert run("report", *asked, "--engine", "columns", "-o", tmp_path / "fresh.json").exit_code == 0
    assert run(
        "check", *asked, "--engine", "interpreter", "--format", end, "-o", tmp_path / f"v.{end}"
    ).exit_code in (0, 1)
    said = run("report", "--verdicts", tmp_path / f"v.{end}", "-o", tmp_path / "saved.json")
    assert said.exit_code == 0, said.output
    assert (tmp_path / "saved.json").read_bytes() == (tmp_path / "fresh.json").read_bytes()
    assert run("verify", tmp_path / "saved.json").exit_code == 0


def test_what_does_not_fit_is_a_fault(tmp_path: Path) -> None:
    asked = desk(tmp_path, "poly")
    kept = tmp_path / "v.jsonl"
    assert run("check", *asked, "--format", "jsonl", "-o", kept).exit_code in (0, 1)
    out = tmp_path / "r.md"

    def refused(said: str, *more: str | Path) -> None:
        found = run("report", "--verdicts", kept, *more, "-o", out)
        assert found.exit_code == 2, found.output
        assert said in found.output
        assert not out.exists()

    refused("leave --contract out", "--contract", "poly")
    beside = tmp_path / "v.jsonl.provenance.json"
    record = json.loads(beside.read_text())
    text = kept.read_text()
    lines = text.splitlines(keepends=True)

    def written(rows: list[str], *, known: bool = True) -> None:
        kept.write_text("".join(rows))
        told = {**record["result"], **({"sha256": file_digest(kept)} if known else {})}
        beside.write_text(json.dumps({**record, "result": told}))

    written(lines[:-1], known=False)
    refused("these are not the verdicts that `check` wrote")
    written(lines[:-1])
    refused("does not follow")
    written([*lines, lines[-1]])
    refused("there are verdicts that are not of this log")
    written([*lines[1:], lines[0]])
    refused("does not follow")
    written(lines)
    log = tmp_path / "tickets.jsonl"
    log.write_text(log.read_text().replace(":00", ":01", 1))
    refused("the verdicts were given for something else: log differs")
    record["result"]["layout"] = "wide"
    beside.write_text(json.dumps(record))
    refused("the wide layout does not have")
    assert run("report", "--contract", "poly", "-o", out).exit_code == 2
