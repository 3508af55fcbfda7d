"""What a command loads before it works, and that it works on the text as it stands now."""

import subprocess
import sys
from pathlib import Path

import pytest

from checker.audit.library import CACHE, contract_names, fixtures
from checker.cli.main import Later, main
from tests.checker.cli.desk import BREACHED, Desk, servanda
from tests.house.tree import ROOT

DEAR = ("dsl.check", "holidays", "jsonschema", "lark", "numpy", "pyarrow", "rich", "yaml")
"""What takes long to load."""


def loaded(*arguments: str, **environment: str) -> set[str]:
    """Which of the dear modules a command has loaded when it ends."""
    code = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print(*[m for m in {DEAR!r} if m in sys.modules], file=sys.stderr))\n"
        f"sys.argv = ['servanda', *{list(arguments)!r}]\n"
        "from checker.cli.main import main\n"
        "main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return set(done.stderr.splitlines()[-1].split())


def test_a_command_is_listed_as_it_says_itself() -> None:
    listed = [c for c in main.commands.values() if isinstance(c, Later)]
    assert len(listed) == len(main.commands) > 1
    for command in listed:
        itself = command.loaded()
        assert itself.name == command.name
        assert itself.short_help == command.short_help


def test_a_command_that_there_is_not_is_a_fault_with_the_nearest() -> None:
    found = servanda("chek")
    assert found.code == 2
    assert "check" in found.err


@pytest.mark.parametrize("arguments", [("--help",), ("--version",)])
def test_the_list_of_commands_loads_none_of_them(arguments: tuple[str, ...]) -> None:
    assert loaded(*arguments) == set()


def test_a_check_of_a_kept_contract_loads_what_it_needs(tmp_path: Path) -> None:
    name = contract_names()[0]
    desk = fixtures() / f"{name}-desk"
    arguments = ("check", "--contract", name, "--agreements", str(desk / "agreement.yaml"))
    arguments = (*arguments, "--tickets", str(desk / "tickets.jsonl"), "--format", "jsonl")
    cache = {CACHE: str(tmp_path / "own")}
    assert {"lark", "dsl.check"} <= loaded(*arguments, **cache)
    assert loaded(*arguments, **cache) == {"holidays", "yaml"}


def test_a_contract_that_changes_between_two_audits_is_judged_as_it_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = desk.folder / "own"
    monkeypatch.setenv(CACHE, str(own))
    text = desk.contract.read_text(encoding="utf-8")
    longer = text.replace("within 2 hours of opening", "within 4 hours of opening")
    assert longer != text
    verdicts = []
    for now in (text, text, longer, longer, text):
        desk.contract.write_text(now, encoding="utf-8")
        found = desk.check(BREACHED, "--format", "jsonl", "--clause", "desk.response")
        verdicts += [row["verdict"] for row in found.rows]
    assert verdicts == ["breached", "breached", "met", "met", "breached"]
    # Both contracts; the vocabulary was read before.
    assert len([file for file in own.iterdir() if b'"is":"Contract"' in file.read_bytes()]) == 2
