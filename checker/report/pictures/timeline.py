"""The time line of a finding: when its clock counted, stood still and was closed, what the record said meanwhile, due and done.

What is drawn is what `checker.report.timeline` says. Events have the numbers of their places in it (from 1), by which a list beside the
picture names them. Where the clock ran for a small part of the record, that part is drawn first and large, and the whole record beneath.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any, Final, NamedTuple

from checker.clock.zones import zone as zone_of
from checker.report.pictures.canvas import Canvas, Picture, drawing, fitted, width_of
from checker.report.pictures.palette import Look
from checker.report.words import Words

WIDTH: Final = 720
_LEFT, _RIGHT = 112.0, 712.0
_ROW: Final = 22.0
_SMALL: Final = 10.0
_BADGE: Final = 19.0
"""Pixels that the number of an event takes."""
_CROWD: Final = 5
"""So many events at one place are numbered one by one."""
_ENLARGED: Final = 0.4
"""Below this part of the record, the time of the clock has a strip of its own."""
_STEPS: Final = (60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200)
_DAYS: Final = (1, 2, 7, 14, 28, 56, 91, 182, 365, 730, 1825, 3650)


def timeline(
    found: Mapping[str, Any], words: Words, key: str, title: str, look: Look = "light"
) -> Picture | None:
    """The picture of a time line, in the time of its zone; None where nothing on it has an instant, or all has the same."""
    return _picture(_Line(words, (("", found),)), key, title, look)


def timelines(
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    words: Words,
    key: str,
    title: str,
    look: Look = "light",
) -> Picture | None:
    """The picture of the time lines of one history under two variants, on one axis; None as above. A variant may have none."""
    both = tuple((name, found) for name, found in (("old", old), ("new", new)) if found is not None)
    return _picture(_Line(words, both), key, title, look) if both else None


def _picture(line: _Line, key: str, title: str, look: Look) -> Picture | None:
    words = line.words
    strips = line.strips()
    if not strips:
        return None
    said = ("drawn.enlarged", "drawn.whole") if len(strips) > 1 else ("",)
    placed = [
        _Strip(line, lo, hi, words(name) if name else "") for (lo, hi), name in zip(strips, said, strict=True)
    ]
    height = int(12 + sum(s.height + 26 for s in placed) + 4)

    def draw(c: Canvas) -> None:
        line.legend(c, 14)
        y = 30.0
        for strip in placed:
            strip.draw(c, y)
            y += strip.height + 26

    return drawing(WIDTH, height, draw).picture(key, title, line.said(), look)


class _Badge(NamedTuple):
    """The number of an event at its place, and as far as its stamp is rough; in which lane."""

    x: float
    to: float
    text: str
    cited: bool
    lane: int

    @property
    def width(self) -> float:
        return max(_BADGE, width_of(self.text, 9) + 8)


class _Point(NamedTuple):
    """An instant with a flag: due or done."""

    role: str
    at: float
    text: str
    dash: Any


_DASH: Final = {"due": (0, (4, 2)), "due_old": (0, (1, 1.5)), "due_new": (0, (4, 2))}


def _points(told: Sequence[tuple[str, Mapping[str, Any]]], words: Words) -> list[_Point]:
    """Due and done; of two variants once where both have the same."""
    out = []
    for role in ("due", "done"):
        found = [(name, t) for name, f in told if (t := _t(f[role])) is not None]
        alike = len(found) == len(told) and len({t for _, t in found}) == 1
        for name, t in found[:1] if alike else found:
            key = f"{role}_{name}" if name and not alike else role
            said = words(f"drawn.{key}" if key != role else f"picture.{role}")
            out.append(_Point(role, t, said, _DASH.get(key, "solid")))
    return out


class _Line:
    """What a time line shows, its instants as seconds."""

    def __init__(self, words: Words, told: Sequence[tuple[str, Mapping[str, Any]]]) -> None:
        """`told`: what it shows, under a name for each variant of the contract; one alone has no name. All are of one history."""
        self.words = words
        found = told[0][1]
        self.zone: tzinfo = zone_of(found["zone"]) if found["zone"] is not None else UTC
        self.points = _points(told, words)
        self.starts = [t for _, f in told if (t := _t(f["start"])) is not None]
        self.clocks = [
            (
                words(f"drawn.clock_{name}" if name else "drawn.clock"),
                [(s["kind"], _t(s["from"]), _t(s["to"])) for s in f["spans"]],
            )
            for name, f in told
            if f["spans"]
        ]
        self.spans = [span for _, spans in self.clocks for span in spans]
        self.values = _grouped(found["values"], "attribute", lambda v: str(v["value"]))
        states = [s for _, f in told for s in f["states"]]
        self.states = _grouped(_once(states), "state", lambda v: str(v["state"]))
        self.gaps = [(_t(g["from"]), _t(g["to"])) for g in found["gaps"]]
        cited = [any(f["events"][i]["cited"] for _, f in told) for i in range(len(found["events"]))]
        own = [not e["of_agreement"] or cited[i] for i, e in enumerate(found["events"])]
        self.events = [
            (n, _t(e["at"]), _t(e["until"]), cited[n - 1])
            for n, e in enumerate(found["events"], 1)
            if own[n - 1] or not any(own)
        ]
        self.left_out = int(found["events_left_out"]) + len(found["events"]) - len(self.events)

    def strips(self) -> list[tuple[float, float]]:
        """The stretches of time that are drawn, the clock's own first."""
        drawn = [t for _, at, until, _ in self.events for t in (at, until)]
        clock = [p.at for p in self.points] + self.starts
        clock += [t for _, lo, hi in self.spans for t in (lo, hi)]
        of_clock = [t for t in clock if t is not None]
        known = of_clock + [t for t in drawn if t is not None]
        if not known or min(known) == max(known):
            return []
        lo, hi = min(known), max(known)
        if self.spans and min(of_clock) < max(of_clock):
            near = (min(of_clock), max(of_clock))
            if near[1] - near[0] < _ENLARGED * (hi - lo):
                return [near, (lo, hi)]
        return [(lo, hi)]

    def legend(self, c: Canvas, y: float) -> None:
        """What the patterns mean, as far as they occur."""
        x = 8.0
        kinds = [k for k in ("counted", "stopped", "closed") if any(s[0] == k for s in self.spans)]
        entries = [(k, self.words(f"picture.{k}")) for k in kinds]
        entries += [("gap", self.words("picture.gap"))] if self.gaps else []
        entries += [("cited", self.words("drawn.cited"))] if any(e[3] for e in self.events) else []
        for role, said in entries:
            c.box(x, y - 9, 16, 11, role, "soft")
            c.text(x + 21, y, said, size=_SMALL)
            x += 21 + width_of(said, _SMALL) * 1.05 + 18

    def said(self) -> str:
        """The picture in words."""
        w = self.words
        parts = [f"{p.text}: {w.instant(self.local(p.at).isoformat())}" for p in self.points]
        parts += [w("count.events", len(self.events))]
        parts += [w("picture.left_out", self.left_out)] if self.left_out else []
        return "; ".join(parts)

    def local(self, t: float) -> datetime:
        """An instant on the clocks of the zone."""
        return datetime.fromtimestamp(t, self.zone)


class _Strip:
    """One stretch of time with its rows."""

    def __init__(self, line: _Line, lo: float, hi: float, said: str) -> None:
        self.line, self.said = line, said
        pad = (hi - lo) * 0.02
        self.lo, self.hi = lo - pad, hi + pad
        self.badges = self._badges()
        w = line.words
        self.rows: list[tuple[str, Callable[[Canvas, float], None]]] = []
        self.rows += [(name, self._clock(spans)) for name, spans in line.clocks]
        for name, stretches in line.values.items():
            self.rows.append((name, self._segments(stretches, "value")))
        for name, stretches in line.states.items():
            self.rows.append((name, self._segments(stretches, "state", said=False)))
        if any(self._inside(a, b) for a, b in line.gaps):
            self.rows.append((w("picture.gap"), self._gaps))
        self.points = [p for p in line.points if self.lo <= p.at <= self.hi]
        self.flags = 15.0 * len(self.points)
        self.top = self.flags + 4
        most = max((b.lane for b in self.badges), default=-1) + 1
        self.foot = self.top + _ROW * len(self.rows) + (most * 17 + 8 if most else 0)
        self.height = self.foot + 34

    def _x(self, t: float) -> float:
        return _LEFT + (min(max(t, self.lo), self.hi) - self.lo) / (self.hi - self.lo) * (_RIGHT - _LEFT)

    def _inside(self, a: float | None, b: float | None) -> bool:
        return (a is None or a < self.hi) and (b is None or b > self.lo)

    def _badges(self) -> list[_Badge]:
        """The numbers of the events, beside or beneath each other; where too many fall on one place, the first and the last."""
        crowds: list[list[_Badge]] = []
        for n, at, until, cited in self.line.events:
            if at is None or not self.lo <= at <= self.hi:
                continue
            x = self._x(at)
            to = self._x(until) if until is not None else x
            if not crowds or x - crowds[-1][0].x >= _BADGE:
                crowds.append([])
            crowds[-1].append(_Badge(x, to, str(n), cited, 0))
        ends: list[float] = []
        out = []
        for crowd in crowds:
            for badge in _gathered(crowd):
                half = badge.width / 2
                lane = next((i for i, end in enumerate(ends) if end <= badge.x - half), len(ends))
                ends[lane : lane + 1] = [badge.x + half + 1]
                out.append(badge._replace(lane=lane))
        return out

    def draw(self, c: Canvas, y: float) -> None:
        """Draw it from a height down."""
        self._axis(c, y)
        for i, (name, draw_row) in enumerate(self.rows):
            at = y + self.top + _ROW * i
            c.text(_LEFT - 8, at + 14, fitted(name, _LEFT - 12, _SMALL), anchor="right", size=_SMALL)
            draw_row(c, at)
        under = y + self.top + _ROW * len(self.rows)
        if self.badges:
            said = fitted(self.line.words("picture.events"), _LEFT - 12, _SMALL)
            c.text(_LEFT - 8, under + 17, said, anchor="right", size=_SMALL)
        for b in self.badges:
            place = under + 5 + 17 * b.lane
            c.line([b.x, b.x], [under, place], "soft", 0.6)
            if b.to > b.x:
                c.line([b.x, b.to], [place + 7.5, place + 7.5], "soft", 2.0, (0, (2, 1)))
        for b in self.badges:
            place = under + 5 + 17 * b.lane
            c.box(b.x - b.width / 2, place, b.width, 15, "cited" if b.cited else "paper", "ink")
            c.text(
                b.x,
                place + 11,
                b.text,
                anchor="center",
                size=9,
                colour="paper" if b.cited else "ink",
                bold=b.cited,
            )
        self._flags(c, y, under)

    # ---------------------------------------------------------------- rows
    def _clock(
        self, spans: Sequence[tuple[str, float | None, float | None]]
    ) -> Callable[[Canvas, float], None]:
        def draw(c: Canvas, y: float) -> None:
            for kind, a, b in spans:
                if a is not None and b is not None and b > a and self._inside(a, b):
                    c.box(self._x(a), y + 2, max(self._x(b) - self._x(a), 0.5), _ROW - 5, kind, "soft")

        return draw

    def _gaps(self, c: Canvas, y: float) -> None:
        for a, b in self.line.gaps:
            if self._inside(a, b):
                self._box(c, y, a, b, "gap")

    def _segments(
        self, stretches: Sequence[tuple[str, float | None, float | None]], role: str, *, said: bool = True
    ) -> Callable[[Canvas, float], None]:
        def draw(c: Canvas, y: float) -> None:
            for text, a, b in stretches:
                if not self._inside(a, b):
                    continue
                x, wide = self._box(c, y, a, b, role)
                if said and (wide > 40 or width_of(text[:40], _SMALL) + 6 < wide):
                    c.text(x + 4, y + 14, fitted(text, wide - 6, _SMALL), size=_SMALL, bold=True)

        return draw

    def _box(self, c: Canvas, y: float, a: float | None, b: float | None, role: str) -> tuple[float, float]:
        x = self._x(self.lo if a is None else a)
        wide = max(self._x(self.hi if b is None else b) - x, 1.5)
        c.box(x, y + 2, wide, _ROW - 5, role, "soft")
        return x, wide

    def _flags(self, c: Canvas, y: float, foot: float) -> None:
        """Due and done: a line through the rows, and a flag with the instant above."""
        for i, (role, at, text, dash) in enumerate(self.points):
            x, over = self._x(at), y + 15 * i
            c.line([x, x], [over, foot + 3], role, 1.8, dash)
            said = f"{text} {self.line.local(at):%Y-%m-%d %H:%M:%S}"
            wide = width_of(said, _SMALL) * 1.1
            left = x + 5 + wide < WIDTH
            c.box(x + 3 if left else x - 3 - wide, over, wide, 12, "paper")
            c.text(
                x + (5 if left else -5),
                over + 9,
                said,
                anchor="left" if left else "right",
                colour=role,
                size=_SMALL,
                bold=True,
            )

    # ---------------------------------------------------------------- axis
    def _axis(self, c: Canvas, y: float) -> None:
        foot = y + self.foot
        c.line([_LEFT, _RIGHT], [foot, foot], "soft", 1.0)
        before = ""
        for t, by_day in self._ticks():
            x, at = self._x(t), self.line.local(t)
            c.line([x, x], [y + self.top, foot + 4], "grid", 0.7)
            day = f"{at:%Y-%m-%d}"
            said = [
                (day if by_day else f"{at:%H:%M}", 15),
                *([(day, 27)] if not by_day and day != before else []),
            ]
            for text, under in said:
                # At the end of the axis a label moves in, so that all of it is in the picture.
                middle = min(x, WIDTH - 2 - width_of(text, _SMALL) / 2)
                c.text(middle, foot + under, text, anchor="center", size=_SMALL, colour="soft")
            before = day
        c.text(
            _LEFT - 8,
            foot + 15,
            fitted(self.said, _LEFT - 12, _SMALL),
            anchor="right",
            size=_SMALL,
            colour="soft",
        )

    def _ticks(self) -> list[tuple[float, bool]]:
        """Round instants of the wall clock, at most eight; and whether they are whole days."""
        length = self.hi - self.lo
        step = next((s for s in _STEPS if length / s <= 8), None)
        if step is not None:
            shift = (self.line.local(self.lo).utcoffset() or timedelta()).total_seconds()
            first = -int(-(self.lo + shift) // step)
            return [(n * step - shift, False) for n in range(first, int((self.hi + shift) // step) + 1)]
        days = next((d for d in _DAYS if length / 86_400 / d <= 7), _DAYS[-1])
        day = self.line.local(self.lo).replace(hour=0, minute=0, second=0, microsecond=0)
        out: list[tuple[float, bool]] = []
        # The next midnight, not the next 24 hours: clocks change.
        while (day := (day + timedelta(days=1 if not out else days))).timestamp() <= self.hi:
            out.append((day.timestamp(), True))
        return out


def _t(text: str | None) -> Any:
    return datetime.fromisoformat(text).timestamp() if text is not None else None


def _once(rows: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    out: list[Mapping[str, Any]] = []
    for row in rows:
        if row not in out:
            out.append(row)
    return out


def _gathered(crowd: list[_Badge]) -> list[_Badge]:
    """The events at one place, more than a crowd of them as one badge: those that decide, and the others."""
    if len(crowd) <= _CROWD:
        return crowd
    out = []
    for cited in (True, False):
        some = [b for b in crowd if b.cited is cited]
        if len(some) > 2:
            some = [some[0]._replace(text=f"{some[0].text}…{some[-1].text}", to=max(b.to for b in some))]
        out += some
    return out


def _grouped(
    rows: Sequence[Mapping[str, Any]], by: str, said: Callable[[Mapping[str, Any]], str]
) -> dict[str, list[tuple[str, float | None, float | None]]]:
    out: dict[str, list[tuple[str, float | None, float | None]]] = {}
    for row in rows:
        out.setdefault(str(row[by]), []).append((said(row), _t(row["from"]), _t(row["to"])))
    return out
