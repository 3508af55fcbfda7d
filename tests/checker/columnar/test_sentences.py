"""Every form of sentence in columns comes to what the interpreter says: prohibitions, rights, refusals, other acts instead."""

from __future__ import annotations

from hypothesis import given

from tests.checker.columnar.populations import population
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.strategies import History, histories

SENTENCES = """
calendar office
  monday to friday 09:00 to 17:00 save public holidays

state pause
  from work_paused until work_resumed

clause forbidden-for-a-time
  title "Not within two hours"
  concerns each ticket_opened as opening
  the provider shall not have response_sent or ticket_closed
    within 2 elapsed hours of opening

clause forbidden-until
  title "Not before"
  concerns each ticket_opened as opening
  the provider shall not have ticket_closed
    before response_sent
    during office

clause forbidden-from
  title "Not after"
  concerns each response_sent as answer
  the provider shall not have escalated
    after the first ticket_closed
    save for pause

clause forbidden-of-a-kind
  title "Not on the same channel"
  concerns each ticket_opened as opening
  the provider shall not have response_sent
    with the same channel

clause premature
  title "Not too early, nor too late"
  concerns each ticket_opened as opening
  provided that severity is 1
  the provider shall have response_sent or escalated
    no sooner than 60 elapsed minutes after opening
    no later than 8 elapsed hours after opening

clause premature-without-end
  title "Not too early"
  concerns each ticket_opened as opening
  the provider shall have ticket_closed or work_paused
    no sooner than response_sent
    refused by help_refused

clause refused
  title "Refused"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 2 hours of opening, counted in office, stopped while pause
    refused by help_refused
    answering opening

clause instead
  title "Or something instead"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    within 2 elapsed hours of opening
    or instead escalated after opening
    only where severity at the first response_sent is 1
    with the same channel

clause for-each-of-a-list
  title "On every channel that is unmet"
  concerns each ticket_opened as opening
  where fees_paid is yes
  the provider shall have response_sent
    within 8 elapsed hours of opening
    for each channel in unmet
    refused by help_refused

clause for-each-not-too-early
  title "On every channel that is unmet, after a while"
  concerns each ticket_opened as opening
  the provider shall have response_sent
    no sooner than 60 elapsed minutes after opening
    for each channel in unmet

clause right-of-the-customer
  title "May ask again"
  concerns each ticket_opened as opening
  save where severity is 3
  the customer may have severity_changed or ticket_opened
    no later than ticket_closed
    only where channel of opening is phone
    or on reading who.anybody
      this line falls away

clause right-of-the-provider
  title "May pause"
  concerns each work_paused as rest
  provided that fees_paid is yes
  the provider may have work_paused
    within 8 elapsed hours of ticket_opened

clause right-for-later
  title "May close, and answers"
  concerns each ticket_opened as opening
  either party may at its discretion have ticket_closed
    only where response_sent has occurred no later than ticket_closed
  the provider shall have response_sent
    within 8 hours of opening, counted in office

clause customer-may
  title "May only with an answer"
  concerns each ticket_closed as closing
  provided that any of
    closing is before 2 elapsed hours after ticket_opened
    closing is no later than 8 elapsed hours after ticket_opened
    escalated has occurred within 2 elapsed hours of closing
  the customer may ensure that response_sent has occurred no later than closing

clause nothing-decides
  title "Nothing decides it"
  concerns each escalated as occasion
  where tier of occasion is 1
  stated "It is a matter of taste."

clause lost
  title "Lost"
  concerns each help_refused as occasion
  where response_sent has not occurred before occasion
  the customer is not entitled

ambiguity who
  asks "Who?"
  reading customer "The customer" recommended
  reading anybody "Anybody"
"""


@given(histories(exact=True, whole=True))
def test_of_whole_records(history: History) -> None:
    mine, theirs, result = cells(population(SENTENCES, history))
    assert mine == theirs
    assert result.interpreted == {}


@given(histories())
def test_of_records_in_doubt(history: History) -> None:
    mine, theirs, result = cells(population(SENTENCES, history))
    assert mine == theirs
    assert result.interpreted == {}
