"""The columnar engine on files that come as columns: no object of the interpreter is made but one case for each agreement.

`load` reads event rows (Parquet) or lines (JSON), `run` gives every verdict of every ticket.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from checker.audit.library import load_contract, vocabulary
from checker.audit.words import words_of
from checker.columnar.agreements import Agreements
from checker.columnar.engine import Result
from checker.columnar.freed import keep_freed
from checker.columnar.judge import VERDICTS as OURS
from checker.columnar.judges import Judges
from checker.columnar.reading import read
from checker.columnar.reads import reads
from checker.columnar.table import Table
from checker.interpret.book import Book
from checker.record.agreement_mapping import load_agreement_mapping
from checker.record.agreements import read_agreements
from checker.record.instants import parse_instant
from tests.bench.common import CLAUSES, VERDICTS
from tests.bench.registry import AS_OF, CONTRACT, MAPPING

PART = 200_000
"""How many tickets a part has."""


def load(log: Path, agreements: Path) -> Judges:
    """The tickets under their agreements, as tables, with the attributes that the clauses read, held by a process to a processor."""
    keep_freed()
    contract = load_contract(str(CONTRACT))
    words = words_of(vocabulary(), contract)
    types = {name: kind for word in vocabulary().events.values() for name, kind in word.attributes.items()}
    given = read_agreements([agreements], words=words, names=load_agreement_mapping(MAPPING))
    book = Book(contract)
    clauses, now = list(contract.clauses), parse_instant(AS_OF)[0]
    reading = read([log], given, book, clauses, now, PART, words=words, attribute_types=types)
    tables = [Table(part.source) for part in reading]
    read_there = reads(book, clauses).attributes
    for table in tables:
        for attribute in read_there:
            table.column(attribute)
    # What agreements decide is found once for all parts, as the hand-written programs lay out theirs when they load.
    return Judges(book, tables, Agreements(book, tables[0].facts, now, book.recommended))


def run(data: Judges) -> list[Result]:
    """Every verdict of every ticket, as columns, part by part."""
    return data.judge(times=False)


def codes(results: list[Result]) -> dict[str, np.ndarray]:
    """The verdicts of each clause in the order of the tickets; 255 for one that the hand-written programs do not know."""
    known = {verdict: code for code, verdict in enumerate(VERDICTS)}
    theirs = np.array([known.get(str(v), 255) for v in OURS], np.uint8)
    return {
        clause: np.concatenate([theirs[each.outcomes[clause].verdict] for each in results])
        for clause in CLAUSES
    }
