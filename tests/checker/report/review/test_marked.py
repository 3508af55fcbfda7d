"""Differences word by word: both texts come back from their marks, whatever they are."""

from hypothesis import given
from hypothesis import strategies as st

from checker.report.review import marked
from checker.report.review.marked import Piece, redline, rows, sides, text_of

TEXT = st.text(alphabet="ab 1.%,\n\u202e", max_size=30)


@given(TEXT, TEXT)
def test_both_texts_come_back(old: str, new: str) -> None:
    whole = redline(old, new)
    assert text_of(whole, "new") == old
    assert text_of(whole, "gone") == new
    left, right = sides(whole)
    assert ("".join(p.text for p in left), "".join(p.text for p in right)) == (old, new)
    assert {p.mark for p in left} <= {"same", "gone"}
    assert all(p.text for p in whole if p.mark != "same")


@given(st.lists(TEXT, max_size=6), st.lists(TEXT, max_size=6))
def test_every_line_stands_once(old: list[str], new: list[str]) -> None:
    found = rows(old, new)
    assert [text_of(a, "new") for a, _ in found if a is not None] == old
    assert [text_of(b, "gone") for _, b in found if b is not None] == new


def test_words_that_changed_stand_together() -> None:
    assert redline("within 2 hours of it", "within 4 hours of it") == (
        Piece("same", "within "), Piece("gone", "2"), Piece("new", "4"), Piece("same", " hours of it"),
    )  # fmt: skip
    assert redline("a b c d", "a x y d")[1:3] == (Piece("gone", "b c"), Piece("new", "x y"))
    assert redline("at least 99.9 percent", "at least 99.5 percent")[1] == Piece("gone", "99.9")


def test_unlike_lines_are_no_pair() -> None:
    assert rows(["where a is b"], ["the provider shall have done within 3 hours"]) == (
        ((Piece("gone", "where a is b"),), None),
        (None, (Piece("new", "the provider shall have done within 3 hours"),)),
    )


def test_what_is_too_long_is_marked_as_a_whole() -> None:
    long = "word " * marked.MOST_WORDS
    assert [p.mark for p in redline(long, long + "x")] == ["gone", "new"]
    assert [p.mark for p in redline(long, long)] == ["same"]
