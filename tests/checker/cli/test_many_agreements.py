"""A thousand agreements with their own zones, countries and periods in one run, whatever file they come in."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from tests.checker.cli import many
from tests.checker.cli.desk import Run, servanda

MADE = many.made(1000)


def check(folder: Path, agreements: Path, *more: str) -> Run:
    (folder / "many.contract").write_text(many.CONTRACT)
    (folder / "tickets.jsonl").write_text(many.as_log(MADE))
    files = ("--contract", folder / "many.contract", "--tickets", folder / "tickets.jsonl")
    return servanda("check", *map(str, files), "--agreements", str(agreements), "--as-of", many.AS_OF, *more)


def written(folder: Path, name: str) -> Path:
    """The agreements in the format that the name says."""
    path = folder / name
    if name.endswith(".parquet"):
        pa = pytest.importorskip("pyarrow")
        parquet = pytest.importorskip("pyarrow.parquet")
        cells = zip(*many.as_rows(MADE), strict=True)
        columns = {title: list(found) for title, found in zip(many.COLUMNS, cells, strict=True)}
        parquet.write_table(pa.table(columns), path)
    else:
        path.write_text(many.as_yaml(MADE) if name.endswith(".yaml") else many.as_csv(MADE))
    return path


def test_there_is_something_to_find() -> None:
    assert {a.verdict for a in MADE} == {"met", "breached", "not_entitled"}
    assert {a.country for a in MADE} == set(many.PLACES)
    assert sum(len(a.periods) == 2 for a in MADE) > 300


@pytest.mark.parametrize("name", ["agreements.yaml", "agreements.csv", "agreements.parquet"])
def test_each_ticket_is_judged_under_its_own_agreement(tmp_path: Path, name: str) -> None:
    run = check(tmp_path, written(tmp_path, name), "--format", "jsonl")
    assert run.code == 1, run.err
    assert "tickets: 1000 read = 1000 judged + 0 set aside" in run.err
    rows = {row["agreement"]: row for row in run.rows}
    assert list(rows) == [a.name for a in MADE]
    assert {name: row["verdict"] for name, row in rows.items()} == {a.name: a.verdict for a in MADE}
    due = {name: row["due"] and datetime.fromisoformat(row["due"]) for name, row in rows.items()}
    assert due == {a.name: a.due for a in MADE}


def test_the_same_agreements_give_the_same_bytes(tmp_path: Path) -> None:
    runs = {name: check(tmp_path, written(tmp_path, name), "--format", "csv") for name in ("a.yaml", "a.csv")}
    assert runs["a.yaml"].out == runs["a.csv"].out


def test_a_mapping_of_agreements_is_an_input(tmp_path: Path) -> None:
    rows = [(a.name, a.zone, a.country, *map(str, a.periods[0][1:])) for a in MADE if len(a.periods) == 1]
    table = tmp_path / "export.csv"
    table.write_text("customer,tz,land,since,until\n" + "".join(",".join(row) + "\n" for row in rows))
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text(
        "columns: {customer: agreement, tz: time_zone, land: country, since: agreements.from, until: agreements.to}\n"
        "facts: {contract: many}\n"
    )
    out = tmp_path / "out.csv"
    run = check(tmp_path, table, "--agreement-mapping", str(mapping), "--format", "csv", "-o", str(out))
    assert run.code == 0, run.err
    provenance = out.with_name("out.csv.provenance.json").read_text()
    assert '"file": "mapping.yaml"' in provenance
    assert f"tickets: 1000 read = {len(rows)} judged + {1000 - len(rows)} set aside" in run.err
    # An entry of no type: whether it is one of gold is not on record, and matters where it is in force.
    entitled = sum(a.verdict != "not_entitled" for a in MADE if len(a.periods) == 1)
    assert f"{entitled} undetermined" in run.err
    spoilt = check(tmp_path, table, "--agreement-mapping", str(mapping), "-o", str(mapping))
    assert spoilt.code == 2
    assert "this would overwrite an input" in spoilt.err
