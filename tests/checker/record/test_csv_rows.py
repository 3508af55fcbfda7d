"""Event rows as CSV."""

from pathlib import Path

import pytest

from checker.record.csv_rows import check_header
from checker.record.histories import ALL_TIME
from checker.record.model import Fault, Log
from checker.record.reading import read_log
from checker.record.words import Words

TYPES = {"automated": "bool", "number": "int", "rate": "number", "tickets": "list", "resolved": "instant"}


def test_rows_become_tickets_and_agreement_histories(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "event;ticket;agreement;at;automated;number;tickets;severity;note\n"
        "ticket_opened;T-1;acme;2025-03-03T09:00:00Z;;250;;1;\n"
        "ticket_opened;T-2;acme;2025-03-03T09:00:00Z;;;;A;\n"
        "payment_received;;acme;2025-02-03T09:00:00Z;;;;;\n"
        'response_sent;T-1;;2025-03-03T09:05:00Z;False;;"[""T-2""]";;"said; ""yes""\nand more"\n'
    )
    log = read_log([path], attribute_types=TYPES)
    assert [t.id for t in log.tickets] == ["T-1", "T-2"]
    first = log.tickets[0]
    # A row that leaves the agreement empty belongs to the one ticket of its id.
    assert first.agreement == "acme"
    assert [dict(e.attributes) for e in first.events] == [
        {"number": 250, "severity": "1"},
        {"automated": False, "tickets": ["T-2"], "note": 'said; "yes"\nand more'},
    ]
    assert [e.name for e in log.agreement_events["acme"].events] == ["payment_received"]
    assert log.read.rows == log.read.rows_used == 4
    assert "delimiter semicolon (found)" in log.sources[0].read_as
    assert "encoding utf-8 (found)" in log.sources[0].read_as


def test_cells_are_text_unless_a_type_is_stated(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("ticket,at,event,severity,automated\nT,2025-03-03T09:00:00Z,ticket_opened,1,true\n")
    (ticket,) = read_log([path]).tickets
    assert ticket.events[0].attributes == {"severity": "1", "automated": "true"}


def test_utf16_is_told_by_its_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_bytes("ticket\tat\tevent\nŻ-1\t2025-03-03T09:00:00Z\tticket_opened\n".encode("utf-16"))
    log = read_log([path])
    assert [t.id for t in log.tickets] == ["Ż-1"]
    assert "encoding utf-16 (found), delimiter tab" in log.sources[0].read_as


def test_rows_of_several_files_are_one_log(tmp_path: Path) -> None:
    header = "ticket,at,event,revision\n"
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(header + "T,2025-03-03T09:00:00Z,ticket_opened,0\n")
    two.write_text(header + "T,2025-03-02T09:05:00Z,ticket_sent,1\n")
    (ticket,) = read_log([one, two]).tickets
    assert [e.name for e in ticket.events] == ["ticket_sent", "ticket_opened"]


def test_a_stray_quote_hides_one_row_only(tmp_path: Path) -> None:
    rows = [f"T-{i},2025-03-03T09:00:00Z,ticket_opened,\n" for i in range(50)]
    rows[7] = rows[7].replace("T-7", '"T-7')
    rows[20] = rows[20].replace("opened,", 'opened,"')
    path = tmp_path / "t.csv"
    path.write_text("ticket,at,event,note\n" + "".join(rows))
    log = read_log([path])
    assert [e.place.line for e in log.set_aside] == [9, 22]
    assert log.read.tickets_used == 48
    assert log.read.rows == 50


def test_a_lost_row_of_an_agreement_leaves_no_absence(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "ticket,agreement,at,event\n"
        "T,acme,2025-03-03T09:00:00Z,ticket_opened\n"
        ",acme,2025-03-03T09:00:00Z,payment_received\n"
        ",acme,yesterday,payment_received\n"
    )
    log = read_log([path])
    assert log.agreement_events["acme"].gaps == (ALL_TIME,)
    assert (log.read.rows_used, log.read.rows_set_aside) == (2, 1)


def test_an_event_of_tickets_in_an_agreements_own_history(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "ticket,agreement,at,event\n"
        "T,acme,2025-03-03T09:00:00Z,ticket_opened\n"
        ",acme,2025-03-03T09:00:00Z,payment_received\n"
        ",acme,2025-03-03T09:30:00Z,ticket_closed\n"
    )
    levels = {"ticket_opened": "ticket", "ticket_closed": "ticket", "payment_received": "agreement"}
    log = read_log([path], words=Words(levels))
    (note,) = log.notes
    assert (note.count, note.place and note.place.line) == (1, 4)
    assert note.text.startswith("ticket_closed is an event of tickets")


HEADER = "ticket,agreement,at,event\n"
ACME, BETA, NONE = (f"T,{a},2025-03-03T09:0{i}:00Z,seen\n" for i, a in enumerate(["acme", "beta", ""]))
OTHER = "U,acme,2025-03-03T09:00:00Z,seen\n"


def accounts(log: Log) -> list[tuple[int | None, int, bool]]:
    return [(entry.place.line, entry.count, entry.whole) for entry in log.set_aside]


def test_a_ticket_belongs_to_one_agreement(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(HEADER + ACME + BETA + NONE + OTHER + BETA)
    log = read_log([path])
    assert [t.id for t in log.tickets] == ["U"]
    assert accounts(log) == [(3, 1, True), (6, 1, False), (2, 2, False)]
    assert (log.read.rows, log.read.rows_used, log.read.rows_set_aside) == (5, 1, 4)
    assert (log.read.tickets, log.read.tickets_set_aside) == (2, 1)
    assert 'line 2 puts the same ticket under "acme"' in log.set_aside[0].reason


def test_two_files_may_number_their_tickets_alike(tmp_path: Path) -> None:
    one, two = tmp_path / "one.csv", tmp_path / "two.csv"
    one.write_text(HEADER + ACME)
    two.write_text(HEADER + BETA + BETA.replace("00Z", "30Z"))
    log = read_log([one, two])
    assert [(t.agreement, t.id, t.rows) for t in log.tickets] == [("acme", "T", 1), ("beta", "T", 2)]


def test_a_ticket_knows_how_many_rows_it_took(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    paid = ",acme,2025-03-03T09:00:00Z,paid\n"
    path.write_text(HEADER + ACME + ACME.replace("00Z", "30Z") + OTHER + paid + paid)
    log = read_log([path])
    assert [(t.id, t.rows) for t in log.tickets] == [("T", 2), ("U", 1)]
    assert log.agreement_events["acme"].rows == 2


def test_a_cell_beyond_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    good = "T-{},2025-03-03T09:00:00Z,ticket_opened,\n"
    long = "U,2025-03-03T09:00:00Z,ticket_opened," + "x" * 200_000 + "\n"
    path.write_text("ticket,at,event,note\n" + good.format(1) + long + good.format(2))
    log = read_log([path])
    assert [t.id for t in log.tickets] == ["T-1", "T-2"]
    (entry,) = log.set_aside
    assert (entry.place.line, entry.reason) == (3, "a cell is longer than 131072 characters")
    assert "leave its column out" in entry.remedy
    # A quote left open swallows lines until a cell is too long: still one row only.
    many = "".join(good.format(n) for n in range(4000))
    path.write_text("ticket,at,event,note\n" + many + '"' + good.format("X") + many.replace("T-", "V-"))
    log = read_log([path])
    assert len(log.tickets) == 8000
    (entry,) = log.set_aside
    assert (entry.place.line, entry.count) == (4002, 1)
    assert "a quote is not closed on its line" in entry.reason


def test_a_kind_that_is_no_name_is_a_flaw_of_its_row(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "ticket,at,event,kind\nT-1,2025-03-03T09:00:00Z,ticket_opened, x\nT-2,2025-03-03T09:00:00Z,ticket_opened,x\n"
    )
    log = read_log([path])
    assert [t.id for t in log.tickets] == ["T-2"]
    assert [(str(e.place), e.field, e.reason) for e in log.set_aside] == [
        (f"{path}:2", "kind", "the kind begins or ends with a blank")
    ]


ACTS = Words(
    events={"ticket_opened": "ticket", "action_taken": "ticket"},
    attributes={"action_taken": {"kind": "string"}},
)


def test_a_kind_that_an_act_may_have_is_not_taken_for_the_tickets(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "ticket,at,event,kind\n"
        "T-1,2025-03-03T09:00:00Z,ticket_opened,\n"
        "T-1,2025-03-03T09:05:00Z,action_taken,work\n"
        "T-2,2025-03-03T09:00:00Z,ticket_opened,incident\n"
        "T-2,2025-03-03T09:05:00Z,action_taken,incident\n"
        "T-3,2025-03-03T09:00:00Z,ticket_opened,incident\n"
        "T-3,2025-03-03T09:05:00Z,action_taken,work\n"
    )
    log = read_log([path], words=ACTS)
    # Said of the ticket in a row of another event, it may be repeated.
    assert [(t.id, t.kind) for t in log.tickets] == [("T-2", "incident")]
    assert [(e.ticket, e.place.line, e.field, e.found) for e in log.set_aside if e.field == "kind"] == [
        ("T-1", 3, "kind", '"work"'),
        ("T-3", 7, "kind", '"work"'),
    ]
    assert all("event.kind" in e.remedy for e in log.set_aside if e.field == "kind")
    # Where nobody knows the act, the column is the ticket's alone.
    assert [t.kind for t in read_log([path]).tickets if t.id == "T-1"] == ["work"]


def test_an_attribute_may_be_headed_as_of_the_event(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "ticket,agreement,at,event,kind,event.kind,event.agreement,event.number\n"
        "T-1,acme,2025-03-03T09:00:00Z,ticket_opened,incident,,,\n"
        "T-1,acme,2025-03-03T09:05:00Z,action_taken,incident,work,other,7\n"
        ",acme,2025-03-03T09:06:00Z,action_taken,,call,,\n"
    )
    log = read_log([path], words=ACTS, attribute_types=TYPES)
    (ticket,) = log.tickets
    assert (ticket.agreement, ticket.kind) == ("acme", "incident")
    assert ticket.events[1].attributes == {"kind": "work", "agreement": "other", "number": 7}
    assert [e.attributes for e in log.agreement_events["acme"].events] == [{"kind": "call"}]


def test_in_an_agreements_own_history_there_is_no_kind_of_a_ticket(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "ticket,agreement,at,event,kind\n"
        "T-1,acme,2025-03-03T09:00:00Z,ticket_opened,incident\n"
        ",acme,2025-03-03T09:06:00Z,action_taken,call\n"
    )
    log = read_log([path], words=ACTS)
    assert [e.attributes for e in log.agreement_events["acme"].events] == [{"kind": "call"}]


@pytest.mark.parametrize(
    ("heading", "reason"),
    [
        ("event.at", "the column names no attribute"),
        ("event.", "the column names no attribute"),
        ("event.severity", "the columns severity and event.severity say the same"),
    ],
)
def test_headings_of_attributes_that_cannot_be(heading: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"ticket,at,event,severity,{heading}\nT-1,2025-03-03T09:00:00Z,ticket_opened,1,1\n")
    with pytest.raises(Fault, match=reason):
        read_log([path])


def test_a_missing_column_is_called_as_the_file_calls_it() -> None:
    found = r"the column Case ID, which the mapping ours reads, is missing"
    with pytest.raises(Fault, match=found) as raised:
        check_header(
            "t.csv", ["CaseID", "time"], ["ticket", "time"], "ours", {"ticket": "Case ID", "time": "When"}
        )
    assert raised.value.found == "columns CaseID, When"
    assert "CaseID" in raised.value.remedy
