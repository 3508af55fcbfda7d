"""Public holidays of a region: Corpus Christi is free in Bavaria and not in Berlin, Assumption only in parts of Bavaria."""

from __future__ import annotations

import pytest

from checker.recheck import recheck
from tests.checker.interpret.tiny import found

CONTRACT = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays

clause c
  concerns each opened as opening
  the provider shall have answered
    within 2 hours of opening, counted in office

clause term
  concerns each opened as opening
  the provider shall have answered
    within 1 day of opening
"""
# Wednesday, 18 June 2025, an hour before closing; Thursday is Corpus Christi.
OPENED = "2025-06-18 16:00 opened"


@pytest.mark.parametrize(
    ("place", "due", "last_day"),
    [
        ("DE", "2025-06-19 10:00:00", "2025-06-19 23:59:59"),
        ("DE-BE", "2025-06-19 10:00:00", "2025-06-19 23:59:59"),
        ("DE-BY", "2025-06-20 10:00:00", "2025-06-20 23:59:59"),
    ],
)
def test_holidays_of_a_region(place: str, due: str, last_day: str) -> None:
    told = found(CONTRACT, OPENED, facts={"country": place})
    assert told.due == due
    assert found(CONTRACT, OPENED, facts={"country": place}, clause="term").due == last_day
    calendar = told.explanation["occasions"][0]["sentences"][0]["clock"]["calendar"]
    assert calendar["country"] == place
    assert recheck(told.explanation) == []


def test_a_region_in_the_contract() -> None:
    contract = CONTRACT.replace("calendar office\n", 'calendar office\n  holidays of "DE-BY"\n')
    assert found(contract, OPENED, facts={"country": "PL"}).due == "2025-06-20 10:00:00"


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        ("zone plan", "the fact plan"),
        ("holidays of plan", "the fact plan"),
        ("zone from of hours", "the fact from of hours"),
        ("", "the fact country"),
    ],
)
def test_the_fact_that_a_calendar_asks_for_is_named(line: str, missing: str) -> None:
    contract = CONTRACT.replace(
        "calendar office\n", f"calendar office\n  {line}\n" if line else "calendar office\n"
    )
    facts = {"country": None} if not line else {}
    told = found(contract, f"{OPENED}\n2025-06-19 12:00 answered", facts=facts)
    assert (told.verdict, told.because) == ("undetermined", f"missing: {missing}")
