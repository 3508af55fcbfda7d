"""Every way to the verdicts against NumPy, cell by cell: python -m tests.bench.verify N [--only a,b] [--external OUT ...]

A cell is one verdict of one ticket. Exit code 1 when any differs. OUT is a table that some other program wrote, Parquet or CSV.
What needs a library that is not installed is left out, and said so; above 200,000 tickets what reads lines runs only when named.
"""

from __future__ import annotations

import argparse
import csv
import importlib
import json
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench.common import CLAUSES, VERDICTS
from tests.bench.gen import generate
from tests.bench.registry import (
    BACKENDS,
    MOST_FOR_PYTHON,
    PROGRAMS,
    ROOT,
    Files,
    environment,
    lacking,
    missing,
    named,
)

Codes = dict[str, np.ndarray]


@dataclass(frozen=True)
class Compared:
    """One way to the verdicts: how many cells there are and how many differ, by clause; or why it was left out."""

    name: str
    cells: int
    wrong: dict[str, int]
    left_out: str = ""

    @property
    def differ(self) -> int:
        """How many cells differ."""
        return sum(self.wrong.values())

    def __str__(self) -> str:
        if self.left_out:
            return f"{self.name:20s} left out: {self.left_out}"
        found = {k: v for k, v in self.wrong.items() if v} or ""
        return f"{self.name:20s} {self.differ} of {self.cells} cells differ {found}".rstrip()


def read_out(path: Path) -> tuple[Codes, list[str]]:
    """Codes in the order of the tickets, and the tickets; 255 for a text that is no verdict."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        columns = {k: [row[k] for row in rows] for k in ("ticket", *CLAUSES)}
    else:
        from pyarrow import parquet

        table = parquet.read_table(path, columns=["ticket", *CLAUSES])
        return _of_table(table)
    known = {verdict: code for code, verdict in enumerate(VERDICTS)}
    tickets = np.array(columns.pop("ticket"))
    order = np.argsort(tickets, kind="stable")
    codes = {k: np.array([known.get(v, 255) for v in found], np.uint8)[order] for k, found in columns.items()}
    return codes, tickets[order].tolist()


def _of_table(table: Any) -> tuple[Codes, list[str]]:
    """The same of an Arrow table, whose texts may be plain or dictionary-encoded; without an object to a cell."""
    import pyarrow as pa
    from pyarrow import compute

    table = table.take(compute.sort_indices(table["ticket"].cast(pa.string())))
    known = pa.array(VERDICTS)
    codes = {}
    for clause in CLAUSES:
        code = compute.index_in(table[clause].cast(pa.string()), known).fill_null(255)
        codes[clause] = code.to_numpy().astype(np.uint8)
    return codes, table["ticket"].to_pylist()


class Reference:
    """What hand-written NumPy says, and others beside it."""

    def __init__(self, files: Files) -> None:
        from tests.bench import hand_numpy

        self.files = files
        lines = bool(missing(("pyarrow",)))
        data = hand_numpy.load(*((files.log, files.table) if lines else (files.events, files.agreements)))
        self.codes = hand_numpy.run(data)
        self.tickets = data[2] if lines else data[2].to_pylist()

    def compare(self, name: str, got: Codes) -> Compared:
        """Cell by cell."""
        cells = len(self.tickets) * len(CLAUSES)
        if any(len(got[k]) != len(v) for k, v in self.codes.items()):
            return Compared(name, cells, {"cells missing or too many": cells})
        return Compared(name, cells, {k: int((got[k] != v).sum()) for k, v in self.codes.items()})

    def compare_file(self, name: str, path: Path) -> Compared:
        """A table that was written; other tickets count as all different."""
        got, tickets = read_out(path)
        if tickets != self.tickets:
            odd = len(set(tickets) ^ set(self.tickets))
            return Compared(name, len(self.tickets) * len(CLAUSES), {f"tickets on one side only: {odd}": 1})
        return self.compare(name, got)

    def check(self, name: str) -> Compared:
        """One backend or whole program, run here."""
        one = BACKENDS.get(name) or PROGRAMS[name]
        if why := lacking(one):
            return Compared(name, 0, {}, why)
        if name in BACKENDS:
            backend = BACKENDS[name]
            module = importlib.import_module(f"tests.bench.{backend.module}")
            loaded = getattr(module, backend.load)(*self.files.read_by(backend))
            return self.compare(name, module.codes(getattr(module, backend.function)(loaded)))
        out = self.files.out(name, PROGRAMS[name].writes)
        out.unlink(missing_ok=True)
        command = self.files.filled(PROGRAMS[name].command, out)
        done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
        if not out.is_file():
            return Compared(name, 0, {f"no output (exit {done.returncode})": 1})
        return self.compare_file(name, out)


def judges_the_eleven(name: str) -> bool:
    """Whether a backend or program has cells to be compared: those of the eleven clauses."""
    return BACKENDS[name].twin if name in BACKENDS else PROGRAMS[name].judges


def compared(
    files: Files, names: Iterable[str] | None = None, external: Iterable[Path] = ()
) -> list[Compared]:
    """Everything that is installed against NumPy; what is missing of the data is generated first."""

    def by_lines(name: str) -> bool:
        if name in BACKENDS:
            return BACKENDS[name].reads == "lines"
        return not {"{log}", "{table}"}.isdisjoint(PROGRAMS[name].command)

    if names is None:
        large = files.tickets > MOST_FOR_PYTHON
        names = [k for k in (*BACKENDS, *PROGRAMS) if not (large and by_lines(k))]
    names = [k for k in names if judges_the_eleven(k)]
    parquet = [] if missing(("pyarrow",)) else [files.events, files.agreements]
    lines = any(map(by_lines, names))
    needed = parquet + ([files.log, files.table] if lines or not parquet else [])
    if not all(path.is_file() for path in needed):
        generate(files, "" if lines else "parquet")
    reference = Reference(files)
    out = [reference.check(name) for name in names]
    return out + [reference.compare_file(str(path), path) for path in external]


def main() -> None:
    """Compare what the command line asks for."""
    a = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    a.add_argument("n", type=lambda x: int(float(x)))
    a.add_argument("--data", type=Path, default=ROOT / "build" / "bench")
    a.add_argument("--only", type=named)
    a.add_argument("--external", nargs="*", default=[], type=Path)
    a.add_argument("--json", action="store_true")
    found = a.parse_args()
    results = compared(Files(found.data, found.n), found.only, found.external)
    if found.json:
        print(json.dumps([{"name": r.name, "cells": r.cells, "differ": r.differ} for r in results]))
    else:
        print("\n".join(map(str, results)))
    sys.exit(any(each.differ for each in results))


if __name__ == "__main__":
    main()
