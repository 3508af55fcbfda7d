"""Findings in a contract that can be used, but should be looked at.

`lint` returns the warnings of a checked contract: names that nothing uses, clauses that can never apply, ambiguities that
no line depends on, clauses that bind the same act differently with no order between them, missing titles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dsl import contract as ir
from dsl.check import _Check
from dsl.diagnostics import Diagnostic
from dsl.names import KINDS
from dsl.source import Source, Span
from dsl.vocabulary import Vocabulary


def lint(sources: list[Source], vocabulary: Vocabulary) -> list[Diagnostic]:
    """The warnings of a contract, in reading order. Raises ContractError where it cannot be used at all."""
    run = _Check(sources, vocabulary)
    contract = run.run()
    spans = {name: node.name().span for name, node in run.names.nodes.items()}
    found = [
        *_unused(run, contract, spans),
        *_never(contract, spans),
        *_unordered(contract, spans),
        *_titles(contract, spans),
    ]
    order = {s.name: i for i, s in enumerate(sources)}
    return sorted(
        found,
        key=lambda d: (order.get(d.span.file, -1), d.span.line, d.span.column) if d.span else (-1, 0, 0),
    )


def _unused(run: _Check, contract: ir.Contract, spans: Mapping[str, Span]) -> Iterable[Diagnostic]:
    for name, node in run.names.nodes.items():
        if node.kind == "ambiguity":
            if name not in run.names.used_ambiguities:
                yield Diagnostic(
                    "W503",
                    f'no line depends on the ambiguity "{name}"',
                    spans[name],
                    "write `or on reading …` where it matters, or remove it",
                )
        elif node.kind == "word":
            if name not in run.names.used_words:
                yield Diagnostic("W501", f'nothing uses the word "{name}"', spans[name], "remove it")
        elif node.kind != "clause" and name not in run.names.used:
            yield Diagnostic(
                "W501", f'nothing uses {KINDS[node.kind]} "{name}"', spans[name], "remove it, or use it"
            )


def _never(contract: ir.Contract, spans: Mapping[str, Span]) -> Iterable[Diagnostic]:
    """Clauses whose `where` lines contradict each other: one value asked to be two things."""
    for clause in contract.clauses:
        wanted: dict[ir.Value, set[ir.Scalar]] = {}
        refused: dict[ir.Value, set[ir.Scalar]] = {}
        for line in clause.gates:
            g = line.base
            if line.readings or not isinstance(g, ir.Gate) or not isinstance(g.condition, ir.IsOneOf):
                continue
            c = g.condition
            demanded = (g.kind in ("where", "provided")) != c.negated if g.kind != "save" else c.negated
            if demanded:
                wanted[c.value] = wanted.get(c.value, set(c.among)) & set(c.among)
            else:
                refused.setdefault(c.value, set()).update(c.among)
        concern = clause.concerns[0].base if clause.concerns else None
        if isinstance(concern, ir.EachStretch) and not clause.concerns[0].readings:
            bare: ir.Value = ir.AttributeAsOf(concern.attribute)
            if bare in wanted:
                wanted[bare] &= set(concern.among)
        empty = [v for v, among in wanted.items() if not among - refused.get(v, set())]
        if empty:
            yield Diagnostic(
                "W502",
                f"the clause {clause.id} can never apply: no value passes all its lines",
                spans[clause.id],
                "one of the lines is too narrow, or the carve-out too wide",
            )


def _unordered(contract: ir.Contract, spans: Mapping[str, Span]) -> Iterable[Diagnostic]:
    """Pairs of clauses that bind the same act on the same occasions with different limits and no order."""
    keyed: dict[tuple[Any, ...], list[ir.Clause]] = {}
    for clause in contract.clauses:
        for line in clause.sentences:
            s = line.base
            if not isinstance(s, ir.Perform) or s.strength in ("may", "discretion"):
                continue
            if (
                clause.concerns
                and clause.only_on is None
                and any(isinstance(x.base, ir.Within) for x in s.limits)
            ):
                keyed.setdefault((s.party, s.events, clause.concerns[0].base), []).append(clause)
    ordered = _ordered_pairs(contract)
    named = {d.name: d for d in contract.conditions}
    for group in keyed.values():
        demands = {c.id: _facts(c, named) for c in group}
        limits = {c.id: _limit(c) for c in group}
        if len(set(limits.values())) < 2:
            continue
        for i, a in enumerate(group):
            for b in group[i + 1 :]:
                if (
                    limits[a.id] == limits[b.id]
                    or (a.id, b.id) in ordered
                    or (b.id, a.id) in ordered
                    or _disjoint(demands[a.id], demands[b.id])
                ):
                    continue
                first, second = sorted((a, b), key=lambda c: c.id)
                yield Diagnostic(
                    "E411",
                    f"{first.id} and {second.id} bind the same act on the same occasion with different limits",
                    spans[first.id],
                    "write `superseded by` in one of them, make their `where` lines exclude each other, or declare an ambiguity",
                    (("the other clause", spans[second.id]),),
                )


def _limit(clause: ir.Clause) -> Any:
    s = clause.sentences[0].base
    return tuple(x.base for x in s.limits) if isinstance(s, ir.Perform) else None


def _ordered_pairs(contract: ir.Contract) -> set[tuple[str, str]]:
    """Pairs of which one yields to the other, directly or over others, on the recommended readings or any other."""
    direct: dict[str, set[str]] = {}
    for clause in contract.clauses:
        for line in clause.gates:
            for g in line.all():
                if isinstance(g, ir.SupersededBy):
                    direct.setdefault(clause.id, set()).update(g.clauses)
    pairs: set[tuple[str, str]] = set()
    for start in direct:
        seen: set[str] = set()
        stack = list(direct[start])
        while stack:
            at = stack.pop()
            if at in seen:
                continue
            seen.add(at)
            stack.extend(direct.get(at, ()))
        pairs.update((start, other) for other in seen)
    return pairs


_Facts = tuple[dict[ir.Value, set[ir.Scalar]], dict[ir.Value, set[ir.Scalar]], set[ir.Condition]]


def _facts(clause: ir.Clause, named: Mapping[str, ir.ConditionDef]) -> _Facts:
    only: dict[ir.Value, set[ir.Scalar]] = {}
    not_: dict[ir.Value, set[ir.Scalar]] = {}
    others: set[ir.Condition] = set()
    for c in _demanded(clause, named):
        if isinstance(c, ir.IsOneOf):
            (not_ if c.negated else only).setdefault(c.value, set()).update(c.among)
        else:
            others.add(c)
    return only, not_, others


def _demanded(clause: ir.Clause, named: Mapping[str, ir.ConditionDef]) -> Iterator[ir.Condition]:
    """What the gates of a clause demand, named conditions spelt out, on the recommended readings."""
    stack: list[ir.Condition] = []
    for line in clause.gates:
        g = line.base
        if isinstance(g, ir.Gate) and g.kind in ("where", "provided"):
            stack.append(g.condition)
    while stack:
        c = stack.pop()
        yield c
        if isinstance(c, ir.Holds) and c.kind == "condition" and not c.negated and c.name in named:
            stack.extend(line.base for line in named[c.name].lines)
        elif isinstance(c, ir.Group) and c.quantifier == "all":
            stack.extend(line.base for line in c.of)


def _disjoint(a: _Facts, b: _Facts) -> bool:
    """Whether what one clause demands excludes the other: other values, a value and its negation, a condition and its opposite."""
    only_a, not_a, others_a = a
    only_b, not_b, others_b = b
    for value, among in only_a.items():
        if value in only_b and not among & only_b[value]:
            return True
        if value in not_b and among <= not_b[value]:
            return True
    if any(value in not_a and among <= not_a[value] for value, among in only_b.items()):
        return True
    if _Demands(only_a, others_a).against_groups(others_b) or _Demands(only_b, others_b).against_groups(
        others_a
    ):
        return True
    return any(_opposite(x, y) for x in others_a for y in others_b)


@dataclass(frozen=True, slots=True)
class _Demands:
    """What one clause surely demands: of values, and as other conditions."""

    only: Mapping[ir.Value, set[ir.Scalar]]
    others: set[ir.Condition]

    def against_groups(self, others: set[ir.Condition]) -> bool:
        """Whether one of the other clause's groups can not hold together with this."""
        return any(self.contradicts(c) for c in others if isinstance(c, ir.Group))

    def contradicts(self, c: ir.Condition) -> bool:
        """Whether a condition can not hold together with this."""
        if isinstance(c, ir.IsOneOf) and c.value in self.only:
            demanded = self.only[c.value]
            return demanded <= set(c.among) if c.negated else not demanded & set(c.among)
        if isinstance(c, ir.Group) and c.quantifier != "none":
            quantified = any if c.quantifier == "all" else all
            return quantified(self.contradicts(x.base) for x in c.of)
        # A product on a list is excluded from the clause that saves for that list.
        return (isinstance(c, ir.InList) and not c.negated) or any(_opposite(x, c) for x in self.others)


def _opposite(x: ir.Condition, y: ir.Condition) -> bool:
    for field in ("negated", "inside"):
        if type(x) is type(y) and hasattr(x, field) and getattr(x, field) != getattr(y, field):
            rest = [f for f in x.__slots__ if f != field]
            if all(getattr(x, f) == getattr(y, f) for f in rest):
                return True
    return False


def _titles(contract: ir.Contract, spans: Mapping[str, Span]) -> Iterable[Diagnostic]:
    for clause in contract.clauses:
        missing = [
            name for name, text in (("English", clause.title), ("Polish", clause.title_pl)) if not text
        ]
        if missing:
            yield Diagnostic(
                "W506",
                f"{clause.id} has no title in {' and '.join(missing)}",
                spans[clause.id],
                'add `title "…"` and `title pl "…"`',
            )
