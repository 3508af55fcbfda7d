"""The design's own test: forty clauses that no study of the language saw, written in it and run.

`unseen/` holds the clauses, one file a contract; the cases are those given for the five contracts, and beside the clauses our
own, for what the given ones leave out. `findings.yaml` says which clauses bend or do not fit, and which cases fail and why.
"""

from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from checker.audit.cases import CaseResult, run_cases
from checker.audit.library import load_contract, policies, vocabulary
from checker.interpret.world import Book
from dsl.files import read_sources
from dsl.lint import lint

UNSEEN = Path(__file__).parent / "unseen"
CONTRACTS = sorted(p.stem for p in UNSEEN.glob("*.contract"))
FAULTS = {"clause", "language", "engine", "case"}


@cache
def book(name: str) -> Book:
    return Book(load_contract(str(UNSEEN / f"{name}.contract")))


@cache
def results(name: str, own: bool) -> list[CaseResult]:
    folder = UNSEEN / "own" if own else policies() / name / "cases"
    found = run_cases([folder / f"{name}.yaml"], book(name), vocabulary())
    return [r for r in found if r.outcome != "no_clause"]


@cache
def findings() -> dict[str, Any]:
    found = yaml.safe_load((UNSEEN / "findings.yaml").read_text())
    assert isinstance(found, dict)
    return found


def clauses() -> set[str]:
    return {c for name in CONTRACTS for c in book(name).clauses}


def test_forty_clauses_of_five_contracts() -> None:
    assert len(CONTRACTS) == 5
    assert len(clauses()) == 40
    assert {c.partition(".")[0] for c in clauses()} == set(CONTRACTS)


@pytest.mark.parametrize("name", CONTRACTS)
def test_each_clause_has_cases(name: str) -> None:
    assert {r.clause for r in results(name, False)} == set(book(name).clauses)


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_linter_finds_nothing(name: str) -> None:
    assert [str(d) for d in lint(read_sources(UNSEEN / f"{name}.contract"), vocabulary())] == []


@pytest.mark.parametrize(("own", "listed"), [(False, "given cases"), (True, "own cases")])
def test_the_cases(own: bool, listed: str) -> None:
    """All pass but those listed; a listed one that passes comes off the list."""
    failed = {}
    for name in CONTRACTS:
        for r in results(name, own):
            if r.outcome == "failed":
                because = r.judgement.outcome.because if r.judgement else ""
                failed[r.id] = f"{r.id}: expected {r.expected}, got {r.got} ({because})"
    known = set(findings()[listed])
    unknown = [failed[i] for i in sorted(failed.keys() - known)]
    assert not unknown, "\n".join(unknown)
    assert known <= failed.keys(), f"these pass now: {sorted(known - failed.keys())}"


def test_how_many_there_are() -> None:
    """The numbers that the report names."""
    given = sum(len(results(name, False)) for name in CONTRACTS)
    own = sum(len(results(name, True)) for name in CONTRACTS)
    assert (given, own) == (131, 66)


def test_what_bends_is_marked_in_the_text() -> None:
    bent = set(findings()["bends"]) | set(findings()["does not fit"])
    assert bent <= clauses()
    text = "\n".join(p.read_text() for p in UNSEEN.glob("*.contract"))
    # Two clauses lean on one definition that bends.
    assert text.count("# bends:") == len(bent) - 1


def test_every_fault_has_its_place() -> None:
    entries = {**findings()["given cases"], **findings()["own cases"]}
    assert {e["fault"] for e in entries.values()} <= FAULTS
    assert all(e["why"].strip() for e in entries.values())
    assert {i.partition("/")[0] for i in entries} <= clauses()


def test_the_contracts_stand_alone() -> None:
    """No clause here leans on a file of the policies: what they show stays true when the policies change."""
    for name in CONTRACTS:
        assert (UNSEEN / f"{name}.contract").read_text().startswith("servanda 1\n")
        assert len(read_sources(UNSEEN / f"{name}.contract")) == 1
