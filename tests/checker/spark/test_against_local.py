"""Spark on two worker processes says what one machine says: rows, account, notes, exit codes and faults."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.bench import gen
from tests.bench.registry import AS_OF as BENCH_AS_OF
from tests.bench.registry import CONTRACT as ELEVEN
from tests.bench.registry import MAPPING, Files
from tests.checker.cli.desk import AGREEMENTS, AS_OF, OTHERS, ROOT, Run, servanda, setup
from tests.checker.spark.logs import faulty, of_history, write
from tests.fixtures.audits import FIXTURES, contract_of

LACKING = [name for name in ("pyspark", "pyarrow", "pandas") if find_spec(name) is None]
pytestmark = [
    pytest.mark.skipif(bool(LACKING), reason=f"not installed: {', '.join(LACKING)} (servanda[spark])"),
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java, and there is none"),
]
MASTER = "local-cluster[2,1,1024]"


@dataclass
class Case:
    """An audit. `tickets`: what Spark is given; `local`: the same as files, where that is something else."""

    options: list[str]
    tickets: list[str]
    layout: str
    output: Path
    local: list[str] = field(default_factory=list)
    more: list[str] = field(default_factory=list)

    @property
    def spark(self) -> list[str]:
        """The command on Spark."""
        return ["spark", *self._given(self.tickets), "--partitions", "3", *self.more]

    @property
    def check(self) -> list[str]:
        """The command on this machine."""
        into = str(self.output) + ".local"
        return ["check", *self._given(self.local or self.tickets, into), "--format", "parquet", *self.more]

    def _given(self, tickets: list[str], into: str = "") -> list[str]:
        files = [part for path in tickets for part in ("--tickets", path)]
        return [*self.options, *files, "--layout", self.layout, "-o", into or str(self.output)]


def cases(folder: Path) -> dict[str, Case]:
    """What is compared, by name."""
    desk = setup(folder)
    agreements = desk.write("agreements.yaml", AGREEMENTS + OTHERS)
    alone = desk.write("alone.yaml", AGREEMENTS)
    rows = faulty()
    apart = [
        write(folder / "apart" / f"part {i}.parquet", rows[i::3], *["amount"][: i % 2]) for i in range(3)
    ]
    whole = write(folder / "whole.parquet", rows)
    broken = write(folder / "broken.parquet", [{**r, "at": "soon"} for r in rows if r["ticket"]])
    empty = write(folder / "empty.parquet", [])
    foreign = write(folder / "foreign.parquet", [{**r, "agreement": "unheard-of"} for r in rows[:4]])
    bench = Files(folder / "bench", 400)
    gen.generate(bench, "parquet")
    eleven = [
        *("--contract", str(ELEVEN), "--agreement-mapping", str(MAPPING)),
        *("--agreements", str(bench.agreements), "--as-of", BENCH_AS_OF),
    ]
    of_desk = ["--contract", str(desk.contract), "--as-of", AS_OF]
    mine = [*of_desk, "--agreements", str(agreements)]

    def case(name: str, options: list[str], tickets: list[Path], layout: str, **given: Any) -> Case:
        return Case(options, [str(path) for path in tickets], layout, folder / "out" / name, **given)

    (folder / "out").mkdir()
    by_ticket = ["--clause", "desk.[!p]*"]
    found = {
        "generated": case("generated", eleven, [bench.events], "wide"),
        "faulty": case("faulty", mine, [whole], "wide"),
        "faulty-long": case("faulty-long", [*mine, *by_ticket], [whole], "long"),
        "one-agreement": case("one-agreement", [*of_desk, "--agreements", str(alone)], [whole], "long"),
        "reading": case("reading", [*mine, *by_ticket, "--reading", "desk-clock=elapsed"], apart, "wide"),
        "nothing": case("nothing", [*mine, "--clause", "desk.response-gold"], [foreign], "wide"),
        "broken": case("broken", mine, [broken], "wide"),
        "empty": case("empty", mine, [empty], "wide"),
        "missing": case("missing", mine, [folder / "none.parquet"], "wide"),
        "clause": case("clause", [*mine, "--clause", "desk.none"], [whole], "wide"),
        "strict": case("strict", mine, [whole], "wide", more=["--strict"]),
    }
    for name in ("unified-desk", "cloudorama-desk"):
        lines = (FIXTURES / name / "tickets.jsonl").read_text(encoding="utf-8").splitlines()
        log = write(folder / f"{name}.parquet", of_history(lines))
        options = ["--contract", contract_of(name), "--as-of", "2025-12-31T12:00:00Z"]
        options += ["--agreements", str(FIXTURES / name / "agreement.yaml")]
        found[name] = case(name, options, [log], "wide")
    return found


class Compared:
    """Both runs of every case."""

    def __init__(self, folder: Path) -> None:
        self.cases = cases(folder)
        commands = folder / "commands.json"
        commands.write_text(json.dumps([case.spark for case in self.cases.values()]))
        import pyspark

        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_HOME": str(Path(pyspark.__file__).parent),
            "SPARK_WORKER_DIR": str(folder / "work"),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYSPARK_SUBMIT_ARGS": "--conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=2 pyspark-shell",
        }
        call = [sys.executable, "-m", "tests.checker.spark.several", MASTER, str(commands)]
        done = subprocess.run(call, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr[-5000:]
        told = json.loads(commands.read_text())
        self.on_spark = {name: Run(*run) for name, run in zip(self.cases, told, strict=True)}
        self.locally = {name: servanda(*case.check) for name, case in self.cases.items()}


@pytest.fixture(scope="module")
def compared(tmp_path_factory: pytest.TempPathFactory) -> Compared:
    return Compared(tmp_path_factory.mktemp("spark"))


def table(path: Path) -> list[dict[str, Any]]:
    """The rows, in an order of their own."""
    import pyarrow.parquet as parquet

    rows: list[dict[str, Any]] = parquet.read_table(path).to_pylist()
    return sorted(rows, key=lambda r: (r["agreement"], r["ticket"], r.get("clause", "")))


BY_NATURE = ("result", "judged_by", "asked", "contract_files")


def proof(path: Path) -> dict[str, Any]:
    """The provenance, without what differs by its nature."""
    record: dict[str, Any] = json.loads(Path(f"{path}.provenance.json").read_text(encoding="utf-8"))
    for file in record["log"]:
        file.pop("sha256", None)
    # Which of two comes first depends on how a reader goes about it.
    record["set_aside"].sort(key=lambda entry: json.dumps(entry, sort_keys=True))
    return {name: part for name, part in record.items() if name not in BY_NATURE}


WRITTEN = [
    *("generated", "faulty", "faulty-long", "one-agreement", "reading"),
    *("unified-desk", "cloudorama-desk"),
]
REFUSED = ("nothing", "broken", "empty", "missing", "clause", "strict")


@pytest.mark.parametrize("name", WRITTEN)
def test_the_rows_are_the_same(compared: Compared, name: str) -> None:
    output = compared.cases[name].output
    rows = table(output)
    assert rows
    assert rows == table(Path(f"{output}.local"))
    assert len({(r["agreement"], r["ticket"], r.get("clause")) for r in rows}) == len(rows)


@pytest.mark.parametrize("name", WRITTEN)
def test_the_account_is_the_same(compared: Compared, name: str) -> None:
    output = compared.cases[name].output
    assert proof(output) == proof(Path(f"{output}.local"))


@pytest.mark.parametrize("name", [*WRITTEN, *REFUSED])
def test_the_same_is_said(compared: Compared, name: str) -> None:
    mine, theirs = compared.on_spark[name], compared.locally[name]
    assert (mine.code, said(mine)) == (theirs.code, said(theirs))


def said(run: Run) -> list[str]:
    """What was said, but for what is local, and for what was set aside, of which the first are said and all are in the provenance.

    Which of two notes comes first depends on how a reader goes about it.
    """
    lines = [line for line in run.err.splitlines() if not line.startswith(("engine: ", "set aside: "))]
    return sorted(lines)


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_stand_leaves_nothing(compared: Compared, name: str) -> None:
    output = compared.cases[name].output
    assert compared.on_spark[name].code == 2
    assert not output.exists()
    assert not Path(f"{output}.provenance.json").exists()


def test_much_was_set_aside(compared: Compared) -> None:
    """The comparison is not of nothing: each kind of fault and of note is among what was said."""
    record = proof(compared.cases["faulty"].output)
    assert record["account"]["tickets_set_aside"] > 5
    assert record["account"]["tickets_of_other_contracts"] == 1
    text = compared.on_spark["faulty"].err
    for words in ("out of order", "unknown event respnse_sent", "severty", "no such agreement is given"):
        assert words in text


def test_several_tasks_did_the_work(compared: Compared) -> None:
    parts = [path for path in compared.cases["generated"].output.glob("part-*.parquet") if table(path)]
    assert len(parts) == 3
