"""`servanda compare` on the command line: exit codes, formats, a log, and faults."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from checker.audit.library import fixtures, policies
from checker.cli.main import main


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["compare", *arguments])


@pytest.fixture
def longer(tmp_path: Path) -> str:
    """A contract that gives five working days instead of three."""
    folder = tmp_path / "cloudorama"
    folder.mkdir()
    for file in (policies() / "cloudorama").glob("*.contract"):
        text = file.read_text(encoding="utf-8")
        (folder / file.name).write_text(
            text.replace("within 3 working days", "within 5 working days"), "utf-8"
        )
    return str(folder)


def test_equivalent_is_zero() -> None:
    done = run("poly", "poly")
    assert done.exit_code == 0
    assert "EQUIVALENT: 29 same" in done.stdout


def test_different_is_one_and_says_for_whom(longer: str) -> None:
    done = run("cloudorama", longer, "--clause", "*.licence-activation")
    assert done.exit_code == 1
    assert "for the customer: stricter" in done.stdout
    assert "- the provider shall have licence_activated within 3 working days" in done.stdout
    assert "+ the provider shall have licence_activated within 5 working days" in done.stdout


def test_a_log_shows_what_flips(longer: str) -> None:
    desk = fixtures() / "cloudorama-desk"
    log = ("--over", str(desk / "tickets.jsonl"), "--agreements", str(desk / "agreement.yaml"))
    done = run("cloudorama", longer, *log, "--format", "json")
    assert done.exit_code == 1
    effect = json.loads(done.stdout)["effect"]
    assert effect["tickets"] > 0
    for row in effect["clauses"]:
        assert row["flips"] == sum(len(by["tickets"]) for by in row["by"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("poly", "nothing-such"), "no such contract"),
        (("poly", "poly", "--clause", "none.*"), "no clause of either variant matches"),
        (("poly", "poly", "--over", "x.jsonl"), "a log is judged under agreements"),
        (("poly", "poly", "--as-of", "2026-01-01T00:00:00Z"), "there is no log to judge"),
    ],
)
def test_faults_are_two(arguments: tuple[str, ...], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_page_is_written_to_a_file(tmp_path: Path, longer: str) -> None:
    page = tmp_path / "page.html"
    done = run("cloudorama", longer, "--clause", "*.licence-activation", "--format", "html", "-o", str(page))
    assert done.exit_code == 1, done.output
    assert page.read_text(encoding="utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "html"), "name it: -o FILE.html"),
        (("-o", "x.html"), "or ask for --format html"),
        (("--format", "html", "-o", "x.txt"), "name a file that ends with .html"),
    ],
)
def test_a_format_and_its_file_go_together(arguments: tuple[str, ...], said: str) -> None:
    done = run("poly", "poly", *arguments)
    assert done.exit_code == 2
    assert said in done.stderr


def test_a_file_that_cannot_be_written_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    target = tmp_path / "gone" / "x.html"
    target.parent.mkdir()
    asked = ("poly", "poly", "--clause", "poly.region.*", "--format", "html", "-o", str(target))
    real = Path(target.parent)
    real.chmod(0o555)
    if os.access(real, os.W_OK):
        # Whoever may write anywhere: a folder in which nobody may.
        asked = (*asked[:-1], "/proc/x.html")
    done = run(*asked)
    real.chmod(0o755)
    assert done.exit_code == 2
    assert f"error: {asked[-1]}: " in done.stderr


def test_a_fault_in_a_contract_names_its_file_from_here(tmp_path: Path) -> None:
    file = tmp_path / "draft" / "one.contract"
    file.parent.mkdir()
    file.write_text('servanda 1\ncontract draft "A draft"\n  provider 7\n', "utf-8")
    for given in (file, file.parent):
        done = run("poly", str(given))
        assert done.exit_code == 2
        assert f"{file}:3:12: error[E103]" in done.stderr
        assert "3 |   provider 7" in done.stderr


@pytest.mark.parametrize("command", ["compare", "analyse", "lint"])
def test_what_the_keyboard_interrupts_is_no_answer(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(
        "checker.cli.main.Later.loaded", lambda self: click.Command(command, callback=interrupted)
    )
    done = CliRunner().invoke(main, [command])
    assert done.exit_code == 130
    assert done.stderr == "interrupted by SIGINT\n"


def test_contracts_of_two_names_are_said_to_be_two() -> None:
    done = run("poly", "infor", "--clause", "poly.region.*")
    assert "these are two contracts, not two variants of one" in done.stdout
    assert "two contracts" not in run("poly", "poly").stdout
