"""Definitions and conditions in normal form: every name replaced by what it means, what carries no meaning left out.

A definition that is used by reference (an event, a state, a calendar, ...) stands as `("ref", kind, digest)`; `opened` gives its form.
Digests are of the form alone, so that two contracts that mean the same by two names have one.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from hashlib import sha256
from typing import Any, TypeVar, cast

from checker.compare.calendar_form import laid_out
from checker.compare.formula import Form, every, joined, negated, ordered, signed, some
from checker.interpret.book import Book, plain
from dsl import contract as ir
from dsl.naming import KIND, WITH_KIND

T = TypeVar("T")

_FORMS: dict[str, Form] = {}
_UNITS = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800}


def opened(ref: Form) -> Form:
    """What a reference stands for."""
    return _FORMS[ref[2]]


def referred(kind: str, form: Form) -> Form:
    """A reference to a form."""
    digest = sha256(repr(form).encode()).hexdigest()[:24]
    _FORMS[digest] = form
    return ("ref", kind, digest)


class Normal(ABC):
    """The normal forms of one contract under one choice of readings.

    `touched` collects the ambiguities on which what was asked for depends, `named` the definitions that were used: their kind and
    name, and the form.
    """

    def __init__(self, book: Book, readings: Mapping[str, str]) -> None:
        self.book = book
        self.readings = readings
        self.touched: set[str] = set()
        self.named: dict[tuple[str, str], Form] = {}
        self._known: dict[tuple[str, str], tuple[Form, set[str], dict[tuple[str, str], Form]]] = {}

    def lines(self, block: Iterable[ir.Line[T]]) -> Iterator[T]:
        """The lines of a block as the readings make them."""
        for line in block:
            yield from self._chosen(line)

    def _chosen(self, line: ir.Line[T]) -> Iterator[T]:
        for alternative in line.readings:
            self.touched.add(alternative.ambiguity)
            if self.readings.get(alternative.ambiguity) == alternative.reading:
                yield from self.lines(alternative.lines)
                return
        yield line.base

    def once(self, kind: str, name: str, make: Callable[[], Form]) -> Form:
        """The form of a named thing, made once, with what it depends on."""
        known = self._known.get((kind, name))
        if known is None:
            outer = self.touched, self.named
            self.touched, self.named = set(), {}
            form = make()
            known = self._known[kind, name] = (form, self.touched, self.named)
            self.touched, self.named = outer
        self.touched |= known[1]
        self.named.update(known[2])
        self.named[kind, name] = known[0]
        return known[0]

    # ---------------------------------------------------------------- names
    def name(self, kind: str, name: str) -> Form:
        """What a name of a definition means."""
        if kind == "event" and name not in self.book.events:
            return self._word(name)
        make = getattr(self, f"_{kind}", None)
        return self.once(kind, name, (lambda: make(name)) if make else lambda: self._by_lines(kind, name))

    def _word(self, name: str) -> Form:
        word = self.book.words.get(name)
        told = (word.level, word.attributes, tuple(sorted(word.records))) if word is not None else ()
        return referred("event", ("word", name, *told))

    def _by_lines(self, kind: str, name: str) -> Form:
        block = getattr(self.book, {"state": "states", "period": "periods", "figure": "figures"}[kind])
        return referred(kind, (kind, tuple(self.node(x) for x in self.lines(block[name].lines))))

    def _event(self, name: str) -> Form:
        lines = list(self.lines(self.book.events[name].lines))
        where = every(self.condition(x.condition) for x in lines if isinstance(x, ir.Where))
        means = [self.name("event", n) for x in lines if isinstance(x, ir.Means) for n in x.events]
        if len(means) == 1:
            inner = opened(means[0])
            if inner[0] == "event":
                # What an event means that is itself defined is looked at on the same row.
                return referred("event", ("event", inner[1], every((where, inner[2]))))
            if where == ("all", ()):
                return means[0]
        return referred("event", ("event", tuple(sorted(means)), where))

    def _attribute(self, name: str) -> Form:
        found = self.book.attributes.get(name)
        setters = ordered(self.name("event", e) for e in found.set_by) if found is not None else ()
        # A gap makes doubtful what an event hidden in it could have set.
        carriers = () if setters else ordered(self._word(e) for e in self.book.carriers(name))
        ranks = tuple(plain(r) for r in found.ranks) if found is not None else ()
        return ("followed", name, ranks, setters, carriers)

    def _fact(self, name: str) -> Form:
        lines = list(self.lines(self.book.facts[name].lines))
        where = every(self.condition(x.condition) for x in lines if isinstance(x, ir.Where))
        source = next(x.fact for x in lines if isinstance(x, ir.EntryOf))
        return referred("fact", ("fact", source.path, where))

    def _moment(self, name: str) -> Form:
        return self._cases(self.book.moments[name].lines)

    def _cases(self, block: Iterable[ir.Line[Any]]) -> Form:
        out: list[Form] = []
        for x in self.lines(block):
            if isinstance(x, ir.MeansMoment):
                out = [self.node(x.moment)]
            else:
                out.append(("but", self.condition(x.condition), self._cases(x.lines)))
        return out[0] if len(out) == 1 and out[0][0] != "but" else ("cases", tuple(out))

    def _list(self, name: str) -> Form:
        values: set[Any] = set()
        kept: set[Form] = set()
        for x in self.lines(self.book.lists[name].lines):
            if isinstance(x, ir.Items):
                values.update(plain(v) for v in x.values)
            elif isinstance(x, ir.AllOf):
                inner = self.name("list", x.name)
                values.update(inner[1])
                kept.update(inner[2])
            else:
                kept.add(x.fact.path)
        return ("list", tuple(sorted(values, key=repr)), ordered(kept))

    def _calendar(self, name: str) -> Form:
        contract = self.book.contract
        zone, country = self.place(contract.zone), self.place(contract.country)
        windows: list[tuple[int, int, int, bool, Form]] = []
        less: list[Form] = []
        hours: Form = ()
        for x in self.lines(self.book.calendars[name].lines):
            if isinstance(x, ir.WindowLine):
                windows += [(day, x.start, x.end, x.save_holidays, ()) for day in x.days]
            elif isinstance(x, ir.RoundTheClock):
                windows += [(day, 0, 86400, False, ()) for day in range(7)]
            elif isinstance(x, ir.AllOf):
                inner = opened(self.name("calendar", x.name))
                windows += inner[3]
                less += inner[4]
            elif isinstance(x, ir.Less):
                less.append((x.kind, self.name(x.kind, x.name)))
            elif isinstance(x, ir.ZoneOf):
                zone = (*self.place(x.zone)[:2], x.otherwise or "")
            elif isinstance(x, ir.HolidaysOf):
                country = self.place(x.country)
            else:
                hours = (x.fact.path,)
        if hours:
            windows = [(*w[:4], (*w[4], *hours)) for w in windows]
        if not any(w[3] for w in windows):
            country = ()
        return referred("calendar", ("calendar", zone, country, laid_out(windows), ordered(less)))

    def _condition(self, name: str) -> Form:
        return every(self.condition(x) for x in self.lines(self.book.conditions[name].lines))

    @staticmethod
    def place(where: str | ir.FactValue) -> Form:
        """A zone or a country: a constant, or the path of a fact; and what stands instead where that is not on record."""
        return ("constant", where, "") if isinstance(where, str) else ("fact", where.path, "")

    # ---------------------------------------------------------------- conditions
    def condition(self, c: ir.Condition, *, owed: bool = False) -> Form:
        """A condition as a formula. `owed`: it stands in a duty, where what has no limit is still to come."""
        if isinstance(c, ir.Group):
            inner = [self.condition(x, owed=owed and c.quantifier != "none") for x in self.lines(c.of)]
            return negated(some(inner)) if c.quantifier == "none" else joined(c.quantifier, inner)
        if isinstance(c, ir.Holds):
            return signed(self._holds(c, owed), c.negated)
        if isinstance(c, ir.IsOneOf):
            return signed(("is", self.node(c.value), _values(c.among)), c.negated)
        if isinstance(c, ir.InList):
            _, values, kept = self.name("list", c.list)
            atom = (
                ("on-list", self.node(c.value), values, kept) if kept else ("is", self.node(c.value), values)
            )
            return signed(atom, c.negated)
        if isinstance(c, ir.Recorded):
            return signed(("recorded", self.node(c.value), _values(c.among)), c.negated)
        if isinstance(c, ir.CompareInstants):
            return self._stands(self.node(c.left), c.relation, self.node(c.right))
        if isinstance(c, ir.During):
            held = ("during", self.node(c.moment), c.kind, self.name(c.kind, c.name))
            return signed(held, not c.inside)
        if isinstance(c, ir.InForce):
            at = self.node(c.at if c.at is not None else ir.It())
            return signed(("in-force", self.name("fact", c.fact), at), c.negated)
        if isinstance(c, ir.CompareAmounts):
            return self._amounts(c, owed)
        if isinstance(c, ir.Occurred):
            return signed(("occurred", self.node(c.rows), owed and not c.negated), c.negated)
        if getattr(c, "negated", False):
            return negated(self._whole(replace(cast(Any, c), negated=False)))
        return self._whole(c)

    def _holds(self, c: ir.Holds, owed: bool) -> Form:
        if c.kind == "condition":
            if owed:
                lines = self.book.conditions[c.name].lines
                return every(self.condition(x, owed=True) for x in self.lines(lines))
            return self.name("condition", c.name)
        return ("clause-holds", self.clause(c.name))

    @abstractmethod
    def clause(self, name: str) -> Form:
        """What is needed of a clause whose verdict is asked for."""

    def _stands(self, left: Form, relation: str, right: Form) -> Form:
        if relation in ("before", "no-later"):
            return ("stands", left, relation, right)
        return negated(("stands", left, "no-later" if relation == "after" else "before", right))

    def _amounts(self, c: ir.CompareAmounts, owed: bool) -> Form:
        left, right = self.node(c.left), self.node(c.right)
        if c.relation == "exactly":
            return every((("at-most", left, right, owed), ("at-most", right, left, owed)))
        if c.relation in ("at-most", "more"):
            return signed(("at-most", left, right, owed), c.relation == "more")
        return signed(("at-most", right, left, owed), c.relation == "less")

    # ---------------------------------------------------------------- any node
    def node(self, x: Any) -> Any:
        """Any other part of a contract: its class and its fields, names replaced."""
        if isinstance(x, ir.Condition):
            return self.condition(x)
        if isinstance(x, ir.Rows):
            restrictions = ordered(self.node(r) for r in x.restrictions)
            return ("Rows", self.rows(x.events), restrictions)
        if isinstance(x, ir.MomentRef):
            return self.name("moment", x.name)
        if isinstance(x, ir.AttributeAsOf):
            at = x.at if x.at is not None else ir.It()
            return ("AttributeAsOf", self.name("attribute", x.attribute), self.node(at))
        if isinstance(x, ir.InSpan):
            return ("InSpan", x.kind, self.name(x.kind, x.name), x.inside)
        if isinstance(x, ir.Extreme):
            return ("Extreme", x.latest, ordered(self.node(t) for t in x.of))
        if isinstance(x, ir.Length):
            return self._length(x)
        if isinstance(x, ir.ButWhere | ir.MeansMoment):
            raise TypeError(f"{type(x).__name__} stands in a moment only")
        if is_dataclass(x) and not isinstance(x, type):
            return self._whole(x)
        if isinstance(x, tuple):
            if x and isinstance(x[0], ir.Line):
                return tuple(self.node(y) for y in self.lines(x))
            return tuple(self.node(y) for y in x)
        return x.isoformat() if hasattr(x, "isoformat") else x

    def _whole(self, x: Any) -> Form:
        return (type(x).__name__, *(self._field(x, f.name) for f in fields(x) if f.compare))

    def _length(self, x: ir.Length) -> Form:
        """A length; one that a figure of the contract gives in its own unit is written as that."""
        amount: Any = x.amount
        if isinstance(amount, str):
            figure = self.name("figure", amount)
            said = opened(figure)[1]
            amount = said[-1][1][1] if said and _written(said[-1]) else figure
        if isinstance(amount, int) and x.counting in ("elapsed", "clock"):
            return ("Length", amount * _SECONDS[x.unit], "second", x.counting)
        return ("Length", amount, x.unit, x.counting)

    def rows(self, events: Iterable[str]) -> tuple[Form, ...]:
        """Any of these events."""
        return ordered(self.name("event", e) for e in events)

    def _field(self, x: Any, name: str) -> Any:
        inner = getattr(x, name)
        kind = KIND.get((type(x), name))
        if kind is None and type(x) in WITH_KIND and WITH_KIND[type(x)] == name:
            kind = x.kind
        if kind is None or inner is None or not isinstance(inner, str | tuple):
            return self.node(inner)
        if isinstance(inner, str):
            return self.name(kind, inner)
        return ordered(self.name(kind, n) for n in inner)


def _written(line: Form) -> bool:
    """Whether a line of a figure is a written length."""
    return line[0] == "MeansAmount" and line[1][0] == "Number" and line[1][2] in _UNITS


def _values(among: Iterable[ir.Scalar]) -> tuple[Any, ...]:
    return tuple(sorted({plain(v) for v in among}, key=repr))


__all__ = ["Normal", "opened", "referred"]
