"""Event rows as CSV."""

from pathlib import Path

from checker.record.histories import ALL_TIME
from checker.record.reading import read_log

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
