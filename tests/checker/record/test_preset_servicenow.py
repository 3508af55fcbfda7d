"""The preset for ServiceNow's incident audit, on a small sample written for it and on a real log."""

import os
from collections import Counter
from pathlib import Path

import pytest

from checker.record.mapping_load import load_mapping, presets
from checker.record.model import Event, Fault, Gap, Log, Ticket
from checker.record.reading import read_log
from tests.checker.record.test_broken import accounted

SAMPLE = Path(__file__).parent / "samples" / "servicenow_audit.csv"
PRESET = "servicenow-incident-audit"
ASSUME = {"zone": "Europe/Warsaw", "agreement": "acme", "response-is": "first-active-state"}


def at(day: int, hour: int, minute: int = 0) -> int:
    """An instant of early March 2025 in Warsaw, which is then an hour ahead of UTC."""
    return 1740783600 + (day - 1) * 86_400 + hour * 3600 + minute * 60


def told(ticket: Ticket) -> list[tuple[str, int, int]]:
    return [(e.name, e.at, e.until) for e in ticket.events]


def by_id(log: Log) -> dict[str, Ticket]:
    return {ticket.id: ticket for ticket in log.tickets}


def named(ticket: Ticket, name: str) -> list[Event]:
    return [e for e in ticket.events if e.name == name]


@pytest.fixture(scope="module")
def sample() -> Log:
    return read_log([SAMPLE], mapping=PRESET, assume=ASSUME)


def test_an_ordinary_life(sample: Log) -> None:
    ticket = by_id(sample)["INC1"]
    assert told(ticket) == [
        ("ticket_opened", at(3, 9), at(3, 9) + 59),
        ("response_sent", at(3, 9, 30), at(3, 9, 30) + 59),
        ("severity_changed", at(3, 10), at(3, 10) + 59),
        ("work_paused", at(3, 10), at(3, 10) + 59),
        ("work_resumed", at(3, 11), at(3, 11) + 59),
        ("ticket_resolved", at(3, 12), at(3, 12) + 59),
        ("ticket_closed", at(8, 12), at(8, 12) + 59),
    ]
    opened, response, raised, paused = ticket.events[:4]
    assert opened.attributes == {"severity": "B", "channel": "phone"}
    assert response.attributes == {"channel": "phone", "automated": False}
    assert raised.attributes == {"severity": "1", "previous_severity": "B"}
    assert paused.attributes == {"by": "provider", "reason": "awaiting_customer"}
    assert [e.revision for e in ticket.events] == [0, 1, 2, 3, 4, 5, 6]
    assert (opened.stamp, response.stamp) == ("3/3/2025 09:00", "3/3/2025 09:30")
    assert (ticket.agreement, ticket.kind, ticket.gaps) == ("acme", "incident", ())
    # The tool's verdict is the last one it gave, and a claim.
    assert ticket.claims == {"made_sla": False}
    assert ticket.missing == {"assignments", "mitigation"}


def test_missing_revisions_are_gaps_and_widen_what_happened_in_them(sample: Log) -> None:
    ticket = by_id(sample)["INC2"]
    assert ticket.gaps == (
        Gap(at(4, 8, 20), at(4, 15) + 59),
        Gap(at(4, 15), at(4, 16) + 59),
    )
    assert told(ticket)[1:] == [
        ("response_sent", at(4, 8, 20), at(4, 15) + 59),
        ("ticket_resolved", at(4, 15), at(4, 16) + 59),
        ("ticket_closed", at(9, 16), at(9, 16) + 59),
    ]


def test_lost_first_revisions_leave_the_opening_unseen(sample: Log) -> None:
    ticket = by_id(sample)["INC3"]
    assert ticket.gaps == (Gap(at(5, 10), at(5, 10, 30) + 59),)
    assert ticket.events[0].attributes == {"severity": None, "channel": None}
    assert [e.name for e in ticket.events] == [
        "ticket_opened",
        "ticket_resolved",
        "ticket_reopened",
        "work_paused",
        "work_resumed",
        "work_paused",
        "work_resumed",
        "ticket_resolved",
        "ticket_closed",
    ]
    reasons = [e.attributes["reason"] for e in named(ticket, "work_paused")]
    assert reasons == ["awaiting_vendor", "awaiting_customer"]
    # A priority that is not on record in one row is no change.
    assert not named(ticket, "severity_changed")


def test_contradictions_are_set_aside(sample: Log) -> None:
    accounted(sample)
    out = [(e.ticket, e.field, e.count) for e in sample.set_aside]
    assert out == [
        ("INC4", "sys_mod_count", 1),
        ("INC4", "ticket", 2),
        ("INC5", "opened_at", 1),
        ("INC5", "ticket", 1),
    ]
    assert (sample.read.rows, sample.read.rows_used, sample.read.rows_set_aside) == (28, 23, 5)
    assert (sample.read.tickets, sample.read.tickets_set_aside) == (7, 2)
    assert (sample.read.tickets_with_gaps, sample.read.revisions_missing) == (2, 4)


def test_a_state_that_nobody_knows_sets_the_ticket_aside(sample: Log, tmp_path: Path) -> None:
    """Unread, it would pass for silence, and silence for a breach."""
    text = (
        SAMPLE.read_text(encoding="utf-8")
        .replace("INC1,Active", "INC1,In Progress")
        .replace("INC1,Closed", "INC1,Closd")
    )
    export = tmp_path / "log.csv"
    export.write_text(text, encoding="utf-8")
    log = read_log([export], mapping=PRESET, assume=ASSUME)
    assert "INC1" not in by_id(log)
    assert by_id(log).keys() == by_id(sample).keys() - {"INC1"}
    said = "\n".join(str(s) for s in log.set_aside)
    assert 'incident_state: a value that the mapping does not know; found "In Progress"' in said
    assert "did you mean Closed?" in said
    accounted(log)


def test_rows_need_no_order_and_a_repeated_one_counts_once(sample: Log) -> None:
    ticket = by_id(sample)["INC6"]
    assert [e.name for e in ticket.events] == ["ticket_opened", "response_sent", "ticket_resolved"]
    assert any("word for word" in note.text for note in sample.notes)


def test_a_clock_change_makes_an_interval(sample: Log) -> None:
    opened, closed = by_id(sample)["INC7"].events
    # 02:30 did not exist on 30 March and was twice on 26 October: two instants, an hour apart.
    assert closed.until - closed.at == 3659
    assert opened.until - opened.at == 3659


def test_what_the_log_says_of_itself(sample: Log) -> None:
    assert sample.mapping is not None
    assert sample.mapping.name == PRESET
    assert {(a.name, a.value) for a in sample.assumptions} == set(ASSUME.items())
    texts = {a.name: a.text for a in sample.assumptions}
    assert texts["zone"] == "The times of the export are local times of Europe/Warsaw."
    assert "first change of the state from New to Active" in texts["response-is"]
    assert sample.complete_to is None
    recorded = sample.tickets[0].recorded
    assert recorded is not None
    assert "response_sent" in recorded
    assert "mitigated" not in recorded
    assert sample.sources[0].read_as == "CSV, encoding utf-8 (found), delimiter comma (found)"


def test_without_assumptions_nothing_stands_for_a_response() -> None:
    log = read_log([SAMPLE], mapping=PRESET, assume={"zone": "Europe/Warsaw"})
    ticket = by_id(log)["INC1"]
    assert not named(ticket, "response_sent")
    assert "response_sent" in ticket.missing
    assert ticket.agreement is None
    with pytest.raises(Fault, match="nobody named their zone"):
        read_log([SAMPLE], mapping=PRESET)


def test_the_other_assumptions() -> None:
    assume = {
        "zone": "Europe/Warsaw",
        "response-is": "first-state-past-new",
        "mitigation-is": "resolved-state",
        "product-family": "azure",
        "language": "pl",
        "region": "PL",
        "product": "SQL Server",
        "complete-to": "last-row",
    }
    log = read_log([SAMPLE], mapping=PRESET, assume=assume)
    assert log.complete_to == 1761438600
    opened = by_id(log)["INC1"].events[0]
    more = {"product_family": "azure", "language": "pl", "region": "PL", "product": "SQL Server"}
    assert opened.attributes == {"severity": "B", "channel": "phone", **more}
    # The very first row of INC3 that is left shows a state past New; when that began is not on record.
    (response,) = named(by_id(log)["INC3"], "response_sent")
    assert (response.at, response.until) == (at(5, 10), at(5, 10, 30) + 59)
    mitigated = named(by_id(log)["INC3"], "mitigated")
    assert [(e.at, e.until) for e in mitigated] == [
        (at(5, 11), at(5, 11) + 59),
        (at(5, 13), at(5, 13) + 59),
    ]


def test_the_preset_reads_no_column_of_final_values() -> None:
    assert PRESET in presets()
    mapping = load_mapping(PRESET, assume={"zone": "UTC"})
    assert mapping.leaks == {"resolved_at", "resolved_by", "closed_at", "closed_code"}
    assert not mapping.leaks & set(mapping.columns)


def test_final_values_change_nothing(tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    text = SAMPLE.read_text()
    for final in ("code 1", "Resolver 1", "4/3/2025 12:00", "9/3/2025 12:00"):
        text = text.replace(final, "?")
    other.write_text(text)
    assert text != SAMPLE.read_text()
    log = read_log([other], mapping=PRESET, assume=ASSUME)
    assert [told(t) for t in log.tickets] == [
        told(t) for t in read_log([SAMPLE], mapping=PRESET, assume=ASSUME).tickets
    ]


def shared() -> Path | None:
    named = os.environ.get("SERVANDA_SHARED")
    folder = Path(named) if named else Path(__file__).resolve().parents[3].parent / "shared"
    log = folder / "logs" / "incident_event_log.zip"
    return log if log.is_file() else None


@pytest.mark.skipif(shared() is None, reason="no incident_event_log.zip under SERVANDA_SHARED or ../shared")
def test_the_real_log_is_accounted_for_to_the_last_row() -> None:
    path = shared()
    assert path is not None
    log = read_log([path], mapping=PRESET, assume={**ASSUME, "complete-to": "last-row"})
    accounted(log)
    assert (log.read.rows, log.read.tickets) == (141_712, 24_918)
    assert (log.read.tickets_with_gaps, log.read.revisions_missing) == (9_254, 49_773)
    # Five incidents whose revisions run against their times, and one written before it was opened.
    assert (log.read.rows_set_aside, log.read.tickets_set_aside) == (34, 6)
    claims = Counter(ticket.claims["made_sla"] for ticket in log.tickets)
    # The claim turns false in 9,114 incidents, and is false from the first row of another.
    assert claims == {True: 24_912 - 9_115, False: 9_115}
    assert all(ticket.events[0].name == "ticket_opened" for ticket in log.tickets)
    names = Counter(e.name for ticket in log.tickets for e in ticket.events)
    assert names["ticket_opened"] == 24_912
    assert names["work_paused"] == names["work_resumed"]
