"""Reports to test with: of the sample histories, as `servanda report` makes them, without the command line."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

from checker.audit.lexicons import lexicon
from checker.audit.library import fixtures, load_contract, vocabulary
from checker.audit.provenance import provenance
from checker.audit.run import assemble
from checker.audit.words import words_of as words_of_contract
from checker.batch.choice import Engine
from checker.batch.run import partitions_of
from checker.record.agreements import read_agreements
from checker.record.reading import read_log
from checker.render.rows import iso
from checker.report.fresh import Fresh, Wanted
from checker.report.rows import Report
from checker.report.words import words_of


def report_of(
    contract: str = "unified",
    *,
    tickets: Path | None = None,
    agreements: Path | None = None,
    engine: Engine = "interpreter",
    wanted: Wanted | None = None,
    size: int | None = None,
    jobs: int = 1,
    **asked: Any,
) -> Report:
    """A report of a bundled desk, or of other files. `asked`: readings, clauses, now, as `assemble` takes them."""
    checked = load_contract(contract)
    folder = fixtures() / f"{contract}-desk"
    files = [agreements or folder / "agreement.yaml"]
    words = words_of_contract(vocabulary(), checked)
    given = read_agreements(files, words=words, notes=[])
    log = read_log([tickets or folder / "tickets.jsonl"], words=words)
    population = assemble(checked, given, log, now=asked.pop("now", None), **asked)
    partitions = partitions_of(population, engine, size, jobs)
    with Fresh(population, log, partitions, engine, wanted or Wanted(), jobs) as fresh:
        fresh.judge(lambda _: None)
        zone = next((z for z in fresh.setting.zones.values() if z), None)
        record = provenance(population, files, log, iso(population.now, zone) or "", asked.get("clauses", ()))
        return fresh.report(record, lexicon=lexicon(checked, contract))


def rendered(report: Report, renderer: Any, language: str = "en") -> bytes:
    """What a renderer (a module of `checker.report.renderers`) writes."""
    out = io.BytesIO()
    renderer.render(report, words_of(language), out)
    return out.getvalue()
