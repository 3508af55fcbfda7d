"""`servanda compare` on the command line: exit codes, formats, a log, and faults."""

from __future__ import annotations

import json
from pathlib import Path

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
