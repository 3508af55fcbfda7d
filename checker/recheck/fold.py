"""One verdict from gates and sentences, and one from several occasions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

WORST_FIRST = ("breached", "undetermined", "pending", "not_entitled", "met", "excluded", "not_applicable")
"""The order in which verdicts are folded: of several occasions, and of several sentences."""

_SAID = ("verdict", "because", "due", "done", "margin_s")
_MISSING, _OPEN = "missing: ", "still to come: "


def worst(verdicts: Iterable[str]) -> str:
    """The worst of several verdicts."""
    return min(verdicts, key=WORST_FIRST.index)


def whole(e: dict[str, Any]) -> Iterator[str]:
    """The verdict of a clause is that of its worst occasion, of equals the first."""
    outcomes = e["outcomes"]
    decides = min(outcomes, key=lambda o: WORST_FIRST.index(o["verdict"]))
    for key in _SAID:
        if e[key] != decides[key]:
            yield f"{key} is {e[key]!r}, that of the deciding occasion {decides[key]!r}"
    if e["stands_for"] and not e["occasions"]:
        theirs = [o for other in e["stands_for"] for o in other["outcomes"]]
        # One that concerns something of its own may find none of it.
        none_of_it = all(o["verdict"] in ("not_applicable", "undetermined") for o in outcomes)
        if outcomes != theirs and not none_of_it:
            yield "the outcomes are not those of the clauses it stands for"
        return
    if len(outcomes) < len(e["occasions"]):
        yield f"there are {len(e['occasions'])} occasions, and {len(outcomes)} outcomes"
    for number, (occasion, outcome) in enumerate(zip(e["occasions"], outcomes, strict=False), start=1):
        for key in _SAID:
            if occasion[key] != outcome[key]:
                yield f"occasion {number}: {key} is {occasion[key]!r}, in the outcomes {outcome[key]!r}"


def occasion(o: dict[str, Any]) -> Iterator[str]:
    """The first gate that decides, decides; then the sentences, the worst of them.

    Where gates or sentences leave several verdicts, none is given: it waits for the future, or for what the record lacks.
    Where they leave one, the verdict can hang only on whether there was such an occasion at all.
    """
    possible = _possible(o)
    if o["verdict"] not in ("pending", "undetermined"):
        if possible != {o["verdict"]}:
            yield f"the verdict is {o['verdict']}, its gates and sentences make it {' or '.join(sorted(possible))}"
        return
    lead = _OPEN if o["verdict"] == "pending" else _MISSING
    if len(possible) == 1:
        if not o["because"].startswith(lead):
            yield f"the verdict is {o['verdict']}, its gates and sentences make it {possible.pop()}"
        return
    causes = _causes(o)
    if o["verdict"] == "pending" and any(c.startswith("missing:") for c in causes):
        yield "it is pending, though what decides is missing from the record"
    alone = causes and all(c.startswith("open:") for c in causes)
    if o["verdict"] == "undetermined" and alone and not o["because"].startswith(_MISSING):
        yield "it is undetermined, though the future alone decides"


_NOT = {"true": "false", "false": "true", "unknown": "unknown"}


def _possible(o: dict[str, Any]) -> set[str]:
    gates: dict[str, set[str]] = {"where": set(), "save": set(), "provided": set()}
    for g in o["gates"]:
        # A clause that another takes the place of is as little about the occasion as one whose `where` fails.
        superseded = g["kind"] == "superseded"
        gates["where" if superseded else g["kind"]].add(_NOT[g["truth"]] if superseded else g["truth"])
    if "false" in gates["where"]:
        return {"not_applicable"}
    said = [set(s["verdicts"]) for s in o["sentences"]]
    if said and all(v == {"not_applicable"} for v in said):
        return {"not_applicable"}
    found = {"not_applicable"} if "unknown" in gates["where"] else set()
    if "true" in gates["save"]:
        return found | {"excluded"}
    found |= {"excluded"} if "unknown" in gates["save"] else set()
    if "false" in gates["provided"]:
        return found | {"not_entitled"}
    found |= {"not_entitled"} if "unknown" in gates["provided"] else set()
    together = said[0] if said else set()
    for other in said[1:]:
        together = {worst([a, b]) for a in together for b in other}
    return found | together


def _causes(o: dict[str, Any]) -> set[str]:
    """The doubts of gates and sentences; none where a sentence is broken for sure, whatever the others come to."""
    unknown = {c for g in o["gates"] if g["truth"] == "unknown" for c in g["causes"]}
    if any(s["verdicts"] == ["breached"] for s in o["sentences"]):
        return unknown
    return unknown | {c for s in o["sentences"] for c in s["causes"]}
