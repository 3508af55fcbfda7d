"""`servanda check`: exit codes, formats with equal verdicts, files that appear whole, the same bytes every time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import stat
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from checker.render.rows import unquoted
from tests.checker.cli.desk import (
    AGREEMENTS,
    AS_OF,
    BREACHED,
    BROKEN,
    CONTESTED,
    GOLD,
    MET,
    NOTHING,
    OTHERS,
    PAID,
    UNDETERMINED,
    Desk,
    Run,
    event,
    process,
    servanda,
    ticket,
)

ALL = MET + BREACHED + CONTESTED + UNDETERMINED + GOLD + NOTHING + PAID
EXPECTED = {
    ("T-met", "desk.response"): "met",
    ("T-late", "desk.response"): "breached",
    ("T-friday", "desk.response"): "met",
    ("T-unknown", "desk.response"): "undetermined",
    ("T-gold", "desk.response"): "not_applicable",
    ("T-none", "desk.response"): "not_applicable",
    ("T-gold", "desk.response-gold"): "met",
    ("", "desk.payment"): "met",
}


# --------------------------------------------------------------------------- exit codes
@pytest.mark.parametrize(
    ("tickets", "options", "code"),
    [
        (MET, [], 0),
        (MET + BREACHED, [], 1),
        (MET + UNDETERMINED, [], 0),
        (MET + UNDETERMINED, ["--fail-on", "undetermined"], 3),
        (MET, ["--fail-on", "undetermined"], 0),
        (BREACHED + UNDETERMINED, ["--fail-on", "undetermined"], 1),
        (NOTHING, [], 4),
        (NOTHING, ["--fail-on", "undetermined"], 4),
        (MET + BROKEN, [], 0),
        (MET + BROKEN, ["--strict"], 2),
        (MET, ["--strict"], 0),
        (BROKEN, [], 2),
        ("", [], 2),
    ],
)
def test_exit_codes(desk: Desk, tickets: str, options: list[str], code: int) -> None:
    assert desk.check(tickets, *options).code == code


@pytest.mark.parametrize("format_", ["table", "jsonl", "csv", "junit"])
def test_the_format_never_changes_the_exit_code(desk: Desk, format_: str) -> None:
    for tickets, code in ((MET, 0), (BREACHED, 1), (UNDETERMINED, 3), (NOTHING, 4), (BROKEN, 2)):
        assert desk.check(tickets, "--format", format_, "--fail-on", "undetermined").code == code


def test_contested_alone_is_kept(desk: Desk) -> None:
    assert desk.check(CONTESTED).code == 0


def test_a_missed_estimate_counts_as_its_clause_says(desk: Desk) -> None:
    late = ticket(
        "T", event("10T09:00", "ticket_opened", channel="phone"), event("10T10:00", "response_sent")
    )
    found = desk.check(late, "--format", "jsonl", "--clause", "desk.closing")
    assert [r["verdict"] for r in found.rows] == ["breached"]


# --------------------------------------------------------------------------- formats
def told(found: Run) -> dict[tuple[str, str], str]:
    return {(r["ticket"], r["clause"]): r["verdict"] for r in found.rows}


def test_json_lines(desk: Desk) -> None:
    found = desk.check(ALL, "--format", "jsonl")
    assert told(found).items() >= EXPECTED.items()
    row = next(r for r in found.rows if (r["ticket"], r["clause"]) == ("T-late", "desk.response"))
    assert row == {
        "agreement": "acme",
        "ticket": "T-late",
        "clause": "desk.response",
        "verdict": "breached",
        "due": "2025-03-10T11:00:00+01:00",
        "done": "2025-03-10T12:00:00+01:00",
        "margin_s": -3600,
        "contested": [],
        "because": "response_sent came too late",
        "strength": "guarantee",
        "party": "the provider",
        "claims": [],
    }


def test_every_ticket_has_every_clause_of_its_level_and_the_agreement_its_own(desk: Desk) -> None:
    found = desk.check(ALL, "--format", "jsonl")
    of_ticket = {"desk.response", "desk.response-gold", "desk.closing"}
    by_ticket: dict[str, set[str]] = {}
    for row in found.rows:
        by_ticket.setdefault(row["ticket"], set()).add(row["clause"])
    assert by_ticket.pop("") == {"desk.payment"}
    assert set(by_ticket) == {"T-met", "T-late", "T-friday", "T-unknown", "T-gold", "T-none"}
    assert all(clauses == of_ticket for clauses in by_ticket.values())


def test_csv_says_the_same(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.check(ALL, "--format", "csv").out, newline="")))
    assert {(r["ticket"], r["clause"]): r["verdict"] for r in rows} == told(
        desk.check(ALL, "--format", "jsonl")
    )
    late = next(r for r in rows if (r["ticket"], r["clause"]) == ("T-late", "desk.response"))
    assert (late["due"], late["margin_s"], late["contested"]) == ("2025-03-10T11:00:00+01:00", "-3600", "")
    friday = next(r for r in rows if (r["ticket"], r["clause"]) == ("T-friday", "desk.response"))
    assert friday["contested"] == "desk-clock.elapsed=breached"


def test_a_cell_that_looks_like_a_formula_is_text(desk: Desk) -> None:
    named = ticket("=1+1", event("10T09:00", "ticket_opened"), event("10T10:00", "response_sent"))
    out = desk.folder / "verdicts.csv"
    desk.check(named, "--format", "csv", "-o", str(out))
    assert b"\r\nacme,'=1+1," in out.read_bytes()


@pytest.mark.parametrize("format_", ["jsonl", "csv"])
def test_wide(desk: Desk, format_: str) -> None:
    found = desk.check(ALL, "--format", format_, "--layout", "wide")
    rows = found.rows if format_ == "jsonl" else list(csv.DictReader(io.StringIO(found.out, newline="")))
    wide = {(r["ticket"], c): r[c] for r in rows for c in r if c.startswith("desk.") and r[c]}
    assert wide == told(desk.check(ALL, "--format", "jsonl"))
    friday = next(r for r in rows if r["ticket"] == "T-friday")
    assert (friday["desk.response"], friday["contested"]) == (
        "met",
        ["desk.response"] if format_ == "jsonl" else "desk.response",
    )


@pytest.mark.parametrize("format_", ["table", "junit"])
def test_what_cannot_be_wide_says_so(desk: Desk, format_: str) -> None:
    found = desk.check(ALL, "--format", format_, "--layout", "wide")
    assert found.code == 2
    assert "--layout: only csv, jsonl and parquet can be wide" in found.err


def test_junit(desk: Desk) -> None:
    suites = {s.get("name"): s for s in ET.fromstring(desk.check(ALL, "--format", "junit").out)}
    response = suites["desk.response"]
    assert [response.get(k) for k in ("tests", "failures", "errors", "skipped")] == ["6", "1", "1", "2"]
    kinds = {c.get("name"): [x.tag for x in c] for c in response}
    assert kinds == {
        "T-met": [],
        "T-late": ["failure"],
        "T-friday": [],
        "T-unknown": ["error"],
        "T-gold": ["skipped"],
        "T-none": ["skipped"],
    }


def test_the_table(desk: Desk) -> None:
    found = desk.check(ALL)
    assert "A desk: verdicts by clause" in found.out
    assert "desk.response-gold" in found.out
    assert "T-late" in found.out
    assert "met*" in found.out
    assert "\x1b" not in found.out


def test_messages_are_no_results(desk: Desk) -> None:
    found = desk.check(ALL + BROKEN, "--format", "jsonl")
    assert len(found.rows) == len(found.out.splitlines()) == 6 * 3 + 1
    assert "rows: 8 read = 7 used + 1 set aside" in found.err
    assert "tickets: 7 read = 6 judged + 1 set aside" in found.err
    assert "tickets.jsonl:8" in found.err
    assert "audited as of 2025-12-31T12:00:00+01:00" in found.err


# --------------------------------------------------------------------------- which tickets, clauses, readings
def test_one_clause_or_several(desk: Desk) -> None:
    one = desk.check(ALL, "--format", "jsonl", "--clause", "desk.response")
    assert {r["clause"] for r in one.rows} == {"desk.response"}
    some = desk.check(ALL, "--format", "jsonl", "--clause", "desk.response*")
    assert {r["clause"] for r in some.rows} == {"desk.response", "desk.response-gold"}


def test_another_reading(desk: Desk) -> None:
    assert told(desk.check(CONTESTED, "--format", "jsonl"))["T-friday", "desk.response"] == "met"
    other = desk.check(CONTESTED, "--format", "jsonl", "--reading", "desk-clock=elapsed")
    row = next(r for r in other.rows if r["clause"] == "desk.response")
    assert (other.code, row["verdict"], row["contested"]) == (1, "breached", ["desk-clock.hours=met"])


def test_the_end_of_the_record_is_the_audit_instant(desk: Desk) -> None:
    declared = '{"log": {"complete_to": "2025-03-10T10:00:00+01:00"}}\n' + ticket(
        "T", event("10T09:00", "ticket_opened")
    )
    found = desk.check(declared, "--format", "jsonl", "--clause", "desk.response", as_of=None)
    assert [r["verdict"] for r in found.rows] == ["pending"]
    later = desk.check(
        declared, "--format", "jsonl", "--clause", "desk.response", as_of="2025-03-10T12:00:00+01:00"
    )
    # Silence after the declared end proves nothing.
    assert [r["verdict"] for r in later.rows] == ["undetermined"]
    assert "the record is declared complete to an instant before the audit" in later.err


def test_tickets_of_another_contract_are_counted_and_left_out(desk: Desk) -> None:
    theirs = ticket("T-other", event("10T09:00", "ticket_opened"), agreement="other")
    found = desk.check(MET + theirs, "--format", "jsonl", agreements=AGREEMENTS + OTHERS)
    assert {r["ticket"] for r in found.rows} == {"T-met", ""}
    assert "2 judged, 1 of other contracts left out" in found.err
    assert "tickets: 2 read = 1 judged + 0 set aside + 1 of other contracts" in found.err


def test_a_ticket_without_an_agreement_gets_the_only_one(desk: Desk) -> None:
    alone = ticket(
        "T", event("10T09:00", "ticket_opened"), event("10T10:00", "response_sent"), agreement=None
    )
    assert desk.check(alone, "--format", "jsonl").rows[0]["agreement"] == "acme"
    several = desk.check(MET + alone, "--format", "jsonl", agreements=AGREEMENTS + OTHERS)
    assert "T" not in {r["ticket"] for r in several.rows}
    assert "names no agreement and several are given" in several.err
    assert desk.check(alone, agreements=AGREEMENTS + OTHERS).code == 2


def test_several_files(desk: Desk) -> None:
    more = desk.write("more.jsonl", BREACHED)
    others = desk.write("others.yaml", OTHERS)
    found = desk.check(MET, "--tickets", str(more), "--agreements", str(others), "--format", "jsonl")
    assert {"T-met", "T-late"} <= {r["ticket"] for r in found.rows}


# --------------------------------------------------------------------------- files
def test_output_appears_whole_with_its_provenance_beside_it(desk: Desk) -> None:
    out = desk.folder / "out" / "verdicts.jsonl"
    out.parent.mkdir()
    printed = desk.check(ALL, "--format", "jsonl")
    found = desk.check(ALL, "--format", "jsonl", "-o", str(out))
    assert (found.code, found.out) == (1, "")
    assert out.read_text(encoding="utf-8") == printed.out
    beside = out.with_name("verdicts.jsonl.provenance.json")
    assert sorted(p.name for p in out.parent.iterdir()) == sorted([out.name, beside.name])
    record = json.loads(beside.read_text(encoding="utf-8"))
    assert record["audited_at"] == AS_OF
    assert record["contract"]["name"] == "desk"
    assert record["readings"] == {"desk-clock": "hours"}
    assert len(record["log"][0]["sha256"]) == len(record["agreements"][0]["sha256"]) == 64
    assert {"engine", "language", "zone_data", "holiday_data"} <= record.keys()
    assert str(desk.folder) not in beside.read_text(encoding="utf-8")


def test_the_provenance_accounts_for_every_row_and_says_what_was_asked_for(desk: Desk) -> None:
    out = desk.folder / "v.csv"
    asked = ("--clause", "desk.response*", "--clause", "desk.closing")
    desk.check(MET + BROKEN + BREACHED, "--format", "csv", "-o", str(out), *asked)
    record = json.loads(out.with_name("v.csv.provenance.json").read_text(encoding="utf-8"))
    assert record["result"] == {
        "file": "v.csv",
        "format": "csv",
        "layout": "long",
        "sha256": hashlib.sha256(out.read_bytes()).hexdigest(),
    }
    assert record["clauses"] == {"asked_for": ["desk.response*", "desk.closing"], "judged": 3, "stated": 1}
    account = record["account"]
    assert account["rows_read"] == account["rows_used"] + account["rows_set_aside"] == 3
    assert account["tickets_read"] == account["tickets_judged"] + account["tickets_set_aside"] == 3
    (left,) = record["set_aside"]
    assert (left["file"], left["line"], left["ticket"]) == ("tickets.jsonl", 2, "T-broken")
    assert left["field"]
    assert left["reason"]


def test_several_clauses_can_be_asked_for(desk: Desk) -> None:
    found = desk.check(MET, "--format", "jsonl", "--clause", "desk.response", "--clause", "desk.clo*")
    assert [r["clause"] for r in found.rows] == ["desk.closing", "desk.response"]
    misspelt = desk.check(MET, "--clause", "desk.response", "--clause", "desk.closng")
    assert misspelt.code == 2
    assert "did you mean desk.closing?" in misspelt.err
    stated = desk.check(MET, "--clause", "desk.tone")
    assert stated.code == 2
    assert "stated only" in stated.err


def test_a_device_is_not_written_over(desk: Desk) -> None:
    pipe = desk.folder / "pipe"
    os.mkfifo(pipe)
    found = desk.check(MET, "--format", "csv", "-o", str(pipe))
    assert found.code == 2
    assert "--output: this is no regular file" in found.err
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_link_is_followed(desk: Desk) -> None:
    target, link = desk.write("target.csv", "as it was"), desk.folder / "link.csv"
    link.symlink_to(target)
    desk.check(MET, "--format", "csv", "-o", str(link))
    assert link.is_symlink()
    assert target.read_text(encoding="utf-8").startswith("agreement,ticket,clause")


def test_a_fault_leaves_what_was_there(desk: Desk) -> None:
    out = desk.write("verdicts.jsonl", "as it was")
    assert desk.check(BROKEN, "--format", "jsonl", "-o", str(out)).code == 2
    assert out.read_text() == "as it was"
    assert [p.name for p in desk.folder.iterdir() if p.name.startswith(".")] == []


def test_another_run_gives_the_same_bytes(desk: Desk) -> None:
    arguments = [*desk.inputs(ALL), "--format", "jsonl"]
    here = {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "0"}
    there = {"TZ": "Asia/Tokyo", "LC_ALL": "pl_PL.UTF-8", "LANG": "pl_PL.UTF-8", "PYTHONHASHSEED": "4711"}
    runs = []
    for n, environment in enumerate((here, there)):
        out = desk.folder / f"run{n}" / "verdicts.jsonl"
        out.parent.mkdir()
        done = process("check", *arguments, "-o", str(out), cwd=desk.folder, **environment)
        assert done.returncode == 1, done.stderr
        runs.append((done.stderr, [p.read_bytes() for p in sorted(out.parent.iterdir())]))
    assert runs[0] == runs[1]
    assert runs[0][1][0] == desk.check(ALL, "--format", "jsonl").out.encode()


@pytest.mark.parametrize("format_", ["table", "csv", "junit"])
def test_the_same_bytes_in_every_format(desk: Desk, format_: str) -> None:
    """A process of its own, with another seed, zone and terminal, prints what this one does."""
    other = {"PYTHONHASHSEED": "4711", "COLUMNS": "200", "TZ": "America/Lima", "LC_ALL": "C.UTF-8"}
    done = process("check", *desk.inputs(ALL), "--format", format_, cwd=desk.folder.parent, **other)
    here = desk.check(ALL, "--format", format_)
    assert (done.returncode, done.stdout.decode().replace("\r\n", "\n")) == (here.code, here.out)
    assert here.out


def test_the_order_of_rows_is_that_of_the_log(desk: Desk) -> None:
    found = desk.check(GOLD + MET, "--format", "jsonl")
    assert [(r["ticket"], r["clause"]) for r in found.rows] == [
        (t, c)
        for t, clauses in (
            ("T-gold", ["desk.closing", "desk.response", "desk.response-gold"]),
            ("T-met", ["desk.closing", "desk.response", "desk.response-gold"]),
            ("", ["desk.payment"]),
        )
        for c in clauses
    ]


def test_several_processes_give_the_same_rows(desk: Desk) -> None:
    many = "".join(MET.replace("T-met", f"T-{n}") for n in range(40))
    alone = desk.check(many, "--format", "jsonl", "--jobs", "1")
    done = process("check", *desk.inputs(many), "--format", "jsonl", "--jobs", "3", cwd=desk.folder)
    assert (done.returncode, done.stdout.decode()) == (alone.code, alone.out)


def test_help_and_version() -> None:
    assert servanda("--help").code == 0
    for command in ("check", "explain", "test", "lint", "fmt", "show"):
        assert command in servanda("--help").out
        assert "Usage:" in servanda(command, "--help").out
    assert servanda("--version").out.startswith("servanda")


def test_an_export_in_another_place_is_read_the_same(desk: Desk, tmp_path: Path) -> None:
    """File names stand in messages as they were given, and in the provenance without their folders."""
    out = tmp_path / "x.jsonl"
    desk.check(MET, "--format", "jsonl", "-o", str(out))
    record = json.loads((tmp_path / "x.jsonl.provenance.json").read_text())
    assert record["log"][0]["file"] == "tickets.jsonl"


def test_rows_of_tickets_set_aside_later_are_not_used(desk: Desk) -> None:
    """Rows read = used + set aside + of other contracts, though it shows only late whose agreement is not given."""
    rows = (
        "ticket,agreement,at,event\n"
        "T,acme,2025-03-10T09:00:00+01:00,ticket_opened\n"
        "T,acme,2025-03-10T10:00:00+01:00,response_sent\n"
        "U,acne,2025-03-10T09:00:00+01:00,ticket_opened\n"
        "U,acne,2025-03-10T10:00:00+01:00,response_sent\n"
        "V,other,2025-03-10T09:00:00+01:00,ticket_opened\n"
        "V,other,2025-03-10T10:00:00+01:00,response_sent\n"
        ",other,2025-03-10T10:00:00+01:00,payment_received\n"
        ",none,2025-03-10T10:00:00+01:00,payment_received\n"
        ",none,2025-03-10T11:00:00+01:00,payment_received\n"
        "W,,2025-03-10T09:00:00+01:00,ticket_opened\n"
        "X,acme,soon,ticket_opened\n"
    )
    given = desk.inputs(MET, agreements=AGREEMENTS + OTHERS)
    given[5] = str(desk.write("tickets.csv", rows))
    found = servanda("check", *given, "--format", "jsonl")
    assert found.code == 0
    assert "rows: 11 read = 2 used + 6 set aside + 3 of other contracts" in found.err
    assert "tickets: 5 read = 1 judged + 3 set aside + 1 of other contracts" in found.err


def test_a_ticket_under_two_agreements_is_set_aside(desk: Desk) -> None:
    rows = (
        "ticket,agreement,at,event\n"
        "T,acme,2025-03-10T09:00:00+01:00,ticket_opened\n"
        "U,acme,2025-03-10T09:00:00+01:00,ticket_opened\n"
        "U,zeta,2025-03-10T10:00:00+01:00,response_sent\n"
    )
    given = desk.inputs(MET, agreements=AGREEMENTS + OTHERS)
    given[5] = str(desk.write("tickets.csv", rows))
    found = servanda("check", *given, "--format", "jsonl")
    assert 'tickets.csv:4: agreement: line 3 puts the same ticket under "acme"; found "zeta"' in found.err
    assert "rows: 3 read = 1 used + 2 set aside" in found.err
    assert "tickets: 2 read = 1 judged + 1 set aside" in found.err


QUIET = '{"log": {"complete_to": "2025-05-09T17:30:00+02:00"}}\n'


@pytest.mark.parametrize("engine", ["interpreter", "columns"])
def test_a_month_without_a_ticket_is_no_fault(desk: Desk, engine: str) -> None:
    """A log that says itself how far it reaches may have nothing to say."""
    found = desk.check(QUIET, "--format", "csv", "--layout", "wide", "--engine", engine)
    assert found.code in (0, 1, 4), found.err
    assert "tickets: 0 read = 0 judged + 0 set aside" in found.err


def test_a_quoted_formula_is_told_from_one_that_is_not(desk: Desk) -> None:
    names = ("=1+1", "'=1+1", "''=1+1", "'", "'quoted'")
    log = "".join(ticket(name, event("10T09:00", "ticket_opened")) for name in names)
    out = desk.folder / "verdicts.csv"
    desk.check(log, "--format", "csv", "-o", str(out))
    cells = {row["ticket"] for row in csv.DictReader(io.StringIO(out.read_bytes().decode(), newline=""))}
    # What concerns agreements names no ticket.
    cells.discard("")
    assert cells == {"'=1+1", "''=1+1", "'''=1+1", "'", "'quoted'"}
    assert {unquoted(cell) for cell in cells} == set(names)


@pytest.mark.parametrize("format_", ["csv", "jsonl", "junit", "parquet"])
def test_half_a_character_is_set_aside_and_said(desk: Desk, format_: str) -> None:
    """Such an id can be written to no file: what tells of it has the character spelled out."""
    if format_ == "parquet":
        pytest.importorskip("pyarrow")
    odd = ticket("T-odd", event("10T09:00", "ticket_opened")).replace("T-odd", "T\\ud800")
    out = desk.folder / "verdicts"
    found = desk.check(MET + odd, "--format", format_, "-o", str(out))
    assert found.code == 0, found.err
    told = json.loads((desk.folder / "verdicts.provenance.json").read_text(encoding="utf-8"))
    assert [s["found"] for s in told["set_aside"]] == ['"T\\ud800"']


def test_a_result_is_not_named_as_a_provenance(desk: Desk) -> None:
    found = desk.check(MET, "--format", "csv", "-o", str(desk.folder / "verdicts.csv.provenance.json"))
    assert found.code == 2
    assert "a result is not named as the provenance of one" in found.err
