"""Where the contract is matters to clauses of local days and of legal terms, and to no others."""

from __future__ import annotations

import pytest

from checker.audit.library import contract_names, load_contract, vocabulary
from checker.compare import asked
from checker.compare.answer import Comparison
from checker.compare.variants import Asked, compared
from checker.interpret.book import Book
from dsl import contract as ir
from dsl.check import check
from dsl.source import Source

HEAD = """servanda 1
contract s "Sample"
  law polish-civil-code
  zone {zone}
  holidays of {country}
  provider "The provider"
  customer "The customer"

calendar everywhere
  monday to friday 09:00 to 17:00

calendar office
  zone "Europe/Warsaw"
  monday to friday 09:00 to 17:00

calendar closed-on-holidays
  zone "Europe/Warsaw"
  monday to friday 09:00 to 17:00 save public holidays

calendar of-poland
  zone "Europe/Warsaw"
  holidays of "PL"
  monday to friday 09:00 to 17:00 save public holidays

fact plan-in-force
  means an entry of agreements

moment end-of-year
  means the end of the year of it

condition planned
  plan-in-force is in force

"""
CLAUSE = """clause s.one
  concerns each ticket_opened as opening
  {gate}
  the provider shall have response_sent
    {limit}
"""
PHONE = "where channel of opening is phone"
ELAPSED = "within 4 elapsed hours of opening"
NEITHER = [
    (PHONE, ELAPSED),
    (PHONE, "within 4 hours of opening, counted in office"),
    (PHONE, "within 2 working days of opening, counted in of-poland"),
    (PHONE, "within 2 elapsed days of opening"),
]
ZONE = [
    ("where opening is no sooner than 2026-05-01", ELAPSED),
    ("provided that plan-in-force is in force", ELAPSED),
    ("provided that planned holds", ELAPSED),
    (PHONE, "within 4 hours of opening, counted in everywhere"),
    (PHONE, "within 2 calendar days of opening"),
    (PHONE, "before end-of-year"),
]
COUNTRY = [(PHONE, "within 2 hours of opening, counted in closed-on-holidays")]
BOTH = [(PHONE, "within 2 days of opening"), (PHONE, "within 1 month of opening")]
WARSAW, BERLIN, NEW_YORK = '"Europe/Warsaw"', '"Europe/Berlin"', '"America/New_York"'
POLAND, CZECHIA = '"PL"', '"CZ"'


def contract(gate: str, limit: str, zone: str = WARSAW, country: str = POLAND) -> ir.Contract:
    text = HEAD.format(zone=zone, country=country) + CLAUSE.format(gate=gate, limit=limit)
    return check([Source("s.contract", text)], vocabulary())


def moved(gate: str, limit: str, **where: str) -> Comparison:
    return compared(
        contract(gate, limit),
        contract(gate, limit, **where),
        vocabulary(),
        Asked(seconds=1.0, readings=False),
    )


@pytest.mark.parametrize(
    ("gate", "limit", "where"),
    [
        *((*clause, {"zone": BERLIN}) for clause in (*NEITHER, *COUNTRY)),
        *((*clause, {"country": CZECHIA}) for clause in (*NEITHER, *ZONE)),
    ],
)
def test_another_place_changes_nothing(gate: str, limit: str, where: dict[str, str]) -> None:
    found = moved(gate, limit, **where)
    assert (found.answer, [*found.clauses]) == ("equivalent", [])


@pytest.mark.parametrize(
    ("gate", "limit", "where"),
    [
        *((*clause, {"zone": NEW_YORK}) for clause in (*ZONE, *BOTH)),
        *((*clause, {"country": CZECHIA}) for clause in (*COUNTRY, *BOTH)),
    ],
)
def test_another_place_is_not_passed_over(gate: str, limit: str, where: dict[str, str]) -> None:
    (answer,) = moved(gate, limit, **where).clauses
    assert answer.read.answer != "equivalent"
    # Named where the contract says it, or through the calendar of which it is the place.
    told = {p.part: p.new for p in answer.parts}
    ((field, new),) = where.items()
    named = f"{'zone' if field == 'zone' else 'holidays of'} {new}"
    assert told.get("contract") == (named,) or any(p.through for p in answer.parts)


def test_one_that_asks_and_one_that_does_not_are_not_the_same() -> None:
    """A legal term of one variant takes the law of its own contract, whatever the other counts by."""
    old = contract(PHONE, ELAPSED)
    new = contract(PHONE, "within 1 day of opening", country=CZECHIA)
    (answer,) = compared(old, new, vocabulary(), Asked(seconds=1.0, readings=False)).clauses
    assert answer.read.answer != "equivalent"
    parts = {p.part: (p.old, p.new) for p in answer.parts}
    assert parts["contract"] == (('holidays of "PL"',), ('holidays of "CZ"',))


def test_the_dates_of_a_version_are_days() -> None:
    text = HEAD.format(zone=WARSAW, country=POLAND) + CLAUSE.format(gate=PHONE, limit=ELAPSED)
    dated = text.replace("  law ", '  version "one" from 2026-05-01\n  law ', 1)
    found = [asked.Asked(Book(check([Source("s.contract", t)], vocabulary()))) for t in (text, dated)]
    assert [f.of("s.one") for f in found] == [(False, False), (True, False)]


@pytest.mark.parametrize("name", contract_names())
def test_clauses_of_each_contract_ask_for_less_than_all(name: str) -> None:
    book = Book(load_contract(name))
    found = asked.Asked(book)
    told = [found.of(c.id) for c in book.contract.clauses]
    dated = book.contract.version is not None and book.contract.version.start is not None
    assert ((False, False) in told) is not dated
    assert (True, False) in told
    assert (False, True) not in told
