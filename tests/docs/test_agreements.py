"""What the page of agreements shows as YAML and as CSV is the same."""

from pathlib import Path

from checker.audit.library import load_contract, vocabulary
from checker.audit.words import words_of
from checker.record.agreement_mapping import load_agreement_mapping
from checker.record.agreements import read_agreements
from tests.house.transcripts import blocks
from tests.house.tree import ROOT

PAGE = (ROOT / "docs" / "agreements.md").read_text()


def test_the_two_forms_say_the_same(tmp_path: Path) -> None:
    words = words_of(vocabulary(), load_contract("unified"))
    found = []
    for kind in ("yaml", "csv"):
        path = tmp_path / f"a.{kind}"
        path.write_text(next(blocks(PAGE, kind))[1])
        found.append([(a.id, a.contract, a.facts) for a in read_agreements([path], words=words)])
    assert found[0] == found[1]
    assert len(found[0]) == 2


def test_the_mapping_is_one(tmp_path: Path) -> None:
    (tmp_path / "m.yaml").write_text(list(blocks(PAGE, "yaml"))[1][1])
    assert load_agreement_mapping(tmp_path / "m.yaml").columns["remark"] is None
