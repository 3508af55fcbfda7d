"""Agreements as columns straight from the columns of their tickets are, column by column, those of their records as objects."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import numpy as np
import pytest

from checker.audit.library import contract_names, vocabulary
from checker.audit.words import words_of
from checker.batch.straight import Given
from checker.record.agreements import read_agreements
from checker.record.instants import parse_instant
from tests.soak import made
from tests.soak.specimen import book

pytest.importorskip("pyarrow", reason="the extra parquet is not installed")

from checker.batch.held import Held, held
from checker.columnar.agreement_source import OfAgreements
from checker.columnar.reads import reads
from checker.columnar.source import Across, Dictionary, OfCases, Source


def held_of(folder: Path, contract: str, seed: str) -> Held | None:
    """The histories of some agreements, held in columns; some events of several tickets at one second."""
    specimen = made.specimen(contract, seed, agreements=9, tickets=4)
    draw = Random(seed)
    seconds = [e["at"] for t in specimen.tickets for e in t["events"]] or [specimen.as_of]
    tickets = []
    for t in specimen.tickets:
        events = [
            {**e, "at": draw.choice(seconds)} if draw.random() < 0.3 else e
            for e in t["events"] or [{"at": specimen.as_of, "event": "ticket_opened"}]
        ]
        plain = {k: v for k, v in t.items() if k in ("ticket", "agreement")}
        tickets.append({**plain, "kind": "incident", "events": sorted(events, key=lambda e: str(e["at"]))})
    draw.shuffle(tickets)
    agreements, log = folder / "agreements.yaml", folder / "log.jsonl"
    agreements.write_text("\n---\n".join(json.dumps(a) for a in specimen.agreements))
    log.write_text("".join(json.dumps(t) + "\n" for t in tickets))
    words = words_of(vocabulary(), book(contract).contract)
    found = read_agreements([agreements], words=words)
    now = parse_instant(specimen.as_of)[0]
    return held(Given(book(contract).contract, found, [log], now, {}, (), words, {}), "columns")


def alike(one: Source, other: Source, attributes: list[str], followed: frozenset[str]) -> None:
    """Both say the same of everything. `followed`: attributes that any event may set."""
    assert np.array_equal(one.case, other.case)
    for mine, theirs in zip(one.order, other.order, strict=True):
        assert np.array_equal(mine, theirs)
    assert [one.names[k] for k in one.name.tolist()] == [other.names[k] for k in other.name.tolist()]
    assert np.array_equal(one.birth, other.birth)
    assert one.whole == other.whole
    both = Dictionary()
    for name in [*attributes, "ticket"]:
        assert np.array_equal(one.attribute(name, both), other.attribute(name, both)), name
    # Of other attributes a silent event is as good as one that says null.
    for name in followed:
        assert np.array_equal(one.says_null(name), other.says_null(name)), name
    for name in {*one.names, "ticket_opened"}:
        gone = [s.gone((name, "log"), name) for s in (one, other)]
        assert (gone[0] is None) == (gone[1] is None)
        assert gone[0] is None or np.array_equal(*gone)
        theirs = [s.across(name) for s in (one, other)]
        assert all(a is not None for a in theirs)
        assert shown(theirs[0], one, both, attributes) == shown(theirs[1], other, both, attributes)
    gaps = [s.gaps() for s in (one, other)]
    assert (gaps[0] is None) == (gaps[1] is None)
    for mine, theirs in zip(*(g or () for g in gaps), strict=True):
        assert np.array_equal(mine, theirs)


def shown(
    found: Across | None, of: Source, both: Dictionary, attributes: list[str]
) -> list[tuple[object, ...]]:
    """What the events of one name are, by the rows that each is; of one second they stand in no certain order."""
    assert found is not None
    rows = found.rows()
    here = [np.flatnonzero(rows == n).tolist() for n in found.number.tolist()]
    said = [found.said(name, both).tolist() for name in attributes]
    every = zip(here, found.order.at.tolist(), *said, strict=True)
    # Of agreements that are not among the cases columns may know, too.
    return sorted(each for each in every if each[0])


@pytest.mark.parametrize("contract", contract_names())
def test_the_same_columns(contract: str, tmp_path: Path) -> None:
    taken = 0
    followed = reads(book(contract), book(contract).contract.clauses).carried
    for seed in range(12):
        found = held_of(tmp_path, contract, f"source {seed}")
        if found is None:
            continue
        taken += 1
        of = found.tickets
        attributes = sorted({*of.batch.attributes, "severity"})
        n = len(of.agreements)
        for first, last in ((0, n), (2, 5), (n - 1, n)):
            cases = [of.case_of_agreement(k) for k in range(first, last)]
            alike(OfAgreements(of, first, last), OfCases(cases, of.now), attributes, followed)
    assert taken > 2
