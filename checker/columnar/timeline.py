"""Attributes through time, as columns: where each is set, the stretches for which it holds a value, and its value at a moment."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from checker.columnar import events, silence
from checker.columnar.possible import Bools, Ints, Moments, Truths
from checker.columnar.table import NOTHING, Pairs, Rows, paired
from checker.columnar.world import Columns
from checker.interpret.possible import NEVER


class Marks(NamedTuple):
    """Where an attribute is set in all cases, in the order of time: the case, when (within bounds), to which code.

    `row`: the event that sets it; -1 for a gap, in which it may have been set. NOTHING: set to what is not on record.
    """

    case: Ints
    lo: Ints
    hi: Ints
    code: Ints
    row: Ints

    @property
    def seconds(self) -> Ints:
        """Their cases and seconds as one number, which ascends where all are known to the second."""
        return self.case * _WIDTH + self.lo


class Timeline(NamedTuple):
    """The stretches for which an attribute holds a value, grouped by case: bounds of both ends, and the code.

    `end_lo`, `end_hi`: NEVER for the last of a case. `row`: the event that began it, -1 for a gap. `end_row`: the event that
    ended it, -1 for none.
    """

    rows: Rows
    case: Ints
    lo: Ints
    hi: Ints
    end_lo: Ints
    end_hi: Ints
    code: Ints
    row: Ints
    end_row: Ints


def setters(world: Columns, name: str) -> tuple[str, ...]:
    """The events that are said to set an attribute; empty: every event that carries it."""
    definition = world.book.attributes.get(name)
    return tuple(sorted(definition.set_by)) if definition is not None else ()


def marks(world: Columns, name: str) -> Marks:
    """Where an attribute is set, as the record shows it and as gaps may hide it."""
    return world.once(("marks", name), lambda: _marks(world, name))


def _marks(world: Columns, name: str) -> Marks:
    table = world.table
    column = table.column(name)
    named = setters(world, name)
    if named and not any(s in world.book.events for s in named):
        places = table.rows_of(named)
        code = column[places]
    elif named:
        parts = [events.rows(world, s) for s in named]
        places = np.concatenate([r.places for r, _ in parts])
        sure = np.concatenate([t.yes for _, t in parts])
        if len(parts) > 1:
            order = np.argsort(places, kind="stable")
            places, sure = places[order], sure[order]
        code = column[places] if sure.all() else np.where(sure, column[places], NOTHING)
    else:
        places = np.flatnonzero(column.told | table.says_null(name))
        code = column[places]
    case = table.case_of(places)
    when = table.moments(places)
    found = Marks(case, when.lo, when.hi, code, places)
    lost = _lost(world, name, named, found)
    if not len(lost.case):
        return found
    both = Marks(*(np.concatenate([a, b]) for a, b in zip(found, lost, strict=True)))
    gap = both.row < 0
    order = np.lexsort((np.where(gap, 0, both.row), gap, both.lo, both.case))
    return Marks(*(column[order] for column in both))


def _lost(world: Columns, name: str, named: tuple[str, ...], found: Marks) -> Marks:
    """The gaps that may hide a setting: those that reach to the first that is on record."""
    none = np.zeros(0, np.int64)
    carriers = world.book.carriers(name)
    if named:
        carriers = tuple(b for s in named for b in silence.bases(world, s))
    gaps = silence.gaps_of(world, carriers)
    if gaps is None or not len(found.case):
        return Marks(none, none, none, none, none)
    first = np.full(len(world.table), NEVER, np.int64)
    starts = np.ones(len(found.case), bool)
    starts[1:] = found.case[1:] != found.case[:-1]
    first[found.case[starts]] = found.lo[starts]
    of = gaps.of
    here = np.flatnonzero((of.start <= world.now) & (of.end >= first[of.case]))
    start = of.start[here]
    return Marks(of.case[here], start, start, np.full(len(here), NOTHING), np.full(len(here), -1))


def timeline(world: Columns, name: str) -> Timeline:
    """The stretches of an attribute: neighbours of one value are one, a value that held for no time is none."""
    return world.once(("timeline", name), lambda: _timeline(world, name))


def _timeline(world: Columns, name: str) -> Timeline:
    m = marks(world, name)
    n = len(m.case)
    last = np.ones(n, bool)
    last[:-1] = m.case[1:] != m.case[:-1]

    def following(column: Ints, end: int) -> Ints:
        return np.where(last, end, np.append(column[1:], end))

    end_lo, end_hi, end_row = following(m.lo, NEVER), following(m.hi, NEVER), following(m.row, -1)
    kept = np.flatnonzero(~((m.lo == m.hi) & (end_lo == end_hi) & (m.lo == end_lo)))
    case, code = m.case[kept], m.code[kept]
    first = np.ones(len(kept), bool)
    first[1:] = (case[1:] != case[:-1]) | (code[1:] != code[:-1])
    begins = np.flatnonzero(first)
    ends = np.append(begins[1:], len(kept)) - 1 if len(begins) else begins
    a, z = kept[begins], kept[ends]
    every = np.arange(len(world.table), dtype=np.int64)
    of = m.case[a]
    rows = Rows(
        np.arange(len(a), dtype=np.int64),
        (np.searchsorted(of, every, "left"), np.searchsorted(of, every, "right")),
    )
    return Timeline(rows, of, m.lo[a], m.hi[a], end_lo[z], end_hi[z], m.code[a], m.row[a], end_row[z])


# --------------------------------------------------------------------------- the value at a moment
class At(NamedTuple):
    """The values that an attribute may have at moments: pairs of an occasion and a stretch, in order; `none`: no value was
    set yet, or perhaps not. `missing`: the record leaves it open which.
    """

    pairs: Pairs
    code: Ints
    none: Bools
    rough: Bools


def simple(world: Columns, name: str) -> Bools | None:
    """The cases in which every setting is known to the second and none may be lost; None: all of them."""

    def find() -> Bools | None:
        m = marks(world, name)
        odd = (m.lo != m.hi) | (m.row < 0)
        if not odd.any():
            return None
        out = np.ones(len(world.table), bool)
        out[m.case[odd]] = False
        return out

    return world.once(("simple", name), find)


def exactly(world: Columns, name: str, case: Ints, second: Ints, row: Ints | None) -> Ints:
    """The code at seconds where every setting is known to the second; of settings in the second of an event (`row`) those
    up to its place in the record count. NOTHING: none was set yet, or it is not on record to what.
    """
    m = world.once(("shown marks", name), lambda: _shown(marks(world, name)))
    if not len(m.case):
        return np.full(len(case), NOTHING, np.int64)
    if case is world.table.every:
        return _last_by_case(m, second, row)
    keys = world.once(("mark seconds", name), lambda: _shown(marks(world, name)).seconds)
    place = np.searchsorted(keys, case * _WIDTH + np.clip(second, -1, _WIDTH - 1), "right") - 1
    if row is not None:
        place = np.where(row >= 0, np.searchsorted(m.row, row, "right") - 1, place)
    k = np.maximum(place, 0)
    return np.where((place >= 0) & (m.case[k] == case), m.code[k], NOTHING)


_WIDTH = np.int64(2) ** 34
"""More seconds than any record has: a case and a second of it as one number."""


def _shown(found: Marks) -> Marks:
    """The marks that events set, in the order of the record."""
    return found if (found.row >= 0).all() else Marks(*(column[found.row >= 0] for column in found))


def _last_by_case(m: Marks, second: Ints, row: Ints | None) -> Ints:
    """With one occasion a case: of its marks by then the last one stays."""
    by_then = m.lo <= second[m.case]
    if row is not None:
        asked = row[m.case]
        told = asked >= 0
        by_then = ((m.row <= asked) & told) | (by_then & ~told)
    kept = np.flatnonzero(by_then)
    code = np.full(len(second), NOTHING, np.int64)
    code[m.case[kept]] = m.code[kept]
    return code


def at(world: Columns, name: str, case: Ints, moment: Moments) -> At:
    """The values at moments that lie within bounds, or of which some settings do."""
    line = timeline(world, name)
    lo, hi = (
        np.where(moment.hi > world.now, np.minimum(moment.lo, world.now), moment.lo),
        np.minimum(moment.hi, world.now),
    )
    pairs = paired(case, line.rows)
    i, s = pairs.occasion, pairs.row
    inside = (line.lo[s] <= hi[i]) & ((line.end_hi[s] > lo[i]) | (line.end_lo[s] > lo[i]))
    kept = Pairs(i[inside], s[inside])
    n = len(case)
    some = np.zeros(n, bool)
    some[kept.occasion] = True
    begin, end = line.rows.begin[case], line.rows.end[case]
    first = np.minimum(begin, max(len(line.case) - 1, 0))
    none = ~some
    if len(line.case):
        none |= (end > begin) & (line.hi[first] > lo) & (line.lo[first] > lo)
    rough = np.zeros(n, bool)
    rough[kept.occasion[line.lo[kept.row] != line.hi[kept.row]]] = True
    return At(kept, line.code[kept.row], none, rough)


def in_its_second(world: Columns, name: str, case: Ints, moment: Moments) -> tuple[Bools, Ints]:
    """Where the order of the record within the second of an event tells the value, and its code there."""
    n = len(case)
    told, code = np.zeros(n, bool), np.full(n, NOTHING, np.int64)
    if moment.row is None:
        return told, code
    m = marks(world, name)
    asked = np.flatnonzero((moment.row >= 0) & (moment.lo == moment.hi))
    if not len(asked) or not len(m.case):
        return told, code
    every = np.arange(len(world.table), dtype=np.int64)
    rows = Rows(
        np.arange(len(m.case), dtype=np.int64),
        (np.searchsorted(m.case, every, "left"), np.searchsorted(m.case, every, "right")),
    )
    pairs = paired(case[asked], rows)
    # Rows of a case stand in the order of its record.
    second, mine = moment.lo[asked][pairs.occasion], moment.row[asked][pairs.occasion]
    k = pairs.row
    here = (m.row[k] >= 0) & (m.lo[k] == m.hi[k]) & (m.lo[k] == second)
    by_then = here & (m.row[k] <= mine)
    size = len(asked)
    matters = pairs.any(here & ~by_then, size)
    last = pairs.last(by_then, size)
    earlier = pairs.last(m.hi[k] < second, size)
    chosen = np.where(last >= 0, last, earlier)
    found = np.where(chosen >= 0, m.code[k[np.maximum(chosen, 0)]] if len(k) else NOTHING, NOTHING)
    told[asked], code[asked] = matters, found
    return told, code


__all__ = [
    "At",
    "Marks",
    "Timeline",
    "Truths",
    "at",
    "exactly",
    "in_its_second",
    "marks",
    "simple",
    "timeline",
]
