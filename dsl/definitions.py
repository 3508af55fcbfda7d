"""From definition nodes to the definitions of the checked contract."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from dsl import contract as ir
from dsl.conditions import Conditions, fails_on, lines_of
from dsl.diagnostics import did_you_mean
from dsl.literals import amount_of, country_code, seconds_of_day, whole, zone_name
from dsl.names import KINDS, Names, Stop, stop
from dsl.terms import Local
from dsl.tree import Node, Word

T = TypeVar("T")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def citation(node: Node | None, names: Names) -> ir.Citation | None:
    """A `cite` node: line ranges, in order as written, and the place. The lines are those of the text that the header names."""
    if node is None:
        return None
    ranges: list[tuple[int, int]] = []
    for word in node.words("RANGE", "INT"):
        first, _, last = word.text.partition("-")
        low, high = (whole(Word("INT", text, word.span)) for text in (first, last or first))
        if low < 1 or high < low:
            raise stop(
                "E410", f"lines {word.text} are no range", word.span, "write first-last, counting from 1"
            )
        if names.source_lines is not None and high > names.source_lines[0]:
            lines, said = names.source_lines
            raise stop(
                "E412",
                f"lines {word.text} are cited, and the source text has {lines}",
                word.span,
                f"cite lines from 1 to {lines}, or mend the number of lines in the header",
                [("the header says so here", said)],
            )
        ranges.append((low, high))
    return ir.Citation(tuple(ranges), cast(Word, node.word("STRING")).string)


def _body(node: Node, names: Names) -> tuple[list[Node], ir.Citation | None]:
    """The lines of a definition without its citation."""
    cites = list(node.nodes("cite"))
    if len(cites) > 1:
        raise stop("E402", "a definition cites one place", cites[1].span, "write all lines in one `cite`")
    return [n for n in node.nodes() if n.kind != "cite"], citation(cites[0] if cites else None, names)


class Definitions:
    """Lowers every definition of a contract; a faulty one is reported and left out."""

    def __init__(self, names: Names, report: Callable[[Stop], None]) -> None:
        self.names = names
        self.report = report

    def all(self, kind: str, lower: Callable[[Node], T]) -> tuple[T, ...]:
        """All definitions of a kind, sorted by name."""
        out = []
        for name in sorted(self.names.of_kind(kind)):
            try:
                out.append(lower(self.names.nodes[name]))
            except Stop as error:
                self.report(error)
        return tuple(out)

    def ambiguity(self, node: Node) -> ir.Ambiguity:
        """Readings with their sentences; exactly one is recommended."""
        readings: list[tuple[str, str]] = []
        recommended: list[str] = []
        for r in node.nodes("reading"):
            name = r.name()
            if any(name.text == known for known, _ in readings):
                raise stop(
                    "E202", f'the reading "{name.text}" is declared twice', name.span, "give it another name"
                )
            sentence = r.word("STRING")
            readings.append((name.text, sentence.string if sentence else ""))
            if r.word("RECOMMENDED"):
                recommended.append(name.text)
        if len(recommended) != 1:
            found = "none" if not recommended else " and ".join(recommended)
            raise stop(
                "E405",
                f"one reading is recommended; found {found}",
                node.name().span,
                "mark one with `recommended`",
            )
        if len(readings) < 2:
            raise stop(
                "E405", "an ambiguity has two readings at least", node.name().span, "add the other reading"
            )
        question = cast(Word, node.word("STRING")).string
        return ir.Ambiguity(node.name().text, question, tuple(readings), recommended[0])

    def attribute(self, node: Node) -> ir.AttributeDef:
        """An attribute followed through time, with its ranks."""
        word = node.name()
        kind = self.names.attribute_type(None, word.text)
        if kind is None:
            known = {a for e in self.names.events.values() for a in e.attributes}
            raise self._unknown_attribute(word, known)
        terms = Conditions(self.names, Local())
        ranks = node.node("ranks")
        values = tuple(terms.scalar(v, kind) for v in ranks.nodes("value")) if ranks else ()
        if len(set(values)) != len(values):
            raise stop("E202", "a value is ranked twice", node.span, "name each value once")
        setters = node.node("set_by")
        events = tuple(self.names.need_event(w) for w in setters.words("NAME")) if setters else ()
        for event in events:
            if self.names.attribute_type([event], word.text) is None:
                raise terms.no_attribute(word, [event])
        return ir.AttributeDef(word.text, values, events)

    @staticmethod
    def _unknown_attribute(word: Word, known: set[str]) -> Stop:
        return stop(
            "E203",
            f'no event carries an attribute "{word.text}"',
            word.span,
            did_you_mean(word.text, known) or "name an attribute that an event of the vocabulary carries",
        )

    def list_(self, node: Node) -> ir.ListDef:
        """A list of values."""
        terms = Conditions(self.names, Local())
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "list_item":
                return ir.Items(tuple(terms.scalar(v, None) for v in n.nodes("value")))
            if n.kind == "list_all":
                return ir.AllOf(self.names.need(n.name(), "list_def"))
            return ir.KeptIn(terms.path(cast(Node, n.node())))

        return ir.ListDef(node.name().text, lines_of(self.names, body, lower), cite)

    def calendar(self, node: Node) -> ir.CalendarDef:
        """Weekly windows, zone and holidays."""
        terms = Conditions(self.names, Local())
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "window":
                return self._window(n)
            if n.kind == "round_the_clock":
                return ir.RoundTheClock()
            if n.kind == "calendar_all":
                return ir.AllOf(self.names.need(n.name(), "calendar"))
            if n.kind == "calendar_less":
                name, kind = terms.span_name(n.name())
                if kind not in ("calendar", "state"):
                    raise stop(
                        "E303",
                        f'"{name}" is neither calendar nor state',
                        n.name().span,
                        "name a calendar or a state",
                    )
                return ir.Less(name, cast(Any, kind))
            if n.kind == "hours_from":
                return ir.HoursFrom(terms.path(cast(Node, n.node())))
            return place_of(terms, n)

        lines = lines_of(self.names, body, lower)
        if not any(isinstance(x, _HOURS) for x in _alternatives(lines)):
            raise stop(
                "E401",
                f'the calendar "{node.name().text}" has no hours',
                node.name().span,
                "add a window: `monday to friday 09:00 to 17:00`",
            )
        _on_every_reading(node, lines, lambda left: any(isinstance(x, _HOURS) for x in left))
        return ir.CalendarDef(node.name().text, lines, cite)

    def _window(self, n: Node) -> ir.WindowLine:
        days = [_DAYS.index(w.text) for w in n.words("WEEKDAY")]
        first, last = days[0], days[-1]
        span = tuple(sorted({(first + i) % 7 for i in range((last - first) % 7 + 1)}))
        times = list(n.words("TIME"))
        save = n.word("SAVE") is not None
        if not times:
            return ir.WindowLine(span, 0, 86400, save, True)
        start, end = (seconds_of_day(t) for t in times)
        if start == 86400 or start == end:
            raise stop(
                "E410",
                f"the window {times[0].text} to {times[1].text} has no length",
                n.span,
                "give the opening before the closing",
            )
        return ir.WindowLine(span, start, end if end > start else end + 86400, save)

    def event(self, node: Node) -> ir.EventDef:
        """A qualifying event."""
        name = node.name().text
        bases = tuple(sorted(self.names.base_events(name)))
        terms = Conditions(self.names, Local(events=bases, own=True))
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "event_means":
                return ir.Means(tuple(self.names.need_event(w) for w in n.words("NAME")))
            return ir.Where(terms.condition_line(cast(Node, n.node())))

        if sum(n.kind == "event_means" for n in body) != 1:
            raise stop(
                "E401",
                f'the event "{name}" needs one `means` line',
                node.name().span,
                "write `means EVENT`, or `means A or B`",
            )
        lines = lines_of(self.names, body, lower)
        _on_every_reading(node, lines, lambda left: any(isinstance(x, ir.Means) for x in left))
        return ir.EventDef(name, lines, cite)

    def state(self, node: Node) -> ir.StateDef:
        """A state: pairs of events, or an attribute's value."""
        terms = Conditions(self.names, Local())
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "state_span":
                start, end = n.nodes("names")
                return ir.FromUntil(self._events(start), self._events(end))
            if n.kind == "state_while":
                attribute = self.names.need(n.name(), "attribute")
                kind = self.names.attribute_type(None, attribute)
                return ir.While(attribute, terms.choice(cast(Node, n.node("choice")), kind))
            return ir.ForEach(n.name().text)

        lines = lines_of(self.names, body, lower)
        if not any(isinstance(x, ir.FromUntil | ir.While) for x in _alternatives(lines)):
            raise stop(
                "E401",
                f'the state "{node.name().text}" never begins',
                node.name().span,
                "write `from EVENT until EVENT`",
            )
        _on_every_reading(node, lines, lambda left: any(isinstance(x, ir.FromUntil | ir.While) for x in left))
        return ir.StateDef(node.name().text, lines, cite)

    def _events(self, node: Node) -> tuple[str, ...]:
        return tuple(self.names.need_event(w) for w in node.words("NAME"))

    def fact(self, node: Node) -> ir.FactDef:
        """Named entries of a fact."""
        terms = Conditions(self.names, Local(events=None, own=True, entry=True))
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "fact_means":
                return ir.EntryOf(terms.path(cast(Node, n.node())))
            return ir.Where(terms.condition_line(cast(Node, n.node())))

        if sum(n.kind == "fact_means" for n in body) != 1:
            raise stop(
                "E401",
                f'the fact "{node.name().text}" needs one `means an entry of` line',
                node.name().span,
                "write `means an entry of FACT`",
            )
        lines = lines_of(self.names, body, lower)
        _on_every_reading(node, lines, lambda left: sum(isinstance(x, ir.EntryOf) for x in left) == 1)
        return ir.FactDef(node.name().text, lines, cite)

    def period(self, node: Node) -> ir.PeriodDef:
        """A family of stretches of time."""
        terms = Conditions(self.names, Local())
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            path = n.node()
            fact: ir.FactValue | str | None = None
            if path is not None and path.kind == "start_of_fact":
                fact = self.names.need(path.name(), "fact")
            elif path is not None:
                fact = terms.path(path)
            unit_word = n.word("UNIT")
            unit = cast(ir.Unit, unit_word.text.rstrip("s")) if unit_word else None
            number = n.word("INT")
            if unit in ("second", "minute", "hour"):
                raise stop(
                    "E302",
                    f"a period is counted in days or more, not {unit}s",
                    n.span,
                    "write months or years",
                )
            amount = amount_of(number, unit) if number is not None and unit is not None else None
            if amount == 0:
                raise stop("E410", f"a period of 0 {unit}s has no length", n.span, "give at least 1")
            if n.kind == "period_calendar":
                return ir.EachUnit(cast(ir.Unit, unit))
            if n.kind == "period_months":
                return ir.EachFrom(cast(int, amount), cast(ir.Unit, unit), cast(ir.FactValue, fact))
            if n.kind == "period_rolling":
                return ir.Rolling(cast(int, amount), cast(ir.Unit, unit))
            if n.kind == "period_entries":
                return ir.Entries(cast(ir.FactValue, fact))
            return ir.Named(cast(ir.Unit, unit), cast(ir.FactValue, fact))

        lines = lines_of(self.names, body, lower)
        if len(lines) != 1:
            raise stop(
                "E402",
                f'the period "{node.name().text}" needs one `means` line',
                node.name().span,
                "one line says what it is",
            )
        _on_every_reading(node, lines, lambda left: len(left) == 1)
        return ir.PeriodDef(node.name().text, lines, cite)

    def moment(self, node: Node) -> ir.MomentDef:
        """A moment by cases."""
        terms = Conditions(self.names, Local(events=None))
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "means_term":
                first, *qualifiers = list(n.nodes())
                return ir.MeansMoment(terms.instant(first, qualifiers))
            condition, *rest = list(n.nodes())
            return ir.ButWhere(terms.condition(condition), cases(rest))

        def cases(nodes: list[Node]) -> tuple[ir.Line[Any], ...]:
            found = lines_of(self.names, nodes, lower)
            if not found or not isinstance(found[0].base, ir.MeansMoment):
                raise stop(
                    "E401",
                    f'the moment "{node.name().text}" begins with its general case',
                    nodes[0].span if nodes else node.name().span,
                    "write `means …` first, and `but where …` below it",
                )
            _on_every_reading(node, found, lambda left: bool(left) and isinstance(left[0], ir.MeansMoment))
            return found

        return ir.MomentDef(node.name().text, cases(body), cite)

    def figure(self, node: Node) -> ir.FigureDef:
        """A figure."""
        terms = Conditions(self.names, Local(events=None))
        body, cite = _body(node, self.names)

        def lower(n: Node) -> Any:
            if n.kind == "figure_term":
                return ir.MeansAmount(terms.amount(cast(Node, n.node())))
            if n.kind == "figure_duration":
                amount, how, unit_word = cast(Node, n.node()).parts
                unit = cast(Word, unit_word).text.rstrip("s")
                if how is not None:
                    raise stop(
                        "E302",
                        "a figure has a bare unit; how it is counted is said where it is used",
                        n.span,
                        "write `means 4 hours`",
                    )
                return ir.MeansAmount(ir.Number(amount_of(cast(Word, amount), unit), unit))
            if n.kind == "figure_table":
                table, by = n.nodes()
                return ir.FromTable(cast(Word, n.word("UNIT")).text, terms.path(table), terms.value(by)[0])
            return ir.NotOnRecord()

        lines = lines_of(self.names, body, lower)
        units = {unit for x in _alternatives(lines) if (unit := _unit_of_figure(x)) is not None}
        if len(units) > 1:
            raise stop(
                "E305",
                f'the figure "{node.name().text}" is given in {" and in ".join(sorted(units))}',
                node.name().span,
                "give it in one unit on every reading",
            )
        _on_every_reading(node, lines, bool)
        return ir.FigureDef(node.name().text, lines, cite)

    def condition(self, node: Node) -> ir.ConditionDef:
        """Conditions under one name."""
        terms = Conditions(self.names, Local(events=None))
        body, cite = _body(node, self.names)
        return ir.ConditionDef(node.name().text, lines_of(self.names, body, terms.condition_line), cite)

    def course(self, node: Node) -> ir.CourseDef:
        """One limit that follows an attribute."""
        body, cite = _body(node, self.names)
        follows = [n for n in body if n.kind == "course_follows"]
        if len(follows) != 1:
            raise stop(
                "E401",
                f'the course "{node.name().text}" needs one `follows` line',
                node.name().span,
                "write `follows ATTRIBUTE through CLAUSE, …`",
            )
        attribute, *steps = follows[0].words("NAME")
        tracked = self.names.need(attribute, "attribute")
        if self.names.nodes[tracked].node("ranks") is None:
            raise stop(
                "E401",
                f'"{tracked}" has no ranks: nothing says what a rise is',
                attribute.span,
                f"give `attribute {tracked}` a `ranks` line",
            )
        lower: dict[str, Callable[[Node], Any]] = {
            "course_rise": lambda n: ir.OnRise(n.word("CHANGE") is not None),
            "course_fall": lambda n: ir.OnFall(n.word("CHANGE") is not None),
            "course_earlier": lambda n: ir.EarlierBinds(),
            "course_not_cured": lambda n: ir.NotCured(),
            "course_once": lambda n: ir.OnceIsEnough(),
        }
        lines = lines_of(
            self.names, [n for n in body if n.kind != "course_follows"], lambda n: lower[n.kind](n)
        )
        return ir.CourseDef(
            node.name().text, tracked, tuple(self.names.need(s, "clause") for s in steps), lines, cite
        )


def place_of(terms: Conditions, n: Node) -> Any:
    """A `zone` or `holidays of` line: a constant text, or a fact of the agreement (a zone: and what stands in its place)."""
    first, *rest = n.parts
    otherwise = next((w for w in rest if isinstance(w, Word)), None)
    name = zone_name if n.kind == "zone_line" else country_code
    where = name(first) if isinstance(first, Word) else terms.path(cast(Node, first))
    if n.kind != "zone_line":
        return ir.HolidaysOf(where)
    return ir.ZoneOf(where, zone_name(otherwise) if otherwise is not None else None)


_HOURS = ir.WindowLine | ir.RoundTheClock | ir.AllOf


def _on_every_reading(node: Node, lines: tuple[ir.Line[Any], ...], fits: Callable[[list[Any]], bool]) -> None:
    """Stop where some reading takes away the line without which a definition means nothing."""
    reading = fails_on(lines, fits)
    if reading is not None:
        name = node.name()
        raise stop(
            "E407",
            f'on {reading} the {KINDS[node.kind].split(" ", 1)[1]} "{name.text}" means nothing',
            name.span,
            "write on that reading what it then means",
        )


def _unit_of_figure(value: Any) -> str | None:
    if isinstance(value, ir.MeansAmount):
        return (
            f"{value.amount.unit}s"
            if isinstance(value.amount, ir.Number) and value.amount.unit
            else "bare numbers"
        )
    return value.unit if isinstance(value, ir.FromTable) else None


def _alternatives(lines: tuple[ir.Line[Any], ...]) -> list[Any]:
    return [x for line in lines for x in line.all()]
