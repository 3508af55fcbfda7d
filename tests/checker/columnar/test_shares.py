"""Shares of a table of event rows: where they may end."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from checker.columnar import parquet as parquet_rows
from checker.columnar import shares
from checker.columnar.parquet import TableFile
from checker.record.files import Limits
from tests.checker.columnar.test_reading import TWICE, put, rows, table


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
