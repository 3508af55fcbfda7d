"""Where a result comes from: what has to be the same for the result to be the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any

from checker.clock import holidays_data, zones
from checker.interpret.explain import EXPLANATION_VERSION
from checker.record.model import Log
from dsl import codec
from dsl.contract import Contract
from dsl.parser import LANGUAGE_VERSION


def engine_version() -> str:
    """The version of this package, or `unknown` when it runs uninstalled."""
    try:
        return metadata.version("servanda")
    except metadata.PackageNotFoundError:
        return "unknown"


def file_digest(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def provenance(
    contract: Contract, agreements: Iterable[Path], log: Log, now: str, readings: Mapping[str, str]
) -> dict[str, Any]:
    """Hashes of everything read, versions of everything used, the audit instant, the readings, the assumptions."""
    return {
        "provenance": 1,
        "contract": {"name": contract.name, "digest": codec.digest(contract), "source": _source(contract)},
        "agreements": [{"file": p.name, "sha256": file_digest(p)} for p in agreements],
        "log": [
            {"file": Path(s.file).name, "bytes": s.bytes, "sha256": s.sha256, "read_as": s.read_as}
            for s in log.sources
        ],
        "mapping": _mapping(log),
        "assumptions": [{"name": a.name, "value": a.value, "means": a.text} for a in log.assumptions],
        "audited_at": now,
        "readings": {**{a.name: a.recommended for a in contract.ambiguities}, **readings},
        "engine": engine_version(),
        "language": LANGUAGE_VERSION,
        "explanation": EXPLANATION_VERSION,
        "zone_data": zones.zone_version(),
        "holiday_data": holidays_data.version(),
    }


def _mapping(log: Log) -> dict[str, Any] | None:
    used = log.mapping
    return (
        {"name": used.name, "file": Path(used.file).name, "sha256": used.sha256} if used is not None else None
    )


def _source(contract: Contract) -> dict[str, Any] | None:
    s = contract.source
    return {"file": s.file, "lines": s.lines, "sha256": s.sha256} if s is not None else None


def as_text(value: Mapping[str, Any]) -> str:
    """Provenance as JSON text, always the same bytes for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
