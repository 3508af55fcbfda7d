"""A log read both ways: through the reader of objects, and as parts that are columns. Both must say the same."""

from __future__ import annotations

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from checker.audit.run import Population, assemble
from checker.columnar.parts import Part
from checker.columnar.reading import Reading, read
from checker.columnar.reads import Reads, reads
from checker.columnar.source import Dictionary, OfCases, Source
from checker.interpret.case import Case, case_of_ticket
from checker.interpret.world import plain
from checker.record.model import Agreement, Fault, Log
from checker.record.reading import read_log
from checker.record.words import Words
from dsl import contract as ir


class Both(NamedTuple):
    """What the reader of objects said, what the parts said, and the parts; a fault is its text."""

    objects: Any
    columns: Any
    parts: list[Part]
    reads: Reads


def both(
    paths: Sequence[str | Path],
    contract: ir.Contract,
    agreements: Sequence[Agreement],
    *,
    now: int | None = None,
    words: Words | None = None,
    types: Mapping[str, str] | None = None,
    size: int = 3,
    in_shares: bool = False,
) -> Both:
    """Read a log both ways. Of cases that come as rows of a table only the attributes that are read are compared.

    `in_shares`: as several processes would read it, where they could.
    """
    population: Population | None = None
    objects: Any
    columns: Any
    try:
        log = read_log(paths, words=words, attribute_types=types)
        population = assemble(contract, agreements, log, now=now)
    except Fault as fault:
        objects = str(fault)
    parts: list[Part] = []
    mine = [a for a in agreements if a.contract == contract.name]
    others = [a.id for a in agreements if a.contract != contract.name]
    clauses = list(contract.clauses)
    from checker.interpret.book import Book

    book = Book(contract)
    wanted = reads(book, clauses)

    def begun() -> Reading:
        return read(paths, mine, book, clauses, now, size, others=others, words=words, attribute_types=types)

    try:
        reading = begun()
        if in_shares and reading.shares:
            parts = shared(reading, begun())
            size = sum(len(part.tickets) for part in parts)
        else:
            parts = list(reading)
        account = reading.account()
        told = assemble(contract, agreements, account, now=now)
        columns = said(account, told, cases_of(parts), wanted, reading)
    except Fault as fault:
        columns = str(fault)
    if population is not None:
        expected = [case_of_ticket(t, a, population.now) for t, a in population.tickets]
        objects = said(log, population, expected, wanted, None)
    for part in parts:
        check_part(part, size, wanted)
    return Both(objects, columns, parts, wanted)


def shared(reading: Reading, elsewhere: Reading) -> list[Part]:
    """The parts of a log in shares, read by another process than that which has the account: here by another reading of it."""
    found = []
    for stint in elsewhere.stints(3):
        found += [elsewhere.alone(number) for number in stint]
    told = [pickle.loads(pickle.dumps(took)) for _, took in found]
    assert len(list(reading.took(told))) == reading.shares
    return [part for part, _ in found if part is not None]


def cases_of(parts: Sequence[Part]) -> list[Case]:
    """The cases of all parts, which come in the order of the log."""
    places = [int(at) for part in parts for at in part.place]
    assert places == sorted(places)
    return [case for part in parts for case in part.source.cases]


def said(
    log: Log, population: Population, cases: list[Case], wanted: Reads, reading: Reading | None
) -> dict[str, Any]:
    """All that a reading says, in a form that can be compared."""
    return {
        "read": log.read,
        "set aside": log.set_aside,
        "notes": log.notes,
        "sources": log.sources,
        "complete to": log.complete_to,
        "agreements": population.agreements,
        "now": population.now,
        "without an agreement": population.set_aside,
        "remarks": population.notes,
        "of other contracts": (
            population.other_tickets + (reading.other_tickets if reading is not None else 0),
            population.other_rows + (reading.other_rows if reading is not None else 0),
        ),
        "cases": [bare(c, wanted.attributes) for c in cases],
        "number": len(cases),
    }


def bare(case: Case, attributes: frozenset[str]) -> Case:
    """A case with the attributes that are read alone."""
    events = tuple(
        replace(e, attributes={k: v for k, v in e.attributes.items() if k in attributes}) for e in case.events
    )
    return replace(case, events=events, shared=())


def check_part(part: Part, size: int, wanted: Reads) -> None:
    """The columns of a part are those of its cases."""
    cases = list(part.source.cases)
    assert [c.ticket for c in cases] == list(part.tickets)
    assert 0 < len(cases) <= size
    assert (np.diff(part.place) > 0).all()
    mine = columns_of(part.source, cases, wanted)
    theirs = columns_of(OfCases(cases, part.source.now), cases, wanted)
    assert {k: (mine[k], theirs[k]) for k in mine if mine[k] != theirs[k]} == {}


def columns_of(source: Source, cases: Sequence[Case], wanted: Reads) -> dict[str, Any]:
    """The columns of a source as plain values, of the rows that are read."""
    dictionary = Dictionary()
    codes = {a: source.attribute(a, dictionary) for a in sorted({*wanted.attributes, "ticket"})}
    names = [source.names[k] for k in source.name.tolist()]
    kept = np.array([name in wanted.events for name in names], bool)
    for attribute in wanted.carried:
        kept |= (codes[attribute] >= 0) | source.says_null(attribute)
    values = [*(repr(plain(v)) for v in dictionary.values), None]
    first = {int(a): cases[i].agreement for i, a in reversed(list(enumerate(source.agreement)))}
    facts = {int(a): cases[i].facts for i, a in enumerate(source.agreement)}
    assert all(source.facts[number] == each for number, each in facts.items())
    gaps = source.gaps()
    logs = sorted({"work", *wanted.events})
    gone = {log: source.gone((log,), "ticket_opened") for log in logs}
    order = source.order
    return {
        "rows": [
            *zip(
                source.case[kept].tolist(),
                order.at[kept].tolist(),
                order.until[kept].tolist(),
                order.revised[kept].tolist(),
                order.order[kept].tolist(),
                [name for name, is_kept in zip(names, kept.tolist(), strict=True) if is_kept],
                strict=True,
            )
        ],
        "says": {a: [values[c] for c in column[kept].tolist()] for a, column in codes.items()},
        "null": {a: source.says_null(a)[kept].tolist() for a in sorted(wanted.carried)},
        "birth": source.birth.tolist(),
        "agreement": [first[a] for a in source.agreement.tolist()],
        "gaps": None if gaps is None else [*zip(*(c.tolist() for c in gaps), strict=True)],
        "gone": {log: None if found is None else found.tolist() for log, found in gone.items()},
        "whole": source.whole,
    }
