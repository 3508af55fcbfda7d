"""Terminal transcripts in documents: finding them, running them, comparing what they print.

A transcript is a fenced block of the kind `console`: lines that begin with `$ ` are commands, the lines below
one are what it prints (both streams). A command must exit 0, unless the next one is `echo $?`, which then
states its exit code. A line `...` stands for any number of lines.
"""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.house.tree import ROOT

# Words that may begin a command of a transcript that is run; others only show what a reader may type.
RUN = frozenset({"servanda", "cat", "head", "tail", "echo", "ls", "mkdir"})
FENCE = re.compile(
    r"^(?P<fence>```+|~~~+)(?P<kind>[\w-]*)[^\n]*\n(?P<body>.*?)^(?P=fence)\s*$", re.MULTILINE | re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Step:
    """One command of a transcript, and the lines that it prints."""

    command: str
    printed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transcript:
    """The commands of one fenced block, and the line of the document on which it begins."""

    line: int
    steps: tuple[Step, ...]

    @property
    def runs(self) -> bool:
        """Whether every command of it may be run here."""
        return all(step.command.partition(" ")[0] in RUN for step in self.steps)


def blocks(text: str, kind: str) -> Iterator[tuple[int, str]]:
    """Line of the opening fence, and body, of every fenced block of a kind."""
    for found in FENCE.finditer(text):
        if found["kind"] == kind:
            yield text.count("\n", 0, found.start()) + 1, found["body"]


def transcripts(text: str) -> Iterator[Transcript]:
    """Every transcript of a document, in order."""
    for line, body in blocks(text, "console"):
        steps: list[tuple[str, list[str]]] = []
        for shown in body.splitlines():
            if steps and steps[-1][0].endswith("\\") and not steps[-1][1]:
                steps[-1] = (steps[-1][0][:-1].rstrip() + " " + shown.removeprefix(">").strip(), [])
            elif shown.startswith("$ "):
                steps.append((shown[2:].strip(), []))
            elif steps:
                steps[-1][1].append(shown)
        yield Transcript(line, tuple(Step(command, tuple(printed)) for command, printed in steps))


def matches(stated: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether lines are as stated; trailing blanks and blank lines at the end do not count."""
    pattern = "".join(
        ".*" if line.strip() == "..." else re.escape(line.rstrip()) + "\n" for line in _trim(stated)
    )
    return (
        re.fullmatch(pattern, "".join(line.rstrip() + "\n" for line in _trim(printed)), re.DOTALL) is not None
    )


def _trim(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    while kept and not kept[-1].strip():
        kept.pop()
    return kept


def workplace(folder: Path) -> dict[str, str]:
    """Ready a folder for running transcripts, with the checkout's data in it; returns the environment."""
    for name in ("fixtures", "policies", "docs"):
        if (ROOT / name).is_dir():
            (folder / name).symlink_to(ROOT / name, target_is_directory=True)
    binaries = folder / ".bin"
    binaries.mkdir()
    command = binaries / "servanda"
    command.write_text(
        f"#!{sys.executable}\nimport sys\nsys.path.insert(0, {str(ROOT)!r})\nsys.argv[0] = 'servanda'\n"
        "from checker.cli.main import main\nsys.exit(main())\n"
    )
    command.chmod(0o755)
    path = os.pathsep.join([str(binaries), os.environ.get("PATH", os.defpath)])
    home = {"HOME": str(folder), "PATH": path, "COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    return home | {"LC_ALL": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"}


def differences(transcript: Transcript, folder: Path, environment: dict[str, str]) -> list[str]:
    """Run a transcript; one text for every command that printed or exited otherwise than stated."""
    found: list[str] = []
    steps = transcript.steps
    last = 0
    for number, step in enumerate(steps):
        if step.command == "echo $?":
            printed, last = [str(last)], 0
        else:
            done = subprocess.run(
                ["sh", "-c", step.command],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            printed, last = done.stdout.splitlines(), done.returncode
        if not matches(step.printed, printed):
            found.append("\n".join([f"$ {step.command}", "stated:", *step.printed, "printed:", *printed]))
        stated_next = number + 1 < len(steps) and steps[number + 1].command == "echo $?"
        if last and not stated_next:
            found.append(f"$ {step.command}\nexit {last}, which the document does not state")
    return found
