"""Which definition or clause is needed to evaluate which; circles among them, and how deep they stand on each other.

A clause is needed in two ways: for its gates alone (where it takes the place of another, or sets a limit of a course), and
as a whole (where its verdict is asked for). Hence two names for a clause: its own, and its gates'.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dsl import contract as ir
from dsl.naming import named

_GATES = ":gates"


def plain_name(name: str) -> str:
    """The definition or clause that a name in the graph belongs to."""
    return name.removesuffix(_GATES)


def references(contract: ir.Contract) -> Mapping[str, set[str]]:
    """Which name needs which, directly."""
    blocks = (
        contract.lists,
        contract.calendars,
        contract.events,
        contract.states,
        contract.facts,
        contract.periods,
        contract.moments,
        contract.figures,
        contract.conditions,
    )
    clauses = {c.id for c in contract.clauses}
    courses = {c.name: c for c in contract.courses}
    known = {d.name for block in blocks for d in block} | clauses
    graph = {d.name: _needed(d) & known for block in blocks for d in block}
    for clause in contract.clauses:
        gates = [x for line in clause.gates for x in line.all()]
        above = {n for x in gates if isinstance(x, ir.SupersededBy) for n in x.clauses}
        asked = _needed((clause.concerns, *(x for x in gates if isinstance(x, ir.Gate))))
        graph[clause.id + _GATES] = asked & known | {n + _GATES for n in above & clauses}
        graph[clause.id] = {clause.id + _GATES} | _needed(clause.sentences) & known
        if clause.course in courses:
            graph[clause.id] |= {s + _GATES for s in courses[clause.course].steps if s in clauses}
    return graph


def _needed(value: Any) -> set[str]:
    """The definitions and clauses that a node names; attributes, readings and parties apart."""
    return {name for kind, name in named(value) if kind not in ("attribute", "reading", "party", "course")}


def circles(graph: Mapping[str, set[str]]) -> list[list[str]]:
    """One circle for each group of names that reach each other, smallest name first (Tarjan, without recursion)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on: set[str] = set()
    out: list[list[str]] = []
    for root in sorted(graph):
        if root in index:
            continue
        work: list[tuple[str, list[str]]] = [(root, sorted(graph[root]))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on.add(root)
        while work:
            node, rest = work[-1]
            if rest:
                child = rest.pop(0)
                if child not in index:
                    index[child] = low[child] = len(index)
                    stack.append(child)
                    on.add(child)
                    work.append((child, sorted(graph[child])))
                elif child in on:
                    low[node] = min(low[node], index[child])
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[node])
            if low[node] == index[node]:
                group = []
                while True:
                    top = stack.pop()
                    on.discard(top)
                    group.append(top)
                    if top == node:
                        break
                if len(group) > 1 or node in graph[node]:
                    out.append(_walk(group, graph))
    return out


def _walk(group: list[str], graph: Mapping[str, set[str]]) -> list[str]:
    """The shortest way around from the first name of a group back to it."""
    first, inside = min(group), set(group)
    came: dict[str, str] = {}
    level = [first]
    while level:
        following: list[str] = []
        for node in level:
            for child in sorted(graph[node] & inside):
                if child == first:
                    way = [node]
                    while way[-1] != first:
                        way.append(came[way[-1]])
                    return way[::-1]
                if child not in came:
                    came[child] = node
                    following.append(child)
        level = following
    return [first]


def deepest(graph: Mapping[str, set[str]], weight: Mapping[str, int]) -> tuple[str, int]:
    """The name whose chain of needs weighs most, and that weight; of equals the first. For a graph without circles."""
    total: dict[str, int] = {}
    for root in sorted(graph):
        stack = [root]
        while stack:
            node = stack[-1]
            waiting = [n for n in graph[node] if n not in total]
            if waiting:
                stack.extend(waiting)
                continue
            stack.pop()
            total[node] = weight[node] + max((total[n] for n in graph[node]), default=0)
    return min(total.items(), key=lambda item: (-item[1], item[0]), default=("", 0))
