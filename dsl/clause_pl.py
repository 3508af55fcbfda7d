"""A clause in Polish: what it concerns, its gates, sentences and limits, with what other readings put in their place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from dsl import contract as ir
from dsl.phrase_pl import Polish
from dsl.polish import listed, percent, quoted

# How a duty of each strength begins; what follows is an infinitive, of an expectation a future.
_MODAL: Final = {
    "guarantee": "{party} ma obowiązek {to}",
    "duty": "{party} ma obowiązek {to}",
    "definition": "{party} ma obowiązek {to}",
    "target": "{party} dołoży starań, aby {to}",
    "estimate": "oczekuje się, że {party} {will}",
    "may": "{party} może {to}",
    "discretion": "{party} może według własnego uznania {to}",
}
_LEAD: Final = {"where": "jeżeli", "save": "z wyjątkiem przypadków, gdy", "provided": "pod warunkiem, że"}
_EACH: Final = {"each": "każdego zdarzenia", "first": "pierwszego zdarzenia", "last": "ostatniego zdarzenia"}
_SPAN: Final = {
    "state": "każdego okresu trwania stanu",
    "fact": "każdego okresu obowiązywania wpisu",
    "period": "każdego okresu",
}


def clause_lines(p: Polish, clause: ir.Clause) -> list[str]:
    """What a clause says, line by line."""
    said = p.about(clause.concerns[0].base if clause.concerns else "any")
    out = _block(said, clause.concerns, concern, 0)
    if clause.course is not None:
        out.append(f"według zasad biegu terminu {p.named(clause.course)}")
    out += _block(said, clause.gates, gate, 0)
    for line in clause.sentences:
        base = line.base
        if isinstance(base, ir.Perform | ir.Refrain | ir.Keep) and any(x.readings for x in base.limits):
            # With readings of its own, each limit stands on a line.
            bare = replace(line, base=replace(base, limits=()))
            out += _block(said, (bare,), sentence, 0)
            out += _block(said, base.limits, limit, 2)
        else:
            out += _block(said, (line,), sentence, 0)
    return out


def _block(p: Polish, lines: Any, say: Callable[[Polish, Any], str], indent: int) -> list[str]:
    pad = " " * indent
    out = []
    for line in lines:
        out.append(pad + say(p, line.base))
        for a in line.readings:
            out.append(pad + on_reading(p, a))
            out += _block(p, a.lines, say, indent + 2) or [f"{pad}  ten wiersz odpada"]
    return out


def on_reading(p: Polish, a: ir.Alternative[Any]) -> str:
    """The line above what another reading puts in place of a line: what it says, and its name."""
    said = p.lexicon.reading(a.ambiguity, a.reading)
    return f"albo przy odczytaniu {f'{quoted(said)} ' if said else ''}[{a.ambiguity}.{a.reading}]:"


def concern(p: Polish, c: ir.Concern) -> str:
    """What a clause concerns."""
    if isinstance(c, ir.Each):
        return f"dotyczy {_EACH[c.which]} {p.event(c.event)}"
    if isinstance(c, ir.EachStretch):
        values = listed(p.scalars(c.among), "lub")
        attribute = p.attribute(c.attribute)
        return f"dotyczy każdego okresu, w którym {attribute} ma wartość {values}"
    return (
        f"dotyczy {_SPAN[c.kind]} {p.named(c.name)}" if isinstance(c, ir.EachSpan) else "dotyczy całej umowy"
    )


def gate(p: Polish, g: ir.Gate | ir.SupersededBy) -> str:
    """A gate with its leading words."""
    if isinstance(g, ir.SupersededBy):
        return f"zastąpiona przez {p.clauses(g.clauses)}"
    return f"{_LEAD[g.kind]} {p.alone(g.condition)}"


def sentence(p: Polish, s: ir.Sentence) -> str:
    """A sentence in one line."""
    if isinstance(s, ir.Release):
        free = "zwolniona" if s.party == "either" else "zwolniony"
        return f"{p.party(s.party)} jest {free} z odpowiedzialności"
    if isinstance(s, ir.Forfeit):
        return f"{p.party(s.party)} nie jest {'uprawniona' if s.party == 'either' else 'uprawniony'}"
    if isinstance(s, ir.StandsFor):
        return f"oznacza stosowanie klauzul: {p.clauses(s.clauses)}"
    if isinstance(s, ir.Stated):
        return f"tylko odnotowana: {p.lexicon.word('stated', s.why)}"
    to, will = _verb(s)
    duty = _MODAL[s.strength].format(party=p.party(s.party), to=to, will=will)
    if isinstance(s, ir.Ensure):
        if len(s.conditions) == 1:
            return f"{duty}, że {p.alone(s.conditions[0].base)}"
        return f"{duty}, że {' oraz '.join(p.condition(x.base) for x in s.conditions)}"
    limits = ", ".join(limit(p, x.base) for x in s.limits)
    tail = f" {limits}" if limits else ""
    if isinstance(s, ir.Keep):
        return f"{duty} {p.named(s.state)}{tail}"
    return f"{duty} {p.events(s.events)}{tail}"


def _verb(s: ir.Perform | ir.Refrain | ir.Keep | ir.Ensure) -> tuple[str, str]:
    """What a party does or is to do: infinitive and future."""
    if isinstance(s, ir.Ensure):
        return "zapewnić", "zapewni"
    if isinstance(s, ir.Keep):
        if s.free:
            return "utrzymywać czas wolny od stanu", "będzie utrzymywać czas wolny od stanu"
        return "utrzymywać stan", "będzie utrzymywać stan"
    if isinstance(s, ir.Refrain):
        return "powstrzymać się od czynności", "powstrzyma się od czynności"
    return "dokonać czynności", "dokona czynności"


def limit(p: Polish, x: ir.SentenceLimit) -> str:
    """One limit of a sentence."""
    if isinstance(x, ir.NoLimit):
        return "bez określonego terminu"
    return _LIMITS[type(x)](p, x)


_LIMITS: Final[dict[type, Callable[[Polish, Any], str]]] = {
    ir.Within: lambda p, x: p.within(x),
    ir.Limit: lambda p, x: p.relation(x.relation, x.moment),
    ir.SpanLimit: lambda p, x: p.span(x.name, x.kind, x.inside),
    ir.Between: lambda p, x: f"od {p.instant(x.start, 'gen')} do {p.instant(x.end, 'gen')}",
    ir.Fitting: lambda p, x: p.restriction(x.fit),
    ir.ToEach: lambda p, x: f"dla każdej wartości {p.attribute(x.attribute)} spośród {p.value(x.of)}",
    ir.OnlyWhere: lambda p, x: f"tylko jeżeli {p.alone(x.condition)}",
    ir.RefusedBy: lambda p, x: f"przy czym odmową jest {p.events(x.events)}",
    ir.OrInstead: lambda p, x: (
        f"albo zamiast tego {p.events(x.rows.events)}{p.restricted(x.rows.restrictions)}"
    ),
    ir.SaveFor: lambda p, x: f"z wyjątkiem czasu trwania stanu {p.named(x.state)}",
    ir.LeavingOut: lambda p, x: (
        f"z pominięciem czasu {'objętego kalendarzem' if x.kind == 'calendar' else 'trwania stanu'} {p.named(x.name)}"
    ),
    ir.AtLeastShare: lambda p, x: f"przez co najmniej {percent(x.hundredths)} okresu {p.named(x.period)}",
}
