"""Figures as columns: of the contract, of a table of the agreement, or of none; and lengths that are figures."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from checker.columnar import amounts, distinct, quantities, several, values
from checker.columnar.possible import Ints, Moments
from checker.columnar.quantities import Quantities
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame
from checker.interpret import amounts as rules
from checker.interpret.book import plain
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir


def figure(world: Columns, name: str, frame: Frame, *, as_length: bool = False) -> Quantities:
    """A figure of the contract, or one that it leaves elsewhere: unknown where that is not on record.

    `as_length`: how many of the units that the length names, not seconds to compare a time with.
    """
    return world.once(
        ("figure", name, as_length, frame.key), lambda: _figure(world, name, frame, as_length=as_length)
    )


def _figure(world: Columns, name: str, frame: Frame, *, as_length: bool) -> Quantities:
    none = np.zeros(frame.n, bool)
    result = quantities.anything(frame.n, none, ~none)
    # The last line is the figure.
    for line in world.lines(world.book.figures[name].lines):
        if isinstance(line, ir.MeansAmount):
            term = line.amount
            if isinstance(term, ir.Number) and term.unit in rules._LENGTHS and as_length:
                result = quantities.known(np.full(frame.n, term.amount, np.int64))
            else:
                result = amounts.amount(world, term, frame)
        elif isinstance(line, ir.FromTable):
            result = _from_table(world, line, frame)
        else:
            result = quantities.anything(frame.n, none, ~none)
    return result


def _from_table(world: Columns, line: ir.FromTable, frame: Frame) -> Quantities:
    tables = world.by_agreement(("fact", line.table.path), lambda w: w.fact(line.table.path))
    key = values.value(world, line.by, frame)
    dictionary = world.table.dictionary
    cell = np.full(frame.n, NOTHING, np.int64)
    absent = np.zeros(frame.n, bool)
    for agreement, index in distinct.by_agreement(world, frame.case):
        options = tables[agreement].options
        absent[index] = options is None
        rows = options[0] if options else None
        if not isinstance(rows, dict):
            continue
        codes = key.code[index]
        held = {c: rows.get(str(plain(dictionary.values[c]))) for c in distinct.occurring(world, codes)}
        found = {c: row.get(line.unit) for c, row in held.items() if isinstance(row, dict)}
        for c, value in found.items():
            cell[index[codes == c]] = world.code(value)
    numbers, parts, told = amounts.numbers_of(world, cell)
    # A row is picked by one value that is known.
    known = (key.code != NOTHING) & ~several.several(key)
    told &= known
    return Quantities(
        np.where(told, numbers, 0),
        np.where(told, numbers, 0),
        parts,
        ~told,
        np.zeros(frame.n, bool),
        np.full(frame.n, NOTHING, np.int64),
        key.open,
        key.missing | absent | (known & ~told),
    )


# --------------------------------------------------------------------------- lengths
def each_length(world: Columns, length: ir.Length, frame: Frame) -> Iterator[tuple[int | None, Ints]]:
    """The occasions by how many units a length has there; None where the figure is not known."""
    assert isinstance(length.amount, str)
    found = figure(world, length.amount, frame, as_length=True)
    exact = found.exact
    if not exact.all():
        yield None, np.flatnonzero(~exact)
    # As the interpreter does, a fraction of a unit is dropped.
    whole = np.where(found.lo < 0, -(-found.lo // found.parts), found.lo // found.parts)
    for amount in sorted(set(whole[exact].tolist())):
        yield int(amount), np.flatnonzero(exact & (whole == amount))


def of_no_length(base: Moments, back: bool) -> Moments:
    """The moment that lies a length that is not known after or before another."""
    n = len(base.lo)
    open_, _ = base.causes(n)
    far = np.full(n, EVER if back else NEVER, np.int64)
    lo, hi = (far, base.hi) if back else (base.lo, far)
    return Moments(lo, hi, open_, np.ones(n, bool))


def put_together(parts: list[tuple[Ints, Moments]], n: int) -> Moments:
    """Moments of some of the n places each (none of them an edge), as one column."""
    lo, hi = np.zeros(n, np.int64), np.zeros(n, np.int64)
    open_, missing = np.zeros(n, bool), np.zeros(n, bool)
    for index, m in parts:
        lo[index], hi[index] = m.lo, m.hi
        open_[index], missing[index] = m.causes(len(index))
    if all(m.certain for _, m in parts):
        return Moments(lo, lo)
    return Moments(lo, hi, open_, missing)


__all__ = ["each_length", "figure", "of_no_length", "put_together"]
