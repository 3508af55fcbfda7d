"""Clauses in normal form: what they concern, their gates as formulas, what they say, and the course that they follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from checker.audit.run import across_tickets
from checker.compare.asked import Asked
from checker.compare.formula import FALSE, IT, TRUE, Form, every, ordered, some
from checker.compare.normal import Normal, referred
from checker.interpret.book import Book
from dsl import contract as ir

Rights = ("may", "discretion")


@dataclass(frozen=True, slots=True)
class SentenceForm:
    """One sentence. `kind`: the name of its class. `acts`: the events, or the state, that it is about. `limits`: in an order of their own.
    `condition`: what it asks to hold (of `only where`, or of `ensure`). `rest`: whatever else it says.
    """

    kind: str
    party: str
    strength: str
    acts: tuple[Form, ...]
    limits: tuple[Form, ...]
    condition: Form
    rest: Form = ()

    @property
    def right(self) -> bool:
        """Whether it gives a right."""
        return self.kind == "Perform" and self.strength in Rights


@dataclass(frozen=True, slots=True)
class ClauseForm:
    """One clause under one choice of readings.

    `frame`: what it takes from the contract as a whole: law, zone, country (see `Clauses`), and whether some clause looks at other tickets.
    `dated`: the occasion begins while the version is in force. `save` is true where some carve-out holds. `above`: one atom for each clause
    that takes its place. `exists`: it does on these readings. `early`: its sentences are weighed before its carve-outs.
    """

    exists: bool
    level: str
    frame: Form
    concern: Form
    dated: Form
    where: Form
    above: tuple[Form, ...]
    save: Form
    provided: Form
    sentences: tuple[SentenceForm, ...]
    course: Form
    early: bool

    @property
    def scope(self) -> Form:
        """What the clause is about, the dates of the version and layers included, as one formula."""
        return every((self.dated, self.where, *(("not", a) for a in self.above)))

    def alone(self) -> ClauseForm:
        """The same without what other clauses make of its limit."""
        return replace(self, course=())


class Clauses(Normal):
    """The normal forms of the clauses of one contract under one choice of readings.

    `beside`: a contract that they will be compared with. What both contracts say alike of law, zone and country is left out of each
    clause's frame then, and what they say otherwise of the frames of those that do not ask for it.
    """

    def __init__(self, book: Book, readings: Mapping[str, str], beside: ir.Contract | None = None) -> None:
        super().__init__(book, readings)
        self._forms: dict[str, tuple[ClauseForm, frozenset[str], Mapping[tuple[str, str], Form]]] = {}
        contract = book.contract
        # Where some clause looks at other tickets, every event tells its ticket.
        across = across_tickets(contract)
        self.frame: Form = (*self._framed(contract), across)
        other = self._framed(beside) if beside is not None else ((), (), ())
        self._unlike = tuple(x != y for x, y in zip(self._framed(contract), other, strict=True))
        self._asked = Asked(book) if beside is not None and any(self._unlike) else None

    def _framed(self, c: ir.Contract) -> tuple[Form, Form, Form]:
        return (c.law,), self.place(c.zone), self.place(c.country)

    def _frame(self, clause: str) -> Form:
        """What a clause takes of the contract's frame, as far as it matters."""
        local, legal = self._asked.of(clause) if self._asked is not None else (True, True)
        asks = (legal, local, legal)
        matters = (unlike and asked for unlike, asked in zip(self._unlike, asks, strict=True))
        return (*(x if kept else () for x, kept in zip(self.frame[:3], matters, strict=True)), self.frame[3])

    def form(self, name: str) -> ClauseForm:
        """A clause by its id."""
        return self._form(name)[0]

    def touches(self, name: str) -> frozenset[str]:
        """The ambiguities on which its form depends."""
        return self._form(name)[1]

    def uses(self, name: str) -> Mapping[tuple[str, str], Form]:
        """The definitions that it reaches: kind and name, and the form of each."""
        return self._form(name)[2]

    def _form(self, name: str) -> tuple[ClauseForm, frozenset[str], Mapping[tuple[str, str], Form]]:
        known = self._forms.get(name)
        if known is None:
            outer = self.touched, self.named
            self.touched, self.named = set(), {}
            made = self._made(self.book.clauses[name])
            known = self._forms[name] = (made, frozenset(self.touched), self.named)
            self.touched, self.named = outer
        return known

    def _exists(self, c: ir.Clause) -> bool:
        if c.only_on is None:
            return True
        self.touched.add(c.only_on[0])
        return self.readings.get(c.only_on[0]) == c.only_on[1]

    def _made(self, c: ir.Clause) -> ClauseForm:
        if not self._exists(c):
            return ClauseForm(False, c.level, (), (), TRUE, TRUE, (), FALSE, TRUE, (), (), False)
        where, above, save, provided = self._gates(c)
        sentences = tuple(self.sentence(s) for s in self.lines(c.sentences))
        early = c.course is not None or c.id in self.book.rights
        course = self.course(c.course) if c.course is not None else ()
        return ClauseForm(
            *(
                True,
                c.level,
                self._frame(c.id),
                self.concern(c),
                self._dated(c),
                where,
                above,
                save,
                provided,
                sentences,
                course,
                early,
            )
        )

    def _dated(self, c: ir.Clause) -> Form:
        """That the version of the contract is in force at the occasion: a gate before all others. Layers do not ask for it."""
        version = self.book.contract.version
        bare = c.id in self.book.stand_ins and not c.concerns
        if version is None or (bare and any(isinstance(s, ir.StandsFor) for s in self.lines(c.sentences))):
            return TRUE
        ends: list[Form] = []
        if version.start is not None:
            ends.append(("stands", ("Date", version.start.isoformat()), "no-later", IT))
        if version.end is not None:
            after = version.end + timedelta(days=1)
            ends.append(("stands", IT, "before", ("Date", after.isoformat())))
        return every(ends)

    def concern(self, c: ir.Clause) -> Form:
        """What a clause concerns."""
        found = next(self.lines(c.concerns), None)
        form: Form = self.node(found) if found is not None else ("TheAgreement",)
        return form

    def _gates(self, c: ir.Clause) -> tuple[Form, tuple[Form, ...], Form, Form]:
        gates = list(self.lines(c.gates))
        of = {"where": [], "save": [], "provided": []}  # type: dict[str, list[Form]]
        above: list[Form] = []
        for g in gates:
            if isinstance(g, ir.SupersededBy):
                above += [self.layer(n) for n in g.clauses]
            else:
                of[g.kind].append(self.condition(g.condition))
        layers = ordered(a for a in above if a != FALSE)
        return every(of["where"]), layers, some(of["save"]), every(of["provided"])

    def layer(self, name: str) -> Form:
        """An atom: another clause takes the place of the one at hand. False where it does not exist."""
        return self.once("clause", name, lambda: self._layer(self.book.clauses[name]))

    def _layer(self, c: ir.Clause) -> Form:
        if not self._exists(c):
            return FALSE
        where, _, save, provided = self._gates(c)
        return ("takes-over", self.concern(c), where, save, provided)

    def clause(self, name: str) -> Form:
        """A reference to a whole clause, and to what it says on the recommended readings."""
        kinds = tuple(sorted(type(line.base).__name__ for line in self.book.clauses[name].sentences))
        made, touched, named = self._form(name)
        self.touched |= touched
        self.named.update(named)
        form = referred("clause", ("clause", made, kinds))
        self.named["clause", name] = form
        return form

    # ---------------------------------------------------------------- sentences
    def sentence(self, s: ir.Sentence) -> SentenceForm:
        """A sentence, with its limits in an order of their own."""
        kind = type(s).__name__
        if isinstance(s, ir.Ensure):
            asked = every(self.condition(c, owed=True) for c in self.lines(s.conditions))
            return SentenceForm(kind, s.party, s.strength, (), (), asked)
        if isinstance(s, ir.Release | ir.Forfeit):
            return SentenceForm(kind, s.party, "definition", (), (), TRUE)
        if isinstance(s, ir.StandsFor):
            return SentenceForm(kind, "", "definition", tuple(self.clause(n) for n in s.clauses), (), TRUE)
        if isinstance(s, ir.Stated):
            return SentenceForm(kind, "", "definition", (), (), TRUE)
        limits = list(self.lines(s.limits))
        owed = isinstance(s, ir.Perform) and s.strength not in Rights
        only = every(self.condition(x.condition, owed=owed) for x in limits if isinstance(x, ir.OnlyWhere))
        rest = [self._limit(x) for x in limits if not isinstance(x, ir.OnlyWhere | ir.NoLimit)]
        acts = (self.name("state", s.state),) if isinstance(s, ir.Keep) else self.rows(s.events)
        free = (s.free,) if isinstance(s, ir.Keep) else ()
        return SentenceForm(kind, s.party, s.strength, acts, _sorted(rest), only, free)

    def _limit(self, x: ir.SentenceLimit) -> Form:
        if isinstance(x, ir.SpanLimit):
            return ("SpanLimit", x.kind, self.name(x.kind, x.name), x.inside)
        if isinstance(x, ir.LeavingOut):
            return ("LeavingOut", x.kind, self.name(x.kind, x.name))
        form: Form = self.node(x)
        return form

    # ---------------------------------------------------------------- courses
    def course(self, name: str) -> Form:
        """A course: what it follows, its rules, and the gates and limits of every clause that sets one."""
        return self.once("course", name, lambda: self._course(name))

    def _course(self, name: str) -> Form:
        d = self.book.courses[name]
        rules = ordered(self.node(x) for x in self.lines(d.lines))
        steps = ordered(x for n in d.steps if (x := self._step(self.book.clauses[n])) != ())
        return referred("course", ("course", self.name("attribute", d.attribute), rules, steps))

    def _step(self, c: ir.Clause) -> Form:
        if not self._exists(c):
            return ()
        gates = self._gates(c)
        said = next((s for s in self.lines(c.sentences) if isinstance(s, ir.Perform)), None)
        if said is None:
            return ()
        within = next((self.node(x) for x in self.lines(said.limits) if isinstance(x, ir.Within)), ())
        return ("step", self.concern(c), *gates, within)


def _sorted(forms: Iterable[Form]) -> tuple[Form, ...]:
    """In an order of their own; what is said twice stays."""
    return tuple(sorted(forms, key=repr))


def fields_of(form: ClauseForm) -> dict[str, Any]:
    """The parts of a clause, by name."""
    return {name: getattr(form, name) for name in ClauseForm.__slots__}


__all__ = ["ClauseForm", "Clauses", "SentenceForm", "fields_of"]
