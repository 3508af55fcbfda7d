"""What another reading makes of the occasions is not taken from the reading at hand."""

from __future__ import annotations

from checker.audit.run import Population
from checker.interpret.book import Book
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.properties.contracts import HEADER
from tests.properties.histories import History, stamp
from tests.strategies import checked

CONTRACT = """
ambiguity calls
  asks "Which calls count?"
  reading by-phone "Those by phone" recommended
  reading all "All"

event call
  means response_sent
  where channel is phone
  or on reading calls.all
    this line falls away

clause closing
  title "Closing"
  concerns each call as occasion
  where channel of occasion is one of phone, email
  the provider shall have ticket_closed
    within 2 elapsed hours of occasion
"""


def test_a_reading_that_changes_how_many_occasions_there_are() -> None:
    opened = 1_741_000_000
    events = [{"at": stamp(opened), "event": "ticket_opened", "severity": "1"}]
    events += [
        {"at": stamp(opened + after), "event": "response_sent", "channel": channel}
        for after, channel in ((60, "phone"), (120, "phone"), (9000, "email"))
    ]
    events += [{"at": stamp(opened + 7000), "event": "ticket_closed"}]
    history = History({"time_zone": "Europe/Warsaw", "country": "PL"}, {"T": events}, [], opened + 90_000)
    contract = checked("\n".join(HEADER) + CONTRACT)
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    population = Population(Book(contract), history.as_of, {}, tickets, [agreement], list(contract.clauses))
    mine, theirs, result = cells(population)
    assert not result.interpreted
    assert mine == theirs
    assert mine["T", "closing"][0] == "met"
    assert mine["T", "closing"][4], "the other reading has one more occasion, with nothing after it"
