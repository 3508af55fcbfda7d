"""From words to sets of events and amounts of the checked contract."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, cast

from dsl import contract as ir
from dsl.literals import hundredths, whole
from dsl.names import stop
from dsl.terms import SPAN_KINDS, Terms, inner
from dsl.tree import Node, Word


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
            if self.names.attribute_type(rows.events, attribute.text) is None:
                raise self.no_attribute(attribute, rows.events)
            return ir.Total(attribute.text, rows, node.word("ROUNDED") is not None)
        if node.kind == "time_in":
            return ir.TimeIn(self.names.need(node.name(), "state"), self.restrictions(node.nodes()))
        if node.kind == "level":
            return ir.UnderWay(self.names.need(node.name(), "state"), self.instant(cast(Node, node.node())))
        if node.kind == "percent":
            return ir.Share(hundredths(cast(Word, node.word())), self.amount(cast(Node, node.node())))
        if node.kind == "size":
            return ir.SizeOf(self.value(cast(Node, node.node()))[0])
        if node.kind == "in_force_then":
            at = next(node.nodes(), None)
            moment = self.instant(at) if at is not None else None
            return ir.NumberInForce(self.names.need(node.name(), "fact"), moment)
        if node.kind == "rounded":
            return ir.RoundedUp(self.amount(cast(Node, node.node())))
        if node.kind == "sum":
            left, right = [self.amount(n) for n in node.nodes()]
            return ir.Sum(node.word("LESS") is not None, (left, right))
        if node.kind in ("lower", "higher"):
            left, right = [self.amount(n) for n in node.nodes()]
            return ir.Bound(node.kind == "higher", (left, right))
        if node.kind == "ref" and self.names.kind(node.name().text) == "figure":
            return ir.FigureRef(self.names.need(node.name(), "figure"))
        if node.kind in ("ref", "attr_of", "as_of", "entry_by"):
            return ir.AmountOf(self.value(node)[0])
        raise stop(
            "E303",
            "an amount is needed here",
            node.span,
            "write a number, `the number of …`, or name a figure",
        )
