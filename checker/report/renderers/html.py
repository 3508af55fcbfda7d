"""A report as one HTML page: no network, nothing loaded from outside, readable from disk, on paper and without scripts.

The figures, the pictures and the first findings stand in the page's text. All findings, up to what a page can hold, lie in it packed
(`html_pack`); its script (`page/*.js`) unpacks them, sifts, sorts and pages them, and opens explanations. The page's policy (Content
Security Policy, level 3) allows that script and that style alone, by their hashes, and no connection to anywhere.
"""

from __future__ import annotations

import json
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checker.render.rows import Sink
from checker.report.pictures import stylesheet, timeline
from checker.report.renderers.html_pack import MOST_TEXT, Note, Packed, packed, short
from checker.report.renderers.html_view import View
from checker.report.rows import Report
from checker.report.words import Words

NEEDS: Final = ("jinja2", "matplotlib")

SCRIPTS: Final = ("base", "data", "state", "table", "proof", "detail", "main")
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

    with tempfile.TemporaryFile(prefix="servanda-page-") as file:
        rows = packed(report, note, draw, file)
        view = View(report.figures, words, rows)
        for part in _text(view, rows, note):
            out.write(part.encode("utf-8"))


def _text(view: View, rows: Packed, note: Note) -> Iterator[str]:
    words = view.words
    page = _environment(note).get_template("page.html")
    script, style = _script(), _style()
    return page.generate(
        {
            "w": words,
            "f": view.figures,
            "v": view,
            "rows": rows,
            "script": Markup(script),
            "style": Markup(style),
            "policy": _policy(script, style),
            "words_of_script": island(dict(_shipped(words))),
            "facts": island(view.facts()),
        }
    )


def island(value: Any) -> Markup:
    """A value as JSON in a `<script>`: no text in it can end that element or begin a comment in it (HTML, 4.12.1.3)."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def _environment(note: Note) -> Environment:
    return Environment(
        loader=PackageLoader("checker.report.renderers", _FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_inert(note),
    )


def _inert(note: Note) -> Callable[[Any], Any]:
    """What every value of a template goes through before it is escaped: made visible, and cut where it is too long."""

    def finalize(value: Any) -> Any:
        return (
            short(value, MOST_TEXT, note)
            if isinstance(value, str) and not isinstance(value, Markup)
            else value
        )

    return finalize


def _policy(script: str, style: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types picture",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


@lru_cache(maxsize=1)
def _script() -> str:
    return "(() => {\n'use strict';\n" + "\n".join(_file(f"{name}.js") for name in SCRIPTS) + "})();\n"


@lru_cache(maxsize=1)
def _style() -> str:
    return stylesheet() + _file("style.css")


def _file(name: str) -> str:
    return resources.files("checker.report.renderers").joinpath(_FOLDER, name).read_text(encoding="utf-8")


def _shipped(words: Words) -> Iterator[tuple[str, Any]]:
    return ((key, words.entry(key)) for key in filter(_is_shipped, words.keys()))


def _is_shipped(key: str) -> bool:
    return key.startswith(_SHIPPED)
