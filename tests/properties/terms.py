"""Strategies for the terms and conditions of a contract, as text. What they may name is in the scope."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy, composite

from tests.properties.words import VALUES, Scope

Lines = list[str]
"""Lines of a contract, each indented by two spaces a level from where the block stands."""


def indented(lines: Lines, levels: int = 1) -> Lines:
    """The lines, deeper by some levels."""
    return ["  " * levels + line for line in lines]


def spelt(value: object) -> str:
    """A value as a contract writes it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def value_of(attribute: str) -> SearchStrategy[str]:
    return st.sampled_from([spelt(v) for v in VALUES[attribute]])


@composite
def choice(draw: DrawFn, attribute: str) -> str:
    """One value of an attribute, or one of two."""
    one = draw(value_of(attribute))
    if draw(st.integers(0, 3)) == 3:
        other = draw(value_of(attribute))
        return f"one of {one}, {other}" if other != one else one
    return one


# --------------------------------------------------------------------------- moments
@composite
def length(draw: DrawFn, scope: Scope, *, bare: bool = False) -> tuple[str, str]:
    """A length and what must follow it; `bare`: one that needs no qualifier."""
    kinds = ["elapsed", "legal", "calendar", "figure"] + (
        [] if bare else ["counted", "working", "stopped", "terms"]
    )
    kind = draw(st.sampled_from(kinds))
    if kind == "figure" and scope.lengths:
        return draw(st.sampled_from(scope.lengths)), ""
    if kind == "legal":
        return f"{draw(st.sampled_from([1, 3, 7]))} days", ""
    if kind == "terms":
        unit = draw(st.sampled_from(["2 days", "1 week", "1 month"]))
        after = draw(
            st.sampled_from([", first day counted", ", ending at 16:00", ", not moved off free days", ""])
        )
        return unit, after
    if kind == "calendar":
        return draw(st.sampled_from(["1 calendar day", "2 calendar weeks", "1 calendar month"])), ""
    if kind == "working" and scope.calendars:
        return (
            f"{draw(st.integers(1, 3))} working days",
            f", counted in {draw(st.sampled_from(scope.calendars))}",
        )
    hours = draw(st.sampled_from([2, 1, 8]))
    if kind in ("counted", "stopped") and scope.clocks:
        tail = f", counted in {draw(st.sampled_from(scope.clocks))}"
        if kind == "stopped" and scope.states:
            tail += f", stopped while {draw(st.sampled_from(scope.states))}"
        return f"{hours} hours", tail
    if kind == "stopped" and scope.states:
        return f"{hours} elapsed hours", f", stopped while {draw(st.sampled_from(scope.states))}"
    return f"{hours} elapsed hours", ""


def _lasting(scope: Scope) -> list[str]:
    return [*scope.states, *scope.facts, *scope.periods, *(["it"] if scope.lasting else [])]


@composite
def atom(draw: DrawFn, scope: Scope, depth: int = 1) -> str:
    """A moment that needs no brackets."""
    here = scope.occasion[1] if scope.occasion is not None else "it"
    options: list[Callable[[], str]] = [
        lambda: here,
        lambda: draw(st.sampled_from(scope.events)),
        lambda: (
            f"the {draw(st.sampled_from(['first', 'last', 'next']))} {draw(st.sampled_from(scope.events))}"
        ),
        lambda: draw(st.sampled_from(["2025-03-05", "support_start", "payment_due of invoice_issued"])),
    ]
    if scope.moments:
        options.append(lambda: draw(st.sampled_from(scope.moments)))
    if _lasting(scope):
        options.append(
            lambda: (
                f"the {draw(st.sampled_from(['start', 'end']))} of {draw(st.sampled_from(_lasting(scope)))}"
            )
        )
    if depth > 0:
        options.append(
            lambda: (
                f"the {draw(st.sampled_from(['end', 'start']))} of the "
                f"{draw(st.sampled_from(['day', 'month', 'week']))} of {draw(atom(scope, depth - 1))}"
            )
        )
        options.append(lambda: f"({draw(compound(scope, depth - 1))})")
    return draw(st.sampled_from(options))()


@composite
def compound(draw: DrawFn, scope: Scope, depth: int = 0) -> str:
    """A moment that needs brackets where it stands inside another."""
    which = draw(st.integers(0, 3))
    if which == 0:
        how = draw(st.sampled_from(["later", "earlier"]))
        return f"the {how} of {draw(atom(scope, depth))} and {draw(atom(scope, depth))}"
    amount, tail = draw(length(scope))
    relation = "after"
    if which == 3 and not ("counted" in tail or "stopped" in tail or "," in tail):
        relation = "before"
    return f"{amount} {relation} {draw(atom(scope, depth))}{tail}"


@composite
def moment(draw: DrawFn, scope: Scope, depth: int = 1) -> str:
    """Any moment, as a line takes it."""
    return draw(st.one_of(atom(scope, depth), compound(scope, max(depth - 1, 0))))


# --------------------------------------------------------------------------- values and amounts
@composite
def value(draw: DrawFn, scope: Scope) -> tuple[str, str]:
    """A value and the attribute whose values it has."""
    options: list[tuple[str, str]] = [("severity", "severity"), ("channel of ticket_opened", "channel")]
    if scope.row is not None:
        options = [(a, a) for a in scope.row if a in VALUES] or options
    else:
        options.append((f"severity at {draw(atom(scope, 0))}", "severity"))
        event = draw(st.sampled_from([e for e in scope.events if scope.carries.get(e)]))
        which = draw(st.sampled_from(["", "the last ", "the first "]))
        options += [(f"{a} of {which}{event}", a) for a in scope.carries[event] if a != "payment_due"]
        if scope.facts and not scope.plain:
            # Which entry is in force is told by those that surely are.
            options.append((f"service of {draw(st.sampled_from(scope.facts))}", "service"))
        if scope.occasion is not None:
            event, alias = scope.occasion
            options += [(f"{a} of {alias}", a) for a in scope.carries.get(event, ()) if a != "payment_due"]
    return draw(st.sampled_from(options))


def fits(scope: Scope, event: str) -> list[str]:
    """What tells one event from others of its kind: by what it carries, or by its place."""
    if scope.occasion is None:
        return []
    carried = scope.carries.get(event, ())
    occasion, alias = scope.occasion
    out = [f"with the same {a}" for a in sorted(set(carried) & set(scope.carries.get(occasion, ())))]
    out += [f"with {a} including {a} of ticket_opened" for a in ("channel", "severity") if a in carried]
    return [*out, f"answering {alias}"] if occasion in scope.events else out


@composite
def restrictions(draw: DrawFn, scope: Scope, event: str, depth: int = 1) -> str:
    """Up to two restrictions on a set of events, each with a space before it."""
    out = ""
    for _ in range(draw(st.sampled_from([0, 1, 1, 2]))):
        options: list[Callable[[], str]] = [
            lambda: (
                f"{draw(st.sampled_from(['before', 'after', 'no later than', 'no sooner than']))} "
                f"{draw(atom(scope, depth))}"
            ),
            lambda: f"within {draw(length(scope, bare=True))[0]} of {draw(atom(scope, depth))}",
        ]
        spans = [*scope.calendars, *scope.states, *scope.facts]
        if spans:
            span = draw(st.sampled_from(spans))
            options.append(partial(draw, st.sampled_from([f"during {span}", f"outside {span}"])))
        if scope.periods:
            options.append(lambda: f"in {draw(st.sampled_from(scope.periods))}")
        options += [partial(str, fit) for fit in fits(scope, event)]
        if scope.periods and scope.occasion is not None:
            both = set(scope.carries.get(event, ())) & set(scope.carries.get(scope.occasion[0], ()))
            if "payment_due" in both:
                options.append(lambda: f"in the same {draw(st.sampled_from(scope.periods))} by payment_due")
        options.append(lambda: "across tickets")
        out += " " + draw(st.sampled_from(options))()
    return out


@composite
def amount(draw: DrawFn, scope: Scope, depth: int = 1) -> str:
    """An amount that stands on the left of a comparison of counts."""
    event = draw(st.sampled_from(scope.events))
    options: list[Callable[[], str]] = [
        lambda: f"the number of {event}{draw(restrictions(scope, event, 0))}",
    ]
    if scope.states:
        state = draw(st.sampled_from(scope.states))
        options.append(lambda: f"the number of {state} under way at {draw(atom(scope, 0))}")
    options.append(lambda: "the number of values in unmet")
    if scope.figures:
        options.append(lambda: draw(st.sampled_from(scope.figures)))
    if scope.facts:
        at = draw(st.sampled_from(["", " at ticket_opened"]))
        options.append(lambda: f"the number of {draw(st.sampled_from(scope.facts))} in force{at}")
    if depth > 0:
        options.append(
            lambda: (
                f"the {draw(st.sampled_from(['lower', 'higher']))} of {draw(st.integers(0, 2))} and "
                f"({draw(amount(scope, 0))})"
            )
        )
        options.append(
            lambda: (
                f"({draw(amount(scope, 0))}) {draw(st.sampled_from(['plus', 'less']))} {draw(st.integers(0, 2))}"
            )
        )
    return draw(st.sampled_from(options))()


@composite
def measured(draw: DrawFn, scope: Scope) -> str:
    """A comparison of what has a unit: money, time, a number that a row carries."""
    relation = draw(st.sampled_from(["at least", "at most", "more than", "less than"]))
    options = [
        f"the total of amount of payment_received{draw(restrictions(scope, 'payment_received', 0))} is {relation} 20"
    ]
    options.append(f"50 percent of (the total of hours of hours_logged) is {relation} 5")
    options.append(f"tier of escalated is {relation} 2")
    options.append(f"(50 percent of (the total of hours of hours_logged)) rounded up is {relation} 3")
    options.append(f"the total of hours each rounded up of hours_logged is {relation} 5")
    if scope.states:
        state = draw(st.sampled_from(scope.states))
        during = f" {draw(st.sampled_from(['before', 'after']))} {draw(atom(scope, 0))}"
        limit = draw(st.sampled_from(scope.lengths)) if scope.lengths else "3600"
        options.append(f"the time in {state}{during} is {relation} {limit}")
    return draw(st.sampled_from(options))


# --------------------------------------------------------------------------- conditions
@composite
def condition(draw: DrawFn, scope: Scope) -> str:
    """A condition in one line."""
    options: list[Callable[[], str]] = [
        lambda: _is(draw, scope),
        lambda: f"fees_paid is {draw(st.sampled_from(['yes', 'no']))}",
        lambda: (
            f"{draw(atom(scope))} is "
            f"{draw(st.sampled_from(['before', 'after', 'no later than', 'no sooner than']))} {draw(atom(scope))}"
        ),
        lambda: _occurred(draw, scope),
        lambda: (
            f"{draw(amount(scope))} is {draw(st.sampled_from(['at least', 'at most', 'more than', 'less than', 'exactly']))} "
            f"{draw(st.integers(0, 2))}"
        ),
        lambda: draw(measured(scope)),
        lambda: _same(draw, scope),
        lambda: _among(draw, scope),
    ]
    spans = [*scope.calendars, *scope.states, *scope.facts, *scope.periods]
    if spans:
        options.append(
            lambda: (
                f"{draw(atom(scope))} is {draw(st.sampled_from(['during', 'outside']))} {draw(st.sampled_from(spans))}"
            )
        )
    if scope.lists:
        options.append(lambda: _in_list(draw, scope))
    if scope.facts:
        options.append(lambda: _in_force(draw, scope))
    if scope.conditions:
        name = draw(st.sampled_from(scope.conditions))
        options.append(lambda: f"{name} {draw(st.sampled_from(['holds', 'does not hold']))}")
    if scope.clauses:
        clause = draw(st.sampled_from(scope.clauses))
        options.append(lambda: f"{clause} {draw(st.sampled_from(['holds', 'does not hold']))}")
    if not scope.plain:
        options.append(lambda: _recorded(draw, scope))
    if scope.row is None:
        options.append(
            lambda: f"severity is {draw(st.sampled_from(['higher', 'lower']))} than severity of ticket_opened"
        )
    return draw(st.sampled_from(options))()


def _negation(draw: DrawFn) -> str:
    return draw(st.sampled_from(["is", "is not"]))


def _is(draw: DrawFn, scope: Scope) -> str:
    found, attribute = draw(value(scope))
    return f"{found} {_negation(draw)} {draw(choice(attribute))}"


def _same(draw: DrawFn, scope: Scope) -> str:
    left, attribute = draw(value(scope))
    return (
        f"{left} {_negation(draw)} the same as {attribute} of ticket_opened"
        if attribute
        in (
            "severity",
            "channel",
        )
        else f"{left} {_negation(draw)} {draw(choice(attribute))}"
    )


def _among(draw: DrawFn, scope: Scope) -> str:
    found, _ = draw(value(scope))
    by = "channel of ticket_opened" if scope.row is None else "level"
    return draw(
        st.sampled_from(
            [
                f"{found} {_negation(draw)} among unmet",
                f"{found} {_negation(draw)} among the entry of on_site_availability by {by}",
                f'{found} {draw(st.sampled_from(["mentions", "mentions no"]))} "phone"',
            ]
        )
    )


def _in_list(draw: DrawFn, scope: Scope) -> str:
    return f"{draw(value(scope))[0]} {_negation(draw)} in {draw(st.sampled_from(scope.lists))}"


def _in_force(draw: DrawFn, scope: Scope) -> str:
    when = draw(st.sampled_from(["", "at"]))
    tail = f" at {draw(atom(scope, 0))}" if when else ""
    return f"{draw(st.sampled_from(scope.facts))} {_negation(draw)} in force{tail}"


def _recorded(draw: DrawFn, scope: Scope) -> str:
    found, attribute = draw(value(scope))
    tail = draw(st.sampled_from(["on record", f"recorded as {draw(choice(attribute))}"]))
    return f"{found} {_negation(draw)} {tail}"


def _occurred(draw: DrawFn, scope: Scope) -> str:
    event = draw(st.sampled_from(scope.events))
    return f"{event} has {draw(st.sampled_from(['', 'not ']))}occurred{draw(restrictions(scope, event))}"


@composite
def condition_lines(draw: DrawFn, scope: Scope, lead: str, depth: int = 1) -> Lines:
    """A line `LEAD CONDITION`, or `LEAD any of` with its block."""
    if depth > 0 and draw(st.integers(0, 4)) == 4:
        quantifier = draw(st.sampled_from(["any", "all", "none"]))
        inner: Lines = []
        for _ in range(draw(st.integers(1, 2))):
            inner += draw(replaced(scope, lambda: draw(condition_lines(scope, "", depth - 1))))
        return [f"{lead}{quantifier} of", *indented(inner)]
    return [f"{lead}{draw(condition(scope))}"]


@composite
def replaced(draw: DrawFn, scope: Scope, line: Callable[[], Lines], *, may_fall: bool = True) -> Lines:
    """A line, now and then with what stands in its place on a reading."""
    out = line()
    if scope.readings and draw(st.integers(0, 5)) == 5:
        ambiguity, reading = draw(st.sampled_from(scope.readings))
        falls = may_fall and draw(st.integers(0, 2)) == 0
        out += [
            f"or on reading {ambiguity}.{reading}",
            *indented(["this line falls away"] if falls else line()),
        ]
    return out
