"""Strategies for histories, and what may have happened where they leave something open.

A history is plain data, as a ticket file and an agreement file hold it; instants are written in UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from checker.record.agreements import agreement_of
from checker.record.histories import history
from checker.record.instants import parse_instant, span
from checker.record.model import Agreement, Ticket
from tests.properties.words import AGREEMENT_EVENTS, FACTS, RECORDS, TICKET_EVENTS, VALUES

BASES = tuple(
    int(datetime(*day, 8, tzinfo=UTC).timestamp()) for day in ((2025, 3, 3), (2025, 3, 7), (2025, 3, 28))
)
"""When a history begins: on a Monday, on a Friday, and before a night with a clock change (09:00 in Warsaw)."""

_STEPS = (0, 1, 59, 60, 1800, 3600, 7199, 7200, 7201, 8 * 3600, 86400, 3 * 86400, 7 * 86400)
_MOST = 12 * 86400

Raw = dict[str, Any]


@dataclass(frozen=True)
class History:
    """What is on record of one agreement and its tickets, and the instant up to which."""

    facts: Raw
    tickets: dict[str, list[Raw]]
    shared: list[Raw]
    as_of: int
    missing: tuple[str, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()

    def agreement(self) -> Agreement:
        """The agreement with its own history."""
        raw = {"agreement": "a", "contract": "sample", **self.facts, "events": self.shared}
        return agreement_of({**raw, **self._flaws()})

    def ticket(self, name: str) -> Ticket:
        """One of the tickets."""
        found = history({"events": self.tickets[name], **self._flaws()}, (), None, events_due=False)
        return Ticket(name, "a", "incident", found.events, found.missing, found.gaps)

    def _flaws(self) -> Raw:
        gaps = [{"from": stamp(a), "to": stamp(b)} for a, b in self.gaps]
        return {"records_missing": list(self.missing), "gaps": gaps}

    @property
    def all_tickets(self) -> list[Ticket]:
        """Every ticket, in order."""
        return [self.ticket(name) for name in self.tickets]


def stamp(second: int) -> str:
    """A second as a record writes it."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def seconds(text: str) -> int:
    """The second that a stamp names."""
    return parse_instant(text)[0]


# --------------------------------------------------------------------------- strategies
offsets = st.one_of(st.sampled_from(_STEPS), st.integers(0, _MOST))
"""Seconds from the beginning; the edges of the limits of generated contracts are among them."""


@composite
def _event(draw: DrawFn, base: int, names: Mapping[str, tuple[str, ...]], exact: bool) -> Raw:
    name = draw(st.sampled_from(list(names)))
    out: Raw = {"at": stamp(base + draw(offsets)), "event": name}
    if not exact:
        precision = draw(st.sampled_from(["second", "second", "second", "minute", "day"]))
        if precision != "second":
            out["precision"] = precision
    for attribute in names[name]:
        kind = draw(st.sampled_from(["said", "said", "said", "null", "absent"]))
        if kind == "said":
            out[attribute] = draw(st.sampled_from(VALUES[attribute]))
        elif kind == "null":
            out[attribute] = None
    return out


@composite
def histories(
    draw: DrawFn,
    *,
    exact: bool = False,
    whole: bool = False,
    several: bool = True,
    of: tuple[str, ...] = tuple(TICKET_EVENTS),
    most: int = 4,
) -> History:
    """Any history. `exact`: every stamp to the second; `whole`: nothing is missing; `several`: tickets.

    `of`: the events on tickets, up to `most` after the opening.
    """
    happening = {name: TICKET_EVENTS[name] for name in of}
    base = draw(st.sampled_from(BASES))
    tickets: dict[str, list[Raw]] = {}
    for name in ["T", "U"][: draw(st.integers(1, 2)) if several else 1]:
        opened: Raw = {"at": stamp(base), "event": "ticket_opened", "severity": draw(st.sampled_from("123"))}
        if draw(st.booleans()):
            opened["channel"] = draw(st.sampled_from(VALUES["channel"]))
        more = draw(st.lists(_event(base, happening, exact), max_size=most))
        tickets[name] = [opened, *more] if draw(st.integers(0, 9)) < 9 else more
        if draw(st.integers(0, 5)) == 5:
            tickets[name] = _revised(tickets[name])
    shared = draw(st.lists(_event(base, AGREEMENT_EVENTS, exact), max_size=3))
    facts: Raw = {}
    for fact, options in FACTS.items():
        kind = draw(st.sampled_from(["said", "said", "said", "said", "null", "absent"]))
        if kind == "said" or whole:
            facts[fact] = draw(st.sampled_from(options))
        elif kind == "null":
            facts[fact] = None
    missing: tuple[str, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()
    if not whole:
        missing = tuple(draw(st.sampled_from([(), (), (), *((r,) for r in RECORDS)])))
        for _ in range(draw(st.sampled_from([0, 0, 0, 1]))):
            start = base + draw(offsets)
            gaps += ((start, start + draw(st.sampled_from([0, 60, 3600, 86400]))),)
    return History(facts, tickets, shared, base + draw(offsets), missing, gaps)


def _revised(events: list[Raw]) -> list[Raw]:
    """The events with revision numbers in the order of their times."""
    ordered = sorted(events, key=lambda e: _bounds(e)[0])
    return [{**e, "revision": i + 1} for i, e in enumerate(ordered)]


# --------------------------------------------------------------------------- what may have been
def _bounds(e: Raw) -> tuple[int, int]:
    at, offset = parse_instant(e["at"])
    return span(at, offset, e.get("precision", "second"))


@composite
def completions(draw: DrawFn, found: History, followed: frozenset[str] = frozenset({"severity"})) -> History:
    """A record that says more and contradicts nothing: stamps to the second, values for what was not on record.

    `followed`: attributes whose absence from an event says that nothing changed, so that only null is filled in.
    """
    tickets = {
        name: draw(_completed(events, found.as_of, followed)) for name, events in found.tickets.items()
    }
    facts = dict(found.facts)
    for fact, options in FACTS.items():
        if facts.get(fact) is None:
            facts[fact] = draw(st.sampled_from(options))
    shared = draw(_completed(found.shared, found.as_of, followed))
    return replace(found, tickets=tickets, facts=facts, shared=shared, missing=(), gaps=())


@composite
def _completed(draw: DrawFn, events: list[Raw], as_of: int, followed: frozenset[str]) -> list[Raw]:
    ordered = sorted(events, key=lambda e: _bounds(e)[0])
    revised = all("revision" in e for e in ordered)
    chosen: list[Raw] = []
    later: list[tuple[tuple[int, int], int]] = []
    # From the last to the first, so that what the record puts in order stays in order.
    for e in reversed(ordered):
        lo, hi = _bounds(e)
        behind = [second for bounds, second in later if revised or bounds == (lo, hi)]
        # What is on record at the audit instant had happened by then.
        most = min([hi, *behind, *([as_of] if lo <= as_of else [])])
        second = lo if lo == most else draw(st.one_of(st.sampled_from([lo, most]), st.integers(lo, most)))
        later.append(((lo, hi), second))
        made = {k: v for k, v in e.items() if k != "precision"} | {"at": stamp(second)}
        for attribute in {**TICKET_EVENTS, **AGREEMENT_EVENTS}[e["event"]]:
            absent = attribute not in made
            if made.get(attribute) is None and not (absent and attribute in followed):
                made[attribute] = draw(st.sampled_from(VALUES[attribute]))
        chosen.append(made)
    return chosen[::-1]


__all__ = ["BASES", "History", "Raw", "completions", "histories", "offsets", "seconds", "stamp"]
