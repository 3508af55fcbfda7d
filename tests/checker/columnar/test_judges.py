"""Processes that hold a population give what one table gives, as often as they are asked; one that ends is noticed."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator

import numpy as np
import pytest

from checker.audit.run import Cases
from checker.columnar import judges as module
from checker.columnar.engine import Result, judge_table
from checker.columnar.judges import Judges
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from checker.interpret.book import Book
from dsl import contract as ir
from tests.fixtures.audits import audit

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux alone")

Held = tuple[Judges, Book, Table, tuple[ir.Clause, ...]]


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    monkeypatch.setattr(module, "BLOCK", 7)
    monkeypatch.setattr(module, "_FEWEST", 5)
    population = audit("infor-desk").population
    found = Cases(population)
    cases = [found.case(i)[0] for i in range(found.tickets)]
    parts = [Table(OfCases(some, population.now)) for some in (cases[:20], cases[20:])]
    with Judges(population.book, parts, jobs=3) as judges:
        yield judges, population.book, Table(OfCases(cases, population.now)), tuple(found.of_ticket)


def _compare(parts: list[Result], whole: Result, clauses: tuple[ir.Clause, ...]) -> None:
    for name in (c.id for c in clauses):
        columns = zip(*(p.outcomes[name] for p in parts), strict=True)
        for mine, theirs in zip(columns, whole.outcomes[name], strict=True):
            assert np.array_equal(np.concatenate(mine), theirs)
        assert np.array_equal(np.concatenate([p.contested[name] for p in parts]), whole.contested[name])


def test_they_give_what_one_table_gives(held: Held) -> None:
    judges, book, table, clauses = held
    whole = judge_table(book, table, clauses)
    for _ in range(2):
        _compare(judges.judge(c.id for c in clauses), whole, clauses)


def test_other_clauses_and_readings_may_be_asked_for(held: Held) -> None:
    judges, book, table, clauses = held
    name, found = next((n, a) for n, a in book.ambiguities.items() if len(a.readings) > 1)
    other = next(reading for reading, _ in found.readings if reading != book.recommended[name])
    whole = judge_table(book, table, clauses[:3], readings={name: other}, contested=False)
    got = judges.judge([c.id for c in clauses[:3]], readings={name: other}, contested=False)
    _compare(got, whole, clauses[:3])


def test_what_is_wrong_in_one_is_raised_here(held: Held, monkeypatch: pytest.MonkeyPatch) -> None:
    judges, *_ = held
    monkeypatch.setattr(Judges, "_share", lambda self, job, asked: [])
    with pytest.raises(KeyError, match="no such clause"):
        judges.judge(["no such clause"])
    # Another question is answered as if nothing had been.
    monkeypatch.undo()
    assert judges.judge([judges._book.contract.clauses[0].id])


def test_one_that_was_killed_is_noticed(held: Held) -> None:
    judges, _, _, clauses = held
    os.kill(judges._others[-1].pid, signal.SIGKILL)
    with pytest.raises(RuntimeError, match="killed from outside"):
        judges.judge([c.id for c in clauses])


def test_they_end_with_the_judges(held: Held) -> None:
    judges, *_ = held
    others = [other.pid for other in judges._others]
    assert len(others) == 2
    judges.close()
    for pid in others:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    judges.close()


def test_populations_end_one_without_the_other(held: Held) -> None:
    first, book, table, clauses = held
    with Judges(book, [table], jobs=2) as second:
        first.close()
        assert second.judge([clauses[0].id])
