"""From words to conditions of the checked contract, and blocks of lines with the readings that replace them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import islice, product
from typing import Any, TypeVar, cast

from dsl import contract as ir
from dsl.amounts import Amounts
from dsl.diagnostics import did_you_mean
from dsl.names import Names, stop
from dsl.terms import inner
from dsl.tree import Node, Word

T = TypeVar("T")


class Conditions(Amounts):
    """Lowers condition nodes too."""

    def condition_line(self, node: Node) -> ir.Condition:
        """A `condition_line` node: one condition, or a group with its block."""
        return self.condition(cast(Node, node.node()))

    def condition(self, n: Node) -> ir.Condition:
        """Any condition node."""
        return cast(ir.Condition, getattr(self, f"_c_{n.kind}")(n))

    def _c_group(self, n: Node) -> ir.Condition:
        quantifier = cast(Word, n.word()).text
        return ir.Group(cast(Any, quantifier), lines_of(self.names, list(n.nodes()), self.condition_line))

    def _c_is_value(self, n: Node) -> ir.Condition:
        value, kind = self.value(cast(Node, n.parts[0]))
        return ir.IsOneOf(value, self.choice(cast(Node, n.parts[2]), kind), n.parts[1] is not None)

    def _c_same_as(self, n: Node) -> ir.Condition:
        left, _ = self.value(cast(Node, n.parts[0]))
        right, _ = self.value(cast(Node, n.parts[2]))
        return ir.SameValue(left, right, n.parts[1] is not None)

    def _c_mentions(self, n: Node) -> ir.Condition:
        value, _ = self.value(cast(Node, n.parts[0]))
        word = cast(Word, n.word("STRING"))
        if re.fullmatch(r"\w+", word.string) is None:
            raise stop(
                "E205", f"{word.text} is not one word", word.span, "write one word, without blanks and signs"
            )
        return ir.Mentions(value, word.string, n.word("NO") is not None)

    def _c_is_among(self, n: Node) -> ir.Condition:
        value, _ = self.value(cast(Node, n.parts[0]))
        return ir.Among(value, self.listed(cast(Node, n.parts[2])), n.parts[1] is not None)

    def _c_compare_rank(self, n: Node) -> ir.Condition:
        left, word, right = n.parts
        assert isinstance(left, Node)
        assert isinstance(word, Word)
        assert isinstance(right, Node)
        value, _ = self.value(left)
        if isinstance(value, ir.FactValue | ir.EntryBy):
            raise stop("E303", "only a followed attribute has ranks", left.span, "name the attribute itself")
        declared = self.names.nodes.get(value.attribute)
        if declared is None or declared.node("ranks") is None:
            raise stop(
                "E401",
                f'"{value.attribute}" has no ranks: nothing says what is higher',
                left.span,
                f"declare `attribute {value.attribute}` with a `ranks` line",
            )
        self.names.used.add(value.attribute)
        return ir.CompareRanks(value.attribute, value, self.value(right)[0], word.kind == "HIGHER")

    def _c_record_complete(self, n: Node) -> ir.Condition:
        word = n.name()
        known = self.names.vocabulary.records
        if word.text not in known:
            help_ = did_you_mean(word.text, known) or f"name one of {', '.join(sorted(known))}"
            raise stop("E201", f'no log is named "{word.text}"', word.span, help_)
        return ir.RecordComplete(word.text, n.word("NOT") is not None)

    def _c_is_in_list(self, n: Node) -> ir.Condition:
        value, _ = self.value(cast(Node, n.parts[0]))
        return ir.InList(value, self.names.need(cast(Word, n.parts[2]), "list_def"), n.parts[1] is not None)

    def _c_recorded_as(self, n: Node) -> ir.Condition:
        value, kind = self.value(cast(Node, n.parts[0]))
        return ir.Recorded(value, self.choice(cast(Node, n.parts[2]), kind), n.parts[1] is not None)

    def _c_on_record(self, n: Node) -> ir.Condition:
        value, _ = self.value(cast(Node, n.parts[0]))
        return ir.Recorded(value, (), n.parts[1] is not None)

    def _c_compare_instant(self, n: Node) -> ir.Condition:
        left, word, right = n.parts
        assert isinstance(left, Node)
        assert isinstance(word, Word)
        assert isinstance(right, Node)
        relation = {"BEFORE": "before", "AFTER": "after", "LATER": "no-later", "SOONER": "no-sooner"}[
            word.kind
        ]
        return ir.CompareInstants(self.instant(left), cast(Any, relation), self.instant(right))

    def _c_is_during(self, n: Node) -> ir.Condition:
        moment, word, span = n.parts
        assert isinstance(moment, Node)
        assert isinstance(word, Word)
        assert isinstance(span, Word)
        name, kind = self.span_name(span)
        return ir.During(self.instant(moment), name, kind, word.kind == "DURING")

    def _c_in_force(self, n: Node) -> ir.Condition:
        term = inner(cast(Node, n.parts[0]))
        if term.kind != "ref":
            raise stop("E303", "only a named fact is in force", term.span, "declare it: `fact NAME`")
        at = n.parts[2] if len(n.parts) > 2 else None
        moment = self.instant(at) if isinstance(at, Node) else None
        return ir.InForce(self.names.need(term.name(), "fact"), moment, n.parts[1] is not None)

    def _c_compare_amount(self, n: Node) -> ir.Condition:
        left, word, right = n.parts
        assert isinstance(left, Node)
        assert isinstance(word, Word)
        assert isinstance(right, Node)
        relation = {
            "MOST": "at-most",
            "LEAST": "at-least",
            "MORE": "more",
            "LESS": "less",
            "EXACTLY": "exactly",
        }[word.kind]
        one, other = self.amount(left), self.amount(right)
        self.comparable(one, other, n)
        return ir.CompareAmounts(one, cast(Any, relation), other)

    def _c_occurred(self, n: Node) -> ir.Condition:
        negated = n.word("NOT") is not None
        return ir.Occurred(self.rows(n), negated)

    def _c_holds(self, n: Node) -> ir.Condition:
        word = n.name()
        negated = n.word("NOT") is not None
        if self.names.kind(word.text) == "clause":
            self.names.used.add(word.text)
            return ir.Holds(word.text, "clause", negated)
        return ir.Holds(self.names.need(word, "condition_def"), "condition", negated)


def lines_of(names: Names, nodes: list[Node], lower: Callable[[Node], T]) -> tuple[ir.Line[T], ...]:
    """A block of lines of one kind with the readings that replace them."""
    out: list[ir.Line[T]] = []
    for node in nodes:
        if node.kind != "on_reading":
            out.append(ir.Line(lower(node)))
            continue
        ambiguity, reading = names.reading(node.name())
        if not out:
            raise stop(
                "E406",
                "this reading stands above every line: it replaces nothing",
                node.span,
                "put it below the line it replaces",
            )
        instead = lines_of(names, [n for n in node.nodes() if n.kind != "falls_away"], lower)
        out[-1] = with_reading(out[-1], ambiguity, reading, instead, node)
    return tuple(out)


def with_reading(
    line: ir.Line[T], ambiguity: str, reading: str, instead: tuple[ir.Line[T], ...], node: Node
) -> ir.Line[T]:
    """The line with one more alternative; the same reading twice on one line is an error."""
    if any(a.ambiguity == ambiguity and a.reading == reading for a in line.readings):
        raise stop(
            "E402", f"the line is replaced twice on {ambiguity}.{reading}", node.span, "leave one of them out"
        )
    return ir.Line(line.base, (*line.readings, ir.Alternative(ambiguity, reading, instead)))


_MOST_CHOICES = 4096


def fails_on(lines: Iterable[ir.Line[T]], fits: Callable[[list[T]], bool]) -> str | None:
    """The readings on which the lines that are left do not fit, as `ambiguity.reading and …`; None: they always fit.

    Every combination of the readings that the lines name is tried, up to a number no contract comes near.
    """
    lines = list(lines)
    named: dict[str, list[str | None]] = {}
    waiting = list(lines)
    while waiting:
        for alternative in waiting.pop().readings:
            known = named.setdefault(alternative.ambiguity, [None])
            if alternative.reading not in known:
                known.append(alternative.reading)
            waiting += alternative.lines
    for chosen in islice(product(*named.values()), _MOST_CHOICES):
        taken = dict(zip(named, chosen, strict=True))
        if not fits([x for line in lines for x in _on(line, taken)]):
            return " and ".join(f"{a}.{r}" for a, r in taken.items() if r is not None)
    return None


def _on(line: ir.Line[T], taken: Mapping[str, str | None]) -> list[T]:
    for alternative in line.readings:
        if taken[alternative.ambiguity] == alternative.reading:
            return [x for inner in alternative.lines for x in _on(inner, taken)]
    return [line.base]
