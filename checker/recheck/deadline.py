"""One deadline: its clock, what was done, how long the sentence makes it, and what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.recheck.hours import Hours, Unknown, zone_of
from checker.recheck.ledger import Clock, instant, walk
from checker.recheck.quoted import Quoted, last_day, nominal_day, quoted


def at(moment: dict[str, Any] | None) -> int | None:
    """The second of a moment that is known to the second."""
    return instant(moment["at"]) if moment is not None and "at" in moment else None


def steady(e: dict[str, Any]) -> bool:
    """Whether no followed attribute changed; else a limit may be that of an earlier value."""
    return len({t["attribute"] for t in e["severity"]}) == len(e["severity"])


def deadline(e: dict[str, Any], s: dict[str, Any]) -> Iterator[str]:
    """What does not hold of a sentence with a clock."""
    clock = Clock(s["clock"], instant(e["audited_at"]))
    done = at(s["done"])
    if at(s["due"]) != clock.due:
        yield f"it is due {s['due']}, by its clock {s['clock']['due']}"
    yield from _calendar(clock)
    yield from walk(clock, done)
    yield from _from_events(e, clock, done)
    if clock.limit is None and not in_doubt(e):
        yield "the length of the limit is left out, though nothing is in doubt"
    words = quoted(s["text"])
    if words is not None:
        yield from _verdict(e, s, clock)
        if steady(e):
            yield from _length(e, words, clock)


def in_doubt(e: dict[str, Any]) -> bool:
    """Whether the record has holes, or stamps that are not exact: then a stop may be in doubt, and no figure is given."""
    return bool(e["gaps"] or e["records_missing"] or any("until" in x for x in e["events"]))


def _calendar(clock: Clock) -> Iterator[str]:
    named = "elapsed time" if clock.calendar is None else f"counted in {clock.calendar['name']}"
    if clock.raw["counts"] != named:
        yield f"the clock says {clock.raw['counts']!r}, its calendar is {named!r}"


def _from_events(e: dict[str, Any], clock: Clock, done: int | None) -> Iterator[str]:
    """What was done is an event of the list; a stop begins and ends with one, with a gap, or with the audit."""
    exact = {instant(x["at"]) for x in e["events"] if "until" not in x}
    if done is not None and done not in exact:
        yield "what was done is no event of the list"
    edges = exact | {clock.audit} | {instant(g[edge]) for g in e["gaps"] for edge in ("from", "to")}
    edges |= {instant(x[edge]) for x in e["events"] if "until" in x for edge in ("at", "until")}
    for number, stop in enumerate(clock.stops, start=1):
        if any(edge is not None and edge not in edges for edge in (stop.start, stop.end)):
            yield f"stop {number} begins or ends with no event of the list"


# --------------------------------------------------------------------------- how long
def _length(e: dict[str, Any], words: Quoted, clock: Clock) -> Iterator[str]:
    named = clock.calendar["name"] if clock.calendar is not None else None
    if words.calendar != named:
        yield f"the sentence counts in {words.calendar}, the clock in {named}"
        return
    try:
        hours = clock.hours()
    except Unknown:
        return
    if words.seconds is not None:
        if clock.limit is not None and clock.limit != words.seconds:
            yield f"the sentence gives {words.seconds} s, the clock {clock.limit} s"
        yield from _last_instant(clock, hours)
    elif words.counting == "working":
        yield from _last_day(words, clock, hours)
    elif words.counting == "legal" and e["zone"] is not None:
        hours.zone = zone_of(e["zone"])
        yield from _legal(words, clock, hours)


def _last_instant(clock: Clock, hours: Hours) -> Iterator[str]:
    """A limit on a clock runs out with a counted second, and not one later."""
    if clock.due > clock.start and clock.kind_at(hours, clock.due - 1) != "counted":
        yield "due is not the last instant: the second before it does not count"


def _last_day(words: Quoted, clock: Clock, hours: Hours) -> Iterator[str]:
    day = last_day(words, hours, hours.date_at(clock.start))
    if hours.date_at(clock.due) != day:
        yield f"the last working day is {day}, due is on {hours.date_at(clock.due)}"
    yield from _end_of_day(words, clock, hours)


def _legal(words: Quoted, clock: Clock, hours: Hours) -> Iterator[str]:
    """No country is named, so a move off a public holiday is believed; one off a Saturday or Sunday is not needed to be."""
    day, due = nominal_day(words, hours.date_at(clock.start)), hours.date_at(clock.due)
    if due < day or (not words.moved and due != day):
        yield f"the term ends on {day}, due is on {due}"
    elif words.moved and due.weekday() >= 5:
        yield f"due is on {due}, a Saturday or Sunday"
    yield from _end_of_day(words, clock, hours)


def _end_of_day(words: Quoted, clock: Clock, hours: Hours) -> Iterator[str]:
    if words.ending_at is None:
        if not hours.ends_a_day(clock.due):
            yield "due is not the last second of a day"
    elif hours.time_at(clock.due) != words.ending_at:
        yield "due is not at the time of day that the sentence gives"


# --------------------------------------------------------------------------- what follows
def _verdict(e: dict[str, Any], s: dict[str, Any], clock: Clock) -> Iterator[str]:
    """Met where it was done no later than due; breached where it was done later, or not at all by the audit."""
    bounds, verdicts = s["done"], s["verdicts"]
    if bounds is None:
        # Where part of the record is lost, an earlier act is possible, and no instant is given.
        if verdicts == ["met"] and not in_doubt(e):
            yield "it is met, and nothing was done"
        elif verdicts == ["breached"] and clock.due >= clock.audit:
            yield "it is breached, though the limit had not passed at the audit"
        elif (
            len(verdicts) > 1 and clock.due < clock.audit and all(c.startswith("open:") for c in s["causes"])
        ):
            yield "it waits for the future, though the limit had passed at the audit"
        return
    first = instant(bounds["at"] if "at" in bounds else bounds["no_sooner_than"])
    last = instant(bounds["at"] if "at" in bounds else bounds["no_later_than"])
    if verdicts == ["met"] and last > clock.due:
        yield "it is met, and was done after due"
    if verdicts == ["breached"] and first <= clock.due:
        yield "it is breached, and was done by due"


def margin(e: dict[str, Any], o: dict[str, Any]) -> Iterator[str]:
    """The margin is what the clock counts between done and due: positive if done first, else negative."""
    if o["due"] is None or o["done"] is None:
        if o["margin_s"] is not None:
            yield f"the margin is {o['margin_s']} s, with no due or no done"
        return
    due, done = instant(o["due"]), instant(o["done"])
    measured = []
    for sentence in o["sentences"]:
        if at(sentence["due"]) != due or at(sentence["done"]) != done:
            continue
        if sentence["clock"] is None:
            return
        clock = Clock(sentence["clock"], instant(e["audited_at"]))
        try:
            hours = clock.hours(done)
        except Unknown:
            return
        between = clock.counted(hours, min(due, done), max(due, done))
        measured.append(between if done <= due else -between)
    if measured and o["margin_s"] not in measured and not (o["margin_s"] is None and in_doubt(e)):
        yield f"the margin is {o['margin_s']} s, the clock counts {measured[0]} s from done to due"
