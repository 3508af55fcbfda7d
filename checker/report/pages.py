"""What every page of HTML here has in common: it stands alone, loads nothing, and what it was given never acts.

The policy of a page (Content Security Policy, level 3) allows its own script and style alone, by their hashes, and no connection to
anywhere.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from importlib import resources
from typing import Any, Final

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from checker.report.inert import MOST, shortened

Note = Callable[[int], str]
"""What is said of so many characters that are left out."""

HOUSE: Final = ("checker.report.renderers", "page/style.css")
"""The style that the pages share: colours in both looks, letters, tables, verdicts, paper."""


def island(value: Any) -> Markup:
    """A value as JSON in a `<script>`: no text in it can end that element or begin a comment in it (HTML, 4.12.1.3)."""
    text = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))


def environment(package: str, folder: str, note: Note) -> Environment:
    """Templates of a folder, in which every value is made visible, cut where it is too long, and escaped."""
    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_inert(note),
    )


def _inert(note: Note) -> Callable[[Any], Any]:
    def finalize(value: Any) -> Any:
        return short(value, MOST, note) if isinstance(value, str) and not isinstance(value, Markup) else value

    return finalize


def short(text: str, most: int, note: Note) -> str:
    """A text made visible, cut to so many characters, with a note of how many more there are."""
    if len(text) <= most and text.isprintable():
        return text
    said, left = shortened(text, most)
    return f"{said}… {note(left)}" if left else said


def policy(script: str, style: str, types: str) -> str:
    """The policy of a page with this script and this style. `types`: the names of what may make markup in it (Trusted Types)."""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src '{_hash(script)}'",
            f"style-src '{_hash(style)}'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            f"trusted-types {types}",
        )
    )


def _hash(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode('utf-8')).digest()).decode('ascii')}"


def file(package: str, path: str) -> str:
    """The text of a file that travels with a package."""
    return resources.files(package).joinpath(*path.split("/")).read_text(encoding="utf-8")


def program(*parts: str) -> str:
    """Scripts as one, with names of their own."""
    return "(() => {\n'use strict';\n" + "\n".join(parts) + "})();\n"
