"""How long a command takes to begin: python -m tests.bench.start_up [--rounds 9] [--data FOLDER]

Each command is a fresh process, in turn with `python -c pass`, the order reversed every other round. The checks judge one ticket by a
bundled contract that was checked before, as an installed one is; `check_compiled` keeps nothing, and compiles it first. One run
before the first round is not counted. Leaves `results_start_up.json`, from which `report.py` makes its section of the page.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench import goals
from tests.bench.bench import machine
from tests.bench.registry import ROOT, compile_checkout, environment

RESULTS = "results_start_up.json"
MAIN = "from checker.cli.main import main; main()"
CACHE = "SERVANDA_CACHE"
TINY = "poly"
"""The contract of the tiny check."""
LARGE = "unified"
"""The largest one, for comparison."""


def tickets(contract: str, folder: Path) -> Path:
    """A log with the first ticket of a contract's desk, and the line that says what the log is."""
    desk = ROOT / "fixtures" / f"{contract}-desk" / "tickets.jsonl"
    lines = [json.loads(line) for line in desk.read_text(encoding="utf-8").splitlines()]
    chosen = [next(line for line in lines if key in line) for key in ("log", "ticket")]
    out = folder / f"{contract}.jsonl"
    out.write_text("".join(json.dumps(line) + "\n" for line in chosen), encoding="utf-8")
    return out


def commands(folder: Path) -> dict[str, tuple[list[str], dict[str, str]]]:
    """What is measured: each command and what it is told by its environment."""
    servanda = [sys.executable, "-c", MAIN]

    def check(contract: str) -> list[str]:
        agreement = ROOT / "fixtures" / f"{contract}-desk" / "agreement.yaml"
        given = ("--contract", contract, "--agreements", str(agreement))
        return [*servanda, "check", *given, "--tickets", str(tickets(contract, folder))]

    kept = {CACHE: str(folder / "kept")}
    return {
        "python_pass": ([sys.executable, "-c", "pass"], {}),
        "help": ([*servanda, "--help"], kept),
        "tiny_check": (check(TINY), kept),
        "check_large": (check(LARGE), kept),
        "check_compiled": (check(TINY), {CACHE: ""}),
    }


def once(command: Sequence[str], told: Mapping[str, str]) -> float:
    """Seconds of wall time. A check exits with 1 where something is breached, with 4 where nothing applies."""
    start = time.perf_counter()
    done = subprocess.run(command, env={**environment(), **told}, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1, 4):
        sys.exit(
            f"{' '.join(command)} failed with {done.returncode}:\n{done.stderr.decode(errors='replace')}"
        )
    return seconds


def measured(rounds: int) -> dict[str, list[dict[str, float]]]:
    """Every round of every command."""
    with tempfile.TemporaryDirectory() as folder:
        found = commands(Path(folder))
        results: dict[str, list[dict[str, float]]] = {name: [] for name in found}
        for i in range(rounds + 1):
            for name in list(found) if i % 2 == 0 else list(found)[::-1]:
                seconds = once(*found[name])
                if i:
                    results[name].append({"run": seconds})
    return results


def table(results: goals.Results) -> list[str]:
    """The rounds as a table in Markdown: milliseconds, and how many times `python -c pass`."""
    out = ["| command | ms median (min-max) | x python -c pass |", "|---|---|---|"]
    base = results["python_pass"]
    for name, rounds in results.items():
        ms = [1e3 * each["run"] for each in rounds]
        ratio = statistics.median(r["run"] / b["run"] for r, b in zip(rounds, base, strict=True))
        out.append(f"| {name} | {statistics.median(ms):.0f} ({min(ms):.0f}-{max(ms):.0f}) | {ratio:.1f} |")
    return out


def result(results: dict[str, list[dict[str, float]]], rounds: int) -> dict[str, Any]:
    """What is kept of a run."""
    said = goals.lines(results, {}, goals.START_UP)
    return {
        "rounds": rounds,
        "machine": machine(),
        "table": table(results),
        "goals": said,
        "results": results,
    }


def main() -> None:
    """Measure, print, and keep the results."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--rounds", type=int, default=9)
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    found = a.parse_args()
    compile_checkout()
    run = result(measured(found.rounds), found.rounds)
    print("\n".join([*run["table"], "", *run["goals"]]))
    os.makedirs(found.data, exist_ok=True)
    (found.data / RESULTS).write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
