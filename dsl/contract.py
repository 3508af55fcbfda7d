"""The checked contract: policy as plain data, every name resolved, every unit known.

Interpreter, columnar compiler and comparison read this and nothing else. All values are frozen, hashable and turn into
JSON and back without loss (`dsl.codec`). A node is a value; the only place where a reading can change anything is a
`Line`: its `base`, or, on a reading, what stands instead. One choice of readings therefore makes one ordinary contract.

Instants are terms over events, facts and calendars; conditions are three-valued over a record (true, false, unknown); a
clause is gates in a fixed order and then its sentences.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

from dsl.ir_clauses import (
    AtLeastShare,
    Between,
    Clause,
    Concern,
    Each,
    EachSpan,
    EachStretch,
    Ensure,
    Fitting,
    Forfeit,
    Gate,
    Keep,
    LeavingOut,
    Limit,
    NoLimit,
    OnlyWhere,
    OrInstead,
    Perform,
    Refrain,
    RefusedBy,
    Release,
    SaveFor,
    Sentence,
    SentenceLimit,
    SpanLimit,
    StandsFor,
    Stated,
    Strength,
    SupersededBy,
    TheAgreement,
    ToEach,
    Within,
)
from dsl.ir_conditions import (
    AcrossTickets,
    Among,
    Amount,
    AmountOf,
    Answering,
    Bound,
    CompareAmounts,
    CompareInstants,
    CompareRanks,
    Condition,
    Count,
    During,
    FigureRef,
    Fit,
    Group,
    Holds,
    Including,
    InForce,
    InList,
    InSpan,
    IsOneOf,
    Mentions,
    Number,
    NumberInForce,
    Occurred,
    RecordComplete,
    Recorded,
    Restriction,
    RoundedUp,
    Rows,
    SameAs,
    SamePeriod,
    SameValue,
    Share,
    SizeOf,
    Sum,
    TimeIn,
    Total,
    UnderWay,
    When,
    WithinOf,
)
from dsl.ir_definitions import (
    AllOf,
    Ambiguity,
    AttributeDef,
    ButWhere,
    CalendarDef,
    Citation,
    ConditionDef,
    CourseDef,
    EachFrom,
    EachUnit,
    EarlierBinds,
    Entries,
    EntryOf,
    EventDef,
    FactDef,
    FigureDef,
    ForEach,
    FromTable,
    FromUntil,
    HolidaysOf,
    HoursFrom,
    Items,
    KeptIn,
    Less,
    ListDef,
    Means,
    MeansAmount,
    MeansMoment,
    MomentDef,
    Named,
    NotCured,
    NotOnRecord,
    OnceIsEnough,
    OnFall,
    OnRise,
    PeriodDef,
    Rolling,
    RoundTheClock,
    StateDef,
    Where,
    While,
    WindowLine,
    ZoneOf,
)
from dsl.ir_terms import (
    Alternative,
    AttributeAsOf,
    AttributeOf,
    Boundary,
    Clock,
    Counting,
    DateConstant,
    DateOf,
    EntryBy,
    EventRow,
    Extreme,
    FactRow,
    FactValue,
    Instant,
    It,
    Length,
    Line,
    MomentRef,
    Now,
    OccasionRow,
    Pick,
    Scalar,
    Shift,
    Unit,
    UnitOf,
    Value,
)


@dataclass(frozen=True, slots=True)
class WordOfEvent:
    """What the vocabulary says of an event that the contract uses: its level, its attributes and their types, and the
    records (logs) without which its absence proves nothing."""

    name: str
    level: Literal["ticket", "agreement"]
    attributes: tuple[tuple[str, str], ...]
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceText:
    """The text that the contract encodes: file name, number of lines, SHA-256 of its bytes."""

    file: str
    lines: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the text and the dates on which it is in force (inclusive; None: open)."""

    name: str
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Contract:
    """A checked contract. Definitions are keyed by name and sorted; their order never matters."""

    language: int
    name: str
    title: str
    source: SourceText | None
    law: str
    zone: str | FactValue
    country: str | FactValue
    parties: tuple[tuple[str, str], ...]
    version: Version | None
    ambiguities: tuple[Ambiguity, ...]
    attributes: tuple[AttributeDef, ...]
    lists: tuple[ListDef, ...]
    calendars: tuple[CalendarDef, ...]
    events: tuple[EventDef, ...]
    states: tuple[StateDef, ...]
    facts: tuple[FactDef, ...]
    periods: tuple[PeriodDef, ...]
    moments: tuple[MomentDef, ...]
    figures: tuple[FigureDef, ...]
    conditions: tuple[ConditionDef, ...]
    courses: tuple[CourseDef, ...]
    clauses: tuple[Clause, ...]
    words: tuple[WordOfEvent, ...]


__all__ = [
    "AcrossTickets",
    "AllOf",
    "Alternative",
    "Ambiguity",
    "Among",
    "Amount",
    "AmountOf",
    "Answering",
    "AtLeastShare",
    "AttributeAsOf",
    "AttributeDef",
    "AttributeOf",
    "Between",
    "Bound",
    "Boundary",
    "ButWhere",
    "CalendarDef",
    "Citation",
    "Clause",
    "Clock",
    "CompareAmounts",
    "CompareInstants",
    "CompareRanks",
    "Concern",
    "Condition",
    "ConditionDef",
    "Contract",
    "Count",
    "Counting",
    "CourseDef",
    "DateConstant",
    "DateOf",
    "During",
    "Each",
    "EachFrom",
    "EachSpan",
    "EachStretch",
    "EachUnit",
    "EarlierBinds",
    "Ensure",
    "Entries",
    "EntryBy",
    "EntryOf",
    "EventDef",
    "EventRow",
    "Extreme",
    "FactDef",
    "FactRow",
    "FactValue",
    "FigureDef",
    "FigureRef",
    "Fit",
    "Fitting",
    "ForEach",
    "Forfeit",
    "FromTable",
    "FromUntil",
    "Gate",
    "Group",
    "Holds",
    "HolidaysOf",
    "HoursFrom",
    "InForce",
    "InList",
    "InSpan",
    "Including",
    "Instant",
    "IsOneOf",
    "It",
    "Items",
    "Keep",
    "KeptIn",
    "LeavingOut",
    "Length",
    "Less",
    "Limit",
    "Line",
    "ListDef",
    "Means",
    "MeansAmount",
    "MeansMoment",
    "Mentions",
    "MomentDef",
    "MomentRef",
    "Named",
    "NoLimit",
    "NotCured",
    "NotOnRecord",
    "Now",
    "Number",
    "NumberInForce",
    "OccasionRow",
    "Occurred",
    "OnFall",
    "OnRise",
    "OnceIsEnough",
    "OnlyWhere",
    "OrInstead",
    "Perform",
    "PeriodDef",
    "Pick",
    "RecordComplete",
    "Recorded",
    "Refrain",
    "RefusedBy",
    "Release",
    "Restriction",
    "Rolling",
    "RoundTheClock",
    "RoundedUp",
    "Rows",
    "SameAs",
    "SamePeriod",
    "SameValue",
    "SaveFor",
    "Scalar",
    "Sentence",
    "SentenceLimit",
    "Share",
    "Shift",
    "SizeOf",
    "SourceText",
    "SpanLimit",
    "StandsFor",
    "StateDef",
    "Stated",
    "Strength",
    "Sum",
    "SupersededBy",
    "TheAgreement",
    "TimeIn",
    "ToEach",
    "Total",
    "UnderWay",
    "Unit",
    "UnitOf",
    "Value",
    "Version",
    "When",
    "Where",
    "While",
    "WindowLine",
    "Within",
    "WithinOf",
    "WordOfEvent",
    "ZoneOf",
]
