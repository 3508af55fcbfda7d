"""What is asked of a block of lines before Arrow reads it: the same as of its bytes at once."""

from __future__ import annotations

import pytest

from checker.columnar import json_block


@pytest.mark.parametrize("at", [0, 1, 8, 13, 14, 15, 16, 29, 59, 60])
@pytest.mark.parametrize("word", [b"null", b"nul,", b"numb", b"NULL", b"n\null"])
def test_null_and_line_ends_in_pieces(at: int, word: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_block, "_NEAR", 16)
    data = b"x" * at + word + b"x\n" * (32 - at // 2)
    assert json_block._holds_null(data) is (b"null" in data)
    assert json_block._holds_null(data[:at] + data[at + 4 :]) is False
    assert json_block.line_ends(data).tolist() == [i for i, each in enumerate(data) if each == 10]


def test_of_nothing() -> None:
    assert json_block.line_ends(b"").tolist() == []
    assert not json_block._holds_null(b"")
