"""The explanations of the contracts' own cases hold on a second opinion."""

from __future__ import annotations

import pytest

from checker.audit.library import contract_names
from checker.recheck import recheck
from tests.checker.recheck.explained import clocks, of_cases


@pytest.mark.parametrize("contract", contract_names())
def test_the_explanations_of_every_case_hold(contract: str) -> None:
    told = of_cases(contract)
    assert any(clocks(e) for _, e in told)
    assert {name: found for name, e in told if (found := recheck(e))} == {}


def test_the_cases_have_every_kind_of_row() -> None:
    """Else that they all hold would say little."""
    found = [s["clock"] for contract in contract_names() for _, e in of_cases(contract) for s in clocks(e)]
    assert {r["kind"] for clock in found for r in clock["ledger"]} == {"counted", "closed", "stopped"}
    assert any(r["why"].startswith("public holiday: ") for clock in found for r in clock["ledger"])
    assert any("calendar" not in clock for clock in found)
    assert any(clock["stops"] for clock in found)
    assert len(found) > 150
