"""Every backend beside every other: python -m tests.bench.bench N [--rounds 5] [--only a,b] [--contract NAME] [--external 'COMMAND']

Each is timed in a fresh process a round, interleaved, the order reversed every other round. `whole_*` rows are whole programs
(start, load, run, write). COMMAND is timed like them: no shell, and {events}, {agreements}, {log}, {table} and {out} are replaced by
paths. NAME is the bundled contract of which every clause is judged. What is not over in time (--limit) counts as not measured. Data
that is missing is generated first. Ends with a line to each goal. Exit code 1 when any cell differs.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import shlex
import signal
import statistics
import subprocess
import sys
import threading
import time
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.bench import goals
from tests.bench.registry import (
    BACKENDS,
    CONTRACT_OF_ALL,
    GROUP,
    MOST_FOR_PYTHON,
    PROGRAMS,
    ROOT,
    Files,
    compile_checkout,
    environment,
    lacking,
    missing,
    named,
)


def worker(name: str, files: Files) -> None:
    """One backend inside this process: load once, run several times."""
    from tests.bench.common import CLAUSES

    backend = BACKENDS[name]
    module = importlib.import_module(f"tests.bench.{backend.module}")
    t = time.perf_counter()
    data = getattr(module, backend.load)(*files.read_by(backend))
    load, runs = time.perf_counter() - t, []
    for _ in range(1 if backend.slow else 5 if files.tickets <= MOST_FOR_PYTHON else 3):
        t = time.perf_counter()
        result = getattr(module, backend.function)(data)
        runs.append(time.perf_counter() - t)
    rss = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    more = {"explain": module.seconds_to_explain(data)} if hasattr(module, "seconds_to_explain") else {}
    if backend.twin:
        assert set(module.codes(result)) == set(CLAUSES)
    else:
        more |= module.against_the_interpreter(data, result)
    if hasattr(result, "left"):
        more |= {"left": result.left, "all": sum(len(each) for each in result.contested.values())}
    print(json.dumps({"run": statistics.median(runs), "load_run": load + runs[0], "rss": rss, **more}))


def tree_rss(pid: int) -> float:
    """MB held by a process and its descendants (shared pages count once to a process)."""
    try:
        with open(f"/proc/{pid}/statm") as f:
            total = int(f.read().split()[1]) * resource.getpagesize() / 2**20
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children") as f:
                total += sum(tree_rss(int(child)) for child in f.read().split())
        return total
    except OSError:
        return 0.0


def whole(command: list[str], out: Path, limit: float) -> dict[str, float]:
    """Wall time and peak memory of a process tree; sampled every 20 ms, and never below the largest single process.

    Raises:
        TimeoutExpired: it was not over in so many seconds, and was ended.
    """
    out.unlink(missing_ok=True)
    t, peak, over = time.perf_counter(), [0.0], threading.Event()
    p = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=environment(), start_new_session=True
    )
    assert p.stderr is not None

    def sample() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], tree_rss(p.pid))

    sampler = threading.Thread(target=sample)
    alarm = threading.Timer(limit, os.killpg, (p.pid, signal.SIGKILL))
    sampler.start()
    alarm.start()
    message = p.stderr.read()
    _, status, usage = os.wait4(p.pid, 0)
    wall = time.perf_counter() - t
    alarm.cancel()
    over.set()
    sampler.join()
    if wall >= limit:
        raise subprocess.TimeoutExpired(command, limit)
    p.returncode = os.waitstatus_to_exitcode(status)
    # A checker exits with 1 for "breached": what counts is that it wrote.
    if p.returncode < 0 or not out.exists():
        told = message.decode(errors="replace")[-2000:]
        sys.exit(f"{shlex.join(command)} failed with {p.returncode}:\n{told}")
    return {"run": wall, "load_run": wall, "rss": max(peak[0], usage.ru_maxrss / 1024)}


def module(name: str, *arguments: str) -> list[str]:
    """The command that runs a module of the kit."""
    return [sys.executable, "-m", f"tests.bench.{name}", *arguments]


def chosen(n: int, only: list[str]) -> list[str]:
    """What is timed: all that is installed, and above a size only what is fast; or what was asked for."""
    rows = {**BACKENDS, **PROGRAMS}
    names = only or [
        k for k, row in rows.items() if getattr(row, "timed", True) and not (row.slow and n > MOST_FOR_PYTHON)
    ]
    for name in names:
        if why := lacking(rows[name]):
            print(f"{name} left out: {why}", flush=True)
    return [name for name in names if not lacking(rows[name])]


def make_data(files: Files, names: list[str], external: str) -> None:
    """Generate what is read and not there: a million lines of JSON only where something reads them."""
    reads = {BACKENDS[k].reads for k in names if k in BACKENDS}
    parts = {external, *(part for k in names if k in PROGRAMS for part in PROGRAMS[k].command)}
    lines = "lines" in reads or any("{log}" in part for part in parts)
    needed = [files.events, files.agreements, files.table] + ([files.log] if lines else [])
    if not all(path.exists() for path in needed):
        only = [] if lines else ["--only", "parquet"]
        call = module("gen", str(files.tickets), "--data", str(files.folder), *only)
        subprocess.run(call, check=True, env=environment())
    if "every" in reads and not (files.every.exists() and files.every_table.exists()):
        call = module("every_gen", str(files.tickets), "--data", str(files.folder))
        subprocess.run([*call, "--contract", files.contract], check=True, env=environment())


def measured(
    files: Files,
    names: list[str],
    commands: dict[str, tuple[list[str], Path]],
    rounds: int,
    limit: float,
) -> dict[str, Any]:
    """Every round of every one of them; what was not over in so many seconds is left out of the rounds that follow, and of the
    results.
    """
    results: dict[str, list[dict[str, float]]] = {k: [] for k in names}
    late: set[str] = set()
    for i in range(rounds):
        for k in names if i % 2 == 0 else names[::-1]:
            if k in late:
                continue
            try:
                if k in commands:
                    results[k].append(whole(*commands[k], limit))
                else:
                    call = [*module("bench", str(files.tickets), "--data", str(files.folder)), "--worker", k]
                    call += ["--contract", files.contract]
                    told = subprocess.run(
                        call, env=environment(), stdout=subprocess.PIPE, check=True, timeout=limit
                    )
                    results[k].append(json.loads(told.stdout.splitlines()[-1]))
            except subprocess.TimeoutExpired:
                late.add(k)
                print(f"{k} left out: not over after {limit:.0f} s", flush=True)
        print(f"round {i + 1} of {rounds}", file=sys.stderr, flush=True)
    return {k: found for k, found in results.items() if k not in late}


def table(results: dict[str, Any], n: int, programs: set[str]) -> list[str]:
    """The rounds as a table in Markdown."""
    out = [
        "| backend | ms median (min-max) | M tickets/s | x Polars | load+run ms | peak RSS MB |",
        "|---|---|---|---|---|---|",
    ]
    for k, rounds in results.items():
        base = results.get("whole_polars" if k in programs else "polars")
        ratio = (
            f"{statistics.median(b['run'] / r['run'] for b, r in zip(base, rounds, strict=True)):.2g}"
            if base
            else "-"
        )
        ms = [1e3 * r["run"] for r in rounds]
        run, load_run, rss = (statistics.median(r[key] for r in rounds) for key in ("run", "load_run", "rss"))
        out.append(
            f"| {k} | {statistics.median(ms):.0f} ({min(ms):.0f}-{max(ms):.0f}) | {n / run / 1e6:.3g} | {ratio} "
            f"| {1e3 * load_run:.0f} | {rss:.0f} |"
        )
    return out


def left(results: dict[str, Any]) -> list[str]:
    """What columns left to the interpreter, a line to each that has columns."""
    last = {k: rounds[-1] for k, rounds in results.items() if rounds and "left" in rounds[-1]}
    return [
        f"{k}: {r['left']:,} of {r['all']:,} verdicts were left to the interpreter" for k, r in last.items()
    ]


def machine() -> dict[str, Any]:
    """Where this ran: cores, system, and the versions of what was measured."""
    names = ("duckdb", "holidays", "numba", "numpy", "polars", "pyarrow", "servanda", "tzdata")
    versions = {}
    for name in names:
        try:
            versions[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return {
        "cores": os.cpu_count(),
        "system": platform.system(),
        "processor": platform.machine(),
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 1),
        "versions": versions,
    }


def contracts() -> list[str]:
    """The bundled contracts."""
    return sorted(path.name for path in (ROOT / "policies").iterdir() if path.is_dir())


def arguments() -> argparse.Namespace:
    """The command line."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("n", type=lambda x: int(float(x)))
    a.add_argument("--rounds", type=int, default=5)
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    a.add_argument("--only", type=named, default=[])
    a.add_argument("--external")
    a.add_argument("--contract", choices=contracts(), default=CONTRACT_OF_ALL)
    a.add_argument("--limit", type=float, default=900, help="seconds that anything may take")
    a.add_argument("--smoke", action="store_true", help="end well where the group `bench` is not installed")
    a.add_argument("--worker", help=argparse.SUPPRESS)
    return a.parse_args()


def main() -> None:
    """Time what the command line asks for."""
    a = arguments()
    files = Files(a.data, a.n, a.contract)
    if a.worker:
        worker(a.worker, files)
        return
    if absent := missing(GROUP):
        what = f"the group `bench` is not installed ({', '.join(absent)}): `make bench` installs it"
        if not a.smoke:
            sys.exit(f"error: {what}")
        print(f"bench-smoke skipped: {what}")
        return
    names = chosen(a.n, a.only)
    make_data(files, names, a.external or "")
    compile_checkout()
    commands = {
        k: (files.filled(p.command, files.out(k, p.writes)), files.out(k, p.writes))
        for k, p in PROGRAMS.items()
    }
    if a.external:
        names.append("external")
        commands["external"] = (
            files.filled(tuple(shlex.split(a.external)), files.out("external")),
            files.out("external"),
        )
    found = measured(files, names, commands, a.rounds, a.limit)
    print(
        f"\n{a.n} tickets, {a.rounds} rounds; x Polars: over 1 is faster (whole programs: x whole_polars)\n"
    )
    print("\n".join(rows := table(found, a.n, set(commands))))
    print("\n".join(["", *(more := left(found))]))
    # The cells of all of them, in processes of their own: the driver stays small.
    inside = [k for k in found if k in BACKENDS and BACKENDS[k].twin]
    judges = {"external", *(k for k, p in PROGRAMS.items() if p.judges)}
    outside = [str(commands[k][1]) for k in found if k in commands and k in judges]
    call = module("verify", str(a.n), "--data", str(a.data), "--json", "--only", ",".join(inside))
    told = subprocess.run(
        [*call, "--external", *outside], stdout=subprocess.PIPE, env=environment(), check=False
    )
    cells = {each["name"]: (each["cells"], each["differ"]) for each in json.loads(told.stdout)}
    cells |= {k: (r[-1]["cells"], r[-1]["differ"]) for k, r in found.items() if r and "cells" in r[-1]}
    print()
    print("\n".join(said := goals.lines(found, cells)))
    result = {
        "tickets": a.n,
        "rounds": a.rounds,
        "machine": machine(),
        "table": rows,
        "left": more,
        "goals": said,
        "results": found,
    }
    (a.data / f"results_{a.n}.json").write_text(json.dumps(result, indent=1) + "\n")
    sys.exit(told.returncode or any(differ for _, differ in cells.values()))


if __name__ == "__main__":
    main()
