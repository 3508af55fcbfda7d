"""Entries of facts as columns: which do or may fit at each occasion, which hold a moment, and what they say.

What the agreement alone decides is asked of the interpreter once for each agreement; where a ticket chooses among the
entries, each occasion is looked at beside each entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple, cast

import numpy as np

from checker.columnar import conditions, moments, values
from checker.columnar.possible import (
    Bits,
    Bools,
    Ints,
    Moments,
    Truths,
    always,
    at,
    before,
    conjunction,
    doubtful,
    no_later,
)
from checker.columnar.several import Values
from checker.columnar.table import NOTHING, Pairs, Rows, paired
from checker.columnar.world import Columns, Entries, Frame
from checker.interpret import possible
from checker.interpret import spans as rules
from checker.interpret.possible import Moment
from checker.interpret.world import Frame as One
from checker.interpret.world import World
from dsl import contract as ir


class Held(NamedTuple):
    """Each occasion with each entry that does or may fit (`truth`), and the stretch that the entry holds.

    `absent`: the occasions whose agreement does not have the fact on record, so that any entry may be.
    """

    pairs: Pairs
    truth: Truths
    start: Moments
    end: Moments
    absent: Bools
    entries: Entries


class _All(NamedTuple):
    """The entries of a fact before the ticket has its say: those of agreements that have the same ones once, as one kind (`kind` of each
    agreement); `of`: those of each kind, `absent`: the kinds of which the fact is not on record.
    """

    kind: Ints
    of: Rows
    truth: Truths
    start: Moments
    end: Moments
    absent: Bools
    held: tuple[Mapping[str, Any], ...]


def held(world: Columns, fact: str, frame: Frame) -> Held:
    """The entries of a named fact that do or may pass its conditions."""
    return world.once(("held", fact, frame.key), lambda: _held(world, fact, frame))


def _held(world: Columns, fact: str, frame: Frame) -> Held:
    wheres = () if world.book.static_facts.get(fact, False) else _conditions(world, fact)
    found = world.once(("all entries", fact), lambda: _entries(world, fact))
    of = found.kind[world.under[frame.case]]
    pairs = paired(of, found.of)
    truth = found.truth.take(pairs.row)
    entry = Entries(found.held, pairs.row)
    if wheres:
        outer = _outside(world, frame)
        key = (*outer.key, "entry of", fact, *world.consulted())
        inner = outer.take(pairs.occasion, key)._replace(entry=entry)
        truth = conjunction([truth, *(conditions.truth(world, c, inner) for c in wheres)])
    return Held(pairs, truth, found.start.take(pairs.row), found.end.take(pairs.row), found.absent[of], entry)


def _conditions(world: Columns, fact: str) -> tuple[ir.Condition, ...]:
    lines = world.lines(world.book.facts[fact].lines)
    return tuple(x.condition for x in lines if isinstance(x, ir.Where))


def _outside(world: Columns, frame: Frame) -> Frame:
    """The occasions as an entry sees them: inside the definition of an event there is none, and it is now."""
    if frame.here is None:
        return frame
    return Frame((*frame.key, "now"), frame.case, at(np.full(frame.n, world.now, np.int64)))


def _entries(world: Columns, fact: str) -> _All:
    """The entries of all agreements; found once for all parts of a table."""

    def find() -> tuple[_All, frozenset[str]]:
        found, touched, _ = world.apart(lambda: _all(world, fact))
        return found, frozenset(touched)

    found, touched = world.agreements.once(("all entries", fact), find)
    world.touched |= touched
    return cast(_All, found)


def _all(world: Columns, fact: str) -> _All:
    if not (world.book.static_facts.get(fact, False) and _conditions(world, fact)):
        return _listed(world, fact)
    found = world.by_agreement(("passing entries", fact), lambda w: rules.entries(w, fact, One()))
    numbers: dict[int, int] = {}
    kind = np.array([numbers.setdefault(id(each), len(numbers)) for each in found], np.int64)
    _, first = np.unique(kind, return_index=True)
    kinds = [found[i] for i in first.tolist()]
    entries = [s for each in kinds for s in each if s.entry is not None]
    return _All(
        kind,
        _rows([sum(s.entry is not None for s in each) for each in kinds]),
        _truths([s.truth for s in entries]),
        _moments([s.start for s in entries]),
        _moments([s.end for s in entries], edge=True),
        np.array([any(s.entry is None for s in each) for each in kinds], bool),
        tuple(s.entry for s in entries if s.entry is not None),
    )


def _rows(counts: list[int]) -> Rows:
    """So many of each kind, one after the other."""
    many = np.array(counts, np.int64)
    last = np.cumsum(many)
    return Rows(np.arange(int(many.sum()), dtype=np.int64), (last - many, last))


def _listed(world: Columns, fact: str) -> _All:
    """The entries of a fact in each agreement, whatever its conditions say of them; equal ones are one kind."""
    source = next(x.fact for x in world.lines(world.book.facts[fact].lines) if isinstance(x, ir.EntryOf))
    # What an entry's dates stand for depends on the zone alone: one agreement answers for all of its zone.
    by_zone: dict[str | None, World] = {}
    kinds: dict[Any, int] = {}
    counts: list[int] = []
    absent: list[bool] = []
    held: list[Mapping[str, Any]] = []
    starts: list[Moment] = []
    ends: list[Moment] = []
    zones = world.by_agreement("zone", lambda w: w.zone)
    kind = np.empty(len(zones), np.int64)
    for i, zone in enumerate(zones):
        value: Any = world.agreements.said[i].get(source.path[0])
        for field in source.path[1:]:
            value = value.get(field) if isinstance(value, Mapping) else None
        key = (zone, world.agreements.told(value)) if value is not None else None
        kind[i] = number = kinds.setdefault(key, len(counts))
        if number < len(counts):
            continue
        if zone not in by_zone:
            by_zone[zone] = world.scalar(i)
        of = by_zone[zone]
        listed = [e for e in (value if isinstance(value, list) else [value]) if isinstance(e, Mapping)]
        counts.append(len(listed))
        absent.append(value is None)
        held += listed
        for start, end in (rules.bounds(of, e) for e in listed):
            starts.append(start)
            ends.append(end)
    return _All(
        kind,
        _rows(counts),
        always(len(held)),
        _moments(starts),
        _moments(ends, edge=True),
        np.array(absent, bool),
        tuple(held),
    )


def _truths(found: list[possible.Truth]) -> Truths:
    """Truths of what the agreement decides: what it does not decide is missing."""
    if all(t.value for t in found):
        return always(len(found))
    yes, no = (np.array([t.value is v for t in found], bool) for v in (True, False))
    return doubtful(yes, no, np.zeros(len(found), bool), ~yes & ~no)


def _moments(found: list[Moment], *, edge: bool = False) -> Moments:
    """Bounds of entries, which are missing where they are not known; an edge at the ends of time is none."""
    lo, hi = (np.array([m[k] for m in found], np.int64) for k in (0, 1))
    if (lo == hi).all():
        return Moments(lo, lo, edge=edge)
    return Moments(lo, hi, np.zeros(len(lo), bool), lo != hi, edge)


# --------------------------------------------------------------------------- what holds a moment
def covers(world: Columns, found: Held, moment: Moments) -> Truths:
    """Whether each entry fits and holds the moment of its occasion."""
    here = moment.take(found.pairs.occasion)
    order = world.table.order
    return conjunction([found.truth, no_later(found.start, here, order), before(here, found.end, order)])


def causes(pairs: Pairs, found: Truths, n: int) -> tuple[Bools, Bools]:
    """Why something is unknown of some pair of each of n occasions."""
    if found.open is None or found.missing is None:
        return np.zeros(n, bool), np.zeros(n, bool)
    return pairs.any(found.open, n), pairs.any(found.missing, n)


def in_force(world: Columns, fact: str, moment: Moments, frame: Frame) -> Truths:
    """Whether some entry of a fact holds moments."""
    if not (world.book.static_facts.get(fact, False) or not _conditions(world, fact)):
        return _held_at(world, fact, moment, frame)
    here = moment.last_second
    told = here.exact & (here.lo >= 0) & (here.lo < _WIDTH - 1)
    some = np.flatnonzero(told)
    whole = len(some) == frame.n
    of = world.under[frame.case if whole else frame.case[some]]
    state = _steps(world, fact).at(of, here.lo if whole else here.lo[some])
    if whole:
        return doubtful(state == _YES, state == _NO, np.zeros(frame.n, bool), state == _UNKNOWN)
    out = [np.zeros(frame.n, bool) for _ in range(4)]
    out[0][some], out[1][some], out[3][some] = state == _YES, state == _NO, state == _UNKNOWN
    rest = np.flatnonzero(~told)
    found = _held_at(world, fact, moment.take(rest), frame.some(rest))
    out[0][rest], out[1][rest] = found.yes, found.no
    if found.open is not None and found.missing is not None:
        out[2][rest], out[3][rest] = found.open, found.missing
    return doubtful(*out)


def _held_at(world: Columns, fact: str, moment: Moments, frame: Frame) -> Truths:
    """The same, occasion by occasion beside each entry."""
    found = held(world, fact, frame)
    holds = covers(world, found, moment)
    n = frame.n
    yes = found.pairs.any(holds.yes, n)
    unknown = found.pairs.any(holds.unknown, n) | found.absent
    open_, missing = causes(found.pairs, holds, n)
    return doubtful(yes, ~yes & ~unknown, open_, missing | found.absent)


_NO, _YES, _UNKNOWN = 0, 1, 2
_WIDTH = np.int64(2) ** 34
"""More seconds than any record has."""


_FEW = 8
"""So many steps are looked at one after the other, which is faster than a search."""


class _Steps:
    """Whether entries of a fact are in force, from one second (of a kind of agreements: both as one number) to the next one here.

    `kind`: of each agreement.
    """

    def __init__(self, kind: Ints, keys: Ints, state: Bits) -> None:
        self._kind, self._keys, self._state = kind, keys, state
        of, seconds = keys // _WIDTH, keys % _WIDTH
        count = int(of[-1]) + 1 if len(of) else 0
        begin = np.searchsorted(of, np.arange(count))
        most = int(np.bincount(of).max()) if len(of) else 0
        self._begin = begin
        # The second, the third step of every kind, and so on: later than ever where it has none.
        self._further: list[Ints] | None = None
        if most <= _FEW:
            place = np.arange(len(of)) - begin[of]
            self._further = [np.full(count, _WIDTH, np.int64) for _ in range(1, most)]
            for k, column in enumerate(self._further, 1):
                column[of[place == k]] = seconds[place == k]

    def at(self, agreement: Ints, second: Ints) -> Bits:
        """What holds at seconds of agreements."""
        of = self._kind[agreement]
        if self._further is None:
            place = np.searchsorted(self._keys, of * _WIDTH + second, "right") - 1
        else:
            further = np.zeros(len(of), np.uint8)
            for column in self._further:
                further += (column[of] <= second).view(np.uint8)
            place = self._begin[of] + further
        state: Bits = self._state[place]
        return state


def _steps(world: Columns, fact: str) -> _Steps:
    """When entries that the ticket has no say in are in force; found once for all parts of a table."""

    def find() -> tuple[_Steps, frozenset[str]]:
        found, touched, _ = world.apart(
            lambda: _stepped(world.once(("all entries", fact), lambda: _entries(world, fact)))
        )
        return found, frozenset(touched)

    found, touched = world.agreements.once(("steps", fact), find)
    world.touched |= touched
    return cast(_Steps, found)


def _stepped(found: _All) -> _Steps:
    count = len(found.absent)
    of = np.repeat(np.arange(count, dtype=np.int64), found.of.end - found.of.begin)
    start, end = found.start, found.end
    # Surely from the latest start to the earliest end, perhaps from the earliest start to the latest end.
    sure = found.truth.yes & (start.hi < end.lo)
    perhaps = ~found.truth.no & (start.lo < end.hi)
    parts = [
        (of[sure], start.hi[sure], 1, 0),
        (of[sure], end.lo[sure], -1, 0),
        (of[perhaps], start.lo[perhaps], 0, 1),
        (of[perhaps], end.hi[perhaps], 0, -1),
        (np.arange(count), np.zeros(count, np.int64), 0, 0),
    ]
    keys = np.concatenate([a * _WIDTH + np.clip(t, 0, _WIDTH - 1) for a, t, _, _ in parts])
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    surely, possibly = (
        np.cumsum(np.concatenate([np.full(len(p[0]), p[k], np.int64) for p in parts])[order]) for k in (2, 3)
    )
    state = np.where(surely > 0, _YES, np.where(possibly > 0, _UNKNOWN, _NO))
    state = np.where((state == _NO) & found.absent[keys // _WIDTH], _UNKNOWN, state).astype(np.uint8)
    # Of several at one second the last counts; what goes on is no step, but where a kind begins.
    last = np.append(keys[1:] != keys[:-1], True)[: len(keys)]
    keys, state = keys[last], state[last]
    step = np.ones(len(keys), bool)
    step[1:] = (state[1:] != state[:-1]) | (keys[1:] // _WIDTH != keys[:-1] // _WIDTH)
    return _Steps(found.kind, keys[step], state[step])


# --------------------------------------------------------------------------- what entries say
def at_hand(world: Columns, entry: Entries, name: str) -> Values:
    """A field of entries; of what is none, nothing is on record."""

    def find() -> tuple[Ints, tuple[Mapping[str, Any], ...]]:
        said = [*(e.get(name) if isinstance(e, dict) else None for e in entry.held), None]
        # With the entries, so that no other ones take their place in memory.
        return np.array([world.code(v) for v in said], np.int64), entry.held

    return values.of_codes(world.once(("said", name, id(entry.held)), find)[0][entry.which])


def field(world: Columns, fact: str, name: str, frame: Frame) -> Values:
    """A field of the entry in force at the occasion, else of the only entry; of several none may perhaps be in force."""
    found = held(world, fact, frame)
    truth = covers(world, found, moments.moment(world, ir.It(), frame))
    holds = truth.yes
    pairs, n = found.pairs, frame.n
    fits = ~found.truth.no
    several = pairs.number(holds, n)
    all_ = pairs.number(fits, n)
    only = np.where(several > 0, several == 1, all_ == 1) & ~found.absent
    if not truth.certain:
        only &= (all_ == 1) | ~pairs.any(truth.unknown, n)
    chosen = np.where(several > 0, pairs.first(holds, n), pairs.first(fits, n))
    said = at_hand(world, found.entries, name).code
    code: Ints = np.where(only, said[chosen] if len(said) else NOTHING, NOTHING)
    return values.of_codes(code)


__all__ = ["Held", "at_hand", "causes", "covers", "field", "held", "in_force"]
