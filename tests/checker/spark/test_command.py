"""`servanda spark` where Spark cannot be had, and Spark as a guest of nobody else."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from checker.cli import cmd_spark, submit
from checker.spark import session
from tests.checker.cli.desk import AGREEMENTS, AS_OF, ROOT, setup
from tests.checker.cli.desk import servanda as command


@pytest.mark.parametrize("lacking", ["pyspark", "pyarrow", "numpy", "pandas"])
def test_a_library_that_is_not_installed_is_named(
    lacking: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "find_spec", lambda name: None if name == lacking else object())
    desk = setup(tmp_path)
    agreements = desk.write("agreements.yaml", AGREEMENTS)
    done = command(
        *("spark", "--contract", desk.contract, "--agreements", agreements, "--as-of", AS_OF),
        *("--tickets", desk.folder / "log.parquet", "-o", desk.folder / "out"),
    )
    assert done.code == 2
    assert done.err == (
        f"error: spark: Spark needs the library {lacking}; found none installed; "
        "install it: pip install 'servanda[spark]'\n"
    )


def test_nothing_of_spark_is_loaded_before_an_audit_runs_on_it() -> None:
    code = (
        "import sys, checker.cli.cmd_check, checker.cli.cmd_spark, checker.spark.work, checker.spark.run\n"
        "print(sorted(sys.modules.keys() & {'pyspark', 'py4j'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize(("code", "ends"), [(0, None), (1, None), (2, 2), (3, None), (4, None), (None, None)])
def test_a_job_that_did_its_work_succeeds(
    code: int | None, ends: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def run() -> None:
        raise SystemExit(code)

    monkeypatch.setattr(cmd_spark, "spark", run)
    if ends is None:
        submit.main()
    else:
        with pytest.raises(SystemExit) as end:
            submit.main()
        assert end.value.code == ends
