"""Realistic variants of the five contracts against the answers that were written down before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.audit.library import load_contract, vocabulary
from checker.compare.variants import Asked, compared
from tests.compare.variant import variant

FOLDER = Path(__file__).parent / "variants"


def _given() -> list[Any]:
    out = []
    for file in sorted(FOLDER.glob("*.yaml")):
        for case in yaml.safe_load(file.read_text("utf-8")):
            out.append(pytest.param(file.stem, case, id=f"{file.stem}/{case['id']}"))
    return out


GIVEN = _given()


def test_there_are_enough() -> None:
    assert len(GIVEN) >= 12
    assert {p.values[0] for p in GIVEN} == {"cloudorama", "infor", "poly", "senetic", "unified"}


@pytest.mark.parametrize(("name", "case"), GIVEN)
def test_the_answer_is_the_expected_one(name: str, case: dict[str, Any]) -> None:
    new = variant(name, *((old, text) for old, text in case["edits"]))
    found = compared(load_contract(name), new, vocabulary(), Asked(seconds=2.0 if "halves" in case else 10.0))
    by_id = {c.clause: c for c in found.clauses}
    if "halves" in case:
        for clause, parties in case["halves"].items():
            ways = {party: way.told() for party, way in by_id[clause].read.views}
            for party, halves in parties.items():
                assert {half: ways[party][half] for half in halves} == halves
        return
    got = {
        c.clause: {
            "answer": c.read.answer,
            "views": {party: way.answer for party, way in c.read.views},
            "parts": sorted({p.part for p in c.parts}),
        }
        for c in found.clauses
        if c.read.answer != "equivalent"
    }
    assert got == case["expect"]
    assert {party: way.answer for party, way in found.views().items()} == case["whole"]
    assert found.answer == ("different" if case["expect"] or "readings" in case else "equivalent")
    for clause, readings in case.get("readings", {}).items():
        shown = {
            f"{ambiguity}.{reading}": {party: way.answer for party, way in read.views}
            for ambiguity, reading, read in by_id[clause].readings
        }
        assert shown == readings
    for c in found.clauses:
        if c.read.answer == "different":
            assert c.read.examples
