"""An explanation as text: one sentence, what decided, the clock as a ledger, the time line, the readings."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from checker.render.timeline import draw

_SAYS = {
    "met": "was kept",
    "breached": "was not kept",
    "not_applicable": "does not apply",
    "excluded": "does not bind: a carve-out holds",
    "not_entitled": "gives no right here",
    "pending": "is not decided yet",
    "undetermined": "cannot be decided from this record",
}


def duration(seconds: int | None) -> str:
    """Seconds as `2 h 05 min 10 s`."""
    if seconds is None:
        return "not known"
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, rest = divmod(rest, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    parts = [f"{days} d"] if days else []
    parts += [f"{hours} h"] if hours or days else []
    parts += [f"{minutes} min"] if minutes or hours or days else []
    return sign + " ".join([*parts, f"{secs} s"] if secs or not parts else parts)


def one_sentence(e: dict[str, Any]) -> str:
    """Who, clause, limit, measured, by how much: in one sentence."""
    subject = f"Ticket {e['ticket']}" if e["ticket"] else f"Agreement {e['agreement']}"
    text = f"{subject}: “{e['title'] or e['clause']}” {_SAYS[e['verdict']]}: {e['because']}."
    if e["due"] and e["done"] and e["margin_s"] is not None:
        text += f" Due {e['due']}, done {e['done']}: {_distance(e)}."
    elif e["due"]:
        text += f" Due {e['due']}."
    return text


def _distance(e: dict[str, Any]) -> str:
    """How far from the limit, in the clause's own clock; and by the wall clock where that clock had stopped."""
    late = int((datetime.fromisoformat(e["done"]) - datetime.fromisoformat(e["due"])).total_seconds())
    if late <= 0:
        return f"{duration(e['margin_s'])} to spare"
    if e["margin_s"] == 0:
        return f"{duration(late)} late, outside the hours that count"
    return f"{duration(-e['margin_s'])} late"


def as_text(e: dict[str, Any]) -> str:
    """The whole explanation."""
    out = [one_sentence(e), ""]
    cite = e["cite"]
    place = f"{cite['place']} (lines {', '.join(_range(r) for r in cite['lines'])})" if cite else "not cited"
    out += [
        f"  verdict   {e['verdict'].upper()}"
        + (" (contested)" if any(o["turns"] for r in e["readings"] for o in r["others"]) else ""),
        f"  clause    {e['clause']} ({e['strength']})",
        f"  text      {place}",
        f"  audit     as of {e['audited_at']}, zone {e['zone'] or 'not on record'}",
    ]
    for i, occasion in enumerate(e["occasions"]):
        out += ["", *_occasion(occasion, i, len(e["occasions"]))]
    for inner in e["stands_for"]:
        out += ["", f"  stands for {inner['clause']}: {inner['verdict']}, {inner['because']}"]
    line = draw(e)
    if line:
        out += ["", "Time line", *line]
    out += _quality(e)
    out += _readings(e)
    if e["words"]:
        out += ["", "Words of the contract"]
        for word, lines in e["words"].items():
            out += [f"  {word}: {lines[0] if lines else ''}", *(f"      {line}" for line in lines[1:])]
    if e["would_turn"]:
        out += ["", "What would turn it", *(f"  - {t}" for t in e["would_turn"])]
    return "\n".join(out) + "\n"


def _range(r: list[int]) -> str:
    return str(r[0]) if r[0] == r[1] else f"{r[0]}-{r[1]}"


def _occasion(o: dict[str, Any], i: int, count: int) -> list[str]:
    head = f"Occasion {i + 1} of {count}" if count > 1 else "What decided"
    start = f", from {o['start']}" if o["start"] else ""
    out = [f"{head}{start}: {o['verdict']}, {o['because']}"]
    for g in o["gates"]:
        if g["kind"] == "superseded":
            out.append(_layer(g))
            continue
        out.append(f"  {_mark(g)} {g['text']}")
        out += [
            f"      {_mark({'kind': 'where', 'truth': p['truth']})} {p['text']}" for p in g.get("parts", [])
        ]
        out += [f"      because of {x}" for x in g["because_of"]]
        out += [f"      {c}" for c in g.get("causes", [])]
    for s in o["sentences"]:
        out.append(f"  > {s['text']}")
        out.append(f"      {s['finding']}")
        out += [f"      note: {n}" for n in s["notes"]]
        out += [
            f"      {_mark({'kind': 'where', 'truth': p['truth']})} {p['text']}" for p in s.get("parts", [])
        ]
        out += [f"      because of {x}" for x in s["because_of"]]
        out += [f"      {c}" for c in s["causes"]]
        out += _ledger(s["clock"])
    return out


def _layer(g: dict[str, Any]) -> str:
    """Whether the clause gives way to another."""
    if g["superseded_by"]:
        return f"  [gives way] to {', '.join(g['superseded_by'])}: it applies here and the customer is entitled to it"
    if g["truth"] == "unknown":
        return f"  [?]   {g['text']}: {'; '.join(g.get('causes', []))}"
    return f"  [yes] not {g['text']}: none of them applies here with the customer entitled to it"


def _mark(g: dict[str, Any]) -> str:
    return {"true": "[yes]", "false": "[no] ", "unknown": "[?]  "}[g["truth"]]


def _ledger(clock: dict[str, Any] | None) -> list[str]:
    if clock is None:
        return []
    out = [
        f"      clock: {duration(clock['limit_s'])}, {clock['counts']}, from {clock['start']}, due {clock['due']}"
    ]
    for row in clock["ledger"]:
        why = f"  {row['why']}" if row["why"] else ""
        out.append(f"        {row['from']} .. {row['to']}  {row['kind']:8} {duration(row['seconds'])}{why}")
    return out


def _quality(e: dict[str, Any]) -> list[str]:
    out = []
    if e["gaps"]:
        out += ["", "The record has gaps", *(f"  - {g['from']} to {g['to']}" for g in e["gaps"][:12])]
    if e["records_missing"]:
        out += ["", f"Records missing: {', '.join(e['records_missing'])}"]
    if e["left_out_after_audit"]:
        out += ["", f"{e['left_out_after_audit']} event(s) after the audit instant were left out"]
    return out


def _readings(e: dict[str, Any]) -> list[str]:
    if not e["readings"]:
        return []
    out = ["", "Readings on which it rests"]
    for r in e["readings"]:
        out.append(f"  - {r['question']} {r['ambiguity']}: {r['taken']} (“{r['means']}”)")
        for o in r["others"]:
            out.append(f"      {'TURNS IT' if o['turns'] else 'no change'}: {o['reading']} -> {o['verdict']}")
    return out
