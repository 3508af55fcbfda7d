"""What is measured, and where its files lie. No NumPy here: a child's peak of memory starts from its parent's."""

from __future__ import annotations

import os
import subprocess
import sys
from compileall import compile_dir
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures" / "bench"
CONTRACT = FIXTURES / "eleven.contract"
MAPPING = FIXTURES / "agreements.yaml"
AS_OF = "2026-01-01T00:00:00Z"
CONTRACT_OF_ALL = "unified"
"""The bundled contract all of whose clauses are measured, unless another is named."""

MOST_FOR_PYTHON = 200_000
"""Above so many tickets, backends that go ticket by ticket take minutes and gigabytes: only `--only` runs them."""


@dataclass(frozen=True)
class Backend:
    """A way to the verdicts: a module with `load(events, agreements)`, `codes(result)`, and a function that runs.

    `needs`: libraries beyond those of the tests. `reads`: `parquet`, `lines` (JSON Lines with CSV), or `every` (the log of a whole
    contract). `slow`: ticket by ticket. `timed` is False for one that only verifies. `twin` is False for one that judges other
    clauses than the hand-written eleven: it has `against_the_interpreter(data, result)` instead of `codes`.
    """

    module: str
    function: str = "run"
    needs: tuple[str, ...] = ()
    reads: str = "parquet"
    slow: bool = False
    timed: bool = True
    load: str = "load"
    twin: bool = True


@dataclass(frozen=True)
class Program:
    """A whole program, from start to a written table: a command in which files stand in braces.

    `asks`: words that the help of `servanda check` has once the command line can do it. `judges` is False for one that merely reads.
    """

    command: tuple[str, ...]
    needs: tuple[str, ...] = ()
    writes: str = "parquet"
    slow: bool = False
    asks: tuple[str, ...] = ()
    judges: bool = True


_ARROW = ("pyarrow",)
BACKENDS = {
    "polars": Backend("hand_polars", "run", ("polars", "pyarrow")),
    "polars_group": Backend("hand_polars", "run_group", ("polars", "pyarrow")),
    "numpy": Backend("hand_numpy", "run", _ARROW),
    "numpy_blocks": Backend("hand_numpy", "run_blocks", _ARROW),
    "numba": Backend("hand_numba", "run", ("numba", "pyarrow")),
    "duckdb": Backend("hand_duckdb", "run", ("duckdb", "pyarrow")),
    "python": Backend("base_python", "run", _ARROW, slow=True),
    "python_closures": Backend("base_python", "run_closures", _ARROW, slow=True),
    "python_lines": Backend("base_python", "run_closures", reads="lines", timed=False),
    "numpy_lines": Backend("hand_numpy", "run", reads="lines", timed=False),
    "columnar": Backend("columnar", "run", reads="lines", slow=True),
    "columnar_rows": Backend("columnar_rows", "run", _ARROW),
    "columnar_lines": Backend("columnar_rows", "run", _ARROW, reads="lines"),
    "interpreter": Backend("interpreter", "run", reads="lines", slow=True),
    "every_clause": Backend("every", "run", _ARROW, reads="every", twin=False),
    "every_clause_one": Backend("every", "run", _ARROW, reads="every", load="load_one", twin=False),
}
_HAND = ("{events}", "{agreements}", "{out}")
_LINES = ("{log}", "{table}", "{out}")
_SERVANDA = (
    *(sys.executable, "-m", "checker.cli.main", "check", "--contract", str(CONTRACT)),
    *("--agreement-mapping", str(MAPPING), "--agreements", "{table}"),
    *("--as-of", AS_OF, "--layout", "wide", "-o", "{out}"),
)
_COLUMNS = (*_SERVANDA, "--format", "parquet", "--engine", "columns")
_ASKS = ("--engine", "parquet")


def _kit(module: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-m", f"tests.bench.{module}", *arguments)


def _reader(library: str) -> Program:
    return Program(_kit("read_lines", library, "{log}", "{out}"), (library,), writes="txt", judges=False)


PROGRAMS = {
    "whole_polars": Program(_kit("hand_polars", *_HAND), ("polars", "pyarrow")),
    "whole_polars_lines": Program(_kit("hand_polars", *_LINES), ("polars", "pyarrow")),
    "whole_numpy": Program(_kit("hand_numpy", *_HAND), _ARROW),
    "whole_duckdb": Program(_kit("hand_duckdb", *_HAND), ("duckdb", "pyarrow")),
    "whole_columns": Program((*_COLUMNS, "--tickets", "{events}"), _ARROW, asks=_ASKS),
    "whole_columns_lines": Program((*_COLUMNS, "--tickets", "{log}"), _ARROW, asks=_ASKS),
    "whole_interpreter": Program(
        (*_SERVANDA, "--format", "csv", "--tickets", "{log}"), writes="csv", slow=True
    ),
    "read_duckdb": _reader("duckdb"),
    "read_polars": _reader("polars"),
    "read_pyarrow": _reader("pyarrow"),
}


@dataclass(frozen=True)
class Files:
    """The data of so many tickets, in a folder; `contract`: the bundled contract all of whose clauses are measured."""

    folder: Path
    tickets: int
    contract: str = CONTRACT_OF_ALL

    @property
    def events(self) -> Path:
        """A row to an event, as Parquet."""
        return self.folder / f"events_{self.tickets}.parquet"

    @property
    def agreements(self) -> Path:
        """A row to a period of an agreement, as Parquet."""
        return self.folder / f"agreements_{self.tickets}.parquet"

    @property
    def log(self) -> Path:
        """A ticket to a line, as JSON Lines."""
        return self.folder / f"tickets_{self.tickets}.jsonl"

    @property
    def table(self) -> Path:
        """The agreements as CSV."""
        return self.folder / f"agreements_{self.tickets}.csv"

    @property
    def every(self) -> Path:
        """A row to an event, with all that the bundled contract reads, as Parquet."""
        return self.folder / f"every_{self.contract}_{self.tickets}.parquet"

    @property
    def every_table(self) -> Path:
        """The agreements of that log as CSV."""
        return self.folder / f"every_{self.contract}_{self.tickets}.csv"

    def out(self, name: str, suffix: str = "parquet") -> Path:
        """Where a whole program writes."""
        return self.folder / f"out_{self.tickets}_{name}.{suffix}"

    def read_by(self, backend: Backend) -> tuple[Path, Path | str]:
        """What a backend loads: two files, or a file and the name of a contract."""
        if backend.reads == "every":
            return self.every, self.contract
        return (self.events, self.agreements) if backend.reads == "parquet" else (self.log, self.table)

    def filled(self, command: tuple[str, ...], out: Path) -> list[str]:
        """A command with the paths in it."""
        paths = {
            "{events}": self.events,
            "{agreements}": self.agreements,
            "{log}": self.log,
            "{table}": self.table,
            "{out}": out,
        }
        return [_filled(part, paths) for part in command]


def _filled(part: str, paths: dict[str, Path]) -> str:
    for name, path in paths.items():
        part = part.replace(name, str(path.absolute()))
    return part


GROUP = ("duckdb", "numba", "polars", "pyarrow")
"""The libraries of the optional group `bench`."""


def missing(needs: tuple[str, ...]) -> list[str]:
    """The libraries that are not installed."""
    return [name for name in needs if find_spec(name) is None]


@lru_cache(maxsize=1)
def _help() -> str:
    command = [sys.executable, "-m", "checker.cli.main", "check", "--help"]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, check=False).stdout


def lacking(one: Backend | Program) -> str:
    """Why something cannot be measured here; empty where it can."""
    if absent := missing(one.needs):
        return f"{', '.join(absent)} not installed"
    if isinstance(one, Program) and (unknown := [word for word in one.asks if word not in _help()]):
        return f"the command line has no {unknown[0]} yet"
    return ""


def named(text: str) -> list[str]:
    """Names of backends and programs on the command line, with commas between them.

    Raises:
        ValueError: there is none of such a name (argparse says so).
    """
    names = [name for name in text.split(",") if name]
    if not set(names) <= {*BACKENDS, *PROGRAMS}:
        raise ValueError(text)
    return names


def compile_checkout() -> None:
    """Compile the modules of the checkout to bytecode, as an installer does with those of a package: else a process that may not
    write it, or the first of all, would compile them each time, and what stands beside them in the bench would not.
    """
    for folder in ("checker", "dsl", "tests/bench"):
        compile_dir(ROOT / folder, quiet=2)


def environment() -> dict[str, str]:
    """The environment of a child: it finds the checkout wherever it is started."""
    path = os.pathsep.join(part for part in (str(ROOT), os.environ.get("PYTHONPATH")) if part)
    return {**os.environ, "PYTHONPATH": path}
