"""The pictures: the same bytes everywhere, nothing of a text that acts, names of their own, and the figures in them."""

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.report import pictures
from checker.report.model import Bin, Curve, Hours, Month, Point
from checker.report.pictures import Picture
from checker.report.pictures.palette import DARK, LIGHT
from checker.report.words import words_of
from tests.checker.report.made import report_of
from tests.house.tree import ROOT

SVG = "{http://www.w3.org/2000/svg}"
OTHERS = {"undetermined": 0, "pending": 0, "not_entitled": 0, "excluded": 0, "not_applicable": 0}
HOSTILE = "<script>alert(1)</script>$\\frac{1}{2}$\x1b[31m\u202egnp.exe\x00\ud800&amp;中"


def event(
    at: str, name: str, *, cited: bool = False, until: str | None = None, of_agreement: bool = False
) -> dict[str, Any]:
    return {"at": at, "until": until, "event": name, "said": {}, "cited": cited, "of_agreement": of_agreement}


LINE: dict[str, Any] = {
    "zone": "Europe/Warsaw",
    "from": "2025-03-28T12:00:00+01:00",
    "to": "2025-04-02T12:00:00+02:00",
    "start": "2025-03-28T12:00:00+01:00",
    "due": "2025-03-31T12:00:00+02:00",
    "done": "2025-03-31T13:00:00+02:00",
    "audited_at": "2025-05-01T00:00:00+02:00",
    "spans": [
        {"kind": "counted", "from": "2025-03-28T12:00:00+01:00", "to": "2025-03-28T17:00:00+01:00", "seconds": 18000, "why": ""},
        {"kind": "closed", "from": "2025-03-28T17:00:00+01:00", "to": "2025-03-31T09:00:00+02:00", "seconds": 0, "why": ""},
        {"kind": "stopped", "from": "2025-03-31T09:00:00+02:00", "to": "2025-03-31T10:00:00+02:00", "seconds": 3600, "why": ""},
        {"kind": "counted", "from": "2025-03-31T10:00:00+02:00", "to": "2025-03-31T12:00:00+02:00", "seconds": 7200, "why": ""},
    ],
    "values": [
        {"attribute": "severity", "value": "B", "from": "2025-03-28T12:00:00+01:00", "to": "2025-03-31T09:00:00+02:00"},
        {"attribute": "severity", "value": "A", "from": "2025-03-31T09:00:00+02:00", "to": None},
    ],
    "states": [{"state": "waiting", "from": None, "to": "2025-03-31T10:00:00+02:00"}],
    "gaps": [{"from": "2025-03-30T12:00:00+02:00", "to": None}],
    "events": [
        event("2025-03-28T12:00:00+01:00", "ticket_opened", cited=True),
        event("2025-03-31T13:00:00+02:00", "response_sent", cited=True, until="2025-03-31T14:00:00+02:00"),
        event("2025-04-02T12:00:00+02:00", "ticket_closed"),
        event("2024-01-01T12:00:00+01:00", "flex_applied", of_agreement=True),
    ],
    "events_left_out": 3,
}  # fmt: skip


def month(name: str, met: int, breached: int) -> Month:
    return Month(name, OTHERS | {"met": met, "breached": breached})


def all_of(language: str = "en", look: Any = "light", title: str = "T") -> Iterator[Picture | None]:
    """One of each kind but that by clause."""
    w = words_of(language)
    yield pictures.months([month("2025-03", 7, 3), month("2025-04", 0, 0)], w, "a", title, look)
    points = tuple(Point(p, n) for p, n in ((0, 0), (50, 4), (100, 8), (200, 9), (1000, 9)))
    yield pictures.curves([(title, Curve(10, 14, points))], w, "b", title, look)
    breaches = tuple(tuple(12_345 if (d, h) == (1, 9) else d * h % 3 for h in range(24)) for d in range(7))
    yield pictures.hours(Hours(breaches, 0), w, "c", title, look)
    bins = [Bin(None, -3600, 0, 2), Bin(-3600, 0, 0, 1), Bin(0, 3600, 5, 1), Bin(3600, None, 4, 0)]
    yield pictures.margins(bins, w, "d", title, look)
    named = LINE | {"values": [v | {"value": title} for v in LINE["values"]]}
    yield pictures.timeline(named, w, "e", title, look)


def drawn(**asked: Any) -> list[Picture]:
    made = list(all_of(**asked))
    assert None not in made
    return [p for p in made if p is not None]


def texts(picture: Picture) -> list[str]:
    return [str(t.text) for t in ET.fromstring(picture.svg).iter(f"{SVG}text")]


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("look", ["light", "variables"])
def test_names_are_told_apart_and_resolved(language: str, look: str) -> None:
    ids: list[str] = []
    for picture in drawn(language=language, look=look):
        root = ET.fromstring(picture.svg)
        own = [x.get("id", "") for x in root.iter() if x.get("id")]
        ids += own
        asked = re.findall(r"url\(#([^)]+)\)", picture.svg) + re.findall(r'href="#([^"]+)"', picture.svg)
        assert set(asked) <= set(own)
        assert root.get("role") == "img"
        assert [x.get("id") for x in root[:2]] == str(root.get("aria-labelledby")).split()
        assert (root[0].text, root[1].text) == (picture.title, picture.desc)
        assert picture.desc
        assert root.get("viewBox") == f"0 0 {picture.width} {picture.height}"
    assert len(ids) == len(set(ids)) > 10


def test_everything_drawn_is_within_the_picture() -> None:
    for picture in drawn(language="pl"):
        root = ET.fromstring(picture.svg)
        outline = [p.get("d", "") for p in root if p.tag == f"{SVG}path"]
        xy = [[float(n) for n in re.findall(r"-?[\d.]+", d)] for d in outline]
        assert all(0 <= x <= picture.width for d in xy for x in d[::2])
        assert all(0 <= y <= picture.height for d in xy for y in d[1::2])


def test_colours_are_roles() -> None:
    sheet = pictures.stylesheet()
    for picture in drawn(look="variables"):
        assert "#" not in re.sub(r'url\(#|href="#', "", picture.svg)
        for name in set(re.findall(r'class="([^"]+)"', picture.svg)):
            assert all(f".{part}{{" in sheet for part in name.split())
    for picture in drawn(look="light"):
        assert set(re.findall(r'"(#[0-9a-f]{6})"', picture.svg)) <= set(LIGHT.values())
        assert "class=" not in picture.svg


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def light(colour: str) -> float:
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        lin = [x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4 for x in parts]
        return 0.2126 * lin[0] + 0.7152 * lin[1] + 0.0722 * lin[2]

    lo, hi = sorted((light(a), light(b)))
    return (hi + 0.05) / (lo + 0.05)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_text_and_lines_stand_out(palette: dict[str, str]) -> None:
    assert palette.keys() == LIGHT.keys()
    assert len(set(LIGHT.values())) == len(LIGHT)
    for text in ("ink", "soft", "due", "done", *(f"line{i}" for i in range(1, 7))):
        assert contrast(palette[text], palette["paper"]) >= 4.5, text
    for ground in ("wash", "heat1", "heat2", "heat3", "value", "paper"):
        assert contrast(palette["ink"], palette[ground]) >= 4.5, ground
    assert contrast(palette["hot"], palette["heat4"]) >= 4.5
    assert contrast(palette["paper"], palette["cited"]) >= 4.5
    for bar in ("met", "breached", "counted"):
        assert contrast(palette[bar], palette["paper"]) >= 3, bar


def test_hostile_text_is_inert() -> None:
    shown = {
        "variables": "<script>alert(1)</script>$\\frac{1}{2}$␛[31m⟨U+202E⟩gnp.exe␀⟨U+D800⟩&amp;中",
        "light": "<script>alert(1)</script>$\\frac{1}{2}$⟨U+001B⟩[31m⟨U+202E⟩gnp.exe⟨U+0000⟩⟨U+D800⟩&amp;⟨U+4E2D⟩",
    }
    for look, wanted in shown.items():
        for picture in drawn(title=HOSTILE, look=look):
            assert "<script" not in picture.svg
            said = "".join(ET.fromstring(picture.svg).itertext())
            assert not re.search("[\x00-\x08\x1b\u202e\ud800]", said)
            assert wanted in said
            picture.svg.encode()


def test_a_megabyte_of_text_is_cut() -> None:
    named = LINE | {"values": [LINE["values"][0] | {"value": "x" * 1_000_000}]}
    made = pictures.timeline(named, words_of("en"), "k", "T")
    assert made is not None
    assert len(made.svg) < 20_000
    assert any(t.endswith("x…") for t in texts(made))


def test_figures_are_in_the_pictures() -> None:
    by_month, curve, hours, margins, line = drawn()
    assert {"70.0%", "–", "2025-03", "2025-04"} <= set(texts(by_month))
    assert "March 2025: 70.0% met; met 7, breached 3, undetermined 0" in by_month.desc
    assert "8 of 10 within the limit (80.0%); 4 more not drawn" in texts(curve)
    assert "8 of 10 within the limit (80.0%); 4 more not drawn" in curve.desc
    assert any(text.startswith("Not drawn: decided verdicts") for text in texts(curve))
    assert "12k" in texts(hours)
    assert "most on Tuesday at 09:00: 12,345" in hours.desc
    assert {f"below {chr(0x2212)}1 h", "✗ 2", "✓ 5  ✗ 1", "✓ 4", "limit"} <= set(texts(margins))
    assert {"due 2025-03-31 12:00:00", "done 2025-03-31 13:00:00", "severity", "waiting"} <= set(texts(line))
    # Midnight by the wall clock on both sides of the night in which the clocks go forward.
    assert {"2025-03-29", "2025-03-30", "2025-03-31"} <= set(texts(line))
    assert "4 events are left out" in line.desc


def test_patterns_and_not_colours_alone() -> None:
    line = drawn()[-1].svg
    for kind in ("stopped", "closed", "gap"):
        assert f'fill="url(#e-{kind})"' in line
    assert 'fill="url(#a-breached)"' in drawn()[0].svg


def test_nothing_to_draw_is_no_picture() -> None:
    w = words_of("en")
    assert pictures.months([], w, "k", "T") is None
    assert pictures.months([month("2025-03", 0, 0)], w, "k", "T") is None
    assert pictures.months_by_clause([], w, "k", "T") is None
    assert pictures.curves([("x", Curve(0, 0, ()))], w, "k", "T") is None
    assert pictures.hours(Hours((), 0), w, "k", "T") is None
    assert pictures.margins([], w, "k", "T") is None
    nothing = LINE | {"start": None, "due": None, "done": None, "spans": [], "events": LINE["events"][:1]}
    assert pictures.timeline(nothing, w, "k", "T") is None


def test_many_months_and_long_times_fit() -> None:
    many = [month(f"{2000 + i // 12}-{i % 12 + 1:02}", 10**9 + i, i) for i in range(120)]
    made = pictures.months(many, words_of("pl"), "k", "T")
    assert made is not None
    assert "96 wcześniejszych miesięcy nie narysowano" in texts(made)
    events = [LINE["events"][0] | {"at": f"{year}-01-01T00:00:00+01:00"} for year in range(1900, 2000)]
    line = pictures.timeline(LINE | {"events": events}, words_of("en"), "k", "T")
    assert line is not None
    assert 2 < sum(re.fullmatch(r"\d{4}-\d\d-\d\d", t) is not None for t in texts(line)) < 30


def test_of_a_report() -> None:
    with report_of("poly") as made:
        of_clauses = made.figures.conclusions
        picture = pictures.months_by_clause(of_clauses, words_of("en"), "k", "T")
        lines = [
            pictures.timeline(e.timeline, words_of("pl"), f"t{e.number}", "T") for e in made.explanations()
        ]
    worst = [c for c in of_clauses if c.counts["breached"]]
    assert picture is not None
    assert worst
    for clause in worst:
        assert f"{clause.clause}: {words_of('en').percent(clause.rate.rate)} met" in picture.desc
    assert any(lines)


PROGRAM = """
import hashlib, tests.checker.report.test_pictures as t
made = [p for language in ("en", "pl") for look in ("light", "variables") for p in t.drawn(language=language, look=look)]
print(hashlib.sha256("".join(p.svg for p in made).encode()).hexdigest())
"""


def test_the_same_bytes_in_other_places(tmp_path: Path) -> None:
    """Another folder, time zone, locale and home, and the settings of a user of Matplotlib."""
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\npath.sketch: 1, 100, 2\n")
    places: list[dict[str, str]] = [
        {"TZ": "UTC", "LC_ALL": "C"},
        {
            "TZ": "Asia/Kathmandu",
            "LC_ALL": "pl_PL.UTF-8",
            "PYTHONHASHSEED": "7",
            "MPLCONFIGDIR": str(tmp_path),
        },
    ]
    said = {
        subprocess.run(
            [sys.executable, "-c", PROGRAM],
            cwd=cwd,
            env=os.environ | {"PYTHONPATH": str(ROOT)} | place,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for place, cwd in zip(places, (ROOT, tmp_path), strict=True)
    }
    assert len(said) == 1
