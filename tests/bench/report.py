"""Writes docs/benchmarks.md from the results of runs: python -m tests.bench.report [--data FOLDER] [SIZES]

Without sizes only the sections of Spark (where it was measured) and of the start are written anew; the rest of the page stays as it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.registry import ROOT
from tests.bench.spark import RESULTS as SPARK_RESULTS
from tests.bench.start_up import RESULTS

PAGE = ROOT / "docs" / "benchmarks.md"
HEAD = """\
# Benchmarks

<!-- made by `make bench`: run it again rather than write here -->

Eleven clauses over generated ticket histories, judged by Servanda and by programs that were written by hand for these clauses
alone: Polars, DuckDB, NumPy, numba and plain Python. What is measured, and what the clauses mean, stands in
[tests/bench/README.md](../tests/bench/README.md); the clauses as a contract in
[eleven.contract](../fixtures/bench/eleven.contract).

The programs run in turn, in fresh processes, in one run; each figure is a median of its rounds, each ratio the median of the ratios
within a round. Compare ratios of one run, never milliseconds of two: machines are shared. A goal's line says its name, the
ratio, the ratio that is asked for, and whether it holds; where the run did not measure it, it says so. What the goals ask for, and
which of them ask for at most a ratio, stands in [goals.py](../tests/bench/goals.py).
"""


START = """\
## Start-up

How long a command takes to begin, beside `python -c pass` in the same rounds: the list of commands (`help`); one ticket judged by a bundled
contract that was checked before, as an installed one is (`tiny_check`: the smallest contract, `check_large`: the largest); and the
tiny one without anything kept, so that it compiles the contract first (`check_compiled`).
"""


SPARK = """\
## On Spark

The eleven clauses on Apache Spark, on one machine: the whole audit of event rows that lie in Parquet, into Parquet (`spark`, in a
session that runs already), beside the same audit in one process (`local`, from its start) and beside Spark alone (`spark_identity`): the
same rows brought together by ticket, sorted, handed to Python and back by a `mapInArrow` that does nothing, and written nowhere. What
a cluster makes of it stands in [spark.md](spark.md).
"""


def on_spark(result: dict[str, Any]) -> str:
    """The section of a run of `spark.py`."""
    goals = "\n".join(result["goals"])
    table = "\n".join(result["table"])
    what = f"{result['tickets']:,} tickets, {_where(result)}, Spark {result['machine']['spark']} as `{result['master']}`"
    return f"{SPARK}\n{what}.\n\n```text\n{goals}\n```\n\n{table}\n"


def spark_of(text: str) -> str:
    """The section of Spark of a page; empty where it has none."""
    _, mark, rest = text.partition("\n## On Spark\n")
    return mark.lstrip() + rest.partition("\n## Start-up\n")[0] if mark else ""


def with_spark(text: str, section: str) -> str:
    """The page with another section of Spark, which is the last but one; with none where `section` is empty."""
    before, mark, start = text.partition("\n## Start-up\n")
    before = before.partition("\n## On Spark\n")[0]
    return before + (f"\n{section}" if section else "") + mark + start


def start_up(result: dict[str, Any]) -> str:
    """The section of a run of `start_up.py`."""
    goals = "\n".join(result["goals"])
    table = "\n".join(result["table"])
    return f"{START}\n{_where(result)}.\n\n```text\n{goals}\n```\n\n{table}\n"


def with_start_up(text: str, section: str) -> str:
    """The page with another section of the start, which is its last."""
    return text.partition("\n## Start-up\n")[0] + "\n" + section


def start_of(text: str) -> str:
    """The section of the start of a page."""
    return "## Start-up\n" + text.partition("\n## Start-up\n")[2]


def _where(result: dict[str, Any]) -> str:
    machine = result["machine"]
    return (
        f"{result['rounds']} rounds on {machine['cores']} cores ({machine['system']}, {machine['processor']}), "
        f"Python {machine['python']}"
    )


def section(result: dict[str, Any]) -> str:
    """One run."""
    machine = result["machine"]
    versions = ", ".join(f"{name} {version}" for name, version in machine["versions"].items())
    goals = "\n".join(result["goals"])
    table = "\n".join(result["table"])
    left = "".join(f"\n- {each}." for each in result.get("left", ()))
    left = f"\nLeft to the interpreter by columns:\n{left}\n" if left else ""
    return (
        f"## {result['tickets']:,} tickets\n\n"
        f"{_where(result)}; {versions}.\n\n```text\n{goals}\n```\n\n{table}\n{left}"
    )


def page(results: Sequence[dict[str, Any]]) -> str:
    """The page of these runs, the smallest first."""
    ordered = sorted(results, key=lambda result: result["tickets"])
    return HEAD + "\n" + "\n".join(map(section, ordered))


def main() -> None:
    """Write the page."""
    a = argparse.ArgumentParser(description=__doc__)
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    a.add_argument("sizes", nargs="*", type=lambda x: int(float(x)))
    found = a.parse_args()
    old = PAGE.read_text(encoding="utf-8")
    paths = [found.data / f"results_{n}.json" for n in found.sizes]
    start, spark = found.data / RESULTS, found.data / SPARK_RESULTS
    # What was not measured anew stands as it stood; but for that there has to be something.
    needed = [*paths, start] if found.sizes or not spark.is_file() else []
    if absent := [str(path) for path in needed if not path.is_file()]:
        sys.exit(f"error: no results in {', '.join(absent)}; measure that first")
    results = [json.loads(path.read_text()) for path in paths]
    text = with_start_up(page(results) if results else old, start_of(old))
    if start.is_file():
        text = with_start_up(text, start_up(json.loads(start.read_text())))
    section = on_spark(json.loads(spark.read_text())) if spark.is_file() else spark_of(old)
    PAGE.write_text(with_spark(text, section), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
