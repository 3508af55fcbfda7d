"""Agreements that differ only in what they close, or in their hours, are counted each by its own facts."""

from __future__ import annotations

from dataclasses import replace

from checker.audit.run import Population
from checker.columnar.agreements import Agreements
from checker.interpret.book import Book
from checker.interpret.world import World
from checker.record.agreements import agreement_of
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.properties.contracts import HEADER
from tests.properties.histories import History, seconds
from tests.strategies import checked

CONTRACT = """
calendar hours
  monday to friday 09:00 to 17:00

calendar days
  monday to friday

clause by-hours
  title "By hours"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 8 hours of opening, counted in hours

clause by-days
  title "By days"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 1 working day of opening, counted in days
"""
OPENED = "2025-03-03T09:00:00Z"


def test_a_day_that_one_agreement_closes() -> None:
    facts = {"contract": "sample", "time_zone": "Europe/Warsaw", "country": "PL"}
    agreements = [
        agreement_of({"agreement": "open", **facts}),
        agreement_of({"agreement": "closed", **facts, "closed_dates": ["2025-03-04"]}),
    ]
    events = [
        {"at": OPENED, "event": "ticket_opened", "severity": "1"},
        {"at": "2025-03-05T09:30:00Z", "event": "response_sent"},
    ]
    history = History(facts, {"T": events}, [], seconds("2025-03-10T00:00:00Z"))
    tickets = [(replace(history.ticket("T"), id=f"T-{a.id}", agreement=a.id), a) for a in agreements]
    contract = checked("\n".join(HEADER) + CONTRACT)
    population = Population(Book(contract), history.as_of, {}, tickets, agreements, list(contract.clauses))
    mine, theirs, result = cells(population)
    assert not result.interpreted
    assert mine == theirs
    for clause in ("by-hours", "by-days"):
        assert mine["T-open", clause][0] == "breached"
    assert mine["T-closed", "by-days"][0] == "met"
    assert mine["T-closed", "by-hours"][1] != mine["T-open", "by-hours"][1]


def test_agreements_that_say_the_same_are_one() -> None:
    book = Book(checked("\n".join(HEADER) + CONTRACT))
    warsaw = {"contract": "sample", "time_zone": "Europe/Warsaw", "closed_dates": ["2025-03-04"]}
    facts = [warsaw, {**warsaw, "time_zone": "Europe/Kyiv"}, {**warsaw, "closed_dates": ["2025-03-04"]}]
    agreements = Agreements(book, facts, seconds(OPENED), book.recommended)
    assert agreements.kind.tolist() == [0, 1, 0]
    asked: list[str | None] = []

    def zone(world: World) -> str | None:
        asked.append(world.zone)
        return world.zone

    assert agreements.answers("zone", zone)[0] == ["Europe/Warsaw", "Europe/Kyiv"]
    assert len(asked) == 2
    # By this it is told whether what was found for one part of a log holds for the next.
    assert agreements.facts is facts
