"""`servanda review` on the command line: exit codes, faults, the file whole or not at all, the same bytes anywhere."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from checker.audit.library import fixtures, policies
from checker.cli.main import main
from tests.house.tree import ROOT

ONE = ("--clause", "*.licence-activation", "--time-limit", "120")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["review", *arguments])


def longer(folder: Path) -> Path:
    """A contract that gives five working days instead of three, in a folder."""
    target = folder / "cloudorama"
    shutil.copytree(policies() / "cloudorama", target)
    for file in target.glob("*.contract"):
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("within 3 working days", "within 5 working days"), "utf-8")
    return target


def log() -> tuple[str, ...]:
    desk = fixtures() / "cloudorama-desk"
    return ("--over", str(desk / "tickets.jsonl"), "--agreements", str(desk / "agreement.yaml"))


def test_different_is_one_and_the_same_bytes_anywhere(tmp_path: Path) -> None:
    """Another folder, time zone, locale, hash seed and process."""
    first, second = tmp_path / "a", tmp_path / "elsewhere" / "b"
    for folder in (first, second):
        folder.mkdir(parents=True)
        longer(folder)
    done = run("cloudorama", str(first / "cloudorama"), *ONE, *log(), "-o", str(first / "page.html"))
    assert done.exit_code == 1, done.output
    assert "different: customer stricter; microsoft equivalent; provider laxer" in done.stdout
    environment = os.environ | {
        "TZ": "Pacific/Auckland",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "77",
        "PYTHONPATH": str(ROOT),
    }
    script = "from checker.cli.main import main; main()"
    asked = ["review", "cloudorama", "cloudorama", *ONE, *log(), "-o", "page.html"]
    asked[2] = "./cloudorama"
    other = subprocess.run(
        [sys.executable, "-c", script, *asked], cwd=second, env=environment, capture_output=True, check=False
    )
    assert other.returncode == 1, other.stderr
    assert (first / "page.html").read_bytes() == (second / "page.html").read_bytes()
    assert sorted(p.name for p in first.iterdir()) == ["cloudorama", "page.html"]


def test_equivalent_is_zero(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    done = run("poly", "poly", "--lang", "pl", "-o", str(page))
    assert done.exit_code == 0, done.output
    assert "Warianty są równoważne" in page.read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("poly", "nothing-such"), "no such contract"),
        (("poly", "poly", "--clause", "none.*"), "no clause of either variant matches"),
        (("poly", "poly", "--over", "x.jsonl"), "a log is judged under agreements"),
        (("poly", "poly", "--as-of", "2026-01-01T00:00:00Z"), "there is no log to judge"),
        (("poly", "poly", "--over", "x.jsonl", "--agreements", "y.yaml"), "y.yaml"),
    ],
)
def test_a_fault_is_two_and_leaves_the_page_alone(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.write_text("as it was")
    done = run(*arguments, "-o", str(page))
    assert done.exit_code == 2
    assert words in done.stderr
    assert page.read_text() == "as it was"
    assert list(tmp_path.iterdir()) == [page]


def test_what_cannot_be_a_page(tmp_path: Path) -> None:
    assert "a review is a page of HTML" in run("poly", "poly", "-o", str(tmp_path / "page.pdf")).stderr
    assert "there is no such folder" in run("poly", "poly", "-o", str(tmp_path / "no" / "page.html")).stderr
    variant = longer(tmp_path) / "sla.contract"
    linked = tmp_path / "sla.html"
    linked.symlink_to(variant)
    done = run("cloudorama", str(variant), "-o", str(linked))
    assert done.exit_code == 2
    assert "this would overwrite an input" in done.stderr


def test_a_draft_with_other_words_than_its_definitions(tmp_path: Path) -> None:
    """A file of Polish words that names what the draft has left out does not stand in the way."""
    draft = longer(tmp_path)
    words = draft / "words.pl.yaml"
    words.write_text(
        words.read_text("utf-8").replace("definitions:\n", "definitions:\n  left-out: pominięte\n", 1),
        "utf-8",
    )
    done = run("cloudorama", str(draft), *ONE, "-o", str(tmp_path / "page.html"))
    assert done.exit_code == 1, done.output
