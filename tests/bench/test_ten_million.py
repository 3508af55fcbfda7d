"""The run over many parts, at a size of some hundred tickets: parts go on where the one before ends, and all of them are read."""

from __future__ import annotations

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from pyarrow import parquet

from tests.bench import ten_million
from tests.bench.registry import PROGRAMS, ROOT, environment, lacking

SIZE, COUNT = 120, 3


def test_parts_go_on_where_the_one_before_ends(tmp_path: Path) -> None:
    parts = ten_million.parts_of(tmp_path, SIZE, COUNT)
    tickets = [t for part in parts for t in parquet.read_table(part.events)["ticket"].unique().to_pylist()]
    assert tickets == [f"T{i + 1:08d}" for i in range(SIZE * COUNT)]
    assert len({part.table.read_bytes() for part in parts}) == 1
    words = ten_million.command(parts, tmp_path / "out.parquet")
    given = [b for a, b in pairwise(words) if a == "--tickets"]
    assert given == [str(part.events) for part in parts]
    assert words[words.index("--agreements") + 1] == str(parts[0].table)
    assert "{" not in " ".join(words)


def test_it_ends_with_a_line_to_each_goal(tmp_path: Path) -> None:
    options = ["--part", str(SIZE), "--parts", str(COUNT), "--data", str(tmp_path)]
    command = [sys.executable, "-m", "tests.bench.ten_million", *options]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / f"results_{SIZE * COUNT}.json").read_text())
    said = done.stdout.splitlines()[-2:]
    assert said == kept["goals"]
    able = not lacking(PROGRAMS[ten_million.PROGRAM])
    assert all(("not measured" in line) is not able for line in said)
    assert set(kept["results"]) == ({"one_million", "ten_million"} if able else set())
