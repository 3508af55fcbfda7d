"""A comparison as text: what changed, for whom, and the history that shows it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.compare.analyses import WHY, Analysis
from checker.compare.answer import (
    EQUIVALENT,
    ClauseAnswer,
    Comparison,
    Example,
    Read,
    Verdicts,
    open_said,
)
from dsl import phrase


def lines(found: Comparison) -> Iterator[str]:
    """The whole answer, line by line."""
    yield f"{_name(found.old)}  ->  {_name(found.new)}"
    if found.strangers:
        yield "these are two contracts, not two variants of one: clauses are paired by id, else by what they say"
    yield ""
    counts = found.counts()
    within = ", within the bounds given below" if found.answer == EQUIVALENT and found.bounded else ""
    yield f"{found.answer.upper()}{within}: " + ", ".join(f"{n} {what}" for what, n in counts.items() if n)
    for party, way in sorted(found.views().items()):
        yield f"  for {_party(found, party)}: {way.answer}" + _scope(way.scope)
    for c in found.clauses:
        yield ""
        yield from _clause(found, c)
    if found.effect is not None:
        yield ""
        yield from effect_lines(found.effect)


def _name(told: dict[str, Any]) -> str:
    version = f" {told['version']}" if told["version"] else ""
    return f"{told['contract']}{version} ({told['clauses']} clauses, {told['digest'][:12]})"


def _party(found: Comparison, party: str) -> str:
    return dict(found.parties).get(party) or phrase.party(party)


def _scope(scope: Iterable[str]) -> str:
    kept = sorted(scope)
    return f"  [under: {'; '.join(kept)}]" if kept else ""


def _clause(found: Comparison, c: ClauseAnswer) -> Iterator[str]:
    title = c.titles[2] or c.titles[0]
    yield f"{c.clause}  {title}"
    was = f", was {c.was}" if c.was not in (None, c.clause) else ""
    how = "on another reading only" if c.structure == "otherwise" else c.structure
    yield f"  {how}{was}{', stands elsewhere' if c.moved else ''}: {c.read.answer}{_scope(c.read.scope)}"
    for p in c.parts:
        through = f" (through {', '.join(p.through)})" if p.through else ""
        yield f"  {p.part}{through}"
        if p.old == p.new:
            yield from (f"    = {text}" for text in p.new)
        else:
            yield from (f"    - {text}" for text in p.old)
            yield from (f"    + {text}" for text in p.new)
    yield from _read(found, c.read)
    for name, reading, read in c.readings:
        yield f"  on reading {name}.{reading}: {read.answer}{_scope(read.scope)}"
        yield from _read(found, read)


def _read(found: Comparison, read: Read) -> Iterator[str]:
    for party, way in read.views:
        halves = {("yes", "unknown"): "; sometimes worse", ("unknown", "yes"): "; sometimes better"}
        yield f"  for {_party(found, party)}: {way.answer}{halves.get((way.worse, way.better), '')}"
    for e in read.examples:
        yield from _example(found, e)
    for what, why in read.not_proved:
        yield f"  NOT PROVED: {open_said(what, dict(found.parties))} ({why})"


def _example(found: Comparison, e: Example) -> Iterator[str]:
    fares = "; ".join(f"{_party(found, party)} fares {way}" for party, way in e.shows)
    yield f"  a history that shows it{': ' + fares if fares else ''}"
    yield from _history(e)
    apart = e.old.strength != e.new.strength
    yield f"    old: {_verdict(e.old, apart=apart)}"
    yield f"    new: {_verdict(e.new, apart=apart)}"


def _history(e: Example) -> Iterator[str]:
    facts = {k: v for k, v in e.agreement.items() if k not in ("agreement", "contract", "events")}
    yield f"    agreement: {_shown(facts)}"
    events = [*e.agreement.get("events", ()), *e.ticket["events"]]
    for event in sorted(events, key=lambda x: str(x["at"])):
        more = {k: v for k, v in event.items() if k not in ("at", "event")}
        yield f"    {event['at']}  {event['event']}" + (f"  {_shown(more)}" if more else "")
    yield f"    {e.as_of}  audit"


def _shown(values: dict[str, Any]) -> str:
    return ", ".join(f"{k}: {_value(v)}" for k, v in values.items())


def _value(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + _shown(value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_value(v) for v in value) + "]"
    return phrase.shown(value)


BROKEN = {
    "guarantee": "a broken guarantee",
    "duty": "a broken duty",
    "target": "a missed target",
    "estimate": "a missed estimate",
}
"""What a breach of a sentence is, by how strongly it binds."""


def _verdict(v: Verdicts, *, apart: bool = False) -> str:
    """A verdict in one line. `apart`: another breach than under the other variant, so that it says of what."""
    if v.verdict is None:
        return v.because
    times = "".join(f", {name} {at}" for name, at in (("due", v.due), ("done", v.done)) if at is not None)
    of = f" ({BROKEN[v.strength]})" if apart and v.strength in BROKEN else ""
    return f"{v.verdict}{of}{times}: {v.because}"


def analysis_lines(found: Analysis) -> Iterator[str]:
    """What the analyses of one contract found."""
    yield f"{found.contract['contract']} ({found.contract['clauses']} clauses, {found.contract['digest'][:12]}): {found.findings} findings"
    if found.dead:
        yield ""
        yield "without effect"
        yield from (f"  {d.clause}: {d.kind} ({WHY[d.kind]})  {d.place}" for d in found.dead)
    yield ""
    yield f"{len(found.binds)} of {found.asked} clauses bind on a ticket that was found (--format json has it)"
    for g in found.gaps:
        yield ""
        values = ", ".join(f"{k} {v}" for k, v in g.values)
        yield f"gap: no clause sets a limit for {' or '.join(g.family.acts)} where {values or 'nothing is asked'}, {g.when}"
        yield f"  not {', '.join(g.family.clauses)}"
        yield from _history(g.example)
    for c in found.clashes:
        yield ""
        yield f"two limits: {c.clauses[0]} and {c.clauses[1]} bind {' or '.join(c.family.acts)} with different limits"
        yield from _history(c.example)
        yield f"    {c.clauses[0]}: {_verdict(c.example.old)}"
        yield f"    {c.clauses[1]}: {_verdict(c.example.new)}"
    for t in found.turned:
        yield ""
        if t.clause is None or t.read is None:
            never = "turns no verdict" if t.answer == EQUIVALENT else "not decided"
            yield f"{t.ambiguity}.{t.reading}: {never} ({t.clauses} clauses consult it)"
            continue
        yield f"{t.ambiguity}.{t.reading}: turns {t.clause} ({t.clauses} clauses consult it)"
        for e in t.read.examples[:1]:
            yield from _history(e)
            yield f"    as recommended: {_verdict(e.old)}"
            yield f"    read so: {_verdict(e.new)}"
    if found.not_decided:
        yield ""
        yield from (f"NOT DECIDED: {text}" for text in found.not_decided)


def effect_lines(effect: dict[str, Any]) -> Iterator[str]:
    """What a log has to say to it."""
    yield f"over the log: {effect['tickets']} tickets, {effect['agreements']} agreements, as of {effect['as_of']}"
    if not effect["clauses"]:
        yield "  no verdict flips"
    for c in effect["clauses"]:
        yield f"  {c['clause']}: {c['flips']} verdicts flip; kept {_rate(c['kept_old'])} -> {_rate(c['kept_new'])}"
        for f in c["by"]:
            names = ", ".join(f["examples"])
            yield f"    {f['old']} -> {f['new']}: {f['count']} ({names}{', ...' if f['count'] > len(f['examples']) else ''})"


def _rate(share: float | None) -> str:
    return "-" if share is None else f"{100 * share:.1f}%"
