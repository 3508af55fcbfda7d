"""What agreements alone decide, asked of the interpreter: once for all parts of a table, and once for agreements alike in it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import count
from threading import RLock
from typing import Any, TypeVar

import numpy as np

from checker.columnar.possible import Ints
from checker.interpret.book import Book
from checker.interpret.case import Case
from checker.interpret.world import Shared, World

T = TypeVar("T")

Kept = tuple[Any, frozenset[str]]
"""A result, and the ambiguities that it consulted."""


class Terms:
    """Terms of a contract by number; those that say the same have one. Threads may share it."""

    def __init__(self) -> None:
        self._next = count()
        self._by_text: dict[str, int] = {}
        # A term lives as long as what is remembered under its number.
        self._by_id: dict[int, tuple[object, int]] = {}

    def number(self, term: object) -> int:
        """The number of a term."""
        known = self._by_id.get(id(term))
        if known is None:
            # By its text, not by equality, for which 1 is the same as true.
            number = self._by_text.setdefault(repr(term), next(self._next))
            known = self._by_id[id(term)] = (term, number)
        return known[1]


class Agreements:
    """Agreements, given by their facts, at an audit instant under one choice of readings. Threads, and tables, may share it.

    Agreements that say the same are one here: `kind` is the number of what each one says (`said`), and it is by these numbers that
    everything is asked and answered.
    """

    def __init__(
        self,
        book: Book,
        facts: Sequence[Mapping[str, Any]],
        now: int,
        readings: Mapping[str, str],
        parent: tuple[Agreements, str] | None = None,
    ) -> None:
        self.book, self.facts, self.now, self.readings = book, facts, now, readings
        self.terms: Terms = parent[0].terms if parent is not None else Terms()
        self._parent = parent
        self._lock: RLock = parent[0]._lock if parent is not None else RLock()
        self._shared: dict[int, Shared] = parent[0]._shared if parent is not None else {}
        # With the values, so that no other one takes their place in memory.
        self._texts: dict[int, tuple[Any, str]] = parent[0]._texts if parent is not None else {}
        self._keys: dict[tuple[str, ...], list[tuple[Hashable, ...]]] = (
            parent[0]._keys if parent is not None else {}
        )
        self._kept: dict[Any, Kept] = {}
        self._variants: dict[tuple[str, str], Agreements] = {}
        self.kind: Ints
        self.said: Sequence[Mapping[str, Any]]
        self.kind, self.said = (parent[0].kind, parent[0].said) if parent is not None else self._kinds(facts)

    def reread(self, ambiguity: str, reading: str) -> Agreements:
        """The same with one ambiguity read otherwise."""
        with self._lock:
            known = self._variants.get((ambiguity, reading))
            if known is None:
                readings = {**self.readings, ambiguity: reading}
                known = Agreements(self.book, self.facts, self.now, readings, (self, ambiguity))
                self._variants[ambiguity, reading] = known
            return known

    def _kinds(self, facts: Sequence[Mapping[str, Any]]) -> tuple[Ints, list[Mapping[str, Any]]]:
        """The number of each agreement's facts, and those facts, each once."""
        numbers: dict[Hashable, int] = {}
        kind = np.empty(len(facts), np.int64)
        found: list[Mapping[str, Any]] = []
        for i, each in enumerate(facts):
            key = frozenset((name, self.told(value)) for name, value in each.items())
            kind[i] = number = numbers.setdefault(key, len(found))
            if number == len(found):
                found.append(each)
        return kind, found

    def once(self, key: Any, compute: Callable[[], Kept]) -> Kept:
        """A result with what it consulted, found once; another reading takes it over where it did not consult it."""
        with self._lock:
            known = self._kept.get(key)
            if known is None and self._parent is not None:
                above, ambiguity = self._parent
                known = above._kept.get(key)
                if known is not None and ambiguity in known[1]:
                    known = None
            if known is None:
                known = self._kept[key] = compute()
            return known

    def answers(self, key: Any, question: Callable[[World], T]) -> tuple[list[T], frozenset[str]]:
        """What the interpreter says of every kind of agreements, in their order, and the ambiguities that it consulted."""
        return self.once(("each", key), lambda: self._each(question))

    def grouped(
        self, key: Any, question: Callable[[World], Hashable]
    ) -> tuple[Ints, list[int], frozenset[str]]:
        """The number of each kind's answer, and the first kind that has it."""

        def find() -> Kept:
            found, touched = self.answers(key, question)
            numbers: dict[Hashable, int] = {}
            # What is answered alike is mostly one object, and to hash it takes longer than to know it again.
            number = {id(a): numbers.setdefault(a, len(numbers)) for a in {id(a): a for a in found}.values()}
            said = np.array([number[id(a)] for a in found], np.int64)
            _, first = np.unique(said, return_index=True)
            return (said, first.tolist()), touched

        (said, first), touched = self.once(("groups", key), find)
        return said, first, touched

    def world(self, agreement: int) -> World:
        """A world of the interpreter in which what an agreement alone decides can be asked."""
        with self._lock:
            shared = self._shared.setdefault(agreement, Shared())
        return World(self.book, _case(self.said[agreement]), self.now, self.readings, shared)

    def _each(self, question: Callable[[World], T]) -> tuple[list[T], frozenset[str]]:
        """The answers, asked once for agreements that agree in all facts that the answer was found from."""
        known: dict[tuple[str, ...], dict[tuple[Any, ...], T]] = {}
        touched: set[str] = set()
        out: list[T] = []
        for i in range(len(self.said)):
            if () in known:
                # No fact decides it.
                return [known[()][()]] * len(self.said), frozenset(touched)
            for names, answers in known.items():
                values = self._told_by(names)[i]
                if values in answers:
                    out.append(answers[values])
                    break
            else:
                answer, seen, more = self._fresh(i, question)
                out.append(answer)
                touched |= more
                names = tuple(sorted(seen))
                known.setdefault(names, {})[self._told_by(names)[i]] = answer
        return out, frozenset(touched)

    def _told_by(self, names: tuple[str, ...]) -> list[tuple[Hashable, ...]]:
        """Some facts of every kind of agreements, as keys; made once, as many questions look at the same facts."""
        found = self._keys.get(names)
        if found is None:
            told = self.told
            found = self._keys[names] = [tuple([told(facts.get(n)) for n in names]) for facts in self.said]
        return found

    def told(self, value: Any) -> Hashable:
        """A fact, or a part of one, as a key: what differs in type differs. Of lists and mappings, which are long, it is made once."""
        if not isinstance(value, list | dict):
            return type(value), value
        known = self._texts.get(id(value))
        if known is None:
            known = self._texts[id(value)] = (value, repr(value))
        return known[1]

    def _fresh(self, agreement: int, question: Callable[[World], T]) -> tuple[T, set[str], set[str]]:
        """An answer, the facts that it was found from, and the ambiguities that it consulted.

        In a world of its own: what another question remembered would hide what this one is found from.
        """
        seen = _Seen(self.said[agreement])
        world = World(self.book, _case(seen), self.now, self.readings, Shared())
        answer, touched = asked(world, question)
        return answer, seen.names, touched


def _case(facts: Mapping[str, Any]) -> Case:
    """A case of which nothing is on record but the facts of its agreement."""
    return Case("", "", facts, (), frozenset(), (), None)


def asked(world: World, question: Callable[[World], T]) -> tuple[T, set[str]]:
    """What the interpreter says, and the ambiguities that it consulted."""
    outer, world.touched = world.touched, set()
    try:
        return question(world), world.touched
    finally:
        world.touched = outer | world.touched


class _Seen(Mapping[str, Any]):
    """Facts that note which of them were looked at."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.facts = facts
        self.names: set[str] = set()

    def __getitem__(self, name: str) -> Any:
        self.names.add(name)
        return self.facts[name]

    def __iter__(self) -> Iterator[str]:
        self.names.update(self.facts)
        return iter(self.facts)

    def __len__(self) -> int:
        return len(self.facts)
