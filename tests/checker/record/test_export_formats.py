"""Exports that are broken, cut or hostile."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.record.exports.json_records import records
from checker.record.files import Limits, opened
from checker.record.mapping_load import load_mapping
from checker.record.model import Fault
from checker.record.reading import read_log
from tests.checker.record import golden_text
from tests.checker.record.broken import zipped
from tests.checker.record.exported import JIRA, OCEL, SERVICENOW, XES, ZENDESK, issues, read_files, sample
from tests.checker.record.test_broken import accounted
from tests.checker.record.test_export_samples import SAMPLES, stamp


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


XES_HEAD = b'<log><classifier name="Activity classifier" keys="concept:name"/>'
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'
    b'<log><trace><string key="concept:name" value="&b;"/></trace></log>'
)
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE log SYSTEM "secret.dtd"><log/>'

# Files of which nothing can be used: one message each.
WHOLE: dict[str, tuple[str, str, bytes]] = {
    "jira: not JSON": (JIRA, "issues.json", b'[{"key": "SD-1",\n "fields": {,}}]'),
    "jira: cut short": (JIRA, "issues.json", sample(JIRA, "issues.json")[:5000]),
    "jira: a key twice": (JIRA, "issues.json", b'[{"key": "SD-1", "key": "SD-2"}]'),
    "jira: not a number": (JIRA, "issues.json", b'{"issues": [{"key": "SD-1", "n": NaN}]}'),
    "jira: nested without end": (JIRA, "issues.json", b"[" * 100_000),
    "jira: an empty array": (JIRA, "issues.json", b"[]"),
    "jira: an array of text": (JIRA, "issues.json", b'["SD-1"]'),
    "jira: an issue without fields": (JIRA, "issues.json", b'[{"key": "SD-1"}]'),
    "jira: a CSV file": (JIRA, "issues.csv", b"Issue key,Created\nSD-1,01/Mar/24 9:30 AM\n"),
    "jira: not UTF-8": (JIRA, "issues.json", b'[{"key": "SD-\xff"}]'),
    "jira: UTF-16": (JIRA, "issues.json", "[{}]".encode("utf-16")),
    "zendesk: records of another kind": (ZENDESK, "audits.json", b'{"audits": [{"a": 1}]}'),
    "zendesk: no pages": (ZENDESK, "audits.json", b'{"audits": []}'),
    "servicenow: neither of the tables": (SERVICENOW, "x.csv", b"a,b\n1,2\n"),
    "servicenow: audit rows alone": (SERVICENOW, "sys_audit.csv", sample(SERVICENOW, "sys_audit.csv")),
    "servicenow: entities": (SERVICENOW, "incident.xml", BOMB),
    "servicenow: XML cut short": (SERVICENOW, "incident.xml", b"<unload><incident><number>INC1</number>"),
    "xes: not XML": (XES, "log.xes", b"<log><trace></log>"),
    "xes: cut short": (XES, "log.xes", sample(XES, "log.xes")[:3000]),
    "xes: another document": (XES, "log.xes", b"<html><body/></html>"),
    "xes: no traces": (XES, "log.xes", b"<log></log>"),
    "xes: entities": (XES, "log.xes", BOMB),
    "xes: a document type elsewhere": (XES, "log.xes", OUTSIDE),
    "xes: nested without end": (XES, "log.xes", XES_HEAD + b'<list key="a">' * 200),
    "ocel: not JSON": (OCEL, "log.json", b'{"events": [}'),
    "ocel: a list": (OCEL, "log.json", b"[]"),
    "ocel: without objects": (OCEL, "log.json", b'{"events": []}'),
    "ocel: no object is a ticket": (
        OCEL,
        "log.json",
        b'{"events": [], "objects": [{"id": "a", "type": "tickets"}]}',
    ),
    "ocel: objects without a type": (OCEL, "log.json", b'{"events": [], "objects": []}'),
}

# Single parts that are wrong: the ticket is set aside, the other one stays.
PARTS: dict[str, Callable[[list[Any]], object]] = {
    "a history without items": lambda i: i[0]["changelog"]["histories"][1].pop("items"),
    "a history that is text": lambda i: i[0]["changelog"]["histories"].append("x"),
    "a history without a time": lambda i: i[0]["changelog"]["histories"][0].pop("created"),
    "a time without an offset": lambda i: i[0]["changelog"]["histories"][0].update(
        created="2024-03-04T09:10:00"
    ),
    "a day that is none": lambda i: i[0]["changelog"]["histories"][0].update(
        created="2024-02-30T09:10:00.000+0100"
    ),
    "a comment that is text": lambda i: i[0]["fields"]["comment"]["comments"].append("x"),
    "a status that nobody knows": lambda i: i[0]["fields"]["status"].update(name="Parked", id="77"),
    "a priority that no table has": lambda i: i[0]["fields"]["priority"].update(name="Blocker"),
}


def test_files_of_which_nothing_can_be_used(folder: Path) -> None:
    said = {}
    for title, (name, file, data) in WHOLE.items():
        Path(file).write_bytes(data)
        with pytest.raises(Fault) as caught:
            read_log([file], mapping=load_mapping(SAMPLES / name / "mapping.yaml"))
        said[title] = str(caught.value)
        assert "\n" not in said[title], title
    assert said == golden_text.stored("export_files", said)


def test_parts_of_a_ticket_that_are_wrong(folder: Path) -> None:
    sound = json.loads(issues(lambda i: i[0].update(key="SD-99")))
    said = {}
    for title, change in PARTS.items():
        found = json.loads(issues(change))
        Path("issues.json").write_text(json.dumps([*found, *sound], indent=1))
        log = read_log(["issues.json"], mapping=load_mapping(SAMPLES / JIRA / "mapping.yaml"))
        accounted(log)
        if title == "a status that nobody knows":
            # The present status is not read: it only shows that a change is missing.
            assert log.tickets[0].gaps, title
            continue
        assert [t.id for t in log.tickets] == ["SD-99"], title
        assert all(entry.remedy for entry in log.set_aside), title
        said[title] = "\n".join(f"rows {entry.count}: {entry}" for entry in log.set_aside)
    assert said == golden_text.stored("export_parts", said)


def test_the_same_issues_as_lines_pages_and_packed(folder: Path) -> None:
    found = json.loads(sample(JIRA, "issues.json"))["issues"][:2]
    lines = "\n".join(json.dumps(each) for each in found)
    ways = {
        "issues__jsonl": lines.encode(),
        "lines__json": lines.encode(),
        "array__json": json.dumps(found).encode(),
        "pages__json": (
            json.dumps({"issues": found[:1]}) + "\n" + json.dumps({"issues": found[1:]})
        ).encode(),
        "pretty__json": json.dumps({"total": 2, "issues": found}, indent=2).encode(),
        "mark__json": b"\xef\xbb\xbf" + json.dumps(found).encode(),
        "array__json__gz": gzip.compress(json.dumps(found).encode()),
        "array__zip": zipped(a_json=json.dumps(found).encode()),
    }
    histories = []
    for file, data in ways.items():
        log = read_files(JIRA, **{file: data})
        histories.append([(t.id, [(e.name, e.at, e.attributes) for e in t.events]) for t in log.tickets])
    assert len(histories[0]) == 2
    assert all(each == histories[0] for each in histories)


def test_a_bad_line_does_not_hide_the_others(folder: Path) -> None:
    found = json.loads(sample(JIRA, "issues.json"))["issues"][:2]
    lines = [json.dumps(found[0]), '{"key": ', '{"a": 1, "a": 2}', "[" * 10_000, "7", json.dumps(found[1])]
    log = read_files(JIRA, issues__jsonl="\n".join(lines).encode() + b"\n\xff\n")
    assert [t.id for t in log.tickets] == ["SD-1", "SD-2"]
    assert [(s.place.line, s.reason) for s in log.set_aside] == [
        (2, "not JSON: expecting value"),
        (3, "the key occurs twice"),
        (4, "nested too deep"),
        (5, "a record is a number, not a mapping"),
        (7, "the line is not UTF-8"),
    ]


def test_lines_and_paths_of_records(folder: Path) -> None:
    Path("t.json").write_text('{\n "next": null,\n "audits": [\n  {"a": 1},\n\n  {"a": 2}]\n}\n[{"a": 3}]')
    with opened("t.json") as source:
        found = [(r.line, r.path, r.value["a"]) for r in records(source, ("audits",))]
    assert found == [(4, "audits[0]", 1), (6, "audits[1]", 2), (8, "[0]", 3)]


def test_rows_that_are_json_objects(folder: Path) -> None:
    Path("m.yaml").write_text(
        yaml.safe_dump(
            {
                "mapping": 1,
                "name": "rows",
                "source": {"format": "json"},
                "shape": "event-per-row",
                "ticket": {"column": "number"},
                "time": {
                    "column": "opened_at.value",
                    "formats": [{"format": "%Y-%m-%d %H:%M:%S", "precision": "second"}],
                    "zone": {"assume": "UTC"},
                },
                "events": [
                    {
                        "event": "ticket_opened",
                        "when": "first-row",
                        "attributes": {
                            "severity": {"column": "priority.display_value"},
                            "product": {"column": "tag"},
                        },
                    }
                ],
            }
        )
    )
    rows = [
        {
            "number": "A",
            "opened_at": {"display_value": "04/03/2024", "value": "2024-03-04 08:00:00"},
            "priority": {"display_value": "2 - High", "value": "2"},
        },
        {"number": "B", "opened_at": None},
    ]
    Path("rows.json").write_text(json.dumps({"result": rows}))
    log = read_log(["rows.json"], mapping="m.yaml")
    accounted(log)
    (ticket,) = log.tickets
    assert (stamp(ticket.events[0].at), ticket.events[0].attributes) == (
        "2024-03-04T08:00:00Z",
        {"severity": "2 - High"},
    )
    assert log.set_aside[0].place.within == "result[1]"
    assert any(note.text == "the export has no tag, which the mapping reads" for note in log.notes)


def test_what_expands_without_end_is_refused(folder: Path) -> None:
    tight = Limits(ratio_from=1 << 16, ratio=20)
    bomb = XES_HEAD + b" " * (4 << 20) + b"</log>"
    array = b"[" + b" " * (4 << 20) + b"]"
    rows = b"number,sys_id\n" + b"\n" * (4 << 20)
    for name, file, data in (
        (XES, "log__xes__gz", gzip.compress(bomb)),
        (XES, "log__zip", zipped(log_xes=bomb)),
        (JIRA, "issues__json__gz", gzip.compress(array)),
        (OCEL, "log__json__gz", gzip.compress(array)),
        (SERVICENOW, "incident__csv__gz", gzip.compress(rows)),
        ("event-rows", "events__csv__gz", gzip.compress(sample("event-rows", "events.csv") + rows)),
    ):
        with pytest.raises(Fault, match="unpacks to far more"):
            read_files(name, tight, **{file: data})
    with pytest.raises(Fault, match="the document is too large"):
        read_files(JIRA, Limits(json_bytes=1000), issues__json=sample(JIRA, "issues.json"))
    with pytest.raises(Fault, match="the file is too large"):
        read_files(XES, Limits(expanded_bytes=1000), log__xes=sample(XES, "log.xes"))


JUNK = [None, True, -1, "", "x", "\0", [], {}, [1], {"a": 1}, "2024-13-01T00:00:00Z", "9" * 400, 10**30]


def parts_of(found: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value, as the thing that holds it and its key or position."""
    keys = list(found) if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    return [place for key in keys for place in ((found, key), *parts_of(found[key]))]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.sampled_from([JIRA, ZENDESK, OCEL]), st.data())
def test_whatever_an_export_holds_it_is_accounted_for(folder: Path, name: str, data: st.DataObject) -> None:
    paths = []
    for path in sorted((SAMPLES / name).glob("*.json*")):
        text = path.read_text(encoding="utf-8")
        if path.suffix == ".json":
            found = json.loads(text)
            for _ in range(data.draw(st.integers(0, 3))):
                there = parts_of(found)
                if there:
                    holder, key = there[data.draw(st.integers(0, len(there) - 1))]
                    holder[key] = json.loads(json.dumps(data.draw(st.sampled_from(JUNK))))
            text = json.dumps(found)
        Path(path.name).write_text(text, encoding="utf-8")
        paths.append(path.name)
    try:
        log = read_log(paths, mapping=load_mapping(SAMPLES / name / "mapping.yaml"))
    except Fault:
        return
    accounted(log)
