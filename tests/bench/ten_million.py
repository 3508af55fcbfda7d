"""Ten million tickets beside one million, each a whole process: python -m tests.bench.ten_million [--part 1000000] [--parts 10]

The log comes in parts, with the numbers of the tickets going on, and each is read as a file of its own. Needs a command line with
`--engine`: without one it says so, and nothing counts as measured. Ends with a line to each goal.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.bench import goals
from tests.bench.bench import machine, module, table, whole
from tests.bench.registry import PROGRAMS, ROOT, Files, compile_checkout, environment, lacking

PROGRAM = "whole_columns"


def parts_of(folder: Path, size: int, count: int) -> list[Files]:
    """The parts of the log, generated where they are missing."""
    found = [Files(folder / f"part_{i}", size) for i in range(count)]
    for i, part in enumerate(found):
        if not (part.events.exists() and part.table.exists()):
            call = module(
                "gen", str(size), "--data", str(part.folder), "--only", "parquet", "--first", str(i * size)
            )
            subprocess.run(call, check=True, env=environment())
    return found


def command(parts: list[Files], out: Path) -> list[str]:
    """The program over several files of events, under the agreements that all parts share."""
    filled: list[str] = []
    for word in PROGRAMS[PROGRAM].command:
        if word == "{events}":
            filled += [str(parts[0].events.absolute())]
            for part in parts[1:]:
                filled += ["--tickets", str(part.events.absolute())]
        else:
            filled += parts[0].filled((word,), out)
    return filled


def measured(folder: Path, size: int, count: int, rounds: int, limit: float) -> dict[str, Any]:
    """The rounds of one part, and of all; the written tables have a row to each ticket."""
    parts = parts_of(folder, size, count)
    results: dict[str, list[dict[str, float]]] = {"one_million": [], "ten_million": []}
    for _ in range(rounds):
        for name, chosen in (("one_million", parts[:1]), ("ten_million", parts)):
            out = folder / f"out_{name}.parquet"
            results[name].append(whole(command(chosen, out), out, limit))
            rows = _rows(out)
            if rows != size * len(chosen):
                sys.exit(f"{name}: {rows:,} rows were written of {size * len(chosen):,} tickets")
            out.unlink()
    return results


def _rows(path: Path) -> int:
    from pyarrow import parquet

    return int(parquet.read_metadata(path).num_rows)


def main() -> None:
    """Measure, say how the goals are met, and keep it for the page."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("--part", type=lambda x: int(float(x)), default=1_000_000)
    a.add_argument("--parts", type=int, default=10)
    a.add_argument("--rounds", type=int, default=1)
    a.add_argument("--limit", type=float, default=3600, help="seconds that a process may take")
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    found = a.parse_args()
    results: dict[str, Any] = {}
    compile_checkout()
    if why := lacking(PROGRAMS[PROGRAM]):
        print(f"ten million tickets left out: {why}", flush=True)
    else:
        results = measured(found.data, found.part, found.parts, found.rounds, found.limit)
    total = found.part * found.parts
    rows = table(results, total, set(results))
    print("\n".join(rows))
    print("\n".join(said := goals.lines(results, {}, goals.TEN_MILLION)))
    kept = {"tickets": total, "rounds": found.rounds, "machine": machine(), "table": rows, "goals": said}
    found.data.mkdir(parents=True, exist_ok=True)
    (found.data / f"results_{total}.json").write_text(
        json.dumps({**kept, "results": results}, indent=1) + "\n"
    )


if __name__ == "__main__":
    main()
