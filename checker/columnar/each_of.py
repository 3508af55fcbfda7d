"""An act for each value of a list, as columns: the worst of them, value after value."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from checker.columnar import events, several, values
from checker.columnar.limits import BIT, Limits, Said
from checker.columnar.possible import Bits, Bools, Ints, Moments, latest, where
from checker.columnar.table import NOTHING
from checker.columnar.world import Columns, Frame
from checker.interpret.verdicts import Verdict
from dsl import contract as ir

_MET, _BREACHED = BIT[Verdict.MET], BIT[Verdict.BREACHED]

Act = Callable[[Frame, events.Carrying], Said]
"""What the act that carries a value comes to on some occasions."""


def to_each(world: Columns, to: ir.ToEach, limits: Limits, frame: Frame, act: Act) -> Said:
    """The act for each value of a list: the worst of them."""
    held = values.value(world, to.of, frame)
    unknown = held.code == NOTHING
    if held.more is not None:
        unknown |= several.several(held)
    items = _items(world, held.code)
    parts: list[tuple[Bools, Said]] = []
    for k in range(max((len(x) for x in items), default=0)):
        code = np.array([x[k] if k < len(x) else NOTHING for x in items] + [NOTHING], np.int64)[held.code]
        index = np.flatnonzero((code != NOTHING) & ~unknown)
        if len(index):
            inner = frame.take(index, (*frame.key, "to each", to.attribute, k, *world.consulted()))
            found = act(inner, events.Carrying(to.attribute, code[index]))
            here = np.zeros(frame.n, bool)
            here[index] = True
            parts.append((here, _everywhere(found, index, frame.n)))
    return _worst(parts, limits, unknown, held)


def _items(world: Columns, code: Ints) -> list[list[int]]:
    """By code, the codes of the values that a list holds, of a single value itself; of those codes that occur."""
    found: dict[int, list[int]] = {}
    for c in np.unique(code[code != NOTHING]).tolist():
        value = world.table.dictionary.values[c]
        found[c] = [world.code(v) for v in value] if isinstance(value, list) else [c]
    return [found.get(c, []) for c in range(len(world.table.dictionary.values))]


def _everywhere(found: Said, index: Ints, n: int) -> Said:
    """What some occasions came to, as columns of all; what stands elsewhere means nothing."""
    back = np.zeros(n, np.int64)
    back[index] = np.arange(len(index))
    due = found.due.take(back) if found.due is not None else None
    done = found.done.take(back) if found.done is not None else None
    measured = found.measured[back] if found.measured is not None else None
    return Said(
        found.verdicts[back],
        found.open[back],
        found.missing[back],
        due,
        found.limited[back],
        done,
        found.acted[back],
        found.clock,
        measured,
    )


def _worst(parts: list[tuple[Bools, Said]], limits: Limits, unknown: Bools, held: values.Values) -> Said:
    """The worst of several acts on each occasion: the first of those that may be missing is shown, else the first."""
    n = len(unknown)
    some, broken, kept, acted = np.zeros(n, bool), np.zeros(n, bool), ~unknown, ~unknown
    open_, missing = held.open & unknown, held.missing & unknown
    due, has_due = limits.due, np.full(n, limits.due is not None)
    done: Moments | None = None
    last: Moments | None = None
    has_done, measured = np.zeros(n, bool), np.ones(n, bool)
    for here, found in parts:
        breaks = here & ((found.verdicts & _BREACHED) != 0)
        shown = (here & ~some) | (breaks & ~broken)
        kept = kept & (~here | ((found.verdicts & _MET) != 0))
        open_, missing = open_ | (here & found.open), missing | (here & found.missing)
        due = _either(shown, found.due, due)
        has_due = np.where(shown, found.limited, has_due)
        done, has_done = _either(shown, found.done, done), np.where(shown, found.acted, has_done)
        if found.measured is not None:
            measured = np.where(shown, found.measured, measured)
        if found.done is not None:
            later = found.done if last is None else latest([last, found.done])
            last = later if last is None else where(here & some, later, where(here, found.done, last))
        acted = acted & (~here | found.acted)
        some, broken = some | here, broken | breaks
    whole = some & acted
    if done is not None and last is not None:
        # What all were done by is when the last of them was.
        done = where(whole, last, done)
    bits: Bits = (np.where(kept | unknown, _MET, 0) | np.where(broken | unknown, _BREACHED, 0)).astype(
        np.uint8
    )
    return Said(bits, open_, missing, due, has_due, done, has_done | whole, limits.clock, measured)


def _either(which: Bools, found: Moments | None, other: Moments | None) -> Moments | None:
    if found is None or other is None:
        return other if found is None else found
    return where(which, found, other)
