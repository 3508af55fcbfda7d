"""A cell that is JSON is read as the YAML that it is, too."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.record.model import Fault
from checker.record.yaml_text import as_json, documents

TEXT = st.text(st.sampled_from("ab \"':,[]{}#&*!|>-?%@`\n\tżó\u00a0\x7f\\/01.e+~<"), max_size=6)
SCALAR = st.one_of(
    TEXT,
    st.booleans(),
    st.none(),
    st.integers(),
    st.floats(),
    st.sampled_from([10**30, -0, "NO", "012", "2025-01-01", "~", "null"]),
)
VALUE = st.recursive(
    SCALAR, lambda v: st.one_of(st.lists(v, max_size=3), st.dictionaries(TEXT, v, max_size=3)), max_leaves=8
)
CELL = st.one_of(st.lists(VALUE, max_size=3), st.dictionaries(TEXT, VALUE, max_size=3))
SPACING = st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : "), (",\n", ": ")])


def same(text: str) -> bool:
    """Whether it is read as JSON; then YAML says the same, types and all."""
    try:
        found = as_json(text)
    except ValueError:
        return False
    (document,) = documents(text, "")
    assert repr(found) == repr(document.value)
    return True


@given(CELL, SPACING, st.booleans())
def test_json_is_yaml(value: Any, spacing: tuple[str, str], ascii_: bool) -> None:
    same(json.dumps(value, ensure_ascii=ascii_, separators=spacing))


@given(CELL, st.data())
def test_nearly_json_is_yaml(value: Any, data: st.DataObject) -> None:
    text = list(json.dumps(value, ensure_ascii=False))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(text)))
        text[at : at + data.draw(st.integers(0, 1))] = data.draw(TEXT)
    if text and text[0] in "[{":
        same("".join(text))


@pytest.mark.parametrize(
    "text",
    ['[{"service": "arr", "from": "2025-03-01"}, {"hours": 2}]', '{"a":[true,null,-7]}', "[]", '["Łódź"]'],
)
def test_what_is_read_as_json(text: str) -> None:
    assert same(text)


@pytest.mark.parametrize(
    "text",
    [
        *(
            '{"a": 1, "a": 2}',
            '{"": 1}',
            '["\\u0041"]',
            "[1.5]",
            "[NaN]",
            "[1e3]",
            "[a]",
            "{a: 1}",
            '["a" : 1]',
        ),
        *(
            "[" * 65 + "]" * 65,
            "[1,]",
            '["\u2028"]',
            '{"' + "k" * 300 + '": 1}',
            "[123456789012345678901234567890]",
        ),
    ],
)
def test_what_is_left_to_yaml(text: str) -> None:
    assert not same(text)


def test_depth_is_refused_as_before() -> None:
    with pytest.raises(Fault, match="nested too deep"):
        list(documents("[" * 65 + "]" * 65, "a.yaml"))
