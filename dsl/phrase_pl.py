"""Parts of a checked contract in Polish: values, moments, amounts and conditions.

Names stand in the nominative between quotation marks, behind a word that takes the case: `od chwili zdarzenia „…”`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from dsl import contract as ir
from dsl.lexicon import Lexicon
from dsl.polish import (
    Case,
    counted,
    grouped,
    head,
    in_which,
    listed,
    of_day,
    on_day,
    percent,
    quoted,
    unit_name,
)

Occasion = Literal["event", "stretch", "agreement", "any"]
"""What `it` is in the part at hand: an event, a stretch of time, the agreement, or not known there."""

_AMOUNT: Final = {
    "at-most": "co najwyżej",
    "at-least": "co najmniej",
    "more": "więcej niż",
    "less": "mniej niż",
    "exactly": "dokładnie",
}
_WHICH: Final = {"first": "zdarzenia", "last": "ostatniego zdarzenia", "next": "następnego zdarzenia"}
_AT: Final = {"first": "zdarzeniu", "last": "ostatnim zdarzeniu", "next": "następnym zdarzeniu"}
_TIMES: Final = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})
_IT: Final[dict[Occasion, tuple[tuple[str, str], tuple[str, str]]]] = {
    "event": (("moment", "tego zdarzenia"), ("moment", "tego zdarzenia")),
    "stretch": (("start", "tego okresu"), ("end", "tego okresu")),
    "agreement": (("moment", "badania"), ("moment", "badania")),
    "any": (("moment", "rozpatrywanego przypadku"), ("end", "rozpatrywanego przypadku")),
}


@dataclass(frozen=True)
class Polish:
    """A contract's parts in the words of a lexicon; `occasion` is what `it` stands for."""

    lexicon: Lexicon
    occasion: Occasion = "any"

    def about(self, concern: ir.Concern | Literal["event", "any"]) -> Polish:
        """The same, where `it` is what a clause concerns."""
        if isinstance(concern, str):
            return replace(self, occasion=concern)
        if isinstance(concern, ir.TheAgreement):
            return replace(self, occasion="agreement")
        return replace(self, occasion="event" if isinstance(concern, ir.Each) else "stretch")

    # names
    def event(self, name: str) -> str:
        """An event in quotation marks."""
        return quoted(self.lexicon.event(name))

    def events(self, names: Iterable[str], last: str = "lub") -> str:
        """Several events in quotation marks."""
        return listed([self.event(n) for n in names], last)

    def party(self, name: str) -> str:
        """A party."""
        return self.lexicon.word("parties", name)

    def attribute(self, name: str) -> str:
        """An attribute of an event, or a field of a fact, in quotation marks."""
        return quoted(self.lexicon.word("attributes", name))

    def named(self, name: str) -> str:
        """A definition in quotation marks."""
        return quoted(self.lexicon.word("definitions", name))

    def clauses(self, ids: Iterable[str]) -> str:
        """Clauses by title and id."""
        return ", ".join(f"{quoted(self.lexicon.title(i))} ({i})" for i in ids)

    def scalars(self, values: Iterable[ir.Scalar]) -> list[str]:
        """Values in quotation marks; two that have the same words are said once."""
        return list(dict.fromkeys(quoted(self.scalar(v)) for v in values))

    def scalar(self, value: ir.Scalar) -> str:
        """A value as a record holds it, in words."""
        if isinstance(value, bool):
            return "tak" if value else "nie"
        return grouped(value) if isinstance(value, int) else self.lexicon.value(value)

    def value(self, v: ir.Value) -> str:
        """An attribute of an event, an attribute that is followed, or a fact."""
        if isinstance(v, ir.FactValue):
            inner = [self.attribute(step) for step in reversed(v.path[1:])]
            return " w danych ".join([*inner, quoted(self.lexicon.word("facts", v.path[0]))])
        if isinstance(v, ir.EntryBy):
            return f"wpis w tabeli {self.value(v.table)} dla wartości {self.value(v.by)}"
        said = self.attribute(v.attribute)
        if isinstance(v, ir.AttributeAsOf):
            return said if v.at is None else f"{said} {self.instant(v.at, 'at')}"
        if isinstance(v.row, ir.OccasionRow):
            return said
        if isinstance(v.row, ir.FactRow):
            return f"{said} we wpisie {self.named(v.row.fact)}"
        return f"{said} przy {_AT[v.row.which]} {self.event(v.row.event)}"

    # time
    def length(self, x: ir.Length, case: Case = "nom") -> str:
        """`2 godziny`, `10 dni roboczych`; a length that is a figure of the contract by its name."""
        if isinstance(x.amount, str):
            return f"{head('time', case)} {self.named(x.amount)}"
        if x.counting == "working":
            return counted(x.amount, x.unit, case, "robocz")
        if x.counting == "calendar" and x.unit == "day":
            return counted(x.amount, x.unit, case, "kalendarzow")
        return counted(
            x.amount, "night-and-day" if x.counting == "elapsed" and x.unit == "day" else x.unit, case
        )

    def clock(self, c: ir.Clock, x: ir.Length) -> str:
        """How a length is counted, each qualifier after a comma."""
        out = []
        if c.calendar is not None:
            how = "licząc tylko czas w kalendarzu" if x.counting == "clock" else "według kalendarza"
            out.append(f"{how} {self.named(c.calendar)}")
        elif x.counting == "elapsed" and x.unit != "day":
            out.append("licząc bez przerw")
        elif x.counting == "calendar" and x.unit != "day":
            out.append("licząc od daty do daty")
        out += [f"z zawieszeniem biegu w czasie trwania stanu {self.named(s)}" for s in c.stopped]
        if c.ending_at is not None:
            out.append(f"z upływem o godz. {of_day(c.ending_at)}")
        if c.first_day_counted:
            out.append("z wliczeniem pierwszego dnia")
        if not c.moved:
            out.append("bez przesuwania końca terminu z dnia wolnego od pracy")
        return "".join(f", {words}" for words in out)

    def instant(self, t: ir.Instant, case: Case = "nom") -> str:
        """A moment, in a case."""
        if isinstance(t, ir.It):
            word, of = _IT[self.occasion][t.end]
            return f"{head(word, case)} {of}"
        if isinstance(t, ir.Now):
            return f"{head('moment', case)} badania"
        if isinstance(t, ir.Pick):
            return f"{head('moment', case)} {_WHICH[t.which]} {self.event(t.event)}"
        if isinstance(t, ir.MomentRef):
            return f"{head('moment', case)} {self.named(t.name)}"
        if isinstance(t, ir.DateOf):
            return f"{head('given', case)} {self.value(t.value)}"
        if isinstance(t, ir.DateConstant):
            return f"{head('day', case)} {on_day(t.day)}"
        if isinstance(t, ir.UnitOf):
            side = head("end" if t.end else "start", case)
            return f"{side} {unit_name(t.unit, 'gen')}, {in_which(t.unit)} przypada {self.instant(t.of)}"
        if isinstance(t, ir.Boundary):
            of = {"state": "stanu", "period": "okresu", "fact": "okresu obowiązywania wpisu"}[t.kind]
            return f"{head('end' if t.end else 'start', case)} {of} {self.named(t.of)}"
        if isinstance(t, ir.Extreme):
            word = head("later" if t.latest else "earlier", case)
            return f"{word} z chwil: {listed([self.instant(x) for x in t.of], 'oraz')}"
        lead = "" if case == "at" else f"{head('falling', case)} "
        return f"{lead}{self.shift(t)}"

    def shift(self, t: ir.Shift) -> str:
        """`2 godziny po chwili …`."""
        base = f"przed {self.instant(t.base, 'ins')}" if t.back else f"po {self.instant(t.base, 'loc')}"
        how = self.clock(t.clock, t.length)
        return f"{self.length(t.length, 'acc')} {base}" + (f" ({how[2:]})" if how else "")

    def relation(self, relation: str, t: ir.Instant) -> str:
        """`przed chwilą …`, `nie później niż w chwili …`."""
        if relation == "before":
            return f"przed {self.instant(t, 'ins')}"
        if relation == "after":
            return f"po {self.instant(t, 'loc')}"
        bound = "nie później niż" if relation == "no-later" else "nie wcześniej niż"
        return f"{bound} {self.instant(t, 'at')}"

    def within(self, x: ir.Within | ir.WithinOf) -> str:
        """`w ciągu 2 godzin od chwili …`."""
        return f"w ciągu {self.length(x.length, 'gen')} od {self.instant(x.of, 'gen')}{self.clock(x.clock, x.length)}"

    def span(self, name: str, kind: str, inside: bool) -> str:
        """Inside or outside a calendar, a state, a period or an entry."""
        said = self.named(name)
        if kind == "period":
            return f"{'w okresie' if inside else 'poza okresem'} {said}"
        of = {
            "calendar": "objętym kalendarzem",
            "state": "trwania stanu",
            "fact": "obowiązywania wpisu",
        }[kind]
        return f"{'w czasie' if inside else 'poza czasem'} {of} {said}"

    # sets of events and amounts
    def restriction(self, r: ir.Restriction) -> str:
        """One restriction on a set of events."""
        if isinstance(r, ir.When):
            return self.relation(r.relation, r.moment)
        if isinstance(r, ir.WithinOf):
            return self.within(r)
        if isinstance(r, ir.InSpan):
            return self.span(r.name, r.kind, r.inside)
        if isinstance(r, ir.SameAs):
            return f"o tej samej wartości {self.attribute(r.attribute)}"
        if isinstance(r, ir.SamePeriod):
            by = self.attribute(r.attribute)
            return f"w tym samym okresie {self.named(r.period)} według daty {by}"
        if isinstance(r, ir.Including):
            return f"w których {self.attribute(r.attribute)} obejmuje {self.value(r.value)}"
        return "w odpowiedzi na to zdarzenie" if isinstance(r, ir.Answering) else "we wszystkich zgłoszeniach"

    def restricted(self, restrictions: Iterable[ir.Restriction]) -> str:
        """Restrictions one after the other, behind a blank; nothing where there are none."""
        said = " i ".join(self.restriction(r) for r in restrictions)
        return f" {said}" if said else ""

    def rows(self, r: ir.Rows) -> str:
        """Events with their restrictions, in the genitive plural."""
        return f"zdarzeń {self.events(r.events)}{self.restricted(r.restrictions)}"

    def amount(self, a: ir.Amount) -> str:
        """An amount."""
        if isinstance(a, ir.Number):
            if a.unit in _TIMES:
                return counted(a.amount, a.unit)
            return grouped(a.amount) + (f" {a.unit}" if a.unit is not None else "")
        if isinstance(a, ir.AmountOf):
            return self.value(a.value)
        if isinstance(a, ir.Count):
            return f"liczba {self.rows(a.rows)}"
        if isinstance(a, ir.Total):
            up = ", każdej zaokrąglonej w górę," if a.rounded_up else ""
            return f"suma wartości {self.attribute(a.attribute)}{up} {self.rows(a.rows)}"
        if isinstance(a, ir.TimeIn):
            return f"łączny czas trwania stanu {self.named(a.state)}{self.restricted(a.restrictions)}"
        if isinstance(a, ir.UnderWay):
            return f"liczba trwających stanów {self.named(a.state)} {self.instant(a.at, 'at')}"
        if isinstance(a, ir.Share):
            return f"{percent(a.hundredths)} wartości: {self.amount(a.of)}"
        if isinstance(a, ir.SizeOf):
            return f"liczba wartości: {self.value(a.of)}"
        if isinstance(a, ir.NumberInForce):
            at = f" {self.instant(a.at, 'at')}" if a.at is not None else ""
            return f"liczba obowiązujących wpisów {self.named(a.fact)}{at}"
        if isinstance(a, ir.Sum):
            one, other = (self.amount(x) for x in a.of)
            return (
                f"{'różnica' if a.less else 'suma'} wartości: {one} {'minus' if a.less else 'oraz'} {other}"
            )
        if isinstance(a, ir.RoundedUp):
            return f"zaokrąglona w górę wartość: {self.amount(a.of)}"
        if isinstance(a, ir.Bound):
            both = " oraz ".join(self.amount(x) for x in a.of)
            return f"{'wyższa' if a.highest else 'niższa'} z wartości: {both}"
        return self.named(a.name)

    # conditions
    def condition(self, c: ir.Condition) -> str:
        """A condition in one line; a group with its conditions in brackets."""
        return _CONDITIONS[type(c)](self, c)

    def alone(self, c: ir.Condition) -> str:
        """A condition that stands alone: a group needs no brackets around it."""
        if isinstance(c, ir.Group) and c.quantifier != "none":
            return _joined(self, c)
        return self.condition(c)


def _valued(p: Polish, among: tuple[ir.Scalar, ...], negated: bool) -> str:
    said = p.scalars(among)
    if len(said) == 1:
        return f"{'nie ' if negated else ''}ma {'wartości' if negated else 'wartość'} {said[0]}"
    return f"{'nie ma żadnej z' if negated else 'ma jedną z'} wartości: {', '.join(said)}"


def _recorded(p: Polish, c: ir.Recorded) -> str:
    lead = f"w zapisach {'nie ' if c.negated else ''}odnotowano {p.value(c.value)}"
    said = p.scalars(c.among)
    if not said:
        return lead
    return f"{lead} o wartości {listed(said, 'lub')}"


def _occurred(p: Polish, c: ir.Occurred) -> str:
    events, rest = c.rows.events, p.restricted(c.rows.restrictions)
    if len(events) == 1:
        return f"{'nie nastąpiło' if c.negated else 'nastąpiło'} zdarzenie {p.event(events[0])}{rest}"
    which = "nie nastąpiło żadne" if c.negated else "nastąpiło co najmniej jedno"
    return f"{which} ze zdarzeń {p.events(events)}{rest}"


def _in_force(p: Polish, c: ir.InForce) -> str:
    at = f" {p.instant(c.at, 'at')}" if c.at is not None else ""
    return f"{'nie ' if c.negated else ''}obowiązuje wpis {p.named(c.fact)}{at}"


def _holds(p: Polish, c: ir.Holds) -> str:
    if c.kind == "condition":
        return f"{'nie jest' if c.negated else 'jest'} spełniony warunek {p.named(c.name)}"
    return f"klauzula {p.clauses([c.name])} {'nie jest' if c.negated else 'jest'} spełniona"


def _group(p: Polish, c: ir.Group) -> str:
    if c.quantifier == "none":
        return f"nie zachodzi żaden z przypadków ({'; '.join(p.condition(x.base) for x in c.of)})"
    return f"({_joined(p, c)})"


def _joined(p: Polish, c: ir.Group) -> str:
    return (" lub " if c.quantifier == "any" else " oraz ").join(p.condition(x.base) for x in c.of)


_CONDITIONS: Final[dict[type, Callable[[Polish, Any], str]]] = {
    ir.IsOneOf: lambda p, c: f"{p.value(c.value)} {_valued(p, c.among, c.negated)}",
    ir.InList: lambda p, c: (
        f"{p.value(c.value)} {'nie ' if c.negated else ''}figuruje na liście {p.named(c.list)}"
    ),
    ir.SameValue: lambda p, c: (
        f"{p.value(c.left)} ma {'inną wartość niż' if c.negated else 'tę samą wartość co'} {p.value(c.right)}"
    ),
    ir.Among: lambda p, c: (
        f"{p.value(c.value)} {'nie ' if c.negated else ''}figuruje wśród wartości: {p.value(c.of)}"
    ),
    ir.Mentions: lambda p, c: (
        f"w treści {p.value(c.value)} {'nie ' if c.negated else ''}występuje słowo {quoted(p.scalar(c.word))}"
    ),
    ir.Recorded: _recorded,
    ir.CompareInstants: lambda p, c: f"{p.instant(c.left)} przypada {p.relation(c.relation, c.right)}",
    ir.During: lambda p, c: f"{p.instant(c.moment)} przypada {p.span(c.name, c.kind, c.inside)}",
    ir.InForce: _in_force,
    ir.CompareAmounts: lambda p, c: f"{p.amount(c.left)} wynosi {_AMOUNT[c.relation]} {p.amount(c.right)}",
    ir.Occurred: _occurred,
    ir.CompareRanks: lambda p, c: (
        f"{p.value(c.left)} ma {'wyższą' if c.higher else 'niższą'} rangę niż {p.value(c.right)}"
    ),
    ir.RecordComplete: lambda p, c: (
        f"rejestr {quoted(p.lexicon.word('records', c.record))} {'nie jest' if c.negated else 'jest'} kompletny"
    ),
    ir.Holds: _holds,
    ir.Group: _group,
}
