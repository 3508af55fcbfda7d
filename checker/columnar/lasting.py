"""How long a state lasts, and how many of its stretches are under way, as columns."""

from __future__ import annotations

import numpy as np

from checker.columnar import entries, moments, quantities, spans, states
from checker.columnar.opening import Spells
from checker.columnar.possible import Ints, before, conjunction, no_later
from checker.columnar.quantities import Quantities
from checker.columnar.table import paired
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir


def under_way(world: Columns, term: ir.UnderWay, frame: Frame) -> Quantities:
    """How many stretches of a state hold a moment."""
    at = moments.moment(world, term.at, frame)
    found = states.stretches(world, term.state)
    pairs = paired(frame.case, found.of)
    here, order = at.take(pairs.occasion), world.table.order
    start, end = found.start.take(pairs.row), found.end.take(pairs.row)
    inside = conjunction(
        [found.truth.take(pairs.row), no_later(start, here, order), before(here, end, order)]
    )
    sure = pairs.number(inside.yes, frame.n)
    most = sure + pairs.number(inside.unknown, frame.n)
    open_, missing = entries.causes(pairs, inside, frame.n)
    lost = states.silent_until(world, term.state, frame.case, at.hi)
    return quantities.within(sure, most, open_, missing | lost, lost)


def time_in(world: Columns, term: ir.TimeIn, frame: Frame) -> Quantities:
    """Real seconds that a state lasts, within the restrictions."""
    low, high = _window(world, term.restrictions, frame)
    found = spans.stops(world, (term.state,))
    sure, perhaps = (_within(world, spells, low, high, frame) for spells in (found.sure, found.perhaps))
    most = np.where(found.apart[frame.case], perhaps, sure)
    doubt = sure != most
    open_, missing = found.open[frame.case] & doubt, found.missing[frame.case] & doubt
    unit = np.full(frame.n, world.code("second"), np.int64)
    return quantities.within(sure, most, open_, missing)._replace(unit=unit)


def _within(world: Columns, spells: Spells, low: Ints, high: Ints, frame: Frame) -> quantities.Numbers:
    """The seconds of stretches that lie in [low, high), for each occasion."""
    pairs = paired(frame.case, states.grouped(spells.case, len(world.table)))
    # From ever to never is more than 64 bits hold; half of it is beyond every length all the same.
    begin = np.maximum(np.maximum(spells.low[pairs.row], low[pairs.occasion]), EVER // 2)
    end = np.minimum(np.minimum(spells.high[pairs.row], high[pairs.occasion]), NEVER // 2)
    return quantities.summed(np.maximum(end - begin, 0), pairs.occasion, frame.n)


def _window(world: Columns, restrictions: tuple[ir.Restriction, ...], frame: Frame) -> tuple[Ints, Ints]:
    """The seconds that restrictions leave: from the first to before the last."""
    low, high = np.full(frame.n, EVER, np.int64), np.full(frame.n, NEVER, np.int64)
    for r in restrictions:
        if isinstance(r, ir.When):
            m = moments.moment(world, r.moment, frame)
            if r.relation in ("before", "no-later"):
                high = np.minimum(high, m.lo + (r.relation == "no-later"))
            else:
                low = np.maximum(low, m.hi + (r.relation == "after"))
        elif isinstance(r, ir.InSpan) and r.inside and r.kind != "calendar":
            raise NotColumnar("the time in a state inside a state, an entry or a period")
    return low, high


__all__ = ["time_in", "under_way"]
