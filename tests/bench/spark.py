"""Spark beside one machine, cell by cell: python -m tests.bench.spark N [--rounds 3] [--master URL] [--data FOLDER]

In each round, on the same event rows: the audit on this machine (`local`, a fresh process), the audit on Spark (`spark`, in a session that
runs already), and Spark alone (`spark_identity`): the same rows, brought together and sorted in the same way, handed to Python and back by
a `mapInArrow` that does nothing, and written nowhere. One round before the first is not counted. Leaves `results_spark.json`, from which
`report.py` makes its section of the page. Exit code 1 when any cell differs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from tests.bench import gen, goals
from tests.bench.bench import machine
from tests.bench.registry import AS_OF, CONTRACT, MAPPING, ROOT, Files, environment

RESULTS = "results_spark.json"
PARTITIONS = 8


def locally(files: Files, out: Path) -> float:
    """Seconds of the audit on this machine."""
    command = [
        *(sys.executable, "-m", "checker.cli.main", "check", "--contract", str(CONTRACT)),
        *("--agreement-mapping", str(MAPPING), "--agreements", str(files.agreements)),
        *("--tickets", str(files.events), "--as-of", AS_OF, "--engine", "columns"),
        *("--format", "parquet", "--layout", "wide", "-o", str(out)),
    ]
    start = time.perf_counter()
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode not in (0, 1):
        sys.exit(f"the audit on this machine failed with {done.returncode}:\n{done.stderr}")
    return seconds


def audit(files: Files) -> Any:
    """What Spark is to audit."""
    from checker.audit.library import vocabulary
    from checker.audit.words import words_of
    from checker.cli.inputs import as_of, attribute_types, read_terms
    from checker.spark.run import Audit

    contract, agreements, read = read_terms(str(CONTRACT), (files.agreements,), MAPPING)
    words = words_of(vocabulary(), contract)
    return Audit(
        contract,
        agreements,
        [str(files.events)],
        words,
        attribute_types(),
        as_of(AS_OF),
        agreement_files=read,
        partitions=PARTITIONS,
    )


def on_spark(session: Any, given: Any, out: Path) -> float:
    """Seconds of the audit on Spark."""
    from checker.spark.run import run

    shutil.rmtree(out, ignore_errors=True)
    start = time.perf_counter()
    run(session, given, str(out))
    return time.perf_counter() - start


def identity(session: Any, files: Files) -> float:
    """Seconds that Spark takes to bring the same rows to Python and back."""
    from checker.spark.session import own
    from checker.spark.source import event_rows

    def same(batches: Iterator[Any]) -> Iterator[Any]:
        yield from batches

    ours = own(session)
    start = time.perf_counter()
    rows = event_rows(ours, [str(files.events)]).by_ticket(PARTITIONS)
    rows.mapInArrow(same, rows.schema).write.format("noop").mode("overwrite").save()
    return time.perf_counter() - start


def compared(local: Path, spark: Path) -> tuple[int, int]:
    """How many cells there are, and how many differ: a row that only one of them has differs in all of its cells."""
    from pyarrow import parquet

    a, b = (parquet.read_table(path).sort_by("ticket").to_pylist() for path in (local, spark))
    theirs = {row["ticket"]: row for row in b}
    names = [name for name in a[0] if name not in ("agreement", "ticket")]
    differ = sum(theirs.get(row["ticket"], {}).get(name) != row[name] for row in a for name in names)
    lost = len(theirs.keys() - {row["ticket"] for row in a}) + len(b) - len(theirs)
    return len(a) * len(names), differ + lost * len(names)


def table(results: goals.Results, tickets: int) -> list[str]:
    """The rounds as a table in Markdown."""
    out = ["| what | s median (min-max) | tickets/s |", "|---|---|---|"]
    for name, rounds in results.items():
        seconds = [each["run"] for each in rounds]
        middle = statistics.median(seconds)
        out.append(
            f"| {name} | {middle:.1f} ({min(seconds):.1f}-{max(seconds):.1f}) | {tickets / middle:,.0f} |"
        )
    return out


def measured(
    files: Files, master: str, rounds: int
) -> tuple[dict[str, list[dict[str, float]]], tuple[int, int]]:
    """Every round of each, and the cells of the last."""
    from checker.spark.session import started

    local, spark = files.folder / "out_spark_local.parquet", files.folder / "out_spark"
    session = started(master)
    session.sparkContext.setLogLevel("ERROR")
    given = audit(files)
    results: dict[str, list[dict[str, float]]] = {"local": [], "spark": [], "spark_identity": []}
    try:
        for i in range(rounds + 1):
            found = {
                "local": locally(files, local) if i else 0.0,
                "spark": on_spark(session, given, spark),
                "spark_identity": identity(session, files),
            }
            if i:
                for name, seconds in found.items():
                    results[name].append({"run": seconds})
                print(f"round {i} of {rounds}", file=sys.stderr, flush=True)
    finally:
        session.stop()
    return results, compared(local, spark)


def main() -> None:
    """Measure, print, and keep the results."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("n", type=lambda x: int(float(x)))
    a.add_argument("--rounds", type=int, default=3, choices=range(1, 20), metavar="N")
    a.add_argument("--master", default="local-cluster[2,1,2048]")
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    found = a.parse_args()
    files = Files(found.data, found.n)
    if not (files.events.exists() and files.agreements.exists()):
        gen.generate(files, "parquet")
    results, cells = measured(files, found.master, found.rounds)
    said = goals.lines(results, {"spark": cells}, goals.SPARK)
    rows = table(results, found.n)
    print("\n".join([*rows, "", *said]))
    result = {
        "tickets": found.n,
        "rounds": found.rounds,
        "master": found.master,
        "machine": {**machine(), "spark": metadata.version("pyspark")},
        "table": rows,
        "goals": said,
        "results": results,
    }
    (found.data / RESULTS).write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if cells[1] else 0)


if __name__ == "__main__":
    main()
