"""Broken inputs: each a row to put among good ones, or a whole file."""

import gzip
import io
import json
import zipfile

OPENED = {"at": "2025-03-03T09:00:00+01:00", "event": "ticket_opened", "severity": "1"}


def line(**changes: object) -> bytes:
    """A good ticket line with changes; a value of `...` removes the key."""
    ticket: dict[str, object] = {"ticket": "T-9", "agreement": "acme", "kind": "incident", "events": [OPENED]}
    ticket.update(changes)
    return json.dumps({k: v for k, v in ticket.items() if v is not ...}, ensure_ascii=False).encode()


def with_event(**changes: object) -> bytes:
    event: dict[str, object] = {**OPENED, **changes}
    return line(events=[OPENED, {k: v for k, v in event.items() if v is not ...}])


GOOD_LINES = (
    line(ticket="T-1"),
    line(ticket="T-2", events=[OPENED, {"at": "2025-03-03T09:10:00+01:00", "event": "response_sent"}]),
)

LINES: dict[str, bytes] = {
    "not JSON": b"ticket T-9 opened on Monday",
    "line cut short": line()[:-12],
    "two objects on a line": line() + line(),
    "null byte": line().replace(b"incident", b"inci\0dent"),
    "not UTF-8": line().replace(b"incident", b"incid\xe9nt"),
    "a list": b'["T-9"]',
    "a number": b"42",
    "NaN": line().replace(b'"1"', b"NaN"),
    "Infinity": line().replace(b'"1"', b"-Infinity"),
    "number beyond 2**53": with_event(number=2**53),
    "number of a thousand digits": line().replace(b'"1"', b"9" * 1000),
    "number of ten thousand digits": line().replace(b'"1"', b"9" * 10_000),
    "key twice": line().replace(b'"kind"', b'"ticket": "T-8", "kind"'),
    "attribute twice": line().replace(b'"severity"', b'"severity": "2", "severity"'),
    "half a surrogate pair": line().replace(b"incident", b"\\ud83d"),
    "escaped null in an attribute": line().replace(b'"1"', b'"\\u0000"'),
    "no ticket": line(ticket=..., events=...),
    "ticket misspelt": line(ticket=..., tickt="T-9"),
    "ticket is a number": line(ticket=9),
    "ticket is true": line(ticket=True),
    "ticket is null": line(ticket=None),
    "ticket is empty": line(ticket=""),
    "ticket with a blank": line(ticket="T-9 "),
    "ticket with a line end": line(ticket="T\n9"),
    "ticket too long": line(ticket="T" * 201),
    "agreement is a number": line(agreement=7),
    "kind is false": line(kind=False),
    "unknown key": line(event=[OPENED]),
    "no events": line(events=...),
    "events misspelt": line(events=..., evnets=[OPENED]),
    "events empty": line(events=[]),
    "events is a mapping": line(events=OPENED),
    "event is text": line(events=["ticket_opened"]),
    "no time": with_event(at=...),
    "time is a number": with_event(at=1741000000),
    "local time": with_event(at="2025-03-03T09:00:00"),
    "date only": with_event(at="2025-03-03"),
    "no seconds": with_event(at="2025-03-03T09:00+01:00"),
    "slashes": with_event(at="03/03/2025 09:00"),
    "empty time": with_event(at=""),
    "day that is none": with_event(at="2025-02-29T09:00:00+01:00"),
    "month that is none": with_event(at="2025-13-01T09:00:00+01:00"),
    "hour that is none": with_event(at="2025-03-03T24:00:00+01:00"),
    "leap second": with_event(at="2016-12-31T23:59:60Z"),
    "offset that is none": with_event(at="2025-03-03T09:00:00+25:00"),
    "offset beyond the date line": with_event(at="2025-03-03T09:00:00-14:30"),
    "year one": with_event(at="0001-01-01T00:00:00Z"),
    "no event name": with_event(event=...),
    "event name is true": with_event(event=True),
    "unknown precision": with_event(precision="minutes"),
    "precision is a number": with_event(precision=60),
    "revision is true": with_event(revision=True),
    "revision below zero": with_event(revision=-1),
    "revision with a fraction": with_event(revision=1.5),
    "revision is text": with_event(revision="3"),
    "not_before after at": with_event(not_before="2025-03-03T10:00:00+01:00"),
    "second ticket is null": with_event(ticket=None),
    "attribute without a name": with_event(**{"": "x"}),
    "attribute nested too deep": line().replace(b'"1"', b"[" * 40 + b"]" * 40),
    "nested without end": line().replace(b'"1"', b"[" * 200_000 + b"]" * 200_000),
    "records_missing is text": line(records_missing="work"),
    "records_missing twice": line(records_missing=["work", "work"]),
    "gap ends before it begins": line(gaps=[{"from": "2025-03-04T00:00:00Z", "to": "2025-03-03T00:00:00Z"}]),
    "gap without an end": line(gaps=[{"from": "2025-03-04T00:00:00Z"}]),
    "gap with a date": line(gaps=[{"from": "2025-03-04", "to": "2025-03-05"}]),
    "gaps is a mapping": line(gaps={"from": "2025-03-04T00:00:00Z"}),
    "claims is a list": line(claims=["made_sla"]),
    "header in the middle": b'{"log": {"complete_to": "2025-12-31T00:00:00Z"}}',
    "agreement history with a bad time": line(ticket=..., kind=..., events=[{**OPENED, "at": "soon"}]),
}

CSV_HEADER = b"ticket,agreement,kind,at,event,precision,revision,severity,automated\n"
GOOD_ROWS = (
    b"T-1,acme,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n",
    b"T-2,acme,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n",
)
ROWS: dict[str, bytes] = {
    "too few cells": b"T-9,acme,incident\n",
    "too many cells": b"T-9,acme,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,,,\n",
    "quote not closed": b'"T-9,acme,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n',
    "text after a quote": b'T-9,acme,"inc"ident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n',
    "null byte": b"T-9,ac\0me,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n",
    "not UTF-8": b"T-9,acm\xe9,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n",
    "neither ticket nor agreement": b",,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n",
    "ticket with a blank": b" T-9,acme,incident,2025-03-03T09:00:00+01:00,ticket_opened,,0,1,\n",
    "no time": b"T-9,acme,incident,,ticket_opened,,0,1,\n",
    "local time": b"T-9,acme,incident,2025-03-03 09:00:00,ticket_opened,,0,1,\n",
    "day that is none": b"T-9,acme,incident,2025-02-30T09:00:00Z,ticket_opened,,0,1,\n",
    "no event": b"T-9,acme,incident,2025-03-03T09:00:00Z,,,0,1,\n",
    "unknown precision": b"T-9,acme,incident,2025-03-03T09:00:00Z,ticket_opened,hour,0,1,\n",
    "revision is text": b"T-9,acme,incident,2025-03-03T09:00:00Z,ticket_opened,,first,1,\n",
    "revision too large": b"T-9,acme,incident,2025-03-03T09:00:00Z,ticket_opened,,9007199254740992,1,\n",
    "not true or false": b"T-9,acme,incident,2025-03-03T09:00:00Z,ticket_opened,,0,1,yes\n",
    "two kinds": (
        b"T-9,acme,incident,2025-03-03T09:00:00Z,ticket_opened,,0,1,\n"
        b"T-9,acme,change,2025-03-03T09:10:00Z,response_sent,,1,,false\n"
    ),
    "one bad row of three": (
        b"T-9,acme,incident,2025-03-03T09:00:00Z,ticket_opened,,0,1,\n"
        b"T-9,acme,incident,2025-03-03 09:10,response_sent,,1,,false\n"
        b"T-9,acme,incident,2025-03-03T09:20:00Z,ticket_closed,,2,,\n"
    ),
    "agreement history with a bad time": b",acme,,soon,payment_received,,,,\n",
}


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return out.getvalue()


GOOD_FILE = b"\n".join(GOOD_LINES) + b"\n"

FILES: dict[str, tuple[str, bytes]] = {
    "empty": ("tickets.jsonl", b""),
    "blank lines only": ("tickets.jsonl", b"\n\n  \n"),
    "byte order mark only": ("tickets.jsonl", b"\xef\xbb\xbf"),
    "UTF-16": ("tickets.jsonl", GOOD_FILE.decode().encode("utf-16")),
    "binary": ("tickets.jsonl", bytes(range(256)) * 4),
    "a JSON array": ("tickets.json", b"[" + b",\n".join(GOOD_LINES) + b"]"),
    "every ticket twice, each time another": ("tickets.jsonl", line() + b"\n" + line(kind="change")),
    "gzip cut short": ("tickets.jsonl.gz", gzip.compress(GOOD_FILE, mtime=0)[:-9]),
    "gzip damaged": ("tickets.jsonl.gz", gzip.compress(GOOD_FILE, mtime=0)[:20] + b"\xff" * 40),
    "gzip of nothing": ("tickets.jsonl.gz", gzip.compress(b"", mtime=0)),
    "zip of nothing": ("tickets.zip", zipped()),
    "zip of two files": ("tickets.zip", zipped(a_jsonl=GOOD_FILE, b_jsonl=GOOD_FILE)),
    "zip cut short": ("tickets.zip", zipped(a_jsonl=GOOD_FILE)[:-30]),
    "zip with a damaged member": ("tickets.zip", zipped(a_jsonl=GOOD_FILE).replace(b"\x85", b"\x86")),
    "CSV with a header only": ("tickets.csv", CSV_HEADER),
    "CSV without a column": ("tickets.csv", CSV_HEADER.replace(b"event", b"evnt") + GOOD_ROWS[0]),
    "CSV with a column twice": ("tickets.csv", CSV_HEADER.replace(b"severity", b"event") + GOOD_ROWS[0]),
    "CSV with an open quote in the header": ("tickets.csv", b'"' + CSV_HEADER + GOOD_ROWS[0]),
    "CSV without a row that can be read": ("tickets.csv", CSV_HEADER + b"T-9,acme\n"),
}

AGREEMENTS: dict[str, bytes] = {
    "empty": b"",
    "a comment only": b"# nothing here\n",
    "a list": b"- agreement: acme\n  contract: gold\n",
    "a word": b"acme\n",
    "no agreement": b"contract: gold\n",
    "agreement misspelt": b"agrement: acme\ncontract: gold\n",
    "agreement is a number": b"agreement: 17\ncontract: gold\n",
    "agreement is true": b"agreement: true\ncontract: gold\n",
    "no contract": b"agreement: acme\n",
    "no contract among facts that look like it": b"agreement: acme\ncountry: PL\ntime_zone: UTC\n",
    "contract misspelt": b"agreement: acme\ncontrakt: gold\ncountry: PL\n",
    "contract is null": b"agreement: acme\ncontract:\n",
    "key twice": b"agreement: acme\ncontract: gold\nplan: a\nplan: b\n",
    "agreement twice": b"agreement: acme\ncontract: gold\n---\nagreement: acme\ncontract: gold\n",
    "alias": b"agreement: acme\ncontract: gold\na: &x [1]\nb: *x\n",
    "alias bomb": b"agreement: acme\ncontract: gold\na: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n",
    "merge key": b"agreement: acme\ncontract: gold\nplan: {<<: {a: 1}}\n",
    "tag": b"agreement: acme\ncontract: gold\nplan: !!python/object:os.system x\n",
    "nested too deep": b"agreement: acme\ncontract: gold\nplan: " + b"[" * 70 + b"]" * 70 + b"\n",
    "nested without end": b"agreement: acme\ncontract: gold\nplan: " + b"[" * 100_000 + b"\n",
    "nested deeper than a value may": b"agreement: acme\ncontract: gold\nplan: "
    + b"[" * 40
    + b"]" * 40
    + b"\n",
    "tab": b"agreement: acme\ncontract: gold\nplan:\n\tname: a\n",
    "bad indentation": b"agreement: acme\n contract: gold\n",
    "quote not closed": b'agreement: "acme\ncontract: gold\n',
    "null byte": b"agreement: ac\0me\ncontract: gold\n",
    "not UTF-8": b"agreement: acme\ncontract: gold\nname: Spo\xb3ka\n",
    "not a number": b"agreement: acme\ncontract: gold\nfee: .nan\n",
    "number beyond 2**53": b"agreement: acme\ncontract: gold\nfee: 9007199254740992\n",
    "number of many digits": b"agreement: acme\ncontract: gold\nfee: " + b"9" * 5000 + b"\n",
    "unknown zone": b"agreement: acme\ncontract: gold\ntime_zone: Europe/Warszawa\n",
    "zone in other letters": b"agreement: acme\ncontract: gold\ntime_zone: europe/warsaw\n",
    "zone is a number": b"agreement: acme\ncontract: gold\ntime_zone: 1\n",
    "country in words": b"agreement: acme\ncontract: gold\ncountry: Poland\n",
    "country in small letters": b"agreement: acme\ncontract: gold\ncountry: pl\n",
    "bad event": b"agreement: acme\ncontract: gold\nevents:\n  - {at: 2025-03-03, event: payment_received}\n",
    "gap without an end": b"agreement: acme\ncontract: gold\ngaps: [{from: 2025-03-03T00:00:00Z}]\n",
    "records_missing is a word": b"agreement: acme\ncontract: gold\nrecords_missing: payments\n",
    "closed date that is none": b"agreement: acme\ncontract: gold\nclosed_dates: [2025-12-24, 2025-02-30]\n",
    "closed dates are a date": b"agreement: acme\ncontract: gold\nclosed_dates: 2025-12-24\n",
    "closed date is a number": b"agreement: acme\ncontract: gold\nclosed_dates: [20251224]\n",
    "open date with a time": b"agreement: acme\ncontract: gold\nopen_dates: [2025-12-24T00:00:00Z]\n",
    "day both open and closed": (
        b"agreement: acme\ncontract: gold\nopen_dates: [2025-12-24]\nclosed_dates: [2025-12-31, 2025-12-24]\n"
    ),
}

# Facts that break the types of the words in test_facts.
FACTS = (
    "paid: 'yes'\n",
    "paid: 'true'\n",
    "paid: yes\n",
    "paid: 1\n",
    "level: 1\n",
    "level: true\n",
    "level: [a]\n",
    "month: 2026\n",
    "start_day: '15'\n",
    "start_day: 15th\n",
    "start_day: 1.5\n",
    "start_day: true\n",
    "started: 2025-02-30\n",
    "started: 2025\n",
    "started: 1 March 2025\n",
    "started: 2025-03-03T09:00:00Z\n",
    "signed: 2025-02-29T09:00:00Z\n",
    "signed: 2025-03-03T09:00:00\n",
    "signed: yesterday\n",
    "contacts: a\n",
    "contacts: {a: b}\n",
    "contacts: [a, 7]\n",
    "plans: {level: x}\n",
    "plans: x\n",
    "plans: [x]\n",
    "plans: [{level: x, from: 2025-04-31}]\n",
    "plans: [{level: x, to: 2025-04-31}]\n",
    "plans: [{level: x, to: tomorrow}]\n",
    "plans: [{level: x}, {form: 2025-04-01}]\n",
    "plans: [{levl: x}]\n",
    "plans: [{level: x, too: 2025-04-01}]\n",
    "plans: [{from: 2025-04-02, to: 2025-04-01}]\n",
    "plans: [{from: 2025-04-02T10:00:00+01:00, to: 2025-04-02T09:30:00Z, quantity: two}]\n",
    "plans: [{from: 2025-04-02T10:30:00Z, to: 2025-04-02T11:00:00+01:00}]\n",
    "plans: [{quantity: '2'}]\n",
    "plans: [{places: PL}]\n",
    "plans: [{places: [1]}]\n",
    "hours: 08:00\n",
    "hours: {from: '25:00'}\n",
    "hours: {from: 8}\n",
    "order: {from: 2025-01-02, to: 2025-01-01}\n",
    "order: {active: 'no'}\n",
    "order: []\n",
    "records_missing: [payment]\n",
    "records_missing: [work, ticket_openned]\n",
    "records_missing: [tea]\n",
)
