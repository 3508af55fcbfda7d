"""Histories moved and changed in columns are what their cases say they are; and they do show what is there to be shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import yaml

from checker.audit.library import contract_names, load_contract
from checker.columnar.engine import judge_table
from checker.columnar.outcomes import VERDICTS
from checker.columnar.table import Table
from checker.interpret.judge import outcomes_of
from checker.interpret.verdicts import worst_rank
from checker.interpret.world import World
from tests.compare.histories import Pair, tables
from tests.compare.observed import observe, pairs_of
from tests.compare.variant import variant
from tests.soak.made import stated

FOLDER = Path(__file__).parent / "variants"


def _made(name: str, level: str, seed: str) -> tuple[Pair, list[Table]]:
    contract = load_contract(name)
    clauses = [c.id for c in contract.clauses if c.level == level and not stated(c)]
    step = max(1, len(clauses) // 12)
    pair = Pair(name, contract, contract, clauses[::step][:12], level)
    return pair, list(tables(pair, seed, 600, base=60, times=9))


@pytest.mark.parametrize("level", ["ticket", "agreement"])
@pytest.mark.parametrize("name", contract_names())
def test_columns_say_what_the_cases_say(name: str, level: str) -> None:
    pair, found = _made(name, level, "columns")
    book = pair.books[0]
    seen: set[str] = set()
    for table in found:
        result = judge_table(
            book, table, [book.clauses[c] for c in pair.clauses], contested=False, times=False
        )
        for i in range(0, len(table), 3):
            case = table.cases[i]
            assert case.birth == table.birth[i]
            assert all(e.at <= table.now for e in case.events)
            world = World(book, case, table.now, book.recommended)
            for clause in pair.clauses:
                verdict = min((o.verdict for o in outcomes_of(world, clause)), key=worst_rank)
                seen.add(str(verdict))
                assert VERDICTS[result.outcomes[clause].verdict[i]] == verdict, (clause, i)
    assert {"met", "breached", "not_applicable"} <= seen


def test_the_same_chance_makes_the_same_histories() -> None:
    once, again = (_made("poly", "ticket", "same")[1] for _ in range(2))
    assert len(once) == len(again)
    for a, b in zip(once, again, strict=True):
        assert np.array_equal(a.order.at, b.order.at)
        assert [a.cases[i].events for i in range(len(a))] == [b.cases[i].events for i in range(len(b))]
    other = _made("poly", "ticket", "another")[1]
    assert not np.array_equal(once[0].order.at, other[0].order.at)


def test_most_histories_are_no_copies() -> None:
    _, found = _made("senetic", "ticket", "copies")
    tiled = max(found, key=len)
    told = {repr((tiled.cases[i].events, tiled.cases[i].gaps)) for i in range(len(tiled))}
    assert len(told) > 0.8 * len(tiled)


@pytest.mark.parametrize("name", ["cloudorama", "infor", "poly", "senetic", "unified"])
def test_small_changes_are_found(name: str) -> None:
    """Of the variants that the comparison tells apart by a verdict, chance does, too."""
    cases = yaml.safe_load((FOLDER / f"{name}.yaml").read_text("utf-8"))
    for case in cases:
        old, new = load_contract(name), variant(name, *((a, b) for a, b in case["edits"]))
        # Where only the strength differs, no verdict does; of a clause that is gone there is none.
        there = {c.id for c in (*old.clauses, *new.clauses)}
        expected = {c for c, e in case.get("expect", {}).items() if e["parts"] != ["strength"]} & there
        seen = [o for p in pairs_of(old, new, "small") for o in observe(p, "small", 5000).items()]
        differ = {c: o.differ for c, o in seen if c in expected}
        if differ:
            break
    expected = set(differ)
    assert expected
    assert [c for c in expected if not differ[c]] == []
