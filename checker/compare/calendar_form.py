"""Calendars of a contract as hours of the week, and whether one holds all that another does.

A calendar is `("calendar", zone, country, windows, less)`; a window is `(day, start, end, save_holidays, hours)`: a day of the week,
seconds of that day (past 86400: of the next), whether it stays shut on holidays, and the facts whose hours replace its own.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from checker.compare.formula import Form

Window = tuple[int, int, int, bool, Form]


def laid_out(windows: Iterable[Window]) -> tuple[Window, ...]:
    """The same hours, written one way: those of a day that touch are one, and what is open on holidays too is not said twice.

    Windows with hours from a fact stand as they are written: what the fact makes of them is not known here.
    """
    given = set(windows)
    out = {w for w in given if w[4]}
    for day in range(7):
        mine = [w for w in given if w[0] == day and not w[4]]
        always = _merged((s, e) for _, s, e, save, _ in mine if not save)
        workdays = _merged((s, e) for _, s, e, save, _ in mine if save)
        out.update((day, s, e, False, ()) for s, e in always)
        out.update((day, s, e, True, ()) for s, e in _outside(workdays, always))
    return tuple(sorted(out, key=repr))


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], end))
        else:
            out.append((start, end))
    return out


def _outside(spans: list[tuple[int, int]], held: list[tuple[int, int]]) -> list[tuple[int, int]]:
    out = []
    for start, end in spans:
        for lo, hi in held:
            if lo < end and hi > start:
                if lo > start:
                    out.append((start, lo))
                start = max(start, hi)
        if start < end:
            out.append((start, end))
    return out


def holds(wide: Form, narrow: Form) -> bool:
    """Whether one calendar is certainly open whenever another is; False where that is not certain."""
    if wide == narrow:
        return True
    _, zone, country, windows, less = wide
    _, other_zone, other_country, others, other_less = narrow
    if not set(less) <= set(other_less):
        return False
    if any(w[4] for w in (*windows, *others)):
        return False
    if zone != other_zone:
        # A day that the agreement closes begins and ends with the zone, even round the clock.
        return False
    if country != other_country and any(w[3] for w in windows):
        return False
    return all(_covered(w, windows) for w in others)


def _covered(window: Window, by: tuple[Window, ...]) -> bool:
    """Whether windows that open on the same day cover one: then what shuts that day shuts both."""
    day, start, end, save, _ = window
    same = [(s, e) for d, s, e, shut, _ in by if d == day and (save or not shut)]
    return not _outside([(start, end)], _merged(same))


def spec_parts(form: Form) -> tuple[Any, Any, tuple[Window, ...]] | None:
    """Zone, country and windows of a calendar that these alone decide; None for any other."""
    _, zone, country, windows, less = form
    return None if less or any(w[4] for w in windows) else (zone, country, windows)


_SET_BACK = 7 * 3600
"""So far clocks were set back at most since 1970, in any zone of the tz database (Antarctica/Vostok, 1994)."""
_WEEK = 7 * 86400


def apart(one: Form, other: Form, names: tuple[Form, Form]) -> bool:
    """Whether two calendars are certainly never open together; False where that is not certain. `names`: references to them.

    A window that closes before another opens reaches into it where the clock is set back in between. So they have to lie further
    apart than any clock was ever set back. What an agreement opens or closes, and holidays, only shut what these hours open.
    """
    if ("calendar", names[1]) in one[4] or ("calendar", names[0]) in other[4]:
        return True
    if one[1] != other[1] or any(w[4] for w in (*one[3], *other[3])):
        return False
    return all(_far(a, b) for a in one[3] for b in other[3])


def _far(a: Window, b: Window) -> bool:
    """Whether two windows of the week lie so far apart."""
    (start, end), (other, others_end) = ((w[0] * 86400 + w[1], w[0] * 86400 + w[2]) for w in (a, b))
    length, others_length = end - start, others_end - other
    after, before = (other - start) % _WEEK, (start - other) % _WEEK
    return after >= length + _SET_BACK and before >= others_length + _SET_BACK
