"""States as columns: their stretches in every case, by the rules of `checker.interpret.spans.stretches`.

A state runs from each of its first events to the next of its second, once for each value of an attribute where it is kept
`for each` of them, or while an attribute has some values. Where a row only perhaps qualifies, the two ways in which a stretch
may have gone are followed event by event; everything else is done for all cases at once.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from checker.columnar import events, timeline, values
from checker.columnar.possible import Bools, Ints, Moments, Truths, always, doubtful, one_after_the_other
from checker.columnar.silence import Silence, silence
from checker.columnar.table import NOTHING, Rows
from checker.columnar.world import Columns, NotColumnar
from checker.interpret.possible import EVER, NEVER
from dsl import contract as ir


class Stretches(NamedTuple):
    """The stretches of a state in all cases, in a case in order of their start.

    `of`: those of each case. [start, end): an end still to come is open from the audit instant on. `truth`: whether the stretch
    is there at all. `row`: the event that began it, -1 for a gap.
    """

    case: Ints
    of: Rows
    start: Moments
    end: Moments
    truth: Truths
    row: Ints


@dataclass(slots=True)
class _Found:
    """Stretches as they are found, part by part; `order` within the line of the definition that they come from."""

    case: list[Ints] = field(default_factory=list)
    start: list[Moments] = field(default_factory=list)
    end: list[Moments] = field(default_factory=list)
    truth: list[Truths] = field(default_factory=list)
    row: list[Ints] = field(default_factory=list)
    order: list[Callable[[], Ints]] = field(default_factory=list)

    def add(
        self, case: Ints, start: Moments, end: Moments, truth: Truths, row: Ints, order: Callable[[], Ints]
    ) -> None:
        """Some more stretches."""
        self.case.append(case)
        self.row.append(row)
        self.order.append(order)
        self.start.append(start)
        self.end.append(end)
        self.truth.append(truth)


class _Marks(NamedTuple):
    """Events that begin or end a state, in the order in which they do it; `key` tells its stretches from each other (None: there is
    one at a time)."""

    case: Ints
    row: Ints
    begins: Bools
    truth: Truths
    key: Ints | None


def grouped(case: Ints, cases: int) -> Rows:
    """Things in the order of their cases, each its own place, and where those of each case begin and end."""
    places = np.arange(len(case), dtype=np.int64)
    return Rows.of_cases(places, case, np.arange(cases, dtype=np.int64))


def stretches(world: Columns, name: str) -> Stretches:
    """The stretches of a state."""
    return world.once(("state", name), lambda: _stretches(world, name))


def lines_of(world: Columns, name: str) -> list[ir.FromUntil | ir.While | ir.ForEach]:
    """The lines of a state as the readings make them."""
    return list(world.lines(world.book.states[name].lines))


def _stretches(world: Columns, name: str) -> Stretches:
    lines = lines_of(world, name)
    key = next((x.attribute for x in lines if isinstance(x, ir.ForEach)), None)
    found = _Found()
    for line in lines:
        if isinstance(line, ir.FromUntil):
            _from_until(world, line, key, found)
        elif isinstance(line, ir.While):
            _while(world, line, found)
    if not found.case:
        raise NotColumnar("a state that no line defines")
    case = found.case[0] if len(found.case) == 1 else np.concatenate(found.case)
    start, end = joined(found.start), joined(found.end)
    # The order of the lines, and of what each line found, decides between stretches with the same bounds.
    truth, row = one_after_the_other(found.truth), np.concatenate(found.row)
    if not ((case[1:] > case[:-1]) | ((case[1:] == case[:-1]) & (start.lo[1:] > start.lo[:-1]))).all():
        part = np.repeat(np.arange(len(found.case)), [len(c) for c in found.case])
        sort = np.lexsort((np.concatenate([o() for o in found.order]), part, end.lo, start.lo, case))
        case, start, end, truth, row = (
            case[sort],
            start.take(sort),
            end.take(sort),
            truth.take(sort),
            row[sort],
        )
    return Stretches(case, grouped(case, len(world.table)), start, end, truth, row)


def joined(parts: list[Moments]) -> Moments:
    """Moments one after the other; none is an edge."""
    if len(parts) == 1:
        return parts[0]._replace(edge=False, row=_rows_of(parts[0]))
    lo = np.concatenate([m.lo for m in parts])
    row = np.concatenate([_rows_of(m) for m in parts])
    if all(m.certain for m in parts):
        return Moments(lo, lo, row=row)
    causes = [m.causes(len(m.lo)) for m in parts]
    return Moments(
        lo,
        np.concatenate([m.hi for m in parts]),
        np.concatenate([o for o, _ in causes]),
        np.concatenate([m for _, m in causes]),
        row=row,
    )


def _rows_of(m: Moments) -> Ints:
    return m.row if m.row is not None else np.full(len(m.lo), -1, np.int64)


# --------------------------------------------------------------------------- while an attribute has a value
def among(world: Columns, line: timeline.Timeline, wanted: tuple[ir.Scalar, ...]) -> Truths:
    """Whether the value of each stretch of an attribute is one of those wanted."""
    return values.hits(values.of_codes(line.code), world.table.dictionary.hits(world.book.compared(wanted)))


def _while(world: Columns, line: ir.While, found: _Found) -> None:
    through = timeline.timeline(world, line.attribute)
    truth = among(world, through, line.among)
    kept = np.flatnonzero(~truth.no)
    start, end = bounds(world, through)
    found.add(
        through.case[kept],
        start.take(kept),
        end.take(kept),
        truth.take(kept),
        through.row[kept],
        lambda: kept,
    )


def bounds(world: Columns, line: timeline.Timeline) -> tuple[Moments, Moments]:
    """The starts and ends of the stretches of an attribute as moments: of the events that make them, where there are any."""
    order = world.table.order

    def ends(lo: Ints, hi: Ints, row: Ints) -> Moments:
        rough = np.zeros(len(lo), bool)
        if len(order.at):
            at = np.maximum(row, 0)
            rough = (row >= 0) & (order.at[at] != order.until[at])
        if not rough.any():
            return Moments(lo, lo, row=row)
        return Moments(lo, hi, np.zeros(len(lo), bool), rough, row=row)

    return ends(line.lo, line.hi, line.row), ends(line.end_lo, line.end_hi, line.end_row)


# --------------------------------------------------------------------------- from one event until another
def _from_until(world: Columns, line: ir.FromUntil, key: str | None, found: _Found) -> None:
    marks = _marks(world, line, key)
    hard = np.zeros(len(world.table), bool)
    if not marks.truth.certain:
        hard[marks.case[marks.truth.unknown]] = True
    if marks.key is not None:
        # What ends a keyed state and does not say which ends them all.
        hard[marks.case[~marks.begins & (marks.key == NOTHING)]] = True
    if not hard.any():
        _plain(world, marks, None, found)
        return
    mine = hard[marks.case]
    _plain(world, marks, np.flatnonzero(~mine), found)
    if mine.any():
        _one_by_one(world, marks, np.flatnonzero(mine), found)


def _marks(world: Columns, line: ir.FromUntil, key: str | None) -> _Marks:
    table = world.table
    row = _begin_or_end(world, line) if key is None else None
    if row is not None:
        begins = table.named(row, line.start)
        return _Marks(table.case_of(row), row, begins, always(len(row)), None)
    parts = [(*events.rows(world, name), True) for name in line.start]
    parts += [(*events.rows(world, name), False) for name in line.end]
    row = np.concatenate([of.places for of, _, _ in parts])
    begins = np.concatenate([np.full(len(of.places), b) for of, _, b in parts])
    truth = one_after_the_other([t for _, t, _ in parts])
    # An event that both ends and begins (a new pause) ends first. Rows that stand one after the other are in order already.
    sort = np.argsort(row * 2 + begins, kind="stable")
    case, order = table.case_of(row), table.order
    if not table.ranked:
        at, place = order.at[row[sort]], order.order[row[sort]]
        if ((np.diff(case[sort]) == 0) & (np.diff(at) == 0) & (np.diff(place) == 0)).any():
            sort = np.lexsort((begins, order.order[row], order.at[row], case))
    row = row[sort]
    keys = table.column(key)[row] if key is not None else None
    return _Marks(case[sort], row, begins[sort], truth.take(sort), keys)


def _begin_or_end(world: Columns, line: ir.FromUntil) -> Ints | None:
    """The rows that begin or end a state in their order, where those are events of the vocabulary, no one both, and rows stand in the
    order of time; else None."""
    table, names = world.table, (*line.start, *line.end)
    if len(set(names)) < len(names) or any(n in world.book.events for n in names) or not table.ranked:
        return None
    return table.rows_of(names)


def _plain(world: Columns, marks: _Marks, which: Ints | None, found: _Found) -> None:
    """Stretches where every event surely begins or ends what its key names; `which` of the marks (None: all)."""
    place = which
    if marks.key is not None and len(marks.key) and not (marks.key == marks.key[0]).all():
        place = np.arange(len(marks.case)) if place is None else place
        place = place[np.lexsort((place, marks.key[place], marks.case[place]))]
    case, key, begin = marks.case, marks.key, marks.begins
    if place is not None:
        case, key, begin = case[place], key[place] if key is not None else None, begin[place]
    # Whether it runs already: the mark before it, of the same case and key, begins it.
    runs = np.zeros(len(begin), bool)
    runs[1:] = begin[:-1] & (case[1:] == case[:-1])
    if key is not None:
        runs[1:] &= key[1:] == key[:-1]
    # What changes something: a start, or the end of what runs; a start that an end follows is closed by it.
    changes = begin != runs
    if changes.all():
        first = np.flatnonzero(begin)
        by = first + 1
        if len(by) and by[-1] == len(begin):
            by[-1] -= 1
    else:
        change = np.flatnonzero(changes)
        starts = np.flatnonzero(begin[change])
        first = change[starts]
        after = starts + 1
        if len(after) and after[-1] == len(change):
            after[-1] -= 1
        by = change[after]
    # Of the last one nothing follows: it stands for itself here, and is no end.
    closed = ~begin[by]
    if place is not None:
        first, by = place[first], place[by] if len(place) else by
    row = marks.row[first]
    ended = marks.row[by] if len(marks.row) else by
    if not closed.all():
        ended[~closed] = -1
    truth = always(len(row))

    def order() -> Ints:
        return np.where(closed, by, len(marks.case) + first)

    found.add(marks.case[first], world.table.moments(row), _ends(world, ended, ~closed), truth, row, order)


def _ends(world: Columns, by: Ints, running: Bools) -> Moments:
    """When stretches end: with an event, or still to come."""
    table = world.table
    if not table.height:
        none = np.zeros(0, np.int64)
        return Moments(none, none, row=none)
    if not running.any():
        return table.moments(by)
    # Of what runs nothing is taken over from the row that stands for none.
    at = table.moments(by)
    lo, hi, still = at.lo.copy(), at.hi.copy(), np.flatnonzero(running)
    lo[still], hi[still] = world.now, NEVER
    open_, missing = at.causes(len(by))
    return Moments(lo, hi, open_ | running, missing & ~running, row=by)


_Sure = tuple[bool, bool, bool]
"""Whether something is surely so; else whether the future, and whether what is missing, leaves it open."""


def _one_by_one(world: Columns, marks: _Marks, which: Ints, found: _Found) -> None:
    """The same where an event may be none, or ends the stretches of every key: event by event."""
    out: list[tuple[int, int, int, _Sure]] = []
    none = np.zeros(len(marks.case), bool)
    open_ = marks.truth.open if marks.truth.open is not None else none
    missing = marks.truth.missing if marks.truth.missing is not None else none
    running: dict[int, tuple[int, _Sure]] = {}
    case = -1

    def close() -> None:
        out.extend((case, row, -1, sure) for row, sure in running.values())
        running.clear()

    for i in which.tolist():
        if marks.case[i] != case:
            close()
            case = int(marks.case[i])
        key = int(marks.key[i]) if marks.key is not None else NOTHING
        row = int(marks.row[i])
        sure = (bool(marks.truth.yes[i]), bool(open_[i]), bool(missing[i]))
        if marks.begins[i]:
            _begin(running, out, case, key, row, sure)
            continue
        every = list(running) if marks.key is not None and key == NOTHING else []
        for k in [key] if key in running else every:
            first, was = running[k]
            out.append((case, first, row, was))
            if sure[0]:
                del running[k]
            else:  # it may or may not have ended here: two possible stretches, the longer one in doubt
                running[k] = (row, (False, *sure[1:]))
    close()
    cases = np.array([c for c, _, _, _ in out], np.int64)
    begun = np.array([r for _, r, _, _ in out], np.int64)
    by = np.array([b for _, _, b, _ in out], np.int64)
    yes = np.array([s[0] for _, _, _, s in out], bool)
    open_, missing = (np.array([s[k] for _, _, _, s in out], bool) for k in (1, 2))
    truth = doubtful(yes, np.zeros(len(out), bool), open_, missing)
    order = np.arange(len(out), dtype=np.int64)
    found.add(cases, world.table.moments(begun), _ends(world, by, by < 0), truth, begun, lambda: order)


def _begin(
    running: dict[int, tuple[int, _Sure]],
    out: list[tuple[int, int, int, _Sure]],
    case: int,
    key: int,
    row: int,
    sure: _Sure,
) -> None:
    """What begins while it runs does not begin it again; but a sure beginning ends the doubt about an earlier one."""
    if key not in running:
        running[key] = (row, sure)
    elif sure[0] and not running[key][1][0]:
        begun, was = running[key]
        out.append((case, begun, row, was))
        running[key] = (row, sure)


# --------------------------------------------------------------------------- silence
def hidden(world: Columns, name: str) -> Silence | None:
    """By case, why the absence of a state up to the audit instant proves nothing; None: it is evidence everywhere."""
    return world.once(("hidden", name), lambda: _hidden(world, name))


def _hidden(world: Columns, name: str) -> Silence | None:
    n = len(world.table)
    names, followed = _what_begins(world, name)
    every = np.arange(n, dtype=np.int64)
    found = silence(world, names, every, np.full(n, EVER, np.int64), np.full(n, NEVER, np.int64))
    out = found if found is not None else Silence(np.zeros(n, bool), np.zeros(n, bool))
    for attribute in followed:
        line = timeline.timeline(world, attribute)
        lost = line.code == NOTHING
        # A value that an event leaves out may be anything for as long; one lost in a gap, in the gap.
        out.gone[line.case[lost & (line.row >= 0)]] = True
        out.gap[line.case[lost & (line.row < 0)]] = True
    return out if out.any.any() else None


def silent_until(world: Columns, name: str, case: Ints, hi: Ints) -> Bools:
    """Whether the absence of a state up to some seconds proves nothing, place by place."""
    names, followed = _what_begins(world, name)
    found = silence(world, names, case, EVER, hi)
    out = found.any if found is not None else np.zeros(len(case), bool)
    for attribute in followed:
        line = timeline.timeline(world, attribute)
        lost = np.flatnonzero(line.code == NOTHING)
        first = np.full(len(world.table), NEVER, np.int64)
        np.minimum.at(first, line.case[lost], line.lo[lost])
        out = out | ((first[case] <= hi) & (first[case] < NEVER))
    return out


def _what_begins(world: Columns, name: str) -> tuple[list[str], list[str]]:
    """The events that begin a state, and the attributes whose values make it."""
    lines = lines_of(world, name)
    events_ = [e for x in lines if isinstance(x, ir.FromUntil) for e in x.start]
    return events_, [x.attribute for x in lines if isinstance(x, ir.While)]


def lasting(world: Columns, name: str) -> bool:
    """Whether events begin and end the state; else an attribute's values make it."""
    return any(isinstance(x, ir.FromUntil) for x in lines_of(world, name))


__all__ = ["Stretches", "among", "hidden", "joined", "lasting", "lines_of", "silent_until", "stretches"]
