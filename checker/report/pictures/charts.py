"""The charts of a report: compliance by month, time taken against the limit, breaches by weekday and hour, margins.

Each function gives None where there is nothing to draw. `key` begins the names in the picture; no two in a page may share one. Numbers
stand beside what is drawn, and the words of `desc` say the same to who does not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log2
from typing import Final

from checker.report.model import Bin, Conclusion, Curve, Hours, Month
from checker.report.pictures.canvas import Canvas, Picture, drawing, fitted, width_of
from checker.report.pictures.palette import HEAT, LINES, Look
from checker.report.words import Words

WIDTH: Final = 720
MOST_MONTHS: Final = 24
"""Months in a picture: the last ones; the words beneath say how many there are before."""
MOST_CLAUSES: Final = 20
"""Clauses in a picture of months: those with the most breaches."""
MOST_CURVES: Final = 6
_SMALL: Final = 10.0
_DRAWN: Final = ("met", "breached", "undetermined")
_DASHES: Final = ("solid", (0, (6, 2)), (0, (2, 2)), (0, (8, 2, 2, 2)), (0, (4, 4)), (0, (1, 1)))


# --------------------------------------------------------------------------- by month
def months(
    found: Sequence[Month], words: Words, key: str, title: str, look: Look = "light"
) -> Picture | None:
    """Verdicts of each month as columns: met, breached, undetermined; over each, what part of the decided was met."""
    shown = found[-MOST_MONTHS:]
    tallest = max((sum(m.counts[v] for v in _DRAWN) for m in shown), default=0)
    if not tallest:
        return None
    left, top, high, foot = 56.0, 46.0, 150.0, 48.0
    height = int(top + high + foot)
    ticks = _ticks(tallest)
    scale = high / ticks[-1]
    step = (WIDTH - left - 8) / len(shown)
    wide = min(step * 0.7, 64.0)

    def draw(c: Canvas) -> None:
        _legend(c, left, 12, [(v, words(f"verdict.{v}")) for v in _DRAWN])
        for n in ticks:
            y = top + high - n * scale
            c.line([left, WIDTH - 8], [y, y], "grid", 0.7)
            c.text(left - 6, y + 4, words.number(n), anchor="right", colour="soft", size=_SMALL)
        for i, m in enumerate(shown):
            middle = left + step * (i + 0.5)
            y = top + high
            for v in _DRAWN:
                tall = m.counts[v] * scale
                if tall:
                    c.box(middle - wide / 2, y - tall, wide, tall, v, "paper")
                y -= tall
            said = words.percent(_met(m), 0 if step < 44 else 1)
            c.text(middle, y - 5, said, anchor="center", bold=step >= 44, size=_SMALL if step >= 34 else 8)
            if _labelled(i, len(shown), step, 52):
                c.text(middle, top + high + 16, m.month, anchor="center", size=_SMALL)
        c.line([left, WIDTH - 8], [top + high] * 2, "soft", 1.0)
        if len(found) > len(shown):
            c.text(
                left, height - 8, words("drawn.before", len(found) - len(shown)), colour="soft", size=_SMALL
            )
        c.text(WIDTH - 8, height - 8, words("drawn.above"), anchor="right", colour="soft", size=_SMALL)

    desc = "; ".join(
        words(
            "drawn.month",
            month=words.month(m.month),
            rate=words.percent(_met(m)),
            **{v: words.number(m.counts[v]) for v in _DRAWN},
        )
        for m in shown
    )
    return drawing(WIDTH, height, draw).picture(key, title, desc, look)


def months_by_clause(
    found: Sequence[Conclusion], words: Words, key: str, title: str, look: Look = "light"
) -> Picture | None:
    """What part was met, by clause and month: the clauses with the most breaches, in the order of the contract."""
    with_breaches = [c for c in found if any(m.counts["breached"] for m in c.pictures.months)]
    worst = sorted(with_breaches, key=lambda c: -c.counts["breached"])[:MOST_CLAUSES]
    shown = [c for c in with_breaches if any(c is w for w in worst)]
    names = sorted({m.month for c in shown for m in c.pictures.months})[-12:]
    if not shown:
        return None
    left, top, row = 236.0, 34.0, 24.0
    step = min((WIDTH - left - 8) / len(names), 110.0)
    height = int(top + row * len(shown) + 46)

    def draw(c: Canvas) -> None:
        for i, name in enumerate(names):
            c.text(
                left + step * (i + 0.5),
                top - 8,
                name if step >= 50 else name[2:],
                anchor="center",
                size=_SMALL,
            )
        for n, clause in enumerate(shown):
            y = top + row * n
            c.text(left - 8, y + 16, _tail(clause.clause, left - 12), anchor="right", size=_SMALL)
            cells = {m.month: m for m in clause.pictures.months}
            for i, name in enumerate(names):
                x = left + step * i
                m = cells.get(name)
                decided = m.counts["met"] + m.counts["breached"] if m else 0
                if m is None or not decided:
                    c.box(x + 1, y + 1, step - 2, row - 2, "wash")
                    c.text(x + step / 2, y + 16, words("none"), anchor="center", colour="soft", size=_SMALL)
                    continue
                missed = m.counts["breached"]
                heat = HEAT[min(3, missed * 4 // decided)] if missed else "wash"
                c.box(x + 1, y + 1, step - 2, row - 2, heat)
                said = words.percent(_met(m), 0)
                if missed and step >= 60:
                    said += f" {words('sign.breached')}{words.number(missed)}"
                c.text(
                    x + step / 2,
                    y + 16,
                    said,
                    anchor="center",
                    size=_SMALL,
                    colour=_over(heat),
                    bold=bool(missed),
                )
        y = top + row * len(shown) + 16
        if step >= 60:
            c.text(left, y, words("drawn.cell", sign=words("sign.breached")), colour="soft", size=_SMALL)
        if len(with_breaches) > len(shown):
            c.text(
                left,
                y + 16,
                words("drawn.clauses_more", len(with_breaches) - len(shown)),
                colour="soft",
                size=_SMALL,
            )

    desc = "; ".join(
        words(
            "drawn.clause",
            clause=c.clause,
            rate=words.percent(c.rate.rate),
            breached=words.number(c.counts["breached"]),
        )
        for c in shown
    )
    return drawing(WIDTH, height, draw).picture(key, title, desc, look)


# --------------------------------------------------------------------------- time against the limit
def curves(
    found: Sequence[tuple[str, Curve]], words: Words, key: str, title: str, look: Look = "light"
) -> Picture | None:
    """The share of acts done within a part of the limit, a curve for each name; at most MOST_CURVES of them, the first ones."""
    shown = [(name, curve) for name, curve in found if curve.acts][:MOST_CURVES]
    if not shown:
        return None
    left, top, high = 56.0, 20.0 + 20 * len(shown), 190.0
    right = WIDTH - 16.0
    some_not_drawn = any(curve.decided > curve.acts for _, curve in shown)
    height = int(top + high + 54 + 16 * some_not_drawn)
    last = max(p.percent for _, curve in shown for p in curve.points)
    span = _stretched(last)

    def x_of(percent: float) -> float:
        return left + _stretched(percent) / span * (right - left)

    def draw(c: Canvas) -> None:
        for i in range(5):
            y = top + high * (1 - i / 4)
            c.line([left, right], [y, y], "grid", 0.7)
            c.text(left - 6, y + 4, words.percent(i / 4, 0), anchor="right", colour="soft", size=_SMALL)
        for percent in (0, 25, 50, 75, 100, 125, 150, 200, 300, 500, 1000):
            if percent <= last:
                c.line([x_of(percent)] * 2, [top + high, top + high + 4], "soft", 0.8)
                said = words.percent(percent / 100, 0)
                x = min(x_of(percent), WIDTH - 2 - width_of(said, _SMALL) / 2)
                c.text(x, top + high + 17, said, anchor="center", colour="soft", size=_SMALL)
        c.text(
            (left + right) / 2,
            top + high + 33,
            words("picture.percent_of_limit"),
            anchor="center",
            size=_SMALL,
        )
        if some_not_drawn:
            c.text(left, height - 8, words("drawn.not_drawn"), colour="soft", size=_SMALL)
        if last > 200:
            c.text(
                right, top + high + 46, words("drawn.stretched"), anchor="right", colour="soft", size=_SMALL
            )
        c.line([x_of(100)] * 2, [top - 4, top + high], "due", 1.6, (0, (4, 3)))
        c.text(x_of(100) + 5, top + high - 8, words("picture.limit"), colour="due", size=_SMALL, bold=True)
        c.line([left, right], [top + high] * 2, "soft", 1.0)
        for i, (name, curve) in enumerate(shown):
            xs: list[float] = []
            ys: list[float] = []
            for point in curve.points:
                # What took at most so much is known at the point alone: the curve is flat up to it.
                y = top + high * (1 - point.done / curve.acts)
                if xs:
                    xs.append(x_of(point.percent))
                    ys.append(ys[-1])
                xs.append(x_of(point.percent))
                ys.append(y)
            c.line(xs, ys, LINES[i], 2.0, _DASHES[i])
            y = 14 + 20.0 * i
            c.line([left, left + 30], [y - 4, y - 4], LINES[i], 2.0, _DASHES[i])
            said = _within(curve, words)
            c.text(right, y, said, anchor="right", size=_SMALL, bold=True)
            c.text(left + 38, y, fitted(name, right - left - 50 - width_of(said, _SMALL) * 1.1))

    desc = "; ".join(f"{name}: {_within(curve, words)}" for name, curve in shown)
    return drawing(WIDTH, height, draw).picture(key, title, desc, look)


def _within(curve: Curve, words: Words) -> str:
    done = max((p.done for p in curve.points if p.percent <= 100), default=0)
    said = words(
        "drawn.within",
        within=words.number(done),
        acts=words.number(curve.acts),
        share=words.percent(done / curve.acts),
    )
    rest = curve.decided - curve.acts
    return f"{said}; {words('drawn.rest', rest)}" if rest > 0 else said


def _stretched(percent: float) -> float:
    """Twice the limit and beyond take the less room the further off they are."""
    return percent if percent <= 200 else 200 + 40 * log2(percent / 200)


# --------------------------------------------------------------------------- by weekday and hour
def hours(found: Hours, words: Words, key: str, title: str, look: Look = "light") -> Picture | None:
    """Breaches by weekday and hour, the number in each cell, and the sums at the sides."""
    most = max((n for row in found.breaches for n in row), default=0)
    if not most:
        return None
    left, top, row = 54.0, 24.0, 23.0
    step = (WIDTH - left - 52) / 24
    height = int(top + row * 8 + 12)

    def draw(c: Canvas) -> None:
        for hour in range(24):
            c.text(
                left + step * (hour + 0.5), top - 8, f"{hour:02}", anchor="center", colour="soft", size=_SMALL
            )
            n = sum(line[hour] for line in found.breaches)
            said = _narrow(n, words)
            c.text(
                left + step * (hour + 0.5), top + row * 7 + 18, said, anchor="center", colour="soft", size=9
            )
        for day, line in enumerate(found.breaches):
            y = top + row * day
            c.text(left - 8, y + 16, words(f"weekday_short.{day}"), anchor="right", size=_SMALL)
            for hour, n in enumerate(line):
                heat = HEAT[min(3, n * 4 // (most + 1))] if n else "wash"
                c.box(left + step * hour + 0.7, y + 0.7, step - 1.4, row - 1.4, heat)
                if n:
                    said = _narrow(n, words)
                    middle = left + step * (hour + 0.5)
                    c.text(
                        middle, y + 15.5, said, anchor="center", colour=_over(heat), size=9, bold=n == most
                    )
            c.text(WIDTH - 4, y + 16, words.number(sum(line)), anchor="right", colour="soft", size=_SMALL)

    day, hour = next((d, h) for d in range(7) for h in range(24) if found.breaches[d][h] == most)
    desc = words(
        "drawn.hours",
        sum(map(sum, found.breaches)),
        day=words(f"weekday.{day}"),
        hour=f"{hour:02}:00",
        most=words.number(most),
    )
    return drawing(WIDTH, height, draw).picture(key, title, desc, look)


def _narrow(n: int, words: Words) -> str:
    """A number in at most four characters; the whole ones stand in the table of who needs them."""
    if n < 10_000:
        return str(n)
    return f"{n // 1000}k" if n < 1_000_000 else f"{n // 1_000_000}M"


# --------------------------------------------------------------------------- margins
def margins(found: Sequence[Bin], words: Words, key: str, title: str, look: Look = "light") -> Picture | None:
    """How many acts had how much time left, or were how late: a bar for each bin, the limit between them."""
    most = max((b.met + b.breached for b in found), default=0)
    if not most:
        return None
    shown = list(reversed(found))
    left, top, row = 176.0, 24.0, 19.0
    room = WIDTH - left - 96
    limit = next((i for i, b in enumerate(shown) if b.to_s is not None and b.to_s <= 0), None)
    height = int(top + row * len(shown) + (16 if limit is not None else 0) + 12)

    def draw(c: Canvas) -> None:
        _legend(c, left, 12, [(v, words(f"verdict.{v}")) for v in ("met", "breached")])
        y = top
        for i, b in enumerate(shown):
            if i == limit:
                c.line([8, WIDTH - 8], [y + 8, y + 8], "due", 1.4, (0, (4, 3)))
                c.text(
                    WIDTH - 8,
                    y + 5,
                    words("picture.limit"),
                    anchor="right",
                    colour="due",
                    size=_SMALL,
                    bold=True,
                )
                y += 16
            c.text(left - 8, y + 14, _bin(b, words), anchor="right", size=_SMALL)
            x = left
            for v, n in (("met", b.met), ("breached", b.breached)):
                wide = n / most * room
                if n:
                    c.box(x, y + 2, max(wide, 1.0), row - 4, v, "paper")
                x += wide
            parts = [
                f"{words(f'sign.{v}')} {words.number(n)}"
                for v, n in (("met", b.met), ("breached", b.breached))
                if n
            ]
            c.text(x + 6, y + 14, "  ".join(parts) or "0", colour="ink" if parts else "soft", size=_SMALL)
            y += row

    desc = "; ".join(
        words("drawn.margin", bin=_bin(b, words), met=words.number(b.met), breached=words.number(b.breached))
        for b in shown
        if b.met or b.breached
    )
    return drawing(WIDTH, height, draw).picture(key, title, desc, look)


def _bin(b: Bin, words: Words) -> str:
    if b.from_s is None:
        return words("picture.up_to", to=words.duration(b.to_s))
    if b.to_s is None:
        return words("picture.from_on", from_=words.duration(b.from_s))
    return words("picture.from_to", from_=words.duration(b.from_s), to=words.duration(b.to_s))


# --------------------------------------------------------------------------- what they share
def _met(m: Month) -> float | None:
    decided = m.counts["met"] + m.counts["breached"]
    return m.counts["met"] / decided if decided else None


def _legend(c: Canvas, x: float, y: float, entries: Sequence[tuple[str, str]]) -> None:
    for role, said in entries:
        c.box(x, y - 9, 16, 11, role, "soft")
        c.text(x + 21, y, said, size=_SMALL)
        x += 21 + width_of(said, _SMALL) * 1.05 + 22


def _over(heat: str) -> str:
    """The colour of text over a colour of heat."""
    return "hot" if heat == "heat4" else "ink"


def _tail(name: str, width: float) -> str:
    """A dotted name as far as it fits: its end says more than its beginning."""
    parts = name.split(".")
    while len(parts) > 1 and width_of("…" + ".".join(parts), _SMALL) > width:
        parts = parts[1:]
    text = ".".join(parts)
    return fitted(text if text == name else "…" + text, width, _SMALL)


def _labelled(i: int, n: int, step: float, needed: float) -> bool:
    """Whether a label has room: every one, or each so many from the last."""
    every = max(1, -int(-needed // step))
    return (n - 1 - i) % every == 0


def _ticks(most: int) -> list[int]:
    """Round whole numbers from 0 to the first that is not below `most`, at most six."""
    step = next(x * 10**k for k in range(30) for x in (1, 2, 5) if most <= 5 * x * 10**k)
    return list(range(0, -(-most // step) * step + 1, step))
