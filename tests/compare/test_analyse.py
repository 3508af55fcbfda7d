"""Analyses of one contract: what is found in contracts with known faults, and what the bundled ones show."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest
from click.testing import CliRunner

from checker.audit.library import load_contract, vocabulary
from checker.cli.main import main
from checker.compare.analyses import Analysis, analysed
from checker.compare.variants import Asked
from dsl.check import check
from dsl.source import Source

HEAD = """servanda 1
contract sample "A sample"
  provider "the provider"
  customer "the customer"
  zone "Europe/Warsaw"
  holidays of country

attribute severity
  ranks 1, 2, 3

"""


def of(text: str) -> Analysis:
    return analysed(check([Source("sample.contract", HEAD + text)], vocabulary()), vocabulary(), Asked())


RESPONSE = """clause sample.response
  concerns each ticket_opened as opening
{gates}  the provider shall have work_started
    within {hours} elapsed hours of opening
"""


@pytest.mark.parametrize(
    ("gates", "kind"),
    [
        ("  where channel of opening is phone\n  where channel of opening is email\n", "never applies"),
        (
            "  where channel of opening is phone\n  provided that channel of opening is email\n",
            "nobody is entitled",
        ),
        (
            "  where channel of opening is phone\n  save where channel of opening is one of phone, email\n",
            "swallowed",
        ),
    ],
)
def test_what_has_no_effect_is_found(gates: str, kind: str) -> None:
    (dead,) = of(RESPONSE.format(gates=gates, hours=1)).dead
    assert (dead.clause, dead.kind) == ("sample.response", kind)


def test_what_cannot_be_kept_is_found() -> None:
    text = """clause sample.channel
  concerns each ticket_opened as opening
  where channel of opening is phone
  the customer shall ensure that channel of opening is email
"""
    (dead,) = of(text).dead
    assert dead.kind == "cannot be kept"


def test_what_can_apply_is_not_found() -> None:
    gates = "  where channel of opening is one of phone, email\n  save where channel of opening is phone\n"
    assert of(RESPONSE.format(gates=gates, hours=1)).dead == []


def test_a_gap_has_a_ticket() -> None:
    text = "".join(
        RESPONSE.replace("sample.response", f"sample.response-{s}").format(
            gates=f"  where severity is {s}\n  where product_family of opening is azure\n", hours=s
        )
        for s in (1, 2)
    )
    gaps = of(text).gaps
    found = {tuple(g.values) for g in gaps}
    assert (("product_family", "another value"), ("severity", "1")) in {tuple(sorted(v)) for v in found}
    assert not any(dict(v) == {"severity": "1", "product_family": "azure"} for v in found)
    for gap in gaps:
        assert gap.example.old.verdict == "not_applicable"


def test_two_limits_for_one_act_are_shown() -> None:
    text = RESPONSE.format(gates="", hours=1) + RESPONSE.replace("response", "other").format(
        gates="", hours=2
    )
    (clash,) = of(text).clashes
    assert set(clash.clauses) == {"sample.response", "sample.other"}
    assert clash.example.old.due != clash.example.new.due


def test_layers_with_an_order_do_not_clash() -> None:
    text = RESPONSE.format(gates="  superseded by sample.other\n", hours=1)
    assert of(text + RESPONSE.replace("response", "other").format(gates="", hours=2)).clashes == []


def test_every_reading_of_a_bundled_contract_is_answered() -> None:
    contract = load_contract("poly")
    found = analysed(contract, vocabulary(), Asked())
    others = {(a.name, r) for a in contract.ambiguities for r, _ in a.readings if r != a.recommended}
    assert {(t.ambiguity, t.reading) for t in found.turned} == others
    for t in found.turned:
        assert t.answer == "turns"
        assert t.read is not None
        (example, *_) = t.read.examples
        assert example.old.verdict != example.new.verdict
    schema = json.loads(files("checker.compare").joinpath("schemas/analysis.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(json.dumps(found.told())), schema)


def test_the_command_tells_what_it_found() -> None:
    done = CliRunner().invoke(main, ["analyse", "poly"])
    assert done.exit_code == 0
    assert "poly-nbd-delivery.delivery-promised: turns poly.replacement." in done.stdout
    assert CliRunner().invoke(main, ["analyse", "nothing-such"]).exit_code == 2
