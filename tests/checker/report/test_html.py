"""The report as a page: what stands in it and in what order, the same bytes every time, and nothing that acts."""

import json
import re
import tempfile
import tracemalloc
from base64 import b64encode
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

from checker.report.model import Conclusion
from checker.report.renderers import html, html_pack
from checker.report.renderers.html_pack import level
from checker.report.rows import Report
from checker.report.words import words_of
from tests.checker.report.made import rendered, report_of
from tests.checker.report.page import (
    HOSTILE,
    LONG,
    Node,
    hostile,
    many,
    parsed,
    pieces,
    unpacked,
    with_findings,
)

ORDER = [
    "summary", "scope", "population", "method", "conclusion", "pictures", "exceptions", "contested", "undetermined",
    "findings", "quality", "claims", "provenance",
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _few_pictures() -> Iterator[None]:
    """A time line is drawn like another."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_pack, "MOST_PICTURES", 6)
        yield


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    with report_of("infor") as made:
        yield made


@pytest.fixture(scope="module")
def pages(report: Report) -> dict[str, bytes]:
    return {language: rendered(report, html, language) for language in ("en", "pl")}


@pytest.fixture(scope="module")
def trees(pages: dict[str, bytes]) -> dict[str, Node]:
    return {language: parsed(page) for language, page in pages.items()}


# --------------------------------------------------------------------------- what stands in it
@pytest.mark.parametrize("language", ["en", "pl"])
def test_sections_stand_in_the_order_of_a_working_paper(trees: dict[str, Node], language: str) -> None:
    page, words = trees[language], words_of(language)
    assert page.one("html").attributes["lang"] == language
    sections = page.one("main").all("section")
    assert [s.attributes["id"] for s in sections] == ORDER
    for section in sections:
        heading = section.one("h2")
        assert section.attributes["aria-labelledby"] == heading.attributes["id"]
    assert words("section.summary") in sections[0].one("h2").text
    assert len(page.all("h1")) == 1
    ids = [n.attributes["id"] for n in page if "id" in n.attributes]
    assert len(ids) == len(set(ids))
    for link in page.all("a"):
        target = link.attributes["href"]
        assert target is not None
        assert target.startswith("#?") or target[1:] in ids, target


@pytest.mark.parametrize("language", ["en", "pl"])
def test_conclusions_have_their_figures(report: Report, trees: dict[str, Node], language: str) -> None:
    words = words_of(language)
    found: dict[tuple[str, str], Node] = {}
    folded: list[str] = []
    for table in trees[language].one("section", id="conclusion").all("table"):
        if "conclusions" not in (table.attributes.get("class") or ""):
            # Of which nothing can be said: by the evidence that is missing.
            folded += [code.text for code in table.one("tbody").all("code")]
            continue
        for row in table.one("tbody").all("tr"):
            # A clause may bind in several ways, each with a row of its own.
            found[row.one("code").text, row.one("th").text] = row
    assert sorted(folded) == sorted(c.clause for c in report.figures.conclusions if c.open)
    assert folded
    applied = [c for c in report.figures.conclusions if c.applicable and not c.open]
    assert len(found) == len(applied) > 5
    for c, row in zip(
        sorted(applied, key=_key), sorted(found.values(), key=lambda r: r.one("code").text), strict=True
    ):
        cells = [n.text for n in row.all("td")]
        figures = [c.rate.decided, *(c.counts[v] for v in ("met", "breached", "undetermined")), c.contested]
        figures += [*(c.counts[v] for v in ("pending", "excluded", "not_entitled")), c.applicable]
        assert cells[2:] == [words.number(n) for n in figures]
        said = words.percent(c.rate.rate) if c.rate.rate is not None else words("conclusion.nothing_decided")
        assert cells[0] == said


def _key(c: Conclusion) -> str:
    return c.clause


def test_every_table_has_a_caption(trees: dict[str, Node]) -> None:
    for tree in trees.values():
        for table in tree.all("table"):
            captions = table.all("caption")
            assert [c for c in captions if c.text], table.text[:80]


def test_guarantees_targets_and_estimates_stand_apart(report: Report, trees: dict[str, Node]) -> None:
    words = words_of("en")
    headings = [h.text for h in trees["en"].one("section", id="conclusion").all("h3")]
    groups = [t.group for t in report.figures.totals]
    assert {"guarantee", "target"} <= set(groups)
    assert headings == [words(f"group.{group}") for group in groups]
    summary = trees["en"].one("section", id="summary").text
    assert words("group_means.target") in summary
    assert "no breach of contract" in summary


def test_a_sample_has_its_intervals(report: Report) -> None:
    from checker.report.fresh import Wanted

    with report_of("infor", wanted=Wanted(sample=True)) as made:
        page = parsed(rendered(made, html))
        decided = [c for c in made.figures.conclusions if c.rate.interval is not None]
    assert decided
    words = words_of("en")
    cells = " ".join(n.text for n in page.one("section", id="conclusion").all("td"))
    for c in decided:
        assert c.rate.interval is not None
        assert f"{words.percent(c.rate.interval.low)} to {words.percent(c.rate.interval.high)} (95%)" in cells


def test_contested_verdicts_have_both_readings(report: Report, trees: dict[str, Node]) -> None:
    text = trees["en"].one("section", id="contested").text
    readings = {r.ambiguity: r for r in report.figures.method.readings}
    assert report.figures.findings.turned
    for turned in report.figures.findings.turned:
        reading = readings[turned.ambiguity]
        assert reading.question in text
        assert reading.means in text
        assert all(means in text for _, means in reading.others)


def test_readings_are_asked_and_answered_in_the_language_of_the_page(
    report: Report, trees: dict[str, Node]
) -> None:
    readings = report.figures.method.readings
    assert readings
    for language, other in (("en", "pl"), ("pl", "en")):
        tree = trees[language]
        text = " ".join(
            n.text for n in (tree.one("section", id="method"), tree.one("section", id="contested"))
        )
        for r in readings:
            said, unsaid = r.said_in(language), r.said_in(other)
            for mine, foreign in (
                (said.question, unsaid.question),
                (said.means, unsaid.means),
                *zip(dict(said.others).values(), dict(unsaid.others).values(), strict=True),
            ):
                assert mine != foreign
                assert " ".join(mine.split()) in text
                assert foreign not in text
        facts = json.loads(tree.one("script", id="facts").text)["readings"]
        assert {k: v["question"] for k, v in facts.items()} == {
            r.ambiguity: r.said_in(language).question for r in readings
        }


def test_the_first_findings_are_readable_without_a_script(report: Report, trees: dict[str, Node]) -> None:
    words = words_of("en")
    section = trees["en"].one("section", id="exceptions")
    assert "hidden" not in section.attributes
    for f in report.exceptions():
        (row,) = [
            r for r in section.all("tr") if r.all("td") and r.all("td")[0].text == words.number(f.number)
        ]
        for said in (
            f.ticket or words("html.whole_agreement"),
            f.clause,
            words.instant(f.due),
            words.instant(f.done),
            f.because or "",
        ):
            assert said in row.text
        if f.late_s is not None:
            assert words.duration(f.late_s) in row.text
    missing = trees["en"].one("section", id="undetermined").text
    assert all(cause.what in missing for cause in report.figures.findings.missing)
    # What only a script can do is not offered without one.
    scripted = [n for n in trees["en"] if "scripted" in (n.attributes.get("class") or "")]
    assert len(scripted) > 3
    assert all("hidden" in n.attributes for n in scripted)


def test_provenance_has_the_hashes(report: Report, trees: dict[str, Node]) -> None:
    text = trees["en"].one("section", id="provenance").text
    p = report.figures.provenance
    hashes = [p["contract"]["digest"], p["log"][0]["sha256"], p["agreements"][0]["sha256"]]
    assert all(len(h) == 64 and h in text for h in hashes)


def test_pictures_are_drawn_in_the_page(trees: dict[str, Node]) -> None:
    drawn = trees["en"].one("section", id="pictures").all("svg")
    assert len(drawn) > 2
    for svg in drawn:
        assert svg.attributes["role"] == "img"
        assert svg.one("title").text
    assert any(
        e["picture"].startswith("<svg") for piece in pieces(trees["en"], "explanations") for e in piece
    )


# --------------------------------------------------------------------------- the packed findings
def test_findings_are_unpacked_as_they_went_in(report: Report, trees: dict[str, Node]) -> None:
    found = unpacked(trees["en"])
    rows = list(report.findings())
    assert len(found) == len(rows) > 50
    for row, f in zip(found, rows, strict=True):
        ranked = {name: row.pop(f"ranked.{name}") for name in report.figures.ranked}
        want = {k: list(v) if isinstance(v, tuple) else v for k, v in f._asdict().items()}
        assert {k: v for k, v in ranked.items() if v is not None} == want.pop("ranked")
        assert row == want


def test_explanations_are_in_the_page(report: Report, trees: dict[str, Node]) -> None:
    numbers = [
        int(n)
        for s in trees["en"].all("script", class_="explanations")
        for n in (s.attributes["data-numbers"] or "").split()
    ]
    told = [e for piece in pieces(trees["en"], "explanations") for e in piece]
    want = {e.number: e for e in report.explanations()}
    assert numbers == list(want)
    for number, e in zip(numbers, told, strict=True):
        assert e["explanation"]["verdict"] == want[number].explanation["verdict"]
        assert e["timeline"]["due"] == want[number].timeline["due"]


@pytest.mark.parametrize(
    ("counts", "room", "most"),
    [([], 10, 0), ([3, 5], 10, 5), ([1, 2, 100], 10, 7), ([100, 100], 11, 5), ([0, 50], 50, 50)],
)
def test_level(counts: list[int], room: int, most: int) -> None:
    assert level(counts, room) == most
    assert sum(min(c, most) for c in counts) <= room


def test_what_is_left_out_is_said(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_pack, "MOST_EXCEPTIONS", 100)
    page = parsed(rendered(many(report, 1000), html))
    found = unpacked(page)
    assert 0 < len(found) <= 100
    by_clause = {f["clause"] for f in found}
    assert len(by_clause) == len(
        {c.clause for c in report.figures.conclusions if c.group in ("guarantee", "target")}
    )
    assert f"{len(found)} of these" in page.one("section", id="exceptions").text
    assert f'"left_out":{1000 - len(found)}' in page.one("script", id="facts").text


def test_no_more_bytes_than_a_page_may_have(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_pack, "FINDINGS_BYTES", 20_000)
    monkeypatch.setattr(html_pack, "PIECE_ROWS", 100)
    page = parsed(rendered(many(report, 5000), html))
    assert 0 < len(unpacked(page)) < 5000
    assert sum(len(n.text) for n in page.all("script", class_="findings")) < 20_000 * 4 / 3 + 10_000


def test_memory_does_not_grow_with_the_findings(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(html_pack, "PIECE_ROWS", 500)

    def peak(count: int) -> int:
        big = many(report, count)
        with tempfile.TemporaryFile() as file:
            tracemalloc.start()
            rows = html_pack.packed(big, str, lambda _, __: "", file)
            assert sum(len(data) for _, data in rows.pieces("findings")) > count
            most = tracemalloc.get_traced_memory()[1]
            tracemalloc.stop()
        return most

    peak(10)
    assert peak(6_000) < peak(1_000) * 1.25


@pytest.mark.parametrize("language", ["en", "pl"])
def test_the_script_has_the_words_that_it_asks_for(trees: dict[str, Node], language: str) -> None:
    shipped = json.loads(trees[language].one("script", id="words").text)
    folder = Path(html.__file__).parent / "page"
    scripts = "".join((folder / f"{name}.js").read_text() for name in html.SCRIPTS)
    assert {path.stem for path in folder.glob("*.js")} == set(html.SCRIPTS)
    asked = set(re.findall(r"\bw\('([\w.]+)'", scripts)) | set(
        re.findall(r"'((?:html|column|picture)\.\w+)'", scripts)
    )
    # `said` asks by a code, and has the code itself where there is no word.
    asked -= {"html.ranked"}
    assert len(asked) > 60
    assert asked <= set(shipped)
    assert {
        f"{key}.{code}"
        for key, code in (("unit", "min"), ("month", "1"), ("month_of_date", "12"), ("sign", "met"))
    } <= set(shipped)


# --------------------------------------------------------------------------- safe, and the same every time
def test_nothing_is_fetched_and_nothing_acts(pages: dict[str, bytes], trees: dict[str, Node]) -> None:
    page = trees["en"]
    for n in page:
        assert not {"src", "srcset", "action", "style", "ping", "data"} & set(n.attributes), n
        assert not [a for a in n.attributes if a.startswith("on")], n
        assert n.tag not in {
            "link",
            "img",
            "iframe",
            "object",
            "embed",
            "base",
            "use" if "xlink:href" in n.attributes else "",
        }
    text = pages["en"].decode()
    assert set(re.findall(r"https?://[\w.]+", text)) <= {"http://www.w3.org"}
    assert "url(" not in text.replace("url(#", "")
    assert "@import" not in text


def test_the_policy_names_the_script_and_the_style(trees: dict[str, Node]) -> None:
    page = trees["en"]
    (meta,) = page.all("meta", http_equiv="") or [n for n in page.all("meta") if "http-equiv" in n.attributes]
    policy = dict(part.split(" ", 1) for part in (meta.attributes["content"] or "").split("; "))
    acting = [n for n in page.all("script") if "type" not in n.attributes]
    assert len(acting) == 1
    for node, rule in ((acting[0], "script-src"), (page.one("style"), "style-src")):
        (raw,) = node.children
        assert isinstance(raw, str)
        assert policy[rule] == f"'sha256-{b64encode(sha256(raw.encode()).digest()).decode()}'"
    assert policy["default-src"] == "'none'"
    assert {n.attributes["type"] for n in page.all("script") if n is not acting[0]} == {
        "application/json",
        "text/plain",
    }


def test_same_inputs_same_bytes(report: Report, pages: dict[str, bytes]) -> None:
    assert rendered(report, html) == pages["en"]
    with report_of("infor") as again:
        assert rendered(again, html) == pages["en"]


def test_an_empty_report_is_a_page(report: Report) -> None:
    page = parsed(rendered(with_findings(report, ()), html, "pl"))
    assert unpacked(page) == []
    assert [s.attributes["id"] for s in page.one("main").all("section")] == ORDER


# --------------------------------------------------------------------------- hostile values
@pytest.fixture(scope="module")
def bad(report: Report) -> bytes:
    return rendered(hostile(report), html, "pl")


def test_hostile_values_come_out_inert(bad: bytes, trees: dict[str, Node]) -> None:
    page = parsed(bad)
    assert {n.tag for n in page} <= {n.tag for n in trees["pl"]} | {"line", "use", "ul"}
    for n in page:
        assert not [a for a in n.attributes if a.startswith("on")], n
    assert all((link.attributes["href"] or "").startswith("#") for link in page.all("a"))
    assert len([n for n in page.all("script") if "type" not in n.attributes]) == 1
    text = bad.decode("utf-8")
    assert not re.search(
        "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", text
    )
    for value in HOSTILE[:2]:
        assert value not in text
    whole = page.one("main").text
    assert HOSTILE[0] in whole
    assert "⟨U+202E⟩" in whole
    assert "␛" in whole
    assert "{{ 7*7 }}" in whole


def test_long_values_are_cut_and_it_is_said(bad: bytes) -> None:
    assert len(bad) < 3_000_000
    assert "<long><long>" in parsed(bad).one("main").text
    (row,) = [f for f in unpacked(parsed(bad)) if f["number"] == 3]
    assert len(row["ticket"]) < 300
    assert words_of("pl")("html.more_characters", len(LONG) - html_pack.MOST_ID) in row["ticket"]
    for piece in pieces(parsed(bad), "explanations"):
        assert max(map(len, _texts(piece))) < 200_000


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for k, v in value.items():
            yield k
            yield from _texts(v)
    elif isinstance(value, list):
        for v in value:
            yield from _texts(v)
