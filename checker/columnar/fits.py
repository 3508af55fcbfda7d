"""What tells one event from others of its kind, by what it carries, as columns: twin of `checker.interpret.events.fits`."""

from __future__ import annotations

import numpy as np

from checker.columnar import conditions, distinct, entries, several, values
from checker.columnar.possible import Ints, Truths, doubtful, known
from checker.columnar.table import NOTHING, Pairs
from checker.columnar.world import Columns, Frame
from checker.interpret import moments as rules
from checker.interpret import periods
from checker.interpret.possible import Possible, Truth
from checker.interpret.world import World
from checker.record.model import Value
from dsl import contract as ir


def same(world: Columns, pairs: Pairs, attribute: str, frame: Frame) -> Truths:
    """Whether events carry the same value of an attribute as the occasion, or as the row at hand."""
    which = frame.here if frame.here is not None else frame.row
    column = world.table.column(attribute)
    if which is not None:
        row = which[pairs.occasion]
        theirs, carried = column[row], row >= 0
    elif frame.own is not None:
        theirs = entries.at_hand(world, frame.own, attribute).code[pairs.occasion]
        carried = theirs != NOTHING
    else:
        return known(np.zeros(len(pairs.row), bool))
    mine = column[pairs.row]
    told = (mine != NOTHING) & (theirs != NOTHING) & carried
    # What carries nothing, be it no event or an entry without the field, has nothing in common with an act.
    no = (told & (mine != theirs)) | ~carried
    return doubtful(told & (mine == theirs), no, np.zeros(len(told), bool), ~told)


def including(world: Columns, pairs: Pairs, r: ir.Including, frame: Frame) -> Truths:
    """Whether events carry a list that holds a value, or that value itself."""
    held = values.of_codes(world.table.column(r.attribute)[pairs.row])
    return conditions.holds_value(
        world, held, several.taken(values.value(world, r.value, frame), pairs.occasion)
    )


def carrying(world: Columns, pairs: Pairs, attribute: str, value: Ints) -> Truths:
    """Whether events carry one value, given as a code for each occasion."""
    held = values.of_codes(value[pairs.occasion])
    return conditions.holds_value(world, held, values.of_codes(world.table.column(attribute)[pairs.row]))


def same_period(world: Columns, pairs: Pairs, r: ir.SamePeriod, frame: Frame) -> Truths:
    """Whether a date of the events lies in the entry of a period that holds the same date of the occasion."""
    if frame.row is None:
        return known(np.zeros(len(pairs.row), bool))
    column, row = world.table.column(r.attribute), frame.row[pairs.occasion]
    mine, theirs = column[pairs.row], column[row]
    yes, no = np.zeros(len(mine), bool), np.zeros(len(mine), bool)
    dictionary = world.table.dictionary.values
    width = len(dictionary) + 1
    for agreement, index in distinct.by_agreement(world, frame.case[pairs.occasion]):
        one = world.scalar(agreement)
        both, back = np.unique((mine[index] + 1) * width + theirs[index] + 1, return_inverse=True)
        found = [
            _in_one_period(
                world, one, r.period, _value(dictionary, b // width), _value(dictionary, b % width)
            )
            for b in both.tolist()
        ]
        yes[index] = np.array([t.value is True for t in found], bool)[back]
        no[index] = np.array([t.value is False for t in found], bool)[back]
    # Dates and periods are on record, or they are missing.
    return doubtful(yes & (row >= 0), no | (row < 0), np.zeros(len(yes), bool), ~yes & ~no)


def _value(dictionary: list[Value], place: int) -> Value | None:
    return dictionary[place - 1] if place else None


def _in_one_period(
    world: Columns, one: World, period: str, mine: Value | None, theirs: Value | None
) -> Truth:
    def asked(w: World) -> Truth:
        a, b = (rules.dated(w, Possible(None if v is None else (v,))) for v in (mine, theirs))
        return periods.in_one_period(w, period, a, b)

    return world.asked(one, asked)


__all__ = ["carrying", "including", "same", "same_period"]
