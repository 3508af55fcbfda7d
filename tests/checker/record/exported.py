"""Exports made for a test: the samples' files, changed, read by the samples' mappings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.record.files import Limits
from checker.record.mapping_load import load_mapping
from checker.record.model import Log
from checker.record.reading import read_log
from tests.checker.record.test_broken import accounted
from tests.checker.record.test_export_samples import SAMPLES

SERVICENOW, JIRA, ZENDESK = "servicenow-sys-audit", "jira-service-management", "zendesk-support"
XES, OCEL = "xes-problem-management", "ocel-tickets"


def sample(name: str, file: str) -> bytes:
    return (SAMPLES / name / file).read_bytes()


def read_files(name: str, limits: Limits | None = None, **data: bytes) -> Log:
    paths = []
    for file, content in data.items():
        path = Path(file.replace("__", "."))
        path.write_bytes(content)
        paths.append(path)
    log = read_log(paths, mapping=load_mapping(SAMPLES / name / "mapping.yaml"), limits=limits)
    accounted(log)
    return log


def issues(change: Callable[[list[Any]], object]) -> bytes:
    found = json.loads(sample(JIRA, "issues.json"))["issues"][:1]
    change(found)
    return json.dumps(found).encode()
