"""A mapping of agreements: what a table's own headings mean, and the facts that all of its agreements have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from checker.record.agreement_columns import TableNames
from checker.record.agreements import yaml_documents
from checker.record.flaws import Flaw
from checker.record.model import Fault, Place
from checker.record.schema_check import check


def load_agreement_mapping(path: str | Path) -> TableNames:
    """Read a mapping of agreements.

    Raises:
        Fault: no file, not one YAML document, or against `schemas/agreement-mapping.json`.
    """
    found = yaml_documents(path)
    if len(found) != 1:
        remedy = "write one mapping in each file"
        raise Fault(Place(str(path)), "a mapping file holds one document", str(len(found)), remedy)
    try:
        check(found[0].value, "agreement-mapping")
    except Flaw as flaw:
        raise found[0].fault(flaw) from None
    rules = cast("dict[str, Any]", found[0].value)
    return TableNames(rules.get("columns", {}), rules.get("facts", {}), str(path))
