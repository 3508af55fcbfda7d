"""Findings in a contract that can be used, but should be looked at.

`lint` returns the warnings of a checked contract: names that nothing uses, clauses that can never apply, ambiguities that
no line depends on, clauses that bind the same act differently with no order between them, missing titles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dsl import contract as ir
from dsl.check import _Check
from dsl.consistent import Demands, possible_together
from dsl.diagnostics import Diagnostic
from dsl.names import KINDS
from dsl.source import Source, Span
from dsl.vocabulary import Vocabulary


def lint(sources: list[Source], vocabulary: Vocabulary) -> list[Diagnostic]:
    """The warnings of a contract, in reading order. Raises ContractError where it cannot be used at all."""
    run = _Check(sources, vocabulary)
    contract = run.run()
    spans = {name: node.name().span for name, node in run.names.nodes.items()}
    demands = Demands(contract, _single(run))
    found = [
        *_unused(run, contract, spans),
        *_never(contract, demands, spans),
        *_unordered(contract, demands, spans),
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


def _single(run: _Check) -> Callable[[ir.Value], bool]:
    """Whether a value is one thing at a time, by the vocabulary: not a list, and no field of entries that can be several."""
    several = ("list", "map")
    plural = {
        a for word in run.names.events.values() for a, kind in word.attributes.items() if kind in several
    }

    def single(value: ir.Value) -> bool:
        if isinstance(value, ir.EntryBy):
            return False
        if isinstance(value, ir.FactValue):
            return len(value.path) == 1 and run.names.facts.get(value.path[0]) not in several
        fact = isinstance(value, ir.AttributeOf) and isinstance(value.row, ir.FactRow)
        return not fact and value.attribute not in plural

    return single


def _never(contract: ir.Contract, demands: Demands, spans: Mapping[str, Span]) -> Iterable[Diagnostic]:
    """Clauses whose gates contradict each other on every reading: one value asked to be two things, a gate and its opposite."""
    for clause in contract.clauses:
        if not demands.of(clause, on_any_reading=True):
            yield Diagnostic(
                "W502",
                f"the clause {clause.id} can never apply: nothing passes all its lines",
                spans[clause.id],
                "one of the lines is too narrow, or the carve-out too wide",
            )


def _unordered(contract: ir.Contract, demands: Demands, spans: Mapping[str, Span]) -> Iterable[Diagnostic]:
    """Pairs of clauses that bind the same act on the same occasions with different limits and no order."""
    keyed: dict[tuple[Any, ...], list[tuple[ir.Clause, frozenset[ir.SentenceLimit]]]] = {}
    for clause in contract.clauses:
        for line in clause.sentences:
            s = line.base
            if not isinstance(s, ir.Perform) or s.strength in ("may", "discretion") or not clause.concerns:
                continue
            limits = frozenset(x.base for x in s.limits)
            if any(_is_deadline(x) for x in limits):
                key = (s.party, s.events, clause.concerns[0].base, clause.only_on)
                keyed.setdefault(key, []).append((clause, limits))
    ordered = _ordered_pairs(contract)
    for group in keyed.values():
        if len({limits for _, limits in group}) < 2:
            continue
        cases = {c.id: demands.of(c, on_any_reading=False) for c, _ in group}
        for i, (a, limit_a) in enumerate(group):
            for b, limit_b in group[i + 1 :]:
                if (
                    limit_a == limit_b
                    or a.id == b.id
                    or (a.id, b.id) in ordered
                    or (b.id, a.id) in ordered
                    or not possible_together(cases[a.id], cases[b.id])
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


def _is_deadline(limit: ir.SentenceLimit) -> bool:
    return isinstance(limit, ir.Within) or (
        isinstance(limit, ir.Limit) and limit.relation in ("no-later", "before")
    )


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
