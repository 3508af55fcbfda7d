"""An export of snapshots told in columns is, ticket by ticket and note by note, the log that its rows give one by one."""

from __future__ import annotations

import copy
import random
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.record.collect import Collector
from checker.record.files import Limits
from checker.record.mapped import read_export
from checker.record.mapping_load import load_mapping
from checker.record.mapping_model import Mapping
from checker.record.model import Fault, Log, Place

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

from checker.columnar.export_cells import read_cells
from checker.columnar.exported import Told, told

WORDS = words_of(vocabulary())
STATES = ["New", "Active", "Waiting", "Done", "?"]
RULES: dict[str, Any] = {
    "mapping": 1,
    "name": "desk",
    "source": {"format": "csv", "missing": ["?"]},
    "shape": "snapshot-per-update",
    "ticket": {"column": "id"},
    "agreement": {"column": "customer"},
    "kind": {"constant": "incident"},
    "time": {
        "column": "when",
        "formats": [
            {"format": "%d/%m/%Y %H:%M", "precision": "minute"},
            {"format": "%d-%m-%Y %H:%M", "precision": "minute"},
        ],
        "zone": {"assume": "Europe/Warsaw"},
        "clock_changes": "either",
    },
    "revision": {"column": "rev", "first": 0},
    "across_gaps": "within",
    "contradictions": "set-aside",
    "tables": {"severity": {"values": {"P1": "1", "P2": "A", "P3": None}, "otherwise": "refuse"}},
    "events": [
        {
            "event": "ticket_opened",
            "when": "first-row",
            "at": {"column": "opened"},
            "attributes": {
                "severity": {"column": "priority", "table": "severity"},
                "product_family": {"assumption": "family"},
                "channel": {"constant": "phone"},
            },
        },
        {
            "event": "severity_changed",
            "when": {"column": "priority", "changes": True},
            "attributes": {
                "severity": {"column": "priority", "table": "severity"},
                "previous_severity": {"previous": "priority", "table": "severity"},
            },
        },
        {"event": "work_resumed", "when": {"column": "state", "leaves": ["Waiting"]}},
        {
            "event": "work_paused",
            "when": {"column": "state", "enters": ["Waiting"]},
            "attributes": {
                "by": {"constant": "provider"},
                "severity": {"latest": "priority", "table": "severity"},
            },
        },
        {
            "event": "response_sent",
            "assuming": {"response-is": "active"},
            "when": {"column": "state", "changes": {"from": ["New"], "to": ["Active"]}, "once": True},
        },
        {"event": "ticket_resolved", "when": {"column": "state", "is": ["Done"]}},
    ],
    "closed": {"state": ["New", "Active", "Waiting", "Done", "odd"]},
    "claims": {"kept": {"column": "kept", "type": "bool"}},
    "records_missing": ["assignments", {"record": "response_sent", "unless": "response-is"}],
    "assumptions": {
        "response-is": {
            "text": "What stands for a response is {value}.",
            "choices": {"active": "Active it is."},
        },
        "family": {"text": "All is about {value}."},
    },
    "assume": {"response-is": "active", "family": "other"},
    "complete_to": "last-row",
}
HEADER = "id,customer,when,rev,opened,priority,state,kept,note"


def mapping(folder: Path, without: tuple[str, ...] = (), **changed: Any) -> Mapping:
    rules = copy.deepcopy(RULES) | changed
    (folder / "m.yaml").write_text(yaml.dump(rules, sort_keys=False), encoding="utf-8")
    return load_mapping(folder / "m.yaml", without=without, words=WORDS)


def in_columns(paths: list[Path], *mappings: Mapping) -> list[Told] | None:
    """What the export tells by several mappings, one after the other; None where columns leave it to the reader of rows."""
    cells = read_cells(paths, mappings[0], Limits())
    out: list[Told] = []
    for rules in mappings:
        beside = out[-1] if out else None
        found = told(cells, rules, Collector(words=WORDS), beside) if cells is not None else None
        if found is None:
            return None
        out.append(found)
    return out


def by_rows(paths: list[Path], *mappings: Mapping) -> list[Log]:
    log, export = read_export(paths, mappings[0], Collector(words=WORDS))
    others = [export.told(rules) for rules in mappings[1:]]
    return [log, *(other for other in others if other is not None)]


def same(found: Told, log: Log) -> None:
    assert replace(log, tickets=[]) == found.log
    assert [found.batch.ticket(i) for i in range(len(found.batch))] == log.tickets
    assert {t.id: t.claims for t in log.tickets if t.claims} == found.claims


row = st.tuples(
    st.sampled_from("AAABBC"),
    st.sampled_from(["acme", "acme", "acme", "?"]),
    st.integers(0, 40),
    st.sampled_from([0, 1, 1, 1, 2, 5]),
    st.integers(-3, 30),
    st.sampled_from(["P1", "P2", "P3", "?", "P1"]),
    st.sampled_from(STATES),
    st.sampled_from(["true", "false", "?"]),
)


def as_text(rows: list[tuple[Any, ...]], odd: int, day: str) -> str:
    """Rows whose revisions mostly rise with the times; `odd`: the one that has a cell that nothing can read."""
    lines, revision, minutes = [HEADER], dict.fromkeys("ABC", 0), dict.fromkeys("ABC", 60)
    for i, (ticket, customer, later, jump, opened, priority, state, kept) in enumerate(rows):
        minutes[ticket] += later
        when = f"{day} {minutes[ticket] // 60:02d}:{minutes[ticket] % 60:02d}"
        began = f"{day} {1 + opened // 30:02d}:{opened % 30:02d}" if opened >= 0 else "?"
        cells = [ticket, customer, when, str(revision[ticket]), began, priority, state, kept, "x"]
        if i == odd:
            cells[2 + i % 6] = "odd"
        lines.append(",".join(cells))
        revision[ticket] += jump
    return "\n".join(lines) + "\n"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(row, min_size=1, max_size=14),
    odd=st.integers(0, 30),
    # On these days the clocks of the zone are changed, or not.
    day=st.sampled_from(["3/3/2025", "30/3/2025", "26-10-2025"]),
    across=st.sampled_from(["within", "at-row"]),
)
def test_generated_exports(
    tmp_path: Path, rows: list[tuple[Any, ...]], odd: int, day: str, across: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(as_text(rows, odd, day), encoding="utf-8")
    rules = mapping(tmp_path, across_gaps=across)
    bare = mapping(tmp_path, without=("response-is", "family"), across_gaps=across)
    try:
        logs = by_rows([path], rules, bare)
    except Fault:
        return
    found = in_columns([path], rules, bare)
    assert found is not None
    assert len(found) == len(logs) == 2
    for one, log in zip(found, logs, strict=True):
        same(one, log)


def test_several_files_are_one_log(tmp_path: Path) -> None:
    lines = as_text(
        [("A", "acme", 5, 1, 0, "P1", s, "true") for s in STATES[:4]], 99, "3/3/2025"
    ).splitlines()
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, part in zip(paths, (lines[1:3], lines[3:]), strict=True):
        path.write_text("\n".join([HEADER, *part]) + "\n", encoding="utf-8")
    rules = mapping(tmp_path)
    found = in_columns(paths, rules)
    assert found is not None
    same(found[0], by_rows(paths, rules)[0])
    assert {e.place.file for e in found[0].batch.ticket(0).events if e.place} == {str(p) for p in paths}


def test_suspicions_are_those_of_the_rows(tmp_path: Path) -> None:
    """Every ticket is opened two hours before the row that shows it, and no day is above 12."""
    lines = [HEADER]
    for i in range(14):
        day = f"{1 + i % 12}/{1 + i % 9}/2025"
        lines.append(f"T{i},acme,{day} 12:00,0,{day} 10:00,P1,New,true,x")
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = mapping(tmp_path)
    found = in_columns([path], rules)
    assert found is not None
    same(found[0], by_rows([path], rules)[0])
    assert sum(note.text.startswith("suspicion") for note in found[0].log.notes) == 2


def scattered(turned: str, *, faulty: bool = False) -> list[str]:
    """Rows of the working days of a spring, with day and month exchanged in one of the columns wherever that makes a date."""
    begin, out = date(2024, 3, 11), []
    for i in range(80):
        day = begin + timedelta(i)
        sound = f"{day:%d/%m/%Y}"
        other = f"{day:%m/%d/%Y}" if day.day <= 12 else sound
        when, opened = (other if turned == name else sound for name in ("when", "opened"))
        # The stamp of a row counts though another cell of it cannot be read.
        revision = "odd" if faulty and day.day <= 12 else "0"
        out.append(f"T{i},acme,{when} 12:00,{revision},{opened} 01:15,P1,New,true,x")
    return out


@pytest.mark.parametrize("turned", ["when", "opened", ""])
@pytest.mark.parametrize("faulty", [False, True])
@pytest.mark.parametrize("clock", ["12:00", "2:30"])
def test_dates_outside_of_the_time_of_the_others(
    tmp_path: Path, turned: str, faulty: bool, clock: str
) -> None:
    lines = [line.replace("12:00", clock) for line in scattered(turned, faulty=faulty)]
    # The log is not in the order of its tickets: the first place is that of the log all the same.
    when, opened = ("04/11/2024" if turned == name else "21/04/2024" for name in ("when", "opened"))
    again = f"T40,acme,{when} 12:00,1,{opened} 01:15,P1,New,true,x"
    lines = [*lines[40:], *lines[:40], again]
    paths = [tmp_path / "a.csv", tmp_path / "b.csv"]
    for path, part in zip(paths, (lines[:30], lines[30:]), strict=True):
        path.write_text("\n".join([HEADER, *part]) + "\n", encoding="utf-8")
    rules = mapping(tmp_path)
    found = in_columns(paths, rules)
    assert found is not None
    log = by_rows(paths, rules)[0]
    same(found[0], log)
    said = [note for note in log.notes if "outside of 2024-03-13 to 2024-05-29" in note.text]
    assert [f"dates in {turned}, written" in note.text for note in said] == ([True] if turned else [])
    if turned:
        (note,) = said
        assert note.text.startswith("suspicion: 18 of 24 dates")
        # The first is the first of May: that of the first ticket stands in the other file.
        assert note.place == Place(str(paths[0]), 13)
        assert "(as in 05/01/2024 " in note.text


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data(), first=st.dates(date(2023, 1, 1), date(2024, 12, 31)), length=st.integers(10, 900))
def test_generated_dates(tmp_path: Path, data: st.DataObject, first: date, length: int) -> None:
    """Whatever the dates, what is said of them is the same."""
    rng = random.Random(data.draw(st.integers(0, 10_000)))
    turned, lines = data.draw(st.sampled_from(["", "when", "opened", "when opened"])), [HEADER]
    for i in range(data.draw(st.integers(5, 150))):
        day = first + timedelta(rng.randrange(length))
        form = "%d-%m-%Y" if rng.random() < 0.05 else "%d/%m/%Y"
        cells = {}
        for name in ("when", "opened"):
            text = day.strftime(form.replace("%d", "%m", 1).replace("-%m", "-%d").replace("/%m", "/%d"))
            cells[name] = text if name in turned and day.day <= 12 else day.strftime(form)
            cells[name] += rng.choice(
                [" 10:00", " 10:00", " 2:30", " odd"] if rng.random() < 0.1 else [" 9:00"]
            )
        revision = rng.choice(["0", "0", "0", "odd"])
        lines.append(f"T{i},acme,{cells['when']},{revision},{cells['opened']},P1,New,true,x")
    path = tmp_path / "rows.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    rules = mapping(tmp_path)
    try:
        log = by_rows([path], rules)[0]
    except Fault:
        return
    found = in_columns([path], rules)
    assert found is not None
    same(found[0], log)


ROW = "A,acme,3/3/2025 09:00,0,3/3/2025 08:00,P1,New,true,x"


@pytest.mark.parametrize("year", [1, 1969, 1970, 2099, 2100, 9999])
def test_years_that_are_no_instants(tmp_path: Path, year: int) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(
        f"{HEADER}\n{ROW}\n{ROW.replace('A', 'B', 1).replace('2025', f'{year:04d}')}\n", encoding="utf-8"
    )
    rules = mapping(tmp_path)
    found = in_columns([path], rules)
    assert found is not None
    log = by_rows([path], rules)[0]
    same(found[0], log)
    assert len(log.set_aside) == (not 1970 <= year <= 2099)


@pytest.mark.parametrize(
    "text",
    [
        f'{HEADER}\n{ROW}\nB,acme,3/3/2025 09:00,0,3/3/2025 08:00,P1,New,true,"x"\n',
        f"{HEADER}\n{ROW}\nB,acme,3/3/2025 09:00,0,3/3/2025 08:00,P1,New,true\n",
        f"{HEADER}\n{ROW}\n\n{ROW.replace('A', 'B', 1)}\n",
        f"{HEADER}\r\n{ROW}\r\n",
        f"{HEADER}\n{ROW}\n x,acme,3/3/2025 09:00,0,3/3/2025 08:00,P1,New,true,x\n",
        f"{HEADER}\n{ROW}\n".replace("x\n", "\xe4\n"),
    ],
    ids=["a quote", "another width", "an empty line", "other line ends", "an id that is none", "not UTF-8"],
)
def test_rows_that_are_not_plain_are_left_to_the_reader_of_rows(tmp_path: Path, text: str) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(text.encode("latin-1"))
    assert in_columns([path], mapping(tmp_path)) is None


def test_what_is_kept_in_spite_of_a_contradiction_is_left_to_the_reader_of_rows(tmp_path: Path) -> None:
    path = tmp_path / "rows.csv"
    back = ROW.replace(",0,", ",1,").replace("09:00", "08:30")
    path.write_text(f"{HEADER}\n{ROW}\n{back}\n", encoding="utf-8")
    assert in_columns([path], mapping(tmp_path, contradictions="keep")) is None
