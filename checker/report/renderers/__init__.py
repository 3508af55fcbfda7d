"""Renderers of reports: one file for each format. A renderer is a module with a function

    render(report: Report, words: Words, out: Sink) -> None

that writes the whole report to `out`, as bytes. It shows the figures as they are and computes none; every word that a reader sees comes
from `words`; it names no path, no clock of its own, and goes through sets in an order. `NEEDS` says which libraries it needs beyond the
core, as names to import; the extra `report` has them.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final, Protocol, cast

from checker.record.flaws import did_you_mean
from checker.record.model import Fault, Place
from checker.render.rows import Sink
from checker.report.rows import Report
from checker.report.words import Words

BY_SUFFIX: Final = {
    ".html": "html",
    ".xlsx": "xlsx",
    ".pdf": "pdf",
    ".json": "json",
    ".md": "markdown",
    ".sarif": "sarif",
}
"""The module of each format, by how its files end."""


class Renderer(Protocol):
    """What writes a format."""

    NEEDS: tuple[str, ...]

    def render(self, report: Report, words: Words, out: Sink) -> None:
        """Write a report."""


def formats() -> list[str]:
    """How the files end that can be written."""
    return [end for end, name in BY_SUFFIX.items() if find_spec(f"{__name__}.{name}") is not None]


def renderer_of(path: Path) -> Renderer:
    """The renderer for a file, by how it ends.

    Raises:
        Fault: there is none, or a library that it needs is not installed.
    """
    known = formats()
    end = path.suffix.lower()
    if end not in known:
        hint = did_you_mean(end, known) or f"name a file that ends with one of {', '.join(known)}"
        raise Fault(
            Place("--output"), "the format of a report follows from how its file ends", path.name, hint
        )
    made, lacking = _made(BY_SUFFIX[end])
    if lacking:
        raise Fault(
            Place("--output"),
            f"a report as {end} needs {' and '.join(lacking)}",
            "not installed",
            "install it: pip install 'servanda[report]', or write .json or .md",
        )
    return cast("Renderer", made)


def _made(name: str) -> tuple[Any, list[str]]:
    """The module of a format, and the libraries that it needs and that are not there."""
    try:
        made = import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library in ("", "checker", "dsl"):
            raise
        return None, [library]
    return made, [each for each in made.NEEDS if find_spec(each) is None]
