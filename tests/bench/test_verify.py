"""All ways to the verdicts that are installed agree in every cell: plain Python, NumPy and the interpreter at least."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.bench import gen
from tests.bench.common import CLAUSES, VERDICTS
from tests.bench.registry import BACKENDS, PROGRAMS, Files, environment, lacking
from tests.bench.verify import Reference, compared, judges_the_eleven

ALWAYS = {"python_lines", "numpy_lines", "interpreter", "whole_interpreter"}
SMOKE = 400


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    made = Files(tmp_path_factory.mktemp("bench"), SMOKE)
    gen.generate(made)
    return made


@pytest.mark.parametrize("name", [k for k in (*BACKENDS, *PROGRAMS) if judges_the_eleven(k)])
def test_no_cell_differs(files: Files, name: str) -> None:
    if why := lacking({**BACKENDS, **PROGRAMS}[name]):
        assert name not in ALWAYS
        pytest.skip(why)
    (found,) = compared(files, [name])
    assert (found.cells, found.differ) == (SMOKE * 11, 0), str(found)


def test_a_cell_that_differs_is_found(files: Files, tmp_path: Path) -> None:
    (good,) = compared(files, ["whole_interpreter"])
    assert good.differ == 0
    written = files.out("whole_interpreter", "csv").read_text()
    clause = written.splitlines()[0].split(",").index("c7_language")
    rows = [line.split(",") for line in written.splitlines()]
    wrong = {"met": "breached", "breached": "met", "not_entitled": "met"}
    rows[7][clause] = wrong[rows[7][clause]]
    spoilt = tmp_path / "spoilt.csv"
    spoilt.write_text("\n".join(map(",".join, rows)) + "\n")
    (found,) = compared(files, [], [spoilt])
    assert found.wrong["c7_language"] == found.differ == 1
    spoilt.write_text("\n".join(map(",".join, rows[:-1])) + "\n")
    (short,) = compared(files, [], [spoilt])
    assert short.differ
    assert "on one side only: 1" in str(short)


@pytest.mark.parametrize("encoded", [False, True])
def test_a_wide_parquet_of_any_program_is_compared(files: Files, tmp_path: Path, encoded: bool) -> None:
    """Rows in any order, with other columns beside, verdicts plain or dictionary-encoded."""
    reference = Reference(files)
    order = list(range(SMOKE))[::-1]
    columns = {"agreement": ["a"] * SMOKE, "ticket": [reference.tickets[i] for i in order]}
    said = {k: [VERDICTS[reference.codes[k][i]] for i in order] for k in CLAUSES}
    said["c8_region"][3] = "undetermined"
    texts = {k: pa.array(v).dictionary_encode() if encoded else v for k, v in said.items()}
    parquet.write_table(pa.table({**columns, **texts}), tmp_path / "out.parquet")
    found = reference.compare_file("out", tmp_path / "out.parquet")
    assert {k: v for k, v in found.wrong.items() if v} == {"c8_region": 1}


@pytest.mark.parametrize("name", [k for k, p in PROGRAMS.items() if not p.judges])
def test_what_merely_reads_reads_every_ticket(files: Files, name: str) -> None:
    program = PROGRAMS[name]
    if why := lacking(program):
        pytest.skip(why)
    out = files.out(name, program.writes)
    subprocess.run(files.filled(program.command, out), env=environment(), check=True)
    assert int(out.read_text()) == SMOKE


def test_the_same_seed_makes_the_same_log(files: Files, tmp_path: Path) -> None:
    again = Files(tmp_path, SMOKE)
    gen.generate(again, "lines")
    assert again.log.read_bytes() == files.log.read_bytes()
    assert again.table.read_bytes() == files.table.read_bytes()
    gen.generate(again, "lines", first=SMOKE)
    first = again.log.read_text().split(",", 1)[0]
    assert first == f'{{"ticket":"T{SMOKE + 1:08d}"'
