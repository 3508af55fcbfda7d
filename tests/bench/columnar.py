"""The columnar engine, measured as a hand-written program is: loading and coding, then every verdict of every ticket."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from checker.audit.run import Cases
from checker.columnar.blocks import judge_blocks
from checker.columnar.engine import Result
from checker.columnar.outcomes import VERDICTS as OURS
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from dsl import contract as ir
from tests.bench import interpreter
from tests.bench.common import CLAUSES, VERDICTS

Loaded = tuple[Cases, Table]


def load(log: Path, agreements: Path) -> Loaded:
    """The tickets under their agreements, as columns, with those that the clauses read."""
    found = Cases(interpreter.load(log, agreements))
    table = Table(OfCases([found.case(i)[0] for i in range(found.tickets)], found.population.now))
    for attribute in _read(found.population.book.contract):
        table.column(attribute)
    return found, table


def _read(contract: ir.Contract) -> set[str]:
    """The attributes of events that a contract reads."""
    words = {name for word in contract.words for name, _ in word.attributes}
    return words


def run(data: Loaded) -> Result:
    """Every verdict of every ticket, as columns."""
    found, table = data
    return judge_blocks(found.population.book, table, found.of_ticket, times=False)


def codes(result: Result) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets; 255 for one that the hand-written programs do not know."""
    known = {verdict: code for code, verdict in enumerate(VERDICTS)}
    theirs = np.array([known.get(str(v), 255) for v in OURS], np.uint8)
    return {clause: theirs[result.outcomes[clause].verdict] for clause in CLAUSES}
