"""A ticket's time line drawn in characters: events, the clause's clock, severity, due and done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dsl.phrase import shown

WIDTH = 66
_FILL = {"counted": "█", "closed": "·", "stopped": "▒"}


def draw(explanation: dict[str, Any]) -> list[str]:
    """The time line of an explanation, or nothing where it has no two instants."""
    marks = _marks(explanation)
    if len(marks) < 2:
        return []
    clock = _clock(explanation)
    times = [t for t, _, _ in marks]
    if clock is not None:
        times += [_t(clock["start"]), _t(clock["due"])]
    lo, hi = min(times), max(times)
    if hi <= lo:
        return []
    scale = _Scale(lo, hi)
    out = [_row("", _ends(marks, clock, lo, hi)), _row("", "├" + "─" * (WIDTH - 2) + "┤")]
    if clock is not None and clock["ledger"]:
        out.append(_row("clock", _bar(clock, scale)))
    tracked = explanation.get("severity") or []
    for name in sorted({s["attribute"] for s in tracked}):
        out.append(_row(name, _values([s for s in tracked if s["attribute"] == name], scale)))
    for sentence in _sentences(explanation):
        stretches = sentence.get("stretches") or []
        if stretches:
            out.append(_row(stretches[0]["state"][:9], _stretches(stretches, scale)))
    out.append(_row("events", _letters(marks, scale)))
    out += _legend(marks)
    if clock is not None and clock["ledger"]:
        out.append("          █ counted   · closed   ▒ stopped")
    return out


class _Scale:
    def __init__(self, lo: float, hi: float) -> None:
        self.lo, self.hi = lo, hi

    def column(self, t: float) -> int:
        return max(0, min(WIDTH - 1, int((t - self.lo) / (self.hi - self.lo) * (WIDTH - 1))))


def _t(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _row(label: str, body: str) -> str:
    return f"{label:>9} {body.rstrip()}"


def _sentences(e: dict[str, Any]) -> list[dict[str, Any]]:
    return [s for o in e["occasions"] for s in o["sentences"]]


def _clock(e: dict[str, Any]) -> dict[str, Any] | None:
    return next((s["clock"] for s in _sentences(e) if s["clock"]), None)


def _marks(e: dict[str, Any]) -> list[tuple[float, str, str]]:
    """Instant, its text, and what it is; `D` the due instant, `A` the audit.

    What happened to the agreement is drawn on a ticket's line only where the verdict rests on it.
    """
    cited = [
        text for o in e["occasions"] for part in (*o["gates"], *o["sentences"]) for text in part["because_of"]
    ]
    marks = [
        (_t(x["at"]), x["at"], _said(x))
        for x in e["events"]
        if x.get("of") != "agreement" or any(text.startswith(f"{x['at']} {x['event']}") for text in cited)
    ]
    if e["due"]:
        marks.append((_t(e["due"]), e["due"], "DUE"))
    if e["verdict"] == "pending":
        marks.append((_t(e["audited_at"]), e["audited_at"], "AUDIT"))
    return sorted(marks, key=lambda m: m[0])


def _said(x: dict[str, Any]) -> str:
    skip = {"at", "until", "event", "as_written", "place", "of"}
    said = ", ".join(f"{k}={shown(v)}" for k, v in x.items() if k not in skip and v is not None)
    return str(x["event"]) + (f" ({said})" if said else "")


def _ends(marks: list[tuple[float, str, str]], clock: dict[str, Any] | None, lo: float, hi: float) -> str:
    """The first and the last instant of the line, over its ends, to the minute."""
    stamps = [(t, when) for t, when, _ in marks]
    if clock is not None:
        stamps += [(_t(clock["start"]), clock["start"]), (_t(clock["due"]), clock["due"])]
    first, last = (next(when for t, when in stamps if t == end)[:16].replace("T", " ") for end in (lo, hi))
    return first + " " * (WIDTH - len(first) - len(last)) + last


def _bar(clock: dict[str, Any], scale: _Scale) -> str:
    cells = [" "] * WIDTH
    for row in clock["ledger"]:
        for i in range(scale.column(_t(row["from"])), scale.column(_t(row["to"])) + 1):
            cells[i] = _FILL[row["kind"]]
    cells[scale.column(_t(clock["due"]))] = "D"
    return "".join(cells)


def _values(stretches: list[dict[str, Any]], scale: _Scale) -> str:
    cells = [" "] * WIDTH
    for s in stretches:
        if s["from"] is None:
            continue
        start = scale.column(_t(s["from"]))
        end = scale.column(_t(s["to"])) if s["to"] is not None else WIDTH - 1
        for i in range(start, end + 1):
            cells[i] = s["value"][:1]
    return "".join(cells)


def _stretches(stretches: list[dict[str, Any]], scale: _Scale) -> str:
    cells = ["─"] * WIDTH
    for s in stretches:
        if s["from"] is None or s["to"] is None:
            continue
        for i in range(scale.column(_t(s["from"])), scale.column(_t(s["to"])) + 1):
            cells[i] = "▓"
    return "".join(cells)


def _letter(i: int) -> str:
    return "abcdefghijklmnopqrstuvwxyz"[i] if i < 26 else "+"


def _lettered(marks: list[tuple[float, str, str]]) -> list[tuple[float, str, str, str]]:
    """Each mark with its letter: events in order, D and A for due and audit."""
    out = []
    i = 0
    for t, when, text in marks:
        letter = {"DUE": "D", "AUDIT": "A"}.get(text, "")
        if not letter:
            letter, i = _letter(i), i + 1
        out.append((t, when, text, letter))
    return out


def _letters(marks: list[tuple[float, str, str]], scale: _Scale) -> str:
    cells = [" "] * WIDTH
    for t, _, _, letter in _lettered(marks):
        c = scale.column(t)
        while c < WIDTH - 1 and cells[c] != " ":
            c += 1
        cells[c] = letter
    return "".join(cells)


def _legend(marks: list[tuple[float, str, str]]) -> list[str]:
    names = {"DUE": "due: the last instant allowed", "AUDIT": "the audit instant"}
    return [f"{letter:>9} {when}  {names.get(text, text)}" for _, when, text, letter in _lettered(marks)]
