"""All cases under one choice of readings, and the frame in which a part of the contract is evaluated for many occasions."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, NamedTuple, Protocol, Self, TypeVar, cast

import numpy as np

from checker.columnar.agreements import Agreements, asked
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
    """Entries of facts at hand, one for each occasion. `held`: all there are; `which`: their places in it."""

    held: tuple[Mapping[str, Any], ...]
    which: Ints


class Frame(NamedTuple):
    """The occasions at hand: `it` is the start of each. `key` tells one frame from another, under other readings, too.

    `row`: the events that are the occasions, as rows of the table. `here`: inside a definition the rows at hand.
    -1 where one is no event. `following`: the next occasion of the same kind in the case, NEVER for none. `end`: where each ends
    that lasts. `stretch`: the stretch of an attribute that each begins with, as its place in the timeline. `entry`: inside
    the definition of a fact the entries at hand. `outer`: the occasions of which these are some, and `places` which.
    """

    key: tuple[Any, ...]
    case: Ints
    start: Moments
    row: Ints | None = None
    here: Ints | None = None
    following: Moments | None = None
    end: Moments | None = None
    stretch: Ints | None = None
    entry: Entries | None = None
    outer: Frame | None = None
    places: Ints | None = None

    @property
    def n(self) -> int:
        """How many occasions there are."""
        return len(self.case)

    @property
    def since(self) -> Moments:
        """From when acts count: the start; for the agreement as a whole, judged as of the audit, ever."""
        if self.row is not None or self.end is not None:
            return self.start
        ever = np.full(self.n, EVER, np.int64)
        return Moments(ever, ever)

    def take(self, index: Ints, key: tuple[Any, ...]) -> Frame:
        """Some of the occasions."""
        return Frame(
            key,
            self.case[index],
            self.start.take(index),
            self.row[index] if self.row is not None else None,
            self.here[index] if self.here is not None else None,
            self.following.take(index) if self.following is not None else None,
            self.end.take(index) if self.end is not None else None,
            self.stretch[index] if self.stretch is not None else None,
            self.entry._replace(which=self.entry.which[index]) if self.entry is not None else None,
        )

    def part(self, index: Ints, key: tuple[Any, ...]) -> Frame:
        """The same, where what was found of all of them holds of these (`Columns.of_frame`)."""
        return self.take(index, key)._replace(outer=self, places=index)


class Takes(Protocol):
    """Columns by occasion."""

    def take(self, index: Ints) -> Self:
        """Those of some occasions."""


C = TypeVar("C", bound=Takes)


class Columns(Reader):
    """All cases under one choice of readings.

    `times`: whether limits, acts and margins are wanted beside the verdicts. `hard`: the cases that what is being evaluated
    could not decide in columns (None: all were decided). Like the ambiguities consulted it is remembered with each result, so
    that only the clauses that rest on it leave those cases to the interpreter.
    `prevented`: the clauses with a form that columns do not hold, on any reading, and the form.
    """

    def __init__(
        self,
        book: Book,
        table: Table,
        readings: Mapping[str, str],
        agreements: Agreements | None = None,
        parent: tuple[Columns, str] | None = None,
        *,
        times: bool = True,
    ) -> None:
        super().__init__(book, readings, parent)
        self.times = times
        self.table = table
        self.now = table.now
        if agreements is None:
            agreements = Agreements(book, table.facts, table.now, readings)
        self.agreements = agreements
        self.hard: Bools | None = None
        self.prevented: dict[str, str] = parent[0].prevented if parent is not None else {}
        self._results: dict[Any, tuple[Any, set[str], Bools | None]] = {}
        self._above = parent
        self._scalar: dict[int, World] = {}

    def reread(self, ambiguity: str, reading: str) -> Columns:
        """The same cases with one ambiguity read otherwise: for verdicts alone, which it may turn."""
        readings = {**self.readings, ambiguity: reading}
        agreements = self.agreements.reread(ambiguity, reading)
        return Columns(self.book, self.table, readings, agreements, (self, ambiguity), times=False)

    def once(self, key: Any, compute: Callable[[], T]) -> T:
        """`compute()`, remembered together with the ambiguities it consulted and the cases it left undecided."""
        hit = self._known(key)
        if hit is None:
            value, touched, hard = self.apart(compute)
            self._results[key] = hit = (value, touched, hard)
        value, touched, hard = hit
        self.touched |= touched
        self._undecided(hard)
        return cast(T, value)

    def _known(self, key: Any) -> tuple[Any, set[str], Bools | None] | None:
        """What is remembered, here or on the reading above that consulted the same."""
        hit = self._results.get(key)
        if hit is None and self._above is not None:
            world, ambiguity = self._above
            hit = world._results.get(key)
            if hit is not None and ambiguity in hit[1]:
                hit = None
        return hit

    def of_frame(self, what: Hashable, frame: Frame, compute: Callable[[], C]) -> C:
        """`once` for what is found occasion by occasion: where it is known of all, those of some are taken from it."""
        key = (what, frame.key)
        self._take_over(what, frame)
        return self.once(key, compute)

    def _take_over(self, what: Hashable, frame: Frame) -> None:
        if frame.outer is None or frame.places is None or self._known((what, frame.key)) is not None:
            return
        self._take_over(what, frame.outer)
        hit = self._known((what, frame.outer.key))
        # Of cases that it left undecided it is not known here which occasions were the reason.
        if hit is not None and hit[2] is None:
            self._results[what, frame.key] = (hit[0].take(frame.places), hit[1], None)

    def mark(self, term: object) -> int:
        """A term of the contract as part of a key: terms that say the same have one number."""
        return self.agreements.terms.number(term)

    def apart(self, compute: Callable[[], T]) -> tuple[T, set[str], Bools | None]:
        """`compute()`, with the ambiguities it consulted and the cases it left undecided, which count here only if they are said."""
        outer, self.touched, self.hard = (self.touched, self.hard), set(), None
        try:
            return compute(), self.touched, self.hard
        finally:
            self.touched, self.hard = outer

    def consulted(self) -> tuple[tuple[str, str], ...]:
        """The ambiguities consulted so far, and how they are read: what tells a frame from the same under other readings."""
        return tuple((name, self.readings[name]) for name in sorted(self.touched))

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
                yield self.scalar(first[0]), np.arange(len(case), dtype=np.int64)
            return
        if not len(case):
            return
        mine = group[self.table.agreement[case]]
        order = np.argsort(mine, kind="stable")
        for index in np.split(order, np.flatnonzero(np.diff(mine[order])) + 1):
            yield self.scalar(first[mine[index[0]]]), index

    def scalar(self, agreement: int) -> World:
        """The interpreter's world of a case of an agreement, for what its facts and the readings alone decide."""
        known = self._scalar.get(agreement)
        if known is None:
            known = self._scalar[agreement] = self.agreements.world(agreement)
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
