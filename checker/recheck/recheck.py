"""`recheck`: every claim of an explanation that can be held against the events and the calendar data it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checker.recheck.hours import Unknown
from checker.recheck.ledger import Clock, instant, walk

VERSION = 1
"""The form of explanations that is understood here."""

WORST_FIRST = ("breached", "undetermined", "pending", "not_entitled", "met", "excluded", "not_applicable")
"""The order in which verdicts are folded: of several occasions, and of several sentences."""

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}
# `the provider shall have answer within 2 hours of opening, counted in office-hours`: one limit, on a clock or as a term.
_SIMPLE = re.compile(
    r"(?:shall|shall endeavour to|expects to) have [^,]+? within (?P<length>.+?) of (?P<rest>.+)", re.ASCII
)
_CLOCK_LENGTH = re.compile(r"(?P<amount>\d+) (?:elapsed )?(?P<unit>second|minute|hour|day|week)s?", re.ASCII)
_ELAPSED_ONLY = re.compile(r"\d+ (?:day|week)s?", re.ASCII)
_MORE = re.compile(
    r"(?:, |^)(?:no later than|no sooner than|before|after|during|outside|from|only where|refused by|or instead|without a stated) "
)
_TERM_ENDS = (" ending at ", " calendar ")


def recheck(explanation: dict[str, Any]) -> list[str]:
    """What does not hold of an explanation (the JSON value of one clause); empty where all that can be checked holds.

    Each problem is one line that says where it lies and what is wrong. An explanation that is not of the known form has
    problems too; nothing is raised.
    """
    try:
        return list(_explanation(explanation))
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, OverflowError) as error:
        return [f"this is no explanation in the form that is known here: {type(error).__name__}: {error}"]


def _explanation(e: dict[str, Any]) -> Iterator[str]:
    if e["explanation"] != VERSION:
        yield f"version {e['explanation']!r} of the form is not known here"
        return
    for number, occasion in enumerate(e["occasions"], start=1):
        for problem in _occasion(e, occasion):
            yield f"occasion {number}: {problem}"
    yield from _fold(e)
    for other in e["stands_for"]:
        for problem in _explanation(other):
            yield f"{other['clause']}: {problem}"


# --------------------------------------------------------------------------- one verdict from many
_SAID = ("verdict", "because", "due", "done", "margin_s")


def _fold(e: dict[str, Any]) -> Iterator[str]:
    """The verdict of the clause is that of its worst occasion, of equals the first."""
    outcomes = e["outcomes"]
    worst = min(outcomes, key=lambda o: WORST_FIRST.index(o["verdict"]))
    for key in _SAID:
        if e[key] != worst[key]:
            yield f"{key} is {e[key]!r}, that of the deciding occasion {worst[key]!r}"
    if e["stands_for"]:
        verdicts = [o["verdict"] for o in e["stands_for"]]
        if e["verdict"] != min(verdicts, key=WORST_FIRST.index):
            yield f"the verdict is {e['verdict']}, those it stands for are {', '.join(verdicts)}"
        return
    for number, (occasion, outcome) in enumerate(zip(e["occasions"], outcomes, strict=False), start=1):
        for key in _SAID:
            if occasion[key] != outcome[key]:
                yield f"occasion {number}: {key} is {occasion[key]!r}, in the outcomes {outcome[key]!r}"


# --------------------------------------------------------------------------- one occasion
def _occasion(e: dict[str, Any], o: dict[str, Any]) -> Iterator[str]:
    for number, sentence in enumerate(o["sentences"], start=1):
        if sentence["clock"] is not None:
            for problem in _deadline(e, sentence):
                yield f"sentence {number}: {problem}"
    yield from _gates(o)
    yield from _margin(e, o)
    yield from _undone(e, o)


def _gates(o: dict[str, Any]) -> Iterator[str]:
    """The first gate that decides, decides; then the sentences, the worst of them."""
    found = {
        kind: {g["truth"] for g in o["gates"] if g["kind"] == kind} for kind in ("where", "save", "provided")
    }
    said = [s["verdicts"] for s in o["sentences"]]
    if o["verdict"] in ("undetermined", "pending"):
        return
    if "false" in found["where"] or (said and all(v == ["not_applicable"] for v in said)):
        due = "not_applicable"
    elif "true" in found["save"]:
        due = "excluded"
    elif "false" in found["provided"]:
        due = "not_entitled"
    elif any("unknown" in truths for truths in found.values()) or any(len(v) != 1 for v in said) or not said:
        return
    else:
        due = min((v[0] for v in said), key=WORST_FIRST.index)
    if o["verdict"] != due:
        yield f"the verdict is {o['verdict']}, its gates and sentences make it {due}"


def _margin(e: dict[str, Any], o: dict[str, Any]) -> Iterator[str]:
    """The margin is what the clock counts between done and due: positive if done first, else negative."""
    if o["due"] is None or o["done"] is None:
        if o["margin_s"] is not None:
            yield f"the margin is {o['margin_s']} s, with no due or no done"
        return
    due, done = instant(o["due"]), instant(o["done"])
    measured = []
    for sentence in o["sentences"]:
        if _at(sentence["due"]) != due or _at(sentence["done"]) != done:
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
    if not measured or (o["margin_s"] is None and _in_doubt(e)):
        return
    if o["margin_s"] not in measured:
        yield f"the margin is {o['margin_s']} s, the clock counts {measured[0]} s from done to due"


def _undone(e: dict[str, Any], o: dict[str, Any]) -> Iterator[str]:
    """A deadline that waits for the future has its limit there."""
    simple = [s for s in o["sentences"] if s["clock"] is not None and _simple(e, s)]
    if o["verdict"] == "pending" and len(simple) == len(o["sentences"]) == 1 and simple[0]["done"] is None:
        due = _at(simple[0]["due"])
        gates = {g["truth"] for g in o["gates"]}
        if due is not None and due <= instant(e["audited_at"]) and "unknown" not in gates:
            yield "it is pending, though the limit had passed at the audit"


# --------------------------------------------------------------------------- one deadline
def _at(moment: dict[str, Any] | None) -> int | None:
    return instant(moment["at"]) if moment is not None and "at" in moment else None


def _deadline(e: dict[str, Any], s: dict[str, Any]) -> Iterator[str]:
    clock = Clock(s["clock"], instant(e["audited_at"]))
    done = _at(s["done"])
    if _at(s["due"]) != clock.due:
        yield f"it is due {s['due']}, by its clock {s['clock']['due']}"
    yield from walk(clock, done)
    yield from _from_events(e, clock, done)
    if clock.limit is None and not _in_doubt(e):
        yield "the length of the limit is left out, though nothing is in doubt"
    if _simple(e, s):
        yield from _length(s, clock)
        yield from _last_instant(s, clock)
        yield from _verdict(e, s, clock)


def _in_doubt(e: dict[str, Any]) -> bool:
    """Whether the record has holes, or stamps that are not exact: then a stop may be in doubt, and no figure is given."""
    return bool(e["gaps"] or e["records_missing"] or any("until" in x for x in e["events"]))


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


def _simple(e: dict[str, Any], s: dict[str, Any]) -> bool:
    """Whether the sentence, as quoted, has one limit and nothing else that could decide.

    The words are those of the text on its recommended readings; a limit that followed a changed attribute may be an older one.
    """
    found = _SIMPLE.search(s["text"])
    if found is None or _MORE.search(found["rest"]) or " within " in found["rest"]:
        return False
    steady = len({t["attribute"] for t in e["severity"]}) == len(e["severity"])
    return steady and all(r["taken"] == r["recommended"] for r in e["readings"])


def _length(s: dict[str, Any], clock: Clock) -> Iterator[str]:
    """The limit is as long as the sentence says, where it says so in a length that runs on a clock."""
    text = _SIMPLE.search(s["text"])
    found = _CLOCK_LENGTH.fullmatch(text["length"]) if text else None
    if text is None or found is None or _ELAPSED_ONLY.fullmatch(text["length"]) or clock.limit is None:
        return
    asked = int(found["amount"]) * _UNITS[found["unit"]]
    if clock.limit != asked:
        yield f"the sentence gives {asked} s, the clock {clock.limit} s"


def _last_instant(s: dict[str, Any], clock: Clock) -> Iterator[str]:
    """A limit on a clock runs out with a counted second: not a second later. A term in days ends with a day."""
    if any(words in s["text"] for words in _TERM_ENDS) or not clock.rows or clock.due == clock.start:
        return
    hours = clock.hours()
    if clock.kind_at(hours, clock.due - 1) != "counted" and not hours.ends_a_day(clock.due):
        yield "due is not the last instant: the second before it does not count"


def _verdict(e: dict[str, Any], s: dict[str, Any], clock: Clock) -> Iterator[str]:
    """Met where it was done no later than due; breached where it was done later, or not at all by the audit."""
    verdicts = s["verdicts"]
    bounds = s["done"]
    if len(verdicts) != 1 or verdicts[0] not in ("met", "breached"):
        return
    if bounds is None:
        if verdicts == ["met"]:
            yield "it is met, and nothing was done"
        elif clock.due > instant(e["audited_at"]):
            yield "it is breached, though the limit lies after the audit"
        return
    first = instant(bounds.get("at") or bounds["no_sooner_than"])
    last = instant(bounds.get("at") or bounds["no_later_than"])
    if verdicts == ["met"] and last > clock.due:
        yield "it is met, and was done after due"
    if verdicts == ["breached"] and first <= clock.due:
        yield "it is breached, and was done by due"
