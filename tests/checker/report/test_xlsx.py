"""The workbook: the figures of the JSON, dates that are dates, text that is only text, the same bytes everywhere, any number of rows."""

import datetime as dt
import hashlib
import io
import json
import os
import resource
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from checker.report.fresh import Wanted
from checker.report.renderers import json as json_renderer
from checker.report.renderers import xlsx, xlsx_book
from checker.report.rows import LETTERS, Finding, GridRow, Report
from checker.report.words import words_of
from tests.checker.report.made import rendered, report_of
from tests.house.tree import ROOT

HOSTILE = [
    "=HYPERLINK(\"https://example.invalid\",\"x\")",
    "+1+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "  =1+1",
    "\t=1+1",
    "\r=1+1",
    "\x00=1+1",
    "\uff1d1+1",
    "\u200b=1+1",
    "https://example.invalid/",
    "mailto:a@example.invalid",
    "<script>alert(1)</script>",
    "<r><t>x</t></r></is></c><c><f>1+1</f></c><c t='inlineStr'><is><r></r>",
    "_x003D_1+1",
    "a\x1b[31m\u202egnp.exe\ud800\ufffe",
    "{=1+1}",
]  # fmt: skip
CLAUSE = "poly.reply"


def book(data: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(data))


def table(data: bytes, name: str) -> list[dict[str, Any]]:
    """The rows of a sheet by the names of its columns."""
    rows = list(book(data)[name].iter_rows(min_row=2, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def desk() -> Iterator[Report]:
    with report_of("infor", wanted=Wanted(grid=True)) as made:
        yield made


def finding(number: int, said: str = "x", **given: Any) -> Finding:
    base = Finding(
        number, said, said, CLAUSE, "breached", "guarantee", "the provider", "2025-03-01T09:00:00+01:00", "2025-03",
        "2025-03-30T01:59:59+01:00", "2025-03-30T03:00:00+02:00", "Europe/Warsaw", -1, 1, True, (said,), said, (said,),
        {}, said, False,
    )  # fmt: skip
    return base._replace(**given)


def with_rows(made: Report, findings: Any, grid: Any = lambda: iter(())) -> Report:
    return replace(made, findings=findings, grid=grid, explanations=lambda: iter(()))


# --------------------------------------------------------------------------- figures
def test_figures_are_those_of_the_json(desk: Report) -> None:
    told = json.loads(rendered(desk, json_renderer))
    data = rendered(desk, xlsx)
    clauses = {(r["Clause"], r["Strength"], r["Party"]): r for r in table(data, "Clauses")}
    assert len(clauses) == len(told["figures"]["conclusions"])
    # What was found stands first, what applies to nothing last.
    breached = [r["✗ breached"] for r in clauses.values()]
    assert breached == sorted(breached, reverse=True)
    for c in told["figures"]["conclusions"]:
        row = clauses[c["clause"], words_of("en").said("strength", c["strength"]), c["party"] or None]
        assert (row["Missing evidence"] or "") == "; ".join(x["what"] for x in c["missing"])
        assert (row["Judged"], row["Applies"], row["Decided"]) == (
            c["judged"],
            c["applicable"],
            c["rate"]["decided"],
        )
        assert (row["✓ met"], row["✗ breached"]) == (c["counts"]["met"], c["counts"]["breached"])
        assert row["Rate"] == c["rate"]["rate"]
        assert row["Limit (s)"] == c["limit_s"]
    kinds = {
        "Exceptions": [f for f in told["findings"] if f["verdict"] == "breached"],
        "Contested": [f for f in told["findings"] if f["contested"]],
        "Undetermined": [f for f in told["findings"] if f["verdict"] == "undetermined"],
    }
    assert all(kinds.values())
    for name, found in kinds.items():
        rows = table(data, name)
        assert [r["No."] for r in rows] == [f["number"] for f in found]
        for row, f in zip(rows, found, strict=True):
            assert (row["Ticket"], row["Clause"]) == (f["ticket"] or None, f["clause"])
            assert (row["Margin (s)"], row["Late by (s)"]) == (f["margin_s"], f["late_s"])
            assert row["Reason"] == f["because"]
            for column, key in (("Opened", "opened"), ("Due", "due"), ("Done", "done")):
                assert row[f"{column} (ISO 8601)"] == f[key]
                local = dt.datetime.fromisoformat(f[key]).replace(tzinfo=None) if f[key] else None
                assert row[f"{column} (local time)"] == local
            assert row["Time zone"] == f["zone"]
    totals = list(book(data)["Summary"].iter_rows(values_only=True))
    for t in told["figures"]["totals"]:
        name = words_of("en")(f"group.{t['group']}")
        row = next(r for r in totals if r[0] == name)
        assert row[1:4] == (t["clauses"], t["judged"], t["applicable"])
        assert row[4:11] == tuple(t["counts"][v] for v in LETTERS)
        assert row[11:16] == (
            t["contested"],
            t["rate"]["decided"],
            t["rate"]["rate"],
            t["rate"]["low"],
            t["rate"]["high"],
        )
    population = told["figures"]["population"]
    assert ("Tickets", population["tickets_read"], population["tickets_judged"]) in [r[:3] for r in totals]
    for a in population["agreements"]:
        told_of = {r[3]: r[4:11] for r in totals if r[0] == a["agreement"] and r[3] is not None}
        for group, counts in (
            ("guarantee", a["guarantees"]),
            ("target", a["targets"]),
            ("estimate", a["estimates"]),
        ):
            told_now = told_of.get(words_of("en")(f"group.{group}"))
            assert told_now == (tuple(counts[v] for v in LETTERS) if any(counts.values()) else None)


def test_the_grid_is_that_of_the_report(desk: Report) -> None:
    rows = table(rendered(desk, xlsx), "Testing grid")
    kept = {c.clause for c in desk.figures.conclusions if c.applicable and not c.open}
    assert any(c.open for c in desk.figures.conclusions)
    w = words_of("en")
    signs = {x: w(f"sign.{v}") for v, x in LETTERS.items() if v != "not_applicable"}
    signs |= {x.lower(): sign + w("sign.contested") for x, sign in signs.items()}
    wanted = list(desk.grid())
    assert len(rows) == len(wanted) > 5
    for row, g in zip(rows, wanted, strict=True):
        assert (row["Agreement"], row["Ticket"] or "") == (g.agreement, g.ticket)
        for name, letter in zip(desk.grid_clauses, g.verdicts, strict=True):
            assert (name in row) is (name in kept)
            if name in kept and letter != "~":
                assert row[name] == signs.get(letter), (name, letter)


def test_evidence_is_that_of_the_explanations(desk: Report) -> None:
    rows = table(rendered(desk, xlsx), "Evidence")
    for e in desk.explanations():
        own = [r for r in rows if r["No."] == e.number]
        assert [r["From (ISO 8601)"] for r in own if r["What"] == "event" and r["From (ISO 8601)"]] == [
            x["at"] for x in e.timeline["events"]
        ]
        for kind in ("counted", "stopped", "closed"):
            assert sum(r["Length (s)"] for r in own if r["What"] == kind) == sum(
                s["seconds"] for s in e.timeline["spans"] if s["kind"] == kind
            )


@pytest.mark.parametrize("language", ["en", "pl"])
def test_sheets_can_be_worked_with(desk: Report, language: str) -> None:
    made = book(rendered(desk, xlsx, language))
    names = {
        "en": ["Summary", "Clauses", "Exceptions", "Testing grid", "Evidence", "Contested", "Undetermined", "Data quality", "Method"],
        "pl": ["Podsumowanie", "Klauzule", "Wyjątki", "Siatka testów", "Dowody", "Sporne", "Nierozstrzygnięte", "Jakość danych", "Metoda"],
    }  # fmt: skip
    assert made.sheetnames == names[language]
    for sheet in made:
        assert sheet.freeze_panes not in (None, "A1")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert "&P" in sheet.oddFooter.right.text
        if sheet.title != names[language][0]:
            assert sheet.auto_filter.ref.startswith("A2:")
            assert sheet.print_title_rows == "$2:$2"
    summary = made[names[language][0]]
    listed = list(summary[summary.auto_filter.ref])
    assert [row[0].value for row in listed[1:]] == [
        a.agreement for a in desk.figures.population.agreements for _ in a.promises
    ]
    assert all(cell.value for cell in listed[0])
    assert summary.cell(listed[0][0].row, len(listed[0]) + 1).value is None
    due = made[names[language][2]]
    column = next(
        c
        for c in due[2]
        if c.value == words_of(language)("xlsx.local", column=words_of(language)("column.due"))
    )
    cells = [due.cell(r, column.column) for r in range(3, due.max_row + 1)]
    assert {c.number_format for c in cells if c.value} == {"yyyy-mm-dd hh:mm:ss"}
    assert all(c.is_date for c in cells if c.value)


# --------------------------------------------------------------------------- hostile values
def test_hostile_text_is_only_text(desk: Report) -> None:
    findings = [finding(n, said) for n, said in enumerate(HOSTILE, 1)]
    grid = [GridRow(said, said, "M" * len(desk.grid_clauses)) for said in HOSTILE]
    data = rendered(with_rows(desk, lambda: iter(findings), lambda: iter(grid)), xlsx)
    archive = zipfile.ZipFile(io.BytesIO(data))
    for name in archive.namelist():
        text = archive.read(name).decode()
        assert "<f>" not in text, name
        assert "<hyperlink " not in text, name
        assert "\u202e" not in text, name
    made = book(data)
    for sheet, column in (("Exceptions", "C"), ("Exceptions", "B"), ("Testing grid", "B")):
        for row, said in enumerate(HOSTILE, 3):
            cell = made[sheet][f"{column}{row}"]
            assert cell.data_type in ("s", "inlineStr")
            # A blank keeps the library from taking the text for markup; the other escape is that of the format.
            shown = str(cell.value).removesuffix(" ").replace("_x005F_", "_")
            assert shown == xlsx_book.visible(said, keep="\n")
            acts = said.lstrip(" \t\r\x00\u200b{")[0] in "=+-@\uff1d"
            assert cell.quotePrefix or not acts, said


def test_a_megabyte_is_cut_and_said_so(desk: Report) -> None:
    for said in ("x" * 1_000_000, "\U0001f600" * 1_000_000, "\x1b\u202e" * 500_000):
        data = rendered(with_rows(desk, lambda said=said: iter([finding(1, said)])), xlsx)
        value = str(book(data)["Exceptions"]["C3"].value)
        assert len(value.encode("utf-16-le")) // 2 <= 32_767
        assert value.endswith("1000000 characters in all]")
        assert len(value) > 15_000
    assert xlsx_book.inert("\U0001f600" * 16_384, " [{n}]").endswith(" [16384]")
    assert xlsx_book.inert("x" * 32_767, " [{n}]") == "x" * 32_767


def test_dates_that_a_workbook_has_not_are_text(desk: Report) -> None:
    old = finding(1, opened="1899-12-31T09:00:00+01:24", due=None, done="9999-12-31T23:59:59+00:00")
    row = table(rendered(with_rows(desk, lambda: iter([old])), xlsx), "Exceptions")[0]
    assert row["Opened (local time)"] == row["Opened (ISO 8601)"] == "1899-12-31T09:00:00+01:24"
    assert row["Due (local time)"] is None
    assert row["Done (local time)"] == dt.datetime(9999, 12, 31, 23, 59, 59)


# --------------------------------------------------------------------------- many rows
def test_a_part_longer_than_a_sheet_goes_on(desk: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "ROWS", 12)
    many = with_rows(
        desk,
        lambda: (finding(n) for n in range(1, 26)),
        lambda: (GridRow("a", f"t{n}", "M" * len(desk.grid_clauses)) for n in range(10)),
    )
    data = rendered(many, xlsx)
    names = [n for n in book(data).sheetnames if n.startswith("Exceptions")]
    assert names == ["Exceptions", "Exceptions 2", "Exceptions 3"]
    assert [r["No."] for name in names for r in table(data, name)] == list(range(1, 26))
    assert "Testing grid 2" not in book(data).sheetnames
    said = [r[0:3] for r in book(data)["Summary"].iter_rows(values_only=True)]
    assert ("Exceptions", 25, "Exceptions, Exceptions 2, Exceptions 3") in said
    assert any(str(r[0]).startswith("A sheet holds at most") for r in said)


def test_a_grid_that_nothing_opens_is_cut_and_said_so(desk: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    wide = len({c.clause for c in desk.figures.conclusions if c.applicable and not c.open})
    monkeypatch.setattr(xlsx, "GRID_CELLS", 3 * wide)
    grid = [GridRow("a", f"t{n}", "M" * len(desk.grid_clauses)) for n in range(10)]
    data = rendered(with_rows(desk, lambda: iter(()), lambda: iter(grid)), xlsx)
    assert [r["Ticket"] for r in table(data, "Testing grid")] == ["t0", "t1", "t2"]
    notes = [str(r[0]) for r in book(data)["Summary"].iter_rows(values_only=True)]
    assert any("7 records are left out" in note for note in notes)


def test_memory_does_not_grow_with_rows(desk: Report) -> None:
    """Twenty times the rows, in a process of their own each: the peak hardly moves."""
    program = "import resource, sys, tests.checker.report.test_xlsx as t\nprint(t.peak(int(sys.argv[1])))"

    def peak_of(rows: int) -> int:
        env = os.environ | {"PYTHONPATH": str(ROOT)}
        run = [sys.executable, "-c", program, str(rows)]
        return int(subprocess.run(run, env=env, capture_output=True, text=True, check=True).stdout)

    assert peak_of(10_000) - peak_of(500) < 8_000  # kilobytes; the rows are 60 megabytes of XML


def peak(rows: int) -> int:
    """The most memory, in kilobytes, that a workbook of so many exceptions and records takes."""
    with report_of("poly", wanted=Wanted(grid=True)) as made:
        letters = "M" * len(made.grid_clauses)
        many = with_rows(
            made,
            lambda: (finding(n) for n in range(1, rows + 1)),
            lambda: (GridRow("a", f"t{n}", letters) for n in range(rows)),
        )
        with Path(os.devnull).open("wb") as out:
            xlsx.render(many, words_of("en"), out)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


# --------------------------------------------------------------------------- the same everywhere, and opened elsewhere
PROGRAM = """
import hashlib, tests.checker.report.test_xlsx as t
from tests.checker.report.made import rendered, report_of
with t.report_of("poly", wanted=t.Wanted(grid=True)) as made:
    for language in ("en", "pl"):
        print(hashlib.sha256(rendered(made, t.xlsx, language)).hexdigest())
"""


def test_the_same_bytes_in_other_places(tmp_path: Path) -> None:
    places: list[dict[str, str]] = [
        {"TZ": "UTC", "LC_ALL": "C"},
        {"TZ": "Asia/Kathmandu", "LC_ALL": "pl_PL.UTF-8", "PYTHONHASHSEED": "7", "TMPDIR": str(tmp_path)},
    ]
    said = set()
    for place, cwd in zip(places, (ROOT, tmp_path), strict=True):
        run = [sys.executable, "-c", f"import os; os.umask({0o077 if cwd == ROOT else 0o002})\n" + PROGRAM]
        env = os.environ | {"PYTHONPATH": str(ROOT)} | place
        said.add(subprocess.run(run, cwd=cwd, env=env, capture_output=True, text=True, check=True).stdout)
    assert len(said) == 1
    with report_of("poly", wanted=Wanted(grid=True)) as made:
        assert hashlib.sha256(rendered(made, xlsx)).hexdigest() == said.pop().split()[0]


def test_nothing_is_left_behind(desk: Report, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    rendered(desk, xlsx)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["en", "pl"])
def test_libreoffice_opens_it(desk: Report, tmp_path: Path, language: str) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: soffice (Debian: libreoffice-calc-nogui)")
    path = tmp_path / "report.xlsx"
    path.write_bytes(rendered(desk, xlsx, language))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    # As a table of text, which says that it is read, and as the pages of a print.
    for form, made in (("csv", "report.csv"), ("pdf", "report.pdf")):
        run = [office, home, "--headless", "--convert-to", form, "--outdir", str(tmp_path), str(path)]
        subprocess.run(run, capture_output=True, check=True, timeout=300)
        assert (tmp_path / made).stat().st_size > 500
    text = (tmp_path / "report.csv").read_text(encoding="utf-8", errors="replace")
    assert words_of(language)("section.scope") in text
    assert str(desk.figures.population.tickets_read) in text


def test_hostile_values_stay_text_in_libreoffice(desk: Report, tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed: soffice (Debian: libreoffice-calc-nogui)")
    path = tmp_path / "report.xlsx"
    rows = [finding(n, said) for n, said in enumerate(HOSTILE, 1)]
    path.write_bytes(rendered(with_rows(desk, lambda: iter(rows)), xlsx))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    # Every sheet in a file of its own, formulas as formulas.
    form = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,true,false,false,-1"
    run = [office, home, "--headless", "--convert-to", form, "--outdir", str(tmp_path), str(path)]
    subprocess.run(run, capture_output=True, check=True, timeout=300)
    text = (tmp_path / "report-Exceptions.csv").read_text(encoding="utf-8")
    for said in HOSTILE:
        assert xlsx_book.visible(said).replace('"', '""').split("_x")[0] in text
    assert ",2," not in text  # no sum was worked out
