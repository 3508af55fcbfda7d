"""Each room imports only the rooms before it, and only the libraries that it was given."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tree import ROOT, modules, place

OURS = frozenset({"dsl", "checker"})
# Libraries a room may import; the longest matching folder counts. `tzdata` is read as package data.
LIBRARIES: dict[str, frozenset[str]] = {
    "dsl": frozenset({"lark", "yaml", "holidays"}),
    "checker": frozenset(),
    "checker/clock": frozenset({"holidays", "tzdata"}),
    # pyarrow is an extra: imported where it is needed, and a clear fault where it is not installed.
    "checker/record": frozenset({"yaml", "jsonschema", "pyarrow"}),
    "checker/interpret": frozenset(),
    # NumPy is an extra, too; pyarrow is for what is read from files.
    "checker/columnar": frozenset({"numpy", "pyarrow"}),
    "checker/batch": frozenset({"numpy", "pyarrow"}),
    "checker/spark": frozenset({"numpy", "pyarrow", "pyspark", "py4j"}),
    "checker/compare": frozenset({"yaml"}),
    "checker/recheck": frozenset({"holidays"}),
    # The libraries of the formats are an extra.
    "checker/report": frozenset(
        {"numpy", "yaml", "jinja2", "markupsafe", "matplotlib", "typst", "xlsxwriter"}
    ),
    "checker/render": frozenset({"rich"}),
    "checker/cli": frozenset({"click", "rich", "yaml", "jsonschema"}),
}

# The engine reads the checked contract, never its text: the plain-data side of `dsl`.
CHECKED_CONTRACT = frozenset({"codec", "contract", "define", "phrase"})
# What the other rooms may see of the interpreter: its results. Only the command line and the audit run it.
RESULTS = frozenset({"verdicts"})
# Rooms that join the others together, and may see all of them; the columns have the interpreter for what they cannot hold.
JOINING = (
    "checker/cli",
    "checker/audit",
    "checker/columnar",
    "checker/batch",
    "checker/spark",
    "checker/compare",
    "checker/report",
)


def imported(source: str) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every absolute import in a module; `from a import b` gives `a.b`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)


def in_room(path: str, room: str) -> bool:
    """Whether a module (a path from the root) belongs to a room (a folder)."""
    return path.startswith(room + "/")


def allowed(path: str) -> frozenset[str]:
    """The libraries that the room of a module may import."""
    return LIBRARIES[max((room for room in LIBRARIES if in_room(path, room)), key=len)]


def foreign(path: str, source: str) -> list[tuple[int, str]]:
    """Imports of a module that are neither the standard library's, nor ours, nor given to its room."""
    known = sys.stdlib_module_names | OURS | allowed(path)
    tops = ((line, name.partition(".")[0]) for line, name in imported(source))
    return sorted({(line, top) for line, top in tops if top not in known})


def hidden(path: str, source: str) -> list[tuple[int, str]]:
    """Imports of a module that reach into what another room keeps to itself."""
    if not in_room(path, "checker") or any(in_room(path, room) for room in JOINING):
        return []
    found: list[tuple[int, str]] = []
    for line, name in imported(source):
        match name.split("."):
            case ["dsl", part, *_] if part not in CHECKED_CONTRACT:
                found.append((line, name))
            case ["checker", "interpret", part, *_] if part not in RESULTS:
                if not in_room(path, "checker/interpret"):
                    found.append((line, name))
    return found


def test_each_room_imports_only_its_libraries() -> None:
    found = [
        f"{place(path, line)}: {name}"
        for path in modules("dsl", "checker")
        for line, name in foreign(place(path), path.read_text())
    ]
    assert not found


def test_no_room_reaches_into_another() -> None:
    found = [
        f"{place(path, line)}: {name}"
        for path in modules("checker")
        for line, name in hidden(place(path), path.read_text())
    ]
    assert not found


@pytest.mark.parametrize(
    ("path", "source", "names"),
    [
        ("checker/interpret/a.py", "from dsl import contract, parser", ["dsl.parser"]),
        ("checker/interpret/a.py", "from checker.interpret import judge", []),
        ("checker/render/a.py", "from checker.interpret.verdicts import Verdict", []),
        ("checker/render/a.py", "from checker.interpret.judge import run", ["checker.interpret.judge.run"]),
        ("checker/audit/cases.py", "import checker.interpret.judge\nfrom dsl.check import check", []),
        ("dsl/check.py", "from dsl.parser import parse", []),
    ],
)
def test_reaching_in_is_found(path: str, source: str, names: list[str]) -> None:
    assert [name for _, name in hidden(path, source)] == names


@pytest.mark.parametrize(
    ("path", "source", "names"),
    [
        ("dsl/parser.py", "import lark.lexer\nimport click", ["click"]),
        ("checker/clock/a.py", "from holidays import PL\nfrom yaml import load", ["yaml"]),
        (
            "checker/api.py",
            "from . import x\nfrom json import loads\ndef f():\n    import numpy.linalg",
            ["numpy"],
        ),
    ],
)
def test_foreign_imports_are_found(path: str, source: str, names: list[str]) -> None:
    assert [name for _, name in foreign(path, source)] == names


def test_import_rules_hold() -> None:
    """The contracts of `[tool.importlinter]` in pyproject.toml."""
    script = "import sys; from importlinter.cli import lint_imports_command as run; run()"
    done = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_every_room_is_a_package() -> None:
    """A folder with modules but no `__init__.py` would be left unchecked by the import rules."""
    folders: set[Path] = {path.parent for path in modules("dsl", "checker")}
    assert [place(folder) for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []
