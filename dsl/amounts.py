"""From words to sets of events and amounts of the checked contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, cast

from dsl import contract as ir
from dsl import phrase
from dsl.literals import hundredths, whole
from dsl.names import stop
from dsl.terms import SPAN_KINDS, Terms, inner
from dsl.tree import Node, Word
from dsl.vocabulary import ANY

_NUMBERS = ("int", "number", ANY)
_COUNTS = (ir.Count, ir.SizeOf, ir.NumberInForce, ir.UnderWay)
_TIMES = frozenset({"second", "minute", "hour", "day", "week", "month", "quarter", "year"})


def measure(a: ir.Amount) -> str | None:
    """What an amount is measured in: `a count`, `time`, a currency; None for what any of them may be."""
    if isinstance(a, _COUNTS):
        return "a count"
    if isinstance(a, ir.TimeIn):
        return "time"
    if isinstance(a, ir.Number):
        return "time" if a.unit in _TIMES else a.unit
    if isinstance(a, ir.Share | ir.RoundedUp):
        return measure(a.of)
    if isinstance(a, ir.Sum | ir.Bound):
        return measure(a.of[0]) or measure(a.of[1])
    return None


class Amounts(Terms):
    """Lowers sets of events with their restrictions, and amounts."""

    # ---------------------------------------------------------------- sets of events
    def span_name(self, word: Word) -> tuple[str, Literal["calendar", "state", "period", "fact"]]:
        """A name of something that lasts: a calendar, state, period or fact."""
        kind = self.names.kind(word.text)
        if kind in SPAN_KINDS:
            self.names.used.add(word.text)
            return word.text, cast(Any, kind)
        raise self.not_a(
            word,
            "a calendar, a state, a period or a fact",
            [n for k in SPAN_KINDS for n in self.names.of_kind(k)],
        )

    def restrictions(self, nodes: Iterable[Node]) -> tuple[ir.Restriction, ...]:
        """Restrictions on a set of events."""
        return tuple(self._restriction(n) for n in nodes)

    def _restriction(self, n: Node) -> ir.Restriction:
        relations = {
            "r_before": "before",
            "r_after": "after",
            "r_no_later": "no-later",
            "r_no_sooner": "no-sooner",
        }
        if n.kind in relations:
            return ir.When(cast(Any, relations[n.kind]), self.instant(cast(Node, n.node())))
        if n.kind == "r_within":
            first, second = list(n.nodes())
            length, clock = self.clock(self.length(first), (), n)
            return ir.WithinOf(length, self.instant(second), clock)
        if n.kind in ("r_during", "r_in", "r_outside"):
            name, kind = self.span_name(n.name())
            return ir.InSpan(name, kind, n.kind != "r_outside")
        if n.kind == "r_same_period":
            period, attribute = n.words("NAME")
            return ir.SamePeriod(self.names.need(period, "period"), attribute.text)
        return ir.AcrossTickets() if n.kind == "r_across" else self.fit(n)

    def _stretch(self, n: Node) -> ir.Restriction:
        """A restriction that leaves one stretch of time, in which a state is measured."""
        found = self._restriction(n)
        one = isinstance(found, ir.When) or (
            isinstance(found, ir.InSpan) and found.inside and found.kind != "calendar"
        )
        if not one:
            raise stop(
                "E303",
                "the time in a state is measured within one stretch of time, which this does not leave",
                n.span,
                "write before, after, no later than or no sooner than a moment, or during a period, a state or a fact",
            )
        return found

    def fit(self, n: Node) -> ir.Fit:
        """Which of several events is meant: by what it carries, or by its place after the occasion."""
        if n.kind == "r_same":
            return ir.SameAs(n.name().text)
        if n.kind == "r_including":
            return ir.Including(n.name().text, self.value(cast(Node, n.node()))[0])
        if n.name().text not in self.local.alias:
            raise stop(
                "E303",
                f'"{n.name().text}" is not what this clause concerns',
                n.name().span,
                f"write answering {sorted(self.local.alias)[0]}",
            )
        return ir.Answering()

    def rows(self, node: Node) -> ir.Rows:
        """`EVENT restriction…` of a count, a total or `has occurred`."""
        event = self.names.need_event(list(node.words("NAME"))[-1])
        rows = ir.Rows((event,), self.restrictions(node.nodes()))
        for r in rows.restrictions:
            self.carried((event,), r, node)
        return rows

    def carried(self, events: tuple[str, ...], r: ir.Restriction, node: Node) -> None:
        """Raise Stop where one of the events does not carry what a restriction looks for in it."""
        for event in events if isinstance(r, ir.SameAs | ir.Including) else ():
            if self.names.attribute_type((event,), cast(ir.SameAs, r).attribute) is None:
                raise stop(
                    "E203",
                    f'{event} carries no attribute "{cast(ir.SameAs, r).attribute}"',
                    node.span,
                    "name one that both events carry"
                    if isinstance(r, ir.SameAs)
                    else "name one that it carries",
                )

    def comparable(self, left: ir.Amount, right: ir.Amount, node: Node) -> None:
        """Raise Stop where two amounts are measured in different things."""
        one, other = measure(left), measure(right)
        if one is not None and other is not None and one != other:
            raise stop(
                "E305",
                f"the one amount is {one}, the other {other}",
                node.span,
                "compare and add what is alike",
            )

    # ---------------------------------------------------------------- kinds of values
    def listed(self, node: Node) -> ir.Value:
        """A value that is a list (or a table) of the record."""
        found = inner(node)
        if found.kind == "ref" and self.names.kind(found.name().text) == "list_def":
            word = found.name()
            raise stop(
                "E303",
                f'"{word.text}" is a list of the contract, and a list of the record is needed here',
                word.span,
                f"write `is in {word.text}`",
            )
        return self._of_kind(
            node, ("list", "map"), "a list of the record", "name a fact or an attribute that is a list"
        )

    def _of_kind(self, node: Node, kinds: tuple[str, ...], what: str, help_: str) -> ir.Value:
        value, kind = self.value(node)
        if kind not in (None, ANY, *kinds):
            raise stop(
                "E303",
                f"{phrase.value(value)} is a {kind} by the vocabulary, and {what} is needed here",
                node.span,
                help_,
            )
        return value

    # ---------------------------------------------------------------- amounts
    def amount(self, node: Node) -> ir.Amount:
        """A term as an amount."""
        node = inner(node)
        if node.kind == "paren":
            return self.amount(cast(Node, node.parts[0]))
        if node.kind == "number":
            return ir.Number(whole(cast(Word, node.word())))
        if node.kind == "money":
            number, currency = node.words()
            return ir.Number(whole(number), currency.text)
        if node.kind == "count":
            return ir.Count(self.rows(node))
        if node.kind == "total":
            attribute = next(node.words("NAME"))
            rows = self.rows(node)
            kind = self.names.attribute_type(rows.events, attribute.text)
            if kind is None:
                raise self.no_attribute(attribute, rows.events)
            if kind not in _NUMBERS:
                raise stop(
                    "E303",
                    f"{attribute.text} is a {kind} by the vocabulary, and a number is needed here",
                    attribute.span,
                    "name an attribute that is a number",
                )
            return ir.Total(attribute.text, rows, node.word("ROUNDED") is not None)
        if node.kind == "time_in":
            return ir.TimeIn(self.names.need(node.name(), "state"), tuple(map(self._stretch, node.nodes())))
        if node.kind == "level":
            return ir.UnderWay(self.names.need(node.name(), "state"), self.instant(cast(Node, node.node())))
        if node.kind == "percent":
            return ir.Share(hundredths(cast(Word, node.word())), self.amount(cast(Node, node.node())))
        if node.kind == "size":
            return ir.SizeOf(self.listed(cast(Node, node.node())))
        if node.kind == "in_force_then":
            at = next(node.nodes(), None)
            moment = self.instant(at) if at is not None else None
            return ir.NumberInForce(self.names.need(node.name(), "fact"), moment)
        if node.kind == "rounded":
            return ir.RoundedUp(self.amount(cast(Node, node.node())))
        if node.kind == "sum":
            left, right = [self.amount(n) for n in node.nodes()]
            self.comparable(left, right, node)
            return ir.Sum(node.word("LESS") is not None, (left, right))
        if node.kind in ("lower", "higher"):
            left, right = [self.amount(n) for n in node.nodes()]
            return ir.Bound(node.kind == "higher", (left, right))
        if node.kind == "ref" and self.names.kind(node.name().text) == "figure":
            return ir.FigureRef(self.names.need(node.name(), "figure"))
        if node.kind in ("ref", "attr_of", "as_of", "entry_by"):
            return ir.AmountOf(self._of_kind(node, _NUMBERS, "an amount", "name what is a number"))
        raise stop(
            "E303",
            "an amount is needed here",
            node.span,
            "write a number, `the number of …`, or name a figure",
        )
