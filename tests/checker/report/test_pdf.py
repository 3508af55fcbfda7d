"""The report on paper: the figures of the JSON, text that is only text, tagged and fit for archives, the same bytes everywhere."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pypdf
import pytest

from checker.report.pictures.canvas import covered
from checker.report.renderers import json as json_renderer
from checker.report.renderers import pdf, pdf_findings, pdf_text
from checker.report.renderers.pdf_blocks import Paper
from checker.report.rows import Explained, Finding, Report
from checker.report.words import words_of
from tests.checker.report.made import rendered, report_of
from tests.house.tree import ROOT

HOSTILE = [
    "#panic(\"x\") #include \"/etc/passwd\" #sys.version",
    "*bold* _it_ `raw` $x^2$ @ref <label> = heading // no comment /* no */ ~ -- --- ... \\u{41} \"q\" 'q'",
    "<script>alert(1)</script>&amp;",
    "]) #text(red)[x] \\",
    "a\x1b[31m\x00b\u202egnp.exe\u2066\ud800\ufffe\ue000",
    "中文 かな 한글 😀 שלום سلام ไทย",
    "z\u0307o\u0301\u0142c\u0301 x\u0338\u20dd a\u05b8",
    "1. one\n- two\n+ three\n/ four: five",
]  # fmt: skip


AT = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def desk() -> Iterator[Report]:
    with report_of("infor") as made:
        yield made


@pytest.fixture(scope="module")
def papers(desk: Report) -> dict[str, tuple[bytes, list[str]]]:
    """The paper in each language, and the text of its pages."""
    made = {language: rendered(desk, pdf, language) for language in ("en", "pl")}
    return {language: (data, pages(data)) for language, data in made.items()}


@pytest.fixture(scope="module")
def small() -> Iterator[Report]:
    with report_of("poly") as made:
        yield replace(made, explanations=lambda: iter(()))


def pages(data: bytes) -> list[str]:
    """The text of each page."""
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages]


def flat(text: str) -> str:
    """A text without blanks, which a page sets as it will."""
    return re.sub(r"\s", "", text)


def finding(number: int, said: str, **given: Any) -> Finding:
    base = Finding(
        number, said, said, "infor.reply", "breached", "guarantee", "the provider", "2025-03-01T09:00:00+01:00", "2025-03",
        None, None, "Europe/Warsaw", None, None, True, (said,), said, (said,), {}, said, False,
    )  # fmt: skip
    return base._replace(**given)


@pytest.mark.parametrize("language", ["en", "pl"])
def test_figures_are_those_of_the_json(desk: Report, papers: Any, language: str) -> None:
    told = json.loads(rendered(desk, json_renderer))["figures"]
    text = flat("".join(papers[language][1]))
    w = words_of(language)
    for c in told["conclusions"]:
        title = c["title_pl"] if language == "pl" and c["title_pl"] else c["title"]
        if 0 < c["applicable"] == c["counts"]["undetermined"]:
            # Of which nothing can be said: by the evidence that is missing.
            assert flat(f"{title} ({c['clause']})") in text
        elif c["applicable"]:
            party = f"({w.said('party', c['party'])})" if c["party"] not in ("", "the provider") else ""
            rate = c["rate"]
            verdicts = ("met", "breached", "undetermined", "pending", "not_entitled", "excluded")
            row = [c["clause"], party, title, w.number(c["applicable"])]
            row += [w.number(c["counts"][v]) for v in verdicts]
            row += [w.number(c["contested"]), w.percent(rate["rate"])]
            row += [] if rate["low"] is None else [f"{w.percent(rate['low'])}–{w.percent(rate['high'])}"]
            assert flat("".join(row)) in text, c["clause"]
    for t in told["totals"]:
        assert (
            flat(w(f"group.{t['group']}") + w.number(t["applicable"]) + w.number(t["counts"]["met"])) in text
        )
    for key in ("exceptions", "contested", "undetermined"):
        assert flat(w(f"section.{key}") + w.number(told["findings"][key]["found"])) in text
    assert told["method"]["contract_digest"] in text
    for entry in told["provenance"]["log"]:
        assert entry["sha256"] in text


def test_exceptions_are_those_of_the_json(desk: Report, papers: Any) -> None:
    told = [f for f in json.loads(rendered(desk, json_renderer))["findings"] if f["verdict"] == "breached"]
    text = flat("".join(papers["en"][1]))
    w = words_of("en")
    assert told
    for f in told:
        dates = "".join(x.replace("T", "") if x else w("none") for x in (f["opened"], f["due"], f["done"]))
        assert flat(dates) in text
        if f["late_s"] is not None:
            assert flat(w("findings.late", duration=w.duration(f["late_s"]))) in text


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_order_of_a_working_paper(papers: Any, language: str) -> None:
    data, text = papers[language]
    reader = pypdf.PdfReader(io.BytesIO(data))
    w = words_of(language)
    sections = (
        "scope",
        "population",
        "method",
        "conclusion",
        "exceptions",
        "contested",
        "undetermined",
        "quality",
        "claims",
    )
    wanted = [w(f"section.{key}") for key in (*sections, "evidence", "provenance")]
    outline = [str(x["/Title"]) for x in reader.outline if not isinstance(x, list)]
    assert [re.sub(r"^[\d.]+ ", "", x) for x in outline if w("pdf.contents") not in x] == wanted
    assert w("pdf.contents") in text[1]
    assert [f"{n} / {len(text)}" in page for n, page in enumerate(text, 1)] == [True] * len(text)
    assert w("pdf.prepared") in text[0]


def test_it_is_tagged_and_fit_for_archives(desk: Report, papers: Any) -> None:
    reader = pypdf.PdfReader(io.BytesIO(papers["pl"][0]))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "pl"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    xmp = root["/Metadata"].get_data().decode()
    assert re.search(r"pdfuaid:part>1<", xmp)
    assert re.search(r"pdfaid:part>2<", xmp)
    assert reader.metadata is not None
    assert reader.metadata.creation_date is not None
    at = reader.metadata.creation_date.isoformat()
    assert at[:10] == desk.figures.scope.audited_at[:10]
    fonts = {
        str(f.get_object()["/BaseFont"])
        for page in reader.pages
        for f in page["/Resources"]["/Font"].values()
    }
    assert all(re.search("Libertinus|DejaVuSans", name) for name in fonts), fonts


def test_polish_letters(desk: Report, papers: Any) -> None:
    text = "".join(papers["pl"][1])
    assert "Spis treści" in text
    for r in desk.figures.method.readings:
        assert flat(r.question_pl) in flat(text)
        assert flat(r.means_pl) in flat(text)
    assert "\u200b" not in text
    assert set("ąćęłńóśźż") <= set(text)


def test_hostile_text_is_only_text(small: Report) -> None:
    hostile = replace(small, findings=lambda: (finding(n, x) for n, x in enumerate(HOSTILE, 1)))
    text = flat("".join(pages(rendered(hostile, pdf))))
    for said in HOSTILE[:4]:
        assert flat(said) in text
    assert "a⟨U+001B⟩[31m⟨U+0000⟩b⟨U+202E⟩gnp.exe⟨U+2066⟩⟨U+D800⟩⟨U+FFFE⟩⟨U+E000⟩" in text
    assert "⟨U+4E2D⟩⟨U+6587⟩" in text
    assert "żółćx⟨U+0338⟩⟨U+20DD⟩a⟨U+05B8⟩" in text
    assert "\u202e" not in text


def test_hostile_pictures_can_be_set(small: Report) -> None:
    at = {"until": None, "said": {"x": HOSTILE[5]}, "cited": True, "of_agreement": False}
    said = "".join(HOSTILE)
    line = {
        **dict.fromkeys(("start", "done"), None),
        "zone": None,
        "from": "2025-03-01T00:00:00+00:00",
        "to": "2025-03-02T00:00:00+00:00",
        "due": "2025-03-02T00:00:00+00:00",
        "spans": [],
        "gaps": [],
        "states": [{"state": said, "from": None, "to": None}],
        "values": [{"attribute": said, "value": said, "from": None, "to": None}],
        "events": [{**at, "at": "2025-03-01T00:00:00+00:00", "event": said}],
        "events_left_out": 0,
    }
    told = {
        "agreement": said,
        "ticket": said,
        "clause": said,
        "title": said,
        "because": said,
        "verdict": "breached",
    }
    explained = Explained(1, {**told, "strength": "guarantee", "party": "the provider"}, line)
    made = rendered(replace(small, explanations=lambda: iter([explained])), pdf)
    assert "⟨U+4E2D⟩" in flat("".join(pages(made)))


def test_all_that_the_fonts_have_can_be_set(small: Report) -> None:
    """Every character that is not shown by its number, in every column: the standards refuse a character without a shape."""
    characters = [chr(c) for c in sorted(covered()) if c > 32]
    assert len(characters) > 4000
    lines = ["".join(characters[i : i + 100]) for i in range(0, len(characters), 100)]
    many = replace(small, findings=lambda: (finding(n, x) for n, x in enumerate(lines, 1)))
    assert rendered(many, pdf).startswith(b"%PDF")


def test_long_texts_and_many_findings_are_cut_and_said_so(
    small: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf_findings, "LISTED", 20)
    listed = small.figures.findings
    figures = replace(
        small.figures,
        findings=replace(listed, exceptions=replace(listed.exceptions, found=50, listed=50)),
        totals=tuple(replace(t, counts={**t.counts, "breached": 50}) for t in small.figures.totals),
    )
    bound = next(c for c in figures.conclusions if c.group == "guarantee")
    rows = [
        finding(n, "x" * 1_000_000, clause=bound.clause, strength=bound.strength, party=bound.party)
        for n in range(1, 51)
    ]
    many = replace(small, figures=figures, findings=lambda: iter(rows))
    data = rendered(many, pdf)
    text = "".join(pages(data))
    assert flat("The first 20 of 50; all of them are in the report as JSON or as a workbook.") in flat(text)
    assert "(1000000)" in flat(text)
    assert len(data) < 5_000_000


def test_nothing_to_say_is_said(small: Report) -> None:
    found = small.figures.findings
    none = replace(found.exceptions, found=0, listed=0, with_reason=0, explained=0)
    figures = replace(
        small.figures, findings=replace(found, exceptions=none, contested=none, undetermined=none)
    )
    text = "".join(pages(rendered(replace(small, findings=lambda: iter(()), figures=figures), pdf)))
    assert text.count("None.") == 4


def test_texts_break_and_hashes_do_not(small: Report) -> None:
    assert pdf_text.said("unified.reactive.sev1") == "unified.\u200breactive.\u200bsev1"
    assert pdf_text.said("x" * 500).replace("\u200b", "") == "x" * 500
    assert max(map(len, pdf_text.said("x" * 500).split("\u200b"))) <= 24
    data = Paper(small, words_of("en")).data()
    provenance = data["blocks"][-1]["rows"]
    hashes = [value["text"] for _, value in provenance if isinstance(value, dict)]
    assert small.figures.method.contract_digest in hashes


def test_what_stands_on_a_page_can_be_searched(desk: Report, papers: Any) -> None:
    data, text = papers["en"]
    reader = pypdf.PdfReader(io.BytesIO(data))
    titles = [str(x["/Title"]) for x in _flat_outline(reader.outline)]
    assert "\u200b" not in "".join([*text, *titles, str(reader.metadata)])
    assert any(re.search(r"infor\.\w+\.[\w.-]+", title) for title in titles)
    first = next(iter(desk.exceptions()))
    assert first.clause in " ".join(titles)
    # An id breaks where its column ends, and only there; how lines of a cell are told apart differs from reader to reader.
    small = Paper(desk, words_of("en"))
    made = pdf_text.table(
        [("a", 1, "text"), ("b", 9, "text")], [["x" * 96, "unified.reactive.sev1.first-response"]]
    )
    found = _of_blocks(small, [made])[0]
    assert "unified.reactive.sev1.first-response" in found
    assert "x" * 96 in re.sub(r"\s", "", found)


def test_writing_from_right_to_left_keeps_to_its_place(desk: Report) -> None:
    """Before what follows it in a line: Hebrew letters would run together with those of the next name, and figures between."""
    who = " · ".join(map(pdf_text.said, ("אבג", "תקלה-1 (abc) 77", "unified.reactive")))
    (page,) = _of_blocks(Paper(desk, words_of("en")), [pdf_text.heading(who), pdf_text.paragraph(who)])
    for line in (line for line in page.splitlines() if "unified.reactive" in line):
        assert line.index("אבג") < line.index("תקלה") < line.index("unified"), line
    assert pdf_text.said("אבג\nabc") == "\u2068אבג\u2069\nabc"


def _flat_outline(found: Any) -> Iterator[Any]:
    for x in found:
        if isinstance(x, list):
            yield from _flat_outline(x)
        else:
            yield x


def _of_blocks(paper: Paper, blocks: list[Any]) -> list[str]:
    """The text of the pages that blocks of ours fill."""
    return pages(pdf.made_of({**paper.data(), "front": [], "blocks": blocks}, {}, AT))[2:]


PROGRAM = """
import hashlib, tests.checker.report.test_pdf as t
with t.report_of("poly") as made:
    for language in ("en", "pl"):
        print(hashlib.sha256(t.rendered(made, t.pdf, language)).hexdigest())
"""


def test_the_same_bytes_in_other_places(tmp_path: Path) -> None:
    (tmp_path / "matplotlibrc").write_text("font.size: 30\nsvg.fonttype: path\n")
    places: list[dict[str, str]] = [
        {"TZ": "UTC", "LC_ALL": "C"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "pl_PL.UTF-8", "PYTHONHASHSEED": "7", "TMPDIR": str(tmp_path), "SOURCE_DATE_EPOCH": "1"},
    ]  # fmt: skip
    said = set()
    for place, cwd in zip(places, (ROOT, tmp_path), strict=True):
        env = os.environ | {"PYTHONPATH": str(ROOT)} | place
        run = [sys.executable, "-c", PROGRAM]
        said.add(subprocess.run(run, cwd=cwd, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(said) == 1
    with report_of("poly") as made:
        assert hashlib.sha256(rendered(made, pdf)).hexdigest() == said.pop().split()[0]
