"""Merely reading a log of JSON Lines, in full, with a library: python -m tests.bench.read_lines duckdb|polars|pyarrow LOG OUT

OUT gets the number of tickets. What a whole program takes over this, it takes for its own work.
"""

from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import Any


def with_duckdb(duckdb: Any, log: str) -> int:
    """As a table in memory."""
    con = duckdb.connect()
    con.execute(f"CREATE TABLE log AS FROM read_json('{log}', format = 'newline_delimited')")
    return int(con.execute("SELECT count(*) FROM log").fetchone()[0])


def with_polars(polars: Any, log: str) -> int:
    """As a frame."""
    return int(polars.read_ndjson(log).height)


def with_pyarrow(pyarrow: Any, log: str) -> int:
    """As a table, with blocks that hold many lines."""
    json = importlib.import_module("pyarrow.json")
    options = json.ReadOptions(use_threads=True, block_size=16 << 20)
    return int(json.read_json(log, read_options=options).num_rows)


READERS = {"duckdb": with_duckdb, "polars": with_polars, "pyarrow": with_pyarrow}

if __name__ == "__main__":
    library, log, out = sys.argv[1:]
    Path(out).write_text(f"{READERS[library](importlib.import_module(library), log)}\n")
