"""Blocks of lines hold what single lines hold."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.record.blocks import blocks
from checker.record.files import Limits, Opened, lines
from checker.record.model import Fault


def opened(data: bytes) -> Opened:
    return Opened("f", io.BytesIO(data), len(data), "", "")


LINES = st.lists(
    st.tuples(st.text("ab", max_size=30), st.sampled_from(["\n", "\r\n"])), min_size=1, max_size=12
)


@given(LINES, st.integers(1, 12), st.integers(1, 40), st.booleans(), st.booleans())
def test_blocks_hold_the_lines(
    found: list[tuple[str, str]], longest: int, size: int, ended: bool, marked: bool
) -> None:
    data = "".join(text + end for text, end in found).encode()
    data = data if ended else data.rstrip(b"\r\n")
    limits = Limits(line_bytes=longest)
    due = [line for _, line in lines(opened(data), limits)]
    got: list[bytes | None] = []
    for block in blocks(opened((b"\xef\xbb\xbf" if marked and size > 3 else b"") + data), limits, size):
        if block is None:
            got.append(None)
            continue
        assert block.endswith(b"\n")
        got += [line.rstrip(b"\r\n") for line in block.split(b"\n")[:-1]]
    assert got == due


def test_utf16_is_told() -> None:
    with pytest.raises(Fault, match="not UTF-8"):
        list(blocks(opened("ab\n".encode("utf-16"))))
