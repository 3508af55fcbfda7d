"""Checked contracts that are kept: the same as compiled, never a stale one, and no harm where one is broken."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from checker.audit.library import CACHE, contract_names, load_contract, policies, shelf, sources_of
from dsl import codec, kept, resolve
from dsl import contract as ir
from dsl.check import check
from dsl.diagnostics import ContractError
from dsl.files import read_sources
from dsl.kept import Shelf, keep_all
from dsl.source import Source
from dsl.vocabulary import VOCABULARY, Vocabulary, parse_vocabulary
from tests.dsl.small import TEXT
from tests.house.tree import ROOT

WORDS = (policies() / VOCABULARY).read_bytes()
KNOWN = parse_vocabulary(WORDS)


class Compiler:
    """Checks a contract and counts how often."""

    def __init__(self) -> None:
        self.runs = 0

    def __call__(self, sources: list[Source]) -> ir.Contract:
        self.runs += 1
        return check(sources, KNOWN)


def never(*_: object) -> Vocabulary:
    raise AssertionError("what is kept is not made again")


def small(text: str = TEXT, name: str = "small.contract") -> list[Source]:
    return [Source(name, text)]


def files(folder: Path) -> list[Path]:
    return sorted(folder.iterdir()) if folder.is_dir() else []


@pytest.fixture
def compiler() -> Compiler:
    return Compiler()


@pytest.mark.parametrize("name", contract_names())
def test_a_kept_contract_is_the_compiled_one(name: str, tmp_path: Path, compiler: Compiler) -> None:
    place = Shelf(own=tmp_path)
    first = place.contract(sources_of(name), WORDS, compiler)
    again = place.contract(sources_of(name), WORDS, compiler)
    assert compiler.runs == 1
    assert again == first
    assert again is not first
    assert codec.dumps(again) == codec.dumps(first)
    assert codec.digest(again) == codec.digest(first)


def test_the_kept_vocabulary_is_the_one_that_was_read(tmp_path: Path) -> None:
    place = Shelf(own=tmp_path)
    assert place.vocabulary(WORDS, lambda: KNOWN) is KNOWN
    again = place.vocabulary(WORDS, never)
    assert again == KNOWN
    for name in ("events", "facts", "records", "fields"):
        assert list(getattr(again, name)) == list(getattr(KNOWN, name))


# --------------------------------------------------------------------------- nothing stale
@pytest.mark.parametrize(
    ("sources", "words"),
    [
        (small(TEXT + "\n# A remark.\n"), WORDS),
        (small(name="renamed.contract"), WORDS),
        (small(), WORDS + b"\n"),
    ],
    ids=["text", "name", "vocabulary"],
)
def test_what_changed_is_compiled_anew(
    sources: list[Source], words: bytes, tmp_path: Path, compiler: Compiler
) -> None:
    place = Shelf(own=tmp_path)
    place.contract(small(), WORDS, compiler)
    place.contract(sources, words, compiler)
    assert compiler.runs == 2
    place.contract(small(), WORDS, compiler)
    assert compiler.runs == 2


def test_a_changed_meaning_is_the_one_that_is_found(tmp_path: Path, compiler: Compiler) -> None:
    place = Shelf(own=tmp_path)
    old = place.contract(small(), WORDS, compiler)
    changed = TEXT.replace('contract small "', 'contract small "Another ')
    assert changed != TEXT
    for _ in range(2):
        assert place.contract(small(changed), WORDS, compiler).title == f"Another {old.title}"
    assert compiler.runs == 2


def test_another_compiler_compiles_anew(
    tmp_path: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Shelf(own=tmp_path)
    place.contract(small(), WORDS, compiler)
    monkeypatch.setattr(kept, "compiler", lambda: b"another")
    place.contract(small(), WORDS, compiler)
    assert compiler.runs == 2


@pytest.fixture
def sources_of_dsl(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], bytes | None]:
    """The compiler's digest, where its sources are a copy in `tmp_path / "dsl"`."""
    copy = tmp_path / "dsl"
    copy.mkdir()
    for file in (ROOT / "dsl").iterdir():
        if file.suffix in (".py", ".lark"):
            (copy / file.name).write_bytes(file.read_bytes())
    monkeypatch.setattr(kept.resources, "files", lambda package: tmp_path / package)
    return kept.compiler.__wrapped__


@pytest.mark.parametrize("name", ["check.py", "grammar.lark", "ir_terms.py", "codec.py"])
def test_the_compiler_is_its_sources(
    name: str, tmp_path: Path, sources_of_dsl: Callable[[], bytes | None]
) -> None:
    before = sources_of_dsl()
    assert before is not None
    assert sources_of_dsl() == before
    file = tmp_path / "dsl" / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert sources_of_dsl() != before


def test_a_compiler_without_sources_keeps_nothing(
    tmp_path: Path,
    compiler: Compiler,
    sources_of_dsl: Callable[[], bytes | None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "dsl" / "check.py").rename(tmp_path / "dsl" / "check.pyc")
    monkeypatch.setattr(kept, "compiler", sources_of_dsl)
    place = Shelf(own=tmp_path / "own")
    for _ in range(2):
        place.contract(small(), WORDS, compiler)
    assert compiler.runs == 2
    assert files(tmp_path / "own") == []


def test_a_zone_that_is_known_no_more_is_a_fault_again(
    tmp_path: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = TEXT.replace("zone time_zone", 'zone "Europe/Warsaw"')
    assert text != TEXT
    place = Shelf(own=tmp_path)
    assert place.contract(small(text), WORDS, compiler).zone == "Europe/Warsaw"
    monkeypatch.setattr(resolve, "is_zone", lambda name: False)
    place.contract(small(text), WORDS, compiler)
    assert compiler.runs == 2


# --------------------------------------------------------------------------- no harm
def cut(data: bytes) -> bytes:
    return data[: len(data) // 2]


def turned(data: bytes) -> bytes:
    at = data.index(b'"title":"') + 9
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :]


def sealed(body: bytes) -> Callable[[bytes], bytes]:
    """Another body, with a first line that fits it."""

    def change(data: bytes) -> bytes:
        key = data.split(b" ", 2)[1].decode()
        return kept._head(key, body) + b"\n" + body

    return change


@pytest.mark.parametrize(
    "change",
    [
        cut,
        turned,
        lambda data: b"",
        lambda data: data.partition(b"\n")[2],
        lambda data: data.replace(b"servanda-kept-1", b"servanda-kept-0"),
        sealed(b""),
        sealed(b"\xff\xfe"),
        sealed(b"null"),
        sealed(b'{"is":"Contract"}'),
        sealed(b"[" * 100_000),
    ],
    ids=["cut", "turned", "empty", "no-head", "form", "nothing", "no-text", "null", "half", "deep"],
)
def test_a_broken_file_is_ignored_and_made_anew(
    change: Callable[[bytes], bytes], tmp_path: Path, compiler: Compiler
) -> None:
    place = Shelf(own=tmp_path)
    sound = place.contract(small(), WORDS, compiler)
    (file,) = files(tmp_path)
    data = file.read_bytes()
    assert change(data) != data
    file.write_bytes(change(data))
    assert place.contract(small(), WORDS, compiler) == sound
    assert compiler.runs == 2
    assert files(tmp_path) == [file]
    assert file.read_bytes() == data
    assert place.contract(small(), WORDS, compiler) == sound
    assert compiler.runs == 2


@pytest.mark.parametrize("body", [b"null", b'{"events": 1}', b'{"events": [["a", "ticket"]]}', b"{"])
def test_a_broken_vocabulary_is_made_anew(body: bytes, tmp_path: Path) -> None:
    place = Shelf(own=tmp_path)
    place.vocabulary(WORDS, lambda: KNOWN)
    (file,) = files(tmp_path)
    file.write_bytes(sealed(body)(file.read_bytes()))
    assert place.vocabulary(WORDS, lambda: KNOWN) is KNOWN
    assert place.vocabulary(WORDS, never) == KNOWN


def test_the_file_of_another_contract_is_not_taken(tmp_path: Path, compiler: Compiler) -> None:
    place = Shelf(own=tmp_path)
    place.contract(small(), WORDS, compiler)
    (mine,) = files(tmp_path)
    place.contract(small(TEXT + "\n# A remark.\n"), WORDS, compiler)
    (other,) = set(files(tmp_path)) - {mine}
    other.replace(mine)
    place.contract(small(), WORDS, compiler)
    assert compiler.runs == 3


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="files have no owner here")
def test_a_file_that_others_can_write_is_not_taken(tmp_path: Path, compiler: Compiler) -> None:
    place = Shelf(own=tmp_path)
    place.contract(small(), WORDS, compiler)
    (file,) = files(tmp_path)
    file.chmod(0o622)
    place.contract(small(), WORDS, compiler)
    assert compiler.runs == 2
    # The one that was made anew is ours alone.
    place.contract(small(), WORDS, compiler)
    assert compiler.runs == 2


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path, compiler: Compiler) -> None:
    (tmp_path / "file").write_text("no folder")
    for own in (tmp_path / "file" / "below", None):
        place = Shelf(own=own)
        assert place.contract(small(), WORDS, compiler) == place.contract(small(), WORDS, compiler)
    assert compiler.runs == 4
    assert files(tmp_path) == [tmp_path / "file"]


def test_the_oldest_give_way(tmp_path: Path, compiler: Compiler, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "_MOST", 2)
    place = Shelf(own=tmp_path)
    for i in range(4):
        before = files(tmp_path)
        place.contract(small(f"{TEXT}\n# {i}\n"), WORDS, compiler)
        (new,) = set(files(tmp_path)) - set(before)
        os.utime(new, (i, i))
    assert len(files(tmp_path)) == 2
    place.contract(small(f"{TEXT}\n# 3\n"), WORDS, compiler)
    assert compiler.runs == 4
    place.contract(small(f"{TEXT}\n# 0\n"), WORDS, compiler)
    assert compiler.runs == 5


def test_processes_that_keep_the_same_contract_at_once_agree(tmp_path: Path) -> None:
    name = contract_names()[0]
    code = f"from checker.audit.library import *; print(codec.digest(load_contract({name!r})))"
    environment = {**os.environ, CACHE: str(tmp_path / "own"), "PYTHONPATH": str(ROOT)}
    running = [
        subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {process.communicate()[0] for process in running}
    assert said == {codec.digest(load_contract(name)) + "\n"}
    assert {file.suffix for file in files(tmp_path / "own")} == {".kept"}
    place = Shelf(own=tmp_path / "own")
    assert place.contract(sources_of(name), WORDS, never) == load_contract(name)


# --------------------------------------------------------------------------- faults, and what is shipped
def test_faults_are_the_same_each_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path / "own"))
    file = tmp_path / "bad.contract"
    file.write_text(TEXT + "\nclause bad.one\n  title 5\n", encoding="utf-8")
    with pytest.raises(ContractError) as compiled:
        check(read_sources(file), KNOWN)
    assert str(compiled.value.diagnostics[0].span).startswith("bad.contract:")
    for _ in range(2):
        with pytest.raises(ContractError) as loaded:
            load_contract(str(file))
        from_here = compiled.value.beneath(tmp_path.as_posix())
        assert loaded.value.diagnostics == from_here.diagnostics
        assert loaded.value.render() == from_here.render()
        assert loaded.value.render().startswith(f"{file}:")


def test_what_is_shipped_is_found_and_never_written(tmp_path: Path, compiler: Compiler) -> None:
    shipped, own = tmp_path / "shipped", tmp_path / "own"
    made = keep_all(policies(), shipped)
    assert files(shipped) == made
    assert len(made) == len(contract_names()) + 1
    place = Shelf(shipped, own)
    for name in contract_names():
        assert place.contract(sources_of(name), WORDS, never) == load_contract(name)
    assert place.vocabulary(WORDS, never) == KNOWN
    assert files(own) == []
    place.contract(small(), WORDS, compiler)
    assert files(shipped) == made
    assert len(files(own)) == 1


def test_a_contract_with_faults_stops_the_making(tmp_path: Path) -> None:
    (tmp_path / "bad").mkdir()
    (tmp_path / VOCABULARY).write_bytes(WORDS)
    (tmp_path / "bad" / "bad.contract").write_text("servanda 1\n")
    with pytest.raises(ContractError, match="E409"):
        keep_all(tmp_path, tmp_path / "made")


def test_where_contracts_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CACHE, str(tmp_path))
    assert shelf().own == tmp_path
    monkeypatch.setenv(CACHE, "")
    assert shelf().own is None
    monkeypatch.delenv(CACHE)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert shelf().own == tmp_path / "servanda"
