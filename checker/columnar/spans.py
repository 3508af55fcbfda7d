"""What lasts, as columns: whether moments lie in a state, and when a clock stands still."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import states
from checker.columnar.opening import Spells, union
from checker.columnar.possible import (
    Bools,
    Ints,
    Moments,
    Truths,
    conjunction,
    doubtful,
    negation,
    precedes,
)
from checker.columnar.silence import Silence, bases, gaps_of
from checker.columnar.table import paired
from checker.columnar.world import Columns, Frame
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir


def in_state(world: Columns, name: str, moment: Moments, frame: Frame) -> Truths:
    """Whether moments lie in a state."""
    found = states.stretches(world, name)
    pairs = paired(frame.case, found.of)
    here, order = moment.take(pairs.occasion), world.table.order
    inside = conjunction(
        [
            found.truth.take(pairs.row),
            negation(precedes(here, found.start.take(pairs.row), order)),
            precedes(here, found.end.take(pairs.row), order),
        ]
    )
    n = frame.n
    yes = pairs.any(inside.yes, n)
    open_ = pairs.any(inside.open, n) if inside.open is not None else np.zeros(n, bool)
    missing = pairs.any(inside.missing, n) if inside.missing is not None else np.zeros(n, bool)
    if states.lasting(world, name):
        missing = missing | states.silent_until(world, name, frame.case, moment.hi)
    return doubtful(yes, ~yes & ~open_ & ~missing, open_, missing)


# --------------------------------------------------------------------------- stretches for which a clock stands still
class Stops(NamedTuple):
    """When a clock stands still, case by case: surely; and perhaps, in the cases where that differs (what is sure included).

    `apart`: those cases. `open`, `missing`: by case, why that is in doubt. `until`: from when on it perhaps stands still for
    ever, NEVER where its stops end. `key`: the states that stop it.
    """

    sure: Spells
    perhaps: Spells
    apart: Bools
    open: Bools
    missing: Bools
    until: Ints
    key: tuple[tuple[str, ...], tuple[str, ...]]


def stops(world: Columns, names: tuple[str, ...], less: tuple[str, ...] = ()) -> Stops:
    """When a clock stands still in some states, and (`less`) in those that its calendar leaves out."""
    return world.once(("stops", names, less), lambda: _stops(world, names, less))


def _stops(world: Columns, names: tuple[str, ...], less: tuple[str, ...]) -> Stops:
    n = len(world.table)
    open_, missing, apart = (np.zeros(n, bool) for _ in range(3))
    sure: list[tuple[Ints, Ints, Ints]] = []
    perhaps: list[tuple[Ints, Ints, Ints]] = []
    for name in (*names, *less):
        found, lost = states.stretches(world, name), states.hidden(world, name)
        yes = found.truth.yes
        surely = (found.case, found.start.hi, found.end.lo)
        sure.append(surely if yes.all() else (surely[0][yes], surely[1][yes], surely[2][yes]))
        perhaps.append((found.case, found.start.lo, found.end.hi))
        perhaps += _hidden(world, name, lost)
        doubt = ~yes
        for bound in (found.start, found.end):
            if not bound.certain:
                doubt |= bound.lo != bound.hi
        apart[found.case[np.flatnonzero(doubt)]] = True
        if lost is not None:
            apart |= lost.any
        if name not in names:
            # The doubt about a state that a calendar leaves out has no cause in the reference semantics.
            continue
        for part in (found.start, found.end, found.truth):
            if part.open is not None and part.missing is not None:
                open_[found.case[part.open]] = True
                missing[found.case[part.missing]] = True
        if lost is not None:
            missing |= lost.any
    surely = _union(sure)
    # Elsewhere what is possible is what is sure.
    possibly = _union([_of(apart, part) for part in (*sure, *perhaps)])
    until = np.full(n, NEVER, np.int64)
    for spells in (surely, possibly):
        endless = spells.high >= NEVER
        until[spells.case[endless]] = spells.low[endless]
    return Stops(surely, possibly, apart, open_, missing, until, (names, less))


def _of(which: Bools, part: tuple[Ints, Ints, Ints]) -> tuple[Ints, Ints, Ints]:
    case, low, high = part
    mine = which[case]
    return case[mine], low[mine], high[mine]


def _union(parts: list[tuple[Ints, Ints, Ints]]) -> Spells:
    if len(parts) == 1:
        return union(*parts[0])
    case, low, high = (np.concatenate([p[k] for p in parts]) for k in range(3))
    return union(case, low, high)


def _hidden(world: Columns, name: str, lost: Silence | None) -> list[tuple[Ints, Ints, Ints]]:
    """What a missing log, or a known gap, may hide of a state."""
    if lost is None:
        return []
    whole = np.flatnonzero(lost.gone)
    out = [(whole, np.full(len(whole), EVER, np.int64), np.full(len(whole), NEVER, np.int64))]
    ends = [
        n for x in states.lines_of(world, name) if isinstance(x, ir.FromUntil) for n in (*x.start, *x.end)
    ]
    found = gaps_of(world, tuple(b for e in ends for b in bases(world, e)))
    if found is not None:
        gaps = found.of
        mine = lost.gap[gaps.case] & ~lost.gone[gaps.case]
        out.append((gaps.case[mine], gaps.start[mine], gaps.end[mine] + 1))
    return out
