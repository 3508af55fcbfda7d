"""Figures of the catalogue against the checked contract: every number, clock time, weekday and listed value, and its place."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from checker.audit.library import load_contract
from dsl import contract as ir

CATALOGUE = Path(__file__).parent / "catalogue"
_CLOCK = re.compile(r"(\d{1,2}):(\d\d)")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NO_FIGURES = ("footnote", "annex", "lines", "line", "where_defined", "list_location", "seed")
"""Keys whose numbers are places in the text and no figures of it."""
_PRODUCTS = re.compile(r"product|component|service|technolog|application|offering")
"""Keys of lists of products."""

_NO_MEANING = frozenset({"title", "title_pl", "cite", "id", "file", "line", "why", "question"})
"""Fields of the checked contract that say where a clause stands and what it is called; a number in them is no figure."""

Figure = tuple[str, Any]
"""Where it stands in the catalogue's values, and the number, clock time, weekday or product."""


@lru_cache(maxsize=8)
def catalogue(contract: str) -> dict[str, dict[str, Any]]:
    """The clauses of a contract's text by id."""
    listed = yaml.safe_load((CATALOGUE / f"{contract}.yaml").read_text(encoding="utf-8"))
    return {x["id"]: x for x in listed}


def figures(values: Any, path: tuple[str, ...] = ()) -> Iterator[Figure]:
    """The figures among a clause's values; free text, yes and no, and nulls are none."""
    if isinstance(values, dict):
        for key, value in values.items():
            if not any(str(key).startswith(no) for no in _NO_FIGURES):
                yield from figures(value, (*path, str(key)))
    elif isinstance(values, list):
        for value in values:
            yield from figures(value, path)
    elif isinstance(values, int | float) and not isinstance(values, bool):
        yield ".".join(path), values
    elif isinstance(values, str):
        clock = _CLOCK.fullmatch(values)
        if clock or values in _DAYS or (path and _PRODUCTS.search(path[-1]) and values[:1].isupper()):
            yield ".".join(path), values


def free_text(values: Any, path: tuple[str, ...] = ()) -> Iterator[Figure]:
    """What is no figure: texts, yes and no, nulls."""
    known = list(figures(values))
    if isinstance(values, dict):
        for key, value in values.items():
            yield from free_text(value, (*path, str(key)))
    elif isinstance(values, list):
        for value in values:
            yield from free_text(value, path)
    elif not known:
        yield ".".join(path), values


# --------------------------------------------------------------------------- the contract's side
@lru_cache(maxsize=8)
def definitions(contract: str) -> dict[str, list[Any]]:
    """What a contract defines, by name."""
    found: dict[str, list[Any]] = {}
    whole = load_contract(contract)
    for f in fields(whole):
        value = getattr(whole, f.name)
        for item in value if isinstance(value, tuple) else ():
            name = getattr(item, "name", getattr(item, "id", None))
            if name is not None and not isinstance(item, ir.Ambiguity):
                found.setdefault(name, []).append(item)
    return found


def nodes(value: Any) -> Iterator[Any]:
    """Every part of a checked contract that has a meaning, and every name and number in it."""
    if isinstance(value, tuple):
        for item in value:
            yield from nodes(item)
    elif is_dataclass(value):
        yield value
        for f in fields(value):
            if f.name not in _NO_MEANING:
                yield from nodes(getattr(value, f.name))
    elif isinstance(value, str | int):
        yield value


def reachable(contract: str, clause: ir.Clause) -> Iterator[Any]:
    """Every node of a clause and of all that it names."""
    seen = {clause.id}
    stack: list[Any] = [clause]
    while stack:
        for node in nodes(stack.pop()):
            yield node
            if isinstance(node, str) and node not in seen:
                seen.add(node)
                stack += definitions(contract).get(node, [])


def said(contract: str, clause: ir.Clause) -> set[Any]:
    """The numbers, clock times, weekdays and values that a clause and its definitions hold."""
    out: set[Any] = set()
    for node in reachable(contract, clause):
        if isinstance(node, ir.Length) and isinstance(node.amount, int):
            out |= {node.amount, *_in_other_units(node.amount, node.unit)}
        elif isinstance(node, ir.Number):
            out |= {node.amount, *_in_other_units(node.amount, node.unit or "")}
        elif isinstance(node, ir.Share | ir.AtLeastShare):
            out |= {node.hundredths / 100, 100 - node.hundredths / 100}
        elif isinstance(node, ir.WindowLine):
            out |= {f"{t // 3600:02d}:{t % 3600 // 60:02d}" for t in (node.start, node.end)}
            out |= {_DAYS[d] for d in node.days} | {len(node.days), (node.end - node.start) / 3600}
        elif isinstance(node, ir.RoundTheClock) or (isinstance(node, ir.Keep) and not _by_hours(node)):
            out |= {24, 7, 365, *_DAYS}
        elif isinstance(node, str | int) and not isinstance(node, bool):
            out.add(int(node) if isinstance(node, str) and node.isdigit() else node)
            out.add(str(node))
    return out


def _by_hours(sentence: ir.Keep) -> bool:
    """Whether a state is to be kept in the hours of a calendar only; else it is to be kept round the clock."""
    limits = [x for line in sentence.limits for x in line.all()]
    return any(isinstance(x, ir.SpanLimit) and x.kind == "calendar" for x in limits)


def _in_other_units(amount: int, unit: str) -> set[float]:
    seconds = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}.get(unit)
    if seconds is None:
        return set()
    return {amount * seconds / each for each in (60, 3600, 86_400) if amount * seconds % each == 0}


def missing(contract: str, clause: ir.Clause) -> list[Figure]:
    """The figures of a clause in the catalogue that the checked contract does not hold."""
    there = said(contract, clause)
    wanted = figures(catalogue(contract)[clause.id].get("values") or {})
    return [(path, v) for path, v in wanted if v not in there]
