"""Whatever an agreement or an event holds, there is a verdict: odd values are unknown, never an error."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checker.audit.cases import cases_of
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.recheck import recheck
from checker.record.flaws import Flaw
from checker.record.values import instant
from tests.checker.interpret.tiny import book, events, found, iso, vocabulary

CONTRACT = """
attribute severity
  ranks A, B

calendar office
  monday to friday 09:00 to 17:00 save public holidays
  hours from hours

fact plan-in-force
  means an entry of plans
  where name is gold

period year-of-support
  means each 12 months from support_year

period term
  means each entry of terms

period month-named
  means each month named in months

figure time-given
  means hours of response_times by severity

list covered
  kept in products

moment began
  means start

state outage
  from outage_began until outage_ended

state part-pause
  from paused until resumed
  for each part

event good-answer
  means answered
  where automated is no
  where by is in covered

course answering
  follows severity through at-a, at-b
  on a rise the limit runs anew from the change

clause at-a
  concerns each stretch of severity A
  follows answering
  the provider shall have answered
    within 1 elapsed hour of opened

clause at-b
  concerns each stretch of severity B
  follows answering
  the provider shall have answered
    within 4 hours of opened, counted in office

clause in-each-entry
  concerns each plan-in-force
  the provider shall have review_held
    no later than the end of it

clause in-each-month
  concerns each month-named
  the provider shall ensure that the number of review_held in month-named is at least 1

clause in-each-term
  concerns each term
  the provider shall ensure that the number of review_held in term is at most 1

clause in-office-hours
  concerns each opened as opening
  where product of opening is in covered
  provided that plan-in-force is in force
  the provider shall have answered
    within 2 hours of opening, counted in office

clause by-table
  concerns each opened as opening
  the provider shall have answered
    within time-given of opening

clause visits-in-year
  concerns each visit as act
  the customer may have visit
    only where the number of visit in year-of-support is at most visits_allowed

clause visits-of-site
  concerns each visit as act
  the customer may have visit
    only where the number of visit no later than act with the same site is at most 1

clause charged-at-most
  concerns each charged as act
  the provider shall ensure that the total of amount of charged no later than act is at most the lower of amount of fee and 50 EUR

clause since-a-date
  concerns each opened as opening
  the provider shall have answered
    no later than (5 days after began)

clause paid-up
  concerns each opened as opening
  provided that fees_paid is yes
  provided that plan is one of gold, silver
  the provider shall have answered
    within 3 working days of opening, counted in office

clause until-the-date-noticed
  concerns each notice_given as notice
  the provider shall have good-answer
    no later than of of notice

clause share
  concerns each outage
  the provider shall keep free of outage
    for at least 99 percent of month-named

clause free-of-pauses
  concerns each opened as opening
  the provider shall keep free of part-pause
    during office
"""
HISTORY = """
2025-03-10 09:00 opened severity=A product=db number=1
2025-03-10 09:30 severity_changed severity=B
2025-03-10 10:00 answered by=db automated=no
2025-03-10 11:00 charged amount=5 currency=EUR
2025-03-10 11:00 visit site=a
2025-03-11 11:00 visit amount=3 site=a
2025-03-10 12:00 outage_began
2025-03-10 12:10 outage_ended
2025-03-11 12:00 review_held
2025-03-11 12:00 notice_given of=2025-03-12
2025-03-11 12:00 paused part=1
2025-03-11 13:00 resumed part=1
"""
FACTS: dict[str, Any] = {
    "time_zone": "Europe/Warsaw",
    "country": "PL",
    "contract": "tiny",
    "fees_paid": True,
    "plan": "gold",
    "plans": [{"name": "gold"}],
    "months": ["2025-03"],
    "terms": [{"from": "2025-01-01", "to": "2025-12-31"}],
    "response_times": {"A": {"hours": 2}},
    "products": ["db"],
    "start": "2025-01-01",
    "support_year": "2024-01-01",
    "visits_allowed": 1,
    "fee": {"amount": 5, "currency": "EUR"},
    "hours": None,
    "open_dates": [],
    "closed_dates": [],
}
ODD: list[Any] = [
    *(None, 7, -1, 0, True, "", "x", "31", "99", 10**30),
    *("2025-13-45", "2025-02-30", "2025-03", "1900-01-01T00:00:00Z", "25:00", "2025-03-10T10:00:00"),
    *([], [[]], [None], [7], ["x"], [{}], {}, {"a": 1}),
    *({"from": None}, {"from": "09:00"}, {"from": "x", "to": "y"}, {"from": "09:00", "to": "09:00"}),
    *([{"name": "gold", "from": "2025-03-10", "to": "2025-03-01"}], [{"name": "gold", "from": 7, "to": []}]),
    *([{"name": ["gold"], "from": "9999-12-31"}], [{"name": "gold", "from": "2025-03-10T09:00:00"}]),
    *(["0000-01"], ["2025-3"], [202503]),
    *({"A": 7}, {"A": {}}, {"A": {"hours": "x"}}, {"A": {"hours": -5}}, {"A": {"hours": 10**30}}),
    *(
        {"amount": "x", "currency": "EUR"},
        {"amount": 10**40, "currency": 7},
        {"amount": "NaN", "currency": "EUR"},
    ),
    *({"amount": "1e5", "currency": "EUR"}, {"amount": "Infinity", "currency": "EUR"}),
]
ODD_ATTRIBUTES: list[Any] = [
    *(None, 7, -1, True, "", "x", "2025-13-45", "2025-03-10T10:00:00", 10**40, "1.5"),
    *("2099-12-31T23:59:59Z", "9999-12-31T23:59:59+00:00"),
]
# What can be told apart by their value alone need not be more than plain values.
NESTED: list[Any] = [[], [None], ["A"], [[]], {}, {"a": 1}]


def judged(
    facts: dict[str, Any], history: list[dict[str, Any]], clauses: list[str], *, rechecked: bool = True
) -> int:
    """Judge and explain some clauses on a history, and re-check what is told; how many were judged.

    An agreement or event that the record does not take is none of the interpreter's business. A ledger over decades is
    right, too, but takes its time to re-check.
    """
    made, now = book(CONTRACT), instant(iso("2025-12-31 12:00"), ())[0]
    told = 0
    for clause in clauses:
        raw = {"clause": clause, "agreement": facts, "events": history}
        try:
            cases = cases_of(raw, made, vocabulary(), {}, now)
        except Flaw:
            continue
        for case in cases:
            explanation = explain(Judge(made, case, now), clause)
            json.dumps(explanation, default=str)
            assert not rechecked or recheck(explanation) == []
            told += 1
    return told


CLAUSES = sorted(book(CONTRACT).clauses)
USING = {
    "hours": ["in-office-hours", "paid-up", "at-b"],
    "plans": ["in-each-entry", "in-office-hours"],
    "support_year": ["visits-in-year"],
    "terms": ["in-each-term"],
    "months": ["in-each-month", "share"],
    "response_times": ["by-table"],
    "products": ["in-office-hours", "until-the-date-noticed"],
    "start": ["since-a-date"],
    "visits_allowed": ["visits-in-year"],
    "fee": ["charged-at-most"],
    "fees_paid": ["paid-up"],
    "plan": ["paid-up"],
    "open_dates": ["in-office-hours"],
    "closed_dates": ["in-office-hours"],
    "time_zone": ["in-office-hours", "since-a-date", "in-each-entry", "share", "visits-in-year", "paid-up"],
    "country": ["in-office-hours", "since-a-date", "paid-up"],
}


def test_the_example_is_judged() -> None:
    assert judged(FACTS, events(HISTORY), CLAUSES) == len(CLAUSES)
    assert USING.keys() | {"contract"} == FACTS.keys()


@pytest.mark.parametrize("fact", USING)
def test_odd_facts(fact: str) -> None:
    assert sum(judged({**FACTS, fact: value}, events(HISTORY), USING[fact]) for value in ODD) > 0


ATTRIBUTES = {
    ("opened", "severity"): ["at-a", "at-b", "by-table"],
    ("opened", "product"): ["in-office-hours"],
    ("severity_changed", "severity"): ["at-a", "at-b", "by-table"],
    ("answered", "automated"): ["until-the-date-noticed"],
    ("answered", "by"): ["until-the-date-noticed"],
    ("answered", "severity"): ["at-b"],
    ("charged", "amount"): ["charged-at-most"],
    ("charged", "currency"): ["charged-at-most"],
    ("visit", "site"): ["visits-of-site"],
    ("notice_given", "of"): ["until-the-date-noticed"],
    ("paused", "part"): ["free-of-pauses"],
    ("resumed", "part"): ["free-of-pauses"],
}


@pytest.mark.parametrize(("event", "attribute"), ATTRIBUTES)
def test_odd_attributes(event: str, attribute: str) -> None:
    told = 0
    for value in ODD_ATTRIBUTES + (NESTED if attribute != "part" else []):
        history = events(HISTORY)
        next(e for e in history if e["event"] == event)[attribute] = value
        told += judged(FACTS, history, ATTRIBUTES[event, attribute])
    assert told > 0


@pytest.mark.parametrize(
    "quality",
    [
        {"time_zone": None, "country": None},
        {"gaps": [{"from": "1970-01-01T00:00:00Z", "to": "2099-12-31T00:00:00Z"}]},
        {"gaps": [{"from": "2025-03-10T08:10:00Z", "to": "2025-03-10T08:20:00Z"}]},
        {"records_missing": ["answers", "pauses", "intake"]},
        {"records_missing": ["visit"]},
    ],
    ids=str,
)
def test_poor_records(quality: dict[str, Any]) -> None:
    assert judged({**FACTS, **quality}, events(HISTORY), CLAUSES) == len(CLAUSES)


@pytest.mark.parametrize("at", ["1970-01-01 01:00", "2099-12-31 12:00", "2025-03-30 02:30+01:00"])
def test_odd_instants(at: str) -> None:
    for number in range(len(events(HISTORY))):
        history = events(HISTORY)
        history[number]["at"] = iso(at)
        assert judged(FACTS, history, CLAUSES, rechecked=False) == len(CLAUSES)


AT_THE_ENDS = [
    ("plans", [{"name": "gold", "to": "9999-12-31"}]),
    ("plans", [{"name": "gold", "from": "0001-01-01"}]),
    ("terms", [{"from": "2025-01-01", "to": "9999-12-31"}]),
    ("months", ["9999-12"]),
    ("start", "9999-12-31"),
    ("start", "0001-01-01"),
    ("response_times", {"A": {"hours": 10**9}}),
    ("hours", {"from": "24:00", "to": "25:00"}),
    ("hours", {"from": "99:99", "to": "00:00"}),
]


@pytest.mark.parametrize(("fact", "value"), AT_THE_ENDS, ids=str)
def test_facts_at_the_ends_of_time(fact: str, value: Any) -> None:
    assert judged({**FACTS, fact: value}, events(HISTORY), USING[fact]) == len(USING[fact])


@pytest.mark.parametrize("value", NESTED, ids=str)
def test_a_state_for_each_of_what_is_no_plain_value(value: Any) -> None:
    history = events(HISTORY)
    history[-2]["part"] = value
    assert judged(FACTS, history, ["free-of-pauses"]) == 1


# --------------------------------------------------------------------------- words of the contract's own
OWN_WORD = """
word letter_sent
  of the ticket
  carries in_writing, kind

clause c
  concerns each letter_sent as letter
  the customer shall ensure that in_writing of letter is yes
  the customer shall ensure that kind of letter is reminder
"""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("in_writing=yes kind=reminder", "met"),
        ("in_writing=no kind=reminder", "breached"),
        ("in_writing=yes kind=bill", "breached"),
        ("kind=reminder", "undetermined"),
    ],
)
def test_yes_and_no_of_a_word_that_the_contract_declares(said: str, expected: str) -> None:
    """The record says true and false for them, as for the words of the vocabulary."""
    assert found(OWN_WORD, f"2025-03-10 09:00 letter_sent {said}").verdict == expected


def test_lists_are_the_same_where_their_parts_are() -> None:
    contract = """
    clause c
      concerns each opened as opening
      where product of opening is the same as product of answered
      the provider shall have closed
        within 1 elapsed hour of opening
    """
    lines = ["2025-03-10 09:00 opened", "2025-03-10 09:10 answered", "2025-03-10 09:30 closed"]
    raw = events("\n".join(lines))
    for mine, theirs, expected in (
        ([1, "b"], ["1", "b"], "met"),
        (["a"], ["b"], "not_applicable"),
        (["a"], "a", "not_applicable"),
    ):
        raw[0]["product"], raw[1]["product"] = mine, theirs
        made = book(contract.replace("product of answered", "channel of answered"))
        raw[1]["channel"] = theirs
        case = {"clause": "c", "agreement": {"contract": "tiny", "time_zone": "Europe/Warsaw"}, "events": raw}
        (found_,) = cases_of(case, made, vocabulary(), {}, instant(iso("2025-12-31 12:00"), ())[0])
        assert (
            str(Judge(made, found_, instant(iso("2025-12-31 12:00"), ())[0]).verdict("c").verdict) == expected
        )
