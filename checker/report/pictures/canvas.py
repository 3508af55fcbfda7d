"""Matplotlib without a window, a clock or a font of the machine, and its SVG made small, same every time, and safe to put in a page.

Nothing of a text goes through Matplotlib: it draws a token, and the text takes its place when the picture is written. So no text is taken
for mathematics, none is looked up in a font, and the same picture comes out whatever fonts a machine has. Widths are those of DejaVu Sans,
which travels with Matplotlib and is wider than what browsers show instead.
"""

from __future__ import annotations

import io
import logging
import re
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import matplotlib
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ft2font import FT2Font, LoadFlags

from checker.report.inert import visible
from checker.report.pictures.palette import LIGHT, PATTERNS, ROLE, Look

# It tells of its caches, which is nobody's concern here.
logging.getLogger("matplotlib").setLevel(logging.ERROR)

FONTS: Final = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
FAMILY: Final = "DejaVu Sans, Verdana, sans-serif"
SIZE: Final = 11.0
"""Pixels of ordinary text."""
_RC: Final = {name: value for name, value in matplotlib.rcParamsDefault.items() if name != "backend"} | {
    "svg.fonttype": "none",
    "svg.hashsalt": "servanda",
    "svg.image_inline": True,
    "path.simplify": False,
    "text.parse_math": False,
    "hatch.linewidth": 1.0,
}
_SVG: Final = "{http://www.w3.org/2000/svg}"
_TOKEN: Final = "0{:06}0"
_CONTROL: Final = re.compile("[\x00-\x09\x0b-\x1f\x7f]")
_POINT: Final = re.compile(r"([ML])(-?[\d.]+) (-?[\d.]+)")
_TILES: Final = 6
_FRACTION: Final = re.compile(r"-?\d+\.\d+(?:e-?\d+)?")


@dataclass(frozen=True)
class Picture:
    """A picture as SVG text, with the words of its title and of what a reader sees who does not see it; sizes in pixels."""

    svg: str
    title: str
    desc: str
    width: int
    height: int


class Canvas:
    """A picture being drawn. One unit is one pixel."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72)
        self.figure.patch.set_visible(False)
        self._texts: list[str] = []
        self._board: Any = None
        self._layer = 10

    @property
    def board(self) -> Any:
        """Axes over the whole picture, in pixels from the upper left corner."""
        if self._board is None:
            self._board = self.axes(0, 0, self.width, self.height)
            self._board.set_xlim(0, self.width)
            self._board.set_ylim(self.height, 0)
        return self._board

    @property
    def _over(self) -> int:
        """Each thing is drawn over those before it, whatever it is."""
        self._layer += 1
        return self._layer

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Bare axes at a place of the picture, over what was drawn before."""
        w, h = self.width, self.height
        axes = self.figure.add_axes((left / w, 1 - (top + height) / h, width / w, height / h))
        axes.set_axis_off()
        axes.patch.set_visible(False)
        return axes

    def text(
        self,
        x: float,
        y: float,
        said: str,
        *,
        anchor: str = "left",
        colour: str = "ink",
        size: float = SIZE,
        bold: bool = False,
    ) -> None:
        """Text whose baseline begins, ends or has its middle (`anchor`: left, right, center) at a point."""
        token = _TOKEN.format(len(self._texts))
        self._texts.append(said)
        self.board.text(
            x,
            y,
            token,
            ha=anchor,
            va="baseline",
            fontsize=size,
            color=LIGHT[colour],
            fontweight="bold" if bold else "normal",
            family="DejaVu Sans",
            zorder=self._over,
        )

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, edge: str | None = None
    ) -> None:
        """A rectangle on the board; a role with a pattern is drawn with it."""
        self.board.fill(
            [x, x + width, x + width, x],
            [y, y, y + height, y + height],
            facecolor=LIGHT[fill],
            edgecolor=LIGHT[edge] if edge else "none",
            linewidth=0.8 if edge else 0,
            zorder=self._over,
        )

    def line(
        self, xs: list[float], ys: list[float], colour: str, width: float = 1.0, dash: Any = "solid"
    ) -> None:
        """A line on the board."""
        self.board.plot(xs, ys, color=LIGHT[colour], linewidth=width, linestyle=dash, zorder=self._over)

    def picture(self, key: str, title: str, desc: str, look: Look) -> Picture:
        """The finished picture. `key`: what the names in it begin with, so that several stand in one page."""
        # Paper has the fonts that come with the report alone; a page has those of its reader.
        shown = legible if look == "light" else visible
        title, desc = shown(title), shown(desc)
        root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {self.width} {self.height}",
                "width": str(self.width),
                "height": str(self.height),
                "role": "img",
                "aria-labelledby": f"{key}-title {key}-desc",
                "font-family": FAMILY,
            },
        )
        ET.SubElement(root, "title", {"id": f"{key}-title"}).text = title
        ET.SubElement(root, "desc", {"id": f"{key}-desc"}).text = desc
        _Cleaned(root, key, look, [shown(text) for text in self._texts]).take(self._drawn())
        return Picture(ET.tostring(root, encoding="unicode"), title, desc, self.width, self.height)

    def _drawn(self) -> ET.Element:
        out = io.StringIO()
        with matplotlib.rc_context(_RC):
            nothing = {"Date": None, "Creator": None, "Format": None, "Type": None}
            FigureCanvasSVG(self.figure).print_svg(out, metadata=nothing)
        return ET.fromstring(out.getvalue())


def drawing(width: int, height: int, draw: Callable[[Canvas], None]) -> Canvas:
    """A canvas on which something was drawn with settings that no file of the machine or of its user changes."""
    with matplotlib.rc_context(_RC):
        canvas = Canvas(width, height)
        draw(canvas)
    return canvas


class _Cleaned:
    """What Matplotlib drew, put flat into a picture: colours as roles, patterns of our own, texts in the place of tokens."""

    def __init__(self, root: ET.Element, key: str, look: Look, texts: list[str]) -> None:
        self.root, self.key, self.look, self.texts = root, key, look, texts
        self.defs = ET.SubElement(root, "defs")
        self.marks: dict[str, str] = {}
        self.patterns: set[str] = set()

    def take(self, drawn: ET.Element) -> None:
        for mark in drawn.iter(f"{_SVG}path"):
            if name := mark.get("id"):
                self.marks[name] = f"{self.key}-m{len(self.marks) + 1}"
                kept = ET.SubElement(self.defs, "path", {"id": self.marks[name]})
                kept.set("d", _short(mark.get("d", "")))
        for leaf in drawn.iter():
            if leaf.tag == f"{_SVG}path" and leaf.get("id") is None:
                self._leaf("path", {"d": _short(leaf.get("d", ""))}, leaf)
            elif leaf.tag == f"{_SVG}use":
                name = leaf.get("{http://www.w3.org/1999/xlink}href", "").removeprefix("#")
                place = {"x": _short(leaf.get("x", "0")), "y": _short(leaf.get("y", "0"))}
                self._leaf("use", {"href": f"#{self.marks[name]}", **place}, leaf)
            elif leaf.tag == f"{_SVG}text":
                place = {"x": _short(leaf.get("x", "0")), "y": _short(leaf.get("y", "0"))}
                element = self._leaf("text", place, leaf)
                element.text = self.texts[int((leaf.text or "")[1:-1])]
        if not len(self.defs):
            self.root.remove(self.defs)

    def _leaf(self, tag: str, given: dict[str, str], leaf: ET.Element) -> ET.Element:
        element = ET.SubElement(self.root, tag, given)
        style = dict(_style(leaf.get("style", "")))
        fill = style.pop("fill", None if tag == "text" else "#000000")
        stroke = style.pop("stroke", None)
        classes = []
        role = ROLE.get(fill or LIGHT["ink"])
        if fill == "none":
            element.set("fill", "none")
        elif role in PATTERNS and tag != "text":
            element.set("fill", f"url(#{self._pattern(role)})")
        elif role is not None:
            classes.append(self._colour(element, "fill", role))
        if stroke not in (None, "none"):
            classes.append(self._colour(element, "stroke", ROLE[str(stroke)]))
            for name in ("stroke-width", "stroke-dasharray", "stroke-linejoin"):
                if name in style:
                    element.set(name, style[name])
        for name in ("font-size", "font-weight", "text-anchor", "opacity", "fill-opacity"):
            if name in style and style[name] not in ("start", "400"):
                element.set(name, style[name].removesuffix("px"))
        if named := " ".join(c for c in classes if c):
            element.set("class", named)
        return element

    def _colour(self, element: ET.Element, what: str, role: str) -> str:
        if self.look == "variables":
            return f"p{what[0]}-{role}"
        element.set(what, LIGHT[role])
        return ""

    def _pattern(self, role: str) -> str:
        name = f"{self.key}-{role}"
        if role not in self.patterns:
            self.patterns.add(role)
            side, path, ink, width = PATTERNS[role]
            if self.look == "light":
                # Between its tiles a reader of PDF may leave a seam, so on paper there are few of them.
                side, path = side * _TILES, _repeated(path, side)
            size = str(side)
            tile = {"id": name, "width": size, "height": size, "patternUnits": "userSpaceOnUse"}
            pattern = ET.SubElement(self.defs, "pattern", tile)
            ground = ET.SubElement(pattern, "rect", {"width": size, "height": size})
            lines = ET.SubElement(pattern, "path", {"d": path})
            if width:
                lines.set("fill", "none")
                lines.set("stroke-width", str(width))
            for element, what, colour in (
                (ground, "fill", role),
                (lines, "stroke" if width else "fill", ink),
            ):
                if named := self._colour(element, what, colour):
                    element.set("class", named)
        return name


def _repeated(path: str, side: int) -> str:
    """A path over more tiles than one, beside and beneath each other."""
    steps = [n * side for n in range(_TILES)]

    def moved(x: int, y: int) -> str:
        return _POINT.sub(lambda m: f"{m[1]}{float(m[2]) + x:g} {float(m[3]) + y:g}", path)

    return "".join(moved(x, y) for y in steps for x in steps)


def _style(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(";"):
        name, _, value = part.partition(":")
        if value:
            yield name.strip(), value.strip()


def _short(numbers: str) -> str:
    """Coordinates to a tenth of a pixel, with no more blanks than they need."""
    flat = " ".join(_FRACTION.sub(lambda m: f"{float(m[0]):.1f}".removesuffix(".0"), numbers).split())
    flat = re.sub(r"(?<![\d.])-0(?![.\d])", "0", flat)
    return re.sub(r" ?([MLCQzZ]) ?", r"\1", flat)


# --------------------------------------------------------------------------- how wide texts are
@lru_cache(maxsize=1)
def _font() -> Any:
    font = FT2Font(str(FONTS / "DejaVuSans.ttf"))
    font.set_size(100, 72)
    return font


@lru_cache(maxsize=1)
def covered() -> frozenset[int]:
    """The characters that DejaVu Sans has in both weights; without marks that combine, and those of private use."""
    faces = ("DejaVuSans", "DejaVuSans-Bold")
    known = frozenset.intersection(
        *(frozenset(FT2Font(str(FONTS / f"{f}.ttf")).get_charmap()) for f in faces)
    )
    return frozenset(
        code for code in known if unicodedata.category(chr(code)) not in ("Co", "Mn", "Mc", "Me")
    )


def legible(text: str) -> str:
    """The text as these fonts alone can show it: every other character by its number, `⟨U+4E2D⟩`; line feeds are kept.

    A letter and its mark in two characters are shown as the one that both make (Unicode Standard Annex 15, form C); a mark without such
    a letter is shown by its number, for whether a font can set it depends on what stands before it.
    """
    if text.isascii() and text.isprintable():
        return text
    known = covered()
    whole = unicodedata.normalize("NFC", visible(_told(text), "\n"))
    return "".join(c if ord(c) in known or c == "\n" else f"⟨U+{ord(c):04X}⟩" for c in whole)


def _told(text: str) -> str:
    """Control characters by their numbers: the fonts have no signs for them."""
    return _CONTROL.sub(lambda m: f"⟨U+{ord(m[0]):04X}⟩", text)


@lru_cache(maxsize=4096)
def _advance(character: str) -> float:
    code = ord(character)
    if not _font().get_char_index(code):
        return 1.0
    return float(_font().load_char(code, flags=LoadFlags.NO_HINTING).linearHoriAdvance) / 65536 / 100


def width_of(text: str, size: float = SIZE) -> float:
    """How many pixels a text takes; a character that the font has not got counts as a square."""
    return sum(map(_advance, text)) * size


def fitted(text: str, width: float, size: float = SIZE) -> str:
    """The text, or as much of its beginning as fits a width, and `…`."""
    # More characters than could fit are never measured: a text from a log may be a megabyte long.
    text = visible(_told(text[: int(width) + 1]))
    if width_of(text, size) <= width:
        return text
    room = width - width_of("…", size)
    for n, character in enumerate(text):
        room -= _advance(character) * size
        if room < 0:
            return text[:n].rstrip() + "…"
    return text
