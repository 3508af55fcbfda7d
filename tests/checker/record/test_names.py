"""Names of files where several have one: each a name of its own, whatever there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checker.record.model import Place, told_apart

FOLDERS = st.sampled_from(["", "a/", "b/", "a/b/", "/c/"])
FILES = st.lists(
    st.tuples(FOLDERS, st.sampled_from(["t", "t (1)", "t (2)", "t (1) (1)", "u"])).map("".join), max_size=9
)


@given(FILES)
def test_no_two_files_have_one_name(files: list[str]) -> None:
    names = told_apart(files)
    called = {file: Place(file).called(names) for file in files}
    assert len(set(called.values())) == len(called)
    assert not [name for name in called.values() if "/" in name]
    alone = [file for file in called if sum(f.rsplit("/")[-1] == file.rsplit("/")[-1] for f in called) == 1]
    assert all(called[file] == file.rsplit("/")[-1] for file in alone)


def test_they_are_numbered_as_they_are_given() -> None:
    assert told_apart(["b/t", "t (1)", "a/t", "b/t"]) == {"b/t": "t (2)", "a/t": "t (3)"}
