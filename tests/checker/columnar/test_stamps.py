"""Stamps in columns are read as one by one, or left."""

from __future__ import annotations

import numpy as np
from hypothesis import example, given
from hypothesis import strategies as st

from checker.columnar.stamps import stamps
from checker.record.instants import BadInstant, parse_instant

OFFSETS = [
    "Z",
    "+01:00",
    "-0330",
    "+14:00",
    "+14:01",
    "-14:00",
    "+01:60",
    "",
    "z",
    ".5Z",
    "+1:000",
    "Z ",
    "+0x:00",
]
TEXTS = st.builds(
    "{:04d}-{:02d}-{:02d}{}{:02d}:{:02d}:{:02d}{}".format,
    st.sampled_from([0, 1969, 1970, 2000, 2024, 2025, 2099, 2100, 9999]),
    st.integers(0, 13),
    st.integers(0, 32),
    st.sampled_from("T x"),
    st.integers(0, 25),
    st.integers(0, 61),
    st.integers(0, 61),
    st.sampled_from(OFFSETS),
)


def damaged(text: str, place: int, sign: str) -> str:
    place %= len(text)
    return text[:place] + sign + text[place + 1 :]


ANY = TEXTS | st.builds(damaged, TEXTS, st.integers(0, 40), st.sampled_from("0x:-Z +/"))


@given(st.lists(ANY, max_size=40))
@example(
    ["2024-02-29T00:00:00Z", "2025-02-29T00:00:00Z", "1970-01-01T00:00:00+14:00", "2099-12-31T23:59:59-1400"]
)
def test_stamps_are_read_as_one_by_one(texts: list[str]) -> None:
    data = "".join(texts).encode()
    length = np.array([len(text) for text in texts], np.int64)
    found = stamps(np.frombuffer(data, np.uint8), np.cumsum(length) - length, length)
    for i, text in enumerate(texts):
        try:
            due: tuple[int, int] | None = parse_instant(text)
        except BadInstant:
            due = None
        if found.known[i]:
            assert (int(found.at[i]), int(found.offset[i])) == due
        else:
            # Fractions are left to the reader of single stamps.
            assert due is None or "." in text


def test_of_many_stamps_each_is_at_its_place() -> None:
    texts = [
        f"2025-01-{1 + i % 28:02d}T{i % 24:02d}:{i % 60:02d}:00" + ("Z", "+01:00")[i % 3 == 0]
        for i in range(20_000)
    ]
    data = "".join(texts).encode()
    length = np.array([len(text) for text in texts], np.int64)
    found = stamps(np.frombuffer(data, np.uint8), np.cumsum(length) - length, length)
    assert found.known.all()
    assert found.at.tolist() == [parse_instant(text)[0] for text in texts]
