"""Arrow's arrays as NumPy's, and back: beside Arrow's own functions."""

from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.columnar import memory
from checker.columnar.arrow import is_name, sound_names
from checker.columnar.event_rows import runs
from checker.columnar.seen import Seen

TEXTS = st.one_of(
    st.lists(st.text(alphabet="ab~ é\0", max_size=4)),
    st.lists(st.text(alphabet="ab", min_size=2, max_size=2)),
    st.lists(st.text(alphabet="abc", min_size=11, max_size=11)),
)
CUTS = st.tuples(st.integers(0, 9), st.integers(0, 9))


def cut(column: Any, cuts: tuple[int, int]) -> Any:
    """A piece of an array, in its memory."""
    first = min(cuts[0], len(column))
    return column.slice(first, max(0, len(column) - first - cuts[1]))


@given(st.lists(st.one_of(st.none(), st.integers(-(2**31), 2**31 - 1))), CUTS)
def test_numbers(values: list[int | None], cuts: tuple[int, int]) -> None:
    for kind in (pa.int32(), pa.int64(), pa.timestamp("us", "UTC")):
        column = cut(pa.array(values, pa.int64()), cuts).cast(kind)
        expected = column.cast(pa.int64()).to_pylist()
        assert memory.numbers(column, -7).tolist() == [-7 if v is None else v for v in expected]
        assert memory.valid(column).tolist() == [v is not None for v in expected]


@given(st.lists(st.one_of(st.none(), st.booleans()), max_size=30), CUTS)
def test_truths(values: list[bool | None], cuts: tuple[int, int]) -> None:
    column = cut(pa.array(values, pa.bool_()), cuts)
    assert memory.bools(column).tolist() == [v is True for v in column.to_pylist()]
    assert memory.of_bools(memory.bools(column)).to_pylist() == memory.bools(column).tolist()
    nothing = pa.nulls(len(values))
    assert memory.valid(nothing).tolist() == [False] * len(values)


@given(st.lists(st.integers(-128, 127)), st.randoms())
def test_back_again(values: list[int], chance: Any) -> None:
    mask = np.array([chance.random() < 0.3 for _ in values], bool)
    for kind in (np.int8, np.int32, np.int64):
        found = memory.of_numbers(np.array(values, kind), mask)
        found.validate(full=True)
        expected = [None if m else v for v, m in zip(values, mask.tolist(), strict=True)]
        assert found.to_pylist() == expected


@given(TEXTS, CUTS, st.data())
def test_texts(values: list[str], cuts: tuple[int, int], data: st.DataObject) -> None:
    column = cut(memory.of_texts(values), cuts)
    column.validate(full=True)
    left = column.to_pylist()
    assert column.equals(cut(pa.array(values, pa.string()), cuts))
    places = data.draw(st.lists(st.integers(0, len(left) - 1))) if left else []
    found = memory.taken(column, np.array(places, np.int64))
    found.validate(full=True)
    assert found.to_pylist() == [left[i] for i in places]
    ids, counts = runs(column)
    assert np.repeat(np.array(ids.to_pylist(), object), counts).tolist() == left
    assert not any(a == b for a, b in pairwise(ids.to_pylist()))
    assert sound_names(column).tolist() == [is_name(text) for text in left]


@given(TEXTS, CUTS)
def test_ids_that_rise(values: list[str], cuts: tuple[int, int]) -> None:
    """A column is taken only while its ids rise, as the list of them would be."""
    column = cut(memory.of_texts(sorted(set(values)) if len(values) % 3 else values), cuts)
    raw = [text.encode() for text in column.to_pylist()]
    rises = all(raw) and all(a < b for a, b in pairwise(raw))
    seen = Seen()
    assert seen.add_column(column, b"") == (rises and bool(raw))
    if rises and raw:
        assert seen.number == len(raw)
        assert not seen.add_column(pa.array([raw[0].decode()]), raw[-1]) or len(raw) == 1


def test_nothing_loads_what_is_dear() -> None:
    """What Arrow's own ways would load is not loaded."""
    import subprocess
    import sys

    code = (
        "import sys, numpy as np, pyarrow; from checker.columnar import memory as m;"
        "c = m.of_texts(['a', 'b']); m.taken(c, np.array([1])); m.numbers(m.of_numbers(np.arange(3)), 0); m.valid(c);"
        "print([n for n in ('pandas', 'pyarrow.compute') if n in sys.modules])"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
        == "[]\n"
    )


@pytest.mark.parametrize("width", [1, 7, 8, 9, 16, 17])
def test_each_byte_counts(width: int) -> None:
    for place in range(width):
        other = "a" * place + "b" + "a" * (width - place - 1)
        found = memory.even(pa.array(["a" * width, other, other]))
        assert found is not None
        assert memory.changes(found).tolist() == [1]


def test_uneven() -> None:
    for values in ([], ["a", "bc"], ["", ""], ["a", None], ["abc", "", "abc"]):
        assert memory.even(pa.array(values, pa.string())) is None
    assert pc.equal(memory.of_even(np.array([b"ab", b"cd"])), pa.array(["ab", "cd"])).to_pylist() == [
        True,
        True,
    ]
