"""All ways to the verdicts that are installed agree in every cell: plain Python, NumPy and the interpreter at least."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench import gen
from tests.bench.registry import BACKENDS, PROGRAMS, Files, missing
from tests.bench.verify import compared

ALWAYS = {"python_lines", "numpy_lines", "interpreter", "whole_interpreter"}
SMOKE = 400

pytestmark = pytest.mark.xdist_group("bench")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    made = Files(tmp_path_factory.mktemp("bench"), SMOKE)
    gen.generate(made)
    return made


@pytest.mark.parametrize("name", [*BACKENDS, *PROGRAMS])
def test_no_cell_differs(files: Files, name: str) -> None:
    needs = {**BACKENDS, **PROGRAMS}[name].needs
    if missing(needs):
        assert name not in ALWAYS
        pytest.skip(f"{', '.join(missing(needs))} not installed")
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


def test_the_same_seed_makes_the_same_log(files: Files, tmp_path: Path) -> None:
    again = Files(tmp_path, SMOKE)
    gen.generate(again, "lines")
    assert again.log.read_bytes() == files.log.read_bytes()
    assert again.table.read_bytes() == files.table.read_bytes()
    gen.generate(again, "lines", first=SMOKE)
    first = again.log.read_text().split(",", 1)[0]
    assert first == f'{{"ticket":"T{SMOKE + 1:08d}"'
