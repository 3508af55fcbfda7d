"""Making a specimen smaller while the two engines still differ on it in the same way."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from checker.audit.library import contract_names
from checker.record.flaws import Flaw
from dsl.diagnostics import ContractError
from tests.soak.compare import Difference, compare
from tests.soak.specimen import Specimen

Fails = Callable[[Specimen], bool]


def differs_like(difference: Difference) -> Fails:
    """Whether a specimen still shows a difference of this kind (the same fields, or the same words where something broke)."""

    def fails(specimen: Specimen) -> bool:
        try:
            return any(d.kind == difference.kind for d in compare(specimen).differences)
        except (Flaw, ContractError):
            return False
        except Exception as error:
            return difference.broke != "" and repr(error) in difference.broke

    return fails


def shrunk(specimen: Specimen, fails: Fails, seconds: float = 120.0) -> Specimen:
    """The smallest specimen that was found in the time, by leaving out one thing after the other; it still fails."""
    until = time.monotonic() + seconds
    progress = True
    while progress and time.monotonic() < until:
        progress = False
        for smaller in _smaller(specimen):
            if time.monotonic() > until:
                break
            if fails(smaller):
                specimen, progress = smaller, True
                break
    return specimen


def _smaller(s: Specimen) -> Iterator[Specimen]:
    """Specimens with one thing less, the largest things first."""
    for half in (s.tickets[: len(s.tickets) // 2], s.tickets[len(s.tickets) // 2 :]):
        if 0 < len(half) < len(s.tickets):
            yield s.with_tickets(half)
    for i in range(len(s.tickets)):
        if len(s.tickets) > 1:
            yield s.with_tickets((*s.tickets[:i], *s.tickets[i + 1 :]))
    if len(s.clauses) > 1:
        yield from (replace(s, clauses=(clause,)) for clause in s.clauses)
    if s.contract not in contract_names():
        yield from (replace(s, contract=text) for text in _shorter(s.contract))
    for i, agreement in enumerate(s.agreements):
        for less in _less(agreement, ("agreement", "contract")):
            yield replace(s, agreements=(*s.agreements[:i], less, *s.agreements[i + 1 :]))
    for i, ticket in enumerate(s.tickets):
        for less in _less(ticket, ("ticket", "agreement", "events")):
            yield replace(s, tickets=(*s.tickets[:i], less, *s.tickets[i + 1 :]))


def _less(value: Any, kept: tuple[str, ...] = ("at", "event")) -> Iterator[Any]:
    """A mapping or list with one part less, at any depth."""
    if isinstance(value, dict):
        for key in value:
            if key not in kept:
                yield {k: v for k, v in value.items() if k != key}
        for key, found in value.items():
            yield from ({**value, key: less} for less in _less(found))
    elif isinstance(value, list):
        for i in range(len(value)):
            yield [*value[:i], *value[i + 1 :]]
        for i, found in enumerate(value):
            yield from ([*value[:i], less, *value[i + 1 :]] for less in _less(found))


def _shorter(text: str) -> Iterator[str]:
    """A contract without one line and what stands below it, the longest such parts first; the header stays."""
    lines = text.split("\n")
    depth = [len(line) - len(line.lstrip()) if line.strip() else 99 for line in lines]
    parts = []
    for i, line in enumerate(lines):
        if line.strip() and not line.startswith(("servanda", "contract")):
            end = i + 1
            while end < len(lines) and depth[end] > depth[i]:
                end += 1
            parts.append((end - i, i, end))
    for _, start, end in sorted(parts, reverse=True):
        yield "\n".join([*lines[:start], *lines[end:]])
