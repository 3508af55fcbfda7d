"""The goals of speed, and how a run meets them: one line to a goal, `NAME RATIO GOAL holds` or `… falls short`.

A ratio above 1 says faster, or smaller, than what stands beside. Another backend comes with its goals: a row in
`registry.BACKENDS` (or `PROGRAMS`) and its lines here.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Round = Mapping[str, float]
Results = Mapping[str, Sequence[Round]]
"""Of each backend and program, what each round measured: `run`, `load_run` and `rss`, perhaps more."""


@dataclass(frozen=True)
class Goal:
    """A backend beside another one, or beside a figure (of the same measure) where `beside` is a number."""

    name: str
    backend: str
    beside: str | float
    least: float
    measure: str = "run"

    def ratio(self, results: Results) -> float | None:
        """The median of the ratios of each round; None where one of the two was not measured."""
        mine = [r[self.measure] for r in results.get(self.backend, ()) if self.measure in r]
        if isinstance(self.beside, str):
            others = [r[self.measure] for r in results.get(self.beside, ()) if self.measure in r]
        else:
            others = [self.beside] * len(mine)
        if not mine or len(mine) != len(others):
            return None
        return statistics.median(other / own for own, other in zip(mine, others, strict=True))


GOALS = (
    # 3,000 tickets a second on a core, where the closures judge 97,000.
    Goal("interpreter-per-core", "interpreter", "python_closures", 0.031),
    Goal("explanation-in-10-ms", "interpreter", 0.010, 1.0, "explain"),
    # Of start_up.py: 150 ms and 700 ms, where Python alone starts in 15 ms.
    Goal("help-start-up", "help", "python_pass", 0.1),
    Goal("tiny-check-start-up", "tiny_check", "python_pass", 0.021),
)


def line(name: str, ratio: float, least: float) -> str:
    """How a goal is said. The ratio is cut, not rounded: what falls short does not look as if it held."""
    shown = int(ratio * 1000) / 1000
    return f"{name} {shown:.3f} {least:.3f} {'holds' if ratio >= least else 'falls short'}"


def lines(results: Results, cells: Mapping[str, tuple[int, int]], goals: Sequence[Goal] = GOALS) -> list[str]:
    """A line to each goal that was measured; `cells`: of each way to the verdicts, how many there are and how many differ."""
    out = []
    for goal in goals:
        ratio = goal.ratio(results)
        if ratio is not None:
            out.append(line(goal.name, ratio, goal.least))
    total = sum(there for there, _ in cells.values())
    if total:
        out.append(line("cells-equal", 1 - sum(differ for _, differ in cells.values()) / total, 1.0))
    return out
