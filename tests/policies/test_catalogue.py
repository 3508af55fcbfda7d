"""The contracts against the catalogue of their texts: ids, places, strengths, and every figure."""

from __future__ import annotations

from typing import Any

import pytest

from checker.audit.library import contract_names, load_contract
from checker.interpret.binding import strength
from dsl import contract as ir
from tests.policies.figures import Figure, catalogue, figures, free_text, missing

NOT_A_FIGURE_OF_THE_CLAUSE: dict[tuple[str, str], str] = {
    ("unified.arr.scope", "products"): "the family is meant, and named by its word",
    ("unified.terms.cancel-full-refund", "refund_percent"): "the whole of what was charged, without a share",
    ("cloudorama.coop.sla-condition", "requirements"): "how many the clauses of the section are",
    ("senetic.advanced.tam", "count"): "one is asked for by asking for it at all",
    ("cloudorama.smc.operation", "days"): "no days are named: it is any day",
    ("cloudorama.smc.operation", "hours_per_day"): "no hours are named: it is any hour",
    ("cloudorama.term.no-minimum", "minimum_term"): "no term is asked for",
    ("infor.elite.csm", "count"): "one is asked for by asking for it at all",
    ("infor.xtreme.portal-24h", "hours"): "no hours are named: it is any hour",
    ("poly.support.24x7", "hours"): "no hours are named: it is any hour",
    ("poly.support.24x7", "days"): "no days are named: it is any day",
    ("senetic.def.eligible-customer", "packages"): "as many as the levels that are listed",
    ("unified.arr.ownership-24x7x365", "hours"): "no hours are named: it is any hour",
    ("unified.arr.ownership-24x7x365", "days"): "no days are named: it is any day",
    ("unified.arr.ownership-24x7x365", "year"): "no days are named: it is any day",
    ("unified.aem.channel-portal-tag", "products"): "the family is meant, and named by its word",
    ("unified.customer.support-administrator", "count"): "one is asked for by asking for it at all",
    ("unified.ede.single-location", "locations"): "a second one is what is forbidden",
    ("unified.education.chalk-talks", "typical_duration_days"): "typical only: the text promises no length",
    (
        "unified.marks.plus-requires-purchase",
        "plus_services",
    ): "named by the words that a record has for them",
    ("unified.mcsae.event-24x7", "hours"): "no hours are named: it is any hour",
    ("unified.mcsae.event-24x7", "days"): "no days are named: it is any day",
    ("unified.mcsap-plus.monitoring.24x7-response", "hours"): "no hours are named: it is any hour",
    (
        "unified.mcsap-plus.monitoring.scope",
        "azure_services",
    ): "some may be left out: the text promises no number",
    ("unified.mcsap.engineer-led.availability", "hours"): "no hours are named: it is any hour",
    ("unified.mcsap.engineer-led.availability", "days"): "no days are named: it is any day",
    ("unified.mcsap.enhanced-incident-mgmt.hours", "hours"): "no hours are named: it is any hour",
    ("unified.mcsap.enhanced-incident-mgmt.hours", "days"): "no days are named: it is any day",
    ("unified.mcsap.enhanced-incident-mgmt.hours", "days_per_year"): "no days are named: it is any day",
    ("unified.mcsap.sev1.first-response", "product_family"): "the family is meant, and named by its word",
    ("unified.mcsfsp.product-scope", "products"): "named by the words that a record has for them",
    ("unified.multi.sta-locations", "service"): "named by the words that a record has for them",
    ("unified.problem-resolution.24x7", "hours_per_day"): "no hours are named: it is any hour",
    ("unified.problem-resolution.24x7", "days_per_week"): "no days are named: it is any day",
    ("unified.prs.scope", "products"): "whatever the record calls supported",
    (
        "unified.terms.extended-solutions.extra-fee",
        "services",
    ): "named by the words that a record has for them",
}
"""Figures that the words of a clause carry without the number, with the reason."""


def decided(contract: str) -> list[ir.Clause]:
    """The clauses that a record decides."""
    clauses = load_contract(contract).clauses
    return [
        c for c in clauses if not all(isinstance(x, ir.Stated) for line in c.sentences for x in line.all())
    ]


@pytest.mark.parametrize("contract", contract_names())
def test_no_clause_is_missing_and_none_invented(contract: str) -> None:
    assert {c.id for c in load_contract(contract).clauses} == catalogue(contract).keys()


@pytest.mark.parametrize("contract", contract_names())
def test_a_clause_cites_the_place_where_the_text_says_it(contract: str) -> None:
    elsewhere = []
    for clause in load_contract(contract).clauses:
        first, last = catalogue(contract)[clause.id]["lines"]
        assert clause.cite is not None
        if not any(low <= last and high >= first for low, high in clause.cite.lines):
            elsewhere.append(clause.id)
    assert elsewhere == []


@pytest.mark.parametrize("contract", contract_names())
def test_what_a_record_can_decide_is_expressed_and_the_rest_stated(contract: str) -> None:
    checkable = {i for i, c in catalogue(contract).items() if c["checkable"] != "no"}
    assert {c.id for c in decided(contract)} == checkable


@pytest.mark.parametrize("contract", contract_names())
def test_an_estimate_a_target_and_a_promise_are_told_apart(contract: str) -> None:
    """What is weaker than a promise in the text is no promise in the contract, and the other way round."""
    weaker = {"estimate", "target"}
    differing = {
        c.id: (strength(c), catalogue(contract)[c.id].get("strength"))
        for c in decided(contract)
        if strength(c) != catalogue(contract)[c.id].get("strength")
        and weaker & {strength(c), catalogue(contract)[c.id].get("strength")}
        and catalogue(contract)[c.id].get("strength") != "definition"
    }
    assert differing == {}


@pytest.mark.parametrize("contract", contract_names())
def test_every_figure_of_a_clause_has_its_place(contract: str) -> None:
    found: dict[str, list[Figure]] = {}
    for clause in decided(contract):
        left = [f for f in missing(contract, clause) if (clause.id, f[0]) not in NOT_A_FIGURE_OF_THE_CLAUSE]
        if left:
            found[clause.id] = left
    assert found == {}


@pytest.mark.parametrize("contract", contract_names())
def test_the_exceptions_are_needed(contract: str) -> None:
    """A figure that found its place is taken off the list."""
    needed = {(c.id, path) for c in decided(contract) for path, _ in missing(contract, c)}
    listed = {pair for pair in NOT_A_FIGURE_OF_THE_CLAUSE if pair[0].startswith(f"{contract}.")}
    assert listed <= needed


def test_what_counts_as_a_figure() -> None:
    values: dict[str, Any] = {
        "limit": 4,
        "from": "08:30",
        "days": ["Mon", "Tue"],
        "percent": 99.9,
        "products": ["Azure Stack", "see the order"],
        "footnote": 2,
        "unit": "hours",
        "automatic": True,
        "zone": None,
    }
    assert [v for _, v in figures(values)] == [4, "08:30", "Mon", "Tue", 99.9, "Azure Stack"]
    assert {path for path, _ in free_text(values)} >= {"unit", "automatic", "zone"}
