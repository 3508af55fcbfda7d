"""Parts of a checked contract in words: the same words that the language uses, for reasons and explanations."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from dsl import contract as ir

_RELATION = {"before": "before", "after": "after", "no-later": "no later than", "no-sooner": "no sooner than"}
_AMOUNT = {
    "at-most": "at most",
    "at-least": "at least",
    "more": "more than",
    "less": "less than",
    "exactly": "exactly",
}
_TIMES = ("second", "minute", "hour", "day", "week", "month", "quarter", "year")
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def scalar(value: ir.Scalar) -> str:
    """A value as the language writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def shown(value: object) -> str:
    """A recorded value: yes and no for booleans, a list with commas."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(shown(v) for v in value) if isinstance(value, list) else str(value)


def duration(seconds: int | None) -> str:
    """Seconds as `2 h 5 min 10 s`; None is not known."""
    if seconds is None:
        return "not known"
    sign, rest = ("-", -seconds) if seconds < 0 else ("", seconds)
    days, rest = divmod(rest, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, secs = divmod(rest, 60)
    figures = ((days, "d"), (hours, "h"), (minutes, "min"), (secs, "s"))
    return sign + (" ".join(f"{n} {unit}" for n, unit in figures if n) or "0 s")


def choice(values: Iterable[ir.Scalar]) -> str:
    """One value, or `one of a, b`."""
    texts = [scalar(v) for v in values]
    return texts[0] if len(texts) == 1 else f"one of {', '.join(texts)}"


def of_day(seconds: int) -> str:
    """Seconds of the day as 17:30."""
    return f"{seconds // 3600:02d}:{seconds % 3600 // 60:02d}"


def value(v: ir.Value) -> str:
    """An attribute of an event, an attribute that is followed, or a fact: `floor of opening`, `floor`, `street of office`."""
    if isinstance(v, ir.AttributeOf):
        row = v.row
        if isinstance(row, ir.OccasionRow):
            return f"{v.attribute} of {row.name}" if row.name else v.attribute
        owner = row.fact if isinstance(row, ir.FactRow) else _event(row.event, row.which)
        return f"{v.attribute} of {owner}"
    if isinstance(v, ir.AttributeAsOf):
        return v.attribute if v.at is None else f"{v.attribute} at {instant(v.at)}"
    if isinstance(v, ir.EntryBy):
        by = value(v.by)
        return f"the entry of {value(v.table)} by {f'({by})' if isinstance(v.by, ir.EntryBy) else by}"
    return " of ".join(reversed(v.path))


def _event(name: str, which: str) -> str:
    return name if which == "first" else f"the {which} {name}"


def length(x: ir.Length) -> str:
    """`2 hours`, `15 elapsed minutes`, `10 working days`."""
    if isinstance(x.amount, str):
        return x.amount
    how = f"{x.counting} " if x.counting in ("elapsed", "working", "calendar") else ""
    return f"{x.amount} {how}{x.unit}{'' if x.amount == 1 else 's'}"


def clock(c: ir.Clock) -> str:
    """The qualifiers of a length, each after a comma."""
    out = []
    if c.calendar is not None:
        out.append(f"counted in {c.calendar}")
    out += [f"stopped while {s}" for s in c.stopped]
    if c.ending_at is not None:
        out.append(f"ending at {of_day(c.ending_at)}")
    if c.first_day_counted:
        out.append("first day counted")
    if not c.moved:
        out.append("not moved off free days")
    return "".join(f", {x}" for x in out)


def instant(t: ir.Instant) -> str:
    """A moment."""
    if isinstance(t, ir.It):
        return f"the end of {t.name}" if t.end else t.name
    if isinstance(t, ir.Now):
        return "the audit instant"
    if isinstance(t, ir.Pick):
        return _event(t.event, t.which)
    if isinstance(t, ir.MomentRef):
        return t.name
    if isinstance(t, ir.DateOf):
        return value(t.value)
    if isinstance(t, ir.DateConstant):
        return t.day.isoformat()
    if isinstance(t, ir.UnitOf):
        return f"the {'end' if t.end else 'start'} of the {t.unit} of {instant(t.of)}"
    if isinstance(t, ir.Boundary):
        return f"the {'end' if t.end else 'start'} of {t.of}"
    if isinstance(t, ir.Extreme):
        return f"the {'later' if t.latest else 'earlier'} of {' and '.join(instant(x) for x in t.of)}"
    return f"{length(t.length)} {'before' if t.back else 'after'} {instant(t.base)}{clock(t.clock)}"


def restriction(r: ir.Restriction) -> str:
    """One restriction on a set of events."""
    if isinstance(r, ir.When):
        return f"{_RELATION[r.relation]} {instant(r.moment)}"
    if isinstance(r, ir.WithinOf):
        return f"within {length(r.length)} of {instant(r.of)}{clock(r.clock)}"
    if isinstance(r, ir.InSpan):
        return f"{'during' if r.inside else 'outside'} {r.name}"
    if isinstance(r, ir.SameAs):
        return f"with the same {r.attribute}"
    if isinstance(r, ir.SamePeriod):
        return f"in the same {r.period} by {r.attribute}"
    if isinstance(r, ir.Including):
        return f"with {r.attribute} including {value(r.value)}"
    return "in answer to it" if isinstance(r, ir.Answering) else "across tickets"


def rows(r: ir.Rows) -> str:
    """Events with their restrictions."""
    return " ".join([" or ".join(r.events), *(restriction(x) for x in r.restrictions)])


def amount(a: ir.Amount) -> str:
    """An amount."""
    if isinstance(a, ir.Number):
        if a.unit is None:
            return str(a.amount)
        plural = a.unit in _TIMES and a.amount != 1
        return f"{a.amount} {a.unit}{'s' if plural else ''}"
    if isinstance(a, ir.AmountOf):
        return value(a.value)
    if isinstance(a, ir.Count):
        return f"the number of {rows(a.rows)}"
    if isinstance(a, ir.Total):
        each = " each rounded up" if a.rounded_up else ""
        return f"the total of {a.attribute}{each} of {rows(a.rows)}"
    if isinstance(a, ir.TimeIn):
        return " ".join([f"the time in {a.state}", *(restriction(x) for x in a.restrictions)])
    if isinstance(a, ir.SizeOf):
        return f"the number of values in {value(a.of)}"
    if isinstance(a, ir.NumberInForce):
        return f"the number of {a.fact} in force" + (f" at {instant(a.at)}" if a.at is not None else "")
    if isinstance(a, ir.UnderWay):
        return f"the number of {a.state} under way at {instant(a.at)}"
    if isinstance(a, ir.Share):
        return f"{percent(a.hundredths)} percent of {_apart(a.of)}"
    if isinstance(a, ir.Sum):
        return f"{_apart(a.of[0])} {'less' if a.less else 'plus'} {_apart(a.of[1])}"
    if isinstance(a, ir.RoundedUp):
        return f"{_apart(a.of)} rounded up"
    if isinstance(a, ir.Bound):
        return f"the {'higher' if a.highest else 'lower'} of {_apart(a.of[0])} and {_apart(a.of[1])}"
    return a.name


def _apart(a: ir.Amount) -> str:
    """An amount inside another: in brackets where it is made of several words of its own."""
    alone = isinstance(a, ir.Number | ir.AmountOf | ir.FigureRef)
    return amount(a) if alone else f"({amount(a)})"


def percent(hundredths: int) -> str:
    """Hundredths of a percent as a figure: 9990 is 99.9."""
    whole, part = divmod(hundredths, 100)
    return f"{whole}.{part:02d}".rstrip("0").rstrip(".") if part else str(whole)


def _is(negated: bool) -> str:
    return "is not" if negated else "is"


def condition(c: ir.Condition) -> str:
    """A condition in one line; a group with its conditions in brackets."""
    return _CONDITIONS[type(c)](c)


def _group(c: ir.Group) -> str:
    word = {"any": " or ", "all": " and ", "none": " nor "}[c.quantifier]
    inner = word.join(condition(x.base) for x in c.of)
    return f"neither ({inner})" if c.quantifier == "none" else f"({inner})"


_CONDITIONS: dict[type, Callable[[Any], str]] = {
    ir.IsOneOf: lambda c: f"{value(c.value)} {_is(c.negated)} {choice(c.among)}",
    ir.InList: lambda c: f"{value(c.value)} {_is(c.negated)} in {c.list}",
    ir.SameValue: lambda c: f"{value(c.left)} {_is(c.negated)} the same as {value(c.right)}",
    ir.Among: lambda c: f"{value(c.value)} {_is(c.negated)} among {value(c.of)}",
    ir.Mentions: lambda c: f'{value(c.value)} mentions {"no " if c.negated else ""}"{c.word}"',
    ir.Recorded: lambda c: (
        f"{value(c.value)} {_is(c.negated)} " + (f"recorded as {choice(c.among)}" if c.among else "on record")
    ),
    ir.CompareInstants: lambda c: f"{instant(c.left)} is {_RELATION[c.relation]} {instant(c.right)}",
    ir.During: lambda c: f"{instant(c.moment)} is {'during' if c.inside else 'outside'} {c.name}",
    ir.InForce: lambda c: (
        f"{c.fact} {_is(c.negated)} in force" + (f" at {instant(c.at)}" if c.at is not None else "")
    ),
    ir.CompareAmounts: lambda c: f"{amount(c.left)} is {_AMOUNT[c.relation]} {amount(c.right)}",
    ir.Occurred: lambda c: (
        f"{rows(ir.Rows(c.rows.events))} has {'not ' if c.negated else ''}occurred"
        + "".join(f" {restriction(r)}" for r in c.rows.restrictions)
    ),
    ir.CompareRanks: lambda c: (
        f"{value(c.left)} is {'higher' if c.higher else 'lower'} than {value(c.right)}"
    ),
    ir.RecordComplete: lambda c: f"the record of {c.record} {_is(c.negated)} complete",
    ir.Holds: lambda c: f"{c.name} {'does not hold' if c.negated else 'holds'}",
    ir.Group: _group,
}


def limit(x: ir.SentenceLimit) -> str:
    """One limit of a sentence."""
    if isinstance(x, ir.Within):
        return f"within {length(x.length)} of {instant(x.of)}{clock(x.clock)}"
    if isinstance(x, ir.Limit):
        return f"{_RELATION[x.relation]} {instant(x.moment)}"
    if isinstance(x, ir.SpanLimit):
        return f"{'during' if x.inside else 'outside'} {x.name}"
    if isinstance(x, ir.Between):
        return f"from {instant(x.start)} until {instant(x.end)}"
    if isinstance(x, ir.Fitting):
        return restriction(x.fit)
    if isinstance(x, ir.ToEach):
        return f"for each {x.attribute} in {value(x.of)}"
    if isinstance(x, ir.OnlyWhere):
        return f"only where {condition(x.condition)}"
    if isinstance(x, ir.RefusedBy):
        return f"refused by {' or '.join(x.events)}"
    if isinstance(x, ir.OrInstead):
        return f"or instead {rows(x.rows)}"
    if isinstance(x, ir.SaveFor):
        return f"save for {x.state}"
    if isinstance(x, ir.LeavingOut):
        return f"leaving out {x.name}"
    if isinstance(x, ir.AtLeastShare):
        return f"for at least {percent(x.hundredths)} percent of {x.period}"
    return "without a stated limit"


_MODAL = {
    "guarantee": "shall",
    "duty": "shall",
    "definition": "shall",
    "target": "shall endeavour to",
    "estimate": "expects to",
    "may": "may",
    "discretion": "may at its discretion",
}


def party(name: str) -> str:
    """`the provider`, `the customer`, `either party`, or a third party's name."""
    return {"provider": "the provider", "customer": "the customer", "either": "either party"}.get(name, name)


def sentence(s: ir.Sentence) -> str:
    """A sentence in one line."""
    if isinstance(s, ir.Release):
        return f"{party(s.party)} is released"
    if isinstance(s, ir.Forfeit):
        return f"{party(s.party)} is not entitled"
    if isinstance(s, ir.StandsFor):
        return f"stands for {', '.join(s.clauses)}"
    if isinstance(s, ir.Stated):
        return f"stated: {s.why}"
    who = f"{party(s.party)} {_MODAL[s.strength]}"
    if isinstance(s, ir.Ensure):
        return f"{who} ensure that {' and '.join(condition(x.base) for x in s.conditions)}"
    limits = ", ".join(limit(x.base) for x in s.limits)
    tail = f" {limits}" if limits else ""
    if isinstance(s, ir.Keep):
        return f"{who} keep {'free of ' if s.free else ''}{s.state}{tail}"
    if isinstance(s, ir.Refrain):
        return f"{who} not have {' or '.join(s.events)}{tail}"
    return f"{who} have {' or '.join(s.events)}{tail}"


def concern(c: ir.Concern) -> str:
    """What a clause concerns."""
    if isinstance(c, ir.Each):
        return f"concerns {'each' if c.which == 'each' else 'the ' + c.which} {c.event}{_named(c.name)}"
    if isinstance(c, ir.EachStretch):
        return f"concerns each stretch of {c.attribute} {', '.join(scalar(v) for v in c.among)}"
    if isinstance(c, ir.EachSpan):
        return f"concerns each {c.name}{_named(c.called)}"
    return "concerns the agreement"


def _named(alias: str) -> str:
    return f" as {alias}" if alias else ""


def gate(g: ir.Gate | ir.SupersededBy) -> str:
    """A gate with its leading words."""
    if isinstance(g, ir.SupersededBy):
        return f"superseded by {', '.join(g.clauses)}"
    lead = {"where": "where", "save": "save where", "provided": "provided that"}[g.kind]
    return f"{lead} {condition(g.condition)}"


def window(w: ir.WindowLine) -> str:
    """A weekly window."""
    spans = _DAYS[w.days[0]] if len(w.days) == 1 else f"{_DAYS[w.days[0]]} to {_DAYS[w.days[-1]]}"
    if len(w.days) > 2 and w.days[-1] - w.days[0] != len(w.days) - 1:
        spans = ", ".join(_DAYS[d] for d in w.days)
    times = (
        "" if w.whole_days else f" {of_day(w.start)} to {of_day(w.end % 86400 if w.end > 86400 else w.end)}"
    )
    return f"{spans}{times}{' save public holidays' if w.save_holidays else ''}"
