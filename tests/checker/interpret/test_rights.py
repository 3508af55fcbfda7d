"""Rights, discretion and quotas: used within their bounds, beyond them, or not at all; by the provider or by the customer."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import found, verdict


def right(party: str, condition: str, *definitions: str, concerns: str = "each visit as act") -> str:
    """A right of a party to a visit, only where a condition holds."""
    return "\n".join(
        [
            *definitions,
            "clause c",
            f"  concerns {concerns}",
            f"  the {party} may have visit",
            f"    only where {condition}",
        ]
    )


# --------------------------------------------------------------------------- only where
@pytest.mark.parametrize(
    ("party", "beyond"),
    [("provider", "breached"), ("customer", "not_entitled")],
    ids=["provider", "customer"],
)
def test_beyond_a_right(party: str, beyond: str) -> None:
    """Who goes beyond its own right: the provider withholds what the customer has, the customer has no claim."""
    contract = right(party, "site of act is home")
    assert verdict(contract, "2025-03-10 09:00 visit site=home") == "met"
    assert verdict(contract, "2025-03-10 09:00 visit site=away") == beyond
    assert verdict(contract, "2025-03-10 09:00 visit") == "undetermined"
    assert verdict(contract, "") == "not_applicable"


@pytest.mark.parametrize(
    ("modal", "strength"),
    [("may", "may"), ("may at its discretion", "discretion")],
    ids=["may", "discretion"],
)
def test_a_right_that_nobody_used_is_never_breached(modal: str, strength: str) -> None:
    contract = f"""
    clause c
      concerns each opened as opening
      the provider {modal} have closed
        only where documented has occurred before closed
    """
    opened = "2025-03-10 09:00 opened\n"
    f = found(contract, opened)
    assert (f.verdict, f.because) == ("not_applicable", "the right was not used")
    assert f.explanation["strength"] == strength
    assert verdict(contract, opened + "2025-03-10 10:00 documented\n2025-03-10 11:00 closed") == "met"
    assert verdict(contract, opened + "2025-03-10 11:00 closed\n2025-03-10 12:00 documented") == "breached"


def test_bounds_in_time_of_a_right() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider may have closed
        no sooner than (24 elapsed hours after opening)
    """
    opened = "2025-03-10 09:00 opened\n"
    assert verdict(contract, opened + "2025-03-11 09:00 closed") == "met"
    assert verdict(contract, opened + "2025-03-11 08:59:59 closed") == "breached"
    # Every use is looked at.
    assert verdict(contract, opened + "2025-03-12 09:00 closed\n2025-03-10 10:00 closed") == "breached"


def test_a_refused_right_is_breached() -> None:
    """Refusing a right the customer has: a duty of the provider, owed until it is refused."""
    contract = """
    clause c
      concerns each opened as opening
      where channel of opening is phone
      the provider shall have answered
        without a stated limit
        refused by refused
    """
    opened = "2025-03-10 09:00 opened channel=phone\n"
    assert verdict(contract, opened + "2025-03-10 09:05 refused") == "breached"
    assert verdict(contract, opened) == "pending"
    assert (
        verdict(contract, "2025-03-10 09:00 opened channel=email\n2025-03-10 09:05 refused")
        == "not_applicable"
    )


def test_a_duty_of_the_customer_is_judged_on_the_customer() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the customer shall ensure that channel of opening is phone
    """
    assert verdict(contract, "2025-03-10 09:00 opened channel=phone") == "met"
    assert verdict(contract, "2025-03-10 09:00 opened channel=email") == "breached"
    # The same fact as a condition of a provider's clause is a matter of entitlement.
    provider = """
    clause c
      concerns each opened as opening
      provided that channel of opening is phone
      the provider shall have answered
        within 1 elapsed hour of opening
    """
    assert verdict(provider, "2025-03-10 09:00 opened channel=email") == "not_entitled"


# --------------------------------------------------------------------------- quotas
YEAR = """
period year-of-support
  means each 12 months from support_year
"""
IN_YEAR = right("customer", "the number of visit no later than act in year-of-support is at most 2", YEAR)
FROM_APRIL = {"support_year": "2024-04-15"}


def visits(*days: str) -> str:
    return "\n".join(f"{day} visit" for day in days)


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        (["2025-01-10 09:00", "2025-01-11 09:00"], ["met", "met"]),
        (["2025-01-10 09:00", "2025-01-11 09:00", "2025-01-12 09:00"], ["met", "met", "not_entitled"]),
        # The year of support ends on 14 April with its last second.
        (["2025-01-10 09:00", "2025-01-11 09:00", "2025-04-14 23:59:59"], ["met", "met", "not_entitled"]),
        (["2025-01-10 09:00", "2025-01-11 09:00", "2025-04-15 00:00"], ["met", "met", "met"]),
    ],
)
def test_a_quota_in_each_year_of_support(days: list[str], expected: list[str]) -> None:
    assert found(IN_YEAR, visits(*days), facts=FROM_APRIL).each == expected


def test_a_quota_without_its_anchor_is_undetermined_where_it_could_be_used_up() -> None:
    # However the years lie, two are no more than two.
    assert verdict(IN_YEAR, visits("2025-01-10 09:00", "2025-01-11 09:00")) == "met"
    assert (
        verdict(IN_YEAR, visits("2025-01-10 09:00", "2025-01-11 09:00", "2025-09-01 09:00")) == "undetermined"
    )


@pytest.mark.parametrize(
    ("period", "inside", "outside"),
    [
        ("means each month", "2025-03-31 23:59:59", "2025-04-01 00:00"),
        ("means each week", "2025-03-16 23:59:59", "2025-03-17 00:00"),
        ("means each quarter", "2025-03-31 23:59:59", "2025-04-01 00:00"),
        ("means each year", "2025-12-31 11:59:59", "2026-01-01 00:00"),
    ],
)
def test_a_quota_in_a_calendar_period(period: str, inside: str, outside: str) -> None:
    contract = right(
        "customer",
        "the number of visit no later than act in span is at most 1",
        f"period span\n  {period}",
    )
    assert found(contract, visits("2025-03-11 09:00", inside), as_of="2026-02-01 12:00").each == [
        "met",
        "not_entitled",
    ]
    assert found(contract, visits("2025-03-11 09:00", outside), as_of="2026-02-01 12:00").each == [
        "met",
        "met",
    ]


def test_a_rolling_quota() -> None:
    """Two in twelve months up to each: what happened exactly twelve months earlier is outside."""
    contract = right(
        "customer",
        "the number of visit no later than act in last-year is at most 2",
        "period last-year\n  means the 12 months up to it",
    )
    first_two = ("2024-03-10 09:00", "2024-09-10 09:00")
    assert found(contract, visits(*first_two, "2025-03-10 08:59:59")).each == ["met", "met", "not_entitled"]
    assert found(contract, visits(*first_two, "2025-03-10 09:00")).each == ["met", "met", "met"]


def test_a_quota_in_each_entry_of_a_fact() -> None:
    contract = right(
        "customer",
        "the number of visit no later than act in term is at most 1",
        "period term\n  means each entry of terms",
    )
    terms = {
        "terms": [{"from": "2024-01-01", "to": "2024-12-31"}, {"from": "2025-01-01", "to": "2025-12-31"}]
    }
    assert found(contract, visits("2024-12-31 23:59:59", "2025-01-01 00:00"), facts=terms).each == [
        "met",
        "met",
    ]
    assert found(contract, visits("2025-01-01 00:00", "2025-12-31 11:00"), facts=terms).each == [
        "met",
        "not_entitled",
    ]


def test_a_quota_for_the_same_attribute() -> None:
    contract = right("customer", "the number of visit no later than act with the same site is at most 1")
    history = "2025-03-10 09:00 visit site=A\n2025-03-11 09:00 visit site=B\n2025-03-12 09:00 visit site=A"
    assert found(contract, history).each == ["met", "met", "not_entitled"]
    unknown = "2025-03-10 09:00 visit\n2025-03-11 09:00 visit site=B"
    assert found(contract, unknown).each == ["met", "undetermined"]


def test_a_quota_across_tickets() -> None:
    own = """
    clause c
      concerns each opened as opening
      the customer may have opened
        only where the number of opened no later than opening is at most 1
    """
    everywhere = own.replace("than opening is", "than opening across tickets is")
    history = "2025-03-10 09:00 opened ticket=A\n2025-03-11 09:00 opened ticket=B"
    assert verdict(own, history) == "met"
    assert verdict(everywhere, history) == "not_entitled"
    assert verdict(everywhere, "2025-03-10 09:00 opened ticket=A") == "met"


def test_how_many_at_once() -> None:
    contract = """
    state visit-under-way
      from paused until resumed
      for each part

    clause c
      concerns each paused as start
      the customer may have paused
        only where the number of visit-under-way under way at start is at most 2
    """
    history = """
    2025-03-10 09:00 paused part=A
    2025-03-10 10:00 paused part=B
    2025-03-10 11:00 paused part=C
    2025-03-10 11:00 resumed part=A
    2025-03-10 12:00 paused part=D
    """
    # At 11:00 C begins in the second in which A ends: an end is not under way any more.
    assert found(contract, history).each == ["met", "met", "met", "not_entitled"]


def test_at_least_so_many() -> None:
    contract = """
    period span
      means each month named in months

    clause c
      concerns each span
      the provider shall ensure that
        the number of review_held in span is at least 2
    """
    held = "2025-03-10 09:00 review_held\n2025-03-20 09:00 review_held"
    facts = {"months": ["2025-03"]}
    assert verdict(contract, held, facts) == "met"
    assert verdict(contract, held.splitlines()[0], facts) == "breached"
    gap = {"gaps": [{"from": "2025-03-12T09:00:00+01:00", "to": "2025-03-12T10:00:00+01:00"}]}
    assert verdict(contract, held.splitlines()[0], facts | gap) == "undetermined"
    assert verdict(contract, held, facts | gap) == "met"


def test_a_quota_within_days_of_an_event() -> None:
    contract = right("customer", "the number of visit within 3 elapsed days of notice_given is at most 1")
    notice = "2025-03-10 09:00 notice_given\n"
    assert verdict(contract, notice + visits("2025-03-10 09:00", "2025-03-13 09:00:01")) == "met"
    assert verdict(contract, notice + visits("2025-03-10 09:00", "2025-03-13 09:00")) == "not_entitled"
    assert (
        verdict(contract, visits("2025-03-10 08:59:59") + "\n" + notice + visits("2025-03-13 09:00")) == "met"
    )


def test_at_least_so_many_in_a_period_that_runs() -> None:
    """What is still to come may make up the number."""
    contract = """
    period span
      means each month named in months

    clause c
      concerns each span
      the provider shall ensure that
        the number of review_held in span is at least 2
    """
    facts = {"months": ["2025-03"]}
    assert verdict(contract, "2025-03-10 09:00 review_held", facts, as_of="2025-04-01 00:00") == "breached"
    assert verdict(contract, "2025-03-10 09:00 review_held", facts, as_of="2025-03-15 12:00") == "pending"


def test_the_margin_of_a_right_with_an_earliest_instant() -> None:
    contract = """
    clause c
      concerns each opened as opening
      the provider may have closed
        no sooner than (24 elapsed hours after opening)
    """
    f = found(contract, "2025-03-10 09:00 opened\n2025-03-12 09:00 closed")
    assert f.verdict == "met"
    assert f.margin is None or f.margin >= 0


def test_a_quota_in_each_year_from_the_start_of_a_plan() -> None:
    contract = right(
        "customer",
        "the number of visit no later than act in plan-year is at most 1",
        "fact plan\n  means an entry of plans\n",
        "period plan-year\n  means each 12 months from the start of plan\n",
    )
    plans = {"plans": [{"from": "2024-03-01", "to": "2026-12-31"}]}
    assert found(contract, visits("2025-02-28 23:59:59", "2025-03-01 00:00"), facts=plans).each == [
        "met",
        "met",
    ]
    assert found(contract, visits("2025-03-01 00:00", "2025-03-01 10:00"), facts=plans).each == [
        "met",
        "not_entitled",
    ]


def test_a_quota_by_a_date_that_the_act_carries() -> None:
    """Notices count in the month they are for, not in the one they are given in."""
    contract = """
    period month-named
      means each month named in months

    clause c
      concerns each notice_given as notice
      the customer may have notice_given
        only where the number of notice_given no later than notice in the same month-named by of is at most 1
    """
    history = """
    2025-01-10 09:00 notice_given of=2025-03-01
    2025-01-11 09:00 notice_given of=2025-03-31
    2025-01-12 09:00 notice_given of=2025-04-01
    """
    assert found(contract, history, facts={"months": ["2025-03", "2025-04"]}).each == [
        "met",
        "not_entitled",
        "met",
    ]
