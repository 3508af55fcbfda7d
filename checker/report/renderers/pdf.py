"""A report on paper: an audit working paper as PDF, set by Typst, tagged for screen readers (PDF/UA-1) and fit for archives (PDF/A-2a).

The template is our own and fixed; all that a log or a contract says comes to it as data. Fonts are those that travel with Typst and with
Matplotlib, the instant of creation is that of the audit, so the bytes depend on the report and the libraries alone.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Mapping
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any, Final

import typst

from checker.render.rows import Sink
from checker.report.pictures import Picture
from checker.report.pictures.canvas import FONTS
from checker.report.renderers.pdf_blocks import Paper
from checker.report.rows import Report
from checker.report.words import Words

NEEDS: Final = ("typst", "matplotlib")
STANDARDS: Final = ("ua-1", "a-2a")


def render(report: Report, words: Words, out: Sink) -> None:
    """Write it."""
    paper = Paper(report, words)
    out.write(made_of(paper.data(), paper.pictures, datetime.fromisoformat(report.figures.scope.audited_at)))


def made_of(data: Mapping[str, Any], pictures: Mapping[str, Picture], at: datetime) -> bytes:
    """The PDF of what the template asks for (`Paper.data`) and the pictures that it names, as of an instant."""
    with tempfile.TemporaryDirectory(prefix="servanda-pdf-") as made:
        folder = Path(made)
        template = resources.files("checker.report").joinpath("paper", "report.typ")
        (folder / "report.typ").write_bytes(template.read_bytes())
        (folder / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        for name, picture in pictures.items():
            (folder / name).write_text(picture.svg, encoding="utf-8")
        return _set(folder, at)


def _set(folder: Path, at: datetime) -> bytes:
    """The PDF of what lies in a folder, which is all that the template can read."""
    (fonts := folder / "fonts").mkdir()
    for font in sorted(FONTS.glob("DejaVuSans*.ttf")):
        shutil.copyfile(font, fonts / font.name)
    known: Any = typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=[str(fonts)])
    done: Any = typst.compile(
        str(folder / "report.typ"),
        root=str(folder),
        font_paths=known,
        ignore_system_fonts=True,
        package_path=str(folder),
        package_cache_path=str(folder),
        format="pdf",
        pdf_standards=list(STANDARDS),
        timestamp=at.astimezone(UTC),
    )
    return bytes(done)
