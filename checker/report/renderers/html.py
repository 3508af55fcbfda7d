"""A report as one HTML page: no network, nothing loaded from outside, readable from disk, on paper and without scripts.

The figures, the pictures and the first findings stand in the page's text. All findings, up to what a page can hold, lie in it packed
(`html_pack`); its script (`page/*.js`) unpacks them, sifts, sorts and pages them, and opens explanations.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any, Final

from markupsafe import Markup

from checker.render.rows import Sink
from checker.report.pages import HOUSE, Note, environment, file, island, policy, program
from checker.report.pictures import stylesheet, timeline
from checker.report.renderers.html_pack import Packed, packed
from checker.report.renderers.html_view import View
from checker.report.rows import Report
from checker.report.words import Words

NEEDS: Final = ("jinja2", "matplotlib")

SCRIPTS: Final = ("base", "data", "state", "table", "proof", "detail", "main")
_PACKAGE: Final = "checker.report.renderers"
_FOLDER: Final = "page"
_SHIPPED: Final = (
    "count.",
    "column.",
    "findings.",
    "html.",
    "level.",
    "month_of_date.",
    "month.",
    "none",
    "party.",
    "picture.",
    "sign.",
    "strength.",
    "unit.",
    "verdict.",
    "verdict_means.",
    "yes",
    "no",
)
"""The words that the script has, by how their keys begin."""


def render(report: Report, words: Words, out: Sink) -> None:
    """Write it."""

    def note(n: int) -> str:
        return words("html.more_characters", n)

    def draw(number: int, line: Mapping[str, Any]) -> str:
        picture = timeline(line, words, f"t{number}", words("picture.timeline"), "variables")
        return picture.svg if picture is not None else ""

    with tempfile.TemporaryFile(prefix="servanda-page-") as room:
        rows = packed(report, note, draw, room)
        view = View(report.figures, words, rows)
        for part in _text(view, rows, note):
            out.write(part.encode("utf-8"))


def _text(view: View, rows: Packed, note: Note) -> Iterator[str]:
    words = view.words
    page = environment(_PACKAGE, _FOLDER, note).get_template("page.html")
    script, style = _script(), _style()
    return page.generate(
        {
            "w": words,
            "f": view.figures,
            "v": view,
            "rows": rows,
            "script": Markup(script),
            "style": Markup(style),
            "policy": policy(script, style, "picture"),
            "words_of_script": island(dict(_shipped(words))),
            "facts": island(view.facts()),
        }
    )


@lru_cache(maxsize=1)
def _script() -> str:
    return program(*(file(_PACKAGE, f"{_FOLDER}/{name}.js") for name in SCRIPTS))


@lru_cache(maxsize=1)
def _style() -> str:
    return stylesheet() + file(*HOUSE)


def _shipped(words: Words) -> Iterator[tuple[str, Any]]:
    return ((key, words.entry(key)) for key in filter(_is_shipped, words.keys()))


def _is_shipped(key: str) -> bool:
    return key.startswith(_SHIPPED)
