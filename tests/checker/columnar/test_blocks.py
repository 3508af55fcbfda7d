"""Blocks of a table give what the whole table gives."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest

from checker.audit.run import Cases
from checker.columnar.blocks import judge_blocks
from checker.columnar.engine import judge_table
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from tests.fixtures.audits import audit


@pytest.mark.parametrize("block", [1, 7, 50])
def test_of_any_size(block: int) -> None:
    population = audit("infor-desk").population
    found = Cases(population)
    cases = [found.case(i)[0] for i in range(found.tickets)]
    whole = judge_table(population.book, Table(OfCases(cases, population.now)), found.of_ticket)
    parts = judge_blocks(
        population.book, Table(OfCases(cases, population.now)), found.of_ticket, block=block, threads=2
    )
    for clause in found.of_ticket:
        mine, theirs = parts.outcomes[clause.id], whole.outcomes[clause.id]
        assert all(np.array_equal(a, b) for a, b in zip(mine, theirs, strict=True))
        assert np.array_equal(parts.contested[clause.id], whole.contested[clause.id])
    assert parts.interpreted == whole.interpreted
    assert {k: v.tolist() for k, v in parts.undecided.items()} == {
        k: v.tolist() for k, v in whole.undecided.items()
    }


@pytest.mark.parametrize(
    "name", ["cloudorama-desk", "infor-desk", "poly-desk", "senetic-desk", "unified-desk"]
)
def test_let_go(name: str) -> None:
    """What was found out on the way goes at once: columns that hold on to themselves would stay until somebody looks for such cycles."""
    population = audit(name).population
    found = Cases(population)
    table = Table(OfCases([found.case(i)[0] for i in range(found.tickets)], population.now))
    of = weakref.ref(table)
    gc.disable()
    try:
        result = judge_blocks(population.book, table, found.of_ticket)
        del table
        assert of() is None
    finally:
        gc.enable()
    assert result.outcomes
