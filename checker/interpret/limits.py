"""The limits of a sentence, evaluated; and what a sentence comes to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from checker.interpret import events, moments
from checker.interpret.possible import NO_CAUSE, Causes, Moment, earliest
from checker.interpret.verdicts import Verdict
from checker.interpret.world import Frame, World
from checker.record.model import Value
from dsl import contract as ir

Verdicts = frozenset[Verdict]


class Origin(NamedTuple):
    """A limit that follows an attribute: the clause that sets it, its length and clock, from when it runs, until when."""

    clause: str
    length: ir.Length
    clock: ir.Clock
    start: Moment
    due: Moment


class Said(NamedTuple):
    """What a sentence comes to on one occasion.

    `verdicts`: those still possible (one, if it is decided). `due` and `done`: moments, where there are any. `clock`:
    the clock on which the margin is measured; `measured`: whether there is a margin at all. `reason`: why, in a few
    words; `notes`: what a reader has to know about the limit. `origins`: where several limits bind together, the clause's own
    and the older ones.
    """

    verdicts: Verdicts
    reason: str
    causes: Causes = NO_CAUSE
    due: Moment | None = None
    done: Moment | None = None
    clock: ir.Clock | None = None
    start: Moment | None = None
    measured: bool = True
    notes: tuple[str, ...] = ()
    origins: tuple[Origin, ...] = ()


@dataclass(slots=True)
class Limits:
    """The limits of a sentence, evaluated: bounds in time, and what else it takes."""

    lower: list[tuple[str, Moment]]
    upper: list[tuple[str, Moment]]
    restrictions: list[events.Restriction]
    only: list[ir.Condition]
    refused: tuple[str, ...] = ()
    instead: list[ir.Rows] = field(default_factory=list)
    clock: ir.Clock | None = None
    start: Moment | None = None
    explicit_lower: bool = False
    save_for: list[str] = field(default_factory=list)
    leaving_out: list[ir.LeavingOut] = field(default_factory=list)
    share: ir.AtLeastShare | None = None
    to_each: ir.ToEach | None = None

    def carrying(self, attribute: str, value: Value) -> Limits:
        """The same limits for an act that carries a value."""
        return replace(self, restrictions=[*self.restrictions, events.Carrying(attribute, value)])

    @property
    def meant(self) -> list[ir.Fit | events.Carrying]:
        """What tells the acts that the sentence means from others of their kind, whenever they come."""
        return [
            r
            for r in self.restrictions
            if isinstance(r, ir.SameAs | ir.Including | ir.Answering | events.Carrying)
        ]

    @property
    def due(self) -> Moment | None:
        """The last instant allowed: the earliest of the upper bounds, one second earlier where it is strict."""
        if not self.upper:
            return None
        return earliest(inclusive(r, m) for r, m in self.upper)


def as_written(done: Moment | None) -> str:
    """The stamp of an act that is not known to the second, as the record has it."""
    if done is None or done.exact or done.event is None:
        return ""
    return f' (recorded as "{done.event.stamp}")'


def inclusive(relation: str, moment: Moment) -> Moment:
    """The last instant that a bound allows: one second earlier where it is strict."""
    return moment._replace(edge=True, event=None).last_second if relation == "before" else moment.last_second


def limits_of(world: World, lines: tuple[ir.Line[ir.SentenceLimit], ...], frame: Frame) -> Limits:
    """Evaluate the limits of a sentence."""
    out = Limits([], [], [], [])
    for x in world.lines(lines):
        if isinstance(x, ir.Within):
            out.start = moments.moment(world, x.of, frame)
            out.upper.append(("no-later", moments.shifted(world, x.length, False, out.start, x.clock, frame)))
            out.clock = x.clock
        elif isinstance(x, ir.Limit):
            moment = moments.moment(world, x.moment, frame)
            (out.upper if x.relation in ("before", "no-later") else out.lower).append((x.relation, moment))
        elif isinstance(x, ir.SpanLimit):
            out.restrictions.append(ir.InSpan(x.name, x.kind, x.inside))
        elif isinstance(x, ir.Between):
            out.lower.append(("no-sooner", moments.moment(world, x.start, frame)))
            out.upper.append(("before", moments.moment(world, x.end, frame)))
        elif isinstance(x, ir.Fitting):
            out.restrictions.append(x.fit)
        elif isinstance(x, ir.ToEach):
            out.to_each = x
        elif isinstance(x, ir.OnlyWhere):
            out.only.append(x.condition)
        elif isinstance(x, ir.RefusedBy):
            out.refused += x.events
        elif isinstance(x, ir.OrInstead):
            out.instead.append(x.rows)
        elif isinstance(x, ir.SaveFor):
            out.save_for.append(x.state)
        elif isinstance(x, ir.LeavingOut):
            out.leaving_out.append(x)
        elif isinstance(x, ir.AtLeastShare):
            out.share = x
    out.explicit_lower = bool(out.lower)
    return out
