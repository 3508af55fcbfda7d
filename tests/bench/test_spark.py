"""The run on Spark: cells compared, goals, and its section of the page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.bench import goals
from tests.bench.report import on_spark, spark_of, start_of, with_spark
from tests.bench.spark import compared, table

pa = pytest.importorskip("pyarrow")

ROUNDS = {
    "local": [{"run": 10.0}, {"run": 12.0}],
    "spark": [{"run": 20.0}, {"run": 18.0}],
    "spark_identity": [{"run": 8.0}, {"run": 9.0}],
}


def result(tickets: int) -> dict[str, Any]:
    machine = {"cores": 2, "system": "Linux", "processor": "x", "python": "3.11", "spark": "4.3"}
    said = goals.lines(ROUNDS, {"spark": (100, 0)}, goals.SPARK)
    rows = table(ROUNDS, tickets)
    return {
        "tickets": tickets,
        "rounds": 2,
        "master": "local[2]",
        "machine": machine,
        "table": rows,
        "goals": said,
    }


def test_its_goals_are_measured_by_it() -> None:
    assert result(1000)["goals"] == [
        "spark-beside-identity 2.250 2.000 falls short",
        "spark-beside-local 1.750 1.500 falls short",
        "cells-equal 1.000 1.000 holds",
    ]
    assert table(ROUNDS, 1100)[2] == "| local | 11.0 (10.0-12.0) | 100 |"


def test_its_section_comes_before_that_of_the_start() -> None:
    page = "# Page\n\n## 10 tickets\n\n## Start-up\n\nslow\n"
    one, two = on_spark(result(1000)), on_spark(result(2000))
    assert "1,000 tickets, 2 rounds on 2 cores (Linux, x), Python 3.11, Spark 4.3 as `local[2]`." in one
    made = with_spark(page, one)
    assert made == f"# Page\n\n## 10 tickets\n\n{one}\n## Start-up\n\nslow\n"
    assert spark_of(made) == one
    assert start_of(made) == "## Start-up\n\nslow\n"
    assert with_spark(made, two) == with_spark(page, two)
    assert with_spark(made, "") == page
    assert spark_of(page) == ""


@pytest.mark.parametrize(
    ("change", "differ"),
    [
        ({}, 0),
        ({"c1": ["met", "met", "met"]}, 1),
        ({"contested": [[], ["c1"], []]}, 1),
        ({"ticket": ["a", "b", "x"]}, 4),
    ],
)
def test_every_cell_is_compared(change: dict[str, list[Any]], differ: int, tmp_path: Path) -> None:
    from pyarrow import parquet

    rows = {"agreement": ["A"] * 3, "ticket": ["a", "b", "c"], "c1": ["met", "breached", "met"]}
    rows["contested"] = [[], [], []]
    for name, columns in (("local", rows), ("spark", {**rows, **change})):
        columns = {**columns, "contested": pa.array(columns["contested"], pa.list_(pa.string()))}
        parquet.write_table(pa.table(columns), tmp_path / name)
    assert compared(tmp_path / "local", tmp_path / "spark") == (6, differ)


def test_a_row_that_is_there_twice_is_seen(tmp_path: Path) -> None:
    from pyarrow import parquet

    one = pa.table({"agreement": ["A"], "ticket": ["a"], "c1": ["met"]})
    parquet.write_table(one, tmp_path / "local")
    parquet.write_table(pa.concat_tables([one, one]), tmp_path / "spark")
    assert compared(tmp_path / "local", tmp_path / "spark") == (1, 1)
