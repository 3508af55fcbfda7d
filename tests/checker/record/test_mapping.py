"""Mappings: what they can say, and what is wrong with those that cannot be used."""

import copy
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.audit.library import vocabulary
from checker.audit.words import words_of
from checker.record.mapping_load import load_mapping, presets
from checker.record.model import Fault, Gap, Log
from checker.record.reading import read_log
from checker.record.words import Words
from tests.checker.record import golden_text
from tests.checker.record.broken import zipped
from tests.checker.record.test_broken import accounted

BASE: dict[str, Any] = {
    "mapping": 1,
    "name": "helpdesk",
    "source": {"format": "csv", "missing": ["-"]},
    "shape": "event-per-row",
    "ticket": {"column": "case"},
    "time": {
        "column": "when",
        "formats": [{"format": "%Y-%m-%d %H:%M:%S", "precision": "second"}],
        "zone": {"assume": "Europe/Warsaw"},
    },
    "tables": {"severity": {"values": {"P1": "1", "P2": "A", "none": None}}},
    "events": [
        {
            "event": "ticket_opened",
            "when": {"column": "what", "is": ["created"]},
            "attributes": {"severity": {"column": "priority", "table": "severity"}},
        },
        {
            "event": "response_sent",
            "when": {"column": "what", "is": ["mail", "call"]},
            "attributes": {
                "channel": {"column": "what"},
                "automated": {"column": "robot", "type": "bool"},
                "number": {"column": "number", "type": "int"},
            },
        },
        {"event": "ticket_closed", "when": {"column": "what", "is": ["done"], "once": True}},
    ],
}
HEADER = "case,when,what,priority,robot,number\n"
ROWS = (
    "A,2025-03-03 09:00:00,created,P1,-,\n"
    "B,2025-03-03 09:00:30,created,none,,\n"
    "A,2025-03-03 09:05:00,mail,P1,TRUE,12\n"
    "A,2025-03-03 09:10:00,done,,,\n"
    "A,2025-03-03 09:20:00,done,,,\n"
)
AT = 1740988800
WORDS = Words({"ticket_opened": "ticket"}, frozenset({"payments", "work"}))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def mapped(change: Callable[[dict[str, Any]], object] | None = None, file: str = "m.yaml") -> str:
    made = copy.deepcopy(BASE)
    if change is not None:
        change(made)
    Path(file).write_text(yaml.dump(made, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return file


def read(
    change: Callable[[dict[str, Any]], object] | None = None, rows: str = ROWS, header: str = HEADER
) -> Log:
    Path("t.csv").write_text(header + rows, encoding="utf-8")
    log = read_log(["t.csv"], mapping=mapped(change))
    accounted(log)
    return log


def test_a_row_for_each_event(folder: Path) -> None:
    log = read()
    first, second = log.tickets
    assert [(e.name, e.at - AT, dict(e.attributes)) for e in first.events] == [
        ("ticket_opened", 0, {"severity": "1"}),
        ("response_sent", 300, {"channel": "mail", "automated": True, "number": 12}),
        ("ticket_closed", 600, {}),
    ]
    # A word that the table gives no value is not on record.
    assert second.events[0].attributes == {"severity": None}
    assert [(a.name, a.value) for a in log.assumptions] == [("time zone", "Europe/Warsaw")]
    assert first.recorded == {"ticket_opened", "response_sent", "ticket_closed"}


@pytest.mark.parametrize(
    ("form", "precision", "stamp", "span"),
    [
        ("iso", "second", "2025-03-03T09:00:00+01:00", (0, 0)),
        ("iso", "second", "2025-03-03 08:00:00", (-3600, -3600)),
        ("iso", "day", "2025-03-03T09:00:00+01:00", (-9 * 3600, 15 * 3600 - 1)),
        ("%d.%m.%Y-%H:%M:%S", "second", "03.03.2025-09:00:00", (0, 0)),
        ("%d/%b/%y %I:%M %p", "minute", "03/Mar/25 9:00 AM", (0, 59)),
        ("%Y/%m/%d %H:%M:%S %z", "second", "2025/03/03 01:00:00 -0700", (0, 0)),
        ("%Y-%m-%d", "day", "2025-03-03", (-9 * 3600, 15 * 3600 - 1)),
        ("epoch-seconds", "second", "1740988800", (0, 0)),
        ("epoch-milliseconds", "second", "1740988800999", (0, 0)),
        ("epoch-milliseconds", "minute", "1740988830999", (0, 59)),
    ],
)
def test_ways_to_write_a_time(
    folder: Path, form: str, precision: str, stamp: str, span: tuple[int, int]
) -> None:
    def change(made: dict[str, Any]) -> None:
        made["time"]["formats"] = [{"format": form, "precision": precision}]

    (ticket,) = read(change, rows=f"A,{stamp},created,P1,,\n").tickets
    (event,) = ticket.events
    assert (event.at - AT, event.until - AT) == span
    assert event.stamp == stamp


def test_a_local_day_is_as_long_as_it_is(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        made["time"]["formats"] = [{"format": "%Y-%m-%d", "precision": "day"}]

    log = read(change, rows="A,2025-03-30,created,P1,,\nA,2025-10-26,mail,,,\n")
    short, long = log.tickets[0].events
    assert (short.until - short.at + 1, long.until - long.at + 1) == (23 * 3600, 25 * 3600)


def test_a_column_may_name_the_zone(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        made["time"]["zone"] = {"column": "priority"}
        del made["tables"], made["events"][0]["attributes"]

    rows = (
        "A,2025-03-03 09:00:00,created,Europe/Warsaw,,\n"
        "B,2025-03-03 09:00:00,created,Europe/Lisbon,,\n"
        "C,2025-03-03 09:00:00,created,Lisbon,,\n"
        "D,2025-03-03 09:00:00,created,,,\n"
    )
    log = read(change, rows=rows)
    assert [t.events[0].at - AT for t in log.tickets] == [0, 3600]
    assert [(e.ticket, e.reason) for e in log.set_aside] == [
        ("C", "unknown time zone 'Lisbon'"),
        ("D", "local time without a zone"),
    ]


def test_two_formats_that_read_a_time_differently_are_a_doubt(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        made["time"]["formats"] = [
            {"format": "%d/%m/%Y %H:%M", "precision": "minute"},
            {"format": "%m/%d/%Y %H:%M", "precision": "minute"},
        ]

    log = read(change, rows="A,03/04/2025 09:00,created,P1,,\nB,13/04/2025 09:00,created,P1,,\n")
    assert [t.id for t in log.tickets] == ["B"]
    assert "read it differently" in log.set_aside[0].reason


def test_rows_that_are_wrong(folder: Path) -> None:
    bad = {
        "time in another format": "X,03/03/2025 09:00,created,P1,,\n",
        "no time": "X,-,created,P1,,\n",
        "day that is none": "X,2025-02-30 09:00:00,created,P1,,\n",
        "hour that is skipped": "X,2025-03-30 02:30:00,created,P1,,\n",
        "hour that is twice": "X,2025-10-26 02:30:00,created,P1,,\n",
        "year 1": "X,0001-01-01 00:00:00,created,P1,,\n",
        "priority that no table has": "X,2025-03-03 09:00:00,created,p1,,\n",
        "not true or false": "X,2025-03-03 09:00:00,mail,P1,perhaps,\n",
        "not a number": "X,2025-03-03 09:00:00,mail,P1,true,1e3\n",
        "no ticket": "-,2025-03-03 09:00:00,created,P1,,\n",
        "ticket with a control character": "X\x07,2025-03-03 09:00:00,created,P1,,\n",
        "too few cells": "X,2025-03-03 09:00:00\n",
        "no rule makes an event of it": "X,2025-03-03 09:00:00,looked at,P1,,\n",
        "one bad row of two": "X,2025-03-03 09:00:00,created,P1,,\nX,2025-03-03,mail,P1,,\n",
    }
    said = {}
    for name, row in bad.items():
        log = read(rows=ROWS + row)
        assert [t.id for t in log.tickets] == ["A", "B"], name
        assert log.read.rows == 5 + row.count("\n"), name
        assert all(entry.remedy for entry in log.set_aside), name
        said[name] = "\n".join(f"rows {entry.count}: {entry}" for entry in log.set_aside)
    assert said == golden_text.stored("mapped_rows", said)


def test_a_broken_row_takes_its_ticket_with_it(folder: Path) -> None:
    log = read(rows=ROWS + "A,2025-03-03 09:30:00\n")
    assert [t.id for t in log.tickets] == ["B"]
    assert [(e.ticket, e.count, e.whole) for e in log.set_aside] == [("A", 1, True), ("A", 4, False)]


def snapshot(made: dict[str, Any]) -> None:
    made["shape"] = "snapshot-per-update"
    made["revision"] = {"column": "number", "first": 1}
    made["events"] = [
        {"event": "ticket_opened", "when": "first-row", "attributes": {"severity": {"column": "priority"}}},
        {
            "event": "severity_changed",
            "when": {"column": "priority", "changes": True},
            "attributes": {"severity": {"column": "priority"}, "previous_severity": {"previous": "priority"}},
        },
        {"event": "downgraded", "when": {"column": "priority", "changes": {"from": ["P1"], "to": ["P2"]}}},
        {"event": "work_paused", "when": {"column": "what", "enters": ["waiting", "parked"]}},
        {"event": "work_resumed", "when": {"column": "what", "leaves": ["waiting", "parked"]}},
    ]
    del made["tables"]


SNAPSHOTS = (
    "A,2025-03-03 09:00:00,new,P1,,1\n"
    "A,2025-03-03 09:10:00,waiting,-,,2\n"
    "A,2025-03-03 09:20:00,parked,P2,,3\n"
    "A,2025-03-03 09:30:00,new,P2,,6\n"
)


def test_a_row_for_each_update(folder: Path) -> None:
    (ticket,) = read(snapshot, rows=SNAPSHOTS).tickets
    assert [(e.name, e.at - AT, e.until - AT) for e in ticket.events] == [
        ("ticket_opened", 0, 0),
        # The priority of 09:10 is not on record: it changed somewhere from 09:00 to 09:20.
        ("severity_changed", 0, 1200),
        ("downgraded", 0, 1200),
        ("work_paused", 600, 600),
        # Revisions 4 and 5 are missing.
        ("work_resumed", 1200, 1800),
    ]
    assert ticket.events[1].attributes == {"severity": "P2", "previous_severity": "P1"}
    assert ticket.gaps == (Gap(AT + 1200, AT + 1800),)


def test_changes_may_be_put_at_the_row_that_shows_them(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        snapshot(made)
        made["across_gaps"] = "at-row"

    (ticket,) = read(change, rows=SNAPSHOTS).tickets
    assert [(e.at - AT, e.until - AT) for e in ticket.events] == [
        (0, 0),
        (600, 600),
        (1200, 1200),
        (1200, 1200),
        (1800, 1800),
    ]
    assert ticket.gaps == (Gap(AT + 1200, AT + 1800),)


def test_contradictions_may_be_kept(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        snapshot(made)
        made["contradictions"] = "keep"

    rows = "A,2025-03-03 09:10:00,new,P1,,2\nA,2025-03-03 09:20:00,waiting,P1,,1\n"
    assert read(snapshot, rows=SNAPSHOTS.replace("A,", "B,") + rows).read.tickets_set_aside == 1
    log = read(change, rows=rows)
    assert [e.name for e in log.tickets[0].events] == ["ticket_opened", "work_paused"]
    assert any("taken by time" in note.text for note in log.notes)


def test_words_that_no_table_has(folder: Path) -> None:
    def otherwise(what: str) -> Callable[[dict[str, Any]], object]:
        def change(made: dict[str, Any]) -> None:
            made["tables"]["severity"]["otherwise"] = what

        return change

    row = "A,2025-03-03 09:00:00,created,P7,,\n"
    assert read(otherwise("keep"), rows=row).tickets[0].events[0].attributes == {"severity": "P7"}
    assert read(otherwise("missing"), rows=row).tickets[0].events[0].attributes == {"severity": None}


def test_a_mapping_may_extend_another_one(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        made["time"]["zone"] = {"assumption": "zone"}
        made["agreement"] = {"assumption": "agreement"}
        made["assumptions"] = {
            "zone": {"text": "Times of {value}."},
            "agreement": {"text": "All of {value}."},
        }
        made["assume"] = {"zone": "Europe/Warsaw", "agreement": "acme"}

    mapped(change, "base.yaml")
    Path("outer.yaml").write_text(
        "mapping: 1\nextends: base.yaml\nname: outer\n"
        "source: {delimiter: ';'}\nassume: {zone: Europe/Lisbon}\n"
    )
    Path("t.csv").write_text((HEADER + ROWS).replace(",", ";"))
    log = read_log(["t.csv"], mapping="outer.yaml", assume={"agreement": "other"})
    assert log.tickets[0].events[0].at - AT == 3600
    assert log.tickets[0].agreement == "other"
    assert [a.text for a in log.assumptions] == ["All of other.", "Times of Europe/Lisbon."]
    assert log.mapping is not None
    assert log.mapping.name == "outer"
    assert "delimiter semicolon (named)" in log.sources[0].read_as
    # What the mapping says and assumes is in its hash; where it says it is not.
    assert log.mapping.sha256 != load_mapping("outer.yaml").sha256
    assert load_mapping("outer.yaml").sha256 == load_mapping("./outer.yaml").sha256


def test_a_named_encoding(folder: Path) -> None:
    def change(made: dict[str, Any]) -> None:
        made["source"]["encoding"] = "cp1250"

    Path("t.csv").write_bytes((HEADER + ROWS).replace("A,", "Ż,").encode("cp1250"))
    assert read_log(["t.csv"], mapping=mapped(change)).tickets[0].id == "Ż"
    Path("t.csv").write_bytes((HEADER + ROWS.replace("A,", "Ż,").replace("B,", "Ż,")).encode("cp1250"))
    with pytest.raises(Fault, match="the row is not UTF-8"):
        read_log(["t.csv"], mapping=mapped())


def test_the_member_of_a_zip_may_be_named(folder: Path) -> None:
    Path("t.zip").write_bytes(zipped(a_csv=(HEADER + ROWS).encode(), b_csv=b"other\n"))
    with pytest.raises(Fault, match="exactly one file"):
        read_log(["t.zip"], mapping=mapped())
    with pytest.raises(Fault, match="did you mean"):
        read_log(["t.zip"], mapping=mapped(lambda m: m["source"].update(member="c.csv")))
    log = read_log(["t.zip"], mapping=mapped(lambda m: m["source"].update(member="a.csv")))
    assert len(log.tickets) == 2
    assert "zip member a.csv" in log.sources[0].read_as


Bad = Callable[[dict[str, Any]], object]

BAD: dict[str, Bad] = {
    "unknown key": lambda m: m.update(tiket={"column": "case"}),
    "no events": lambda m: m.pop("events"),
    "events empty": lambda m: m.update(events=[]),
    "another version": lambda m: m.update(mapping=2),
    "unknown format": lambda m: m["source"].update(format="xml"),
    "unknown shape": lambda m: m.update(shape="event-per-rows"),
    "unknown precision": lambda m: m["time"]["formats"][0].update(precision="minutes"),
    "nobody named the zone": lambda m: m["time"].update(zone="in-stamp"),
    "unknown zone": lambda m: m["time"].update(zone={"assume": "Europe/Warszawa"}),
    "zone is left out": lambda m: m["time"].pop("zone"),
    "unknown directive": lambda m: m["time"]["formats"][0].update(format="%Y-%j"),
    "format without a day": lambda m: m["time"]["formats"][0].update(format="%Y-%m"),
    "format with the day twice": lambda m: m["time"]["formats"][0].update(format="%d/%d/%m/%Y"),
    "format without AM or PM": lambda m: m["time"]["formats"][0].update(format="%d/%m/%Y %I:%M:%S"),
    "format coarser than its precision": lambda m: m["time"]["formats"][0].update(format="%d/%m/%Y %H:%M"),
    "unknown table": lambda m: m["events"][0]["attributes"]["severity"].update(table="severities"),
    "unknown type": lambda m: m["events"][1]["attributes"]["automated"].update(type="boolean"),
    "value from nowhere": lambda m: m["events"][0]["attributes"].update(severity={}),
    "value from two places": lambda m: m["events"][0]["attributes"].update(
        severity={"column": "priority", "constant": "1"}
    ),
    "no condition": lambda m: m["events"][2].update(when={"column": "what"}),
    "two conditions": lambda m: m["events"][2].update(when={"column": "what", "is": ["a"], "enters": ["b"]}),
    "rule that reads the future": lambda m: m.update(leaks=["priority"]),
    "assumption nobody declared": lambda m: m.update(agreement={"assumption": "agreement"}),
    "assumption nobody needs": lambda m: m.update(assumptions={"agreement": {"text": "All of {value}."}}),
    "assumption that does not exist": lambda m: m.update(assume={"zone": "Europe/Warsaw"}),
    "choice that does not exist": lambda m: m.update(
        agreement={"assumption": "whose"},
        assumptions={"whose": {"text": "{value}", "choices": {"ours": "Ours.", "theirs": "Theirs."}}},
        assume={"whose": "their"},
    ),
    "zone that nobody assumes": lambda m: (
        m["time"].update(zone={"assumption": "zone"}),
        m.update(assumptions={"zone": {"text": "Times of {value}."}}),
    ),
    "end of the record is no instant": lambda m: m.update(complete_to="2025-12-31"),
    "number beyond 2**53": lambda m: m["tables"]["severity"]["values"].update(P1=2**60),
    "table with a mark of what is not on record": lambda m: m["tables"]["severity"]["values"].update(
        {"-": "4"}
    ),
    "rule that waits for such a mark": lambda m: m["events"][1]["when"]["is"].append("-"),
    "misspelt log": lambda m: m.update(records_missing=["payments", "wrok"]),
    "misspelt log unless assumed": lambda m: m.update(
        agreement={"assumption": "whose"},
        assumptions={"whose": {"text": "All of {value}."}},
        records_missing=[{"record": "payment", "unless": "whose"}],
    ),
    "unchanged fields by nobody's assumption": lambda m: m["source"].update(unchanged={"assumption": "no"}),
    "objects of no type": lambda m: m["source"].update(format="ocel"),
    "skipped revisions by nobody's assumption": lambda m: m.update(
        revision={"column": "number", "jumps_harmless": {"assumption": "no"}}
    ),
    "skipped revisions by a mere yes": lambda m: m.update(
        revision={"column": "number", "jumps_harmless": True}
    ),
    "no ticket in the file": lambda m: m["source"].update(absent=["case"]),
    "a change of another kind": lambda m: m["events"][1].update(when={"column": "what", "changes": "all"}),
    "column that is not in the file": lambda m: m["events"][1]["when"].update(column="wat"),
    "column that is twice in the file": lambda m: m["ticket"].update(column="twice"),
}


def test_mappings_that_cannot_be_used(folder: Path) -> None:
    Path("t.csv").write_text(HEADER.replace("\n", ",twice,twice\n") + ROWS.replace("\n", ",1,2\n"))
    assert len(read_log(["t.csv"], mapping=mapped(), words=WORDS).tickets) == 2
    said = {}
    for name, change in BAD.items():
        with pytest.raises(Fault) as caught:
            read_log(["t.csv"], mapping=mapped(change), words=WORDS)
        said[name] = str(caught.value)
    for name, text in {
        "no such preset": None,
        "no such file": None,
        "not YAML": "mapping: [1\n",
        "two documents": "mapping: 1\n---\nmapping: 1\n",
        "a list": "- mapping\n",
        "extends itself": "mapping: 1\nextends: other.yaml\n",
        "extends nothing": "mapping: 1\nextends: servicenow\n",
        "extension with a misspelt assumption": (
            "mapping: 1\nextends: servicenow-incident-audit\n"
            "assume:\n  zone: Europe/Warsaw\n  respons-is: x\n"
        ),
        "extension with rules": "mapping: 1\nextends: servicenow-incident-audit\nevents: []\n",
    }.items():
        file = "servicenow-incident" if name == "no such preset" else "other.yaml"
        if text is not None:
            Path(file).write_text(text)
        with pytest.raises(Fault) as caught:
            load_mapping(file)
        said[name] = str(caught.value)
    assert all("\n" not in message for message in said.values())
    assert said == golden_text.stored("mappings", said)


def test_a_mark_that_the_mapping_does_not_name(folder: Path) -> None:
    """A `?` where a severity is due may well be the export's way to say that it is not on record."""
    log = read(rows=ROWS + "C,2025-03-03 09:00:00,created,?,,\n")
    assert [ticket.id for ticket in log.tickets] == ["A", "B"]
    assert str(log.set_aside[0]) == (
        't.csv:7: priority: the mapping\'s table severity has no such word; found "?"; '
        "write P1, P2 or none, or add the word to the table; "
        'if it is how the export says not on record, list it: source: {missing: ["?"]}'
    )
    named = read(lambda m: m["source"].update(missing=["-", "?"]), rows="C,2025-03-03 09:00:00,created,?,,\n")
    assert named.tickets[0].events[0].attributes == {}


def test_presets_name_only_logs_of_the_vocabulary() -> None:
    for preset in presets():
        text = resources.files("checker.record").joinpath("presets", f"{preset}.yaml").read_text("utf-8")
        declared = yaml.safe_load(text)["assumptions"]
        due = {"zone": "UTC", "object-type": "ticket"}
        assume = {name: value for name, value in due.items() if name in declared}
        assert load_mapping(preset, assume=assume, words=words_of(vocabulary())).missing


cells = st.sampled_from(
    ["A", "B", "", "-", "2025-03-03 09:00:00", "2025-03-03 09:07:00", "created", "mail", "P1", "3", '"', "x"]
)
rows = st.lists(st.lists(cells, min_size=5, max_size=7).map(",".join), max_size=12)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(rows)
def test_every_row_is_accounted_for(folder: Path, lines: list[str]) -> None:
    sure = "S,2025-03-03 09:00:00,created,P1,,1\n"
    for change in (None, snapshot):
        log = read(change, rows=sure + "".join(f"{each}\n" for each in lines))
        assert any(ticket.id == "S" for ticket in log.tickets)
        assert log.read.rows >= 1
