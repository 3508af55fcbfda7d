"""The eleven clauses on which speed is measured are a sound contract."""

from __future__ import annotations

from checker.audit.library import load_contract, sources_of, vocabulary
from dsl.lint import lint
from tests.bench.registry import CONTRACT


def test_nothing_is_found_in_it() -> None:
    assert lint(sources_of(str(CONTRACT)), vocabulary()) == []


def test_it_has_eleven_clauses() -> None:
    assert len(load_contract(str(CONTRACT)).clauses) == 11
