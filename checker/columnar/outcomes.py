"""Outcomes as columns: what is still possible on each occasion, what is shown of it, and the fold to the one that decides."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from checker.columnar import clocks
from checker.columnar.due import Due
from checker.columnar.limits import BIT, Said, bits
from checker.columnar.narrow import by_byte
from checker.columnar.possible import Bits, Bools, Ints, Truths
from checker.columnar.world import Columns, Frame
from checker.interpret.book import Book, owed
from checker.interpret.verdicts import WORST_FIRST, Owed, Verdict
from dsl import contract as ir

NONE = np.iinfo(np.int64).min
"""No instant, no margin, no sentence."""
VERDICTS = tuple(Verdict)
NUMBER = {v: i for i, v in enumerate(VERDICTS)}
RANK = np.array([WORST_FIRST.index(v) for v in VERDICTS], np.int8)
_SETS = range(1 << len(VERDICTS))
_MEMBERS = [[i for i in range(len(VERDICTS)) if bits >> i & 1] for bits in _SETS]
_ONLY = np.array([m[0] if len(m) == 1 else -1 for m in _MEMBERS], np.int8)
"""Of each set of verdicts as bits the one that it holds, -1 where it does not hold just one."""
_WORST = np.array([min(m, key=lambda i: RANK[i]) if m else -1 for m in _MEMBERS], np.int8)
"""Of each set of verdicts the worst."""

Verdicts = NDArray[np.int8]
"""Verdicts as places in VERDICTS."""


class Outcomes(NamedTuple):
    """Verdicts with their instants and margins, NONE where there is none; no columns of them where nobody asked (`Columns.times`)."""

    verdict: Verdicts
    due: Ints | None
    done: Ints | None
    margin: Ints | None


class Decided(NamedTuple):
    """Outcomes, why they are in doubt, and which sentence gave them where those of the clause differ in strength or party.

    `sentence`: a place in `all_owed`, NONE where it need not be told.
    """

    verdict: Verdicts
    open: Bools
    missing: Bools
    due: Ints | None = None
    done: Ints | None = None
    margin: Ints | None = None
    sentence: Ints | None = None

    @property
    def outcomes(self) -> Outcomes:
        """The outcomes alone."""
        return Outcomes(self.verdict, self.due, self.done, self.margin)

    def take(self, index: Ints) -> Decided:
        """The outcomes at some places."""
        return combined(lambda column: column[index], self)

    def put(self, index: Ints, part: Decided) -> Decided:
        """These, and in some places others."""

        def put(column: Ints, found: Ints) -> Ints:
            column[index] = found
            return column

        return combined(put, self, part)


def combined(rule: Callable[..., Any], *parts: Decided) -> Decided:
    """Column by column, where all have it."""
    return Decided._make(
        None if any(c is None for c in columns) else rule(*columns) for columns in zip(*parts, strict=True)
    )


def all_owed(book: Book) -> tuple[Owed, ...]:
    """How strongly the sentences of a contract bind, and whom: each way once."""
    found = (owed(x) for c in book.clauses.values() for line in c.sentences for x in line.all())
    return tuple(dict.fromkeys(found))


def not_applicable(n: int, *, times: bool = True) -> Decided:
    """Nothing happened that a clause concerns, n times."""
    verdict = np.full(n, NUMBER[Verdict.NOT_APPLICABLE], np.int8)
    if not times:
        return Decided(verdict, np.zeros(n, bool), np.zeros(n, bool))
    none = (np.full(n, NONE, np.int64) for _ in range(4))
    return Decided(verdict, np.zeros(n, bool), np.zeros(n, bool), *none)


def folded(each: Decided, of: Ints, within: Decided) -> Decided:
    """Of outcomes in order, given with what they belong to (a place in `within`), the worst, of equals the first.

    Where nothing belongs to a place, that of `within` stands.
    """
    if not len(of):
        return within
    chosen: Ints = np.arange(len(of), dtype=np.int64)
    if len(of) == len(within.verdict) and np.array_equal(of, chosen):
        # One outcome to each place.
        return each
    if not (of[1:] > of[:-1]).all():
        order = np.lexsort((chosen, RANK[each.verdict], of))
        first = np.ones(len(of), bool)
        first[1:] = of[order][1:] != of[order][:-1]
        chosen = order[first]

    def fold(column: Ints, found: Ints) -> Ints:
        out = column.copy()
        out[of[chosen]] = found[chosen]
        return out

    return combined(fold, within, each)


def applying(each: Decided, of: Ints) -> tuple[Decided, Ints]:
    """Outcomes, with what they belong to, without those of which nothing is to be told: the mildest one, that a clause does not apply."""
    told = each.verdict != NUMBER[Verdict.NOT_APPLICABLE]
    if each.sentence is not None:
        told |= each.sentence != NONE
    if told.all():
        return each, of
    some = np.flatnonzero(told)
    return each.take(some), of[some]


def worse(a: Decided, b: Decided) -> Decided:
    """Of two outcomes the worse; of equals the first."""
    second = RANK[b.verdict] < RANK[a.verdict]
    if not second.any():
        return a
    return combined(lambda x, y: np.where(second, y, x), a, b)


# --------------------------------------------------------------------------- what is possible
class Weighing:
    """The verdicts still possible on each occasion, as bits, and why more than one is; `out`: where the clause surely does not apply."""

    def __init__(self, n: int) -> None:
        self.bits: Bits = np.zeros(n, np.uint8)
        self.open, self.missing = np.zeros(n, bool), np.zeros(n, bool)
        self.out = np.zeros(n, bool)

    def take(self, index: Ints) -> Weighing:
        """Those of some occasions."""
        out = Weighing(0)
        out.bits, out.open, out.missing, out.out = (
            column[index] for column in (self.bits, self.open, self.missing, self.out)
        )
        return out

    def put(self, index: Ints, found: Weighing) -> None:
        """What was found of some occasions."""
        self.bits[index], self.open[index], self.missing[index] = found.bits, found.open, found.missing

    def add(self, verdict: Verdict, which: Bools) -> None:
        """This verdict is possible there."""
        self.bits |= bits(which, verdict)

    def doubt(self, verdict: Verdict, t: Truths, which: Bools) -> None:
        """This verdict is possible where a truth is unknown."""
        if t.open is None or t.missing is None:
            return
        here = t.unknown & which
        self.add(verdict, here)
        self.open |= t.open & here
        self.missing |= t.missing & here

    def where(self, t: Truths) -> None:
        """A `where` gate: what surely fails it is out."""
        self.doubt(Verdict.NOT_APPLICABLE, t, ~self.out)
        self.leave(t.no)

    def leave(self, which: Bools) -> None:
        """The clause does not apply there, whatever else is possible."""
        fresh = which & ~self.out
        self.bits = self.bits * ~fresh + bits(fresh, Verdict.NOT_APPLICABLE)
        self.out |= which

    def sentences(self, findings: list[Said], which: Bools) -> None:
        """Several sentences bind together: the worst of what is possible."""
        if not findings:
            return
        combined = findings[0].verdicts
        for f in findings[1:]:
            combined = _worse(combined, f.verdicts)
        self.bits |= which.view(np.uint8) * combined
        decided = combined == BIT[Verdict.BREACHED]
        for f in findings:
            counts = which & ~(decided & (f.verdicts != BIT[Verdict.BREACHED]))
            self.open |= f.open & counts
            self.missing |= f.missing & counts


def _worse(a: Bits, b: Bits) -> Bits:
    """Of two sets of possible verdicts, the sets of the worse of each pair."""
    out = np.zeros(len(a), np.uint8)
    milder_a, milder_b = np.zeros(len(a), bool), np.zeros(len(a), bool)
    for v in reversed(WORST_FIRST):
        in_a, in_b = (a & BIT[v]) != 0, (b & BIT[v]) != 0
        milder_a |= in_a
        milder_b |= in_b
        out |= np.where((in_a & milder_b) | (in_b & milder_a), BIT[v], np.uint8(0))
    return out


# --------------------------------------------------------------------------- what is shown
class Paths(NamedTuple):
    """What decided on each occasion: a carve-out, prerequisites that fail, or (neither, and not out) the sentences.

    `gate_due`: the limit in the prerequisites, of those that fail where some do.
    """

    bitten: Bools
    failing: Bools
    gate_due: Due | None


def outcomes(
    world: Columns, clause: ir.Clause, frame: Frame, w: Weighing, findings: list[Said], paths: Paths
) -> Decided:
    """The verdicts, and what is shown of the sentence that decides."""
    n = frame.n
    verdict = by_byte(_ONLY, w.bits)
    doubt = verdict < 0
    open_, missing = w.open & doubt, w.missing & doubt
    if doubt.any():
        pending = open_ & ~missing
        verdict[doubt] = NUMBER[Verdict.UNDETERMINED]
        verdict[pending] = NUMBER[Verdict.PENDING]
    if not world.times:
        return Decided(verdict, open_, missing)
    worst = _WORST[w.bits]
    chosen = _deciding(findings, worst, paths, w.out)
    due, done, margin, sentence = (np.full(n, NONE, np.int64) for _ in range(4))
    limited = np.zeros(n, bool)
    for i, f in enumerate(findings):
        here = chosen == i
        limited |= f.limited & ~paths.failing
        if f.due is not None:
            shown = here & f.limited & f.due.exact
            due[shown] = f.due.lo[shown]
        if f.done is not None:
            acted = here & f.acted & f.done.exact
            done[acted] = f.done.lo[acted]
    if paths.gate_due is not None:
        # The instant that a prerequisite asks about is the limit where it decides, or where the sentence has none.
        take = paths.gate_due.has & ~limited & ~paths.bitten
        take &= (verdict == NUMBER[Verdict.NOT_ENTITLED]) | (
            (verdict == NUMBER[Verdict.MET]) & ~paths.failing
        )
        due = np.where(take, np.where(paths.gate_due.moment.exact, paths.gate_due.moment.lo, NONE), due)
    due[verdict == NUMBER[Verdict.NOT_APPLICABLE]] = NONE
    done[(verdict == NUMBER[Verdict.NOT_APPLICABLE]) | (verdict == NUMBER[Verdict.PENDING])] = NONE
    both = (due != NONE) & (done != NONE)
    for i, f in enumerate(findings):
        here = both & (chosen == i)
        if f.measured is not None:
            here &= f.measured
        if here.any():
            margin = np.where(here, _margin(world, f.clock, due, done, here, frame), margin)
    if clause.id in world.book.mixed:
        reached = ~(w.out | paths.bitten | paths.failing)
        sentence = _sentence(world, clause, findings, verdict, reached)
    return Decided(verdict, open_, missing, due, done, margin, sentence)


def _margin(world: Columns, clock: ir.Clock | None, due: Ints, done: Ints, here: Bools, frame: Frame) -> Ints:
    """Time left (positive) or overrun (negative) on the clause's clock, in seconds."""
    a, b = np.where(here, np.minimum(due, done), 0), np.where(here, np.maximum(due, done), 0)
    length, told = clocks.counted(world, clock, a, b, frame)
    return np.where(told, np.where(done <= due, length, -length), NONE)


def _sentence(
    world: Columns, clause: ir.Clause, findings: list[Said], verdict: Verdicts, reached: Bools
) -> Ints:
    """The sentence that gave the verdict; none where a gate did, or nothing is decided."""
    number = {o: i for i, o in enumerate(world.once("owed", lambda: all_owed(world.book)))}
    out = np.full(len(verdict), NONE, np.int64)
    bit = np.left_shift(1, verdict.astype(np.int64))
    taken = ~reached
    for s, f in zip(world.lines(clause.sentences), findings, strict=True):
        mine = ~taken & (f.verdicts == bit)
        out[mine] = number[owed(s)]
        taken |= mine
    return out


def _deciding(findings: list[Said], worst: Verdicts, paths: Paths, out: Bools) -> Ints:
    """The sentence whose due and done are reported: the one that decides, else the first with a due; -1 for none."""
    n = len(worst)
    none = np.full(n, -1, np.int64)
    first, mine, broken = none.copy(), none.copy(), none.copy()
    bit = np.left_shift(1, np.maximum(worst, 0), dtype=np.int64).astype(np.uint8)
    for i, f in enumerate(findings):
        has, gives = f.limited, (f.verdicts & bit) != 0
        first = np.where((first < 0) & has, i, first)
        mine = np.where((mine < 0) & has & gives, i, mine)
        broken = np.where((broken < 0) & gives, i, broken)
    # What was broken has no limit: the limit of another sentence, which was kept, would mislead.
    breached = worst == NUMBER[Verdict.BREACHED]
    chosen = np.where(mine >= 0, mine, np.where(breached, broken, first))
    # A carve-out shows the first limit; what is out, or lacks a prerequisite, shows none.
    chosen = np.where(paths.bitten, first, chosen)
    return np.where(out | paths.failing, -1, chosen)
