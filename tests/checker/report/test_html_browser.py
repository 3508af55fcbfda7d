"""The report's page in a real Chromium, from disk: filters, drill-down, keyboard, both languages, print, and what axe-core says of it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.report.renderers import html, html_pack
from checker.report.rows import Finding, Report
from checker.report.words import words_of
from tests.checker.report.axe import axe
from tests.checker.report.browser import Tab, tab
from tests.checker.report.made import rendered, report_of
from tests.checker.report.page import hostile, many

EN, PL = words_of("en"), words_of("pl")


@pytest.fixture(scope="module")
def report() -> Iterator[Report]:
    with report_of("infor") as made:
        yield made


@pytest.fixture(scope="module")
def pages(report: Report, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(html_pack, "MOST_PICTURES", 20)
        for name, made in (("en", report), ("pl", report), ("hostile", hostile(report, 0))):
            (folder / f"{name}.html").write_bytes(rendered(made, html, "pl" if name == "pl" else "en"))
    return {path.stem: path for path in folder.glob("*.html")}


@pytest.fixture
def english(browser: Any, pages: dict[str, Path]) -> Iterator[Tab]:
    with tab(browser, pages["en"], viewport={"width": 1280, "height": 900}) as opened:
        yield opened
        opened.quiet()


def numbers(report: Report, which: Callable[[Finding], bool]) -> list[str]:
    return [EN.number(f.number) for f in report.findings() if which(f)]


# --------------------------------------------------------------------------- filters
def test_it_opens_with_the_exceptions(english: Tab, report: Report) -> None:
    english.open()
    want = numbers(report, lambda f: f.verdict == "breached")
    assert english.column(1) == want
    assert english.status.startswith(EN("count.findings", len(want)))
    assert english.page.locator("#findings").is_visible()
    region = english.page.locator("#status")
    assert (region.get_attribute("role"), region.get_attribute("aria-live")) == ("status", "polite")


@pytest.mark.parametrize(
    ("name", "value", "which"),
    [
        ("verdict", "met", lambda f: f.verdict == "met"),
        ("strength", "target", lambda f: f.strength == "target"),
        ("month", "2025-09", lambda f: f.month == "2025-09"),
        ("month", "-", lambda f: f.month is None),
        ("ranked.severity", "2", lambda f: f.ranked.get("severity") == "2"),
    ],
)
def test_filters(
    english: Tab, report: Report, name: str, value: str, which: Callable[[Finding], bool]
) -> None:
    english.open("#?list=all&size=500")
    english.page.select_option(f"select[name='{name}']", value)
    want = numbers(report, which)
    assert want
    assert english.column(1) == want
    assert english.status.startswith(EN("count.findings", len(want)))
    chosen = english.page.locator(f"select[name='{name}'] option:checked").inner_text()
    assert chosen.endswith(f"({EN.number(len(want))})")


def test_filter_by_clause_and_agreement_and_search(english: Tab, report: Report) -> None:
    english.open("#?list=all&size=500")
    some = next(f for f in report.findings() if f.ticket and f.verdict == "breached")
    english.page.select_option("select[name=clause]", some.clause)
    assert english.column(1) == numbers(report, lambda f: f.clause == some.clause)
    english.page.fill("#s-q", some.ticket.lower())
    english.page.wait_for_url("**q=*")
    assert english.column(1) == numbers(report, lambda f: f.clause == some.clause and some.ticket in f.ticket)
    english.page.click("button[type=reset]")
    english.page.fill("#s-agreement", some.agreement)
    english.page.wait_for_url("**agreement=*")
    assert english.column(1) == numbers(report, lambda f: f.agreement == some.agreement)


def test_lists_and_nothing_found(english: Tab, report: Report) -> None:
    english.open()
    english.page.select_option("#s-list", "contested")
    assert english.status.startswith(EN("count.findings", report.figures.findings.contested.found))
    english.page.fill("#s-q", "no such ticket")
    english.page.wait_for_url("**q=*")
    assert english.status.startswith(EN("count.findings", 0))
    assert english.column(1) == []


# --------------------------------------------------------------------------- order, pages, addresses
def test_sorting(english: Tab, report: Report) -> None:
    english.open("#?list=exceptions&size=500")
    head = english.page.locator("#table th[data-sort=late]")
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    head.locator("button").click()
    assert head.get_attribute("aria-sort") == "descending"
    assert english.page.locator("#table th[aria-sort]").count() == 1
    late = sorted((f for f in report.exceptions() if f.late_s), key=lambda f: -(f.late_s or 0))
    rest = [f for f in report.exceptions() if not f.late_s]
    assert english.column(1) == [EN.number(f.number) for f in (*late, *rest)]
    english.page.click("#table th[data-sort=ticket] button")
    tickets = [t for t in english.tickets if t != EN("html.whole_agreement")]
    assert tickets == sorted(tickets)


def test_pages(english: Tab, report: Report) -> None:
    english.open("#?list=all")
    everything = numbers(report, lambda f: True)
    assert english.column(1) == everything[:50]
    assert english.page.locator("#before").is_disabled()
    english.page.click("#after")
    assert english.column(1) == everything[50:100]
    assert english.page.locator("#after").is_disabled()
    assert english.page.evaluate("document.activeElement.id") == "h-findings"
    english.back()
    assert english.column(1) == everything[:50]


def test_a_link_reproduces_the_view_and_back_leads_back(english: Tab, report: Report) -> None:
    english.open()
    english.page.select_option("#s-list", "undetermined")
    english.page.select_option("select[name=strength]", "target")
    english.page.click("#table th[data-sort=clause] button")
    shown, link = english.column(1), english.fragment
    assert shown
    english.open(link)
    assert english.column(1) == shown
    assert english.page.input_value("#s-list") == "undetermined"
    english.open()
    english.page.select_option("#s-list", "undetermined")
    english.page.select_option("select[name=strength]", "target")
    english.back()
    assert english.page.input_value("select[name=strength]") == ""
    english.back()
    assert english.column(1) == numbers(report, lambda f: f.verdict == "breached")
    english.back(-1)
    english.back(-1)
    assert english.page.input_value("select[name=strength]") == "target"
    english.page.evaluate("location.hash = '#scope'")
    assert english.page.input_value("select[name=strength]") == "target"


def test_figures_lead_to_their_findings(english: Tab, report: Report) -> None:
    english.open()
    c = next(c for c in report.figures.conclusions if c.counts["breached"] and c.level == "ticket")
    english.page.locator("#conclusion tr", has_text=c.clause).locator("a").first.click()
    want = numbers(
        report, lambda f: f.clause == c.clause and f.verdict == "breached" and f.strength == c.strength
    )
    assert english.column(1) == want
    assert len(want) == c.counts["breached"]
    assert english.page.locator("#h-findings").evaluate("e => e.getBoundingClientRect().top") < 200


@pytest.mark.parametrize(
    "fragment",
    ["#?list=none&page=-3&size=7&sort=x&open=zzz", "#?verdict=%00&clause=%3Cb%3E", "#?%", "#?open=99999999"],
)
def test_addresses_that_mean_nothing(english: Tab, fragment: str) -> None:
    english.open(fragment)
    assert english.status
    if "open=9" in fragment:
        assert english.page.locator("#detail h2").inner_text() == EN("html.not_here")


# --------------------------------------------------------------------------- one finding
def test_drill_down(english: Tab, report: Report) -> None:
    e = next(
        e for e in report.explanations() if e.timeline["spans"] and e.explanation["verdict"] == "breached"
    )
    f = next(f for f in report.findings() if f.number == e.number)
    english.open("#?list=exceptions&size=500")
    link = english.page.locator(
        "#table tbody tr", has=english.page.locator(f"a[href$='open={f.number}']")
    ).locator("a")
    link.click()
    dialog = english.page.locator("#detail")
    dialog.locator("svg").wait_for()
    assert english.fragment.endswith(f"open={f.number}")
    text = " ".join(dialog.inner_text().split())
    for said in (
        f.ticket,
        f.agreement,
        f.clause,
        EN.instant(f.due),
        f.because or "",
        f.place,
        EN("picture.timeline"),
        EN("html.what_decided"),
    ):
        assert said in text, said
    if f.late_s:
        assert EN("findings.late", duration=EN.duration(f.late_s)) in text
    assert EN("picture.counted") in text
    assert english.page.evaluate("document.activeElement.id") == "detail-title"
    english.page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")
    # The page is told that the dialog was closed a moment after it is gone.
    english.until("!location.hash.includes('open=')")
    assert english.page.evaluate("document.activeElement.getAttribute('href')").endswith(f"open={f.number}")
    english.back()
    dialog.wait_for(state="visible")
    english.back()
    dialog.wait_for(state="hidden")


def test_every_explanation_opens(english: Tab, report: Report) -> None:
    english.open("#?list=all")
    for e in report.explanations():
        english.page.evaluate(f"location.hash = '#?list=all&open={e.number}'")
        english.page.locator("#detail h3", has_text=EN("html.what_decided")).wait_for()
        assert english.page.locator("#detail table:not(:has(caption))").count() == 0
        turning = any(o["turns"] for r in e.explanation["readings"] for o in r["others"])
        assert (english.page.locator("#detail h3", has_text=EN("html.both_readings")).count() == 1) == turning
        # Away, and on to the next one without waiting for the dialog to be gone.
        english.page.evaluate("location.hash = '#?list=all'")


# --------------------------------------------------------------------------- keyboard, languages, looks, paper
def test_keyboard_alone(english: Tab) -> None:
    english.open()
    page = english.page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.locator(".skip").evaluate("e => e.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.focus("#s-list")
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        seen.append(page.evaluate("document.activeElement.id || document.activeElement.textContent"))
        width = page.evaluate("parseFloat(getComputedStyle(document.activeElement).outlineWidth)")
        assert width >= 1, f"no focus is seen on {seen[-1]}"
    assert seen.index("s-q") < seen.index("s-clause") < seen.index("s-agreement")
    page.focus("#table th[data-sort=due] button")
    page.keyboard.press("Enter")
    assert page.locator("#table th[data-sort=due]").get_attribute("aria-sort") == "ascending"
    page.locator("#table tbody a").first.focus()
    page.keyboard.press("Enter")
    page.locator("#detail[open]").wait_for()
    for _ in range(30):
        page.keyboard.press("Tab")
        inside = page.evaluate(
            "document.activeElement === document.body || !!document.activeElement.closest('dialog')"
        )
        assert inside
    page.keyboard.press("Escape")
    page.locator("#detail").wait_for(state="hidden")


def test_polish(browser: Any, pages: dict[str, Path], report: Report) -> None:
    with tab(browser, pages["pl"]) as polish:
        polish.open("#?list=exceptions&size=500")
        count = report.figures.findings.exceptions.found
        assert polish.status.startswith(PL("count.findings", count))
        late = next(f for f in report.exceptions() if f.late_s)
        row = polish.page.locator(
            "#table tbody tr", has=polish.page.locator(f"a[href$='open={late.number}']")
        )
        text = " ".join(row.inner_text().split())
        assert PL("html.missed" if late.strength == "target" else "verdict.breached") in text
        assert PL.duration(late.late_s) in text
        assert PL.instant(late.due).replace(", ", " ") in text
        for n in (1, 2, 5, 12, 22, 1234, 12345):
            for key in ("count.findings", "count.events"):
                entry = PL.entry(key)
                form = polish.page.evaluate(f"new Intl.PluralRules('pl').select({n})")
                assert entry.get(form, entry["many"]).replace("{n}", PL.number(n)) == PL(key, n)
        polish.page.evaluate(f"location.hash = '#?list=exceptions&open={late.number}'")
        polish.page.locator("#detail h3", has_text=PL("html.what_decided")).wait_for()
        assert (
            PL("findings.late", duration=PL.duration(late.late_s))
            in polish.page.locator("#detail").inner_text()
        )
        turning = {
            e.number: e
            for e in report.explanations()
            if any(o["turns"] for r in e.explanation["readings"] for o in r["others"])
        }
        number, e = next(iter(turning.items()))
        polish.page.evaluate(f"location.hash = '#?list=all&open={number}'")
        polish.page.locator("#detail h3", has_text=PL("html.both_readings")).wait_for()
        told = polish.page.locator("#detail").inner_text()
        known = {r.ambiguity: r for r in report.figures.method.readings}
        for r in e.explanation["readings"]:
            if any(o["turns"] for o in r["others"]):
                assert known[r["ambiguity"]].question_pl in told
                assert known[r["ambiguity"]].means_pl in told
                assert r["question"] not in told
        polish.quiet()


def test_light_and_dark(browser: Any, pages: dict[str, Path]) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    for scheme, other in (("light", "dark"), ("dark", "light")):
        with tab(browser, pages["en"], color_scheme=scheme) as page:
            page.open()
            first = page.page.evaluate(ground)
            page.page.select_option("#appearance", other)
            second = page.page.evaluate(ground)
            assert first != second
            assert (sum(map(int, first[4:-1].split(","))) > 600) == (scheme == "light")
            page.page.select_option("#appearance", "")
            assert page.page.evaluate(ground) == first
            page.quiet()


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 2000])
@pytest.mark.parametrize("language", ["en", "pl"])
def test_nothing_is_wider_than_the_window(
    browser: Any, pages: dict[str, Path], width: int, language: str
) -> None:
    with tab(browser, pages[language], viewport={"width": width, "height": 800}) as page:
        page.open("#?list=all")
        assert page.page.evaluate("document.documentElement.scrollWidth") <= width
        if width >= 1280:
            assert (
                page.page.locator("#table").evaluate("t => t.scrollWidth - t.parentElement.clientWidth") <= 0
            )
        page.quiet()


def test_it_prints(english: Tab) -> None:
    english.open()
    english.page.emulate_media(media="print")
    assert not english.page.locator("#sieve").is_visible()
    assert not english.page.locator("nav.contents").is_visible()
    assert english.page.locator("#table tbody tr").first.is_visible()
    data = english.page.pdf(prefer_css_page_size=True)
    assert data.startswith(b"%PDF-")
    assert data.count(b"/Type /Page\n") > 3


def test_without_a_script(browser: Any, pages: dict[str, Path]) -> None:
    with tab(browser, pages["en"], java_script_enabled=False) as page:
        page.open(ready=False)
        assert page.page.locator("#exceptions tbody tr").count() > 3
        assert not page.page.locator("#findings").is_visible()
        assert not page.page.locator("#appearance").is_visible()


# --------------------------------------------------------------------------- hostile, many, for everybody
def test_hostile_values_do_nothing(browser: Any, pages: dict[str, Path], report: Report) -> None:
    with tab(browser, pages["hostile"]) as page:
        dialogs: list[str] = []
        page.page.on("dialog", lambda d: dialogs.append(d.message))
        page.open("#?list=all&size=500")
        assert len(page.column(1)) == len(list(report.findings()))
        assert any("<script>alert(1)" in text for text in page.tickets)
        assert page.page.locator("main img, main iframe, #table script").count() == 0
        for e in list(report.explanations())[:12]:
            page.page.evaluate(f"location.hash = '#?list=all&open={e.number}'")
            page.page.locator("#detail h3", has_text=EN("html.what_decided")).wait_for()
            assert page.page.locator("#detail script, #detail img").count() == 0
            page.page.evaluate("location.hash = '#?list=all'")
            page.page.locator("#detail").wait_for(state="hidden")
        agreement = page.page.locator("#population tbody a").first
        assert dialogs == []
        agreement.click()
        page.quiet()


def test_two_hundred_thousand_exceptions(browser: Any, report: Report, tmp_path: Path) -> None:
    """Seconds of the page's own thread: what else the machine does is not counted."""
    path = tmp_path / "many.html"
    path.write_bytes(rendered(many(report, 200_000), html))
    assert path.stat().st_size < 25_000_000
    with tab(browser, path) as page:
        measure = page.page.context.new_cdp_session(page.page)
        measure.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            found = measure.send("Performance.getMetrics")["metrics"]
            return float(next(m["value"] for m in found if m["name"] == "TaskDuration"))

        page.open()
        assert spent() < 3
        assert page.status.startswith("200,000 findings")
        for ask in ("late", "ticket"):
            before = spent()
            page.page.click(f"#table th[data-sort={ask}] button")
            assert spent() - before < 1.5
        before = spent()
        page.page.fill("#s-q", "INC1999995")
        page.page.wait_for_url("**q=*")
        assert page.tickets == ["INC1999995"]
        assert spent() - before < 1.5
        page.quiet()


@pytest.mark.parametrize("language", ["en", "pl"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    browser: Any, pages: dict[str, Path], report: Report, language: str, scheme: str
) -> None:
    source = axe()
    if source is None:
        pytest.skip("axe-core is not here: make axe")
    e = next(e for e in report.explanations() if e.timeline["spans"])
    # The page's policy would not let the examiner in.
    with tab(browser, pages[language], color_scheme=scheme, bypass_csp=True) as page:
        page.page.add_init_script(source)
        page.open("#?list=all")
        page.page.evaluate("document.querySelectorAll('details').forEach((d) => { d.open = true; })")
        assert _serious(page) == []
        page.page.evaluate(f"location.hash = '#?list=all&open={e.number}'")
        page.page.locator("#detail svg").wait_for()
        assert _serious(page) == []


def _serious(page: Tab) -> list[str]:
    found = json.loads(page.page.evaluate("axe.run().then((found) => JSON.stringify(found.violations))"))
    return [
        f"{v['id']} ({v['impact']}): {node['target']} {node['html'][:120]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"][:3]
    ]
