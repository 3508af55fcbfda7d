"""What counts across the tickets of an agreement is, in columns, what the interpreter counts."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.checker.columnar.test_against_the_interpreter import cells
from tests.checker.columnar.test_stretches import population
from tests.strategies import Block, History, histories

EVENTS = ("response_sent", "severity_changed", "work_paused", "payment_received")
CARRIED = {"response_sent": "channel", "severity_changed": "severity", "ticket_opened": "severity"}
HAPPENING = ("response_sent", "severity_changed", "work_paused")


@st.composite
def asked(draw: st.DrawFn, carried: str) -> str:
    """A condition that looks at other tickets, too. `carried`: what the occasion carries."""
    event = draw(st.sampled_from(EVENTS))
    relation = draw(st.sampled_from(["before", "after", "no later than", "no sooner than"]))
    moment = draw(
        st.sampled_from(["occasion", "2025-03-05", "(2 elapsed hours after occasion)", "work_paused"])
    )
    bound = draw(st.sampled_from(["", f" {relation} {moment}"]))
    if draw(st.booleans()):
        return f"{event} has {draw(st.sampled_from(['', 'not ']))}occurred{bound} across tickets"
    kind = draw(st.sampled_from(sorted(CARRIED)))
    alike = f" with the same {carried}" if CARRIED[kind] == carried and draw(st.booleans()) else ""
    most = draw(st.integers(0, 2))
    return f"the number of {kind}{bound}{alike} across tickets is at most {most}"


@st.composite
def blocks(draw: st.DrawFn) -> list[Block]:
    """Clauses whose gates and sentences look at other tickets."""
    out: list[Block] = []
    for i in range(2):
        event = draw(st.sampled_from(["response_sent", "severity_changed", "ticket_opened"]))
        condition = draw(asked(CARRIED[event]))
        body = [f'title "clause-{i}"', f"concerns each {event} as occasion"]
        if draw(st.booleans()):
            body += [f"where {condition}", "the provider is released"]
        else:
            body += [f"the provider shall ensure that {condition}"]
        out.append((f"clause clause-{i}", body))
    return out


@given(blocks(), histories(of=HAPPENING, most=5))
def test_events_on_any_ticket(found: list[Block], history: History) -> None:
    mine, theirs, result = cells(population(found, history))
    assert mine == theirs
    assert not result.interpreted
