"""The definitions of a contract in Polish: their kinds and their lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from dsl import contract as ir
from dsl.clause_pl import clause_lines, on_reading
from dsl.define import all_definitions
from dsl.lexicon import Lexicon
from dsl.phrase_pl import Polish
from dsl.polish import counted, every, of_day, unit_name, weekdays

KINDS: Final = {
    "list": "lista",
    "calendar": "kalendarz",
    "event": "zdarzenie",
    "state": "stan",
    "fact": "wpis",
    "period": "okres",
    "moment": "chwila",
    "figure": "wielkość",
    "condition": "warunek",
    "course": "bieg terminu",
}
"""What each kind of definition is called."""


def definition_lines(p: Polish, definition: Any) -> list[str]:
    """The lines of a definition in words, with what other readings put in place of one."""
    return _lines(p.about("event" if isinstance(definition, ir.EventDef) else "any"), definition.lines)


def _lines(p: Polish, lines: Any, indent: str = "") -> list[str]:
    out: list[str] = []
    for line in lines:
        out += [indent + text for text in _said(p, line.base)]
        for other in line.readings:
            out.append(indent + on_reading(p, other))
            out += _lines(p, other.lines, indent + "  ") or [f"{indent}  ten wiersz odpada"]
    return out


def _said(p: Polish, line: Any) -> list[str]:
    if isinstance(line, ir.ButWhere):
        return [f"lecz jeżeli {p.alone(line.condition)}", *_lines(p, line.lines, "  ")]
    rule = _SAYS.get(type(line))
    return [rule(p, line) if rule is not None else p.alone(line)]


def window(w: ir.WindowLine) -> str:
    """A weekly window."""
    end = w.end % 86400 if w.end > 86400 else w.end
    times = "" if w.whole_days else f" w godz. {of_day(w.start)}-{of_day(end)}"
    return (
        f"{weekdays(w.days)}{times}{', z wyjątkiem dni ustawowo wolnych od pracy' if w.save_holidays else ''}"
    )


def _from(p: Polish, what: ir.FactValue | str) -> str:
    return what if isinstance(what, str) else p.value(what)


def _zone(p: Polish, x: ir.ZoneOf) -> str:
    return f"strefa czasowa: {_from(p, x.zone)}" + (f", a w jej braku {x.otherwise}" if x.otherwise else "")


def _each_from(p: Polish, x: ir.EachFrom) -> str:
    unit = every(x.unit) if x.amount == 1 else f"kolejne okresy po {counted(x.amount, x.unit)}"
    start = f"początku wpisu {p.named(x.start)}" if isinstance(x.start, str) else f"daty {p.value(x.start)}"
    return f"oznacza: {unit} od {start}"


def _table(p: Polish, x: ir.FromTable) -> str:
    unit = counted(5, x.unit.removesuffix("s")).partition(" ")[2]
    return f"oznacza: liczba {unit} z tabeli {p.value(x.table)} według {p.value(x.by)}"


_CHANGE: Final = "od chwili zmiany"
_KEPT: Final = "od dotychczasowego początku biegu"

_SAYS: Final[dict[type, Callable[[Polish, Any], str]]] = {
    ir.Items: lambda p, x: ", ".join(dict.fromkeys(p.scalar(v) for v in x.values)),
    ir.AllOf: lambda p, x: f"wszystko, co obejmuje {p.named(x.name)}",
    ir.KeptIn: lambda p, x: f"według danych {p.value(x.fact)}",
    ir.WindowLine: lambda p, x: window(x),
    ir.RoundTheClock: lambda p, x: "przez całą dobę",
    ir.Less: lambda p, x: f"z pominięciem {p.named(x.name)}",
    ir.HoursFrom: lambda p, x: f"godziny według danych {p.value(x.fact)}",
    ir.ZoneOf: _zone,
    ir.HolidaysOf: lambda p, x: f"dni ustawowo wolne od pracy w kraju: {_from(p, x.country)}",
    ir.Means: lambda p, x: f"oznacza: {p.events(x.events)}",
    ir.Where: lambda p, x: f"jeżeli {p.alone(x.condition)}",
    ir.FromUntil: lambda p, x: f"od zdarzenia {p.events(x.start)} do zdarzenia {p.events(x.end)}",
    ir.While: lambda p, x: (
        f"dopóki {p.attribute(x.attribute)} ma wartość " + " lub ".join(p.scalars(x.among))
    ),
    ir.ForEach: lambda p, x: f"odrębnie dla każdej wartości {p.attribute(x.attribute)}",
    ir.EntryOf: lambda p, x: f"oznacza: wpis w danych {p.value(x.fact)}",
    ir.EachUnit: lambda p, x: f"oznacza: {every(x.unit)}",
    ir.EachFrom: _each_from,
    ir.Rolling: lambda p, x: f"oznacza: {counted(x.amount, x.unit)} do chwili rozpatrywanego przypadku",
    ir.Entries: lambda p, x: f"oznacza: każdy wpis w danych {p.value(x.fact)}",
    ir.Named: lambda p, x: f"oznacza: {unit_name(x.unit)} podany w danych {p.value(x.fact)}",
    ir.MeansMoment: lambda p, x: f"oznacza: {p.instant(x.moment)}",
    ir.MeansAmount: lambda p, x: f"oznacza: {p.amount(x.amount)}",
    ir.FromTable: _table,
    ir.NotOnRecord: lambda p, x: "określa ją umowa; w zapisach jej nie ma",
    ir.OnRise: lambda p, x: f"przy podwyższeniu termin biegnie {_CHANGE if x.from_change else _KEPT}",
    ir.OnFall: lambda p, x: f"przy obniżeniu termin biegnie {_CHANGE if x.from_change else _KEPT}",
    ir.EarlierBinds: lambda p, x: "wiąże termin wcześniejszy",
    ir.NotCured: lambda p, x: "upływu terminu nic nie naprawia",
    ir.OnceIsEnough: lambda p, x: "wystarcza jednokrotne wykonanie",
}


def spoken(contract: ir.Contract, lexicon: Lexicon) -> None:
    """Say the whole contract, for a lexicon that is told of what is missing."""
    p = Polish(lexicon)
    for clause in contract.clauses:
        clause_lines(p, clause)
        if clause.cite is not None:
            lexicon.place(clause.cite.place)
    for ambiguity in contract.ambiguities:
        lexicon.question(ambiguity.name)
        for reading, _ in ambiguity.readings:
            lexicon.reading(ambiguity.name, reading)
    for _, definition in all_definitions(contract):
        p.named(definition.name)
        definition_lines(p, definition)
        if definition.cite is not None:
            lexicon.place(definition.cite.place)
