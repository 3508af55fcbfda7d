"""Tiny contracts as text, histories as lines, and the verdict as plain text: what the tests of the interpreter share.

A history is a text of lines `2025-03-10 09:00 opened severity=B channel=phone`. Times are those of Warsaw; `+02:00` after a
time says which of two. The keys `precision`, `revision` and `ticket` are the record's own; `yes` and `no` are truth values,
whole numbers are numbers, `null` is *not on record*.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from checker.audit.cases import cases_of
from checker.interpret.explain import explain
from checker.interpret.judge import Judge
from checker.interpret.verdicts import Judgement, worst_rank
from checker.interpret.world import Book
from checker.recheck import recheck
from checker.record.values import instant
from dsl.check import check
from dsl.source import Source
from dsl.vocabulary import Vocabulary, vocabulary_from

WARSAW = ZoneInfo("Europe/Warsaw")

TICKET_EVENTS = {
    "opened": {
        "severity": "string",
        "channel": "string",
        "product": "string",
        "language": "string",
        "number": "int",
    },
    "severity_changed": {"severity": "string"},
    "answered": {"automated": "bool", "by": "string", "channel": "string"},
    "fixed": {"part": "string"},
    "documented": {},
    "closed": {},
    "refused": {"reason": "string"},
    "paused": {"part": "string"},
    "resumed": {"part": "string"},
    "outage_began": {"kind": "string"},
    "outage_ended": {"kind": "string"},
    "work_began": {},
    "work_ended": {},
}
AGREEMENT_EVENTS = {
    "visit": {"number": "int", "site": "string", "amount": "int", "currency": "string"},
    "notice_given": {"of": "instant", "form": "string"},
    "paid": {"amount": "int", "currency": "string"},
    "charged": {"amount": "int", "currency": "string"},
    "review_held": {},
    "ended": {},
}
FACTS = {
    "time_zone": "string",
    "country": "string",
    "plan": "string",
    "plans": "list",
    "terms": "list",
    "months": "list",
    "fees_paid": "bool",
    "fee": "map",
    "cap": "map",
    "response_times": "map",
    "hours": "map",
    "products": "list",
    "support_year": "date",
    "start": "date",
    "visits_allowed": "int",
}
RECORDS = {"answers": ["answered"], "pauses": ["paused", "resumed"], "intake": ["opened"]}

HEADER = """\
servanda 1
contract tiny "A tiny contract"
  law polish-civil-code
  zone time_zone
  holidays of country
  provider "Provider"
  customer "Customer"
"""


@lru_cache(maxsize=1)
def vocabulary() -> Vocabulary:
    """A vocabulary of a dozen words, so that these tests rest on nothing that the contracts need."""
    levels = (("ticket", TICKET_EVENTS), ("agreement", AGREEMENT_EVENTS))
    return vocabulary_from(
        {
            "events": {
                name: {"level": level, "attributes": [{"name": n, "type": t} for n, t in carried.items()]}
                for level, words in levels
                for name, carried in words.items()
            },
            "facts": {name: {"type": kind} for name, kind in FACTS.items()},
            "records": {name: {"events": events} for name, events in RECORDS.items()},
        }
    )


@lru_cache(maxsize=512)
def book(contract: str, version: str = "") -> Book:
    """The checked contract of a text: definitions and clauses, without the header; `version` is a line of the header."""
    header = HEADER + (f"  {version}\n" if version else "")
    return Book(check([Source("tiny.contract", header + "\n" + textwrap.dedent(contract))], vocabulary()))


def iso(text: str) -> str:
    """`2025-03-10 09:00` of Warsaw, or with its own offset, as ISO 8601."""
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=WARSAW)).isoformat()


def shown(second: int | None) -> str | None:
    """An instant as `2025-03-10 09:00:00` of Warsaw."""
    if second is None:
        return None
    return datetime.fromtimestamp(second, WARSAW).replace(tzinfo=None).isoformat(" ")


def events(history: str) -> list[dict[str, Any]]:
    """The events of a history."""
    out = []
    for line in filter(str.strip, history.splitlines()):
        day, time, name, *given = line.split()
        pairs = dict(pair.split("=", 1) for pair in given)
        out.append({"at": iso(f"{day} {time}"), "event": name} | {k: _value(v) for k, v in pairs.items()})
    return out


def _value(text: str) -> Any:
    words = {"yes": True, "no": False, "null": None}
    return words[text] if text in words else int(text) if text.isdigit() else text


@dataclass(frozen=True)
class Found:
    """A verdict with what is said with it, as text."""

    judgement: Judgement
    explanation: dict[str, Any]

    @property
    def verdict(self) -> str:
        """The verdict."""
        return str(self.judgement.verdict)

    @property
    def because(self) -> str:
        """The reason."""
        return self.judgement.outcome.because

    @property
    def due(self) -> str | None:
        """The last instant allowed, in Warsaw."""
        return shown(self.judgement.outcome.due)

    @property
    def done(self) -> str | None:
        """When it was done, in Warsaw."""
        return shown(self.judgement.outcome.done)

    @property
    def margin(self) -> int | None:
        """Seconds left, or (negative) too many."""
        return self.judgement.outcome.margin

    @property
    def each(self) -> list[str]:
        """The verdicts of all occasions, in order."""
        return [str(o.verdict) for o in self.judgement.outcomes]

    @property
    def dues(self) -> list[str | None]:
        """The limits of all occasions, in order."""
        return [shown(o.due) for o in self.judgement.outcomes]

    @property
    def contested(self) -> dict[str, str]:
        """The verdicts of other readings that would turn it, by `ambiguity.reading`."""
        return {f"{f.ambiguity}.{f.reading}": str(f.verdict) for f in self.judgement.contested}


def found(
    contract: str,
    history: str,
    *,
    as_of: str = "2025-12-31 12:00",
    facts: Mapping[str, Any] | None = None,
    readings: Mapping[str, str] | None = None,
    clause: str = "c",
    version: str = "",
) -> Found:
    """The verdict of a clause on a history, of several tickets the worst; its explanation holds on a second opinion, too."""
    known: dict[str, Any] = {"time_zone": "Europe/Warsaw", "country": "PL", "contract": "tiny"}
    now = instant(iso(as_of), ("as_of",))[0]
    raw = {"clause": clause, "agreement": known | dict(facts or {}), "events": events(history)}
    made = book(contract, version)
    judges = [Judge(made, case, now, readings) for case in cases_of(raw, made, vocabulary(), {}, now)]
    worst = min(judges, key=lambda j: worst_rank(j.verdict(clause).verdict))
    told = explain(worst, clause)
    assert recheck(told) == []
    return Found(worst.verdict(clause), told)


def verdict(
    contract: str,
    history: str,
    facts: Mapping[str, Any] | None = None,
    as_of: str = "2025-12-31 12:00",
    readings: Mapping[str, str] | None = None,
) -> str:
    """The verdict of clause `c`, and nothing else."""
    return found(contract, history, as_of=as_of, facts=facts, readings=readings).verdict
