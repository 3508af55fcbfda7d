"""Rows that belong to one ticket, and what becomes of them when some are faulty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from checker.record.collect import Collector
from checker.record.flaws import Flaw
from checker.record.model import Place, SetAside


def refuse_rows(
    into: Collector, ticket: str, rows: Sequence[Place], flaws: Sequence[tuple[Place, Flaw]]
) -> None:
    """Set a ticket aside as a whole, because some of its rows are faulty: each row is accounted for once.

    A history that lacks a row may show the opposite of what happened, so the sound rows are left out too.
    `rows` are all rows of the ticket, `flaws` the faulty ones with their places, at most one each.
    """
    for i, (place, flaw) in enumerate(flaws):
        into.put_aside(flaw.set_aside(place, ticket=ticket, whole=i == 0))
    faulty = {place for place, _ in flaws}
    sound = [place for place in rows if place not in faulty]
    if sound:
        first = flaws[0][0]
        here = first.file == sound[0].file and first.line is not None
        reason = "a row of a ticket that is set aside for"
        if here:
            reason += f" line {first.line}" + (f", {first.within}" if first.within else "")
        said = SetAside(sound[0], "ticket", f'"{ticket}"', reason, "repair that row", len(sound), ticket)
        into.put_aside(said if here else replace(said, other=first))
