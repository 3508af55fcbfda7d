"""What a view of the findings shows where agreements are in several zones and have alike names, and the command that it tells."""

import json
import subprocess
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from checker.report.fresh import Wanted
from checker.report.gathered import Limits
from checker.report.renderers import html
from checker.report.rows import Report
from tests.checker.report.browser import Tab, tab
from tests.checker.report.made import rendered, report_of

ZONES = {"a": "Pacific/Kiritimati", "ab": "America/New_York", "quiet": "Europe/Warsaw"}
OPENED = {
    "a": "2025-03-04T00:00:00+14:00",
    "ab": "2025-03-03T08:00:00-05:00",
    "quiet": "2025-03-03T12:00:00+01:00",
}
DONE = {
    "a": "2025-03-04T03:00:00+14:00",
    "ab": "2025-03-03T11:00:00-05:00",
    "quiet": "2025-03-03T16:00:00+01:00",
}
ODD = "T'; echo `id` $(id) > x #\\"
"""A ticket that would be more than a word to a shell."""


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    folder = tmp_path_factory.mktemp("zones")
    (folder / "agreements.yaml").write_text(
        "---\n".join(
            f'agreement: "{name}"\ncontract: unified\ntime_zone: "{zone}"\ncountry: PL\n'
            'agreements: [{type: unified_enterprise, from: "2020-01-01", to: "2030-06-30"}]\npurchases: []\naem_events: []\n'
            for name, zone in ZONES.items()
        ),
        encoding="utf-8",
    )
    said = {
        "product": "P",
        "product_family": "windows",
        "channel": "phone",
        "supported": True,
        "language": "pl",
    }
    with (folder / "tickets.jsonl").open("w", encoding="utf-8") as log:
        log.write(json.dumps({"log": {"complete_to": "2025-05-01T00:00:00Z"}}) + "\n")
        for agreement, opened in OPENED.items():
            events = [
                {"at": opened, "event": "ticket_opened", "severity": "1", **said},
                {
                    "at": DONE[agreement],
                    "event": "response_sent",
                    "automated": False,
                    "channel": "phone",
                    "language": "pl",
                },
            ]
            ticket = ODD if agreement == "ab" else f"T-{agreement}"
            log.write(
                json.dumps({"ticket": ticket, "agreement": agreement, "kind": "incident", "events": events})
                + "\n"
            )
    with report_of(
        "unified",
        tickets=folder / "tickets.jsonl",
        agreements=folder / "agreements.yaml",
        wanted=Wanted(Limits(explained=0)),
    ) as made:
        yield made


@pytest.fixture
def page(browser: Any, report: Report, tmp_path: Path) -> Iterator[Tab]:
    path = tmp_path / "page.html"
    path.write_bytes(rendered(report, html))
    with tab(browser, path, viewport={"width": 1400, "height": 900}) as opened:
        yield opened
        opened.quiet()


def agreements(page: Tab) -> set[str]:
    return set(page.page.locator("#table tbody th .dim").all_inner_texts())


def test_a_link_to_an_agreement_shows_it_alone(page: Tab, report: Report) -> None:
    page.open()
    assert {f.agreement for f in report.exceptions()} == set(ZONES)
    for name in ("ab", "a"):
        # A row of the table is what one agreement was promised in one strength.
        strength = next(f.strength for f in report.exceptions() if f.agreement == name)
        page.page.locator(f'#population tbody a[href*="agreement={name}&strength={strength}"]').click()
        assert page.page.input_value("#s-agreement") == name
        assert agreements(page) == {name}
    page.open("#?list=all&agreement=qui")
    assert agreements(page) == set()
    # What is typed is a part of names, or the whole of one.
    for typed, want in (("A", {"a", "ab"}), ("ab", {"ab"}), ("a", {"a"}), ("qui", {"quiet"})):
        page.page.fill("#s-agreement", typed)
        page.page.wait_for_url(f"**agreement*={typed}")
        assert agreements(page) == want


@pytest.mark.parametrize("column", ["due", "done"])
def test_instants_are_sorted_as_time_passes(page: Tab, report: Report, column: str) -> None:
    known = {f.number: getattr(f, column) for f in report.exceptions() if getattr(f, column) is not None}
    in_order = sorted(known, key=lambda n: (datetime.fromisoformat(known[n]), n))
    assert in_order != sorted(known, key=lambda n: (known[n][:19], n))
    page.open(f"#?list=exceptions&size=500&sort={column}")
    assert page.column(1)[: len(known)] == [str(n) for n in in_order]


def test_the_command_is_of_one_word_each_to_a_shell(page: Tab, report: Report) -> None:
    for f in (
        next(f for f in report.exceptions() if f.ticket == ODD),
        next(f for f in report.findings() if not f.ticket),
    ):
        page.open(f"#?list=all&open={f.number}")
        told = page.page.locator("#detail p > code").inner_text()
        assert told.startswith("servanda explain ")
        said = subprocess.run(
            ["sh", "-c", f"printf '%s\\0' {told.removeprefix('servanda explain ')}"],
            capture_output=True,
            check=True,
        ).stdout.decode()
        ticket = ["--ticket", f.ticket] if f.ticket else []
        want = ["--contract", "unified", "--agreement", f.agreement, *ticket, "--clause", f.clause]
        assert said.split("\0")[: len(want)] == want


@pytest.mark.parametrize("name", ["__proto__", "constructor", "-toString"])
def test_names_of_the_language_are_no_columns(page: Tab, report: Report, name: str) -> None:
    page.open(f"#?list=exceptions&size=500&sort={name}&{name}=1&__proto__=2")
    assert page.column(1) == [str(f.number) for f in report.exceptions()]
    assert "proto" not in page.page.evaluate("document.querySelector('#table tbody a').getAttribute('href')")


def test_reasons_can_be_read_in_the_table(page: Tab, report: Report) -> None:
    """Names of events are long, and break; what has few lines is whole."""
    page.open("#?list=exceptions&size=500")
    reasons = page.page.locator("#table tbody .cut")
    assert reasons.count() == len(list(report.exceptions()))
    hidden = reasons.evaluate_all(
        "all => all.filter((x) => x.scrollHeight > x.clientHeight + 1).map((x) => x.textContent)"
    )
    assert hidden == []
