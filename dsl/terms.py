"""From words to terms: moments, values and amounts of the checked contract.

The same words can mean a moment (`opening`), a value (`channel of opening`) or an amount (`amount of invoice`); which one
is asked for decides, and a word of another kind is an error with its own message.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeVar, cast

from dsl import contract as ir
from dsl.diagnostics import did_you_mean
from dsl.literals import amount_of, iso_date, seconds_of_day, whole
from dsl.names import KINDS, Names, Stop, stop
from dsl.tree import Node, Word
from dsl.vocabulary import ANY

T = TypeVar("T")
SPAN_KINDS = {"calendar": "calendar", "state": "state", "period": "period", "fact": "fact"}


@dataclass(frozen=True)
class Local:
    """What names mean inside one definition or clause.

    `alias`: names of the occasion or of the row at hand. `events`: the events that the row can be (None: the row is an
    entry of a fact, whose fields are not known beforehand). `own`: a bare attribute is one of the row at hand. `spanning`:
    the occasion is a stretch (it has an end of its own).
    """

    alias: frozenset[str] = frozenset({"it"})
    events: tuple[str, ...] | None = ()
    own: bool = False
    entry: bool = False
    spanning: bool = False


class Terms:
    """Lowers term nodes, with the names of the contract and a local context."""

    def __init__(self, names: Names, local: Local) -> None:
        self.names = names
        self.local = local

    # ---------------------------------------------------------------- values
    def scalar(self, node: Node, kind: str | None) -> ir.Scalar:
        """A `value` node as a scalar of a type of the vocabulary (None: as written)."""
        word = next(node.words())
        if kind == "bool":
            if word.kind not in ("YES", "NO"):
                raise stop(
                    "E205",
                    f'a yes-or-no value is compared with "{word.string}"',
                    word.span,
                    "write yes or no",
                )
            return word.kind == "YES"
        if kind == "int" and word.kind == "INT":
            return whole(word)
        if kind == "int":
            raise stop(
                "E205", f'a number is compared with "{word.string}"', word.span, "write a whole number"
            )
        if kind in (None, ANY) and word.kind in ("YES", "NO"):
            return word.kind == "YES"
        return word.string

    def choice(self, node: Node, kind: str | None) -> tuple[ir.Scalar, ...]:
        """A `choice` node: one value, or one of several."""
        return tuple(self.scalar(v, kind) for v in node.nodes("value"))

    def path(self, node: Node) -> ir.FactValue:
        """`region` or `floor of office`: a fact of the agreement, or a field of it."""
        fields: list[str] = []
        at: Node | Word | None = node
        while isinstance(at, Node) and at.kind == "attr_of":
            fields.append(at.name().text)
            at = at.parts[1]
        if not isinstance(at, Node) or at.kind != "ref":
            raise stop(
                "E303", "a fact of the agreement is needed here", node.span, "write FACT, or FIELD of FACT"
            )
        word = at.name()
        if not self.names.is_fact(word.text):
            raise stop(
                "E201",
                f'no fact of an agreement is named "{word.text}"',
                word.span,
                did_you_mean(word.text, self.names.facts) or "use a fact of the vocabulary",
            )
        return ir.FactValue((word.text, *reversed(fields)))

    def value(self, node: Node) -> tuple[ir.Value, str | None]:
        """A term as a value, with its type where the vocabulary knows it."""
        node = inner(node)
        if node.kind == "ref":
            return self._value_ref(node)
        if node.kind == "attr_of":
            return self._value_of(node)
        if node.kind == "entry_by":
            table, by = node.nodes()
            path = self.path(table)
            kind = self.names.facts[path.path[0]] if len(path.path) == 1 else ANY
            if kind not in ("map", ANY):
                raise stop(
                    "E303",
                    f'the fact "{path.path[0]}" is a {kind} by the vocabulary, and a table is needed here',
                    table.span,
                    "name a fact that is a mapping",
                )
            return ir.EntryBy(path, self.value(by)[0]), None
        if node.kind == "paren" and len(node.parts) == 1:
            return self.value(cast(Node, node.parts[0]))
        if node.kind == "as_of":
            attribute = self._tracked(node.name())
            at = node.parts[1]
            assert isinstance(at, Node)
            return ir.AttributeAsOf(attribute, self.instant(at)), self.names.attribute_type(None, attribute)
        raise stop(
            "E303", "a value is needed here (an attribute or a fact)", node.span, "write ATTRIBUTE of EVENT"
        )

    def _value_ref(self, node: Node) -> tuple[ir.Value, str | None]:
        word = node.name()
        name = word.text
        if self.local.own:
            if self.local.entry:
                return ir.AttributeOf(name, ir.OccasionRow()), None
            kind = self.names.attribute_type(self.local.events, name)
            if kind is not None:
                return ir.AttributeOf(name, ir.OccasionRow()), kind
        if self.names.kind(name) == "attribute":
            return ir.AttributeAsOf(self._tracked(word)), self.names.attribute_type(None, name)
        if self.names.is_fact(name):
            return ir.FactValue((name,)), self.names.facts[name]
        if self.local.own:
            raise self.no_attribute(word, self.local.events or ())
        carried = self.names.attribute_type(None, name) is not None
        help_ = (
            f"write `{name} of EVENT`, or declare `attribute {name}` to follow it through time"
            if carried
            else did_you_mean(name, [*self.names.of_kind("attribute"), *self.names.facts])
            or "write ATTRIBUTE of EVENT, or a fact of the vocabulary"
        )
        raise stop(
            "E201",
            f'"{name}" is no attribute that is followed and no fact of the agreement',
            word.span,
            help_,
        )

    def _tracked(self, word: Word) -> str:
        if (
            self.names.kind(word.text) != "attribute"
            and self.names.attribute_type(None, word.text) is not None
        ):
            raise stop(
                "E201",
                f'the attribute "{word.text}" is not followed through time',
                word.span,
                f"declare it: `attribute {word.text}`",
            )
        return self.names.need(word, "attribute")

    def _value_of(self, node: Node) -> tuple[ir.Value, str | None]:
        word = node.name()
        owner = node.parts[1]
        assert isinstance(owner, Node)
        if owner.kind == "attr_of":
            return self.path(node), None
        row, events = self.row(owner)
        if isinstance(row, ir.FactValue):
            return ir.FactValue((*row.path, word.text)), None
        if events is None:
            return ir.AttributeOf(word.text, row), None
        kind = self.names.attribute_type(events, word.text)
        if kind is None:
            raise self.no_attribute(word, events)
        return ir.AttributeOf(word.text, row), kind

    def no_attribute(self, word: Word, events: Iterable[str]) -> Stop:
        """The error for an attribute that none of the events carries."""
        carried = {
            a for e in events for b in self.names.base_events(e) for a in self.names.events[b].attributes
        }
        what = " or ".join(sorted(events)) or "the row"
        some = ", ".join(sorted(carried)[:6]) + (", …" if len(carried) > 6 else "")
        help_ = did_you_mean(word.text, carried) or (f"it carries {some}" if carried else "it carries none")
        return stop("E203", f'{what} carries no attribute "{word.text}"', word.span, help_)

    def row(
        self, node: Node
    ) -> tuple[ir.EventRow | ir.OccasionRow | ir.FactRow | ir.FactValue, tuple[str, ...] | None]:
        """The owner of an attribute: a row, and the events it can be (None: fields are not known beforehand)."""
        if node.kind == "pick":
            event = self.names.need_event(node.name())
            return ir.EventRow(event, _which(node)), (event,)
        word = node.name()
        if word.text in self.local.alias:
            return ir.OccasionRow(word.text), None if self.local.entry else self.local.events
        if self.names.kind(word.text) == "fact":
            return ir.FactRow(self.names.need(word, "fact")), None
        if self.names.is_event(word.text):
            event = self.names.need_event(word)
            return ir.EventRow(event), (event,)
        if self.names.is_fact(word.text):
            return ir.FactValue((word.text,)), None
        raise self.not_a(
            word,
            "an event or a fact",
            [*self.names.events, *self.names.of_kind("event"), *self.names.facts],
        )

    def not_a(self, word: Word, what: str, known: Iterable[str]) -> Stop:
        """The error for a name of another kind than `what`, or for an unknown one."""
        found = self.names.kind(word.text)
        if found is not None:
            return stop(
                "E303",
                f'"{word.text}" is {KINDS[found]}, and {what} is needed here',
                word.span,
                f"name {what}",
                [("declared here", self.names.nodes[word.text].span)],
            )
        return stop(
            "E201",
            f'nothing is named "{word.text}"',
            word.span,
            did_you_mean(word.text, known) or f"name {what}",
        )

    # ---------------------------------------------------------------- lengths
    def length(self, node: Node) -> ir.Length:
        """A `duration`, or the name of a figure."""
        if node.kind == "ref":
            name = self.names.need(node.name(), "figure")
            unit = _figure_unit(self.names.nodes[name])
            if unit is None:
                raise stop(
                    "E302",
                    f'the figure "{name}" is no length of time',
                    node.span,
                    "give its unit: `means 4 hours`",
                )
            return ir.Length(
                name, cast(ir.Unit, unit), "clock" if unit in ("second", "minute", "hour") else "legal"
            )
        amount, how, unit_word = node.parts
        assert isinstance(amount, Word)
        assert isinstance(unit_word, Word)
        unit = unit_word.text.rstrip("s")
        plain: ir.Counting = "clock" if unit in ("second", "minute", "hour") else "legal"
        counting = cast(ir.Counting, how.text) if isinstance(how, Word) else plain
        if counting == "working" and unit != "day":
            raise stop(
                "E302",
                f'"working {unit_word.text}": only days are working days',
                node.span,
                "write working days",
            )
        if counting == "calendar" and unit in ("second", "minute", "hour"):
            raise stop(
                "E302",
                f'"calendar {unit_word.text}" has no meaning',
                node.span,
                f"write elapsed {unit_word.text}",
            )
        if counting == "elapsed" and unit in ("month", "quarter", "year"):
            raise stop(
                "E302",
                f'"elapsed {unit_word.text}" has no fixed length',
                node.span,
                f"write calendar {unit_word.text}",
            )
        return ir.Length(amount_of(amount, unit), cast(ir.Unit, unit), counting)

    def clock(self, length: ir.Length, qualifiers: Iterable[Node], node: Node) -> tuple[ir.Length, ir.Clock]:
        """The qualifiers of a length; checks that unit and way of counting fit."""
        clock = ir.Clock()
        for q in qualifiers:
            word = q.word()
            if q.kind == "counted_in":
                clock = replace(clock, calendar=self.names.need(q.name(), "calendar"))
            elif q.kind == "stopped_while":
                clock = replace(clock, stopped=(*clock.stopped, self.names.need(q.name(), "state")))
            elif q.kind == "ending_at":
                assert word is not None
                clock = replace(clock, ending_at=seconds_of_day(word))
            elif q.kind == "first_day_counted":
                clock = replace(clock, first_day_counted=True)
            else:
                clock = replace(clock, moved=False)
        counted = clock.calendar is not None
        if isinstance(length.amount, str) and length.counting == "clock" and not counted:
            length = replace(length, counting="elapsed")
        if length.counting == "clock" and not counted:
            raise stop(
                "E301",
                f"{length.amount} {length.unit}s: which clock counts them?",
                node.span,
                f"write `{length.amount} elapsed {length.unit}s`, or add `, counted in CALENDAR`",
            )
        if length.counting == "working" and not counted:
            raise stop("E301", "working days: of which calendar?", node.span, "add `, counted in CALENDAR`")
        if counted and length.counting in ("elapsed", "legal", "calendar"):
            raise stop(
                "E302",
                f"{length.counting} {length.unit}s are not counted in a calendar",
                node.span,
                "leave `counted in` out, or write working days or plain hours",
            )
        if (clock.ending_at is not None or clock.first_day_counted) and length.counting not in (
            "legal",
            "working",
        ):
            raise stop(
                "E302",
                "only terms of days, weeks or months end at a time of day or count their first day",
                node.span,
                "leave it out",
            )
        if not clock.moved and length.counting != "legal":
            raise stop("E302", "only legal terms are moved off free days", node.span, "leave it out")
        if clock.stopped and length.counting not in ("clock", "elapsed"):
            raise stop(
                "E302", "only a running clock of hours or minutes can be stopped", node.span, "leave it out"
            )
        if (
            counted
            and length.counting == "clock"
            and _whole_days(self.names.nodes[cast(str, clock.calendar)])
        ):
            raise stop(
                "E304",
                f'"{clock.calendar}" holds whole days: hours of it would run 24 hours a day',
                node.span,
                "count working days, or use a calendar with opening hours",
            )
        return length, clock

    # ---------------------------------------------------------------- moments
    def instant(self, node: Node, qualifiers: Iterable[Node] = ()) -> ir.Instant:
        """A term as a moment."""
        node = inner(node)
        qualifiers = list(qualifiers)
        if node.kind == "paren":
            return self.instant(cast(Node, node.parts[0]), list(node.nodes())[1:])
        if node.kind == "shift":
            length, relation, base = node.parts
            assert isinstance(length, Node)
            assert isinstance(relation, Word)
            assert isinstance(base, Node)
            counted, clock = self.clock(self.length(length), qualifiers, node)
            return ir.Shift(counted, relation.kind == "BEFORE", self.instant(base), clock)
        if qualifiers:
            raise stop(
                "E408",
                "`counted in` and its kin qualify a length",
                qualifiers[0].span,
                "write `4 hours after …` before it",
            )
        simple: dict[str, Callable[[Node], ir.Instant]] = {
            "ref": self._instant_ref,
            "attr_of": self._instant_of,
            "pick": self._instant_pick,
            "boundary": self._boundary,
            "audit_instant": lambda _: ir.Now(),
            "later": lambda n: ir.Extreme(True, tuple(self.instant(p) for p in n.nodes())),
            "earlier": lambda n: ir.Extreme(False, tuple(self.instant(p) for p in n.nodes())),
            "date": lambda n: ir.DateConstant(iso_date(cast(Word, n.word()))),
        }
        if node.kind not in simple:
            raise stop(
                "E303", "a moment is needed here", node.span, "name an event, a moment, or `2 hours after …`"
            )
        return simple[node.kind](node)

    def _instant_ref(self, node: Node) -> ir.Instant:
        word = node.name()
        if word.text in self.local.alias:
            return ir.It(name=word.text)
        if self.names.kind(word.text) == "moment":
            return ir.MomentRef(self.names.need(word, "moment"))
        if self.names.is_event(word.text):
            return ir.Pick(self.names.need_event(word))
        if self.names.is_fact(word.text):
            return ir.DateOf(ir.FactValue((word.text,)))
        if self.names.kind(word.text) in ("fact", "state", "period"):
            raise stop(
                "E303",
                f'"{word.text}" lasts: which end of it?',
                word.span,
                f"write the start of {word.text}, or the end",
            )
        known = [
            *self.local.alias,
            *self.names.events,
            *self.names.of_kind("event"),
            *self.names.of_kind("moment"),
        ]
        raise self.not_a(word, "an event or a moment", known)

    def _instant_of(self, node: Node) -> ir.Instant:
        value, _ = self._value_of(node)
        assert isinstance(value, ir.AttributeOf | ir.FactValue)
        return ir.DateOf(value)

    def _instant_pick(self, node: Node) -> ir.Instant:
        return ir.Pick(self.names.need_event(node.name()), _which(node))

    def _boundary(self, node: Node) -> ir.Instant:
        edge, inner = node.parts
        assert isinstance(edge, Word)
        assert isinstance(inner, Node)
        end = edge.kind == "END"
        if inner.kind == "unit_of":
            unit = cast(Word, inner.word("UNIT")).text.rstrip("s")
            if unit in ("second", "minute", "hour"):
                raise stop(
                    "E302",
                    f"{unit}s have no start or end in law",
                    inner.span,
                    "write day, week, month, quarter or year",
                )
            return ir.UnitOf(cast(ir.Unit, unit), self.instant(cast(Node, inner.node())), end)
        if inner.kind == "ref":
            word = inner.name()
            if word.text in self.local.alias:
                return ir.It(end, word.text)
            kind = self.names.kind(word.text)
            if kind in ("fact", "state", "period"):
                return ir.Boundary(self.names.need(word, kind), cast(Any, kind), end)
        if inner.kind == "boundary":
            return self._boundary(inner)
        moment = self.instant(inner)
        if isinstance(moment, ir.DateOf):
            return ir.UnitOf("day", moment, end)
        raise stop(
            "E303", "only what lasts has a start and an end", inner.span, "write `the end of the day of …`"
        )


def inner(node: Node) -> Node:
    """The node inside `term` wrappers."""
    while node.kind == "term":
        node = cast(Node, node.parts[0])
    return node


def _which(node: Node) -> Literal["first", "last", "next"]:
    word = cast(Word, node.word("FIRST", "LAST", "NEXT"))
    return "first" if word.kind == "FIRST" else "last" if word.kind == "LAST" else "next"


def _figure_unit(node: Node) -> str | None:
    for n in node.walk():
        if n.kind == "figure_duration":
            return cast(Word, cast(Node, n.node()).word("UNIT")).text.rstrip("s")
        if n.kind == "figure_table":
            return cast(Word, n.word("UNIT")).text.rstrip("s")
    return None


def _whole_days(node: Node) -> bool:
    windows = [n for n in node.walk() if n.kind == "window"]
    others = [n for n in node.walk() if n.kind in ("round_the_clock", "calendar_all", "hours_from")]
    return bool(windows) and not others and all(w.word("TIME") is None for w in windows)
