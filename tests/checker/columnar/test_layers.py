"""Clauses that look at each other in columns: layers, clauses that stand for others, and whether another clause holds."""

from __future__ import annotations

from hypothesis import given

from checker.audit.run import Population
from checker.interpret.book import Book
from tests.checker.columnar.populations import population
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.strategies import Block, History, contract_blocks, contract_of, histories

LAYERS = """
clause base
  title "The base"
  concerns each ticket_opened as opening
  where severity is one of 1, 2
  superseded by better, of-a-stretch
  the provider expects to have response_sent
    within 8 elapsed hours of opening

clause better
  title "Better"
  concerns each ticket_opened as opening
  where channel of opening is phone
  superseded by best
  save where severity is 2
  provided that fees_paid is yes
  the provider shall have response_sent
    within 2 elapsed hours of opening
  the provider shall endeavour to have ticket_closed
    within 8 elapsed hours of opening

clause best
  title "Best"
  concerns each response_sent as answer
  where channel of answer is phone
  or on reading which.all
    this line falls away
  the provider shall have ticket_closed
    within 60 elapsed minutes of answer

clause of-a-stretch
  title "While it is severe"
  concerns each stretch of severity 1
  where fees_paid is no
  the provider shall have escalated
    within 60 elapsed minutes of it

clause any-of-them
  title "Whichever applies"
  stands for base, better, best

clause any-on-the-phone
  title "Whichever applies, on the phone"
  concerns each ticket_opened as opening
  where channel of opening is phone
  provided that better holds
  stands for better, of-a-stretch
  the customer may have ticket_closed
    no sooner than opening

clause rests-on-others
  title "Where the base holds"
  concerns each ticket_opened as opening
  save where release holds
  save where loss holds
  provided that base does not hold
  the provider shall ensure that better holds

clause rests-on-an-event
  title "Where an answer came in time"
  concerns each response_sent as answer
  where any of
    best holds
    of-a-stretch holds
  the provider is released

clause release
  title "Released"
  concerns each ticket_opened as opening
  where help_refused has occurred answering opening
  the provider is released

clause loss
  title "Lost"
  concerns the first ticket_closed as closing
  only on reading which.all
  the customer is not entitled

event answer-in-time
  means response_sent
  where base holds

clause after-such-an-answer
  title "An answer in time"
  concerns each answer-in-time as answer
  the provider shall have ticket_closed
    without a stated limit

ambiguity which
  asks "Which answers?"
  reading phone "Those by phone" recommended
  reading all "All"
"""


@given(histories(exact=True, whole=True))
def test_of_whole_records(history: History) -> None:
    mine, theirs, result = cells(population(LAYERS, history))
    assert mine == theirs
    assert result.interpreted == {}


@given(histories())
def test_of_records_in_doubt(history: History) -> None:
    mine, theirs, result = cells(population(LAYERS, history))
    assert mine == theirs
    assert result.interpreted == {}


@given(contract_blocks(courses=False, concerned=("each", "each", "first")), histories())
def test_of_clauses_that_concern_events(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    found = Population(Book(contract), history.as_of, {}, tickets, [agreement], list(contract.clauses))
    mine, theirs, _ = cells(found)
    assert mine == theirs
