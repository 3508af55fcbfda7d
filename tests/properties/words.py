"""The few words that generated contracts and histories are made of, and what a name means while one is written."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache

from checker.audit.library import vocabulary
from dsl.vocabulary import Vocabulary

VALUES: dict[str, tuple[object, ...]] = {
    "severity": ("1", "2", "3"),
    "channel": ("phone", "email"),
    "automated": (False, True),
    "resolved": (False, True),
    "planned": (False, True),
    "by": ("provider", "customer"),
    "tier": (1, 2),
    "amount": (10, 20),
    "hours": (1, 5),
    "payment_due": ("2025-03-10", "2025-03-15"),
    "service": ("arr", "de"),
}
"""What an attribute can be; the first is the simplest."""

TICKET_EVENTS: dict[str, tuple[str, ...]] = {
    "ticket_opened": ("severity", "channel"),
    "response_sent": ("channel", "automated"),
    "severity_changed": ("severity", "by"),
    "work_paused": ("by",),
    "work_resumed": (),
    "ticket_closed": ("resolved",),
    "escalated": ("tier",),
    "help_refused": (),
}
AGREEMENT_EVENTS: dict[str, tuple[str, ...]] = {
    "payment_received": ("amount",),
    "invoice_issued": ("amount", "payment_due"),
    "service_outage_started": ("planned",),
    "service_outage_ended": (),
    "hours_logged": ("hours",),
}
EVENTS = {**TICKET_EVENTS, **AGREEMENT_EVENTS}
"""The events of generated histories and the attributes that they may carry there."""

RECORDS = ("closures", "work", "payments", "monitoring")
"""Logs that a generated record may lack."""

FACTS: dict[str, tuple[object, ...]] = {
    "time_zone": ("Europe/Warsaw", "America/New_York", "Asia/Kolkata"),
    "country": ("PL", "DE", "US"),
    "fees_paid": (True, False),
    "level": ("standard", "advanced"),
    "support_start": ("2025-03-01", "2024-11-30"),
    "unmet": ([], ["phone"], ["email", "1"]),
    "purchases": (
        [{"service": "arr", "from": "2025-03-01", "to": "2025-03-31"}],
        [],
        [
            {"service": "arr", "from": "2025-03-05", "to": "2025-03-06"},
            {"service": "de", "from": "2025-01-01"},
        ],
        [{"service": "de"}],
    ),
    "on_site_availability": ({"phone": ["1", "2"], "email": ["3"]}, {"1": ["phone"]}, {}),
    "target_response_table": ({"1": {"hours": 2}, "2": {"hours": 8}}, {"1": {"hours": 1}, "3": "soon"}, {}),
    "billing_periods": (
        [{"from": "2025-03-01", "to": "2025-03-15"}, {"from": "2025-03-16", "to": "2025-03-31"}],
        [],
    ),
}
"""What a fact of the agreement can be; the first is the simplest."""


@cache
def words() -> Vocabulary:
    """The vocabulary, cut down to the events of generated contracts."""
    whole = vocabulary()
    return Vocabulary({n: whole.events[n] for n in EVENTS}, whole.facts, whole.records)


@dataclass(frozen=True)
class Scope:
    """The names that may be used at a place of a contract, by kind.

    `clocks`: calendars with opening hours; `lengths`: figures that are a length; `families`: periods with occasions of
    their own. `occasion`: the event that the clause concerns and its alias; `row`: inside an event or a fact, the attributes that
    stand alone. `plain`: no line may make the record's silence speak (two-valued conditions and their kin).
    """

    readings: tuple[tuple[str, str], ...] = ()
    lists: tuple[str, ...] = ()
    calendars: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()
    events: tuple[str, ...] = tuple(EVENTS)
    states: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    moments: tuple[str, ...] = ()
    figures: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    clauses: tuple[str, ...] = ()
    occasion: tuple[str, str] | None = None
    lasting: bool = False
    row: tuple[str, ...] | None = None
    plain: bool = False
    carries: dict[str, tuple[str, ...]] = field(default_factory=lambda: dict(EVENTS))

    def plus(self, **names: object) -> Scope:
        """The same with other names."""
        return replace(self, **names)  # type: ignore[arg-type]
