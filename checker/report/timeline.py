"""What a picture of a ticket's time line shows, from an explanation: spans, values through time, events, due and done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

MOST_EVENTS = 60
"""Events on a line; of more, those that the verdict rests on and the first ones."""
_OF_RECORD = frozenset({"at", "until", "event", "as_written", "place", "of"})


def timeline(explanation: Mapping[str, Any]) -> dict[str, Any]:
    """The time line of the deciding occasion, as plain data. Instants are ISO 8601 in the agreement's zone.

    `from`, `to`: the ends of the line (null: nothing on it has an instant). `spans`: the clause's clock, each
    `{kind: counted|stopped|closed, from, to, seconds, why}`; `values`: `{attribute, value, from, to}` of the ranked attributes;
    `states`: `{state, from, to}`; `gaps`: `{from, to}`; `events`: `{at, until, event, said, cited}`, `cited` those that the verdict
    rests on; `start`, `due`, `done`, `audited_at`; `events_left_out`: how many events the line does not show.
    """
    sentences = _deciding(explanation)
    clock = next((s["clock"] for s in sentences if s["clock"]), None)
    cited = "\n".join(_cited(explanation))
    events = [_event(e, cited) for e in explanation["events"]]
    kept = _kept(events)
    due, done = explanation["due"], explanation["done"]
    out: dict[str, Any] = {
        "zone": explanation["zone"],
        "start": clock["start"] if clock is not None else None,
        "due": due,
        "done": done,
        "audited_at": explanation["audited_at"],
        "spans": [
            {name: row[name] for name in ("kind", "from", "to", "seconds", "why")}
            for row in (clock["ledger"] if clock is not None else [])
        ],
        "values": [dict(v) for v in explanation.get("severity") or []] if explanation["ticket"] else [],
        "states": [
            {"state": x["state"], "from": x["from"], "to": x["to"]}
            for s in sentences
            for x in s.get("stretches") or []
        ],
        "gaps": [dict(g) for g in explanation["gaps"]],
        "events": kept,
        "events_left_out": len(events) - len(kept),
    }
    stamps = [e[end] for e in kept for end in ("at", "until") if e[end]]
    stamps += [x for x in (out["start"], due, done) if x]
    stamps += [row[end] for row in (*out["spans"], *out["states"]) for end in ("from", "to") if row[end]]
    if explanation["verdict"] == "pending":
        stamps.append(explanation["audited_at"])
    ordered = sorted(stamps, key=lambda text: (datetime.fromisoformat(text), text))
    out["from"], out["to"] = (ordered[0], ordered[-1]) if ordered else (None, None)
    return out


def _deciding(explanation: Mapping[str, Any]) -> list[Any]:
    occasions = explanation["occasions"]
    which = explanation["deciding"]
    return list(occasions[which]["sentences"]) if which is not None and which < len(occasions) else []


def _event(e: Mapping[str, Any], cited: str) -> dict[str, Any]:
    said = {k: v for k, v in e.items() if k not in _OF_RECORD and v is not None}
    return {
        "at": e["at"],
        "until": e.get("until"),
        "event": e["event"],
        "said": said,
        "cited": f"{e['at']} {e['event']}" in cited,
        "of_agreement": e.get("of") == "agreement",
    }


def _kept(events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    if len(events) <= MOST_EVENTS:
        return events
    room = MOST_EVENTS - sum(1 for e in events if e["cited"])
    out = []
    for e in events:
        if not e["cited"]:
            room -= 1
        if e["cited"] or room >= 0:
            out.append(e)
    return out[:MOST_EVENTS]


def _cited(explanation: Mapping[str, Any]) -> list[str]:
    """Every text of the deciding occasion that names an event."""
    which, occasions = explanation["deciding"], explanation["occasions"]
    if which is None or which >= len(occasions):
        return []
    o = occasions[which]
    out: list[str] = [o["event"]] if o["event"] else []
    for part in (*o["gates"], *o["sentences"]):
        out += [*part["because_of"], *part.get("refusals", [])]
        proofs = [part["proof"]] if part.get("proof") else list(part.get("parts", []))
        while proofs:
            p = proofs.pop()
            out += p["rests_on"]
            proofs += p["parts"]
    return out
