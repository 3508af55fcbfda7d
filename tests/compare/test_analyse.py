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


def for_two(gates: str) -> str:
    """A clause for each of the severities 1 and 2, with a limit of its own."""
    return "".join(
        RESPONSE.replace("sample.response", f"sample.response-{s}").format(gates=gates.format(s=s), hours=s)
        for s in (1, 2)
    )


def test_a_gap_has_a_ticket() -> None:
    gaps = of(for_two("  where severity is {s}\n  where product_family of opening is azure\n")).gaps
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


CALENDARS = """calendar office
  monday to friday 09:00 to 17:00 save public holidays

calendar weekend
  saturday to sunday

calendar evening
  monday to friday 17:00 to 23:00

calendar out-of-hours
  round the clock
  less office

"""


@pytest.mark.parametrize(
    ("gates", "kind"),
    [
        ("  where opening is during office\n  where opening is during weekend\n", "never applies"),
        ("  where opening is during office\n  where opening is during out-of-hours\n", "never applies"),
        ("  where opening is during office\n  save where opening is outside weekend\n", "swallowed"),
        ("  provided that fees_paid is yes\n  provided that fees_paid is no\n", "nobody is entitled"),
        ("  provided that fees_paid is not yes\n  provided that fees_paid is not no\n", "nobody is entitled"),
        ("  provided that level is free\n  provided that level is advanced\n", "nobody is entitled"),
        ("  where opening is before opening\n", "never applies"),
        (
            "  where the number of reply_sent is at least 5\n  where the number of reply_sent is at most 3\n",
            "never applies",
        ),
        (
            "  where the number of reply_sent is more than 5\n  where the number of reply_sent is less than 5\n",
            "never applies",
        ),
        (
            "  where reply_sent is before opening\n  where opening is no later than reply_sent\n",
            "never applies",
        ),
    ],
)
def test_what_contradicts_itself_is_found(gates: str, kind: str) -> None:
    """Calendars that never meet, a fact that is yes and no, numbers and instants that leave nothing between them."""
    found = of(CALENDARS + RESPONSE.format(gates=gates, hours=1))
    assert [(d.clause, d.kind) for d in found.dead] == [("sample.response", kind)]
    assert found.binds == {}


@pytest.mark.parametrize(
    "gates",
    [
        # They touch: a clock set back at five in the evening would bring both.
        "  where opening is during office\n  where opening is outside evening\n",
        "  where opening is during weekend\n  save where opening is during office\n",
        "  where the number of reply_sent is at least 3\n  where the number of reply_sent is at most 3\n",
        "  where opening is no later than opening\n",
        "  provided that fees_paid is yes\n  save where fees_paid is no\n",
    ],
)
def test_what_does_not_contradict_itself_has_a_ticket(gates: str) -> None:
    found = of(CALENDARS + RESPONSE.format(gates=gates, hours=1))
    assert found.dead == []
    assert list(found.binds) == ["sample.response"]
    assert found.not_decided == []


def test_a_clause_that_another_always_supersedes_is_found() -> None:
    text = RESPONSE.format(gates="  where channel of opening is fax\n  superseded by sample.base\n", hours=1)
    base = RESPONSE.replace("response", "base")
    (dead,) = of(text + base.format(gates="", hours=8)).dead
    assert (dead.clause, dead.kind) == ("sample.response", "always superseded")
    # One that asks for more leaves it room.
    narrower = of(text + base.format(gates="  provided that fees_paid is yes\n", hours=8))
    assert narrower.dead == []
    assert set(narrower.binds) == {"sample.response", "sample.base"}


def test_a_clause_that_rests_on_one_without_effect_is_found() -> None:
    dead = "  where channel of opening is phone\n  where channel of opening is email\n"
    text = RESPONSE.format(gates=dead, hours=1)
    rests = RESPONSE.replace("response", "rests").format(gates="  where sample.response holds\n", hours=1)
    assert {d.clause: d.kind for d in of(text + rests).dead} == {
        "sample.response": "never applies",
        "sample.rests": "never applies",
    }
    alive = RESPONSE.format(gates="", hours=1)
    assert of(alive + rests).dead == []


@pytest.mark.parametrize(
    ("limits", "found"),
    [
        ("no sooner than 10 elapsed hours after c\n    no later than 2 elapsed hours after c", True),
        ("no sooner than 2 elapsed hours after c\n    no later than 10 elapsed hours after c", False),
        ("no sooner than 3 elapsed hours after c\n    within 2 elapsed hours of c", True),
        ("no sooner than 3 elapsed hours after c\n    no later than c", True),
        ("during office\n    during weekend", True),
        ("during office\n    outside weekend", False),
    ],
)
def test_limits_that_leave_no_instant_are_found(limits: str, found: bool) -> None:
    text = f"""clause sample.answer
  concerns each complaint_received as c
  the provider shall have complaint_answered
    {limits}
"""
    dead = of(CALENDARS + text).dead
    assert [d.kind for d in dead] == (["leaves no time"] if found else [])


def test_a_clause_that_is_neither_shown_to_bind_nor_proved_dead_is_named() -> None:
    """Evening and office touch: where the clock is set back just then, both are open; no ticket is found, and nothing is proved."""
    gates = "  where opening is during office\n  where opening is during evening\n"
    found = of(CALENDARS + RESPONSE.format(gates=gates, hours=1))
    assert found.dead == []
    assert found.binds == {}
    (text,) = found.not_decided
    assert text.startswith("whether sample.response ever binds: ")


def test_every_clause_of_a_bundled_contract_binds_on_a_ticket() -> None:
    contract = load_contract("cloudorama")
    found = analysed(contract, vocabulary(), Asked(clauses=("cloudorama.sla.*",)))
    asked = [c.id for c in contract.clauses if c.id.startswith("cloudorama.sla.")]
    assert found.asked == len(asked) == len(found.binds)


def test_a_gap_names_the_rank_that_has_no_clause() -> None:
    gaps = of(for_two("  where severity of opening is {s}\n")).gaps
    assert [dict(g.values) for g in gaps] == [{"severity": "3"}, {"severity": "none of 1, 2, 3"}]
    (opening,) = gaps[0].example.ticket["events"]
    assert opening["severity"] == "3"


def test_few_combinations_are_tried_with_several_tickets() -> None:
    """Whether a ticket shows a gap hangs on what else it says, and that is left to chance."""
    clauses = (
        "unified.mcsap.onboarding.reactive-access-needs-docs",
        "unified.mcsap.rapid-expert.bc-direct",
        "unified.mcsap.rapid-expert.critical-routing",
        "unified.mcsap.scope.production-azure",
    )
    found = analysed(load_contract("unified"), vocabulary(), Asked(clauses, seed="c"))
    shown = {g.values for g in found.gaps if g.family.acts == ("routing-to-mission-critical",)}
    assert shown == {
        (("product_family", "another value"), ("severity", severity))
        for severity in ("1", "A", "B", "C", "none of 1, A, B, C")
    }
