"""Layers as columns: which occasions of two clauses are the same, and whether another clause takes the place of one."""

from __future__ import annotations

import numpy as np

from checker.columnar import conditions
from checker.columnar.limits import some
from checker.columnar.possible import (
    Bools,
    Ints,
    Truths,
    always,
    conjunction,
    disjunction,
    doubtful,
    negation,
)
from checker.columnar.table import Pairs, Rows, paired
from checker.columnar.world import Columns, Frame
from checker.interpret.book import sorted_gates
from dsl import contract as ir


def exists(world: Columns, clause: ir.Clause) -> bool:
    """Whether the clause exists on the chosen readings."""
    if clause.only_on is None:
        return True
    ambiguity, reading = clause.only_on
    world.touched.add(ambiguity)
    return world.readings.get(ambiguity) == reading


def where_holds(world: Columns, gate: ir.Gate | ir.SupersededBy, frame: Frame) -> Truths:
    """Whether a `where` gate, or a layer, lets the clause apply."""
    if isinstance(gate, ir.Gate):
        return conditions.truth(world, gate.condition, frame)
    return negation(disjunction([takes_over(world, name, frame) for name in gate.clauses]))


def takes_over(world: Columns, name: str, frame: Frame) -> Truths:
    """Whether another clause applies to the same occasion and the customer is entitled to it.

    One that gives way itself takes over all the same: what stands in its place stands in this place, too.
    """
    return world.of_frame(("takes over", name), frame, lambda f: _takes_over(world, name, f))


def _takes_over(world: Columns, name: str, frame: Frame) -> Truths:
    from checker.columnar.judge import occasions

    clause = world.book.clauses[name]
    if not exists(world, clause):
        return always(frame.n, False)
    theirs, doubt, more = occasions(world, clause)
    found = always(frame.n, False)
    if theirs.n:
        pairs = _alongside(world, clause, frame, theirs)
        binds = conjunction([doubt, passes(world, clause, theirs, layers=False)])
        found = some(pairs, binds.take(pairs.row), frame.n)
    if more is None:
        return found
    lost = found.no & more[frame.case]
    none = np.zeros(frame.n, bool)
    open_, missing = (c if c is not None else none for c in (found.open, found.missing))
    return doubtful(found.yes, found.no & ~lost, open_, missing | lost)


def passes(world: Columns, clause: ir.Clause, frame: Frame, *, layers: bool = True) -> Truths:
    """Whether all gates of a clause pass: it applies, nothing excludes it, the customer is entitled.

    Without `layers`: whatever takes the clause's own place.
    """
    return world.of_frame(("passes", clause.id, layers), frame, lambda f: _passes(world, clause, f, layers))


def _passes(world: Columns, clause: ir.Clause, frame: Frame, layers: bool) -> Truths:
    where, save, provided = sorted_gates(world.lines(clause.gates))
    checks = [where_holds(world, g, frame) for g in where if layers or isinstance(g, ir.Gate)]
    checks += [negation(conditions.truth(world, g.condition, frame)) for g in save]
    checks += [conditions.truth(world, g.condition, frame) for g in provided]
    return conjunction(checks) if checks else always(frame.n)


def _alongside(world: Columns, clause: ir.Clause, frame: Frame, theirs: Frame) -> Pairs:
    """Each occasion with those of another clause that are the same; with all, where the two are of different kinds.

    The second of a pair is a place among the other occasions.
    """
    same = same_start(world, frame, theirs)
    concern = next(iter(world.lines(clause.concerns)), None)
    if isinstance(concern, ir.EachStretch):
        return same
    every = np.arange(len(world.table), dtype=np.int64)
    begin, end = (np.searchsorted(theirs.case, every, side) for side in ("left", "right"))
    all_ = paired(frame.case, Rows(np.arange(theirs.n, dtype=np.int64), (begin, end)))
    lone = same.number(np.ones(len(same.row), bool), frame.n) == 0
    if theirs.row is not None and len(theirs.row):
        first = theirs.row[begin[frame.case] % len(theirs.row)] >= 0
        lone &= ~((_rows(frame) >= 0) & first)
    kept = lone[all_.occasion]
    occasion = np.concatenate([same.occasion, all_.occasion[kept]])
    order = np.argsort(occasion, kind="stable")
    return Pairs(occasion[order], np.concatenate([same.row, all_.row[kept]])[order])


def _rows(frame: Frame) -> Ints:
    return frame.row if frame.row is not None else np.full(frame.n, -1, np.int64)


def same_start(world: Columns, frame: Frame, theirs: Frame) -> Pairs:
    """Each occasion with those of another clause in its case that begin with it, as places among the others.

    They begin together that begin with one event, or at one instant that is no event's.
    """
    mine, other = _keys(frame), _keys(theirs)
    order = np.arange(len(other), dtype=np.int64)
    if not (other[1:] >= other[:-1]).all():
        order = np.argsort(other, kind="stable")
    sorted_ = other[order]
    begin, end = np.searchsorted(sorted_, mine, "left"), np.searchsorted(sorted_, mine, "right")
    occasion = np.repeat(np.arange(frame.n, dtype=np.int64), end - begin)
    within = np.arange(len(occasion)) - np.repeat(np.cumsum(end - begin) - (end - begin), end - begin)
    pairs = Pairs(occasion, order[np.repeat(begin, end - begin) + within])
    a, b = frame.start.take(pairs.occasion), theirs.start.take(pairs.row)
    same = (a.lo == b.lo) & (a.hi == b.hi)
    # Of bounds that no event gives it is not told here whether one doubt is behind both.
    told: Bools = (a.lo == a.hi) | (frame_rows(frame)[pairs.occasion] >= 0)
    if (
        frame.stretch is not None
        and theirs.stretch is not None
        and frame.whole.key[:2] == theirs.whole.key[:2]
    ):
        # One stretch of one attribute has one doubt.
        told |= frame.stretch[pairs.occasion] == theirs.stretch[pairs.row]
    world.give_up(frame.case[pairs.occasion], same & ~told)
    kept = np.flatnonzero(same)
    return Pairs(pairs.occasion[kept], pairs.row[kept])


def frame_rows(frame: Frame) -> Ints:
    """The events whose instants the occasions begin at; -1 for none."""
    return frame.start.row if frame.start.row is not None else np.full(frame.n, -1, np.int64)


def _keys(frame: Frame) -> Ints:
    """A number for each beginning: equal for what may begin together."""
    row = frame_rows(frame)
    if (row >= 0).all():
        return row
    # No event begins at the same number.
    return np.where(row >= 0, row, -1 - (frame.case * _WIDTH + np.clip(frame.start.lo, 0, _WIDTH - 1)))


_WIDTH = np.int64(2) ** 34
"""More seconds than any record has."""
