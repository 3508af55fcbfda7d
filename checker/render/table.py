"""The verdict table of an audit on a terminal: a summary by clause, then the exceptions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from checker.audit.run import Tally
from checker.interpret.verdicts import WORST_FIRST
from checker.render.rows import MOST_ROWS
from dsl.contract import Contract

_WORDS = {
    "not_applicable": "n/a",
    "not_entitled": "not ent.",
    "undetermined": "undet.",
    "breached": "breached",
    "met": "met",
    "pending": "pending",
    "excluded": "excluded",
}
_STYLE = {
    "breached": "bold red",
    "undetermined": "yellow",
    "pending": "cyan",
    "not_entitled": "magenta",
    "met": "green",
}
WIDTH = 180
"""Columns of the tables where no terminal says how wide it is."""
NARROWEST = 140
"""And the fewest, however narrow a terminal is."""


def console(out: TextIO, width: int | None = None) -> Console:
    """A console whose output to a file or pipe does not depend on the terminal.

    A narrow terminal breaks its lines: in the space that it has whole columns would vanish.
    """
    found = Console(
        file=out,
        width=width or (None if out.isatty() else WIDTH),
        highlight=False,
        soft_wrap=False,
        emoji=False,
    )
    if width is None:
        found.width = max(found.width, NARROWEST)
    return found


def summary(contract: Contract, tally: Tally, strengths: Mapping[str, str]) -> Table:
    """Verdicts by clause: guarantees, targets and estimates kept apart by their column."""
    table = Table(
        title=f"{contract.title}: verdicts by clause", title_justify="left", show_edge=False, pad_edge=False
    )
    table.add_column("clause", no_wrap=True)
    table.add_column("strength")
    for v in WORST_FIRST:
        table.add_column(_WORDS[str(v)], justify="right")
    table.add_column("contested", justify="right")
    for clause in sorted(tally.by_clause):
        counts = tally.by_clause[clause]
        cells = [
            Text(str(counts[str(v)]) if counts[str(v)] else "", style=_STYLE.get(str(v), ""))
            for v in WORST_FIRST
        ]
        table.add_row(clause, strengths.get(clause, ""), *cells, str(tally.contested[clause] or ""))
    return table


def exceptions(rows: Iterable[Mapping[str, Any]], more: int) -> Table:
    """Breached, undetermined and contested verdicts, one a row."""
    title = "Exceptions" + (
        f" (first {MOST_ROWS} of {MOST_ROWS + more}; all with --format csv or jsonl)" if more else ""
    )
    table = Table(title=title, title_justify="left", show_edge=False, pad_edge=False)
    for name in ("ticket", "clause", "verdict", "due", "done", "because"):
        table.add_column(name, overflow="fold", no_wrap=name in ("clause", "verdict", "due", "done"))
    for r in rows:
        verdict = Text(r["verdict"] + ("*" if r["contested"] else ""), style=_STYLE.get(r["verdict"], ""))
        table.add_row(
            Text(r["ticket"] or r["agreement"]),
            r["clause"],
            verdict,
            r["due"] or "",
            r["done"] or "",
            Text(r["because"]),
        )
    return table
