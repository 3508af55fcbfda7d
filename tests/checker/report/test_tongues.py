"""A Polish report: places of the text are Polish, and what the judge says is told, and marked, to be in English."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pypdf
import pytest

from checker.report.build import _in_polish
from checker.report.renderers import html, html_pack, markdown, pdf, sarif, xlsx
from checker.report.renderers.pdf_blocks import Paper
from checker.report.renderers.pdf_text import english
from checker.report.rows import Report
from checker.report.words import words_of
from dsl.lexicon import Lexicon
from tests.checker.report.made import rendered, report_of
from tests.checker.report.page import parsed

TOLD = words_of("pl").of_the_judge


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    with report_of("poly") as made:
        yield made


@pytest.fixture(scope="module")
def pages(report: Report) -> dict[str, bytes]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_pack, "MOST_PICTURES", 1)
        return {language: rendered(report, html, language) for language in ("en", "pl")}


@pytest.fixture(scope="module")
def places(report: Report) -> dict[str, tuple[str, str]]:
    """The place of each clause in both languages, of those that have one that differs."""
    found = {c.clause: (c.cite, c.cite_pl) for c in report.figures.conclusions if c.cite != c.cite_pl}
    assert len(found) > 10
    assert all(polish for _, polish in found.values())
    return found


def test_a_place_is_in_polish_only_as_a_whole() -> None:
    words = Lexicon({"places": {"table #": "tabela #", "footnotes": "przypisy"}})
    assert _in_polish("2.3, table 9; footnotes", words) == "2.3, tabela 9; przypisy"
    assert _in_polish("2.3, table 9; somewhere", words) == ""
    assert _in_polish("2.3", Lexicon()) == "2.3"


@pytest.mark.parametrize("language", ["en", "pl"])
def test_places_on_the_page(
    pages: dict[str, bytes], places: dict[str, tuple[str, str]], language: str
) -> None:
    page = parsed(pages[language])
    facts = json.loads(page.one("script", id="facts").text)["clauses"]
    for clause, both in places.items():
        _, said, _, foreign = facts[clause]
        assert (said, foreign) == (both[language == "pl"], False)
    shown = {
        row.one("code").text: row.one("th").text
        for table in page.one("section", id="conclusion").all("table")
        if "conclusions" in (table.attributes.get("class") or "")
        for row in table.one("tbody").all("tr")
    }
    checked = set(shown) & set(places)
    assert checked
    for clause in checked:
        assert " ".join(places[clause][language == "pl"].split()) in shown[clause]


def test_a_place_without_words_is_marked(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_pack, "MOST_PICTURES", 0)
    bare = tuple(replace(c, cite_pl="") for c in report.figures.conclusions)
    page = parsed(rendered(replace(report, figures=replace(report.figures, conclusions=bare)), html, "pl"))
    row = next(t for t in page.all("table") if "conclusions" in (t.attributes.get("class") or ""))
    head = row.one("tbody").all("tr")[0].one("th")
    cite = next(c.cite for c in bare if c.clause == head.one("code").text)
    assert cite in [n.text for n in head.all("span") if n.attributes.get("lang") == "en"]
    assert all(
        foreign for _, _, _, foreign in json.loads(page.one("script", id="facts").text)["clauses"].values()
    )


def test_places_in_the_workbook_and_sarif(report: Report, places: dict[str, tuple[str, str]]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(rendered(report, xlsx, "pl")))
    w = words_of("pl")
    rows = list(book[w("xlsx.sheet.clauses")].iter_rows(min_row=2, values_only=True))
    at = rows[0].index(w("column.cite"))
    found = {row[0]: row[at] for row in rows[1:]}
    rules = {
        r["id"]: r["properties"]["cite"]
        for r in json.loads(rendered(report, sarif, "pl"))["runs"][0]["tool"]["driver"]["rules"]
    }
    for clause, (_, polish) in places.items():
        assert found[clause] == rules[clause] == polish
    for part in ("exceptions", "evidence", "contested", "undetermined"):
        assert TOLD in " ".join(str(cell.value) for cell in book[w(f"xlsx.sheet.{part}")][1])


def test_the_language_of_the_judge_is_told(report: Report, pages: dict[str, bytes]) -> None:
    assert words_of("en").of_the_judge == ""
    said = words_of("en")("findings.in_english")
    for language, times in (("pl", 4), ("en", 0)):
        page = parsed(pages[language])
        # At each list of findings, and at the list of all; the script says it at each proof.
        assert sum(p.text in (TOLD, said) for p in page.all("p")) == times
        text = rendered(report, markdown, language).decode()
        assert (text.count(TOLD), text.count(said)) == (3 if times else 0, 0)


def test_reasons_on_paper_are_marked(report: Report) -> None:
    """Each is a text of its own in English; on an English paper nothing has another language than the paper."""
    spans = {}
    for language in ("en", "pl"):
        reader = pypdf.PdfReader(io.BytesIO(rendered(report, pdf, language)))
        marks = list(_marks(reader))
        assert set(marks) <= {b"en", b"pl"}
        spans[language] = marks.count(b"en")
        text = re.sub(r"\s", "", "".join(page.extract_text() for page in reader.pages))
        assert (re.sub(r"\s", "", TOLD) in text) == (language == "pl")
    assert spans["en"] == 0
    assert spans["pl"] > 0
    blocks = Paper(report, words_of("pl")).data()["blocks"]
    tables = [b["rows"] for b in blocks if b["kind"] == "table" and len(b["columns"]) == 7]
    last = {row[0]: row[-1] for rows in tables for row in rows if isinstance(row[-1], list)}
    for f in report.exceptions():
        if f.because:
            assert last[str(f.number)][0] == english(f.because)


def _marks(reader: pypdf.PdfReader) -> Iterator[bytes]:
    """The languages that pieces of the pages are marked with."""
    for page in reader.pages:
        contents = page.get_contents()
        assert contents is not None
        yield from re.findall(rb"/Lang\((\w+)\)", contents.get_data())
