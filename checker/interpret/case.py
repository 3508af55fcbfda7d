"""The record of one ticket, or of one agreement, and what its silence proves.

A case holds the events that a clause may look at: those of its ticket and those of its agreement (for a clause about the
agreement: those of every ticket too), up to the audit instant. The absence of an event proves something only where the
record is complete: not while the log that would show it is missing, not inside a known gap.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, TypeAlias

from checker.interpret.possible import EVER, NEVER, NO_CAUSE, Causes, missing_cause
from checker.record.model import Agreement, Event, Gap, Ticket

Position: TypeAlias = tuple[int, int, bool, str]
"""A second, a place in a history, whether that is the agreement's own beside a ticket's, and a ticket."""


@dataclass(slots=True)
class Case:
    """The record that one verdict rests on.

    `ticket` is the id of the ticket, or empty for the agreement itself. `anywhere`: events of all tickets of the agreement by
    name, for what counts across tickets (None: its own alone). `later`: how many events lie after the audit instant and were left out.
    `shared`, `shared_gaps`: those of the events and gaps that are of the agreement's own history; a gap in a ticket's
    history hides nothing of it.
    `birth`: the first instant on the ticket's own record; nothing of the ticket can have been lost before it.
    """

    ticket: str
    agreement: str
    facts: Mapping[str, Any]
    events: Sequence[Event]
    missing: frozenset[str]
    gaps: tuple[Gap, ...]
    recorded: frozenset[str] | None
    later: int = 0
    birth: int = EVER
    shared: tuple[Event, ...] = ()
    shared_gaps: tuple[Gap, ...] = ()
    anywhere: Mapping[str, list[Event]] | None = None
    _by_name: Mapping[str, list[Event]] | None = field(default=None, compare=False)
    _shared: frozenset[int] | None = field(default=None, compare=False)

    @property
    def by_name(self) -> Mapping[str, list[Event]]:
        """The events by name, each in order: made when they are asked for, since columns ask for few."""
        if self._by_name is None:
            self._by_name = _index(self.events)
        return self._by_name

    @property
    def whole(self) -> bool:
        """Whether nothing is known to be missing: then every silence is evidence."""
        return not self.missing and not self.gaps and self.recorded is None

    def position(self, event: Event) -> Position:
        """What tells events apart, and puts them in the order of the record, whichever of them are asked for."""
        if self._shared is None:
            self._shared = frozenset(map(id, self.shared))
        return position(event, bool(self._shared) and id(event) in self._shared)

    def named(self, name: str) -> list[Event]:
        """The events of this name, in order."""
        return self.by_name.get(name, [])

    def named_anywhere(self, name: str) -> list[Event]:
        """The events of this name on any ticket of the agreement, in order."""
        return (self.anywhere if self.anywhere is not None else self.by_name).get(name, [])


def _index(events: Iterable[Event]) -> dict[str, list[Event]]:
    out: dict[str, list[Event]] = {}
    for event in events:
        out.setdefault(event.name, []).append(event)
    return out


def named(ticket: Ticket) -> list[Event]:
    """The events of a ticket with its id written on them, for looking at several tickets together."""
    own = ticket.id
    return [
        e
        if e.ticket is not None
        else Event(e.name, e.at, e.until, e.attributes, own, e.revision, e.order, e.stamp, e.place)
        for e in ticket.events
    ]


def position(event: Event, shared: bool = False) -> Position:
    """What puts events in the order of the record.

    Of one second the order of each history stands; between tickets the id decides, not the order of the files. What stands at one place
    of its history in a ticket's record and in the agreement's own (`shared`), the ticket has first.
    """
    return event.at, event.order, shared, event.ticket or ""


def _in_order(events: Iterable[Event], shared: Iterable[Event] = ()) -> tuple[Event, ...]:
    found = [*((position(e), e) for e in events), *((position(e, True), e) for e in shared)]
    return tuple(e for _, e in sorted(found, key=itemgetter(0)))


class Together:
    """What the tickets of one agreement have on record together; made once, and shared by the cases of all of them.

    `events`: all of them, in order. `tickets`: how many there are; of two with one id the later one.
    """

    def __init__(self, agreement: Agreement, tickets: Iterable[Ticket], now: int) -> None:
        self._own = {t.id: [e for e in named(t) if e.at <= now] for t in tickets}
        self.tickets = len(self._own)
        shared = (e for e in agreement.events if e.at <= now)
        self.events = _in_order((e for own in self._own.values() for e in own), shared)
        self.by_name = _index(self.events)

    def of(self, ticket: Ticket) -> list[Event]:
        """The events of one of the tickets, the very ones that the index holds."""
        return self._own[ticket.id]


def case_of_ticket(ticket: Ticket, agreement: Agreement, now: int, together: Together | None = None) -> Case:
    """The case of a ticket under its agreement at an audit instant. `together`: where a clause looks at other tickets, too."""
    own = together.of(ticket) if together is not None else [e for e in ticket.events if e.at <= now]
    shared = [e for e in agreement.events if e.at <= now]
    events = _in_order(own, shared) if shared else tuple(own)
    later = len(ticket.events) - len(own) + len(agreement.events) - len(shared)
    return Case(
        ticket.id,
        agreement.id,
        agreement.facts,
        events,
        ticket.missing | agreement.missing,
        (*ticket.gaps, *agreement.gaps),
        ticket.recorded,
        later,
        own[0].at if own else EVER,
        shared=tuple(shared),
        shared_gaps=tuple(agreement.gaps),
        anywhere=together.by_name if together is not None else None,
    )


def case_of_agreement(
    agreement: Agreement, tickets: Iterable[Ticket], now: int, together: Together | None = None
) -> Case:
    """The case of the agreement itself: its own history and that of all its tickets. `together`: the same, where it was made already."""
    tickets = list(tickets)
    found = len(agreement.events) + sum(len(t.events) for t in tickets)
    shared = [e for e in agreement.events if e.at <= now]
    if together is not None and together.tickets == len(tickets):
        events = together.events
        by_name: Mapping[str, list[Event]] | None = together.by_name
    else:
        events, by_name = _in_order((e for t in tickets for e in named(t) if e.at <= now), shared), None
    missing = agreement.missing.union(*(t.missing for t in tickets))
    gaps = (*agreement.gaps, *(g for t in tickets for g in t.gaps))
    recorded: frozenset[str] | None = None
    if tickets and all(t.recorded is not None for t in tickets):
        recorded = frozenset[str]().union(*(t.recorded or () for t in tickets))
    return Case(
        "",
        agreement.id,
        agreement.facts,
        events,
        missing,
        gaps,
        recorded,
        found - len(events),
        EVER,
        shared_gaps=tuple(agreement.gaps),
        _by_name=by_name,
        _shared=frozenset(map(id, shared)),
    )


def silence(
    case: Case, name: str, records: Iterable[str], gaps: Iterable[Gap], lo: int = EVER, hi: int = NEVER
) -> Causes:
    """Why the absence of this event between lo and hi proves nothing; empty where it is evidence.

    `records`: the logs that would show it, by the vocabulary. `gaps`: those of the history that would hold it.
    """
    if lo > hi:
        return NO_CAUSE
    gone = [r for r in (*records, name) if r in case.missing]
    if gone:
        return missing_cause(f"the record of {', '.join(gone)}")
    if case.recorded is not None and name not in case.recorded:
        return missing_cause(f"{name} (the source does not hold it)")
    if any(g.start <= hi and g.end >= lo for g in gaps):
        return missing_cause("the part of the record lost in a gap")
    return NO_CAUSE
