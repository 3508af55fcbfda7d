"""States and clocks in columns are, case by case, those of the interpreter: stretches, stops, opening hours, running time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.run import Cases, Population
from checker.columnar import clocks, spans, states
from checker.columnar.possible import Ints, Moments, Truths
from checker.columnar.source import OfCases
from checker.columnar.table import Table
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret import calendars
from checker.interpret import moments as rule_moments
from checker.interpret import spans as rules
from checker.interpret.book import Book
from checker.interpret.possible import EVER, NEVER, Causes, Moment, Truth, missing_cause, open_cause
from checker.interpret.world import Frame as One
from checker.interpret.world import World
from dsl import contract as ir
from tests.strategies import Block, History, contract_of, definition_blocks, histories

LASTING = st.sampled_from(
    [
        ("event", "state", "calendar", "calendar"),
        ("event", "state", "state", "calendar"),
        ("ambiguity", "event", "state", "state", "calendar", "calendar"),
    ]
).flatmap(lambda kinds: definition_blocks(*kinds))


def worlds(blocks: list[Block], history: History) -> tuple[Columns, list[World]]:
    """The cases of a history as columns, and each as the interpreter takes it."""
    book = Book(contract_of(blocks))
    agreement = history.agreement()
    tickets = [(t, agreement) for t in history.all_tickets]
    population = Population(book, history.as_of, {}, tickets, [agreement], list(book.contract.clauses))
    found = Cases(population)
    cases = [found.case(i)[0] for i in range(found.tickets)]
    columns = Columns(book, Table(OfCases(cases, history.as_of)), book.recommended)
    return columns, [World(book, c, history.as_of, book.recommended) for c in cases]


def kinds(causes: Causes) -> set[str]:
    return {c.kind for c in causes}


def told(m: Moment) -> tuple[int, int, set[str], int]:
    return m.lo, m.hi, kinds(m.causes), m.event.order if m.event is not None else -1


def said(world: Columns, m: Moments, i: int) -> tuple[int, int, set[str], int]:
    row = int(m.row[i]) if m.row is not None else -1
    open_, missing = m.causes(len(m.lo))
    why = {k for k, v in (("open", open_[i]), ("missing", missing[i])) if v}
    return int(m.lo[i]), int(m.hi[i]), why, int(world.table.order.order[row]) if row >= 0 else -1


def truth(t: Truths, i: int) -> tuple[bool | None, set[str]]:
    value = True if t.yes[i] else False if t.no[i] else None
    causes = {"open": t.open, "missing": t.missing}
    return value, {k for k, v in causes.items() if v is not None and v[i] and value is None}


def value(t: Truth) -> tuple[bool | None, set[str]]:
    return t.value, kinds(t.causes)


@given(LASTING, histories())
def test_stretches_of_states(blocks: list[Block], history: History) -> None:
    columns, each = worlds(blocks, history)
    for name in columns.book.states:
        columns.hard = None
        try:
            found = states.stretches(columns, name)
        except NotColumnar:
            continue
        for case, world in ((i, each[i]) for i in sure_cases(columns)):
            here = np.flatnonzero(found.case == case).tolist()
            mine = [
                (said(columns, found.start, i), said(columns, found.end, i), truth(found.truth, i))
                for i in here
            ]
            theirs = [(told(s.start), told(s.end), value(s.truth)) for s in rules.stretches(world, name)]
            assert mine == theirs


@st.composite
def instants(draw: st.DrawFn, history: History) -> list[Moment]:
    """Moments of any kind in and around a history."""
    found = []
    for _ in range(draw(st.integers(1, 4))):
        lo = history.as_of - 12 * 86400 + draw(st.integers(0, 24 * 86400))
        width = draw(st.sampled_from([0, 0, 59, 86399, 3 * 86400]))
        why = draw(st.sampled_from([open_cause("later"), missing_cause("lost")])) if width else frozenset()
        odd = draw(st.integers(0, 9))
        found.append(
            Moment(lo, NEVER, open_cause("later"))
            if odd == 9
            else Moment(EVER, lo, missing_cause("lost"))
            if odd == 8
            else Moment(lo, lo + width, why)
        )
    return found


def asked(columns: Columns, each: list[World], extra: list[Moment]) -> tuple[Frame, list[tuple[int, Moment]]]:
    """A frame with every event of every case, and some moments more."""
    found: list[tuple[int, Moment]] = []
    rows: list[int] = []
    for case, world in enumerate(each):
        mine = np.flatnonzero(columns.table.case == case).tolist()
        found += [(case, world.moment(e)) for e in world.case.events]
        rows += mine
        found += [(case, m) for m in extra]
        rows += [-1] * len(extra)
    case_ = np.array([c for c, _ in found], np.int64)
    return Frame(("asked",), case_, column([m for _, m in found], np.array(rows, np.int64))), found


def column(found: list[Moment], rows: Ints) -> Moments:
    lo, hi = (np.array([m[k] for m in found], np.int64) for k in (0, 1))
    open_, missing = (np.array([k in kinds(m.causes) for m in found], bool) for k in ("open", "missing"))
    if (lo == hi).all() and not open_.any() and not missing.any():
        return Moments(lo, lo, row=rows)
    return Moments(lo, hi, open_, missing, row=rows)


def sure_cases(columns: Columns) -> Iterator[int]:
    """The cases that the columns did not leave to the interpreter."""
    hard = columns.hard
    yield from (i for i in range(len(columns.table)) if hard is None or not hard[i])


@given(LASTING, st.data())
def test_moments_in_states_and_opening_hours(blocks: list[Block], data: st.DataObject) -> None:
    history = data.draw(histories())
    columns, each = worlds(blocks, history)
    frame, found = asked(columns, each, data.draw(instants(history)))
    questions: list[tuple[Any, Any]] = [
        (
            lambda n=n: spans.in_state(columns, n, frame.start, frame),
            lambda w, m, n=n: rules.in_state(w, n, m),
        )
        for n in columns.book.states
    ]
    questions += [
        (
            lambda n=n: clocks.open_at(columns, n, frame.start, frame),
            lambda w, m, n=n: calendars.contains(w, n, m),
        )
        for n in columns.book.calendars
    ]
    for mine, theirs in questions:
        columns.hard = None
        try:
            answer = mine()
        except NotColumnar:
            continue
        kept = set(sure_cases(columns))
        for i, (case, moment) in enumerate(found):
            if case in kept:
                assert truth(answer, i) == value(theirs(each[case], moment))


def clocks_of(book: Book) -> list[ir.Clock]:
    """Every clock that the calendars and states of a contract can make."""
    timed = [
        n for n, c in book.calendars.items() if not any(getattr(x.base, "whole_days", False) for x in c.lines)
    ]
    stopped: list[tuple[str, ...]] = [(), *((n,) for n in book.states), tuple(book.states)]
    return [ir.Clock(calendar, stop) for calendar in (None, *timed) for stop in stopped]


@given(LASTING, st.data())
def test_running_clocks(blocks: list[Block], data: st.DataObject) -> None:
    history = data.draw(histories())
    columns, each = worlds(blocks, history)
    frame, found = asked(columns, each, data.draw(instants(history)))
    hours = data.draw(st.sampled_from([0, 1, 8, 100]))
    for clock in clocks_of(columns.book):
        for back in (False, True):
            length = ir.Length(hours, "hour", "clock" if clock.calendar else "elapsed")
            columns.hard = None
            try:
                ran = clocks.run(columns, clock, hours * 3600, frame.start, back, frame)
            except NotColumnar:
                continue
            kept = set(sure_cases(columns))
            for i, (case, moment) in enumerate(found):
                if case in kept:
                    wanted = rule_moments.shifted(each[case], length, back, moment, clock, One())
                    mine = said(columns, ran, i)[:3]
                    assert mine == (wanted.lo, wanted.hi, kinds(wanted.causes)), clock


@given(LASTING, st.data())
def test_time_that_was_counted(blocks: list[Block], data: st.DataObject) -> None:
    history = data.draw(histories())
    columns, each = worlds(blocks, history)
    start = history.as_of - data.draw(st.integers(0, 12 * 86400))
    end = start + data.draw(st.sampled_from([0, 1, 3600, 86400, 5 * 86400]))
    n = len(each)
    frame = Frame(("all",), np.arange(n, dtype=np.int64), Moments(*(np.full(n, start),) * 2))
    for clock in clocks_of(columns.book):
        columns.hard = None
        try:
            got, known = clocks.counted(columns, clock, np.full(n, start), np.full(n, end), frame)
        except NotColumnar:
            continue
        for case in sure_cases(columns):
            wanted = calendars.counted(each[case], clock, start, end)
            assert (int(got[case]) if known[case] else None) == wanted
