"""Proofs about generated contracts and mutations of them, against generated histories, doubtful records included."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from checker.audit.run import Cases, Population
from checker.compare.clause_form import Clauses
from checker.compare.due import Frame
from checker.compare.fare import fare, turned
from checker.compare.logic import Groups
from checker.compare.order import HOLIDAYS, Order
from checker.compare.proof import WHOLE, Prover, Side, sides
from checker.compare.replay import alone
from checker.compare.single import certainly, two_valued
from checker.interpret.book import Book
from checker.interpret.judge import outcomes_of
from checker.interpret.verdicts import Outcome
from checker.interpret.world import World
from dsl import contract as ir
from tests.compare.mutations import mutated
from tests.strategies import Block, History, contract_blocks, contract_of, histories, stretch_blocks, words

PLACES = (("Europe/Warsaw", "PL"),)


def judged(book: Book, clause: ir.Clause, history: History) -> list[tuple[Outcome, ...]]:
    """The outcomes of every occasion, on each record that the clause judges."""
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    cases = Cases(Population(book, history.as_of, {}, tickets, [agreement], [clause]))
    return [
        outcomes_of(World(book, cases.case(i)[0], history.as_of, book.recommended), clause.id)
        for i in range(cases.count)
    ]


def part(clauses: Clauses, name: str, side: Side) -> tuple[Book, ir.Clause]:
    """A clause with the sentences of one side."""
    clause = clauses.book.clauses[name]
    chosen = list(clauses.lines(clause.sentences))
    mine = tuple(s for s in chosen if clauses.sentence(s) in side.sentences)
    return (clauses.book, clause) if len(mine) == len(chosen) else alone(clauses.book, clause, mine)


def check(old: ir.Contract, new: ir.Contract, history: History) -> int:
    """Hold every proof against a history; how many there were of clauses that differ."""
    a, b = (Clauses(book, book.recommended) for book in (Book(old), Book(new)))
    groups = Groups(certainly(words()), two_valued(words()))
    prover = Prover(Order(PLACES, (2025, 2025), groups, Frame.of(old, new)))
    whole = not history.missing and not history.gaps
    known = {HOLIDAYS, WHOLE} if whole else {HOLIDAYS}
    count = 0
    for name in a.book.clauses:
        x, y = a.form(name), b.form(name)
        same = prover.same(x, y)
        before, after = (judged(c.book, c.book.clauses[name], history) for c in (a, b))
        if same is not None and same <= known:
            count += x != y
            assert [[o.verdict for o in case] for case in before] == [
                [o.verdict for o in case] for case in after
            ], name
        mine, theirs = sides(x), sides(y)
        for bound in set(mine) & set(theirs):
            count += _directions(prover, (a, b), name, (mine[bound], theirs[bound]), history, known)
    return count


def _directions(
    prover: Prover,
    clauses: tuple[Clauses, Clauses],
    name: str,
    pair: tuple[Side, Side],
    history: History,
    known: set[str],
) -> int:
    old, new = pair
    if old == new:
        return 0
    worse, better = prover.never_worse(old, new), prover.never_worse(new, old)
    held = [
        (p, ways)
        for p, ways in ((worse, ("same", "better")), (better, ("same", "worse")))
        if p is not None and p <= known
    ]
    if not held:
        return 0
    outcomes = [judged(*part(c, name, s), history) for c, s in zip(clauses, pair, strict=True)]
    for case, other in zip(*outcomes, strict=True):
        assert old.bound is not None
        assert new.bound is not None
        way = turned(fare(old.bound, case), fare(new.bound, other))
        for proof, ways in held:
            assert way in ways, f"{name}: {way}, and proved {ways} under {sorted(proof)}"
    return len(held)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(contract_blocks(), st.integers(0, 10**6), st.lists(histories(), min_size=1, max_size=3))
def test_proofs_hold(blocks: list[Block], seed: int, found: list[History]) -> None:
    old = contract_of(blocks)
    new, _ = mutated(old, str(seed))
    for history in found:
        check(old, new, history)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(stretch_blocks(), st.integers(0, 10**6), st.lists(histories(), min_size=1, max_size=3))
def test_proofs_about_what_lasts_hold(blocks: list[Block], seed: int, found: list[History]) -> None:
    old = contract_of(blocks)
    new, _ = mutated(old, str(seed))
    for history in found:
        check(old, new, history)
