"""What is decided stays decided: as the audit moves on, and whatever happens after it."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from checker.interpret.verdicts import Outcome, Verdict
from tests.strategies import Block, History, contract_blocks, contract_of, histories, judged, text_of

OPEN = {Verdict.PENDING, Verdict.UNDETERMINED}

# What speaks of the audit instant itself, or grows with time: a state that lasts, a period that comes to its end.
_OF_NOW = ("time in", "under way", "concerns the agreement", "concerns each period")


def speaks_of_now(blocks: list[Block]) -> bool:
    return any(word in text_of(blocks) for word in _OF_NOW)


@given(
    contract_blocks(kinds=("perform", "ensure", "refrain")), histories(several=False), st.integers(1, 10**6)
)
def test_a_decided_verdict_stays_as_time_passes_and_nothing_happens(
    blocks: list[Block], history: History, later: int
) -> None:
    assume(not speaks_of_now(blocks))
    contract = contract_of(blocks)
    end = max([history.as_of, *(t.events[-1].until for t in history.all_tickets if t.events)])
    end = max([end, *(e.until for e in history.agreement().events), *(b for _, b in history.gaps)])
    found = judged(contract, history, as_of=end)
    after = judged(contract, history, as_of=end + later)
    for key, j in found.items():
        for before, now in zip(j.outcomes, after[key].outcomes, strict=True):
            if before.verdict not in OPEN:
                assert now.verdict is before.verdict


# --------------------------------------------------------------------------- whatever happens later
_LOOKS_AT_ALL = ("occurred", "the number of", "the total of", "the last", *_OF_NOW)

deadlines = contract_blocks(kinds=("perform",), readings=False, courses=False, gates=False).filter(
    lambda blocks: not any(word in text_of(blocks) for word in _LOOKS_AT_ALL)
)
"""Clauses about acts within limits, without gates, and without what judges the record as it stands at the audit."""


def by_start(outcomes: tuple[Outcome, ...]) -> dict[int | None, Verdict]:
    return {o.occasion: o.verdict for o in outcomes if o.occasion is not None}


@given(deadlines, histories(several=False, exact=True, whole=True), st.integers(0, 5 * 86400))
def test_what_happens_later_changes_no_decided_deadline(
    blocks: list[Block], history: History, earlier: int
) -> None:
    contract = contract_of(blocks)
    before = replace(history, as_of=history.as_of - earlier)
    found, after = judged(contract, before), judged(contract, history)
    for key, j in found.items():
        now = by_start(after[key].outcomes)
        for start, verdict in by_start(j.outcomes).items():
            if verdict in (Verdict.MET, Verdict.BREACHED):
                assert now.get(start) is verdict
