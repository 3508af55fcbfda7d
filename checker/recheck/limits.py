"""The limits of a sentence and the proofs of its conditions: each by itself, and together with what follows from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from checker.recheck.ledger import Clock, instant, walk

_UNITS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 7 * 86_400}
_FIGURE = re.compile(r"(?:within )?(\d+) (elapsed )?(second|minute|hour|day|week)s?\b")
_UPPER = ("no-later", "before")
_NOT = {"true": "false", "false": "true", "unknown": "unknown"}


def limits(e: dict[str, Any], s: dict[str, Any]) -> Iterator[str]:
    """What does not hold of the limits of a sentence: their ledgers, and that the earliest of them is due."""
    audit = instant(e["audited_at"])
    for number, limit in enumerate(s["limits"], start=1):
        for step in limit["steps"]:
            if step.get("clock") is not None:
                for problem in _step(step, audit):
                    yield f"limit {number}: {problem}"
    uppers = [x for x in s["limits"] if x["relation"] in _UPPER]
    # What is forbidden is due by the last instant before it is forbidden.
    if not uppers or s["due"] is None or "at" not in s["due"] or " not have " in s["text"]:
        return
    if not all(x["at"] is not None and "at" in x["at"] for x in uppers):
        return
    due = instant(s["due"]["at"])
    # Strictly before an instant is due one second earlier, save where the instant is an end that is shown as such.
    earliest = min(instant(x["at"]["at"]) for x in uppers)
    strict = min(instant(x["at"]["at"]) - (x["relation"] == "before") for x in uppers)
    if due not in (earliest, strict):
        yield f"it is due {s['due']['at']}, and the earliest of its limits is another instant"


def _step(step: dict[str, Any], audit: int) -> Iterator[str]:
    clock = Clock(step["clock"], audit)
    yield from walk(clock, None)
    for edge, second in (("from", clock.start), ("to", clock.due)):
        if "at" in (step[edge] or {}) and instant(step[edge]["at"]) != second:
            yield f"the step goes {edge} {step[edge]['at']}, its clock does not"
    figure = _FIGURE.match(step["text"])
    # Days and weeks without a word before them are legal terms, which run on no clock.
    if figure is None or (figure[2] is None and figure[3] in ("day", "week")):
        return
    asked = int(figure[1]) * _UNITS[figure[3]]
    if clock.limit is not None and clock.limit != asked:
        yield f"the text gives {asked} s, the clock {clock.limit} s"


# --------------------------------------------------------------------------- proofs
def proofs(o: dict[str, Any]) -> Iterator[str]:
    """What does not hold of the proofs of an occasion: a condition is what its parts make it."""
    for number, gate in enumerate(o["gates"], start=1):
        proof = gate.get("proof")
        if proof is not None:
            if proof["truth"] != gate["truth"]:
                yield f"gate {number} is {gate['truth']}, its proof {proof['truth']}"
            for problem in _proof(proof):
                yield f"gate {number}: {problem}"
        passes = _NOT[gate["truth"]] if gate["kind"] in ("save", "superseded") else gate["truth"]
        if gate["passes"] != passes:
            yield f"gate {number} is {gate['truth']}, and said to be passed: {gate['passes']}"
    for number, sentence in enumerate(o["sentences"], start=1):
        for part in sentence.get("parts", []):
            for problem in _proof(part):
                yield f"sentence {number}: {problem}"


def _proof(p: dict[str, Any]) -> Iterator[str]:
    for part in p["parts"]:
        yield from _proof(part)
    # A clause that holds is what its own verdict makes it, not its gates alone.
    if not p["parts"] or p.get("of_clause"):
        return
    found = _joined(p["joined"], [x["truth"] for x in p["parts"]])
    if p.get("negated"):
        found = _NOT[found]
    if found != p["truth"]:
        yield f"“{p['text']}” is {p['truth']}, its parts make it {found}"


def _joined(how: str, truths: list[str]) -> str:
    """Kleene's tables: one false decides an `all`, one true an `any`; else one unknown leaves it unknown."""
    decides = "false" if how == "all" else "true"
    found = next((t for t in (decides, "unknown") if t in truths), _NOT[decides])
    return _NOT[found] if how == "none" else found
