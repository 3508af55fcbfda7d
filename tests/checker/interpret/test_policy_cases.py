"""The contracts' own cases, given and argued from the semantics: all pass, but those that are known to be wrong."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

import pytest
import yaml

from checker.audit.cases import CaseResult, disputes, run_cases, with_disputes
from checker.audit.library import case_files, contract_names, disputed_file, load_contract, vocabulary
from checker.interpret.world import Book

KNOWN_WRONG: dict[str, str] = {
    i: why for c in contract_names() for i, why in disputes(disputed_file(c)).items()
}


@lru_cache(maxsize=8)
def results(contract: str) -> list[CaseResult]:
    return run_cases(case_files(contract), Book(load_contract(contract)), vocabulary())


@pytest.mark.parametrize("contract", contract_names())
def test_every_case_passes_but_those_known_to_be_wrong(contract: str) -> None:
    found = results(contract)
    assert any(r.outcome == "passed" for r in found)
    failed = {
        r.id: f"expected {r.expected} due {r.due_expected}, got {r.got}: {r.judgement and r.judgement.outcome.because}"
        for r in found
        if r.outcome == "failed"
    }
    assert {i: said for i, said in failed.items() if i not in KNOWN_WRONG} == {}
    passed = {r.id for r in found if r.outcome == "passed"}
    assert passed & KNOWN_WRONG.keys() == set(), "no longer wrong: take them off the list"


def test_what_is_known_to_be_wrong_exists_and_is_argued() -> None:
    ids = {r.id for contract in contract_names() for r in results(contract)}
    assert KNOWN_WRONG.keys() <= ids
    assert all(isinstance(argument, str) and len(argument.split()) >= 8 for argument in KNOWN_WRONG.values())


def test_a_dispute_is_told_apart_and_has_to_be_one() -> None:
    found = results(contract_names()[0])[:2]
    wrong = [replace(found[0], outcome="failed"), replace(found[1], outcome="passed")]
    argued = {r.id: "the text says otherwise" for r in wrong}
    assert [r.outcome for r in with_disputes(wrong, argued)] == ["disputed", "failed"]
    assert [r.outcome for r in with_disputes(wrong, {})] == ["failed", "passed"]


def test_a_case_with_a_wrong_expectation_fails(tmp_path: Path) -> None:
    """The runner compares both the verdict and the limit."""
    contract = contract_names()[0]
    source = next(f for f in case_files(contract) if f.stem == contract)
    defaults = source.with_name(f"{contract}.defaults.yaml")
    raw = yaml.safe_load(source.read_text(encoding="utf-8"))
    known = {r.id: r for r in results(contract)}
    good = next(c for c in raw if c["expect"].get("due") and known[c["id"]].outcome == "passed")
    other = {"met": "breached"}.get(good["expect"]["verdict"], "met")
    late = good["expect"]["due"][:-6].rpartition(":")[0] + ":41" + good["expect"]["due"][-6:]
    cases = [
        {**good, "id": "verdict", "expect": {**good["expect"], "verdict": other}},
        {**good, "id": "limit", "expect": {**good["expect"], "due": late}},
        {**good, "id": "right"},
        {**good, "id": "nowhere", "clause": f"{contract}.no-such-clause"},
    ]
    file = tmp_path / "cases.yaml"
    file.write_text(json.dumps(cases), encoding="utf-8")
    if defaults.is_file():
        (tmp_path / defaults.name).write_text(defaults.read_text(encoding="utf-8"), encoding="utf-8")
    told = run_cases([file], Book(load_contract(contract)), vocabulary())
    assert {r.id: r.outcome for r in told} == {
        "verdict": "failed",
        "limit": "failed",
        "right": "passed",
        "nowhere": "no_clause",
    }
