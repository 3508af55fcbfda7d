"""What a clause takes from its contract as a whole: the zone, where something in it is of local days, and the law and the country, where
a term is counted by the law. What takes neither is the same whatever the contract says of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from checker.interpret.book import Book
from dsl import contract as ir
from dsl.naming import named, parts

_NOWHERE: Final = frozenset(
    {
        *(ir.Alternative, ir.Line, ir.Citation, ir.Clause, ir.Gate, ir.SupersededBy),
        # Instants and clocks; a calendar names its place in its own form (see `Normal`). Of lengths see below.
        *(ir.It, ir.Now, ir.Pick, ir.MomentRef, ir.Extreme, ir.Shift, ir.Clock, ir.Length, ir.MomentDef),
        *(ir.MeansMoment, ir.ButWhere, ir.CalendarDef, ir.WindowLine, ir.RoundTheClock, ir.AllOf, ir.Less),
        *(ir.HoursFrom, ir.ZoneOf, ir.HolidaysOf),
        # Values and rows.
        *(ir.EventRow, ir.OccasionRow, ir.AttributeOf, ir.AttributeAsOf, ir.FactValue, ir.EntryBy, ir.Rows),
        *(ir.When, ir.WithinOf, ir.InSpan, ir.SameAs, ir.Including, ir.Answering, ir.AcrossTickets),
        *(ir.AttributeDef, ir.ListDef, ir.Items, ir.KeptIn, ir.EventDef, ir.Means, ir.Where, ir.StateDef),
        *(ir.FromUntil, ir.While, ir.ForEach),
        # Amounts.
        *(ir.Number, ir.AmountOf, ir.Count, ir.Total, ir.TimeIn, ir.SizeOf, ir.UnderWay, ir.Share, ir.Sum),
        *(ir.RoundedUp, ir.Bound, ir.FigureRef, ir.FigureDef, ir.MeansAmount, ir.FromTable, ir.NotOnRecord),
        # Conditions.
        *(ir.IsOneOf, ir.InList, ir.SameValue, ir.Among, ir.Mentions, ir.Recorded, ir.CompareInstants),
        *(ir.During, ir.CompareAmounts, ir.CompareRanks, ir.Occurred, ir.RecordComplete, ir.Holds, ir.Group),
        *(ir.ConditionDef,),
        # Occasions, courses, sentences, limits.
        *(ir.Each, ir.EachStretch, ir.EachSpan, ir.CourseDef, ir.OnRise, ir.OnFall, ir.EarlierBinds),
        *(ir.NotCured, ir.OnceIsEnough, ir.Perform, ir.Refrain, ir.Keep, ir.Ensure, ir.Release, ir.Forfeit),
        *(ir.StandsFor, ir.Stated, ir.Within, ir.Limit, ir.SpanLimit, ir.Between, ir.OnlyWhere, ir.RefusedBy),
        *(ir.OrInstead, ir.SaveFor, ir.LeavingOut, ir.NoLimit, ir.Fitting, ir.ToEach),
    }
)
"""Nodes for which it does not matter where the contract is. What is not named here, such as a date, a period, or an entry of the agreement
that begins on one, is taken to be of local days.
"""
_OF_SECONDS: Final = ("elapsed", "clock", "working")
"""Ways of counting that ask for no place, or only for that of their calendar."""


class Asked:
    """What the clauses of one contract take from it."""

    def __init__(self, book: Book) -> None:
        blocks: dict[str, Mapping[str, object]] = {
            "attribute": book.attributes,
            "calendar": book.calendars,
            "clause": book.clauses,
            "condition": book.conditions,
            "course": book.courses,
            "event": book.events,
            "fact": book.facts,
            "figure": book.figures,
            "list": book.lists,
            "moment": book.moments,
            "period": book.periods,
            "state": book.states,
        }
        # Words of the vocabulary, readings and parties are not defined by the contract, and of no place.
        self._defined = {(kind, name): d for kind, block in blocks.items() for name, d in block.items()}
        version = book.contract.version
        # The dates of a version are days, too.
        self._dated = version is not None and (version.start or version.end) is not None
        self._known: dict[str, tuple[bool, bool]] = {}

    def of(self, clause: str) -> tuple[bool, bool]:
        """Whether a clause, or what it names on any reading, is of local days of the contract's zone; and whether of terms of its law."""
        known = self._known.get(clause)
        if known is None:
            known = self._known[clause] = self._found(clause)
        return known

    def _found(self, clause: str) -> tuple[bool, bool]:
        local, legal = self._dated, False
        queue, seen = [("clause", clause)], {("clause", clause)}
        while queue:
            node = self._defined.get(queue.pop(), ())
            for part in parts(node):
                local |= type(part) not in _NOWHERE
                if isinstance(part, ir.Length) and part.counting not in _OF_SECONDS:
                    local = True
                    legal |= part.counting == "legal"
            for name in named(node):
                if name not in seen:
                    seen.add(name)
                    queue.append(name)
        return local, legal
