"""A mapping of agreements: what a table's own headings mean, and the facts that all of its agreements have."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from checker.record.agreement_columns import TableNames
from checker.record.agreements import yaml_documents
from checker.record.flaws import Flaw
from checker.record.model import Fault, Place
from checker.record.schema_check import check


def sound(found: object) -> bool:
    """Whether a document keeps the rules of `schemas/agreement-mapping.json`; the schema itself says what breaks them."""
    if not isinstance(found, dict) or not found.keys() <= {"columns", "facts"}:
        return False
    columns = found.get("columns", {})
    if not isinstance(columns, dict) or not isinstance(found.get("facts", {}), dict):
        return False
    return all(target is None or (isinstance(target, str) and target) for target in columns.values())


def load_agreement_mapping(path: str | Path) -> TableNames:
    """Read a mapping of agreements.

    Raises:
        Fault: no file, not one YAML document, or against `schemas/agreement-mapping.json`.
    """
    found = yaml_documents(path)
    if len(found) != 1:
        remedy = "write one mapping in each file"
        raise Fault(Place(str(path)), "a mapping file holds one document", str(len(found)), remedy)
    if not sound(found[0].value):
        try:
            check(found[0].value, "agreement-mapping")
        except Flaw as flaw:
            raise found[0].fault(flaw) from None
    rules = cast("dict[str, Any]", found[0].value)
    return TableNames(rules.get("columns", {}), rules.get("facts", {}), str(path))
