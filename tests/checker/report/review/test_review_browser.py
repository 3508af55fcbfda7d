"""The review's page in a real Chromium, from disk: the sieve, links, keyboard, both languages, paper, and what axe-core says of it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.report.review.model import Review
from checker.report.words import words_of
from tests.checker.report.axe import axe
from tests.checker.report.browser import Tab, chromium, tab
from tests.checker.report.review.made import hostile, page, review, unproved

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
pytestmark = [
    pytest.mark.skipif(chromium() is None, reason="there is no Chromium here"),
]
EN, PL = words_of("en"), words_of("pl")
CLAUSE = "cloudorama.sla.licence-activation"


@pytest.fixture(scope="module")
def made() -> Review:
    return review()


@pytest.fixture(scope="module")
def pages(made: Review, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("reviews")
    found = {
        "en": page(made),
        "pl": page(made, "pl"),
        "open": page(review(unproved())),
        "hostile": page(hostile()),
    }
    for name, data in found.items():
        (folder / f"{name}.html").write_bytes(data)
    return {name: folder / f"{name}.html" for name in found}


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as engine:
        found = engine.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        yield found
        found.close()


@pytest.fixture
def english(browser: Any, pages: dict[str, Path]) -> Iterator[Tab]:
    with tab(browser, pages["en"], viewport={"width": 1280, "height": 900}) as opened:
        opened.open()
        yield opened
        opened.quiet()


def seen(page: Tab) -> list[str]:
    return [str(n.get_attribute("data-clauses")) for n in page.page.locator("article.clause:visible").all()]


# --------------------------------------------------------------------------- the sieve
def test_the_sieve(english: Tab, made: Review) -> None:
    everything = [c.id for c in made.clauses]
    assert seen(english) == everything
    for party, answer in (
        ("provider", "laxer"),
        ("customer", "stricter"),
        ("microsoft", "laxer"),
        ("", "equivalent"),
    ):
        english.page.select_option("#s-party", party)
        english.page.select_option("#s-answer", answer)
        want = [
            c.id
            for c in made.clauses
            if any(v.answer == answer and party in ("", v.party) for v in c.answer.views)
            or (not party and c.answer.answer == answer)
        ]
        assert seen(english) == want
        assert (
            english.status == f"{EN('review.count.shown', len(want))} / {len(everything)}"
            if want
            else EN("review.filter.nothing")
        )
        rows = [
            str(n.get_attribute("data-clauses"))
            for n in english.page.locator(".figures tbody tr:visible").all()
        ]
        assert all(set(row.split()) & set(want) for row in rows)
    english.page.click("#sieve button[type=reset]")
    assert seen(english) == everything
    english.page.fill("#s-q", "AVAILABILITY")
    assert seen(english) == [c for c in everything if "availability" in c]
    assert english.fragment == "#?q=AVAILABILITY"
    english.page.fill("#s-q", "nothing of the kind")
    assert seen(english) == []
    assert english.status == EN("review.filter.nothing")


def test_an_address_is_a_view_or_a_clause(english: Tab, made: Review) -> None:
    english.open("#?party=microsoft&answer=laxer")
    assert seen(english) == ["cloudorama.sla.microsoft-availability"]
    assert english.page.locator("#s-party").input_value() == "microsoft"
    # A link to what the sieve hides shows everything again.
    english.page.evaluate(f"location.hash = '#c-{CLAUSE}'")
    english.until(f"document.activeElement.id === 'c-{CLAUSE}'")
    assert len(seen(english)) == len(made.clauses)
    english.open(f"#c-{CLAUSE}")
    assert english.page.evaluate("document.activeElement.id") == f"c-{CLAUSE}"
    top = english.page.evaluate(f"document.getElementById('c-{CLAUSE}').getBoundingClientRect().top")
    assert -2 < top < 60


def test_links_lead_to_each_clause(english: Tab, made: Review) -> None:
    for c in made.clauses:
        english.page.locator(f'nav a[href="#{c.anchor}"]').click()
        assert english.fragment == f"#{c.anchor}"
    english.page.locator('.figures a[href^="#c-"]:visible').first.click()
    english.page.locator(f'[id="c-{CLAUSE}"] .steps a').first.click()
    assert english.fragment.startswith("#")


# --------------------------------------------------------------------------- languages, looks, keyboard
def test_both_languages(english: Tab) -> None:
    page = english.page
    assert page.locator("#h-figures").inner_text() == EN("review.section.figures")
    page.click(".say button[data-to=pl]")
    assert page.locator("#h-figures").inner_text() == PL("review.section.figures")
    assert page.locator("html").get_attribute("lang") == "pl"
    assert page.title().startswith(PL("review.title"))
    assert page.locator("#s-answer option").nth(2).inner_text() == PL("review.answer.laxer")
    assert english.status.startswith("widoczn")
    assert page.locator("nav.contents").get_attribute("aria-label") == PL("review.contents")
    # The sentence of a change stands in both.
    assert page.locator(f'[id="c-{CLAUSE}"] .plainly:visible').count() == 2
    assert page.locator(f'[id="c-{CLAUSE}"] figure:visible svg').count() == 1
    assert PL("drawn.clock_old") in str(page.locator(f'[id="c-{CLAUSE}"] figure:visible svg').text_content())
    page.click(".say button[data-to=en]")
    assert page.locator("#h-figures").inner_text() == EN("review.section.figures")


def test_the_polish_page_opens_in_polish(browser: Any, pages: dict[str, Path]) -> None:
    with tab(browser, pages["pl"]) as opened:
        opened.open()
        assert opened.page.locator("#h-answer").inner_text() == PL("review.section.answer")
        assert opened.page.locator(".say button[aria-pressed=true]").inner_text() == "Polski"
        opened.quiet()


def test_keyboard(english: Tab) -> None:
    page = english.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    english.open()
    for _ in range(3):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.dataset.to") == "pl"
    page.keyboard.press("Enter")
    assert page.locator("#h-answer").inner_text() == PL("review.section.answer")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "appearance"
    page.locator("#s-answer").focus()
    page.keyboard.press("ArrowDown")
    assert page.locator("#s-answer").input_value() == "stricter"
    page.locator(f'[id="c-{CLAUSE}"] summary').first.focus()
    page.keyboard.press("Enter")
    assert page.locator(f'[id="c-{CLAUSE}"] details').first.get_attribute("open") is not None


def test_light_and_dark(english: Tab) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    light = english.page.evaluate(ground)
    english.page.select_option("#appearance", "dark")
    assert english.page.evaluate(ground) != light
    english.page.select_option("#appearance", "")
    assert english.page.evaluate(ground) == light


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_is_wider_than_the_window(browser: Any, pages: dict[str, Path], width: int) -> None:
    with tab(browser, pages["open"], viewport={"width": width, "height": 800}) as opened:
        opened.open()
        for language in ("pl", "en"):
            opened.page.click(f".say button[data-to={language}]")
            assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
        opened.quiet()


def test_unchanged_lines_are_folded_on_a_narrow_screen(browser: Any, pages: dict[str, Path]) -> None:
    lines = "article.clause table.sides[lang=en] tbody.alike >> nth=0"
    fold = "article.clause table.sides[lang=en] tbody.fold button >> nth=0"
    with tab(browser, pages["en"], viewport={"width": 390, "height": 800}) as opened:
        opened.open()
        assert not opened.page.locator(lines).is_visible()
        opened.page.locator(fold).press("Enter")
        assert opened.page.locator(lines).is_visible()
        assert opened.page.locator(fold).get_attribute("aria-expanded") == "true"
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 390
        opened.page.set_viewport_size({"width": 1280, "height": 800})
        assert not opened.page.locator(fold).is_visible()
        assert opened.page.locator(lines).is_visible()
        opened.quiet()


def test_it_prints(english: Tab) -> None:
    english.page.emulate_media(media="print")
    for hidden in ("#sieve", "nav.contents", ".say"):
        assert not english.page.locator(hidden).is_visible()
    assert english.page.locator(".figures del").first.is_visible()
    data = english.page.pdf(prefer_css_page_size=True)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") > 2


def test_without_a_script(browser: Any, pages: dict[str, Path]) -> None:
    with tab(browser, pages["pl"], java_script_enabled=False) as opened:
        opened.open(ready=False)
        assert opened.page.locator("#h-answer").inner_text() == PL("review.section.answer")
        assert opened.page.locator("article.clause").first.is_visible()
        assert not opened.page.locator("#sieve").is_visible()
        assert not opened.page.locator(".say").is_visible()


# --------------------------------------------------------------------------- hostile, for everybody
def test_hostile_values_do_nothing(browser: Any, pages: dict[str, Path]) -> None:
    with tab(browser, pages["hostile"], viewport={"width": 1280, "height": 800}) as opened:
        dialogs: list[str] = []
        opened.page.on("dialog", lambda d: dialogs.append(d.message))
        opened.open()
        opened.page.click(".say button[data-to=pl]")
        opened.page.fill("#s-q", "<script>")
        opened.page.click("#sieve button[type=reset]")
        assert opened.page.locator("main img, main iframe, main script").count() == 0
        assert "alert(1)" in opened.page.locator("#effect").inner_text()
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= 1280
        assert dialogs == []
        opened.quiet()


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(browser: Any, pages: dict[str, Path], language: str, scheme: str) -> None:
    source = axe()
    if source is None:
        pytest.skip("axe-core is not here: make axe")
    # The page's policy would not let the examiner in.
    with tab(browser, pages["open"], color_scheme=scheme, bypass_csp=True) as opened:
        opened.page.add_init_script(source)
        opened.open()
        opened.page.click(f".say button[data-to={language}]")
        opened.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        found = json.loads(
            opened.page.evaluate("axe.run().then((found) => JSON.stringify(found.violations))")
        )
        assert [
            f"{v['id']} ({v['impact']}): {node['target']} {node['html'][:160]}"
            for v in found
            if v["impact"] in ("serious", "critical")
            for node in v["nodes"][:3]
        ] == []
