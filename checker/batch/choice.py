"""Which engine judges, on how many processors, and what is said where an extra that is asked for is not installed."""

from __future__ import annotations

import os
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final, Literal

from checker.record.model import Fault, Place

Engine = Literal["columns", "interpreter"]
ENGINES: Final = ("auto", "columns", "interpreter")
FORMATS: Final = ("table", "jsonl", "csv", "parquet", "junit")
WIDE: Final = ("csv", "jsonl", "parquet")
"""The formats that can be wide."""


WORTH: Final = 5_000
"""Verdicts from which on columns pay: fewer are there before NumPy is loaded."""


FEW: Final = 1 << 15
"""A log of fewer bytes has not so many tickets."""


def processors() -> int:
    """Processors at hand that are worth a process."""
    at_hand = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(at_hand, 8)


def chosen(asked: str, format_: str, layout: str, verdicts: int) -> Engine:
    """The engine that judges. `asked`: one of ENGINES. `verdicts`: how many are to be given.

    `auto` takes the columns where they can be had and pay, and the rows hold verdicts alone: a row with its reason needs the
    interpreter for each.
    """
    if asked == "interpreter":
        return "interpreter"
    if asked == "columns":
        return "columns"
    pays = verdicts >= WORTH and not reasoned(format_, layout)
    return "columns" if pays and find_spec("numpy") is not None else "interpreter"


def may_pay(asked: str, format_: str, layout: str, files: Iterable[Path]) -> bool:
    """Whether columns may be what judges a log, as far as can be told before it is read. The rest is as in `chosen`."""
    if asked != "auto":
        return asked == "columns"
    sizes = (path.stat().st_size for path in files if path.is_file())
    return not reasoned(format_, layout) and sum(sizes) >= FEW


def check_engine(asked: str) -> None:
    """Refuse an engine that cannot be had.

    Raises:
        Fault: columns are asked for, and NumPy is not installed.
    """
    if asked == "columns" and find_spec("numpy") is None:
        raise Fault(
            Place("--engine"),
            "the columns need the library numpy",
            "none installed",
            "install it: pip install 'servanda[columnar]', or give --engine interpreter",
        )


def reasoned(format_: str, layout: str) -> bool:
    """Whether the rows of a format give each verdict with its reason."""
    return format_ == "junit" or (format_ != "table" and layout == "long")


def check_format(format_: str, layout: str, to_file: bool) -> None:
    """Refuse what cannot be written. `to_file`: whether the result goes to a file.

    Raises:
        Fault: a layout that the format does not have, Parquet without a file, or without pyarrow.
    """
    if layout == "wide" and format_ not in WIDE:
        raise Fault(
            Place("--layout"),
            f"only {', '.join(WIDE[:-1])} and {WIDE[-1]} can be wide",
            format_,
            f"give --format {', '.join(WIDE[:-1])} or {WIDE[-1]}",
        )
    if format_ != "parquet":
        return
    if not to_file:
        raise Fault(Place("--format"), "Parquet is written to a file", "no -o", "give -o FILE.parquet")
    if find_spec("pyarrow") is None:
        raise Fault(
            Place("--format"),
            "Parquet needs the library pyarrow",
            "none installed",
            "install it: pip install 'servanda[parquet]', or give --format csv",
        )
