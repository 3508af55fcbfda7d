"""What histories by chance show of two variants, clause by clause: counts that stand whatever is claimed of them, now or later."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

import numpy as np

from checker.columnar.engine import Result, judge_table
from checker.columnar.outcomes import VERDICTS
from checker.columnar.possible import Ints
from checker.columnar.table import Table
from checker.compare.clause_form import Clauses
from checker.interpret.book import Book
from checker.interpret.case import Case
from dsl import contract as ir
from dsl.naming import named
from tests.compare.histories import Pair, tables
from tests.compare.mutations import BLOCKS
from tests.soak.made import stated

MOST = 15
"""The most clauses of a level that are judged for one pair; those that differ in normal form come first."""
INTERPRETED = 20_000
"""The most histories on which a clause is judged that columns do not hold, unless more are asked for."""


@dataclass
class Observed:
    """Of one clause: on how many histories it was judged under both variants, and how often each verdict came to be each other one.

    `example`: the first history on which they differ.
    """

    histories: int = 0
    turns: Counter[str] = field(default_factory=Counter)
    example: str = ""

    @property
    def differ(self) -> int:
        """How many histories tell the variants apart."""
        return sum(n for turn, n in self.turns.items() if turn.partition(">")[0] != turn.partition(">")[2])

    @property
    def binding(self) -> int:
        """How many are bound under either: kept or broken, or not to be decided between the two."""
        bound = ("met", "breached", "pending")
        return sum(n for turn, n in self.turns.items() if any(v in bound for v in turn.split(">")))

    def add(self, other: Observed) -> None:
        """Add what other histories show."""
        self.histories += other.histories
        self.turns.update(other.turns)
        self.example = self.example or other.example

    def told(self) -> dict[str, Any]:
        """As JSON has it."""
        return {"histories": self.histories, "turns": dict(self.turns), "example": self.example}


def of_told(told: dict[str, Any]) -> Observed:
    """What was written as JSON."""
    return Observed(told["histories"], Counter(told["turns"]), told["example"])


def reached(old: ir.Contract, new: ir.Contract, seed: str) -> dict[str, list[str]]:
    """The clauses of both variants that the difference may concern, by whatever way, by level; at most so many of each."""
    mine, theirs = (
        {d.name: d for block in BLOCKS for d in getattr(x, block)} | {c.id: c for c in x.clauses}
        for x in (old, new)
    )
    back: dict[str, set[str]] = {}
    for name, definition in theirs.items():
        for _, other in named(definition):
            back.setdefault(other, set()).add(name)
    queue = [n for n in theirs if mine.get(n) != theirs[n]]
    if (old.zone, old.country, old.law) != (new.zone, new.country, new.law):
        # The frame of all clocks.
        queue = list(theirs)
    seen = set(queue)
    while queue:
        for other in back.get(queue.pop(), ()):
            if other not in seen:
                seen.add(other)
                queue.append(other)
    books = Book(old), Book(new)
    forms = [Clauses(b, b.recommended, x) for b, x in zip(books, (new, old), strict=True)]
    both = [c for c in new.clauses if c.id in books[0].clauses and not stated(c)]
    changed = [c for c in both if forms[0].form(c.id) != forms[1].form(c.id)]
    rest = [c for c in both if c.id in seen and c not in changed]
    Random(seed).shuffle(rest)
    out: dict[str, list[str]] = {}
    for c in (*changed, *rest):
        same = books[0].clauses[c.id].level == c.level
        found = out.setdefault(c.level, [])
        if same and len(found) < MOST:
            found.append(c.id)
    return {level: found for level, found in sorted(out.items()) if found}


def observe(
    pair: Pair, seed: str, count: int, *, base: int = 500, times: int = 400, most: int = INTERPRETED
) -> dict[str, Observed]:
    """What so many histories show of the clauses of a pair; of those that columns do not hold, `most` of them."""
    out = {c: Observed() for c in pair.clauses}
    interpreted: set[str] = set()
    for table in tables(pair, seed, count, base=base, times=times):
        by_columns = [c for c in pair.clauses if c not in interpreted]
        others = [c for c in pair.clauses if c in interpreted]
        left = most - out[others[0]].histories if others else 0
        for some, size in ((by_columns, len(table)), (others, min(len(table), left))):
            if some and size > 0:
                shown = table if size == len(table) else table.part(0, size)
                results = [_judged(book, shown, some) for book in pair.books]
                interpreted.update(*(r.interpreted for r in results))
                for c in some:
                    out[c].add(
                        _seen(shown, *(r.outcomes[c].verdict for r in results), wanted=not out[c].example)
                    )
    return out


def _judged(book: Book, table: Table, clauses: Sequence[str]) -> Result:
    found = judge_table(book, table, [book.clauses[c] for c in clauses], contested=False, times=False)
    found.let_go()
    return found


def _seen(table: Table, a: Ints, b: Ints, *, wanted: bool) -> Observed:
    keys, counts = np.unique(a * len(VERDICTS) + b, return_counts=True)
    turns = Counter(
        {
            f"{VERDICTS[k // len(VERDICTS)]}>{VERDICTS[k % len(VERDICTS)]}": n
            for k, n in zip(keys.tolist(), counts.tolist(), strict=True)
        }
    )
    different = np.flatnonzero(a != b)
    example = ""
    if different.size and wanted:
        i = int(different[0])
        example = f"{VERDICTS[a[i]]} -> {VERDICTS[b[i]]} as of {table.now}: {told(table.cases[i])[:3000]}"
    return Observed(len(a), turns, example)


def told(case: Case) -> str:
    """A history in a line."""
    events = "; ".join(f"{e.at} {e.name} {dict(e.attributes)}" for e in case.events)
    doubts = "".join(f" {k} {v}" for k, v in (("missing", sorted(case.missing)), ("gaps", case.gaps)) if v)
    return f"{events}{doubts} under {dict(case.facts)}"


def pairs_of(old: ir.Contract, new: ir.Contract, seed: str) -> Sequence[Pair]:
    """A pair for each level of clauses that the difference may concern."""
    return [Pair(old.name, old, new, found, level) for level, found in reached(old, new, seed).items()]


__all__ = ["Observed", "observe", "of_told", "pairs_of", "reached"]
