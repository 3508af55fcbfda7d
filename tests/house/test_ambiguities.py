"""The ambiguities that the contracts declare are those described for them, and every clause that one touches consults it."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from checker.audit.library import AMBIGUITIES, contract_names, load_contract, policies
from dsl import contract as ir
from tests.policies.figures import definitions, nodes

DESCRIBED: dict[str, dict[str, Any]] = {
    a["id"]: a for a in yaml.safe_load((policies() / AMBIGUITIES).read_text(encoding="utf-8"))
}
TOUCHES_NOTHING = {
    (
        "unified.arr.channel-portal",
        "unified-arr-wrong-channel",
    ): "the duty itself is the same on each reading",
    (
        "unified.reactive.sev1.azure.excluded-products",
        "unified-base-footnote-1-fallback",
    ): "which limit stands in is a matter of the limits",
    ("unified.uer.sev1.azure.excluded-products", "unified-uer-worse-than-base"): "which limit stands in is a "
    "matter of the limits",
    ("senetic.advanced.window-saturday", "senetic-working-day"): "the Saturday hours stand on their own",
    (
        "senetic.ticket.clarification",
        "senetic-clarification",
    ): "the readings differ on the provider's time, not on what the customer owes",
}
"""Clauses that an ambiguity is described for and whose verdict it cannot change, with the reason."""


def consulted(contract: str, clause: ir.Clause) -> set[str]:
    """The ambiguities that a clause, or anything that it names, consults."""
    found: set[str] = set()
    seen = {clause.id}
    stack: list[Any] = [clause]
    while stack:
        for node in nodes(stack.pop()):
            if isinstance(node, ir.Alternative):
                found.add(node.ambiguity)
            elif isinstance(node, ir.Clause) and node.only_on is not None:
                found.add(node.only_on[0])
            elif isinstance(node, str) and node not in seen:
                seen.add(node)
                stack += definitions(contract).get(node, [])
    return found


@pytest.mark.parametrize("contract", contract_names())
def test_declared_as_described(contract: str) -> None:
    for declared in load_contract(contract).ambiguities:
        described = DESCRIBED[declared.name]
        assert {r for r, _ in declared.readings} == set(described["readings"])
        assert declared.recommended == described["recommended"]


def test_every_ambiguity_described_is_declared() -> None:
    assert {a.name for c in contract_names() for a in load_contract(c).ambiguities} == DESCRIBED.keys()


@pytest.mark.parametrize("contract", contract_names())
def test_a_clause_consults_the_ambiguities_that_touch_it(contract: str) -> None:
    missing = set()
    for clause in load_contract(contract).clauses:
        if all(isinstance(x, ir.Stated) for line in clause.sentences for x in line.all()):
            continue
        touching = {name for name, a in DESCRIBED.items() if clause.id in a["clauses"]}
        missing |= {(clause.id, name) for name in touching - consulted(contract, clause)}
    assert missing == {pair for pair in TOUCHES_NOTHING if pair[0].startswith(f"{contract}.")}
