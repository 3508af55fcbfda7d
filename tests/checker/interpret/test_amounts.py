"""Amounts: counts, totals, shares, the higher and the lower, figures kept elsewhere; money is never converted."""

from __future__ import annotations

from fractions import Fraction

import pytest

from checker.interpret import amounts
from dsl.diagnostics import ContractError
from tests.checker.interpret.tiny import found, verdict


def ensures(condition: str, *definitions: str) -> str:
    """At every charge the provider ensures a condition on amounts."""
    return "\n".join(
        [
            *definitions,
            "clause c",
            "  concerns each charged as charge",
            f"  the provider shall ensure that {condition}",
        ]
    )


def charge(amount: int, currency: str = "EUR") -> str:
    return f"2025-03-10 09:00 charged amount={amount} currency={currency}"


# --------------------------------------------------------------------------- money
def test_money_against_a_constant() -> None:
    contract = ensures("the total of amount of charged no later than charge is at most 100 EUR")
    assert verdict(contract, charge(100)) == "met"
    assert verdict(contract, charge(101)) == "breached"


def test_unlike_currencies_are_never_converted() -> None:
    contract = ensures("the total of amount of charged no later than charge is at most 100 EUR")
    f = found(contract, charge(1, "PLN"))
    assert f.verdict == "undetermined"
    assert "a rate from PLN to EUR" in f.because


def test_a_total_of_unlike_currencies_is_unknown() -> None:
    contract = ensures("the total of amount of paid before charge is at least 10 EUR")
    mixed = "2025-03-01 09:00 paid amount=50 currency=EUR\n2025-03-02 09:00 paid amount=50 currency=USD\n"
    assert verdict(contract, mixed + charge(1)) == "undetermined"


def test_a_share_of_a_fee() -> None:
    contract = ensures(
        "the total of amount of charged no later than charge is at most 20 percent of amount of fee"
    )
    fee = {"fee": {"amount": 400, "currency": "EUR"}}
    assert verdict(contract, charge(80), fee) == "met"
    assert verdict(contract, charge(81), fee) == "breached"
    assert verdict(contract, charge(80), {"fee": {"amount": "399.99", "currency": "EUR"}}) == "breached"
    assert verdict(contract, charge(1)) == "undetermined"
    assert verdict(contract, charge(1), {"fee": {"amount": None, "currency": "EUR"}}) == "undetermined"


def test_the_lower_and_the_higher_of_two() -> None:
    lower = ensures(
        "the total of amount of charged no later than charge is at most the lower of amount of fee and amount of cap"
    )
    higher = lower.replace("the lower of", "the higher of")
    facts = {"fee": {"amount": 50, "currency": "EUR"}, "cap": {"amount": 70, "currency": "EUR"}}
    assert [verdict(lower, charge(n), facts) for n in (50, 51)] == ["met", "breached"]
    assert [verdict(higher, charge(n), facts) for n in (70, 71)] == ["met", "breached"]


def test_the_lower_of_unlike_currencies_can_still_decide() -> None:
    """No rate makes the lower of two more than either; and none makes the higher less."""
    lower = ensures(
        "the total of amount of charged no later than charge is at most the lower of amount of fee and amount of cap"
    )
    higher = lower.replace("the lower of", "the higher of")
    facts = {"fee": {"amount": 50, "currency": "EUR"}, "cap": {"amount": 70, "currency": "USD"}}
    assert verdict(lower, charge(51), facts) == "breached"
    assert verdict(lower, charge(50), facts) == "undetermined"
    assert verdict(higher, charge(50), facts) == "met"
    assert verdict(higher, charge(51), facts) == "undetermined"


def test_cents_are_exact() -> None:
    contract = ensures("amount of fee is at most amount of cap")
    facts = {"fee": {"amount": "0.30", "currency": "EUR"}, "cap": {"amount": "0.3", "currency": "EUR"}}
    assert verdict(contract, charge(1), facts) == "met"
    assert verdict(contract, charge(1), facts | {"fee": {"amount": "0.31", "currency": "EUR"}}) == "breached"


def test_a_missing_amount_leaves_the_total_open_upwards() -> None:
    at_most = ensures("the total of amount of paid before charge is at most 10 EUR")
    at_least = ensures("the total of amount of paid before charge is at least 10 EUR")
    history = "2025-03-01 09:00 paid amount=10 currency=EUR\n2025-03-02 09:00 paid currency=EUR\n" + charge(1)
    assert verdict(at_least, history) == "met"
    assert verdict(at_most, history) == "undetermined"


# --------------------------------------------------------------------------- counts and figures
@pytest.mark.parametrize(
    ("relation", "expected"),
    [
        ("at most 2", "met"),
        ("at most 1", "breached"),
        ("at least 2", "met"),
        ("at least 3", "breached"),
        ("more than 1", "met"),
        ("more than 2", "breached"),
        ("less than 3", "met"),
        ("less than 2", "breached"),
    ],
)
def test_relations(relation: str, expected: str) -> None:
    contract = ensures(f"the number of visit before charge is {relation}")
    history = "2025-03-01 09:00 visit\n2025-03-02 09:00 visit\n" + charge(1)
    assert verdict(contract, history) == expected


def test_a_figure_of_the_contract() -> None:
    contract = ensures(
        "the number of visit before charge is at most most-visits", "figure most-visits\n  means 1"
    )
    assert verdict(contract, "2025-03-01 09:00 visit\n" + charge(1)) == "met"
    assert verdict(contract, "2025-03-01 09:00 visit\n2025-03-02 09:00 visit\n" + charge(1)) == "breached"


def test_a_figure_that_the_text_leaves_out() -> None:
    contract = ensures(
        "the number of visit before charge is at most most-visits",
        "figure most-visits\n  means not on record",
    )
    f = found(contract, "2025-03-01 09:00 visit\n" + charge(1))
    assert f.verdict == "undetermined"
    assert "the figure most-visits" in f.because


def test_a_figure_of_the_agreement() -> None:
    contract = ensures("the number of visit before charge is at most visits_allowed")
    history = "2025-03-01 09:00 visit\n" + charge(1)
    assert verdict(contract, history, {"visits_allowed": 1}) == "met"
    assert verdict(contract, history, {"visits_allowed": 0}) == "breached"
    assert verdict(contract, history, {"visits_allowed": None}) == "undetermined"
    assert verdict(contract, history) == "undetermined"


TABLE = """
attribute severity

figure response-time
  means hours of response_times by severity

clause c
  concerns each opened as opening
  the provider shall have answered
    within response-time of opening
"""


def test_a_limit_from_a_table_of_the_agreement() -> None:
    table = {"response_times": {"A": {"hours": 1}, "B": {"hours": 4}}}
    assert found(TABLE, "2025-03-10 09:00 opened severity=A", facts=table).due == "2025-03-10 10:00:00"
    assert found(TABLE, "2025-03-10 09:00 opened severity=B", facts=table).due == "2025-03-10 13:00:00"
    assert verdict(TABLE, "2025-03-10 09:00 opened severity=C", table) == "undetermined"
    assert verdict(TABLE, "2025-03-10 09:00 opened severity=A") == "undetermined"


def test_how_long_a_state_lasted_in_seconds() -> None:
    contract = ensures(
        "the time in outage before charge is at most 7200",
        "state outage\n  from outage_began until outage_ended",
    )
    lasting = "2025-03-09 09:00 outage_began\n2025-03-09 11:00:0{} outage_ended\n"
    assert verdict(contract, lasting.format(0) + charge(1)) == "met"
    assert verdict(contract, lasting.format(1) + charge(1)) == "breached"
    # It counts up to the moment named, not beyond.
    assert verdict(contract, "2025-03-10 07:00 outage_began\n" + charge(1)) == "met"
    assert verdict(contract, "2025-03-10 06:59:59 outage_began\n" + charge(1)) == "breached"


def test_a_length_of_time_against_a_figure_of_hours() -> None:
    contract = """
    state outage
      from outage_began until outage_ended

    figure longest
      means 2 hours

    clause c
      concerns each charged as charge
      the provider shall ensure that the time in outage before charge is at most longest
    """
    history = "2025-03-09 09:00 outage_began\n2025-03-09 11:00 outage_ended\n2025-03-10 09:00 charged"
    assert verdict(contract, history) == "met"


# --------------------------------------------------------------------------- sums, differences, rounding, entries in force
def test_a_sum_and_a_difference() -> None:
    contract = ensures(
        "visits_allowed less (the total of amount of charged no later than charge) is at least 10"
    )
    assert verdict(contract, charge(90), {"visits_allowed": 100}) == "met"
    assert verdict(contract, charge(91), {"visits_allowed": 100}) == "breached"
    contract = ensures("amount of charge plus 5 is at most visits_allowed")
    assert verdict(contract, charge(95), {"visits_allowed": 100}) == "met"
    assert verdict(contract, charge(96), {"visits_allowed": 100}) == "breached"


def test_what_is_not_on_record_leaves_a_difference_open() -> None:
    contract = ensures("visits_allowed less amount of charge is at least 10")
    assert verdict(contract, charge(90)) == "undetermined"


def test_unlike_currencies_have_no_sum() -> None:
    contract = ensures("(the total of amount of charged no later than charge) plus 5 EUR is at most 100 EUR")
    f = found(contract, charge(1, "PLN"))
    assert (f.verdict, "a rate from PLN to EUR" in f.because) == ("undetermined", True)


def test_what_is_unlike_by_its_words_is_an_error() -> None:
    for condition in (
        "5 EUR plus 5 PLN is at most 100 EUR",
        "the number of charged is exactly 4 USD",
        "the number of values in products is at most 3 PLN",
    ):
        with pytest.raises(ContractError, match="E305"):
            found(ensures(condition), charge(1))


def test_amounts_are_rounded_up_each_or_together() -> None:
    each = ensures("the total of amount each rounded up of charged no later than charge is at most 4")
    whole = ensures("(the total of amount of charged no later than charge) rounded up is at most 3")
    history = "2025-03-10 09:00 charged amount=1.2\n2025-03-10 09:00 charged amount=1.3"
    # 1.2 and 1.3 are 2 and 2 each, 2.5 and so 3 together.
    assert verdict(each, history) == "met"
    assert verdict(each.replace("at most 4", "at most 3"), history) == "breached"
    assert verdict(whole, history) == "met"
    assert verdict(whole.replace("at most 3", "at most 2"), history) == "breached"


def test_entries_in_force_are_counted() -> None:
    contract = ensures(
        "the number of gold in force is at least 2",
        "fact gold",
        "  means an entry of plans",
        "  where name is gold",
    )
    one = {"name": "gold", "from": "2025-01-01", "to": "2025-12-31"}
    past = {"name": "gold", "from": "2024-01-01", "to": "2024-12-31"}
    other = {"name": "silver", "from": "2025-01-01", "to": "2025-12-31"}
    assert verdict(contract, charge(1), {"plans": [one, one]}) == "met"
    assert verdict(contract, charge(1), {"plans": [one, past, other]}) == "breached"
    assert verdict(contract, charge(1)) == "undetermined"


def test_the_values_of_a_list_are_counted_once_each() -> None:
    contract = ensures("the number of values in products is exactly 2")
    assert verdict(contract, charge(1), {"products": ["a", "b", "a"]}) == "met"
    assert verdict(contract, charge(1), {"products": ["a"]}) == "breached"
    assert verdict(contract, charge(1), {"products": []}) == "breached"
    assert verdict(contract, charge(1)) == "undetermined"


def test_exactly_is_neither_more_nor_less() -> None:
    contract = ensures("amount of charge is exactly 5 EUR")
    assert [verdict(contract, charge(n)) for n in (4, 5, 6)] == ["breached", "met", "breached"]


@pytest.mark.parametrize("text", ["1e3000000", "1E-99999999", "9" * 401, "1/0", "nan", "inf", "a lot"])
def test_what_is_no_amount_is_none(text: str) -> None:
    assert amounts._exact(text) is None


@pytest.mark.parametrize(
    ("text", "number"), [("12", 12), ("0.10", Fraction(1, 10)), ("1e-3", Fraction(1, 1000))]
)
def test_amounts_are_exact_as_they_are_written(text: str, number: Fraction | int) -> None:
    assert amounts._exact(text) == number
