"""Values as columns of codes: attributes of rows, attributes as of a moment, facts of the agreement."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import events, moments
from checker.columnar.possible import Bools, Ints, Moments, Truths, doubtful
from checker.columnar.table import NOTHING, Rows
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.book import plain
from dsl import contract as ir


class Values(NamedTuple):
    """Codes; where nothing is known, NOTHING and why."""

    code: Ints
    open: Bools
    missing: Bools


def of_codes(code: Ints) -> Values:
    """Codes of what rows carry: what is not on record is missing."""
    return Values(code, np.zeros(len(code), bool), code == NOTHING)


def value(world: Columns, term: ir.Value, frame: Frame) -> Values:
    """What a value term stands for at each occasion."""
    if isinstance(term, ir.AttributeOf):
        return _of_row(world, term, frame)
    if isinstance(term, ir.FactValue):
        return _of_agreement(world, term, frame)
    if isinstance(term, ir.EntryBy):
        return _entry(world, term, frame)
    at = moments.moment(world, term.at if term.at is not None else ir.It(), frame)
    return as_of(world, term.attribute, at, frame)


def _of_row(world: Columns, term: ir.AttributeOf, frame: Frame) -> Values:
    row = term.row
    if isinstance(row, ir.OccasionRow):
        which = frame.here if frame.here is not None else frame.row
        if which is None:
            raise NotColumnar("an attribute of what is no event")
        return of_codes(world.table.column(term.attribute)[which])
    if isinstance(row, ir.FactRow):
        raise NotColumnar("a field of the entry in force")
    return _of_event(world, row, term.attribute, frame)


def _of_event(world: Columns, row: ir.EventRow, name: str, frame: Frame) -> Values:
    """The attribute of the first, last or next such event; with no such event, yet to come."""
    rows, truth = events.rows(world, row.event)
    pairs, of = events.with_truth(frame.case, rows, truth)
    sure, perhaps = of.yes, of.unknown
    if row.which == "next":
        if frame.row is None:
            raise NotColumnar("the next event after what is no event")
        order = world.table.order.order
        after = order[pairs.row] > order[frame.row[pairs.occasion]]
        sure, perhaps = sure & after, perhaps & after
    chosen = (pairs.last if row.which == "last" else pairs.first)(sure, frame.n)
    doubt = (pairs.last if row.which == "last" else pairs.first)(perhaps, frame.n)
    # A row that may qualify and comes before the chosen one leaves the value open between the two.
    between = (doubt >= 0) & ((chosen < 0) | ((doubt > chosen) if row.which == "last" else (doubt < chosen)))
    world.give_up(frame.case, between)
    place = np.where(chosen >= 0, pairs.row[chosen] if len(pairs.row) else 0, 0)
    column = world.table.column(name)
    code = np.where(chosen >= 0, column[place] if len(column) else NOTHING, NOTHING)
    none = chosen < 0
    return Values(code, none, ~none & (code == NOTHING))


def _of_agreement(world: Columns, term: ir.FactValue, frame: Frame) -> Values:
    facts = world.by_agreement(("fact", term.path), lambda w: w.fact(term.path))
    codes = np.array([world.code(f.options[0] if f.options else None) for f in facts], np.int64)
    return of_codes(codes[world.table.agreement[frame.case]])


def _entry(world: Columns, term: ir.EntryBy, frame: Frame) -> Values:
    key = value(world, term.by, frame)
    tables = world.by_agreement(("fact", term.table.path), lambda w: w.fact(term.table.path))
    of = world.table.agreement[frame.case]
    width = np.int64(len(world.table.dictionary.values) + 1)
    both, back = np.unique(of * width + (key.code + 1), return_inverse=True)
    held = []
    for pair in both.tolist():
        table, code = tables[pair // int(width)].options, pair % int(width) - 1
        rows = table[0] if table else None
        name = str(plain(world.table.dictionary.values[code])) if code >= 0 else ""
        held.append(world.code(rows.get(name) if isinstance(rows, dict) and code >= 0 else None))
    out = np.array(held, np.int64)[back]
    unknown_table = np.array([t.options is None for t in tables], bool)[of]
    none = out == NOTHING
    told = key.code != NOTHING
    return Values(out, none & key.open, none & (key.missing | unknown_table | told))


# --------------------------------------------------------------------------- as of a moment
def as_of(world: Columns, name: str, at: Moments, frame: Frame) -> Values:
    """The value last set at or before a moment."""
    marks, column = setting(world, name)
    table = world.table
    lo = np.minimum(at.lo, world.now)
    place = _last_at(table.case[marks.places], table.order.at[marks.places], frame.case, lo)
    if at.row is not None:
        # Of settings in the second of an event, those up to its place in the record count.
        own = np.searchsorted(marks.places, np.maximum(at.row, 0), "right") - 1
        place = np.where(at.row >= 0, own, place)
    none = place < marks.begin[frame.case]
    code = np.where(none, NOTHING, column[np.maximum(place, 0)] if len(column) else NOTHING)
    if not at.certain:
        hi = np.minimum(at.hi, world.now)
        later = _last_at(table.case[marks.places], table.order.at[marks.places], frame.case, hi)
        changed = (lo != hi) & (later != place)
        world.give_up(frame.case, changed)
    return of_codes(code)


def _last_at(mark_case: Ints, mark_at: Ints, case: Ints, second: Ints) -> Ints:
    """The place of the last mark of each case at or before a second, before the case's first where there is none."""
    width = np.int64(2) ** 34
    keys = mark_case * width + mark_at
    return np.searchsorted(keys, case * width + np.clip(second, -1, width - 1), "right") - 1


def setting(world: Columns, name: str) -> tuple[Rows, Ints]:
    """The rows that set an attribute, in order, and what each sets it to."""

    def find() -> tuple[Rows, Ints]:
        definition = world.book.attributes.get(name)
        setters = definition.set_by if definition is not None else ()
        table = world.table
        column = table.column(name)
        if setters:
            parts = [events.rows(world, s) for s in sorted(setters)]
            for rows, truth in parts:
                world.give_up(table.case[rows.places], truth.unknown)
            places = np.sort(np.concatenate([r.places for r, _ in parts]))
        else:
            carrying = column != NOTHING
            places = np.flatnonzero(carrying | table.says_null(name))
        return table.grouped(places), column[places]

    return world.once(("setting", name), find)


# --------------------------------------------------------------------------- comparisons
def among(world: Columns, found: Values, wanted: tuple[ir.Scalar, ...]) -> Truths:
    """Whether a value is one of those wanted."""
    return hits(found, world.table.dictionary.hits(world.book.compared(wanted)))


def hits(found: Values, by_code: Bools) -> Truths:
    """Whether a code is marked; NOTHING is the last."""
    told = found.code != NOTHING
    yes = by_code[found.code]
    return doubtful(yes & told, told & ~yes, found.open, found.missing)
