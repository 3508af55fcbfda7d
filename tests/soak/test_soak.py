"""The soak for some seconds; and that it finds what differs, makes it small, and tells it so that it can be judged again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from checker.audit.cases import disputes
from checker.audit.library import contract_names, disputed_file
from checker.columnar.engine import Result
from checker.columnar.judge import VERDICTS
from checker.interpret.case import Together, case_of_ticket
from checker.interpret.verdicts import Verdict, worst_rank
from tests.soak import compare, made, soak, worked
from tests.soak.made import occasions, readers
from tests.soak.specimen import Raw, Specimen, book, read

BUNDLED = contract_names()


@pytest.mark.parametrize("kind", [soak.GENERATED, *BUNDLED])
def test_nothing_differs(kind: str, tmp_path: Path) -> None:
    said: list[str] = []
    found = soak.Soak(tmp_path, said.append)
    good = soak.run(found, [kind], 7, rounds=1, count=3)
    assert good, "\n".join(said)
    total = found.totals[kind]
    assert total.pairs > 20
    assert total.cells >= total.pairs
    assert found.refused == 0
    assert sum(total.verdicts.values()) == total.cells
    assert f"{total.cells:,} cells" in found.report()


def test_bundled_clauses_reach_every_verdict() -> None:
    """What is made by chance is to the point: clauses apply, are kept, broken, excused and left open."""
    total = compare.Compared()
    for i in range(6):
        for contract in BUNDLED:
            total.add(compare.compare(made.specimen(contract, f"verdicts {i}", agreements=3, tickets=2)))
    assert set(total.verdicts) == set(map(str, Verdict))
    assert total.left < total.cells


def test_the_ticket_is_first_where_two_histories_have_one_place() -> None:
    """An event of the ticket and one of the agreement's own history: of one minute, and each the first of its history."""
    at, minute = "2025-03-28T16:32:25Z", {"precision": "minute"}
    agreement = {
        "agreement": "a0",
        "contract": "cloudorama",
        "events": [
            {"at": at, "event": "agreement_started", **minute},
            {"at": "2025-03-29T16:34:25Z", "event": "agreement_started"},
        ],
    }
    ticket = {"ticket": "T", "agreement": "a0", "events": [{"at": at, "event": "order_placed", **minute}]}
    one = Specimen("cloudorama", (agreement,), (ticket,), "2025-07-06T17:34:27Z")
    found = compare.compare(one)
    assert not found.differences
    assert found.cells > 5
    population = one.population()
    ((made, under),) = population.tickets
    for together in (None, Together(under, [made], population.now)):
        case = case_of_ticket(made, under, population.now, together)
        names = [e.name for e in case.events]
        assert names == ["order_placed", "agreement_started", "agreement_started"]
        mixed = list(case.events)
        mixed.reverse()
        mixed.sort(key=case.position)
        assert [e.name for e in mixed] == names


@pytest.mark.parametrize("contract", BUNDLED)
def test_what_clauses_read_is_found(contract: str) -> None:
    """Every event that a clause of tickets is about is one that its histories hold."""
    reader, found = readers(contract), book(contract)
    for clause in found.clauses.values():
        if clause.level == "ticket":
            reads = reader.reads(clause.id)
            assert set(occasions(found, clause.id)) <= set(reads.events), clause.id


@pytest.mark.parametrize("contract", BUNDLED)
def test_worked_cases_are_taken_as_they_stand(contract: str) -> None:
    argued = disputes(disputed_file(contract))
    cases = [c for c in worked.worked(contract) if not c.get("readings") and c["id"] not in argued]
    for case in Random(1).sample(cases, 6):
        found = compare.compare(worked.plain(contract, case))
        assert min(map(Verdict, found.verdicts), key=worst_rank) == case["expect"]["verdict"], case["id"]
        assert not found.differences


@pytest.mark.parametrize("contract", BUNDLED)
def test_every_worked_case_in_both_engines(contract: str) -> None:
    """Some of one audit instant together, each with all clauses that they are about."""
    by_instant: dict[str, list[Raw]] = {}
    for case in worked.worked(contract):
        by_instant.setdefault(str(case["as_of"]), []).append(case)
    cells = refused = 0
    for cases in (found[k : k + 60] for found in by_instant.values() for k in range(0, len(found), 60)):
        agreements: list[Raw] = []
        tickets: list[Raw] = []
        for i, case in enumerate(cases):
            agreement, mine = worked.parts(contract, case, f"a{i}")
            if not worked.legal(contract, agreement, mine):
                refused += 1
                continue
            agreements.append(agreement)
            tickets += mine
        clauses = tuple(sorted({case["clause"] for case in cases}))
        as_of = worked.plain(contract, cases[0]).as_of
        found = compare.compare(Specimen(contract, tuple(agreements), tuple(tickets), as_of, clauses))
        assert not found.differences
        cells += found.cells
    # A case may say what no file may.
    assert refused * 100 <= len(worked.worked(contract))
    assert cells > 3_000


def test_the_same_seed_makes_the_same_specimen() -> None:
    assert made.specimen(BUNDLED[0], "one") == made.specimen(BUNDLED[0], "one")
    assert worked.specimen(BUNDLED[0], "one") == worked.specimen(BUNDLED[0], "one")
    assert made.specimen(BUNDLED[0], "one") != made.specimen(BUNDLED[0], "two")


@pytest.fixture
def spoilt(monkeypatch: pytest.MonkeyPatch) -> None:
    """Columns that take every met for breached."""
    honest = compare.judge

    def judge(*arguments: Any) -> Result:
        result = honest(*arguments)
        met, breached = VERDICTS.index(Verdict.MET), VERDICTS.index(Verdict.BREACHED)
        for outcomes in result.outcomes.values():
            outcomes.verdict[outcomes.verdict == met] = breached
        return result

    monkeypatch.setattr(compare, "judge", judge)


@pytest.mark.parametrize("kind", [soak.GENERATED, "cloudorama"])
def test_a_difference_is_made_small_and_told(kind: str, tmp_path: Path, spoilt: None) -> None:
    said: list[str] = []
    found = soak.Soak(tmp_path, said.append, shrink_seconds=5.0)
    assert not soak.run(found, [kind], 1, rounds=5, count=3)
    (path,) = set(found.found.values())
    small = read(path)
    assert len(small.tickets) == len(small.agreements) == 1
    assert len(small.tickets[0]["events"]) < 4
    assert soak.replay(path) == 1
    assert any(f"--replay {path}" in text for text in said)
    assert any("columns     ('breached'" in text for text in said)


def test_time_ends_it(tmp_path: Path) -> None:
    said: list[str] = []
    found = soak.Soak(tmp_path, said.append, until=0.0)
    assert soak.run(found, [*BUNDLED, soak.GENERATED], 1)
    assert found.totals == {}
    often = soak.Soak(tmp_path, said.append, every=0.0)
    assert soak.run(often, ["poly"], 1, rounds=1, count=1)
    # One worked and one made specimen, each with a report of its own.
    assert len(said) == 2
    assert all("pairs of contract and history" in text for text in said)


def test_columns_that_break_off_are_a_difference(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def judge(*_: Any) -> Result:
        raise IndexError("no such row")

    monkeypatch.setattr(compare, "judge", judge)
    found = soak.Soak(tmp_path, lambda _: None, shrink_seconds=1.0)
    assert not soak.run(found, ["poly"], 1, rounds=1)
    assert "IndexError: no such row" in soak.told(read(next(iter(found.found.values()))))


def test_a_specimen_is_read_as_it_was_written(tmp_path: Path) -> None:
    one = replace(made.specimen("infor", "one"), clauses=("a",))
    one.write(tmp_path / "one.json")
    assert read(tmp_path / "one.json") == one
