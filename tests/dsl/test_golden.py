"""Broken contracts: each gives one clear cause, at its place, with what was found and what would be right.

`golden/NAME.contract` (or a folder of such files) is broken in one way; `golden/NAME.expected` is what the command
says of it. `SERVANDA_UPDATE_GOLDEN=1` writes the latter anew.
"""

import os
import re
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

from checker.cli.main import main
from dsl.diagnostics import CODES

GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(p.stem for p in GOLDEN.iterdir() if p.suffix == ".contract" or p.is_dir())
SEVERAL = {"several-faults"}
"""Contracts with more than one fault: each is reported."""


def said(name: str) -> str:
    """What the command says of a broken contract, and that it says it as it should."""
    file = name if (GOLDEN / name).is_dir() else f"{name}.contract"
    with chdir(GOLDEN):
        done = CliRunner().invoke(main, ["show", file])
    assert done.exit_code == 2, done.output
    assert isinstance(done.exception, SystemExit)
    assert done.stdout == ""
    return done.stderr


@pytest.mark.parametrize("name", NAMES)
def test_a_broken_contract_gives_one_clear_cause(name: str) -> None:
    text = said(name)
    path = GOLDEN / f"{name}.expected"
    if os.environ.get("SERVANDA_UPDATE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text(encoding="utf-8")
    assert "Traceback" not in text
    heads = re.findall(r"^([\w./-]+):(\d+):(\d+): error\[(E\d{3})\]: (.+)$", text, re.MULTILINE)
    remedies = re.findall(r"^  help: (.+)$", text, re.MULTILINE)
    assert len(heads) == len(remedies) >= 1
    assert len(heads) == 1 or name in SEVERAL
    assert {code for _, _, _, code, _ in heads} <= CODES.keys()
    assert text.rstrip().endswith("the contract cannot be used")


def test_the_place_is_that_of_the_text_shown() -> None:
    """The line shown is the line of the file, and the carets stand below something on it."""
    for name in NAMES:
        path = GOLDEN / f"{name}.contract"
        if not path.is_file():
            continue
        shown = (GOLDEN / f"{name}.expected").read_text(encoding="utf-8")
        lines = [
            "".join(c if c.isprintable() or c == "\t" else "\ufffd" for c in line.removesuffix("\r"))
            for line in path.read_bytes().decode("utf-8", "replace").split("\n")
        ]
        for number, text in re.findall(r"^  (\d+) \| (.*)$", shown, re.MULTILINE):
            assert text in lines[int(number) - 1], name


def test_every_expected_text_has_its_contract() -> None:
    assert sorted(p.stem for p in GOLDEN.glob("*.expected")) == NAMES
    assert len(NAMES) >= 20


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("misspelt-lead-of-a-line", 'did you mean "where"?'),
        ("misspelt-gate", 'did you mean "provided"?'),
        ("misspelt-group", 'did you mean "all"?'),
        ("misspelt-weekday", 'did you mean "friday"?'),
        ("misspelt-name", 'did you mean "answer"?'),
        ("misspelt-event", 'did you mean "ticket_opened"?'),
        ("misspelt-fact", 'did you mean "fees_paid"?'),
        ("party-without-article", "write `the provider`"),
        ("zone-that-is-none", 'did you mean "Europe/Warsaw"?'),
        ("zone-by-its-city", 'did you mean "Europe/Warsaw"?'),
        ("country-that-is-none", 'did you mean "PL"?'),
        ("country-by-another-code", 'did you mean "GB"?'),
        ("country-in-small-letters", 'did you mean "PL"?'),
    ],
)
def test_a_misspelling_gets_the_word_that_was_meant(name: str, remedy: str) -> None:
    assert f"help: {remedy}" in said(name)
