"""Events on any ticket of an agreement, as columns: for what counts across tickets.

An event is here for whether it is there at all beside an occasion, and how often. An agreement may have a million tickets, so that
occasions are not laid beside its events one by one: the events of an agreement (of those, the ones that carry one value) stand
in the order of time, and where those begin and end that lie within bounds is searched for. Only of events and bounds that are
known less than to the second pairs are made, and of those only the ones that bounds alone do not decide.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from checker.columnar import moments
from checker.columnar.possible import Bools, Ints, Moments, Order, conjunction, doubtful, stands
from checker.columnar.source import Across
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame, NotColumnar
from dsl import contract as ir

_MOST = 2**26
"""Pairs of an occasion with an event that are looked at: beyond them the memory would not hold them."""
_WIDTH = np.int64(2) ** 34
"""More seconds than any record has."""


class Tally(NamedTuple):
    """Of each occasion how many events surely are within restrictions, how many perhaps, and why those are in doubt."""

    sure: Ints
    perhaps: Ints
    open: Bools
    missing: Bools


def nothing(n: int) -> Tally:
    """No event at all, n times."""
    return Tally(np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n, bool), np.zeros(n, bool))


def both(a: Tally, b: Tally) -> Tally:
    """Events of two kinds together."""
    return Tally(a.sure + b.sure, a.perhaps + b.perhaps, a.open | b.open, a.missing | b.missing)


class _Bound(NamedTuple):
    """A limit of each occasion; of events before it the last second, of events after it the first, in which one surely is, and may be,
    on that side.
    """

    relation: str
    limit: Moments
    surely: Ints
    perhaps: Ints

    @property
    def upper(self) -> bool:
        """Whether events lie before it."""
        return self.relation in ("before", "no-later")

    def take(self, index: Ints) -> _Bound:
        """The bounds of some occasions."""
        return _Bound(self.relation, self.limit.take(index), self.surely[index], self.perhaps[index])


class _Line(NamedTuple):
    """Events by the group that they belong to, in each in the order of time: group and second as one number; their places; and of
    how many seconds the widest stamp leaves open which it is.
    """

    keys: Ints
    places: Ints
    width: int

    def rank(self, group: Ints, second: Ints) -> Ints:
        """How many events stand before those of a group that come later than a second."""
        return np.searchsorted(self.keys, group * _WIDTH + np.clip(second, -1, _WIDTH - 2) + 1, "right")


class _Asked(NamedTuple):
    """Occasions with the group whose events count beside them; `doubt`: whether what they carry leaves it open that they do."""

    occasion: Ints
    group: Ints
    doubt: bool


def tally(world: Columns, name: str, restrictions: tuple[object, ...], frame: Frame) -> Tally:
    """How many events of this name on any ticket of the agreement of each occasion do and may lie within restrictions."""
    if name in world.book.events:
        raise NotColumnar("a qualified event across tickets")
    found = world.table.across(name)
    if found is None:
        raise NotColumnar("other tickets, where each stands alone")
    alike = [r for r in restrictions if isinstance(r, ir.SameAs)]
    whens = [r for r in restrictions if isinstance(r, ir.When)]
    if len(alike) + len(whens) + sum(isinstance(r, ir.AcrossTickets) for r in restrictions) < len(
        restrictions
    ):
        raise NotColumnar("other restrictions across tickets")
    if len(alike) > 1:
        raise NotColumnar("several restrictions across tickets")
    bounds = [_bound(r.relation, moments.moment(world, r.moment, frame)) for r in whens]
    out = nothing(frame.n)
    rough = found.order.at != found.order.until
    for lines, asked in _groups(world, found, alike[0].attribute if alike else None, rough, frame):
        told = np.ones(len(asked.occasion), bool)
        for b in bounds:
            # Of a limit that is an event's the record may tell more than its bounds.
            if b.limit.row is not None and not b.limit.certain:
                m = b.limit.take(asked.occasion)
                told &= (m.lo == m.hi) | (b.limit.row[asked.occasion] < 0)
        some, others = np.flatnonzero(told), np.flatnonzero(~told)
        exact, rougher = lines
        _count(exact, _of(asked, some), bounds, out)
        _pair(world, found, exact, _of(asked, others), bounds, out)
        _pair(world, found, rougher, asked, bounds, out)
    return out


def _of(asked: _Asked, index: Ints) -> _Asked:
    return _Asked(asked.occasion[index], asked.group[index], asked.doubt)


def _bound(relation: str, limit: Moments) -> _Bound:
    within = limit if relation in ("before", "no-sooner") else limit.last_second
    # Before it is the last second before; after it the first after.
    lo, hi = within.lo, within.hi
    if relation in ("before", "no-later"):
        less = int(relation == "before")
        return _Bound(relation, limit, lo - less, hi - less)
    more = int(relation == "after")
    return _Bound(relation, limit, hi + more, lo + more)


# --------------------------------------------------------------------------- groups of events
def _groups(
    world: Columns, found: Across, attribute: str | None, rough: Bools, frame: Frame
) -> Iterator[tuple[tuple[_Line, _Line], _Asked]]:
    """Occasions with the events that count beside them: those known to the second, and the others."""
    of = world.table.agreement[frame.case]
    every = np.arange(frame.n, dtype=np.int64)

    def lines(key: object, group: Ints) -> tuple[_Line, _Line]:
        return world.once(("across", key), lambda: (_line(found, group, ~rough), _line(found, group, rough)))

    whole = lines(id(found), found.agreement)
    if attribute is None:
        yield whole, _Asked(every, of, False)
        return
    own = frame.here if frame.here is not None else frame.row
    if own is None or attribute == "ticket":
        raise NotColumnar("the same across tickets as what is no event")
    codes = world.once(
        ("across", id(found), attribute), lambda: found.said(attribute, world.table.dictionary)
    )
    column = world.table.column(attribute)
    mine = np.where(own >= 0, column[own], NOTHING) if len(column) else own
    # What is no event carries nothing that another could carry, too.
    asked = np.flatnonzero(own >= 0)
    untold = mine[asked] == NOTHING
    yield whole, _Asked(asked[untold], of[asked[untold]], True)
    asked = asked[~untold]
    both = np.unique(found.agreement * _WIDTH + codes + 1)
    by_value = lines((id(found), attribute), np.searchsorted(both, found.agreement * _WIDTH + codes + 1))
    for code, doubt in ((mine[asked], False), (np.full(len(asked), NOTHING, np.int64), True)):
        sought = of[asked] * _WIDTH + code + 1
        group = np.searchsorted(both, sought)
        there = np.flatnonzero(both[np.minimum(group, len(both) - 1)] == sought) if len(both) else asked[:0]
        yield by_value, _Asked(asked[there], group[there], doubt)


def _line(found: Across, group: Ints, which: Bools) -> _Line:
    places = np.flatnonzero(which)
    keys = group[places] * _WIDTH + found.order.at[places] + 1
    order = np.argsort(keys, kind="stable")
    wide = found.order.until[places] - found.order.at[places]
    return _Line(keys[order], places[order], int(wide.max(initial=0)))


# --------------------------------------------------------------------------- within bounds
def _range(bounds: list[_Bound], asked: Ints, *, surely: bool) -> tuple[Ints, Ints]:
    """The first and the last second of an event within all bounds."""
    low, high = np.full(len(asked), -1, np.int64), np.full(len(asked), _WIDTH - 2, np.int64)
    for b in bounds:
        limit = (b.surely if surely else b.perhaps)[asked]
        if b.upper:
            high = np.minimum(high, limit)
        else:
            low = np.maximum(low, limit)
    return low, high


def _between(line: _Line, group: Ints, low: Ints, high: Ints) -> tuple[Ints, Ints]:
    """Where the events of a group from one second to another begin and end."""
    begin = line.rank(group, low - 1)
    return begin, np.maximum(line.rank(group, high), begin)


def _count(line: _Line, asked: _Asked, bounds: list[_Bound], out: Tally) -> None:
    """Count events known to the second beside limits of which nothing is told but their bounds."""
    if not len(line.keys) or not len(asked.occasion):
        return
    i, group = asked.occasion, asked.group
    first, last = _range(bounds, i, surely=False)
    begin, end = _between(line, group, first, last)
    sure = np.zeros(len(i), np.int64)
    if not asked.doubt:
        a, z = _between(line, group, *_range(bounds, i, surely=True))
        sure = z - a
    perhaps = end - begin - sure
    np.add.at(out.sure, i, sure)
    np.add.at(out.perhaps, i, perhaps)
    if not perhaps.any():
        return
    if asked.doubt:
        out.missing[i[perhaps > 0]] = True
    for b in bounds:
        if b.limit.certain:
            continue
        # The events on which this bound is in doubt, and that no other one rules out.
        if b.upper:
            a, z = _between(line, group, np.maximum(first, b.surely[i] + 1), last)
        else:
            a, z = _between(line, group, first, np.minimum(last, b.surely[i] - 1))
        here = i[z > a]
        open_, missing = b.limit.causes(len(b.limit.lo))
        out.open[here] |= open_[here]
        out.missing[here] |= missing[here]


def _pair(
    world: Columns, found: Across, line: _Line, asked: _Asked, bounds: list[_Bound], out: Tally
) -> None:
    """Count events whose stamps, or whose limits, are known within bounds: beside an occasion each that they do not decide."""
    if not len(line.keys) or not len(asked.occasion):
        return
    first, last = _range(bounds, asked.occasion, surely=False)
    begin, end = _between(line, asked.group, first - line.width, last)
    a = z = begin
    if not asked.doubt:
        low, high = _range(bounds, asked.occasion, surely=True)
        a, z = _between(line, asked.group, low, high - line.width)
        a, z = np.clip(a, begin, end), np.clip(z, begin, end)
        np.add.at(out.sure, asked.occasion, z - a)
    counts = np.concatenate([a - begin, end - z])
    if int(counts.sum()) > _MOST:
        raise NotColumnar("too many events across tickets")
    of = np.repeat(np.concatenate([np.arange(len(begin))] * 2), counts)
    begins = np.concatenate([begin, z])
    place = np.arange(len(of), dtype=np.int64) + np.repeat(begins - np.cumsum(counts) + counts, counts)
    row, occasion = line.places[place], asked.occasion[of]
    none = np.zeros(len(row), bool)
    truths = [doubtful(none if asked.doubt else ~none, none, none, ~none)]
    if bounds and len(row):
        lo = found.order.at[row]
        rough = found.order.until[row] != lo
        hi = np.where(rough, np.minimum(found.order.until[row], world.now), lo)
        order, rows, numbers = world.once(("numbered", id(found)), lambda: _numbered(world, found))
        at = Moments(lo, hi, none, rough, row=numbers[row])
        for b in bounds:
            limit = b.limit.take(occasion)
            if limit.row is not None and len(rows):
                known = np.where(limit.row >= 0, rows[np.maximum(limit.row, 0)], -1)
                limit = limit._replace(row=known)
            truths.append(stands(at, b.relation, limit, order))
    truth = conjunction(truths)
    np.add.at(out.sure, occasion, truth.yes)
    np.add.at(out.perhaps, occasion, truth.unknown)
    if truth.open is not None and truth.missing is not None:
        out.open[occasion[truth.open]] = True
        out.missing[occasion[truth.missing]] = True


def _numbered(world: Columns, found: Across) -> tuple[Order, Ints, Ints]:
    """What orders events by new numbers; those numbers of the rows of the table, and of the events found."""
    rows = found.rows()
    _, first, back = np.unique(np.concatenate([rows, found.number]), return_index=True, return_inverse=True)
    of = world.table.order
    columns = [np.concatenate([a, b])[first] for a, b in zip(of, found.order, strict=True)]
    return Order(*columns), back[: len(rows)], back[len(rows) :]


__all__ = ["Tally", "both", "nothing", "tally"]
