"""Lines whose objects recur are parsed once each: what comes of them is what the reader of objects says, whatever stands in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.audit.library import load_contract, vocabulary
from checker.audit.words import words_of
from checker.columnar import json_recurring, json_told
from checker.columnar.json_recurring import Recurring
from checker.record.model import Agreement
from dsl import contract as ir
from tests.checker.columnar.twice import Both, both
from tests.fixtures.audits import FIXTURES

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

AGREEMENTS = [
    Agreement(i, "eleven", {"time_zone": "Europe/Warsaw", "country": "PL"}) for i in ("acme", "other")
]
NOW = 1_800_000_000
OPENED = {"severity": "B", "product": "Windows", "channel": "web", "language": "pl", "region": "EU-PL"}


@cache
def contract() -> ir.Contract:
    return load_contract(str(FIXTURES / "bench" / "eleven.contract"))


def read_twice(path: Path) -> Both:
    """A log read both ways, and what is not the same a failure."""
    types = {name: kind for word in vocabulary().events.values() for name, kind in word.attributes.items()}
    words = words_of(vocabulary(), contract())
    found = both([path], contract(), AGREEMENTS, now=NOW, words=words, types=types, size=4)
    assert found.columns == found.objects
    return found


def ticket(i: int, **more: Any) -> dict[str, Any]:
    """A ticket as most of them are."""
    day = f"2025-03-{1 + i % 28:02d}T"
    events = [
        {"at": f"{day}09:{i % 60:02d}:00Z", "event": "ticket_opened", **OPENED},
        {"at": f"{day}10:00:{i % 60:02d}Z", "event": "response_sent", "automated": False},
        {"at": f"{day}11:00:00Z", "event": "ticket_resolved"},
    ]
    return {"ticket": f"T{i:04d}", "agreement": "acme", "kind": "incident", "events": events, **more}


def tight(line: dict[str, Any]) -> str:
    return json.dumps(line, separators=(",", ":"), ensure_ascii=False)


class Watched:
    """Which blocks were read so, and how many texts were parsed for them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.blocks: list[bool] = []
        self.parsed = 0
        read, body = Recurring.read, json_recurring._body

        def watched(self_: Recurring, data: bytes) -> Any:
            found = read(self_, data)
            self.blocks.append(found is not None)
            return found

        def counted(text: bytes) -> Any:
            self.parsed += 1
            return body(text)

        monkeypatch.setattr(Recurring, "read", watched)
        monkeypatch.setattr(json_recurring, "_body", counted)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    return Watched(monkeypatch)


def turned(line: dict[str, Any]) -> dict[str, Any]:
    """With the stamp last in each event, and the events before the kind."""
    events = [dict(reversed(e.items())) for e in line["events"]]
    return {"ticket": line["ticket"], "events": events, "agreement": "acme", "kind": line["kind"]}


WRITTEN: dict[str, Callable[[dict[str, Any]], str]] = {
    "tight": tight,
    "spaced": json.dumps,
    "ids of many lengths": lambda line: tight(
        {**line, "ticket": line["ticket"] + "é" * (int(line["ticket"][1:]) % 5)}
    ),
    "the kind after the events": lambda line: tight(turned(line)),
    "offsets of many lengths": lambda line: tight(line).replace("00Z", "00+02:00").replace("01Z", "01+0200"),
    "fractions of a second": lambda line: tight(line).replace("00Z", "00.250Z"),
    "escapes": lambda line: tight(line).replace("Windows", 'Win\\"dows\\u0105'),
    "carriage returns": lambda line: tight(line) + "\r",
    "revisions": lambda line: tight(line).replace('"at"', '"revision":7,"at"'),
    "minutes": lambda line: tight(line).replace('"automated"', '"precision":"minute","automated"'),
    "two agreements": lambda line: tight(line).replace(
        "acme", ("acme", "other")[int(line["ticket"][1:]) % 2]
    ),
}


@pytest.mark.parametrize("how", WRITTEN)
def test_each_different_object_is_parsed_once(how: str, tmp_path: Path, watched: Watched) -> None:
    path = tmp_path / "t.jsonl"
    path.write_text("".join(f"{WRITTEN[how](ticket(i))}\n" for i in range(120)), encoding="utf-8")
    found = read_twice(path)
    assert found.columns["number"] == 120
    assert watched.blocks == [True]
    # Three events, a few of them in two ways: not 360.
    assert 3 <= watched.parsed <= 9


BROKEN = {
    "a brace in a text": ('"Windows"', '"Win{dows"'),
    "an object in an event": ('"automated":false', '"automated":false,"who":{"name":"x"}'),
    "no stamp": ('"at":"2025-03-02T11:00:00Z",', ""),
    "a stamp that is none": ("2025-03-02T11:00:00Z", "2025-03-02T25:00:00Z"),
    "a stamp with an escape": ("2025-03-02T11:00:00Z", "2025-03-02\\u005411:00:00Z"),
    "two stamps": ('"at":"2025-03-02T11:00:00Z"', '"at":"2025-03-02T11:00:00Z","at":"2025-03-02T12:00:00Z"'),
    "a stamp in a text": ('"Windows"', '"Win\\"at\\":\\"2025-03-02T11:00:00Z\\""'),
    "a stamp in a text first": ('{"at"', '{"note":"\\"at\\":\\"2025-03-02T11:00:00Z","at"'),
    "a stamp under another key, and a word for it": (
        '"at":"2025-03-02T11:00:00Z"',
        '"x\\"at":"2025-03-02T11:00:00Z","at":"\\u0028taken out)"',
    ),
    "events twice": ('"kind":"incident"', '"kind":"incident","events":[]'),
    "events in a list": ('"events":[', '"gaps":["events",['),
    "another list left open": ('"events":[', '"records_missing":['),
    "a list that is not closed": ("}]}", "}}"),
    "a list closed too early": ("},{", "}],{"),
    "no comma": ("},{", "}{"),
    "two commas": ("},{", "},,{"),
    "a text after the object": ("},{", '},"x",{'),
    "a number that is none": ('"automated":false', '"automated":NaN'),
    "null": ('"automated":false', '"automated":null'),
    "null for a key of the ticket": ('"kind":"incident"', '"kind":null'),
    "another key of the ticket": ('"kind":"incident"', '"kind":"incident","customer":"x"'),
    "no agreement": ('"agreement":"acme",', ""),
    "an agreement that is none": ('"acme"', '" acme"'),
    "an agreement with an escape": ('"acme"', '"ac\\u006de"'),
    "an agreement that is a number": ('"acme"', "7"),
    "an agreement said twice": ('"agreement":"acme"', '"agreement":"acme","agreement":"acme"'),
    "a control character in an agreement": ('"acme"', '"ac\x01me"'),
    "a control character in an id": ('"T0001"', '"T\x010001"'),
    "a control character for an agreement": ('"acme"', '"\x01"'),
    "a control character in a text": ('"Windows"', '"\x01"'),
    "a control character between": ('"kind"', '\x01"kind"'),
    "two words for what was taken out": ('"Windows"', '"(taken out, too)"'),
    "records missing": ("}]}", '}],"records_missing":["response_sent"]}'),
    "another type": ('"automated":false', '"automated":"no"'),
    "another event": ('"response_sent"', '"answer_given"'),
    "an id with an escape": ('"T0001"', '"T\\u0030001"'),
    "an id that is none": ('"T0001"', '" T0001"'),
    "an empty id": ('"T0001"', '""'),
    "a number for an id": ('"T0001"', "1"),
    "an id said twice": ('"T0001"', '"T0002"'),
    "a tab": ('"T0001"', '"T\t0001"'),
    "the word that stands for what was taken out": ('"Windows"', '"(taken out)"'),
    "no events": (tight({"events": ticket(1)["events"]})[1:-1], '"events":[]'),
    "two tickets on a line": ("}]}", "}]}" + tight(ticket(77))),
    "an agreement's own history": ('"ticket":"T0001",', ""),
}


@pytest.mark.parametrize("what", BROKEN)
@pytest.mark.parametrize("every", [False, True], ids=["in one line", "in all lines"])
def test_whatever_else_stands_there_is_read_as_one_by_one(
    what: str, every: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    was, put = BROKEN[what]
    lines = [tight(ticket(i)) for i in range(40)]
    for i in range(40) if every else (1,):
        lines[i] = lines[i].replace(was, put)
    assert lines[1] != tight(ticket(1))
    path = tmp_path / "t.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    read_twice(path)


def test_the_first_fault_is_the_first_of_the_file(tmp_path: Path) -> None:
    lines = [tight(ticket(i)).replace("T1", "T25") for i in range(12)]
    path = tmp_path / "t.jsonl"
    # The second cannot even be cut into its keys: it is read before the others.
    path.write_text("\n".join([lines[0], lines[1].replace('":', "", 1), *lines[2:]]))
    assert f"the first: {path}:1: events[1].at" in read_twice(path).columns


def test_a_carriage_return_is_no_column(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    path.write_bytes("\r\n".join([tight(ticket(1)), tight(ticket(2)), tight(ticket(3))[:-1], ""]).encode())
    (aside,) = read_twice(path).columns["set aside"]
    assert aside.place.column == len(tight(ticket(3)))


MARKS = [
    "{",
    "}",
    "[",
    "]",
    '"',
    ",",
    ":",
    "\\",
    " ",
    '"at":"',
    '"events":[',
    '"ticket":"x",',
    "null",
    "\\u0000",
    "é",
]


@given(
    st.lists(
        st.tuples(st.integers(0, 11), st.floats(0, 1), st.integers(0, 4), st.sampled_from(MARKS)), max_size=4
    ),
    st.booleans(),
)
@example([(3, 0.0, 1, "[")], True)
def test_however_lines_are_damaged(
    tmp_path_factory: pytest.TempPathFactory, damages: list[tuple[int, float, int, str]], spaced: bool
) -> None:
    lines = [(json.dumps if spaced else tight)(ticket(i)) for i in range(12)]
    for i, where, gone, put in damages:
        at = int(where * len(lines[i]))
        lines[i] = lines[i][:at] + put + lines[i][at + gone :]
    path = tmp_path_factory.mktemp("damaged") / "t.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    read_twice(path)


def test_what_does_not_recur_is_left_to_the_parser_and_soon_not_tried(
    tmp_path: Path, watched: Watched
) -> None:
    def said(i: int) -> str:
        line = ticket(i)
        for k, event in enumerate(line["events"]):
            event["note"] = f"{i} {k}"
        return tight(line)

    path = tmp_path / "t.jsonl"
    path.write_text("".join(f"{said(i)}\n" for i in range(120)))
    assert read_twice(path).columns["number"] == 120
    assert watched.blocks == [False]
    assert not watched.parsed


def test_what_is_kept_of_them_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    from checker.columnar.attributes import Types
    from checker.columnar.json_block import Blocks
    from checker.record.collect import Collector
    from checker.record.json_lines import LineReader

    monkeypatch.setattr(json_recurring, "_MOST_KEPT", 2000)
    blocks = Blocks(
        LineReader("t.jsonl", Collector(None)), Types(None), frozenset({"product"}), frozenset(), None
    )
    monkeypatch.setattr(json_told, "_MANY", 2)
    for k in range(20):
        data = "".join(f"{tight(ticket(i)).replace('Windows', f'P{k}')}\n" for i in range(30)).encode()
        piece = blocks.read(1, data)
        (batch,) = piece.batches
        product = batch.attributes["product"]
        assert [product.values[c] for c in product.codes if c >= 0] == [f"P{k}"] * 30
        # Those of other blocks are not handed on.
        assert len(product.values) <= 2
        assert blocks._recurring._bodies.size < 3000
