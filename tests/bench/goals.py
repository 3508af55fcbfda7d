"""The goals of speed and memory, and how a run meets them: one line to a goal, `NAME RATIO GOAL holds`, or `… falls short`.

A goal asks for a ratio of at least so much (above 1: faster, or smaller, than what stands beside), or, where it says `most`, of at most so
much (how many times as long, or as large). Another backend comes with its goals: a row in `registry.BACKENDS` (or `PROGRAMS`) and
its lines here. What was not measured in a run says so, and never holds.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Round = Mapping[str, float]
Results = Mapping[str, Sequence[Round]]
"""Of each backend and program, what each round measured: `run`, `load_run` and `rss` (MB), perhaps more."""


@dataclass(frozen=True)
class Goal:
    """A backend beside another one, beside the best of several, or beside a figure (of the same measure) where `beside` is a number.

    `most`: the ratio is that of the backend to what stands beside, and is at most `limit`; else it is the other way round, and at
    least `limit`.
    """

    name: str
    backend: str
    beside: str | tuple[str, ...] | float
    limit: float
    measure: str = "run"
    most: bool = False

    def ratio(self, results: Results) -> float | None:
        """The median of the ratios of each round; None where something was not measured."""
        mine = self._of(results, self.backend)
        if isinstance(self.beside, float | int):
            others = [float(self.beside)] * len(mine)
        else:
            beside = (self.beside,) if isinstance(self.beside, str) else self.beside
            each = [self._of(results, name) for name in beside]
            if any(len(found) != len(mine) for found in each):
                return None
            others = [min(found) for found in zip(*each, strict=True)]
        if not mine or len(mine) != len(others):
            return None
        pairs = list(zip(mine, others, strict=True))
        return statistics.median(own / other if self.most else other / own for own, other in pairs)

    def _of(self, results: Results, name: str) -> list[float]:
        return [r[self.measure] for r in results.get(name, ()) if self.measure in r]

    def line(self, ratio: float | None) -> str:
        """How the goal is said."""
        if ratio is None:
            return f"{self.name} - {self.limit:.3f} not measured"
        return line(self.name, ratio, self.limit, self.most)


READERS = ("read_duckdb", "read_polars", "read_pyarrow")

GOALS = (
    # 3,000 tickets a second on a core, where the closures judge 97,000.
    Goal("interpreter-per-core", "interpreter", "python_closures", 0.031),
    Goal("explanation-in-10-ms", "interpreter", 0.010, 1.0, "explain"),
    # In memory, from columns to columns.
    Goal("columns-beside-polars", "columnar_rows", "polars", 1.0),
    Goal("columns-beside-polars-stretch", "columnar_rows", "polars", 2.5),
    Goal("columns-beside-duckdb", "columnar_rows", "duckdb", 3.0),
    Goal("columns-beside-closures", "columnar_rows", "python_closures", 25.0),
    # Whole processes, from the files to a written table.
    Goal("process-beside-polars", "whole_columns", "whole_polars", 1.0),
    Goal("lines-process-beside-polars", "whole_columns_lines", "whole_polars_lines", 1.0),
    Goal("lines-process-beside-reading", "whole_columns_lines", READERS, 1.4, most=True),
    Goal("peak-memory-beside-polars", "whole_columns", "whole_polars", 1.2, "rss", most=True),
    # More clauses, more agreements.
    Goal("whole-contract", "every_clause", "columnar_rows", 6.0, most=True),
    Goal("ten-thousand-agreements", "every_clause", "every_clause_one", 1.3, most=True),
)

START_UP = (
    # Of start_up.py: 150 ms and 700 ms, where Python alone starts in 15 ms.
    Goal("help-start-up", "help", "python_pass", 0.1),
    Goal("tiny-check-start-up", "tiny_check", "python_pass", 0.021),
)
"""Those of how long a command takes to begin, which has a run of its own."""

TEN_MILLION = (
    Goal("ten-million-gibibytes", "ten_million", 1024.0, 2.5, "rss", most=True),
    Goal("ten-million-beside-one", "ten_million", "one_million", 11.0, most=True),
)
"""Those of the run of its own: ten million tickets beside one million, each in a whole process."""

SPARK = (
    # Beyond moving the rows, and beside one process on the same machine.
    Goal("spark-beside-identity", "spark", "spark_identity", 2.0, most=True),
    Goal("spark-beside-local", "spark", "local", 1.5, most=True),
)
"""Those of the run on Spark."""


def line(name: str, ratio: float, limit: float, most: bool = False) -> str:
    """How a ratio is said beside what is asked for. It is cut towards what falls short: what does not hold does not look as if."""
    cut = int(ratio * 1000)
    shown = (cut + (most and cut < ratio * 1000)) / 1000
    holds = ratio <= limit if most else ratio >= limit
    return f"{name} {shown:.3f} {limit:.3f} {'holds' if holds else 'falls short'}"


def lines(results: Results, cells: Mapping[str, tuple[int, int]], goals: Sequence[Goal] = GOALS) -> list[str]:
    """A line to each goal; `cells`: of each way to the verdicts, how many there are and how many differ."""
    out = [goal.line(goal.ratio(results)) for goal in goals]
    total = sum(there for there, _ in cells.values())
    if total:
        out.append(line("cells-equal", 1 - sum(differ for _, differ in cells.values()) / total, 1.0))
    return out
