"""Claims about mutated contracts hold against histories by chance; and a wrong claim would be found."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from checker.audit.library import contract_names, load_contract
from checker.compare import proof
from checker.compare.clause_form import ClauseForm
from checker.compare.order import EXACT, Proof
from tests.compare.mutations import mutated
from tests.compare.survey import Journal, Survey, rest, run, survey

MUTATIONS = 20
HISTORIES = 10_000
OF_CALENDARS = 6
"""Mutations of where calendars are; of fewer histories, for one of the contract's place reaches every clause."""


@pytest.mark.parametrize("number", range(MUTATIONS))
def test_no_claim_is_refuted(number: int) -> None:
    names = contract_names()
    out = Survey()
    survey(names[number % len(names)], f"ci {number}", HISTORIES, out)
    assert out.mutations == 1
    assert not out.wrong, "\n".join(out.wrong)


@pytest.mark.parametrize("number", range(OF_CALENDARS))
def test_no_claim_about_places_is_refuted(number: int) -> None:
    names = contract_names()
    out = Survey()
    survey(names[number % len(names)], f"places few {number}", 2000, out)
    assert out.mutations == 1
    assert not out.wrong, "\n".join(out.wrong)


def test_a_wrong_claim_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    def same(self: object, old: ClauseForm, new: ClauseForm) -> Proof:
        return EXACT

    monkeypatch.setattr(proof.Prover, "same", same)
    out = Survey()
    for number in range(8):
        survey("cloudorama", f"ci {number}", 2000, out)
    assert out.wrong
    assert any("is claimed equivalent" in text for text in out.wrong)


@pytest.mark.parametrize("name", contract_names())
def test_the_same_seed_makes_the_same_mutation(name: str) -> None:
    contract = load_contract(name)
    seeds = [f"{name} {i}" for i in range(6)]
    once = [mutated(contract, seed) for seed in seeds]
    assert once == [mutated(contract, seed) for seed in seeds]
    assert len({what for _, what in once}) > 1
    assert all(new != contract for new, _ in once)


def test_a_run_goes_on_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.compare.survey.BLOCK", 300)
    asked = argparse.Namespace(
        mutations=2, histories=600, seed="again", minutes=float("inf"), every=60.0, part=None
    )
    whole, parted = Journal(tmp_path / "whole"), Journal(tmp_path / "parted")
    run(asked, whole)
    run(argparse.Namespace(**{**vars(asked), "histories": 300}), parted)
    kept = Journal(tmp_path / "parted")
    assert kept.seen == parted.seen
    run(asked, kept)
    assert kept.seen == whole.seen
    assert kept.histories >= 1200
    # Two who write one journal, each a part.
    for part in ((1, 2), (2, 2)):
        run(argparse.Namespace(**{**vars(asked), "part": part}), Journal(tmp_path / "shared"))
    assert Journal(tmp_path / "shared").seen == whole.seen
    # What columns do not hold comes to all histories, too, where that is asked for; the blocks stay as they are.
    few = next(iter(whole.seen["again 0"]))
    whole.seen["again 0"][few].histories -= 50
    blocks = dict(whole.blocks)
    rest(asked, whole)
    assert all(o.histories >= 600 for seen in whole.seen.values() for o in seen.values())
    assert whole.blocks == blocks
    again = Journal(tmp_path / "whole")
    assert again.blocks == blocks
    assert again.seen["again 0"][few].histories == whole.seen["again 0"][few].histories + 50
    changed = (tmp_path / "whole").read_text("utf-8").replace(whole.digests["again 0"], "another", 1)
    (tmp_path / "whole").write_text(changed, "utf-8")
    with pytest.raises(ValueError, match="another one than it was"):
        Journal(tmp_path / "whole")
