"""Writes docs/benchmarks.md from the results of runs: python -m tests.bench.report [--data FOLDER] [SIZES]

Without sizes only the section of the start is written anew; the rest of the page stays as it is.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.bench.registry import ROOT
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


def start_up(result: dict[str, Any]) -> str:
    """The section of a run of `start_up.py`."""
    goals = "\n".join(result["goals"])
    table = "\n".join(result["table"])
    return f"{START}\n{_where(result)}.\n\n```text\n{goals}\n```\n\n{table}\n"


def with_start_up(text: str, section: str) -> str:
    """The page with another section of the start, which is its last."""
    return text.partition("\n## Start-up\n")[0] + "\n" + section


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
    paths = [found.data / f"results_{n}.json" for n in found.sizes]
    if absent := [str(path) for path in (*paths, found.data / RESULTS) if not path.is_file()]:
        sys.exit(f"error: no results in {', '.join(absent)}; measure that first")
    results = [json.loads(path.read_text()) for path in paths]
    start = json.loads((found.data / RESULTS).read_text())
    text = page(results) if results else PAGE.read_text(encoding="utf-8")
    PAGE.write_text(with_start_up(text, start_up(start)), encoding="utf-8")
    print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
