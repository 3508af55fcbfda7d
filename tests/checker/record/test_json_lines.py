"""JSON Lines: what a line becomes."""

import gzip
import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from checker.record.agreements import read_agreements, with_histories
from checker.record.files import Limits
from checker.record.histories import ALL_TIME
from checker.record.model import Fault, Gap
from checker.record.reading import read_log
from checker.record.words import Words
from tests.checker.record.broken import GOOD_FILE, line, zipped

OPENED = {"at": "2025-03-03T09:00:00+01:00", "event": "ticket_opened", "severity": "1"}
PAID = {"at": "2025-03-03T09:00:00Z", "event": "payment_received"}
WORDS = Words(
    {"ticket_opened": "ticket", "response_sent": "ticket", "payment_received": "agreement"},
    frozenset({"payments", "work"}),
)
AT = 1740988800


def written(path: Path, *items: object) -> Path:
    text = "".join((item if isinstance(item, str) else json.dumps(item)) + "\n" for item in items)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_ticket(tmp_path: Path) -> None:
    event = {
        "at": "2025-03-03T09:10:30.75+01:00",
        "event": "response_sent",
        "automated": False,
        "rate": 1.25,
        "channel": None,
        "tickets": ["T1", {"a": [1]}],
        "precision": "minute",
        "revision": 4,
        "ticket": "T-2",
        "not_before": "2025-03-03T09:05:00+01:00",
    }
    ticket = {
        "ticket": "T-1",
        "agreement": "acme",
        "kind": "incident",
        "events": [OPENED, event],
        "records_missing": ["work", "mitigation"],
        "gaps": [{"from": "2025-03-04T00:00:00Z", "to": "2025-03-04T00:00:00Z"}],
        "claims": {"made_sla": True},
    }
    path = written(tmp_path / "t.jsonl", {"log": {"complete_to": "2025-12-31T00:00:00Z"}}, ticket)
    log = read_log([path])
    assert log.complete_to == 1767139200
    (made,) = log.tickets
    assert (made.id, made.agreement, made.kind) == ("T-1", "acme", "incident")
    assert made.missing == {"work", "mitigation"}
    assert made.gaps == (Gap(1741046400, 1741046400),)
    assert made.claims == {"made_sla": True}
    assert made.recorded is None
    opened, sent = made.events
    assert (opened.name, opened.at, opened.until, opened.order) == ("ticket_opened", AT, AT, 0)
    assert opened.attributes == {"severity": "1"}
    assert (sent.at, sent.until) == (AT + 300, AT + 659)
    assert sent.attributes == {
        "automated": False,
        "rate": Decimal("1.25"),
        "channel": None,
        "tickets": ["T1", {"a": [1]}],
    }
    assert (sent.ticket, sent.revision, sent.stamp) == ("T-2", 4, "2025-03-03T09:10:30.75+01:00")
    assert sent.place is not None
    assert sent.place.line == 2


def test_events_are_sorted_by_time_then_revision_then_position(tmp_path: Path) -> None:
    def at(second: int, name: str, **more: object) -> dict[str, object]:
        return {"at": f"2025-03-03T09:00:{second:02d}Z", "event": name, **more}

    events = [
        at(5, "e"),
        at(3, "d", revision=9),
        at(3, "c", revision=2),
        at(1, "a", revision=7),
        at(1, "b"),
    ]
    log = read_log([written(tmp_path / "t.jsonl", {"ticket": "T", "events": events})])
    (ticket,) = log.tickets
    # Of the events of 09:00:01 only one has a revision: they stay as they stood.
    assert [e.name for e in ticket.events] == ["a", "b", "c", "d", "e"]
    assert [e.order for e in ticket.events] == [0, 1, 2, 3, 4]
    assert any("out of order" in note.text for note in log.notes)


def test_an_agreements_own_history(tmp_path: Path) -> None:
    paid = {"at": "2025-03-03T09:00:00Z", "event": "payment_received"}
    path = written(
        tmp_path / "t.jsonl",
        {"agreement": "acme", "events": [paid], "records_missing": ["payments"]},
        {"ticket": "T", "agreement": "acme", "events": [OPENED]},
        {"agreement": "acme", "events": [{**paid, "at": "2025-02-03T09:00:00Z"}]},
        {"agreement": "other", "events": [paid]},
    )
    log = read_log([path])
    assert log.read.rows == log.read.rows_used == 4
    assert log.read.agreement_rows == 3
    assert log.read.tickets == 1
    own = log.agreement_events["acme"]
    assert [e.at for e in own.events] == [1738573200, 1740992400]
    agreements = tmp_path / "a.yaml"
    agreements.write_text("agreement: acme\ncontract: gold\nrecords_missing: [work]\n")
    (joined,), left = with_histories(read_agreements([agreements]), log.agreement_events)
    assert [e.at for e in joined.events] == [1738573200, 1740992400]
    assert joined.missing == {"payments", "work"}
    assert [history.agreement for history in left] == ["other"]


def test_a_lost_line_of_an_agreement_leaves_no_absence(tmp_path: Path) -> None:
    bad = {"agreement": "acme", "events": [{"at": "soon", "event": "payment_received"}]}
    log = read_log([written(tmp_path / "t.jsonl", {"ticket": "T", "events": [OPENED]}, bad)])
    assert log.agreement_events["acme"].gaps == (ALL_TIME,)
    assert log.read.rows_set_aside == 1
    assert log.read.tickets_set_aside == 0


def test_the_same_history_twice_is_kept_once(tmp_path: Path) -> None:
    ticket = {"ticket": "T", "agreement": "a", "events": [OPENED]}
    other = {**ticket, "agreement": "b"}
    log = read_log([written(tmp_path / "t.jsonl", ticket, ticket, other)])
    assert [(t.agreement, t.id) for t in log.tickets] == [("a", "T"), ("b", "T")]
    assert [entry.whole for entry in log.set_aside] == [True]
    assert "word for word" in log.set_aside[0].reason


def test_two_histories_of_one_id_are_both_left_out(tmp_path: Path) -> None:
    ticket = {"ticket": "T", "events": [OPENED]}
    lines = (ticket, {**ticket, "kind": "x"}, {**ticket, "ticket": "U"}, {**ticket, "kind": "y"})
    log = read_log([written(tmp_path / "t.jsonl", *lines)])
    assert [t.id for t in log.tickets] == ["U"]
    assert (log.read.tickets, log.read.tickets_set_aside) == (4, 3)
    assert [entry.place.line for entry in log.set_aside] == [1, 2, 4]


def test_an_event_nobody_knows_is_noted(tmp_path: Path) -> None:
    events = [OPENED, {**OPENED, "event": "respons_sent"}, {**OPENED, "event": "respons_sent"}]
    path = written(tmp_path / "t.jsonl", {"ticket": "T", "events": events})
    log = read_log([path], known_events=frozenset({"ticket_opened", "response_sent"}))
    (note,) = log.notes
    assert "respons_sent" in note.text
    assert "did you mean response_sent?" in note.text
    assert (note.count, note.place and note.place.line) == (2, 1)
    assert len(log.tickets) == 1
    assert not read_log([path]).notes


def test_what_the_header_says(tmp_path: Path) -> None:
    ticket = {"ticket": "T", "events": [OPENED]}
    header = {"log": {"complete_to": "2025-03-01T00:00:00Z", "records": ["ticket_opened"]}}
    one = written(tmp_path / "one.jsonl", header, ticket)
    log = read_log([one])
    assert log.tickets[0].recorded == {"ticket_opened"}
    assert any("after the declared end" in note.text for note in log.notes)
    two = written(tmp_path / "two.jsonl", {**ticket, "ticket": "U"})
    both = read_log([one, two])
    assert both.complete_to is None
    assert any("none is taken" in note.text for note in both.notes)
    later = {"log": {"complete_to": "2025-04-01T00:00:00Z"}}
    three = written(tmp_path / "three.jsonl", later, {**ticket, "ticket": "V"})
    assert read_log([one, three]).complete_to == 1740787200


def test_a_file_of_histories_alone_may_declare_the_end(tmp_path: Path) -> None:
    header = {"log": {"complete_to": "2025-03-01T00:00:00Z"}}
    history = {"agreement": "acme", "events": [{"at": "2025-02-01T00:00:00Z", "event": "payment_received"}]}
    declared = written(tmp_path / "h.jsonl", header, history)
    assert read_log([declared]).complete_to == 1740787200


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ('{"log": {"complete_to": "2025-12-31"}}', "log.complete_to: a date without a time"),
        ('{"log": {"complete_to": null}}', "log.complete_to: an instant is due, not null"),
        ('{"log": {"complete_two": "2025-12-31T00:00:00Z"}}', "did you mean complete_to?"),
        ('{"log": {"complete_to": "2025-12-31T00:00:00Z"}, "kind": "x"}', 'kind: unknown key "kind"'),
        ('{"log": {"complete_to": "2025-12-31T00:00:00Z"', "1:47: log: not JSON"),
        ('{"log": {"records": ["respons_sent"]}}', "log.records[0]: no event has this name"),
        ('{"log": {"records": ["respons_sent"]}}', "did you mean response_sent?"),
        ('{"log": {"records": ["tea_made"]}}', "leave it out: no clause can refer to it"),
    ],
)
def test_what_a_header_declares_holds_for_the_whole_file(tmp_path: Path, header: str, said: str) -> None:
    path = written(tmp_path / "t.jsonl", header, {"ticket": "T", "events": [OPENED]})
    with pytest.raises(Fault) as caught:
        read_log([path], words=WORDS)
    assert str(path) + ":1" in str(caught.value)
    assert said in str(caught.value)


def test_words_of_missing_logs(tmp_path: Path) -> None:
    ticket = {"ticket": "T", "agreement": "a", "events": [OPENED]}
    own = {"agreement": "b", "events": [PAID]}
    lines = [
        {**ticket, "records_missing": ["work", "response_sent"]},
        {**ticket, "ticket": "U", "records_missing": ["work", "payment"]},
        {**ticket, "ticket": "V", "records_missing": ["respons_sent"]},
        {**own, "records_missing": ["tea"]},
    ]
    path = written(tmp_path / "t.jsonl", *lines)
    log = read_log([path], words=WORDS)
    assert [t.id for t in log.tickets] == ["T"]
    assert [str(entry).removeprefix(str(path)) for entry in log.set_aside] == [
        ':2: records_missing[1]: no log has this name; found "payment"; did you mean payments?',
        ':3: records_missing[0]: no log has this name; found "respons_sent"; did you mean response_sent?',
        ':4: records_missing[0]: no log has this name; found "tea"; '
        "write payments or work, or the name of an event",
    ]
    # What the lost line of the agreement said is unknown.
    assert log.agreement_events["b"].gaps == (ALL_TIME,)
    assert len(read_log([path]).tickets) == 3


def test_an_event_of_tickets_in_an_agreements_own_history_is_noted(tmp_path: Path) -> None:
    lines = [
        {"agreement": "a", "events": [{**OPENED, "ticket": "T"}, PAID]},
        {"agreement": "b", "events": [OPENED, OPENED, PAID]},
        {"ticket": "T", "agreement": "b", "events": [OPENED]},
    ]
    log = read_log([written(tmp_path / "t.jsonl", *lines)], words=WORDS)
    assert not log.set_aside
    (note,) = log.notes
    assert note.text.startswith("ticket_opened is an event of tickets, and an agreement's own history has it")
    assert (note.count, note.place and note.place.line) == (2, 2)


def test_packed_files_and_byte_order_marks_read_alike(tmp_path: Path) -> None:
    plain = tmp_path / "t.jsonl"
    plain.write_bytes(GOOD_FILE)
    expected = [(t.id, [e.at for e in t.events]) for t in read_log([plain]).tickets]
    for name, data in {
        "t.jsonl.gz": gzip.compress(GOOD_FILE),
        "t.gz": gzip.compress(GOOD_FILE),
        "t.zip": zipped(a_jsonl=GOOD_FILE),
        "bom.jsonl": b"\xef\xbb\xbf" + GOOD_FILE,
        "crlf.jsonl": GOOD_FILE.replace(b"\n", b"\r\n"),
        "blank.txt": b"\n" + GOOD_FILE.replace(b"\n", b"\n\n"),
    }.items():
        path = tmp_path / name
        path.write_bytes(data)
        log = read_log([path])
        assert [(t.id, [e.at for e in t.events]) for t in log.tickets] == expected, name
        assert log.read.rows == 2, name
        assert log.sources[0].bytes == len(data), name


def test_limits(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.jsonl.gz"
    bomb.write_bytes(gzip.compress(b" " * 3_000_000))
    with pytest.raises(Fault, match="unpacks to far more"):
        read_log([bomb], limits=Limits(ratio_from=1_000_000))
    with pytest.raises(Fault, match="too large"):
        read_log([bomb], limits=Limits(expanded_bytes=1_000_000))
    long = tmp_path / "long.jsonl"
    long.write_bytes(GOOD_FILE + line(kind="x" * 150) + b" " * 600 + b"\n" + line(ticket="T-3"))
    log = read_log([long], limits=Limits(line_bytes=400))
    assert [t.id for t in log.tickets] == ["T-1", "T-2", "T-3"]
    assert [(e.place.line, e.reason) for e in log.set_aside] == [(3, "the line is too long")]


TYPED = replace(
    WORDS,
    attributes={
        "ticket_opened": {"severity": "string", "number": "int", "tags": "list"},
        "response_sent": {"automated": "bool", "channel": "string"},
    },
)


@pytest.mark.parametrize(
    ("event", "said"),
    [
        ({"event": "response_sent", "automated": "false"}, "automated: true or false is due, not text"),
        ({"event": "response_sent", "automated": 0}, "automated: true or false is due, not a number"),
        ({"event": "response_sent", "automated": []}, "automated: true or false is due, not a list"),
        ({"event": "ticket_opened", "severity": ["B"]}, "severity: text is due, not a list"),
        ({"event": "ticket_opened", "severity": True}, "severity: text is due, not true or false"),
        ({"event": "ticket_opened", "number": "3"}, "number: a number is due, not text"),
        ({"event": "ticket_opened", "tags": "a, b"}, "tags: a list is due, not text"),
    ],
)
def test_an_attribute_of_another_type_sets_the_ticket_aside(
    tmp_path: Path, event: dict[str, Any], said: str
) -> None:
    """No comparison would find it, and what is not found would pass for absent."""
    bad = {"ticket": "T", "agreement": "a", "events": [OPENED, {"at": "2025-03-03T10:00:00+01:00", **event}]}
    good = {"ticket": "U", "agreement": "a", "events": [OPENED]}
    log = read_log([written(tmp_path / "t.jsonl", bad, good)], words=TYPED)
    assert [t.id for t in log.tickets] == ["U"]
    (left,) = log.set_aside
    assert said in str(left)
    assert (left.ticket, left.place.line) == ("T", 1)


def test_null_is_of_every_type_and_text_may_be_a_number(tmp_path: Path) -> None:
    events = [
        {
            "at": "2025-03-03T09:00:00+01:00",
            "event": "ticket_opened",
            "severity": 1,
            "number": None,
            "tags": None,
        },
        {"at": "2025-03-03T10:00:00+01:00", "event": "response_sent", "automated": None},
    ]
    path = written(tmp_path / "t.jsonl", {"ticket": "T", "agreement": "a", "events": events})
    assert read_log([path], words=TYPED).set_aside == []


def test_an_attribute_that_looks_misspelt_is_noted_with_its_place(tmp_path: Path) -> None:
    event = {
        "at": "2025-03-03T10:00:00+01:00",
        "event": "response_sent",
        "chanel": "phone",
        "contact": "Anna",
    }
    path = written(tmp_path / "t.jsonl", {"ticket": "T", "agreement": "a", "events": [OPENED, event]})
    (note,) = read_log([path], words=TYPED).notes
    assert note.text == "response_sent carries no attribute chanel; did you mean channel?"
    assert note.place is not None
    assert note.place.line == 1


def test_an_agreement_may_be_given(tmp_path: Path) -> None:
    named = {"ticket": "T", "agreement": "a", "events": [OPENED]}
    path = written(tmp_path / "t.jsonl", named, {"ticket": "U", "events": [OPENED]})
    assert [t.agreement for t in read_log([path]).tickets] == ["a", None]
    assert [t.agreement for t in read_log([path], agreement="b").tickets] == ["a", "b"]
