"""Columns of moments and truths say, element by element, what the interpreter's rules say of one."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.columnar import possible as columns
from checker.interpret import possible as rules
from checker.record.model import Event

EVENTS = [
    Event("e", at, until, {}, None, revision, order)
    for order, (at, until, revision) in enumerate(
        [(5, 5, None), (5, 5, 1), (4, 7, 2), (4, 7, None), (6, 6, 3)]
    )
]
CAUSES = {
    (False, False): rules.NO_CAUSE,
    (True, False): rules.open_cause("later"),
    (False, True): rules.missing_cause("lost"),
    (True, True): rules.open_cause("later") | rules.missing_cause("lost"),
}
ORDER = columns.Order(
    np.array([e.at for e in EVENTS]),
    np.array([e.until for e in EVENTS]),
    np.array([e.revision is not None for e in EVENTS]),
    np.array([e.order for e in EVENTS]),
)


@st.composite
def moment(draw: st.DrawFn) -> tuple[int, int, bool, bool, int]:
    """Bounds, causes and the event of a moment."""
    row = draw(st.integers(-1, len(EVENTS) - 1))
    if row >= 0:
        e = EVENTS[row]
        return e.at, e.until, False, e.until != e.at, row
    lo = draw(st.sampled_from([rules.EVER, 3, 4, 5, 6, 7]))
    hi = max(lo, draw(st.sampled_from([3, 4, 5, 6, 7, rules.NEVER])))
    why = draw(st.sampled_from([k for k in CAUSES if any(k)])) if lo != hi else (False, False)
    return lo, hi, *why, -1


def one(m: tuple[int, int, bool, bool, int], edge: bool) -> rules.Moment:
    event = EVENTS[m[4]] if m[4] >= 0 and not edge else None
    return rules.Moment(m[0], m[1], CAUSES[m[2], m[3]], edge, event)


def column(found: list[tuple[int, int, bool, bool, int]], edge: bool) -> columns.Moments:
    lo, hi, open_, missing, row = (np.array(x) for x in zip(*found, strict=True))
    exact = bool((lo == hi).all()) and not open_.any() and not missing.any()
    return columns.Moments(
        lo,
        lo if exact else hi,
        None if exact else open_,
        None if exact else missing,
        edge,
        None if edge else row,
    )


PAIRS = st.lists(st.tuples(moment(), moment()), min_size=1, max_size=6)


def told(t: rules.Truth) -> tuple[bool | None, set[str]]:
    return t.value, {c.kind for c in t.causes}


def said(t: columns.Truths, i: int) -> tuple[bool | None, set[str]]:
    value = True if t.yes[i] else False if t.no[i] else None
    why = set()
    if t.open is not None and t.missing is not None:
        why = {k for k, v in (("open", t.open[i]), ("missing", t.missing[i])) if v}
    return value, why


@pytest.mark.parametrize("relation", ["before", "after", "no-later", "no-sooner", "precedes"])
@given(PAIRS, st.booleans(), st.booleans())
def test_comparisons(relation: str, pairs: list[Any], edge_a: bool, edge_b: bool) -> None:
    a, b = column([p[0] for p in pairs], edge_a), column([p[1] for p in pairs], edge_b)
    compared = columns.precedes(a, b, ORDER) if relation == "precedes" else None
    found = compared if compared is not None else columns.stands(a, relation, b, ORDER)
    for i, (x, y) in enumerate(pairs):
        mine, theirs = one(x, edge_a), one(y, edge_b)
        wanted = (
            rules.precedes(mine, theirs) if relation == "precedes" else rules.stands(mine, relation, theirs)
        )
        assert said(found, i) == told(wanted)


@pytest.mark.parametrize("last", [True, False])
@given(
    st.lists(st.tuples(moment(), moment(), moment()), min_size=1, max_size=6), st.booleans(), st.booleans()
)
def test_the_later_and_the_earlier_of_several(
    last: bool, rows: list[Any], one_edge: bool, all_edge: bool
) -> None:
    edges = (one_edge or all_edge, all_edge, all_edge)
    parts = [column([r[k] for r in rows], edges[k]) for k in range(3)]
    found = (columns.latest if last else columns.earliest)(parts)
    for i, row in enumerate(rows):
        wanted = (rules.latest if last else rules.earliest)(one(m, edges[k]) for k, m in enumerate(row))
        assert (found.lo[i], found.hi[i], found.edge) == (wanted.lo, wanted.hi, wanted.edge)
        why = {c.kind for c in wanted.causes} if wanted.lo != wanted.hi else set()
        open_, missing = found.causes(len(rows))
        assert {
            k for k, v in (("open", open_[i]), ("missing", missing[i])) if v and wanted.lo != wanted.hi
        } == why
        event = EVENTS[found.row[i]] if found.row is not None and found.row[i] >= 0 else None
        assert event is wanted.event


# --------------------------------------------------------------------------- columns in which some are edges
ROWS = st.lists(st.tuples(*(st.tuples(moment(), st.booleans()),) * 3), min_size=1, max_size=6)


def mixed(found: list[tuple[Any, bool]]) -> columns.Moments:
    """Moments each of which is an edge or is none: put together of two columns."""
    ms, edges = [m for m, _ in found], np.array([e for _, e in found])
    return columns.where(edges, column(ms, True), column(ms, False))


@given(ROWS)
def test_some_are_edges(rows: list[Any]) -> None:
    parts = [mixed([r[k] for r in rows]) for k in range(3)]
    a, b, _ = parts
    index = np.arange(len(rows))[::-1]
    for i, row in enumerate(rows):
        mine, theirs, _ = (one(*each) for each in row)
        for relation in ("before", "after", "no-later", "no-sooner"):
            wanted = told(rules.stands(mine, relation, theirs))
            assert said(columns.stands(a, relation, b, ORDER), i) == wanted
            turned = columns.stands(a.take(index), relation, b.take(index), ORDER)
            assert said(turned, len(rows) - 1 - i) == wanted
        assert said(columns.precedes(a, b, ORDER), i) == told(rules.precedes(mine, theirs))
        for found, rule in ((columns.latest(parts), rules.latest), (columns.earliest(parts), rules.earliest)):
            extreme = rule(one(*each) for each in row)
            edge = np.broadcast_to(found.edge, len(rows))[i]
            assert (found.lo[i], found.hi[i], edge) == (extreme.lo, extreme.hi, extreme.edge)
            event = EVENTS[found.row[i]] if found.row is not None and found.row[i] >= 0 else None
            assert event is extreme.event


TRUTH = st.sampled_from(
    [(True, ()), (False, ()), (None, ("open",)), (None, ("missing",)), (None, ("open", "missing"))]
)


@given(st.lists(st.tuples(TRUTH, TRUTH, TRUTH), min_size=1, max_size=8))
def test_kleene(rows: list[Any]) -> None:
    def col(k: int) -> columns.Truths:
        got = [r[k] for r in rows]
        yes, no = np.array([v is True for v, _ in got]), np.array([v is False for v, _ in got])
        return columns.doubtful(
            yes, no, np.array(["open" in c for _, c in got]), np.array(["missing" in c for _, c in got])
        )

    def scalar(t: Any) -> rules.Truth:
        return rules.Truth(t[0], CAUSES["open" in t[1], "missing" in t[1]])

    parts = [col(k) for k in range(3)]
    for mine, theirs in ((columns.conjunction, rules.conjunction), (columns.disjunction, rules.disjunction)):
        found = mine(parts)
        for i, row in enumerate(rows):
            assert said(found, i) == told(theirs([scalar(t) for t in row]))
            assert said(columns.negation(found), i) == told(rules.negation(theirs([scalar(t) for t in row])))
