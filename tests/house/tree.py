"""The files of the checkout, as the house tests see them."""

import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# What the tools make: left out where the tree is no git checkout (an unpacked archive).
MADE = {"build", "dist", "__pycache__", "node_modules"}


@cache
def tree_files() -> tuple[Path, ...]:
    """Every file of the project, tracked or about to be, as absolute paths in order."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode == 0:
        found = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    else:
        found = [path for path in ROOT.rglob("*") if not _made(path.relative_to(ROOT))]
    return tuple(sorted({path for path in found if path.is_file()}))


def _made(path: Path) -> bool:
    """Whether a tool made this: a cache, an environment, a build (hidden `.ci` is ours)."""
    return any(part in MADE or (part.startswith(".") and part not in KEPT) for part in path.parts)


KEPT = {".ci", ".gitignore"}


def text_files() -> Iterator[tuple[Path, str]]:
    """Every file that is UTF-8 text, with its text."""
    for path in tree_files():
        data = path.read_bytes()
        if b"\0" in data:
            continue
        try:
            yield path, data.decode()
        except UnicodeDecodeError:
            continue


def modules(*rooms: str) -> Iterator[Path]:
    """Every Python module in the named top-level folders."""
    for path in tree_files():
        if path.suffix == ".py" and path.relative_to(ROOT).parts[0] in rooms:
            yield path


def place(path: Path, line: int | None = None) -> str:
    """How a finding names its place: `folder/file:line`."""
    shown = path.relative_to(ROOT).as_posix()
    return shown if line is None else f"{shown}:{line}"
