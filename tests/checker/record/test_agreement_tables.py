"""Agreements as a table: what its YAML would say, and one clear fault with a place for all that cannot be read."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from checker.record import agreement_table
from checker.record.agreement_columns import TableNames
from checker.record.agreement_mapping import load_agreement_mapping
from checker.record.agreements import read_agreements
from checker.record.model import Agreement, Note
from tests.checker.record import golden_text
from tests.checker.record.test_broken import fault_of
from tests.checker.record.test_facts import WORDS

TABLE = """\
agreement,contract,time_zone,country,paid,start_day,started,contacts,hours.from,hours.to,plans.level,plans.from,plans.quantity,\
plans.places,closed_dates,gaps.from,gaps.to,own_fact,rates[].name,rates[].fee
acme,gold,Europe/Oslo,NO,TRUE,15,2025-01-01,ann,22:00,06:00,1,2025-01-01,2,[NO],2025-12-24,,,yes,day,12.50
acme,,,,,,,"bob, the other",,,2,2025-06-01,1.5,,2025-12-31,2025-03-03T00:00:00Z,2025-03-04T00:00:00Z,,night,20
bolt,gold,UTC+02:00,,false,,,[],,,[],,,,,,,007,,
acme,gold,,NO,,,,,,,,,,,,,,,,0
"""
YAML = """\
agreement: acme
contract: gold
time_zone: Europe/Oslo
country: NO
paid: true
start_day: 15
started: 2025-01-01
contacts: [ann, "bob, the other"]
hours: {from: '22:00', to: '06:00'}
plans:
- {level: "1", from: 2025-01-01, quantity: 2, places: [NO]}
- {level: "2", from: 2025-06-01, quantity: 1.5}
closed_dates: [2025-12-24, 2025-12-31]
gaps: [{from: 2025-03-03T00:00:00Z, to: 2025-03-04T00:00:00Z}]
own_fact: yes
rates: [{name: day, fee: 12.50}, {name: night, fee: 20}, {fee: 0}]
---
agreement: bolt
contract: gold
time_zone: UTC+02:00
paid: false
contacts: []
plans: []
own_fact: 007
"""
HEAD = "agreement,contract,time_zone,plans.level,plans.from,plans.to,paid,hours.from,contacts\n"
GOOD = "acme,gold,Europe/Oslo,1,2025-01-01,2025-12-31,true,08:00,ann\n"

BROKEN: dict[str, bytes] = {
    name: text if isinstance(text, bytes) else text.encode()
    for name, text in {
        "header only": HEAD,
        "no agreement": "contract,country\ngold,PL\n",
        "agreement misspelt": "agrement,contract\nacme,gold\n",
        "no contract": "agreement,country\nacme,PL\n",
        "a column twice": "agreement,contract,paid,paid\nacme,gold,true,true\n",
        "a column without a name": "agreement,contract,\nacme,gold,x\n",
        "a part without a name": "agreement,contract,hours..from\nacme,gold,08:00\n",
        "a fact and what is in it": "agreement,contract,hours.from,hours\nacme,gold,08:00,{}\n",
        "a list and its entries": "agreement,contract,plans,plans.level\nacme,gold,[],1\n",
        "a list and none": "agreement,contract,rates[].name,rates.fee\nacme,gold,a,1\n",
        "a list in an entry": "agreement,contract,plans.places.name\nacme,gold,NO\n",
        "events": "agreement,contract,events.at\nacme,gold,2025-03-03T00:00:00Z\n",
        "a row of too few cells": HEAD + GOOD + "bolt,gold\n",
        "a quote not closed": HEAD + GOOD + 'bolt,gold,"Europe/Oslo\n',
        "not UTF-8": HEAD.encode() + GOOD.encode() + b"sp\xf3\xb3ka,gold,,,,,,,\n",
        "a row without its agreement": HEAD + GOOD + ",gold,,2,,,,,\n",
        "an agreement with a blank": HEAD + "acme ,gold,,,,,,,\n",
        "an agreement without a contract": HEAD + GOOD + "bolt,,UTC,,,,,,\n",
        "another zone in another row": HEAD + GOOD + "acme,gold,UTC,2,2025-01-01,,,,\n",
        "another contract in another row": HEAD + GOOD + "acme,silver,,2,2025-01-01,,,,\n",
        "an entry twice": HEAD + GOOD + "acme,gold,Europe/Oslo,1,2025-01-01,2025-12-31,true,08:00,bob\n",
        "a scalar entry twice": HEAD + GOOD + "acme,,,,,,,,ann\n",
        "a row that says nothing": HEAD + GOOD + "acme,gold,Europe/Oslo,,,,,,\n",
        "no entry and one": HEAD + GOOD + "acme,,,[],,,,,\n",
        "one and no entry": HEAD + "acme,gold,,[],,,,,\n" + GOOD,
        "unknown zone": HEAD + "acme,gold,Europe/Warszawa,,,,,,\n",
        "not true or false": HEAD + GOOD + "bolt,gold,UTC,,,,yes,,\n",
        "not a date": HEAD + GOOD + "bolt,gold,UTC,1,01/07/2025,,,,\n",
        "a day that is none": HEAD + GOOD + 'bolt,gold,"UTC",1,2025-02-30,,,,\n',
        "a period that ends before it begins": HEAD + "acme,gold,UTC,1,2025-07-01,2025-06-30,,,\n",
        "not a time": HEAD + "acme,gold,UTC,,,,,8,\n",
        "after a cell of two lines": HEAD + 'acme,gold,UTC,"1\n2",2025-01-01,2025-01-99,,,\n',
        "a list that is none": "agreement,contract,plans.places\nacme,gold,NO\n",
        "a list not closed": "agreement,contract,plans.places\nacme,gold,[NO\n",
        "a mapping that is none": "agreement,contract,hours\nacme,gold,08:00\n",
        "a gap without an end": "agreement,contract,gaps.from\nacme,gold,2025-03-03T00:00:00Z\n",
        "a day both open and closed": "agreement,contract,open_dates,closed_dates\na,gold,2025-12-24,2025-12-24\n",
        "a log that is none": "agreement,contract,records_missing\nacme,gold,payment\n",
        "country in small letters": "agreement;contract;country\nacme;gold;pl\n",
        "a field misspelt": "agreement,contract,plans.levl\nacme,gold,1\n",
        "a number beyond 2**53": "agreement,contract,own_fact\nacme,gold,9007199254740992\n",
        "not a number": "agreement,contract,plans.quantity\nacme,gold,two\n",
    }.items()
}
MAPPINGS = {
    "a list": "- columns\n",
    "an unknown key": "column: {a: b}\n",
    "a heading that means a list": "columns: {a: [b]}\n",
    "two documents": "columns: {}\n---\nfacts: {}\n",
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(name: str, data: str | bytes, names: TableNames | None = None) -> list[Agreement]:
    Path(name).write_bytes(data if isinstance(data, bytes) else data.encode())
    return read_agreements([name], words=WORDS, names=names)


def told(agreements: list[Agreement]) -> list[tuple[object, ...]]:
    return [(a.id, a.contract, a.facts, a.events, a.missing, a.gaps) for a in agreements]


@pytest.mark.parametrize("data", [TABLE, gzip.compress(TABLE.encode()), TABLE.encode("utf-16")])
def test_a_table_says_what_its_documents_would(folder: Path, data: str | bytes) -> None:
    expected = read("a.yaml", YAML)
    name = "a.csv.gz" if isinstance(data, bytes) and data[:1] == b"\x1f" else "a.csv"
    assert told(read(name, data)) == told(expected)


def test_other_delimiters(folder: Path) -> None:
    rows = "agreement;contract;plans.level;plans.places\nacme;gold;1;[NO, PL]\n"
    (found,) = read("a.csv", rows)
    assert found.facts == {"plans": [{"level": "1", "places": ["NO", "PL"]}]}
    assert read("a.tsv", rows.replace(";", "\t"))[0].facts == found.facts


def test_an_empty_cell_is_not_on_record_and_brackets_are_no_entry(folder: Path) -> None:
    empty, none = read("a.csv", "agreement,contract,plans.level,paid\na,gold,,\nb,gold,[],\n")
    assert (empty.facts, none.facts) == ({}, {"plans": []})


def test_rows_need_not_stand_together(folder: Path) -> None:
    first, second = read("a.csv", "agreement,contract,contacts\na,gold,x\nb,gold,y\na,,z\n")
    assert (first.facts, second.facts) == ({"contacts": ["x", "z"]}, {"contacts": ["y"]})
    assert (str(first.place), str(second.place)) == ("a.csv:2:1", "a.csv:3:1")


def test_agreements_of_another_contract_have_words_of_their_own(folder: Path) -> None:
    words = WORDS.__class__(facts={("paid",): "bool"}, contract="gold")
    Path("a.csv").write_text("agreement,contract,paid\na,gold,true\nb,silver,in May\n")
    assert [a.facts for a in read_agreements(["a.csv"], words=words)] == [{"paid": True}, {"paid": "in May"}]


def test_what_looks_wrong_is_noted_once(folder: Path) -> None:
    notes: list[Note] = []
    Path("a.csv").write_text("agreement,contract,pade\n" + "".join(f"a{i},gold,x\n" for i in range(9)))
    read_agreements(["a.csv"], words=WORDS, notes=notes)
    (note,) = notes
    assert (str(note.place), note.count) == ("a.csv:2:9", 9)
    assert "pade" in note.text


def test_where_cells_stand_is_worked_out_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of an agreement of many entries, each with something to be noted."""
    rows = "".join(f"acme,gold,{i},x\n" for i in range(50))
    Path("a.csv").write_text(f"agreement,contract,plans.level,plans.zzz\n{rows}", "utf-8")
    real, worked = agreement_table._Said.marks, []

    def marks(self: agreement_table._Said) -> object:
        worked.append(self.line)
        return real(self)

    monkeypatch.setattr(agreement_table._Said, "marks", marks)
    notes: list[Note] = []
    read_agreements(["a.csv"], words=WORDS, notes=notes)
    assert sum(note.count for note in notes) == 50
    assert sorted(worked) == list(range(2, 52))


def test_an_agreement_stands_in_one_file(folder: Path) -> None:
    Path("a.csv").write_text("agreement,contract\nacme,gold\n")
    Path("b.yaml").write_text("agreement: acme\ncontract: gold\n")
    assert "already at a.csv:2:1" in fault_of(lambda: read_agreements(["a.csv", "b.yaml"]))


def test_a_mapping_names_columns_and_common_facts(folder: Path) -> None:
    Path("m.yaml").write_text(
        "columns: {customer: agreement, since: plans.from, remark: null}\n"
        "facts: {contract: gold, paid: true, hours: {from: '08:00', to: '16:00'}}\n"
    )
    names = load_agreement_mapping("m.yaml")
    rows = "customer,since,remark,paid,hours.from\nacme,2025-01-01,a note,,\nbolt,,,false,09:00\n"
    acme, bolt = read("a.csv", rows, names)
    hours = {"from": "08:00", "to": "16:00"}
    assert (acme.id, acme.contract) == ("acme", "gold")
    assert acme.facts == {"paid": True, "hours": hours, "plans": [{"from": "2025-01-01"}]}
    assert bolt.facts == {"paid": False, "hours": {"from": "09:00"}}
    said = fault_of(lambda: read("a.csv", "customer,until\nacme,x\n", names))
    assert said == (
        "a.csv:1:1: the column since, which m.yaml names, is missing; found columns customer, until; "
        "correct one of the two"
    )


def test_broken_tables(folder: Path) -> None:
    said = {"missing": fault_of(lambda: read_agreements(["agreements.csv"]))}
    for name, data in BROKEN.items():
        said[name] = fault_of(lambda data=data: read("agreements.csv", data))
        assert said[name].startswith("agreements.csv:"), name
        assert "; " in said[name], name
    for name, text in MAPPINGS.items():
        Path("mapping.yaml").write_text(text)
        said[f"mapping: {name}"] = fault_of(lambda: load_agreement_mapping("mapping.yaml"))
    assert said == golden_text.stored("agreement_tables", said)
    assert len(said) >= 40


def test_too_many_values_are_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.record.agreement_table.MOST_VALUES", 5)
    text = "agreement,contract\n" + "".join(f"a{i},gold\n" for i in range(3))
    assert "too many values" in fault_of(lambda: read("a.csv", text))


# --------------------------------------------------------------------------- Parquet
def test_parquet_without_its_reader(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    said = fault_of(lambda: read("a.parquet", b"PAR1....PAR1"))
    assert said == (
        "a.parquet: no reader of Parquet is installed; found no pyarrow; install servanda[parquet], "
        "or save the table as CSV"
    )


def test_parquet_that_is_not_there(folder: Path) -> None:
    assert (
        fault_of(lambda: read_agreements(["a.parquet"])) == "a.parquet: there is no such file; check the path"
    )


def test_parquet_of_text_is_read_as_csv_is(folder: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    header, *rows = csv.reader(TABLE.splitlines())
    columns = {name: [row[i] for row in rows] for i, name in enumerate(header)}
    # What no vocabulary has keeps the type that the file gives it.
    for name in ("own_fact", "rates[].name", "rates[].fee"):
        del columns[name]
    parquet.write_table(pa.table({name: cells[:3] for name, cells in columns.items()}), "a.parquet")
    expected = told(read("a.yaml", YAML))
    found = told(read_agreements(["a.parquet"], words=WORDS))
    for facts in (each[2] for each in (*expected, *found)):
        assert isinstance(facts, dict)
        facts.pop("own_fact", None)
        facts.pop("rates", None)
    assert found == expected


def test_types_of_parquet(folder: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    plans = [[{"level": "1", "from": dt.date(2025, 1, 1), "quantity": 2.5}], None]
    columns = {
        "agreement": ["acme", "bolt"],
        "contract": pa.array(["gold", "gold"]).dictionary_encode(),
        "paid": [True, None],
        "start_day": pa.array([15, None], pa.int8()),
        "signed": pa.array([1_740_000_000, None], pa.timestamp("s", tz="UTC")),
        "contacts": [["ann"], []],
        "plans": plans,
    }
    parquet.write_table(pa.table(columns), "a.parquet")
    acme, bolt = read_agreements(["a.parquet"], words=WORDS)
    assert acme.facts == {
        "paid": True,
        "start_day": 15,
        "signed": "2025-02-19T21:20:00+00:00",
        "contacts": ["ann"],
        "plans": [{"level": "1", "from": "2025-01-01", "quantity": Decimal("2.5")}],
    }
    assert (bolt.facts, str(bolt.place)) == ({"contacts": []}, "a.parquet:2:1")


def test_broken_parquet(folder: Path) -> None:
    pa = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")
    head = {"agreement": ["acme"], "contract": ["gold"]}
    tables = {
        "an agreement that is a number": {"agreement": [17], "contract": ["gold"]},
        "an instant without its zone": head | {"signed": pa.array([0], pa.timestamp("s"))},
        "bytes": head | {"level": [b"1"]},
        "not a number": head | {"own_fact": [float("nan")]},
        "not a number, twice": {
            "agreement": ["acme"] * 2,
            "contract": ["gold"] * 2,
            "own_fact": [float("nan")] * 2,
        },
        "a number for text": head | {"level": [1]},
        "text that is no date": head | {"plans.from": ["1 March"]},
    }
    said = {}
    for name, columns in tables.items():
        parquet.write_table(pa.table(columns), "a.parquet")
        said[name] = fault_of(lambda: read_agreements(["a.parquet"], words=WORDS))
    said["cut short"] = fault_of(lambda: read("a.parquet", b"PAR1 and no more"))
    assert said == golden_text.stored("agreement_parquet", said)
