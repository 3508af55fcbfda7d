"""A time line drawn in characters: events, the clause's clock, followed attributes, states, gaps, due and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from dsl.phrase import shown

WIDTH = 66
LABEL = 18
"""How wide the names of the rows may be."""
MOST_MARKS = 52
"""How many events are marked; of more, those that the verdict rests on."""
_FILL = {"counted": "█", "closed": "·", "stopped": "▒"}
_LETTERS = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz"
_TEXT = 100


class Mark(NamedTuple):
    """Something at an instant: its letter, its text, and until when it may have been."""

    at: float
    when: str
    text: str
    letter: str
    until: float


def draw(explanation: dict[str, Any]) -> list[str]:
    """The time line of an explanation, or nothing where it has no two instants."""
    marks = _marks(explanation)
    clock = _clock(explanation)
    stamps = [(m.at, m.when) for m in marks]
    if clock is not None:
        stamps += [(_t(clock[end]), clock[end]) for end in ("start", "due")]
    stamps += [
        (_t(x[end]), x[end])
        for s in _deciding(explanation)
        for x in s.get("stretches", [])
        for end in ("from", "to")
        if x[end] is not None
    ]
    if len({t for t, _ in stamps}) < 2:
        return []
    scale = _Scale(min(stamps), max(stamps))
    out = [_row("", scale.ends()), _row("", "├" + "─" * (WIDTH - 2) + "┤")]
    if clock is not None and clock["ledger"]:
        out.append(_row("clock", _bar(clock, scale)))
    if explanation["ticket"]:
        tracked = explanation.get("severity") or []
        for name in sorted({s["attribute"] for s in tracked}):
            out.append(_row(name, _values([s for s in tracked if s["attribute"] == name], scale)))
    out += _states(explanation, scale)
    gaps = _fill([(g["from"], g["to"]) for g in explanation["gaps"]], scale, " ", "░")
    if gaps.strip():
        out.append(_row("gaps", gaps))
    out.append(_row("events", _letters(marks, scale)))
    for m in marks:
        out += _legend(m)
    if clock is not None and clock["ledger"]:
        out.append(" " * (LABEL + 1) + "█ counted   · closed   ▒ stopped   D due")
    return out


class _Scale:
    """From instants to columns."""

    def __init__(self, first: tuple[float, str], last: tuple[float, str]) -> None:
        self.lo, self.hi = first[0], last[0]
        self.first, self.last = first[1], last[1]

    def column(self, t: float) -> int:
        return max(0, min(WIDTH - 1, int((t - self.lo) / (self.hi - self.lo) * (WIDTH - 1))))

    def ends(self) -> str:
        """The first and the last instant of the line, over its ends."""
        return self.first + " " * (WIDTH - len(self.first) - len(self.last)) + self.last


def _t(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _row(label: str, body: str) -> str:
    return f"{label[:LABEL]:>{LABEL}} {body.rstrip()}".rstrip()


def _deciding(e: dict[str, Any]) -> list[dict[str, Any]]:
    """The sentences of the occasion that decides."""
    return [s for i, o in enumerate(e["occasions"]) if i == e["deciding"] for s in o["sentences"]]


def _clock(e: dict[str, Any]) -> dict[str, Any] | None:
    return next((s["clock"] for s in _deciding(e) if s["clock"]), None)


# --------------------------------------------------------------------------- marks
def _marks(e: dict[str, Any]) -> list[Mark]:
    """What is marked: events, `D` the due instant, `A` the audit. Of a long history only what the verdict rests on.

    What happened to the agreement is drawn on a ticket's line only where the verdict rests on it.
    """
    cited = _cited(e)
    many = len(e["events"]) > MOST_MARKS or not e["ticket"]
    events = [
        x
        for x in e["events"]
        if any(text.find(f"{x['at']} {x['event']}") >= 0 for text in cited)
        or (not many and x.get("of") != "agreement")
    ][:MOST_MARKS]
    found = [(_t(x["at"]), x["at"], _said(x), "", _t(x.get("until") or x["at"])) for x in events]
    if e["due"]:
        found.append((_t(e["due"]), e["due"], _due_means(e), "D", _t(e["due"])))
    if e["verdict"] == "pending":
        found.append((_t(e["audited_at"]), e["audited_at"], "the audit instant", "A", _t(e["audited_at"])))
    out: list[Mark] = []
    i = 0
    for at, when, text, letter, until in sorted(found, key=lambda m: m[0]):
        if not letter:
            letter, i = _LETTERS[i], i + 1
        out.append(Mark(at, when, text, letter, until))
    return out


def _due_means(e: dict[str, Any]) -> str:
    right = e["strength"] in ("may", "discretion")
    return "the bound of the right" if right else "due: the last instant allowed"


def _cited(e: dict[str, Any]) -> list[str]:
    """Every text of the deciding occasion that names an event."""
    out: list[str] = []
    for i, o in enumerate(e["occasions"]):
        if i != e["deciding"]:
            continue
        out += [o["event"]] if o["event"] else []
        for part in (*o["gates"], *o["sentences"]):
            out += [*part["because_of"], *part.get("refusals", [])]
            proofs = [part["proof"]] if part.get("proof") else list(part.get("parts", []))
            while proofs:
                p = proofs.pop()
                out += p["rests_on"]
                proofs += p["parts"]
    return out


def _said(x: dict[str, Any]) -> str:
    skip = {"at", "until", "event", "as_written", "place", "of"}
    said = ", ".join(f"{k}={shown(v)}" for k, v in x.items() if k not in skip and v is not None)
    rough = f" (recorded as {x['as_written']})" if "until" in x and "as_written" in x else ""
    return str(x["event"]) + rough + (f" ({said})" if said else "")


def _legend(m: Mark) -> list[str]:
    head = f"{m.letter:>{LABEL}} {m.when}  "
    text = m.text
    room = _TEXT - len(head)
    return [head + (text if len(text) <= room else text[: room - 1] + "…")]


def _letters(marks: list[Mark], scale: _Scale) -> str:
    """The letters at their columns, one beside the other where they would fall on one; `~` as far as a stamp is rough."""
    cells = [" "] * WIDTH
    for m in marks:
        for i in range(scale.column(m.at), scale.column(m.until) + 1):
            if m.until > m.at and cells[i] == " ":
                cells[i] = "~"
    taken = [False] * WIDTH
    for m in marks:
        free = [i for i in range(scale.column(m.at), WIDTH) if not taken[i]]
        free = free or [i for i in range(WIDTH - 1, -1, -1) if not taken[i]]
        if free:
            cells[free[0]], taken[free[0]] = m.letter, True
    return "".join(cells)


# --------------------------------------------------------------------------- rows
def _bar(clock: dict[str, Any], scale: _Scale) -> str:
    """The ledger as a bar: where several rows fall on one column, what counted is seen first."""
    cells = [" "] * WIDTH
    rows = sorted(clock["ledger"], key=lambda r: ["closed", "stopped", "counted"].index(r["kind"]))
    for row in rows:
        last = scale.column(max(_t(row["from"]), _t(row["to"]) - 1))
        for i in range(scale.column(_t(row["from"])), last + 1):
            cells[i] = _FILL[row["kind"]]
    cells[scale.column(_t(clock["due"]))] = "D"
    return "".join(cells)


def _values(stretches: list[dict[str, Any]], scale: _Scale) -> str:
    cells = [" "] * WIDTH
    for s in stretches:
        if s["from"] is None or _t(s["from"]) > scale.hi:
            continue
        start = scale.column(_t(s["from"]))
        end = scale.column(_t(s["to"])) if s["to"] is not None else WIDTH - 1
        for i in range(start, end + 1):
            cells[i] = s["value"][:1]
    return "".join(cells)


def _states(e: dict[str, Any], scale: _Scale) -> list[str]:
    out = []
    for sentence in _deciding(e):
        found = sentence.get("stretches") or []
        for name in dict.fromkeys(x["state"] for x in found):
            pairs = [(x["from"], x["to"]) for x in found if x["state"] == name]
            out.append(_row(name, _fill(pairs, scale, "─", "▓")))
    return out


def _fill(pairs: list[tuple[str | None, str | None]], scale: _Scale, empty: str, full: str) -> str:
    cells = [empty] * WIDTH
    for start, end in pairs:
        lo = _t(start) if start is not None else scale.lo
        hi = _t(end) if end is not None else scale.hi
        if lo > scale.hi or hi < scale.lo:
            continue
        for i in range(scale.column(lo), scale.column(hi) + 1):
            cells[i] = full
    return "".join(cells)
