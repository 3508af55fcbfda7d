"""All cases under one choice of readings, and the frame in which a part of the contract is evaluated for many occasions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol, Self, TypeVar, cast

import numpy as np

from checker.columnar.agreements import Agreements, asked
from checker.columnar.alike import Untold, amended, cases_apart, taken, unlike
from checker.columnar.found import Found, Layer, Part
from checker.columnar.possible import Bools, Ints, Moments
from checker.columnar.table import Table
from checker.interpret.book import Book
from checker.interpret.possible import EVER
from checker.interpret.reader import Reader
from checker.interpret.world import World
from checker.record.model import Value

T = TypeVar("T")


class NotColumnar(Exception):
    """A form that is not evaluated in columns; what it is."""


class Entries(NamedTuple):
    """Entries of facts, one for each occasion. `held`: all there are; `which`: their places in it, -1 for none."""

    held: tuple[Mapping[str, Any], ...]
    which: Ints

    def take(self, index: Ints) -> Entries:
        """Those of some occasions."""
        return Entries(self.held, self.which[index])


class Following:
    """The next occasion of the same kind in the case of each, NEVER for none; looked up when it is asked for, which few clauses do."""

    __slots__ = ("_find", "_found")

    def __init__(self, find: Callable[[], Moments]) -> None:
        self._find: Callable[[], Moments] | None = find
        self._found: Moments | None = None

    @property
    def moments(self) -> Moments:
        """When those are."""
        if self._found is None:
            assert self._find is not None
            # Found once; what it was found from is let go.
            self._found, self._find = self._find(), None
        return self._found

    @property
    def content(self) -> Moments:
        """All that it says."""
        return self.moments

    def take(self, index: Ints) -> Following:
        """Those of some occasions."""
        return Following(lambda: self.moments.take(index))


class Frame(NamedTuple):
    """The occasions at hand: `it` is the start of each. `key` tells one frame from another, under other readings, too.

    `row`: the events that are the occasions, as rows of the table. `here`: inside a definition the rows at hand.
    -1 where one is no event. `following`: the next occasion of the same kind in the case, NEVER for none. `end`: where each ends
    that lasts. `stretch`: the stretch of an attribute that each begins with, as its place in the timeline. `entry`: inside
    the definition of a fact the entries at hand. `own`: the entries that the occasions themselves are. `outer`: the occasions of which
    these are some, and `places` which.
    """

    key: tuple[Any, ...]
    case: Ints
    start: Moments
    row: Ints | None = None
    here: Ints | None = None
    following: Following | None = None
    end: Moments | None = None
    stretch: Ints | None = None
    entry: Entries | None = None
    own: Entries | None = None
    outer: Frame | None = None
    places: Ints | None = None

    @property
    def n(self) -> int:
        """How many occasions there are."""
        return len(self.case)

    @property
    def content(self) -> tuple[Any, ...]:
        """All that says which occasions there are: two frames of which that is the same are the same."""
        return self[1:10]

    @property
    def since(self) -> Moments:
        """From when acts count: the start; for the agreement as a whole, judged as of the audit, ever."""
        if self.row is not None or self.end is not None:
            return self.start
        ever = np.full(self.n, EVER, np.int64)
        return Moments(ever, ever)

    def take(self, index: Ints, key: tuple[Any, ...]) -> Frame:
        """Some of the occasions."""
        start = self.start.take(index)
        # Mostly each begins with the event that it is.
        row = start.row if self.row is self.start.row else self.row[index] if self.row is not None else None
        return Frame(
            key,
            self.case[index],
            start,
            row,
            self.here[index] if self.here is not None else None,
            self.following.take(index) if self.following is not None else None,
            self.end.take(index) if self.end is not None else None,
            self.stretch[index] if self.stretch is not None else None,
            self.entry.take(index) if self.entry is not None else None,
            self.own.take(index) if self.own is not None else None,
        )

    def part(self, index: Ints, key: tuple[Any, ...]) -> Frame:
        """The same, where what was found of all of them holds of these (`Columns.of_frame`)."""
        return self.take(index, key)._replace(outer=self, places=index)

    def some(self, index: Ints) -> Frame:
        """The same, known by which of them they are: those that other ways, or other readings, lead to are the same."""
        which = np.zeros(self.n, bool)
        which[index] = True
        return self.where(which, index)

    def where(self, which: Bools, index: Ints) -> Frame:
        """The same of those occasions of which that is so; `index`: their places."""
        packed = blake2b(np.packbits(which).tobytes(), digest_size=16).digest()
        return self.part(index, (self.key, "of them", packed))

    @property
    def whole(self) -> Frame:
        """The occasions of which these are some, themselves no part of others."""
        return self if self.outer is None else self.outer.whole


class Takes(Protocol):
    """Columns by occasion."""

    def take(self, index: Ints) -> Self:
        """Those of some occasions."""


C = TypeVar("C", bound=Takes)


_NOTHING: frozenset[str] = frozenset()


class Columns(Reader):
    """All cases under one choice of readings, and, within `reread`, with one ambiguity read otherwise.

    `times`: whether limits, acts and margins are wanted beside the verdicts. `hard`: the cases that what is being evaluated
    could not decide in columns (None: all were decided). Like the ambiguities consulted it is remembered with each result, so
    that only the clauses that rest on it leave those cases to the interpreter.
    `prevented`: the clauses with a form that columns do not hold, on any reading, and the form.

    Most of what consults an ambiguity comes to the same on another reading of it, in most cases. Therefore a result notes what it
    asked for: a result that did not look at the ambiguity itself can differ only in the cases in which one of those differs, and is
    found again for these alone. What is found of a case rests on nothing that is found of another one.
    """

    def __init__(
        self,
        book: Book,
        table: Table,
        readings: Mapping[str, str],
        agreements: Agreements | None = None,
        *,
        times: bool = True,
    ) -> None:
        super().__init__(book, readings)
        self.table = table
        self.now = table.now
        if agreements is None:
            agreements = Agreements(book, table.facts, table.now, readings)
        # By case the number of what its agreement says.
        self.under: Ints = agreements.kind[table.agreement]
        self.hard: Bools | None = None
        self.prevented: dict[str, str] = {}
        self._inherited: set[str] = set()
        self._turned = False
        self._asked: dict[Any, None] | None = None
        self._base = Layer(readings, agreements, times, {}, {}, {})
        self._nowhere = np.zeros(len(table), bool)
        self._take(self._base)

    def _take(self, layer: Layer) -> None:
        self._layer = layer
        self.readings, self.agreements, self.times = layer.readings, layer.agreements, layer.times

    @contextmanager
    def reread(self, ambiguity: str, reading: str) -> Iterator[None]:
        """The same cases with one ambiguity read otherwise: for verdicts alone, which it may turn. What is found is let go afterwards."""
        base = self._base
        readings = {**base.readings, ambiguity: reading}
        layer = Layer(
            readings, base.agreements.reread(ambiguity, reading), False, {}, {}, {}, turned=ambiguity
        )
        self._take(layer)
        try:
            yield
        finally:
            self._take(base)

    # ---------------------------------------------------------------- what is found once
    def once(self, key: Any, compute: Callable[[], T], part: Part | None = None) -> T:
        """`compute()`, remembered together with the ambiguities it consulted and the cases it left undecided."""
        if self._asked is not None:
            # Before it is found: one that raises is asked for, too.
            self._asked[key] = None
        found = self._layer.results.get(key) or self._found(key, compute, part)
        if found.touched:
            self._inherited |= found.touched
            self._turned |= found.turned
        if found.hard is not None:
            self._undecided(found.hard)
        return cast(T, found.value)

    def of_frame(self, what: Hashable, frame: Frame, on: Callable[[Frame], C]) -> C:
        """`once` for what is found occasion by occasion: where it is known of all, that of some is taken from it."""

        def some(index: Ints) -> C:
            return on(frame.some(index))

        return self.once((what, frame.key), partial(self._in_frame, what, frame, on), Part(frame.case, some))

    def _in_frame(self, what: Hashable, frame: Frame, on: Callable[[Frame], C]) -> C:
        """What is found on a frame, taken from what is known of the frames of which it is a part, if it is.

        No function within `of_frame`: one that names itself would hold on to itself, and to all columns.
        """
        outer, places = frame.outer, frame.places
        while outer is not None and places is not None:
            key = (what, outer.key)
            known = self._ready(key)
            # Of cases that it left undecided it is not known here which occasions were the reason.
            if known is not None and known.hard is None:
                return self.once(key, partial(self._in_frame, what, frame, on)).take(places)
            places = outer.places[places] if outer.places is not None else None
            outer = outer.outer
        return on(frame)

    def _found(self, key: Any, compute: Callable[[], Any], part: Part | None) -> Found:
        layer = self._layer
        found = layer.results.get(key)
        if found is None:
            before = self._base.results.get(key) if layer.turned is not None else None
            if before is None:
                found = self._compute_apart(compute)
                found.part = part
            elif layer.turned not in before.touched:
                found = before
            else:
                found = self._anew(before, compute)
            layer.results[key] = found
        return found

    def _ready(self, key: Any) -> Found | None:
        """What is remembered, in this layer or in the base: of that what is the same here, or is found again in part."""
        found = self._layer.results.get(key)
        if found is None and self._layer.turned is not None:
            before = self._base.results.get(key)
            if before is not None and before.compute is not None:
                try:
                    return self._found(key, before.compute, before.part)
                except NotColumnar:
                    return None
            return before
        return found

    # ---------------------------------------------------------------- what is found again on another reading
    def _anew(self, before: Found, compute: Callable[[], Any]) -> Found:
        """What a result of the base is in the layer at hand: itself where it comes to the same."""
        where = self._affected(before)
        if where is not None:
            found = self._in_part(before, where)
            if found is not None:
                return found
        found = self._compute_apart(compute)
        try:
            n = len(self.table)
            if before.part is not None:
                case = before.part.case
                found.apart = np.zeros(n, bool)
                found.apart[case[unlike(found.value, before.value, len(case))]] = True
            else:
                found.apart = cases_apart(found.value, before.value, n)
        except Untold:
            found.apart = None
            return found
        found.apart |= self._hard_apart(found.hard, before.hard)
        # What comes to the same is the same, so that what rests on it stands.
        return found if found.apart.any() else before

    def _affected(self, before: Found) -> Bools | None:
        """The cases in which what a result of the base asked for is not the same in the layer at hand; None: it looked itself."""
        if before.asked is None or self._layer.turned in before.own:
            return None
        out = self._nowhere
        for key in before.asked:
            where = self._apart(key)
            if where is None:
                return None
            if where is not self._nowhere:
                out = where if out is self._nowhere else out | where
        return out

    def _apart(self, key: Any) -> Bools | None:
        """The cases in which a result of the base may differ in the layer at hand; None: in all."""
        before, layer = self._base.results[key], self._layer
        if layer.turned not in before.touched:
            return self._nowhere
        if key in layer.apart:
            return layer.apart[key]
        found = layer.results.get(key)
        where: Bools | None = None
        if found is None and before.part is None:
            where = self._affected(before)
        if where is None:
            try:
                assert before.compute is not None
                found = self._found(key, before.compute, before.part)
                where = self._nowhere if found is before else found.apart
            except NotColumnar:
                where = None
        layer.apart[key] = where
        return where

    def _in_part(self, before: Found, where: Bools) -> Found | None:
        """A result of the base with other elements in some cases; None where it has to be found as a whole."""
        part = before.part
        if where is self._nowhere or not where.any():
            return before
        if part is None or part.on is None:
            return None
        index = np.flatnonzero(where[part.case])
        if not len(index):
            return before
        if 2 * len(index) > len(part.case):
            return None
        on = part.on
        try:
            fresh = self._compute_apart(lambda: on(index))
            old = taken(before.value, index)
            other = unlike(fresh.value, old, len(index))
            hard = fresh.hard
            if before.hard is not None:
                rest = before.hard & ~where
                hard = rest if hard is None else hard | rest
            apart = self._hard_apart(hard, before.hard)
            apart[part.case[index[other]]] = True
            if not apart.any():
                return before
            found = Found(amended(before.value, index, fresh.value), before.touched | fresh.touched, hard)
        except Untold:
            return None
        found.apart, found.turned = apart, True
        return found

    def _hard_apart(self, hard: Bools | None, before: Bools | None) -> Bools:
        if hard is None and before is None:
            return np.zeros(len(self.table), bool)
        one, other = (h if h is not None else self._nowhere for h in (hard, before))
        return one ^ other

    def _compute_apart(self, compute: Callable[[], Any]) -> Found:
        layer = self._layer
        base = layer.turned is None
        # As `_isolated` does, in one go: this is done for every result.
        outer = (self._asked, self._turned, self.touched, self._inherited, self.hard)
        self._asked, self._turned = {} if base else None, False
        self.touched, self._inherited, self.hard = set(), set(), None
        try:
            value = compute()
            own, inherited = self.touched, self._inherited
            touched = frozenset(own | inherited) if own or inherited else _NOTHING
            found = Found(value, touched, self.hard)
            found.turned = self._turned or layer.turned in own
            if base and touched:
                found.own, found.compute = frozenset(own), compute
                if all(k in layer.results for k in self._asked or ()):
                    found.asked = tuple(self._asked or ())
            return found
        finally:
            self._asked, self._turned, self.touched, self._inherited, self.hard = outer

    def _isolated(self, compute: Callable[[], T]) -> tuple[T, set[str], set[str], Bools | None]:
        outer = (self.touched, self._inherited, self.hard)
        self.touched, self._inherited, self.hard = set(), set(), None
        try:
            return compute(), self.touched, self._inherited, self.hard
        finally:
            self.touched, self._inherited, self.hard = outer

    def mark(self, term: object) -> int:
        """A term of the contract as part of a key: terms that say the same have one number."""
        return self.agreements.terms.number(term)

    def apart(self, compute: Callable[[], T]) -> tuple[T, set[str], Bools | None]:
        """`compute()`, with the ambiguities it consulted and the cases it left undecided, which count here only if they are said."""
        turned, self._turned = self._turned, False
        try:
            value, own, inherited, hard = self._isolated(compute)
            return value, own | inherited, hard
        finally:
            self._turned = turned

    def consulted(self) -> tuple[tuple[str, str], ...]:
        """The ambiguities consulted so far, and how they are read: what tells a frame from the same under other readings.

        One that is read otherwise and yet came to the same is given as it is read elsewhere.
        """
        layer, base = self._layer, self._base.readings
        turned = self._turned or layer.turned in self.touched
        return tuple(
            (name, base[name] if name == layer.turned and not turned else layer.readings[name])
            for name in sorted(self.touched | self._inherited)
        )

    def let_go(self) -> None:
        """Forget what was found: it holds on to itself, and would stay until somebody looks for such cycles."""
        self._base.results.clear()
        self._base.scalar.clear()

    def _undecided(self, hard: Bools | None) -> None:
        if hard is not None:
            self.hard = hard if self.hard is None else self.hard | hard

    def give_up(self, case: Ints, which: Bools) -> None:
        """Leave the cases of some occasions to the interpreter."""
        if which.any():
            hard = np.zeros(len(self.table), bool)
            hard[case[which]] = True
            self._undecided(hard)

    # ---------------------------------------------------------------- agreements
    def by_agreement(self, key: Any, question: Callable[[World], T]) -> list[T]:
        """What the interpreter says of every agreement, in their order; what it consults is consulted here."""
        found, touched = self.agreements.answers(key, question)
        self.touched |= touched
        return found

    def groups(
        self, key: Any, question: Callable[[World], Hashable], case: Ints
    ) -> Iterator[tuple[World, Ints]]:
        """Occasions by what the interpreter says of their agreement: one agreement for each answer, and the occasions."""
        group, first, touched = self.agreements.grouped(key, question)
        self.touched |= touched
        if len(first) == 1:
            if len(case):
                every = self.table.every[: len(case)]
                whole = every if len(every) == len(case) else np.arange(len(case), dtype=np.int64)
                yield self.scalar(first[0]), whole
            return
        if not len(case):
            return
        # Short numbers are sorted by their digits, several times as fast.
        mine = group.astype(np.int16 if len(first) < 2**15 else np.int64)[self.under[case]]
        order = np.argsort(mine, kind="stable")
        for index in np.split(order, np.flatnonzero(np.diff(mine[order])) + 1):
            yield self.scalar(first[mine[index[0]]]), index

    def scalar(self, agreement: int) -> World:
        """The interpreter's world of a case of an agreement, for what its facts and the readings alone decide."""
        scalar = self._layer.scalar
        known = scalar.get(agreement)
        if known is None:
            known = scalar[agreement] = self.agreements.world(agreement)
        return known

    def asked(self, world: World, question: Callable[[World], T]) -> T:
        """What the interpreter says of an agreement; what it consults is consulted here."""
        found, touched = asked(world, question)
        self.touched |= touched
        return found

    def code(self, value: Value | None) -> int:
        """The code of a value."""
        return self.table.dictionary.code(value)


def place(world: World) -> Hashable:
    """What decides how an agreement counts days: its zone and the country of its holidays."""
    return world.zone, world.country
