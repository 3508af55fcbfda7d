"""The same inputs give the same bytes wherever and whenever; `verify` says so, and says what has changed when one byte has."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from checker.cli.main import main
from tests.house.tree import ROOT

DESK = ROOT / "fixtures" / "poly-desk"


def run(*args: str | Path) -> Result:
    return CliRunner().invoke(main, [str(a) for a in args])


def inputs(folder: Path) -> Path:
    """A folder with a contract, an agreement and a log."""
    folder.mkdir(parents=True)
    shutil.copytree(ROOT / "policies" / "poly", folder / "con", ignore=shutil.ignore_patterns("cases"))
    for name in ("agreement.yaml", "tickets.jsonl"):
        shutil.copy(DESK / name, folder / name)
    return folder


def report(folder: Path, name: str, *more: str) -> Path:
    out = folder / name
    files = ("--contract", folder / "con", "--agreements", folder / "agreement.yaml")
    made = run("report", *files, "--tickets", folder / "tickets.jsonl", *more, "-o", out)
    assert made.exit_code == 0, made.output
    return out


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports in it; not to be changed."""
    folder = inputs(tmp_path_factory.mktemp("verify") / "kept")
    report(folder, "r.json", "--sample")
    report(folder, "r.md", "--lang", "pl", "--clause", "poly.p*", "--explain", "3")
    report(folder, "r.sarif")
    return folder


@pytest.fixture
def copy(kept: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(kept, tmp_path / "copy"))


@pytest.mark.parametrize("name", ["r.json", "r.md", "r.sarif"])
def test_a_report_holds_elsewhere(copy: Path, name: str) -> None:
    said = run("verify", copy / name)
    assert said.exit_code == 0, said.output
    assert "holds" in said.output


def test_same_bytes_in_another_folder_zone_and_locale(kept: Path, tmp_path: Path) -> None:
    folder = inputs(tmp_path / "elsewhere" / "deep")
    places = {"TZ": "Pacific/Auckland", "LC_ALL": "C", "LANG": "C", "PYTHONHASHSEED": "77", "COLUMNS": "40"}
    env = {**os.environ, **places, "PYTHONPATH": str(ROOT)}
    for name, more in (
        ("r.json", ["--sample"]),
        ("r.md", ["--lang", "pl", "--clause", "poly.p*", "--explain", "3"]),
    ):
        command = [sys.executable, "-m", "checker.cli.main", "report", "--contract", "con"]
        command += ["--agreements", "agreement.yaml", "--tickets", "tickets.jsonl", *more, "-o", name]
        subprocess.run(command, check=True, cwd=folder, env=env, capture_output=True)
        for each in (name, name + ".provenance.json"):
            assert (folder / each).read_bytes() == (kept / each).read_bytes()


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("tickets.jsonl", ":00", ":01", "differs: the log, tickets.jsonl"),
        ("agreement.yaml", "\n", "\n\n", "differs: the agreements, agreement.yaml"),
        ("con/benefits.contract", "\n", "\n\n", "differs: the contract's text, benefits.contract"),
        ("con/benefits.contract", "servanda 1", "servanda  1x", "benefits.contract is not what it was"),
        ("con/words.pl.yaml", "\n", "\n\n", "differs: the contract's own Polish words"),
        ("con/words.pl.yaml", "definitions:", "definition:", "words.pl.yaml is not what it was"),
        ("r.json", "poly", "pole", "the report itself is not as it was written"),
    ],
)
def test_one_byte_is_noticed(copy: Path, file: str, old: str, new: str, said: str) -> None:
    changed(copy / file, old, new)
    found = run("verify", copy / "r.json")
    assert found.exit_code == 1, found.output
    assert said in found.output
    assert "does not hold" in found.output


def test_other_words_are_other_bytes_and_the_same_verdicts(copy: Path) -> None:
    words = copy / "con" / "words.pl.yaml"
    question = next(line for line in words.read_text().splitlines() if line.endswith("?"))
    changed(words, question, f"{question.removesuffix('?')} dziś?")
    said = run("verify", copy / "r.json")
    assert said.exit_code == 1, said.output
    assert "differs: the contract's own Polish words" in said.output
    assert "the verdicts are the same, the bytes are not" in said.output
    words.unlink()
    assert "differs: the contract's own Polish words: was " in run("verify", copy / "r.json").output


def test_words_that_a_contract_gained_are_told(tmp_path: Path) -> None:
    folder = inputs(tmp_path / "bare")
    words = folder / "con" / "words.pl.yaml"
    text = words.read_text()
    words.unlink()
    report(folder, "r.json")
    words.write_text(text)
    said = run("verify", folder / "r.json")
    assert said.exit_code == 1, said.output
    assert "differs: the contract's own Polish words: was not there" in said.output


def test_words_for_what_is_gone_are_passed_over_and_said(copy: Path) -> None:
    words = copy / "con" / "words.pl.yaml"
    changed(words, "readings:\n", "readings:\n  gone.for-good: dawno temu\n")
    line = words.read_text().splitlines().index("readings:") + 2
    out = copy / "w.md"
    files = ("--agreements", copy / "agreement.yaml", "--tickets", copy / "tickets.jsonl", "--lang", "pl")
    made = run("report", "--contract", copy / "con", *files, "-o", out)
    assert made.exit_code == 0, made.output
    told = (
        f"words passed over: {words}:{line}:18: readings.gone.for-good: the contract does not use this name"
    )
    assert told in made.stderr
    assert run("verify", out).exit_code == 0


def test_a_broken_file_of_words_is_a_fault_before_anything_is_read(copy: Path) -> None:
    (copy / "con" / "words.pl.yaml").write_text("definitions: [1\n")
    files = ("--agreements", copy / "agreement.yaml", "--tickets", copy / "not-there.jsonl")
    made = run("report", "--contract", copy / "con", *files, "-o", copy / "w.md")
    assert made.exit_code == 2
    assert f"{copy / 'con' / 'words.pl.yaml'}:2:1: not YAML" in made.stderr


def test_verdicts_that_turn_are_told_from_bytes_that_differ(copy: Path) -> None:
    record = json.loads((copy / "r.json.provenance.json").read_text())
    changed(copy / "agreement.yaml", "\n", "\n\n")
    assert "the verdicts are the same, the bytes are not" in run("verify", copy / "r.json").output
    lines = (copy / "tickets.jsonl").read_text().splitlines()
    (copy / "tickets.jsonl").write_text("\n".join(lines[:-5]) + "\n")
    assert "the verdicts differ" in run("verify", copy / "r.json").output
    assert record["result"]["verdicts_sha256"]


def test_other_holiday_data_is_noticed(copy: Path, tmp_path: Path) -> None:
    spec = find_spec("holidays")
    assert spec is not None
    assert spec.origin is not None
    library = tmp_path / "library"
    shutil.copytree(
        Path(spec.origin).parent, library / "holidays", ignore=shutil.ignore_patterns("__pycache__")
    )
    poland = library / "holidays" / "countries" / "poland.py"
    poland.write_text(poland.read_text() + "\n")
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(library), str(ROOT)])}
    command = [sys.executable, "-m", "checker.cli.main", "verify", str(copy / "r.json")]
    found = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert found.returncode == 1, found.stderr
    assert "differs: the holiday data" in found.stderr


def test_inputs_are_looked_for(copy: Path, tmp_path: Path) -> None:
    apart = tmp_path / "apart"
    apart.mkdir()
    for name in ("r.json", "r.json.provenance.json"):
        shutil.copy(copy / name, apart / name)
    lost = run("verify", apart / "r.json", "--in", apart)
    assert lost.exit_code == 2
    assert "name its folder with --in" in lost.output
    assert run("verify", apart / "r.json", "--in", copy).exit_code == 0


def test_an_explanation_within_another_keeps_no_folder(tmp_path: Path) -> None:
    """One that stands for other clauses holds theirs: their places are names of files, too."""
    desk = ROOT / "fixtures" / "unified-desk"
    made = []
    for folder in (tmp_path / "here", tmp_path / "there" / "x"):
        folder.mkdir(parents=True)
        for name in ("agreement.yaml", "tickets.jsonl"):
            shutil.copy(desk / name, folder / name)
        files = ("--agreements", folder / "agreement.yaml", "--tickets", folder / "tickets.jsonl")
        asked = ("--contract", "unified", *files, "--clause", "unified.arr.*", "-o", folder / "r.json")
        assert run("report", *asked).exit_code == 0
        made.append((folder / "r.json").read_text())
    assert made[0] == made[1]
    explained = json.loads(made[0])["explanations"]
    inner = [x for e in explained for x in e["explanation"]["stands_for"]]
    places = [e["place"] for x in inner for e in x["events"]]
    assert places
    assert not [place for place in places if "/" in place]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A report of two logs that have the same name, and of two such files of agreements."""
    lines = (DESK / "tickets.jsonl").read_text().splitlines(keepends=True)
    half = len(lines) // 2
    assert json.loads(lines[0])["log"]
    for name, rows in (("a", lines[:half]), ("b", [lines[0], *lines[half:]])):
        (tmp_path / name).mkdir()
        (tmp_path / name / "tickets.jsonl").write_text("".join(rows))
    shutil.copy(DESK / "agreement.yaml", tmp_path / "agreement.yaml")
    made = run(
        *("report", "--contract", "poly", "--agreements", tmp_path / "agreement.yaml"),
        *("--tickets", tmp_path / "b" / "tickets.jsonl", "--tickets", tmp_path / "a" / "tickets.jsonl"),
        *("-o", tmp_path / "r.json"),
    )
    assert made.exit_code == 0, made.output
    return tmp_path


def test_files_of_one_name_are_told_apart(two: Path) -> None:
    told = json.loads((two / "r.json").read_text())
    called = {x["file"]: x["sha256"] for x in told["figures"]["provenance"]["log"]}
    assert list(called) == ["tickets.jsonl (1)", "tickets.jsonl (2)"]
    rows = [(two / name / "tickets.jsonl").read_text().splitlines() for name in ("b", "a")]
    seen = set()
    for f in told["findings"]:
        name, _, line = f["place"].partition(":")
        seen.add(name)
        row = json.loads(rows[list(called).index(name)][int(line) - 1])
        assert row.get("ticket", "") == f["ticket"]
    assert seen == set(called)
    places = {e["place"] for x in told["explanations"] for e in x["explanation"]["events"]}
    assert {place.partition(":")[0] for place in places} == set(called)


def test_reasons_tell_files_of_one_name_apart(two: Path) -> None:
    """A ticket that stands in both, and one of which they say different things."""
    (head, row, *_), rows = ((two / x / "tickets.jsonl").read_text().splitlines() for x in ("a", "b"))
    assert json.loads(head)["log"]
    other = json.loads(rows[-1])
    other["events"] = other["events"][:1]
    for name, more in (("b", row), ("a", json.dumps(other))):
        with (two / name / "tickets.jsonl").open("a") as log:
            log.write(f"{more}\n")
    files = [x for name in ("b", "a") for x in ("--tickets", two / name / "tickets.jsonl")]
    asked = ("--contract", "poly", "--agreements", two / "agreement.yaml", *files)
    copy, at = f"tickets.jsonl (1):{len(rows) + 1}", f"tickets.jsonl (1):{len(rows)}"
    for engine in ("columns", "interpreter"):
        said = run("report", *asked, "--engine", engine, "-o", two / "r.json")
        assert said.exit_code == 0, said.output
        assert f"is already at {two / 'b' / 'tickets.jsonl'}:{len(rows) + 1}" in said.stderr
        left = json.loads((two / "r.json.provenance.json").read_text())["set_aside"]
        why = {(x["file"], x["line"]): x["reason"] for x in left}
        assert why["tickets.jsonl (2)", 2] == f"the same ticket, word for word, is already at {copy}"
        assert f"another ticket of this id is at {at}" in why.values()
        told = json.loads((two / "r.json").read_text())["figures"]["population"]["set_aside"]
        assert {x["reason"] for x in told} == set(why.values())


def test_files_of_one_name_are_found_by_their_content(two: Path) -> None:
    where = [x for name in ("a", "b", ".") for x in ("--in", two / name)]
    said = run("verify", two / "r.json", *where)
    assert said.exit_code == 0, said.output
    changed(two / "b" / "tickets.jsonl", ":00", ":01")
    said = run("verify", two / "r.json", *where)
    assert said.exit_code == 1, said.output
    assert "differs: the log, tickets.jsonl (1)" in said.output
    assert "tickets.jsonl (2)" not in said.output


def test_a_provenance_that_was_changed_is_told(copy: Path) -> None:
    changed(copy / "r.md.provenance.json", '"lang": "pl"', '"lang": "en"')
    said = run("verify", copy / "r.md")
    assert said.exit_code == 1, said.output
    assert "the provenance is not as it was written" in said.output
    assert "what the provenance asks for makes other bytes" in said.output
    changed(copy / "r.sarif.provenance.json", '"agreements_judged"', '"agreements_judgd"')
    assert "the provenance is not as it was written" in run("verify", copy / "r.sarif").output


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"asked": {}}'])
def test_what_is_no_provenance_is_a_fault(copy: Path, text: str) -> None:
    (copy / "r.json.provenance.json").write_text(text)
    found = run("verify", copy / "r.json")
    assert found.exit_code == 2
    assert "no provenance of a report" in found.output
    (copy / "r.json.provenance.json").unlink()
    assert run("verify", copy / "r.json").exit_code == 2


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("words",), None),
        (("words",), [{"of": "own"}]),
        (("log",), [5]),
        (("judged_by",), {}),
        (("audited_at",), 5),
        (("contract_files",), None),
        (("asked", "report"), {"sample": False}),
        (("asked", "report", "listed"), "all"),
        (("result", "lang"), "xx"),
        (("sample",), 5),
        (("sample",), {"seed": "7", "of_each_stratum": 1, "verdicts": []}),
    ],
)
def test_a_provenance_that_lacks_what_is_needed_is_a_fault(
    copy: Path, where: tuple[str, ...], value: object
) -> None:
    beside = copy / "r.json.provenance.json"
    told = json.loads(beside.read_text())
    inner: Any = told
    for name in where[:-1]:
        inner = inner[name]
    inner[where[-1]] = value
    beside.write_text(json.dumps(told))
    found = run("verify", copy / "r.json")
    assert (found.exit_code, found.stdout) == (2, "")
    assert f"{beside}: this is no provenance of a " in found.stderr


def test_a_provenance_leads_to_no_other_folder(copy: Path) -> None:
    """It is a file that somebody sent: nothing is written, or looked for, where it says."""
    beside = copy / "r.md.provenance.json"
    told = json.loads(beside.read_text())
    out = copy / "deep" / "elsewhere.md"
    out.parent.mkdir()
    told["result"]["file"] = str(out)
    told["log"][0]["file"] = str(copy / "tickets.jsonl")
    beside.write_text(json.dumps(told))
    found = run("verify", copy / "r.md")
    assert found.exit_code == 1, found.output
    assert "the provenance is not as it was written" in found.stderr
    assert not list(out.parent.iterdir())
    told["log"][0]["file"] = "../copy/deep/tickets.jsonl"
    shutil.move(copy / "tickets.jsonl", copy / "deep")
    beside.write_text(json.dumps(told))
    assert run("verify", copy / "r.md").exit_code == 2


@pytest.mark.parametrize(
    ("name", "said"), [("r.doc", "follows from how its file ends"), ("r", "follows from how its file ends")]
)
def test_an_unknown_format_is_a_fault(kept: Path, name: str, said: str) -> None:
    found = run(
        *("report", "--contract", "poly", "--agreements", DESK / "agreement.yaml"),
        *("--tickets", DESK / "tickets.jsonl", "-o", kept / name),
    )
    assert found.exit_code == 2
    assert said in found.output


def test_an_input_is_never_written_over(copy: Path) -> None:
    shutil.copy(copy / "tickets.jsonl", copy / "log.json")
    found = run(
        *("report", "--contract", "poly", "--agreements", copy / "agreement.yaml"),
        *("--tickets", copy / "log.json", "-o", copy / "log.json"),
    )
    assert found.exit_code == 2
    assert "overwrite" in found.output
