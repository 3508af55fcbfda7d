"""The gates of a clause decide in their order, whatever else the clause says and whatever the history shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from checker.interpret.verdicts import Judgement, Outcome, Verdict
from tests.strategies import Block, History, Judged, contract_blocks, contract_of, histories, judged

NA, EXCLUDED, NOT_ENTITLED = Verdict.NOT_APPLICABLE, Verdict.EXCLUDED, Verdict.NOT_ENTITLED
OPEN = {Verdict.PENDING, Verdict.UNDETERMINED}
TRUE = "1 is at most 2"
FALSE = "2 is at most 1"


def last_clause(blocks: list[Block]) -> tuple[str, list[str]]:
    name, lines = blocks[-1]
    return name.removeprefix("clause "), lines


def with_line(blocks: list[Block], line: str) -> list[Block]:
    """The last clause (nothing refers to it) with one more line."""
    name, lines = blocks[-1]
    return [*blocks[:-1], (name, [*lines, line])]


def compared(blocks: list[Block], history: History, line: str) -> list[tuple[Outcome, Outcome]]:
    """The outcomes of the last clause, and those with one more line, occasion by occasion."""
    clause, _ = last_clause(blocks)
    before: Judged = judged(contract_of(blocks), history, clauses={clause})
    after: Judged = judged(contract_of(with_line(blocks, line)), history, clauses={clause})
    assert before.keys() == after.keys()
    pairs: list[tuple[Judgement, Judgement]] = [(before[k], after[k]) for k in before]
    assert all(len(a.outcomes) == len(b.outcomes) for a, b in pairs)
    return [(x, y) for a, b in pairs for x, y in zip(a.outcomes, b.outcomes, strict=True) if not shown(x)]


def shown(outcome: Outcome) -> bool:
    """Whether an outcome stands for occasions that the record may not show: no gate is asked there."""
    return outcome.verdict is Verdict.UNDETERMINED and outcome.occasion is None


def judges_itself(blocks: list[Block]) -> bool:
    return not any(line.startswith("stands for") for line in blocks[-1][1])


clauses = contract_blocks().filter(judges_itself)


@given(clauses, histories())
def test_where_false_is_not_applicable_whatever_else(blocks: list[Block], history: History) -> None:
    for _, after in compared(blocks, history, f"where {FALSE}"):
        assert after.verdict is NA


@given(clauses, histories())
def test_save_where_true_excludes_what_applies(blocks: list[Block], history: History) -> None:
    for before, after in compared(blocks, history, f"save where {TRUE}"):
        if before.verdict in OPEN:
            assert after.verdict in {NA, EXCLUDED} | OPEN
        else:
            assert after.verdict is (NA if before.verdict is NA else EXCLUDED)


@given(clauses, histories())
def test_provided_that_false_gives_no_right_to_what_is_not_excluded(
    blocks: list[Block], history: History
) -> None:
    for before, after in compared(blocks, history, f"provided that {FALSE}"):
        if before.verdict in OPEN:
            assert after.verdict in {NA, EXCLUDED, NOT_ENTITLED} | OPEN
        elif before.verdict is NA:
            assert after.verdict is NA
        elif before.verdict is EXCLUDED:
            # By a carve-out, which comes before a prerequisite; or by the sentence, which comes after it.
            assert after.verdict in {EXCLUDED, NOT_ENTITLED} | OPEN
        else:
            assert after.verdict is NOT_ENTITLED


@given(
    clauses, histories(), st.sampled_from([f"where {TRUE}", f"save where {FALSE}", f"provided that {TRUE}"])
)
def test_a_gate_that_always_passes_changes_nothing(blocks: list[Block], history: History, line: str) -> None:
    for before, after in compared(blocks, history, line):
        assert (after.verdict, after.due, after.done) == (before.verdict, before.due, before.done)


@given(clauses, histories(), st.randoms(use_true_random=False))
def test_the_order_of_the_gates_on_the_page_does_not_matter(
    blocks: list[Block], history: History, random: object
) -> None:
    clause, lines = last_clause(blocks)
    parts: list[list[str]] = []
    for line in lines:
        if line.startswith(("  ", "or on reading")) and parts:
            parts[-1].append(line)
        else:
            parts.append([line])
    gates = [p for p in parts if p[0].startswith(("where", "save where", "provided", "superseded"))]
    rest = [p for p in parts if p not in gates]
    random.shuffle(gates)  # type: ignore[attr-defined]
    mixed = [line for part in (*rest, *gates) for line in part]
    other = [*blocks[:-1], (f"clause {clause}", mixed)]
    before = judged(contract_of(blocks), history, clauses={clause})
    after = judged(contract_of(other), history, clauses={clause})
    assert {k: [o.verdict for o in j.outcomes] for k, j in before.items()} == {
        k: [o.verdict for o in j.outcomes] for k, j in after.items()
    }
