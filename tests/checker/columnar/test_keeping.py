"""States kept up and kept away, and what holds an occasion, in columns as the interpreter has them."""

from __future__ import annotations

from hypothesis import given

from tests.checker.columnar.populations import population
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.strategies import History, histories

KEEPING = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays

calendar shop
  all of office
  saturday 08:00 to 12:00
  less outage

state pause
  from work_paused until work_resumed or ticket_closed

state outage
  from service_outage_started until service_outage_ended

state severe
  while severity is 1

period month
  means each month

period from-the-start
  means each 1 months from support_start

period last-days
  means the 3 days up to it

period billed
  means each entry of billing_periods

fact purchase
  means an entry of purchases
  where service is arr

clause no-pause
  title "No pause"
  concerns each stretch of severity 1, 2
  the provider shall keep free of pause
    save for outage

clause no-pause-in-hours
  title "No pause in office hours"
  concerns each ticket_opened as opening
  the provider shall keep free of pause
    from opening until ticket_closed
    during office
    leaving out outage

clause no-pause-while-open
  title "No pause while the shop is open"
  concerns each ticket_opened as opening
  the provider shall keep free of pause
    during shop
    outside severe

clause stays-severe
  title "Severe until closed"
  concerns each ticket_opened as opening
  the customer shall keep severe
    no later than ticket_closed
    leaving out office

clause while-bought
  title "No outage while bought"
  concerns each ticket_opened as opening
  the provider shall keep free of outage
    during purchase

clause available
  title "Available"
  concerns each ticket_opened as opening
  the provider shall keep free of outage
    for at least 99.9 percent of month
    save for pause

clause available-for-half
  title "Available for half of the time"
  concerns each pause as rest
  the provider shall keep outage
    for at least 50 percent of from-the-start

clause in-time
  title "Within what holds it"
  concerns each ticket_opened as opening
  where opening is during from-the-start
  provided that response_sent has occurred in month after opening
  the provider shall have response_sent
    no later than the end of month
    during purchase

clause after-the-start
  title "Not before what holds it"
  concerns each response_sent as answer
  where the number of ticket_closed in billed is at most 1
  the provider shall have ticket_closed
    no sooner than the start of pause
    no later than the end of purchase

clause of-the-period
  title "In the period of the bill"
  concerns each ticket_opened as opening
  where escalated has not occurred in last-days
  the provider shall have response_sent
    no later than the end of billed
"""


@given(histories(exact=True, whole=True))
def test_of_whole_records(history: History) -> None:
    mine, theirs, result = cells(population(KEEPING, history))
    assert mine == theirs
    assert result.interpreted == {}


@given(histories())
def test_of_records_in_doubt(history: History) -> None:
    mine, theirs, result = cells(population(KEEPING, history))
    assert mine == theirs
    assert result.interpreted == {}
