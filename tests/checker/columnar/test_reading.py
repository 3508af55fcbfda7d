"""A log that is read in parts says what the reader of objects says: counts, what was set aside and why, notes, cases, columns."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

from checker.audit.library import load_contract, vocabulary
from checker.audit.words import words_of
from checker.columnar import parquet as parquet_rows
from checker.columnar import regroup, shares
from checker.columnar.batch import OfBatch
from checker.columnar.merged import Merged
from checker.columnar.reading import read
from checker.interpret.book import Book
from checker.record import blocks
from checker.record.agreements import read_agreements
from checker.record.model import Agreement
from checker.record.words import Words
from dsl import contract as ir
from tests.checker.columnar.twice import both
from tests.checker.record import broken
from tests.fixtures.audits import DESKS, FIXTURES, contract_of
from tests.strategies import History, histories

pa = pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

NOW = 1_800_000_000
Line = dict[str, Any]


@cache
def contract() -> ir.Contract:
    return load_contract(str(FIXTURES / "bench" / "eleven.contract"))


@cache
def known() -> Words:
    return words_of(vocabulary(), contract())


@cache
def types() -> dict[str, str]:
    return {name: kind for word in vocabulary().events.values() for name, kind in word.attributes.items()}


def agreements(*ids: str, other: tuple[str, ...] = ()) -> list[Agreement]:
    found = [Agreement(i, "eleven", {"time_zone": "Europe/Warsaw", "country": "PL"}) for i in ids]
    return [*found, *(Agreement(i, "another", {}) for i in other)]


def same(
    *paths: Path,
    given: list[Agreement] | None = None,
    now: int | None = NOW,
    size: int = 3,
    in_shares: bool = False,
) -> Any:
    """Read both ways, and hold one against the other; what they say."""
    found = both(
        paths,
        contract(),
        given or agreements("acme"),
        now=now,
        words=known(),
        types=types(),
        size=size,
        in_shares=in_shares,
    )
    assert found.columns == found.objects
    return found


# --------------------------------------------------------------------------- desks
@pytest.mark.parametrize("desk", DESKS)
def test_of_the_desks(desk: str) -> None:
    folder = FIXTURES / desk
    checked = load_contract(contract_of(desk))
    words = words_of(vocabulary(), checked)
    given = read_agreements([folder / "agreement.yaml"], words=words)
    found = both([folder / "tickets.jsonl"], checked, given, words=words, types=types(), size=40)
    assert found.columns == found.objects
    assert len(found.parts) > 1
    # Desks have no faults: nearly all of their tickets come as columns.
    assert found.columns["number"] > 0


@pytest.mark.parametrize("desk", DESKS)
def test_of_the_desks_as_event_rows(desk: str, tmp_path: Path) -> None:
    folder = FIXTURES / desk
    checked = load_contract(contract_of(desk))
    words = words_of(vocabulary(), checked)
    given = read_agreements([folder / "agreement.yaml"], words=words)
    lines = [json.loads(line) for line in (folder / "tickets.jsonl").read_text().splitlines()]
    end = next((line["log"]["complete_to"] for line in lines if "log" in line), "2026-01-01T00:00:00Z")
    path = as_rows(tmp_path / "events.parquet", [line for line in lines if "log" not in line])
    from checker.record.instants import parse_instant

    found = both([path], checked, given, now=parse_instant(end)[0], words=words, types=types(), size=40)
    assert found.columns == found.objects
    assert found.parts


def as_rows(path: Path, lines: list[Line]) -> Path:
    """Lines as event rows in Parquet; what a row cannot say is left out."""
    import pyarrow.parquet as parquet

    rows = []
    for line in lines:
        for event in line["events"]:
            row = {k: line.get(k) for k in ("ticket", "agreement", "kind")}
            said = {k: v for k, v in event.items() if k != "ticket"}
            rows.append({**row, **{k: json.dumps(v) if isinstance(v, list) else v for k, v in said.items()}})
    names = list(dict.fromkeys(name for row in rows for name in row))
    columns = {}
    for name in names:
        cells = [row.get(name) for row in rows]
        if len({type(c) for c in cells if c is not None}) > 1 or any(isinstance(c, dict) for c in cells):
            cells = [None if c is None else c if isinstance(c, str) else json.dumps(c) for c in cells]
        columns[name] = cells
    parquet.write_table(pa.table(columns), path)
    return path


# --------------------------------------------------------------------------- broken lines
GOOD = [broken.line(ticket=f"G-{i}") for i in range(6)]


@pytest.mark.parametrize("name", broken.LINES)
def test_a_bad_line_among_good_ones(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes(b"\n".join([*GOOD[:3], broken.LINES[name], *GOOD[3:]]))
    found = same(path)
    assert found.columns["number"] == 6
    path.write_bytes(b"\n".join([broken.LINES[name], *GOOD]) + b"\n")
    same(path)
    path.write_bytes(broken.LINES[name] + b"\n")
    same(path)
    # Among many lines, most of which stay columns.
    many = [broken.line(ticket=f"M-{i:03d}") for i in range(60)]
    path.write_bytes(b"\r\n".join([*many[:40], broken.LINES[name], *many[40:]]) + b"\r\n\r\n")
    same(path, size=25)
    # The same in shares, of which processes read one without the other.
    for number in ("FEWEST_BYTES", "MOST_BYTES"):
        monkeypatch.setattr(shares, number, 1)
    monkeypatch.setattr(blocks, "BLOCK", 500)
    same(path, in_shares=True)
    path.write_bytes(b"\xef\xbb\xbf" + b"\n".join([*many[:40], broken.LINES[name], *many[40:]]))
    same(path, in_shares=True)


def opened(at: str = "2025-03-03T09:00:00Z", **said: Any) -> Line:
    return {"at": at, "event": "ticket_opened", **said}


def ticket(called: str, *events: Line, **said: Any) -> Line:
    return {"ticket": called, "agreement": "acme", "events": [opened(), *events], **said}


def lines(path: Path, *found: Line, ascii_only: bool = True) -> Path:
    path.write_text("".join(json.dumps(line, ensure_ascii=ascii_only) + "\n" for line in found), "utf-8")
    return path


CASES: dict[str, list[Line]] = {
    "a ticket twice": [ticket("B"), ticket("A"), ticket("B")],
    "one id twice with two histories": [ticket("B"), ticket("A"), ticket("B", opened())],
    "one id three times": [ticket("B"), ticket("A"), ticket("B", opened()), ticket("B")],
    "one id under two agreements": [ticket("B"), ticket("B", agreement="umbra"), ticket("A")],
    "a ticket of an agreement that nobody knows": [ticket("A"), ticket("B", agreement="nobody")],
    "a ticket of another contract": [ticket("A"), ticket("B", agreement="foreign"), ticket("C")],
    "no agreement": [ticket("A"), {"ticket": "B", "events": [opened()]}],
    "keys in another order": [
        {"events": [opened()], "ticket": f"T{i}", "agreement": "acme"} for i in range(70)
    ],
    "a history of the agreement": [
        ticket("A"),
        {"agreement": "acme", "events": [{"at": "2025-03-01T00:00:00Z", "event": "payment_received"}]},
        ticket("B"),
        {"agreement": "acme", "events": [{"at": "2025-03-03T09:00:00Z", "event": "fees_changed"}]},
    ],
    "a history with a hole": [
        ticket("A"),
        {"agreement": "acme", "events": [], "records_missing": ["payments"]},
        {
            "agreement": "acme",
            "events": [],
            "gaps": [{"from": "2025-03-03T00:00:00Z", "to": "2025-03-04T00:00:00Z"}],
        },
    ],
    "a broken history": [ticket("A"), {"agreement": "acme", "events": [opened("soon")]}],
    "a header": [
        {"log": {"complete_to": "2025-04-01T00:00:00Z", "records": ["ticket_opened"]}},
        ticket("A", {"at": "2025-05-01T00:00:00Z", "event": "ticket_closed"}),
        ticket("B"),
    ],
    "a header with a ticket": [{"ticket": "A", "log": {}, "events": [opened()]}, ticket("B")],
    "out of order": [
        ticket("A", {"at": "2025-03-05T00:00:00Z", "event": "ticket_closed"}, opened("2025-03-01T00:00:00Z")),
        ticket("B", {"at": "2025-03-02T00:00:00Z", "event": "ticket_closed"}),
    ],
    "revisions": [
        ticket("A", {**opened(), "revision": 1}),
        {"ticket": "B", "events": [{**opened(severity="2"), "revision": 2}, {**opened(), "revision": 1}]},
        {"ticket": "C", "events": [{**opened(), "revision": 1}, {**opened(severity="2"), "revision": 2}]},
        {"ticket": "D", "events": [{**opened(), "revision": 3}, opened(), {**opened(), "revision": 1}]},
    ],
    "precision": [
        ticket("A", {**opened("2025-03-03T23:45:12+01:00"), "precision": "minute"}),
        ticket("B", {**opened("2025-03-03T23:45:12-05:30"), "precision": "day"}),
        ticket("C", {**opened("2025-03-03T23:45:12.75Z"), "precision": "second"}),
        ticket("D", {**opened(), "not_before": "2025-03-01T00:00:00Z"}),
    ],
    "null": [
        ticket("A", opened(severity=None)),
        ticket("B", opened(product=None, note=None)),
        ticket("C", {**opened(), "precision": None}),
        ticket("D", kind=None),
        ticket("E", claims=None),
        {"ticket": None, "agreement": "acme", "events": [opened()]},
        ticket("F", opened(sverity=None)),
    ],
    "null in a text": [ticket("A", opened(note='"kind":null')), ticket("B", opened(note="null"))],
    "numbers": [
        ticket("A", opened(severity=1, users=3)),
        ticket("B", opened(severity="1", users=3.0)),
        ticket("C", opened(share=0.1, big=2**53 - 1)),
        ticket("D", opened(big=2**53)),
    ],
    "a number that is a text elsewhere": [ticket(f"T{i:02d}", opened(severity=i % 3)) for i in range(40)]
    + [ticket(f"U{i:02d}", opened(severity=str(i % 3))) for i in range(40)],
    "a wrong type": [ticket("A", {**opened(), "severity": True}), ticket("B", opened(product=["x"]))],
    "lists and mappings": [
        ticket("A", opened(products=["a", "b"], details={"a": {"b": [1, None]}})),
        ticket("B", opened(products=[], details={})),
        ticket("C", opened(products=["2025-01-01T00:00:00Z"], details={"a": 0.5})),
        ticket("D", opened(products=None)),
    ],
    "what looks like an instant": [ticket("A", opened(product="2025-01-01T00:00:00Z", note="2025-01-01"))],
    "an event that nobody knows": [ticket("A", {"at": "2025-03-03T09:00:00Z", "event": "coffee_made"})],
    "an attribute misspelt": [
        ticket("A", opened(severty="1")),
        ticket("B", opened(severty="1", channel="x")),
    ],
    "letters beyond ASCII": [ticket("Ż-1", opened(product="Zażółć \u2028 gęślą")), ticket("\u00a0b")],
    "controls": [
        ticket("A", opened(product="a\tb\u007f")),
        ticket("B\u0085"),
        ticket("C", opened(product="\0")),
    ],
    "a second ticket": [ticket("A", {**opened(), "ticket": "B"}), ticket("B")],
    "claims": [ticket("A", claims={"made_sla": True}), ticket("B", claims=[])],
    "missing logs and gaps": [
        ticket("A", records_missing=["work"]),
        ticket("B", gaps=[{"from": "2025-03-03T00:00:00Z", "to": "2025-03-04T00:00:00Z"}]),
        ticket("C", records_missing=["nothing"]),
    ],
    "later than the audit": [
        ticket("A", opened("2030-01-01T00:00:00Z")),
        {**ticket("B"), "events": [opened("2030-01-01T00:00:00Z")]},
    ],
}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("size", [1, 3, 100])
def test_of_lines(name: str, size: int, tmp_path: Path) -> None:
    given = agreements("acme", "umbra", other=("foreign",))
    path = lines(tmp_path / "t.jsonl", *CASES[name])
    same(path, given=given, size=size)
    lines(path, *CASES[name], ascii_only=False)
    same(path, size=size)
    if name == "a header":
        same(path, now=None)
        same(path, now=1_740_000_000)


def test_blocks_that_lines_straddle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        line
        for name in sorted(CASES)
        if name not in ("a header", "a header with a ticket")
        for line in CASES[name]
    ]
    path = lines(tmp_path / "t.jsonl", {"log": {"complete_to": "2026-01-01T00:00:00Z"}}, *found)
    from checker.record import blocks

    given = agreements("acme", "umbra", other=("foreign",))
    for size in (64, 1000, 5000):
        monkeypatch.setattr(blocks.blocks, "__defaults__", (None, size))
        same(path, given=given, now=None, size=7)


@given(histories())
def test_of_any_history(tmp_path_factory: pytest.TempPathFactory, history: History) -> None:
    folder = tmp_path_factory.mktemp("any")
    found = [{"ticket": name, "events": events} for name, events in history.tickets.items() if events]
    own = [{"agreement": "acme", "events": history.shared}] if history.shared else []
    same(lines(folder / "t.jsonl", *found, *own), now=history.as_of)


# --------------------------------------------------------------------------- event rows
def table(path: Path, group: int | None = None, **columns: Any) -> Path:
    import pyarrow.parquet as parquet

    parquet.write_table(pa.table(columns), path, row_group_size=group)
    return path


def rows(n: int, **said: Any) -> dict[str, Any]:
    """So many rows of tickets with two rows each; some columns otherwise."""
    start = datetime(2025, 3, 3, 9, 0, tzinfo=UTC)
    out: dict[str, Any] = {
        "ticket": [f"T-{i // 2:03d}" for i in range(n)],
        "agreement": ["acme"] * n,
        "at": pa.array([start + timedelta(seconds=i) for i in range(n)], pa.timestamp("us", tz="UTC")),
        "event": ["ticket_opened", "response_sent"] * (n // 2),
        "severity": ["1", None] * (n // 2),
        "automated": [None, False] * (n // 2),
    }
    return {k: v for k, v in {**out, **said}.items() if v is not None}


def put(column: list[Any], **at: Any) -> list[Any]:
    """A column with some cells otherwise: `_3=…` is the cell of row 3."""
    out = list(column)
    for place, cell in at.items():
        out[int(place[1:])] = cell
    return out


TEXT_AT = [f"2025-03-03T09:00:{i:02d}Z" for i in range(12)]
TWICE = [f"T-{i // 2:03d}" for i in range(12)]
NAMES, ACTS = (["ticket_opened", name] * 6 for name in ("response_sent", "action_taken"))
KINDS = put([None] * 12, _1="work", _2="incident", _3="incident", _4="incident", _5="work")
TABLES: dict[str, dict[str, Any]] = {
    "plain": rows(12),
    "text stamps": rows(12, at=put(TEXT_AT, _4="2025-03-03 10:00:04.5+0100", _7="2025-03-03T09:00:07+00:00")),
    "bad stamps": rows(
        12, at=put(TEXT_AT, _2="soon", _5=None, _8="2025-03-03T09:00:00", _11="1969-01-01T00:00:00Z")
    ),
    "stamps in milliseconds": rows(
        12, at=pa.array([1_741_000_000_999 + 400 * i for i in range(12)], pa.timestamp("ms", tz="UTC"))
    ),
    "stamps beyond the years": rows(
        12, at=pa.array([-5, 4_102_444_800, *range(10)], pa.timestamp("s", tz="UTC"))
    ),
    "local stamps": rows(12, at=pa.array([10**9 + i for i in range(12)], pa.timestamp("s"))),
    "stamps of a zone": rows(
        12, at=pa.array([10**9 + i for i in range(12)], pa.timestamp("s", tz="Europe/Warsaw"))
    ),
    "nanoseconds": rows(
        12, at=pa.array([10**18 + 10**9 * i for i in range(12)], pa.timestamp("ns", tz="UTC"))
    ),
    "apart": rows(12, ticket=put(TWICE, _1="T-005", _11="T-000")),
    "apart and flawed": rows(12, ticket=put(TWICE, _1="T-005"), event=put(NAMES, _10=None)),
    "by time alone": rows(12, ticket=[f"T-{i % 4}" for i in range(12)]),
    "backwards": rows(12, at=TEXT_AT[::-1]),
    "ids that fall": rows(12, ticket=TWICE[::-1]),
    "no ticket": rows(12, ticket=put(TWICE, _3=None, _4="", _5=" T")),
    "neither": rows(12, ticket=put(TWICE, _3=None, _4=""), agreement=put(["acme"] * 12, _3=None)),
    "history": rows(
        12,
        ticket=put(TWICE, _2=None, _3=None, _9=""),
        event=put(NAMES, _2="payment_received", _3="payment_received", _9=None),
    ),
    "two agreements": rows(12, agreement=put(["acme"] * 12, _3="umbra", _5=None, _8="nobody", _9="nobody")),
    "other contracts": rows(12, agreement=put(["acme"] * 12, _4="foreign", _5="foreign", _6="nobody")),
    "no column of agreements": rows(12, agreement=None),
    "kinds": rows(12, kind=put(["incident"] * 12, _3="problem", _5="", _6=" x", _7=" x")),
    "a kind of a ticket or of an act": rows(12, event=ACTS, kind=KINDS),
    "kinds of both": rows(12, event=ACTS, kind=["incident"] * 12, **{"event.kind": KINDS}),
    "a kind in an own history": rows(12, ticket=put(TWICE, _1=None, _3=""), event=ACTS, kind=KINDS),
    "headed as of the event": rows(12, severity=None, **{"event.severity": ["1", None] * 6}),
    "events": rows(12, event=put(NAMES, _1=None, _3="", _5="coffee_made", _7="x\ny")),
    "precision": rows(12, precision=put([None] * 12, _1="minute", _3="day", _5="second", _7="hour", _9="")),
    "revisions": rows(
        12,
        at=["2025-03-03T09:00:00Z"] * 12,
        revision=put([None] * 12, _0=2, _1=1, _2=1, _3=2, _4=5, _6=-1, _8=2**53),
    ),
    "revisions as text": rows(12, revision=put(["1", "2"] * 6, _3="x", _5="")),
    "not before": rows(12, not_before=put([None] * 12, _3="2025-03-03T08:00:00Z")),
    "automated as text": rows(12, automated=put([None] * 12, _1="true", _3="No", _5="False", _7="")),
    "a text with a null character": rows(
        12, severity=put(["1", None] * 6, _2="a\0b"), note=put(["x"] * 12, _4="\0")
    ),
    "numbers": rows(12, severity=[1, None] * 6, note=[0.5, float("nan")] * 6, users=["1", "x"] * 6),
    "lists": rows(12, severity=[["1"], None] * 6, services=put(['["a"]', None] * 6, _4="[", _6="[1]")),
    "a misspelt attribute": rows(12, severty=put([None] * 12, _2="1")),
    "an attribute without a name": {**rows(12), " x": put([None] * 12, _2="1")},
    "a day": rows(12, note=pa.array([date(2025, 3, 3)] * 12)),
    "a column twice": {},
    "no event column": rows(12, event=None),
}


@pytest.mark.parametrize("name", TABLES)
def test_of_event_rows(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    columns = TABLES[name]
    given = agreements("acme", "umbra", other=("foreign",))
    path = tmp_path / "e.parquet"
    if not columns:
        import pyarrow.parquet as parquet

        parquet.write_table(
            pa.Table.from_arrays([["T"], ["x"], ["x"], ["x"]], ["ticket", "at", "event", "at"]), path
        )
        same(path)
        return
    table(path, **columns)
    same(path, given=given)
    same(path, size=1)
    # Rows of a ticket in two row groups, and in two batches.
    table(path, group=5, **columns)
    for many in (1, 3, 7):
        monkeypatch.setattr(parquet_rows, "ROWS", many)
        same(path, given=given, size=4)
    # The same where the ids are too many to be kept from the first look.
    with monkeypatch.context() as patched:
        patched.setattr(parquet_rows, "KEPT", 1)
        same(path, given=given, size=4)
    # The same in shares, of which processes read one without the other.
    with monkeypatch.context() as patched:
        for name, number in (("GRAIN", 1), ("FEWEST", 1), ("PIECES", 1)):
            patched.setattr(shares, name, number)
        for most, kept, at_once in ((1, 100, 2), (4, 1, 3), (5, 100, 100)):
            patched.setattr(shares, "MOST", most)
            patched.setattr(parquet_rows, "KEPT", kept)
            patched.setattr(parquet_rows, "AT_ONCE", at_once)
            same(path, given=given, in_shares=True)
    # The same rows brought together first, where a single ticket is torn apart.
    monkeypatch.setattr(parquet_rows, "MANY", 0)
    monkeypatch.setattr(regroup, "ROWS", 5)
    same(path, given=given, size=4)
    # A mapping of codes to texts, as data frames write categories.
    import pyarrow.parquet as parquet

    coded = {
        k: pa.array(v).dictionary_encode() if k in ("event", "agreement") else v for k, v in columns.items()
    }
    parquet.write_table(pa.table(coded), path)
    same(path, given=given, size=100)


def test_of_several_files(tmp_path: Path) -> None:
    given = agreements("acme", "umbra", other=("foreign",))
    one = table(tmp_path / "a.parquet", **rows(12))
    two = table(
        tmp_path / "b.parquet", **rows(8, ticket=["T-005"] * 2 + ["U-1"] * 6, agreement=["umbra"] * 8)
    )
    three = lines(tmp_path / "c.jsonl", ticket("U-1"), ticket("U-2"), ticket("T-000"))
    four = lines(
        tmp_path / "d.jsonl", {"log": {"complete_to": "2025-06-01T00:00:00Z"}}, ticket("U-3"), ticket("U-2")
    )
    for paths in ([one, two], [two, one], [one, three], [three, four], [one, two, three, four], [one, one]):
        same(*paths, given=given)
    same(three, four, now=None)
    same(four, now=None)


# --------------------------------------------------------------------------- what comes as columns
def test_what_is_regular_comes_as_columns(tmp_path: Path) -> None:
    found = [ticket(f"T-{i:03d}", opened(severity="1"), opened(note=None)) for i in range(50)]
    parts = same(lines(tmp_path / "t.jsonl", *found), size=50).parts
    assert [type(part.source) for part in parts] == [OfBatch]
    found[7] = ticket("T-007", opened("soon"))
    found[9] = ticket("T-009", gaps=[{"from": "2025-03-03T00:00:00Z", "to": "2025-03-04T00:00:00Z"}])
    parts = same(lines(tmp_path / "t.jsonl", *found), size=50).parts
    assert [(type(part.source), len(part.tickets)) for part in parts] == [(Merged, 49)]
    assert parts[0].tickets[7:9] == ["T-008", "T-009"]
    parts = same(table(tmp_path / "e.parquet", **rows(40)), size=50).parts
    assert [type(part.source) for part in parts] == [OfBatch]


@pytest.mark.parametrize("desk", DESKS)
def test_most_of_a_desk_comes_as_columns(desk: str) -> None:
    folder = FIXTURES / desk
    checked = load_contract(contract_of(desk))
    words = words_of(vocabulary(), checked)
    given = read_agreements([folder / "agreement.yaml"], words=words)
    reading = read(
        [folder / "tickets.jsonl"],
        given,
        Book(checked),
        checked.clauses,
        None,
        words=words,
        attribute_types=types(),
    )
    (part,) = reading
    columns = part.source.parts[0] if isinstance(part.source, Merged) else part.source
    assert isinstance(columns, OfBatch)
    assert len(columns.cases) > len(part.tickets) / 2
