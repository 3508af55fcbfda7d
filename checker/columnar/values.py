"""Values as columns of codes: attributes of rows, attributes as of a moment, facts of the agreement."""

from __future__ import annotations

import numpy as np

from checker.columnar import entries, events, moments, timeline
from checker.columnar.narrow import Codes, looked_up
from checker.columnar.possible import Bools, Ints, Moments, Truths, doubtful
from checker.columnar.several import Options as Options
from checker.columnar.several import Values as Values
from checker.columnar.several import options
from checker.columnar.silence import silence
from checker.columnar.table import NOTHING, Rows
from checker.columnar.world import Columns, Frame, NotColumnar
from checker.interpret.book import plain
from checker.interpret.possible import EVER
from dsl import contract as ir


def of_codes(code: Codes) -> Values:
    """Codes of what rows carry: what is not on record is missing."""
    return Values(code, np.zeros(len(code), bool), code == NOTHING)


def value(world: Columns, term: ir.Value, frame: Frame) -> Values:
    """What a value term stands for at each occasion."""
    found = looked_at(world, term, frame)
    return found if found.code.dtype == np.int64 else found._replace(code=found.code.astype(np.int64))


def looked_at(world: Columns, term: ir.Value, frame: Frame) -> Values:
    """The same with codes as narrow as they are held: for what looks them up or compares them, and reckons nothing with them."""
    return world.of_frame(("value", world.mark(term)), frame, lambda f: _value(world, term, f))


def _value(world: Columns, term: ir.Value, frame: Frame) -> Values:
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
        if frame.entry is not None:
            return entries.at_hand(world, frame.entry, term.attribute)
        if frame.here is None and frame.own is not None:
            return entries.at_hand(world, frame.own, term.attribute)
        which = frame.here if frame.here is not None else frame.row
        if which is None:
            raise NotColumnar("an attribute of what is no event")
        column = world.table.column(term.attribute)
        if not len(column) or not len(which):
            return of_codes(np.full(len(which), NOTHING, np.int64))
        held = column.narrow(which)
        if which.min() < 0:
            held[np.flatnonzero(which < 0)] = NOTHING
        return of_codes(held)
    if isinstance(row, ir.FactRow):
        return entries.field(world, row.fact, term.attribute, frame)
    return _of_event(world, row, term.attribute, frame)


def _of_event(world: Columns, row: ir.EventRow, name: str, frame: Frame) -> Values:
    """The attribute of the first, last or next such event; with no such event, yet to come."""
    rows, truth = events.rows(world, row.event)
    backwards = row.which == "last"
    if row.which != "next" or frame.row is None:
        plain_ = np.ones(frame.n, bool)
        if truth.open is not None:
            # Cases in which a row may or may not be one of them are looked at row by row.
            odd = np.zeros(len(world.table), bool)
            odd[world.table.case_of(rows.places[truth.unknown])] = True
            plain_ = ~odd[frame.case]
        if plain_.all():
            return _of_end(world, row.event, name, rows, frame.case, last=backwards)
        if plain_.any():
            easy, hard = np.flatnonzero(plain_), np.flatnonzero(~plain_)
            return _both(
                frame.n,
                (easy, _of_end(world, row.event, name, rows, frame.case[easy], last=backwards)),
                (hard, _of_event(world, row, name, frame.some(hard))),
            )
    pairs, of = events.with_truth(frame.case, rows, truth)
    sure, perhaps = of.yes, of.unknown
    if row.which == "next" and frame.row is not None:
        # Rows of a case stand in the order of its record.
        mine = frame.row[pairs.occasion]
        after = (mine < 0) | (pairs.row > mine)
        sure, perhaps = sure & after, perhaps & after
    n = frame.n
    chosen = (pairs.last if backwards else pairs.first)(sure, n)
    none = chosen < 0
    column = world.table.column(name)
    code = np.where(none, NOTHING, column[pairs.row[np.maximum(chosen, 0)]] if len(pairs.row) else NOTHING)
    silent = silence(world, (row.event,), frame.case, EVER, world.now) if none.any() else None
    hidden = silent.any if silent is not None else np.zeros(n, bool)
    open_, missing = none & ~hidden, (none & hidden) | (~none & (code == NOTHING))
    # Rows that may qualify and come before the chosen one leave the value open between theirs and its.
    limit = chosen[pairs.occasion]
    place = np.arange(len(pairs.row))
    doubtful_ = np.flatnonzero(perhaps & ((limit < 0) | ((place > limit) if backwards else (place < limit))))
    if not len(doubtful_):
        return Values(code, open_, missing)
    rank = doubtful_[::-1] if backwards else doubtful_
    theirs = column[pairs.row[rank]]
    lost = rank[theirs == NOTHING]
    first_lost = np.full(n, -1, np.int64)
    first_lost[pairs.occasion[lost[::-1]]] = lost[::-1]
    stop = first_lost[pairs.occasion[rank]]
    counts = (stop < 0) | ((rank >= stop) if backwards else (rank <= stop))
    who = pairs.occasion[rank[counts]]
    assert of.open is not None
    assert of.missing is not None
    why_open, why_missing = np.zeros(n, bool), np.zeros(n, bool)
    why_open[who[of.open[rank[counts]]]] = True
    why_missing[who[of.missing[rank[counts]]]] = True
    gone = first_lost >= 0
    # With nothing on record of one of them, or none that surely qualifies, anything is possible.
    anything = gone | none | (code == NOTHING)
    open_ = np.where(gone, False, open_) | why_open
    missing = np.where(gone, True, missing) | why_missing
    code = np.where(anything, NOTHING, code)
    here = counts & ~anything[pairs.occasion[rank]]
    options = Options(
        np.concatenate([pairs.occasion[rank[here]], np.flatnonzero(~anything)]),
        np.concatenate([theirs[here], code[~anything]]),
    )
    return _several(code, anything, options, open_, missing)


def _of_end(world: Columns, event: str, name: str, rows: Rows, case: Ints, *, last: bool) -> Values:
    """The attribute of the first or last of rows that are surely such events, case by case."""
    column, n = world.table.column(name), len(case)
    if case is world.table.every and rows.case is not None:
        # Of the codes of a case the one that is put down last stays.
        held, none = column.narrow(rows.places), np.ones(n, bool)
        code: Codes = np.full(n, NOTHING, held.dtype)
        step = 1 if last else -1
        code[rows.case[::step]] = held[::step]
        none[rows.case] = False
    else:
        begin, end = rows.begin[case], rows.end[case]
        none = begin == end
        some = np.flatnonzero(~none)
        held = column.narrow(rows.places[end[some] - 1 if last else begin[some]])
        code = np.full(n, NOTHING, held.dtype)
        code[some] = held
    silent = silence(world, (event,), case, EVER, world.now) if none.any() else None
    if silent is None:
        return Values(code, none, ~none & (code == NOTHING))
    hidden = silent.any
    return Values(code, none & ~hidden, (none & hidden) | (~none & (code == NOTHING)))


def _both(n: int, *parts: tuple[Ints, Values]) -> Values:
    """Values of some of n occasions each, as one column."""
    code, open_, missing = np.full(n, NOTHING, np.int64), np.zeros(n, bool), np.zeros(n, bool)
    more: list[Options] = []
    for places, found in parts:
        code[places], open_[places], missing[places] = found.code, found.open, found.missing
        if found.more is not None:
            more.append(Options(places[found.more.occasion], found.more.code))
    if not more:
        return Values(code, open_, missing)
    occasion, of = (np.concatenate([m[k] for m in more]) for k in (0, 1))
    return Values(code, open_, missing, Options(occasion, of))


def _several(code: Ints, anything: Bools, options: Options, open_: Bools, missing: Bools) -> Values:
    """Values of which each has one option or more, in order; the causes count where there are several."""
    n = len(code)
    order = np.lexsort((np.arange(len(options.code)), options.code, options.occasion))
    occasion, value_ = options.occasion[order], options.code[order]
    fresh = np.ones(len(order), bool)
    fresh[1:] = (occasion[1:] != occasion[:-1]) | (value_[1:] != value_[:-1])
    occasion, value_ = occasion[fresh], value_[fresh]
    first = np.ones(len(occasion), bool)
    first[1:] = occasion[1:] != occasion[:-1]
    out = np.full(n, NOTHING, np.int64)
    out[occasion[first]] = value_[first]
    several = np.zeros(n, bool)
    several[occasion[~first]] = True
    doubt = several | anything
    more = Options(occasion[~first], value_[~first]) if several.any() else None
    return Values(out, open_ & doubt, missing & doubt, more)


def _of_agreement(world: Columns, term: ir.FactValue, frame: Frame) -> Values:
    facts = world.by_agreement(("fact", term.path), lambda w: w.fact(term.path))
    codes = np.array([world.code(f.options[0] if f.options else None) for f in facts], np.int64)
    return of_codes(codes[world.under[frame.case]])


def _entry(world: Columns, term: ir.EntryBy, frame: Frame) -> Values:
    key = value(world, term.by, frame)
    found = world.by_agreement(("fact", term.table.path), lambda w: w.fact(term.table.path))
    of = world.under[frame.case]
    absent = np.array([t.options is None for t in found], bool)[of]
    keys = options(key)
    width = np.int64(len(world.table.dictionary.values) + 1)
    both, back = np.unique(of[keys.occasion] * width + keys.code, return_inverse=True)
    held = []
    for pair in both.tolist():
        table, code = found[pair // int(width)].options, pair % int(width)
        rows = table[0] if table else None
        name = str(plain(world.table.dictionary.values[code]))
        held.append(world.code(rows.get(name) if isinstance(rows, dict) else None))
    entry = np.array(held, np.int64)[back]
    # Without an entry for one of the values that the key may have, anything is possible.
    lost = np.zeros(frame.n, bool)
    lost[keys.occasion[entry == NOTHING]] = True
    anything = lost | (key.code == NOTHING)
    here = ~anything[keys.occasion]
    every = Options(keys.occasion[here], entry[here])
    missing = key.missing | lost | absent
    return _several(np.full(frame.n, NOTHING, np.int64), anything, every, key.open, missing)


# --------------------------------------------------------------------------- as of a moment
def as_of(world: Columns, name: str, at: Moments, frame: Frame) -> Values:
    """The value last set at or before a moment."""
    second = np.minimum(at.lo, world.now)
    simple = timeline.simple(world, name)
    plain_ = simple[frame.case] if simple is not None else None
    if not at.certain:
        exact = at.lo == at.hi
        plain_ = exact if plain_ is None else plain_ & exact
    if plain_ is None or plain_.all():
        return of_codes(timeline.exactly(world, name, frame.case, second, at.row))
    easy, hard = np.flatnonzero(plain_), np.flatnonzero(~plain_)
    n = frame.n
    code, open_, missing = np.full(n, NOTHING, np.int64), np.zeros(n, bool), np.zeros(n, bool)
    row = at.row[easy] if at.row is not None else None
    code[easy] = timeline.exactly(world, name, frame.case[easy], second[easy], row)
    missing[easy] = code[easy] == NOTHING
    rough = _as_of_rough(world, name, at.take(hard), frame.case[hard])
    code[hard], open_[hard], missing[hard] = rough.code, rough.open, rough.missing
    more = Options(hard[rough.more.occasion], rough.more.code) if rough.more is not None else None
    return Values(code, open_, missing, more)


def _as_of_rough(world: Columns, name: str, at: Moments, case: Ints) -> Values:
    """The same where the moment or a setting is known within bounds only, or a setting may be lost."""
    n = len(case)
    found = timeline.at(world, name, case, at)
    lost = found.none.copy()
    lost[found.pairs.occasion[found.code == NOTHING]] = True
    open_, missing = at.causes(n)
    missing = missing | found.rough | lost
    here = ~lost[found.pairs.occasion]
    options = Options(found.pairs.occasion[here], found.code[here])
    out = _several(np.full(n, NOTHING, np.int64), lost, options, open_, missing)
    told, code = timeline.in_its_second(world, name, case, at)
    if not told.any():
        return out
    keep = ~told
    more = out.more
    if more is not None:
        kept = keep[more.occasion]
        more = Options(more.occasion[kept], more.code[kept])
    return Values(
        np.where(told, code, out.code),
        out.open & keep,
        np.where(told, code == NOTHING, out.missing),
        more,
    )


# --------------------------------------------------------------------------- comparisons
def among(world: Columns, found: Values, wanted: tuple[ir.Scalar, ...]) -> Truths:
    """Whether a value is one of those wanted."""
    return hits(found, world.table.dictionary.hits(world.book.compared(wanted)))


def hits(found: Values, by_code: Bools) -> Truths:
    """Whether a code is marked; NOTHING is the last, and is not. Of several that are possible all are, or none."""
    told = found.code != NOTHING
    yes = looked_up(by_code, found.code)
    no = told & ~yes
    if found.more is not None:
        more = by_code[found.more.code]
        yes[found.more.occasion[~more]] = False
        no[found.more.occasion[more]] = False
    return doubtful(yes, no, found.open, found.missing)
