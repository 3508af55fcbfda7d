"""Shares of a log: where they may end, and that several files in shares say what they say as a whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.columnar import parquet as parquet_rows
from checker.columnar import shares
from checker.columnar.batch import _alike
from checker.columnar.log import ColumnLog
from checker.columnar.parquet import TableFile
from checker.columnar.seen import Seen, all_different
from checker.record import blocks
from checker.record.files import Limits
from tests.checker.columnar.test_reading import TEXT_AT, TWICE, agreements, put, rows, same, table
from tests.checker.record import broken


def test_shares(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A table is read in shares where its tickets are told by their own rows; shares are of whole tickets."""
    for name, number in (("GRAIN", 1), ("FEWEST", 12), ("PIECES", 2), ("MOST", 5)):
        monkeypatch.setattr(shares, name, number)

    def found(n: int = 12, group: int = 12, **said: Any) -> list[tuple[int, int]]:
        file = TableFile(table(tmp_path / "e.parquet", group=group, **rows(n, **said)), Limits())
        file.look()
        every = file.shares()
        assert [file.known(share) for share in every] == [None] * len(every) or all(
            (known := file.known(share)) is not None and int(known.counts.sum()) == share.end - share.begin
            for share in every
        )
        assert [each.first for each in every[1:]] == [each.last for each in every[:-1]]
        return [share[:2] for share in every]

    assert found() == [(0, 4), (4, 8), (8, 12)]
    assert found(group=3) == [(0, 4), (4, 6), (6, 10), (10, 12)]
    assert found(ticket=["T-1"] * 9 + ["T-2"] * 3) == [(0, 9), (9, 12)]
    assert found(ticket=["T-1"] * 12) == []
    assert found(10) == []
    assert found(ticket=put(TWICE, _3=None)) == []
    monkeypatch.setattr(parquet_rows, "KEPT", 1)
    assert found() == [(0, 4), (4, 8), (8, 12)]
    monkeypatch.setattr(parquet_rows, "MANY", 0)
    assert found(ticket=put(TWICE, _1="T-005")) == []
    assert found(ticket=TWICE[::-1]) == [(0, 4), (4, 8), (8, 12)]


# --------------------------------------------------------------------------- several files
def numbered(name: str) -> dict[str, Any]:
    """Rows whose tickets are called so, three rows to each of four."""
    found = rows(12)
    return {**found, "ticket": [f"{name}-{1 + i // 3}" for i in range(12)]}


def lines(folder: Path, name: str, *more: bytes) -> Path:
    path = folder / f"{name}.jsonl"
    every = [*(broken.line(ticket=f"{name}-{i}") for i in range(8)), *more]
    path.write_bytes(b"".join(each + b"\n" for each in every))
    return path


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Shares are small; how many each log had."""
    for name, number in (("GRAIN", 1), ("FEWEST", 1), ("PIECES", 1), ("MOST", 4)):
        monkeypatch.setattr(shares, name, number)
    for name, number in (("FEWEST_BYTES", 1), ("MOST_BYTES", 1)):
        monkeypatch.setattr(shares, name, number)
    monkeypatch.setattr(blocks, "BLOCK", 500)
    found: list[int] = []
    real = ColumnLog.stints

    def stints(self: ColumnLog, least: int) -> list[range]:
        found.append(len(self.shares))
        return real(self, least)

    monkeypatch.setattr(ColumnLog, "stints", stints)
    return found


@pytest.mark.parametrize("kept", [0, 6, 100])
def test_several_files(tmp_path: Path, small: list[int], kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_rows, "KEPT_IN_ALL", kept)
    given = agreements("acme", "umbra", other=("foreign",))
    tables = [table(tmp_path / f"{name}.parquet", group=5, **numbered(name)) for name in "CAB"]
    mixed = [tables[0], lines(tmp_path, "D"), tables[1], lines(tmp_path, "E")]
    for paths in (tables, mixed, mixed[::-1], [lines(tmp_path, "F"), lines(tmp_path, "G")]):
        same(*paths, given=given, in_shares=True)
        assert small.pop() > len(paths)
    assert not small


def test_a_file_that_is_one_share(tmp_path: Path, small: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    large = table(tmp_path / "A.parquet", **numbered("A"))
    one = {**rows(2), "ticket": ["B-1", "B-1"]}
    paths = [large, table(tmp_path / "B.parquet", **one), lines(tmp_path, "C")]
    same(*paths, in_shares=True)
    assert small.pop() > len(paths)
    # None of them is worth it alone, and in the end all of them together.
    monkeypatch.setattr(shares, "FEWEST", 1000)
    monkeypatch.setattr(shares, "FEWEST_BYTES", 1 << 20)
    same(*paths, in_shares=True)
    assert not small
    monkeypatch.setattr(shares, "FEWEST", 14)
    same(*paths, in_shares=True)
    assert small.pop() == len(paths)


def test_what_is_odd_in_several_files(tmp_path: Path, small: list[int]) -> None:
    faulty = {**numbered("B"), "at": put(TEXT_AT, _4="never")}
    bad = json.dumps({"ticket": "C-9", "events": []}).encode()
    paths = [
        table(tmp_path / "A.parquet", **numbered("A")),
        table(tmp_path / "B.parquet", **faulty),
        lines(tmp_path, "C", bad),
    ]
    found = same(*paths, in_shares=True)
    assert small.pop() > len(paths)
    assert {each.place.file for each in found.columns["set aside"]} == {str(path) for path in paths[1:]}
    # A file of which no row can be used.
    hopeless = {**numbered("Z"), "at": ["never"] * 12}
    found = same(paths[0], table(tmp_path / "Z.parquet", **hopeless), paths[2], in_shares=True)
    assert "no row can be read" in found.columns


def test_several_files_of_which_it_cannot_be(tmp_path: Path, small: list[int]) -> None:
    first = table(tmp_path / "A.parquet", **numbered("A"))
    for other in (
        # A ticket in both, rows of no ticket, ids that mingle with the others, and one that is packed.
        table(tmp_path / "B.parquet", **{**numbered("A"), "ticket": ["A-4"] * 12}),
        table(tmp_path / "C.parquet", **{**numbered("C"), "ticket": put(numbered("C")["ticket"], _0=None)}),
        table(tmp_path / "D.parquet", **{**numbered("D"), "ticket": ["A-0", *["A-3"] * 5, *["A-5"] * 6]}),
    ):
        same(first, other, in_shares=True)
        assert not small
    same(first, first, in_shares=True)
    assert not small


def test_ids_that_do_not_rise_come_in_shares_where_none_comes_twice(tmp_path: Path, small: list[int]) -> None:
    falling = {**numbered("B"), "ticket": numbered("B")["ticket"][::-1]}
    same(
        table(tmp_path / "A.parquet", **numbered("A")),
        table(tmp_path / "B.parquet", **falling),
        in_shares=True,
    )
    assert small.pop() > 2


def test_ids_of_several_files_are_different_where_none_mingle() -> None:
    def seen(*ids: bytes) -> Seen:
        out = Seen()
        for each in ids:
            out.add([each])
        return out

    assert all_different([seen(b"c", b"d"), seen(), seen(b"a", b"b")])
    assert not all_different([seen(b"b", b"d"), seen(b"a", b"c")])
    assert not all_different([seen(b"a", b"b"), seen(b"b", b"c")])
    assert not all_different([seen(b"b", b"a")])
    kept = Seen(keep=True)
    kept.add([b"a"])
    assert not all_different([kept, seen(b"b")])


# --------------------------------------------------------------------------- tickets that stand in two files
def test_lines_that_are_no_text_beside_a_ticket_that_stands_in_two_files(tmp_path: Path) -> None:
    first = lines(tmp_path, "A")
    again = broken.line(ticket="A-1", kind="other")
    for odd in (again.replace(b"A-1", b"\xc4"), again.replace(b"A-1", b"A\\ud800")):
        other = lines(tmp_path, "B", again, odd)
        found = same(first, other)
        assert found.columns["read"].tickets_set_aside == 3


def test_notes_have_the_first_place_of_all_files(tmp_path: Path) -> None:
    """Tickets that stand in two files are read before the others: the first of something is still the first of the log."""

    def odd(ticket: str) -> bytes:
        events = [
            {"at": "2025-03-04T10:00:00Z", "event": "coffee_made"},
            {"at": "2025-03-03T10:00:00Z", "event": "ticket_opened", "severty": "1"},
        ]
        return json.dumps({"ticket": ticket, "agreement": "acme", "events": events}).encode()

    first = lines(tmp_path, "A", odd("A-9"))
    second = lines(tmp_path, "B", odd("A-1"), odd("B-9"))
    found = same(second, first)
    assert {each.place.file for each in found.columns["notes"] if each.place is not None} == {str(second)}
    found = same(first, second)
    assert {each.place.file for each in found.columns["notes"] if each.place is not None} == {str(first)}
    assert len(found.columns["notes"]) > 2


def test_a_truth_is_no_number_among_values() -> None:
    assert _alike([False, True, "a", [0]], [False, True, "a", [0]])
    for other in ([0, 1], [False], [False, True, False]):
        assert not _alike([False, True], other)
    assert not _alike([[0]], [[False]])
