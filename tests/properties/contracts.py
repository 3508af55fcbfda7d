"""Strategies for whole contracts, as text: definitions of every kind, clauses with sentences of every kind, readings."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

from tests.properties.terms import (
    Lines,
    amount,
    atom,
    choice,
    condition,
    condition_lines,
    fits,
    indented,
    length,
    moment,
    replaced,
    restrictions,
)
from tests.properties.words import EVENTS, Scope

HEADER: Lines = [
    "servanda 1",
    "",
    'contract sample "A sample"',
    "  zone time_zone",
    "  holidays of country",
    '  provider "P"',
    '  customer "C"',
    '  third party maker "M"',
    "",
    "attribute severity",
    "  ranks 1, 2, 3",
    "",
]
Block = tuple[str, Lines]
"""A definition or clause: its first line, and the lines below it."""


def text_of(blocks: list[Block]) -> str:
    """The contract that these definitions and clauses make."""
    out = list(HEADER)
    for first, below in blocks:
        out += [first, *indented(below), ""]
    return "\n".join(out)


# --------------------------------------------------------------------------- definitions
@composite
def _ambiguity(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    readings = ["one", "two", "three"][: draw(st.integers(2, 3))]
    recommended = draw(st.sampled_from(readings))
    lines = ['asks "Which?"']
    lines += [f'reading {r} "So"{" recommended" if r == recommended else ""}' for r in readings]
    more = tuple((name, r) for r in readings)
    return (f"ambiguity {name}", lines), scope.plus(readings=(*scope.readings, *more))


@composite
def _list(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    def line() -> Lines:
        options = ["phone, email", "1", "2, 3", "kept in unmet", *(f"all of {n}" for n in scope.lists)]
        return [draw(st.sampled_from(options))]

    lines = [x for _ in range(draw(st.integers(1, 2))) for x in draw(replaced(scope, line))]
    return (f"list {name}", lines), scope.plus(lists=(*scope.lists, name))


@composite
def _calendar(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    times = draw(st.booleans())

    def line() -> Lines:
        save = draw(st.sampled_from(["", " save public holidays"]))
        if not times:
            return [f"{draw(st.sampled_from(['monday to friday', 'saturday', 'sunday to tuesday']))}{save}"]
        options = [
            f"monday to friday 09:00 to 17:00{save}",
            f"saturday 08:00 to 12:00{save}",
            "monday to sunday 22:00 to 06:00",
            "round the clock",
            *(f"all of {n}" for n in scope.clocks),
        ]
        return [draw(st.sampled_from(options))]

    lines = [x for _ in range(draw(st.integers(1, 2))) for x in draw(replaced(scope, line, may_fall=False))]
    extra = draw(st.integers(0, 5))
    if extra == 1:
        lines.append('zone "Europe/Warsaw"')
    elif extra == 2:
        lines.append('holidays of "PL"')
    elif extra == 3 and (scope.states or scope.clocks) and times:
        options = [*scope.states, *scope.clocks]
        left_out = draw(st.lists(st.sampled_from(options), min_size=1, max_size=2, unique=True))
        lines += [f"less {n}" for n in left_out]
    elif extra == 4 and not scope.plain:
        lines.append('zone time_zone, else "UTC+01:00"')
    more = scope.plus(calendars=(*scope.calendars, name))
    return (f"calendar {name}", lines), more.plus(clocks=(*scope.clocks, name)) if times else more


@composite
def _event(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    means = draw(st.lists(st.sampled_from(scope.events), min_size=1, max_size=2, unique=True))
    carried = tuple(sorted({a for e in means for a in scope.carries.get(e, ())}))
    lines = [f"means {' or '.join(means)}"]
    inner = scope.plus(row=tuple(a for a in carried if a != "payment_due"), clauses=())
    for _ in range(draw(st.integers(0, 2))):
        lines += draw(replaced(inner, lambda: draw(condition_lines(inner, "where "))))
    more = scope.plus(events=(*scope.events, name), carries={**scope.carries, name: carried})
    return (f"event {name}", lines), more


@composite
def _state(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    def line() -> Lines:
        ends = [draw(st.sampled_from(scope.events)) for _ in range(2)]
        pairs = [
            ("work_paused", "work_resumed"),
            ("service_outage_started", "service_outage_ended"),
            tuple(ends),
        ]
        start, end = draw(st.sampled_from(pairs))
        if draw(st.integers(0, 2)) == 2:
            return [f"while severity is {draw(choice('severity'))}"]
        return [f"from {start} until {end}"]

    lines = [x for _ in range(draw(st.integers(1, 2))) for x in draw(replaced(scope, line, may_fall=False))]
    if draw(st.integers(0, 4)) == 4:
        lines.append(f"for each {draw(st.sampled_from(['channel', 'ticket']))}")
    return (f"state {name}", lines), scope.plus(states=(*scope.states, name))


@composite
def _fact(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    lines = ["means an entry of purchases"]
    inner = scope.plus(row=("service",), clauses=())
    if draw(st.booleans()):
        of_the_ticket = [
            "where severity of ticket_opened is 1",
            "where channel of ticket_opened is not phone",
        ]
        options = ["where service is arr", "where service is de", *of_the_ticket]
        lines += draw(replaced(inner, lambda: [draw(st.sampled_from(options))]))
    return (f"fact {name}", lines), scope.plus(facts=(*scope.facts, name))


@composite
def _period(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    def line() -> Lines:
        options = [
            "means each month",
            "means each week",
            "means each 1 months from support_start",
            "means the 3 days up to it",
            "means each entry of billing_periods",
        ]
        return [draw(st.sampled_from(options))]

    lines = draw(replaced(scope, line, may_fall=False))
    more = scope.plus(periods=(*scope.periods, name))
    # A period that runs back from an occasion has no occasions of its own.
    back = any("up to it" in line for line in lines)
    return (f"period {name}", lines), more if back else more.plus(families=(*scope.families, name))


@composite
def _moment(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    inner = scope.plus(clauses=())

    def line() -> Lines:
        return [f"means {draw(moment(inner))}"]

    lines = draw(replaced(scope, line, may_fall=False))
    if draw(st.booleans()):
        lines += [f"but where {draw(condition(inner))}", *indented(line())]
    return (f"moment {name}", lines), scope.plus(moments=(*scope.moments, name))


@composite
def _figure(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    if draw(st.booleans()):
        lengths = ["means 2 hours", "means 8 hours"]
        lengths.append("means hours of target_response_table by severity of ticket_opened")
        lines = draw(replaced(scope, lambda: [draw(st.sampled_from(lengths))], may_fall=False))
        return (f"figure {name}", lines), scope.plus(lengths=(*scope.lengths, name))

    def line() -> Lines:
        return [draw(st.sampled_from(["means 1", "means not on record", f"means {draw(amount(scope, 0))}"]))]

    lines = draw(replaced(scope, line, may_fall=False))
    return (f"figure {name}", lines), scope.plus(figures=(*scope.figures, name))


@composite
def _condition(draw: DrawFn, scope: Scope, name: str) -> tuple[Block, Scope]:
    inner = scope.plus(clauses=())
    lines: Lines = []
    for _ in range(draw(st.integers(1, 2))):
        lines += draw(replaced(inner, lambda: draw(condition_lines(inner, ""))))
    return (f"condition {name}", lines), scope.plus(conditions=(*scope.conditions, name))


_DEFINITIONS: dict[str, Callable[..., st.SearchStrategy[tuple[Block, Scope]]]] = {
    "ambiguity": _ambiguity,
    "list": _list,
    "calendar": _calendar,
    "event": _event,
    "state": _state,
    "fact": _fact,
    "period": _period,
    "moment": _moment,
    "figure": _figure,
    "condition": _condition,
}


# --------------------------------------------------------------------------- clauses
@composite
def _concerns(draw: DrawFn, scope: Scope, kinds: tuple[str, ...]) -> tuple[Lines, Scope]:
    """The line that says what a clause concerns, and the names that it gives."""
    kind = draw(st.sampled_from(kinds))
    spans = [*scope.states, *scope.facts, *scope.families]
    if kind == "stretch":

        def stretch() -> Lines:
            return [f"concerns each stretch of severity {draw(st.sampled_from(['1', '2', '1, 2']))}"]

        return draw(replaced(scope, stretch, may_fall=False)), scope.plus(lasting=True)
    if kind == "agreement":
        return ["concerns the agreement"], scope
    if kind == "span" and spans:
        return [f"concerns each {draw(st.sampled_from(spans))}"], scope.plus(lasting=True)
    event = draw(st.sampled_from(["ticket_opened", *scope.events]))
    inner = scope.plus(occasion=(event, "occasion"))
    ways = ["the first", "the last"] if kind == "first" else ["each"]

    def one() -> Lines:
        way = draw(st.sampled_from(ways))
        ways[:] = ["each", "the first", "the last"]
        return [f"concerns {way} {event} as occasion"]

    return draw(replaced(scope, one, may_fall=False)), inner


@composite
def _within(draw: DrawFn, scope: Scope) -> str:
    amount_, tail = draw(length(scope))
    return f"within {amount_} of {draw(atom(scope))}{tail}"


@composite
def _limit(draw: DrawFn, scope: Scope, kind: str, acts: tuple[str, ...] = ()) -> Lines:
    """One limit of a sentence of a kind."""
    relation = draw(st.sampled_from(["no later than", "before", "no sooner than", "after"]))
    options: list[Callable[[], Lines]] = [
        lambda: [draw(_within(scope))],
        lambda: [f"{relation} {draw(moment(scope))}"],
        lambda: [f"from {draw(atom(scope))} until {draw(atom(scope))}"],
    ]
    spans = [*scope.calendars, *scope.states, *scope.facts]
    if spans:
        options.append(
            lambda: [f"{draw(st.sampled_from(['during', 'outside']))} {draw(st.sampled_from(spans))}"]
        )
    meant = [f for f in fits(scope, acts[0]) if all(f in fits(scope, a) for a in acts)] if acts else []
    if meant and kind in ("perform", "refrain"):
        options.append(lambda: [draw(st.sampled_from(meant))])
    if kind == "perform" and acts and all("channel" in scope.carries.get(a, ()) for a in acts):
        options.append(lambda: ["for each channel in unmet"])
    if kind == "perform":
        instead = draw(st.sampled_from(scope.events))
        options += [
            lambda: ["refused by help_refused"],
            lambda: [f"or instead {instead}{draw(restrictions(scope, instead, 0))}"],
            lambda: ["without a stated limit"],
            lambda: draw(condition_lines(scope, "only where ")),
        ]
    elif scope.states:
        options.append(lambda: [f"save for {draw(st.sampled_from(scope.states))}"])
    if kind == "keep":
        outs = [*scope.states, *scope.calendars]
        options.append(lambda: [f"leaving out {draw(st.sampled_from(outs))}"])
        if scope.periods:
            share = draw(st.sampled_from(["50", "99.9"]))
            options.append(
                lambda: [f"for at least {share} percent of {draw(st.sampled_from(scope.periods))}"]
            )
    return draw(st.sampled_from(options))()


@composite
def _sentence(draw: DrawFn, scope: Scope, kinds: tuple[str, ...]) -> Lines:
    """One sentence with its limits."""
    kind = draw(st.sampled_from([k for k in kinds if k != "keep" or scope.states]))
    party = draw(st.sampled_from(["the provider", "the customer", "either party", "maker"]))
    if kind == "release":
        return [draw(st.sampled_from([f"{party} is released", "the customer is not entitled"]))]
    if kind == "stated":
        return ['stated "Nothing decides it."']
    if kind == "ensure":
        modal = draw(st.sampled_from(["shall", "shall", "may"]))
        return draw(condition_lines(scope, f"{party} {modal} ensure that "))
    acts = tuple(draw(st.lists(st.sampled_from(scope.events), min_size=1, max_size=2, unique=True)))
    events = " or ".join(acts)
    if kind == "keep":
        free = draw(st.sampled_from(["free of ", ""]))
        first = f"{party} shall keep {free}{draw(st.sampled_from(scope.states))}"
    elif kind == "refrain":
        first = f"{party} shall not have {events}"
    else:
        modals = ["shall", "shall", "shall endeavour to", "expects to", "may", "may at its discretion"]
        modal = draw(st.sampled_from(modals))
        first = f"{party} {modal} have {events}"
    limits: Lines = []
    for _ in range(draw(st.sampled_from([1, 0, 2, 1]))):
        more = draw(replaced(scope, lambda: draw(_limit(scope, kind, acts))))
        # Which acts are meant is said once.
        if not (more[0].startswith(("with ", "answering ", "for each ")) and more[0] in limits):
            limits += more
    return [first, *indented(limits)]


KINDS = ("perform", "perform", "refrain", "keep", "ensure", "release", "stated")
CONCERNS = ("each", "each", "each", "first", "stretch", "span", "agreement")


@composite
def clause(
    draw: DrawFn,
    scope: Scope,
    name: str,
    kinds: tuple[str, ...] = KINDS,
    gates: bool = True,
    concerned: tuple[str, ...] = CONCERNS,
) -> tuple[Block, Scope]:
    """A clause with its gates in their order."""
    concerns, inner = draw(_concerns(scope, concerned))
    lines = [f'title "{name}"', *concerns]
    if scope.readings and draw(st.integers(0, 9)) == 9:
        lines.insert(0, "only on reading {}.{}".format(*draw(st.sampled_from(scope.readings))))
    for lead, most in (("where ", 2), ("save where ", 1), ("provided that ", 1)) if gates else ():
        for _ in range(draw(st.sampled_from([0, 0, 0, 1, most]))):
            lines += draw(replaced(inner, partial(draw, condition_lines(inner, lead))))
        if lead == "where " and scope.clauses and draw(st.integers(0, 3)) == 3:
            others = draw(st.lists(st.sampled_from(scope.clauses), min_size=1, max_size=2, unique=True))
            lines += draw(replaced(inner, partial(list, [f"superseded by {', '.join(others)}"])))
    if gates and scope.clauses and draw(st.integers(0, 14)) == 14:
        # With an occasion of its own it stands for the others there, else it has theirs.
        kept = lines if draw(st.booleans()) else lines[:1]
        others = draw(st.lists(st.sampled_from(scope.clauses), min_size=1, max_size=2, unique=True))
        lines = [*kept, f"stands for {', '.join(others)}"]
    else:
        for i in range(draw(st.sampled_from([1, 1, 2]))):
            lines += draw(replaced(inner, lambda: draw(_sentence(inner, kinds)), may_fall=i > 0))
    return (f"clause {name}", lines), scope.plus(clauses=(*scope.clauses, name))


@composite
def _course(draw: DrawFn, scope: Scope, name: str) -> tuple[list[Block], Scope]:
    """A limit that follows the severity, with a clause for each of two values."""
    steps = {f"{name}-at-1": "1", f"{name}-at-2": draw(st.sampled_from(["2", "2, 3"]))}
    lines = [f"follows severity through {', '.join(steps)}"]
    for rule in (
        f"on a rise the limit runs anew from the {draw(st.sampled_from(['change', 'trigger']))}",
        "on a rise the earlier of old and new limit binds",
        f"on a fall the limit runs anew from the {draw(st.sampled_from(['trigger', 'change']))}",
        "a passed limit is not cured",
        "one performance is enough",
    ):
        if draw(st.booleans()):
            lines += draw(replaced(scope, partial(list, [rule])))
    event = draw(st.sampled_from(["response_sent", *scope.events]))
    inner = scope.plus(lasting=True, clauses=())
    blocks: list[Block] = [(f"course {name}", lines)]
    for step, values in steps.items():
        gates: Lines = []
        if draw(st.integers(0, 3)) == 3:
            gates = [
                f"{draw(st.sampled_from(['where', 'save where', 'provided that']))} {draw(condition(inner))}"
            ]
        amount_, tail = draw(length(scope))
        start = draw(st.sampled_from(["stretch", "ticket_opened"]))
        sentence = [f"the provider shall have {event}", f"  within {amount_} of {start}{tail}"]
        body = [f"concerns each stretch of severity {values}", f"follows {name}", *gates, *sentence]
        blocks.append((f"clause {step}", body))
    return blocks, scope.plus(clauses=(*scope.clauses, *steps))


# --------------------------------------------------------------------------- contracts
@composite
def contract_blocks(
    draw: DrawFn,
    *,
    plain: bool = False,
    readings: bool = True,
    kinds: tuple[str, ...] = KINDS,
    courses: bool = True,
    gates: bool = True,
    concerned: tuple[str, ...] = CONCERNS,
) -> list[Block]:
    """The definitions and clauses of a contract, each after what it refers to.

    `plain`: without two-valued conditions. `readings`: with ambiguities. `kinds`: of sentences. `gates`: with
    gates, and with clauses that stand for others. `concerned`: what clauses concern.
    """
    scope = Scope(plain=plain)
    blocks: list[Block] = []
    names = [k for k in _DEFINITIONS if readings or k != "ambiguity"]
    for i in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(names))
        block, scope = draw(_DEFINITIONS[kind](scope, f"{kind}-{i}"))
        blocks.append(block)
    if courses and draw(st.integers(0, 3)) == 3:
        more, scope = draw(_course(scope, "course"))
        blocks += more
    for i in range(draw(st.integers(1, 3))):
        block, scope = draw(clause(scope, f"clause-{i}", kinds, gates, concerned))
        blocks.append(block)
    return blocks


@composite
def definition_blocks(draw: DrawFn, *kinds: str) -> list[Block]:
    """Definitions of these kinds, one after the other, each free to use those before it; and a clause that uses none."""
    scope = Scope()
    blocks: list[Block] = []
    for i, kind in enumerate(kinds):
        block, scope = draw(_DEFINITIONS[kind](scope, f"{kind}-{i}"))
        blocks.append(block)
    body = ['title "any"', "concerns each ticket_opened as opening", "the provider is released"]
    return [*blocks, ("clause any", body)]


@composite
def stretch_blocks(draw: DrawFn) -> list[Block]:
    """A course, and clauses that concern stretches of an attribute and of a state, with definitions for both to use."""
    scope = Scope()
    blocks: list[Block] = []
    for i, kind in enumerate(draw(st.sampled_from([(), ("ambiguity",), ("ambiguity", "event")]))):
        block, scope = draw(_DEFINITIONS[kind](scope, f"{kind}-{i}"))
        blocks.append(block)
    for kind in ("state", "calendar"):
        block, scope = draw(_DEFINITIONS[kind](scope, kind))
        blocks.append(block)
    if draw(st.booleans()):
        more, scope = draw(_course(scope, "course"))
        blocks += more
    for i in range(draw(st.integers(1, 2))):
        values = draw(st.sampled_from(["1", "2", "1, 2", "1, 3"]))
        concerns = draw(st.sampled_from([f"each stretch of severity {values}", "each state"]))
        inner = scope.plus(lasting=True)
        lines = [f'title "clause-{i}"', f"concerns {concerns}"]
        for lead in ("where ", "save where ", "provided that "):
            if draw(st.integers(0, 3)) == 3:
                lines.append(f"{lead}{draw(condition(inner))}")
        lines += draw(_sentence(inner, ("perform", "ensure", "release")))
        blocks.append((f"clause clause-{i}", lines))
    return blocks


__all__ = [
    "EVENTS",
    "HEADER",
    "KINDS",
    "Block",
    "clause",
    "contract_blocks",
    "definition_blocks",
    "stretch_blocks",
    "text_of",
]
