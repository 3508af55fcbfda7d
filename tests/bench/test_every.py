"""The log of a whole contract: what it holds, that columns read it as objects would, and that its verdicts are the interpreter's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from checker.columnar.judge import VERDICTS
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from checker.interpret.verdicts import Verdict
from checker.record.agreements import read_agreements
from tests.bench import every, every_gen
from tests.bench.common import AS_OF
from tests.bench.registry import Files
from tests.soak.made import PLACES
from tests.soak.specimen import words_at

CONTRACT = "poly"
TICKETS = 300


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Files:
    made = Files(tmp_path_factory.mktemp("every"), TICKETS, CONTRACT)
    every_gen.write(made)
    return made


def test_every_ticket_is_there_and_over_by_the_audit(files: Files) -> None:
    table = parquet.read_table(files.every)
    assert table["ticket"].unique().to_pylist() == [f"T{i + 1:08d}" for i in range(TICKETS)]
    assert max(table["at"].to_pylist()).timestamp() < AS_OF
    rows = list(zip(table["ticket"].to_pylist(), table["at"].to_pylist(), strict=True))
    assert rows == sorted(rows)
    attributes = set(table.column_names) - {"ticket", "agreement", "at", "event"}
    assert attributes
    assert all(table[name].null_count < len(table) for name in attributes)


def test_the_same_seed_makes_the_same_log(files: Files, tmp_path: Path) -> None:
    again = Files(tmp_path, TICKETS, CONTRACT)
    every_gen.write(again)
    assert parquet.read_table(again.every) == parquet.read_table(files.every)
    assert again.every_table.read_bytes() == files.every_table.read_bytes()


def test_agreements_are_read_as_they_were_made(files: Files) -> None:
    made = every_gen.agreements(CONTRACT, every_gen.agreements_to(TICKETS))
    read = read_agreements([files.every_table], words=words_at(CONTRACT))
    said = [(a.id, a.contract, {k: v for k, v in a.facts.items() if v is not None}) for a in made]
    assert [(a.id, a.contract, dict(a.facts)) for a in read] == said
    assert {a.facts["time_zone"] for a in read} == {zone for zone, _ in PLACES}


def test_columns_are_those_of_its_cases(files: Files) -> None:
    _, _, table, _ = every.load(files.every, CONTRACT)
    other = Table(OfCases(list(table.cases), AS_OF))
    for name in ("case", "birth"):
        assert np.array_equal(getattr(table, name), getattr(other, name)), name
    for mine, theirs in zip(table.order, other.order, strict=True):
        assert np.array_equal(mine, theirs)
    names = [table.source.names[i] for i in table.source.name]
    assert names == [other.source.names[i] for i in other.source.name]
    for attribute in ("ticket", *parquet.read_schema(files.every).names[4:]):
        mine, theirs = (
            [
                None if code < 0 else t.dictionary.values[code]
                for code in t.column(attribute)[np.arange(len(t.case))].tolist()
            ]
            for t in (table, other)
        )
        assert mine == theirs, attribute


@pytest.mark.parametrize("load", [every.load, every.load_one])
def test_no_cell_differs(files: Files, load: Callable[[Path, str], every.Loaded]) -> None:
    data = load(files.every, CONTRACT)
    result = every.run_with_times(data)
    bare = every.run(data)
    for clause, outcomes in result.outcomes.items():
        assert np.array_equal(bare.outcomes[clause].verdict, outcomes.verdict), clause
        assert np.array_equal(bare.contested[clause], result.contested[clause]), clause
    assert every.against_the_interpreter(data, bare)["differ"] == 0
    found = every.against_the_interpreter(data, result)
    assert found["cells"] == TICKETS * len(data[1])
    assert found["differ"] == 0
    assert found["left"] < found["all"] == TICKETS * len(data[1])
    assert len(data[2].facts) == (1 if load is every.load_one else len(PLACES))
    verdicts = Counter(v for o in result.outcomes.values() for v in o.verdict.tolist())
    assert {VERDICTS[v] for v in verdicts} >= set(Verdict) - {Verdict.UNDETERMINED}
