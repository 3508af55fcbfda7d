"""What only some formats can say of themselves, and what their stamps give away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.record.mapping_load import load_mapping
from checker.record.model import Fault, Gap, Log
from checker.record.reading import read_log
from tests.checker.record.exported import JIRA, SERVICENOW, ZENDESK, issues, read_files, sample
from tests.checker.record.test_broken import accounted
from tests.checker.record.test_export_samples import SAMPLES, read, stamp, told


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


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


def test_tables_of_servicenow_as_json_and_xml(folder: Path) -> None:
    def tables(written: Callable[[str, list[dict[str, str]]], bytes], end: str) -> dict[str, bytes]:
        out = {}
        for name in ("incident", "sys_audit", "task_sla"):
            text = sample(SERVICENOW, f"{name}.csv").decode()
            out[f"{name}__{end}"] = written(name, list(csv.DictReader(io.StringIO(text))))
        return out

    def as_json(name: str, rows: list[dict[str, str]]) -> bytes:
        pairs = [{k: {"display_value": "…", "value": v} for k, v in row.items()} for row in rows]
        return json.dumps({"result": pairs}).encode()

    def as_xml(name: str, rows: list[dict[str, str]]) -> bytes:
        records = "".join(
            f'<{name} action="INSERT_OR_UPDATE">'
            + "".join(f'<{k} display_value="…">{v}</{k}>' for k, v in row.items())
            + f"</{name}>\n"
            for row in rows
        )
        return f'<?xml version="1.0" encoding="UTF-8"?>\n<unload unload_date="2024-04-02">{records}</unload>'.encode()

    due = [told(ticket) for ticket in read(SERVICENOW).tickets]
    for way, end in ((as_json, "json"), (as_xml, "xml")):
        log = read_files(SERVICENOW, **tables(way, end))
        assert [told(ticket) for ticket in log.tickets] == due, end
        assert (log.read.rows, log.read.rows_set_aside) == (40, 8), end


def test_a_property_tells_who_sees_a_comment(folder: Path) -> None:
    def older(found: list[Any]) -> None:
        for comment in found[0]["fields"]["comment"]["comments"]:
            internal = not comment.pop("jsdPublic")
            comment["properties"] = [{"key": "sd.public.comment", "value": {"internal": internal}}]

    (ticket,) = read_files(JIRA, a__json=issues(older)).tickets
    assert told(ticket) == told(read(JIRA).tickets[0])


def test_users_decide_who_answered(folder: Path) -> None:
    parts = {f.replace(".", "__"): sample(ZENDESK, f) for f in ("audits.json", "tickets.json")}
    log = read_files(ZENDESK, **parts)
    by_id = {t.id: t for t in log.tickets}
    # Without the users nobody knows whether Kim is staff: it may be an answer.
    answers = [e.attributes["automated"] for e in by_id["1001"].events if e.name == "response_sent"]
    assert answers == [True, None, None]
    assert any("no file names the users" in note.text for note in log.notes)


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

    year, zone = log("+01:00").notes
    assert year.text.startswith("suspicion: every stamp carries the offset +01:00, in winter as in summer")
    assert zone.text.startswith("suspicion: stamps carry an offset that Europe/Warsaw")
    assert not log("+02:00").notes


def test_an_offset_that_the_named_zone_does_not_have_is_suspicious(folder: Path) -> None:
    header = "Case ID;Complete Timestamp;Activity;Priority;Channel;automated\n"
    rows = "HD-1;2024-07-15T09:00:00+01:00;opened;P2;phone;\nHD-2;2024-07-15T09:00:00Z;opened;P2;phone;\n"
    log = read_files("event-rows", events__csv=(header + rows).encode())
    (note,) = log.notes
    assert note.text == (
        "suspicion: stamps carry an offset that Europe/Warsaw, the zone named, does not then have "
        "(as in 2024-07-15T09:00:00+01:00)"
    )


def test_files_of_one_system_in_two_zones_are_suspicious(folder: Path) -> None:
    incident = "number,sys_id,sys_created_on,opened_at,state,contact_type,assigned_to,sys_mod_count\n"
    incident += "INC1,s1,2024-03-04 09:00:00,2024-03-04 09:00:00,1,phone,,0\n"
    audit = "documentkey,fieldname,oldvalue,newvalue,sys_created_on,record_checkpoint\n"
    audit += "s1,priority,,2,2024-03-04 10:00:00,0\n"
    log = read_files(SERVICENOW, incident__csv=incident.encode(), sys_audit__csv=audit.encode())
    texts = [note.text for note in log.notes]
    assert "suspicion: rows of one update lie exactly 1 h apart: the files may be in different zones" in texts
    assert log.tickets[0].events[0].attributes["severity"] == "A"


def test_a_local_time_needs_a_zone() -> None:
    for name in (SERVICENOW, "event-rows", "snapshot-rows"):
        with pytest.raises(Fault, match="nobody named their zone"):
            load_mapping(name)


def test_the_same_rows_as_csv_and_json(folder: Path) -> None:
    text = sample("event-rows", "events.csv").decode()
    rows = list(csv.DictReader(io.StringIO(text), delimiter=";"))
    Path("events.json").write_text(json.dumps(rows))
    base = str(SAMPLES / "event-rows" / "mapping.yaml")
    Path("m.yaml").write_text(yaml.safe_dump({"mapping": 1, "extends": base, "source": {"format": "json"}}))
    log = read_log(["events.json"], mapping="m.yaml")
    accounted(log)
    assert [told(t) for t in log.tickets] == [told(t) for t in read("event-rows").tickets]


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


def test_agreement_and_kind_may_be_read_from_the_present(folder: Path) -> None:
    """What does not change may be; an event may not, since the present is the end of the story."""

    def with_organisation(found: list[Any]) -> None:
        found[0]["fields"]["customfield_10002"] = [{"name": "contoso"}]
        found[0]["fields"]["issuetype"] = {"name": "Service Request"}

    preset = resources.files("checker.record").joinpath("presets", f"{JIRA}.yaml").read_text("utf-8")
    rules = yaml.safe_load(preset)
    del rules["assumptions"]["agreement"]
    rules["agreement"] = {"column": "fields.customfield_10002.0.name"}
    rules["kind"] = {"column": "fields.issuetype.name"}
    rules["events"][0]["attributes"]["product"] = {"column": "fields.customfield_10002.0.name"}
    del rules["assumptions"]["product"]
    Path("m.yaml").write_text(yaml.safe_dump(rules))
    Path("issues.json").write_bytes(issues(with_organisation))
    (ticket,) = read_log(["issues.json"], mapping="m.yaml").tickets
    assert (ticket.agreement, ticket.kind) == ("contoso", "Service Request")
    assert "product" not in ticket.events[0].attributes
