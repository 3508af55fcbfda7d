"""`servanda test`: run the cases of a contract."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

import click

from checker.audit.cases import CaseResult, disputes, run_cases, with_disputes
from checker.audit.coverage import Coverage, coverage
from checker.audit.library import case_files, disputed_file, load_contract, vocabulary
from checker.cli.exits import guarded, leave
from checker.interpret.trace import Trace
from checker.interpret.world import Book
from checker.record.model import Fault, Place


@click.command(short_help="run the cases of a contract")
@click.argument("contract")
@click.option(
    "--cases",
    multiple=True,
    type=click.Path(path_type=Path),
    help="case files (default: those beside the contract)",
)
@click.option(
    "--format", "format_", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True
)
@click.option("--coverage", "coverage_", is_flag=True, help="what of the contract no case exercises")
@guarded
def test(contract: str, cases: tuple[Path, ...], format_: str, coverage_: bool) -> None:
    """Run worked cases: verdicts, and due instants where a case gives one. Exit 0 all pass, 1 some fail, 2 a fault."""
    checked = load_contract(contract)
    files = list(cases) or case_files(checked.name)
    if not files:
        raise Fault(Place(contract), "there are no cases", "", "give --cases FILE")
    trace = Trace()
    argued = disputes(disputed_file(checked.name))
    results = with_disputes(run_cases(files, Book(checked), vocabulary(), trace), argued)
    if not results:
        raise Fault(Place(str(files[0])), "the files hold no case", "", "write cases")
    judged = {r.clause for r in results if r.judgement is not None}
    found = coverage(checked, trace, judged) if coverage_ else None
    {"text": _text, "json": _json, "junit": _junit}[format_](results, found)
    leave(1 if any(r.outcome == "failed" for r in results) else 0)


def _iso(second: int | None, like: str | None) -> str | None:
    """A due instant in the offset that the case writes."""
    if second is None:
        return None
    tz = datetime.fromisoformat(like).tzinfo if like else UTC
    return datetime.fromtimestamp(second, tz).isoformat()


def _counts(results: list[CaseResult]) -> dict[str, int]:
    return {
        name: sum(r.outcome == name for r in results)
        for name in ("passed", "failed", "no_clause", "disputed")
    }


def _text(results: list[CaseResult], found: Coverage | None) -> None:
    for r in results:
        if r.outcome == "failed":
            click.echo(f"FAILED {r.id} ({r.file}:{r.line})")
            due = f", due {r.due_expected}" if r.due_expected else ""
            got = f", due {_iso(r.due_got, r.due_expected)}" if r.due_got is not None else ""
            click.echo(f"  expected {r.expected}{due}")
            click.echo(f"  got      {r.got}{got}: {r.judgement.outcome.because if r.judgement else ''}")
            if r.got == r.expected and (not r.due_expected or due == got):
                click.echo("  it is listed as disputed, and passes: take it off the list")
    n = _counts(results)
    click.echo(
        f"{n['passed']} passed, {n['failed']} failed"
        + (f", {n['no_clause']} no clause yet" if n["no_clause"] else "")
        + (f", {n['disputed']} disputed (the argument stands beside the cases)" if n["disputed"] else "")
    )
    if found is not None:
        _coverage(found)


def _coverage(found: Coverage) -> None:
    owner = ""
    for u in found.missing:
        if u.owner != owner:
            owner = u.owner
            click.echo(owner)
        click.echo(f"  {u.kind:8} {u.text}: {u.wanted}")
    click.echo(f"coverage: {found.exercised} of {found.units} exercised ({found.percent:.1f} %)")


def _json(results: list[CaseResult], found: Coverage | None) -> None:
    listed: list[dict[str, Any]] = [
        {
            "id": r.id,
            "expected": r.expected,
            "got": r.got,
            "due_expected": r.due_expected,
            "due_got": _iso(r.due_got, r.due_expected),
            "ok": r.outcome == "passed" if r.outcome in ("passed", "failed") else None,
        }
        for r in results
    ]
    told: dict[str, Any] = {**_counts(results), "cases": listed}
    if found is not None:
        told["coverage"] = {
            "units": found.units,
            "exercised": found.exercised,
            "percent": round(found.percent, 2),
            "missing": [asdict(u) for u in found.missing],
        }
    click.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _junit(results: list[CaseResult], found: Coverage | None) -> None:
    n = _counts(results)
    skipped = n["no_clause"] + n["disputed"]
    click.echo('<?xml version="1.0" encoding="UTF-8"?>')
    click.echo(
        f'<testsuites><testsuite name="cases" tests="{len(results)}" failures="{n["failed"]}" errors="0" skipped="{skipped}">'
    )
    for r in results:
        head = f"<testcase classname={quoteattr(r.clause)} name={quoteattr(r.id)}"
        if r.outcome == "passed":
            click.echo(f"  {head}/>")
        elif r.outcome in ("no_clause", "disputed"):
            why = "no clause yet" if r.outcome == "no_clause" else "disputed"
            click.echo(f'  {head}><skipped message="{why}"/></testcase>')
        else:
            message = f"expected {r.expected} {r.due_expected or ''}, got {r.got} {_iso(r.due_got, r.due_expected) or ''}"
            click.echo(f"  {head}><failure message={quoteattr(message)}/></testcase>")
    click.echo("</testsuite></testsuites>")
