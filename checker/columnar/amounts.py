"""Amounts as columns: counts, sums, lengths and figures, exact or within bounds; twin of `checker.interpret.amounts`."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from checker.columnar import distinct, entries, events, figures, lasting, moments, quantities, several, values
from checker.columnar.possible import Bools, Ints, Truths
from checker.columnar.quantities import Numbers, Quantities
from checker.columnar.silence import silence
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame
from checker.interpret import amounts as rules
from checker.interpret.possible import Possible
from checker.record.model import Value
from dsl import contract as ir


def compared(world: Columns, c: ir.CompareAmounts, frame: Frame, owed: bool) -> Truths:
    """Whether one amount stands to another: at-most, at-least, more, less or exactly."""
    left, right = (amount(world, x, frame, owed=owed) for x in (c.left, c.right))
    return quantities.compare(left, c.relation, right)


def amount(world: Columns, term: ir.Amount, frame: Frame, *, owed: bool = False) -> Quantities:
    """What an amount term comes to on each occasion, within what the record tells.

    `owed`: it stands in a duty, where a count within a period that still runs is open; elsewhere it is as of now.
    """
    rule = _RULES[type(term)]
    return world.of_frame(("amount", world.mark(term), owed), frame, lambda f: rule(world, term, f, owed))


# --------------------------------------------------------------------------- numbers
def _number(world: Columns, term: ir.Number, frame: Frame, owed: bool) -> Quantities:
    found = rules._number(term)
    unit = world.code(found.unit)
    return quantities.known(np.full(frame.n, int(found.lo), np.int64), unit)


def _amount_of(world: Columns, term: ir.AmountOf, frame: Frame, owed: bool) -> Quantities:
    found = values.value(world, term.value, frame)
    options = several.options(found)
    numbers, parts, told = numbers_of(world, options.code)
    lo, hi = _extremes(numbers, options.occasion, frame.n)
    unnamed = np.zeros(frame.n, bool)
    unnamed[options.occasion[~told]] = True
    endless = unnamed | (found.code == NOTHING)
    return Quantities(
        np.where(endless, 0, lo),
        np.where(endless, 0, hi),
        parts,
        endless,
        np.zeros(frame.n, bool),
        _currency(world, term.value, frame),
        found.open,
        found.missing | unnamed,
    )


def _extremes(numbers: Numbers, occasion: Ints, n: int) -> tuple[Numbers, Numbers]:
    """The least and the greatest number of each of n occasions; 0 where there is none."""
    lo, hi = np.zeros(n, numbers.dtype), np.zeros(n, numbers.dtype)
    lo[occasion] = hi[occasion] = numbers
    np.minimum.at(lo, occasion, numbers)
    np.maximum.at(hi, occasion, numbers)
    return lo, hi


def numbers_of(world: Columns, code: Ints) -> tuple[Numbers, int, Bools]:
    """The numbers that codes stand for, how many parts make 1 of them, and where there is a number at all (else 0)."""
    here = distinct.occurring(world, code)
    read = [rules._exact(world.table.dictionary.values[c]) for c in here]
    whole, parts = quantities.numerators([0 if x is None else x for x in read])
    size = len(world.table.dictionary.values) + 1
    table, told = np.zeros(size, whole.dtype), np.zeros(size, bool)
    table[here], told[here] = whole, [x is not None for x in read]
    return table[code], parts, told[code]


def _currency(world: Columns, term: ir.Value, frame: Frame) -> Ints:
    """The currency that stands beside an amount of a fact, if one does."""
    if not isinstance(term, ir.FactValue) or len(term.path) < 2:
        return np.full(frame.n, NOTHING, np.int64)
    path = (*term.path[:-1], "currency")
    beside = world.by_agreement(("fact", path), lambda w: w.fact(path))
    codes = [world.code(str(p.options[0]) if p.options else None) for p in beside]
    return np.array(codes, np.int64)[world.under[frame.case]]


# --------------------------------------------------------------------------- events
def _to_come(world: Columns, found: events.Search, owed: bool) -> Bools:
    """Where more may come: the time within which is counted is not over."""
    if not owed or found.upper is None:
        return np.zeros(found.n, bool)
    ahead: Bools = found.limited & (found.upper.hi >= world.now)
    return ahead


def _lost(world: Columns, found: events.Search) -> Bools:
    """Where the record may have lost some of what is looked for."""
    hi = np.where(found.limited, found.upper.hi, world.now) if found.upper is not None else world.now
    silent = silence(world, found.names, found.case, found.lower, hi)
    return silent.any if silent is not None else np.zeros(found.n, bool)


def _doubts(found: events.Search, which: Bools) -> tuple[Bools, Bools]:
    """Why some of the pairs of a search are in doubt, by occasion."""
    none = np.zeros(found.n, bool)
    if found.truth.open is None or found.truth.missing is None:
        return none, none
    return (
        found.pairs.any(found.truth.open & which, found.n),
        found.pairs.any(found.truth.missing & which, found.n),
    )


def _count(world: Columns, term: ir.Count, frame: Frame, owed: bool) -> Quantities:
    found = events.search(world, term.rows, frame, counted=True)
    sure, perhaps, open_, missing = found.tally()
    most = sure + perhaps
    more, lost = _to_come(world, found, owed), _lost(world, found)
    return quantities.within(sure, most, open_ | more, missing | lost, more | lost)


def _total(world: Columns, term: ir.Total, frame: Frame, owed: bool) -> Quantities:
    found = events.search(world, term.rows, frame)
    pairs, n = found.pairs, frame.n
    some = ~found.truth.no
    unit, unlike = _currencies(world, found, some)
    numbers, parts, told = numbers_of(world, world.table.column(term.attribute)[pairs.row])
    if term.rounded_up:
        numbers, parts = -(-numbers // parts), 1
    # What comes after a row without a number is not looked at.
    stop = pairs.first(some & ~told, n)
    place = np.arange(len(pairs.occasion), dtype=np.int64)
    counts = some & ((stop < 0)[pairs.occasion] | (place < stop[pairs.occasion])) & ~unlike[pairs.occasion]
    sure = counts & found.truth.yes
    lo = quantities.summed(numbers[sure], pairs.occasion[sure], n)
    hi = quantities.summed(numbers[counts], pairs.occasion[counts], n)
    open_, missing = _doubts(found, counts)
    whole = ~unlike & (stop < 0)
    more, lost = _to_come(world, found, owed) & whole, _lost(world, found) & whole
    return Quantities(
        lo,
        np.where(~whole | more | lost, 0, hi),
        parts,
        ~whole | more | lost,
        np.zeros(n, bool),
        unit,
        open_ | more,
        missing | ~whole | lost,
    )


def _currencies(world: Columns, found: events.Search, some: Bools) -> tuple[Ints, Bools]:
    """The currency of the rows of each occasion, NOTHING where none says one; and where there are two."""
    pairs = found.pairs
    column = world.table.column("currency")[pairs.row]
    mine = distinct.of_each(world, column, lambda v: world.code(str(v)), NOTHING, np.int64)
    says = some & (mine != NOTHING)
    first = pairs.first(says, found.n)
    unit = np.where(first >= 0, mine[first] if len(mine) else NOTHING, NOTHING)
    return unit, pairs.any(says & (mine != unit[pairs.occasion]), found.n)


# --------------------------------------------------------------------------- arithmetic
def _share(world: Columns, term: ir.Share, frame: Frame, owed: bool) -> Quantities:
    return quantities.share(amount(world, term.of, frame, owed=owed), term.hundredths)


def _bound(world: Columns, term: ir.Bound, frame: Frame, owed: bool) -> Quantities:
    one, other = (amount(world, x, frame, owed=owed) for x in term.of)
    return quantities.bound(one, other, highest=term.highest)


def _sum(world: Columns, term: ir.Sum, frame: Frame, owed: bool) -> Quantities:
    one, other = (amount(world, x, frame, owed=owed) for x in term.of)
    return quantities.difference(one, other) if term.less else quantities.total(one, other)


def _rounded(world: Columns, term: ir.RoundedUp, frame: Frame, owed: bool) -> Quantities:
    return quantities.rounded_up(amount(world, term.of, frame, owed=owed))


# --------------------------------------------------------------------------- sizes, entries, states
def _size(world: Columns, term: ir.SizeOf, frame: Frame, owed: bool) -> Quantities:
    found = values.value(world, term.of, frame)
    options = several.options(found)
    sizes = distinct.of_each(world, options.code, _length, 0, np.int64)
    lo, hi = _extremes(sizes, options.occasion, frame.n)
    unknown = found.code == NOTHING
    doubt = unknown | (lo != hi)
    return quantities.within(lo, hi, found.open & doubt, found.missing & doubt, unknown)


def _length(value: Value) -> int:
    found: int | Fraction = rules._size(Possible((value,))).lo
    return int(found)


def _in_force(world: Columns, term: ir.NumberInForce, frame: Frame, owed: bool) -> Quantities:
    at = moments.moment(world, term.at if term.at is not None else ir.It(), frame)
    held = entries.held(world, term.fact, frame)
    covers = entries.covers(world, held, at)
    sure = held.pairs.number(covers.yes, frame.n)
    most = sure + held.pairs.number(covers.unknown, frame.n)
    open_, missing = entries.causes(held.pairs, covers, frame.n)
    return quantities.within(sure, most, open_, missing | held.absent, held.absent)


def _under_way(world: Columns, term: ir.UnderWay, frame: Frame, owed: bool) -> Quantities:
    return lasting.under_way(world, term, frame)


def _time_in(world: Columns, term: ir.TimeIn, frame: Frame, owed: bool) -> Quantities:
    return lasting.time_in(world, term, frame)


def _figure(world: Columns, term: ir.FigureRef, frame: Frame, owed: bool) -> Quantities:
    return figures.figure(world, term.name, frame)


_RULES: dict[type, Callable[[Columns, Any, Frame, bool], Quantities]] = {
    ir.Number: _number,
    ir.AmountOf: _amount_of,
    ir.Count: _count,
    ir.Total: _total,
    ir.FigureRef: _figure,
    ir.Share: _share,
    ir.Bound: _bound,
    ir.Sum: _sum,
    ir.RoundedUp: _rounded,
    ir.SizeOf: _size,
    ir.NumberInForce: _in_force,
    ir.UnderWay: _under_way,
    ir.TimeIn: _time_in,
}
