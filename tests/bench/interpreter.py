"""The interpreter, measured as a hand-written program is: loading, then every verdict of every ticket, in one process."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

import numpy as np

from checker.audit.library import load_contract, vocabulary
from checker.audit.run import Cases, Population, assemble, judge, settled
from checker.audit.words import words_of
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.record.agreement_mapping import load_agreement_mapping
from checker.record.agreements import read_agreements
from checker.record.reading import read_log
from tests.bench.common import AS_OF, CLAUSES, VERDICTS
from tests.bench.registry import CONTRACT, MAPPING

EXPLAINED = 200
"""How many tickets are explained."""


def load(log: Path, agreements: Path) -> Population:
    """The tickets under their agreements."""
    contract = load_contract(str(CONTRACT))
    words = words_of(vocabulary(), contract)
    given = read_agreements([agreements], words=words, names=load_agreement_mapping(MAPPING))
    types = {name: kind for word in vocabulary().events.values() for name, kind in word.attributes.items()}
    return assemble(contract, given, read_log([log], words=words, attribute_types=types), now=AS_OF)


def run(data: Population) -> list[tuple[str, str]]:
    """Every verdict, ticket by ticket: the clause and the verdict."""
    with settled():
        return [(judgement.clause, judgement.verdict.value) for judgement in judge(data)]


def codes(result: list[tuple[str, str]]) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets; 255 for one that the hand-written programs do not know."""
    known = {verdict: code for code, verdict in enumerate(VERDICTS)}
    out: dict[str, list[int]] = {clause: [] for clause in CLAUSES}
    for clause, verdict in result:
        out[clause].append(known.get(verdict, 255))
    return {clause: np.array(found, np.uint8) for clause, found in out.items()}


def seconds_to_explain(data: Population) -> float:
    """The median time of one explanation of one clause, from the record to the finished proof."""
    found = Cases(data)
    times = []
    for i in range(0, found.tickets, max(found.tickets // EXPLAINED, 1)):
        case, clauses = found.case(i)
        for clause in clauses:
            start = time.perf_counter()
            explain(Judge(data.book, case, data.now, data.readings), clause.id)
            times.append(time.perf_counter() - start)
    return statistics.median(times)
