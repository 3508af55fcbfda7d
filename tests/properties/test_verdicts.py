"""What holds of every contract and every history."""

from __future__ import annotations

import json
from collections.abc import Iterable

from hypothesis import assume, given
from hypothesis import strategies as st

from checker.interpret.case import case_of_ticket
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Judgement, Verdict
from checker.interpret.world import Book
from dsl import codec
from dsl.format import format_text
from dsl.source import Source
from tests.strategies import (
    Block,
    History,
    checked,
    contract_blocks,
    contract_of,
    histories,
    judged,
    text_of,
)

OPEN = (Verdict.PENDING, Verdict.UNDETERMINED)


@given(contract_blocks(), histories())
def test_every_judgement_is_one_of_seven_with_a_reason(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    found = judged(contract, history)
    ids = {c.id: c for c in contract.clauses}
    for (ticket, clause), j in found.items():
        assert j.verdict in set(Verdict)
        assert j.outcome in j.outcomes
        assert (ticket == "") == (ids[clause].level == "agreement")
        for o in j.outcomes:
            assert o.because
            if o.verdict is Verdict.NOT_APPLICABLE:
                assert o.due is None
                assert o.done is None
            if o.margin is not None:
                assert o.due is not None
                assert o.done is not None
                # What was late by uncounted time only has no margin either way.
                assert o.margin >= 0 if o.done <= o.due else o.margin <= 0
    assert {k for k in found if k[0]} == {
        (t, c.id) for t in history.tickets for c in contract.clauses if c.level == "ticket"
    }


@given(contract_blocks(), histories(several=False))
def test_every_verdict_can_be_explained(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    case = case_of_ticket(history.ticket("T"), history.agreement(), history.as_of)
    for clause in contract.clauses:
        if clause.level == "ticket":
            judge = Judge(Book(contract), case, history.as_of)
            told = explain(judge, clause.id)
            assert told["verdict"] == str(judge.verdict(clause.id).verdict)
            assert json.loads(json.dumps(told)) == told


# --------------------------------------------------------------------------- the same again
def same(a: Iterable[Judgement], b: Iterable[Judgement]) -> None:
    assert list(a) == list(b)


@given(contract_blocks(), histories())
def test_the_same_inputs_give_the_same_judgements(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    same(judged(contract, history).values(), judged(contract, history).values())


@given(contract_blocks(), histories())
def test_the_contract_as_data_gives_the_same_judgements(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    same(judged(contract, history).values(), judged(codec.loads(codec.dumps(contract)), history).values())
    laid_out = format_text(Source("x", text_of(blocks).replace("  ", "   ")))
    same(judged(contract, history).values(), judged(checked(laid_out), history).values())


@given(contract_blocks(), histories(), st.randoms(use_true_random=False))
def test_no_order_of_writing_matters(blocks: list[Block], history: History, random: object) -> None:
    """Definitions and clauses, tickets, facts and attributes in any order give the same judgements."""
    contract = contract_of(blocks)
    found = judged(contract, history)
    shuffled = list(blocks)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    names = list(history.tickets)
    random.shuffle(names)  # type: ignore[attr-defined]
    other = History(
        dict(reversed(history.facts.items())),
        {n: [dict(reversed(e.items())) for e in history.tickets[n]] for n in names},
        history.shared,
        history.as_of,
        history.missing[::-1],
        history.gaps[::-1],
    )
    after = judged(contract_of(shuffled), other)
    assert after == found


@given(contract_blocks(), histories())
def test_a_ticket_is_judged_alone_as_among_others(blocks: list[Block], history: History) -> None:
    """Where no clause looks across tickets, the other tickets of the agreement change nothing."""
    text = text_of(blocks)
    assume("across tickets" not in text)
    contract = contract_of(blocks)
    found = judged(contract, history)
    for name, events in history.tickets.items():
        alone = judged(
            contract,
            History(
                history.facts, {name: events}, history.shared, history.as_of, history.missing, history.gaps
            ),
        )
        for clause in contract.clauses:
            if clause.level == "ticket":
                assert alone[name, clause.id] == found[name, clause.id]


# --------------------------------------------------------------------------- readings
@given(contract_blocks(), histories(several=False))
def test_contested_names_the_readings_that_turn_the_verdict(blocks: list[Block], history: History) -> None:
    contract = contract_of(blocks)
    assume(contract.ambiguities)
    found = judged(contract, history)
    recommended = {a.name: a.recommended for a in contract.ambiguities}
    for ambiguity in contract.ambiguities:
        for reading, _ in ambiguity.readings:
            if reading == ambiguity.recommended:
                continue
            other = judged(contract, history, readings={ambiguity.name: reading})
            for key, j in found.items():
                flips = {(f.ambiguity, f.reading): f.verdict for f in j.contested}
                turned = other[key].verdict if other[key].verdict is not j.verdict else None
                assert flips.get((ambiguity.name, reading)) == turned
    assert judged(contract, history, readings=recommended) == found


@given(contract_blocks(), histories(several=False), st.data())
def test_a_contract_read_one_way_is_an_ordinary_contract(
    blocks: list[Block], history: History, data: st.DataObject
) -> None:
    """Taking a reading gives what the contract gives in which that reading is the recommended one."""
    contract = contract_of(blocks)
    assume(contract.ambiguities)
    ambiguity = data.draw(st.sampled_from(contract.ambiguities))
    reading = data.draw(st.sampled_from([r for r, _ in ambiguity.readings]))
    lines = ['asks "Which?"']
    lines += [f'reading {r} "So"{" recommended" if r == reading else ""}' for r, _ in ambiguity.readings]
    block = (f"ambiguity {ambiguity.name}", lines)
    other = contract_of([block if b[0] == block[0] else b for b in blocks])
    mine = judged(contract, history, readings={ambiguity.name: reading})
    assert {k: j.outcomes for k, j in mine.items()} == {
        k: j.outcomes for k, j in judged(other, history).items()
    }
