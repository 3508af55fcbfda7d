"""Limits in days, weeks and months (Polish Civil Code, art. 111, 112 and 115), and in working days."""

from __future__ import annotations

import pytest

from tests.checker.interpret.tiny import found, verdict


def limit(length: str) -> str:
    """A clause that gives so long from the opening; what qualifies the length stands after a comma."""
    amount, comma, qualifiers = length.partition(",")
    return f"""
calendar working-days
  monday to friday save public holidays

clause c
  concerns each opened as opening
  the provider shall have fixed
    within {amount} of opening{comma}{qualifiers}
"""


def due(length: str, opened: str) -> str | None:
    return found(limit(length), f"{opened} opened", as_of="2026-12-31 12:00").due


@pytest.mark.parametrize(
    ("length", "opened", "expected"),
    [
        # Art. 111: the day of the event is not counted, and the term ends with the end of its last day.
        ("1 day", "2025-03-10 00:00", "2025-03-11 23:59:59"),
        ("1 day", "2025-03-10 23:59:59", "2025-03-11 23:59:59"),
        ("14 days", "2025-03-10 09:00", "2025-03-24 23:59:59"),
        # Art. 112: on the day of the same name, or of the same date, or the last of the month.
        ("2 weeks", "2025-03-12 09:00", "2025-03-26 23:59:59"),
        ("1 month", "2025-01-31 09:00", "2025-02-28 23:59:59"),
        ("1 month", "2024-01-31 09:00", "2024-02-29 23:59:59"),
        ("1 month", "2025-03-31 09:00", "2025-04-30 23:59:59"),
        ("3 months", "2025-03-10 09:00", "2025-06-10 23:59:59"),
        ("1 quarter", "2025-03-10 09:00", "2025-06-10 23:59:59"),
        ("1 year", "2024-02-29 09:00", "2025-02-28 23:59:59"),
        # Art. 115: not on a Saturday or a free day, but on the next day that is neither.
        ("5 days", "2025-03-10 09:00", "2025-03-17 23:59:59"),
        ("6 days", "2025-03-10 09:00", "2025-03-17 23:59:59"),
        ("1 day", "2025-11-10 09:00", "2025-11-12 23:59:59"),
        # 24 December is free from 2025; then come two holidays, a Saturday and a Sunday.
        ("1 day", "2024-12-23 09:00", "2024-12-24 23:59:59"),
        ("1 day", "2025-12-23 09:00", "2025-12-29 23:59:59"),
        ("1 month", "2025-04-03 09:00", "2025-05-05 23:59:59"),
    ],
)
def test_legal_terms(length: str, opened: str, expected: str) -> None:
    assert due(length, opened) == expected


@pytest.mark.parametrize(
    ("length", "opened", "expected"),
    [
        ("5 days, not moved off free days", "2025-03-10 09:00", "2025-03-15 23:59:59"),
        ("5 days, first day counted", "2025-03-10 09:00", "2025-03-14 23:59:59"),
        ("1 month, first day counted", "2025-03-11 09:00", "2025-04-10 23:59:59"),
        ("1 day, ending at 17:30", "2025-03-10 09:00", "2025-03-11 17:30:00"),
        (
            "5 days, ending at 12:00, first day counted, not moved off free days",
            "2025-03-11 09:00",
            "2025-03-15 12:00:00",
        ),
    ],
)
def test_a_clause_can_say_otherwise(length: str, opened: str, expected: str) -> None:
    assert due(length, opened) == expected


@pytest.mark.parametrize(
    ("length", "opened", "expected"),
    [
        ("1 working day, counted in working-days", "2025-03-14 09:00", "2025-03-17 23:59:59"),
        ("3 working days, counted in working-days", "2025-03-15 09:00", "2025-03-19 23:59:59"),
        ("1 working day, counted in working-days", "2024-12-23 09:00", "2024-12-24 23:59:59"),
        ("1 working day, counted in working-days", "2025-12-23 09:00", "2025-12-29 23:59:59"),
        ("2 working days, counted in working-days", "2025-04-30 09:00", "2025-05-05 23:59:59"),
        (
            "1 working day, counted in working-days, ending at 17:00",
            "2025-03-14 18:00",
            "2025-03-17 17:00:00",
        ),
        (
            "2 working days, counted in working-days, first day counted",
            "2025-03-14 09:00",
            "2025-03-17 23:59:59",
        ),
        (
            "1 working day, counted in working-days, first day counted",
            "2025-03-15 09:00",
            "2025-03-17 23:59:59",
        ),
    ],
)
def test_working_days(length: str, opened: str, expected: str) -> None:
    assert due(length, opened) == expected


@pytest.mark.parametrize(
    ("length", "opened", "expected"),
    [
        ("1 calendar month", "2025-01-31 09:15", "2025-02-28 09:15:00"),
        ("2 calendar weeks", "2025-03-22 10:00", "2025-04-05 10:00:00"),
        ("1 calendar day", "2025-03-14 10:00", "2025-03-15 10:00:00"),
        # A local time that the clock change skips is read with the offset from before it.
        ("1 calendar day", "2025-03-29 02:30", "2025-03-30 03:30:00"),
    ],
)
def test_bare_date_arithmetic_keeps_the_local_time(length: str, opened: str, expected: str) -> None:
    assert due(length, opened) == expected


def test_a_term_is_kept_on_its_last_second() -> None:
    contract = limit("14 days")
    assert verdict(contract, "2025-03-10 09:00 opened\n2025-03-24 23:59:59 fixed") == "met"
    assert verdict(contract, "2025-03-10 09:00 opened\n2025-03-25 00:00 fixed") == "breached"
    f = found(contract, "2025-03-10 09:00 opened\n2025-03-24 23:59:58 fixed")
    assert f.margin == 1


def test_a_free_day_of_another_country() -> None:
    # 1 May is free in Poland and in Germany, 3 May in Poland only; in 2024 that was a Friday.
    contract = limit("1 day")
    assert found(contract, "2024-05-02 09:00 opened").due == "2024-05-06 23:59:59"
    assert found(contract, "2024-05-02 09:00 opened", facts={"country": "DE"}).due == "2024-05-03 23:59:59"


def test_dated_exceptions_of_the_agreement() -> None:
    contract = limit("1 working day, counted in working-days")
    opened = "2025-11-10 09:00 opened"
    assert found(contract, opened).due == "2025-11-12 23:59:59"
    assert found(contract, opened, facts={"open_dates": ["2025-11-11"]}).due == "2025-11-11 23:59:59"
    assert found(contract, opened, facts={"closed_dates": ["2025-11-12"]}).due == "2025-11-13 23:59:59"
