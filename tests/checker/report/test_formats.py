"""Markdown and SARIF: the figures of the JSON, and nothing of a record that means anything to the format."""

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from markdown_it import MarkdownIt

from checker.cli.main import main
from checker.report.fresh import Wanted
from checker.report.renderers import formats, markdown, renderer_of, sarif
from checker.report.renderers import json as as_json
from checker.report.rows import Report
from checker.report.words import LANGUAGES, words_of
from tests.checker.report.made import rendered, report_of
from tests.house.tree import ROOT


@pytest.fixture(scope="module")
def desk() -> Iterator[Report]:
    with report_of("senetic", wanted=Wanted(sample=True)) as made:
        yield made


def test_every_format_is_known() -> None:
    assert {".json", ".md", ".sarif"} <= set(formats())
    for end in formats():
        assert renderer_of(Path("x" + end)) is not None or end


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_has_the_figures(desk: Report, language: str) -> None:
    text = rendered(desk, markdown, language).decode()
    words = words_of(language)
    for key in (
        "scope",
        "population",
        "method",
        "conclusion",
        "exceptions",
        "contested",
        "undetermined",
        "quality",
    ):
        assert f"\n## {words(f'section.{key}')}\n" in text
    for c in desk.figures.conclusions:
        if c.open:
            lines = [
                x
                for x in text.splitlines()
                if re.search(rf"[|,] {re.escape(markdown.inert(c.clause))}[, ]", x)
            ]
            folded = next(x for x in lines if x.startswith("| ") and x.count(" | ") == 2)
            assert all(markdown.inert(cause.what) in folded for cause in c.missing)
        elif c.applicable:
            line = next(x for x in text.splitlines() if x.startswith(f"| {markdown.inert(c.clause)} |"))
            cells = [x.strip() for x in line.strip("|").split(" | ")]
            assert words.number(c.counts["breached"]) == cells[2]
            assert words.percent(c.rate.rate) in cells or c.rate.rate is None
    assert "{" not in re.sub(r"\\\{", "", text)


def test_markdown_tables_are_whole(desk: Report) -> None:
    width = 0
    for line in rendered(desk, markdown).decode().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line))
        if not line.startswith("|"):
            width = 0
            continue
        width = width or cells
        assert cells == width, line


def test_sarif_holds_to_the_essentials(desk: Report) -> None:
    told: dict[str, Any] = json.loads(rendered(desk, sarif))
    assert told["version"] == "2.1.0"
    (run,) = told["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({r["id"] for r in rules}) == len(rules)
    assert run["results"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["kind"] in ("fail", "open", "review")
        # SARIF 2.1.0, 3.27.10: a level other than `none` is for what failed.
        assert (result["level"] == "none") == (result["kind"] != "fail")
        assert result["message"]["text"]
        for place in result["locations"]:
            uri = place["physicalLocation"]["artifactLocation"]["uri"]
            assert uri in {a["location"]["uri"] for a in run["artifacts"]}
    kinds = Counter(r["kind"] for r in run["results"])
    assert kinds["fail"] == desk.figures.findings.exceptions.found


HOSTILE = [
    "<script>alert(1)</script>",
    "=1+1",
    "a|b\nc",
    "\u202egnirts",
    "[x](javascript:1)",
    "`x`",
    "\x1b[31m",
]


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Report]:
    folder = tmp_path_factory.mktemp("hostile")
    lines = (ROOT / "fixtures" / "poly-desk" / "tickets.jsonl").read_text().splitlines()
    out, n = [], 0
    for line in lines:
        row = json.loads(line)
        if "ticket" in row:
            row["ticket"] = f"{HOSTILE[n % len(HOSTILE)]}{n}"
            row["kind"] = HOSTILE[n % len(HOSTILE)]
            n += 1
        out.append(json.dumps(row))
    assert n > len(HOSTILE)
    (folder / "tickets.jsonl").write_text("\n".join(out) + "\n")
    with report_of("poly", tickets=folder / "tickets.jsonl") as made:
        yield made


def test_readings_are_in_polish(desk: Report) -> None:
    text = rendered(desk, markdown, "pl").decode()
    readings = desk.figures.method.readings
    assert readings
    for r in readings:
        for said in (r.question_pl, r.means_pl):
            assert said
            assert markdown.inert(said) in text
        assert r.question not in text
        assert [name for name, _ in r.others] == [name for name, said in r.others_pl if said]


def test_nothing_is_linked_that_is_not_meant_to_be() -> None:
    """Not even by programs that make links of bare addresses, and mentions of names: what is code they leave alone."""
    for said, coded in (
        (
            "see https://evil.example/a?b=c&d, www.evil.example",
            ["https://evil.example/a?b=c&d,", "www.evil.example"],
        ),
        ("@everybody or jan@example.com", ["@everybody", "jan@example.com"]),
        ("http://a|b *x*", ["http://a"]),
        ("`a@b`c@d` WWW.x", ["a@b", "c@d", "WWW.x"]),
        ("<mailto:x@y>", ["<mailto:x@y>"]),
    ):
        for text in (f"- {markdown.inert(said)}", f"| x |\n| --- |\n| {markdown.inert(said)} |"):
            inline = [t for t in MarkdownIt("commonmark").enable("table").parse(text) if t.type == "inline"][
                -1
            ]
            parts = inline.children or []
            assert [t.content for t in parts if t.type == "code_inline"] == coded
            plain = "".join(t.content for t in parts if t.type != "code_inline")
            assert not re.search(r"://|@|www\.", plain, re.IGNORECASE)
            assert "".join(t.content for t in parts) == said


def test_hostile_values_are_inert(hostile: Report) -> None:
    text = rendered(hostile, markdown).decode()
    assert not re.search(r"(?<!\\)<script", text)
    assert "\u202e" not in text
    assert "\x1b" not in text
    assert not re.search(r"(?<!\\)\[x(?<!\\)\]\(", text)
    sarif_text = rendered(hostile, sarif).decode()
    assert sarif_text.isascii()
    json.loads(sarif_text)
    told = json.loads(rendered(hostile, as_json))
    assert any(f["ticket"].startswith("<script>") for f in told["findings"])


@pytest.mark.parametrize("end", [".html", ".json", ".md", ".sarif", ".xlsx", ".pdf"])
def test_a_month_without_a_ticket_is_reported(tmp_path: Path, end: str) -> None:
    if end not in formats():
        pytest.skip(f"what writes {end} is not installed")
    log = tmp_path / "quiet.jsonl"
    log.write_text('{"log": {"complete_to": "2025-05-09T17:30:00+02:00"}}\n')
    desk = ROOT / "fixtures" / "poly-desk" / "agreement.yaml"
    asked = ["report", "--contract", "poly", "--agreements", str(desk), "--tickets", str(log)]
    found = CliRunner().invoke(main, [*asked, "-o", str(tmp_path / f"r{end}")])
    assert found.exit_code == 0, found.output
    assert (tmp_path / f"r{end}").stat().st_size > 0


def test_a_report_needs_a_file() -> None:
    found = CliRunner().invoke(main, ["report", "--contract", "poly"])
    assert (found.exit_code, found.stdout) == (2, "")
    assert "Missing option '-o' / '--output'" in found.stderr


def test_instants_of_agreements_in_several_zones_are_utc(tmp_path: Path) -> None:
    """The zone in which the period and the audit instant stand is none of one agreement alone, and every format names it."""
    desk = ROOT / "fixtures" / "infor-desk"
    text = (desk / "agreement.yaml").read_text()
    one = re.search(r"time_zone: (\S+)", text)
    assert one is not None
    (tmp_path / "a.yaml").write_text(text.replace(one.group(0), "time_zone: Pacific/Kiritimati", 1))
    with report_of("infor", agreements=tmp_path / "a.yaml") as made:
        scope = made.figures.scope
        assert len({a.zone for a in made.figures.population.agreements}) > 1
        assert scope.zone == "UTC"
        for said in (scope.first, scope.last, scope.audited_at):
            assert said is not None
            assert said.endswith("+00:00")
        assert "- Time zone: UTC\n" in rendered(made, markdown).decode()


ALONE = """
import sys
sys.modules.update(dict.fromkeys(("jinja2", "markupsafe", "matplotlib", "typst", "xlsxwriter")))
from pathlib import Path
from checker.record.model import Fault
from checker.report.renderers import renderer_of
try:
    renderer_of(Path("report" + sys.argv[1]))
except Fault as fault:
    print(fault)
"""
"""As on a machine that has nothing beyond the core."""


@pytest.mark.parametrize("end", formats())
def test_without_the_extra_it_is_said_what_is_needed(end: str) -> None:
    told = subprocess.run(
        [sys.executable, "-c", ALONE, end], capture_output=True, text=True, check=True
    ).stdout
    if end in (".html", ".pdf", ".xlsx"):
        assert told.startswith(f"--output: a report as {end} needs ")
        assert "servanda[report]" in told
    else:
        assert told == ""
