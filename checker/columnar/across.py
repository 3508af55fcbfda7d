"""Events on any ticket of an agreement, as columns: for what counts across tickets.

They are those that the cases of the agreement share (`Case.anywhere`), one after the other by agreement. An event is here
beside an occasion for whether it is there at all, and how often: what it carries beyond that is not looked up.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import moments
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Order,
    Truths,
    conjunction,
    doubtful,
    known,
    stands,
)
from checker.columnar.table import NOTHING, Pairs, Rows, edges, paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.record.model import Event
from dsl import contract as ir

_MOST = 2**26
"""Pairs of an occasion with an event that are looked at: beyond them the memory would not hold them."""


class _Events(NamedTuple):
    """Events of one kind, by agreement: its number, the first second, whether the stamp says less than that, the events."""

    agreement: Ints
    at: Ints
    until: Ints
    rough: Bools
    found: list[Event]


def found(world: Columns, name: str, restrictions: tuple[object, ...], frame: Frame) -> tuple[Pairs, Truths]:
    """Each occasion with the events of this name on any ticket of its agreement that do or may lie within restrictions.

    The rows of the pairs are -1: the events may be of cases that are no part of the table.
    """
    if name in world.book.events:
        raise NotColumnar("a qualified event across tickets")
    events = _events(world, name)
    alike = [r for r in restrictions if isinstance(r, ir.SameAs)]
    bounds = [r for r in restrictions if isinstance(r, ir.When)]
    if len(alike) + len(bounds) + sum(isinstance(r, ir.AcrossTickets) for r in restrictions) < len(
        restrictions
    ):
        raise NotColumnar("other restrictions across tickets")
    pairs, truth = _same(world, events, alike, frame)
    checks = [truth]
    if bounds:
        numbered = world.once(("numbered", name), lambda: _numbered(world, events.found))
        when = _moments(world, events, pairs.row, numbered.found[pairs.row])
        for r in bounds:
            limit = numbered.known(moments.moment(world, r.moment, frame)).take(pairs.occasion)
            checks.append(stands(when, r.relation, limit, numbered.order))
    return Pairs(pairs.occasion, np.full(len(pairs.row), -1, np.int64)), conjunction(checks)


def _moments(world: Columns, events: _Events, row: Ints, number: Ints) -> Moments:
    """When events happened, within what their stamps tell; `number` in the place of their rows."""
    lo = events.at[row]
    rough = events.rough[row]
    if not rough.any():
        return Moments(lo, lo, row=number)
    hi = np.where(rough, np.minimum(events.until[row], world.now), lo)
    return Moments(lo, hi, np.zeros(len(lo), bool), rough, row=number)


class _Numbered(NamedTuple):
    """Events by number, what orders them, and the numbers of those of the rows of the table and of those found across tickets.

    An event that several cases see has one number, and so has one of the table that is found across tickets.
    """

    order: Order
    rows: Ints
    found: Ints

    def known(self, moment: Moments) -> Moments:
        """A moment with the number of its event in the place of the row."""
        if moment.row is None or not len(self.rows):
            return moment
        return moment._replace(row=np.where(moment.row >= 0, self.rows[np.maximum(moment.row, 0)], -1))


def _numbered(world: Columns, found: list[Event]) -> _Numbered:
    numbers: dict[int, int] = {}
    of_rows = [e for case in world.table.cases for e in case.events]
    rows, others = (
        np.array([numbers.setdefault(id(e), len(numbers)) for e in events], np.int64)
        for events in (of_rows, found)
    )
    every = list({id(e): e for e in (*of_rows, *found)}.values())
    order = Order(
        np.array([e.at for e in every], np.int64),
        np.array([e.until for e in every], np.int64),
        np.array([e.revision is not None for e in every], bool),
        np.array([e.order for e in every], np.int64),
    )
    return _Numbered(order, rows, others)


def _events(world: Columns, name: str) -> _Events:
    return world.once(("across", name), lambda: _listed(world, name))


def _listed(world: Columns, name: str) -> _Events:
    agreement: list[int] = []
    out: list[Event] = []
    whole = world.table.whole_table
    # Any case of an agreement knows the events of all its tickets.
    for i, first in zip(*(x.tolist() for x in np.unique(whole.agreement, return_index=True)), strict=True):
        anywhere = whole.cases[first].anywhere
        if anywhere is None:
            raise NotColumnar("other tickets, where each stands alone")
        mine = anywhere.get(name, [])
        agreement += [i] * len(mine)
        out += mine
    stamps = np.array([(e.at, e.until) for e in out], np.int64).reshape(-1, 2)
    at, until = stamps[:, 0], stamps[:, 1]
    return _Events(np.array(agreement, np.int64), at, until, at != until, out)


def _same(world: Columns, events: _Events, alike: list[ir.SameAs], frame: Frame) -> tuple[Pairs, Truths]:
    """Each occasion with the events that carry what it carries, or may; their places among the events."""
    of = world.table.agreement[frame.case]
    if not alike:
        begin, end = edges(events.agreement, len(world.table.facts))
        pairs = _paired(of, Rows(np.arange(len(events.found), dtype=np.int64), begin, end))
        return pairs, known(np.ones(len(pairs.row), bool))
    if len(alike) > 1:
        raise NotColumnar("several restrictions across tickets")
    name = alike[0].attribute
    own = frame.here if frame.here is not None else frame.row
    if own is None or name == "ticket":
        raise NotColumnar("the same across tickets as what is no event")
    column = world.table.column(name)
    codes = np.array([world.code(e.attributes.get(name)) for e in events.found], np.int64)
    mine = np.where(own >= 0, column[own], NOTHING) if len(column) else own
    asked = np.flatnonzero(own >= 0)
    untold = mine[asked] == NOTHING
    parts = [
        _by_code(events, codes, asked[~untold], of, mine),
        _by_code(events, codes, asked[~untold], of, np.full(frame.n, NOTHING, np.int64)),
        _all(world, events, asked[untold], of),
    ]
    occasion, row = (np.concatenate([p[k] for p in parts]) for k in range(2))
    sort = np.lexsort((row, occasion))
    occasion, row = occasion[sort], row[sort]
    told = (mine[occasion] != NOTHING) & (codes[row] != NOTHING)
    none = np.zeros(len(row), bool)
    return Pairs(occasion, row), doubtful(told, none, none, ~told)


def _by_code(events: _Events, codes: Ints, asked: Ints, of: Ints, wanted: Ints) -> tuple[Ints, Ints]:
    """Occasions with the events of their agreement that carry the code wanted."""
    width = np.int64(2) ** 32
    keys = events.agreement * width + codes + 1
    order = np.argsort(keys, kind="stable")
    sought = of[asked] * width + wanted[asked] + 1
    begin, end = (np.searchsorted(keys[order], sought, side) for side in ("left", "right"))
    counts = end - begin
    _affordable(counts)
    occasion = np.repeat(asked, counts)
    place = np.arange(len(occasion), dtype=np.int64) + np.repeat(begin - np.cumsum(counts) + counts, counts)
    return occasion, order[place]


def _all(world: Columns, events: _Events, asked: Ints, of: Ints) -> tuple[Ints, Ints]:
    begin, end = edges(events.agreement, len(world.table.facts))
    pairs = _paired(of[asked], Rows(np.arange(len(events.found), dtype=np.int64), begin, end))
    return asked[pairs.occasion], pairs.row


def _paired(of: Ints, rows: Rows) -> Pairs:
    _affordable(rows.end[of] - rows.begin[of])
    return paired(of, rows)


def _affordable(counts: Ints) -> None:
    if int(counts.sum()) > _MOST:
        raise NotColumnar("too many events across tickets")


__all__ = ["found"]
