"""What a party may not do, as columns: whether such an act came within the limits, unless a state excuses it."""

from __future__ import annotations

import numpy as np

from checker.columnar import events, spans
from checker.columnar.limits import (
    Said,
    acts_within,
    causes,
    comes_to,
    done_at,
    inclusive,
    limits_of,
    since_of,
    some,
)
from checker.columnar.possible import Bools, Moments, conjunction, disjunction, doubtful, negation
from checker.columnar.world import Columns, Frame
from dsl import contract as ir


def refrain(world: Columns, s: ir.Refrain, frame: Frame) -> Said:
    """Whether no such act came where it is forbidden."""
    limits = limits_of(world, s.limits, frame)
    n = frame.n
    found = acts_within(world, s.events, limits, frame, since_of(limits, frame))
    wrong = found.truth
    if limits.save_for:
        inner = frame.take(found.pairs.occasion, (*frame.key, "excused", *s.events, *world.consulted()))
        at = world.table.moments(found.pairs.row)
        excused = [spans.in_state(world, name, at, inner) for name in limits.save_for]
        wrong = conjunction([wrong, negation(disjunction(excused))])
    done_wrong = some(found.pairs, wrong, n)
    # What is not over, and what the record does not show, may still bring one.
    still_open, hidden = causes(events.exists(world, found, owed=False))
    open_, missing = causes(done_wrong)
    ahead: Bools = np.zeros(n, bool)
    for _, m in limits.lower:
        ahead = ahead | (m.lo > world.now)
    open_, missing = open_ | still_open | ahead, missing | hidden
    unknown = done_wrong.unknown | (~done_wrong.yes & (open_ | missing))
    truth = negation(doubtful(done_wrong.yes, done_wrong.no & ~unknown, open_, missing))
    row = found.first()
    due = _last_before(*limits.lower[0]) if limits.lower else limits.due
    return Said(*comes_to(truth), due, None, done_at(world, row), row >= 0)


def _last_before(relation: str, start: Moments) -> Moments:
    """The last instant before an act is forbidden that is forbidden from (or after) a moment on."""
    return start.last_second if relation == "after" else inclusive("before", start)
