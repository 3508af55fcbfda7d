"""What cannot be seen is made visible; what is too long is cut, and it is said by how much."""

import sys
import unicodedata

import pytest

from checker.report.inert import MOST, cut, shortened, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Zażółć gęślą jaźń 漢字 🎫", "Zażółć gęślą jaźń 漢字 🎫"),
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("\x1b[31m\x00\x7f", "␛[31m␀␡"),
        ("a\u200bb\ufeff", "a⟨U+200B⟩b⟨U+FEFF⟩"),
        ("\ud800", "⟨U+D800⟩"),
        ("one\ntwo\tthree\r", "one␊two␉three␍"),
        ("<b>=1+1", "<b>=1+1"),
    ],
)
def test_visible(text: str, shown: str) -> None:
    assert visible(text) == shown
    assert visible(shown) == shown


def test_every_unseen_character_is_replaced() -> None:
    """By Python's own character data; the pattern may know some more, of a newer Unicode."""
    unseen = [
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs", "Zl", "Zp"}
    ]
    assert len(unseen) > 2_000
    assert [f"{ord(c):04X}" for c in unseen if visible(c) == c] == []


def test_what_is_kept_and_cut() -> None:
    assert visible("one\ntwo\t", keep="\n") == "one\ntwo␉"
    assert cut("abcdef", 6, "… ({n})") == "abcdef"
    assert cut("abcdefghijk", 9, "… ({n})") == "abc… (11)"


def test_shortened() -> None:
    assert shortened("x" * MOST) == ("x" * MOST, 0)
    assert shortened("x" * (MOST + 1)) == ("x" * MOST, 1)
    text, left = shortened("\u202e" * 1_000_000, 3)
    assert text == "⟨U+202E⟩" * 3
    assert left == 999_997
