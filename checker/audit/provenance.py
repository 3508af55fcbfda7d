"""Where a result comes from: what has to be the same for the result to be the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from checker.audit.run import Population
from checker.audit.version import engine_version
from checker.clock import holidays_data, zones
from checker.interpret.shown import EXPLANATION_VERSION
from checker.record.model import Log, SetAside, told_apart
from dsl import codec
from dsl.contract import Contract
from dsl.source import LANGUAGE_VERSION


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def provenance(
    population: Population, agreements: Iterable[Path], log: Log, now: str, clauses: Iterable[str] = ()
) -> dict[str, Any]:
    """Hashes of everything read, versions of everything used, what was asked for, and what became of every row.

    `now` is the audit instant as text, `clauses` the globs that were asked for (none: all).
    """
    contract = population.book.contract
    names = told_apart(s.file for s in log.sources)
    files = list(agreements)
    apart = told_apart(map(str, files))
    return {
        "provenance": 1,
        "contract": {"name": contract.name, "digest": codec.digest(contract), "source": _source(contract)},
        "agreements": [{**_named(str(p), apart), "sha256": file_digest(p)} for p in files],
        "log": [
            {**_named(s.file, names), "bytes": s.bytes, "sha256": s.sha256, "read_as": s.read_as}
            for s in log.sources
        ],
        "mapping": _mapping(log),
        "assumptions": [{"name": a.name, "value": a.value, "means": a.text} for a in log.assumptions],
        "audited_at": now,
        "readings": {**{a.name: a.recommended for a in contract.ambiguities}, **population.readings},
        "clauses": {
            "asked_for": list(clauses),
            "judged": len(population.clauses),
            "stated": population.stated,
        },
        "account": _account(population, log),
        "set_aside": [_set_aside(s, names) for s in (*log.set_aside, *population.set_aside)],
        "engine": engine_version(),
        "language": LANGUAGE_VERSION,
        "explanation": EXPLANATION_VERSION,
        "zone_data": zones.zone_version(),
        "holiday_data": holidays_data.version(),
    }


def _named(file: str, names: Mapping[str, str]) -> dict[str, str]:
    """A file by its name alone; where several have it, by one that tells them apart, beside its own."""
    name = Path(file).name
    return {"file": names[file], "name": name} if file in names else {"file": name}


def _account(population: Population, log: Log) -> dict[str, int]:
    """What was read and what became of it: judged, set aside, or of another contract."""
    read = log.read
    left = sum(1 for s in population.set_aside if s.whole)
    late = sum(s.count for s in population.set_aside)
    return {
        "rows_read": read.rows,
        "rows_used": read.rows_used - late - population.other_rows,
        "rows_set_aside": read.rows_set_aside + late,
        "rows_of_other_contracts": population.other_rows,
        "tickets_read": read.tickets,
        "tickets_judged": population.judged,
        "tickets_set_aside": read.tickets_set_aside + left,
        "tickets_of_other_contracts": population.other_tickets,
        "tickets_with_gaps": read.tickets_with_gaps,
        "revisions_missing": read.revisions_missing,
        "agreements_judged": len(population.agreements),
        "agreements_of_other_contracts": population.other_contracts,
    }


def _set_aside(s: SetAside, names: Mapping[str, str]) -> dict[str, Any]:
    """What was left out, where it stands and why. Files by their names alone, as everywhere in the provenance."""
    return {
        "file": names.get(s.place.file) or Path(s.place.file).name,
        "line": s.place.line,
        "column": s.place.column,
        **({"within": s.place.within} if s.place.within else {}),
        "field": s.field,
        "found": s.found,
        "reason": s.why(lambda place: place.called(names)),
        "remedy": s.remedy,
        "rows": s.count,
        "tickets": int(s.whole),
        "ticket": s.ticket,
    }


def _mapping(log: Log) -> dict[str, Any] | None:
    used = log.mapping
    return (
        {"name": used.name, "file": Path(used.file).name, "sha256": used.sha256} if used is not None else None
    )


def _source(contract: Contract) -> dict[str, Any] | None:
    s = contract.source
    return {"file": s.file, "lines": s.lines, "sha256": s.sha256} if s is not None else None


def sealed(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record of a result with the SHA-256 of all the rest of it, so that it can be seen whether it is as it was written."""
    bare = {**record, "result": {k: v for k, v in record["result"].items() if k != "record_sha256"}}
    digest = hashlib.sha256(as_text(bare).encode()).hexdigest()
    return {**bare, "result": {**bare["result"], "record_sha256": digest}}


def as_text(value: Mapping[str, Any]) -> str:
    """Provenance as JSON text, always the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
