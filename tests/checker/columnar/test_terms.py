"""Values, amounts and conditions in columns: each form by itself, over any record, gives what the interpreter gives.

The contract has one clause for each form, so that what a form comes to shows as a verdict: released where a condition
holds, not applicable where it does not, pending or undetermined with the cause of its doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker.audit.run import Population
from checker.interpret.book import Book
from checker.record.model import Value
from dsl.check import check
from dsl.source import Source
from tests.checker.columnar.test_against_the_interpreter import cells
from tests.properties.histories import BASES, History, Raw, stamp
from tests.properties.words import words

DEFINITIONS = """servanda 1

contract sample "A sample"
  zone time_zone
  holidays of country
  provider "P"
  customer "C"

attribute severity
  ranks 1, 2, 3

ambiguity rates
  asks "Which rate?"
  reading low "The lower" recommended
  reading high "The higher"

word noted
  of the ticket
  carries items, text, amount, currency, severity, due, service

word booked
  of the agreement
  carries items, amount, currency, due

word terms
  a fact of the agreement

word table
  a fact of the agreement

list known
  phone, 1
  kept in unmet

list plain
  phone, 2

event big-note
  means noted
  where amount is at least 3

event bought-note
  means noted
  where bought is in force

fact bought
  means an entry of purchases

fact bought-for-it
  means an entry of purchases
  where service is the same as service of noted

fact bought-at-that-severity
  means an entry of purchases
  where severity of ticket_opened is one of 1, 2
  or on reading rates.high
    this line falls away

period billing
  means each entry of billing_periods

state paused
  from work_paused until work_resumed

figure from-the-terms
  means span of terms

figure from-the-table
  means hours of table by severity of ticket_opened

figure from-the-table-as-noted
  means hours of table by severity of noted

figure by-the-reading
  means 2
  or on reading rates.high
    means amount of noted

figure unheard-of
  means not on record

figure hours-by-the-reading
  means 2 hours
  or on reading rates.high
    means hours of table by severity of noted

figure hours-perhaps
  means days of table by severity of ticket_opened
  or on reading rates.high
    means not on record

figure a-day
  means 24 hours
"""

CONDITIONS = (
    # values
    "items of noted is among unmet",
    "items of noted is not among unmet",
    "severity of noted is among the entry of table by severity of ticket_opened",
    "severity of noted is among the entry of table by severity of big-note",
    "(the number of values in the entry of table by severity of big-note) is at most 1",
    "the entry of table by severity of big-note is on record",
    "service of bought is arr",
    "service of bought-for-it is not arr",
    "service of bought-for-it is on record",
    'text of noted mentions "phone"',
    'text of the last noted mentions no "phone"',
    'items of noted mentions "phone"',
    "items of noted is the same as items of the last noted",
    "items of noted is not the same as unmet",
    "severity is the same as severity of noted",
    "severity is higher than severity of noted",
    "severity at noted is lower than severity of ticket_opened",
    "severity at big-note is one of 1, 2",
    "severity at big-note is in known",
    "severity at big-note is not in plain",
    "text of noted is in known",
    "severity of noted is recorded as one of 1, 2",
    "the record of work is complete",
    "the record of work is not complete",
    # entries
    "bought is in force",
    "bought-for-it is in force",
    "bought-for-it is not in force at noted",
    "bought-at-that-severity is in force at noted",
    "noted is during bought-for-it",
    "bought-note has occurred",
    # amounts
    "amount of noted is at least 3",
    "amount of noted is less than amount of the last noted",
    "amount of big-note is exactly 3",
    "amount of terms is more than 20 EUR",
    "amount of terms is at most 20 USD",
    "the number of noted is at least 2",
    "the number of big-note after occasion is exactly 1",
    "the number of big-note within 1 elapsed hour of occasion is at most 1",
    "the total of amount of noted is at least 5",
    "the total of amount of noted is more than 4 EUR",
    "the total of amount of noted is at most (the total of amount of booked)",
    "the total of amount each rounded up of noted is less than 7",
    "the total of amount of big-note after occasion is at least 4",
    "33.3 percent of amount of noted is at least 1",
    "0.01 percent of (the total of amount of noted) is less than (50 percent of (amount of booked))",
    "(33.3 percent of amount of noted) rounded up is exactly 1",
    "the lower of amount of noted and amount of booked is at least 3",
    "the higher of amount of noted and (the number of noted) is at most 3",
    "the higher of (amount of terms) and (the total of amount of noted) is at least 20",
    "the lower of (amount of terms) and (the total of amount of noted) is at most 20",
    "amount of noted plus amount of booked is at least 5",
    "amount of noted less amount of booked is at most 1",
    "(amount of terms) less (the total of amount of noted) is at least 16",
    "(the number of noted) plus (amount of terms) is exactly 21",
    "10 less (the number of noted) is more than 8",
    "the number of values in items of noted is at least 2",
    "the number of values in unmet is at most 1",
    "the number of bought in force is at least 1",
    "the number of bought-for-it in force at noted is exactly 1",
    "the number of paused under way at noted is at least 1",
    "the time in paused before noted is at least 3600",
    "the time in paused after noted is less than a-day",
    "the time in paused no later than (1 elapsed hour after noted) is more than 60",
    "from-the-terms is at least 2",
    "from-the-table is at least 2",
    "from-the-table-as-noted is at most 2",
    "by-the-reading is more than 2",
    "unheard-of is at least 1",
    # moments
    "due of noted is before 2025-03-06",
    "noted is no later than due of noted",
    "due of big-note is after occasion",
    "due of terms is no sooner than occasion",
    "the later of (due of noted) and (due of booked) is after occasion",
    "noted is no later than (hours-perhaps after occasion)",
    "noted is no later than (from-the-table after occasion)",
    "noted is no later than (hours-by-the-reading after occasion)",
    "noted is after (from-the-table-as-noted before (the last noted))",
    "noted is before (hours-perhaps after (the last noted))",
    # what tells one event from another
    "noted has occurred with items including severity of ticket_opened",
    "noted has occurred with items including channel of ticket_opened after occasion",
    "noted has occurred with the same severity",
    "booked has occurred in the same billing by due",
    "the number of booked in the same billing by due is at least 2",
)

SENTENCES = (
    ("the provider shall have ticket_closed", "within hours-perhaps of occasion"),
    ("the provider shall have ticket_closed", "within from-the-table of occasion"),
    ("the provider shall have ticket_closed", "within hours-by-the-reading of occasion"),
    ("the provider shall have ticket_closed", "no later than due of noted"),
    ("the provider shall have noted", "with items including severity of ticket_opened"),
    ("the provider shall have ticket_closed", "within 2 elapsed hours of occasion", "or instead big-note"),
    (
        "the provider shall have ticket_closed",
        "no later than noted",
        "or instead noted after occasion with items including channel of ticket_opened",
    ),
    ("the customer shall have booked", "only where the total of amount of noted is at least 3"),
)


def _clauses(concern: str, conditions: Iterable[str]) -> str:
    """A clause for each condition and sentence, on each event of a kind."""
    each = f"concerns each {concern} as occasion"
    bodies = {f"{concern}.c{i}": [f"where {c}", "the provider is released"] for i, c in enumerate(conditions)}
    bodies |= {
        f"{concern}.s{i}": [first, *(f"  {x}" for x in limits)]
        for i, (first, *limits) in enumerate(SENTENCES)
    }
    lines: list[str] = []
    for name, body in bodies.items():
        lines += ["", f"clause {name}", f'  title "{name}"', f"  {each}", *(f"  {x}" for x in body)]
    return "\n".join(lines)


MORE = [c for c in CONDITIONS if "occasion" in c or "same" in c or "severity" in c]
"""Those that rest on the occasion: several of them lie in one case."""
TEXT = "\n".join([DEFINITIONS, _clauses("ticket_opened", CONDITIONS), _clauses("noted", MORE), ""])
CONTRACT = check([Source("sample.contract", TEXT)], words())

LISTS: tuple[Value, ...] = (
    "1",
    ["1", "2"],
    [1],
    ["2", "phone"],
    ["phone", "phone"],
    {"b": "1", "a": "2"},
    {"a": "2", "b": 1},
    [],
)
SAID: dict[str, tuple[Any, ...]] = {
    "items": LISTS,
    "text": ("by phone", "Phone, at 1", "1", 2, "telephone"),
    "amount": (3, 2, "3", "2.5", "0.1", "3.333", True, "some", "1" + "0" * 24, Decimal("0.25"), 0),
    "currency": ("EUR", "EUR", "USD"),
    "severity": ("1", "2", 3, "4"),
    "due": ("2025-03-04", "2025-03-06T12:00:00+01:00", "soon", "1969-12-31", "9999-12-31"),
    "service": ("arr", "de", "other"),
    "channel": ("phone", "email", "1"),
}
EVENTS = {
    "noted": ("items", "text", "amount", "currency", "severity", "due", "service"),
    "work_paused": (),
    "work_resumed": (),
    "ticket_closed": (),
    "booked": ("items", "amount", "currency", "due"),
}
FACTS: dict[str, tuple[Any, ...]] = {
    "time_zone": ("Europe/Warsaw", "Asia/Kolkata", None),
    "country": ("PL", None),
    "unmet": ([], "phone", ["1", "2"], [1, ["phone"]], None),
    "purchases": (
        [
            {"service": "arr", "from": "2025-03-01", "to": "2025-03-03"},
            {"service": "de", "from": "2025-03-04"},
        ],
        [{"service": "de"}],
        {"service": "arr", "to": "2025-03-05T10:00:00Z"},
        [{"from": "2025-03-04"}, "no entry", {"service": "arr", "to": "never"}],
        [],
        None,
    ),
    "billing_periods": (
        [{"from": "2025-03-01", "to": "2025-03-05"}, {"from": "2025-03-06", "to": "2025-03-31"}],
        [],
        None,
    ),
    "terms": (
        {"span": 2, "amount": 20, "currency": "EUR", "due": "2025-03-05"},
        {"span": "1.5", "amount": "20.25"},
        {"span": "long", "amount": [20], "due": 7},
        None,
    ),
    "table": (
        {"1": {"hours": 2, "days": 1}, "2": {"hours": "1.5", "days": 0}, "3": ["1", "4"]},
        {"1": ["1", "2"], "2": "2", "4": {"hours": 0}},
        ["1"],
        None,
    ),
}


@st.composite
def event(draw: st.DrawFn, base: int, exact: bool) -> Raw:
    name = draw(st.sampled_from(["noted", "noted", *EVENTS]))
    out: Raw = {
        "at": stamp(base + draw(st.sampled_from([0, 1, 59, 3600, 7200, 90_000, 200_000]))),
        "event": name,
    }
    if not exact and draw(st.integers(0, 3)) == 3:
        out["precision"] = draw(st.sampled_from(["minute", "day"]))
    for attribute in EVENTS[name]:
        if draw(st.integers(0, 4)):
            out[attribute] = draw(st.sampled_from(SAID[attribute]))
        elif draw(st.booleans()):
            out[attribute] = None
    return out


@st.composite
def records(draw: st.DrawFn, *, certain: bool) -> tuple[list[History], int]:
    """What is on record under one agreement or two, up to one instant."""
    base = BASES[0]
    as_of = base + draw(st.sampled_from([0, 3600, 10_000, 300_000, 900_000]))
    out = []
    for _ in range(draw(st.integers(1, 2))):
        tickets: dict[str, list[Raw]] = {}
        for name in ["T", "U"][: draw(st.integers(1, 2))]:
            opened: Raw = {"at": stamp(base), "event": "ticket_opened"}
            for attribute in ("severity", "channel"):
                if draw(st.integers(0, 4)):
                    opened[attribute] = draw(st.sampled_from(SAID[attribute]))
            more = draw(st.lists(event(base, certain), max_size=5))
            tickets[name] = [opened, *(e for e in more if e["event"] != "booked")]
            shared = [e for e in more if e["event"] == "booked"]
        facts = {name: draw(st.sampled_from(options)) for name, options in FACTS.items()}
        missing = () if certain else draw(st.sampled_from([(), ("work",), ("noted",), ("booked",)]))
        gaps = () if certain else draw(st.sampled_from([(), ((base + 60, base + 7000),)]))
        out.append(History(facts, tickets, shared, as_of, missing, gaps))
    return out, as_of


def differences(histories: list[History], as_of: int) -> tuple[dict[Any, Any], Any]:
    """Where columns and interpreter differ over several agreements, and the columns' result."""
    tickets = []
    agreements = []
    for i, history in enumerate(histories):
        agreement = replace(history.agreement(), id=f"a{i}")
        agreements.append(agreement)
        tickets += [
            (replace(t, id=f"{t.id}{i}", agreement=agreement.id), agreement) for t in history.all_tickets
        ]
    population = Population(Book(CONTRACT), as_of, {}, tickets, agreements, list(CONTRACT.clauses))
    mine, theirs, result = cells(population)
    said = {c.id: next(iter(c.gates), c.sentences[0]).base for c in CONTRACT.clauses}
    return {(k, said[k[1]]): (mine[k], theirs[k]) for k in mine if mine[k] != theirs[k]}, result


@given(records(certain=True))
def test_each_form_of_a_certain_record(found: tuple[list[History], int]) -> None:
    wrong, result = differences(*found)
    assert wrong == {}
    assert [c for c in result.interpreted if ".c" in c] == [], "every condition here has a form in columns"


@given(records(certain=False))
def test_each_form_of_a_record_in_doubt(found: tuple[list[History], int]) -> None:
    wrong, _ = differences(*found)
    assert wrong == {}
