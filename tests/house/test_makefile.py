"""The Makefile: its help, its words for an old Python, and what an audit's exit code means to it."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.house.tree import ROOT

MAKEFILE = (ROOT / "Makefile").read_text()

pytestmark = pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", "--no-print-directory", *arguments],
        cwd=ROOT,
        env=kept | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        check=False,
    )


def script(path: Path, text: str) -> Path:
    path.write_text("#!/bin/sh\n" + text + "\n")
    path.chmod(0o755)
    return path


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """An environment that looks installed, with a `servanda` that writes the file PROOF names (or none) and exits as
    the environment variable SAYS.
    """
    binaries = tmp_path / "venv" / "bin"
    binaries.mkdir(parents=True)
    row = '{"agreement": "a", "ticket": "%s", "clause": "c", "verdict": "%s"}'
    proof = " ".join(f"'{row % pair}'" for pair in (("T-1", "met"), ("T-2", "breached")))
    lines = [
        f'echo "$@" >> {tmp_path}/calls',
        f'while [ $# -gt 0 ]; do [ "$1" = -o ] && [ -n "$PROOF" ] && printf "%s\\n" {proof} > "$2"; shift; done',
        'exit "$SAYS"',
    ]
    script(binaries / "servanda", "\n".join(lines))
    for stamp in (".made", ".runtime", ".dev"):
        (binaries.parent / stamp).touch()
    return tmp_path


def test_help_lists_every_target() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    listed = re.findall(r"^  make ([a-z-]+) +\S", make("help").stdout, re.MULTILINE)
    assert sorted(listed) == sorted(phony[1].split())


def test_help_is_the_default() -> None:
    assert make().stdout == make("help").stdout


@pytest.mark.parametrize("target", ["audit", "test"])
def test_an_old_python_is_named(tmp_path: Path, target: str) -> None:
    old = script(tmp_path / "python3", '[ "$1" = --version ] && echo Python 3.9.2 || exit 1')
    done = make(target, f"PYTHON={old}", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr
    assert "is Python 3.9.2" in done.stderr
    assert not (tmp_path / "venv").exists()


def test_a_missing_python_is_named(tmp_path: Path) -> None:
    done = make("audit", f"PYTHON={tmp_path}/none", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert "needs Python 3.11 or newer" in done.stderr


@pytest.mark.parametrize(
    ("says", "ran"), [(0, True), (1, True), (2, False), (3, True), (4, True), (139, False)]
)
def test_an_audit_that_ran_succeeds(
    sample: Path, monkeypatch: pytest.MonkeyPatch, says: int, ran: bool
) -> None:
    monkeypatch.setenv("SAYS", str(says))
    monkeypatch.setenv("PROOF", "yes")
    done = make("audit", f"VENV={sample}/venv", f"OUT={sample}/out", "SAMPLES=one-desk two-desk")
    calls = (sample / "calls").read_text().splitlines()
    files = "--agreements fixtures/one-desk/agreement.yaml --tickets fixtures/one-desk/tickets.jsonl"
    assert calls[0].startswith(f"check --contract one {files}")
    assert done.returncode == (0 if ran else 2)
    assert (f"{sample}/out/one-desk.jsonl" in done.stdout) is ran
    assert (f"{sample}/out/two-desk.jsonl.provenance.json" in done.stdout) is ran
    assert (f"servanda explain --contract one {files} --ticket T-2\n" in done.stdout) is ran
    assert (f"(exit {says})" in done.stderr) is not ran


def test_an_audit_without_proof_fails(sample: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that breaks off ends with 1, as an audit with a breach does; the proof of an earlier run is none."""
    (sample / "out").mkdir()
    (sample / "out" / "one-desk.jsonl").write_text("{}\n")
    monkeypatch.setenv("SAYS", "1")
    monkeypatch.setenv("PROOF", "")
    done = make("audit", f"VENV={sample}/venv", f"OUT={sample}/out", "SAMPLES=one-desk")
    assert done.returncode == 2
    assert "left no proof" in done.stderr
    assert "explain" not in done.stdout


def test_the_bundled_samples_are_found() -> None:
    """Every folder of the fixtures with a log and its agreements, and no other."""
    planned = make("--dry-run", "audit", "VENV=v").stdout
    found = re.search(r"^for sample in (.*); do", planned, re.MULTILINE)
    assert found
    desks = {path.parent.name for path in (ROOT / "fixtures").glob("*/tickets.jsonl")}
    assert set(found[1].split()) == desks
    assert len(desks) > 1


def test_an_audit_of_nothing_fails(sample: Path) -> None:
    done = make("audit", f"VENV={sample}/venv", f"OUT={sample}/out", "SAMPLES=")
    assert done.returncode != 0
    assert "no sample histories" in done.stderr


def stamp_anew(environment: Path) -> None:
    """Make the stamps newer than all that they depend on."""
    asked = [ROOT / "pyproject.toml", *(ROOT / "requirements").iterdir()]
    newest = max(path.stat().st_mtime for path in asked)
    for step, stamp in enumerate((".made", ".runtime", ".dev"), start=1):
        os.utime(environment / stamp, (newest + step, newest + step))


def test_set_up_is_not_repeated(sample: Path) -> None:
    stamp_anew(sample / "venv")
    assert "install" not in make("--dry-run", "test", f"VENV={sample}/venv").stdout


@pytest.mark.parametrize("changed", ["requirements/runtime.txt", "requirements/dev.txt", "pyproject.toml"])
def test_set_up_follows_its_requirements(sample: Path, changed: str) -> None:
    stamp_anew(sample / "venv")
    planned = make("--dry-run", f"--what-if={changed}", "test", f"VENV={sample}/venv").stdout
    assert "-r requirements/dev.txt" in planned


def test_ci_runs_what_the_reader_runs() -> None:
    """`.ci/run` calls `make check`, and that runs the tests by the same recipe as `make test`."""
    assert re.search(r"^make (?:--keep-going )?check\b", (ROOT / ".ci" / "run").read_text(), re.MULTILINE)
    recipe = make("--dry-run", "test", "VENV=v").stdout.splitlines()[-1]
    assert "pytest" in recipe
    assert make("--dry-run", "check", "VENV=v").stdout.splitlines()[-1] == recipe
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
