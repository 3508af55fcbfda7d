"""Every kind of sentence against every verdict: what it takes to be met, breached, pending, undetermined; and the gates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.checker.interpret.tiny import verdict

DEFINITIONS = """
state working
  from work_began until work_ended

state outage
  from outage_began until outage_ended

state storm
  from paused until resumed

period calendar-month
  means each month named in months
"""
GATES = """
  where product of opened is recorded as db
  save where language of opened is recorded as xx
  provided that fees_paid is yes
"""
OPENED = "2025-03-10 09:00 opened product=db"
ANSWERS_LOST: dict[str, Any] = {"records_missing": ["answers"]}
NIGHT_LOST: dict[str, Any] = {
    "gaps": [{"from": "2025-03-10T09:30:00+01:00", "to": "2025-03-10T09:40:00+01:00"}]
}


@dataclass(frozen=True)
class Case:
    """What happened after the opening, the audit, facts of the agreement, and what the opening carried."""

    history: str = ""
    as_of: str = "2025-03-31 12:00"
    facts: dict[str, Any] = field(default_factory=dict)
    opened: str = ""


@dataclass(frozen=True)
class Kind:
    """A kind of sentence, the clause that holds it, and for each verdict a case that gives it."""

    concerns: str
    sentence: str
    cases: dict[str, Case]
    gates: str = GATES
    more: str = ""
    by_gate: tuple[str, ...] = ("excluded", "not_entitled", "not_applicable")


DEADLINE = Kind(
    "each opened as opening",
    """
  the provider shall have answered
    within 2 elapsed hours of opening
""",
    {
        "met": Case("2025-03-10 10:00 answered"),
        "breached": Case("2025-03-10 11:00:01 answered"),
        "pending": Case("", "2025-03-10 10:59:59"),
        "undetermined": Case("", "2025-03-31 12:00", ANSWERS_LOST),
    },
)


DEBT = Kind(
    "each opened as opening",
    """
  the provider shall have answered
    without a stated limit
    refused by refused
""",
    {
        "met": Case("2025-03-30 10:00 answered"),
        "breached": Case("2025-03-10 10:00 refused"),
        "pending": Case(),
        "undetermined": Case("", "2025-03-31 12:00", ANSWERS_LOST),
    },
)


RIGHT = Kind(
    "each closed as closing",
    """
  the provider may have closed
    only where documented has occurred within 24 elapsed hours of opened
""",
    {
        "met": Case("2025-03-10 10:00 documented\n2025-03-10 11:00 closed"),
        "breached": Case("2025-03-10 11:00 closed"),
        "pending": Case("2025-03-10 11:00 closed", "2025-03-10 12:00"),
        "undetermined": Case("2025-03-10 11:00 closed", "2025-03-31 12:00", NIGHT_LOST),
        "not_applicable": Case(),
    },
)


PROHIBITION = Kind(
    "each opened as opening",
    """
  the provider shall not have closed
    before (2 elapsed hours after opening)
""",
    {
        "met": Case("2025-03-10 11:00 closed"),
        "breached": Case("2025-03-10 10:59:59 closed"),
        "pending": Case("", "2025-03-10 10:30"),
        "undetermined": Case("", "2025-03-31 12:00", NIGHT_LOST),
    },
)


EFFORT = Kind(
    "each opened as opening",
    """
  the provider shall keep working
    from opening until closed
""",
    {
        "met": Case("2025-03-10 09:00 work_began\n2025-03-10 10:00 closed"),
        "breached": Case("2025-03-10 09:00:01 work_began\n2025-03-10 10:00 closed"),
        "pending": Case("2025-03-10 09:00 work_began"),
        "undetermined": Case(
            "2025-03-10 09:35 work_began\n2025-03-10 10:00 closed",
            "2025-03-31 12:00",
            {"gaps": [{"from": "2025-03-10T08:50:00+01:00", "to": "2025-03-10T09:34:59+01:00"}]},
        ),
    },
)


PEACE = Kind(
    "each opened as opening",
    """
  the provider shall keep free of outage
    from opening until closed
    save for storm
""",
    {
        "met": Case("2025-03-10 10:00 outage_began\n2025-03-10 10:00 closed"),
        "breached": Case("2025-03-10 09:59:59 outage_began\n2025-03-10 10:00 closed"),
        "pending": Case(),
        "undetermined": Case("2025-03-10 10:00 closed", "2025-03-31 12:00", NIGHT_LOST),
        "excluded": Case(
            "2025-03-10 09:10 paused\n2025-03-10 09:20 outage_began\n2025-03-10 09:30 outage_ended\n"
            "2025-03-10 09:30 resumed\n2025-03-10 10:00 closed",
        ),
    },
)


SHARE = Kind(
    "each calendar-month",
    """
  the provider shall keep free of outage
    for at least 99 percent of calendar-month
""",
    {
        # March 2025 has 743 hours: 1 percent of it are 26748 s.
        "met": Case(
            "2025-03-11 00:00 outage_began\n2025-03-11 07:25:48 outage_ended",
            "2025-04-01 00:00",
        ),
        "breached": Case(
            "2025-03-11 00:00 outage_began\n2025-03-11 07:25:49 outage_ended",
            "2025-03-15 12:00",
        ),
        "pending": Case(
            "2025-03-11 00:00 outage_began\n2025-03-11 07:25:48 outage_ended",
            "2025-03-31 23:00",
        ),
        "undetermined": Case(
            "2025-03-11 00:00 outage_began\n2025-03-11 07:25:48 outage_ended",
            "2025-04-01 00:00",
            NIGHT_LOST,
        ),
    },
)


CONDITION = Kind(
    "each opened as opening",
    """
  the provider shall ensure that
    channel of opening is phone
    documented has occurred within 24 elapsed hours of opening
""",
    {
        "met": Case("2025-03-10 09:00 documented", "2025-03-31 12:00", {}, "channel=phone"),
        "breached": Case("2025-03-10 09:00 documented", "2025-03-31 12:00", {}, "channel=email"),
        "pending": Case("", "2025-03-11 08:59:59", {}, "channel=phone"),
        "undetermined": Case("2025-03-10 09:00 documented"),
    },
)


RELEASE = Kind(
    "each opened as opening",
    """
  the provider is released
""",
    {
        "excluded": Case("", "2025-03-31 12:00", {}, "channel=phone"),
        "not_applicable": Case("", "2025-03-31 12:00", {}, "channel=email"),
        "undetermined": Case(),
    },
    gates="  where channel of opening is phone\n",
    by_gate=(),
)


STATED = Kind(
    "each opened as opening",
    """
  stated "whether the work was good cannot be seen"
""",
    {"undetermined": Case()},
)


STAND_IN = Kind(
    "",
    """
  stands for first, second
""",
    {
        "met": Case("2025-03-10 10:00 answered\n2025-03-10 10:00 fixed"),
        "breached": Case("2025-03-10 10:00 answered\n2025-03-10 12:00 fixed"),
        "pending": Case("2025-03-10 10:00 answered", "2025-03-10 10:30"),
        "undetermined": Case("2025-03-10 10:00 fixed", "2025-03-31 12:00", ANSWERS_LOST),
    },
    gates="",
    more=f"""
clause first
  concerns each opened as opening
{GATES}
  the provider shall have answered
    within 2 elapsed hours of opening

clause second
  concerns each opened as opening
{GATES}
  the provider shall have fixed
    within 2 elapsed hours of opening
""",
)


KINDS = {
    "deadline": DEADLINE,
    "debt": DEBT,
    "right": RIGHT,
    "prohibition": PROHIBITION,
    "effort": EFFORT,
    "peace": PEACE,
    "share": SHARE,
    "condition": CONDITION,
    "release": RELEASE,
    "stated": STATED,
    "stand_in": STAND_IN,
}


def contract(kind: Kind) -> str:
    concerns = f"  concerns {kind.concerns}\n" if kind.concerns else ""
    return f"{DEFINITIONS}\n{kind.more}\nclause c\n{concerns}{kind.gates}{kind.sentence}"


@pytest.mark.parametrize(
    ("name", "expected"), [(name, v) for name, kind in KINDS.items() for v in kind.cases], ids=str
)
def test_what_decides(name: str, expected: str) -> None:
    kind = KINDS[name]
    case = kind.cases[expected]
    history = f"{OPENED} {case.opened}\n{case.history}"
    facts = {"fees_paid": True, "months": ["2025-03"], **case.facts}
    assert verdict(contract(kind), history, facts, case.as_of) == expected


@pytest.mark.parametrize(
    ("name", "expected"), [(name, v) for name, kind in KINDS.items() for v in kind.by_gate], ids=str
)
def test_the_gates_come_first(name: str, expected: str) -> None:
    """The same history, breached or not, without the one thing that the gate asks for."""
    kind = KINDS[name]
    opened = {
        "excluded": f"{OPENED} language=xx",
        "not_entitled": OPENED,
        "not_applicable": "2025-03-10 09:00 opened product=mail language=xx",
    }[expected]
    history = kind.cases.get("breached", Case()).history
    facts = {"fees_paid": expected != "not_entitled", "months": ["2025-03"]}
    assert verdict(contract(kind), f"{opened}\n{history}", facts) == expected


@pytest.mark.parametrize("name", [n for n, kind in KINDS.items() if kind.by_gate])
def test_an_unknown_gate_leaves_it_undetermined_only_if_it_matters(name: str) -> None:
    kind = KINDS[name]
    history = kind.cases.get("breached", Case()).history
    facts = {"fees_paid": None, "months": ["2025-03"]}
    assert verdict(contract(kind), f"{OPENED}\n{history}", facts) == "undetermined"
    mail = "2025-03-10 09:00 opened product=mail"
    assert verdict(contract(kind), f"{mail}\n{history}", facts) == "not_applicable"
    excused = f"{OPENED} language=xx"
    assert verdict(contract(kind), f"{excused}\n{history}", facts) == "excluded"


def test_the_worst_of_several_sentences_binds() -> None:
    both = """
    clause c
      concerns each opened as opening
      the provider shall have answered
        within 1 elapsed hour of opening
      the provider shall have fixed
        within 3 elapsed hours of opening
    """
    opened = "2025-03-10 09:00 opened\n"
    assert verdict(both, opened + "2025-03-10 09:30 answered\n2025-03-10 12:00 fixed") == "met"
    assert verdict(both, opened + "2025-03-10 09:30 answered\n2025-03-10 12:00:01 fixed") == "breached"
    assert verdict(both, opened + "2025-03-10 10:30 answered", as_of="2025-03-10 11:00") == "breached"
    assert verdict(both, opened + "2025-03-10 09:30 answered", as_of="2025-03-10 11:00") == "pending"
    lost = {"records_missing": ["answers"]}
    assert verdict(both, opened, lost, "2025-03-10 11:00") == "undetermined"
    assert verdict(both, opened, lost, "2025-03-10 12:30") == "breached"
