"""The dates of a contract's version: one more gate of every clause, before all others."""

from __future__ import annotations

import pytest

from checker.audit.library import vocabulary
from checker.compare.answer import Comparison
from checker.compare.variants import Asked, compared
from dsl.check import check
from dsl.source import Source

HEAD = """servanda 1
contract sample "A sample"
  {zone}
  holidays of country
  provider "the provider"
  customer "the customer"
  version "one"{dates}

"""
RESPONSE = """clause sample.response
  concerns each ticket_opened as opening
  {who} shall have response_sent
    within 4 elapsed hours of opening

"""
RELEASE = """clause sample.release
  concerns each ticket_opened as opening
  where channel of opening is phone
  the provider is released

"""
STANDS = """clause sample.all
  stands for sample.response

"""


def found(old: str, new: str, *clauses: str, zones: tuple[str, str] = ("zone time_zone",) * 2) -> Comparison:
    text = "".join(clauses) or RESPONSE.format(who="the provider")
    before, after = (
        check([Source("s.contract", HEAD.format(dates=dates, zone=zone) + text)], vocabulary())
        for dates, zone in zip((old, new), zones, strict=True)
    )
    return compared(before, after, vocabulary(), Asked())


def ways(c: Comparison) -> dict[str, str]:
    return {party: way.answer for party, way in c.views().items()}


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", " from 2026-05-01", "laxer"),
        (" from 2026-05-01", "", "stricter"),
        (" from 2026-05-01", " from 2026-06-01", "laxer"),
        (" from 2026-06-01", " from 2026-05-01", "stricter"),
        ("", " from 2019-04-01", "laxer"),
        (" until 2026-12-31", " until 2026-10-31", "laxer"),
        (" from 2026-01-01 until 2026-06-30", " from 2026-02-01 until 2026-07-31", "incomparable"),
    ],
)
def test_a_duty_binds_while_the_version_is_in_force(old: str, new: str, expected: str) -> None:
    c = found(old, new)
    turned = {"laxer": "stricter", "stricter": "laxer", "incomparable": "incomparable"}[expected]
    assert ways(c) == {"provider": expected, "customer": turned}
    (answer,) = c.clauses
    assert answer.read.not_proved == ()
    assert answer.read.scope == frozenset()
    for e in answer.read.examples:
        assert "of the contract was not in force" in e.old.because + e.new.because


def test_the_history_lies_before_the_day() -> None:
    (answer,) = found("", " from 2026-05-01").clauses
    (example,) = answer.read.examples
    (opening, *_) = example.ticket["events"]
    assert opening["at"] < "2026-05-01T00:00:00"
    assert example.new.verdict == "not_applicable"


def test_the_part_is_told_in_words() -> None:
    (answer,) = found("", " from 2026-05-01").clauses
    (part,) = answer.parts
    assert (part.part, part.old, part.new) == (
        "version",
        ("in force at any time",),
        ("version one in force from 2026-05-01",),
    )


def test_a_zone_is_told_in_words() -> None:
    # Where the version's dates are days.
    dates = (" from 2026-05-01",) * 2
    (answer,) = found(*dates, zones=("zone time_zone", 'zone "Europe/Warsaw"')).clauses
    (part,) = answer.parts
    assert (part.part, part.old, part.new) == ("contract", ("zone time_zone",), ('zone "Europe/Warsaw"',))


def test_the_same_dates_under_another_name_change_nothing() -> None:
    assert found("", "").answer == "equivalent"


def test_a_release_that_begins_later_frees_less() -> None:
    assert ways(found("", " from 2026-05-01", RELEASE)) == {"provider": "stricter", "customer": "laxer"}


def test_what_stands_for_others_begins_with_them() -> None:
    c = found("", " from 2026-05-01", RESPONSE.format(who="the provider"), STANDS)
    assert {a.clause: a.read.answer for a in c.clauses} == {
        "sample.response": "different",
        "sample.all": "different",
    }


def test_every_clause_of_a_contract_is_decided() -> None:
    """Each party's duties end before that day: whoever is bound by some is better off, and whoever has the benefit worse."""
    both = RESPONSE.format(who="the provider") + RESPONSE.format(who="the customer").replace(
        "sample.response", "sample.other"
    )
    c = found("", " from 2026-05-01", both)
    assert ways(c) == {"provider": "incomparable", "customer": "incomparable"}
    assert {a.clause: {p: w.answer for p, w in a.read.views} for a in c.clauses} == {
        "sample.response": {"provider": "laxer", "customer": "stricter"},
        "sample.other": {"provider": "stricter", "customer": "laxer"},
    }
