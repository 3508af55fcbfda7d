"""Exports that are broken, cut or hostile, and what only some formats can say of themselves."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.record.exports.json_records import records
from checker.record.files import Limits, opened
from checker.record.mapping_load import load_mapping
from checker.record.model import Fault, Gap, Log
from checker.record.reading import read_log
from tests.checker.record import golden_text
from tests.checker.record.broken import zipped
from tests.checker.record.test_broken import accounted
from tests.checker.record.test_export_samples import SAMPLES, read, stamp

SERVICENOW, JIRA, ZENDESK = "servicenow-sys-audit", "jira-service-management", "zendesk-support"
XES, OCEL = "xes-problem-management", "ocel-tickets"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def sample(name: str, file: str) -> bytes:
    return (SAMPLES / name / file).read_bytes()


def read_files(name: str, limits: Limits | None = None, **data: bytes) -> Log:
    paths = []
    for file, content in data.items():
        path = Path(file.replace("__", "."))
        path.write_bytes(content)
        paths.append(path)
    log = read_log(paths, mapping=load_mapping(SAMPLES / name / "mapping.yaml"), limits=limits)
    accounted(log)
    return log


def issues(change: Callable[[list[Any]], object]) -> bytes:
    found = json.loads(sample(JIRA, "issues.json"))["issues"][:1]
    change(found)
    return json.dumps(found).encode()


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


# --------------------------------------------------------------------------- JSON
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


# --------------------------------------------------------------------------- limits
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


# --------------------------------------------------------------------------- what a format says of itself
def test_an_issue_without_changelog_or_comments_proves_nothing(folder: Path) -> None:
    bare = read_files(JIRA, a__json=issues(lambda i: i[0].pop("changelog")))
    (ticket,) = bare.tickets
    assert [e.name for e in ticket.events if e.name != "response_sent"] == [
        "ticket_opened",
        "customer_responded",
    ]
    assert "severity" not in ticket.events[0].attributes
    assert ticket.gaps[-1].end > ticket.events[-1].at
    assert any("without its changelog" in note.text for note in bare.notes)
    mute = read_files(JIRA, b__json=issues(lambda i: i[0]["fields"].pop("comment")))
    assert mute.tickets[0].events[0].attributes["severity"] == "A"
    assert mute.tickets[0].gaps
    assert any("without its comments" in note.text for note in mute.notes)


def test_a_comment_of_which_nobody_says_who_saw_it_is_open(folder: Path) -> None:
    def unseen(found: list[Any]) -> None:
        for comment in found[0]["fields"]["comment"]["comments"]:
            comment.pop("jsdPublic")

    (ticket,) = read_files(JIRA, a__json=issues(unseen)).tickets
    assert {e.attributes["automated"] for e in ticket.events if e.name == "response_sent"} == {None}


def test_skipped_checkpoints_are_gaps_unless_assumed_harmless() -> None:
    rules = yaml.safe_load((SAMPLES / SERVICENOW / "mapping.yaml").read_text(encoding="utf-8"))
    assume = {k: v for k, v in rules["assume"].items() if k != "skipped-updates"}
    paths = [SAMPLES / SERVICENOW / f for f in ("task_sla.csv", "sys_audit.csv", "incident.csv")]
    log = read_log(paths, mapping=SERVICENOW, assume=assume)
    accounted(log)
    gaps = {t.id: [(stamp(g.start), stamp(g.end)) for g in t.gaps] for t in log.tickets}
    assert gaps["INC0010001"] == []
    assert gaps["INC0010003"] == [("2024-03-05T09:00:00Z", "2024-03-05T12:00:00Z")]
    assert gaps["INC0010004"] == [("2024-03-05T10:00:00Z", "2024-03-05T11:00:00Z")]
    assert log.read.revisions_missing == 3
    # The table says that the incident was updated three times; three checkpoints are there.
    assert gaps["INC0010002"] == []


def test_a_field_without_audit_rows_is_unknown_unless_assumed() -> None:
    assume = {"zone": "UTC"}
    paths = [SAMPLES / SERVICENOW / f for f in ("incident.csv", "sys_audit.csv")]
    by_id = {t.id: t for t in read_log(paths, mapping=SERVICENOW, assume=assume).tickets}
    assert "severity" not in by_id["INC0010001"].events[0].attributes
    assert by_id["INC0010002"].events[0].attributes["severity"] == "B"


def test_clocks_of_the_system_are_claims_and_never_events() -> None:
    for name, claim in ((SERVICENOW, "has_breached"), (JIRA, "breached"), (ZENDESK, "breached")):
        log = read(name)
        claimed = {t.id: t.claims[claim] for t in log.tickets if claim in t.claims}
        assert set(claimed.values()) == {True, False}, name


def test_users_decide_who_answered(folder: Path) -> None:
    parts = {f.replace(".", "__"): sample(ZENDESK, f) for f in ("audits.json", "tickets.json")}
    log = read_files(ZENDESK, **parts)
    by_id = {t.id: t for t in log.tickets}
    # Without the users nobody knows whether Kim is staff: it may be an answer.
    answers = [e.attributes["automated"] for e in by_id["1001"].events if e.name == "response_sent"]
    assert answers == [True, None, None]
    assert any("no file names the users" in note.text for note in log.notes)


# --------------------------------------------------------------------------- suspicions
def test_dates_that_never_pass_the_twelfth_are_suspicious(folder: Path) -> None:
    header = "number,version,updated_at,state,priority,channel,assignee\n"
    rows = "".join(
        f"C-{m}-{d},0,{d:02d}/{m:02d}/2024 09:00,new,P2,phone,\n" for m in (2, 5, 11) for d in range(1, 13, 2)
    )
    log = read_files("snapshot-rows", updates__csv=(header + rows).encode())
    (note,) = [note for note in log.notes if note.text.startswith("suspicion")]
    assert note.text.startswith("suspicion: none of 18 dates written %d/%m/%Y %H:%M has a day above 12")
    # Nothing is repaired.
    assert stamp(log.tickets[0].events[0].at) == "2024-02-01T08:00:00Z"
    one = "C-9,0,13/02/2024 09:00,new,P2,phone,\n"
    sound = read_files("snapshot-rows", updates__csv=(header + rows + one).encode())
    assert not [note for note in sound.notes if note.text.startswith("suspicion")]


def test_one_offset_all_year_is_suspicious(folder: Path) -> None:
    def log(summer: str) -> Log:
        rows = f"HD-1;2024-01-15T09:00:00+01:00;opened;P2;phone;\nHD-2;2024-07-15T09:00:00{summer};opened;P2;phone;\n"
        header = "Case ID;Complete Timestamp;Activity;Priority;Channel;automated\n"
        return read_files("event-rows", events__csv=(header + rows).encode())

    (note,) = log("+01:00").notes
    assert note.text.startswith("suspicion: every stamp carries the offset +01:00, in winter as in summer")
    assert not log("+02:00").notes


def test_an_opening_whole_hours_away_is_suspicious(folder: Path) -> None:
    incident = (
        "number,sys_id,sys_created_on,opened_at,state,priority,contact_type,assigned_to,sys_mod_count\n"
    )
    incident += "".join(
        f"INC{n},s{n},2024-03-0{n} 08:00:00,2024-03-0{n} 10:00:00,1,2,phone,,0\n" for n in range(1, 7)
    )
    incident += "INC9,s9,2024-03-04 08:00:00,2024-03-04 08:00:00,1,2,phone,,0\n"
    log = read_files(SERVICENOW, incident__csv=incident.encode())
    assert [t.id for t in log.tickets] == ["INC9"]
    (note,) = [note for note in log.notes if note.text.startswith("suspicion")]
    assert "exactly 2 h after the row that shows it, 6 of 7" in note.text


# --------------------------------------------------------------------------- Parquet
def test_parquet_says_which_extra_it_needs(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    Path("events.parquet").write_bytes(b"PAR1 and so on")
    with pytest.raises(Fault) as caught:
        read_log(["events.parquet"])
    assert str(caught.value) == (
        "events.parquet: a Parquet file needs the library pyarrow; install it: pip install 'servanda[parquet]'"
    )


def parquet(path: str, columns: dict[str, list[Any]]) -> None:
    arrow = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    import pyarrow.parquet

    pyarrow.parquet.write_table(arrow.table(columns), path)


def test_event_rows_as_parquet(folder: Path) -> None:
    at = ["2025-03-03T09:00:00+01:00", "2025-03-03T09:05:00+01:00", "soon"]
    columns = {
        "ticket": ["T-1", "T-1", "T-2"],
        "agreement": ["acme"] * 3,
        "at": at,
        "event": ["ticket_opened", "response_sent", "ticket_opened"],
        "automated": [None, False, None],
    }
    parquet("events.parquet", columns)
    log = read_log(["events.parquet"], attribute_types={"automated": "bool"})
    accounted(log)
    assert [(e.name, dict(e.attributes)) for e in log.tickets[0].events] == [
        ("ticket_opened", {}),
        ("response_sent", {"automated": False}),
    ]
    assert str(log.set_aside[0].place) == "events.parquet: row 3"
    assert log.sources[0].read_as == "Parquet"


def test_snapshots_as_parquet(folder: Path) -> None:
    from datetime import UTC, datetime, timedelta

    begun = datetime(2024, 3, 4, 9, 0)
    columns: dict[str, list[Any]] = {
        "ticket": ["C-1", "C-1"],
        "time": [begun, begun + timedelta(minutes=20)],
        "revision": [0, 1],
        "state": ["new", "in progress"],
        "priority": ["P2", "P2"],
        "channel": ["phone", None],
    }
    mapping = {
        "mapping": 1,
        "extends": "snapshot-rows",
        "source": {"format": "parquet", "absent": ["assignee"]},
        "assume": {"zone": "Europe/Warsaw", "response-is": "first-in-progress"},
    }
    Path("m.yaml").write_text(yaml.safe_dump(mapping))
    parquet("updates.parquet", columns)
    log = read_log(["updates.parquet"], mapping="m.yaml")
    assert [(e.name, stamp(e.at)) for e in log.tickets[0].events] == [
        ("ticket_opened", "2024-03-04T08:00:00Z"),
        ("response_sent", "2024-03-04T08:20:00Z"),
    ]
    # An instant with a zone needs none of the mapping's.
    parquet("updates.parquet", {**columns, "time": [at.replace(tzinfo=UTC) for at in columns["time"]]})
    log = read_log(["updates.parquet"], mapping="m.yaml")
    assert stamp(log.tickets[0].events[0].at) == "2024-03-04T09:00:00Z"


def test_parquet_that_cannot_be_read(folder: Path) -> None:
    pytest.importorskip("pyarrow", reason="the extra parquet is not installed")
    Path("a.parquet").write_bytes(b"PAR1" + b"\0" * 40)
    with pytest.raises(Fault, match="not a Parquet file"):
        read_log(["a.parquet"])
    parquet("b.parquet", {"ticket": ["A"]})
    with pytest.raises(Fault, match="the column at is missing"):
        read_log(["b.parquet"])
    with pytest.raises(Fault, match="the file is too large"):
        read_log(["b.parquet"], limits=Limits(expanded_bytes=1))


# --------------------------------------------------------------------------- mappings
def test_columns_may_be_called_otherwise_and_be_absent(folder: Path) -> None:
    header = "Case ID;Complete Timestamp;Activity;Priority;Channel\n"
    row = "HD-1;2024/03/04 09:00:00.000;opened;P2;phone\n"
    Path("m.yaml").write_text(
        yaml.safe_dump(
            {
                "mapping": 1,
                "extends": str(SAMPLES / "event-rows" / "mapping.yaml"),
                "source": {"absent": ["automated", "reason"]},
            }
        )
    )
    Path("events.csv").write_text(header + row)
    assert read_log(["events.csv"], mapping="m.yaml").tickets[0].events[0].attributes["channel"] == "phone"
    with pytest.raises(Fault, match="the column automated, which the mapping"):
        read_files("event-rows", events__csv=(header + row).encode())
    bad = yaml.safe_load(Path("m.yaml").read_text())
    bad["source"]["absent"].append("time")
    Path("m.yaml").write_text(yaml.safe_dump(bad))
    with pytest.raises(Fault, match="without this column nothing can be read"):
        load_mapping("m.yaml")


def test_gaps_that_rows_tell_of_themselves() -> None:
    by_id = {t.id: t for t in read(ZENDESK).tickets}
    (gap,) = by_id["1005"].gaps
    assert isinstance(gap, Gap)
    assert (stamp(gap.start), stamp(gap.end)) == ("2024-03-04T11:00:00Z", "2024-03-04T13:00:00Z")
